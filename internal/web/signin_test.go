package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

// office is a site at which people sign in, with a clock that the test moves.
type office struct {
	*site
	at     time.Time
	config web.Config
}

const goodPassword = "correct horse battery staple"

// staffed is a site with a small record and nobody in it yet.
func staffed(t testing.TB, change ...func(*web.Config)) *office {
	t.Helper()
	o := unstaffed(t, change...)
	o.load(nil, smallCouncil)
	return o
}

// unstaffed is a site with nothing on record and nobody in it.
func unstaffed(t testing.TB, change ...func(*web.Config)) *office {
	t.Helper()
	s := empty(t)
	// The library of the sessions reads the clock of the world, so the test begins there.
	o := &office{site: s, at: time.Now().UTC().Truncate(time.Second)}
	s.passed.Store(int64(o.at.Sub(now))) // what is recorded is recorded then, too
	s.desk.Close()
	drawer, err := store.OpenDesk(store.DeskPath(filepath.Join(t.TempDir(), "record.db")))
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return o.at }
	if s.desk, err = desk.Open(t.Context(), drawer, desk.Config{Now: clock, Holds: s.book.Holds, Names: s.book.Files}); err != nil {
		t.Fatal(err)
	}
	_, pack := law()
	o.config = web.Config{Book: s.book, Desk: s.desk, Pack: pack, Now: clock, Log: slog.New(slog.NewTextHandler(s.log, nil)), Welcome: "welcome-secret", Rates: web.Rates{Read: 1e6, Write: 1e6, Files: 1e6}}
	for _, f := range change {
		f(&o.config)
	}
	s.handler = web.New(o.config).Handler()
	return o
}

const smallCouncil = `
{kind: council, name: Exampleshire, type: unitary, governance: leader-and-cabinet, id: council}
---
{kind: unit, id: people, name: People, type: directorate}
---
{kind: post, id: chief, title: Chief Executive}
---
{kind: post, id: head, title: Head of Service, unit: people, reports_to: chief}
---
{kind: proposal, id: merge, title: Merge}
---
{kind: test, id: first, title: First test, tests: merge}
---
{kind: board, id: cabinet, name: Cabinet, type: cabinet}
`

// add makes an account with a password and a role.
func (o *office) add(name string, roles ...access.Role) *desk.Account {
	o.t.Helper()
	a, err := o.desk.NewAccount(o.t.Context(), desk.Account{Name: name, Email: strings.ToLower(name) + "@example.com"})
	if err != nil {
		o.t.Fatal(err)
	}
	if a, err = o.desk.SetPassword(o.t.Context(), a.ID, goodPassword); err != nil {
		o.t.Fatal(err)
	}
	for _, r := range roles {
		o.grant(a.ID, r, fact.Key{})
	}
	return a
}

// grant gives somebody a role over something, or over the whole council.
func (o *office) grant(who fact.Who, role access.Role, over fact.Key) {
	o.t.Helper()
	if _, err := o.book.Do(context.Background(), book.Owner, book.Change{Docs: []kind.Doc{access.Give(o.book.Kinds(), who, role, over, fact.DayIn(now)-1)}}); err != nil {
		o.t.Fatal(err)
	}
}

// browser keeps the cookie of somebody.
type browserOf struct {
	*office
	cookie string
	agent  string // what it says of itself
}

func (o *office) browser() *browserOf { return &browserOf{office: o} }

