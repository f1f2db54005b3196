package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSearch(t *testing.T) {
	s := reading(t)
	for target, want := range map[string][]string{
		"/search": {"Search", "Names are found by the beginnings of their words"},
		"/search?q=special+educational&on=2003-10-01&known=2003-09-17": {
			"1 result for ‘special educational’", "In records for 1 October 2003.", "Who answers: Children with special educational needs", "Different post",
			"Line managed by Director of Children's Services Paul Clark", "Answers in law Director of Learning & Community Development as Chief Education Officer", "How the two are joined",
		},
		"/search?q=javed": {"Javed Khan Person", "Ended: some day"},
		"/search?q=director+of+children&on=2015-06-05": {"Director of Children's Services Post", "Ended: some day between 1 April 2005 and 14 April 2015"},
		"/search?q=zebra":        {"0 results for ‘zebra’", "Nothing recorded is, was or will be called that", "Posts", "Words we use", "Help"},
		"/search?q=%3Cscript%3E": {"0 results for ‘<script>’"},
		"/search?q=people&on=2015-06-05&proposal=people-directorate":    {"Corporate Director – People", "Proposed"},
		"/search?q=corporate+director&on=2003-10-01&known=2003-09-17":   {"0 results"},
		"/search?q=director+of+children&on=2003-10-01&known=2003-09-17": {"In force: from 29 September 2003"},
		"/search?q=head+of&kind=post":                                   {"in posts", "Everything ("},
		"/search?q=head+of&kind=zebra":                                  {"results for ‘head of’ "},
		"/search?q=acting":                                              {"Words we use", "Somebody who is already here does the work of a post for a time."},
		"/search?q=DASS":                                                {"Director of adult social services"},
		"/search?q=directer+of+childrens&on=2003-10-01":                 {"Did you mean ‘director of childrens’?"},
		"/search?q=" + strings.Repeat("zebra+", 300):                    {"0 results"},
		"/search?q=+++special+++educational+++":                         {"for ‘special educational’"},
	} {
		d := s.ok(target)
		for _, w := range want {
			if !strings.Contains(d.flat(), w) {
				t.Errorf("%.80s does not say %q:\n%s", target, w, d.flat())
			}
		}
	}
	if d := s.ok("/search?q=special+educational&on=2003-10-01"); !strings.HasPrefix(d.title, "2 results for ‘special educational’ on 1 October 2003 – ") {
		t.Errorf("the title is %q", d.title)
	}
	if r := s.do(request("GET", "/search?q=&on=2003-10-01")); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/search?on=2003-10-01" {
		t.Errorf("a search for nothing leads to %q", r.Header.Get("Location"))
	}
}

func TestSearchSaysByWhatItFound(t *testing.T) {
	s := empty(t)
	s.load(nil, changing, `
{kind: person, id: jo, name: Jo Example}
---
{kind: appointment, id: jo-head, person: jo, post: head, from: 2004-01-01, until: 2010-12-31}
---
{kind: designation, id: d, role: DCS, post: head, from: 2005-04-01}
---
{kind: function, id: sen, name: Special educational needs, domain: EDU, managed_by: ce}
`)
	for target, want := range map[string]string{
		"/search?q=head+of+learning":                      "Director of Learning Post Matched an old title: Head of Learning, from 1 April 2001 until 30 September 2003 In force: from 1 April 2001",
		"/search?q=director+of+learning&on=2002-01-01":    "Matched a later title: Director of Learning, from 1 October 2003",
		"/search?q=jo+example&on=2006-01-01":              "Director of Learning Post Held by Jo Example, from 1 January 2004 until 31 December 2010",
		"/search?q=DCS&on=2006-01-01":                     "Has the role: Director of children's services (DCS), from 1 April 2005",
		"/search?q=SEN":                                   "Special educational needs Function Matched an abbreviation: Special educational needs (SEN)",
		"/search?q=director+of+people":                    "0 results",
		"/search?q=director+of+people&proposal=new-shape": "Director of People Post Proposed",
	} {
		if d := s.ok(target); !strings.Contains(d.flat(), want) {
			t.Errorf("%s does not say %q:\n%s", target, want, d.flat())
		}
	}
}

