package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// look is what a page looks at: a day, the record as known then, and a proposal or none. Every link carries it on.
type look struct {
	View *graph.View

	site *Site
	me   *visitor    // who looks
	seen *book.Sight // the record as they see it

	today   fact.Day
	newest  int64 // the last entry there is
	path    string
	other   url.Values // of the address: how to show it, not what to look at
	typed   map[string]string
	wrong   []fieldProblem // what of that cannot be read
	respelt bool           // the address can be written better

	on, known, proposal string   // as in the address; empty is today, everything, none
	knownOn             fact.Day // where known is a day
	byDay               bool
}

// Names of the dates form and of the address.
const (
	fieldOn       = "on"
	fieldKnown    = "known"
	fieldProposal = "proposal"
)

// shown are the parameters that say how to show a page. Lists have one more for each field that they can be narrowed by.
var shown = []string{"view", "top", "days", "rules", "q", fieldSort, fieldOrder}

// What is read of one such parameter: more is of no use to anybody.
const (
	maxValues = 20
	maxLength = 200 // in bytes
)

// look reads from the address what is looked at; more names the parameters of this page beside those shown. With an error comes a look
// all the same, of what could be read.
func (s *Site) look(r *http.Request, more ...string) (*look, error) {
	q := r.URL.Query()
	me := s.visitor(r)
	seen := s.Book.As(me.Person)
	l := &look{site: s, me: me, seen: seen, today: fact.DayIn(s.Now()), newest: seen.Known(), path: r.URL.Path, other: url.Values{}, typed: map[string]string{}}
	for _, name := range slices.Concat(shown, more) {
		for _, v := range q[name] {
			v = cut(strings.TrimSpace(v), maxLength)
			switch {
			case v == "":
				l.respelt = true
			case len(l.other[name]) < maxValues && !slices.Contains(l.other[name], v):
				l.other.Add(name, v)
			}
		}
	}
	for _, name := range []string{fieldOn, fieldKnown, fieldProposal} {
		l.typed[name] = strings.TrimSpace(q.Get(name))
		l.respelt = l.respelt || q.Has(name) && l.typed[name] == ""
	}
	l.View = l.seen.View(l.readOn(), s.readKnown(l))
	l.readProposal()
	if len(l.wrong) > 0 {
		return l, &trouble{kind: fact.ErrInvalid, text: "What to look at cannot be understood. Correct it below; what you typed is kept.", fields: l.wrong}
	}
	l.respelt = l.respelt || l.typed[fieldOn] != l.on || l.typed[fieldKnown] != l.known
	return l, nil
}

// readOn gives the day looked at: today, where none is given or it cannot be read.
func (l *look) readOn() fact.Day {
	t := l.typed[fieldOn]
	if t == "" {
		return l.today
	}
	d, ok := parseDay(t)
	if !ok {
		l.complain(fieldOn, "“%s” is not a day. Write it as 1 October 2003 or 2003-10-01, and check that the day exists.", t)
		return l.today
	}
	l.on = d.String()
	return d
}

// readKnown gives the entry as at which the record is looked at: the one whose number is given, or the last one of a day.
func (s *Site) readKnown(l *look) int64 {
	t := l.typed[fieldKnown]
	if t == "" {
		return l.newest
	}
	if n, err := strconv.ParseInt(t, 10, 64); err == nil && !strings.HasPrefix(t, "+") {
		if n < 0 || n > l.newest {
			text := fmt.Sprintf("There is no entry %d yet", n)
			if !l.public() { // whom it would tell how much there is that they do not see
				text += fmt.Sprintf("; the last one is %d", l.newest)
			}
			l.complain(fieldKnown, "%s.", text)
			return l.newest
		}
		l.known = strconv.FormatInt(n, 10)
		return n
	}
	d, ok := parseDay(t)
	switch {
	case !ok:
		l.complain(fieldKnown, "“%s” is neither a day, as in 17 September 2003, nor the number of an entry.", t)
	case d > l.today:
		l.complain(fieldKnown, "%s has not come yet, so what will be recorded by then is not known.", d.Words())
	default:
		l.known, l.knownOn, l.byDay = d.String(), d, true
		return s.Book.KnownAt(d.End())
	}
	return l.newest
}

// readProposal lays a proposal over what is looked at.
func (l *look) readProposal() {
	t := l.typed[fieldProposal]
	if t == "" {
		return
	}
	k := fact.Key{Kind: graph.Proposal, ID: fact.ID(t)}
	if len(l.View.History(k)) == 0 {
		l.complain(fieldProposal, "There is no proposal “%s” in the record as it is looked at. Choose one from the list, or none.", t)
		return
	}
	if !l.seesBranch(k) {
		l.complain(fieldProposal, "You cannot see what the proposal “%s” would change: it is not public. Choose another, or none.", t)
		return
	}
	l.proposal, l.View = t, l.View.With(k.ID)
}

