package report_test

import (
	"slices"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{report.Count(0, "entry", "entries"), "no entries"},
		{report.Count(1, "entry", "entries"), "1 entry"},
		{report.Count(1234567, "entry", "entries"), "1,234,567 entries"},
		{report.Thousands(-1200), "-1,200"},
		{report.Thousands(-120), "-120"},
		{report.Capital("écoles"), "Écoles"},
		{report.Capital(""), ""},
		{report.Sentence(" who is in post is not recorded "), "Who is in post is not recorded."},
		{report.Sentence("Is it?"), "Is it?"},
		{report.And(nil), ""},
		{report.And([]string{"a"}), "a"},
		{report.And([]string{"a", "b", "c"}), "a, b and c"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// A title has its codes written out, whether the record is there on the day or was on another.
func TestTitlesHaveNoCodes(t *testing.T) {
	g, p := harrow(t)
	k := fact.Key{Kind: graph.Designation, ID: "director-of-social-services-childrens-services"}
	const want = "Director of Social Services: Director of Children's Services"
	for _, on := range []fact.Day{fact.DayOf(2003, 10, 1), fact.DayOf(2002, 10, 1)} {
		if got := report.Called(p, g.View(on, g.Size()), k); got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}

func TestWhoIsInAPost(t *testing.T) {
	g, p := harrow(t)
	post := func(on fact.Day, id fact.ID) report.Holding {
		return report.HoldingOf(p, g.View(on, g.Size()).Record(fact.Key{Kind: graph.Post, ID: id}))
	}
	joint := post(fact.DayOf(2003, 5, 1), "director-of-education")
	if w := joint.Words(); len(w) != 4 || w[3] != "jointly" || !joint.Together || !joint.Provisional {
		t.Errorf("three joint directors: %v, %+v", w, joint)
	}
	for _, c := range []struct {
		on   fact.Day
		id   fact.ID
		want []string
	}{
		{fact.DayOf(2003, 9, 1), "director-of-social-services", []string{"Nick Georgiou (acting)"}},
		{fact.DayOf(2003, 10, 1), "director-learning-community-development", []string{"Javed Khan: the appointment is agreed, and its start is to be announced"}},
		{fact.DayOf(2003, 10, 1), "chief-executive", []string{"Who is in post is not recorded"}},
		{fact.DayOf(2003, 10, 1), "director-childrens-services", []string{"Paul Clark"}},
	} {
		if got := post(c.on, c.id).Words(); !slices.Equal(got, c.want) {
			t.Errorf("%s on %s: %q, want %q", c.id, c.on, got, c.want)
		}
	}
}

func TestClock(t *testing.T) {
	at := func(day, hour, minute int) time.Time {
		return time.Date(2015, time.June, day, hour, minute, 59, 0, time.UTC)
	}
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{at(5, 14, 14), "5 June 2015, 3:14pm"},
		{at(5, 8, 0), "5 June 2015, 9am"},
		{at(5, 8, 5), "5 June 2015, 9:05am"},
		{at(5, 11, 0), "5 June 2015, midday"},
		{at(5, 11, 1), "5 June 2015, 12:01pm"},
		{at(5, 23, 0), "6 June 2015, midnight"},
		{at(5, 23, 1), "6 June 2015, 12:01am"},
		{time.Date(2015, time.January, 5, 15, 0, 0, 0, time.UTC), "5 January 2015, 3pm"},
		{time.Time{}, ""},
	} {
		if got := report.Clock(c.at); got != c.want {
			t.Errorf("%v reads %q, want %q", c.at, got, c.want)
		}
	}
}
