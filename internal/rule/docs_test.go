package rule

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

var update = flag.Bool("update", false, "write the table of functions in docs/rules.md anew")

// TestDocs checks that docs/rules.md lists the whole vocabulary, as the compiler knows it.
func TestDocs(t *testing.T) {
	const file, begin, end = "../../docs/rules.md", "<!-- functions -->\n", "<!-- /functions -->"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(b), begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s: it has no place for the table, between %sand %s", file, begin, end)
	}
	want := vocabulary()
	if got == want {
		return
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, line := range strings.Split(want, "\n") {
		if !strings.Contains(got, line+"\n") && line != "" {
			t.Errorf("%s lacks: %s", file, line)
		}
	}
	t.Errorf("%s: its table of functions is not that of functions.go; run: go test ./internal/rule -run TestDocs -update", file)
}

// vocabulary writes the table.
func vocabulary() string {
	var b strings.Builder
	b.WriteString("| Function | gives | What it answers |\n|---|---|---|\n")
	for _, f := range functions {
		var args []string
		for _, a := range f.args {
			args = append(args, called(a))
		}
		fmt.Fprintf(&b, "| `%s(%s)` | %s | %s |\n", f.name, strings.Join(args, ", "), called(f.out), strings.ReplaceAll(f.doc, "|", `\|`))
	}
	return b.String()
}

// called gives the word by which an author knows a type.
func called(t *cel.Type) string {
	switch t.Kind() {
	case types.StringKind:
		return "text"
	case types.TimestampKind:
		return "day"
	case types.BoolKind:
		return "yes or no"
	case types.IntKind, types.DoubleKind:
		return "number"
	case types.ListKind:
		return "list of " + called(t.Parameters()[0])
	case types.DynKind:
		return "any record"
	}
	return strings.TrimPrefix(t.TypeName(), "plumbline.")
}
