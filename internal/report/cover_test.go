package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/report"
)

func cover(c report.Cover) string {
	out := []string{c.Sentence}
	for _, l := range c.Lines {
		out = append(out, fmt.Sprintf("%d %s", l.Is, l.Text))
	}
	for _, o := range c.Offices {
		var who []string
		for _, h := range o.Holders {
			who = append(who, h.Text)
		}
		s := fmt.Sprintf("  %s %s: %s", o.Code, o.Word, strings.Join(who, "; "))
		if !o.Since.IsZero() {
			s += " since " + o.Since.Words()
		}
		if o.Note != "" {
			s += " | " + o.Note
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func TestCoverHarrow(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct {
		name      string
		on, known fact.Day
		want      string
	}{
		{"joint holders", fact.DayOf(2003, 5, 1), fact.DayOf(2003, 9, 17), `
`},
		{"an interim and an acting one", fact.DayOf(2003, 9, 17), fact.DayOf(2003, 9, 17), `
`},
		{"the launch", fact.DayOf(2003, 10, 1), fact.DayOf(2003, 9, 17), `
`},
		{"in the window between the papers", fact.DayOf(2010, 1, 1), fact.DayOf(2015, 6, 5), `
`},
		{"the day of the letter", fact.DayOf(2015, 6, 5), fact.DayOf(2015, 6, 5), `
`},
	} {
		got := cover(report.CoverOf(p, g.View(c.on, g.KnownAt(c.known.End())), fact.DayOf(2015, 6, 5)))
		if got != strings.TrimSpace(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, strings.TrimSpace(c.want))
		}
	}
}

func TestCover(t *testing.T) {
	const roles = `
{kind: post, id: chief, title: Chief Executive}
---
{kind: post, id: people, title: Corporate Director}
---
{kind: post, id: money, title: Director of Finance}
---
{kind: person, id: ann, name: Ann}
---
{kind: person, id: bea, name: Bea}
---
{kind: person, id: cat, name: Cat}
---
{kind: designation, id: hps, role: HPS, post: chief}
---
{kind: designation, id: mo, role: MO, post: chief}
---
{kind: designation, id: cfo, role: CFO, post: money}
---
{kind: designation, id: dcs, role: DCS, post: people}
---
{kind: designation, id: dass, role: DASS, post: people, from: 2012-01-01}
---
{kind: appointment, id: a1, person: ann, post: chief, from: 2010-01-01}
---
{kind: appointment, id: a3, person: cat, post: money, from: 2010-01-01}
---
`
	for _, c := range []struct{ name, records, want string }{
		{"all filled", roles + `
{kind: appointment, id: a2, person: bea, post: people, from: 2011-06-01}
`, `
`},
		{"one acts", roles + `
{kind: appointment, id: a2, person: bea, post: people, basis: permanent, from: 2010-06-01, until: 2013-01-31}
---
{kind: designation, id: dass, end: 2011-12-31}
---
{kind: appointment, id: a4, person: ann, post: people, basis: acting, from: 2013-02-01}
`, `
`},
		{"vacant", roles + `
{kind: appointment, id: a2, person: bea, post: people, from: 2010-06-01, until: 2013-01-31}
`, `
`},
		{"nothing", `
{kind: council, id: council, name: Small, type: district, governance: committee, until: 2000-01-01}
`, `
`},
	} {
		g, p := council(t, strings.TrimSpace(c.records))
		got := cover(report.CoverOf(p, g.View(fact.DayOf(2013, 3, 1), g.Size()), fact.DayOf(2013, 3, 1)))
		if got != strings.TrimSpace(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, strings.TrimSpace(c.want))
		}
	}
}
