package web

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// interviewFields are what is asked of an interview.
var interviewFields = []wanted{
	{name: "title", label: "Who is met, by role", required: true}, {name: "way"}, {name: "held_on"}, {name: "time"}, {name: "place"}, {name: "status", label: "State"}, {name: "themes"}, {name: "with"}, {name: "people"}, {name: "questions"},
}

// interviews gives the programme by day; what has no day comes last.
func (t *tested) interviews() []*graph.Record {
	out := t.all(interviewKind)
	day := func(r *graph.Record) fact.Day {
		if d := r.Date("held_on"); !d.IsZero() {
			return d.First
		}
		return fact.MaxDay
	}
	slices.SortStableFunc(out, func(a, b *graph.Record) int {
		return cmp.Or(cmp.Compare(day(a), day(b)), strings.Compare(a.Text("time"), b.Text("time")), strings.Compare(a.Text("title"), b.Text("title")))
	})
	return out
}

func (t *tested) interviewsPage(r *http.Request) (*page, error) {
	switch t.of {
	case "":
		return t.programme()
	case newOne:
		return t.newInterview(&sent{r: r})
	}
	return t.oneInterview(&sent{r: r})
}

// programme is the interviews and meetings by day. It gives roles, and no name: those are on the page of each.
func (t *tested) programme() (*page, error) {
	body := &worklistPage{Past: t.l.past()}
	page := t.page("worklist", "Interviews and meetings", partInterviews, body)
	all := t.interviews()
	if len(all) == 0 {
		body.Empty = text("No interviews planned.")
	} else {
		body.Lead = []string{sentence(count(len(all), "interview or meeting", "interviews and meetings") + ". The programme gives roles; names are on the page of each, for those who may see them")}
		rows, pager := paged(t.l, t.l.other.Get(fieldPage), all)
		body.Table, body.Pager = t.programmeTable(rows), pager
		page.Files = []file{csvOf(t.programmeTable(all)), {"ics", "Calendar", "text/calendar; charset=utf-8", func(w io.Writer) error { return exchange.ICS(w, t.calendar(all)) }}}
	}
	if t.may(access.Assess) {
		page.Actions = []action{{link{"Add an interview or meeting", t.part(partInterviews, newOne)}, true}}
		body.Progress = t.progressForm("interviews", "Have you planned all interviews and meetings?")
	}
	return page, nil
}

func (t *tested) programmeTable(rows []*graph.Record) *table {
	out := newTable("Programme", "Who is met", "Day", "Time", "How", "State", "Themes", "Evidence")
	for _, r := range rows {
		value := func(field string) []link { return t.s.value(t.l, r, r.Kind().Field(field)) }
		var gave []link
		for _, e := range r.Referring(evidenceKind, "interview") {
			gave = append(gave, link{evidence{Record: e}.called(t.s), t.part(partEvidence, string(e.Key().ID))})
		}
		if gave == nil {
			gave = text("None yet")
			if t.may(access.Assess) && r.Text("status") != "cancelled" {
				gave = []link{{"Make it evidence", t.part(partEvidence, newOne, fieldInterview, string(r.Key().ID))}}
			}
		}
		out.add([]link{{t.s.title(r), t.part(partInterviews, string(r.Key().ID))}}, orText(value("held_on"), "Not set"), value("time"), value("way"), orText(value("status"), "Planned"), value("themes"), gave)
	}
	return out
}

// calendar is the programme for a calendar program: roles and days alone, since others look at telephones.
func (t *tested) calendar(all []*graph.Record) exchange.Calendar {
	c := exchange.Calendar{Name: "Interviews: " + t.s.title(t.record)}
	for _, r := range all {
		on, exact := r.Date("held_on").Exact()
		if !exact {
			continue
		}
		h := t.l.View.History(r.Key())
		if last := h[len(h)-1].Recorded; last.After(c.Known) {
			c.Known = last
		}
		c.Entries = append(c.Entries, exchange.CalendarEntry{UID: string(r.Key().Kind) + "-" + string(r.Key().ID) + "@" + t.s.Book.Origin(), Sequence: len(h) - 1, Cancelled: r.Text("status") == "cancelled", On: on, Title: strings.TrimSpace(r.Text("time") + " " + t.s.title(r))})
	}
	return c
}

