package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

var lawDay = fact.DayOf(2003, 9, 1)

// drawCouncil writes a small council of two departments and two other bodies, and a proposal that changes it on several days.
func drawCouncil(t *rapid.T) string {
	var b strings.Builder
	doc := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n---\n", a...) }
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	date := func(name string) string {
		d := lawDay + fact.Day(rapid.IntRange(0, 9).Draw(t, name))
		if rapid.IntRange(0, 5).Draw(t, name+" vague") == 0 {
			return fmt.Sprintf("between %s and %s", d, d+fact.Day(rapid.IntRange(1, 3).Draw(t, name+" window")))
		}
		return d.String()
	}
	place := func(name string) (s string) {
		if u := pick(name+" unit", "", "u0", "u1", "u2", "u3"); u != "" {
			s += ", unit: " + u
		}
		if p := pick(name+" manager", "", "", "p0", "p1"); p != "" {
			s += ", managed_by: " + p
		}
		if o := pick(name+" body", "", "", "o0", "o1"); o != "" {
			s += ", delivered_by: " + o
		}
		return s
	}
	for i := range 4 {
		parent := ""
		if i > 1 {
			parent = fmt.Sprintf(", parent: u%d", i-2)
		}
		kind := pick(fmt.Sprintf("type %d", i), "department", "area")
		doc("{kind: unit, id: u%d, name: Unit %d, type: %s, head: p%d%s}", i, i, kind, i%3, parent)
	}
	doc("{kind: organisation, id: o0, name: Old Council, type: council}")
	doc("{kind: organisation, id: o1, name: Trust, type: nhs}")
	for i := range 3 {
		doc("{kind: post, id: p%d, title: Post %d, unit: u%d}", i, i, i)
		doc("{kind: person, id: h%d, name: Holder %d}", i, i)
		doc("{kind: appointment, id: a%d, person: h%d, post: p%d, from: 2001-01-01}", i, i, i)
	}
	doc("{kind: designation, id: d0, role: CEO, post: p0, from: 2001-01-01}")
	doc("{kind: designation, id: d1, role: DSS, post: p1, from: 2001-01-01}")
	function := func(i int, name, extra string) {
		doc("{kind: function, id: f%d, name: %s, domain: %s, ages: all%s%s}", i, pick(name+" name", "One", "Two"), pick(name+" domain", "EDU", "ASC", "SUPPORT"), place(name), extra)
	}
	for i := range 5 {
		function(i, fmt.Sprintf("f%d", i), "")
	}
	doc("{kind: proposal, id: change, title: Change}")
	for i := range 6 { // the last is new
		name := fmt.Sprintf("f%d proposed", i)
		switch pick(name, "stays", "moves", "moves", "moves until", "ends") {
		case "moves":
			function(i, name, ", proposal: change, from: "+date(name))
		case "moves until":
			d := lawDay + fact.Day(rapid.IntRange(0, 5).Draw(t, name+" from"))
			function(i, name, fmt.Sprintf(", proposal: change, from: %s, until: %s", d, d+fact.Day(rapid.IntRange(0, 4).Draw(t, name+" for"))))
		case "ends":
			if i < 5 {
				doc("{kind: function, id: f%d, proposal: change, end: %s}", i, date(name))
			}
		}
	}
	for _, what := range []string{"unit/u0", "unit/u1", "unit/u3", "post/p0", "post/p1", "organisation/o0", "organisation/o1", "designation/d0", "designation/d1", "appointment/a0", "appointment/a1"} {
		if kind, id, _ := strings.Cut(what, "/"); rapid.IntRange(0, 2).Draw(t, what) == 0 {
			doc("{kind: %s, id: %s, proposal: change, end: %s}", kind, id, date(what+" ends"))
		}
	}
	if rapid.Bool().Draw(t, "designated anew") {
		doc("{kind: designation, id: d2, proposal: change, role: %s, post: p2, from: %s}", pick("role", "CEO", "DSS"), date("d2"))
	}
	if rapid.Bool().Draw(t, "appointed anew") {
		doc("{kind: appointment, id: a3, proposal: change, person: h2, post: %s, from: %s}", pick("post", "p0", "p1"), date("a3"))
	}
	return b.String()
}

// certainly says what is certainly wrong with a function on the day of a view, asking the record of that day alone.
func certainly(p *rule.Pack, f *graph.Record) (orphan, unanswered bool) {
	v := f.View()
	stated := 0
	for _, field := range []string{"unit", "managed_by", "delivered_by"} {
		if k, ok := f.RefKey(field); ok {
			stated++
			orphan = orphan || v.Record(k) == nil
		}
		if f.State(field) == graph.Uncertain {
			return false, false
		}
	}
	if u := f.Ref("unit"); u != nil && f.State("managed_by") == graph.Missing {
		if _, managed := f.RefKey("managed_by"); !managed {
			k, ok := u.RefKey("head")
			orphan = orphan || ok && v.Record(k) == nil
		}
	}
	orphan = orphan || stated == 0
	if o := f.Ref("delivered_by"); o != nil && o.Text("type") == "council" && f.Ref("unit") == nil && f.Ref("managed_by") == nil {
		return orphan, false
	}
	roles, gap := p.RolesFor(f)
	if gap != nil {
		return orphan, false
	}
	for _, role := range roles {
		filled := false // or not certainly empty
		for _, d := range v.All(graph.Designation) {
			if d.Text("role") != role {
				continue
			}
			post := d.Ref("post")
			filled = filled || d.Exists() != fact.Yes || post != nil && (post.Exists() != fact.Yes || !post.Holders().Vacant)
		}
		unanswered = unanswered || !filled
	}
	return orphan, unanswered
}

