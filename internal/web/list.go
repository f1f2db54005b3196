package web

import (
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Parameters of a list, beside those that name fields of its kind.
const (
	fieldTitle = "q"
	fieldDays  = "days"
	fieldSort  = "sort"
	fieldOrder = "order"
	fieldPage  = "page"
)

const (
	allDays  = "all"  // of fieldDays
	downward = "down" // of fieldOrder
	byFrom   = "from" // of fieldSort: no field of a kind is called so
)

// listPage lists the records of one kind.
type listPage struct {
	About   string
	Empty   []link
	Heading string
	Form    *filterForm
	Chosen  []link // the filters, each leading to the list without it
	Clear   *link
	Table   *sortable
	Pager   *pager
	Other   *link  // those of other days, too
	Past    []link // why nothing can be changed, where that is so
	Before  []sheetPart
}

// sortable is a table that can be put in another order by the links in its head.
type sortable struct {
	Caption string
	Columns []column
	Rows    []row
}

// column is the head of a column. Sorted says to a browser how the table is sorted by it, and is empty where it is not.
type column struct {
	link
	Sorted, Arrow string
}

// list shows the list of a kind.
func (s *Site) list(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		return s.listPage(l, k, r.URL.Query().Get(fieldPage)), nil
	}
}

func (s *Site) listPage(l *look, k *kind.Kind, asked string) *page {
	body := &listPage{About: k.About, Past: l.past()}
	p := &page{Template: "list", Heading: k.Plural, Body: body, Actions: s.actions(l, k, "")}
	n := s.listing(l, k)
	if other := n.roll.recorded - len(n.all); other > 0 {
		body.Other = &link{capital(count(other, "more is", "more are")) + " recorded, of other days: show all", l.with(fieldDays, allDays)}
	}
	if len(n.all) == 0 {
		body.Empty = s.nothing(l, k.Name)
		if body.Other != nil {
			body.Empty = append(body.Empty, *body.Other)
		}
		return p
	}
	body.Heading, body.Form = n.heading(), n.form()
	body.Chosen, body.Clear = n.chosen()
	p.Files = s.listFiles(n)
	var rows []listed
	rows, body.Pager = paged(l, asked, n.rows)
	p.State = strings.Join(append(n.words, body.Pager.state()...), ", ")
	if len(rows) > 0 {
		body.Table = n.table(rows)
	}
	return p
}

// listing is the records of a kind that a list shows, in its order.
type listing struct {
	s       *Site
	l       *look
	kind    *kind.Kind
	all     []*graph.Record // of the day, or of all days, before they were narrowed
	roll    *roll
	filters []*filter
	words   []string // what the list is narrowed to
	order   order
	rows    []listed
}

// listed is a record in a list: as it is on the day or, of another day, as it last was.
type listed struct {
	*graph.Record
	title string
}

func (s *Site) listing(l *look, k *kind.Kind) *listing {
	n := &listing{s: s, l: l, kind: k, order: order{l.other.Get(fieldSort), l.other.Get(fieldOrder) == downward}}
	n.all = l.View.All(k.Name)
	all := l.other.Get(fieldDays) == allDays
	if all {
		n.all = latestOf(l.View, k.Name)
	}
	if d := derivation(k.Name, n.order.by); n.order.by != byFrom && (d == nil || d.values == nil) && !slices.ContainsFunc(columns(k), func(f *kind.Field) bool { return f.Name == n.order.by }) {
		n.order.by = ""
	}
	n.roll = s.roll(l, k, all, n.order, n.all)
	n.filters = s.filters(l, k, n.roll)
	title := strings.Fields(strings.ToLower(l.other.Get(fieldTitle)))
	n.rows = make([]listed, 0, len(n.all))
	for _, i := range n.roll.places {
		r := n.all[i]
		if holds(n.roll.lower[i], title) && !slices.ContainsFunc(n.filters, func(f *filter) bool { return !f.lets(r, i) }) {
			n.rows = append(n.rows, listed{Record: r, title: n.roll.titles[i]})
		}
	}
	n.words = n.narrowed()
	return n
}

