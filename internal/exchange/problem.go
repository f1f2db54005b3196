package exchange

import "fmt"

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
	s := p.Wrong
	if p.Column != "" {
		s = fmt.Sprintf("%s: %s", p.Column, s)
	}
	if p.Row > 0 {
		s = fmt.Sprintf("row %d, %s", p.Row, s)
	}
	if p.Sheet != "" {
		s = p.Sheet + ", " + s
	}
	return s + ". " + p.Do + "."
}
