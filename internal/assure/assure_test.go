package assure_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

var kinds = kind.Standard()

var made = time.Date(2015, 6, 5, 12, 0, 0, 0, time.UTC)

// structure is a council with a people directorate in force, tested and judged on 5 June 2015.
const structure = `
{kind: council, id: council, name: Testham, type: unitary, governance: leader-and-cabinet}
---
{kind: post, id: chief, title: Chief Executive, capacity: officer}
---
{kind: post, id: people, title: Corporate Director – People, reports_to: chief, capacity: officer}
---
{kind: post, id: adults, title: Director of Adult Services, reports_to: people, capacity: officer}
---
{kind: post, id: lead, title: Portfolio Holder for Children, capacity: member}
---
{kind: person, id: ann, name: Ann, experience: [children]}
---
{kind: person, id: bea, name: Bea, experience: [adults]}
---
{kind: person, id: cat, name: Cat}
---
{kind: appointment, id: ann-people, person: ann, post: people, basis: permanent, until: 2016-03-31}
---
{kind: appointment, id: bea-adults, person: bea, post: adults}
---
{kind: appointment, id: cat-lead, person: cat, post: lead}
---
{kind: designation, id: hps, role: HPS, post: chief}
---
{kind: designation, id: dcs, role: DCS, post: people}
---
{kind: designation, id: dass, role: DASS, post: adults}
---
{kind: designation, id: lmcs, role: LMCS, post: lead}
---
{kind: portfolio, id: children, post: lead, domains: [EDU, CSC, LEAVING-CARE]}
---
{kind: function, id: schools, name: Schools, domain: EDU, managed_by: people}
---
{kind: function, id: care, name: Adult social care, domain: ASC, managed_by: adults}
---
{kind: organisation, id: company, name: The Children's Company, type: company}
---
{kind: organisation, id: lga, name: Local Government Association, type: other}
---
{kind: board, id: lscb, name: Safeguarding Board, type: lscb}
---
{kind: post, id: chair, title: Independent Chair, capacity: independent}
---
{kind: post, id: chair-2, title: Another Chair, capacity: independent}
---
{kind: seat, id: lscb-chair, board: lscb, as: chair, post: chair}
---
{kind: board, id: improvement, name: Improvement Board, type: improvement-board}
---
{kind: person, id: adviser, name: The adviser, employer: lga}
---
{kind: test, id: t, title: Test of 2015, framework: local-test-of-assurance-2013, assessor: adviser, reported_on: 2015-06-05, review_due: 2016-06-05}
---
{kind: evidence, id: e1, test: t, title: Interviews, expires_on: 2015-12-31}
---
{kind: evidence, id: e2, test: t, title: Papers}
---
{kind: finding, id: f1, test: t, number: 9, polarity: strength, text: good, evidence: [e1], retain: [improvement]}
---
{kind: finding, id: f2, test: t, number: 10, polarity: gap, text: gap, about: [post/adults], evidence: [e2]}
---
{kind: judgement, id: duties, test: t, criterion: statutory-duties, outcome: met, findings: [f2]}
---
{kind: judgement, id: account, test: t, criterion: accountability, outcome: met-with-condition, findings: [f1, f2]}
---
{kind: condition, id: experience, judgement: account, text: as long as the director has led children's services, expression: 'holders("DCS").all(p, "children" in p.experience)'}
---
{kind: condition, id: words, judgement: account, text: as long as somebody looks}
`

