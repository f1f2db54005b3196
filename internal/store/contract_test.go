package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

// An engine is one kind of store: how to make an empty one, and how to open the same again, as another process would.
type engine func(t *testing.T) (st ledger.Store, again func() ledger.Store)

func engines() map[string]engine {
	sqlite := func(t *testing.T) (ledger.Store, func() ledger.Store) {
		path := filepath.Join(t.TempDir(), "harrow.plumb")
		st, err := store.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		return st, func() ledger.Store {
			st, err := store.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { st.Close() })
			return st
		}
	}
	return map[string]engine{
		"SQLite": sqlite,
		"Faulty": func(t *testing.T) (ledger.Store, func() ledger.Store) {
			st, again := sqlite(t)
			return store.NewFaulty(st), func() ledger.Store { return store.NewFaulty(again()) }
		},
	}
}

// TestContract is what ledger.Store promises. Every engine has to pass it.
func TestContract(t *testing.T) {
	for name, e := range engines() {
		t.Run(name, func(t *testing.T) {
			for what, test := range map[string]func(*testing.T, engine){
				"an empty store":           testEmpty,
				"append and read":          testRead,
				"hashes":                   testHashes,
				"checkpoints":              testCheckpoints,
				"only at the end":          testMoved,
				"all or nothing":           testAllOrNothing,
				"begin anew":               testStart,
				"erase":                    testErase,
				"durable":                  testDurable,
				"many writers":             testWriters,
				"readers see whole groups": testReaders,
				"faults":                   testFaults,
			} {
				t.Run(what, func(t *testing.T) { test(t, e) })
			}
		})
	}
}

func testEmpty(t *testing.T, e engine) {
	st, _ := e(t)
	if n, err := st.Size(t.Context()); n != 0 || err != nil {
		t.Errorf("Size: %d, %v", n, err)
	}
	if rows := all(t, st); len(rows) != 0 {
		t.Errorf("there are %d rows", len(rows))
	}
	if _, err := st.Checkpoint(t.Context(), -1); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("Checkpoint: %v", err)
	}
	if _, err := st.Hashes(t.Context(), []int64{0}); err == nil {
		t.Error("it has a hash")
	}
	if err := st.Append(t.Context(), 0, ledger.Batch{Rows: ledger.Rows(raw(1, 1)...)}); !errors.Is(err, fact.ErrMoved) {
		t.Errorf("an entry was written to a log that was not begun: %v", err)
	}
}

// begun gives a store with the log of n raw rows, in groups of those sizes.
func begun(t *testing.T, e engine, groups ...int64) (ledger.Store, func() ledger.Store, []ledger.Row) {
	t.Helper()
	st, again := e(t)
	if err := st.Append(t.Context(), -1, ledger.Batch{Start: []byte("checkpoint 0"), Rows: ledger.Rows()}); err != nil {
		t.Fatal(err)
	}
	var rows []ledger.Row
	for _, n := range groups {
		at := int64(len(rows))
		group := raw(at+1, n)
		if err := st.Append(t.Context(), at, ledger.Batch{Rows: ledger.Rows(group...)}); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, group...)
	}
	return st, again, rows
}

func same(a, b ledger.Row) bool {
	return bytes.Equal(a.Envelope, b.Envelope) && bytes.Equal(a.Body, b.Body) && bytes.Equal(a.Hashes, b.Hashes) && bytes.Equal(a.Checkpoint, b.Checkpoint)
}

func testRead(t *testing.T, e engine) {
	st, _, rows := begun(t, e, 1, 2, 63, 64, 65, 1, 300)
	n := int64(len(rows))
	if size, err := st.Size(t.Context()); size != n || err != nil {
		t.Errorf("Size: %d, %v", size, err)
	}
	for _, r := range [][2]int64{{1, n}, {1, 1}, {2, 3}, {64, 70}, {130, 131}, {n, n}, {n, n + 100}, {n + 1, n + 5}, {5, 4}, {195, 400}} {
		want := []ledger.Row{}
		if r[0] <= r[1] && r[0] <= n {
			want = rows[r[0]-1 : min(r[1], n)]
		}
		if got := between(t, st, r[0], r[1]); !slices.EqualFunc(got, want, same) {
			t.Errorf("Read(%d, %d): %d rows, not the %d that were written", r[0], r[1], len(got), len(want))
		}
	}
	for range st.Read(t.Context(), 1, n) {
		break // leaving early leaves nothing open: the test would hang at its end
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range st.Read(ctx, 1, n) {
		if err == nil {
			t.Error("Read went on after its context ended")
		}
	}
}

func testHashes(t *testing.T, e engine) {
	st, _, rows := begun(t, e, 3, 64, 200, 1)
	var want []tlog.Hash
	for _, r := range rows {
		for h := range slices.Chunk(r.Hashes, tlog.HashSize) {
			want = append(want, tlog.Hash(h))
		}
	}
	var index []int64
	for i := range want {
		index = append(index, int64(len(want)-1-i))
	}
	got, err := st.Hashes(t.Context(), index)
	slices.Reverse(got)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Hashes are not those that were written: %v", err)
	}
	if _, err := st.Hashes(t.Context(), []int64{0, int64(len(want))}); err == nil {
		t.Error("it has a hash beyond its end")
	}
}