// latestOf gives every record of a kind that is known, whatever day it speaks of: as it is on the day or, where it is not there, as it is on
// the last of its days.
func latestOf(v *graph.View, name fact.KindName) (out []*graph.Record) {
	last := fact.Key{}
	for p := range v.Pasts(name) {
		switch k := p.Record.Key(); {
		case k != last:
			last = k
			r := p.Record
			if there := v.Record(k); there != nil {
				r = there
			}
			out = append(out, r)
		case v.Record(k) == nil:
			out[len(out)-1] = p.Record
		}
	}
	return out
}

// holds reports whether a text has all words in it. All are in lower case.
func holds(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// narrowed says in words what the list is narrowed to.
func (n *listing) narrowed() (words []string) {
	if n.l.other.Get(fieldDays) == allDays {
		words = append(words, "of any day")
	}
	if q := n.l.other.Get(fieldTitle); q != "" {
		words = append(words, "with “"+q+"” in the name")
	}
	for _, f := range n.filters {
		if len(f.chosen) > 0 {
			words = append(words, f.words(f.chosen...))
		}
	}
	return words
}

// heading counts what the list shows: "23 posts, held as officer, reports to Chief Executive".
func (n *listing) heading() string {
	plural := kind.Lower(n.kind.Plural)
	switch {
	case len(n.rows) == 0:
		return "0 " + plural + " match: " + strings.Join(n.words, ", ")
	case len(n.words) == 0:
		return count(len(n.rows), n.kind.Lower(), plural) + " on " + n.l.View.On().Words()
	}
	return strings.Join(append([]string{count(len(n.rows), n.kind.Lower(), plural)}, n.words...), ", ")
}

// chosen gives the filters, each leading to the list without it.
func (n *listing) chosen() (out []link, clear *link) {
	but := []string{fieldTitle, fieldDays}
	if n.l.other.Get(fieldDays) == allDays {
		out = append(out, link{"Of any day", n.l.with(fieldDays, "")})
	}
	for _, q := range n.l.other[fieldTitle] {
		out = append(out, link{"Name: “" + q + "”", n.l.without(fieldTitle, q)})
	}
	for _, f := range n.filters {
		but = append(but, f.field.Name)
		for _, v := range f.chosen {
			out = append(out, link{capital(f.words(v)), n.l.without(f.field.Name, v)})
		}
	}
	if len(out) > 1 {
		clear = &link{"Clear all filters", n.l.here(func(c *look) { c.other = c.otherBut(but...) })}
	}
	return out, clear
}

// table shows the rows of one page. Only the title of a record leads to it: a link in each cell would be hundreds of stops for those who
// go from link to link. A column of which no row of any page says anything is left out; files have them all.
func (n *listing) table(rows []listed) *sortable {
	t := &sortable{Caption: n.kind.Plural + " on " + n.l.View.On().Words()}
	t.Columns = append(t.Columns, n.column("", n.kind.Label))
	var shown []func(*graph.Record) []link
	add := func(by string, c column, says func(*graph.Record) bool, say func(*graph.Record) []link) {
		if by != "" && by == n.order.by || slices.ContainsFunc(n.rows, func(x listed) bool { return says(x.Record) }) {
			t.Columns, shown = append(t.Columns, c), append(shown, say)
		}
	}
	for _, f := range columns(n.kind) {
		add(f.Name, n.column(f.Name, f.Label), func(r *graph.Record) bool {
			_, state := r.JSON(f.Name)
			return state != graph.Missing
		}, func(r *graph.Record) []link { return n.s.value(n.l, r, f) })
	}
	for _, d := range n.derived() {
		if d.lines == nil {
			continue
		}
		by, c := "", column{link: link{Text: d.Label}}
		if d.values != nil {
			by, c = d.Name, n.column(d.Name, d.Label)
		}
		add(by, c, func(r *graph.Record) bool { return len(d.say(r)) > 0 }, d.say)
	}
	t.Columns = append(t.Columns, n.column(byFrom, stands(n.kind)))
	spans := n.spans(rows)
	for _, x := range rows {
		r := row{Head: cell{n.kind.Label, []link{{x.title, n.l.record(x.Key())}}}}
		for i, say := range shown {
			r.Cells = append(r.Cells, cell{t.Columns[i+1].Text, unlinked(say(x.Record))})
		}
		r.Cells = append(r.Cells, cell{t.Columns[len(t.Columns)-1].Text, text(standsFor(n.l, x.Record, spans[x.Entry()]))})
		t.Rows = append(t.Rows, r)
	}
	return t
}

// derivedColumn is what is derived of the records of a list. It says it as the list shows it or, where the list does not, by its values.
type derivedColumn struct {
	derived
	say func(*graph.Record) []link
}

func (n *listing) derived() (out []derivedColumn) {
	for _, d := range n.l.derivations(n.kind.Name) {
		c := derivedColumn{derived: d}
		if d.lines != nil {
			c.say = d.lines(n.s, n.l)
		} else {
			of := d.values(n.s, n.l)
			c.say = func(r *graph.Record) (lines []link) {
				for _, v := range of(r) {
					lines = append(lines, link{Text: n.s.say(d.Field, v)})
				}
				return lines
			}
		}
		out = append(out, c)
	}
	return out
}

// unlinked are the lines of a cell without where they lead.
func unlinked(lines []link) []link {
	for i := range lines {
		lines[i].URL = ""
	}
	return lines
}

// column is the head of the column of a field: it leads to the list sorted by it, or, where it is so already, the other way round.
func (n *listing) column(by, label string) column {
	c := column{link: link{label, n.l.sorted(by, n.order == order{by, false})}}
	switch {
	case n.order.by != by:
	case n.order.down:
		c.Sorted, c.Arrow = "descending", "▼"
	default:
		c.Sorted, c.Arrow = "ascending", "▲"
	}
	return c
}

// sorted is the address of the same list in another order.
func (l *look) sorted(by string, down bool) string {
	return l.here(func(c *look) {
		c.other = c.otherBut(fieldSort, fieldOrder)
		if by != "" {
			c.other.Set(fieldSort, by)
		}
		if down {
			c.other.Set(fieldOrder, downward)
		}
	})
}

// spans gives the days on which the entries of some rows hold: those around the day or else, of an entry that holds before and after others,
// the last.
func (n *listing) spans(rows []listed) map[int64]fact.Span {
	out := make(map[int64]fact.Span, len(rows))
	for _, x := range rows {
		out[x.Entry()] = x.Span()
	}
	for p := range n.l.View.Pasts(n.kind.Name) {
		if s, ok := out[p.Record.Entry()]; ok && (p.Span.On(n.l.View.On()) != fact.No || s.On(n.l.View.On()) == fact.No) {
			out[p.Record.Entry()] = p.Span
		}
	}
	return out
}

// columns are the fields that a list shows beside the title, which says some of them already.
func columns(k *kind.Kind) (fields []*kind.Field) {
	said := kind.TitleFields(k.Title)
	for _, n := range k.List {
		if f := k.Field(n); f.Type == kind.Reference || f.Type != kind.LongText && !slices.Contains(said, n) {
			fields = append(fields, f)
		}
	}
	return fields
}

// standsFor says of which days the entry speaks that a record is shown by.
func standsFor(l *look, r *graph.Record, span fact.Span) string {
	switch {
	case l.View.Record(r.Key()) != r:
		return "Not on this day: " + span.Words()
	case r.Proposal() != "":
		return "As proposed, " + span.Words()
	case r.Exists() == fact.Maybe:
		return "Not certain on this day: " + span.Words()
	}
	return capital(span.Words())
}
