package report

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// LetterPart is a part of the letter of a test, as paragraphs of the record name it.
type LetterPart string

// The parts of a letter, in their order.
const (
	LetterOpening    LetterPart = "opening"
	LetterBackground LetterPart = "background"
	LetterProcess    LetterPart = "process"
	LetterOverall    LetterPart = "overall" // findings of no theme
	LetterTheme      LetterPart = "theme"
	LetterConclusion LetterPart = "conclusion"
	LetterClosing    LetterPart = "closing"
)

// AssuranceLetter is the letter with which an adviser reports a test of assurance: what the record has of it, in the order and with the numbers of the letter.
type AssuranceLetter struct {
	When
	Test       Named             `json:"test"`
	Letterhead Letterhead        `json:"letterhead"`
	Subject    string            `json:"subject"`
	Paragraphs []LetterParagraph `json:"paragraphs"`
	Basis      string            `json:"basis"` // what the findings are about
	Themes     []string          `json:"themes"`
	Criteria   []string          `json:"criteria"`
	Summary    []LetterJudgement `json:"summary"`
	Asked      []LetterAsk       `json:"recommendations"`
	Evidence   []string          `json:"evidence"` // those that may be attributed; of the others how many of each kind
	Met        []string          `json:"met"`      // who was met, by role and never by name
	Close      []string          `json:"close"`

	p         *rule.Pack
	test      *graph.Record // nil where it is not there on the day
	framework *rule.Framework
}

// LetterParagraph is a numbered paragraph.
type LetterParagraph struct {
	Number   int        `json:"number"`
	Part     LetterPart `json:"part"`
	Theme    string     `json:"theme,omitempty"` // a code of the framework
	Text     string     `json:"text"`
	Notes    []string   `json:"notes,omitempty"`
	Findings []fact.Key `json:"findings,omitempty"` // that it gives
	About    []fact.Key `json:"about,omitempty"`    // of which it states facts
	Own      fact.Key   `json:"paragraph"`          // with the adviser's own words for it; zero where the words come from the record

	items []string // that are lettered below it
}

// LetterJudgement is a row of the table with which the letter ends.
type LetterJudgement struct {
	Criterion  string   `json:"criterion"`
	Code       string   `json:"code"`
	Outcome    string   `json:"outcome,omitempty"` // as the record has it; empty where it is not judged
	Judgement  string   `json:"judgement"`         // "Met as long as…"
	Conditions []string `json:"conditions"`        // each after "as long as"
	Wording    string   `json:"wording"`

	record fact.Key
}

// LetterAsk is a recommendation.
type LetterAsk struct {
	Number int    `json:"number"`
	Text   string `json:"text"`

	record fact.Key
}

// LetterOf makes the letter of a test from the record on a day, as known at a position. The view is without a proposal; that which is tested is laid over it where the
// letter says what it would change, in the version that is tested.
func LetterOf(p *rule.Pack, v *graph.View, test fact.Key, root string) AssuranceLetter {
	v = v.With("")
	x := AssuranceLetter{When: NewWhen(v, root), Test: called(p, v, test), p: p, test: v.Record(test), Themes: []string{}, Criteria: []string{}, Summary: []LetterJudgement{}, Asked: []LetterAsk{}, Evidence: []string{}, Met: []string{}, Paragraphs: []LetterParagraph{}}
	if x.test == nil {
		return x
	}
	x.framework = FrameworkOf(p, x.test)
	if x.framework != nil {
		for _, c := range x.framework.Themes {
			x.Themes = append(x.Themes, c.Name)
		}
		for _, c := range x.framework.Criteria {
			x.Criteria = append(x.Criteria, c.Name)
		}
	}
	w := letterWriting{AssuranceLetter: &x, v: v}
	w.head()
	w.judgements()
	w.recommendations()
	w.sources()
	w.paragraphs()
	return x
}

// letterWriting is a letter in the making.
type letterWriting struct {
	*AssuranceLetter
	v *graph.View
}

