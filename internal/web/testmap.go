package web

import (
	"fmt"
	"net/http"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// How much of an argument one page draws.
const (
	mapOnOnePage = 100  // findings; of more each criterion has a page
	mapDrawn     = 3000 // findings; of more there is a list
)

// Parameters of the argument map.
const (
	fieldWeak = "weak"
	asList    = "list" // of fieldView
)

// mapPage is the argument of a test: criteria, findings and evidence.
type mapPage struct {
	Past     []link
	Counts   string
	Empty    []link
	Views    []navigation
	Weak     *link // to the weak spots alone, or back to all
	First    *link // to the first weak spot
	Grid     *table
	Pages    []link // one a criterion
	List     bool
	Criteria []mapCriterion
	Pager    *pager
}

// mapCriterion is a criterion in the map; its rows are what stands beside it.
type mapCriterion struct {
	ID, Name   string
	Judgement  tag
	URL        string
	Conditions []string
	Themes     []mapTheme
	Rows       int
	Empty      string
}

// mapTheme is findings of one theme, with the theme as a heading where a criterion has a page to itself.
type mapTheme struct {
	Heading  string
	Findings []mapFinding
}

// mapFinding is a finding as a box.
type mapFinding struct {
	ID, Class   string
	Bearing     string
	Where, Also string
	Finding     link
	Text        string
	Evidence    []mapEvidence
	Next        *link // the next weak spot
}

type mapEvidence struct {
	link
	Note string
}

// tag is a coloured word.
type tag struct{ Text, Class string }

// judgedTag is the tag of a judgement.
func judgedTag(outcome string) tag {
	c := report.JudgedCriterion{Outcome: outcome}
	class, ok := map[string]string{"met": "govuk-tag--green", "met-with-condition": "govuk-tag--yellow", "not-met": "govuk-tag--red"}[outcome]
	if !ok {
		class = "govuk-tag--grey"
	}
	return tag{c.Judged(), class}
}

// argument gives what the judgements of the test rest on.
func (t *tested) argument() *report.Argument {
	return keep(t.l, keptArgument{t.key.ID}, func() *report.Argument { return report.ArgumentOf(t.s.Pack, t.record) })
}

type keptArgument struct{ test fact.ID }

func (t *tested) mapPage(r *http.Request) (*page, error) {
	a := t.argument()
	body := &mapPage{Past: t.l.past()}
	page := t.page("map", "What the judgements rest on", partMap, body)
	page.Files = []file{t.s.wordOf(t.l, func() report.Document { return a.Document(t.l.View) }), jsonOf(func() any {
		return struct {
			report.When
			Argument *report.Argument `json:"argument"`
		}{t.s.when(t.l), a}
	})}
	criteria := a.Criteria
	at := slices.IndexFunc(criteria, func(c report.ArguedCriterion) bool { return c.Code == t.of })
	switch {
	case t.of != "" && at < 0:
		return nil, &trouble{kind: fact.ErrNotFound, text: "The framework of this test has no such criterion.", links: []link{{"What the judgements rest on", t.part(partMap, "")}}}
	case a.Findings == 0:
		body.Empty = []link{{Text: "Nothing to show until a finding is linked to a criterion."}, {"The test", t.l.record(t.key)}}
		page.Files = nil
		return page, nil
	}
	body.Counts = sentence(count(a.Findings, "finding", "findings") + ", of which " + count(a.Weak, "is a weak spot: it weakens a judgement, or no evidence is linked to it", "are weak spots: they weaken a judgement, or no evidence is linked to them"))
	body.Grid = t.mapGrid(a)
	tooMany, alone := a.Findings > mapDrawn, a.Findings > mapOnOnePage
	body.List = t.l.other.Get(fieldView) == asList || tooMany
	weak := t.l.other.Get(fieldWeak) == "yes"
	if tooMany {
		body.Counts += fmt.Sprintf(" That is too many to draw: a map has at most %s. Here is the list of them.", thousands(mapDrawn))
	} else {
		body.Views = []navigation{{link{"Map", t.l.without(fieldView, asList)}, !body.List}, {link{"List", t.l.with(fieldView, asList)}, body.List}}
	}
	if weak {
		body.Weak = &link{"Show all findings", t.l.without(fieldWeak, "yes")}
	} else if a.Weak > 0 {
		body.Weak = &link{"Show weak spots only", t.l.with(fieldWeak, "yes")}
	}
	if alone || t.of != "" {
		for _, c := range criteria {
			x := link{Text: c.Name}
			if c.Code != t.of {
				x.URL = t.l.here(func(l *look) {
					l.path = t.s.addresses.of(t.key) + "/" + partMap + "/" + c.Code
					l.other = l.otherBut(fieldPage, fieldTheme)
				})
			}
			body.Pages = append(body.Pages, x)
		}
		if t.of == "" {
			at = 0
		}
		criteria = criteria[at : at+1]
		page.State = criteria[0].Name
	}
	theme := t.l.other.Get(fieldTheme)
	for i := range criteria {
		c := &criteria[i]
		shown := slices.DeleteFunc(slices.Clone(c.Findings), func(f report.ArguedFinding) bool { return weak && !f.Weak() || theme != "" && f.Theme != theme })
		if alone || t.of != "" {
			if body.Pager == nil {
				shown, body.Pager = paged(t.l, t.l.other.Get(fieldPage), shown)
			}
		}
		body.Criteria = append(body.Criteria, t.mapCriterion(c, shown, alone || t.of != "", a.Themes))
	}
	body.chain()
	return page, nil
}

// mapCriterion lays out a criterion with the findings that are shown of it.
func (t *tested) mapCriterion(c *report.ArguedCriterion, shown []report.ArguedFinding, headed bool, themes []rule.Code) mapCriterion {
	out := mapCriterion{ID: "criterion-" + c.Code, Name: c.Name, Judgement: judgedTag(c.Outcome), URL: t.criterionAt(c.Code)}
	for i := range c.Stands {
		out.Conditions = append(out.Conditions, sentence(c.Stands[i].Condition.Text)+" "+sentence(c.Stands[i].ByRecord()))
	}
	switch {
	case len(c.Findings) == 0:
		out.Empty = "No findings are linked to this criterion."
	case len(shown) == 0:
		out.Empty = "No finding of this criterion is like that."
	}
	add := func(heading string, of func(*report.ArguedFinding) bool) {
		g := mapTheme{Heading: heading}
		for i := range shown {
			if of(&shown[i]) {
				g.Findings = append(g.Findings, t.mapFinding(&shown[i]))
			}
		}
		if len(g.Findings) > 0 {
			out.Themes = append(out.Themes, g)
			out.Rows += len(g.Findings)
			if heading != "" {
				out.Rows++
			}
		}
	}
	if !headed {
		add("", func(*report.ArguedFinding) bool { return true })
	} else {
		for _, x := range themes {
			add(x.Name, func(f *report.ArguedFinding) bool { return f.Theme == x.Code })
		}
		add("No theme of the framework", func(f *report.ArguedFinding) bool {
			return !slices.ContainsFunc(themes, func(x rule.Code) bool { return x.Code == f.Theme })
		})
	}
	out.Rows = max(out.Rows, 1)
	return out
}

func (t *tested) mapFinding(f *report.ArguedFinding) mapFinding {
	out := mapFinding{Class: "supports", Bearing: f.Bearing(), Where: f.Where(), Finding: link{f.Finding.Text, t.part(partFindings, string(f.Finding.Record.ID))}, Text: f.Text}
	if !f.Titled && f.Text != "" {
		out.Finding.Text, out.Text = f.Text, ""
	}
	if !f.Supports {
		out.Class = "weakens"
	}
	if len(f.Also) > 0 {
		out.Also = "also under " + and(f.Also)
	}
	for _, e := range f.Evidence {
		out.Evidence = append(out.Evidence, mapEvidence{link{e.Evidence.Text, t.evidenceAt(e.Evidence.Record)}, e.Note})
	}
	return out
}

// chain numbers the weak spots, and leads from each to the next.
func (m *mapPage) chain() {
	var weak []*mapFinding
	for i := range m.Criteria {
		for j := range m.Criteria[i].Themes {
			for k := range m.Criteria[i].Themes[j].Findings {
				if f := &m.Criteria[i].Themes[j].Findings[k]; f.Class == "weakens" || len(f.Evidence) == 0 {
					f.ID = fmt.Sprintf("weak-%d", len(weak)+1)
					weak = append(weak, f)
				}
			}
		}
	}
	for i := range weak {
		if i+1 < len(weak) {
			weak[i].Next = &link{"Next weak spot", "#" + weak[i+1].ID}
		}
	}
	if len(weak) > 0 {
		m.First = &link{"Go to the first weak spot", "#" + weak[0].ID}
	}
}

// mapGrid counts the findings of each theme for and against each criterion.
func (t *tested) mapGrid(a *report.Argument) *table {
	head := []string{"Theme"}
	for _, c := range a.Criteria {
		head = append(head, c.Name)
	}
	g := newTable("Findings by theme and criterion", head...)
	for _, x := range a.Themes {
		row := [][]link{text(x.Name)}
		for i := range a.Criteria {
			c := &a.Criteria[i]
			n := c.Count(x.Code)
			if n.Supports+n.Weakens == 0 {
				row = append(row, text(n.Words()))
				continue
			}
			row = append(row, []link{{n.Words(), t.part(partMap, c.Code, fieldTheme, x.Code)}})
		}
		g.add(row...)
	}
	return g
}

// criterionAt is the address of the page of a criterion, if the framework of the test has it.
func (t *tested) criterionAt(code string) string {
	if !t.hasCriterion(code) {
		return ""
	}
	return t.part(partCriteria, code)
}

// evidenceAt is the address of a piece of evidence among those of the test, or its own where it is of another.
func (t *tested) evidenceAt(k fact.Key) string {
	if e := t.l.View.Record(k); e != nil {
		if of, _ := e.RefKey("test"); of == t.key {
			return t.part(partEvidence, string(k.ID))
		}
	}
	return t.l.record(k)
}
