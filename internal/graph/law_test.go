package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// model is the sentence of doc.go and nothing else: a list of entries, searched from the end.
type model struct{ entries []fact.Entry }

// at gives the title of a post on a day as known at a position, "" if it is not there. It is told of exact dates only.
// A proposal is read as if in force, or planned on its own days, with what has none from the launch on.
func (m *model) at(id fact.ID, on fact.Day, known int64, proposal fact.ID, planned bool, launch fact.Date) string {
	branches := []fact.ID{""}
	if proposal != "" {
		branches = []fact.ID{proposal, ""}
	}
next:
	for _, branch := range branches {
		for i := len(m.entries) - 1; i >= 0; i-- {
			e := &m.entries[i]
			if e.Position > known || e.ID != id || e.Proposal != branch {
				continue
			}
			from, until := fact.MinDay, fact.MaxDay
			if d, ok := e.Span.From.Exact(); ok {
				from = d
			}
			if d, ok := e.Span.Until.Exact(); ok {
				until = d
			}
			switch d, ok := launch.Exact(); {
			case branch == "":
			case !planned:
				from = fact.MinDay // taken to have begun
			case e.Op == fact.Assert && e.Span.From.IsZero():
				if from = d; !ok {
					continue
				}
			}
			switch {
			case e.Op == fact.End && e.Span == fact.Span{}: // taken back
				continue next
			case e.Op == fact.End && (on > until || branch != "" && !planned):
				return ""
			case e.Op == fact.Assert && from <= on && on <= until:
				v, _ := e.Body.Value("title")
				return strings.Trim(v, `"`)
			}
		}
	}
	return ""
}

var kinds = kind.Standard()

var start = fact.DayOf(2000, 1, 1)

func drawEntry(t *rapid.T, position int64) fact.Entry {
	day := func(name string) fact.Date {
		if rapid.Bool().Draw(t, name+" open") {
			return fact.Date{}
		}
		return fact.ExactDate(start + fact.Day(rapid.IntRange(0, 20).Draw(t, name)))
	}
	e := fact.Entry{
		Position: position, Recorded: time.Unix(position/3, 0), Written: time.Unix(position/3, 0), Who: "owner", Op: fact.Assert, Kind: "post", Version: 1,
		ID: fact.ID(fmt.Sprintf("p%d", rapid.IntRange(0, 3).Draw(t, "id"))),
	}
	if rapid.IntRange(0, 2).Draw(t, "branch") == 0 {
		e.Proposal = "people"
	}
	if rapid.IntRange(0, 4).Draw(t, "op") == 0 {
		e.Op = fact.End
		if last := rapid.IntRange(-1, 20).Draw(t, "end"); last >= 0 { // else it is taken back
			e.Span.Until = fact.ExactDate(start + fact.Day(last))
		}
	} else {
		e.Span.From, e.Span.Until = day("from"), day("until")
		if e.Span.Check() != nil {
			e.Span.From, e.Span.Until = e.Span.Until, e.Span.From
		}
		e.Body = fact.Body{{Name: "title", Value: kind.Quote(fmt.Sprintf("title %d", position))}}
	}
	e.Root = e.Body.Root()
	return e
}

func ask(g *graph.Graph, id fact.ID, on fact.Day, known int64, proposal fact.ID) string {
	v := g.View(on, known)
	if proposal != "" {
		v = v.With(proposal)
	}
	return titleOf(v, id)
}

func titleOf(v *graph.View, id fact.ID) string {
	r := v.Record(fact.Key{Kind: "post", ID: id})
	if r == nil {
		return ""
	}
	return r.Text("title")
}

