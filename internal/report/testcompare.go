package report

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// TestComparison lays a test beside the one before it.
type TestComparison struct {
	Test     Named           `json:"test"`
	Before   Named           `json:"before"`
	How      string          `json:"how"` // it is known that this was the one before
	Criteria []ComparedTests `json:"criteria"`
	Themes   []ComparedTheme `json:"themes"`
	Assessor AssessorWord    `json:"assessor"`
}

// ComparedTests is a criterion in two tests.
type ComparedTests struct {
	Name   string          `json:"name"`
	Before JudgedCriterion `json:"before"`
	Now    JudgedCriterion `json:"now"`
	Change string          `json:"change"`
}

// ComparedTheme counts the findings under a theme in two tests.
type ComparedTheme struct {
	Name   string   `json:"name"`
	Before Bearings `json:"before"`
	Now    Bearings `json:"now"`
}

// Bearings counts findings by what they do to what they bear on.
type Bearings struct {
	Supports int `json:"supports"`
	Weakens  int `json:"weakens"`
}

// Words says how many there are: "4 support, 1 weakens".
func (b Bearings) Words() string {
	if b.Supports+b.Weakens == 0 {
		return "none"
	}
	var parts []string
	if b.Supports > 0 {
		parts = append(parts, Count(b.Supports, "supports", "support"))
	}
	if b.Weakens > 0 {
		parts = append(parts, Count(b.Weakens, "weakens", "weaken"))
	}
	return strings.Join(parts, ", ")
}

// AssessorWord is what the record shows of whether whoever carried out a test is independent. It is no judgement.
type AssessorWord struct {
	Result  string   `json:"result,omitempty"`  // in words; empty where no rule speaks of the test on the day
	Same    bool     `json:"same"`              // as in the test before
	Earlier []Named  `json:"earlier,omitempty"` // other tests by the same person
	Who     []Named  `json:"who,omitempty"`
	Missing []string `json:"missing,omitempty"`
}

// independence is the rule by which the assessor should be independent.
const independence = "GP-08"

// TestBefore gives the test before another: the one that it replaces or, where it replaces none, the one last reported of the same structure: of the same proposal, or of the structure in force. Nil where there is none.
func TestBefore(test *graph.Record) (before *graph.Record, how string) {
	if b := test.Ref("supersedes"); b != nil {
		return b, "This test replaces it."
	}
	of, _ := test.RefKey("tests")
	for _, t := range Testing(test.View()) {
		other, _ := t.RefKey("tests")
		if t.Key() != test.Key() && other == of && testDay(t) < testDay(test) {
			before = t
		}
	}
	how = "It is the last test of the structure in force before this one."
	if (of != fact.Key{}) {
		how = "It is the last test of the same proposal before this one."
	}
	return before, how
}

// CompareTests lays a test beside the one before it; nil where there is none. results are what the rules give on the day.
func CompareTests(p *rule.Pack, test *graph.Record, results *rule.Results) *TestComparison {
	before, how := TestBefore(test)
	if before == nil {
		return nil
	}
	was, is := SummaryOf(p, before), SummaryOf(p, test)
	out := &TestComparison{Test: is.Test, Before: was.Test, How: how, Assessor: AssessorOf(p, test, results)}
	for _, c := range is.Criteria {
		row := ComparedTests{Name: c.Name, Now: c}
		if i := slices.IndexFunc(was.Criteria, func(x JudgedCriterion) bool { return x.Code == c.Code }); i >= 0 {
			row.Before = was.Criteria[i]
		}
		row.Change = changeOf(row.Before, c)
		out.Criteria = append(out.Criteria, row)
	}
	for _, c := range was.Criteria {
		if !slices.ContainsFunc(is.Criteria, func(x JudgedCriterion) bool { return x.Code == c.Code }) {
			out.Criteria = append(out.Criteria, ComparedTests{Name: c.Name, Before: c, Change: "It is no criterion of the framework of this test"})
		}
	}
	a, b := bearingsOf(before), bearingsOf(test)
	var codes []rule.Code
	for _, t := range []*graph.Record{test, before} {
		if f := FrameworkOf(p, t); f != nil {
			for _, c := range f.Themes {
				if !slices.ContainsFunc(codes, func(x rule.Code) bool { return x.Code == c.Code }) {
					codes = append(codes, c)
				}
			}
		}
	}
	for _, c := range codes {
		out.Themes = append(out.Themes, ComparedTheme{c.Name, a[c.Code], b[c.Code]})
	}
	if a[""] != b[""] || a[""].Supports+a[""].Weakens > 0 {
		out.Themes = append(out.Themes, ComparedTheme{"No theme", a[""], b[""]})
	}
	return out
}

