package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Inputs of the pages on which replies are read.
const (
	inputText        = "text"
	inputNewTheme    = "new-theme"
	inputReason      = "why"
	inputVersionSeen = "version"
	fieldTold        = "told"
)

// What is done with a reply.
const (
	doSave   = "save"
	doAdmit  = "admit"
	doRefuse = "refuse"
	doTheme  = "theme"
)

// stateBack is that of replies in the record that were taken back.
const stateBack = "taken-back"

// responsesPage is what came in to a consultation, for those who read it.
type responsesPage struct {
	Past    []link
	Desk    string // what of it is not in the record
	Kept    string // until when
	Views   []navigation
	Caption string
	Table   *table
	Pager   *pager
	Empty   []link
	Heard   *table
	Themes  *table
	Few     string
	Add     string // where a theme is added
	Other   *link  // where a reply is recorded that came in another way
	NewBox  template.HTML
}

// responsePage is one reply, to be read.
type responsePage struct {
	State   state
	Facts   []fieldLine
	Answers []answered
	Gone    []link // it is in the record
	Action  string
	Reply   string
	Version int64
	Fields  template.HTML
	Why     template.HTML
}

// answered is a question with its answer, as it came in.
type answered struct {
	Question string
	Answer   template.HTML
}

// states of replies as pages say them, in their order.
var replyStates = []struct{ of, word, class string }{
	{string(desk.Unread), "Not read yet", "govuk-tag--blue"}, {string(desk.Read), "Read, not in the record", "govuk-tag--yellow"}, {string(desk.Admitted), "In the record", "govuk-tag--green"},
	{string(desk.Refused), "Refused", "govuk-tag--grey"}, {stateBack, "Taken back", "govuk-tag--red"},
}

func stateOfReply(r *desk.Reply) string {
	if r.TakenBack {
		return stateBack
	}
	return string(r.State)
}

// responses lists the replies to a consultation, or shows one of them.
func (s *Site) responses(l *look, r *http.Request) (*page, error) {
	a, err := s.asking(l, r)
	if err != nil {
		return nil, err
	}
	if err := a.mayHear(); err != nil {
		return nil, err
	}
	if id := r.URL.Query().Get(fieldReply); id != "" {
		x, err := s.Desk.Reply(r.Context(), string(a.key.ID), id)
		if err != nil {
			return nil, err
		}
		return a.responsePage(x, nil, nil)
	}
	p, err := a.responsesPage(r, "", nil)
	if err == nil {
		p.Notice = toldOf[r.URL.Query().Get(fieldTold)]
	}
	return p, err
}

// toldOf says what was done with a reply.
var toldOf = map[string]*notice{
	doSave: {Title: "Success", Text: "What you wrote about the reply is kept. It is not in the record."}, doAdmit: {Title: "Success", Text: "The reply is in the record."},
	doRefuse: {Title: "Success", Text: "The reply is refused. It will not be in the record."}, doTheme: {Title: "Success", Text: "The theme is in the record."},
}

// mayHear says why whoever looks does not read replies, or nothing.
func (a *asking) mayHear() error {
	if !a.hears() {
		return access.Refuse(access.Hear)
	}
	return a.s.readOnly()
}

