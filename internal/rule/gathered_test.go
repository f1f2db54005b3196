package rule_test

import (
	"slices"
	"testing"

	"plumbline/internal/rule"
)

func TestGathered(t *testing.T) {
	got := rule.Gathered([]string{"A: nobody was ever recorded as appointed to this post", "A: “Decided by” is not recorded", "A: “Decided on” is not recorded", "A: “Reference” is not recorded", "Board: A: “Decided by” is not recorded", "No delegation is recorded"})
	want := []string{"A: nobody was ever recorded as appointed to this post", "A: “Decided by”, “Decided on” and “Reference” are not recorded", "Board: A: “Decided by” is not recorded", "No delegation is recorded"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