// field says what the test says in a field, or marks that it says nothing.
func (w *letterWriting) field(name, what string) string {
	return cmp.Or(strings.ReplaceAll(fieldWords(w.p, w.test, name), "\n", ", "), Wanting(what))
}

// Recipient is the post to whose holder the letter of a test goes; a zero key where none is recorded.
func Recipient(test *graph.Record) fact.Key {
	if k, ok := test.RefKey("recipient"); ok {
		return k
	}
	if by := test.RefKeys("commissioned_by"); len(by) > 0 {
		return by[0]
	}
	return fact.Key{}
}

// LetterDay is the date of a letter that is written on a day: that of the report, where it is recorded.
func LetterDay(test *graph.Record, on fact.Day) fact.Date {
	if d := test.Date("reported_on"); !d.IsZero() && d.Form != fact.ToBeAgreed {
		return d
	}
	return fact.ExactDate(on)
}

func (w *letterWriting) head() {
	h := &w.Letterhead
	name := w.field("assessor", "who carries out the test")
	h.From = []string{name}
	for _, s := range []string{fieldWords(w.p, w.test, "assessor_role"), fieldWords(w.p, w.test, "assessor_organisation")} {
		if s != "" {
			h.From = append(h.From, s)
		}
	}
	h.Date = LetterDay(w.test, w.v.On()).Words()
	council := Wanting("the council's name")
	if c := w.v.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		council = Title(w.p, c)
	}
	faithfully := "Yours sincerely"
	switch to := w.v.Record(Recipient(w.test)); {
	case to == nil:
		h.To, h.Dear = []string{Wanting("to whom the letter goes"), council}, "Dear colleague,"
		faithfully = "Yours faithfully"
	default:
		holding := HoldingOf(w.p, to)
		if len(holding.People) == 0 {
			h.To, h.Dear = []string{Title(w.p, to), council}, "Dear "+Title(w.p, to)+","
			faithfully = "Yours faithfully"
			break
		}
		var names []string
		for _, n := range holding.People {
			names = append(names, n.Text)
		}
		h.To, h.Dear = []string{And(names), Title(w.p, to), council}, "Dear "+And(names)+","
	}
	w.Subject = strings.ToUpper(Title(w.p, w.test))
	w.Close = append([]string{faithfully, ""}, h.From...)
}

// tested is the proposal that is tested, or nil where it is the structure in force.
func (w *letterWriting) tested() *graph.Record { return w.test.Ref("tests") }

// asTested gives the record without what is tested and with it, as known when the version that is tested was made, or before the proposal was adopted: then it changes nothing any more.
func (w *letterWriting) asTested() (without, with *graph.View) {
	v := w.v
	of, _ := w.test.RefKey("tests")
	if k, ok := w.test.RefKey("version"); ok {
		v = v.Earlier(begun(v, k))
	} else {
		v = unadopted(v, of)
	}
	return v.With(""), v.With(of.ID)
}

// unadopted gives the view as known before all that was recorded with the adoption of a proposal, or the view itself where it is not adopted or was never anything else.
func unadopted(v *graph.View, proposal fact.Key) *graph.View {
	var before, made *graph.Version
	all := v.History(proposal)
	for i := range all {
		h := &all[i]
		switch {
		case h.Op != fact.Assert || h.Proposal != "":
		case h.Record.Text("status") != "adopted":
			before, made = h, nil
		case made == nil:
			made = h
		}
	}
	if before == nil || made == nil || !before.Recorded.Before(made.Recorded) {
		return v
	}
	at := made.Position - 1
	for v.Earlier(at).KnownAt().Equal(made.Recorded) {
		at--
	}
	return v.Earlier(at)
}

