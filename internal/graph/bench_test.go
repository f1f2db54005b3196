package graph_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// made is a record of n entries over the given number of posts: every post again and again, a year apart, with the
// fields that a post usually has.
func made(n, posts int) []fact.Entry {
	out := make([]fact.Entry, n)
	at := time.Date(2003, 9, 17, 12, 0, 0, 0, time.UTC)
	for i := range out {
		id, round := i%posts, i/posts
		body := fact.Body{
			{Name: "capacity", Value: `"officer"`},
			{Name: "fte", Value: "1"},
			{Name: "reports_to", Value: kind.Quote(fmt.Sprintf("post-%d", id/7))},
			{Name: "source", Value: `"report of 17 September 2003, paragraph 6.13"`},
			{Name: "title", Value: kind.Quote(fmt.Sprintf("Head of Service %d", id))},
			{Name: "unit", Value: kind.Quote(fmt.Sprintf("unit-%d", id/40))},
		}
		from := fact.DayOf(2000+round%20, 1, 1)
		out[i] = fact.Entry{Position: int64(i + 1), Recorded: at.Add(time.Duration(i) * time.Second), Written: at, Who: "owner", Op: fact.Assert, Kind: "post", Version: 1, ID: fact.ID(fmt.Sprintf("post-%d", id)), Span: fact.Span{From: fact.ExactDate(from)}, Body: body}
	}
	return out
}

func fold(b testing.TB, entries []fact.Entry) *graph.Graph {
	b.Helper()
	g := graph.New(kinds)
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			b.Fatal(err)
		}
	}
	return g
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Fold of 1,000,000 entries into 100,000 posts: aim ≤ 2 s and ≤ 400 bytes an entry.
func BenchmarkFold1M(b *testing.B) {
	const n = 1_000_000
	entries := made(n, 100_000)
	var g *graph.Graph
	var took time.Duration
	var bytes uint64
	rounds := 0
	for b.Loop() {
		g = nil
		before := heap()
		began := time.Now()
		g = fold(b, entries)
		took += time.Since(began)
		bytes += heap() - before
		rounds++
	}
	b.ReportMetric(took.Seconds()/float64(rounds), "s/fold")
	b.ReportMetric(float64(bytes)/float64(rounds)/n, "bytes/entry")
	runtime.KeepAlive(g)
	runtime.KeepAlive(entries)
}

// A look at one record on both clocks: aim ≤ 1 µs.
func BenchmarkLook(b *testing.B) {
	g := fold(b, made(1_000_000, 100_000))
	var v *graph.View
	keys := make([]fact.Key, 1024)
	for i := range keys {
		keys[i] = fact.Key{Kind: "post", ID: fact.ID(fmt.Sprintf("post-%d", i*97))}
	}
	heap() // what making the record left behind is not the look's to clear away
	i := 0
	for b.Loop() {
		// A fresh view each time: it remembers nothing.
		if v = g.View(fact.DayOf(2005, 6, 1), int64(700_000+i%300_000)); v.Record(keys[i%len(keys)]) == nil {
			b.Fatal("not there")
		}
		i++
	}
}

// A whole view of 20,000 records: aim ≤ 5 ms, and after a back-dated correction of all of them ≤ 1.2 times that.
func BenchmarkWholeView(b *testing.B) {
	const n = 20_000
	entries := made(n, n)
	corrected := made(2*n, n)
	for i := n; i < 2*n; i++ {
		corrected[i].Span.From = fact.ExactDate(fact.DayOf(1999, 1, 1))
	}
	plain, both := fold(b, entries), fold(b, corrected)
	whole := func(g *graph.Graph) time.Duration {
		began := time.Now()
		if got := len(g.View(fact.DayOf(2005, 6, 1), g.Size()).All("post")); got != n {
			b.Fatal(got)
		}
		return time.Since(began)
	}
	var a, c time.Duration
	rounds := 0
	for b.Loop() {
		a += whole(plain)
		c += whole(both)
		rounds++
	}
	b.ReportMetric(float64(a.Microseconds())/float64(rounds)/1000, "ms/view")
	b.ReportMetric(float64(c)/float64(a), "corrected/plain")
}

// The history of one post among 100,000 entries: aim ≤ 1 ms.
func BenchmarkHistory(b *testing.B) {
	g := fold(b, made(100_000, 10_000))
	v := g.View(fact.DayOf(2005, 6, 1), g.Size())
	for b.Loop() {
		if len(v.History(fact.Key{Kind: "post", ID: "post-77"})) != 10 {
			b.Fatal("not ten entries")
		}
	}
}

