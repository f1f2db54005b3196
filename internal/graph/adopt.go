package graph

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Adopt makes the record in force, on every day, what the proposal looked at would make it on its own days: see Planned. What it leaves undated takes effect on the launch of the view; without one it is
// agreed in force too, and on no day. source says who decided; what the proposal's own entries give as theirs is kept behind it.
func (v *View) Adopt(source string) (Edit, kind.Problems) {
	var e Edit
	var problems kind.Problems
	if v.proposal == "" || !v.planned {
		return e, kind.Problems{{What: "no proposal is looked at on its own days", Remedy: "Choose a proposal"}}
	}
	for r := range v.touched() {
		one, p := v.adopt(r, source)
		problems = append(problems, p...)
		e.Docs, e.Notes = append(e.Docs, one.Docs...), append(e.Notes, one.Notes...)
	}
	if len(problems) > 0 {
		return Edit{}, problems
	}
	return e, nil
}

func (v *View) adopt(r *record, source string) (Edit, kind.Problems) {
	d := v.With("").draft(r, source, "")
	is, want := life{d.parts, d.agreed}, v.life(r)
	if len(d.parts)+len(want.parts) > 2*mostPieces {
		return Edit{}, d.tooMany()
	}
	for i := range want.parts {
		if p := &want.parts[i]; p.proposed && !slices.ContainsFunc(d.parts, func(q part) bool { return q.span == p.span && q.says() == p.says() }) {
			p.fresh, p.source = true, from(source, p.source)
		}
	}
	if p := want.agreed; p != nil && p.proposed {
		p.fresh, p.source = true, from(source, p.source)
	}
	var plain []kind.Doc
	if v.endsUndated(r) {
		for i := range want.parts {
			if want.parts[i].fresh {
				plain = append(plain, d.doc(&want.parts[i]))
			}
		}
		plain = append(plain, d.end(fact.Undated))
	} else if is.equal(&want) {
		return Edit{}, nil
	}
	docs, problems := d.express(want, plain...)
	if problems != nil {
		return Edit{}, problems
	}
	return Edit{docs, d.erased(want, docs)}, nil
}

// endsUndated reports whether the proposal ends a record on a date to be agreed.
func (v *View) endsUndated(r *record) bool {
	for _, x := range v.of(r, v.proposal) {
		if x.op == fact.End {
			return v.spanOf(x).Until.Form == fact.ToBeAgreed
		}
	}
	return false
}

// from puts who decided before the source of what was proposed.
func from(decided, source string) string {
	if decided == "" || source == "" {
		return decided + source
	}
	return decided + "; proposed by " + source
}
