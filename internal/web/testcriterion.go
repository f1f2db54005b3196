package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/assure"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// The kinds of what an adviser judges and asks for.
const (
	judgementKind      fact.KindName = "judgement"
	conditionKind      fact.KindName = "condition"
	recommendationKind fact.KindName = "recommendation"
	confirmationKind   fact.KindName = "confirmation"
)

// Inputs of a judgement.
const (
	inputJudged    = "outcome"
	inputRests     = "findings"
	inputRationale = "rationale"
	inputAlthough  = "despite"
	notReady       = "not-ready"
)

// criterionPage is a criterion with what speaks for and against it, and the form for the judgement.
type criterionPage struct {
	Past       []link
	At         string
	Judged     tag
	Lines      []fieldLine
	Supports   criterionSide
	Weakens    criterionSide
	Unlinked   []link // that no finding is linked to it
	Shows      []shownResult
	Untested   []shownResult
	UntestedOf string
	ShowsLead  string
	ShowsMore  *link
	Conditions *table
	Form       *workForm
	After      []link
	Closed     []link
	Warning    string
}

// criterionSide is the findings that support a criterion, or that weaken it.
type criterionSide struct {
	Heading  string
	Findings []mapFinding
	Empty    string
}

// shownResult is what a rule shows that serves a criterion.
type shownResult struct {
	Status status
	Title  link
	Text   string
}

// structure is the look at what the test is of: the proposal that it tests, as long as that is not adopted, or the structure of the day that it names. Nil where the reader may not see it.
func (t *tested) structure() *look {
	l := *t.l
	if of, ok := t.record.RefKey("tests"); ok {
		if !t.l.seesBranch(of) {
			return nil
		}
		l.View = assure.Tested(t.l.View, t.record)
		l.proposal = string(l.View.Proposal())
		return &l
	}
	if day, exact := t.record.Date("structure_on").Exact(); exact && t.l.proposal == "" && t.l.on == "" {
		l.View = t.l.View.At(day)
		if day != l.today {
			l.on = day.String()
		}
	}
	return &l
}

// judges reports whether the reader can judge here: the adviser of the test, until it is reported.
func (t *tested) judges() bool { return t.may(access.Assess) && !t.reported() }

// standing says to an adviser why nothing can be judged any more.
func (t *tested) standing() []link {
	if !t.may(access.Assess) || !t.reported() {
		return nil
	}
	return []link{{Text: "This test was reported " + onDayWords(t.record.Date("reported_on")) + ", so what it judged and asked for stands as it was issued. What has changed since is judged by another test."}}
}

// onDayWords says on which day, or when where that is not exact.
func onDayWords(d fact.Date) string {
	if _, exact := d.Exact(); exact {
		return "on " + d.Words()
	}
	return d.Words()
}

func (t *tested) criteriaPage(r *http.Request) (*page, error) {
	if t.of != "" {
		return t.criterion(&sent{r: r})
	}
	body := &worklistPage{Past: t.l.past()}
	page := t.page("worklist", "Criteria", partCriteria, body)
	s := report.SummaryOf(t.s.Pack, t.record)
	if len(s.Criteria) == 0 {
		body.Empty = text("The law pack has no criteria for the framework of this test. Whoever set the test up can choose another framework.")
		return page, nil
	}
	body.Table = newTable("Criteria", "Criterion", "Judgement", "Findings", "Conditions")
	body.Table.Told = true
	for i := range s.Criteria {
		c := &s.Criteria[i]
		name := []link{{c.Name, t.part(partCriteria, c.Code)}}
		if !t.hasCriterion(c.Code) {
			name = text(c.Name)
		}
		body.Table.add(name, text(c.Judged()), text(report.Bearings{Supports: c.Supports, Weakens: c.Weakens}.Words()), text(capital(count(len(c.Conditions), "condition", "conditions"))))
	}
	return page, nil
}

// hasCriterion reports whether the framework of the test has a criterion.
func (t *tested) hasCriterion(code string) bool {
	return t.framework != nil && slices.ContainsFunc(t.framework.Criteria, func(c rule.Code) bool { return c.Code == code })
}

// judgement gives the judgement of a criterion, or nil.
func (t *tested) judgement(code string) *graph.Record { return report.JudgementsOf(t.record)[code] }

// against are the results of rules that stand against judging a criterion met: breaches, and departures from guidance.
func against(results []rule.Result) []rule.Result {
	return slices.DeleteFunc(slices.Clone(results), func(r rule.Result) bool {
		return r.Outcome != rule.NotMet || r.Severity != rule.Breach && r.Severity != rule.Departure
	})
}