// ask makes a request; form nil is a GET.
func (b *browserOf) ask(target string, form url.Values) (status int, location, page string) {
	b.t.Helper()
	r := request("GET", target)
	if form != nil {
		r = httptest.NewRequest("POST", target, strings.NewReader(form.Encode())).WithContext(r.Context())
		r.Host = "127.0.0.1:8340"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.config.URL != nil {
		r.Host = b.config.URL.Host
	}
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	if b.agent != "" {
		r.Header.Set("User-Agent", b.agent)
	}
	w := b.do(r)
	b.remember(w)
	return w.StatusCode, w.Header.Get("Location"), body(w)
}

// remember keeps the cookies of an answer.
func (b *browserOf) remember(w *http.Response) {
	for _, c := range w.Cookies() {
		var others []string
		for x := range strings.SplitSeq(b.cookie, "; ") {
			if x != "" && !strings.HasPrefix(x, c.Name+"=") {
				others = append(others, x)
			}
		}
		if c.MaxAge >= 0 {
			others = append(others, c.Name+"="+c.Value)
		}
		b.cookie = strings.Join(others, "; ")
	}
}

func (b *browserOf) signIn(name string) *browserOf {
	b.t.Helper()
	status, to, page := b.ask("/sign-in", url.Values{"email": {name + "@example.com"}, "password": {goodPassword}})
	if status != http.StatusSeeOther || to != "/" {
		b.t.Fatalf("%s cannot sign in: %d %s\n%s", name, status, to, words(page))
	}
	return b
}

func TestSignIn(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Governance)
	b := o.browser()
	status, to, _ := b.ask("/structure?on=2020-01-01", nil)
	if status != http.StatusSeeOther || to != "/sign-in?to=%2Fstructure%3Fon%3D2020-01-01" {
		t.Errorf("not signed in: %d %s", status, to)
	}
	_, _, page := b.ask(to, nil)
	if strings.Contains(page, "Head of Service") || strings.Contains(page, `action="/search"`) || !strings.Contains(page, `type="password"`) {
		t.Errorf("the page to sign in:\n%s", page)
	}
	for _, c := range []url.Values{
		{"email": {"ann@example.com"}, "password": {"wrong"}}, {"email": {"nobody@example.com"}, "password": {goodPassword}}, {"email": {""}, "password": {""}},
		{"email": {"ann@example.com"}}, {"email": {"ann@example.com"}, "password": {strings.Repeat("x", 100_000)}},
	} {
		status, _, page := b.ask("/sign-in", c)
		if status != http.StatusUnprocessableEntity || !strings.Contains(words(page), "The email address or the password is not right") || strings.Contains(page, goodPassword) {
			t.Errorf("%v: %d %s", c.Get("email"), status, words(page))
		}
		if c.Get("email") != "" && !strings.Contains(page, `value="`+c.Get("email")+`"`) {
			t.Errorf("what was typed is lost: %s", page)
		}
		if b.cookie != "" {
			if status, _, _ := b.ask("/structure", nil); status != http.StatusSeeOther {
				t.Errorf("a session without a sign-in: %d", status)
			}
		}
	}
	status, to, _ = b.ask("/sign-in", url.Values{"email": {" ANN@example.com "}, "password": {goodPassword}, "to": {"/structure?on=2020-01-01"}})
	if status != http.StatusSeeOther || to != "/structure?on=2020-01-01" {
		t.Errorf("signed in: %d %s", status, to)
	}
	if status, _, page := b.ask("/structure", nil); status != http.StatusOK || !strings.Contains(words(page), "Head of Service") || !strings.Contains(words(page), "Ann") {
		t.Errorf("%d\n%s", status, words(page))
	}
	if status, to, _ := b.ask("/sign-out", url.Values{}); status != http.StatusSeeOther || to != "/sign-in" {
		t.Errorf("sign out: %d %s", status, to)
	}
	if status, _, _ := b.ask("/structure", nil); status != http.StatusSeeOther {
		t.Errorf("after signing out: %d", status)
	}
	if log := o.log.String(); !strings.Contains(log, "signed in") || !strings.Contains(log, "sign-in failed") || strings.Contains(log, "example.com") || strings.Contains(log, goodPassword) {
		t.Errorf("the log:\n%s", log)
	}
}

// Nobody is led anywhere else by an address that they were sent.
func TestWhereSignInLeads(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Staff)
	for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "evil", "/%0d%0aSet-Cookie:x=y"} {
		_, at, _ := o.browser().ask("/sign-in", url.Values{"email": {"ann@example.com"}, "password": {goodPassword}, "to": {to}})
		if u, err := url.Parse(at); err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "//") || strings.ContainsAny(at, "\\\r\n\t") {
			t.Errorf("%q leads to %q", to, at)
		}
	}
}

