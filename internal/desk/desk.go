package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"plumbline/internal/fact"
)

// Keep is how long a draft lies untouched, and how long what became of a draft or a job can still be looked up.
const Keep = 7 * 24 * time.Hour

// Config is what a desk is handed.
type Config struct {
	Now func() time.Time
	// Holds says whether the record holds, at that position, the entry whose body has that root. It reads what is durable, and an
	// error means that it is not known.
	Holds func(ctx context.Context, position int64, root fact.Hash) (bool, error)
	// Names gives the fingerprints of all files that the record names, in whatever entry that is not erased, those included that are still being written. Where it is nil no file is removed.
	Names func(ctx context.Context) (map[string]bool, error)
	// Files is where the bytes of the files lie that the record names; nil is with the rest of the desk. They are large and seldom change, and what has to be scrubbed often is small and apart from them.
	Files    Store
	MaxFiles int64 // bytes of all of them together; 0 is MaxKeptInAll
	Log      *slog.Logger
}

// Desk is the desk of one record. All methods may be called from any goroutine.
type Desk struct {
	Config
	st Store

	mu      sync.Mutex
	held    map[string]chan struct{} // the drafts that somebody is working on; closed when they are done
	jobs    map[string]*job          // those of this program that are not over, or whose end could not be noted
	ending  bool                     // no job begins any more
	erasing []Name                   // the erasures that this program is at work on

	turns   chan struct{} // as many as may run at once
	working sync.WaitGroup
}

// Open opens the desk that a store keeps, removes what has expired, and finishes erasures that a program was at work on when it ended. The store, and Config.Files, are the desk's from now on, unless it fails.
func Open(ctx context.Context, st Store, c Config) (*Desk, error) {
	d := &Desk{Config: c, st: st, held: map[string]chan struct{}{}, jobs: map[string]*job{}, turns: make(chan struct{}, MaxRunning)}
	if err := d.Sweep(ctx); err != nil {
		return nil, fmt.Errorf("open desk: %w", err)
	}
	return d, nil
}

// Close tells all jobs to end, waits until they have, and gives up the store.
func (d *Desk) Close() error {
	d.mu.Lock()
	d.ending = true
	for _, j := range d.jobs {
		j.stop(errEnding)
	}
	d.mu.Unlock()
	d.working.Wait()
	var files error
	if d.Files != nil {
		files = d.Files.Close()
	}
	return errors.Join(d.st.Close(), files)
}

// Sweep removes what has expired, and every trace of what was removed or written over since the last time, and finishes erasures that failed half way. It is to
// be called from time to time.
func (d *Desk) Sweep(ctx context.Context) error {
	if _, err := d.st.Sweep(ctx, d.Now()); err != nil {
		return err
	}
	if err := d.finishErasings(ctx); err != nil {
		return err
	}
	if err := d.sweepFiles(ctx); err != nil {
		return err
	}
	return d.st.Scrub(ctx)
}

// now gives the time as a store keeps it.
func (d *Desk) now() time.Time { return d.Now().UTC().Truncate(time.Microsecond) }

// newID gives an id that nobody guesses: 128 bits and more, in letters and digits.
func newID() string { return rand.Text() }

// get gives a row that is its owner's and has not expired. Somebody else's is not found, so that nobody learns that it is there.
func (d *Desk) get(ctx context.Context, n Name, owner fact.Who) (Row, error) {
	r, err := d.st.Get(ctx, n)
	if err == nil && (r.Owner != string(owner) || d.expired(r)) {
		err = fact.ErrNotFound
	}
	if err != nil {
		return Row{}, fmt.Errorf("find %s: %w", n.Space, err)
	}
	return r, nil
}

func (d *Desk) expired(r Row) bool { return !r.Expires.IsZero() && !r.Expires.After(d.Now()) }

// hold waits until nobody works on a draft any more, and keeps others away from it until release.
func (d *Desk) hold(ctx context.Context, id string) (release func(), err error) {
	for {
		release, busy := d.tryHold(id)
		if release != nil {
			return release, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for draft: %w", ctx.Err())
		}
	}
}

// tryHold is hold without waiting: it gives what to wait for.
func (d *Desk) tryHold(id string) (release func(), busy <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if busy, ok := d.held[id]; ok {
		return nil, busy
	}
	done := make(chan struct{})
	d.held[id] = done
	return func() {
		d.mu.Lock()
		delete(d.held, id)
		d.mu.Unlock()
		close(done)
	}, nil
}
