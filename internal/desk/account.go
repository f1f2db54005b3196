package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
)

// How long what is given to somebody once can be used.
const (
	InvitationLasts = 7 * 24 * time.Hour
	WelcomeLasts    = 24 * time.Hour // the link that makes the owner of a record
	maxAccounts     = 5000
	maxName         = 200 // bytes
)

// Account is somebody who can sign in. What they may do is in the record, under ID; here is who they are, which can be erased.
type Account struct {
	ID       fact.Who  `json:"-"` // opaque
	Name     string    `json:"name"`
	Email    string    `json:"email"`              // as it was typed; compared without regard to case
	Password string    `json:"password,omitempty"` // its hash; empty where they have none yet, or sign in elsewhere
	Subject  string    `json:"subject,omitempty"`  // who they are at the council's identity provider: issuer and subject
	Ends     fact.Day  `json:"ends,omitempty"`     // the last day on which they can sign in; zero is none
	Closed   bool      `json:"closed,omitempty"`
	Epoch    int64     `json:"epoch"` // goes up when all sessions are ended
	LastIn   time.Time `json:"lastIn,omitzero"`
	Reset    time.Time `json:"reset,omitzero"`    // when an invitation of somebody else last gave another password to the account, which was set up already
	ResetBy  fact.Who  `json:"resetBy,omitempty"` // who made that invitation

	Made time.Time `json:"-"`
	row  int64
}

// Open reports whether somebody can sign in on a day.
func (a *Account) Open(on fact.Day) bool { return !a.Closed && (a.Ends == 0 || on <= a.Ends) }

// SetUp reports whether somebody has made the account theirs: whoever is invited to it anew takes it over.
func (a *Account) SetUp() bool { return a.Password != "" || a.Subject != "" }

// ErrSignIn says that nobody was signed in, and never why: that would say whether there is such an account.
var ErrSignIn = fmt.Errorf("the email address or the password is not right: %w", fact.ErrDenied)

func accountName(id fact.Who) Name    { return Name{"account", string(id)} }
func emailName(email string) Name     { return Name{"email", fingerprint(strings.ToLower(email))} }
func subjectName(subject string) Name { return Name{"subject", fingerprint(subject)} }

// CheckEmail says what is wrong with an address, as a sentence for the one who typed it, or nothing.
func CheckEmail(s string) string {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > maxName || !strings.Contains(s, ".") {
		return "Enter an email address in the correct format, like name@example.com."
	}
	return ""
}

// NewAccount makes an account of a Name, an Email and Ends. ID is made where it is empty. It is a fact.ErrStale where there is one of that address.
func (d *Desk) NewAccount(ctx context.Context, given Account) (*Account, error) {
	a := &Account{ID: given.ID, Name: strings.TrimSpace(given.Name), Email: strings.TrimSpace(given.Email), Ends: given.Ends, Subject: given.Subject, Made: d.now()}
	if a.Name == "" || len(a.Name) > maxName || CheckEmail(a.Email) != "" {
		return nil, fmt.Errorf("make account: it needs a name and an email address: %w", fact.ErrInvalid)
	}
	if a.ID == "" {
		a.ID = fact.Who("p-" + strings.ToLower(newID()[:16]))
	}
	if err := d.putAccount(ctx, a); err != nil {
		return nil, fmt.Errorf("make account: %w", err)
	}
	// The address is claimed after the row that it goes under; whoever loses the claim is taken away again.
	if err := d.index(ctx, emailName(a.Email), a); err != nil {
		return nil, errors.Join(fmt.Errorf("make account: there is one with this email address: %w", err), d.st.Delete(ctx, accountName(a.ID)))
	}
	if a.Subject != "" {
		if err := d.index(ctx, subjectName(a.Subject), a); err != nil {
			return nil, errors.Join(fmt.Errorf("make account: %w", err), d.st.Delete(ctx, accountName(a.ID)))
		}
	}
	return a, nil
}

func (d *Desk) index(ctx context.Context, n Name, a *Account) error {
	now := d.now()
	_, err := d.st.Put(ctx, Row{Name: n, Owner: string(a.ID), Under: accountName(a.ID), Made: now, Touched: now, Bytes: []byte(a.ID)}, 0)
	return err
}

func (d *Desk) putAccount(ctx context.Context, a *Account) error {
	b, err := json.Marshal(a) // #nosec G117 -- the hash of the password, into the desk, which nobody else may read
	if err != nil {
		return err
	}
	a.row, err = d.st.Put(ctx, Row{Name: accountName(a.ID), Version: a.row, Owner: string(a.ID), Made: a.Made, Touched: d.now(), Bytes: b}, maxAccounts)
	return err
}

