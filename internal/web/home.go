package web

import (
	"net/http"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// homePage answers two questions: is anybody not covered in law, and what needs somebody?
type homePage struct {
	Begin  []firstStep // with an empty record
	Cover  *coverPart
	Lapse  *lapsePart
	Old    *oldPart
	Needs  *needsPart
	Ask    askForm
	Coming *table
	Quiet  string // where nothing is coming, or more than is shown
	Recent *recentPart
	Record []fieldLine
}

// oldPart says that the record holds nothing so new as the day that is looked at, and leads to the days of which it does.
type oldPart struct {
	Text string
	Days []link
}

// firstStep is a thing to do first.
type firstStep struct {
	Title, About string
	Act          link
}

// coverPart says whether anybody is not covered in law.
type coverPart struct {
	Status   status
	Warn     bool
	Sentence string
	Lines    []string
	See      link
}

// needsPart is what needs somebody.
type needsPart struct {
	Heading string
	Rows    []need
	More    *link
	Nothing string
}

// need is one thing that needs somebody.
type need struct {
	link
	When     string
	Tag      string
	TagClass string
}

// recentPart is what was recorded last.
type recentPart struct {
	Heading string
	Rows    []recorded
	Nothing string
	All     link
}

// recorded is one thing that was recorded, or many at once.
type recorded struct {
	link
	Note string
	When string
	By   string
}

const (
	needsOnHome  = 10
	recentOnHome = 10
	draftsOnHome = 5
	comingOnHome = 15
	comingDays   = 30
	recentDays   = 7
	// oldRecord is how many days behind the day looked at the newest entry may be before a reader is told.
	oldRecord = 92
)

func (s *Site) home(l *look, r *http.Request) (*page, error) {
	body := &homePage{Ask: newAskForm(l)}
	p := &page{Template: "home", Heading: "Home", Body: body}
	if !l.anything() {
		body.Begin = s.firstSteps(l)
		return p, nil
	}
	c := report.CoverOf(l.View, s.offices(l), l.today)
	body.Cover = s.cover(l, c)
	body.Lapse = s.nextLapse(l)
	body.Old = s.old(l)
	mine, err := s.unfinished(l, r)
	if err != nil {
		return nil, err
	}
	body.Needs = s.needs(l, append(mine, s.allNeeds(l)...))
	coming := keep(l, keptComing{}, func() []report.Point { return report.Coming(s.Pack, l.View, comingDays) })
	if len(coming) > 0 {
		body.Coming = newTable("From "+(l.View.On()+1).Words()+" to "+(l.View.On()+comingDays).Words(), "When", "What", "Which")
		for _, x := range coming[:min(len(coming), comingOnHome)] {
			body.Coming.add(text(capital(x.Words)), text(x.What), []link{l.named(x.Named)})
		}
	}
	switch more := len(coming) - comingOnHome; {
	case len(coming) == 0:
		body.Quiet = "Nothing is recorded for the 30 days after " + l.View.On().Words() + "."
	case more > 0:
		body.Quiet = "And " + count(more, "more thing", "more things") + " in these days."
	}
	if len(body.Needs.Rows) == 0 && len(coming) > 0 {
		body.Needs.Nothing += " Next: " + coming[0].Text + ", " + coming[0].Words + "."
	}
	body.Recent = s.recent(l)
	body.Record = s.standing(l)
	return p, nil
}

// dayWords says which day is looked at, as a part of a sentence.
func (l *look) dayWords() string {
	if l.View.On() == l.today {
		return "today"
	}
	return "on " + l.View.On().Words()
}

// firstSteps says how a record begins: what the visitor may do of it, or who may. What is recorded is recorded today, whatever day is looked at.
func (s *Site) firstSteps(l *look) (out []firstStep) {
	add := func(name fact.KindName, title, text, path, label string) {
		if k := l.View.Kinds().Kind(name); s.Desk != nil && l.mayChange(k, fact.Key{Kind: name}) {
			out = append(out, firstStep{title, text, link{label, path}})
		}
	}
	add("council", "Record the council", "Its name and what kind of council it is decide which statutory roles it has to fill.", "/structure/councils/new", "Record the council")
	add(graph.Unit, "Fill in a spreadsheet", "Download the template, write your units, posts, people and functions into it, and send it back. You see what it would record before anything is, and can undo it.", importPath, "Import a spreadsheet")
	add(graph.Post, "Record one post after the other", "Begin for example with the chief executive, and record the others as you go.", "/structure/posts/new", "Record a post")
	if len(out) == 0 {
		return []firstStep{{"Somebody else begins it", "Nothing can be recorded here with what you may do. A governance officer can; until then the help says what Plumbline will show.", link{"Help", "/help"}}}
	}
	return out
}

// covered are the words for how a council is covered.
var covered = map[report.Covered]status{
	report.AllCovered:           {"Filled", "good"},
	report.ProvisionallyCovered: {"Filled for now", "doubt"},
	report.CannotBeSaid:         {"Cannot be said", "doubt"},
	report.NotCovered:           {"Not covered", "bad"},
}

func (s *Site) cover(l *look, c report.Cover) *coverPart {
	out := &coverPart{Status: covered[c.Is], Warn: c.Is == report.NotCovered, Sentence: c.Sentence, See: link{"See statutory roles", l.to(rolesPath)}}
	for _, x := range c.Lines {
		out.Lines = append(out.Lines, capital(x.Text))
	}
	return out
}

// old says whether the record holds anything of the day that is looked at, and anything so new.
func (s *Site) old(l *look) *oldPart {
	if len(l.View.All(graph.Post)) == 0 && len(l.View.All(graph.Unit)) == 0 {
		there := s.nothing(l, graph.Post)
		return &oldPart{Text: "Nothing of the structure is recorded on " + l.View.On().Words() + ".", Days: there[1:]}
	}
	at := l.View.KnownAt()
	if at.IsZero() || fact.DayIn(at) > l.View.On()-oldRecord || l.View.On() > l.today {
		return nil
	}
	out := &oldPart{Text: "The newest facts in this record are of " + fact.DayIn(at).Words() + ". What changed after that day is not in it."}
	for _, d := range s.recordedDays(l, 3) {
		out.Days = append(out.Days, link{"Look at " + d.Words(), l.here(func(c *look) { c.on = d.String() })})
	}
	return out
}

// recordedDays gives the last days on which something was recorded, the newest first.
func (s *Site) recordedDays(l *look, most int) (days []fact.Day) {
	for at := l.View.KnownAt(); !at.IsZero() && len(days) < most; {
		d := fact.DayIn(at)
		days = append(days, d)
		at = l.seen.View(d, s.Book.KnownAt((d - 1).End())).KnownAt()
	}
	return days
}

// needTags are the colours of the tags of what needs somebody.
var needTags = map[report.Tag]string{
	report.TagVacant: "govuk-tag--red", report.TagBreach: "govuk-tag--red", report.TagFails: "govuk-tag--red", report.TagLate: "govuk-tag--orange",
	report.TagStale: "govuk-tag--yellow", report.TagDueSoon: "govuk-tag--yellow", report.TagNotStarted: "govuk-tag--grey", report.TagNotRecorded: "govuk-tag--grey",
}

func (s *Site) allNeeds(l *look) (out []need) {
	all := keep(l, keptNeeds{}, func() []report.Need { return report.Attention(s.Pack, s.assess(l), s.offices(l)) })
	for _, n := range all {
		x := need{link: link{Text: n.Text}, When: n.When, Tag: n.Tag.String(), TagClass: needTags[n.Tag]}
		switch {
		case n.Record.ID != "":
			x.URL = l.record(n.Record)
		case n.Rule != "":
			x.URL = l.to("/assurance/check/" + n.Rule)
		case n.Role != "":
			x.URL = l.roleAt(s.Pack.Role(n.Role))
		case n.List == "roles":
			x.URL = l.to(rolesPath)
		case n.List == "functions":
			x.URL = l.kind(l.View.Kinds().Kind(graph.Function))
		case n.List == "recruitment":
			x.URL = l.kind(l.View.Kinds().Kind("recruitment"))
		}
		out = append(out, x)
	}
	return out
}

func (s *Site) needs(l *look, all []need) *needsPart {
	out := &needsPart{Heading: "Needs you", Rows: all[:min(len(all), needsOnHome)]}
	switch {
	case len(all) == 0:
		out.Nothing = "Nothing needs you " + l.dayWords() + "."
	case len(all) > needsOnHome:
		out.More = &link{"See all " + thousands(int64(len(all))), l.to("/needs")}
	}
	if len(all) > 0 {
		out.Heading += " (" + thousands(int64(len(all))) + ")"
	}
	return out
}

// needsPage is everything that needs somebody.
type needsPage struct {
	Part  *needsPart
	Pager *pager
}

func (s *Site) everyNeed(l *look, r *http.Request) (*page, error) {
	mine, err := s.unfinished(l, r)
	if err != nil {
		return nil, err
	}
	all := append(mine, s.allNeeds(l)...)
	body := &needsPage{Part: &needsPart{Heading: capital(count(len(all), "thing", "things"))}}
	body.Part.Rows, body.Pager = paged(l, r.URL.Query().Get(fieldPage), all)
	switch {
	case !l.anything():
		body.Part.Heading, body.Part.Nothing = "", "Nothing is recorded yet, so nothing can be said to be missing."
	case len(all) == 0:
		body.Part.Heading, body.Part.Nothing = "", "Nothing needs you "+l.dayWords()+"."
	}
	p := &page{Template: "needs", Heading: "What needs somebody", Body: body}
	return p, nil
}

// recent tells what was recorded in the last days, or, where nothing was, what was recorded last.
func (s *Site) recent(l *look) *recentPart {
	until := s.Now()
	if l.known != "" {
		until = l.View.KnownAt()
	}
	since := (fact.DayIn(until) - recentDays).End()
	out := &recentPart{Heading: "Changed since " + (fact.DayIn(since) + 1).Words(), All: link{"Everything that was recorded", l.to("/entries")}}
	recent := func(since time.Time) []report.Recorded {
		return keep(l, keptRecent{since}, func() []report.Recorded { return report.Recent(s.Pack, l.View, since, recentOnHome) })
	}
	all := recent(since)
	if len(all) == 0 {
		out.Heading = "Last changes"
		all = recent(time.Time{})
	}
	if len(all) == 0 {
		out.Nothing = "Nothing had been recorded by then."
	}
	for _, x := range all {
		one := recorded{link: l.named(x.Named), When: report.Clock(x.At), By: s.writer(x.Who)}
		if x.Reconstructed {
			one.When = fact.DayIn(x.At).Words() + ", reconstructed from documents"
		}
		switch {
		case x.Corrected:
			one.Note = "Correction"
		case x.Count > 0:
			one.URL = l.entry(x.Entry).URL
		}
		out.Rows = append(out.Rows, one)
	}
	return out
}

// standing says how the record stands.
func (s *Site) standing(l *look) []fieldLine {
	newest := l.entry(l.newest)
	if _, e, ok := l.seen.Entry(l.newest); ok {
		newest.Text += ", recorded " + moment(e)
	}
	state := link{Text: "Not opened yet: papers can still be loaded with the date on which the council learned what they say"}
	if at := s.Book.Opened(); at > 0 {
		state = l.entry(at)
		state.Text = "Open since " + state.Text + ": later entries are dated by the clock alone"
	}
	return []fieldLine{
		{"Entries", []link{{thousands(l.newest), l.to("/entries")}}},
		{"Newest", []link{newest}},
		{"State", []link{state}},
		{"Signed as", text(s.Book.Origin())},
		{"Law", text(s.Pack.Name + ", version " + s.Pack.Version)},
	}
}

// anything reports whether anything is recorded of the council, and not only of who may do what.
func (l *look) anything() bool {
	for _, h := range l.seen.View(l.today, -1).Entries(l.newest + 1) {
		if h.Record.Kind().Section != kind.Admin {
			return true
		}
	}
	return false
}
