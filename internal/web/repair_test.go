package web_test

import (
	"html"
	"strings"
	"testing"
)

// failing is a council whose director of adult social services reports too far down, in a post that somebody has left.
const failing = `
{kind: post, id: middle, title: Middle, unit: people, capacity: officer, reports_to: chief, from: 2010-01-01}
---
{kind: post, id: adults, title: Director of Adults, unit: people, capacity: officer, reports_to: middle, from: 2010-01-01}
---
{kind: designation, id: hps, role: HPS, post: chief, from: 2010-01-01}
---
{kind: designation, id: dass, role: DASS, post: adults, from: 2010-01-01}
---
{kind: appointment, id: left, person: first, post: adults, from: 2010-02-01, until: 2020-01-31}
`

// What is offered leads to the form that records it, filled in as far as it is known; once it is recorded, it is offered no more.
func TestWhatIsOfferedIsRecorded(t *testing.T) {
	s := made(t)
	s.load(nil, failing)
	v := s.visit("/assurance/repair")
	v.want("Record the reason for departing from the guidance (DASS-03) for Director of Adults", "Still to be decided: what the reason is", "Make Director of Adults directly accountable to Chief Executive", "Appoint somebody to Director of Adults")
	for _, at := range []string{"/structure/posts/adults/change", "/structure/posts/adults/appoint", "/structure/designations/dass/change"} {
		if !strings.Contains(v.page, `href="`+at+`"`) {
			t.Errorf("nothing leads to %s:\n%s", at, v.page)
		}
	}
	v.open(v.link("Record a departure"))
	for _, known := range []string{`name="rule" type="text" value="DASS-03"`, `>Director of Adults</textarea>`} {
		if !strings.Contains(html.UnescapeString(v.page), known) {
			t.Errorf("the form does not know %q:\n%s", known, v.page)
		}
	}
	v.answer("/new", "rule", "DASS-03", "about", "Director of Adults", "reason", "There is a deputy chief executive.", "decided_on.day", "1", "decided_on.month", "2", "decided_on.year", "2020")
	v.answer("/check")
	if p := s.visit("/assurance/repair"); strings.Contains(p.says(), "DASS-03") || !strings.Contains(p.says(), "DCS-12") {
		t.Errorf("what is recorded is still offered, or the rest no more: %s", p.says())
	}
}

// Those who may not record it are shown what would put it right, and no form.
func TestRepairForThoseWhoOnlyRead(t *testing.T) {
	s := made(t)
	s.load(nil, failing)
	v := s.visit("/assurance/repair?on=2021-01-01")
	v.want("Appoint somebody to Director of Adults", "See the record")
	if strings.Contains(v.page, "/change") || strings.Contains(v.page, "/appoint\"") || strings.Contains(v.page, "/new") {
		t.Errorf("a page of the past leads to a form:\n%s", v.page)
	}
}
