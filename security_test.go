package plumbline_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// tests gives the names of the tests of the house, each as room.TestName and alone.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	found := map[string]bool{}
	house := os.DirFS(".")
	err := fs.WalkDir(house, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(house, name):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		src, err := fs.ReadFile(house, name)
		room := path.Base(path.Dir(name))
		if room == "." {
			room = "plumbline"
		}
		for _, m := range declared.FindAllSubmatch(src, -1) {
			found[string(m[1])], found[room+"."+string(m[1])] = true, true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What docs/security.md and docs/design.md say to be shown by a test has that test, in the room that they name.
func TestSecurityNamesTests(t *testing.T) {
	there := tests(t)
	named := regexp.MustCompile(`(?:[a-z]+\.)?\b(?:Test|Fuzz)[A-Z]\w*`)
	for _, name := range []string{"docs/security.md", "docs/design.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all := named.FindAllString(string(text), -1)
		if len(all) < 10 {
			t.Errorf("%s names %d tests", name, len(all))
		}
		for _, x := range all {
			if !there[x] {
				t.Errorf("%s names %s, and there is no such test", name, x)
			}
		}
	}
}

// A line that gosec is not to look at says which rule, and why.
func TestWhatGosecLeavesOutHasAReason(t *testing.T) {
	sound := regexp.MustCompile(`// #nosec (G\d+ )+-- \w.*`)
	house, n := os.DirFS("."), 0
	err := fs.WalkDir(house, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(house, name):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		src, err := fs.ReadFile(house, name)
		for i, line := range strings.Split(string(src), "\n") {
			if strings.Contains(line, "#nosec") || strings.Contains(line, "gosec:disable") {
				n++
				if !sound.MatchString(line) {
					t.Errorf("%s:%d: it says not which rule is left out, or why: %s", name, i+1, line)
				}
			}
		}
		return err
	})
	if err != nil || n == 0 {
		t.Errorf("%d lines: %v", n, err)
	}
}
