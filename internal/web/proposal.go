package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// The pages of a proposal, each an address under its own.
const (
	partChanges  = "changes"
	partComment  = "comment"
	partAnswer   = "answer"
	partTakeUp   = "take-up"
	partOption   = "option"
	partReview   = "review"
	partVersions = "versions"
	partUpdate   = "update"
	partDecision = "decision"
)

// proposalPages are the pages of a proposal in their order, as its sub-navigation has them.
var proposalPages = []struct{ part, label string }{
	{partChanges, "Changes"}, {partChecks, "Checks"}, {partTransfer, "Where functions go"}, {partCase, "Case"}, {partPeople, "People"}, {partMoney, "Money"}, {partConsultation, "Consultation"}, {partReview, "Comments and reviews"}, {partVersions, "Versions"},
	{partReport, "Report for the decision"}, {partStaff, "Report on staff"}, {partDecision, "Decision"},
}

// proposal is a proposal as a page looks at it: the record without it, and with it laid over.
type proposal struct {
	s             *Site
	l             *look
	key           fact.Key
	record        *graph.Record // on the day looked at
	before, after *look
}

// proposalOf finds the proposal of an address.
func (s *Site) proposalOf(l *look, r *http.Request) (*proposal, error) {
	k := fact.Key{Kind: graph.Proposal, ID: fact.ID(r.PathValue("id"))}
	kk := l.View.Kinds().Kind(graph.Proposal)
	if len(l.View.History(k)) == 0 {
		return nil, s.noRecord(l, kk, k, "")
	}
	if err := s.closedBranch(l, k); err != nil {
		return nil, err
	}
	before, after := *l, *l
	before.proposal, before.View = "", l.View.With("")
	after.proposal, after.View = string(k.ID), l.View.With(k.ID)
	p := &proposal{s: s, l: l, key: k, record: before.View.Record(k), before: &before, after: &after}
	if p.record == nil {
		return nil, &trouble{kind: fact.ErrNotFound, text: "This proposal is not on record on " + l.View.On().Words() + ".", links: []link{{"See when it is", l.record(k)}}}
	}
	return p, nil
}

// seesBranch reports whether whoever looks sees what a proposal would change: of a restricted one only those do who keep what is restricted.
func (l *look) seesBranch(k fact.Key) bool {
	return l.classNow(k).Visibility != kind.Restricted || l.me.Over(l.View, access.Restricted, k)
}

// closedBranch says to whoever does not see what a proposal would change that they do not, or gives nothing.
func (s *Site) closedBranch(l *look, k fact.Key) error {
	if l.seesBranch(k) {
		return nil
	}
	return &trouble{kind: fact.ErrDenied, text: "You cannot see what this proposal would change. " + s.closed(l, k), links: []link{{"Back to the proposal", l.here(func(c *look) { c.path, c.other, c.proposal = s.addresses.of(k), nil, "" })}}}
}

// may reports whether the reader may work on the proposal here.
func (p *proposal) may() bool {
	return p.s.Desk != nil && p.l.present() && p.l.me.Over(p.l.View, access.Propose, p.key)
}

// comments reports whether the reader may say something of it here.
func (p *proposal) mayComment() bool {
	return p.s.Desk != nil && p.l.present() && p.l.me.May(access.Comment)
}

// open reports whether nothing was decided of it yet.
func (p *proposal) open() bool { return graph.Undecided(p.record) }

// page begins a page of the proposal.
func (p *proposal) page(template, heading, part string, body any) *page {
	return &page{Template: template, Label: "Proposal: " + p.s.title(p.record), Heading: heading, Parts: p.s.pagesOf(p.l, p.key, part), Body: body}
}

// part is the address of a page of the proposal.
func (p *proposal) part(name string, parameters ...string) string {
	return p.l.to(p.s.addresses.of(p.key)+"/"+name, parameters...)
}

