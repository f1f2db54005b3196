package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Consultations are read, and replied to, by people who have no account: what everybody sees of them is decided in access. What people reply is at the desk until somebody has read it and taken it into
// the record, so the pages of a consultation are made of a view, as all others are, and say of the desk only how much of it is not in the record yet.

// consultations is where they are.
const consultations = "/feedback"

// The pages of one consultation, and of a proposal.
const (
	partRespond      = "respond"
	partWithdraw     = "withdraw"
	partResponses    = "responses"
	partDid          = "what-we-did"
	partConsultation = "consultation"
)

// Parameters of these pages.
const (
	fieldReply = "reply"
	fieldTheme = "theme"
	fieldState = "state"
)

// viewList shows the consultations as the list of their kind.
const viewList = "list"

func (s *Site) ofConsultations(rest string) bool {
	return rest == "" || rest == "/{id}" || rest == "/{id}/{part}"
}

// isAsked reports whether whoever asks is among everybody whom a consultation asks: the one in the address or, without one, any.
func (s *Site) isAsked(r *http.Request) bool {
	v := s.Book.As(s.visitor(r).Person).View(fact.DayIn(s.Now()), -1)
	open := func(c *graph.Record) bool { public, _ := c.Yes("public"); return public }
	if id := r.PathValue("id"); id != "" {
		c := v.Record(fact.Key{Kind: access.Consultation, ID: fact.ID(id)})
		return c != nil && open(c)
	}
	return slices.ContainsFunc(v.All(access.Consultation), open)
}

// consultationsPage lists what people are asked, what they were asked and what came of it.
type consultationsPage struct {
	Lead   []string
	Past   []link
	Groups []consultationGroup
	Empty  []link
	More   []link
}

// consultationGroup is the consultations that stand alike.
type consultationGroup struct {
	Heading string
	Items   []consultationItem
}

type consultationItem struct {
	Title link
	Lines []link
}

// consultations is the list of consultations as people read it, or, asked for in another way, the list of the kind.
func (s *Site) consultations(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	list := s.list(k)
	return func(l *look, r *http.Request) (*page, error) {
		if endingOf(r) != "" || len(l.other) > 0 || r.URL.Query().Has(fieldPage) {
			return list(l, r)
		}
		return s.consultationsPage(l, k), nil
	}
}

// how consultations that stand alike are headed, in the order of the page.
var groupsOfConsultations = []struct {
	of      report.Asking
	heading string
}{{report.AskingNow, "Open now"}, {report.AskingLater, "To open"}, {report.AskingSomeDay, "In preparation"}, {report.AskingOver, "Closed"}}

func (s *Site) consultationsPage(l *look, k *kind.Kind) *page {
	body := &consultationsPage{Past: l.past()}
	all := l.View.All(k.Name)
	for _, g := range groupsOfConsultations {
		group := consultationGroup{Heading: g.heading}
		for _, c := range all {
			if report.AskingOn(c, l.View.On()) == g.of {
				group.Items = append(group.Items, s.consultationItem(l, c))
			}
		}
		if g.of == report.AskingNow && len(group.Items) == 0 {
			body.Empty = []link{{Text: "Nothing is open for feedback."}}
		}
		if len(group.Items) > rowsPerPage {
			group.Items = group.Items[:rowsPerPage]
		}
		if len(group.Items) > 0 {
			body.Groups = append(body.Groups, group)
		}
	}
	if len(body.Empty) > 0 && slices.ContainsFunc(body.Groups, func(g consultationGroup) bool { return g.Heading == "Closed" }) {
		body.Empty[0].Text += " What we asked before, and what we did about it, is below."
	}
	if len(body.Groups) > 0 && (!l.public() || s.Book.Settings().Public) {
		body.More = []link{{"All consultations as a list", l.to(k.Path(), "view", viewList)}}
	}
	return s.forReaders(l, &page{Template: "consultations", Heading: "Have your say", Body: body, Actions: s.actions(l, k, "")})
}

// forReaders is a page as it is for those who read it without an account: today it says nothing of days. Others have what they have on every page.
func (s *Site) forReaders(l *look, p *page) *page {
	p.Undated = l.public() && l.present()
	p.Narrow = true
	return p
}

func (s *Site) consultationItem(l *look, c *graph.Record) consultationItem {
	x := consultationItem{Title: link{s.title(c), l.record(c.Key())}}
	x.Lines = append(x.Lines, text(s.whoIsAsked(l, c))...)
	x.Lines = append(x.Lines, text(s.asksUntil(c, l.View.On()))...)
	if report.AskingOn(c, l.View.On()) == report.AskingOver {
		x.Lines = append(x.Lines, link{"You said, we did: " + s.title(c), l.part(c.Key(), partDid)})
	}
	return x
}

