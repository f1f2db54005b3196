package access_test

import (
	"errors"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
)

// Whoever comments on a proposal writes what they say themselves, until it is answered; who works on the proposal answers.
func TestComments(t *testing.T) {
	r := made(t, `
{kind: proposal, id: open, title: Open, status: consultation}
---
{kind: proposal, id: closed, title: Closed, status: draft}
`)
	member := access.Person{Who: "mia", Held: []access.Held{{Role: access.Member}}}
	other := access.Person{Who: "max", Held: []access.Held{{Role: access.Member}}}
	proposer := access.Person{Who: "pat", Held: []access.Held{{Role: access.Proposer, Over: fact.Key{Kind: "proposal", ID: "open"}}}}
	may := func(want bool, p access.Person, doc, why string) {
		t.Helper()
		err := p.Change(r.today(), r.docs(doc))
		if (err == nil) != want || err != nil && !errors.Is(err, fact.ErrDenied) {
			t.Errorf("%s: %v, and it should be %v", why, err, want)
		}
	}
	said := "{kind: comment, id: c, of: open, title: Capacity, text: Too few}"
	may(true, member, said, "a councillor comments")
	may(true, member, "{kind: comment, id: c, of: open, title: Capacity, state: open}", "a comment is open")
	may(false, member, "{kind: comment, id: c, of: open, title: Capacity, answer: Quite so}", "a councillor answers")
	may(false, member, "{kind: comment, id: c, of: open, title: Capacity, state: taken-up}", "a councillor says that it is taken up")
	may(true, proposer, "{kind: comment, id: c, of: open, title: Capacity, answer: Quite so}", "a proposer answers")
	may(false, proposer, "{kind: comment, id: c, of: closed, title: Capacity, answer: Quite so}", "a proposer of another proposal answers")
	r.loadBy("mia", said)
	may(true, member, "{kind: comment, id: c, of: open, title: Capacity, text: Far too few}", "their own")
	may(true, member, "{kind: comment, id: c, end: 2026-11-01}", "their own is taken back")
	may(false, other, "{kind: comment, id: c, of: open, title: Capacity, text: Enough}", "somebody else's")
	may(false, other, "{kind: comment, id: c, end: 2026-11-01}", "somebody else's is ended")
	may(true, proposer, "{kind: comment, id: c, of: open, title: Capacity, text: Too few, answer: Quite so, state: answered}", "it is answered in other respects as it is")
	may(false, proposer, "{kind: comment, id: c, of: open, title: Capacity, text: Quite enough, answer: Quite so}", "a proposer puts words into somebody's mouth")
	may(false, proposer, "{kind: comment, id: c, of: open, title: Capacity, answer: Quite so}", "a proposer takes words away")
	r.loadBy("max", "{kind: comment, id: d, of: closed, title: Cost, text: Too dear}")
	both := access.Person{Who: "sam", Held: append(proposer.Held, access.Held{Role: access.Staff})}
	may(false, both, "{kind: comment, id: d, of: open, title: Cost, text: Too dear}", "a comment on another proposal is taken to one's own")
	r.loadBy("pat", "{kind: comment, id: c, of: open, title: Capacity, text: Too few, answer: Quite so, state: answered}")
	may(false, member, "{kind: comment, id: c, of: open, title: Capacity, text: Never mind}", "an answered one")
}

// What belongs to a proposal in draft is seen by those who see the draft.
func TestDraftsOfComments(t *testing.T) {
	r := made(t, `
{kind: proposal, id: open, title: Open, status: consultation}
---
{kind: proposal, id: closed, title: Closed, status: draft}
---
{kind: version, id: v, of: closed, number: 1}
---
{kind: comment, id: c, of: closed, version: v, title: Capacity}
---
{kind: comment, id: o, of: open, title: Cost}
`)
	for role, want := range map[access.Role]int{access.Member: 1, access.Proposer: 2, access.Governance: 2, access.Approver: 2, access.Staff: 1} {
		g := access.Person{Who: "ann", Held: []access.Held{{Role: role}}}.Veil(r.g, today)
		v := g.View(today, g.Size())
		if got := len(v.All("comment")); got != want {
			t.Errorf("a %s sees %d comments, want %d", role, got, want)
		}
		if got := len(v.All("version")); got != want-1 {
			t.Errorf("a %s sees %d versions, want %d", role, got, want-1)
		}
	}
}

