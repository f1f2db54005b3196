package web_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plumbline/internal/fact"
)

func TestAudit(t *testing.T) {
	s := reading(t)
	newest := "Entry " + itoa(s.book.Known())
	for target, want := range map[string][]string{
		"/entries":                                {newest, "Earlier entries", "5 June 2015, reconstructed from documents"},
		"/entries?known=2003-09-17":               {"17 September 2003, reconstructed from documents"},
		"/entries?kind=appointment&before=200":    {"Paul Clark", "The newest"},
		"/entries?act=proposed":                   {"as proposed"},
		"/entries?act=erased":                     {"Nothing was recorded that matches."},
		"/entries?to=17+September+2003":           {"17 September 2003, reconstructed from documents", `value="17 September 2003"`},
		"/entries?since=2003-09-18&to=2015-01-01": {"Nothing was recorded that matches."},
		"/entries?by=owner&kind=nonsense":         {newest},
		"/entries?about=post/chief-executive":     {"Remove filter:", "Chief Executive"},
		"/entries?about=post/nobody":              {newest},
	} {
		if s.ok(target); t.Failed() {
			return
		}
		_, page := s.get(target)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s does not say %q", target, w)
			}
		}
	}
	if _, page := s.get("/entries?known=2003-09-17"); strings.Contains(page, "5 June 2015") {
		t.Error("the trail shows what was recorded after the day looked at")
	}
	status, page := s.get("/entries?since=31+February&kind=post")
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="31 February"`) || !strings.Contains(page, `<title>Error: `) || !strings.Contains(page, `href="#since"`) {
		t.Errorf("a wrong date: %d", status)
	}
	if n := s.crawl(func(u *url.URL) bool { return u.Path == "/entries" }, "/entries"); n < 5 {
		t.Errorf("only %d pages of the trail can be reached", n)
	}
}

func TestAuditOfOneRecordAndAsCSV(t *testing.T) {
	s := reading(t)
	v := s.visit("/structure/posts")
	v.open("/structure/posts/chief-executive/history")
	v.open(v.link("Everything recorded about this"))
	v.want("Chief Executive", "Remove filter:")
	if strings.Contains(v.says(), "Earlier entries") {
		t.Error("one record has more entries than a page")
	}
	entries := len(s.book.View(0, -1).History(fact.Key{Kind: "post", ID: "chief-executive"}))
	for target, lines := range map[string]int{
		"/entries.csv?about=post/chief-executive": entries,
		"/entries.csv":            int(s.book.Known()),
		"/entries.csv?known=150":  150,
		"/entries.csv?act=erased": 0,
	} {
		status, b := s.get(target)
		all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b, "\ufeff"))).ReadAll()
		if err != nil || status != http.StatusOK || len(all) != lines+1 {
			t.Errorf("%s: status %d, %d lines, want %d: %v", target, status, len(all)-1, lines, err)
		}
	}
}
