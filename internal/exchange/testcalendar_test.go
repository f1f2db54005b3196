package exchange_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plumbline/internal/assure"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
)

// due is a test that is reported, with what is due of it.
const due = `
{kind: test, id: t, title: A test, framework: local-test-of-assurance-2013, started_on: 2015-04-01, reported_on: 2015-05-01, review_due: 2016-05-01}
---
{kind: evidence, id: e, test: t, title: Notes, reference: E1, received_on: 2015-04-02, expires_on: 2015-12-31}
---
{kind: evidence, id: over, test: t, title: Figures, reference: E2, received_on: 2015-04-02, expires_on: 2015-12-31, until: 2015-08-31}
---
{kind: recommendation, id: r, test: t, number: 1, text: Do it, due: 2015-10-01}
---
{kind: recommendation, id: s, test: t, number: 2, text: And that, due: 2015-11-01}
`

// What was due and is due no longer is in the calendar as cancelled, with a higher number than it ever had: looked at on any day and as known at any position, from the entries alone. What was taken out before anybody else could see it is not in it.
func TestCalendarLetsGo(t *testing.T) {
	kinds, p := england(t)
	g := record(t, kinds, "{kind: test, id: t, title: A test, framework: local-test-of-assurance-2013, started_on: 2015-04-01}\n---\n{kind: recommendation, id: never, test: t, number: 9, text: Not this, due: 2015-09-09, from: 2015-04-01}")
	at := time.Date(2015, 4, 30, 12, 0, 0, 0, time.UTC)
	then := func(manifest string) int64 {
		t.Helper()
		at = at.Add(24 * time.Hour)
		addOSCAL(t, g, at, manifest)
		return g.Size()
	}
	then("{kind: recommendation, id: never, test: t, number: 9, text: Not this, from: 2015-04-01}")
	first := then(due)
	done := then("{kind: recommendation, id: r, test: t, number: 1, text: Do it, due: 2015-10-01, accepted_complete_on: 2015-06-01}\n---\n{kind: evidence, id: e, test: t, title: Notes, reference: E1, received_on: 2015-04-02}\n---\n{kind: recommendation, id: s, test: t, number: 2, text: And that, due: 2015-12-01}")
	again := then("{kind: recommendation, id: r, test: t, number: 1, text: Do it, due: 2015-10-02}\n---\n{kind: test, id: next, title: Next, supersedes: t, started_on: 2015-05-03}")
	seen := map[string]int{}
	says := func(on string, known int64) string {
		d := day(t, on)
		v := g.View(d, known)
		c := exchange.TestCalendar(assure.AssessTest(p.Run(v), v, v.Record(fact.Key{Kind: "test", ID: "t"})), "r")
		var out []string
		for _, e := range c.Entries {
			line := fmt.Sprint(e.Title, " ", e.On)
			if e.Cancelled {
				line += " cancelled"
			}
			if had, ok := seen[e.UID]; ok && e.Sequence < had {
				t.Errorf("%s: %s has the number %d, and had %d before", on, line, e.Sequence, had)
			}
			seen[e.UID] = e.Sequence
			out = append(out, line)
		}
		slices.Sort(out)
		return strings.Join(out, "\n")
	}
	const (
		e1, e2 = "Evidence E1 of the test of assurance is good until this day 2015-12-31", "Evidence E2 of the test of assurance is good until this day 2015-12-31"
		r1     = "Recommendation 1 of the test of assurance is due 2015-10-0"
		r2     = "Recommendation 2 of the test of assurance is due 2015-1"
		review = "Review of the test of assurance is due 2016-05-01"
	)
	for _, c := range []struct {
		on    string
		known int64
		want  []string
	}{
		{"2015-06-10", first, []string{e1, e2, r1 + "1", r2 + "1-01", review}},
		{"2015-06-10", done, []string{e1 + " cancelled", e2, r1 + "1 cancelled", r2 + "2-01", review}},
		{"2015-06-10", again, []string{e1 + " cancelled", e2, r1 + "2", r2 + "2-01", review + " cancelled"}},
		{"2015-09-10", again, []string{e1 + " cancelled", e2 + " cancelled", r1 + "2", r2 + "2-01", review + " cancelled"}},
	} {
		if got := says(c.on, c.known); got != strings.Join(c.want, "\n") {
			t.Errorf("on %s, as known at %d:\n%s\nwant\n%s", c.on, c.known, got, strings.Join(c.want, "\n"))
		}
	}
	clear(seen)
	if got := says("2015-04-20", again); strings.Contains(got, "cancelled") && got != review+" cancelled" {
		t.Errorf("before the report: %s", got)
	}
}