// One load of thousands of entries about one post, whose manager has as many: twice as many take about twice as long.
func BenchmarkStageOneRecord(b *testing.B) {
	load := func(n int) time.Duration {
		docs := make([]kind.Doc, 0, 2*n)
		title, up := kinds.Kind("post").Field("title"), kinds.Kind("post").Field("reports_to")
		for i := range n {
			day := fact.ExactDate(fact.DayOf(2000, 1, 1) + fact.Day(i))
			span := fact.Span{From: day, Until: day}
			docs = append(docs,
				kind.Doc{Op: fact.Assert, Kind: kinds.Kind("post"), ID: "chief", Span: span, Values: []kind.Value{{Field: title, JSON: `"Chief"`}}},
				kind.Doc{Op: fact.Assert, Kind: kinds.Kind("post"), ID: "head", Span: span, Values: []kind.Value{{Field: title, JSON: `"Head"`}, {Field: up, JSON: `"chief"`}}})
		}
		g := graph.New(kinds)
		began := time.Now()
		if _, problems := g.Stage(docs, "owner", began, began); len(problems) > 0 {
			b.Fatal(problems)
		}
		return time.Since(began)
	}
	var one, two time.Duration
	rounds := 0
	for b.Loop() {
		one += load(2_000)
		two += load(4_000)
		rounds++
	}
	b.ReportMetric(float64(one.Milliseconds())/float64(rounds), "ms/4000")
	b.ReportMetric(float64(two)/float64(one), "twice/once")
}

// council is twenty years of a council of 3,000 posts: each was called something else every few years, and had a holder every two.
func council() []fact.Entry {
	var out []fact.Entry
	at := time.Date(2003, 9, 17, 12, 0, 0, 0, time.UTC)
	add := func(k fact.KindName, id string, from fact.Day, fields ...string) {
		e := fact.Entry{Position: int64(len(out) + 1), Recorded: at, Written: at, Who: "owner", Op: fact.Assert, Kind: k, Version: 1, ID: fact.ID(id), Span: fact.Span{From: fact.ExactDate(from)}}
		for i := 0; i < len(fields); i += 2 {
			e.Body = append(e.Body, fact.Field{Name: fields[i], Value: kind.Quote(fields[i+1])})
		}
		e.Body.Sort()
		out = append(out, e)
	}
	grades := []string{"Head of", "Senior Manager,", "Team Leader,", "Principal Officer,", "Adviser for"}
	fields := []string{"Special Educational Needs", "Children Looked After", "Adult Social Care", "Libraries", "Public Health", "School Improvement", "Youth Offending", "Housing Needs"}
	for i := range 3_000 {
		post := fmt.Sprintf("post-%d", i)
		for year := 2000; year < 2020; year += 3 {
			add("post", post, fact.DayOf(year, 1, 1), "title", fmt.Sprintf("%s %s %d", grades[(i+year)%len(grades)], fields[(i/5+year/6)%len(fields)], i), "reports_to", fmt.Sprintf("post-%d", i/7))
		}
		for year := 2000; year < 2020; year += 2 {
			who := fmt.Sprintf("~%d-%d", i, year)
			add("person", who, fact.MinDay, "id", fmt.Sprintf("person-%d-%d", i, year), "name", fmt.Sprintf("Given%d Family%d", (i+year)%97, i*7+year))
			out[len(out)-1].Span = fact.Span{}
			add("appointment", "~a"+who[1:], fact.DayOf(year, 4, 1), "id", fmt.Sprintf("a-%d-%d", i, year), "person", who, "post", post, "basis", "permanent")
		}
	}
	add("designation", "dcs", fact.DayOf(2005, 3, 1), "role", "DCS", "post", "post-3")
	return out
}

// A search of twenty years of 3,000 posts, each in a view of its own: aim ≤ 5 ms, whatever is found. The first makes the index.
func BenchmarkSearch(b *testing.B) {
	g := fold(b, council())
	short := []graph.Abbreviation{{Short: "SEN", Long: "special educational needs"}, {Short: "DCS", Long: "director of children's services"}, {Short: "CLA", Long: "children looked after"}}
	began := time.Now()
	g.View(fact.DayOf(2015, 6, 1), g.Size()).Search("first", 20)
	first := time.Since(began)
	for _, query := range []string{"sen", "special educational needs", "libraries", "head", "given12", "family2017", "dcs", "nobody of that name"} {
		b.Run(query, func(b *testing.B) {
			heap()
			for b.Loop() {
				g.View(fact.DayOf(2015, 6, 1), g.Size()).Search(query, 20, short...)
			}
			b.ReportMetric(float64(first.Milliseconds()), "ms/first")
		})
	}
}
