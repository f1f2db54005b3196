package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// load stages and folds a manifest, and gives what is wrong with it.
func load(t *testing.T, g *graph.Graph, manifest string) string {
	t.Helper()
	docs, problems := kinds.Read("file.yaml", strings.NewReader(manifest))
	if len(problems) > 0 {
		return problems.Error()
	}
	size := g.Size()
	entries, problems := g.Stage(docs, "owner", noon, noon)
	if g.Size() != size {
		t.Fatal("staging changed the graph")
	}
	if len(problems) > 0 {
		return problems.Error()
	}
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	return ""
}

func TestStageRefuses(t *testing.T) {
	for _, c := range []struct{ name, manifest, want string }{
		{"dangling reference, with the nearest name",
			"{kind: post, id: chief, title: Chief}\n---\n{kind: post, id: dcs, title: DCS, reports_to: cheif}",
			`file.yaml:3:47: post/dcs, field reports_to: it refers to "cheif", and there is no such post. Did you mean "chief"?`},
		{"loop on every day",
			"{kind: post, id: a, title: A, reports_to: b}\n---\n{kind: post, id: b, title: B, reports_to: a}",
			"it comes back to where it began, from the beginning: a → b → a"},
		{"loop on some days only",
			"{kind: post, id: a, title: A, reports_to: b, until: 2003-12-31}\n---\n{kind: post, id: b, title: B, until: 2003-09-30}\n---\n{kind: post, id: b, title: B, reports_to: a, from: 2003-10-01}",
			"on 1 October 2003: a → b → a"},
		{"itself", "{kind: unit, id: a, name: A, parent: a}", "a → a"},
		{"loop under a proposal",
			"{kind: proposal, id: p, title: P}\n---\n{kind: post, id: a, title: A}\n---\n{kind: post, id: b, title: B, reports_to: a}\n---\n{kind: post, id: a, title: A, reports_to: b, proposal: p, from: tba}",
			"under the proposal: a → b → a"},
		{"the same record twice over the same days",
			"{kind: post, id: a, title: A, from: 2003-01-01}\n---\n{kind: post, id: a, title: B, from: 2004-01-01}",
			"file.yaml:3:1: post/a: this record is already given over the same days at file.yaml:1:1"},
		{"a reference that is there on none of the days",
			"{kind: unit, id: u, name: U, until: 2003-09-30}\n---\n{kind: post, id: a, title: A, unit: u, from: 2003-10-01}",
			"it refers to unit/u, which is there on none of these days (from 1 October 2003 until further notice)"},
		{"bare where two kinds have the id",
			"{kind: post, id: x, title: X}\n---\n{kind: unit, id: x, name: X}\n---\n{kind: finding, id: f, about: [x]}",
			`"x" can be post/x or unit/x`},
		{"an end of what is not there, with the nearest name",
			"{kind: post, id: chief, title: Chief}\n---\n{kind: post, id: cheif, end: 2003-09-30}",
			`file.yaml:3:1: post/cheif, field id: there is no such post to end. Did you mean "chief"?`},
		{"an end of what is only proposed",
			"{kind: proposal, id: p, title: P}\n---\n{kind: post, id: a, title: A, proposal: p}\n---\n{kind: post, id: a, end: 2003-09-30}",
			"there is no such post to end. Check the id."},
		{"a chain that is too long", chain(102), "it is at the beginning of a chain of more than 100 records, from the beginning: p0 → … → p100. Make the chain shorter."},
		{"twice in a list, bare and with its kind", "{kind: post, id: a, title: A}\n---\n{kind: finding, id: f, about: [a, post/a]}", "post/a is in the list twice"},
		{"a proposal on its own branch", "{kind: proposal, id: p, title: P, proposal: p}", "a proposal cannot itself be proposed"},
		{"no such proposal", "{kind: post, id: a, title: A, proposal: nowhere}", `there is no proposal "nowhere"`},
		{"an event that ends before its own date", "{kind: inspection, id: i, published_on: 2015-06-05, until: 2015-01-01}", "before its own date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := load(t, graph.New(kinds), c.manifest); !strings.Contains(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// chain is n posts that each report to the next.
func chain(n int) string {
	var b strings.Builder
	for i := range n {
		up := fmt.Sprintf(", reports_to: p%d", i+1)
		if i == n-1 {
			up = ""
		}
		fmt.Fprintf(&b, "{kind: post, id: p%d, title: P%s}\n---\n", i, up)
	}
	return b.String()
}

// lattice is n pairs of milestones that each wait for both of the next pair: 2 to the power of n ways through it.
func lattice(n int) string {
	var b strings.Builder
	for i := range n {
		for _, side := range []string{"a", "b"} {
			next := ""
			if i < n-1 {
				next = fmt.Sprintf(", depends_on: [a%d, b%d]", i+1, i+1)
			}
			fmt.Fprintf(&b, "{kind: milestone, id: %s%d, name: M%s}\n---\n", side, i, next)
		}
	}
	return b.String()
}

func TestStageAccepts(t *testing.T) {
	for _, c := range []struct{ name, manifest string }{
		{"the same record over other days", "{kind: post, id: a, title: A, until: 2003-09-30}\n---\n{kind: post, id: a, title: B, from: 2003-10-01}"},
		{"imprecise dates that meet within a month", "{kind: post, id: a, title: A, until: 2003-10}\n---\n{kind: post, id: a, title: B, from: 2003-10}"},
		{"in any order", "{kind: post, id: b, title: B, reports_to: a}\n---\n{kind: post, id: a, title: A}"},
		{"a change of places on one day", "{kind: post, id: a, title: A, reports_to: b, until: 2003-09-30}\n---\n{kind: post, id: a, title: A, from: 2003-10-01}\n---\n{kind: post, id: b, title: B, until: 2003-09-30}\n---\n{kind: post, id: b, title: B, reports_to: a, from: 2003-10-01}"},
		{"on a branch over the same days", "{kind: proposal, id: p, title: P}\n---\n{kind: post, id: a, title: A}\n---\n{kind: post, id: a, title: B, proposal: p}"},
		{"an end on a branch of what is in force", "{kind: proposal, id: p, title: P}\n---\n{kind: post, id: a, title: A}\n---\n{kind: post, id: a, proposal: p, end: tba}"},
		{"the longest chain", chain(100)},
		{"chains that part and meet again", lattice(40)},
		{"the record in force may point to what is proposed", "{kind: proposal, id: p, title: P}\n---\n{kind: post, id: a, title: A, proposal: p, from: tba}\n---\n{kind: finding, id: f, about: [a]}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := load(t, graph.New(kinds), c.manifest); got != "" {
				t.Error(got)
			}
		})
	}
}

// An ending and what begins again after it mean the same in whatever order they are typed.
func TestOrderWithinALoadDoesNotMatter(t *testing.T) {
	parts := []string{"{kind: post, id: a, title: First, until: 2004-12-31}", "{kind: post, id: a, end: 2003-12-31}", "{kind: post, id: a, title: Again, from: 2006-01-01}"}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}} {
		g := graph.New(kinds)
		var in []string
		for _, i := range order {
			in = append(in, parts[i])
		}
		if got := load(t, g, strings.Join(in, "\n---\n")); got != "" {
			t.Fatal(got)
		}
		for on, want := range map[fact.Day]string{fact.DayOf(2003, 6, 1): "First", fact.DayOf(2004, 6, 1): "", fact.DayOf(2006, 6, 1): "Again"} {
			if got := ask(g, "a", on, g.Size(), ""); got != want {
				t.Errorf("order %v, on %s: %q, want %q", order, on, got, want)
			}
		}
	}
}

