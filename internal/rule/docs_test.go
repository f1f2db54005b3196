package rule

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

var update = flag.Bool("update", false, "write the tables of functions and acts in docs/rules.md anew")

// TestDocs checks that docs/rules.md lists the whole vocabulary, as the compiler knows it.
func TestDocs(t *testing.T) {
	for name, want := range map[string]string{"functions": vocabulary(), "acts": actsOfPacks()} {
		tabled(t, name, want)
	}
}

func tabled(t *testing.T, name, want string) {
	file, begin, end := "../../docs/rules.md", "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(b), begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s: it has no place for the table, between %sand %s", file, begin, end)
	}
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
	t.Errorf("%s: its table of %s is not that of the program; run: go test ./internal/rule -run TestDocs -update", file, name)
}

// actsOfPacks writes the table of acts, the cheapest first.
func actsOfPacks() string {
	names := slices.SortedFunc(maps.Keys(verbs), func(a, b string) int {
		return cmp.Or(cmp.Compare(verbs[a].cost, verbs[b].cost), strings.Compare(a, b))
	})
	var b strings.Builder
	b.WriteString("| `do` | cost | is done to | needs | may have | What is so then |\n|---|---|---|---|---|---|\n")
	for _, name := range names {
		v := verbs[name]
		of := string(v.of)
		if of == "any" {
			of = "any record"
		}
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s | %s | %s |\n", name, v.cost, of, strings.Join(v.needs, ", "), strings.Join(v.may, ", "), v.doc)
	}
	return b.String()
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
