package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

const progressKind fact.KindName = "progress"

// The states of a part of the work, as their kind has them.
const (
	inProgress = "in-progress"
	completed  = "completed"
	notSaid    = "-" // of a test that was reported
)

// themePage is the work on one theme.
type themePage struct {
	Past     []link
	At       string // "Theme 1 of 7"
	Summary  string // "6 prompts"
	Prompts  []prompt
	Findings []findingPart
	None     string
	Evidence *table
	Retained *table
	Begin    []link // what an adviser adds
	Add      []link
	Progress *workForm
	Previous *link
	Next     *link
}

// prompt is something to look at in a theme, and where that was taken from.
type prompt struct{ Text, From string }

// findingPart is a finding as the page of its theme shows it.
type findingPart struct {
	ID       string
	Title    link
	Tag      status
	Bearing  string // "Supports: Accountabilities and responsibilities"
	Text     []string
	Evidence []link
	Unproved bool
	Change   *link
}

func (t *tested) themesPage(r *http.Request) (*page, error) {
	if t.of == "" {
		return t.themesList()
	}
	i := -1
	if t.framework != nil {
		i = slices.IndexFunc(t.framework.Themes, func(c rule.Code) bool { return c.Code == t.of })
	}
	if i < 0 {
		return nil, &trouble{kind: fact.ErrNotFound, text: "The framework of this test has no such theme.", links: []link{{"Themes", t.part(partThemes, "")}}}
	}
	return t.theme(i), nil
}

// themesList is all themes, with how far each is.
func (t *tested) themesList() (*page, error) {
	body := &worklistPage{Past: t.l.past()}
	page := t.page("worklist", "Themes", partThemes, body)
	if t.framework == nil || len(t.framework.Themes) == 0 {
		body.Empty = text("No framework is recorded for this test, so there are no themes.")
		return page, nil
	}
	done := 0
	body.Table = newTable("Themes of the framework "+t.framework.Name, "Theme", "State", "Findings", "Evidence")
	all := t.evidence()
	for _, c := range t.framework.Themes {
		state := t.themeState(c.Code)
		if state == completed {
			done++
		}
		n := len(t.findingsOf(c.Code))
		e := len(slices.DeleteFunc(slices.Clone(all), func(e evidence) bool { return !e.bears("themes", c.Code) }))
		body.Table.add([]link{{c.Name, t.part(partThemes, c.Code)}}, text(stateWords[state].Text), text(capital(count(n, "finding", "findings"))), text(capital(count(e, "piece", "pieces"))))
	}
	body.Lead = []string{strconv.Itoa(done) + " of " + count(len(t.framework.Themes), "theme", "themes") + " assessed."}
	return page, nil
}

