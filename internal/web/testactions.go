package web

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// actionsPath is where what all tests asked for is listed.
const actionsPath = "/assurance/actions"

// Parameters of that list, beside those of every list.
const (
	fieldAsk  = "ask"
	fieldTest = "test"
	fieldLate = "late"
)

// What the list can be put in order by.
const (
	byDue   = "due"
	byTest  = "test"
	byStand = "stand"
)

// askList is what all tests asked for, narrowed and in order.
type askList struct {
	s      *Site
	l      *look
	all    []report.TestAsk
	rows   []report.TestAsk
	chosen []link
	words  []string
}

func (s *Site) asks(l *look) *askList {
	n := &askList{s: s, l: l, all: keep(l, keptAsks{}, func() []report.TestAsk { return report.AsksOf(s.Pack, l.View) })}
	q := l.other
	words := strings.Fields(strings.ToLower(q.Get(fieldTitle)))
	stand, ask, test, late := q.Get(fieldState), q.Get(fieldAsk), q.Get(fieldTest), q.Get(fieldLate) == "yes"
	n.rows = slices.DeleteFunc(slices.Clone(n.all), func(a report.TestAsk) bool {
		return !holds(strings.ToLower(a.Ask.Text), words) || stand != "" && string(a.Stand) != stand || ask != "" && a.What != ask || test != "" && string(a.Test.Record.ID) != test || late && !a.Late
	})
	add := func(name, text string) {
		if v := q.Get(name); v != "" && text != "" {
			n.chosen = append(n.chosen, link{text, l.without(name, v)})
			n.words = append(n.words, strings.ToLower(text[:1])+text[1:])
		}
	}
	add(fieldTitle, "With the words “"+q.Get(fieldTitle)+"”")
	add(fieldAsk, map[string]string{"condition": "Conditions", "recommendation": "Recommendations"}[ask])
	for _, x := range report.Stands {
		if string(x.Stand) == stand {
			add(fieldState, x.Words)
		}
	}
	if t := l.View.Record(fact.Key{Kind: testKind, ID: fact.ID(test)}); t != nil {
		add(fieldTest, "Of "+s.title(t))
	}
	if late {
		add(fieldLate, "Late")
	}
	order := func(a, b report.TestAsk) int { return 0 } // as AsksOf has them
	switch q.Get(fieldSort) {
	case byDue:
		order = func(a, b report.TestAsk) int { return cmp.Compare(dueLast(a.Due), dueLast(b.Due)) }
	case byTest:
		order = func(a, b report.TestAsk) int {
			return cmp.Or(cmp.Compare(a.Test.Text, b.Test.Text), cmp.Compare(a.What, b.What), cmp.Compare(len(a.Number), len(b.Number)), cmp.Compare(a.Number, b.Number))
		}
	case byStand:
		order = func(a, b report.TestAsk) int { return cmp.Compare(standPlace(a.Stand), standPlace(b.Stand)) }
	}
	slices.SortStableFunc(n.rows, order)
	if q.Get(fieldOrder) == downward {
		slices.Reverse(n.rows)
	}
	return n
}

type keptAsks struct{}

func standPlace(of report.Stand) int {
	for i, x := range report.Stands {
		if x.Stand == of {
			return i
		}
	}
	return len(report.Stands)
}

// dueLast puts what is due on no day that is known last.
func dueLast(d fact.Date) fact.Day {
	if d.IsZero() || d.Form == fact.ToBeAgreed {
		return fact.MaxDay
	}
	return d.Last
}

// column is the head of a column by which the list can be sorted.
func (n *askList) column(by, heading string) column {
	if by == "" {
		return column{link: link{Text: heading}}
	}
	down := n.l.other.Get(fieldOrder) == downward
	at := n.l.other.Get(fieldSort) == by
	c := column{link: link{heading, n.l.sorted(by, at && !down)}}
	switch {
	case at && down:
		c.Sorted, c.Arrow = "descending", "▼"
	case at:
		c.Sorted, c.Arrow = "ascending", "▲"
	}
	return c
}