func (a *asking) responsesPage(r *http.Request, typed string, wrong []fieldProblem) (*page, error) {
	s, l := a.s, a.l
	all, err := s.Desk.Replies(r.Context(), string(a.key.ID))
	if err != nil {
		return nil, err
	}
	body := &responsesPage{Past: l.past()}
	p := &page{Template: "responses", Label: s.called(l, a.key), Heading: "Responses", Parts: a.parts(partResponses), Body: body}
	by := map[string]int{}
	for _, x := range all {
		by[stateOfReply(x)]++
	}
	waiting := by[string(desk.Unread)] + by[string(desk.Read)]
	switch {
	case waiting > 0:
		body.Desk = capital(count(waiting, "reply is", "replies are")) + " not in the record; " + count(by[string(desk.Unread)], "is not read yet", "are not read yet") + ". Until somebody takes a reply in, it is no part of the record, whatever day you look at."
		body.Kept = "What is not taken into the record is deleted half a year after the close, or after it came in where that is later. The first goes on " + fact.DayIn(firstToGo(all)).Words() + "."
	case len(all) == 0:
		body.Empty = text("No responses yet.")
	}
	a.repliesTable(r, body, p, all, by)
	a.heardTables(body)
	if l.present() {
		body.Add = l.part(a.key, partResponses)
		body.Other = &link{"Record a reply that came in another way", l.to(s.Book.Kinds().Kind(access.Response).Path()+"/new", "of", s.called(l, a.key))}
		message := ""
		for _, x := range wrong {
			message = x.Text
			p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem", Fields: []link{{x.Text, "#" + x.Field}}}
		}
		body.NewBox = govuk.Input{ID: inputNewTheme, Name: inputNewTheme, Value: typed, Label: govuk.Label{Text: "Theme", Classes: medium}, Hint: govuk.Hint{Text: "A few words, for example Too few managers for children’s services"}, ErrorMessage: govuk.ErrorMessage{Text: message}, Autocomplete: "off"}.Render()
	}
	return p, nil
}

// firstToGo is when the first of some replies goes that are not in the record.
func firstToGo(all []*desk.Reply) (at time.Time) {
	for _, x := range all {
		if x.State != desk.Admitted && (at.IsZero() || x.Expires.Before(at)) {
			at = x.Expires
		}
	}
	return at
}

// unheard are the consultations with replies that nobody has taken into the record or refused yet, for those who read them.
func (s *Site) unheard(l *look, r *http.Request) (out []need, err error) {
	if !l.me.May(access.Hear) {
		return nil, nil
	}
	for _, c := range l.View.All(access.Consultation) {
		if !l.me.Over(l.View, access.Hear, c.Key()) {
			continue
		}
		all, err := s.Desk.Replies(r.Context(), string(c.Key().ID))
		if err != nil {
			return nil, err
		}
		waiting := slices.DeleteFunc(slices.Clone(all), func(x *desk.Reply) bool { return x.State != desk.Unread && x.State != desk.Read })
		if len(waiting) > 0 {
			out = append(out, need{link{capital(count(len(waiting), "reply waits", "replies wait")) + " to be read: " + s.title(c), l.part(c.Key(), partResponses)}, "The first is deleted on " + fact.DayIn(firstToGo(waiting)).Words(), "Not read", "govuk-tag--blue"})
		}
	}
	return out, nil
}

// repliesTable lists the replies in one state, or all.
func (a *asking) repliesTable(r *http.Request, body *responsesPage, p *page, all []*desk.Reply, by map[string]int) {
	l := a.l
	if len(all) == 0 {
		return
	}
	chosen, narrowed := l.other.Get(fieldState), false
	body.Views = append(body.Views, navigation{link{"All (" + thousands(int64(len(all))) + ")", l.part(a.key, partResponses)}, chosen == ""})
	for _, st := range replyStates {
		name := st.of
		if name == "" {
			name = "unread"
		}
		if by[st.of] > 0 {
			body.Views = append(body.Views, navigation{link{st.word + " (" + thousands(int64(by[st.of])) + ")", l.to(a.s.addresses.of(a.key)+"/"+partResponses, fieldState, name)}, chosen == name})
		}
		if chosen == name {
			narrowed, chosen = true, st.of
			p.State, body.Caption = kind.Lower(st.word), st.word
			break
		}
	}
	if narrowed {
		all = slices.DeleteFunc(slices.Clone(all), func(x *desk.Reply) bool { return stateOfReply(x) != chosen })
	}
	rows, pager := paged(l, r.URL.Query().Get(fieldPage), all)
	body.Pager = pager
	p.State = strings.TrimPrefix(strings.Join(append([]string{p.State}, pager.state()...), ", "), ", ")
	t := newTable("Replies", "Came in", "State", "From", "What they said first", "Themes")
	if body.Caption != "" {
		t.Caption = "Replies: " + kind.Lower(body.Caption)
	}
	for i, x := range rows {
		t.add(a.replyRow(x, i)...)
	}
	body.Table = t
}

