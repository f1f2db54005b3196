package graph_test

import (
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// What a proposal says and what is changed in force later may lead round and round together; in force nothing does.
func TestLoops(t *testing.T) {
	g := graph.New(kinds)
	for _, manifest := range []string{
		"{kind: proposal, id: p, title: P}\n---\n{kind: post, id: a, title: A}\n---\n{kind: post, id: b, title: B, reports_to: a}\n---\n{kind: post, id: c, title: C, reports_to: b}\n---\n{kind: unit, id: u, name: U}",
		"{kind: post, id: b, title: B, proposal: p, from: tba}\n---\n{kind: post, id: a, title: A, reports_to: c, proposal: p, from: tba}",
		"{kind: post, id: c, title: C, reports_to: a, from: 2020-01-01}",
	} {
		if said := load(t, g, manifest); said != "" {
			t.Fatal(said)
		}
	}
	for on, want := range map[fact.Day]string{fact.DayOf(2019, 12, 31): "", fact.DayOf(2020, 1, 1): "a c"} {
		v := g.View(on, g.Size())
		if got := v.Loops(); len(got) > 0 {
			t.Errorf("%s: in force there is a loop: %v", on, got)
		}
		var got []string
		for _, loop := range v.With("p").Loops() {
			for _, r := range loop {
				got = append(got, string(r.Key().ID))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", on, got, want)
		}
	}
}