// parts are what can be seen of a proposal, and acts what can be sent to it.
func (s *Site) proposalParts() map[string]handler {
	parts := map[string]handler{
		partConsultation: s.page(s.consultationsOf),
		partTransfer:     s.page(s.transfer, fieldFault, fieldBecomes, fieldOut, fieldUnit, fieldBody, fieldView),

		partChanges:  s.page(s.ofProposal((*proposal).changesPage), append(slices.Clone(compareParameters), "view", fieldPage, fieldRead)...),
		partComment:  s.page(s.ofProposal((*proposal).commentPage), fieldAbout),
		partReview:   s.page(s.ofProposal((*proposal).reviewPage)),
		partVersions: s.page(s.ofProposal((*proposal).versionsPage), fieldFirstVersion, fieldSecondVersion),
		partUpdate:   s.page(s.ofProposal((*proposal).updatePage)),
		partDecision: s.page(s.ofProposal((*proposal).decisionPage)),
		partOption:   s.page(s.ofProposal((*proposal).optionPage)),
		partChecks:   s.page(s.ofProposal((*proposal).checksPage), fieldLaunch),
	}
	for _, x := range proposalReports {
		parts[x.part] = s.page(s.proposalReport(s.Book.Kinds().Kind(graph.Proposal), x))
	}
	return parts
}

func (s *Site) proposalActs() map[string]handler {
	works := func(take func(*proposal, *sent) error) handler { // for those who work on the proposal
		return s.toProposal(func(p *proposal, f *sent) error {
			if !p.may() {
				return access.Refuse(access.Propose)
			}
			return take(p, f)
		})
	}
	return map[string]handler{
		partChanges:  s.toProposal((*proposal).markRead),
		partComment:  s.toProposal((*proposal).comment),
		partAnswer:   works((*proposal).answer),
		partTakeUp:   works((*proposal).takeUp),
		partReview:   s.toProposal((*proposal).review),
		partVersions: works((*proposal).makeVersion),
		partUpdate:   works((*proposal).update),
		partDecision: works((*proposal).decide),
		partOption:   works((*proposal).makeOption),
	}
}

// ofProposal makes a page of what shows a proposal.
func (s *Site) ofProposal(show func(*proposal, *http.Request) (*page, error)) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		p, err := s.proposalOf(l, r)
		if err != nil {
			return nil, err
		}
		return show(p, r)
	}
}

// sent is what a form says that is sent to something on record, with what is wrong with it.
type sent struct {
	w      http.ResponseWriter
	r      *http.Request
	typed  kind.Typed
	faults kind.Faults
	file   *upload     // that came with it; nil where none did
	kept   *keptUpload // a file that came with it, now or before; nil where none is kept
}

func (f *sent) text(input string) string {
	return strings.TrimSpace((&asked{typed: f.typed}).value(input))
}

// line is what was typed, on one line.
func (f *sent) line(input string) string { return strings.Join(strings.Fields(f.text(input)), " ") }

func (f *sent) fault(input, message string) {
	f.faults = append(f.faults, kind.Fault{Field: input, Inputs: []string{input}, Message: message})
}

// formSent takes a form that is sent to something on record, as it is today.
func (s *Site) formSent(take func(*look, *sent) error) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		if err := s.asToday(l); err != nil {
			return err
		}
		file, err := readSent(r)
		if err != nil {
			return err
		}
		for _, typed := range r.PostForm { // which goes into the record without a form of a kind that reads it
			for i, x := range typed {
				typed[i] = typedText(x)
			}
		}
		return take(l, &sent{w: w, r: r, typed: kind.Typed(r.PostForm), file: file})
	}
}

// toProposal takes a form that is sent to a proposal.
func (s *Site) toProposal(take func(*proposal, *sent) error) handler {
	return s.formSent(func(l *look, f *sent) error {
		p, err := s.proposalOf(l, f.r)
		if err != nil {
			return err
		}
		return take(p, f)
	})
}

// again shows a page with what is wrong with what was sent.
func (p *proposal) again(f *sent, page *page, err error) error {
	if err != nil {
		return err
	}
	return p.s.sentBack(p.l, f, page)
}

// sentBack shows a page with what is wrong with what was sent.
func (s *Site) sentBack(l *look, f *sent, page *page) error {
	if len(f.faults) > 0 {
		page.Status, page.Problem = http.StatusUnprocessableEntity, problemOf(f.faults)
	}
	return s.render(f.w, l, page)
}

