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

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// Inputs of a condition.
const (
	inputCheck  = "check" // how it is checked: by nobody but a person, by a pattern, or by an expression of one's own
	inputOwn    = "expression"
	inputTried  = "tried" // what was shown to give what it gives now
	inputUndo   = "undo"  // that it is taken back
	inputSaidBy = "said_by"
	inputMet    = "state"
	checkOwn    = "own"
)

func (t *tested) conditionsPage(r *http.Request) (*page, error) {
	switch t.of {
	case "":
		return t.conditionList()
	case newOne:
		return t.newCondition(&sent{r: r})
	}
	return t.oneCondition(&sent{r: r})
}

func (t *tested) conditionList() (*page, error) {
	body := &worklistPage{Past: t.l.past()}
	page := t.page("worklist", "Conditions", partConditions, body)
	for _, j := range t.all(judgementKind) {
		if of := t.conditionsTable(j); of != nil {
			if body.Table == nil {
				body.Table = of
			} else {
				body.Table.Rows = append(body.Table.Rows, of.Rows...)
			}
		}
	}
	if body.Table == nil {
		body.Empty = []link{{Text: "No conditions. A criterion that is judged met with condition has one or more."}, {"Criteria", t.part(partCriteria, "")}}
	}
	return page, nil
}

// condition gives the condition of the address, and the judgement that it is of.
func (t *tested) condition() (rec, judgement *graph.Record, err error) {
	rec = t.l.View.Record(fact.Key{Kind: conditionKind, ID: fact.ID(t.of)})
	if rec != nil {
		if judgement = rec.Ref("judgement"); judgement != nil {
			if of, _ := judgement.RefKey("test"); of == t.key {
				return rec, judgement, nil
			}
		}
	}
	return nil, nil, &trouble{kind: fact.ErrNotFound, text: "There is no such condition in this test on " + t.l.View.On().Words() + ".", links: []link{{"Conditions of this test", t.part(partConditions, "")}}}
}

// oneCondition is a condition: what it says, how it stands, what was said of it, and what the reader can do with it.
func (t *tested) oneCondition(f *sent) (*page, error) {
	rec, judgement, err := t.condition()
	if err != nil {
		return nil, err
	}
	body := &workPage{Past: t.l.past()}
	page := t.page("work", "Condition", partConditions, body)
	now := report.ConditionNow(t.s.Pack, rec)
	line := func(label string, lines []link) {
		if len(lines) > 0 {
			body.Lines = append(body.Lines, fieldLine{label, lines})
		}
	}
	value := func(field string) []link { return t.s.value(t.l, rec, rec.Kind().Field(field)) }
	line("Condition", value("text"))
	line("Of", []link{{t.codeName("criterion", judgement.Text("criterion")), t.part(partCriteria, judgement.Text("criterion"))}})
	line("It applies to", value("about"))
	line("How it will be known", value("shown_by"))
	due := value("due")
	if now.Late {
		due = append(due, link{Text: "Late"})
	}
	line("By when", due)
	line("What the record shows", text(now.ByRecord()))
	check := value("expression")
	if p, _, ok := t.patternIn(rec); ok {
		check = append(text(p.Label), check...)
	}
	line("The check", check)
	line("What was said", orText(texts(now.Said()), "Nothing yet"))
	body.After = []link{{"Everything recorded of it", t.l.record(rec.Key())}, {"What all tests asked for", t.l.to(actionsPath)}}
	if f.typed == nil && f.r.URL.Query().Get(fieldAdded) != "" {
		page.Notice = &notice{Title: "Recorded", Text: "What you said of the condition is recorded."}
	}
	switch {
	case t.judges():
		body.Form = t.conditionForm(f, rec, nil)
		var only template.HTML
		if len(judgement.Referring(conditionKind, "judgement")) == 1 {
			only = govuk.WarningText{Text: "It is the only condition of a judgement “met with condition”. Without it the letter cannot be issued, until you add another or judge the criterion otherwise."}.Render()
		}
		body.Remove = &workForm{Heading: "Take this condition back", Action: t.part(partConditions, t.of), Hidden: []hidden{{inputUndo, "yes"}}, Button: "Take it back",
			Fields: only + govuk.Input{Name: inputWhy, ID: inputWhy, Label: govuk.Label{Text: "Why", Classes: medium}, Hint: govuk.Hint{Text: "It stays in the history, with what it said."}, Autocomplete: "off"}.Render()}
	case t.reported() && t.may(access.SetUpTests):
		body.Form = t.confirmForm(f, "council", "Say whether it is met", "The adviser is asked whether they agree. It does not change the judgement.", "It is met", "It is not met yet")
	case t.reported() && t.may(access.Assess) && now.Council != nil:
		body.Form = t.confirmForm(f, "adviser", "Do you agree that it is met?", "It does not change the judgement.", "I confirm that it is met", "I do not agree: it is not met")
	}
	return page, nil
}

