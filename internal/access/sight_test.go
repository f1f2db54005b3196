package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// hidden is what not everybody sees: a restricted post of each directorate, a proposal in draft and what it would change, and what advisers wrote.
const hidden = `
{kind: post, id: closed-care, title: Closed Care, unit: care, visibility: restricted, exempt: "1", decided: the monitoring officer}
---
{kind: post, id: closed-roads, title: Closed Roads, unit: place, visibility: restricted, exempt: "1", decided: the monitoring officer}
---
{kind: proposal, id: secret, title: Secret, status: draft}
---
{kind: post, id: planned, proposal: secret, title: Planned}
---
{kind: finding, id: one, test: first, theme: accountabilities, text: Finding one}
---
{kind: finding, id: two, test: second, theme: accountabilities, text: Finding two}
`

// seen writes down all that a graph tells.
func seen(g *graph.Graph) string {
	var b strings.Builder
	v := g.View(today, g.Size())
	for _, k := range v.Kinds().All {
		for _, r := range v.All(k.Name) {
			fmt.Fprintln(&b, r.Key(), r.Title())
			for _, h := range v.History(r.Key()) {
				fmt.Fprintln(&b, h.Position, h.Op)
				if h.Record != nil {
					fmt.Fprintln(&b, h.Record.Title())
				}
			}
		}
	}
	return b.String()
}

// Whoever has the same key as somebody else sees the same; and people who see the same have the same key where their roles are over the same, so that a
// council of ten roles is not worked out ten times.
func TestKeySaysWhatIsSeen(t *testing.T) {
	r := made(t, hidden)
	scopes := []fact.Key{{}, {Kind: "unit", ID: "people"}, {Kind: "unit", ID: "place"}, {Kind: "proposal", ID: "secret"}, {Kind: "proposal", ID: "merge"}, {Kind: "test", ID: "first"}, {Kind: "board", ID: "cabinet"}}
	var people []access.Person
	for _, m := range access.Roles {
		for _, over := range scopes {
			held := access.Held{Role: m.Role, Over: over}
			people = append(people, access.Person{Who: "p", Held: []access.Held{held}}, access.Person{Who: "q", Held: []access.Held{{Role: access.Staff}, held}})
		}
	}
	people = append(people, access.Person{}, access.Person{Who: access.Console})
	of, whole := map[string]string{}, map[string]bool{}
	for _, p := range people {
		sees := seen(p.Veil(r.g, today))
		if was, ok := of[p.Key()]; ok && was != sees {
			t.Errorf("%v: others with the key %q see something else:\n%s\nand not\n%s", p.Held, p.Key(), was, sees)
		}
		of[p.Key()] = sees
		if len(p.Held) == 1 && p.Held[0].Over == (fact.Key{}) {
			whole[p.Key()] = true
		}
	}
	if len(whole) != 6 {
		t.Errorf("%d keys of people with one role over the whole council, want 6: %v", len(whole), whole)
	}
}

// A proposal in draft is seen by those who work on proposals alone, whenever its days are and whatever becomes of it.
func TestDraftsAreSeenByFew(t *testing.T) {
	r := made(t, `
{kind: settings, id: settings, public: yes, public_kinds: [unit, post, proposal]}
---
{kind: proposal, id: now, title: Canary now, status: draft}
---
{kind: proposal, id: later, title: Canary later, status: draft, from: 2027-01-01}
---
{kind: proposal, id: over, title: Canary over, status: draft, from: 2020-01-01, until: 2025-01-01}
---
{kind: proposal, id: ended, title: Canary ended, status: draft}
---
{kind: proposal, id: soon, title: Canary soon, status: draft}
---
{kind: proposal, id: maybe, title: Canary maybe, status: draft}
---
{kind: proposal, id: taken-out, title: Canary taken out, status: draft}
---
{kind: post, id: planned, proposal: taken-out, title: Canary post, unit: care}
---
{kind: proposal, id: published, title: Open, status: consultation}
---
{kind: proposal, id: done, title: Open too, status: adopted, from: 2020-01-01, until: 2025-01-01}
`, "{kind: proposal, id: ended, end: 2026-01-01}", "{kind: proposal, id: soon, title: Canary soon, status: consultation, from: 2027-01-01}",
		"{kind: proposal, id: maybe, title: Canary maybe, status: consultation, from: between 2026-11-01 and 2026-12-31}")
	e, problems := r.today().Retract(fact.Key{Kind: "proposal", ID: "taken-out"}, "recorded too early")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	entries, problems := r.g.Stage(e.Docs, "tester", now, now)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range entries {
		if err := r.g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	for _, who := range []access.Person{{}, {Who: "s", Held: []access.Held{{Role: access.Staff}}}} {
		all := seen(who.Veil(r.g, today))
		if strings.Contains(all, "Canary") || strings.Count(all, "Open") < 2 {
			t.Errorf("%v sees:\n%s", who.Held, all)
		}
	}
	if all := seen(access.Person{Who: "p", Held: []access.Held{{Role: access.Proposer}}}.Veil(r.g, today)); strings.Count(all, "Canary") < 8 {
		t.Errorf("a proposer sees:\n%s", all)
	}
}

// What an adviser wrote is not shown because a proposal says that the test was reported, nor because it belongs to no test.
func TestFindingsAreSeenByFew(t *testing.T) {
	r := made(t, `
{kind: finding, id: one, test: first, theme: accountabilities, text: t, title: Canary of a test}
---
{kind: judgement, id: j, test: first, criterion: accountability, outcome: met, rationale: r}
---
{kind: condition, id: canary, judgement: j, text: Of a judgement}
---
{kind: finding, id: loose, theme: accountabilities, text: t, title: Canary of no test}
---
{kind: recommendation, id: canary, text: Of nothing}
---
{kind: meeting, id: m, board: scrutiny, on: 2026-11-01}
---
{kind: recommendation, id: scrutinised, test: m, text: Of a meeting}
---
{kind: test, id: first, proposal: merge, title: First test, tests: merge, reported_on: 2020-01-01}
---
{kind: judgement, id: j, proposal: merge, test: second, criterion: accountability, outcome: met, rationale: r}
---
{kind: test, id: second, title: Second test, tests: merge, reported_on: 2020-01-01}
---
{kind: finding, id: two, test: second, theme: accountabilities, text: t, title: Reported}
`)
	hidden := []string{"finding/one", "condition/canary", "finding/loose", "recommendation/canary"}
	for _, c := range []struct {
		held access.Held
		sees []string
	}{
		{access.Held{Role: access.Governance}, nil},
		{access.Held{Role: access.Staff}, nil},
		{access.Held{Role: access.Adviser}, hidden},
		{access.Held{Role: access.Adviser, Over: fact.Key{Kind: "test", ID: "first"}}, hidden[:2]},
	} {
		all := seen(access.Person{Who: "s", Held: []access.Held{c.held}}.Veil(r.g, today))
		for _, key := range append(hidden, "finding/two", "recommendation/scrutinised") {
			if want := slices.Contains(c.sees, key) || !slices.Contains(hidden, key); strings.Contains(all, key+" ") != want {
				t.Errorf("%v: sees %s: %v, want %v", c.held, key, !want, want)
			}
		}
	}
}
