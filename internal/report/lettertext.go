package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// letterOrder is the order of the parts.
var letterOrder = []LetterPart{LetterOpening, LetterBackground, LetterProcess, LetterOverall, LetterTheme, LetterConclusion, LetterClosing}

// single reports whether a part is one paragraph, so that whatever the adviser words for it stands in its place.
func (p LetterPart) single() bool {
	return p == LetterOpening || p == LetterProcess || p == LetterConclusion
}

// paragraphs writes the numbered paragraphs: those that the adviser worded, and for the rest what the record gives.
//
// A number that the record gives to a finding or to a paragraph is kept. What has none gets the next one that is free, in the order of the letter.
func (w *letterWriting) paragraphs() {
	own := w.worded()
	made := slices.Concat(w.opening(), w.background(), w.process(), w.findings(own), w.conclusion())
	next, last, taken := 0, 0, map[int]bool{} // last is the greatest number of a finding, which the conclusion comes after
	for _, q := range made {
		taken[q.Number], last = true, max(last, q.Number)
	}
	for _, o := range own {
		switch o.Part {
		case LetterOpening, LetterBackground, LetterProcess: // they stand for what is made, and have its numbers
		case LetterOverall, LetterTheme:
			taken[o.Number], last = true, max(last, o.Number)
		default:
			taken[o.Number] = true
		}
	}
	number := func(q *LetterParagraph) {
		if q.Number == 0 {
			for next++; taken[next]; next++ {
			}
			q.Number, taken[next] = next, true
		}
		next = max(next, q.Number)
	}
	for _, q := range made {
		if !q.Part.single() {
			number(&q)
		}
		at := slices.IndexFunc(own, func(o wordedParagraph) bool { return o.replaces(q) })
		if at >= 0 {
			own[at].made = append(own[at].made, q)
			next = max(next, own[at].Number)
			continue
		}
		if q.Part == LetterConclusion {
			next = max(next, last)
		}
		number(&q)
		w.Paragraphs = append(w.Paragraphs, q)
	}
	for _, o := range own {
		w.Paragraphs = append(w.Paragraphs, o.paragraph(w))
	}
	slices.SortStableFunc(w.Paragraphs, func(a, b LetterParagraph) int {
		return cmp.Or(cmp.Compare(slices.Index(letterOrder, a.Part), slices.Index(letterOrder, b.Part)), cmp.Compare(a.Number, b.Number))
	})
}

// wordedParagraph is a paragraph of the record, with what it stands in the place of.
type wordedParagraph struct {
	LetterParagraph
	made []LetterParagraph
}

// worded gives the paragraphs that the adviser worded, in the order in which they were first recorded.
func (w *letterWriting) worded() (out []wordedParagraph) {
	all := w.test.Referring("paragraph", "test")
	byFirst(w.v, all)
	for _, r := range all {
		n, ok := r.Number("number")
		if !ok {
			continue // it is erased, or not certain
		}
		q := LetterParagraph{Number: int(n), Part: LetterPart(r.Text("part")), Own: r.Key(), Findings: r.RefKeys("findings"), About: r.RefKeys("about"), Text: plainText(fieldWords(w.p, r, "text"))}
		if q.Part == LetterTheme {
			q.Theme = r.Text("theme")
		}
		for line := range strings.Lines(fieldWords(w.p, r, "footnotes")) {
			if line = strings.TrimSpace(line); line != "" {
				q.Notes = append(q.Notes, line)
			}
		}
		out = append(out, wordedParagraph{LetterParagraph: q})
	}
	return out
}

func (o wordedParagraph) replaces(q LetterParagraph) bool {
	return o.Part == q.Part && o.Theme == q.Theme && (q.Part.single() || o.Number == q.Number)
}

// paragraph is the paragraph as the letter has it. Where the adviser wrote no words for it, it has those of what it gives.
func (o wordedParagraph) paragraph(w *letterWriting) LetterParagraph {
	q, own := o.LetterParagraph, o.Text != ""
	said := map[fact.Key]bool{}
	for _, m := range o.made {
		q.About, q.items = union(q.About, m.About), append(q.items, m.items...)
		for _, k := range m.Findings {
			said[k], q.Findings = true, add(q.Findings, k)
		}
		if !own {
			q.Text, q.Notes = strings.TrimSpace(q.Text+" "+m.Text), append(q.Notes, m.Notes...)
		}
	}
	for _, k := range q.Findings {
		if r := w.v.Record(k); r != nil && !own && !said[k] {
			q.Text = strings.TrimSpace(q.Text + " " + findingText(w.p, r))
		}
	}
	q.Text = cmp.Or(q.Text, Wanting("the words of this paragraph"))
	return q
}

