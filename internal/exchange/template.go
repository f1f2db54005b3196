package exchange

import (
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// FirstHour are the kinds with which a council begins.
var FirstHour = []fact.KindName{graph.Unit, graph.Post, graph.Person, graph.Appointment, graph.Designation, graph.Function}

// What is said in every template of how cells are written.
const (
	aboutDates    = "Dates: 1 October 2003, 01/10/2003 or 2003-10-01. Where the day is not known: October 2003, autumn 2003, 2003, by April 2005, between 1 April 2005 and 14 April 2015, or tba for a date to be agreed."
	aboutNames    = "Where a cell names another record, write what that record is called, in this file or in the record, or its id where two are called the same."
	aboutLists    = "Where a cell takes several values, put a semicolon between them. Put a value that has a semicolon in it between quotation marks."
	aboutFormulas = "Formulas are read as the values that they show."
)

// Template gives a workbook to fill in and to hand to Import: a sheet a kind, a column a field under the label that people know it by. It
// holds what is there on the day of the view, so that a record can be taken out, edited and put back. Each of its tables is, as CSV, a template of that kind alone.
func Template(v *graph.View, pack *rule.Pack, kinds ...fact.KindName) Workbook {
	w := Workbook{About: []string{
		report.DatesOf(v),
		"Write one row for each record. Columns that you do not need may be left out or moved; keep the headings.",
		"When you upload the file you say from which day it is so. Nothing is recorded before you have seen what would change.",
		"An empty cell leaves what is recorded as it is. A single dash (-) says that the value is no longer so.",
		"Id is the lasting name of a record. Leave it as it is for a record that is there already, and empty for a new one.",
		"From and Until are the first and the last day. Leave From as it is: what you change holds from the day that you give when you upload. Write another day there if a row holds from that day instead. A day in Until ends the record.",
		aboutDates,
		aboutNames,
		aboutLists,
		"A person who is named in Appointments and stands nowhere in People is added.",
		aboutFormulas,
	}}
	t := template{v: v, pack: pack, names: newNames(v)}
	var titles []string
	for _, name := range kinds {
		if k := v.Kinds().Kind(name); k != nil {
			w.Tables = append(w.Tables, t.table(k, kinds))
			titles = append(titles, kind.Lower(k.Plural))
		}
	}
	w.Title = report.Capital(report.And(titles))
	return w
}

type template struct {
	v     *graph.View
	pack  *rule.Pack
	names *names
}

func (t *template) table(k *kind.Kind, with []fact.KindName) Table {
	out := Table{Name: k.Plural, Columns: []Column{
		{Name: "Id", Hint: "Leave it as it is for " + k.One() + " that is there already, and empty for a new one."},
	}, Notes: []string{k.About}}
	for _, f := range k.Fields {
		c := Column{Name: f.Label, Type: cellType(f), Hint: hint(f), Strict: !f.Open && !f.Many && f.Type != kind.Reference}
		switch f.Type {
		case kind.YesNo:
			c.Choices = []string{"yes", "no"}
		case kind.Choice:
			c.Choices = choices(t.pack, t.v.Kinds(), f)
		case kind.Reference:
			c.Choices, c.Of = t.offered(f, with)
		}
		if c.Hint != "" {
			out.Notes = append(out.Notes, f.Label+": "+c.Hint)
		}
		out.Columns = append(out.Columns, c)
	}
	out.Columns = append(out.Columns, Column{Name: "From", Type: kind.Date, Hint: "The first day. Leave it as it is, or empty for the day that you give when you upload."}, Column{Name: "Until", Type: kind.Date, Hint: "The last day. Leave it empty while no end is known."})
	for _, r := range rows(t.v, k, t.v.All(k.Name), t.call) {
		out.Rows = append(out.Rows, slices.Concat(r[:1], r[3:], r[1:3]))
	}
	return out
}

// hint says what to write in a column.
func hint(f *kind.Field) string {
	var more []string
	if f.Required {
		more = append(more, "Needed for a new record.")
	}
	if f.Hint != "" {
		more = append(more, f.Hint)
	}
	if f.Many {
		more = append(more, "Several may be given, with semicolons between them.")
	}
	return strings.Join(more, " ")
}

// choices are the words of a choice as people read them; codes that share a name are given as they are.
func choices(pack *rule.Pack, kinds *kind.Set, f *kind.Field) []string {
	values := slices.Concat(f.Choices, kinds.Codes(f.Codes))
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = say(pack, values, f, v)
	}
	return out
}

