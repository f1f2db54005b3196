package web_test

import (
	"archive/zip"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"plumbline/internal/access"
)

// unreported is the work on a test that is not reported, with words that stand nowhere else, in every field that an adviser can fill; a reported test beside it, and what others recorded that leads to it.
const unreported = `
{kind: person, id: assessor, name: Amy Assessor}
---
{kind: test, id: first, title: First test, tests: merge, framework: local-test-of-assurance-2013, assessor: assessor, started_on: 2024-01-01, access_until: 2036-12-31}
---
{kind: test, id: older, title: Older test, framework: local-test-of-assurance-2013, started_on: 2022-01-01, reported_on: 2022-03-01, structure_on: 2022-01-01}
---
{kind: test, id: second, title: Second test, framework: local-test-of-assurance-2013, started_on: 2024-01-01, supersedes: older, structure_on: 2024-01-01}
---
{kind: judgement, id: older-judgement, test: older, criterion: accountability, outcome: met, rationale: It was clear}
---
{kind: recommendation, id: older-recommendation, test: older, number: 1, text: Make a plan, due: 2022-09-01}
---
{kind: interview, id: secret-interview, test: first, title: Canary Chair, people: Canary Person, held_on: 2024-03-01, place: Canary House, questions: Canary Question, status: held, with: [post/head], themes: [accountabilities]}
---
{kind: evidence, id: secret-evidence, test: first, method: interview, title: Canary Evidence, reference: E1, file_name: canary.docx, file: c0ffee0000000000000000000000000000000000000000000000000000000001, excerpt: Canary Excerpt, interview: secret-interview, about: [post/head, board/cabinet], expires_on: 2027-02-01, attributable: true, supplied_by: post/head}
---
{kind: finding, id: secret-finding, test: first, title: Canary Title, theme: accountabilities, criteria: [accountability], polarity: risk, about: [post/head, board/cabinet, unit/people], evidence: [secret-evidence], text: Canary Finding}
---
{kind: judgement, id: secret-judgement, test: first, criterion: accountability, outcome: met-with-condition, rationale: Canary Reason, findings: [secret-finding], despite: Canary Despite}
---
{kind: condition, id: secret-condition, judgement: secret-judgement, text: As long as Canary Condition, due: 2027-02-01, expression: 'has("post/head")'}
---
{kind: recommendation, id: secret-recommendation, test: first, number: 1, text: Canary Advice, due: 2027-02-01, owner: head, findings: [secret-finding], conditions: [secret-condition]}
---
{kind: paragraph, id: secret-paragraph, test: first, number: 1, part: opening, text: Canary Paragraph, footnotes: Canary Footnote, findings: [secret-finding]}
---
{kind: progress, id: secret-progress, test: first, part: canary-part, state: completed}
---
{kind: confirmation, id: secret-confirmation, condition: secret-condition, said_by: adviser, state: met, said_on: 2024-04-01, text: Canary Confirmation}
---
{kind: letter, id: secret-letter, test: first, title: Canary Letter, purpose: factual-accuracy, dated: 2024-05-01, answers_by: 2027-02-01}
---
{kind: accuracy, id: secret-accuracy, letter: secret-letter, paragraph: 1, wrong: Canary Mistake, answer_text: Canary Answer}
---
{kind: statement, id: stated, role: HPS, post: chief, quarter: 2023/24 quarter 4, stated_on: 2024-03-31, answer: cannot, exceptions: Canary Exception}
---
{kind: action, id: about-it, title: Something to do, owner: chief, about: [finding/secret-finding, recommendation/secret-recommendation, letter/secret-letter]}
`

// What is of a test, and what is worked out of tests.
var (
	allParts = []string{"scope", "evidence", "evidence/new", "evidence/secret-evidence", "files/secret-evidence", "interviews", "interviews/secret-interview", "themes", "themes/accountabilities", "findings", "findings/secret-finding", "findings/new",
		"criteria", "criteria/accountability", "conditions", "conditions/secret-condition", "conditions/new", "recommendations", "recommendations/secret-recommendation", "recommendations/new", "map", "map/secret-judgement", "map/secret-finding", "summary", "accuracy", "accuracy/secret-letter", "accuracy/secret-accuracy",
		"compare", "compare/older", "compare/second", "letter", "letter/1", "letter/secret-letter", "letter/2", "send-out", "issue", "live", "review", "oscal", "oscal/assessment-results.json", "oscal/poam.json", "oscal/catalog.json", "oscal/profile.json", "oscal/assessment-plan.json", "history", "transfer", "change"}
	ofTests = []string{"/assurance/contingency", "/assurance/contingency?taken=evidence", "/assurance/contingency?depth=2", "/assurance/timeline", "/assurance/timeline?years=5", "/assurance/repair", "/assurance/repair?advice=yes", "/assurance/actions", "/assurance/statements", "/assurance/statements?quarter=2023%2F24+quarter+4", "/assurance/statements-of-statutory-officers", "/assurance/statements-of-statutory-officers/stated", "/assurance/check", "/assurance/frameworks/local-test-of-assurance-2013", "/assurance/records", "/needs",
		"/search?q=canary", "/suggest?q=canary", "/suggest?q=secret&kind=finding", "/suggest?q=canary&kind=letter", "/delivery/actions/about-it", "/delivery/actions", "/structure/compare?on2=2023-01-01&what=everything", "/assurance?on=2024-06-01", "/structure/timeline", "/account"}
	endings = []string{"", ".json", ".csv", ".docx", ".ics", ".html", ".txt"}
)

