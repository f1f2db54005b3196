package graph

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// index is the names of all records written one after another, so that most of them are passed over without being looked at. It finds
// too much and never too little: whoever uses it looks again at the records that it gives.
type index struct {
	records      []*record // by the sections of their kinds
	names        lines
	ids          lines
	initials     lines
	appointments map[string][]*record // by the ledger's id of the person
	words        func() []string      // every word of a name, sorted; made once it is asked for
}

// lines are what was written of each record, and where it ends.
type lines struct {
	all  string
	ends []int
}

// indexing keeps the index of a graph. All but making is guarded by the graph's mu.
type indexing struct {
	making  sync.Mutex // one makes it, and the others wait
	ready   *index
	changed []*record // since it was begun to be made
	wanted  bool      // somebody has searched: changes are noted
	erased  int       // how often something was erased: what was made before is thrown away
}

// mostChanged is how many records may have changed before the index is made again.
const mostChanged = 1_000

// note keeps in mind that a record has a newer version.
func (x *indexing) note(r *record) {
	if n := len(x.changed); x.wanted && (n == 0 || x.changed[n-1] != r) {
		x.changed = append(x.changed, r)
	}
}

// erase throws the index away, so that nothing that was erased remains in it.
func (x *indexing) erase() {
	x.ready = nil
	x.erased++
}

// searched gives the index, made anew where too much has changed since, and the records that changed.
func (g *Graph) searched() (ix *index, changed []*record) {
	x := &g.index
	x.making.Lock()
	defer x.making.Unlock()
	for {
		g.mu.Lock()
		if x.ready != nil && len(x.changed) <= mostChanged {
			ix, changed = x.ready, slices.Clip(x.changed)
			g.mu.Unlock()
			return ix, changed
		}
		x.ready, x.changed, x.wanted = nil, nil, true
		erased := x.erased
		g.mu.Unlock()
		made := newIndex(g.kinds, *g.snapshot())
		g.mu.Lock()
		if x.erased == erased {
			x.ready = made
		}
		g.mu.Unlock()
	}
}

func newIndex(kinds *kind.Set, lists [][]*record) *index {
	ix := &index{appointments: map[string][]*record{}}
	var names, ids, initials strings.Builder
	place := places(kinds)
	for _, k := range slices.SortedFunc(slices.Values(kinds.All), func(a, b *kind.Kind) int { return place[a.Index] - place[b.Index] }) {
		for _, r := range lists[k.Index] {
			for _, n := range r.naming(r.head.Load()) {
				if n.id {
					ids.WriteString(n.low)
					continue
				}
				names.WriteString(n.low)
				initials.WriteString(n.initials + " ")
			}
			ix.records = append(ix.records, r)
			ix.names.ends = append(ix.names.ends, names.Len())
			ix.ids.ends = append(ix.ids.ends, ids.Len())
			ix.initials.ends = append(ix.initials.ends, initials.Len())
			for _, who := range r.appointees() {
				ix.appointments[who] = append(ix.appointments[who], r)
			}
		}
	}
	ix.names.all, ix.ids.all, ix.initials.all = names.String(), ids.String(), initials.String()
	ix.words = sync.OnceValue(func() []string {
		seen := map[string]bool{}
		for w := range strings.FieldsSeq(ix.names.all) {
			seen[w] = true
		}
		return slices.Sorted(maps.Keys(seen))
	})
	return ix
}

// appointees gives the ids of the people whom an appointment was ever said to be of.
func (r *record) appointees() (out []string) {
	if r.kind.Name != Appointment {
		return nil
	}
	person := byte(r.kind.Field("person").Index)
	for x := r.head.Load(); x != nil; x = x.prev {
		if j, state := x.field(person); state == Known && x.op == fact.Assert && !slices.Contains(out, text(j)) {
			out = append(out, text(j))
		}
	}
	return out
}

// find hands over the lines, each once and in their order, in which all of some texts are found.
func (l *lines) find(all []string, hand func(line int)) {
	rarest := slices.MaxFunc(all, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	line, begun := 0, 0
	for from := 0; ; from = l.ends[line] {
		i := strings.Index(l.all[from:], rarest)
		if i < 0 {
			return
		}
		n, exact := slices.BinarySearch(l.ends[line:], from+i)
		line += n
		if exact {
			line++ // it begins where the one before ends
		}
		if begun = 0; line > 0 {
			begun = l.ends[line-1]
		}
		if begin(l.all[begun:l.ends[line]], all) {
			hand(line)
		}
	}
}

// How likely it is that a record is meant.
const (
	hardly = iota
	maybe  // a word begins with each that is sought
	likely // it has the words themselves, or what they are short for
)

// may gives the records that are wanted and of which a name may be what is sought: what has changed, and of the others so many at most, the
// likeliest first.
func (ix *index) may(q *sought, changed []*record, wants func(*kind.Kind) bool, most int) (out []*record) {
	found := make([]byte, len(ix.records))
	n := 0
	mark := func(how byte) func(int) {
		return func(line int) {
			if !wants(ix.records[line].kind) {
				return
			}
			if found[line] == hardly {
				n++
			}
			found[line] = max(found[line], how)
		}
	}
	ix.names.find(q.words, mark(maybe))
	ix.ids.find(q.ids, mark(maybe))
	for _, o := range q.others {
		ix.names.find(o.words, mark(likely))
	}
	if q.initials != "" {
		ix.initials.find([]string{q.initials}, mark(likely))
	}
	if n > most {
		ix.names.find(q.whole, mark(likely))
	}
	again := make(map[*record]bool, len(changed))
	for _, r := range changed {
		if !again[r] && wants(r.kind) {
			out = append(out, r)
		}
		again[r] = true
	}
	add := func(least byte) {
		for i, how := range found {
			if r := ix.records[i]; how >= least && len(out) < most && !again[r] {
				found[i] = hardly
				out = append(out, r)
			}
		}
	}
	if n > most {
		add(likely)
	}
	add(maybe)
	return out
}

// appointees gives the appointments among some records by the people whom they were ever said to be of.
func appointees(of []*record) map[string][]*record {
	out := map[string][]*record{}
	for _, r := range of {
		for _, who := range r.appointees() {
			out[who] = append(out[who], r)
		}
	}
	return out
}

// union puts two lists together, what is in both once.
func union(a, b []*record) []*record {
	for _, r := range b {
		if !slices.Contains(a, r) {
			a = append(a[:len(a):len(a)], r)
		}
	}
	return a
}
