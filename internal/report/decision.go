package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Decision is what the report to those who decide on a proposal is made of.
type Decision struct {
	When
	Case     Case        `json:"case"`
	Notice   NoticeJSON  `json:"notice"`
	CallIn   string      `json:"call_in,omitempty"`
	Changes  ChangesJSON `json:"changes"`
	Staffing Staffing    `json:"staffing"`

	p             *rule.Pack
	before, after *assure.Assessment
	proposal      *graph.Record // nil where it is not there on the day
	changes       Changes
	forecast      *Forecast
	transfer      *Transfer
}

// Foreseen is the same with what the proposal would do on its own days, and where each function goes.
func (d Decision) Foreseen(f *Forecast, t *Transfer) Decision {
	d.forecast, d.transfer = f, t
	return d
}

// NoticeJSON is a Notice for programs.
type NoticeJSON struct {
	State string `json:"state"` // unknown, not-needed, enough, excused or short
	Words string `json:"words"`
	Law   string `json:"law,omitempty"`
	Days  int    `json:"clear_days,omitempty"`
}

var noticeStates = [...]string{NoticeUnknown: "unknown", NoticeNotNeeded: "not-needed", NoticeEnough: "enough", NoticeExcused: "excused", NoticeShort: "short"}

// DecisionOf gathers what the report on a proposal says of the day looked at, on which it is read as if in force. assess says what the law makes of a view.
func DecisionOf(p *rule.Pack, v *graph.View, proposal fact.ID, root string, assess func(*graph.View) *assure.Assessment) Decision {
	without, with := v.With(""), v.With(proposal)
	d := Decision{When: NewWhen(with, root), p: p, before: assess(without), after: assess(with), proposal: without.Record(fact.Key{Kind: graph.Proposal, ID: proposal})}
	d.Case = CaseOf(p, without, proposal, func(x *graph.View) *assure.Assessment {
		switch x.Proposal() {
		case "":
			return d.before
		case proposal:
			return d.after
		}
		return assess(x)
	})
	d.changes = ChangesBetween(p, without, with)
	rows := make([]*Change, len(d.changes.Rows))
	for i := range rows {
		rows[i] = &d.changes.Rows[i]
	}
	d.Changes = NewChangesJSON(NewWhen(without, root), d.When, rows)
	d.Staffing = StaffingOf(without, with)
	if d.proposal != nil {
		n := NoticeOf(d.proposal)
		d.Notice, d.CallIn = NoticeJSON{noticeStates[n.State], n.Words, n.Law, n.Days}, CallIn(d.proposal)
	}
	return d
}

// Document writes the report to those who decide, with the headings that councils use. What the record does not hold is marked.
func (d Decision) Document() Document {
	v := d.after.View
	out := Document{Title: d.Case.Proposal.Text, Dates: DatesOf(v), Numbered: true, Mark: strings.TrimSpace(restricted(v, d.Case.Proposal.Record) + " " + d.mark())}
	if d.proposal == nil {
		out.Lead = []string{"The proposal is not on record on this day, so there is nothing to report."}
		return out
	}
	out.Appendices = d.appendices()
	in := map[string]string{} // each appendix by its title
	for i, s := range out.Appendices {
		in[s.Title] = "Appendix " + Letter(i)
	}
	out.Sections = []Section{
		{Blocks: []Block{d.sheet(len(out.Appendices))}},
		{"Summary", d.summary()},
		{"Recommendations", d.recommendations()},
		{"Reasons for the recommendations", d.said("rationale", "the reasons for the proposal")},
		{"Background and drivers", d.background()},
		{"Options considered", d.options()},
		{"What would change", d.change(in)},
		{"Consultation", consulted(d.p, d.proposal)},
		{"Legal implications", d.legal()},
		{"Financial implications", d.financial()},
		{"Equality implications", d.Case.Equality.Blocks()},
		{"Staffing implications", d.staffing()},
		{"Risks", risks(d.p, d.proposal)},
		{"Assurance", d.assurance()},
		{"Timetable", d.timetable()},
		{"Background documents", documents(d.p, d.proposal)},
	}
	return out
}