func testCheckpoints(t *testing.T, e engine) {
	st, _, _ := begun(t, e, 1, 70, 1, 5)
	for size, want := range map[int64]int{-1: 77, 0: 0, 1: 1, 2: 1, 70: 1, 71: 71, 72: 72, 76: 72, 77: 77, 1000: 77} {
		if got, err := st.Checkpoint(t.Context(), size); err != nil || string(got) != fmt.Sprint("checkpoint ", want) {
			t.Errorf("Checkpoint(%d): %q, %v", size, got, err)
		}
	}
}

// unchanged runs something that must leave the store as it was.
func unchanged(t *testing.T, st ledger.Store, do func()) {
	t.Helper()
	before := all(t, st)
	do()
	if after := all(t, st); !slices.EqualFunc(before, after, same) {
		t.Errorf("the store has changed: %d rows before, %d after", len(before), len(after))
	}
}

func testMoved(t *testing.T, e engine) {
	st, _, rows := begun(t, e, 5)
	n := int64(len(rows))
	unchanged(t, st, func() {
		for _, at := range []int64{-1, 0, n - 1, n + 1} {
			for _, group := range []int64{1, 64, 65, 300} {
				b := ledger.Batch{Rows: ledger.Rows(raw(max(at, 0)+1, group)...)}
				if at < 0 {
					b.Start = []byte("checkpoint 0")
				}
				if err := st.Append(t.Context(), at, b); !errors.Is(err, fact.ErrMoved) {
					t.Errorf("%d rows at %d: %v", group, at, err)
				}
			}
		}
	})
	unchanged(t, st, func() {
		for _, b := range []ledger.Batch{{Rows: ledger.Rows()}, {Rows: ledger.Rows(), Erase: []ledger.Erasure{{Position: 1}}}} {
			if err := st.Append(t.Context(), n-1, b); err == nil {
				t.Errorf("a batch without entries was taken, and nothing was compared")
			}
		}
	})
	if err := st.Append(t.Context(), n, ledger.Batch{Rows: ledger.Rows(raw(n+1, 1)...)}); err != nil {
		t.Errorf("after that: %v", err)
	}
}

func testAllOrNothing(t *testing.T, e engine) {
	st, _, rows := begun(t, e, 5)
	n := int64(len(rows))
	broken := errors.New("line 7 is broken")
	for _, after := range []int{0, 1, 63, 64, 65, 200} {
		unchanged(t, st, func() {
			err := st.Append(t.Context(), n, ledger.Batch{Rows: func(yield func(ledger.Row, error) bool) {
				for i, r := range raw(n+1, 201) {
					if i == after {
						yield(ledger.Row{}, broken)
						return
					}
					if !yield(r, nil) {
						return
					}
				}
			}})
			if !errors.Is(err, broken) {
				t.Errorf("broken after %d rows: %v", after, err)
			}
		})
	}
	unchanged(t, st, func() {
		ctx, cancel := context.WithCancel(t.Context())
		err := st.Append(ctx, n, ledger.Batch{Rows: func(yield func(ledger.Row, error) bool) {
			for i, r := range raw(n+1, 201) {
				if i == 100 {
					cancel()
				}
				if !yield(r, nil) {
					return
				}
			}
		}})
		if err == nil {
			t.Error("the context ended in the middle, and Append did not fail")
		}
	})
	if err := st.Append(t.Context(), n, ledger.Batch{Rows: ledger.Rows(raw(n+1, 1)...)}); err != nil {
		t.Errorf("after that: %v", err)
	}
}

