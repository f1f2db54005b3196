package access_test

import (
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// What everybody is asked they see whatever else the council shows, from the day on which it opens; what is asked of a proposal in draft, or of a restricted one, is not there for them, nor
// is what people replied.
func TestWhatEverybodyIsAsked(t *testing.T) {
	const asked = `
{kind: proposal, id: out, title: Canary out, status: consultation}
---
{kind: proposal, id: draft, title: Canary draft, status: draft}
---
{kind: proposal, id: closed, title: Canary closed, status: consultation, visibility: restricted, exempt: "4", decided: the monitoring officer}
---
{kind: consultation, id: one, of: out, title: Open one, public: yes, opens: 2026-11-01, closes: 2026-11-10}
---
{kind: consultation, id: two, title: Open two of no proposal, public: yes, opens: 2026-11-01}
---
{kind: consultation, id: a, of: draft, title: Canary of a draft, public: yes, opens: 2026-11-01}
---
{kind: consultation, id: b, of: closed, title: Canary of a closed one, public: yes, opens: 2026-11-01}
---
{kind: consultation, id: c, of: out, title: Canary for staff, opens: 2026-11-01}
---
{kind: consultation, id: d, of: out, title: Canary of tomorrow, public: yes, opens: 2026-11-23}
---
{kind: consultation, id: e, of: out, title: Canary of some day, public: yes, opens: 2026-11}
---
{kind: consultation, id: f, of: out, title: Canary without a day, public: yes}
---
{kind: consultation, id: g, of: out, title: Canary restricted, public: yes, opens: 2026-11-01, visibility: restricted, exempt: "4", decided: the monitoring officer}
---
{kind: consultation, id: h, of: out, title: Open then closed, public: yes, opens: 2026-11-01}
---
{kind: theme, id: answered, of: one, name: Open theme, answered_on: 2026-11-20}
---
{kind: theme, id: unanswered, of: one, name: Canary not answered}
---
{kind: theme, id: later, of: one, name: Canary of later, answered_on: 2026-12-01}
---
{kind: theme, id: of-draft, of: a, name: Canary of a draft, answered_on: 2026-11-20}
---
{kind: response, id: said, of: one, text: Canary said, received_on: 2026-11-05}
---
{kind: contact, id: met, of: out, subject: Canary met}
`
	r := made(t, asked, "{kind: consultation, id: h, of: out, title: Canary not for all, public: no}")
	all := seen(access.Person{}.Veil(r.g, today))
	if strings.Contains(all, "Canary") || strings.Count(all, "Open one") != 2 || !strings.Contains(all, "Open two") || !strings.Contains(all, "Open theme") || strings.Contains(all, "Open then closed") || strings.Contains(all, "Head of") {
		t.Errorf("nobody in particular sees:\n%s", all)
	}
	shown := made(t, asked, "{kind: settings, id: settings, public: yes, public_kinds: [consultation, theme, contact, proposal]}")
	if all := seen(access.Person{}.Veil(shown.g, today)); strings.Contains(all, "of a draft") || strings.Contains(all, "of a closed") || strings.Contains(all, "Canary said") || !strings.Contains(all, "Canary met") {
		t.Errorf("where the council shows them all, everybody sees:\n%s", all)
	}
	staff := seen(access.Person{Who: "s", Held: []access.Held{{Role: access.Staff}}}.Veil(r.g, today))
	if strings.Contains(staff, "of a draft") || strings.Contains(staff, "of a closed") || strings.Contains(staff, "Canary closed") || !strings.Contains(staff, "Canary of tomorrow") {
		t.Errorf("staff see:\n%s", staff)
	}
	if all := seen(access.Person{Who: "g", Held: []access.Held{{Role: access.Governance}}}.Veil(r.g, today)); !strings.Contains(all, "Canary of a draft") || !strings.Contains(all, "Canary of a closed one") {
		t.Errorf("governance sees:\n%s", all)
	}
}

// What a proposal changes is shown to everybody, where its consultation says so, without anybody who is in the structure, what is for few, and other proposals.
func TestWhatIsShownOfAProposal(t *testing.T) {
	r := made(t, `
{kind: proposal, id: asked, title: Canary of the proposal itself, status: consultation}
---
{kind: proposal, id: other, title: Canary other, status: consultation}
---
{kind: post, id: new, proposal: asked, title: New post, unit: care, reports_to: closed, salary_from: 98765}
---
{kind: post, id: another, proposal: other, title: Canary of another proposal}
---
{kind: post, id: closed, proposal: asked, title: Canary closed, visibility: restricted, exempt: "1", decided: the monitoring officer}
---
{kind: post, id: inner, proposal: asked, title: Canary inner, visibility: internal}
---
{kind: person, id: jane, name: Canary Jane}
---
{kind: appointment, id: a, person: jane, post: chief, basis: permanent, source: canary}
---
{kind: designation, id: d, role: HOPS, post: chief, person: jane, note: Canary}
---
{kind: risk, id: x, title: Canary risk}
`)
	g := access.Shown(r.g, today, "asked")
	all := seen(g)
	for _, proposal := range []fact.ID{"asked", "other"} {
		for _, x := range g.View(today, g.Size()).With(proposal).All(graph.Post) {
			all += string(proposal) + ": " + x.Title() + "\n"
		}
	}
	if strings.Contains(all, "Canary") || !strings.Contains(all, "Head of Care") || !strings.Contains(all, "asked: New post") {
		t.Errorf("everybody sees:\n%s", all)
	}
	n := g.View(today, g.Size()).With("asked").Record(fact.Key{Kind: "post", ID: "new"})
	if n == nil || n.State("salary_from") != graph.Withheld || n.State("reports_to") != graph.Withheld || n.Ref("unit") == nil {
		t.Errorf("the new post: %+v", n)
	}
}

// What a consultation said while it was prepared, and was put otherwise before it opened, was asked of nobody, and nobody without an account reads it later; what was shown is read as it was then.
func TestWhatWasDraftedIsNotAsked(t *testing.T) {
	later := fact.DayIn(now) + 9 // everything is recorded before it opens, or on a day after
	opens := (fact.DayIn(now) + 5).String()
	for _, c := range []struct {
		opens  string
		drafts bool
	}{{opens, false}, {(fact.DayIn(now) - 5).String(), true}} {
		r := made(t, "{kind: consultation, id: one, title: Canary draft, public: yes, opens: "+c.opens+"}", "{kind: consultation, id: one, title: As asked, public: yes, opens: "+c.opens+"}",
			"{kind: theme, id: t, of: one, name: Canary theme, answered_on: "+c.opens+"}", "{kind: theme, id: t, of: one, name: As answered, answered_on: "+c.opens+"}")
		all := seen(access.Person{}.Veil(r.g, later))
		if strings.Contains(all, "Canary") != c.drafts || !strings.Contains(all, "As asked") || !strings.Contains(all, "As answered") {
			t.Errorf("opened %s, everybody sees:\n%s", c.opens, all)
		}
	}
}
