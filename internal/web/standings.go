package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"plumbline/internal/assure"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// Of the page that says how each criterion and rule stands day by day: what it shows where nobody asks for other days, and how much it may show.
const (
	standingsPath = "/assurance/timeline"
	yearsBack     = 1
	yearsAhead    = 2
	yearsHome     = 1  // in which Home looks for what lapses next
	mostYears     = 20 // between the first day and the last
	mostBands     = 300
	eventsNamed   = 3
	eventsTold    = 20 // more than so many are counted
	warnsBefore   = 5  // working days, in a calendar
)

// asLapses is the way to look at it that lists what lapses.
const asLapses = "lapses"

// standingLanes are what it can show. Rules that stand the same throughout are shown only if asked for.
var standingLanes = []laneName{{"criteria", "Criteria of the test of assurance"}, {"rules", "Rules that come to stand otherwise"}, {"posts", "Statutory roles and senior posts"}, {"same", "Rules that stand the same throughout"}}

type keptStandingsOver struct{ from, to fact.Day }

type keptLapses struct{ until fact.Day }

// standingsOf is how what somebody sees stands from one day to another.
func (s *Site) standingsOf(l *look, from, to fact.Day) *report.Standings {
	return keep(l, keptStandingsOver{from, to}, func() *report.Standings {
		x := report.StandingsOf(s.Pack, l.coming(), from, to)
		x.View = nil // see kept
		return x
	})
}

// coming is the record as it comes to be: a proposal on its own days.
func (l *look) coming() *graph.View {
	if !l.View.AsIf() {
		return l.View
	}
	launch, _ := report.AssumedLaunch(l.View, l.View.Proposal())
	return l.View.Planned(l.View.Proposal(), launch)
}

func (s *Site) standings(l *look, r *http.Request) (*page, error) {
	body := &timelinePage{Form: rangeForm{Action: standingsPath, Hidden: slices.Concat(newSearchForm(l, "").Hidden, l.hidden(fieldFrom, fieldTo, fieldLanes))}}
	p := &page{Template: "timeline", Heading: "Day by day: how it stands, and when that changes", Wide: true, Body: body}
	var lanes []string
	for _, x := range standingLanes {
		if slices.Contains(l.other[fieldLanes], x.id) {
			lanes = append(lanes, x.id)
		}
	}
	if len(lanes) == 0 {
		lanes = []string{"criteria", "rules", "posts"}
	}
	body.Form.lanes(standingLanes, lanes)
	asked, problems := l.readRange(&body.Form)
	from, to := l.aroundOn(asked)
	if problems == nil && to > from.AddMonths(12*mostYears) {
		body.Form.To.Problem = fmt.Sprintf("To must be no more than %d years after %s", mostYears, from.Words())
		problems = &problem{Title: "There is a problem", Fields: []link{{body.Form.To.Problem, "#" + fieldTo}}}
	}
	if problems != nil {
		p.Status, p.Problem = http.StatusUnprocessableEntity, problems
		body.Form.Open = true
		return p, nil
	}
	if !l.anything() {
		body.Nothing = "Nothing is recorded yet. Once posts, appointments and statutory roles are, this page shows how the rules stand through time."
		return p, nil
	}
	x := s.standingsOf(l, from, to)
	body.Form.From.Value, body.Form.To.Value = from.Words(), to.Words()
	body.Range = from.Words() + " to " + to.Words()
	p.State = body.Range
	body.Moves = l.moves(s.changeDays(l, []string{report.LaneStructure, report.LaneRoles}), from, to)
	body.Lapses, body.Lead = s.standingsLead(l, x)
	p.Files = s.standingFiles(l, r, x)
	how := l.other.Get("view")
	body.Views = []view{{link{"Bars", l.with("view", "")}, how != asList && how != asLapses}, {link{"List", l.with("view", asList)}, how == asList}, {link{"What lapses", l.with("view", asLapses)}, how == asLapses}}
	page := r.URL.Query().Get(fieldPage)
	switch how {
	case asList:
		p.State += ", as a list"
		if body.Events, body.Pager = paged(l, page, l.standingEvents(x, lanes)); len(body.Events) == 0 {
			body.Nothing = "Nothing comes to stand otherwise on any of these days."
		}
	case asLapses:
		p.State += ", what lapses"
		s.lapsing(l, body, page, x.Lapses(l.View.On()))
	default:
		body.Table = newBarTable(l, "standings", "How each stands, and what it comes from", "What happened", from, to)
		if more := l.bands(body.Table, x, lanes); more > 0 {
			body.Note = capital(count(more, "more period is", "more periods are")) + " not shown. Choose a shorter period, or fewer things to show."
		}
		body.Table.Lanes, body.Pager = pagedLanes(l, page, body.Table.Lanes)
	}
	return p, nil
}

