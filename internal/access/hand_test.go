package access_test

import (
	"errors"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
)

// judged is a test that was reported and one that was not, with what its adviser recommends, and a letter of each that went out for factual accuracy.
const judged = `
{kind: test, id: reported, title: Reported test, tests: merge, started_on: 2026-09-01, reported_on: 2026-10-01}
---
{kind: finding, id: f, test: reported, theme: governance, text: Canary finding}
---
{kind: judgement, id: j, test: reported, criterion: accountability, outcome: met-with-condition, rationale: Canary reason}
---
{kind: condition, id: c, judgement: j, text: As long as somebody looks}
---
{kind: recommendation, id: r, test: reported, number: 1, text: Make a plan, findings: [f], conditions: [c], due: 2027-04-01}
---
{kind: recommendation, id: hidden, test: first, number: 1, text: Canary recommendation}
---
{kind: letter, id: sent, test: first, title: Draft letter, purpose: factual-accuracy, dated: 2026-11-01, answers_by: 2026-12-01}
---
{kind: letter, id: late, test: first, title: Older draft, purpose: factual-accuracy, dated: 2026-10-01, answers_by: 2026-11-01}
---
{kind: letter, id: early, test: reported, title: Draft of a letter, purpose: factual-accuracy, dated: 2026-09-20}
---
{kind: letter, id: out, test: reported, title: Letter, purpose: issue, dated: 2026-10-01}
---
{kind: board, id: exec, name: Cabinet, type: cabinet}
`

type hand struct {
	t        *testing.T
	r        record
	setter   access.Person
	adviser  access.Person
	other    access.Person // the adviser of another test
	elsewhom []access.Person
}

func hands(t *testing.T, manifests ...string) hand {
	t.Helper()
	over := func(id fact.ID) []access.Held {
		return []access.Held{{Role: access.Adviser, Over: fact.Key{Kind: "test", ID: id}}}
	}
	h := hand{t: t, r: made(t, append([]string{judged}, manifests...)...), setter: access.Person{Who: "gov", Held: []access.Held{{Role: access.Governance}}}}
	h.adviser = access.Person{Who: "adviser", Held: append(over("first"), over("reported")...)}
	h.other = access.Person{Who: "other", Held: over("second")}
	for _, m := range access.Roles {
		if m.Role != access.Governance && m.Role != access.Adviser {
			h.elsewhom = append(h.elsewhom, access.Person{Who: "somebody", Held: []access.Held{{Role: m.Role}}})
		}
	}
	return h
}

// may holds that some, and nobody else, may make a change.
func (h hand) may(doc, why string, who ...access.Person) {
	h.t.Helper()
	for _, p := range append([]access.Person{h.setter, h.adviser, h.other}, h.elsewhom...) {
		want := false
		for _, w := range who {
			want = want || w.Who == p.Who
		}
		err := p.Change(h.r.today(), h.r.docs(doc))
		if (err == nil) != want || err != nil && !errors.Is(err, fact.ErrDenied) {
			h.t.Errorf("%s: %v (%s): %v, and it should be %v", why, p.Held, p.Who, err, want)
		}
	}
}

