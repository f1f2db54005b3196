package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Inputs of a decision.
const (
	inputOutcome = "outcome"
	inputRef     = "decision_ref"
	inputReasons = "reasons"
	inputKeyed   = "key"
	inputDespite = "adopted_despite"
	inputUndated = "undated"
	inputAgreed  = "agreed"
	maxReasons   = 5000
)

// rulings are what can be decided of a proposal.
var rulings = []struct {
	graph.Outcome
	text, hint string
}{
	{graph.Adopted, "Adopted: bring it into force", "Each of its changes is recorded in force, from its own day, together with the decision."},
	{graph.Approved, "Approved", "Those who decide agree. Nothing comes into force yet."},
	{graph.Rejected, "Rejected", "It stays readable, and changes nothing."},
	{graph.Withdrawn, "Withdrawn", "Nobody pursues it any more. It stays readable, and changes nothing."},
}

// decisionPage asks what was decided, or shows it all once more.
type decisionPage struct {
	Lead   []string
	Lines  []fieldLine
	Action string
	Fields template.HTML
	Answer template.HTML
	Table  *table
	Notes  []string
	Hidden []hidden
	Check  bool
}

func (p *proposal) decisionPage(r *http.Request) (*page, error) { return p.asksDecision(&sent{r: r}) }

// decisionFields are the questions of a decision that the forms of kinds know how to ask: its days and the board.
func (p *proposal) decisionFields() *kind.Form {
	k := p.l.View.Kinds().Kind(graph.Proposal)
	on, by := *k.Field("decision_on"), *k.Field("decided_by")
	on.Label, on.Required, on.Hint = "Day of the decision", true, ""
	by.Hint = "For example Cabinet. It may stay empty where a proposal is withdrawn."
	launch := kind.Field{Name: "effective_on", Label: "Takes effect on", Type: kind.Date, Hint: "Only for what the proposal leaves without a day."}
	called := kind.Field{Name: "call_in_closes", Label: "Last day for call-in", Type: kind.Date, Hint: "Leave it empty where call-in does not apply."}
	return p.s.formOf(p.l, k, []*kind.Field{&on, &by, &launch, &called}, nil)
}

// asksDecision is the page that asks what was decided; of what is decided already it says so.
func (p *proposal) asksDecision(f *sent) (*page, error) {
	body := &decisionPage{}
	page := p.page("decision", "Decision", partDecision, body)
	page.Narrow = true
	body.Lines = p.decided()
	if !p.open() {
		return page, nil
	}
	if n := report.NoticeOf(p.record); n.State != report.NoticeNotNeeded {
		body.Lines = append(body.Lines, fieldLine{"Notice of the decision", texts(n.Said())})
	}
	if !p.may() {
		if len(body.Lines) == 0 {
			body.Lead = []string{"Nothing is decided yet."}
		}
		return page, nil
	}
	body.Lines = append(body.Lines, p.checksLine()...)
	body.Lead = []string{"Record what was decided. You see all of it once more before anything is recorded."}
	a := &asked{p.l, p.decisionFields(), f.typed, f.faults}
	if f.typed == nil {
		a.typed = p.answersNow()
	}
	outcome, _ := a.wrong(inputOutcome)
	radios := govuk.Radios{Name: inputOutcome, IDPrefix: inputOutcome, Value: a.value(inputOutcome), ErrorMessage: outcome, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "What was decided?", Classes: "govuk-fieldset__legend--m"}}}
	for _, o := range rulings {
		if string(o.Outcome) == p.record.Text("status") {
			continue
		}
		radios.Items = append(radios.Items, govuk.Radio{Text: o.text, Value: string(o.Outcome), Hint: govuk.Hint{Text: o.hint}})
	}
	ref, _ := a.wrong(inputRef)
	why, _ := a.wrong(inputReasons)
	body.Fields = radios.Render() + a.controls() +
		govuk.Checkboxes{Name: inputUndated, IDPrefix: inputUndated, Values: a.typed[inputUndated], Items: []govuk.Checkbox{{Text: "What has no day is agreed without one", Value: "yes", Hint: govuk.Hint{Text: "It is then agreed, and in force on no day."}}}}.Render() +
		govuk.Input{Name: inputRef, ID: inputRef, Value: a.value(inputRef), ErrorMessage: ref, Label: govuk.Label{Text: "Minute or decision number (optional)", Classes: medium}}.Render() +
		govuk.Textarea{Name: inputReasons, ID: inputReasons, Rows: 3, Value: a.value(inputReasons), ErrorMessage: why, Label: govuk.Label{Text: "Reasons, as the minutes have them (optional)", Classes: medium}}.Render() +
		govuk.Checkboxes{Name: inputKeyed, IDPrefix: inputKeyed, Values: a.typed[inputKeyed], Items: []govuk.Checkbox{{Text: "It is a key decision", Value: "yes"}}}.Render()
	body.Action = p.part(partDecision)
	return page, nil
}

