package access_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

var (
	now   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	today = fact.DayIn(now)
)

// council has a directorate with a service in it and another directorate, two tests of a proposal, and a board.
const council = `
{kind: unit, id: people, name: People, type: directorate}
---
{kind: unit, id: care, name: Care, type: service, parent: people}
---
{kind: unit, id: place, name: Place, type: directorate}
---
{kind: post, id: head-of-care, title: Head of Care, unit: care, reports_to: chief}
---
{kind: post, id: head-of-roads, title: Head of Roads, unit: place, reports_to: chief}
---
{kind: post, id: chief, title: Chief Executive}
---
{kind: proposal, id: merge, title: Merge}
---
{kind: test, id: first, title: First test, tests: merge}
---
{kind: test, id: second, title: Second test, tests: merge}
---
{kind: board, id: cabinet, name: Cabinet, type: cabinet}
---
{kind: board, id: scrutiny, name: Scrutiny, type: scrutiny}
`

type record struct {
	t     testing.TB
	kinds *kind.Set
	g     *graph.Graph
}

func made(t testing.TB, manifests ...string) record {
	t.Helper()
	kinds := kind.Standard()
	r := record{t, kinds, graph.New(kinds)}
	for _, m := range append([]string{council}, manifests...) {
		r.load(m)
	}
	return r
}

func (r record) docs(manifest string) []kind.Doc {
	r.t.Helper()
	docs, problems := r.kinds.Read("test.yaml", strings.NewReader(manifest))
	if len(problems) > 0 {
		r.t.Fatal(problems)
	}
	return docs
}

func (r record) load(manifest string) { r.loadBy("tester", manifest) }

