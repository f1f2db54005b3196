package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// A change in the making is a draft at the desk: what is to be changed, what was typed, and the newest entries that its writer saw. It is
// asked for question by question, each at an address of its own, so that the back button, a second tab and tomorrow find what was
// answered. Nothing goes into the record before everything was shown once more and agreed to; committing a draft twice is
// committing it once.

// The purposes of drafts.
const (
	toRecord  = "new"     // a record that is not there yet
	toChange  = "change"  // it changed on a date
	toCorrect = "correct" // our record was wrong
	toEnd     = "end"     // it ended
	toRetract = "never"   // it never was
	toAppoint = "appoint" // somebody came into a post
	toClass   = "class"   // who may see it
	toSet     = "set"     // how the pages are set up
)

// Inputs of drafts that are no fields of a record. The tilde keeps them apart from those.
const (
	inputVerb     = "~verb"
	inputFields   = "~fields"
	inputPiece    = "~piece"
	inputDays     = "~days"
	inputSource   = "~source"
	inputNote     = "~note"
	inputAnswered = "~answered"
	inputVersion  = "~version"
)

// draft is a draft while it is worked on.
type draft struct {
	*desk.Draft
	s    *Site
	l    *look
	kind *kind.Kind
	key  fact.Key

	notes []string // what else is worth knowing before it is recorded
}

// step is one question of a draft, at an address of its own.
type step struct {
	name    string
	heading string
	lead    []string // what is said before the question
	inputs  []string // what is typed in answer; a date and a lookup have several, which begin so
	ask     func(typed kind.Typed, faults kind.Faults) template.HTML
	read    func(typed kind.Typed) kind.Faults
	said    func(typed kind.Typed) string // the answer, for the last look
}

// steps are the questions that remain to be asked, in their order, which depend on what was answered.
func (d *draft) steps() []step {
	switch d.Purpose {
	case toRecord:
		return []step{d.everything()}
	case toChange:
		return append(append([]step{d.which()}, d.newValues()...), d.when(d.either("When did it take effect?", "When would it take effect?"), "Day from which it is so"), d.source())
	case toCorrect:
		steps := append(d.wrongPiece(), d.which())
		return append(append(steps, d.rightValues()...), d.source())
	case toEnd:
		return []step{d.when(d.either("What was its last day?", "What would be its last day?"), "Last day"), d.source()}
	case toRetract:
		return []step{d.source()}
	case toAppoint:
		return d.appointing()
	case toClass:
		return d.classSteps()
	case toSet:
		return []step{d.settingsStep()}
	}
	return nil
}

func (d *draft) typed() kind.Typed { return kind.Typed(d.Typed) }

func (d *draft) text(input string) string {
	if v := d.Typed[input]; len(v) > 0 {
		return strings.TrimSpace(v[0])
	}
	return ""
}

func (d *draft) answered(name string) bool { return slices.Contains(d.Typed[inputAnswered], name) }

// next is the first question without an answer, or the last look.
func (d *draft) next() string {
	for _, s := range d.steps() {
		if !d.answered(s.name) || len(s.read(d.typed())) > 0 {
			return s.name
		}
	}
	return "check"
}

func (d *draft) at(step string) string { return d.l.to("/drafts/" + d.ID + "/" + step) }

// title says what is being done.
func (d *draft) title() string {
	name := ""
	if d.key.ID != "" {
		name = d.s.called(d.l, d.key)
	}
	switch d.Purpose {
	case toRecord, toChange, toCorrect, toEnd, toRetract:
		if d.Branch != "" {
			return d.proposing(name)
		}
	}
	switch d.Purpose {
	case toRecord:
		return "Record " + d.kind.One()
	case toChange:
		return "Record a change: " + name
	case toCorrect:
		return "Correct our record: " + name
	case toEnd:
		return "Record an ending: " + name
	case toRetract:
		return "Take out of the record: " + name
	case toAppoint:
		return "Record an appointment: " + name
	case toClass:
		return "Say who may see: " + name
	case toRemove:
		return "Remove personal data: " + d.s.called(d.l, d.s.removeOf(d.l, d.Draft))
	case toSet:
		return "Change the settings"
	}
	return name
}

