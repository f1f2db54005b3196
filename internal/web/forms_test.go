package web_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"plumbline/internal/book"
	"plumbline/internal/fact"
)

// post sends a form as a browser on this computer does.
func (s *site) post(target string, form url.Values) *http.Response {
	r := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
	r.Host = "127.0.0.1:8340"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return s.do(r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8340})))
}

func body(r *http.Response) string {
	b, _ := io.ReadAll(r.Body) // from memory
	return string(b)
}

// visit is somebody who fills in forms: where they are, and the page that they see.
type visit struct {
	*site
	at, page string
}

func (s *site) visit(target string) *visit {
	s.t.Helper()
	v := &visit{site: s}
	v.open(target)
	return v
}

func (v *visit) open(target string) {
	v.t.Helper()
	r := v.do(request("GET", target))
	v.at = target
	for n := 0; r.StatusCode/100 == 3; n++ {
		if n == 5 {
			v.t.Fatalf("%s leads round and round", target)
		}
		v.at = r.Header.Get("Location")
		r = v.do(request("GET", v.at))
		if r.StatusCode == http.StatusAccepted { // on a slow computer: whoever reads it waits
			v.at = v.wait().Result
			r = v.do(request("GET", v.at))
		}
	}
	v.page = body(r)
	if r.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: status %d\n%s\n%s", v.at, r.StatusCode, v.says(), v.log)
	}
	if _, faults := read(v.page); len(faults) > 0 {
		v.t.Fatalf("%s: %v", v.at, faults)
	}
}

