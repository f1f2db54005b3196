package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A witness elsewhere asks a record that is served, without an account, and notices that an older copy was put in its place.
func TestWitnessOfWhatIsServed(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	run := func(args ...string) (int, string) {
		t.Helper()
		var out bytes.Buffer
		code := (&app{ctx: t.Context(), in: strings.NewReader(""), out: &out, err: &out, now: time.Now, columns: 100}).run(args)
		return code, out.String()
	}
	must := func(args ...string) {
		t.Helper()
		if code, out := run(args...); code != exitOK {
			t.Fatalf("%v: %s", args, out)
		}
	}
	post := func(name string) string {
		if err := os.WriteFile(in(name+".yaml"), []byte("{kind: post, id: "+name+", title: Canary "+name+"}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return in(name + ".yaml")
	}
	must("init", in("c.db"))
	must("load", in("c.db"), post("one"))
	for _, ending := range []string{"", ".key"} {
		b, err := os.ReadFile(in("c.db" + ending))
		if err == nil {
			err = os.WriteFile(in("old.db"+ending), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	must("load", in("c.db"), post("two"))
	site, _, end := started(t, "serve", in("c.db"), "--addr", "127.0.0.1:0")
	for _, target := range []string{"/checkpoint", "/checkpoint/0", "/checkpoint/1"} {
		r, err := http.Get(site + target)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		_, _ = b.ReadFrom(r.Body)
		r.Body.Close()
		if r.StatusCode != http.StatusOK || strings.Contains(b.String(), "Canary") || !strings.Contains(b.String(), "plumbline/") {
			t.Errorf("%s: %s %s", target, r.Status, &b)
		}
	}
	for _, target := range []string{"/checkpoint/-1", "/checkpoint/x"} {
		if r, err := http.Get(site + target); err != nil || r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %v %v", target, r, err)
		}
	}
	if r, err := http.Get(site + "/checkpoint/99999999"); err != nil || r.StatusCode != http.StatusOK { // what a witness sees where the end was cut off
		t.Errorf("%v %v", r, err)
	}
	must("witness", site, in("kept"))
	must("load", in("c.db"), post("three"))
	for range 200 { // within a second the pages have it
		if _, out := run("witness", site+"/", in("kept")); strings.Contains(out, "to 3 entries") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if code, out := run("witness", site, in("kept")); code != exitOK || !strings.Contains(out, "from 3 entries to 3 entries") {
		t.Errorf("%d %s", code, out)
	}
	end()
	site, _, _ = started(t, "serve", in("old.db"), "--addr", "127.0.0.1:0")
	if code, out := run("witness", site, in("kept")); code != exitAct || !strings.Contains(out, "THE RECORD IS NOT WHAT IT WAS") {
		t.Errorf("rolled back: %d %s", code, out)
	}
	if code, out := run("witness", strings.Replace(site, "127.0.0.1", "127.0.0.9", 1), in("kept")); code != exitUsage {
		t.Errorf("nobody is there: %d %s", code, out)
	}
}
