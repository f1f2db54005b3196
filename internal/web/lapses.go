package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"

	"plumbline/internal/assure"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// lapsesPage says what will no longer be as it should, and when, as far as what is agreed and recorded goes.
type lapsesPage struct {
	Lead    []string
	Views   []view
	Table   *table
	Pager   *pager
	Nothing string
}

const (
	lapsesPath  = "/assurance/timeline"
	fieldYears  = "years"
	yearsHome   = 1
	yearsAhead  = 2 // that are looked through where nobody asks for more
	yearsFar    = 5
	warnsBefore = 5 // working days, in a calendar
)

type keptLapses struct{ until fact.Day }

// lapsesOf is what lapses in so many years of what somebody sees.
func (s *Site) lapsesOf(l *look, years int) []assure.Lapse {
	until := l.View.On().AddMonths(12 * years)
	return keep(l, keptLapses{until}, func() []assure.Lapse { return assure.Lapses(s.Pack, l.View, until) })
}

func (s *Site) lapses(l *look, r *http.Request) (*page, error) {
	years := yearsAhead
	if l.other.Get(fieldYears) == fmt.Sprint(yearsFar) {
		years = yearsFar
	}
	all := s.lapsesOf(l, years)
	body := &lapsesPage{Lead: []string{
		"What is as it should be on the day looked at, and will no longer be: rules that are no longer met or cannot be tested, judgements that have to be looked at again, conditions that no longer hold. The rules were asked of the days to come as they are agreed and recorded now, up to " + l.View.On().AddMonths(12*years).Words() + ".",
	}}
	if !l.seen.Whole() {
		body.Lead = append(body.Lead, "It is worked out from what you may see.")
	}
	body.Views = []view{{link{"Two years ahead", l.with(fieldYears, "")}, years == yearsAhead}, {link{"Five years ahead", l.with(fieldYears, fmt.Sprint(yearsFar))}, years == yearsFar}}
	rows, pager := paged(l, r.URL.Query().Get(fieldPage), all)
	body.Pager = pager
	if len(all) == 0 {
		body.Nothing = "Nothing lapses in these years, as far as is recorded."
	} else {
		body.Table = newTable("What lapses, the first first", "From", "What", "How", "What happens on the day")
		for _, x := range rows {
			body.Table.add(text(x.On.Words()), s.lapsing(l, x), []link{{Text: lapseHow(x)}}, orText(s.lapseEvents(l, x), "A time runs out, or the law changes"))
		}
	}
	p := &page{Template: "lapses", Heading: "What lapses, and when", Body: body}
	p.Files = append(p.Files, jsonOf(func() any { return lapsesJSON{s.when(l), lapseRows(all)} }), file{"ics", "Calendar", "text/calendar; charset=utf-8", func(w io.Writer) error {
		return exchange.ICS(w, s.lapseCalendar(l, s.site(r), all))
	}})
	return p, nil
}

// lapsing says what lapses.
func (s *Site) lapsing(l *look, x assure.Lapse) []link {
	switch {
	case x.Rule != "":
		what := x.Title
		if x.Of.ID != "" && x.Of.Kind != "council" {
			what += ": " + s.called(l, x.Of)
		}
		return []link{{x.Rule, l.to("/assurance/check/" + x.Rule)}, {Text: what}}
	case x.Condition.ID != "":
		return []link{{"A condition of the judgement “" + x.Title + "”", l.record(x.Condition)}, {Text: x.Words}}
	}
	return []link{{"The judgement “" + x.Title + "”", l.record(x.Judgement)}, {Text: sentence(x.Words)}}
}

// lapseHow says how something lapses.
func lapseHow(x assure.Lapse) string {
	switch {
	case x.Judgement.ID != "":
		return "Has to be looked at again"
	case x.Untested:
		return "Cannot be tested"
	case x.Condition.ID != "":
		return "Fails"
	}
	return "No longer met"
}

// lapseEvents names what begins, ends, expires or falls due on the day: as much as there is room for.
func (s *Site) lapseEvents(l *look, x assure.Lapse) (out []link) {
	const most = 3
	for _, k := range x.Events[:min(len(x.Events), most)] {
		out = append(out, link{s.called(l, k), l.record(k)})
	}
	if more := len(x.Events) - most; more > 0 {
		out = append(out, link{Text: "and " + count(more, "more change", "more changes")})
	}
	return out
}

// lapseCalendar is what lapses as entries of a calendar. They say no more than which rule or criterion it is: calendars are read by others than whom they are for.
func (s *Site) lapseCalendar(l *look, site string, all []assure.Lapse) exchange.Calendar {
	c := exchange.Calendar{Name: "Assurance: what lapses", Known: l.View.KnownAt()}
	nth := map[string]int{}
	for _, x := range all {
		of := x.Rule + " " + x.Of.String() + " " + x.Condition.String() + " " + x.Judgement.String() + " " + l.proposal
		nth[of]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", of, nth[of]))
		e := exchange.CalendarEntry{
			UID: "lapse-" + hex.EncodeToString(sum[:8]) + "@" + s.Book.Origin(), Sequence: int(l.View.Known()), On: x.On, Alarm: warnsBefore,
			Title: lapseHow(x) + ": " + x.Title, URL: site + l.to(lapsesPath),
		}
		if x.Rule != "" {
			e.Title = x.Rule + ", " + x.Title + ": " + uncapital(lapseHow(x))
		}
		c.Entries = append(c.Entries, e)
	}
	return c
}

// lapsesJSON is what lapses, for programs.
type lapsesJSON struct {
	report.When
	Lapses []lapseRow `json:"lapses"`
}

type lapseRow struct {
	On       string   `json:"on"`
	Rule     string   `json:"rule,omitempty"`
	Record   string   `json:"record,omitempty"`
	Outcome  string   `json:"outcome"`
	Title    string   `json:"title"`
	Because  []string `json:"because"`
	Untested bool     `json:"cannot_test"`
}

func lapseRows(all []assure.Lapse) []lapseRow {
	out := []lapseRow{}
	for _, x := range all {
		row := lapseRow{On: x.On.String(), Rule: x.Rule, Outcome: uncapital(lapseHow(x)), Title: x.Title, Because: []string{}, Untested: x.Untested}
		for _, k := range []fact.Key{x.Of, x.Condition, x.Judgement} {
			if k.ID != "" {
				row.Record = k.String()
			}
		}
		for _, k := range x.Events {
			row.Because = append(row.Because, k.String())
		}
		out = append(out, row)
	}
	return out
}

// lapsePart says on Home when something next lapses.
type lapsePart struct {
	Text string
	See  link
}

func (s *Site) nextLapse(l *look) *lapsePart {
	all := s.lapsesOf(l, yearsHome)
	out := &lapsePart{Text: "As far as is recorded, nothing lapses in the next twelve months.", See: link{"See what lapses, and when", l.to(lapsesPath)}}
	if len(all) == 0 {
		return out
	}
	first := all[0]
	same := 0
	for _, x := range all {
		if x.On == first.On {
			same++
		}
	}
	out.Text = "Next to lapse, on " + first.On.Words() + ": " + first.Title + " (" + uncapital(lapseHow(first)) + ")"
	if same > 1 {
		out.Text += ", and " + count(same-1, "more thing", "more things") + " on that day"
	}
	out.Text += "."
	return out
}
