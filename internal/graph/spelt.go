package graph

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/kind"
)

// mostSpelt is for how many words of a query other spellings are tried.
const mostSpelt = 6

// Spelt gives a query that finds something, with words of names in place of those that begin none; empty where there is none, or nothing is to be spelt in another way.
func (v *View) Spelt(query string, short ...Abbreviation) string {
	asked := strings.Fields(query)
	if len(asked) > mostSpelt {
		return ""
	}
	ix, changed := v.g.searched()
	known, newer := ix.words(), wordsOf(changed)
	spelt := false
	for i, typed := range asked {
		words := split(typed)
		for j, w := range words {
			if begun(w, known) || begun(w, newer) {
				continue
			}
			near := ""
			if !strings.ContainsFunc(w, unicode.IsDigit) { // a number is no slip of another
				near = kind.Nearest(w, slices.Concat(known, newer))
			}
			if near == "" {
				return ""
			}
			words[j], spelt = near, true
			asked[i] = strings.Join(words, " ")
		}
	}
	other := strings.Join(asked, " ")
	if !spelt {
		return ""
	}
	if _, total := v.Search(other, 1, short...); total == 0 {
		return ""
	}
	return other
}

// wordsOf gives every word of the names of some records, sorted.
func wordsOf(records []*record) []string {
	seen := map[string]bool{}
	for _, r := range records {
		for _, n := range r.called() {
			if n.id {
				continue
			}
			for w := range strings.FieldsSeq(n.low) {
				seen[w] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// begun reports whether one of some sorted words begins with a text.
func begun(with string, words []string) bool {
	i, _ := slices.BinarySearch(words, with)
	return i < len(words) && strings.HasPrefix(words[i], with)
}
