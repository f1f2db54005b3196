package web

import (
	"fmt"

	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// barTable is a table of periods and of what happened on a day, which its last column draws on one line of days. The other columns say
// the same in words.
type barTable struct {
	ID      string // begins the ids of its parts, so that a page can have several
	Caption string
	Head    []string // of the columns of words
	Axis    axis
	Key     []string // what the lines of a day are, in words
	Lanes   []*barLane

	scale report.Scale
}

// axis is the line of days, in the pixels of the picture.
type axis struct {
	Words string // "1 July 2002 to 31 December 2003"
	Width int
	Ticks []axisTick
	Grid  string // as a path
	Days  []dayLine
}

type axisTick struct {
	X     float64
	Label string
}

// dayLine marks a day in every row. Its class says which day: looked or recorded.
type dayLine struct {
	Class string
	X     float64
}

// barLane is rows that belong together.
type barLane struct {
	Heading link
	Note    string
	Rows    []*barRow
}

// barRow is a period or a point.
type barRow struct {
	Class string // gap, where nobody certainly was
	Head  []link
	By    []link // the posts by which
	Note  string
	Cells []barCell
	Bars  []barShape
	Fades []barShape
	Point string // where a diamond stands, as a path
}

// barCell is a cell of words; Tag is the class of the tag that it is in, if it is.
type barCell struct{ Column, Text, Tag string }

// barShape is a bar, or, where the date is not exact, the thin lines before or after one.
type barShape struct {
	Class    string
	X, Width float64
	Fill     string
	Path     string
}

// barsWidth is how wide the picture of a barTable is, in pixels. It shrinks where there is no room for it.
const barsWidth = 440

// newBarTable gives a table of the days from one to another. what heads its first column.
func newBarTable(l *look, id, caption, what string, from, to fact.Day) *barTable {
	t := &barTable{ID: id, Caption: caption, Head: []string{what, "State", "From", "To", "Length"}, scale: report.NewScale(from, to, barsWidth)}
	t.Axis = axis{Words: "Drawn from " + t.scale.From.Words() + " to " + t.scale.To.Words(), Width: barsWidth}
	for _, x := range t.scale.Ticks() {
		t.Axis.Ticks = append(t.Axis.Ticks, axisTick{x.X, x.Label})
		t.Axis.Grid += fmt.Sprintf("M%g 0V30", x.X)
	}
	mark := func(class, what string, d fact.Day) {
		if d >= t.scale.From && d <= t.scale.To {
			t.Axis.Days = append(t.Axis.Days, dayLine{class, t.scale.X(d)})
			t.Key = append(t.Key, what+d.Words())
		}
	}
	mark("looked", "Dotted line: the day looked at, ", l.View.On())
	if at := l.View.KnownAt(); l.known != "" && !at.IsZero() {
		recorded := fact.DayIn(at)
		if l.byDay {
			recorded = l.knownOn
		}
		mark("recorded", "Dashed line: as recorded on ", recorded)
	}
	return t
}

// lane begins a lane. Rows are put into the last one.
func (t *barTable) lane(heading link, note string) {
	t.Lanes = append(t.Lanes, &barLane{Heading: heading, Note: note})
}

func (t *barTable) cells(state barCell, words ...string) []barCell {
	state.Column = t.Head[1]
	out := []barCell{state}
	for i, w := range words {
		out = append(out, barCell{Column: t.Head[i+2], Text: capital(w)})
	}
	return out
}

func (t *barTable) add(r *barRow) {
	last := t.Lanes[len(t.Lanes)-1]
	last.Rows = append(last.Rows, r)
}

// barStates are how a period of a status is drawn, and the tag of its word.
var barStates = map[report.Status]struct{ bar, tag string }{
	report.Held:        {"permanent", "govuk-tag--grey"},
	report.Interim:     {"interim", "govuk-tag--yellow"},
	report.Acting:      {"interim", "govuk-tag--yellow"},
	report.Vacant:      {"gap", "govuk-tag--red"},
	report.NotRecorded: {"uncertain", "govuk-tag--grey"},
	report.Uncertain:   {"uncertain", "govuk-tag--grey"},
}

// period adds a period. head names who or what stood, a line each.
func (t *barTable) period(head []link, p report.Period) *barRow {
	how := barStates[p.Status]
	r := &barRow{Head: head, Note: p.Note, Cells: t.cells(barCell{Text: p.Word, Tag: how.tag}, p.From.Words, p.Until.Words, p.Length)}
	if p.Status == report.Vacant {
		r.Class = "gap"
	}
	if at, ok := t.scale.Place(p.From, p.Until); ok {
		if at.Width > 0 {
			b := barShape{Class: how.bar, X: at.X, Width: at.Width}
			if b.Class == "interim" || b.Class == "gap" {
				b.Fill = "url(#" + t.ID + "-" + b.Class + ")"
			}
			r.Bars = append(r.Bars, b)
		}
		r.thin(how.bar, at.X-at.Before, at.Before)
		r.thin(how.bar, at.X+at.Width, at.After)
	}
	t.add(r)
	return r
}

// thin draws the days on which a period may already, or may still, have held.
func (r *barRow) thin(class string, x, width float64) {
	if width <= 0 {
		return
	}
	path := ""
	for _, y := range []int{8, 15, 22} {
		path += fmt.Sprintf("M%g %dh%g", x, y, width)
	}
	r.Fades = append(r.Fades, barShape{Class: class, Path: path})
}

// role adds a lane with who held a statutory role.
func (t *barTable) role(l *look, name link, law string, periods []report.Period) {
	t.lane(name, law)
	t.rows(l, periods)
}

// rows puts the periods of a statutory role into the last lane.
func (t *barTable) rows(l *look, periods []report.Period) {
	for _, p := range periods {
		t.held(l, p).By = l.nameAll(p.Posts)
	}
}

// held adds a period of a statutory role, in which nobody is a gap.
func (t *barTable) held(l *look, p report.Period) *barRow {
	if p.Status == report.Vacant {
		p.Word = "Gap"
	}
	return t.period(l.holdersOf(p), p)
}

// point adds what happened on a day.
func (t *barTable) point(head []link, x report.Point) {
	r := &barRow{Head: head, Cells: t.cells(barCell{Text: x.What}, x.Words, "", "")}
	if at, width, ok := t.scale.Bar(x.Date.First, x.Date.Last); ok {
		if x.Date.Form != fact.OnDay {
			r.thin("planned", at, width)
			at += width / 2
		}
		r.Point = fmt.Sprintf("M%g 8l7 7l-7 7l-7 -7z", at)
	}
	t.add(r)
}

// holdersOf names who held something over a period, a line each, with the posts by which they did.
func (l *look) holdersOf(p report.Period) []link {
	out := l.nameAll(p.Holders)
	switch {
	case p.Status == report.Vacant:
		out = append(out, link{Text: "Nobody"})
	case len(out) == 0 && p.Status == report.NotRecorded:
		out = append(out, link{Text: "Not known"})
	case len(out) == 0:
		out = append(out, link{Text: "Not certain who"})
	}
	if p.Jointly {
		out = append(out, link{Text: "jointly"})
	}
	return out
}

// named is a text of a report, leading to the record that it names.
func (l *look) named(n report.Named) link {
	if n.Record.ID == "" {
		return link{Text: n.Text}
	}
	return link{n.Text, l.record(n.Record)}
}

func (l *look) nameAll(all []report.Named) (out []link) {
	for _, n := range all {
		out = append(out, l.named(n))
	}
	return out
}