func TestEventsBeginOnTheirOwnDate(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, "{kind: judgement, id: j, test: t}\n---\n{kind: condition, id: c, judgement: j, text: x}\n---\n{kind: test, id: t, title: T, reported_on: 2015-06-05}\n---\n{kind: meeting, id: m, \"on\": 2015-06}"); got != "" {
		t.Fatal(got)
	}
	for _, k := range []fact.Key{{Kind: "judgement", ID: "j"}, {Kind: "condition", ID: "c"}, {Kind: "test", ID: "t"}} {
		if g.View(fact.DayOf(2015, 6, 4), 99).Record(k) != nil || g.View(fact.DayOf(2015, 6, 5), 99).Record(k) == nil {
			t.Errorf("%s does not begin on 5 June 2015", k)
		}
	}
	if m := g.View(fact.DayOf(2015, 6, 10), 99).Record(fact.Key{Kind: "meeting", ID: "m"}); m == nil || m.Exists() != fact.Maybe {
		t.Error("a meeting in June 2015 may or may not have been by the 10th")
	}
}

// Inside the window of an imprecise date a field is uncertain only if the readings differ.
func TestUncertainWithinTheWindow(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, "{kind: post, id: x, title: X}\n---\n{kind: post, id: y, title: Y}\n---\n{kind: post, id: a, title: A, reports_to: x, until: 2003-10}\n---\n{kind: post, id: a, title: A, reports_to: y, from: 2003-10}"); got != "" {
		t.Fatal(got)
	}
	a := fact.Key{Kind: "post", ID: "a"}
	r := g.View(fact.DayOf(2003, 10, 15), 99).Record(a)
	if r.State("title") != graph.Known || r.State("reports_to") != graph.Uncertain {
		t.Errorf("title %v, reports_to %v", r.State("title"), r.State("reports_to"))
	}
	if r := g.View(fact.DayOf(2003, 11, 1), 99).Record(a); r.Exists() != fact.Yes || r.Text("reports_to") != "y" {
		t.Error("certain after the window")
	}
}

