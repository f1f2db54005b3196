package exchange

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Add reads a file of new records of one kind, and says what is to be recorded, or what is wrong with it, as Import does. Each row is a record of its own, whatever it is called and whatever is recorded already; id names that of a row of a sheet,
// the same whenever it is asked, so that what was recorded from a file is known again and not recorded twice. A file of more than most rows is refused before anything is made of them. Only columns that hold fields of k are read, which may be fewer than its kind has: see kind.Kind.Narrowed. A sheet without any is left out.
func Add(name string, b []byte, v *graph.View, pack *rule.Pack, k *kind.Kind, most int, id func(sheet string, row int) fact.ID) *Plan {
	im := &importer{v: v, pack: pack, kinds: v.Kinds(), Choices: Choices{From: fact.ExactDate(v.On())}, day: v.On(), most: most, id: id}
	m := matcher{kinds: v.Kinds()}
	p := imported(name, b, im, func(s sheet) Sheet {
		out := m.as(s, k)
		for i := range out.Columns {
			if k.Field(out.Columns[i].Field) == nil {
				out.Columns[i].Field = ""
			}
		}
		if !slices.ContainsFunc(out.Columns, func(c Match) bool { return c.Field != "" }) {
			return m.as(s, nil)
		}
		return out
	})
	if p.Layer == WrongColumns && !slices.ContainsFunc(p.Sheets, func(s Sheet) bool { return s.Kind != nil }) {
		p.Problems[0].Do = "Use the headings of the template"
	}
	whole := v.Kinds().Kind(k.Name)
	for i := range p.Docs {
		d := &p.Docs[i]
		d.Kind = whole
		for j := range d.Values {
			d.Values[j].Field = whole.Field(d.Values[j].Field.Name)
		}
	}
	return p
}

// AddTemplate gives a workbook to fill in and to hand to Add: a row for each new record of a kind.
func AddTemplate(v *graph.View, pack *rule.Pack, k *kind.Kind) Workbook {
	t := template{v: v, pack: pack, names: newNames(v)}
	table := t.table(k, nil)
	table.Columns, table.Rows = table.Columns[1:len(table.Columns)-2], nil
	return Workbook{Title: k.Plural, Tables: []Table{table}, About: []string{
		"Write one row for each new record. Columns that you do not need may be left out or moved; keep the headings.",
		"Nothing is recorded before you have seen what would be.",
		aboutDates, aboutNames, aboutLists, aboutFormulas,
	}}
}
