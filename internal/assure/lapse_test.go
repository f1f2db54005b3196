package assure_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// What lapses after the structure of 2015 was tested, with what happens on the day.
func TestLapses(t *testing.T) {
	g := graph.New(kinds)
	add(t, g, made, structure+`
---
{kind: board, id: officers, name: Statutory officers, type: statutory-officers, cadence_months: 3}
---
{kind: document, id: dph, title: Annual report, type: public-health-annual-report, published_on: 2015-01-10}
`)
	var b strings.Builder
	for _, l := range assure.Lapses(pack(t), g.View(fact.DayOf(2015, 7, 1), g.Size()), fact.DayOf(2017, 7, 1)) {
		fmt.Fprintf(&b, "%s %s%s%s %s %v %v\n", l.On, l.Rule, l.Condition.ID, l.Judgement.ID, l.Of.ID, l.Untested, l.Events)
	}
	if got, want := b.String(), strings.TrimPrefix(`
2016-01-01 account  false [evidence/e1]
2016-03-01 DASS-05  true []
2016-04-01 DCS-11 people true [appointment/ann-people]
2016-04-01 DCS-12 people false [appointment/ann-people]
2016-04-01 GP-04 people true [appointment/ann-people]
2016-04-01 duties  false [appointment/ann-people]
2016-04-01 experience  true [appointment/ann-people]
2016-07-11 DPH-03 council false []
2016-10-01 SAB-03 council true []
`, "\n"); got != want {
		t.Errorf("got\n%s", got)
	}
}

// What lapses is what lapses from one day to the next, on whatever days things begin, end and run out.
func TestLapsesAreThoseOfEachDay(t *testing.T) {
	p := pack(t)
	const on = fact.Day(16922) // 1 May 2016
	const days = 150
	councils := 0
	rapid.Check(t, func(t *rapid.T) {
		if councils++; councils > 6 && os.Getenv("PLUMBLINE_PROVE") == "" {
			return // each is asked of every day
		}
		day := func(name string) fact.Day { return on + fact.Day(rapid.IntRange(-60, days).Draw(t, name)) }
		manifest := drawCouncil(t) + fmt.Sprintf(`---
{kind: person, id: next, name: Next}
---
{kind: appointment, id: next, person: next, post: p1, from: %s, until: %s}
---
{kind: board, id: officers, name: Officers, type: statutory-officers, cadence_months: 3}
---
{kind: meeting, id: m, board: officers, on: %s, status: held}
---
{kind: document, id: d, title: Report, type: public-health-annual-report, published_on: %s}
`, on+20, on+20+fact.Day(rapid.IntRange(0, 60).Draw(t, "for")), day("met")-60, day("published").AddMonths(-18))
		g, err := rule.TestRecord(kinds, "none", manifest)
		if err != nil {
			t.Fatal(err)
		}
		v := g.View(on, g.Size())
		words := func(all []assure.Lapse) (out []string) {
			for _, l := range all {
				out = append(out, fmt.Sprintf("%s %s %s %s %s %v", l.On, l.Rule, l.Of, l.Condition, l.Judgement, l.Untested))
			}
			return out
		}
		var want []string
		for d := on; d < on+days; d++ {
			want = append(want, words(assure.Lapses(p, v.At(d), d+1))...)
		}
		if diff := cmp.Diff(want, words(assure.Lapses(p, v, on+days))); diff != "" {
			t.Fatalf("day by day and at once (-+):\n%s\n%s", diff, manifest)
		}
	})
}

// What lapses in two years at a made council of 5,000 posts.
func BenchmarkLapses(b *testing.B) {
	p, err := rule.Standard("england", kinds)
	if err != nil {
		b.Fatal(err)
	}
	g, err := rule.TestRecord(kinds, "none", largeCouncil(5000))
	if err != nil {
		b.Fatal(err)
	}
	var all []assure.Lapse
	for b.Loop() {
		all = assure.Lapses(p, g.View(fact.DayOf(2024, 1, 1), g.Size()), fact.DayOf(2026, 1, 1))
	}
	b.ReportMetric(float64(len(all)), "lapses")
}
