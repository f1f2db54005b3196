package ledger

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	"plumbline/internal/fact"
)

const verifierField = "verifier"

// Rotate makes the newest of the keys the one that signs. The entry that says so is the last of its group, and
// the checkpoint of that group is signed by both keys. Save the keys before. recorded is the moment that the entry bears, now or, while
// the past is reconstructed, earlier.
func (l *Ledger) Rotate(ctx context.Context, keys *Keys, who fact.Who, recorded, now time.Time) (fact.Entry, Receipt, error) {
	fail := func(err error) (fact.Entry, Receipt, error) {
		return fact.Entry{}, Receipt{}, fmt.Errorf("rotate key: %w", err)
	}
	l.lead <- struct{}{}
	old := l.head.Load().chain.newest()
	if _, ok := keys.find(old); !ok || keys.Verifier() == old {
		<-l.lead
		return fail(fmt.Errorf("the keys want the present one of the record and a newer one: %w", fact.ErrInvalid))
	}
	// Before the append, since it may be persisted although it fails: whoever has both keys can go on in either case.
	l.mu.Lock()
	l.keys = keys.with(l.keys)
	l.mu.Unlock()
	<-l.lead

	recorded, now = recorded.UTC().Truncate(time.Microsecond), now.UTC().Truncate(time.Microsecond)
	e := fact.Entry{Op: fact.NewKey, Who: who, Recorded: recorded, Written: now, Reconstructed: recorded.Before(now), Body: fact.Body{{Name: verifierField, Value: writeVerifier(keys.Verifier()), Salt: newSalt()}}}
	if err := prepare(&e); err != nil {
		return fail(err)
	}
	p := &Pending{l: l, entries: []fact.Entry{e}, alone: true, sign: []note.Signer{keys.newest()}, now: now, done: make(chan struct{})}
	if err := l.enqueue(p, nil); err != nil {
		return fail(err)
	}
	r, err := p.Wait(ctx)
	return p.entries[0], r, err
}

// checkKeys says whether these keys can sign for the record.
func checkKeys(keys *Keys, ch *chain) error {
	if keys == nil {
		return fmt.Errorf("the record was opened without its key, for reading only: %w", fact.ErrDenied)
	}
	if _, ok := keys.find(ch.newest()); !ok {
		return fmt.Errorf("the key file holds the key %s, and the record wants %s: %w", keys.Verifier(), ch.newest(), fact.ErrDenied)
	}
	return nil
}
