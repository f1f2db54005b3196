package desk_test

import (
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"plumbline/internal/desk"
)

// How long an answer takes does not tell whether there is an account: where there is none, or a closed one, or one without a password, as much is hashed.
func TestSignInTakesAsLong(t *testing.T) {
	if os.Getenv("PLUMBLINE_PROVE") == "" {
		t.Skip("it measures time: make prove")
	}
	const password = "correct horse battery staple"
	o := newOffice(t)
	account := func(email string) *desk.Account {
		a, err := o.desk.NewAccount(t.Context(), desk.Account{Name: "Somebody", Email: email})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	there, closed := account("there@example.com"), account("closed@example.com")
	account("invited@example.com")
	for _, a := range []*desk.Account{there, closed} {
		if _, err := o.desk.SetPassword(t.Context(), a.ID, password); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.desk.CloseAccount(t.Context(), closed.ID); err != nil {
		t.Fatal(err)
	}
	emails := []string{"there@example.com", "closed@example.com", "invited@example.com", "nobody@example.com"}
	took := map[string][]time.Duration{}
	for range 41 { // in turn, so that what else the computer does falls on all
		for _, email := range emails {
			began := time.Now()
			_, err := o.desk.SignIn(t.Context(), email, "another long secret phrase")
			took[email] = append(took[email], time.Since(began))
			if !errors.Is(err, desk.ErrSignIn) {
				t.Fatal(err)
			}
		}
	}
	median := func(email string) time.Duration {
		slices.Sort(took[email])
		return took[email][len(took[email])/2]
	}
	want := median(emails[0])
	for _, email := range emails[1:] {
		got := median(email)
		t.Logf("%s: %v, an account with another password: %v", email, got, want)
		if got < want*2/3 || got > want*3/2 {
			t.Errorf("%s: %v, and %v where there is an account", email, got, want)
		}
	}
}
