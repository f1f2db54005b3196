package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// Whoever knows the fingerprint of a file that is not theirs does not get the file by naming it in a record of their own: neither as evidence nor as a letter, as which it breaks no page either.
func TestFileOfAnotherTest(t *testing.T) {
	o, ada, _ := underReview(t)
	ada.works()
	bob := o.addOver("Rob", access.Adviser, "second")
	rob, program := o.browser().signIn("rob"), o.token(bob, true)
	theirs := desk.Fingerprint([]byte("Canary bytes"))
	const second = "/assurance/tests-of-assurance/second"
	today := fact.DayIn(o.at).String()
	byHand := map[string]string{
		"e": "{kind: evidence, id: e, test: second, title: Mine, method: document, file_name: mine.txt, file: " + theirs + "}",
		"l": "{kind: letter, id: l, test: second, title: Letter, purpose: factual-accuracy, dated: " + today + ", looked_at: " + today + ", position: 3, document: " + theirs + ", page: " + theirs + ", word: " + theirs + "}",
		"m": "{kind: letter, id: m, test: second, title: Letter, purpose: issue, dated: " + today + ", document: " + theirs + ", page: " + theirs + ", word: " + theirs + "}",
		"n": "{kind: letter, id: n, test: second, title: Letter, purpose: issue, dated: " + today + ", looked_at: " + today + ", position: 99999999, word: " + theirs + "}",
	}
	for id, doc := range byHand {
		want := http.StatusOK
		if id != "e" { // a letter goes out from its page; whoever runs the program records what they like
			want = http.StatusForbidden
		}
		if r, page := program.ask("POST", "/load", doc, "Idempotency-Key", "one-"+id); r.StatusCode != want {
			t.Fatalf("%s: %d %s", id, r.StatusCode, page)
		}
		if id != "e" {
			o.load(nil, doc)
		}
	}
	for _, at := range []string{"/evidence/e", "/files/e", "/letter/l", "/letter/l.docx", "/letter/l.html", "/letter/l.json", "/letter/m", "/letter/m.docx", "/letter/m.html", "/letter/m.json", "/letter/n", "/letter/n.docx", "/letter", "/letter.docx", "/live", "/summary"} {
		if status, _, page := rob.ask(second+at, nil); status >= 500 || strings.Contains(page, "Canary") {
			t.Errorf("%s: %d %s", at, status, words(page))
		}
	}
	if status, _, page := ada.ask(atFirst+"/files/e-evidenceevidence", nil); status != http.StatusOK || page != "Canary bytes" {
		t.Errorf("whose file it is: %d %s", status, page)
	}
	// whoever brings the same bytes has them already
	if status, page := rob.brings(second+"/evidence/e", "mine.txt", []byte("Canary bytes"), url.Values{"title": {"Mine"}, "method": {"document"}, "reference": {"E1"}}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, words(page))
	}
	for b, at := range map[*browserOf]string{rob: second + "/files/e", ada: atFirst + "/files/e-evidenceevidence"} {
		if status, _, page := b.ask(at, nil); status != http.StatusOK || page != "Canary bytes" {
			t.Errorf("%s, which both brought: %d %s", at, status, page)
		}
	}
}

