package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/web"
)

// consulting is a council that asks everybody about a proposal, and asks about others what nobody may know of. The clock stands amid the days on which the first is open.
func consulting(t testing.TB, change ...func(*web.Config)) *office {
	t.Helper()
	o := staffed(t, change...)
	o.load(nil, asksEverybody(o.at))
	return o
}

// asksEverybody is what such a council records, around a day.
func asksEverybody(now time.Time) string {
	on := func(days int) string { return (fact.DayIn(now) + fact.Day(days)).String() }
	return strings.NewReplacer("OPENED", on(-10), "CLOSES", on(10), "LAST", on(-1), "LATER", on(5), "DUE", on(40)).Replace(`
{kind: proposal, id: one-directorate, title: One directorate, status: consultation}
---
{kind: post, id: corporate-director, proposal: one-directorate, title: Corporate Director, unit: people, reports_to: chief, salary_from: 123456}
---
{kind: post, id: head, proposal: one-directorate, title: Head of Service, unit: people, reports_to: corporate-director}
---
{kind: post, id: closed-post, proposal: one-directorate, title: Canary post, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: version, id: v1, of: one-directorate, number: 1}
---
{kind: document, id: pack, title: Consultation pack, classification: public, link: "https://www.example.gov.uk/pack"}
---
{kind: document, id: closed-pack, title: Canary pack, classification: public, visibility: internal}
---
{kind: post, id: inner, proposal: one-directorate, title: Canary inner, unit: people, reports_to: closed-post, visibility: internal}
---
{kind: post, id: below, proposal: one-directorate, title: Post below, unit: people, reports_to: closed-post, accountable_to: [inner, chief]}
---
{kind: document, id: inside, title: Canary paper, classification: internal}
---
{kind: consultation, id: one-directorate, title: Have your say on one directorate, of: one-directorate, version: v1, type: formal, public: yes, show_changes: yes, audience: [staff, residents], opens: OPENED, closes: CLOSES, answer_due: DUE,
 summary: "One directorate for **children and adults** would take the place of two.", questions: ["Do you agree that there should be one directorate?", "What would help people most?"],
 ways: ["Telephone 020 7946 0000", "On paper, from any library"], documents: [pack, inside, closed-pack]}
---
{kind: consultation, id: for-staff, title: Canary of staff, of: one-directorate, opens: OPENED, questions: ["What do you think?"]}
---
{kind: consultation, id: over, title: What we asked before, public: yes, opens: OPENED, closes: LAST, answer_due: DUE, questions: ["What did you think?"]}
---
{kind: consultation, id: to-come, title: Canary of later, public: yes, opens: LATER, questions: ["What will you think?"]}
---
{kind: proposal, id: secret, title: Canary plan, status: draft}
---
{kind: consultation, id: on-secret, title: Canary of a draft, of: secret, public: yes, opens: OPENED, questions: ["What?"]}
---
{kind: proposal, id: hidden, title: Canary closed plan, status: consultation, visibility: restricted, exempt: Schedule 12A paragraph 4, decided: the monitoring officer}
---
{kind: consultation, id: on-hidden, title: Canary of a restricted one, of: hidden, public: yes, opens: OPENED, questions: ["What?"]}
`)
}

// sendsReply replies as a browser does, with an answer to the first question, and gives the reference.
func (b *browserOf) sendsReply(at, text string, more ...url.Values) string {
	b.t.Helper()
	steps := append([]url.Values{{"step": {"1"}, "answer": {text}}}, more...)
	for _, f := range append(steps, url.Values{"step": {"check"}}) {
		if status, to, page := b.ask(at+"/respond", f); status != http.StatusSeeOther {
			b.t.Fatalf("%v: %d %s %s", f, status, to, words(page))
		}
	}
	_, _, page := b.ask(at+"/respond?step=done", nil)
	m := regexp.MustCompile(`<strong>([A-Z2-7]{5} [A-Z2-7]{5})</strong>`).FindStringSubmatch(page)
	if m == nil {
		b.t.Fatalf("no reference: %s", words(page))
	}
	return m[1]
}

const onOne = "/feedback/one-directorate"

