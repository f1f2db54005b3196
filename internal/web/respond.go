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
	"time"
	"unicode/utf8"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/report"
)

// A reply is asked for question by question. What is typed is kept at the desk under a secret that the browser has in a cookie for this one consultation; no account, no name and no address goes with it.
// Bots are kept off by what one address may begin and send within an hour, and by how much one consultation takes in all.

// What one address may do within an hour: begin a reply, and send one. Where it is not known from where somebody comes, all together may do rateOfAddress times as much.
const (
	repliesAnHour = 60
	replyingLasts = time.Hour
)

// replyCookie holds the secret of a reply while it is written.
const replyCookie = "plumbline-reply"

// The steps of a reply beside its questions, which are numbered from 1.
const (
	stepGroup = "group"
	stepQuote = "quote"
	stepName  = "name"
	stepAgree = "check"
	stepDone  = "done"
	stepSaved = "saved"
)

// Inputs of a reply.
const (
	inputStep   = "step"
	inputAnswer = "answer"
	inputDo     = "do"
	inputKey    = "key"
	inputThen   = "then" // the step that follows, where an answer is changed
)

// maxName is how long a name may be, in characters.
const maxName = 100

// respondPage is one question of a reply.
type respondPage struct {
	Progress string
	Lead     []string
	Action   string
	Step     string
	Fields   template.HTML
	Key      string // with which somebody comes back
	Then     string // the step that follows, where that is not the next
	Button   string
	Save     bool
	Panel    string // the reference, at the end
	After    []string
	Link     string // to copy
	Links    []link
}

// replying is a reply that somebody is writing.
type replying struct {
	*asking
	r         *http.Request
	questions []string
	secret    string
	x         *desk.Answering // nil where nothing is answered yet
}

// replying finds the consultation in the address, if it takes replies, with what was answered so far. Where it takes none the reader is told why, but for one that they cannot know of.
func (s *Site) replying(r *http.Request) (*replying, error) {
	l := s.plainLook(r)
	a, err := s.asking(l, r)
	if err != nil {
		return nil, err
	}
	if err := s.readOnly(); err != nil {
		return nil, err
	}
	p := &replying{asking: a, r: r}
	if !a.takesReplies() {
		return p, a.noReplies()
	}
	for _, q := range a.c.Texts("questions") {
		if !slices.Contains(p.questions, q) { // asked twice it has one answer
			p.questions = append(p.questions, q)
		}
	}
	if c, err := r.Cookie(replyCookie); err == nil {
		p.secret = c.Value
		if p.x, err = s.Desk.Answering(r.Context(), string(a.key.ID), p.secret); err != nil && !errors.Is(err, fact.ErrNotFound) {
			return nil, err
		}
	}
	return p, nil
}

// noReplies says why a consultation takes no replies.
func (a *asking) noReplies() error {
	text := "Nobody can reply here."
	if a.c != nil {
		text = a.s.asksUntil(a.c, a.l.View.On())
		switch a.is {
		case report.AskingOver:
			text += " Nobody can reply any more."
		case report.AskingNow:
			text = "Nobody can reply on these pages. The consultation says in which other ways."
		default:
			text += " Nobody can reply yet."
		}
	}
	return &trouble{kind: errConflict, text: text, links: []link{{"Back to the consultation", a.l.record(a.key)}}}
}

// steps are the steps of a reply, in their order.
func (p *replying) steps() (out []string) {
	for i := range p.questions {
		out = append(out, strconv.Itoa(i+1))
	}
	out = append(out, stepGroup, stepQuote)
	if p.x != nil && p.x.Quote == "with-name" {
		out = append(out, stepName)
	}
	return append(out, stepAgree)
}

// at is the address of a step.
func (p *replying) at(step string) string {
	to := p.l.part(p.key, partRespond)
	if step == "" || step == "1" {
		return to
	}
	return to + "?" + url.Values{inputStep: {step}}.Encode()
}

// next is the step after another.
func (p *replying) next(step string) string {
	all := p.steps()
	i := slices.Index(all, step)
	return all[min(i+1, len(all)-1)]
}

// before is the step before another, or the consultation itself.
func (p *replying) before(step string) string {
	all := p.steps()
	if i := slices.Index(all, step); i > 0 {
		return p.at(all[i-1])
	}
	return p.l.record(p.key)
}

