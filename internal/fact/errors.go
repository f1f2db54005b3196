package fact

import "errors"

// The few errors on which a caller has to branch. All others are wrapped as "verb noun: cause" and
// mean that the operation failed.
var (
	// ErrNotFound says that nothing of that name is in the record on the days and at the position asked.
	ErrNotFound = errors.New("not found")
	// ErrInvalid says that what was handed in is not acceptable; the record is as it was.
	ErrInvalid = errors.New("not acceptable")
	// ErrDenied says that this person may not do this.
	ErrDenied = errors.New("not allowed")
	// ErrStale says that the record changed after the writer looked at it.
	ErrStale = errors.New("changed by somebody else in the meantime")
	// ErrMoved says that the log is not as long as the writer thought: somebody else appended.
	ErrMoved = errors.New("the log has moved on")
	// ErrCorrupt says that what is stored does not agree with its own hashes or signatures.
	ErrCorrupt = errors.New("the record does not agree with its own proofs")
)
