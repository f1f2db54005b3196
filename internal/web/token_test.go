package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/web"
)

// program is what asks with a token.
type program struct {
	*office
	token string
}

// token makes a token of an account, for a week.
func (o *office) token(a *desk.Account, change bool) *program {
	o.t.Helper()
	secret, err := o.desk.NewToken(o.t.Context(), desk.Token{Owner: a.ID, Name: "a program", Change: change, Ends: fact.DayIn(o.at) + 7})
	if err != nil {
		o.t.Fatal(err)
	}
	return &program{o, secret}
}

// ask makes a request with the token, and other headers in pairs.
func (p *program) ask(method, target, sent string, headers ...string) (*http.Response, string) {
	r := httptest.NewRequest(method, target, strings.NewReader(sent)).WithContext(request("GET", "/").Context())
	r.Host = "127.0.0.1:8340"
	r.Header.Set("Authorization", "Bearer "+p.token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := p.do(r)
	return w, body(w)
}

var secretShown = regexp.MustCompile(`plumbline_[a-z0-9]{12}_[A-Z0-9]{26}`)

// Somebody makes a token in the pages, a program reads with it what they may read, and it ends when they say so, when an administrator does, and on its last day.
func TestTokens(t *testing.T) {
	o := staffed(t)
	ann, root := o.add("Ann", access.Governance), o.add("Root", access.Administrator)
	b := o.browser().signIn("ann")
	made := func(form url.Values) *program {
		t.Helper()
		status, _, page := b.ask("/account/tokens/new", form)
		secret := secretShown.FindString(page)
		if status != http.StatusOK || secret == "" {
			t.Fatalf("%d %s", status, words(page))
		}
		return &program{o, secret}
	}
	for _, bad := range []url.Values{
		{"name": {""}, "scope": {"read"}, "ends": {"30 June 2027"}}, {"name": {"Kept"}, "scope": {"all"}, "ends": {"30 June 2027"}}, {"name": {"Kept"}, "ends": {"30 June 2027"}}, {"name": {"Kept"}, "scope": {"read"}},
		{"name": {"Kept"}, "scope": {"read"}, "ends": {"31 February 2027"}}, {"name": {"Kept"}, "scope": {"read"}, "ends": {"1 January 2020"}}, {"name": {"Kept"}, "scope": {"read"}, "ends": {"1 January 2040"}}, {"name": {strings.Repeat("x", 101)}, "scope": {"read"}, "ends": {"30 June 2027"}},
	} {
		status, _, page := b.ask("/account/tokens/new", bad)
		if status != http.StatusUnprocessableEntity || bad.Get("name") != "" && !strings.Contains(page, `value="`+bad.Get("name")+`"`) || secretShown.MatchString(page) {
			t.Errorf("%v: %d %s", bad, status, words(page))
		}
	}
	week := fact.DayIn(o.at) + 7
	p := made(url.Values{"name": {"The intranet"}, "scope": {"read"}, "ends": {week.Words()}})
	if _, _, page := b.ask("/account/tokens", nil); !strings.Contains(words(page), "The intranet: reads, made on") || !strings.Contains(page, "not used yet") || strings.Contains(page, p.token) {
		t.Errorf("the list: %s", words(page))
	}
	for _, target := range []string{"/structure/posts.json", "/structure/posts.csv", "/structure/posts.xlsx", "/structure/posts/head", "/structure/posts/head.json", "/structure", "/", "/search?q=head"} {
		r, page := p.ask("GET", target, "")
		if r.StatusCode != http.StatusOK || page == "" || len(r.Cookies()) > 0 {
			t.Errorf("%s: %d, cookies %v: %.200s", target, r.StatusCode, r.Cookies(), page)
		}
	}
	if _, page := p.ask("GET", "/structure/posts.json", ""); !strings.Contains(page, "Head of Service") {
		t.Errorf("the list of posts: %s", page)
	}
	if _, _, page := b.ask("/account/tokens", nil); !strings.Contains(words(page), "last used on "+fact.DayIn(o.at).Words()) {
		t.Errorf("the list: %s", words(page))
	}

	// Nowhere but in the header.
	for _, r := range []*http.Request{
		request("GET", "/structure/posts.json?access_token="+p.token), request("GET", "/structure/posts.json?token="+p.token), request("GET", "/structure/posts.json"), request("GET", "/structure/posts.json"), request("GET", "/structure/posts.json"),
	} {
		r.Header.Set("Cookie", "plumbline="+p.token+"; Authorization=Bearer "+p.token)
		r.Header.Set("X-Authorization", "Bearer "+p.token)
		if w := o.do(r); w.StatusCode != http.StatusUnauthorized || w.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d", r.URL, w.StatusCode)
		}
	}
	// With a cookie beside it the token alone counts: a program with a bad token is not let in by somebody's session.
	bad := &program{o, p.token + "x"}
	r, page := bad.ask("GET", "/structure/posts.json", "", "Cookie", b.cookie)
	if r.StatusCode != http.StatusUnauthorized || !strings.Contains(r.Header.Get("WWW-Authenticate"), "invalid_token") || len(r.Cookies()) > 0 || strings.Contains(page, "Head") || !json.Valid([]byte(page)) {
		t.Errorf("a forged token: %d %v %s", r.StatusCode, r.Header, page)
	}
	if r, _ := p.ask("POST", "/load", "{kind: unit, id: x, name: X}", "Sec-Fetch-Site", "cross-site", "Idempotency-Key", "1"); r.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %d", r.StatusCode)
	}
	if r, page := p.ask("POST", "/load", "{kind: unit, id: x, name: X}", "Idempotency-Key", "1"); r.StatusCode != http.StatusForbidden || !strings.Contains(page, "only reads") {
		t.Errorf("a token that reads records: %d %s", r.StatusCode, page)
	}

	// It ends.
	if r, _ := (&program{o, p.token}).ask("GET", "/structure/posts.json", ""); r.StatusCode != http.StatusOK {
		t.Errorf("before: %d", r.StatusCode)
	}
	gone := func(p *program, why string) {
		t.Helper()
		if r, _ := p.ask("GET", "/structure/posts.json", ""); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", why, r.StatusCode)
		}
	}
	id := func(p *program) string { return strings.Split(p.token, "_")[1] }
	other := o.browser().signIn("root")
	if status, _, _ := other.ask("/account/tokens/"+id(p)+"/end", url.Values{}); status != http.StatusNotFound {
		t.Errorf("another's token: %d", status)
	}
	second := made(url.Values{"name": {"Second"}, "scope": {"change"}, "ends": {week.Words()}})
	b.ask("/account/tokens/"+id(p)+"/end", url.Values{})
	gone(p, "ended by its owner")
	if _, _, page := other.ask("/admin/people/"+string(ann.ID), nil); !strings.Contains(words(page), "Second: reads and records changes") {
		t.Errorf("the account as the administrator sees it: %s", words(page))
	}
	other.ask("/admin/people/"+string(ann.ID)+"/end-token", url.Values{"token": {id(second)}})
	gone(second, "ended by an administrator")
	third, fourth, his := made(url.Values{"name": {"Third"}, "scope": {"read"}, "ends": {week.Words()}}), o.token(ann, true), o.token(root, false)
	if _, page := his.ask("GET", "/entries.json", ""); strings.Contains(page, "grant") {
		t.Errorf("an administrator's program sees who has which role: %s", page)
	}
	o.at = o.at.AddDate(0, 0, 8)
	gone(third, "after its last day")
	o.at = o.at.AddDate(0, 0, -8)
	if err := o.desk.CloseAccount(t.Context(), ann.ID); err != nil {
		t.Fatal(err)
	}
	gone(fourth, "of a closed account")
	for _, what := range []string{"token made", "token used", "token refused", "token ended"} {
		if !strings.Contains(o.log.String(), what) {
			t.Errorf("%q is not in the log", what)
		}
	}
	for _, x := range []*program{p, second, third} {
		if strings.Contains(o.log.String(), strings.Split(x.token, "_")[2]) {
			t.Error("a secret is in the log")
		}
	}
}

