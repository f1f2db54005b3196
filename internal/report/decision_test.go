package report_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

var update = flag.Bool("update", false, "write the golden files")

// told writes a document as plain lines: what a golden file holds.
func told(d report.Document) string {
	var b strings.Builder
	var blocks func(all []report.Block, depth int)
	var below func(all []report.Box, indent string)
	below = func(all []report.Box, indent string) {
		for _, x := range all {
			fmt.Fprintf(&b, "%s[%s] %s %v double=%v dashed=%v\n", indent, x.Change, x.Title, x.Lines, x.Double, x.Dashed)
			below(x.Below, indent+"  ")
		}
	}
	table := func(t report.Table) {
		fmt.Fprintf(&b, "| %s\n| %s\n", t.Caption, strings.Join(t.Head, " | "))
		for _, r := range t.Rows {
			var cells []string
			for _, c := range r {
				cells = append(cells, strings.ReplaceAll(c.Text, "\n", " / "))
			}
			fmt.Fprintf(&b, "| %s\n", strings.Join(cells, " | "))
		}
	}
	blocks = func(all []report.Block, depth int) {
		for _, x := range all {
			switch x := x.(type) {
			case report.Para:
				fmt.Fprintln(&b, x)
			case report.Gap:
				fmt.Fprintln(&b, x)
			case report.Noted:
				fmt.Fprintf(&b, "%s {%s}\n", x.Text, strings.Join(x.Notes, "; "))
			case report.List:
				fmt.Fprintln(&b, "- "+strings.Join(x, "\n- "))
			case report.Steps:
				fmt.Fprintln(&b, "1. "+strings.Join(x, "\n1. "))
			case report.Table:
				table(x)
			case report.Bars:
				table(x.Table())
			case report.Chart:
				fmt.Fprintf(&b, "= %s\n", x.Caption)
				for _, s := range x.Sides {
					fmt.Fprintf(&b, "= %s: %s\n", s.Heading, s.Empty)
					below(s.Boxes, "  ")
				}
			case report.Subsection:
				fmt.Fprintf(&b, "%s %s\n", strings.Repeat("#", depth), x.Title)
				blocks(x.Blocks, depth+1)
			}
		}
	}
	fmt.Fprintf(&b, "%s\n%s\n%s\n%s\n", d.Title, d.Dates, d.Mark, strings.Join(d.Lead, "\n"))
	for _, s := range slices.Concat(d.Sections, d.Appendices) {
		fmt.Fprintf(&b, "\n# %s\n", s.Title)
		blocks(s.Blocks, 2)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := path.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("it is not %s; see what changed with -update and git diff\n%s", file, got)
	}
}

func decision(p *rule.Pack, v *graph.View, id fact.ID) report.Decision {
	return report.DecisionOf(p, v, id, "root", func(x *graph.View) *assure.Assessment { return assure.Assess(p, x) })
}

// The report on the proposal of 2015, of which the record holds what the letter says and no more.
func TestDecisionHarrow(t *testing.T) {
	g, p := harrow(t)
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	golden(t, "decision-2015.txt", told(decision(p, v, "people-directorate").Document()))
	golden(t, "staff-organisation-2015.txt", told(report.StaffOrganisationOf(p, v, "people-directorate", "root").Document()))

	early := g.View(fact.DayOf(2015, 6, 5), g.KnownAt(fact.DayOf(2003, 9, 17).End()))
	for _, d := range []report.Document{decision(p, early, "people-directorate").Document(), report.StaffOrganisationOf(p, early, "people-directorate", "root").Document()} {
		if s := told(d); !strings.Contains(s, "not on record on this day") || len(d.Sections) > 0 {
			t.Errorf("before it was recorded: %s", s)
		}
	}
}

