package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// madeCouncil is the manifest of a made council: posts in a line of six reports each, in units of twenty, each held by one person after
// another, three years each.
func madeCouncil(posts int) string {
	var b strings.Builder
	doc := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n---\n", a...) }
	doc("{kind: council, id: council, name: Made Council, type: unitary, governance: leader-and-cabinet}")
	for i := range (posts + 19) / 20 {
		up := ""
		if i > 0 {
			up = fmt.Sprintf(", parent: u%d", (i-1)/6)
		}
		doc("{kind: unit, id: u%d, name: Unit %d, type: service, head: p%d%s}", i, i, i*20, up)
	}
	for i := range posts {
		up := ""
		if i > 0 {
			up = fmt.Sprintf(", reports_to: p%d", (i-1)/6)
		}
		doc("{kind: post, id: p%d, title: Post %d, capacity: officer, unit: u%d%s}", i, i, i/20, up)
		for n := range 4 {
			from := fact.DayOf(2012+3*n, 1, 1) + fact.Day(i%700)
			doc("{kind: person, id: h%d-%d, name: Holder %d of post %d}", i, n, n, i)
			doc("{kind: appointment, id: a%d-%d, person: h%d-%d, post: p%d, basis: permanent, from: %s, until: %s}", i, n, i, n, i, from, from.AddMonths(36)-1)
		}
	}
	for i, role := range []string{"HPS", "DCS", "DASS", "DPH", "MO", "CFO", "SSO", "VSH", "PSW-A", "PSW-C", "LMCS"} {
		doc("{kind: designation, id: %s, role: %s, post: p%d}", strings.ToLower(role), role, i)
	}
	domains := []string{"EDU", "CSC", "LEAVING-CARE", "ASC", "PH", "SAFEGUARDING", "CULTURE", "HOUSING", "SUPPORT"}
	for i := range posts / 8 {
		doc("{kind: function, id: f%d, name: Function %d, domain: %s, ages: children, managed_by: p%d}", i, i, domains[i%len(domains)], (i*7)%posts)
	}
	return b.String()
}

func benched(b *testing.B) (*graph.Graph, *rule.Pack) {
	g, p := council(b, madeCouncil(3000))
	b.ResetTimer()
	return g, p
}

// Who has held each statutory role in a council of 3,000 posts: aim ≤ 20 ms.
func BenchmarkTenure(b *testing.B) {
	g, p := benched(b)
	for b.Loop() {
		if len(report.Tenures(p, g.View(fact.DayOf(2024, 6, 1), g.Size()), fact.DayOf(2014, 1, 1), fact.DayOf(2024, 1, 1))) != 11 {
			b.Fatal("not every role")
		}
	}
}

// The timeline of ten years of that council: aim ≤ 40 ms.
func BenchmarkTimeline(b *testing.B) {
	g, p := benched(b)
	for b.Loop() {
		if len(report.TimelineOf(p, g.View(fact.DayOf(2024, 6, 1), g.Size()), fact.DayOf(2014, 1, 1), fact.DayOf(2024, 1, 1)).Lanes) != 12 {
			b.Fatal("not every lane")
		}
	}
}

// Two days of that council, with all kinds, on which many posts have another holder: aim ≤ 60 ms.
func BenchmarkChanges(b *testing.B) {
	g, p := benched(b)
	for b.Loop() {
		v := g.View(fact.DayOf(2020, 1, 1), g.Size())
		c := report.ChangesBetween(p, v, v.At(fact.DayOf(2021, 7, 1)))
		if n := len(c.Rows); n < 900 {
			b.Fatal(n)
		}
	}
}

// What the first page of that council shows, but for the check: aim ≤ 60 ms.
func BenchmarkHome(b *testing.B) {
	g, p := benched(b)
	for b.Loop() {
		v := g.View(fact.DayOf(2024, 6, 1), g.Size())
		report.CoverOf(v, report.Offices(p, v), v.On())
		report.Coming(p, v, 30)
		report.Recent(p, v, g.RecordedAt(g.Size()).AddDate(0, 0, -30), 10)
		report.Pipeline(p, v)
	}
}

