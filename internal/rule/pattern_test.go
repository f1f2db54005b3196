package rule_test

import (
	"errors"
	"maps"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/rule"
)

// offered is a council in which each pattern can hold, fail and not be tested.
const offered = `
{kind: post, id: dcs, title: Director of Children's Services, capacity: officer}
---
{kind: post, id: adults, title: Director of Adults, capacity: officer}
---
{kind: post, id: empty, title: Vacant Post, capacity: officer}
---
{kind: person, id: ann, name: Ann, experience: [children]}
---
{kind: person, id: bea, name: Bea}
---
{kind: appointment, id: a, person: ann, post: dcs, basis: permanent}
---
{kind: appointment, id: b, person: bea, post: adults, basis: interim}
---
{kind: appointment, id: was, person: bea, post: empty, basis: permanent, until: 2019-12-31}
---
{kind: designation, id: dcs, role: DCS, post: dcs}
---
{kind: designation, id: dass, role: DASS, post: adults}
---
{kind: function, id: care, name: Child protection, domain: CSC, managed_by: dcs}
---
{kind: board, id: lscb, name: Safeguarding Board, type: lscb, from: 2010-01-01}
---
{kind: board, id: sab, name: Adults Board, type: sab, from: 2010-01-01}
---
{kind: meeting, id: m, board: lscb, on: 2020-05-01, status: held}
---
{kind: seat, id: taken, board: lscb, as: chair, post: dcs}
---
{kind: seat, id: open, board: lscb, as: member, post: empty}
---
{kind: seat, id: bare, board: lscb, as: member}
`

func TestPatterns(t *testing.T) {
	pack := england(t)
	g, err := rule.TestRecord(kinds, "", offered)
	if err != nil {
		t.Fatal(err)
	}
	on, _ := fact.ParseDay("2020-06-01")
	v := g.View(on, g.Size())
	type values = map[string]string
	for _, c := range []struct {
		pattern string
		values  values
		want    rule.State
		expr    string
	}{
		{"experience", values{"role": "DCS", "experience": "children"}, rule.Holds, `holders("DCS").all(p, "children" in p.experience)`},
		{"experience", values{"role": "DCS", "experience": "finance"}, rule.Fails, `holders("DCS").all(p, "finance" in p.experience)`},
		{"experience", values{"role": "DASS", "experience": "adults"}, rule.CannotBeTested, `holders("DASS").all(p, "adults" in p.experience)`},
		{"experience-in-post", values{"post": "dcs", "experience": "children"}, rule.Holds, `holders_of(it).all(p, "children" in p.experience)`},
		{"experience-in-post", values{"post": "empty", "experience": "children"}, rule.CannotBeTested, ""},
		{"filled", values{"post": "dcs"}, rule.Holds, `!vacant(it)`},
		{"filled", values{"post": "empty"}, rule.Fails, ""},
		{"permanent", values{"post": "dcs"}, rule.Holds, `!provisional(it)`},
		{"permanent", values{"post": "adults"}, rule.Fails, ""},
		{"permanent", values{"post": "empty"}, rule.CannotBeTested, ""},
		{"board-meets", values{"board": "lscb", "months": "3"}, rule.Holds, `met_within(it, 3)`},
		{"board-meets", values{"board": "sab", "months": " 3 "}, rule.Fails, ""},
		{"seat-held", values{"seat": "taken"}, rule.Holds, `seated(it)`},
		{"seat-held", values{"seat": "open"}, rule.Fails, ""},
		{"seat-held", values{"seat": "bare"}, rule.CannotBeTested, ""},
		{"role-in-post", values{"role": "DCS", "post": "dcs"}, rule.Holds, `posts("DCS").exists(p, p == it)`},
		{"role-in-post", values{"role": "DCS", "post": "adults"}, rule.Fails, ""},
		{"role-in-post", values{"role": "MO", "post": "adults"}, rule.CannotBeTested, ""},
		{"function-answers", values{"function": "care", "role": "DCS"}, rule.Holds, `"DCS" in roles_for(it)`},
		{"function-answers", values{"function": "care", "role": "DASS"}, rule.Fails, ""},
	} {
		p, _ := rule.PatternOf(c.pattern)
		src, about, err := p.Fill(kinds, c.values)
		if err != nil {
			t.Errorf("%s %v: %v", c.pattern, c.values, err)
			continue
		}
		if c.expr != "" && src != c.expr {
			t.Errorf("%s %v: %s, want %s", c.pattern, c.values, src, c.expr)
		}
		of := []fact.KindName{}
		if about.Kind != "" {
			of = append(of, about.Kind)
		}
		if what, _ := pack.CheckExpression(src, of); what != "" {
			t.Errorf("%s: %s", src, what)
			continue
		}
		x, _ := pack.Compile(src)
		if got, missing, _ := x.Test(v, v.Record(about)); got != c.want {
			t.Errorf("%s of %s: %s %v, want %s", src, about, got, missing, c.want)
		}
		if got, _, _ := x.Test(v.At(on), nil); about.Kind != "" && got != rule.CannotBeTested {
			t.Errorf("%s of a record that is not there: %s", src, got)
		}
	}
}