// full is a proposal of which all is recorded that a report to those who decide says.
const full = `
{kind: council, id: council, name: Anywhere, type: unitary, governance: leader-and-cabinet}
---
{kind: board, id: cabinet, name: Cabinet, type: cabinet}
---
{kind: unit, id: old, name: Old, type: directorate}
---
{kind: post, id: chief, title: Chief Executive, capacity: officer, grade: C1, fte: 1, salary_from: 150000, salary_to: 160000}
---
{kind: post, id: a, title: Director A, reports_to: chief, unit: old, capacity: officer, grade: D1, fte: 1, salary_from: 100000, salary_to: 110000}
---
{kind: post, id: b, title: Director B, reports_to: chief, unit: old, capacity: officer, grade: D1, fte: 1, salary_from: 100000, salary_to: 110000.50}
---
{kind: post, id: leader, title: Leader, capacity: member}
---
{kind: designation, id: hps, role: HPS, post: chief}
---
{kind: person, id: ann, name: Ann Other}
---
{kind: appointment, id: x, person: ann, post: a}
---
{kind: priority, id: safe, name: Safe children}
---
{kind: document, id: eia, title: Equality impact assessment, type: other, published_on: 2015-05-01, about: [proposal/p]}
---
kind: proposal
id: p
title: One directorate
status: consultation
rationale: |
  It is simpler.

  ## Why now
  1. The law changed
  2. Money is **short**
drivers: [Savings, Clear lines]
priorities: [safe]
benefits: [One door for families]
published_on: 2015-04-01
consultation_opens: 2015-04-01
consultation_closes: 2015-05-01
decision_on: 2015-06-17
decided_by: cabinet
effective_on: 2015-09-01
saving: 110000
summary: Two directors become one.
recommendations: [To approve the structure, To note the test]
report_author: chief
wards: [All]
equality: Staff over 50 are affected more. Each has a meeting.
equality_assessed_on: 2015-05-01
equality_document: eia
finance_advice: The saving is sound.
legal_advice: The council has the power.
coordination: One board meets monthly.
staffing: One post of director goes.
staff_management: By open competition.
key_decision: yes
key_decision_reason: The saving is significant.
forward_plan_on: 2015-05-01
report_status: partly-exempt
exempt_under: ["1", "4"]
exempt_reason: It would name people.
---
{kind: proposal, id: q, title: Two directorates, option_of: p, option: B, drivers: [Clear lines], saving: 0}
---
{kind: consultation, id: c, title: Asking everybody, of: p, type: formal, audience: [staff, unions], opens: 2015-04-01, closes: 2015-05-01}
---
{kind: theme, id: t, of: c, name: Workload, said: It is too much, answer: A deputy was added}
---
{kind: contact, id: k, of: p, subject: The new structure, organisation: union, on: 2015-04-20}
---
{kind: organisation, id: union, name: Public Union, type: union}
---
{kind: risk, id: r, title: People leave, owner: chief, about: [proposal/p], current_likelihood: 3, current_impact: 4, mitigation: Talk to them}
---
{kind: saving, id: s1, title: One director, restructure: p, amount: 110000, year: 2016/17}
---
{kind: saving, id: s2, title: A part of it, restructure: p, amount: 10000, year: 2016/17, part_of: s1}
---
{kind: saving, id: s3, title: Another, restructure: p, amount: 5000.5, first_year: 2016/17, last_year: 2018/19}
---
{kind: test, id: test, title: The test, tests: p, assessor_organisation: union, reported_on: 2015-06-01}
---
{kind: unit, id: people, proposal: p, name: People, type: directorate}
---
{kind: unit, id: old, proposal: p, end: tba}
---
{kind: post, id: new, proposal: p, title: Director of People, reports_to: chief, unit: people, capacity: officer, grade: D2, fte: 1, salary_from: 105000, salary_to: 115000}
---
{kind: post, id: a, proposal: p, end: tba}
---
{kind: post, id: b, proposal: p, end: tba}
---
{kind: person, id: bob, name: Bob Other}
---
{kind: appointment, id: y, proposal: p, person: bob, post: chief}
`

