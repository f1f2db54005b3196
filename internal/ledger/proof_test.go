package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

func bundle(t testing.TB, l *ledger.Ledger, position int64) []byte {
	t.Helper()
	b, err := l.Prove(t.Context(), position)
	if err != nil {
		t.Fatal(err)
	}
	data, err := b.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// grown is a record with groups of several sizes, two rotations and an erasure.
func grown(t testing.TB) (*ledger.Ledger, ledger.Store, *ledger.Keys) {
	t.Helper()
	l, st, keys := record(t)
	addMany(t, l, 1)
	addMany(t, l, 6)
	for range 2 {
		var err error
		if keys, err = keys.Rotated(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := l.Rotate(t.Context(), keys, "owner", start, start); err != nil {
			t.Fatal(err)
		}
		addMany(t, l, 3)
	}
	erase(t, l, 4, "title")
	return l, st, keys
}

// TestBundles proves every entry under every later checkpoint, and checks it with the first key and with the newest.
func TestBundles(t *testing.T) {
	l, st, keys := record(t)
	first := keys.Verifier()
	for i := range 12 {
		if i == 5 {
			var err error
			if keys, err = keys.Rotated(); err != nil {
				t.Fatal(err)
			}
			if _, _, err := l.Rotate(t.Context(), keys, "owner", start, start); err != nil {
				t.Fatal(err)
			}
		}
		addMany(t, l, 1+i%4)
		for p := range l.Size() {
			data := bundle(t, l, p+1)
			for _, trusted := range []string{"", first, keys.Verifier()} {
				r, err := ledger.VerifyBundle(data, trusted)
				if err != nil {
					t.Fatalf("entry %d of %d, trusting %q: %v", p+1, l.Size(), trusted, err)
				}
				if r.Size != l.Size() || r.Origin != l.Origin() || r.OwnWord != (trusted == "") || r.Root != fact.Hash(l.Root()).String() {
					t.Errorf("%+v", r)
				}
			}
		}
	}
	for _, p := range []int64{-1, 0, l.Size() + 1} {
		if _, err := l.Prove(t.Context(), p); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("entry %d: %v", p, err)
		}
	}
	if _, err := ledger.VerifyBundle(bundle(t, l, 3), newKeys(t).Verifier()); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("with another key: %v", err)
	}
	verify(t, st)
}

// TestChangedBundle changes every byte of a bundle: what still verifies says the same.
func TestChangedBundle(t *testing.T) {
	l, _, _ := grown(t)
	for _, position := range []int64{2, 4} {
		good := bundle(t, l, position)
		b, err := ledger.ReadBundle(good)
		if err != nil {
			t.Fatal(err)
		}
		for i := range good {
			for _, bit := range []byte{1, 0x20} {
				changed := bytes.Clone(good)
				changed[i] ^= bit
				r, err := ledger.VerifyBundle(changed, "")
				if err != nil {
					if !errors.Is(err, fact.ErrCorrupt) && !errors.Is(err, fact.ErrInvalid) {
						t.Errorf("byte %d: %v", i, err)
					}
					continue
				}
				again, err := ledger.ReadBundle(changed)
				if err != nil {
					t.Fatal(err)
				}
				e, err1 := b.Entry()
				f, err2 := again.Entry()
				if err1 != nil || err2 != nil || fmt.Sprint(e) != fmt.Sprint(f) || again.Envelope != b.Envelope || r.Root != fact.Hash(l.Root()).String() {
					t.Errorf("byte %d: another bundle verifies:\n%s", i, changed)
				}
			}
		}
	}
}