func (r record) loadBy(who fact.Who, manifest string) {
	r.t.Helper()
	entries, problems := r.g.Stage(r.docs(manifest), who, now, now)
	if len(problems) > 0 {
		r.t.Fatal(problems)
	}
	for i := range entries {
		if err := r.g.Fold(&entries[i]); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r record) today() *graph.View { return r.g.View(today, r.g.Size()) }

func grant(role, over string) string {
	if over != "" {
		over = ", over: " + over
	}
	return fmt.Sprintf("{kind: grant, id: g-%s, holder: ann, role: %s%s}", role, role, over)
}

// What each role may do, whole. A new act or role does not pass before somebody has decided on each cell.
func TestRolesAndActs(t *testing.T) {
	acts := []access.Act{access.Read, access.ReadDrafts, access.Restricted, access.Structure, access.Propose, access.Comment, access.SetUpTests, access.Assess, access.Deliver, access.Minute, access.Hear, access.Erase, access.Administer}
	want := map[access.Role]string{ // one column an act
		"staff":         "x....x.......",
		"member":        "x....x.......",
		"officer":       "x....x..x....",
		"proposer":      "xx..xx.......",
		"governance":    "xxxxxxx.xxxx.",
		"adviser":       "xx.....x.....",
		"board-manager": "x....x..xx...",
		"clerk":         "x....x...x...",
		"approver":      "xxx..x.......",
		"administrator": "x..x........x",
	}
	k := kind.Standard().Kind(access.Grant).Field("role")
	if len(access.Roles) != len(want) || len(k.Choices) != len(want) {
		t.Errorf("%d roles, %d in the kind, want %d", len(access.Roles), len(k.Choices), len(want))
	}
	for _, m := range access.Roles {
		p := access.Of(made(t, grant(string(m.Role), "")).today(), "ann")
		got := ""
		for _, a := range acts {
			got += map[bool]string{true: "x", false: "."}[p.May(a)]
		}
		if got != want[m.Role] {
			t.Errorf("%s: %s, want %s", m.Role, got, want[m.Role])
		}
		if !slices.Contains(k.Choices, string(m.Role)) {
			t.Errorf("%s is no choice of the kind", m.Role)
		}
	}
	for _, a := range acts {
		if (access.Person{}).May(a) || access.Of(made(t).today(), "ann").May(a) {
			t.Errorf("without a grant somebody may do %s", a)
		}
		if !(access.Person{Who: access.Console}).May(a) {
			t.Errorf("whoever has the file may not do %s", a)
		}
	}
}

// Every kind of record is changed by some role, and by none but those that are meant to.
func TestEveryKindHasAnAct(t *testing.T) {
	for _, k := range kind.Standard().All {
		if d := access.Refuse(access.ActOf(k)); d.What == "" || len(d.Roles) == 0 {
			t.Errorf("nobody may change records of the kind %s: %v", k.Name, d)
		}
	}
}

func TestChange(t *testing.T) {
	const post = "{kind: post, id: new, title: New, unit: "
	for _, c := range []struct {
		name, grant, change string
		denied              string // empty where it is allowed
	}{
		{"a stranger", "{kind: grant, id: g, holder: bob, role: governance}", post + "care}", "you may not change the structure: it is for a governance officer or an administrator"},
		{"the structure by governance", grant("governance", ""), post + "care}", ""},
		{"the structure by a clerk", grant("clerk", ""), post + "care}", "you may not change the structure"},
		{"a finding by governance", grant("governance", ""), "{kind: finding, id: f, test: first, theme: accountabilities, text: Clear}", "you may not write what a test"},
		{"a finding by an adviser", grant("adviser", ""), "{kind: finding, id: f, test: first, theme: accountabilities, text: Clear}", ""},
		{"a finding of their test", grant("adviser", "test/first"), "{kind: finding, id: f, test: first, theme: accountabilities, text: Clear}", ""},
		{"a finding of another test", grant("adviser", "test/first"), "{kind: finding, id: f, test: second, theme: accountabilities, text: Clear}", "you may not"},
		{"a post in their unit", grant("governance", "unit/care"), post + "care}", ""},
		{"a post in a unit below theirs", grant("governance", "unit/people"), post + "care}", ""},
		{"a post in another unit", grant("governance", "unit/people"), post + "place}", "you may not"},
		{"a post in no unit", grant("governance", "unit/people"), "{kind: post, id: new, title: New}", "you may not"},
		{"a post above theirs, through its manager", grant("governance", "unit/people"), "{kind: post, id: chief, title: Mine}", "you may not"},
		{"a post of theirs", grant("governance", "unit/people"), "{kind: post, id: head-of-care, title: Head, unit: care}", ""},
		{"a post moved away", grant("governance", "unit/people"), "{kind: post, id: head-of-care, title: Head, unit: place}", "you may not"},
		{"a post pulled in", grant("governance", "unit/people"), "{kind: post, id: head-of-roads, title: Head, unit: care}", "you may not"},
		{"a post of theirs ended", grant("governance", "unit/people"), "{kind: post, id: head-of-care, end: 2026-12-31}", ""},
		{"another's post ended", grant("governance", "unit/people"), "{kind: post, id: head-of-roads, end: 2026-12-31}", "you may not"},
		{"a unit and a post in it", grant("governance", "unit/people"), "{kind: unit, id: kids, name: Kids, type: service, parent: people}\n---\n" + post + "kids}", ""},
		{"two units that hold each other up", grant("governance", "unit/people"), "{kind: unit, id: a, name: A, type: service, parent: b}\n---\n{kind: unit, id: b, name: B, type: service, parent: a}", "you may not"},
		{"an appointment in their unit", grant("governance", "unit/people"), "{kind: appointment, id: a, person: bob, post: head-of-care, basis: acting}", ""},
		{"an appointment elsewhere", grant("governance", "unit/people"), "{kind: appointment, id: a, person: bob, post: head-of-roads, basis: acting}", "you may not"},
		{"who may see a post, by governance", grant("governance", ""), "{kind: post, id: head-of-care, title: Head of Care, unit: care, visibility: public}", ""},
		{"who may see a post, by an administrator", grant("administrator", ""), "{kind: post, id: head-of-care, title: Head of Care, unit: care, visibility: public}", "you may not say who may see a post: it is for a governance officer"},
		{"who may see a post elsewhere", grant("governance", "unit/people"), "{kind: post, id: head-of-roads, title: Head of Roads, unit: place, visibility: public}", "you may not"},
		{"who may see a proposed post, by a proposer", grant("proposer", "proposal/merge"), "{kind: post, id: head-of-roads, proposal: merge, title: Head, unit: care, visibility: internal}", "you may not say who may see a post"},
		{"a proposal's change by a proposer", grant("proposer", "proposal/merge"), "{kind: post, id: head-of-roads, proposal: merge, title: Head, unit: care}", ""},
		{"the structure in force by a proposer", grant("proposer", "proposal/merge"), "{kind: post, id: head-of-roads, title: Head, unit: care}", "you may not change the structure"},
		{"a seat that a proposal brings", grant("proposer", ""), "{kind: seat, id: s, proposal: merge, board: cabinet, post: chief, as: member}", ""},
		{"a finding under a proposal", grant("proposer", ""), "{kind: finding, id: f, proposal: merge, test: first, theme: accountabilities, text: Clear}", "you may not write what a test"},
		{"a test reported by a proposal", grant("proposer", ""), "{kind: test, id: first, proposal: merge, title: First test, tests: merge, reported_on: 2020-01-01}", "you may not set up tests"},
		{"a role given by a proposal", grant("proposer", ""), "{kind: grant, id: x, proposal: merge, holder: bob, role: administrator}", "you may not keep accounts"},
		{"a decision taken by a proposal", grant("proposer", ""), "{kind: decision, id: d, proposal: merge, title: Agreed}", "you may not keep meetings"},
		{"a decision under a draft", grant("clerk", ""), "{kind: decision, id: d, proposal: merge, title: Agreed}", "you may not see proposals that are not published"},
		{"what a draft changes, too, by somebody who does not see it", "{kind: proposal, id: secret, title: Secret, status: draft}\n---\n{kind: post, id: head-of-care, proposal: secret, title: Abolished, unit: care}\n---\n" + grant("administrator", ""), "{kind: post, id: head-of-care, title: Head, unit: care}", ""},
		{"another proposal", grant("proposer", "proposal/other"), "{kind: post, id: head-of-roads, proposal: merge, title: Head, unit: care}", "you may not write proposals"},
		{"a meeting of their board", grant("board-manager", "board/cabinet"), "{kind: meeting, id: m, board: cabinet, on: 2026-11-01}", ""},
		{"a meeting of another board", grant("board-manager", "board/cabinet"), "{kind: meeting, id: m, board: scrutiny, on: 2026-11-01}", "you may not"},
		{"a grant by governance", grant("governance", ""), "{kind: grant, id: x, holder: bob, role: staff}", "you may not keep accounts"},
		{"a grant by an administrator", grant("administrator", ""), "{kind: grant, id: x, holder: bob, role: staff}", ""},
		{"a grant to oneself", grant("administrator", ""), "{kind: grant, id: x, holder: ann, role: governance}", "give yourself a role"},
		{"one of two documents", grant("governance", "unit/people"), post + "care}\n---\n{kind: unit, id: more, name: More, type: service, parent: place}", "you may not"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := c.grant
			if strings.Contains(g, "proposal/other") {
				g = "{kind: proposal, id: other, title: Other}\n---\n" + g
			}
			r := made(t, g)
			err := access.Of(r.today(), "ann").Change(r.today(), r.docs(c.change))
			switch {
			case c.denied == "" && err != nil:
				t.Error(err)
			case c.denied != "" && (err == nil || !strings.Contains(err.Error(), c.denied) || !errors.Is(err, fact.ErrDenied)):
				t.Errorf("%v, want %s", err, c.denied)
			}
		})
	}
}

