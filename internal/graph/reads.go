package graph

import (
	"hash/fnv"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Reads is what an answer depends on. While nothing of it changes, the answer is the same on every day from First to Last.
type Reads struct {
	First, Last fact.Day
	data        []datum // sorted, each once
}

// datum is something that can change: a record, the list of a kind, what refers to a record by a field, what has a value in a field, what was told of a
// record. Two things may share one: then an answer is asked for again that need not be.
type datum uint64

const (
	aRecord datum = iota << 60
	aList
	aReference
	aValue
	anAnswer // see Told and Said
)

func recordDatum(r *record) datum  { return aRecord | datum(r.kind.Index)<<40 | datum(r.ord) }
func listDatum(k *kind.Kind) datum { return aList | datum(k.Index)<<40 }

func fieldDatum(k *kind.Kind, f *kind.Field) datum { return datum(k.Index)<<52 | datum(f.Index)<<44 }

func edgeDatum(k *kind.Kind, f *kind.Field, to *record) datum {
	return aReference | fieldDatum(k, f) | datum(to.kind.Index)<<32 | datum(uint32(to.ord))
}

func valueDatum(k *kind.Kind, f *kind.Field, value string) datum {
	h := fnv.New32a()
	_, _ = h.Write([]byte(value))
	return aValue | fieldDatum(k, f) | datum(h.Sum32())
}

// notes is what a View and those made of it note together.
type notes struct {
	*frame // nil: nothing is noted
	frames uint32
	spare  *frame // those that are done, to be used again
}

// frame is what was noted since one call of Note.
type frame struct {
	up          *frame
	of          *View // whose facts they are; nil: nobody asks for them
	stamp       uint32
	facts       []*Record
	data        []datum
	first, last fact.Day
}

// Note begins to note what is looked at: the records on which an answer rests, and all that it depends on. What is looked at from here to
// Noted is not noted for an earlier call.
func (v *View) Note() { v.note(v) }

// NoteReads is Note where nobody asks for the facts.
func (v *View) NoteReads() { v.note(nil) }

func (v *View) note(of *View) {
	if v.notes == nil {
		v.notes = &notes{}
	}
	n := v.notes
	n.frames++
	f := n.spare
	if f == nil {
		f = &frame{}
	} else {
		n.spare = f.up
	}
	*f = frame{up: n.frame, of: of, stamp: n.frames, facts: f.facts[:0], data: f.data[:0], first: fact.MinDay, last: fact.MaxDay}
	n.frame = f
}

// Noted gives what was noted since the last Note, and goes on with what was noted before that. A fact may be there more than once.
func (v *View) Noted() (facts []*Record, reads Reads) {
	n := v.notes
	f := n.frame
	n.frame, f.up, n.spare = f.up, n.spare, f
	slices.Sort(f.data)
	return slices.Clone(f.facts), Reads{f.first, f.last, slices.Clone(slices.Compact(f.data))}
}

func (v *View) noting() bool { return v.notes != nil && v.notes.frame != nil }

// Depend notes all that another answer depends on, of which somebody made use.
func (v *View) Depend(r Reads) {
	if v.noting() {
		f := v.notes.frame
		f.data, f.first, f.last = append(f.data, r.data...), max(f.first, r.First), min(f.last, r.Last)
	}
}

// Touch notes a record as a fact that the answer rests on.
func (v *View) Touch(r *Record) {
	if r != nil && v.noting() {
		if f := v.notes.frame; f.of == v {
			f.rest(r)
		}
		r.v.looked(r)
	}
}

func (f *frame) rest(on *Record) {
	if on.fact != f.stamp {
		on.fact, f.facts = f.stamp, append(f.facts, on)
	}
}

// Read notes that an answer depends on all records of a kind, on whatever days.
func (v *View) Read(names ...fact.KindName) {
	if !v.noting() {
		return
	}
	for _, n := range names {
		if k := v.g.kinds.Kind(n); k != nil {
			v.reads(listDatum(k))
		}
	}
}

func (v *View) reads(c datum) {
	if v.noting() {
		v.notes.data = append(v.notes.data, c)
	}
}

// looked notes a look at a record, which is the same as long as no day comes on which something else may hold.
func (v *View) looked(r *Record) {
	if !v.noting() || r.stamp == v.notes.stamp {
		return
	}
	r.stamp = v.notes.stamp
	v.reads(recordDatum(r.r))
	v.narrow(v.still(r))
}

// narrow notes that an answer is the same on no other days of this View than these.
func (v *View) narrow(first, last fact.Day) {
	if !v.noting() || v.fixed {
		return
	}
	if v.ago > 0 {
		first = lag(first, v.ago)
		if last < fact.MaxDay {
			last = lag(last+1, v.ago) - 1
		}
	}
	f := v.notes.frame
	f.first, f.last = max(f.first, first), min(f.last, last)
}

// lag gives the first day of which the day so many months before is a day or later.
func lag(d fact.Day, months int) fact.Day {
	if d <= fact.MinDay+1 || d == fact.MaxDay {
		return d
	}
	on := d.AddMonths(months) - 4
	for on.AddMonths(-months) < d {
		on++
	}
	return on
}

// By reports whether the day looked at is another or later.
func (v *View) By(d fact.Day) bool {
	if v.on >= d {
		v.narrow(d, fact.MaxDay)
		return true
	}
	v.narrow(fact.MinDay, d-1)
	return false
}

// Past reports whether the day looked at is later than another.
func (v *View) Past(d fact.Day) bool { return d < fact.MaxDay && v.By(d+1) }

// Ago is the view of a day so many months before, which goes with this one.
func (v *View) Ago(months int) *View {
	w := v.look(v.on.AddMonths(-months), v.known)
	w.ago += months
	return w
}

// still gives the days around the one looked at on which a record is what it is.
func (v *View) still(r *Record) (first, last fact.Day) {
	if r.timed {
		return r.first, r.last
	}
	first, last = fact.MinDay, fact.MaxDay
	cut := func(d fact.Day) {
		switch {
		case d == fact.MinDay || d == fact.MaxDay:
		case d <= v.on:
			first = max(first, d)
		default:
			last = min(last, d-1)
		}
	}
	until := func(d fact.Date) {
		if !d.IsZero() && d.Form != fact.ToBeAgreed {
			cut(min(d.First, fact.MaxDay-1) + 1)
			cut(min(d.Last, fact.MaxDay-1) + 1)
		}
	}
	for _, branch := range [...]fact.ID{v.proposal, ""} {
		for x := v.newest(r.r); x != nil; x = x.prev {
			if x.proposal != branch || x.op == fact.Erase {
				continue
			}
			if x.takesBack() {
				break
			}
			if s := v.spanOf(x); !(x.op == fact.End && v.asIf(x)) {
				if x.op == fact.Assert && !s.From.IsZero() && s.From.Form != fact.ToBeAgreed {
					cut(s.From.First)
					cut(s.From.Last)
				}
				until(s.Until)
			}
			if v.covers(x) == fact.Yes {
				r.timed, r.first, r.last = true, first, last
				return first, last // nothing that is older counts
			}
		}
		if branch == "" {
			break
		}
	}
	r.timed, r.first, r.last = true, first, last
	return first, last
}

// Memo is an answer that a View remembers with what it depends on, so that each who makes use of it depends on that too.
type Memo struct {
	known, noted, rests bool // what it depends on is noted, and the facts that it rests on
	facts               []*Record
	reads               Reads
}

// Keep works out what is remembered, unless it was.
func (v *View) Keep(k *Memo, work func()) {
	noting := v.noting()
	facts := noting && v.notes.of != nil // are asked for
	switch {
	case k.known && !noting:
		return
	case k.noted && (k.rests || !facts):
	case !noting:
		work()
		k.known = true
		return
	default:
		if facts {
			v.Note()
		} else {
			v.NoteReads()
		}
		work()
		k.facts, k.reads = v.Noted()
		k.known, k.noted, k.rests = true, true, facts
	}
	for _, r := range k.facts {
		v.Touch(r)
	}
	v.Depend(k.reads)
}

// Kinds gives the kinds of record of which something is read.
func (r Reads) Kinds(of *kind.Set) (out []fact.KindName) {
	for _, c := range r.data {
		k := c >> 40
		if kind := c >> 60 << 60; kind == aReference || kind == aValue {
			k = c >> 52
		}
		if name := of.All[k&0xff].Name; !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// Stamp says what a View shows: which graph, as known when, and what is laid over it or supposed.
type Stamp struct {
	g        *Graph
	known    int64
	erasures int64
	supposed *supposed
	laid
}

// Stamp says what the View shows.
func (v *View) Stamp() Stamp { return Stamp{v.g, v.known, v.g.erasures.Load(), v.supposed, v.laid} }

// Changes is what a View shows that is not what another did.
type Changes struct {
	on    fact.Day
	data  []datum
	marks [16]uint64 // a bit for each of them, which others may share
}

func (d datum) mark() (word int, bit uint64) {
	h := d * 0x9e3779b97f4a7c15
	return int(h >> 60), 1 << (h >> 54 & 63)
}

func (c *Changes) add(d datum) {
	c.data = append(c.data, d)
	word, bit := d.mark()
	c.marks[word] |= bit
}

// Changed gives what changed since an earlier View, of whatever day. ok is false where that cannot be told from the two: then everything has to be asked again.
func (v *View) Changed(since Stamp) (c Changes, ok bool) {
	if since.g != v.g || since.laid != v.laid || since.erasures != v.g.erasures.Load() {
		return c, false
	}
	c.on = v.on
	changed := map[*record]bool{}
	v.g.mu.RLock()
	if len(v.g.log) < int(max(since.known, v.known)) {
		v.g.mu.RUnlock()
		return c, false
	}
	for _, r := range v.g.log[min(since.known, v.known):max(since.known, v.known)] {
		if r != nil {
			changed[r] = true
		}
	}
	v.g.mu.RUnlock()
	if since.supposed != v.supposed {
		for _, s := range []*supposed{since.supposed, v.supposed} {
			if s != nil {
				for r := range s.heads {
					changed[r] = true
				}
			}
		}
	}
	for r := range changed {
		c.add(recordDatum(r))
		c.add(listDatum(r.kind))
		c.sought(v, r, r.head.Load())
		for _, s := range []*supposed{since.supposed, v.supposed} {
			if s != nil && s.heads[r] != nil {
				c.sought(v, r, s.heads[r])
			}
		}
	}
	slices.Sort(c.data)
	c.data = slices.Compact(c.data)
	return c, true
}

// sought takes in what a record said that others look for it by.
func (c *Changes) sought(in finder, r *record, x *version) {
	for ; x != nil; x = x.prev {
		for body := x.body; body != ""; {
			num, value, gone, rest := next(body)
			body = rest
			if gone || num >= firstExtra {
				continue
			}
			f := r.kind.Fields[num]
			if f.Type == kind.Reference {
				for to := range targets(in, f, value) {
					c.add(edgeDatum(r.kind, f, to))
				}
			}
			c.add(valueDatum(r.kind, f, ""))
			c.add(valueDatum(r.kind, f, value))
		}
	}
}

// Touch reports whether an answer depends on anything that changed, or is of other days.
func (c *Changes) Touch(r *Reads) bool {
	if c.on < r.First || c.on > r.Last {
		return true
	}
	if len(r.data) > 16*len(c.data) {
		return slices.ContainsFunc(c.data, r.on)
	}
	for _, d := range r.data {
		if word, bit := d.mark(); c.marks[word]&bit != 0 && slices.Contains(c.data, d) {
			return true
		}
	}
	return false
}

func (r *Reads) on(d datum) bool {
	_, found := slices.BinarySearch(r.data, d)
	return found
}

// Watched is all that some answers depend on, and which of them depends on what.
type Watched map[datum][]*Reads

// Add takes in what an answer depends on.
func (w Watched) Add(r *Reads) {
	for _, d := range r.data {
		w[d] = append(w[d], r)
	}
}

// Touched gives the answers that depend on anything that changed. Of the day it takes no account.
func (w Watched) Touched(c *Changes) map[*Reads]bool {
	out := map[*Reads]bool{}
	for _, d := range c.data {
		for _, r := range w[d] {
			out[r] = true
		}
	}
	return out
}

// Said gives the answers that rely on what came of something else, by its number: see View.Rely.
func (w Watched) Said(n int) []*Reads { return w[saidDatum(n)] }

// Basis is all that some answers depend on.
type Basis map[datum]bool

// Add takes in what an answer depends on.
func (b Basis) Add(r *Reads) {
	for _, d := range r.data {
		b[d] = true
	}
}

// Turned gives those of the records depended on that are, on the day looked at, otherwise than on the day before, or may be. One that is not there any more has
// Exists No.
func (v *View) Turned(b Basis) (out []*Record) {
	for d := range b {
		if d>>60 != aRecord>>60 {
			continue
		}
		list := (*v.lists)[d>>40&0xff]
		if ord := int(d & 0xffffffff); ord < len(list) {
			rec := v.resolved(list[ord])
			if first, _ := v.still(rec); first != v.on {
				continue
			}
			if rec.present() == nil {
				gone := *rec
				gone.exists = fact.No
				rec = &gone
			}
			out = append(out, rec)
		}
	}
	slices.SortFunc(out, func(a, b *Record) int { return a.r.compare(b.r) })
	return out
}
