package web

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// comparePage sets two days side by side, or one day as it was known at two times, or the record with a proposal and without it.
type comparePage struct {
	Form      compareForm
	Shortcuts []link
	Between   string // which two are compared
	Summary   string
	Counts    []navigation
	Filter    *changeFilter
	Groups    *table
	Views     []view
	Table     *changesTable
	Charts    []chartSide
	Pager     *pager
	Nothing   string
}

// compareForm asks for two days, each with the day as recorded on which it is looked at. The second is the day that is looked at.
type compareForm struct {
	Open                bool
	Hidden              []hidden
	First, FirstKnown   field
	Second, SecondKnown string
}

// changeFilter narrows changes.
type changeFilter struct {
	Action                  string
	Hidden                  []hidden
	What, How, Unit, Effect []option
	Chosen                  []link // each leads to the page without it
	Clear                   *link
}

// Parameters of a comparison. The second day is that of every page; these two are of the first.
const (
	fieldFirst      = "on2"
	fieldFirstKnown = "known2"
	fieldWhat       = "what"
	fieldHow        = "how"
	fieldUnit       = "unit"
	fieldYear       = "year"
	fieldEffect     = "effect"
)

var compareParameters = []string{fieldFirst, fieldFirstKnown, fieldWhat, fieldHow, fieldUnit, fieldYear, fieldEffect}

// inStructure are the kinds that are compared where nobody asks for others.
var inStructure = []fact.KindName{graph.Unit, graph.Post, graph.Function, graph.Designation}

func (s *Site) compare(l *look, r *http.Request) (*page, error) {
	body := &comparePage{}
	p := &page{Template: "compare", Heading: "Compare", Wide: true, Body: body}
	turns := keep(l, keptTurns{}, func() []turn { return turnsOf(l.View) })
	first := s.firstLook(l, turns)
	body.Form = s.compareForm(l, first)
	body.Shortcuts = s.compareShortcuts(l, turns)
	if len(first.wrong) > 0 {
		body.Form.Open = true
		p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem"}
		for _, w := range first.wrong {
			id := "first"
			if w.Field == fieldKnown {
				id = "first-known"
			}
			p.Problem.Fields = append(p.Problem.Fields, link{w.Text, "#" + id})
		}
		return p, nil
	}
	l.other.Set(fieldFirst, first.on)
	l.other.Set(fieldFirstKnown, first.known)
	p.State = "with " + first.dayAsKnown()
	before, after := first, l
	if first.View.On() > l.View.On() { // asked for the wrong way round: time is read forwards
		before, after = l, first
	}
	body.Between = capital(before.dayAsKnown()) + ", compared with " + after.dayAsKnown()

	kinds := inStructure
	what := l.other.Get(fieldWhat)
	if k := l.View.Kinds().Kind(fact.KindName(what)); k != nil {
		kinds = []fact.KindName{k.Name}
	} else if what == everyKind {
		kinds = nil
	}
	c := keep(l, keptChanges{first.View.On(), first.View.Known(), fmt.Sprint(kinds)}, func() report.Changes {
		return report.ChangesBetween(s.Pack, before.View, after.View, kinds...)
	})
	nothing := "No differences between these dates."
	if first.View.On() == l.View.On() {
		nothing = "No differences between what was recorded then and now."
	}
	s.compared(l, p, body, comparison{before, after, c, "Before: " + before.dayAsKnown(), "After: " + after.dayAsKnown(), nothing}, r.URL.Query().Get(fieldPage))
	return p, nil
}

// comparison is what differs between two looks, and how a page heads the two.
type comparison struct {
	before, after         *look
	changes               report.Changes
	beforeHead, afterHead string
	nothing               string // what is said where nothing differs
}

