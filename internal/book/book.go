package book

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
)

// Book is an open record. All methods may be called from any goroutine.
type Book struct {
	st    ledger.Store
	keys  *ledger.Keys
	kinds *kind.Set
	now   func() time.Time

	mu     sync.Mutex     // guards log and unsure, and puts changes in one order
	log    *ledger.Ledger // replaced when the record was read again
	unsure bool           // an append failed: what the store holds is not known

	pub  atomic.Pointer[published]
	seen sights
}

// published is what views may see.
type published struct {
	g     *graph.Graph
	known int64
	at    *ledger.Ledger
}

// Open reads a record from its store, believing none of it, and opens the door. Without keys the record can only be looked
// at. progress may be nil.
func Open(ctx context.Context, st ledger.Store, keys *ledger.Keys, kinds *kind.Set, now func() time.Time, progress func(done, total int64)) (*Book, error) {
	b := &Book{st: st, keys: keys, kinds: kinds, now: now}
	if err := b.read(ctx, progress); err != nil {
		return nil, err
	}
	return b, nil
}

// read makes graph and ledger anew from the store.
func (b *Book) read(ctx context.Context, progress func(done, total int64)) error {
	g := graph.New(b.kinds)
	l, err := ledger.Open(ctx, b.st, b.keys, func(e fact.Entry) error { return g.Fold(&e) }, progress)
	if err != nil {
		return err
	}
	b.log, b.unsure = l, false
	b.pub.Store(&published{g, g.Size(), l})
	return nil
}

// Close gives up the store.
func (b *Book) Close() error { return b.st.Close() }

// View looks at the record on a day as known at a position; a position beyond the end, or a negative one, is the newest.
// It does no I/O.
func (b *Book) View(on fact.Day, known int64) *graph.View {
	p := b.pub.Load()
	if known < 0 || known > p.known {
		known = p.known
	}
	return p.g.View(on, known)
}

// Known gives the newest position that may be looked at.
func (b *Book) Known() int64 { return b.pub.Load().known }

// KnownAt gives the position as at the end of a moment.
func (b *Book) KnownAt(t time.Time) int64 {
	p := b.pub.Load()
	return min(p.g.KnownAt(t), p.known)
}

// Opened gives the position of the entry that ended reconstruction, or 0.
func (b *Book) Opened() int64 { return b.pub.Load().g.Opened() }

// Origin names the record, and Root is the root of its tree in hexadecimal as last signed.
func (b *Book) Origin() string { return b.pub.Load().at.Origin() }

// Checkpoint is the newest signed checkpoint.
func (b *Book) Checkpoint() []byte { return b.pub.Load().at.Checkpoint() }

// Root gives the root of the tree at the newest checkpoint, in hexadecimal.
func (b *Book) Root() string {
	r := b.pub.Load().at.Root()
	return fact.Hash(r).String()
}

// Kinds gives the kinds of record.
func (b *Book) Kinds() *kind.Set { return b.kinds }

// Proof is the proof of one entry, and Withheld is a field that is left out of it.
type (
	Proof    = ledger.Bundle
	Withheld = ledger.Withheld
)

// Prove gives the proof that an entry is in the record as last signed. It reads the store.
func (b *Book) Prove(ctx context.Context, position int64) (*Proof, error) {
	return b.pub.Load().at.Prove(ctx, position)
}

// Consistent proves that the record as it is now begins with what it was at an earlier size. It reads the store.
func (b *Book) Consistent(ctx context.Context, size int64) (*ledger.Consistency, error) {
	return b.pub.Load().at.Consistent(ctx, size)
}

// Growth proves to a witness that the record only grew since it was of a size. It reads the store.
func (b *Book) Growth(ctx context.Context, since int64) (*ledger.Growth, error) {
	return b.pub.Load().at.Growth(ctx, since)
}

// Entry finds what an entry did, and to which record.
func (b *Book) Entry(position int64) (fact.Key, graph.Version, bool) {
	p := b.pub.Load()
	if position < 1 || position > p.known {
		return fact.Key{}, graph.Version{}, false
	}
	return p.g.Entry(position)
}

