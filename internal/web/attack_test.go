package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/web"
)

// What is written here attacks the pages as somebody would who has an account, or an address that others follow. What each route needs is in
// allowed_test.go, sessions and cookies in signin_test.go, hostile files in import_test.go, hostile texts of the record in web_test.go.

// renames begins a change of a post's title and answers all its questions, and gives the address of the draft.
func (b *browserOf) renames(post, title string) string {
	b.t.Helper()
	_, at, page := b.ask("/structure/posts/"+post+"/change", url.Values{"~verb": {"change"}})
	draft, _, ok := strings.Cut(strings.TrimPrefix(at, "/drafts/"), "/")
	if !ok {
		b.t.Fatalf("no draft: %q %s", at, words(page))
	}
	draft = "/drafts/" + draft
	for _, x := range []struct {
		step string
		form url.Values
	}{{"what", url.Values{"~fields": {"title"}}}, {"field-title", url.Values{"title": {title}}}, {"when", url.Values{"on.day": {"1"}, "on.month": {"6"}, "on.year": {"2020"}}}, {"source", url.Values{}}} {
		if status, _, page := b.ask(draft+"/"+x.step, x.form); status != http.StatusSeeOther {
			b.t.Fatalf("%s: %d %s", x.step, status, words(page))
		}
	}
	return draft
}

var versionShown = regexp.MustCompile(`name="~version" value="(\d+)"`)

// records sends the last look of a draft.
func (b *browserOf) records(draft string) {
	b.t.Helper()
	_, _, page := b.ask(draft+"/check", nil)
	m := versionShown.FindStringSubmatch(page)
	if m == nil {
		b.t.Fatalf("%s has no last look: %s", draft, words(page))
	}
	if status, _, page := b.ask(draft+"/check", url.Values{"~version": m[1:]}); status != http.StatusSeeOther {
		b.t.Fatalf("%s: %d %s", draft, status, words(page))
	}
}

