package graph

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"plumbline/internal/fact"
)

// index is the names of all records written one after another, so that most of them are passed over without being looked at. It finds
// too much and never too little: whoever uses it looks again at the records that it gives.
type index struct {
	records      []*record
	names        lines
	initials     lines
	appointments map[string][]*record // by the ledger's id of the person
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
		made := newIndex(*g.snapshot())
		g.mu.Lock()
		if x.erased == erased {
			x.ready = made
		}
		g.mu.Unlock()
	}
}

func newIndex(lists [][]*record) *index {
	ix := &index{appointments: map[string][]*record{}}
	var names, initials strings.Builder
	for _, list := range lists {
		for _, r := range list {
			for _, n := range r.naming(r.head.Load()) {
				names.WriteString(n.low)
				initials.WriteString(n.initials + " ")
			}
			ix.records = append(ix.records, r)
			ix.names.ends = append(ix.names.ends, names.Len())
			ix.initials.ends = append(ix.initials.ends, initials.Len())
			for _, who := range r.appointees() {
				ix.appointments[who] = append(ix.appointments[who], r)
			}
		}
	}
	ix.names.all, ix.initials.all = names.String(), initials.String()
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

// find marks the records of which something was written that holds a text.
func (l *lines) find(what string, found []bool) {
	line := 0
	for from := 0; ; {
		i := strings.Index(l.all[from:], what)
		if i < 0 {
			return
		}
		n, exact := slices.BinarySearch(l.ends[line:], from+i)
		line += n
		if exact {
			line++ // it begins where the one before ends
		}
		found[line] = true
		from = max(l.ends[line], from+i+1)
	}
}

// may gives the records of which a name may be what is sought, in their order.
func (ix *index) may(q *sought, changed []*record) (out []*record) {
	found := make([]bool, len(ix.records))
	rarest := func(words []string) string {
		return slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	}
	ix.names.find(rarest(q.words), found)
	for _, o := range q.others {
		ix.names.find(rarest(o.words), found)
	}
	if q.initials != "" {
		ix.initials.find(q.initials, found)
	}
	again := map[*record]bool{}
	for _, r := range changed {
		again[r] = true
	}
	for i, yes := range found {
		if yes && !again[ix.records[i]] {
			out = append(out, ix.records[i])
		}
	}
	for _, r := range changed {
		if again[r] {
			again[r] = false
			out = append(out, r)
		}
	}
	return out
}

// of gives the appointments of a person.
func (ix *index) of(who string, changed []*record) []*record {
	out := slices.Clone(ix.appointments[who])
	for _, r := range changed {
		if slices.Contains(r.appointees(), who) && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}