func readAccount(r Row) (*Account, error) {
	a := &Account{ID: fact.Who(r.Key), Made: r.Made, row: r.Version}
	if err := json.Unmarshal(r.Bytes, a); err != nil {
		return nil, fmt.Errorf("read account: %v: %w", err, fact.ErrCorrupt)
	}
	return a, nil
}

// Account gives an account, or fact.ErrNotFound.
func (d *Desk) Account(ctx context.Context, id fact.Who) (*Account, error) {
	r, err := d.st.Get(ctx, accountName(id))
	if err != nil {
		return nil, fmt.Errorf("find account: %w", err)
	}
	return readAccount(r)
}

// Accounts gives all accounts by name.
func (d *Desk) Accounts(ctx context.Context) ([]*Account, error) {
	rows, err := d.st.List(ctx, "account", "", maxAccounts)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	var out []*Account
	for _, r := range rows {
		a, err := readAccount(r)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *Account) int {
		return strings.Compare(strings.ToLower(a.Name)+"\x00"+string(a.ID), strings.ToLower(b.Name)+"\x00"+string(b.ID))
	})
	return out, nil
}

func (d *Desk) by(ctx context.Context, n Name) (*Account, error) {
	r, err := d.st.Get(ctx, n)
	if err != nil {
		return nil, err
	}
	return d.Account(ctx, fact.Who(r.Bytes))
}

