package graph_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// things are the records of a small council, by kind and id.
var things = []fact.Key{
	{Kind: "post", ID: "p0"}, {Kind: "post", ID: "p1"}, {Kind: "post", ID: "p2"},
	{Kind: "person", ID: "jane"}, {Kind: "person", ID: "joe"},
	{Kind: "appointment", ID: "a0"}, {Kind: "appointment", ID: "a1"}, {Kind: "appointment", ID: "a2"},
	{Kind: "absence", ID: "away"},
	{Kind: "designation", ID: "hps"}, {Kind: "designation", ID: "dcs"},
	{Kind: "function", ID: "f0"}, {Kind: "function", ID: "f1"}, {Kind: "unit", ID: "u0"},
}

// drawThing draws what is said of a record, as canonical JSON by field.
func drawThing(t *rapid.T, k fact.Key) (out []kind.Value) {
	of := kinds.Kind(k.Kind)
	set := func(field, value string) {
		if value != "" {
			out = append(out, kind.Value{Field: of.Field(field), JSON: kind.Quote(value)})
		}
	}
	one := func(field string, of ...string) { set(field, rapid.SampledFrom(of).Draw(t, field)) }
	switch k.Kind {
	case "post":
		one("title", "Director", "Head")
		one("reports_to", "", "p0", "p1")
		one("unit", "", "u0")
	case "person":
		one("name", "Jane", "Joe")
	case "appointment":
		one("person", "jane", "joe")
		one("post", "p0", "p1", "p2")
		one("basis", "permanent", "interim")
	case "absence":
		one("appointment", "a0", "a1")
		one("covered_by", "", "a2")
	case "designation":
		one("role", "HPS", "DCS")
		one("post", "", "p0", "p1")
		one("person", "", "jane")
	case "function":
		one("name", "Schools", "Care")
		one("managed_by", "", "p0", "p2")
		one("unit", "", "u0")
	case "unit":
		one("name", "People")
		one("head", "", "p1")
	}
	slices.SortFunc(out, func(a, b kind.Value) int { return cmp.Compare(a.Field.Index, b.Field.Index) })
	return out
}

// kindsOfThings are the kinds of which anything is drawn.
var kindsOfThings = func() (out []*kind.Kind) {
	for _, k := range things {
		if of := kinds.Kind(k.Kind); !slices.Contains(out, of) {
			out = append(out, of)
		}
	}
	return out
}()

func drawDate(t *rapid.T, name string) fact.Date {
	day := start + fact.Day(rapid.IntRange(0, 20).Draw(t, name))
	switch rapid.IntRange(0, 5).Draw(t, name+" how") {
	case 0, 1:
		return fact.Date{}
	case 2:
		return fact.Within(day, day+4)
	}
	return fact.ExactDate(day)
}

func entryOf(position int64, op fact.Op, k fact.Key, s fact.Span, proposal fact.ID, values []kind.Value) fact.Entry {
	at := time.Unix(position*60, 0)
	e := fact.Entry{Position: position, Recorded: at, Written: at, Who: "owner", Op: op, Kind: k.Kind, Version: 1, ID: k.ID, Span: s, Proposal: proposal}
	for _, v := range values {
		e.Body = append(e.Body, fact.Field{Name: v.Field.Name, Value: v.JSON})
	}
	e.Root = e.Body.Root()
	return e
}

// drawHistory draws what was recorded of the things, each once at least (references lead somewhere), in force and on a branch.
func drawHistory(t *rapid.T) (out []fact.Entry) {
	for _, k := range append(things, rapid.SliceOfN(rapid.SampledFrom(things), 0, 25).Draw(t, "of")...) {
		branch := fact.ID("")
		if rapid.IntRange(0, 2).Draw(t, "branch") == 0 {
			branch = "people"
		}
		s, op, values := fact.Span{Until: drawDate(t, "until")}, fact.End, []kind.Value(nil)
		if rapid.IntRange(0, 6).Draw(t, "op") > 0 {
			op, values = fact.Assert, drawThing(t, k)
			if s.From = drawDate(t, "from"); s.From.IsZero() && rapid.Bool().Draw(t, "agreed") {
				s.From = fact.Undated
			}
			if s.Check() != nil {
				s = fact.Span{From: s.From}
			}
		}
		out = append(out, entryOf(int64(len(out)+1), op, k, s, branch, values))
	}
	return out
}

