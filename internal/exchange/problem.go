package exchange

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a file: where, what stands there, what is wrong with it and what to do.
type Problem struct {
	Sheet  string
	Row    int // as a spreadsheet counts them; 0 where it is about no row
	Column string
	There  string
	Wrong  string
	Do     string

	at int // the column
}

func (p *Problem) Error() string {
	var where []string
	if p.Sheet != "" {
		where = append(where, p.Sheet)
	}
	if p.Row > 0 {
		where = append(where, fmt.Sprintf("row %d", p.Row))
	}
	if p.Column != "" {
		where = append(where, p.Column)
	}
	s := p.Wrong
	if len(where) > 0 {
		s = strings.Join(where, ", ") + ": " + s
	}
	if p.There != "" {
		s += fmt.Sprintf(" (%s)", p.There)
	}
	if s += ". " + p.Do; !strings.HasSuffix(s, "?") {
		s += "."
	}
	return s
}
