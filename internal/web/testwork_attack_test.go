package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// addOver makes an account with a role over one test.
func (o *office) addOver(name string, role access.Role, test fact.ID) *desk.Account {
	o.t.Helper()
	a := o.add(name)
	grant := access.Give(o.book.Kinds(), a.ID, role, fact.Key{Kind: "test", ID: test}, fact.DayIn(now)-1)
	if _, err := o.book.Do(context.Background(), book.Owner, book.Change{Docs: []kind.Doc{grant}}); err != nil {
		o.t.Fatal(err)
	}
	return a
}

// brings sends a form with a file.
func (b *browserOf) brings(target, name string, content []byte, fields url.Values) (int, string) {
	b.t.Helper()
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	for input, values := range fields {
		for _, v := range values {
			err = errors.Join(err, form.WriteField(input, v))
		}
	}
	if err = errors.Join(err, form.Close()); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", target, &out).WithContext(request("GET", "/").Context())
	r.Host = "127.0.0.1:8340"
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Cookie", b.cookie)
	w := b.do(r)
	b.remember(w)
	return w.StatusCode, body(w)
}

const atFirst = "/assurance/tests-of-assurance/first"

// underReview is a test on which an adviser has worked by the pages: its adviser, and what they wrote by its address.
func underReview(t *testing.T) (o *office, ada *browserOf, written map[string]string) {
	t.Helper()
	o = staffed(t)
	o.load(nil, `
{kind: test, id: first, title: First test, tests: merge, framework: local-test-of-assurance-2013, started_on: 2026-11-01, access_until: 2026-12-31}
---
{kind: test, id: second, title: Second test, framework: local-test-of-assurance-2013, started_on: 2026-11-01}
`)
	o.addOver("Ada", access.Adviser, "first")
	o.addOver("Bob", access.Adviser, "second")
	o.add("Stan", access.Staff)
	o.add("Gwen", access.Governance)
	o.add("Pat", access.Proposer)
	o.add("Adam", access.Administrator)
	return o, o.browser().signIn("ada"), map[string]string{}
}

func (b *browserOf) works() {
	b.t.Helper()
	if status, page := b.brings(atFirst+"/evidence/new", "canary.txt", []byte("Canary bytes"), url.Values{"once": {"evidenceevidence"}, "title": {"Canary evidence"}, "method": {"document"}, "excerpt": {"Canary excerpt"}, "themes": {"governance"}}); status != http.StatusSeeOther {
		b.t.Fatalf("evidence: %d %s", status, words(page))
	}
	for at, form := range map[string]url.Values{
		"/interviews/new":      {"once": {"interviewinterview"[:16]}, "title": {"Canary chair"}, "people": {"Canary person"}, "questions": {"Canary question"}, "held_on.day": {"23"}, "held_on.month": {"11"}, "held_on.year": {"2026"}},
		"/findings/new":        {"once": {"findingfindingfi"}, "text": {"Canary finding"}, "title": {"Canary title"}, "theme": {"governance"}, "polarity": {"risk"}, "about": {"Head of Service"}, "evidence": {"E1"}},
		"/progress/governance": {"state": {"completed"}},
	} {
		if status, _, page := b.ask(atFirst+at, form); status != http.StatusSeeOther {
			b.t.Fatalf("%s: %d %s", at, status, words(page))
		}
	}
}

var (
	workPages = []string{"", ".json", "/scope", "/evidence", "/evidence.csv", "/evidence?use=none", "/evidence/e-evidenceevidence", "/evidence/new", "/evidence/many", "/evidence-template", "/files/e-evidenceevidence", "/interviews", "/interviews.ics", "/interviews.csv", "/interviews/i-interviewintervi", "/themes", "/themes/governance", "/findings", "/findings.csv", "/findings/f-findingfindingfi", "/findings/new", "/history", "/history.csv", "/history.json", "/map", "/summary"}
	elsewhere = []string{"/", "/needs", "/assurance", "/assurance/records", "/assurance/tests-of-assurance.json", "/assurance/findings", "/assurance/evidence.csv", "/assurance/interviews-and-meetings", "/assurance/findings/f-findingfindingfi", "/assurance/evidence/e-evidenceevidence", "/search?q=canary", "/suggest?q=canary", "/structure/posts/head", "/structure/posts/head.json", "/entries", "/assurance/check", "/records"}
)

