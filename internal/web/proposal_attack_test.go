package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
)

// loadBy records documents as somebody with an account.
func (o *office) loadBy(who fact.Who, docs string) error {
	o.t.Helper()
	d, problems := o.book.Kinds().Read("x", strings.NewReader(docs))
	if len(problems) > 0 {
		o.t.Fatal(problems)
	}
	_, err := o.book.Do(context.Background(), who, book.Change{Docs: d})
	return err
}

// What a restricted proposal would change is on no page and in no file for whoever does not keep what is restricted, in a decision that they try either; they are told that there is one, and why they do not see it.
func TestWhatARestrictedProposalChanges(t *testing.T) {
	o := staffed(t)
	o.load(nil, `
{kind: proposal, id: quiet, title: Canary plan, rationale: Canary why, status: consultation, visibility: restricted, exempt: Schedule 12A paragraph 4, decided: the monitoring officer}
---
{kind: function, id: care, name: Care, domain: ASC, unit: people}
---
{kind: post, id: planned, proposal: quiet, title: Canary Director, unit: people, note: Canary note, from: 2027-04-01}
---
{kind: post, id: head, proposal: quiet, title: Canary Head, unit: people, reports_to: planned, from: 2027-04-01}
---
{kind: version, id: v1, of: quiet, number: 1, summary: Canary summary}
---
{kind: comment, id: c1, of: quiet, title: Canary comment, text: Canary text, about: post/planned}
---
{kind: contact, id: ct, of: quiet, subject: Canary subject, said: Canary said}
`)
	var pages []string
	for _, part := range []string{"", "/changes", "/changes.csv", "/changes.json", "/changes.xlsx", "/comment?about=post/planned", "/comment?about=post/head", "/review", "/versions", "/versions?first=1", "/update", "/decision", "/transfer", "/transfer.json", "/checks", "/checks.json", "/checks.txt",
		"/case", "/money", "/report", "/report.txt", "/report.json", "/staff-report", "/staff-report.json", "/consultation", "/history", ".json"} {
		pages = append(pages, "/proposals/quiet"+part)
	}
	for _, at := range []string{"/structure/posts", "/structure/posts.json", "/structure/posts/planned", "/structure/posts/head", "/structure/posts/head/history", "/structure", "/search?q=canary", "/suggest?q=canary&kind=post", "/structure/compare", "/structure/download/posts.csv", "/structure/timeline", "/assurance/check", "/entries", "/proposals", "/proposals/comments", "/feedback/contacts", "/needs", "/"} {
		mark := "?"
		if strings.Contains(at, "?") {
			mark = "&"
		}
		pages = append(pages, at, at+mark+"proposal=quiet")
	}
	o.add("Stan", access.Staff)
	o.add("Pat", access.Proposer)
	o.add("Gwen", access.Governance)
	for _, who := range []string{"stan", "pat"} {
		b := o.browser().signIn(who)
		for _, at := range pages {
			status, _, page := b.ask(at, nil)
			if status >= 500 || strings.Contains(page, "Canary") {
				t.Errorf("%s sees it at %s: %d %s", who, at, status, words(page))
			}
		}
		if _, _, page := b.ask("/proposals/quiet", nil); !strings.Contains(page, "Part of this is not public. Reason: Schedule 12A paragraph 4.") {
			t.Errorf("%s is not told why: %s", who, words(page))
		}
		if status, _, page := b.ask("/proposals/quiet/changes", nil); status != http.StatusForbidden || !strings.Contains(page, "You cannot see what this proposal would change.") {
			t.Errorf("%s is not told that there are changes: %d %s", who, status, words(page))
		}
		for _, form := range []string{"changes", "comment?about=post/head", "review", "versions", "update", "decision", "change"} {
			if status, _, page := b.ask("/proposals/quiet/"+form, url.Values{"stance": {"support"}, "text": {"Hello"}, "number": {"2"}, "outcome": {"withdrawn"}, "~verb": {"correct"}}); status < 400 && form != "change" || strings.Contains(page, "Canary") {
				t.Errorf("%s sends %s: %d %s", who, form, status, words(page))
			}
		}
	}
	if _, _, page := o.browser().signIn("gwen").ask("/proposals/quiet/changes", nil); strings.Count(page, "Canary") < 2 {
		t.Errorf("governance does not see it: %s", words(page))
	}
}

