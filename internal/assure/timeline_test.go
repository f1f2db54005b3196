package assure_test

import (
	"fmt"
	"slices"
	"strings"
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

// Every band says of each of its days what a look at that day alone says, and what lapses on a day is what looks at it and at the day before show.
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
		lapses := map[fact.Day][]string{}
		for _, e := range line.Lapses(from) {
			for _, l := range e.Losses {
				lapses[e.On] = append(lapses[e.On], string(l.Harm))
			}
		}
		var eve *assure.Assessment
		for d := from; d <= to; d++ {
			a := assure.Assess(p, v.At(d))
			if eve != nil {
				lapsed := lapsed(eve, a)
				slices.Sort(lapses[d])
				if diff := cmp.Diff(lapsed, lapses[d]); diff != "" {
					rt.Fatalf("what lapses on %s (-two days alone +timeline from %s):\n%s", d, from, diff)
				}
			}
			eve = a
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

// lapsed names the harms, but for advice, that are there on a day and were not on the day before.
func lapsed(eve, a *assure.Assessment) (out []string) {
	stale := func(c assure.Criterion) bool { return c.Judgement != nil && len(c.Judgement.Stale) > 0 }
	fresh := *a
	fresh.Criteria = slices.Clone(a.Criteria)
	for i := range fresh.Criteria {
		if stale(eve.Criteria[i]) && stale(fresh.Criteria[i]) {
			j := *fresh.Criteria[i].Judgement
			j.Stale = nil
			fresh.Criteria[i].Judgement = &j
		}
	}
	for _, h := range worsened(eve, &fresh) {
		if h != string(assure.HarmAdvisory) {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return out
}

// What lapses after the structure of 2015 was tested, with what begins, ends or changes on the day.
func TestLapses(t *testing.T) {
	g := graph.New(kinds)
	add(t, g, made, structure+`
---
{kind: board, id: officers, name: Statutory officers, type: statutory-officers, cadence_months: 3}
---
{kind: document, id: dph, title: Annual report, type: public-health-annual-report, published_on: 2015-01-10}
`)
	on := fact.DayOf(2015, 7, 1)
	var b strings.Builder
	for _, e := range assure.TimelineOf(pack(t), g.View(on, g.Size()), on, fact.DayOf(2017, 7, 1)).Lapses(on) {
		for _, l := range e.Losses {
			fmt.Fprintf(&b, "%s %s %s%s %s\n", e.On, l.Harm, l.Rule, l.Criterion, l.Subjects)
		}
		for _, x := range e.Events {
			fmt.Fprintf(&b, "  %s\n", x.What)
		}
	}
	if got, want := b.String(), strings.TrimPrefix(`
2016-01-01 stale accountability [judgement/account]
  Evidence expires: Interviews
2016-03-01 cannot-test DASS-05 []
2016-04-01 breach DCS-12 [post/people]
2016-04-01 cannot-test DCS-11 [post/people]
2016-04-01 cannot-test GP-04 [post/people]
2016-04-01 cannot-test accountability [condition/experience]
2016-04-01 stale statutory-duties [judgement/duties]
  Appointment ends: Ann, Corporate Director – People, and no successor is recorded
2016-07-11 breach DPH-03 [council/council]
2016-10-01 cannot-test SAB-03 [council/council]
`, "\n"); got != want {
		t.Errorf("got\n%s", got)
	}
}

// If the timeline is asked again of a post that was vacant beside another, only the one that came is named.
func TestALossNamesWhatGotWorse(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure+`
---
{kind: designation, id: second, role: MO, post: adults, from: 2010-01-01, decided_on: 2010-01-01}
---
{kind: appointment, id: ann-people, end: 2015-06-30}
---
{kind: appointment, id: bea-adults, end: 2015-07-31}
`)
	on := fact.DayOf(2015, 7, 15)
	for _, e := range assure.TimelineOf(p, g.View(on, g.Size()), on, on+60).Lapses(on) {
		for _, l := range e.Losses {
			if l.Rule == "DCS-12" {
				if want := "Not met for Director of Adult Services, too."; l.What != want {
					t.Errorf("%s: %q, want %q", e.On, l.What, want)
				}
				return
			}
		}
	}
	t.Error("nothing lapses when the second leaves")
}
