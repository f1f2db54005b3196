package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

func TestCreate(t *testing.T) {
	l, st, keys := record(t)
	if l.Size() != 0 || l.Origin() != keys.Origin() || l.Verifier() != keys.Verifier() {
		t.Errorf("a new record has %d entries, is called %s, and wants %s", l.Size(), l.Origin(), l.Verifier())
	}
	if _, err := ledger.Create(t.Context(), st, newKeys(t), start); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "there is one already") {
		t.Errorf("begun twice: %v", err)
	}
	if r := verify(t, st); r.Size != 0 || r.Checkpoints != 1 || r.Key != keys.Verifier() || !r.OwnWord || !r.Signed.Equal(start) {
		t.Errorf("%+v", r)
	}
	if _, err := ledger.Open(t.Context(), newStore(t), keys, nil, nil); !errors.Is(err, fact.ErrNotFound) || !strings.Contains(err.Error(), "never begun") {
		t.Errorf("a store without a record: %v", err)
	}
}

func TestAppend(t *testing.T) {
	l, st, keys := record(t)
	given := []fact.Entry{entry("a", "title", `"A"`, "fte", "1"), entry("b")}
	done, r, err := l.Append(t.Context(), given, start.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if r.First != 1 || r.Last != 2 || r.Size != 2 || string(r.Checkpoint) != string(l.Checkpoint()) || r.Scrub != nil {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(string(r.Checkpoint), "\ntime 2015-06-05T10:00:00.000000Z\n\n") {
		t.Errorf("the checkpoint has another time:\n%s", r.Checkpoint)
	}
	if given[0].Position != 0 || given[0].Body[0].Name != "title" || given[0].Body[0].Salt != (fact.Salt{}) {
		t.Error("what the caller handed in was changed")
	}
	var read []fact.Entry
	again, err := ledger.Open(t.Context(), st, keys, func(e fact.Entry) error { read = append(read, e); return nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	if again.Root() != l.Root() || again.Size() != 2 || string(again.Checkpoint()) != string(l.Checkpoint()) {
		t.Error("opened again it is another record")
	}
	for i := range done {
		if fmt.Sprint(read[i]) != fmt.Sprint(done[i]) && len(done[i].Body) > 0 {
			t.Errorf("read as\n%+v\nand the writer was told\n%+v", read[i], done[i])
		}
	}
	salts := map[fact.Salt]bool{}
	for _, f := range done[0].Body {
		if f.Salt == (fact.Salt{}) || salts[f.Salt] {
			t.Errorf("the salt of %s is %x", f.Name, f.Salt)
		}
		salts[f.Salt] = true
	}
	each := errors.New("the fold failed")
	if _, err := ledger.Open(t.Context(), st, keys, func(fact.Entry) error { return each }, nil); !errors.Is(err, each) {
		t.Errorf("%v", err)
	}
}

// TestRefused is what Begin does not accept. Nothing is written, and the record can be written to afterwards.
func TestRefused(t *testing.T) {
	l, st, _ := record(t)
	add(t, l, entry("a", "title", `"A"`))
	with := func(change func(*fact.Entry)) fact.Entry {
		e := entry("x", "title", `"X"`)
		change(&e)
		return e
	}
	for what, e := range map[string]fact.Entry{
		"a line break in an id":       with(func(e *fact.Entry) { e.ID = "a\nop erase" }),
		"a space in an id":            with(func(e *fact.Entry) { e.ID = "a b" }),
		"a dash for an id":            with(func(e *fact.Entry) { e.ID = "-" }),
		"a line break in a name":      with(func(e *fact.Entry) { e.Who = "owner\n" }),
		"a line separator in a kind":  with(func(e *fact.Entry) { e.Kind = "po\u2028st" }),
		"a control sign in a branch":  with(func(e *fact.Entry) { e.Proposal = "a\x00" }),
		"bytes that are not text":     with(func(e *fact.Entry) { e.ID = "a\xff" }),
		"an unknown operation":        with(func(e *fact.Entry) { e.Op = 0 }),
		"an operation of the future":  with(func(e *fact.Entry) { e.Op = 99 }),
		"a new key":                   with(func(e *fact.Entry) { e.Op = fact.NewKey }),
		"an erasure that is none":     with(func(e *fact.Entry) { e.Op, e.Base = fact.Erase, 1 }),
		"a field twice":               with(func(e *fact.Entry) { e.Body = append(e.Body, e.Body[0]) }),
		"a field that comes erased":   with(func(e *fact.Entry) { e.Body[0].Erased = true }),
		"a field's name of bytes":     with(func(e *fact.Entry) { e.Body[0].Name = "\xff" }),
		"a field's name of 64 KiB":    with(func(e *fact.Entry) { e.Body[0].Name = strings.Repeat("x", 1<<16) }),
		"a value that is not JSON":    with(func(e *fact.Entry) { e.Body[0].Value = "X" }),
		"no value":                    with(func(e *fact.Entry) { e.Body[0].Value = "" }),
		"a value with a space":        with(func(e *fact.Entry) { e.Body[0].Value = `[1, 2]` }),
		"two values":                  with(func(e *fact.Entry) { e.Body[0].Value = `1 2` }),
		"a value of bytes":            with(func(e *fact.Entry) { e.Body[0].Value = "\"\xff\"" }),
		"a year that nobody can read": with(func(e *fact.Entry) { e.Written = time.Date(12015, 1, 1, 0, 0, 0, 0, time.UTC) }),
	} {
		if _, _, err := l.Append(t.Context(), []fact.Entry{entry("ok"), e}, start); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := l.Append(t.Context(), nil, start); !errors.Is(err, fact.ErrInvalid) {
		t.Errorf("nothing: %v", err)
	}
	root := l.Root()
	if r := verify(t, st); r.Size != 1 || l.Size() != 1 || root != l.Root() {
		t.Errorf("%+v", r)
	}
	add(t, l, entry("y", "text", `"a\nb < & \u2028 ü"`, "list", `["a",1.5,null]`, "none", "null"))
	verify(t, st)
}

func TestClock(t *testing.T) {
	l, st, _ := record(t)
	at := func(recorded time.Time, reconstructed bool) fact.Entry {
		e := entry("a")
		e.Recorded, e.Reconstructed = recorded, reconstructed
		return e
	}
	// A past that is reconstructed comes in order, and the present follows.
	old := fact.DayOf(2003, time.September, 17).Noon()
	add(t, l, at(old, true), at(old, true), at(old.Add(24*time.Hour), true))
	for what, e := range map[string]fact.Entry{
		"earlier by a day":                   at(old, true),
		"reconstructed, earlier by a moment": at(old.Add(24*time.Hour-time.Microsecond), true),
		"earlier by more than a minute":      at(old.Add(24*time.Hour-time.Minute-time.Microsecond), false),
	} {
		if _, _, err := l.Append(t.Context(), []fact.Entry{e}, start); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "only goes forwards") {
			t.Errorf("%s: %v", what, err)
		}
	}
	add(t, l, at(start, false))
	done, _, err := l.Append(t.Context(), []fact.Entry{at(start.Add(-59*time.Second), false), at(start.Add(1500*time.Nanosecond), false)}, start)
	if err != nil {
		t.Fatal(err)
	}
	if !done[0].Recorded.Equal(start) {
		t.Errorf("a small step back is recorded %s", done[0].Recorded)
	}
	if !done[1].Recorded.Equal(start.Add(time.Microsecond)) {
		t.Errorf("a part of a microsecond is recorded %s", done[1].Recorded)
	}

	// The same for the clock of the checkpoints, which is always the real one.
	add(t, l, at(start.Add(time.Hour), false))
	if _, _, err := l.Append(t.Context(), []fact.Entry{at(start.Add(time.Hour), false)}, start.Add(-time.Hour)); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "the clock went backwards") {
		t.Errorf("%v", err)
	}
	_, r, err := l.Append(t.Context(), []fact.Entry{at(start.Add(time.Hour), false)}, start.Add(-30*time.Second))
	if err != nil || !strings.Contains(string(r.Checkpoint), "\ntime 2015-06-05T09:00:00.000000Z\n") {
		t.Errorf("%v\n%s", err, r.Checkpoint)
	}
	verify(t, st)
}

// TestGroup holds the store while others write: they must all go into the next commit, and into one.
func TestGroup(t *testing.T) {
	l, st, _ := record(t)
	entered, hold := make(chan struct{}), make(chan struct{})
	var appends int
	st.Fail(func(c store.Call) error {
		if c == (store.Call{Method: "Append"}) {
			if appends++; appends == 1 {
				close(entered)
				<-hold
			}
		}
		return nil
	})
	var wg sync.WaitGroup
	wg.Go(func() { add(t, l, entry("first")) })
	<-entered
	pending := make([]*ledger.Pending, 16)
	for i := range pending {
		p, err := l.Begin([]fact.Entry{entry(fmt.Sprint("p", i)), entry("q")}, nil, start)
		if err != nil {
			t.Fatal(err)
		}
		if p.First() != int64(2+2*i) {
			t.Errorf("writer %d begins at %d", i, p.First())
		}
		pending[i] = p
	}
	receipts := make([]ledger.Receipt, len(pending))
	for i, p := range pending {
		wg.Go(func() {
			var err error
			if receipts[i], err = p.Wait(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	close(hold)
	wg.Wait()
	if appends != 2 {
		t.Errorf("17 writers took %d commits, not 2", appends)
	}
	for i, r := range receipts {
		if r.First != int64(2+2*i) || r.Last != r.First+1 || r.Size != 33 {
			t.Errorf("%d: %+v", i, r)
		}
	}
	if r := verify(t, st); r.Checkpoints != 3 {
		t.Errorf("%+v", r)
	}
}

// TestGroupFails lets a commit fail while others wait: all of them are told, and the ledger refuses to go on until the tail was read.
func TestGroupFails(t *testing.T) {
	for _, persisted := range []bool{false, true} {
		l, st, _ := record(t)
		lost := errors.New("the reply was lost")
		st.Fail(func(c store.Call) error {
			if c.Method == "Append" && c.Done == persisted {
				return lost
			}
			return nil
		})
		var pending []*ledger.Pending
		for i := range 5 {
			p, err := l.Begin([]fact.Entry{entry(fmt.Sprint("p", i))}, nil, start)
			if err != nil {
				t.Fatal(err)
			}
			pending = append(pending, p)
		}
		for _, p := range pending {
			if _, err := p.Wait(t.Context()); !errors.Is(err, lost) {
				t.Errorf("a writer was told %v", err)
			}
		}
		st.Fail(nil)
		if _, err := l.Begin([]fact.Entry{entry("x")}, nil, start); !errors.Is(err, lost) || !strings.Contains(err.Error(), "has to be read first") {
			t.Errorf("it goes on: %v", err)
		}
		n := 0
		if err := l.Tail(t.Context(), func(e fact.Entry) error {
			if n++; e.ID != fact.ID(fmt.Sprint("p", n-1)) {
				t.Errorf("the tail gives %s", e.ID)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if (n == 5) != persisted || n != 0 && n != 5 {
			t.Errorf("persisted %v, and the tail gave %d entries", persisted, n)
		}
		if r := add(t, l, entry("x")); r.First != int64(n)+1 {
			t.Errorf("the next entry is at %d", r.First)
		}
		verify(t, st)
	}
}

// TestContextEnds: a writer whose caller has gone is committed all the same, and takes nobody down.
func TestContextEnds(t *testing.T) {
	l, st, _ := record(t)
	ctx, cancel := context.WithCancel(t.Context())
	p, err := l.Begin([]fact.Entry{entry("a")}, nil, start)
	if err != nil {
		t.Fatal(err)
	}
	q, err := l.Begin([]fact.Entry{entry("b")}, nil, start)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := p.Wait(ctx); err != nil {
		t.Error(err)
	}
	if r, err := q.Wait(t.Context()); err != nil || r.First != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	verify(t, st)
}

// TestTail follows a log that somebody else writes, a change of key included.
func TestTail(t *testing.T) {
	l, st, keys := record(t)
	other, err := ledger.Open(t.Context(), st, keys, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []fact.ID
	see := func(e fact.Entry) error { got = append(got, e.ID); return nil }
	if err := other.Tail(t.Context(), see); err != nil || len(got) != 0 {
		t.Errorf("nothing happened, and the tail gave %v, %v", got, err)
	}
	add(t, l, entry("a"), entry("b"))
	newer, err := keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Rotate(t.Context(), newer, "owner", start, start); err != nil {
		t.Fatal(err)
	}
	add(t, l, entry("c"))

	if _, _, err := other.Append(t.Context(), []fact.Entry{entry("x")}, start); !errors.Is(err, fact.ErrMoved) {
		t.Errorf("a writer that is behind: %v", err)
	}
	if err := other.Tail(t.Context(), see); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != "[a b  c]" || other.Root() != l.Root() || other.Verifier() != newer.Verifier() {
		t.Errorf("the tail gave %q", got)
	}
	if _, _, err := other.Append(t.Context(), []fact.Entry{entry("x")}, start); !errors.Is(err, fact.ErrDenied) {
		t.Errorf("it writes with a key that has been replaced: %v", err)
	}
	verify(t, st)

	broken := errors.New("the fold failed")
	add(t, l, entry("d"))
	if err := other.Tail(t.Context(), func(fact.Entry) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	got = nil
	if err := other.Tail(t.Context(), see); err != nil || fmt.Sprint(got) != "[d]" {
		t.Errorf("after a fold that failed the tail gives %v, %v", got, err)
	}
}

// TestTailFails what is still queued.
func TestTailFails(t *testing.T) {
	l, st, _ := record(t)
	p, err := l.Begin([]fact.Entry{entry("a")}, nil, start)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Tail(t.Context(), func(fact.Entry) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(t.Context()); !errors.Is(err, fact.ErrMoved) {
		t.Errorf("%v", err)
	}
	if r := add(t, l, entry("b")); r.First != 1 {
		t.Errorf("%+v", r)
	}
	verify(t, st)
}

func TestReadOnly(t *testing.T) {
	l, st, _ := record(t)
	addMany(t, l, 3)
	r, err := ledger.Open(t.Context(), st, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Append(t.Context(), []fact.Entry{entry("a")}, start); !errors.Is(err, fact.ErrDenied) || !strings.Contains(err.Error(), "for reading only") {
		t.Errorf("%v", err)
	}
	if _, err := r.Prove(t.Context(), 2); err != nil {
		t.Error(err)
	}
	addMany(t, l, 1)
	if err := r.Tail(t.Context(), func(fact.Entry) error { return nil }); err != nil || r.Size() != 4 {
		t.Errorf("%d entries, %v", r.Size(), err)
	}
}

func TestWrongKey(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 1)
	if _, err := ledger.Open(t.Context(), st, newKeys(t), nil, nil); !errors.Is(err, fact.ErrDenied) || !strings.Contains(err.Error(), keys.Origin()) {
		t.Errorf("the key of another record: %v", err)
	}
	newer, err := keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Rotate(t.Context(), newer, "owner", start, start); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Open(t.Context(), st, keys, nil, nil); !errors.Is(err, fact.ErrDenied) || !strings.Contains(err.Error(), "wants "+newer.Verifier()) {
		t.Errorf("the key from before the rotation: %v", err)
	}
}

func TestRotate(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 5)
	if _, _, err := l.Rotate(t.Context(), keys, "owner", start, start); !errors.Is(err, fact.ErrInvalid) {
		t.Errorf("the same key: %v", err)
	}
	if _, _, err := l.Rotate(t.Context(), newKeys(t), "owner", start, start); !errors.Is(err, fact.ErrInvalid) {
		t.Errorf("another record's key: %v", err)
	}
	first := keys.Verifier()
	for i := range 3 {
		newer, err := keys.Rotated()
		if err != nil {
			t.Fatal(err)
		}
		// The file has the new key already and the record does not yet: whoever is interrupted here goes on with the old one.
		again, err := ledger.Open(t.Context(), st, newer, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r := addMany(t, again, 2); strings.Count(string(r.Checkpoint), "— ") != 1 {
			t.Errorf("signed twice:\n%s", r.Checkpoint)
		}
		if err := l.Tail(t.Context(), func(fact.Entry) error { return nil }); err != nil {
			t.Fatal(err)
		}

		e, r, err := l.Rotate(t.Context(), newer, "owner", start, start)
		if err != nil {
			t.Fatal(err)
		}
		if r.Last != e.Position || r.Size != e.Position || strings.Count(string(r.Checkpoint), "— "+keys.Origin()) != 2 {
			t.Errorf("%+v\n%s", r, r.Checkpoint)
		}
		if l.Verifier() != newer.Verifier() {
			t.Error("it does not sign with the new key")
		}
		keys = newer
		addMany(t, l, 1+i*3000)
	}
	r := verify(t, st)
	if r.Key != first || !r.OwnWord {
		t.Errorf("%+v", r)
	}
	for _, trusted := range []string{first, keys.Verifier()} {
		if r, err := ledger.Verify(t.Context(), st, trusted, nil); err != nil || r.Key != trusted || r.OwnWord {
			t.Errorf("%+v, %v", r, err)
		}
	}
	if _, err := ledger.Verify(t.Context(), st, newKeys(t).Verifier(), nil); !errors.Is(err, fact.ErrCorrupt) || !strings.Contains(err.Error(), "not signed with the key you trust") {
		t.Errorf("%v", err)
	}
	if _, err := ledger.Open(t.Context(), st, keys, nil, nil); err != nil {
		t.Error(err)
	}
}

// TestRotateTwice lets two people rotate at once, neither of whom has the other's key.
func TestRotateTwice(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 3)
	errs, newer := make([]error, 2), make([]*ledger.Keys, 2)
	var wg sync.WaitGroup
	for i := range errs {
		var err error
		if newer[i], err = keys.Rotated(); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() { _, _, errs[i] = l.Rotate(t.Context(), newer[i], "owner", start, start) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, fact.ErrInvalid) {
			t.Error(err)
		}
	}
	if l.Verifier() != newer[0].Verifier() && l.Verifier() != newer[1].Verifier() {
		t.Error("neither key is in force")
	}
	addMany(t, l, 3)
	verify(t, st)
}

// TestRotateFails loses the reply to a rotation, which was persisted or not: whoever has both keys goes on.
func TestRotateFails(t *testing.T) {
	for _, persisted := range []bool{false, true} {
		l, st, keys := record(t)
		lost := errors.New("the reply was lost")
		st.Fail(func(c store.Call) error {
			if c.Method == "Append" && c.Done == persisted {
				return lost
			}
			return nil
		})
		newer, err := keys.Rotated()
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := l.Rotate(t.Context(), newer, "owner", start, start); !errors.Is(err, lost) {
			t.Errorf("%v", err)
		}
		st.Fail(nil)
		if err := l.Tail(t.Context(), func(fact.Entry) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if (l.Verifier() == newer.Verifier()) != persisted {
			t.Errorf("persisted %v, and in force is %s", persisted, l.Verifier())
		}
		addMany(t, l, 1)
		if _, err := ledger.Open(t.Context(), st, newer, nil, nil); err != nil {
			t.Error(err)
		}
		verify(t, st)
	}
}

// TestRotateAmongWriters changes the key while others write: its entry is the last of its group.
func TestRotateAmongWriters(t *testing.T) {
	l, st, keys := record(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 30 {
				add(t, l, entry("a"))
			}
		})
	}
	for range 5 {
		var err error
		if keys, err = keys.Rotated(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := l.Rotate(t.Context(), keys, "owner", start, start); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	if r := verify(t, st); r.Size != 8*30+5 {
		t.Errorf("%+v", r)
	}
}

func TestErase(t *testing.T) {
	l, st, keys := record(t)
	add(t, l, entry("a", "name", `"Somebody"`, "employer", `"harrow"`, "title", `"T"`))
	add(t, l, entry("b"))
	root := l.Root()
	erase(t, l, 1, "name")
	if h, err := l.RootAt(t.Context(), 2); err != nil || h != root {
		t.Errorf("the erasure has changed the root: %v", err)
	}
	seen := func() (names, erased string) {
		if _, err := ledger.Open(t.Context(), st, keys, func(e fact.Entry) error {
			if e.Position != 1 {
				return nil
			}
			for _, f := range e.Body {
				if f.Erased {
					erased += f.Name + " "
				} else {
					names += f.Name + " "
				}
			}
			return nil
		}, nil); err != nil {
			t.Fatal(err)
		}
		return names, erased
	}
	if names, erased := seen(); names != "employer title " || erased != "name " {
		t.Errorf("there is %sand erased is %s", names, erased)
	}
	erase(t, l, 1)
	if names, erased := seen(); names != "" || erased != "employer name title " {
		t.Errorf("there is %sand erased is %s", names, erased)
	}
	if r := verify(t, st); r.Erased != 1 || r.Size != 4 {
		t.Errorf("%+v", r)
	}

	newer, err := keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Rotate(t.Context(), newer, "owner", start, start); err != nil {
		t.Fatal(err)
	}
	add(t, l, entry("c", "name", `"N"`))
	for what, c := range map[string]struct {
		position int64
		fields   []string
		want     error
	}{
		"nothing left":       {1, nil, fact.ErrInvalid},
		"erased already":     {1, []string{"name"}, fact.ErrInvalid},
		"no field":           {2, nil, fact.ErrInvalid},
		"an unknown field":   {6, []string{"nme"}, fact.ErrNotFound},
		"a key":              {5, nil, fact.ErrDenied},
		"no entry":           {7, nil, fact.ErrNotFound},
		"itself":             {l.Size() + 1, nil, fact.ErrNotFound},
		"before the first":   {0, nil, fact.ErrNotFound},
		"long before that":   {-5, nil, fact.ErrNotFound},
		"long after the end": {1 << 40, nil, fact.ErrNotFound},
	} {
		if _, err := beginErase(l, c.position, c.fields...); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := l.Begin([]fact.Entry{entry("x")}, map[int64][]string{6: nil}, start); !errors.Is(err, fact.ErrInvalid) {
		t.Errorf("an erasure without an entry that says so: %v", err)
	}
	p, err := beginErase(l, 6)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := beginErase(l, 6); !errors.Is(err, fact.ErrStale) {
		t.Errorf("erased by two at once: %v", err)
	}
	if _, err := p.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	verify(t, st)
}

// TestEraseRace lets two ledgers erase different fields of one entry: neither may bring back what the other has erased.
func TestEraseRace(t *testing.T) {
	l, st, keys := record(t)
	add(t, l, entry("a", "one", `"1"`, "two", `"2"`))
	other, err := ledger.Open(t.Context(), st, keys, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := beginErase(l, 1, "one")
	if err != nil {
		t.Fatal(err)
	}
	q, err := beginErase(other, 1, "two")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Wait(t.Context()); !errors.Is(err, fact.ErrMoved) {
		t.Errorf("%v", err)
	}
	b, err := l.Prove(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := b.Entry(); err != nil || !e.Body[0].Erased || e.Body[1].Erased {
		t.Errorf("%+v, %v", e.Body, err)
	}
}

func TestProgress(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 5000)
	for what, read := range map[string]func(func(int64, int64)) error{
		"Open":   func(p func(int64, int64)) error { _, err := ledger.Open(t.Context(), st, keys, nil, p); return err },
		"Verify": func(p func(int64, int64)) error { _, err := ledger.Verify(t.Context(), st, "", p); return err },
	} {
		last, calls := int64(0), 0
		if err := read(func(done, total int64) {
			if done <= last || total != 5000 {
				t.Errorf("%s: %d of %d after %d", what, done, total, last)
			}
			last = done
			calls++
		}); err != nil {
			t.Error(err)
		}
		if last != 5000 || calls < 3 {
			t.Errorf("%s: it ended at %d after %d calls", what, last, calls)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := ledger.Verify(ctx, st, "", func(int64, int64) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("somebody pressed control-C: %v", err)
	}
}
