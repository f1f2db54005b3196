package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/exchange"
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
	same(t, "two waves", moved(got), `
Special needs: Moves [Without a place] Education (Director of Education) ‖ Director of Education → 1 September 2003: Education (Director of Education) → 15 September 2003: Education (Director of Education) ‖ Director of People → 1 October 2003: Education ‖ Director of People
  ! No place: From 1 October 2003 until further notice, Education, the unit in which it sits, is not there.
  ! Nobody answers in law: From 1 September 2003 to 14 September 2003, nobody is designated Chief Education Officer.
Meals: Ends [Without a place] Social Services (Director of Social Services) ‖ Director of Social Services → 1 October 2003: –
  ! Ends with nowhere to go: It ends on 30 September 2003, and neither where it goes nor a reason is recorded.
Family & Parent Support: Moves [Placed] Education (Director of Education) → 1 October 2003: People (Director of People)
  ! Stands twice: From 1 October 2003 until further notice, it stands twice in People, beside Family and parent support.
Family and parent support: Moves [Placed] Social Services (Director of Social Services) → 1 October 2003: People (Director of People)
  ! Stands twice: From 1 October 2003 until further notice, it stands twice in People, beside Family & Parent Support.
Grants: Ends [Ended, with the reason] Education (Director of Education) ‖ Director of Education → 1 September 2003: Education (Director of Education) → 15 September 2003: Education (Director of Education) ‖ Director of People → 1 October 2003: – | The grant scheme was wound up by government.
  ! Nobody answers in law: From 1 September 2003 to 14 September 2003, nobody is designated Chief Education Officer.
Schools: Moves [Placed] Education (Director of Education) ‖ Director of Education → 1 September 2003: People (Director of People) → 15 September 2003: People (Director of People) ‖ Director of People
  ! Nobody answers in law: From 1 September 2003 to 14 September 2003, nobody is designated Chief Education Officer.
Nowhere: Stays [Without a place]
  ! No place: From 1 September 2003 until further notice, it is in no unit, no post manages it and no other body delivers it. It is so already, without the proposal.
Later: Date to be agreed [Not certain] –
  ? The proposal changes it on a date that is to be agreed.
Fostering: Moves [Placed] Social Services (Director of Social Services) ‖ Director of Social Services → 1 October 2003: People (Director of People) ‖ Director of Social Services
Older people: Moves [Placed] Social Services (Director of Social Services) ‖ Director of Social Services → October 2003: People (Director of People) ‖ Director of Social Services
  ? From 1 October 2003 to 30 October 2003, where it sits changes within the dates given.
Nursing: Goes to another body [Gone to another body] Social Services (Director of Social Services) ‖ Director of Social Services @ Primary Care Trust → 1 October 2003: – | from Primary Care Trust | to Primary Care Trust
Youth: Not recorded before [Placed] – → 1 October 2003: People (Director of People)`)
}

