package web_test

import (
	"strings"
	"testing"
)

// Home says what next lapses; the page says all of it, and so does its calendar, which names nobody.
func TestWhatLapses(t *testing.T) {
	s := made(t)
	s.load(nil, `
{kind: designation, id: hps, role: HPS, post: chief, from: 2010-01-01}
---
{kind: designation, id: dass, role: DASS, post: head, from: 2010-01-01}
---
{kind: appointment, id: a, end: 2027-03-31}
`)
	s.visit("/").want("Next to lapse, on 1 April 2027: No statutory office is left empty (no longer met)", "See what lapses, and when")
	v := s.visit("/assurance/timeline?view=lapses")
	v.want("1 April 2027", "DCS-12", "No statutory office is left empty: Head of Service", "No longer met", "First Holder, Head of Service")
	at := v.link("Calendar")
	status, ics := s.get(at)
	if status != 200 || !strings.Contains(ics, "DTSTART;VALUE=DATE:20270401\r\n") || !strings.Contains(ics, "SUMMARY:DCS-12\\, No statutory office is left empty: no longer met\r\n") || !strings.Contains(ics, "TRIGGER:-P6DT15H0M") || !strings.Contains(ics, "/assurance/timeline?view=lapses") {
		t.Errorf("%s: %d\n%s", at, status, ics)
	}
	if strings.Contains(ics, "Holder") || strings.Contains(ics, "Head of Service") {
		t.Errorf("the calendar names somebody:\n%s", ics)
	}
	if again := func() string { _, x := s.get(at); return x }(); again != ics {
		t.Error("the same look gives another calendar")
	}
}

// The page draws how each criterion and rule stands, names at each edge what begins or ends, and who holds what; it takes other days, and refuses those that are wrong.
func TestStandingsOf2003(t *testing.T) {
	s := harrow(t)
	const then = "/assurance/timeline?on=2003-09-17&from=2002-12-01&to=2003-12-31"
	v := s.visit(then)
	v.want("OLD-01 A Chief Education Officer", "Cannot be tested", "Acting", "Nick Georgiou", "Area Director – People First", "1 October 2003")
	if !strings.Contains(v.page, `<rect class="bar`) || !strings.Contains(v.page, `href="/assurance/check/OLD-01?on=2003-09-17"`) {
		t.Error("no bars, or no way to the rule")
	}
	v = s.visit(then + "&view=list")
	v.want("Paul Clark starts, after Nick Georgiou, acting", "Nobody is recorded in post; it is being recruited to", "its start is to be announced", "are interim, joint", "Interim appointment ends")
	for _, ending := range []string{"Spreadsheet (CSV)", "Word", "JSON", "Calendar"} {
		if status, body := s.get(v.link(ending)); status != 200 || body == "" {
			t.Errorf("%s: %d", ending, status)
		}
	}
	s.visit("/assurance/timeline?on=2015-06-05&proposal=people-directorate").want("The proposal is read on its own days.")
	for query, problem := range map[string]string{"from=2003-13-01": "From must be a real date", "from=2003-12-31&to=2003-01-01": "To must be the same as or after 31 December 2003", "from=1900-01-01&to=2003-01-01": "To must be no more than 20 years after 1 January 1900"} {
		if status, page := s.get("/assurance/timeline?" + query); status != 422 || !strings.Contains(page, problem) {
			t.Errorf("%s: %d", query, status)
		}
	}
}