// said gives what a long field of the proposal says, or marks that it says nothing.
func (d Decision) said(field, what string) []Block {
	return saidOr(d.p, d.proposal, field, what)
}

func saidOr(p *rule.Pack, r *graph.Record, field, what string) []Block {
	if s := fieldWords(p, r, field); s != "" {
		return Prose(s)
	}
	return []Block{Gap(Wanting(what))}
}

// restricted marks what is made of a record that only those see who have to.
func restricted(v *graph.View, k fact.Key) string {
	switch c := v.Class(k); {
	case c.Visibility != kind.Restricted:
		return ""
	case c.Exempt == "":
		return "Restricted in the record: only for those who have to see it."
	default:
		return "Restricted in the record (" + c.Exempt + "): only for those who have to see it."
	}
}

// mark says at the head of the report who may read it.
func (d Decision) mark() string {
	if d.proposal == nil {
		return ""
	}
	under := d.proposal.Texts("exempt_under")
	by := ", by " + oneOr(len(under), "paragraph ", "paragraphs ") + And(under) + " of Part 1 of Schedule 12A to the Local Government Act 1972"
	if len(under) == 0 {
		by = ". " + Wanting("the paragraph of Schedule 12A to the Local Government Act 1972 by which it is exempt")
	}
	switch d.proposal.Text("report_status") {
	case "public":
		return "Part 1 (public)"
	case "partly-exempt":
		return "Part 1 (public), with parts that are exempt" + by
	case "exempt":
		return "Part 2 (exempt)" + by
	}
	return Wanting("whether the report is public")
}

func (d Decision) summary() []Block {
	out := d.said("summary", "a summary of what is proposed")
	if d.forecast == nil || len(d.forecast.Waves) == 0 {
		return append(out, Para(d.changes.Summary+" "+d.Staffing.Headline()))
	}
	t := Table{Caption: "In short", Head: []string{"What", "How it would be"}, Headed: true}
	for _, h := range d.forecast.Headlines() {
		t.Rows = append(t.Rows, cells(h.Name, h.Text))
	}
	return append(out, t)
}

// sheet is the front of the report.
func (d Decision) sheet(appendices int) Table {
	t := Table{Head: []string{"Item", "Detail"}, Headed: true}
	add := func(item, detail, want string) {
		if detail == "" {
			detail = Wanting(want)
		}
		t.Rows = append(t.Rows, cells(item, detail))
	}
	r, v := d.proposal, d.proposal.View()
	board := ""
	if k, ok := r.RefKey("decided_by"); ok {
		board = Called(d.p, v, k)
	}
	add("Report to", board, "who decides")
	add("Date of decision", dateWords(r.Date("decision_on")), "the day on which it is to be decided")
	add("Subject", Title(d.p, r), "")
	key := ""
	if yes, ok := r.Yes("key_decision"); ok {
		key = "No"
		if yes {
			key = "Yes"
		}
		if why := fieldWords(d.p, r, "key_decision_reason"); why != "" {
			key += ": " + why
		}
	}
	add("Key decision", key, "whether it is a key decision")
	add("Notice of the decision", d.Notice.Words, "")
	add("Report by", fieldWords(d.p, r, "report_author"), "the post that puts the report")
	add("Status", strings.TrimSuffix(d.mark(), "."), "")
	if why := fieldWords(d.p, r, "exempt_reason"); why != "" {
		add("Why it is not public", why, "")
	}
	add("Wards", strings.ReplaceAll(fieldWords(d.p, r, "wards"), "\n", ", "), "the wards that it concerns")
	add("Appendices", Capital(Count(appendices, "appendix", "appendices")), "")
	return t
}

