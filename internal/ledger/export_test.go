package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

func export(t testing.TB, st ledger.Store) string {
	t.Helper()
	var b bytes.Buffer
	if err := ledger.Export(context.Background(), st, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestExport writes a record, loads it into an empty store, and expects the same to the last byte.
func TestExport(t *testing.T) {
	l, st, keys := grown(t)
	add(t, l, entry("x", "text", `"a\nb < & > \u2028   \ud800 ü"`, "list", `["a",1.5,null,{"b":-0.0e+10}]`, "none", "null", "", `""`))
	addMany(t, l, 5000)
	text := export(t, st)
	if lines := strings.Count(text, "\n"); int64(lines) != 1+l.Size() {
		t.Errorf("%d entries are %d lines", l.Size(), lines)
	}
	for what, empty := range map[string]func() ledger.Store{
		"a store in which nothing was ever written": func() ledger.Store { return newStore(t) },
		"a record that was begun and not used": func() ledger.Store {
			_, st, _ := record(t)
			return st
		},
	} {
		to := empty()
		var last int64
		if err := ledger.Import(t.Context(), to, strings.NewReader(text), func(done, total int64) { last = done }); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if last != l.Size() {
			t.Errorf("%s: the progress ends at %d", what, last)
		}
		if a, b := verify(t, st), verify(t, to); a != b {
			t.Errorf("%s: the copy is %+v, and the record %+v", what, b, a)
		}
		if export(t, to) != text {
			t.Errorf("%s: exported again it is another text", what)
		}
		if _, err := ledger.Open(t.Context(), to, newKeys(t), nil, nil); !errors.Is(err, fact.ErrDenied) {
			t.Errorf("%s: with another key: %v", what, err)
		}
		again, err := ledger.Open(t.Context(), to, keys, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		addMany(t, again, 3)
		verify(t, to)
		if err := ledger.Import(t.Context(), to, strings.NewReader(text), nil); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "goes into an empty record") {
			t.Errorf("%s: loaded twice: %v", what, err)
		}
	}
	failing := errors.New("the pipe broke")
	if err := ledger.Export(t.Context(), st, writerFunc(func(b []byte) (int, error) { return 0, failing })); !errors.Is(err, failing) {
		t.Errorf("%v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// What is read to be looked at is what the record holds, entry by entry.
func TestReadExport(t *testing.T) {
	l, st, _ := grown(t)
	addMany(t, l, 500)
	var bodies, values int
	got, err := ledger.ReadExport(strings.NewReader(export(t, st)), func(e fact.Entry) error {
		if bodies++; e.Position != int64(bodies) || e.Body.Root() != e.Root {
			t.Errorf("entry %d is not the one that was signed", e.Position)
		}
		values += len(e.Body)
		return nil
	})
	if err != nil || got.Size != l.Size() || int64(bodies) != l.Size() || values == 0 || got.Root != fact.Hash(l.Root()) || !strings.HasPrefix(got.Origin, "plumbline/") {
		t.Errorf("%+v, %d entries with %d values, %v", got, bodies, values, err)
	}
	stop := errors.New("enough")
	if _, err := ledger.ReadExport(strings.NewReader(export(t, st)), func(fact.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func TestEmptyExport(t *testing.T) {
	_, st, _ := record(t)
	to := newStore(t)
	if err := ledger.Import(t.Context(), to, strings.NewReader(export(t, st)), nil); err != nil {
		t.Fatal(err)
	}
	if a, b := verify(t, st), verify(t, to); a != b {
		t.Errorf("the copy is %+v, and the record %+v", b, a)
	}
}

// TestBadExport changes an export in many ways. The store is as it was, and the message says where.
func TestBadExport(t *testing.T) {
	l, st, _ := grown(t)
	text := export(t, st)
	lines := strings.SplitAfter(text, "\n")
	lines = lines[:len(lines)-1]
	without := func(i int) string { return strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), "") }
	with := func(i int, old, new string) string {
		if !strings.Contains(lines[i], old) {
			t.Fatalf("line %d has no %s: %s", i+1, old, lines[i])
		}
		changed := append([]string{}, lines...)
		changed[i] = strings.Replace(changed[i], old, new, 1)
		return strings.Join(changed, "")
	}
	for what, c := range map[string]struct{ text, says string }{
		"nothing":                  {"", "is empty"},
		"something else":           {"kind: post\n", "line 1 is not a line of an export"},
		"a bundle":                 {string(bundle(t, l, 2)), "line 1"},
		"another form":             {with(0, "export/1", "export/9"), "line 1 does not say"},
		"another origin":           {with(0, `"origin":"plumbline/`, `"origin":"plumbline/0`), "line 1: the record is called"},
		"a longer record":          {with(0, `"size":`, `"size":1`), "entries of 1"},
		"another first checkpoint": {with(0, `time 2015`, `time 2014`), "line 1: invalid signature"},
		"no first line":            {without(0), "line 1"},
		"no first entry":           {without(1), "line 2: it is entry 2, and entry 1 is to follow"},
		"an entry missing":         {without(4), "line 5: it is entry 5"},
		"the last entry missing":   {without(len(lines) - 1), "ends after 15 entries of 16"},
		"an entry twice":           {strings.Join(lines[:3], "") + strings.Join(lines[2:], ""), "line 4: it is entry 2"},
		"something after the end":  {text + lines[3], "line 18: it is entry 3"},
		"a blank line":             {text + "\n", "line 18 is not"},
		"two lines in one":         {strings.Replace(text, "\n", "", 1), "line 1"},
		"half a line":              {text[:len(text)/2], "is not a line"},
		"an unknown key":           {with(3, `"body":`, `"x":1,"body":`), "line 4 is not"},
		"another envelope":         {with(3, `who owner`, `who nobody`), "is not the one that was signed"},
		"another value":            {with(3, `Head of`, `Foot of`), "line 4: entry 3: its body is not the one"},
		"another salt":             {with(3, `"salt":"`, `"salt":"00`), "line 4"},
		"a value twice":            {with(3, `"value":`, `"value":1,"erased":"`+strings.Repeat("0", 64)+`","value":`), "line 4"},
		"erased, and not said":     {with(3, `"value":"Head of Service","salt"`, `"erased"`), "line 4"},
		"another checkpoint":       {with(1, `\n1\n`, `\n2\n`), "line 2: entry 1: the checkpoint"},
		"another signature":        {with(1, `plumbline/`, `plumbline/0`), "line 2: entry 1"},
		"another position beside":  {with(3, `"position":3`, `"position":4`), "line 4"},
	} {
		to := newStore(t)
		err := ledger.Import(t.Context(), to, strings.NewReader(c.text), nil)
		if err == nil || !strings.Contains(err.Error(), c.says) || !errors.Is(err, fact.ErrCorrupt) && !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := to.Checkpoint(t.Context(), -1); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%s: something was written: %v", what, err)
		}
		if _, err := ledger.ReadExport(strings.NewReader(c.text), func(fact.Entry) error { return nil }); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: read to look at: %v", what, err)
		}
	}
	broken := errors.New("the disk is gone")
	to := newStore(t)
	if err := ledger.Import(t.Context(), to, io.MultiReader(strings.NewReader(text[:len(text)/2]), errReader{broken}), nil); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if err := ledger.Import(t.Context(), to, strings.NewReader(text), nil); err != nil {
		t.Errorf("after that: %v", err)
	}
}

type errReader struct{ error }

func (r errReader) Read([]byte) (int, error) { return 0, r.error }

func FuzzImport(f *testing.F) {
	_, st, _ := grown(f)
	text := export(f, st)
	f.Add([]byte(text))
	f.Add([]byte(text[:strings.IndexByte(text, '\n')+1]))
	to := newStore(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := ledger.Import(t.Context(), to, bytes.NewReader(data), nil); err != nil {
			return
		}
		if _, err := ledger.Verify(t.Context(), to, "", nil); err != nil {
			t.Errorf("loaded, and does not verify: %v", err)
		}
		to = newStore(t)
	})
}
