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
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Inputs of what is said of a proposal.
const (
	inputSaid      = "text"
	inputStance    = "stance"
	inputCapacity  = "capacity"
	inputWordsOf   = "wording_of"
	inputWording   = "wording"
	fieldAbout     = "about"
	inputAnswerOf  = "comment"
	inputAnswering = "answer"
	inputState     = "state"
)

// What a comment may hold, in characters.
const (
	maxComment  = 5000
	maxCapacity = 200
)

// The stances of a comment, as its kind has them.
const (
	sayComment = "comment"
	saySupport = "support"
	sayChanges = "ask-for-changes"
	sayWording = "wording"
)

// remark is one comment as a page shows it.
type remark struct {
	ID      string
	Who     string // "Ann, monitoring officer"
	When    string
	Version string
	State   string
	Class   string
	What    string // "Supports it"
	About   *link
	Text    []string
	Wording string // "Suggests for Title: …"
	Answer  []string
	TakeUp  string        // where its words are taken up
	Form    template.HTML // how it is answered
	Action  string
}

// commentPage is one change of a proposal, with what is said of it.
type commentPage struct {
	Table      *changesTable
	Lines      []fieldLine
	Said       []remark
	Empty      string
	Action     string
	Already    string
	Fields     template.HTML
	Before     *link
	Next       *link
	CannotTell string
}

// states are the words for what became of a comment, with a class that may colour it.
var commentStates = map[string]struct{ text, class string }{
	"open": {"Open", "govuk-tag--blue"}, "answered": {"Answered", "govuk-tag--grey"}, "taken-up": {"Taken up", "govuk-tag--green"}, "not-taken-up": {"Not taken up", "govuk-tag--grey"},
}

var stances = map[string]string{saySupport: "Supports the proposal", sayChanges: "Asks for changes", sayWording: "Suggests other words"}

// about reads which record a comment is about.
func (p *proposal) about(r *http.Request) (fact.Key, error) {
	t := r.URL.Query().Get(fieldAbout)
	k, err := fact.ParseKey(t)
	if err != nil || len(p.after.View.History(k)) == 0 {
		return fact.Key{}, &trouble{kind: fact.ErrNotFound, text: "There is no such change in this proposal.", links: []link{{"Changes", p.part(partChanges)}}}
	}
	return k, nil
}

// commentPage shows one change, and what is said of it.
func (p *proposal) commentPage(r *http.Request) (*page, error) {
	if r.URL.Query().Get(fieldAbout) == "" {
		return p.changesPage(r) // no one of them is named
	}
	return p.oneChange(r, &sent{r: r})
}

func (p *proposal) oneChange(r *http.Request, f *sent) (*page, error) {
	k, err := p.about(r)
	if err != nil {
		return nil, err
	}
	return p.change(k, f)
}

// change is the page of one change.
func (p *proposal) change(k fact.Key, f *sent) (*page, error) {
	body := &commentPage{Empty: "No comments."}
	page := p.page("comment", p.s.called(p.after, k), partChanges, body)
	c := p.changes()
	at := slices.IndexFunc(c.Rows, func(x report.Change) bool { return x.Record.Record == k })
	link1 := func(i int, text string) *link {
		return &link{text + ": " + c.Rows[i].Record.Text, p.part(partComment, fieldAbout, c.Rows[i].Record.Record.String())}
	}
	if at >= 0 {
		all := numberedAll(c)
		page.State = fmt.Sprintf("change %d of %d", at+1, len(all))
		body.Table = &changesTable{Caption: fmt.Sprintf("Change %d of %d", at+1, len(all)), Before: "Now", After: "Proposed", Rows: changes(p.before, p.after, all[at:at+1])}
		if at > 0 {
			body.Before = link1(at-1, "Previous change")
		}
		if at+1 < len(all) {
			body.Next = link1(at+1, "Next change")
		}
	} else {
		body.CannotTell = "The proposal does not change this any more, or not on the day looked at."
	}
	if rec := p.after.View.Record(k); rec != nil && rec.Proposal() == p.key.ID {
		if why := rec.Note(); why != "" {
			body.Lines = append(body.Lines, fieldLine{"Reason", text(why)})
		}
		if src := rec.Source(); src != "" {
			body.Lines = append(body.Lines, fieldLine{"Source", text(capital(src))})
		}
		if when := rec.Span().From; !when.IsZero() {
			body.Lines = append(body.Lines, fieldLine{"From", text(capital(when.Words()))})
		}
	}
	body.Said = p.said(k, f)
	if p.mayComment() && p.open() {
		body.Action = p.part(partComment, fieldAbout, k.String())
		body.Fields = p.commentFields(k, f)
		if p.may() {
			body.Lines = append(body.Lines, fieldLine{"Change it", []link{{"Propose otherwise", p.after.change(k)}}})
		}
	}
	return page, nil
}