// What one person has begun, uploaded, started or recorded is nothing that another can see, go on with, stop or undo, though they may do the same work.
func TestWhatBelongsToAnother(t *testing.T) {
	o := staffed(t)
	a := o.add("Ann", access.Governance)
	o.add("Bob", access.Governance)
	ann, bob := o.browser().signIn("ann"), o.browser().signIn("bob")

	draft := ann.renames("head", "Of Ann")
	upload := httptest.NewRequest("POST", "/structure/import", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"posts.csv\"\r\n\r\nTitle\nOf Ann\n\r\n--x--\r\n"))
	upload.Host = "127.0.0.1:8340"
	upload.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	upload.Header.Set("Cookie", ann.cookie)
	up := o.do(upload.WithContext(request("GET", "/").Context()))
	file := up.Header.Get("Location")
	if up.StatusCode != http.StatusSeeOther || !strings.HasPrefix(file, "/structure/import/") {
		t.Fatalf("upload: %d %q", up.StatusCode, file)
	}
	ends := make(chan struct{})
	job, err := o.desk.Start(t.Context(), a.ID, "Work of Ann", func(ctx context.Context, _ *desk.Progress) (string, error) {
		select {
		case <-ends:
		case <-ctx.Done():
		}
		return "/structure", ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	work := "/jobs/" + job.ID

	before := o.book.Known()
	for _, c := range []struct {
		target string
		form   url.Values
	}{
		{draft, nil}, {draft + "/what", nil}, {draft + "/check", nil}, {draft + "/field-title", url.Values{"title": {"Of Bob"}}}, {draft + "/check", url.Values{"~version": {"5"}}},
		{draft + "/conflict", url.Values{}}, {draft + "/discard", url.Values{}},
		{file, nil}, {file + "/columns", nil}, {file + "/check", nil}, {file + "/fix.csv", nil}, {file + "/from", url.Values{"from.year": {"2015"}}}, {file + "/check", url.Values{}}, {file + "/discard", url.Values{}},
		{work, nil}, {work + ".json", nil}, {work + "/stop", url.Values{}},
	} {
		status, to, page := bob.ask(c.target, c.form)
		if c.form == nil && status == http.StatusSeeOther { // to its first question
			status, _, page = bob.ask(to, nil)
		}
		if status != http.StatusNotFound || strings.Contains(page, "Of Ann") {
			t.Errorf("%s (sent: %t): %d %s", c.target, c.form != nil, status, words(page))
		}
	}
	for _, target := range []string{"/account", "/"} {
		if _, _, page := bob.ask(target, nil); strings.Contains(page, "posts.csv") || strings.Contains(page, "Work of Ann") || strings.Contains(page, draft) {
			t.Errorf("%s shows what another has begun", target)
		}
	}
	if j, err := o.desk.Job(t.Context(), job.ID, a.ID); err != nil || j.State != desk.Running {
		t.Errorf("the work of another was stopped: %v %v", j.State, err)
	}
	close(ends)
	if drafts, err := o.desk.Drafts(t.Context(), a.ID); err != nil || len(drafts) != 2 || o.book.Known() != before {
		t.Errorf("%d drafts are left, want 2: %v", len(drafts), err)
	}

	ann.records(draft)
	hers := o.book.Known()
	bob.records(bob.renames("chief", "Of Bob"))
	his := o.book.Known()
	for _, entries := range []string{
		fmt.Sprintf("%d-%d", before+1, hers), // hers
		fmt.Sprintf("%d-%d", before+1, his),  // hers with his at the end
		fmt.Sprintf("1-%d", his),             // all there is
	} {
		if status, _, page := bob.ask("/undo/"+entries, url.Values{}); status != http.StatusForbidden {
			t.Errorf("undo %s: %d %s", entries, status, words(page))
		}
		if _, _, page := bob.ask("/?done="+entries, nil); strings.Contains(page, "/undo/"+entries) {
			t.Errorf("%s: he is offered to undo it", entries)
		}
	}
	if o.book.Known() != his {
		t.Errorf("something was recorded: %d entries, want %d", o.book.Known(), his)
	}
	if status, _, page := bob.ask(fmt.Sprintf("/undo/%d-%d", hers+1, his), url.Values{}); status != http.StatusSeeOther {
		t.Errorf("his own: %d %s\n%s", status, words(page), o.log)
	}
}

// Fields that no form has do nothing: nobody becomes somebody else, gets a role, or records what they were not asked.
func TestFieldsThatNoFormHas(t *testing.T) {
	o := staffed(t)
	ann := o.add("Ann", access.Administrator)
	b := o.browser().signIn("ann")
	more := func(form url.Values) url.Values {
		for _, name := range []string{"id", "ID", "account", "owner", "Owner", "who", "holder", "epoch", "Epoch", "closed", "subject", "Subject", "lastIn", "made", "kind", "~kind", "proposal", "~proposal", "recorded", "known", "on", "grant", "~owner", "~draft", "~version", "roles", "Password"} {
			if !form.Has(name) {
				form[name] = []string{"administrator", string(ann.ID)}
			}
		}
		return form
	}
	status, _, page := b.ask("/admin/people/new", more(url.Values{"name": {"Bob"}, "email": {"bob@example.com"}, "role": {"staff", "administrator"}, "password": {goodPassword}, "new-password": {goodPassword}}))
	invitation := regexp.MustCompile(`/invitation/[A-Z0-9]+`).FindString(page)
	if status != http.StatusOK || invitation == "" {
		t.Fatalf("%d %s", status, words(page))
	}
	var bob *desk.Account
	all, err := o.desk.Accounts(t.Context())
	for _, x := range all {
		if x.Name == "Bob" {
			bob = x
		}
	}
	if err != nil || len(all) != 2 || bob == nil || bob.ID == ann.ID || bob.Password != "" || bob.Subject != "" || bob.Closed || bob.Epoch != 0 || bob.Ends != 0 {
		t.Fatalf("the account: %+v %v", bob, err)
	}
	if p := o.book.Who(bob.ID); len(p.Held) != 1 || p.Held[0].Role != access.Staff {
		t.Errorf("he is %v", p.Held)
	}
	x := o.browser()
	if status, _, page := x.ask(invitation, more(url.Values{"new-password": {goodPassword}, "email": {"ann@example.com"}, "name": {"Ann"}, "role": {"administrator"}})); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, words(page))
	}
	if status, _, page := x.ask("/account/password", more(url.Values{"password": {goodPassword}, "new-password": {"another long secret phrase"}, "email": {"ann@example.com"}})); status/100 != 3 && status != http.StatusOK {
		t.Errorf("%d %s", status, words(page))
	}
	o.browser().signIn("ann") // her password is what it was
	if after, err := o.desk.Account(t.Context(), bob.ID); err != nil || after.Name != "Bob" || after.Email != "bob@example.com" || o.book.Who(bob.ID).May(access.Administer) {
		t.Errorf("afterwards: %+v %v", after, err)
	}
	if status, _, _ := x.ask("/admin/people/"+string(bob.ID)+"/grant", more(url.Values{"role": {"administrator"}})); status != http.StatusForbidden {
		t.Errorf("he gives himself a role: %d", status)
	}
	if log := o.log.String(); !strings.Contains(log, "msg=refused security=true") || !strings.Contains(log, "account="+string(bob.ID)) {
		t.Errorf("that he was refused is not in the log:\n%s", log)
	}

	gov := o.add("Gov", access.Governance)
	g := o.browser().signIn("gov")
	before := o.book.Known()
	status, at, page := g.ask("/structure/posts/new", more(url.Values{"title": {"Extra"}, "reports_to": {"chief"}, "role": {"administrator"}, "source": {"forged"}}))
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, words(page))
	}
	draft := at[:strings.LastIndex(at, "/")]
	g.ask(draft+"/check", more(url.Values{})) // without the version of what was shown
	if o.book.Known() != before {
		t.Error("a draft was recorded that was not looked at")
	}
	_, _, page = g.ask(draft+"/check", nil)
	if m := versionShown.FindStringSubmatch(page); m != nil {
		if status, _, page := g.ask(draft+"/check", more(url.Values{"~version": m[1:]})); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, words(page))
		}
	}
	if o.book.Known() != before+1 {
		t.Fatalf("%d entries, want 1: %s", o.book.Known()-before, words(page))
	}
	if key, v, _ := o.book.Entry(before + 1); key.Kind != "post" || v.Who != gov.ID || v.Proposal != "" || v.Op != fact.Assert || !v.Recorded.Equal(o.at) {
		t.Errorf("what was recorded: %v %+v", key, v)
	}
}

