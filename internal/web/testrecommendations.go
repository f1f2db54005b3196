package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"plumbline/internal/access"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

const (
	partRecommendations = "recommendations"

	inputMeets = "conditions" // the conditions that a recommendation would meet
)

// recommendationsPage is what a test recommends, and what became of it.
type recommendationsPage struct {
	Past            []link
	Closed          []link
	Lead            []string
	Empty           []link
	Recommendations []recommended
	After           []link
}

// recommended is a recommendation as its page lists it.
type recommended struct {
	ID      string
	Title   link
	Stand   tag
	Late    bool
	Text    string
	Lines   []fieldLine
	Actions *table
}

// standTags are the colours of where something stands.
var standTags = map[report.Stand]string{
	report.StandFails: "govuk-tag--red", report.StandDisagreed: "govuk-tag--red", report.StandUnheard: "govuk-tag--grey", report.StandOpen: "govuk-tag--blue", report.StandConfirm: "govuk-tag--yellow", report.StandDone: "govuk-tag--green", report.StandRejected: "govuk-tag--grey",
}

func (t *tested) recommendationsPage(r *http.Request) (*page, error) {
	switch t.of {
	case "":
		return t.recommendationList()
	case newOne:
		return t.newRecommendation(&sent{r: r})
	}
	return t.oneRecommendation(&sent{r: r})
}

func (t *tested) recommendationList() (*page, error) {
	body := &recommendationsPage{Past: t.l.past(), Closed: t.standing()}
	page := t.page("recommendations", "Recommendations", partRecommendations, body)
	s := report.SummaryOf(t.s.Pack, t.record)
	late := 0
	for i := range s.Recommendations {
		x := t.recommended(&s.Recommendations[i])
		if x.Late {
			late++
		}
		body.Recommendations = append(body.Recommendations, x)
	}
	switch n := len(body.Recommendations); {
	case n == 0:
		body.Empty = text("No recommendations.")
	case late > 0:
		body.Lead = []string{sentence(count(n, "recommendation", "recommendations") + ", " + strconv.Itoa(late) + " late")}
	default:
		body.Lead = []string{sentence(count(n, "recommendation", "recommendations"))}
	}
	body.After = []link{{"What all tests asked for", t.l.to(actionsPath, fieldTest, string(t.key.ID))}}
	if t.judges() {
		page.Actions = []action{{link{"Add a recommendation", t.part(partRecommendations, newOne)}, true}}
	}
	return page, nil
}

// recommended lays out a recommendation.
func (t *tested) recommended(r *report.Recommended) recommended {
	out := recommended{ID: string(r.Recommendation.Record.ID), Title: link{"Recommendation " + r.Number, t.part(partRecommendations, string(r.Recommendation.Record.ID))}, Stand: tag{r.Stand.Words(), standTags[r.Stand]}, Late: r.Late, Text: r.Text}
	line := func(label string, lines []link) {
		if len(lines) > 0 {
			out.Lines = append(out.Lines, fieldLine{label, lines})
		}
	}
	named := func(all []report.Named, part string) (lines []link) {
		for _, x := range all {
			at := t.l.record(x.Record)
			if part != "" {
				at = t.part(part, string(x.Record.ID))
			}
			lines = append(lines, link{x.Text, at})
		}
		return lines
	}
	line("Follows from", named(r.Findings, partFindings))
	line("Would meet", named(r.Conditions, partConditions))
	line("Owner", named(r.Owner, ""))
	line("Due", text(capital(r.By)))
	line("The council's response", text(sentence(r.Answer())))
	line("Complete", text(r.Complete))
	if len(r.Actions) > 0 {
		out.Actions = newTable("Actions", "Action", "Owner", "Due", "Status")
		for i := range r.Actions {
			a := &r.Actions[i]
			status := text(a.Status)
			if a.Late {
				status = append(status, link{Text: "Late"})
			}
			out.Actions.add([]link{{a.Action.Text, t.l.record(a.Action.Record)}}, named(a.Owner, ""), text(capital(a.By)), status)
		}
	}
	return out
}