// newCondition asks for another condition of the judgement of a criterion.
func (t *tested) newCondition(f *sent) (*page, error) {
	if err := t.mayJudge(); err != nil {
		return nil, err
	}
	judgement, err := t.conditioned(f)
	if err != nil {
		return nil, err
	}
	body := &workPage{Lead: []string{"Of the judgement on: " + t.codeName("criterion", judgement.Text("criterion"))}}
	page := t.page("work", "Add a condition", partConditions, body)
	page.Narrow = true
	body.Form = t.conditionForm(f, nil, judgement)
	return page, nil
}

// conditioned gives the judgement of which a new condition is, by the criterion in the address.
func (t *tested) conditioned(f *sent) (*graph.Record, error) {
	code := f.r.URL.Query().Get(fieldCriterion)
	if j := t.judgement(code); j != nil {
		return j, nil
	}
	return nil, &trouble{kind: fact.ErrNotFound, text: "A condition is of a judgement. Judge the criterion first, as met with condition.", links: []link{{"Criteria", t.part(partCriteria, "")}}}
}

// conditionForm asks what a condition says, and how it is checked.
func (t *tested) conditionForm(f *sent, rec, judgement *graph.Record) *workForm {
	w := t.writing(conditionKind, rec, conditionFields...)
	a := w.asked(f, nil)
	out := &workForm{Action: t.part(partConditions, newOne), Hidden: w.hidden(f), Button: "Save this condition", Other: &link{"Back to the criteria", t.part(partCriteria, "")}}
	if rec != nil {
		out.Heading, out.Action = "Change it", t.part(partConditions, t.of)
	} else {
		out.Action = t.part(partConditions, newOne, fieldCriterion, judgement.Text("criterion"))
	}
	out.Fields = a.controls() + t.checkControls(f, rec)
	return out
}

// checkControls ask how a condition is checked: patterns for people who do not write expressions, and an expression of one's own for those who do.
func (t *tested) checkControls(f *sent, rec *graph.Record) template.HTML {
	a := &asked{l: t.l, typed: f.typed, faults: f.faults}
	chosen, own, typed := a.value(inputCheck), a.value(inputOwn), f.typed
	if f.typed == nil && rec != nil && rec.Text(inputOwn) != "" {
		chosen, own = checkOwn, rec.Text(inputOwn)
		if p, values, ok := t.patternIn(rec); ok {
			chosen, typed = p.ID, t.patternForm(p).Show(values)
		}
	}
	wrong, _ := a.wrong(inputCheck)
	radios := govuk.Radios{Name: inputCheck, IDPrefix: inputCheck, Value: chosen, ErrorMessage: wrong, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Can the record check it?", Classes: "govuk-fieldset__legend--m"}},
		Hint: govuk.Hint{Text: "A condition in words is enough. What the record can check is checked again at every look, and fails on the day on which it stops being so."}}
	yes := chosen == ""
	radios.Items = append(radios.Items, govuk.Radio{Text: "No: a person looks", Value: "", Checked: &yes})
	for _, p := range rule.Patterns {
		x := &asked{t.l, t.patternForm(p), typed, f.faults}
		radios.Items = append(radios.Items, govuk.Radio{Text: p.Label, Value: p.ID, Conditional: govuk.Conditional{HTML: x.controls()}})
	}
	message, _ := a.wrong(inputOwn)
	radios.Items = append(radios.Items, govuk.Radio{Text: "By an expression of my own", Value: checkOwn, Hint: govuk.Hint{Text: "In the language of the rules. “it” is the first record to which the condition applies."}, Conditional: govuk.Conditional{
		HTML: govuk.Textarea{Name: inputOwn, ID: inputOwn, Value: own, Rows: 3, ErrorMessage: message, Label: govuk.Label{Text: "Expression"}, Spellcheck: new(bool)}.Render()}})
	return radios.Render()
}

