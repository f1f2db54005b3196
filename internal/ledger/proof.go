package ledger

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
)

// Bundle is all that somebody needs who wants to check one entry without the record and without this program: the entry,
// where it hangs in the tree, the signed root of the tree, and how the key that signed it came to be.
type Bundle struct {
	Format     string           `json:"plumbline"` // "bundle/1", or "bundle/2" where fields are withheld
	Position   int64            `json:"position"`
	Envelope   string           `json:"envelope"`
	Body       []jsonField      `json:"body"`
	Proof      tlog.RecordProof `json:"proof"`      // from the envelope's hash up to the root
	Checkpoint string           `json:"checkpoint"` // signed
	Start      string           `json:"start"`      // the checkpoint of the empty log, which names the first key
	Rotations  []Rotation       `json:"rotations,omitempty"`
}

// Rotation is the entry that names a new key, proved like any other under the checkpoint that it ends.
type Rotation struct {
	Position   int64            `json:"position"`
	Envelope   string           `json:"envelope"`
	Body       []jsonField      `json:"body"`
	Proof      tlog.RecordProof `json:"proof"`
	Checkpoint string           `json:"checkpoint"` // signed by both keys
}

// The forms of a bundle: where something is withheld it is the second, which older programs refuse rather than misread.
const (
	bundleFormat   = "bundle/1"
	withheldFormat = "bundle/2"
)

// Prove gives the proof that an entry is in the log as it was last signed.
func (l *Ledger) Prove(ctx context.Context, position int64) (*Bundle, error) {
	h := l.head.Load()
	b := &Bundle{Format: bundleFormat, Checkpoint: string(h.signed), Start: string(l.start)}
	one, err := l.prove(ctx, position, h.tree.size)
	if err != nil {
		return nil, fmt.Errorf("prove entry %d: %w", position, err)
	}
	b.Position, b.Envelope, b.Body, b.Proof = one.Position, one.Envelope, one.Body, one.Proof
	if b.Rotations, err = l.rotations(ctx, h.chain); err != nil {
		return nil, fmt.Errorf("prove entry %d: %w", position, err)
	}
	return b, nil
}

// rotations gives the entries that named the keys of a chain after the first, each with its proof.
func (l *Ledger) rotations(ctx context.Context, ch chain) (out []Rotation, err error) {
	for _, at := range ch.since[1:] {
		r, err := l.prove(ctx, at, at)
		if err != nil {
			return nil, fmt.Errorf("entry %d, which names a key: %w", at, err)
		}
		signed, err := l.st.Checkpoint(ctx, at)
		if err != nil {
			return nil, fmt.Errorf("entry %d, which names a key: %w", at, err)
		}
		r.Checkpoint = string(signed)
		out = append(out, *r)
	}
	return out, nil
}

// follow checks how the keys of a record came to be, from the checkpoint of the empty log on. last is the checkpoint that ends with the newest of them.
func follow(begin []byte, rotations []Rotation) (ch chain, last checkpoint, err error) {
	ch, last, err = startChain(begin)
	if err != nil {
		return ch, last, err
	}
	for _, r := range rotations {
		e, c, err := r.check()
		if err != nil {
			return ch, last, err
		}
		if e.Op != fact.NewKey || c.size != e.Position || c.size <= last.size || c.time.Before(last.time) {
			return ch, last, fault(r.Position, "it does not name the next key")
		}
		if err := ch.add(&e); err != nil {
			return ch, last, err
		}
		if err := ch.check(c, []byte(r.Checkpoint)); err != nil {
			return ch, last, err
		}
		last = c
	}
	return ch, last, nil
}

// prove reads an entry and its proof in the tree of that size.
func (l *Ledger) prove(ctx context.Context, position, size int64) (*Rotation, error) {
	if position < 1 || position > size {
		return nil, fmt.Errorf("the record has entries 1 to %d: %w", size, fact.ErrNotFound)
	}
	e, envelope, err := l.readRow(ctx, position)
	if err != nil {
		return nil, err
	}
	fields, err := writeFields(e.Body)
	if err != nil {
		return nil, err
	}
	proof, err := tlog.ProveRecord(size, position-1, l.hashes(ctx))
	if err != nil {
		return nil, err
	}
	return &Rotation{Position: position, Envelope: string(envelope), Body: fields, Proof: proof}, nil
}

func (l *Ledger) hashes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(index []int64) ([]tlog.Hash, error) { return l.st.Hashes(ctx, index) })
}