// Where all is recorded the reports have no gap, and say what is recorded; who is in a post is nowhere in them.
func TestDecisionWithoutGaps(t *testing.T) {
	g, p := council(t, full)
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	d := decision(p, v, "p")
	f, x := report.ForecastOf(p, v, "p", fact.Date{}), report.TransferOf(p, v, "p", fact.Date{})
	got := told(d.Document()) + told(report.StaffOrganisationOf(p, v, "p", "root").Document()) + told(d.Foreseen(&f, &x).Document())
	if strings.Contains(got, "[Not recorded") || strings.Contains(got, " Other") || strings.Contains(got, "| New holder") {
		t.Errorf("it has a gap, or a name:\n%s", got)
	}
	for _, s := range []string{
		"Part 1 (public), with parts that are exempt, by paragraphs 1 and 4 of Part 1 of Schedule 12A",
		"| Key decision | Yes: The saving is significant.", "Notice was published on 1 May 2015, 46 clear days before the decision of 17 June 2015.",
		"Two directors become one.", "To approve the structure.\nTo note the test.", "It is simpler.\n## Why now\n1. The law changed\n1. Money is short",
		"| What | Do nothing | Option B | This proposal", "| Driver: Savings | – | Not named | Named", "| Officers' posts | 3 | 3 | 2", "| Estimated saving | None | £0 | £110,000",
		"Asking everybody was formal, for staff and unions. It opened on 1 April 2015 and closed on 1 May 2015.", "| Workload | Not recorded | It is too much | A deputy was added", "- The new structure, with Public Union on 20 April 2015",
		"| 2016/17 | £110,000", "| 2016/17 to 2018/19 | £5,000.50", "| At the lowest point | £350,000 | £255,000 | −£95,000", "| At the highest point | £380,000.50 | £275,000 | −£105,000.50",
		"| D1 | 2 | 0 | −2", "| D2 | 0 | 1 | +1", "| All | 3 | 2 | −1", "There are 3 posts of officers now, and there would be 2: 1 fewer.",
		"| People leave | Chief Executive | Likelihood 3, impact 4 | Talk to them", "The test, by Public Union, reported on 1 June 2015.", "| Takes effect on | 1 September 2015",
		"The impact was assessed on 1 May 2015. The assessment is “Equality impact assessment”.", "One board meets monthly.", "By open competition.", "[Post ended] Director A", "[New post] Director of People",
	} {
		if !strings.Contains(got, s) {
			t.Errorf("it does not say %q:\n%s", s, got)
		}
	}
	// The same, for a program, is JSON with the same facts.
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{`"state":"enough"`, `"clear_days":46`, `"grade":"D2","before":0,"after":1`, `"drivers":["Savings","Clear lines"]`} {
		if !strings.Contains(string(b), s) {
			t.Errorf("JSON does not say %s:\n%s", s, b)
		}
	}
}

// With what is foreseen the report says it in short, and at length in appendices that it refers to by their letters.
func TestDecisionForeseen(t *testing.T) {
	g, p := harrow(t)
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	foreseen := func(id fact.ID) report.Document {
		f, x := report.ForecastOf(p, v, id, fact.Date{}), report.TransferOf(p, v, id, fact.ExactDate(v.On()))
		return decision(p, v, id).Foreseen(&f, &x).Document()
	}
	d := foreseen("people-directorate")
	var titles []string
	for _, s := range d.Appendices {
		titles = append(titles, s.Title)
	}
	if want := "Every change, Where each function goes, What it would do, from day to day"; strings.Join(titles, ", ") != want {
		t.Errorf("appendices: %v", titles)
	}
	got := told(d)
	for _, s := range []string{"| Corporate Director posts | 4 now, 3 proposed (1 fewer)", "Each change is listed in Appendix A.", "It is set out function by function in Appendix B.", "| Special educational needs | ", "| Appendices | 3 appendices"} {
		if !strings.Contains(got, s) {
			t.Errorf("it does not say %q:\n%s", s, got)
		}
	}
	g, p = council(t, "{kind: proposal, id: p, title: Nothing yet}")
	v = g.View(fact.DayOf(2015, 6, 5), g.Size())
	if got := told(foreseen("p")); strings.Contains(got, "Appendix") || !strings.Contains(got, "| Appendices | No appendices") {
		t.Errorf("of a proposal that changes nothing:\n%s", got)
	}
}

// Before the law asked for it, the report does not say that it does.
func TestDecisionOfItsTime(t *testing.T) {
	g, p := council(t, strings.ReplaceAll(full, "2015-", "2009-"))
	got := told(decision(p, g.View(fact.DayOf(2009, 6, 5), g.Size()), "p").Document())
	if strings.Contains(got, "due regard") || !strings.Contains(got, "came into force on 10 September 2012") {
		t.Errorf("%s", got)
	}
}

// What is made of a proposal that only few may see says so at its head.
func TestReportsOfWhatIsRestricted(t *testing.T) {
	g, p := council(t, "{kind: proposal, id: p, title: P, report_status: public}\n---\n{kind: proposal, id: q, title: Q, visibility: restricted, exempt: Schedule 12A paragraph 4, decided: the monitoring officer}")
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	for id, want := range map[fact.ID]string{"p": "", "q": "Restricted in the record (Schedule 12A paragraph 4): only for those who have to see it."} {
		assess := func(x *graph.View) *assure.Assessment { return assure.Assess(p, x) }
		for _, d := range []report.Document{decision(p, v, id).Document(), report.StaffOrganisationOf(p, v, id, "").Document(), report.CaseOf(p, v, id, assess).Document(v), report.MoneyOf(p, v, id).Document(v)} {
			if !strings.HasPrefix(d.Mark, want) || want == "" && strings.Contains(d.Mark, "Restricted") {
				t.Errorf("%s: %s: %q", id, d.Title, d.Mark)
			}
		}
	}
}