// patternIn gives the pattern of which the check of a condition was made, with what its form says.
func (t *tested) patternIn(rec *graph.Record) (rule.Pattern, []kind.Value, bool) {
	var about fact.Key
	if keys := rec.RefKeys("about"); len(keys) > 0 {
		about = keys[0]
	}
	p, chosen, ok := rule.Recognise(t.l.View.Kinds(), rec.Text(inputOwn), about)
	var out []kind.Value
	if ok {
		for i, f := range t.patternForm(p).Fields {
			j := kind.Quote(chosen[p.Blank[i].Name])
			if f.Type == kind.Number {
				j = chosen[p.Blank[i].Name]
			}
			out = append(out, kind.Value{Field: f, JSON: j})
		}
	}
	return p, out, ok
}

// patternForm are the blanks of a pattern as a form.
func (t *tested) patternForm(p rule.Pattern) *kind.Form {
	var fields []*kind.Field
	for _, b := range p.Blank {
		f := &kind.Field{Name: p.ID + "-" + b.Name, Label: b.Label, Type: kind.Choice, Required: true}
		switch {
		case b.Record != "":
			f.Type, f.To = kind.Reference, []fact.KindName{b.Record}
		case b.Most > 0:
			f.Type = kind.Number
		case b.Codes != "":
			f.Codes = b.Codes
		default:
			f.Choices = b.Values(t.l.View.Kinds())
		}
		fields = append(fields, f)
	}
	return t.s.formOf(t.l, t.l.View.Kinds().Kind(conditionKind), fields, nil)
}

// check reads how a condition is checked: the expression, and the record that it is about before all others, where a pattern says so.
func (t *tested) check(f *sent) (expression string, about fact.Key) {
	chosen := f.text(inputCheck)
	switch chosen {
	case "":
		return "", fact.Key{}
	case checkOwn:
		if f.text(inputOwn) == "" {
			f.fault(inputOwn, "Enter the expression, or select that a person looks")
		}
		return f.text(inputOwn), fact.Key{}
	}
	p, ok := rule.PatternOf(chosen)
	if !ok {
		f.fault(inputCheck, "Select how it is checked")
		return "", fact.Key{}
	}
	form := t.patternForm(p)
	said, faults := form.Read(f.typed)
	f.faults = append(f.faults, faults...)
	if len(faults) > 0 {
		return "", fact.Key{}
	}
	values := map[string]string{}
	for _, v := range said {
		name := strings.TrimPrefix(v.Field.Name, p.ID+"-")
		if refs := v.Refs(); v.Field.Type == kind.Reference && len(refs) > 0 {
			values[name] = string(refs[0].ID)
		} else {
			values[name] = strings.Trim(v.JSON, `"`)
		}
	}
	expression, about, err := p.Fill(t.l.View.Kinds(), values)
	if err != nil {
		for _, b := range p.Blank {
			if u := (*rule.Unfilled)(nil); errors.As(err, &u) && u.Blank.Name == b.Name {
				f.fault(p.ID+"-"+b.Name, u.What)
			}
		}
	}
	return expression, about
}

