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
	"plumbline/internal/book"
	"plumbline/internal/web"
)

// What the council shows to everybody, and beside it, each with a word that stands nowhere else, what it does not: restricted and internal records of public kinds,
// people, notes and sources, fields that are never public, a proposal in draft, what an adviser writes, and records of kinds that are not public.
const openAndClosed = `
{kind: settings, id: settings, public: yes, public_kinds: [unit, post, function, proposal, decision, test, finding, absence]}
---
{kind: person, id: canary-holder, name: Canary Holder}
---
{kind: person, id: open-holder, name: Open Holder, visibility: public, experience: [canary-experience]}
---
{kind: appointment, id: canary-appointment, person: canary-holder, post: head, basis: permanent, from: 2020-01-01, note: canarynote}
---
{kind: appointment, id: open-appointment, person: open-holder, post: chief, basis: permanent, from: 2020-01-01, visibility: public, source: canarysource}
---
{kind: post, id: canary-post, title: Canary Post, unit: people, reports_to: chief, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: post, id: canary-internal, title: Canary Internal, unit: people, reports_to: chief, visibility: internal}
---
{kind: appointment, id: canary-second, person: open-holder, post: canary-post, basis: acting, from: 2020-01-01}
---
{kind: post, id: below, title: Post below, unit: people, reports_to: canary-post, salary_from: 123456, from: 2020-01-01, until: 2023-12-31, source: canarysource, note: canarynote}
---
{kind: post, id: below, title: Post below renamed, unit: people, reports_to: chief, accountable_to: [canary-internal, head], from: 2024-01-01}
---
{kind: absence, id: away, appointment: open-appointment, reason: long-term, from: 2024-01-01}
---
{kind: absence, id: second-away, appointment: canary-appointment, covered_by: canary-second, from: 2024-01-01}
---
{kind: proposal, id: canary-proposal, title: Canary Proposal, status: draft}
---
{kind: proposal, id: open-proposal, title: Open Proposal, status: consultation}
---
{kind: post, id: canary-proposed, proposal: canary-proposal, title: Canary Proposed, unit: people}
---
{kind: post, id: open-proposed, proposal: open-proposal, title: Open Proposed, unit: people}
---
{kind: board, id: canary-board, name: Canary Board}
---
{kind: decision, id: open-decision, title: Open Decision, decided_by: canary-board, decided_on: 2020-01-01, about: [post/canary-post, post/head]}
---
{kind: finding, id: canary-finding, test: first, theme: accountabilities, text: Canary Finding}
---
{kind: risk, id: canary-risk, title: Canary Risk}
`

var canaryOfAll = regexp.MustCompile(`(?i)canary|long-term|123,?456`)

// opens is a site whose council shows pages to everybody.
func opens(t testing.TB) *office {
	t.Helper()
	o := staffed(t)
	o.load(nil, openAndClosed)
	return o
}

// How much there is that is not public, no page says without an account: one that is asked as at an entry long past, or not yet there, is the same before and after something
// was recorded that is closed. Whoever is signed in reads the number at the foot of every page.
func TestHowMuchIsClosed(t *testing.T) {
	o := opens(t)
	o.add("Sta", access.Staff)
	anybody, staff := o.browser(), o.browser().signIn("sta")
	asked := []string{"/structure?known=1", "/structure?known=99999", "/structure?known=2020-01-01"}
	read := func(b *browserOf) (out []string) {
		for _, target := range asked {
			_, _, page := b.ask(target, nil)
			out = append(out, words(page))
		}
		return out
	}
	before, more := read(anybody), read(staff)
	o.load(nil, "{kind: post, id: canary-later, title: Canary Later, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}")
	for i, now := range read(anybody) {
		if now != before[i] || !strings.Contains(now, "no entry 99999 yet.") && !strings.Contains(now, "You are looking at") {
			t.Errorf("%s tells how much is closed:\n%s\n%s", asked[i], before[i], now)
		}
	}
	if now := read(staff); now[0] == more[0] || !strings.Contains(now[1], "the last one is "+itoa(o.book.Known())) {
		t.Errorf("staff are not told how much there is: %s", now[1])
	}
}

