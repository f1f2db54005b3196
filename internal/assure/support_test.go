package assure_test

import (
	"strings"
	"testing"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// supported is a structure with a test of it, and what its findings rest on.
const supported = `
{kind: council, id: council, name: X, type: unitary, governance: leader-and-cabinet}
---
{kind: person, id: ann, name: Ann, experience: [children]}
---
{kind: person, id: ben, name: Ben, experience: [adults]}
---
{kind: post, id: chief, title: Chief Executive, capacity: officer, from: 2010-01-01}
---
{kind: post, id: dcs, title: Director of Children, reports_to: chief, capacity: officer, from: 2010-01-01}
---
{kind: designation, id: dcs, role: DCS, post: dcs, from: 2010-01-01}
---
{kind: appointment, id: a, person: ann, post: dcs, from: 2010-01-01}
---
{kind: board, id: review, name: Review, type: safeguarding-review, from: 2010-01-01}
---
{kind: board, id: other, name: Other, type: working-group, from: 2010-01-01}
---
{kind: test, id: s, title: Test, reported_on: 2015-06-05}
---
{kind: evidence, id: e, test: s, title: Notes, expires_on: 2016-06-05}
---
{kind: finding, id: line, test: s, number: 9, text: The director is near the top., about: [post/dcs]}
---
{kind: finding, id: kept, test: s, number: 10, text: The review meets., retain: [board/review], evidence: [e]}
---
{kind: finding, id: apart, test: s, number: 11, text: Something else., about: [board/other]}
---
{kind: judgement, id: j, test: s, criterion: accountability, outcome: met-with-condition, findings: [line, apart]}
---
{kind: condition, id: c, judgement: j, text: As long as the director knows children., expression: 'holders("DCS").all(p, "children" in p.experience)', about: [post/dcs]}
`

// What the record no longer supports is said of the findings that it concerns, of no others, and with the entry that made it so.
func TestSupport(t *testing.T) {
	day, later := fact.DayOf(2015, 6, 5), made.AddDate(0, 6, 0)
	for name, c := range map[string]struct {
		add  string
		on   fact.Day
		want map[fact.ID]string // a reason, by the finding; nothing is none
	}{
		"nothing changed":         {"", day + 30, map[fact.ID]string{"line": "", "kept": "", "apart": ""}},
		"the line moves":          {"{kind: post, id: dcs, title: Director of Children, capacity: officer, from: 2015-10-01}", day + 200, map[fact.ID]string{"line": "“Reports to” was Chief Executive, and is not stated", "kept": "", "apart": ""}},
		"and not yet":             {"{kind: post, id: dcs, title: Director of Children, capacity: officer, from: 2015-10-01}", day + 30, map[fact.ID]string{"line": "", "kept": "", "apart": ""}},
		"a successor":             {"{kind: appointment, id: a, end: 2015-09-30}\n---\n{kind: appointment, id: b, person: ben, post: dcs, from: 2015-10-01}", day + 200, map[fact.ID]string{"line": "a condition does not hold: As long as the director knows children", "kept": "", "apart": ""}},
		"a vacancy":               {"{kind: appointment, id: a, end: 2015-09-30}", day + 200, map[fact.ID]string{"line": "a condition can no longer be tested", "kept": "", "apart": ""}},
		"what must be kept ends":  {"{kind: board, id: review, end: 2015-09-30}", day + 200, map[fact.ID]string{"line": "", "kept": "Review ended, and it must be retained", "apart": ""}},
		"what it is about ends":   {"{kind: board, id: other, end: 2015-09-30}", day + 200, map[fact.ID]string{"line": "", "kept": "", "apart": "Other ended"}},
		"evidence expires":        {"", day + 400, map[fact.ID]string{"line": "", "kept": "evidence expired 5 June 2016: Notes", "apart": ""}},
		"the finding is reworded": {"{kind: finding, id: line, test: s, number: 9, text: The director is far from the top., about: [post/dcs]}", day + 30, map[fact.ID]string{"line": "the finding was worded otherwise", "kept": "", "apart": ""}},
	} {
		g := graph.New(kinds)
		add(t, g, made, supported)
		issued := g.Size()
		if c.add != "" {
			add(t, g, later, c.add)
		}
		key := fact.Key{Kind: "test", ID: "s"}
		s := assure.NewSupport(pack(t), g.View(day, issued), assure.Assess(pack(t), g.View(c.on, g.Size())), key)
		for id, want := range c.want {
			var got []string
			for _, r := range s.Lost([]fact.Key{{Kind: "finding", ID: id}}, "") {
				got = append(got, r.What)
				if r.Entry == 0 || r.Entry > g.Size() {
					t.Errorf("%s: %s: %q names entry %d of %d", name, id, r.What, r.Entry, g.Size())
				}
				if c.add != "" && r.Entry <= issued && !strings.Contains(r.What, "expired") {
					t.Errorf("%s: %s: %q names entry %d, which was there when it was issued", name, id, r.What, r.Entry)
				}
			}
			if all := strings.Join(got, "; "); want == "" && all != "" || !strings.Contains(all, want) {
				t.Errorf("%s: %s: %q, want %q", name, id, all, want)
			}
		}
	}
}

// Of what changed of a proposal a paragraph is marked for the facts that stand in it, and a finding about the proposal for none of them.
func TestSupportOfAProposal(t *testing.T) {
	g := graph.New(kinds)
	add(t, g, made, "{kind: proposal, id: p, title: Merge, status: consultation, saving: 100000, decision_on: 2015-07-01}\n---\n{kind: test, id: s, title: Test, tests: p, reported_on: 2015-06-05}\n---\n{kind: finding, id: f, test: s, text: It lacks a plan., about: [proposal/p]}")
	then := g.View(fact.DayOf(2015, 6, 5), g.Size())
	add(t, g, made.AddDate(0, 1, 0), "{kind: proposal, id: p, title: Merge, status: withdrawn, saving: 50000, decision_on: 2015-07-01}")
	s := assure.NewSupport(pack(t), then, assure.Assess(pack(t), g.View(fact.DayOf(2015, 8, 1), g.Size())), fact.Key{Kind: "test", ID: "s"})
	of := fact.Key{Kind: "proposal", ID: "p"}
	for text, want := range map[string]int{"It saves £100,000.": 2, "It is decided on 1 July 2015.": 1} { // withdrawn, each
		if got := s.Lost([]fact.Key{of}, text); len(got) != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if got := s.Lost([]fact.Key{{Kind: "finding", ID: "f"}}, "It lacks a plan."); len(got) != 1 || got[0].What != "Merge was withdrawn" {
		t.Errorf("the finding: %v", got)
	}
}
