package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
)

// step is how far a clock may go back without a word: machines correct their clocks by this much.
const step = time.Minute

// Receipt says where entries went, and what was signed then.
type Receipt struct {
	First, Last int64  // the positions
	Size        int64  // of the checkpoint, which may cover other writers' entries too
	Checkpoint  []byte // signed

	// Scrub is nil unless an erasure was committed and its bytes could not yet be removed from the files (somebody is still reading
	// them). Store.Scrub is then to be called again.
	Scrub error
}

// Pending is entries that have their positions and wait to be committed.
type Pending struct {
	l       *Ledger
	entries []fact.Entry
	erase   []Erasure
	alone   bool          // nothing may stand behind it in its group
	sign    []note.Signer // beside the key of the record; for a rotation
	now     time.Time

	done    chan struct{} // closed when receipt or err is set
	receipt Receipt
	err     error
}

// First is the position of the first of the entries.
func (p *Pending) First() int64 { return p.entries[0].Position }

// Entries gives the entries with their positions and the roots of their bodies.
func (p *Pending) Entries() []fact.Entry { return p.entries }

// Begin gives the entries their positions and queues them; Wait commits them, and must follow. The caller has set Recorded and
// Written; now is the real time, which is signed. For every position in erase the entries must hold an Erase entry
// with that Base, and the fields named there (none means all) lose their values in the same commit.
//
// Nothing was written when Begin fails.
func (l *Ledger) Begin(entries []fact.Entry, erase map[int64][]string, now time.Time) (*Pending, error) {
	p := &Pending{l: l, entries: append([]fact.Entry(nil), entries...), now: now.UTC().Truncate(time.Microsecond), done: make(chan struct{})}
	if len(p.entries) == 0 {
		return nil, fmt.Errorf("append entries: there are none: %w", fact.ErrInvalid)
	}
	erases := 0
	for i := range p.entries {
		e := &p.entries[i]
		if e.Op == fact.NewKey {
			return nil, fmt.Errorf("append entries: a key is changed by rotating it: %w", fact.ErrInvalid)
		}
		if e.Op == fact.Erase {
			if _, ok := erase[e.Base]; !ok {
				return nil, fmt.Errorf("append entries: one says that entry %d is erased, and it is not: %w", e.Base, fact.ErrInvalid)
			}
			erases++
		}
		if err := prepare(e); err != nil {
			return nil, fmt.Errorf("append entries: %w", err)
		}
	}
	if erases != len(erase) {
		return nil, fmt.Errorf("append entries: %d entries are to be erased and %d entries say so: %w", len(erase), erases, fact.ErrInvalid)
	}
	if err := l.enqueue(p, erase); err != nil {
		return nil, fmt.Errorf("append entries: %w", err)
	}
	return p, nil
}

// prepare brings an entry into the form in which it is written, and refuses one that could not be read back as it
// is: what is signed must have one reading.
func prepare(e *fact.Entry) error {
	e.Position = 0
	e.Recorded = e.Recorded.UTC().Truncate(time.Microsecond)
	e.Written = e.Written.UTC().Truncate(time.Microsecond)
	for _, word := range []string{string(e.Who), string(e.Kind), string(e.ID), string(e.Proposal)} {
		if word == "-" || !utf8.ValidString(word) || strings.IndexFunc(word, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) >= 0 {
			return fmt.Errorf("%q may not stand in an entry, which is made of lines of words: %w", word, fact.ErrInvalid)
		}
	}
	e.Body = append(fact.Body(nil), e.Body...)
	e.Body.Sort()
	for i, f := range e.Body {
		if i > 0 && e.Body[i-1].Name == f.Name {
			return fmt.Errorf("the field %q is given twice: %w", f.Name, fact.ErrInvalid)
		}
		if !utf8.ValidString(f.Name) {
			return fmt.Errorf("the name of the field %q is not text: %w", f.Name, fact.ErrInvalid)
		}
		if f.Erased {
			return fmt.Errorf("the field %q comes erased: %w", f.Name, fact.ErrInvalid)
		}
		if f.Salt == (fact.Salt{}) {
			e.Body[i].Salt = newSalt()
		}
		if !isValue(f.Value) {
			return fmt.Errorf("the field %q is not one line of JSON: %w", f.Name, fact.ErrInvalid)
		}
	}
	e.Root = e.Body.Root()

	back, err := fact.ParseEnvelope(fact.AppendEnvelope(nil, e))
	if err == nil {
		back.Body, err = fact.ParseBody(fact.AppendBody(nil, e.Body))
	}
	if err != nil {
		return fmt.Errorf("it could not be read back: %v: %w", err, fact.ErrInvalid)
	}
	return nil
}

