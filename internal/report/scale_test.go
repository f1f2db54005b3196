package report_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/report"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		from, to fact.Day
		want     string
	}{
		{fact.DayOf(2003, 10, 1), fact.DayOf(2003, 10, 1), "1 Oct 2003@0"},
		{fact.DayOf(2003, 12, 30), fact.DayOf(2004, 1, 2), "30 Dec 2003@0, 31 Dec@200, 1 Jan 2004@400, 2 Jan@600"},
		{fact.DayOf(2004, 2, 28), fact.DayOf(2004, 3, 1), "28 Feb 2004@0, 29 Feb@266.7, 1 Mar@533.3"},
		{fact.DayOf(2002, 7, 1), fact.DayOf(2003, 9, 30), "Jul 2002@0, Sep@108.5, Nov@215.3, Jan 2003@322.1, Mar@425.4, May@532.2, Jul@638.9, Sep@747.5"},
		{fact.DayOf(2003, 1, 1), fact.DayOf(2015, 6, 5), "2004@64.3, 2006@193.2, 2008@321.8, 2010@450.7, 2012@579.3, 2014@708.2"},
	} {
		var got []string
		for _, x := range report.NewScale(c.from, c.to, 800).Ticks() {
			got = append(got, fmt.Sprintf("%s@%v", x.Label, x.X))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.to, s, c.want)
		}
	}
}

// A scale has four to eight ticks in order, the first with its year, unless it has fewer days than that. No label touches another.
func TestScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := fact.DayOf(1900, 1, 1) + fact.Day(rapid.IntRange(0, 70_000).Draw(t, "from"))
		days := rapid.OneOf(rapid.IntRange(1, 100), rapid.IntRange(1, 3_000), rapid.IntRange(1, 1_000_000)).Draw(t, "days")
		s := report.NewScale(from, from+fact.Day(days-1), 600)
		ticks := s.Ticks()
		if len(ticks) < min(4, days) || len(ticks) > 8 {
			t.Fatalf("%d ticks on %d days: %v", len(ticks), days, ticks)
		}
		year, _, _ := ticks[0].Day.Civil()
		if !strings.HasSuffix(ticks[0].Label, fmt.Sprint(year)) {
			t.Fatalf("the first tick is %q", ticks[0].Label)
		}
		free := 0.0 // where the label before ends, at 6 pixels a letter
		for i, x := range ticks {
			if x.Label != "" {
				if x.X < free {
					t.Fatalf("the label of tick %d touches the one before: %v", i, ticks)
				}
				free = x.X + 6*float64(len(x.Label))
			}
			if x.X < 0 || x.X > 600 || i > 0 && x.X <= ticks[i-1].X {
				t.Fatalf("tick %d of %v", i, ticks)
			}
		}
		// Two stretches that meet fill what one does.
		cut := from + fact.Day(rapid.IntRange(0, days-1).Draw(t, "cut"))
		x1, w1, _ := s.Bar(fact.MinDay, cut)
		x2, w2, ok := s.Bar(cut+1, fact.MaxDay)
		if x1 != 0 || ok != (cut < s.To) || ok && (x2 > x1+w1+0.1 || x2 < x1+w1-1 || w1+w2 < 599.9 || w1+w2 > 601) || w1 < 1 {
			t.Fatalf("%v %v, %v %v", x1, w1, x2, w2)
		}
	})
}

func TestPlace(t *testing.T) {
	s := report.NewScale(fact.DayOf(2003, 1, 1), fact.DayOf(2003, 12, 31), 365)
	exact := func(y, m, d int) report.Edge {
		day := fact.DayOf(y, 0, d).AddMonths(m)
		return report.Edge{Date: fact.ExactDate(day), Day: day}
	}
	january := report.Edge{Date: fact.Date{First: fact.DayOf(2003, 1, 1), Last: fact.DayOf(2003, 1, 31), Form: fact.InMonth}, Day: fact.DayOf(2003, 1, 31)}
	open := report.Edge{Day: fact.MinDay}
	for _, c := range []struct {
		name        string
		from, until report.Edge
		want        report.Placed
		ok          bool
	}{
		{"from some day in January", january, exact(2003, 8, 31), report.Placed{X: 30, Width: 213, Before: 30}, true},
		{"until some day in January", open, report.Edge{Date: january.Date, Day: fact.DayOf(2003, 1, 1)}, report.Placed{X: 0, Width: 1, After: 30}, true},
		{"by a day", report.Edge{Date: fact.Date{First: fact.MinDay, Last: fact.DayOf(2003, 9, 17), Form: fact.ByThen}, Day: fact.DayOf(2003, 9, 17)}, report.Edge{Day: fact.MaxDay}, report.Placed{X: 259, Width: 106, Before: 12}, true},
		{"before the range", open, exact(2002, 12, 31), report.Placed{}, false},
		{"after the range", exact(2004, 1, 1), report.Edge{Day: fact.MaxDay}, report.Placed{X: 365}, false},
		{"one day", exact(2003, 1, 1), exact(2003, 1, 1), report.Placed{Width: 1}, true},
	} {
		if got, ok := s.Place(c.from, c.until); got != c.want || ok != c.ok {
			t.Errorf("%s: %+v, %v, want %+v, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}