// respond shows a step of a reply.
func (s *Site) respond(w http.ResponseWriter, r *http.Request) error {
	p, err := s.replying(r)
	if p != nil && p.x == nil && err != nil && r.URL.Query().Get(inputStep) == stepDone {
		return p.reread(w, err) // it closed after it was sent
	}
	if err != nil {
		return err
	}
	step := r.URL.Query().Get(inputStep)
	switch {
	case r.URL.Query().Has(inputKey):
		return s.render(w, p.l, p.comeBack(r.URL.Query().Get(inputKey)))
	case p.x != nil && p.x.Sent && step == "": // another reply from the same browser
		p.x = nil
		step = "1"
	case p.x != nil && p.x.Sent:
		return s.render(w, p.l, p.donePage())
	case step == "":
		step = "1"
	}
	if p.x == nil && step != "1" || step != stepSaved && !slices.Contains(p.steps(), step) {
		redirect(w, r, p.at(""), http.StatusSeeOther)
		return nil
	}
	return s.render(w, p.l, p.page(step, "", nil))
}

// reread shows the reference of a reply once more that was sent shortly before the close.
func (p *replying) reread(w http.ResponseWriter, otherwise error) error {
	c, err := p.r.Cookie(replyCookie)
	if err != nil {
		return otherwise
	}
	if p.x, err = p.s.Desk.Answering(p.r.Context(), string(p.key.ID), c.Value); err != nil || !p.x.Sent {
		return otherwise
	}
	return p.s.render(w, p.l, p.donePage())
}

// page is the page of a step, again with what was typed where something is wrong with it.
func (p *replying) page(step, typed string, wrong []fieldProblem) *page {
	l := p.l
	body := &respondPage{Action: l.part(p.key, partRespond), Step: step, Button: "Continue", Save: true}
	if p.r.FormValue(inputThen) == stepAgree {
		body.Then = stepAgree
	}
	out := &page{Template: "respond", Label: p.s.called(l, p.key), Back: p.before(step), Undated: true, Narrow: true, Body: body}
	said := func(get func() string) string {
		if len(wrong) > 0 || p.x == nil {
			return typed
		}
		return get()
	}
	message := ""
	if len(wrong) > 0 {
		message = wrong[0].Text
		out.Status, out.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem"}
		for _, x := range wrong {
			out.Problem.Fields = append(out.Problem.Fields, link{x.Text, "#" + x.Field})
		}
	}
	all := p.steps()
	body.Progress = fmt.Sprintf("Step %d of %d", slices.Index(all, step)+1, len(all))
	switch step {
	case stepGroup:
		out.Heading = "Are you replying as one of these? (optional)"
		body.Fields = p.radios(stepGroup, "given_by", said(func() string { return p.x.Group }), message)
	case stepQuote:
		out.Heading = "May the council quote what you wrote? (optional)"
		body.Lead = []string{"If you leave this out, it will not be quoted."}
		body.Fields = p.radios(stepQuote, "quote", said(func() string { return p.x.Quote }), message)
	case stepName:
		out.Heading = "Which name should stand beside it? (optional)"
		body.Fields = govuk.Input{ID: inputAnswer, Name: inputAnswer, Label: hiddenLabel("Name"), Hint: govuk.Hint{Text: "The name of a person or of an organisation. If you leave it empty, nobody is named."}, Value: said(func() string { return p.x.Name }), Autocomplete: "name", Spellcheck: new(bool), ErrorMessage: govuk.ErrorMessage{Text: message}}.Render()
	case stepAgree:
		p.checkPage(out, body)
	case stepSaved:
		p.savedPage(out, body)
	default:
		n, _ := strconv.Atoi(step)
		p.questionPage(out, body, n, said, message)
	}
	return out
}

func (p *replying) questionPage(out *page, body *respondPage, n int, said func(func() string) string, message string) {
	question := p.questions[n-1]
	out.Heading = question
	hint := "You can leave this out."
	if n == 1 {
		hint = "This question has to be answered. You can leave out all others."
		body.Lead = []string{"Do not write names, or anything by which somebody could be recognised. You are asked for your name only if you want to be quoted with it."}
	} else {
		out.Heading += " (optional)"
	}
	body.Fields = govuk.Textarea{ID: inputAnswer, Name: inputAnswer, Rows: 8, Label: hiddenLabel(question), Hint: govuk.Hint{Text: fmt.Sprintf("%s At most %s characters.", hint, thousands(desk.MaxAnswer))},
		Value: said(func() string { return p.x.Answer(question) }), ErrorMessage: govuk.ErrorMessage{Text: message}}.Render()
}