// recommendationFields are what is asked of a recommendation, and responseFields what is asked of the council.
var (
	recommendationFields = []wanted{
		{name: "text", label: "Recommendation", required: true, hint: "In the words that are to stand in the letter. Begin with what is to be done."}, {name: "number", hint: "Its place among the recommendations."},
		{name: "owner", hint: "The post that should carry it out, if you name one."}, {name: "due", hint: "The day by which it should be done, if you name one."},
	}
	responseFields = []wanted{
		{name: "response", label: "Does the council accept it?", required: true}, {name: "response_text"}, {name: "owner"}, {name: "due"},
		{name: "accepted_complete_by", hint: "The board that agreed that nothing more is to be done. Leave it empty until then."}, {name: "accepted_complete_on"},
	}
)

func (t *tested) newRecommendation(f *sent) (*page, error) {
	if err := t.mayJudge(); err != nil {
		return nil, err
	}
	most := 0.0
	for _, x := range t.all(recommendationKind) {
		n, _ := x.Number("number")
		most = max(most, n)
	}
	body := &workPage{}
	page := t.page("work", "Add a recommendation", partRecommendations, body)
	page.Narrow = true
	body.Form = t.recommendationForm(f, nil, kind.Typed{"number": {strconv.FormatFloat(most+1, 'f', -1, 64)}})
	if f.typed == nil && f.r.URL.Query().Get(fieldAdded) != "" {
		page.Notice = &notice{Title: "Recorded", Text: "The recommendation is recorded. Add the next below, or go back to the recommendations."}
	}
	return page, nil
}

// recommending is the writing of a recommendation by the adviser.
func (t *tested) recommending(rec *graph.Record) *writing {
	w := t.writing(recommendationKind, rec, recommendationFields...)
	w.more = []string{inputRests, inputMeets}
	if rec == nil {
		w.given = []kind.Value{{Field: w.kind.Field("test"), JSON: kind.Quote(t.key.String())}}
	}
	return w
}

func (t *tested) recommendationForm(f *sent, rec *graph.Record, begin kind.Typed) *workForm {
	w := t.recommending(rec)
	out := &workForm{Action: t.part(partRecommendations, newOne), Hidden: w.hidden(f), Button: "Save this recommendation", Other: &link{"Back to the recommendations", t.part(partRecommendations, "")}}
	if rec != nil {
		out.Heading, out.Action = "Change it", t.part(partRecommendations, t.of)
	}
	out.Fields = w.asked(f, begin).controls() + t.pickFindings(f, rec, "Which findings does it follow from?", func(x *graph.Record) bool { return bearingOf(x) == weakens || len(x.RefKeys("retain")) > 0 }) + t.meets(f, rec)
	return out
}

// conditions gives the conditions of the test.
func (t *tested) conditions() (out []*graph.Record) {
	for _, j := range t.all(judgementKind) {
		out = append(out, j.Referring(conditionKind, "judgement")...)
	}
	return out
}

