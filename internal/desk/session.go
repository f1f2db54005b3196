package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plumbline/internal/fact"
)

// Sessions keeps what a browser's cookie stands for, under a key that the caller has made unreadable. The names of its methods are those of
// the library that web uses for sessions.
type Sessions struct{ *Desk }

func sessionName(key string) Name { return Name{"session", key} }

// Find, Commit and Delete are asked only where there is no context, which web never does.
func (Sessions) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (Sessions) Commit(string, []byte, time.Time) error { return errNoContext }
func (Sessions) Delete(string) error                    { return errNoContext }

var errNoContext = fmt.Errorf("a session is found within a request: %w", fact.ErrInvalid)

// FindCtx gives what is kept under a key; found is false where there is nothing, or it has expired.
func (s Sessions) FindCtx(ctx context.Context, key string) (b []byte, found bool, err error) {
	r, err := s.st.Get(ctx, sessionName(key))
	switch {
	case errors.Is(err, fact.ErrNotFound):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("find session: %w", err)
	case s.expired(r):
		return nil, false, nil
	}
	return r.Bytes, true, nil
}

// CommitCtx keeps something under a key until it expires. Of two requests of one browser the later one stays.
func (s Sessions) CommitCtx(ctx context.Context, key string, b []byte, expires time.Time) error {
	for {
		now := s.now()
		row := Row{Name: sessionName(key), Made: now, Touched: now, Expires: expires.UTC(), Bytes: b}
		switch r, err := s.st.Get(ctx, row.Name); {
		case err == nil:
			row.Version, row.Made = r.Version, r.Made
		case !errors.Is(err, fact.ErrNotFound):
			return fmt.Errorf("keep session: %w", err)
		}
		_, err := s.st.Put(ctx, row, 0)
		if err == nil {
			return nil
		}
		if !errors.Is(err, fact.ErrStale) {
			return fmt.Errorf("keep session: %w", err)
		}
	}
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, key string) error {
	return s.st.Delete(ctx, sessionName(key))
}