// actionsPage lists the conditions and recommendations of all tests.
func (s *Site) actionsPage(l *look, _ *http.Request) (*page, error) {
	n := s.asks(l)
	body := &listPage{About: "The conditions and recommendations of all tests of assurance: where each stands on this day, whose it is, and what is late. A condition that can be checked by the record is checked at every look.", Past: l.past()}
	p := &page{Template: "list", Heading: "Conditions and recommendations", Body: body}
	if len(n.all) == 0 {
		body.Empty = []link{{Text: "No test of assurance that is on record on this day asked for anything. What a test asks for is listed here once it is reported."}, {"Tests of assurance", l.to("/assurance")}}
		return p, nil
	}
	body.Form, body.Chosen = n.form(), n.chosen
	late := 0
	for i := range n.rows {
		if n.rows[i].Late {
			late++
		}
	}
	body.Heading = capital(count(len(n.rows), "condition or recommendation", "conditions and recommendations"))
	if late > 0 {
		body.Heading += ", " + count(late, "late", "late")
	}
	if len(n.chosen) > 0 {
		body.Heading += ": " + strings.Join(n.words, ", ")
		body.Clear = &link{"Clear all filters", l.here(func(c *look) { c.other = c.otherBut(fieldTitle, fieldAsk, fieldState, fieldTest, fieldLate, fieldPage) })}
	}
	rows, pager := paged(l, l.other.Get(fieldPage), n.rows)
	body.Pager = pager
	p.State = strings.Join(append(n.words, pager.state()...), ", ")
	if len(rows) > 0 {
		body.Table = n.table(rows)
		if of := n.test(); of != nil {
			body.Other = &link{"The test: " + of.Text, l.record(of.Record)}
		}
	}
	sheet := func() exchange.Table { return n.sheet() }
	p.Files = []file{
		{"xlsx", "Spreadsheet (Excel)", mimeXLSX, func(w io.Writer) error {
			about := []string{report.DatesOf(l.View)}
			if len(n.words) > 0 {
				about = append(about, sentence("Only those: "+strings.Join(n.words, ", ")))
			}
			return exchange.XLSX(w, exchange.Workbook{Title: p.Heading, About: about, Tables: []exchange.Table{sheet()}})
		}},
		{"csv", "Spreadsheet (CSV)", mimeCSV, func(w io.Writer) error { return exchange.CSV(w, sheet()) }},
		jsonOf(func() any {
			return struct {
				report.When
				Asks []report.TestAsk `json:"asks"`
			}{s.when(l), n.rows}
		}),
	}
	return p, nil
}

func (n *askList) form() *filterForm {
	q := n.l.other
	f := &filterForm{Summary: "Filter conditions and recommendations", Action: escaped(n.l.path), Title: filterText{"filter-title", fieldTitle, "Words in it", q.Get(fieldTitle)}}
	boxes := func(label, name string, offered ...option) {
		g := filterGroup{Label: label, Select: &filterSelect{"filter-" + name, name, label, nil}}
		for _, o := range append([]option{{"", "All", false}}, offered...) {
			o.Selected = o.Value == q.Get(name)
			g.Select.Options = append(g.Select.Options, o)
		}
		f.Groups = append(f.Groups, g)
	}
	boxes("What", fieldAsk, option{"condition", "Conditions", false}, option{"recommendation", "Recommendations", false})
	var stands, tests []option
	for _, x := range report.Stands {
		stands = append(stands, option{string(x.Stand), x.Words, false})
	}
	boxes("Where it stands", fieldState, stands...)
	for i := range n.all {
		if o := (option{string(n.all[i].Test.Record.ID), n.all[i].Test.Text, false}); !slices.Contains(tests, o) {
			tests = append(tests, o)
		}
	}
	boxes("Test", fieldTest, tests...)
	boxes("Late", fieldLate, option{"yes", "Late only", false})
	f.Hidden = append(newSearchForm(n.l, "").Hidden, n.l.hidden(fieldTitle, fieldAsk, fieldState, fieldTest, fieldLate, fieldPage)...)
	return f
}

