package graph

import "math"

// SearchPlainly finds what Search does by looking at every record there is.
func (v *View) SearchPlainly(query string, short ...Abbreviation) (hits []Hit) {
	q := newSought(query, short)
	if len(q.words) == 0 {
		return nil
	}
	f := finds{v: v, q: q}
	for _, list := range *v.lists {
		for _, r := range list {
			f.named(r)
		}
	}
	f.held(newIndex(v.g.kinds, *v.lists), nil, math.MaxInt)
	f.roles()
	f.sort()
	for i := range f.all {
		hits = append(hits, f.all[i].hit(v))
	}
	return hits
}

// SearchFew is Search that looks at so many records at most.
func (v *View) SearchFew(query string, looked int, short ...Abbreviation) []Hit {
	hits, _ := v.search(nil, query, math.MaxInt, looked, looked, short)
	return hits
}