func hiddenLabel(text string) govuk.Label {
	return govuk.Label{Text: text, Classes: "govuk-visually-hidden"}
}

// radios asks for one of the choices of a field of what a reply becomes in the record.
func (p *replying) radios(step, field, value, message string) template.HTML {
	f := p.s.Book.Kinds().Kind(access.Response).Field(field)
	c := govuk.Radios{Name: inputAnswer, IDPrefix: inputAnswer, Value: value, ErrorMessage: govuk.ErrorMessage{Text: message}, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Choose one", Classes: "govuk-visually-hidden"}}}
	words := replyWords[step]
	for _, v := range f.Choices {
		text := words[v]
		if text == "" {
			text = capital(p.s.say(f, v))
		}
		c.Items = append(c.Items, govuk.Radio{Text: text, Value: v})
	}
	return c.Render()
}

// replyWords are choices as whoever replies reads them, where they differ from those of the record.
var replyWords = map[string]map[string]string{
	stepGroup: {"workforce": "Somebody who works for the council", "unions": "A trade union", "councillors": "A councillor", "service-users": "Somebody who uses the services", "carers": "A carer", "partners": "A partner of the council, such as the NHS or the police", "schools": "A school", "voluntary-sector": "A voluntary or community organisation", "public": "Somebody else who lives or works here"},
	stepQuote: {"not-quoted": "No", "without-name": "Yes, without a name", "with-name": "Yes, with a name that I give on the next page"},
}

func (p *replying) checkPage(out *page, body *respondPage) {
	out.Heading, body.Button, body.Save = "Check your answers before you send them", "Send your reply", true
	list := govuk.SummaryList{}
	add := func(label, value, step string) {
		if value == "" {
			value = "Not answered"
		}
		list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.SummaryText{Text: label}, Value: govuk.SummaryText{HTML: lines(value)}, Actions: govuk.SummaryActions{Items: []govuk.SummaryAction{{Text: "Change", VisuallyHiddenText: label, Href: p.at(step) + map[bool]string{true: "?", false: "&"}[step == "1"] + url.Values{inputThen: {stepAgree}}.Encode()}}}})
	}
	for i, q := range p.questions {
		add(q, p.x.Answer(q), strconv.Itoa(i+1))
	}
	said := func(step, field, value string) string {
		if w := replyWords[step][value]; w != "" || value == "" {
			return w
		}
		return capital(p.s.say(p.s.Book.Kinds().Kind(access.Response).Field(field), value))
	}
	add("You reply as", said(stepGroup, "given_by", p.x.Group), stepGroup)
	add("May it be quoted", said(stepQuote, "quote", p.x.Quote), stepQuote)
	if p.x.Quote == "with-name" {
		add("Name", p.x.Name, stepName)
	}
	body.Fields = list.Render()
	body.After = []string{"Somebody at the council will read your reply. It becomes part of the council's record after that, without names and anything by which somebody could be recognised, unless you asked to be named."}
}

func (p *replying) savedPage(out *page, body *respondPage) {
	out.Heading, out.Back = "Your answers are kept", p.at(p.firstOpen())
	body.Progress, body.Action, body.Save, body.Button = "", "", false, ""
	body.Link = p.s.absolute(p.r, p.l.part(p.key, partRespond)+"?"+url.Values{inputKey: {p.secret}}.Encode())
	body.Lead = []string{
		"Copy this address, and open it to go on. It works once, for 14 days; then your answers are gone. Whoever has it can read and change them, so keep it to yourself.",
	}
	body.After = []string{"They are not sent yet. " + p.s.asksUntil(p.c, p.l.View.On())}
	body.Links = []link{{"Go on now", p.at(p.firstOpen())}}
}

// firstOpen is the first question that is not answered, or the last step.
func (p *replying) firstOpen() string {
	for i, q := range p.questions {
		if p.x.Answer(q) == "" {
			return strconv.Itoa(i + 1)
		}
	}
	return stepAgree
}