var askColumns = []struct{ by, heading string }{{"", "Condition or recommendation"}, {byTest, "Test"}, {"", "Owner, or what it applies to"}, {byDue, "Due"}, {byStand, "Where it stands"}, {"", "Response, or what the record shows"}, {"", "Actions"}}

func (n *askList) table(rows []report.TestAsk) *sortable {
	t := &sortable{Caption: "Conditions and recommendations on " + n.l.View.On().Words()}
	for _, c := range askColumns {
		t.Columns = append(t.Columns, n.column(c.by, c.heading))
	}
	for i := range rows {
		a := &rows[i]
		r := row{Head: cell{askColumns[0].heading, []link{{askCalled(a), n.address(a)}}}}
		for j, lines := range [][]link{{{a.Test.Text, n.l.record(a.Test.Record)}}, n.named(a.Owner), text(capital(a.By)), text(a.Words()), text(unlike(a.Answer, a.Words())), texts(a.Acts)} {
			r.Cells = append(r.Cells, cell{askColumns[j+1].heading, lines})
		}
		t.Rows = append(t.Rows, r)
	}
	const test = 1 // the column
	for i := len(t.Columns) - 1; i > 0; i-- {
		if i == test && n.test() != nil || !slices.ContainsFunc(t.Rows, func(r row) bool { return len(r.Cells[i-1].Lines) > 0 }) {
			t.Columns = slices.Delete(t.Columns, i, i+1)
			for j := range t.Rows {
				t.Rows[j].Cells = slices.Delete(t.Rows[j].Cells, i-1, i)
			}
		}
	}
	return t
}

// unlike is a text, or nothing where it says what another says already.
func unlike(s, other string) string {
	if s == other {
		return ""
	}
	return s
}

// test gives the test of all that was asked for, or nil where there are several.
func (n *askList) test() *report.Named {
	of := n.all[0].Test
	if slices.ContainsFunc(n.all, func(x report.TestAsk) bool { return x.Test != of }) {
		return nil
	}
	return &of
}

// askCalled names what was asked for: "Recommendation 2: Make a plan".
func askCalled(a *report.TestAsk) string {
	if a.What == "recommendation" {
		return strings.TrimSpace("Recommendation "+a.Number) + ": " + a.Ask.Text
	}
	return "Condition: " + a.Ask.Text
}

// address leads to the page of what was asked for, among those of its test.
func (n *askList) address(a *report.TestAsk) string {
	part := partConditions
	if a.What == "recommendation" {
		part = partRecommendations
	}
	return n.l.to(n.s.addresses.of(a.Test.Record) + "/" + part + "/" + string(a.Ask.Record.ID))
}

func (n *askList) named(all []report.Named) (out []link) {
	for _, x := range all {
		one := link{Text: x.Text}
		if x.Record.ID != "" {
			one.URL = n.l.record(x.Record)
		}
		out = append(out, one)
	}
	return out
}

// sheet is the list as a spreadsheet: all that match.
func (n *askList) sheet() exchange.Table {
	t := exchange.Table{Name: "Conditions and recommendations"}
	for _, c := range []string{"What", "Number", "Text", "Test", "Owner, or what it applies to", "Due", "Where it stands", "Late", "Response, or what the record shows", "Actions"} {
		t.Columns = append(t.Columns, exchange.Column{Name: c})
	}
	t.Columns[5].Type = kind.Date
	for i := range n.rows {
		a := &n.rows[i]
		cell := func(s string) exchange.Cell { return exchange.Cell{Text: s} }
		due := exchange.Cell{Text: a.Due.String(), Type: kind.Date}
		if a.Due.IsZero() {
			due = exchange.Cell{}
		}
		late := "No"
		if a.Late {
			late = "Yes"
		}
		t.Rows = append(t.Rows, []exchange.Cell{cell(capital(a.What)), cell(a.Number), cell(a.Ask.Text), cell(a.Test.Text), cell(plain(n.named(a.Owner))), due, cell(a.Stand.Words()), cell(late), cell(a.Answer), cell(strings.Join(a.Acts, "; "))})
	}
	return t
}