// Why a decision cannot be recorded says nothing of what somebody does not see.
func TestDecisionOnWhatIsClosed(t *testing.T) {
	o := staffed(t)
	o.load(nil, proposed)
	o.load(nil, "{kind: post, id: shut, title: Shut post, unit: people, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}")
	o.load(nil, "{kind: post, id: shut, proposal: one, title: Canary post, unit: people, from: 2027-04-01}")
	o.passed.Add(int64(time.Minute))
	o.load(nil, "{kind: post, id: shut, title: Canary in force, unit: people}")
	o.add("Pat", access.Proposer)
	day := fact.DayIn(o.at)
	y, m, d := day.Civil()
	form := url.Values{"outcome": {"adopted"}, "decision_on.form": {"day"}, "decision_on.day": {strconv.Itoa(d)}, "decision_on.month": {strconv.Itoa(int(m))}, "decision_on.year": {strconv.Itoa(y)}, "decided_by": {"Cabinet"}}
	status, _, page := o.browser().signIn("pat").ask(atOne+"/decision", form)
	if status < 400 || strings.Contains(page, "Canary") || strings.Contains(page, "Shut") {
		t.Errorf("%d %s", status, words(page))
	}
	o.add("Gwen", access.Governance)
	if _, _, page := o.browser().signIn("gwen").ask(atOne+"/decision", form); !strings.Contains(page, "Canary in force") {
		t.Errorf("governance is not told: %s", words(page))
	}
}

// What people say of a proposal is text as any other in the record: without control characters or what turns the order of letters round, and as long as they were told at most. Its id tells none of it.
func TestHostileComments(t *testing.T) {
	o := staffed(t)
	o.load(nil, proposed)
	o.add("Mia", access.Member)
	b := o.browser().signIn("mia")
	about := atOne + "/comment?about=post/head"
	say := func(at string, want int, pairs ...string) {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		if status, _, page := b.ask(at, form); status != want {
			t.Errorf("%.60q: %d, want %d: %s", pairs, status, want, words(page))
		}
	}
	say(about, http.StatusSeeOther, "stance", "comment", "text", "One\r\ntwo\x00\x0b\u202e <script>alert(1)</script>\x1b[31m", "capacity", "leader\nof the\u202e opposition\x00")
	say(about, http.StatusUnprocessableEntity, "stance", "wording", "wording", "Other", "wording_of", strings.Repeat("A", 200_000))
	say(about, http.StatusUnprocessableEntity, "stance", "wording", "wording", "Other", "wording_of", "No such field")
	say(about, http.StatusUnprocessableEntity, "stance", "comment", "text", strings.Repeat("A", 5001))
	say(about, http.StatusRequestEntityTooLarge, "stance", "comment", "text", strings.Repeat("A", 10<<20))
	say(atOne+"/comment?about=post/head%00", http.StatusNotFound, "stance", "comment", "text", "Hello")
	all := o.book.View(fact.DayIn(o.at), -1).All("comment")
	if len(all) != 1 || all[0].Text("text") != "One\ntwo <script>alert(1)</script>[31m" || all[0].Text("capacity") != "leader of the opposition" {
		t.Fatalf("%d comments: %q %q", len(all), all[0].Text("text"), all[0].Text("capacity"))
	}
	if _, _, page := b.ask(about, nil); strings.Contains(page, "<script>alert") {
		t.Error("a comment runs")
	}

	// many clicks at once, and the same once more later
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			b.ask(atOne+"/review", url.Values{"stance": {"ask-for-changes"}, "text": {"Slower, please"}})
		})
	}
	wg.Wait()
	say(atOne+"/review", http.StatusSeeOther, "stance", "ask-for-changes", "text", "Slower, please")
	if n := len(o.book.View(fact.DayIn(o.at), -1).All("comment")); n != 2 {
		t.Errorf("sent ten times it is %d comments", n-1)
	}

	// an id is made of who said how much, so it is the same whatever they say
	ids := map[fact.ID]bool{}
	for _, text := range []string{"A secret", "Another"} {
		x := empty(t)
		x.load(nil, proposed)
		s := x.visit(about)
		s.answer("/comment", "stance", "comment", "text", text)
		ids[x.book.View(fact.DayIn(now), -1).All("comment")[0].Key().ID] = true
	}
	if len(ids) != 1 {
		t.Errorf("the id depends on what is said: %v", ids)
	}
}

