package web_test

import (
	"bytes"
	"errors"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// reviewed is a council with a proposal in two versions that is to be tested.
const reviewed = `
{kind: council, id: council, name: Testham, type: london-borough, governance: leader-and-cabinet}
---
{kind: organisation, id: lga, name: Local Government Association, type: other}
---
{kind: person, id: jane, name: Jane Adviser, employer: lga}
---
{kind: unit, id: people, name: People, type: directorate}
---
{kind: post, id: chief, title: Chief Executive}
---
{kind: post, id: head, title: Head of Service, unit: people, reports_to: chief}
---
{kind: board, id: review, name: Safeguarding review meeting, type: safeguarding-review}
---
{kind: proposal, id: one, title: One directorate, status: consultation}
---
{kind: version, id: v1, of: one, number: 1, made_on: 2026-11-01}
---
{kind: version, id: v2, of: one, number: 2, made_on: 2026-11-10}
`

const newTest = "/assurance/tests-of-assurance/new"

// commissioned sets up a test by the form, and gives its address.
func commissioned(t testing.TB, s *site) string {
	t.Helper()
	v := s.visit(newTest)
	v.answer("/new", "commissioned_by", "Chief Executive", "assessor", "Jane Adviser", "assessor_organisation", "Local Government Association", "test_of", "proposal", "tested", "one/v1", "framework", "local-test-of-assurance-2013",
		"purpose", "Is it safe?", "started_on.day", "1", "started_on.month", "11", "started_on.year", "2026", "access_until.day", "30", "access_until.month", "6", "access_until.year", "2027")
	return v.at
}

func TestCommission(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	v := s.visit(newTest)
	v.want("Commission a test of assurance", "One directorate, version 2, made 10 November 2026")
	if status := v.send("/new"); status != http.StatusUnprocessableEntity {
		t.Errorf("an empty form: %d", status)
	}
	v.want("Enter an answer for “Asked for by”", "Select what is tested")
	at := commissioned(t, s)
	v = s.visit(at)
	v.want("This test is about the proposal One directorate version 1, made 1 November 2026. Version 2 exists: its changes", "0 of 7 themes assessed. 0 of 3 criteria judged. No pieces of evidence.", "Governance and accountabilityNot yet started", "On record from 1 November 2026", "Test of assurance: One directorate")
}

// the adviser's work on a test: evidence with a file, an interview that becomes evidence, findings and how far each theme is.
func TestWorkOnATest(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)

	v := s.visit(at + "/evidence")
	v.want("No evidence yet. Ask the council for documents.")
	v.open(v.link("Add evidence"))
	file := []byte("Minutes of the quarterly meeting, <b>2 March</b>")
	v.attach("/new", "minutes.csv", file, "title", "Review meeting notes", "method", "document", "received_on.day", "2", "received_on.month", "11", "received_on.year", "2026", "supplied_by", "Chief Executive", "themes", "governance")
	v.want("E1 Review meeting notes is recorded", "Add evidence")
	v.answer("/new", "title", "Interview with the leader", "method", "interview", "themes", "leadership", "reference", "")
	v.want("E2 Interview with the leader is recorded")
	if status := v.send("/new", "title", "Copy", "method", "data", "reference", "E2"); status != http.StatusUnprocessableEntity {
		t.Errorf("a reference twice: %d", status)
	}
	v.want("Another piece of evidence has the reference E2")
	v.open(at + "/evidence?use=none&theme=governance")
	v.want("1 piece of evidence, of 2 in all.", "Not used yet")
	v.open(v.link("E1 Review meeting notes"))
	v.want("minutes.csv (48 bytes)", "Minutes of the quarterly meeting, <b>2 March</b>", "Fingerprint of the file")
	r := s.do(request("GET", v.link("minutes.csv (48 bytes)")))
	if got := body(r); got != string(file) || r.Header.Get("Content-Disposition") != "attachment; filename=minutes.csv" || r.Header.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the file: %q, %v", got, r.Header)
	}
	piece := v.at
	if status := v.attachTo(piece, "page.html", []byte("<script>alert(1)</script>"), "title", "Review meeting notes", "method", "document"); status != http.StatusUnprocessableEntity {
		t.Errorf("a page as a file: %d", status)
	}
	v.want("The selected file must be a PDF")
	v.open(piece)
	v.attach(strings.TrimPrefix(piece, at), "minutes of 2 March.txt", []byte("Other minutes"), "title", "Notes of the review meetings", "method", "document", "reference", "E1", "themes", "governance")
	v.want("What you changed is recorded.", "minutes of 2 March.txt (13 bytes)")
	if len(s.fields("evidence", "supplied_by")) != 0 {
		t.Errorf("what is taken out of the form is still said: %v", s.fields("evidence", "supplied_by"))
	}

	v.open(at + "/interviews")
	v.want("No interviews planned.")
	v.open(v.link("Add an interview or meeting"))
	v.answer("/new", "title", "Independent chair", "way", "in-person", "held_on.day", "5", "held_on.month", "11", "held_on.year", "2026", "time", "10am", "status", "held", "people", "Somebody Named", "themes", "partnerships")
	v.open(at + "/interviews")
	v.want("Independent chair 5 November 2026")
	if strings.Contains(v.says(), "Somebody Named") {
		t.Error("the programme names people")
	}
	calendar := s.do(request("GET", at+"/interviews.ics"))
	if got := body(calendar); !strings.Contains(got, "SUMMARY:10am Independent chair") || strings.Contains(got, "Named") {
		t.Errorf("the calendar: %s", got)
	}
	v.open(v.link("Make it evidence"))
	v.answer("/new", "title", "Interview: Independent chair", "method", "interview", "interview", "Independent chair", "themes", "partnerships")
	v.want("E3 Interview: Independent chair is recorded")

	v.open(at + "/themes/governance")
	v.want("Theme 1 of 7", "What to look at", "letter of 5 June 2015, paragraph 9", "No findings yet.", "E1 Notes of the review meetings")
	v.open(v.link("Add a finding"))
	if !regexp.MustCompile(`id="number"[^>]* value="1"`).MatchString(v.page) {
		t.Error("no number is suggested")
	}
	if status := v.send("/new", "title", "Quarterly reviews"); status != http.StatusUnprocessableEntity {
		t.Errorf("a finding without its words: %d", status)
	}
	v.want("Enter the finding")
	v.answer("/new", "text", "Reviews take place each quarter.", "title", "Quarterly reviews", "theme", "governance", "number", "9", "polarity", "strength", "criteria", "accountability", "evidence", "E1", "about", "Head of Service", "retain", "Safeguarding review meeting")
	v.want("“9 Quarterly reviews” is recorded")
	v.answer("/new", "text", "There is no plan.", "theme", "governance", "number", "13", "polarity", "gap", "bearing", "weakens", "criteria", "accountability")
	v.open(at + "/themes/governance")
	v.want("9 Quarterly reviews", "Supports: Accountabilities and responsibilities", "Evidence: E1 Notes of the review meetings", "13 There is no plan.", "Weakens: Accountabilities", "No evidence linked yet.", "What must be kept", "Safeguarding review meeting")
	v.answer("/progress/governance", "state", "completed")
	v.want("1 of 7 themes assessed.", "3 pieces of evidence, 2 not used yet.", "Governance and accountabilityCompleted", "Ask for documentsIn progress")
	v.open(at + "/findings?use=none")
	v.want("1 finding, of 2 in all.", "13 There is no plan.")
	v.open(v.link("13 There is no plan."))
	finding := v.at
	v.answer(strings.TrimPrefix(finding, at), "text", "There is no plan yet.", "theme", "leadership", "number", "13", "polarity", "risk")
	v.want("What you changed is recorded.", "There is no plan yet.")
	if got := strings.Join(s.fields("finding", "theme"), " "); got != "governance leadership" {
		t.Errorf("themes after one is moved: %s", got)
	}
	finding, _, _ = strings.Cut(finding, "?")
	back := strings.Replace(finding, "/findings/", "/take-back/", 1)
	if status := v.send(strings.TrimPrefix(back, at)); status < 400 {
		t.Errorf("taken back without a reason: %d", status)
	}
	v.open(finding)
	v.answer(strings.TrimPrefix(back, at), "why", "It is said twice.")
	if got := s.fields("finding", "number"); len(got) != 1 {
		t.Errorf("findings after one is taken back: %v", got)
	}
	v.open(at + "/scope")
	v.answer("/progress/scope", "state", "completed")
	v.want("Agree scope and basisCompleted")
	if status := s.do(request("GET", at+"/themes/nothing")).StatusCode; status != http.StatusNotFound {
		t.Errorf("a theme that there is not: %d", status)
	}
}