// answersNow fills the form in with what the proposal says already of its decision.
func (p *proposal) answersNow() kind.Typed {
	f := p.decisionFields()
	var was []kind.Value
	for _, name := range []string{"decision_on", "decided_by", "effective_on"} {
		if j, state := p.record.JSON(name); state == graph.Known {
			for _, fd := range f.Fields {
				if fd.Name == name {
					was = append(was, kind.Value{Field: fd, JSON: j})
				}
			}
		}
	}
	t := f.Show(was)
	if ref := p.record.Text("decision_ref"); ref != "" {
		t[inputRef] = []string{ref}
	}
	return t
}

// decided says what was decided already.
func (p *proposal) decided() (out []fieldLine) {
	rec := p.record
	if e := graph.Ended(rec); e != nil { // it may be dated another day
		rec = e
	}
	add := func(label string, lines []link) {
		if len(lines) > 0 {
			out = append(out, fieldLine{label, lines})
		}
	}
	if slices.Contains([]string{"approved", "adopted", "rejected", "withdrawn"}, rec.Text("status")) {
		add("Outcome", text(capital(rec.Text("status"))))
		add("Decision", p.s.value(p.l, rec, rec.Kind().Field("decision")))
		add("Decided by", p.s.value(p.l, rec, rec.Kind().Field("decided_by")))
		add("Day", text(rec.Show("decision_on")))
		add("Minute", text(rec.Text("decision_ref")))
		add("Took effect", text(rec.Show("effective_on")))
		add("Adopted although", text(rec.Text("adopted_despite")))
		if n := report.NoticeOf(rec); n.State != report.NoticeNotNeeded {
			add("Notice of the decision", texts(n.Said()))
		}
		add("Call-in", text(report.CallIn(rec)))
	}
	return out
}

// ruling makes a decision of what was typed.
func (p *proposal) ruling(f *sent) graph.Ruling {
	form := p.decisionFields()
	values, faults := form.Read(f.typed)
	f.faults = append(f.faults, faults...)
	by := graph.Ruling{Outcome: graph.Outcome(f.text(inputOutcome)), Ref: f.line(inputRef), Reason: f.text(inputReasons), Key: f.text(inputKeyed) == "yes", Despite: f.text(inputDespite)}
	for _, v := range values {
		doc := kind.Doc{Values: []kind.Value{v}}
		switch v.Field.Name {
		case "decision_on":
			by.On, _ = fact.ParseDate(doc.Text("decision_on"))
		case "effective_on":
			by.Launch, _ = fact.ParseDate(doc.Text("effective_on"))
		case "call_in_closes":
			by.CallIn, _ = fact.ParseDate(doc.Text("call_in_closes"))
		case "decided_by":
			if refs := v.Refs(); len(refs) > 0 {
				by.By = refs[0]
			}
		}
	}
	if f.text(inputUndated) == "yes" && by.Launch.IsZero() {
		by.Launch = fact.Undated
	}
	if !slices.ContainsFunc(rulings, func(o struct {
		graph.Outcome
		text, hint string
	}) bool {
		return o.Outcome == by.Outcome
	}) {
		f.fault(inputOutcome, "Select what was decided")
	}
	if _, exact := by.On.Exact(); !exact && !by.On.IsZero() {
		f.fault("decision_on", "The day of the decision must include a day, a month and a year")
	}
	if by.Outcome != graph.Withdrawn && (by.By == fact.Key{}) && by.Outcome != "" && len(f.faults) == 0 {
		f.fault("decided_by", "Enter who decided, for example Cabinet")
	}
	for _, input := range []string{inputRef, inputReasons, inputDespite} {
		most := maxReasons
		if input == inputRef {
			most = maxSource
		}
		if len([]rune(f.text(input))) > most {
			f.fault(input, fmt.Sprintf("It must be %s characters or fewer", thousands(int64(most))))
		}
	}
	return by
}