// aroundOn gives the days asked for, with a day that is not so that the others are a year back and two ahead of the day looked at.
func (l *look) aroundOn(asked [2]fact.Day) (from, to fact.Day) {
	on := l.View.On()
	from, to = on.AddMonths(-12*yearsBack), on.AddMonths(12*yearsAhead)
	if asked[0] != fact.MinDay {
		from = asked[0]
		if to < from {
			to = from.AddMonths(12 * (yearsBack + yearsAhead))
		}
	}
	if asked[1] != fact.MaxDay {
		to = asked[1]
		if asked[0] == fact.MinDay && from > to {
			from = to.AddMonths(-12 * (yearsBack + yearsAhead))
		}
	}
	return from, to
}

// standingsLead says when each criterion next lapses.
func (s *Site) standingsLead(l *look, x *report.Standings) (lapses, out []string) {
	for _, c := range x.Criteria {
		if on, turn := x.Lapse(l.View.On(), c.ID); turn != nil {
			lapses = append(lapses, c.Name+": next lapses on "+on.Words()+". "+sentence(turn.What))
		} else {
			lapses = append(lapses, c.Name+": as far as is recorded, it does not lapse before "+x.To.Words()+".")
		}
	}
	if l.View.AsIf() {
		out = append(out, "The proposal is read on its own days.")
	}
	if !l.seen.Whole() {
		out = append(out, "It is worked out from what you may see.")
	}
	return lapses, out
}

// bands draws the lanes, and counts the bars for which there is no room.
func (l *look) bands(t *barTable, x *report.Standings, lanes []string) (more int) {
	room := mostBands
	draw := func(head link, note string, n int, row func(i int)) {
		if n > 0 && room > 0 {
			t.lane(head, note)
		}
		for i := range n {
			if room == 0 {
				more++
				continue
			}
			room--
			row(i)
		}
	}
	standing := func(lane *assure.Lane, of link, turned func(*assure.Turn) bool) {
		var spoken []int // the bands in which it speaks of anything
		for i := range lane.Bands {
			if lane.Bands[i].Outcome != rule.NotApplicable {
				spoken = append(spoken, i)
			}
		}
		draw(of, "", len(spoken), func(n int) {
			i := spoken[n]
			b := lane.Bands[i]
			row := t.period([]link{{Text: "As the period begins"}}, x.Row(b))
			if b.Machine != "" {
				row.Cells[0].Tag = "" // several words
			}
			for j := range x.Edges {
				if e := &x.Edges[j]; i > 0 && e.On == b.From {
					row.Head = l.eventLinks(e.On, e.Events)
					for n := range e.Turns {
						if turn := &e.Turns[n]; turned(turn) {
							row.Note = sentence(turn.What)
						}
					}
				}
			}
		})
	}
	if slices.Contains(lanes, "criteria") {
		for i := range x.Criteria {
			c := &x.Criteria[i]
			standing(c, link{c.Name, l.to("/assurance/check") + "#criterion-" + c.ID}, func(t *assure.Turn) bool { return t.Criterion == c.ID })
		}
	}
	if slices.Contains(lanes, "posts") {
		for i := range x.Holders {
			h := &x.Holders[i]
			head := link{h.Name, l.to("/structure/timeline", fieldLanes, report.LaneRoles)}
			if h.Post.ID != "" {
				head.URL = l.record(h.Post)
			}
			draw(head, h.Law, len(h.Periods), func(i int) { t.held(l, h.Periods[i]) })
		}
	}
	for _, same := range []bool{false, true} {
		if !slices.Contains(lanes, map[bool]string{false: "rules", true: "same"}[same]) {
			continue
		}
		for i := range x.Rules {
			if c := &x.Rules[i]; (len(c.Bands) == 1) == same {
				standing(c, link{c.ID + " " + c.Name, l.to("/assurance/check/" + c.ID)}, func(t *assure.Turn) bool { return t.Rule == c.ID })
			}
		}
	}
	return more
}

