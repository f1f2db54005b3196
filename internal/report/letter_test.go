package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

var harrowTest = fact.Key{Kind: "test", ID: "people-directorate-2015"}

// The letter of 2015 comes out of the record of it: its headings, its 34 paragraphs, the table and five recommendations.
func TestLetterOfHarrow(t *testing.T) {
	g, p := harrow(t)
	x := report.LetterOf(p, g.View(fact.DayOf(2015, 6, 5), g.Size()), harrowTest, "")
	var b strings.Builder
	if err := exchange.Text(&b, x.Document(true), 100); err != nil {
		t.Fatal(err)
	}
	golden(t, "letter-2015.txt", b.String())
	for i, q := range x.Paragraphs {
		if q.Number != i+1 {
			t.Errorf("paragraph %d has the number %d", i+1, q.Number)
		}
	}
	var judged []string
	for _, j := range x.Summary {
		judged = append(judged, j.Judgement)
	}
	if !slices.Equal(judged, []string{"Met", "Met as long as…", "Met"}) || len(x.Asked) != 5 || len(x.Paragraphs) != 34 {
		t.Errorf("%v, %d recommendations, %d paragraphs", judged, len(x.Asked), len(x.Paragraphs))
	}
}

// What the adviser worded stands in the place of what the record gives, numbers are kept, and what is not recorded is marked.
func TestLetterParagraphs(t *testing.T) {
	const begun = `
{kind: council, id: council, name: Exampleton, type: unitary, governance: leader-and-cabinet}
---
{kind: test, id: t, title: A test, framework: local-test-of-assurance-2013, started_on: 2026-01-01}
---
{kind: finding, id: a, test: t, theme: capacity, text: Capacity is short.}
---
{kind: finding, id: b, test: t, theme: governance, text: Governance is clear.}
---
{kind: finding, id: c, test: t, theme: governance, number: 9, text: Boards meet.}
---
{kind: finding, id: d, test: t, theme: governance, number: 9, text: They are minuted.}
---
{kind: finding, id: e, test: t, text: A shared vision.}
`
	numbers := func(x report.AssuranceLetter) string {
		var out []string
		for _, q := range x.Paragraphs {
			switch q.Part {
			case report.LetterOverall, report.LetterTheme, report.LetterConclusion:
				first, _, _ := strings.Cut(q.Text, ".")
				out = append(out, fmt.Sprintf("%c%d %s", q.Part[0], q.Number, first))
			}
		}
		return strings.Join(out, "; ")
	}
	for _, c := range []struct{ name, add, want string }{
		{"as recorded", "", "o6 A shared vision; t9 Boards meet; t10 Governance is clear; t11 Capacity is short; c12 [Not recorded: the judgement on “Statutory duties”, “Accountabilities and responsibilities” and “Effective partnership and inter-agency working”]"},
		{"reworded", "{kind: paragraph, id: p, test: t, number: 9, part: theme, theme: governance, text: All boards meet and are minuted.}", "t9 All boards meet and are minuted; t10 Governance"},
		{"a finding given elsewhere", "{kind: paragraph, id: p, test: t, number: 12, part: theme, theme: leadership, text: Leaders govern., findings: [b]}", "t9 Boards meet; t10 Capacity is short; t12 Leaders govern; c13"},
		{"without words of its own", "{kind: paragraph, id: p, test: t, number: 20, part: theme, theme: capacity, findings: [a]}", "t10 Governance is clear; t20 Capacity is short; c21"},
		{"a conclusion of their own", "{kind: paragraph, id: p, test: t, number: 40, part: conclusion, text: I conclude.}", "t11 Capacity is short; c40 I conclude"},
		{"of a theme that the framework does not know", "{kind: finding, id: f, test: t, theme: weather, text: It rains.}", "t11 Capacity is short; t12 It rains; c13"},
	} {
		g, p := council(t, begun)
		if c.add != "" {
			if err := load(g, c.add); err != nil {
				t.Fatal(err)
			}
		}
		x := report.LetterOf(p, g.View(fact.DayOf(2026, 2, 1), g.Size()), fact.Key{Kind: "test", ID: "t"}, "")
		if got := numbers(x); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s\nshould have %s", c.name, got, c.want)
		}
		var b strings.Builder
		if err := exchange.Text(&b, x.Document(false), 100); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"[Not recorded: who carries out the test]", "[Not recorded: to whom the letter goes]", "[Not recorded: findings on this theme]", "[Not recorded: the judgement]", "1 February 2026"} {
			if !strings.Contains(b.String(), s) {
				t.Errorf("%s: it does not say %s:\n%s", c.name, s, b.String())
			}
		}
	}
}