// send sends the form on the page that leads to an address that ends so, with what its hidden inputs say, and gives the status.
func (v *visit) send(action string, pairs ...string) int {
	v.t.Helper()
	form, to := url.Values{}, ""
	for _, m := range regexp.MustCompile(`(?s)<form method="post" action="([^"]*)".*?</form>`).FindAllStringSubmatch(v.page, -1) {
		if path, _, _ := strings.Cut(html.UnescapeString(m[1]), "?"); strings.HasSuffix(path, action) {
			to = html.UnescapeString(m[1])
			for _, h := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(m[0], -1) {
				form.Set(html.UnescapeString(h[1]), html.UnescapeString(h[2]))
			}
		}
	}
	if to == "" {
		v.t.Fatalf("%s has no form that leads to …%s:\n%s", v.at, action, v.says())
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := v.post(to, form)
	v.at = to
	if r.StatusCode == http.StatusSeeOther {
		v.open(r.Header.Get("Location"))
		return http.StatusSeeOther
	}
	v.page = body(r)
	if _, faults := read(v.page); len(faults) > 0 {
		v.t.Fatalf("%s: %v", v.at, faults)
	}
	return r.StatusCode
}

// answer sends an answer that must be taken.
func (v *visit) answer(action string, pairs ...string) {
	v.t.Helper()
	if status := v.send(action, pairs...); status != http.StatusSeeOther {
		v.t.Fatalf("%s: status %d\n%s", v.at, status, v.says())
	}
}

// says is the text of the page.
func (v *visit) says() string {
	d, _ := read(v.page)
	return strings.Join(strings.Fields(d.text), " ")
}

func (v *visit) want(texts ...string) {
	v.t.Helper()
	for _, x := range texts {
		if !strings.Contains(v.says(), x) {
			v.t.Errorf("%s does not say %q:\n%s", v.at, x, v.says())
		}
	}
}

const areaDirector = "/structure/posts/area-director-people-first"

// A newcomer records that the Area Director was appointed; what was known on 17 September 2003 stays what it was.
func TestAnAppointmentIsRecorded(t *testing.T) {
	s := harrow(t)
	v := s.visit(areaDirector)
	v.want("Record an appointment")
	v.open(areaDirector + "/appoint")
	v.answer("/appoint")
	v.want("Who was appointed?")
	if v.send("/who") != http.StatusUnprocessableEntity {
		t.Fatal("nobody was appointed, and it was taken")
	}
	v.want("Enter who was appointed")
	v.answer("/who", "~person", "A. Candidate")
	v.answer("/basis", "basis", "permanent")
	if v.send("/when", "on.day", "31", "on.month", "feb", "on.year", "2003") != http.StatusUnprocessableEntity {
		t.Fatal("31 February was taken")
	}
	if !strings.Contains(v.page, `value="31"`) || !strings.Contains(v.page, "<title>Error: ") {
		t.Error("what was typed is not kept")
	}
	v.answer("/when", "on.day", "3", "on.month", "November", "on.year", "2003")
	v.want("Is the recruitment over?")
	v.answer("/recruitment", "~over", "yes")
	v.answer("/source", "~source", "Appointments Panel, minute 7")
	v.want("Check before it is recorded", "A. Candidate", "who is not recorded yet", "Permanent", "3 November 2003", "Appointments Panel, minute 7")
	before := s.book.Known()
	if _, now := s.get(areaDirector + "?on=2003-11-03"); strings.Contains(now, "A. Candidate") {
		t.Fatal("it is in the record before it was agreed to")
	}
	check := v.at
	v.answer("/check")
	v.want("Success", "It is in the record", "Undo")
	after := s.book.Known()
	if after != before+3 {
		t.Errorf("%d entries for a person, an appointment and the end of the recruitment", after-before)
	}
	for target, holds := range map[string]bool{
		areaDirector + "?on=2003-11-03":                  true,
		areaDirector + "?on=2003-11-02":                  false,
		areaDirector + "?on=2003-11-03&known=2003-09-17": false,
	} {
		s.ok(target)
		_, page := s.get(target)
		_, post, _ := strings.Cut(page, ">In post<")
		if post, _, _ = strings.Cut(post, "</div>"); strings.Contains(post, "A. Candidate") != holds {
			t.Errorf("%s: in post is not as it should be: %s", target, post)
		}
	}
	// The back button, and sending it again, record nothing twice.
	for range 2 {
		v.open(check)
		v.want("Success")
	}
	if r := s.post(check, url.Values{"~version": {"9"}}); r.StatusCode != http.StatusSeeOther || s.book.Known() != after {
		t.Errorf("sent again: status %d, %d more entries", r.StatusCode, s.book.Known()-after)
	}
	// Undone, everybody sees what was there before; the history keeps both.
	v.answer(fmt.Sprintf("/undo/%d-%d", before+1, after))
	if _, page := s.get(areaDirector + "?on=2003-11-03"); strings.Contains(page, "A. Candidate") {
		t.Error("it is undone and still shown")
	}
	if _, page := s.get(areaDirector + fmt.Sprintf("?on=2003-11-03&known=%d", after)); !strings.Contains(page, "A. Candidate") {
		t.Error("what was known between is not what it was")
	}
	if r := s.post(fmt.Sprintf("/undo/%d-%d", before+1, after), nil); r.StatusCode != http.StatusConflict {
		t.Errorf("undone twice: status %d", r.StatusCode)
	}
}

// One holder follows another: the first leaves on the day before, and nobody is asked twice.
func TestAHolderFollowsAnother(t *testing.T) {
	s := made(t)
	v := s.visit("/structure/posts/head/appoint")
	v.answer("/appoint")
	v.answer("/who", "~person", "Second Holder")
	v.answer("/basis", "basis", "interim")
	v.answer("/when", "on.day", "1", "on.month", "4", "on.year", "2020")
	v.want("What becomes of First Holder?")
	if v.send("/stay") != http.StatusUnprocessableEntity {
		t.Error("no answer was taken for one")
	}
	v.answer("/stay", "~stay", "leave")
	v.answer("/source")
	v.answer("/check")
	for on, want := range map[string]string{"2020-03-31": "First Holder", "2020-04-01": "Second Holder Interim, since 1 April 2020"} {
		if p := s.visit("/structure/posts/head?on=" + on); !strings.Contains(p.says(), want) {
			t.Errorf("on %s the post is not held by %s: %s", on, want, p.says())
		}
	}
}

// made is the record of a small council.
func made(t testing.TB) *site {
	t.Helper()
	s := empty(t)
	s.load(nil, `
{kind: council, id: council, name: Made Council, type: county, governance: committee}
---
{kind: unit, id: people, name: People}
---
{kind: post, id: head, title: Head of Service, unit: people, capacity: officer, from: 2010-01-01}
---
{kind: post, id: chief, title: Chief Executive, capacity: officer, from: 2010-01-01}
---
{kind: person, id: first, name: First Holder}
---
{kind: appointment, id: a, person: first, post: head, from: 2010-02-01}
`)
	return s
}

func TestAChangeOnADate(t *testing.T) {
	s := made(t)
	v := s.visit("/structure/posts/head/change")
	if v.send("/change") != http.StatusUnprocessableEntity {
		t.Fatal("no answer was taken for one")
	}
	v.want("Select what you are recording", "It changed on a date", "Our record was wrong")
	v.answer("/change", "~verb", "change")
	v.want("What changed?", "Recorded: Head of Service")
	v.answer("/what", "~fields", "title", "~fields", "reports_to")
	v.want("Title: what it is now", "Recorded until now: Head of Service")
	v.answer("/field-title", "title", "Assistant Director")
	if v.send("/field-reports_to", "reports_to", "Chief Exec") != http.StatusUnprocessableEntity {
		t.Fatal("a post that is not there was taken")
	}
	v.want("Chief Executive")
	v.answer("/field-reports_to", "reports_to", "chief executive")
	v.answer("/when", "on.month", "April", "on.year", "2020", "on.how", "month")
	v.answer("/source")
	v.want("Assistant Director", "Chief Executive", "April 2020")
	v.answer("/check")
	for on, want := range map[string]string{"2020-03-31": "Head of Service", "2020-05-01": "Assistant Director"} {
		if p := s.visit("/structure/posts/head?on=" + on); !strings.Contains(p.says(), want) {
			t.Errorf("on %s it is not called %s", on, want)
		}
	}
	if p := s.visit("/structure/posts/head?on=2020-04-10"); !strings.Contains(strings.ToLower(p.says()), "not certain") {
		t.Error("within the month in which it changed its title is not uncertain")
	}
}

func TestACorrection(t *testing.T) {
	s := made(t)
	known := s.book.Known()
	v := s.visit("/structure/appointments/a/change")
	v.answer("/change", "~verb", "correct")
	v.answer("/what", "~fields", "from", "~fields", "basis")
	v.answer("/field-basis", "basis", "acting")
	v.want("What was recorded: 1 February 2010")
	v.answer("/began", "from.day", "1", "from.month", "3", "from.year", "2010")
	if v.send("/source") != http.StatusUnprocessableEntity {
		t.Error("a correction was taken without saying how it is known")
	}
	v.answer("/source", "~source", "the contract")
	v.answer("/check")
	for on, holds := range map[string]bool{"2010-02-15": false, "2010-03-01": true} {
		if p := s.visit("/structure/posts/head?on=" + on); strings.Contains(p.says(), "First Holder Acting, since 1 March 2010") != holds {
			t.Errorf("on %s: %s", on, p.says())
		}
	}
	if p := s.visit(fmt.Sprintf("/structure/posts/head?on=2010-02-15&known=%d", known)); !strings.Contains(p.says(), "First Holder") {
		t.Error("what was known before the correction is not what it was")
	}
	if p := s.visit("/structure/appointments/a?on=2010-04-01"); !strings.Contains(p.says(), "The contract") {
		t.Error("the history does not say how it is known")
	}
}

func TestAnEndingAndTakingOut(t *testing.T) {
	s := made(t)
	v := s.visit("/structure/posts/head/change")
	v.answer("/change", "~verb", "end")
	v.answer("/when", "on.day", "31", "on.month", "3", "on.year", "2021")
	v.answer("/source")
	v.answer("/check")
	v.want("It is not there on")
	for on, there := range map[fact.Day]bool{fact.DayOf(2021, 3, 31): true, fact.DayOf(2021, 4, 1): false} {
		if got := s.book.View(on, -1).Record(fact.Key{Kind: "post", ID: "head"}) != nil; got != there {
			t.Errorf("on %s it is there: %t", on, got)
		}
	}
	v = s.visit("/structure/posts/chief/change")
	v.answer("/change", "~verb", "never")
	v.answer("/source", "~source", "typed by mistake")
	v.answer("/check")
	if s.book.View(fact.DayOf(2015, 1, 1), -1).Record(fact.Key{Kind: "post", ID: "chief"}) != nil {
		t.Error("it was taken out and is still there")
	}
}

func TestANewRecord(t *testing.T) {
	s := made(t)
	v := s.visit("/structure/posts/new?unit=People")
	if !strings.Contains(v.page, `value="People"`) {
		t.Error("what the address says is not filled in")
	}
	if v.send("/new", "title", "", "salary_from", "lots", "grade", "  PO2 ", "from.day", "1") != http.StatusUnprocessableEntity {
		t.Fatal("a post without a title was taken")
	}
	v.want("Enter the title", "Salary from must be a number of pounds", "must include a month and a year")
	if !strings.Contains(v.page, `value="lots"`) || !strings.Contains(v.page, `PO2`) || !strings.Contains(v.page, `href="#title"`) {
		t.Error("what was typed is not kept, or the summary leads nowhere")
	}
	before := s.book.Known()
	v.answer("/new", "title", "Head of Service", "unit", "people", "from.day", "1", "from.month", "5", "from.year", "2020", "~source", "the budget")
	v.want("Check before it is recorded", "1 May 2020", "the budget")
	draft := v.at
	v.open(strings.Replace(draft, "/check", "/record", 1))
	if !strings.Contains(v.page, `value="Head of Service"`) {
		t.Error("going back does not show what was typed")
	}
	v.open("/account")
	v.want("Record a post")
	v.open(draft)
	v.answer("/check")
	if s.book.Known() != before+1 || !strings.HasPrefix(v.at, "/structure/posts/head-of-service?done=") {
		t.Errorf("%d entries, shown at %s", s.book.Known()-before, v.at)
	}
	v.open("/account")
	v.want("You have no changes in the making")
}

// Two people change the same post: the second is shown what the first did, chooses, and nothing is lost.
func TestAConflict(t *testing.T) {
	s := made(t)
	begin := func(title string) *visit {
		v := s.visit("/structure/posts/head/change")
		v.answer("/change", "~verb", "change")
		v.answer("/what", "~fields", "title", "~fields", "grade")
		v.answer("/field-title", "title", title)
		v.answer("/field-grade", "grade", title+" grade")
		v.answer("/when", "on.day", "1", "on.month", "6", "on.year", "2020")
		v.answer("/source")
		return v
	}
	mine, theirs := begin("Mine"), begin("Theirs")
	theirs.answer("/check")
	before := s.book.Known()
	if status := mine.send("/check"); status != http.StatusConflict {
		t.Fatalf("status %d", status)
	}
	mine.want("Somebody changed this while you were editing", "Head of Service", "Theirs", "Mine", "Nothing of yours was recorded")
	if s.book.Known() != before {
		t.Fatal("something was recorded")
	}
	mine.answer("/conflict", "~keep.title", "theirs", "~keep.grade", "yours")
	mine.answer("/check")
	p := s.visit("/structure/posts/head?on=2020-06-01")
	p.want("Theirs", "Mine grade")
}

func TestNothingIsChangedInThePast(t *testing.T) {
	s := made(t)
	for _, path := range []string{"/structure/posts/head/change", "/structure/posts/head/appoint", "/structure/posts/new"} {
		for _, look := range []string{"?on=2015-01-01", "?known=1"} {
			if r := s.post(path+look, url.Values{"~verb": {"change"}, "title": {"X"}}); r.StatusCode == http.StatusSeeOther {
				t.Errorf("%s%s was taken", path, look)
			}
			if _, page := s.get(path + look); !strings.Contains(page, "You cannot change things while looking at the past") {
				t.Errorf("%s%s does not say why not", path, look)
			}
		}
	}
}

// There is one council in a record: recording it again is a change.
func TestThereIsOneCouncil(t *testing.T) {
	s := made(t)
	for _, r := range []*http.Response{s.do(request("GET", "/structure/councils/new")), s.post("/structure/councils/new", url.Values{"name": {"Another"}})} {
		if text := body(r); r.StatusCode != http.StatusConflict || !strings.Contains(text, "/structure/councils/council/change") {
			t.Errorf("status %d: %s", r.StatusCode, text)
		}
	}
	h := harrow(t)
	if _, page := h.get("/structure/posts?proposal=people-directorate"); strings.Contains(page, "Record a post") {
		t.Error("a proposal is looked at, and what is in force could be changed")
	}
}

func TestFormsThatAreNotOurs(t *testing.T) {
	s := made(t)
	long := strings.Repeat("x", 2<<20)
	for _, c := range []struct {
		target string
		form   url.Values
		status int
	}{
		{"/structure/posts/head/change", url.Values{"~verb": {"erase"}}, http.StatusUnprocessableEntity},
		{"/structure/posts/nobody/change", url.Values{"~verb": {"change"}}, http.StatusNotFound},
		{"/structure/posts/new", url.Values{"title": {long}}, http.StatusRequestEntityTooLarge},
		{"/drafts/none/check", nil, http.StatusNotFound},
		{"/drafts/none/discard", nil, http.StatusNotFound},
		{"/undo/1-1", nil, http.StatusSeeOther},
		{"/undo/x", nil, http.StatusNotFound},
		{"/undo/1-999999", nil, http.StatusNotFound},
		{"/structure", nil, http.StatusMethodNotAllowed},
	} {
		if r := s.post(c.target, c.form); r.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d: %s", c.target, r.StatusCode, c.status, (&visit{site: s, page: body(r)}).says())
		}
	}
	foreign := httptest.NewRequest("POST", "/structure/posts/new", strings.NewReader("title=X"))
	foreign.Host = "127.0.0.1:8340"
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	foreign.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if r := s.do(foreign.WithContext(request("GET", "/").Context())); r.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: %d", r.StatusCode)
	}
	v := s.visit("/structure/posts/head/change")
	v.answer("/change", "~verb", "change")
	v.answer("/what", "~fields", "title", "~fields", "nothing", "~fields", "from")
	v.answer("/field-title", "title", `<script>alert(1)</script>`, "~version", "1", "~answered", "check")
	v.answer("/when", "on.day", "1", "on.month", "6", "on.year", "2020")
	v.answer("/source", "~source", `"><img src=x>`)
	v.want(`<script>alert(1)</script>`, `"><img src=x>`)
	if _, err := s.book.Do(t.Context(), "stranger", book.Change{}); err == nil {
		t.Error("a stranger may write")
	}
}