// compared shows what differs, as a table or as charts, with what narrows it and its files.
func (s *Site) compared(l *look, p *page, body *comparePage, of comparison, at string) {
	before, after, c := of.before, of.after, of.changes
	if len(c.Rows) == 0 {
		body.Nothing = of.nothing
		body.Filter = s.changeFilter(l, c)
		return
	}
	all := make([]numbered, len(c.Rows))
	for i := range c.Rows {
		all[i] = numbered{i + 1, &c.Rows[i]}
	}
	rows := l.filtered(all)
	body.Summary = c.Summary
	body.Counts = l.changeCounts(c)
	body.Filter = s.changeFilter(l, c)
	if len(rows) < len(all) {
		body.Summary += " " + capital(count(len(rows), "is", "are")) + " shown."
	}
	body.Groups = l.changeGroups(c)
	table := func(rows []numbered) *changesTable {
		return &changesTable{Caption: "Changes, those that bear on statutory roles first", Before: of.beforeHead, After: of.afterHead, Rows: changes(before, after, rows)}
	}
	whole := rows // and not only the page that is shown
	document := func() report.Document {
		return report.Document{Title: body.Between, Dates: body.Summary, Sections: []report.Section{{Blocks: []report.Block{table(whole).plain()}}}}
	}
	p.Files = append(s.sheets(l, body.Between, func() exchange.Table { return table(whole).sheet() }), s.wordOf(l, document), file{"txt", "Plain text", "text/plain; charset=utf-8", func(w io.Writer) error {
		return exchange.Text(w, document(), 100)
	}}, jsonOf(func() any {
		changes := make([]*report.Change, len(whole))
		for i := range whole {
			changes[i] = whole[i].Change
		}
		return report.NewChangesJSON(s.when(before), s.when(after), changes)
	}))
	if len(rows) == 0 {
		body.Nothing = "No change matches. Show all of them, or choose otherwise."
		return
	}
	drawn := l.other.Get("view") == "charts"
	body.Views = []view{{link{"Table", l.with("view", "")}, !drawn}, {link{"Charts, before and after", l.with("view", "charts")}, drawn}}
	if drawn {
		p.State += ", as charts"
		if body.Charts = s.chartSides(before, after, rows); body.Charts == nil {
			body.Nothing = "Too many changes to draw (" + thousands(int64(len(rows))) + "). Choose a unit or a shorter period."
		}
		return
	}
	if rows, body.Pager = pagedBy(changesPerPage, l, at, rows); body.Pager != nil {
		p.State += ", " + strings.ToLower(body.Pager.Text)
	}
	body.Table = table(rows)
}

// changesPerPage is half of the rows of a list: each says what was there before and what after, with links.
const changesPerPage = 50

// everyKind asks for the changes of all kinds of record.
const everyKind = "everything"

// dayAsKnown names what is looked at: "1 October 2003, as recorded on 17 September 2003".
func (l *look) dayAsKnown() string {
	s := l.View.On().Words()
	if l.View.On() == l.today {
		s = "today"
	}
	switch {
	case l.byDay:
		s += ", as recorded on " + l.knownOn.Words()
	case l.known != "":
		s += ", as recorded at entry " + l.known
	}
	if l.proposal != "" {
		s += ", with the proposal " + l.site.called(l, l.proposalKey())
	}
	return s
}

// firstLook is what is compared with the look of the page: the day asked for, else the day before the structure last changed, else, with a
// proposal, the record without it.
func (s *Site) firstLook(l *look, turns []turn) *look {
	on, known := l.other.Get(fieldFirst), l.other.Get(fieldFirstKnown)
	switch {
	case on != "":
	case known != "" || l.proposal != "":
		on = l.View.On().String()
		if known == "" {
			known = l.known
		}
	default:
		on, known = (l.View.On() - 1).String(), l.known
		for _, t := range turns {
			if t.after <= l.View.On() {
				on = t.before.String()
			}
		}
	}
	f := &look{site: s, me: l.me, seen: l.seen, today: l.today, newest: l.newest, path: l.path, other: l.other, typed: map[string]string{fieldOn: on, fieldKnown: known}}
	f.View = l.seen.View(f.readOn(), s.readKnown(f))
	return f
}

// turn is a change of structure: the last day before it and the first on which it certainly has happened.
type turn struct{ before, after fact.Day }

// turnsOf gives the days on which a unit, a post or a designation began, changed or ended, the earliest first.
func turnsOf(v *graph.View) (out []turn) {
	before := map[fact.Day]fact.Day{}
	add := func(d fact.Date, after fact.Day) {
		if d.IsZero() || d.Form == fact.ToBeAgreed {
			return
		}
		t := turn{d.First - 1 + after, d.Last + after}
		if d.Form == fact.ByThen {
			t.before = t.after - 1
		}
		if had, ok := before[t.after]; !ok || t.before < had {
			before[t.after] = t.before
		}
	}
	for _, name := range []fact.KindName{graph.Unit, graph.Post, graph.Designation} {
		for past := range v.Pasts(name) {
			if past.Record.Proposal() == "" {
				add(past.Span.From, 0)
				add(past.Span.Until, 1)
			}
		}
	}
	for after, b := range before {
		out = append(out, turn{b, after})
	}
	slices.SortFunc(out, func(a, b turn) int { return cmp.Compare(a.after, b.after) })
	return out
}

