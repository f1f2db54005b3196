package desk

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Whoever adds a space says whether words of the record may lie there: if so they go from it when they are erased.
func TestEverySpaceForgetsOrNot(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`Name\{"([a-z-]+)"`).FindAllStringSubmatch(string(b), -1) {
			found++
			if slices.Contains(forgetful, m[1]) == slices.Contains(keeping, m[1]) {
				t.Errorf("%s: the space %q is in neither list of forget.go, or in both", f, m[1])
			}
		}
	}
	if found < 12 {
		t.Errorf("only %d spaces were found", found)
	}
}
