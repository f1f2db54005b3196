package access_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// hidden is what not everybody sees: a restricted post of each directorate, a proposal in draft and what it would change, and what advisers wrote.
const hidden = `
{kind: post, id: closed-care, title: Closed Care, unit: care, visibility: restricted, exempt: "1", decided: the monitoring officer}
---
{kind: post, id: closed-roads, title: Closed Roads, unit: place, visibility: restricted, exempt: "1", decided: the monitoring officer}
---
{kind: proposal, id: secret, title: Secret, status: draft}
---
{kind: post, id: planned, proposal: secret, title: Planned}
---
{kind: finding, id: one, test: first, theme: accountabilities, text: Finding one}
---
{kind: finding, id: two, test: second, theme: accountabilities, text: Finding two}
`

// seen writes down all that a graph tells.
func seen(g *graph.Graph) string {
	var b strings.Builder
	v := g.View(today, g.Size())
	for _, k := range v.Kinds().All {
		for _, r := range v.All(k.Name) {
			fmt.Fprintln(&b, r.Key(), r.Title())
			for _, h := range v.History(r.Key()) {
				fmt.Fprintln(&b, h.Position, h.Op)
				if h.Record != nil {
					fmt.Fprintln(&b, h.Record.Title())
				}
			}
		}
	}
	return b.String()
}

// Whoever has the same key as somebody else sees the same; and people who see the same have the same key where their roles are over the same, so that a
// council of ten roles is not worked out ten times.
func TestKeySaysWhatIsSeen(t *testing.T) {
	r := made(t, hidden)
	scopes := []fact.Key{{}, {Kind: "unit", ID: "people"}, {Kind: "unit", ID: "place"}, {Kind: "proposal", ID: "secret"}, {Kind: "proposal", ID: "merge"}, {Kind: "test", ID: "first"}, {Kind: "board", ID: "cabinet"}}
	var people []access.Person
	for _, m := range access.Roles {
		for _, over := range scopes {
			held := access.Held{Role: m.Role, Over: over}
			people = append(people, access.Person{Who: "p", Held: []access.Held{held}}, access.Person{Who: "q", Held: []access.Held{{Role: access.Staff}, held}})
		}
	}
	people = append(people, access.Person{}, access.Person{Who: access.Console})
	of, whole := map[string]string{}, map[string]bool{}
	for _, p := range people {
		sees := seen(p.Veil(r.g, today))
		if was, ok := of[p.Key()]; ok && was != sees {
			t.Errorf("%v: others with the key %q see something else:\n%s\nand not\n%s", p.Held, p.Key(), was, sees)
		}
		of[p.Key()] = sees
		if len(p.Held) == 1 && p.Held[0].Over == (fact.Key{}) {
			whole[p.Key()] = true
		}
	}
	if len(whole) != 6 {
		t.Errorf("%d keys of people with one role over the whole council, want 6: %v", len(whole), whole)
	}
}