// A form that another site sends in somebody's name is refused at every route, before it is looked at.
func TestFormsOfAnotherSite(t *testing.T) {
	o := staffed(t)
	ann := o.add("Ann", access.Administrator, access.Governance)
	b := o.browser().signIn("ann")
	before, accounts := o.book.Known(), 1
	filled := strings.NewReplacer("{secret}", "welcome-secret", "{id}", "head", "{part}", "change", "{account}", "x", "{do}", "close", "{draft}", "x", "{step}", "check", "{entries}", fmt.Sprintf("%d-%d", before, before), "{job}", "x")
	n := 0
	patterns, _, _ := web.New(o.config).Requirements()
	for _, p := range patterns {
		method, path, _ := strings.Cut(p, " ")
		if method != "POST" {
			continue
		}
		n++
		for _, from := range []map[string]string{
			{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:8341"},
			{"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"}, {"Sec-Fetch-Site": "cross-site", "X-HTTP-Method-Override": "GET"},
		} {
			form := url.Values{"email": {"ann@example.com"}, "password": {goodPassword}, "new-password": {goodPassword}, "name": {"X"}, "role": {"administrator"}, "title": {"Evil"}, "~verb": {"change"}}
			r := httptest.NewRequest("POST", filled.Replace(path), strings.NewReader(form.Encode()))
			r.Host = "127.0.0.1:8340"
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Cookie", b.cookie)
			for name, value := range from {
				r.Header.Set(name, value)
			}
			if w := o.do(r.WithContext(request("GET", "/").Context())); w.StatusCode != http.StatusForbidden || len(w.Cookies()) > 0 {
				t.Errorf("%s from %v: %d", p, from, w.StatusCode)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d routes take forms", n)
	}
	if all, err := o.desk.Accounts(t.Context()); err != nil || len(all) != accounts || o.book.Known() != before {
		t.Errorf("%d accounts, %d entries more: %v", len(all), o.book.Known()-before, err)
	}
	if log := o.log.String(); strings.Count(log, "form of another site refused") < n || strings.Contains(log, "example.com") {
		t.Errorf("the log:\n%.2000s", log)
	}
	if drafts, err := o.desk.Drafts(t.Context(), ann.ID); err != nil || len(drafts) > 0 {
		t.Errorf("%d drafts: %v", len(drafts), err)
	}
	if status, _, _ := b.ask("/account", nil); status != http.StatusOK {
		t.Errorf("she was signed out: %d", status)
	}
}

// hostile are values as somebody would put them into an address.
var hostile = []string{
	`"><script>alert(7)</script>`, `'-alert(7)-'`, "javascript:alert(7)", "../../../../etc/passwd", `..\..\..\windows\win.ini`, "....//....//etc/passwd", "/etc/passwd", "file:///etc/passwd", "head\x00.csv", "%2e%2e%2fetc%2fpasswd",
	"\r\nSet-Cookie: x=y", "' OR '1'='1", "1; DROP TABLE runs", "{{.}}", "${7*7}", "\u202etxt.exe", strings.Repeat("A", 5000), "-1", "9223372036854775808", "2020-99-99", "*", "(((((", "\xff\xfe", "con", ".", "..",
}

// Whatever stands in a part of an address or in a parameter: an answer that can be read, nothing of the computer's files, no script, no header.
func TestHostileAddresses(t *testing.T) {
	o := staffed(t)
	evil := o.add("Ann", access.Administrator, access.Governance)
	b := o.browser().signIn("ann")
	if _, err := o.desk.ChangeAccount(t.Context(), evil.ID, func(a *desk.Account) error { a.Name = hostile[0]; return nil }); err != nil {
		t.Fatal(err)
	}
	asked := 0
	judge := func(target string) {
		t.Helper()
		asked++
		r := request("GET", "/")
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.RequestURI = u, target
		r.Header.Set("Cookie", b.cookie)
		w := o.do(r)
		page := body(w)
		short := target
		if len(short) > 150 {
			short = short[:150] + "…"
		}
		switch {
		case w.StatusCode >= 500:
			t.Errorf("%s: %d\n%s", short, w.StatusCode, o.log)
			o.log.Reset()
		case w.Header.Get("Set-Cookie") != "" && strings.Contains(w.Header.Get("Set-Cookie"), "x=y"):
			t.Errorf("%s sets a cookie", short)
		case strings.Contains(page, "root:x:0") || strings.Contains(page, "<script>alert(7)") || strings.Contains(page, `href="javascript:`):
			t.Errorf("%s: %s", short, page)
		}
		if to := w.Header.Get("Location"); to != "" {
			if l, err := url.Parse(to); err != nil || l.Host != "" || l.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
				t.Errorf("%s leads to %q", short, to)
			}
		}
		if strings.HasPrefix(w.Header.Get("Content-Type"), "text/html") && page != "" && w.StatusCode/100 != 3 {
			if _, faults := read(page); len(faults) > 0 {
				t.Errorf("%s: %v", short, faults)
			}
		}
	}
	names := map[string]bool{"on": true, "known": true, "proposal": true, "done": true, "to": true, "page": true, "sort": true, "field": true, "from": true}
	inputs := regexp.MustCompile(`<(?:input|select|textarea)[^>]* name="([^"]*)"`)
	sound := strings.NewReplacer("{$}", "", "{secret}", "x", "{account}", string(evil.ID), "{role}", "head-of-paid-service", "{file}", "posts.csv", "{entries}", "1-1", "{entry}", "1", "{draft}", "x", "{step}", "what", "{rule}", "GP-01", "{job}", "x", "{part}", "history", "{id}", "head", "{kind}", "post")
	var targets []string
	part := regexp.MustCompile(`\{[a-z]+\}`)
	kinds := 0
	patterns, _, _ := web.New(o.config).Requirements()
	for _, p := range patterns {
		method, path, _ := strings.Cut(p, " ")
		if method != "GET" || strings.Contains(path, ".css") || strings.Contains(path, ".js") || strings.Contains(path, ".svg") {
			continue
		}
		if !requirementIsOfKind(path) || kinds < 12 || strings.Contains(path, "/posts") || strings.Contains(path, "/grants") { // those of kinds are alike
			targets = append(targets, path)
		}
		if requirementIsOfKind(path) {
			kinds++
		}
	}
	for _, path := range targets {
		_, _, page := b.ask(sound.Replace(path), nil)
		for _, m := range inputs.FindAllStringSubmatch(page, -1) {
			names[html.UnescapeString(m[1])] = true
		}
	}
	for i, path := range targets {
		for n, value := range hostile { // each in the parts of the address
			if part.MatchString(path) {
				judge(part.ReplaceAllLiteralString(path, url.PathEscape(value)))
				continue
			}
			if n > 0 && (n+i)%5 != 0 { // and some of them in all parameters
				continue
			}
			q := url.Values{}
			for name := range names {
				q.Set(name, value)
			}
			judge(sound.Replace(path) + "?" + q.Encode())
			for _, look := range []string{"on", "known", "proposal"} {
				q.Del(look)
			}
			judge(sound.Replace(path) + "?" + q.Encode())
		}
	}
	if asked < 1000 || len(names) < 20 {
		t.Errorf("only %d addresses were asked, with %d parameters", asked, len(names))
	}
	t.Logf("%d addresses, %d parameters", asked, len(names))
}

// requirementIsOfKind says whether an address is that of a kind of record.
func requirementIsOfKind(path string) bool {
	kinds, _ := law()
	for _, k := range kinds.All {
		if strings.HasPrefix(path, k.Path()) {
			return true
		}
	}
	return false
}

// No file that a page gives runs a formula in the spreadsheet of whoever opens it, whatever a record is called.
func TestNoFileRunsAFormula(t *testing.T) {
	s := empty(t)
	for i, evil := range []string{`=HYPERLINK("http://evil.example","x")`, "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(1+1)", "＝1+1", "\t=1+1"} {
		q := strconv.Quote(evil)
		s.load(nil, strings.ReplaceAll(strings.ReplaceAll(`
{kind: unit, id: unitN, name: EVIL, purpose: EVIL}
---
{kind: post, id: postN, title: EVIL, unit: unitN, grade: EVIL, capacity: officer, note: EVIL}
---
{kind: person, id: personN, name: EVIL}
---
{kind: appointment, id: appN, person: personN, post: postN, basis: interim, source: EVIL}
---
{kind: function, id: functionN, name: EVIL, domain: EDU, unit: unitN, managed_by: postN, source: EVIL}
`, "N,", strconv.Itoa(i)+","), "EVIL", q))
	}
	number := regexp.MustCompile(`^[+-]?[0-9][0-9,.]*$`)
	files := 0
	for _, target := range []string{
		"/structure.csv", "/structure/posts.csv", "/structure/posts.xlsx", "/structure/units.csv", "/structure/units.xlsx", "/people.csv", "/structure/people.csv", "/structure/people.xlsx", "/structure/appointments.csv", "/structure/appointments.xlsx",
		"/structure/functions.csv", "/structure/functions.xlsx", "/structure/who-answers.csv", "/structure/download/posts.csv", "/structure/download/everything.xlsx", "/structure/download/transparency.csv", "/structure/download/who-answers.csv",
		"/structure/import/filled.xlsx", "/structure/import/filled/post.csv", "/entries.csv", "/structure/posts/post0/history.csv", "/structure/timeline.xlsx", "/structure/compare.csv?from=2001-01-01&to=2026-01-01",
	} {
		r := s.do(request("GET", target))
		if r.StatusCode == http.StatusNotFound {
			continue // not every page is a file
		}
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", target, r.StatusCode)
			continue
		}
		files++
		if got := r.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
			t.Errorf("%s: it is shown and not kept: %q", target, got)
		}
		content := body(r)
		if path, _, _ := strings.Cut(target, "?"); strings.HasSuffix(path, ".xlsx") {
			noFormulas(t, target, []byte(content))
			continue
		}
		rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(content, "\ufeff")))
		rows.FieldsPerRecord = -1
		all, err := rows.ReadAll()
		if err != nil {
			t.Errorf("%s: %v", target, err)
		}
		for _, cell := range strings.Split(strings.Join(flat(all), "\x00"), "\x00") {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") && !number.MatchString(cell) || strings.HasPrefix(cell, "＝") {
				t.Errorf("%s: a cell is %q", target, cell)
			}
		}
	}
	if files < 15 {
		t.Errorf("only %d files were looked at", files)
	}
}

func flat(rows [][]string) (out []string) {
	for _, r := range rows {
		out = append(out, r...)
	}
	return out
}

func noFormulas(t *testing.T, target string, content []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Errorf("%s: %v", target, err)
		return
	}
	sheets := 0
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/sheet") {
			continue
		}
		sheets++
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if r.Close(); err != nil || bytes.Contains(b, []byte("<f>")) || bytes.Contains(b, []byte("<f ")) {
			t.Errorf("%s, %s: there is a formula, or it cannot be read: %v", target, f.Name, err)
		}
	}
	if sheets == 0 {
		t.Errorf("%s has no sheet", target)
	}
}
