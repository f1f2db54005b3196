package web

import (
	"strings"
	"sync"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// roll is what the list of a kind shows of all its records, and not only of those on one page: their titles, their order, and which values
// their fields have. At thousands of records that is most of what a list costs, and it stays as it is until something is recorded.
type roll struct {
	titles, lower []string // in the order of the records
	places        []int    // of the records, in the order of the list
	inUse         map[string]inUse
	derived       map[string][][]string // the values of each record, in their order
	recorded      int                   // records of the kind on whatever days
}

// rolls remembers the rolls of some looks, for as long as nothing is recorded: what is erased must be gone from here too.
type rolls struct {
	mu     sync.Mutex
	newest int64
	kept   map[rollKey]*roll
}

type rollKey struct {
	kind     fact.KindName
	on       fact.Day
	known    int64
	proposal fact.ID
	all      bool
	order    order
}

// maxRolls is how many rolls are remembered: of 3,000 records each takes some hundred kilobytes.
const maxRolls = 32

// of gives the roll of the records of a list, from memory if it is there.
func (m *rolls) of(l *look, k *kind.Kind, o order, records []*graph.Record, make func(*look, *kind.Kind, order, []*graph.Record) *roll) *roll {
	v := l.View
	key := rollKey{k.Name, v.On(), v.Known(), v.Proposal(), l.other.Get(fieldDays) == allDays, o}
	m.mu.Lock()
	kept := m.kept[key]
	fresh := m.newest == l.newest
	m.mu.Unlock()
	if kept != nil && fresh {
		return kept
	}
	made := make(l, k, o, records)
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.newest < m.newest {
		return made // made of what may have been erased since
	}
	if m.kept == nil || l.newest > m.newest || len(m.kept) >= maxRolls {
		m.newest, m.kept = l.newest, map[rollKey]*roll{}
	}
	m.kept[key] = made
	return made
}

// enrol makes the roll of records of a kind, in an order.
func (s *Site) enrol(l *look, k *kind.Kind, o order, records []*graph.Record) *roll {
	out := &roll{titles: make([]string, len(records)), lower: make([]string, len(records)), inUse: map[string]inUse{}, derived: map[string][][]string{}, recorded: len(keysOf(l.View, k.Name))}
	for i, r := range records {
		out.titles[i] = s.title(r)
		out.lower[i] = strings.ToLower(out.titles[i])
	}
	for _, d := range derivations[k.Name] {
		if d.values == nil {
			continue
		}
		of, seen, have := d.values(s, l), map[string]bool{}, make([][]string, len(records))
		for i, r := range records {
			have[i] = of(r)
			for _, v := range have[i] {
				seen[v] = true
			}
		}
		out.derived[d.Name] = have
		out.inUse[d.Name] = inUse{values: (&filter{s: s, l: l, field: d.Field, titles: map[string]string{}}).inOrder(seen)}
	}
	out.places = s.sorted(l, k, o, records, out.lower, out.derived[o.by])
	for _, f := range filterable(k) {
		out.inUse[f.Name] = (&filter{s: s, l: l, field: f, titles: map[string]string{}}).find(records)
	}
	return out
}
