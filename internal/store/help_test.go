package store_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/bits"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

// start is when the records of the tests begin.
var start = time.Date(2015, time.June, 5, 9, 0, 0, 0, time.UTC)

// create begins a record in an empty store.
func create(tb testing.TB, st ledger.Store) (*ledger.Ledger, *ledger.Keys) {
	tb.Helper()
	keys, err := ledger.NewKeys()
	if err != nil {
		tb.Fatal(err)
	}
	l, err := ledger.Create(tb.Context(), st, keys, start)
	if err != nil {
		tb.Fatal(err)
	}
	return l, keys
}

// file makes an empty store in a temporary folder.
func file(t *testing.T) (*store.SQLite, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "harrow.plumb")
	st, err := store.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st, path
}

// post is an entry about a post.
func post(id string, title string) fact.Entry {
	return fact.Entry{
		Op: fact.Assert, Kind: "post", Version: 1, Who: "owner", ID: fact.ID(id), Recorded: start, Written: start,
		Body: fact.Body{{Name: "title", Value: `"` + title + `"`}, {Name: "unit", Value: `"people"`}, {Name: "vacant", Value: `true`}},
	}
}

// posts are n entries.
func posts(n int) []fact.Entry {
	es := make([]fact.Entry, n)
	for i := range es {
		es[i] = post(fmt.Sprintf("p%d", i), strings.Repeat("Head of Service ", 1+i%3))
	}
	return es
}

func add(t *testing.T, l *ledger.Ledger, es ...fact.Entry) ledger.Receipt {
	t.Helper()
	_, r, err := l.Append(t.Context(), es, start)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// erase removes fields of one entry, all of them where none is named.
func erase(t *testing.T, l *ledger.Ledger, position int64, fields ...string) ledger.Receipt {
	t.Helper()
	e := fact.Entry{Op: fact.Erase, Base: position, Who: "owner", Recorded: start, Written: start, Body: fact.Body{{Name: "reason", Value: `"asked to"`}}}
	p, err := l.Begin([]fact.Entry{e}, map[int64][]string{position: fields}, start)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Scrub != nil {
		t.Fatal(r.Scrub)
	}
	return r
}

// all reads every row, and copies it.
func all(t *testing.T, st ledger.Store) []ledger.Row {
	t.Helper()
	return between(t, st, 1, 1<<40)
}

func between(t *testing.T, st ledger.Store, from, to int64) []ledger.Row {
	t.Helper()
	var rows []ledger.Row
	for row, err := range st.Read(t.Context(), from, to) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, ledger.Row{
			Envelope: bytes.Clone(row.Envelope), Body: bytes.Clone(row.Body),
			Hashes: bytes.Clone(row.Hashes), Checkpoint: bytes.Clone(row.Checkpoint),
		})
	}
	return rows
}

// whole checks a record twice: with Verify, and once more with nothing but the library of the tree, which
// must come to the same.
func whole(t *testing.T, st ledger.Store) ledger.Report {
	t.Helper()
	report, err := ledger.Verify(t.Context(), st, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var tree []tlog.Hash
	reader := tlog.HashReaderFunc(func(index []int64) (out []tlog.Hash, err error) {
		for _, i := range index {
			out = append(out, tree[i])
		}
		return out, nil
	})
	checkpoints := 1
	for i, row := range all(t, st) {
		hashes, err := tlog.StoredHashes(int64(i), row.Envelope, reader)
		if err != nil {
			t.Fatal(err)
		}
		tree = append(tree, hashes...)
		var want []byte
		for _, h := range hashes {
			want = append(want, h[:]...)
		}
		if !bytes.Equal(want, row.Hashes) {
			t.Fatalf("entry %d: its tree hashes are not those of the library", i+1)
		}
		if row.Checkpoint == nil {
			continue
		}
		checkpoints++
		root, err := tlog.TreeHash(int64(i+1), reader)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(row.Checkpoint), "\n")
		if lines[1] != fmt.Sprint(i+1) || lines[2] != base64.StdEncoding.EncodeToString(root[:]) {
			t.Fatalf("the checkpoint beside entry %d says\n%s\nand the library says %s", i+1, row.Checkpoint, root)
		}
	}
	size, err := st.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		t.Fatal(err)
	}
	if report.Size != size || report.Root != fmt.Sprintf("%x", root[:]) || report.Checkpoints != checkpoints {
		t.Fatalf("the report is %+v, and the library says %d entries, %d checkpoints, root %x", report, size, checkpoints, root[:])
	}
	index := make([]int64, len(tree))
	for i := range index {
		index[i] = int64(i)
	}
	stored, err := st.Hashes(t.Context(), index)
	if err != nil {
		t.Fatal(err)
	}
	for i := range stored {
		if stored[i] != tree[i] {
			t.Fatalf("hash %d is not that of the library", i)
		}
	}
	return report
}

// raw is rows of bytes that mean nothing, for what a store does without understanding it.
func raw(from, n int64) []ledger.Row {
	var rows []ledger.Row
	for p := from; p < from+n; p++ {
		rows = append(rows, ledger.Row{
			Envelope: fmt.Appendf(nil, "envelope %d", p),
			Body:     bytes.Repeat([]byte{byte(p)}, int(p%70)),
			Hashes:   bytes.Repeat([]byte{byte(p), 1}, tlog.HashSize/2*(1+bits.TrailingZeros64(uint64(p)))),
		})
	}
	rows[n-1].Checkpoint = fmt.Appendf(nil, "checkpoint %d", from+n-1)
	return rows
}

// retry appends, and reads the tail when somebody else was faster, as often as it takes.
func retry(ctx context.Context, l *ledger.Ledger, es []fact.Entry, now time.Time) ([]fact.Entry, error) {
	for {
		done, _, err := l.Append(ctx, es, now)
		if !errors.Is(err, fact.ErrMoved) {
			return done, err
		}
		if err := l.Tail(ctx, func(fact.Entry) error { return nil }); err != nil {
			return nil, err
		}
	}
}
