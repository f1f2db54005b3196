package graph

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Sight is how much of a version somebody may see.
type Sight uint8

// The three sights.
const (
	Whole  Sight = iota
	Veiled       // that it is there, and how it is joined to posts, units and functions; not what it says, nor of whom
	Unseen       // not that it is there
)

// Veil gives the graph as somebody sees it. Where everything may be seen it is the graph itself. The fields of what is veiled are Withheld, so a
// rule that would need one cannot be tested and says so, and is never wrong; what is unseen is nowhere: in no view, search, history, edge
// or title, and what refers to it does not say to what. fields says which fields of a record are withheld everywhere.
//
// The sight is of today, and of every version there is: a look at the past shows no more. The graph that comes out is as this one was when it was made; a newer
// one is made after something was recorded. It shares all that is not veiled.
func (g *Graph) Veil(sight func(*kind.Kind, fact.ID, Version) Sight, fields func(*kind.Kind, fact.ID) []string) *Graph {
	size := g.size.Load()
	at := g.View(0, size)
	veiled := map[*record]*record{}
	for i, list := range *at.lists {
		k := g.kinds.All[i]
		for _, r := range list {
			if c := at.veil(r, sight, fields(k, *r.id.Load())); c != nil {
				veiled[r] = c
			}
		}
	}
	if len(veiled) == 0 {
		return g
	}
	at.unlink(veiled)
	return g.with(veiled, at)
}

// unlink takes out of what is seen what refers to records that are not, which have no versions in veiled, and marks it as withheld: the id of a record says what it is.
func (v *View) unlink(veiled map[*record]*record) {
	hidden := func(to *record) bool { c := veiled[to]; return c != nil && c.head.Load() == nil }
	some := map[fact.KindName]bool{} // the kinds of which something is unseen
	for r := range veiled {
		if hidden(r) {
			some[r.kind.Name], some[kind.Any] = true, true
		}
	}
	for i, list := range *v.lists {
		k := v.g.kinds.All[i]
		if !slices.ContainsFunc(k.Fields, func(f *kind.Field) bool {
			return slices.ContainsFunc(f.To, func(to fact.KindName) bool { return some[to] })
		}) {
			continue
		}
		for _, r := range list {
			seen := r
			if c := veiled[r]; c != nil {
				seen = c
			}
			if c := v.unlinked(seen, hidden); c != nil {
				veiled[r] = c
			}
		}
	}
}

// unlinked gives a record without its references to hidden ones, or nil where it has none.
func (v *View) unlinked(r *record, hidden func(*record) bool) *record {
	refers := func(x *version) bool { return x.position <= v.known && v.g.refersToAny(r.kind, x.body, hidden) }
	x := r.head.Load()
	for x != nil && !refers(x) {
		x = x.prev
	}
	if x == nil {
		return nil
	}
	var chain []*version // the newest first
	for x := r.head.Load(); x != nil; x = x.prev {
		c := *x
		if refers(x) {
			c.body, c.withheld = v.g.unlinked(r.kind, x.body, hidden)
		}
		chain = append(chain, &c)
	}
	out := &record{kind: r.kind, inLog: r.inLog}
	out.id.Store(r.id.Load())
	var prev *version
	for _, x := range slices.Backward(chain) {
		x.prev, prev = prev, x
	}
	out.head.Store(prev)
	return out
}

// refersToAny reports whether a body refers to one of some records.
func (g *Graph) refersToAny(k *kind.Kind, body string, wanted func(*record) bool) bool {
	for body != "" {
		num, value, gone, rest := next(body)
		if !gone && num < firstExtra && k.Fields[num].Type == kind.Reference {
			for to := range targets(g, k.Fields[num], value) {
				if wanted(to) {
					return true
				}
			}
		}
		body = rest
	}
	return false
}

