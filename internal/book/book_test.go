package book_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

var kinds = kind.Standard()

// world is a record in a temporary folder, with a clock that the test moves.
type world struct {
	path  string
	keys  *ledger.Keys
	mu    sync.Mutex // guards clock
	clock time.Time
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(time.Millisecond)
	return w.clock
}

func newWorld(t testing.TB, dir string) *world {
	t.Helper()
	w := &world{path: filepath.Join(dir, "record.db"), clock: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)}
	var err error
	if w.keys, err = ledger.NewKeys(); err != nil {
		t.Fatal(err)
	}
	st, err := store.Create(w.path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Create(context.Background(), st, w.keys, w.now()); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) store(t testing.TB) ledger.Store {
	t.Helper()
	st, err := store.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func (w *world) open(t testing.TB, st ledger.Store) *book.Book {
	t.Helper()
	b, err := book.Open(context.Background(), st, w.keys, kinds, w.now, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func docs(t testing.TB, manifest string) []kind.Doc {
	t.Helper()
	d, problems := kinds.Read("f.yaml", strings.NewReader(manifest))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return d
}

func do(t testing.TB, b *book.Book, manifest string) book.Receipt {
	t.Helper()
	r, err := b.Do(context.Background(), book.Owner, book.Change{Docs: docs(t, manifest)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func post(id, title string) string { return fmt.Sprintf("{kind: post, id: %s, title: %s}", id, title) }

func title(b *book.Book, id string, known int64) string {
	r := b.View(fact.DayOf(2026, 6, 1), known).Record(fact.Key{Kind: "post", ID: fact.ID(id)})
	if r == nil {
		return ""
	}
	return r.Text("title")
}

// The past never changes: through changes, refusals, erasures of other entries, restarts and a copy by export, an answer that was given
// stays the answer, and the root of every earlier size stays the root.
func TestThePastNeverChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp("", "plumbline-law")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		w := newWorld(t, dir)
		b := w.open(t, w.store(t))
		defer func() { b.Close() }()
		type question struct {
			id    string
			known int64
		}
		answers, roots := map[question]string{}, map[int64]string{}
		ask := func() {
			for i := range 3 {
				q := question{fmt.Sprintf("p%d", i), int64(rapid.IntRange(0, int(b.Known())).Draw(rt, "known"))}
				got := title(b, q.id, q.known)
				if before, asked := answers[q]; asked && before != got {
					rt.Fatalf("%+v was %q and is %q", q, before, got)
				}
				answers[q] = got
			}
			n := b.Known()
			root, err := b.RootAt(context.Background(), n)
			if err != nil || root != b.Root() {
				rt.Fatalf("root at %d: %s, %v; want %s", n, root, err, b.Root())
			}
			roots[n] = root
			for size, root := range roots {
				if got, err := b.RootAt(context.Background(), size); err != nil || got != root {
					rt.Fatalf("the root at %d was %s and is %s (%v)", size, root, got, err)
				}
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"record": func(rt *rapid.T) {
				do(t, b, post(fmt.Sprintf("p%d", rapid.IntRange(0, 2).Draw(rt, "id")), fmt.Sprintf("T%d", rapid.IntRange(0, 99).Draw(rt, "title"))))
			},
			"refused": func(rt *rapid.T) {
				size, root := b.Known(), b.Root()
				_, err := b.Do(context.Background(), book.Owner, book.Change{Docs: docs(t, "{kind: post, id: p0, title: X, reports_to: nobody}")})
				var p kind.Problems
				if !errors.As(err, &p) || b.Known() != size || b.Root() != root {
					rt.Fatalf("%v; size %d, was %d", err, b.Known(), size)
				}
			},
			"erase something else": func(rt *rapid.T) {
				r := do(t, b, post("canary", "gone"))
				if _, err := b.Do(context.Background(), book.Owner, book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: r.First}}, Ground: "too-much", Reason: "a test"}}); err != nil {
					rt.Fatal(err)
				}
				if got := title(b, "canary", r.First); got != "" {
					rt.Fatalf("the erased title is %q", got)
				}
			},
			"restart": func(rt *rapid.T) {
				if err := b.Close(); err != nil {
					rt.Fatal(err)
				}
				b = w.open(t, w.store(t))
			},
			"copy by export": func(rt *rapid.T) {
				var out bytes.Buffer
				st := w.store(t)
				if err := ledger.Export(context.Background(), st, &out); err != nil {
					rt.Fatal(err)
				}
				st.Close()
				root := b.Root()
				b.Close()
				w.path += "x"
				to, err := store.Create(w.path)
				if err != nil {
					rt.Fatal(err)
				}
				if err := ledger.Import(context.Background(), to, &out, nil); err != nil {
					rt.Fatal(err)
				}
				if b = w.open(t, to); b.Root() != root {
					rt.Fatalf("the copy has the root %s, and the original %s", b.Root(), root)
				}
			},
			"": func(*rapid.T) { ask() },
		})
	})
}