// The same, as people read it, and where it came from.
func TestTransferDocument(t *testing.T) {
	g, p := council(t, twoWaves)
	got := report.TransferOf(p, g.View(fact.DayOf(2003, 6, 1), g.Size()), "merge", fact.Date{})
	var b strings.Builder
	for _, d := range []report.Document{got.Document("On 1 June 2003."), got.Origins("On 1 June 2003.")} {
		if err := exchange.Markdown(&b, d); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "documents", b.String(), `
# Where each function goes: One directorate

On 1 June 2003.

From 31 August 2003, the day before the first change, to 31 October 2003.

12 functions: 6 move, 1 goes to another body, 1 was not recorded before, 2 end, 1 has a date to be agreed and 1 stays.

Against adoption stand 6 functions: 1 without a place, 1 ending with nowhere to go, 2 standing twice and 3 with nobody to answer in law. Put it right, or record the reason with the adoption.

So already, without the proposal: 1 without a place.

Of 2 functions something is not certain. That is no fault, and it is listed.

## What is wrong

| What | On which days, and why | Functions |
| --- | --- | --- |
| No place | From 1 October 2003 until further notice, Education, the unit in which it sits, is not there. | Special needs |
| Nobody answers in law | From 1 September 2003 to 14 September 2003, nobody is designated Chief Education Officer. | Special needs; Grants; Schools |
| Ends with nowhere to go | It ends on 30 September 2003, and neither where it goes nor a reason is recorded. | Meals |
| Stands twice | From 1 October 2003 until further notice, it stands twice in People, beside Family and parent support. | Family & Parent Support |
| Stands twice | From 1 October 2003 until further notice, it stands twice in People, beside Family & Parent Support. | Family and parent support |
| No place | From 1 September 2003 until further notice, it is in no unit, no post manages it and no other body delivers it. It is so already, without the proposal. | Nowhere |

## Function by function

| Function | From | To | When | Answers in law |
| --- | --- | --- | --- | --- |
| Special needs | Education (Director of Education) | 1 September 2003: Education (Director of Education), and nobody answers for it in law; 15 September 2003: Education (Director of Education), answered for by Director of People; 1 October 2003: Education, answered for by Director of People | 1 September 2003, and 2 steps after it | Director of Education → Director of People |
| Meals | Social Services (Director of Social Services) | Ends | 1 October 2003 | Director of Social Services |
| Family & Parent Support | Education (Director of Education) | People (Director of People) | 1 October 2003 |  |
| Family and parent support | Social Services (Director of Social Services) | People (Director of People) | 1 October 2003 |  |
| Grants | Education (Director of Education) | 1 September 2003: Education (Director of Education), and nobody answers for it in law; 15 September 2003: Education (Director of Education), answered for by Director of People; 1 October 2003: ends: The grant scheme was wound up by government. | 1 September 2003, and 2 steps after it | Director of Education |
| Schools | Education (Director of Education) | 1 September 2003: People (Director of People), and nobody answers for it in law; 15 September 2003: People (Director of People), answered for by Director of People | 1 September 2003, and 1 step after it | Director of Education → Director of People |
| Nowhere | No place | Stays, without a place |  |  |
| Later | Not recorded before | To be agreed | To be agreed |  |
| Fostering | Social Services (Director of Social Services) | People (Director of People) | 1 October 2003 | Director of Social Services |
| Older people | Social Services (Director of Social Services) | People (Director of People) | October 2003 | Director of Social Services |
| Nursing | Social Services (Director of Social Services), delivered by Primary Care Trust | Goes to Primary Care Trust | 1 October 2003 | Director of Social Services |
| Youth | Not recorded before | People (Director of People) | 1 October 2003 |  |

## What is not certain

| What | On which days, and why | Functions |
| --- | --- | --- |
| Not certain | The proposal changes it on a date that is to be agreed. | Later |
| Not certain | From 1 October 2003 to 30 October 2003, where it sits changes within the dates given. | Older people |
# What came from where: One directorate

On 1 June 2003.

From 31 August 2003, the day before the first change, to 31 October 2003.

Not everything landed. Of 10 functions, 3 have no place and 2 stand twice.

## In figures

What became of the functions of each body

| From | Came | Placed | Merged or divided | Gone to another body | Still with that body | Ended, with the reason | Not certain | Without a place | Of these, standing twice |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| This council | 9 | 5 | 0 | 0 | 0 | 1 | 0 | 3 | 2 |
| Primary Care Trust | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |
| All | 10 | 5 | 0 | 1 | 0 | 1 | 0 | 3 | 2 |

## This council: 9 functions

Functions of this council

| Function | What became of it | Where it is now | When |
| --- | --- | --- | --- |
| Special needs | Without a place | Education | 1 September 2003, and 2 steps after it |
| Meals | Without a place | Ends | 1 October 2003 |
| Nowhere | Without a place | No place |  |
| Grants | Ended, with the reason | Ends: The grant scheme was wound up by government. | 1 September 2003, and 2 steps after it |
| Family & Parent Support | Placed; stands twice | People (Director of People) | 1 October 2003 |
| Family and parent support | Placed; stands twice | People (Director of People) | 1 October 2003 |
| Schools | Placed | People (Director of People) | 1 September 2003, and 1 step after it |
| Fostering | Placed | People (Director of People) | 1 October 2003 |
| Older people | Placed | People (Director of People) | October 2003 |

## Primary Care Trust: 1 function

Functions of Primary Care Trust

| Function | What became of it | Where it is now | When |
| --- | --- | --- | --- |
| Nursing | Gone to another body | Goes to Primary Care Trust | 1 October 2003 |

## Not recorded before

Functions that no body had before

| Function | To |
| --- | --- |
| Later | To be agreed |
| Youth | People (Director of People) |`)
}

// A proposal whose only dates are of records on which no function depends leaves every function where it is.
func TestTransferOfWhatIsUndated(t *testing.T) {
	g, p := council(t, `{kind: proposal, id: p, title: P}
---
{kind: post, id: a, title: A}
---
{kind: function, id: f, name: F, domain: SUPPORT, managed_by: a}
---
{kind: board, id: b, proposal: p, name: B, from: 2016-01-01}
---
{kind: post, id: a, proposal: p, title: A, grade: D1, from: tba}`)
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	launch, _ := report.AssumedLaunch(v, "p")
	if x := report.TransferOf(p, v, "p", launch); len(x.Rows) != 1 || !x.Sound() {
		t.Errorf("%+v", x.Rows)
	}
}

// What stands against adoption names the functions.
func TestAgainstAdoption(t *testing.T) {
	g, p := council(t, twoWaves)
	same(t, "objections", strings.Join(report.AgainstAdoption(p, g.View(fact.DayOf(2003, 6, 1), g.Size()), "merge", fact.Date{}), "\n"), `
No place: Special needs. From 1 October 2003 until further notice, Education, the unit in which it sits, is not there.
Nobody answers in law: Special needs; Grants; Schools. From 1 September 2003 to 14 September 2003, nobody is designated Chief Education Officer.
Ends with nowhere to go: Meals. It ends on 30 September 2003, and neither where it goes nor a reason is recorded.
Stands twice: Family & Parent Support. From 1 October 2003 until further notice, it stands twice in People, beside Family and parent support.
Stands twice: Family and parent support. From 1 October 2003 until further notice, it stands twice in People, beside Family & Parent Support.`)
}
