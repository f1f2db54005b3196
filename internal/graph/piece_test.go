package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// readings is what may hold on a day: the entries, newest first, and whether the record is there at all.
type readings struct {
	entries []int64
	there   fact.Cover
}

// readings is the sentence of doc.go for dates that are not exact: every entry that may hold, down to the first that certainly does.
func (m *model) readings(id fact.ID, on fact.Day, known int64, proposal fact.ID) (out readings) {
	branches := []fact.ID{""}
	if proposal != "" {
		branches = []fact.ID{proposal, ""}
	}
	out.there = fact.Yes
	var held []fact.Span
next:
	for _, branch := range branches {
		for _, e := range slices.Backward(m.entries) {
			if e.Position > known || e.ID != id || e.Proposal != branch {
				continue
			}
			s := e.Span
			if e.Op == fact.End {
				switch {
				case s == fact.Span{}: // taken back
					continue next
				case branch != "" || s.AfterUntil(on) == fact.Yes:
					out.there = fact.Maybe
					return out
				case s.AfterUntil(on) == fact.Maybe:
					out.there = fact.Maybe
				}
				continue
			}
			if branch != "" {
				s.From = fact.Date{}
			}
			c := s.On(on)
			if c == fact.No {
				continue
			}
			if !slices.ContainsFunc(held, func(n fact.Span) bool {
				return (n.From == s.From || (fact.Span{From: n.From}).On(on) == fact.Yes) && (n.Until == s.Until || (fact.Span{Until: n.Until}).On(on) == fact.Yes)
			}) {
				out.entries, held = append(out.entries, e.Position), append(held, s)
			}
			if c == fact.Yes {
				return out
			}
		}
	}
	out.there = fact.Maybe
	return out
}

// vague are dates around the days of drawEntry, some exact, many given in the same words.
var vague = func() (out []fact.Date) {
	for _, s := range []string{"", "2000-01-05", "2000-01-10", "2000-01-15", "between 2000-01-04 and 2000-01-08", "between 2000-01-06 and 2000-01-14", "between 2000-01-10 and 2000-01-10", "by 2000-01-09", "by 2000-01-16", "tba"} {
		d, err := fact.ParseDate(s)
		if err != nil {
			panic(err)
		}
		out = append(out, d)
	}
	return out
}()

// drawVague draws an entry of dates that need not be exact. Its title is its position.
func drawVague(t *rapid.T, position int64) fact.Entry {
	e := drawEntry(t, position)
	e.ID = "p0"
	if rapid.IntRange(0, 2).Draw(t, "vague") > 0 {
		e.Span = fact.Span{From: rapid.SampledFrom(vague).Draw(t, "from"), Until: rapid.SampledFrom(vague).Draw(t, "until")}
		if e.Op == fact.End {
			e.Span.From = fact.Date{}
		}
		if e.Span.Check() != nil {
			e.Span.Until = fact.Date{}
		}
	}
	if e.Op == fact.Assert {
		e.Body = fact.Body{{Name: "title", Value: kind.Quote(fmt.Sprint(position))}}
		e.Root = e.Body.Root()
	}
	return e
}

// The pieces of a record say of every day which entries may hold, and nothing else, as a View and the model do.
func TestPiecesAreTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, m := graph.New(kinds), &model{}
		n := rapid.IntRange(1, 9).Draw(t, "entries")
		for i := range n {
			e := drawVague(t, int64(i+1))
			if i > 0 && rapid.Bool().Draw(t, "in the same words") {
				if s := (fact.Span{From: m.entries[i-1].Span.From, Until: e.Span.Until}); e.Op == fact.Assert && s.Check() == nil {
					e.Span = s
				}
				if s := (fact.Span{From: e.Span.From, Until: m.entries[i-1].Span.Until}); s.Check() == nil && rapid.Bool().Draw(t, "both") {
					e.Span = s
				}
			}
			if err := g.Fold(&e); err != nil {
				t.Fatal(err)
			}
			m.entries = append(m.entries, e)
		}
		known := int64(rapid.IntRange(0, n).Draw(t, "known"))
		proposal := fact.ID("")
		v := g.View(start, known)
		if rapid.Bool().Draw(t, "with") {
			proposal = "people"
			v = v.With(proposal)
		}
		k := fact.Key{Kind: "post", ID: "p0"}
		pieces := v.Pieces(k)
		for on := start - 2; on < start+24; on++ {
			want := m.readings("p0", on, known, proposal)
			got := readings{there: fact.Maybe}
			for _, p := range pieces {
				if c := p.Span.On(on); c != fact.No {
					got.entries, got.there = append(got.entries, p.Record.Entry()), max(got.there, c)
				}
				if p.Span.Check() != nil {
					t.Fatalf("a piece ends before it begins: %s", p.Span.Words())
				}
			}
			slices.Sort(got.entries)
			slices.Sort(want.entries)
			if !slices.Equal(got.entries, want.entries) || got.there != want.there {
				t.Fatalf("on %s: the pieces say %v, the model %v", on, got, want)
			}
			r := v.At(on).Record(k)
			switch {
			case (r != nil) != (len(want.entries) > 0):
				t.Fatalf("on %s the view has %v, and the model %v", on, r, want)
			case r == nil:
			case r.Exists() != want.there || r.Entry() != slices.Max(want.entries) && want.there == fact.Yes && len(want.entries) == 1:
				t.Fatalf("on %s the view has entry %d, there %d, and the model %v", on, r.Entry(), r.Exists(), want)
			case (r.State("title") == graph.Uncertain) != (len(want.entries) > 1):
				t.Fatalf("on %s the title is %d, and the model has %v", on, r.State("title"), want)
			}
		}
	})
}

