package graph

import (
	"cmp"
	"iter"
	"maps"
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
	e := &edges{size: size}
	since := (*g.snapshot())[k.Index]
	if was, ok := g.refers.Load(f); ok {
		was := was.(*edges)
		if was.size >= size {
			return was
		}
		if changed, ok := g.since(was.size, size, k, f.To); ok {
			if len(changed) == 0 {
				e.all = was.all
				g.refers.Store(f, e)
				return e
			}
			since, e.all = changed, slices.Clone(was.all)
		}
	}
	for _, from := range since {
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

// since gives the records of a kind of which something was recorded after one position and up to another, each once; ok is false where that is not known, or where
// one of some kinds is new, to which others may have referred before.
func (g *Graph) since(after, until int64, k *kind.Kind, to []fact.KindName) (out []*record, ok bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if int64(len(g.log)) < until || until-after > mostChanged {
		return nil, false
	}
	for _, r := range g.log[after:until] {
		if r != nil && len(to) > 0 && (slices.Contains(to, r.kind.Name) || slices.Contains(to, kind.Any)) {
			first := r.head.Load()
			for first.prev != nil {
				first = first.prev
			}
			if first.position > after {
				return nil, false
			}
		}
		if r != nil && r.kind == k && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out, true
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
	m := v.remember()
	if m.back == nil {
		m.back = map[referrer]*listing{}
	}
	l := m.back[referrer{f, to}]
	if l == nil {
		l = &listing{}
		m.back[referrer{f, to}] = l
	}
	v.Keep(&l.Memo, func() {
		l.records = nil
		for _, e := range v.edges(k, f, to) {
			if from := v.at(e.from); from != nil && from.refers(f, to) {
				l.records = append(l.records, from)
			}
		}
	})
	return l.records
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

// valued is a value in a field; of "" there are those that state the field at all.
type valued struct {
	field *kind.Field
	value string
}

// values are the records that ever had a value in a field, by its canonical JSON, and under "" those that ever stated it.
type values struct {
	size int64
	of   map[string][]*record
}

func (g *Graph) values(k *kind.Kind, f *kind.Field) *values {
	size := g.size.Load()
	x := &values{size, map[string][]*record{}}
	since := (*g.snapshot())[k.Index]
	if was, ok := g.valued.Load(f); ok {
		was := was.(*values)
		if was.size >= size {
			return was
		}
		if changed, ok := g.since(was.size, size, k, nil); ok {
			if len(changed) == 0 {
				x.of = was.of
				g.valued.Store(f, x)
				return x
			}
			since, x.of = changed, maps.Clone(was.of)
		}
	}
	add := func(value string, r *record) {
		l := x.of[value]
		if i, there := slices.BinarySearchFunc(l, r, (*record).compare); !there {
			x.of[value] = slices.Insert(slices.Clip(l), i, r)
		}
	}
	for _, r := range since {
		for y := r.head.Load(); y != nil; y = y.prev {
			if raw, s := y.field(byte(f.Index)); s == Known {
				add(raw, r)
				add("", r)
			}
		}
	}
	g.valued.Store(f, x)
	return x
}

// Stating gives the records of a kind that state a field on the day, or may, in the order in which they first appeared.
func (v *View) Stating(name fact.KindName, field string) []*Record { return v.having(name, field, "") }

// Having gives the records of a kind that have a text or a code in a field on the day, or may.
func (v *View) Having(name fact.KindName, field, value string) []*Record {
	return v.having(name, field, kind.Quote(value))
}

func (v *View) having(name fact.KindName, field, value string) []*Record {
	k := v.g.kinds.Kind(name)
	if k == nil || k.Field(field) == nil {
		return nil
	}
	f, m := k.Field(field), v.remember()
	if m.value == nil {
		m.value = map[valued]*listing{}
	}
	l := m.value[valued{f, value}]
	if l == nil {
		l = &listing{}
		m.value[valued{f, value}] = l
	}
	v.Keep(&l.Memo, func() {
		v.reads(valueDatum(k, f, value))
		has := func(x *version) bool {
			raw, s := x.field(byte(f.Index))
			return s == Known && (value == "" || raw == value)
		}
		all := v.g.values(k, f).of[value]
		if v.supposed != nil {
			all = slices.Clone(all)
			for r := range v.supposed.heads {
				if r.kind == k {
					all = append(all, r)
				}
			}
			slices.SortFunc(all, (*record).compare)
			all = slices.Compact(all)
		}
		l.records = nil
		for _, r := range all {
			if rec := v.at(r); rec != nil && slices.ContainsFunc(rec.versions(), has) {
				l.records = append(l.records, rec)
			}
		}
	})
	return l.records
}