// said gives what is said of one change, or, with a zero key, of the whole proposal.
func (p *proposal) said(about fact.Key, f *sent) (out []remark) {
	for _, c := range report.CommentsOf(p.l.View, p.key.ID) {
		if about != (fact.Key{}) && c.About != about {
			continue
		}
		x := remark{
			ID: string(c.Record.ID), Who: p.s.writer(c.First.Who), When: report.Clock(c.First.Recorded), What: stances[c.Stance],
			State: commentStates[c.State].text, Class: commentStates[c.State].class, Text: linesOf(c.Text), Answer: linesOf(c.Answer),
		}
		if c.Capacity != "" {
			x.Who += ", " + c.Capacity
		}
		if c.Version > 0 {
			x.Version = fmt.Sprintf("on version %d", c.Version)
		}
		if c.Wording != "" {
			x.Wording = "Suggested words"
			if c.Field != "" {
				x.Wording += " for “" + c.Field + "”"
			}
			x.Wording += ": “" + c.Wording + "”"
		}
		if about == (fact.Key{}) && c.About != (fact.Key{}) {
			x.About = &link{p.s.called(p.after, c.About), p.part(partComment, fieldAbout, c.About.String())}
		}
		if p.may() && p.open() && c.Wording != "" && p.worded(c) != nil {
			x.TakeUp = p.part(partTakeUp)
		}
		if p.may() && c.Answer == "" {
			x.Action, x.Form = p.part(partAnswer), answerControls(c, f)
		}
		out = append(out, x)
	}
	return out
}

func linesOf(s string) (out []string) {
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// answerControls ask what is answered to a comment.
func answerControls(c report.Comment, f *sent) template.HTML {
	id := string(c.Record.ID)
	mine := f.text(inputAnswerOf) == id
	value := func(input string) string {
		if mine {
			return f.text(input)
		}
		return ""
	}
	var wrong, wrongState govuk.ErrorMessage
	if mine {
		wrong, _ = (&asked{faults: f.faults}).wrong("answer-" + id)
		wrongState, _ = (&asked{faults: f.faults}).wrong("state-" + id)
	}
	return govuk.Textarea{ID: "answer-" + id, Name: inputAnswering, Rows: 3, Value: value(inputAnswering), ErrorMessage: wrong, Label: govuk.Label{Text: "Answer"}, Hint: govuk.Hint{Text: "Everybody who sees the comment sees the answer."}}.Render() +
		govuk.Radios{Name: inputState, IDPrefix: "state-" + id, Value: value(inputState), ErrorMessage: wrongState, Classes: "govuk-radios--small govuk-radios--inline", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "What becomes of it", Classes: "govuk-fieldset__legend--s"}},
			Items: []govuk.Radio{{Text: "Answered", Value: "answered"}, {Text: "Taken up in the proposal", Value: "taken-up"}, {Text: "Not taken up", Value: "not-taken-up"}}}.Render()
}

// commentFields ask what somebody has to say of one change.
func (p *proposal) commentFields(k fact.Key, f *sent) template.HTML {
	a := &asked{typed: f.typed, faults: f.faults}
	text, _ := a.wrong(inputSaid)
	stance := a.value(inputStance)
	if stance == "" {
		stance = sayComment
	}
	wording, _ := a.wrong(inputWording)
	fields := []govuk.Option{{Text: "Choose", Value: ""}}
	for _, fd := range p.l.View.Kinds().Kind(k.Kind).Fields {
		if fd.Type == kind.Text || fd.Type == kind.LongText {
			fields = append(fields, govuk.Option{Text: fd.Label, Value: fd.Label})
		}
	}
	suggest := govuk.Select{Name: inputWordsOf, ID: inputWordsOf, Items: fields, Value: a.value(inputWordsOf), Label: govuk.Label{Text: "Which words"}}.Render() +
		govuk.Textarea{Name: inputWording, ID: inputWording, Rows: 2, Value: a.value(inputWording), Label: govuk.Label{Text: "Your words"}, ErrorMessage: wording}.Render()
	return govuk.Textarea{Name: inputSaid, ID: inputSaid, Rows: 4, Value: a.value(inputSaid), Label: govuk.Label{Text: "Comment", Classes: medium}, Hint: govuk.Hint{Text: "It stays in the record with your name. Do not name people who use services."}, ErrorMessage: text}.Render() +
		govuk.Radios{Name: inputStance, IDPrefix: inputStance, Value: stance, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "What it is", Classes: "govuk-fieldset__legend--s"}}, Items: []govuk.Radio{
			{Text: "Comment only", Value: sayComment}, {Text: "Suggest different wording", Value: sayWording, Conditional: govuk.Conditional{HTML: suggest}},
		}}.Render() + p.capacityField(f)
}