// The file that came with a form in which another answer is wrong is kept until that is put right: for whoever sent it, in this test. A browser does not send it again.
func TestFileIsKeptWhileSomethingElseIsWrong(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)
	v := s.visit(at + "/evidence/new")
	content := []byte("Minutes of the quarterly meeting")
	if status := v.attachTo(v.at, "minutes.txt", content, "method", "document"); status != http.StatusUnprocessableEntity {
		t.Fatalf("without a title: %d", status)
	}
	v.want("File kept: minutes.txt, 32 bytes", "Another file in its place (optional)", "Leave out the file that is kept")
	kept := func() string {
		m := regexp.MustCompile(`name="kept" value="([^"]*)"`).FindStringSubmatch(v.page)
		if m == nil {
			t.Fatalf("no file is kept: %s", v.says())
		}
		return m[1]
	}
	first := kept()
	if status := v.attachTo(v.at, "page.html", []byte("<script>"), "title", "Minutes", "method", "document", "kept", first, "kept_name", "minutes.txt"); status != http.StatusUnprocessableEntity {
		t.Fatalf("a page as another: %d", status)
	}
	v.want("The selected file must be a PDF", "File kept: minutes.txt, 32 bytes")
	if status := v.attachTo(v.at, "other.txt", []byte("Other minutes"), "method", "document", "kept", first, "kept_name", "minutes.txt"); status != http.StatusUnprocessableEntity || kept() == first {
		t.Fatalf("another in its place: %d", status)
	}
	v.want("File kept: other.txt, 13 bytes")
	if status := v.send("/new", "method", "document"); status != http.StatusUnprocessableEntity {
		t.Fatal(status)
	}
	v.want("File kept: other.txt, 13 bytes")
	v.answer("/new", "title", "Minutes", "method", "document")
	v.want("E1 Minutes is recorded")
	v.open(at + "/evidence")
	v.open(v.link("E1 Minutes"))
	v.want("other.txt (13 bytes)", "Other minutes")

	piece := v.at
	if status := v.attachTo(piece, "third.txt", []byte("Third minutes!"), "method", "document"); status != http.StatusUnprocessableEntity {
		t.Fatal(status)
	}
	v.want("File kept: third.txt, 14 bytes")
	v.answer(strings.TrimPrefix(piece, at), "title", "Minutes", "method", "document", "reference", "E1", "without", "yes")
	v.want("other.txt (13 bytes)")

	for _, forged := range []string{strings.Repeat("0", 64), "x", desk.Fingerprint([]byte("Other"))} {
		v = s.visit(at + "/evidence/new")
		if status := v.send("/new", "title", "Forged", "method", "document", "kept", forged, "kept_name", "minutes.txt"); status != http.StatusUnprocessableEntity {
			t.Errorf("a forged fingerprint %s: %d", forged, status)
		}
		v.want("The file that was kept for this form is not here any more, or was not sent by you. Select the file again")
	}
}

