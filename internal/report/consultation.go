package report

import (
	"cmp"
	"slices"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Asking says how a consultation stands on a day. It is derived from its dates and never stored.
type Asking uint8

// How consultations stand.
const (
	AskingSomeDay Asking = iota // no exact day is recorded on which it opens
	AskingLater
	AskingNow
	AskingOver
)

// AskingOn says how a consultation stands on a day: open from the day on which it has certainly opened to the last one on which it may close. One that has no close is open.
func AskingOn(r *graph.Record, on fact.Day) Asking {
	opens, closes := r.Date("opens"), r.Date("closes")
	switch {
	case !closes.IsZero() && closes.Form != fact.ToBeAgreed && on > closes.Last:
		return AskingOver
	case opens.IsZero() || opens.Form == fact.ToBeAgreed:
		return AskingSomeDay
	case on < opens.Last:
		return AskingLater
	}
	return AskingNow
}

// Heard is what a record says of who replied to a consultation and what they said. Small numbers are not in it.
type Heard struct {
	Replies Tally   // all of them
	Groups  []Tally // those that are in the record, by who gave them; none where all are of one group
	Themes  []HeardTheme
	Quotes  int // replies that may be quoted
}

// HeardTheme is something that several people said, with what was done about it.
type HeardTheme struct {
	Record     *graph.Record
	People     Tally
	AnsweredOn fact.Date // zero where it is not answered
}

// Answered reports whether a theme is answered on a day.
func (t HeardTheme) Answered(on fact.Day) bool {
	return !t.AnsweredOn.IsZero() && t.AnsweredOn.Form != fact.ToBeAgreed && t.AnsweredOn.Last <= on
}

// HeardIn gives what was heard in a consultation.
func HeardIn(p *rule.Pack, c *graph.Record) (h Heard) {
	replies := c.Referring(access.Response, "of")
	elsewhere, _ := c.Number("replies")
	by, about := map[string]int{}, map[fact.Key]int{}
	for _, r := range replies {
		by[r.Text("given_by")]++
		for _, theme := range r.RefKeys("themes") {
			about[theme]++
		}
		if q := r.Text("quote"); q == "without-name" || q == "with-name" {
			h.Quotes++
		}
	}
	var groups []Tally
	field := c.View().Kinds().Kind(access.Response).Field("given_by")
	for _, code := range append(slices.Clone(field.Choices), "") {
		if n := by[code]; n > 0 {
			label := "Not said"
			if code != "" {
				label = Capital(Say(p, field, code))
			}
			groups = append(groups, Tally{Label: label, N: n})
		}
	}
	if n := int(elsewhere); n > 0 {
		groups = append(groups, Tally{Label: "Counted elsewhere", N: n})
	}
	h.Replies, h.Groups = Suppress("All replies", groups)
	for _, t := range c.Referring(access.Theme, "of") {
		n := about[t.Key()]
		if also, ok := t.Number("people"); ok {
			n += int(also)
		}
		people := Tally{Label: Title(p, t), N: n, Hidden: tellsFew(n, h.Replies.N), Unknown: n == 0}
		h.Themes = append(h.Themes, HeardTheme{t, people, t.Date("answered_on")})
	}
	slices.SortStableFunc(h.Themes, func(a, b HeardTheme) int {
		if a.People.Hidden != b.People.Hidden { // the order would tell a number that is not shown
			return map[bool]int{true: 1, false: -1}[a.People.Hidden]
		}
		if a.People.Hidden {
			return cmp.Compare(a.People.Label, b.People.Label)
		}
		return cmp.Or(cmp.Compare(b.People.N, a.People.N), cmp.Compare(a.People.Label, b.People.Label))
	})
	return h
}
