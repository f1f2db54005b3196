package book_test

import (
	"context"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/ledger"
)

// today is a day on which what these tests record is there.
var today = fact.DayOf(2026, 6, 1)

// fresh is an empty record.
func fresh(t *testing.T) *book.Book {
	t.Helper()
	w := newWorld(t, t.TempDir())
	b := w.open(t, w.store(t))
	t.Cleanup(func() { b.Close() })
	return b
}

func erase(b *book.Book, who fact.Who, x book.Erasure) (book.Receipt, error) {
	return b.Do(context.Background(), who, book.Change{Erase: &x})
}

// An erasure stands on a ground in law, says who asked, and does not say again what it takes away.
func TestErasureOnAGround(t *testing.T) {
	b := fresh(t)
	do(t, b, "{kind: person, id: p1, name: Mary Canary, qualifications: [chartered institute of public finance and accountancy], source: letter of 3 March}")
	one := func(change func(*book.Erasure)) book.Erasure {
		x := book.Erasure{Of: []book.Part{{Position: 1, Fields: []string{"name", "qualifications"}}}, Ground: "objected", Reason: "request 123"}
		change(&x)
		return x
	}
	size, root := b.Known(), b.Root()
	for name, c := range map[string]struct {
		x    book.Erasure
		want string
	}{
		"nothing":             {one(func(x *book.Erasure) { x.Of = nil }), "nothing is named that is to be erased"},
		"no ground":           {one(func(x *book.Erasure) { x.Ground = "" }), "an erasure needs a ground in law"},
		"no such ground":      {one(func(x *book.Erasure) { x.Ground = "foi-40-2" }), `"foi-40-2" is no ground`},
		"no such asker":       {one(func(x *book.Erasure) { x.Asked = "Mary" }), `"Mary" is nobody who asks`},
		"asked tomorrow":      {one(func(x *book.Erasure) { x.AskedOn = fact.ExactDate(fact.DayOf(2026, 1, 2)) }), "has not come yet"},
		"a field it has not":  {one(func(x *book.Erasure) { x.Of[0].Fields = []string{"employer"} }), `entry 1 says nothing of "employer"`},
		"an entry twice":      {one(func(x *book.Erasure) { x.Of = append(x.Of, x.Of[0]) }), "entry 1 is named twice"},
		"the name":            {one(func(x *book.Erasure) { x.Reason = "asked for by Mary Canary" }), `the reason says "mary"`},
		"a part of the name":  {one(func(x *book.Erasure) { x.Reason = "request of Ms CANARY." }), `the reason says "canary"`},
		"three of many words": {one(func(x *book.Erasure) { x.Reason = "not in the Institute of Public Finance" }), `the reason says "institute of public"`},
	} {
		if _, err := erase(b, book.Owner, c.x); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if b.Known() != size || b.Root() != root {
		t.Fatal("what was refused changed the record")
	}
	asked := fact.ExactDate(fact.DayOf(2025, 12, 30))
	if _, err := erase(b, book.Owner, one(func(x *book.Erasure) { x.Asked, x.AskedOn, x.Reason = "person", asked, " the public wrote: case 123 " })); err != nil {
		t.Fatal(err)
	}
	m := b.View(today, -1).History(fact.Key{Kind: "person", ID: "p1"})
	if len(m) != 2 {
		t.Fatalf("%d entries", len(m))
	}
	got, ok := m[1].Removal()
	if !ok || got.Ground != "objected" || got.Reason != "the public wrote: case 123" || got.Asked != "person" || got.AskedOn != asked || got.Of != 1 || got.On != fact.DayOf(2026, 1, 1) || got.Who != book.Owner || len(got.Fields) != 2 {
		t.Errorf("%+v", got)
	}
	const words = "Removed on 1 January 2026: the person has objected (UK GDPR Article 17(1)(c))"
	for known := int64(1); known <= 2; known++ {
		r := b.View(today, known).Record(fact.Key{Kind: "person", ID: "p1"})
		if s := r.Removed("name").Words(); s != words {
			t.Errorf("as known at %d: %s", known, s)
		}
		if r.Removed("employer").Entry != 0 || r.Source() != "letter of 3 March" {
			t.Error("more is removed than was named")
		}
	}
	if _, err := erase(b, book.Owner, one(func(x *book.Erasure) {})); err == nil || !strings.Contains(err.Error(), "there is nothing left in entry 1") {
		t.Errorf("again: %v", err)
	}
}

// Several entries are erased at once, or none; amid a reconstruction the day of a removal is the day on which it was done.
func TestErasureOfSeveral(t *testing.T) {
	b := fresh(t)
	then := fact.DayOf(2003, 9, 17)
	for _, m := range []string{"{kind: person, id: p1, name: Mary}", "{kind: person, id: p1, name: Maria}"} {
		if _, err := b.Do(t.Context(), book.Owner, book.Change{Docs: docs(t, m), Recorded: &then}); err != nil {
			t.Fatal(err)
		}
	}
	both := book.Erasure{Of: []book.Part{{Position: 1, Fields: []string{"name"}}, {Position: 2, Fields: []string{"names"}}}, Ground: "inaccurate", Reason: "case 1"}
	if _, err := erase(b, book.Owner, both); err == nil || b.Known() != 2 {
		t.Fatalf("half of it was done: %v", err)
	}
	both.Of[1].Fields[0] = "name"
	r, err := erase(b, book.Owner, both)
	if err != nil || r.Entries != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, h := range b.View(today, -1).History(fact.Key{Kind: "person", ID: "p1"})[:2] {
		if m := h.Record.Removed("name"); h.Record.Text("name") != "" || m.On != fact.DayOf(2026, 1, 1) {
			t.Errorf("entry %d: %+v", h.Position, m)
		}
	}
	again := both
	again.First = fact.DayOf(2020, 2, 2)
	again.Of = []book.Part{{Position: 1, Fields: []string{"id"}}}
	if _, err := erase(b, book.Owner, again); err != nil {
		t.Fatal(err)
	}
	key, h, _ := b.Entry(1)
	if m := h.Record.Removed("id"); m.On != again.First {
		t.Errorf("%s: %+v", key, m)
	}
}

// Erasures of before grounds were asked for are read as they are.
func TestErasureWithoutAGround(t *testing.T) {
	dir := t.TempDir()
	w := newWorld(t, dir)
	b := w.open(t, w.store(t))
	do(t, b, "{kind: post, id: a, title: Head}")
	b.Close()
	st := w.store(t)
	l, err := ledger.Open(t.Context(), st, w.keys, func(fact.Entry) error { return nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	body := fact.Body{{Name: "fields", Value: `["title"]`}, {Name: "reason", Value: `"as asked"`}}
	var salts []byte
	graph.Salt(body, &salts)
	now := w.now()
	p, err := l.Begin([]fact.Entry{{Who: book.Owner, Op: fact.Erase, Kind: "post", Version: 1, ID: "a", Base: 1, Body: body, Recorded: now, Written: now}}, map[int64][]string{1: {"title"}}, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	st.Close()
	b = w.open(t, w.store(t))
	defer b.Close()
	m := b.View(today, -1).Record(fact.Key{Kind: "post", ID: "a"}).Removed("title")
	if m.Words() != "Removed on 1 January 2026" || m.Reason != "as asked" {
		t.Errorf("%+v", m)
	}
}

// Who may erase is for access to say; what they themselves were allowed nobody takes away.
func TestWhoMayErase(t *testing.T) {
	b := fresh(t)
	do(t, b, "{kind: post, id: a, title: Head}")
	do(t, b, "{kind: grant, id: g1, holder: gov, role: governance}\n---\n{kind: grant, id: g2, holder: adm, role: administrator}\n---\n{kind: grant, id: g3, holder: adv, role: adviser}\n---\n{kind: grant, id: g4, holder: both, role: governance}\n---\n{kind: grant, id: g5, holder: both, role: administrator}")
	do(t, b, "{kind: test, id: t1, title: A test, reported_on: 2026-12-01}\n---\n{kind: finding, id: f1, test: t1, number: '1', text: Something was found}")
	do(t, b, "{kind: person, id: secret, name: Somebody, visibility: restricted, exempt: paragraph 1, decided: monitoring officer}")
	at := func(key fact.Key) int64 { return b.View(today, -1).History(key)[0].Position }
	for _, c := range []struct {
		who  fact.Who
		of   fact.Key
		want bool
	}{
		{"gov", fact.Key{Kind: "post", ID: "a"}, true},
		{"gov", fact.Key{Kind: "person", ID: "secret"}, true},
		{"gov", fact.Key{Kind: "finding", ID: "f1"}, false}, // it is not issued
		{"gov", fact.Key{Kind: access.Grant, ID: "g1"}, false},
		{"gov", fact.Key{Kind: access.Grant, ID: "g2"}, false}, // they do not see grants
		{"both", fact.Key{Kind: access.Grant, ID: "g2"}, true},
		{"both", fact.Key{Kind: access.Grant, ID: "g4"}, false}, // their own
		{"adm", fact.Key{Kind: "post", ID: "a"}, false},
		{"adv", fact.Key{Kind: "finding", ID: "f1"}, false},
		{"nobody", fact.Key{Kind: "post", ID: "a"}, false},
	} {
		size := b.Known()
		_, err := erase(b, c.who, book.Erasure{Of: []book.Part{{Position: at(c.of)}}, Ground: "too-much", Reason: "case 1"})
		if (err == nil) != c.want || !c.want && b.Known() != size {
			t.Errorf("%s, %s: %v", c.who, c.of, err)
		}
	}
}
