package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/desk"
)

// What is closed to some, each with words that stand nowhere else: a restricted appointment of a person, a restricted post, a reason for an absence, what an adviser has
// not issued, and a proposal in draft.
const closed = `
{kind: person, id: secret-holder, name: Canary Holder, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: appointment, id: secret-appointment, person: secret-holder, post: head, basis: permanent, from: 2020-01-01, note: canarynote, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: post, id: secret-post, title: Canary Post, unit: people, reports_to: chief, from: 2020-01-01, until: 2021-12-31}
---
{kind: post, id: secret-post, title: Canary Post Renamed, unit: people, reports_to: chief, from: 2022-01-01, visibility: restricted, exempt: Schedule 12A paragraph 2, decided: the monitoring officer}
---
{kind: absence, id: away, appointment: secret-appointment, reason: long-term, from: 2024-01-01, source: canarysource}
---
{kind: proposal, id: secret-proposal, title: Canary Proposal, status: draft}
---
{kind: post, id: new-post, proposal: secret-proposal, title: Canary Proposed Post, unit: people}
---
{kind: finding, id: secret-finding, test: first, theme: accountabilities, text: Canary Finding}
---
{kind: evidence, id: secret-evidence, test: first, method: interview, title: Canary Evidence, reference: E1, file_name: canary.docx, excerpt: Canary Excerpt}
---
{kind: interview, id: secret-interview, test: first, title: Canary Chair, people: Canary Person, held_on: 2024-03-01, place: Canary House, questions: Canary Question}
---
{kind: judgement, id: secret-judgement, test: first, criterion: accountability, outcome: not-met, rationale: Canary Reason, findings: [secret-finding]}
---
{kind: condition, id: secret-condition, judgement: secret-judgement, text: As long as Canary Condition, due: 2024-09-01}
---
{kind: recommendation, id: secret-recommendation, test: first, number: 1, text: Canary Advice, due: 2024-09-01}
---
{kind: paragraph, id: secret-paragraph, test: first, number: 1, part: opening, text: Canary Paragraph}
---
{kind: progress, id: secret-progress, test: first, part: canary-part, state: completed}
---
{kind: letter, id: secret-letter, test: first, title: Canary Letter, purpose: factual-accuracy, dated: 2024-05-01}
---
{kind: accuracy, id: secret-accuracy, letter: secret-letter, paragraph: 1, wrong: Canary Mistake}
`

var canary = regexp.MustCompile(`(?i)canary|secret-holder`)

