package graph

import (
	"iter"
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// View is the record on one day as known at one position, with a proposal laid over it or not. Looking does no
// I/O and gives no error. A View remembers what it looked up, so it belongs to one goroutine; making another is cheap.
type View struct {
	g     *Graph
	known int64
	lists *[][]*record // what there was of each kind when the View was made; shared
	laid
	supposed *supposed // nil: nothing
	on       fact.Day
	fixed    bool   // the day does not go with that of the View of which this one was made
	ago      int    // months that it is before that
	notes    *notes // nil: nothing was ever noted

	n     int             // how many are in few
	few   [atHand]*Record // the first that were looked up, absent ones among them
	first Record          // where the first of them is Memo: most views are made for one
	*memory
}

// atHand is how many records a View remembers in a plain list.
const atHand = 8

// memory is what a View remembers once it is asked for more than a few records.
type memory struct {
	seen  [][]*page             // by kind and place in the list, once there are more than a few
	whole []listing             // all records of a kind, once asked for
	back  map[referrer]*listing // edges the other way, as far as they were asked for
	value map[valued]*listing   // what has a value in a field, as far as it was asked for

	top   map[*record]bool // where lines end, once asked for
	tops  Memo
	waves []Wave // once asked for

	held map[any]any
}

// Remember has a View remember something that others made of it, by a key, as long as it is looked at.
func (v *View) Remember(key, x any) {
	m := v.remember()
	if m.held == nil {
		m.held = map[any]any{}
	}
	m.held[key] = x
}

// Remembered gives what a View was to remember, or nil.
func (v *View) Remembered(key any) any {
	if v.memory == nil {
		return nil
	}
	return v.held[key]
}

// listing is some records, as a View remembers them.
type listing struct {
	Memo
	records []*Record
}

func (v *View) remember() *memory {
	if v.memory == nil {
		v.memory = new(memory)
	}
	return v.memory
}

// View looks at the record on a day, as known at a position (a position beyond the end is the end).
func (g *Graph) View(on fact.Day, known int64) *View {
	size := g.size.Load() // before the lists, so that they hold everything up to it
	return &View{g: g, on: on, known: max(0, min(known, size)), lists: g.snapshot()}
}

// On is the day looked at. An answer that depends on it is of that day alone: see By.
func (v *View) On() fact.Day {
	v.narrow(v.on, v.on)
	return v.on
}

// Day is On for whoever notes for himself how his answer depends on it: see By.
func (v *View) Day() fact.Day { return v.on }

// Known is the position as at which the record is looked at.
func (v *View) Known() int64 { return v.known }

// KnownAt is the moment of that position.
func (v *View) KnownAt() time.Time { return v.g.RecordedAt(v.known) }

// Proposal is the id of the proposal laid over the record, or empty.
func (v *View) Proposal() fact.ID { return v.proposal }

// Kinds gives the kinds of record.
func (v *View) Kinds() *kind.Set { return v.g.kinds }

// With lays a proposal over the record: its entries are read as if in force on the day, those that begin
// later or on a date to be agreed being taken to begin on it.
func (v *View) With(proposal fact.ID) *View {
	w := v.look(v.on, v.known)
	w.laid = laid{proposal: proposal}
	return w
}

// Earlier is the same view as known at an earlier position.
func (v *View) Earlier(known int64) *View {
	w := v.g.View(v.on, min(known, v.known))
	w.laid = v.laid
	return w
}

// At is the same view of another day.
func (v *View) At(on fact.Day) *View {
	w := v.look(on, v.known)
	if v.noting() && on != v.on {
		v.narrow(v.on, v.on) // who asks has worked out which, it may be, from the one looked at
		w.fixed = true
	}
	return w
}

// OnDay is At of a day that does not depend on the one looked at.
func (v *View) OnDay(on fact.Day) *View {
	w := v.look(on, v.known)
	w.fixed = true
	return w
}

// Record is one record as a View sees it.
type Record struct {
	v      *View
	r      *record
	ver    *version   // what holds, or may hold
	alts   []*version // the others that may hold instead; nil where the day is certain
	exists fact.Cover

	stamp, fact uint32 // of the last frames in which it was noted, and as a fact
	timed       bool
	first, last fact.Day // once timed: see still
}

// covers says whether a version speaks of the day.
func (v *View) covers(x *version) fact.Cover {
	switch {
	case x.op == fact.Assert:
		return v.spanOf(x).On(v.on)
	case v.asIf(x):
		return fact.Yes // taken to have ended
	}
	return v.spanOf(x).AfterUntil(v.on)
}

// resolve applies the rule of doc.go to one record. Inside the window of an imprecise date more than one entry may be the
// one that holds, the newest first; where none of them certainly does, the record may not be there at all.
func (v *View) resolve(r *record, out *Record) {
	*out = Record{v: v, r: r, exists: fact.Yes}
	settled := v.proposal != "" && v.candidates(out, v.proposal)
	if !settled && !v.candidates(out, "") {
		out.exists = fact.Maybe
	}
}

// candidates adds the versions of one branch that may hold, and reports whether one of them certainly does.
func (v *View) candidates(out *Record, branch fact.ID) (settled bool) {
	var same *sameWords // of what may hold, once something older may hold instead
	for x := v.newest(out.r); x != nil; x = x.prev {
		if x.proposal != branch || x.op == fact.Erase {
			continue
		}
		if x.takesBack() {
			return false
		}
		c := v.covers(x)
		switch {
		case c == fact.No:
			continue
		case x.op == fact.End:
			out.exists = fact.Maybe // some of the readings have it ended
		case out.ver == nil:
			out.ver = x
		default:
			if same == nil {
				same = new(sameWords)
				for _, y := range out.versions() {
					same.add(v.spanOf(y))
				}
			}
			if own := v.spanOf(x); !slices.ContainsFunc(same.days(own), func(d run) bool { return d.first <= v.on && v.on <= d.last }) {
				out.alts = append(out.alts, x)
				same.add(own)
			}
		}
		if c == fact.Yes {
			return true
		}
	}
	return false
}

// page holds what was looked up of so many records of a kind that stand together: a look at one record costs a page, and a look at all of
// them no more than a list.
type page [256]*Record

func (v *View) at(r *record) *Record {
	if r.ord >= len((*v.lists)[r.kind.Index]) {
		v.reads(recordDatum(r))
		return nil // it came after the View was made
	}
	rec := v.resolved(r)
	v.looked(rec)
	return rec.present()
}

// resolved gives what a record is, which may be nothing.
func (v *View) resolved(r *record) *Record {
	if v.memory == nil || v.seen == nil {
		for _, x := range v.few[:v.n] {
			if x.r == r {
				return x
			}
		}
		if v.n < atHand {
			rec := &v.first
			if v.n > 0 {
				rec = new(Record)
			}
			v.resolve(r, rec)
			v.few[v.n] = rec
			v.n++
			return rec
		}
		v.remember().seen = make([][]*page, len(*v.lists))
		for _, x := range v.few {
			*v.slot(x.r) = x
		}
	}
	slot := v.slot(r)
	if *slot == nil {
		*slot = new(Record)
		v.resolve(r, *slot)
	}
	return *slot
}

// slot is where a View remembers a record.
func (v *View) slot(r *record) **Record {
	k := r.kind.Index
	if v.seen[k] == nil {
		v.seen[k] = make([]*page, (len((*v.lists)[k])+len(page{})-1)/len(page{}))
	}
	p := &v.seen[k][r.ord/len(page{})]
	if *p == nil {
		*p = new(page)
	}
	return &(*p)[r.ord%len(page{})]
}

// present gives nil for a record that is not there on the day.
func (r *Record) present() *Record {
	if r.ver == nil {
		return nil
	}
	return r
}

// Record gives one record, or nil if it is not there on the day. It may be there uncertainly: see Exists.
func (v *View) Record(k fact.Key) *Record {
	if r := v.find(k); r != nil {
		return v.at(r)
	}
	return nil
}

func (g *Graph) find(k fact.Key) *record {
	kk := g.kinds.Kind(k.Kind)
	if kk == nil {
		return nil
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	t := &g.tables[kk.Index]
	if t.opaque != nil && strings.HasPrefix(string(k.ID), "~") {
		return t.find(k.ID)
	}
	return t.get(k.ID)
}

// All gives every record of a kind on the day, in the order in which they first appeared.
func (v *View) All(name fact.KindName) []*Record {
	k := v.g.kinds.Kind(name)
	if k == nil {
		return nil
	}
	if v.remember().whole == nil {
		v.whole = make([]listing, len(*v.lists))
	}
	l := &v.whole[k.Index]
	v.Keep(&l.Memo, func() {
		v.reads(listDatum(k))
		l.records = make([]*Record, 0, len((*v.lists)[k.Index]))
		for _, r := range (*v.lists)[k.Index] {
			rec := v.resolved(r)
			if v.noting() {
				v.narrow(v.still(rec)) // the list says that it depends on each of them
			}
			if rec.present() != nil {
				l.records = append(l.records, rec)
			}
		}
	})
	return l.records
}

// Handle is a record as no View in particular sees it, so that what holds it keeps none alive. Two of the same record are equal.
type Handle struct{ r *record }

// Handle gives that of the record.
func (r *Record) Handle() Handle { return Handle{r.r} }

// Show gives the record of a handle, or nil if it is not there on the day.
func (v *View) Show(h Handle) *Record { return v.at(h.r) }

// Each is All for whoever stops at the first that he looks for: what comes after it is not read.
func (v *View) Each(name fact.KindName) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		k := v.g.kinds.Kind(name)
		if k == nil {
			return
		}
		for _, r := range (*v.lists)[k.Index] {
			if rec := v.at(r); rec != nil && !yield(rec) {
				return
			}
		}
		v.reads(listDatum(k)) // there is no other
	}
}

