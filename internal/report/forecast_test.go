package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// smallCouncil is a council with the statutory officers of its people services, and a proposal that changes nothing yet.
const smallCouncil = `
{kind: council, id: council, name: Made Council, type: unitary, governance: leader-and-cabinet}
---
{kind: unit, id: children, name: Children}
---
{kind: unit, id: adults, name: Adults}
---
{kind: post, id: ce, title: Chief Executive}
---
{kind: post, id: dcs, title: "Corporate Director, Children", unit: children, reports_to: ce, salary_from: 100000, salary_to: 120000}
---
{kind: post, id: dass, title: "Corporate Director, Adults", unit: adults, reports_to: ce, salary_from: 90000, salary_to: 110000}
---
{kind: post, id: dph, title: Director of Public Health, unit: adults, reports_to: dass}
---
{kind: designation, id: hps, role: HPS, post: ce}
---
{kind: designation, id: dcs, role: DCS, post: dcs}
---
{kind: designation, id: dass, role: DASS, post: dass}
---
{kind: designation, id: dph, role: DPH, post: dph}
---
{kind: person, id: ann, name: Ann, experience: [children]}
---
{kind: person, id: ben, name: Ben, experience: [adults]}
---
{kind: appointment, id: ann, person: ann, post: dcs, from: 2015-01-01}
---
{kind: appointment, id: ben, person: ben, post: dass, from: 2015-01-01}
---
{kind: function, id: schools, name: Schools, domain: EDU, ages: children, unit: children}
---
{kind: function, id: care, name: Care of adults, domain: ASC, ages: adults, unit: adults}
---
{kind: function, id: health, name: Public health, domain: PH, managed_by: dph}
---
{kind: board, id: cabinet, name: Cabinet, type: cabinet}
---
{kind: board, id: sab, name: Adults Board, type: sab}
---
{kind: seat, id: sab-chair, board: sab, as: chair, post: dass}
---
{kind: delegation, id: d1, reference: "1", power: To place adults, to: dass}
---
{kind: proposal, id: people, title: People, status: consultation}
---
{kind: test, id: test, title: Test of People, tests: people, reported_on: 2015-05-01}
---
{kind: judgement, id: j1, test: test, criterion: accountability, outcome: met}
`

// branch writes what a proposal changes.
func branch(docs ...string) string {
	out := ""
	for _, d := range docs {
		out += "---\n{proposal: people, " + d + "}\n"
	}
	return out
}

// drawBranch draws what the proposal changes in the small council, on some of the days around June 2015 or undated.
func drawBranch(t *rapid.T) string {
	var docs []string
	date := func(name string) string {
		switch rapid.IntRange(0, 5).Draw(t, name+" form") {
		case 0:
			return "tba"
		case 1:
			return "2015-06"
		}
		return (fact.DayOf(2015, 6, 1) + fact.Day(rapid.IntRange(0, 40).Draw(t, name))).String()
	}
	for _, x := range []struct{ key, fields string }{
		{"kind: post, id: people", "title: Corporate Director, reports_to: ce"}, {"kind: post, id: dcs", "title: Director of Children, unit: children, reports_to: people"},
		{"kind: post, id: dass", "title: Director of Adults, unit: adults, reports_to: people"}, {"kind: post, id: dph", "title: Director of Public Health, unit: adults, reports_to: ce, accountable_to: [ce]"},
		{"kind: designation, id: dcs", "role: DCS, post: people"}, {"kind: designation, id: dass", "role: DASS, post: people"}, {"kind: designation, id: mo", "role: MO, post: ce"},
		{"kind: appointment, id: ann", "person: ann, post: people"}, {"kind: appointment, id: new", "person: ben, post: people, basis: interim"},
		{"kind: function, id: care", "name: Care of adults, domain: ASC, ages: adults, unit: children"}, {"kind: function, id: health", "name: Public health, domain: PH, managed_by: people"},
		{"kind: seat, id: sab-chair", "board: sab, as: chair, post: people"}, {"kind: unit, id: adults", "name: Adults and health"}, {"kind: delegation, id: d1", "reference: '1', power: To place adults, to: people"},
	} {
		switch rapid.IntRange(0, 4).Draw(t, x.key) {
		case 0, 1:
			docs = append(docs, fmt.Sprintf("%s, from: %s, %s", x.key, date(x.key), x.fields))
		case 2:
			if !strings.Contains(x.key, "id: people") && !strings.Contains(x.key, "id: new") && !strings.Contains(x.key, "id: mo") {
				docs = append(docs, fmt.Sprintf("%s, end: %s", x.key, date(x.key+" end")))
			}
		}
	}
	if !strings.Contains(strings.Join(docs, " "), "kind: post, id: people") {
		docs = append(docs, "kind: post, id: people, from: 2015-06-01, title: Corporate Director, reports_to: ce")
	}
	return branch(docs...)
}

