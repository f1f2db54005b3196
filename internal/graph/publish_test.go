package graph_test

import (
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// What is published says of what is seen what the record says, and of nothing else anything: nobody who recorded it, no source, no id that was chosen for something veiled, and no
// reference to what is not seen whole, on no day and as known at no position.
func TestPublish(t *testing.T) {
	g := graph.New(kinds)
	for _, m := range []string{
		"{kind: unit, id: u, name: U, type: service}\n---\n{kind: post, id: hidden, title: Canary, unit: u}\n---\n{kind: post, id: veiled-canary, title: Canary, unit: u}",
		"{kind: post, id: seen, title: Before, unit: u, reports_to: hidden, accountable_to: [hidden, veiled-canary], until: 2009-12-31, source: canary, note: canary}",
		"{kind: post, id: seen, title: After, unit: u, reports_to: veiled-canary, accountable_to: [hidden, other], from: 2010-01-01, grade: canary}\n---\n{kind: post, id: other, title: Other}",
		"{kind: post, id: seen, end: 2020-12-31, note: canary}",
	} {
		if got := load(t, g, m); got != "" {
			t.Fatal(got)
		}
	}
	sight := func(_ *kind.Kind, id fact.ID, _ graph.Version) graph.Sight {
		return map[fact.ID]graph.Sight{"hidden": graph.Unseen, "veiled-canary": graph.Veiled}[id]
	}
	p := g.Publish(sight, func(k *kind.Kind, _ fact.ID) []string {
		if k.Name == graph.Post {
			return []string{"grade"}
		}
		return nil
	})
	seen := fact.Key{Kind: graph.Post, ID: "seen"}
	for known := int64(0); known <= g.Size(); known++ {
		for _, day := range []fact.Day{fact.DayOf(2005, 1, 1), fact.DayOf(2015, 1, 1), fact.DayOf(2025, 1, 1)} {
			v, of := p.View(day, known), g.View(day, known)
			r, whole := v.Record(seen), of.Record(seen)
			if (r == nil) != (whole == nil) || r != nil && r.Text("title") != whole.Text("title") {
				t.Fatalf("on %s as known at %d it is %v, want %v", day, known, r, whole)
			}
			for _, k := range []fact.Key{seen, {Kind: graph.Unit, ID: "u"}, {Kind: graph.Post, ID: "other"}} {
				for _, h := range v.History(k) {
					says := string(h.Who) + h.Record.Source() + h.Record.Note() + h.Record.Title()
					for _, f := range h.Record.Kind().Fields {
						j, _ := h.Record.JSON(f.Name)
						says += " " + j + h.Record.Show(f.Name)
					}
					if strings.Contains(says, "canary") || strings.Contains(says, "hidden") || strings.Contains(says, "owner") || strings.Contains(says, "Canary") {
						t.Fatalf("on %s as known at %d: %s", day, known, says)
					}
				}
			}
			for _, r := range v.All(graph.Post) {
				if id := r.Key().ID; id != "seen" && id != "other" && !strings.HasPrefix(string(id), "~") {
					t.Fatalf("%s is there", id)
				}
			}
		}
	}
	v := p.View(fact.DayOf(2015, 1, 1), p.Size())
	if r := v.Record(seen); r.State("reports_to") != graph.Withheld || r.State("grade") != graph.Withheld || len(r.Refs("accountable_to")) != 1 {
		t.Errorf("%v %v %v", r.State("reports_to"), r.State("grade"), r.Refs("accountable_to"))
	}
	if n := len(v.All(graph.Post)); n != 3 { // seen, other, and one that is veiled
		t.Errorf("%d posts", n)
	}
	if hits, _ := v.Search("Canary", 10); len(hits) > 0 {
		t.Errorf("found: %v", hits)
	}
}
