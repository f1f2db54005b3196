package govuk

import "html/template"

// Table shows what has rows and columns.
type Table struct {
	Rows              [][]TableCell `json:"rows"` // nil rows are left out
	Head              []TableCell   `json:"head"`
	Caption           string        `json:"caption"`
	CaptionClasses    string        `json:"captionClasses"`
	FirstCellIsHeader bool          `json:"firstCellIsHeader"`
	Classes           string        `json:"classes"`
	Attributes        Attributes    `json:"attributes"`
}

// TableCell is a cell of a row or of the head.
type TableCell struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Format     string        `json:"format"` // "numeric" or nothing
	Colspan    int           `json:"colspan"`
	Rowspan    int           `json:"rowspan"`
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes Table a Component.
func (c Table) Render() template.HTML { return render(c) }

func (c Table) write(w *writer) {
	w.start("table", "govuk-table", c.Classes)
	w.attributes(c.Attributes)
	if c.Caption != "" {
		w.element("caption", spaced("govuk-table__caption", c.CaptionClasses), c.Caption, "")
	}
	if len(c.Head) > 0 {
		w.start("thead", "govuk-table__head")
		w.start("tr", "govuk-table__row")
		for _, cell := range c.Head {
			w.start("th", "govuk-table__header", named("govuk-table__header--", cell.Format), cell.Classes)
			w.attr("scope", "col")
			cell.rest(w, "th")
		}
		w.end("tr")
		w.end("thead")
	}
	w.start("tbody", "govuk-table__body")
	for _, row := range c.Rows {
		if row != nil {
			c.row(w, row)
		}
	}
	w.end("tbody")
	w.end("table")
}

func (c Table) row(w *writer, row []TableCell) {
	w.start("tr", "govuk-table__row")
	for i, cell := range row {
		if i == 0 && c.FirstCellIsHeader {
			w.start("th", "govuk-table__header", cell.Classes)
			w.attr("scope", "row")
			cell.rest(w, "th")
		} else {
			w.start("td", "govuk-table__cell", named("govuk-table__cell--", cell.Format), cell.Classes)
			cell.rest(w, "td")
		}
	}
	w.end("tr")
}

// rest writes what all cells have in common.
func (t TableCell) rest(w *writer, tag string) {
	w.number("colspan", t.Colspan)
	w.number("rowspan", t.Rowspan)
	w.attributes(t.Attributes)
	w.content(t.Text, t.HTML)
	w.end(tag)
}