// decide takes a decision: first it is shown whole, and when that is agreed to it is recorded.
func (p *proposal) decide(f *sent) error {
	to := p.part(partDecision)
	if !p.open() {
		redirect(f.w, f.r, to, http.StatusSeeOther) // sent twice, or somebody else was faster: the page says what was decided
		return nil
	}
	by := p.ruling(f)
	again := func() error {
		page, err := p.asksDecision(f)
		return p.again(f, page, err)
	}
	if len(f.faults) > 0 {
		return again()
	}
	whole := p.s.Book.View(p.l.today, p.l.newest).With(p.key.ID) // what somebody does not see is adopted as well; the book lets only those adopt who see all of it
	edit, problems := whole.Decide(by)
	if problems != nil && !p.l.seen.Whole() {
		problems = p.shownProblems(by)
	}
	for _, x := range problems {
		field := x.Field
		if field == "" || x.Record != "" && x.Record != p.key.String() {
			field = inputOutcome
		}
		f.fault(field, strings.TrimSuffix(sentence(x.What), ".")+". "+strings.TrimSuffix(sentence(x.Remedy), "."))
	}
	if len(f.faults) > 0 {
		return again()
	}
	if _, err := p.s.Book.Check(p.s.whoIs(f.r), book.Change{Docs: edit.Docs}); err != nil {
		if refused := kind.Problems(nil); errors.As(err, &refused) {
			return p.problems(refused)
		}
		return err
	}
	against := p.against(by)
	plain := by
	plain.Despite = "" // what is agreed to is without the reason, which is asked for with it
	bare, _ := whole.Decide(plain)
	agreed := digestOf(bare.Docs, against)
	switch {
	case f.text(inputAgreed) != agreed:
		return p.checksDecision(f, by, edit, against, agreed)
	case len(against) > 0 && by.Despite == "":
		f.fault(inputDespite, "Enter why it is adopted all the same")
		return p.checksDecision(f, by, edit, against, agreed)
	}
	return p.put(f, book.Change{Docs: edit.Docs, After: p.l.newest}, p.l.record(p.key))
}

// against is what stands against adopting the proposal, in words: functions without a place, twice, or for which nobody answers in law on some day.
func (p *proposal) against(by graph.Ruling) []string {
	if by.Outcome != graph.Adopted {
		return nil
	}
	launch := by.Launch
	if launch.Form == fact.ToBeAgreed {
		launch = fact.Date{}
	}
	all := report.AgainstAdoption(p.s.Pack, p.s.Book.View(p.l.today, p.l.newest), p.key.ID, launch)
	if p.l.seen.Whole() {
		return all
	}
	theirs := report.AgainstAdoption(p.s.Pack, p.before.View, p.key.ID, launch)
	out := slices.DeleteFunc(slices.Clone(all), func(text string) bool { return !slices.Contains(theirs, text) })
	if rest := len(all) - len(out); rest > 0 {
		out = append(out, capital(count(rest, "more thing stands", "more things stand"))+" against it that you may not see. Ask somebody who sees all of the proposal.")
	}
	return out
}

// shownProblems says what keeps a decision from being recorded to somebody who does not see all of the record: of what they do not see, only that there is something.
func (p *proposal) shownProblems(by graph.Ruling) kind.Problems {
	if _, theirs := p.l.seen.View(p.l.today, -1).With(p.key.ID).Decide(by); theirs != nil {
		return theirs
	}
	return kind.Problems{{What: "something that you do not see keeps it from being recorded", Remedy: "Ask somebody who sees all of the proposal"}}
}

