package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

const (
	fieldPolarity = "polarity"
	fieldBearing  = "bearing"
	supports      = "supports"
	weakens       = "weakens"
)

// findings gives the findings of the test by their numbers.
func (t *tested) findings() []*graph.Record {
	out := t.all(findingKind)
	slices.SortStableFunc(out, func(a, b *graph.Record) int {
		na, _ := a.Number("number")
		nb, _ := b.Number("number")
		return cmp.Or(cmp.Compare(na, nb), strings.Compare(a.Text("title"), b.Text("title")))
	})
	return out
}

// findingsOf gives the findings under a theme.
func (t *tested) findingsOf(theme string) []*graph.Record {
	return slices.DeleteFunc(t.findings(), func(f *graph.Record) bool { return f.Text("theme") != theme })
}

// findingCalled names a finding: "9 Safeguarding oversight must be kept".
func (t *tested) findingCalled(f *graph.Record) string {
	if name := strings.TrimSpace(t.s.title(f)); name != "" && f.Text("title") != "" {
		return name
	}
	return strings.TrimSpace(f.Show("number") + " " + shortTitle(f.Text("text")))
}

// bearingOf says whether a finding supports or weakens the criteria on which it bears: as it says or, where it does not, by its nature.
func bearingOf(f *graph.Record) string {
	if b := f.Text("bearing"); b != "" {
		return b
	}
	switch f.Text("polarity") {
	case "strength", "opportunity":
		return supports
	case "gap", "risk":
		return weakens
	}
	return ""
}

// polarities are the colours of the natures of findings.
var polarities = map[string]string{"strength": "govuk-tag--green", "opportunity": "govuk-tag--blue", "gap": "govuk-tag--yellow", "risk": "govuk-tag--orange"}

func (t *tested) polarity(f *graph.Record) status {
	p := f.Text("polarity")
	if p == "" {
		return status{}
	}
	return status{capital(t.s.say(f.Kind().Field("polarity"), p)), polarities[p]}
}

func (t *tested) findingsPage(r *http.Request) (*page, error) {
	switch t.of {
	case "":
		return t.findingsList()
	case newOne:
		return t.newFinding(&sent{r: r})
	}
	return t.oneFinding(&sent{r: r})
}

func (t *tested) findingsList() (*page, error) {
	body := &worklistPage{Past: t.l.past()}
	page := t.page("worklist", "Findings", partFindings, body)
	k := t.l.View.Kinds().Kind(findingKind)
	polarity := []option{{"", "All natures", false}}
	for _, p := range k.Field("polarity").Choices {
		polarity = append(polarity, option{p, capital(t.s.say(k.Field("polarity"), p)), false})
	}
	bearing := []option{{"", "Either", false}, {supports, "Supports", false}, {weakens, "Weakens", false}}
	uses := []option{{"", "With evidence or without", false}, {useNone, "Without evidence", false}}
	themes, criteria := t.codesOf("All themes", "theme"), t.codesOf("All criteria", "criterion")
	body.Narrow = t.narrow(filterSelect{"finding-theme", fieldTheme, "Theme", themes}, filterSelect{"finding-criterion", fieldCriterion, "Criterion", criteria}, filterSelect{"finding-polarity", fieldPolarity, "Nature", polarity}, filterSelect{"finding-bearing", fieldBearing, "Supports or weakens", bearing}, filterSelect{"finding-use", fieldUse, "Evidence", uses})
	theme, criterion, nature, bears, use := t.chosen(fieldTheme, themes), t.chosen(fieldCriterion, criteria), t.chosen(fieldPolarity, polarity), t.chosen(fieldBearing, bearing), t.chosen(fieldUse, uses)
	all := t.findings()
	kept := slices.DeleteFunc(slices.Clone(all), func(f *graph.Record) bool {
		return theme != "" && f.Text("theme") != theme || criterion != "" && !slices.Contains(f.Texts("criteria"), criterion) || nature != "" && f.Text("polarity") != nature || bears != "" && bearingOf(f) != bears || use != "" && len(f.RefKeys("evidence")) > 0
	})
	rows, pager := paged(t.l, t.l.other.Get(fieldPage), kept)
	body.Pager = pager
	page.State = strings.Join(pager.state(), "")
	switch {
	case len(all) == 0:
		body.Narrow, body.Empty = nil, text("No findings yet.")
	case len(kept) == 0:
		body.Empty = text("No finding is like that.")
	default:
		body.Lead = []string{sentence(count(len(kept), "finding", "findings") + map[bool]string{true: ", of " + strconv.Itoa(len(all)) + " in all", false: ""}[len(kept) < len(all)])}
		body.Table = t.findingsTable(rows)
		body.Table.Told = true
		page.Files = []file{csvOf(t.findingsTable(kept))}
	}
	if t.may(access.Assess) {
		page.Actions = []action{{link{"Add a finding", t.part(partFindings, newOne)}, true}}
	}
	return page, nil
}

