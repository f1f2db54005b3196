package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// answerFields are those of a theme that its answer is made of.
var answerFields = []string{"name", "said", "people", "outcome", "answer", "change", "wording", "answered_on"}

// answerPage is the form in which a theme is answered.
func (a *asking) answerPage(theme fact.Key, typed kind.Typed, faults kind.Faults) (*page, error) {
	s, l := a.s, a.l
	r, form, err := a.answering(theme)
	if err != nil {
		return nil, err
	}
	if typed == nil {
		if typed = form.Show(form.Was); r.Date("answered_on").IsZero() {
			for input, v := range kind.ShowDate("answered_on", fact.ExactDate(l.today)) {
				typed[input] = v
			}
		}
	}
	controls := asked{l, form, typed, faults}
	body := &questionPage{Action: l.to(s.addresses.of(a.key)+"/"+partDid, fieldTheme, string(theme.ID)), Fields: controls.controls(), Button: "Record the answer", Lead: []string{
		"Everybody who can see the consultation reads the answer from the day on that you give. From then on the record says so; on earlier days it stays as it was.",
	}}
	p := &page{Template: "question", Label: s.called(l, a.key), Heading: "What did you do about “" + s.title(r) + "”?", Back: l.part(a.key, partDid), Undated: true, Narrow: true, Body: body, Problem: problemOf(faults)}
	if len(faults) > 0 {
		p.Status = http.StatusUnprocessableEntity
	}
	return p, nil
}

// answering finds a theme of the consultation that somebody may answer, with the form for it.
func (a *asking) answering(theme fact.Key) (*graph.Record, *kind.Form, error) {
	if err := a.mayHear(); err != nil {
		return nil, nil, err
	}
	if err := a.s.asToday(a.l); err != nil {
		return nil, nil, err
	}
	r := a.l.View.Record(theme)
	if r == nil {
		return nil, nil, fact.ErrNotFound
	}
	if of, ok := r.RefKey("of"); !ok || of != a.key {
		return nil, nil, fact.ErrNotFound
	}
	form := a.s.formOf(a.l, r.Kind(), fieldsOf(r.Kind(), answerFields), values(r))
	return r, form, nil
}

// didSent records the answer to a theme.
func (s *Site) didSent(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r, fieldTheme)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	a, err := s.asking(l, r)
	if err != nil {
		return err
	}
	theme := fact.Key{Kind: access.Theme, ID: fact.ID(r.URL.Query().Get(fieldTheme))}
	_, form, err := a.answering(theme)
	if err != nil {
		return err
	}
	typed := kind.Typed{}
	for input, v := range r.PostForm {
		typed[input] = v
	}
	said, faults := form.Read(typed)
	said, more := completeAnswer(form, said)
	if faults = append(faults, more...); len(faults) > 0 {
		p, err := a.answerPage(theme, typed, faults)
		if err != nil {
			return err
		}
		return s.render(w, l, p)
	}
	edit, problems := l.View.Change(theme, from(said, l.today), said, "", "")
	if len(problems) == 0 {
		change := book.Change{Docs: edit.Docs, Seen: map[fact.Key]int64{theme: l.View.Seen(theme)}}
		receipt, err := s.Book.Do(r.Context(), s.whoIs(r), change)
		if err == nil {
			redirect(w, r, l.to(s.addresses.of(a.key)+"/"+partDid, "done", fmt.Sprintf("%d-%d", receipt.First, receipt.Last)), http.StatusSeeOther)
			return nil
		}
		return a.overtaken(err)
	}
	p, err := a.answerPage(theme, typed, nil)
	if err != nil {
		return err
	}
	p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem", Text: problemText(problems)}
	return s.render(w, l, p)
}

// completeAnswer says what an answer lacks, and takes back what is no longer stated.
func completeAnswer(form *kind.Form, said []kind.Value) (all []kind.Value, faults kind.Faults) {
	stated := func(name string) bool {
		return slices.ContainsFunc(said, func(x kind.Value) bool { return x.Field.Name == name })
	}
	if stated("answered_on") && !stated("answer") {
		faults = append(faults, kind.Fault{Field: "answer", Inputs: []string{"answer"}, Message: "Say what you did, or why you did nothing"})
	}
	if stated("answered_on") && !stated("outcome") {
		faults = append(faults, kind.Fault{Field: "outcome", Inputs: []string{"outcome"}, Message: "Say whether it changed anything"})
	}
	all = said
	for _, f := range form.Fields {
		if !stated(f.Name) {
			all = append(all, kind.Value{Field: f})
		}
	}
	return all, faults
}

// from is the day from which an answer is so: that on which it was given, or today.
func from(said []kind.Value, today fact.Day) fact.Date {
	for _, x := range said {
		if x.Field.Name == "answered_on" && x.JSON != "" {
			if d, err := fact.ParseDate(strings.Trim(x.JSON, `"`)); err == nil && d.Form == fact.OnDay {
				return d
			}
		}
	}
	return fact.ExactDate(today)
}

// proposalTalk is how people were heard on a proposal.
type proposalTalk struct {
	Past     []link
	Empty    []link
	Rule     *link
	Talks    []talk
	Contacts *table
	None     string // of contacts
	Received []link
	Plan     string
	Note     string // where a contact is noted
}

// talk is one consultation on it.
type talk struct {
	Title  link
	Facts  []fieldLine
	Desk   []link
	Heard  *table
	Themes *table
	Few    string
	Links  []link
}

