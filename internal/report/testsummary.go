package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// TestSummary is what a test of assurance judged and recommends, as its letter ends, and how that stands on the day.
type TestSummary struct {
	Test            Named             `json:"test"`
	Framework       string            `json:"framework,omitempty"`
	Reported        string            `json:"reported_on,omitempty"` // as people read it
	Criteria        []JudgedCriterion `json:"criteria"`
	Conditions      []JudgedCondition `json:"conditions,omitempty"`
	Recommendations []Recommended     `json:"recommendations"`
}

// JudgedCriterion is a criterion, and what the adviser judged.
type JudgedCriterion struct {
	Code       string     `json:"criterion"`
	Name       string     `json:"name"`
	Outcome    string     `json:"outcome,omitempty"` // empty while it is not yet judged
	Wording    string     `json:"wording,omitempty"`
	Conditions []string   `json:"conditions,omitempty"`
	Supports   int        `json:"supports"` // findings
	Weakens    int        `json:"weakens"`
	Judgement  fact.Key   `json:"-"`
	Rests      []fact.Key `json:"-"` // findings that it names
}

// Stand is where something that a test asked for has got to.
type Stand string

// Where a condition or a recommendation can stand.
const (
	StandOpen      Stand = "open"
	StandFails     Stand = "fails"       // the record shows that the condition is not met
	StandConfirm   Stand = "to-confirm"  // the council says that it is met, and the adviser has not said whether they agree
	StandDisagreed Stand = "disagreed"   // the adviser says that it is not met
	StandUnheard   Stand = "no-response" // the council has not answered
	StandDone      Stand = "done"
	StandRejected  Stand = "rejected"
)

// Stands are all of them, what needs somebody most first, as people read them.
var Stands = []struct {
	Stand
	Words string
}{
	{StandFails, "Not met on this day"}, {StandDisagreed, "The adviser does not agree that it is met"}, {StandUnheard, "No response yet"}, {StandOpen, "Open"}, {StandConfirm, "The council says that it is met; the adviser has not confirmed it"},
	{StandDone, "Met or complete"}, {StandRejected, "Not accepted by the council"},
}

// Words says where something stands.
func (s Stand) Words() string {
	for _, x := range Stands {
		if x.Stand == s {
			return x.Words
		}
	}
	return string(s)
}

// JudgedCondition is a condition of a judgement, and how it stands on the day.
type JudgedCondition struct {
	Condition Named      `json:"condition"`
	Criterion string     `json:"criterion"`
	About     []Named    `json:"about,omitempty"`
	ShownBy   string     `json:"shown_by,omitempty"`
	By        string     `json:"due,omitempty"`
	Checked   bool       `json:"checked"`       // by the record: it has an expression
	State     rule.State `json:"state"`         // by the record
	Why       []string   `json:"why,omitempty"` // it cannot be tested
	Council   *Spoken    `json:"council,omitempty"`
	Adviser   *Spoken    `json:"adviser,omitempty"`
	Stand     Stand      `json:"stand"`
	Late      bool       `json:"late"`
	Due       fact.Date  `json:"-"`
}

// Spoken is what somebody said of a condition, and when.
type Spoken struct {
	State  string   `json:"state"` // met, not-met
	On     string   `json:"said_on,omitempty"`
	Text   string   `json:"text,omitempty"`
	Shown  []Named  `json:"document,omitempty"`
	Record fact.Key `json:"-"`
	on     fact.Date
}

// Recommended is what a test recommends, how the council answered and what is done about it.
type Recommended struct {
	Recommendation Named     `json:"recommendation"`
	Number         string    `json:"number,omitempty"`
	Text           string    `json:"text"`
	Findings       []Named   `json:"findings,omitempty"`
	Conditions     []Named   `json:"conditions,omitempty"`
	Owner          []Named   `json:"owner,omitempty"`
	By             string    `json:"due,omitempty"`
	Response       string    `json:"response,omitempty"`
	ResponseText   string    `json:"response_text,omitempty"`
	Complete       string    `json:"accepted_complete,omitempty"` // by whom and when, in words
	Actions        []Acted   `json:"actions,omitempty"`
	Stand          Stand     `json:"stand"`
	Late           bool      `json:"late"`
	Due            fact.Date `json:"-"`
}

