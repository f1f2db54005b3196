package rule_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Whatever was recorded, supposed or looked at on another day since, asking again only what it touches gives what asking everything gives. And as long as
// the results say that nothing comes to be otherwise, nothing does.
func TestRerunLaw(t *testing.T) {
	p := england(t)
	changes := []string{
		"{kind: appointment, id: new%d, person: john-harris, post: corporate-director-people, from: %s, basis: interim}",
		"{kind: post, id: director-public-health, title: Renamed %d, reports_to: chief-executive, from: %s}",
		"{kind: function, id: new%d, name: New, domain: CSC, ages: children, managed_by: chief-executive, from: %s}",
		"{kind: board, id: new%d, name: New, type: hwb, cadence_months: 3, from: %s}",
		"{kind: meeting, id: new%d, board: cabinet, status: held, on: %s}",
		"{kind: seat, id: new%d, board: hwb, as: member, stands_for: healthwatch, from: %s}",
		"{kind: designation, id: new%d, role: MO, post: chief-executive, decided_on: %s}",
		"{kind: document, id: new%d, title: Report, type: public-health-annual-report, published_on: %s}",
		"{kind: delegation, id: new%d, power: some, to: chief-executive, from: %s}",
		"{kind: designation, id: new%d, role: HPS, post: director-public-health, decided_on: %s}",
		"{kind: designation, id: new%d, role: DCS, person: john-harris, decided_on: %s}",
		"{kind: designation, id: new%d, role: DASS, post: chief-executive, from: by %s}",
		"{kind: post, id: director-public-health, title: Moved %d, reports_to: corporate-director-people, from: %s}",
		"{kind: function, id: children-in-need, name: Moved %d, domain: CSC, ages: children, managed_by: director-public-health, from: %s}",
		"{kind: function, id: children-in-need, name: Renamed %d, domain: EDU, answers_in_law: DASS, from: %s}",
		"{kind: protocol, id: new%d, name: New, covers: [function/children-in-need], from: %s}",
		"{kind: departure, id: new%d, rule: DASS-03, reason: good, from: %s}",
		"{kind: portfolio, id: new%d, post: portfolio-holder-adults, domains: [EDU], from: %s}",
		"{kind: function, id: children-in-need, name: Now for adults %d, domain: ASC, managed_by: corporate-director-people, from: %s}",
		"{kind: post, id: corporate-director-people, title: On its own %d, capacity: officer, from: %s}",
		"{kind: appointment, id: ended%d, person: john-harris, post: director-public-health, from: 2001-01-01, until: %s}",
		"{kind: person, id: john-harris, name: 'Renamed %d, %s'}",
	}
	ignore := cmpopts.IgnoreUnexported(rule.Result{})
	rapid.Check(t, func(rt *rapid.T) {
		g := harrow(t)
		drawDay := func(name string) fact.Day {
			if rapid.Bool().Draw(rt, name+" in 2003") {
				return fact.DayOf(2002, 12, 1) + fact.Day(rapid.IntRange(0, 400).Draw(rt, name))
			}
			return fact.DayOf(2012, 1, 1) + fact.Day(rapid.IntRange(0, 2200).Draw(rt, name))
		}
		var veiled *graph.Graph
		look := rapid.SampledFrom([]func(fact.Day) *graph.View{
			func(d fact.Day) *graph.View { return g.View(d, g.Size()) },
			func(d fact.Day) *graph.View { return g.View(d, g.Size()).With("people-directorate") },
			func(d fact.Day) *graph.View {
				return g.View(d, g.Size()).Planned("people-directorate", fact.ExactDate(fact.DayOf(2015, 9, 1)))
			},
			func(d fact.Day) *graph.View {
				if veiled == nil || veiled.Size() < g.Size() {
					veiled = g.Veil(func(k *kind.Kind, _ fact.ID, _ graph.Version) graph.Sight {
						if k.Name == graph.Appointment {
							return graph.Veiled
						}
						return graph.Whole
					}, func(*kind.Kind, fact.ID) []string { return nil })
				}
				return veiled.View(d, g.Size())
			},
		}).Draw(rt, "how")
		var keys []fact.Key
		for _, k := range []fact.KindName{"post", "appointment", "seat", "designation", "board", "function", "unit", "person"} {
			for p := range look(0).Pasts(k) {
				keys = append(keys, p.Record.Key())
			}
		}
		day := drawDay("day")
		res := p.Run(look(day))
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range rapid.IntRange(1, 5).Draw(rt, "steps") {
			var gone []fact.Key
			watched, from := p.Run(look(day)), day
			watched.Watch()
			switch rapid.IntRange(0, 2).Draw(rt, "step") {
			case 0:
				at = at.Add(time.Hour)
				manifest := fmt.Sprintf(rapid.SampledFrom(changes).Draw(rt, "change"), i, drawDay("from"))
				docs, problems := kinds.Read("change", strings.NewReader(manifest))
				if len(problems) > 0 {
					rt.Fatal(problems)
				}
				if _, problems := g.Stage(docs, "owner", at, at); len(problems) == 0 { // what it speaks of is there on the day
					add(t, g, at, manifest)
				}
			case 1:
				day = drawDay("day")
			default:
				gone = rapid.SliceOfN(rapid.SampledFrom(keys), 1, 2).Draw(rt, "gone")
			}
			v := look(day).Suppose(gone, nil)
			want := p.Run(look(day).Suppose(gone, nil))
			less := []*rule.Results{p.Outcomes(res, look(day).Suppose(gone, nil)), p.Standings(res, look(day).Suppose(gone, nil))}
			if day == from {
				less = append(less, p.Outcomes(watched, look(day).Suppose(gone, nil)))
			}
			for _, less := range less {
				if d := cmp.Diff(came(want), came(less)); d != "" {
					rt.Fatalf("on %s, without %v: outcomes and standings (-run +rerun):\n%s", day, gone, d)
				}
			}
			res = p.Rerun(res, v)
			if d := cmp.Diff(want.Rows, res.Rows, ignore); d != "" {
				rt.Fatalf("on %s, without %v (-run +rerun):\n%s", day, gone, d)
			}
			if d := cmp.Diff(want.Splits, res.Splits); d != "" {
				rt.Fatalf("on %s, without %v: splits (-run +rerun):\n%s", day, gone, d)
			}
			if until := res.Until(); until > day {
				later := day + 1 + fact.Day(rapid.IntRange(0, min(int(until-day-1), 800)).Draw(rt, "later"))
				if d := cmp.Diff(came(res), came(p.Run(v.At(later)))); d != "" {
					rt.Fatalf("from %s until %s, and it is otherwise on %s:\n%s", day, until, later, d)
				}
			}
		}
	})
}

// came is what came of each rule, without the words.
func came(res *rule.Results) (out []string) {
	for _, r := range res.Rows {
		out = append(out, fmt.Sprint(r.Rule, r.Outcome, r.Severity, r.Subjects, r.Departure))
	}
	slices.Sort(out)
	return out
}