// digestOf names what is to be recorded, so that what is agreed to is what was shown.
func digestOf(docs []kind.Doc, against []string) string {
	h := sha256.New()
	for _, d := range docs {
		fmt.Fprintf(h, "%s %s %s %s %s\x00", d.Op, d.Key(), d.Span.From, d.Span.Until, d.Source)
		for _, v := range d.Values {
			fmt.Fprintf(h, "%s=%s\x00", v.Field.Name, v.JSON)
		}
	}
	for _, s := range against {
		fmt.Fprintf(h, "%s\x00", s)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// mostAdopted is how many changes of an adoption are listed one by one.
const mostAdopted = 300

// checksDecision shows all that a decision would record.
func (p *proposal) checksDecision(f *sent, by graph.Ruling, edit graph.Edit, against []string, agreed string) error {
	body := &decisionPage{Check: true, Action: p.part(partDecision)}
	page := p.page("decision", "Check before it is recorded", partDecision, body)
	if len(f.faults) > 0 {
		page.Status, page.Problem = http.StatusUnprocessableEntity, problemOf(f.faults)
	} else if f.text(inputAgreed) != "" {
		page.Status = http.StatusConflict
		page.Problem = &problem{Title: "Something changed", Text: "What would be recorded is not what you were shown. Check it again."}
	}
	list := govuk.SummaryList{}
	row := func(label, value string) {
		if value != "" {
			list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.SummaryText{Text: label}, Value: govuk.SummaryText{Text: value}})
		}
	}
	row("Decision", capital(string(by.Outcome)))
	row("Day", by.On.Words())
	if (by.By != fact.Key{}) {
		row("Decided by", p.s.called(p.l, by.By))
	}
	row("Minute", by.Ref)
	row("Reasons", by.Reason)
	if by.Key {
		row("Key decision", "Yes")
	}
	if n := report.NoticeBy(p.record, by); (by.Outcome == graph.Adopted || by.Outcome == graph.Approved) && n.State != report.NoticeNotNeeded {
		row("Notice of the decision", n.Words)
	}
	if !by.CallIn.IsZero() {
		row("Last day for call-in", by.CallIn.Words())
	}
	if by.Outcome == graph.Adopted && !by.Launch.IsZero() {
		row("What has no day takes effect", by.Launch.Words())
	}
	body.Answer = list.Render()
	if by.Outcome == graph.Adopted {
		t := newTable("What is recorded in force", "Record", "What", "Days")
		for i, d := range edit.Docs {
			if d.Kind.Name == graph.Proposal || d.Kind.Name == "decision" {
				continue
			}
			if i == mostAdopted {
				t.add(text("And more"), nil, text(count(len(edit.Docs)-i, "entry", "entries")))
				break
			}
			what := "Is as proposed"
			days := capital(d.Span.Words())
			if d.Op == fact.End {
				what = "Ends"
				days = "After " + d.Span.Until.Words()
			}
			t.add(text(p.s.called(p.after, d.Key())), text(d.Kind.Label+": "+kind.Lower(what)), text(days))
		}
		body.Table = t
	}
	body.Notes = append(body.Notes, edit.Notes...)
	if len(against) > 0 {
		body.Lead = append([]string{"This stands against bringing it into force:"}, against...)
		wrong, _ := (&asked{faults: f.faults}).wrong(inputDespite)
		body.Fields = govuk.Textarea{Name: inputDespite, ID: inputDespite, Rows: 4, Value: f.text(inputDespite), ErrorMessage: wrong, Label: govuk.Label{Text: "Why is it adopted all the same?", Classes: medium}, Hint: govuk.Hint{Text: "The reason is recorded with the decision."}}.Render()
	}
	for input, values := range f.typed {
		if input == inputDespite || input == inputAgreed {
			continue
		}
		for _, v := range values {
			body.Hidden = append(body.Hidden, hidden{input, v})
		}
	}
	slices.SortFunc(body.Hidden, func(a, b hidden) int { return strings.Compare(a.Name+a.Value, b.Name+b.Value) })
	body.Hidden = append(body.Hidden, hidden{inputAgreed, agreed})
	return p.s.render(f.w, p.l, page)
}
