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
Of 5 statutory roles, 1 is filled on 1 May 2003. The record does not say who fills the other 4.
1 1 is acting: Director of Social Services.
2 The record does not say who fills: Head of paid service, Chief finance officer (section 151 officer), Monitoring officer and Chief Education Officer.
  HPS Not recorded:  | Who is in post is not recorded.
  CFO Not recorded:  | No designation to this role is recorded on any day.
  MO Not recorded:  | No designation to this role is recorded on any day.
  CEO Interim, joint: Head of Children and Community Services in the Education Department (not named in the report); Head of Service in the Education Department, second of three (not named in the report); Head of Service in the Education Department, third of three (not named in the report) since January 2003 | 3 people hold it together, and to which of them the role falls is not recorded.
  DSS Acting: Nick Georgiou`},
		{"an interim and an acting one", fact.DayOf(2003, 9, 17), fact.DayOf(2003, 9, 17), `
Of 5 statutory roles, 2 are filled on 17 September 2003. The record does not say who fills the other 3.
1 2 are acting or interim: Chief Education Officer (since 1 September 2003) and Director of Social Services.
2 The record does not say who fills: Head of paid service, Chief finance officer (section 151 officer) and Monitoring officer.
  HPS Not recorded:  | Who is in post is not recorded.
  CFO Not recorded:  | No designation to this role is recorded on any day.
  MO Not recorded:  | No designation to this role is recorded on any day.
  CEO Interim: Head of Children and Community Services in the Education Department (not named in the report) since 1 September 2003
  DSS Acting: Nick Georgiou`},
		{"the launch", fact.DayOf(2003, 10, 1), fact.DayOf(2003, 9, 17), `
Of 5 statutory roles, 1 is filled on 1 October 2003. The record does not say who fills the other 4.
2 The record does not say who fills: Head of paid service, Chief finance officer (section 151 officer), Monitoring officer and Chief Education Officer.
  HPS Not recorded:  | Who is in post is not recorded.
  CFO Not recorded:  | No designation to this role is recorded on any day.
  MO Not recorded:  | No designation to this role is recorded on any day.
  CEO Not recorded:  | Javed Khan: the appointment is agreed, and its start is to be announced.
  DSS In post: Paul Clark since 1 October 2003`},
		{"in the window between the papers", fact.DayOf(2010, 1, 1), fact.DayOf(2015, 6, 5), `
The record does not say who fills the 6 statutory roles on 1 January 2010.
2 The record does not say who fills: Head of paid service, Chief finance officer (section 151 officer), Monitoring officer, Director of children's services, Lead member for children's services and Director of adult social services.
  HPS Not certain:  | The dates that are recorded are not exact, and this day falls where it is not certain who fills it.
  CFO Not recorded:  | No designation to this role is recorded on any day.
  MO Not recorded:  | No designation to this role is recorded on any day.
  DCS Not certain:  | The dates that are recorded are not exact, and this day falls where it is not certain who fills it.
  LMCS Not certain:  | The dates that are recorded are not exact, and this day falls where it is not certain who fills it.
  DASS Not certain:  | The dates that are recorded are not exact, and this day falls where it is not certain who fills it.`},
		{"the day of the letter", fact.DayOf(2015, 6, 5), fact.DayOf(2015, 6, 5), `
Of 7 statutory roles, 1 is filled today. The record does not say who fills the other 6.
2 The record does not say who fills: Chief finance officer (section 151 officer), Monitoring officer, Director of children's services, Lead member for children's services, Director of adult social services and Director of public health.
  HPS In post: Michael Lockwood since between 1 April 2005 and 15 April 2015
  CFO Not recorded:  | No designation to this role is recorded on any day.
  MO Not recorded:  | No designation to this role is recorded on any day.
  DCS Not recorded:  | Who is in post is not recorded.
  LMCS Not recorded:  | Who is in post is not recorded.
  DASS Not recorded:  | Who is in post is not recorded.
  DPH Not recorded:  | Who is in post is not recorded.`},
	} {
		v := g.View(c.on, g.KnownAt(c.known.End()))
		got := cover(report.CoverOf(v, report.Offices(p, v), fact.DayOf(2015, 6, 5)))
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
All 5 statutory roles are filled today.
  HPS In post: Ann since 1 January 2010
  CFO In post: Cat since 1 January 2010
  MO In post: Ann since 1 January 2010
  DCS In post: Bea since 1 June 2011
  DASS In post: Bea since 1 January 2012`},
		{"one acts", roles + `
{kind: appointment, id: a2, person: bea, post: people, basis: permanent, from: 2010-06-01, until: 2013-01-31}
---
{kind: designation, id: dass, end: 2011-12-31}
---
{kind: appointment, id: a4, person: ann, post: people, basis: acting, from: 2013-02-01}
`, `
Of 5 statutory roles, 4 are filled today. The record does not say who fills the other.
1 1 is acting: Director of children's services, since 1 February 2013.
2 The record does not say who fills: Director of adult social services.
  HPS In post: Ann since 1 January 2010
  CFO In post: Cat since 1 January 2010
  MO In post: Ann since 1 January 2010
  DCS Acting: Ann since 1 February 2013
  DASS Not recorded:  | No designation to this role is recorded on any day.`},
		{"vacant", roles + `
{kind: appointment, id: a2, person: bea, post: people, from: 2010-06-01, until: 2013-01-31}
`, `
Of 5 statutory roles, 2 are vacant today.
3 Nobody is recorded as Director of children's services (since 1 February 2013) and Director of adult social services (since 1 February 2013).
  HPS In post: Ann since 1 January 2010
  CFO In post: Cat since 1 January 2010
  MO In post: Ann since 1 January 2010
  DCS Vacant:  since 1 February 2013 | Nobody is recorded for this role since 1 February 2013.
  DASS Vacant:  since 1 February 2013 | Nobody is recorded for this role since 1 February 2013.`},
		{"vacant, and not recorded", strings.Replace(roles, "role: CFO", "role: VSH", 1) + `
{kind: appointment, id: a2, person: bea, post: people, from: 2010-06-01, until: 2013-01-31}
`, `
Of 5 statutory roles, 2 are vacant today. The record does not say who fills 1 of them.
3 Nobody is recorded as Director of children's services (since 1 February 2013) and Director of adult social services (since 1 February 2013).
2 The record does not say who fills: Chief finance officer (section 151 officer).
  HPS In post: Ann since 1 January 2010
  CFO Not recorded:  | No designation to this role is recorded on any day.
  MO In post: Ann since 1 January 2010
  DCS Vacant:  since 1 February 2013 | Nobody is recorded for this role since 1 February 2013.
  DASS Vacant:  since 1 February 2013 | Nobody is recorded for this role since 1 February 2013.`},
		{"nothing", `
{kind: council, id: council, name: Small, type: district, governance: committee, until: 2000-01-01}
`, `
No statutory role is recorded today.
2 What kind of council this is, is not recorded on this day, so which statutory roles it has to fill is not known.`},
	} {
		g, p := council(t, strings.TrimSpace(c.records))
		v := g.View(fact.DayOf(2013, 3, 1), g.Size())
		got := cover(report.CoverOf(v, report.Offices(p, v), v.On()))
		if got != strings.TrimSpace(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, strings.TrimSpace(c.want))
		}
	}
}