// theme is the page of one theme.
func (t *tested) theme(i int) *page {
	c := t.framework.Themes[i]
	body := &themePage{Past: t.l.past(), At: "Theme " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(t.framework.Themes)), None: "No findings yet."}
	page := t.page("theme", c.Name, partThemes, body)
	for _, p := range c.Prompts {
		body.Prompts = append(body.Prompts, prompt{p.Text, p.From})
	}
	body.Summary = capital(count(len(body.Prompts), "prompt", "prompts")) + ", from the framework " + t.framework.Name
	writes := t.may(access.Assess)
	kept := newTable("What must be kept", "What", "Until", "Finding")
	pieces := t.evidence()
	for _, f := range t.findingsOf(c.Code) {
		x := t.findingPart(f, pieces)
		if writes {
			x.Change = &link{"Change or move", t.part(partFindings, string(f.Key().ID))}
		}
		body.Findings = append(body.Findings, x)
		for _, line := range t.s.value(t.l, f, f.Kind().Field("retain")) {
			kept.add([]link{line}, orText(text(f.Show("retain_until")), "No end given"), []link{x.Title})
		}
	}
	if len(kept.Rows) > 0 {
		body.Retained = kept
	}
	pieces = slices.DeleteFunc(pieces, func(e evidence) bool { return !e.bears("themes", c.Code) })
	if len(pieces) > 0 {
		shown := pieces[:min(len(pieces), rowsPerPage)]
		body.Evidence = t.evidenceTable("Evidence for this theme", shown)
		if len(shown) < len(pieces) {
			body.Add = append(body.Add, link{"All " + count(len(pieces), "piece", "pieces") + " of evidence for this theme", t.part(partEvidence, "", fieldTheme, c.Code)})
		}
	}
	if writes {
		body.Begin = append(body.Begin, link{"Add a finding", t.part(partFindings, newOne, fieldTheme, c.Code)}, link{"Add evidence to this theme", t.part(partEvidence, newOne, fieldTheme, c.Code)})
		if p, ok := testPageOf("recommendations"); ok && p.show != nil {
			body.Add = append(body.Add, link{"Recommendations", t.part("recommendations", "")})
		}
		body.Progress = t.progressForm(c.Code, "Have you finished this theme?")
	}
	if i > 0 {
		body.Previous = &link{"Previous theme: " + t.framework.Themes[i-1].Name, t.part(partThemes, t.framework.Themes[i-1].Code)}
	}
	if i+1 < len(t.framework.Themes) {
		body.Next = &link{"Next theme: " + t.framework.Themes[i+1].Name, t.part(partThemes, t.framework.Themes[i+1].Code)}
	}
	return page
}

// findingPart shows a finding.
func (t *tested) findingPart(f *graph.Record, pieces []evidence) findingPart {
	x := findingPart{ID: string(f.Key().ID), Title: link{t.findingCalled(f), t.part(partFindings, string(f.Key().ID))}, Tag: t.polarity(f), Text: linesOf(f.Text("text"))}
	if t.findingCalled(f) == strings.TrimSpace(f.Show("number")+" "+strings.Join(x.Text, " ")) {
		x.Text = nil // its title says all of it
	}
	if b := bearingOf(f); b != "" {
		x.Bearing = capital(b)
		if names := t.criteriaOf(f); names != "" {
			x.Bearing += ": " + names
		}
	}
	for _, k := range f.RefKeys("evidence") {
		for _, e := range pieces {
			if e.Key() == k {
				x.Evidence = append(x.Evidence, link{e.called(t.s), t.part(partEvidence, string(k.ID))})
			}
		}
	}
	x.Unproved = len(x.Evidence) == 0
	return x
}

// criteriaOf names the criteria on which a finding bears.
func (t *tested) criteriaOf(f *graph.Record) string {
	var names []string
	for _, c := range f.Texts("criteria") {
		names = append(names, t.codeName("criterion", c))
	}
	return strings.Join(names, "; ")
}

// progress gives what the adviser last said of how far a part of the work is, or nil.
func (t *tested) progress(part string) *graph.Record {
	for _, r := range t.all(progressKind) {
		if r.Text("part") == part {
			return r
		}
	}
	return nil
}

// reported reports whether the test is reported, on the day looked at.
func (t *tested) reported() bool {
	d := t.record.Date("reported_on")
	return !d.IsZero() && d.Form != fact.ToBeAgreed && d.Last <= t.l.View.On()
}

// stateOf gives how far a part of the work is; begun says whether there is anything of it. Of a test that was reported without it being said, what is there is complete.
func (t *tested) stateOf(part string, begun bool) string {
	switch r := t.progress(part); {
	case r != nil:
		return r.Text("state")
	case t.reported() && begun:
		return completed
	case t.reported():
		return notSaid
	case begun:
		return inProgress
	}
	return ""
}

func (t *tested) themeState(code string) string {
	return t.stateOf(code, len(t.findingsOf(code)) > 0)
}

