package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// testPart is what stands above the facts on the page of a test: whatever everybody may know of it, and for those who read the work where it has got to.
type testPart struct {
	Basis   []link
	Warning []link
	Lines   []fieldLine
	Adviser string
	Counts  string
	Stands  []link // of a test that was reported: whether what it judged still holds
	Next    *link
	Groups  []taskGroup
}

// taskGroup is one of the parts of the work.
type taskGroup struct {
	Heading string
	Tasks   template.HTML
}

// The states of a step in the words of the list.
var (
	notYet     = stateWords[""]
	cannotYet  = govuk.Tag{Text: "Cannot start yet", Classes: "govuk-tag--grey"}
	notJudged  = govuk.Tag{Text: "Not yet judged", Classes: "govuk-tag--blue"}
	isJudged   = "govuk-tag--turquoise" // whatever the word: a colour would judge, too
	isReported = govuk.Tag{Text: "Reported", Classes: "govuk-tag--green"}
)

// testOverview says of a test what it is about, and for those who read the work where it has got to. It is the task list of the adviser.
func (s *Site) testOverview(l *look, rec *graph.Record) *testPart {
	t := &tested{s: s, l: l, key: rec.Key(), record: rec}
	t.findFramework()
	out := &testPart{Basis: t.basis(), Adviser: t.adviser(), Lines: t.dates()}
	if l.present() && (t.may(access.SetUpTests) || t.may(access.Assess)) {
		out.Warning = t.independence()
	}
	if !t.reads() {
		return out
	}
	t.tasks(out)
	if t.reported() {
		live := report.LiveOf(t.s.Pack, t.record, t.assessed())
		out.Stands = []link{{Text: live.Standing()}, {"See how it stands", t.part(partLive, "")}}
	}
	return out
}

// adviser says who carries the test out, and until when they can write in it.
func (t *tested) adviser() string {
	who, ok := t.record.RefKey("assessor")
	if !ok {
		return ""
	}
	out := "Adviser: " + t.s.called(t.l, who)
	if of, ok := t.record.RefKey("assessor_organisation"); ok {
		out += ", " + t.s.called(t.l, of)
	}
	if end := t.record.Date("access_until"); !end.IsZero() && !t.reported() {
		out += ". Access ends: " + end.Words()
	}
	return out + "."
}

const aboutProposal = "This test is about the proposal"

// basis says what the test is about, pinned: a version of a proposal, or the structure on a day.
func (t *tested) basis() []link {
	p, ok := t.record.RefKey("tests")
	if !ok {
		if on := t.record.Date("structure_on"); !on.IsZero() {
			out := []link{{Text: "This test is about the structure in force on " + on.Words() + "."}}
			if day, exact := on.Exact(); exact {
				out = append(out, link{"See it as it was then", t.l.here(func(c *look) { c.path, c.other, c.on, c.proposal = "/structure", nil, day.String(), "" })})
			}
			return out
		}
		return nil
	}
	out := []link{{Text: aboutProposal}, t.s.linked(t.l, p)}
	versions := report.VersionsOf(t.l.View, p.ID)
	pinned := -1
	if v, ok := t.record.RefKey("version"); ok {
		pinned = slices.IndexFunc(versions, func(x report.Numbered) bool { return x.Record.Record == v })
	}
	if pinned < 0 {
		return append(out, link{Text: "as it stands. No version of it is pinned."})
	}
	is := versions[pinned]
	words := "version " + strconv.Itoa(is.Number)
	if !is.Made.IsZero() {
		words += ", made " + is.Made.Words()
	}
	out = append(out, link{Text: words + "."})
	if newest := versions[len(versions)-1]; newest.Number > is.Number {
		out = append(out, link{"Version " + strconv.Itoa(newest.Number) + " exists: its changes", t.l.to(t.s.addresses.of(p)+"/"+partVersions, fieldFirstVersion, strconv.Itoa(is.Number), fieldSecondVersion, strconv.Itoa(newest.Number))})
	}
	return out
}

