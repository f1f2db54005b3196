package graph

import (
	"maps"
	"reflect"
)

// Told is what was answered when one question was asked of many records, each answer with what it depends on and in words that hold nothing of a View. So another
// View takes over those that nothing touches. Whoever asks depends on the answer and not on what it was found by: while the answer stays, nothing that was
// made of it has to be asked again.
type Told[T any] struct {
	question uint8 // tells it from others asked of the same records
	noted    bool  // what answers depend on; otherwise nobody can take them over
	of       map[*record]*told[T]
	lent     bool // of is that of another
	watched  map[datum][]*record
}

type told[T any] struct {
	said  T
	facts []resting
	reads Reads
}

// resting is an entry that an answer rests on.
type resting struct {
	r     *record
	entry int64
}

// NewTold begins to remember the answers to a question. noted also remembers what they depend on.
func NewTold[T any](question uint8, noted bool) *Told[T] {
	return &Told[T]{question: question, noted: noted, of: map[*record]*told[T]{}}
}

// Of gives the answer of a record, asking unless it is known.
func (t *Told[T]) Of(r *Record, ask func(*Record) T) T {
	x := t.of[r.r]
	if x == nil {
		x = t.tell(r, ask)
		t.own()[r.r] = x
	}
	if v := r.v; v.noting() {
		v.reads(toldDatum(t.question, r.r))
		if f := v.notes.frame; f.of == v {
			for _, on := range x.facts {
				f.rest(v.resolved(on.r))
			}
		}
	}
	return x.said
}

func (t *Told[T]) own() map[*record]*told[T] {
	if t.lent {
		t.of, t.lent = maps.Clone(t.of), false
	}
	return t.of
}

func (t *Told[T]) tell(r *Record, ask func(*Record) T) *told[T] {
	if !t.noted {
		return &told[T]{said: ask(r)}
	}
	x := &told[T]{}
	r.v.Note()
	r.v.looked(r)
	x.said = ask(r)
	facts, reads := r.v.Noted()
	x.reads = reads
	for _, f := range facts {
		x.facts = append(x.facts, resting{f.r, f.Entry()})
	}
	return x
}

// Carry takes over the answers of an earlier View, asking again where something that changed touches them, and adds to what changed those answers that are otherwise.
func (t *Told[T]) Carry(was *Told[T], v *View, c *Changes, ask func(*Record) T) {
	t.of, t.lent = was.of, true
	again := func(r *record) {
		x := was.of[r]
		rec := v.at(r)
		if rec == nil {
			delete(t.own(), r)
			c.data = append(c.data, toldDatum(t.question, r))
			return
		}
		y := t.tell(rec, ask)
		t.own()[r] = y
		if !reflect.DeepEqual(x.said, y.said) || t.noted && !reflect.DeepEqual(x.facts, y.facts) {
			c.data = append(c.data, toldDatum(t.question, r))
		}
	}
	if was.watched != nil {
		seen := map[*record]bool{}
		for _, d := range c.data {
			for _, r := range was.watched[d] {
				if !seen[r] {
					seen[r] = true
					again(r)
				}
			}
		}
		return
	}
	for r, x := range was.of {
		if c.Touch(&x.reads) {
			again(r)
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
func (t *Told[T]) Behind(w Watched) {
	for r, x := range t.of {
		if _, there := w[toldDatum(t.question, r)]; there {
			w.Add(&x.reads)
		}
	}
}

// Watch makes ready to be carried over many times on the same day.
func (t *Told[T]) Watch() {
	t.watched = map[datum][]*record{}
	for r, x := range t.of {
		for _, d := range x.reads.data {
			t.watched[d] = append(t.watched[d], r)
		}
	}
}
