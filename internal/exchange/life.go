package exchange

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// life is the days from the first to the last on which a record is there without a break, and what it is on them.
type life struct {
	pieces []graph.Piece
	span   fact.Span
}

// lives gives the lives of a record in their order; most have one.
func lives(v *graph.View, k fact.Key) (out []life) {
	for _, p := range v.Pieces(k) {
		n := len(out)
		if n > 0 {
			_, last, _ := out[n-1].span.Possible()
			if first, _, _ := p.Span.Possible(); last == fact.MaxDay || last+1 >= first {
				out[n-1].pieces = append(out[n-1].pieces, p)
				if _, until, _ := p.Span.Possible(); until >= last {
					out[n-1].span.Until = p.Span.Until
				}
				continue
			}
		}
		out = append(out, life{[]graph.Piece{p}, p.Span})
	}
	return out
}

// lifeOf gives the days of the life in which a record is what it is: that around the day of the view or else the last.
func lifeOf(v *graph.View, r *graph.Record) fact.Span {
	span := r.Span()
	for _, l := range lives(v, r.Key()) {
		if !slices.ContainsFunc(l.pieces, func(p graph.Piece) bool { return p.Record.Entry() == r.Entry() }) {
			continue
		}
		if span = l.span; l.on(v.On()) {
			break
		}
	}
	return span
}

// on reports whether the record is or may be there on a day.
func (l *life) on(d fact.Day) bool {
	return slices.ContainsFunc(l.pieces, func(p graph.Piece) bool { return p.Span.On(d) != fact.No })
}

// stand is where a row meets the record that it means.
type stand struct {
	was   *graph.Record // what it is on the day from which the row is so; nil where it is not there
	piece fact.Span     // the days on which it is that
	life  fact.Span
	first bool // nothing of the same life came before
	last  bool // nothing recorded comes after
	begun bool // the row gives a day on which something new is recorded to begin
	exact bool // the row speaks of these days alone, because there are others for other days
}

// meet finds what a row is compared with.
func (im *importer) meet(r *row, key fact.Key) (s stand) {
	if r.from != nil && r.from.Form == fact.ToBeAgreed {
		return im.agreed(key)
	}
	all := lives(im.v, key)
	if r.from != nil && r.until != nil {
		for _, l := range all {
			for _, p := range l.pieces {
				if p.Span == (fact.Span{From: *r.from, Until: *r.until}) && !im.differs(r, p.Record) {
					return stand{was: p.Record, piece: p.Span, life: p.Span, exact: true}
				}
			}
		}
	}
	at, day := im.choose(r, all)
	if at == nil {
		return stand{}
	}
	if s.was = im.at(day).Record(key); s.was == nil {
		return stand{}
	}
	s.life = at.span
	for i, p := range at.pieces {
		if p.Record.Entry() == s.was.Entry() && p.Span.On(day) != fact.No {
			s.piece, s.first = p.Span, i == 0
			s.last = i == len(at.pieces)-1 && at == &all[len(all)-1]
		}
		s.begun = s.begun || r.from != nil && p.Span.From == *r.from
	}
	s.exact = r.until != nil && len(im.byKey[key]) > 1
	return s
}

// choose finds the life of a record that a row speaks of, and the day on which the two are compared: the first on which the file certainly is so, unless the row gives a
// first day at which nothing begins yet, or the life lies before or after it.
func (im *importer) choose(r *row, all []life) (at *life, day fact.Day) {
	day = im.day
	past := r.until != nil && dated(*r.until) && r.until.Last < day
	if past {
		day = r.until.First
	}
	find := func(means func(l *life) bool) *life {
		if i := slices.IndexFunc(all, func(l life) bool { return means(&l) }); i >= 0 {
			return &all[i]
		}
		return nil
	}
	now := func(l *life) bool { return l.on(day) }
	later := func(l *life) bool {
		first, _, _ := l.span.Possible()
		return first > day && (r.from == nil || before(*r.from, l.span.From)) && (r.until == nil || !dated(*r.until) || r.until.First >= first)
	}
	at = find(now)
	switch {
	case r.from == nil || at != nil && before(*r.from, at.span.From):
	case find(func(l *life) bool { return l.span.From == *r.from }) != nil:
		at = find(func(l *life) bool { return l.span.From == *r.from })
	case dated(*r.from) && (at != nil || find(later) == nil):
		day = r.from.Last
		at = find(now)
	}
	if at == nil {
		at = find(later)
	}
	if at == nil && past && r.from == nil {
		for i := range all { // it ended earlier than the row says
			if _, last, _ := all[i].span.Possible(); last < day {
				at = &all[i]
			}
		}
	}
	if at != nil && !at.on(day) {
		if first, _, _ := at.span.Possible(); first > day {
			day = at.span.From.Last
		} else {
			day = at.span.Until.First
		}
	}
	return at, day
}

// agreed gives what is recorded to begin on a date to be agreed, which is on no day.
func (im *importer) agreed(key fact.Key) stand {
	for _, h := range slices.Backward(im.v.History(key)) {
		if h.Op == fact.Assert && h.Proposal == "" {
			if h.Span.From.Form == fact.ToBeAgreed {
				return stand{was: h.Record, piece: h.Span, life: h.Span, first: true, last: true, begun: true}
			}
			break
		}
	}
	return stand{}
}

// before reports whether one first day is earlier than another.
func before(a, b fact.Date) bool {
	return a.IsZero() && !b.IsZero() || dated(a) && dated(b) && a.First < b.First
}

// after reports whether one last day is later than another.
func after(a, b fact.Date) bool {
	return a.IsZero() && !b.IsZero() || dated(a) && dated(b) && a.Last > b.Last
}

func dated(d fact.Date) bool { return !d.IsZero() && d.Form != fact.ToBeAgreed }

// differs reports whether a row gives a field another value than a record has.
func (im *importer) differs(r *row, was *graph.Record) bool {
	return slices.ContainsFunc(r.given, func(g given) bool {
		j, state := was.JSON(g.field.Name)
		return state == graph.Known && j != g.json || state != graph.Known && g.json != ""
	})
}
