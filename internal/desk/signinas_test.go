package desk_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// An account is bound once to somebody whom an identity provider knows: by an address that is theirs, and for good.
func TestSignInAs(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	account := func(name string) *desk.Account {
		t.Helper()
		a, err := o.desk.NewAccount(ctx, desk.Account{Name: name, Email: name + "@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	refused := func(why, subject, email string, verified bool) {
		t.Helper()
		if a, err := o.desk.SignInAs(ctx, subject, email, verified); !errors.Is(err, desk.ErrSignIn) {
			t.Errorf("%s: %+v %v", why, a, err)
		}
	}
	in := func(why, subject, email string, verified bool, want fact.Who) {
		t.Helper()
		if a, err := o.desk.SignInAs(ctx, subject, email, verified); err != nil || a.ID != want || a.Subject != subject || a.LastIn.IsZero() {
			t.Errorf("%s: %+v %v", why, a, err)
		}
	}
	subject := func(id fact.Who, to string) {
		t.Helper()
		if _, err := o.desk.ChangeAccount(ctx, id, func(a *desk.Account) error { a.Subject = to; return nil }); err != nil {
			t.Fatal(err)
		}
	}

	ann := account("ann").ID
	refused("an address that nobody vouches for", "op 1", "ann@example.com", false)
	refused("no address", "op 1", "", true)
	refused("an address of nobody", "op 1", "bob@example.com", true)
	in("the first time", "op 1", "ANN@example.com", true, ann)
	in("by who she is", "op 1", "", false, ann)
	refused("somebody else with her address", "op 2", "ann@example.com", true)
	subject(ann, "op 3")
	refused("who she was before", "op 1", "ann@example.com", true)
	in("interrupted while the account was bound", "op 3", "ann@example.com", true, ann)
	in("and from then on", "op 3", "", false, ann)

	bob := account("bob").ID
	if err := o.desk.CloseAccount(ctx, bob); err != nil {
		t.Fatal(err)
	}
	refused("a closed account", "op 4", "bob@example.com", true)
	if a, err := o.desk.Account(ctx, bob); err != nil || a.Subject != "" {
		t.Errorf("a closed account is bound: %+v %v", a, err)
	}
	if err := o.desk.CloseAccount(ctx, ann); err != nil {
		t.Fatal(err)
	}
	refused("one that was closed since", "op 3", "ann@example.com", true)

	// Of many who come at once with one address one has the account, then and for ever.
	eve := account("eve").ID
	won := make([]bool, 8)
	var all sync.WaitGroup
	for n := range won {
		all.Go(func() {
			_, err := o.desk.SignInAs(ctx, fmt.Sprint("eve ", n), "eve@example.com", true)
			won[n] = err == nil
			if err != nil && !errors.Is(err, desk.ErrSignIn) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	winners := 0
	for n, one := range won {
		if !one {
			refused("who came second", fmt.Sprint("eve ", n), "eve@example.com", true)
			continue
		}
		winners++
		in("who came first", fmt.Sprint("eve ", n), "", false, eve)
	}
	if winners != 1 {
		t.Errorf("%d have the account", winners)
	}
}
