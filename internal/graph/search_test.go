package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

func TestSearch(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, "{kind: post, id: dcs, title: Director of Children's Services, until: 2005-12-31}\n---\n{kind: post, id: dcs, title: Corporate Director – People, from: 2006-01-01}\n---\n{kind: post, id: dl, title: Director of Learning, until: 2004-12-31}\n---\n{kind: unit, id: childrens-services, name: Children's Services}\n---\n{kind: proposal, id: p, title: People Directorate}\n---\n{kind: post, id: new, title: Director of Children and Learning, proposal: p, from: tba}"); got != "" {
		t.Fatal(got)
	}
	for _, c := range []struct {
		query    string
		on       fact.Day
		proposal fact.ID
		want     string
	}{
		{"children", fact.DayOf(2004, 1, 1), "", "post/dcs, unit/childrens-services"},
		{"children's services", fact.DayOf(2004, 1, 1), "", "unit/childrens-services, post/dcs"},
		{"CHILD serv", fact.DayOf(2010, 1, 1), "", "unit/childrens-services, post/dcs (was Director of Children's Services)"},
		{"people", fact.DayOf(2004, 1, 1), "", "proposal/p, post/dcs (was Corporate Director – People)"},
		{"learning", fact.DayOf(2010, 1, 1), "", "post/dl (not there)"},
		{"learning", fact.DayOf(2010, 1, 1), "p", "post/new, post/dl (not there)"},
		{"earning", fact.DayOf(2010, 1, 1), "", ""},
		{"  –, ", fact.DayOf(2010, 1, 1), "", ""},
	} {
		v := g.View(c.on, g.Size())
		if c.proposal != "" {
			v = v.With(c.proposal)
		}
		hits, total := v.Search(c.query, 10)
		var got []string
		for _, h := range hits {
			s := h.Key.String()
			if h.How == graph.ByOtherTitle {
				s += fmt.Sprintf(" (was %s)", h.As)
			} else if !h.There {
				s += " (not there)"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, ", "); s != c.want || total != len(hits) {
			t.Errorf("%q on %s: %s, want %s", c.query, c.on, s, c.want)
		}
	}
	if hits, total := g.View(fact.DayOf(2004, 1, 1), 0).Search("children", 10); total != 0 {
		t.Errorf("before anything was recorded: %v", hits)
	}
}