// eventLinks names what begins, ends, expires or falls due on a day: as much as there is room for. Where it is very much, a few of it say nothing, and it is counted.
func (l *look) eventLinks(on fact.Day, events []assure.Event) (out []link) {
	if len(events) > eventsTold {
		all := link{Text: capital(count(len(events), "change", "changes")) + " on this day"}
		if l.proposal == "" {
			all.URL = l.here(func(c *look) {
				c.path, c.on, c.other = "/structure/compare", on.String(), url.Values{fieldFirst: {(on - 1).String()}, fieldWhat: {everyKind}}
			})
		}
		return []link{all}
	}
	for _, x := range events[:min(len(events), eventsNamed)] {
		out = append(out, link{x.What, l.record(x.Record)})
	}
	if more := len(events) - eventsNamed; more > 0 {
		out = append(out, link{Text: "and " + count(more, "more change", "more changes")})
	}
	return orText(out, "A time runs out, or the law changes")
}

// standingEvents lists what comes to stand otherwise, the newest first.
func (l *look) standingEvents(x *report.Standings, lanes []string) (out []event) {
	for i := range slices.Backward(x.Edges) {
		e := &x.Edges[i]
		if slices.Contains(lanes, "posts") {
			for _, h := range e.Holders {
				out = append(out, event{When: capital(h.When), What: l.eventLinks(h.On, h.Events), Lane: h.Lane, State: h.What})
			}
		}
		for n := range e.Turns {
			t := &e.Turns[n]
			if slices.Contains(lanes, map[bool]string{true: "criteria", false: "rules"}[t.Rule == ""]) {
				out = append(out, event{When: e.On.Words(), What: l.eventLinks(e.On, e.Events), Lane: cmp.Or(t.Rule, t.Name), State: report.StandingWords(t.Was) + ", then " + uncapital(report.StandingWords(t.Is)), Note: sentence(t.What)})
			}
		}
	}
	return out
}

// lapsing lists what lapses.
func (s *Site) lapsing(l *look, body *timelinePage, asked string, edges []assure.Edge) {
	type lapse struct {
		of   *assure.Edge
		loss *assure.Loss
	}
	var all []lapse
	for i := range edges {
		for n := range edges[i].Losses {
			all = append(all, lapse{&edges[i], &edges[i].Losses[n]})
		}
	}
	if len(all) == 0 {
		body.Nothing = "Nothing lapses in these years after " + l.View.On().Words() + ", as far as is recorded."
		return
	}
	rows, pager := paged(l, asked, all)
	body.Pager = pager
	body.Rows = newTable("What lapses, the first first", "From", "What", "How", "What happens on the day")
	for _, x := range rows {
		body.Rows.add(text(x.of.On.Words()), s.lapseOf(l, x.loss), []link{{Text: lapseHow(x.loss)}}, l.eventLinks(x.of.On, x.of.Events))
	}
}

// lapseOf says what lapses.
func (s *Site) lapseOf(l *look, x *assure.Loss) []link {
	switch {
	case x.Rule != "":
		what := x.Title
		var of []string
		for _, k := range x.Subjects {
			if k.Kind != graph.Council && len(of) < eventsNamed {
				of = append(of, s.called(l, k))
			}
		}
		if len(of) > 0 {
			what += ": " + report.And(of)
		}
		if more := len(x.Subjects) - eventsNamed; more > 0 {
			what += ", and " + count(more, "more", "more")
		}
		return []link{{x.Rule, l.to("/assurance/check/" + x.Rule)}, {Text: what}}
	case x.Condition.ID != "":
		return []link{{"A condition of the judgement “" + x.Title + "”", l.record(x.Condition)}, {Text: sentence(x.What)}}
	}
	return []link{{"The judgement “" + x.Title + "”", l.record(x.Subjects[0])}, {Text: sentence(x.Reason)}}
}

// lapseHow says how something lapses.
func lapseHow(x *assure.Loss) string {
	switch x.Harm {
	case assure.HarmStale:
		return "Has to be looked at again"
	case assure.HarmUntested:
		return "Cannot be tested"
	case assure.HarmCondition:
		return "Fails"
	}
	return "No longer met"
}