// A cookie from before somebody signed in, or from before they signed out, is worth nothing; neither is an invented one.
func TestSessions(t *testing.T) {
	o := staffed(t)
	ann := o.add("Ann", access.Governance)
	b := o.browser()
	b.cookie = "plumbline=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	before := b.cookie
	b.signIn("ann")
	if b.cookie == before {
		t.Error("the session was fixed before somebody signed in")
	}
	in := func(cookie string) bool {
		x := &browserOf{office: o, cookie: cookie}
		status, _, _ := x.ask("/structure", nil)
		return status == http.StatusOK
	}
	if !in(b.cookie) || in(before) || in(b.cookie+"x") || in("") {
		t.Error("which cookies are worth something")
	}
	old := b.cookie
	b.ask("/sign-out", url.Values{})
	if in(old) {
		t.Error("the cookie outlives signing out")
	}

	for _, c := range []struct {
		name string
		end  func(*browserOf)
	}{
		{"two hours without a page", func(*browserOf) { o.at = o.at.Add(2*time.Hour + time.Minute) }},
		{"twelve hours", func(x *browserOf) {
			for range 9 {
				o.at = o.at.Add(90 * time.Minute)
				x.ask("/structure", nil)
			}
		}},
		{"another password", func(*browserOf) { o.desk.SetPassword(t.Context(), ann.ID, goodPassword) }},
		{"signed out everywhere elsewhere", func(*browserOf) { o.browser().signIn("ann").ask("/sign-out/everywhere", url.Values{}) }},
	} {
		x := o.browser().signIn("ann")
		if !in(x.cookie) {
			t.Fatal("no session")
		}
		c.end(x)
		if in(x.cookie) {
			t.Errorf("%s: the session goes on", c.name)
		}
	}
	x := o.browser().signIn("ann")
	for range 5 { // somebody who works stays
		o.at = o.at.Add(time.Hour)
		if !in(x.cookie) {
			t.Fatal("the session of somebody who works has ended")
		}
	}
	if err := o.desk.CloseAccount(t.Context(), ann.ID); err != nil || in(x.cookie) {
		t.Errorf("a closed account goes on: %v", err)
	}
}

// The cookie is for this site alone, is read by no script, and is sent over TLS alone where there is TLS.
func TestCookie(t *testing.T) {
	for _, c := range []struct{ at, want string }{
		{"", "plumbline=; Path=/; HttpOnly; SameSite=Lax"},
		{"https://plumbline.example.gov.uk", "__Host-plumbline=; Path=/; HttpOnly; Secure; SameSite=Lax"},
	} {
		o := staffed(t, func(w *web.Config) {
			if c.at != "" {
				w.URL, _ = url.Parse(c.at)
			}
		})
		o.add("Ann", access.Staff)
		r := httptest.NewRequest("POST", "/sign-in", strings.NewReader(url.Values{"email": {"ann@example.com"}, "password": {goodPassword}}.Encode())).WithContext(request("GET", "/").Context())
		r.Host, r.Header = "127.0.0.1:8340", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		if c.at != "" {
			r.Host = "plumbline.example.gov.uk"
		}
		w := o.do(r)
		got := regexp.MustCompile(`=[^;]*;`).ReplaceAllStringFunc(w.Header.Get("Set-Cookie"), func(s string) string {
			if strings.HasPrefix(s, "=/") || strings.HasPrefix(s, "=Lax") {
				return s
			}
			return "=;"
		})
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.at, got, c.want)
		}
		if c.at != "" {
			if w.Header.Get("Strict-Transport-Security") == "" {
				t.Error("no strict transport security")
			}
			r := request("GET", "/help")
			if w := o.do(r); w.StatusCode != http.StatusMisdirectedRequest {
				t.Errorf("it answers by another name: %d", w.StatusCode)
			}
		}
	}
}

func TestTooManyTries(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Staff)
	wrong := url.Values{"email": {"ann@example.com"}, "password": {"wrong password here"}}
	b := o.browser()
	for range 10 {
		if status, _, _ := b.ask("/sign-in", wrong); status != http.StatusUnprocessableEntity {
			t.Fatalf("%d", status)
		}
	}
	right := url.Values{"email": {"ann@example.com"}, "password": {goodPassword}}
	status, _, page := b.ask("/sign-in", right)
	if status != http.StatusTooManyRequests || !strings.Contains(words(page), "Wait 15 minutes") {
		t.Errorf("%d %s", status, words(page))
	}
	o.at = o.at.Add(16 * time.Minute)
	b.signIn("ann")
}

