package web

import (
	"slices"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// actions are what can be done with a record or, without an id, with the list of its kind, as buttons at its heading. Nothing can be
// changed in the past.
func (s *Site) actions(l *look, k *kind.Kind, id fact.ID) []action {
	key := fact.Key{Kind: k.Name, ID: id}
	switch {
	case !l.writable(k) || s.Desk == nil || !l.mayChange(k, key):
		return nil
	case id == "" && k.Only != "" && len(l.View.History(fact.Key{Kind: k.Name, ID: k.Only})) > 0:
		return nil // there is one
	case l.proposal != "" && id == "":
		return []action{{link{"Propose " + k.One(), l.to(k.Path() + "/new")}, true}}
	case l.proposal != "":
		return []action{{link{"Propose a change", l.change(key)}, true}}
	case id == "" && k.Name == testKind:
		return []action{{link{"Commission " + k.One(), l.to(k.Path() + "/new")}, true}}
	case id == "":
		out := []action{{link{"Record " + k.One(), l.to(k.Path() + "/new")}, true}}
		if slices.Contains(exchange.FirstHour, k.Name) {
			out = append(out, s.importAction(l)...)
		}
		return out
	}
	out := []action{{link{"Record a change or correction", l.change(key)}, true}}
	if k.Name == graph.Post {
		out = append([]action{{link{"Record an appointment", l.to(s.addresses.of(key) + "/appoint")}, true}}, out...)
		out[1].Main = false
	}
	return out
}

// mayChange reports whether somebody may change a record, or, without an id, record one of the kind.
func (l *look) mayChange(k *kind.Kind, key fact.Key) bool {
	if l.madeFor(k) {
		return false
	}
	if l.proposal != "" {
		return l.me.Over(l.View, access.Propose, l.proposalKey())
	}
	if key.ID == "" {
		return l.me.May(access.ActOf(k))
	}
	return l.me.Over(l.View, access.ActOf(k), key)
}

// madeFor reports whether the program alone makes records of a kind for whoever looks.
func (l *look) madeFor(k *kind.Kind) bool { return access.Made(k) && l.me.Who != book.Owner }

// writable reports whether records of a kind can be changed as they are looked at: as they are today, or under a proposal that is still open.
func (l *look) writable(k *kind.Kind) bool {
	return l.present() || l.proposal != "" && l.known == "" && access.Proposed(k) && l.openProposal()
}

// openProposal reports whether nothing was decided yet of the proposal looked at, as it stands today.
func (l *look) openProposal() bool {
	p := l.seen.View(l.today, -1).Record(l.proposalKey())
	return p != nil && graph.Undecided(p)
}

// importAction leads to where a spreadsheet is imported.
func (s *Site) importAction(l *look) []action {
	if !l.present() || s.Desk == nil || !l.me.May(access.Structure) {
		return nil
	}
	return []action{{link: link{"Import a spreadsheet", l.to(importPath)}}}
}

// past says, where the record is looked at otherwise than as it is today, that nothing can be changed there, and leads to where it can.
func (l *look) past() []link {
	if l.present() || l.public() {
		return nil
	}
	why := "You cannot change things while looking at the past."
	switch {
	case l.proposal != "" && l.known == "" && l.openProposal() && l.me.Over(l.View, access.Propose, l.proposalKey()):
		return []link{{Text: "What you record here is proposed. It changes nothing that is in force."}, {"Leave the proposal to record what is in force", l.here(func(c *look) { c.on, c.known, c.proposal = "", "", "" })}}
	case l.proposal != "":
		why = "You cannot change what is in force while looking at a proposal."
	case l.View.On() > l.today:
		why = "You cannot change things while looking at a day that has not come yet."
	}
	return []link{{Text: why}, {"Go to today to record a change or a correction", l.here(func(c *look) { c.on, c.known, c.proposal = "", "", "" })}}
}