// proposing says what is being done to a proposal.
func (d *draft) proposing(name string) string {
	in := ". Proposal: " + d.s.called(d.l, d.l.proposalKey())
	switch d.Purpose {
	case toRecord:
		return "Propose " + d.kind.One() + in
	case toChange:
		return "Propose a change: " + name + in
	case toCorrect:
		return "Correct what is proposed: " + name + in
	case toEnd:
		return "Propose an ending: " + name + in
	}
	return "Take out of the proposal: " + name + in
}

// readOnly says why nothing can be changed here, or nothing.
func (s *Site) readOnly() error {
	if s.Desk == nil {
		return &trouble{kind: fact.ErrDenied, text: "This record was opened for reading only, so nothing can be changed. Start Plumbline where its file and its key can be written."}
	}
	return nil
}

// openDraft gives the draft of an address to its owner. A change is of the record as it is, whatever the address says of other days.
func (s *Site) openDraft(l *look, r *http.Request) (*draft, error) {
	if err := s.readOnly(); err != nil {
		return nil, err
	}
	s.asItIs(l, "")
	d, err := s.Desk.Draft(r.Context(), r.PathValue("draft"), s.whoIs(r))
	if errors.Is(err, fact.ErrNotFound) {
		return nil, &trouble{kind: fact.ErrNotFound, text: "There is no change in the making at this address. It may have been discarded, or not been touched for 7 days. Nothing in the record was affected.", links: []link{{"Your changes in the making", l.to("/account")}}}
	}
	if err != nil {
		return nil, err
	}
	switch d.Purpose {
	case toImport:
		return nil, &elsewhere{l, importPath + "/" + d.ID}
	case toLoad: // of a program, and no form
		return nil, fact.ErrNotFound
	case toRemove:
		return nil, &elsewhere{l, removePath + "/" + d.ID}
	}
	s.asItIs(l, d.Branch)
	return s.draftOf(l, d), nil
}

// asItIs makes a look that of the record as it is today, or as a proposal would have it.
func (s *Site) asItIs(l *look, proposal fact.ID) {
	l.on, l.known, l.proposal, l.byDay = "", "", string(proposal), false
	l.View = l.seen.View(l.today, -1)
	if proposal != "" {
		l.View = l.View.With(proposal)
	}
}

// full says that no draft more can be kept.
func full(l *look) error {
	return &trouble{kind: fact.ErrInvalid, text: "You have begun more changes than can be kept. Finish or discard some of them first.", links: []link{{"Your changes in the making", l.to("/account")}}}
}

func (s *Site) draftOf(l *look, d *desk.Draft) *draft {
	return &draft{Draft: d, s: s, l: l, kind: l.View.Kinds().Kind(d.Record.Kind), key: d.Record}
}

// begin makes a draft and leads to its first question.
func (s *Site) begin(w http.ResponseWriter, r *http.Request, l *look, given desk.Draft) error {
	given.Owner = s.whoIs(r)
	d, err := s.Desk.NewDraft(r.Context(), given)
	if errors.Is(err, desk.ErrFull) {
		return full(l)
	}
	if err != nil {
		return err
	}
	dr := s.draftOf(l, d)
	redirect(w, r, dr.at(dr.next()), http.StatusSeeOther)
	return nil
}

// questionPage is one question, or the one page with which a new record is recorded.
type questionPage struct {
	Action string
	Lead   []string
	Fields template.HTML
	Button string
	Keep   string // what is kept and for how long
	Other  *link  // another way to do it
}

// question shows one question of a draft.
func (s *Site) question(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	d, err := s.openDraft(l, r)
	if err != nil {
		return err
	}
	name := r.PathValue("step")
	if d.Done != nil || name == "" {
		return d.lead(w, r)
	}
	for _, st := range d.steps() {
		if st.name == name {
			return s.render(w, l, d.page(st, d.typed(), nil))
		}
	}
	return d.lead(w, r)
}

