package ledger_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

func TestKeyFile(t *testing.T) {
	path := ledger.KeyPath(filepath.Join(t.TempDir(), "harrow.plumb"))
	keys := newKeys(t)
	if !regexp.MustCompile(`^plumbline/[0-9a-f]{16}$`).MatchString(keys.Origin()) {
		t.Errorf("the record is called %q", keys.Origin())
	}
	if v, err := note.NewVerifier(keys.Verifier()); err != nil || v.Name() != keys.Origin() {
		t.Errorf("the verifier is %q: %v", keys.Verifier(), err)
	}
	if err := keys.Save(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has the mode %v, %v", info.Mode(), err)
	}
	back, err := ledger.LoadKeys(path)
	if err != nil || back.Verifier() != keys.Verifier() || back.Origin() != keys.Origin() {
		t.Fatalf("read back: %v", err)
	}

	newer, err := back.Rotated()
	if err != nil || newer.Verifier() == keys.Verifier() || newer.Origin() != keys.Origin() {
		t.Fatalf("rotated: %v", err)
	}
	if back.Verifier() != keys.Verifier() {
		t.Error("rotating has changed the old keys")
	}
	if err := newer.Save(path); err != nil {
		t.Errorf("the old key and a new one: %v", err)
	}
	for what, other := range map[string]*ledger.Keys{"the old key alone": keys, "another record's": newKeys(t)} {
		if err := other.Save(path); !errors.Is(err, fact.ErrDenied) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if back, err = ledger.LoadKeys(path); err != nil || back.Verifier() != newer.Verifier() {
		t.Errorf("the newest key is not the last: %v", err)
	}
	if names, _ := filepath.Glob(path + ".new*"); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestBadKeyFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	if _, err := ledger.LoadKeys(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	if err := errors.Join(newKeys(t).Save(one), newKeys(t).Save(two)); err != nil {
		t.Fatal(err)
	}
	a, _ := os.ReadFile(one)
	b, _ := os.ReadFile(two)
	for text, says := range map[string]string{
		"":                           "is empty",
		"\n":                         "line 1: it is not a note signing key",
		"secret\n":                   "line 1: it is not a note signing key",
		string(a) + "\n":             "line 2: it is not",
		string(a[:len(a)/2]):         "line 1: it is not",
		string(a) + string(b):        "line 2: it is a key of plumbline/",
		strings.Repeat("x", 100_000): "too long",
		strings.Replace(string(a), "PRIVATE", "PUBLIC", 1): "line 1: it is not",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.LoadKeys(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o660, 0o644} {
		if err := os.Chmod(one, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.LoadKeys(one); !errors.Is(err, fact.ErrDenied) || !strings.Contains(err.Error(), "chmod 600 "+one) {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

// FuzzKeys: what is read as a key file is written as it was read.
func FuzzKeys(f *testing.F) {
	f.Add([]byte(keyFile))
	f.Add([]byte(keyFile + keyFile))
	path := filepath.Join(f.TempDir(), "key")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		keys, err := ledger.LoadKeys(path)
		if err != nil {
			return
		}
		again := filepath.Join(t.TempDir(), "key")
		if err := keys.Save(again); err != nil {
			t.Fatal(err)
		}
		if back, err := ledger.LoadKeys(again); err != nil || back.Verifier() != keys.Verifier() || back.Origin() != keys.Origin() {
			t.Errorf("%q is read back as another: %v", b, err)
		}
	})
}