// put puts what a form of a proposal says into the record, and leads on.
func (p *proposal) put(f *sent, change book.Change, to string) error {
	return p.s.put(f, change, to, link{"Back to the proposal", p.l.record(p.key)})
}

// put puts what a form says into the record, and leads on; back is where whoever sent it can go where that is refused.
func (s *Site) put(f *sent, change book.Change, to string, back link) error {
	_, err := s.Book.Do(f.r.Context(), s.whoIs(f.r), change)
	problems := kind.Problems(nil)
	switch {
	case errors.As(err, &problems):
		var says []string
		for _, x := range problems {
			says = append(says, sentence(x.What)+" "+sentence(x.Remedy))
		}
		return &trouble{kind: errConflict, text: strings.Join(says, " "), links: []link{back}}
	case errors.Is(err, fact.ErrStale):
		return &trouble{kind: errConflict, text: "Somebody changed the record at this moment, so nothing of yours was recorded. Look again, and send it once more.", links: []link{{"Look again", to}}}
	case err != nil:
		return err
	}
	redirect(f.w, f.r, to, http.StatusSeeOther)
	return nil
}

// progress is a step on the way of a proposal.
type progress struct {
	Done bool
	Now  bool
	What string
	When []link
}

// proposalPart is what stands above all else on the page of a proposal.
type proposalPart struct {
	Banner   []link
	Warning  []link
	Lines    []fieldLine
	Progress []progress
	Options  *table
}

// overview says of a proposal where it has got to, and leads to what can be done.
func (s *Site) overview(l *look, rec *graph.Record) *proposalPart {
	k := rec.Key()
	others := s.optionsOf(l, rec)
	of := others[slices.IndexFunc(others, func(o report.Proposed) bool { return o.Record.Record == k })]
	part := func(name string) string { return l.part(k, name) }
	out := &proposalPart{}
	if !l.seesBranch(k) {
		return out
	}
	state := "It is not in force."
	switch of.Status {
	case "adopted":
		state = "It was adopted, and its changes are in force, each from its own day. Here stands what was proposed."
	case "rejected", "withdrawn":
		state = "It was " + of.Status + ", and is not in force."
	}
	version := "This is a proposal"
	if of.Version > 0 {
		version += "; its newest version is " + strconv.Itoa(of.Version)
	}
	out.Banner = []link{{Text: version + ". " + state}, {"See the structure as it would be", l.here(func(c *look) { c.path, c.proposal = "/structure", string(k.ID) })}}
	if of.Moved > 0 {
		out.Warning = []link{{Text: capital(count(of.Moved, "record of which it speaks was", "records of which it speaks were")) + " changed in force since it was written."}, {"Bring it up to date", part(partUpdate)}}
	}
	if of.Changes > 0 {
		changes := []link{{count(of.Changes, "record", "records") + " would change", part(partChanges)}}
		out.Lines = append(out.Lines, fieldLine{"Changes", changes})
		var on []string
		for _, w := range of.Waves {
			on = append(on, capital(w.On.Words())+": "+count(len(w.Records), "record", "records"))
		}
		out.Lines = append(out.Lines, fieldLine{"Takes effect", text(strings.Join(on, "; "))})
		if !l.public() && of.Status != "adopted" { // which would change nothing any more
			out.Lines = append(out.Lines, s.headlines(l, k)...)
		}
	} else {
		out.Lines = append(out.Lines, fieldLine{"Changes", []link{{Text: "Nothing yet."}, {"Look at the structure under this proposal, and change a post", l.here(func(c *look) { c.path, c.proposal = "/structure/posts", string(k.ID) })}}})
	}
	if l.present() && s.Desk != nil && l.me.May(access.Propose) && graph.Undecided(rec) && of.Changes > 0 {
		out.Lines = append(out.Lines, fieldLine{"Options", []link{{"Begin another option from this one", part(partOption)}}})
	}
	if l.present() && s.Desk != nil && l.me.May(access.SetUpTests) && graph.Undecided(rec) {
		out.Lines = append(out.Lines, fieldLine{"Assurance", []link{{"Commission a test of assurance of it", l.to(l.View.Kinds().Kind(testKind).Path()+"/"+newOne, inputTested, string(k.ID))}}})
	}
	out.Progress = s.progressOf(l, rec, of)
	out.Options = s.options(l, rec)
	return out
}

