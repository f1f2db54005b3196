package ledger

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"
)

// Report says what was verified.
type Report struct {
	Origin      string
	Size        int64     // entries
	Root        string    // of the tree, in hexadecimal
	Checkpoints int       // each with its signature, and the root at its size
	Erased      int       // entries of which something was erased
	Key         string    // the verifier key that the verification stands on
	OwnWord     bool      // the key was taken from the record itself: nothing is proved against somebody who made all of it anew
	Signed      time.Time // the time in the newest checkpoint
}

// Verify reads a whole record and checks everything that can be checked without knowing what it says: all of Open, and
// every checkpoint, its signature, its root and its time, and that nothing was erased without an entry that says so. The
// error is a *Fault that names the first entry that is not as it was signed.
//
// trusted is a verifier key that an outsider got from elsewhere; it must be one of the record's keys. Where it is empty
// the record is taken at its own word.
func Verify(ctx context.Context, st Store, trusted string, progress func(done, total int64)) (Report, error) {
	r, err := verify(ctx, st, trusted, progress)
	if err != nil {
		return Report{}, fmt.Errorf("verify record: %w", err)
	}
	return r, nil
}

func verify(ctx context.Context, st Store, trusted string, progress func(done, total int64)) (Report, error) {
	s, err := readAll(ctx, st, func(s *scan) error {
		s.all, s.progress = true, progress
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	if err := s.removed.check(); err != nil {
		// Perhaps it was erased while this was reading, and the entry that says so came after the end that was read.
		if now, sizeErr := st.Size(ctx); sizeErr == nil && now > s.size {
			return verify(ctx, st, trusted, progress)
		}
		return Report{}, err
	}
	key, own, err := s.chain.trust(trusted)
	if err != nil {
		return Report{}, err
	}
	return Report{s.chain.origin, s.size, hex.EncodeToString(s.last.root[:]), s.count, len(s.removed.from), key, own, s.last.time}, nil
}
