package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

func nothing(*kind.Kind, fact.ID) []string { return nil }

// What is not veiled is seen as before, on every day and as known at every position; what is unseen is as if it had never been recorded; and of what is veiled nothing is
// seen but how it is joined to others. Looking goes on while the graph grows.
func TestVeil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "posts")
		g, without := graph.New(kinds), graph.New(kinds)
		sights := make([]graph.Sight, n)
		id := func(i int) fact.ID { return fact.ID(fmt.Sprintf("p%d", i)) }
		var all, kept []string
		for i := range n {
			sights[i] = rapid.SampledFrom([]graph.Sight{graph.Whole, graph.Veiled, graph.Unseen}).Draw(t, "sight")
			m := fmt.Sprintf("{kind: post, id: %s, title: Title%d, unit: u, from: 20%02d-01-01}", id(i), i, i)
			all = append(all, m)
			if sights[i] != graph.Unseen {
				kept = append(kept, m)
			}
		}
		const unit = "{kind: unit, id: u, name: U, type: service}"
		fold := func(g *graph.Graph, manifests ...string) {
			docs, problems := kinds.Read("m", strings.NewReader(strings.Join(manifests, "\n---\n")))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			entries, problems := g.Stage(docs, "owner", noon, noon)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			for i := range entries {
				if err := g.Fold(&entries[i]); err != nil {
					t.Fatal(err)
				}
			}
		}
		fold(g, append([]string{unit}, all...)...)
		fold(without, append([]string{unit}, kept...)...)
		v := g.Veil(func(k *kind.Kind, of fact.ID, _ graph.Version) graph.Sight {
			for i := range n {
				if of == id(i) {
					return sights[i]
				}
			}
			return graph.Whole
		}, nothing)
		size := g.Size()
		fold(g, "{kind: post, id: later, title: Later}") // a veil is of what was recorded when it was made
		for _, day := range []fact.Day{fact.DayOf(1999, 1, 1), fact.DayOf(2005, 6, 1), fact.DayOf(2030, 1, 1)} {
			a, b := v.View(day, size), without.View(day, without.Size())
			as, bs := a.All(graph.Post), b.All(graph.Post)
			if len(as) != len(bs) {
				t.Fatalf("%d posts, want %d", len(as), len(bs))
			}
			for j := range as {
				var i int
				fmt.Sscanf(string(bs[j].Key().ID), "p%d", &i)
				want, state := bs[j].Text("title"), graph.Known
				if sights[i] == graph.Veiled {
					want, state = "", graph.Withheld
				}
				if as[j].Key() != bs[j].Key() || as[j].Text("title") != want || as[j].State("title") != state || as[j].Ref("unit") == nil {
					t.Fatalf("%v: %q %v, want %q", as[j].Key(), as[j].Text("title"), as[j].State("title"), want)
				}
			}
			if got := len(a.Record(fact.Key{Kind: graph.Unit, ID: "u"}).Referring(graph.Post, "unit")); got != len(bs) {
				t.Fatalf("%d refer to the unit, want %d", got, len(bs))
			}
		}
		a := v.View(fact.DayOf(2030, 1, 1), size)
		for i := range n {
			k := fact.Key{Kind: graph.Post, ID: id(i)}
			hits, _ := a.Search(fmt.Sprintf("Title%d", i), 50)
			found := false
			for _, h := range hits {
				found = found || h.Key == k
			}
			if found != (sights[i] == graph.Whole) || (len(a.History(k)) > 0) != (sights[i] != graph.Unseen) {
				t.Fatalf("%s (%v): found %t, %d entries", id(i), sights[i], found, len(a.History(k)))
			}
		}
		if all := g.Veil(func(*kind.Kind, fact.ID, graph.Version) graph.Sight { return graph.Whole }, nothing); all != g {
			t.Fatal("where everything may be seen there is a copy")
		}
	})
}

// What refers to something unseen does not say to what, on no day and as known at no position; what it says beside stays, and what is veiled is still referred to.
func TestVeilUnlinks(t *testing.T) {
	g := graph.New(kinds)
	for _, m := range []string{
		"{kind: post, id: hidden, title: H}\n---\n{kind: post, id: veiled, title: V}\n---\n{kind: post, id: other, title: O}",
		"{kind: post, id: seen, title: Before, reports_to: hidden, accountable_to: [hidden, other], until: 2009-12-31}",
		"{kind: post, id: seen, title: After, reports_to: veiled, accountable_to: [hidden], from: 2010-01-01}",
		"{kind: post, id: plain, title: P, reports_to: veiled}",
	} {
		if got := load(t, g, m); got != "" {
			t.Fatal(got)
		}
	}
	p := g.Veil(func(_ *kind.Kind, id fact.ID, _ graph.Version) graph.Sight {
		return map[fact.ID]graph.Sight{"hidden": graph.Unseen, "veiled": graph.Veiled}[id]
	}, nothing)
	seen := fact.Key{Kind: graph.Post, ID: "seen"}
	for known := int64(0); known <= g.Size(); known++ {
		for _, day := range []fact.Day{fact.DayOf(2005, 1, 1), fact.DayOf(2015, 1, 1)} {
			v, of := p.View(day, known), g.View(day, known)
			if r, whole := v.Record(seen), of.Record(seen); (r == nil) != (whole == nil) || r != nil && r.Text("title") != whole.Text("title") {
				t.Fatalf("on %s as known at %d it is %v, want %v", day, known, r, whole)
			}
			for _, h := range v.History(seen) {
				says := ""
				for _, f := range h.Record.Kind().Fields {
					j, _ := h.Record.JSON(f.Name)
					says += j + h.Record.Show(f.Name)
				}
				if strings.Contains(says, "hidden") || !h.Withheld {
					t.Errorf("on %s as known at %d: %s, withheld: %t", day, known, says, h.Withheld)
				}
			}
		}
	}
	before, after := p.View(fact.DayOf(2005, 1, 1), g.Size()).Record(seen), p.View(fact.DayOf(2015, 1, 1), g.Size()).Record(seen)
	if before.State("reports_to") != graph.Withheld || len(before.Refs("accountable_to")) != 1 || after.State("accountable_to") != graph.Withheld || after.Ref("reports_to") == nil {
		t.Errorf("%v %v, %v %v", before.State("reports_to"), before.Refs("accountable_to"), after.State("accountable_to"), after.Ref("reports_to"))
	}
	if h := p.View(fact.DayOf(2015, 1, 1), g.Size()).History(fact.Key{Kind: graph.Post, ID: "plain"}); len(h) != 1 || h[0].Withheld {
		t.Errorf("what refers to what is veiled: %+v", h)
	}
}
