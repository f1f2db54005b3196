package ledger

import (
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
)

// chain is the succession of keys of one record. Each but the first was named by an entry, and the checkpoint that
// ends with that entry is signed by the old key and the new one.
type chain struct {
	origin string
	keys   []string // verifier keys
	since  []int64  // the position of the entry that named each; 0 for the first
}

// startChain reads the checkpoint of the empty log, with which trust begins.
func startChain(signed []byte) (chain, checkpoint, error) {
	c, err := parseCheckpoint(signed)
	if err != nil {
		return chain{}, c, err
	}
	if c.size != 0 {
		return chain{}, c, fault(0, "the first checkpoint is of %d entries, not of the empty log", c.size)
	}
	ch := chain{origin: c.origin, keys: []string{c.key}, since: []int64{0}}
	if err := ch.check(c, signed); err != nil {
		return chain{}, c, err
	}
	var empty tree
	if c.root != empty.root() {
		return chain{}, c, fault(0, "the first checkpoint is not of the empty log")
	}
	return ch, c, nil
}

// newest is the key in force.
func (ch *chain) newest() string { return ch.keys[len(ch.keys)-1] }

// signers gives the keys that have to sign a checkpoint of that size.
func (ch *chain) signers(size int64) []string {
	i := len(ch.since) - 1
	for ch.since[i] > size {
		i--
	}
	if i > 0 && ch.since[i] == size {
		return ch.keys[i-1 : i+1]
	}
	return ch.keys[i : i+1]
}

// check says whether the checkpoint is signed as it has to be.
func (ch *chain) check(c checkpoint, signed []byte) error {
	return checkSigned(signed, ch.signers(c.size)...)
}

// add takes over the key that an entry names.
func (ch *chain) add(e *fact.Entry) error {
	value, ok := e.Body.Value(verifierField)
	if !ok {
		return fault(e.Position, "it names no new key")
	}
	k, err := readVerifier(value)
	if err != nil {
		return fault(e.Position, "%v", err)
	}
	v, err := note.NewVerifier(k)
	if err != nil || v.Name() != ch.origin {
		return fault(e.Position, "it names a key that is not one of %s", ch.origin)
	}
	// Other holders of the chain must not see the new key: it is theirs only once they have checked it.
	ch.keys = append(ch.keys[:len(ch.keys):len(ch.keys)], k)
	ch.since = append(ch.since[:len(ch.since):len(ch.since)], e.Position)
	return nil
}

// trust checks that the key that an outsider brought is one of the record's, and gives the key on which the
// verification stands: that one, or the first on the record's own word.
func (ch *chain) trust(trusted string) (key string, ownWord bool, err error) {
	if trusted == "" {
		return ch.keys[0], true, nil
	}
	for _, k := range ch.keys {
		if k == trusted {
			return k, false, nil
		}
	}
	return "", false, fault(0, "the record was not signed with the key you trust (%s) but with %s", trusted, strings.Join(ch.keys, ", "))
}

// trail follows the checkpoints of a log in their order.
type trail struct {
	chain  chain
	last   checkpoint
	signed []byte // the last, as it was signed
	count  int
}

// startTrail begins with the checkpoint of the empty log.
func startTrail(start []byte) (trail, error) {
	ch, c, err := startChain(start)
	return trail{ch, c, start, 1}, err
}

// sign is one checkpoint on the way, and how the log looked there to whoever read it.
type sign struct {
	checkpoint
	signed []byte
	newKey *fact.Entry // the entry that it ends with, if that names a new key
	by     []string    // the keys whose signatures are checked already
}

// readSign reads the checkpoint that ends with an entry. Where the entry names a new key there has to be one.
func readSign(e *fact.Entry, signed []byte) (*sign, error) {
	if signed == nil && e.Op != fact.NewKey {
		return nil, nil
	}
	if signed == nil {
		return nil, fault(e.Position, "it names a new key, and no checkpoint that ends with it is signed by both")
	}
	n := new(sign)
	if e.Op == fact.NewKey {
		kept := *e
		n.newKey = &kept
	}
	n.signed = append(n.signed, signed...)
	var err error
	if n.checkpoint, err = parseCheckpoint(n.signed); err != nil {
		return nil, fault(e.Position, "the checkpoint that ends with it is damaged")
	}
	if n.size != e.Position {
		return nil, fault(e.Position, "the checkpoint beside it is of the log of %d entries", n.size)
	}
	return n, nil
}

// next checks the checkpoint that follows, where the tree has that root.
func (t *trail) next(n *sign, root tlog.Hash) error {
	if n.newKey != nil {
		if err := t.chain.add(n.newKey); err != nil {
			return err
		}
	}
	switch {
	case n.origin != t.chain.origin:
		return fault(n.size, "the checkpoint that ends with it is of %s and the record is %s", n.origin, t.chain.origin)
	case n.time.Before(t.last.time):
		return fault(n.size, "the checkpoint that ends with it was signed %s, before the one of %d entries (%s)", clock(n.time), t.last.size, clock(t.last.time))
	}
	// Which keys have to have signed is known for certain only here, after all that comes before.
	if !slices.Equal(n.by, t.chain.signers(n.size)) {
		if err := t.chain.check(n.checkpoint, n.signed); err != nil {
			return fault(n.size, "the checkpoint that ends with it: %v", err)
		}
	}
	if n.root != root {
		return unsigned(t.last.size+1, n.size)
	}
	t.last, t.signed = n.checkpoint, n.signed
	t.count++
	return nil
}

// unsigned is the fault of entries that agree with their own hashes, and with no signature.
func unsigned(from, to int64) error {
	if from >= to {
		return fault(to, "it is not the one that was signed, though its own hashes agree")
	}
	return fault(from, "it, or an entry up to %d, is not the one that was signed, though their own hashes agree", to)
}
