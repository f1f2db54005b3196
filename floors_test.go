// Package plumbline_test holds the walls of the house: which room may import which, and what belongs to one room alone.
//
// It reads the files themselves and not what `go list` says of them, because the test cache does not see what another
// program has read, and would go on saying "ok" over a broken wall. Tests may build the whole house, so their files are passed over.
package plumbline_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// floors is the staircase. A room imports only rooms of lower floors, so there is no cycle and no way round a room. A folder
// under internal/ that has no row here fails: a new room is a decision.
var floors = map[string]int{
	"fact":     0,
	"govuk":    0,
	"kind":     1,
	"ledger":   1,
	"desk":     1,
	"store":    2,
	"graph":    2,
	"rule":     3,
	"assure":   4,
	"report":   5,
	"exchange": 6,
	"reach":    6,
	"access":   3,
	"book":     6,
	"web":      7,
}

// street is what stands outside internal/, with the rooms that it may import; nil is all of them.
var street = map[string][]string{
	"cmd":      nil,
	"examples": {"fact"},
}

// walls are imports that the floors alone would let through, or that must not come in when somebody moves a room.
var walls = []struct{ room, imports, why string }{
	{"web", "ledger", "a page reaches the record through book alone"},
	{"web", "store", "a page reaches the record through book alone"},
	{"ledger", "kind", "the ledger hashes bytes that it does not understand"},
	{"ledger", "graph", "the ledger hashes bytes that it does not understand"},
	{"rule", "book", "a result is computed from a View, so that anybody can compute it again"},
	{"assure", "book", "a result is computed from a View, so that anybody can compute it again"},
	{"report", "book", "a document is made from a View, so that anybody can make it again"},
}

// alone lists what only some rooms may import, by the beginning of the path.
var alone = []struct {
	path  string
	rooms []string
}{
	{"database/sql", []string{"store"}},
	{"modernc.org/sqlite", []string{"store"}},
	{"github.com/jackc/pgx", []string{"store"}},
	{"net/http", []string{"web", "reach", "cmd"}},
	{"cel.dev", []string{"rule"}},
	{"html/template", []string{"govuk", "web"}},
	{"go.yaml.in/yaml", []string{"kind", "rule"}},
	{"github.com/xuri/excelize", []string{"exchange"}},
	{"github.com/yuin/goldmark", []string{"web"}},
	{"github.com/coreos/go-oidc", []string{"reach"}},
	{"golang.org/x/oauth2", []string{"reach"}},
}

// outside lists the functions that read the world. Everybody but cmd is handed a clock and settings.
var outside = map[string][]string{
	"time": {"Now", "Since", "Until"},
	"os":   {"Getenv", "LookupEnv", "Environ", "ExpandEnv"},
}

const internal = "plumbline/internal/"

func TestFloors(t *testing.T) {
	for _, f := range faults(os.DirFS(".")) {
		t.Error(f)
	}
}