// A letter that somebody wrote into the record by hand is made of what its reader sees, and of nothing else, whatever day and entry it names.
func TestForgedLetter(t *testing.T) {
	o := staffed(t)
	o.load(nil, `
{kind: person, id: secret-holder, name: Canary Holder, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: appointment, id: secret-appointment, person: secret-holder, post: chief, basis: permanent, from: 2020-01-01, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: proposal, id: merge, title: Merge, status: consultation, rationale: Canary Rationale, decided_by: cabinet, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: test, id: second, title: Second test, tests: merge, framework: local-test-of-assurance-2013, commissioned_by: [chief], started_on: 2026-11-01}
`)
	bob := o.addOver("Bob", access.Adviser, "second")
	o.add("Stan", access.Staff)
	rob, program := o.browser().signIn("bob"), o.token(bob, true)
	const at = "/assurance/tests-of-assurance/second/letter"
	if _, _, page := rob.ask(at, nil); strings.Contains(page, "Canary") {
		t.Fatalf("the draft: %s", words(page))
	}
	known, today := itoa(o.book.Known()), fact.DayIn(o.at).String()
	for id, doc := range map[string]string{
		"l": "{kind: letter, id: l, test: second, title: Letter, purpose: factual-accuracy, dated: " + today + ", looked_at: " + today + ", position: " + known + "}",
		"n": "{kind: letter, id: n, test: second, title: Letter, purpose: issue, dated: " + today + ", annex: true, looked_at: " + today + ", position: " + known + "}\n---\n{kind: test, id: second, title: Second test, tests: merge, framework: local-test-of-assurance-2013, commissioned_by: [chief], started_on: 2026-11-01, from: 2026-11-01, reported_on: " + today + "}",
	} {
		if r, page := program.ask("POST", "/load", doc, "Idempotency-Key", "one-"+id); r.StatusCode != http.StatusForbidden || !strings.Contains(page, "by hand") {
			t.Fatalf("%s: %d %s", id, r.StatusCode, page)
		}
		o.load(nil, doc)
	}
	if _, _, page := rob.ask("/assurance/letters", nil); strings.Contains(page, "/assurance/letters/new") {
		t.Error("the list leads to a form for a letter")
	}
	for _, form := range []url.Values{nil, {"title": {"Mine"}}} {
		if status, _, page := rob.ask("/assurance/letters/new", form); status != http.StatusConflict || !strings.Contains(words(page), "It goes out from the page of its test") {
			t.Errorf("a letter by a form: %d %s", status, words(page))
		}
	}
	for who, b := range map[string]*browserOf{"its adviser": rob, "staff": o.browser().signIn("stan")} {
		for _, part := range []string{"", ".docx", ".html", ".json", "/l", "/l.docx", "/l.html", "/l.json", "/n", "/n.docx", "/n.json"} {
			status, _, page := b.ask(at+part, nil)
			if strings.HasPrefix(page, "PK") {
				page = unzipped(t, page)
			}
			if status != http.StatusOK || strings.Contains(page, "Canary") {
				t.Errorf("%s at %s: %d %s", who, part, status, words(page))
			}
		}
	}
}

// Whoever sets up tests and may erase neither removes, undoes, corrects nor reports what an adviser has not issued, and is told the same of it as of what was never there.
func TestWhatIsNotReportedIsNotTakenAway(t *testing.T) {
	o := staffed(t)
	o.load(nil, unreported)
	o.addOver("Ada", access.Adviser, "first")
	gwen := o.add("Gwen", access.Governance)
	b, program, known := o.browser().signIn("gwen"), o.token(gwen, true), o.book.Known()
	if status, _, page := b.ask("/removals/of/post/head", nil); status != http.StatusOK {
		t.Fatalf("what she may remove: %d %s", status, words(page))
	}
	for _, kind := range []string{"finding", "evidence", "interview", "judgement", "condition", "recommendation", "paragraph", "progress", "confirmation"} {
		var says [2]string
		for i, id := range []string{"secret-" + kind, "absent-" + kind} {
			for _, form := range []url.Values{nil, {"ground": {"objected"}, "why": {"Mine"}}} {
				status, _, page := b.ask("/removals/of/"+kind+"/"+id, form)
				if status < 400 || status >= 500 {
					t.Errorf("%s: %d", id, status)
				}
				says[i] += words(strings.ReplaceAll(page, id, "it"))
			}
		}
		if says[0] != says[1] {
			t.Errorf("%s is told from what is not there:\n%s\n%s", kind, says[0], says[1])
		}
	}
	for n := int64(1); n <= known; n++ {
		if r := o.book.Known(); r != known {
			t.Fatalf("entry %d was undone", n-1)
		}
		if _, e, ok := o.book.Entry(n); ok && e.Record != nil && strings.HasPrefix(string(e.Record.Key().ID), "secret-") {
			if status, _, page := b.ask("/undo/"+itoa(n), url.Values{"why": {"Mine"}}); status < 400 || status >= 500 || strings.Contains(page, "Canary") {
				t.Errorf("undo of entry %d: %d %s", n, status, words(page))
			}
		}
	}
	for name, doc := range map[string]string{
		"report": "{kind: test, id: first, from: 2024-01-01, title: First test, tests: merge, framework: local-test-of-assurance-2013, assessor: assessor, started_on: 2024-01-01, access_until: 2036-12-31, reported_on: 2024-06-01}",
		"end":    "{kind: finding, id: secret-finding, end: 2024-06-01}", "another": "{kind: finding, id: mine, test: first, text: Mine}", "letter": "{kind: letter, id: mine, test: first, title: Mine, purpose: issue, dated: 2024-06-01}",
		"correct": "{kind: letter, id: secret-letter, test: first, title: Mine, purpose: factual-accuracy, dated: 2024-05-01}",
	} {
		if r, page := program.ask("POST", "/load", doc, "Idempotency-Key", name); r.StatusCode != http.StatusForbidden || strings.Contains(page, "Canary") {
			t.Errorf("%s: %d %s", name, r.StatusCode, page)
		}
	}
	if o.book.Known() != known {
		t.Errorf("%d entries were recorded", o.book.Known()-known)
	}
}