func testStart(t *testing.T, e engine) {
	st, _, _ := begun(t, e)
	if err := st.Append(t.Context(), -1, ledger.Batch{Start: []byte("checkpoint zero"), Rows: ledger.Rows()}); !errors.Is(err, fact.ErrMoved) {
		t.Errorf("a log was begun twice: %v", err)
	}
	if err := st.Append(t.Context(), 0, ledger.Batch{Start: []byte("checkpoint zero"), Rows: ledger.Rows(raw(1, 100)...)}); err != nil {
		t.Errorf("an empty log was not replaced: %v", err)
	}
	if got, err := st.Checkpoint(t.Context(), 0); string(got) != "checkpoint zero" || err != nil {
		t.Errorf("the first checkpoint is %q, %v", got, err)
	}
	unchanged(t, st, func() {
		for _, at := range []int64{-1, 0, 100} {
			if err := st.Append(t.Context(), at, ledger.Batch{Start: []byte("checkpoint 0"), Rows: ledger.Rows(raw(1, 1)...)}); !errors.Is(err, fact.ErrMoved) {
				t.Errorf("a log with entries was begun anew at %d: %v", at, err)
			}
		}
	})
}

func testErase(t *testing.T, e engine) {
	st, again, rows := begun(t, e, 1, 130)
	n := int64(len(rows))
	for _, p := range []int64{1, 2, 66, n} {
		group := raw(n+1, 1)
		body := bytes.Repeat([]byte{0xee}, int(p%70))[:p%70/2]
		if err := st.Append(t.Context(), n, ledger.Batch{Rows: ledger.Rows(group...), Erase: []ledger.Erasure{{Position: p, Body: body}}}); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, group...)
		rows[p-1].Body = body
		n++
	}
	if got := all(t, st); !slices.EqualFunc(got, rows, same) {
		t.Error("the rows are not those that were written, with four bodies replaced")
	}
	unchanged(t, st, func() {
		for _, x := range []ledger.Erasure{{Position: 0}, {Position: n + 2}, {Position: 5, Body: make([]byte, 6)}} {
			if err := st.Append(t.Context(), n, ledger.Batch{Rows: ledger.Rows(raw(n+1, 1)...), Erase: []ledger.Erasure{x}}); err == nil {
				t.Errorf("%d bytes were put in the place of entry %d", len(x.Body), x.Position)
			}
		}
	})
	if err := st.Scrub(t.Context()); err != nil {
		t.Error(err)
	}
	if got := all(t, again()); !slices.EqualFunc(got, rows, same) {
		t.Error("another reader sees other rows")
	}
}

func testDurable(t *testing.T, e engine) {
	st, again, rows := begun(t, e, 3, 200)
	other := again()
	if got := all(t, other); !slices.EqualFunc(got, rows, same) {
		t.Error("another reader does not see what was written")
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if got := all(t, again()); !slices.EqualFunc(got, rows, same) {
		t.Error("what was written is not there any more")
	}
}

// testWriters lets writers of two processes' kind append at once: two ledgers that know nothing of each other, with four writers each.
func testWriters(t *testing.T, e engine) {
	st, again := e(t)
	l, keys := create(t, st)
	other, err := ledger.Open(t.Context(), again(), keys, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	const each = 20
	var mu sync.Mutex
	told := map[int64]fact.ID{} // what the writers were told is there
	var wg sync.WaitGroup
	for w := range 8 {
		l := []*ledger.Ledger{l, other}[w%2]
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("w%d-%d", w, i)
				done, err := retry(t.Context(), l, []fact.Entry{post(id, "a"), post(id+"b", "b")}, start)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, e := range done {
					if told[e.Position] != "" {
						t.Errorf("position %d was given twice", e.Position)
					}
					told[e.Position] = e.ID
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	report := whole(t, st)
	if report.Size != 8*2*each || len(told) != 8*2*each {
		t.Errorf("%d entries were acknowledged and %d are there", len(told), report.Size)
	}
	if _, err := ledger.Open(t.Context(), st, nil, func(e fact.Entry) error {
		if told[e.Position] != e.ID {
			t.Errorf("entry %d is %s; its writer was told %s", e.Position, e.ID, told[e.Position])
		}
		return nil
	}, nil); err != nil {
		t.Error(err)
	}
}

func testReaders(t *testing.T, e engine) {
	st, again := e(t)
	l, _ := create(t, st)
	other := again()
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := ledger.Verify(t.Context(), other, "", nil); err != nil {
					t.Error(err)
					return
				}
				if size, err := other.Size(t.Context()); err != nil || size%70 != 0 {
					t.Errorf("half a group is to be seen: %d entries, %v", size, err)
				}
			}
		})
	}
	for range 40 {
		add(t, l, posts(70)...)
	}
	close(stop)
	wg.Wait()
	whole(t, st)
}

var errFault = errors.New("the disk fell out")