// area is the nearest area above a unit, or the topmost unit, with the body that delivers; nothing where there is no place.
func areaOf(f *graph.Record) string {
	u := f.Ref("unit")
	if m := f.Ref("managed_by"); u == nil && m != nil {
		if u = m.Ref("unit"); u == nil {
			return m.Key().String() + f.Text("delivered_by")
		}
	}
	if u == nil {
		if f.Text("delivered_by") == "" {
			return ""
		}
		return "@" + f.Text("delivered_by")
	}
	for u.Text("type") != "area" && u.Ref("parent") != nil {
		u = u.Ref("parent")
	}
	return u.Key().String() + f.Text("delivered_by")
}

// sure reports whether a function is certainly there, in a place that is.
func sure(f *graph.Record) bool {
	if f == nil || f.Exists() != fact.Yes {
		return false
	}
	for _, field := range []string{"unit", "managed_by", "delivered_by"} {
		if f.State(field) == graph.Uncertain {
			return false
		}
		if k, ok := f.RefKey(field); ok && (f.View().Record(k) == nil || f.View().Record(k).Exists() != fact.Yes) {
			return false
		}
	}
	return areaOf(f) != ""
}

// On every day, a fault is there exactly when the record of that day, asked by itself, shows it; and the steps lead where the function is on that day.
func TestTransferLaw(t *testing.T) {
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		manifest := drawCouncil(t)
		g, err := rule.TestRecord(kinds, "", manifest)
		if err != nil {
			t.Skip(err) // what the record would refuse
		}
		v := g.View(lawDay-20, g.Size())
		got := report.TransferOf(p, v, "change", fact.Date{})
		rows := map[fact.Key]*report.Moving{}
		for i := range got.Rows {
			rows[got.Rows[i].Function.Record] = &got.Rows[i]
		}
		plan, eve := v.Planned("change", fact.Date{}), v.At(got.Eve)
		there := map[fact.Key]bool{}
		see := func(at *graph.View) (all []*graph.Record) {
			for _, f := range at.All(graph.Function) {
				there[f.Key()] = true
				all = append(all, f)
			}
			return all
		}
		see(eve)
		for d := got.Eve + 1; d <= got.End; d++ {
			at := plan.At(d)
			all := see(at)
			for _, f := range all {
				row := rows[f.Key()]
				if row == nil {
					t.Fatalf("%s is there on %s and has no row", f.Key(), d)
				}
				faulty := func(k report.FaultKind) bool {
					return slices.ContainsFunc(row.Faults, func(x report.Fault) bool { return x.Kind == k && x.From <= d && d <= x.Until })
				}
				orphan, unanswered := certainly(p, f)
				if f.Exists() != fact.Yes {
					orphan, unanswered = false, false
				}
				if is := faulty(report.Orphan); is != orphan {
					t.Fatalf("%s on %s: orphan %v, want %v\n%s%s", f.Key(), d, is, orphan, moved(got), manifest)
				}
				if is := faulty(report.NobodyAnswers); is != unanswered {
					t.Fatalf("%s on %s: nobody answers %v, want %v\n%s%s", f.Key(), d, is, unanswered, moved(got), manifest)
				}
				double := false
				for _, x := range all {
					b, a := eve.Record(f.Key()), eve.Record(x.Key())
					alike := func(x, y *graph.Record) bool {
						return x.Text("name") == y.Text("name") && x.Text("domain") == y.Text("domain")
					}
					together := b != nil && a != nil && alike(f, b) && alike(x, a) && areaOf(b) != "" && areaOf(b) == areaOf(a)
					double = double || x != f && sure(f) && sure(x) && alike(f, x) && areaOf(f) == areaOf(x) && !together && !orphan && !certainOrphan(p, x)
				}
				if is := faulty(report.Doubled); is != double {
					t.Fatalf("%s on %s: doubled %v, want %v\n%s%s", f.Key(), d, is, double, moved(got), manifest)
				}
				if sure(f) {
					place := row.From
					for _, s := range row.Steps {
						if s.On.Last <= d {
							place = s.To
						}
					}
					unit, _ := f.RefKey("unit")
					if place == nil || place.Unit.Record != unit {
						t.Fatalf("%s on %s: %s, want %s\n%s%s", f.Key(), d, where(place), unit, moved(got), manifest)
					}
				}
			}
			for k := range there {
				if f := at.Record(k); f == nil && rows[k] != nil && d == got.End {
					row := rows[k]
					if row.To != nil || row.State() != report.Unplaced || !row.Has(report.Lost) {
						t.Fatalf("%s is not there in the end: %s\n%s%s", k, row.State(), moved(got), manifest)
					}
				}
			}
		}
		in := 0
		for _, s := range got.Sources() {
			n := 0
			for _, l := range report.Landings {
				n += s.Now[l]
			}
			if n != s.In || len(s.Rows) != s.In {
				t.Fatalf("%s: %d came, and %d are told of", s.Body.Text, s.In, n)
			}
			in += s.In
		}
		if want := len(see(eve)); in != want {
			t.Fatalf("%d functions come from somewhere, and %d are there on the eve", in, want)
		}
	})
}

func certainOrphan(p *rule.Pack, f *graph.Record) bool {
	orphan, _ := certainly(p, f)
	return orphan
}