// Whoever works on a proposal answers what others said of it, and does not change what they said; nor do they record that it was adopted.
func TestProposersLeaveOthersWords(t *testing.T) {
	o := staffed(t)
	o.load(nil, proposed)
	o.add("Mia", access.Member)
	pat := o.add("Pat", access.Proposer)
	mia, b := o.browser().signIn("mia"), o.browser().signIn("pat")
	mia.ask(atOne+"/review", url.Values{"stance": {"ask-for-changes"}, "text": {"Do not do this"}})
	c := o.book.View(fact.DayIn(o.at), -1).All("comment")[0]
	at, to, _ := b.ask("/proposals/comments/"+string(c.Key().ID)+"/change", url.Values{"~verb": {"correct"}})
	if at != http.StatusSeeOther {
		t.Fatal(at, to)
	}
	if err := o.loadBy(pat.ID, "{kind: comment, id: "+string(c.Key().ID)+", of: one, title: Do not do this, stance: support, text: Do this, state: open}"); err == nil {
		t.Error("a proposer turns a review round")
	}
	if status, _, page := b.ask(atOne+"/answer", url.Values{"comment": {string(c.Key().ID)}, "answer": {"We shall\x00 see"}, "state": {"answered"}}); status != http.StatusSeeOther {
		t.Errorf("a proposer cannot answer: %d %s", status, words(page))
	}
	if got := o.book.View(fact.DayIn(o.at), -1).All("comment")[0]; got.Text("answer") != "We shall see" || got.Text("text") != "Do not do this" {
		t.Errorf("%q %q", got.Text("text"), got.Text("answer"))
	}
	if err := o.loadBy(pat.ID, "{kind: proposal, id: one, title: One service, status: adopted}"); err == nil {
		t.Error("a proposer records that it is adopted")
	}
}

// Of a proposal under which very much changed in force the page asks for some choices one by one, and for the rest at once: nobody makes the pages slow for all by opening it.
func TestVeryMuchChangedUnderAProposal(t *testing.T) {
	const posts = 1500
	s := empty(t)
	each := func(format string) string {
		var b strings.Builder
		for i := range posts {
			b.WriteString(strings.ReplaceAll(format, "N", strconv.Itoa(i)) + "\n---\n")
		}
		return b.String()
	}
	s.load(nil, smallCouncil+"---\n"+each("{kind: post, id: pN, title: Post N, unit: people}")+each("{kind: post, id: pN, proposal: merge, title: Proposed N, unit: people, from: 2027-04-01}")+"{kind: unit, id: last, name: Last}")
	s.passed.Add(int64(time.Minute))
	s.load(nil, each("{kind: post, id: pN, title: In force N, grade: G9, unit: people}")+"{kind: unit, id: last, name: The last}")
	v := s.visit("/proposals/merge/update")
	v.want("Changed by both: the first 50 of 1,500", "Changed in force, and carried into the proposal: the first 50 of 1,500", "All that is not listed here: 1,450 choices")
	if n := len(v.page); n > 300<<10 {
		t.Errorf("the page has %d kB", n>>10)
	}
	begun := time.Now()
	s.get("/proposals/merge/update")
	if took := time.Since(begun); took > time.Second {
		t.Errorf("once more it takes %s", took)
	}
	var pairs []string
	for _, m := range regexp.MustCompile(`name="(take\.[^"]+)"`).FindAllStringSubmatch(v.page, -1) {
		pairs = append(pairs, m[1], "proposal")
	}
	if len(pairs) != 2*2*50 {
		t.Fatalf("%d controls", len(pairs)/2)
	}
	if v.send("/update", pairs...) != http.StatusUnprocessableEntity {
		t.Fatal("what is not listed is chosen by nobody")
	}
	v.want("Select what the proposal is to say of all that is not asked one by one")
	v.answer("/update", append(pairs, "take-rest", "force")...)
	w := s.book.View(fact.DayOf(2027, 4, 1), -1).Planned("merge", fact.Date{})
	if moved := w.Moved(); len(moved) != 0 {
		t.Errorf("%d are not up to date", len(moved))
	}
	says := map[string]int{}
	for _, r := range w.All("post") {
		first, _, _ := strings.Cut(r.Text("title"), " ")
		says[first]++
	}
	if says["Proposed"] != 50 || says["In"] != posts-50 {
		t.Errorf("%v", says)
	}
}