func TestSearchAmongThousands(t *testing.T) {
	s := large(t, 1500)
	d := s.ok("/search?q=post&page=3")
	if !strings.Contains(d.flat(), "1,499 results for ‘post’") && !strings.Contains(d.flat(), "More was found than can be shown: these are the first 1,000.") {
		t.Errorf("the page does not say how many there are:\n%.600s", d.flat())
	}
	if n := strings.Count(mustGet(t, s, "/search?q=post&page=3"), `<p class="title">`); n != 20 || !strings.Contains(d.title, "page 3 of ") {
		t.Errorf("%d results on a page called %q", n, d.title)
	}
	for _, l := range d.links {
		if u, err := url.Parse(l); err == nil && u.Query().Has("page") && u.Query().Get("q") != "post" {
			t.Errorf("the link to another page %q loses the query", l)
		}
	}
	s.light("/search?q=post&page=3", "/search?q=function", "/search?q=o")
}

// asked are queries that are hard in one way each: they hit nothing, or a word of almost everything, or are long, or odd.
var asked = []string{
	"director", "mental health", "post 77", "dcs", "sarah", "nobdy", "nobdy of taht nmae", "a", "h", "m", "o'", "7", "the",
	strings.Repeat("mental health ", 50), strings.Repeat("head of mentl haelth sarvice librarees ", 25), "\u1e9e\u0130\u01c5 \U0001F600 \u202e\u0301a", strings.Repeat("\u0130", 300),
}

// BenchmarkSearch searches a council with 3,000 posts. Aim ≤ 5 ms of the processor's time, whatever is asked.
func BenchmarkSearch(b *testing.B) {
	s := grown(b, 3000)
	for _, query := range asked {
		b.Run(fmt.Sprintf("%.30s", query), func(b *testing.B) {
			worked := processorTime()
			for b.Loop() {
				r := s.do(request("GET", "/search?q="+url.QueryEscape(query)))
				if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != http.StatusOK {
					b.Fatal(r.StatusCode, err)
				}
			}
			b.ReportMetric((processorTime()-worked).Seconds()*1000/float64(b.N), "cpu-ms/op")
		})
	}
}

// processorTime is how long this process has worked, on all processors.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func TestSuggest(t *testing.T) {
	s := reading(t)
	get := func(target string) (out []struct{ ID, Title, Note string }) {
		t.Helper()
		r := s.do(request("GET", target))
		if got := r.Header.Get("Content-Type"); r.StatusCode != http.StatusOK || got != "application/json; charset=utf-8" || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", target, r.StatusCode, got)
		}
		if err := json.NewDecoder(r.Body).Decode(&out); err != nil {
			t.Error(err)
		}
		return out
	}
	got := get("/suggest?kind=post&q=director+of+chil&on=2003-10-01")
	if len(got) == 0 || got[0].ID != "director-childrens-services" || got[0].Title != "Director of Children's Services" || got[0].Note != "Post, held by Paul Clark" {
		t.Errorf("got %+v", got)
	}
	got = get("/suggest?kind=post&kind=unit&q=children&on=2003-10-01")
	if !slices.ContainsFunc(got, func(x struct{ ID, Title, Note string }) bool {
		return x.ID == "unit/childrens-services" && x.Note == "Unit"
	}) {
		t.Errorf("got %+v", got)
	}
	got = get("/suggest?kind=post&q=director+of+chil&on=1990-01-01")
	if len(got) == 0 || got[0].Note != "Post, not there on 1 January 1990" {
		t.Errorf("what is there on other days is not suggested: %+v", got)
	}
	for _, target := range []string{"/suggest", "/suggest?q=", "/suggest?kind=zebra&q=director", "/suggest?kind=post&q=zebra", "/suggest?q=" + strings.Repeat("%C3%A9", 3000), "/suggest?q=%00", "/suggest?kind=%3Cscript%3E&q=a"} {
		if got := get(target); len(got) != 0 {
			t.Errorf("%.60s suggests %+v", target, got)
		}
	}
	if got := get("/suggest?q=o"); len(got) > 10 {
		t.Errorf("%d are suggested", len(got))
	}
}

// Whatever is searched for, it is shown as it is, and never as part of the page.
func FuzzSearch(f *testing.F) {
	s := reading(f)
	for _, q := range []string{"SEN", "<script>", `"'&{{.}}`, "ﬀ\u202e", "%", "a b c d e f g h"} {
		f.Add(q, "post")
	}
	f.Fuzz(func(t *testing.T, q, kind string) {
		target := "/search?" + url.Values{"q": {q}, "kind": {kind}}.Encode()
		status, page := s.get(target)
		if status == http.StatusSeeOther {
			return
		}
		if _, faults := read(page); status != http.StatusOK || len(faults) > 0 {
			t.Fatal(fmt.Sprint(status, faults))
		}
	})
}