// progressForm asks how far a part of the work is.
func (t *tested) progressForm(part, legend string) *workForm {
	state := ""
	if r := t.progress(part); r != nil {
		state = r.Text("state")
	}
	return &workForm{
		Action: t.part(partProgress, part), Button: "Save",
		Fields: govuk.Radios{Name: inputState, IDPrefix: inputState, Value: state, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: legend, Classes: "govuk-fieldset__legend--m"}}, Items: []govuk.Radio{
			{Text: "Yes, I have finished", Value: completed}, {Text: "No, I will come back", Value: inProgress},
		}}.Render(),
	}
}

// stateWords are the words for how far something is.
var stateWords = map[string]govuk.Tag{
	completed: {Text: "Completed", Classes: "govuk-tag--green"}, inProgress: {Text: "In progress", Classes: "govuk-tag--light-blue"}, "": {Text: "Not yet started", Classes: "govuk-tag--blue"}, notSaid: {Text: "Not recorded", Classes: "govuk-tag--grey"},
}

// steps are the parts of the work beside the themes of which the adviser says how far they are, with the page on which they do.
var steps = map[string]string{"scope": partScope, "documents": partEvidence, "interviews": partInterviews, "recommendations": "recommendations"}

// partOf gives the page, below the test, of a part of the work; empty where the test has no such part.
func (t *tested) partOf(part string) string {
	back := steps[part]
	if back == "" && t.framework != nil && slices.ContainsFunc(t.framework.Themes, func(c rule.Code) bool { return c.Code == part }) {
		back = partThemes + "/" + part
	}
	if _, shown := testPageOf(strings.Split(back, "/")[0]); !shown {
		return ""
	}
	return back
}

// progressPage asks by itself how far a part of the work is: of whoever comes back to it after signing in anew.
func (t *tested) progressPage(*http.Request) (*page, error) {
	back := t.partOf(t.of)
	if back == "" {
		return nil, errNoPart(t)
	}
	body := &workPage{Past: t.l.past(), After: []link{{"Go to this part of the work", t.part(back, "")}}}
	if t.may(access.Assess) {
		body.Form = t.progressForm(t.of, "Have you finished this part?")
	}
	return t.page("work", "How far this part is: "+capital(t.codeName("theme", t.of)), partThemes, body), nil
}

// errNoPart says that there is no such part of the work.
func errNoPart(t *tested) error {
	return &trouble{kind: fact.ErrNotFound, text: "The work on this test has no such part.", links: []link{{"Back to the test", t.l.record(t.key)}}}
}

// progressSent notes how far a part of the work is.
func (t *tested) progressSent(f *sent) error {
	part, back := t.of, t.partOf(t.of)
	if back == "" {
		return errNoPart(t)
	}
	state := f.text(inputState)
	to := t.part(back, "")
	if state == completed {
		to = t.l.record(t.key) // to what is next
	}
	if state != completed && state != inProgress {
		return &trouble{kind: errConflict, text: "Select whether you have finished it. Nothing was recorded.", links: []link{{"Back", to}}}
	}
	k := t.l.View.Kinds().Kind(progressKind)
	rec := t.progress(part)
	if rec != nil && rec.Text("state") == state {
		redirect(f.w, f.r, to, http.StatusSeeOther)
		return nil
	}
	if rec != nil {
		edit, problems := t.l.View.Correct(rec.Key(), fact.Date{}, fact.Date{}, []kind.Value{{Field: k.Field("state"), JSON: kind.Quote(state)}}, "", "")
		if problems != nil {
			return problems
		}
		return t.put(f, book.Change{Docs: edit.Docs, Seen: map[fact.Key]int64{rec.Key(): t.l.View.Seen(rec.Key())}}, to)
	}
	doc := kind.Doc{Op: fact.Assert, Kind: k, ID: fact.ID("p-" + newOnce())}
	for name, value := range map[string]string{"test": string(t.key.ID), "part": part, "state": state} {
		doc.Values = append(doc.Values, kind.Value{Field: k.Field(name), JSON: kind.Quote(value)})
	}
	return t.put(f, book.Change{Docs: []kind.Doc{doc}, After: t.l.newest}, to)
}
