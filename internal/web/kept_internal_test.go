package web

import (
	"sync"
	"sync/atomic"
	"testing"

	"plumbline/internal/fact"
)

// Many who ask for the same at once get what one of them finds out.
func TestKeptIsFoundOutOnce(t *testing.T) {
	var m kept
	var made atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if got := m.of(7, keptKey{on: 1, known: 7}, func() any { return made.Add(1) })(); got != int64(1) {
				t.Errorf("got %v", got)
			}
		})
	}
	wg.Wait()
}

func TestKeptIsForgotten(t *testing.T) {
	var m kept
	made := 0
	ask := func(newest int64, on fact.Day) int {
		made = 0
		m.of(newest, keptKey{on: on}, func() any { made++; return nil })()
		return made
	}
	for on := range fact.Day(maxKept) {
		ask(1, on)
	}
	if ask(1, 0) != 0 {
		t.Error("what there is room for was forgotten")
	}
	ask(1, maxKept)
	if len(m.found) != maxKept || ask(1, 0) != 0 || ask(1, 1) != 1 {
		t.Errorf("of %d it is not that which nobody asked for longest that was forgotten", len(m.found))
	}
	if ask(2, 0) != 1 || len(m.found) != 1 {
		t.Error("after something was recorded, what was found before is still there")
	}
	if ask(1, 5) != 1 || len(m.found) != 1 {
		t.Error("what a look from before sees is kept for those that came after")
	}
}