// Two tabs answer different questions of one draft: both answers count. What was shown before the last answer is not recorded unseen.
func TestTwoTabs(t *testing.T) {
	s := made(t)
	v := s.visit("/structure/posts/head/change")
	v.answer("/change", "~verb", "change")
	v.answer("/what", "~fields", "title")
	one := *v
	v.answer("/field-title", "title", "From one tab")
	v.answer("/when", "on.day", "1", "on.month", "6", "on.year", "2020")
	v.answer("/source")
	shown := *v // the last look
	one.answer("/field-title", "title", "From the other tab")
	if status := shown.send("/check"); status != http.StatusConflict {
		t.Fatalf("an answer that was not shown was recorded: status %d", status)
	}
	shown.want("Your answers have changed", "From the other tab")
	shown.answer("/check")
	shown.want("Success")
}

// A draft is of the record as it is: an address that looks at the past changes nothing of what is recorded by it.
func TestADraftIsOfToday(t *testing.T) {
	s := made(t)
	known := s.book.Known()
	s.load(nil, "{kind: post, id: head, title: Renamed since, unit: people, capacity: officer, from: 2020-01-01}")
	v := s.visit("/structure/posts/head/change")
	v.answer("/change", "~verb", "change")
	v.answer("/what", "~fields", "grade")
	v.open(fmt.Sprintf("%s?on=2011-01-01&known=%d", v.at, known))
	v.answer("/field-grade", "grade", "PO2")
	v.answer("/when", "on.day", "1", "on.month", "6", "on.year", "2021")
	v.answer("/source")
	v.open(fmt.Sprintf("%s?known=%d", v.at, known))
	v.answer("/check")
	s.visit("/structure/posts/head?on=2021-06-01").want("Renamed since", "PO2")
}
