package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// How a consultation stands follows from its days, however exactly they are known; what was heard is what is recorded on the day, with no number from which a small one could be worked out.
func TestHeardIn(t *testing.T) {
	var b strings.Builder
	b.WriteString(`
{kind: consultation, id: c, title: Have your say, opens: 2015-04-15, closes: 2015-05-20}
---
{kind: consultation, id: vague, title: Vague, opens: 2015-04, closes: 2015-05}
---
{kind: consultation, id: none, title: Without days}
---
{kind: consultation, id: open, title: Without an end, opens: 2015-04-15}
---
{kind: consultation, id: elsewhere, title: Counted elsewhere, replies: 212}
---
{kind: theme, id: many, of: c, name: Many, outcome: changed, answer: Yes, answered_on: 2015-06-10}
---
{kind: theme, id: some, of: c, name: A few}
---
{kind: theme, id: nearly, of: c, name: Nearly all}
---
{kind: theme, id: unheard, of: c, name: Nobody}
---
{kind: theme, id: paper, of: c, name: On paper, people: 40}
`)
	for i := range 30 {
		group, themes := "workforce", []string{"nearly"}
		if i < 7 {
			group = "carers"
		}
		if i < 3 {
			group, themes = "unions", []string{"some"}
		}
		if i%2 == 0 {
			themes = append(themes, "many")
		}
		fmt.Fprintf(&b, "---\n{kind: response, id: r%d, of: c, given_by: %s, received_on: 2015-05-%02d, text: x, themes: [%s], quote: without-name}\n", i, group, 1+i%20, strings.Join(themes, ", "))
	}
	g, p := council(t, b.String())
	asking := func(id string, on fact.Day) report.Asking {
		return report.AskingOn(g.View(on, g.Size()).Record(fact.Key{Kind: access.Consultation, ID: fact.ID(id)}), on)
	}
	for _, c := range []struct {
		id   string
		on   fact.Day
		want report.Asking
	}{
		{"c", fact.DayOf(2015, 4, 14), report.AskingLater}, {"c", fact.DayOf(2015, 4, 15), report.AskingNow}, {"c", fact.DayOf(2015, 5, 20), report.AskingNow}, {"c", fact.DayOf(2015, 5, 21), report.AskingOver},
		{"vague", fact.DayOf(2015, 4, 15), report.AskingLater}, {"vague", fact.DayOf(2015, 4, 30), report.AskingNow}, {"vague", fact.DayOf(2015, 5, 31), report.AskingNow}, {"vague", fact.DayOf(2015, 6, 1), report.AskingOver},
		{"none", fact.DayOf(2015, 5, 1), report.AskingSomeDay}, {"open", fact.DayOf(2030, 1, 1), report.AskingNow},
	} {
		if got := asking(c.id, c.on); got != c.want {
			t.Errorf("%s on %s: %d, want %d", c.id, c.on, got, c.want)
		}
	}
	heard := func(id string, on fact.Day) string {
		h := report.HeardIn(p, g.View(on, g.Size()).Record(fact.Key{Kind: access.Consultation, ID: fact.ID(id)}))
		out := h.Replies.Words()
		for _, x := range h.Groups {
			out += "; " + x.Label + " " + x.Words()
		}
		for _, x := range h.Themes {
			out += "; " + x.People.Label + " " + x.People.Words()
			if x.Answered(on) {
				out += " answered"
			}
		}
		return out
	}
	for id, want := range map[string]string{
		"c":         "30; Workforce 23; Unions not shown; Carers not shown; On paper 40; Many 15; Nobody not recorded; A few not shown; Nearly all not shown",
		"elsewhere": "212; Counted elsewhere 212",
		"none":      "0",
	} {
		if got := heard(id, fact.DayOf(2015, 6, 1)); got != want {
			t.Errorf("%s: %s\nwant %s", id, got, want)
		}
	}
	if got := heard("c", fact.DayOf(2015, 6, 10)); !strings.Contains(got, "Many 15 answered") {
		t.Errorf("on the day of the answer: %s", got)
	}
	if got := heard("c", fact.DayOf(2015, 5, 2)); !strings.HasPrefix(got, "not shown; ") {
		t.Errorf("before most came in: %s", got)
	}
}
