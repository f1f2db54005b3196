package report_test

import (
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/report"
)

// possible gives the numbers that a hidden count can have for somebody who sees the table, and knows that nobody is counted twice and that 0 is always shown. The last is open above.
func possible(sum report.Tally, shown []report.Tally) (least, most int, open bool) {
	left, hidden := sum.N, 0
	for _, g := range shown {
		if g.Hidden {
			hidden++
		} else {
			left -= g.N
		}
	}
	if sum.Hidden {
		return 1, 0, true
	}
	return 1, left - (hidden - 1), false
}

// Whoever sees the table cannot tell a hidden number from several others, however they reckon; a small number is never shown; and what need not be hidden is not.
func TestSuppress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 8), rapid.IntRange(0, 300)), 0, 8).Draw(t, "counts")
		var groups []report.Tally
		all, small := 0, false
		for _, n := range counts {
			groups = append(groups, report.Tally{N: n})
			all += n
			small = small || n > 0 && n < report.Few
		}
		sum, shown := report.Suppress("All", groups)
		if len(shown) != len(groups) || sum.N != all {
			t.Fatalf("%v of %v", shown, groups)
		}
		if sum.N > 0 && sum.N < report.Few && !sum.Hidden {
			t.Fatalf("the total %d is shown", sum.N)
		}
		for i, g := range shown {
			switch {
			case g.N != counts[i]:
				t.Fatalf("%v of %v", shown, groups)
			case !g.Hidden && g.N > 0 && g.N < report.Few:
				t.Fatalf("%d is shown: %v", g.N, shown)
			case g.Hidden && g.N == 0, g.Hidden && !small, sum.Hidden && !small:
				t.Fatalf("more is hidden than need be: %v of %v", shown, counts)
			case g.Hidden:
				if least, most, open := possible(sum, shown); !open && (most-least+1 < report.Few || g.N < least || g.N > most) {
					t.Fatalf("from %v of %v one reckons that a hidden number is %d to %d", sum, shown, least, most)
				}
			}
		}
	})
	for _, c := range []struct {
		of     []int
		hidden string
	}{
		{[]int{12, 7, 30}, "..."}, {[]int{12, 3, 30}, "xx."}, {[]int{12, 3, 4, 30}, ".xx."}, {[]int{1, 1, 40, 6}, "xx.x"}, {[]int{3, 0, 0}, "x.."}, {[]int{2, 9}, "xx"},
	} {
		var groups []report.Tally
		for _, n := range c.of {
			groups = append(groups, report.Tally{N: n})
		}
		_, shown := report.Suppress("All", groups)
		got := ""
		for _, g := range shown {
			got += map[bool]string{true: "x", false: "."}[g.Hidden]
		}
		if got != c.hidden {
			t.Errorf("%v: %s, want %s", c.of, got, c.hidden)
		}
	}
}
