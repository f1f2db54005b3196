package web

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Inputs of a commission beside those of its fields.
const (
	inputTested    = "tested" // a proposal, or a version of one: "people-directorate", "people-directorate/v-2"
	inputTestOf    = "test_of"
	inputReplaces  = "supersedes" // the test that it replaces: the review of one
	ofAProposal    = "proposal"
	ofTheStructure = "structure"
)

// commissionFields are what is asked of a commission, before what is tested and after it.
var (
	commissionFirst = []wanted{{name: "commissioned_by", label: "Asked for by", required: true}, {name: "assessor", label: "Adviser"}, {name: "assessor_organisation", label: "Adviser's organisation"}}
	commissionRest  = []wanted{
		{name: "framework", required: true}, {name: "purpose"}, {name: "recipient"}, {name: "basis"}, {name: "started_on", required: true, hint: "From this day the test is on record, and the adviser can write in it."}, {name: "on_site_from"}, {name: "on_site_until"}, {name: "access_until"}, {name: "review_due"},
		{name: "title", label: "What the test is called", hint: "Left empty, it is called after what is tested."},
	}
)

// commission asks for a test of assurance, all at once.
func (s *Site) commission(l *look, r *http.Request) (*page, error) {
	return s.asksCommission(l, &sent{r: r})
}

func (s *Site) asksCommission(l *look, f *sent) (*page, error) {
	if err := s.mayRecord(l, l.View.Kinds().Kind(testKind)); err != nil {
		return nil, err
	}
	w := s.commissioning(l)
	begin := kind.Typed{}
	for name, values := range kind.ShowDate("started_on", fact.ExactDate(l.today)) {
		begin[name] = values
	}
	if p := l.other.Get(inputTested); p != "" {
		begin[inputTestOf], begin[inputTested] = []string{ofAProposal}, []string{p}
	}
	if len(s.Pack.Frameworks) == 1 {
		begin["framework"] = []string{s.Pack.Frameworks[0].ID}
	}
	a := w.asked(f, begin)
	var fields strings.Builder
	for i, q := range a.form.Questions() {
		if i == len(commissionFirst) {
			fields.WriteString(string(s.whatIsTested(l, a)))
		}
		if q.Name != "structure_on" {
			fields.WriteString(string(a.control(q)))
		}
	}
	at := l.to(l.View.Kinds().Kind(testKind).Path() + "/" + newOne)
	lead, hides := []string{"An independent adviser looks at whether a structure, in force or proposed, is safe and clear about who answers for what. The council sets the test up here; what the adviser finds only the adviser writes."}, w.hidden(f)
	if old := s.replaced(l, cmp.Or(f.text(inputReplaces), l.other.Get(inputReplaces))); old != nil {
		lead = append(lead, "It is the review of “"+s.title(old)+"”, and replaces it. It starts blank: nothing that was found then is taken over, and both are laid beside each other.")
		hides = append(hides, hidden{inputReplaces, string(old.Key().ID)})
	}
	return &page{Template: "work", Heading: "Commission a test of assurance", Undated: true, Narrow: true, Crumbs: way(l, w.kind), Body: &workPage{
		Lead: lead,
		Form: &workForm{Action: at, Hidden: hides, Fields: template.HTML(fields.String()), Button: "Commission the test"}, // #nosec G203 -- of components alone
	}}, nil
}

// replaced is the test that a new one replaces, if there is one of that id.
func (s *Site) replaced(l *look, id string) *graph.Record {
	if fact.CheckID(id) != nil {
		return nil
	}
	return l.View.Record(fact.Key{Kind: testKind, ID: fact.ID(id)})
}

// commissioning is the form of a new test.
func (s *Site) commissioning(l *look) *writing {
	t := &tested{s: s, l: l}
	w := t.writing(testKind, nil, slices.Concat(commissionFirst, []wanted{{name: "structure_on", label: "Structure as on"}}, commissionRest)...)
	w.given = nil
	return w
}

// testable are the proposals that can be tested, each as it stands and in its numbered versions, the newest first.
func (s *Site) testable(l *look) (out []option) {
	for _, p := range l.View.All(graph.Proposal) {
		id := string(p.Key().ID)
		for _, v := range slices.Backward(report.VersionsOf(l.View, p.Key().ID)) {
			words := s.title(p) + ", version " + strconv.Itoa(v.Number)
			if !v.Made.IsZero() {
				words += ", made " + v.Made.Words()
			}
			out = append(out, option{id + "/" + string(v.Record.Record.ID), words, false})
		}
		out = append(out, option{id, s.title(p) + ", as it stands", false})
	}
	return out
}

