package access_test

import (
	"errors"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// What a kind says of who may see a field holds, of every field of every kind that says it.
func TestFieldsThatAreNotForEverybody(t *testing.T) {
	r := made(t, `
{kind: person, id: jane, name: Jane, experience: [health], qualifications: [CIPFA]}
---
{kind: appointment, id: a, person: jane, post: chief, basis: permanent}
---
{kind: absence, id: away, appointment: a, reason: long-term}
---
{kind: recruitment, id: r, post: head-of-care, person: jane, coming_from: another council}
---
{kind: evidence, id: e, test: first, method: interview, interviewee: jane, file_name: notes.docx, excerpt: They said}
---
{kind: interview, id: i, test: first, title: Chair of the board, people: Jane, place: Room 4, questions: How often do you meet?}
---
{kind: post, id: paid, title: Paid, salary_from: 100000, salary_to: 110000}
---
{kind: comment, id: c, of: merge, title: Capacity, capacity: Monitoring officer, text: Too few, wording: Two posts, answer: Thank you}
---
{kind: consultation, id: asked, title: Have your say}
---
{kind: response, id: said, of: asked, text: We agree, name: Jane}
`)
	whole := r.today()
	for _, k := range r.kinds.All {
		for _, f := range k.Fields {
			if f.Visibility == "" {
				continue
			}
			var at *graph.Record
			for _, rec := range whole.All(k.Name) {
				if rec.State(f.Name) == graph.Known {
					at = rec
				}
			}
			if at == nil {
				t.Errorf("%s.%s is for few, and this test has no record with it", k.Name, f.Name)
				continue
			}
			for _, m := range access.Roles {
				p := access.Person{Who: "ann", Held: []access.Held{{Role: m.Role}}}
				g := p.Veil(r.g, today)
				rec := g.View(today, g.Size()).Record(fact.Key{Kind: k.Name, ID: at.Key().ID})
				if rec == nil {
					continue // not that there is such a record
				}
				want := graph.Known
				if f.Visibility == kind.Restricted && !p.May(access.Restricted) && !(access.ActOf(k) == access.Assess && p.May(access.Assess)) { // an adviser reads what advisers write
					want = graph.Withheld
				}
				if got := rec.State(f.Name); got != want {
					t.Errorf("%s.%s as a %s sees it: %v, want %v", k.Name, f.Name, m.Role, got, want)
				}
			}
		}
	}
}

// A role over a part of the council opens the restricted fields of that part alone.
func TestRestrictedFieldsAreOfTheirScope(t *testing.T) {
	r := made(t, `
{kind: person, id: jane, name: Jane}
---
{kind: appointment, id: a, person: jane, post: head-of-care, basis: permanent}
---
{kind: absence, id: away, appointment: a, reason: long-term}
`)
	for over, want := range map[fact.Key]graph.State{
		{}:                              graph.Known,
		{Kind: "unit", ID: "people"}:    graph.Known,
		{Kind: "unit", ID: "place"}:     graph.Withheld,
		{Kind: "board", ID: "cabinet"}:  graph.Withheld,
		{Kind: "proposal", ID: "merge"}: graph.Withheld,
	} {
		g := access.Person{Who: "ann", Held: []access.Held{{Role: access.Governance, Over: over}}}.Veil(r.g, today)
		if got := g.View(today, g.Size()).Record(fact.Key{Kind: "absence", ID: "away"}).State("reason"); got != want {
			t.Errorf("governance over %v: %v, want %v", over, got, want)
		}
	}
}

// Whoever may erase in one part of the council erases nothing of days on which a record was in another, as they may not change it there.
func TestEraseIsOfTheirScope(t *testing.T) {
	r := made(t, "{kind: post, id: moved, title: Of roads, unit: place, from: 2010-01-01, until: 2019-12-31}", "{kind: post, id: moved, title: Now, unit: care, from: 2020-01-01}")
	moved, mine := fact.Key{Kind: "post", ID: "moved"}, fact.Key{Kind: "post", ID: "head-of-care"}
	p := access.Person{Who: "ann", Held: []access.Held{{Role: access.Governance, Over: fact.Key{Kind: "unit", ID: "care"}}}}
	if err := p.Erase(r.today(), moved, ""); !errors.Is(err, fact.ErrDenied) {
		t.Errorf("a post that was elsewhere: %v", err)
	}
	if err := p.Erase(r.today(), mine, ""); err != nil {
		t.Error(err)
	}
}

// What a statutory officer states is for those who may see what is restricted, however it is recorded, until somebody who may say so opens it; who keeps meetings can hand one in, and reads it no longer.
func TestStatementsAreRestricted(t *testing.T) {
	const plain = "{kind: statement, id: s, role: HPS, quarter: 2026/27 quarter 3, answer: cannot, exceptions: Canary exception}"
	r := made(t)
	sees := func(role access.Role) string {
		return seen(access.Person{Who: "somebody", Held: []access.Held{{Role: role}}}.Veil(r.g, today))
	}
	clerk := access.Person{Who: "clerk", Held: []access.Held{{Role: access.Clerk}}}
	if err := clerk.Change(r.today(), r.docs(plain)); err != nil {
		t.Errorf("a clerk cannot hand one in: %v", err)
	}
	r.load(plain)
	if err := clerk.Change(r.today(), r.docs(strings.Replace(plain, "cannot", "can", 1))); err == nil {
		t.Error("a clerk changes what they do not see")
	}
	for _, m := range access.Roles {
		if all := sees(m.Role); strings.Contains(all, "annot") != m.Does(access.Restricted) {
			t.Errorf("%s:\n%s", m.Label, all)
		}
	}
	r.load(strings.Replace(plain, "}", ", visibility: internal}", 1))
	if !strings.Contains(sees(access.Staff), "annot") {
		t.Error("what was opened is not seen")
	}
}