func TestPieces(t *testing.T) {
	for _, c := range []struct{ name, loads, want string }{
		{"one entry keeps its boundaries", "{from: 2003-23, until: by 2005-04}", "from autumn 2003 until some day by April 2005: 1"},
		{"a newer entry cuts an exact day", "{from: 2003-23, until: 2005} / {from: 2004-06-01}", "from autumn 2003 until 31 May 2004: 1; from 1 June 2004 until further notice: 2"},
		{"and leaves what is after it", "{} / {from: 2003-10-01, until: 2003-12-31}", "from the beginning until 30 September 2003: 1; from 1 October 2003 until 31 December 2003: 2; from 1 January 2004 until further notice: 1"},
		{"a vague beginning overlaps what was before it", "{} / {from: 2003-10}", "from the beginning until 30 October 2003: 1; from October 2003 until further notice: 2"},
		{"an ending is the end of the piece", "{from: 2001-01-01} / {end: 2003-10}", "from 1 January 2001 until October 2003: 1"},
		{"a gap is in no piece", "{} / {end: 2003-10-31} / {from: 2004-01-01}", "from the beginning until 31 October 2003: 1; from 1 January 2004 until further notice: 3"},
		{"the same words are the same day", "{from: 2003-10, until: 2005} / {from: 2003-10, until: 2005}", "from October 2003 until 2005: 2"},
		{"agreed and not dated is on no day", "{from: tba}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(kinds)
			for _, doc := range strings.Split(c.loads, " / ") {
				head := "{kind: post, id: a, title: A, "
				if strings.Contains(doc, "end:") {
					head = "{kind: post, id: a, "
				}
				if got := load(t, g, head+doc[1:]); got != "" {
					t.Fatal(got)
				}
			}
			var got []string
			for _, p := range g.View(fact.DayOf(2003, 10, 15), g.Size()).Pieces(fact.Key{Kind: "post", ID: "a"}) {
				got = append(got, fmt.Sprintf("%s: %d", p.Span.Words(), p.Record.Entry()))
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
		})
	}
}

// A record that was taken back is there on no day; one that a proposal took back is as in force.
func TestTakenBack(t *testing.T) {
	g := graph.New(kinds)
	if got := load(t, g, "{kind: proposal, id: p, title: P}\n---\n{kind: post, id: a, title: A}\n---\n{kind: post, id: a, title: B, proposal: p, from: tba}"); got != "" {
		t.Fatal(got)
	}
	a := fact.Key{Kind: "post", ID: "a"}
	back := func(branch fact.ID) {
		t.Helper()
		entries, problems := g.Stage([]kind.Doc{{Op: fact.End, Kind: kinds.Kind("post"), ID: "a", Proposal: branch}}, "owner", time.Now(), time.Now())
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if err := g.Fold(&entries[0]); err != nil {
			t.Fatal(err)
		}
	}
	title := func(proposal fact.ID) string { return ask(g, "a", start, g.Size(), proposal) }
	if title("p") != "B" {
		t.Fatal(title("p"))
	}
	back("p")
	if title("p") != "A" || title("") != "A" {
		t.Errorf("with the proposal %q, in force %q", title("p"), title(""))
	}
	back("")
	if got := g.View(start, g.Size()).Record(a); got != nil || len(g.View(start, g.Size()).Pieces(a)) > 0 {
		t.Errorf("it is still there: %v", got)
	}
	if before := g.View(start, g.Size()-1).Record(a); before == nil {
		t.Error("it is not there as known before")
	}
}
