package web

import (
	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// nothing says that no record of a kind is there on the day, and leads to days on which one is.
func (s *Site) nothing(l *look, name fact.KindName) []link {
	k := l.View.Kinds().Kind(name)
	out := []link{{Text: "No " + kind.Lower(k.Plural) + " are recorded on " + l.View.On().Words() + "."}}
	before, after := fact.MinDay, fact.MaxDay
	for p := range l.View.Pasts(name) {
		first, last, ok := p.Span.Possible()
		switch {
		case !ok:
		case last < l.View.On() && last > before:
			before = last
		case first > l.View.On() && first < after:
			after = first
		}
	}
	at := func(what string, d fact.Day) {
		if d != fact.MinDay && d != fact.MaxDay {
			out = append(out, link{what + d.Words(), l.here(func(c *look) { c.on = d.String() })})
		}
	}
	at("The last before that are of ", before)
	at("The next after that are of ", after)
	if len(keysOf(l.View, name)) == 0 {
		out[0].Text = "No " + kind.Lower(k.Plural) + " are recorded yet."
	}
	a := s.actions(l, k, "")
	for _, x := range a {
		out = append(out, x.link)
	}
	if len(a) == 0 && len(out) == 1 {
		out = append(out, link{Text: "Whoever keeps this part of the record can add some."})
	}
	return out
}