func (l *look) complain(field, format string, a ...any) {
	l.wrong = append(l.wrong, fieldProblem{field, fmt.Sprintf(format, a...)})
}

// dayForms are the ways to write a day that are accepted beside 2003-10-01, which is the one that addresses have.
var dayForms = []string{"2 January 2006", "2 Jan 2006", "2/1/2006", "2 1 2006"}

func parseDay(t string) (fact.Day, bool) {
	t = strings.Join(strings.Fields(t), " ")
	for _, form := range dayForms {
		if at, err := time.Parse(form, t); err == nil {
			return fact.DayOf(at.Date()), true
		}
	}
	d, err := fact.ParseDay(t)
	return d, err == nil
}

// to gives the address of another page with the same look. parameters are pairs of name and value.
func (l *look) to(path string, parameters ...string) string {
	var q []string
	add := func(name, value string) {
		if value != "" {
			q = append(q, name+"="+url.QueryEscape(value))
		}
	}
	add(fieldOn, l.on)
	add(fieldKnown, l.known)
	add(fieldProposal, l.proposal)
	for i := 0; i+1 < len(parameters); i += 2 {
		add(parameters[i], parameters[i+1])
	}
	if len(q) == 0 {
		return escaped(path)
	}
	return escaped(path) + "?" + strings.Join(q, "&")
}

