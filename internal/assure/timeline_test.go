package assure_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// standing writes down how a criterion stands by a look at its day alone.
func standing(c *assure.Criterion) string {
	s := assure.Standing{Machine: c.Machine}
	if j := c.Judgement; j != nil {
		s.Judgement, s.Stale = j.Outcome, len(j.Stale) > 0
		for _, on := range j.Conditions {
			if s.Conditions == "" || on.State == rule.Fails || on.State == rule.CannotBeTested && s.Conditions == rule.Holds {
				s.Conditions = on.State
			}
		}
	}
	return fmt.Sprint(s)
}

// Every band says of each of its days what a look at that day alone says.
func TestTimelineIsBruteForce(t *testing.T) {
	p := pack(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := graph.New(kinds)
		add(t, g, made, structure)
		day := func(name string) fact.Day {
			return fact.DayOf(2015, 5, 1) + fact.Day(rapid.IntRange(0, 600).Draw(rt, name))
		}
		for i := range rapid.IntRange(0, 6).Draw(rt, "more") {
			more := rapid.SampledFrom([]string{
				"{kind: appointment, id: x%d, person: bea, post: people, from: %s, basis: interim, until: 2017-10}",
				"{kind: appointment, id: bea-adults, person: bea, post: adults, until: %[2]s}",
				"{kind: designation, id: x%d, role: MO, post: chief, from: %s, decided_on: 2015-09-09}",
				"{kind: function, id: x%d, name: Homes, domain: CSC, ages: children, managed_by: adults, from: %s}",
				"{kind: meeting, id: x%d, board: lscb, status: held, on: %s}",
				"{kind: board, id: b%d, name: Board, type: hwb, cadence_months: 3, from: %s}",
				"{kind: seat, id: x%d, board: lscb, as: member, post: lead, from: %s}",
				"{kind: document, id: x%d, title: Report, type: public-health-annual-report, published_on: %s}",
				"{kind: inspection, id: x%d, title: Inspection, published_on: %s}",
				"{kind: post, id: people, title: Renamed %d, reports_to: chief, capacity: officer, from: %s}",
				"{kind: departure, id: x%d, rule: DASS-03, reason: good, from: %s}",
				"{kind: designation, id: dass, role: DASS, post: adults, until: %[2]s}",
			}).Draw(rt, "record")
			add(t, g, made.Add(time.Duration(i+1)*time.Hour), fmt.Sprintf(more, i, day("from")))
		}
		v := g.View(fact.DayOf(2015, 7, 1), g.Size())
		from := day("begin")
		to := from + fact.Day(rapid.IntRange(0, 120).Draw(rt, "days"))
		line := assure.TimelineOf(p, v, from, to)
		at := func(l *assure.Lane, d fact.Day) string {
			for i, b := range l.Bands {
				if i > 0 && b.From != l.Bands[i-1].Until+1 {
					rt.Fatalf("the bands of %s do not touch: %v", l.ID, l.Bands)
				}
				if b.From <= d && d <= b.Until {
					return fmt.Sprint(b.Standing)
				}
			}
			rt.Fatalf("%s has no band on %s: %v", l.ID, d, l.Bands)
			return ""
		}
		for d := from; d <= to; d++ {
			a := assure.Assess(p, v.At(d))
			var want, got []string
			for i := range a.Criteria {
				want = append(want, standing(&a.Criteria[i]))
				got = append(got, at(&line.Criteria[i], d))
			}
			for i := range line.Rules {
				l := &line.Rules[i]
				worst := ""
				for _, s := range []assure.Standing{{Outcome: rule.NotMet, Severity: rule.Breach}, {Outcome: rule.NotMet, Severity: rule.Departure}, {Outcome: rule.CannotTest}, {Outcome: rule.NotMet, Severity: rule.Advisory}, {Outcome: rule.MetWithCondition}, {Outcome: rule.Met}, {Outcome: rule.NotApplicable}} {
					if worst == "" && slices.ContainsFunc(a.Results.Rows, func(r rule.Result) bool {
						return r.Rule == l.ID && r.Outcome == s.Outcome && r.Severity == s.Severity
					}) {
						worst = fmt.Sprint(s)
					}
				}
				want, got = append(want, l.ID+worst), append(got, l.ID+at(l, d))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("on %s (-that day alone +timeline from %s):\n%s", d, from, diff)
			}
		}
	})
}
