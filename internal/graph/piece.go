package graph

import (
	"cmp"
	"iter"
	"slices"

	"plumbline/internal/fact"
)

// Piece is a run of days on which one entry says what a record is.
type Piece struct {
	// Span is the days. A boundary is the entry's own, as it was given, or that of the ending which cuts it off; where a newer entry
	// cuts it off it is exact.
	Span   fact.Span
	Record *Record // what the entry says, looked at on a day of the piece
}

// Pieces gives what a record is on all its days, in their order. Days on which it is not there are in none of them. A day that exactly one
// piece contains, and certainly, is certain; on the others more than one entry may hold, or none.
func (v *View) Pieces(k fact.Key) []Piece {
	r := v.find(k)
	if r == nil {
		return nil
	}
	var out []Piece
	for _, s := range v.stretches(r) {
		w := v.At(s.near(v.on))
		out = append(out, Piece{s.span, &Record{v: w, r: r, ver: s.version, exists: s.span.On(w.on)}})
	}
	return out
}

// stretch is the days on which a version is what holds, or may hold.
type stretch struct {
	*version
	span fact.Span
}

func spans(all []stretch) []fact.Span {
	out := make([]fact.Span, len(all))
	for i := range all {
		out[i] = all[i].span
	}
	return out
}

// near gives the day closest to another on which the version holds, or else may hold.
func (s stretch) near(on fact.Day) fact.Day {
	first, last, ok := s.span.Certain()
	if !ok {
		first, last, _ = s.span.Possible()
	}
	return max(first, min(on, last))
}

// stretches divides the days of a record among its versions, as the view reads them.
func (v *View) stretches(r *record) []stretch {
	versions := v.of(r, "")
	if v.proposal != "" {
		versions = append(v.of(r, v.proposal), versions...)
	}
	return v.divide(versions)
}

// of gives the versions of a record that count on one branch, newest first.
func (v *View) of(r *record, branch fact.ID) []*version {
	var out []*version
	for x := v.newest(r); x != nil; x = x.prev {
		if x.proposal != branch || x.op == fact.Erase {
			continue
		}
		if x.takesBack() {
			break
		}
		out = append(out, x)
	}
	return out
}

// takesBack reports whether a version takes back everything that was said of the record on its branch before.
func (x *version) takesBack() bool { return x.op == fact.End && x.span.Until.IsZero() }

// divide gives each version, the newest first, the days on which none that is newer certainly holds.
func (l *laid) divide(versions []*version) []stretch {
	var out []stretch
	var taken days      // where newer versions certainly hold
	var same sameWords  // of newer versions
	var ended fact.Span // by the endings that are newer
	for _, x := range versions {
		if x.op == fact.End {
			if l.asIf(x) {
				break // taken to have ended
			}
			ended = ended.And(fact.Span{Until: l.spanOf(x).Until})
			continue
		}
		own := l.spanOf(x)
		span := own.And(ended)
		first, last, ok := span.Possible()
		if !ok {
			continue
		}
		free := taken.without(first, last)
		for _, d := range same.days(own) {
			free = free.minus(d.first, d.last)
		}
		for _, d := range free {
			out = append(out, stretch{x, span.And(d.within(first, last))})
		}
		if first, last, ok := own.Certain(); ok {
			taken = taken.plus(first, last)
		}
		same.add(own)
	}
	slices.SortFunc(out, func(a, b stretch) int {
		i, _, _ := a.span.Possible()
		j, _, _ := b.span.Possible()
		return cmp.Or(cmp.Compare(i, j), cmp.Compare(a.position, b.position))
	})
	return out
}

// sameWords are boundaries of newer versions that are not exact. The same words mean the same day: within that window an older version with
// the boundary holds on no day on which the newer one, whose other boundary leaves no doubt there, does not.
type sameWords struct {
	from  map[fact.Date]fact.Day // up to which some version that begins so leaves no other doubt
	until map[fact.Date]fact.Day // from which on some version that ends so leaves none
	both  map[fact.Span]bool
}

func (w *sameWords) add(s fact.Span) {
	first, last := fact.MinDay, fact.MaxDay // of the boundaries by themselves
	if !s.From.IsZero() {
		first = s.From.Last
	}
	if !s.Until.IsZero() {
		last = s.Until.First
	}
	begins, ends := s.From.First < s.From.Last, s.Until.First < s.Until.Last
	if !begins && !ends {
		return
	}
	if w.both == nil {
		w.from, w.until, w.both = map[fact.Date]fact.Day{}, map[fact.Date]fact.Day{}, map[fact.Span]bool{}
	}
	w.both[s] = true
	if at, ok := w.from[s.From]; begins && last > fact.MinDay && (!ok || last > at) {
		w.from[s.From] = last
	}
	if at, ok := w.until[s.Until]; ends && (!ok || first < at) {
		w.until[s.Until] = first
	}
}