func changeOf(was, is JudgedCriterion) string {
	switch {
	case is.Outcome == "":
		return NotJudged
	case was.Outcome == "":
		return "It was not judged before"
	case was.Outcome == is.Outcome && len(was.Conditions) == len(is.Conditions):
		return "The same judgement"
	case was.Outcome == is.Outcome:
		return fmt.Sprintf("The same judgement, with %s instead of %s", Count(len(is.Conditions), "condition", "conditions"), Count(len(was.Conditions), "condition", "conditions"))
	}
	return "It was " + small(was.Judged()) + ", and is " + small(is.Judged())
}

// bearingsOf counts the findings of a test by theme.
func bearingsOf(test *graph.Record) map[string]Bearings {
	out := map[string]Bearings{}
	for _, f := range test.Referring("finding", "test") {
		b := out[f.Text("theme")]
		if Supports(f) {
			b.Supports++
		} else {
			b.Weakens++
		}
		out[f.Text("theme")] = b
	}
	return out
}

// AssessorOf says what the record shows of whether whoever carried out a test is independent.
func AssessorOf(p *rule.Pack, test *graph.Record, results *rule.Results) AssessorWord {
	out := AssessorWord{Who: Value(p, test, test.Kind().Field("assessor"))}
	for i := range results.Rows {
		r := &results.Rows[i]
		if r.Rule != independence || !slices.Contains(r.Subjects, test.Key()) {
			continue
		}
		out.Result = Word(r.Outcome)
		for _, m := range r.Missing {
			out.Missing = append(out.Missing, m.Why)
		}
	}
	who, ok := test.RefKey("assessor")
	if !ok {
		return out
	}
	before, _ := TestBefore(test)
	for _, t := range Testing(test.View()) {
		if k, _ := t.RefKey("assessor"); k == who && t.Key() != test.Key() && testDay(t) <= testDay(test) {
			out.Earlier = append(out.Earlier, named(p, t))
			out.Same = out.Same || before != nil && t.Key() == before.Key()
		}
	}
	return out
}

// Words says it in sentences.
func (a AssessorWord) Words() (out []string) {
	if len(a.Who) == 0 {
		return []string{"Who carries out the test is not recorded, so whether they are independent cannot be seen."}
	}
	switch {
	case a.Same:
		out = append(out, a.Who[0].Text+" also carried out the test before this one.")
	case len(a.Earlier) > 0:
		out = append(out, a.Who[0].Text+" also carried out "+And(textsIn(a.Earlier))+".")
	default:
		out = append(out, a.Who[0].Text+" carried out no other test that is on record.")
	}
	switch a.Result {
	case Word(rule.Met):
		out = append(out, "By the record they are not of this council, and independent of the test before ("+independence+").")
	case Word(rule.NotMet):
		out = append(out, "The record shows that they are of this council, or that they carried out the test before ("+independence+", good practice).")
	case Word(rule.CannotTest):
		out = append(out, "Whether they are independent cannot be tested ("+independence+"): "+And(a.Missing)+".")
	}
	return out
}

// Document is the comparison as a report.
func (c *TestComparison) Document(v *graph.View) Document {
	d := Document{Title: c.Test.Text + ", compared with " + c.Before.Text, Dates: DatesOf(v), Lead: []string{"The test before: " + c.Before.Text + ". " + c.How}}
	t := Table{Caption: "The judgements", Head: []string{"Criterion", "Before", "Now", "What changed"}, Headed: true}
	judged := func(x JudgedCriterion, none string) string {
		switch {
		case x.Name == "":
			return "Not a criterion"
		case x.Outcome == "":
			return none
		}
		s := x.Judged() + "."
		for _, y := range x.Conditions {
			s += " Condition: " + Sentence(y)
		}
		return strings.TrimSuffix(s, ".")
	}
	for _, x := range c.Criteria {
		t.Rows = append(t.Rows, cells(x.Name, judged(x.Before, "Not judged"), judged(x.Now, NotJudged), x.Change))
	}
	themes := Table{Caption: "Findings by theme", Head: []string{"Theme", "Before", "Now"}, Headed: true}
	for _, x := range c.Themes {
		themes.Rows = append(themes.Rows, cells(x.Name, x.Before.Words(), x.Now.Words()))
	}
	d.Sections = append(d.Sections, Section{"Criterion by criterion", []Block{t}}, Section{"Theme by theme", []Block{themes}}, Section{"Who carried it out", []Block{List(c.Assessor.Words())}})
	return d
}