// What a person is called is in no entry but their own, under an id that says nothing.
func TestPersonalIdsAreOpaque(t *testing.T) {
	g := graph.New(kinds)
	docs, _ := kinds.Read("f", strings.NewReader("{kind: post, id: p, title: P}\n---\n{kind: person, id: canary-jane, name: Jane}\n---\n{kind: appointment, id: a, person: canary-jane, post: p}\n---\n{kind: finding, id: f, about: [person/canary-jane]}"))
	entries, problems := g.Stage(docs, "owner", noon, noon)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range entries {
		e := &entries[i]
		if strings.Contains(string(fact.AppendEnvelope(nil, e)), "canary") {
			t.Errorf("entry %d names the person in its envelope", e.Position)
		}
		if e.Kind != "person" && strings.Contains(string(fact.AppendBody(nil, e.Body)), "canary") {
			t.Errorf("entry %d (%s) names the person", e.Position, e.Kind)
		}
		if err := g.Fold(e); err != nil {
			t.Fatal(err)
		}
	}
	v := g.View(start, 99)
	if got := v.Record(fact.Key{Kind: "appointment", ID: "a"}).Ref("person"); got == nil || got.Key().ID != "canary-jane" {
		t.Errorf("the appointment leads to %v", got)
	}
	if got, _ := v.Record(fact.Key{Kind: "finding", ID: "f"}).JSON("about"); got != `["person/canary-jane"]` {
		t.Errorf("about is %s", got)
	}
}

// A load that met another writer is staged again from the same documents.
func TestStageLeavesTheDocumentsAsTheyWere(t *testing.T) {
	docs, _ := kinds.Read("f", strings.NewReader("{kind: post, id: p, title: P}\n---\n{kind: person, id: jane, name: Jane}\n---\n{kind: appointment, id: a, person: jane, post: p}\n---\n{kind: finding, id: f, about: [jane, p]}"))
	g := graph.New(kinds)
	for range 2 {
		if _, problems := g.Stage(docs, "owner", noon, noon); len(problems) > 0 {
			t.Fatal(problems)
		}
	}
}

// Two events of one id are kept apart by their own dates.
func TestEventsOfOneId(t *testing.T) {
	if got := load(t, graph.New(kinds), "{kind: inspection, id: i, published_on: 2012-01-01, until: 2015-01-01}\n---\n{kind: inspection, id: i, published_on: 2015-06-05}"); got != "" {
		t.Error(got)
	}
}
