package web

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// order is that of a list: by a field, byFrom or, if by is empty, by title.
type order struct {
	by   string
	down bool
}

// rank is the place of a record in an order: by a number, then by a text. What is not known comes last, whichever way.
type rank struct {
	number float64
	text   string
	none   bool
}

func (a rank) compare(b rank) int {
	return cmp.Or(cmp.Compare(a.number, b.number), natural(a.text, b.text))
}

// sorted puts records in an order, given their titles in lower case and, where the order is by what is derived of them, that: it gives their
// places. Records of the same rank stand by title.
func (s *Site) sorted(l *look, k *kind.Kind, o order, records []*graph.Record, titles []string, derived [][]string) []int {
	places, ranks := make([]int, len(records)), make([]rank, len(records))
	f, named := k.Field(o.by), map[fact.Key]string{}
	for i, r := range records {
		places[i] = i
		switch {
		case o.by == byFrom:
			ranks[i] = rankDate(r.Span().From)
		case derived != nil:
			ranks[i] = rankDerived(derivation(k.Name, o.by), derived[i])
		case f != nil:
			ranks[i] = s.rank(l, r, f, named)
		default:
			ranks[i].text = titles[i]
		}
	}
	slices.SortFunc(places, func(a, b int) int {
		x, y := ranks[a], ranks[b]
		c := x.compare(y)
		switch {
		case x.none != y.none && x.none:
			return 1
		case x.none != y.none:
			return -1
		case o.down:
			c = -c
		}
		return cmp.Or(c, natural(titles[a], titles[b]), cmp.Compare(a, b))
	})
	return places
}

// rank says where a field puts a record. named remembers what was looked up.
func (s *Site) rank(l *look, r *graph.Record, f *kind.Field, named map[fact.Key]string) rank {
	if _, state := r.JSON(f.Name); state != graph.Known {
		return rank{none: true}
	}
	switch {
	case f.Many:
		return rank{text: strings.ToLower(plain(s.value(l, r, f)))}
	case f.Type == kind.Date:
		return rankDate(r.Date(f.Name))
	case f.Type == kind.Number || f.Type == kind.Money || f.Type == kind.Percent:
		x, _ := r.Number(f.Name)
		return rank{number: x}
	case f.Type == kind.Choice && f.Codes == "":
		v := r.Text(f.Name)
		return rank{number: float64(place(f, v)), text: strings.ToLower(v)}
	}
	if k, ok := r.RefKey(f.Name); ok {
		if named[k] == "" {
			named[k] = strings.ToLower(s.called(l, k))
		}
		return rank{text: named[k]}
	}
	return rank{text: strings.ToLower(plain(s.value(l, r, f)))}
}

// rankDerived is the rank of the first value of what is derived.
func rankDerived(d *derived, values []string) rank {
	if len(values) == 0 || values[0] == withoutRole {
		return rank{none: true}
	}
	return rank{number: float64(place(d.Field, values[0])), text: values[0]}
}

// place is that of a value among the choices of a field, which are written as they follow on each other; other words come after them.
func place(f *kind.Field, v string) int {
	if i := slices.Index(f.Choices, v); i >= 0 {
		return i
	}
	return len(f.Choices)
}

func rankDate(d fact.Date) rank {
	switch d.Form {
	case fact.ToBeAgreed:
		return rank{none: true}
	case fact.Unstated: // from the beginning
		return rank{number: math.Inf(-1)}
	}
	return rank{number: float64(d.First)}
}

// byTitle puts titles in the order in which people look for them.
func byTitle(a, b string) int { return natural(strings.ToLower(a), strings.ToLower(b)) }

// natural compares texts letter by letter, and the numbers in them as numbers: "Ward 2" comes before "Ward 10".
func natural(a, b string) int {
	for a != "" && b != "" {
		if digit(a[0]) && digit(b[0]) {
			x, y := leading(a), leading(b)
			a, b = a[len(x):], b[len(y):]
			x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// leading gives the digits at the beginning of a text.
func leading(s string) string { return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))] }