// Nobody behind a server is kept out by what somebody else behind it tries: addresses are counted only where they are known to be the visitor's.
func TestTriesBehindAServer(t *testing.T) {
	o := staffed(t, func(c *web.Config) { c.URL, _ = url.Parse("https://plumbline.example.gov.uk") })
	o.add("Ann", access.Staff)
	x := o.browser()
	for i := range 101 {
		if status, _, _ := x.ask("/sign-in", url.Values{"email": {"nobody" + itoa(int64(i)) + "@example.com"}, "password": {"wrong password here"}}); status != http.StatusUnprocessableEntity {
			t.Fatalf("%d: %d", i, status)
		}
	}
	o.browser().signIn("ann")
	for range 10 {
		x.ask("/sign-in", url.Values{"email": {"ann@example.com"}, "password": {"wrong password here"}})
	}
	if status, _, _ := x.ask("/sign-in", url.Values{"email": {"ann@example.com"}, "password": {goodPassword}}); status != http.StatusTooManyRequests {
		t.Errorf("tries of one account are not counted: %d", status)
	}
}

// Which address a request is taken to come from: only the last one in the header that was named, and only from a server on this computer.
func TestAddressOfAVisitor(t *testing.T) {
	const here, elsewhere = "127.0.0.1:999", "192.0.2.9:999"
	n := 0
	anew := func() string { n++; return "203.0.113." + itoa(int64(n)) } // another address in each request
	for _, c := range []struct {
		name, at, header, from string
		sent                   func() http.Header
		counted                bool
	}{
		{"no server", "", "", elsewhere, func() http.Header { return http.Header{"X-Forwarded-For": {anew()}} }, true},
		{"a server that is not asked", "https://plumbline.example.gov.uk", "", here, func() http.Header { return http.Header{"X-Forwarded-For": {"203.0.113.7"}} }, false},
		{"the last address", "https://plumbline.example.gov.uk", "x-forwarded-for", here, func() http.Header { return http.Header{"X-Forwarded-For": {anew() + ", 203.0.113.7"}} }, true},
		{"the last header", "https://plumbline.example.gov.uk", "X-Forwarded-For", "[::1]:999", func() http.Header { return http.Header{"X-Forwarded-For": {anew(), "203.0.113.7"}} }, true},
		{"with a port", "https://plumbline.example.gov.uk", "X-Real-IP", here, func() http.Header { n++; return http.Header{"X-Real-Ip": {"[2001:db8::7]:" + itoa(int64(1000+n))}} }, true},
		{"each visitor for themselves", "https://plumbline.example.gov.uk", "X-Forwarded-For", here, func() http.Header { return http.Header{"X-Forwarded-For": {"203.0.113.7, " + anew()}} }, false},
		{"another header", "https://plumbline.example.gov.uk", "X-Forwarded-For", here, func() http.Header { return http.Header{"X-Real-Ip": {"203.0.113.7"}} }, false},
		{"no address", "https://plumbline.example.gov.uk", "X-Forwarded-For", here, func() http.Header { return http.Header{"X-Forwarded-For": {"203.0.113.7, unknown"}} }, false},
		{"a visitor who comes directly", "https://plumbline.example.gov.uk", "X-Forwarded-For", elsewhere, func() http.Header { return http.Header{"X-Forwarded-For": {anew()}} }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := staffed(t, func(w *web.Config) {
				if c.at != "" {
					w.URL, _ = url.Parse(c.at)
				}
				w.ProxyHeader = c.header
			})
			refused := 0
			for range 101 {
				r := request("GET", "/structure.json")
				r.Host, r.RemoteAddr, r.Header = "127.0.0.1:8340", c.from, c.sent()
				if c.at != "" {
					r.Host = "plumbline.example.gov.uk"
				}
				r.Header.Set("Authorization", "Bearer plumbline_aaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAA")
				if o.do(r).StatusCode == http.StatusTooManyRequests {
					refused++
				}
			}
			if (refused == 1) != c.counted || refused > 1 {
				t.Errorf("%d of 101 are refused", refused)
			}
		})
	}
}