// testFaults fails every call of every method, before and after the work was done, while a ledger is used; then it mends
// the store, reads the tail, writes again and checks the whole tree.
func testFaults(t *testing.T, e engine) {
	for _, c := range []store.Call{
		{Method: "Append"}, {Method: "Append", Done: true},
		{Method: "Read"}, {Method: "Read", Done: true},
		{Method: "Size"}, {Method: "Size", Done: true},
		{Method: "Checkpoint"}, {Method: "Checkpoint", Done: true},
		{Method: "Hashes"}, {Method: "Hashes", Done: true},
		{Method: "Scrub"}, {Method: "Scrub", Done: true},
	} {
		t.Run(fmt.Sprintf("%s %v", c.Method, c.Done), func(t *testing.T) {
			beneath, _ := e(t)
			st := store.NewFaulty(beneath)
			l, keys := create(t, st)
			add(t, l, posts(3)...)
			seen := []fact.ID{"p0", "p1", "p2"} // as somebody who folds the log has seen it
			see := func(e fact.Entry) error { seen = append(seen, e.ID); return nil }
			broken := func(call store.Call) error {
				if call == c {
					return errFault
				}
				return nil
			}

			st.Fail(broken)
			before := l.Size()
			done, _, err := l.Append(t.Context(), []fact.Entry{post("q", "Q")}, start)
			switch {
			case c.Method == "Append":
				if !errors.Is(err, errFault) {
					t.Fatalf("Append: %v", err)
				}
				if l.Size() != before {
					t.Error("the ledger counts an entry of which nobody knows whether it is there")
				}
				if _, _, err := l.Append(t.Context(), posts(1), start); !errors.Is(err, errFault) {
					t.Errorf("the ledger writes although it does not know where the log ends: %v", err)
				}
			case err != nil:
				t.Fatal(err)
			default:
				seen = append(seen, done[0].ID)
			}
			if err := l.Tail(t.Context(), see); err != nil && !errors.Is(err, errFault) {
				t.Errorf("Tail: %v", err)
			}
			if _, err := ledger.Verify(t.Context(), st, "", nil); err != nil && !errors.Is(err, errFault) {
				t.Errorf("Verify: %v", err)
			}
			if _, err := ledger.Open(t.Context(), st, keys, nil, nil); err != nil && !errors.Is(err, errFault) {
				t.Errorf("Open: %v", err)
			}
			if _, err := l.Prove(t.Context(), 2); err != nil && !errors.Is(err, errFault) {
				t.Errorf("Prove: %v", err)
			}
			if err := ledger.Export(t.Context(), st, new(bytes.Buffer)); err != nil && !errors.Is(err, errFault) {
				t.Errorf("Export: %v", err)
			}

			st.Fail(nil)
			if err := l.Tail(t.Context(), see); err != nil {
				t.Fatal(err)
			}
			persisted := int64(4)
			if c == (store.Call{Method: "Append"}) {
				persisted = 3
			}
			if report := whole(t, st); report.Size != persisted || l.Size() != persisted || int64(len(seen)) != persisted {
				t.Fatalf("the store holds %d entries, the ledger counts %d, the fold has seen %v; there should be %d", report.Size, l.Size(), seen, persisted)
			}

			st.Fail(broken)
			p, err := l.Begin([]fact.Entry{{Op: fact.Erase, Base: 2, Who: "owner", Recorded: start, Written: start}}, map[int64][]string{2: {"title"}}, start)
			if err == nil {
				var r ledger.Receipt
				if r, err = p.Wait(t.Context()); err == nil && (r.Scrub != nil) != (c.Method == "Scrub") {
					t.Errorf("the receipt says that the bytes are removed: %v", r.Scrub)
				}
			}
			if err != nil && !errors.Is(err, errFault) {
				t.Errorf("erasing: %v", err)
			}
			st.Fail(nil)
			if err := l.Tail(t.Context(), see); err != nil {
				t.Fatal(err)
			}
			add(t, l, posts(1)...)
			report := whole(t, st)
			if l.Size() != report.Size {
				t.Errorf("the ledger counts %d entries, the store holds %d", l.Size(), report.Size)
			}
			if again, err := ledger.Open(t.Context(), st, keys, nil, nil); err != nil || again.Root() != l.Root() {
				t.Errorf("opened again it has another root: %v", err)
			}
		})
	}
}

func TestPanicking(t *testing.T) {
	st, _ := file(t)
	p := store.NewPanicking(st)
	l, _ := create(t, p)
	add(t, l, posts(2)...)
	p.Arm()
	if l.Size() != 2 || len(l.Checkpoint()) == 0 {
		t.Error("what a ledger holds in memory is not there")
	}
	defer func() {
		if recover() == nil {
			t.Error("it was touched, and did not panic")
		}
	}()
	l.Prove(t.Context(), 1)
}