// whoIsAsked says for whom a consultation is.
func (s *Site) whoIsAsked(l *look, c *graph.Record) string {
	if who := s.saidOf(l, c, "audience"); who != "" {
		return "For " + kind.Lower(who) + "."
	}
	return ""
}

// saidOf writes the items of a list of a record in one phrase.
func (s *Site) saidOf(l *look, r *graph.Record, field string) string {
	var out []string
	for i, x := range s.value(l, r, r.Kind().Field(field)) {
		if i > 0 {
			x.Text = kind.Lower(x.Text)
		}
		out = append(out, x.Text)
	}
	return report.And(out)
}

// asksUntil says in a sentence how a consultation stands on a day.
func (s *Site) asksUntil(c *graph.Record, on fact.Day) string {
	opens, closes := c.Date("opens"), c.Date("closes")
	until := "No day is recorded on which it closes."
	if !closes.IsZero() && closes.Form != fact.ToBeAgreed {
		until = "It closes on " + closes.Words() + "."
	}
	switch report.AskingOn(c, on) {
	case report.AskingOver:
		return "This closed on " + closes.Words() + "."
	case report.AskingLater:
		return "It opens on " + opens.Words() + ". " + until
	case report.AskingNow:
		if closes.Form == fact.OnDay {
			return "Open until " + closes.Words() + "."
		}
		return "Open now. " + until
	}
	return "When it opens is not recorded."
}

// consultationPage is one consultation, as people read it who are asked.
type consultationPage struct {
	Standing  string
	For       string
	Closed    string
	Past      []link
	Absent    *absence
	Summary   template.HTML
	Changes   *changesTable
	ChangesOf string // which version is shown, and how much of it
	Questions []string
	Documents []link
	Ways      []string
	Respond   string // where to reply
	Withdraw  string // where to take a reply back
	Answers   *didTable
	Due       string
	Desk      []link // what is not in the record
	Facts     []fieldLine
	Origin    []fieldLine
	Changed   []link
}

// asking is a consultation as somebody looks at it.
type asking struct {
	s    *Site
	l    *look
	c    *graph.Record
	key  fact.Key
	is   report.Asking // on the day looked at
	full *graph.View   // all of the record, on the same day: of what it says only that is shown which is no secret
}

// asking finds the consultation in the address.
func (s *Site) asking(l *look, r *http.Request) (*asking, error) {
	key := fact.Key{Kind: access.Consultation, ID: fact.ID(r.PathValue("id"))}
	k := s.Book.Kinds().Kind(key.Kind)
	if len(l.View.History(key)) == 0 {
		if old := (fact.Key{Kind: "feedback", ID: key.ID}); len(l.View.History(old)) > 0 { // which was here before
			return nil, &elsewhere{l, s.addresses.of(old)}
		}
		return nil, s.noRecord(l, k, key, "")
	}
	a := &asking{s: s, l: l, key: key, c: l.View.Record(key), full: s.Book.View(l.View.On(), l.View.Known())}
	if a.c != nil {
		a.is = report.AskingOn(a.c, l.View.On())
	}
	return a, nil
}

// parts are the pages of a consultation.
func (a *asking) parts(at string) []navigation {
	l := a.l
	out := []navigation{{link{"Consultation", l.record(a.key)}, at == ""}}
	if a.hears() {
		out = append(out, navigation{link{"Responses", l.part(a.key, partResponses)}, at == partResponses})
	}
	out = append(out, navigation{link{"What we did", l.part(a.key, partDid)}, at == partDid})
	if !l.public() {
		out = append(out, navigation{link{"History", l.part(a.key, partHistory)}, at == partHistory})
	}
	return out
}

// hears reports whether whoever looks reads the replies.
func (a *asking) hears() bool { return a.l.me.Over(a.l.View, access.Hear, a.key) }

// consultation shows one consultation.
func (s *Site) consultation(l *look, r *http.Request) (*page, error) {
	a, err := s.asking(l, r)
	if err != nil {
		return nil, err
	}
	k := s.Book.Kinds().Kind(access.Consultation)
	p := &page{Template: "consultation", Heading: s.called(l, a.key), Parts: a.parts(""), Actions: s.actions(l, k, a.key.ID)}
	body := &consultationPage{Past: l.past()}
	if !l.public() { // who is asked is shown what they are asked about
		body.Closed = s.closed(l, a.key)
	}
	p.Body = body
	if a.c == nil {
		body.Absent = s.absent(l, a.key)
		return s.forReaders(l, p), nil
	}
	a.reading(body)
	if !l.public() {
		a.record(r, body)
		p.Files = s.recordFiles(l, a.key, &recordPage{})
	}
	return s.forReaders(l, p), nil
}