// meets offers the conditions of the test that a recommendation would meet.
func (t *tested) meets(f *sent, rec *graph.Record) template.HTML {
	chosen := f.typed[inputMeets]
	if f.typed == nil && rec != nil {
		for _, k := range rec.RefKeys(inputMeets) {
			chosen = append(chosen, string(k.ID))
		}
	}
	message, _ := (&asked{faults: f.faults}).wrong(inputMeets)
	boxes := govuk.Checkboxes{Name: inputMeets, IDPrefix: inputMeets, Values: chosen, ErrorMessage: message, Classes: "govuk-checkboxes--small", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Which conditions would it meet?", Classes: "govuk-fieldset__legend--s"}}}
	for _, c := range t.conditions() {
		boxes.Items = append(boxes.Items, govuk.Checkbox{Text: c.Text("text"), Value: string(c.Key().ID)})
	}
	if len(boxes.Items) == 0 {
		return ""
	}
	return boxes.Render()
}

// oneRecommendation is a recommendation with what became of it, and what the reader can do with it.
func (t *tested) oneRecommendation(f *sent) (*page, error) {
	rec, err := t.one(recommendationKind)
	if err != nil {
		return nil, err
	}
	body := &workPage{Past: t.l.past()}
	page := t.page("work", "Recommendation "+rec.Text("number"), partRecommendations, body)
	s := report.SummaryOf(t.s.Pack, t.record)
	i := slices.IndexFunc(s.Recommendations, func(x report.Recommended) bool { return x.Recommendation.Record == rec.Key() })
	x := t.recommended(&s.Recommendations[i])
	stand := x.Stand.Text
	if x.Late {
		stand += ", late"
	}
	body.Lines = append([]fieldLine{{"Recommendation", t.s.value(t.l, rec, rec.Kind().Field("text"))}, {"Where it stands", text(stand)}}, x.Lines...)
	if x.Actions != nil {
		body.Tables = append(body.Tables, x.Actions)
	} else if t.reported() {
		body.Lines = append(body.Lines, fieldLine{"Actions", text("No action is recorded that carries it out. An action says itself which recommendation it is for.")})
	}
	body.After = []link{{"Everything recorded of it", t.l.record(rec.Key())}, {"All recommendations of this test", t.part(partRecommendations, "")}}
	if f.typed == nil && f.r.URL.Query().Get(fieldAdded) != "" {
		page.Notice = &notice{Title: "Recorded", Text: "What you changed is recorded."}
	}
	answered := rec.Text("response") != ""
	switch {
	case t.judges() && !answered:
		body.Form = t.recommendationForm(f, rec, nil)
		body.Remove = t.removing(rec, "this recommendation")
	case t.may(access.SetUpTests):
		body.Form = t.responseForm(f, rec)
		if t.l.me.May(access.Deliver) {
			if k := t.l.View.Kinds().Kind("action"); k != nil {
				body.After = append(body.After, link{"Record an action that carries it out", t.l.to(k.Path()+"/new", "recommendation", t.s.called(t.l, rec.Key()))})
			}
		}
	}
	return page, nil
}

// responseForm asks how the council answers a recommendation.
func (t *tested) responseForm(f *sent, rec *graph.Record) *workForm {
	w := t.writing(recommendationKind, rec, responseFields...)
	return &workForm{Heading: "The council's response", Action: t.part(partRecommendations, t.of), Hidden: append(w.hidden(f), hidden{inputSaidBy, "council"}), Fields: w.asked(f, nil).controls(), Button: "Save the response"}
}

// recommendationSent takes a recommendation, new or changed, or how the council answers one.
func (t *tested) recommendationSent(f *sent) error {
	var rec *graph.Record
	again := func() (*page, error) { return t.newRecommendation(f) }
	if t.of != newOne {
		var err error
		if rec, err = t.one(recommendationKind); err != nil {
			return err
		}
		again = func() (*page, error) { return t.oneRecommendation(f) }
	}
	if f.text(inputSaidBy) == "council" && rec != nil {
		if !t.may(access.SetUpTests) {
			return access.Refuse(access.SetUpTests)
		}
		w := t.writing(recommendationKind, rec, responseFields...)
		values := w.read(f)
		if on := valueOf(values, "accepted_complete_on"); on != "" && valueOf(values, "accepted_complete_by") == "" && len(f.faults) == 0 {
			f.fault("accepted_complete_by", "Enter which board accepted it as complete")
		}
		return w.put(f, values, t.part(partRecommendations, t.of, fieldAdded, "yes"), again)
	}
	if err := t.mayJudge(); err != nil {
		return err
	}
	w := t.recommending(rec)
	values := w.read(f)
	values = append(values, listValue(w.kind.Field(inputRests), t.picked(f))...)
	values = append(values, listValue(w.kind.Field(inputMeets), t.pickedConditions(f))...)
	to := t.part(partRecommendations, t.of, fieldAdded, "yes")
	return w.put(f, values, to, again)
}

// pickedConditions are the conditions that were chosen; one that is not of this test is a fault.
func (t *tested) pickedConditions(f *sent) (ids []string) {
	have := t.conditions()
	for _, id := range f.typed[inputMeets] {
		switch {
		case !slices.ContainsFunc(have, func(x *graph.Record) bool { return string(x.Key().ID) == id }):
			f.fault(inputMeets, "Select conditions of this test")
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	return ids
}

func valueOf(values []kind.Value, field string) string {
	for _, v := range values {
		if v.Field.Name == field {
			return v.JSON
		}
	}
	return ""
}