func (t *tested) findingsTable(rows []*graph.Record) *table {
	out := newTable("Findings", "Finding", "Theme", "Nature", "Supports or weakens", "Criteria", "Evidence")
	for _, f := range rows {
		value := func(field string) []link { return t.s.value(t.l, f, f.Kind().Field(field)) }
		n := len(f.RefKeys("evidence"))
		out.add([]link{{t.findingCalled(f), t.part(partFindings, string(f.Key().ID))}}, orText(value("theme"), "None"), value("polarity"), text(capital(bearingOf(f))), value("criteria"), text(map[bool]string{true: "No evidence linked yet", false: capital(count(n, "piece", "pieces"))}[n == 0]))
	}
	return out
}

// findingFields are what is asked of a finding, before its evidence and after it.
var (
	findingFields = []wanted{
		{name: "text", required: true, hint: "In the words that are to stand in the letter."}, {name: "title"}, {name: "theme"}, {name: "number", label: "Number", hint: "Its place in the letter. Two findings may have the same."},
		{name: "polarity", required: true}, {name: "bearing"}, {name: "criteria"},
	}
	findingAbout = []wanted{{name: "about"}, {name: "retain"}, {name: "retain_until"}}
)

const inputEvidence = "evidence"

func (t *tested) findingForm(f *sent, rec *graph.Record, begin kind.Typed) (*writing, template.HTML) {
	w := t.writing(findingKind, rec, slices.Concat(findingFields, findingAbout)...)
	w.more = []string{inputEvidence}
	a := w.asked(f, begin)
	split := len(findingFields)
	var before, after strings.Builder
	for i, q := range a.form.Questions() {
		out := &before
		if i >= split {
			out = &after
		}
		out.WriteString(string(a.control(q)))
	}
	theme := a.value("theme")
	return w, template.HTML(before.String()) + t.evidenceBoxes(f, rec, theme) + template.HTML(after.String()) // #nosec G203 -- of components alone
}

// evidenceBoxes offers the evidence of the test: first that of the theme, and the rest folded away.
func (t *tested) evidenceBoxes(f *sent, rec *graph.Record, theme string) template.HTML {
	chosen := []string{}
	if f.typed != nil {
		chosen = f.typed[inputEvidence]
	} else if rec != nil {
		for _, k := range rec.RefKeys(inputEvidence) {
			chosen = append(chosen, string(k.ID))
		}
	}
	message, _ := (&asked{faults: f.faults}).wrong(inputEvidence)
	boxes := func(prefix, legend string) govuk.Checkboxes {
		return govuk.Checkboxes{Name: inputEvidence, IDPrefix: prefix, Values: chosen, Classes: "govuk-checkboxes--small", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: legend, Classes: "govuk-fieldset__legend--s"}}}
	}
	near, far := boxes(inputEvidence, "Evidence"), boxes(inputEvidence+"-other", "Other evidence of this test")
	near.ErrorMessage = message
	for _, e := range t.evidence() {
		id := string(e.Key().ID)
		box := govuk.Checkbox{Text: e.called(t.s), Value: id}
		if theme == "" || e.bears("themes", theme) || slices.Contains(chosen, id) {
			near.Items = append(near.Items, box)
		} else {
			far.Items = append(far.Items, box)
		}
	}
	switch {
	case len(near.Items)+len(far.Items) == 0:
		return `<p class="govuk-body">There is no evidence yet that it could rest on.</p>`
	case len(near.Items) == 0:
		far.Fieldset.Legend.Text, far.IDPrefix, far.ErrorMessage = "Evidence", inputEvidence, message
		return far.Render()
	case len(far.Items) == 0:
		return near.Render()
	}
	return near.Render() + govuk.Details{SummaryText: capital(count(len(far.Items), "other piece", "other pieces")) + " of evidence", HTML: far.Render()}.Render()
}

