package graph

import (
	"maps"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// supposed is what a View takes to be so though nobody recorded it. It never changes once a View has it.
type supposed struct {
	heads map[*record]*version // the newest version of each record of which something is supposed; what is recorded hangs behind it
	fresh map[fact.Key]*record // those that are not on record
	last  int64                // the position of the newest version
}

// Suppose gives the record as if some records were gone from the day looked at on, and as if some documents had been recorded. The graph
// is not touched, nothing is checked (see Stage), and what is not on record cannot be gone.
//
// What is gone is as if it had ended the day before, in the record in force and in the proposal looked at, however that is read. What begins on
// the day looked at is as if it had been there on that day before: it was there, and is not, and goes by the name that it has on the day looked at where it is not there (see Called). What is said is a document
// like any other, on the branch looked at; one without a first day, of a kind that has no date of its own, begins on the day looked at. What is said of a record that is gone brings it back.
//
// Whatever a View answers it answers so, search apart: it finds by what is recorded. The entries that are supposed have positions after Known.
// What is already supposed stays so. It costs no more than there are changes, and where something is new a list of its kind.
func (v *View) Suppose(gone []fact.Key, said []kind.Doc) *View {
	w := v.look(v.on, v.known)
	w.supposed = &supposed{map[*record]*version{}, map[fact.Key]*record{}, v.known}
	if was := v.supposed; was != nil {
		w.supposed = &supposed{maps.Clone(was.heads), maps.Clone(was.fresh), was.last}
	}
	for _, k := range gone {
		r := v.find(k)
		if r == nil {
			continue
		}
		eve := fact.ExactDate(w.on - 1)
		if is := v.at(r); is != nil && v.At(w.on-1).at(r) == nil {
			was := *is.ver
			was.span = fact.Span{From: eve, Until: eve}
			w.push(r, was)
		}
		end := version{op: fact.End, span: fact.Span{Until: eve}, gone: true}
		w.push(r, end)
		if w.proposal != "" && w.speaks(r) {
			end.proposal = w.proposal
			w.push(r, end)
		}
	}
	for i := range said {
		d := &said[i]
		x := version{op: d.Op, span: d.Span, proposal: d.Proposal, body: pack(d.Kind, body(d))}
		if x.proposal == "" {
			x.proposal = w.proposal
		}
		if x.op == fact.Assert && x.span.From.IsZero() {
			if x.span.From = w.begins(d.Kind, d.Values); x.span.From.IsZero() {
				x.span.From = fact.ExactDate(w.on)
			}
		}
		w.push(w.recordOf(d), x)
	}
	return w
}

// Supposes reports whether an entry is one that nobody recorded. See Suppose.
func (v *View) Supposes(entry int64) bool { return entry > v.known }

// push makes a version the newest of a record, as the View sees it.
func (v *View) push(r *record, x version) {
	v.supposed.last++
	x.position, x.recorded, x.prev = v.supposed.last, v.KnownAt().UnixMicro(), v.newest(r)
	v.supposed.heads[r] = &x
}

// recordOf gives the record of which a document speaks, new if need be.
func (v *View) recordOf(d *kind.Doc) *record {
	if r := v.find(d.Key()); r != nil && r.ord < len((*v.lists)[r.kind.Index]) {
		return r
	}
	lists := slices.Clone(*v.lists)
	list := &lists[d.Kind.Index]
	r := &record{kind: d.Kind, ord: len(*list), inLog: d.ID}
	r.id.Store(&d.ID)
	*list = append(slices.Clip(*list), r)
	v.lists, v.supposed.fresh[d.Key()] = &lists, r
	return r
}

// look is a view with all that this one takes to be so, of another day or position.
func (v *View) look(on fact.Day, known int64) *View {
	w := &View{g: v.g, on: on, known: known, lists: v.lists, laid: v.laid, fixed: v.fixed, ago: v.ago, notes: v.notes}
	if known == v.known {
		w.supposed = v.supposed // before that nobody had supposed anything
	}
	return w
}

// newest gives the newest version of a record that is known, of whatever branch.
func (v *View) newest(r *record) *version {
	if v.supposed != nil {
		if x := v.supposed.heads[r]; x != nil {
			return x
		}
	}
	x := r.head.Load()
	for x != nil && x.position > v.known {
		x = x.prev
	}
	return x
}

// find gives the record of a key, whether or not it is there on the day.
func (v *View) find(k fact.Key) *record {
	if v.supposed != nil {
		if r := v.supposed.fresh[k]; r != nil {
			return r
		}
	}
	r := v.g.find(k)
	if r == nil && v.noting() {
		v.Read(k.Kind)
	}
	return r
}

// edges gives those that lead to a record by a field, in whatever version, in the order in which the records that they come from first appeared.
func (v *View) edges(k *kind.Kind, f *kind.Field, to *record) []edge {
	v.reads(edgeDatum(k, f, to))
	out := v.g.edges(k, f).of(to)
	if v.supposed == nil {
		return out
	}
	out = slices.Clone(out)
	for r, x := range v.supposed.heads {
		for ; r.kind == k && x != nil && x.position > v.known; x = x.prev {
			if raw, s := x.field(byte(f.Index)); s == Known && refersTo(v, f, raw, to) {
				out = append(out, edge{to, r})
			}
		}
	}
	slices.SortFunc(out, func(a, b edge) int { return a.from.compare(b.from) })
	return slices.CompactFunc(out, func(a, b edge) bool { return a.from == b.from })
}

// In is the same record as another View of the graph sees it, or nil where it is not there.
func (r *Record) In(w *View) *Record { return w.at(r.r) }
