package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// Every day is in one quarter, which is written and read again.
func TestQuarters(t *testing.T) {
	for _, c := range []struct {
		day  fact.Day
		want string
	}{
		{fact.DayOf(2015, 4, 1), "2015/16 quarter 1"}, {fact.DayOf(2015, 6, 30), "2015/16 quarter 1"}, {fact.DayOf(2015, 7, 1), "2015/16 quarter 2"}, {fact.DayOf(2015, 12, 31), "2015/16 quarter 3"},
		{fact.DayOf(2016, 1, 1), "2015/16 quarter 4"}, {fact.DayOf(2016, 3, 31), "2015/16 quarter 4"}, {fact.DayOf(2000, 3, 31), "1999/00 quarter 4"},
	} {
		q := report.QuarterOf(c.day)
		again, err := report.ParseQuarter(q.String())
		if q.String() != c.want || err != nil || again != q || c.day < q.First() || c.day > q.Last() {
			t.Errorf("%s: %s from %s to %s, %v", c.day, q, q.First(), q.Last(), err)
		}
	}
	for d := fact.DayOf(2015, 1, 1); d < fact.DayOf(2018, 1, 1); d++ {
		if q := report.QuarterOf(d); d < q.First() || d > q.Last() || report.QuarterOf(q.First()) != q || report.QuarterOf(q.Last()) != q || q.Before().Last()+1 != q.First() {
			t.Fatalf("%s is not in %s", d, q)
		}
	}
	if got := report.QuarterOf(fact.DayOf(2016, 2, 1)).Words(); got != "Quarter 4 2015/16 (January to March 2016)" {
		t.Error(got)
	}
	for _, bad := range []string{"", "2015", "2015/16", "2015/17 quarter 1", "2015/16 quarter 5"} {
		if q, err := report.ParseQuarter(bad); err == nil {
			t.Errorf("%q is %s", bad, q)
		}
	}
}

// officers is a council whose director answers for child protection in a unit of a directorate.
const officers = `
{kind: council, id: council, name: Testham, type: unitary, governance: leader-and-cabinet}
---
{kind: unit, id: people, name: People, type: directorate}
---
{kind: unit, id: care-team, name: Care, type: team, parent: people}
---
{kind: unit, id: roads, name: Roads, type: directorate}
---
{kind: post, id: dcs, title: Director of Children's Services, unit: people, capacity: officer}
---
{kind: post, id: chief, title: Chief Executive, capacity: officer}
---
{kind: designation, id: d, role: DCS, post: dcs, from: 2014-01-01}
---
{kind: designation, id: h, role: HPS, post: chief, from: 2014-01-01}
---
{kind: function, id: care, name: Child protection, domain: CSC, unit: care-team, managed_by: dcs, from: 2014-01-01}
---
{kind: risk, id: own, title: Caseloads are too high, owner: dcs, current_likelihood: 4, current_impact: 3, review_due: 2015-11-01, from: 2015-01-01}
---
{kind: risk, id: threat, title: The team cannot recruit, about: [unit/care-team], until: 2015-12-31, from: 2015-01-01}
---
{kind: risk, id: other, title: Potholes, about: [unit/roads], from: 2015-01-01}
---
{kind: inspection, id: old, body: Ofsted, title: Single inspection, judgement: Good, published_on: 2014-06-02, about: [unit/people]}
---
{kind: inspection, id: new, body: Ofsted, title: Focused visit, judgement: Requires improvement, published_on: 2015-08-20, about: [function/care]}
---
{kind: inspection, id: later, body: Ofsted, title: Another visit, published_on: 2015-10-20, about: [function/care]}
---
{kind: statement, id: s1, role: DCS, quarter: 2015/16 quarter 1, answer: with-exceptions, exceptions: Social workers hold too many cases., about: [risk/own, risk/threat], stated_on: 2015-06-30}
---
{kind: statement, id: s4, role: DCS, quarter: 2014/15 quarter 4, answer: cannot, exceptions: The audit is not done., stated_on: 2015-03-31}
`

// A statement has the risks and inspections of what the role answers for, as the quarter has them, and carries forward what the last statement before excepted until that is closed: by a later statement without
// exceptions, or because all that it is about has ended.
func TestStatements(t *testing.T) {
	on := func(manifest, d string) (*report.Statements, *graph.View) {
		t.Helper()
		g, p := council(t, manifest)
		day, _ := fact.ParseDay(d)
		v := g.View(day, g.Size())
		return report.StatementsOf(p, v, report.QuarterOf(day), func(v *graph.View) *assure.Assessment { return assure.Assess(p, v) }), v
	}
	says := func(s *report.Statements) string {
		var out []string
		for _, r := range s.Roles {
			if r.Code != "DCS" {
				continue
			}
			for _, x := range r.Risks {
				out = append(out, strings.Join([]string{x.Risk.Text, x.Owner.Text, x.Now, x.Review}, "/"))
			}
			for _, x := range r.Inspections {
				out = append(out, fmt.Sprint(x.Inspection.Text, "/", x.Judgement, "/", x.Published, "/", x.New))
			}
			if r.Carried != nil {
				out = append(out, r.Carried.Quarter+": "+r.Carried.Words())
			}
		}
		return strings.Join(out, "\n")
	}
	const (
		own     = "Caseloads are too high/Director of Children's Services/likelihood 4, impact 3/1 November 2015"
		threat  = "The team cannot recruit///"
		visit   = "Ofsted: Focused visit/Requires improvement/20 August 2015/"
		single  = "Ofsted: Single inspection/Good/2 June 2014/false"
		carried = "2015/16 quarter 1: Social workers hold too many cases. It is about: "
	)
	for _, c := range []struct{ more, day, want string }{
		{"", "2015-09-30", own + "\n" + threat + "\n" + visit + "true\n" + single + "\n" + carried + "Caseloads are too high and The team cannot recruit."},
		{"", "2015-06-30", own + "\n" + threat + "\n" + single + "\n2014/15 quarter 4: The audit is not done."},
		{"", "2016-01-10", own + "\nOfsted: Another visit//20 October 2015/false\n" + visit + "false\n" + single + "\n" + carried + "Caseloads are too high."},
		{"{kind: risk, id: own, end: 2015-12-31}", "2016-01-10", "Ofsted: Another visit//20 October 2015/false\n" + visit + "false\n" + single},
		{"{kind: statement, id: s2, role: DCS, quarter: 2015/16 quarter 2, answer: can, stated_on: 2015-09-30}", "2016-01-10", own + "\nOfsted: Another visit//20 October 2015/false\n" + visit + "false\n" + single},
		{"{kind: statement, id: s2, role: DCS, quarter: 2015/16 quarter 2, answer: can, stated_on: 2015-09-30}", "2015-09-30", own + "\n" + threat + "\n" + visit + "true\n" + single},
	} {
		record := officers
		if c.more != "" {
			record += "---\n" + c.more
		}
		x, _ := on(record, c.day)
		if got := says(x); got != c.want {
			t.Errorf("on %s, with %q:\n%s\nwant\n%s", c.day, c.more, got, c.want)
		}
	}
	x, v := on(officers, "2015-09-30")
	golden(t, "statements.txt", told(x.Document(v)))
}
