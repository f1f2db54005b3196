package assure_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// madeCouncil is a council of so many posts in a line of six reports each, with somebody in each of them, 400 functions over the domains, boards that meet, and a
// test of assurance with a judgement for each criterion.
func madeCouncil(posts int) string {
	var b strings.Builder
	doc := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n---\n", a...) }
	doc("{kind: council, id: council, name: Made Council, type: unitary, governance: leader-and-cabinet}")
	for i := range posts {
		up := ""
		if i > 0 {
			up = fmt.Sprintf(", reports_to: p%d", (i-1)/6)
		}
		doc("{kind: post, id: p%d, title: Post %d, capacity: officer%s}", i, i, up)
		doc("{kind: person, id: h%d, name: Holder %d, experience: [children]}", i, i)
		doc("{kind: appointment, id: a%d, person: h%d, post: p%d, basis: permanent, from: 2000-01-01}", i, i, i)
	}
	for i, role := range []string{"HPS", "DCS", "DASS", "DPH", "MO", "CFO", "SSO", "VSH", "PSW-A"} {
		doc("{kind: designation, id: %s, role: %s, post: p%d, decided_on: 2000-01-01, confirmed: yes}", strings.ToLower(role), role, i)
	}
	domains := []string{"EDU", "CSC", "LEAVING-CARE", "ASC", "PH", "SAFEGUARDING", "CULTURE", "HOUSING", "SUPPORT"}
	for i := range 400 {
		doc("{kind: function, id: f%d, name: Function %d, domain: %s, ages: children, managed_by: p%d}", i, i, domains[i%len(domains)], (i*7)%posts)
	}
	for _, t := range []string{"scrutiny", "sab", "hwb", "safeguarding-partnership", "cabinet", "statutory-officers"} {
		doc("{kind: board, id: %s, name: %s, type: %s, cadence_months: 3}", t, t, t)
		for i := range 6 {
			doc("{kind: seat, id: %s-%d, board: %s, as: member, post: p%d}", t, i, t, i)
		}
	}
	doc("{kind: person, id: adviser, name: Adviser}")
	doc("{kind: test, id: t, title: Test, framework: local-test-of-assurance-2013, assessor: adviser, reported_on: 2015-06-05, review_due: 2016-06-05}")
	for i, c := range []string{"statutory-duties", "accountability", "partnership"} {
		doc("{kind: evidence, id: e%d, test: t, title: Papers %d, expires_on: 2018-12-31}", i, i)
		doc("{kind: finding, id: n%d, test: t, number: %d, polarity: strength, text: good, evidence: [e%d], retain: [board/cabinet]}", i, i+1, i)
		doc("{kind: judgement, id: j%d, test: t, criterion: %s, outcome: met-with-condition, findings: [n%d]}", i, c, i)
		doc(`{kind: condition, id: c%d, judgement: j%d, text: the director has led services for children, expression: 'holders("DCS").all(p, "children" in p.experience)'}`, i, i)
	}
	return strings.TrimSuffix(b.String(), "\n---\n")
}

// large folds that council, and then more.
func large(b *testing.B, more ...string) (*rule.Pack, *graph.Graph) {
	b.Helper()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		b.Fatal(err)
	}
	g := graph.New(kinds)
	for i, manifest := range append([]string{madeCouncil(5000)}, more...) {
		docs, problems := kinds.Read("council", strings.NewReader(manifest))
		if len(problems) > 0 {
			b.Fatal(problems)
		}
		at := time.Date(2015, 6, 5+i, 12, 0, 0, 0, time.UTC)
		entries, problems := g.Stage(docs, "test", at, at)
		if len(problems) > 0 {
			b.Fatal(problems)
		}
		for i := range entries {
			if err := g.Fold(&entries[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
	return p, g
}

// What would break if any one of the holders, posts and seats of a made council of 5,000 posts, or of the evidence, were gone: aim ≤ 500 ms.
func BenchmarkContingency(b *testing.B) {
	p, g := large(b)
	var c *assure.Contingency
	for b.Loop() {
		c = assure.ContingencyOf(p, g.View(fact.DayOf(2016, 3, 1), g.Size()), false)
	}
	b.ReportMetric(float64(c.Possible), "scenarios")
	b.ReportMetric(float64(c.Asked), "asked")
	b.ReportMetric(float64(len(c.Scenarios)), "broken")
}

// How everything stands day by day over 20 years of a made council of 5,000 posts in which about 40 things a year change: aim ≤ 1 s.
func BenchmarkTimeline(b *testing.B) {
	var more strings.Builder
	first := fact.DayOf(2006, 1, 1)
	for i := range 800 {
		day := first + fact.Day(i*9)
		switch i % 4 {
		case 0:
			fmt.Fprintf(&more, "\n---\n{kind: appointment, id: a%d, person: h%d, post: p%d, until: %s}", i*6, i*6, i*6, day)
		case 1:
			fmt.Fprintf(&more, "\n---\n{kind: appointment, id: m%d, person: h%d, post: p%d, basis: interim, from: %s, until: %s}", i, i+1000, (i-1)*6, day, day+300)
		case 2:
			fmt.Fprintf(&more, "\n---\n{kind: post, id: p%d, title: Renamed %d, capacity: officer, reports_to: p%d, from: %s}", i*6+1, i, i, day)
		case 3:
			fmt.Fprintf(&more, "\n---\n{kind: function, id: f%d, name: Moved %d, domain: EDU, ages: children, managed_by: p%d, from: %s}", i/2, i, i*6+2, day)
		}
	}
	p, g := large(b, strings.TrimPrefix(more.String(), "\n---\n"))
	var line *assure.Timeline
	for b.Loop() {
		line = assure.TimelineOf(p, g.View(first, g.Size()), first, fact.DayOf(2026, 1, 1))
	}
	b.ReportMetric(float64(len(line.Edges)), "edges")
}
