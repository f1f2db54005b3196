package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"plumbline/internal/fact"
)

// SignedIn is a session as the one whose it is may know it. What the cookie of its browser stands for is in Sessions.
type SignedIn struct {
	ID      string   `json:"-"` // opaque, and no secret: it lets nobody in
	Owner   fact.Who `json:"-"`
	Browser string   `json:"browser"` // in plain words; no address is kept

	Since time.Time `json:"-"`
	Seen  time.Time `json:"-"` // to the minute
}

// maxSignedIn is how many sessions of one account are kept at a time; for a new one the one that was seen longest ago ends.
const maxSignedIn = 50

func signedInName(id string) Name { return Name{"signed-in", id} }

// NoteSignIn notes that somebody signed in with a browser, and gives an id for the session. It lasts until it expires or is ended.
func (d *Desk) NoteSignIn(ctx context.Context, owner fact.Who, browser string, expires time.Time) (id string, err error) {
	b, err := json.Marshal(SignedIn{Browser: browser})
	if err != nil {
		return "", fmt.Errorf("note sign-in: %w", err)
	}
	now := d.now()
	row := Row{Name: signedInName(newID()), Owner: string(owner), Under: accountName(owner), Made: now, Touched: now, Expires: expires.UTC(), Bytes: b}
	if err := d.putRoom(ctx, row, maxSignedIn); err != nil {
		return "", fmt.Errorf("note sign-in: %w", err)
	}
	return row.Key, nil
}

// putRoom puts a new row, and makes room for it by deleting the one of the same space and owner that was touched longest ago.
func (d *Desk) putRoom(ctx context.Context, row Row, most int) error {
	for {
		_, err := d.st.Put(ctx, row, most)
		if !errors.Is(err, ErrFull) {
			return err
		}
		all, err := d.st.List(ctx, row.Space, row.Owner, most)
		if err == nil && len(all) > 0 {
			err = d.st.Delete(ctx, all[len(all)-1].Name)
		}
		if err != nil {
			return err
		}
	}
}

// SignedIn gives the sessions of an account, the last seen first.
func (d *Desk) SignedIn(ctx context.Context, owner fact.Who) ([]SignedIn, error) {
	if owner == "" { // of whom a store would list all there are
		return nil, nil
	}
	rows, err := d.st.List(ctx, "signed-in", string(owner), maxSignedIn)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	var out []SignedIn
	for _, r := range rows {
		if d.expired(r) {
			continue
		}
		x := SignedIn{ID: r.Key, Owner: fact.Who(r.Owner), Since: r.Made, Seen: r.Touched}
		if err := json.Unmarshal(r.Bytes, &x); err != nil {
			return nil, fmt.Errorf("list sessions: %v: %w", err, fact.ErrCorrupt)
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b SignedIn) int { return b.Seen.Compare(a.Seen) })
	return out, nil
}

// StillSignedIn reports whether a session of an account was not ended; with seen it notes that it was seen now.
func (d *Desk) StillSignedIn(ctx context.Context, owner fact.Who, id string, seen bool) (bool, error) {
	r, err := d.get(ctx, signedInName(id), owner)
	if err == nil && seen {
		r.Touched = d.now()
		if _, err = d.st.Put(ctx, r, 0); errors.Is(err, fact.ErrStale) { // another request noted it, or it was ended
			_, err = d.get(ctx, signedInName(id), owner)
		}
	}
	if errors.Is(err, fact.ErrNotFound) {
		return false, nil
	}
	return err == nil, wrap("find session", err)
}

// EndSignedIn ends a session of an account. It is a fact.ErrNotFound where there is none.
func (d *Desk) EndSignedIn(ctx context.Context, owner fact.Who, id string) error {
	_, err := d.get(ctx, signedInName(id), owner)
	if err == nil {
		err = d.st.Delete(ctx, signedInName(id))
	}
	return wrap("end session", err)
}

// Limits on what is held of forms that were sent too late.
const (
	HoldLasts = time.Hour
	maxHeld   = 5 // of one account
)

func heldName(key string) Name { return Name{"held", fingerprint(key)} }

// Hold keeps what somebody sent who has to sign in again first, and gives the secret by which Take gives it back, to them alone.
func (d *Desk) Hold(ctx context.Context, owner fact.Who, b []byte) (key string, err error) {
	key = newSecret()
	now := d.now()
	row := Row{Name: heldName(key), Owner: string(owner), Under: accountName(owner), Made: now, Touched: now, Expires: now.Add(HoldLasts), Bytes: b}
	if err := d.putRoom(ctx, row, maxHeld); err != nil {
		return "", fmt.Errorf("hold form: %w", err)
	}
	return key, nil
}

// Take gives what was held under a secret, once and to the one who sent it; to anybody else it is a fact.ErrNotFound.
func (d *Desk) Take(ctx context.Context, owner fact.Who, key string) ([]byte, error) {
	r, err := d.get(ctx, heldName(key), owner)
	if err == nil {
		err = d.st.Delete(ctx, r.Name)
	}
	return r.Bytes, wrap("take form", err)
}
