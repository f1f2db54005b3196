package report_test

import (
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

func TestAmendmentOf(t *testing.T) {
	const unit = `
{kind: unit, id: a, name: A}
---
{kind: unit, id: b, name: B}
---
`
	for name, c := range map[string]struct{ record, want string }{
		"nothing changed":             {`{kind: post, id: p, title: Director, from: 2003-01-01}`, "not-needed "},
		"the post ended":              {`{kind: post, id: p, title: Director, until: 2003-09-30}`, "needed Director ended on 30 September 2003."},
		"it ended in a month":         {`{kind: post, id: p, title: Director, until: 2003-08}`, "needed Director ended in August 2003."},
		"it may have ended":           {`{kind: post, id: p, title: Director, until: between 2003-09-01 and 2003-12-31}`, "may-be-needed Whether Director is there on this day is not certain: its dates are not exact."},
		"it has not begun":            {`{kind: post, id: p, title: Director, from: 2004-01-01}`, "needed Director is not there on this day."},
		"it will end":                 {`{kind: post, id: p, title: Director, until: 2004-03-31}`, "needed-soon Director ends on 31 March 2004."},
		"it will change, and not end": {"{kind: post, id: p, title: Director, until: 2004-03-31}\n---\n{kind: post, id: p, title: Head, from: 2004-04-01}", "not-needed "},
		"it was retitled":             {"{kind: post, id: p, title: Head, until: 2003-03-31}\n---\n{kind: post, id: p, title: Director, from: 2003-04-01}", "needed The post was called “Head” until 31 March 2003."},
		"it moved":                    {"{kind: post, id: p, title: Director, unit: a, until: 2003-03-31}\n---\n{kind: post, id: p, title: Director, unit: b, from: 2003-04-01}", "needed The post sat in A until 31 March 2003."},
		"it was retitled before":      {"{kind: post, id: p, title: Head, until: 2002-03-31}\n---\n{kind: post, id: p, title: Director, from: 2002-04-01}", "not-needed "},
		"both end together":           {"{kind: post, id: p, title: Director, until: 2003-12-31}", "not-needed "},
		"to nobody that is recorded":  {"{kind: post, id: p, title: Director}", "may-be-needed To which post it is given is not recorded."},
	} {
		until, to := "", ", to: p"
		if name == "both end together" {
			until = ", until: 2003-12-31"
		}
		if strings.HasPrefix(name, "to nobody") {
			to = ""
		}
		g, p := council(t, unit+c.record+"\n---\n{kind: delegation, id: d, power: To sign, from: 2003-01-01"+until+to+"}")
		d := g.View(fact.DayOf(2003, 10, 1), g.Size()).Record(fact.Key{Kind: "delegation", ID: "d"})
		is, why := report.AmendmentOf(p, d)
		if got := string(is) + " " + why; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Paragraph 9.1 of the report of 2003: Part 3B is to be amended, since it names posts that end with the launch.
func TestAmendmentHarrow(t *testing.T) {
	g, p := harrow(t)
	known := g.KnownAt(fact.DayOf(2003, 9, 17).End())
	for on, want := range map[fact.Day]string{
		fact.DayOf(2003, 9, 17): "needed-soon Director of Education ends on 30 September 2003.",
		fact.DayOf(2003, 10, 1): "needed Director of Education ended on 30 September 2003.",
	} {
		d := g.View(on, known).Record(fact.Key{Kind: "delegation", ID: "part-3b-director-of-education"})
		is, why := report.AmendmentOf(p, d)
		if got := string(is) + " " + why; got != want {
			t.Errorf("on %s: %q, want %q", on.Words(), got, want)
		}
	}
}

func TestStatusOfPost(t *testing.T) {
	g, p := harrow(t)
	v := g.View(fact.DayOf(2003, 10, 1), g.Size())
	for id, want := range map[fact.ID]report.Status{
		"director-childrens-services": report.Held, "area-director-people-first": report.NotRecorded,
	} {
		post := v.Record(fact.Key{Kind: graph.Post, ID: id})
		if got := report.StatusOfPost(post); got != want {
			t.Errorf("%s: %d, want %d", id, got, want)
		}
		if h := report.HoldingOf(p, post); h.Vacant != (report.StatusOfPost(post) == report.Vacant) {
			t.Errorf("%s is vacant, or not", id)
		}
	}
	g, _ = council(t, twoPosts+`{kind: post, id: gone, title: Gone, from: 2020-01-01}
---
{kind: appointment, id: a, person: ann, post: old, basis: acting, from: 2020-01-01}
---
{kind: appointment, id: b, person: bea, post: new, basis: interim, from: 2020-01-01}
---
{kind: appointment, id: c, person: bea, post: gone, from: 2020-01-01, until: 2020-02-01}`)
	v = g.View(fact.DayOf(2020, 6, 1), g.Size())
	for id, want := range map[fact.ID]report.Status{"old": report.Acting, "new": report.Interim, "gone": report.Vacant} {
		if got := report.StatusOfPost(v.Record(fact.Key{Kind: graph.Post, ID: id})); got != want {
			t.Errorf("%s: %d, want %d", id, got, want)
		}
	}
}