func (p *proposal) capacityField(f *sent) template.HTML {
	a := &asked{typed: f.typed, faults: f.faults}
	wrong, _ := a.wrong(inputCapacity)
	return govuk.Input{Name: inputCapacity, ID: inputCapacity, Value: a.value(inputCapacity), Label: govuk.Label{Text: "Speaking as (optional)", Classes: medium}, Hint: govuk.Hint{Text: "For example monitoring officer, or chair of the safeguarding partnership."}, ErrorMessage: wrong}.Render()
}

// comment takes a comment on one change, or an answer to one.
func (p *proposal) comment(f *sent) error {
	k, err := p.about(f.r)
	if err != nil {
		return err
	}
	to := p.part(partComment, fieldAbout, k.String())
	stance := f.text(inputStance)
	switch {
	case stance == sayWording && f.text(inputWording) == "":
		f.fault(inputWording, "Enter the words that you suggest")
	case stance != sayWording && f.text(inputSaid) == "":
		f.fault(inputSaid, "Enter your comment")
	case stance != sayWording && stance != sayComment:
		f.fault(inputStance, "Select what it is")
	}
	return p.say(f, k, stance, to, func() (*page, error) { return p.oneChange(f.r, f) })
}

// say puts a comment into the record, once, however often it is sent.
func (p *proposal) say(f *sent, about fact.Key, stance, to string, again func() (*page, error)) error {
	if !p.mayComment() {
		return access.Refuse(access.Comment)
	}
	if !p.open() {
		return &trouble{kind: errConflict, text: "This proposal is decided, so nothing more can be said of it here.", links: []link{{"Back to the proposal", p.l.record(p.key)}}}
	}
	words := f.line(inputWordsOf)
	if of := p.l.View.Kinds().Kind(about.Kind); words != "" && (of == nil || !slices.ContainsFunc(of.Fields, func(x *kind.Field) bool { return x.Label == words })) {
		f.fault(inputWordsOf, "Select which words")
	}
	for input, most := range map[string]int{inputSaid: maxComment, inputWording: maxComment, inputCapacity: maxCapacity} {
		if n := len([]rune(f.text(input))); n > most {
			f.fault(input, fmt.Sprintf("It must be %s characters or fewer; it has %s", thousands(int64(most)), thousands(int64(n))))
		}
	}
	if len(f.faults) > 0 {
		page, err := again()
		return p.again(f, page, err)
	}
	v := p.l.View
	k := v.Kinds().Kind("comment")
	doc := kind.Doc{Op: fact.Assert, Kind: k}
	set := func(field, value string) {
		if value != "" {
			doc.Values = append(doc.Values, kind.Value{Field: k.Field(field), JSON: kind.Quote(value)})
		}
	}
	title := shortTitle(f.text(inputSaid))
	switch {
	case title != "":
	case stance == sayWording:
		title = "Other words for " + p.s.called(p.after, about)
	default:
		title = "In support"
	}
	version := ""
	if all := report.VersionsOf(v, p.key.ID); len(all) > 0 {
		version = string(all[len(all)-1].Record.Record.ID)
	}
	set("title", title)
	set("of", string(p.key.ID))
	set("version", version)
	if about != (fact.Key{}) {
		set("about", about.String())
	}
	set("stance", stance)
	set("capacity", f.line(inputCapacity))
	set("text", f.text(inputSaid))
	if stance == sayWording {
		set("wording_of", words)
		set("wording", f.text(inputWording))
	}
	set("state", "open")
	slices.SortFunc(doc.Values, func(a, b kind.Value) int { return a.Field.Index - b.Field.Index })
	if p.saidAlready(f, v, doc.Values) {
		redirect(f.w, f.r, to, http.StatusSeeOther)
		return nil
	}
	doc.ID = p.newComment(f, v)
	err := p.put(f, book.Change{Docs: []kind.Doc{doc}, Seen: map[fact.Key]int64{doc.Key(): 0}}, to)
	if errors.Is(err, errConflict) && p.saidAlready(f, p.s.Book.As(p.l.me.Person).View(p.l.today, -1), doc.Values) { // by the other click of a double click
		redirect(f.w, f.r, to, http.StatusSeeOther)
		return nil
	}
	return err
}

