package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plumbline/internal/desk"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

// lettered is a council with a test of assurance whose letter can be issued.
const lettered = `
{kind: council, name: Exampleshire, type: unitary, governance: leader-and-cabinet, id: council}
---
{kind: person, id: ada, name: Ada Adviser}
---
{kind: person, id: cleo, name: Cleo Chief, experience: [children]}
---
{kind: post, id: chief, title: Chief Executive, capacity: officer}
---
{kind: appointment, id: a, person: cleo, post: chief}
---
{kind: post, id: dcs, title: Director of Children's Services, reports_to: chief, capacity: officer}
---
{kind: designation, id: dcs, role: DCS, post: dcs}
---
{kind: board, id: cabinet, name: Cabinet, type: cabinet}
---
{kind: board, id: review, name: Safeguarding Review, type: safeguarding-review}
---
{kind: proposal, id: merge, title: One directorate, status: consultation, rationale: Work crosses services., published_on: 2026-10-01, consultation_opens: 2026-10-01, consultation_closes: 2026-11-01, decision_on: 2026-12-10, decided_by: cabinet, saving: 100000}
---
{kind: post, id: both, proposal: merge, from: tba, title: Director of Both, reports_to: chief, capacity: officer}
---
{kind: test, id: t, title: Test of one directorate, tests: merge, framework: local-test-of-assurance-2013, assessor: ada, assessor_role: Improvement Adviser, commissioned_by: [chief], started_on: 2026-10-05}
---
{kind: evidence, id: pack, test: t, method: document, title: The consultation pack, attributable: true}
---
{kind: finding, id: meets, test: t, theme: governance, criteria: [accountability], polarity: strength, title: Reviews, text: Safeguarding is reviewed every quarter., evidence: [pack], retain: [review], about: [post/dcs]}
---
{kind: finding, id: plan, test: t, theme: leadership, polarity: gap, title: No plan, text: There is no plan., about: [proposal/merge]}
---
{kind: judgement, id: j1, test: t, criterion: statutory-duties, outcome: met, rationale: The duties are met.}
---
{kind: judgement, id: j2, test: t, criterion: accountability, outcome: met-with-condition, rationale: The lines are clear., findings: [meets]}
---
{kind: condition, id: c, judgement: j2, text: As long as the reviews go on.}
---
{kind: judgement, id: j3, test: t, criterion: partnership, outcome: met, rationale: Partners work together.}
---
{kind: recommendation, id: r, test: t, number: 1, text: Make a plan.}
`

const finished = `
{kind: progress, id: p1, test: t, part: governance, state: completed}
---
{kind: progress, id: p2, test: t, part: leadership, state: completed}
---
{kind: progress, id: p3, test: t, part: capacity, state: completed}
---
{kind: progress, id: p4, test: t, part: performance, state: completed}
---
{kind: progress, id: p5, test: t, part: workforce, state: completed}
---
{kind: progress, id: p6, test: t, part: partnerships, state: completed}
---
{kind: progress, id: p7, test: t, part: engagement, state: completed}
`

const letterAt = "/assurance/tests-of-assurance/t/letter"

// posting sends a form, and gives what comes of it.
func (s *site) posting(target string, form url.Values) (status int, to, page string) {
	s.t.Helper()
	r := s.post(target, form)
	return r.StatusCode, r.Header.Get("Location"), body(r)
}