// What is sent twice is recorded once, and what somebody else changed meanwhile is not written over: what was typed is kept.
func TestWorkSentTwice(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)
	form := url.Values{"once": {"abcdefghijklmnop"}, "text": {"One"}, "polarity": {"risk"}}
	for range 2 {
		if r := s.post(at+"/findings/new", form); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", r.StatusCode, body(r))
		}
	}
	if got := s.fields("finding", "text"); len(got) != 1 {
		t.Errorf("findings: %v", got)
	}
	v := s.visit(at + "/findings/f-abcdefghijklmnop")
	if r := s.post(v.at, url.Values{"text": {"Two"}, "polarity": {"risk"}}); r.StatusCode != http.StatusSeeOther {
		t.Fatal(body(r))
	}
	if status := v.send("/findings/f-abcdefghijklmnop", "text", "Three", "polarity", "risk"); status != http.StatusConflict {
		t.Errorf("over what was changed meanwhile: %d", status)
	}
	v.want("Somebody changed this meanwhile")
	if !strings.Contains(v.page, ">Three</textarea>") {
		t.Error("what was typed is lost")
	}
	v.answer("/findings/f-abcdefghijklmnop", "text", "Three", "polarity", "risk")
	if got := s.fields("finding", "text"); len(got) != 1 || got[0] != "Three" {
		t.Errorf("findings: %v", got)
	}
}