// Acted is a piece of work by which a recommendation is carried out.
type Acted struct {
	Action Named   `json:"action"`
	Owner  []Named `json:"owner,omitempty"`
	Status string  `json:"status,omitempty"`
	By     string  `json:"due,omitempty"`
	Late   bool    `json:"late"`
}

// FrameworkOf gives the framework by which a test judges: that which it names, or the pack's first. Nil where the pack has none.
func FrameworkOf(p *rule.Pack, test *graph.Record) *rule.Framework {
	for _, f := range p.Frameworks {
		if f.ID == test.Text("framework") {
			return f
		}
	}
	if len(p.Frameworks) > 0 && test.Text("framework") == "" {
		return p.Frameworks[0]
	}
	return nil
}

// Supports reports whether a finding supports the criteria that it bears on: as it says itself, or by its nature.
func Supports(finding *graph.Record) bool {
	if b := finding.Text("bearing"); b != "" {
		return b == "supports"
	}
	return finding.Text("polarity") != "gap" && finding.Text("polarity") != "risk"
}

// overdue reports whether a day had certainly passed by another.
func overdue(due fact.Date, on fact.Day) bool {
	return !due.IsZero() && due.Form != fact.ToBeAgreed && due.Last < on
}

// inWords writes a date within a sentence; nothing where none is stated.
func inWords(d fact.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Words()
}

// onLine writes a text on one line.
func onLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// JudgementsOf gives the judgements of a test on the day by the criterion.
func JudgementsOf(test *graph.Record) map[string]*graph.Record {
	out := map[string]*graph.Record{}
	for _, j := range test.Referring("judgement", "test") {
		out[j.Text("criterion")] = j
	}
	return out
}

// SummaryOf sums up a test as the record has it.
func SummaryOf(p *rule.Pack, test *graph.Record) *TestSummary {
	v := test.View()
	out := &TestSummary{Test: named(p, test), Reported: inWords(test.Date("reported_on"))}
	judged, findings := JudgementsOf(test), test.Referring("finding", "test")
	framework := FrameworkOf(p, test)
	var criteria []rule.Code
	if framework != nil {
		out.Framework, criteria = framework.Name, slices.Clone(framework.Criteria)
	}
	for _, code := range slices.Sorted(maps.Keys(judged)) { // those of another framework are judged, too
		if !slices.ContainsFunc(criteria, func(c rule.Code) bool { return c.Code == code }) {
			criteria = append(criteria, rule.Code{Code: code, Name: code})
		}
	}
	for _, c := range criteria {
		row := JudgedCriterion{Code: c.Code, Name: c.Name}
		for _, f := range findings {
			switch {
			case !slices.Contains(f.Texts("criteria"), c.Code):
			case Supports(f):
				row.Supports++
			default:
				row.Weakens++
			}
		}
		if j := judged[c.Code]; j != nil {
			row.Judgement, row.Outcome, row.Wording, row.Rests = j.Key(), j.Text("outcome"), onLine(j.Text("rationale")), j.RefKeys("findings")
			for _, x := range j.Referring("condition", "judgement") {
				one := ConditionNow(p, x)
				one.Criterion = c.Name
				row.Conditions = append(row.Conditions, one.Condition.Text)
				out.Conditions = append(out.Conditions, one)
			}
		}
		out.Criteria = append(out.Criteria, row)
	}
	for _, r := range test.Referring("recommendation", "test") {
		out.Recommendations = append(out.Recommendations, recommended(p, v, r))
	}
	slices.SortStableFunc(out.Recommendations, func(a, b Recommended) int {
		return cmp.Or(cmp.Compare(len(a.Number), len(b.Number)), cmp.Compare(a.Number, b.Number))
	})
	return out
}

// ConditionNow says how a condition stands on the day, in what its test is of.
func ConditionNow(p *rule.Pack, c *graph.Record) JudgedCondition {
	v, tried := c.View(), c.View()
	if j := c.Ref("judgement"); j != nil {
		if test := j.Ref("test"); test != nil {
			tried = assure.Tested(v, test)
		}
	}
	as := c
	if there := tried.Record(c.Key()); there != nil {
		as = there // so that what it is about is looked up there
	}
	now := assure.ConditionOf(p, tried, as)
	out := JudgedCondition{Condition: Named{onLine(now.Text), c.Key()}, About: Value(p, c, c.Kind().Field("about")), ShownBy: onLine(c.Text("shown_by")), Due: c.Date("due"), State: now.State, Checked: c.Text("expression") != ""}
	out.By = inWords(out.Due)
	for _, m := range now.Missing {
		if !slices.Contains(out.Why, m.Why) {
			out.Why = append(out.Why, m.Why)
		}
	}
	for _, x := range c.Referring("confirmation", "condition") {
		w := &Spoken{State: x.Text("state"), On: inWords(x.Date("said_on")), Text: onLine(x.Text("text")), Shown: Value(p, x, x.Kind().Field("document")), Record: x.Key(), on: x.Date("said_on")}
		to := &out.Council
		if x.Text("said_by") == "adviser" {
			to = &out.Adviser
		}
		if *to == nil || (*to).on.Last <= w.on.Last {
			*to = w
		}
	}
	out.Stand = out.stand()
	out.Late = overdue(out.Due, v.On()) && out.Stand != StandDone
	return out
}

