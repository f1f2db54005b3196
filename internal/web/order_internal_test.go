package web

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersInTitlesCountAsNumbers(t *testing.T) {
	got := []string{"Ward 10", "12a", "Ward 2", "Zebra", "2. Second", "Ward", "Recommendation 3.10", "Recommendation 3.9", "10. Tenth", "ward 007", "1. First"}
	slices.SortStableFunc(got, byTitle)
	want := []string{"1. First", "2. Second", "10. Tenth", "12a", "Recommendation 3.9", "Recommendation 3.10", "Ward", "Ward 2", "ward 007", "Ward 10", "Zebra"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What stands in the order of titles is an order: it says the same both ways round, and what comes before what comes before comes before.
func TestTitlesHaveAnOrder(t *testing.T) {
	title := rapid.StringOfN(rapid.SampledFrom([]rune("019 a.é–")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := title.Draw(t, "a"), title.Draw(t, "b"), title.Draw(t, "c")
		if natural(a, a) != 0 || natural(a, b) != -natural(b, a) {
			t.Fatal("not the same both ways round")
		}
		if natural(a, b) <= 0 && natural(b, c) <= 0 && natural(a, c) > 0 {
			t.Fatal("what comes last comes first")
		}
	})
}
