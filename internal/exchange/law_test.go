package exchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

func asCSV(t testing.TB, table exchange.Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := exchange.CSV(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asXLSX(t testing.TB, w exchange.Workbook) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := exchange.XLSX(&b, w); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ready fails the test unless a plan may be carried out.
func ready(t testing.TB, p *exchange.Plan) {
	t.Helper()
	if p.Layer != exchange.Ready {
		for _, x := range p.Problems {
			t.Errorf("%s (%s %q)", &x, x.Column, x.There)
		}
		t.Fatalf("layer %d, %d problems", p.Layer, p.Wrong)
	}
}

// TestWhatIsTakenOutAndPutBackIsTheSame: of every kind, on days that are exact and on days that are not.
func TestWhatIsTakenOutAndPutBackIsTheSame(t *testing.T) {
	g, p := harrow(t)
	for _, on := range []string{"2003-08-31", "2003-10-01", "2004-02-29", "2005-04-15", "2015-06-05"} {
		v := g.View(day(t, on), g.Size())
		same := func(name string, b []byte, rows int) {
			t.Helper()
			plan := exchange.Import(name, b, v, p, exchange.Choices{From: fact.ExactDate(v.On())})
			ready(t, plan)
			if n := plan.Count[exchange.Same]; n != rows || len(plan.Docs) != 0 {
				t.Errorf("%s on %s: %d of %d rows are the same; changes %+v", name, on, n, rows, plan.Changes)
			}
		}
		for _, k := range v.Kinds().All {
			table := exchange.Rows(v, k)
			if len(table.Rows) == 0 {
				continue
			}
			same(string(k.Name)+".csv", asCSV(t, table), len(table.Rows))
			same("file.xlsx", asXLSX(t, exchange.Workbook{Tables: []exchange.Table{table}}), len(table.Rows))
		}
		w := exchange.Template(v, p, exchange.FirstHour...)
		total := 0
		for _, s := range w.Tables {
			total += len(s.Rows)
			if len(s.Rows) > 0 {
				same(s.Name+".csv", asCSV(t, s), len(s.Rows))
			}
		}
		same("template.xlsx", asXLSX(t, w), total)
		posts := exchange.Posts(v, p, false)
		same("posts.csv", asCSV(t, posts), len(posts.Rows))
	}
}

// TestAMadeCouncilIsTheSameElsewhere: whatever is recorded, both the template and the tables of it make the same record of an empty one,
// and are the same where they were taken out.
func TestAMadeCouncilIsTheSameElsewhere(t *testing.T) {
	kinds, p := england(t)
	rapid.Check(t, func(t *rapid.T) {
		docs, problems := kinds.Read("made.jsonl", strings.NewReader(madeCouncil(t)))
		if len(problems) > 0 {
			t.Skip(problems)
		}
		g := graph.New(kinds)
		entries, problems := g.Stage(docs, "owner", noon, noon)
		if len(problems) > 0 {
			t.Skip(problems)
		}
		for i := range entries {
			if err := g.Fold(&entries[i]); err != nil {
				t.Fatal(err)
			}
		}
		v := g.View(fact.DayOf(2003, 10, 1), g.Size())
		tables := exchange.Workbook{}
		for _, name := range exchange.FirstHour {
			tables.Tables = append(tables.Tables, exchange.Rows(v, kinds.Kind(name)))
		}
		for _, w := range []exchange.Workbook{tables, exchange.Template(v, p, exchange.FirstHour...)} {
			var b bytes.Buffer
			if err := exchange.XLSX(&b, w); err != nil {
				t.Fatal(err)
			}
			again := exchange.Import("made.xlsx", b.Bytes(), v, p, exchange.Choices{From: fact.ExactDate(v.On())})
			if again.Layer != exchange.Ready || len(again.Changes)+len(again.Docs) > 0 {
				t.Fatalf("put back, it is not the same: %+v %+v", again.Problems, again.Changes)
			}
			for _, table := range w.Tables[rapid.IntRange(0, 5).Draw(t, "table"):][:1] {
				var b bytes.Buffer
				if err := exchange.CSV(&b, table); err != nil {
					t.Fatal(err)
				}
				if again := exchange.Import(table.Name+".csv", b.Bytes(), v, p, exchange.Choices{From: fact.ExactDate(v.On())}); len(table.Rows) > 0 && (again.Layer != exchange.Ready || len(again.Changes) > 0) {
					t.Fatalf("put back, %s are not the same: %+v %+v\n%s", table.Name, again.Problems, again.Changes, b.Bytes())
				}
			}
			empty := graph.New(kinds)
			plan := exchange.Import("made.xlsx", b.Bytes(), empty.View(v.On(), 0), p, exchange.Choices{From: fact.ExactDate(v.On())})
			if plan.Layer != exchange.Ready {
				t.Fatalf("it cannot be put in: %+v", plan.Problems)
			}
			entries, problems := empty.Stage(plan.Docs, "owner", noon, noon)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			for i := range entries {
				if err := empty.Fold(&entries[i]); err != nil {
					t.Fatal(err)
				}
			}
			compareViews(t, v, empty.View(v.On(), empty.Size()))
		}
	})
}

func compareViews(t *rapid.T, want, got *graph.View) {
	for _, k := range want.Kinds().All {
		if a, b := len(want.All(k.Name)), len(got.All(k.Name)); a != b {
			t.Fatalf("%s: %d records, want %d", k.Name, b, a)
		}
		for _, r := range want.All(k.Name) {
			x := got.Record(r.Key())
			if x == nil || x.Span() != r.Span() && !r.Span().From.IsZero() {
				t.Fatalf("%s is not there over the same days", r.Key())
			}
			for _, f := range k.Fields {
				a, sa := r.JSON(f.Name)
				if b, sb := x.JSON(f.Name); a != b || sb != sa {
					t.Fatalf("%s, %s: %s became %s", r.Key(), f.Name, a, b)
				}
			}
		}
	}
}

// madeCouncil writes a council whose records refer to each other and whose words are hard on whoever writes them into cells.
func madeCouncil(t *rapid.T) string {
	var out strings.Builder
	n := rapid.IntRange(1, 5).Draw(t, "n")
	words := rapid.StringOfN(rapid.RuneFrom([]rune("aB'\"=+-@;,/ é“–_x0041_7&(N")), 1, 9, -1)
	text := func(label string) any { return rapid.OneOf(words, rapid.Just("Head of service")).Draw(t, label) }
	from := func() any {
		return rapid.SampledFrom([]any{nil, "2001", "2003-09", "2003-10-01", "2002-04-01", "by 2003-04", "2002-23"}).Draw(t, "from")
	}
	ref := func(kind string) any {
		if rapid.Bool().Draw(t, "refers") {
			return nil
		}
		return fmt.Sprintf("%s-%d", kind, rapid.IntRange(0, n-1).Draw(t, kind))
	}
	record := func(k string, i int, fields map[string]any) {
		fields["kind"], fields["id"], fields["from"] = k, fmt.Sprintf("%s-%d", k, i), from()
		for name, v := range fields {
			if v == nil {
				delete(fields, name)
			}
		}
		b, _ := json.Marshal(fields) // texts and numbers always encode
		out.Write(append(b, '\n'))
	}
	for i := range n {
		record("unit", i, map[string]any{"name": text("name"), "head": ref("post"), "budget": "12.50", "purpose": "one\n\n" + fmt.Sprint(text("purpose"))})
		record("post", i, map[string]any{"title": text("title"), "unit": ref("unit"), "fte": "0.5", "grade": text("grade"), "deputy_for": []string{"DCS", "DASS"}, "salary_from": "-3"})
		record("person", i, map[string]any{"name": text("name"), "qualifications": []any{text("one"), "2; two"}})
		record("appointment", i, map[string]any{"person": fmt.Sprintf("person-%d", i), "post": fmt.Sprintf("post-%d", i), "basis": "fixed-term"})
		record("designation", i, map[string]any{"role": "DCS", "post": ref("post"), "person": fmt.Sprintf("person-%d", i), "confirmed": "no", "decided_on": "2003-09"})
		record("function", i, map[string]any{"name": text("name"), "domain": "UNCLASSIFIED", "unit": ref("unit")})
	}
	return out.String()
}

// TestAnImportDoneTwiceIsDoneOnce: whatever rows there are, if they may be imported the record takes them or says to which rows it objects, and then
// the same file changes nothing more.
func TestAnImportDoneTwiceIsDoneOnce(t *testing.T) {
	kinds, p := england(t)
	g := record(t, kinds, small, later)
	on, once := fact.DayOf(2015, 4, 1), t
	cells := map[string][]string{
		"id":         {"", "", "ce", "dcs", "m1", "m2", "old", "later", "twofold", "vague", "new"},
		"title":      {"", "Chief Executive", "Manager", "Head", "Teacher", "Vague", "Director of Place", "-"},
		"unit":       {"", "People", "place", "-", "Housing", "nowhere; people"},
		"reports_to": {"", "", "ce", "Head", "Teacher", "dcs", "-", "new", "old"},
		"grade":      {"", "A", "B", "-", "'-", "=1"},
		"deputy_for": {"", "DCS", "DASS; DCS", "-", "director of public health"},
		"from":       {"", "", "2010-04-01", "1/4/2015", "2015-09-01", "2016-01-01", "2014", "-", "tba"},
		"until":      {"", "", "", "2015-12-31", "31/12/2016", "2014-12-31", "-", "2018"},
	}
	order := []string{"id", "title", "unit", "reports_to", "grade", "deputy_for", "from", "until"}
	rapid.Check(t, func(t *rapid.T) {
		var used []string
		for _, c := range order {
			if c == "title" || rapid.IntRange(0, 2).Draw(t, c) > 0 {
				used = append(used, c)
			}
		}
		var file strings.Builder
		file.WriteString(strings.Join(used, ",") + "\n")
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			var row []string
			for _, c := range used {
				row = append(row, rapid.SampledFrom(cells[c]).Draw(t, c))
			}
			file.WriteString(strings.Join(row, ",") + "\n")
		}
		choices := exchange.Choices{From: fact.ExactDate(on), Add: []fact.KindName{"unit"}}
		if rapid.Bool().Draw(t, "ends") {
			choices.End = map[fact.KindName]fact.Date{"post": fact.ExactDate(on + 100)}
		}
		v := g.View(on, g.Size())
		plan := exchange.Import("posts.csv", []byte(file.String()), v, p, choices)
		if plan.Layer != exchange.Ready {
			if len(plan.Problems) == 0 || len(plan.Docs) > 0 {
				t.Fatalf("layer %d without a problem", plan.Layer)
			}
			t.Skip("rows are wrong")
		}
		entries, problems := g.Stage(plan.Docs, "owner", noon, noon)
		if len(problems) > 0 {
			if len(plan.Said(problems)) == 0 {
				t.Fatal(problems)
			}
			t.Skip("the record refuses it")
		}
		after := record(once, kinds, small, later)
		for i := range entries {
			if err := after.Fold(&entries[i]); err != nil {
				t.Fatal(err)
			}
		}
		touched := map[fact.Key]bool{}
		for _, c := range plan.Changes {
			touched[c.Record] = true
		}
		dates := slices.Contains(used, "from") || slices.Contains(used, "until")
		for _, d := range []fact.Day{on - 2000, on - 1, on, on + 1000, on + 5000} {
			for _, r := range g.View(d, g.Size()).All("post") {
				if d < on && !dates || !touched[r.Key()] {
					x := after.View(d, after.Size()).Record(r.Key())
					if x == nil || x.Entry() != r.Entry() {
						t.Fatalf("%s on %s is another, and nobody was told\n%s", r.Key(), d, file.String())
					}
				}
			}
		}
		again := exchange.Import("posts.csv", []byte(file.String()), after.View(on, after.Size()), p, choices)
		if again.Layer == exchange.Ready && len(again.Changes) > 0 {
			t.Fatalf("the same file again would change %+v\n%s", again.Changes, file.String())
		}
	})
}