func (s *Site) compareForm(l, first *look) compareForm {
	f := compareForm{Hidden: l.hidden(fieldFirst, fieldFirstKnown), Second: l.typed[fieldOn], SecondKnown: l.typed[fieldKnown]}
	if l.on != "" {
		f.Second = l.View.On().Words()
	}
	if l.byDay {
		f.SecondKnown = l.knownOn.Words()
	}
	f.First, f.FirstKnown = field{first.View.On().Words(), ""}, field{first.typed[fieldKnown], ""}
	if first.byDay {
		f.FirstKnown.Value = first.knownOn.Words()
	}
	for _, w := range first.wrong {
		if w.Field == fieldKnown {
			f.FirstKnown.Problem = w.Text
		} else {
			f.First = field{first.typed[fieldOn], w.Text}
		}
	}
	if l.proposal != "" {
		f.Hidden = append(f.Hidden, hidden{fieldProposal, l.proposal})
	}
	return f
}

// turnsShown is how many changes of structure are offered as shortcuts.
const turnsShown = 6

// compareShortcuts lead to comparisons that people often want.
func (s *Site) compareShortcuts(l *look, turns []turn) (out []link) {
	to := func(text string, first, firstKnown, second, secondKnown string) {
		c := *l
		c.on, c.known = second, secondKnown
		out = append(out, link{text, c.to(l.path, fieldFirst, first, fieldFirstKnown, firstKnown)})
	}
	for _, t := range slices.Backward(turns) {
		if t.after > l.today {
			continue
		}
		if len(out) == turnsShown {
			break
		}
		to("Before and after "+t.after.Words(), t.before.String(), l.known, t.after.String(), l.known)
	}
	y, m, _ := l.today.Civil()
	begins := s.Book.Settings().Year
	if m < begins {
		y--
	}
	start := fact.DayOf(y, begins, 1)
	to("Start of the financial year, "+start.Words()+", and today", start.String(), "", "", "")
	days := s.recordedDays(l, 4)
	for _, d := range days[min(1, len(days)):] {
		to(capital(l.View.On().Words())+": as recorded on "+d.Words()+", and as known now", l.View.On().String(), d.String(), l.View.On().String(), "")
	}
	return out
}

// filtered gives the changes that are asked for.
func (l *look) filtered(all []numbered) []numbered {
	how, unit, effect := l.other.Get(fieldHow), l.other.Get(fieldUnit), l.other.Get(fieldEffect)
	year, _ := strconv.Atoi(l.other.Get(fieldYear))
	return slices.DeleteFunc(slices.Clone(all), func(c numbered) bool {
		switch {
		case how != "" && changeSigns[c.How].class != how:
		case unit == unstated && c.Unit.Record.ID != "":
		case unit != "" && unit != unstated && string(c.Unit.Record.ID) != unit:
		case effect == "any" && !slices.ContainsFunc(c.Effects, func(e report.Effect) bool { return !e.Same }):
		case effect == "gap" && !slices.ContainsFunc(c.Effects, func(e report.Effect) bool { return e.Gap }):
		case effect == "none" && slices.ContainsFunc(c.Effects, func(e report.Effect) bool { return !e.Same }):
		case year != 0 && yearOf(c.When) != year:
		default:
			return false
		}
		return true
	})
}

// yearOf gives the year of a date; 0 where it is not known.
func yearOf(d fact.Date) int {
	if d.IsZero() || d.Form == fact.ToBeAgreed || d.Form == fact.Between {
		return 0
	}
	y, _, _ := d.Last.Civil()
	return y
}

// changeCounts say how many changes of each sort there are, and lead to them.
func (l *look) changeCounts(c report.Changes) (out []navigation) {
	how := l.other.Get(fieldHow)
	for _, n := range c.Counts {
		class := changeSigns[n.How].class
		out = append(out, navigation{link{capital(n.Text), l.with(fieldHow, class)}, how == class})
	}
	return out
}

