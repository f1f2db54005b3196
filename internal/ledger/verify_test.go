package ledger_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

// TestForged writes what a ledger never would, by somebody who has the key. Hashes and signatures are in order, so that only the
// rules of the log are left to find it.
func TestForged(t *testing.T) {
	for _, c := range []struct {
		what     string
		position int64
		says     string
		forge    func(*forger)
		opens    bool // start-up does not look at what is wrong
	}{
		{"recorded going back", 12, "earlier than the entry before it", func(f *forger) {
			late, early := entry("a"), entry("b")
			late.Recorded = start.Add(time.Hour)
			f.append(late, early)
		}, false},
		{"recorded going back at a boundary of blocks", 2049, "earlier than the entry before it", func(f *forger) {
			es := make([]fact.Entry, 2048-10)
			for i := range es {
				es[i] = entry("a")
				es[i].Recorded = start.Add(time.Hour)
			}
			f.append(es...)
			f.append(entry("b"))
		}, false},
		{"a checkpoint before the one before", 12, "was signed 2015-06-05 08:59:59, before the one of 11 entries", func(f *forger) {
			f.append(entry("a"))
			f.clock = start.Add(-time.Second)
			f.append(entry("b"))
		}, false},
		{"an earlier checkpoint before the one before", 12, "was signed 2015-06-05 08:59:59", func(f *forger) {
			f.append(entry("a"))
			f.clock = start.Add(-time.Second)
			f.append(entry("b"))
			f.clock = start
			f.append(entry("c"))
		}, true},
		{"another position", 11, "says that it is entry 12", func(f *forger) {
			e := entry("a")
			e.Position = 12
			f.append(e)
		}, false},
		{"another body", 11, "not the one that its envelope names", func(f *forger) {
			e := entry("a", "title", `"A"`)
			e.Root = fact.Hash{1}
			f.append(e)
		}, false},
		{"a key that is none", 11, "names a key that is not one of", func(f *forger) {
			f.append(fact.Entry{Op: fact.NewKey, Who: "owner", Recorded: start, Written: start, Body: fact.Body{{Name: "verifier", Value: `"nonsense"`}}})
		}, false},
		{"a key of another record", 11, "names a key that is not one of", func(f *forger) {
			f.append(fact.Entry{Op: fact.NewKey, Who: "owner", Recorded: start, Written: start, Body: fact.Body{{Name: "verifier", Value: `"` + newKeys(f.t).Verifier() + `"`}}})
		}, false},
		{"no key", 11, "names no new key", func(f *forger) {
			f.append(fact.Entry{Op: fact.NewKey, Who: "owner", Recorded: start, Written: start})
		}, false},
		{"a key that has not signed", 11, "wants the signatures of both", func(f *forger) {
			f.append(newKeyEntry(f.t, f.origin))
		}, false},
		{"a key in the middle of a group", 11, "no checkpoint that ends with it is signed by both", func(f *forger) {
			f.append(newKeyEntry(f.t, f.origin), entry("a"))
		}, false},
		{"another origin", 11, "is of plumbline/0123456789abcdef", func(f *forger) {
			f.origin = "plumbline/0123456789abcdef"
			f.append(entry("a"))
		}, false},
		{"another signer", 11, "it is not signed by", func(f *forger) {
			secret, _, err := note.GenerateKey(nil, f.origin)
			if err != nil {
				f.t.Fatal(err)
			}
			s, err := note.NewSigner(secret)
			if err != nil {
				f.t.Fatal(err)
			}
			f.signers = []note.Signer{s}
			f.append(entry("a"))
		}, false},
		{"something erased without a word", 11, "no entry says so", func(f *forger) {
			e := entry("a", "title", `"A"`)
			e.Body[0] = fact.Field{Name: "title", Erased: true, Hash: e.Body[0].LeafHash()}
			f.append(e)
		}, true},
		{"a checkpoint that is no note", 11, "is damaged", func(f *forger) {
			e := entry("a")
			e.Position, e.Root = 11, e.Body.Root()
			appendWith(f, e, []byte("nonsense"))
		}, false},
		{"a checkpoint of another size", 12, "it is missing: the record was signed for 99 entries and holds 11", func(f *forger) {
			e := entry("a")
			e.Position, e.Root = 11, e.Body.Root()
			appendWith(f, e, f.sign(99))
		}, false},
		{"entries after the last checkpoint", 11, "stands after the last checkpoint", func(f *forger) {
			e := entry("a")
			e.Position, e.Root = 11, e.Body.Root()
			appendWith(f, e, nil)
		}, false},
		{"an envelope of the future", 11, "a format that this program knows", func(f *forger) {
			appendRaw(f, []byte("plumbline/entry/2\n"), []byte{0})
		}, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			l, st, keys := record(t)
			addMany(t, l, 10)
			c.forge(forge(t, st, l, keys))
			_, err := ledger.Verify(t.Context(), st, "", nil)
			var f *ledger.Fault
			if !errors.As(err, &f) || !errors.Is(err, fact.ErrCorrupt) {
				t.Fatalf("Verify: %v", err)
			}
			if f.Position != c.position || !strings.Contains(f.What, c.says) {
				t.Errorf("Verify names entry %d: %v", f.Position, err)
			}
			if _, err := ledger.Open(t.Context(), st, keys, nil, nil); (err == nil) != c.opens {
				t.Errorf("Open: %v", err)
			}
			if err := l.Tail(t.Context(), func(fact.Entry) error { return nil }); err == nil && !c.opens {
				t.Error("Tail has seen nothing")
			}
			if err := ledger.Export(t.Context(), st, new(strings.Builder)); err == nil && !c.opens {
				t.Error("Export has seen nothing")
			}
		})
	}
}

