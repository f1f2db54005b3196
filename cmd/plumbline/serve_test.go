package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a verb writes, read while it is still running.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// started runs a verb that serves, and gives its address once it says it, and what ends it: that gives the exit code.
func started(t *testing.T, args ...string) (site string, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := new(output)
	code := make(chan int, 1)
	go func() {
		code <- (&app{ctx: ctx, in: strings.NewReader(""), out: out, err: out, now: time.Now, columns: 100}).run(args)
	}()
	end = sync.OnceValue(func() int { cancel(); return <-code })
	t.Cleanup(func() { end() })
	address := regexp.MustCompile(`http://[0-9.:]+`)
	for range 500 {
		if site = address.FindString(out.String()); site != "" {
			return site, end
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%v says no address:\n%s", args, out)
	return "", nil
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", address, r.Status, err)
	}
	return string(b)
}

// What another program records appears in what is served, and the server ends when it is told to.
func TestServeFollowsOtherPrograms(t *testing.T) {
	dir := t.TempDir()
	record, manifest := filepath.Join(dir, "c.db"), filepath.Join(dir, "c.yaml")
	run := func(args ...string) {
		t.Helper()
		out := new(output)
		if code := (&app{ctx: t.Context(), in: strings.NewReader(""), out: out, err: out, now: time.Now, columns: 100}).run(args); code != exitOK {
			t.Fatalf("%v: %d\n%s", args, code, out)
		}
	}
	run("init", record)
	site, end := started(t, "serve", record, "--addr", "127.0.0.1:0")
	if !strings.Contains(fetch(t, site+"/"), "nothing in this record yet") {
		t.Error("the empty record is not served as one")
	}
	if err := os.WriteFile(manifest, []byte("{kind: post, id: p, title: Director of Tests}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run("load", record, manifest)
	for tries := 0; !strings.Contains(fetch(t, site+"/structure"), "Director of Tests"); tries++ {
		if tries == 100 {
			t.Fatal("what was recorded meanwhile is not served")
		}
		time.Sleep(100 * time.Millisecond)
	}
	out := new(output)
	if code := (&app{ctx: t.Context(), out: out, err: out, now: time.Now, columns: 100}).run([]string{"serve", record, "--addr", strings.TrimPrefix(site, "http://")}); code != exitUsage || !strings.Contains(out.String(), "another program is using") || !strings.Contains(out.String(), "--addr") {
		t.Errorf("a port in use: %d\n%s", code, out)
	}
	if code := end(); code != exitOK {
		t.Errorf("the server ended with %d", code)
	}
}

func TestDemoServesHarrow(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	site, end := started(t, "demo", "--addr", "127.0.0.1:0")
	if !strings.Contains(fetch(t, site+"/structure/who-answers?on=2003-10-01&known=2003-09-17"), "special educational needs") {
		t.Error("the demonstration does not show who answers")
	}
	if code := end(); code != exitOK {
		t.Errorf("the demonstration ended with %d", code)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("it left %v behind", left)
	}
}
