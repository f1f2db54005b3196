package web_test

import (
	"net/url"
	"os"
	"path"
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

// sample gives a page of every sort: one for each address that is a route with its parameters filled in; to prove it, every page of each look.
func (s *site) sample() (out []string) {
	s.t.Helper()
	every := os.Getenv("PLUMBLINE_PROVE") != ""
	sorts := map[string]bool{}
	for _, look := range []string{"", "?on=2003-10-01&known=2003-09-17", "?on=2015-06-05&proposal=people-directorate"} {
		var from []string
		for _, p := range pages {
			from = append(from, p+look)
		}
		left := 400
		s.crawl(func(u *url.URL) bool {
			q := u.Query()
			plain := len(q) == strings.Count(look, "=")
			if left--; left < 0 && !every || path.Ext(u.Path) != "" || !plain && q.Get("view") == "" || strings.HasPrefix(u.Path, "/entries/") && !every {
				return false
			}
			sort := record.ReplaceAllString(u.Path, "$1/ID$2") + " " + q.Get("view")
			if of := kindOf.FindStringSubmatch(u.Path); of != nil && !bespoke[of[1]] {
				sort = "any record" + of[2]
			}
			if every || !sorts[sort] {
				sorts[sort] = true
				out = append(out, u.RequestURI())
			}
			return true
		}, from...)
	}
	return append(out, "/entries/1", "/nothing", "/structure?on=31+February+2003", "/search?q=director&on=2003-10-01")
}

var (
	record = regexp.MustCompile(`^(/[a-z]+/[a-z-]+)/[^/]+(/[a-z]+)?$`)
	kindOf = regexp.MustCompile(`^/[a-z]+/([a-z-]+)/[^/]+(/[a-z]+)?$`)
)

// bespoke are the records whose pages are made for them.
var bespoke = map[string]bool{"posts": true, "units": true, "people": true, "functions": true, "statutory-roles": true, "recruitment": true}
