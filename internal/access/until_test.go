package access_test

import (
	"errors"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
)

// On every day up to the last of their access an adviser writes in a test, and on none after it, by whatever record: they go on to read what they wrote. Without a last day there is none.
func TestAccessToATestEnds(t *testing.T) {
	const work = `
{kind: finding, id: f, test: ending, theme: governance, text: Canary finding}
---
{kind: judgement, id: j, test: ending, criterion: accountability, outcome: met, rationale: Canary reason}
---
{kind: condition, id: c, judgement: j, text: As long as somebody looks}
`
	last := today + 3
	r := made(t, "{kind: test, id: ending, title: Ending, started_on: 2026-10-01, access_until: "+last.String()+"}", "{kind: test, id: open, title: Open, started_on: 2026-10-01}", work)
	changes := map[string]string{ // to ending, or to open
		"{kind: finding, id: new, test: ending, text: More}":                                "ending",
		"{kind: evidence, id: new, test: ending, title: More}":                              "ending",
		"{kind: finding, id: f, test: ending, theme: governance, text: Otherwise}":          "ending",
		"{kind: finding, id: f, end: 2026-11-30}":                                           "ending",
		"{kind: condition, id: c, judgement: j, text: As long as nobody looks}":             "ending",
		"{kind: condition, id: d, judgement: j, text: And as long as they like}":            "ending",
		"{kind: confirmation, id: y, condition: c, said_by: adviser, state: not-met}":       "ending",
		"{kind: progress, id: p, test: ending, part: governance, state: completed}":         "ending",
		"{kind: interview, id: i, test: ending, title: The leader, held_on: 2026-11-01}":    "ending",
		"{kind: finding, id: other, test: open, text: More}":                                "open",
		"{kind: evidence, id: other, test: open, title: More}":                              "open",
		"{kind: judgement, id: other, test: open, criterion: accountability, outcome: met}": "open",
	}
	for name, adviser := range map[string]access.Person{
		"over both tests":  {Who: "a", Held: []access.Held{{Role: access.Adviser, Over: fact.Key{Kind: "test", ID: "ending"}}, {Role: access.Adviser, Over: fact.Key{Kind: "test", ID: "open"}}}},
		"over the council": {Who: "a", Held: []access.Held{{Role: access.Adviser}}},
	} {
		for day := last - 1; day <= last+2; day++ {
			v := r.g.View(day, r.g.Size())
			for doc, test := range changes {
				want := test == "open" || day <= last
				err := adviser.Change(v, r.docs(doc))
				if (err == nil) != want || err != nil && !errors.Is(err, fact.ErrDenied) {
					t.Errorf("%s, %s: %s: %v, and it should be %v", name, day, doc, err, want)
				}
			}
			for test, want := range map[fact.ID]bool{"ending": day <= last, "open": true} {
				if got := adviser.Over(v, access.Assess, fact.Key{Kind: "test", ID: test}); got != want {
					t.Errorf("%s, %s: may write in %s: %v", name, day, test, got)
				}
			}
			if all := seen(adviser.Veil(r.g, day)); !strings.Contains(all, "finding/f ") || !strings.Contains(all, "condition/c ") {
				t.Errorf("%s, %s: they no longer see what they wrote", name, day)
			}
		}
	}
}
