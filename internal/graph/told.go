package graph

import (
	"maps"
	"slices"
)

// Told is what was answered when questions were asked of many records, each answer with what it depends on and in words that hold nothing of a View. So another
// View takes over those that nothing touches. Whoever asks depends on the answer and not on what it was found by: while the answer stays, nothing that was
// made of it has to be asked again.
type Told[T Answer[T]] struct {
	ask     func(question int, of *Record) T
	noted   bool // what answers depend on; otherwise nobody can take them over
	of      map[asked]*told[T]
	lent    bool // of is that of another
	closed  bool // others have it, and it is not added to
	watched map[datum][]asked
}

// Answer is what can be told.
type Answer[T any] interface {
	Same(other T) bool // which makes it needless to ask again what was made of it
}

// asked is a question, by a number of its own among those of a View, and the record of which it was asked.
type asked struct {
	of       *record
	question int
}

func (a asked) datum() datum {
	return anAnswer | datum(a.question%elsewhere)<<52 | datum(a.of.kind.Index)<<40 | datum(a.of.ord)
}

type told[T Answer[T]] struct {
	said  T
	facts []resting
	reads Reads
}

// resting is an entry that an answer rests on.
type resting struct {
	r     *record
	entry int64
}

// elsewhere stands in the place of a question for what comes of something that is not asked of a record, and is numbered by whoever works it out.
const elsewhere = 255

// Rely notes that an answer depends on what came of something else, by its number: see Changes.Say.
func (v *View) Rely(n int) { v.reads(saidDatum(n)) }

// Say adds to what changed what came of something else, by its number.
func (c *Changes) Say(n int) { c.add(saidDatum(n)) }

func saidDatum(n int) datum { return anAnswer | elsewhere<<52 | datum(uint32(n)) }

// NewTold begins to remember the answers to some questions. noted also remembers what they depend on.
func NewTold[T Answer[T]](noted bool, ask func(question int, of *Record) T) *Told[T] {
	return &Told[T]{ask: ask, noted: noted}
}

// Of gives the answer of a record, asking unless it is known.
func (t *Told[T]) Of(question int, r *Record) T {
	x := t.of[asked{r.r, question}]
	switch {
	case x == nil && t.closed:
		return t.ask(question, r)
	case x == nil:
		x = t.begin(question, r)
	}
	return t.use(x, question, r.v, r.r)
}

// In is Of where the record need not be looked up if its answer is known. It has to be there.
func (t *Told[T]) In(v *View, question int, h Handle) T {
	x := t.of[asked{h.r, question}]
	if x == nil {
		return t.Of(question, v.resolved(h.r))
	}
	return t.use(x, question, v, h.r)
}

// Give gives the answers to whoever keeps them longer than the View, and remembers no more, so that others may have them at the same time.
func (t *Told[T]) Give() *Told[T] {
	t.closed, t.lent = true, true
	return &Told[T]{noted: t.noted, of: t.of, closed: true}
}

// Open remembers again: nobody else has yet what was given.
func (t *Told[T]) Open() { t.closed = false }

func (t *Told[T]) begin(question int, r *Record) *told[T] {
	x := t.tell(question, r)
	t.own()[asked{r.r, question}] = x
	return x
}

// use notes the use of an answer.
func (t *Told[T]) use(x *told[T], question int, v *View, r *record) T {
	if v.noting() {
		v.reads(asked{r, question}.datum())
		if f := v.notes.frame; f.of == v {
			for _, on := range x.facts {
				f.rest(v.resolved(on.r))
			}
		}
	}
	return x.said
}

// own gives the answers to be changed.
func (t *Told[T]) own() map[asked]*told[T] {
	switch {
	case t.of == nil:
		t.of = map[asked]*told[T]{}
	case t.lent:
		t.of = maps.Clone(t.of)
	}
	t.lent = false
	return t.of
}

func (t *Told[T]) tell(question int, r *Record) *told[T] {
	if !t.noted {
		return &told[T]{said: t.ask(question, r)}
	}
	x := &told[T]{}
	r.v.Note()
	r.v.looked(r)
	x.said = t.ask(question, r)
	facts, reads := r.v.Noted()
	x.reads = reads
	for _, f := range facts {
		x.facts = append(x.facts, resting{f.r, f.Entry()})
	}
	return x
}

// Carry takes over the answers of an earlier View, asking again where something that changed touches them, and adds to what changed those answers that are otherwise.
func (t *Told[T]) Carry(was *Told[T], v *View, c *Changes) {
	t.of, t.lent = was.of, true
	again := func(a asked) {
		x := was.of[a]
		var rec *Record
		if list := (*v.lists)[a.of.kind.Index]; a.of.ord < len(list) && list[a.of.ord] == a.of { // else another View supposed it
			rec = v.at(a.of)
		}
		if rec == nil {
			delete(t.own(), a)
			c.add(a.datum())
			return
		}
		y := t.tell(a.question, rec)
		t.own()[a] = y
		if !x.said.Same(y.said) || t.noted && !slices.Equal(x.facts, y.facts) {
			c.add(a.datum())
		}
	}
	if was.watched != nil {
		seen := map[asked]bool{}
		for _, d := range c.data {
			for _, a := range was.watched[d] {
				if !seen[a] {
					seen[a] = true
					again(a)
				}
			}
		}
		return
	}
	for a, x := range was.of {
		if c.Touch(&x.reads) {
			again(a)
		}
	}
}

// All gives what each answer depends on.
func (t *Told[T]) All(yield func(*Reads) bool) {
	for _, x := range t.of {
		if !yield(&x.reads) {
			return
		}
	}
}

// Behind takes in what those answers depend on that are depended on.
func (t *Told[T]) Behind(b Basis) {
	for a, x := range t.of {
		if b[a.datum()] {
			b.Add(&x.reads)
		}
	}
}

// Watch makes ready to be carried over many times on the same day.
func (t *Told[T]) Watch() {
	t.watched = map[datum][]asked{}
	for a, x := range t.of {
		for _, d := range x.reads.data {
			t.watched[d] = append(t.watched[d], a)
		}
	}
}
