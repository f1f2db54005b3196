package kind_test

import (
	"strings"
	"testing"
)

// What a manifest and a form make of a text or a number is the same; here it is read from a manifest.
func TestCanonicalValues(t *testing.T) {
	for _, c := range []struct{ field, written, want string }{
		{"grade", "Grade\u00a0\u200b12", `"Grade 12"`},
		{"grade", "\u2003Grade\\t12 ", `"Grade 12"`},
		{"grade", "co\u00adop\ufeff", `"coop"`},
		{"grade", "a\u200db", "\"a\u200db\""},
		{"grade", "two\\nlines", "a line break"},
		{"grade", "bell\\u0007", "the control character U+0007"},
		{"salary_from", "48,000", "48000"},
		{"salary_from", "£1,250,000.50", "1250000.5"},
		{"salary_from", "48k", "48000"},
		{"salary_from", "1,5m", "is not an amount of money"},
		{"salary_from", "48,00", "is not an amount of money"},
		{"salary_from", "4800,000", "is not an amount of money"},
		{"salary_from", "1.005", "is not an amount of money"},
		{"salary_from", ",000", "is not an amount of money"},
		{"fte", "0.5", "0.5"},
		{"fte", "0,5", "is not a number"},
		{"fte", "0.0000000000001", "is not a number"},
	} {
		docs, problems := read(`{"kind": "post", "id": "a", "title": "A", "` + c.field + `": "` + c.written + `"}`)
		got := problems
		if problems == "" {
			got = docs[0].Values[1].JSON
		}
		if got != c.want && !(problems != "" && strings.Contains(problems, c.want)) {
			t.Errorf("%s %q is %s, want %s", c.field, c.written, got, c.want)
		}
	}
}
