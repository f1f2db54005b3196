package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
)

// Fault is the first thing in a record that is not as it was signed.
type Fault struct {
	Position int64  // of the entry; 0 where it is not about one entry
	What     string // "its body is not the one that its envelope names"
}

func (f *Fault) Error() string {
	if f.Position == 0 {
		return f.What
	}
	return fmt.Sprintf("entry %d: %s", f.Position, f.What)
}

// Unwrap makes every fault a fact.ErrCorrupt.
func (f *Fault) Unwrap() error { return fact.ErrCorrupt }

func fault(position int64, format string, args ...any) *Fault {
	return &Fault{position, fmt.Sprintf(format, args...)}
}

// unreadable is the error of a store at one entry. Damage is a fault; a disk that does not answer is not.
func unreadable(position int64, err error) error {
	if errors.Is(err, fact.ErrCorrupt) {
		return fault(position, "it cannot be read (%v)", err)
	}
	return fmt.Errorf("read entry %d: %w", position, err)
}

// checker reads rows one after another and believes none of them. Its tree begins empty at the position after
// base, so that blocks of a log can be checked side by side and joined afterwards.
type checker struct {
	base     int64 // the position before the first
	bodies   bool  // the entries are wanted with their bodies; they are checked in any case
	tree     tree
	recorded time.Time // of the last entry

	// Of the last row.
	e      fact.Entry
	erased bool        // something in its body is
	done   []tlog.Hash // the hashes that it completes in this part of the tree
	above  []byte      // the stored hashes that this part of the tree cannot know

	leaf []byte // scratch
}

// next checks the row that follows, and leaves its entry in e.
func (c *checker) next(row Row) error {
	if err := c.entry(row.Envelope, row.Body); err != nil {
		return err
	}
	if want := tlog.HashSize * (1 + bits.TrailingZeros64(uint64(c.e.Position))); len(row.Hashes) != want {
		return fault(c.e.Position, "it has %d bytes of tree hashes beside it, not %d", len(row.Hashes), want)
	}
	c.above = row.Hashes
	for _, h := range c.grow(row.Envelope) {
		if string(c.above[:tlog.HashSize]) != string(h[:]) {
			return fault(c.e.Position, "its envelope, or the tree hash beside it, was changed")
		}
		c.above = c.above[tlog.HashSize:]
	}
	return nil
}

// entry checks what is written about an entry, before it is hashed into the tree.
func (c *checker) entry(envelope, body []byte) (err error) {
	at := c.base + c.tree.size + 1
	if c.erased, err = checkEntry(&c.e, at, envelope, body); err != nil {
		return err
	}
	if c.e.Recorded.Before(c.recorded) {
		return outOfOrder(at, c.e.Recorded, c.recorded)
	}
	c.recorded = c.e.Recorded
	if c.bodies || c.e.Op == fact.NewKey {
		c.e.Body, err = fact.ParseBody(body)
	}
	return err
}

// grow adds the envelope to the tree and gives the hashes that it completes.
func (c *checker) grow(envelope []byte) []tlog.Hash {
	// tlog.RecordHash, without allocating.
	c.leaf = append(append(c.leaf[:0], 0), envelope...)
	c.done = c.tree.put(0, sha256.Sum256(c.leaf), c.done[:0])
	return c.done
}

// checkEntry reads an envelope into e, and checks it and the body beside it as far as that goes without the other entries.
func checkEntry(e *fact.Entry, position int64, envelope, body []byte) (erased bool, err error) {
	if *e, err = fact.ParseEnvelope(envelope); err != nil {
		return false, fault(position, "its envelope is damaged (%v)", err)
	}
	if e.Position != position {
		return false, fault(position, "its envelope says that it is entry %d", e.Position)
	}
	root, erased, err := fact.BodyRoot(body)
	if err != nil {
		return false, fault(position, "its body is damaged")
	}
	if root != e.Root {
		return false, fault(position, "its body is not the one that its envelope names")
	}
	return erased, nil
}

// readAlone reads one entry with its body, and checks what checkEntry does.
func readAlone(position int64, envelope, body []byte) (e fact.Entry, err error) {
	if _, err = checkEntry(&e, position, envelope, body); err == nil {
		e.Body, err = fact.ParseBody(body)
	}
	return e, err
}

func outOfOrder(position int64, recorded, before time.Time) *Fault {
	return fault(position, "it was recorded %s, earlier than the entry before it (%s)", clock(recorded), clock(before))
}

// removed finds entries from which something was removed without a word.
type removed struct {
	from []int64        // entries with erased fields
	said map[int64]bool // entries that an Erase entry names
}

func (r *removed) see(e *fact.Entry, erased bool) {
	if erased {
		r.from = append(r.from, e.Position)
	}
	if e.Op == fact.Erase {
		if r.said == nil {
			r.said = make(map[int64]bool)
		}
		r.said[e.Base] = true
	}
}

func (r *removed) join(later removed) {
	r.from = append(r.from, later.from...)
	if r.said == nil {
		r.said = later.said
		return
	}
	maps.Copy(r.said, later.said)
}

// check is for when all entries were seen: the one that says so comes later.
func (r *removed) check() error {
	for _, p := range r.from {
		if !r.said[p] {
			return fault(p, "something was erased from it, and no entry says so")
		}
	}
	return nil
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
