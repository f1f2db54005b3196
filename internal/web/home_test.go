package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// anytown is a small council in which two roles are filled.
const anytown = `
{kind: council, id: council, name: Anytown, type: unitary, governance: leader-and-cabinet}
---
{kind: post, id: chief, title: Chief Executive, from: 2020-01-01}
---
{kind: post, id: dcs, title: Director of Children, from: 2020-01-01, reports_to: chief}
---
{kind: person, id: ann, name: Ann}
---
{kind: person, id: bea, name: Bea}
---
{kind: appointment, id: a, person: person/ann, post: post/chief, from: 2020-01-01}
---
{kind: appointment, id: b, person: person/bea, post: post/dcs, from: 2020-01-01, until: 2026-10-31}
---
{kind: designation, id: hps, role: HPS, post: post/chief, from: 2020-01-01}
---
{kind: designation, id: dcs, role: DCS, post: post/dcs, from: 2020-01-01}
`

func TestHome(t *testing.T) {
	s := reading(t)
	for target, want := range map[string][]string{
		"/": {
			"Cannot be said Of 7 statutory roles, 1 is filled today. The record does not say who fills the other 6.", "See statutory roles",
			"The newest facts in this record are of 5 June 2015. What changed after that day is not in it. Look at 5 June 2015 Look at 17 September 2003",
			"Needs you (8) Review the test:", "was June 2016 Late", "Nothing is recorded for the 30 days after 22 November 2026.",
			"Last changes 255 records, most of them findings Recorded 5 June 2015, reconstructed from documents, by Owner",
		},
		"/?on=2003-09-17&known=2003-09-17": {
			"2 are acting or interim: Chief Education Officer (since 1 September 2003) and Director of Social Services.",
			"Area Director – People First: record what came of Appointments Panel, 11 September 2003 was 11 September 2003 Late",
			"Changed since 11 September 2003 133 records", "29 September 2003 Expected start Recruitment: Director of Children's Services", "more things in these days.",
		},
		"/?on=2015-06-05": {"filled on 5 June 2015", "17 June 2015 Meeting planned Cabinet, 17 June 2015"},
		"/needs":          {"8 things", "Record who manages 2 functions"},
	} {
		s.ok(target)
		_, page := s.get(target)
		for _, w := range want {
			if got := words(page); !strings.Contains(got, w) {
				t.Errorf("%s does not say %q:\n%s", target, w, got)
			}
		}
	}
	if _, page := s.get("/"); !strings.Contains(page, `<a href="/?on=2015-06-05">Look at 5 June 2015</a>`) {
		t.Error("the first page does not lead to the day of the newest facts")
	}
	if _, page := s.get("/?on=2015-06-05"); strings.Contains(page, "The newest facts") {
		t.Error("the day of the newest facts is said to be an old one")
	}
}

func TestHomeWarnsOfWhoIsNotCovered(t *testing.T) {
	s := empty(t)
	s.load(nil, anytown)
	s.ok("/")
	_, page := s.get("/")
	if !strings.Contains(page, "govuk-warning-text") || !strings.Contains(words(page), "! Not covered Of 6 statutory roles, 1 is vacant today.") {
		t.Errorf("nobody is warned:\n%s", words(page))
	}
	if !strings.Contains(words(page), "Nobody is recorded as Director of children's services, since 1 November 2026. ") || !strings.Contains(words(page), "Nobody is recorded as Director of children's services since 1 November 2026 Vacant") {
		t.Errorf("it does not say who is missing:\n%s", words(page))
	}
	if _, page := s.get("/?on=2026-10-01"); strings.Contains(page, "govuk-warning-text") {
		t.Error("there is a warning of a day on which nobody is missing")
	}
}

func TestHomeTellsWhatWasRecorded(t *testing.T) {
	s := empty(t)
	november := func(day int) *fact.Day { d := fact.DayOf(2026, 11, day); return &d }
	s.load(november(1), anytown)
	var actions []string
	for i := range 12 {
		actions = append(actions, fmt.Sprintf("{kind: action, id: x%d, title: Action %d, due: 2026-11-01, status: not-started}", i, i))
	}
	s.load(november(10), strings.Join(actions, "\n---\n"))
	_, page := s.get("/")
	if want := "Last changes 12 actions Recorded 10 November 2026, reconstructed from documents, by Owner"; !strings.Contains(words(page), want) {
		t.Errorf("the first page does not say %q:\n%s", want, words(page))
	}
	s.load(november(20), "{kind: post, id: dcs, title: Director of Children and Families, from: 2026-06-01, reports_to: chief}")
	s.ok("/")
	_, page = s.get("/")
	for _, want := range []string{"Changed since 16 November 2026 Director of Children and Families. Title: Director of Children and Families. From 1 June 2026. Recorded 20 November 2026", "See all 15"} {
		if !strings.Contains(words(page), want) {
			t.Errorf("the first page does not say %q:\n%s", want, words(page))
		}
	}
	if n := strings.Count(page, "govuk-task-list__item "); n != 10 {
		t.Errorf("%d things are listed", n)
	}
	if d := s.ok("/needs"); strings.Count(d.text, "Late") != 12 {
		t.Errorf("not everything is listed:\n%s", d.text)
	}
}

