package assure_test

import (
	"testing"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// A finding that ends or begins between the days of a timeline counts from its day on.
func TestTimelineOfFindings(t *testing.T) {
	for _, more := range []string{
		"{kind: board, id: improvement, end: 2015-08-31}\n---\n{kind: finding, id: f1, end: 2015-09-30}",
		"{kind: board, id: improvement, end: 2015-08-31}\n---\n{kind: finding, id: f1, test: t, number: 9, polarity: strength, text: good, evidence: [e1], from: 2015-09-30}",
	} {
		p, g := pack(t), graph.New(kinds)
		add(t, g, made, structure)
		add(t, g, made.AddDate(0, 0, 1), more)
		from, to := fact.DayOf(2015, 7, 1), fact.DayOf(2015, 11, 30)
		tl := assure.TimelineOf(p, g.View(from, g.Size()), from, to)
		n := 0
		for d := from; d <= to; d++ {
			a := assure.Assess(p, g.View(d, g.Size()))
			for _, l := range tl.Criteria {
				c := criterion(a, l.ID)
				if c.Judgement == nil {
					continue
				}
				for _, b := range l.Bands {
					if b.From <= d && d <= b.Until && b.Stale != (len(c.Judgement.Stale) > 0) {
						if n++; n < 3 {
							t.Errorf("%s\n%s on %s: timeline stale %v, assessed %v", more, l.ID, d, b.Stale, c.Judgement.Stale)
						}
					}
				}
			}
		}
	}
}

// The day since which a condition stands as it does is the same of a view on which everything was asked, of a new one, and day by day.
func TestSinceIsBruteForce(t *testing.T) {
	for _, expr := range []string{"size(splits()) == 0", `extra(it, ["EDU"])`, `roles_for(it) == ["DCS"]`, `first_year("DCS", ["EDU"])`} {
		about := ""
		switch expr[0] {
		case 'e':
			about = ", about: [post/people]"
		case 'r':
			about = ", about: [function/schools]"
		}
		p, g := pack(t), graph.New(kinds)
		add(t, g, made, structure+"---\n{kind: condition, id: sp, judgement: account, text: x, expression: '"+expr+"'"+about+"}\n")
		add(t, g, made.AddDate(0, 0, 1), `{kind: function, id: schools, name: Schools, domain: EDU, managed_by: adults, from: 2015-10-01, until: 2015-10-31}
---
{kind: function, id: schools, name: Schools, domain: ASC, managed_by: adults, from: 2015-11-01}
---
{kind: designation, id: dcs, end: 2015-11-30}
---
{kind: designation, id: dcs2, role: DCS, post: adults, from: 2015-12-01}
`)
		for _, on := range []fact.Day{fact.DayOf(2015, 7, 1), fact.DayOf(2015, 10, 20), fact.DayOf(2015, 11, 20), fact.DayOf(2016, 1, 20), fact.DayOf(2017, 1, 1)} {
			a := assure.Assess(p, g.View(on, g.Size()))
			for _, x := range criterion(a, "accountability").Judgement.Conditions {
				if x.Record.Key().ID != "sp" {
					continue
				}
				back := fact.DayOf(2015, 6, 5)
				ran := assure.Since(p, a.View, x, back)
				fresh := assure.Since(p, g.View(on, g.Size()), x, back)
				brute := on
				for d := on; d >= back; d-- {
					w := g.View(d, g.Size())
					if assure.ConditionOf(p, w, x.Record.In(w)).State != x.State {
						break
					}
					brute = d
				}
				if ran != brute || fresh != brute {
					t.Errorf("%s on %s %s: view that was run %s, fresh view %s, brute %s", expr, on, x.State, ran, fresh, brute)
				}
			}
		}
	}
}

// What somebody may not see of people hides nothing of what would break.
func TestContingencyOfWhatIsVeiled(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure)
	f := g.Veil(func(k *kind.Kind, _ fact.ID, _ graph.Version) graph.Sight {
		if k.Name == "person" {
			return graph.Veiled
		}
		return graph.Whole
	}, func(*kind.Kind, fact.ID) []string { return nil })
	look := func() *graph.View { return f.View(fact.DayOf(2015, 7, 20), f.Size()) }
	c := assure.ContingencyOf(p, look(), false)
	broken := map[fact.Key][]string{}
	for i := range c.Scenarios {
		broken[c.Scenarios[i].Of] = losses(&c.Scenarios[i])
	}
	v := look()
	for _, s := range assure.Scenarios(p, v) {
		if s.Taken == assure.TakenEvidence {
			continue
		}
		if want := worsened(assure.Assess(p, v), assure.Assess(p, v.Suppose(s.Gone, nil))); len(want) != len(broken[s.Of]) {
			t.Errorf("%s: want %v, got %v", s.If, want, broken[s.Of])
		}
	}
}
