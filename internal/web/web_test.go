package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

func TestEveryPageOfAnEmptyRecord(t *testing.T) {
	s := empty(t)
	s.crawl(everything, pages...)
	_, home := s.get("/")
	if !strings.Contains(home, `href="/structure/import"`) {
		t.Error("the first page of an empty record does not say what to do")
	}
	for path, what := range map[string]string{"/structure": "Record a post", "/structure/who-answers": "Record a function", "/structure/posts": "Record a post", "/assurance/findings": "Record a finding", "/delivery": "Record an action"} {
		if d := s.ok(path); !strings.Contains(d.text, what) {
			t.Errorf("%s does not say what to do", path)
		}
	}
}

// Every page that there is of today, and whatever else it leads to, is there and right, and no page but those that prove
// touches the store.
func TestEveryPageWithoutTheStore(t *testing.T) {
	s := reading(t)
	s.store.Arm()
	defer s.store.Fail(nil)
	proves := func(u *url.URL) bool {
		return strings.HasPrefix(u.Path, "/entries/") || u.Path == "/assurance/check.json"
	}
	for i, look := range looks {
		same := strings.TrimPrefix(look, "?")
		s.opened = checking(t, false)
		var from []string
		for _, p := range pages {
			from = append(from, p+look)
		}
		// With one look everything is opened, with the others what the pages of the navigation lead to first.
		full, left := i == 4, 120
		n := s.crawl(func(u *url.URL) bool {
			left--
			return !proves(u) && (left > 0 || full && u.RawQuery == same)
		}, from...)
		if n < len(pages) {
			t.Errorf("%s: only %d pages were opened", look, n)
		}
		t.Logf("%q: %d pages", look, n)
	}
	if status, _ := s.get("/entries/1"); status != http.StatusInternalServerError {
		t.Errorf("the store is armed, and the page of an entry gives %d", status)
	}
}

func TestEveryEntryIsProved(t *testing.T) {
	s := reading(t)
	for n := int64(1); n <= s.book.Known(); n += 37 {
		s.ok(fmt.Sprintf("/entries/%d?on=2003-10-01", n))
		r := s.do(request("GET", fmt.Sprintf("/entries/%d.json", n)))
		b, _ := io.ReadAll(r.Body)
		if _, err := ledger.VerifyBundle(b, ""); err != nil {
			t.Errorf("the proof of entry %d: %v", n, err)
		}
		if got, want := r.Header.Get("Content-Disposition"), fmt.Sprintf(`attachment; filename="entry-%d.json"`, n); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEntriesThatSayNothingOfARecord(t *testing.T) {
	s := harrow(t)
	r, err := s.book.Do(t.Context(), book.Owner, book.Change{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	if d := s.ok(fmt.Sprintf("/entries/%d", r.Last)); !strings.Contains(d.text, "ends the reconstruction of the past") {
		t.Error("the entry that opens the record does not say so")
	}
	if d := s.ok("/"); !strings.Contains(d.text, "Open since Entry") {
		t.Error("the first page does not say that the record is open")
	}
}

func TestErasedEntry(t *testing.T) {
	s := harrow(t)
	const name = "Paul Clark"
	_, page := s.get("/structure/people?on=2003-10-01")
	id := regexp.MustCompile(`/structure/people/([a-z-]+)\?on=2003-10-01">` + name).FindStringSubmatch(page)
	if id == nil {
		t.Fatalf("%s is not among the people", name)
	}
	positions := []int64{}
	for _, h := range s.book.View(0, -1).History(fact.Key{Kind: "person", ID: fact.ID(id[1])}) {
		positions = append(positions, h.Position)
	}
	for _, p := range positions {
		if _, err := s.book.Do(t.Context(), book.Owner, book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: p}}, Ground: "too-much", Reason: "a request under data protection law"}}); err != nil {
			t.Fatal(err)
		}
	}
	if status, _ := s.get("/structure/people/" + id[1]); status != http.StatusNotFound {
		t.Errorf("the readable name of an erased person still leads somewhere: %d", status)
	}
	n := s.crawl(func(u *url.URL) bool {
		return u.Path == "/structure" || u.Path == "/structure/who-answers" || strings.HasPrefix(u.Path, "/structure/people") || strings.HasPrefix(u.Path, "/structure/appointments")
	}, "/structure?on=2003-10-01", "/structure/people?on=2003-10-01")
	if n < 10 {
		t.Errorf("only %d pages were opened", n)
	}
	for _, target := range []string{"/structure?on=2003-10-01", "/structure/people?on=2003-10-01", "/structure/appointments?on=2003-10-01&known=2003-09-17", fmt.Sprintf("/entries/%d", positions[0])} {
		_, page := s.get(target)
		if strings.Contains(page, name) {
			t.Errorf("%s still names the person", target)
		}
		if !strings.Contains(strings.ToLower(page), "erased") {
			t.Errorf("%s does not say that something was erased", target)
		}
	}
	if d := s.ok(fmt.Sprintf("/entries/%d", s.book.Known())); !strings.Contains(d.text, "It removes content of") || !strings.Contains(d.text, "data protection law") {
		t.Error("the entry of the erasure does not say what it did")
	}
}

