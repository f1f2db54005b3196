package web_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"plumbline/examples"
	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// The review of 2015 is entered from nothing, through the pages, by the adviser who made it: whatever examples/harrow/2015-test.yaml says of it is typed into them. The council commissions
// it, says what is wrong in the draft as a matter of fact, and reads the letter that is issued.
func TestTheReviewOf2015InABrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		if !scripts && !proving { // it is long
			continue
		}
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) { review2015(t, scripts) })
	}
}

func review2015(t *testing.T, scripts bool) {
	o := unstaffed(t)
	r := &reviewer{office: o, title: map[fact.Key]string{}}
	for _, load := range examples.Harrow {
		var all []string
		for _, name := range load.Files {
			b, err := examples.Files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if name == "harrow/2015-test.yaml" {
				docs, problems := o.book.Kinds().Read(name, strings.NewReader(string(b)))
				if len(problems) > 0 {
					t.Fatal(problems)
				}
				r.docs = docs
				continue
			}
			all = append(all, string(b))
		}
		o.load(&load.Recorded, all...)
	}
	for i := range r.docs { // the papers are the council's, and on record before
		if d := &r.docs[i]; d.Kind.Name == "document" {
			o.load(nil, fmt.Sprintf("{kind: document, id: %s, title: %q}", d.ID, d.Text("title")))
		}
	}
	o.add("Gov", access.Governance)
	adviser := o.add("Adv")

	b := o.tab(1280, scripts)
	b.signIn("gov")
	b.open("/proposals/people-directorate")
	b.follow("Commission a test of assurance of it")
	b.answer("/new", "commissioned_by", "Chief Executive\nCorporate Director, Children and Young People", "assessor", "John Harris", "assessor_organisation", "Local Government Association", "tested", "people-directorate",
		"started_on.day", "1", "started_on.month", "6", "started_on.year", "2015", "access_until.day", "31", "access_until.month", "12", "access_until.year", "2027", "review_due.how", "month", "review_due.month", "6", "review_due.year", "2016",
		"purpose", "Whether a People Directorate keeps the arrangements for children safe and clear.", "title", "Proposals to establish a People Directorate – independent local test of assurance")
	at, _, _ := strings.Cut(b.at(), "?")
	b.says("This test is about the proposal People Directorate", "How the adviser gets in")
	test := fact.Key{Kind: "test", ID: fact.ID(at[strings.LastIndex(at, "/")+1:])}
	o.grant(adviser.ID, access.Adviser, test)

	b.follow("Sign out")
	b.signIn("adv")
	b.open(at)
	b.says("0 of 7 themes assessed. 0 of 3 criteria judged. No pieces of evidence.")
	r.enter(b, at)
	b.open(at)
	b.says("7 of 7 themes assessed. 3 of 3 criteria judged.")
	b.picture(fmt.Sprintf("review-2015-tasks-%t", scripts))

	// The council reads the draft, and says what is wrong in it as a matter of fact.
	b.open(at + "/send-out")
	b.answer("/send-out", "answers_by.day", "31", "answers_by.month", "12", "answers_by.year", "2026")
	b.follow("Sign out")
	b.signIn("gov")
	b.open(at + "/findings")
	b.says("What the adviser writes in this test is read by others when it is reported.")
	b.open(at + "/accuracy")
	b.follow("Add a point on Letter for factual accuracy, " + fact.DayIn(o.at).Words())
	b.answer("/accuracy/new", "paragraph", "22", "wrong", "The system is called Frameworki.", "shown_by", "The contract")
	b.says("The point is recorded.")
	b.follow("Sign out")
	b.signIn("adv")
	b.open(at + "/accuracy")
	b.follow("The system is called Frameworki.")
	b.answer("", "answer", "not-corrected", "answer_text", "So the letter calls it.")

	b.open(at + "/letter")
	b.says("This is a draft")
	r.reads(b)
	b.open(at + "/issue")
	b.answer("/issue", "signed_as", "John Harris, Children's Improvement Adviser", "attest", "yes", "despite", "yes")
	b.says("This is the letter as issued on " + fact.DayIn(o.at).Words() + ". It does not change.")
	b.picture(fmt.Sprintf("review-2015-letter-%t", scripts))
	b.follow("Sign out")
	b.signIn("gov")
	b.open(at + "/letter")
	r.reads(b)
	b.open(at + "/summary")
	b.says("Met with a condition", "It cannot be tested by the record: nobody was ever recorded as appointed to this post")
}

