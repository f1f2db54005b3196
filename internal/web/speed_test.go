package web_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// times are what readings of a page took: the first, and of later ones the median and the 95th percentile.
type times struct{ first, median, p95 time.Duration }

// timed reads a page again and again.
func (s *site) timed(target string, readings int) (t times) {
	s.t.Helper()
	var later []time.Duration
	for i := range readings + 1 {
		began := time.Now()
		r := s.do(request("GET", target))
		_, err := io.Copy(io.Discard, r.Body)
		took := time.Since(began)
		if err != nil || r.StatusCode != http.StatusOK {
			s.t.Fatalf("%s: %s, %v", target, r.Status, err)
		}
		if i == 0 {
			t.first = took
		} else {
			later = append(later, took)
		}
	}
	slices.Sort(later)
	t.median, t.p95 = later[len(later)/2], later[len(later)*95/100]
	return t
}

// Every sort of page of a council of 300 posts and of one of 3,000: the milliseconds of the first reading after something was recorded, and the median
// and the 95th percentile of later ones. Aim at 3,000 posts: median ≤ 5 ms, 95th percentile ≤ 100 ms, and what they cost at 300.
func BenchmarkPages(b *testing.B) {
	small, large := grown(b, 300), grown(b, 3000)
	targets := small.sorts("")
	for b.Loop() {
		ms := func(d time.Duration) string { return fmt.Sprintf("%8.1f", float64(d.Microseconds())/1000) }
		type line struct {
			text string
			by   time.Duration
		}
		var lines []line
		for _, target := range targets {
			// What is kept for one page is not there for another: each is the first that is read.
			for _, s := range []*site{small, large} {
				s.load(nil, "{kind: organisation, id: any, name: Any}")
			}
			x, y := small.timed(target, 20), large.timed(target, 20)
			lines = append(lines, line{fmt.Sprint(ms(x.first), ms(x.median), ms(x.p95), ms(y.first), ms(y.median), ms(y.p95), fmt.Sprintf("%6.1f  ", float64(y.median)/float64(x.median)), target), y.median})
		}
		slices.SortStableFunc(lines, func(a, b line) int { return int(b.by - a.by) })
		var out strings.Builder
		out.WriteString("    300: first, median, p95; 3,000: first, median, p95; ratio of the medians\n")
		for _, l := range lines {
			out.WriteString(l.text + "\n")
		}
		fmt.Print("\n", out.String()) // a log of a benchmark is cut after ten lines
	}
}
