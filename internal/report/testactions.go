package report

import (
	"cmp"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// TestAsk is what a test asked for: a condition of one of its judgements, or a recommendation.
type TestAsk struct {
	Test   Named     `json:"test"`
	What   string    `json:"what"` // condition, recommendation
	Ask    Named     `json:"ask"`
	Number string    `json:"number,omitempty"`
	Owner  []Named   `json:"owner,omitempty"` // or what a condition applies to
	By     string    `json:"due,omitempty"`
	Stand  Stand     `json:"stand"`
	Late   bool      `json:"late"`
	Answer string    `json:"answer,omitempty"` // of the council, or what the record shows of a condition
	Acts   []string  `json:"actions,omitempty"`
	Due    fact.Date `json:"-"`
}

// Words says where it stands, and that it is late.
func (a *TestAsk) Words() string {
	if a.Late {
		return a.Stand.Words() + ", late"
	}
	return a.Stand.Words()
}

// Testing gives the tests on record on the day, the newest last.
func Testing(v *graph.View) []*graph.Record {
	all := slices.Clone(v.All("test"))
	slices.SortStableFunc(all, func(a, b *graph.Record) int { return cmp.Compare(testDay(a), testDay(b)) })
	return all
}

// testDay gives the day by which tests are in order: that of the report, or of the start. What is not reported yet is newer than all that is.
func testDay(t *graph.Record) fact.Day {
	on := t.Date("reported_on")
	if on.IsZero() || on.Form == fact.ToBeAgreed {
		return fact.MaxDay
	}
	return on.Last
}

// AsksOf gives what all tests on record asked for, what needs somebody most first.
func AsksOf(p *rule.Pack, v *graph.View) []TestAsk {
	var out []TestAsk
	for _, t := range Testing(v) {
		s := SummaryOf(p, t)
		for i := range s.Conditions {
			c := &s.Conditions[i]
			out = append(out, TestAsk{Test: s.Test, What: "condition", Ask: c.Condition, Owner: c.About, By: c.By, Due: c.Due, Stand: c.Stand, Late: c.Late, Answer: c.ByRecord()})
		}
		for i := range s.Recommendations {
			r := &s.Recommendations[i]
			one := TestAsk{Test: s.Test, What: "recommendation", Ask: Named{r.Text, r.Recommendation.Record}, Number: r.Number, Owner: r.Owner, By: r.By, Due: r.Due, Stand: r.Stand, Late: r.Late, Answer: r.Answer()}
			for _, a := range r.Actions {
				one.Acts = append(one.Acts, a.Words())
			}
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b TestAsk) int {
		return cmp.Or(cmp.Compare(urgency(&a), urgency(&b)), cmp.Compare(dueDay(a.Due), dueDay(b.Due)))
	})
	return out
}

// urgency puts first what is late or not met, and last what is over.
func urgency(a *TestAsk) int {
	switch {
	case a.Late || a.Stand == StandFails:
		return 0
	case a.Stand == StandDone || a.Stand == StandRejected:
		return 2
	}
	return 1
}

func dueDay(d fact.Date) fact.Day {
	if d.IsZero() || d.Form == fact.ToBeAgreed {
		return fact.MaxDay
	}
	return d.Last
}
