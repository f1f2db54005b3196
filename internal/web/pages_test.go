package web_test

import (
	"regexp"
	"strings"
	"testing"
)

// Pages of every route and in many states, in a browser: wide and narrow, by the rules of axe and the rows of the checklist that a
// machine can judge. PLUMBLINE_PROVE opens every page that there is on each of the looks; otherwise it is one of each kind.
func TestPagesInABrowser(t *testing.T) {
	s := reading(t)
	targets := s.sample()
	for _, width := range []int{1280, 320} {
		b := s.tab(width, true)
		for _, target := range targets {
			b.open(target)
			b.judge(target, width)
			b.picture(strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(target, "-"), "-") + "-" + map[int]string{1280: "wide", 320: "narrow"}[width])
		}
	}
	t.Logf("%d pages, twice", len(targets))
}

// sample gives a page of every sort; to prove it, every page of each look.
func (s *site) sample() (out []string) {
	s.t.Helper()
	for _, look := range []string{"", "?on=2003-10-01&known=2003-09-17", "?on=2015-06-05&proposal=people-directorate"} {
		out = append(out, s.sorts(look)...)
	}
	return append(out, "/nothing", "/structure?on=31+February+2003", "/search?q=director&on=2003-10-01")
}