// faults lists what stands against the walls in a house, each beginning with the name of the file.
func faults(house fs.FS) []string {
	var found []string
	files := token.NewFileSet()
	err := fs.WalkDir(house, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if skipped(house, name) {
				return fs.SkipDir
			}
			found = append(found, room(house, name)...)
			return nil
		case path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		src, err := fs.ReadFile(house, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(files, name, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		found = append(found, imports(name, f)...)
		found = append(found, worldly(files, name, f)...)
		return nil
	})
	if err != nil {
		found = append(found, err.Error())
	}
	return found
}

// skipped says which folders are no part of the house: hidden ones, test data, and modules of their own.
func skipped(house fs.FS, name string) bool {
	base := path.Base(name)
	if name == "." {
		return false
	}
	if _, err := fs.Stat(house, name+"/go.mod"); err == nil {
		return true
	}
	return strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules"
}

// room checks that a folder directly under internal/ has its row and its doc.go.
func room(house fs.FS, name string) (found []string) {
	if path.Dir(name) != "internal" {
		return nil
	}
	if _, ok := floors[path.Base(name)]; !ok {
		found = append(found, name+": this room has no floor; give it a row in floors_test.go, or put its code where it belongs")
	}
	doc := name + "/doc.go"
	src, err := fs.ReadFile(house, doc)
	if err != nil {
		return append(found, doc+": a room says there what it knows and what it must never know, and it is missing")
	}
	f, err := parser.ParseFile(token.NewFileSet(), doc, src, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil || f.Doc.Text() == "" {
		found = append(found, doc+": it has no package comment")
	}
	return found
}

// place gives the room in which a file lies, or what it is part of on the street.
func place(name string) (where string, inside bool) {
	first, rest, _ := strings.Cut(name, "/")
	if first != "internal" {
		return first, false
	}
	where, _, _ = strings.Cut(rest, "/")
	return where, true
}

// imports checks the imports of one file.
func imports(name string, f *ast.File) (found []string) {
	here, inside := place(name)
	bad := func(format string, a ...any) { found = append(found, name+": "+fmt.Sprintf(format, a...)) }
	allowed, known := street[here]
	if !inside && !known {
		bad("there is Go code outside cmd, examples and internal; give it a row in floors_test.go")
	}
	for _, spec := range f.Imports {
		to, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			bad("%v", err)
			continue
		}
		if spec.Name != nil && spec.Name.Name == "." {
			bad("it imports %s with a dot, which hides what it uses of it", to)
		}
		for _, a := range alone {
			if (to == a.path || strings.HasPrefix(to, a.path+"/")) && !slices.Contains(a.rooms, here) {
				bad("it imports %s, which is for %s alone", to, strings.Join(a.rooms, " and "))
			}
		}
		if inside && floors[here] == 0 && strings.Contains(strings.SplitN(to, "/", 2)[0], ".") {
			bad("it imports %s, and %s imports the standard library alone", to, here)
		}
		there, ours := strings.CutPrefix(to, internal)
		if !ours {
			continue
		}
		there, _, _ = strings.Cut(there, "/")
		if there == "store" && here != "store" && here != "cmd" {
			bad("it imports store, which cmd and tests alone may do")
		}
		for _, w := range walls {
			if inside && w.room == here && w.imports == there {
				bad("%s never imports %s: %s", here, there, w.why)
			}
		}
		switch {
		case inside && there != here && floors[there] >= floors[here]:
			bad("%s (floor %d) imports %s (floor %d); a room imports only rooms of lower floors", here, floors[here], there, floors[there])
		case !inside && allowed != nil && !slices.Contains(allowed, there):
			bad("%s imports %s, and may import %s alone", here, there, strings.Join(allowed, ", "))
		}
	}
	return found
}

// worldly finds the calls that read the clock or the environment outside cmd.
func worldly(files *token.FileSet, name string, f *ast.File) (found []string) {
	if here, inside := place(name); !inside && here == "cmd" {
		return nil
	}
	called := map[string]string{} // the name under which a file knows a package → its path
	for _, spec := range f.Imports {
		to, _ := strconv.Unquote(spec.Path.Value)
		if outside[to] == nil {
			continue
		}
		called[to] = to
		if spec.Name != nil {
			delete(called, to)
			called[spec.Name.Name] = to
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(outside[called[x.Name]], sel.Sel.Name) {
			found = append(found, fmt.Sprintf("%s:%d: %s.%s is for cmd alone; everybody else is handed a clock and settings", name, files.Position(sel.Pos()).Line, x.Name, sel.Sel.Name))
		}
		return true
	})
	return found
}

// TestFloorsNotice builds small houses, each with one thing wrong, and asks that it is noticed and its file named.
func TestFloorsNotice(t *testing.T) {
	sound := map[string]string{
		"internal/fact/doc.go":   "// Package fact.\npackage fact\nimport \"time\"\nvar Epoch = time.Unix(0, 0)",
		"internal/kind/doc.go":   "// Package kind.\npackage kind\nimport _ \"plumbline/internal/fact\"\nimport _ \"go.yaml.in/yaml/v4\"",
		"internal/ledger/doc.go": "// Package ledger.\npackage ledger\nimport _ \"plumbline/internal/fact\"",
		"internal/store/doc.go":  "// Package store.\npackage store\nimport _ \"plumbline/internal/ledger\"\nimport _ \"database/sql\"",
		"internal/book/doc.go":   "// Package book.\npackage book\nimport _ \"plumbline/internal/ledger\"",
		"internal/web/doc.go":    "// Package web.\npackage web\nimport _ \"plumbline/internal/book\"\nimport _ \"net/http\"\nimport _ \"plumbline/internal/web/part\"",
		// A part of a room is the room; tests, test data and other modules are passed over.
		"internal/web/part/part.go":           "package part\nimport _ \"html/template\"",
		"internal/book/book_test.go":          "package book\nimport _ \"plumbline/internal/store\"\nimport \"time\"\nvar x = time.Now()",
		"internal/book/testdata/broken.go":    "not Go at all",
		"bench/go.mod":                        "module bench",
		"bench/bench.go":                      "package bench\nimport _ \"database/sql\"",
		"examples/examples.go":                "package examples\nimport _ \"plumbline/internal/fact\"",
		"cmd/plumbline/main.go":               "package main\nimport _ \"plumbline/internal/store\"\nimport \"os\"\nimport \"time\"\nvar now, home = time.Now(), os.Getenv(\"HOME\")",
		"internal/web/node_modules/x/main.go": "not Go at all",
	}
	for _, c := range []struct{ wrong, name, src, want string }{
		{"nothing", "", "", ""},
		{"an import of a higher floor", "internal/fact/a.go", "package fact\nimport _ \"plumbline/internal/kind\"", "internal/fact/a.go: fact (floor 0) imports kind (floor 1)"},
		{"an import of the same floor", "internal/kind/a.go", "package kind\nimport _ \"plumbline/internal/desk\"", "internal/kind/a.go: kind (floor 1) imports desk (floor 1)"},
		{"a part of a higher room", "internal/fact/a.go", "package fact\nimport _ \"plumbline/internal/web/part\"", "internal/fact/a.go: fact (floor 0) imports web (floor 7)"},
		{"the store in a room", "internal/book/a.go", "package book\nimport _ \"plumbline/internal/store\"", "internal/book/a.go: it imports store"},
		{"the store on the street", "examples/a.go", "package examples\nimport _ \"plumbline/internal/store\"", "examples/a.go: it imports store"},
		{"the ledger in web", "internal/web/a.go", "package web\nimport _ \"plumbline/internal/ledger\"", "internal/web/a.go: web never imports ledger"},
		{"a kind in the ledger", "internal/ledger/a.go", "package ledger\nimport _ \"plumbline/internal/kind\"", "internal/ledger/a.go: ledger never imports kind"},
		{"a book in the examples", "examples/a.go", "package examples\nimport _ \"plumbline/internal/book\"", "examples/a.go: examples imports book"},
		{"SQL outside store", "internal/book/a.go", "package book\nimport _ \"database/sql/driver\"", "internal/book/a.go: it imports database/sql/driver"},
		{"HTTP outside web", "internal/book/a.go", "package book\nimport _ \"net/http\"", "internal/book/a.go: it imports net/http"},
		{"CEL outside rule", "internal/kind/a.go", "package kind\nimport _ \"cel.dev/cel-go/cel\"", "internal/kind/a.go: it imports cel.dev/cel-go/cel"},
		{"YAML outside kind", "internal/ledger/a.go", "package ledger\nimport _ \"go.yaml.in/yaml/v4\"", "internal/ledger/a.go: it imports go.yaml.in/yaml/v4"},
		{"templates outside web", "internal/book/a.go", "package book\nimport _ \"html/template\"", "internal/book/a.go: it imports html/template"},
		{"a library in fact", "internal/fact/a.go", "package fact\nimport _ \"golang.org/x/mod/semver\"", "internal/fact/a.go: it imports golang.org/x/mod/semver"},
		{"a library in govuk", "internal/govuk/a.go", "package govuk\nimport _ \"golang.org/x/net/html\"", "internal/govuk/a.go: it imports golang.org/x/net/html"},
		{"a clock", "internal/book/a.go", "package book\nimport \"time\"\nvar now = time.Now", "internal/book/a.go:3: time.Now is for cmd alone"},
		{"a clock under another name", "internal/book/a.go", "package book\nimport clock \"time\"\nfunc f() { _ = clock.Since(clock.Time{}) }", "internal/book/a.go:3: clock.Since is for cmd alone"},
		{"the environment", "examples/a.go", "package examples\nimport \"os\"\nvar home = os.Getenv(\"HOME\")", "examples/a.go:3: os.Getenv is for cmd alone"},
		{"a dot import", "internal/book/a.go", "package book\nimport . \"time\"\nvar now = Now()", "internal/book/a.go: it imports time with a dot"},
		{"a new room", "internal/util/doc.go", "// Package util.\npackage util", "internal/util: this room has no floor"},
		{"a room without doc.go", "internal/graph/a.go", "package graph", "internal/graph/doc.go: a room says there"},
		{"a doc.go that says nothing", "internal/graph/doc.go", "package graph", "internal/graph/doc.go: it has no package comment"},
		{"code in a new place", "tools/a.go", "package tools", "tools/a.go: there is Go code outside"},
	} {
		t.Run(c.wrong, func(t *testing.T) {
			house := fstest.MapFS{}
			for name, src := range sound {
				house[name] = &fstest.MapFile{Data: []byte(src)}
			}
			if c.name != "" {
				house[c.name] = &fstest.MapFile{Data: []byte(c.src)}
			}
			got := faults(house)
			switch {
			case c.want == "" && len(got) > 0:
				t.Errorf("a sound house is said to have faults:\n%s", strings.Join(got, "\n"))
			case c.want != "" && !slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, c.want) }):
				t.Errorf("got %q, want a fault that begins %q", got, c.want)
			}
		})
	}
}

// TestFloorsSeeTheHouse makes sure that the test above looks at this house, and not at an empty folder.
func TestFloorsSeeTheHouse(t *testing.T) {
	for _, name := range []string{"internal/fact/doc.go", "internal/ledger/doc.go", "internal/book/doc.go", "cmd/plumbline/main.go"} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}
