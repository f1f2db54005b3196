package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// The table is that with which the letter of 5 June 2015 ends; what nobody answered, or was appointed to, is said.
func TestSummaryHarrow(t *testing.T) {
	g, p := harrow(t)
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	s := report.SummaryOf(p, v.Record(fact.Key{Kind: "test", ID: "people-directorate-2015"}))
	golden(t, "test-summary-2015.txt", told(s.Document(v)))
	if report.CompareTests(p, v.Record(s.Test.Record), p.Run(v)) != nil {
		t.Error("it is compared with itself")
	}
}

// What is evidence without a note stands without brackets, and no text is broken.
func TestArgumentHarrow(t *testing.T) {
	g, p := harrow(t)
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	text := told(report.ArgumentOf(p, v.Record(fact.Key{Kind: "test", ID: "people-directorate-2015"})).Document(v))
	if strings.ContainsRune(text, '\uFFFD') || strings.Contains(text, "()") || !strings.Contains(text, "| Performance information\n") {
		t.Errorf("it is %s", text)
	}
}

// twice is a structure that the same person tested twice, with what was asked and what became of it.
const twice = `
{kind: council, id: council, name: Testham, type: unitary, governance: leader-and-cabinet}
---
{kind: post, id: dcs, title: Director, capacity: officer}
---
{kind: person, id: ann, name: Ann, experience: [children]}
---
{kind: person, id: bea, name: Bea, experience: [adults]}
---
{kind: appointment, id: a, person: ann, post: dcs, until: 2016-03-31}
---
{kind: appointment, id: b, person: bea, post: dcs, from: 2016-04-01, until: 2016-08-31}
---
{kind: designation, id: dcs, role: DCS, post: dcs}
---
{kind: organisation, id: lga, name: Local Government Association, type: other}
---
{kind: person, id: adviser, name: The adviser, employer: lga}
---
{kind: board, id: cabinet, name: Cabinet, type: cabinet}
---
{kind: test, id: first, title: First test, framework: local-test-of-assurance-2013, assessor: adviser, reported_on: 2015-06-05}
---
{kind: test, id: second, title: Second test, framework: local-test-of-assurance-2013, assessor: adviser, supersedes: first, started_on: 2016-06-01, reported_on: 2016-07-01}
---
{kind: finding, id: f1, test: first, theme: governance, criteria: [accountability], polarity: strength, text: Good}
---
{kind: finding, id: f2, test: first, theme: capacity, criteria: [accountability], polarity: risk, text: Thin}
---
{kind: finding, id: f3, test: second, theme: governance, criteria: [accountability, statutory-duties], polarity: strength, bearing: weakens, text: "Good, and it hides something"}
---
{kind: judgement, id: j1, test: first, criterion: accountability, outcome: met-with-condition, rationale: As long as the director knows children's services, findings: [f1, f2]}
---
{kind: condition, id: c1, judgement: j1, text: The director has experience, expression: 'holders("DCS").all(p, "children" in p.experience)', about: [post/dcs]}
---
{kind: condition, id: c2, judgement: j1, text: The board looks at it, shown_by: Minutes, due: 2015-12-31}
---
{kind: judgement, id: j2, test: second, criterion: accountability, outcome: met, rationale: It is}
---
{kind: recommendation, id: r2, test: test/first, number: 2, text: Make a plan, owner: dcs, due: 2016-01-01, response: accepted, response_text: We will}
---
{kind: recommendation, id: r1, test: test/first, number: 1, text: Tell people, response: rejected, response_text: No}
---
{kind: recommendation, id: r10, test: test/first, number: 10, text: Do it, response: partly, accepted_complete_by: cabinet, accepted_complete_on: 2016-05-01}
---
{kind: action, id: plan, title: Write the plan, recommendation: r2, owner: dcs, due: 2015-12-01, status: at-risk}
---
{kind: confirmation, id: x, condition: c2, said_by: council, state: met, said_on: 2015-12-01, text: It did}
---
{kind: confirmation, id: y, condition: c2, said_by: adviser, state: not-met, said_on: 2016-02-01}
`

func testham(t *testing.T, manifest string) (*graph.Graph, *rule.Pack) {
	t.Helper()
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	kinds.SetCodes("role", p.RoleCodes())
	kinds.SetCodes("domain", p.DomainCodes())
	docs, problems := kinds.Read("f.yaml", strings.NewReader(manifest))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	g := graph.New(kinds)
	made := time.Date(2016, 12, 1, 12, 0, 0, 0, time.UTC)
	entries, problems := g.Stage(docs, "owner", made, made)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	return g, p
}

// A condition is asked again of each day, the last word on it is the adviser's, and what is late is so from the day after.
func TestHowConditionsStand(t *testing.T) {
	g, p := testham(t, twice)
	for _, c := range []struct {
		on                fact.Day
		experience, board report.Stand
		late              bool
	}{
		{fact.DayOf(2015, 6, 5), report.StandDone, report.StandOpen, false},
		{fact.DayOf(2015, 12, 2), report.StandDone, report.StandConfirm, false},
		{fact.DayOf(2015, 12, 31), report.StandDone, report.StandConfirm, false},
		{fact.DayOf(2016, 1, 1), report.StandDone, report.StandConfirm, true},
		{fact.DayOf(2016, 2, 1), report.StandDone, report.StandDisagreed, true},
		{fact.DayOf(2016, 4, 1), report.StandFails, report.StandDisagreed, true},
		{fact.DayOf(2016, 9, 1), report.StandOpen, report.StandDisagreed, true}, // nobody is in the post, so it cannot be tested
	} {
		v := g.View(c.on, g.Size())
		s := report.SummaryOf(p, v.Record(fact.Key{Kind: "test", ID: "first"}))
		var got []report.Stand
		for _, x := range s.Conditions {
			got = append(got, x.Stand)
		}
		if !slices.Equal(got, []report.Stand{c.experience, c.board}) || s.Conditions[1].Late != c.late {
			t.Errorf("on %s: %v, late %v, want %v %v, late %v", c.on, got, s.Conditions[1].Late, c.experience, c.board, c.late)
		}
	}
}

func TestTestsBesideEachOther(t *testing.T) {
	g, p := testham(t, twice)
	v := g.View(fact.DayOf(2016, 8, 1), g.Size())
	c := report.CompareTests(p, v.Record(fact.Key{Kind: "test", ID: "second"}), p.Run(v))
	golden(t, "test-comparison.txt", told(c.Document(v)))
	var asks []string
	for _, a := range report.AsksOf(p, v) {
		asks = append(asks, a.What+" "+a.Ask.Text+": "+a.Words())
	}
	want := []string{
		"condition The board looks at it: The adviser does not agree that it is met, late", "recommendation Make a plan: Open, late", "condition The director has experience: Not met on this day",
		"recommendation Tell people: Not accepted by the council", "recommendation Do it: Met or complete",
	}
	if !slices.Equal(asks, want) {
		t.Errorf("what is asked:\n%s", strings.Join(asks, "\n"))
	}
	s := report.SummaryOf(p, v.Record(fact.Key{Kind: "test", ID: "first"}))
	var numbers []string
	for _, r := range s.Recommendations {
		numbers = append(numbers, r.Number)
	}
	if !slices.Equal(numbers, []string{"1", "2", "10"}) || s.Recommendations[1].Actions[0].Words() != "Write the plan (at risk, due 1 December 2015, late)" || s.Recommendations[2].Complete != "Accepted as complete by Cabinet, 1 May 2016" {
		t.Errorf("recommendations %+v", s.Recommendations)
	}
}