// reading is what everybody reads.
func (a *asking) reading(body *consultationPage) {
	s, l, c := a.s, a.l, a.c
	body.Standing = s.asksUntil(c, l.View.On())
	body.For = s.whoIsAsked(l, c)
	body.Summary = prose(c.Text("summary"))
	body.Questions, body.Ways = c.Texts("questions"), c.Texts("ways")
	body.Documents = a.documents()
	body.Changes, body.ChangesOf = a.changes()
	if a.takesReplies() && l.present() {
		body.Respond, body.Withdraw = l.part(a.key, partRespond), l.part(a.key, partWithdraw)
	}
	if a.is == report.AskingOver {
		body.Withdraw = l.part(a.key, partWithdraw)
		body.Answers = a.did()
		body.Due = a.due()
	}
	if !l.present() || s.Desk == nil {
		body.Withdraw = ""
	}
}

// record is what is added for those who work with the record.
func (a *asking) record(r *http.Request, body *consultationPage) {
	s, l := a.s, a.l
	for _, name := range []string{"of", "version", "type", "public", "show_changes", "owner", "answer_due", "replies"} {
		f := a.c.Kind().Field(name)
		body.Facts = append(body.Facts, fieldLine{f.Label, orText(s.value(l, a.c, f), "Not recorded")})
	}
	span, _ := s.stay(l, a.key)
	history := l.View.History(a.key)
	for _, h := range history {
		if h.Position == a.c.Entry() {
			body.Origin = s.origin(l, a.c, h, span)
		}
	}
	body.Origin = append(body.Origin, s.classLines(l, a.c.Kind(), a.key)...)
	last := history[len(history)-1]
	body.Changed = []link{{Text: "Last changed " + fact.DayIn(last.Recorded).Words() + " by " + s.writer(last.Who) + "."}, {"See history", l.part(a.key, partHistory)}}
	if a.hears() {
		body.Desk = s.atDesk(r, l, a.key)
	}
}

// takesReplies reports whether somebody who looks may reply today, by what is recorded today.
func (a *asking) takesReplies() bool {
	s := a.s
	if s.Desk == nil {
		return false
	}
	c := s.Book.As(a.l.me.Person).View(a.l.today, -1).Record(a.key)
	if c == nil || c.Exists() != fact.Yes || report.AskingOn(c, a.l.today) != report.AskingNow || len(c.Texts("questions")) == 0 {
		return false
	}
	public, _ := c.Yes("public")
	return public || a.l.me.May(access.Read)
}

// documents are those that whoever looks may read, with where.
func (a *asking) documents() (out []link) {
	for _, k := range a.c.RefKeys("documents") {
		if !a.l.public() {
			out = append(out, a.s.linked(a.l, k))
		}
	}
	if !a.l.public() {
		return out
	}
	of := a.full.Record(a.key)
	if of == nil {
		return nil
	}
	for _, k := range of.RefKeys("documents") {
		d := a.full.Record(k)
		if d == nil || d.Text("classification") != "public" || a.s.Book.Settings().OfKind(d.Kind()) == kind.Restricted {
			continue
		}
		if said := a.s.Book.View(a.l.today, -1).Class(k).Visibility; said == kind.Restricted || said == kind.Internal {
			continue
		}
		out = append(out, link{a.s.title(d), d.Text("link")})
	}
	return out
}

// mostShown is how many changes of a proposal are shown to those who are asked.
const mostShown = 100

