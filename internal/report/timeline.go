package report

import (
	"cmp"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Timeline is what stood and what happened on the days from one to another, in lanes.
type Timeline struct {
	From, To fact.Day
	Lanes    []Lane
	More     int // bars and points for which there is no room
}

// Lane is a row, or several, of a timeline that belong together.
type Lane struct {
	ID     string // one of Lanes
	Name   string
	Law    string // of a statutory role: since when the law knows it
	Bars   []Period
	Points []Point
}

// Point is something that happens on a day.
type Point struct {
	Date  fact.Date // as it is recorded
	Words string
	What  string // "Consultation closes"
	Named
}

// Lanes are what a timeline can show, in their order. Roles has a lane for each statutory role.
const (
	LaneStructure = "structure"
	LaneRoles     = "roles"
	LaneProposals = "proposals"
	LaneTests     = "tests"
	LaneDecisions = "decisions"
)

// Lanes lists them.
var Lanes = []string{LaneStructure, LaneRoles, LaneProposals, LaneTests, LaneDecisions}

// mostBars is how many bars and points a timeline has; what is more is counted.
const mostBars = 300

// TimelineOf gives the timeline of the days from one to another. lanes limits it; none means all.
func TimelineOf(p *rule.Pack, v *graph.View, from, to fact.Day, lanes ...string) Timeline {
	w := newWalk(p, v)
	t := Timeline{From: from, To: to}
	for _, id := range Lanes {
		if len(lanes) > 0 && !slices.Contains(lanes, id) {
			continue
		}
		switch id {
		case LaneStructure:
			t.Lanes = append(t.Lanes, w.structure(from, to))
		case LaneRoles:
			for _, r := range w.roles(from, to) {
				t.Lanes = append(t.Lanes, Lane{ID: id, Name: r.Name, Law: r.Law, Bars: r.Periods})
			}
		case LaneProposals:
			t.Lanes = append(t.Lanes, w.proposals(from, to))
		case LaneTests:
			t.Lanes = append(t.Lanes, w.tests(from, to))
		case LaneDecisions:
			l := Lane{ID: id, Name: "Decisions and meetings"}
			l.Points = slices.Concat(w.points("decision", from, to), w.points("meeting", from, to))
			t.Lanes = append(t.Lanes, l)
		}
	}
	t.Lanes = slices.DeleteFunc(t.Lanes, func(l Lane) bool { return len(l.Bars)+len(l.Points) == 0 })
	room := mostBars
	for i := range t.Lanes {
		l := &t.Lanes[i]
		slices.SortStableFunc(l.Bars, func(a, b Period) int {
			return cmp.Or(cmp.Compare(a.From.Day, b.From.Day), cmp.Compare(a.Until.Day, b.Until.Day))
		})
		slices.SortStableFunc(l.Points, func(a, b Point) int { return cmp.Compare(a.Date.Last, b.Date.Last) })
		t.More += keep(&l.Bars, &room) + keep(&l.Points, &room)
	}
	return t
}

// keep cuts a list to the room that there is, and counts the rest.
func keep[T any](list *[]T, room *int) (more int) {
	n := min(len(*list), *room)
	more = len(*list) - n
	*list, *room = (*list)[:n], *room-n
	return more
}

// structure gives the units that a department is, or what stands above one.
func (w *walk) structure(from, to fact.Day) Lane {
	l := Lane{ID: LaneStructure, Name: "Structure in force"}
	for _, k := range w.all(graph.Unit) {
		u := w.newest(k)
		_, part := u.RefKey("parent")
		if t := u.Text("type"); part && t != "directorate" && t != "department" && t != "transitional" {
			continue
		}
		l.Bars = append(l.Bars, w.existence(k, from, to)...)
	}
	for _, k := range w.all(graph.Proposal) {
		r := w.newest(k)
		if on := r.Date("effective_on"); r.Text("status") == "adopted" && touches(on, from, to) {
			l.Points = append(l.Points, w.point(r, on, "Takes effect"))
		}
	}
	return l
}

// existence gives the days on which a record was there.
func (w *walk) existence(k fact.Key, from, to fact.Day) []Period {
	out := within(w.periods(w.datesOf([]fact.Key{k}), fact.MinDay, fact.MaxDay, func(at *graph.View) (s standing) {
		r := at.Record(k)
		switch {
		case r == nil:
			return s
		case r.Exists() == fact.Yes:
			s.sure = append(s.sure, r)
		default:
			s.maybe = append(s.maybe, r)
		}
		s.own = []fact.Key{k}
		s.settle()
		return s
	}), from, to)
	for i := range out {
		if out[i].Status == Held {
			out[i].Word = "In force"
		}
	}
	return out
}

// proposals gives a bar for each proposal, from the day on which it was first seen to the day on which it takes effect or is decided against.
func (w *walk) proposals(from, to fact.Day) Lane {
	l := Lane{ID: LaneProposals, Name: "Proposals", Points: w.points(graph.Proposal, from, to)}
	for _, k := range w.all(graph.Proposal) {
		r := w.newest(k)
		begins := []fact.Date{r.Date("published_on"), r.Date("consultation_opens"), w.begins(k)}
		ends := []fact.Date{r.Date("effective_on")}
		if s := r.Text("status"); s == "rejected" || s == "withdrawn" {
			ends = []fact.Date{r.Date("decision_on"), r.Span().Until}
		}
		l.Bars = append(l.Bars, w.bar(r, first(begins), first(ends), "status", "Proposed"))
	}
	l.Bars = within(l.Bars, from, to)
	return l
}

// tests gives a bar for each test, from its beginning to the day on which it has to be looked at again.
func (w *walk) tests(from, to fact.Day) Lane {
	l := Lane{ID: LaneTests, Name: "Tests of assurance", Points: w.points("test", from, to)}
	for _, k := range w.all("test") {
		r := w.newest(k)
		l.Bars = append(l.Bars, w.bar(r, first([]fact.Date{r.Date("started_on"), r.Date("reported_on")}), r.Date("review_due"), "", "Live"))
	}
	l.Bars = within(l.Bars, from, to)
	return l
}

// bar gives the period of a record between two of its own dates.
func (w *walk) bar(r *graph.Record, from, until fact.Date, status, word string) Period {
	p := Period{Status: Held, Word: word, Holders: []Named{named(w.p, r)}, From: Edge{Date: from, Day: fact.MinDay}, Until: Edge{Date: until, Day: fact.MaxDay}}
	if s := r.Text(status); s != "" {
		p.Word = Capital(Say(w.p, r.Kind().Field(status), s))
	}
	if !from.IsZero() {
		p.From.Day = from.Last
	}
	if !until.IsZero() && until.Form != fact.ToBeAgreed {
		p.Until.Day = max(until.First, p.From.Day)
	}
	p.From.Words, p.Until.Words = fromWords(p.From), untilWords(p.Until)
	p.Length = lengthOf(p, w.v.On())
	return p
}

// first gives the first date that is stated.
func first(dates []fact.Date) fact.Date {
	for _, d := range dates {
		if !d.IsZero() && d.Form != fact.ToBeAgreed {
			return d
		}
	}
	return fact.Date{}
}

// points gives the dates in the fields of the records of a kind.
func (w *walk) points(name fact.KindName, from, to fact.Day) []Point {
	k := w.v.Kinds().Kind(name)
	if k == nil {
		return nil
	}
	var out []Point
	for _, key := range w.all(name) {
		r := w.newest(key)
		for _, f := range k.Fields {
			if f.Type != kind.Date || f.Many {
				continue
			}
			if d := r.Date(f.Name); touches(d, from, to) {
				out = append(out, w.point(r, d, w.label(r, f)))
			}
		}
	}
	return out
}

func (w *walk) point(r *graph.Record, d fact.Date, what string) Point {
	return Point{d, d.Words(), what, named(w.p, r)}
}

// touches reports whether a date may fall on one of the days.
func touches(d fact.Date, from, to fact.Day) bool {
	switch d.Form {
	case fact.Unstated, fact.ToBeAgreed:
		return false
	case fact.ByThen:
		return d.Last >= from && d.Last <= to
	}
	return d.Last >= from && d.First <= to
}

// all lists the records of a kind that are known, whatever day they speak of.
func (w *walk) all(name fact.KindName) []fact.Key {
	var out []fact.Key
	seen := map[fact.Key]bool{}
	for past := range w.v.Pasts(name) {
		if k := past.Record.Key(); !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

// newest gives the newest that is said of a record that all lists.
func (w *walk) newest(k fact.Key) (r *graph.Record) {
	for _, x := range w.v.Pieces(k) {
		if r == nil || x.Record.Entry() > r.Entry() {
			r = x.Record
		}
	}
	return r
}

// begins gives the earliest date from which anything is said of a record.
func (w *walk) begins(k fact.Key) (d fact.Date) {
	for _, x := range w.v.Pieces(k) {
		if f := x.Span.From; !f.IsZero() && (d.IsZero() || f.First < d.First) {
			d = f
		}
	}
	return d
}