// stand says where a condition stands: what the record shows comes first, and the last word of the two who speak of it is the adviser's, unless the council spoke later.
func (c *JudgedCondition) stand() Stand {
	switch {
	case c.State == rule.Fails:
		return StandFails
	case c.State == rule.Holds:
		return StandDone
	case c.Adviser != nil && (c.Council == nil || c.Council.on.Last <= c.Adviser.on.Last):
		if c.Adviser.State == "met" {
			return StandDone
		}
		return StandDisagreed
	case c.Council != nil && c.Council.State == "met":
		return StandConfirm
	}
	return StandOpen
}

// ByRecord says in words what the record shows of a condition.
func (c *JudgedCondition) ByRecord() string {
	switch c.State {
	case rule.Holds:
		return "It holds on this day"
	case rule.Fails:
		return "It does not hold on this day"
	}
	if !c.Checked {
		return "The record does not check it: somebody has to look"
	}
	return "It cannot be tested by the record: " + strings.Join(c.Why, "; ")
}

// Said says in words what was said of a condition, and by whom.
func (c *JudgedCondition) Said() (out []string) {
	for _, w := range []struct {
		of        *Spoken
		met, open string
	}{{c.Council, "The council says that it is met", "The council says that it is not met"}, {c.Adviser, "The adviser confirms that it is met", "The adviser says that it is not met"}} {
		if w.of == nil {
			continue
		}
		s := w.open
		if w.of.State == "met" {
			s = w.met
		}
		if w.of.On != "" {
			s += ", " + w.of.On
		}
		if w.of.Text != "" {
			s += ": " + w.of.Text
		}
		out = append(out, Sentence(s))
	}
	return out
}

// recommended says how a recommendation stands on the day.
func recommended(p *rule.Pack, v *graph.View, r *graph.Record) Recommended {
	field := r.Kind().Field
	out := Recommended{
		Recommendation: named(p, r), Number: r.Text("number"), Text: onLine(r.Text("text")), Findings: Value(p, r, field("findings")), Conditions: Value(p, r, field("conditions")), Owner: Value(p, r, field("owner")),
		Due: r.Date("due"), By: inWords(r.Date("due")), Response: r.Text("response"), ResponseText: onLine(r.Text("response_text")), Stand: StandOpen,
	}
	on := r.Date("accepted_complete_on")
	if !on.IsZero() || r.State("accepted_complete_by") == graph.Known {
		out.Complete = "Accepted as complete"
		if by := Value(p, r, field("accepted_complete_by")); len(by) > 0 {
			out.Complete += " by " + by[0].Text
		}
		if !on.IsZero() {
			out.Complete += ", " + on.Words()
		}
	}
	switch {
	case out.Complete != "" && (on.IsZero() || on.Form != fact.ToBeAgreed && on.Last <= v.On()):
		out.Stand = StandDone
	case out.Response == "rejected":
		out.Stand = StandRejected
	case out.Response == "":
		out.Stand = StandUnheard
	}
	out.Late = overdue(out.Due, v.On()) && out.Stand != StandDone && out.Stand != StandRejected
	for _, a := range r.Referring("action", "recommendation") {
		status := a.Text("status")
		done := status == "complete" || status == "cancelled" || !a.Date("done_on").IsZero()
		one := Acted{Action: named(p, a), Owner: Value(p, a, a.Kind().Field("owner")), By: inWords(a.Date("due")), Late: !done && overdue(a.Date("due"), v.On())}
		if status != "" {
			one.Status = Capital(Say(p, a.Kind().Field("status"), status))
		}
		out.Actions = append(out.Actions, one)
	}
	return out
}

