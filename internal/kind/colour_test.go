package kind_test

import (
	"math"
	"strings"
	"testing"

	"plumbline/internal/kind"
)

// The ratios are those of the W3C's formula; #767676 is the lightest grey that can be read on white, and #777777 is not.
func TestContrast(t *testing.T) {
	for colour, want := range map[string]float64{"#000000": 21, "#ffffff": 1, "#767676": 4.54, "#777777": 4.48, "#0F385C": 12.1, "#ca3535": 5.16, "#54319f": 9.06} {
		if got, ok := kind.Contrast(colour); !ok || math.Abs(got-want) > 0.05 {
			t.Errorf("%s: %.2f %t, want %.2f", colour, got, ok, want)
		}
	}
	for _, bad := range []string{"", "red", "#fff", "#12345g", "#1234567", "#000000; }", "url(//x)"} {
		if _, ok := kind.Contrast(bad); ok {
			t.Errorf("%q is a colour", bad)
		}
	}
	for value, want := range map[string]string{"#767676": "", "#777777": "the contrast is 4.4 to 1, and has to be at least 4.5 to 1", "blue": "it is no colour as #0f385c is"} {
		_, problems := kind.Standard().Read("f.yaml", strings.NewReader("kind: settings\nid: settings\ncolour: \""+value+"\""))
		if got := problems.Error(); len(problems) > 0 != (want != "") || !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %q", value, got, want)
		}
	}
}

// A council shows no kind to everybody as a whole whose records name people, or are about the record itself.
func TestKindsThatCanBePublic(t *testing.T) {
	s := kind.Standard()
	codes := " " + strings.Join(s.Codes("kind"), " ") + " "
	for _, k := range s.All {
		want := k.Section != kind.Admin && !k.Personal
		if got := strings.Contains(codes, " "+string(k.Name)+" "); got != want {
			t.Errorf("%s: %t, want %t", k.Name, got, want)
		}
	}
	if strings.Contains(codes, " person ") || strings.Contains(codes, " grant ") || !strings.Contains(codes, " post ") {
		t.Errorf("%s", codes)
	}
}
