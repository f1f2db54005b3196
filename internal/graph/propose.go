package graph

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// amend corrects what the proposal says of a record, on the day looked at or the nearest of which it speaks. What is in force beneath it stays.
func (d *draft) amend(over fact.Span, set []kind.Value) (Edit, kind.Problems) {
	at, problems := d.proposed()
	switch {
	case problems != nil:
		return Edit{}, problems
	case over != fact.Span{}:
		return Edit{}, d.refuse("from", "what is proposed is corrected as a whole, not from one day to another", "Leave both days out")
	case at < 0:
		p := d.new(d.agreed.with(set))
		return d.write(life{d.parts, p}, set)
	}
	changes := make([][]kind.Value, len(d.parts))
	for _, s := range set {
		first, last := d.reach(at, s.Field)
		for i := first; i <= last; i++ {
			if d.parts[i].proposed && d.parts[i].value(s.Field) != s.JSON {
				changes[i] = append(changes[i], s)
			}
		}
	}
	return d.write(d.apply(fact.Span{}, changes), set)
}

// repropose gives what the proposal says of a record other dates. Where it then says nothing, what is in force shows through.
func (d *draft) repropose(is fact.Span, set []kind.Value) (Edit, kind.Problems) {
	at, problems := d.proposed()
	if problems != nil {
		return Edit{}, problems
	}
	was := d.agreed
	if at >= 0 {
		was = &d.parts[at]
	}
	if was.span == is && len(set) == 0 {
		return Edit{}, d.refuse("", "this is what the proposal says already", "Change something, or leave it as it is")
	}
	p := d.new(was.with(set))
	p.span = is
	docs := []kind.Doc{d.end(fact.Date{})}
	for i := range d.parts {
		q := d.parts[i]
		if !q.proposed || i == at {
			continue
		}
		if first, _, ok := p.span.And(q.span).Possible(); ok && is.From.Form != fact.ToBeAgreed {
			return Edit{}, d.refuse("from", "the proposal says something else of this "+d.label()+" from "+fact.ExactDate(first).Words()+" on", "Choose other days, or take the other change out of the proposal first")
		}
		docs = append(docs, d.doc(&q))
	}
	if d.agreed != nil && d.agreed.proposed && at >= 0 {
		docs = append(docs, d.doc(d.agreed))
	}
	without, ok := d.after(order(append(docs, d.doc(p))))
	if !ok {
		return Edit{}, d.vague()
	}
	want := life{d.still(without.parts, p), without.agreed}
	if problems := d.complete(want, set); problems != nil {
		return Edit{}, problems
	}
	docs = order(d.proposing(want, cells(want.parts)))
	if got, ok := d.after(docs); !ok || !got.equal(&want) {
		return Edit{}, d.vague()
	}
	return Edit{docs, d.erased(want, docs)}, nil
}

// still takes from parts the days on which the proposal has the record ended, but for those of one part.
func (d *draft) still(parts []part, but *part) (out []part) {
	gone := days{}
	for _, c := range cells(d.parts) {
		if len(c.may) == 0 {
			gone = gone.plus(c.first, c.last)
		}
	}
	if first, last, ok := but.span.Possible(); ok {
		gone = gone.minus(first, last)
	}
	for _, p := range parts {
		first, last, _ := p.span.Possible()
		for _, run := range gone.without(first, last) {
			q := p
			q.span = p.span.And(run.within(first, last))
			out = append(out, q)
		}
	}
	return out
}

func (d *draft) vague() kind.Problems {
	return d.refuse("from", "these days cannot be recorded together", "Give days instead of months, seasons or years")
}

// proposed gives the part that the proposal says of the record on the day looked at, or the nearest; -1 where it says nothing dated of it and something
// undated.
func (d *draft) proposed() (int, kind.Problems) {
	at, far := -1, fact.MaxDay
	for i := range d.parts {
		p := &d.parts[i]
		if !p.proposed {
			continue
		}
		days := p.possible()
		away := max(days.first-d.v.on, d.v.on-days.last, 0)
		if at < 0 || away < far {
			at, far = i, away
		}
	}
	if at < 0 && (d.agreed == nil || !d.agreed.proposed) {
		if slices.ContainsFunc(d.v.of(d.r, d.v.proposal), func(x *version) bool { return x.op == fact.End }) {
			return 0, d.refuse("", "the proposal says nothing of this "+d.label()+" but that it ends", "Take that out of the proposal first")
		}
		return 0, d.refuse("", "the proposal says nothing of this "+d.label()+"; what is shown is in force", "Look at the record in force to correct it there, or record here what would change")
	}
	return at, nil
}
