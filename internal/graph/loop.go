package graph

import (
	"slices"

	"plumbline/internal/fact"
)

// Loops gives the chains (who reports to whom, which unit is part of which) that come back to their start on the day, each once, from the
// record that is listed first. The record in force has none, since Stage refuses them. Under a proposal there may be some: nothing is wrong with
// either when it is recorded, and what was changed in force later meets what was proposed before.
func (v *View) Loops() (out [][]*Record) {
	for _, k := range v.g.kinds.All {
		for _, f := range k.Fields {
			if !f.Acyclic {
				continue
			}
			const (
				onPath = iota + 1
				done
			)
			state := map[fact.Key]int{}
			var path []*Record
			var walk func(r *Record)
			walk = func(r *Record) {
				switch state[r.Key()] {
				case onPath:
					at := slices.IndexFunc(path, func(x *Record) bool { return x.Key() == r.Key() })
					out = append(out, slices.Clone(path[at:]))
					return
				case done:
					return
				}
				state[r.Key()] = onPath
				path = append(path, r)
				up := r.Refs(f.Name)
				if !f.Many {
					up = []*Record{r.Ref(f.Name)}
				}
				for _, to := range up {
					if to != nil && to.Kind() == k {
						walk(to)
					}
				}
				path = path[:len(path)-1]
				state[r.Key()] = done
			}
			for _, r := range v.All(k.Name) {
				walk(r)
			}
		}
	}
	return out
}
