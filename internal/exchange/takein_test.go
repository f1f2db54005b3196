package exchange_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

var takenFrom = exchange.Predecessor{ID: "county", Name: "Wealdshire County Council", Type: "council", Source: "export"}

// record folds a manifest into a graph; problems are what it would refuse.
func recorded(g *graph.Graph, docs []kind.Doc) kind.Problems {
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	entries, problems := g.Stage(docs, "owner", at, at)
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			panic(err)
		}
	}
	return problems
}

// drawFunctions says something of three functions. A date that is not exact is given first or not at all: over an exact one it would leave open which of the two holds.
func drawFunctions(t *rapid.T, kinds *kind.Set, start fact.Day, said *[3]bool) []kind.Doc {
	var b strings.Builder
	for i := range 3 {
		name := fmt.Sprint("f", i)
		d := start + fact.Day(rapid.IntRange(0, 12).Draw(t, name))
		is := rapid.SampledFrom([]string{"always", "from", "two", "ends", "vague", "none"}).Draw(t, name+" is")
		if is == "vague" && said[i] {
			is = "none"
		}
		said[i] = said[i] || is != "none"
		switch is {
		case "always":
			fmt.Fprintf(&b, "{kind: function, id: %s, name: N%d, domain: EDU}\n---\n", name, d)
		case "from":
			fmt.Fprintf(&b, "{kind: function, id: %s, name: N%d, domain: EDU, from: %s}\n---\n", name, d, d)
		case "two":
			fmt.Fprintf(&b, "{kind: function, id: %s, name: A, domain: EDU, until: %s}\n---\n{kind: function, id: %s, name: B, domain: ASC, from: %s}\n---\n", name, d, name, d+1)
		case "ends":
			fmt.Fprintf(&b, "{kind: function, id: %s, name: C, domain: EDU, until: %s}\n---\n", name, d)
		case "vague":
			fmt.Fprintf(&b, "{kind: function, id: %s, name: D, domain: EDU, from: between %s and %s}\n---\n", name, d, d+3)
		}
	}
	docs, problems := kinds.Read("made", strings.NewReader(b.String()))
	if problems != nil {
		t.Fatal(problems)
	}
	return docs
}

// From the day on which another body's record is taken in, each of its functions is here what it is there, on every day; taken in again there is nothing to record; and after that record has
// changed it is so again.
func TestTakeInLaw(t *testing.T) {
	kinds := kind.Standard()
	kinds.SetCodes("domain", []string{"EDU", "ASC", "UNCLASSIFIED"})
	start := fact.DayOf(2025, 1, 1)
	rapid.Check(t, func(t *rapid.T) {
		theirs, ours := graph.New(kinds), graph.New(kinds)
		on := start
		var said [3]bool
		for range 3 {
			if problems := recorded(theirs, drawFunctions(t, kinds, on-2, &said)); problems != nil {
				t.Skip(problems)
			}
			there, here := theirs.View(on, theirs.Size()), ours.View(on, ours.Size())
			in, problems := exchange.TakeIn(there, here, takenFrom)
			if problems != nil {
				t.Fatal(problems)
			}
			if problems := recorded(ours, in.Docs); problems != nil {
				t.Fatal(problems)
			}
			here = ours.View(on, ours.Size())
			for d := on; d < on+25; d++ {
				for i := range 3 {
					a, b := there.At(d).Record(fact.Key{Kind: "function", ID: fact.ID(fmt.Sprint("f", i))}), here.At(d).Record(fact.Key{Kind: "function", ID: fact.ID(fmt.Sprint("county-f", i))})
					switch {
					case a == nil && b == nil:
					case a == nil || b == nil:
						t.Fatalf("f%d on %s: there %v, here %v\n%s\n%s\n%s", i, d, a != nil, b != nil, life(there, fact.Key{Kind: "function", ID: fact.ID(fmt.Sprint("f", i))}), life(here, fact.Key{Kind: "function", ID: fact.ID(fmt.Sprint("county-f", i))}), written(in.Docs))
					case a.Exists() != b.Exists() || a.Text("name") != b.Text("name") || a.Text("domain") != b.Text("domain") || b.Text("delivered_by") != "county":
						t.Fatalf("f%d on %s: there %s %v, here %s %v\n%s\n%s\n%s", i, d, a.Text("name"), a.Exists(), b.Text("name"), b.Exists(), life(there, a.Key()), life(here, b.Key()), written(in.Docs))
					}
				}
			}
			if again, _ := exchange.TakeIn(there, here, takenFrom); len(again.Docs) != 0 {
				t.Fatalf("taken in again: %d documents, %v", len(again.Docs), again.Count)
			}
			on += fact.Day(rapid.IntRange(0, 5).Draw(t, "later"))
		}
	})
}

// life writes what a record is on all its days.
func life(v *graph.View, k fact.Key) (s string) {
	for _, x := range v.Pieces(k) {
		s += fmt.Sprintf("%s (%d): %s; ", x.Record.Text("name"), x.Record.Entry(), x.Span.Words())
	}
	return s
}

func written(docs []kind.Doc) (s string) {
	for _, d := range docs {
		s += fmt.Sprintf("%s %d %s %v; ", d.ID, d.Op, d.Span.Words(), d.Values)
	}
	return s
}