// What a restricted proposal would change is seen, and written, by those who keep what is restricted; others see that there is a proposal.
func TestBranchOfARestrictedProposal(t *testing.T) {
	r := made(t, `
{kind: proposal, id: quiet, title: Canary, status: consultation, visibility: restricted, exempt: "4", decided: the monitoring officer}
---
{kind: proposal, id: loud, title: Loud, status: consultation}
---
{kind: post, id: planned, proposal: quiet, title: Canary post, unit: care}
---
{kind: post, id: also, proposal: loud, title: Loud post, unit: care}
`)
	scoped := fact.Key{Kind: "proposal", ID: "quiet"}
	for _, c := range []struct {
		held access.Held
		sees bool
	}{
		{access.Held{Role: access.Staff}, false}, {access.Held{Role: access.Proposer}, false}, {access.Held{Role: access.Proposer, Over: scoped}, false}, {access.Held{Role: access.Adviser}, false},
		{access.Held{Role: access.Governance}, true}, {access.Held{Role: access.Approver}, true}, {access.Held{Role: access.Governance, Over: scoped}, true}, {access.Held{Role: access.Governance, Over: fact.Key{Kind: "unit", ID: "people"}}, false},
	} {
		p := access.Person{Who: "p", Held: []access.Held{c.held, {Role: access.Staff}}}
		all := seen(p.Veil(r.g, today))
		if strings.Contains(all, "Canary") != c.sees {
			t.Errorf("%v sees it: %v, want %v", c.held, !c.sees, c.sees)
		}
		v := p.Veil(r.g, today).View(today, r.g.Size())
		if len(v.History(fact.Key{Kind: "post", ID: "also"})) != 1 || len(v.History(scoped)) != 1 {
			t.Errorf("%v does not see the other, or that there is one", c.held)
		}
		err := p.Change(r.today(), r.docs("{kind: post, id: mine, proposal: quiet, title: Mine, unit: care}"))
		if writes := c.sees && c.held.Role == access.Governance; (err == nil) != writes {
			t.Errorf("%v writes under it: %v", c.held, err)
		}
	}
}

// Whoever prepares a proposal does not record that it was decided, nor undo that; whoever keeps decisions does both.
func TestWhoDecides(t *testing.T) {
	r := made(t, `
{kind: proposal, id: open, title: Open, status: consultation}
---
{kind: proposal, id: done, title: Done, status: adopted, decision_on: 2026-05-01}
---
{kind: post, id: planned, proposal: done, title: Planned, unit: care}
`)
	for _, c := range []struct {
		doc      string
		proposer bool
	}{
		{"{kind: proposal, id: open, title: Opened, status: consultation, decision_on: 2026-12-01}", true},
		{"{kind: proposal, id: open, title: Open, status: withdrawn}", true},
		{"{kind: proposal, id: open, title: Open, status: adopted}", false},
		{"{kind: proposal, id: open, title: Open, status: approved}", false},
		{"{kind: proposal, id: open, title: Open, status: rejected}", false},
		{"{kind: proposal, id: new, title: New, status: adopted}", false},
		{"{kind: proposal, id: done, title: Done again, status: adopted, decision_on: 2026-05-01}", true},
		{"{kind: proposal, id: done, title: Done, status: draft, decision_on: 2026-05-01}", false},
		{"{kind: proposal, id: done, title: Done, status: adopted, decision_on: 2026-05-02}", false},
		{"{kind: proposal, id: done, end: 2026-06-01}", false},
		{"{kind: proposal, id: open, end: 2026-06-01}", true},
		{"{kind: post, id: more, proposal: open, title: More, unit: care}", true},
	} {
		for role, may := range map[access.Role]bool{access.Proposer: c.proposer, access.Governance: true} {
			err := access.Person{Who: "p", Held: []access.Held{{Role: role}}}.Change(r.today(), r.docs(c.doc))
			if (err == nil) != may {
				t.Errorf("a %s, %s: %v", role, c.doc, err)
			}
		}
	}
	for _, doc := range []string{"{kind: post, id: more, proposal: done, title: More, unit: care}", "{kind: post, id: planned, proposal: done, title: Otherwise, unit: care}", "{kind: post, id: planned, proposal: done, end: 2026-06-01}"} {
		for _, role := range []access.Role{access.Proposer, access.Governance} {
			if err := (access.Person{Who: "p", Held: []access.Held{{Role: role}}}).Change(r.today(), r.docs(doc)); err == nil {
				t.Errorf("a %s writes a decided proposal anew: %s", role, doc)
			}
		}
	}
}

// A proposal says nothing of proposals, of their versions and of what people say of them: adopted, it would decide on another one, or be kept from adoption by anybody who comments.
func TestProposalsOfProposals(t *testing.T) {
	r := made(t, `
{kind: proposal, id: open, title: Open, status: consultation}
---
{kind: proposal, id: other, title: Other, status: consultation}
---
{kind: comment, id: c, of: other, title: Said}
`)
	for _, doc := range []string{"{kind: finding, id: f, proposal: open, theme: accountabilities, text: In the way}", "{kind: decision, id: x, proposal: open, title: Not taken}", "{kind: grant, id: g, proposal: open, holder: q, role: governance, from: 2026-11-01}", "{kind: proposal, id: other, proposal: open, title: Other, status: withdrawn}", "{kind: proposal, id: new, proposal: open, title: New}", "{kind: version, id: v, proposal: open, of: other, number: 1}",
		"{kind: comment, id: c, proposal: open, of: other, title: Not said}", "{kind: comment, id: d, proposal: open, of: open, title: In the way}"} {
		for _, role := range []access.Role{access.Staff, access.Proposer, access.Governance, access.Adviser, access.Administrator} {
			if err := (access.Person{Who: "p", Held: []access.Held{{Role: role}}}).Change(r.today(), r.docs(doc)); !errors.Is(err, fact.ErrDenied) {
				t.Errorf("a %s, %s: %v", role, doc, err)
			}
		}
	}
}
