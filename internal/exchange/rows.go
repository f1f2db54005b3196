package exchange

import (
	"encoding/json"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// What stands in a cell whose value cannot be told. Import leaves the field as it is.
const (
	notCertain = "(not certain on this day)"
	erased     = "(erased)"
	withheld   = "(you may not see this)"
)

// The columns that stand before the fields.
const (
	idColumn    = "id"
	fromColumn  = "from"
	untilColumn = "until"
)

// Rows lists the records of a kind that are or may be there on the day of a view, a column a field under its name in the manifest, so that
// the file can be read back.
func Rows(v *graph.View, k *kind.Kind) Table { return RowsOf(v, k, v.All(k.Name)) }

// RowsOf lists some records of a kind, in their order, as Rows does. They may be of other days than that of the view.
func RowsOf(v *graph.View, k *kind.Kind, records []*graph.Record) Table {
	t := Table{Name: k.Plural, Columns: []Column{{Name: idColumn}, {Name: fromColumn, Type: kind.Date}, {Name: untilColumn, Type: kind.Date}}}
	for _, f := range k.Fields {
		t.Columns = append(t.Columns, Column{Name: f.Name, Type: cellType(f)})
	}
	t.Rows = rows(v, k, records, func(_ *kind.Field, ref string) string { return ref })
	return t
}

// rows writes records of a kind, references and choices as call says. From and until are the days on which a record is there, whatever changes
// of it between them.
func rows(v *graph.View, k *kind.Kind, records []*graph.Record, call func(f *kind.Field, ref string) string) [][]Cell {
	out := make([][]Cell, 0, len(records))
	for _, r := range records {
		span := lifeOf(v, r)
		row := append(make([]Cell, 0, len(k.Fields)+3), Cell{Text: string(r.Key().ID)}, dateCell(span.From), dateCell(span.Until))
		for _, f := range k.Fields {
			row = append(row, valueCell(r, f, call))
		}
		out = append(out, row)
	}
	return out
}

func dateCell(d fact.Date) Cell { return Cell{Text: d.String(), Type: kind.Date} }

// cellType is the type of the cells of a field: a list is a text.
func cellType(f *kind.Field) kind.Type {
	if f.Many {
		return kind.Text
	}
	return f.Type
}

func valueCell(r *graph.Record, f *kind.Field, call func(f *kind.Field, ref string) string) Cell {
	j, state := r.JSON(f.Name)
	switch state {
	case graph.Known:
		return Cell{Text: written(f, j, call), Type: cellType(f)}
	case graph.Uncertain:
		return Cell{Text: notCertain}
	case graph.Erased:
		return Cell{Text: erased}
	case graph.Withheld:
		return Cell{Text: withheld}
	}
	return Cell{}
}

// written writes canonical JSON as a cell has it.
func written(f *kind.Field, j string, call func(f *kind.Field, ref string) string) string {
	one := func(s string) string {
		switch f.Type {
		case kind.Reference, kind.Choice:
			return call(f, s)
		case kind.YesNo:
			return yesNo(s == "true")
		}
		return s
	}
	if !f.Many {
		return one(plain(j))
	}
	items := plains(j)
	for i := range items {
		items[i] = one(items[i])
	}
	return joined(items)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// plain gives the text of canonical JSON: of a string its content, of anything else its letters.
func plain(j string) string {
	var s string
	if json.Unmarshal([]byte(j), &s) != nil {
		return j
	}
	return s
}

func plains(j string) []string {
	var items []json.RawMessage
	if json.Unmarshal([]byte(j), &items) != nil {
		return nil // the ledger holds lists where the kind has lists
	}
	out := make([]string, len(items))
	for i := range items {
		out[i] = plain(string(items[i]))
	}
	return slices.Clip(out)
}
