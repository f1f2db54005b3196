package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

// A copy holds no byte of what is withheld, in none of its forms, says on which ground that is, and proves the rest.
func TestCopyForARequest(t *testing.T) {
	s, _ := quilled(t)
	if _, page := s.get("/structure/people/zyra-quillfeather"); !strings.Contains(page, "/entries/12/give") {
		t.Error("the page of the record leads to no copy")
	}
	s.visit("/entries/8").want("Copy for a request for information")
	v := s.visit("/entries/8/give")
	v.want("Zyra Quillfeather", "Withhold: section 40(2), personal data of somebody else", "What is in every copy, and cannot be withheld")
	if strings.Count(v.page, `<option value="foi-40-2" selected`) != 4 {
		t.Errorf("what is personal is offered as withheld %d times", strings.Count(v.page, `<option value="foi-40-2" selected`))
	}
	const at = "/entries/8/give"
	all := url.Values{"withhold-name": {"foi-40-2"}, "withhold-id": {"foi-40-2"}, "withhold-note": {"12a-1"}, "withhold-qualifications": {"foi-41"}}
	for as, want := range map[string]string{"proof": "bundle/2", "page": "Withheld: Freedom of Information Act 2000 section 40(2) (personal data of somebody else)", "csv": "Local Government Act 1972 Schedule 12A paragraph 1"} {
		all.Set("as", as)
		r := s.post(at, all)
		b := body(r)
		if r.StatusCode != http.StatusOK || !strings.Contains(b, want) || holdsBird([]byte(b)) || strings.Contains(strings.ToLower(b), "zyra") || strings.Contains(b, "diploma") {
			t.Errorf("%s: %d %s", as, r.StatusCode, b)
		}
		if !strings.HasPrefix(r.Header.Get("Content-Disposition"), `attachment; filename="entry-8-copy.`) {
			t.Errorf("%s: %s", as, r.Header.Get("Content-Disposition"))
		}
		if as == "proof" {
			rep, err := ledger.VerifyBundle([]byte(b), "")
			if bundle, _ := ledger.ReadBundle([]byte(b)); err != nil || rep.Size != s.book.Known() || len(bundle.Withheld()) != 4 || !slices.Contains(bundle.Withheld(), ledger.Withheld{Field: "note", Ground: "12a-1"}) {
				t.Errorf("%+v, %v", rep, err)
			}
		}
	}
	all.Set("withhold-qualifications", "")
	all.Set("as", "page")
	if b := body(s.post(at, all)); !strings.Contains(b, "Quillfeather diploma") || strings.Contains(b, "Zyra") {
		t.Errorf("what is given is not there, or what is not is: %s", b)
	}
	// Nothing is given of what was not asked about, or on a ground that is none.
	for name, value := range map[string]string{"withhold-name": "", "withhold-note": "because"} {
		form := url.Values{}
		for k, x := range all {
			form[k] = x
		}
		form.Set(name, value)
		if value == "" {
			form.Del(name)
		}
		r := s.post(at, form)
		if b := body(r); r.StatusCode != http.StatusUnprocessableEntity || r.Header.Get("Content-Disposition") != "" || !strings.Contains(words(b), "choose") {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	all.Set("as", "word")
	if r := s.post(at, all); r.StatusCode != http.StatusBadRequest {
		t.Errorf("a form that there is not: %d", r.StatusCode)
	}
	for _, no := range []string{"/entries/0/give", "/entries/999/give", "/entries/08/give", "/entries/x/give"} {
		if status, _ := s.get(no); status != http.StatusNotFound {
			t.Errorf("%s: %d", no, status)
		}
	}
}

// A copy gives by default nothing that names somebody; of what is restricted nothing is decided before somebody does; and what cannot be withheld is said, the proposal too.
func TestCopyByDefault(t *testing.T) {
	s := begin(t, t.TempDir())
	t.Cleanup(func() { s.desk.Close(); s.book.Close() })
	s.load(nil, smallCouncil)
	give := func(doc string) (at, page string) {
		t.Helper()
		s.load(nil, doc)
		at = fmt.Sprintf("/entries/%d/give", s.book.Known())
		status, page := s.get(at)
		if status != http.StatusOK {
			t.Fatalf("%s: %d", doc, status)
		}
		return at, page
	}
	chosen := func(page, field string) string {
		t.Helper()
		_, rest, ok := strings.Cut(page, `name="withhold-`+field+`"`)
		box, _, _ := strings.Cut(rest, "</select>")
		if !ok {
			t.Fatalf("there is no box of %s: %s", field, words(page))
		}
		if m := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(box); m != nil {
			return m[1]
		}
		return ""
	}
	give("{kind: person, id: zyra, name: Zyra Quillfeather}")
	_, page := give("{kind: appointment, id: a, person: zyra, post: head, basis: permanent, from: 2020-01-01}")
	if got := chosen(page, "person"); got != "foi-40-2" {
		t.Errorf("who is appointed: %s", got)
	}
	if got := chosen(page, "post"); got != "" {
		t.Errorf("the post: %s", got)
	}
	if _, page = give("{kind: action, id: a, title: A, about: [person/zyra]}"); chosen(page, "about") != "foi-40-2" {
		t.Error("whom an action is about is given")
	}
	if _, page = give("{kind: action, id: b, title: A, about: [post/head]}"); chosen(page, "about") == "foi-40-2" {
		t.Error("the post that an action is about is withheld")
	}
	at, page := give("{kind: post, id: closed, title: Closed, unit: people, visibility: restricted, exempt: '1', decided: the monitoring officer}")
	form := url.Values{"as": {"proof"}}
	for _, m := range regexp.MustCompile(`name="(withhold-[^"]*)"`).FindAllStringSubmatch(page, -1) {
		got := chosen(page, strings.TrimPrefix(m[1], "withhold-"))
		if got != "undecided" {
			t.Errorf("restricted, %s: %s", m[1], got)
		}
		form.Set(m[1], got)
	}
	r := s.post(at, form)
	if b := body(r); r.StatusCode != http.StatusUnprocessableEntity || r.Header.Get("Content-Disposition") != "" || !strings.Contains(words(b), "Title: choose whether to give it") {
		t.Errorf("nothing was decided, and it was given: %d %s", r.StatusCode, words(b))
	}
	for name := range form {
		if name != "as" {
			form.Set(name, "")
		}
	}
	if r := s.post(at, form); r.StatusCode != http.StatusOK {
		t.Errorf("what was decided to be given: %d", r.StatusCode)
	}
	s.load(nil, "{kind: proposal, id: the-merger, title: The merger, status: draft}")
	at, page = give("{kind: post, id: x, proposal: the-merger, title: X, unit: people}")
	_, always, _ := strings.Cut(page, "What is in every copy")
	if !strings.Contains(always, "the-merger") || !strings.Contains(body(s.post(at, url.Values{"as": {"proof"}, "withhold-title": {"foi-41"}, "withhold-unit": {"foi-41"}})), "the-merger") {
		t.Errorf("what is in every copy does not say of which proposal it is: %s", words(always))
	}
}

// A copy is for those who see the entry whole.
func TestCopyOfWhatOneMayNotSee(t *testing.T) {
	o := staffed(t)
	o.load(nil, "{kind: person, id: zyra-quillfeather, name: Zyra Quillfeather, visibility: restricted, exempt: paragraph 1, decided: monitoring officer}")
	o.add("Sta", access.Staff)
	n := o.book.View(fact.DayIn(o.at), -1).History(fact.Key{Kind: "person", ID: "zyra-quillfeather"})[0].Position
	staff := o.browser().signIn("sta")
	at := fmt.Sprintf("/entries/%d/give", n)
	for _, form := range []url.Values{nil, {"withhold-name": {""}, "withhold-id": {""}, "as": {"proof"}}} {
		if status, _, page := staff.ask(at, form); status != http.StatusForbidden || strings.Contains(page, bird) {
			t.Errorf("%v: %d", form, status)
		}
	}
}
