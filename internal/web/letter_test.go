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

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
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

// movedOn is what becomes of what the letter rests on.
const movedOn = `
{kind: board, id: review, end: 2026-11-22}
---
{kind: finding, id: plan, test: t, theme: leadership, polarity: gap, title: A plan, text: There is a plan., about: [proposal/merge]}
---
{kind: post, id: chief, from: 2026-11-23, title: Managing Director, capacity: officer}
---
{kind: proposal, id: merge, title: One directorate, status: consultation, rationale: Work crosses services., published_on: 2026-10-01, consultation_opens: 2026-10-01, consultation_closes: 2026-11-01, decision_on: 2026-12-10, decided_by: cabinet, saving: 50000}
`

const letterAt = "/assurance/tests-of-assurance/t/letter"

// posting sends a form, and gives what comes of it.
func (s *site) posting(target string, form url.Values) (status int, to, page string) {
	s.t.Helper()
	r := s.post(target, form)
	return r.StatusCode, r.Header.Get("Location"), body(r)
}

// issueLetter signs and issues an edition of the letter.
func (s *site) issueLetter(edition string) {
	s.t.Helper()
	sign := url.Values{"signed_as": {"Ada Adviser, Improvement Adviser"}, "attest": {"yes"}, "despite": {"yes"}, "edition": {edition}}
	if status, _, page := s.posting(strings.Replace(letterAt, "letter", "issue", 1), sign); status != http.StatusSeeOther {
		s.t.Fatalf("issue: %d %s", status, words(page))
	}
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
	s.load(nil, movedOn)
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
	if strings.Contains(words(page), "Signed as") {
		t.Error("it is signed")
	}
	if _, page := s.get(letterAt); !strings.Contains(words(page), "This is a draft") || !strings.Contains(words(page), "For factual accuracy it went out as") {
		t.Errorf("the draft: %s", words(page))
	}
}

// withoutDesk is the same record with a new desk, as after a restore without one.
func withoutDesk(t *testing.T, s *site) *site {
	t.Helper()
	drawer, err := store.OpenDesk(store.DeskPath(filepath.Join(t.TempDir(), "record.db")))
	if err != nil {
		t.Fatal(err)
	}
	return withDesk(t, s, drawer)
}

