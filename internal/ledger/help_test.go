package ledger_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

// start is when the records of the tests begin.
var start = time.Date(2015, time.June, 5, 9, 0, 0, 0, time.UTC)

func newKeys(t testing.TB) *ledger.Keys {
	t.Helper()
	keys, err := ledger.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func newStore(t testing.TB) *store.SQLite {
	t.Helper()
	st, err := store.Create(filepath.Join(t.TempDir(), "harrow.plumb"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// record begins a record, with a store that can be made to fail.
func record(t testing.TB) (*ledger.Ledger, *store.Faulty, *ledger.Keys) {
	t.Helper()
	st, keys := store.NewFaulty(newStore(t)), newKeys(t)
	l, err := ledger.Create(context.Background(), st, keys, start)
	if err != nil {
		t.Fatal(err)
	}
	return l, st, keys
}

func entry(id string, fields ...string) fact.Entry {
	e := fact.Entry{Op: fact.Assert, Kind: "post", Version: 1, Who: "owner", ID: fact.ID(id), Recorded: start, Written: start}
	for i := 0; i < len(fields); i += 2 {
		e.Body = append(e.Body, fact.Field{Name: fields[i], Value: fields[i+1]})
	}
	return e
}

func add(t testing.TB, l *ledger.Ledger, es ...fact.Entry) ledger.Receipt {
	t.Helper()
	_, r, err := l.Append(context.Background(), es, start)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func addMany(t testing.TB, l *ledger.Ledger, n int) ledger.Receipt {
	t.Helper()
	es := make([]fact.Entry, n)
	for i := range es {
		es[i] = entry(fmt.Sprint("p", i), "title", `"Head of Service"`, "fte", "0.5")
	}
	return add(t, l, es...)
}

func beginErase(l *ledger.Ledger, position int64, fields ...string) (*ledger.Pending, error) {
	e := fact.Entry{Op: fact.Erase, Base: position, Who: "owner", Recorded: start, Written: start, Body: fact.Body{{Name: "reason", Value: `"asked to"`}}}
	return l.Begin([]fact.Entry{e}, map[int64][]string{position: fields}, start)
}

func erase(t testing.TB, l *ledger.Ledger, position int64, fields ...string) {
	t.Helper()
	p, err := beginErase(l, position, fields...)
	if err == nil {
		_, err = p.Wait(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func verify(t testing.TB, st ledger.Store) ledger.Report {
	t.Helper()
	r, err := ledger.Verify(context.Background(), st, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// signers gives the secret keys of a record, as somebody has them who got hold of the key file.
func signers(t testing.TB, keys *ledger.Keys) []note.Signer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := keys.Save(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []note.Signer
	for line := range strings.Lines(string(text)) {
		s, err := note.NewSigner(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// forger writes into a store what a ledger never would, with hashes and signatures that agree. It is made of nothing but the library of
// the tree and the text of docs/format.md.
type forger struct {
	t       testing.TB
	st      ledger.Store
	origin  string
	signers []note.Signer
	hashes  []tlog.Hash
	size    int64
	clock   time.Time
}

func forge(t testing.TB, st ledger.Store, l *ledger.Ledger, keys *ledger.Keys) *forger {
	t.Helper()
	f := &forger{t: t, st: st, origin: l.Origin(), signers: signers(t, keys), size: l.Size(), clock: start}
	var err error
	index := make([]int64, tlog.StoredHashCount(f.size))
	for i := range index {
		index[i] = int64(i)
	}
	if f.hashes, err = st.Hashes(context.Background(), index); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *forger) ReadHashes(index []int64) (out []tlog.Hash, err error) {
	for _, i := range index {
		out = append(out, f.hashes[i])
	}
	return out, nil
}

// append adds entries as they are, and signs.
func (f *forger) append(es ...fact.Entry) {
	f.t.Helper()
	var rows []ledger.Row
	at := f.size
	for i := range es {
		e := es[i]
		if e.Position == 0 {
			e.Position = f.size + 1
		}
		if e.Root == (fact.Hash{}) {
			e.Root = e.Body.Root()
		}
		row := ledger.Row{Envelope: fact.AppendEnvelope(nil, &e), Body: fact.AppendBody(nil, e.Body)}
		hashes, err := tlog.StoredHashes(f.size, row.Envelope, f)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, h := range hashes {
			row.Hashes = append(row.Hashes, h[:]...)
		}
		f.hashes = append(f.hashes, hashes...)
		f.size++
		rows = append(rows, row)
	}
	rows[len(rows)-1].Checkpoint = f.sign(f.size)
	if err := f.st.Append(context.Background(), at, ledger.Batch{Rows: ledger.Rows(rows...)}); err != nil {
		f.t.Fatal(err)
	}
}

// sign signs the tree as it is, under any size.
func (f *forger) sign(size int64) []byte {
	f.t.Helper()
	root, err := tlog.TreeHash(f.size, f)
	if err != nil {
		f.t.Fatal(err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\ntime %s\n", f.origin, size, root, f.clock.Format("2006-01-02T15:04:05.000000Z"))
	b, err := note.Sign(&note.Note{Text: text}, f.signers...)
	if err != nil {
		f.t.Fatal(err)
	}
	return b
}

// storedHashes gives the hashes that the next envelope completes, and takes them over.
func storedHashes(f *forger, envelope []byte) ([]byte, error) {
	hashes, err := tlog.StoredHashes(f.size, envelope, f)
	if err != nil {
		return nil, err
	}
	f.hashes = append(f.hashes, hashes...)
	var b []byte
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b, nil
}
