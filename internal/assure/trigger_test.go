package assure_test

import (
	"strings"
	"testing"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Each trigger is set off by what it is for, and by nothing else; what is only watched is said.
func TestTriggers(t *testing.T) {
	p := pack(t)
	for _, c := range []struct {
		name, change string
		on           fact.Day
		code, want   string // what it found; empty is nothing
		set          bool
	}{
		{"all filled", "", fact.DayOf(2015, 7, 1), "vacant-or-acting", "", false},
		{"vacant for a while", "{kind: appointment, id: bea-adults, end: 2015-06-30}", fact.DayOf(2015, 9, 28), "vacant-or-acting", "vacant since 1 July 2015, 90 days", false},
		{"vacant for too long", "{kind: appointment, id: bea-adults, end: 2015-06-30}", fact.DayOf(2015, 9, 29), "vacant-or-acting", "vacant since 1 July 2015, 91 days", true},
		{"acting for too long", "{kind: appointment, id: bea-adults, person: bea, post: adults, basis: acting, from: 2015-07-01}", fact.DayOf(2015, 9, 29), "vacant-or-acting", "acting since 1 July 2015, 91 days", true},
		{"kept", "", fact.DayOf(2015, 7, 1), "retained", "Improvement Board is kept (finding 9)", false},
		{"not kept", "{kind: board, id: improvement, end: 2015-06-30}", fact.DayOf(2015, 7, 1), "retained", "Improvement Board is not there on this day (finding 9)", true},
		{"no longer to be kept", "{kind: finding, id: f1, test: t, number: 9, polarity: strength, text: good, retain: [improvement], retain_until: 2015-06-30}", fact.DayOf(2015, 7, 1), "retained", "", false},
		{"no board of officers", "", fact.DayOf(2015, 7, 1), "officers-meet", "", false},
		{"they never met", "{kind: board, id: officers, name: Officers, type: statutory-officers}", fact.DayOf(2015, 7, 1), "officers-meet", "Officers: no meeting is recorded", false},
		{"they met", "{kind: board, id: officers, name: Officers, type: statutory-officers}\n---\n{kind: meeting, id: m, board: officers, on: 2015-07-01, status: held}", fact.DayOf(2015, 10, 1), "officers-meet", "Officers: last 1 July 2015", false},
		{"they met too long ago", "{kind: board, id: officers, name: Officers, type: statutory-officers}\n---\n{kind: meeting, id: m, board: officers, on: 2015-07-01, status: held}\n---\n{kind: meeting, id: n, board: officers, on: 2015-10-01, status: planned}", fact.DayOf(2015, 10, 2), "officers-meet", "last 1 July 2015, 93 days ago", true},
		{"late", "{kind: recommendation, id: r, test: t, number: 2, text: Do, due: 2015-06-30}", fact.DayOf(2015, 7, 1), "late", "Recommendation 2, due 30 June 2015", true},
		{"in time", "{kind: recommendation, id: r, test: t, number: 2, text: Do, due: 2015-07-01}", fact.DayOf(2015, 7, 1), "late", "", false},
		{"done", "{kind: recommendation, id: r, test: t, number: 2, text: Do, due: 2015-06-30, accepted_complete_on: 2015-07-01}", fact.DayOf(2015, 7, 1), "late", "", false},
		{"a late condition", "{kind: condition, id: words, judgement: account, text: as long as somebody looks, due: 2015-06-30}", fact.DayOf(2015, 7, 1), "late", "Condition, due 30 June 2015", true},
		{"a condition that is said to be met", "{kind: condition, id: words, judgement: account, text: as long as somebody looks, due: 2015-06-30}\n---\n{kind: confirmation, id: c, condition: words, said_by: council, state: met, said_on: 2015-06-30}", fact.DayOf(2015, 7, 1), "late", "", false},
		{"good evidence", "", fact.DayOf(2015, 12, 1), "evidence", "", false},
		{"evidence that soon expires", "", fact.DayOf(2015, 12, 2), "evidence", "Interviews, good until 31 December 2015", false},
		{"evidence that expired", "", fact.DayOf(2016, 1, 1), "evidence", "Interviews, good until 31 December 2015", true},
		{"no proposal", "", fact.DayOf(2015, 7, 1), "version", "", false},
		{"a newer version", "{kind: proposal, id: q, title: Q, status: consultation}\n---\n{kind: version, id: q1, of: q, number: 1, made_on: 2015-05-01}\n---\n{kind: version, id: q2, of: q, number: 2, made_on: 2015-06-20}\n---\n{kind: test, id: t, title: Test of 2015, tests: q, version: q1, reported_on: 2015-06-05}", fact.DayOf(2015, 7, 1), "version", "version 2", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(kinds)
			add(t, g, made, structure)
			if c.change != "" {
				add(t, g, made.AddDate(0, 0, 1), c.change)
			}
			v := g.View(c.on, g.Size())
			for _, x := range assure.Triggers(p, v, v.Record(fact.Key{Kind: "test", ID: "t"})) {
				if x.Code != c.code {
					continue
				}
				var got []string
				for _, f := range x.Found {
					got = append(got, f.What)
				}
				if s := strings.Join(got, "; "); c.want == "" && s != "" || !strings.Contains(s, c.want) || x.Set() != c.set {
					t.Errorf("found %q, set off %v; want %q, %v", s, x.Set(), c.want, c.set)
				}
			}
		})
	}
}