func (w *letterWriting) judgements() {
	if w.framework == nil {
		return
	}
	all := w.test.Referring("judgement", "test")
	for _, c := range w.framework.Criteria {
		row := LetterJudgement{Criterion: c.Name, Code: c.Code, Judgement: Wanting("the judgement"), Wording: Wanting("the reasons"), Conditions: []string{}}
		for _, r := range all {
			if r.Text("criterion") != c.Code {
				continue
			}
			row.record, row.Outcome = r.Key(), r.Text("outcome")
			for _, x := range r.Referring("condition", "judgement") {
				row.Conditions = append(row.Conditions, asLongAs(fieldWords(w.p, x, "text")))
			}
			row.Wording = cmp.Or(plainText(fieldWords(w.p, r, "rationale")), row.Wording)
			switch row.Outcome {
			case "":
			case "met-with-condition":
				row.Judgement = "Met as long as…"
				if len(row.Conditions) == 0 {
					row.Conditions = []string{Wanting("the condition")}
				}
				row.Wording = "This criterion is met as long as " + And(row.Conditions) + ". " + row.Wording
			default:
				row.Judgement = strings.ReplaceAll(Word(row.Outcome), "-", " ")
			}
			break
		}
		w.Summary = append(w.Summary, row)
	}
}

// asLongAs gives a condition as it stands after "as long as".
func asLongAs(text string) string {
	text = strings.TrimSuffix(plainText(text), ".")
	const begins = "as long as "
	if len(text) > len(begins) && strings.EqualFold(text[:len(begins)], begins) {
		text = text[len(begins):]
	}
	if text == "" {
		return Wanting("the condition in words")
	}
	return small(text)
}

// plainText is a long text as a paragraph: without marks of emphasis, and with the lines as they were ended.
func plainText(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	out := lines[:0]
	for _, l := range lines {
		out = append(out, unmarked(strings.Join(strings.Fields(l), " ")))
	}
	return strings.Join(out, "\n")
}

func (w *letterWriting) recommendations() {
	all := w.test.Referring("recommendation", "test")
	taken := map[int]bool{}
	for _, r := range all {
		if n, ok := r.Number("number"); ok {
			taken[int(n)] = true
		}
	}
	next := 1
	byFirst(w.v, all)
	for _, r := range all {
		ask := LetterAsk{Text: cmp.Or(plainText(fieldWords(w.p, r, "text")), Wanting("what is recommended")), record: r.Key()}
		if n, ok := r.Number("number"); ok {
			ask.Number = int(n)
		} else {
			for taken[next] {
				next++
			}
			ask.Number, taken[next] = next, true
		}
		w.Asked = append(w.Asked, ask)
	}
	slices.SortStableFunc(w.Asked, func(a, b LetterAsk) int { return a.Number - b.Number })
}

// byFirst puts records into the order in which they were first recorded.
func byFirst(v *graph.View, all []*graph.Record) {
	slices.SortStableFunc(all, func(a, b *graph.Record) int { return cmp.Compare(begun(v, a.Key()), begun(v, b.Key())) })
}

// evidenceKinds are the words for evidence by its method.
var evidenceKinds = []struct{ method, one, many string }{
	{"document", "document", "documents"}, {"data", "set of figures", "sets of figures"}, {"interview", "interview", "interviews"}, {"observation", "observation", "observations"}, {"", "other piece of evidence", "other pieces of evidence"},
}

// sources lists what the test rests on: evidence that may be attributed by its title, the rest by kind, and whom the adviser met by role.
func (w *letterWriting) sources() {
	others := map[string]int{}
	all := w.test.Referring("evidence", "test")
	byFirst(w.v, all)
	for _, e := range all {
		yes, _ := e.Yes("attributable")
		if !yes {
			others[e.Text("method")]++
			continue
		}
		s := Title(w.p, e)
		if ref := fieldWords(w.p, e, "reference"); ref != "" {
			s = ref + ". " + s
		}
		if d := e.Date("dated"); !d.IsZero() {
			s += ", " + d.Words()
		}
		w.Evidence = append(w.Evidence, s)
	}
	also := ""
	if len(w.Evidence) > 0 {
		also = " that is not attributed"
	}
	for _, k := range evidenceKinds {
		if n := others[k.method]; n > 0 {
			w.Evidence = append(w.Evidence, Capital(Count(n, k.one, k.many))+also)
		}
	}
	met := w.test.Referring("interview", "test")
	byFirst(w.v, met)
	for _, i := range met {
		if s := i.Text("status"); s == "held" || s == "" && !i.Date("held_on").IsZero() {
			w.Met = append(w.Met, Title(w.p, i))
		}
	}
}