// What somebody began to propose is not recorded under a proposal that was decided meanwhile, and is kept.
func TestAdoptedWhileSomebodyProposes(t *testing.T) {
	o := staffed(t)
	o.load(nil, proposed)
	o.add("Gwen", access.Governance)
	pat := o.add("Pat", access.Proposer)
	b, gwen := o.browser().signIn("pat"), o.browser().signIn("gwen")
	if status, _, page := b.ask("/structure/posts/new?proposal=one", url.Values{"title": {"Late post"}, "unit": {"People"}, "from.form": {"day"}, "from.day": {"1"}, "from.month": {"4"}, "from.year": {"2027"}}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, words(page))
	}
	y, m, d := fact.DayIn(o.at).Civil()
	form := url.Values{"outcome": {"adopted"}, "decision_on.form": {"day"}, "decision_on.day": {strconv.Itoa(d)}, "decision_on.month": {strconv.Itoa(int(m))}, "decision_on.year": {strconv.Itoa(y)}, "decided_by": {"Cabinet"}, "adopted_despite": {"It is agreed"}}
	_, _, page := gwen.ask(atOne+"/decision", form)
	agreed := regexp.MustCompile(`name="agreed" value="([^"]+)"`).FindStringSubmatch(page)
	if agreed == nil {
		t.Fatal(words(page))
	}
	form.Set("agreed", agreed[1])
	if status, to, page := gwen.ask(atOne+"/decision", form); status != http.StatusSeeOther {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	drafts, err := o.desk.Drafts(t.Context(), pat.ID)
	if err != nil || len(drafts) != 1 {
		t.Fatal(len(drafts), err)
	}
	size := o.book.Known()
	status, _, page := b.ask("/drafts/"+drafts[0].ID+"/check?proposal=one", url.Values{"~version": {strconv.FormatInt(drafts[0].Version, 10)}})
	if status < 400 || !strings.Contains(page, "decided") || o.book.Known() != size {
		t.Errorf("it is recorded behind those who decided: %d %s", status, words(page))
	}
	if drafts, _ := o.desk.Drafts(t.Context(), pat.ID); len(drafts) != 1 || drafts[0].Done != nil {
		t.Error("what was typed is gone")
	}
}

// What people said that is restricted, or said of something that is, stands in no answer to those who replied, but for those who keep it.
func TestThemesThatAreClosed(t *testing.T) {
	o := consulting(t)
	o.load(nil, `
{kind: theme, id: t1, of: on-hidden, name: Canary one, said: Canary said, outcome: changed, answer: Canary answer, answered_on: 2026-01-01}
---
{kind: theme, id: t2, of: over, name: Canary two, said: Canary said, outcome: changed, answer: Canary answer, answered_on: 2026-01-01, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: theme, id: t3, of: over, name: Plain theme, said: Plainly, outcome: changed, answer: Done, answered_on: 2026-01-01}
`)
	o.add("Stan", access.Staff)
	o.add("Gwen", access.Governance)
	for _, who := range []string{"", "stan", "gwen"} {
		b := o.browser()
		if who != "" {
			b.signIn(who)
		}
		for _, at := range []string{"/feedback/on-hidden", "/feedback/on-hidden/what-we-did", "/feedback/over", "/feedback/over/what-we-did"} {
			_, _, page := b.ask(at, nil)
			closed := strings.Contains(page, "Canary one") || strings.Contains(page, "Canary two") || strings.Contains(page, "Canary said") || strings.Contains(page, "Canary answer")
			if closed && who != "gwen" || strings.HasPrefix(at, "/feedback/over") && !strings.Contains(page, "Plain theme") || !closed && who == "gwen" && strings.HasSuffix(at, "did") {
				t.Errorf("%q at %s: %s", who, at, words(page))
			}
		}
	}
}