func TestDatesAreInWordsInTheTitleAndOnEveryLink(t *testing.T) {
	s := reading(t)
	d := s.ok("/structure?on=2003-10-01&known=2003-09-17")
	for _, want := range []string{"You are looking at 1 October 2003 as it was recorded on 17 September 2003.", "reconstructed from documents", "later entries are not shown"} {
		if !strings.Contains(d.text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if want := "Structure on 1 October 2003 as recorded on 17 September 2003 – London Borough of Harrow – Plumbline"; d.title != want {
		t.Errorf("title %q, want %q", d.title, want)
	}
	changes := 0
	for _, l := range d.links {
		if strings.HasPrefix(l, "/") && l != "/structure" && l != "/search" && !strings.Contains(l, "&known=2003-09-17") {
			changes++
		}
	}
	if changes != 1 { // the form's address and “Go to today” are /structure
		t.Errorf("%d links lose the dates; only “Show it with everything recorded since” may", changes)
	}
	for target, want := range map[string]string{
		"/":                                "Today, 22 November 2026.",
		"/?on=2004-03-12":                  "You are looking at 12 March 2004, using everything we know today.",
		"/?known=2003-09-17":               "You are looking at today as it was recorded on 17 September 2003.",
		"/?on=2003-10-01&known=150":        "You are looking at 1 October 2003 as the record stood at entry 150.",
		"/?on=2031-04-01":                  "That day has not come yet",
		"/?on=2003-10-01&known=1999-01":    "neither a day",
		"/?on=2003-10-01&known=1999-01-01": "Nothing had been recorded by then.",
		"/assurance/check?on=2015-06-05&proposal=people-directorate": "is laid over it, as if it were in force on this day. Its status is: consultation.",
		"/entries/2?on=2015-06-05&proposal=people-directorate":       "Entry 2",
	} {
		_, page := s.get(target)
		if d, _ := read(page); !strings.Contains(strings.Join(strings.Fields(d.text), " "), want) {
			t.Errorf("%s does not say %q", target, want)
		}
	}
}

func TestBadDatesKeepWhatWasTyped(t *testing.T) {
	s := reading(t)
	for query, says := range map[string]string{
		"on=31+February+2003": "“31 February 2003” is not a day",
		"on=2003-02-29":       "“2003-02-29” is not a day",
		"on=%3Cscript%3E":     "“<script>” is not a day",
		"known=999999":        "There is no entry 999999 yet",
		"known=-1":            "There is no entry -1 yet",
		"known=soon":          "“soon” is neither a day",
		"known=2999-01-01":    "1 January 2999 has not come yet",
		"proposal=nothing":    "There is no proposal “nothing”",
		"proposal=people-directorate&known=2003-09-17": "There is no proposal “people-directorate”",
		"known=99999999999999999999":                   "neither a day",
	} {
		for _, path := range []string{"/", "/structure", "/assurance/check", "/structure/posts/chief-executive", "/entries/1"} {
			status, page := s.get(path + "?" + query)
			d, faults := read(page)
			if status != http.StatusBadRequest || len(faults) > 0 {
				t.Errorf("%s?%s: status %d, faults %v", path, query, status, faults)
			}
			if !strings.Contains(d.text, says) || !strings.HasPrefix(d.title, "Error: ") {
				t.Errorf("%s?%s does not say %q, or its title is no error: %q", path, query, says, d.title)
			}
			q, _ := url.ParseQuery(query)
			for name, v := range q {
				if name != "proposal" && !strings.Contains(page, `value="`+html.EscapeString(v[0])+`"`) {
					t.Errorf("%s?%s does not keep %q", path, query, v[0])
				}
			}
		}
	}
	status, page := s.get("/assurance/check.json?on=never")
	var answer struct{ Error string }
	if err := json.Unmarshal([]byte(page), &answer); err != nil || status != http.StatusBadRequest || !strings.Contains(answer.Error, "“never” is not a day") {
		t.Errorf("check.json: %d %s", status, page)
	}
}

func TestAddressesHaveOneSpelling(t *testing.T) {
	s := reading(t)
	for target, want := range map[string]string{
		"/structure?on=1+October+2003&known=17/9/2003&proposal=&view=table": "/structure?on=2003-10-01&known=2003-09-17&view=table",
		"/structure/who-answers?on=&known=&proposal=":                       "/structure/who-answers",
		"/structure/who-answers?on=1+oct+2003":                              "/structure/who-answers?on=2003-10-01",
		"/structure/posts/x?known=0150":                                     "/structure/posts/x?known=150",
		"//evil.example/?on=1+oct+2003":                                     "/evil.example/?on=1+oct+2003",
	} {
		r := s.do(request("GET", target))
		if got := r.Header.Get("Location"); r.StatusCode/100 != 3 || got != want {
			t.Errorf("%s leads to %d %q, want %q", target, r.StatusCode, got, want)
		}
	}
}

func TestNotFound(t *testing.T) {
	s := reading(t)
	for target, says := range map[string]string{
		"/nothing":                              "There is nothing at this address",
		"/records/pots":                         "Did you mean: Posts",
		"/records/pots/x":                       "Did you mean: Posts",
		"/structure/posts/cheif-executive":      "Did you mean: Chief Executive",
		"/structure/posts/nobody?on=2003-10-01": "There is no post “nobody” in this record",
		"/assurance/tests-of-assurance/people-directorate-test": "There is no test of assurance",
		"/entries/0":             "There is no entry “0”",
		"/entries/99999":         "There is no entry “99999”",
		"/entries/01":            "There is no entry “01”",
		"/entries/x":             "There is no entry “x”",
		"/assurance/check/NO-01": "The law pack has no rule “NO-01”",
		"/structure/units/people?known=2003-09-17":     "Nothing was recorded of this unit yet",
		"/structure/posts/%3Cscript%3Ealert(1)":        "There is no post “<script>alert(1)”",
		"/structure/posts/a%2F..%2F%23b?on=2003-10-01": "There is no post",
	} {
		status, page := s.get(target)
		d, faults := read(page)
		if status != http.StatusNotFound || len(faults) > 0 || !strings.Contains(d.text, says) {
			t.Errorf("%s: status %d, faults %v, says %q: %t", target, status, faults, says, strings.Contains(d.text, says))
		}
	}
	if status, page := s.get("/entries/99999.json"); status != http.StatusNotFound || !json.Valid([]byte(page)) {
		t.Errorf("a missing proof: %d %s", status, page)
	}
}

func TestAbsentRecordSaysWhenItIsThere(t *testing.T) {
	s := reading(t)
	d := s.ok("/structure/posts/director-of-education?on=2010-01-01")
	if !strings.Contains(d.text, "It is not there on 1 January 2010.") || !strings.Contains(strings.Join(d.links, " "), "/structure/posts/director-of-education?on=2003-09-30") {
		t.Errorf("the page does not lead to a day on which the post is there: %v", d.links)
	}
	d = s.ok("/structure/units/people?on=2015-06-05")
	if !strings.Contains(d.text, "belongs to a proposal") {
		t.Error("the page of a record that is only proposed does not say so")
	}
}

// What the sources give, in the words of the pages: rules.md has it as the acceptance of the first release.
func TestWhatTheSourcesGive(t *testing.T) {
	s := reading(t)
	then := "?on=2003-10-01&known=2003-09-17"
	_, page := s.get("/structure/who-answers" + then)
	different, _, _ := strings.Cut(page[strings.Index(page, "A different post answers in law"):], "<h2>")
	for _, name := range []string{"special educational needs", "Older people", "Physical disabilities", "Adult mental health", "Adults with learning disabilities"} {
		if !strings.Contains(different, name) {
			t.Errorf("%s is not among the functions that another post answers for", name)
		}
	}
	if strings.Count(different, "<tr class=") != 5 {
		t.Errorf("%d functions are said to have a different post", strings.Count(different, "<tr class="))
	}
	if d := s.ok("/structure" + then); !strings.Contains(d.text, "Also answers in law for:") || !strings.Contains(d.text, "its start is to be announced") {
		t.Error("the chart does not note who answers, or who is still to start")
	}
	if d := s.ok("/" + then); !strings.Contains(d.text, "The record does not say who fills: Head of paid service") || !strings.Contains(d.text, "Chief Education Officer") {
		t.Error("the first page does not say of which roles it cannot be said whether they are covered")
	}
	d := s.ok("/assurance/check?on=2015-06-05&proposal=people-directorate")
	for _, want := range []string{"Not addressed by the adviser", "Met with a condition", "Current", "DASS-03", "DPH-04"} {
		if !strings.Contains(d.text, want) {
			t.Errorf("the check of the proposal does not say %q", want)
		}
	}
	if d := s.ok("/structure?on=2003-05-01&known=2003-09-17"); !strings.Contains(d.text, "jointly") {
		t.Error("the chart does not say that three hold one post jointly")
	}
}

func TestCheckJSONIsTheContract(t *testing.T) {
	s := reading(t)
	status, page := s.get("/assurance/check.json?on=2003-10-01&known=2003-09-17")
	var got struct {
		On    string
		Known struct {
			Position int64
			Root     string
		}
		Results []struct{ Rule string }
		Splits  []struct{ Function string }
	}
	if err := json.Unmarshal([]byte(page), &got); err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	root, err := s.book.RootAt(t.Context(), got.Known.Position)
	if err != nil {
		t.Fatal(err)
	}
	if got.On != "2003-10-01" || got.Known.Root != root || got.Known.Position >= s.book.Known() || len(got.Results) == 0 || len(got.Splits) == 0 {
		t.Errorf("got %+v", got)
	}
}

func TestHostileContentIsText(t *testing.T) {
	s := empty(t)
	const evil = `<script>alert("1")</script><img src=x onerror=alert(2)>" onclick='x' {{.}} &amp;`
	quoted := `'` + strings.ReplaceAll(evil, `'`, `''`) + `'`
	s.load(nil, strings.ReplaceAll(`
{kind: council, id: council, name: EVIL, type: county, governance: committee, source: EVIL, note: EVIL}
---
{kind: unit, id: u, name: EVIL, purpose: EVIL}
---
{kind: post, id: p, title: EVIL, unit: u, capacity: officer}
---
{kind: person, id: who, name: EVIL}
---
{kind: appointment, id: a, person: who, post: p, basis: interim}
---
{kind: designation, id: d, role: DCS, post: p, decision_ref: EVIL}
---
{kind: function, id: f, name: EVIL, domain: EDU, unit: u}
---
{kind: proposal, id: x, title: EVIL, status: draft, rationale: EVIL}
---
{kind: document, id: doc, title: EVIL, link: "https://example.org/?q=%22%3E%3Cscript%3E"}
`, "EVIL", quoted))
	n := s.crawl(everything, slices.Concat(pages, []string{"/?proposal=x", "/structure/who-answers?proposal=x"})...)
	if n < 30 {
		t.Errorf("only %d pages were opened", n)
	}
	for _, target := range []string{"/", "/structure", "/structure/posts/p", "/entries/1", "/assurance/check?proposal=x"} {
		if d := s.ok(target); !strings.Contains(d.text, `<script>alert("1")</script>`) {
			t.Errorf("%s does not show the text as it is", target)
		}
	}
}

func TestSafety(t *testing.T) {
	s := reading(t)
	var style string
	_, home := s.get("/")
	style = regexp.MustCompile(`href="(/icon-[0-9a-f]+\.svg)"`).FindStringSubmatch(home)[1]
	if m := regexp.MustCompile(`href="(/app-[0-9a-f]+\.css)"`).FindStringSubmatch(home); m != nil { // built where there is npm
		style = m[1]
	}
	for _, target := range []string{"/", "/nothing", "/?on=x", style, "/entries/1.json", "/assurance/check.json", "/structure/who-answers?on="} {
		h := s.do(request("GET", target)).Header
		want := "no-store"
		if target == style {
			want = "public, max-age=31536000, immutable"
		}
		if h.Get("Cache-Control") != want {
			t.Errorf("%s: Cache-Control is %q", target, h.Get("Cache-Control"))
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
		r := s.do(request(method, "/structure"))
		if r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, allowed %q", method, r.StatusCode, r.Header.Get("Allow"))
		}
	}
	if r := s.do(request("HEAD", "/structure")); r.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %d", r.StatusCode)
	}
	foreign := request("POST", "/structure")
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	if r := s.do(foreign); r.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: %d", r.StatusCode)
	}
	for host, want := range map[string]int{
		"127.0.0.1:8340": 200, "localhost:8340": 200, "LOCALHOST:8340": 200, "[::1]:8340": 200,
		"127.0.0.1": 421, "127.0.0.1:80": 421, "localhost:8341": 421, "evil.example:8340": 421, "evil.example": 421, "10.0.0.1:8340": 421,
		"localhost.evil.example:8340": 421, "": 421, "[::1]": 421, "127.0.0.1:8340:8340": 421,
	} {
		r := request("GET", "/")
		r.Host = host
		if got := s.do(r).StatusCode; got != want {
			t.Errorf("Host %q: %d, want %d", host, got, want)
		}
	}
}

