package exchange

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Workbook is a spreadsheet file: a sheet that says what it is, and a sheet a table.
type Workbook struct {
	Title  string
	About  []string // as at which day, as known when, with which filters: a paragraph each
	Tables []Table
}

const (
	aboutSheet = "Read me"
	listsSheet = "Lists"
	longest    = 32_767 // of a text in a cell, in UTF-16 units
	maxFilled  = 20_000 // rows to which lists of choices are offered
)

// XLSX writes a workbook: headings frozen, filtered and repeated on every printed page, dates and numbers as such. The same workbook gives
// the same bytes. A text that is longer than a cell may be is left out, and the first sheet says so.
func XLSX(w io.Writer, b Workbook) error {
	x := &xlsxWriter{f: excelize.NewFile(), names: map[string]bool{}}
	defer x.f.Close()
	x.do(x.f.SetSheetName("Sheet1", aboutSheet))
	x.do(x.f.SetDocProps(&excelize.DocProperties{Title: b.Title, Creator: "Plumbline", Created: epoch, Modified: epoch}))
	x.styles()
	x.sheets = map[string]string{}
	for _, t := range b.Tables {
		x.table(t)
	}
	for _, t := range b.Tables {
		x.offers(t, b.Tables)
	}
	x.about(b)
	x.hideLists()
	if x.err == nil {
		_, x.err = x.f.WriteTo(w)
	}
	if x.err != nil {
		return fmt.Errorf("write spreadsheet: %w", x.err)
	}
	return nil
}

// epoch stands where the format wants a moment: the sheet says as at when it is, and no clock is asked.
const epoch = "2000-01-01T00:00:00Z"

type xlsxWriter struct {
	f      *excelize.File
	err    error
	names  map[string]bool   // of the sheets, in small letters
	sheets map[string]string // by the name of their table
	left   []string          // what did not fit

	bold, head, wrap, text, date, money, pence int // styles
	lists                                      int // columns of the sheet of lists
}

func (x *xlsxWriter) do(err error) {
	if x.err == nil {
		x.err = err
	}
}

func (x *xlsxWriter) style(s excelize.Style) int {
	id, err := x.f.NewStyle(&s)
	x.do(err)
	return id
}

func (x *xlsxWriter) styles() {
	top := &excelize.Alignment{Vertical: "top"}
	folded := &excelize.Alignment{Vertical: "top", WrapText: true}
	day, pounds, pence := "d mmmm yyyy", "#,##0", "#,##0.00"
	x.bold = x.style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	x.head = x.style(excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: folded, Border: []excelize.Border{{Type: "bottom", Style: 2, Color: "000000"}}})
	x.wrap = x.style(excelize.Style{Alignment: folded})
	x.text = x.style(excelize.Style{Alignment: folded, NumFmt: 49}) // a text stays one: 007 is no number and 3-4 no date
	x.date = x.style(excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}, CustomNumFmt: &day})
	x.money = x.style(excelize.Style{Alignment: top, CustomNumFmt: &pounds})
	x.pence = x.style(excelize.Style{Alignment: top, CustomNumFmt: &pence})
}

func (x *xlsxWriter) about(b Workbook) {
	lines := slices.Clone(b.About)
	for _, t := range b.Tables {
		for _, n := range t.Notes {
			lines = append(lines, t.Name+": "+n)
		}
	}
	if len(x.left) > 0 {
		lines = append(lines, "These hold more text than a cell takes and are left empty: "+strings.Join(x.left, "; ")+".")
	}
	x.do(x.f.SetColWidth(aboutSheet, "A", "A", 100))
	x.do(x.f.SetCellStr(aboutSheet, "A1", b.Title))
	for i, l := range lines {
		x.do(x.f.SetCellStr(aboutSheet, cellName(1, i+3), l))
		x.height(aboutSheet, i+3, folds(l, 100))
	}
	x.do(x.f.SetCellStyle(aboutSheet, "A1", "A1", x.bold))
	x.do(x.f.SetCellStyle(aboutSheet, "A2", cellName(1, len(lines)+2), x.wrap))
	x.page(aboutSheet)
}