// changes are those of the proposal as people saw it: with the version that the consultation names, on the day on which it opened.
func (a *asking) changes() (*changesTable, string) {
	s, l := a.s, a.l
	of := a.full.Record(a.key)
	if of == nil {
		return nil, ""
	}
	proposal, ok := of.RefKey("of")
	if show, _ := of.Yes("show_changes"); !ok || proposal.Kind != graph.Proposal || l.public() && !(show && l.present()) { // to work it out for any day costs too much for anybody to ask
		return nil, ""
	}
	on, known := l.View.On(), l.View.Known()
	if opens := of.Date("opens"); opens.Form == fact.OnDay && opens.First < on {
		on = opens.First
	}
	which := "The proposal as it stands."
	if version, ok := of.RefKey("version"); ok {
		if h := a.full.History(version); len(h) > 0 && h[0].Position <= known {
			known, which = h[0].Position, "This is version "+a.number(version)+" of the proposal, which people were asked about."
		}
	}
	seen := l.seen
	if l.public() {
		seen = s.Book.Shown(proposal.ID)
	}
	before := *l
	before.seen, before.View, before.proposal = seen, seen.View(on, known), ""
	after := before
	after.View, after.proposal = before.View.With(proposal.ID), string(proposal.ID)
	type changesOf struct{ consultation fact.Key }
	found := keep(&after, changesOf{a.key}, func() report.Changes { return report.ChangesBetween(s.Pack, before.View, after.View) })
	var rows []numbered
	for i := range found.Rows[:min(len(found.Rows), mostShown)] {
		rows = append(rows, numbered{i + 1, &found.Rows[i]})
	}
	if len(rows) == 0 {
		return nil, ""
	}
	if rest := len(found.Rows) - len(rows); rest > 0 {
		which += " " + capital(count(rest, "more change is", "more changes are")) + " not listed here."
	}
	t := &changesTable{Caption: "What the proposal would change", Before: "Now", After: "Proposed", Rows: changes(&before, &after, rows)}
	if on != l.View.On() {
		t.Before = "On " + on.Words()
	}
	if l.public() {
		t.open()
	}
	if len(t.Rows) == 0 {
		return nil, ""
	}
	return t, which
}

func (a *asking) number(version fact.Key) string {
	if v := a.full.Record(version); v != nil {
		if n, ok := v.Number("number"); ok {
			return thousands(int64(n))
		}
	}
	return "not numbered"
}

// open leaves of a table what everybody may read: no links, behind which there is nothing for them, and nothing of what they may not see.
func (t *changesTable) open() {
	lines := func(all []changeLine) (out []changeLine) {
		for _, x := range all {
			closed := slices.ContainsFunc(x.Runs, func(r changeRun) bool { return r.Text == report.Unseen })
			for i := range x.Runs {
				x.Runs[i].URL = ""
			}
			if !closed {
				out = append(out, x)
			}
		}
		return out
	}
	var rows []changeRow
	for _, r := range t.Rows {
		r.What.URL, r.Before, r.After = "", lines(r.Before), lines(r.After)
		if len(r.Before) > 0 || len(r.After) > 0 {
			rows = append(rows, r)
		}
	}
	t.Rows = rows
}

// heard is what the record says of the replies. It is counted from all of the record, since nobody sees single replies by it.
func (a *asking) heard() report.Heard {
	if c := a.full.Record(a.key); c != nil {
		return report.HeardIn(a.s.Pack, c)
	}
	return report.Heard{}
}

// due says when the council's answer is due, or nothing.
func (a *asking) due() string {
	d := a.c.Date("answer_due")
	switch {
	case d.IsZero():
		return "The council has not said yet what it did about the replies, and no day is recorded on which its answer is due."
	case d.Form != fact.ToBeAgreed && d.Last < a.l.View.On():
		return "The council's answer was due on " + d.Words() + "."
	}
	return "The council's answer is due on " + d.Words() + "."
}

// atDesk says how many replies are not in the record yet. It is of now, whatever day is looked at.
func (s *Site) atDesk(r *http.Request, l *look, k fact.Key) []link {
	if s.Desk == nil {
		return nil
	}
	all, err := s.Desk.Replies(r.Context(), string(k.ID))
	if err != nil {
		s.Log.Error("replies could not be counted", "error", err)
		return []link{{Text: "How many replies are waiting to be read cannot be said at the moment."}}
	}
	n, back := 0, 0
	for _, x := range all {
		switch {
		case x.State == desk.Unread || x.State == desk.Read:
			n++
		case x.TakenBack:
			back++
		}
	}
	var out []link
	if n > 0 {
		out = append(out, link{capital(count(n, "reply is not in the record yet", "replies are not in the record yet")) + ".", l.part(k, partResponses)})
	}
	if back > 0 {
		out = append(out, link{capital(count(back, "reply in the record was taken back", "replies in the record were taken back")) + " by whoever sent it.", l.part(k, partResponses)})
	}
	return out
}

// lastMoment is the last at which anybody can reply, or now where no day is recorded.
func lastMoment(c *graph.Record, now time.Time) time.Time {
	if d := c.Date("closes"); !d.IsZero() && d.Form != fact.ToBeAgreed {
		return d.Last.End()
	}
	return now
}

// didTable is what people said and what was done about it.
type didTable struct {
	Rows  []didRow
	Total string
	Note  string
	Few   bool
}