// dateWords writes a date; nothing where none is stated.
func dateWords(d fact.Date) string {
	if d.IsZero() {
		return ""
	}
	return Capital(d.Words())
}

func (d Decision) recommendations() (out []Block) {
	for _, s := range strings.Split(fieldWords(d.p, d.proposal, "recommendations"), "\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, Para(Sentence(s)))
		}
	}
	if out == nil {
		out = []Block{Gap(Wanting("what those who decide are asked to agree"))}
	}
	return out
}

func (d Decision) background() (out []Block) {
	if len(d.Case.Drivers) == 0 {
		out = append(out, Gap(Wanting("the drivers: the needs and pressures behind the proposal")))
	} else {
		out = append(out, Para("The drivers of the proposal are:"), List(d.Case.Drivers))
	}
	if len(d.Case.Priorities) > 0 {
		out = append(out, Para("It serves these of the council's priorities:"), List(textsIn(d.Case.Priorities)))
	}
	if len(d.Case.Benefits) > 0 {
		out = append(out, Para("What would be better:"), List(d.Case.Benefits))
	} else {
		out = append(out, Gap(Wanting("the benefits expected of it")))
	}
	return out
}

func textsIn(all []Named) (out []string) {
	for _, n := range all {
		out = append(out, n.Text)
	}
	return out
}

func (d Decision) options() []Block {
	out := []Block{Para(optionsNote)}
	if d.Case.Alone() {
		out = append(out, Gap(Wanting("another option that was considered")))
	}
	return append(out, d.Case.Table())
}

// mostBoxes is how many boxes a side of a chart on paper has at most.
const mostBoxes = 30

func (d Decision) change(in map[string]string) []Block {
	out := []Block{Para(d.changes.Summary)}
	if len(d.changes.Counts) > 0 {
		var l List
		for _, n := range d.changes.Counts {
			l = append(l, n.Text)
		}
		out = append(out, Para("Of the records that differ, there are:"), l)
	}
	if chart, ok := ChartOf(d.p, d.before.View, d.after.View, d.changes, "The posts that would change, and those above them, now and as proposed", mostBoxes); ok {
		out = append(out, Para("A box is a post, set in below the one to which it reports. A double line stands for a statutory role, a dashed line for a post in which nobody is. What would change is shaded and says how."), chart)
	}
	if len(d.changes.Rows) > 0 {
		out = append(out, Para("Each change is listed in "+in[everyChange]+"."))
	}
	if t := d.transfer; t != nil && len(t.Rows) > 0 {
		functions := Subsection{Title: eachFunction}
		for _, s := range t.Summary() {
			functions.Blocks = append(functions.Blocks, Para(s))
		}
		functions.Blocks = append(functions.Blocks, Para("It is set out function by function in "+in[eachFunction]+"."))
		out = append(out, functions)
	}
	return out
}

