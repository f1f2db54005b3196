package web

import (
	"slices"
	"strconv"

	"plumbline/internal/report"
)

// table is a table as the parts know it. On a narrow screen a row becomes a block in which every cell bears the name of its
// column, so each cell knows it.
type table struct {
	Class   string
	Caption string
	Head    []string
	Told    bool // the heading above it says what its caption does
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

// filled is the table without the columns in which no row has anything.
func (t *table) filled() *table {
	for i := len(t.Head) - 1; i > 0; i-- {
		if slices.ContainsFunc(t.Rows, func(r row) bool { return len(r.Cells[i-1].Lines) > 0 }) {
			continue
		}
		t.Head = slices.Delete(t.Head, i, i+1)
		for j := range t.Rows {
			t.Rows[j].Cells = slices.Delete(t.Rows[j].Cells, i-1, i)
		}
	}
	return t
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
	Items    []pagerItem

	number, pages int
}

// pagerItem is a page by its number, or the dots that stand for those left out.
type pagerItem struct {
	link
	Label   string // "Page 2"
	Current bool
	Gap     bool
}

// paged cuts out the rows of one page. A page that is not there is the first.
func paged[T any](l *look, asked string, all []T) ([]T, *pager) {
	return pagedBy(rowsPerPage, l, asked, all)
}

func pagedBy[T any](size int, l *look, asked string, all []T) ([]T, *pager) {
	pages := (len(all) + size - 1) / size
	if pages < 2 {
		return all, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 || n > pages {
		n = 1
	}
	at := func(n int, text string) *link { return &link{text, l.with(fieldPage, strconv.Itoa(n))} }
	p := &pager{Text: "Page " + strconv.Itoa(n) + " of " + strconv.Itoa(pages), number: n, pages: pages}
	if n > 1 {
		p.Previous = at(n-1, "Previous page")
	}
	if n < pages {
		p.Next = at(n+1, "Next page")
	}
	last := 0
	for i := 1; i <= pages; i++ {
		if i != 1 && i != pages && (i < n-1 || i > n+1) {
			continue
		}
		if i > last+1 {
			p.Items = append(p.Items, pagerItem{Gap: true})
		}
		p.Items = append(p.Items, pagerItem{link: *at(i, strconv.Itoa(i)), Label: "Page " + strconv.Itoa(i), Current: i == n})
		last = i
	}
	return all[(n-1)*size : min(n*size, len(all))], p
}

// state says in the title of the window which page it is. Without a pager there is but one.
func (p *pager) state() []string {
	if p == nil {
		return nil
	}
	return []string{"page " + strconv.Itoa(p.number) + " of " + strconv.Itoa(p.pages)}
}
