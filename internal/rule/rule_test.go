package rule_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"plumbline/examples"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

var kinds = kind.Standard()

func england(t testing.TB) *rule.Pack {
	t.Helper()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	kinds.SetCodes("role", p.RoleCodes())
	kinds.SetCodes("domain", p.DomainCodes())
	return p
}

// Adult learning answered to the Chief Education Officer, and to nobody after the first director of children's services.
func TestAdultLearning(t *testing.T) {
	p := england(t)
	g, err := rule.TestRecord(kinds, "", "{kind: post, id: e, title: E}\n---\n{kind: designation, id: ceo, role: CEO, post: e}\n---\n{kind: designation, id: dcs, role: DCS, post: e, from: 2006-01-01}\n---\n{kind: function, id: evening, name: Evening classes, domain: ADULT-ED}")
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[fact.Day]string{fact.DayOf(2003, 1, 1): "[CEO]", fact.DayOf(2006, 6, 1): "[]", fact.DayOf(2015, 1, 1): "[]"} {
		v := g.View(on, g.Size())
		if got := fmt.Sprint(p.Who(v.Record(fact.Key{Kind: "function", ID: "evening"})).Roles); got != want {
			t.Errorf("%s: %s, want %s", on, got, want)
		}
	}
}

// DCS-12 speaks of the day; earlier gaps are shown with it, and fail nothing.
func TestEarlierGaps(t *testing.T) {
	p := england(t)
	g, err := rule.TestRecord(kinds, "", "{kind: post, id: old, title: Old}\n---\n{kind: post, id: new, title: New}\n---\n{kind: designation, id: d1, role: DCS, post: old, until: 2019-12-31}\n---\n{kind: designation, id: d2, role: DCS, post: new, from: 2020-01-01}\n---\n{kind: person, id: ann, name: A}\n---\n{kind: person, id: bea, name: B}\n---\n{kind: appointment, id: a1, person: ann, post: old, from: 2015-01-01, until: 2018-03-31}\n---\n{kind: appointment, id: a2, person: bea, post: old, from: 2018-05-01}\n---\n{kind: appointment, id: a3, person: ann, post: new, from: 2020-01-01, until: 2024-01-31}\n---\n{kind: appointment, id: a4, person: bea, post: new, from: 2024-02-02}")
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[fact.Day]string{
		fact.DayOf(2018, 3, 1):  "",
		fact.DayOf(2018, 4, 11): "(from 1 April 2018 to 10 April 2018)",
		fact.DayOf(2019, 1, 1):  "(from 1 April 2018 to 30 April 2018)",
		fact.DayOf(2024, 2, 2):  "(from 1 April 2018 to 30 April 2018 and on 1 February 2024)",
	} {
		got := ""
		for _, row := range p.Run(g.View(on, g.Size())).Rows {
			if _, after, found := strings.Cut(row.Explanation, "Earlier days with nobody in post: director of children's services "); row.Rule == "DCS-12" && found {
				got = strings.TrimSuffix(after, ".")
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", on, got, want)
		}
	}
}

// What is not recorded is no gap: a role designated to a person, a post to which nobody was ever recorded as appointed, the days
// before the first who was.
func TestUnrecordedDaysAreNoGaps(t *testing.T) {
	p := england(t)
	g, err := rule.TestRecord(kinds, "", "{kind: post, id: old, title: Old}\n---\n{kind: post, id: blank, title: Blank}\n---\n{kind: post, id: new, title: New}\n---\n{kind: person, id: ann, name: A}\n---\n{kind: appointment, id: a1, person: ann, post: old, from: 2014-01-01, until: 2014-12-31}\n---\n{kind: designation, id: d1, role: DCS, post: old, until: 2014-12-31}\n---\n{kind: designation, id: d2, role: DCS, person: ann, from: 2015-01-01, until: 2015-12-31}\n---\n{kind: designation, id: d3, role: DCS, post: blank, from: 2016-01-01, until: 2016-12-31}\n---\n{kind: designation, id: d4, role: DCS, post: new, from: 2017-01-01}\n---\n{kind: appointment, id: a4, person: ann, post: new, from: 2018-01-01}")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range p.Run(g.View(fact.DayOf(2019, 1, 1), g.Size())).Rows {
		if row.Rule == "DCS-12" && strings.Contains(row.Explanation, "Earlier days") {
			t.Errorf("%s", row.Explanation)
		}
	}
}

// An earlier day is a gap just where DCS-12 would have failed it: while a new post waits for its first holder, and not while somebody is agreed
// whose start is to be announced.
func TestEarlierGapsAreThoseOfTheDay(t *testing.T) {
	p := england(t)
	const posts = "{kind: post, id: old, title: Old}\n---\n{kind: post, id: new, title: New, from: 2020-01-01}\n---\n{kind: person, id: ann, name: A}\n---\n{kind: person, id: bea, name: B}\n---\n{kind: designation, id: d1, role: DCS, post: old, until: 2019-12-31}\n---\n{kind: designation, id: d2, role: DCS, post: new, from: 2020-01-01}\n---\n{kind: appointment, id: a1, person: ann, post: old, from: 2015-01-01, until: 2019-12-31}\n---\n"
	for records, want := range map[string]string{
		posts + "{kind: appointment, id: a2, person: bea, post: new, from: 2020-02-01}":                                                                                         "(from 1 January 2020 to 31 January 2020)",
		posts + "{kind: appointment, id: a2, person: bea, post: new, from: tba}":                                                                                                "",
		posts + "{kind: appointment, id: a2, person: ann, post: new, from: 2020-01-01, until: 2020-03-31}\n---\n{kind: appointment, id: a3, person: bea, post: new, from: tba}": "",
		posts + "{kind: appointment, id: a2, person: ann, post: new, from: 2020-01-01, until: 2020-03-31}":                                                                      "(from 1 April 2020 to 31 May 2020)",
	} {
		g, err := rule.TestRecord(kinds, "", records)
		if err != nil {
			t.Fatal(err)
		}
		failed := false
		for d := fact.DayOf(2020, 1, 1); d < fact.DayOf(2020, 6, 1); d++ {
			for _, row := range p.Run(g.View(d, g.Size())).Rows {
				failed = failed || row.Rule == "DCS-12" && row.Outcome == rule.NotMet
			}
		}
		got := ""
		for _, row := range p.Run(g.View(fact.DayOf(2020, 6, 1), g.Size())).Rows {
			if _, after, found := strings.Cut(row.Explanation, "Earlier days with nobody in post: director of children's services "); row.Rule == "DCS-12" && found {
				got = strings.TrimSuffix(after, ".")
			}
		}
		if got != want || failed != (want != "") {
			t.Errorf("%q, want %q, and a day failed: %v\n%s", got, want, failed, records)
		}
	}
}

func add(t testing.TB, g *graph.Graph, at time.Time, manifests ...string) {
	t.Helper()
	var docs []kind.Doc
	for i, m := range manifests {
		d, problems := kinds.Read(fmt.Sprintf("manifest %d", i), strings.NewReader(m))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		docs = append(docs, d...)
	}
	entries, problems := g.Stage(docs, "owner", at, at)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
}

func harrow(t testing.TB) *graph.Graph {
	t.Helper()
	g := graph.New(kinds)
	for _, l := range examples.Harrow {
		var in []string
		for _, f := range l.Files {
			b, err := examples.Files.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			in = append(in, string(b))
		}
		add(t, g, l.Recorded.Noon(), in...)
	}
	return g
}

// Every test that the rules of the pack carry comes out as it says.
func TestPacks(t *testing.T) {
	for _, name := range rule.Names() {
		p, err := rule.Standard(name, kinds)
		if err != nil {
			t.Fatal(err)
		}
		failures, ran := p.Check(kinds)
		for _, f := range failures {
			t.Error(f)
		}
		t.Logf("%s: %d rules, %d tests", name, len(p.Rules), ran)
	}
}

// The catalogue is whole: every rule of its index, and the good-practice controls.
func TestTheCatalogueIsWhole(t *testing.T) {
	var have []string
	for _, r := range england(t).Rules {
		have = append(have, r.ID)
	}
	series := func(family string, n int) (out []string) {
		for i := range n {
			out = append(out, fmt.Sprintf("%s-%02d", family, i+1))
		}
		return out
	}
	want := slices.Concat(series("OLD", 4), series("DCS", 13), series("LM", 6), series("DASS", 5), series("DPH", 4), series("VSH", 1), series("HPS", 1), series("MO", 3), series("CFO", 2), series("COR", 3), series("SSO", 1), series("LSCB", 2), series("MASA", 2), series("SAB", 3), series("HWB", 1), series("OSC", 4), series("GP", 12))
	for _, id := range want {
		if !slices.Contains(have, id) {
			t.Errorf("there is no rule %s", id)
		}
	}
	if len(have) != len(want) {
		t.Errorf("%d rules, and the catalogue has %d", len(have), len(want))
	}
}

func notMet(r *rule.Results) (out []string) {
	for _, row := range r.Rows {
		if row.Outcome == rule.NotMet {
			out = append(out, row.Rule+" "+string(row.Severity))
		}
	}
	slices.Sort(out)
	return out
}

func outcomes(r *rule.Results, id string) (out []rule.Outcome) {
	for _, row := range r.Rows {
		if row.Rule == id {
			out = append(out, row.Outcome)
		}
	}
	return out
}

// What the two sources must give, and no other not-met.
func TestTheSources(t *testing.T) {
	p := england(t)
	g := harrow(t)
	known := map[string]int64{"now": g.Size(), "then": g.KnownAt(fact.DayOf(2003, 9, 17).End())}
	for when, k := range known {
		r := p.Run(g.View(fact.DayOf(2003, 10, 1), k))
		if got := notMet(r); !slices.Equal(got, []string{"GP-03 advisory"}) {
			t.Errorf("1 October 2003, as known %s: not met: %v", when, got)
		}
		for id, want := range map[string]rule.Outcome{"OLD-01": rule.CannotTest, "OLD-02": rule.Met, "OLD-03": rule.MetWithCondition, "GP-01": rule.Met} {
			if got := outcomes(r, id); !slices.Equal(got, []rule.Outcome{want}) {
				t.Errorf("1 October 2003, as known %s: %s is %v, want %s", when, id, got, want)
			}
		}
		var split []string
		for _, s := range r.Splits {
			if s.Answers != nil {
				split = append(split, fmt.Sprintf("%s: %s/%s", s.Function.ID, s.Answers.ID, s.Manages.ID))
			}
		}
		want := []string{
			"adult-mental-health: director-childrens-services/head-community-care", "adults-learning-disabilities: director-childrens-services/director-learning-community-development",
			"older-people: director-childrens-services/head-community-care", "physical-disabilities: director-childrens-services/head-community-care",
			"special-educational-needs: director-learning-community-development/director-childrens-services",
		}
		if d := cmp.Diff(want, split); d != "" {
			t.Errorf("splits, as known %s: %s", when, d)
		}
		for _, row := range r.Rows {
			family, _, _ := strings.Cut(row.Rule, "-")
			if slices.Contains([]string{"DCS", "LM", "DASS", "DPH", "VSH", "HWB", "LSCB", "MASA", "SAB"}, family) && row.Outcome != rule.NotApplicable {
				t.Errorf("1 October 2003: %s speaks: %s", row.Rule, row.Outcome)
			}
		}
	}
	for _, day := range []fact.Day{fact.DayOf(2003, 1, 15), fact.DayOf(2003, 3, 1), fact.DayOf(2003, 8, 31)} {
		if got := outcomes(p.Run(g.View(day, g.Size())), "OLD-01"); !slices.Equal(got, []rule.Outcome{rule.CannotTest}) {
			t.Errorf("%s: OLD-01 is %v", day, got)
		}
	}
	if got := outcomes(p.Run(g.View(fact.DayOf(2003, 9, 10), g.Size())), "OLD-01"); !slices.Equal(got, []rule.Outcome{rule.Met}) {
		t.Errorf("10 September 2003: OLD-01 is %v", got)
	}

	r := p.Run(g.View(fact.DayOf(2015, 6, 5), g.Size()).With("people-directorate"))
	want := []string{"DASS-03 departure", "DPH-04 departure", "GP-06 advisory", "GP-07 advisory", "GP-09 advisory", "GP-10 advisory", "GP-11 advisory"}
	if d := cmp.Diff(want, notMet(r)); d != "" {
		t.Errorf("5 June 2015, not met: %s", d)
	}
	for id, want := range map[string]rule.Outcome{"DCS-01": rule.Met, "DCS-03": rule.Met, "DCS-05": rule.Met, "DCS-06": rule.Met, "DCS-09": rule.MetWithCondition, "SAB-02": rule.MetWithCondition, "LSCB-02": rule.Met, "LM-01": rule.Met, "LM-02": rule.Met, "GP-08": rule.Met} {
		if got := outcomes(r, id); !slices.Equal(got, []rule.Outcome{want}) {
			t.Errorf("5 June 2015: %s is %v, want %s", id, got, want)
		}
	}
}

// After a change only the rules that read what changed are asked again, and the answer is that of a full run.
func TestRerunEqualsRun(t *testing.T) {
	p := england(t)
	changes := []string{
		"{kind: appointment, id: new%d, person: john-harris, post: corporate-director-people, from: 2015-06-01, basis: interim}",
		"{kind: post, id: director-public-health, title: Renamed %d, reports_to: chief-executive}",
		"{kind: function, id: new%d, name: New, domain: CSC, ages: children, managed_by: chief-executive}",
		"{kind: board, id: new%d, name: New, type: hwb}",
		"{kind: seat, id: new%d, board: hwb, as: member, stands_for: healthwatch}",
		"{kind: departure, id: new%d, rule: DASS-03, reason: a good one}",
		"{kind: designation, id: new%d, role: MO, post: chief-executive}",
		"{kind: document, id: new%d, title: Report, type: public-health-annual-report, published_on: 2015-01-01}",
		"{kind: feedback, id: new%d, title: What they said, given_by: workforce, about: [proposal/people-directorate]}",
		"{kind: response, id: new%d, of: people-directorate-2015, given_by: service-users, received_on: 2015-05-01}",
		"{kind: post, id: leader-of-the-council, end: 2015-06-01}",
		"{kind: portfolio, id: new%d, post: portfolio-holder-adults, domains: [EDU]}",
		"{kind: delegation, id: new%d, power: some, to: chief-executive}",
	}
	ignore := cmpopts.IgnoreUnexported(rule.Result{})
	rapid.Check(t, func(rt *rapid.T) {
		g := harrow(t)
		look := func() *graph.View {
			return g.View(fact.DayOf(2015, 6, 5), g.Size()).With("people-directorate")
		}
		res := p.Run(look())
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range rapid.IntRange(1, 4).Draw(rt, "changes") {
			m := rapid.SampledFrom(changes).Draw(rt, "change")
			if strings.Contains(m, "%d") {
				m = fmt.Sprintf(m, i)
			}
			at = at.Add(time.Hour)
			add(t, g, at, m)
			res = p.Rerun(res, look())
			if d := cmp.Diff(p.Run(look()).Rows, res.Rows, ignore); d != "" {
				rt.Fatalf("after %s:\n%s", m, d)
			}
		}
	})
}

// What is gone on the day can be what a rule is about, and is asked about again as it was.
func TestRerunOfWhatIsGone(t *testing.T) {
	p := england(t)
	g, err := rule.TestRecord(kinds, "", `{kind: post, id: dph, title: Director of Public Health}
---
{kind: designation, id: dph, role: DPH, post: dph}
---
{kind: person, id: jane, name: Holder one}
---
{kind: appointment, id: jane, person: jane, post: dph, until: 2015-03-31, secretary_of_state_consulted_on: 2015-02-01}`)
	if err != nil {
		t.Fatal(err)
	}
	look := func() *graph.View { return g.View(fact.DayOf(2015, 6, 5), g.Size()) }
	res := p.Run(look())
	add(t, g, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "{kind: person, id: jane, name: Holder two}")
	res = p.Rerun(res, look())
	if d := cmp.Diff(p.Run(look()).Rows, res.Rows, cmpopts.IgnoreUnexported(rule.Result{})); d != "" {
		t.Error(d)
	}
	for _, row := range res.Rows {
		if row.Rule == "DPH-02" && (row.Outcome != rule.Met || !strings.Contains(row.Titles[0], "Holder two")) {
			t.Errorf("%s of %q", row.Outcome, row.Titles)
		}
	}
}

// That a post has a function no more is seen by whoever asks only for outcomes.
func TestOutcomesOfWhatIsElsewhere(t *testing.T) {
	p := england(t)
	g, err := rule.TestRecord(kinds, "", `{kind: post, id: chief, title: Chief Executive}
---
{kind: post, id: dcs, title: Director of Children's Services, reports_to: chief}
---
{kind: designation, id: dcs, role: DCS, post: dcs}
---
{kind: function, id: older, name: Older people, domain: ASC, managed_by: dcs}`)
	if err != nil {
		t.Fatal(err)
	}
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	res := p.Run(v)
	res.Watch()
	docs, problems := kinds.Read("moved", strings.NewReader("{kind: function, id: older, name: Older people, domain: ASC, managed_by: chief}"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	w := v.Suppose(nil, docs)
	if was, is := came(res), came(p.Outcomes(res, w)); cmp.Equal(was, is) {
		t.Error("nothing came of it")
	} else if d := cmp.Diff(came(p.Run(w)), is); d != "" {
		t.Error(d)
	}
}

// Results are kept long after the view that they are of, and those that they followed.
func TestResultsHoldNothingOfTheView(t *testing.T) {
	p := england(t)
	g := harrow(t)
	look := func() *graph.View { return g.View(fact.DayOf(2015, 6, 5), g.Size()) }
	v := look()
	first := p.Run(v)
	before, view := weak.Make(first), weak.Make(v)
	v = look()
	res := p.Rerun(first, v)
	res.Tell(v, func() { p.DomainsUnder(v, "DCS") })
	first, v = nil, nil
	for range 3 {
		runtime.GC()
	}
	if before.Value() != nil {
		t.Error("the results that were followed are still there")
	}
	if view.Value() != nil {
		t.Error("the view is still there")
	}
	runtime.KeepAlive(res)
}

// An expression that a council writes is typed, bounded in what it may cost, and never taken for a no when it fails.
func TestExpressions(t *testing.T) {
	p := england(t)
	g, err := rule.TestRecord(kinds, "", "{kind: post, id: dcs, title: DCS}\n---\n{kind: designation, id: d, role: DCS, post: dcs}\n---\n{kind: person, id: jane, name: J, experience: [children]}\n---\n{kind: appointment, id: a, person: jane, post: dcs, until: 2020-12-31}\n---\n{kind: person, id: joe, name: J, experience: [adults]}\n---\n{kind: appointment, id: b, person: joe, post: dcs, from: 2021-03-01, until: 2021-12-31}\n---\n{kind: person, id: jo, name: J}\n---\n{kind: appointment, id: c, person: jo, post: dcs, from: 2022-01-01}")
	if err != nil {
		t.Fatal(err)
	}
	const children = `holders("DCS").all(p, "children" in p.experience)`
	for _, c := range []struct {
		src     string
		on      fact.Day
		want    rule.State
		missing string
	}{
		{children, fact.DayOf(2020, 6, 1), rule.Holds, ""},
		{children, fact.DayOf(2021, 6, 1), rule.Fails, ""},
		{children, fact.DayOf(2021, 2, 1), rule.CannotBeTested, "post/dcs.holder: the post is vacant on this day"},
		{children, fact.DayOf(2022, 6, 1), rule.CannotBeTested, "person/jo.experience"},
		{`"children" in holders("DCS")[0].experience`, fact.DayOf(2020, 6, 1), rule.Holds, ""},
		{`"children" in holders("DCS")[0].experience`, fact.DayOf(2021, 2, 1), rule.CannotBeTested, "post/dcs.holder"},
		{`size(holders("DCS")) == 1`, fact.DayOf(2020, 6, 1), rule.Holds, ""},
		{`size(holders("DCS")) == 1`, fact.DayOf(2021, 2, 1), rule.CannotBeTested, "post/dcs.holder"},
		{`size(holders("DASS")) == 0`, fact.DayOf(2020, 6, 1), rule.CannotBeTested, "designation"},
		{`days_uncovered("DCS", timestamp("2020-12-01T00:00:00Z"), timestamp("2021-03-31T00:00:00Z")) == 59`, fact.DayOf(2021, 6, 1), rule.Holds, ""},
		{`tier(posts("DCS")[0]) == 1`, fact.DayOf(2020, 6, 1), rule.CannotBeTested, "HPS"},
		{`true || tier(posts("DCS")[0]) == 1`, fact.DayOf(2020, 6, 1), rule.Holds, ""},
		{`holders("DCS")[7].name == "x"`, fact.DayOf(2020, 6, 1), rule.CannotBeTested, "expression"},
		{`1 / 0 == 1`, fact.DayOf(2020, 6, 1), rule.CannotBeTested, "expression"},
		{`council.name == "Testham" && on > timestamp("2019-01-01T00:00:00Z")`, fact.DayOf(2020, 6, 1), rule.Holds, ""},
	} {
		x, faults := p.Compile(c.src)
		if len(faults) > 0 {
			t.Errorf("%s: %v", c.src, faults)
			continue
		}
		state, missing, _ := x.Test(g.View(c.on, g.Size()), nil)
		var names []string
		for _, m := range missing {
			names = append(names, m.Record+"."+m.Field+": "+m.Why)
		}
		if state != c.want || !strings.Contains(strings.Join(names, "; "), c.missing) {
			t.Errorf("%s on %s: %s %v, want %s %s", c.src, c.on, state, names, c.want, c.missing)
		}
	}
	for src, want := range map[string]string{
		`holders("DCS").all(p, p.experiense.size() > 0)`: "undefined field 'experiense'",
		`holders("DCS")`:         "bool is wanted",
		`holder("DCS") == []`:    "undeclared reference to 'holder'",
		`holders(1).size() == 0`: "no matching overload",
		`[1].all(a, [1].all(b, [1].all(c, [1].all(d, [1].all(e, true)))))`: "comprehension exceeds nesting limit",
		`(((((`:                            "Syntax error",
		strings.Repeat("!", 5000) + "true": "longer than",
		``:                                 "",
	} {
		if _, faults := p.Compile(src); len(faults) == 0 || !strings.Contains(faults[0].What, want) {
			t.Errorf("%.60s: %v, want %q", src, faults, want)
		}
	}
	big := "[" + strings.TrimSuffix(strings.Repeat("1,", 100), ",") + "]"
	slow := fmt.Sprintf("%s.all(a, %s.all(b, %s.all(c, %s.all(d, a + b + c + d > 0))))", big, big, big, big)
	x, faults := p.Compile(slow)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	began := time.Now()
	state, missing, _ := x.Test(g.View(fact.DayOf(2020, 6, 1), g.Size()), nil)
	if state != rule.CannotBeTested || !strings.Contains(fmt.Sprint(missing), "takes too long") {
		t.Errorf("a hundred million steps: %s %v", state, missing)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s to give up", took)
	}
}

// What a condition says of it has to suit what the condition is about, or it would be one that can never be tested.
func TestExpressionSuitsItsSubject(t *testing.T) {
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	kinds.SetCheck("expression", p.CheckExpression)
	const before = "{kind: proposal, id: p, title: P}\n---\n{kind: test, id: t, title: T, tests: p, started_on: 2015-05-01}\n---\n{kind: judgement, id: j, test: t, criterion: ACC, outcome: met-with-condition}\n---\n{kind: post, id: dcs, title: DCS}\n---\n{kind: board, id: b, name: B}\n---\n"
	for _, c := range []struct{ expression, about, want, remedy string }{
		{`it.title == "x"`, "[post/dcs]", "", ""},
		{`it.title == "x"`, "[dcs]", "", ""},
		{`it.titel == "x"`, "[post/dcs]", "line 1, column 3: undefined field 'titel'", `Did you mean "title"?`},
		{`it.cadence_month == 3.0`, "[board/b]", "undefined field 'cadence_month'", `Did you mean "cadence_months"?`},
		{`it.unit.nmae == "x"`, "[post/dcs]", "undefined field 'nmae'", `Did you mean "name"?`},
		{`it.title == "x"`, "[board/b, post/dcs]", "", ""},
		{`it.title == "x"`, "[board/b]", "undefined field 'title'", ""},
		{`it.title == "x"`, "[]", "nothing is given that it could be", "Say what the condition is about"},
		{`size(posts("DCS")) == 1`, "[]", "", ""},
		{`it.tittle(`, "[post/dcs]", "Syntax error", ""},
	} {
		docs, problems := kinds.Read("c.yaml", strings.NewReader(fmt.Sprintf("%s{kind: condition, id: c, judgement: j, text: So, expression: %q, about: %s}", before, c.expression, c.about)))
		if len(problems) == 0 {
			_, problems = graph.New(kinds).Stage(docs, "owner", time.Unix(0, 0), time.Unix(0, 0))
		}
		var got kind.Problem
		if len(problems) > 0 {
			got = problems[0]
		}
		if len(problems) > 1 || (len(problems) > 0) != (c.want != "") || !strings.Contains(got.What, c.want) || !strings.Contains(got.Remedy, c.remedy) || c.want != "" && got.Field != "expression" {
			t.Errorf("%s about %s: %v, want %q %q", c.expression, c.about, problems, c.want, c.remedy)
		}
	}
}

func FuzzCompile(f *testing.F) {
	p := england(f)
	g, err := rule.TestRecord(kinds, "", "{kind: post, id: dcs, title: DCS}\n---\n{kind: designation, id: d, role: DCS, post: dcs}")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{`holders("DCS").all(p, "children" in p.experience)`, `size(posts("DCS")) == 1 || tier(posts("DCS")[0]) < 2`, `it.title == "x"`, `splits().exists(f, !has_mechanism(f))`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		x, faults := p.Compile(src)
		if len(faults) > 0 {
			return
		}
		v := g.View(fact.DayOf(2020, 1, 1), g.Size())
		if state, _, _ := x.Test(v, v.Record(fact.Key{Kind: "post", ID: "dcs"})); state == "" {
			t.Error("no state")
		}
	})
}
