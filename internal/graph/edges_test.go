package graph_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// What refers to a record is what is found by looking at every record of the kind, in the same order: for views made before and after
// whatever else was recorded.
func TestReferringIsWhatEveryRecordSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graph.New(kinds)
		id := func(name string) fact.ID {
			return fact.ID(fmt.Sprintf("p%d", rapid.IntRange(0, 4).Draw(t, name)))
		}
		var views []*graph.View
		for i := range rapid.IntRange(1, 30).Draw(t, "entries") {
			e := drawEntry(t, int64(i+1))
			if e.Op == fact.Assert {
				e.Body = append(e.Body, fact.Field{Name: "reports_to", Value: kind.Quote(string(id("boss")))},
					fact.Field{Name: "accountable_to", Value: "[" + kind.Quote(string(id("one"))) + "," + kind.Quote(string(id("other"))) + "]"})
				e.Root = e.Body.Root()
			}
			if err := g.Fold(&e); err != nil {
				t.Fatal(err)
			}
			v := g.View(start+fact.Day(rapid.IntRange(-1, 22).Draw(t, "on")), int64(rapid.IntRange(0, i+1).Draw(t, "known")))
			if rapid.Bool().Draw(t, "with") {
				v = v.With("people")
			}
			views = append(views, v)
			if rapid.Bool().Draw(t, "look") {
				v.All("post")
			}
			v = views[rapid.IntRange(0, i).Draw(t, "view")]
			for p := range 5 {
				to := v.Record(fact.Key{Kind: "post", ID: fact.ID(fmt.Sprintf("p%d", p))})
				if to == nil {
					continue
				}
				for _, field := range []string{"reports_to", "accountable_to"} {
					var want []fact.ID
					for _, r := range v.All("post") {
						if slices.Contains(r.RefKeys(field), to.Key()) {
							want = append(want, r.Key().ID)
						}
					}
					var got []fact.ID
					for _, r := range to.Referring("post", field) {
						got = append(got, r.Key().ID)
					}
					if !slices.Equal(got, want) {
						t.Fatalf("%s of %s on %s as known at %d: %v, want %v", field, to.Key(), v.On(), v.Known(), got, want)
					}
				}
			}
		}
	})
}
