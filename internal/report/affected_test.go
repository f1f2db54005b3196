package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// Who is in a post that would end, move or change, named or only counted; new posts, vacant ones and councillors are not among them.
func TestPeopleOf(t *testing.T) {
	g, p := council(t, `
{kind: council, id: council, name: Somewhere, type: unitary, governance: leader-and-cabinet}
---
{kind: unit, id: u, name: Adults}
---
{kind: post, id: chief, title: Chief Executive}
---
{kind: post, id: ends, title: Head of One, unit: u}
---
{kind: post, id: moves, title: Head of Two, unit: u}
---
{kind: post, id: stays, title: Head of Three, unit: u}
---
{kind: post, id: empty, title: Head of Four, unit: u}
---
{kind: post, id: leader, title: Leader, capacity: member}
---
{kind: person, id: ann, name: Ann}
---
{kind: person, id: bob, name: Bob}
---
{kind: appointment, id: a, person: ann, post: ends, from: 2020-01-01, basis: acting}
---
{kind: appointment, id: b, person: bob, post: moves, from: 2020-01-01}
---
{kind: appointment, id: c, person: ann, post: stays, from: 2020-01-01}
---
{kind: appointment, id: d, person: bob, post: empty, from: 2020-01-01, until: 2020-12-31}
---
{kind: proposal, id: x, title: X}
---
{kind: post, id: ends, proposal: x, end: 2027-03-31}
---
{kind: post, id: moves, proposal: x, from: 2027-04-01, title: Head of Two, unit: u, reports_to: chief}
---
{kind: post, id: empty, proposal: x, end: 2027-03-31}
---
{kind: post, id: new, proposal: x, from: 2027-04-01, title: Head of Five, unit: u}
---
{kind: post, id: leader, proposal: x, from: 2027-04-01, title: Mayor, capacity: member}
`)
	v := g.View(fact.DayOf(2026, 11, 22), g.Size())
	x := report.PeopleOf(p, v, "x", true)
	var got []string
	for _, a := range x.Posts {
		got = append(got, fmt.Sprintf("%s: %s (%s)", a.Post.Text, a.Effect, strings.Join(a.Holders, ", ")))
	}
	want := "Head of One: The post ends (Ann (acting)) | Head of Two: Other reports to: Chief Executive (Bob)"
	if s := strings.Join(got, " | "); s != want || x.Holders != 2 || x.Vacant != 1 {
		t.Errorf("%s; %d, %d vacant\nwant %s", s, x.Holders, x.Vacant, want)
	}
	for _, few := range []report.People{report.PeopleOf(p, v, "x", false)} {
		text := fmt.Sprint(few.Document())
		if strings.Contains(text, "Ann") || strings.Contains(text, "Bob") || !strings.Contains(text, "1 person") {
			t.Errorf("without names: %s", text)
		}
	}
	if x := report.PeopleOf(p, v.With("x"), "nothing", true); len(x.Posts) != 0 || !strings.Contains(fmt.Sprint(x.Document()), "No post holders are affected") {
		t.Errorf("of no proposal: %+v", x)
	}
}