// To make a token one has to prove who one is.
func TestTokenAsksAgain(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Governance)
	b := o.browser().signIn("ann")
	o.at = o.at.Add(16 * time.Minute)
	if status, to, _ := b.ask("/account/tokens/new", nil); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in/again") {
		t.Errorf("%d %s", status, to)
	}
	if status, to, _ := b.ask("/account/tokens/new", url.Values{"name": {"X"}, "scope": {"read"}, "ends": {(fact.DayIn(o.at) + 7).Words()}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in/again") {
		t.Errorf("%d %s", status, to)
	}
}

// Tokens that let nobody in are counted by address, and one that does not keeps nobody from signing in.
func TestForgedTokensAreCounted(t *testing.T) {
	o := staffed(t)
	ann := o.add("Ann", access.Governance)
	good, bad := o.token(ann, false), &program{o, "plumbline_aaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAA"}
	for range 100 {
		if r, _ := bad.ask("GET", "/structure.json", ""); r.StatusCode != http.StatusUnauthorized {
			t.Fatalf("%d", r.StatusCode)
		}
	}
	if r, _ := bad.ask("GET", "/structure/posts.json", ""); r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" {
		t.Errorf("after a hundred: %d", r.StatusCode)
	}
	if r, _ := good.ask("GET", "/structure/posts.json", ""); r.StatusCode != http.StatusOK {
		t.Errorf("somebody else's forged tokens keep a program out: %d", r.StatusCode)
	}
	o.browser().signIn("ann")
	o.at = o.at.Add(16 * time.Minute)
	if r, _ := bad.ask("GET", "/structure/posts.json", ""); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a quarter of an hour later: %d", r.StatusCode)
	}
}