// Whoever writes at once with others has what was acknowledged in the record, under a valid proof.
func TestConcurrentWriters(t *testing.T) {
	w := newWorld(t, t.TempDir())
	b := w.open(t, w.store(t))
	defer b.Close()
	const writers, each = 8, 12
	var wg sync.WaitGroup
	receipts := make([][]book.Receipt, writers)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				v := b.View(fact.DayOf(2026, 6, 1), -1)
				for _, r := range v.All("post") {
					if r.Text("title") == "" || r.Entry() > v.Known() {
						t.Error("a view shows what is not published")
					}
				}
			}
		}()
	}
	for n := range writers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each {
				d, _ := kinds.Read("f", strings.NewReader(post(fmt.Sprintf("w%d-%d", n, i), "T")))
				r, err := b.Do(context.Background(), book.Owner, book.Change{Docs: d})
				if err != nil {
					t.Error(err)
					return
				}
				receipts[n] = append(receipts[n], r)
			}
		}()
	}
	wg.Wait()
	close(stop)
	readers.Wait()
	if b.Known() != writers*each {
		t.Fatalf("%d entries, want %d", b.Known(), writers*each)
	}
	b2 := w.open(t, w.store(t))
	defer b2.Close()
	for n := range receipts {
		for i, r := range receipts[n] {
			key, _, ok := b2.Entry(r.First)
			if want := fmt.Sprintf("post/w%d-%d", n, i); !ok || key.String() != want {
				t.Fatalf("entry %d is %s, and %s was acknowledged there", r.First, key, want)
			}
			bundle, err := b2.Prove(context.Background(), r.First)
			if err != nil {
				t.Fatal(err)
			}
			j, _ := bundle.JSON()
			if _, err := ledger.VerifyBundle(j, w.keys.Verifier()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A command beside a running server: both write, neither loses anything.
func TestTwoProgramsAtOnce(t *testing.T) {
	w := newWorld(t, t.TempDir())
	one, two := w.open(t, w.store(t)), w.open(t, w.store(t))
	defer one.Close()
	defer two.Close()
	for i := range 10 {
		do(t, one, post(fmt.Sprintf("one%d", i), "T"))
		do(t, two, post(fmt.Sprintf("two%d", i), "T"))
	}
	if err := one.Follow(context.Background()); err != nil {
		t.Fatal(err)
	}
	if one.Known() != 20 || two.Known() != 20 || one.Root() != two.Root() {
		t.Errorf("%d and %d entries, roots %s and %s", one.Known(), two.Known(), one.Root(), two.Root())
	}
}

// An append that fails means unknown: whether the store had it is found out, and the writer is told.
func TestFaultsBeforeAndAfterThePersist(t *testing.T) {
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprintf("after=%v", after), func(t *testing.T) {
			w := newWorld(t, t.TempDir())
			f := store.NewFaulty(w.store(t))
			b := w.open(t, f)
			defer b.Close()
			do(t, b, post("before", "T"))
			broken := errors.New("the disk is on fire")
			once := true
			f.Fail(func(c store.Call) error {
				if c.Method == "Append" && c.Done == after && once {
					once = false
					return broken
				}
				return nil
			})
			_, err := b.Do(context.Background(), book.Owner, book.Change{Docs: docs(t, post("during", "T"))})
			if after && err != nil {
				t.Fatalf("it was persisted, and the writer was told %v", err)
			}
			if !after && !errors.Is(err, broken) {
				t.Fatalf("the writer was told %v", err)
			}
			want := ""
			if after {
				want = "T"
			}
			if got := title(b, "during", -1); got != want {
				t.Errorf("the view shows %q, want %q", got, want)
			}
			do(t, b, post("then", "T"))
			st := w.store(t)
			defer st.Close()
			if r, err := ledger.Verify(context.Background(), st, "", nil); err != nil || r.Size != b.Known() {
				t.Errorf("verify: %+v, %v", r, err)
			}
			again := w.open(t, w.store(t))
			defer again.Close()
			if title(again, "during", -1) != want || title(again, "then", -1) != "T" {
				t.Error("a restart shows something else")
			}
		})
	}
}

// A claim names the change before it is written, and Holds says afterwards whether it is in the record: also to whoever opens it anew.
func TestClaims(t *testing.T) {
	type claim struct {
		first, last int64
		root        fact.Hash
	}
	w := newWorld(t, t.TempDir())
	b := w.open(t, w.store(t))
	defer b.Close()
	other := w.open(t, w.store(t))
	defer other.Close()
	var claims []claim
	note := func(first, last int64, root fact.Hash) error {
		claims = append(claims, claim{first, last, root})
		return nil
	}
	holds := func(b *book.Book, c claim) bool {
		t.Helper()
		there, err := b.Holds(context.Background(), c.last, c.root)
		if err != nil {
			t.Fatal(err)
		}
		return there
	}
	change := func(change book.Change) claim {
		t.Helper()
		claims, change.Claim = nil, note
		r, err := b.Do(context.Background(), book.Owner, change)
		if err != nil {
			t.Fatal(err)
		}
		c := claims[len(claims)-1]
		if c.first != r.First || c.last != r.Last {
			t.Errorf("claimed were entries %d to %d, and the receipt says %d to %d", c.first, c.last, r.First, r.Last)
		}
		return c
	}
	two := change(book.Change{Docs: docs(t, post("a", "A")+"\n---\n"+post("b", "B"))})
	if two.last != two.first+1 || !holds(b, two) || !holds(other, two) {
		t.Errorf("two entries: %+v", two)
	}
	do(t, other, post("c", "C")) // this book has not seen it, so it is moved on and claims again
	moved := change(book.Change{Docs: docs(t, post("d", "D"))})
	if len(claims) != 2 || !holds(b, moved) || holds(b, claims[0]) {
		t.Errorf("others were faster: %+v", claims)
	}
	for _, c := range []claim{change(book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: 1}}, Ground: "too-much", Reason: "a test"}}), change(book.Change{Open: true}), two} {
		if !holds(b, c) || !holds(other, c) {
			t.Errorf("it does not hold %+v", c)
		}
	}
	for _, c := range []claim{{}, {last: -1}, {last: two.last, root: moved.root}, {last: two.first, root: two.root}, {last: 99, root: two.root}} {
		if holds(b, c) {
			t.Errorf("it holds %+v", c)
		}
	}
	refused := errors.New("no")
	before := b.Known()
	if _, err := b.Do(context.Background(), book.Owner, book.Change{Docs: docs(t, post("e", "E")), Claim: func(int64, int64, fact.Hash) error { return refused }}); !errors.Is(err, refused) || b.Known() != before || title(b, "e", -1) != "" {
		t.Errorf("a change without its claim: %v", err)
	}
	do(t, b, post("f", "F"))
}

