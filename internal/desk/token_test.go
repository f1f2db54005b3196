package desk_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// A token lets in as the account whose it is until it has ended, is ended, or the account is; anything else lets nobody in. Its secret is nowhere in the desk.
func TestTokens(t *testing.T) {
	o := newOffice(t)
	account := func(name string) *desk.Account {
		t.Helper()
		a, err := o.desk.NewAccount(t.Context(), desk.Account{Name: name, Email: name + "@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	ann, bob := account("ann"), account("bob")
	today := fact.DayIn(o.now())
	make := func(a *desk.Account, ends fact.Day) string {
		t.Helper()
		secret, err := o.desk.NewToken(t.Context(), desk.Token{Owner: a.ID, Name: "a program", Ends: ends})
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	enters := func(secret string, want *desk.Account) {
		t.Helper()
		token, a, err := o.desk.LetIn(t.Context(), secret)
		switch {
		case want == nil && !errors.Is(err, desk.ErrSignIn):
			t.Errorf("%.30s lets in %v: %v", secret, a, err)
		case want != nil && (err != nil || a.ID != want.ID || token.Owner != want.ID || token.Used != fact.DayIn(o.now())):
			t.Errorf("%.30s does not let in %s: %v", secret, want.Name, err)
		}
	}
	for _, bad := range []desk.Token{
		{Owner: ann.ID, Ends: today}, {Owner: ann.ID, Name: " ", Ends: today}, {Owner: ann.ID, Name: "x", Ends: today - 1}, {Owner: ann.ID, Name: "x", Ends: today + desk.TokenLasts + 1},
		{Owner: ann.ID, Name: strings.Repeat("x", 101), Ends: today}, {Owner: ann.ID, Name: "x"},
	} {
		if _, err := o.desk.NewToken(t.Context(), bad); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	first, second, his := make(ann, today), make(ann, today+30), make(bob, today+30)
	enters(first, ann)
	enters(second, ann)
	enters(his, bob)
	id := func(secret string) string { return strings.Split(secret, "_")[1] }
	tail := func(secret string) string { return strings.Split(secret, "_")[2] }
	for _, forged := range []string{
		"", "x", "plumbline_", "plumbline__", "plumbline_" + id(first), "plumbline_" + id(first) + "_", first + "A", first[:len(first)-1], strings.ToLower(first),
		"plumbline_" + id(first) + "_" + tail(second), "plumbline_" + id(second) + "_" + tail(his), "plumbline_nothing_" + tail(first), strings.TrimPrefix(first, "plumbline_"), id(first), " " + first, "plumbline_%_" + tail(first),
	} {
		enters(forged, nil)
	}
	files, _ := filepath.Glob(filepath.Join(o.dir, "*"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(tail(first))) {
			t.Errorf("%s holds the secret", filepath.Base(f))
		}
	}

	if err := o.desk.EndToken(t.Context(), bob.ID, id(second)); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("he ends hers: %v", err)
	}
	if all, err := o.desk.Tokens(t.Context(), ann.ID); err != nil || len(all) != 2 || all[0].ID != id(second) {
		t.Errorf("%v %v", all, err)
	}
	if err := o.desk.EndToken(t.Context(), ann.ID, id(second)); err != nil {
		t.Error(err)
	}
	enters(second, nil)
	o.pass(24 * time.Hour)
	enters(first, nil)
	enters(his, bob)
	ends := func(day fact.Day) {
		if _, err := o.desk.ChangeAccount(t.Context(), bob.ID, func(a *desk.Account) error { a.Ends = day; return nil }); err != nil {
			t.Error(err)
		}
	}
	ends(today)
	enters(his, nil) // the account has ended
	ends(0)
	if err := o.desk.CloseAccount(t.Context(), bob.ID); err != nil {
		t.Error(err)
	}
	enters(his, nil)
	if _, err := o.desk.ChangeAccount(t.Context(), bob.ID, func(a *desk.Account) error { a.Closed = false; return nil }); err != nil {
		t.Error(err)
	}
	enters(his, nil) // it ended with the account
	for range desk.MaxTokens {
		if _, err := o.desk.NewToken(t.Context(), desk.Token{Owner: bob.ID, Name: "x", Ends: today + 9}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.desk.NewToken(t.Context(), desk.Token{Owner: bob.ID, Name: "x", Ends: today + 9}); !errors.Is(err, desk.ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	if err := o.desk.EraseAccount(t.Context(), bob.ID); err != nil {
		t.Error(err)
	}
	if all, err := o.desk.Tokens(t.Context(), bob.ID); err != nil || len(all) > 0 {
		t.Errorf("tokens of an account that is erased: %v %v", all, err)
	}
}