// What goes wrong inside is said to the log, and to the reader as a number only.
func TestFaultsOfOurOwn(t *testing.T) {
	s := reading(t)
	for name, fault := range map[string]func(store.Call) error{
		"error": func(store.Call) error { return errors.New("secret cause") },
		"panic": func(c store.Call) error {
			if c.Method != "Close" {
				panic("secret cause")
			}
			return nil
		},
	} {
		s.store.Fail(fault)
		s.log.Reset()
		status, page := s.get("/entries/1")
		s.store.Fail(nil)
		d, faults := read(page)
		if status != http.StatusInternalServerError || len(faults) > 0 || strings.Contains(page, "secret") {
			t.Errorf("%s: status %d, faults %v", name, status, faults)
		}
		reference := regexp.MustCompile(`reference number ([0-9a-f]{8})`).FindStringSubmatch(d.text)
		if reference == nil || !strings.Contains(s.log.String(), "reference="+reference[1]) || !strings.Contains(s.log.String(), "secret cause") {
			t.Errorf("%s: the log does not tell what happened under the number that the reader got: %v\n%s", name, reference, s.log)
		}
	}
}

// The pages of a large council stay within the limits, and lead on to what they leave out.
func TestLongListsHavePages(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: council, id: council, name: Large, type: county, governance: committee}\n---\n{kind: post, id: p0, title: Chief Executive, capacity: officer}\n")
	for i := 1; i < 220; i++ {
		fmt.Fprintf(&b, "---\n{kind: post, id: p%d, title: Post %d, capacity: officer, reports_to: p%d}\n---\n{kind: function, id: f%d, name: Function %d, domain: EDU, managed_by: p%d}\n", i, i, (i-1)/5, i, i, i)
	}
	s.load(nil, b.String())
	d := s.ok("/structure")
	if n := strings.Count(d.text, "Who is in post is not recorded"); n > 60 {
		t.Errorf("the chart has %d boxes", n)
	}
	if !strings.Contains(d.text, "posts below") {
		t.Error("the chart does not say what it leaves out")
	}
	for _, target := range []string{"/structure?view=table", "/structure/who-answers", "/structure/posts"} {
		_, page := s.get(target)
		if n := strings.Count(page, `<th scope="row">`); n > 120 || !strings.Contains(page, "Page 1 of 3") {
			t.Errorf("%s has %d rows", target, n)
		}
		_, last := s.get(target + map[bool]string{true: "&", false: "?"}[strings.Contains(target, "?")] + "page=3")
		if !strings.Contains(last, "Page 3 of 3") || strings.Contains(last, "Next page") {
			t.Errorf("%s has no last page", target)
		}
	}
	n := s.crawl(func(u *url.URL) bool { // each part of the chart once, however it can be shown
		return u.Path == "/structure" && (u.RawQuery == "" || strings.HasPrefix(u.RawQuery, "top=") && !strings.Contains(u.RawQuery, "&"))
	}, "/structure")
	if n < 10 {
		t.Errorf("only %d parts of the chart can be reached", n)
	}
}