// said writes what matters of results.
func said(res *rule.Results, rules ...string) string {
	var b strings.Builder
	for _, r := range res.Rows {
		if len(rules) == 0 || rules[0] == r.Rule {
			fmt.Fprintln(&b, r.Rule, r.Outcome, r.Severity, r.Subjects, r.Explanation)
		}
	}
	return b.String()
}

// A forecast says of every wave what a full run gives of a record into which the proposal was adopted; and what the pack gives of the planned record is on every day
// what it gives of the record once adopted.
func TestForecastIsTheRecordOnceAdopted(t *testing.T) {
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	launch := fact.ExactDate(fact.DayOf(2015, 6, 15))
	rapid.Check(t, func(t *rapid.T) {
		manifest := smallCouncil + drawBranch(t)
		g, err := rule.TestRecord(kinds, "none", manifest)
		if err != nil {
			t.Fatal(err)
		}
		v := g.View(fact.DayOf(2015, 5, 20), g.Size())
		f := report.ForecastOf(p, v, "people", launch)
		waves := v.Planned("people", launch).Waves()
		edit, problems := v.Planned("people", launch).Adopt("Cabinet")
		if problems != nil {
			t.Skip(problems)
		}
		docs, problems := kinds.Read("adopted", strings.NewReader(fmt.Sprintf("{kind: proposal, id: people, title: People, status: adopted, effective_on: %q}", waves[0].On.String())))
		if problems != nil {
			t.Fatal(problems)
		}
		at := time.Date(2015, 5, 21, 12, 0, 0, 0, time.UTC)
		entries, problems := g.Stage(append(docs, edit.Docs...), "owner", at, at)
		if problems != nil {
			t.Skip(problems) // what it leaves names what it ends
		}
		for i := range entries {
			if err := g.Fold(&entries[i]); err != nil {
				t.Fatal(err)
			}
		}
		adopted := func(d fact.Day) *rule.Results { return p.Run(g.View(d, g.Size())) }
		for range 2 {
			d := fact.DayOf(2015, 5, 25) + fact.Day(rapid.IntRange(0, 50).Draw(t, "day"))
			if d < waves[0].On.First {
				continue
			}
			if got, want := said(p.Run(v.Planned("people", launch).At(d))), said(adopted(d)); got != want {
				t.Fatalf("planned, on %s:\n%s\nadopted:\n%s", d, got, want)
			}
		}
		now := map[string]report.Turn{}
		for _, x := range f.Outcomes {
			now[x.Rule] = x
		}
		for _, w := range f.Waves {
			if w.On != f.Last {
				continue
			}
			res := adopted(w.On.Day)
			for _, x := range now {
				found := false
				for _, r := range res.Rows {
					found = found || r.Rule == x.Rule && r.Outcome == x.After
				}
				if !found {
					t.Fatalf("%s is forecast as %s on %s, and is\n%s", x.Rule, x.After, x.On, said(res, x.Rule))
				}
			}
			eve := p.Run(v.At(f.Eve.Day))
			for _, r := range p.Rules {
				first, last := worstOf(eve, r.ID), worstOf(res, r.ID)
				if _, turned := now[r.ID]; first != last && !turned && !(first <= "1" && last <= "1") {
					t.Fatalf("%s was %s, is %s, and nothing is said of it", r.ID, first, last)
				}
			}
		}
	})
}

// worstOf gives the outcome of a rule that matters most, as a word that sorts.
func worstOf(res *rule.Results, id string) string {
	worst := ""
	for _, r := range res.Rows {
		if r.Rule != id {
			continue
		}
		n := map[rule.Outcome]string{rule.NotApplicable: "0", rule.Met: "1", rule.MetWithCondition: "2", rule.CannotTest: "3", rule.NotMet: "4" + map[rule.Severity]string{rule.Advisory: "a", rule.Departure: "b", rule.Breach: "c"}[r.Severity]}[r.Outcome]
		worst = max(worst, n)
	}
	return worst
}

// mattersOf writes what a forecast comes to, a line each.
func mattersOf(f *report.Forecast) string {
	var out []string
	for _, n := range f.Notes {
		out = append(out, "note: "+n)
	}
	m := f.Matters()
	for _, x := range m.MustFix {
		out = append(out, "must: "+x.Text+" ["+x.Rule+"] "+x.Do)
	}
	for _, x := range m.Think {
		anyway := ""
		if x.Anyway {
			anyway = " (anyway)"
		}
		out = append(out, "think: "+x.Text+" ["+x.Rule+"] "+x.Do+anyway)
	}
	return strings.Join(out, "\n")
}

