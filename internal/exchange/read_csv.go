package exchange

import (
	"fmt"
	"strings"
)

// readCSV reads comma-separated values, and those that are separated by semicolons or tabs. Every line of the file counts as a row, as a
// spreadsheet counts them, the empty ones too.
func readCSV(s string) (sheet, *Problem) {
	if !strings.Contains(s, "\n") {
		s = strings.ReplaceAll(s, "\r", "\n") // as spreadsheets on old Macintoshes ended lines
	}
	r := csvReader{rest: s, comma: delimiter(s), row: 1}
	if first, rest, ok := strings.Cut(s, "\n"); ok {
		if comma, ok := strings.CutPrefix(strings.TrimSpace(first), "sep="); ok && len(comma) == 1 {
			r.comma, r.rest, r.row = comma[0], rest, 2 // a line that tells a spreadsheet what separates the values
		}
	}
	t := taker{cells: new(int)}
	for r.rest != "" {
		l, p := r.line()
		if p == nil {
			p = t.take(l)
		}
		if p != nil {
			return sheet{}, p
		}
	}
	if len(t.rows) == 0 {
		return sheet{}, &Problem{Wrong: "There is nothing in the file", Do: "Check that it is the right file"}
	}
	return t.sheet, nil
}

// delimiter guesses what separates the values: that into whose columns the first lines fall most evenly. It is a byte that the file does not hold
// where nothing separates the headings.
func delimiter(s string) byte {
	best, most := byte(0), 0
	for _, c := range []byte{',', ';', '\t'} {
		r := csvReader{rest: s, comma: c, row: 1}
		var first, lines int
		same := map[int]int{} // how many lines have so many columns
		for r.rest != "" && lines < 10 {
			l, p := r.line()
			if p != nil {
				break
			}
			n := len(l.cells)
			if n == 1 && blank(l.cells[0].text) {
				continue
			}
			if lines++; lines == 1 {
				first = n
			}
			same[n]++
		}
		for n, times := range same {
			headed := n == first || n > 2 && 2*times >= lines // there may be a title above the headings
			if n > 1 && headed && n*times > most {
				best, most = c, n*times
			}
		}
	}
	return best
}

// csvReader reads as spreadsheets do: a value is quoted if it begins with a quotation mark, and a mark within one that neither ends it nor is
// doubled stands for itself. A mark that is never closed is refused: it would swallow all rows below.
type csvReader struct {
	rest  string
	comma byte
	row   int
}

func (r *csvReader) line() (line, *Problem) {
	l := line{number: r.row}
	r.row++
	for {
		text, ok := r.value()
		if !ok {
			return l, &Problem{Row: l.number, Wrong: fmt.Sprintf("Row %d: a quotation mark opens a value there and is never closed", l.number), Do: `Close it, or write two of them (“""”) where one is meant`}
		}
		if len(l.cells) <= MaxCols { // one more than may be, so that it is noticed
			l.cells = append(l.cells, entry{text: unguardedCell(text)})
		} else if !blank(text) {
			l.cells[MaxCols].text = text
		}
		if r.rest == "" {
			return l, nil
		}
		end := r.rest[0] == '\n'
		r.rest = r.rest[1:]
		if end {
			return l, nil
		}
	}
}

// value cuts off the next value, and leaves what follows it: a delimiter, a line break or nothing.
func (r *csvReader) value() (text string, ok bool) {
	if !strings.HasPrefix(r.rest, `"`) {
		i := strings.IndexAny(r.rest, string([]byte{r.comma, '\n'}))
		if i < 0 {
			i = len(r.rest)
		}
		text, r.rest = r.rest[:i], r.rest[i:]
		return strings.TrimSuffix(text, "\r"), true
	}
	var b strings.Builder
	for rest := r.rest[1:]; ; {
		i := strings.IndexByte(rest, '"')
		if i < 0 {
			return "", false
		}
		b.WriteString(rest[:i])
		rest = rest[i+1:]
		after := strings.TrimPrefix(rest, "\r")
		switch {
		case strings.HasPrefix(rest, `"`):
			b.WriteByte('"')
			rest = rest[1:]
		case after == "" || after[0] == '\n' || after[0] == r.comma:
			r.rest = after
			return strings.ReplaceAll(b.String(), "\r\n", "\n"), true
		default:
			b.WriteByte('"')
		}
	}
}

// unguardedCell takes away the apostrophe that keeps a text from being run as a formula. The dash that it keeps from clearing a field is left
// for whoever reads the field.
func unguardedCell(s string) string {
	if strings.Trim(s, "'") == cleared {
		return s
	}
	return unguarded(s)
}