// days gives those on which an older version does not hold for that reason.
func (w *sameWords) days(s fact.Span) (out []run) {
	if w.both == nil {
		return nil
	}
	if w.both[s] {
		return []run{{fact.MinDay, fact.MaxDay}}
	}
	if last, ok := w.from[s.From]; ok {
		out = append(out, run{s.From.First, last})
	}
	if first, ok := w.until[s.Until]; ok {
		out = append(out, run{first, s.Until.Last})
	}
	return slices.DeleteFunc(out, run.empty)
}

// sweep divides all days into runs on which none of the spans begins or ends, and gives with each the places of those that hold or may
// hold.
func sweep(spans []fact.Span) iter.Seq2[run, []int] {
	days := []fact.Day{fact.MinDay}
	edges := func(first, last fact.Day, ok bool) {
		if ok && first > fact.MinDay {
			days = append(days, first)
		}
		if ok && last < fact.MaxDay {
			days = append(days, last+1)
		}
	}
	possible := make([]run, len(spans))
	var next []int
	for i, s := range spans {
		first, last, ok := s.Possible()
		if ok {
			possible[i], next = run{first, last}, append(next, i)
		}
		edges(first, last, ok)
		edges(s.Certain())
	}
	slices.Sort(days)
	days = slices.Compact(days)
	slices.SortStableFunc(next, func(i, j int) int { return cmp.Compare(possible[i].first, possible[j].first) })
	return func(yield func(run, []int) bool) {
		var open []int
		next := next
		for i, first := range days {
			r := run{first, fact.MaxDay}
			if i+1 < len(days) {
				r.last = days[i+1] - 1
			}
			for len(next) > 0 && possible[next[0]].first <= first {
				open, next = append(open, next[0]), next[1:]
			}
			open = slices.DeleteFunc(open, func(i int) bool { return possible[i].last < first })
			if !yield(r, open) {
				return
			}
		}
	}
}

// inside gives a day of the run that is no end of time: nothing is certain there that is not certain near it.
func (r run) inside() fact.Day {
	switch {
	case r.last < fact.MaxDay:
		return r.last
	case r.first > fact.MinDay:
		return r.first
	}
	return 0
}

// days is a set of days, as runs in their order that do not touch.
type days []run

type run struct{ first, last fact.Day }

// within is the run as a bound on what lies between two days: where it reaches them it bounds nothing.
func (d run) within(first, last fact.Day) (s fact.Span) {
	if d.first > first {
		s.From = fact.ExactDate(d.first)
	}
	if d.last < last {
		s.Until = fact.ExactDate(d.last)
	}
	return s
}

// after gives the place of the first run that ends on a day or later.
func (s days) after(d fact.Day) int {
	i, _ := slices.BinarySearchFunc(s, d, func(r run, d fact.Day) int { return cmp.Compare(r.last, d) })
	return i
}

// any reports whether some day of a run is in the set.
func (s days) any(first, last fact.Day) bool {
	i := s.after(first)
	return i < len(s) && s[i].first <= last
}

// plus adds a run.
func (s days) plus(first, last fact.Day) days {
	i := s.after(max(first, fact.MinDay+1) - 1)
	j := i
	for ; j < len(s) && s[j].first <= min(last, fact.MaxDay-1)+1; j++ {
		first, last = min(first, s[j].first), max(last, s[j].last)
	}
	return slices.Replace(s, i, j, run{first, last})
}

// minus takes a run away.
func (s days) minus(first, last fact.Day) days {
	var out days
	for _, r := range s {
		if r.first < first {
			out = append(out, run{r.first, min(r.last, first-1)})
		}
		if r.last > last {
			out = append(out, run{max(r.first, last+1), r.last})
		}
	}
	return out
}

// without gives the days of a run that are not in the set.
func (s days) without(first, last fact.Day) days {
	var out days
	for i := s.after(first); i < len(s) && s[i].first <= last; i++ {
		if s[i].first > first {
			out = append(out, run{first, s[i].first - 1})
		}
		if s[i].last >= last {
			return out
		}
		first = s[i].last + 1
	}
	return append(out, run{first, last})
}