// keptReported is what the rules show of a structure once a test of it is reported.
type keptReported struct{ test fact.ID }

// reportedResults are what the rules show once this test is reported: that the law calls for one is nothing by which it judges.
func (t *tested) reportedResults(l *look) *rule.Results {
	return keep(l, keptReported{t.key.ID}, func() *rule.Results {
		on := kind.Value{Field: t.record.Kind().Field("reported_on"), JSON: kind.Quote(l.View.On().String())}
		doc := kind.Doc{Op: fact.Assert, Kind: t.record.Kind(), ID: t.key.ID, Values: append(values(t.record), on)}
		seen := t.s.Pack.Run(l.View.Suppose(nil, []kind.Doc{doc}))
		if l.seen.Whole() {
			return seen
		}
		whole := t.s.Book.View(l.View.On(), l.View.Known()).With(l.View.Proposal())
		return t.s.Pack.Run(whole.Suppose(nil, []kind.Doc{doc})).Shown(seen, l.View)
	})
}

// resultsFor are the results of the rules that serve a criterion, of what the test is of; ok is false where the reader may not see that.
func (t *tested) resultsFor(code string) (out []rule.Result, at *look, ok bool) {
	l := t.structure()
	if l == nil {
		return nil, nil, false
	}
	results := t.s.assess(l).Results
	if !t.reported() {
		results = t.reportedResults(l)
	}
	for _, r := range results.Rows {
		if slices.Contains(r.Criteria, code) {
			out = append(out, r)
		}
	}
	return out, l, true
}

func (t *tested) criterion(f *sent) (*page, error) {
	if !t.hasCriterion(t.of) {
		return nil, &trouble{kind: fact.ErrNotFound, text: "The framework of this test has no such criterion.", links: []link{{"The criteria of this test", t.part(partCriteria, "")}}}
	}
	body := &criterionPage{Past: t.l.past(), Closed: t.standing(), Supports: criterionSide{Heading: "Findings that support it", Empty: "None."}, Weakens: criterionSide{Heading: "Findings that weaken it", Empty: "None."}}
	page := t.page("criterion", t.codeName("criterion", t.of), partCriteria, body)
	at := slices.IndexFunc(t.framework.Criteria, func(c rule.Code) bool { return c.Code == t.of })
	body.At = "Criterion " + strconv.Itoa(at+1) + " of " + strconv.Itoa(len(t.framework.Criteria))
	if at+1 < len(t.framework.Criteria) {
		next := t.framework.Criteria[at+1]
		body.After = append(body.After, link{"Next criterion: " + next.Name, t.part(partCriteria, next.Code)})
	}
	body.After = append(body.After, link{"All criteria", t.part(partCriteria, "")}, link{"What the judgements rest on", t.part(partMap, t.of)}, link{"By what the test judges", t.l.to(frameworkPath + "/" + t.framework.ID)})
	t.sides(body)
	t.shows(body)
	rec := t.judgement(t.of)
	body.Judged = judgedTag("")
	if rec != nil {
		body.Judged = judgedTag(rec.Text("outcome"))
		body.Conditions = t.conditionsTable(rec)
		if rec.Text("outcome") == "met-with-condition" && body.Conditions == nil {
			body.Warning = "It is judged met with condition, and no condition is on record."
			if t.judges() {
				body.Warning += " Add a condition, or judge it otherwise: until then the letter cannot be issued."
			}
		}
	}
	if !t.judges() {
		if rec != nil {
			for _, name := range []string{inputRationale, inputAlthough} {
				if lines := linesOf(rec.Text(name)); len(lines) > 0 {
					body.Lines = append(body.Lines, fieldLine{rec.Kind().Field(name).Label, texts(lines)})
				}
			}
			body.After = append(body.After, link{"Everything recorded of the judgement", t.l.record(rec.Key())})
		}
		return page, nil
	}
	if rec != nil {
		if rec.Text("outcome") == "met-with-condition" {
			body.After = append([]link{{"Add another condition", t.part(partConditions, newOne, fieldCriterion, t.of)}}, body.After...)
		}
		body.After = append(body.After, link{"What it said before", t.l.to(t.s.addresses.of(rec.Key()) + "/" + partHistory)})
	}
	body.Form = t.judgementForm(f, rec)
	if f.typed == nil && f.r.URL.Query().Get(fieldAdded) != "" {
		page.Notice = &notice{Title: "Recorded", Text: "The judgement on “" + page.Heading + "” is recorded."}
	}
	return page, nil
}

