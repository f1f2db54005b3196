package ledger

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
)

// Growth is what a witness asks for who has kept an earlier checkpoint: the newest one, how its key came to be, and the proof that the log begins with what it was
// at the earlier size. It says nothing of what any entry holds, but for those that name keys.
type Growth struct {
	Format     string         `json:"plumbline"`  // "growth/1"
	Checkpoint string         `json:"checkpoint"` // the newest, signed
	Start      string         `json:"start"`      // the checkpoint of the empty log, which names the first key
	Rotations  []Rotation     `json:"rotations,omitempty"`
	Since      int64          `json:"since"` // the earlier size
	Proof      tlog.TreeProof `json:"proof,omitempty"`
}

const growthFormat = "growth/1"

// Growth gives the growth of the log since it was of a size. Of a log that is shorter it is that from the log itself, which is what a witness has to see.
func (l *Ledger) Growth(ctx context.Context, since int64) (*Growth, error) {
	h := l.head.Load()
	g := &Growth{Format: growthFormat, Checkpoint: string(h.signed), Start: string(l.start), Since: min(max(since, 0), h.tree.size)}
	var err error
	if g.Rotations, err = l.rotations(ctx, h.chain); err == nil && g.Since > 0 { // every log begins with the empty one
		g.Proof, err = tlog.ProveTree(h.tree.size, g.Since, l.hashes(ctx))
	}
	if err != nil {
		return nil, fmt.Errorf("prove growth since %d: %w", since, err)
	}
	return g, nil
}

// JSON writes the growth as ReadGrowth reads it.
func (g *Growth) JSON() ([]byte, error) { return marshal(g) }

// ReadGrowth reads what JSON wrote, and checks nothing.
func ReadGrowth(data []byte) (*Growth, error) {
	g := new(Growth)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(g); err != nil || dec.More() || g.Format != growthFormat {
		return nil, fmt.Errorf("it is not of the form %q: %w", growthFormat, fact.ErrInvalid)
	}
	return g, nil
}

// Check checks that the newest checkpoint is signed by a key of the record, among which is the trusted one, and that the log only grew since the kept checkpoint, which
// is nil where none is kept yet. What contradicts that is a fact.ErrCorrupt. The report is about the newest checkpoint.
func (g *Growth) Check(kept []byte, trusted string) (Report, error) {
	r, err := g.check(kept, trusted)
	if err != nil {
		return Report{}, fmt.Errorf("check growth: %w", err)
	}
	return r, nil
}

func (g *Growth) check(kept []byte, trusted string) (Report, error) {
	ch, last, err := follow([]byte(g.Start), g.Rotations)
	if err != nil {
		return Report{}, err
	}
	c, err := parseCheckpoint([]byte(g.Checkpoint))
	if err != nil {
		return Report{}, err
	}
	if c.size < last.size || c.time.Before(last.time) {
		return Report{}, fault(0, "the newest checkpoint is older than the key that signed it")
	}
	if err := ch.check(c, []byte(g.Checkpoint)); err != nil {
		return Report{}, err
	}
	key, own, err := ch.trust(trusted)
	if err != nil {
		return Report{}, err
	}
	if len(kept) > 0 {
		if err := g.extends(&ch, c, kept); err != nil {
			return Report{}, err
		}
	}
	return Report{c.origin, c.size, hex.EncodeToString(c.root[:]), 2 + len(g.Rotations), 0, key, own, c.time}, nil
}

// extends checks that the log of the newest checkpoint begins with that of the kept one.
func (g *Growth) extends(ch *chain, c checkpoint, kept []byte) error {
	old, err := parseCheckpoint(kept)
	switch {
	case err != nil:
		return err
	case old.origin != c.origin:
		return fault(0, "it is another record: the kept checkpoint is of %s, and this one of %s", old.origin, c.origin)
	case c.size < old.size:
		return fault(c.size+1, "it is missing: the kept checkpoint is of %d entries, and the newest of %d", old.size, c.size)
	}
	if err := ch.check(old, kept); err != nil {
		return fmt.Errorf("the kept checkpoint: %w", err)
	}
	if c.time.Before(old.time) {
		return fault(0, "the newest checkpoint was signed before the kept one")
	}
	if old.size == 0 {
		return nil
	}
	if g.Since != old.size || tlog.CheckTree(g.Proof, c.size, c.root, old.size, old.root) != nil {
		return fault(0, "the log of %d entries does not begin with the %d of the kept checkpoint", c.size, old.size)
	}
	return nil
}

// SizeOf gives the number of entries of a signed checkpoint. It checks no signature.
func SizeOf(signed []byte) (int64, error) {
	c, err := parseCheckpoint(signed)
	return c.size, err
}
