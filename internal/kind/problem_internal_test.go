package kind

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The nearest name is one that no other is nearer than, and there is none only where all are too far.
func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("abcABCÄé7")), 0, 12, -1)
		s, names := word.Draw(t, "s"), rapid.SliceOf(word).Draw(t, "names")
		got, least := Nearest(s, names), max(2, len(s)/3)+1
		for _, n := range names {
			least = min(least, plainDistance(strings.ToLower(s), strings.ToLower(n)))
		}
		switch far := max(2, len(s)/3); {
		case least > far && got != "":
			t.Fatalf("%q is %q among %q, which is too far", s, got, names)
		case least <= far && plainDistance(strings.ToLower(s), strings.ToLower(got)) != least:
			t.Fatalf("%q is %q among %q", s, got, names)
		}
	})
}

// plainDistance is what distance is, by its definition.
func plainDistance(a, b string) int {
	var of func(i, j int) int
	seen := map[[2]int]int{}
	of = func(i, j int) int {
		if i == 0 || j == 0 {
			return i + j
		}
		if d, ok := seen[[2]int{i, j}]; ok {
			return d
		}
		d := of(i-1, j-1)
		if a[i-1] != b[j-1] {
			d = 1 + min(d, of(i-1, j), of(i, j-1))
		}
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			d = min(d, 1+of(i-2, j-2))
		}
		seen[[2]int{i, j}] = d
		return d
	}
	return of(len(a), len(b))
}