func union(a, b []fact.Key) []fact.Key {
	for _, k := range b {
		a = add(a, k)
	}
	return a
}

// findings gives a paragraph for each number of the findings under each theme, but for those that have a number by a paragraph alone.
func (w *letterWriting) findings(own []wordedParagraph) (out []LetterParagraph) {
	all := w.test.Referring("finding", "test")
	byFirst(w.v, all)
	for _, r := range all {
		q := LetterParagraph{Part: LetterOverall, Findings: []fact.Key{r.Key()}, Text: findingText(w.p, r)}
		if t := r.Text("theme"); t != "" {
			q.Part, q.Theme = LetterTheme, t
		}
		if n, ok := r.Number("number"); ok {
			q.Number = int(n)
		} else if slices.ContainsFunc(own, func(o wordedParagraph) bool { return slices.Contains(o.Findings, r.Key()) }) {
			continue
		}
		same := func(o LetterParagraph) bool { return q.Number != 0 && o.Number == q.Number && o.Theme == q.Theme }
		if at := slices.IndexFunc(out, same); at >= 0 {
			out[at].Text += " " + q.Text
			out[at].Findings = append(out[at].Findings, r.Key())
			continue
		}
		out = append(out, q)
	}
	var themes []string
	if w.framework != nil {
		for _, c := range w.framework.Themes {
			themes = append(themes, c.Code)
		}
	}
	place := func(q LetterParagraph) int {
		if at := slices.Index(themes, q.Theme); q.Part == LetterTheme && at < 0 {
			return len(themes)
		} else {
			return at // those of no theme come first
		}
	}
	slices.SortStableFunc(out, func(a, b LetterParagraph) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(uint(a.Number-1), uint(b.Number-1))) // those without a number last
	})
	return out
}

// findingText gives a finding in the adviser's words.
func findingText(p *rule.Pack, r *graph.Record) string {
	return cmp.Or(plainText(fieldWords(p, r, "text")), Wanting("the words of the finding: "+cmp.Or(fieldWords(p, r, "title"), "it has no title")))
}

func (w *letterWriting) opening() []LetterParagraph {
	s := "I write with what I found in the independent test of assurance of " + w.subject() + ". Thank you to everybody who took part in it."
	return []LetterParagraph{{Part: LetterOpening, Text: s}}
}

// subject names what is tested, within a sentence.
func (w *letterWriting) subject() string {
	if of := w.tested(); of != nil {
		return "the proposal “" + Title(w.p, of) + "”"
	}
	if on := w.test.Date("structure_on"); !on.IsZero() {
		return "the structure in force" + onDay(on)
	}
	return "the structure in force"
}

// abouts leaves out of some records those that are not recorded.
func (w *letterWriting) abouts(keys ...fact.Key) (out []fact.Key) {
	for _, k := range keys {
		if k != (fact.Key{}) && len(w.v.History(k)) > 0 {
			out = add(out, k)
		}
	}
	return out
}

// background gives the facts of what is tested, the law by which it is tested, and who asked.
func (w *letterWriting) background() []LetterParagraph {
	var out []LetterParagraph
	para := func(q LetterParagraph) {
		q.Part, q.Text = LetterBackground, strings.TrimSpace(q.Text)
		out = append(out, q)
	}
	if of := w.tested(); of != nil {
		para(w.proposed(of))
		para(w.reasons(of))
		para(w.structure(of))
	} else {
		para(w.inForce())
	}
	para(w.law())
	para(w.asked())
	return out
}