// The sheet of one post of that council: aim ≤ 30 ms.
func BenchmarkSheet(b *testing.B) {
	g, p := benched(b)
	for b.Loop() {
		v := g.View(fact.DayOf(2024, 6, 1), g.Size())
		if len(report.SheetOfPost(p, v.Record(fact.Key{Kind: graph.Post, ID: "p1"}), report.AnswersOf(p, v)).Answers) == 0 {
			b.Fatal("it answers for nothing")
		}
	}
}

// madeMove is the manifest of a made council with many functions in 400 units, and of a proposal that moves every one of them to 40 new units, in five waves.
func madeMove(functions int) string {
	var b strings.Builder
	doc := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n---\n", a...) }
	b.WriteString(madeCouncil(400 * 20))
	doc("{kind: proposal, id: move, title: Move}")
	for i := range 40 {
		doc("{kind: unit, id: new%d, proposal: move, from: 2024-04-01, name: New unit %d, type: service, head: p%d}", i, i, i)
	}
	domains := []string{"EDU", "CSC", "LEAVING-CARE", "ASC", "PH", "SAFEGUARDING", "CULTURE", "HOUSING", "SUPPORT"}
	for i := range functions {
		doc("{kind: function, id: m%d, name: Service %d, domain: %s, ages: children, unit: u%d}", i, i%(functions/2), domains[i%len(domains)], i%400)
		doc("{kind: function, id: m%d, proposal: move, from: %s, name: Service %d, domain: %s, ages: children, unit: new%d}", i, fact.DayOf(2024, 4, 1).AddMonths(i%5), i%(functions/2), domains[i%len(domains)], i%40)
	}
	return b.String()
}

// Where each of 10,000 functions goes, in five waves: aim ≤ 1 s.
func BenchmarkTransfer(b *testing.B) {
	g, p := council(b, madeMove(10_000))
	b.ResetTimer()
	for b.Loop() {
		t := report.TransferOf(p, g.View(fact.DayOf(2024, 1, 1), g.Size()), "move", fact.Date{})
		if n := len(t.Rows); n < 10_000 {
			b.Fatal(n)
		}
	}
}

// A proposal with five waves in that council, four months apart: aim ≤ 1 s.
func BenchmarkForecast(b *testing.B) {
	var m strings.Builder
	m.WriteString(madeCouncil(3000))
	m.WriteString("{kind: proposal, id: merge, title: Merge, status: consultation}\n")
	for i := range 50 {
		from := fact.DayOf(2025, 1, 1).AddMonths(i % 5 * 4)
		fmt.Fprintf(&m, "---\n{kind: post, id: n%d, proposal: merge, title: New post %d, capacity: officer, unit: u%d, reports_to: p%d, from: %s}\n", i, i, i, i%7, from)
		fmt.Fprintf(&m, "---\n{kind: function, id: f%d, proposal: merge, name: Function %d, domain: SUPPORT, ages: children, managed_by: n%d, from: %s}\n", i, i, i, from)
		fmt.Fprintf(&m, "---\n{kind: post, id: p%d, proposal: merge, end: %s}\n", 2900+i, from-1)
	}
	g, p := council(b, m.String())
	b.ResetTimer()
	for b.Loop() {
		f := report.ForecastOf(p, g.View(fact.DayOf(2024, 6, 1), g.Size()), "merge", fact.Date{})
		if len(f.Waves) != 5 || len(f.Posts.New) != 50 || len(f.Posts.Ended) != 50 {
			b.Fatalf("%d waves, %d new posts, %d ended", len(f.Waves), len(f.Posts.New), len(f.Posts.Ended))
		}
	}
}
