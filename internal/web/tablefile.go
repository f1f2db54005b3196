package web

import (
	"cmp"
	"io"
	"slices"

	"plumbline/internal/exchange"
	"plumbline/internal/report"
)

// csvOf gives the tables of a page as one spreadsheet. Its first column names the table, and the columns of all tables follow, those of one
// name as one.
func csvOf(tables ...*table) file {
	return file{"csv", "Spreadsheet (CSV)", mimeCSV, func(w io.Writer) error { return exchange.CSV(w, joinedTables(tables)) }}
}

// wordOf gives a report as a Word document.
func (s *Site) wordOf(l *look, what func() report.Document) file {
	return file{"docx", "Word", mimeDOCX, func(w io.Writer) error {
		d := what()
		d.Council = cmp.Or(d.Council, s.council(l))
		return exchange.DOCX(w, d)
	}}
}

func joinedTables(tables []*table) exchange.Table {
	names := []string{"Table"}
	for _, t := range tables {
		for _, h := range t.Head {
			if !slices.Contains(names[1:], h) {
				names = append(names, h)
			}
		}
	}
	var out exchange.Table
	for _, n := range names {
		out.Columns = append(out.Columns, exchange.Column{Name: n})
	}
	for _, t := range tables {
		for _, r := range t.Rows {
			cells := make([]exchange.Cell, len(names))
			cells[0].Text = t.Caption
			for _, c := range append([]cell{r.Head}, r.Cells...) {
				cells[1+slices.Index(names[1:], c.Column)].Text = plain(c.Lines)
			}
			out.Rows = append(out.Rows, cells)
		}
	}
	return out
}

// filled are those tables that have rows.
func filled(tables ...*table) []*table {
	return slices.DeleteFunc(tables, func(t *table) bool { return t == nil || len(t.Rows) == 0 })
}

// factsTable shows facts as rows.
func factsTable(all []fieldLine) *table {
	t := newTable("Facts", "What", "Is")
	for _, f := range all {
		t.add(text(f.Label), f.Lines)
	}
	return t
}

// sheetTables gives all that the sections of a page say, as tables under the headings of the sections.
func sheetTables(parts []sheetPart) (out []*table) {
	for _, p := range parts {
		notes := newTable(p.Heading, "Note")
		if p.Warning != "" {
			notes.add(slices.Concat(text(p.Warning), p.Lead))
		} else if len(p.Lead) > 0 {
			notes.add(p.Lead)
		}
		out = append(out, notes)
		for _, side := range p.Sides {
			t := newTable(side.Heading, "Item", "Note")
			for _, x := range side.Items {
				t.add([]link{x.Item}, slices.Concat(x.Notes...))
			}
			out = append(out, t)
		}
		tables := []*table{p.Table}
		if p.Bars != nil {
			tables = append(tables, p.Bars.table())
		}
		for _, t := range filled(tables...) {
			headed := *t
			headed.Caption = cmp.Or(p.Heading, t.Caption)
			out = append(out, &headed)
		}
	}
	return filled(out...)
}

// table shows the same as a table of words.
func (t *barTable) table() *table {
	out := newTable(t.Caption, append(slices.Clone(t.Head), "By", "Note")...)
	for _, lane := range t.Lanes {
		for _, r := range lane.Rows {
			cells := [][]link{r.Head}
			for _, c := range r.Cells {
				cells = append(cells, text(c.Text))
			}
			out.add(append(cells, r.By, text(r.Note))...)
		}
	}
	return out
}
