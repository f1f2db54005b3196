package graph

import (
	"cmp"
	"iter"
	"slices"
	"sort"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// edges are the references that records of a kind make by one field, in whatever version: which of them hold on a day a View decides. So
// they are one list for all views, and a View that asks what refers to a record looks at those that ever did, and at no others.
type edges struct {
	size int64 // of the graph when they were gathered
	all  []edge
}

type edge struct{ to, from *record }

// edges gives those of a field, gathered anew if anything was recorded since.
func (g *Graph) edges(k *kind.Kind, f *kind.Field) *edges {
	size := g.size.Load() // before the records, so that everything up to it is among them
	if e, ok := g.refers.Load(f); ok && e.(*edges).size >= size {
		return e.(*edges)
	}
	e := &edges{size: size}
	for _, from := range (*g.snapshot())[k.Index] {
		before := ""
		for x := from.head.Load(); x != nil; x = x.prev {
			raw, s := x.field(byte(f.Index))
			if s != Known || raw == before {
				continue
			}
			before = raw
			for to := range targets(g, f, raw) {
				e.all = append(e.all, edge{to, from})
			}
		}
	}
	slices.SortFunc(e.all, func(a, b edge) int { return cmp.Or(a.to.compare(b.to), a.from.compare(b.from)) })
	e.all = slices.Clip(slices.Compact(e.all))
	g.refers.Store(f, e)
	return e
}

// of gives the edges that lead to a record, in the order in which the records that they come from first appeared.
func (e *edges) of(to *record) []edge {
	i := sort.Search(len(e.all), func(i int) bool { return e.all[i].to.compare(to) >= 0 })
	n := sort.Search(len(e.all)-i, func(n int) bool { return e.all[i+n].to.compare(to) > 0 })
	return e.all[i : i+n]
}

func (r *record) compare(o *record) int {
	return cmp.Or(cmp.Compare(r.kind.Index, o.kind.Index), cmp.Compare(r.ord, o.ord))
}

// referrer is what a View remembers of a record that it was asked about.
type referrer struct {
	field *kind.Field
	to    *record
}

// Referring gives the records of a kind that refer to this one by a field.
func (r *Record) Referring(name fact.KindName, field string) []*Record {
	return r.v.referring(r.r, name, field)
}

// Referring gives the records of a kind that refer to another by a field, whether or not that one is there on the day.
func (v *View) Referring(to fact.Key, name fact.KindName, field string) []*Record {
	if r := v.find(to); r != nil {
		return v.referring(r, name, field)
	}
	return nil
}

func (v *View) referring(to *record, name fact.KindName, field string) []*Record {
	k := v.g.kinds.Kind(name)
	if k == nil {
		return nil
	}
	f := k.Field(field)
	if f == nil {
		return nil
	}
	v.Read(name)
	m := v.remember()
	out, known := m.back[referrer{f, to}]
	if known {
		return out
	}
	for _, e := range v.edges(k, f, to) {
		if from := v.at(e.from); from != nil && from.refers(f, to) {
			out = append(out, from)
		}
	}
	if m.back == nil {
		m.back = map[referrer][]*Record{}
	}
	m.back[referrer{f, to}] = out
	return out
}

// refers reports whether a record refers to another by a field on the day, or may.
func (r *Record) refers(f *kind.Field, to *record) bool {
	if raw, s := r.raw(f); s == Known {
		return refersTo(r.v, f, raw, to)
	}
	return slices.ContainsFunc(r.versions(), func(x *version) bool {
		raw, s := x.field(byte(f.Index))
		return s == Known && refersTo(r.v, f, raw, to)
	})
}

func refersTo(in finder, f *kind.Field, raw string, want *record) bool {
	for to := range targets(in, f, raw) {
		if to.compare(want) == 0 { // one graph may have copied it from the one that it began as
			return true
		}
	}
	return false
}

// targets gives the records that a field means, whether or not they are there on any day.
func targets(in finder, f *kind.Field, raw string) iter.Seq[*record] {
	return func(yield func(*record) bool) {
		if !f.Many {
			if to := target(in, f, text(raw)); to != nil {
				yield(to)
			}
			return
		}
		for _, ref := range texts(raw) {
			if to := target(in, f, ref); to != nil && !yield(to) {
				return
			}
		}
	}
}