func TestRefusals(t *testing.T) {
	day := func(y int, m time.Month, d int) *fact.Day { x := fact.DayOf(y, m, d); return &x }
	for _, c := range []struct {
		name   string
		before []book.Change
		change book.Change
		who    fact.Who
		want   string
	}{
		{name: "a stranger", change: book.Change{Docs: docs(t, post("a", "A"))}, who: "stranger", want: "you may not change this record"},
		{name: "the past after opening", before: []book.Change{{Open: true}}, change: book.Change{Docs: docs(t, post("a", "A")), Recorded: day(2003, 9, 17)}, want: "the record was opened"},
		{name: "opening twice", before: []book.Change{{Open: true}}, change: book.Change{Open: true}, want: "the record is open already"},
		{name: "papers out of order", before: []book.Change{{Docs: docs(t, post("a", "A")), Recorded: day(2015, 6, 5)}}, change: book.Change{Docs: docs(t, post("b", "B")), Recorded: day(2003, 9, 17)}, want: "the record already holds what was learned on 5 June 2015, which is later than 17 September 2003"},
		{name: "a day to come", change: book.Change{Docs: docs(t, post("a", "A")), Recorded: day(2030, 1, 1)}, want: "1 January 2030 has not come yet"},
		{name: "an erasure without a reason", before: []book.Change{{Docs: docs(t, post("a", "A"))}}, change: book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: 1}}, Ground: "too-much", Reason: " "}}, want: "an erasure needs its reason"},
		{name: "an erasure of nothing", change: book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: 9}}, Ground: "too-much", Reason: "x"}}, want: "there is no entry 9"},
		{name: "a version that is not the newest", before: []book.Change{{Docs: docs(t, post("a", "A"))}, {Docs: docs(t, post("a", "B"))}}, change: book.Change{Docs: docs(t, post("a", "C")), Seen: map[fact.Key]int64{{Kind: "post", ID: "a"}: 1}}, want: "entry 2 came after entry 1, which you saw"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, t.TempDir())
			b := w.open(t, w.store(t))
			defer b.Close()
			for _, x := range c.before {
				if _, err := b.Do(context.Background(), book.Owner, x); err != nil {
					t.Fatal(err)
				}
			}
			size, root := b.Known(), b.Root()
			who := c.who
			if who == "" {
				who = book.Owner
			}
			_, err := b.Do(context.Background(), who, c.change)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if b.Known() != size || b.Root() != root {
				t.Error("the record is not as it was")
			}
		})
	}
}