// sheet gives a table a name that a sheet may have and no other sheet has.
func (x *xlsxWriter) sheet(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, name), " '")
	if name == "" {
		name = "Table"
	}
	for n := 1; ; n++ {
		end := ""
		if n > 1 {
			end = fmt.Sprintf(" (%d)", n)
		}
		short := []rune(name)
		try := string(short[:min(len(short), excelize.MaxSheetNameLength-len(end))]) + end
		low := strings.ToLower(try)
		if !x.names[low] && !strings.EqualFold(try, aboutSheet) && !strings.EqualFold(try, listsSheet) {
			x.names[low] = true
			return try
		}
	}
}

func (x *xlsxWriter) table(t Table) {
	sheet := x.sheet(t.Name)
	x.sheets[t.Name] = sheet
	_, err := x.f.NewSheet(sheet)
	x.do(err)
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		col := colName(i + 1)
		style := x.text
		switch c.Type {
		case kind.Date:
			style = x.date
		case kind.Money:
			style = x.money
		case kind.Number, kind.Percent:
			style = x.wrap
		}
		x.do(x.f.SetColStyle(sheet, col, style))
		widths[i] = width(c.Name) + 3 // room for the arrow of the filter
	}
	for n, row := range t.Rows {
		for i, c := range row {
			if c.Text == "" || x.err != nil {
				continue
			}
			x.cell(sheet, cellName(i+1, n+2), c, t, n, i)
			widths[i] = max(widths[i], width(c.Text))
		}
	}
	for i, c := range t.Columns {
		x.do(x.f.SetCellStr(sheet, cellName(i+1, 1), c.Name))
		if c.Type == kind.Date {
			widths[i] = max(widths[i], len("30 September 2003"))
		}
		x.do(x.f.SetColWidth(sheet, colName(i+1), colName(i+1), float64(min(max(widths[i], 8), 60)+2)))
		x.hint(sheet, i, c)
	}
	for n, row := range t.Rows {
		most := 1
		for i, c := range row {
			most = max(most, folds(c.Text, min(max(widths[i], 8), 60)))
		}
		x.height(sheet, n+2, most)
	}
	if len(t.Columns) == 0 || x.err != nil {
		return
	}
	last := colName(len(t.Columns))
	x.do(x.f.SetCellStyle(sheet, "A1", last+"1", x.head))
	x.do(x.f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft", Selection: []excelize.Selection{{SQRef: "A2", ActiveCell: "A2", Pane: "bottomLeft"}}}))
	x.do(x.f.AutoFilter(sheet, fmt.Sprintf("A1:%s%d", last, len(t.Rows)+1), nil))
	x.do(x.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: quotedSheet(sheet) + "!$1:$1", Scope: sheet}))
	x.page(sheet)
}

// height makes room for so many lines in a row. Not every program does so by itself.
func (x *xlsxWriter) height(sheet string, row, lines int) {
	if lines > 1 {
		x.do(x.f.SetRowHeight(sheet, row, float64(15*min(lines, 25))))
	}
}

// folds is how many lines a text takes in a column of a width.
func folds(s string, columns int) (n int) {
	for l := range strings.Lines(s) {
		n += 1 + (utf8.RuneCountInString(l)-1)/columns
	}
	return n
}

// page sets a sheet up for paper.
func (x *xlsxWriter) page(sheet string) {
	a4, landscape, wide, high, fit := 9, "landscape", 1, 0, true
	x.do(x.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	x.do(x.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}))
	x.do(x.f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&L&A&RPage &P of &N"}))
}

