package ledger

import (
	"context"
	"errors"
	"fmt"

	"plumbline/internal/fact"
)

// Open reads a log from beginning to end and believes none of it: the signature of the newest checkpoint and the
// succession of keys that leads to it, the place, order and hash of every envelope, the body beside it, the stored hashes of the tree, and its root.
// Every entry is handed to each, in order; an entry that was handed over may still turn out to be under a root that was not signed, and then
// Open fails. Without keys the ledger is for reading only.
//
// each and progress may be nil.
func Open(ctx context.Context, st Store, keys *Keys, each func(fact.Entry) error, progress func(done, total int64)) (*Ledger, error) {
	s, err := readAll(ctx, st, func(s *scan) error {
		if keys != nil && keys.origin != s.chain.origin {
			return fmt.Errorf("the key file is that of the record %s, and this is %s: %w", keys.origin, s.chain.origin, fact.ErrDenied)
		}
		s.each, s.progress = each, progress
		return nil
	})
	if err == nil && keys != nil {
		err = checkKeys(keys, &s.chain)
	}
	if err != nil {
		return nil, fmt.Errorf("open record: %w", err)
	}
	h := &head{tree: s.tree, root: s.last.root, time: s.last.time, signed: s.signed, last: s.recorded, chain: s.chain}
	return newLedger(st, keys, s.start, h), nil
}

// readAll scans the log up to its newest checkpoint. Before it begins, setup may look at the first.
func readAll(ctx context.Context, st Store, setup func(*scan) error) (*scan, error) {
	start, err := st.Checkpoint(ctx, 0)
	if errors.Is(err, fact.ErrNotFound) {
		return nil, fmt.Errorf("it was never begun: there is no first checkpoint in it: %w", err)
	} else if err != nil {
		return nil, err
	}
	s := &scan{st: st, start: start}
	if s.trail, err = startTrail(start); err != nil {
		return nil, fault(0, "its first checkpoint, that of the empty log: %v", err)
	}
	if s.size, err = signedSize(ctx, st); err != nil {
		return nil, err
	}
	if err := setup(s); err != nil {
		return nil, err
	}
	if err := s.run(ctx); err != nil {
		return nil, err
	}
	// The log ends with a checkpoint, and the trail has checked it: its root is that of the tree.
	if s.last.size != s.size {
		return nil, unsigned(s.last.size+1, s.size)
	}
	return s, nil
}

// signedSize gives the size of the newest checkpoint, and refuses a log that goes on behind it or ends before.
func signedSize(ctx context.Context, st Store) (int64, error) {
	for before := int64(-1); ; {
		signed, err := st.Checkpoint(ctx, -1)
		if err != nil {
			return 0, err
		}
		size, err := st.Size(ctx)
		if err != nil {
			return 0, err
		}
		c, err := parseCheckpoint(signed)
		if err != nil {
			return 0, fault(size, "the newest checkpoint, which ends with it, is damaged")
		}
		switch {
		case size == c.size:
			return size, nil
		case c.size != before: // perhaps somebody appended between the two questions
			before = c.size
		case size < c.size:
			return 0, fault(size+1, "it is missing: the record was signed for %d entries and holds %d", c.size, size)
		default:
			return 0, fault(c.size+1, "it stands after the last checkpoint: the record was signed for %d entries and holds %d", c.size, size)
		}
	}
}
