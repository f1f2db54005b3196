package exchange

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// bom begins a file by which spreadsheets know that it is UTF-8.
const bom = "\ufeff"

// CSV writes a table as a spreadsheet reads it without being asked: UTF-8 with a byte order mark, lines that end in CR and LF, one row of
// headings. A text that a spreadsheet would run as a formula is written behind an apostrophe, which Read takes away again.
func CSV(w io.Writer, t Table) error {
	out := bufio.NewWriter(w)
	out.WriteString(bom)
	c := csv.NewWriter(out)
	c.UseCRLF = true
	row := make([]string, len(t.Columns))
	for i, h := range t.Columns {
		row[i] = guarded(h.Name)
	}
	err := c.Write(row)
	for _, cells := range t.Rows {
		for i, cell := range cells {
			row[i] = cell.Text
			if !cell.number() && !(cell.read && cell.dash()) {
				row[i] = guarded(cell.Text)
			}
		}
		if err == nil {
			err = c.Write(row)
		}
	}
	c.Flush()
	if err == nil {
		err = c.Error()
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// formulas are the characters by which some spreadsheet knows a formula, those of full width among them.
const formulas = "=+-@\t\r\n＝＋－＠"

// guarded puts an apostrophe before a text that begins as a formula does, or as one that is guarded already, so that unguarded gives
// back what was written.
func guarded(s string) string {
	if begins(s) {
		return "'" + s
	}
	return s
}

// unguarded takes that apostrophe away.
func unguarded(s string) string {
	if t, ok := strings.CutPrefix(s, "'"); ok && begins(t) {
		return t
	}
	return s
}

func begins(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "'"))
	return strings.ContainsRune(formulas, r)
}