// A letter is worded, signed and issued; it stays as it was to the byte, whatever becomes of the record, and its page says what the record no longer supports.
func TestLetterIssued(t *testing.T) {
	s := empty(t)
	s.load(nil, lettered)
	issue := strings.Replace(letterAt, "letter", "issue", 1)
	sign := url.Values{"signed_as": {"Ada Adviser, Improvement Adviser"}, "attest": {"yes"}, "despite": {"yes"}, "edition": {"1"}}

	_, page := s.get(letterAt)
	for _, want := range []string{"This is a draft", "Dear Cleo Chief,", "TEST OF ONE DIRECTORATE", "Director of Both", "Safeguarding is reviewed every quarter.", "Change the words of paragraph 8", "as long as the reviews go on", "[Not recorded: findings on this theme]"} {
		if !strings.Contains(words(page), want) {
			t.Errorf("the draft does not say %s:\n%s", want, words(page))
		}
	}
	_, page = s.get(issue)
	if !strings.Contains(words(page), "The theme “Capacity” is not finished.") || strings.Contains(page, `name="signed_as"`) {
		t.Errorf("what has to be done first: %s", words(page))
	}
	if status, _, _ := s.posting(issue, sign); status != http.StatusUnprocessableEntity {
		t.Errorf("issued with themes that are not finished: %d", status)
	}
	s.load(nil, finished)

	if status, to, page := s.posting(letterAt+"/9", url.Values{"text": {"Nobody has a plan."}, "footnotes": {"The pack, page 3."}}); status != http.StatusSeeOther || to != letterAt {
		t.Fatalf("a paragraph: %d %s %s", status, to, words(page))
	}
	for bad, want := range map[string]string{"": "Enter the words", strings.Repeat("x", 20_001): "characters or fewer"} {
		if status, _, page := s.posting(letterAt+"/8", url.Values{"text": {bad}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
			t.Errorf("a paragraph of %d letters: %d", len(bad), status)
		}
	}
	if _, page := s.get(letterAt); !strings.Contains(words(page), "9 Nobody has a plan. Note 2") || strings.Contains(words(page), "There is no plan.") {
		t.Errorf("the paragraph is not worded so: %s", words(page))
	}

	for missing, want := range map[string]string{"signed_as": "Enter your name and office", "attest": "Tick the box if you attest this", "despite": "Tick the box if you have read"} {
		form := url.Values{}
		for k, v := range sign {
			if k != missing {
				form[k] = v
			}
		}
		if status, _, page := s.posting(issue, form); status != http.StatusUnprocessableEntity || !strings.Contains(words(page), want) {
			t.Errorf("without %s: %d %s", missing, status, words(page))
		}
	}
	known := s.book.Known()
	if status, to, page := s.posting(issue, sign); status != http.StatusSeeOther || to != letterAt {
		t.Fatalf("issue: %d %s %s", status, to, words(page))
	}
	if status, _, page := s.posting(issue, sign); status != http.StatusConflict || !strings.Contains(words(page), "The letter is issued already, on 22 November 2026. Nothing was issued again.") {
		t.Errorf("issued twice: %d %s", status, words(page))
	}
	if got := s.book.Known(); got != known+2 {
		t.Errorf("it took %d entries", got-known)
	}

	files := map[string]string{}
	for _, ending := range []string{"docx", "html", "json"} {
		r := s.do(request("GET", letterAt+"."+ending))
		if got, want := r.Header.Get("Content-Disposition"), `attachment; filename="letter-2026-11-22.`+ending+`"`; got != want || r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", ending, r.StatusCode, got)
		}
		files[ending] = body(r)
	}
	_, page = s.get(letterAt)
	for _, want := range []string{"This is the letter as issued on 22 November 2026. It does not change.", "Signed as Ada Adviser, Improvement Adviser, 22 November 2026, 10am", fmt.Sprintf("up to entry %d", known), "supports every paragraph of it", "Signed as “Ada Adviser, Improvement Adviser”", "9 Nobody has a plan."} {
		if !strings.Contains(words(page), want) {
			t.Errorf("the letter that is issued does not say %s:\n%s", want, words(page))
		}
	}
	if _, page := s.get("/assurance/tests-of-assurance/t"); !strings.Contains(words(page), "22 November 2026") {
		t.Errorf("the test is not reported: %s", words(page))
	}

	same := func(when string) {
		t.Helper()
		for ending, was := range files {
			if is := body(s.do(request("GET", letterAt+"."+ending))); is != was {
				t.Errorf("%s the %s file is another", when, ending)
			}
		}
	}
	// Whatever changes afterwards, the letter is as it was, and the page says what it rested on is otherwise.
	s.passed.Store(int64(48 * time.Hour))
	s.load(nil, `{kind: board, id: review, end: 2026-11-22}
---
{kind: finding, id: plan, test: t, theme: leadership, polarity: gap, title: A plan, text: There is a plan., about: [proposal/merge]}
---
{kind: post, id: chief, from: 2026-11-23, title: Managing Director, capacity: officer}
---
{kind: proposal, id: merge, title: One directorate, status: consultation, rationale: Work crosses services., published_on: 2026-10-01, consultation_opens: 2026-10-01, consultation_closes: 2026-11-01, decision_on: 2026-12-10, decided_by: cabinet, saving: 50000}
`)
	same("after the record changed")
	_, page = s.get(letterAt)
	for _, want := range []string{"8 Safeguarding is reviewed every quarter. The record no longer supports this paragraph Safeguarding Review ended, and it must be retained. Entry", "The finding was worded otherwise. Entry", "“Estimated saving” was £100,000, and is £50,000. Entry", "The letter stays as it was issued."} {
		if !strings.Contains(words(page), want) {
			t.Errorf("the live letter does not say %s:\n%s", want, words(page))
		}
	}
	if strings.Contains(words(page), "There is a plan.") {
		t.Error("the letter was edited")
	}

	// Without the files that were kept it is made again, to the byte.
	restored := withoutDesk(t, s)
	_, page = restored.get(letterAt)
	if !strings.Contains(words(page), "It was made again from the record, and is the same to the byte") {
		t.Errorf("made again: %s", words(page))
	}
	for ending, was := range files {
		if is := body(restored.do(request("GET", letterAt+"."+ending))); is != was {
			t.Errorf("made again, the %s file is another", ending)
		}
	}

	// Another edition replaces it and says so; the one before stays.
	sign.Set("edition", "2")
	if status, to, page := s.posting(issue, sign); status != http.StatusSeeOther || to != letterAt {
		t.Fatalf("another edition: %d %s %s", status, to, words(page))
	}
	_, page = s.get(letterAt)
	if !strings.Contains(words(page), "This letter replaces the letter of 22 November 2026.") || !strings.Contains(words(page), "as issued on 24 November 2026") {
		t.Errorf("the other edition: %s", words(page))
	}
	if is := body(s.do(request("GET", letterAt+"/t-issue-1.docx"))); is != files["docx"] {
		t.Error("the edition before is another")
	}
	if _, page := s.get(letterAt + "/t-issue-1"); !strings.Contains(words(page), "Another has replaced it") {
		t.Errorf("the edition before: %s", words(page))
	}
}

