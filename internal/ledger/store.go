package ledger

import (
	"context"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// Row is one entry as it is stored.
type Row struct {
	Envelope   []byte // the leaf of the tree
	Body       []byte // the fields, as fact.AppendBody writes them
	Hashes     []byte // the hashes of the tree that this entry completes, 32 bytes each; its own leaf comes first
	Checkpoint []byte // signed, of the log that ends with this entry; nil inside a group
}

// Erasure puts a new body beside an old envelope: the same fields, some of them as their hashes alone. It is never
// longer than the old one.
type Erasure struct {
	Position int64
	Body     []byte
}

// Batch is what one Append writes, all of it or nothing.
type Batch struct {
	// Start is the checkpoint of the empty log. It comes with the batch that begins a log (at -1), or replaces the one of a log
	// that holds no entry (at 0).
	Start []byte
	// Rows are the entries in order, one at least unless there is a Start. An error among them undoes the whole batch and is returned as it is.
	Rows iter.Seq2[Row, error]
	// Erase is done in the same transaction.
	Erase []Erasure
}

// Store keeps the bytes of one log. It understands none of them.
//
// Positions begin with 1; the entry at position p is record p-1 of the tree. Hashes are addressed as tlog.StoredHashIndex says.
//
// Durability: when Append returns nil, the batch outlives the power. Concurrency: every method may be called at any time from any
// goroutine, and by other processes on the same log; the compare-and-swap of Append is all that keeps
// writers apart. A reader sees whole batches only.
//
// An error means unknown, not no: an Append that failed may have been persisted all the same (the reply was lost, the
// context ended during the commit). Only fact.ErrMoved says for certain that nothing was written. Whoever gets another error reads the log
// again before writing.
//
// A store reports bytes that its own engine finds damaged as fact.ErrCorrupt.
type Store interface {
	// Size is the number of entries.
	Size(ctx context.Context) (int64, error)

	// Read gives the rows at positions from to to, both included, in order. It stops early where the log ends, and at an error, which
	// comes with an empty row. The bytes of a row are valid until the next one is asked for.
	Read(ctx context.Context, from, to int64) iter.Seq2[Row, error]

	// Hashes gives the stored hashes of those indexes, in that order; one that is not there is an error.
	Hashes(ctx context.Context, index []int64) ([]tlog.Hash, error)

	// Append writes the batch if the log holds exactly at entries, and fails with fact.ErrMoved if it does not. The log of a store in
	// which nothing was ever written, not even a first checkpoint, is at -1.
	Append(ctx context.Context, at int64, b Batch) error

	// Checkpoint gives the newest signed checkpoint of a size not above size, of all for a negative size. It fails with
	// fact.ErrNotFound where there is none: nothing was ever written to this store.
	Checkpoint(ctx context.Context, size int64) ([]byte, error)

	// Scrub removes what erased bytes may still lie anywhere in the store's files. When it returns nil, they are gone.
	Scrub(ctx context.Context) error

	// Close gives up the store. Nothing may be called after it.
	Close() error
}

// Rows gives the rows of a slice, as Batch wants them.
func Rows(rows ...Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}