// A change is said to bear on the criteria whose judgement rests on what changed.
func TestBears(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure)
	add(t, g, made.AddDate(0, 0, 1), "{kind: board, id: improvement, end: 2015-06-30}")
	a := assure.Assess(p, g.View(fact.DayOf(2015, 7, 1), g.Size()))
	for _, r := range criterion(a, "accountability").Judgement.Stale {
		if !strings.Contains(r.What, "must be retained") {
			continue
		}
		if got := a.Bears(r); len(got) != 1 || got[0] != "accountability" { // by finding 9
			t.Errorf("%s bears on %v", r.What, got)
		}
		return
	}
	t.Error("the board that ended made nothing stale")
}

// It is said since when a condition stands as it does.
func TestSince(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure)
	add(t, g, made.AddDate(0, 0, 1), `{kind: appointment, id: ann-people, end: 2016-03-31}
---
{kind: appointment, id: bea-people, person: bea, post: people, from: 2016-06-01}
---
{kind: person, id: dan, name: Dan, experience: [adults]}
---
{kind: appointment, id: bea-people, end: 2016-12-31}
---
{kind: appointment, id: dan-people, person: dan, post: people, from: 2017-01-01}
`)
	for _, c := range []struct {
		on, since fact.Day
		want      string
	}{
		{fact.DayOf(2015, 7, 1), fact.DayOf(2015, 6, 5), "holds"},
		{fact.DayOf(2016, 3, 31), fact.DayOf(2015, 6, 5), "holds"},
		{fact.DayOf(2016, 4, 1), fact.DayOf(2016, 4, 1), "cannot-test"},
		{fact.DayOf(2016, 5, 31), fact.DayOf(2016, 4, 1), "cannot-test"},
		{fact.DayOf(2016, 6, 1), fact.DayOf(2016, 6, 1), "fails"},
		{fact.DayOf(2017, 3, 1), fact.DayOf(2016, 6, 1), "fails"}, // of one holder after the other
	} {
		a := assure.Assess(p, g.View(c.on, g.Size()))
		x := criterion(a, "accountability").Judgement.Conditions[0]
		if got := assure.Since(p, a.View, x, fact.DayOf(2015, 6, 5)); string(x.State) != c.want || got != c.since {
			t.Errorf("on %s: %s since %s, want %s since %s", c.on, x.State, got, c.want, c.since)
		}
	}
}

// A post that was only proposed when it was tested was there to be filled: whoever comes into it first makes nothing stale, and whoever comes after them does.
func TestFirstHolderOfAProposedPost(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure+`---
{kind: proposal, id: other, title: Another structure, status: adopted, effective_on: 2016-01-01}
---
{kind: post, id: chief-of-adults, proposal: other, title: Chief of Adults, reports_to: chief, capacity: officer}
---
{kind: designation, id: dass, proposal: other, role: DASS, post: chief-of-adults}
---
{kind: test, id: of-other, title: Test of another, tests: other, reported_on: 2015-06-05}
---
{kind: judgement, id: of-other-account, test: of-other, criterion: accountability, outcome: met}
`)
	add(t, g, made.AddDate(0, 0, 1), `{kind: post, id: chief-of-adults, title: Chief of Adults, reports_to: chief, capacity: officer, from: 2016-01-01}
---
{kind: designation, id: dass, role: DASS, post: chief-of-adults, from: 2016-01-01}
---
{kind: appointment, id: one, person: bea, post: chief-of-adults, from: 2016-02-01, until: 2016-06-30}
---
{kind: appointment, id: two, person: cat, post: chief-of-adults, from: 2016-08-01}
`)
	for on, want := range map[fact.Day]string{
		fact.DayOf(2016, 1, 15): "", fact.DayOf(2016, 2, 1): "", fact.DayOf(2016, 7, 1): "Bea left, and nobody holds the post", fact.DayOf(2016, 8, 1): "the holder changed from Bea to Cat",
	} {
		v := g.View(on, g.Size())
		a := assure.AssessTest(p.Run(v), v, v.Record(fact.Key{Kind: "test", ID: "of-other"}))
		var about []string
		for _, r := range criterion(a, "accountability").Judgement.Stale {
			if strings.Contains(r.What, "Chief of Adults") {
				about = append(about, r.What)
			}
		}
		if got := strings.Join(about, "; "); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}