// proposed says what is proposed, when it was published, what it saves, who was consulted and who decides.
func (w *letterWriting) proposed(of *graph.Record) LetterParagraph {
	without, with := w.asTested()
	of = cmp.Or(without.Record(of.Key()), of)
	q := LetterParagraph{About: w.abouts(of.Key())}
	say := func(format string, a ...any) { q.Text += " " + fmt.Sprintf(format, a...) }
	say("The council proposes “%s”.", Title(w.p, of))
	c := &forecasting{p: w.p, base: without, without: without, with: with}
	posts := c.posts()
	if x := posts.Family; x != nil {
		say("The number of %s posts would go from %s to %s.", x.Name.Text, Thousands(x.Before), Thousands(x.After))
	}
	if n := len(posts.New) + len(posts.Ended) + len(posts.Changed); n > 0 {
		var how []string
		for _, x := range []struct {
			posts []Named
			what  string
		}{{posts.New, "new"}, {posts.Ended, "ended"}, {posts.Changed, "changed"}} {
			if len(x.posts) > 0 {
				how = append(how, Thousands(len(x.posts))+" "+x.what)
			}
		}
		say("%s: %s.", Capital(Count(n, "post would be touched", "posts would be touched")), And(how))
	} else {
		say("%s.", Wanting("which posts would change"))
	}
	if n, ok := of.Number("saving"); ok {
		say("The saving is estimated at %s.", Pounds(n))
	} else {
		say("%s.", Wanting("the estimated saving"))
	}
	if d := of.Date("published_on"); !d.IsZero() {
		say("The proposal was published%s.", onDay(d))
	} else {
		say("%s.", Wanting("when the proposal was published"))
	}
	say("%s", w.consulted(of, &q))
	by, on := fieldWords(w.p, of, "decided_by"), of.Date("decision_on")
	switch d := dateWords(on); {
	case by == "" && d == "":
		say("%s.", Wanting("who decides, and when"))
	case graph.Undecided(of):
		say("%s is to decide%s.", cmp.Or(by, Wanting("who decides")), cmp.Or(onDay(on), " "+Wanting("when")))
	default:
		say("%s decided%s.", cmp.Or(by, Wanting("who decided")), cmp.Or(onDay(on), " "+Wanting("when")))
	}
	if k, ok := of.RefKey("decided_by"); ok {
		q.About = add(q.About, k)
	}
	return q
}

// consulted says in a sentence who was consulted and when.
func (w *letterWriting) consulted(of *graph.Record, q *LetterParagraph) string {
	between := func(who string, opens, closes fact.Date) string {
		s := who + " were consulted"
		switch {
		case opens.IsZero() && closes.IsZero():
			return s + " " + Wanting("from when until when") + "."
		case closes.IsZero():
			return s + " from " + opens.Words() + "."
		case opens.IsZero():
			return s + " until " + closes.Words() + "."
		}
		return s + " from " + opens.Words() + " to " + closes.Words() + "."
	}
	var out []string
	for _, c := range of.Referring("consultation", "of") {
		q.About = add(q.About, c.Key())
		var who []string
		for _, n := range Value(w.p, c, c.Kind().Field("audience")) {
			who = append(who, small(n.Text))
		}
		out = append(out, between(Capital(cmp.Or(And(who), Wanting("who"))), c.Date("opens"), c.Date("closes")))
	}
	opens, closes := of.Date("consultation_opens"), of.Date("consultation_closes")
	switch {
	case len(out) > 0:
		return strings.Join(out, " ")
	case opens.IsZero() && closes.IsZero():
		return Wanting("who was consulted, and when") + "."
	}
	return between("People", opens, closes)
}

// reasons gives why the council proposes it, in the council's words.
func (w *letterWriting) reasons(of *graph.Record) LetterParagraph {
	q := LetterParagraph{About: w.abouts(of.Key())}
	why := plainText(fieldWords(w.p, of, "rationale"))
	if why == "" {
		q.Text = Wanting("the reasons for the proposal")
	} else {
		q.Text = "The council gives these reasons: " + why
	}
	for _, n := range Value(w.p, of, of.Kind().Field("drivers")) {
		q.items = append(q.items, plainText(n.Text))
	}
	if len(q.items) > 0 {
		q.Text += " It names as drivers:"
	}
	return q
}

