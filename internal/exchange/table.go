package exchange

import (
	"strings"

	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Table is rows of values under one row of headings, for spreadsheets and programs.
type Table struct {
	Name    string // of the sheet: "Posts"
	Columns []Column
	Rows    [][]Cell // each as long as Columns
	Notes   []string // what whoever reads the table has to know
}

// Column is the heading of a column and what stands under it.
type Column struct {
	Name    string
	Type    kind.Type // of its cells; empty is text
	Hint    string    // what to write in it
	Choices []string  // offered in a list by whoever fills it in
	Of      Of        // or the column of another table that offers them
	Strict  bool      // other words are warned of
}

// Of names a column of another table of the same workbook.
type Of struct{ Table, Column string }

// Cell is one value: its text as a manifest writes it (2003-10-01, 4000000, yes), and of what type it is, so that a spreadsheet holds a
// real date or number. The zero Cell is empty.
type Cell struct {
	Text string
	Type kind.Type // Number, Money, Percent and Date; anything else is text

	read bool // as it was read: a dash in it clears the field
}

// dash reports whether the cell is text that would clear a field when it is read, or would if an apostrophe did not stand before it.
func (c Cell) dash() bool { return strings.Trim(c.Text, "'") == cleared }

// TableOf gives a table of a report as texts.
func TableOf(t report.Table) Table {
	out := Table{Name: t.Caption, Columns: make([]Column, len(t.Head)), Rows: make([][]Cell, len(t.Rows))}
	for i, h := range t.Head {
		out.Columns[i].Name = h
	}
	for i, r := range t.Rows {
		out.Rows[i] = make([]Cell, len(r))
		for j, c := range r {
			out.Rows[i][j].Text = c.Text
		}
	}
	return out
}

// number reports whether the cell holds a plain decimal number.
func (c Cell) number() bool {
	switch c.Type {
	case kind.Number, kind.Money, kind.Percent:
		digits := strings.TrimPrefix(c.Text, "-")
		whole, rest, point := strings.Cut(digits, ".")
		return isDigits(whole) && (!point || isDigits(rest))
	}
	return false
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// joined writes a list as one cell: a; b; "c; d".
func joined(items []string) string {
	out := make([]string, len(items))
	for i, s := range items {
		if s == "" || strings.ContainsAny(s, ";\"\n") || strings.TrimSpace(s) != s {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		out[i] = s
	}
	return strings.Join(out, "; ")
}

// cleared, alone in a cell, says that the field has no value any more. An empty cell says nothing.
const cleared = "-"