// Pages are read while others write: run with -race.
func TestReadersWhileWriting(t *testing.T) {
	s := harrow(t)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			targets := []string{"/", "/structure?on=2015-06-05", "/structure/who-answers?on=2003-10-01", "/assurance/check?on=2015-06-05&proposal=people-directorate", "/structure/posts/chief-executive", "/assurance/check.json", "/entries/5"}
			for n := i; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				if status, _ := s.get(targets[n%len(targets)]); status != http.StatusOK {
					t.Errorf("%s: status %d", targets[n%len(targets)], status)
					return
				}
			}
		})
	}
	for i := range 25 {
		s.load(nil, fmt.Sprintf("{kind: post, id: made-%d, title: Made while reading %d, reports_to: chief-executive}", i, i))
	}
	close(done)
	wg.Wait()
	if d := s.ok("/structure?view=table"); !strings.Contains(d.text, "Made while reading 24") {
		t.Error("what was written is not shown")
	}
}

func TestListen(t *testing.T) {
	for addr, says := range map[string]string{
		"0.0.0.0:0": "not of this computer alone", ":8340": "not of this computer alone", "[::]:0": "not of this computer alone",
		"council.example:80": "not of this computer alone", "192.168.1.10:8340": "not of this computer alone", "8340": "HOST:PORT",
	} {
		if _, err := web.Listen(addr, false); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", addr, err)
		}
	}
	l, err := web.Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := web.Listen(l.Addr().String(), false); err == nil || !strings.Contains(err.Error(), "--addr 127.0.0.1:") {
		t.Errorf("a port in use: %v", err)
	}
	s := reading(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- web.Serve(ctx, l, s.handler, slog.New(slog.DiscardHandler)) }()
	r, err := http.Get("http://" + l.Addr().String() + "/structure")
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatal(err, r)
	}
	r.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("the server did not end as it should: %v", err)
	}
}

