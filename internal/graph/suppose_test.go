package graph_test

import (
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Somebody who leaves leaves a vacancy, on the day on which they came too, under a proposal too; another who is appointed fills it.
func TestSupposeSomebodyLeaves(t *testing.T) {
	g := graph.New(kinds)
	said := load(t, g, `
kind: post
id: dcs
title: Director
---
{kind: person, id: jane, name: Jane}
---
{kind: appointment, id: jane, person: jane, post: dcs, from: 2015-06-01}
---
{kind: person, id: joe, name: Joe}
---
{kind: proposal, id: people, title: People, status: draft}
---
{kind: appointment, id: joe, person: joe, post: dcs, proposal: people, from: 2015-09-01}
---
{kind: appointment, id: jane, proposal: people, end: 2015-08-31}
`)
	if said != "" {
		t.Fatal(said)
	}
	post, gone := fact.Key{Kind: "post", ID: "dcs"}, []fact.Key{{Kind: "appointment", ID: "jane"}, {Kind: "appointment", ID: "joe"}}
	for _, day := range []fact.Day{fact.DayOf(2015, 6, 1), fact.DayOf(2015, 7, 1), fact.DayOf(2015, 9, 1)} {
		now := g.View(day, g.Size())
		for what, v := range map[string]*graph.View{"in force": now, "as if": now.With("people"), "planned": now.Planned("people", fact.Date{})} {
			if o := v.Record(post).Holders(); len(o.Holders) != 1 {
				t.Fatalf("%s on %s: held by %v", what, day, o)
			}
			left := v.Suppose(gone, nil)
			if o := left.Record(post).Holders(); !o.Vacant || o.Gap != nil || len(o.Holders) > 0 {
				t.Errorf("%s on %s: everybody left, and the post is not vacant: %+v", what, day, o)
			}
			k := kinds.Kind("appointment")
			came := left.Suppose(nil, []kind.Doc{{Op: fact.Assert, Kind: k, ID: "new", Values: []kind.Value{{Field: k.Field("person"), JSON: `"joe"`}, {Field: k.Field("post"), JSON: `"dcs"`}}}})
			o := came.Record(post).Holders()
			if len(o.Holders) != 1 || o.Holders[0].Key().ID != "new" || !came.Supposes(o.Holders[0].Entry()) {
				t.Errorf("%s on %s: somebody came, and it is held by %+v", what, day, o)
			}
		}
	}
}

// What came on the very day and is gone goes by its name of that day, whatever it is called later; nothing else of the days before it is other.
func TestSupposeGoneOnTheDayItCame(t *testing.T) {
	g := graph.New(kinds)
	if said := load(t, g, `
{kind: proposal, id: people, title: People, status: draft}
---
{kind: post, id: dcs, title: Director, from: 2015-06-01, until: 2015-12-31}
---
{kind: post, id: dcs, title: Head, from: 2016-01-01}
`); said != "" {
		t.Fatal(said)
	}
	post := fact.Key{Kind: "post", ID: "dcs"}
	now := g.View(fact.DayOf(2015, 6, 1), g.Size())
	for what, v := range map[string]*graph.View{"in force": now, "as if": now.With("people"), "planned": now.Planned("people", fact.Date{})} {
		left := v.Suppose([]fact.Key{post}, nil)
		if is, eve := left.Record(post), left.At(v.On()-1).Record(post); is != nil || eve == nil || eve.Title() != "Director" {
			t.Errorf("%s: on the day it is %v, and the day before %v", what, is, eve)
		}
		before := fact.DayOf(2015, 5, 1)
		if is := left.At(before).Record(post); is != nil {
			t.Errorf("%s: weeks before it came it is %v", what, is)
		}
		if is, was := left.At(before).Called(post), v.At(before).Called(post); is != "Director" || was != "Head" {
			t.Errorf("%s: called %s, and %s if nothing is supposed", what, is, was)
		}
	}
}