func TestEqualityBeforeTheDuty(t *testing.T) {
	g, p := council(t, "{kind: proposal, id: p, title: P}")
	for on, want := range map[fact.Day]string{fact.DayOf(2011, 4, 4): "began on 5 April 2011", fact.DayOf(2011, 4, 5): "must have due regard"} {
		got := told(decision(p, g.View(on, g.Size()), "p").Document())
		if !strings.Contains(got, want) || strings.Contains(got, "[Not recorded: when the equality impact") != (on == fact.DayOf(2011, 4, 5)) {
			t.Errorf("%s: %s", on, got)
		}
	}
}

// A chart has each post that differs once on each side on which it is, under the post to which it reports, and nothing else but what is above them.
func TestChartLaw(t *testing.T) {
	first, p := council(t, full)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "posts")
		var m strings.Builder
		m.WriteString("{kind: proposal, id: p, title: P}")
		for i := range n {
			fmt.Fprintf(&m, "\n---\n{kind: post, id: p%d, title: Post %d", i, i)
			if i > 0 && rapid.Bool().Draw(t, "line") {
				fmt.Fprintf(&m, ", reports_to: p%d", rapid.IntRange(0, i-1).Draw(t, "to"))
			}
			m.WriteString("}")
		}
		for i := range n {
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				fmt.Fprintf(&m, "\n---\n{kind: post, id: p%d, proposal: p, end: tba}", i)
			case 1:
				fmt.Fprintf(&m, "\n---\n{kind: post, id: n%d, proposal: p, title: New %d, reports_to: p%d}", i, i, i)
			}
		}
		g, err := rule.TestRecord(first.Kinds(), "", m.String())
		if err != nil {
			t.Skip(err)
		}
		before := g.View(fact.DayOf(2015, 6, 5), g.Size())
		after := before.With("p")
		c := report.ChangesBetween(p, before, after)
		chart, ok := report.ChartOf(p, before, after, c, "C", 100)
		if len(c.Rows) == 0 {
			if ok {
				t.Fatalf("nothing differs, and there is a chart")
			}
			return
		}
		for i, v := range []*graph.View{before, after} {
			want := map[string]bool{}
			for _, row := range c.Rows {
				for post := v.Record(row.Record.Record); post != nil && !want[post.Title()]; post = post.Ref("reports_to") {
					want[post.Title()] = true
				}
			}
			var walk func(all []report.Box, up string)
			seen := 0
			walk = func(all []report.Box, up string) {
				for _, b := range all {
					seen++
					r := find(v, b.Title)
					under := ""
					if to := r.Ref("reports_to"); to != nil {
						under = to.Title()
					}
					if !want[b.Title] || up != under && want[under] {
						t.Fatalf("%s stands under %q, and reports to %q", b.Title, up, under)
					}
					walk(b.Below, b.Title)
				}
			}
			walk(chart.Sides[i].Boxes, "")
			if seen != len(want) {
				t.Fatalf("side %d has %d boxes, want %d: %v", i, seen, len(want), want)
			}
		}
		if _, ok := report.ChartOf(p, before, after, c, "C", 0); ok {
			t.Fatalf("there is a chart of more than it may have")
		}
	})
}

func find(v *graph.View, title string) *graph.Record {
	for _, r := range v.All(graph.Post) {
		if r.Title() == title {
			return r
		}
	}
	return nil
}

func TestProse(t *testing.T) {
	got := told(report.Document{Sections: []report.Section{{Blocks: report.Prose("One *slanted* line\nand another.\n\n- a\n  goes on\n* **b**\n\nThen:\n1. first\n2) second\n\n# High\ntext\n### Low\n- [here](https://example.org/a_b)\n## Middle\nsnake_case and 2 * 3 * 4 and <b>\n")}}})
	const want = "\n\n\n\n\n# \nOne slanted line\nand another.\n- a goes on\n- b\nThen:\n1. first\n1. second\n## High\ntext\n### Low\n- here (https://example.org/a_b)\n### Middle\nsnake_case and 2 * 3 * 4 and <b>\n"
	if got != want {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

// No word is lost on the way.
func TestProseLosesNoWord(t *testing.T) {
	letters := regexp.MustCompile(`[\pL]+`)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.StringMatching(`[a-zé]{1,6}`), rapid.SampledFrom([]string{"\n", "\n\n", "- ", "1. ", "# ", "## ", "**", "*", "_", " ", "[", "](", ")", "\t"}))).Draw(t, "text"), "")
		got := letters.FindAllString(told(report.Document{Sections: []report.Section{{Blocks: report.Prose(text)}}}), -1)
		if want := letters.FindAllString(text, -1); strings.Join(got, "") != strings.Join(want, "") {
			t.Fatalf("%q became %q", text, got)
		}
	})
}