// The adviser recommends and the council answers, and neither writes the words of the other.
func TestRecommendationsAndResponses(t *testing.T) {
	h := hands(t)
	const rec = "kind: recommendation, id: r, from: 2026-10-01, test: test/reported, number: 1, text: Make a plan, findings: [f], conditions: [c]"
	h.may("{"+rec+", due: 2027-04-01, response: accepted, response_text: We will}", "the council answers", h.setter)
	h.may("{"+rec+", due: 2027-05-01, owner: chief, response: partly, response_text: Later}", "the council answers, and says who and when", h.setter)
	h.may("{"+rec+", due: 2027-04-01, accepted_complete_by: exec, accepted_complete_on: 2026-11-01}", "a board accepted it as complete", h.setter)
	h.may("{"+strings.Replace(rec, "Make a plan", "Make a better plan", 1)+", due: 2027-04-01}", "the adviser words it otherwise", h.adviser)
	h.may("{"+strings.Replace(rec, "Make a plan", "Make no plan", 1)+", due: 2027-04-01, response: accepted}", "the council puts other words into it")
	h.may("{"+strings.Replace(rec, ", findings: [f]", "", 1)+", due: 2027-04-01, response: accepted}", "the council takes away what it follows from")
	h.may("{"+strings.Replace(rec, "number: 1", "number: 2", 1)+", due: 2027-04-01, response: accepted}", "the council numbers it otherwise")
	h.may("{"+strings.Replace(rec, "from: 2026-10-01, ", "", 1)+", due: 2027-04-01, response: accepted}", "on days before it was made")
	h.may("{"+rec+", due: 2027-04-01, response: accepted, visibility: restricted, exempt: '1', decided: the monitoring officer}", "the council hides it")
	h.may("{kind: recommendation, id: r, end: 2026-11-01}", "it is taken back", h.adviser)
	h.may("{kind: recommendation, id: new, test: test/reported, number: 2, text: Another}", "another", h.adviser)
	h.may("{kind: recommendation, id: new, test: test/reported, number: 2, text: Another, response: accepted}", "an adviser answers for the council")
	h.may("{kind: recommendation, id: hidden, from: 2026-11-01, test: test/first, number: 1, text: Canary recommendation, response: accepted}", "one that the council has not seen is answered")
	h.may("{kind: finding, id: f, test: reported, theme: governance, text: Otherwise}", "a finding", h.adviser)
	h.may("{kind: judgement, id: j, test: reported, criterion: accountability, outcome: met, rationale: Canary reason}", "a judgement", h.adviser)
	h.may("{kind: condition, id: c, judgement: j, text: As long as nobody looks}", "a condition", h.adviser)

	h.r.loadBy("gov", "{"+rec+", due: 2027-04-01, response: accepted, response_text: We will}")
	h.may("{"+rec+", due: 2027-04-01, response: rejected, response_text: We will not}", "the council answers otherwise", h.setter)
	h.may("{"+rec+", due: 2027-04-01}", "the council takes its answer back", h.setter)
	h.may("{"+strings.Replace(rec, "Make a plan", "Make ten plans", 1)+", due: 2027-04-01, response: accepted, response_text: We will}", "what was answered is worded otherwise")
	h.may("{kind: recommendation, id: r, end: 2026-11-01}", "what was answered is taken back")
}

// The council says what is wrong in a letter as long as it may, and the adviser answers.
func TestFactualPoints(t *testing.T) {
	h := hands(t)
	const point = "kind: accuracy, id: a, letter: sent, paragraph: 15, wrong: There are four posts, shown_by: The chart, raised_on: 2026-11-20"
	h.may("{"+point+"}", "a point", h.setter)
	h.may("{"+point+", answer: corrected}", "a point that is answered as it is raised")
	h.may("{"+strings.Replace(point, "letter: sent", "letter: late", 1)+"}", "after the last day for points")
	h.may("{"+strings.Replace(point, "letter: sent", "letter: early", 1)+"}", "after the letter was issued")
	h.may("{"+strings.Replace(point, "letter: sent", "letter: out", 1)+"}", "of a letter that is issued")
	h.r.loadBy("gov", "{"+point+"}")
	at := "from: 2026-11-20, " + point
	h.may("{"+strings.Replace(at, "four", "five", 1)+"}", "the point is put otherwise", h.setter)
	h.may("{"+strings.Replace(at, "letter: sent", "letter: late", 1)+"}", "it is moved to another letter")
	h.may("{"+at+", answer: corrected, answer_text: Thank you, answered_on: 2026-11-21}", "the adviser answers", h.adviser)
	h.may("{"+strings.Replace(at, "four", "no", 1)+", answer: corrected}", "the adviser puts other words into it")
	h.may("{kind: accuracy, id: a, end: 2026-11-21}", "the point is taken back", h.setter)
	h.r.loadBy("adviser", "{"+at+", answer: not-corrected, answer_text: There are three}")
	h.may("{"+strings.Replace(at, "four", "five", 1)+", answer: not-corrected, answer_text: There are three}", "an answered point is put otherwise")
	h.may("{"+at+", answer: corrected, answer_text: There are four}", "the adviser answers otherwise", h.adviser)
	h.may("{kind: accuracy, id: a, end: 2026-11-21}", "an answered point is taken back")
}