func folded(t *rapid.T, entries []fact.Entry) *graph.Graph {
	g := graph.New(kinds)
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// answers writes down what a view answers of the day looked at.
func answers(v *graph.View) (out []string) {
	say := func(format string, a ...any) { out = append(out, fmt.Sprintf(format, a...)) }
	keys := func(rs []*graph.Record) (out []string) {
		for _, r := range rs {
			out = append(out, r.Key().String())
		}
		return out
	}
	gap := func(g *graph.Gap) string {
		if g == nil {
			return ""
		}
		return g.Record.String() + " " + g.Field + " " + g.Why
	}
	for _, k := range kindsOfThings {
		for _, r := range v.All(k.Name) {
			line := []string{fmt.Sprint(r.Key(), r.Title(), r.Exists(), r.Span(), r.Proposal())}
			for _, f := range k.Fields {
				j, s := r.JSON(f.Name)
				line = append(line, fmt.Sprint(f.Name, s, r.State(f.Name), j, keys(r.Refs(f.Name)), r.RefKeys(f.Name)))
			}
			say("%s", strings.Join(line, " "))
			say("%v", v.Record(r.Key()) == r)
		}
	}
	for _, to := range things {
		say("%s is called %s", to, v.Called(to))
		for _, k := range kindsOfThings {
			for _, f := range k.Fields {
				if rs := v.Referring(to, k.Name, f.Name); len(rs) > 0 {
					say("%s.%s refer to %s: %v", k.Name, f.Name, to, keys(rs))
				}
			}
		}
	}
	for _, p := range v.All(graph.Post) {
		o := p.Holders()
		line, above := p.Line()
		say("%s held by %v; line %v %s", p.Key(), keys(o.Holders), keys(line), gap(above))
	}
	for _, f := range v.All(graph.Function) {
		m, g := f.Manager()
		say("%s managed by %v %s", f.Key(), m != nil && m.Exists() == fact.Yes, gap(g))
	}
	for _, role := range []string{"HPS", "DCS"} {
		posts, gaps := v.RolePosts(role)
		say("%s: %v %v", role, keys(posts), len(gaps))
	}
	return out
}

// evers writes down what a view answers of all days.
func evers(v *graph.View) (out []string) {
	for _, k := range kindsOfThings {
		for p := range v.Pasts(k.Name) {
			line := fmt.Sprint(p.Record.Key(), p.Span)
			for _, f := range k.Fields {
				j, _ := p.Record.JSON(f.Name)
				line += " " + j
			}
			out = append(out, line)
		}
		out = append(out, fmt.Sprint(v.Ends(k.Name)))
	}
	for _, p := range v.All(graph.Post) {
		o := p.Holders()
		out = append(out, fmt.Sprint(p.Key(), o.Vacant, o.Gap))
	}
	for _, role := range []string{"HPS", "DCS"} {
		out = append(out, fmt.Sprint(v.Waves(), v.EverDesignated(role), v.DesignatedBy(role, start)))
	}
	for _, k := range things {
		out = append(out, fmt.Sprint(k, v.Seen(k), v.LastOf(k), len(v.History(k)), v.Appointed(k)))
	}
	return out
}

// A view that supposes changes answers like a graph into which the same changes were folded, on every day and for all days; and the graph
// is as it was. How a proposal is read as if in force has no words for an ending with a day: there it is so from that day on, what was recorded
// once stays recorded, and the days before are those of a graph into which nothing was folded that ends. It is not the graph as it was: what
// was supposed to have been there the day before gives the record its name on days on which it is not there, as any newest entry does.
func TestSupposeLaw(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		entries := drawHistory(rt)
		g := folded(rt, entries)
		on := start + fact.Day(rapid.IntRange(0, 20).Draw(rt, "on"))
		look := map[string]func(*graph.Graph) *graph.View{
			"in force": func(g *graph.Graph) *graph.View { return g.View(on, g.Size()) },
			"planned": func(g *graph.Graph) *graph.View {
				return g.View(on, g.Size()).Planned("people", fact.ExactDate(start+9))
			},
			"as if": func(g *graph.Graph) *graph.View { return g.View(on, g.Size()).With("people") },
		}
		how := rapid.SampledFrom([]string{"in force", "planned", "as if"}).Draw(rt, "how")
		gone := rapid.SliceOfNDistinct(rapid.SampledFrom(things), 0, 3, func(k fact.Key) fact.Key { return k }).Draw(rt, "gone")
		var said []kind.Doc
		for range rapid.IntRange(0, 3).Draw(rt, "said") {
			k := rapid.SampledFrom(append(things, fact.Key{Kind: "appointment", ID: "new"}, fact.Key{Kind: "post", ID: "new"})).Draw(rt, "of")
			said = append(said, kind.Doc{Op: fact.Assert, Kind: kinds.Kind(k.Kind), ID: k.ID, Values: drawThing(rt, k)})
		}

		v := look[how](g)
		stay := slices.Clone(entries) // with what is supposed, and nothing that ends
		before := append(answers(v), evers(v)...)
		for _, k := range gone {
			add := func(op fact.Op, s fact.Span, branch fact.ID, values []kind.Value) {
				entries = append(entries, entryOf(int64(len(entries)+1), op, k, s, branch, values))
				if op == fact.Assert {
					stay = append(stay, entryOf(int64(len(stay)+1), op, k, s, branch, values))
				}
			}
			eve := fact.ExactDate(on - 1)
			if r := v.Record(k); r != nil && v.At(on-1).Record(k) == nil {
				var as []kind.Value
				for i := range entries {
					if entries[i].Position == r.Entry() {
						for _, f := range entries[i].Body {
							as = append(as, kind.Value{Field: kinds.Kind(k.Kind).Field(f.Name), JSON: f.Value})
						}
					}
				}
				add(fact.Assert, fact.Span{From: eve, Until: eve}, r.Proposal(), as)
			}
			if add(fact.End, fact.Span{Until: eve}, "", nil); v.Speaks(k) {
				add(fact.End, fact.Span{Until: eve}, "people", nil)
			}
		}
		for _, d := range said {
			s := fact.Span{From: fact.ExactDate(on)}
			entries = append(entries, entryOf(int64(len(entries)+1), d.Op, d.Key(), s, v.Proposal(), d.Values))
			stay = append(stay, entryOf(int64(len(stay)+1), d.Op, d.Key(), s, v.Proposal(), d.Values))
		}
		want := look[how](folded(rt, entries))
		got := v.Suppose(gone, said)
		if rapid.Bool().Draw(rt, "in two steps") {
			got = v.Suppose(gone, nil).Suppose(nil, said)
		}
		if d := gocmp.Diff(answers(want), answers(got)); d != "" {
			rt.Fatalf("%s on %s (-folded +supposed):\n%s", how, on, d)
		}
		if how != "as if" || len(gone) == 0 {
			for day := start - 2; day < start+24; day++ {
				if d := gocmp.Diff(answers(want.At(day)), answers(got.At(day))); d != "" {
					rt.Fatalf("%s, supposed on %s, looked at %s (-folded +supposed):\n%s", how, on, day, d)
				}
			}
			if d := gocmp.Diff(evers(want), evers(got)); d != "" {
				rt.Fatalf("%s on %s (-folded +supposed):\n%s", how, on, d)
			}
		} else {
			stays := look[how](folded(rt, stay))
			for day := start - 2; day < start+24; day++ {
				from, when := stays, "not folded"
				if day >= on {
					from, when = want, "folded"
				}
				if d := gocmp.Diff(answers(from.At(day)), answers(got.At(day))); d != "" {
					rt.Fatalf("gone from %s on, looked at %s (-%s +supposed):\n%s", on, day, when, d)
				}
			}
			for _, r := range v.All(graph.Appointment) {
				if p := r.Ref("post"); r.Exists() == fact.Yes && p != nil && slices.Contains(gone, r.Key()) {
					if o := v.Suppose([]fact.Key{r.Key()}, nil).Record(p.Key()).Holders(); o.Gap == nil && len(o.Holders) == 0 && !o.Vacant {
						rt.Fatalf("the post of %s is not vacant", r.Key())
					}
				}
			}
		}
		if d := gocmp.Diff(before, append(answers(v), evers(v)...)); d != "" {
			rt.Fatalf("the view itself changed:\n%s", d)
		}
		v = look[how](g)
		if d := gocmp.Diff(before, append(answers(v), evers(v)...)); d != "" {
			rt.Fatalf("the graph changed:\n%s", d)
		}
	})
}