// Nobody without an account finds what is not public: on no page, in no file, on no day, as known at no time.
func TestWhatIsPublic(t *testing.T) {
	o := opens(t)
	writer := o.add("Canary", access.Governance)
	docs, _ := o.book.Kinds().Read("m.yaml", strings.NewReader("{kind: unit, id: place, name: Place, type: directorate}"))
	if _, err := o.book.Do(t.Context(), writer.ID, book.Change{Docs: docs}); err != nil {
		t.Fatal(err)
	}
	nobody := o.browser()
	asked := regexp.MustCompile(`(?i)(value|href|action)="[^"]*canary[^"]*"`) // what was searched for, or asked for by its address, is said again
	for _, id := range []string{"canary-post", "canary-internal", "canary-proposed"} {
		if status, _, page := nobody.ask("/structure/posts/"+id, nil); status != http.StatusNotFound || strings.Contains(page, "Canary") {
			t.Errorf("%s: %d\n%s", id, status, words(page))
		}
	}
	for _, at := range []string{"/structure/people/canary-holder", "/proposals/canary-proposal", "/assurance/findings/canary-finding", "/structure/appointments/canary-appointment", "/meetings/boards/canary-board", "/delivery/risks/canary-risk", "/?proposal=canary-proposal"} {
		if status, _, page := nobody.ask(at, nil); status != http.StatusNotFound && status != http.StatusBadRequest || strings.Contains(page, "Canary ") {
			t.Errorf("%s: %d\n%s", at, status, words(page))
		}
	}
	done, from, leaks := map[string]bool{}, map[string]string{}, 0
	var queue []string
	for _, look := range []string{"", "on=2021-06-01", "on=2021-06-01&known=" + itoa(o.book.Known()-9), "on=2024-06-01&known=" + itoa(o.book.Known()-2), "proposal=open-proposal"} {
		for _, p := range []string{"/", "/records", "/structure", "/structure/posts", "/structure/posts?days=all", "/structure/posts/head", "/structure/posts/head/history", "/structure/posts/below/history", "/structure/people", "/structure/appointments", "/structure/absences", "/proposals", "/assurance", "/assurance/findings", "/meetings/decisions", "/delivery/risks", "/search?q=canary", "/search?q=holder", "/suggest?q=canary&kind=post", "/suggest?q=holder&kind=person"} {
			sep := "?"
			if strings.Contains(p, "?") {
				sep = "&"
			}
			queue = append(queue, strings.TrimSuffix(p+sep+look, sep))
		}
	}
	for len(queue) > 0 && len(done) < 2500 {
		at := queue[0]
		queue = queue[1:]
		if done[at] || strings.HasPrefix(at, "/sign-in") || strings.HasPrefix(at, "/app-") {
			continue
		}
		done[at] = true
		status, to, page := nobody.ask(at, nil)
		if strings.HasPrefix(to, "/sign-in") {
			t.Errorf("%s leads everybody to %s, which is not for them", from[at], at)
			continue
		}
		if status >= 500 {
			t.Errorf("%s: %d", at, status)
		}
		u, _ := url.Parse(at)
		said := page
		if strings.Contains(strings.ToLower(u.RawQuery), "canary") {
			said = asked.ReplaceAllString(strings.NewReplacer("‘canary’", "", "“canary”", "").Replace(page), "")
		}
		if i := canaryOfAll.FindStringIndex(said); i != nil && leaks < 20 {
			leaks++
			t.Errorf("%s says %s", at, said[max(0, i[0]-150):min(len(said), i[1]+100)])
		}
		if to != "" {
			queue = append(queue, to)
		}
		for _, m := range regexp.MustCompile(`(?:href|action)="(/[^"#]*)"`).FindAllStringSubmatch(page, -1) {
			if to := strings.ReplaceAll(m[1], "&amp;", "&"); !strings.HasPrefix(u.Path, "/help") { // help speaks of all pages
				queue, from[to] = append(queue, to), at
			}
		}
	}
	if len(done) < 300 {
		t.Errorf("only %d pages", len(done))
	}
	t.Logf("%d pages", len(done))
	for _, c := range []struct{ at, want string }{
		{"/", "Posts"}, {"/", "Sign in"}, {"/", "You see what the council shows to everybody"}, {"/", "Exampleshire"},
		{"/structure/posts/chief", "Open Holder"}, {"/structure/posts/head", "Head of Service"}, {"/structure/posts/head", "Last changed"}, {"/structure/posts/below", "Post below renamed"},
		{"/structure/posts/below?on=2021-01-01", "You may not see this"}, {"/structure/posts", "name is not public"}, {"/search?q=Open", "Open Decision"}, {"/proposals/open-proposal", "Open Proposal"},
		{"/structure/posts/open-proposed?proposal=open-proposal", "Open Proposed"}, {"/structure/posts/head/history", "by the council"},
	} {
		if status, _, page := nobody.ask(c.at, nil); status != http.StatusOK || !strings.Contains(words(page), c.want) {
			t.Errorf("%s: %d, and it does not say %q:\n%s", c.at, status, c.want, words(page))
		}
	}
	for _, at := range []string{"/structure/posts/head", "/structure/posts", "/", "/search?q=head"} {
		_, _, page := nobody.ask(at, nil)
		for _, not := range []string{"/change", "/new", "/who-may-see", "/entries", "Download\"", "vacant", "Vacant"} {
			if strings.Contains(page, not) {
				t.Errorf("%s has %q", at, not)
			}
		}
	}
}