// The first account is made once, by whoever started the program, and everybody else's by who has it.
func TestFirstAccountAndInvitations(t *testing.T) {
	o := staffed(t)
	b := o.browser()
	if status, _, _ := b.ask("/welcome/guess", nil); status != http.StatusNotFound {
		t.Errorf("a guessed address: %d", status)
	}
	first := url.Values{"name": {"Ann Owner"}, "email": {"ann@example.com"}, "new-password": {"short"}}
	if status, _, page := b.ask("/welcome/welcome-secret", first); status != http.StatusUnprocessableEntity || !strings.Contains(page, "at least 12") || !strings.Contains(page, `value="Ann Owner"`) {
		t.Errorf("a short password: %d %s", status, words(page))
	}
	first.Set("new-password", goodPassword)
	if status, to, page := b.ask("/welcome/welcome-secret", first); status != http.StatusSeeOther || to != "/" {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	if status, _, _ := o.browser().ask("/welcome/welcome-secret", first); status != http.StatusNotFound {
		t.Errorf("it is used twice: %d", status)
	}
	status, _, page := b.ask("/admin/people/new", url.Values{"name": {"Bob"}, "email": {"bob@example.com"}, "role": {"governance"}, "over": {"People"}, "ends": {"30 June 2037"}})
	secret := regexp.MustCompile(`http://127\.0\.0\.1:8340(/invitation/[A-Z0-9]+)`).FindStringSubmatch(page)
	if status != http.StatusOK || secret == nil {
		t.Fatalf("%d %s", status, words(page))
	}
	for _, c := range []url.Values{
		{"name": {""}, "email": {"x@example.com"}, "role": {"staff"}}, {"name": {"X"}, "email": {"not an address"}, "role": {"staff"}}, {"name": {"X"}, "email": {"bob@EXAMPLE.com"}, "role": {"staff"}},
		{"name": {"X"}, "email": {"x@example.com"}, "role": {"king"}}, {"name": {"X"}, "email": {"x@example.com"}}, {"name": {"X"}, "email": {"x@example.com"}, "role": {"staff"}, "over": {"Nowhere"}},
		{"name": {"X"}, "email": {"x@example.com"}, "role": {"staff"}, "ends": {"31 February 2030"}}, {"name": {"X"}, "email": {"x@example.com"}, "role": {"staff"}, "ends": {"1 January 2020"}},
	} {
		if status, _, page := b.ask("/admin/people/new", c); status != http.StatusUnprocessableEntity || !strings.Contains(page, "There is a problem") {
			t.Errorf("%v: %d %s", c, status, words(page))
		}
	}
	if all, _ := o.desk.Accounts(t.Context()); len(all) != 2 {
		t.Errorf("%d accounts", len(all))
	}

	bob := o.browser()
	if status, _, page := bob.ask(secret[1], nil); status != http.StatusOK || !strings.Contains(page, "bob@example.com") {
		t.Errorf("the invitation: %d %s", status, words(page))
	}
	if status, _, page := bob.ask(secret[1], url.Values{"new-password": {"bob bob bob bob"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a password that is guessed: %d %s", status, words(page))
	}
	if status, to, _ := bob.ask(secret[1], url.Values{"new-password": {goodPassword}}); status != http.StatusSeeOther || to != "/" {
		t.Errorf("%d %s", status, to)
	}
	if status, _, _ := o.browser().ask(secret[1], url.Values{"new-password": {goodPassword}}); status != http.StatusNotFound {
		t.Errorf("the invitation is used twice: %d", status)
	}
	if status, _, page := bob.ask("/structure/posts/head", nil); status != http.StatusOK || !strings.Contains(page, "Record a change or correction") {
		t.Errorf("a post of his unit: %d %s", status, words(page))
	}
	if _, _, page := bob.ask("/structure/posts/chief", nil); strings.Contains(page, "Record a change or correction") {
		t.Error("he is offered to change a post of another unit")
	}
	if status, _, page := bob.ask("/admin/people", nil); status != http.StatusForbidden || !strings.Contains(words(page), "You may not keep accounts: it is for an administrator") {
		t.Errorf("the accounts: %d %s", status, words(page))
	}
	o.at = o.at.AddDate(11, 0, 0) // after his last day
	if status, _, _ := o.browser().ask("/sign-in", url.Values{"email": {"bob@example.com"}, "password": {goodPassword}}); status != http.StatusUnprocessableEntity {
		t.Errorf("after his last day: %d", status)
	}
}

// What cannot be taken back asks again who it is, once the last time is a while ago.
func TestStepUp(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Administrator)
	bob := o.add("Bob", access.Staff)
	b := o.browser().signIn("ann")
	closing := "/admin/people/" + string(bob.ID) + "/close"
	o.at = o.at.Add(16 * time.Minute)
	if status, to, _ := b.ask(closing, url.Values{}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in/again") {
		t.Fatalf("%d %s", status, to)
	}
	if status, _, _ := b.ask("/sign-in/again", url.Values{"password": {"wrong"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong password: %d", status)
	}
	if status, to, _ := b.ask("/sign-in/again", url.Values{"password": {goodPassword}, "to": {"/admin/people"}}); status != http.StatusSeeOther || to != "/admin/people" {
		t.Errorf("%d %s", status, to)
	}
	if status, _, page := b.ask(closing, url.Values{}); status != http.StatusSeeOther {
		t.Errorf("%d %s", status, words(page))
	}
	if a, err := o.desk.Account(t.Context(), bob.ID); err != nil || !a.Closed || o.book.Who(bob.ID).May(access.Read) {
		t.Errorf("he is not closed, or keeps his role: %v", err)
	}
	if status, _, _ := b.ask("/admin/people/"+string(bob.ID)+"/erase", url.Values{}); status != http.StatusSeeOther {
		t.Errorf("erase: %d", status)
	}
	if _, err := o.desk.Account(t.Context(), bob.ID); err == nil {
		t.Error("he is not erased")
	}
}

// A change of what administration keeps asks again wherever it is made, and not only where it begins: at the last look of a draft, where a conflict is settled, and where
// it is taken back.
func TestStepUpToTheEnd(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Administrator)
	b := o.browser().signIn("ann")
	_, to, _ := b.ask("/admin/settings/new", url.Values{"shown_name": {"A"}, "public": {"yes"}, "public_kinds": {"post"}})
	rest, _, ok := strings.Cut(strings.TrimPrefix(to, "/drafts/"), "/")
	if !ok {
		t.Fatalf("the draft leads to %q", to)
	}
	draft, post := "/drafts/"+rest, b.renames("head", "Renamed")
	later := func() { o.at = o.at.Add(16 * time.Minute) }
	asked := func(what, target string, form url.Values) {
		t.Helper()
		before := o.book.Known()
		if status, to, _ := b.ask(target, form); status != http.StatusSeeOther || to != "/sign-in/again?to=%2Faccount%2Fkept" || o.book.Known() != before {
			t.Errorf("%s asks nobody again: %d %s, %d entries", what, status, to, o.book.Known()-before)
		}
	}
	prove := func() string {
		t.Helper()
		b.ask("/sign-in/again", url.Values{"password": {goodPassword}, "to": {"/account/kept"}})
		_, to, _ := b.ask("/account/kept", nil)
		return to
	}
	later()
	b.records(post) // what is no administration asks nothing
	_, _, page := b.ask(draft+"/check", nil)
	m := versionShown.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no last look: %s", words(page))
	}
	asked("the last look", draft+"/check", url.Values{"~version": m[1:]})
	asked("the conflict", draft+"/conflict", url.Values{"~seen": {itoa(o.book.Known())}})
	if to := prove(); to != draft+"/check" {
		t.Errorf("whoever proved it is led to %q", to)
	}
	b.records(draft)
	if !o.book.Settings().Public {
		t.Error("who proved it cannot record it")
	}
	last := itoa(o.book.Known())
	later()
	asked("undo", "/undo/"+last+"-"+last, url.Values{})
	prove()
	if status, _, page := b.ask("/undo/"+last+"-"+last, url.Values{}); status != http.StatusSeeOther || o.book.Settings().Public {
		t.Errorf("who proved it cannot take it back: %d %s", status, words(page))
	}
}

// Whoever keeps accounts does not get into an adviser's, whatever they do with invitations and roles; of anybody else's that they get into, its owner and the other administrators
// are told.
func TestTakingOver(t *testing.T) {
	o := staffed(t)
	o.add("Adm", access.Administrator)
	o.add("Eve", access.Administrator)
	adviser, staff := o.add("Adv", access.Adviser), o.add("Sta", access.Staff)
	fresh, err := o.desk.NewAccount(t.Context(), desk.Account{Name: "New", Email: "new@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	adm := o.browser().signIn("adm")
	address := regexp.MustCompile(`/invitation/[A-Z0-9]+`)
	invite := func(a *desk.Account) string {
		t.Helper()
		_, _, page := adm.ask("/admin/people/"+string(a.ID)+"/invite", url.Values{})
		return address.FindString(page)
	}
	password := url.Values{"new-password": {"heron copper window 9"}}
	use := func(invitation string) int {
		status, _, _ := o.browser().ask(invitation, password)
		return status
	}
	person := "/admin/people/" + string(adviser.ID)
	if invite(adviser) != "" {
		t.Error("an adviser's account is invited anew")
	}
	if _, _, page := adm.ask(person, nil); strings.Contains(page, person+"/invite") || !strings.Contains(words(page), "whoever runs Plumbline makes a new invitation") {
		t.Errorf("the page of an adviser: %s", words(page))
	}
	_, _, page := adm.ask(person, nil)
	grant := regexp.MustCompile(`name="grant" value="([^"]+)"`).FindStringSubmatch(page)
	if status, _, page := adm.ask(person+"/end", url.Values{"grant": {grant[1]}}); status != http.StatusSeeOther || invite(adviser) != "" {
		t.Errorf("an adviser whose role was ended for a moment is invited anew: %d %s", status, words(page))
	}
	// An invitation from before somebody set up their account, or became an adviser.
	first, second := invite(fresh), invite(fresh)
	if use(first) != http.StatusSeeOther || use(second) != http.StatusNotFound {
		t.Error("a second invitation outlives the first")
	}
	third := invite(fresh)
	if status, _, page := adm.ask("/admin/people/"+string(fresh.ID)+"/grant", url.Values{"role": {"adviser"}}); status != http.StatusSeeOther || third == "" || use(third) != http.StatusNotFound {
		t.Errorf("an invitation outlives that somebody became an adviser: %d %s", status, words(page))
	}
	secret, err := o.desk.Invite(t.Context(), adviser.ID, book.Owner, desk.InvitationLasts)
	if err != nil || use("/invitation/"+secret) != http.StatusSeeOther {
		t.Errorf("whoever runs the program cannot let an adviser in: %v", err)
	}

	const told = "by an invitation that Adm made"
	if use(invite(staff)) != http.StatusSeeOther {
		t.Fatal("staff cannot be invited anew")
	}
	in := o.browser() // whoever used it has read it, too, and it is still said
	if status, _, _ := in.ask("/sign-in", url.Values{"email": {"sta@example.com"}, "password": password["new-password"]}); status != http.StatusSeeOther {
		t.Fatalf("%d", status)
	}
	for _, at := range []string{"/structure", "/account"} {
		if _, _, page := in.ask(at, nil); !strings.Contains(words(page), told) {
			t.Errorf("%s does not tell the owner: %s", at, words(page))
		}
	}
	if _, _, page := o.browser().signIn("eve").ask("/admin/people/"+string(staff.ID), nil); !strings.Contains(words(page), told) {
		t.Errorf("other administrators are not told: %s", words(page))
	}
	o.at = o.at.Add(20 * time.Minute)
	if _, _, page := in.ask("/structure", nil); strings.Contains(words(page), told) {
		t.Error("it is said on every page for ever")
	}
	if _, _, page := in.ask("/account", nil); !strings.Contains(words(page), told) {
		t.Error("it is not said for good")
	}
	if !strings.Contains(o.log.String(), "password changed by invitation") {
		t.Error("the log does not say it")
	}
}

// The demonstration lets anybody choose a role, and nothing else does.
func TestDemonstration(t *testing.T) {
	o := staffed(t, func(c *web.Config) { c.Demo = true })
	for _, m := range access.Roles {
		if _, err := o.desk.NewAccount(t.Context(), desk.Account{ID: web.DemoAccount(m.Role), Name: m.Label, Email: string(m.Role) + "@demonstration.invalid"}); err != nil {
			t.Fatal(err)
		}
	}
	b := o.browser()
	if _, _, page := b.ask("/sign-in", nil); !strings.Contains(page, "Independent adviser") || strings.Contains(page, `type="password"`) {
		t.Errorf("%s", words(page))
	}
	if status, to, _ := b.ask("/sign-in/as", url.Values{"role": {"adviser"}}); status != http.StatusSeeOther || to != "/" {
		t.Errorf("%d %s", status, to)
	}
	if status, _, _ := o.browser().ask("/sign-in/as", url.Values{"role": {"nobody"}}); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
	if status, _, _ := staffed(t).browser().ask("/sign-in/as", url.Values{"role": {"adviser"}}); status != http.StatusNotFound {
		t.Errorf("without a demonstration: %d", status)
	}
}
