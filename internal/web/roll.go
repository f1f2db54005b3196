package web

import (
	"strings"

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

// rollOf asks for the roll of the records of a kind: those of the day, or of all days.
type rollOf struct {
	kind  fact.KindName
	all   bool
	order order
}

// roll gives the roll of the records of a list.
func (s *Site) roll(l *look, k *kind.Kind, all bool, o order, records []*graph.Record) *roll {
	return keep(l, rollOf{k.Name, all, o}, func() *roll { return s.enrol(l, k, o, records) })
}

// enrol makes the roll of records of a kind, in an order.
func (s *Site) enrol(l *look, k *kind.Kind, o order, records []*graph.Record) *roll {
	out := &roll{titles: make([]string, len(records)), lower: make([]string, len(records)), inUse: map[string]inUse{}, derived: map[string][][]string{}, recorded: len(keysOf(l.View, k.Name))}
	for i, r := range records {
		out.titles[i] = s.title(r)
		out.lower[i] = strings.ToLower(out.titles[i])
	}
	for _, d := range l.derivations(k.Name) {
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
