package web

import (
	"strconv"

	"plumbline/internal/report"
)

// table is a table as the parts know it. On a narrow screen a row becomes a block in which every cell bears the name of its
// column, so each cell knows it.
type table struct {
	Class   string
	Caption string
	Head    []string
	Rows    []row
}

// row is a row; Head names it.
type row struct {
	Head  cell
	Cells []cell
}

// cell is a cell, a line for each item.
type cell struct {
	Column string
	Lines  []link
}

func newTable(caption string, head ...string) *table { return &table{Caption: caption, Head: head} }

func (t *table) add(cells ...[]link) {
	r := row{Head: cell{t.Head[0], cells[0]}}
	for i, c := range cells[1:] {
		r.Cells = append(r.Cells, cell{t.Head[i+1], c})
	}
	t.Rows = append(t.Rows, r)
}

// text is a cell without links.
func text(s string) []link {
	if s == "" {
		return nil
	}
	return []link{{Text: s}}
}

// texts is a cell with a line for each text.
func texts(lines []string) (out []link) {
	for _, x := range lines {
		out = append(out, link{Text: x})
	}
	return out
}

// orText is a cell, or, where it would be empty, what that means.
func orText(lines []link, otherwise string) []link {
	if len(lines) == 0 {
		return text(otherwise)
	}
	return lines
}

// tableOf shows a table of a report.
func tableOf(l *look, from report.Table) *table {
	t := newTable(from.Caption, from.Head...)
	for _, r := range from.Rows {
		cells := make([][]link, len(r))
		for i, c := range r {
			cells[i] = text(c.Text)
			if c.Record.ID != "" {
				cells[i] = []link{{c.Text, l.record(c.Record)}}
			}
		}
		t.add(cells...)
	}
	return t
}

// rowsPerPage is how many rows of a table a page shows.
const rowsPerPage = 100

// pager leads through the pages of a long table.
type pager struct {
	Text     string // "Page 2 of 5"
	Previous *link
	Next     *link
}

// paged cuts out the rows of one page. A page that is not there is the first.
func paged[T any](l *look, asked string, all []T) ([]T, *pager) {
	pages := (len(all) + rowsPerPage - 1) / rowsPerPage
	if pages < 2 {
		return all, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 || n > pages {
		n = 1
	}
	at := func(n int, text string) *link { return &link{text, l.with("page", strconv.Itoa(n))} }
	p := &pager{Text: "Page " + strconv.Itoa(n) + " of " + strconv.Itoa(pages)}
	if n > 1 {
		p.Previous = at(n-1, "Previous page")
	}
	if n < pages {
		p.Next = at(n+1, "Next page")
	}
	return all[(n-1)*rowsPerPage : min(n*rowsPerPage, len(all))], p
}
