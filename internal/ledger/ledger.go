package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
)

// Ledger is one record, open for writing or, without keys, for proving only. All methods may be called at any time
// from any goroutine.
type Ledger struct {
	st     Store
	origin string
	start  []byte // the signed checkpoint of the empty log

	head atomic.Pointer[head] // what is committed, as far as this ledger knows

	// lead is held by whoever commits a group or reads the tail: a channel of one, so that Wait can select on it.
	// Its holder alone changes head and keys.
	lead chan struct{}
	keys *Keys

	mu     sync.Mutex // guards the queue and its end
	queue  []*Pending // begun and not settled; a leader works on a prefix of it
	next   int64      // the position that the next entry gets
	last   time.Time  // recorded of the last entry, queued ones included
	unsure error      // why the tail has to be read before anything else is written
}

// head is one state of the log that was committed and signed.
type head struct {
	tree   tree
	root   tlog.Hash
	time   time.Time // of the checkpoint
	signed []byte    // the checkpoint
	last   time.Time // recorded of the last entry
	chain  chain
}

// Create begins the log of a new record in a store in which nothing was ever written.
func Create(ctx context.Context, st Store, keys *Keys, now time.Time) (*Ledger, error) {
	first := keys.keys[0]
	c := checkpoint{origin: keys.origin, root: new(tree).root(), time: now.UTC().Truncate(time.Microsecond), key: first.verifier}
	signed, err := c.sign(first)
	if err != nil {
		return nil, fmt.Errorf("create record: %w", err)
	}
	err = st.Append(ctx, -1, Batch{Start: signed, Rows: Rows()})
	if errors.Is(err, fact.ErrMoved) {
		return nil, fmt.Errorf("create record: there is one already: %w", fact.ErrInvalid)
	} else if err != nil {
		return nil, fmt.Errorf("create record: %w", err)
	}
	return Open(ctx, st, keys, nil, nil)
}

func newLedger(st Store, keys *Keys, start []byte, h *head) *Ledger {
	l := &Ledger{st: st, keys: keys, origin: h.chain.origin, start: start, lead: make(chan struct{}, 1), next: h.tree.size + 1, last: h.last}
	l.head.Store(h)
	return l
}

// Size is the number of entries committed, as far as this ledger knows.
func (l *Ledger) Size() int64 { return l.head.Load().tree.size }

// Origin is the name of the record: "plumbline/0123456789abcdef".
func (l *Ledger) Origin() string { return l.origin }

// Root is the root of the tree at Size.
func (l *Ledger) Root() tlog.Hash { return l.head.Load().root }

// Checkpoint is the signed checkpoint at Size.
func (l *Ledger) Checkpoint() []byte { return append([]byte(nil), l.head.Load().signed...) }

// Verifier is the public half of the key that signs now.
func (l *Ledger) Verifier() string { return l.head.Load().chain.newest() }
