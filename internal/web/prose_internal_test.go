package web

import (
	"reflect"
	"strings"
	"testing"
)

func TestProse(t *testing.T) {
	for text, want := range map[string][]block{
		"":                              nil,
		"One.":                          {{Text: "One."}},
		"One.\nStill one.\n\n\nTwo.":    {{Text: "One.\nStill one."}, {Text: "Two."}},
		"First:\n- a\n- b\n  still b\n": {{Text: "First:"}, {Items: []string{"a", "b still b"}}},
		"- a\n\n- b":                    {{Items: []string{"a"}}, {Items: []string{"b"}}},
		"* a\r\n* b\r\n\r\nend":         {{Items: []string{"a", "b"}}, {Text: "end"}},
		"-no list\n—":                   {{Text: "-no list\n—"}},
		"- ":                            {{Text: "-"}},
		"\n\n":                          nil,
	} {
		if got := prose(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

// Nothing that was written is lost, however it is divided.
func FuzzProse(f *testing.F) {
	f.Add("a\n- b\n\nc")
	f.Fuzz(func(t *testing.T, text string) {
		var shown string
		for _, b := range prose(text) {
			shown += b.Text + strings.Join(b.Items, "")
		}
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if strings.ContainsRune(" \t\r\n\v\f\u0085\u00a0*-", r) {
					return -1
				}
				return r
			}, strings.Join(strings.Fields(s), ""))
		}
		if letters(shown) != letters(text) {
			t.Errorf("%q is shown as %q", text, shown)
		}
	})
}
