package exchange

import (
	"strconv"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// workingDaysBefore is how long before something is due a calendar warns.
const workingDaysBefore = 5

// TestCalendar gives what is due of a live test, and the conditions that do not hold, as a calendar. Its titles say nothing of anybody, nothing of what
// was found and nothing of a test that is restricted. The assessment is that of the test by assure.AssessTest; record is the name of the record.
func TestCalendar(a *assure.Assessment, record string) Calendar {
	v, test, p := a.View, a.Test, a.Results.Pack
	of := "test of assurance"
	name := test.Title()
	if v.Class(test.Key()).Visibility == "restricted" {
		name = "Exempt item"
	}
	c := Calendar{Name: "Test of assurance: " + onOne(name), Known: v.KnownAt()}
	add := func(r *graph.Record, part, title string, on fact.Day, alarm int) {
		c.Entries = append(c.Entries, CalendarEntry{UID: uuidOf(record, r.Key().String(), part), Sequence: int(r.Entry()), On: on, Title: title, Description: onOne(name), Alarm: alarm})
	}
	due := func(r *graph.Record, field, title string) {
		if d := r.Date(field); !d.IsZero() && d.Form != fact.ToBeAgreed {
			add(r, field, title, d.Last, workingDaysBefore)
		}
	}
	if len(test.Referring("test", "supersedes")) == 0 {
		due(test, "review_due", "Review of the "+of+" is due")
	}
	if !report.Reported(test, v.On()) {
		return c // nobody is told what was found before it is reported
	}
	for _, e := range byNumber(test.Referring("evidence", "test")) {
		title := "Evidence of the " + of + " is good until this day"
		if ref := onOne(e.Text("reference")); ref != "" {
			title = "Evidence " + ref + " of the " + of + " is good until this day"
		}
		due(e, "expires_on", title)
	}
	for _, r := range byNumber(test.Referring("recommendation", "test")) {
		if done := r.Date("accepted_complete_on"); done.IsZero() && r.Text("response") != "rejected" {
			due(r, "due", strings.TrimSpace("Recommendation "+r.Text("number"))+" of the "+of+" is due")
		}
	}
	n := 0
	for _, row := range a.Criteria {
		if row.Judgement == nil {
			continue
		}
		for _, x := range row.Judgement.Conditions {
			n++
			called := "Condition " + strconv.Itoa(n) + " of the " + of
			due(x.Record, "due", called+" is due")
			switch x.State {
			case rule.Fails:
				add(x.Record, "state", called+" does not hold", assure.Since(p, v, x, test.Date("reported_on").Last), 0)
			case rule.CannotBeTested:
				if x.Record.Text("expression") != "" {
					add(x.Record, "state", called+" cannot be tested", assure.Since(p, v, x, test.Date("reported_on").Last), 0)
				}
			}
		}
	}
	for _, t := range assure.Triggers(p, v, test) {
		if t.Code != "officers-meet" {
			continue
		}
		for _, f := range t.Found {
			if r := v.Record(f.Record); r != nil && !f.Due.IsZero() {
				add(r, "meet", "The statutory officers' meeting is due by this day", f.Due.Last, workingDaysBefore)
			}
		}
	}
	return c
}