func (x *xlsxWriter) cell(sheet, at string, c Cell, t Table, row, column int) {
	if c.number() {
		if n, err := strconv.ParseFloat(c.Text, 64); err == nil && strconv.FormatFloat(n, 'f', -1, 64) == c.Text {
			x.do(x.f.SetCellFloat(sheet, at, n, -1, 64))
			if c.Type == kind.Money && strings.Contains(c.Text, ".") {
				x.do(x.f.SetCellStyle(sheet, at, at, x.pence))
			}
			return
		}
	}
	if c.Type == kind.Date {
		if d, err := fact.ParseDay(c.Text); err == nil && d >= firstSerial {
			x.do(x.f.SetCellInt(sheet, at, int64(d-serialZero)))
			return
		}
	}
	s := c.Text
	if c.dash() && !c.read {
		s = "'" + s
	}
	if utf8.RuneCountInString(s) > longest/2 && len(utf16.Encode([]rune(s))) > longest {
		x.left = append(x.left, fmt.Sprintf("%s of %s (%s)", t.Columns[column].Name, t.Rows[row][0].Text, t.Name))
		return
	}
	x.do(x.f.SetCellStr(sheet, at, escape.ReplaceAllString(s, "_x005F_$1")))
}

// escape finds what a spreadsheet would read as one character written by its number: _x0041_ is A.
var escape = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// Days are counted in a spreadsheet from serialZero; before firstSerial the count is out by one, because 1900 is taken for a leap year.
var (
	serialZero  = fact.DayOf(1899, 12, 30)
	firstSerial = fact.DayOf(1900, 3, 1)
)

// hint says at the heading what to write.
func (x *xlsxWriter) hint(sheet string, column int, c Column) {
	if c.Hint != "" {
		x.do(x.f.AddComment(sheet, excelize.Comment{Cell: cellName(column+1, 1), Author: "Plumbline", Text: c.Hint, Width: 300, Height: uint(40 + 18*(len(c.Hint)/40+1))}))
	}
}

// offers gives the columns of a table their lists of choices.
func (x *xlsxWriter) offers(t Table, all []Table) {
	for i, c := range t.Columns {
		list := ""
		switch {
		case x.err != nil:
			return
		case len(c.Choices) > 0:
			list = x.list(c.Choices)
		default:
			for _, of := range all {
				at := slices.IndexFunc(of.Columns, func(o Column) bool { return o.Name == c.Of.Column })
				if of.Name == c.Of.Table && at >= 0 {
					list = fmt.Sprintf("%s!$%s$2:$%s$%d", quotedSheet(x.sheets[of.Name]), colName(at+1), colName(at+1), maxFilled)
				}
			}
		}
		if list == "" {
			continue
		}
		dv := excelize.NewDataValidation(true)
		dv.SetSqref(fmt.Sprintf("%s2:%s%d", colName(i+1), colName(i+1), maxFilled))
		dv.SetSqrefDropList(list)
		dv.ShowErrorMessage = false
		if c.Strict {
			dv.SetError(excelize.DataValidationErrorStyleWarning, c.Name, "Choose one from the list, or leave the cell empty.")
		}
		x.do(x.f.AddDataValidation(x.sheets[t.Name], dv))
	}
}

// list writes choices where a cell can offer them from, and gives that place.
func (x *xlsxWriter) list(choices []string) string {
	if x.lists == 0 {
		_, err := x.f.NewSheet(listsSheet)
		x.do(err)
	}
	x.lists++
	for i, choice := range choices {
		x.do(x.f.SetCellStr(listsSheet, cellName(x.lists, i+1), choice))
	}
	return fmt.Sprintf("%s!$%s$1:$%s$%d", listsSheet, colName(x.lists), colName(x.lists), len(choices))
}

func (x *xlsxWriter) hideLists() {
	if x.lists > 0 {
		x.do(x.f.SetSheetVisible(listsSheet, false))
	}
}

func quotedSheet(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// width is how many letters wide the longest line of a text is.
func width(s string) (n int) {
	for l := range strings.Lines(s) {
		n = max(n, utf8.RuneCountInString(l))
	}
	return n
}

// colName gives A for 1 and AA for 27.
func colName(n int) string {
	s := ""
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

func cellName(column, row int) string { return colName(column) + strconv.Itoa(row) }