// reads holds the letter to what it has to have.
func (r *reviewer) reads(b *tab) {
	b.t.Helper()
	say := b.text()
	for _, theme := range themesOf2015 {
		if !strings.Contains(say, theme) {
			b.t.Errorf("the letter has no theme %q", theme)
		}
	}
	rows := evaluate[[]string](b, `[...document.querySelectorAll('table tbody tr')].map(r => [...r.cells].slice(0, 2).map(c => c.innerText.trim()).join(': '))`)
	for _, want := range []string{"Statutory duties: Met", "Accountabilities and responsibilities: Met as long as…", "Effective partnership and inter-agency working: Met"} {
		if !slices.Contains(rows, want) {
			b.t.Errorf("the summary has no row %q: %q", want, rows)
		}
	}
	for _, x := range r.of("recommendation") {
		if !strings.Contains(say, strings.Join(strings.Fields(x.Text("text")), " ")) {
			b.t.Errorf("the letter does not recommend %q", x.Text("text"))
		}
	}
	for _, f := range r.of("finding") {
		if said(f, "number") != "" && !strings.Contains(say, strings.Join(strings.Fields(f.Text("text")), " ")) {
			b.t.Errorf("the letter does not say finding %s: %q", said(f, "number"), f.Text("text"))
		}
	}
}

// themesOf2015 are the themes of paragraph 7 of the letter.
var themesOf2015 = []string{"Governance and accountability", "Leadership and management", "Capacity", "Performance management and quality assurance", "Workforce development", "Partnerships and multi-agency working", "Service user engagement"}

// reviewer types what a file says of a test into its pages.
type reviewer struct {
	*office
	docs  []kind.Doc
	title map[fact.Key]string // of what was entered, as lists call it
}

// of gives the documents of a kind in their order.
func (r *reviewer) of(name fact.KindName) (out []*kind.Doc) {
	for i := range r.docs {
		if r.docs[i].Kind.Name == name {
			out = append(out, &r.docs[i])
		}
	}
	return out
}

// names gives what a reference says as somebody types it: the title, where only one record has it, a line each.
func (r *reviewer) names(d *kind.Doc, field string) string {
	v := r.book.View(fact.DayIn(now), -1).With("people-directorate")
	var out []string
	for _, x := range d.Values {
		if x.Field.Name != field {
			continue
		}
		for _, k := range x.Refs() {
			title, same := v.Called(k), map[fact.Key]bool{}
			for _, kk := range r.book.Kinds().All {
				for o := range v.Pasts(kk.Name) { // of a post of 2003, too
					if x.Field.Allows(kk.Name) && strings.EqualFold(v.Called(o.Record.Key()), title) {
						same[o.Record.Key()] = true
					}
				}
			}
			if len(same) != 1 || k.Kind == "designation" { // whose title has the name of its role, and not its code
				title = k.String()
			}
			out = append(out, title)
		}
	}
	return strings.Join(out, "\n")
}

// said gives what a field says that is no text.
func said(d *kind.Doc, field string) string {
	for _, x := range d.Values {
		if x.Field.Name == field {
			return x.JSON
		}
	}
	return ""
}

// codes gives the codes that a choice says.
func codes(d *kind.Doc, field string) (out []string) {
	for _, x := range d.Values {
		if x.Field.Name != field {
			continue
		}
		if json.Unmarshal([]byte(x.JSON), &out) != nil {
			out = []string{d.Text(field)}
		}
	}
	return out
}

