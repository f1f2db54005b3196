package desk

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// Limits on tokens.
const (
	TokenLasts   = 366 // days at most
	MaxTokens    = 20  // of one account
	maxTokenName = 100 // characters
)

// Token lets a program in as the person whose it is. Its secret is shown once; here is what is kept.
type Token struct {
	ID     string   `json:"-"` // public: it finds the token, and lets nobody in
	Owner  fact.Who `json:"-"`
	Name   string   `json:"name"`   // what it is for, in the words of its owner
	Change bool     `json:"change"` // it may record, and not only read
	Ends   fact.Day `json:"ends"`   // the last day on which it lets in
	Used   fact.Day `json:"used,omitempty"`
	Hash   string   `json:"hash"` // of the secret, which has 128 bits and more: there is nothing to guess, so nothing to slow down

	Made time.Time `json:"-"`
}

// tokenMark begins every token, so that one that lies where it should not is found by a search.
const tokenMark = "plumbline_"

func tokenName(id string) Name { return Name{"token", id} }

// NewToken makes a token of an Owner, Name, Change and Ends, and gives what the program has to say. It is a fact.ErrInvalid where it has no name or ends too late,
// and ErrFull where its owner has MaxTokens.
func (d *Desk) NewToken(ctx context.Context, given Token) (secret string, err error) {
	today := fact.DayIn(d.now())
	given.Name = strings.TrimSpace(given.Name)
	if given.Name == "" || utf8.RuneCountInString(given.Name) > maxTokenName || given.Ends < today || given.Ends > today+TokenLasts {
		return "", fmt.Errorf("make token: it needs a name, and a last day within a year: %w", fact.ErrInvalid)
	}
	id := strings.ToLower(rand.Text()[:12])
	secret = tokenMark + id + "_" + rand.Text()
	given.Hash = fingerprint(secret)
	b, err := json.Marshal(given)
	if err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	now := d.now()
	row := Row{Name: tokenName(id), Owner: string(given.Owner), Under: accountName(given.Owner), Made: now, Touched: now, Expires: given.Ends.End().UTC(), Bytes: b}
	if _, err := d.st.Put(ctx, row, MaxTokens); err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	return secret, nil
}

func readToken(r Row) (*Token, error) {
	t := &Token{ID: r.Key, Owner: fact.Who(r.Owner), Made: r.Made}
	if err := json.Unmarshal(r.Bytes, t); err != nil {
		return nil, fmt.Errorf("read token: %v: %w", err, fact.ErrCorrupt)
	}
	return t, nil
}

// unnamed is what a token is called whose name was erased. It lets its program in as before.
const unnamed = "Name removed"

// unname takes away the name of a token. It is no error where there is none.
func (d *Desk) unname(ctx context.Context, n Name) error {
	for {
		r, err := d.st.Get(ctx, n)
		if errors.Is(err, fact.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		t, err := readToken(r)
		if err != nil {
			return err
		}
		t.Name = unnamed
		if r.Bytes, err = json.Marshal(t); err != nil {
			return err
		}
		if _, err = d.st.Put(ctx, r, 0); !errors.Is(err, fact.ErrStale) { // else it was used at the same moment
			return err
		}
	}
}

// Tokens gives the tokens of an account that still let in, the newest first.
func (d *Desk) Tokens(ctx context.Context, owner fact.Who) ([]*Token, error) {
	if owner == "" { // of whom a store would list all there are
		return nil, nil
	}
	rows, err := d.st.List(ctx, "token", string(owner), MaxTokens)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	var out []*Token
	for _, r := range rows {
		if d.expired(r) {
			continue
		}
		t, err := readToken(r)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *Token) int { return b.Made.Compare(a.Made) })
	return out, nil
}

// EndToken ends a token of an account. It is a fact.ErrNotFound where there is none.
func (d *Desk) EndToken(ctx context.Context, owner fact.Who, id string) error {
	_, err := d.get(ctx, tokenName(id), owner)
	if err == nil {
		err = d.st.Delete(ctx, tokenName(id))
	}
	return wrap("end token", err)
}

// LetIn gives the token that a program says, and the account whose it is; or ErrSignIn where it is none, has ended, or the account is closed. That it was used
// today is noted.
func (d *Desk) LetIn(ctx context.Context, secret string) (*Token, *Account, error) {
	rest, ok := strings.CutPrefix(secret, tokenMark)
	id, _, found := strings.Cut(rest, "_")
	if !ok || !found {
		return nil, nil, ErrSignIn
	}
	r, err := d.st.Get(ctx, tokenName(id))
	if errors.Is(err, fact.ErrNotFound) {
		return nil, nil, ErrSignIn
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find token: %w", err)
	}
	t, err := readToken(r)
	if err != nil {
		return nil, nil, err
	}
	today := fact.DayIn(d.now())
	if subtle.ConstantTimeCompare([]byte(fingerprint(secret)), []byte(t.Hash)) != 1 || d.expired(r) || t.Ends < today {
		return nil, nil, ErrSignIn
	}
	a, err := d.Account(ctx, t.Owner)
	if errors.Is(err, fact.ErrNotFound) || err == nil && !a.Open(today) {
		return nil, nil, ErrSignIn
	}
	if err != nil {
		return nil, nil, err
	}
	if t.Used != today {
		t.Used, r.Touched = today, d.now()
		if r.Bytes, err = json.Marshal(t); err != nil {
			return nil, nil, fmt.Errorf("note that a token was used: %w", err)
		}
		if _, err := d.st.Put(ctx, r, 0); err != nil && !errors.Is(err, fact.ErrStale) { // else another request has noted it, or it was ended
			return nil, nil, fmt.Errorf("note that a token was used: %w", err)
		}
	}
	return t, a, nil
}
