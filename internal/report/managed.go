package report

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// TenureOfManager gives who has managed a function, oldest first, on the days from one to another on which the function was there: the post and who was in
// it. It follows the function through its units and the posts that headed them. What a proposal would change is left out.
func TenureOfManager(p *rule.Pack, v *graph.View, function fact.Key, from, to fact.Day) []Period {
	w := newWalk(p, v)
	placed := w.placing(function)
	keys := slices.Clone(placed)
	for _, d := range w.datesOf(placed).days(fact.MinDay, fact.MaxDay) {
		if post := managerOn(w.at(d), function); post != nil {
			keys = add(keys, post.Key())
			for _, k := range w.inPost(post.Key()) {
				keys = add(keys, k)
			}
		}
	}
	out := w.periods(w.datesOf(keys), fact.MinDay, fact.MaxDay, func(at *graph.View) (s standing) {
		f := at.Record(function)
		switch {
		case f == nil:
			return s
		case f.Exists() != fact.Yes:
			return standing{status: Uncertain}
		}
		s.own, s.whose = append(s.own, placed...), true
		post, gap := f.Manager()
		if post == nil {
			s.unclear(gap.Why)
			return s
		}
		s.add(w, post)
		s.settle()
		return s
	})
	out = within(out, from, to)
	for i := range out {
		if len(out[i].Posts) > 0 {
			out[i].explain("this post")
		} else {
			out[i].Note = Sentence("Who managed it is not recorded: " + out[i].Note)
		}
	}
	return out
}

func managerOn(at *graph.View, function fact.Key) *graph.Record {
	f := at.Record(function)
	if f == nil {
		return nil
	}
	post, _ := f.Manager()
	return post
}

// placing lists the records on whose dates it depends which post manages a function: itself, the posts that it names, and the units in which it ever sat with the posts
// that headed them or were in them.
func (w *walk) placing(function fact.Key) []fact.Key {
	out := []fact.Key{function}
	refers := func(from fact.Key, field string) (to []fact.Key) {
		for _, h := range w.v.History(from) {
			if k, ok := h.Record.RefKey(field); ok {
				to = add(to, k)
			}
		}
		return to
	}
	for _, post := range refers(function, "managed_by") {
		out = add(out, post)
	}
	for _, unit := range refers(function, "unit") {
		out = add(out, unit)
		for _, post := range slices.Concat(refers(unit, "head"), w.keys(graph.Post, "unit", string(unit.ID))) {
			out = add(out, post)
		}
	}
	return out
}