// absolute is an address as it can be opened from anywhere.
func (s *Site) absolute(r *http.Request, at string) string {
	if s.URL != nil {
		return strings.TrimSuffix(s.URL.String(), "/") + at
	}
	return "http://" + r.Host + at
}

// comeBack asks whoever opens such an address whether they want to go on: it works once, and what only looks at addresses should not use it up.
func (p *replying) comeBack(key string) *page {
	body := &respondPage{Action: p.l.part(p.key, partRespond), Step: stepSaved, Key: key, Button: "Go on with your reply"}
	return &page{Template: "respond", Label: p.s.called(p.l, p.key), Heading: "Go on with your reply", Undated: true, Narrow: true, Body: body, Back: p.l.record(p.key)}
}

func (p *replying) donePage() *page {
	body := &respondPage{Panel: spelled(p.x.Reference), Links: []link{{"Back to the consultation", p.l.record(p.key)}, {"Take your reply back", p.l.part(p.key, partWithdraw)}}}
	body.After = []string{
		"Write the reference down. With it you can take your reply back at any time. The council keeps nothing by which it could find your reply for you, or send you the reference again.",
		"What the council did about the replies will be on the page of the consultation.",
	}
	return &page{Template: "respond", Label: p.s.called(p.l, p.key), Heading: "Your reply is sent", Undated: true, Narrow: true, Body: body, Back: p.l.record(p.key)}
}

// spelled writes a reference so that it can be read aloud.
func spelled(reference string) string {
	if len(reference) < 10 {
		return reference
	}
	return reference[:5] + " " + reference[5:]
}

// respondSent takes the answer to a step.
func (s *Site) respondSent(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	p, err := s.replying(r)
	if err != nil {
		return err
	}
	step := r.PostForm.Get(inputStep)
	switch {
	case step == stepSaved:
		return p.goOn(w, r.PostForm.Get(inputKey))
	case p.x != nil && p.x.Sent && step == stepAgree: // the second click of a double click
		redirect(w, r, p.at(stepDone), http.StatusSeeOther)
		return nil
	case p.x != nil && p.x.Sent:
		p.x, p.secret = nil, ""
	}
	if p.x == nil && step != "1" || !slices.Contains(p.steps(), step) {
		return &trouble{kind: errConflict, text: "What you answered before is not here any more. It is kept for 14 days, in a cookie of this one consultation, until you close the browser. If your browser takes no cookies you cannot reply on these pages; the consultation says in which other ways.", links: []link{{"Begin again", p.at("")}, {"Back to the consultation", p.l.record(p.key)}}}
	}
	if step == stepAgree {
		return p.send(w)
	}
	typed := typedText(r.PostForm.Get(inputAnswer))
	if wrong := p.wrong(step, typed); wrong != "" {
		return s.render(w, p.l, p.page(step, typed, []fieldProblem{{inputAnswer, wrong}}))
	}
	if err := p.keep(w, step, typed); err != nil || p.secret == "" {
		return err
	}
	to := p.next(step)
	switch {
	case r.PostForm.Get(inputDo) == "save":
		to = stepSaved
	case r.PostForm.Get(inputThen) == stepAgree && to != stepName:
		to = stepAgree
	}
	redirect(w, r, p.at(to), http.StatusSeeOther)
	return nil
}

// wrong says what is wrong with an answer.
func (p *replying) wrong(step, typed string) string {
	choice := func(field string) string {
		if typed != "" && !slices.Contains(p.s.Book.Kinds().Kind(access.Response).Field(field).Choices, typed) {
			return "Choose one of these, or leave it out"
		}
		return ""
	}
	n := utf8.RuneCountInString(typed)
	switch {
	case step == stepGroup:
		return choice("given_by")
	case step == stepQuote:
		return choice("quote")
	case step == stepName && (n > maxName || strings.Contains(typed, "\n")):
		return fmt.Sprintf("The name must be at most %d characters long, on one line", maxName)
	case step == stepName:
	case step == "1" && n == 0:
		return "Answer this question. You can leave out all others"
	case n > desk.MaxAnswer:
		return fmt.Sprintf("The answer must be at most %s characters long. It has %s", thousands(desk.MaxAnswer), thousands(int64(n)))
	}
	return ""
}