// Follow takes in what others have appended to the store since it was last looked at.
func (b *Book) Follow(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.unsure {
		return b.read(ctx, nil)
	}
	p := b.pub.Load()
	if p.g.Size() != p.known {
		return nil // changes of our own are on their way; they will meet whatever others wrote
	}
	err := b.log.Tail(ctx, func(e fact.Entry) error { return p.g.Fold(&e) })
	if err != nil {
		return b.read(ctx, nil)
	}
	b.pub.Store(&published{p.g, p.g.Size(), b.log})
	return nil
}

// Receipt says what became of a change.
type Receipt struct {
	First, Last int64 // the positions of its entries
	Entries     int
	Checkpoint  []byte // signed, and covering them
	Scrub       error  // an erasure is committed, and traces of the bytes could not yet be removed from the files
}

// attempts is how often a change is tried against a log that others write to as well.
const attempts = 20

// Do makes a change, all of it or nothing. The error is kind.Problems where the change itself is at fault. When it returns nil the
// change is durable and seen.
func (b *Book) Do(ctx context.Context, who fact.Who, c Change) (Receipt, error) {
	for range attempts {
		r, err := b.try(ctx, who, c)
		if errors.Is(err, fact.ErrMoved) {
			if err := b.Follow(ctx); err != nil {
				return Receipt{}, err
			}
			continue
		}
		return r, err
	}
	return Receipt{}, fmt.Errorf("change record: others keep writing to it: %w", fact.ErrMoved)
}

func (b *Book) try(ctx context.Context, who fact.Who, c Change) (Receipt, error) {
	b.mu.Lock()
	if b.unsure {
		if err := b.read(ctx, nil); err != nil {
			b.mu.Unlock()
			return Receipt{}, err
		}
	}
	g := b.pub.Load().g
	now := b.now()
	entries, erase, err := c.entries(g, who, now)
	if err != nil || len(entries) == 0 {
		b.mu.Unlock()
		return Receipt{}, err
	}
	if c.Claim != nil {
		// The graph holds what is queued, too, so the positions follow on from it.
		n := int64(len(entries))
		if err := c.Claim(g.Size()+1, g.Size()+n, entries[n-1].Body.Root()); err != nil {
			b.mu.Unlock()
			return Receipt{}, fmt.Errorf("claim entries: %w", err)
		}
	}
	p, err := b.log.Begin(entries, erase, now)
	if err != nil {
		b.mu.Unlock()
		return Receipt{}, err
	}
	if erase != nil {
		// What is erased must be durably erased before it disappears from view, so an erasure holds the door.
		defer b.mu.Unlock()
		return b.settle(ctx, g, p, true)
	}
	if err := fold(g, p.Entries()); err != nil {
		b.unsure = true
		b.mu.Unlock()
		return Receipt{}, err
	}
	b.mu.Unlock()
	return b.settle(ctx, g, p, false)
}

func fold(g *graph.Graph, entries []fact.Entry) error {
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			return err
		}
	}
	return nil
}

// settle waits for the commit and publishes it. locked says that the caller holds the door and that the entries are not
// folded yet.
func (b *Book) settle(ctx context.Context, g *graph.Graph, p *ledger.Pending, locked bool) (Receipt, error) {
	r, err := p.Wait(ctx) // the commit point
	if !locked {
		b.mu.Lock()
		defer b.mu.Unlock()
	}
	if err != nil {
		return b.found(ctx, p, err)
	}
	if locked {
		if err := fold(g, p.Entries()); err != nil {
			b.unsure = true
			return Receipt{}, err
		}
	}
	// Another writer of the same group may have published more already; and after a record was read again its graph is another.
	if at := b.pub.Load(); at.g == g && at.known < r.Last {
		b.pub.Store(&published{g, r.Last, b.log})
	}
	return Receipt{First: r.First, Last: r.Last, Entries: len(p.Entries()), Checkpoint: r.Checkpoint, Scrub: r.Scrub}, nil
}

