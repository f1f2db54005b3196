package rule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// madeCouncil writes the manifest of a made council: posts in a line of six reports each, somebody in each of them, and functions
// spread over the domains and the posts.
func madeCouncil(posts, functions int) string {
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
		doc("{kind: appointment, id: a%d, person: h%d, post: p%d, basis: permanent, from: 2010-01-01}", i, i, i)
	}
	for i, role := range []string{"HPS", "DCS", "DASS", "DPH", "MO", "CFO", "SSO", "VSH", "PSW-A"} {
		doc("{kind: designation, id: %s, role: %s, post: p%d, decided_on: 2010-01-01, confirmed: yes}", strings.ToLower(role), role, i)
	}
	domains := []string{"EDU", "CSC", "LEAVING-CARE", "ASC", "PH", "SAFEGUARDING", "CULTURE", "HOUSING", "SUPPORT"}
	for i := range functions {
		doc("{kind: function, id: f%d, name: Function %d, domain: %s, ages: children, managed_by: p%d}", i, i, domains[i%len(domains)], (i*7)%posts)
	}
	for _, t := range []string{"scrutiny", "sab", "hwb", "safeguarding-partnership", "cabinet", "statutory-officers"} {
		doc("{kind: board, id: %s, name: %s, type: %s, cadence_months: 3}", t, t, t)
		for i := range 6 {
			doc("{kind: seat, id: %s-%d, board: %s, as: member, post: p%d}", t, i, t, i)
		}
	}
	return b.String()
}

// A check of a made council of 3,000 posts and 400 functions with the whole pack, compiled, with nothing cached: aim ≤ 20 ms.
func BenchmarkCheck(b *testing.B) {
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		b.Fatal(err)
	}
	g, err := rule.TestRecord(kinds, "none", madeCouncil(3000, 400))
	if err != nil {
		b.Fatal(err)
	}
	var res *rule.Results
	for b.Loop() {
		res = p.Run(g.View(fact.DayOf(2024, 6, 1), g.Size()))
	}
	b.ReportMetric(float64(len(res.Rows)), "results")

}

// The same check after something was recorded of one post in the middle, with what was found before: aim ≤ 2 ms.
func BenchmarkCheckAfterChange(b *testing.B) {
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		b.Fatal(err)
	}
	g, err := rule.TestRecord(kinds, "none", madeCouncil(3000, 400))
	if err != nil {
		b.Fatal(err)
	}
	on := fact.DayOf(2024, 6, 1)
	res := p.Run(g.View(on, g.Size()))
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		for _, manifest := range []string{
			fmt.Sprintf("{kind: post, id: p%d, title: Renamed %d, capacity: officer, reports_to: p1, from: 2024-01-01}", 7+i%1000, i),
			fmt.Sprintf("{kind: appointment, id: new%d, person: h%d, post: p%d, basis: interim, from: 2024-01-01}", i, i%1000, i%9),
			fmt.Sprintf("{kind: function, id: f%d, name: Renamed %d, domain: EDU, ages: children, managed_by: p%d, from: 2024-01-01}", i%400, i, i%1000),
		}[i%3:][:1] {
			docs, problems := kinds.Read("change", strings.NewReader(manifest))
			if len(problems) > 0 {
				b.Fatal(problems)
			}
			at := time.Date(2031, 1, 1, 0, i, 0, 0, time.UTC)
			entries, problems := g.Stage(docs, "test", at, at)
			if len(problems) > 0 {
				b.Fatal(problems)
			}
			for j := range entries {
				if err := g.Fold(&entries[j]); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.StartTimer()
		res = p.Rerun(res, g.View(on, g.Size()))
	}
	b.ReportMetric(float64(len(res.Rows)), "results")
}