// say writes a choice as people read it, or as it is where another reads the same.
func say(pack *rule.Pack, values []string, f *kind.Field, v string) string {
	said := report.Capital(report.Say(pack, f, v))
	for _, w := range values {
		if w != v && (folded(report.Say(pack, f, w)) == folded(said) || folded(w) == folded(said)) {
			return v
		}
	}
	return said
}

// offered gives what a reference may name: the column of another sheet where that sheet is in the workbook, else what the record holds.
func (t *template) offered(f *kind.Field, with []fact.KindName) (choices []string, of Of) {
	if len(f.To) != 1 || f.To[0] == kind.Any {
		return nil, Of{}
	}
	k := t.v.Kinds().Kind(f.To[0])
	if title := kind.TitleFields(k.Title); slices.Contains(with, k.Name) && k.Title == "{"+title[0]+"}" {
		return nil, Of{k.Plural, k.Field(title[0]).Label}
	}
	const most = 2_000
	for _, r := range t.v.All(k.Name) {
		if len(choices) < most {
			choices = append(choices, t.call(f, string(r.Key().ID)))
		}
	}
	return choices, Of{}
}

// call writes a choice or the record that a reference means as people know it.
func (t *template) call(f *kind.Field, value string) string {
	if f.Type == kind.Choice {
		return say(t.pack, slices.Concat(f.Choices, t.v.Kinds().Codes(f.Codes)), f, value)
	}
	k := fact.Key{Kind: f.To[0], ID: fact.ID(value)}
	if f.Mixed() {
		var err error
		if k, err = fact.ParseKey(value); err != nil {
			return value // a code
		}
	}
	if title := t.names.title(k); title != "" && t.names.only(f, title) {
		return title
	}
	return value
}

// names finds records by what they are called on the day of a view.
type names struct {
	v      *graph.View
	titles map[fact.Key]string
	keys   map[fact.KindName]map[string][]fact.Key // by folded title
}

func newNames(v *graph.View) *names {
	return &names{v: v, titles: map[fact.Key]string{}, keys: map[fact.KindName]map[string][]fact.Key{}}
}

// of gives the records of a kind by their folded titles.
func (n *names) of(name fact.KindName) map[string][]fact.Key {
	m, ok := n.keys[name]
	if !ok {
		m = map[string][]fact.Key{}
		for _, r := range n.v.All(name) {
			title := r.Title()
			n.titles[r.Key()] = title
			m[folded(title)] = append(m[folded(title)], r.Key())
		}
		n.keys[name] = m
	}
	return m
}

// title gives the title of a record that is there on the day.
func (n *names) title(k fact.Key) string {
	n.of(k.Kind)
	return n.titles[k]
}

// only reports whether nothing else that a field may refer to is called so, or has that for its id.
func (n *names) only(f *kind.Field, title string) bool {
	if folded(title) == "" || slices.Contains(f.To, kind.Any) || strings.Contains(title, "/") || title == cleared {
		return false
	}
	found := 0
	for _, to := range f.To {
		found += len(n.of(to)[folded(title)])
		if len(n.v.History(fact.Key{Kind: to, ID: fact.ID(title)})) > 0 {
			return false
		}
	}
	return found == 1 && !slices.Contains(n.v.Kinds().Codes(f.Codes), title)
}

// folded writes what two people may write differently in one way: without case, spaces and marks, & as and.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.ReplaceAll(s, "&", "and"))
}