// lead leads to where the draft has got.
func (d *draft) lead(w http.ResponseWriter, r *http.Request) error {
	to := d.at(d.next())
	if d.Done != nil {
		to = d.s.recorded(d.l, d.Record, *d.Done)
	}
	redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// page is the page of a question.
func (d *draft) page(st step, typed kind.Typed, faults kind.Faults) *page {
	back := d.l.to("/account")
	steps := d.steps()
	for i := range steps {
		if steps[i].name == st.name && i > 0 {
			back = d.at(steps[i-1].name)
		} else if steps[i].name == st.name && d.key.ID != "" {
			back = d.l.record(d.key)
		}
	}
	if d.next() == "check" {
		back = d.at("check")
	}
	p := &page{
		Template: "question", Label: d.title(), Heading: st.heading, Back: back, Undated: true, Narrow: true, Problem: problemOf(faults),
		Body: &questionPage{Action: d.at(st.name), Lead: st.lead, Fields: st.ask(typed, faults), Button: "Continue", Keep: "What you answer is kept for 7 days. Nothing is recorded before you have seen it all once more."},
	}
	if len(faults) > 0 {
		p.Status = http.StatusUnprocessableEntity
	}
	return p
}

// answer takes the answer to one question.
func (s *Site) answer(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	d, err := s.openDraft(l, r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	steps := d.steps()
	i := slices.IndexFunc(steps, func(st step) bool { return st.name == r.PathValue("step") })
	if d.Done != nil || i < 0 {
		return d.lead(w, r)
	}
	st := steps[i]
	typed := kind.Typed(r.PostForm)
	if err := d.take(r, st, typed, true); err != nil {
		return err
	}
	if faults := st.read(typed); len(faults) > 0 {
		return s.render(w, l, d.page(st, typed, faults))
	}
	return d.lead(w, r)
}

// take keeps what was typed in answer to a question. In another tab something else may have been answered meanwhile: that stays.
func (d *draft) take(r *http.Request, st step, typed kind.Typed, answered bool) error {
	for {
		if d.Typed == nil {
			d.Typed = map[string][]string{}
		}
		for input := range d.Typed {
			if st.takes(input) {
				delete(d.Typed, input)
			}
		}
		for input, v := range typed {
			if st.takes(input) {
				d.Typed[input] = v
			}
		}
		if answered && !d.answered(st.name) {
			d.Typed[inputAnswered] = append(d.Typed[inputAnswered], st.name)
		}
		err := d.s.Desk.Save(r.Context(), d.Draft)
		stale := (*desk.Stale)(nil)
		if !errors.As(err, &stale) {
			return err
		}
		if d.Draft = stale.Now; d.Done != nil {
			return nil
		}
	}
}

// takes says whether an input belongs to the question.
func (st step) takes(input string) bool {
	return slices.ContainsFunc(st.inputs, func(own string) bool { return input == own || strings.HasPrefix(input, own+".") })
}

// given reports whether something was typed for an input, answered or not: a form that came too late is not answered.
func given(typed kind.Typed, input string) bool {
	st := step{inputs: []string{input}}
	for name := range typed {
		if st.takes(name) {
			return true
		}
	}
	return false
}

// discard forgets a draft.
func (s *Site) discard(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	d, err := s.openDraft(l, r)
	if err != nil {
		return err
	}
	if err := s.Desk.Discard(r.Context(), d.ID, d.Owner); err != nil {
		return err
	}
	to := l.to("/account")
	if d.Record.ID != "" {
		to = l.record(d.Record)
	}
	redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// readForm reads a form that was sent.
func readForm(r *http.Request) error {
	err := r.ParseForm()
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return &trouble{kind: errTooLarge, text: fmt.Sprintf("What was sent is larger than %d kB. Shorten the longest answer; go back to find what you typed.", tooLarge.Limit>>10)}
	}
	if err != nil {
		return &trouble{kind: fact.ErrInvalid, text: "The form that was sent cannot be read. Go back and send it again."}
	}
	for _, typed := range r.PostForm {
		for i, v := range typed {
			typed[i] = strings.ToValidUTF8(v, "\uFFFD") // what is no text is shown as such, and refused
		}
	}
	return nil
}

// The questions.

func (d *draft) formOf(fields []*kind.Field, was []kind.Value) *kind.Form {
	return d.s.formOf(d.l, d.kind, fields, was)
}

// everything asks for a new record at once: its fields, from when it is so, and where that comes from.
func (d *draft) everything() step {
	form := d.formOf(d.kind.Fields, nil)
	from, until := d.kind.FirstDay(), d.kind.LastDay()
	var days []*kind.Field
	if d.kind.AsksFirstDay() {
		days = append(days, from)
	}
	days = append(days, until)
	st := step{name: "record", heading: "Record " + d.kind.One(), lead: []string{d.kind.About}}
	for _, f := range d.kind.Fields {
		st.inputs = append(st.inputs, f.Name)
	}
	st.inputs = append(st.inputs, "from", "until", inputSource, inputNote)
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		a := asked{d.l, form, typed, faults}
		out := a.controls()
		out += heading("From when, and where it comes from")
		dates := asked{d.l, d.formOf(days, nil), typed, faults}
		return out + dates.controls() + sourceControls(typed, faults, false)
	}
	st.read = func(typed kind.Typed) kind.Faults {
		_, faults := form.Read(typed)
		_, wrong := kind.ReadSpan(from, until, typed)
		return slices.Concat(faults, wrong, readSource(typed, false))
	}
	return st
}

func heading(text string) template.HTML {
	return template.HTML(`<h2 class="govuk-heading-m">` + template.HTMLEscapeString(text) + `</h2>`) // #nosec G203 -- escaped here
}

// which asks which fields it is about.
func (d *draft) which() step {
	st := step{name: "what", heading: d.either("What changed?", "What would change?"), inputs: []string{inputFields}}
	if d.Purpose == toCorrect {
		st.heading = "What is wrong?"
	}
	now := d.now()
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		message, _ := (&asked{faults: faults}).wrong(inputFields)
		c := govuk.Checkboxes{Name: inputFields, IDPrefix: inputFields, Values: typed[inputFields], ErrorMessage: message, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Choose all that apply", Classes: "govuk-fieldset__legend--s"}}}
		for _, f := range d.kind.Fields {
			c.Items = append(c.Items, govuk.Checkbox{Text: f.Label, Value: f.Name, Hint: govuk.Hint{Text: "Recorded: " + shorten(d.s.sayValue(d.l, f, now))}})
		}
		if d.Purpose == toCorrect {
			span := d.piece().Span
			c.Items = append(c.Items, govuk.Checkbox{Text: "When it began", Value: "from", Hint: govuk.Hint{Text: "Recorded: " + boundary(span.From, "on no certain day")}})
			c.Items = append(c.Items, govuk.Checkbox{Text: "When it ended", Value: "until", Hint: govuk.Hint{Text: "Recorded: " + boundary(span.Until, "it goes on")}})
		}
		return c.Render()
	}
	st.read = func(typed kind.Typed) kind.Faults {
		for _, name := range typed[inputFields] {
			if d.kind.Field(name) != nil || d.Purpose == toCorrect && (name == "from" || name == "until") {
				return nil
			}
		}
		return kind.Faults{{Field: inputFields, Inputs: []string{inputFields}, Message: "Select what it is about"}}
	}
	st.said = func(typed kind.Typed) string {
		var out []string
		for _, f := range fieldsOf(d.kind, typed[inputFields]) {
			out = append(out, f.Label)
		}
		for name, label := range map[string]string{"from": "When it began", "until": "When it ended"} {
			if slices.Contains(typed[inputFields], name) {
				out = append(out, label)
			}
		}
		slices.Sort(out)
		return strings.Join(out, ", ")
	}
	return st
}

// shorten cuts a long text for a hint.
func shorten(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func boundary(d fact.Date, none string) string {
	if d.IsZero() {
		return none
	}
	return d.Words()
}

// piece is the part of the record's life that a draft is about: the one that was chosen, or the one of today, or else the last.
func (d *draft) piece() graph.Piece {
	pieces := d.pieces()
	if len(pieces) == 0 {
		return graph.Piece{}
	}
	if n, err := strconv.Atoi(d.text(inputPiece)); err == nil && n >= 0 && n < len(pieces) {
		return pieces[n]
	}
	for _, p := range pieces {
		if p.Span.On(d.l.today) == fact.Yes {
			return p
		}
	}
	return pieces[len(pieces)-1]
}

// pieces are the parts of the record's life. Where what a proposal says is wrong, they are those that it speaks of.
func (d *draft) pieces() []graph.Piece {
	all := d.l.View.Pieces(d.key)
	if d.Branch == "" || d.Purpose != toCorrect {
		return all
	}
	own := func(pieces []graph.Piece) []graph.Piece {
		return slices.DeleteFunc(pieces, func(p graph.Piece) bool { return p.Record.Proposal() != d.Branch })
	}
	if planned := own(d.l.View.Planned(d.Branch, fact.Date{}).Pieces(d.key)); len(planned) > 0 {
		return planned
	}
	return own(all) // it has no day yet
}

// either gives the words for what is so in force, or for what a proposal would make so.
func (d *draft) either(is, would string) string {
	if d.Branch != "" {
		return would
	}
	return is
}

// now is what the record says that the draft is about.
func (d *draft) now() []kind.Value {
	if p := d.piece(); p.Record != nil {
		return values(p.Record)
	}
	return nil
}

// newValues asks for the new value of each field that changed.
func (d *draft) newValues() []step {
	return d.fieldSteps("Recorded until now: ", d.either("is now", "would be"))
}

// rightValues asks what should have been recorded, and when it really began or ended.
func (d *draft) rightValues() []step {
	steps := d.fieldSteps("What was recorded: ", "should have been")
	span := d.piece().Span
	if slices.Contains(d.Typed[inputFields], "from") {
		steps = append(steps, d.dateStep("began", "from", "When did it begin?", "First day", "What was recorded: "+boundary(span.From, "no certain day"), span.From))
	}
	if slices.Contains(d.Typed[inputFields], "until") {
		steps = append(steps, d.dateStep("ended", "until", "When did it end?", "Last day", "What was recorded: "+boundary(span.Until, "it goes on"), span.Until))
	}
	return steps
}

func (d *draft) fieldSteps(before, verb string) (steps []step) {
	now := d.now()
	for _, f := range fieldsOf(d.kind, d.Typed[inputFields]) {
		form := d.formOf([]*kind.Field{f}, now)
		was := d.s.sayValue(d.l, f, now)
		steps = append(steps, step{
			name: "field-" + f.Name, heading: f.Label + ": what it " + verb, lead: []string{before + was}, inputs: []string{f.Name},
			ask: func(typed kind.Typed, faults kind.Faults) template.HTML {
				if !d.answered("field-"+f.Name) && !given(typed, f.Name) && len(faults) == 0 {
					typed = form.Show(now)
				}
				return (&asked{d.l, form, typed, faults}).controls()
			},
			read: func(typed kind.Typed) kind.Faults {
				_, faults := form.Read(typed)
				return faults
			},
			said: func(typed kind.Typed) string {
				v, _ := form.Read(typed)
				return d.s.sayValue(d.l, f, v)
			},
		})
	}
	return steps
}

// wrongPiece asks which part of the record's life was wrong, where it has several.
func (d *draft) wrongPiece() []step {
	pieces := d.pieces()
	if len(pieces) < 2 {
		return nil
	}
	return []step{{
		name: "days", heading: "Which days is it about?", inputs: []string{inputPiece},
		ask: func(typed kind.Typed, faults kind.Faults) template.HTML {
			message, _ := (&asked{faults: faults}).wrong(inputPiece)
			c := govuk.Radios{Name: inputPiece, IDPrefix: inputPiece, Value: (&asked{typed: typed}).value(inputPiece), ErrorMessage: message, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "The record says different things of these days", Classes: "govuk-fieldset__legend--s"}}}
			for i, p := range pieces {
				var says []string
				for _, f := range columns(d.kind) {
					if text := d.s.sayValue(d.l, f, values(p.Record)); text != "Not recorded" {
						says = append(says, f.Label+": "+shorten(text))
					}
				}
				c.Items = append(c.Items, govuk.Radio{Text: capital(p.Span.Words()), Value: strconv.Itoa(i), Hint: govuk.Hint{Text: strings.Join(append([]string{p.Record.Title()}, says...), ". ")}})
			}
			return c.Render()
		},
		read: func(typed kind.Typed) kind.Faults {
			n, err := strconv.Atoi((&asked{typed: typed}).value(inputPiece))
			if err != nil || n < 0 || n >= len(pieces) {
				return kind.Faults{{Field: inputPiece, Inputs: []string{inputPiece}, Message: "Select the days that it is about"}}
			}
			return nil
		},
		said: func(kind.Typed) string { return capital(d.piece().Span.Words()) },
	}}
}