// Every route asked by a program with the token of somebody of each role: it gets what shows the record where they would, may record by the one route that
// there is, and nothing else.
func TestEveryRouteAndToken(t *testing.T) {
	o := staffed(t)
	by := map[access.Role]*program{"none": o.token(o.add("None"), true)}
	for i, m := range access.Roles {
		by[m.Role] = o.token(o.add("Role"+itoa(int64(i)), m.Role), true)
	}
	patterns, acts, proved := web.New(o.config).Requirements()
	parts := strings.NewReplacer("{$}", "", "{secret}", "guess", "{account}", "nobody", "{do}", "nothing", "{role}", "head-of-paid-service", "{file}", "posts.csv", "{entries}", "1", "{entry}", "1", "{token}", "x", "{size}", "1",
		"{draft}", "nothing", "{step}", "what", "{rule}", "GP-01", "{job}", "nothing", "{part}", "history", "{id}", "nothing", "{kind}", "post")
	asked, let := 0, 0
	for _, p := range patterns {
		method, path, _ := strings.Cut(p, " ")
		if strings.HasPrefix(path, "/app") || strings.HasPrefix(path, "/icon") || strings.HasPrefix(path, "/colour") {
			continue // the same for everybody
		}
		target := parts.Replace(path)
		if path == "/" {
			target = "/nothing-here"
		}
		for role, x := range by {
			r, page := x.ask(method, target, "")
			asked++
			act := acts[p]
			reads := method == "GET" && act != "anybody" && act != "somebody" && act != string(access.Administer) && act != string(access.Erase) && !proved[p] && lets(act, role)
			refused := r.StatusCode == http.StatusForbidden
			switch {
			case len(r.Cookies()) > 0:
				t.Errorf("%s %s by a program of %q sets a cookie", method, target, role)
			case r.StatusCode >= 500:
				t.Errorf("%s %s by a program of %q: %d %s", method, target, role, r.StatusCode, o.log)
			case reads || p == "POST /load" || path == "/" || strings.HasPrefix(path, "/checkpoint"):
				let++
				if refused != (reads && byOther(act, role)) { // what is for those who propose is theirs under a proposal only
					t.Errorf("%s %s by a program of %q: %d %s", method, target, role, r.StatusCode, page)
				}
			case !refused || strings.Contains(page, "Head of Service"):
				t.Errorf("%s %s by a program of %q: %d, and it is not for it", method, target, role, r.StatusCode)
			}
		}
	}
	if asked < 1000 || let < 300 {
		t.Errorf("only %d cells were asked, %d let in", asked, let)
	}
}

// What was sent is told from its repeat for a week, however much is sent in between, and whatever people begin: the first change is not recorded over its correction.
func TestLoadIsRememberedForAWeek(t *testing.T) {
	o := staffed(t)
	gov := o.add("Gov", access.Governance)
	p := o.token(gov, true)
	send := func(key, manifest string) string {
		t.Helper()
		r, page := p.ask("POST", "/load", manifest, "Idempotency-Key", key)
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", key, r.StatusCode, page)
		}
		return page
	}
	const first = "{kind: post, id: q, title: First}"
	send("first", first)
	for i := range desk.MaxDrafts + 1 {
		send(fmt.Sprint(i), fmt.Sprintf("{kind: post, id: q%d, title: T}", i))
	}
	send("correction", "{kind: post, id: q, title: Corrected}")
	for range desk.MaxDrafts {
		if _, err := o.desk.NewDraft(t.Context(), desk.Draft{Owner: gov.ID, Purpose: "new"}); err != nil {
			t.Fatal(err)
		}
	}
	o.at = o.at.Add(7*24*time.Hour - time.Hour)
	before := o.book.Known()
	if page := send("first", first); !strings.Contains(page, `"again":true`) || o.book.Known() != before {
		t.Errorf("%s; %d entries more", page, o.book.Known()-before)
	}
	o.at = o.at.Add(2 * time.Hour)
	if err := o.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if page := send("first", first); !strings.Contains(page, `"again":false`) {
		t.Errorf("it is remembered for longer: %s", page)
	}
}