// Ever reports whether anything of a kind that satisfies ok was recorded for any day, on the record in force or the proposal looked at.
// It distinguishes what is missing on this day from what was never recorded.
func (v *View) Ever(name fact.KindName, ok func(Past) bool) bool {
	for p := range v.Pasts(name) {
		if ok(p) {
			return true
		}
	}
	return false
}

// Past is what one entry says of a record over a run of days, whether or not the day looked at is among them.
type Past struct {
	Record *Record // of that entry alone, and its Span is this one
	Span   fact.Span
}

// Pasts gives what every record of a kind is on all its days, and what is agreed and not dated. What a later entry of the same branch
// corrected is not among it; the record in force and the proposal looked at stand side by side.
func (v *View) Pasts(name fact.KindName) iter.Seq[Past] {
	return func(yield func(Past) bool) {
		k := v.g.kinds.Kind(name)
		if k == nil {
			return
		}
		v.Read(name)
		for _, r := range (*v.lists)[k.Index] {
			for _, s := range v.pastsOf(r) {
				if !yield(v.pastOf(r, s)) {
					return
				}
			}
		}
	}
}

func (v *View) pastOf(r *record, s stretch) Past {
	x := s.version
	if x.span != s.span {
		cut := *x
		cut.span, x = s.span, &cut
	}
	return Past{&Record{v: v, r: r, ver: x, exists: fact.Yes}, s.span}
}