// ChangeAccount changes an account as it is by then, however many do so at once.
func (d *Desk) ChangeAccount(ctx context.Context, id fact.Who, change func(*Account) error) (*Account, error) {
	for {
		a, err := d.Account(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := change(a); err != nil {
			return nil, err
		}
		err = d.putAccount(ctx, a)
		if err == nil {
			return a, nil
		}
		if !errors.Is(err, fact.ErrStale) {
			return nil, fmt.Errorf("change account: %w", err)
		}
	}
}

// SignIn gives the account of an email address and a password, or ErrSignIn. It takes as long where there is no such account.
func (d *Desk) SignIn(ctx context.Context, email, password string) (*Account, error) {
	a, err := d.by(ctx, emailName(strings.TrimSpace(email)))
	if err != nil && !errors.Is(err, fact.ErrNotFound) {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	kept := ""
	if a != nil && a.Open(fact.DayIn(d.now())) {
		kept = a.Password
	}
	if len(password) > 4*MaxPassword {
		password, kept = "", "" // no more is hashed than a password may be long
	}
	ok, err := matches(ctx, password, kept)
	switch {
	case err != nil:
		return nil, fmt.Errorf("sign in: %w", err)
	case !ok:
		return nil, ErrSignIn
	}
	return d.signedIn(ctx, a.ID)
}

// SignInAs gives the account that an identity provider vouches for: by its subject; else, the first time, by an address that the provider says is the
// person's own.
func (d *Desk) SignInAs(ctx context.Context, subject, email string, verified bool) (*Account, error) {
	a, err := d.by(ctx, subjectName(subject))
	if errors.Is(err, fact.ErrNotFound) && verified && email != "" {
		a, err = d.bind(ctx, subject, email)
	}
	switch {
	case errors.Is(err, fact.ErrNotFound), errors.Is(err, ErrSignIn):
		return nil, ErrSignIn
	case err != nil:
		return nil, fmt.Errorf("sign in: %w", err)
	case a.Subject != subject, !a.Open(fact.DayIn(d.now())):
		return nil, ErrSignIn
	}
	return d.signedIn(ctx, a.ID)
}

// bind notes in the account of an email address who that is at the identity provider. It is an ErrSignIn where it is closed, or that is somebody else
// already, who had the address before. The account says so first and the index follows, so that of two who come at once one has it, and one who was
// interrupted in between comes in the next time.
func (d *Desk) bind(ctx context.Context, subject, email string) (*Account, error) {
	a, err := d.by(ctx, emailName(email))
	if err != nil {
		return nil, err
	}
	a, err = d.ChangeAccount(ctx, a.ID, func(a *Account) error {
		if a.Subject != "" && a.Subject != subject || !a.Open(fact.DayIn(d.now())) {
			return ErrSignIn
		}
		a.Subject = subject
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := d.index(ctx, subjectName(subject), a); err != nil && !errors.Is(err, fact.ErrStale) {
		return nil, err
	}
	return a, nil
}

func (d *Desk) signedIn(ctx context.Context, id fact.Who) (*Account, error) {
	return d.ChangeAccount(ctx, id, func(a *Account) error { a.LastIn = d.now(); return nil })
}

// SetPassword gives an account another password, and ends all its sessions and invitations.
func (d *Desk) SetPassword(ctx context.Context, id fact.Who, password string) (*Account, error) {
	return d.setPassword(ctx, id, password, func(*Account) {})
}

func (d *Desk) setPassword(ctx context.Context, id fact.Who, password string, before func(*Account)) (*Account, error) {
	h, err := hashed(ctx, password)
	if err != nil {
		return nil, fmt.Errorf("set password: %w", err)
	}
	a, err := d.ChangeAccount(ctx, id, func(a *Account) error { before(a); a.Password = h; a.Epoch++; return nil })
	if err != nil {
		return nil, err
	}
	return a, errors.Join(d.endAll(ctx, "signed-in", id), d.endAll(ctx, "invitation", id))
}

// SignOutEverywhere ends all sessions of an account.
func (d *Desk) SignOutEverywhere(ctx context.Context, id fact.Who) error {
	_, err := d.ChangeAccount(ctx, id, func(a *Account) error { a.Epoch++; return nil })
	if err != nil {
		return err
	}
	return d.endAll(ctx, "signed-in", id) // they are over already; the list is to say so
}

// endAll deletes the rows of a space that belong to an account.
func (d *Desk) endAll(ctx context.Context, space string, owner fact.Who) error {
	rows, err := d.st.List(ctx, space, string(owner), max(MaxTokens, maxSignedIn))
	for _, r := range rows {
		err = errors.Join(err, d.st.Delete(ctx, r.Name))
	}
	return wrap("end "+space, err)
}

// CloseAccount ends an account: nobody signs in with it any more, and all its sessions and tokens end. Its name stays, until it is erased.
func (d *Desk) CloseAccount(ctx context.Context, id fact.Who) error {
	_, err := d.ChangeAccount(ctx, id, func(a *Account) error { a.Closed = true; a.Password = ""; a.Epoch++; return nil })
	if err != nil {
		return err
	}
	return errors.Join(d.endAll(ctx, "token", id), d.endAll(ctx, "signed-in", id))
}

// EraseAccount takes an account away with all that is in it, and the files that came with forms of theirs which were wrong. What it did stays in the record, under a name that says nothing.
func (d *Desk) EraseAccount(ctx context.Context, id fact.Who) error {
	if err := d.removeDraftsOf(ctx, id); err != nil {
		return fmt.Errorf("erase account: %w", err)
	}
	if err := d.st.Delete(ctx, accountName(id)); err != nil {
		return fmt.Errorf("erase account: %w", err)
	}
	return d.st.Scrub(ctx)
}

// Invite gives the secret by which somebody sets the password of an account, once, until it expires or another password is set. by is who made it.
func (d *Desk) Invite(ctx context.Context, id, by fact.Who, lasts time.Duration) (secret string, err error) {
	secret = newSecret()
	now := d.now()
	_, err = d.st.Put(ctx, Row{Name: Name{"invitation", fingerprint(secret)}, Owner: string(id), Under: accountName(id), Made: now, Touched: now, Expires: now.Add(lasts), Bytes: []byte(string(id) + "\n" + string(by))}, 20)
	if err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	return secret, nil
}

// Invited gives the account that a secret of Invite is for and who made it, or fact.ErrNotFound.
func (d *Desk) Invited(ctx context.Context, secret string) (a *Account, by fact.Who, err error) {
	r, err := d.st.Get(ctx, Name{"invitation", fingerprint(secret)})
	if err == nil && (d.expired(r) || len(r.Bytes) == 0) {
		err = fact.ErrNotFound
	}
	if err != nil {
		return nil, "", fmt.Errorf("find invitation: %w", err)
	}
	id, maker, _ := strings.Cut(string(r.Bytes), "\n")
	a, err = d.Account(ctx, fact.Who(id))
	if err == nil && !a.Open(fact.DayIn(d.now())) {
		err = fmt.Errorf("find invitation: %w", fact.ErrNotFound)
	}
	return a, fact.Who(maker), err
}

// Accept sets the password of the account that a secret of Invite is for, and uses up the secret. Of two who use it at once one gets fact.ErrNotFound. Where the account was set up
// already, it says afterwards whose invitation that was.
func (d *Desk) Accept(ctx context.Context, secret, password string) (*Account, error) {
	n := Name{"invitation", fingerprint(secret)}
	a, by, err := d.Invited(ctx, secret)
	if err != nil {
		return nil, err
	}
	r, err := d.st.Get(ctx, n)
	if err != nil {
		return nil, fmt.Errorf("accept invitation: %w", err)
	}
	if len(r.Bytes) == 0 {
		return nil, fmt.Errorf("accept invitation: %w", fact.ErrNotFound)
	}
	r.Bytes, r.Touched = nil, d.now()
	if _, err := d.st.Put(ctx, r, 0); err != nil { // the compare-and-swap of Put makes it once
		if errors.Is(err, fact.ErrStale) {
			err = fact.ErrNotFound
		}
		return nil, fmt.Errorf("accept invitation: %w", err)
	}
	return d.setPassword(ctx, a.ID, password, func(a *Account) {
		if a.SetUp() && by != a.ID {
			a.Reset, a.ResetBy = d.now(), by
		}
	})
}
