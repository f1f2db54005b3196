package kind

import (
	"fmt"
	"math/bits"
	"strings"
	"unicode"

	"plumbline/internal/fact"
)

// Place is where something stands in a file: line and column from 1, or 0 where it is not known.
type Place struct {
	File         string
	Line, Column int
}

func (p Place) String() string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
		if p.Column > 0 {
			s += fmt.Sprintf(":%d", p.Column)
		}
	}
	return s
}

// Problem is one thing that is wrong with what was handed in: where, what, and what to do about it.
type Problem struct {
	Place  Place
	Record string // "post/dph", where it is known
	Field  string
	What   string
	Remedy string
}

func (p Problem) String() string {
	const most = 300 // of what was typed, which may be the whole of a file that has no line breaks
	p.Field, p.What = printable(p.Field, most), printable(p.What, 2*most)
	var b strings.Builder
	if s := p.Place.String(); s != "" {
		b.WriteString(s + ": ")
	}
	if p.Record != "" {
		b.WriteString(p.Record)
		if p.Field != "" {
			b.WriteString(", field " + p.Field)
		}
		b.WriteString(": ")
	} else if p.Field != "" {
		b.WriteString("field " + p.Field + ": ")
	}
	b.WriteString(p.What)
	if !strings.HasSuffix(p.What, ".") && !strings.HasSuffix(p.What, "?") {
		b.WriteByte('.')
	}
	if p.Remedy != "" {
		b.WriteString(" " + p.Remedy)
		if !strings.HasSuffix(p.Remedy, ".") && !strings.HasSuffix(p.Remedy, "?") {
			b.WriteByte('.')
		}
	}
	return b.String()
}

// printable keeps what was typed from moving the cursor or filling the screen of whoever reads what is wrong with it.
func printable(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return unicode.ReplacementChar
		}
		return r
	}, s)
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// Problems is all that is wrong with one input. It is an error, and fact.ErrInvalid.
type Problems []Problem

// Shown is how many problems are written out.
const Shown = 100

func (p Problems) Error() string {
	lines := make([]string, 0, min(len(p), Shown)+1)
	for i, one := range p {
		if i == Shown {
			lines = append(lines, fmt.Sprintf("… and %d more", len(p)-Shown))
			break
		}
		lines = append(lines, one.String())
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.Is find fact.ErrInvalid.
func (p Problems) Unwrap() error { return fact.ErrInvalid }

// Nearest gives the name most like s, or "" if none is near enough to be a slip of the pen.
func Nearest(s string, names []string) string {
	best, least := "", max(2, len(s)/3)+1
	low := strings.ToLower(s)
	letters := lettersOf(low)
	for _, n := range names {
		if len(n)-len(s) >= least || len(s)-len(n) >= least {
			continue // so many letters to add or drop alone
		}
		other := strings.ToLower(n)
		if l := lettersOf(other); bits.OnesCount64(l&^letters) >= least || bits.OnesCount64(letters&^l) >= least {
			continue // so many letters that the other lacks
		}
		if d := distance(low, other); d < least {
			best, least = n, d
		}
	}
	return best
}

// lettersOf gives the set of the bytes of a text; two that are 64 apart are taken for one.
func lettersOf(s string) (set uint64) {
	for i := range len(s) {
		set |= 1 << (s[i] & 63)
	}
	return set
}

// didYouMean makes a remedy of the nearest name, or lists what is possible where that is short.
func didYouMean(s string, names []string) string {
	if n := Nearest(s, names); n != "" {
		return fmt.Sprintf("Did you mean %q?", n)
	}
	if len(names) <= 16 {
		return "It can be " + strings.Join(names, ", ")
	}
	return ""
}

// longest is the length in bytes of what distance compares.
const longest = 64

// distance is the number of letters to add, drop or change, or neighbours to swap, to get from a to b.
func distance(a, b string) int {
	if len(a) > longest || len(b) > longest {
		return longest
	}
	var rows [3][longest + 1]int // of three letters of a, turn by turn
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		prev2, prev, row := &rows[(i+1)%3], &rows[(i+2)%3], &rows[i%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