// RootAt gives the root of the tree as it was when the log was that long.
func (l *Ledger) RootAt(ctx context.Context, size int64) (tlog.Hash, error) {
	if now := l.Size(); size < 0 || size > now {
		return tlog.Hash{}, fmt.Errorf("read root at %d: the record has %d entries: %w", size, now, fact.ErrNotFound)
	}
	root, err := tlog.TreeHash(size, l.hashes(ctx))
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("read root at %d: %w", size, err)
	}
	return root, nil
}

// JSON writes the bundle as a file that VerifyBundle reads.
func (b *Bundle) JSON() ([]byte, error) { return marshal(b) }

// ReadBundle reads what JSON wrote, and checks nothing.
func ReadBundle(data []byte) (*Bundle, error) {
	b := new(Bundle)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(b); err != nil || dec.More() {
		return nil, fmt.Errorf("it is not a bundle (%v): %w", err, fact.ErrInvalid)
	}
	if b.Format != bundleFormat && b.Format != withheldFormat {
		return nil, fmt.Errorf("it is not a bundle of the form %q or %q: %w", bundleFormat, withheldFormat, fact.ErrInvalid)
	}
	if (b.Format == withheldFormat) != withholds(b.Body) {
		return nil, fmt.Errorf("it is of the form %q, which has fields that are withheld, or has such fields and is not: %w", withheldFormat, fact.ErrInvalid)
	}
	for _, r := range b.Rotations {
		if withholds(r.Body) {
			return nil, fmt.Errorf("the new key in entry %d is withheld, and nothing can be checked without it: %w", r.Position, fact.ErrInvalid)
		}
	}
	return b, nil
}

// Withheld says which field of the entry was left out of the bundle on which ground, in their order.
func (b *Bundle) Withheld() (out []Withheld) {
	for _, f := range b.Body {
		if f.Withheld != "" {
			out = append(out, Withheld{f.Name, f.Ground})
		}
	}
	return out
}

// Withheld is a field that is in the record and not in a bundle.
type Withheld struct {
	Field  string `json:"field"`
	Ground string `json:"ground"` // a code: small letters, digits and dashes
}

// Withhold gives the bundle without the values and salts of some fields. It proves the rest as before. A field that is erased cannot be withheld.
func (b *Bundle) Withhold(fields []Withheld) (*Bundle, error) {
	out := *b
	out.Body = slices.Clone(b.Body)
	body, err := readFields(b.Body)
	if err != nil {
		return nil, fmt.Errorf("withhold fields: %w", err)
	}
	for _, w := range fields {
		i := slices.IndexFunc(out.Body, func(f jsonField) bool { return f.Name == w.Field })
		switch {
		case i < 0:
			return nil, fmt.Errorf("withhold fields: entry %d has no field %q: %w", b.Position, w.Field, fact.ErrInvalid)
		case body[i].Erased:
			return nil, fmt.Errorf("withhold fields: the field %q of entry %d is not there any more: %w", w.Field, b.Position, fact.ErrInvalid)
		case !isGround(w.Ground):
			return nil, fmt.Errorf("withhold fields: %q is not the code of a ground: %w", w.Ground, fact.ErrInvalid)
		}
		out.Body[i] = jsonField{Name: w.Field, Withheld: body[i].LeafHash().String(), Ground: w.Ground}
		out.Format = withheldFormat
	}
	return &out, nil
}

// Entry gives the entry that a bundle carries, without checking anything.
func (b *Bundle) Entry() (fact.Entry, error) {
	return (&Rotation{Position: b.Position, Envelope: b.Envelope, Body: b.Body}).entry()
}

// entry reads the entry and checks its body.
func (r *Rotation) entry() (fact.Entry, error) {
	body, err := readFields(r.Body)
	if err != nil {
		return fact.Entry{}, fault(r.Position, "its body is malformed (%v)", err)
	}
	return readAlone(r.Position, []byte(r.Envelope), fact.AppendBody(nil, body))
}

// check checks the entry, its proof and the checkpoint over it, and gives the latter.
func (r *Rotation) check() (fact.Entry, checkpoint, error) {
	c, err := parseCheckpoint([]byte(r.Checkpoint))
	if err != nil {
		return fact.Entry{}, c, err
	}
	e, err := r.entry()
	if err != nil {
		return e, c, err
	}
	if err := tlog.CheckRecord(r.Proof, c.size, c.root, r.Position-1, tlog.RecordHash([]byte(r.Envelope))); err != nil {
		return e, c, fault(r.Position, "its proof does not lead to the root that was signed")
	}
	return e, c, nil
}

