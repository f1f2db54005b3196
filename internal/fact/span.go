package fact

import "fmt"

// Cover says whether something holds on a day.
type Cover uint8

// The three answers. Maybe is given inside the window within which an imprecise boundary falls.
const (
	No Cover = iota
	Maybe
	Yes
)

// Span is the days over which an entry speaks, both ends included. A missing From is every day up to
// Until; a missing Until is until further notice.
type Span struct {
	From, Until Date
}

// Check refuses a span that ends before it can begin.
func (s Span) Check() error {
	if s.From.IsZero() || s.Until.IsZero() || s.From.Form == ToBeAgreed || s.Until.Form == ToBeAgreed {
		return nil
	}
	if s.Until.Last < s.From.First {
		return fmt.Errorf("it ends (%s) before it begins (%s): %w", s.Until.Words(), s.From.Words(), ErrInvalid)
	}
	return nil
}

// On says whether the span contains the day.
func (s Span) On(d Day) Cover {
	c := Yes
	switch f := s.From; {
	case f.Form == Unstated || d >= f.Last && f.Form != ToBeAgreed:
	case f.Form == ToBeAgreed || d < f.First:
		return No
	default:
		c = Maybe
	}
	return min(c, s.through(d))
}

// through says whether the day is not later than Until.
func (s Span) through(d Day) Cover {
	switch u := s.Until; {
	case u.Form == Unstated || u.Form == ToBeAgreed || d <= u.First:
		return Yes
	case d > u.Last:
		return No
	}
	return Maybe
}

// AfterUntil says whether the day is later than Until: the days that an entry which ends a record speaks of.
func (s Span) AfterUntil(d Day) Cover { return Yes - s.through(d) }

// Certain gives the first and last day on which the span certainly holds; ok is false where there is none, as of one that ends by
// some day and has no beginning.
func (s Span) Certain() (first, last Day, ok bool) {
	first, last = MinDay, MaxDay
	if s.From.Form == ToBeAgreed {
		return 0, 0, false
	}
	if !s.From.IsZero() {
		first = s.From.Last
	}
	if !s.Until.IsZero() && s.Until.Form != ToBeAgreed {
		last = s.Until.First
	}
	return first, last, first <= last && last > MinDay
}

// Possible gives the first and last day on which the span may hold. A span that is agreed but not dated
// (tba) has none.
func (s Span) Possible() (first, last Day, ok bool) {
	first, last = MinDay, MaxDay
	if s.From.Form == ToBeAgreed {
		return 0, 0, false
	}
	if !s.From.IsZero() {
		first = s.From.First
	}
	if !s.Until.IsZero() && s.Until.Form != ToBeAgreed {
		last = s.Until.Last
	}
	return first, last, first <= last
}

// And is the span of the days that both contain: on each day it says the lesser of what the two say. A boundary that is one of
// theirs is kept as it was given.
func (s Span) And(t Span) Span {
	return Span{
		From:  meet(s.From, t.From, func(a, b Day) Day { return max(a, b) }),
		Until: meet(t.Until, s.Until, func(a, b Day) Day { return min(a, b) }),
	}
}

// meet gives the boundary of which both ends of the window are picked from a and b. The date to be agreed is on no day: as a beginning it
// never comes, and as an end it never has.
func meet(a, b Date, pick func(a, b Day) Day) Date {
	if a.IsZero() || b.IsZero() {
		if a.IsZero() {
			return b
		}
		return a
	}
	w := Within(pick(a.First, b.First), pick(a.Last, b.Last))
	for _, d := range []Date{a, b} {
		if d.First == w.First && d.Last == w.Last {
			return d
		}
	}
	return w
}

// Words writes the span as people read it: "from 1 October 2003 until further notice".
func (s Span) Words() string {
	from := "from the beginning"
	if s.From.Form == ToBeAgreed {
		from = "from a date to be agreed"
	} else if s.From.Form == ByThen || s.From.Form == Between {
		from = "from some day " + s.From.Words()
	} else if !s.From.IsZero() {
		from = "from " + s.From.Words()
	}
	if s.Until.IsZero() || s.Until.Form == ToBeAgreed {
		return from + " until further notice"
	} else if s.Until.Form == ByThen || s.Until.Form == Between {
		return from + " until some day " + s.Until.Words()
	}
	return from + " until " + s.Until.Words()
}
