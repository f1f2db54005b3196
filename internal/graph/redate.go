package graph

import (
	"fmt"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Redate corrects the days of the piece that the day looked at is in. A neighbour that met it, or whose days it takes, is stretched or
// shortened to meet it; where there is none, the days given up are days on which the record is not there. set are fields of the piece that
// were wrong as well.
func (v *View) Redate(k fact.Key, is fact.Span, set []kind.Value, source, note string) (Edit, kind.Problems) {
	d, problems := v.open(k, source, note)
	if problems == nil {
		problems = d.dated(is)
	}
	switch {
	case problems != nil:
		return Edit{}, problems
	case len(set) > 0 && v.proposal == "" && len(d.parts) == 0:
		return Edit{}, d.refuse("", "the days of what is agreed, and what it says, cannot be corrected in one step", "Correct one after the other")
	case v.proposal != "":
		return d.repropose(is, set)
	case len(d.parts) == 0 && d.agreed != nil:
		return d.begin(is)
	}
	at := d.at(v.on)
	if at < 0 {
		return Edit{}, d.absent(v.on)
	}
	want := life{append([]part(nil), d.parts...), d.agreed}
	p := d.new(want.parts[at].with(set))
	was := p.possible()
	p.span = is
	around := is.Until != d.parts[at].span.Until && slices.ContainsFunc(want.parts[:at], func(q part) bool { return q.possible().last > was.last })
	if around && !is.Until.IsZero() && is.Until.Form != fact.ToBeAgreed {
		return Edit{}, d.refuse("until", "something else that is recorded of this "+d.label()+" may hold before these days and after them", "Correct what the record says on the days in question instead")
	}
	if around || is.From != d.parts[at].span.From {
		if problems := d.before(want.parts[:at], was, is.From); problems != nil {
			return Edit{}, problems
		}
	}
	if is.Until != d.parts[at].span.Until {
		meets, problems := d.behind(want.parts[at+1:], was, is)
		if problems != nil {
			return Edit{}, problems
		}
		if meets {
			p.span.Until = fact.ExactDate(is.Until.Last)
		}
	}
	want.parts[at] = *p
	return d.write(want, set)
}

// RedateLife corrects when the record began and ended, whatever it was in between.
func (v *View) RedateLife(k fact.Key, is fact.Span, source, note string) (Edit, kind.Problems) {
	d, problems := v.open(k, source, note)
	if problems == nil {
		problems = d.dated(is)
	}
	switch {
	case problems != nil:
		return Edit{}, problems
	case v.proposal != "":
		return d.repropose(is, nil)
	case len(d.parts) == 0 && d.agreed != nil:
		return d.begin(is)
	case len(d.parts) == 0:
		return Edit{}, d.absent(v.on)
	}
	first, last := d.parts[0].span.From, d.parts[d.last()].span.Until
	want := life{agreed: d.agreed}
	for _, p := range d.parts {
		whole := p.span
		if is.From != first {
			p.span = p.span.And(fact.Span{From: is.From})
		}
		if is.Until != last {
			p.span = p.span.And(fact.Span{Until: is.Until})
		}
		if p.possible().empty() {
			continue
		}
		p.fresh = p.span != whole
		want.parts = append(want.parts, p)
	}
	if len(want.parts) == 0 {
		return Edit{}, d.refuse("from", "nothing is recorded of this "+d.label()+" on any of these days", "Give days of which something is recorded, or record it for these")
	}
	if p := &want.parts[0]; p.span.From != is.From && is.From != first {
		p.span.From, p.fresh = is.From, true
	}
	if p := &want.parts[(&draft{parts: want.parts}).last()]; p.span.Until != is.Until && is.Until != last {
		p.span.Until, p.fresh = is.Until, true
	}
	for i := range want.parts {
		if want.parts[i].fresh {
			want.parts[i] = *d.new(want.parts[i])
		}
	}
	return d.write(want, nil)
}

// dated refuses dates that a record cannot have.
func (d *draft) dated(is fact.Span) kind.Problems {
	switch {
	case is.Check() != nil:
		return d.refuse("until", fmt.Sprintf("it ends (%s) before it begins (%s)", is.Until.Words(), is.From.Words()), "Check both dates")
	case is.From.Form == fact.ToBeAgreed && d.v.proposal == "" && len(d.parts) > 0:
		return d.refuse("from", "this "+d.label()+" began already", "Give the day on which it began, or take it back if it never was")
	}
	return nil
}

// begin gives what was agreed its dates.
func (d *draft) begin(is fact.Span) (Edit, kind.Problems) {
	p := d.new(*d.agreed)
	p.span = is
	if is.From.Form == fact.ToBeAgreed {
		return d.write(life{agreed: p}, nil)
	}
	return d.write(life{[]part{*p}, d.agreed}, nil)
}

// before makes the parts before one end where it now begins. was are its days until now.
func (d *draft) before(parts []part, was run, from fact.Date) kind.Problems {
	if len(parts) == 0 {
		return nil
	}
	nearest := (&draft{parts: parts}).last()
	for i := range parts {
		p := &parts[i]
		days := p.possible()
		until := p.span
		switch {
		case from.IsZero():
			return d.swallowed("from", p)
		case i == nearest && days.last >= was.first-1:
			until.Until = fact.ExactDate(from.Last - 1)
		case days.last >= from.First:
			until = until.And(fact.Span{Until: fact.ExactDate(from.Last - 1)})
		}
		if problems := d.move(p, until, "from"); problems != nil {
			return problems
		}
	}
	return nil
}

// behind makes the parts after one begin where it now ends, and reports whether the next meets it.
func (d *draft) behind(parts []part, was run, is fact.Span) (meets bool, problems kind.Problems) {
	first, _, _ := is.Possible()
	begins := run{max(is.Until.First, first), is.Until.Last}
	next := fact.Within(begins.first, begins.last+1)
	if begins.first > fact.MinDay {
		next = fact.Within(begins.first+1, begins.last+1)
	}
	for i := range parts {
		p := &parts[i]
		days := p.possible()
		from := p.span
		switch {
		case is.Until.IsZero() || is.Until.Form == fact.ToBeAgreed:
			return false, d.swallowed("until", p)
		case i == 0 && (days.first <= was.last+1 || days.first <= begins.last):
			from.From = next
			meets = true
		case days.first <= begins.last:
			from = from.And(fact.Span{From: fact.ExactDate(begins.last + 1)})
		}
		if problems := d.move(p, from, "until"); problems != nil {
			return false, problems
		}
	}
	return meets, nil
}

// move gives a part other days. What it says, and from where, stays.
func (d *draft) move(p *part, to fact.Span, field string) kind.Problems {
	if to == p.span {
		return nil
	}
	q := *p
	q.span, q.fresh = to, true
	if to.Check() != nil || q.possible().empty() {
		return d.swallowed(field, p)
	}
	*p = q
	return nil
}

func (d *draft) swallowed(field string, p *part) kind.Problems {
	return d.refuse(field, "then no day would be left of what is recorded "+p.span.Words(), "Choose other days; or correct what the record says on those days instead")
}