// Where nothing stands on the day, the first page leads to a day on which something does.
func TestHomeOfADayWithNothing(t *testing.T) {
	s := empty(t)
	s.load(nil, "{kind: post, id: p, title: Director of Tests, from: 2003-10-01, until: 2005-03-31}")
	s.ok("/")
	_, page := s.get("/")
	if want := "Nothing of the structure is recorded on 22 November 2026. The last before that are of 31 March 2005"; !strings.Contains(words(page), want) || !strings.Contains(page, `href="/?on=2005-03-31"`) {
		t.Errorf("the first page does not say %q:\n%s", want, words(page))
	}
}

func TestHomeOfAnEmptyRecord(t *testing.T) {
	d := empty(t).ok("/")
	for _, want := range []string{"nothing in this record yet", "Record the council", "Import a spreadsheet", "Record a post"} {
		if !strings.Contains(d.text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if strings.Contains(d.text, "plumbline load") {
		t.Error("it speaks of the command line")
	}
}

// What somebody has begun and left is on the first page of today, and on no other day's; when it is over it is on none.
func TestHomeShowsWhatIsUnfinished(t *testing.T) {
	s := empty(t)
	s.load(nil, anytown)
	says := func(target, want string, no ...string) string {
		t.Helper()
		s.ok(target)
		_, page := s.get(target)
		if !strings.Contains(words(page), want) {
			t.Errorf("%s does not say %q:\n%s", target, want, words(page))
		}
		for _, x := range no {
			if strings.Contains(words(page), x) {
				t.Errorf("%s says %q", target, x)
			}
		}
		return page
	}
	says("/", "Needs you", "not yet recorded", "Begun")
	v := s.visit("/structure/posts/new")
	v.answer("/new", "title", "Head of Schools")
	if page := says("/", "You have a change not yet recorded: Record a post Last touched 22 November 2026, 10am Begun"); !strings.Contains(page, `href="/drafts/`) {
		t.Error("the change cannot be gone on with from the first page")
	}
	says("/?on=2021-01-01", "Needs you", "not yet recorded")
	v = s.visit("/structure/posts/new")
	v.answer("/new", "title", "Head of Libraries")

	half, end := make(chan struct{}), make(chan struct{})
	j, err := s.desk.Start(t.Context(), "owner", "Draw all charts", func(_ context.Context, p *desk.Progress) (string, error) {
		p.At(42, 100, "Drawing")
		close(half)
		<-end
		return "/entries", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	<-half
	for _, target := range []string{"/", "/needs"} {
		page := says(target, "You have 2 changes not yet recorded One was last touched 22 November 2026, 10am Begun Draw all charts Begun 22 November 2026, 10am 40% done")
		if !strings.Contains(page, `href="/account"`) || !strings.Contains(page, `href="/jobs/`+j.ID+`"`) {
			t.Errorf("%s does not lead to what is unfinished", target)
		}
	}
	says("/account", "Record a post")
	says("/account", "Draw all charts")
	close(end)
	if _, err := s.desk.Wait(t.Context(), j.ID, "owner"); err != nil {
		t.Fatal(err)
	}
	says("/", "You have 2 changes not yet recorded", "Draw all charts")
}

// Journey 1: who answers for special educational needs in October 2003.
func TestAsk(t *testing.T) {
	s := reading(t)
	sen := "/structure/functions/"
	for target, want := range map[string]string{
		"?q=special+educational+needs&on=1+October+2003":   sen + "?on=2003-10-01",
		"?q=SEN&on=1+10+2003":                              sen + "?on=2003-10-01",
		"?q=SEN&on=1+Oct+2003":                             sen + "?on=2003-10-01",
		"?q=children&on=2003-10-01&known=2003-09-17":       "/search?on=2003-10-01&known=2003-09-17&q=children",
		"?q=%3Cscript%3E":                                  "/search?q=%3Cscript%3E",
		"?q=Older+people&on=2003-10-01&known=2003-09-17":   sen + "?on=2003-10-01&known=2003-09-17",
		"?q=" + url.QueryEscape(strings.Repeat("a", 3000)): "/search?q=" + strings.Repeat("a", 200),
	} {
		r := s.do(request("GET", "/structure/ask"+target))
		got := r.Header.Get("Location")
		u, _ := url.Parse(got)
		if sameBut := strings.HasPrefix(want, sen) && strings.HasPrefix(got, sen) && u.RawQuery == strings.SplitN(want, "?", 2)[1]; r.StatusCode != http.StatusSeeOther || got != want && !sameBut {
			t.Errorf("%s: %d %s, want %s", target, r.StatusCode, got, want)
		}
	}
	if d := s.ok("/structure/ask?on=2003-10-01"); !strings.Contains(d.text, "On which day?") {
		t.Error("without a question none is asked for")
	}
	status, page := s.get("/structure/ask?q=+&on=2003-10-01")
	if d, faults := read(page); status != http.StatusUnprocessableEntity || len(faults) > 0 || !strings.Contains(page, `href="#ask"`) || !strings.Contains(page, `value="1 October 2003"`) || !strings.HasPrefix(d.title, "Error: ") {
		t.Errorf("no question: %d, %v", status, faults)
	}
	if status, page := s.get("/structure/ask?q=SEN&on=31+February"); status != http.StatusBadRequest || !strings.Contains(page, `value="31 February"`) || !strings.Contains(page, `name="q" value="SEN"`) {
		t.Errorf("a wrong day: %d", status)
	}
}