// TestForeignBundle puts parts of two bundles together.
func TestForeignBundle(t *testing.T) {
	l, _, _ := grown(t)
	m, _, _ := grown(t)
	read := func(l *ledger.Ledger, p int64) *ledger.Bundle {
		b, err := ledger.ReadBundle(bundle(t, l, p))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for what, change := range map[string]func(b, other *ledger.Bundle){
		"another entry":            func(b, _ *ledger.Bundle) { b.Position, b.Envelope, b.Body = 3, read(l, 3).Envelope, read(l, 3).Body },
		"another body":             func(b, _ *ledger.Bundle) { b.Body = read(l, 3).Body },
		"another record's root":    func(b, o *ledger.Bundle) { b.Checkpoint = o.Checkpoint },
		"another record's start":   func(b, o *ledger.Bundle) { b.Start = o.Start },
		"another record's keys":    func(b, o *ledger.Bundle) { b.Rotations = o.Rotations },
		"no rotations":             func(b, _ *ledger.Bundle) { b.Rotations = nil },
		"the last rotation only":   func(b, _ *ledger.Bundle) { b.Rotations = b.Rotations[1:] },
		"rotations in no order":    func(b, _ *ledger.Bundle) { b.Rotations[0], b.Rotations[1] = b.Rotations[1], b.Rotations[0] },
		"a rotation twice":         func(b, _ *ledger.Bundle) { b.Rotations = append(b.Rotations, b.Rotations[1]) },
		"a rotation that is none":  func(b, _ *ledger.Bundle) { b.Rotations[0].Envelope, b.Rotations[0].Body = b.Envelope, b.Body },
		"a checkpoint before them": func(b, _ *ledger.Bundle) { b.Checkpoint = b.Rotations[0].Checkpoint },
		"a longer proof":           func(b, _ *ledger.Bundle) { b.Proof = append(b.Proof, b.Proof[0]) },
		"no proof":                 func(b, _ *ledger.Bundle) { b.Proof = nil },
		"another form":             func(b, _ *ledger.Bundle) { b.Format = "bundle/2" },
	} {
		b := read(l, 2)
		change(b, read(m, 2))
		data, err := b.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if r, err := ledger.VerifyBundle(data, ""); err == nil {
			t.Errorf("%s: it verifies: %+v", what, r)
		}
	}
	for _, data := range []string{"", "null", "{}", "[]", "not JSON", `{"plumbline":"bundle/1"}`, `{"plumbline":"bundle/1","more":1}`, string(bundle(t, l, 2)) + "{}"} {
		if _, err := ledger.VerifyBundle([]byte(data), ""); err == nil {
			t.Errorf("%q verifies", data)
		}
	}
}

// TestConsistent proves for all pairs of sizes that the log only grew.
func TestConsistent(t *testing.T) {
	l, st, _ := record(t)
	var kept [][]byte
	kept = append(kept, l.Checkpoint())
	for i := range 10 {
		addMany(t, l, 1+i%5)
		kept = append(kept, l.Checkpoint())
		for size := range l.Size() + 2 {
			c, err := l.Consistent(t.Context(), size)
			if err != nil {
				t.Fatalf("%d in %d: %v", size, l.Size(), err)
			}
			data, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			var back ledger.Consistency
			if err := json.Unmarshal(data, &back); err != nil || back.Check() != nil {
				t.Errorf("%d in %d, read back: %v, %v", size, l.Size(), err, back.Check())
			}
			if back.Old == back.New {
				continue
			}
			if back.Old, back.New = back.New, back.Old; !errors.Is(back.Check(), fact.ErrCorrupt) {
				t.Errorf("%d in %d, the wrong way round: %v", size, l.Size(), back.Check())
			}
		}
		for _, k := range kept {
			if err := l.Extends(t.Context(), k); err != nil {
				t.Error(err)
			}
		}
	}
	other, _, _ := record(t)
	addMany(t, other, 40)
	if err := other.Extends(t.Context(), kept[3]); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("another record: %v", err)
	}
	if err := other.Extends(t.Context(), []byte("nonsense")); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("nonsense: %v", err)
	}
	for size := range l.Size() + 1 {
		if _, err := l.RootAt(t.Context(), size); err != nil {
			t.Error(err)
		}
	}
	if h, err := l.RootAt(t.Context(), l.Size()); err != nil || h != l.Root() {
		t.Errorf("the root at the end: %v", err)
	}
	if _, err := l.RootAt(t.Context(), l.Size()+1); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("beyond the end: %v", err)
	}
	verify(t, st)
}

// TestForked gives two logs that begin alike and then differ, both signed with the right key: each is in order, and together
// they are the proof of a fraud.
func TestForked(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 5)
	var export strings.Builder
	if err := ledger.Export(t.Context(), st, &export); err != nil {
		t.Fatal(err)
	}
	copied := newStore(t)
	if err := ledger.Import(t.Context(), copied, strings.NewReader(export.String()), nil); err != nil {
		t.Fatal(err)
	}
	fork, err := ledger.Open(t.Context(), copied, keys, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	add(t, fork, entry("one-story"))
	add(t, l, entry("another"))
	add(t, l, entry("more"))
	if err := l.Extends(t.Context(), fork.Checkpoint()); !errors.Is(err, fact.ErrCorrupt) || !strings.Contains(err.Error(), "does not begin with that of 6") {
		t.Errorf("%v", err)
	}
}

func FuzzBundle(f *testing.F) {
	l, _, _ := grown(f)
	f.Add(bundle(f, l, 2))
	f.Add(bundle(f, l, 4))
	_, part := withheld(f)
	f.Add(part)
	f.Add([]byte(`{"plumbline":"bundle/1","position":1,"envelope":"","body":[{"name":"a","value":1}],"proof":[],"checkpoint":"a\n1\n","start":""}`))
	foreign := newKeys(f).Verifier()
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := ledger.VerifyBundle(data, foreign); err == nil {
			t.Error("it verifies with a key that has nothing to do with it")
		}
		if _, err := ledger.VerifyBundle(data, ""); err != nil {
			return
		}
		b, err := ledger.ReadBundle(data)
		if err == nil {
			_, err = b.Entry()
		}
		if err != nil {
			t.Errorf("it verifies, and cannot be read: %v", err)
		}
	})
}