// A View equals the naive model for every record, day and position, and an answer once given never changes, whatever is
// folded in afterwards.
func TestViewIsTheModelAndThePastNeverChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, m := graph.New(kinds), &model{}
		type question struct {
			id       fact.ID
			on       fact.Day
			known    int64
			proposal fact.ID
			planned  bool
			launch   fact.Date
		}
		given := map[question]string{}
		ask := func(q question) string {
			if q.planned {
				return titleOf(g.View(q.on, q.known).Planned(q.proposal, q.launch), q.id)
			}
			return ask(g, q.id, q.on, q.known, q.proposal)
		}
		n := rapid.IntRange(1, 30).Draw(t, "entries")
		for i := range n {
			e := drawEntry(t, int64(i+1))
			if err := g.Fold(&e); err != nil {
				t.Fatal(err)
			}
			m.entries = append(m.entries, e)
			for range 3 {
				q := question{fact.ID(fmt.Sprintf("p%d", rapid.IntRange(0, 3).Draw(t, "ask"))), start + fact.Day(rapid.IntRange(-1, 22).Draw(t, "on")), int64(rapid.IntRange(0, i+1).Draw(t, "known")), "", false, fact.Date{}}
				if rapid.Bool().Draw(t, "with") {
					q.proposal, q.planned = "people", rapid.Bool().Draw(t, "planned")
					if q.planned && rapid.Bool().Draw(t, "launched") {
						q.launch = fact.ExactDate(start + fact.Day(rapid.IntRange(0, 20).Draw(t, "launch")))
					}
				}
				got := ask(q)
				if want := m.at(q.id, q.on, q.known, q.proposal, q.planned, q.launch); got != want {
					t.Fatalf("%+v: %q, and the model says %q", q, got, want)
				}
				if before, asked := given[q]; asked && before != got {
					t.Fatalf("%+v was %q and is %q now", q, before, got)
				}
				given[q] = got
			}
		}
		for q, before := range given {
			if got := ask(q); got != before {
				t.Fatalf("%+v was %q and is %q at the end", q, before, got)
			}
		}
	})
}

// Everything that All gives is what Record gives one by one, and nothing is missing.
func TestAllIsEveryRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, m := graph.New(kinds), &model{}
		for i := range rapid.IntRange(1, 30).Draw(t, "entries") {
			e := drawEntry(t, int64(i+1))
			if err := g.Fold(&e); err != nil {
				t.Fatal(err)
			}
			m.entries = append(m.entries, e)
		}
		on, known := start+fact.Day(rapid.IntRange(-1, 22).Draw(t, "on")), int64(rapid.IntRange(0, len(m.entries)).Draw(t, "known"))
		var got, want []string
		for _, r := range g.View(on, known).All("post") {
			got = append(got, string(r.Key().ID)+r.Text("title"))
		}
		for i := range 4 {
			id := fact.ID(fmt.Sprintf("p%d", i))
			if s := m.at(id, on, known, "", false, fact.Date{}); s != "" {
				want = append(want, string(id)+s)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// Known as a moment is the last position recorded by then.
func TestKnownAt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graph.New(kinds)
		n := rapid.IntRange(0, 20).Draw(t, "entries")
		for i := range n {
			e := drawEntry(t, int64(i+1))
			if err := g.Fold(&e); err != nil {
				t.Fatal(err)
			}
		}
		at := int64(rapid.IntRange(-1, 8).Draw(t, "at"))
		want := int64(0)
		for i := range n {
			if int64(i+1)/3 <= at {
				want = int64(i + 1)
			}
		}
		if got := g.KnownAt(time.Unix(at, 0)); got != want {
			t.Fatalf("known at %d: %d, want %d", at, got, want)
		}
	})
}

// Folding all at once, or a part and then the rest with looks in between, gives the same answers.
func TestFoldInParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 25).Draw(t, "entries")
		cut := rapid.IntRange(0, n).Draw(t, "cut")
		whole, parts := graph.New(kinds), graph.New(kinds)
		for i := range n {
			e := drawEntry(t, int64(i+1))
			for _, g := range []*graph.Graph{whole, parts} {
				if err := g.Fold(&e); err != nil {
					t.Fatal(err)
				}
			}
			if i == cut {
				parts.View(start, int64(i)).All("post") // what is looked at must not change what is folded later
			}
		}
		for known := range int64(n + 1) {
			for on := start - 1; on < start+23; on += 4 {
				for p := range 4 {
					for _, proposal := range []fact.ID{"", "people"} {
						id := fact.ID(fmt.Sprintf("p%d", p))
						if a, b := ask(whole, id, on, known, proposal), ask(parts, id, on, known, proposal); a != b {
							t.Fatalf("%s on %s as known at %d: %q, and in parts %q", id, on, known, a, b)
						}
					}
				}
			}
		}
	})
}

// Entries come in order, and each once.
func TestFoldRefusesAGap(t *testing.T) {
	g := graph.New(kinds)
	e := fact.Entry{Position: 2, Op: fact.Assert, Kind: "post", ID: "a"}
	if err := g.Fold(&e); err == nil || g.Size() != 0 {
		t.Errorf("%v, size %d", err, g.Size())
	}
	e.Position, e.Kind = 1, "nothing"
	if err := g.Fold(&e); err == nil || g.Size() != 0 {
		t.Errorf("%v, size %d", err, g.Size())
	}
}