// with gives the graph as it was at a view with other records in the place of some; one without versions is left out. It shares the rest.
func (g *Graph) with(others map[*record]*record, at *View) *Graph {
	f := New(g.kinds)
	g.mu.RLock()
	defer g.mu.RUnlock()
	f.marks = slices.Clip(g.marks)
	f.size.Store(at.known)
	f.opened.Store(g.opened.Load())
	became := map[*record]*record{} // of those that are not as they were, or not where
	for i := range g.tables {
		to := &f.tables[i]
		for _, r := range (*at.lists)[i] {
			c := others[r]
			switch {
			case c != nil && c.head.Load() == nil:
				became[r] = nil
				continue // unseen
			case c == nil && r.ord == len(to.list):
				c = r
			case c == nil: // as it is, in another place
				c = &record{kind: r.kind, inLog: r.inLog}
				c.id.Store(r.id.Load())
				c.head.Store(r.head.Load())
			}
			if c != r {
				c.ord, became[r] = len(to.list), c
			}
			to.list = append(to.list, c)
			to.put(c)
		}
	}
	f.log = slices.Clone(g.log[:at.known])
	for i, r := range f.log {
		if c, other := became[r]; other {
			f.log[i] = c
		}
	}
	return f
}

// veil gives a record as it is seen, without versions where it is not, or nil where it is seen as it is.
func (v *View) veil(r *record, sight func(*kind.Kind, fact.ID, Version) Sight, fields []string) *record {
	var chain []*version // the newest first
	changed, withheld := false, false
	for x := r.head.Load(); x != nil; x = x.prev {
		if x.position > v.known {
			continue // it came after the veil was begun, and is in the next one
		}
		switch sight(r.kind, *r.id.Load(), v.version(r, x)) {
		case Unseen:
			changed = true
			continue
		case Veiled:
			changed, withheld = true, true
			c := *x
			c.body, c.withheld = withhold(r.kind, x.body, nil), true
			chain = append(chain, &c)
		default:
			c := x
			if len(fields) > 0 {
				if body := withhold(r.kind, x.body, fields); body != x.body {
					body = withhold(r.kind, body, []string{"source", "note", "reason"}) // which would tell as much
					y := *x
					y.body, y.withheld, changed, c = body, true, true, &y
				}
			}
			chain = append(chain, c)
		}
	}
	if !changed {
		return nil
	}
	out := &record{kind: r.kind, inLog: r.inLog}
	id := *r.id.Load()
	if withheld && r.kind.Personal {
		id = r.inLog // the id of a person tells who it is
	}
	out.id.Store(&id)
	var prev *version
	for _, x := range slices.Backward(chain) {
		c := *x
		c.prev, prev = prev, nil
		prev = &c
	}
	out.head.Store(prev)
	return out
}

// withhold writes a body without some fields, or without all that say more than how a record is joined to posts, units, functions and roles.
func withhold(k *kind.Kind, body string, fields []string) string {
	out := make([]byte, 0, len(body))
	for body != "" {
		num, _, gone, rest := next(body)
		hide := !joins(k, num)
		if fields != nil {
			hide = slices.Contains(fields, fieldName(k, num))
		}
		if gone || hide {
			out = append(out, num, 0)
		} else {
			out = append(out, body[:len(body)-len(rest)]...)
		}
		body = rest
	}
	return string(out)
}

// joins reports whether a field says how a record is joined to the structure, without which others would be shown wrong: an appointment that one may not
// see still fills its post.
func joins(k *kind.Kind, num byte) bool {
	if num >= firstExtra {
		return extras[num-firstExtra] == removedOn || slices.Contains(classes, extras[num-firstExtra])
	}
	f := k.Fields[num]
	switch f.Type {
	case kind.Reference:
		return !slices.Contains(f.To, Person) && !slices.Contains(f.To, kind.Any)
	case kind.Choice:
		return f.Codes != "" || slices.Contains(standing, f.Name)
	}
	return false
}

// standing are the choices that say how a post, a unit or a holder stands.
var standing = []string{"basis", "capacity", "type"}
