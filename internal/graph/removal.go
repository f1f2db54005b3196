package graph

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Removal is what an entry says that removed content of an earlier one.
type Removal struct {
	Entry   int64    // that says so
	Of      int64    // the entry from which it was removed
	Fields  []string // none means all that there were
	Who     fact.Who
	On      fact.Day // on which it was removed for the first time
	Ground  string   // a code of kind.Erasing; empty where none was asked for yet
	Reason  string
	Asked   string    // a code of kind.Askers; empty where it is not known
	AskedOn fact.Date // zero where it is not known
}

// Words says when something was removed, and on which ground.
func (m Removal) Words() string {
	if m.Entry == 0 {
		return "Erased"
	}
	s := "Removed on " + m.On.Words()
	if g, ok := kind.GroundOf(kind.Erasing, m.Ground); ok {
		s += ": " + g.Words()
	}
	return s
}

// Removal gives what an entry says that removes content; ok is false for any other.
func (h Version) Removal() (m Removal, ok bool) {
	if h.Op != fact.Erase {
		return m, false
	}
	return h.Record.ver.removal(), true
}

func (v *version) removal() Removal {
	extra := func(name string) string {
		j, _ := v.field(extraNumber(name))
		return text(j)
	}
	m := Removal{Entry: v.position, Of: v.base, Who: v.who, Ground: extra("ground"), Reason: extra("reason"), Asked: extra("asked")}
	j, _ := v.field(extraNumber("fields"))
	m.Fields = texts(j)
	m.On, _ = fact.ParseDay(extra(removedOn))
	m.AskedOn, _ = fact.ParseDate(extra("asked_on"))
	return m
}

// RemovedSince gives what was removed after a position from entries up to it, about the records on which an answer depends that was noted in the same graph: the first first.
func (v *View) RemovedSince(position int64, from Reads) (out []Removal) {
	for _, d := range from.data {
		if d>>60 != aRecord>>60 {
			continue
		}
		for x := v.newest((*v.lists)[d>>40&0xff][d&0xffffffff]); x != nil && x.position > position; x = x.prev {
			if x.op == fact.Erase && x.base <= position && !x.withheld {
				out = append(out, x.removal())
			}
		}
	}
	slices.SortFunc(out, func(a, b Removal) int { return cmp.Compare(a.Entry, b.Entry) })
	return out
}

// removedOn is the field of an erasing entry that says on which day its content was first removed. Where the entry does not say, which is so
// unless an older copy was put back, it is the day on which it was written.
const removedOn = "removed_on"

// dated gives the body of an erasing entry with the day of the removal.
func dated(e *fact.Entry) fact.Body {
	if _, ok := e.Body.Value(removedOn); ok {
		return e.Body
	}
	return append(slices.Clip(e.Body), fact.Field{Name: removedOn, Value: kind.Quote(fact.DayIn(e.Written).String())})
}

// Removed says when and why a field of the record was removed; the zero Removal where it was not, or where nothing may be seen of that.
func (r *Record) Removed(field string) (m Removal) {
	for x := r.r.head.Load(); x != nil && x.position > r.ver.position; x = x.prev {
		if x.op != fact.Erase || x.base != r.ver.position || x.withheld {
			continue
		}
		if was := x.removal(); len(was.Fields) == 0 || slices.Contains(was.Fields, field) {
			m = was // the oldest is the one that removed it
		}
	}
	return m
}

// Stated lists the fields of the entry, whatever their state, by the names that the ledger has for them: those of the kind and source, note and the like.
func (r *Record) Stated() (names []string) {
	for body := r.ver.body; body != ""; {
		num, _, _, rest := next(body)
		names, body = append(names, fieldName(r.r.kind, num)), rest
	}
	return names
}

// Says gives what the entry says in a field of Stated: one text, or the items of a list. Numbers and the like are as JSON has them.
func (r *Record) Says(name string) ([]string, State) {
	num, ok := fieldNumber(r.r.kind, name)
	if !ok {
		return nil, Missing
	}
	j, state := r.ver.field(num)
	if strings.HasPrefix(j, "[") {
		return texts(j), state
	}
	return []string{text(j)}, state
}

// Without gives the graph as it would be if fields of some entries had been erased, so that what comes of that can be shown beforehand. No fields means all.
func (g *Graph) Without(erased map[int64][]string) *Graph {
	at := g.View(0, g.size.Load())
	changed := map[*record]*record{}
	for _, list := range *at.lists {
		for _, r := range list {
			c := &record{kind: r.kind, inLog: r.inLog}
			c.id.Store(r.id.Load())
			c.head.Store(r.head.Load())
			for x := r.head.Load(); x != nil; x = x.prev {
				if fields, ok := erased[x.position]; ok {
					c.erase(x.position, fields)
					changed[r] = c
				}
			}
		}
	}
	return g.with(changed, at)
}

// Said is a field of an entry.
type Said struct {
	Record fact.Key
	Entry  int64
	Field  string // as in Record.Stated
}

// Saying finds the fields of all entries that are known, of whatever branch and day, in which words stand, whatever their case: at most that many. It reads
// everything there is, so it is for what is rare.
func (v *View) Saying(words string, most int) (out []Said) {
	words = strings.ToLower(strings.TrimSpace(words))
	if words == "" {
		return nil
	}
	for _, list := range *v.lists {
		for _, r := range list {
			for x := r.head.Load(); x != nil; x = x.prev {
				if x.position > v.known || x.op == fact.Erase {
					continue
				}
				for body := x.body; body != ""; {
					num, value, _, rest := next(body)
					body = rest
					if !strings.Contains(strings.ToLower(plainText(value)), words) {
						continue
					}
					if out = append(out, Said{r.key(), x.position, fieldName(r.kind, num)}); len(out) == most {
						return out
					}
				}
			}
		}
	}
	return out
}

// plainText is what a value says without the escapes of JSON.
func plainText(j string) string {
	if strings.HasPrefix(j, "[") {
		return strings.Join(texts(j), "\n")
	}
	return text(j)
}