// VerifyBundle checks a bundle by itself. The report is about the record at the checkpoint in the bundle.
func VerifyBundle(data []byte, trusted string) (Report, error) {
	r, err := verifyBundle(data, trusted)
	if err != nil {
		return Report{}, fmt.Errorf("verify bundle: %w", err)
	}
	return r, nil
}

func verifyBundle(data []byte, trusted string) (Report, error) {
	b, err := ReadBundle(data)
	if err != nil {
		return Report{}, err
	}
	ch, last, err := follow([]byte(b.Start), b.Rotations)
	if err != nil {
		return Report{}, err
	}
	one := Rotation{b.Position, b.Envelope, b.Body, b.Proof, b.Checkpoint}
	_, c, err := one.check()
	if err != nil {
		return Report{}, err
	}
	if c.size < last.size || c.time.Before(last.time) {
		return Report{}, fault(b.Position, "its checkpoint is older than the key that signed it")
	}
	if err := ch.check(c, []byte(b.Checkpoint)); err != nil {
		return Report{}, err
	}
	key, own, err := ch.trust(trusted)
	if err != nil {
		return Report{}, err
	}
	erased := 0
	for _, f := range b.Body {
		if f.Erased != "" {
			erased = 1
		}
	}
	return Report{c.origin, c.size, hex.EncodeToString(c.root[:]), 2 + len(b.Rotations), erased, key, own, c.time}, nil
}

// Consistency is the proof that a log only grew between two checkpoints.
type Consistency struct {
	Old   string         `json:"old"` // a signed checkpoint
	New   string         `json:"new"`
	Proof tlog.TreeProof `json:"proof"`
}

// Consistent proves that the log as it is now begins with the log as it was at the newest checkpoint not above
// oldSize.
func (l *Ledger) Consistent(ctx context.Context, oldSize int64) (*Consistency, error) {
	h := l.head.Load()
	signed, err := l.st.Checkpoint(ctx, min(max(oldSize, 0), h.tree.size))
	if err != nil {
		return nil, fmt.Errorf("prove consistency: %w", err)
	}
	old, err := parseCheckpoint(signed)
	if err != nil {
		return nil, fmt.Errorf("prove consistency: %w", err)
	}
	c := &Consistency{Old: string(signed), New: string(h.signed)}
	if old.size > 0 { // every log begins with the empty one
		if c.Proof, err = tlog.ProveTree(h.tree.size, old.size, l.hashes(ctx)); err != nil {
			return nil, fmt.Errorf("prove consistency: %w", err)
		}
	}
	return c, c.Check()
}

// Extends checks that the log still begins with what somebody has a signed checkpoint of: that nothing which was there then was
// changed or cut off since. From the record alone nobody can see that its end was cut off.
func (l *Ledger) Extends(ctx context.Context, kept []byte) error {
	old, err := parseCheckpoint(kept)
	if err != nil {
		return fmt.Errorf("check kept checkpoint: %w", err)
	}
	h := l.head.Load()
	if err := h.chain.check(old, kept); err != nil {
		return fmt.Errorf("check kept checkpoint: %w", err)
	}
	if old.size > h.tree.size {
		return fmt.Errorf("check kept checkpoint: %w", fault(h.tree.size+1, "it is missing: somebody has a checkpoint of %d entries, and the record holds %d", old.size, h.tree.size))
	}
	c := Consistency{Old: string(kept), New: string(h.signed)}
	if old.size > 0 {
		if c.Proof, err = tlog.ProveTree(h.tree.size, old.size, l.hashes(ctx)); err != nil {
			return fmt.Errorf("check kept checkpoint: %w", err)
		}
	}
	return c.Check()
}

// Check runs the proof. It checks no signature.
func (c *Consistency) Check() error {
	old, err := parseCheckpoint([]byte(c.Old))
	if err != nil {
		return fmt.Errorf("check consistency: %w", err)
	}
	now, err := parseCheckpoint([]byte(c.New))
	if err != nil {
		return fmt.Errorf("check consistency: %w", err)
	}
	if old.origin != now.origin || now.time.Before(old.time) || now.size < old.size {
		return fmt.Errorf("check consistency: the checkpoints are not an older and a newer one of one record: %w", fact.ErrCorrupt)
	}
	if old.size == 0 {
		return nil
	}
	if err := tlog.CheckTree(c.Proof, now.size, now.root, old.size, old.root); err != nil {
		return fmt.Errorf("check consistency: the log of %d entries does not begin with that of %d: %w", now.size, old.size, fact.ErrCorrupt)
	}
	return nil
}