func (s *Site) standingFiles(l *look, r *http.Request, x *report.Standings) []file {
	out := s.sheets(l, "How it stands, day by day", func() exchange.Table { return standingTable(x) })
	out = append(out, s.wordOf(l, func() report.Document {
		line := *x.Timeline
		line.View = l.View
		whole := *x
		whole.Timeline = &line
		return whole.Document(s.council(l), l.View.On())
	}), jsonOf(func() any { return report.NewStandingsJSON(x, s.when(l)) }))
	return append(out, file{"ics", "Calendar", "text/calendar; charset=utf-8", func(w io.Writer) error {
		return exchange.ICS(w, s.lapseCalendar(l, s.site(r), x.Lapses(l.View.On())))
	}})
}

// standingTable is the bands as a table for spreadsheets.
func standingTable(x *report.Standings) exchange.Table {
	out := report.Table{Caption: "How it stands, day by day", Head: []string{"What", "Who", "From", "To", "How it stands"}}
	row := func(cells ...string) {
		r := make([]report.Cell, len(cells))
		for i, c := range cells {
			r[i].Text = c
		}
		out.Rows = append(out.Rows, r)
	}
	for _, lane := range x.Criteria {
		for _, b := range lane.Bands {
			row(lane.Name, "", b.From.String(), b.Until.String(), report.StandingWords(b.Standing))
		}
	}
	for _, lane := range x.Rules {
		for _, b := range lane.Bands {
			row(lane.ID+" "+lane.Name, "", b.From.String(), b.Until.String(), report.StandingWords(b.Standing))
		}
	}
	for _, lane := range x.Holders {
		for _, b := range lane.Periods {
			var who []string
			for _, h := range b.Holders {
				who = append(who, h.Text)
			}
			row(lane.Name, report.And(who), b.From.Date.String(), b.Until.Date.String(), b.Word)
		}
	}
	return exchange.TableOf(out)
}

// lapseCalendar is what lapses as entries of a calendar. They say no more than which rule or criterion it is: calendars are read by others than whom they are for.
func (s *Site) lapseCalendar(l *look, site string, edges []assure.Edge) exchange.Calendar {
	c := exchange.Calendar{Name: "Assurance: what lapses", Known: l.View.KnownAt()}
	nth := map[string]int{}
	for _, e := range edges {
		for i := range e.Losses {
			x := &e.Losses[i]
			of := fmt.Sprint(x.Harm, x.Rule, x.Subjects, x.Condition, l.proposal)
			nth[of]++
			sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", of, nth[of]))
			entry := exchange.CalendarEntry{
				UID: "lapse-" + hex.EncodeToString(sum[:8]) + "@" + s.Book.Origin(), Sequence: int(l.View.Known()), On: e.On, Alarm: warnsBefore,
				Title: lapseHow(x) + ": " + x.Title, URL: site + l.lapses(),
			}
			if x.Rule != "" {
				entry.Title = x.Rule + ", " + x.Title + ": " + uncapital(lapseHow(x))
			}
			c.Entries = append(c.Entries, entry)
		}
	}
	return c
}

// lapses is the address of the list of what lapses.
func (l *look) lapses() string { return l.to(standingsPath, "view", asLapses) }

// lapsePart says on Home when something next lapses.
type lapsePart struct {
	Text string
	See  link
}

func (s *Site) nextLapse(l *look) *lapsePart {
	until := l.View.On().AddMonths(12 * yearsHome)
	edges := keep(l, keptLapses{until}, func() []assure.Edge {
		return assure.TimelineOf(s.Pack, l.coming(), l.View.On(), until).Lapses(l.View.On())
	})
	out := &lapsePart{Text: "As far as is recorded, nothing lapses in the next twelve months.", See: link{"See what lapses, and when", l.lapses()}}
	if len(edges) == 0 {
		return out
	}
	first := &edges[0]
	out.Text = "Next to lapse, on " + first.On.Words() + ": " + first.Losses[0].Title + " (" + uncapital(lapseHow(&first.Losses[0])) + ")"
	if more := len(first.Losses) - 1; more > 0 {
		out.Text += ", and " + count(more, "more thing", "more things") + " on that day"
	}
	out.Text += "."
	return out
}