// crawl opens every page and file that somebody finds from the first page on, and of each look.
func (b *browserOf) crawl(most int, looks ...string) (seen []string, leaks []string) {
	b.t.Helper()
	href := regexp.MustCompile(`(?:href|action|src)="(/[^"#]*)"`)
	done := map[string]bool{}
	var queue []string
	for _, l := range looks {
		for _, p := range []string{"/", "/structure", "/structure/posts", "/structure/who-answers", "/structure/timeline", "/structure/compare", "/entries", "/records", "/proposals", "/assurance", "/assurance/findings", "/assurance/evidence", "/search?q=canary", "/search?q=holder",
			"/structure/people", "/structure/appointments", "/structure/absences", "/suggest?q=canary&kind=post", "/suggest?q=canary&kind=person", "/structure/posts/secret-post", "/structure/posts/secret-post/history", "/structure/people/secret-holder", "/proposals/secret-proposal", "/proposals/secret-proposal/transfer", "/assurance/findings/secret-finding", "/assurance/letters/secret-letter", "/assurance/tests-of-assurance/first", "/structure/posts/head", "/structure/posts/head/history", "/structure/posts/new-post?proposal=secret-proposal"} {
			if l != "" && strings.Contains(p, "?") {
				p += "&" + l
			} else if l != "" {
				p += "?" + l
			}
			queue = append(queue, p)
		}
	}
	for n := int64(1); n <= b.book.Known(); n++ {
		queue = append(queue, "/entries/"+itoa(n), "/entries/"+itoa(n)+".json")
	}
	for len(queue) > 0 && len(seen) < most {
		at := queue[0]
		queue = queue[1:]
		u, err := url.Parse(at)
		if err != nil || done[at] || strings.HasPrefix(u.Path, "/sign-out") {
			continue
		}
		done[at] = true
		status, to, page := b.ask(at, nil)
		seen = append(seen, at)
		if status >= 500 {
			b.t.Errorf("%s: %d", at, status)
		}
		typed := strings.NewReplacer(url.QueryEscape(u.Query().Get("q")), "", u.Query().Get("q"), "", "secret-proposal", "").Replace(page)
		if u.Path == "/structure/people/secret-holder" {
			typed = strings.ReplaceAll(typed, "secret-holder", "") // the address that was asked for
		}
		if found := canary.FindString(typed); found != "" {
			i := canary.FindStringIndex(typed)[0]
			leaks = append(leaks, at+" says "+typed[max(0, i-100):min(len(typed), i+100)])
		}
		if to != "" {
			queue = append(queue, to)
		}
		for _, m := range href.FindAllStringSubmatch(page, -1) {
			queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	return seen, leaks
}

// Nobody finds what is closed to them: on no page, in no file, on no day, as known at no time. Those who may see it do.
func TestWhatIsClosed(t *testing.T) {
	o := staffed(t)
	o.load(nil, closed)
	o.add("Sta", access.Staff)
	o.add("Adm", access.Administrator)
	o.add("Gov", access.Governance)
	o.add("Adv", access.Adviser)
	looks := []string{"", "on=2021-06-01", "on=2021-06-01&known=" + itoa(o.book.Known()-7), "on=2024-06-01"}
	for _, who := range []string{"sta", "adm"} {
		seen, leaks := o.browser().signIn(who).crawl(2500, looks...)
		for _, l := range leaks {
			t.Errorf("%s: %s", who, l)
		}
		if len(seen) < 300 {
			t.Errorf("%s: only %d pages", who, len(seen))
		}
		t.Logf("%s: %d pages", who, len(seen))
	}
	for _, c := range []struct {
		who, at, says string
		see           bool
	}{
		{"gov", "/structure/posts/head", "Canary Holder", true}, {"gov", "/structure/posts/secret-post", "Canary Post Renamed", true}, {"gov", "/proposals/secret-proposal", "Canary Proposal", true},
		{"gov", "/assurance/findings/secret-finding", "Canary Finding", false}, {"adv", "/assurance/findings/secret-finding", "Canary Finding", true}, {"adv", "/structure/posts/secret-post", "Canary Post", false},
		{"gov", "/assurance/letters/secret-letter", "Canary Letter", true}, {"adv", "/assurance/letters/secret-letter", "Canary Letter", true}, {"gov", "/assurance/interviews-and-meetings/secret-interview", "Canary Chair", false}, {"adv", "/assurance/interviews-and-meetings/secret-interview", "Canary Person", true},
		{"gov", "/structure/absences", "Long-term", true}, {"sta", "/structure/absences", "Long-term", false},
	} {
		_, _, page := o.browser().signIn(c.who).ask(c.at, nil)
		if strings.Contains(page, c.says) != c.see {
			t.Errorf("%s at %s: %q is there: %t\n%s", c.who, c.at, c.says, !c.see, words(page))
		}
	}
	// The answer is not made false by what is closed: the post is held.
	_, _, page := o.browser().signIn("sta").ask("/structure/posts/head", nil)
	if !strings.Contains(words(page), "not public") || strings.Contains(words(page), "acant") {
		t.Errorf("a post that somebody holds whom one may not see:\n%s", words(page))
	}
	// What is closed can be opened; it is closed on all days at once, and opened on all.
	o.load(nil, "{kind: post, id: secret-post, title: Canary Post Renamed, unit: people, reports_to: chief, from: 2022-01-01, visibility: internal}")
	if _, _, page := o.browser().signIn("sta").ask("/structure/posts/secret-post?on=2023-01-01", nil); !strings.Contains(page, "Canary Post Renamed") {
		t.Errorf("what was opened is not seen:\n%s", words(page))
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// What a change is refused for says nothing of what is closed, and is the same whether what it refers to is closed or was never there.
func TestRefusalsOfWhatIsClosed(t *testing.T) {
	o := staffed(t)
	o.load(nil, closed)
	p := o.token(o.add("Off", access.Officer), true)
	before := o.book.Known()
	for n, c := range []struct{ at, not string }{
		{"owner: new-post", "owner: not-post"}, {"owner: new-pots", "owner: not-pots"}, {"about: [person/secret-holder]", "about: [person/nobody-holder]"}, {"about: [person/secret-holdr]", "about: [person/nobody-holdr]"},
		{"about: [finding/secret-finding]", "about: [finding/nowhere-finding]"}, {"about: [proposal/secret-proposal]", "about: [proposal/nowhere-proposal]"}, {"about: [post/secret-pots]", "about: [post/nowhere-pots]"},
	} {
		var says []string
		for _, of := range []string{c.at, c.not} {
			r, page := p.ask("POST", "/load", "{kind: action, id: a, title: A, "+of+"}", "Idempotency-Key", of)
			_, id, _ := strings.Cut(of, ": ")
			says = append(says, strings.ReplaceAll(page, strings.Trim(id, "[]"), "it"))
			if r.StatusCode != http.StatusUnprocessableEntity || strings.Contains(page, "Did you mean") || strings.Contains(strings.ReplaceAll(page, strings.Trim(id, "[]"), ""), "secret") {
				t.Errorf("%d %s: %d %s", n, of, r.StatusCode, page)
			}
		}
		if says[0] != says[1] {
			t.Errorf("%s is told from what is not there: %s and %s", c.at, says[0], says[1])
		}
	}
	if r, page := p.ask("POST", "/load", "{kind: action, id: a, title: A, owner: haed}", "Idempotency-Key", "slip"); !strings.Contains(page, `Did you mean \"head\"?`) {
		t.Errorf("a slip of the pen: %d %s", r.StatusCode, page)
	}
	if o.book.Known() != before {
		t.Errorf("%d entries were recorded", o.book.Known()-before)
	}
}

// What refers to something unseen names it on no page and in no file; and whoever does not see it cannot take it out.
func TestReferencesToWhatIsUnseen(t *testing.T) {
	o := staffed(t)
	o.load(nil, `
{kind: proposal, id: canary-proposal, title: Draft, status: draft}
---
{kind: post, id: canary-post, proposal: canary-proposal, title: Planned, unit: people}
---
{kind: finding, id: canary-finding, test: first, theme: accountabilities, text: Not issued}
---
{kind: action, id: act, title: Act, owner: canary-post, about: [finding/canary-finding, proposal/canary-proposal, post/canary-post, post/chief]}
`)
	last := o.book.Known()
	var officer *desk.Account
	for _, who := range []access.Role{access.Staff, access.Administrator, access.Officer} {
		a := o.add(string(who), who)
		if who == access.Officer {
			officer = a
		}
		b := o.browser().signIn(string(who))
		for _, at := range []string{"/delivery/actions/act", "/delivery/actions/act.json", "/delivery/actions", "/delivery/actions.csv", "/delivery/actions.json", "/delivery/actions/act/history", "/delivery/actions/act/history.csv", "/delivery/actions/act/history.json",
			"/structure/download/actions.csv", "/entries", "/entries/" + itoa(last), "/entries/" + itoa(last) + ".json", "/delivery/actions/act/change", "/structure/compare?on2=2019-01-01&what=everything"} {
			status, _, page := b.ask(at, nil)
			if found := canary.FindString(page); found != "" || status >= 500 {
				t.Errorf("%s at %s: %d, it says %q", who, at, status, found)
			}
			if at == "/delivery/actions/act.json" && !strings.Contains(page, "chief") {
				t.Errorf("%s does not see what they may: %s", who, page)
			}
		}
	}
	before := o.book.Known()
	if r, page := o.token(officer, true).ask("POST", "/load", "{kind: action, id: act, title: Other}", "Idempotency-Key", "a"); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "may not see") || o.book.Known() != before {
		t.Errorf("taken out: %d %s", r.StatusCode, page)
	}
}
