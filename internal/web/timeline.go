package web

import (
	"cmp"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// timelinePage shows who held each statutory role, which structure was in force and what was proposed, tested and decided, through time.
type timelinePage struct {
	Lapses  []string // when each criterion next does
	Lead    []string
	Form    rangeForm
	Views   []view
	Range   string // "July 2002 to December 2003", in days
	Moves   []link // to the time before and after
	Note    string // what is left out
	Table   *barTable
	Events  []event
	Rows    *table // instead of bars
	Pager   *pager
	Nothing string
	Others  []link // where there is something
}

// rangeForm asks for the days and the lanes of a timeline. It keeps what was typed.
type rangeForm struct {
	Action   string
	Open     bool
	Hidden   []hidden
	From, To field
	Lanes    []option
}

// event is a period or a point as an item of a list.
type event struct {
	When  string
	What  []link
	State string
	Lane  string
	Note  string

	day fact.Day
}

// Parameters of the timeline.
const (
	fieldFrom  = "from"
	fieldTo    = "to"
	fieldLanes = "lanes"
)

type laneName struct{ id, name string }

// laneNames are the lanes that people can choose among.
var laneNames = []laneName{
	{report.LaneStructure, "Structure in force"},
	{report.LaneRoles, "Statutory roles"},
	{report.LaneProposals, "Proposals"},
	{report.LaneTests, "Tests of assurance"},
	{report.LaneDecisions, "Decisions and meetings"},
}

// spanYears is how many years a timeline shows where nobody asked for others.
const spanYears = 10

func (s *Site) timeline(l *look, r *http.Request) (*page, error) {
	body := &timelinePage{Form: rangeForm{Action: "/structure/timeline", Hidden: slices.Concat(newSearchForm(l, "").Hidden, l.hidden(fieldFrom, fieldTo, fieldLanes))}}
	p := &page{Template: "timeline", Heading: "Timeline", Wide: true, Body: body}
	asked, problems := l.readRange(&body.Form)
	lanes := slices.DeleteFunc(slices.Clone(report.Lanes), func(id string) bool { return !slices.Contains(l.other[fieldLanes], id) })
	if problems != nil {
		p.Status, p.Problem = http.StatusUnprocessableEntity, problems
		body.Form.Open = true
		body.Form.lanes(laneNames, lanes)
		return p, nil
	}
	if !l.anything() {
		body.Form.lanes(laneNames, lanes)
		body.Nothing = "Nothing is recorded yet. Once posts, appointments and statutory roles are, this page shows them through time."
		return p, nil
	}
	days := s.changeDays(l, lanes)
	from, to := l.around(days, asked[0], asked[1])
	t := s.timelineOf(l, from, to, lanes)
	if t.More > 0 && len(lanes) == 0 {
		lanes = []string{report.LaneStructure, report.LaneRoles}
		t = s.timelineOf(l, from, to, lanes)
		body.Note = "There is too much in these years to draw it all, so proposals, tests and decisions are left out. Choose a shorter period, or what to show."
	}
	if t.More > 0 {
		body.Note = capital(count(t.More, "more period or date is", "more periods or dates are")) + " not shown. Choose a shorter period, or fewer things to show."
	}
	body.Form.lanes(laneNames, lanes)
	body.Form.From.Value, body.Form.To.Value = cmp.Or(body.Form.From.Value, from.Words()), cmp.Or(body.Form.To.Value, to.Words())
	body.Range = from.Words() + " to " + to.Words()
	p.State = body.Range
	body.Moves = l.moves(days, from, to)
	list := l.other.Get("view") == "list"
	body.Views = []view{{link{"Bars", l.with("view", "")}, !list}, {link{"List", l.with("view", "list")}, list}}
	if list {
		p.State += ", as a list"
	}
	if len(t.Lanes) == 0 {
		body.Nothing = "Nothing recorded in this period."
		if f, u := l.around(days, fact.MinDay, fact.MaxDay); len(days) > 0 {
			body.Others = append(body.Others, link{"Show " + f.Words() + " to " + u.Words(), l.ranged(f, u)})
		}
		return p, nil
	}
	p.Files = append(s.sheets(l, p.Heading, func() exchange.Table { return timelineTable(t) }), jsonOf(func() any { return report.NewTimelineJSON(s.when(l), t) }))
	if list {
		body.Events, body.Pager = paged(l, r.URL.Query().Get(fieldPage), l.events(t))
		return p, nil
	}
	body.Table = s.lanes(l, t)
	body.Table.Lanes, body.Pager = pagedLanes(l, r.URL.Query().Get(fieldPage), body.Table.Lanes)
	return p, nil
}

// readRange reads the two days of a range. A day that is not given is MinDay or MaxDay.
func (l *look) readRange(f *rangeForm) (days [2]fact.Day, wrong *problem) {
	days = [2]fact.Day{fact.MinDay, fact.MaxDay}
	complain := func(to *field, name, text string) {
		to.Problem = text
		if wrong == nil {
			wrong = &problem{Title: "There is a problem"}
		}
		wrong.Fields = append(wrong.Fields, link{text, "#" + name})
	}
	for i, x := range []struct {
		name, what string
		field      *field
	}{{fieldFrom, "From", &f.From}, {fieldTo, "To", &f.To}} {
		typed := l.other.Get(x.name)
		if typed == "" {
			continue
		}
		x.field.Value = typed
		d, ok := parseDay(typed)
		if !ok {
			complain(x.field, x.name, x.what+" must be a real date, for example 1 October 2003")
			continue
		}
		days[i] = d
		x.field.Value = d.Words()
		l.other.Set(x.name, d.String())
	}
	if wrong == nil && days[0] > days[1] {
		complain(&f.To, fieldTo, "To must be the same as or after "+days[0].Words())
	}
	return days, wrong
}

// lanes offers the lanes; chosen are ticked, or all where none is chosen.
func (f *rangeForm) lanes(all []laneName, chosen []string) {
	for _, x := range all {
		f.Lanes = append(f.Lanes, option{x.id, x.name, len(chosen) == 0 || slices.Contains(chosen, x.id)})
	}
}

// ranged is the address of the timeline of other days.
func (l *look) ranged(from, to fact.Day) string {
	return l.here(func(c *look) {
		c.other = maps.Clone(l.other)
		c.other.Set(fieldFrom, from.String())
		c.other.Set(fieldTo, to.String())
	})
}

// moves lead to the time before and after, each as long, where anything begins, ends or happens then.
func (l *look) moves(days []fact.Day, from, to fact.Day) (out []link) {
	_, _, first := from.Civil()
	_, _, after := (to + 1).Civil()
	by := func(sign int) (fact.Day, fact.Day) {
		days := (to - from + 1) * fact.Day(sign)
		return from + days, to + days
	}
	if first == 1 && after == 1 { // whole months
		n := months(to+1) - months(from)
		by = func(sign int) (fact.Day, fact.Day) { return from.AddMonths(n * sign), (to + 1).AddMonths(n*sign) - 1 }
	}
	move := func(what string, sign int) {
		f, u := by(sign)
		out = append(out, link{what + ": " + f.Words() + " to " + u.Words(), l.ranged(f, u)})
	}
	if len(days) > 0 && days[0] < from {
		move("Earlier", -1)
	}
	if len(days) > 0 && days[len(days)-1] > to {
		move("Later", 1)
	}
	return out
}

func months(d fact.Day) int {
	y, m, _ := d.Civil()
	return y*12 + int(m)
}

// around gives the years that somebody wants to see who does not say which: those up to the day looked at, or, where nothing changed in
// them, to the last day on which something did. They begin no earlier than the first change that falls into them.
func (l *look) around(days []fact.Day, from, to fact.Day) (fact.Day, fact.Day) {
	on := l.View.On()
	last := on
	switch n, _ := slices.BinarySearch(days, on.AddMonths(12)+1); {
	case n > 0 && days[n-1] < on.AddMonths(-12*spanYears):
		last = days[n-1]
	case n > 0:
		last = max(on, days[n-1])
	case len(days) > 0:
		last = days[0]
	}
	if to == fact.MaxDay {
		y, _, _ := last.Civil()
		to = max(fact.DayOf(y, 12, 31), from)
	}
	if from == fact.MinDay {
		y, _, _ := to.Civil()
		y -= spanYears - 1
		if n, _ := slices.BinarySearch(days, fact.DayOf(y, 1, 1)); n < len(days) && days[n] <= to {
			y, _, _ = days[n].Civil()
		}
		from = min(fact.DayOf(y, 1, 1), to)
	}
	return from, to
}

// changeDays gives the days, in their order, on which something in some lanes begins, ends or happens.
func (s *Site) changeDays(l *look, lanes []string) (days []fact.Day) {
	add := func(d fact.Day) {
		if d != fact.MinDay && d != fact.MaxDay {
			days = append(days, d)
		}
	}
	t := s.timelineOf(l, fact.MinDay, fact.MaxDay, lanes)
	if t.More > 0 { // not all are known, and surely something stands on the day looked at
		add(l.View.On())
	}
	for _, lane := range t.Lanes {
		for _, b := range lane.Bars {
			add(b.From.Day)
			add(b.Until.Day)
		}
		for _, x := range lane.Points {
			add(x.Date.Last)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// lanes draws a timeline.
func (s *Site) lanes(l *look, t report.Timeline) *barTable {
	out := newBarTable(l, "timeline", "Periods and dates, the earliest first", "Who or what", t.From, t.To)
	for _, lane := range t.Lanes {
		if lane.ID == report.LaneRoles {
			out.role(l, link{lane.Name, l.to("/structure/statutory-roles/" + kind.Slug(lane.Name))}, lane.Law, lane.Bars)
			continue
		}
		out.lane(link{Text: lane.Name}, "")
		for _, b := range lane.Bars {
			out.period(l.holdersOf(b), b)
		}
		for _, x := range lane.Points {
			out.point([]link{l.named(x.Named)}, x)
		}
	}
	return out
}

// pagedLanes cuts out the rows of one page, and says of a lane that began on an earlier one that it goes on.
func pagedLanes(l *look, asked string, lanes []*barLane) ([]*barLane, *pager) {
	type placed struct {
		lane *barLane
		row  *barRow
	}
	var all []placed
	for _, lane := range lanes {
		for _, r := range lane.Rows {
			all = append(all, placed{lane, r})
		}
	}
	rows, p := paged(l, asked, all)
	if p == nil {
		return lanes, nil
	}
	var out []*barLane
	var of *barLane
	for _, x := range rows {
		if x.lane != of {
			of = x.lane
			shown := *of
			shown.Rows = nil
			if of.Rows[0] != x.row {
				shown.Note = "continued"
			}
			out = append(out, &shown)
		}
		last := out[len(out)-1]
		last.Rows = append(last.Rows, x.row)
	}
	return out, p
}

// events lists a timeline, the newest first.
func (l *look) events(t report.Timeline) (out []event) {
	for _, lane := range t.Lanes {
		for _, b := range lane.Bars {
			out = append(out, event{When: when(b), What: l.holdersOf(b), State: b.Word, Lane: lane.Name, Note: b.Note, day: b.From.Day})
		}
		for _, x := range lane.Points {
			out = append(out, event{When: capital(x.Words), What: []link{l.named(x.Named)}, State: x.What, Lane: lane.Name, day: x.Date.Last})
		}
	}
	slices.SortStableFunc(out, func(a, b event) int { return cmp.Compare(b.day, a.day) })
	return out
}

// when says from when to when a period lasted, and how long that is.
func when(b report.Period) string {
	s := "From " + b.From.Words + " to " + b.Until.Words
	switch {
	case b.From.Date.IsZero() && b.Until.Date.IsZero():
		s = "No dates recorded"
	case b.From.Date.IsZero():
		s = "Until " + b.Until.Words
	case b.Until.Date.IsZero():
		s = "Since " + b.From.Words
	}
	if b.Length != "" {
		s += ": " + b.Length
	}
	return s
}

// timelineTable is a timeline as a table for spreadsheets.
func timelineTable(t report.Timeline) exchange.Table {
	out := report.Table{Caption: "Timeline", Head: []string{"What", "Who or what", "By the post", "State", "From", "To", "Length", "Note"}}
	row := func(cells ...string) {
		r := make([]report.Cell, len(cells))
		for i, c := range cells {
			r[i].Text = c
		}
		out.Rows = append(out.Rows, r)
	}
	for _, lane := range t.Lanes {
		for _, b := range lane.Bars {
			names := func(all []report.Named) string {
				texts := make([]string, len(all))
				for i, x := range all {
					texts[i] = x.Text
				}
				return strings.Join(texts, "; ")
			}
			row(lane.Name, names(b.Holders), names(b.Posts), b.Word, b.From.Date.String(), b.Until.Date.String(), b.Length, b.Note)
		}
		for _, x := range lane.Points {
			row(lane.Name, x.Text, "", x.What, x.Date.String(), x.Date.String(), "", "")
		}
	}
	return exchange.TableOf(out)
}

// sheets are the spreadsheets that hold a table.
func (s *Site) sheets(l *look, title string, table func() exchange.Table) []file {
	return []file{
		{"csv", "Spreadsheet (CSV)", "text/csv; charset=utf-8", func(w io.Writer) error { return exchange.CSV(w, table()) }},
		{"xlsx", "Spreadsheet (Excel)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer) error {
			return exchange.XLSX(w, exchange.Workbook{Title: title, About: []string{report.DatesOf(l.View)}, Tables: []exchange.Table{table()}})
		}},
	}
}