// keep keeps an answer; where it is the first, under a new secret. It is empty afterwards where the reader was told why not.
func (p *replying) keep(w http.ResponseWriter, step, typed string) error {
	s, ctx, of := p.s, p.r.Context(), string(p.key.ID)
	change := func(x *desk.Answers) {
		switch step {
		case stepGroup:
			x.Group = typed
		case stepQuote:
			if x.Quote = typed; typed != "with-name" {
				x.Name = ""
			}
		case stepName:
			x.Name = typed
		default:
			n, _ := strconv.Atoi(step)
			q := p.questions[n-1]
			if i := slices.IndexFunc(x.Said, func(a desk.Said) bool { return a.Question == q }); i >= 0 {
				x.Said[i].Answer = typed
				return
			}
			x.Said = append(x.Said, desk.Said{Question: q, Answer: typed})
		}
	}
	if p.x != nil {
		err := s.Desk.Answer(ctx, of, p.secret, change)
		if err == nil {
			p.x, err = s.Desk.Answering(ctx, of, p.secret)
		}
		return p.kept(w, step, typed, err)
	}
	if err := p.tooMany("begin"); err != nil {
		return err
	}
	first := desk.Answers{Of: of, Way: "online"}
	if c := p.full.Record(p.key); c != nil { // of which whoever replies does not see to which version it leads
		if version, ok := c.RefKey("version"); ok {
			first.As = string(version.ID)
		}
	}
	change(&first)
	secret, err := s.Desk.BeginReply(ctx, first)
	if err == nil {
		p.secret = secret
		p.setCookie(w)
		p.x, err = s.Desk.Answering(ctx, of, secret)
	}
	return p.kept(w, step, typed, err)
}

// kept says in words why an answer could not be kept, with what was typed.
func (p *replying) kept(w http.ResponseWriter, step, typed string, err error) error {
	wrong := ""
	switch {
	case errors.Is(err, desk.ErrFull):
		p.s.security(p.r, "a consultation takes no more replies", "consultation", p.key.ID)
		wrong = "So many are replying that no more can be taken here now. Try again tomorrow, or reply in another way"
	case errors.Is(err, fact.ErrInvalid):
		wrong = "All your answers together are too long. Leave out some of this one"
	default:
		return err
	}
	p.secret = ""
	return p.s.render(w, p.l, p.page(step, typed, []fieldProblem{{inputAnswer, wrong}}))
}

func (p *replying) setCookie(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: replyCookie, Value: p.secret, Path: p.s.addresses.of(p.key), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: p.s.URL != nil && p.s.URL.Scheme == "https"}) // #nosec G124 -- Secure wherever people reach the pages by TLS, as the cookie of a session
}

// tooMany refuses what one address does too often within an hour.
func (p *replying) tooMany(what string) error {
	from, most := p.s.near(p.r), repliesAnHour
	if from == "" { // a server stands between, and everybody would be counted as one
		most *= rateOfAddress
	}
	if p.s.replies.take(p.s.Now(), what+" from "+from) <= most {
		return nil
	}
	p.s.security(p.r, "too many replies", "what", what)
	return &trouble{kind: errTooMany, text: "More replies come from where you are than can be taken within an hour. What you answered before is kept. Wait an hour, then go back and send this again; or reply in another way.", links: []link{{"Back to the consultation", p.l.record(p.key)}}}
}

// send sends a reply.
func (p *replying) send(w http.ResponseWriter) error {
	s, ctx := p.s, p.r.Context()
	if err := p.tooMany("send"); err != nil {
		return err
	}
	if p.x.Answer(p.questions[0]) == "" {
		redirect(w, p.r, p.at("1"), http.StatusSeeOther)
		return nil
	}
	_, err := s.Desk.SendReply(ctx, string(p.key.ID), p.secret, lastMoment(p.c, s.Now()))
	if errors.Is(err, desk.ErrFull) {
		s.security(p.r, "a consultation takes no more replies", "consultation", p.key.ID)
		return &trouble{kind: errTooMany, text: "So many have replied that no more can be taken here. Your reply is not sent; it is kept for 14 days. Reply in another way, or try again later.", links: []link{{"Back to the consultation", p.l.record(p.key)}}}
	}
	if err != nil {
		return err
	}
	redirect(w, p.r, p.at(stepDone), http.StatusSeeOther)
	return nil
}