// structure says which directorates and posts would begin and end, which posts would have which statutory roles, and what would report to these.
func (w *letterWriting) structure(of *graph.Record) LetterParagraph {
	without, with := w.asTested()
	q := LetterParagraph{}
	say := func(format string, a ...any) { q.Text += " " + fmt.Sprintf(format, a...) }
	each := func(name fact.KindName, a, b *graph.View) (titles []string) {
		for _, r := range a.All(name) {
			if b.Record(r.Key()) == nil {
				titles, q.About = append(titles, Title(w.p, r)), add(q.About, r.Key())
			}
		}
		return titles
	}
	began, ended := each(graph.Unit, with, without), each(graph.Unit, without, with)
	if len(began) > 0 {
		say("%s: %s.", oneOr(len(began), "The proposal would establish this unit", "The proposal would establish these units"), strings.Join(began, "; "))
	}
	if len(ended) > 0 {
		say("%s: %s.", oneOr(len(ended), "It would end this unit", "It would end these units"), strings.Join(ended, "; "))
	}
	const most = 12 // posts that are named; the proposal lists all
	for _, x := range []struct {
		one, many string
		a, b      *graph.View
	}{{"This post would be new", "These posts would be new", with, without}, {"This post would end", "These posts would end", without, with}} {
		if titles := each(graph.Post, x.a, x.b); len(titles) > 0 && len(titles) <= most {
			say("%s: %s.", oneOr(len(titles), x.one, x.many), strings.Join(titles, "; "))
		}
	}
	for _, role := range w.p.Roles {
		before, _ := without.RolePosts(role.Code)
		after, _ := with.RolePosts(role.Code)
		if slices.EqualFunc(before, after, sameRecord) || len(after) == 0 {
			continue
		}
		for _, post := range after {
			q.About = add(q.About, post.Key())
			for _, d := range post.Referring(graph.Designation, "post") {
				q.About = add(q.About, d.Key())
			}
			s := fmt.Sprintf("The post of %s would have the statutory role of %s.", Title(w.p, post), role.Name)
			var under []string
			for _, r := range post.Referring(graph.Post, "reports_to") {
				under, q.About = append(under, Title(w.p, r)), add(q.About, r.Key())
			}
			if len(under) > 0 {
				slices.Sort(under)
				s += fmt.Sprintf(" To it would report: %s.", strings.Join(under, "; "))
			}
			say("%s", s)
		}
	}
	benefits := Value(w.p, of, of.Kind().Field("benefits"))
	for _, n := range benefits {
		q.items = append(q.items, plainText(n.Text))
	}
	if len(benefits) > 0 {
		say("The council expects these benefits:")
	}
	if q.Text == "" {
		q.Text = Wanting("what the structure would be")
	}
	return q
}

// inForce says which structure is tested where it is no proposal.
func (w *letterWriting) inForce() LetterParagraph {
	q := LetterParagraph{}
	v := w.v
	if on, ok := w.test.Date("structure_on").Exact(); ok {
		v = v.At(on)
	}
	q.Text = "The test is of the structure of the council in force on " + v.On().Words() + "."
	for _, role := range w.p.Roles {
		posts, _ := v.RolePosts(role.Code)
		for _, post := range posts {
			q.About = add(q.About, post.Key())
			for _, d := range post.Referring(graph.Designation, "post") {
				q.About = add(q.About, d.Key())
			}
			q.items = append(q.items, Capital(role.Name)+": "+Title(w.p, post))
		}
	}
	if len(q.items) == 0 {
		q.Text += " " + Wanting("which posts have the statutory roles") + "."
	} else {
		q.Text += " The statutory roles were with these posts:"
	}
	return q
}

// law names the framework, what it rests on, and its criteria.
func (w *letterWriting) law() LetterParagraph {
	f := w.framework
	if f == nil {
		return LetterParagraph{Text: Wanting("by which framework the test is made")}
	}
	note := Sentence(f.Citation.Text)
	if f.Citation.URL != "" {
		note += " " + f.Citation.URL
	}
	return LetterParagraph{Text: "The test follows the framework “" + f.Name + "”. Statutory guidance asks for such a test so that attention to what becomes of children and young people is not weakened where one officer answers for more than their services. It asks how far the structure meets these criteria:", Notes: []string{note}, items: w.Criteria}
}

