package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is what is signed: how long the log is, the root of its tree, and when that was. The text is a C2SP
// checkpoint with the time as an extension line, and for the empty log the key with which trust begins.
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
	time   time.Time // always the real time, whatever the entries say
	key    string    // the first verifier key; only at size 0
}

const checkpointClock = "2006-01-02T15:04:05.000000Z"

func (c *checkpoint) text() string {
	s := fmt.Sprintf("%s\n%d\n%s\ntime %s\n", c.origin, c.size, c.root, c.time.UTC().Format(checkpointClock))
	if c.size == 0 {
		s += "key " + c.key + "\n"
	}
	return s
}

func (c *checkpoint) sign(signers ...note.Signer) ([]byte, error) {
	b, err := note.Sign(&note.Note{Text: c.text()}, signers...)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return b, nil
}

// parseCheckpoint reads the text of a signed checkpoint and checks none of its signatures. Only the one
// spelling that text writes is accepted.
func parseCheckpoint(signed []byte) (checkpoint, error) {
	bad := func() (checkpoint, error) { return checkpoint{}, fault(0, "a checkpoint is malformed") }
	i := bytes.Index(signed, []byte("\n\n"))
	if i < 0 {
		return bad()
	}
	text := string(signed[:i+1])
	lines := strings.Split(text, "\n")
	if len(lines) < 5 {
		return bad()
	}
	var c checkpoint
	var err1, err2, err3 error
	c.origin = lines[0]
	c.size, err1 = strconv.ParseInt(lines[1], 10, 64)
	c.root, err2 = tlog.ParseHash(lines[2])
	c.time, err3 = time.Parse(checkpointClock, strings.TrimPrefix(lines[3], "time "))
	c.key = strings.TrimPrefix(lines[4], "key ")
	if err1 != nil || err2 != nil || err3 != nil || c.size < 0 || c.text() != text {
		return bad()
	}
	return c, nil
}

// checkSigned says whether every one of those keys has signed the checkpoint. Signatures of others, a witness for
// example, may stand beside theirs.
func checkSigned(signed []byte, keys ...string) error {
	var known []note.Verifier
	for _, k := range keys {
		v, err := note.NewVerifier(k)
		if err != nil {
			return fault(0, "%q is not a verifier key", k)
		}
		known = append(known, v)
	}
	n, err := note.Open(signed, note.VerifierList(known...))
	var unknown *note.UnverifiedNoteError
	switch {
	case errors.As(err, &unknown):
		return fault(0, "it is not signed by %s", strings.Join(keys, " and "))
	case err != nil:
		return fault(0, "%v", err)
	case len(n.Sigs) != len(keys):
		return fault(0, "it wants the signatures of both %s", strings.Join(keys, " and "))
	}
	return nil
}