// whatIsTested asks for a proposal or a day.
func (s *Site) whatIsTested(l *look, a *asked) template.HTML {
	choose := govuk.Select{Name: inputTested, ID: inputTested, Value: a.value(inputTested), Label: govuk.Label{Text: "Proposal and version"}, Hint: govuk.Hint{Text: "A version stays as it was. Of a proposal as it stands the letter cannot say what it is about once the proposal changes."}, Items: []govuk.Option{{Text: "Choose one"}}}
	choose.ErrorMessage, _ = a.wrong(inputTested)
	for _, o := range s.testable(l) {
		choose.Items = append(choose.Items, govuk.Option{Value: o.Value, Text: o.Text})
	}
	on := kind.Question{}
	for _, q := range a.form.Questions() {
		if q.Name == "structure_on" {
			on = q
		}
	}
	message, _ := a.wrong(inputTestOf)
	return govuk.Radios{Name: inputTestOf, IDPrefix: inputTestOf, Value: a.value(inputTestOf), ErrorMessage: message, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "What is tested?", Classes: "govuk-fieldset__legend--s"}}, Items: []govuk.Radio{
		{Text: "A proposal", Value: ofAProposal, Conditional: govuk.Conditional{HTML: choose.Render()}},
		{Text: "The structure in force on a day", Value: ofTheStructure, Conditional: govuk.Conditional{HTML: a.control(on)}},
	}}.Render()
}

// commissionSent records a commission.
func (s *Site) commissionSent(l *look, f *sent) error {
	if err := s.mayRecord(l, l.View.Kinds().Kind(testKind)); err != nil {
		return err
	}
	w := s.commissioning(l)
	values := w.read(f)
	drop := func(field string) {
		values = slices.DeleteFunc(values, func(v kind.Value) bool { return v.Field.Name == field })
	}
	set := func(field, value string) {
		values = append(values, kind.Value{Field: w.kind.Field(field), JSON: kind.Quote(value)})
	}
	says := func(field string) string { return (&kind.Doc{Values: values}).Text(field) }
	title := ""
	switch f.text(inputTestOf) {
	case ofAProposal:
		drop("structure_on")
		i := slices.IndexFunc(s.testable(l), func(o option) bool { return o.Value == f.text(inputTested) })
		if i < 0 {
			f.fault(inputTested, "Select the proposal that is tested")
			break
		}
		proposal, version, pinned := strings.Cut(f.text(inputTested), "/")
		set("tests", proposal)
		if pinned {
			set("version", version)
		}
		title = "Test of assurance: " + s.called(l, fact.Key{Kind: graph.Proposal, ID: fact.ID(proposal)})
	case ofTheStructure:
		on, _ := fact.ParseDate(says("structure_on"))
		if _, exact := on.Exact(); !exact && len(f.faults.Of("structure_on")) == 0 {
			f.faults = append(f.faults, kind.Fault{Field: "structure_on", Inputs: []string{"structure_on.day"}, Message: "The day of the structure must include a day, a month and a year"})
		}
		title = "Test of assurance: the structure on " + on.Words()
	default:
		f.fault(inputTestOf, "Select what is tested")
	}
	date := func(field string) fact.Date {
		d, _ := fact.ParseDate(says(field))
		return d
	}
	if from, until := date("on_site_from"), date("on_site_until"); !from.IsZero() && !until.IsZero() && until.Last < from.First {
		f.faults = append(f.faults, kind.Fault{Field: "on_site_until", Inputs: []string{"on_site_until.day"}, Message: "The last day on site must be the first day or a later one"})
	}
	if from, end := date("started_on"), date("access_until"); !from.IsZero() && !end.IsZero() && end.Form != fact.ToBeAgreed && end.Last < from.First {
		f.faults = append(f.faults, kind.Fault{Field: "access_until", Inputs: []string{"access_until.day"}, Message: "The day on which the adviser's access ends must not be before the test starts"})
	}
	if old := s.replaced(l, f.text(inputReplaces)); old != nil {
		set("supersedes", string(old.Key().ID))
	}
	if says("title") == "" && title != "" {
		set("title", cut(title, kind.MaxLine))
	}
	return w.put(f, values, l.record(w.key(f)), func() (*page, error) { return s.asksCommission(l, f) })
}
