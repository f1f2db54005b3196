package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Argument is what the judgements of a test rest on: of each criterion the findings that bear on it, and of each finding the evidence.
type Argument struct {
	Test     Named             `json:"test"`
	Themes   []rule.Code       `json:"-"`
	Criteria []ArguedCriterion `json:"criteria"`
	Loose    []ArguedFinding   `json:"loose,omitempty"` // findings that bear on no criterion
	Findings int               `json:"findings"`        // each once
	Weak     int               `json:"weak_spots"`
}

// ArguedCriterion is a criterion with the findings that bear on it.
type ArguedCriterion struct {
	JudgedCriterion
	Stands   []JudgedCondition `json:"stands,omitempty"` // its conditions
	Findings []ArguedFinding   `json:"findings,omitempty"`
}

// ArguedFinding is a finding as an argument for or against a criterion.
type ArguedFinding struct {
	Finding   Named            `json:"finding"`
	Number    string           `json:"paragraph,omitempty"`
	Theme     string           `json:"theme,omitempty"` // its code
	ThemeName string           `json:"theme_name,omitempty"`
	Nature    string           `json:"nature,omitempty"`
	Supports  bool             `json:"supports"`
	Text      string           `json:"text"`
	Evidence  []ArguedEvidence `json:"evidence,omitempty"`
	Also      []string         `json:"also_under,omitempty"` // criteria above it, under which it stands as well
	Titled    bool             `json:"-"`                    // it has a title of its own
	Rests     bool             `json:"rests"`                // the judgement names it
}

// ArguedEvidence is a piece of evidence under a finding.
type ArguedEvidence struct {
	Evidence Named  `json:"evidence"`
	Note     string `json:"note,omitempty"` // that it is no document
}

// Weak reports whether a finding is a weak spot of the argument: it weakens it, or nothing is linked that shows it.
func (f *ArguedFinding) Weak() bool { return !f.Supports || len(f.Evidence) == 0 }

// Bearing says what the finding does.
func (f *ArguedFinding) Bearing() string {
	if f.Supports {
		return "Supports"
	}
	return "Weakens"
}

// Where says in which paragraph and under which theme it stands.
func (f *ArguedFinding) Where() string {
	var out []string
	if f.Number != "" {
		out = append(out, "paragraph "+f.Number)
	}
	if f.ThemeName != "" {
		out = append(out, f.ThemeName)
	}
	return strings.Join(out, " · ")
}

// NoEvidence stands in place of evidence.
const NoEvidence = "No evidence linked yet"

// ArgumentOf gives the argument of a test as the record has it.
func ArgumentOf(p *rule.Pack, test *graph.Record) *Argument {
	s := SummaryOf(p, test)
	out := &Argument{Test: s.Test}
	if f := FrameworkOf(p, test); f != nil {
		out.Themes = f.Themes
	}
	findings := test.Referring("finding", "test")
	slices.SortStableFunc(findings, func(a, b *graph.Record) int {
		x, _ := a.Number("number")
		y, _ := b.Number("number")
		return cmp.Compare(x, y)
	})
	out.Findings = len(findings)
	argued := make([]ArguedFinding, len(findings))
	for i, f := range findings {
		argued[i] = arguedFinding(p, f)
		if argued[i].Weak() {
			out.Weak++
		}
		if len(f.Texts("criteria")) == 0 {
			out.Loose = append(out.Loose, argued[i])
		}
	}
	above := map[fact.Key][]string{}
	for _, c := range s.Criteria {
		row := ArguedCriterion{JudgedCriterion: c}
		for _, x := range s.Conditions {
			if x.Criterion == c.Name {
				row.Stands = append(row.Stands, x)
			}
		}
		for i, f := range findings {
			if !slices.Contains(f.Texts("criteria"), c.Code) {
				continue
			}
			one := argued[i]
			one.Also = slices.Clone(above[f.Key()])
			one.Rests = slices.Contains(c.Rests, f.Key())
			above[f.Key()] = append(above[f.Key()], c.Name)
			row.Findings = append(row.Findings, one)
		}
		slices.SortStableFunc(row.Findings, func(a, b ArguedFinding) int { // what supports it first
			return cmp.Compare(map[bool]int{true: 0, false: 1}[a.Supports], map[bool]int{true: 0, false: 1}[b.Supports])
		})
		out.Criteria = append(out.Criteria, row)
	}
	return out
}