func TestForecastMatters(t *testing.T) {
	for _, c := range []struct {
		name   string
		docs   string
		launch string
		want   []string
		not    []string
	}{
		{"nothing yet", "", "", []string{"note: The proposal changes nothing yet."}, []string{"must:", "think:"}},
		{"two waves, and a month in which nobody is designated",
			branch("kind: designation, id: dass, end: 2015-08-31", "kind: post, id: people, from: 2015-10-01, title: Corporate Director of People, reports_to: ce", "kind: designation, id: dass2, from: 2015-10-01, role: DASS, post: people",
				"kind: appointment, id: new, from: 2015-10-01, person: ben, post: people"), "",
			[]string{"must: Nobody would be director of adult social services from 1 September 2015 to 30 September 2015 (30 days): no post is designated. [] Designate a post", "must: Breach from 1 September 2015 to 30 September 2015: The law requires one director of adult social services"},
			[]string{"note:", "from 1 October 2015 on"}},
		{"the post is designated, and nobody comes into it until November",
			branch("kind: post, id: people, from: 2015-10-01, title: Corporate Director of People, reports_to: ce", "kind: designation, id: dass, from: 2015-10-01, role: DASS, post: people", "kind: appointment, id: new, from: 2015-11-01, person: ben, post: people"), "",
			[]string{"must: Nobody would be director of adult social services from 1 October 2015 to 31 October 2015 (31 days): Corporate Director of People is designated, and nobody is in post. [DCS-12] Appoint somebody, or cover"}, []string{"no post is designated"}},
		{"nobody is recorded in the new post",
			branch("kind: post, id: people, from: tba, title: Corporate Director of People, reports_to: ce", "kind: designation, id: dass, from: tba, role: DASS, post: people"), "2015-10-01",
			[]string{"think: Who would be director of adult social services from 1 October 2015 on is not recorded."}, []string{"note:", "must:"}},
		{"undated, and no launch given", branch("kind: unit, id: adults, from: tba, name: People"), "", []string{"note: The proposal does not say from which day it would apply. What it leaves undated is taken to apply from 20 May 2015, the day looked at."}, nil},
		{"some day in June", branch("kind: unit, id: adults, from: 2015-06, name: People"), "", []string{"note: Changes in June 2015 are read from 30 June 2015, the first day on which they are certain."}, nil},
		{"by the end of the year", branch("kind: unit, id: adults, from: by 2015-12, name: People"), "", []string{"note: Changes some day by December 2015 are read from 31 December 2015, the first day on which they are certain."}, nil},
		{"one director for children and adults",
			branch("kind: designation, id: dass, from: 2015-09-01, role: DASS, post: dcs", "kind: post, id: dass, end: 2015-08-31", "kind: post, id: dph, from: 2015-09-01, title: Director of Public Health, unit: adults, reports_to: dcs", "kind: function, id: care, from: 2015-09-01, name: Care of adults, domain: ASC, ages: adults, unit: children"), "",
			[]string{"think: Corporate Director, Children, as director of children's services, would also have adult social care and public health in hand. Guidance then asks for a local test of assurance (DCS-09). Test of People: it was reported on 1 May 2015. [DCS-09] See the test",
				"think: Corporate Director, Children would be director of children's services and director of adult social services at once.", "Director of Public Health would report to Corporate Director, Children (director of children's services).",
				"think: Adults Board: the seat of Corporate Director, Adults has to be filled otherwise, since that post ends. [] Fill the seat", "think: A delegation has to be amended. 1: To place adults: Corporate Director, Adults ended on 31 August 2015.",
				"think: 1 person is in a post that ends, and it is not recorded where they go."}, nil},
		{"a function is left in a unit that ends", branch("kind: unit, id: adults, end: 2015-08-31"), "",
			[]string{"must: Care of adults: ", "[] Give the function a place", "think: 2 records still name Adults, which ends."}, nil},
		{"tested in an earlier version",
			branch("kind: function, id: care, from: 2015-09-01, name: Care of adults, domain: ASC, ages: adults, unit: children") + `---
{kind: version, id: v1, of: people, number: 1}
---
{kind: version, id: v2, of: people, number: 2}
---
{kind: test, id: other, title: Other test, tests: people, version: v1, reported_on: 2015-05-02}
`, "", []string{"Other test: it was reported on 2 May 2015. It tested version 1 of the proposal; the newest is version 2. [DCS-09] See the test"}, nil},
		{"a condition that fails once another is in post",
			branch("kind: appointment, id: ann, end: 2015-08-31", "kind: appointment, id: new, from: 2015-09-01, person: ben, post: dcs", "kind: appointment, id: ben, end: 2015-08-31", "kind: appointment, id: anns, from: 2015-09-01, person: ann, post: dass") + `---
{kind: condition, id: c1, judgement: j1, text: As long as the director has led children's services, expression: 'holders("DCS").all(p, "children" in p.experience)'}
`, "", []string{"must: A condition of Test of People: As long as the director has led children's services. It fails from 1 September 2015. [] See the condition"}, nil},
		{"two posts, and one person in both", branch("kind: appointment, id: new, from: 2015-09-01, person: ann, post: dass"), "", []string{"think: Ann would be director of children's services and director of adult social services at once."}, nil},
		{"a post ends, and nobody moved its role", branch("kind: post, id: dcs, end: 2015-08-31"), "", []string{"must: Corporate Director, Children ends, and is still designated director of children's services. [] Designate another post"},
			[]string{"Who would be director of children's services", "nobody answers in law", "[DCS-05]"}},
		{"a breach for a month, and another later",
			branch("kind: designation, id: dass, from: 2015-09-01, until: 2015-09-30, role: DCS, post: people", "kind: post, id: people, from: 2015-09-01, title: Director, reports_to: ce", "kind: unit, id: adults, from: 2015-12-01, name: People"), "",
			[]string{"must: Breach from 1 September 2015 to 30 September 2015: The law requires one director of children's services"}, []string{"Breach from 1 October"}},
		{"a lead member with more in hand", branch("kind: portfolio, id: lead, from: 2015-09-01, post: lead, domains: [EDU, CSC, PH]") + `---
{kind: post, id: lead, title: Portfolio Holder, capacity: member}
---
{kind: designation, id: lmcs, role: LMCS, post: lead}
---
{kind: portfolio, id: lead, post: lead, domains: [EDU, CSC]}
`, "", []string{"think: Portfolio Holder, as lead member for children's services, would also have public health in hand. Guidance then asks for a local test of assurance (LM-04)."}, nil},
		{"what is so without it", branch("kind: unit, id: adults, from: 2015-09-01, name: People") + "---\n{kind: appointment, id: ben, end: 2015-08-31}\n", "",
			[]string{"think: Nobody would be director of adult social services from 1 September 2015 on: Corporate Director, Adults is designated, and nobody is in post. It would be so without the proposal too.", "[DCS-12] Appoint somebody, or cover (anyway)"}, []string{"must:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, p := council(t, smallCouncil+c.docs)
			launch, err := fact.ParseDate(c.launch)
			if err != nil {
				t.Fatal(err)
			}
			f := report.ForecastOf(p, g.View(fact.DayOf(2015, 5, 20), g.Size()), "people", launch)
			got := mattersOf(&f)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("nothing says %q in\n%s", want, got)
				}
			}
			for _, not := range c.not {
				if strings.Contains(got, not) {
					t.Errorf("something says %q in\n%s", not, got)
				}
			}
		})
	}
}