// What a program sends is recorded all or not at all, once, and by leave of the person whose token it has.
func TestLoadByToken(t *testing.T) {
	o := staffed(t)
	gov, root := o.add("Gov", access.Governance), o.add("Root", access.Administrator, access.Governance)
	p, staff, admin := o.token(gov, true), o.token(o.add("Ann", access.Staff), true), o.token(root, true)
	const manifest = "{kind: unit, id: new, name: New, type: team, parent: people}\n---\n{kind: post, id: lead, title: Lead, unit: new}\n"
	before := o.book.Known()
	refused := func(p *program, status int, says, manifest string, headers ...string) {
		t.Helper()
		r, page := p.ask("POST", "/load", manifest, headers...)
		if r.StatusCode != status || !strings.Contains(page, says) || !json.Valid([]byte(page)) || o.book.Known() != before {
			t.Errorf("%.40q: %d %s; %d entries more", manifest, r.StatusCode, page, o.book.Known()-before)
		}
	}
	refused(p, http.StatusBadRequest, "Idempotency-Key", manifest)
	refused(p, http.StatusBadRequest, "Idempotency-Key", manifest, "Idempotency-Key", strings.Repeat("x", 201))
	refused(p, http.StatusUnprocessableEntity, "no records", "", "Idempotency-Key", "a")
	refused(p, http.StatusUnprocessableEntity, "manifest:5", manifest+"---\n{kind: pots, id: x}\n", "Idempotency-Key", "a")
	refused(p, http.StatusUnprocessableEntity, "nowhere", manifest+"---\n{kind: post, id: x, title: X, unit: nowhere}\n", "Idempotency-Key", "a")
	refused(p, http.StatusRequestEntityTooLarge, "larger", strings.Repeat("# much\n", 200_000), "Idempotency-Key", "a")
	refused(staff, http.StatusForbidden, "You may not change the structure", manifest, "Idempotency-Key", "a")
	refused(admin, http.StatusForbidden, "not for programs", "{kind: grant, id: g, holder: p-x, role: administrator, from: 2020-01-01}", "Idempotency-Key", "a")

	var all sync.WaitGroup
	answers := make([]string, 8)
	for i := range answers { // twice over, and at once
		all.Go(func() { _, answers[i] = p.ask("POST", "/load", manifest, "Idempotency-Key", "a") })
	}
	all.Wait()
	if o.book.Known() != before+2 {
		t.Fatalf("%d entries, want 2: %s", o.book.Known()-before, answers)
	}
	again := 0
	for _, a := range answers {
		var got struct {
			First, Last int64
			Again       bool
		}
		if err := json.Unmarshal([]byte(a), &got); err != nil || got.First != before+1 || got.Last != before+2 {
			t.Errorf("%s: %v", a, err)
		}
		if got.Again {
			again++
		}
	}
	if again != len(answers)-1 {
		t.Errorf("%d of %d were told that it is recorded already", again, len(answers))
	}
	if key, v, _ := o.book.Entry(before + 1); key.Kind != "unit" || v.Who != gov.ID {
		t.Errorf("%v by %q", key, v.Who)
	}
	o.at = o.at.Add(6 * 24 * time.Hour)
	if r, page := p.ask("POST", "/load", manifest, "Idempotency-Key", "a"); r.StatusCode != http.StatusOK || !strings.Contains(page, `"again":true`) || o.book.Known() != before+2 {
		t.Errorf("six days later: %d %s", r.StatusCode, page)
	}
	before = o.book.Known()
	refused(p, http.StatusConflict, "Another change", manifest+" ", "Idempotency-Key", "a")
	if r, page := p.ask("POST", "/load", "{kind: post, id: lead, title: Other, unit: new}", "Idempotency-Key", "b"); r.StatusCode != http.StatusOK || o.book.Known() != before+1 {
		t.Errorf("another: %d %s", r.StatusCode, page)
	}
	if _, _, page := o.browser().signIn("gov").ask("/account", nil); !strings.Contains(page, "You have no changes in the making") {
		t.Errorf("what a program sent is a change in the making: %s", words(page))
	}
	if status, _, _ := o.browser().signIn("gov").ask("/load", url.Values{}); status != http.StatusForbidden {
		t.Errorf("by a person: %d", status)
	}
	if _, err := o.book.Do(t.Context(), "owner", giveNothing(o, gov)); err != nil {
		t.Fatal(err)
	}
	before = o.book.Known()
	refused(p, http.StatusForbidden, "You may not", "{kind: post, id: lead, title: Third, unit: new}", "Idempotency-Key", "c")
}

// giveNothing ends all roles of somebody.
func giveNothing(o *office, a *desk.Account) (c book.Change) {
	v := o.book.View(fact.DayIn(now), -1)
	for _, g := range v.All(access.Grant) {
		if g.Text("holder") == string(a.ID) {
			edit, problems := v.EndAfter(g.Key(), fact.ExactDate(fact.DayIn(now)-1), "", "")
			if len(problems) > 0 {
				o.t.Fatal(problems)
			}
			c.Docs = append(c.Docs, edit.Docs...)
		}
	}
	return c
}