func arguedFinding(p *rule.Pack, f *graph.Record) ArguedFinding {
	out := ArguedFinding{Finding: named(p, f), Number: f.Text("number"), Theme: f.Text("theme"), Nature: f.Text("polarity"), Supports: Supports(f), Titled: f.Text("title") != "", Text: onLine(f.Text("text"))}
	if out.Theme != "" {
		out.ThemeName = Say(p, f.Kind().Field("theme"), out.Theme)
	}
	for _, k := range f.RefKeys("evidence") {
		one := ArguedEvidence{Evidence: called(p, f.View(), k)}
		if e := f.View().Record(k); e != nil {
			if ref := e.Text("reference"); ref != "" {
				one.Evidence.Text = ref + " " + one.Evidence.Text
			}
			if m := e.Text("method"); m == "interview" || m == "observation" {
				one.Note = Capital(m) + ", not a document"
			}
		}
		out.Evidence = append(out.Evidence, one)
	}
	return out
}

// Count gives how many findings under a theme support a criterion, and how many weaken it.
func (c *ArguedCriterion) Count(theme string) (b Bearings) {
	for i := range c.Findings {
		switch {
		case c.Findings[i].Theme != theme:
		case c.Findings[i].Supports:
			b.Supports++
		default:
			b.Weakens++
		}
	}
	return b
}

// Document is the argument as a report: the same as lists.
func (a *Argument) Document(v *graph.View) Document {
	d := Document{Title: "What the judgements rest on: " + a.Test.Text, Dates: DatesOf(v), Lead: []string{Capital(fmt.Sprintf("%s, %s.", Count(a.Findings, "finding", "findings"), Count(a.Weak, "weak spot", "weak spots")))}}
	for i := range a.Criteria {
		c := &a.Criteria[i]
		s := Section{Title: c.Name + ": " + c.Judged()}
		for j := range c.Stands {
			s.Blocks = append(s.Blocks, Para("Condition: "+Sentence(c.Stands[j].Condition.Text)+" "+Sentence(c.Stands[j].ByRecord())))
		}
		s.Blocks = append(s.Blocks, findingsTable(c.Findings, c.Name))
		d.Sections = append(d.Sections, s)
	}
	if len(a.Loose) > 0 {
		d.Sections = append(d.Sections, Section{"Findings that bear on no criterion", []Block{findingsTable(a.Loose, "no criterion")}})
	}
	return d
}

func findingsTable(all []ArguedFinding, what string) Block {
	if len(all) == 0 {
		return Para("No findings are linked to this criterion.")
	}
	t := Table{Caption: "Findings that bear on " + what, Head: []string{"Finding", "What it says", "What it does", "Where", "Evidence"}, Headed: true}
	for i := range all {
		f := &all[i]
		bearing := f.Bearing()
		if len(f.Also) > 0 {
			bearing += ", also under " + And(f.Also)
		}
		t.Rows = append(t.Rows, []Cell{f.Finding, cell(f.Text), cell(bearing), cell(f.Where()), cell(f.EvidenceWords())})
	}
	return t
}

// EvidenceWords names the evidence of a finding, or says that there is none.
func (f *ArguedFinding) EvidenceWords() string {
	var out []string
	for _, e := range f.Evidence {
		out = append(out, e.Evidence.Text+inBrackets(small(e.Note)))
	}
	return cmp.Or(strings.Join(out, "; "), NoEvidence)
}