// heardWords says when people were consulted on a proposal, and leads to what they said where there is something.
func (s *Site) heardWords(l *look, k fact.Key, asked []*graph.Record, when string) []link {
	out := text(when)
	for _, c := range asked {
		if h := report.HeardIn(s.Pack, c); h.Replies.N > 0 && !h.Replies.Hidden {
			out = append(out, link{count(h.Replies.N, "reply to ", "replies to ") + s.title(c), l.part(k, partConsultation)})
		}
	}
	return out
}

// progressOf gives the steps of a proposal.
func (s *Site) progressOf(l *look, rec *graph.Record, of report.Proposed) []progress {
	k, v := rec.Key(), l.View
	began := v.History(k)[0]
	steps := []progress{{Done: true, What: "Drafted", When: text("First recorded " + fact.DayIn(began.Recorded).Words())}}
	reviews := []link{{Text: "Not yet"}}
	comments := report.CommentsOf(v, k.ID)
	if n := len(comments); n > 0 {
		reviews = []link{{count(n, "comment or review", "comments and reviews"), l.part(k, partReview)}}
	}
	steps = append(steps, progress{Done: len(comments) > 0, What: "Reviewed", When: reviews})
	opens, closes := rec.Date("consultation_opens"), rec.Date("consultation_closes")
	asked := rec.Referring(access.Consultation, "of")
	if len(asked) > 0 && opens.IsZero() && closes.IsZero() {
		opens, closes = asked[0].Date("opens"), asked[0].Date("closes")
	}
	when := "No days recorded"
	switch {
	case !opens.IsZero() && !closes.IsZero():
		when = capital(opens.Words()) + " to " + closes.Words()
	case !closes.IsZero():
		when = "Until " + closes.Words()
	case !opens.IsZero():
		when = "From " + opens.Words()
	}
	over := !closes.IsZero() && closes.Form != fact.ToBeAgreed && closes.Last < v.On()
	steps = append(steps, progress{Done: over, Now: !over && !opens.IsZero() && opens.First <= v.On(), What: "Consultation", When: s.heardWords(l, k, asked, when)})
	decided := []link{{Text: "Not yet"}}
	if d := rec.Date("decision_on"); !d.IsZero() {
		decided = text(capital(d.Words()))
		if by := rec.Ref("decided_by"); by != nil {
			decided = append([]link{{s.title(by) + ",", l.record(by.Key())}}, decided...)
		}
	}
	steps = append(steps, progress{Done: slices.Contains([]string{"approved", "adopted", "rejected", "withdrawn"}, of.Status), What: "Decision", When: decided})
	if of.Status != "rejected" && of.Status != "withdrawn" {
		force := []link{{Text: "Not yet"}}
		if d := rec.Date("effective_on"); !d.IsZero() {
			force = text(map[bool]string{true: "From ", false: "Planned for "}[of.Status == "adopted"] + d.Words())
		}
		steps = append(steps, progress{Done: of.Status == "adopted", What: "In force", When: force})
	}
	for i := range steps { // what comes next is the first that is not done
		if !steps[i].Done {
			steps[i].Now = true
			break
		}
	}
	return steps
}

// optionsOf gives a proposal with those to which it is another way.
func (s *Site) optionsOf(l *look, rec *graph.Record) []report.Proposed {
	return keep(l, keptOptions{rec.Key().ID}, func() []report.Proposed { return report.OptionsOf(l.View, rec) })
}

// options sets a proposal beside those to which it is another way.
func (s *Site) options(l *look, rec *graph.Record) *table {
	all := s.optionsOf(l, rec)
	if len(all) < 2 {
		return nil
	}
	t := newTable("Options", "Option", "Proposal", "Status", "Changes", "Saving")
	for _, o := range all {
		name := o.Option
		if name == "" {
			name = "Not lettered"
		}
		title := l.named(o.Record)
		if o.Record.Record == rec.Key() {
			title = link{Text: o.Record.Text + " (this one)"}
		}
		t.add(text(name), []link{title}, text(capital(o.Status)), text(count(o.Changes, "record", "records")), text(o.Saving))
	}
	return t
}
