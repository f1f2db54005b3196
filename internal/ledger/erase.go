package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"plumbline/internal/fact"
)

// prepareErase works out the bodies that the erasures leave. The caller holds mu, so that nobody else can queue an erasure of the same
// entry between the reading of its body here and the writing; another process that did so moved the log, and
// the append of this one is refused.
func (l *Ledger) prepareErase(p *Pending, erase map[int64][]string) error {
	for _, position := range slices.Sorted(maps.Keys(erase)) {
		for _, other := range l.queue {
			if slices.ContainsFunc(other.erase, func(x Erasure) bool { return x.Position == position }) {
				return fmt.Errorf("entry %d is being erased by somebody else: %w", position, fact.ErrStale)
			}
		}
		if position < 1 || position > l.Size() {
			return fmt.Errorf("entry %d is not in the record: %w", position, fact.ErrNotFound)
		}
		e, err := l.read(context.Background(), position)
		if err != nil {
			return err
		}
		if e.Op == fact.NewKey {
			return fmt.Errorf("entry %d names a key, without which the record cannot be verified: %w", position, fact.ErrDenied)
		}
		if err := eraseFields(e.Body, erase[position]); err != nil {
			return fmt.Errorf("entry %d: %w", position, err)
		}
		if err := e.CheckBody(); err != nil { // no proof may be broken by an erasure
			return err
		}
		p.erase = append(p.erase, Erasure{position, fact.AppendBody(nil, e.Body)})
	}
	return nil
}

// eraseFields puts their hashes in the place of the fields named, of all where none is named.
func eraseFields(b fact.Body, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(b, func(f fact.Field) bool { return f.Name == name }) {
			return fmt.Errorf("it has no field %q: %w", name, fact.ErrNotFound)
		}
	}
	changed := false
	for i := range b {
		f := &b[i]
		if f.Erased || len(names) > 0 && !slices.Contains(names, f.Name) {
			continue
		}
		*f = fact.Field{Name: f.Name, Erased: true, Hash: f.LeafHash()}
		changed = true
	}
	if !changed {
		return fmt.Errorf("there is nothing left in it to erase: %w", fact.ErrInvalid)
	}
	return nil
}

// read reads one entry and checks it as far as it can be checked alone.
func (l *Ledger) read(ctx context.Context, position int64) (fact.Entry, error) {
	e, _, err := l.readRow(ctx, position)
	return e, err
}

func (l *Ledger) readRow(ctx context.Context, position int64) (e fact.Entry, envelope []byte, err error) {
	err = fault(position, "it is missing")
	for row, rowErr := range l.st.Read(ctx, position, position) {
		if rowErr != nil {
			return e, nil, rowErr
		}
		envelope = append([]byte(nil), row.Envelope...)
		e, err = readAlone(position, row.Envelope, row.Body)
	}
	return e, envelope, err
}