// The council says that a condition is met, and the adviser whether they agree.
func TestConfirmations(t *testing.T) {
	h := hands(t)
	const council, adviser = "{kind: confirmation, id: x, condition: c, said_by: council, state: met, said_on: 2026-11-20}", "{kind: confirmation, id: y, condition: c, said_by: adviser, state: not-met, said_on: 2026-11-21}"
	h.may(council, "the council", h.setter)
	h.may(adviser, "the adviser", h.adviser)
	h.r.loadBy("gov", council)
	h.r.loadBy("adviser", adviser)
	h.may(strings.Replace(council, "state: met", "state: not-met", 1), "the council says otherwise", h.setter)
	h.may(strings.Replace(council, "said_by: council", "said_by: adviser", 1), "the council's word is made the adviser's")
	h.may(strings.Replace(adviser, "said_by: adviser", "said_by: council", 1), "the adviser's word is made the council's")
	h.may("{kind: confirmation, id: x, end: 2026-11-21}", "the council takes its word back", h.setter)
	h.may("{kind: confirmation, id: y, end: 2026-11-21}", "the adviser takes theirs back", h.adviser)
}

// Before the report the council reads the letter that went out for factual accuracy, and what was said of it; and of all else that the adviser wrote nothing.
func TestWhatIsReadBeforeTheReport(t *testing.T) {
	h := hands(t, "{kind: accuracy, id: a, letter: sent, wrong: Canary point}\n---\n{kind: judgement, id: secret, test: first, criterion: accountability, outcome: met}\n---\n{kind: condition, id: secret, judgement: secret, text: Canary condition}\n---\n{kind: confirmation, id: secret, condition: secret, said_by: adviser, state: met, text: Canary word}")
	for _, c := range []struct {
		p    access.Person
		sees string
	}{{h.setter, "accuracy/a letter/sent"}, {h.adviser, "accuracy/a letter/sent recommendation/hidden condition/secret confirmation/secret"}, {h.other, ""}, {h.elsewhom[0], ""}} {
		all := seen(c.p.Veil(h.r.g, today))
		for _, key := range []string{"accuracy/a", "letter/sent", "recommendation/hidden", "condition/secret", "confirmation/secret"} {
			if want := strings.Contains(c.sees, key); strings.Contains(all, key+" ") != want {
				t.Errorf("%v sees %s: %v, want %v", c.p.Held, key, !want, want)
			}
		}
		if !strings.Contains(all, "recommendation/r ") {
			t.Errorf("%v does not see what was reported", c.p.Held)
		}
	}
	h.r.load("{kind: settings, id: settings, public: yes, public_kinds: [letter, accuracy, recommendation, confirmation, finding]}")
	if all := seen(access.Person{}.Veil(h.r.g, today)); strings.Contains(all, "letter/sent") || strings.Contains(all, "Canary point") || strings.Contains(all, "Canary word") {
		t.Errorf("everybody sees:\n%s", all)
	}
}

// A program that acts for somebody is kept apart from others who may do as much but for setting up tests: they do not read the same.
func TestKeyOfWhoSetsUpTests(t *testing.T) {
	program := access.Person{Who: "gov", Held: []access.Held{{Role: access.Governance}}}.Without(access.Administer, access.Erase)
	approver := access.Person{Who: "chief", Held: []access.Held{{Role: access.Approver}}}
	if program.Key() == approver.Key() {
		t.Errorf("both have the key %q", program.Key())
	}
}
