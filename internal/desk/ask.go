package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"plumbline/internal/fact"
)

// Limits on what somebody asks for.
const (
	KeepAsk = 30 * 24 * time.Hour // nobody has answered by then
	MaxAsks = 20                  // an account
	allAsks = 1000                // that are listed
)

// Ask is that somebody with an account asks for leave to do something that they may not.
type Ask struct {
	Who  fact.Who
	What string // as the caller names it
	At   time.Time
}

func askName(who fact.Who, what string) Name { return Name{"ask", string(who) + "/" + what} }

// Ask notes that somebody asks for something, until it is answered, for 30 days at most. Who asks again for the same asks once. It is ErrFull where they ask for too much.
func (d *Desk) Ask(ctx context.Context, who fact.Who, what string) error {
	now := d.now()
	row := Row{Name: askName(who, what), Owner: string(who), Under: accountName(who), Made: now, Touched: now, Expires: now.Add(KeepAsk), Bytes: []byte(what)}
	_, err := d.st.Put(ctx, row, MaxAsks)
	if errors.Is(err, fact.ErrStale) {
		return nil // it is noted already
	}
	return wrap("ask", err)
}

// Asks gives what is asked for and not answered, the oldest first.
func (d *Desk) Asks(ctx context.Context) ([]Ask, error) {
	rows, err := d.st.List(ctx, "ask", "", allAsks)
	if err != nil {
		return nil, wrap("list what is asked for", err)
	}
	var out []Ask
	for _, r := range rows {
		if !d.expired(r) {
			out = append(out, Ask{fact.Who(r.Owner), string(r.Bytes), r.Made})
		}
	}
	slices.SortFunc(out, func(a, b Ask) int { return a.At.Compare(b.At) })
	return out, nil
}

// Answered forgets that somebody asks for something. It is no error if they do not.
func (d *Desk) Answered(ctx context.Context, who fact.Who, what string) error {
	return wrap("answer", d.st.Delete(ctx, askName(who, what)))
}
