package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Words of names and queries: alike, beginning alike, with signs in them, and in letters of which the lower case is longer than the upper.
var searched = []string{"head", "heads", "health", "of", "the", "Services", "Children's", "children’s", "Ł", "İzmir", "ß", "SEN", "s", "special", "educational", "needs", "DCS", "–", "77", "7", "Ann", "Anne", "straße", "e\u0301", "\u202e", "😀"}

func drawWords(t *rapid.T, most int) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(searched), 1, most).Draw(t, "words"), " ")
}

// A search finds what looking at every record finds, in the same order; and what it finds by the words of a title is what has them in its
// title on some day. Where it looks at a few records only it finds nothing else.
func TestSearchLaw(t *testing.T) {
	short := []graph.Abbreviation{{Short: "SEN", Long: "special educational needs"}, {Short: "DCS", Long: "head of children's services"}}
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		add := func(k fact.KindName, id string, fields ...string) {
			day := func(name string) fact.Date {
				if n := rapid.IntRange(-1, 20).Draw(t, name); n >= 0 {
					return fact.ExactDate(start + fact.Day(n))
				}
				return fact.Date{}
			}
			n := int64(w.g.Size() + 1)
			e := drawEntry(t, n)
			e.Op, e.Kind, e.ID, e.Proposal, e.Body = fact.Assert, k, fact.ID(id), "", nil
			if e.Span.From, e.Span.Until = day("from"), day("until"); e.Span.Check() != nil {
				e.Span.From, e.Span.Until = e.Span.Until, e.Span.From
			}
			for i := 0; i < len(fields); i += 2 {
				e.Body = append(e.Body, fact.Field{Name: fields[i], Value: kind.Quote(fields[i+1])})
			}
			e.Body.Sort()
			e.Root = e.Body.Root()
			if err := w.g.Fold(&e); err != nil {
				t.Fatal(err)
			}
		}
		pick := func(name string) string { return fmt.Sprint(rapid.IntRange(0, 4).Draw(t, name)) }
		for range rapid.IntRange(1, 25).Draw(t, "entries") {
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0, 1:
				add("post", rapid.SampledFrom([]string{"p", "head-"}).Draw(t, "id")+pick("post"), "title", drawWords(t, 4))
			case 2:
				i := pick("person")
				add("person", "~"+i, "id", "ann-"+i, "name", drawWords(t, 2))
			case 3:
				i := pick("appointment")
				add("appointment", "~a"+i, "id", "a"+i, "person", "~"+pick("person"), "post", "p"+pick("post"))
			case 4:
				add("designation", "d"+pick("designation"), "role", "DCS", "post", "p"+pick("post"))
			case 5:
				add("unit", "u"+pick("unit"), "name", drawWords(t, 4))
			}
			if rapid.IntRange(0, 9).Draw(t, "search") == 0 {
				w.g.View(start, w.g.Size()).Search("head", 1) // what comes after is not in the index
			}
		}
		v := w.g.View(start+fact.Day(rapid.IntRange(0, 20).Draw(t, "on")), rapid.Int64Range(w.g.Size()/2, w.g.Size()).Draw(t, "known"))
		query := drawWords(t, 3)
		if rapid.Bool().Draw(t, "cut") {
			r := []rune(query)
			query = string(r[:rapid.IntRange(1, len(r)).Draw(t, "letters")])
		}
		said := func(hits []graph.Hit) (out []string) {
			for _, h := range hits {
				out = append(out, fmt.Sprint(h.Key, h.There, h.How, h.As, h.Title(), h.Span()))
			}
			return out
		}
		hits, total := v.Search(query, 1000, short...)
		plain := v.SearchPlainly(query, short...)
		if got, want := said(hits), said(plain); !slices.Equal(got, want) || total != len(want) {
			t.Fatalf("%q finds %q, and looking at everything %q", query, got, want)
		}
		titled := map[fact.Key]bool{}
		for _, k := range []fact.KindName{"post", "person", "unit"} {
			for p := range v.Pasts(k) {
				if hasWords(p.Record.Text("title")+p.Record.Text("name"), query) {
					titled[p.Record.Key()] = true
				}
			}
		}
		for _, h := range hits {
			byTitle := h.How == graph.ByTitle || h.How == graph.ByOtherTitle
			if k := h.Key.Kind; byTitle && k != "designation" && k != "appointment" && !titled[h.Key] {
				t.Fatalf("%q finds %s by a title, which it never has", query, h.Key)
			}
			delete(titled, h.Key)
		}
		if len(titled) > 0 {
			t.Fatalf("%q does not find %v", query, titled)
		}
		few := v.SearchFew(query, 3, short...)
		for _, h := range few {
			if !slices.ContainsFunc(plain, func(x graph.Hit) bool { return x.Key == h.Key }) {
				t.Fatalf("%q finds %s when it looks at few", query, h.Key)
			}
		}
		if in, _ := v.SearchIn([]fact.KindName{"post"}, query, 1000, short...); !slices.Equal(said(in), said(slices.DeleteFunc(plain, func(h graph.Hit) bool { return h.Key.Kind != "post" }))) {
			t.Fatalf("%q finds among posts %q", query, said(in))
		}
	})
}

// hasWords reports whether every word of a query begins a word of a title.
func hasWords(title, query string) bool {
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(strings.NewReplacer("'", "", "’", "").Replace(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	asked := words(query)
	return len(asked) > 0 && !slices.ContainsFunc(asked, func(a string) bool {
		return !slices.ContainsFunc(words(title), func(w string) bool { return strings.HasPrefix(w, a) })
	})
}