func TestAClockThatWentBackwards(t *testing.T) {
	w := newWorld(t, t.TempDir())
	b := w.open(t, w.store(t))
	defer b.Close()
	do(t, b, post("a", "A"))
	w.clock = w.clock.Add(-time.Hour)
	_, err := b.Do(context.Background(), book.Owner, book.Change{Docs: docs(t, post("b", "B"))})
	if err == nil || !strings.Contains(err.Error(), "the clock went backwards") || b.Known() != 1 {
		t.Errorf("%v", err)
	}
	w.clock = w.clock.Add(2 * time.Hour)
	do(t, b, post("b", "B"))
}

// What is erased is out of the files, and the proofs stay as they were.
func TestErasureRemovesTheBytes(t *testing.T) {
	dir := t.TempDir()
	w := newWorld(t, dir)
	b := w.open(t, w.store(t))
	do(t, b, post("head", "Head"))
	r := do(t, b, "{kind: person, id: canary-id-7391, name: Canary Name 7391, qualifications: [canary degree 7391], note: canary note 7391}")
	do(t, b, "{kind: appointment, id: x, person: canary-id-7391, post: head}")
	before := b.Root()
	size := b.Known()
	if _, err := b.Do(context.Background(), book.Owner, book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: r.First}}, Ground: "too-much", Reason: "asked for under Article 17"}}); err != nil {
		t.Fatal(err)
	}
	if got, err := b.RootAt(context.Background(), size); err != nil || got != before {
		t.Errorf("the root was %s and is %s, %v", before, got, err)
	}
	p := b.View(fact.DayOf(2026, 6, 1), -1).Record(fact.Key{Kind: "post", ID: "head"})
	if got := p.Holders().Holders[0].Show("person"); got != "Person (erased)" {
		t.Errorf("the holder is shown as %q", got)
	}
	look := func(when string) {
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, f := range files {
			content, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if i := bytes.Index(bytes.ToLower(content), []byte("canary")); i >= 0 {
				t.Errorf("%s: %s still holds %q", when, filepath.Base(f), content[i:min(i+40, len(content))])
			}
		}
	}
	look("while open")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	look("closed")
	b = w.open(t, w.store(t))
	defer b.Close()
	if h := b.View(fact.DayOf(2026, 6, 1), -1).All("person"); len(h) != 1 || h[0].Title() != "Person (erased)" {
		t.Errorf("after a restart: %v", h)
	}
	st := w.store(t)
	defer st.Close()
	if rep, err := ledger.Verify(context.Background(), st, w.keys.Verifier(), nil); err != nil || rep.Erased != 1 {
		t.Errorf("%+v, %v", rep, err)
	}
}

// Looking at the record touches no store.
func TestViewsTouchNoStore(t *testing.T) {
	w := newWorld(t, t.TempDir())
	p := store.NewPanicking(w.store(t))
	b := w.open(t, p)
	do(t, b, post("a", "A"))
	p.Arm()
	v := b.View(fact.DayOf(2026, 6, 1), b.KnownAt(w.clock))
	if r := v.Record(fact.Key{Kind: "post", ID: "a"}); r == nil || r.Title() != "A" || len(v.All("post")) != 1 || len(v.History(r.Key())) != 1 {
		t.Error("the post is not there")
	}
}

// A key that is changed while the past is being reconstructed keeps no later papers out.
func TestANewKeyAmidAReconstruction(t *testing.T) {
	w := newWorld(t, t.TempDir())
	b := w.open(t, w.store(t))
	defer b.Close()
	then := fact.DayOf(2003, 9, 17)
	load := func(manifest string) {
		t.Helper()
		if _, err := b.Do(t.Context(), book.Owner, book.Change{Docs: docs(t, manifest), Recorded: &then}); err != nil {
			t.Fatal(err)
		}
	}
	load(post("a", "A"))
	newer, err := w.keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Rotate(t.Context(), book.Owner, newer); err != nil {
		t.Fatal(err)
	}
	load(post("b", "B"))
	if title(b, "b", b.KnownAt(then.End())) != "B" {
		t.Error("what the papers of that day say is not known as on that day")
	}
}