// when asks for the day of a change.
func (d *draft) when(heading, label string) step {
	return d.dateStep("when", "on", heading, label, "", fact.Date{})
}

func (d *draft) dateStep(name, input, heading, label, lead string, now fact.Date) step {
	f := &kind.Field{Name: input, Label: label, Type: kind.Date, Required: input == "on"}
	form := d.s.formOf(d.l, nil, []*kind.Field{f}, nil)
	st := step{name: name, heading: heading, inputs: []string{input}}
	if lead != "" {
		st.lead = []string{lead}
	}
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		if !d.answered(name) && len(faults) == 0 {
			typed = kind.ShowDate(input, now)
		}
		return (&asked{d.l, form, typed, faults}).controls()
	}
	st.read = func(typed kind.Typed) kind.Faults {
		_, faults := form.Read(typed)
		return faults
	}
	st.said = func(typed kind.Typed) string {
		date, _ := kind.ReadDate(f, typed)
		return capital(boundary(date, "no day"))
	}
	return st
}

// source asks where a fact comes from.
func (d *draft) source() step {
	st := step{name: "source", heading: "Where does this come from?", inputs: []string{inputSource, inputNote}}
	must := d.Purpose == toCorrect || d.Purpose == toRetract
	if must {
		st.heading = d.either("How do you know?", "Why?")
	}
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML { return sourceControls(typed, faults, must) }
	st.read = func(typed kind.Typed) kind.Faults { return readSource(typed, must) }
	st.said = func(typed kind.Typed) string {
		a := asked{typed: typed}
		text := strings.TrimSpace(a.value(inputSource) + "\n" + a.value(inputNote))
		if text == "" {
			return "Not stated"
		}
		return text
	}
	return st
}

