package graph_test

import (
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
)

// Another option begins with what the first says, on every day, and leaves both it and the record in force as they were.
func TestSiblingLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawBranch(t)
		w.branch = "people"
		look := func(id, proposal fact.ID, on fact.Day) state {
			v := w.g.View(on, w.g.Size())
			if proposal != "" {
				v = v.Planned(proposal, fact.Date{})
			}
			if r := v.Record(fact.Key{Kind: "post", ID: id}); r != nil {
				return state{r.Text("title") + "/" + r.Text("grade"), r.Exists()}
			}
			return state{}
		}
		type question struct {
			id, proposal fact.ID
			on           fact.Day
		}
		was := map[question]state{}
		for _, id := range []fact.ID{"p0", "p1"} {
			for on := firstDay; on <= lastDay; on++ {
				for _, p := range []fact.ID{"", "people"} {
					was[question{id, p, on}] = look(id, p, on)
				}
			}
		}
		key, edit, problems := w.view(start).Sibling("Another way", start)
		if problems != nil {
			t.Fatal(problems)
		}
		w.record(t, edit.Docs)
		for q, before := range was {
			if got := look(q.id, q.proposal, q.on); got != before {
				t.Fatalf("%v was %v and is %v", q, before, got)
			}
			if q.proposal == "people" {
				if got := look(q.id, key.ID, q.on); got != before {
					t.Fatalf("%v is %v, and in the option %v by %s", q, before, got, show(edit.Docs))
				}
			}
		}
		if r := w.g.View(start, w.g.Size()).Record(key); r.Text("option") != "B" || r.Text("status") != "draft" {
			t.Fatalf("option %q, %s", r.Text("option"), r.Text("status"))
		}
		if _, _, problems := w.view(start).Sibling(" ", start); problems == nil {
			t.Fatal("it is made without a title")
		}
	})
}
