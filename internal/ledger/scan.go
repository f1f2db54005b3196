package ledger

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
)

// A log is checked in blocks, side by side: each is a complete subtree of 2^blockLevel entries, the last one excepted,
// and its tree is grown alone and joined to the others when their turn comes.
const (
	blockLevel = 11
	blockSize  = 1 << blockLevel
)

// scan is one distrustful reading of a log, with all cores.
type scan struct {
	st       Store
	start    []byte // the checkpoint of the empty log
	size     int64
	all      bool                   // every checkpoint is checked, and not only those that name keys and the last
	each     func(fact.Entry) error // is given every entry, in order; or nil
	progress func(done, total int64)

	// What was found, up to the block that was joined last.
	trail
	tree     tree
	recorded time.Time // of the last entry
	removed  removed

	known atomic.Pointer[chain] // of the trail, for those who check blocks ahead
}

// block is one part of the log and what was found in it.
type block struct {
	first, last int64
	entries     []fact.Entry // where they are wanted
	from        time.Time    // recorded of the first entry
	check       checker      // after the last row; above holds the hashes of the tree beyond this block
	signs       []*sign
	stacks      [][]tlog.Hash // for each of signs, the part of the tree inside this block
	removed     removed
	err         error
	done        chan struct{}
}

// run reads and checks the whole log, up to the first fault.
func (s *scan) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	// What is read is garbage at once. On a small heap the collector would run a hundred times a second and take a fifth of the time;
	// beside this it runs a few times. It is never touched, and so takes no memory.
	ballast := make([]byte, 16<<20)
	defer runtime.KeepAlive(ballast)

	s.publish()
	workers := runtime.GOMAXPROCS(0)
	jobs := make(chan *block)
	order := make(chan *block, 2*workers) // the same blocks, in their order; its length bounds what is held in memory
	for range workers {
		wg.Go(func() {
			for b := range jobs {
				b.err = s.check(ctx, b)
				close(b.done)
			}
		})
	}
	wg.Go(func() {
		defer close(jobs)
		defer close(order)
		for first := int64(1); first <= s.size; first += blockSize {
			b := &block{first: first, last: min(first+blockSize-1, s.size), done: make(chan struct{})}
			for _, to := range []chan *block{order, jobs} {
				select {
				case to <- b:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for b := range order {
		select {
		case <-b.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			return b.err
		}
		if err := s.join(b); err != nil {
			return err
		}
		if s.progress != nil {
			s.progress(s.tree.size, s.size)
		}
	}
	return ctx.Err()
}

// publish shows the present chain to those who check blocks ahead: a copy, since theirs must not change under them.
func (s *scan) publish() {
	ch := s.chain
	s.known.Store(&ch)
}

// check reads the rows of one block, and checks what can be checked without the blocks before it.
func (s *scan) check(ctx context.Context, b *block) error {
	b.check.base = b.first - 1
	b.check.bodies = s.each != nil
	for row, err := range s.st.Read(ctx, b.first, b.last) {
		if err != nil {
			return unreadable(b.first+b.check.tree.size, err)
		}
		if err := b.check.next(row); err != nil {
			return err
		}
		e := &b.check.e
		if e.Position == b.first {
			b.from = e.Recorded
		}
		if e.Position == b.last {
			b.check.above = append([]byte(nil), b.check.above...) // the row is about to go
		}
		b.removed.see(e, b.check.erased)
		if s.all || e.Op == fact.NewKey || e.Position == s.size {
			n, err := readSign(e, row.Checkpoint)
			if err != nil {
				return err
			}
			if n != nil {
				// This takes longer than all else, and so is done here, with the keys known by now; the trail looks
				// again if these were not the right ones.
				ch := s.known.Load()
				if by := ch.signers(n.size); checkSigned(n.signed, by...) == nil {
					n.by = by
				}
				b.signs = append(b.signs, n)
				b.stacks = append(b.stacks, append([]tlog.Hash(nil), b.check.tree.stack...))
			}
		}
		if s.each != nil {
			b.entries = append(b.entries, *e)
		}
	}
	if at := b.first + b.check.tree.size; at <= b.last {
		return fault(at, "it is missing")
	}
	return nil
}

// join adds the block to what was found so far.
func (s *scan) join(b *block) error {
	if b.from.Before(s.recorded) {
		return outOfOrder(b.first, b.from, s.recorded)
	}
	s.recorded = b.check.recorded
	for i, n := range b.signs {
		if err := s.trail.next(n, s.tree.root(b.stacks[i]...)); err != nil {
			return err
		}
		if n.newKey != nil {
			s.publish()
		}
	}
	s.removed.join(b.removed)
	for i := range b.entries {
		if err := s.each(b.entries[i]); err != nil {
			return err
		}
	}

	part := b.check.tree
	if part.size < blockSize { // the last one
		s.tree = tree{s.tree.size + part.size, append(s.tree.stack, part.stack...)}
		return nil
	}
	above := b.check.above
	for _, h := range s.tree.put(blockLevel, part.stack[0], nil)[1:] {
		if string(above[:tlog.HashSize]) != string(h[:]) {
			return fault(b.last, "the tree hash beside it was changed")
		}
		above = above[tlog.HashSize:]
	}
	return nil
}
