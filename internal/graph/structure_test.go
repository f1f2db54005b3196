package graph_test

import (
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// A role may be designated to a person: the line ends at the one post that this person holds, as it does at a post.
func TestTheTopMayBeDesignatedToAPerson(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, "{kind: person, id: jane, name: Jane}\n---\n{kind: post, id: chief, title: C}\n---\n{kind: post, id: a, title: A, reports_to: chief}\n---\n{kind: post, id: b, title: B}\n---\n{kind: appointment, id: j, person: jane, post: chief}\n---\n{kind: designation, id: hps, role: HPS, person: jane}"); got != "" {
		t.Fatal(got)
	}
	v := g.View(fact.DayOf(2015, 1, 1), g.Size())
	post := func(id fact.ID) *graph.Record { return v.Record(fact.Key{Kind: "post", ID: id}) }
	if line, gap := post("a").Line(); gap != nil || len(line) != 2 {
		t.Errorf("the line is %d long, and %v", len(line), gap)
	}
	if above, gap := post("a").Above(post("b")); above || gap != nil {
		t.Errorf("b is above a: %v, %v", above, gap)
	}
}

// Within the window of an imprecise date a post may be there or not, and so may every line through it.
func TestWhatMayNotBeThereIsAGap(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, `
{kind: post, id: chief, title: Chief Executive}
---
{kind: designation, id: hps, role: HPS, post: chief}
---
{kind: unit, id: u, name: U}
---
{kind: post, id: new, title: New, unit: u, reports_to: chief, from: 2014-10}
---
{kind: post, id: under, title: Under, reports_to: new}
---
{kind: designation, id: dcs, role: DCS, post: new}
---
{kind: function, id: by-unit, name: F, domain: CSC, unit: u}
---
{kind: function, id: by-post, name: G, domain: CSC, managed_by: new}
`); got != "" {
		t.Fatal(got)
	}
	for on, exact := range map[fact.Day]bool{fact.DayOf(2014, 10, 15): false, fact.DayOf(2014, 11, 15): true} {
		v := g.View(on, g.Size())
		at := func(k fact.KindName, id fact.ID) *graph.Record { return v.Record(fact.Key{Kind: k, ID: id}) }
		_, head := at("unit", "u").Head()
		_, unit := at("function", "by-unit").Manager()
		_, manager := at("function", "by-post").Manager()
		_, line := at("post", "under").Line()
		_, role := at("designation", "dcs").DesignatedPost()
		for what, gap := range map[string]*graph.Gap{"head": head, "manager by unit": unit, "manager": manager, "line": line, "designated post": role} {
			if (gap == nil) != exact {
				t.Errorf("on %s, %s: %v", on, what, gap)
			}
			if gap != nil && gap.Record.ID != "new" {
				t.Errorf("on %s, %s: the gap is in %s", on, what, gap.Record)
			}
		}
	}
}

// A text that reads like a reference is none.
func TestATextIsNoReference(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, "{kind: post, id: chief, title: post/chief}"); got != "" {
		t.Fatal(got)
	}
	if k, ok := g.View(0, 1).Record(fact.Key{Kind: "post", ID: "chief"}).RefKey("title"); ok {
		t.Errorf("the title refers to %s", k)
	}
}