// conditionSent takes a condition, new or changed, or what somebody says of one.
func (t *tested) conditionSent(f *sent) error {
	var rec, judgement *graph.Record
	var err error
	if t.of == newOne {
		if err := t.mayJudge(); err != nil {
			return err
		}
		judgement, err = t.conditioned(f)
	} else {
		rec, judgement, err = t.condition()
	}
	if err != nil {
		return err
	}
	if by := f.text(inputSaidBy); by != "" && rec != nil {
		return t.confirm(f, rec, by)
	}
	if err := t.mayJudge(); err != nil {
		return err
	}
	back := t.part(partCriteria, judgement.Text("criterion"), fieldAdded, "yes")
	if f.text(inputUndo) != "" && rec != nil {
		return t.undoCondition(f, rec, t.part(partCriteria, judgement.Text("criterion")))
	}
	again := func() (*page, error) {
		if rec == nil {
			return t.newCondition(f)
		}
		return t.oneCondition(f)
	}
	w := t.writing(conditionKind, rec, conditionFields...)
	w.more = []string{inputOwn}
	if rec == nil {
		w.given = []kind.Value{{Field: w.kind.Field("judgement"), JSON: kind.Quote(string(judgement.Key().ID))}}
	}
	values := w.read(f)
	expression, about := t.check(f)
	keys := aboutKeys(values)
	if about != (fact.Key{}) {
		keys = append([]fact.Key{about}, slices.DeleteFunc(keys, func(k fact.Key) bool { return k == about })...)
		values = slices.DeleteFunc(values, func(v kind.Value) bool { return v.Field.Name == "about" })
		values = append(values, listValue(w.kind.Field("about"), keyTexts(keys))...)
	}
	if expression != "" {
		of := []fact.KindName{}
		for _, k := range keys {
			of = append(of, k.Kind)
		}
		if what, remedy := t.s.Pack.CheckExpression(expression, of); what != "" {
			f.fault(inputOwn, strings.TrimSuffix(strings.TrimSpace(sentence(what)+" "+sentence(remedy)), "."))
		}
		values = append(values, kind.Value{Field: w.kind.Field(inputOwn), JSON: kind.Quote(expression)})
	}
	slices.SortFunc(values, func(a, b kind.Value) int { return a.Field.Index - b.Field.Index })
	if len(f.faults) == 0 && expression != "" {
		if shown := digestOfCheck(expression, keys); f.text(inputTried) != shown && !t.saysAlready(rec, expression, keys) {
			page, err := again()
			if err != nil {
				return err
			}
			return t.showTrial(f, page, expression, keys, shown)
		}
	}
	return w.put(f, values, back, again)
}

// digestOfCheck names a check, so that what is agreed to is what was shown.
func digestOfCheck(expression string, about []fact.Key) string {
	sum := sha256.Sum256([]byte(expression + "\x00" + strings.Join(keyTexts(about), " ")))
	return hex.EncodeToString(sum[:16])
}

// saysAlready reports whether a condition is checked in this way already.
func (t *tested) saysAlready(rec *graph.Record, expression string, about []fact.Key) bool {
	return rec != nil && rec.Text(inputOwn) == expression && slices.Equal(rec.RefKeys("about"), about)
}

// showTrial shows what the check of a condition gives now, before it is recorded.
func (t *tested) showTrial(f *sent, page *page, expression string, about []fact.Key, shown string) error {
	body, ok := page.Body.(*workPage)
	if !ok {
		return fmt.Errorf("show trial: the page of a condition is %T", page.Body)
	}
	body.Form.Hidden = append(body.Form.Hidden, hidden{inputTried, shown})
	body.Warning = "Nothing is recorded yet. This is what the check gives now; save it if that is what you mean."
	body.Lines = []fieldLine{{"The check", text(expression)}, {"What it gives now", t.trial(expression, about)}}
	body.Remove, body.After = nil, nil
	page.State = "to be checked"
	return t.s.render(f.w, t.l, page)
}

