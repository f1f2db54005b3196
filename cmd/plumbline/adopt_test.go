package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A proposal whose adoption is killed at any moment is in force with all of its changes, its decision and its new state, or with none of them. A thousand kills
// with make prove.
func TestAdoptionKilled(t *testing.T) {
	rounds := 12
	if os.Getenv("PLUMBLINE_PROVE") != "" {
		rounds = 1000
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "plumbline")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	command := func(args ...string) *exec.Cmd {
		c := exec.Command(program, args...)
		c.Dir = dir
		return c
	}
	run := func(args ...string) string {
		out, err := command(args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	const posts = 1500
	var b strings.Builder
	b.WriteString("{kind: council, id: council, name: Somewhere, type: unitary, governance: leader-and-cabinet}\n---\n{kind: board, id: cabinet, name: Cabinet, type: cabinet}\n---\n{kind: proposal, id: one, title: One, status: consultation}\n")
	for i := range posts {
		fmt.Fprintf(&b, "---\n{kind: post, id: p%d, title: Post %d}\n---\n{kind: post, id: p%d, proposal: one, from: 2027-04-01, title: New post %d}\n", i, i, i, i)
	}
	if err := os.WriteFile(filepath.Join(dir, "load.yaml"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	run("init", "c.db")
	run("load", "c.db", "load.yaml")
	before := 2*posts + 3
	files := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "plumbline" {
			if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	var usual time.Duration
	killed, whole, none := 0, 0, 0
	for round := range rounds {
		for name, bytes := range files {
			if err := os.WriteFile(filepath.Join(dir, name), bytes, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, left := range []string{"c.db-wal", "c.db-shm"} {
			if files[left] == nil {
				_ = os.Remove(filepath.Join(dir, left))
			}
		}
		c := command("proposal", "adopt", "c.db", "one", "--by", "cabinet")
		var out bytes.Buffer
		c.Stdout = &out
		began := time.Now()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if round > 0 {
			time.Sleep(usual/2 + time.Duration(rand.Int64N(int64(usual)*6/10)))
			_ = c.Process.Kill()
		}
		if c.Wait() != nil {
			killed++
		}
		if round == 0 {
			usual = time.Since(began)
		}
		told := strings.Contains(out.String(), "Recorded")
		size := 0
		for _, line := range strings.Split(run("verify", "c.db"), "\n") {
			fmt.Sscanf(strings.TrimSpace(line), "entries %d", &size)
		}
		switch size {
		case before + posts + 2:
			whole++
		case before:
			none++
			if told {
				t.Fatal("it was said to be in force, and is not")
			}
		default:
			t.Fatalf("round %d: %d entries of %d were recorded", round, size-before, posts+2)
		}
	}
	t.Logf("%d adoptions of %d changes: %d killed, %d in force, %d not", rounds, posts, killed, whole, none)
	if killed < rounds/4 {
		t.Errorf("only %d of %d adoptions were killed in time", killed, rounds)
	}
}