// What posts cost is said for those that begin, end or change, with how many there is no salary of.
func TestForecastOfPostsAndMoney(t *testing.T) {
	g, p := council(t, smallCouncil+branch("kind: post, id: people, from: 2015-09-01, title: \"Corporate Director, People\", reports_to: ce, salary_from: 110000, salary_to: 130000",
		"kind: post, id: dcs, end: 2015-08-31", "kind: post, id: dass, end: 2015-08-31", "kind: post, id: dph, from: 2015-09-01, title: Director of Public Health, unit: adults, reports_to: people"))
	f := report.ForecastOf(p, g.View(fact.DayOf(2015, 5, 20), g.Size()), "people", fact.Date{})
	var got []string
	for _, h := range f.Headlines() {
		got = append(got, h.Name+": "+h.Text)
	}
	got = append(got, f.Posts.Salary.Words())
	for _, x := range f.Tiers {
		got = append(got, fmt.Sprintf("%s: %d steps, then %d", x.Post.Text, x.Before, x.After))
	}
	for _, x := range f.Spans {
		got = append(got, fmt.Sprintf("%s: %d direct reports, then %d", x.Post.Text, x.Before, x.After))
	}
	want := `Corporate Director posts: 2 now, 1 proposed (1 fewer)
Posts changed: 4 of 5
Officers' posts: 4 now, 3 proposed (1 fewer)
Statutory roles moved: 2 roles
Local test of assurance: Not needed
Checks: 2 matters to put right before a decision
Of the 4 posts that would begin, end or change: £190,000 to £230,000 a year before, £110,000 to £130,000 after. 1 of them has no salary recorded and is in neither sum.
Chief Executive: 2 direct reports, then 1
Corporate Director, People: -1 direct reports, then 1`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
}
