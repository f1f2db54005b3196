package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
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

// started runs a verb that serves, and gives its address once it says it, all that it says, and what ends it: that gives the exit code.
func started(t *testing.T, args ...string) (site string, out *output, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out = new(output)
	code := make(chan int, 1)
	go func() {
		code <- (&app{ctx: ctx, in: strings.NewReader(""), out: out, err: out, now: time.Now, columns: 100}).run(args)
	}()
	end = sync.OnceValue(func() int { cancel(); return <-code })
	t.Cleanup(func() { end() })
	address := regexp.MustCompile(`http://[0-9.:]+`)
	for range 500 {
		if site = address.FindString(out.String()); site != "" {
			return site, out, end
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%v says no address:\n%s", args, out)
	return "", nil, nil
}

// visitor is somebody with a browser that keeps cookies.
func visitor(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func fetch(t *testing.T, c *http.Client, address string) string {
	t.Helper()
	return read(t, address)(c.Get(address))
}

func post(t *testing.T, c *http.Client, address string, form url.Values) string {
	t.Helper()
	return read(t, address)(c.PostForm(address, form))
}

func read(t *testing.T, address string) func(*http.Response, error) string {
	t.Helper()
	return func(r *http.Response, err error) string {
		t.Helper()
		return body(t, address, r, err)
	}
}

// welcome makes the first account of a record at the address that a server prints, and signs in with it.
func welcome(t *testing.T, c *http.Client, out *output) {
	t.Helper()
	at := regexp.MustCompile(`http://\S+/welcome/\S+`).FindString(out.String())
	if at == "" {
		t.Fatalf("no address for the first account:\n%s", out)
	}
	post(t, c, at, url.Values{"name": {"Ann"}, "email": {"ann@example.com"}, "new-password": {"correct horse battery staple"}})
}

func body(t *testing.T, address string, r *http.Response, err error) string {
	t.Helper()
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
	site, said, end := started(t, "serve", record, "--addr", "127.0.0.1:0")
	ann := visitor(t)
	if strings.Contains(fetch(t, ann, site+"/"), "nothing in this record yet") {
		t.Error("it is served to somebody who is not signed in")
	}
	welcome(t, ann, said)
	if !strings.Contains(fetch(t, ann, site+"/"), "nothing in this record yet") {
		t.Error("the empty record is not served as one")
	}
	if err := os.WriteFile(manifest, []byte("{kind: post, id: p, title: Director of Tests}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run("load", record, manifest)
	for tries := 0; !strings.Contains(fetch(t, ann, site+"/structure"), "Director of Tests"); tries++ {
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

// The desk lies beside the record, and one program has it. Whoever cannot have it can look at the record all the same, if they say so.
func TestServeOpensTheDesk(t *testing.T) {
	record := filepath.Join(t.TempDir(), "c.db")
	run := func(args ...string) (int, string) {
		out := new(output)
		return (&app{ctx: t.Context(), out: out, err: out, now: time.Now, columns: 100}).run(args), out.String()
	}
	if code, said := run("init", record); code != exitOK {
		t.Fatal(said)
	}
	site, _, first := started(t, "serve", record, "--addr", "127.0.0.1:0")
	fetch(t, visitor(t), site+"/")
	if info, err := os.Stat(record + ".desk"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the desk: %v", err)
	}
	if code, said := run("serve", record, "--addr", "127.0.0.1:0"); code == exitOK || !strings.Contains(said, "open desk: this program has") || !strings.Contains(said, "--read") {
		t.Errorf("two programs have the desk: %d\n%s", code, said)
	}
	site, _, second := started(t, "serve", record, "--read", "--addr", "127.0.0.1:0")
	if !strings.Contains(fetch(t, visitor(t), site+"/"), "nothing in this record yet") {
		t.Error("it cannot be looked at")
	}
	if second() != exitOK || first() != exitOK {
		t.Error("a server did not end in order")
	}
	if _, err := os.Stat(record + ".desk-wal"); err == nil {
		t.Error("the desk was not closed")
	}
}

func TestDemoServesHarrow(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	site, _, end := started(t, "demo", "--addr", "127.0.0.1:0")
	ann := visitor(t)
	if !strings.Contains(post(t, ann, site+"/sign-in/as", url.Values{"role": {"member"}, "to": {"/structure/who-answers?on=2003-10-01&known=2003-09-17"}}), "special educational needs") {
		t.Error("the demonstration does not show who answers")
	}
	if code := end(); code != exitOK {
		t.Errorf("the demonstration ended with %d", code)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("it left %v behind", left)
	}
}