// goOn takes up a reply that was kept, under a new secret: whoever gave somebody the address of theirs reads nothing that is typed from then on.
func (p *replying) goOn(w http.ResponseWriter, key string) error {
	secret, err := p.s.Desk.GoOn(p.r.Context(), string(p.key.ID), key)
	if errors.Is(err, fact.ErrNotFound) {
		return &trouble{kind: errConflict, text: "Nothing is kept under this address. It works once, and for 14 days.", links: []link{{"Begin again", p.at("")}, {"Back to the consultation", p.l.record(p.key)}}}
	}
	if err != nil {
		return err
	}
	p.secret = secret
	if p.x, err = p.s.Desk.Answering(p.r.Context(), string(p.key.ID), secret); err != nil {
		return err
	}
	p.setCookie(w)
	redirect(w, p.r, p.at(p.firstOpen()), http.StatusSeeOther)
	return nil
}

// triedReference counts references that were guessed from an address.
const triedReference = "reference from "

// withdraw asks for the reference of a reply that is to be taken back.
func (s *Site) withdraw(w http.ResponseWriter, r *http.Request) error {
	l := s.plainLook(r)
	a, err := s.asking(l, r)
	if err == nil {
		err = s.readOnly()
	}
	if err != nil {
		return err
	}
	return s.render(w, l, a.withdrawPage("", ""))
}

func (a *asking) withdrawPage(typed, wrong string) *page {
	f := &accountForm{Action: a.l.part(a.key, partWithdraw), Button: "Take it back", Lead: []string{"Give the reference that you were shown when you sent your reply. Your reply is then deleted. If somebody has taken it into the council's record already, the council is asked to remove it from there."}}
	f.Fields = govuk.Input{ID: inputAnswer, Name: inputAnswer, Value: typed, Label: govuk.Label{Text: "Reference"}, Hint: govuk.Hint{Text: "Ten letters and digits, for example BCDFG 23456"}, ErrorMessage: govuk.ErrorMessage{Text: wrong}, Classes: "govuk-input--width-20", Autocomplete: "off", Spellcheck: new(bool)}.Render()
	var faults []fieldProblem
	if wrong != "" {
		faults = []fieldProblem{{inputAnswer, wrong}}
	}
	p := accountPageOf("Take your reply back", f, faults...)
	p.Label, p.Back = a.s.called(a.l, a.key), a.l.record(a.key)
	return p
}

// withdrawSent takes a reply back.
func (s *Site) withdrawSent(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	l := s.plainLook(r)
	a, err := s.asking(l, r)
	if err == nil {
		err = s.readOnly()
	}
	if err != nil {
		return err
	}
	tried := s.from(r, triedReference)
	if s.tries.full(s.Now(), tried...) {
		s.security(r, "reference refused", "why", "too many tries")
		return &trouble{kind: errTooMany, text: "Too many references were tried from where you are. Wait 15 minutes, then try again.", links: []link{{"Back to the consultation", l.record(a.key)}}}
	}
	typed := typedText(r.PostForm.Get(inputAnswer))
	admitted, err := s.Desk.TakeBack(r.Context(), string(a.key.ID), typed)
	if errors.Is(err, fact.ErrNotFound) {
		s.tries.count(s.Now(), tried...)
		return s.render(w, l, a.withdrawPage(cut(typed, maxLength), "There is no reply of this reference to this consultation. Check it, and that it is this consultation that you replied to"))
	}
	if err != nil {
		return err
	}
	body := &respondPage{After: []string{"Your reply is deleted. No copy of it is left."}, Links: []link{{"Back to the consultation", l.record(a.key)}}}
	if admitted {
		body.After = []string{"Your reply is part of the council's record. The council has been asked to remove it from there."}
	}
	return s.render(w, l, &page{Template: "respond", Label: s.called(l, a.key), Heading: "You have taken your reply back", Undated: true, Narrow: true, Body: body, Back: l.record(a.key)})
}

// sayChoice writes a choice of what a reply becomes in the record.
func (s *Site) sayChoice(field, value string) string {
	f := s.Book.Kinds().Kind(access.Response).Field(field)
	if value == "" {
		return "Not said"
	}
	return capital(s.say(f, value))
}
