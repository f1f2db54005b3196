package fact

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// Op is what an entry does.
type Op uint8

// The operations. Their names in an envelope are those of String.
const (
	Assert Op = iota + 1 // says what the record is over the span
	End                  // says that the record ends after the last day of the span
	Erase                // says that fields of an earlier entry (Base) were removed, and why
	Open                 // ends reconstruction: from here on the clock alone dates an entry
	NewKey               // names the key with which later checkpoints are signed
)

var opNames = [...]string{Assert: "assert", End: "end", Erase: "erase", Open: "open", NewKey: "key"}

func (o Op) String() string {
	if int(o) < len(opNames) && o > 0 {
		return opNames[o]
	}
	return "unknown"
}

// Hash is a SHA-256.
type Hash [sha256.Size]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Entry is one line of the record: an envelope, which is hashed into the log, and the body whose root
// the envelope names.
type Entry struct {
	Position int64     // 1, 2, 3 …
	Recorded time.Time // when the council learned it: the clock of "known". To the microsecond, UTC
	Written  time.Time // when it was really written; later than Recorded only where Reconstructed
	Who      Who
	Op       Op
	Kind     KindName // empty for Open and NewKey
	Version  int      // of the kind
	ID       ID       // opaque where the kind is personal
	Span     Span
	Proposal ID    // the branch; empty is the record in force
	Base     int64 // the position of the version that the writer saw; 0 none. For Erase: what is erased

	Reconstructed bool
	Root          Hash // of the body
	Body          Body
}

// Key names the record that the entry speaks of.
func (e *Entry) Key() Key { return Key{e.Kind, e.ID} }

// CheckBody says whether the body is the one that the envelope names.
func (e *Entry) CheckBody() error {
	if e.Body.Root() != e.Root {
		return fmt.Errorf("entry %d: its body is not the one that its envelope names: %w", e.Position, ErrCorrupt)
	}
	return nil
}