// A file that is kept while another answer is put right is for whoever sent it, in that test: nobody else records it, or learns that it is here, by its fingerprint.
func TestAFileThatIsKeptIsItsSendersAlone(t *testing.T) {
	o, ada, _ := underReview(t)
	o.addOver("Eve", access.Adviser, "first")
	content := []byte("Canary bytes")
	if status, page := ada.brings(atFirst+"/evidence/new", "canary.txt", content, url.Values{"method": {"document"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "File kept: canary.txt, 12 bytes") {
		t.Fatalf("%d %s", status, words(page))
	}
	stolen := url.Values{"title": {"Stolen"}, "method": {"document"}, "kept": {desk.Fingerprint(content)}, "kept_name": {"canary.txt"}}
	for who, at := range map[string]string{"eve": atFirst, "bob": "/assurance/tests-of-assurance/second"} {
		if status, _, page := o.browser().signIn(who).ask(at+"/evidence/new", stolen); status != http.StatusUnprocessableEntity || !strings.Contains(page, "is not here any more, or was not sent by you") {
			t.Errorf("%s: %d %s", who, status, words(page))
		}
	}
	if status, _, page := ada.ask(atFirst+"/evidence/new", stolen); status != http.StatusSeeOther {
		t.Errorf("its sender: %d %s", status, words(page))
	}
}

// foot is where a page says how many entries the record has, which everybody who reads it may know: checkpoints say so.
var foot = regexp.MustCompile(`(?s)Help and legal statements.*|\(entry \d+\)|Entries \d+ Newest Entry \d+(, recorded [^S]*)? |"known":(\d+|\{.*?\})|reference number \S+|With which proposal.*?Show`)

// Before the report nobody but its adviser reads or writes anything of the work on a test, or learns that there is any: not by an address, a file, a search, a count or the first page.
func TestWorkIsTheAdvisersAlone(t *testing.T) {
	o, ada, _ := underReview(t)
	others := []string{"bob", "stan", "gwen", "pat", "adam"}
	browsers, before := map[string]*browserOf{}, map[string]string{}
	public := o.browser()
	for _, who := range others {
		browsers[who] = o.browser().signIn(who)
		for _, at := range elsewhere {
			_, _, before[who+at] = browsers[who].ask(at, nil)
		}
		_, _, before[who] = browsers[who].ask(atFirst, nil)
	}
	ada.works()
	for _, at := range workPages {
		if status, _, page := ada.ask(atFirst+at, nil); status != http.StatusOK {
			t.Errorf("the adviser at %s: %d %s", at, status, words(page))
		}
	}
	if _, _, page := ada.ask(atFirst+"/files/e-evidenceevidence", nil); page != "Canary bytes" {
		t.Errorf("the file: %q", page)
	}
	for at, form := range map[string]url.Values{
		"/evidence/e-evidenceevidence": {"title": {"Canary evidence"}, "method": {"document"}, "reference": {"E1"}, "excerpt": {"Canary words"}, "themes": {"governance"}}, "/findings/f-findingfindingfi": {"text": {"Canary finding, changed"}, "title": {"Canary title"}, "theme": {"governance"}, "polarity": {"gap"}, "evidence": {"e-evidenceevidence"}},
		"/interviews/i-interviewintervi": {"title": {"Canary chair"}, "people": {"Canary person and another"}},
	} {
		if status, _, page := ada.ask(atFirst+at, form); status != http.StatusSeeOther {
			t.Errorf("the adviser changes %s: %d %s", at, status, words(page))
		}
	}
	known := o.book.Known()
	for who, b := range browsers {
		for _, at := range workPages {
			status, _, page := b.ask(atFirst+at, nil)
			if status >= 500 || strings.Contains(page, "Canary") || strings.Contains(page, "evidenceevidence\"") && at != "/evidence/e-evidenceevidence" && at != "/files/e-evidenceevidence" {
				t.Errorf("%s reads %s: %d %s", who, at, status, words(page))
			}
			if at != "" && at != ".json" && !strings.HasPrefix(at, "/history") && at != "/map" && at != "/summary" && status != http.StatusForbidden {
				t.Errorf("%s at %s: %d", who, at, status)
			}
		}
		for _, at := range elsewhere {
			_, _, page := b.ask(at, nil)
			if at != "/entries" && foot.ReplaceAllString(words(page), "") != foot.ReplaceAllString(words(before[who+at]), "") || strings.Contains(page, "Canary") && !strings.Contains(at, "canary") {
				t.Errorf("%s learns of it at %s:\n%s\n%s", who, at, foot.ReplaceAllString(words(before[who+at]), ""), foot.ReplaceAllString(words(page), ""))
			}
		}
		if _, _, page := b.ask(atFirst, nil); foot.ReplaceAllString(words(page), "") != foot.ReplaceAllString(words(before[who]), "") || strings.Contains(page, "assessed") {
			t.Errorf("%s learns of it on the page of the test: %s", who, words(page))
		}
		for at, form := range map[string]url.Values{
			"/evidence/new": {"title": {"Mine"}, "method": {"document"}}, "/evidence/e-evidenceevidence": {"title": {"Mine"}, "method": {"document"}}, "/findings/new": {"text": {"Mine"}, "polarity": {"risk"}},
			"/findings/f-findingfindingfi": {"text": {"Mine"}, "polarity": {"risk"}}, "/interviews/new": {"title": {"Mine"}}, "/interviews/i-interviewintervi": {"title": {"Mine"}}, "/progress/governance": {"state": {"in-progress"}}, "/take-back/f-findingfindingfi": {"kind": {"finding"}, "why": {"Mine"}},
		} {
			if status, _, page := b.ask(atFirst+at, form); status != http.StatusForbidden || strings.Contains(page, "Canary") {
				t.Errorf("%s writes to %s: %d %s", who, at, status, words(page))
			}
		}
		if status, page := b.brings(atFirst+"/evidence/new", "a.txt", []byte("Mine"), url.Values{"title": {"Mine"}, "method": {"document"}}); status != http.StatusForbidden {
			t.Errorf("%s brings a file: %d %s", who, status, words(page))
		}
	}
	for _, at := range append(workPages, "/files/e-evidenceevidence") {
		if status, _, page := public.ask(atFirst+at, nil); status == http.StatusOK && at != "" || strings.Contains(page, "Canary") {
			t.Errorf("whoever is not signed in reads %s: %d", at, status)
		}
	}
	// what is of one test is not reached by the address of another
	bob := browsers["bob"]
	for _, at := range []string{"/evidence/e-evidenceevidence", "/files/e-evidenceevidence", "/findings/f-findingfindingfi", "/interviews/i-interviewintervi"} {
		if status, _, page := bob.ask("/assurance/tests-of-assurance/second"+at, nil); status != http.StatusNotFound || strings.Contains(page, "Canary") {
			t.Errorf("by another test %s: %d %s", at, status, words(page))
		}
	}
	if o.book.Known() != known {
		t.Errorf("%d entries were recorded", o.book.Known()-known)
	}
	files, err := o.desk.KeptFiles(t.Context())
	if err != nil || len(files) != 1 {
		t.Errorf("%d files are kept, %v", len(files), err)
	}
	// once it is reported it is read
	o.load(nil, "{kind: test, id: first, title: First test, tests: merge, framework: local-test-of-assurance-2013, started_on: 2026-11-01, access_until: 2026-12-31, reported_on: 2026-11-20}")
	for _, at := range []string{"/findings", "/evidence/e-evidenceevidence", "/files/e-evidenceevidence", "/themes/governance"} {
		if status, _, page := browsers["stan"].ask(atFirst+at, nil); status != http.StatusOK || !strings.Contains(page, "Canary") {
			t.Errorf("after the report, %s: %d %s", at, status, words(page))
		}
	}
}

// After the last day of their access the adviser writes nothing more, and reads what they wrote.
func TestAdviserAfterTheEnd(t *testing.T) {
	o, ada, _ := underReview(t)
	ada.works()
	o.at = o.at.Add(60 * 24 * time.Hour)
	ada.cookie = ""
	ada.signIn("ada")
	known := o.book.Known()
	for at, form := range map[string]url.Values{
		"/evidence/new": {"title": {"Late"}, "method": {"document"}}, "/findings/f-findingfindingfi": {"text": {"Late"}, "polarity": {"risk"}}, "/interviews/new": {"title": {"Late"}}, "/progress/capacity": {"state": {"completed"}}, "/take-back/f-findingfindingfi": {"kind": {"finding"}, "why": {"Late"}},
	} {
		if status, _, page := ada.ask(atFirst+at, form); status != http.StatusForbidden {
			t.Errorf("%s: %d %s", at, status, words(page))
		} else if !strings.Contains(page, "access to it ended after 31 December 2026") {
			t.Errorf("the adviser is not told why: %s", words(page))
		}
	}
	if status, page := ada.brings(atFirst+"/evidence/new", "a.txt", []byte("Late"), url.Values{"title": {"Late"}, "method": {"document"}}); status != http.StatusForbidden {
		t.Errorf("a file: %d %s", status, words(page))
	}
	for _, at := range []string{"/findings", "/evidence/e-evidenceevidence", "/interviews", "/themes/governance", "/files/e-evidenceevidence"} {
		status, _, page := ada.ask(atFirst+at, nil)
		if status != http.StatusOK || !strings.Contains(page, "Canary") || strings.Contains(page, `method="post" action="/assurance`) {
			t.Errorf("%s: %d %s", at, status, words(page))
		}
	}
	if o.book.Known() != known {
		t.Errorf("%d entries were recorded", o.book.Known()-known)
	}
}

// What is sent with a file is taken or refused in words, whatever it is.
func TestHostileEvidence(t *testing.T) {
	o, ada, _ := underReview(t)
	form := url.Values{"title": {"Notes"}, "method": {"document"}}
	for _, c := range []struct {
		name, content string
		status        int
	}{
		{"../../etc/passwd", "text", http.StatusSeeOther}, {"a\"b\r\nSet-Cookie: x=y.txt", "text 2", http.StatusSeeOther}, {strings.Repeat("long", 200) + ".txt", "text 3", http.StatusSeeOther}, {"\u202etxt.exe", "text 4", http.StatusSeeOther},
		{"a.pdf", "<html><script>alert(1)</script>", http.StatusUnprocessableEntity}, {"a.txt", "\x00\x01", http.StatusUnprocessableEntity}, {"a.docx", "PK\x03\x04 none", http.StatusUnprocessableEntity}, {"a.txt", "", http.StatusUnprocessableEntity},
		{"large.txt", strings.Repeat("a", desk.MaxKept+1), http.StatusUnprocessableEntity},
	} {
		if status, page := ada.brings(atFirst+"/evidence/new", c.name, []byte(c.content), form); status != c.status {
			t.Errorf("%.40q: %d %s", c.name, status, words(page))
		}
	}
	for _, r := range o.book.View(fact.DayIn(now), -1).All("evidence") {
		r := request("GET", atFirst+"/files/"+string(r.Key().ID))
		r.Header.Set("Cookie", ada.cookie)
		w := o.do(r)
		if d := w.Header.Get("Content-Disposition"); w.StatusCode != http.StatusOK || !strings.HasPrefix(d, "attachment") || strings.ContainsAny(d, "\r\n/") || w.Header.Get("Set-Cookie") == "x=y.txt" || !regexp.MustCompile(`\.(txt|csv|md|eml)"?$`).MatchString(d) {
			t.Errorf("%d %q", w.StatusCode, d)
		}
	}
	if status, page := ada.brings(atFirst+"/evidence/new", "", nil, url.Values{"title": {"Without"}, "method": {"interview"}}); status != http.StatusSeeOther {
		t.Errorf("no file selected: %d %s", status, words(page))
	}
	if status, page := ada.brings(atFirst+"/evidence/new", "a.txt", []byte("x"), url.Values{"title": {strings.Repeat("a", 2<<20)}}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("too much typed: %d %s", status, words(page))
	}
	if status, _ := ada.brings(atFirst+"/findings/new", "a.txt", []byte("x"), url.Values{"text": {"a"}, "polarity": {"risk"}}); status < 400 {
		t.Errorf("a file where none is taken: %d", status)
	}
}

// A file that is one thing and looks like another is taken as neither, or handed out so that no browser opens it: to be saved, as what it was found to be, under a name that cannot lie about where it goes and what it is.
func TestFilesThatLie(t *testing.T) {
	o, ada, _ := underReview(t)
	program := o.token(o.addOver("Eve", access.Adviser, "first"), true)
	const script = "<script>alert(document.domain)</script>"
	for i, c := range []struct {
		name, content, is string // is what it is handed out as; empty: it is refused
	}{
		{"a.pdf", "%PDF-1.7\n" + script, "application/pdf"},
		{"a.html", "%PDF-1.7\n<html>" + script, "application/pdf"},
		{"a.png", "\x89PNG\r\n\x1a\n" + script, "image/png"},
		{"a.svg", "\xff\xd8\xff<svg onload=alert(1)>", "image/jpeg"},
		{"a.html", "\u200b" + script, "text/plain; charset=utf-8"},
		{"a.csv", "=cmd|' /C calc'!A0", "text/plain; charset=utf-8"},
		{"a.txt", "caf\xe9", "text/plain"},
		{"a.pdf", script, ""}, {"a.png", "<svg xmlns='http://www.w3.org/2000/svg'>" + script + "</svg>", ""}, {"a.txt", "\ufeff \n<!-- --><html>", ""},
		{"a.pdf", "MZ\x90\x00", ""}, {"a.txt", "#!/bin/sh\n", ""}, {"a.pdf", "%!PS-Adobe\x00", ""}, {"a.docx", "PK\x05\x06" + strings.Repeat("\x00", 18), ""}, {"a.gif", "GIF89a\x01\x00", ""},
	} {
		id := strings.Repeat("x", 15) + string(rune('a'+i))
		status, page := ada.brings(atFirst+"/evidence/new", c.name, []byte(c.content), url.Values{"once": {id}, "title": {"What was typed"}, "method": {"document"}})
		if c.is == "" {
			if status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="What was typed"`) || !strings.Contains(page, "The selected file must be") {
				t.Errorf("%q: %d %s", c.content, status, words(page))
			}
			continue
		}
		if status != http.StatusSeeOther {
			t.Errorf("%q: %d %s", c.content, status, words(page))
			continue
		}
		r := request("GET", atFirst+"/files/e-"+id)
		r.Header.Set("Cookie", ada.cookie)
		w := o.do(r)
		h := w.Header
		if got := body(w); got != c.content || h.Get("Content-Type") != c.is || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; ") || h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasSuffix(h.Get("Content-Security-Policy"), "; sandbox") {
			t.Errorf("%q: %q %v", c.content, got, h)
		}
	}
	// a name that came by a program is made harmless as it is handed out
	if r, page := program.ask("POST", "/load", `{kind: evidence, id: e-xxxxxxxxxxxxxxxa, test: first, title: T, method: document, file: `+desk.Fingerprint([]byte("%PDF-1.7\n"+script))+`, file_name: "../..\\`+strings.Repeat("a", 300)+`fdp.exe"}`, "Idempotency-Key", "name"); r.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", r.StatusCode, page)
	}
	r := request("GET", atFirst+"/files/e-xxxxxxxxxxxxxxxa")
	r.Header.Set("Cookie", ada.cookie)
	if d := o.do(r).Header.Get("Content-Disposition"); !strings.HasSuffix(d, ".pdf") || len(d) > 200 || strings.ContainsAny(d, "/\\%\r\n") {
		t.Errorf("%q", d)
	}
}

// Where there is no room the file is refused in words, and what was typed is there again; what arrives cut off is not kept.
func TestFilesThatFindNoRoom(t *testing.T) {
	o, ada, _ := underReview(t)
	o.desk.MaxFiles = 100
	for i := range 20 {
		status, page := ada.brings(atFirst+"/evidence/new", "a.txt", fmt.Appendf(nil, "%020d", i), url.Values{"title": {"What was typed"}, "method": {"document"}})
		if want := i < 5; (status == http.StatusSeeOther) != want || !want && (status != http.StatusUnprocessableEntity || !strings.Contains(page, "There is no room for more files.") || !strings.Contains(page, `value="What was typed"`)) {
			t.Errorf("file %d: %d %s", i, status, words(page))
		}
	}
	o.desk.MaxFiles = 0
	for _, cut := range []int{1, 100, 300, 10_000} { // bytes that do not come
		var out bytes.Buffer
		form := multipart.NewWriter(&out)
		part, err := form.CreateFormFile("file", "a.txt")
		if err == nil {
			_, err = part.Write(bytes.Repeat([]byte("half "), 4000))
		}
		if err = errors.Join(err, form.WriteField("title", "Half"), form.WriteField("method", "document"), form.Close()); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", atFirst+"/evidence/new", iotest.DataErrReader(io.MultiReader(bytes.NewReader(out.Bytes()[:out.Len()-cut]), iotest.ErrReader(io.ErrUnexpectedEOF)))).WithContext(request("GET", "/").Context())
		r.Host = "127.0.0.1:8340"
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Cookie", ada.cookie)
		known := o.book.Known()
		if w := o.do(r); w.StatusCode != http.StatusBadRequest || !strings.Contains(body(w), "Go back and send it again.") || o.book.Known() != known {
			t.Errorf("cut off %d bytes before its end: %d", cut, w.StatusCode)
		}
	}
	if files, err := o.desk.KeptFiles(t.Context()); err != nil || len(files) != 5 {
		t.Errorf("%d files are kept, %v", len(files), err)
	}
}

// Evidence that is sent after its sender was signed out is kept without its file while they sign in.
func TestEvidenceSentTooLate(t *testing.T) {
	o, ada, _ := underReview(t)
	o.at = o.at.Add(13 * time.Hour)
	if status, page := ada.brings(atFirst+"/evidence/new", "a.txt", []byte("Late"), url.Values{"title": {"Canary in time"}, "method": {"document"}}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, words(page))
	}
	status, to, page := ada.ask("/sign-in", url.Values{"email": {"ada@example.com"}, "password": {goodPassword}, "to": {"/account/kept"}})
	if status != http.StatusSeeOther || to != "/account/kept" {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	if _, _, page := ada.ask(to, nil); !strings.Contains(page, "Canary in time") {
		t.Errorf("what was typed is lost: %s", words(page))
	}
}