// Somebody without an account reads what they are asked, replies, and takes it back; nothing else of the council is shown to them.
func TestAnybodyReplies(t *testing.T) {
	o := consulting(t)
	b, before := o.browser(), o.book.Known()
	status, to, page := b.ask("/feedback", nil)
	if status != http.StatusOK || !strings.Contains(words(page), "Open now Have your say on one directorate For staff and residents. Open until") || !strings.Contains(words(page), "Closed What we asked before") || strings.Contains(page, "Canary") {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	_, _, page = b.ask(onOne, nil)
	for _, want := range []string{"children and adults", "See before and after", "version 1 of the proposal", "Corporate Director", "Reports to", "Consultation pack", "https://www.example.gov.uk/pack", "Do you agree that there should be one directorate?", "Telephone 020 7946 0000", "Give your views"} {
		if !strings.Contains(page, want) {
			t.Errorf("it does not say %q: %s", want, words(page))
		}
	}
	for _, not := range []string{"Canary", "You may not see this", "Part of this", "Salary", "123456", "123,456", "/structure/posts", "Needs you", "/proposals"} {
		if strings.Contains(page, not) {
			t.Errorf("it says %q: %s", not, words(page))
		}
	}
	reference := b.sendsReply(onOne, "Yes, and ask the children.", url.Values{"step": {"2"}, "answer": {"Fewer\r\nforms"}}, url.Values{"step": {"group"}, "answer": {"carers"}}, url.Values{"step": {"quote"}, "answer": {"without-name"}})
	all, err := o.desk.Replies(t.Context(), "one-directorate")
	if err != nil || len(all) != 1 || all[0].Answer("What would help people most?") != "Fewer\nforms" || all[0].Group != "carers" || all[0].As != "v1" || all[0].Quote != "without-name" || all[0].Way != "online" {
		t.Fatalf("%+v %v", all, err)
	}
	if o.book.Known() != before || strings.Contains(o.log.String(), "ask the children") || strings.Contains(o.log.String(), strings.ReplaceAll(reference, " ", "")) {
		t.Error("it is in the record, or in the log")
	}
	if status, to, _ := b.ask(onOne+"/respond", url.Values{"step": {"check"}}); status != http.StatusSeeOther || !strings.HasSuffix(to, "step=done") {
		t.Errorf("sent again: %d %s", status, to)
	}
	if all, _ := o.desk.Replies(t.Context(), "one-directorate"); len(all) != 1 {
		t.Errorf("sent twice it is %d", len(all))
	}
	if _, _, page := b.ask(onOne+"/withdraw", url.Values{"answer": {strings.ToLower(reference)}}); !strings.Contains(page, "No copy of it is left") {
		t.Errorf("taken back: %s", words(page))
	}
	if all, _ := o.desk.Replies(t.Context(), "one-directorate"); len(all) != 0 {
		t.Error("it is still there")
	}
}

// answersOf sends every form there is to a consultation, and asks for every page of it.
func (b *browserOf) answersOf(id string) (out []string) {
	at := "/feedback/" + id
	note := func(what string, status int, to, page string) {
		page = regexp.MustCompile(`reference number [0-9a-f]+`).ReplaceAllString(page, "")
		out = append(out, strings.ReplaceAll(fmt.Sprint(what, " ", status, " ", to, " ", page), id, "ID"))
	}
	for _, part := range []string{"", "/respond", "/respond?step=check", "/respond?key=abc", "/withdraw", "/what-we-did", "/responses", "/history", "/change", "/nothing", ".json", "?on=2020-01-01", "?known=1"} {
		status, to, page := b.ask(at+part, nil)
		note(part, status, to, page)
	}
	for _, part := range []string{"/respond", "/withdraw", "/what-we-did", "/responses", "/change", "/nothing"} {
		status, to, page := b.ask(at+part, url.Values{"step": {"1"}, "answer": {"Hello"}, "do": {"theme"}, "new-theme": {"Mine"}})
		note("POST "+part, status, to, page)
	}
	return out
}

// Of a consultation that is not for them nobody learns that there is one: not of one that is in preparation, for staff, or on a proposal that is in draft or restricted. Every page of it, and every form, is
// answered as if there were none of that name, whatever the council shows beside.
func TestConsultationsThatNobodyMayKnowOf(t *testing.T) {
	for _, public := range []bool{false, true} {
		o := consulting(t)
		if public {
			o.load(nil, "{kind: settings, id: settings, public: yes, public_kinds: [unit, post, proposal]}")
		}
		b := o.browser()
		want := b.answersOf("there-is-none")
		for _, id := range []string{"for-staff", "to-come", "on-secret", "on-hidden"} {
			for i, got := range b.answersOf(id) {
				if got != want[i] {
					t.Errorf("public %t, %s:\n%s\nand where there is none\n%s", public, id, words(got), words(want[i]))
				}
			}
			if all, err := o.desk.Replies(t.Context(), id); err != nil || len(all) != 0 {
				t.Errorf("%s has %d replies, %v", id, len(all), err)
			}
		}
		for _, at := range []string{"/", "/feedback", "/search?q=canary", "/proposals"} {
			if _, _, page := b.ask(at, nil); strings.Contains(strings.ReplaceAll(page, `value="canary"`, ""), "Canary") {
				t.Errorf("public %t: %s says it: %s", public, at, words(page))
			}
		}
	}
}

// That a consultation asks everybody opens its own pages alone: to all others people are led to sign in, as before.
func TestAskedIsNoWayIn(t *testing.T) {
	o := consulting(t)
	b := o.browser()
	pages := web.New(o.config)
	patterns, acts, _ := pages.Requirements()
	asked := pages.AskedRoutes()
	parts := strings.NewReplacer("{$}", "", "{kind}", "post", "{id}", "head", "{part}", "history", "{draft}", "nothing", "{step}", "what", "{role}", "head-of-paid-service", "{file}", "posts.csv", "{rule}", "GP-01", "{entry}", "1", "{job}", "nothing", "{entries}", "1", "{account}", "nobody", "{do}", "x", "{size}", "1", "{secret}", "x", "{colour}", "x")
	n := 0
	for _, p := range patterns {
		method, path, _ := strings.Cut(p, " ")
		if slices.Contains(asked, p) || acts[p] == "anybody" {
			continue
		}
		var form url.Values
		if method == "POST" {
			form = url.Values{}
		}
		n++
		if status, to, page := b.ask(parts.Replace(path), form); status != http.StatusUnauthorized && !strings.HasPrefix(to, "/sign-in") || strings.Contains(page, "Head of Service") {
			t.Errorf("%s: %d %s", p, status, to)
		}
	}
	if n < 100 || len(asked) != 4 {
		t.Errorf("%d routes were asked; %v are of what everybody is asked", n, asked)
	}
	for _, part := range []string{"/change", "/who-may-see", "/history", "/responses"} {
		if status, to, page := b.ask(onOne+part, nil); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("%s: %d %s %s", part, status, to, words(page))
		}
	}
	for _, part := range []string{"/change", "/who-may-see", "/responses", "/what-we-did"} {
		if status, to, page := b.ask(onOne+part, url.Values{"do": {"theme"}, "new-theme": {"Mine"}, "~verb": {"change"}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("POST %s: %d %s %s", part, status, to, words(page))
		}
	}
}

// Nobody replies before a consultation opens or after it has closed, not with what was written while it was open either; what was sent can be taken back all the same.
func TestRepliesInTime(t *testing.T) {
	o := consulting(t)
	b, late := o.browser(), o.browser()
	reference := b.sendsReply(onOne, "In time")
	late.ask(onOne+"/respond", url.Values{"step": {"1"}, "answer": {"Too late"}})
	o.at = o.at.Add(11 * 24 * time.Hour)
	for _, f := range []url.Values{{"step": {"check"}}, {"step": {"2"}, "answer": {"x"}}, {"step": {"1"}, "answer": {"x"}}} {
		if status, _, page := late.ask(onOne+"/respond", f); status != http.StatusConflict || !strings.Contains(page, "This closed on") {
			t.Errorf("%v: %d %s", f, status, words(page))
		}
	}
	if status, _, page := o.browser().ask(onOne+"/respond", nil); status != http.StatusConflict || !strings.Contains(page, "Nobody can reply any more") {
		t.Errorf("%d %s", status, words(page))
	}
	if all, _ := o.desk.Replies(t.Context(), "one-directorate"); len(all) != 1 || all[0].Said[0].Answer != "In time" {
		t.Errorf("%d replies", len(all))
	}
	_, _, page := o.browser().ask(onOne, nil)
	for _, want := range []string{"This closed on", "The council's answer is due on", "Take back a reply"} {
		if !strings.Contains(strings.ReplaceAll(page, "&#39;", "'"), want) {
			t.Errorf("after the close it does not say %q: %s", want, words(page))
		}
	}
	if strings.Contains(page, "Give your views") {
		t.Error("it offers to reply")
	}
	if _, _, page := o.browser().ask(onOne+"/withdraw", url.Values{"answer": {reference}}); !strings.Contains(page, "No copy") {
		t.Errorf("%s", words(page))
	}
}

// What people type is text wherever it is read, and as long as they were told at most; what is too long is kept on the page.
func TestHostileReplies(t *testing.T) {
	o := consulting(t)
	o.add("Gov", access.Governance)
	b, gov := o.browser(), o.browser().signIn("gov")
	const hostile = "<script>alert(7)</script>\u202e\x00 [x](javascript:alert(7)) <img src=x onerror=alert(7)>"
	b.sendsReply(onOne, hostile, url.Values{"step": {"2"}, "answer": {"\"><b>bold"}}, url.Values{"step": {"quote"}, "answer": {"with-name"}}, url.Values{"step": {"name"}, "answer": {"<i>Me</i>"}})
	all, _ := o.desk.Replies(t.Context(), "one-directorate")
	if len(all) != 1 || strings.ContainsAny(all[0].Said[0].Answer, "\u202e\x00") {
		t.Fatalf("%+v", all)
	}
	check := func(target string) {
		t.Helper()
		status, _, page := gov.ask(target, nil)
		_, faults := read(page)
		if status != http.StatusOK || len(faults) > 0 || strings.Contains(page, "<script>alert") || strings.Contains(page, "<img") || strings.Contains(page, "<b>bold") || strings.Contains(page, "<i>Me") || strings.Contains(page, `href="javascript`) {
			t.Errorf("%s: %d %v", target, status, faults)
		}
	}
	one := onOne + "/responses?reply=" + all[0].ID
	check(onOne + "/responses")
	check(one)
	if status, to, page := gov.ask(onOne+"/responses", url.Values{"do": {"admit"}, "reply": {all[0].ID}, "version": {itoa(all[0].Version)}, "text": {hostile}, "new-theme": {"<b>Theme</b>"}}); status != http.StatusSeeOther {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	check(onOne + "/responses")
	check(one)
	check("/feedback/replies-to-consultations")
	check(onOne + "/what-we-did")

	long := strings.Repeat("é", desk.MaxAnswer+1)
	if status, _, page := b.ask(onOne+"/respond", url.Values{"step": {"1"}, "answer": {long}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, long) || !strings.Contains(page, "at most 4,000") {
		t.Errorf("too long: %d", status)
	}
	if status, _, _ := b.ask(onOne+"/respond", url.Values{"step": {"1"}, "answer": {strings.Repeat("x", 2<<20)}}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("much too long: %d", status)
	}
	for _, f := range []url.Values{
		{"step": {"group"}, "answer": {"<b>"}}, {"step": {"quote"}, "answer": {"always"}}, {"step": {"1"}, "answer": {" \t\n"}}, {"step": {"1"}},
	} {
		b.ask(onOne+"/respond", url.Values{"step": {"1"}, "answer": {"x"}})
		if status, _, page := b.ask(onOne+"/respond", f); status != http.StatusUnprocessableEntity || !strings.Contains(page, "There is a problem") {
			t.Errorf("%v: %d %s", f, status, words(page))
		}
	}
	for _, f := range []url.Values{{"step": {"99"}, "answer": {"x"}}, {"step": {"-1"}}, {"step": {"name"}, "answer": {"x"}}, {}} {
		if status, _, page := b.ask(onOne+"/respond", f); status != http.StatusConflict {
			t.Errorf("%v: %d %s", f, status, words(page))
		}
	}
	for _, cookie := range []string{"plumbline-reply=x", "plumbline-reply=", "plumbline-reply=" + strings.Repeat("A", 26)} {
		x := &browserOf{office: o, cookie: cookie}
		if status, _, _ := x.ask(onOne+"/respond?step=check", nil); status != http.StatusSeeOther {
			t.Errorf("%s: %d", cookie, status)
		}
		if status, _, _ := x.ask(onOne+"/respond", url.Values{"step": {"check"}}); status != http.StatusConflict {
			t.Errorf("%s, sent: %d", cookie, status)
		}
	}
}

// One address begins and sends no more than so many replies within an hour, and others are not kept out by it.
func TestFloodOfReplies(t *testing.T) {
	o := consulting(t)
	begin := func(from string) int {
		r := httptest.NewRequest("POST", onOne+"/respond", strings.NewReader("step=1&answer=x")).WithContext(request("GET", "/").Context())
		r.Host, r.RemoteAddr = "127.0.0.1:8340", from
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return o.do(r).StatusCode
	}
	most := 0
	for begin("192.0.2.1:1000") == http.StatusSeeOther && most < 1000 {
		most++
	}
	if most != 60 {
		t.Errorf("one address began %d replies within an hour", most)
	}
	if got := begin("192.0.2.1:2000"); got != http.StatusTooManyRequests {
		t.Errorf("one more: %d", got)
	}
	if got := begin("192.0.2.2:1000"); got != http.StatusSeeOther {
		t.Errorf("somebody else: %d", got)
	}
	for i := range 5 { // a whole network of the version 6 is one address
		begin(fmt.Sprintf("[2001:db8::%d]:1", i))
	}
	o.at = o.at.Add(time.Hour + time.Minute)
	if got := begin("192.0.2.1:3000"); got != http.StatusSeeOther {
		t.Errorf("an hour later: %d", got)
	}
	if log := o.log.String(); !strings.Contains(log, "too many replies") || strings.Contains(log, "answer=") {
		t.Errorf("the log: %s", log)
	}
	for range 10 {
		if status, _, page := o.browser().ask(onOne+"/withdraw", url.Values{"answer": {"BCDFG HJKMN"}}); status != http.StatusUnprocessableEntity {
			t.Fatalf("%d %s", status, words(page))
		}
	}
	if status, _, page := o.browser().ask(onOne+"/withdraw", url.Values{"answer": {"BCDFG HJKMN"}}); status != http.StatusTooManyRequests {
		t.Errorf("references are guessed: %d %s", status, words(page))
	}
}

// What one person writes another does not read or send: not at another browser, not with an address that was used, and not by the page of those who read the replies.
func TestRepliesOfOthers(t *testing.T) {
	o := consulting(t)
	for _, r := range []access.Role{access.Staff, access.Clerk, access.Administrator, access.Proposer, access.Adviser, access.Approver} {
		o.add("Is"+strings.ReplaceAll(string(r), "-", ""), r)
	}
	b := o.browser()
	b.ask(onOne+"/respond", url.Values{"step": {"1"}, "answer": {"Zebracanary"}})
	status, to, _ := b.ask(onOne+"/respond", url.Values{"step": {"2"}, "answer": {"Secondcanary"}, "do": {"save"}})
	if status != http.StatusSeeOther || !strings.HasSuffix(to, "step=saved") {
		t.Fatalf("%d %s", status, to)
	}
	_, _, page := b.ask(to, nil)
	m := regexp.MustCompile(`http://127\.0\.0\.1:8340(/feedback/one-directorate/respond\?key=([A-Z0-9]+))`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no address to come back by: %s", words(page))
	}
	if _, _, page := o.browser().ask(onOne+"/respond?step=2", nil); strings.Contains(page, "Secondcanary") {
		t.Error("another browser reads it")
	}
	if _, _, page := o.browser().ask("/feedback/over/respond?key="+m[2], nil); strings.Contains(page, "canary") {
		t.Error("another consultation shows it")
	}
	other := o.browser()
	if status, _, page := other.ask(m[1], nil); status != http.StatusOK || strings.Contains(page, "canary") || len(other.cookie) > 0 {
		t.Errorf("who only opens the address: %d %s %s", status, other.cookie, words(page))
	}
	status, to, _ = other.ask(onOne+"/respond", url.Values{"step": {"saved"}, "key": {m[2]}})
	if status != http.StatusSeeOther || !strings.HasSuffix(to, "step=check") {
		t.Fatalf("%d %s", status, to)
	}
	if _, _, page := other.ask(to, nil); !strings.Contains(page, "Zebracanary") || !strings.Contains(page, "Secondcanary") {
		t.Errorf("who goes on with it: %s", words(page))
	}
	for name, x := range map[string]*browserOf{"the first browser": b, "another with the same address": o.browser()} {
		if status, _, _ := x.ask(onOne+"/respond", url.Values{"step": {"saved"}, "key": {m[2]}}); status != http.StatusConflict {
			t.Errorf("%s: %d", name, status)
		}
		if _, _, page := x.ask(onOne+"/respond?step=2", nil); strings.Contains(page, "Secondcanary") {
			t.Errorf("%s reads on", name)
		}
	}
	other.ask(onOne+"/respond", url.Values{"step": {"check"}})
	all, _ := o.desk.Replies(t.Context(), "one-directorate")
	if len(all) != 1 {
		t.Fatalf("%d replies", len(all))
	}
	for _, name := range []string{"isstaff", "isclerk", "isadministrator", "isproposer", "isadviser", "isapprover"} {
		x := o.browser().signIn(name)
		for _, at := range []string{onOne + "/responses", onOne + "/responses?reply=" + all[0].ID, onOne, onOne + "/what-we-did", "/proposals/one-directorate/consultation"} {
			status, _, page := x.ask(at, nil)
			if strings.Contains(page, "canary") || strings.Contains(at, "responses") != (status == http.StatusForbidden) {
				t.Errorf("%s %s: %d %s", name, at, status, words(page))
			}
		}
		if status, _, _ := x.ask(onOne+"/responses", url.Values{"do": {"refuse"}, "reply": {all[0].ID}, "version": {"1"}, "why": {"Mine"}}); status != http.StatusForbidden {
			t.Errorf("%s refuses it: %d", name, status)
		}
	}
	o.add("Gov", access.Governance)
	gov := o.browser().signIn("gov")
	if status, _, _ := gov.ask("/feedback/over/responses?reply="+all[0].ID, nil); status != http.StatusNotFound {
		t.Errorf("as a reply to another consultation: %d", status)
	}
	for over, want := range map[string]int{"proposal/merge": http.StatusForbidden, "proposal/one-directorate": http.StatusOK} {
		a := o.add("Over" + strings.NewReplacer("/", "", "-", "").Replace(over))
		o.load(nil, "{kind: grant, id: g-"+strings.ReplaceAll(over, "/", "-")+", holder: "+string(a.ID)+", role: governance, over: "+over+"}")
		x := o.browser().signIn(strings.ToLower(a.Name))
		if status, _, page := x.ask(onOne+"/responses?reply="+all[0].ID, nil); status != want || (want == http.StatusForbidden) == strings.Contains(page, "Zebracanary") {
			t.Errorf("governance over %s: %d %s", over, status, words(page))
		}
		if _, _, page := x.ask("/", nil); (want == http.StatusForbidden) == strings.Contains(page, "waits to be read") {
			t.Errorf("the first page of governance over %s: %s", over, words(page))
		}
	}
	if status, _, page := gov.ask("/feedback/for-staff/respond", url.Values{"step": {"1"}, "answer": {"From staff"}}); status != http.StatusSeeOther {
		t.Errorf("staff reply to what staff are asked: %d %s", status, words(page))
	}
}

// A reply is read, given a theme, made short of a name and taken into the record; the theme is answered; everybody reads what was done. What was left out is nowhere.
func TestRepliesAreReadAndAnswered(t *testing.T) {
	o := consulting(t)
	o.add("Gov", access.Governance)
	gov := o.browser().signIn("gov")
	for i := range 7 {
		o.browser().sendsReply(onOne, fmt.Sprintf("Reply %d. Ask Zyra Quillfeather.", i), url.Values{"step": {"group"}, "answer": {map[bool]string{true: "carers", false: "workforce"}[i < 2]}})
	}
	_, _, page := gov.ask(onOne, nil)
	if !strings.Contains(words(page), "7 replies are not in the record yet.") {
		t.Errorf("%s", words(page))
	}
	if status, _, page := gov.ask(onOne+"/responses", url.Values{"do": {"theme"}, "new-theme": {"Too few managers"}}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, words(page))
	}
	if status, _, page := gov.ask(onOne+"/responses", url.Values{"do": {"theme"}, "new-theme": {"too few managers"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "There is a theme of this name already") {
		t.Errorf("twice: %d %s", status, words(page))
	}
	all, _ := o.desk.Replies(t.Context(), "one-directorate")
	for i, x := range all {
		form := url.Values{"reply": {x.ID}, "version": {itoa(x.Version)}, "text": {fmt.Sprintf("Reply %d.", i)}, "theme": {"too-few-managers"}}
		switch i {
		case 0: // kept for later, in another tab; then with what is old
			form.Set("do", "save")
			if status, to, _ := gov.ask(onOne+"/responses", form); status != http.StatusSeeOther || !strings.HasSuffix(to, "told=save") {
				t.Fatalf("%d %s", status, to)
			}
			form.Set("do", "admit")
			if status, _, page := gov.ask(onOne+"/responses", form); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Somebody else has changed this reply") {
				t.Errorf("overtaken: %d %s", status, words(page))
			}
			now, _ := o.desk.Reply(t.Context(), "one-directorate", x.ID)
			form.Set("version", itoa(now.Version))
		case 6:
			form.Set("do", "refuse")
			if status, _, page := gov.ask(onOne+"/responses", form); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Say why it is refused") {
				t.Errorf("without a reason: %d %s", status, words(page))
			}
			form.Set("why", "Sent twice")
		}
		if form.Get("do") == "" {
			form.Set("do", "admit")
		}
		for range 2 { // a double click
			if status, to, page := gov.ask(onOne+"/responses", form); status != http.StatusSeeOther && form.Get("do") == "admit" {
				t.Fatalf("%d: %d %s %s", i, status, to, words(page))
			}
		}
	}
	v := o.book.View(fact.DayIn(o.at), -1)
	if n := len(v.All(access.Response)); n != 6 {
		t.Errorf("%d replies are in the record", n)
	}
	for _, r := range v.All(access.Response) {
		if strings.Contains(r.Text("text"), "Zyra") || r.Text("version") == "" || len(r.RefKeys("themes")) != 1 {
			t.Errorf("%s: %s", r.Title(), r.Text("text"))
		}
	}
	_, _, page = gov.ask(onOne+"/responses", nil)
	for _, want := range []string{"Replies in the record, by who gave them Who How many", "Workforce Not shown", "Carers Not shown", "All 6", "Numbers under 5", "Too few managers 6 Not answered yet", "In the record (6)", "Refused (1)"} {
		if !strings.Contains(words(page), want) {
			t.Errorf("it does not say %q: %s", want, words(page))
		}
	}
	if strings.Contains(page, "Zyra") && !strings.Contains(page, "Refused") {
		t.Error("a name that was left out is shown")
	}
	if _, _, page := o.browser().ask(onOne+"/what-we-did", nil); strings.Contains(page, "Too few managers") {
		t.Error("a theme is shown to everybody before it is answered")
	}

	status, _, page := gov.ask(onOne+"/what-we-did?theme=too-few-managers", nil)
	if status != http.StatusOK || !strings.Contains(page, "What did you do about “Too few managers”?") {
		t.Fatalf("%d %s", status, words(page))
	}
	y, m, d := fact.DayIn(o.at).Civil()
	form := url.Values{"name": {"Too few managers"}, "said": {"There would be too few."}, "answer": {"We keep a second post."}, "wording": {"Two heads of service"}, "answered_on.day": {fmt.Sprint(d)}, "answered_on.month": {fmt.Sprint(int(m))}, "answered_on.year": {fmt.Sprint(y)}}
	if status, _, page := gov.ask(onOne+"/what-we-did?theme=too-few-managers", form); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Say whether it changed anything") || !strings.Contains(page, "We keep a second post.") {
		t.Errorf("without an outcome: %d %s", status, words(page))
	}
	form.Set("outcome", "partly")
	form.Set("change", "Head of Service")
	form.Set("change.id", "post/head")
	status, to, page := gov.ask(onOne+"/what-we-did?theme=too-few-managers", form)
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	if _, _, page := gov.ask(to, nil); !strings.Contains(page, "Success") || !strings.Contains(words(page), "We changed part of the proposal We keep a second post. Two heads of service") || !strings.Contains(page, "/structure/posts/head") {
		t.Errorf("%s", words(page))
	}
	_, _, page = o.browser().ask(onOne+"/what-we-did", nil)
	if !strings.Contains(words(page), "Too few managers How many said so Not shown") || !strings.Contains(page, "Two heads of service") || strings.Contains(page, "Answer “") || strings.Contains(page, "/structure/posts") {
		t.Errorf("everybody, before the close: %s", words(page))
	}
	known := o.book.Known()
	o.at = o.at.Add(11 * 24 * time.Hour)
	if _, _, page = o.browser().ask(onOne, nil); !strings.Contains(words(page), "How many said so 6") || !strings.Contains(page, "Replies: 6.") {
		t.Errorf("everybody, after the close: %s", words(page))
	}
	gov.signIn("gov")
	if _, _, page := gov.ask(onOne+"/what-we-did?known="+itoa(known-1), nil); strings.Contains(page, "second post") || !strings.Contains(page, "Not answered yet") {
		t.Errorf("as known before: %s", words(page))
	}
	for target, want := range map[string]string{
		"/feedback/new": "Plan a consultation", "/feedback/contacts/new": "Note a contact",
	} {
		_, _, page := gov.ask("/proposals/one-directorate/consultation", nil)
		m := regexp.MustCompile(`href="(` + target + `[^"]*)"[^>]*>` + want).FindStringSubmatch(page)
		if m == nil {
			t.Errorf("no way to %s: %s", target, words(page))
			continue
		}
		if status, _, page := gov.ask(html.UnescapeString(m[1]), nil); status != http.StatusOK || !strings.Contains(page, `value="One directorate"`) {
			t.Errorf("%s: %d %s", m[1], status, words(page))
		}
	}
	_, _, page = gov.ask(onOne+"/responses", nil)
	if m := regexp.MustCompile(`href="(/feedback/replies-to-consultations/new[^"]*)"`).FindStringSubmatch(page); m == nil {
		t.Error("no way to record what came on paper")
	} else if _, _, page := gov.ask(html.UnescapeString(m[1]), nil); !strings.Contains(page, `value="Have your say on one directorate"`) {
		t.Errorf("%s", words(page))
	}
	if _, _, page := gov.ask("/proposals/one-directorate/consultation", nil); !strings.Contains(words(page), "Too few managers 6 We changed part of the proposal") || !strings.Contains(page, "No contact is recorded") {
		t.Errorf("%s", words(page))
	}
}

// Whoever follows every link from what they are asked comes upon nothing that is not for them, and is never led to sign in but by the link that says so.
func TestLinksOfWhatIsAsked(t *testing.T) {
	for _, public := range []bool{false, true} {
		o := consulting(t)
		o.load(nil, "{kind: theme, id: answered, of: one-directorate, name: Enough managers, outcome: partly, answer: We keep two., change: [post/head, post/closed-post], answered_on: "+fact.DayIn(o.at).String()+"}\n---\n{kind: theme, id: not-yet, of: one-directorate, name: Canary theme}\n---\n{kind: response, id: canary-reply, of: one-directorate, text: Canary text, received_on: "+fact.DayIn(o.at).String()+"}")
		if public {
			o.load(nil, "{kind: settings, id: settings, public: yes, public_kinds: [unit, post, proposal]}")
		}
		b := o.browser()
		b.sendsReply(onOne, "Canary said")
		done, from := map[string]bool{}, map[string]string{}
		queue := []string{"/feedback", onOne, onOne + "/what-we-did", onOne + "/respond", onOne + "/withdraw", onOne + "/history", "/feedback?view=list", "/feedback.csv", "/feedback/one-directorate.json", onOne + "?on=2020-01-01", onOne + "?known=3"}
		for len(queue) > 0 && len(done) < 500 {
			at := queue[0]
			queue = queue[1:]
			if done[at] || strings.HasPrefix(at, "/sign-in") || strings.HasPrefix(at, "/app-") || strings.HasPrefix(at, "/help") {
				continue
			}
			done[at] = true
			status, to, page := (&browserOf{office: o}).ask(at, nil)
			led := strings.HasPrefix(to, "/sign-in") && at != "/" && !strings.HasPrefix(at, "/?") && !strings.HasSuffix(at, "/history")
			if led || status >= 500 || strings.Contains(page, "Canary") {
				t.Errorf("public %t: %s, from %s: %d %s %t", public, at, from[at], status, to, strings.Contains(page, "Canary"))
			}
			if status == http.StatusOK && strings.Contains(page, "<html") {
				if _, faults := read(page); len(faults) > 0 {
					t.Errorf("%s: %v", at, faults)
				}
			}
			for _, m := range regexp.MustCompile(`(?:href|action)="(/[^"#]*)"`).FindAllStringSubmatch(page, -1) {
				if to := strings.ReplaceAll(m[1], "&amp;", "&"); !done[to] {
					queue, from[to] = append(queue, to), at
				}
			}
		}
		if len(done) < 12 {
			t.Errorf("only %d pages", len(done))
		}
		t.Logf("public %t: %d pages", public, len(done))
	}
}

// A reply in the record that was taken back is removed as other personal data is, and then no byte of it is left: not in the record, not at the desk, on none of the pages.
func TestNoByteOfAReplyIsLeft(t *testing.T) {
	dir := t.TempDir()
	s := begin(t, dir)
	s.load(nil, smallCouncil, asksEverybody(now))
	reply := func(text string) (reference string, x *desk.Reply) {
		secret, err := s.desk.BeginReply(t.Context(), desk.Answers{Of: "one-directorate", Said: []desk.Said{{Question: "Q", Answer: text}}, Quote: "with-name", Name: "Zyra Quillfeather"})
		if err == nil {
			reference, err = s.desk.SendReply(t.Context(), "one-directorate", secret, now)
		}
		all, _ := s.desk.Replies(t.Context(), "one-directorate")
		if err != nil {
			t.Fatal(err)
		}
		return reference, all[len(all)-1]
	}
	reference, x := reply("I am Zyra Quillfeather, and I agree.")
	if r := s.post(onOne+"/responses", url.Values{"do": {"admit"}, "reply": {x.ID}, "version": {itoa(x.Version)}, "text": {"I am Zyra Quillfeather, and I agree."}}); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.StatusCode, words(body(r)))
	}
	second, _ := reply("Quillfeather again, not read")
	now, err := s.desk.Reply(t.Context(), "one-directorate", x.ID)
	if err != nil || now.State != desk.Admitted || !present(t, dir) {
		t.Fatal(now, err)
	}
	for _, ref := range []string{reference, second} {
		if r := s.post(onOne+"/withdraw", url.Values{"answer": {ref}}); r.StatusCode != http.StatusOK {
			t.Fatal(r.StatusCode, words(body(r)))
		}
	}
	_, page := s.get(onOne + "/responses?reply=" + x.ID)
	remove := "/removals/of/response/" + now.Record
	if !strings.Contains(page, `href="`+remove+`"`) || !strings.Contains(page, "has taken it back since") {
		t.Fatalf("nothing leads to where it is removed: %s", words(page))
	}
	v := s.visit(remove)
	v.answer(remove, chosen(slices.Concat(v.boxes("Quillfeather")), "ground", "consent-withdrawn", "why", "taken back", "asked", "person")...)
	v.answer(strings.TrimPrefix(v.at, "/removals"))
	v.want("It is removed")
	if present(t, dir) {
		t.Error("a file holds it")
	}
	for _, at := range []string{onOne + "/responses", onOne + "/responses?reply=" + x.ID, "/feedback/replies-to-consultations", "/feedback/replies-to-consultations/" + now.Record, "/feedback/replies-to-consultations/" + now.Record + "/history", "/search?q=zyra", "/entries"} {
		if status, page := s.get(at); status != http.StatusOK || holdsBird([]byte(page)) {
			t.Errorf("%s: %d", at, status)
		}
	}
	s.desk.Close()
	s.book.Close()
	if present(t, dir) {
		t.Error("a file holds it when all is closed")
	}
}

