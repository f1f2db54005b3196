package desk_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"plumbline/internal/desk"
)

// What somebody asks for is noted once, until it is answered or nobody has for 30 days, and goes with their account.
func TestAsk(t *testing.T) {
	o := newOffice(t)
	b := o.desk
	ann, err := b.NewAccount(t.Context(), desk.Account{Name: "Ann", Email: "ann@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	asked := func() (out []string) {
		t.Helper()
		all, err := b.Asks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			out = append(out, string(x.Who)+" "+x.What)
		}
		return out
	}
	ask := func(what string) {
		t.Helper()
		if err := b.Ask(t.Context(), ann.ID, what); err != nil {
			t.Fatal(err)
		}
	}
	ask("structure")
	ask("structure")
	ask("meetings")
	if got := asked(); len(got) != 2 {
		t.Errorf("%q", got)
	}
	if err := b.Answered(t.Context(), ann.ID, "structure"); err != nil || len(asked()) != 1 {
		t.Errorf("%v %q", err, asked())
	}
	o.pass(desk.KeepAsk + time.Hour)
	if got := asked(); len(got) != 0 {
		t.Errorf("after 30 days: %q", got)
	}
	if err := b.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range desk.MaxAsks {
		ask(fmt.Sprint(n))
	}
	if err := b.Ask(t.Context(), ann.ID, "one more"); !errors.Is(err, desk.ErrFull) {
		t.Errorf("one more than there can be: %v", err)
	}
	if err := b.EraseAccount(t.Context(), ann.ID); err != nil || len(asked()) != 0 {
		t.Errorf("%v %q", err, asked())
	}
}
