package rule

import (
	"math/bits"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Fact is an entry on which a result rests.
type Fact struct {
	Record fact.Key
	Entry  int64
}

// entries puts facts in the order of their entries, each once, without comparing them: it has a bit for each entry of the ledger.
type entries struct {
	bits   []uint64
	before []int // how many there are before those of a word
}

// order gives the facts of some lists. Nobody else has an entry of the ledger than the record of which it is.
func (e *entries) order(lists ...[]Fact) []Fact {
	for _, facts := range lists {
		for i := range facts {
			at := int(facts[i].Entry / 64)
			if more := at + 1 - len(e.bits); more > 0 {
				e.bits = append(e.bits, make([]uint64, more)...)
			}
			e.bits[at] |= 1 << (facts[i].Entry % 64)
		}
	}
	total := 0
	e.before = e.before[:0]
	for _, word := range e.bits {
		e.before = append(e.before, total)
		total += bits.OnesCount64(word)
	}
	out := make([]Fact, total)
	for _, facts := range lists {
		for i := range facts {
			at, bit := facts[i].Entry/64, uint64(1)<<(facts[i].Entry%64)
			out[e.before[at]+bits.OnesCount64(e.bits[at]&(bit-1))] = facts[i]
		}
	}
	clear(e.bits)
	return out
}

// factsOf gives the entries of records, in no order.
func factsOf(records []*graph.Record) []Fact {
	out := make([]Fact, 0, len(records))
	for _, x := range records {
		out = append(out, Fact{x.Key(), x.Entry()})
	}
	return out
}