// dates says what is to be known of access to the test, beside its facts.
func (t *tested) dates() []fieldLine {
	var out []fieldLine
	if end := t.record.Date("access_until"); !end.IsZero() {
		if end.Form != fact.ToBeAgreed && end.Last < t.l.View.On() {
			out = append(out, fieldLine{"Access", text("The adviser could write until " + end.Words() + ". Whoever set the test up can give a later day.")})
		}
	}
	if t.may(access.SetUpTests) && t.record.Date("reported_on").IsZero() {
		lines := []link{{Text: "An administrator makes the adviser an account with the role Independent adviser over this test, and sends the invitation."}}
		if t.l.me.May(access.Administer) && !t.s.Alone {
			lines = append(lines, link{"Make an account", t.l.to("/admin/people/new")})
		}
		out = append(out, fieldLine{"How the adviser gets in", lines})
	}
	return out
}

// independence says what of the adviser is against their independence, as the good practice has it. It keeps nobody from anything.
func (t *tested) independence() []link {
	who, ok := t.record.RefKey("assessor")
	if !ok {
		return nil
	}
	var out []link
	name := t.s.called(t.l, who)
	for _, other := range t.l.View.Referring(who, testKind, "assessor") {
		if other.Key() != t.key && before(other, t.record) {
			out = append(out, link{Text: name + " carried out an earlier test, too:"}, link{t.s.title(other) + ".", t.l.record(other.Key())})
		}
	}
	for _, a := range t.l.View.Referring(who, graph.Appointment, "person") {
		if post, ok := a.RefKey("post"); ok {
			out = append(out, link{Text: name + " holds a post of this council:"}, link{t.s.called(t.l, post) + ".", t.l.record(post)})
		}
	}
	if person := t.record.Ref("assessor"); person != nil {
		_, employed := person.RefKey("employer")
		if _, of := t.record.RefKey("assessor_organisation"); !employed && !of {
			out = append(out, link{Text: "It is not recorded who employs " + name + "."})
		}
	}
	if len(out) > 0 {
		out = append(out, link{Text: "An adviser should be independent of the structure and of the test before. This keeps nobody from anything."})
	}
	return out
}

// before reports whether a test began, or was reported, before another.
func before(a, b *graph.Record) bool {
	when := func(r *graph.Record) fact.Day {
		for _, field := range []string{"started_on", "reported_on"} {
			if d := r.Date(field); !d.IsZero() && d.Form != fact.ToBeAgreed {
				return d.First
			}
		}
		return fact.MaxDay
	}
	return when(a) < when(b)
}

// tasks is the work in five parts, each step with its state.
func (t *tested) tasks(out *testPart) {
	add := func(heading, prefix string, tasks []govuk.Task) {
		out.Groups = append(out.Groups, taskGroup{heading, govuk.TaskList{IDPrefix: prefix, Items: tasks}.Render()})
	}
	step := func(text, at string, tag govuk.Tag) govuk.Task {
		if out.Next == nil && at != "" && t.may(access.Assess) && (tag.Text == notYet.Text || tag.Text == stateWords[inProgress].Text || tag.Text == notJudged.Text) {
			out.Next = &link{"Go on with: " + text, at}
		}
		return govuk.Task{Title: govuk.TaskTitle{Text: text}, Href: at, Status: govuk.TaskStatus{Tag: tag}}
	}
	pieces, unused, interviews := t.evidence(), 0, t.all(interviewKind)
	for _, e := range pieces {
		if len(e.usedIn) == 0 {
			unused++
		}
	}
	add("1. Prepare", "prepare", []govuk.Task{
		step("Agree scope and basis", t.part(partScope, ""), stateWords[t.stateOf("scope", false)]),
		step("Ask for documents", t.part(partEvidence, ""), stateWords[t.stateOf("documents", len(pieces) > 0)]),
		step("Plan interviews", t.part(partInterviews, ""), stateWords[t.stateOf("interviews", len(interviews) > 0)]),
	})
	assessed, judged, themes, criteria := 0, 0, 0, 0
	if t.framework != nil {
		var tasks []govuk.Task
		for _, c := range t.framework.Themes {
			state := t.themeState(c.Code)
			if state == completed {
				assessed++
			}
			tasks = append(tasks, step(c.Name, t.part(partThemes, c.Code), stateWords[state]))
		}
		themes = len(tasks)
		add("2. Themes", "themes", tasks)
		tasks = nil
		for _, c := range t.framework.Criteria {
			tag := notJudged
			for _, j := range t.all("judgement") {
				if j.Text("criterion") == c.Code && j.Text("outcome") != "" {
					tag = govuk.Tag{Text: capital(t.s.say(j.Kind().Field("outcome"), j.Text("outcome"))), Classes: isJudged}
					judged++
					break
				}
			}
			tasks = append(tasks, step(c.Name, t.shown("criteria", c.Code), tag))
		}
		criteria = len(tasks)
		add("3. Judge the criteria", "criteria", tasks)
	}
	add("4. Recommend", "recommend", []govuk.Task{step("Key recommendations", t.shown("recommendations", ""), stateWords[t.stateOf("recommendations", len(t.all("recommendation")) > 0)])})
	t.letterTasks(add, step, judged == criteria && criteria > 0)
	out.Counts = strconv.Itoa(assessed) + " of " + count(themes, "theme", "themes") + " assessed. " + strconv.Itoa(judged) + " of " + count(criteria, "criterion", "criteria") + " judged. " + capital(count(len(pieces), "piece", "pieces")) + " of evidence"
	if unused > 0 && !t.reported() {
		out.Counts += ", " + strconv.Itoa(unused) + " not used yet"
	}
	out.Counts += "."
	if t.reported() && !t.may(access.Assess) {
		out.Groups = nil // there is nothing to do
	}
}