// TestFoot reads what a page says at its end of the record that it was made from.
func TestFoot(t *testing.T) {
	s := reading(t)
	for target, want := range map[string]string{
		"/":                        fmt.Sprintf(" The record has %d entries; the newest is of 5 June 2015, 1pm.", s.book.Known()),
		"/records?known=150":       " The record had 150 entries then; the newest was of 17 September 2003, 1pm.",
		"/entries?known=1":         " The record had 1 entry then; the newest was of ",
		"/structure?known=0":       " The record had no entries then.",
		"/entries/2?on=2003-09-17": fmt.Sprintf(" The record has %d entries; ", s.book.Known()),
	} {
		if _, page := s.get(target); !strings.Contains(words(page), want) {
			t.Errorf("%s does not say %q", target, want)
		}
	}
}

// A proposal that no longer goes with what is in force is checked, and its check says where lines lead round and round.
func TestTheCheckOfAProposalNamesLoops(t *testing.T) {
	s := empty(t)
	s.load(nil, anytown)
	s.load(nil, "{kind: proposal, id: plan, title: A plan, status: draft}", "{kind: post, id: lead, title: Lead}")
	s.load(nil, "{kind: post, id: chief, title: Chief Executive, reports_to: lead, proposal: plan, from: tba}")
	const heading = "Lines that come back to where they began"
	if d := s.ok("/assurance/check?proposal=plan"); strings.Contains(d.text, heading) {
		t.Error("a loop is named before there is one")
	}
	s.load(nil, "{kind: post, id: lead, title: Lead, reports_to: dcs}")
	if d := s.ok("/assurance/check"); strings.Contains(d.text, heading) {
		t.Error("the record in force is said to have a loop")
	}
	d := s.ok("/assurance/check?proposal=plan")
	if text := strings.Join(strings.Fields(d.text), " "); !strings.Contains(text, heading) || !strings.Contains(text, "Chief Executive → Lead → Director of Children → Chief Executive") {
		t.Errorf("it does not say which line is a loop: %s", text)
	}
}
