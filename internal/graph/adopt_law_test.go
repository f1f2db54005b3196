package graph_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Adopted, the record in force is on every day what the proposal would have made it, and what the proposal said, and was in force before, can be read as before.
func TestAdoptLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawBranch(t)
		w.branch = "people"
		var launch fact.Date
		if rapid.Bool().Draw(t, "launched") {
			launch = fact.ExactDate(drawDay(t, "launch"))
		}
		size := w.g.Size()
		look := func(id fact.ID, on fact.Day, known int64, planned bool) state {
			v := w.g.View(on, known)
			if planned {
				v = v.Planned("people", launch)
			}
			if r := v.Record(fact.Key{Kind: "post", ID: id}); r != nil {
				return state{r.Text("title") + "/" + r.Text("grade"), r.Exists()}
			}
			return state{}
		}
		type question struct {
			id      fact.ID
			on      fact.Day
			planned bool
		}
		was := map[question]state{}
		for _, id := range []fact.ID{"p0", "p1"} {
			for on := firstDay; on <= lastDay; on++ {
				was[question{id, on, false}], was[question{id, on, true}] = look(id, on, size, false), look(id, on, size, true)
			}
		}
		edit, problems := w.g.View(start, size).Planned("people", launch).Adopt("Cabinet")
		if problems != nil {
			t.Fatal(problems)
		}
		w.record(t, edit.Docs)
		for _, d := range edit.Docs {
			if d.Proposal != "" {
				t.Fatalf("it is adopted into the proposal: %s", show(edit.Docs))
			}
		}
		for q, before := range was {
			if got := look(q.id, q.on, size, q.planned); got != before {
				t.Fatalf("%v as known before was %v and is %v", q, before, got)
			}
			if want := was[question{q.id, q.on, true}]; look(q.id, q.on, w.g.Size(), false) != want {
				t.Fatalf("%s on %s was proposed as %v, and is %v by %s", q.id, q.on, want, look(q.id, q.on, w.g.Size(), false), show(edit.Docs))
			}
		}
		again, problems := w.g.View(start, w.g.Size()).Planned("people", launch).Adopt("Cabinet")
		if problems != nil {
			t.Fatal(problems)
		}
		for _, d := range again.Docs {
			if d.Span.From.Form != fact.ToBeAgreed && d.Span.Until.Form != fact.ToBeAgreed {
				t.Fatalf("adopted twice it changes something: %s", show(again.Docs))
			}
		}
	})
}

// Rebased, a proposal has nothing left that moved under it. What only the record in force changed is carried into it, what only the proposal changes is as it was, and where
// both changed something otherwise it is as chosen; nothing in force is touched.
func TestRebaseLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawBranch(t)
		w.branch = "people"
		size := w.g.Size()
		// something is changed in force meanwhile, later than what was drawn
		later := noon.AddDate(1, 0, 0)
		force := w.g.View(start, size)
		var docs []kind.Doc
		field := rapid.SampledFrom([]string{"title=V", "grade=7", "title=V,grade=7"}).Draw(t, "field")
		e, problems := force.Change(p0, fact.ExactDate(drawDay(t, "changed")), set("post", strings.Split(field, ",")...), "", "")
		if problems != nil {
			return
		}
		docs = append(docs, e.Docs...)
		entries, problems := w.g.Stage(docs, "owner", later, later)
		if problems != nil {
			t.Fatal(problems)
		}
		w.fold(t, entries...)
		v := w.g.View(start, w.g.Size()).With("people")
		moved := v.Moved()
		choices := map[graph.Choice]bool{}
		for _, m := range moved {
			for _, f := range m.Fields {
				name := ""
				if f.Field != nil {
					name = f.Field.Name
				}
				if f.Conflict {
					choices[graph.Choice{Record: m.Record, Field: name}] = rapid.Bool().Draw(t, "as in force")
				}
			}
		}
		for c := range choices {
			fewer := maps.Clone(choices)
			delete(fewer, c)
			if _, problems := v.Rebase(fewer); problems == nil {
				t.Fatal("it is rebased without a choice")
			}
		}
		edit, problems := v.Rebase(choices)
		if problems != nil {
			if strings.Contains(problems.Error(), "cannot be recorded together") {
				t.Fatal(problems)
			}
			return
		}
		size = w.g.Size()
		state3 := func(known int64, on fact.Day, planned bool) state {
			v := w.g.View(on, known)
			if planned {
				v = v.Planned("people", fact.Date{})
			}
			if r := v.Record(p0); r != nil {
				return state{r.Text("title") + "/" + r.Text("grade"), r.Exists()}
			}
			return state{}
		}
		speaks := map[fact.Day]bool{}
		for on := firstDay; on <= lastDay; on++ {
			r := w.g.View(on, size).Planned("people", fact.Date{}).Record(p0)
			speaks[on] = r != nil && r.Proposal() == "people"
		}
		latest := later.AddDate(1, 0, 0)
		entries, problems = w.g.Stage(edit.Docs, "owner", latest, latest)
		if problems != nil {
			t.Fatal(problems)
		}
		w.fold(t, entries...)
		at := slices.IndexFunc(moved, func(m graph.Moved) bool { return m.Record == p0 })
		if at < 0 {
			return
		}
		base := moved[at].Base
		for on := firstDay; on <= lastDay; on++ {
			if got, want := state3(w.g.Size(), on, false), state3(size, on, false); got != want {
				t.Fatalf("on %s in force it was %v and is %v", on, want, got)
			}
			was, now, would, is := state3(base, on, false), state3(size, on, false), state3(size, on, true), state3(w.g.Size(), on, true)
			if !speaks[on] || was.says == "" || now.says == "" {
				continue
			}
			for n, name := range []string{"title", "grade"} {
				part := func(s state) string { return append(strings.Split(s.says, "/"), "", "")[n] }
				want := part(would)
				if take, chosen := choices[graph.Choice{Record: p0, Field: name}]; part(was) != part(now) && (part(would) == part(was) || chosen && take && part(would) != part(now)) {
					want = part(now)
				}
				if part(is) != want {
					t.Fatalf("on %s: in force %v, now %v, proposed %v, rebased %v; %s should be %q: %s", on, was, now, would, is, name, want, show(edit.Docs))
				}
			}
		}
		if left := w.g.View(start, w.g.Size()).With("people").Moved(); slices.ContainsFunc(left, func(m graph.Moved) bool { return true }) {
			t.Fatalf("still moved: %+v", left)
		}
	})
}
