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
	v := s.visit("/assurance/timeline")
	v.want("1 April 2027", "DCS-12", "No statutory office is left empty: Head of Service", "No longer met", "First Holder, Head of Service")
	at := v.link("Calendar")
	status, ics := s.get(at)
	if status != 200 || !strings.Contains(ics, "DTSTART;VALUE=DATE:20270401\r\n") || !strings.Contains(ics, "SUMMARY:DCS-12\\, No statutory office is left empty: no longer met\r\n") || !strings.Contains(ics, "TRIGGER:-P6DT15H0M") || !strings.Contains(ics, "/assurance/timeline") {
		t.Errorf("%s: %d\n%s", at, status, ics)
	}
	if strings.Contains(ics, "Holder") || strings.Contains(ics, "Head of Service") {
		t.Errorf("the calendar names somebody:\n%s", ics)
	}
	if again := func() string { _, x := s.get(at); return x }(); again != ics {
		t.Error("the same look gives another calendar")
	}
}