// sides lays the findings for and against the criterion beside each other.
func (t *tested) sides(body *criterionPage) {
	a := t.argument()
	for i := range a.Criteria {
		if a.Criteria[i].Code != t.of {
			continue
		}
		for j := range a.Criteria[i].Findings {
			x := t.mapFinding(&a.Criteria[i].Findings[j])
			side := &body.Weakens
			if x.Class == supports {
				side = &body.Supports
			}
			side.Findings = append(side.Findings, x)
		}
	}
	if len(body.Supports.Findings)+len(body.Weakens.Findings) == 0 {
		body.Unlinked = []link{{Text: "No findings are linked to this criterion. A finding says itself on which criteria it bears."}, {"Findings of this test", t.part(partFindings, "")}}
	}
	for _, side := range []*criterionSide{&body.Supports, &body.Weakens} {
		side.Heading += " (" + strconv.Itoa(len(side.Findings)) + ")"
		if len(side.Findings) > mapOnOnePage {
			side.Findings = side.Findings[:mapOnOnePage]
		}
	}
}

// shows says what the rules find of what the test is of. It is no judgement.
func (t *tested) shows(body *criterionPage) {
	results, l, ok := t.resultsFor(t.of)
	if !ok {
		body.ShowsLead = "You cannot see what the proposal that is tested would change, so what the record shows of it is not shown."
		return
	}
	met := 0
	for i := range results {
		r := &results[i]
		if r.Outcome == rule.Met || r.Outcome == rule.NotApplicable {
			met++
			continue
		}
		g := groups[slices.IndexFunc(groups, func(g group) bool { return g.id == groupOf(r) })]
		to := &body.Shows
		if r.Outcome == rule.CannotTest {
			to = &body.Untested
		}
		*to = append(*to, shownResult{status{g.word, g.class}, link{r.Rule + " " + r.Title, l.to("/assurance/check/" + r.Rule)}, sentence(r.Explanation)})
	}
	slices.SortStableFunc(body.Shows, func(a, b shownResult) int { return classPlace(a.Status.Class) - classPlace(b.Status.Class) })
	of := "the structure in force on " + l.View.On().Words()
	if l.View.Proposal() != "" {
		of = "the proposal that is tested, laid over " + l.View.On().Words()
	}
	body.ShowsLead = "Of " + of + ": " + count(met, "rule that serves this criterion is met", "rules that serve this criterion are met")
	body.UntestedOf = capital(count(len(body.Untested), "rule cannot be tested", "rules cannot be tested")) + ", for want of something recorded"
	if len(body.Shows) == 0 {
		body.ShowsLead += ", and none shows anything else"
	} else {
		body.ShowsLead += ", and these show something else"
	}
	body.ShowsLead += ". That is what the record shows, and no judgement."
	body.ShowsMore = &link{"The whole check of it", l.to("/assurance/check")}
}

func classPlace(class string) int { return slices.Index([]string{"bad", "doubt", "good", ""}, class) }

// judgementFields are what is asked of a judgement in words.
var judgementFields = []wanted{
	{name: inputRationale, label: "Reason", hint: "This wording goes in the summary table of the letter.", required: true},
	{name: inputAlthough, label: "Why it is met although the record shows otherwise"},
}

// conditionFields are what is asked of a condition in words.
var conditionFields = []wanted{
	{name: "text", label: "Condition", required: true, hint: "In words, for example: the post holder has recent and relevant experience in children's services."},
	{name: "shown_by", label: "How will it be known that it is met?", hint: "For example the appointment report that names the experience."},
	{name: "about", label: "It applies to", hint: "The post, or the board or other records on which it depends."},
	{name: "due", hint: "The day by which it has to be so. Leave it empty where it has to be so all the time."},
}

