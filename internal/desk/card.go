package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plumbline/internal/fact"
)

// Limits on what everybody may look up.
const (
	KeepCard = 2 * 366 * 24 * time.Hour // since it was last written: over the next yearly return
	MaxCards = 500                      // for a new one the oldest makes room
	maxCard  = 1 << 16                  // bytes
)

// everybody owns the cards. It is nobody's id: those come from the record.
const everybody = "*"

func cardName(name string) Name { return Name{"card", name} }

// Card gives what was last put under a name of the caller's, by whoever works at this desk, or fact.ErrNotFound.
func (d *Desk) Card(ctx context.Context, name string) ([]byte, error) {
	r, err := d.get(ctx, cardName(name), everybody)
	return r.Bytes, wrap("look up card", err)
}

// PutCard puts something small under a name, in the place of what is there.
func (d *Desk) PutCard(ctx context.Context, name string, b []byte) error {
	if name == "" || len(b) > maxCard {
		return fmt.Errorf("put card: %d bytes under the name %q: %w", len(b), name, fact.ErrInvalid)
	}
	for {
		err := d.putCard(ctx, name, b)
		if !errors.Is(err, fact.ErrStale) { // else somebody put one at the same moment
			return wrap("put card", err)
		}
	}
}

func (d *Desk) putCard(ctx context.Context, name string, b []byte) error {
	was, err := d.st.Get(ctx, cardName(name))
	if err != nil && !errors.Is(err, fact.ErrNotFound) {
		return err
	}
	now := d.now()
	row := Row{Name: cardName(name), Version: was.Version, Owner: everybody, Made: now, Touched: now, Expires: now.Add(KeepCard), Bytes: b}
	_, err = d.st.Put(ctx, row, MaxCards)
	if !errors.Is(err, ErrFull) {
		return err
	}
	all, err := d.st.List(ctx, row.Space, everybody, MaxCards)
	if err == nil && len(all) > 0 {
		err = d.st.Delete(ctx, all[len(all)-1].Name)
	}
	if err == nil {
		_, err = d.st.Put(ctx, row, MaxCards)
	}
	return err
}