// found reads the record again after an append that failed, since a failure means unknown, not no, and says whether
// the entries are in it after all.
func (b *Book) found(ctx context.Context, p *ledger.Pending, cause error) (Receipt, error) {
	if errors.Is(cause, fact.ErrMoved) {
		b.unsure = true // what was folded ahead of the commit has to go
		return Receipt{}, cause
	}
	b.unsure = true
	if err := b.read(context.WithoutCancel(ctx), nil); err != nil {
		return Receipt{}, fmt.Errorf("%w; and whether it was written could not be found out: %v", cause, err)
	}
	entries := p.Entries()
	last := entries[len(entries)-1]
	bundle, err := holds(ctx, b.log, last.Position, last.Root)
	if err != nil || bundle == nil {
		return Receipt{}, cause
	}
	return Receipt{First: entries[0].Position, Last: last.Position, Entries: len(entries), Checkpoint: []byte(bundle.Checkpoint)}, nil
}

// holds gives the proof of the entry at a position if its body has that root, nil if not. The salts of a body are random, so its root is
// that of one change alone.
func holds(ctx context.Context, l *ledger.Ledger, position int64, root fact.Hash) (*ledger.Bundle, error) {
	if position < 1 || position > l.Size() {
		return nil, nil
	}
	bundle, err := l.Prove(ctx, position)
	if err != nil {
		return nil, err
	}
	if e, err := bundle.Entry(); err != nil || e.Root != root {
		return nil, err
	}
	return bundle, nil
}

// Holds says whether the record holds, at a position, the entry whose body has that root: whether a change of which only the claim is
// known was made. It reads the store, and the answer is of what is durable.
func (b *Book) Holds(ctx context.Context, position int64, root fact.Hash) (bool, error) {
	if err := b.Follow(ctx); err != nil {
		return false, err
	}
	bundle, err := holds(ctx, b.pub.Load().at, position, root)
	return bundle != nil, err
}

// Files gives the fingerprints of all files that the record names, on whatever day and branch and as at whatever position: those that are still being written included, those that were erased not.
func (b *Book) Files(ctx context.Context) (map[string]bool, error) {
	if err := b.Follow(ctx); err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, k := range b.kinds.All {
		for _, f := range k.Fields {
			if f.Type != kind.File {
				continue
			}
			g := b.pub.Load().g
			for _, v := range g.View(fact.DayIn(b.now()), g.Size()).Entries(math.MaxInt64, k.Name) {
				if hash := v.Record.Text(f.Name); hash != "" {
					named[hash] = true
				}
			}
		}
	}
	return named, nil
}

// Rotate changes the key with which the record is signed. The new keys must have been saved.
func (b *Book) Rotate(ctx context.Context, who fact.Who, keys *ledger.Keys) error {
	if who != Owner {
		return &access.Denied{What: "change the key of the record. Whoever runs the program can do it, with `plumbline rotate`"}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	e, _, err := b.log.Rotate(ctx, keys, who, amid(b.pub.Load().g, now), now)
	b.keys = keys // on an error too: it may have been persisted, and these keys hold the old one
	if err != nil {
		b.unsure = true
		return err
	}
	g := b.pub.Load().g
	if err := g.Fold(&e); err != nil {
		b.unsure = true
		return err
	}
	b.pub.Store(&published{g, g.Size(), b.log})
	return nil
}

// RootAt gives the root of the tree at an earlier size, in hexadecimal. It reads the store.
func (b *Book) RootAt(ctx context.Context, size int64) (string, error) {
	r, err := b.pub.Load().at.RootAt(ctx, size)
	if err != nil {
		return "", err
	}
	return fact.Hash(r).String(), nil
}

// Fault is what Verify finds: the first entry that is not as it was signed.
type Fault = ledger.Fault

// Verify reads the whole record as it is stored and checks everything that can be checked: every entry, the tree over them, every signed
// checkpoint, and that nothing was erased without an entry that says so. The error is a *Fault where the record is not as it was signed. It
// takes its key from the record itself. Changes may be made meanwhile. progress may be nil.
func (b *Book) Verify(ctx context.Context, progress func(done, total int64)) (ledger.Report, error) {
	return ledger.Verify(ctx, b.st, "", progress)
}
