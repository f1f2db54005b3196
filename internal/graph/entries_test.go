package graph_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Entries gives every entry that is known and comes before a position, once, the newest first.
func TestEntriesAreTheLogBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graph.New(kinds)
		var log []fact.Entry
		for i := range rapid.IntRange(0, 30).Draw(t, "entries") {
			e := drawEntry(t, int64(i+1))
			if err := g.Fold(&e); err != nil {
				t.Fatal(err)
			}
			log = append(log, e)
		}
		known, before := int64(rapid.IntRange(0, len(log)).Draw(t, "known")), int64(rapid.IntRange(0, len(log)+2).Draw(t, "before"))
		most := rapid.IntRange(0, 31).Draw(t, "most")
		var got, want []int64
		for k, h := range g.View(start, known).Entries(before) {
			if len(got) == most {
				break
			}
			if e := log[h.Position-1]; e.ID != k.ID || e.Op != h.Op {
				t.Fatalf("entry %d is given as one of %v", h.Position, k)
			}
			got = append(got, h.Position)
		}
		for i := range slices.Backward(log) {
			if p := log[i].Position; p <= known && p < before && len(want) < most {
				want = append(want, p)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for range g.View(start, known).Entries(before, graph.Unit) {
			t.Fatal("an entry of a kind that was not asked for")
		}
	})
}