// consulted says who was asked about a proposal, what was said, and what came of it.
func consulted(p *rule.Pack, r *graph.Record) (out []Block) {
	asked := r.Referring("consultation", "of")
	opens, closes := r.Date("consultation_opens"), r.Date("consultation_closes")
	switch {
	case len(asked) > 0:
	case opens.IsZero() && closes.IsZero():
		out = append(out, Gap(Wanting("who was consulted, and when")))
	case closes.IsZero():
		out = append(out, Para("Consultation opened"+onDay(opens)+"."), Gap(Wanting("when it closed")))
	case opens.IsZero():
		out = append(out, Para("Consultation closed"+onDay(closes)+"."), Gap(Wanting("when it opened")))
	default:
		out = append(out, Para("Consultation opened"+onDay(opens)+" and closed"+onDay(closes)+"."))
	}
	themes := Table{Caption: "What was said, and what came of it", Head: []string{"Theme", "How many said so", "What people said", "What the council did, or why not"}, Headed: true}
	few := false
	for _, c := range asked {
		s := Title(p, c)
		for _, x := range []struct{ before, field, after string }{{" was ", "type", ""}, {", for ", "audience", ""}} {
			if w := fieldWords(p, c, x.field); w != "" {
				s += x.before + strings.ToLower(And(strings.Split(w, "\n")))
			}
		}
		s += "."
		switch o, cl := c.Date("opens"), c.Date("closes"); {
		case o.IsZero() || cl.IsZero():
		case o == cl:
			s += " It was held" + onDay(o) + "."
		default:
			s += " It opened" + onDay(o) + " and closed" + onDay(cl) + "."
		}
		if k, ok := c.RefKey("version"); ok {
			s += " People saw " + Called(p, c.View(), k) + "."
		}
		h := HeardIn(p, c)
		if h.Replies.N > 0 {
			s += " How many replied: " + h.Replies.Words() + "."
		}
		out = append(out, Para(s))
		few = few || h.Replies.Hidden
		for _, x := range h.Themes {
			th := x.Record
			did := cmp.Or(fieldWords(p, th, "answer"), Wanting("the council's answer"))
			themes.Rows = append(themes.Rows, cells(Title(p, th), Capital(x.People.Words()), cmp.Or(fieldWords(p, th, "said"), Wanting("what people said")), did))
			few = few || x.People.Hidden
		}
	}
	if len(themes.Rows) > 0 {
		out = append(out, themes)
	}
	if few {
		out = append(out, Para(FewNote))
	}
	var heard List
	for _, f := range r.Referring("feedback", "about") {
		heard = append(heard, Title(p, f)+": "+cmp.Or(fieldWords(p, f, "text"), Wanting("what was said")))
	}
	for _, c := range r.Referring("contact", "of") {
		line := Title(p, c) + ", with " + cmp.Or(strings.ReplaceAll(fieldWords(p, c, "organisation"), "\n", ", "), Wanting("whom")) + onDay(c.Date("on"))
		if said := fieldWords(p, c, "said"); said != "" {
			line += ": " + said
		}
		heard = append(heard, line)
	}
	if len(heard) > 0 {
		out = append(out, Para("Beside that, there is on record:"), heard)
	}
	if len(themes.Rows) == 0 {
		out = append(out, Gap(Wanting("what was said in the consultation, and what changed because of it")))
	}
	return out
}

// mostRules is how many results of rules the report gives in full.
const mostRules = 25

func (d Decision) legal() (out []Block) {
	roles := Table{Caption: "The statutory roles that would pass from one post to another", Head: []string{"Statutory role", "Now", "Proposed"}, Headed: true}
	for _, role := range d.p.Roles {
		was, is := d.posts(d.before.View, role.Code), d.posts(d.after.View, role.Code)
		if !slices.Equal(was, is) {
			roles.Rows = append(roles.Rows, cells(Capital(role.Name), orNone(was), orNone(is)))
		}
	}
	if len(roles.Rows) > 0 {
		out = append(out, roles)
	} else {
		out = append(out, Para("No statutory role would pass from one post to another."))
	}
	if f := d.forecast; f != nil {
		if must := f.Matters().MustFix; len(must) > 0 {
			s := matters("What must be put right before a decision", must, "")
			out = append(out, Subsection(s))
		}
	}
	was := map[string]bool{}
	for _, r := range d.before.Results.Rows {
		if r.Severity != "" {
			was[r.Rule+"\x00"+r.Explanation] = true
		}
	}
	n := 0
	for _, part := range []struct {
		severity rule.Severity
		title    string
	}{{rule.Breach, "Where the structure would not be as the law requires"}, {rule.Departure, "Where it would depart from statutory guidance"}, {rule.Advisory, "Where good practice advises otherwise"}} {
		sub := Subsection{Title: part.title}
		for i := range d.after.Results.Rows {
			r := &d.after.Results.Rows[i]
			if r.Severity != part.severity {
				continue
			}
			if n++; n > mostRules {
				continue
			}
			s := r.Explanation
			if was[r.Rule+"\x00"+r.Explanation] {
				s += " It is so now, too."
			}
			if r.Departure != nil {
				s += " The reason for it is recorded: " + d.after.View.Called(r.Departure.Record) + "."
			}
			sub.Blocks = append(sub.Blocks, Noted{s, []string{cited(r)}})
		}
		if len(sub.Blocks) > 0 {
			out = append(out, sub)
		}
	}
	switch {
	case n > mostRules:
		out = append(out, Para(Capital(Count(n-mostRules, "more result is", "more results are"))+" in the check against the law."))
	case n == 0:
		out = append(out, Para("The record as proposed shows no breach of the law that is tested, no departure from statutory guidance and nothing to advise on."))
	}
	if u := untested(d.after); u > 0 {
		out = append(out, Subsection{"What cannot be tested", []Block{Para(Capital(Count(u, "rule", "rules")) + " cannot be tested, because something is not recorded. What is missing is in the check against the law.")}})
	}
	notice := Subsection{"Notice of the decision", []Block{Noted{d.Notice.Words, noteOf(d.Notice.Law)}}}
	if d.CallIn != "" {
		notice.Blocks = append(notice.Blocks, Para(d.CallIn))
	}
	return append(out, notice, Subsection{"Comments of the monitoring officer", d.said("legal_advice", "the comments of the monitoring officer")})
}

