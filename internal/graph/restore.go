package graph

import (
	"fmt"
	"iter"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Restore makes a record what it was as known at an earlier position, on all its days: the undo of what was said since.
func (v *View) Restore(k fact.Key, known int64) (Edit, kind.Problems) {
	d, problems := v.open(k, "", "")
	if problems != nil {
		return Edit{}, problems
	}
	return d.restore(known)
}

func (d *draft) restore(known int64) (Edit, kind.Problems) {
	then := d.v.look(d.v.on, min(known, d.v.known))
	e, problems := d.restoreLife(then)
	if problems != nil {
		return e, problems
	}
	return d.reclassify(e, then)
}

func (d *draft) restoreLife(then *View) (Edit, kind.Problems) {
	want := then.life(d.r)
	if d.v.proposal != "" {
		want = d.restored(then)
	}
	if len(want.parts)+len(d.parts) > 2*mostPieces {
		return Edit{}, d.tooMany()
	}
	is := life{d.parts, d.agreed}
	for i := range want.parts {
		p := &want.parts[i]
		p.shown = d.v.proposal != "" && !p.proposed
		p.fresh = !slices.ContainsFunc(d.parts, func(q part) bool { return q.span == p.span && q.says() == p.says() })
	}
	if want.agreed != nil {
		want.agreed.fresh = is.agreed == nil || is.agreed.span != want.agreed.span || is.agreed.says() != want.agreed.says()
	}
	silent := d.v.proposal != "" && len(then.of(d.r, d.v.proposal)) == 0
	if is.equal(&want) && silent == (d.v.proposal != "" && !d.v.speaks(d.r)) {
		return Edit{}, nil
	}
	var plain []kind.Doc
	if silent || len(want.parts) == 0 && want.agreed == nil && d.v.proposal == "" {
		plain = append(plain, d.end(fact.Date{}))
	}
	docs, problems := d.express(want, plain...)
	if problems != nil {
		return Edit{}, problems
	}
	return Edit{docs, d.erased(want, docs)}, nil
}

// restored gives what a record would be if the proposal said of it what it said then. What is in force may have changed meanwhile, and shows through where it did.
func (d *draft) restored(then *View) (want life) {
	said := then.of(d.r, d.v.proposal)
	versions := append(slices.Clone(said), d.v.of(d.r, "")...)
	for _, s := range d.v.divide(versions) {
		want.parts = append(want.parts, d.v.part(d.r, s))
	}
	x := d.v.agreed(said)
	if x == nil {
		x = d.v.agreed(d.v.of(d.r, ""))
	}
	if x != nil {
		p := d.v.part(d.r, stretch{x, d.v.spanOf(x)})
		want.agreed = &p
	}
	return want
}

// Undo makes every record what it was before some entries, first to last, on the branch looked at. It is refused where a record
// was changed again since, or something recorded since refers to one that would be gone.
func (v *View) Undo(first, last int64) (Edit, kind.Problems) {
	var e Edit
	var problems kind.Problems
	refuse := func(k fact.Key, what, remedy string) {
		problems = append(problems, kind.Problem{Record: k.String(), What: what, Remedy: remedy})
	}
	touched := map[*record]bool{}
	for r := range v.all() {
		var since *version
		for x := r.head.Load(); x != nil && x.position >= first; x = x.prev {
			switch {
			case x.position > v.known || x.op != fact.Erase && x.proposal != v.proposal:
			case x.op == fact.Erase && x.position <= last:
				refuse(r.key(), "content of "+v.Called(r.key())+" was erased, which cannot be undone", "Undo what was recorded before it or after it on its own")
			case x.op == fact.Erase:
			case x.position > last:
				since = x
			default:
				touched[r] = true
			}
		}
		if touched[r] && since != nil {
			refuse(r.key(), v.Called(r.key())+" was changed again since", "Undo that first")
		}
	}
	if len(problems) > 0 {
		return Edit{}, problems
	}
	if len(touched) == 0 {
		return Edit{}, kind.Problems{{What: "these entries changed no record, so there is nothing to undo", Remedy: "Choose a change from the history of a record"}}
	}
	then := v.g.View(v.on, first-1)
	gone := map[*record]bool{}
	for r := range v.all() {
		if !touched[r] {
			continue
		}
		one, p := v.draft(r, "", "").restore(first - 1)
		problems = append(problems, p...)
		e.Docs, e.Notes = append(e.Docs, one.Docs...), append(e.Notes, one.Notes...)
		gone[r] = len(then.of(r, v.proposal)) == 0 && (v.proposal == "" || len(v.of(r, "")) == 0)
	}
	for r := range v.all() {
		if to := v.leansOn(r, gone, last); to != nil {
			refuse(to.key(), fmt.Sprintf("%s was recorded since, and refers to %s, which would be gone", v.Called(r.key()), v.Called(to.key())), "Undo that first")
		}
	}
	if len(problems) > 0 {
		return Edit{}, problems
	}
	return e, nil
}

// leansOn gives one of some records to which another refers by an entry after a position.
func (v *View) leansOn(r *record, some map[*record]bool, after int64) *record {
	if x := r.head.Load(); x == nil || x.position <= after || some[r] { // nil is what nobody here may see
		return nil
	}
	for _, s := range v.pasts(r) {
		if s.position <= after {
			continue
		}
		for _, f := range r.kind.Fields {
			j, state := s.field(byte(f.Index))
			if f.Type != kind.Reference || state != Known {
				continue
			}
			refs := []string{text(j)}
			if f.Many {
				refs = texts(j)
			}
			for _, ref := range refs {
				if to := target(v, f, ref); some[to] {
					return to
				}
			}
		}
	}
	return nil
}

// all gives every record that there was when the view was made.
func (v *View) all() iter.Seq[*record] {
	return func(yield func(*record) bool) {
		for _, list := range *v.lists {
			for _, r := range list {
				if !yield(r) {
					return
				}
			}
		}
	}
}
