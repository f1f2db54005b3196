package graph

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// backstage are the parts of a body that say where an entry comes from and why it was made. They are written for those who work with the record, so no page for everybody has them.
var backstage = []string{"source", "note", "reason", "asked", "asked_on"}

// Publish gives the graph as everybody may see it: see Veil, whose rules hold. Beyond that nobody is named who recorded something, and nothing is said of where it
// comes from; what is veiled has a name of its own in addresses, since the one that the record has may say what is veiled; and what refers to a record that is not
// seen whole does not say to which.
func (g *Graph) Publish(sight func(*kind.Kind, fact.ID, Version) Sight, fields func(*kind.Kind, fact.ID) []string) *Graph {
	at := g.View(0, g.size.Load())
	seen, whole := map[*record][]*version{}, map[*record]bool{} // the newest first
	for i, list := range *at.lists {
		for _, r := range list {
			seen[r], whole[r] = at.published(r, sight, fields(g.kinds.All[i], *r.id.Load()))
		}
	}
	others := map[*record]*record{}
	for r, chain := range seen {
		c := &record{kind: r.kind, inLog: r.inLog}
		id := *r.id.Load()
		if n := len(chain); n > 0 && !whole[r] {
			id = veiledID(chain[n-1].position)
			c.inLog = id
		}
		c.id.Store(&id)
		var prev *version
		for _, x := range slices.Backward(chain) {
			x.prev, prev = prev, x
			body, hid := g.unlinked(r.kind, x.body, func(to *record) bool { return !whole[to] })
			x.body, x.withheld = body, x.withheld || hid
		}
		c.head.Store(prev)
		others[r] = c
	}
	return g.with(others, at)
}

// veiledID names a record by its first entry, which says nothing of it. No id that people write begins so.
func veiledID(first int64) fact.ID { return fact.ID("~" + strconv.FormatInt(first, 10)) }

// published gives copies of the versions of a record that are seen, and whether it is seen whole.
func (v *View) published(r *record, sight func(*kind.Kind, fact.ID, Version) Sight, fields []string) (chain []*version, whole bool) {
	whole = true
	for x := r.head.Load(); x != nil; x = x.prev {
		if x.position > v.known {
			continue // it came after this was begun, and is in the next one
		}
		y := *x
		y.who, y.body = "", without(r.kind, x.body, backstage)
		switch sight(r.kind, *r.id.Load(), v.version(r, x)) {
		case Unseen:
			continue
		case Veiled:
			whole = false
			y.body, y.withheld = withhold(r.kind, y.body, nil), true
		default:
			if len(fields) > 0 {
				body := withhold(r.kind, y.body, fields)
				y.body, y.withheld = body, body != y.body
			}
		}
		chain = append(chain, &y)
	}
	return chain, whole && len(chain) > 0
}

// without writes a body as if some fields had never been stated.
func without(k *kind.Kind, body string, fields []string) string {
	out := make([]byte, 0, len(body))
	for body != "" {
		num, _, _, rest := next(body)
		if !slices.Contains(fields, fieldName(k, num)) {
			out = append(out, body[:len(body)-len(rest)]...)
		}
		body = rest
	}
	return string(out)
}

// unlinked writes a body without the references to some records, and says whether there were any. Of a list the others stay.
func (g *Graph) unlinked(k *kind.Kind, body string, hidden func(*record) bool) (string, bool) {
	out, hid := make([]byte, 0, len(body)), false
	for body != "" {
		num, value, gone, rest := next(body)
		if gone || num >= firstExtra || k.Fields[num].Type != kind.Reference {
			out = append(out, body[:len(body)-len(rest)]...)
			body = rest
			continue
		}
		f := k.Fields[num]
		refs := []string{text(value)}
		if f.Many {
			refs = texts(value)
		}
		seen := slices.DeleteFunc(slices.Clone(refs), func(ref string) bool {
			to := target(g, f, ref)
			return to != nil && hidden(to)
		})
		switch {
		case len(seen) == len(refs):
			out = append(out, body[:len(body)-len(rest)]...)
		case len(seen) == 0:
			out, hid = append(out, num, 0), true
		default:
			for i := range seen {
				seen[i] = kind.Quote(seen[i])
			}
			list := "[" + strings.Join(seen, ",") + "]"
			out = binary.AppendUvarint(append(out, num), uint64(len(list)+1))
			out, hid = append(out, list...), true
		}
		body = rest
	}
	return string(out), hid
}