// didRow is a theme.
type didRow struct {
	Theme   string
	Edit    string // where it is answered, for those who may
	People  string
	Said    template.HTML
	Outcome string
	Answer  template.HTML
	Wording string
	Changed []link
	On      string
}

var outcomes = map[string]string{"changed": "We changed the proposal", "partly": "We changed part of the proposal", "unchanged": "We did not change the proposal"}

// did is the table of themes: those that are answered, and for those who hear the others too. It is nil where there is none.
func (a *asking) did() *didTable {
	h := a.heard()
	t := &didTable{}
	early := a.is != report.AskingOver && !a.hears() // whoever looks twice before the close would see what one reply has changed
	for _, x := range h.Themes {
		answered := x.Answered(a.l.View.On())
		theirs := a.l.View.Record(x.Record.Key()) // what is counted is of all of the record, what is said is what they see
		if !answered && !a.hears() || theirs == nil || theirs.State("name") != graph.Known {
			continue
		}
		x.Record = theirs
		x.People.Hidden = x.People.Hidden || early
		t.Rows = append(t.Rows, a.didRow(x, answered))
		t.Few = t.Few || x.People.Hidden
	}
	if len(t.Rows) == 0 {
		return nil
	}
	if h.Replies.N > 0 && !early {
		t.Total = "Replies: " + h.Replies.Words() + "."
		t.Few = t.Few || h.Replies.Hidden
	}
	if t.Few {
		t.Note = report.FewNote
	}
	return t
}

func (a *asking) didRow(x report.HeardTheme, answered bool) didRow {
	s, l, r := a.s, a.l, x.Record
	row := didRow{Theme: s.title(r), People: capital(x.People.Words()), Said: prose(r.Text("said"))}
	if a.hears() && l.present() && s.Desk != nil {
		row.Edit = l.to(s.addresses.of(a.key)+"/"+partDid, fieldTheme, string(r.Key().ID))
	}
	if !answered {
		row.Outcome = "Not answered yet"
		return row
	}
	row.Outcome, row.Answer, row.Wording = outcomes[r.Text("outcome")], prose(r.Text("answer")), r.Text("wording")
	row.On = "Answered on " + x.AnsweredOn.Words() + "."
	for _, k := range r.RefKeys("change") {
		to := s.linkedSeen(l, k)
		if to.Text != "" {
			row.Changed = append(row.Changed, to)
		}
	}
	return row
}

// linkedSeen names a record and leads to it, if whoever looks sees it; a record of the proposal is looked at as the proposal has it.
func (s *Site) linkedSeen(l *look, k fact.Key) link {
	if len(l.View.History(k)) == 0 {
		return link{}
	}
	out := s.linked(l, k)
	if l.View.Record(k) == nil {
		for _, h := range l.View.History(k) {
			if h.Proposal != "" {
				out.URL = l.here(func(c *look) { c.path, c.other, c.proposal = s.addresses.of(k), nil, string(h.Proposal) })
				if h.Record != nil {
					out.Text = s.title(h.Record)
				}
			}
		}
	}
	if l.public() && !s.Book.Settings().Public {
		out.URL = ""
	}
	return out
}

// didPage is what people said and what the council did about it.
type didPage struct {
	Lead  string
	Past  []link
	Table *didTable
	Empty []link
}

// whatWeDid shows what people said and what was done about it; or, for those who hear, the form in which a theme is answered.
func (s *Site) whatWeDid(l *look, r *http.Request) (*page, error) {
	a, err := s.asking(l, r)
	if err != nil {
		return nil, err
	}
	if id := r.URL.Query().Get(fieldTheme); id != "" {
		return a.answerPage(fact.Key{Kind: access.Theme, ID: fact.ID(id)}, nil, nil)
	}
	p := &page{Template: "did", Label: s.called(l, a.key), Heading: "You said, we did", Parts: a.parts(partDid)}
	body := &didPage{Past: l.past()}
	p.Body = body
	if a.c == nil {
		body.Empty = text(s.called(l, a.key) + " is not there on this day.")
		return s.forReaders(l, p), nil
	}
	body.Lead = s.asksUntil(a.c, l.View.On())
	if body.Table = a.did(); body.Table == nil {
		body.Empty = text(a.due())
		if a.is != report.AskingOver {
			body.Empty = text("What people said, and what the council did about it, will be here after the close.")
		}
	}
	return s.forReaders(l, p), nil
}

// typedText leaves of a text what can be read: no control characters, and line breaks as such.
func typedText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s))
}