// leaksOf asks a reader's pages and files for words that are not for them.
func (b *browserOf) leaksOf(words *regexp.Regexp, targets []string) (n int, leaks []string) {
	b.t.Helper()
	href := regexp.MustCompile(`(?:href|action|src)="(/[^"#]*)"`)
	done, queue := map[string]bool{}, targets
	for len(queue) > 0 && n < 2500 {
		at := queue[0]
		queue = queue[1:]
		u, err := url.Parse(at)
		if err != nil || done[at] || strings.HasPrefix(u.Path, "/sign-") {
			continue
		}
		done[at] = true
		n++
		status, to, page := b.ask(at, nil)
		if status >= 500 {
			b.t.Errorf("%s: %d", at, status)
		}
		if strings.HasPrefix(page, "PK") {
			page = unzipped(b.t, page)
		}
		said := page
		for _, part := range append(strings.Split(u.Path, "/"), u.Query().Get("q")) { // what was asked for is said again
			if id, _, _ := strings.Cut(part, "."); strings.HasPrefix(id, "secret") || id == "canary" {
				said = strings.ReplaceAll(said, id, "")
			}
		}
		if i := words.FindStringIndex(said); i != nil {
			leaks = append(leaks, at+" says "+said[max(0, i[0]-150):min(len(said), i[1]+100)])
		}
		if to != "" && strings.HasPrefix(to, "/") {
			queue = append(queue, to)
		}
		if strings.HasPrefix(u.Path, "/assurance") { // what these lead to
			for _, m := range href.FindAllStringSubmatch(page, -1) {
				queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
	}
	return n, leaks
}

// Before the report nobody but its adviser finds a word of the work on a test, on any page of any test, in any form, in what is worked out of tests, on any day, whatever the reader may see beside.
func TestNobodyReadsWhatIsNotReported(t *testing.T) {
	o := staffed(t)
	o.load(nil, unreported)
	o.load(nil, "{kind: settings, id: settings, public: true, public_kinds: [test, finding, evidence, judgement, condition, recommendation, interview, progress, paragraph, letter, accuracy, confirmation, post, unit, board, action, viewing]}")
	var targets []string
	for _, look := range []string{"", "on=2024-06-01"} {
		for _, test := range []string{"first", "older", "second"} {
			for _, part := range append([]string{""}, allParts...) {
				for _, ending := range endings {
					if look != "" && ending != "" && ending != ".json" {
						continue
					}
					targets = append(targets, strings.TrimSuffix("/assurance/tests-of-assurance/"+test+"/"+part, "/")+ending+"?"+look)
				}
			}
		}
		for _, at := range ofTests {
			path, query, _ := strings.Cut(at, "?")
			for _, ending := range []string{"", ".json", ".csv", ".ics", ".docx"} {
				targets = append(targets, path+ending+"?"+strings.Trim(query+"&"+look, "&"))
			}
		}
		for _, kind := range []string{"findings", "evidence", "judgements", "conditions", "recommendations", "interviews-and-meetings", "paragraphs", "letters"} {
			for _, ending := range []string{"", ".json", ".csv"} {
				targets = append(targets, "/assurance/"+kind+ending+"?"+look, "/assurance/"+kind+"/secret-"+strings.TrimSuffix(strings.TrimSuffix(kind, "s-and-meetings"), "s")+ending+"?"+look, "/assurance/"+kind+"/secret-"+strings.TrimSuffix(strings.TrimSuffix(kind, "s-and-meetings"), "s")+"/history"+ending+"?"+look)
			}
		}
	}
	for n := int64(1); n <= o.book.Known(); n++ {
		targets = append(targets, "/entries/"+itoa(n), "/entries/"+itoa(n)+".json")
	}
	all := regexp.MustCompile(`(?i)canary|secret-|c0ffee`)
	o.addOver("Bob", access.Adviser, "second")
	readers := map[string]*browserOf{"bob": o.browser().signIn("bob"), "": o.browser()}
	for name, role := range map[string]access.Role{"stan": access.Staff, "adam": access.Administrator, "gwen": access.Governance, "clark": access.Clerk} {
		o.add(name, role)
		readers[name] = o.browser().signIn(name)
	}
	for who, b := range readers {
		words := all
		if who == "gwen" { // reads what went out for factual accuracy, and what was said of it
			words = regexp.MustCompile(`(?i)canary (title|finding|evidence|excerpt|chair|person|house|question|reason|despite|condition|advice|footnote|confirmation)|secret-(finding|evidence|interview|judgement|condition|recommendation|paragraph|progress|confirmation)|c0ffee`)
		}
		n, leaks := b.leaksOf(words, targets)
		for _, l := range leaks[:min(len(leaks), 8)] {
			t.Errorf("%q: %s", who, l)
		}
		t.Logf("%q: %d pages, %d leaks", who, n, len(leaks))
	}
}

// unzipped is what is in the files of an archive.
func unzipped(t testing.TB, archive string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&out, r); err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
	}
	return out.String()
}

