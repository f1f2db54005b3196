package graph

import (
	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// propose writes what a record would be under the proposal, from a date on. A proposal is read as if in force on the day looked at, so one document
// says all of it.
func (d *draft) propose(from fact.Date, set []kind.Value) (Edit, kind.Problems) {
	at := d.at(d.v.on)
	if at < 0 {
		return Edit{}, d.absent(d.v.on)
	}
	p := d.new(d.parts[at].with(set))
	if p.says() == d.parts[at].says() && d.v.of(d.r, d.v.proposal) != nil {
		return Edit{}, d.refuse("", "this is what the proposal says already", "Change something, or leave it as it is")
	}
	p.span = fact.Span{From: from, Until: d.parts[d.last()].span.Until}
	return d.alone(p, set)
}

// amend corrects what the proposal says of a record.
func (d *draft) amend(over fact.Span, set []kind.Value) (Edit, kind.Problems) {
	x, problems := d.proposed()
	switch {
	case problems != nil:
		return Edit{}, problems
	case over != fact.Span{}:
		return Edit{}, d.refuse("from", "what is proposed is corrected as a whole, not from one day to another", "Leave both days out")
	}
	was := d.v.part(d.r, stretch{x, x.span})
	p := d.new(was.with(set))
	if p.says() == was.says() {
		return Edit{}, d.refuse("", "this is what the proposal says already", "Change something, or leave it as it is")
	}
	return d.alone(p, set)
}

// proposed gives what the proposal itself says of the record on the day.
func (d *draft) proposed() (*version, kind.Problems) {
	for _, s := range d.v.stretches(d.r) {
		if s.proposal != "" && s.span.On(d.v.on) != fact.No {
			return s.version, nil
		}
	}
	return nil, d.refuse("", "the proposal says nothing of this "+d.label()+"; what is shown is in force", "Look at the record in force to correct it there, or record here what would change")
}

// alone writes the one document that says what the proposal says of a record.
func (d *draft) alone(p *part, set []kind.Value) (Edit, kind.Problems) {
	if p.span.Check() != nil {
		return Edit{}, d.refuse("until", "it would end ("+p.span.Until.Words()+") before it begins ("+p.span.From.Words()+")", "Check both dates")
	}
	if problems := d.complete(life{parts: []part{*p}}, set); problems != nil {
		return Edit{}, problems
	}
	docs := []kind.Doc{d.doc(p)}
	return Edit{docs, d.erased(life{parts: []part{*p}}, docs)}, nil
}