func (s *Site) changeFilter(l *look, c report.Changes) *changeFilter {
	mine := []string{fieldWhat, fieldHow, fieldUnit, fieldEffect, fieldYear}
	f := &changeFilter{Action: escaped(l.path), Hidden: slices.Concat(newSearchForm(l, "").Hidden, l.hidden(mine...))}
	choose := func(name string, all ...option) []option {
		for i := range all {
			all[i].Selected = l.other.Get(name) == all[i].Value
		}
		return all
	}
	kinds := []option{{Value: "", Text: "Posts, units, functions and roles"}, {Value: everyKind, Text: "Everything that is recorded"}}
	for _, k := range l.View.Kinds().All {
		if k.Section == "structure" {
			kinds = append(kinds, option{Value: string(k.Name), Text: k.Plural})
		}
	}
	f.What = choose(fieldWhat, kinds...)
	f.How = choose(fieldHow, option{Value: "", Text: "Any change"}, option{Value: "new", Text: "New"}, option{Value: "ended", Text: "Ended"}, option{Value: "moved", Text: "Moved"},
		option{Value: "changed", Text: "Changed"}, option{Value: "holder", Text: "New holder only"})
	f.Effect = choose(fieldEffect, option{Value: "", Text: "Any or none"}, option{Value: "any", Text: "A duty moves, comes or ends"}, option{Value: "gap", Text: "Nobody holds a role after it"}, option{Value: "none", Text: "No effect"})
	f.Unit = choose(fieldUnit, unitsOf(c)...)
	for _, x := range []struct {
		name    string
		options []option
	}{{fieldWhat, f.What}, {fieldHow, f.How}, {fieldUnit, f.Unit}, {fieldEffect, f.Effect}} {
		if i := slices.IndexFunc(x.options, func(o option) bool { return o.Selected && o.Value != "" }); i >= 0 {
			f.Chosen = append(f.Chosen, link{x.options[i].Text, l.with(x.name, "")})
		}
	}
	if y := l.other.Get(fieldYear); y != "" {
		f.Chosen = append(f.Chosen, link{"In " + y, l.with(fieldYear, "")})
	}
	if len(f.Chosen) > 0 {
		f.Clear = &link{"Show all changes", l.here(func(x *look) {
			x.other = map[string][]string{fieldFirst: l.other[fieldFirst], fieldFirstKnown: l.other[fieldFirstKnown]}
		})}
	}
	return f
}

// unitsOf offers the units in which something changes.
func unitsOf(c report.Changes) []option {
	out := []option{{Value: "", Text: "All units"}}
	seen := map[string]bool{"": true}
	none := false
	for i := range c.Rows {
		u := c.Rows[i].Unit
		id := string(u.Record.ID)
		none = none || id == ""
		if !seen[id] {
			seen[id] = true
			out = append(out, option{Value: id, Text: u.Text})
		}
	}
	slices.SortFunc(out[1:], func(a, b option) int { return byTitle(a.Text, b.Text) })
	if none {
		out = append(out, option{Value: unstated, Text: "In no unit"})
	}
	return out
}

// changeGroups counts changes by unit and year, where there are too many to read.
func (l *look) changeGroups(c report.Changes) *table {
	if len(c.Groups) == 0 {
		return nil
	}
	t := newTable("Where they are", "Unit", "Year", "Changes")
	groups := slices.Clone(c.Groups)
	slices.SortStableFunc(groups, func(a, b report.Group) int { return cmp.Compare(b.Count, a.Count) })
	for _, g := range groups[:min(len(groups), rowsPerPage)] {
		unit, name, year := string(g.Unit.Record.ID), g.Unit.Text, "Not recorded"
		if unit == "" {
			unit, name = unstated, "In no unit"
		}
		if g.Year != 0 {
			year = strconv.Itoa(g.Year)
		}
		at := l.here(func(x *look) {
			x.other = map[string][]string{}
			for name, v := range l.other {
				x.other[name] = v
			}
			x.other.Set(fieldUnit, unit)
			if g.Year != 0 {
				x.other.Set(fieldYear, year)
			}
		})
		t.add([]link{{name, at}}, text(year), text(thousands(int64(g.Count))))
	}
	return t
}