func (t *tested) newInterview(f *sent) (*page, error) {
	if err := t.mayWrite(); err != nil {
		return nil, err
	}
	w := t.writing(interviewKind, nil, interviewFields...)
	body := &workPage{}
	page := t.page("work", "Add an interview or meeting", partInterviews, body)
	page.Narrow = true
	if added := f.r.URL.Query().Get(fieldAdded); added != "" && f.typed == nil {
		for _, x := range t.interviews() {
			if string(x.Key().ID) == added {
				page.Notice = &notice{Title: "Recorded", Text: "“" + t.s.title(x) + "” is recorded. Add the next one below, or go back to the programme."}
			}
		}
	}
	body.Form = &workForm{Action: t.part(partInterviews, newOne), Hidden: w.hidden(f), Fields: w.asked(f, map[string][]string{"status": {"planned"}}).controls(), Button: "Save", Other: &link{"Back to the programme", t.part(partInterviews, "")}}
	return page, nil
}

func (t *tested) oneInterview(f *sent) (*page, error) {
	rec, err := t.one(interviewKind)
	if err != nil {
		return nil, err
	}
	body := &workPage{Past: t.l.past()}
	page := t.page("work", t.s.title(rec), partInterviews, body)
	if !t.may(access.Assess) {
		for _, want := range interviewFields[1:] {
			fd := rec.Kind().Field(want.name)
			if lines := t.s.value(t.l, rec, fd); lines != nil {
				body.Lines = append(body.Lines, fieldLine{fd.Label, lines})
			}
		}
	}
	var gave []link
	for _, e := range rec.Referring(evidenceKind, "interview") {
		gave = append(gave, link{evidence{Record: e}.called(t.s), t.part(partEvidence, string(e.Key().ID))})
	}
	body.Lines = append(body.Lines, fieldLine{"Evidence from it", orText(gave, "None yet")})
	if f.r != nil && f.r.URL.Query().Get(fieldAdded) != "" && f.typed == nil {
		page.Notice = &notice{Title: "Recorded", Text: "What you changed is recorded."}
	}
	page.Narrow = true
	body.After = []link{{"Everything recorded of it", t.l.record(rec.Key())}, {"Back to the programme", t.part(partInterviews, "")}}
	if !t.may(access.Assess) {
		return page, nil
	}
	page.Actions = []action{{link{"Make it evidence", t.part(partEvidence, newOne, fieldInterview, t.of)}, false}}
	w := t.writing(interviewKind, rec, interviewFields...)
	at := t.part(partInterviews, t.of)
	body.Form = &workForm{Heading: "Change it", Action: at, Hidden: w.hidden(f), Fields: w.asked(f, nil).controls(), Button: "Save"}
	body.Remove = t.removing(rec, "this interview or meeting")
	return page, nil
}

// interviewSent takes an interview, new or changed.
func (t *tested) interviewSent(f *sent) error {
	var rec *graph.Record
	again := func() (*page, error) { return t.newInterview(f) }
	if t.of != newOne {
		var err error
		if rec, err = t.one(interviewKind); err != nil {
			return err
		}
		again = func() (*page, error) { return t.oneInterview(f) }
	}
	w := t.writing(interviewKind, rec, interviewFields...)
	values := w.read(f)
	to := t.part(partInterviews, t.of, fieldAdded, "yes")
	if rec == nil {
		to = t.part(partInterviews, newOne, fieldAdded, string(w.key(f).ID))
	}
	return w.put(f, values, to, again)
}
