package access

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// The kinds of what people are asked about a proposal, and of what they said.
const (
	Consultation fact.KindName = "consultation"
	Response     fact.KindName = "response"
	Theme        fact.KindName = "theme"
	Contact      fact.KindName = "contact"
)

// ofField leads from these to the proposal, or to the consultation that leads to it.
const ofField = "of"

// hung says how much of a record somebody sees by what it leads to, as a consultation leads to its proposal and a theme to its consultation: where that is restricted it is veiled, too.
func (s *sight) hung(r *graph.Record, depth int) graph.Sight {
	for _, up := range r.RefKeys(ofField) {
		if s.classOf(up) == kind.Restricted && !s.p.Over(s.today, Restricted, up) {
			return graph.Veiled
		}
		if to := s.newest(up); to != nil && up.Kind != graph.Proposal && depth < deepest && s.hung(to, depth+1) != graph.Whole {
			return graph.Veiled
		}
	}
	return graph.Whole
}

// asked reports whether everybody sees what an entry says, whatever else the council shows them: that of a consultation that is open to everybody and has begun, and what was answered
// to a theme of one.
func (s *sight) asked(k *kind.Kind, h graph.Version) bool {
	if h.Op != fact.Assert || h.Proposal != "" {
		return false
	}
	switch k.Name {
	case Consultation:
		public, _ := h.Record.Yes("public")
		return public && s.shown(h, h.Record.Date("opens")) && s.openToAll(h.Record.Key())
	case Theme:
		of, ok := h.Record.RefKey(ofField)
		return ok && s.shown(h, h.Record.Date("answered_on")) && s.classOf(h.Record.Key()) != kind.Restricted && s.openToAll(of)
	}
	return false
}

// shown reports whether an entry was ever shown, by the day from which it is: by now, and not put right before. What was drafted and written anew before that day nobody was asked.
func (s *sight) shown(h graph.Version, from fact.Date) bool {
	return begun(from, s.today.On()) && !slices.ContainsFunc(s.today.History(h.Record.Key()), func(later graph.Version) bool {
		anew := later.Span == h.Span || later.Span.From.IsZero() && later.Span.Until.IsZero()
		return later.Position > h.Position && later.Op == fact.Assert && later.Proposal == "" && anew && fact.DayIn(later.Recorded) < from.Last
	})
}

// openToAll reports whether a consultation says today that everybody may read it and reply, has begun, and leads to nothing that is in draft or restricted.
func (s *sight) openToAll(k fact.Key) bool {
	is, ok := s.open[k]
	if !ok {
		is = s.isOpenToAll(k)
		s.open[k] = is
	}
	return is
}

func (s *sight) isOpenToAll(k fact.Key) bool {
	r := s.today.Record(k)
	if r == nil || r.Exists() != fact.Yes || s.classOf(k) == kind.Restricted {
		return false
	}
	if public, _ := r.Yes("public"); !public || !begun(r.Date("opens"), s.today.On()) {
		return false
	}
	if r.State(ofField) == graph.Missing && len(r.RefKeys(ofField)) == 0 {
		return true // it is about no proposal
	}
	up, ok := r.RefKey(ofField)
	return ok && s.published(up) && s.classOf(up) != kind.Restricted
}

// begun reports whether a day has certainly come.
func begun(d fact.Date, on fact.Day) bool {
	return !d.IsZero() && d.Form != fact.ToBeAgreed && d.Last <= on
}

// structural are the kinds of which a consultation may show to everybody what a proposal changes.
var structural = []fact.KindName{graph.Unit, graph.Post, graph.Function, "board", graph.Designation}

// Shown gives the graph of what a proposal changes as everybody may see it where its consultation says so: the structure, as it is and as that proposal has it; nobody who is in it, no field that is for
// few, and nothing of which it is recorded that not everybody sees it.
func Shown(g *graph.Graph, today fact.Day, proposal fact.ID) *graph.Graph {
	s := Person{}.sight(g.View(today, g.Size()))
	return g.Publish(func(k *kind.Kind, id fact.ID, h graph.Version) graph.Sight {
		if !slices.Contains(structural, k.Name) || h.Proposal != "" && h.Proposal != proposal || s.closedBy(fact.Key{Kind: k.Name, ID: id}, proposal) {
			return graph.Unseen
		}
		return graph.Whole
	}, s.withheld)
}

// closedBy reports whether it is recorded of a record, in force or by a proposal, that not everybody sees it: in force a proposal opens nothing and restricts alone, and here it closes, too.
func (s *sight) closedBy(k fact.Key, proposal fact.ID) bool {
	closed := func(v kind.Visibility) bool { return v == kind.Restricted || v == kind.Internal }
	if closed(s.today.Class(k).Visibility) {
		return true
	}
	for _, h := range slices.Backward(s.today.History(k)) {
		if h.Proposal == proposal && h.Record != nil {
			if v := h.Record.Class().Visibility; v != "" {
				return closed(v)
			}
		}
	}
	return false
}