func noteOf(law string) []string {
	if law == "" {
		return nil
	}
	return []string{law + "."}
}

func untested(a *assure.Assessment) (n int) {
	for _, r := range a.Results.Rows {
		if r.Outcome == rule.CannotTest {
			n++
		}
	}
	return n
}

// cited gives the law of a result as a note.
func cited(r *rule.Result) string {
	s := Sentence(r.Citation.Text + " (" + Verified(r.Citation) + ")")
	if r.Citation.URL != "" {
		s += " " + r.Citation.URL
	}
	return r.Rule + ": " + s
}

// posts names the posts that have a role.
func (d Decision) posts(v *graph.View, code string) (out []string) {
	posts, _ := v.RolePosts(code)
	for _, p := range posts {
		out = append(out, Title(d.p, p))
	}
	slices.Sort(out)
	return out
}

func orNone(posts []string) string {
	if len(posts) == 0 {
		return "No post is recorded"
	}
	return And(posts)
}

func (d Decision) financial() (out []Block) {
	m := moneyOf(d.p, d.proposal, d.Staffing)
	return append(m.blocks(), Subsection{"Comments of the chief finance officer", d.said("finance_advice", "the comments of the chief finance officer")})
}

func (d Decision) staffing() []Block {
	out := []Block{Para(d.Staffing.Headline()), d.Staffing.Table("Now", "Proposed")}
	return append(out, d.said("staffing", "what the change means for staff, such as posts at risk, new posts and how people are matched to them")...)
}

// risks lists the risks that are recorded of a proposal.
func risks(p *rule.Pack, r *graph.Record) []Block {
	t := Table{Caption: "Risks", Head: []string{"Risk", "Owner", "Now", "What is done"}, Headed: true}
	for _, x := range r.Referring("risk", "about") {
		risk := riskOf(p, x)
		t.Rows = append(t.Rows, cells(risk.Risk.Text, cmp.Or(risk.Owner.Text, Wanting("the owner")), cmp.Or(Capital(risk.Now), Wanting("how serious it is now")), cmp.Or(fieldWords(p, x, "mitigation"), risk.Answer, Wanting("what is done about it"))))
	}
	if len(t.Rows) == 0 {
		return []Block{Gap(Wanting("the risks of the proposal"))}
	}
	return []Block{t}
}