func pack(t *testing.T) *rule.Pack {
	t.Helper()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func add(t *testing.T, g *graph.Graph, at time.Time, manifest string) {
	t.Helper()
	docs, problems := kinds.Read("f.yaml", strings.NewReader(manifest))
	if len(problems) > 0 {
		t.Fatal(problems)
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

func criterion(a *assure.Assessment, id string) assure.Criterion {
	for _, c := range a.Criteria {
		if c.ID == id {
			return c
		}
	}
	return assure.Criterion{}
}

// Two tests may be recorded in one load: each judgement is stale for what came after its own.
func TestTestsOfOneLoadAreJudgedApart(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure+`---
{kind: test, id: later, title: Test of 2018, reported_on: 2018-06-05, review_due: 2030-01-01}
---
{kind: judgement, id: later-account, test: later, criterion: accountability, outcome: met}
`)
	a := assure.Assess(p, g.View(fact.DayOf(2018, 7, 1), g.Size()))
	if j := criterion(a, "accountability").Judgement; j.Test.Key().ID != "later" || len(j.Stale) > 0 {
		t.Errorf("the judgement of 2018: %s, %v", j.Test.Key(), j.Stale)
	}
	if j := criterion(a, "statutory-duties").Judgement; j.Test.Key().ID != "t" || len(j.Stale) == 0 {
		t.Errorf("the judgement of 2015 is not stale, and its review was due in 2016: %s, %v", j.Test.Key(), j.Stale)
	}
}

// A test is assessed by its own judgements, also where a newer one has others; until it is reported nothing makes them stale.
func TestAssessTest(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure+`---
{kind: test, id: later, title: Test of 2018, reported_on: 2018-06-05}
---
{kind: judgement, id: later-account, test: later, criterion: accountability, outcome: not-met}
---
{kind: test, id: draft, title: A draft, started_on: 2016-01-01}
---
{kind: judgement, id: draft-account, test: draft, criterion: accountability, outcome: met}
---
{kind: proposal, id: other, title: Another structure, status: consultation}
---
{kind: test, id: of-other, title: Test of another, tests: other, reported_on: 2018-06-05}
`)
	v := g.View(fact.DayOf(2018, 7, 1), g.Size())
	r := p.Run(v)
	for _, c := range []struct {
		test  fact.ID
		want  string
		stale bool
	}{{"t", "met-with-condition", true}, {"later", "not-met", false}, {"draft", "met", false}} {
		a := assure.AssessTest(r, v, v.Record(fact.Key{Kind: "test", ID: c.test}))
		j := criterion(a, "accountability").Judgement
		if j == nil || j.Outcome != c.want || (len(j.Stale) > 0) != c.stale {
			t.Errorf("%s: %+v", c.test, j)
		}
	}
	for test, proposal := range map[fact.ID]fact.ID{"t": "", "draft": "", "of-other": "other"} {
		if got := assure.Tested(v, v.Record(fact.Key{Kind: "test", ID: test})).Proposal(); got != proposal {
			t.Errorf("%s is looked at with the proposal %q, want %q", test, got, proposal)
		}
	}
}

// Each thing that makes a judgement stale does so the same moment, says why, and names the entry.
func TestStale(t *testing.T) {
	p := pack(t)
	for _, c := range []struct {
		name, change string
		on           fact.Day
		want         string // a part of the reason; empty: it stays current
		noEntry      bool   // it is the calendar that makes it stale
	}{
		{"nothing", "", fact.DayOf(2015, 7, 1), "", false},
		{"something else", "{kind: unit, id: u, name: U}", fact.DayOf(2015, 7, 1), "", false},
		{"retitled", "{kind: post, id: people, title: Director of People, reports_to: chief, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "Corporate Director – People was retitled Director of People", false},
		{"retitled later than looked at", "{kind: post, id: people, title: Director of People, reports_to: chief, from: 2015-07-02}", fact.DayOf(2015, 7, 1), "", false},
		{"re-lined", "{kind: post, id: adults, title: Director of Adult Services, reports_to: chief, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "Director of Adult Services now reports to Chief Executive", false},
		{"another post", "{kind: designation, id: dass, role: DASS, post: chief, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "Director of Adult Services is no longer the post of the director of adult social services", false},
		{"the post ended", "{kind: post, id: adults, end: 2015-06-30}", fact.DayOf(2015, 7, 1), "is no longer the post of the director of adult social services", false},
		{"a correction of that day", "{kind: post, id: people, title: Director of People, reports_to: chief, until: 2015-06-30}", fact.DayOf(2015, 6, 5), "was retitled Director of People", false},
		{"the judgement was only spelt better since", "{kind: post, id: people, title: Director of People, reports_to: chief, until: 2015-06-30}\n---\n{kind: judgement, id: account, test: t, criterion: accountability, outcome: met-with-condition, rationale: better spelt, findings: [f1, f2], until: 2030-01-01}", fact.DayOf(2015, 6, 5), "was retitled Director of People", false},
		{"another holder", "{kind: appointment, id: bea-adults, end: 2015-06-30}\n---\n{kind: appointment, id: cat-adults, person: cat, post: adults, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "the holder changed from Bea to Cat", false},
		{"nobody", "{kind: appointment, id: bea-adults, end: 2015-06-30}", fact.DayOf(2015, 7, 1), "Bea left, and nobody holds the post", false},
		{"interim", "{kind: appointment, id: bea-adults, person: bea, post: adults, basis: interim, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "its holder became interim", false},
		{"an agreed end that came", "", fact.DayOf(2016, 4, 1), "Ann left, and nobody holds the post", false},
		{"a domain came", "{kind: function, id: homes, name: Housing, domain: HOUSING, managed_by: adults, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "Housing came to the director of children's services", false},
		{"a domain left", "{kind: function, id: care, name: Adult social care, domain: ASC, managed_by: chief, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "Adult social care left the director of children's services", false},
		{"the lead member's domains", "{kind: portfolio, id: children, post: lead, domains: [EDU, CSC, LEAVING-CARE, ASC], from: 2015-07-01}", fact.DayOf(2015, 7, 1), "Adult social care came to the lead member for children's services", false},
		{"the portfolio holder", "{kind: appointment, id: cat-lead, end: 2015-06-30}\n---\n{kind: appointment, id: bea-lead, person: bea, post: lead, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "Portfolio Holder for Children: the holder changed from Cat to Bea", false},
		{"a board's chair", "{kind: seat, id: lscb-chair, board: lscb, as: chair, post: chair-2, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "the chair of Safeguarding Board changed", false},
		{"a company began", "{kind: function, id: schools, name: Schools, domain: EDU, managed_by: people, delivered_by: company, from: 2015-07-01}", fact.DayOf(2015, 7, 1), "Schools is now delivered by The Children's Company", false},
		{"an inspection", "{kind: inspection, id: i, title: Ofsted, judgement: inadequate, published_on: 2015-07-01}", fact.DayOf(2015, 7, 1), "an inspection reported 1 July 2015", false},
		{"an inspection of before, recorded late", "{kind: inspection, id: i, title: Ofsted, published_on: 2012-07-01}", fact.DayOf(2015, 7, 1), "", false},
		{"what must be retained", "{kind: board, id: improvement, end: 2015-06-30}", fact.DayOf(2015, 7, 1), "Improvement Board ended, and finding 9 says that it must be retained", false},
		{"the review", "", fact.DayOf(2016, 6, 6), "its review was due 5 June 2016", true},
		{"evidence", "", fact.DayOf(2016, 1, 1), "evidence expired 31 December 2015: Interviews", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(kinds)
			add(t, g, made, structure)
			if c.change != "" {
				add(t, g, made.Add(24*time.Hour), c.change)
			}
			j := criterion(assure.Assess(p, g.View(c.on, g.Size())), "accountability").Judgement
			if j == nil {
				t.Fatal("there is no judgement")
			}
			var got []string
			named := true
			for _, r := range j.Stale {
				got = append(got, r.What)
				if strings.Contains(r.What, c.want) && (r.Entry == 0) != c.noEntry {
					named = false
				}
			}
			switch {
			case c.want == "" && len(got) > 0:
				t.Errorf("it should be current, and is stale: %v", got)
			case c.want != "" && !strings.Contains(strings.Join(got, "\n"), c.want):
				t.Errorf("stale because of %v, want %q", got, c.want)
			case !named:
				t.Errorf("the entry is not named as it should be: %+v", j.Stale)
			}
			// As known before the change, nothing is changed: the past is the same for ever.
			before := criterion(assure.Assess(p, g.View(made24(c.on), g.KnownAt(made))), "accountability").Judgement
			if before == nil || len(before.Stale) > 0 {
				t.Errorf("as known when it was made it is stale: %+v", before)
			}
		})
	}
}

// made24 holds a day to the weeks in which nothing happens by the calendar alone.
func made24(d fact.Day) fact.Day { return min(d, fact.DayOf(2015, 7, 1)) }

// Evidence that only one judgement rests on makes only that one stale.
func TestExpiredEvidenceIsItsJudgementsOwn(t *testing.T) {
	g := graph.New(kinds)
	add(t, g, made, structure)
	a := assure.Assess(pack(t), g.View(fact.DayOf(2016, 1, 1), g.Size()))
	if j := criterion(a, "statutory-duties").Judgement; len(j.Stale) != 0 {
		t.Errorf("it rests on other evidence, and is stale: %v", j.Stale)
	}
}

// A condition is asked again at every look.
func TestConditions(t *testing.T) {
	p := pack(t)
	for _, c := range []struct {
		name, change string
		on           fact.Day
		want         rule.State
	}{
		{"holds", "", fact.DayOf(2015, 7, 1), rule.Holds},
		{"fails with another holder", "{kind: appointment, id: bea-people, person: bea, post: people, from: 2016-04-01}", fact.DayOf(2016, 4, 1), rule.Fails},
		{"cannot be tested while the post is vacant", "", fact.DayOf(2016, 4, 1), rule.CannotBeTested},
		{"cannot be tested of somebody of whom nothing is recorded", "{kind: appointment, id: cat-people, person: cat, post: people, from: 2016-04-01}", fact.DayOf(2016, 4, 1), rule.CannotBeTested},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(kinds)
			add(t, g, made, structure)
			if c.change != "" {
				add(t, g, made.Add(time.Hour), c.change)
			}
			a := assure.Assess(p, g.View(c.on, g.Size()))
			j := criterion(a, "accountability").Judgement
			states := map[string]rule.State{}
			for _, x := range j.Conditions {
				states[string(x.Record.Key().ID)] = x.State
			}
			if states["experience"] != c.want || states["words"] != rule.CannotBeTested {
				t.Errorf("%v, want %s", states, c.want)
			}
			if c.want == rule.Fails && !a.Act() {
				t.Error("a condition that fails is something to act on")
			}
		})
	}
}

// The machine shows where record and judgement part, and what the adviser said of it; it does not judge.
func TestBeside(t *testing.T) {
	g := graph.New(kinds)
	add(t, g, made, structure)
	a := assure.Assess(pack(t), g.View(fact.DayOf(2015, 6, 5), g.Size()))
	c := criterion(a, "accountability")
	if c.Machine != assure.Attention || c.Departures != 1 || c.Judgement.Outcome != "met-with-condition" {
		t.Errorf("%+v", c)
	}
	var got []string
	for _, b := range c.Judgement.Beside {
		var f []string
		for _, x := range b.Findings {
			f = append(f, x.Text("number"))
		}
		got = append(got, fmt.Sprintf("%s %v", b.Result.Rule, f))
	}
	if strings.Join(got, ", ") != "DASS-03 [10]" {
		t.Errorf("beside the judgement: %v", got)
	}
	add(t, g, made.Add(time.Hour), "{kind: departure, id: d, rule: DASS-03, reason: the chief executive sees the director every week, about: [post/adults]}")
	a = assure.Assess(pack(t), g.View(fact.DayOf(2015, 6, 5), g.Size()))
	if c := criterion(a, "accountability"); c.Departures != 1 || c.Machine == assure.Breach {
		t.Errorf("%+v", c)
	}
	for _, r := range a.Results.Rows {
		if r.Rule == "DASS-03" && (r.Severity != rule.Departure || r.Departure == nil) {
			t.Errorf("%+v", r)
		}
	}
}

func TestNotYetJudged(t *testing.T) {
	g := graph.New(kinds)
	a := assure.Assess(pack(t), g.View(fact.DayOf(2015, 6, 5), 0))
	if len(a.Criteria) != 3 || a.Test != nil || a.Act() {
		t.Errorf("%+v", a)
	}
	for _, c := range a.Criteria {
		if c.Judgement != nil || c.Machine != assure.Attention {
			t.Errorf("%+v", c)
		}
	}
}

// A test of a proposal judges what it proposed. It counts for the structure from the day on which that takes effect, planned or adopted, is current while the structure is what
// was tested, and stale for what is otherwise.
func TestOfAProposalOnceItTakesEffect(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure+`---
{kind: proposal, id: merge, title: Merge, status: consultation}
---
{kind: post, id: both, proposal: merge, title: Director of Both, reports_to: chief, capacity: officer, from: 2015-09-01}
---
{kind: designation, id: dcs, proposal: merge, role: DCS, post: both, from: 2015-09-01}
---
{kind: test, id: of-merge, title: Test of Merge, tests: merge, reported_on: 2015-06-05, review_due: 2030-01-01}
---
{kind: judgement, id: merged, test: of-merge, criterion: accountability, outcome: met}
`)
	judged := func(v *graph.View, want string, stale int) {
		t.Helper()
		j := criterion(assure.Assess(p, v), "accountability").Judgement
		if string(j.Test.Key().ID) != want || len(j.Stale) != stale {
			t.Errorf("on %s it is %s that judges, stale for %v", v.On(), j.Test.Key().ID, j.Stale)
		}
	}
	eve, day := fact.DayOf(2015, 8, 31), fact.DayOf(2015, 9, 1)
	judged(g.View(eve, g.Size()).Planned("merge", fact.Date{}), "t", 0)
	judged(g.View(day, g.Size()).Planned("merge", fact.Date{}), "of-merge", 0)
	edit, problems := g.View(eve, g.Size()).Planned("merge", fact.Date{}).Adopt("Cabinet")
	if problems != nil {
		t.Fatal(problems)
	}
	at := made.AddDate(0, 1, 0)
	entries, problems := g.Stage(edit.Docs, "owner", at, at)
	if problems != nil {
		t.Fatal(problems)
	}
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	add(t, g, at, "{kind: proposal, id: merge, title: Merge, status: adopted, effective_on: 2015-09-01}")
	judged(g.View(eve, g.Size()), "t", 0)
	judged(g.View(day, g.Size()), "of-merge", 0)
	add(t, g, at.AddDate(0, 1, 0), "{kind: post, id: both, title: Director of All, reports_to: chief, capacity: officer, from: 2015-10-01}")
	judged(g.View(fact.DayOf(2015, 10, 1), g.Size()), "of-merge", 1)
}
