package graph_test

import (
	"fmt"
	"strings"
	"testing"

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
			if h.Was != "" {
				s += fmt.Sprintf(" (was %s)", h.Was)
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
