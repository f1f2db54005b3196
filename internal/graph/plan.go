package graph

import (
	"cmp"
	"slices"

	"plumbline/internal/fact"
)

// laid is a proposal as it is laid over the record.
type laid struct {
	proposal fact.ID   // empty: none
	planned  bool      // it is read on its own days, and not as if in force on the day looked at
	launch   fact.Date // when what it leaves undated would begin or end; zero: on no day
}

// asIf reports whether a version is read as if in force on the day, whatever its own days are.
func (l *laid) asIf(x *version) bool { return x.proposal != "" && !l.planned && !x.gone }

// spanOf gives the days of which a version speaks. What is proposed is taken to have begun, or is read on its own days; nobody proposes what was, so
// without a first day it is undated.
func (l *laid) spanOf(x *version) fact.Span {
	s := x.span
	switch {
	case x.proposal == "" || x.takesBack():
	case !l.planned:
		s.From = fact.Date{}
	case x.op == fact.Assert && (s.From.IsZero() || s.From.Form == fact.ToBeAgreed):
		if s.From = fact.Undated; !l.launch.IsZero() {
			s.From = l.launch
		}
	case x.op == fact.End && s.Until.Form == fact.ToBeAgreed && !l.launch.IsZero():
		s.Until = eve(l.launch)
	}
	return s
}

// eve is the day before a date, of whose window each day may be the date.
func eve(d fact.Date) fact.Date {
	if d.Form == fact.ToBeAgreed {
		return d
	}
	return fact.Within(d.First-1, d.Last-1)
}

// Planned lays a proposal over the record on its own days: it is the record as it would come to be, wave by wave. What the proposal leaves undated begins,
// or ends before, the launch; without a launch it is agreed, and on no day.
func (v *View) Planned(proposal fact.ID, launch fact.Date) *View {
	w := v.look(v.on, v.known)
	w.laid = laid{proposal, true, launch}
	return w
}

// AsIf reports whether a proposal is laid over the record as if it were in force on the day, whatever its own days are. See With and Planned.
func (v *View) AsIf() bool { return v.proposal != "" && !v.planned }

// Launch is the day on which what a proposal leaves undated would take effect: of the proposal looked at, or zero.
func (v *View) Launch() fact.Date { return v.launch }

// Wave is a date on which a proposal takes effect, and what it would change then.
type Wave struct {
	On      fact.Date // to be agreed: it is undated
	Records []fact.Key
}

// Waves gives the dates on which the proposal looked at takes effect, in their order, what is undated last. See Planned.
func (v *View) Waves() []Wave {
	for _, k := range v.g.kinds.All {
		v.reads(listDatum(k))
	}
	if m := v.remember(); m.waves == nil {
		m.waves = v.findWaves()
	}
	return v.memory.waves
}

func (v *View) findWaves() []Wave {
	on := map[fact.Date][]fact.Key{}
	for r := range v.touched() {
		for _, d := range v.waves(r) {
			on[d] = append(on[d], r.key())
		}
	}
	out := []Wave{}
	for d, keys := range on {
		out = append(out, Wave{d, keys})
	}
	place := func(d fact.Date) fact.Day {
		if d.Form == fact.ToBeAgreed {
			return fact.MaxDay
		}
		return d.First
	}
	slices.SortFunc(out, func(a, b Wave) int {
		return cmp.Or(cmp.Compare(place(a.On), place(b.On)), cmp.Compare(a.On.Last, b.On.Last), cmp.Compare(a.On.String(), b.On.String()))
	})
	return out
}

// Touched gives the records of which the proposal looked at says something that holds.
func (v *View) Touched() (keys []fact.Key) {
	for r := range v.touched() {
		keys = append(keys, r.key())
	}
	return keys
}

func (v *View) touched() func(yield func(*record) bool) {
	return func(yield func(*record) bool) {
		if v.proposal == "" {
			return
		}
		for r := range v.all() {
			if v.speaks(r) && !yield(r) {
				return
			}
		}
	}
}

// Speaks reports whether the proposal looked at says anything of a record.
func (v *View) Speaks(k fact.Key) bool {
	r := v.find(k)
	return v.proposal != "" && r != nil && v.speaks(r)
}

// speaks reports whether the proposal looked at says anything of a record that it has not taken back.
func (v *View) speaks(r *record) bool {
	v.reads(recordDatum(r))
	for x := v.newest(r); x != nil; x = x.prev {
		if x.proposal == v.proposal && x.op != fact.Erase {
			return !x.takesBack()
		}
	}
	return false
}

// waves gives the dates on which what is said of a record by the proposal looked at begins or ends, each once, on its own days.
func (v *View) waves(r *record) (out []fact.Date) {
	w := *v
	w.planned = true
	add := func(d fact.Date) {
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	branch := w.of(r, w.proposal)
	for _, s := range w.divide(branch) {
		add(s.span.From)
		if until := s.span.Until; !until.IsZero() && until.Form != fact.ToBeAgreed {
			add(morrow(until))
		}
	}
	if x := w.agreed(branch); x != nil {
		add(fact.Undated)
	}
	for _, x := range branch {
		if x.op == fact.End {
			if until := w.spanOf(x).Until; until.Form == fact.ToBeAgreed {
				add(fact.Undated)
			} else {
				add(morrow(until))
			}
			break // the newest counts
		}
	}
	return out
}

// morrow is the day after a date.
func morrow(d fact.Date) fact.Date { return fact.Within(d.First+1, d.Last+1) }