// The consultation of 2015, on the days of the letter: nothing is said that the letter does not say.
func TestConsultationOf2015(t *testing.T) {
	s := reading(t)
	s.says(map[string][]string{
		"/feedback?on=2015-05-01":                                  {"Open now Restructuring of senior management and the People Directorate For councillors, staff and unions. Open until 20 May 2015."},
		"/feedback?on=2015-04-01":                                  {"Nothing is open for feedback.", "not: People Directorate For"},
		"/feedback/people-directorate-2015?on=2015-06-05":          {"This closed on 20 May 2015.", "no day is recorded on which its answer is due", "The letter does not say whether it was formal", "not: Give your views"},
		"/feedback/people-directorate-2015?on=2015-05-20":          {"Open until 20 May 2015."},
		"/feedback/people-directorate-2015?on=2015-05-21":          {"This closed on 20 May 2015."},
		"/proposals/people-directorate/consultation?on=2015-06-05": {"From 15 April 2015 until 20 May 2015", "Replies in the record None", "Partner agencies are told of the proposed changes By 5 June 2015 Not recorded Briefing", "Feedback received about it", "Independent Chair of the safeguarding children board"},
	})
	if status, _ := s.get("/feedback/partners-on-people-directorate"); status != http.StatusMovedPermanently {
		t.Errorf("feedback that was here before: %d", status)
	}
}