func (a *asking) replyRow(x *desk.Reply, i int) [][]link {
	l := a.l
	word := ""
	for _, st := range replyStates {
		if st.of == stateOfReply(x) {
			word = st.word
		}
	}
	first, themes := "", a.themeNames(x.Themes)
	if len(x.Said) > 0 {
		first = shorten(x.Said[0].Answer)
	}
	if x.State == desk.Admitted {
		first = "In the record now, and deleted here."
		if rec := a.l.View.Record(fact.Key{Kind: access.Response, ID: fact.ID(x.Record)}); rec != nil {
			themes = nil
			for _, k := range rec.RefKeys("themes") {
				themes = append(themes, a.s.called(l, k))
			}
		}
	}
	at := link{report.Clock(x.At) + " (read reply " + strconv.Itoa(i+1) + ")", l.to(a.s.addresses.of(a.key)+"/"+partResponses, fieldReply, x.ID)}
	return [][]link{{at}, text(word), text(a.s.sayChoice("given_by", x.Group)), text(first), orText(texts(themes), "None")}
}

func (a *asking) themeNames(ids []string) (out []string) {
	for _, id := range ids {
		out = append(out, a.s.called(a.l, fact.Key{Kind: access.Theme, ID: fact.ID(id)}))
	}
	return out
}

// heardTables are what the record says: how many of whom, and how many said what.
func (a *asking) heardTables(body *responsesPage) {
	h := a.heard()
	body.Heard, body.Themes, body.Few = heardTable(h), a.themesTable(h), fewOf(h)
}

// heardTable is how many replied, by who they are; nil where nobody did.
func heardTable(h report.Heard) *table {
	if h.Replies.N == 0 {
		return nil
	}
	t := newTable("Replies in the record, by who gave them", "Who", "How many")
	for _, g := range h.Groups {
		t.add(text(g.Label), text(capital(g.Words())))
	}
	t.add(text("All"), text(capital(h.Replies.Words())))
	return t
}

// themesTable is how many said what, and what became of it.
func (a *asking) themesTable(h report.Heard) *table {
	if len(h.Themes) == 0 {
		return nil
	}
	t := newTable("Themes", "Theme", "How many said so", "What the council did")
	for _, x := range h.Themes {
		if a.l.View.Record(x.Record.Key()) == nil {
			continue
		}
		did := "Not answered yet"
		if x.Answered(a.l.View.On()) {
			did = outcomes[x.Record.Text("outcome")]
		}
		t.add([]link{a.s.linked(a.l, x.Record.Key())}, text(capital(x.People.Words())), orText(text(did), "Answered"))
	}
	return t
}

// fewOf is the note of the numbers that are not shown, where there are any.
func fewOf(h report.Heard) string {
	hidden := func(t report.Tally) bool { return t.Hidden }
	if hidden(h.Replies) || slices.ContainsFunc(h.Groups, hidden) || slices.ContainsFunc(h.Themes, func(x report.HeardTheme) bool { return x.People.Hidden }) {
		return report.FewNote
	}
	return ""
}

// reads is what somebody does with a reply, as it was typed.
type reads struct {
	text, why, newTheme string
	themes              []string
}

// responsePage shows a reply with the form by which it is read.
func (a *asking) responsePage(x *desk.Reply, typed *reads, wrong []fieldProblem) (*page, error) {
	s, l := a.s, a.l
	body := &responsePage{Action: l.part(a.key, partResponses), Reply: x.ID, Version: x.Version}
	p := &page{Template: "response", Label: s.called(l, a.key), Heading: "Reply of " + report.Clock(x.At), Undated: true, Narrow: true, Back: l.part(a.key, partResponses), Body: body}
	for _, st := range replyStates {
		if st.of == stateOfReply(x) {
			body.State = state{Tag: st.word, Class: st.class}
		}
	}
	body.Facts = append(body.Facts, fieldLine{"From", text(s.sayChoice("given_by", x.Group))})
	if x.State == desk.Admitted {
		a.gone(x, body)
		return p, nil
	}
	body.Facts = append(body.Facts, fieldLine{"May it be quoted", text(s.sayChoice("quote", x.Quote))})
	if x.Name != "" {
		body.Facts = append(body.Facts, fieldLine{"Name", text(x.Name)})
	}
	if x.As != "" {
		body.Facts = append(body.Facts, fieldLine{"What they were asked about", text(s.called(l, fact.Key{Kind: "version", ID: fact.ID(x.As)}))})
	}
	for _, said := range x.Said {
		if said.Answer != "" {
			body.Answers = append(body.Answers, answered{said.Question, lines(said.Answer)})
		}
	}
	if typed == nil {
		typed = &reads{text: x.Text, themes: x.Themes, why: x.Why}
		if x.State == desk.Unread {
			typed.text = asText(x.Answers)
		}
	}
	if len(wrong) > 0 {
		p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem"}
		for _, f := range wrong {
			p.Problem.Fields = append(p.Problem.Fields, link{f.Text, "#" + f.Field})
		}
	}
	a.readForm(body, typed, wrong)
	return p, nil
}