// newComment names what somebody says of the proposal by how much they said of it before, so that two clicks at once are one comment. Nothing of what it says is in its id, which
// stays when the words are erased.
func (p *proposal) newComment(f *sent, v *graph.View) fact.ID {
	for n := 1; ; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", p.s.whoIs(f.r), p.key.ID, n))
		if id := fact.ID("c-" + hex.EncodeToString(sum[:8])); len(v.History(fact.Key{Kind: "comment", ID: id})) == 0 {
			return id
		}
	}
}

// saidAlready reports whether whoever sends a comment has said the same before.
func (p *proposal) saidAlready(f *sent, v *graph.View, says []kind.Value) bool {
	return slices.ContainsFunc(v.All("comment"), func(r *graph.Record) bool {
		return v.History(r.Key())[0].Who == p.s.whoIs(f.r) && !slices.ContainsFunc(says, func(x kind.Value) bool {
			was, _ := r.JSON(x.Field.Name)
			return x.Field.Name != inputState && was != x.JSON
		})
	})
}

// shortTitle is the beginning of a text.
func shortTitle(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

// answer puts the answer to a comment into the record.
func (p *proposal) answer(f *sent) error {
	id := f.text(inputAnswerOf)
	key := fact.Key{Kind: "comment", ID: fact.ID(id)}
	was := p.l.View.Record(key)
	if of := (fact.Key{}); was != nil {
		of, _ = was.RefKey("of")
		if of != p.key {
			was = nil
		}
	}
	if was == nil {
		return &trouble{kind: fact.ErrNotFound, text: "There is no such comment on this proposal.", links: []link{{"Comments", p.part(partReview)}}}
	}
	about, ok := was.RefKey("about")
	to, again := p.part(partReview), func() (*page, error) { return p.reviews(f.r, f) }
	if ok {
		to, again = p.part(partComment, fieldAbout, about.String()), func() (*page, error) { return p.change(about, f) }
	}
	if was.Text("answer") == f.text(inputAnswering) && was.Text("state") == f.text(inputState) {
		redirect(f.w, f.r, to, http.StatusSeeOther) // sent twice
		return nil
	}
	if f.text(inputAnswering) == "" {
		f.fault("answer-"+id, "Enter your answer")
	} else if len([]rune(f.text(inputAnswering))) > maxComment {
		f.fault("answer-"+id, fmt.Sprintf("It must be %s characters or fewer", thousands(maxComment)))
	}
	if !slices.Contains([]string{"answered", "taken-up", "not-taken-up"}, f.text(inputState)) {
		f.fault("state-"+id, "Select what becomes of it")
	}
	if len(f.faults) > 0 {
		page, err := again()
		return p.again(f, page, err)
	}
	k := p.l.View.Kinds().Kind("comment")
	today := fact.ExactDate(p.l.today)
	edit, problems := p.l.View.Correct(key, fact.Date{}, fact.Date{}, []kind.Value{
		{Field: k.Field("state"), JSON: kind.Quote(f.text(inputState))}, {Field: k.Field("answer"), JSON: kind.Quote(f.text(inputAnswering))}, {Field: k.Field("answered_on"), JSON: kind.Quote(today.String())},
	}, "", "")
	if problems != nil {
		return problems
	}
	return p.put(f, book.Change{Docs: edit.Docs, Seen: map[fact.Key]int64{key: p.l.View.Seen(key)}}, to)
}

// worded gives the field for which a comment suggests other words; nil where there is none.
func (p *proposal) worded(c report.Comment) *kind.Field {
	k := p.l.View.Kinds().Kind(c.About.Kind)
	if k == nil {
		return nil
	}
	for _, f := range k.Fields {
		if f.Label == c.Field && (f.Type == kind.Text || f.Type == kind.LongText) && !f.Many {
			return f
		}
	}
	return nil
}

// takeUp begins the change of the proposal that somebody suggested: with their words, and the questions that remain.
func (p *proposal) takeUp(f *sent) error {
	for _, c := range report.CommentsOf(p.l.View, p.key.ID) {
		field := p.worded(c)
		if string(c.Record.ID) != f.text(inputAnswerOf) || c.Wording == "" || field == nil || !p.open() {
			continue
		}
		verb := toChange
		if p.after.View.Speaks(c.About) {
			verb = toCorrect
		}
		given := desk.Draft{Purpose: verb, Record: c.About, Branch: p.key.ID, Seen: map[fact.Key]int64{c.About: p.after.View.Seen(c.About)}, Typed: map[string][]string{
			inputFields: {field.Name}, field.Name: {c.Wording}, inputSource: {"Suggested by " + p.s.writer(c.First.Who) + ", " + report.Clock(c.First.Recorded)},
			inputAnswered: {"what", "field-" + field.Name},
		}}
		return p.s.begin(f.w, f.r, p.after, given)
	}
	return &trouble{kind: fact.ErrNotFound, text: "There are no such words to be taken up in this proposal.", links: []link{{"Comments", p.part(partReview)}}}
}

// reviewsPage is what was said of a proposal, with the form for a review.
type reviewsPage struct {
	Counts  string
	Already string
	Said    []remark
	Empty   string
	Action  string
	Fields  template.HTML
}

// reviewPage shows what was said of the proposal, and asks for a review.
func (p *proposal) reviewPage(r *http.Request) (*page, error) {
	return p.reviews(r, &sent{r: r})
}

func (p *proposal) reviews(r *http.Request, f *sent) (*page, error) {
	body := &reviewsPage{Said: p.said(fact.Key{}, f), Empty: "Nobody has said anything of it yet."}
	page := p.page("review", "Comments and reviews", partReview, body)
	counts := map[string]int{}
	me := p.s.whoIs(r)
	version := 0
	if all := report.VersionsOf(p.l.View, p.key.ID); len(all) > 0 {
		version = all[len(all)-1].Number
	}
	for _, c := range report.CommentsOf(p.l.View, p.key.ID) {
		counts[c.Stance]++
		if c.First.Who == me && c.About == (fact.Key{}) && c.Version == version && c.Stance != sayWording && body.Already == "" {
			body.Already = "You have already said something of this version. What you say now is added to it."
			if version > 0 {
				body.Already = fmt.Sprintf("You have already reviewed version %d. What you say now is added to it.", version)
			}
		}
	}
	if n := len(body.Said); n > 0 {
		body.Counts = fmt.Sprintf("%d in support, %d asking for changes, %s and %s of other words.", counts[saySupport], counts[sayChanges], count(counts[sayComment], "comment", "comments"), count(counts[sayWording], "suggestion", "suggestions"))
	}
	if p.mayComment() && p.open() {
		a := &asked{typed: f.typed, faults: f.faults}
		wrong, _ := a.wrong(inputSaid)
		stance, _ := a.wrong(inputStance)
		body.Action = p.part(partReview)
		body.Fields = govuk.Radios{Name: inputStance, IDPrefix: inputStance, Value: a.value(inputStance), ErrorMessage: stance, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "What do you think of the proposal?", Classes: "govuk-fieldset__legend--s"}}, Items: []govuk.Radio{
			{Text: "I support it", Value: saySupport}, {Text: "I ask for changes", Value: sayChanges}, {Text: "I only comment", Value: sayComment},
		}}.Render() + govuk.Textarea{Name: inputSaid, ID: inputSaid, Rows: 5, Value: a.value(inputSaid), Label: govuk.Label{Text: "Why", Classes: medium}, Hint: govuk.Hint{Text: "It stays in the record with your name. Do not name people who use services."}, ErrorMessage: wrong}.Render() + p.capacityField(f)
	}
	return page, nil
}

// review takes a review, or an answer to one.
func (p *proposal) review(f *sent) error {
	again := func() (*page, error) { return p.reviews(f.r, f) }
	stance := f.text(inputStance)
	if !slices.Contains([]string{saySupport, sayChanges, sayComment}, stance) {
		f.fault(inputStance, "Select what you think of it")
	}
	if stance != saySupport && f.text(inputSaid) == "" {
		f.fault(inputSaid, "Enter why, or what should change")
	}
	return p.say(f, fact.Key{}, stance, p.part(partReview), again)
}