// letterTasks are the steps of the letter: what went out says where it is.
func (t *tested) letterTasks(add func(string, string, []govuk.Task), step func(text, at string, tag govuk.Tag) govuk.Task, judged bool) {
	var sentOut, issued bool
	for _, letter := range t.all("letter") {
		sentOut = sentOut || letter.Text("purpose") == "factual-accuracy"
		issued = issued || letter.Text("purpose") == "issue"
	}
	begun := len(t.all("paragraph")) > 0
	draft, accuracy, issue := cannotYet, cannotYet, cannotYet
	switch {
	case issued || t.reported():
		draft, accuracy, issue = stateWords[completed], stateWords[completed], isReported
		if !sentOut {
			accuracy = govuk.Tag{Text: "Not recorded", Classes: "govuk-tag--grey"}
		}
	case sentOut:
		draft, accuracy, issue = stateWords[completed], stateWords[inProgress], notYet
	default:
		if judged { // the letter can go out as it is made from what is there
			draft, accuracy, issue = notYet, notYet, notYet
		}
		if begun {
			draft = stateWords[inProgress]
		}
	}
	add("5. Letter", "letter", []govuk.Task{
		step("Draft the letter", t.shown("letter", ""), draft), step("Factual accuracy check by the council", t.shown("accuracy", ""), accuracy), step("Sign and issue", t.shown("issue", ""), issue),
	})
}

// shown is the address of a page of the test, if there is such a page.
func (t *tested) shown(part, of string) string {
	if p, ok := testPageOf(part); !ok || p.show == nil {
		return ""
	}
	return t.part(part, of)
}

// scopePage says what the test is about, and asks whether that is agreed.
func (t *tested) scopePage(*http.Request) (*page, error) {
	body := &workPage{Past: t.l.past()}
	page := t.page("work", "Scope and basis", partScope, body)
	of := t.basis()
	if len(of) > 1 && of[0].Text == aboutProposal {
		of = of[1:]
	}
	body.Lines = append(body.Lines, fieldLine{"What is tested", orText(of, "Not recorded")})
	for _, name := range []string{"commissioned_by", "purpose", "basis", "framework", "assessor", "assessor_organisation", "recipient", "started_on", "on_site_from", "on_site_until", "access_until", "review_due"} {
		f := t.record.Kind().Field(name)
		lines := orText(t.s.value(t.l, t.record, f), "Not recorded")
		if name == "framework" && t.framework != nil {
			lines = append(lines, link{Text: "As the law pack " + t.s.Pack.Name + ", version " + t.s.Pack.Version + ", has it"})
		}
		body.Lines = append(body.Lines, fieldLine{f.Label, lines})
	}
	body.Lead = []string{"Whoever set the test up says this, and changes it. If any of it is not as agreed, ask them."}
	if t.may(access.Assess) {
		body.Form = t.progressForm("scope", "Are scope and basis agreed?")
	}
	return page, nil
}
