package access_test

import (
	"errors"
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