// heardRule is the rule that expects people to be heard on a proposal.
const heardRule = "GP-09"

// consultationsOf shows how people were consulted on a proposal, and with whom it was talked over.
func (s *Site) consultationsOf(l *look, r *http.Request) (*page, error) {
	k := fact.Key{Kind: graph.Proposal, ID: fact.ID(r.PathValue("id"))}
	kk := s.Book.Kinds().Kind(k.Kind)
	if len(l.View.History(k)) == 0 {
		return nil, s.noRecord(l, kk, k, partConsultation)
	}
	if err := s.closedBranch(l, k); err != nil {
		return nil, err
	}
	body := &proposalTalk{Past: l.past()}
	p := &page{Template: "talks", Label: kk.Label + ": " + s.called(l, k), Heading: "Consultation", Crumbs: append(way(l, kk), link{s.called(l, k), l.record(k)}), Parts: s.pagesOf(l, k, partConsultation), Body: body}
	rec := l.View.Record(k)
	if rec == nil {
		body.Empty = text(s.called(l, k) + " is not there on this day.")
		return p, nil
	}
	all := rec.Referring(access.Consultation, "of")
	slices.SortStableFunc(all, func(a, b *graph.Record) int { return cmp.Compare(a.Date("opens").First, b.Date("opens").First) })
	for _, c := range all {
		body.Talks = append(body.Talks, s.talk(l, r, c))
	}
	if len(all) == 0 {
		body.Empty = text("No consultation is planned.")
		if x := s.Pack.Rule(heardRule); x != nil {
			body.Rule = &link{"The rule that expects one: " + x.Title, l.to("/assurance/check/" + x.ID)}
		}
	}
	body.Contacts = s.contactsTable(l, rec)
	if body.Contacts == nil {
		body.None = "No contact is recorded with trade unions, schools, trusts, voluntary organisations or others."
	}
	for _, f := range rec.Referring("feedback", "about") {
		body.Received = append(body.Received, link{s.title(f), l.record(f.Key())})
	}
	if l.present() && s.Desk != nil && l.me.Over(l.View, access.Hear, k) {
		body.Plan = l.to(consultations+"/new", "of", s.called(l, k))
		body.Note = l.to(s.Book.Kinds().Kind(access.Contact).Path()+"/new", "of", s.called(l, k))
	}
	return p, nil
}

// talk is a consultation on the page of its proposal.
func (s *Site) talk(l *look, r *http.Request, c *graph.Record) talk {
	a := &asking{s: s, l: l, c: c, key: c.Key(), is: report.AskingOn(c, l.View.On()), full: s.Book.View(l.View.On(), l.View.Known())}
	t := talk{Title: link{s.title(c), l.record(c.Key())}}
	add := func(label string, lines []link) {
		t.Facts = append(t.Facts, fieldLine{label, orText(lines, "Not recorded")})
	}
	add("Who it is for", text(s.saidOf(l, c, "audience")))
	for _, f := range []string{"type", "version"} {
		add(c.Kind().Field(f).Label, s.value(l, c, c.Kind().Field(f)))
	}
	add("When", text(strings.Join(dates(c), " ")))
	add("How it stands", text(s.asksUntil(c, l.View.On())))
	add("Other ways to reply", s.value(l, c, c.Kind().Field("ways")))
	add("Documents", s.value(l, c, c.Kind().Field("documents")))
	add("The council's answer is due", text(capital(boundary(c.Date("answer_due"), "not recorded"))))
	h := a.heard()
	t.Heard, t.Themes, t.Few = heardTable(h), a.themesTable(h), fewOf(h)
	if h.Replies.N == 0 {
		add("Replies in the record", text("None"))
	}
	if a.hears() {
		t.Desk = s.atDesk(r, l, c.Key())
		t.Links = append(t.Links, link{"Read the responses", l.part(c.Key(), partResponses)})
	}
	t.Links = append(t.Links, link{"You said, we did", l.part(c.Key(), partDid)})
	return t
}

// dates says from when until when a consultation is open.
func dates(c *graph.Record) (out []string) {
	if d := c.Date("opens"); !d.IsZero() {
		out = append(out, "From "+d.Words())
	}
	if d := c.Date("closes"); !d.IsZero() {
		out = append(out, map[bool]string{true: "Until ", false: "until "}[len(out) == 0]+d.Words())
	}
	return out
}

// contactsTable lists with whom a proposal was talked over, the newest first; nil where nothing is recorded.
func (s *Site) contactsTable(l *look, proposal *graph.Record) *table {
	all := proposal.Referring(access.Contact, "of")
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b *graph.Record) int { return cmp.Compare(b.Date("on").Last, a.Date("on").Last) })
	t := newTable("Contacts", "Subject", "On", "With whom", "How", "What follows")
	for _, c := range all[:min(len(all), rowsPerPage)] {
		how := append(slices.Clone(s.value(l, c, c.Kind().Field("method"))), s.value(l, c, c.Kind().Field("type"))...)
		follows := text(shorten(c.Text("follows")))
		if due := c.Date("due"); !due.IsZero() {
			follows = append(follows, link{Text: "By " + due.Words()})
		}
		t.add([]link{{s.title(c), l.record(c.Key())}}, text(capital(boundary(c.Date("on"), "not recorded"))), orText(s.value(l, c, c.Kind().Field("organisation")), "Not recorded"), orText(how, "Not recorded"), orText(follows, "Nothing recorded"))
	}
	return t
}