func escaped(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// here is the address of the same page; with changes it is the page as another look would show it.
func (l *look) here(changes ...func(*look)) string {
	c := *l
	for _, change := range changes {
		change(&c)
	}
	var p []string
	for _, name := range slices.Sorted(maps.Keys(c.other)) {
		for _, v := range c.other[name] {
			p = append(p, name, v)
		}
	}
	return c.to(c.path, p...)
}

// with is the address of the same page, shown in another way.
func (l *look) with(name, value string) string {
	return l.here(func(c *look) {
		c.other = maps.Clone(c.other)
		c.other.Set(name, value)
	})
}

// without is the address of the same page without one value of a parameter.
func (l *look) without(name, value string) string {
	return l.here(func(c *look) {
		c.other = maps.Clone(c.other)
		c.other[name] = slices.DeleteFunc(slices.Clone(c.other[name]), func(v string) bool { return v == value })
	})
}

// ended is the address of the same page as a file with an ending.
func (l *look) ended(ending string) string {
	return l.here(func(c *look) { c.path = strings.TrimSuffix(c.path, "/") + "." + ending })
}

// record gives the address of a record.
func (l *look) record(k fact.Key) string { return l.to(l.site.addresses.of(k)) }

// kind gives the address of the list of a kind.
func (l *look) kind(k *kind.Kind) string { return l.to(k.Path()) }

// present says whether the record is looked at as it is: today, with all that is known, and without a proposal. What is looked at otherwise is
// read-only.
func (l *look) present() bool { return l.on == "" && l.known == "" && l.proposal == "" }

func (l *look) entry(n int64) link {
	out := link{Text: fmt.Sprintf("Entry %d", n)}
	if !l.public() {
		out.URL = l.to(fmt.Sprintf("/entries/%d", n))
	}
	return out
}

// suffix says in the title of the window what is looked at, where it is not the council of today.
func (s *Site) suffix(l *look) string {
	var b strings.Builder
	if l.View.On() != l.today {
		b.WriteString(" on " + l.View.On().Words())
	}
	switch {
	case l.byDay:
		b.WriteString(" as recorded on " + l.knownOn.Words())
	case l.known != "":
		b.WriteString(" as recorded at entry " + l.known)
	}
	if l.proposal != "" {
		b.WriteString(" with the proposal " + s.called(l, l.proposalKey()))
	}
	return b.String()
}

func (l *look) proposalKey() fact.Key {
	return fact.Key{Kind: graph.Proposal, ID: fact.ID(l.proposal)}
}

// banner says under the heading what is looked at, and holds the form to look at something else.
type banner struct {
	Class    string // quiet where it is today, as everybody would expect
	Sentence []phrase
	Notes    []string
	Links    []link
	Form     form
}

// phrase is a part of a sentence.
type phrase struct {
	Text   string
	Strong bool
}

// form is the dates form. It keeps what was typed.
type form struct {
	Action    string
	Open      bool
	Summary   string
	On, Known field
	Hidden    []hidden
	Proposal  field
	Options   []option
	Shortcuts []link
}

type field struct{ Value, Problem string }

type hidden struct{ Name, Value string }

type option struct {
	Value, Text string
	Selected    bool
}

func (s *Site) banner(l *look) *banner {
	v := l.View
	b := &banner{Form: s.form(l)}
	say := func(text string) { b.Sentence = append(b.Sentence, phrase{text, false}) }
	stress := func(text string) { b.Sentence = append(b.Sentence, phrase{text, true}) }
	today := v.On() == l.today
	if l.public() {
		b.Notes = append(b.Notes, shownToAll)
	}
	if today && l.known == "" && l.proposal == "" {
		b.Class = "quiet"
		say("Today, " + l.today.Words() + ".")
		return b
	}
	switch {
	case l.proposal != "":
		b.Class = "proposal"
	case v.On() > l.today:
		b.Class = "future"
	default:
		b.Class = "past"
	}
	say("You are looking at ")
	if today {
		stress("today")
	} else {
		stress(v.On().Words())
	}
	switch {
	case l.byDay:
		say(" as it was recorded on ")
		stress(l.knownOn.Words())
	case l.known != "":
		say(" as the record stood at ")
		stress("entry " + l.known)
	case v.On() < l.today:
		say(", using everything we know today")
	}
	say(".")
	if l.proposal != "" {
		say(" The proposal ")
		stress(s.called(l, l.proposalKey()))
		say(" is laid over it, as if it were in force on this day.")
		if p := v.Record(l.proposalKey()); p != nil && p.Text("status") != "" {
			say(" Its status is: " + p.Text("status") + ".")
		}
	}
	if v.On() > l.today {
		b.Notes = append(b.Notes, "That day has not come yet: only what is already agreed for it is shown.")
	}
	if l.known != "" {
		b.Notes = append(b.Notes, s.knownNotes(l)...)
		b.Links = append(b.Links, link{"Show it with everything recorded since", l.here(func(c *look) { c.known = "" })})
	}
	if l.proposal != "" {
		b.Links = append(b.Links, link{"Show it without the proposal", l.here(func(c *look) { c.proposal = "" })})
	}
	b.Links = append(b.Links, link{"Go to today", l.here(func(c *look) { c.on, c.known, c.proposal = "", "", "" })})
	return b
}

// knownNotes say what it means that the record is looked at as it was known earlier.
func (s *Site) knownNotes(l *look) (notes []string) {
	at := l.View.Known()
	if at == 0 {
		return []string{"Nothing had been recorded by then."}
	}
	if _, e, ok := l.seen.Entry(at); ok && e.Reconstructed {
		notes = append(notes, "What was known then is reconstructed from documents.")
	}
	switch later := l.newest - at; {
	case later <= 0:
	case !l.public():
		notes = append(notes, count(int(later), "later entry is", "later entries are")+" not shown.")
	default:
		notes = append(notes, "What was recorded later is not shown.")
	}
	return notes
}

func (s *Site) form(l *look) form {
	problem := func(name string) string {
		for _, p := range l.wrong {
			if p.Field == name {
				return p.Text
			}
		}
		return ""
	}
	f := form{Action: escaped(l.path), Open: len(l.wrong) > 0, Summary: "Change the dates or the proposal"}
	f.On = field{l.typed[fieldOn], problem(fieldOn)}
	f.Known = field{l.typed[fieldKnown], problem(fieldKnown)}
	f.Proposal = field{l.typed[fieldProposal], problem(fieldProposal)}
	f.Options = []option{{"", "None: what is in force", l.proposal == ""}}
	for _, k := range keysOf(l.View, graph.Proposal) {
		f.Options = append(f.Options, option{string(k.ID), s.called(l, k), string(k.ID) == l.proposal})
	}
	f.Hidden = l.hidden()
	f.Shortcuts = l.shortcuts()
	return f
}

// shortcuts are days at which people often want to look next. They are few, whatever day is looked at: otherwise whoever follows every link
// never comes to an end.
func (l *look) shortcuts() (out []link) {
	add := func(text string, d fact.Day) {
		if d > fact.MinDay && d < fact.MaxDay && d != l.View.On() {
			out = append(out, link{text, l.here(func(c *look) {
				if c.on = d.String(); d == l.today {
					c.on = ""
				}
			})})
		}
	}
	on := l.View.On()
	add("Yesterday", l.today-1)
	year, month, _ := on.Civil()
	begins := l.site.Book.Settings().Year
	if month < begins {
		year--
	}
	add(fmt.Sprintf("1 %s %d, the start of the financial year", begins, year), fact.DayOf(year, begins, 1))
	return out
}

// hidden are the parameters that say how to show the page, for a form that has none of them itself; but those that it has.
func (l *look) hidden(but ...string) (out []hidden) {
	for _, name := range slices.Sorted(maps.Keys(l.other)) {
		for _, v := range l.other[name] {
			if !slices.Contains(but, name) {
				out = append(out, hidden{name, v})
			}
		}
	}
	return out
}

// cut takes what is too long off the end of a text, and what is no text out of it.
func cut(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}