// fields gives what all records of a kind say in a field.
func (s *site) fields(kind fact.KindName, field string) (out []string) {
	for _, r := range s.book.View(fact.DayIn(now), -1).All(kind) {
		if x := r.Show(field); x != "" {
			out = append(out, x)
		}
		if x := r.Text(field); x != "" {
			out[len(out)-1] = x
		}
	}
	slices.Sort(out)
	return out
}

// attach sends a form of the page with a file, which must be taken.
func (v *visit) attach(action, name string, content []byte, pairs ...string) {
	v.t.Helper()
	m := regexp.MustCompile(`<form method="post" action="([^"]*` + regexp.QuoteMeta(action) + `[^"]*)" enctype="multipart/form-data"`).FindStringSubmatch(v.page)
	if m == nil {
		v.t.Fatalf("%s takes no file at …%s", v.at, action)
	}
	if status := v.attachTo(html.UnescapeString(m[1]), name, content, pairs...); status != http.StatusSeeOther {
		v.t.Fatalf("%s: status %d\n%s", v.at, status, v.says())
	}
}

func (v *visit) attachTo(target, name string, content []byte, pairs ...string) int {
	v.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	for i := 0; i < len(pairs) && err == nil; i += 2 {
		err = form.WriteField(pairs[i], pairs[i+1])
	}
	if err = errors.Join(err, form.Close()); err != nil {
		v.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", target, &b)
	r.Host = "127.0.0.1:8340"
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := v.do(r.WithContext(request("GET", "/").Context()))
	v.at = target
	if w.StatusCode == http.StatusSeeOther {
		v.open(w.Header.Get("Location"))
		return http.StatusSeeOther
	}
	v.page = body(w)
	return w.StatusCode
}

// worked is a test on which an adviser has done some of the work.
func (s *site) worked(at string) {
	s.t.Helper()
	v := s.visit(at + "/evidence/new")
	v.attach("/new", "minutes.csv", []byte("Item,Who\n1,Leader\n2,Chief Executive\n"), "once", "evidenceevidence", "title", "Minutes of the safeguarding review meetings of the year", "method", "document", "dated.day", "2", "dated.month", "3", "dated.year", "2026", "supplied_by", "Chief Executive", "themes", "governance", "excerpt", "Item 2: the chairs of both boards ask what has become of the audit.")
	for _, x := range []struct {
		at    string
		pairs []string
	}{
		{"/evidence/new", []string{"title", "Performance figures of the year", "method", "data", "themes", "performance"}},
		{"/interviews/new", []string{"once", "interviewintervi", "title", "Independent chair of the safeguarding board", "way", "in-person", "held_on.day", "5", "held_on.month", "11", "held_on.year", "2026", "time", "10am to 11am", "status", "held", "people", "Somebody", "themes", "partnerships", "questions", "Was the board asked?"}},
		{"/interviews/new", []string{"title", "Focus group of social workers", "way", "group"}},
		{"/findings/new", []string{"once", "findingfindingfi", "text", "Quarterly meetings review safeguarding, and both chairs challenge there.\nThey have to be kept.", "title", "Safeguarding is reviewed each quarter", "theme", "governance", "number", "9", "polarity", "strength", "criteria", "accountability", "evidence", "E1", "retain", "Safeguarding review meeting", "about", "Head of Service"}},
		{"/findings/new", []string{"text", "There is no plan for putting the change into effect.", "theme", "governance", "number", "13", "polarity", "gap", "criteria", "statutory-duties"}},
		{"/progress/governance", []string{"state", "completed"}},
		{"/progress/scope", []string{"state", "completed"}},
	} {
		form := url.Values{}
		for i := 0; i < len(x.pairs); i += 2 {
			form.Add(x.pairs[i], x.pairs[i+1])
		}
		if r := s.post(at+x.at, form); r.StatusCode != http.StatusSeeOther {
			s.t.Fatalf("%s: %d %s", x.at, r.StatusCode, body(r))
		}
	}
}

// Whoever set the test up is warned of what is against the adviser's independence, and kept from nothing.
func TestIndependenceOfTheAdviser(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)
	if v := s.visit(at); strings.Contains(v.says(), "This keeps nobody from anything.") {
		t.Errorf("a warning of nothing: %s", v.says())
	}
	s.load(nil, "{kind: test, id: earlier, title: Earlier test, assessor: jane, started_on: 2025-01-01, reported_on: 2025-03-01}\n---\n{kind: appointment, id: a, person: jane, post: head, basis: interim, from: 2026-01-01}")
	s.visit(at).want("Jane Adviser carried out an earlier test, too: Earlier test.", "Jane Adviser holds a post of this council: Head of Service.", "This keeps nobody from anything.")
}