// judgementForm asks for the judgement.
func (t *tested) judgementForm(f *sent, rec *graph.Record) *workForm {
	w := t.judging(rec)
	a := w.asked(f, nil)
	outcome := a.value(inputJudged)
	if f.typed == nil && rec != nil {
		outcome = rec.Text("outcome")
	}
	wrong, _ := a.wrong(inputJudged)
	conditioned := govuk.Conditional{}
	if rec == nil || len(rec.Referring(conditionKind, "judgement")) == 0 {
		c := t.writing(conditionKind, nil, conditionFields...)
		x := c.asked(f, kind.Typed{})
		conditioned.HTML = x.controls() + `<p class="govuk-hint">You can add more conditions, and let one be checked by the record, once this is saved.</p>`
	} else {
		conditioned.HTML = `<p class="govuk-body">Its conditions are above. Add to them, change them or take them back there.</p>`
	}
	radios := govuk.Radios{Name: inputJudged, IDPrefix: inputJudged, Value: outcome, ErrorMessage: wrong, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "What is your judgement?", Classes: "govuk-fieldset__legend--m"}}, Items: []govuk.Radio{
		{Text: "Met", Value: "met"}, {Text: "Met with condition", Value: "met-with-condition", Conditional: conditioned}, {Text: "Not met", Value: "not-met"}, {Divider: "or"},
		{Text: "I am not ready to judge", Value: notReady, Hint: govuk.Hint{Text: "Nothing is judged then. A judgement that you made, and its conditions, are taken back; they stay in the history."}},
	}}
	var fields strings.Builder
	fields.WriteString(string(radios.Render()))
	stands := 0
	if results, _, ok := t.resultsFor(t.of); ok {
		stands = len(against(results))
	}
	for _, q := range w.form.Questions() {
		if q.Name == inputAlthough {
			if stands == 0 && a.value(inputAlthough) == "" {
				continue
			}
			q.Hint = "The record shows " + count(stands, "breach or departure from guidance", "breaches and departures from guidance") + " on this criterion. Enter it if you judge that it is met all the same. It stands beside the judgement."
			q.Optional = q.Optional && stands == 0
		}
		fields.WriteString(string(a.control(q)))
	}
	return &workForm{Heading: "Your judgement", Action: t.part(partCriteria, t.of), Hidden: w.hidden(f), Fields: template.HTML(fields.String()) + t.restsOn(f, rec), Button: "Save judgement"} // #nosec G203 -- of components alone
}

// judging is the writing of the judgement of the criterion of the address.
func (t *tested) judging(rec *graph.Record) *writing {
	w := t.writing(judgementKind, rec, judgementFields...)
	w.more = []string{inputJudged, inputRests}
	if rec == nil {
		w.given = append(w.given, kind.Value{Field: w.kind.Field("criterion"), JSON: kind.Quote(t.of)})
	}
	return w
}

// restsOn offers the findings of the test on which a judgement can rest: first those that bear on the criterion.
func (t *tested) restsOn(f *sent, rec *graph.Record) template.HTML {
	return t.pickFindings(f, rec, "Which findings does it rest on?", func(x *graph.Record) bool { return slices.Contains(x.Texts("criteria"), t.of) })
}

// pickFindings offers the findings of the test: those near at hand, and the others folded away.
func (t *tested) pickFindings(f *sent, rec *graph.Record, legend string, near func(*graph.Record) bool) template.HTML {
	chosen := f.typed[inputRests]
	if f.typed == nil && rec != nil {
		for _, k := range rec.RefKeys(inputRests) {
			chosen = append(chosen, string(k.ID))
		}
	}
	message, _ := (&asked{faults: f.faults}).wrong(inputRests)
	boxes := func(prefix, legend string) govuk.Checkboxes {
		return govuk.Checkboxes{Name: inputRests, IDPrefix: prefix, Values: chosen, Classes: "govuk-checkboxes--small", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: legend, Classes: "govuk-fieldset__legend--s"}}}
	}
	first, rest := boxes(inputRests, legend), boxes(inputRests+"-other", "Other findings of this test")
	first.ErrorMessage = message
	for _, x := range t.findings() {
		box := govuk.Checkbox{Text: t.findingCalled(x), Value: string(x.Key().ID)}
		if near(x) || slices.Contains(chosen, box.Value) {
			first.Items = append(first.Items, box)
		} else {
			rest.Items = append(rest.Items, box)
		}
	}
	switch {
	case len(first.Items)+len(rest.Items) == 0:
		return `<p class="govuk-body">There are no findings yet that it could rest on.</p>`
	case len(first.Items) == 0:
		rest.Fieldset.Legend.Text, rest.IDPrefix, rest.ErrorMessage = legend, inputRests, message
		return rest.Render()
	case len(rest.Items) == 0:
		return first.Render()
	}
	return first.Render() + govuk.Details{SummaryText: capital(count(len(rest.Items), "other finding", "other findings")), HTML: rest.Render()}.Render()
}

