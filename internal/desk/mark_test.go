package desk_test

import (
	"fmt"
	"testing"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// What somebody marked is theirs, of that thing alone, until they take it back; of too many things the oldest is forgotten.
func TestMarks(t *testing.T) {
	w := newOffice(t).desk
	marks := func(who, of string) string {
		t.Helper()
		m, err := w.Marks(t.Context(), fact.Who(who), of)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(m)
	}
	mark := func(who, of string, read, unread []string) {
		t.Helper()
		if err := w.Mark(t.Context(), fact.Who(who), of, read, unread); err != nil {
			t.Fatal(err)
		}
	}
	mark("ann", "one", []string{"a", "b"}, nil)
	mark("ann", "one", []string{"c"}, []string{"a", "z"})
	if got := marks("ann", "one"); got != "map[b:true c:true]" {
		t.Error(got)
	}
	for _, other := range [][2]string{{"bob", "one"}, {"ann", "two"}} {
		if got := marks(other[0], other[1]); got != "map[]" {
			t.Errorf("%v: %s", other, got)
		}
	}
	for n := range desk.MaxMarked {
		mark("ann", fmt.Sprint("thing ", n), []string{"x"}, nil)
	}
	if marks("ann", fmt.Sprint("thing ", desk.MaxMarked-1)) != "map[x:true]" {
		t.Error("the newest is not kept")
	}
	many := make([]string, desk.MaxMarks+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	if err := w.Mark(t.Context(), "bob", "one", many, nil); err == nil {
		t.Error("any number can be marked")
	}
}
