package desk_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// What is put under a name is found there by everybody until something else is, through restarts, for as long as a card is kept.
func TestCards(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	if _, err := o.desk.Card(ctx, "a"); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("a card that nobody put: %v", err)
	}
	is := func(name, want string) {
		t.Helper()
		if b, err := o.desk.Card(ctx, name); err != nil || string(b) != want {
			t.Errorf("card %s says %q, %v; want %q", name, b, err, want)
		}
	}
	put := func(name, says string) {
		t.Helper()
		if err := o.desk.PutCard(ctx, name, []byte(says)); err != nil {
			t.Fatal(err)
		}
	}
	put("a", "first")
	put("b", "other")
	put("a", "second")
	o.close()
	o.open(t)
	is("a", "second")
	is("b", "other")
	for name, size := range map[string]int{"": 1, "large": 1<<16 + 1} {
		if err := o.desk.PutCard(ctx, name, make([]byte, size)); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%d bytes under %q: %v", size, name, err)
		}
	}

	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := o.desk.PutCard(ctx, "at once", []byte("x")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	is("at once", "x")

	o.clock.pass(desk.KeepCard - time.Minute)
	put("a", "third")
	o.clock.pass(2 * time.Minute)
	is("a", "third")
	if _, err := o.desk.Card(ctx, "b"); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("a card is kept too long: %v", err)
	}

	for i := range desk.MaxCards { // the oldest make room
		o.clock.pass(time.Second)
		put(fmt.Sprint(i), "y")
	}
	is("0", "y")
	if _, err := o.desk.Card(ctx, "a"); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("the oldest card is kept: %v", err)
	}
}
