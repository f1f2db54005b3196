package ledger_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

// Every step of TestLaws waits for the disk. For a longer run say -rapid.checks=1000.
func init() { flag.Set("rapid.checks", "20") }

// TestLaws does anything at all to a record in any order, and holds it against what must never change: what was once
// acknowledged stays where it was, with the same envelope; every entry can be proved; every checkpoint that was ever given out is one
// that the record still extends; and a copy, a restart or another writer makes no difference.
func TestLaws(t *testing.T) {
	dir, made := t.TempDir(), 0
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		open := func() *store.SQLite {
			made++
			st, err := store.Create(filepath.Join(dir, fmt.Sprint(made)))
			must(err)
			return st
		}
		keys, err := ledger.NewKeys()
		must(err)
		st, now, latest := open(), start, start
		defer func() { st.Close() }()
		one, err := ledger.Create(ctx, st, keys, now)
		must(err)
		two, err := ledger.Open(ctx, st, keys, nil, nil)
		must(err)

		type told struct {
			envelope string
			erased   map[string]bool
		}
		var record []told
		checkpoints := [][]byte{one.Checkpoint()}

		see := func(e fact.Entry) error {
			envelope := string(fact.AppendEnvelope(nil, &e))
			switch {
			case e.Position == int64(len(record))+1:
				record = append(record, told{envelope, map[string]bool{}})
			case record[e.Position-1].envelope != envelope:
				return fmt.Errorf("entry %d has changed", e.Position)
			}
			return nil
		}
		// write appends through either ledger, which may not know what the other wrote.
		write := func(l *ledger.Ledger, es []fact.Entry, erase map[int64][]string) bool {
			for {
				p, err := l.Begin(es, erase, now)
				var r ledger.Receipt
				if err == nil {
					r, err = p.Wait(ctx)
				}
				switch {
				case err == nil:
					checkpoints = append(checkpoints, r.Checkpoint)
					for _, e := range p.Entries() {
						must(see(e))
					}
					return true
				case errors.Is(err, fact.ErrMoved), errors.Is(err, fact.ErrNotFound):
					size := l.Size()
					must(l.Tail(ctx, see))
					if errors.Is(err, fact.ErrNotFound) && l.Size() == size {
						return false // there is no such field
					}
				case errors.Is(err, fact.ErrInvalid) && erase != nil:
					return false // nothing left to erase
				default:
					t.Fatal(err)
				}
			}
		}
		either := func() *ledger.Ledger {
			if rapid.Bool().Draw(t, "first") {
				return one
			}
			return two
		}

		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				es := make([]fact.Entry, rapid.IntRange(1, 80).Draw(t, "n"))
				for i := range es {
					es[i] = entry(rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "id"), "title", `"T"`)
					es[i].Recorded, es[i].Written = now, now
					if rapid.Bool().Draw(t, "more") {
						es[i].Body = append(es[i].Body, fact.Field{Name: "note", Value: fmt.Sprintf("%q", rapid.StringMatching(`[a-z ]{0,40}`).Draw(t, "note"))})
					}
				}
				write(either(), es, nil)
			},
			"erase": func(t *rapid.T) {
				if len(record) == 0 {
					t.Skip("nothing to erase")
				}
				p := rapid.Int64Range(1, int64(len(record))).Draw(t, "position")
				if strings.Contains(record[p-1].envelope, "\nop key\n") {
					t.Skip("a key")
				}
				var fields []string
				if rapid.Bool().Draw(t, "one field") {
					fields = []string{rapid.SampledFrom([]string{"title", "note", "reason"}).Draw(t, "field")}
				}
				e := fact.Entry{Op: fact.Erase, Base: p, Who: "owner", Recorded: now, Written: now, Body: fact.Body{{Name: "reason", Value: `"asked to"`}}}
				if write(either(), []fact.Entry{e}, map[int64][]string{p: fields}) {
					if fields == nil {
						fields = []string{"title", "note", "reason"}
					}
					for _, f := range fields {
						record[p-1].erased[f] = true
					}
				}
			},
			"time passes": func(t *rapid.T) {
				// Back by less than a minute behind the latest that was ever seen: more than that is refused, as it should be.
				if now = latest.Add(time.Duration(rapid.IntRange(-20, 3600).Draw(t, "seconds")) * time.Second); now.After(latest) {
					latest = now
				}
			},
			"rotate": func(t *rapid.T) {
				must(one.Tail(ctx, see))
				newer, err := keys.Rotated()
				must(err)
				e, r, err := one.Rotate(ctx, newer, "owner", now, now)
				must(err)
				must(see(e))
				checkpoints = append(checkpoints, r.Checkpoint)
				keys = newer
				two, err = ledger.Open(ctx, st, keys, see, nil)
				must(err)
			},
			"restart": func(t *rapid.T) {
				path := filepath.Join(dir, fmt.Sprint(made))
				must(st.Close())
				again, err := store.Open(path)
				must(err)
				st = again
				one, err = ledger.Open(ctx, st, keys, see, nil)
				must(err)
				two, err = ledger.Open(ctx, st, keys, see, nil)
				must(err)
			},
			"move to another store": func(t *rapid.T) {
				var text strings.Builder
				must(ledger.Export(ctx, st, &text))
				moved := open()
				must(ledger.Import(ctx, moved, strings.NewReader(text.String()), nil))
				st.Close()
				st = moved
				one, err = ledger.Open(ctx, st, keys, see, nil)
				must(err)
				two, err = ledger.Open(ctx, st, keys, nil, nil)
				must(err)
			},
			"": func(t *rapid.T) {
				r, err := ledger.Verify(ctx, st, "", nil)
				must(err)
				if r.Size != int64(len(record)) {
					t.Fatalf("%d entries were acknowledged, and %d are there", len(record), r.Size)
				}
				must(one.Tail(ctx, see))
				must(one.Extends(ctx, checkpoints[rapid.IntRange(0, len(checkpoints)-1).Draw(t, "checkpoint")]))
				if len(record) == 0 {
					return
				}
				p := rapid.Int64Range(1, int64(len(record))).Draw(t, "position")
				b, err := one.Prove(ctx, p)
				must(err)
				data, err := b.JSON()
				must(err)
				if _, err := ledger.VerifyBundle(data, keys.Verifier()); err != nil {
					t.Fatal(err)
				}
				e, err := b.Entry()
				must(err)
				if b.Envelope != record[p-1].envelope {
					t.Fatalf("entry %d has changed", p)
				}
				for _, f := range e.Body {
					if f.Erased != record[p-1].erased[f.Name] {
						t.Fatalf("entry %d: the field %s is erased: %v", p, f.Name, f.Erased)
					}
				}
			},
		})
	})
}
