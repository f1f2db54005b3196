package graph

import (
	"container/heap"
	"iter"
	"slices"

	"plumbline/internal/fact"
)

// Entries gives the entries about records that are known and come before a position, on whatever branch, the newest first. Kinds limit
// them; none means all. It costs a step for each record of those kinds to begin, and its logarithm for each entry.
func (v *View) Entries(before int64, kinds ...fact.KindName) iter.Seq2[fact.Key, Version] {
	return func(yield func(fact.Key, Version) bool) {
		var next newest
		for i, list := range *v.lists {
			if len(kinds) > 0 && !slices.Contains(kinds, v.g.kinds.All[i].Name) {
				continue
			}
			for _, r := range list {
				x := v.newest(r)
				for x != nil && x.position >= before {
					x = x.prev
				}
				if x != nil {
					next = append(next, at{r, x})
				}
			}
		}
		heap.Init(&next)
		for len(next) > 0 {
			a := next[0]
			if !yield(fact.Key{Kind: a.r.kind.Name, ID: *a.r.id.Load()}, v.version(a.r, a.x)) {
				return
			}
			if a.x.prev == nil {
				heap.Pop(&next)
				continue
			}
			next[0].x = a.x.prev
			heap.Fix(&next, 0)
		}
	}
}

// at is a place in the chain of a record's versions.
type at struct {
	r *record
	x *version
}

// newest is a heap of such places, the newest on top.
type newest []at

func (h newest) Len() int           { return len(h) }
func (h newest) Less(i, j int) bool { return h[i].x.position > h[j].x.position }
func (h newest) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *newest) Push(x any)        { *h = append(*h, x.(at)) }
func (h *newest) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