func (t *tested) newFinding(f *sent) (*page, error) {
	if err := t.mayWrite(); err != nil {
		return nil, err
	}
	most := 0.0
	for _, x := range t.findings() {
		n, _ := x.Number("number")
		most = max(most, n)
	}
	begin := kind.Typed{"number": {strconv.FormatFloat(most+1, 'f', -1, 64)}}
	if code := f.r.URL.Query().Get(fieldTheme); t.chosen(fieldTheme, t.codesOf("", "theme")) != "" {
		begin["theme"] = []string{code}
	}
	w, fields := t.findingForm(f, nil, begin)
	body := &workPage{}
	page := t.page("work", "Add a finding", partFindings, body)
	page.Narrow = true
	if added := f.r.URL.Query().Get(fieldAdded); added != "" && f.typed == nil {
		for _, x := range t.findings() {
			if string(x.Key().ID) == added {
				page.Notice = &notice{Title: "Recorded", Text: "“" + t.findingCalled(x) + "” is recorded. Add the next finding below, or go back to the findings."}
			}
		}
	}
	body.Form = &workForm{Action: t.part(partFindings, newOne), Hidden: w.hidden(f), Fields: fields, Button: "Save this finding", Other: &link{"Back to the findings", t.part(partFindings, "")}}
	return page, nil
}

func (t *tested) oneFinding(f *sent) (*page, error) {
	rec, err := t.one(findingKind)
	if err != nil {
		return nil, err
	}
	body := &workPage{Past: t.l.past()}
	page := t.page("work", t.findingCalled(rec), partFindings, body)
	if !t.may(access.Assess) {
		for _, fd := range rec.Kind().Fields {
			if lines := t.s.value(t.l, rec, fd); lines != nil && fd.Name != "test" && fd.Name != inputEvidence {
				body.Lines = append(body.Lines, fieldLine{fd.Label, lines})
			}
		}
	}
	body.Lines = append(body.Lines, fieldLine{"Evidence", orText(t.findingPart(rec, t.evidence()).Evidence, "No evidence linked yet")})
	for _, x := range []struct {
		kind  fact.KindName
		label string
	}{{"judgement", "Judgements that rest on it"}, {"recommendation", "Recommendations that follow from it"}, {"paragraph", "Paragraphs of the letter"}} {
		k := t.l.View.Kinds().Kind(x.kind)
		if k == nil || k.Field("findings") == nil {
			continue
		}
		var lines []link
		for _, r := range rec.Referring(k.Name, "findings") {
			lines = append(lines, link{t.s.title(r), t.l.record(r.Key())})
		}
		if len(lines) > 0 {
			body.Lines = append(body.Lines, fieldLine{x.label, lines})
		}
	}
	if f.r != nil && f.r.URL.Query().Get(fieldAdded) != "" && f.typed == nil {
		page.Notice = &notice{Title: "Recorded", Text: "What you changed is recorded."}
	}
	page.Narrow = true
	body.After = []link{{"Everything recorded of it", t.l.record(rec.Key())}, {"Back to the findings", t.part(partFindings, "")}}
	if c := rec.Text("theme"); t.framework != nil && slices.ContainsFunc(t.framework.Themes, func(x rule.Code) bool { return x.Code == c }) {
		body.After = append(body.After, link{"Theme: " + t.codeName("theme", c), t.part(partThemes, c)})
	}
	if !t.may(access.Assess) {
		return page, nil
	}
	if p, ok := testPageOf("recommendations"); ok && p.show != nil {
		body.After = append(body.After, link{"Recommendations", t.part("recommendations", "")})
	}
	w, fields := t.findingForm(f, rec, nil)
	at := t.part(partFindings, t.of)
	body.Form = &workForm{Heading: "Change or move it", Action: at, Hidden: w.hidden(f), Fields: fields, Button: "Save"}
	body.Remove = t.removing(rec, "this finding")
	return page, nil
}

// findingSent takes a finding, new or changed.
func (t *tested) findingSent(f *sent) error {
	var rec *graph.Record
	again := func() (*page, error) { return t.newFinding(f) }
	if t.of != newOne {
		var err error
		if rec, err = t.one(findingKind); err != nil {
			return err
		}
		again = func() (*page, error) { return t.oneFinding(f) }
	}
	w := t.writing(findingKind, rec, slices.Concat(findingFields, findingAbout)...)
	w.more = []string{inputEvidence}
	values := w.read(f)
	var ids []string
	have := t.evidence()
	for _, id := range f.typed[inputEvidence] {
		named := slices.IndexFunc(have, func(e evidence) bool { return string(e.Key().ID) == id || id != "" && e.Text("reference") == id })
		switch {
		case named < 0:
			f.fault(inputEvidence, fmt.Sprintf("No evidence of this test is called “%s”. Select those that are there", cut(id, maxLength)))
		case !slices.Contains(ids, string(have[named].Key().ID)):
			ids = append(ids, string(have[named].Key().ID))
		}
	}
	values = append(values, listValue(w.kind.Field(inputEvidence), ids)...)
	to := t.part(partFindings, t.of, fieldAdded, "yes")
	if rec == nil {
		to = t.part(partFindings, newOne, fieldAdded, string(w.key(f).ID), fieldTheme, f.text("theme"))
	}
	return w.put(f, values, to, again)
}
