package web_test

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// scene is a page in a state in which somebody may meet it.
type scene struct {
	name string
	site *site
	at   string     // its address
	by   func(*tab) // what is done there to come to it, or nil
}

// ofEach is how many pages of a sort are looked at under each look, to prove it.
const ofEach = 3

// scenes are a page of every route, each under one of the looks in turn, and pages in states that are seldom met. To prove it, they are
// pages of every route under each of the looks, and those of a large council.
func scenes(t testing.TB) (out []scene) {
	t.Helper()
	add := func(of string, s *site, targets ...string) {
		for _, x := range targets {
			out = append(out, scene{of + x, s, x, nil})
		}
	}
	const then, proposed = "?on=2003-10-01&known=2003-09-17", "?on=2015-06-05&proposal=people-directorate"
	read, none, large := reading(t), empty(t), grown(t, 3000)
	sorts, under := read.bySort("", then, proposed)
	for i, sort := range sorts {
		if proving {
			add("", read, spread(under[sort], 3*ofEach)...)
		} else {
			add("", read, under[sort][i%len(under[sort])])
		}
	}
	if proving {
		sorts, under := large.bySort("")
		for _, sort := range sorts {
			add("grown ", large, spread(under[sort], ofEach)...)
		}
	}
	add("", read, "/nothing", "/structure/posts/cheif-executive", "/structure?on=31+February+2003", "/structure?on=2031-01-01", "/structure/units/people?on=2015-06-05", "/search?q=director&on=2003-10-01", "/search?q=zebra", "/structure/compare?on=2003-10-01", "/structure/ask?q=", "/account")
	const people, repair = "/proposals/people-directorate", "/assurance/repair"
	add("", read, people+"?on=2015-06-05", people+"/changes?on=2015-06-05", people+"/changes?on=2015-06-05&view=charts", people+"/comment?on=2015-06-05&about=post/director-public-health", people+"/review", people+"/versions", people+"/update", people+"/decision", people+"/checks?on=2015-06-05", people+"/checks?launch=soon")
	add("", read, "/assurance/contingency?on=2015-06-05&proposal=people-directorate", "/assurance/contingency?on=2015-06-05&depth=2")
	add("", read, repair+"?on=2015-06-05&proposal=people-directorate&advice=yes", "/assurance/timeline?on=2003-06-05&from=2002-12-01&to=2003-12-31", "/assurance/timeline?on=2003-06-05&view=list", "/assurance/timeline?on=2015-06-05&view=lapses&proposal=people-directorate")
	add("empty ", none, "/", "/structure", "/structure/posts", "/structure/timeline")
	add("grown ", large, "/", "/structure", "/structure/who-answers", "/structure/timeline")
	return slices.Concat(out, sent(t), ofProposals(t), ofWork(t), ofJudging(t), ofLetters(t))
}

// ofProposals are the pages of a proposal on which something was said, something changed in force, and what is sent is wrong or to be checked.
func ofProposals(t testing.TB) (out []scene) {
	s := empty(t)
	s.load(nil, proposed)
	v := s.visit(atOne + "/comment?about=post/head")
	v.answer("/comment", "stance", "wording", "wording_of", "Title", "wording", "Director of Adults", "text", "Too much for one post.", "capacity", "monitoring officer")
	v.open(atOne + "/versions")
	v.answer("/versions", "summary", "As published")
	v.open(atOne + "/review")
	v.answer("/review", "stance", "support", "text", "It is clearer.")
	s.passed.Add(int64(time.Minute))
	s.load(nil, "{kind: post, id: head, title: Head of Services, grade: G9, unit: people, reports_to: chief}")
	add := func(name, at string, by func(*tab)) { out = append(out, scene{name, s, at, by}) }
	for _, at := range []string{"", "/changes", "/changes?view=charts", "/comment?about=post/head", "/review", "/versions?first=1", "/update", "/decision", "/checks"} {
		add("proposed "+at, atOne+at, nil)
	}
	add("nothing said", atOne+"/comment?about=unit/adults", func(b *tab) { b.follow("Save what I say") })
	add("no review", atOne+"/review", func(b *tab) { b.follow("Save what I say") })
	add("nothing chosen", atOne+"/update", func(b *tab) { b.follow("Bring it up to date") })
	add("nothing decided", atOne+"/decision", func(b *tab) { b.follow("Continue") })
	add("withdrawn, to be checked", atOne+"/decision", func(b *tab) {
		b.click("Withdrawn")
		b.follow("Continue")
	})
	add("proposing", "/structure/posts/head/change?proposal=one", nil)
	return out
}