// A draft goes out for factual accuracy without reporting the test.
func TestLetterForAccuracy(t *testing.T) {
	s := empty(t)
	s.load(nil, lettered)
	at := strings.Replace(letterAt, "letter", "send-out", 1)
	for _, bad := range []url.Values{{}, {"answers_by.day": {"1"}, "answers_by.month": {"11"}, "answers_by.year": {"2026"}}, {"answers_by.month": {"12"}, "answers_by.year": {"2026"}}} {
		if status, _, page := s.posting(at, bad); status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d %s", bad, status, words(page))
		}
	}
	if status, to, page := s.posting(at, url.Values{"answers_by.day": {"1"}, "answers_by.month": {"12"}, "answers_by.year": {"2026"}}); status != http.StatusSeeOther || to != letterAt {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	_, page := s.get(letterAt + "/t-factual-1")
	for _, want := range []string{"It is not issued, and does not change.", "Points by 1 December 2026.", "Safeguarding is reviewed every quarter."} {
		if !strings.Contains(words(page), want) {
			t.Errorf("it does not say %s: %s", want, words(page))
		}
	}
	if strings.Contains(words(page), "Signature") {
		t.Error("it is signed")
	}
	if _, page := s.get(letterAt); !strings.Contains(words(page), "This is a draft") || !strings.Contains(words(page), "For factual accuracy it went out as") {
		t.Errorf("the draft: %s", words(page))
	}
}

// withoutDesk is the same record with a new desk, as after a restore without one.
func withoutDesk(t *testing.T, s *site) *site {
	t.Helper()
	clock := func() time.Time { return now.Add(time.Duration(s.passed.Load())) }
	drawer, err := store.OpenDesk(store.DeskPath(filepath.Join(t.TempDir(), "record.db")))
	if err != nil {
		t.Fatal(err)
	}
	d, err := desk.Open(t.Context(), drawer, desk.Config{Now: clock, Holds: s.book.Holds})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	_, pack := law()
	other := *s
	other.desk = d
	other.handler = web.New(web.Config{Book: s.book, Desk: d, Pack: pack, Now: clock, Log: slog.New(slog.NewTextHandler(s.log, nil)), Alone: true}).Handler()
	return &other
}