// Document writes the letter for people. annex says whether the evidence and whom the adviser met are listed behind it.
func (x AssuranceLetter) Document(annex bool) Document {
	d := Document{Title: x.Subject, Dates: x.dates(), Letterhead: &x.Letterhead}
	if x.test == nil {
		return Document{Title: x.Test.Text, Dates: x.dates(), Lead: []string{"The test is not on record on this day, so there is no letter."}}
	}
	of := func(part LetterPart, theme string) (out []Block) {
		for _, q := range x.Paragraphs {
			if q.Part == part && q.Theme == theme {
				out = append(out, Cited{q.Number, q.Text, q.Notes, q.rests()})
				if len(q.items) > 0 {
					out = append(out, Lettered(q.items))
				}
			}
		}
		return out
	}
	process := append(of(LetterProcess, ""), Para(x.Basis))
	findings := []Block{Subsection{"Overall vision and direction of travel", of(LetterOverall, "")}}
	if of(LetterOverall, "") == nil {
		findings = nil
	}
	for _, q := range x.themes() {
		blocks := of(LetterTheme, q.Code)
		if blocks == nil {
			blocks = []Block{Gap(Wanting("findings on this theme"))}
		}
		findings = append(findings, Subsection{q.Name, blocks})
	}
	table := Table{Head: []string{"Criterion", "Judgement", "Wording"}, Headed: true}
	for _, j := range x.Summary {
		table.Rows = append(table.Rows, cells(j.Criterion, j.Judgement, j.Wording))
	}
	summary := []Block{table}
	if len(table.Rows) == 0 {
		summary = []Block{Gap(Wanting("the framework, and so its criteria"))}
	}
	var asked []Block
	for _, r := range x.Asked {
		asked = append(asked, Cited{Number: r.Number, Text: r.Text, About: []fact.Key{r.record}})
	}
	if asked == nil {
		asked = []Block{Para("There are no recommendations.")}
	}
	d.Sections = []Section{
		{"", of(LetterOpening, "")},
		{"Background", of(LetterBackground, "")},
		{"Independent review process", process},
		{"Key findings", findings},
		{"Conclusion", of(LetterConclusion, "")},
		{"Local test of assurance: summary", summary},
		{"Key recommendations", asked},
		{"", append(of(LetterClosing, ""), Para(strings.Join(x.Close, "\n")))},
	}
	if annex {
		d.Appendices = []Section{{"Evidence and meetings", []Block{Subsection{"Evidence", listOr(x.Evidence, "what the test rests on")}, Subsection{"Who was met, by role", listOr(x.Met, "who was met")}}}}
	}
	return d
}

func (x AssuranceLetter) dates() string {
	if x.test == nil {
		return ""
	}
	return "Made from the record: " + small(DatesOf(x.test.View()))
}

// themes are those of the framework, and those under which there are findings beside.
func (x AssuranceLetter) themes() (out []rule.Code) {
	if x.framework != nil {
		out = slices.Clone(x.framework.Themes)
	}
	for _, q := range x.Paragraphs {
		if q.Part == LetterTheme && !slices.ContainsFunc(out, func(c rule.Code) bool { return c.Code == q.Theme }) {
			out = append(out, rule.Code{Code: q.Theme, Name: Capital(q.Theme)})
		}
	}
	return out
}

// rests lists the records on which a paragraph rests.
func (q LetterParagraph) rests() []fact.Key { return slices.Concat(q.Findings, q.About) }

func listOr(items []string, what string) []Block {
	if len(items) == 0 {
		return []Block{Gap(Wanting(what))}
	}
	return []Block{List(items)}
}