// Answer says in words how the council answered a recommendation.
func (r *Recommended) Answer() string {
	s := map[string]string{"accepted": "Accepted", "partly": "Accepted in part", "rejected": "Not accepted", "": "No response yet"}[r.Response]
	if r.ResponseText != "" {
		s += ": " + r.ResponseText
	}
	return s
}

// NotJudged is what stands in place of a judgement.
const NotJudged = "Not yet judged"

// Judged says what was judged of a criterion.
func (c *JudgedCriterion) Judged() string {
	if c.Outcome == "" {
		return NotJudged
	}
	return Word(c.Outcome)
}

// Words is the wording of a judgement with its conditions.
func (c *JudgedCriterion) Words() string {
	out := c.Wording
	for _, x := range c.Conditions {
		out += " Condition: " + Sentence(x)
	}
	return strings.TrimSpace(out)
}

// Table is the table with which the letter ends.
func (t *TestSummary) Table() Table {
	out := Table{Caption: "Local test of assurance: summary", Head: []string{"Criterion", "Judgement", "Wording, with any condition"}, Headed: true}
	if t.Framework != "" {
		out.Caption = t.Framework + ": summary"
	}
	for i := range t.Criteria {
		c := &t.Criteria[i]
		out.Rows = append(out.Rows, []Cell{cell(c.Name), {Text: c.Judged(), Record: c.Judgement}, cell(c.Words())})
	}
	return out
}

// Document is the summary as a report of its own.
func (t *TestSummary) Document(v *graph.View) Document {
	d := Document{Title: "Summary: " + t.Test.Text, Dates: DatesOf(v)}
	left := 0
	for i := range t.Criteria {
		if t.Criteria[i].Outcome == "" {
			left++
		}
	}
	switch {
	case len(t.Criteria) == 0:
		d.Lead = append(d.Lead, "The law pack has no criteria for the framework of this test.")
	case left > 0:
		d.Lead = append(d.Lead, fmt.Sprintf("%d of %s judged.", len(t.Criteria)-left, Count(len(t.Criteria), "criterion is", "criteria are")))
	}
	if len(t.Criteria) > 0 {
		d.Sections = append(d.Sections, Section{"Summary", []Block{t.Table()}})
	}
	conditions := Table{Caption: "Conditions, and how they stand on this day", Head: []string{"Condition", "Of", "It applies to", "How it will be known", "By when", "What the record shows", "What was said"}, Headed: true}
	for i := range t.Conditions {
		c := &t.Conditions[i]
		by := c.By
		if c.Late {
			by += " (late)"
		}
		conditions.Rows = append(conditions.Rows, []Cell{c.Condition, cell(c.Criterion), joined(c.About, ""), cell(c.ShownBy), cell(by), cell(c.ByRecord()), cell(strings.Join(c.Said(), " "))})
	}
	if len(conditions.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"Conditions", []Block{conditions.filled()}})
	}
	recommendations := Table{Caption: "Recommendations, and what became of them", Head: []string{"Number", "Recommendation", "Owner", "Due", "The council's response", "Actions"}, Headed: true}
	for i := range t.Recommendations {
		r := &t.Recommendations[i]
		by := r.By
		if r.Late {
			by += " (late)"
		}
		answer := r.Answer()
		if r.Complete != "" {
			answer = Sentence(answer) + " " + Sentence(r.Complete)
		}
		var actions []string
		for _, a := range r.Actions {
			actions = append(actions, a.Words())
		}
		recommendations.Rows = append(recommendations.Rows, []Cell{{Text: cmp.Or(r.Number, "–"), Record: r.Recommendation.Record}, cell(r.Text), joined(r.Owner, ""), cell(by), cell(answer), cell(strings.Join(actions, "; "))})
	}
	if len(recommendations.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"Recommendations", []Block{recommendations.filled()}})
	}
	return d
}

// Words says what an action is and how it stands.
func (a *Acted) Words() string {
	var more []string
	for _, s := range []string{small(a.Status), dueWords(a.By), lateWord(a.Late)} {
		if s != "" {
			more = append(more, s)
		}
	}
	if len(more) == 0 {
		return a.Action.Text
	}
	return a.Action.Text + " (" + strings.Join(more, ", ") + ")"
}

func dueWords(s string) string {
	if s == "" {
		return ""
	}
	return "due " + s
}

func lateWord(late bool) string {
	if late {
		return "late"
	}
	return ""
}