// A grant counts on the days that it certainly covers, today alone, and what it was over does not widen.
func TestGrantsInTime(t *testing.T) {
	for _, c := range []struct {
		name, grant string
		want        bool
	}{
		{"until further notice", "{kind: grant, id: g, holder: ann, role: clerk}", true},
		{"from today", "{kind: grant, id: g, holder: ann, role: clerk, from: 2026-11-22}", true},
		{"from tomorrow", "{kind: grant, id: g, holder: ann, role: clerk, from: 2026-11-23}", false},
		{"until today", "{kind: grant, id: g, holder: ann, role: clerk, until: 2026-11-22}", true},
		{"until yesterday", "{kind: grant, id: g, holder: ann, role: clerk, until: 2026-11-21}", false},
		{"until some day of this month", "{kind: grant, id: g, holder: ann, role: clerk, until: 2026-11}", false},
		{"until a day to be agreed", "{kind: grant, id: g, holder: ann, role: clerk, until: tba}", true},
		{"ended", "{kind: grant, id: g, holder: ann, role: clerk}\n---\n{kind: grant, id: g, end: 2026-11-21}", false},
		{"of another", "{kind: grant, id: g, holder: bob, role: clerk}", false},
		{"under a proposal", "{kind: grant, id: g, proposal: merge, holder: ann, role: clerk}", false},
	} {
		if got := access.Of(made(t, c.grant).today(), "ann").May(access.Minute); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

func TestAdvisersAreIndependent(t *testing.T) {
	r := made(t, grant("administrator", ""), "{kind: grant, id: x, holder: bob, role: governance}", "{kind: grant, id: y, holder: eve, role: adviser, over: test/first}",
		"{kind: grant, id: v, holder: fay, role: governance, from: 2027-01-01}")
	ann := access.Of(r.today(), "ann")
	for _, manifest := range []string{
		"{kind: grant, id: z, holder: bob, role: adviser}", "{kind: grant, id: z, holder: eve, role: administrator}", "{kind: grant, id: z, holder: eve, role: governance, from: 2027-01-01}",
		"{kind: grant, id: z, holder: new, role: adviser}\n---\n{kind: grant, id: w, holder: new, role: officer}", "{kind: grant, id: z, holder: fay, role: adviser}",
	} {
		if err := ann.Change(r.today(), r.docs(manifest)); err == nil || !strings.Contains(err.Error(), "independent") {
			t.Errorf("%s: %v", manifest, err)
		}
	}
	if err := ann.Change(r.today(), r.docs("{kind: grant, id: z, holder: eve, role: adviser, over: test/second}")); err != nil {
		t.Error(err)
	}
}

// What a change puts where is found out in one pass: others wait at the door while somebody's change is looked at, also one that is refused in the end.
func TestChangeOfManyIsLinear(t *testing.T) {
	r := made(t)
	p := access.Person{Who: "ann", Held: []access.Held{{Role: access.Governance, Over: fact.Key{Kind: "unit", ID: "people"}}}}
	const many = 20_000
	for name, parent := range map[string]func(i int) string{
		"all in one":   func(int) string { return "top" },
		"one in other": func(i int) string { return fmt.Sprintf("u%d", i+1) },
	} {
		var b strings.Builder
		for i := range many {
			fmt.Fprintf(&b, "{kind: unit, id: u%d, name: U, type: team, parent: %s}\n---\n", i, parent(i))
		}
		fmt.Fprintf(&b, "{kind: unit, id: u%d, name: U, type: team, parent: top}\n---\n", many)
		in := r.docs(b.String() + "{kind: unit, id: top, name: Top, type: team, parent: people}")
		out := r.docs(b.String() + "{kind: unit, id: top, name: Top, type: team, parent: place}")
		start := time.Now()
		if err := p.Change(r.today(), in); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := p.Change(r.today(), out); !errors.Is(err, fact.ErrDenied) {
			t.Errorf("%s, into another directorate: %v", name, err)
		}
		if took := time.Since(start); took > 5*time.Second { // a search for each took 18 seconds
			t.Errorf("%s: %d documents took %v", name, many, took)
		}
	}
}

// Documents of a change that refer to each other, in whatever order, are in a scope where one of them is.
func TestChangePutsIntoAScopeThroughOthers(t *testing.T) {
	r := made(t)
	p := access.Person{Who: "ann", Held: []access.Held{{Role: access.Governance, Over: fact.Key{Kind: "unit", ID: "people"}}}}
	for _, c := range []struct {
		manifest string
		may      bool
	}{
		{"{kind: unit, id: a, name: A, type: team, parent: b}\n---\n{kind: unit, id: b, name: B, type: team, parent: care}", true},
		{"{kind: unit, id: b, name: B, type: team, parent: care}\n---\n{kind: unit, id: a, name: A, type: team, parent: b}", true},
		{"{kind: unit, id: a, name: A, type: team, parent: b}\n---\n{kind: unit, id: b, name: B, type: team, parent: place}", false},
		{"{kind: unit, id: a, name: A, type: team, parent: b}\n---\n{kind: unit, id: b, name: B, type: team, parent: a}", false},
		{"{kind: unit, id: a, name: A, type: team, parent: b}\n---\n{kind: unit, id: b, end: 2026-01-01}", false},
	} {
		if err := p.Change(r.today(), r.docs(c.manifest)); (err == nil) != c.may {
			t.Errorf("%s: %v", c.manifest, err)
		}
	}
}