func newKeyEntry(t testing.TB, origin string) fact.Entry {
	t.Helper()
	_, verifier, err := note.GenerateKey(nil, origin)
	if err != nil {
		t.Fatal(err)
	}
	return fact.Entry{Op: fact.NewKey, Who: "owner", Recorded: start, Written: start, Body: fact.Body{{Name: "verifier", Value: `"` + verifier + `"`}}}
}

// appendWith appends one entry with whatever for a checkpoint.
func appendWith(f *forger, e fact.Entry, checkpoint []byte) {
	f.t.Helper()
	appendRow(f, ledger.Row{Envelope: fact.AppendEnvelope(nil, &e), Body: fact.AppendBody(nil, e.Body), Checkpoint: checkpoint})
}

func appendRaw(f *forger, envelope, body []byte) {
	f.t.Helper()
	appendRow(f, ledger.Row{Envelope: envelope, Body: body, Checkpoint: f.sign(f.size + 1)})
}

func appendRow(f *forger, row ledger.Row) {
	f.t.Helper()
	row.Hashes = make([]byte, 32) // an odd position completes its own hash only
	hashes, err := storedHashes(f, row.Envelope)
	if err != nil {
		f.t.Fatal(err)
	}
	copy(row.Hashes, hashes)
	if err := f.st.Append(context.Background(), f.size, ledger.Batch{Rows: ledger.Rows(row)}); err != nil {
		f.t.Fatal(err)
	}
}

// TestRewritten rewrites an entry in the middle, with all hashes after it, by somebody who does not have the key.
func TestRewritten(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 10)
	addMany(t, l, 1)
	addMany(t, l, 5)
	start0, err := st.Checkpoint(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		position int64
		from     int64
	}{{3, 1}, {10, 1}, {11, 11}, {12, 12}, {16, 12}} {
		other := store.NewFaulty(newStore(t))
		if err := other.Append(t.Context(), -1, ledger.Batch{Start: start0, Rows: ledger.Rows()}); err != nil {
			t.Fatal(err)
		}
		f := &forger{t: t, st: other}
		var rows []ledger.Row
		for row, err := range st.Read(t.Context(), 1, 16) {
			if err != nil {
				t.Fatal(err)
			}
			e, err := fact.ParseEnvelope(row.Envelope)
			if err != nil {
				t.Fatal(err)
			}
			if e.Position == c.position {
				e.Who = "nobody"
			}
			envelope := fact.AppendEnvelope(nil, &e)
			hashes, err := storedHashes(f, envelope)
			if err != nil {
				t.Fatal(err)
			}
			f.size++
			rows = append(rows, ledger.Row{Envelope: envelope, Body: append([]byte(nil), row.Body...), Hashes: hashes, Checkpoint: append([]byte(nil), row.Checkpoint...)})
			if row.Checkpoint == nil {
				rows[len(rows)-1].Checkpoint = nil
			}
		}
		if err := other.Append(t.Context(), 0, ledger.Batch{Rows: ledger.Rows(rows...)}); err != nil {
			t.Fatal(err)
		}
		var fault *ledger.Fault
		if _, err := ledger.Verify(t.Context(), other, "", nil); !errors.As(err, &fault) || fault.Position != c.from || !strings.Contains(fault.What, "not the one that was signed") {
			t.Errorf("entry %d was rewritten: %v", c.position, err)
		}
		if _, err := ledger.Open(t.Context(), other, keys, nil, nil); !errors.Is(err, fact.ErrCorrupt) {
			t.Errorf("entry %d was rewritten, and the record opens: %v", c.position, err)
		}
	}
}

// TestOldKey lets the holder of a key that was replaced go on signing.
func TestOldKey(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 3)
	newer, err := keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Rotate(t.Context(), newer, "owner", start, start); err != nil {
		t.Fatal(err)
	}
	forge(t, st, l, keys).append(entry("a"))
	var f *ledger.Fault
	if _, err := ledger.Verify(t.Context(), st, "", nil); !errors.As(err, &f) || f.Position != 5 || !strings.Contains(f.What, "not signed by "+newer.Verifier()) {
		t.Errorf("%v", err)
	}
	if err := l.Tail(t.Context(), func(fact.Entry) error { return nil }); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("%v", err)
	}
}

// TestErasedMeanwhile erases something while others read: what they know of the end of the log does not have the entry that says so.
func TestErasedMeanwhile(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 5000)
	next := int64(100)
	meanwhile := func() ledger.Store {
		beneath := store.NewFaulty(st)
		var once sync.Once // whoever else begins to read waits until it is done
		beneath.Fail(func(c store.Call) error {
			if c.Method == "Read" && !c.Done {
				once.Do(func() { erase(t, l, next, "title") })
			}
			return nil
		})
		next++
		return beneath
	}
	if r, err := ledger.Verify(t.Context(), meanwhile(), "", nil); err != nil || r.Erased != 1 || r.Size != 5001 {
		t.Errorf("Verify: %+v, %v", r, err)
	}
	if _, err := ledger.Open(t.Context(), meanwhile(), keys, nil, nil); err != nil {
		t.Errorf("Open: %v", err)
	}
	if err := ledger.Export(t.Context(), meanwhile(), new(strings.Builder)); !errors.Is(err, fact.ErrMoved) || !strings.Contains(err.Error(), "export it again") {
		t.Errorf("Export: %v", err)
	}
}