// picked are the findings that were chosen; one that is not of this test is a fault.
func (t *tested) picked(f *sent) (ids []string) {
	have := t.findings()
	for _, id := range f.typed[inputRests] {
		switch {
		case !slices.ContainsFunc(have, func(x *graph.Record) bool { return string(x.Key().ID) == id }):
			f.fault(inputRests, "Select findings of this test")
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	return ids
}

// criterionSent takes a judgement.
func (t *tested) criterionSent(f *sent) error {
	if !t.hasCriterion(t.of) {
		_, err := t.criterion(f)
		return err
	}
	if err := t.mayJudge(); err != nil {
		return err
	}
	rec := t.judgement(t.of)
	w := t.judging(rec)
	again := func() (*page, error) { return t.criterion(f) }
	to := t.part(partCriteria, t.of, fieldAdded, "yes")
	outcome := f.text(inputJudged)
	if outcome == notReady {
		return t.unjudge(f, rec)
	}
	if rec != nil && f.text(inputSeen) == "" && fact.ID(string(w.kind.Name[0])+"-"+f.text(inputOnce)) != rec.Key().ID {
		f.typed[inputSeen] = []string{"0"} // somebody judged since the form was shown
	}
	values := w.read(f)
	var also []kind.Doc
	var conditions []*graph.Record
	if rec != nil {
		conditions = rec.Referring(conditionKind, "judgement")
	}
	switch {
	case !slices.Contains(w.kind.Field("outcome").Choices, outcome):
		f.fault(inputJudged, "Select your judgement")
	case outcome == "met-with-condition" && len(conditions) == 0:
		also = t.firstCondition(f, w.key(f).ID)
	case outcome != "met-with-condition" && len(conditions) > 0:
		f.fault(inputJudged, "The judgement has "+count(len(conditions), "condition", "conditions")+". Take "+map[bool]string{true: "it", false: "them"}[len(conditions) == 1]+" back first, or select Met with condition")
	}
	if outcome == "met" && f.text(inputAlthough) == "" {
		if results, _, ok := t.resultsFor(t.of); ok && len(against(results)) > 0 {
			f.fault(inputAlthough, "The record shows a "+strings.ToLower(report.Word(against(results)[0].Severity))+": “"+against(results)[0].Title+"”"+andMore(len(against(results))-1)+". Enter why the criterion is met all the same")
		}
	}
	values = append(values, kind.Value{Field: w.kind.Field("outcome"), JSON: kind.Quote(outcome)})
	values = append(values, listValue(w.kind.Field(inputRests), t.picked(f))...)
	return w.put(f, values, to, again, also...)
}

func andMore(n int) string {
	if n == 0 {
		return ""
	}
	return " and " + count(n, "thing more", "things more")
}

// mayJudge says why the reader may not judge here, or nothing.
func (t *tested) mayJudge() error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	if t.reported() {
		return &trouble{kind: errConflict, text: "This test was reported, so what it judged and asked for stands as it was issued. Nothing was recorded.", links: []link{{"Back to the test", t.l.record(t.key)}}}
	}
	return nil
}

// firstCondition is the condition that comes with a judgement.
func (t *tested) firstCondition(f *sent, judgement fact.ID) []kind.Doc {
	c := t.writing(conditionKind, nil, conditionFields...)
	values := c.read(f)
	values = append(values, kind.Value{Field: c.kind.Field("judgement"), JSON: kind.Quote(string(judgement))})
	slices.SortFunc(values, func(a, b kind.Value) int { return a.Field.Index - b.Field.Index })
	return []kind.Doc{{Op: fact.Assert, Kind: c.kind, ID: c.key(f).ID, Values: values}}
}

// unjudge takes a judgement back, with its conditions: nothing is judged any more.
func (t *tested) unjudge(f *sent, rec *graph.Record) error {
	to := t.part(partCriteria, t.of)
	if rec == nil {
		redirect(f.w, f.r, to, http.StatusSeeOther)
		return nil
	}
	change := book.Change{Seen: map[fact.Key]int64{}}
	for _, x := range append(slices.Clone(rec.Referring(conditionKind, "judgement")), rec) {
		edit, problems := t.l.View.Retract(x.Key(), "The adviser is not ready to judge.")
		if problems != nil {
			return problems
		}
		change.Docs = append(change.Docs, edit.Docs...)
		change.Seen[x.Key()] = t.l.View.Seen(x.Key())
	}
	return t.put(f, change, to)
}

// conditionsTable lists the conditions of a judgement, and how they stand.
func (t *tested) conditionsTable(judgement *graph.Record) *table {
	out := newTable("Conditions", "Condition", "By when", "What the record shows", "What was said")
	for _, c := range judgement.Referring(conditionKind, "judgement") {
		x := report.ConditionNow(t.s.Pack, c)
		due := text(capital(x.By))
		if x.Late {
			due = append(due, link{Text: "Late"})
		}
		out.add([]link{{x.Condition.Text, t.part(partConditions, string(c.Key().ID))}}, due, text(x.ByRecord()), texts(x.Said()))
	}
	if len(out.Rows) == 0 {
		return nil
	}
	return out.filled()
}