// enqueue is the part of Begin that has to happen in order.
func (l *Ledger) enqueue(p *Pending, erase map[int64][]string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.unsure != nil {
		return fmt.Errorf("the end of the log has to be read first: %w", l.unsure)
	}
	h := l.head.Load()
	if err := checkKeys(l.keys, &h.chain); err != nil {
		return err
	}
	if late := h.time.Sub(p.now); late > step {
		return fmt.Errorf("the clock went backwards: it is %s and the record was last signed %s: %w", clock(p.now), clock(h.time), fact.ErrInvalid)
	}
	last := l.last
	for i := range p.entries {
		e := &p.entries[i]
		e.Position = l.next + int64(i)
		switch late := last.Sub(e.Recorded); {
		case late > step || late > 0 && e.Reconstructed:
			return fmt.Errorf("it would be recorded %s, and the entry before it was recorded %s; the record only goes forwards: %w", clock(e.Recorded), clock(last), fact.ErrInvalid)
		case late > 0:
			e.Recorded = last
		}
		last = e.Recorded
	}
	if err := l.prepareErase(p, erase); err != nil {
		return err
	}
	l.next += int64(len(p.entries))
	l.last = last
	l.queue = append(l.queue, p)
	return nil
}

// Wait commits the entries, together with all others that are queued, and returns when they are durable.
//
// It does not give up when ctx ends: the entries are in a group by then, and a writer that walked away would leave everybody
// unsure of what is in the log.
func (p *Pending) Wait(ctx context.Context) (Receipt, error) {
	select {
	case <-p.done:
	case p.l.lead <- struct{}{}:
		// The one before may have taken these entries along; and a group may end before them.
		for !p.settled() {
			p.l.commit(context.WithoutCancel(ctx))
		}
		<-p.l.lead
	}
	return p.receipt, p.err
}

func (p *Pending) settled() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Append is Begin and Wait.
func (l *Ledger) Append(ctx context.Context, entries []fact.Entry, now time.Time) ([]fact.Entry, Receipt, error) {
	p, err := l.Begin(entries, nil, now)
	if err != nil {
		return nil, Receipt{}, err
	}
	r, err := p.Wait(ctx)
	return p.Entries(), r, err
}

// group gives the pending entries that go into the next commit.
func (l *Ledger) group() []*Pending {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, p := range l.queue {
		if p.alone {
			return l.queue[:max(i, 1)]
		}
	}
	return l.queue[:len(l.queue):len(l.queue)]
}

// commit writes one group and settles its writers. The caller holds lead, and the queue is not empty.
func (l *Ledger) commit(ctx context.Context) {
	group := l.group()
	h := l.head.Load()
	next, batch, err := l.seal(h, group)
	if err == nil {
		// The commit point. When this returns nil the group is in the log and outlives the power; were the program to end before,
		// no writer has been told anything, and the store holds all of the group or nothing of it.
		err = l.st.Append(ctx, h.tree.size, batch)
	}
	if err != nil {
		l.fail(fmt.Errorf("append entries: %w", err))
		return
	}
	l.head.Store(next)

	var scrub error
	if len(batch.Erase) > 0 {
		// The erasure is committed: the entry is what it is now, and only traces in the files remain to be removed.
		if err := l.st.Scrub(ctx); err != nil {
			scrub = fmt.Errorf("remove erased bytes: %w", err)
		}
	}
	for _, p := range group {
		first := p.First()
		p.receipt = Receipt{first, first + int64(len(p.entries)) - 1, next.tree.size, next.signed, scrub}
	}
	l.mu.Lock()
	l.queue = l.queue[len(group):]
	l.mu.Unlock()
	for _, p := range group {
		close(p.done)
	}
}

// seal hashes the entries of a group into the tree, and signs it.
func (l *Ledger) seal(h *head, group []*Pending) (*head, Batch, error) {
	var batch Batch
	k, ok := l.keys.find(h.chain.newest())
	if !ok { // it was replaced since these entries were begun
		return nil, batch, checkKeys(l.keys, &h.chain)
	}
	signers := []note.Signer{k}
	next := *h
	next.tree = h.tree.clone()
	var rows []Row
	var done []tlog.Hash
	for _, p := range group {
		for i := range p.entries {
			e := &p.entries[i]
			row := Row{Envelope: fact.AppendEnvelope(nil, e), Body: fact.AppendBody(nil, e.Body)}
			done = next.tree.put(0, tlog.RecordHash(row.Envelope), done[:0])
			for _, d := range done {
				row.Hashes = append(row.Hashes, d[:]...)
			}
			rows = append(rows, row)
			next.last = e.Recorded
			if e.Op == fact.NewKey {
				if err := next.chain.add(e); err != nil {
					return nil, batch, err
				}
			}
		}
		if p.now.After(next.time) {
			next.time = p.now
		}
		batch.Erase = append(batch.Erase, p.erase...)
		signers = append(signers, p.sign...)
	}
	next.root = next.tree.root()
	c := checkpoint{origin: l.origin, size: next.tree.size, root: next.root, time: next.time}
	var err error
	if next.signed, err = c.sign(signers...); err != nil {
		return nil, batch, err
	}
	rows[len(rows)-1].Checkpoint = next.signed
	batch.Rows = Rows(rows...)
	return &next, batch, nil
}

// fail settles every writer in the queue with the error: the positions of those behind a group that failed are void.
func (l *Ledger) fail(err error) {
	l.mu.Lock()
	queue := l.queue
	l.queue = nil
	l.unsure = err
	l.mu.Unlock()
	for _, p := range queue {
		p.err = err
		close(p.done)
	}
}