// What a source and a note may hold, in characters.
const (
	maxSource = 500
	maxNote   = 2000
)

func sourceControls(typed kind.Typed, faults kind.Faults, must bool) template.HTML {
	a := asked{typed: typed, faults: faults}
	source, _ := a.wrong(inputSource)
	note, _ := a.wrong(inputNote)
	label, more := "Source", "Note"
	if !must {
		label += " (optional)"
	}
	return govuk.Input{Name: inputSource, ID: inputSource, Value: a.value(inputSource), Label: govuk.Label{Text: label, Classes: medium}, Hint: govuk.Hint{Text: "A minute, a decision, a letter or who told you. For example: Cabinet, 17 June 2015, minute 123."}, ErrorMessage: source, Autocomplete: "off"}.Render() +
		govuk.Textarea{Name: inputNote, ID: inputNote, Rows: 3, Value: a.value(inputNote), Label: govuk.Label{Text: more + " (optional)", Classes: medium}, Hint: govuk.Hint{Text: "Stays in the history. Do not name people who use services or staff who told you something in confidence."}, ErrorMessage: note}.Render()
}

func readSource(typed kind.Typed, must bool) (faults kind.Faults) {
	a := asked{typed: typed}
	source, note := strings.TrimSpace(a.value(inputSource)), strings.TrimSpace(a.value(inputNote))
	bad := func(input, message string) {
		faults = append(faults, kind.Fault{Field: input, Inputs: []string{input}, Message: message})
	}
	switch {
	case must && source == "":
		bad(inputSource, "Enter how you know")
	case len([]rune(source)) > maxSource:
		bad(inputSource, fmt.Sprintf("Source must be %d characters or fewer", maxSource))
	}
	if len([]rune(note)) > maxNote {
		bad(inputNote, fmt.Sprintf("Note must be %s characters or fewer", thousands(maxNote)))
	}
	return faults
}

// prefilled gives what the address says of the fields of a new record: the page that leads here knows them.
func prefilled(form *kind.Form, q url.Values) kind.Typed {
	t := kind.Typed{}
	for _, f := range form.Fields {
		if v := q.Get(f.Name); v != "" && len(v) < kind.MaxLine {
			t[f.Name] = []string{v}
		}
	}
	return t
}