// With the setting off, which it is until the council says so, everything leads to where people sign in; with it on, each route does what the table says of
// it. Nothing that is served may be kept by anything between.
func TestPublicRoutes(t *testing.T) {
	off, on := staffed(t), opens(t)
	off.load(nil, strings.Replace(openAndClosed, "public: yes, ", "public: no, ", 1))
	on.add("None")
	patterns, _, _ := web.New(on.config).Requirements()
	public := web.New(on.config).PublicRoutes()
	none := on.browser().signIn("none")
	parts := strings.NewReplacer("{$}", "", "{kind}", "post", "{id}", "head", "{part}", "history", "{draft}", "nothing", "{step}", "what", "{role}", "head-of-paid-service", "{file}", "posts.csv", "{rule}", "GP-01", "{entry}", "1", "{job}", "nothing", "{entries}", "1", "{account}", "nobody")
	n := 0
	for _, p := range patterns {
		path, ok := strings.CutPrefix(p, "GET ")
		if !ok || strings.Contains(p, "{secret}") || strings.HasPrefix(path, "/sign-in") {
			continue
		}
		at := parts.Replace(path)
		wants := slices.Contains(public, p)
		if wants {
			n++
		}
		for who, b := range map[string]*browserOf{"nobody": on.browser(), "somebody without a role": none} {
			status, to, page := b.ask(at, nil)
			refused := strings.HasPrefix(to, "/sign-in") || status == http.StatusUnauthorized || status == http.StatusForbidden
			if wants && (refused || status >= 500) || wants && strings.Contains(page, "Canary") {
				t.Errorf("%s by %s: %d %s, and it is for everybody", at, who, status, to)
			}
		}
		if status, to, page := off.browser().ask(at, nil); wants && !strings.HasPrefix(to, "/sign-in") && status != http.StatusUnauthorized || strings.Contains(page, "Head of Service") {
			t.Errorf("%s: %d %s, and nothing is public", at, status, to)
		}
	}
	if n < 100 {
		t.Errorf("only %d routes are for everybody", n)
	}
	for _, at := range []string{"/structure/posts/head/change", "/structure/posts/head/who-may-see", "/structure/posts/head/appoint", "/structure/posts/new", "/admin/settings", "/entries/1", "/account", "/structure/who-answers"} {
		if status, to, _ := on.browser().ask(at, nil); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("%s: %d %s", at, status, to)
		}
		if status, _, _ := none.ask(at, nil); at != "/account" && status != http.StatusForbidden {
			t.Errorf("%s by somebody without a role: %d", at, status)
		}
	}
	w := on.do(request("GET", "/structure/posts/head"))
	if got := w.Header.Get("Cache-Control"); got != "no-store" || len(w.Cookies()) > 0 {
		t.Errorf("Cache-Control %q, cookies %v", got, w.Cookies())
	}
}

// The pages for everybody, and those that say why there is no more, by axe and the checklist.
func TestWhatIsPublicInABrowser(t *testing.T) {
	o := opens(t)
	b := o.tab(1280, true)
	for _, at := range []string{"/", "/structure", "/structure/posts", "/structure/posts/head", "/structure/posts/head/history", "/structure/posts/nothing", "/search?q=head", "/proposals?on=2021-06-01", "/sign-in?to=%2Fentries"} {
		b.open(at)
		for _, width := range []int{1280, 320} {
			b.resize(width)
			b.judge(fmt.Sprintf("%s at %d", at, width))
		}
	}
}
