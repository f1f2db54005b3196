package report

import (
	"cmp"
	"slices"

	"plumbline/internal/fact"
)

// Landing is what became of a function in the end, for counting: each has exactly one.
type Landing uint8

// The landings.
const (
	Landed    Landing = iota + 1 // it has a place in this council
	Merged                       // another function goes on in its place
	Elsewhere                    // it goes to another body
	Remains                      // it stays with the body that delivers it
	Closed                       // it ends, and the reason is recorded
	Open                         // it cannot be said: dates are not exact, or to be agreed
	Unplaced                     // it is an orphan, or ends with nowhere to go
)

// Landings are all of them, in the order in which they are told.
var Landings = []Landing{Landed, Merged, Elsewhere, Remains, Closed, Open, Unplaced}

var landingWords = map[Landing]string{Landed: "Placed", Merged: "Merged or divided", Elsewhere: "Gone to another body", Remains: "Still with that body", Closed: "Ended, with the reason",
	Open: "Not certain", Unplaced: "Without a place"}

// String is the landing in a few words: "Gone to another body".
func (l Landing) String() string { return landingWords[l] }

// State is what became of a function in the end.
func (m *Moving) State() Landing { return m.state }

// Source is a body with the functions that come from it, and what became of them. The sum of what became of them is what came.
type Source struct {
	Body    Named // empty: this council
	In      int
	Now     map[Landing]int
	Doubled int // of those placed, standing twice
	Rows    []*Moving
}

// Sources counts, for each body, the functions that came from it and what became of them: this council first, then by name. What is not there before, and comes from
// nowhere, is in none.
func (t *Transfer) Sources() []Source {
	of := map[fact.Key]*Source{}
	for i := range t.Rows {
		m := &t.Rows[i]
		if m.From == nil && m.Body == (Named{}) {
			continue
		}
		s := of[m.Body.Record]
		if s == nil {
			s = &Source{Body: m.Body, Now: map[Landing]int{}}
			of[m.Body.Record] = s
		}
		s.In++
		s.Now[m.state]++
		s.Rows = append(s.Rows, m)
		if m.Has(Doubled) {
			s.Doubled++
		}
	}
	var out []Source
	for _, s := range of {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Source) int {
		return cmp.Or(cmp.Compare(a.Body.Text, b.Body.Text), cmp.Compare(a.Body.Record.ID, b.Body.Record.ID))
	})
	return out
}
