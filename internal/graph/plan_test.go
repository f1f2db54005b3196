package graph_test

import (
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// What a proposal leaves undated has the days that the view gives it, wherever the days of a record are asked for.
func TestPlannedDays(t *testing.T) {
	g := graph.New(kinds)
	if problems := load(t, g, "{kind: proposal, id: people, title: People}\n---\n{kind: post, id: a, title: Director}\n---\n{kind: post, id: a, title: Corporate Director, proposal: people, from: tba}"); problems != "" {
		t.Fatal(problems)
	}
	v := g.View(start, g.Size())
	launch := fact.ExactDate(start + 5)
	r := v.Planned("people", launch).At(start + 5).Record(fact.Key{Kind: "post", ID: "a"})
	if s := r.Span(); s.From != launch || r.Text("title") != "Corporate Director" {
		t.Errorf("%s from %s", r.Text("title"), s.From.Words())
	}
	if s := v.With("people").Record(fact.Key{Kind: "post", ID: "a"}).Span(); s.From.Form != fact.ToBeAgreed {
		t.Errorf("as if in force it is said to begin %s", s.From.Words())
	}
}