// A search says by what it found a record, and on which days that was so.
func TestSearchSaysHow(t *testing.T) {
	w := newWorld()
	for _, m := range []string{
		"{kind: person, id: paul, name: Paul Clark}\n---\n{kind: person, id: jane, name: Jane Doe}\n---\n{kind: post, id: ed, title: Director of Education, until: 2003-08-31}\n---\n{kind: post, id: ed, title: Director of Learning, from: 2003-09-01}\n---\n{kind: appointment, id: a, person: paul, post: ed, from: 2003-09-29, until: 2009-12-31}\n---\n{kind: appointment, id: b, person: jane, post: ed, from: 2010-01-01}",
		"{kind: post, id: dcs, title: Director of Children's Services}\n---\n{kind: post, id: people, title: Corporate Director – People}\n---\n{kind: designation, id: d, role: DCS, post: people, from: 2015-09-01}\n---\n{kind: function, id: sen, name: Special educational needs, domain: EDU}\n---\n{kind: post, id: head, title: Head of SEN}\n---\n{kind: post, id: senior, title: Senior adviser}",
		"{kind: post, id: ed, title: Director of Lerning, from: 2011-01-01, until: 2011-12-31}",
		"{kind: post, id: ed, title: Director of Learning, from: 2011-01-01, until: 2011-12-31}", // a slip, corrected
	} {
		if got := load(t, w.g, m); got != "" {
			t.Fatal(got)
		}
	}
	short := []graph.Abbreviation{{Short: "CYP", Long: "children and young people"}, {Short: "DCS", Long: "director of children's services"}, {Short: "ISS", Long: "special educational needs"}}
	day := fact.DayOf(2005, 6, 1)
	for _, c := range []struct{ query, want string }{
		{"director of education", "post/ed: other title “Director of Education” from the beginning until 31 August 2003"},
		{"Paul Clark", "person/paul: title from the beginning until further notice; post/ed: holder “Paul Clark” from 29 September 2003 until 31 December 2009"},
		{"jane", "person/jane: title from the beginning until further notice; post/ed: holder “Jane Doe” from 1 January 2010 until further notice"},
		{"SEN", "post/head: title from the beginning until further notice; function/sen: short for “Special educational needs” from the beginning until further notice; post/senior: title from the beginning until further notice"},
		{"special educational needs", "function/sen: title from the beginning until further notice; post/head: short for “Head of SEN” from the beginning until further notice"},
		{"iss", "function/sen: short for “special educational needs (ISS)” from the beginning until further notice"},
		{"DCS", "post/dcs: short for “director of children's services (DCS)” from the beginning until further notice; post/people: role “DCS” from 1 September 2015 until further notice; designation/d: title from 1 September 2015 until further notice"},
		{"director childrens services", "post/dcs: title from the beginning until further notice; post/people: role “DCS” from 1 September 2015 until further notice; designation/d: short for “DCS” from 1 September 2015 until further notice"},
		{"Children’s Services", "post/dcs: title from the beginning until further notice; post/people: role “DCS” from 1 September 2015 until further notice"},
		{"cdp", "post/people: short for “Corporate Director – People” from the beginning until further notice"},
		{"lerning", ""},
		{"learning", "post/ed: title from 1 September 2003 until further notice"},
	} {
		hits, total := w.view(day).Search(c.query, 10, short...)
		var got []string
		for _, h := range hits {
			how := [...]string{graph.ByTitle: "title", graph.ByOtherTitle: "other title", graph.ByAbbreviation: "short for", graph.ByRole: "role", graph.ByHolder: "holder", graph.ByID: "id"}[h.How]
			s := h.Key.String() + ": " + how
			if h.As != "" {
				s += " “" + h.As + "”"
			}
			if h.How != graph.ByID {
				s += " " + h.Span().Words()
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "; "); s != c.want || total != len(hits) {
			t.Errorf("%q: got  %s\nwant %s", c.query, s, c.want)
		}
	}
}

// A query that finds nothing is spelt as something that is found, also where that was recorded a moment ago.
func TestSpelt(t *testing.T) {
	w := newWorld()
	day := fact.DayOf(2005, 6, 1)
	for _, m := range []string{"{kind: post, id: dcs, title: Director of Children's Services}\n---\n{kind: person, id: ann, name: Ann Smith}", "{kind: unit, id: lib, name: Libraries and Area 7}"} {
		if got := load(t, w.g, m); got != "" {
			t.Fatal(got)
		}
		w.view(day).Search("anything", 1)
	}
	for query, want := range map[string]string{
		"directer of Children's": "director of Children's", "dierctor servces": "director services", "librarees": "libraries",
		"director": "", "dir": "", "area 8": "", "zebra": "", "": "", "directer of libraries": "", "a b c d e f directer": "", "\u202e": "", "anne smith": "ann smith",
	} {
		if got := w.view(day).Spelt(query); got != want {
			t.Errorf("%q is spelt %q, want %q", query, got, want)
		}
	}
	if got := w.g.View(day, 2).Spelt("librarees"); got != "" {
		t.Errorf("a word of what was not known yet: %q", got)
	}
}

// Searching between changes finds what a search of all of them at once finds, and nothing that was erased.
func TestSearchKeepsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		said := func(g *graph.Graph) string {
			hits, total := g.View(start+5, g.Size()).Search("title", 100)
			var out []string
			for _, h := range hits {
				out = append(out, fmt.Sprint(h.Key, h.There, h.How, h.As, h.Title(), h.Span()))
			}
			return fmt.Sprint(out, total)
		}
		for i := range rapid.IntRange(1, 12).Draw(t, "entries") {
			e := drawEntry(t, int64(i+1))
			if i > 2 && rapid.IntRange(0, 5).Draw(t, "erase") == 0 {
				base := w.m.entries[rapid.IntRange(0, i-1).Draw(t, "base")]
				if base.Op != fact.Erase {
					e = fact.Entry{Position: e.Position, Recorded: e.Recorded, Written: e.Written, Who: "owner", Op: fact.Erase, Kind: "post", ID: base.ID, Base: base.Position}
				}
			}
			w.fold(t, e)
			if rapid.Bool().Draw(t, "search") {
				fresh := newWorld()
				fresh.fold(t, w.m.entries...)
				if got, want := said(w.g), said(fresh.g); got != want {
					t.Fatalf("after %d entries %s, want %s", i+1, got, want)
				}
			}
		}
	})
}

// Searching goes on while entries are folded in.
func TestSearchWhileFolding(t *testing.T) {
	entries := made(3_000, 300)
	g := graph.New(kinds)
	searched := make(chan int)
	for range 2 {
		go func() {
			last := 0
			for range 30 {
				_, last = g.View(fact.DayOf(2015, 1, 1), g.Size()).Search("head of service", 5)
			}
			searched <- last
		}()
	}
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	<-searched
	<-searched
	if _, total := g.View(fact.DayOf(2015, 1, 1), g.Size()).Search("head of service", 5); total != 300 {
		t.Errorf("%d of 300 found", total)
	}
}