// When a piece of evidence is removed for good, so is its file, unless another piece names it.
func TestRemovedEvidenceTakesItsFile(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)
	for _, id := range []string{"evidenceevidence", "otherotherothero"} {
		v := s.visit(at + "/evidence/new")
		v.attach("/new", "notes.txt", []byte("Notes with a name in them"), "once", id, "title", "Notes", "method", "document")
	}
	for i, id := range []string{"e-evidenceevidence", "e-otherotherothero"} {
		v := s.visit("/removals/of/evidence/" + id)
		var pairs []string
		for _, box := range regexp.MustCompile(`<input[^>]*type="checkbox"[^>]*>`).FindAllString(v.page, -1) {
			name, value := regexp.MustCompile(` name="([^"]*)"`).FindStringSubmatch(box), regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(box)
			if name != nil && value != nil {
				pairs = append(pairs, html.UnescapeString(name[1]), html.UnescapeString(value[1]))
			}
		}
		v.answer("/removals/of/evidence/"+id, append(pairs, "ground", "objected", "why", "case 1", "asked", "person")...)
		v.answer(strings.TrimPrefix(v.at, "/removals"))
		v.want("It is removed")
		if files, err := s.desk.KeptFiles(t.Context()); err != nil || len(files) != 1-i {
			t.Errorf("after %d of two pieces is removed: %d files, %v", i+1, len(files), err)
		}
	}
}

// 150 pieces of evidence are entered one after the other, each with a reference of its own, and found again.
func TestManyPiecesOfEvidence(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)
	const many = 150
	for i := range many {
		form := url.Values{"title": {"Piece " + strconv.Itoa(i+1)}, "method": {"document"}, "themes": {"governance"}}
		if r := s.post(at+"/evidence/new", form); r.StatusCode != http.StatusSeeOther || !strings.HasSuffix(r.Header.Get("Location"), "added=E"+strconv.Itoa(i+1)) {
			t.Fatalf("%d: %d %s", i+1, r.StatusCode, r.Header.Get("Location"))
		}
	}
	v := s.visit(at + "/evidence")
	v.want("150 pieces of evidence.", "E100 Piece 100", "Page 1 of 2")
	if strings.Contains(v.says(), "E101 ") {
		t.Error("more than a page is shown")
	}
	s.visit(at+"/evidence?page=2").want("E101 Piece 101", "E150 Piece 150")
	v = s.visit(at + "/findings/new?theme=governance")
	if n := strings.Count(v.page, `name="evidence"`); n != many {
		t.Errorf("%d pieces are offered for a finding", n)
	}
	s.light(at, at+"/evidence", at+"/themes/governance", at+"/findings/new")
}

// Pieces that are brought at the same time have different references.
func TestReferencesAtTheSameTime(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)
	const many = 20
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			if r := s.post(at+"/evidence/new", url.Values{"title": {"Piece"}, "method": {"data"}}); r.StatusCode != http.StatusSeeOther {
				t.Errorf("%d %s", r.StatusCode, body(r))
			}
		})
	}
	all.Wait()
	given := s.fields("evidence", "reference")
	if got := len(slices.Compact(slices.Clone(given))); got != many {
		t.Errorf("%d pieces have %d references: %v", many, got, given)
	}
}
