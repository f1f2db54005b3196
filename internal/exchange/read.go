package exchange

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"plumbline/internal/report"
)

// What is read of a file that was handed in.
const (
	MaxFile  = 10 << 20  // bytes
	MaxRows  = 50_000    // of a sheet, below its headings, that are not empty
	MaxCols  = 200       // of a sheet
	maxCells = 1_000_000 // of a file
)

// sheet is a table as it stands in a file: the rows that are not empty, each with the number that a spreadsheet shows beside it.
type sheet struct {
	name string
	rows []line
}

type line struct {
	number int
	cells  []entry // without the empty ones at the end
}

// entry is what stands in a cell.
type entry struct {
	text string
	is   shape
}

type shape uint8

const (
	isText   shape = iota
	isNumber       // plain decimal
	isDate         // 2003-10-01, or 2003-10 or 2003 where the cell shows no more
	isBroken       // an error, or a formula without its result
)

// at gives the cell of a column, from 0.
func (l line) at(column int) entry {
	if column < len(l.cells) {
		return l.cells[column]
	}
	return entry{}
}

// put sets the cell of a column, from 0.
func (l *line) put(column int, e entry) {
	for len(l.cells) <= column {
		l.cells = append(l.cells, entry{})
	}
	l.cells[column] = e
}

// read reads the sheets of a file, or says why it cannot.
func read(name string, b []byte) ([]sheet, *Problem) {
	refuse := func(wrong, do string) ([]sheet, *Problem) { return nil, &Problem{Wrong: wrong, Do: do} }
	const save = "Save it as a spreadsheet (.xlsx) or as CSV, and upload that"
	switch {
	case len(b) == 0:
		return refuse("The file is empty", "Check that it is the right file")
	case len(b) > MaxFile:
		return refuse(fmt.Sprintf("The file is larger than %d MB", MaxFile>>20), "Split it into several files, or save the sheet that matters by itself")
	case isZip(b):
		return readXLSX(b)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return refuse("The file is an older kind of spreadsheet (.xls), or it is locked with a password", "Remove the password, if it has one, and save it as .xlsx")
	case bytes.HasPrefix(b, []byte("%PDF")):
		return refuse("The file is a PDF", save)
	}
	text, ok := decode(b)
	if !ok {
		return refuse("The file is neither a spreadsheet (.xlsx) nor CSV", save)
	}
	s, p := readCSV(text)
	if p != nil {
		return nil, p
	}
	s.name = strings.TrimSuffix(path.Base(strings.ReplaceAll(name, `\`, "/")), path.Ext(name))
	return []sheet{s}, nil
}

// Readable says why a file cannot be read at all, or nothing.
func Readable(name string, b []byte) *Problem {
	_, wrong := read(name, b)
	return wrong
}

func isZip(b []byte) bool { return bytes.HasPrefix(b, []byte("PK\x03\x04")) }

// decode gives the text of a file in UTF-8, in UTF-16 that says so, or else in Windows-1252, in which spreadsheets of Western Europe
// write CSV. A file that holds a zero byte is no text.
func decode(b []byte) (string, bool) {
	if bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff}) {
		big := b[0] == 0xfe
		units := make([]uint16, 0, len(b)/2)
		for b = b[2:]; len(b) > 1; b = b[2:] {
			if big {
				units = append(units, uint16(b[0])<<8|uint16(b[1]))
			} else {
				units = append(units, uint16(b[1])<<8|uint16(b[0]))
			}
		}
		s := string(utf16.Decode(units))
		return s, len(b) == 0 && !strings.Contains(s, "\x00")
	}
	b = bytes.TrimPrefix(b, []byte(bom))
	if bytes.IndexByte(b, 0) >= 0 {
		return "", false
	}
	if utf8.Valid(b) {
		return string(b), true
	}
	var s strings.Builder
	for _, c := range b {
		if c >= 0x80 && c < 0xa0 {
			s.WriteRune(windows1252[c-0x80])
		} else {
			s.WriteRune(rune(c))
		}
	}
	return s.String(), true
}

// windows1252 is where that encoding differs from Unicode: 0x80 to 0x9f. Five of them are nothing.
var windows1252 = [...]rune{
	'€', '\ufffd', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\ufffd', 'Ž', '\ufffd',
	'\ufffd', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\ufffd', 'ž', 'Ÿ',
}

// taker collects the rows of a sheet within the limits.
type taker struct {
	sheet
	cells *int // of the whole file
}

// take adds a row, unless it is empty.
func (t *taker) take(l line) *Problem {
	for n := len(l.cells); n > 0 && blank(l.cells[n-1].text); n-- {
		l.cells = l.cells[:n-1]
	}
	if len(l.cells) == 0 {
		return nil
	}
	where := "The file"
	if t.name != "" {
		where = fmt.Sprintf("The sheet “%s”", t.name)
	}
	if *t.cells += len(l.cells); *t.cells > maxCells {
		return &Problem{Wrong: fmt.Sprintf("The file holds more than %s cells", report.Thousands(maxCells)), Do: "Remove the sheets and columns that are not needed, or split it into several files"}
	}
	if len(l.cells) > MaxCols {
		return &Problem{Wrong: fmt.Sprintf("%s has more than %d columns", where, MaxCols), Do: "Remove the columns that are not needed"}
	}
	if len(t.rows) > MaxRows {
		return &Problem{Wrong: fmt.Sprintf("%s has more than %s rows", where, report.Thousands(MaxRows)), Do: "Split it into several files, or remove the sheet if it is not needed"}
	}
	t.rows = append(t.rows, l)
	return nil
}

// blank reports whether nothing is to be seen in a cell.
func blank(s string) bool {
	return strings.Trim(s, " \t\r\n\u00a0\u200b\ufeff") == ""
}

// literal gives the text of a cell that is not cleared: the apostrophe goes that keeps a dash from clearing the field.
func literal(s string) string {
	if t, ok := strings.CutPrefix(s, "'"); ok && strings.Trim(t, "'") == cleared {
		return t
	}
	return s
}
