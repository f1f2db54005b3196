package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// where writes a place as one part of a golden line.
func where(p *report.Place) string {
	if p == nil {
		return "–"
	}
	s := p.Unit.Text
	if p.Manager.Text != "" {
		s += " (" + p.Manager.Text + ")"
	}
	for _, a := range p.Answers {
		s += " ‖ " + a.Text
	}
	if p.Organisation.Text != "" {
		s += " @ " + p.Organisation.Text
	}
	return s
}

// moved writes a transfer table as lines of a golden.
func moved(t report.Transfer) string {
	var b strings.Builder
	for _, m := range t.Rows {
		fmt.Fprintf(&b, "%s: %s [%s]", m.Function.Text, m.Course, m.State())
		if m.Course != report.Staying {
			fmt.Fprintf(&b, " %s", where(m.From))
		}
		for _, s := range m.Steps {
			fmt.Fprintf(&b, " → %s: %s", s.On.Words(), where(s.To))
		}
		if m.Body.Text != "" {
			fmt.Fprintf(&b, " | from %s", m.Body.Text)
		}
		if m.Gone.Text != "" {
			fmt.Fprintf(&b, " | to %s", m.Gone.Text)
		}
		for _, x := range m.Becomes {
			fmt.Fprintf(&b, " | becomes %s", x.Text)
		}
		for _, x := range m.Was {
			fmt.Fprintf(&b, " | was %s", x.Text)
		}
		if m.Reason != "" {
			fmt.Fprintf(&b, " | %s", m.Reason)
		}
		for _, f := range m.Faults {
			fmt.Fprintf(&b, "\n  ! %s: %s", f.Kind, f.Text)
		}
		for _, f := range m.Doubts {
			fmt.Fprintf(&b, "\n  ? %s", f.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

const twoWaves = `
{kind: unit, id: education, name: Education, type: department, head: director-of-education}
---
{kind: unit, id: social-services, name: Social Services, type: department, head: director-of-social-services}
---
{kind: post, id: director-of-education, title: Director of Education, unit: education}
---
{kind: post, id: director-of-social-services, title: Director of Social Services, unit: social-services}
---
{kind: person, id: a, name: A}
---
{kind: person, id: b, name: B}
---
{kind: appointment, id: a-education, person: a, post: director-of-education, from: 2001-01-01}
---
{kind: appointment, id: b-social-services, person: b, post: director-of-social-services, from: 2001-01-01}
---
{kind: designation, id: ceo, role: CEO, post: director-of-education, from: 2001-01-01}
---
{kind: designation, id: dss, role: DSS, post: director-of-social-services, from: 2001-01-01}
---
{kind: function, id: sen, name: Special needs, domain: EDU, ages: children, unit: education}
---
{kind: function, id: schools, name: Schools, domain: EDU, ages: children, unit: education}
---
{kind: function, id: fostering, name: Fostering, domain: CSC, ages: children, unit: social-services}
---
{kind: function, id: older, name: Older people, domain: ASC, ages: adults, unit: social-services}
---
{kind: function, id: meals, name: Meals, domain: ASC, ages: adults, unit: social-services}
---
{kind: function, id: grants, name: Grants, domain: EDU, unit: education}
---
{kind: function, id: nursing, name: Nursing, domain: ASC, ages: adults, unit: social-services, delivered_by: pct}
---
{kind: function, id: support-1, name: Family & Parent Support, domain: SUPPORT, unit: education}
---
{kind: function, id: support-2, name: Family and parent support, domain: SUPPORT, unit: social-services}
---
{kind: function, id: nowhere, name: Nowhere, domain: SUPPORT}
---
{kind: organisation, id: pct, name: Primary Care Trust, type: nhs}
---
{kind: proposal, id: merge, title: One directorate, status: draft}
---
{kind: unit, id: people, proposal: merge, from: 2003-09-01, name: People, type: directorate, head: director-of-people}
---
{kind: post, id: director-of-people, proposal: merge, from: 2003-09-01, title: Director of People, unit: people}
---
{kind: function, id: schools, proposal: merge, from: 2003-09-01, name: Schools, domain: EDU, ages: children, unit: people}
---
{kind: unit, id: education, proposal: merge, end: 2003-09-30}
---
{kind: unit, id: social-services, proposal: merge, end: 2003-09-30}
---
{kind: designation, id: ceo, proposal: merge, end: 2003-08-31}
---
{kind: designation, id: ceo-new, proposal: merge, from: 2003-09-15, role: CEO, post: director-of-people}
---
{kind: person, id: c, name: C}
---
{kind: appointment, id: c-people, proposal: merge, from: 2003-09-01, person: c, post: director-of-people}
---
{kind: function, id: fostering, proposal: merge, from: 2003-10-01, name: Fostering, domain: CSC, ages: children, unit: people}
---
{kind: function, id: older, proposal: merge, from: 2003-10, name: Older people, domain: ASC, ages: adults, unit: people}
---
{kind: function, id: meals, proposal: merge, end: 2003-09-30}
---
{kind: function, id: grants, proposal: merge, end: 2003-09-30, note: The grant scheme was wound up by government.}
---
{kind: function, id: nursing, proposal: merge, end: 2003-09-30}
---
{kind: transfer, id: to-pct, proposal: merge, name: Nursing to the trust, functions: [nursing], to_organisation: pct, planned_for: 2003-10-01}
---
{kind: function, id: support-1, proposal: merge, from: 2003-10-01, name: Family & Parent Support, domain: SUPPORT, unit: people}
---
{kind: function, id: support-2, proposal: merge, from: 2003-10-01, name: Family and parent support, domain: SUPPORT, unit: people}
---
{kind: function, id: youth, proposal: merge, from: 2003-10-01, name: Youth, domain: YOUTH, unit: people}
---
{kind: function, id: later, proposal: merge, from: tba, name: Later, domain: YOUTH, unit: people}
`

// Two departments become one in two waves. What the table says of each function is read here line by line.
func TestTransferOfTwoWaves(t *testing.T) {
	g, p := council(t, twoWaves)
	got := report.TransferOf(p, g.View(fact.DayOf(2003, 6, 1), g.Size()), "merge", fact.Date{})
	if got.Eve != fact.DayOf(2003, 8, 31) || got.End != fact.DayOf(2003, 10, 31) {
		t.Errorf("from %s to %s", got.Eve, got.End)
	}
	same(t, "two waves", moved(got), ``)
}
