package exchange

import (
	"errors"
	"io"
	"strings"

	"plumbline/internal/kind"
)

// Annotated writes the file again, in the format in which it came, with two columns added that say of each row what it would do or what to
// fix. Sheets that were left out are not in it, and formulas are the values that they showed. It says so if the rows were not looked at, because
// the file or its columns could not be read.
func (p *Plan) Annotated(w io.Writer) error {
	if p.Layer == WrongFile || p.Layer == WrongColumns {
		return errors.New("annotate: the rows were not looked at")
	}
	book := Workbook{Title: p.File, About: []string{"Put right what the column “" + fixHeading + "” says, and upload this file again. The last two columns are not read."}}
	done := map[*Sheet]map[int]*row{}
	for _, r := range p.rows {
		if done[r.sheet] == nil {
			done[r.sheet] = map[int]*row{}
		}
		done[r.sheet][r.line.number] = r
	}
	for i := range p.Sheets {
		if s := &p.Sheets[i]; s.Kind != nil {
			book.Tables = append(book.Tables, s.annotated(done[s]))
		}
	}
	if p.csv {
		return CSV(w, book.Tables[0])
	}
	return XLSX(w, book)
}

func (s *Sheet) annotated(rows map[int]*row) Table {
	t := Table{Name: s.Name}
	var columns []int
	for i, m := range s.Columns {
		if m.Heading == resultHeading || m.Heading == fixHeading {
			continue
		}
		c := Column{Name: s.from.rows[s.head].at(i).text}
		if f := s.Kind.Field(m.Field); f != nil {
			c.Type = cellType(f)
		} else if m.Field == fromColumn || m.Field == untilColumn {
			c.Type = kind.Date
		}
		columns = append(columns, i)
		t.Columns = append(t.Columns, c)
	}
	t.Columns = append(t.Columns, Column{Name: resultHeading}, Column{Name: fixHeading})
	for _, l := range s.from.rows[s.head+1:] {
		for first := s.from.rows[s.head].number; len(t.Rows) < l.number-first-1; { // rows keep their places, below the headings
			t.Rows = append(t.Rows, make([]Cell, len(t.Columns)))
		}
		cells := make([]Cell, 0, len(t.Columns))
		for _, i := range columns {
			cells = append(cells, l.at(i).cell())
		}
		r := rows[l.number]
		cells = append(cells, Cell{Text: r.result()}, Cell{Text: r.fix()})
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// cell writes what was read.
func (e entry) cell() Cell {
	switch e.is {
	case isNumber:
		return Cell{Text: e.text, Type: kind.Number}
	case isDate:
		return Cell{Text: e.text, Type: kind.Date}
	}
	return Cell{Text: e.text, read: true}
}

func (r *row) result() string {
	if r.wrong > 0 {
		return "Needs fixing"
	}
	return string(r.word)
}

// fix says what to fix in a row.
func (r *row) fix() string {
	var out []string
	for _, p := range r.problems {
		s := p.Wrong + ". " + p.Do
		if p.Column != "" {
			s = p.Column + ": " + s
		}
		if !strings.HasSuffix(s, "?") {
			s += "."
		}
		out = append(out, s)
	}
	if more := r.wrong - len(r.problems); more > 0 {
		out = append(out, "There is more.")
	}
	return strings.Join(out, " ")
}
