package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/web"
)

// anew gives other pages of the same record, which have kept nothing.
func (s *site) anew() *site {
	c := *s
	_, pack := law()
	c.handler = web.New(web.Config{Book: s.book, Desk: s.desk, Pack: pack, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}).Handler()
	return &c
}

// In whatever order pages are read, and however often, each is the same: nobody changes what is kept for others, and nothing is taken for
// something else.
func TestPagesDoNotDependOnWhatIsKept(t *testing.T) {
	s := reading(t)
	targets := append(s.sorts(""), append(s.sorts("?on=2003-10-01&known=2003-09-17"), s.sorts("?on=2015-06-05&proposal=people-directorate")...)...)
	pages := func(s *site, order []string) map[string]string {
		out := map[string]string{}
		for _, target := range order {
			status, page := s.get(target)
			out[target] = fmt.Sprint(status, " ", page)
		}
		return out
	}
	forward := s.anew()
	want := pages(forward, targets)
	backward := slices.Clone(targets)
	slices.Reverse(backward)
	for name, got := range map[string]map[string]string{"again": pages(forward, targets), "in another order": pages(s.anew(), backward)} {
		for _, target := range targets {
			if got[target] != want[target] {
				t.Errorf("%s is another page when it is read %s", target, name)
			}
		}
	}
}

// What was erased is on no page, also where the page was read before, and looks at the record as it was then.
func TestWhatIsErasedIsNotKept(t *testing.T) {
	s := harrow(t)
	const name = "Paul Clark"
	looked := fmt.Sprintf("?on=2003-10-01&known=%d", s.book.Known())
	var said []string
	for _, path := range []string{"/", "/structure", "/structure/who-answers", "/structure/who-answers/print", "/structure/timeline", "/structure/compare", "/structure/people", "/structure/posts/director-childrens-services", "/assurance/check"} {
		if _, page := s.get(path + looked); strings.Contains(page, name) {
			said = append(said, path+looked)
		}
	}
	if len(said) < 6 {
		t.Fatalf("only %v name the person", said)
	}
	_, page := s.get("/structure/people?on=2003-10-01")
	id := regexp.MustCompile(`/structure/people/([a-z-]+)\?on=2003-10-01">` + name).FindStringSubmatch(page)
	for _, h := range s.book.View(0, -1).History(fact.Key{Kind: "person", ID: fact.ID(id[1])}) {
		if _, err := s.book.Do(t.Context(), book.Owner, book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: h.Position}}, Ground: "too-much", Reason: "a request under data protection law"}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, target := range said {
		if status, page := s.get(target); status != http.StatusOK || strings.Contains(page, name) {
			t.Errorf("%s still names the person (%d)", target, status)
		}
	}
}

// Whoever follows every link to another day does not fill the memory.
func TestKeptIsBounded(t *testing.T) {
	s := grown(t, 3000)
	heap := func() float64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / 1e6
	}
	read := func(days int) {
		for i := range days {
			look := fmt.Sprintf("?on=%s", fact.DayOf(2025, 1, 1)-fact.Day(30*i))
			for _, path := range []string{"/", "/structure/compare", "/structure/who-answers", "/structure/people"} {
				if status, _ := s.get(path + look); status != http.StatusOK {
					t.Fatalf("%s%s: %d", path, look, status)
				}
			}
		}
	}
	before := heap()
	read(10)
	full := heap()
	read(30)
	after := heap()
	t.Logf("%.0f MB before, %.0f MB with as much as is kept, %.0f MB after three times as much", before, full, after)
	if after-before > 60 || after > full+15 {
		t.Errorf("the heap grew from %.0f to %.0f MB, and then to %.0f", before, full, after)
	}
}
