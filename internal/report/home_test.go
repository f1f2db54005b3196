package report_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

func points(all []report.Point) string {
	var out []string
	for _, x := range all {
		out = append(out, fmt.Sprintf("%s: %s: %s", x.Words, x.What, x.Text))
	}
	return strings.Join(out, "\n")
}

func needs(all []report.Need) string {
	var out []string
	for _, x := range all {
		lead := x.Rule + x.Role + x.List
		if x.Record != (fact.Key{}) {
			lead += x.Record.String()
		}
		out = append(out, fmt.Sprintf("%s {%s} %s → %s", x.Text, x.Tag, x.When, lead))
	}
	return strings.Join(out, "\n")
}

func recorded(all []report.Recorded) string {
	var out []string
	for _, x := range all {
		s := fmt.Sprintf("%s %s: %s", x.At.Format("2 Jan 2006"), x.Who, x.Text)
		if x.Corrected {
			s += " (corrected)"
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func pipeline(all []report.Recruiting) string {
	var out []string
	for _, x := range all {
		s := fmt.Sprintf("%s {%s} %s | %s", x.Post.Text, x.Word, x.Next, strings.Join(x.Cover, "; "))
		if x.NoCover {
			s += " (!)"
		}
		if x.Chosen.Text != "" {
			s += " | " + x.Chosen.Text
		}
		for _, c := range x.Conditions {
			s += " | " + c.Text
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func same(t *testing.T, name, got, want string) {
	t.Helper()
	got = strings.TrimSpace(got)
	if got != strings.TrimSpace(want) {
		t.Errorf("%s:\n%s\nwant\n%s", name, got, strings.TrimSpace(want))
	}
}

func TestComingHarrow(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct {
		name string
		v    *graph.View
		want string
	}{
		{"before the launch", g.View(fact.DayOf(2003, 9, 17), g.KnownAt(fact.DayOf(2003, 9, 17).End())), `
29 September 2003: Expected start: Recruitment: Director of Children's Services
29 September 2003: Expected start: Recruitment: Head of Community Care (transitional)
29 September 2003: Appointment begins: Paul Clark, Director of Children's Services
29 September 2003: Appointment begins: Nick Georgiou, Head of Community Care (transitional)
29 September 2003: Post begins: Director of Children's Services
29 September 2003: Post begins: Head of Community Care (transitional)
30 September 2003: Designation ends: Chief Education Officer: Director of Education
30 September 2003: Designation ends: Director of Social Services: Director of Social Services
30 September 2003: Appointment ends: 5 appointments
30 September 2003: Post ends: 5 posts
30 September 2003: Unit ends: Education Department
30 September 2003: Unit ends: Social Services Department
1 October 2003: Due: Launch of the new directorates
1 October 2003: Designation begins: Chief Education Officer: Director of Learning & Community Development
1 October 2003: Designation begins: Director of Social Services: Director of Children's Services
1 October 2003: Post changes: 4 posts
1 October 2003: Post begins: Director of Learning & Community Development
1 October 2003: Post begins: Area Director – People First
1 October 2003: Unit begins: 8 units
1 October 2003: Function begins: 13 functions
1 October 2003: Function changes: 12 functions
1 October 2003: Board begins: Meeting of the council's statutory officers
October 2003: Due: Integration project reported to Cabinet and to the Primary Care Trust's board
autumn 2003: Planned start: Community schools, Rooks Heath cluster
autumn 2003: Planned start: Community schools, Canons cluster
autumn 2003: Starts: People First service roll-out – community schools`},
		{"the day of the letter", g.View(fact.DayOf(2015, 6, 5), g.Size()), `
17 June 2015: Meeting planned: Cabinet, 17 June 2015
17 June 2015: Decision on: People Directorate, within a restructuring of senior management`},
	} {
		same(t, c.name, points(report.Coming(p, c.v, 30)), c.want)
	}
}

func TestAttentionHarrow(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct {
		name string
		v    *graph.View
		want string
	}{
		{"the report of 2003", g.View(fact.DayOf(2003, 9, 17), g.KnownAt(fact.DayOf(2003, 9, 17).End())), `
Area Director – People First: record what came of Appointments Panel, 11 September 2003 {Late} was 11 September 2003 → recruitment/area-director-people-first-2003
Director of Children's Services: Start, 29 September 2003 {Due soon} by 29 September 2003 → recruitment/director-childrens-services-2003
Head of Community Care (transitional): Start, 29 September 2003 {Due soon} by 29 September 2003 → recruitment/head-community-care-2003
Launch of the new directorates {Due soon} by 1 October 2003 → milestone/people-first-launch
Record who fills 3 statutory roles {Not recorded}  → roles`},
		{"the day of the letter", g.View(fact.DayOf(2015, 6, 5), g.Size()), `
Recommendation 1: Set up the post of Corporate Director – People and fill it as soon as can be … {Not started} no date → recommendation/people-directorate-2015-1
Recommendation 2: Have a clear plan for setting up the directorate, which finds the key risks and … {Not started} no date → recommendation/people-directorate-2015-2
Recommendation 3: Dedicate change management capacity to the new directorate, within one process … {Not started} no date → recommendation/people-directorate-2015-3
Recommendation 4: See that the safeguarding boards and scrutiny examine the directorate's progress … {Not started} no date → recommendation/people-directorate-2015-4
Recommendation 5: Keep the test of assurance live, and have a formal review made once the … {Not started} no date → recommendation/people-directorate-2015-5
Record who fills 6 statutory roles {Not recorded}  → roles
Record who manages 2 functions {Not recorded}  → functions`},
		{"the proposal on that day", g.View(fact.DayOf(2015, 6, 5), g.Size()).With("people-directorate"), `
Condition: As long as the Corporate Director – People is an officer whose experience in children's services is recent and relevant. Say whether it is met {Not started} no date → condition/corporate-director-experience
Recommendation 1: Set up the post of Corporate Director – People and fill it as soon as can be … {Not started} no date → recommendation/people-directorate-2015-1
Recommendation 2: Have a clear plan for setting up the directorate, which finds the key risks and … {Not started} no date → recommendation/people-directorate-2015-2
Recommendation 3: Dedicate change management capacity to the new directorate, within one process … {Not started} no date → recommendation/people-directorate-2015-3
Recommendation 4: See that the safeguarding boards and scrutiny examine the directorate's progress … {Not started} no date → recommendation/people-directorate-2015-4
Recommendation 5: Keep the test of assurance live, and have a formal review made once the … {Not started} no date → recommendation/people-directorate-2015-5
Record who fills 6 statutory roles {Not recorded}  → roles
Record who manages Schools Capital Programme {Not recorded}  → function/schools-capital-programme`},
		{"a year later", g.View(fact.DayOf(2016, 7, 1), g.Size()), `
Review the test: Proposals to establish a People Directorate – independent local test of assurance {Late} was June 2016 → test/people-directorate-2015
Recommendation 1: Set up the post of Corporate Director – People and fill it as soon as can be … {Not started} no date → recommendation/people-directorate-2015-1
Recommendation 2: Have a clear plan for setting up the directorate, which finds the key risks and … {Not started} no date → recommendation/people-directorate-2015-2
Recommendation 3: Dedicate change management capacity to the new directorate, within one process … {Not started} no date → recommendation/people-directorate-2015-3
Recommendation 4: See that the safeguarding boards and scrutiny examine the directorate's progress … {Not started} no date → recommendation/people-directorate-2015-4
Recommendation 5: Keep the test of assurance live, and have a formal review made once the … {Not started} no date → recommendation/people-directorate-2015-5
Record who fills 6 statutory roles {Not recorded}  → roles
Record who manages 2 functions {Not recorded}  → functions`},
	} {
		same(t, c.name, needs(report.Attention(p, assure.Assess(p, c.v), report.Offices(p, c.v))), c.want)
	}
}

func TestAttention(t *testing.T) {
	const before = `
{kind: post, id: dcs, title: Corporate Director}
---
{kind: person, id: ann, name: Ann, experience: [children]}
---
{kind: person, id: bea, name: Bea, experience: [adults]}
---
{kind: appointment, id: a1, person: ann, post: dcs, basis: permanent, until: 2020-03-31}
---
{kind: designation, id: d, role: DCS, post: dcs}
---
{kind: function, id: f, name: Schools, domain: EDU}
---
{kind: test, id: t, title: Test of 2019, reported_on: 2019-06-05, review_due: 2020-06-05}
---
{kind: judgement, id: j, test: t, criterion: accountability, outcome: met-with-condition}
---
{kind: condition, id: c, judgement: j, text: As long as the director has led children's services., expression: 'holders("DCS").all(p, "children" in p.experience)'}
---
{kind: recommendation, id: r1, test: t, number: 1, text: Publish a plan, response: accepted, due: 2020-03-31}
---
{kind: recommendation, id: r2, test: t, number: 2, text: Done long ago, due: 2020-01-31, accepted_complete_on: 2020-01-15}
---
{kind: action, id: x1, title: Write the plan, due: 2020-04-20, status: on-track}
---
{kind: action, id: x4, title: Today's, due: 2020-04-10}
---
{kind: action, id: x2, title: Cancelled, due: 2020-01-20, status: cancelled}
---
{kind: action, id: x3, title: Some day, status: not-started}
---
{kind: risk, id: k1, title: Morale, review_due: 2020-02, reviewed_on: 2019-11-05}
---
{kind: risk, id: k2, title: Money, review_due: 2020-02, reviewed_on: 2020-03-05}
`
	for _, c := range []struct{ name, later, want string }{
		{"vacant", ``, `
Nobody is recorded as Director of children's services since 1 April 2020 {Vacant}  → DCS
No statutory office is left empty: 1 breach {Breach}  → DCS-12
Review the risk: Morale {Late} was February 2020 → risk/k1
Recommendation 1: Publish a plan {Late} was 31 March 2020 → recommendation/r1
Accountabilities and responsibilities: the judgement is out of date: Corporate Director: Ann left, and nobody holds the post {Out of date}  → judgement/j
Today's {Due soon} by 10 April 2020 → action/x4
Write the plan {Due soon} by 20 April 2020 → action/x1
Condition: As long as the director has led children's services. Say whether it is met {Not started} no date → condition/c
Some day {Not started} no date → action/x3
Record who fills 5 statutory roles {Not recorded}  → roles
Record who manages Schools {Not recorded}  → function/f`},
		{"another holder", `
{kind: appointment, id: a2, person: bea, post: dcs, basis: interim, from: 2020-04-01}
`, `
Condition: As long as the director has led children's services {Fails}  → condition/c
Review the risk: Morale {Late} was February 2020 → risk/k1
Recommendation 1: Publish a plan {Late} was 31 March 2020 → recommendation/r1
Accountabilities and responsibilities: the judgement is out of date: Corporate Director: the holder changed from Ann to Bea {Out of date}  → judgement/j
Today's {Due soon} by 10 April 2020 → action/x4
Write the plan {Due soon} by 20 April 2020 → action/x1
Some day {Not started} no date → action/x3
Record who fills 5 statutory roles {Not recorded}  → roles
Record who manages Schools {Not recorded}  → function/f`},
	} {
		g, p := council(t, strings.TrimSpace(before))
		if c.later != "" {
			if err := load(g, strings.TrimSpace(c.later)); err != nil {
				t.Fatal(err)
			}
		}
		v := g.View(fact.DayOf(2020, 4, 10), g.Size())
		same(t, c.name, needs(report.Attention(p, assure.Assess(p, v), report.Offices(p, v))), c.want)
	}
}

func TestAbsences(t *testing.T) {
	g, p := council(t, twoPosts+`{kind: appointment, id: a1, person: ann, post: old, from: 2010-01-01}
---
{kind: appointment, id: a2, person: bea, post: old, basis: acting, from: 2020-03-01}
---
{kind: absence, id: x, appointment: a1, reason: long-term, covered_by: a2, from: 2020-03-01, until: 2020-05-31}
---
{kind: absence, id: y, appointment: a2, reason: leave, from: 2020-04-01, until: 2020-04-30}`)
	var got []string
	for _, a := range report.AbsencesOf(p, g.View(fact.DayOf(2020, 4, 10), g.Size())) {
		got = append(got, fmt.Sprintf("%s, %s: %s, %s to %s, covered by %q, %s", a.Person.Text, a.Post.Text, a.Reason, a.From.Words(), a.Until.Words(), a.Cover.Text, cmp.Or(a.Basis, "no basis")))
	}
	same(t, "absences", strings.Join(got, "\n"), `
Ann, Old: Long-term, 1 March 2020 to 31 May 2020, covered by "Bea", acting
Bea, Old: Leave, 1 April 2020 to 30 April 2020, covered by "", no basis`)
}

func TestPipelineHarrow(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct {
		name string
		on   fact.Day
		want string
	}{
		{"before the launch", fact.DayOf(2003, 9, 17), `
Area Director – People First {Panel} Record what came of Appointments Panel, 11 September 2003 | The post begins 1 October 2003
Director of Children's Services {Accepted} Start, 29 September 2003 | The post begins 29 September 2003 | Paul Clark
Director of Learning & Community Development {Accepted} Start, to be agreed | The post begins 1 October 2003 | Javed Khan
Head of Community Care (transitional) {Accepted} Start, 29 September 2003 | The post begins 29 September 2003 | Nick Georgiou
Director of People First Strategy {Started} Nothing: the post is filled |  | Geoff Wingrove`},
		{"the day of the panel", fact.DayOf(2003, 9, 11), `
Area Director – People First {Panel} Appointments Panel, 11 September 2003 | The post begins 1 October 2003
Director of Children's Services {Accepted} Start, 29 September 2003 | The post begins 29 September 2003 | Paul Clark
Director of Learning & Community Development {Accepted} Start, to be agreed | The post begins 1 October 2003 | Javed Khan
Director of People First Strategy {Accepted} Start | None recorded (!) | Geoff Wingrove
Head of Community Care (transitional) {Accepted} Start, 29 September 2003 | The post begins 29 September 2003 | Nick Georgiou`},
		{"the day of the launch", fact.DayOf(2003, 10, 1), `
Area Director – People First {Panel} Record what came of Appointments Panel, 11 September 2003 | None recorded (!)
Director of Learning & Community Development {Accepted} Start, to be agreed | None recorded (!) | Javed Khan
Director of Children's Services {Started} Nothing: the post is filled |  | Paul Clark
Director of People First Strategy {Started} Nothing: the post is filled |  | Geoff Wingrove
Head of Community Care (transitional) {Started} Nothing: the post is filled |  | Nick Georgiou`},
	} {
		same(t, c.name, pipeline(report.Pipeline(p, g.View(c.on, g.Size()))), c.want)
	}
}

func TestRecent(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct{ name, later, want string }{
		{"a load", ``, `
5 Jun 2015 owner: 255 records, most of them findings`},
		{"a holder", `
{kind: person, id: ann, name: Ann}
---
{kind: appointment, id: ann, person: ann, post: director-public-health, basis: acting, from: 2015-06-03}
`, `
5 Jul 2015 owner: New appointment: Ann, Director of Public Health. From 3 June 2015.
5 Jul 2015 owner: New person: Ann`},
		{"a correction", `
{kind: unit, id: people-first, from: 2003-10-01, name: People First, type: department, head: executive-director-people-first}
`, `
5 Aug 2015 owner: People First. Type: Department. (corrected)`},
		{"a change", `
{kind: post, id: director-public-health, from: 2015-07-01, title: Director of Public Health, unit: community-health-wellbeing, reports_to: chief-executive, capacity: officer}
---
{kind: appointment, id: lockwood-chief-executive, end: 2015-06-30}
---
{kind: post, id: director-education, proposal: people-directorate, from: tba, title: Director of Education and Schools, unit: people, reports_to: corporate-director-people, capacity: officer}
`, `
5 Sep 2015 owner: Director of Education and Schools. Title: Director of Education and Schools. As proposed in People Directorate, within a restructuring of senior management.
5 Sep 2015 owner: Michael Lockwood, Chief Executive. Last day: 30 June 2015.
5 Sep 2015 owner: Director of Public Health. Reports to: Chief Executive. From 1 July 2015.`},
	} {
		if c.later != "" {
			if err := load(g, strings.TrimSpace(c.later)); err != nil {
				t.Fatal(c.name, err)
			}
		}
		v := g.View(fact.DayOf(2015, 7, 5), g.Size())
		last := g.RecordedAt(g.Size())
		same(t, c.name, recorded(report.Recent(p, v, last.Add(-time.Hour), 10)), c.want)
	}
	if got := report.Recent(p, g.View(fact.DayOf(2015, 7, 5), g.Size()), time.Time{}, 5); len(got) != 5 {
		t.Errorf("%d, want the newest 5", len(got))
	}
}
