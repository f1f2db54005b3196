package exchange

import (
	"slices"
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

// TestCalendar gives what is due of a live test, and the conditions that do not hold, as a calendar. What was due once, and is due no longer, is in it as cancelled, so that a calendar that took it in lets go of it: that follows from the entries alone, and
// nothing is kept of what went out. Its titles say nothing of anybody, nothing of what was found and nothing of a test that is restricted. The assessment is that of the test by assure.AssessTest; record is the name of the record.
func TestCalendar(a *assure.Assessment, record string) Calendar {
	v, test, p := a.View, a.Test, a.Results.Pack
	of := "test of assurance"
	name := test.Title()
	if v.Class(test.Key()).Visibility == "restricted" {
		name = "Exempt item"
	}
	c := Calendar{Name: "Test of assurance: " + onOne(name), Known: v.KnownAt()}
	add := func(r *graph.Record, part, title string, on fact.Day, alarm int) {
		c.Entries = append(c.Entries, CalendarEntry{UID: uuidOf(record, r.Key().String(), part), Sequence: sequence(r.Entry()), On: on, Title: title, Description: onOne(name), Alarm: alarm})
	}
	shown := int64(0) // the entry as of which others first saw what the adviser wrote
	due := func(r *graph.Record, field, title string, open func(*graph.Record) bool, over ...*graph.Record) {
		if d := r.Date(field); isDated(d) && len(over) == 0 && open(r) && v.Record(r.Key()) != nil {
			add(r, field, title, d.Last, workingDaysBefore)
			return
		}
		was, newest := lastDue(v, r.Key(), field, shown, open)
		for _, x := range over {
			newest = max(newest, v.Seen(x.Key()))
		}
		if isDated(was) {
			c.Entries = append(c.Entries, CalendarEntry{UID: uuidOf(record, r.Key().String(), field), Sequence: sequence(newest) + 1, Cancelled: true, On: was.Last, Title: title, Description: onOne(name)})
		}
	}
	always := func(*graph.Record) bool { return true }
	due(test, "review_due", "Review of the "+of+" is due", always, test.Referring("test", "supersedes")...)
	if !report.Reported(test, v.On()) {
		return c // nobody is told what was found before it is reported
	}
	for _, h := range v.History(test.Key()) {
		if shown == 0 && h.Proposal == "" && h.Op == fact.Assert && isDated(h.Record.Date("reported_on")) {
			shown = h.Position
		}
	}
	for _, e := range byNumber(everOf(v, test.Key(), "evidence", "test")) {
		title := "Evidence of the " + of + " is good until this day"
		if ref := onOne(e.Text("reference")); ref != "" {
			title = "Evidence " + ref + " of the " + of + " is good until this day"
		}
		due(e, "expires_on", title, always)
	}
	for _, r := range byNumber(everOf(v, test.Key(), "recommendation", "test")) {
		due(r, "due", strings.TrimSpace("Recommendation "+r.Text("number"))+" of the "+of+" is due", func(r *graph.Record) bool {
			return r.Date("accepted_complete_on").IsZero() && r.Text("response") != "rejected"
		})
	}
	n := 0
	for _, row := range a.Criteria {
		if row.Judgement == nil {
			continue
		}
		for _, x := range row.Judgement.Conditions {
			n++
			called := "Condition " + strconv.Itoa(n) + " of the " + of
			due(x.Record, "due", called+" is due", always)
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

// sequence makes of the entry that says something how often it has changed: an even number, so that there is one between two entries for what is cancelled.
func sequence(entry int64) int { return 2 * int(entry) }

// isDated reports whether a date is given, and not to be agreed.
func isDated(d fact.Date) bool { return !d.IsZero() && d.Form != fact.ToBeAgreed }

// everOf gives the records of a kind that referred to another by a field, on the day of a view or on any before it: each as it was last.
func everOf(v *graph.View, of fact.Key, name fact.KindName, by string) []*graph.Record {
	last := map[fact.Key]graph.Past{}
	var keys []fact.Key
	for _, p := range v.PastsOf(of, name, by) {
		first, until, ok := p.Span.Possible()
		if !ok || first > v.On() || p.Record.Proposal() != "" {
			continue
		}
		k := p.Record.Key()
		had, known := last[k]
		if !known {
			keys = append(keys, k)
		}
		if _, hadUntil, _ := had.Span.Possible(); !known || until > hadUntil {
			last[k] = p
		}
	}
	out := make([]*graph.Record, len(keys))
	for i, k := range keys {
		if out[i] = v.Record(k); out[i] == nil {
			out[i] = last[k].Record
		}
	}
	return out
}

// lastDue gives the date that a record gave last for something that was open, and the newest entry about it. What was replaced before an entry as of which others first saw it is not looked at.
func lastDue(v *graph.View, k fact.Key, field string, shown int64, open func(*graph.Record) bool) (was fact.Date, newest int64) {
	next := shown + 1
	for _, h := range slices.Backward(v.History(k)) {
		newest = max(newest, h.Position)
		if h.Proposal != "" {
			continue
		}
		first, _, ok := h.Span.Possible()
		if h.Op == fact.Assert && ok && first <= v.On() && next > shown && isDated(h.Record.Date(field)) && open(h.Record) {
			return h.Record.Date(field), newest
		}
		next = h.Position
	}
	return fact.Date{}, newest
}
