package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// proving says whether the long tests are wanted: `make prove`.
func proving(t *testing.T) {
	t.Helper()
	if os.Getenv("PLUMBLINE_PROVE") == "" {
		t.Skip("a long test: run `make prove`")
	}
}

// A load that is killed at any moment is recorded whole or not at all, and one that was acknowledged is never lost.
func TestProveKill(t *testing.T) {
	proving(t)
	dir := t.TempDir()
	program := filepath.Join(dir, "plumbline")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(args ...string) (string, error) {
		c := exec.Command(program, args...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		return string(out), err
	}
	if out, err := run("init", "c.db"); err != nil {
		t.Fatal(out)
	}
	const each = 2000
	var usual time.Duration
	size, killed, acknowledged := 0, 0, 0
	for round := range 100 {
		var b strings.Builder
		for i := range each {
			fmt.Fprintf(&b, "{kind: post, id: r%d-%d, title: Post %d of round %d}\n---\n", round, i, i, round)
		}
		if err := os.WriteFile(filepath.Join(dir, "load.yaml"), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(program, "load", "c.db", "load.yaml")
		c.Dir = dir
		var out bytes.Buffer
		c.Stdout = &out
		began := time.Now()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if round > 0 { // the first round shows how long a load takes; later ones are killed at any moment of it
			time.Sleep(time.Duration(rand.Int64N(int64(usual) * 11 / 10)))
			_ = c.Process.Kill()
		}
		err := c.Wait()
		if round == 0 {
			usual = time.Since(began)
		}
		if err != nil {
			killed++
		}
		told := strings.Contains(out.String(), "Recorded")
		if told {
			acknowledged++
		}
		report, err := run("verify", "c.db")
		if err != nil {
			t.Fatalf("round %d: %s", round, report)
		}
		var now int
		for _, line := range strings.Split(report, "\n") {
			fmt.Sscanf(strings.TrimSpace(line), "entries %d", &now)
		}
		switch {
		case now == size+each:
		case now == size && !told:
		default:
			t.Fatalf("round %d: %d entries, and there were %d before a load of %d (acknowledged: %v)", round, now, size, each, told)
		}
		size = now
	}
	t.Logf("100 loads of %d entries: %d killed, %d acknowledged, %d entries at the end", each, killed, acknowledged, size)
	if killed < 30 {
		t.Errorf("only %d of 100 loads were killed in time", killed)
	}
}

// smallDisk is a folder on a file system of its own of a size, as mount has it; where none can be mounted the test is skipped.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	without := func(what string) {
		if slices.Contains(strings.Split(os.Getenv("PLUMBLINE_REQUIRE"), ","), "disk") {
			t.Fatalf("%s, and PLUMBLINE_REQUIRE asks for disk", what)
		}
		t.Skip("NOT TESTED: " + what)
	}
	if os.Getuid() != 0 {
		without("a full disk; only root can mount a small file system to fill")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		without("a full disk; no small file system can be mounted here: " + string(out))
	}
	t.Cleanup(func() { _ = exec.Command("umount", dir).Run() })
	return dir
}

// A full disk ends a load with a clear message, and leaves the record as it was.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t, "256k")
	record := filepath.Join(dir, "c.db")
	call := func(args ...string) (int, string) {
		var out bytes.Buffer
		a := newApp(t.Context())
		a.out, a.err, a.watched = &out, &out, false
		return a.run(args), out.String()
	}
	if code, out := call("init", record); code != 0 {
		t.Fatal(out)
	}
	small := filepath.Join(t.TempDir(), "small.yaml")
	if err := os.WriteFile(small, []byte("{kind: post, id: small, title: Small}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := call("load", record, small); code != 0 {
		t.Fatal(out)
	}
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "{kind: post, id: p%d, title: A post with a rather long title so that the disk is soon full %d}\n---\n", i, i)
	}
	big := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(big, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out := call("load", record, big)
	if code != exitUsage || !strings.Contains(out, "disk") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out := call("verify", record); code != 0 || !strings.Contains(out, "entries      1\n") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out := call("show", record, "post/small"); code != 0 {
		t.Errorf("exit %d: %s", code, out)
	}
}
