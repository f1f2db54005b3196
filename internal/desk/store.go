package desk

import (
	"context"
	"fmt"
	"time"

	"plumbline/internal/fact"
)

// Name names a row.
type Name struct {
	Space string // what it is: "draft"
	Key   string // which one
}

// Row is what a Store keeps. Times are UTC, to the microsecond, and come from the caller.
type Row struct {
	Name
	Version int64  // 1 when it is new, and one more with every Put
	Owner   string // opaque
	Under   Name   // the row with which this one goes; zero is none
	Made    time.Time
	Touched time.Time
	Expires time.Time // zero is never
	Bytes   []byte
}

// ErrFull says that an owner has as many rows as they may have.
var ErrFull = fmt.Errorf("there are too many already: %w", fact.ErrInvalid)

// Store keeps rows. It understands none of them.
//
// Durability: when a method returns nil, what it did outlives the power. Concurrency: every method may be called at any time from any
// goroutine, and each happens at once or not at all; the compare-and-swap of Put keeps writers apart. An error that is none of
// those named means unknown, not no: the row may have been written all the same.
//
// A store belongs to one program at a time, and opening it a second time fails. Liveness rests on that: what a program left unfinished
// in its rows, nobody is still working on.
type Store interface {
	// Get gives a row, or fact.ErrNotFound. It gives rows that have expired, too, until they are swept.
	Get(ctx context.Context, n Name) (Row, error)

	// Put writes a row if the one that is there has r.Version, 0 meaning that none is there, and fails with fact.ErrStale if not. It
	// gives the new version. Owner, Under and Made stay as they were first written.
	//
	// A new row is refused with fact.ErrNotFound if the row that it goes under is not there, and with ErrFull if its owner has most rows in
	// that space already; 0 sets no limit.
	Put(ctx context.Context, r Row, most int) (version int64, err error)

	// Delete removes a row and what goes under it. It is no error if there is none.
	Delete(ctx context.Context, n Name) error

	// List gives the rows of a space, the last touched first, and of one owner unless that is empty; at most limit of them.
	List(ctx context.Context, space, owner string, limit int) ([]Row, error)

	// Sweep removes the rows that expire at now or before, with what goes under them, and says how many expired.
	Sweep(ctx context.Context, now time.Time) (int, error)

	// Scrub removes what bytes of rows that were deleted, swept or written over may still lie anywhere in the store's files. When it
	// returns nil, they are gone.
	Scrub(ctx context.Context) error

	// Close gives up the store. Nothing may be called after it.
	Close() error
}