// trial says what an expression gives of what the test is of.
func (t *tested) trial(expression string, about []fact.Key) []link {
	x, faults := t.s.Pack.Compile(expression)
	if len(faults) > 0 {
		return text("It cannot be read: " + faults[0].String())
	}
	l := t.structure()
	if l == nil {
		return text("You cannot see what the proposal that is tested would change, so it cannot be tried.")
	}
	var it *graph.Record
	if len(about) > 0 {
		it = l.View.Record(about[0])
	}
	state, missing, _ := x.Test(l.View, it)
	on := " on " + l.View.On().Words()
	if l.View.Proposal() != "" {
		on += ", with the proposal laid over it"
	}
	switch state {
	case rule.Holds:
		return text("It holds" + on + ".")
	case rule.Fails:
		return text("It does not hold" + on + ".")
	}
	why, _ := t.s.missing(l, missing, len(missing))
	return append(text("It cannot be tested"+on+":"), why...)
}

// undoCondition takes a condition back.
func (t *tested) undoCondition(f *sent, rec *graph.Record, to string) error {
	why := f.line(inputWhy)
	if why == "" {
		return &trouble{kind: errConflict, text: "It was not taken back: say why. The reason stays in the history.", links: []link{{"Go back and say why", t.part(partConditions, t.of)}}}
	}
	edit, problems := t.l.View.Retract(rec.Key(), why)
	if problems != nil {
		return problems
	}
	return t.put(f, book.Change{Docs: edit.Docs, Seen: map[fact.Key]int64{rec.Key(): t.l.View.Seen(rec.Key())}}, to)
}

// confirmForm asks somebody whether a condition is met.
func (t *tested) confirmForm(f *sent, by, heading, hint, met, notMet string) *workForm {
	w := t.confirming()
	a := w.asked(f, kind.Typed{})
	wrong, _ := a.wrong(inputMet)
	radios := govuk.Radios{Name: inputMet, IDPrefix: inputMet, Value: a.value(inputMet), ErrorMessage: wrong, Hint: govuk.Hint{Text: hint}, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: heading, Classes: "govuk-fieldset__legend--m"}}, Items: []govuk.Radio{{Text: met, Value: "met"}, {Text: notMet, Value: "not-met"}}}
	return &workForm{Action: t.part(partConditions, t.of), Hidden: append(w.hidden(f), hidden{inputSaidBy, by}), Fields: radios.Render() + a.controls(), Button: "Save what I say"}
}

func (t *tested) confirming() *writing {
	return t.writing(confirmationKind, nil, wanted{name: "text", hint: "What was done, and where it can be seen."}, wanted{name: "document"})
}

// confirm takes what the council or the adviser says of whether a condition is met. It does not change the judgement.
func (t *tested) confirm(f *sent, rec *graph.Record, by string) error {
	act, ok := map[string]access.Act{"council": access.SetUpTests, "adviser": access.Assess}[by]
	switch {
	case !ok:
		return &trouble{kind: fact.ErrInvalid, text: "It is not said who says it. Nothing was recorded.", links: []link{{"Back to the condition", t.part(partConditions, t.of)}}}
	case !t.may(act):
		return access.Refuse(act)
	case !t.reported():
		return &trouble{kind: errConflict, text: "Whether a condition is met is said once the test is reported. Nothing was recorded.", links: []link{{"Back to the condition", t.part(partConditions, t.of)}}}
	}
	w := t.confirming()
	values := w.read(f)
	state := f.text(inputMet)
	if state != "met" && state != "not-met" {
		f.fault(inputMet, "Select whether it is met")
	}
	give := func(field, value string) {
		w.given = append(w.given, kind.Value{Field: w.kind.Field(field), JSON: kind.Quote(value)})
	}
	give("condition", string(rec.Key().ID))
	give("said_by", by)
	give("state", state)
	give("said_on", fact.ExactDate(t.l.today).String())
	return w.put(f, values, t.part(partConditions, t.of, fieldAdded, "yes"), func() (*page, error) { return t.oneCondition(f) })
}

// aboutKeys are the records that a condition says that it applies to.
func aboutKeys(values []kind.Value) []fact.Key {
	for _, v := range values {
		if v.Field.Name == "about" {
			return v.Refs()
		}
	}
	return nil
}

func keyTexts(keys []fact.Key) (out []string) {
	for _, k := range keys {
		out = append(out, k.String())
	}
	return out
}
