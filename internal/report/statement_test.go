package report_test

import (
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// Every day is in one quarter, which is written and read again.
func TestQuarters(t *testing.T) {
	for _, c := range []struct {
		day  fact.Day
		want string
	}{
		{fact.DayOf(2015, 4, 1), "2015/16 quarter 1"}, {fact.DayOf(2015, 6, 30), "2015/16 quarter 1"}, {fact.DayOf(2015, 7, 1), "2015/16 quarter 2"}, {fact.DayOf(2015, 12, 31), "2015/16 quarter 3"},
		{fact.DayOf(2016, 1, 1), "2015/16 quarter 4"}, {fact.DayOf(2016, 3, 31), "2015/16 quarter 4"}, {fact.DayOf(2000, 3, 31), "1999/00 quarter 4"},
	} {
		q := report.QuarterOf(c.day)
		again, err := report.ParseQuarter(q.String())
		if q.String() != c.want || err != nil || again != q || c.day < q.First() || c.day > q.Last() {
			t.Errorf("%s: %s from %s to %s, %v", c.day, q, q.First(), q.Last(), err)
		}
	}
	for d := fact.DayOf(2015, 1, 1); d < fact.DayOf(2018, 1, 1); d++ {
		if q := report.QuarterOf(d); d < q.First() || d > q.Last() || report.QuarterOf(q.First()) != q || report.QuarterOf(q.Last()) != q || q.Before().Last()+1 != q.First() {
			t.Fatalf("%s is not in %s", d, q)
		}
	}
	if got := report.QuarterOf(fact.DayOf(2016, 2, 1)).Words(); got != "Quarter 4 2015/16 (January to March 2016)" {
		t.Error(got)
	}
	for _, bad := range []string{"", "2015", "2015/16", "2015/17 quarter 1", "2015/16 quarter 5"} {
		if q, err := report.ParseQuarter(bad); err == nil {
			t.Errorf("%q is %s", bad, q)
		}
	}
}