// gone says of a reply in the record where it is, and what is to be done where it was taken back.
func (a *asking) gone(x *desk.Reply, body *responsePage) {
	k := fact.Key{Kind: access.Response, ID: fact.ID(x.Record)}
	body.Gone = []link{{Text: "What was typed is deleted here. What was taken into the record is there:"}, a.s.linked(a.l, k)}
	if x.TakenBack {
		body.Gone = append(body.Gone, link{Text: "Whoever sent it has taken it back since, and wants it removed."})
		if a.l.me.May(access.Erase) && len(a.l.View.History(k)) > 0 {
			body.Gone = append(body.Gone, link{"Remove it from the record", a.l.to(removePath + "/of/" + k.String())})
		} else if len(a.l.View.History(k)) > 0 {
			body.Gone = append(body.Gone, link{Text: "Ask somebody who may remove personal data."})
		}
	}
}

// asText writes answers as they may stand in the record: each under its question, and what was not answered left out.
func asText(x desk.Answers) string {
	var b strings.Builder
	n := 0
	for _, said := range x.Said {
		if said.Answer != "" {
			n++
		}
	}
	for _, said := range x.Said {
		switch {
		case said.Answer == "":
		case n == 1:
			b.WriteString(said.Answer)
		default:
			b.WriteString(said.Question + "\n\n" + said.Answer + "\n\n")
		}
	}
	return strings.TrimSpace(b.String())
}