// Nothing that is typed gets into an expression but what there is to choose.
func TestPatternsUnfilled(t *testing.T) {
	england(t)
	p, _ := rule.PatternOf("experience")
	for _, values := range []map[string]string{nil, {"role": "DCS"}, {"role": `DCS").size() > 0 || ("`, "experience": "children"}, {"role": "DCS", "experience": `x" in p.experience || "`}} {
		src, _, err := p.Fill(kinds, values)
		if u := (*rule.Unfilled)(nil); !errors.As(err, &u) || src != "" || u.What == "" {
			t.Errorf("%v: %s %v", values, src, err)
		}
	}
	p, _ = rule.PatternOf("board-meets")
	for _, months := range []string{"0", "-1", "61", "three", "1.5", "3) || (true"} {
		if _, _, err := p.Fill(kinds, map[string]string{"board": "lscb", "months": months}); err == nil {
			t.Errorf("%s months", months)
		}
	}
}

// A pattern is found again from the expression that it makes, with what was chosen; what somebody wrote is of no pattern.
func TestRecogniseLaw(t *testing.T) {
	england(t)
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SampledFrom(rule.Patterns).Draw(rt, "pattern")
		values := map[string]string{}
		for _, b := range p.Blank {
			switch {
			case b.Record != "":
				values[b.Name] = rapid.StringMatching(`[a-z][a-z0-9-]{0,9}`).Draw(rt, b.Name)
			case b.Most > 0:
				values[b.Name] = strconv.Itoa(rapid.IntRange(1, b.Most).Draw(rt, b.Name))
			default:
				values[b.Name] = rapid.SampledFrom(b.Values(kinds)).Draw(rt, b.Name)
			}
		}
		src, about, err := p.Fill(kinds, values)
		if err != nil {
			rt.Fatal(err)
		}
		got, said, ok := rule.Recognise(kinds, src, about)
		if !ok || got.ID != p.ID || !maps.Equal(said, values) {
			rt.Fatalf("%s about %s: %v %s %v, want %s %v", src, about, ok, got.ID, said, p.ID, values)
		}
		at := rapid.IntRange(0, len(src)).Draw(rt, "at")
		if other, _, ok := rule.Recognise(kinds, src[:at]+rapid.SampledFrom([]string{" ", "!", "0", `"`, "{role}", " || true"}).Draw(rt, "more")+src[at:], about); ok && other.ID != "board-meets" { // in which 3 may become 30
			rt.Fatalf("%s, changed, is taken to be %s", src, other.ID)
		}
	})
	head := fact.Key{Kind: "post", ID: "head"}
	for src, about := range map[string]fact.Key{"": head, "true": {}, `!vacant(it)`: {}, `!vacant(it) `: head, `seated(it)`: head, `holders("NOBODY").all(p, "children" in p.experience)`: {}, `met_within(it, 61)`: {Kind: "board", ID: "b"}, `met_within(it, 03)`: {Kind: "board", ID: "b"}} {
		if p, _, ok := rule.Recognise(kinds, src, about); ok {
			t.Errorf("%q about %s is taken to be %s", src, about, p.ID)
		}
	}
}