// withDesk is the same record with another desk.
func withDesk(t *testing.T, s *site, drawer desk.Store) *site {
	t.Helper()
	clock := func() time.Time { return now.Add(time.Duration(s.passed.Load())) }
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

// Words that are erased go from a letter that was issued, in every form, and it says so. It is made again from the record without them.
func TestLetterErased(t *testing.T) {
	s := empty(t)
	s.load(nil, lettered)
	s.load(nil, finished)
	s.issueLetter("1")
	before := body(s.do(request("GET", letterAt+".html")))
	if !strings.Contains(before, "Cleo Chief") {
		t.Fatal("the name is not in the letter")
	}
	v := s.visit("/removals/of/person/cleo")
	v.answer("/removals/of/person/cleo", chosen(v.boxes("Cleo Chief"), "ground", "objected", "why", "case 1")...)
	v.answer(strings.TrimPrefix(v.at, "/removals"))
	v.want("It is removed")
	for _, ending := range []string{"", ".docx", ".html", ".json"} {
		page := body(s.do(request("GET", letterAt+ending)))
		if ending == ".docx" {
			page = wordText(t, page)
		}
		if strings.Contains(page, "Cleo") || ending != ".json" && !strings.Contains(page, "Chief Executive") {
			t.Errorf("letter%s after the name is erased: %s", ending, page)
		}
		if ending == "" && !strings.Contains(words(page), "is not the same to the byte. Words from which it was made were erased since, on 22 November 2026. Where they stood, it says so or says what the record has in their place. Entry") {
			t.Errorf("it is not said: %s", words(page))
		}
	}
}

// However the desk fails amid the issue of a letter, there is a letter whose files are there, or none.
func TestLetterFaults(t *testing.T) {
	issued := 0
	for n := range 40 {
		s := empty(t)
		s.load(nil, lettered)
		s.load(nil, finished)
		beneath, err := store.OpenDesk(store.DeskPath(filepath.Join(t.TempDir(), "record.db")))
		if err != nil {
			t.Fatal(err)
		}
		faulty := store.NewFaultyDesk(beneath)
		whole, calls := withDesk(t, s, faulty), 0
		faulty.Fail(func(store.Call) error { // the call n fails, before or after it has done its work, and all after it
			if calls++; calls > n {
				return fmt.Errorf("the disk is full")
			}
			return nil
		})
		status, _, _ := whole.posting(strings.Replace(letterAt, "letter", "issue", 1), url.Values{"signed_as": {"Ada"}, "attest": {"yes"}, "despite": {"yes"}, "edition": {"1"}})
		faulty.Fail(nil)
		letter := s.book.View(fact.DayIn(now), -1).Record(fact.Key{Kind: "letter", ID: "t-issue-1"})
		if (letter != nil) != (status == http.StatusSeeOther) {
			t.Errorf("fault %d: status %d, and there is a letter: %v", n, status, letter != nil)
		}
		if letter == nil {
			if !s.book.View(fact.DayIn(now), -1).Record(fact.Key{Kind: "test", ID: "t"}).Date("reported_on").IsZero() {
				t.Errorf("fault %d: it is reported without a letter", n)
			}
			continue
		}
		issued++
		for _, field := range []string{"document", "page", "word"} {
			row, err := beneath.Get(t.Context(), desk.Name{Space: "bytes", Key: letter.Text(field)})
			if err != nil || desk.Fingerprint(row.Bytes) != letter.Text(field) {
				t.Errorf("fault %d: the %s of the letter is not there: %v", n, field, err)
			}
		}
	}
	if issued == 0 || issued == 40 {
		t.Errorf("%d of 40 were issued", issued)
	}
}

// Where there is no room for its files a letter does not go out, and that is said.
func TestLetterWithoutRoom(t *testing.T) {
	s := empty(t)
	s.load(nil, lettered)
	s.load(nil, finished)
	s.desk.MaxFiles = 1000
	for at, form := range map[string]url.Values{
		"issue":    {"signed_as": {"Ada"}, "attest": {"yes"}, "despite": {"yes"}, "edition": {"1"}},
		"send-out": {"answers_by.day": {"1"}, "answers_by.month": {"12"}, "answers_by.year": {"2026"}},
	} {
		known := s.book.Known()
		status, _, page := s.posting(strings.Replace(letterAt, "letter", at, 1), form)
		if status != http.StatusConflict || !strings.Contains(words(page), "There is no room for the files of the letter, so it did not go out and nothing was recorded.") || s.book.Known() != known {
			t.Errorf("%s: %d %s", at, status, words(page))
		}
	}
}

// Before it is issued nobody but the adviser reads the letter, and afterwards who may see the test; everybody reads it where letters are public.
func TestWhoReadsTheLetter(t *testing.T) {
	o := staffed(t)
	if early := o.at.Sub(now); early > 0 {
		o.passed.Store(int64(early)) // sessions go by the clock of the world
	} else if early < 0 {
		o.at = now
	}
	o.load(nil, strings.Replace(strings.ReplaceAll(lettered, "{kind: council,", "{kind: council, note: again,"), "id: cabinet,", "id: cabinet, note: again,", 1), finished)
	o.add("Ada", access.Adviser)
	o.add("Gov", access.Governance)
	o.add("Sta", access.Staff)
	ada, gov, sta, all := o.browser().signIn("ada"), o.browser().signIn("gov"), o.browser().signIn("sta"), o.browser()
	issue := strings.Replace(letterAt, "letter", "issue", 1)
	sign := url.Values{"signed_as": {"Ada Adviser"}, "attest": {"yes"}, "despite": {"yes"}, "edition": {"1"}}
	const secret = "Safeguarding is reviewed every quarter."
	for name, b := range map[string]*browserOf{"governance": gov, "staff": sta} {
		for _, at := range []string{letterAt, letterAt + ".docx", letterAt + ".json", letterAt + "/8", issue} {
			status, _, page := b.ask(at, nil)
			if strings.Contains(page, secret) || strings.Contains(page, "PK\x03\x04") || at == letterAt && (status != http.StatusOK || !strings.Contains(words(page), "The letter is not issued yet.")) {
				t.Errorf("%s at %s before the letter is issued: %d %s", name, at, status, words(page))
			}
		}
		if status, _, _ := b.ask(issue, sign); status != http.StatusForbidden && status != http.StatusNotFound {
			t.Errorf("%s issues it: %d", name, status)
		}
		if status, _, _ := b.ask(letterAt+"/8", url.Values{"text": {"Otherwise"}}); status != http.StatusForbidden && status != http.StatusNotFound {
			t.Errorf("%s words it: %d", name, status)
		}
	}
	if status, _, page := ada.ask(letterAt, nil); status != http.StatusOK || !strings.Contains(page, secret) {
		t.Errorf("the adviser reads %d %s", status, words(page))
	}
	if status, to, page := ada.ask(issue, sign); status != http.StatusSeeOther || to != letterAt {
		t.Fatalf("the adviser issues it: %d %s", status, words(page))
	}
	for name, b := range map[string]*browserOf{"the adviser": ada, "governance": gov, "staff": sta} {
		if status, _, page := b.ask(letterAt, nil); status != http.StatusOK || !strings.Contains(page, secret) {
			t.Errorf("%s reads %d %s", name, status, words(page))
		}
	}
	if status, _, page := all.ask(letterAt, nil); status == http.StatusOK || strings.Contains(page, secret) {
		t.Errorf("everybody reads it: %d", status)
	}
	o.load(nil, "{kind: settings, id: settings, public: yes, public_kinds: [test, letter]}")
	if status, _, page := all.ask(letterAt, nil); status != http.StatusOK || !strings.Contains(page, secret) || strings.Contains(page, "Change the words") {
		t.Errorf("everybody reads %d %s", status, words(page))
	}
	if status, _, page := all.ask(letterAt+".docx", nil); status != http.StatusOK || !strings.HasPrefix(page, "PK") {
		t.Errorf("everybody's Word file: %d", status)
	}
}