func (r *reviewer) enter(b *tab, at string) {
	for n, e := range r.of("evidence") {
		b.open(at + "/evidence/new")
		form := []string{"title", e.Text("title"), "method", cmp.Or(e.Text("method"), "observation"), "about", r.names(e, "about"), "document", r.names(e, "document")}
		b.answer("/evidence/new", form...)
		r.title[e.Key()] = fmt.Sprintf("E%d", n+1)
	}
	for _, f := range r.of("finding") {
		b.open(at + "/findings/new")
		form := []string{"text", f.Text("text"), "title", f.Text("title"), "theme", f.Text("theme"), "number", said(f, "number"), "polarity", f.Text("polarity"), "about", r.names(f, "about"), "retain", r.names(f, "retain")}
		for _, c := range codes(f, "criteria") {
			form = append(form, "criteria", c)
		}
		for _, e := range codes(f, "evidence") {
			form = append(form, "evidence", r.title[fact.Key{Kind: "evidence", ID: fact.ID(e)}])
		}
		if f.Text("retain_until") != "" {
			form = append(form, "retain_until.how", "month", "retain_until.month", "6", "retain_until.year", "2016")
		}
		b.answer("/findings/new", form...)
		r.title[f.Key()] = strings.TrimSpace(said(f, "number") + " " + f.Text("title"))
	}
	b.open(at + "/conditions")
	b.says("No conditions.")
	for _, theme := range []string{"governance", "leadership", "capacity", "performance", "workforce", "partnerships", "engagement"} {
		b.open(at + "/themes/" + theme)
		b.answer("/progress/"+theme, "state", "completed")
	}
	for _, j := range r.of("judgement") {
		criterion := j.Text("criterion")
		form := []string{"outcome", j.Text("outcome"), "rationale", j.Text("rationale")}
		for _, f := range codes(j, "findings") {
			form = append(form, "findings", r.title[fact.Key{Kind: "finding", ID: fact.ID(f)}])
		}
		if j.Text("outcome") == "met-with-condition" {
			form = append(form, "text", r.of("condition")[0].Text("text"), "about", "Corporate Director – People")
		}
		b.open(at + "/criteria/" + criterion)
		b.answer("/criteria/"+criterion, form...)
	}
	b.open(at + "/conditions")
	b.follow(r.of("condition")[0].Text("text"))
	b.answer("", "check", "experience", "experience-role", "DCS", "experience-experience", "children")
	b.says("Nothing is recorded yet.", `holders("DCS").all(p, "children" in p.experience)`)
	b.answer("", "check", "experience", "experience-role", "DCS", "experience-experience", "children")
	b.says("somebody")
	for _, x := range r.of("recommendation") {
		b.open(at + "/recommendations/new")
		b.answer("/recommendations/new", "text", x.Text("text"), "number", said(x, "number"))
	}
}

// signIn signs somebody in.
func (b *tab) signIn(name string) {
	b.t.Helper()
	b.open("/sign-in")
	b.fill("Email address", name+"@example.com")
	b.fill("Password", goodPassword)
	b.follow("Sign in")
}

// answer fills in the form of the page that asks for the first of these and leads to an address that ends so, input by input as it calls them, and sends it. A tick box or a radio is chosen by its value or by what its label says. What
// is sent has to be taken.
func (b *tab) answer(action string, pairs ...string) {
	b.t.Helper()
	typed := slices.Collect(slices.Chunk(pairs, 2))
	j, _ := json.Marshal(typed) // texts always can be
	q, _ := json.Marshal(action)
	if wrong := evaluate[string](b, `((action, typed) => {
		const form = [...document.forms].find(f => f.closest('main') && [...f.elements].some(e => e.name === typed[0][0]) && f.getAttribute('method') === 'post' && f.getAttribute('action').split('?')[0].endsWith(action)) // an input may be called method
		if (!form) return 'no form leads to …' + action
		for (const [name, value] of typed) {
			if (!value) continue
			const all = [...form.elements].filter(e => e.name === name && e.type !== 'hidden')
			if (!all.length) return 'nothing asks for ' + name
			if (/radio|checkbox/.test(all[0].type)) {
				const words = e => e.labels[0].textContent.replace(/\s+/g, ' ').trim()
				const e = all.find(e => e.value === value) || all.find(e => words(e).includes(value))
				if (!e) return name + ' has no answer ' + value + ', but ' + all.map(words).join('; ')
				e.checked = true
			} else if (all[0].tagName === 'SELECT') {
				const o = [...all[0].options].find(o => o.value === value || o.text === value)
				if (!o) return name + ' has no answer ' + value
				all[0].value = o.value
			} else all[0].value = value
		}
		document.querySelectorAll('[data-found]').forEach(x => x.removeAttribute('data-found'))
		form.querySelector('[type=submit]').setAttribute('data-found', '')
		return ''
	})(`+string(q)+`, `+string(j)+`)`); wrong != "" {
		b.t.Fatalf("%s: %s\n%s", b.at(), wrong, b.text())
	}
	b.reach(true, chromedp.ScrollIntoView(chromedp.CSS("[data-found]")), chromedp.Click(chromedp.CSS("[data-found]")))
	if wrong := evaluate[string](b, `(document.querySelector('.govuk-error-summary') || {innerText: ''}).innerText`); wrong != "" {
		b.t.Fatalf("%s: %s\nafter %q\n%s", b.at(), wrong, pairs, b.text())
	}
}