// Before the report what a test rests on, its summary, its factual accuracy and the search answer everybody but its adviser as if nothing had been written: whatever their role, or none, or no account, in whatever form, on whatever day. So no word, no count and no address of it is
// in them. What went out for factual accuracy is read by those who set up tests, and nothing else of it.
func TestMapSummaryAndAccuracyAreSilentBeforeTheReport(t *testing.T) {
	before, written, _ := strings.Cut(unreported, "---\n{kind: interview")
	written, _, _ = strings.Cut("{kind: interview"+written, "---\n{kind: statement")
	work, sent, _ := strings.Cut(written, "---\n{kind: letter")
	sent = "{kind: letter" + sent

	var targets []string
	for _, look := range []string{"", "on=2024-06-01", "proposal=merge"} {
		for _, at := range []string{
			"map", "map?weak=yes", "map?theme=governance", "map?page=2", "map/accountability", "map/secret-judgement", "map/secret-finding", "summary", "accuracy", "accuracy?letter=secret-letter", "accuracy/secret-letter", "accuracy/secret-accuracy", "evidence/many", "evidence-template", "",
		} {
			path, query, _ := strings.Cut(at, "?")
			for _, ending := range endings {
				targets = append(targets, strings.TrimSuffix(atFirst+"/"+path, "/")+ending+"?"+strings.Trim(query+"&"+look, "&"))
			}
		}
		for _, at := range []string{"/search?q=canary", "/search?q=secret-finding", "/search?q=E1", "/search?q=first", "/suggest?q=canary", "/suggest?q=E1", "/", "/needs", "/assurance", "/assurance/records", "/structure/posts/head", "/structure/posts/head/history", "/structure/units/people", "/meetings/boards/cabinet"} {
			targets = append(targets, at+map[bool]string{true: "&", false: "?"}[strings.Contains(at, "?")]+look)
		}
		for _, kind := range []string{"finding", "evidence", "judgement", "condition", "recommendation", "interview", "paragraph", "letter", "accuracy", "progress", "confirmation"} {
			targets = append(targets, "/suggest?q=canary&kind="+kind+"&"+look, "/suggest?q=secret&kind="+kind+"&"+look)
		}
	}

	o := staffed(t)
	o.load(nil, before)
	o.load(nil, "{kind: settings, id: settings, public: true, public_kinds: [test, finding, evidence, judgement, condition, recommendation, interview, progress, paragraph, letter, accuracy, confirmation, post, unit, board]}")
	readers := map[string]*browserOf{"not signed in": o.browser()}
	sets := map[string]bool{}
	for i, m := range access.Roles {
		name := "role" + itoa(int64(i))
		if m.Role == access.Adviser {
			o.addOver(name, m.Role, "second")
		} else {
			o.add(name, m.Role)
		}
		readers[string(m.Role)], sets[string(m.Role)] = o.browser().signIn(name), m.Does(access.SetUpTests)
	}
	o.add("Nora")
	readers["no role"] = o.browser().signIn("nora")
	answers := func(b *browserOf) map[string]string {
		out := map[string]string{}
		for _, at := range targets {
			status, to, page := b.ask(at, nil)
			if strings.HasPrefix(page, "PK") {
				page = unzipped(t, page)
			} else if strings.Contains(page, "<html") {
				page = words(page)
			}
			out[at] = itoa(int64(status)) + " " + to + " " + foot.ReplaceAllString(page, "")
		}
		return out
	}
	was := map[string]map[string]string{}
	for who, b := range readers {
		was[who] = answers(b)
	}
	canary := regexp.MustCompile(`(?i)canary|c0ffee`)
	for step, load := range []string{work, sent} {
		o.load(nil, load)
		for who, b := range readers {
			leaks := 0
			for at, now := range answers(b) {
				if step == 1 && sets[who] {
					if canary.MatchString(strings.NewReplacer("Canary Letter", "", "Canary Mistake", "", "Canary Answer", "", "Canary Paragraph", "").Replace(now)) && !strings.Contains(at, "q=canary") {
						t.Errorf("%s reads more than what went out at %s: %s", who, at, now)
					}
					continue
				}
				if now != was[who][at] && leaks < 3 {
					leaks++
					t.Errorf("%s learns at %s that there is work:\n%s\nbefore:\n%s", who, at, now, was[who][at])
				}
			}
		}
	}
	ada := o.addOver("Ada", access.Adviser, "first")
	if _, _, page := o.browser().signIn(strings.ToLower(ada.Name)).ask(atFirst+"/summary", nil); !strings.Contains(page, "Canary Reason") {
		t.Errorf("what is kept from others is not there: %s", words(page))
	}
}