// assurance says which test of assurance was made of the proposal, and what it judged.
func (d Decision) assurance() []Block {
	test := d.after.Test
	if test == nil || test.Ref("tests") == nil || test.Ref("tests").Key() != d.proposal.Key() {
		return []Block{Gap(Wanting("a local test of assurance of this proposal"))}
	}
	s := Title(d.p, test)
	if by := fieldWords(d.p, test, "assessor_organisation"); by != "" {
		s += ", by " + by
	}
	if on := test.Date("reported_on"); !on.IsZero() {
		s += ", reported" + onDay(on)
	}
	return []Block{Para(Sentence(s)), Summary(d.after)}
}

func (d Decision) timetable() []Block {
	t := Table{Caption: "Dates", Head: []string{"What", "When"}, Headed: true}
	for _, name := range []string{"published_on", "consultation_opens", "consultation_closes", "forward_plan_on", "decision_on", "effective_on"} {
		f := d.proposal.Kind().Field(name)
		t.Rows = append(t.Rows, cells(f.Label, cmp.Or(dateWords(d.proposal.Date(name)), Wanting("the day"))))
	}
	return []Block{t}
}

// documents lists the documents that are recorded of a proposal.
func documents(p *rule.Pack, r *graph.Record) []Block {
	var l List
	for _, x := range r.Referring("document", "about") {
		s := Title(p, x)
		if on := x.Date("published_on"); !on.IsZero() {
			s += ", " + on.Words()
		}
		if at := fieldWords(p, x, "link"); at != "" {
			s += ", " + at
		}
		l = append(l, s)
	}
	if l == nil {
		return []Block{Gap(Wanting("the background documents"))}
	}
	return []Block{l}
}

// Titles of appendices to which the report refers.
const (
	everyChange  = "Every change"
	eachFunction = "Where each function goes"
)

func (d Decision) appendices() (out []Section) {
	if len(d.changes.Rows) > 0 {
		out = append(out, Section{everyChange, []Block{d.changes.Listed("Every change, those that bear on statutory roles first", "Now", "Proposed")}})
	}
	if t := d.transfer; t != nil && len(t.Rows) > 0 {
		out = append(out, appended(eachFunction, t.Document("")))
	}
	if f := d.forecast; f != nil && len(f.Waves) > 0 {
		out = append(out, appended("What it would do, from day to day", f.Document("")))
	}
	return out
}

// appended makes an appendix of a document.
func appended(title string, d Document) Section {
	out := Section{Title: title}
	for _, s := range d.Lead {
		out.Blocks = append(out.Blocks, Para(s))
	}
	for _, s := range d.Sections {
		out.Blocks = append(out.Blocks, Subsection(s))
	}
	return out
}

// Listed is the changes as a table for paper. It does not say who is in a post: a report travels further than the record.
func (c Changes) Listed(caption, before, after string) Table {
	t := Table{Caption: caption, Head: []string{"Change", "What", before, after, "Effect on statutory roles"}}
	for i := range c.Rows {
		row := &c.Rows[i]
		if row.How == HolderOnly {
			continue
		}
		var was, is, effects []string
		for _, p := range row.Parts {
			if p.Label == "Holder" && row.Record.Record.Kind == graph.Post {
				continue
			}
			if row.How != Added {
				was = append(was, p.Label+": "+cmp.Or(textOf(p.Before), "not stated"))
			}
			if row.How != Ended {
				is = append(is, p.Label+": "+cmp.Or(textOf(p.After), "not stated"))
			}
		}
		for _, e := range row.Effects {
			effects = append(effects, e.Role+": "+lower(e.Text))
		}
		if row.How == Added {
			was = []string{"Not there"}
		}
		if row.How == Ended {
			is = []string{"Not there"}
		}
		what := row.Record.Text
		if !strings.Contains(strings.ToLower(row.Word), strings.ToLower(row.Kind)) {
			what += fmt.Sprintf(" (%s)", strings.ToLower(row.Kind))
		}
		t.Rows = append(t.Rows, cells(row.Word, what, strings.Join(was, "\n"), strings.Join(is, "\n"), strings.Join(effects, "\n")))
	}
	return t
}