// ofWork are the pages on which an adviser works: with nothing yet, with much, and with what is wrong in what was sent.
func ofWork(t testing.TB) (out []scene) {
	s := empty(t)
	s.load(nil, reviewed)
	add := func(name, at string, by func(*tab)) { out = append(out, scene{name, s, at, by}) }
	add("a commission", newTest, nil)
	add("a commission, nothing given", newTest, func(b *tab) { b.follow("Commission the test") })
	bare := commissioned(t, s)
	add("a test that begins", bare, nil)
	for _, part := range []string{"/evidence", "/interviews", "/findings", "/themes/engagement"} {
		add("nothing yet "+part, bare+part, nil)
	}
	at := commissioned(t, s)
	s.worked(at)
	for _, part := range []string{"", "/scope", "/evidence", "/evidence?use=none&theme=governance", "/evidence/new", "/evidence/new?interview=i-interviewintervi", "/evidence/e-evidenceevidence", "/interviews", "/interviews/new", "/interviews/i-interviewintervi", "/themes", "/themes/governance", "/findings", "/findings?use=none", "/findings/new?theme=governance", "/findings/f-findingfindingfi"} {
		add("worked on "+part, at+part, nil)
	}
	add("many pieces", at+"/evidence/many", nil)
	add("many pieces, nothing selected", at+"/evidence/many", func(b *tab) { b.follow("Look at what it would record") })
	file := filepath.Join(t.TempDir(), "pieces.csv")
	if err := os.WriteFile(file, []byte("Title,Kind,Received on,Themes\nA list of the boards and of who chairs them,Document,2 November 2026,Leadership\nFigures,Data,3 November 2026,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bring := func(b *tab) { b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file})) }
	add("many pieces, looked at", at+"/evidence/many", func(b *tab) { bring(b); b.follow("Look at what it would record") })
	add("evidence, its file kept", at+"/evidence/new", func(b *tab) { bring(b); b.follow("Save this piece") })
	add("evidence, nothing given", at+"/evidence/new", func(b *tab) { b.follow("Save this piece") })
	add("a finding, nothing given", at+"/findings/new", func(b *tab) { b.follow("Save this finding") })
	add("an interview, nothing given", at+"/interviews/new", func(b *tab) { b.follow("Save") })
	return out
}

// ofLetters are the pages of a letter: while it is written, when it is sent and signed, and as it was issued when the record has moved on.
func ofLetters(t testing.TB) (out []scene) {
	s := empty(t)
	s.load(nil, lettered)
	add := func(name, at string, by func(*tab)) { out = append(out, scene{name, s, at, by}) }
	draft := empty(t)
	draft.load(nil, lettered)
	part := func(name string) string { return strings.Replace(letterAt, "letter", name, 1) }
	out = append(out, scene{"a draft", draft, letterAt, nil}, scene{"a paragraph", draft, letterAt + "/9", nil}, scene{"to be done before it is issued", draft, part("issue"), nil},
		scene{"sent out, nothing given", draft, part("send-out"), func(b *tab) { b.follow("Send the draft") }})
	s.load(nil, finished)
	s.post(part("send-out"), url.Values{"answers_by.day": {"1"}, "answers_by.month": {"12"}, "answers_by.year": {"2026"}})
	s.issueLetter("1")
	s.passed.Store(int64(48 * time.Hour))
	s.load(nil, movedOn)
	add("a letter that was issued", letterAt, nil)
	add("sent for factual accuracy", letterAt+"/t-factual-1", nil)
	add("issued, nothing given", part("issue"), func(b *tab) { b.follow("Issue the letter") })
	return out
}

// ofJudging are the pages on which an adviser judges and the council answers: with nothing yet, with all of it, and with what is wrong in what was sent.
func ofJudging(t testing.TB) (out []scene) {
	open, closed := empty(t), empty(t)
	open.load(nil, judgedStructure)
	closed.load(nil, strings.Replace(judgedStructure, "access_until: 2027-06-30}", "access_until: 2027-06-30, reported_on: 2026-11-20}", 1)+answeredTest)
	add := func(s *site, name, at string, by func(*tab)) { out = append(out, scene{name, s, judgedTest + at, by}) }
	for _, at := range []string{"/criteria", "/criteria/accountability", "/criteria/partnership", "/conditions", "/recommendations", "/recommendations/new", "/map", "/map?view=list", "/map?weak=yes", "/summary", "/compare", "/accuracy"} {
		add(open, "not judged "+at, at, nil)
	}
	add(open, "nothing judged", "/criteria/accountability", func(b *tab) { b.follow("Save judgement") })
	add(open, "met over a departure", "/criteria/accountability", func(b *tab) {
		b.click("Met")
		b.follow("Save judgement")
	})
	add(open, "nothing recommended", "/recommendations/new", func(b *tab) { b.follow("Save this recommendation") })
	for _, at := range []string{"/criteria", "/criteria/accountability", "/conditions", "/conditions/c", "/recommendations", "/recommendations/r", "/map", "/map/accountability", "/summary", "/compare", "/accuracy", "/accuracy/point"} {
		add(closed, "answered "+at, at, nil)
	}
	add(closed, "nothing said of a condition", "/conditions/c", func(b *tab) { b.follow("Save what I say") })
	out = append(out, scene{"what is asked", closed, "/assurance/actions", nil}, scene{"nothing is asked", open, "/assurance/actions", nil}, scene{"a framework", closed, "/assurance/frameworks/local-test-of-assurance-2013", nil})
	return out
}

// bySort gives the sorts of pages under some looks, and the addresses of each that were come upon.
func (s *site) bySort(looks ...string) (sorts []string, under map[string][]string) {
	s.t.Helper()
	of := s.sorter()
	under = map[string][]string{}
	for _, look := range looks {
		for _, x := range s.sorts(look) {
			sort := of(parsed(s.t, x))
			if under[sort] == nil {
				sorts = append(sorts, sort)
			}
			under[sort] = append(under[sort], x)
		}
	}
	return sorts, under
}

// spread gives at most n of all, as far from each other as they stand, the first and the last among them.
func spread[T any](all []T, n int) (out []T) {
	if len(all) <= n {
		return all
	}
	for i := range n {
		out = append(out, all[i*(len(all)-1)/(n-1)])
	}
	return out
}

// sent are the pages that come of filling in a form, with what was sent wrong and with what was right.
func sent(t testing.TB) (out []scene) {
	s := made(t)
	add := func(name string, v *visit, by func(*tab)) { out = append(out, scene{name, s, v.at, by}) }
	next := func(b *tab) { b.follow("Continue") }
	steps := []struct {
		name   string
		action string
		answer []string
	}{
		{"what is recorded", "/change", []string{"~verb", "change"}},
		{"what changed", "/what", []string{"~fields", "title", "~fields", "reports_to"}},
		{"the title", "/field-title", []string{"title", "Assistant Director"}},
		{"the manager", "/field-reports_to", []string{"reports_to", "chief"}},
		{"the day", "/when", []string{"on.day", "1", "on.month", "6", "on.year", "2020"}},
		{"the source", "/source", nil},
	}
	to := func(n int) *visit {
		v := s.visit("/structure/posts/head/change")
		for _, x := range steps[:n] {
			v.answer(x.action, x.answer...)
		}
		return v
	}
	for i, x := range steps {
		add(x.name, to(i), nil)
	}
	for _, n := range []int{0, 1, 4} {
		add(steps[n].name+", nothing given", to(n), next)
	}
	add("the manager, one that is not there", to(3), func(b *tab) {
		b.fill(evaluate[string](b, `document.querySelector('main label').innerText.trim()`), "Chief Exec")
		next(b)
	})
	add("a new post, nothing given", s.visit("/structure/posts/new"), next)
	overtaken := to(2)
	overtaken.answer("/field-title", "title", "Deputy Director")
	for _, x := range steps[3:] {
		overtaken.answer(x.action, x.answer...)
	}
	add("check before it is recorded", to(len(steps)), nil)
	add("settings, a colour that cannot be read", s.visit("/admin/settings"), func(b *tab) { b.fill("Colour of the council (optional)", "#aaaaaa"); next(b) })
	sees := s.visit("/structure/posts/head/who-may-see")
	add("who may see it", s.visit("/structure/posts/head/who-may-see"), nil)
	add("who may see it, nothing given", s.visit("/structure/posts/head/who-may-see"), next)
	sees.answer("/who-may-see", "~sees", "restricted")
	add("why the public may not", s.visit(sees.at), nil)
	sees.answer("/ground", "~exempt", "Schedule 12A paragraph 1")
	add("who decided that", s.visit(sees.at), next)
	add("changes in the making", s.visit("/account"), nil)
	done := to(len(steps))
	done.answer("/check")
	add("recorded", done, nil)
	add("somebody else changed it", overtaken, func(b *tab) { b.follow("Record this") })
	return append(out, removals(t)...)
}

// removals are the pages with which personal data is removed.
func removals(t testing.TB) (out []scene) {
	s := empty(t)
	s.load(nil, strings.TrimPrefix(quills, "\n"))
	const form = "/removals/of/person/zyra-quillfeather"
	add := func(name, at string, by func(*tab)) { out = append(out, scene{name, s, at, by}) }
	add("what is to be removed", form, nil)
	add("what is to be removed, nothing chosen", form, func(b *tab) { b.follow("Continue") })
	check := func(what string) *visit {
		v := s.visit(form)
		v.answer(form, chosen(v.boxes(what), "ground", "objected", "why", "case 1", "asked", "person")...)
		return v
	}
	add("check before it is removed", check("Name: Zyra").at, nil)
	done := check("Note: ")
	done.answer(strings.TrimPrefix(done.at, "/removals"))
	add("it is removed", done.at, nil)
	add("a copy", "/entries/8/give", nil)
	s.load(nil, strings.TrimPrefix(scheduled, "\n---\n"))
	add("what is kept too long", "/admin/retention", nil)
	return out
}

func parsed(t testing.TB, target string) *url.URL {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// Pages in a browser, wide and narrow, by the rules of axe and the rows of the checklist that a machine can judge.
func TestPagesInABrowser(t *testing.T) {
	browser(t)
	all := scenes(t)
	for _, x := range all {
		x.site.served()
	}
	const tabs = 2 // as many as a small computer has cores
	for n := range tabs {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			b := reading(t).tab(1280, true)
			for i := n; i < len(all); i += tabs {
				b.look(all[i])
			}
		})
	}
	t.Logf("%d pages, wide and narrow", len(all))
}

// look judges a scene: wide as it comes, and narrow with everything open; to prove it, each both ways.
func (b *tab) look(x scene) {
	b.t.Helper()
	b.resize(1280)
	b.show(x)
	b.picture(pictureOf(x.name, "wide"))
	b.wrong(x.name, "limits", "styles", "fits", "cut", "doubled", "axe")
	b.resize(320)
	b.picture(pictureOf(x.name, "narrow"))
	b.opened(func() { b.wrong(x.name, "fits", "cut", "spaced", "axe") })
	if proving {
		b.wrong(x.name, "fits", "cut", "spaced", "axe")
		b.resize(1280)
		b.opened(func() { b.wrong(x.name, "fits", "cut", "spaced", "axe") })
	}
}

// show brings a scene into a tab.
func (b *tab) show(x scene) {
	b.t.Helper()
	b.base = x.site.served()
	b.open(x.at)
	if x.by != nil {
		x.by(b)
	}
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

func pictureOf(name, how string) string {
	return strings.Trim(notInNames.ReplaceAllString(strings.ToLower(name), "-"), "-") + "-" + how
}

// leading are routes that show no page, but lead on or give a file, and those of drafts, imports and jobs, which have tests of their own.
var leading = regexp.MustCompile(`^GET (/suggest|/checkpoint.*|/colour/\{colour\}|/who|/check|/check/\{rule\}|/records/\{kind\}.*|/drafts/.*|/structure/(import|download)/.*|/jobs/\{job\}|.*\{part\} \{part\})$`)

// Every route that shows a page is among the scenes.
func TestScenesOfEveryRoute(t *testing.T) {
	all := scenes(t)
	sort, have := reading(t).sorter(), map[string]bool{}
	of := func(at string) string {
		return strings.TrimSuffix(strings.TrimSpace(sort(parsed(t, at))), " shown otherwise")
	}
	for _, x := range all {
		have[of(x.at)] = true
	}
	for _, p := range reading(t).patterns {
		at, ok := strings.CutPrefix(strings.TrimSuffix(p, "{$}"), "GET ")
		if ok && path.Ext(at) == "" && !have[of(at)] && !leading.MatchString(of(at)) {
			t.Errorf("no scene is of %s", p)
		}
	}
}
