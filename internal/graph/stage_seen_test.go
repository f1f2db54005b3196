package graph_test

import (
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// seenOnly says what is wrong with a manifest of somebody who does not see what begins with hidden, and of what begins with veiled not what it says.
func seenOnly(t *testing.T, g *graph.Graph, manifest string) string {
	t.Helper()
	docs, problems := kinds.Read("file.yaml", strings.NewReader(manifest))
	if len(problems) > 0 {
		return problems.Error()
	}
	for i := range docs {
		for j := range docs[i].Values { // no file has the name that a person has in the ledger, and a form has it
			person, _ := g.InLog(fact.Key{Kind: graph.Person, ID: "veiled-canary"})
			docs[i].Values[j].JSON = strings.ReplaceAll(docs[i].Values[j].JSON, "known-as", string(person))
		}
	}
	_, problems = g.StageAs(func(_ *kind.Kind, id fact.ID, h graph.Version) graph.Sight {
		switch {
		case strings.HasPrefix(string(id), "hidden") || h.Proposal == "hidden":
			return graph.Unseen
		case strings.HasPrefix(string(id), "veiled"):
			return graph.Veiled
		}
		return graph.Whole
	}, docs, "ann", noon, noon)
	if len(problems) > 0 {
		return problems.Error()
	}
	return ""
}

// What is wrong with a load is said to somebody as if what they do not see had never been recorded; what is veiled can be referred to, and is not named.
func TestRefusalsNameNothingUnseen(t *testing.T) {
	const known = "{kind: unit, id: u, name: U, type: service}\n---\n{kind: post, id: chief, title: Chief, until: 2020-12-31}\n---\n{kind: proposal, id: open, title: Open}"
	const closed = `
{kind: post, id: hidden-director, title: Director, from: 2020-01-01, until: 2020-12-31}
---
{kind: person, id: hidden-canary, name: Canary}
---
{kind: person, id: veiled-canary, name: Canary}
---
{kind: proposal, id: hidden, title: Hidden, status: draft}
---
{kind: post, id: chief, proposal: hidden, title: Chief again, from: 2026-01-01}
---
{kind: post, id: planned-director, proposal: hidden, title: Planned}
---
{kind: meeting, id: hidden-meeting, board: b, on: 2030-01-01}
---
{kind: board, id: b, name: B, type: cabinet}`
	g, without := graph.New(kinds), graph.New(kinds)
	for _, m := range []string{known, closed} {
		if got := load(t, g, m); got != "" {
			t.Fatal(got)
		}
	}
	if got := load(t, without, known); got != "" {
		t.Fatal(got)
	}
	for _, m := range []string{
		"{kind: action, id: a, title: A, owner: hidden-director}",
		"{kind: action, id: a, title: A, owner: hidden-director, from: 2022-01-01}", // where it is there on other days
		"{kind: action, id: a, title: A, owner: hidden-directr}",
		"{kind: action, id: a, title: A, owner: planned-director}",
		"{kind: action, id: a, title: A, owner: planned-directr}",
		"{kind: action, id: a, title: A, owner: chief, from: 2026-01-01}", // where only what is hidden has it on that day
		"{kind: action, id: a, title: A, about: [person/hidden-canary]}",
		"{kind: action, id: a, title: A, about: [person/hidden-canry, hidden-canary]}",
		"{kind: action, id: a, title: A, about: [person/veiled-canry]}",
		"{kind: action, id: a, title: A, about: [person/veiled-canary]}",
		"{kind: action, id: a, title: A, about: [proposal/hidden]}",
		"{kind: post, id: p, proposal: hidden, title: P}",
		"{kind: post, id: hidden-directr, end: 2025-12-31}",
	} {
		got, want := seenOnly(t, g, m), load(t, without, m)
		if want == "" || got != want {
			t.Errorf("%s:\n%s\nand where there is nothing:\n%s", m, got, want)
		}
	}
}

// What is veiled can be referred to by the name that everybody knows it by, and what is wrong with it is said without another.
func TestRefusalsNameNothingVeiled(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, "{kind: person, id: veiled-canary, name: Canary, until: 2020-12-31}\n---\n{kind: post, id: low, title: Low}\n---\n{kind: post, id: veiled-post, title: Canary, reports_to: low}"); got != "" {
		t.Fatal(got)
	}
	for m, want := range map[string]string{
		"{kind: action, id: a, title: A, until: 2020-01-01, about: [person/known-as, post/veiled-post]}": "",
		"{kind: action, id: a, title: A, from: 2026-01-01, about: [person/known-as]}":                    "none of these days",
		"{kind: action, id: a, title: A, about: [post/veiled-pst]}":                                      "no such post",
		"{kind: post, id: low, title: Low, reports_to: veiled-post}":                                     "low → Post (not public) → low",
	} {
		got := seenOnly(t, g, m)
		if (got == "") != (want == "") || !strings.Contains(got, want) || strings.Contains(got, "canary") || strings.Contains(got, "veiled-post") {
			t.Errorf("%s: %s, want %q", m, got, want)
		}
	}
}

// Nobody says anew what refers to something that they do not see: it would be lost.
func TestNobodyTakesOutWhatTheyDoNotSee(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, "{kind: post, id: hidden, title: H}\n---\n{kind: action, id: a, title: A, owner: hidden, about: [post/hidden], until: 2020-12-31}\n---\n{kind: action, id: a, title: A, from: 2021-01-01}"); got != "" {
		t.Fatal(got)
	}
	for m, want := range map[string]string{
		"{kind: action, id: a, title: B}": "may not see", "{kind: action, id: a, title: B, from: 2020-12-31}": "may not see", "{kind: action, id: a, title: B, from: 2021-01-01}": "", "{kind: action, id: b, title: B}": "",
	} {
		if got := seenOnly(t, g, m); (got == "") != (want == "") || !strings.Contains(got, want) || strings.Contains(got, "hidden") {
			t.Errorf("%s: %s, want %q", m, got, want)
		}
	}
}
