package graph_test

import (
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Saying who may see a record changes nothing else of it, on no day; the newest word holds whatever days it speaks of; and undone it is as it was before.
func TestClassifyLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, rapid.Bool().Draw(t, "exact"))
		v := w.view(drawDay(t, "on"))
		closed := kind.Class{Visibility: kind.Restricted, Exempt: "Schedule 12A paragraph 1", Decided: "the monitoring officer", DecidedWhen: on("2004-05")}
		same := func(docs []kind.Doc) {
			t.Helper()
			before := w.history("p0")
			w.record(t, docs)
			for on, is := range w.history("p0") {
				if is != before[on] {
					t.Fatalf("on %s it is %v, and was %v, by %s", on, is, before[on], show(docs))
				}
			}
			v = w.view(v.On())
		}
		for _, class := range []kind.Class{closed, {Visibility: kind.Public}, {Visibility: kind.AsKind}} {
			was, first := v.Class(p0), w.g.Size()+1
			edit, problems := v.Classify(p0, class, "asked for")
			if refused(t, problems) {
				return
			}
			same(edit.Docs)
			if v.Class(p0) != class || w.g.View(v.On(), first-1).Class(p0) != was {
				t.Fatalf("it says %v, want %v; before it said %v", v.Class(p0), class, was)
			}
			if !rapid.Bool().Draw(t, "undo") {
				continue
			}
			if edit, problems = v.Undo(first, w.g.Size()); problems != nil {
				t.Fatal(problems)
			}
			if was.Visibility == "" {
				was.Visibility = kind.AsKind
			}
			if same(edit.Docs); v.Class(p0) != was {
				t.Fatalf("undone it says %v, want %v", v.Class(p0), was)
			}
		}
	})
}

// An edit that says nothing of who may see a record leaves that as it was; what a proposal says opens nothing; and what was said and erased is taken for closed.
func TestClass(t *testing.T) {
	const restricted = "visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer"
	k := fact.Key{Kind: graph.Post, ID: "a"}
	for _, c := range []struct {
		name      string
		manifests []string
		want      kind.Visibility
	}{
		{"nothing", []string{"{kind: post, id: a, title: A}"}, ""},
		{"restricted", []string{"{kind: post, id: a, title: A, " + restricted + "}"}, kind.Restricted},
		{"a later entry that says nothing", []string{"{kind: post, id: a, title: A, " + restricted + "}", "{kind: post, id: a, title: B, from: 2010-01-01}"}, kind.Restricted},
		{"a later entry that opens it", []string{"{kind: post, id: a, title: A, " + restricted + "}", "{kind: post, id: a, title: B, from: 2010-01-01, visibility: internal}"}, kind.Internal},
		{"a proposal that would open it", []string{"{kind: post, id: a, title: A, " + restricted + "}", "{kind: proposal, id: p, title: P}", "{kind: post, id: a, title: B, proposal: p, visibility: public}"}, kind.Restricted},
		{"a proposal that closes it", []string{"{kind: post, id: a, title: A}", "{kind: proposal, id: p, title: P}", "{kind: post, id: a, title: B, proposal: p, " + restricted + "}"}, kind.Restricted},
	} {
		g := graph.New(kinds)
		for _, m := range c.manifests {
			if got := load(t, g, m); got != "" {
				t.Fatalf("%s: %s", c.name, got)
			}
		}
		if got := g.View(start, g.Size()).Class(k).Visibility; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if c.name != "restricted" {
			continue
		}
		e := fact.Entry{Position: 2, Recorded: noon, Written: noon, Who: "owner", Op: fact.Erase, Kind: "post", ID: "a", Base: 1, Body: fact.Body{{Name: "reason", Value: `"asked"`}}}
		if err := g.Fold(&e); err != nil {
			t.Fatal(err)
		}
		if got := g.View(start, g.Size()).Class(k).Visibility; got != kind.Restricted {
			t.Errorf("erased: %q", got)
		}
	}
}

// What was taken back, or is only agreed, can be closed too.
func TestClassifyWhatIsNotThere(t *testing.T) {
	k := fact.Key{Kind: graph.Post, ID: "a"}
	for _, m := range []string{"{kind: post, id: a, title: A, from: tba}", "{kind: post, id: a, title: A, until: 1990-01-01}", "taken back"} {
		w := newWorld()
		if m == "taken back" {
			load(t, w.g, "{kind: post, id: a, title: A}")
			edit, _ := w.view(start).Retract(k, "never was")
			w.record(t, edit.Docs)
		} else if got := load(t, w.g, m); got != "" {
			t.Fatal(got)
		}
		edit, problems := w.view(start).Classify(k, kind.Class{Visibility: kind.Internal}, "")
		if problems != nil {
			t.Errorf("%s: %v", m, problems)
			continue
		}
		w.record(t, edit.Docs)
		if got := w.view(start).Class(k).Visibility; got != kind.Internal || w.view(start).Record(k) != nil {
			t.Errorf("%s: %q", m, got)
		}
	}
	w := newWorld()
	load(t, w.g, "{kind: proposal, id: p, title: P}\n---\n{kind: post, id: a, title: A, proposal: p}")
	if _, problems := w.view(start).Classify(k, kind.Class{Visibility: kind.Internal}, ""); problems == nil {
		t.Error("what is only proposed is said to be in force")
	}
}