// pasts gives the days of a record. Read as if in force, a proposal stands beside the record, and its days begin as they were written; on its own
// days it takes the place of what it changes, as once it is adopted.
func (v *View) pasts(r *record) []stretch {
	v.reads(recordDatum(r))
	return v.pastsOf(r)
}

func (v *View) pastsOf(r *record) []stretch {
	force := v.of(r, "")
	if v.proposal == "" {
		return v.past(force)
	}
	branch := v.of(r, v.proposal)
	if v.planned {
		return v.past(append(branch, force...))
	}
	out := v.past(force)
	for _, s := range v.past(branch) {
		if s.span.From.IsZero() {
			s.span.From = s.version.span.From
		}
		out = append(out, s)
	}
	return out
}

func (v *View) past(versions []*version) []stretch {
	if len(versions) == 1 && versions[0].op == fact.Assert && !v.asIf(versions[0]) {
		return []stretch{{versions[0], v.spanOf(versions[0])}}
	}
	out := v.divide(versions)
	if x := v.agreed(versions); x != nil {
		out = append(out, stretch{x, v.spanOf(x)})
	}
	return out
}

// agreed gives the newest version that is agreed and not dated.
func (l *laid) agreed(versions []*version) *version {
	for _, x := range versions {
		if x.op == fact.Assert && !l.asIf(x) && l.spanOf(x).From.Form == fact.ToBeAgreed {
			return x
		}
	}
	return nil
}

// finder knows which record a key means: a Graph, or a View that supposes others.
type finder interface{ find(fact.Key) *record }