// readForm asks what the record is to say of a reply.
func (a *asking) readForm(body *responsePage, typed *reads, wrong []fieldProblem) {
	message := func(field string) govuk.ErrorMessage {
		for _, x := range wrong {
			if x.Field == field {
				return govuk.ErrorMessage{Text: x.Text}
			}
		}
		return govuk.ErrorMessage{}
	}
	boxes := govuk.Checkboxes{Name: fieldTheme, IDPrefix: fieldTheme, Values: typed.themes, ErrorMessage: message(fieldTheme), Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Themes", Classes: "govuk-fieldset__legend--s"}}, Hint: govuk.Hint{Text: "Choose all that it speaks of."}}
	for _, t := range a.themes() {
		boxes.Items = append(boxes.Items, govuk.Checkbox{Text: a.s.title(t), Value: string(t.Key().ID)})
	}
	out := govuk.Textarea{ID: inputText, Name: inputText, Rows: 12, Value: typed.text, ErrorMessage: message(inputText), Label: govuk.Label{Text: "What the record is to say", Classes: medium}, Hint: govuk.Hint{Text: "In their words. Leave out names, and anything by which somebody could be recognised. Everything else that was typed is deleted once this is in the record."}}.Render()
	if len(boxes.Items) > 0 {
		out += boxes.Render()
	}
	out += govuk.Input{ID: inputNewTheme, Name: inputNewTheme, Value: typed.newTheme, Autocomplete: "off", ErrorMessage: message(inputNewTheme), Label: govuk.Label{Text: "Another theme (optional)", Classes: medium}, Hint: govuk.Hint{Text: "In a few words. It is recorded, and this reply belongs to it."}}.Render()
	body.Fields = out
	body.Why = govuk.Input{ID: inputReason, Name: inputReason, Value: typed.why, Autocomplete: "off", ErrorMessage: message(inputReason), Label: govuk.Label{Text: "Why it is refused", Classes: medium}, Hint: govuk.Hint{Text: "For example: an advertisement, abuse, sent twice. Only to refuse it."}}.Render()
}

// themes are those of the consultation, by name.
func (a *asking) themes() []*graph.Record {
	if a.c == nil {
		return nil
	}
	out := a.c.Referring(access.Theme, "of")
	slices.SortFunc(out, func(x, y *graph.Record) int {
		return strings.Compare(strings.ToLower(x.Title()), strings.ToLower(y.Title()))
	})
	return out
}

// Limits on what is typed about a reply, in characters.
const (
	maxAdmitted  = 20_000
	maxThemeName = 120
	maxWhy       = 300
)

// responsesSent does something with a reply, or adds a theme.
func (s *Site) responsesSent(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	a, err := s.asking(l, r)
	if err == nil {
		err = a.mayHear()
	}
	if err == nil {
		err = s.asToday(l)
	}
	if err != nil {
		return err
	}
	f := r.PostForm
	if f.Get(inputDo) == doTheme {
		return a.addTheme(w, r, typedText(f.Get(inputNewTheme)))
	}
	x, err := s.Desk.Reply(r.Context(), string(a.key.ID), f.Get(fieldReply))
	if err != nil {
		return err
	}
	if x.State == desk.Admitted {
		return a.tell(w, r, doAdmit)
	}
	typed := &reads{text: typedText(f.Get(inputText)), why: typedText(f.Get(inputReason)), newTheme: typedText(f.Get(inputNewTheme)), themes: f[fieldTheme]}
	seen, _ := strconv.ParseInt(f.Get(inputVersionSeen), 10, 64)
	wrong := a.wrongRead(typed, f.Get(inputDo))
	if seen != x.Version {
		wrong = []fieldProblem{{inputText, "Somebody else has changed this reply since you looked. What you typed is below; look at it again, then send it once more"}}
	}
	if len(wrong) > 0 {
		p, err := a.responsePage(x, typed, wrong)
		if err != nil {
			return err
		}
		return s.render(w, l, p)
	}
	if typed.newTheme != "" && f.Get(inputDo) != doRefuse {
		id, err := a.theme(r, typed.newTheme)
		if err != nil {
			return err
		}
		typed.themes = append(typed.themes, string(id))
	}
	switch f.Get(inputDo) {
	case doSave:
		x.State, x.Text, x.Themes, x.Why = desk.Read, typed.text, typed.themes, ""
		err = s.Desk.CodeReply(r.Context(), x)
	case doRefuse:
		x.State, x.Why = desk.Refused, typed.why
		err = s.Desk.CodeReply(r.Context(), x)
	case doAdmit:
		err = a.admit(r, x, typed)
	default:
		return fact.ErrInvalid
	}
	if err != nil {
		return a.overtaken(err)
	}
	return a.tell(w, r, f.Get(inputDo))
}

// overtaken says of an error that somebody else was faster, or what the record has against it.
func (a *asking) overtaken(err error) error {
	back := []link{{"Back to the responses", a.l.part(a.key, partResponses)}}
	if problems := kind.Problems(nil); errors.As(err, &problems) {
		return &trouble{kind: errConflict, text: "It cannot be recorded. " + problemText(problems), links: back}
	}
	if errors.Is(err, fact.ErrStale) {
		return &trouble{kind: errConflict, text: "Somebody else has changed this since you looked. Nothing was done. Go back, and look at it again.", links: back}
	}
	return err
}

func problemText(problems kind.Problems) string {
	var out []string
	for _, x := range problems {
		out = append(out, sentence(strings.TrimSuffix(x.What+". "+x.Remedy, ". ")))
	}
	return strings.Join(out, " ")
}

// tell leads back to the replies, and says what was done.
func (a *asking) tell(w http.ResponseWriter, r *http.Request, what string) error {
	redirect(w, r, a.l.part(a.key, partResponses)+"?"+url.Values{fieldTold: {what}}.Encode(), http.StatusSeeOther)
	return nil
}

// wrongRead says what is wrong with what was typed about a reply.
func (a *asking) wrongRead(x *reads, do string) (wrong []fieldProblem) {
	add := func(field, text string) { wrong = append(wrong, fieldProblem{field, text}) }
	switch n := utf8.RuneCountInString(x.text); {
	case do == doAdmit && n == 0:
		add(inputText, "Say what the record is to say, or refuse the reply")
	case n > maxAdmitted:
		add(inputText, "What the record is to say must be at most "+thousands(maxAdmitted)+" characters long")
	}
	for _, id := range x.themes {
		if !slices.ContainsFunc(a.themes(), func(t *graph.Record) bool { return string(t.Key().ID) == id }) {
			add(fieldTheme, "Choose themes of this consultation")
			break
		}
	}
	if text := a.wrongTheme(x.newTheme); text != "" && x.newTheme != "" {
		add(inputNewTheme, text)
	}
	switch n := utf8.RuneCountInString(x.why); {
	case do == doRefuse && n == 0:
		add(inputReason, "Say why it is refused")
	case n > maxWhy:
		add(inputReason, "The reason must be at most "+thousands(maxWhy)+" characters long")
	}
	return wrong
}

// wrongTheme says what is wrong with the name of a new theme.
func (a *asking) wrongTheme(name string) string {
	switch {
	case name == "":
		return "Name the theme in a few words"
	case strings.Contains(name, "\n") || utf8.RuneCountInString(name) > maxThemeName:
		return "A theme has at most " + thousands(maxThemeName) + " characters, on one line"
	case slices.ContainsFunc(a.themes(), func(t *graph.Record) bool { return strings.EqualFold(t.Title(), name) }):
		return "There is a theme of this name already. Choose it"
	}
	return ""
}

// addTheme records a theme and leads back.
func (a *asking) addTheme(w http.ResponseWriter, r *http.Request, name string) error {
	if wrong := a.wrongTheme(name); wrong != "" {
		p, err := a.responsesPage(r, name, []fieldProblem{{inputNewTheme, wrong}})
		if err != nil {
			return err
		}
		return a.s.render(w, a.l, p)
	}
	if _, err := a.theme(r, name); err != nil {
		return a.overtaken(err)
	}
	return a.tell(w, r, doTheme)
}

// theme records a theme.
func (a *asking) theme(r *http.Request, name string) (fact.ID, error) {
	k := a.s.Book.Kinds().Kind(access.Theme)
	taken := func(id fact.ID) bool { return len(a.full.History(fact.Key{Kind: k.Name, ID: id})) > 0 }
	id := a.s.Book.Kinds().NewID(k, name, taken)
	_, err := a.s.recordOne(r, map[string]any{"kind": k.Name, "id": id, "of": a.key.ID, "name": name}, nil)
	return id, err
}

// admit takes a reply into the record.
func (a *asking) admit(r *http.Request, x *desk.Reply, typed *reads) error {
	id := fact.ID("r-" + strings.ToLower(rand.Text()[:16]))
	says := map[string]any{"kind": access.Response, "id": id, "of": a.key.ID, "received_on": fact.DayIn(x.At).String(), "text": typed.text, "redacted": typed.text != asText(x.Answers)}
	for field, value := range map[string]string{"given_by": x.Group, "way": x.Way, "quote": x.Quote, "name": x.Name, "version": x.As} {
		if value != "" {
			says[field] = value
		}
	}
	if len(typed.themes) > 0 {
		says["themes"] = typed.themes
	}
	return a.s.Desk.AdmitReply(r.Context(), x, string(id), func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
		return a.s.recordOne(r.WithContext(ctx), says, claim)
	})
}

// recordOne records one record that a page has put together, as a file would say it.
func (s *Site) recordOne(r *http.Request, says map[string]any, claim desk.Claim) (desk.Receipt, error) {
	b, err := json.Marshal(says)
	if err != nil {
		return desk.Receipt{}, err
	}
	docs, problems := s.Book.Kinds().Read("the form", bytes.NewReader(b))
	if len(problems) > 0 {
		return desk.Receipt{}, problems
	}
	receipt, err := s.Book.Do(r.Context(), s.whoIs(r), book.Change{Docs: docs, Claim: claim})
	return desk.Receipt{First: receipt.First, Last: receipt.Last}, err
}