// asked says who asked for the test, of whom and what for.
func (w *letterWriting) asked() LetterParagraph {
	by := w.test.RefKeys("commissioned_by")
	q := LetterParagraph{About: w.abouts(by...)}
	var posts []string
	for _, n := range Value(w.p, w.test, w.test.Kind().Field("commissioned_by")) {
		posts = append(posts, "the "+n.Text)
	}
	whom := fieldWords(w.p, w.test, "assessor_role")
	if whom == "" {
		whom = "me"
	} else {
		whom = "me, as " + whom + ","
	}
	q.Text = fmt.Sprintf("%s asked %s to carry out the test.", cmp.Or(Capital(And(posts)), Wanting("who asked for the test")), whom)
	if s := plainText(fieldWords(w.p, w.test, "purpose")); s != "" {
		q.Text += " " + Sentence(s)
	}
	q.Text += " This letter gives what I found, the risks and the opportunities that I saw, and what I recommend."
	return q
}

// process says how the test was carried out and by which themes, and sets down what the findings are about.
func (w *letterWriting) process() []LetterParagraph {
	var methods []string
	count := map[string]int{}
	for _, e := range w.test.Referring("evidence", "test") {
		count[e.Text("method")]++
	}
	for _, k := range evidenceKinds {
		if n := count[k.method]; n > 0 && k.method != "interview" {
			methods = append(methods, Count(n, k.one, k.many))
		}
	}
	if count["interview"] > 0 || len(w.Met) > 0 {
		methods = append(methods, "interviews")
	}
	q := LetterParagraph{Part: LetterProcess, Text: "The test took in " + cmp.Or(And(methods), Wanting("what the test rests on")) + "."}
	from, until := w.test.Date("on_site_from"), w.test.Date("on_site_until")
	switch {
	case from.IsZero():
	case until.IsZero() || from == until:
		q.Text += " I was on site" + onDay(from) + "."
	default:
		q.Text += " I was on site from " + from.Words() + " to " + until.Words() + "."
	}
	if len(w.Met) > 0 {
		q.Text += " I met: " + strings.Join(w.Met, "; ") + "."
	}
	q.items = w.Themes
	if len(q.items) > 0 {
		q.Text += " These themes were its framework:"
	}
	w.Basis = cmp.Or(plainText(fieldWords(w.p, w.test, "basis")), w.basis())
	return []LetterParagraph{q}
}

// basis says what the findings are about, where the adviser did not.
func (w *letterWriting) basis() string {
	of := w.tested()
	if of == nil {
		return "The findings are about " + w.subject() + ", as the council's record has it. The test has to be looked at again whenever the structure changes."
	}
	s := "The findings are about " + w.subject()
	k, numbered := w.test.RefKey("version")
	if r := w.v.Record(k); numbered && r != nil {
		s += ", " + small(Title(w.p, r))
	}
	if d := of.Date("published_on"); !d.IsZero() {
		s += ", as it was published" + onDay(d)
	}
	return s + ". The test has to be looked at again as the council carries the proposal out, above all in view of the risks and of what is done about them."
}

// conclusion says in a sentence what the judgements come to.
func (w *letterWriting) conclusion() []LetterParagraph {
	var met, not, open, conditions []string
	q := LetterParagraph{Part: LetterConclusion}
	for _, j := range w.Summary {
		name := "“" + j.Criterion + "”"
		q.About = append(q.About, w.abouts(j.record)...)
		switch j.Outcome {
		case "met", "met-with-condition":
			met, conditions = append(met, name), append(conditions, j.Conditions...)
		case "not-met":
			not = append(not, name)
		default:
			open = append(open, name)
		}
	}
	s := "On the basis of these findings, which are about " + w.subject() + ", I consider that the requirements of the test "
	switch {
	case len(open) > 0 || len(met)+len(not) == 0:
		q.Text = Wanting(strings.TrimSpace("the judgement on " + And(open)))
	case len(not) == 0:
		q.Text = s + "are met"
	case len(met) == 0:
		q.Text = s + "are not met."
	default:
		q.Text = s + "are met in respect of " + And(met)
	}
	if len(open) == 0 && len(met) > 0 {
		if len(conditions) > 0 {
			q.Text += ", as long as " + And(conditions)
		}
		q.Text += "."
		if len(not) > 0 {
			q.Text += " They are not met in respect of " + And(not) + "."
		}
	}
	return []LetterParagraph{q}
}
