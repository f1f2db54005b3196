package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// FrameworkReport says by what a test judges: criteria and themes, where they come from and how well that was checked, and which tests on record used it.
func FrameworkReport(p *rule.Pack, f *rule.Framework, v *graph.View) Document {
	d := Document{Title: f.Name, Dates: DatesOf(v)}
	d.Lead = append(d.Lead, fmt.Sprintf("The law pack “%s”, version %s, has it with %s and %s. A council does not change it here: it comes with the program, and a change of it is a new version of the pack.", p.Name, p.Version, Count(len(f.Criteria), "criterion", "criteria"), Count(len(f.Themes), "theme", "themes")))
	if force := periodWords(f.InForce); force != "" {
		d.Lead = append(d.Lead, force)
	}
	criteria := Table{Head: []string{"Criterion", "Rules by which the record is checked"}, Headed: true}
	for _, c := range f.Criteria {
		n := 0
		for _, r := range p.Rules {
			if slices.Contains(r.Criteria, c.Code) && r.Force != rule.Permitted && r.Force != rule.Guard {
				n++
			}
		}
		criteria.Rows = append(criteria.Rows, cells(c.Name, Capital(Count(n, "rule serves it", "rules serve it"))))
	}
	var themes []Block
	for _, c := range f.Themes {
		var prompts List
		for _, x := range c.Prompts {
			prompts = append(prompts, strings.TrimSuffix(x.Text, ".")+inBrackets(x.From))
		}
		what := Block(prompts)
		if len(prompts) == 0 {
			what = Para("No prompts.")
		}
		themes = append(themes, Subsection{c.Name, []Block{what}})
	}
	source := List{f.Citation.Text, "The text: " + Verified(f.Citation) + "."}
	if f.Citation.URL != "" {
		source = append(source, "Address: "+f.Citation.URL)
	}
	if f.Citation.Note != "" {
		source = append(source, f.Citation.Note)
	}
	source = append(source, "Fingerprint of the law pack: "+p.Digest)
	used := Table{Caption: "Tests that used it", Head: []string{"Test", "Reported"}, Headed: true}
	for _, t := range slices.Backward(Testing(v)) {
		if FrameworkOf(p, t) == f {
			used.Rows = append(used.Rows, []Cell{named(p, t), cell(Capital(cmp.Or(inWords(t.Date("reported_on")), "not yet")))})
		}
	}
	tests := Block(used)
	if len(used.Rows) == 0 {
		tests = Para("No test that is on record on this day used it.")
	}
	d.Sections = []Section{{"Criteria", []Block{criteria}}, {"Themes", themes}, {"Where it comes from", []Block{source}}, {"Tests", []Block{tests}}}
	return d
}

// periodWords says when something is in force.
func periodWords(p rule.Period) string {
	switch {
	case p.From.Given && p.Until.Given:
		return "In force from " + p.From.Day.Words() + " to " + p.Until.Day.Words() + "."
	case p.From.Given:
		return "In force since " + p.From.Day.Words() + "."
	case p.Until.Given:
		return "In force until " + p.Until.Day.Words() + "."
	}
	return ""
}