// target gives the record that a stored reference means, whether or not it is there on the day.
func target(in finder, f *kind.Field, ref string) *record {
	if f.Type != kind.Reference {
		return nil // a text may read like one
	}
	if f.Mixed() {
		k, id, ok := strings.Cut(ref, "/")
		if !ok {
			return nil // a code
		}
		return in.find(fact.Key{Kind: fact.KindName(k), ID: fact.ID(id)})
	}
	return in.find(fact.Key{Kind: f.To[0], ID: fact.ID(ref)})
}

// Ends gives the days on which entries that end a record of a kind take effect.
func (v *View) Ends(name fact.KindName) []fact.Day {
	k := v.g.kinds.Kind(name)
	if k == nil {
		return nil
	}
	v.reads(listDatum(k))
	var out []fact.Day
	for _, r := range (*v.lists)[k.Index] {
		for x := v.newest(r); x != nil; x = x.prev {
			if until := v.spanOf(x).Until; x.op == fact.End && !x.takesBack() && (x.proposal == "" || x.proposal == v.proposal) && until.Form != fact.ToBeAgreed {
				out = append(out, until.First+1, until.Last+1)
			}
		}
	}
	return out
}

// Before is the view as known when a record was first given the value that a field of it has now, together with all else that was
// recorded at that same moment: what whoever wrote it could know. Entries that repeat the value, to correct something
// else, do not move that moment.
func (v *View) Before(r *Record, field string) *View {
	made := r.ver.recorded
	value := r.Text(field)
	for x := r.ver.prev; x != nil; x = x.prev {
		if x.op != fact.Assert || x.proposal != r.ver.proposal {
			continue
		}
		if j, s := x.field(byte(r.r.kind.Field(field).Index)); s != Known || text(j) != value {
			break
		}
		made = x.recorded
	}
	return v.look(v.on, min(v.known, v.g.KnownAt(time.UnixMicro(made))))
}

// LastOf gives the newest entry about a record, or 0.
func (v *View) LastOf(k fact.Key) int64 {
	r := v.find(k)
	if r == nil {
		return 0
	}
	v.reads(recordDatum(r))
	for x := v.newest(r); x != nil; x = x.prev {
		if x.op != fact.Erase {
			return x.position
		}
	}
	return 0
}

// Seen gives the newest entry about a record as it is in force that is known, or under the proposal looked at, or 0: what a writer who looks at it has seen. What
// other proposals say of it is not among it.
func (v *View) Seen(k fact.Key) int64 {
	r := v.find(k)
	if r == nil {
		return 0
	}
	v.reads(recordDatum(r))
	for x := v.newest(r); x != nil; x = x.prev {
		if x.op != fact.Erase && (x.proposal == "" || x.proposal == v.proposal) {
			return x.position
		}
	}
	return 0
}

// LastEntry gives the newest entry about any record of a kind that refers, or referred, to another by a field; otherwise if none does.
func (v *View) LastEntry(name fact.KindName, field string, to fact.Key, otherwise int64) int64 {
	newest := int64(0)
	if k, target := v.g.kinds.Kind(name), v.find(to); k != nil && target != nil {
		f := k.Field(field)
		for _, e := range v.edges(k, f, target) {
			v.reads(recordDatum(e.from))
			if slices.ContainsFunc(v.saidOf(e.from), func(x *version) bool {
				raw, s := x.field(byte(f.Index))
				return s == Known && refersTo(v, f, raw, target)
			}) {
				newest = max(newest, v.LastOf(e.from.key()))
			}
		}
	}
	if newest == 0 {
		return otherwise
	}
	return newest
}

// NewestOf gives the newest entry about any record of some kinds, or 0.
func (v *View) NewestOf(names ...fact.KindName) int64 {
	newest := int64(0)
	for _, n := range names {
		k := v.g.kinds.Kind(n)
		if k == nil {
			continue
		}
		v.Read(n)
		for _, r := range (*v.lists)[k.Index] {
			if len(v.saidOf(r)) > 0 {
				newest = max(newest, v.LastOf(r.key()))
			}
		}
	}
	return newest
}

// saidOf gives every version of a record that is known, also what was corrected since.
func (v *View) saidOf(r *record) (out []*version) {
	for x := v.newest(r); x != nil; x = x.prev {
		if x.op == fact.Assert && (x.proposal == "" || x.proposal == v.proposal) {
			out = append(out, x)
		}
	}
	return out
}
