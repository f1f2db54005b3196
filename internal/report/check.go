package report

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Words for outcomes, severities and the like, as people read them.
var words = map[string]string{
	"met": "Met", "met-with-condition": "Met with a condition", "not-met": "Not met", "not-applicable": "Not applicable", "cannot-test": "Cannot be tested",
	"breach": "Breach", "departure": "Departure", "advisory": "Advice",
	"must": "The law requires", "should": "Statutory guidance", "good-practice": "Good practice", "permitted": "The law allows", "guard": "Guard",
	"clear": "Clear", "attention": "Needs attention", "holds": "holds", "fails": "fails",
}

// Word gives the word that people read for a code.
func Word[T ~string](code T) string {
	if w, ok := words[string(code)]; ok {
		return w
	}
	return string(code)
}

// Verified says in words how well a citation was verified.
func Verified(c rule.Citation) string {
	text := map[rule.Verified]string{rule.Primary: "read in the original", rule.Secondary: "as reported by another source", rule.Unverified: "not verified"}[c.Verified]
	if c.DatesVerified == rule.Unverified {
		text += "; its dates are not verified"
	}
	return text
}

// Check writes what an officer would want to read: what needs doing first, then the rest, then the summary table of the letter.
func Check(a *assure.Assessment, council string, all bool) Document {
	v := a.View
	d := Document{Title: "What the record shows: " + council, Dates: DatesOf(v)}
	d.Lead = append(d.Lead, lead(a))
	for _, part := range []struct {
		title string
		want  func(*rule.Result) bool
	}{
		{"Breaches", func(r *rule.Result) bool { return r.Severity == rule.Breach }},
		{"Departures from statutory guidance", func(r *rule.Result) bool { return r.Severity == rule.Departure }},
		{"Advice", func(r *rule.Result) bool { return r.Severity == rule.Advisory }},
		{"Met with a condition", func(r *rule.Result) bool { return r.Outcome == rule.MetWithCondition }},
		{"Cannot be tested", func(r *rule.Result) bool { return r.Outcome == rule.CannotTest }},
	} {
		if s := results(a, part.title, part.want); len(s.Blocks) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	met := Table{Head: []string{"Rule", "What it asks", "What the record shows"}}
	na := Table{Head: []string{"Rule", "What it asks", "Why it does not apply"}}
	for _, r := range a.Results.Rows {
		switch r.Outcome {
		case rule.Met:
			met.Rows = append(met.Rows, cells(r.Rule, r.Title, r.Explanation))
		case rule.NotApplicable:
			na.Rows = append(na.Rows, cells(r.Rule, r.Title, r.Explanation))
		}
	}
	if len(met.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"Met", []Block{met}})
	}
	if all && len(na.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"Not applicable", []Block{na}})
	}
	if s := splits(a); len(s.Blocks) > 0 {
		d.Sections = append(d.Sections, s)
	}
	if s := judgements(a); len(s.Blocks) > 0 {
		d.Sections = append(d.Sections, s)
	}
	d.Sections = append(d.Sections, Section{"Summary", []Block{Summary(a)}})
	return d
}

// Compared says what a proposal changes in what the pack finds: with it, as if it were in force on the day, and without it. That is what whoever looks at a proposal wants first.
func Compared(a *assure.Assessment, without *rule.Results) Section {
	s := Section{Title: "What the proposal changes"}
	if a.View.AsIf() {
		s.Blocks = append(s.Blocks, Para("All of the proposal is read here as if it were in force on the day. What happens on which day is in the forecast of the proposal."))
	}
	was, is := worst(without), worst(a.Results)
	tables := []Table{{Caption: "Worse than what is in force on the day"}, {Caption: "Better than what is in force on the day"}, {Caption: "Not met now, and under the proposal"}}
	for _, r := range a.Results.Pack.Rules {
		x, y := was[r.ID], is[r.ID]
		at := 0
		switch {
		case x == nil || y == nil || rank(x) < 2 && rank(y) < 2, alikeIn(x, y) && rank(y) < 4:
			continue
		case alikeIn(x, y):
			at = 2
		case rank(y) < rank(x):
			at = 1
		}
		tables[at].Rows = append(tables[at].Rows, cells(y.Rule+" "+y.Title, standsAs(x), standsAs(y)))
	}
	if len(tables[0].Rows)+len(tables[1].Rows) == 0 {
		s.Blocks = append(s.Blocks, Para("No rule gives anything else than without it."))
	}
	for _, t := range tables {
		if len(t.Rows) > 0 {
			t.Head, t.Headed = []string{"Rule", "In force", "With the proposal"}, true
			s.Blocks = append(s.Blocks, t)
		}
	}
	return s
}

func lead(a *assure.Assessment) string {
	n := map[rule.Severity]int{}
	untested := 0
	for _, r := range a.Results.Rows {
		if r.Outcome == rule.CannotTest {
			untested++
		}
		n[r.Severity]++
	}
	return Capital(fmt.Sprintf("%s, %s, %s; %s for want of something recorded.", Count(n[rule.Breach], "breach", "breaches"), Count(n[rule.Departure], "departure from statutory guidance", "departures from statutory guidance"), Count(n[rule.Advisory], "piece of advice", "pieces of advice"), Count(untested, "rule cannot be tested", "rules cannot be tested")))
}

func results(a *assure.Assessment, title string, want func(*rule.Result) bool) Section {
	s := Section{Title: title}
	for i := range a.Results.Rows {
		r := &a.Results.Rows[i]
		if !want(r) {
			continue
		}
		s.Blocks = append(s.Blocks, Para(fmt.Sprintf("%s  %s. %s", r.Rule, r.Title, r.Explanation)))
		details := List{fmt.Sprintf("%s: %s (%s)", Word(r.Force), r.Citation.Text, Verified(r.Citation))}
		if r.Departure != nil {
			details = append(details, "Reason recorded: "+a.View.Called(r.Departure.Record))
		}
		if r.Outcome == rule.NotMet && r.Departure == nil && len(r.Repair) > 0 {
			details = append(details, "What would put it right: "+strings.Join(r.Repair, "; or "))
		}
		if addressed, judged := besides(a, r); judged && !addressed {
			details = append(details, "Not addressed by the adviser")
		}
		if r.Outcome == rule.NotMet && len(r.Facts) > 0 {
			details = append(details, "Rests on "+facts(a, r.Facts))
		}
		s.Blocks = append(s.Blocks, details)
	}
	return s
}

// facts names the entries on which a result rests, as far as there is room.
func facts(a *assure.Assessment, all []rule.Fact) string {
	const most = 5
	var out []string
	for _, f := range all[:min(most, len(all))] {
		out = append(out, fmt.Sprintf("%s (entry %d)", a.Results.Pack.Named(f.Record, a.View.Called(f.Record)), f.Entry))
	}
	if more := len(all) - most; more > 0 {
		out = append(out, Count(more, "more entry", "more entries"))
	}
	return strings.Join(out, ", ")
}

// besides says whether a judgement passes over a result, and whether the adviser's findings speak of it.
func besides(a *assure.Assessment, r *rule.Result) (addressed, judged bool) {
	for _, c := range a.Criteria {
		if c.Judgement == nil {
			continue
		}
		for _, b := range c.Judgement.Beside {
			if b.Result == r {
				judged = true
				addressed = addressed || len(b.Findings) > 0
			}
		}
	}
	return addressed, judged
}

func splits(a *assure.Assessment) Section {
	t := Table{Caption: "Functions whose post answering in law does not manage them", Head: []string{"Function", "Answers in law", "Manages", "What joins the two"}}
	var open List
	for _, s := range a.Results.Splits {
		called := func(k *fact.Key) string {
			if k == nil {
				return "not recorded"
			}
			return a.View.Called(*k)
		}
		if s.Answers == nil {
			open = append(open, a.View.Called(s.Function)+" (managed by: "+called(s.Manages)+")")
			continue
		}
		var joins []string
		for _, m := range s.Mechanism {
			joins = append(joins, a.View.Called(m))
		}
		j := strings.Join(joins, ", ")
		if j == "" {
			j = "nothing recorded"
		}
		t.Rows = append(t.Rows, []Cell{{a.View.Called(s.Function), s.Function}, {called(s.Answers), *s.Answers}, cell(called(s.Manages)), cell(j)})
	}
	out := Section{Title: "Who answers and who manages"}
	if len(t.Rows) > 0 {
		out.Blocks = append(out.Blocks, t)
	}
	if len(open) > 0 {
		out.Blocks = append(out.Blocks, Para("It is open which law these functions fall under, so nobody is named as answering for them:"), open)
	}
	return out
}

func judgements(a *assure.Assessment) Section {
	s := Section{Title: "The judgements, and how they stand"}
	for _, c := range a.Criteria {
		j := c.Judgement
		if j == nil {
			continue
		}
		s.Blocks = append(s.Blocks, Para(fmt.Sprintf("%s: judged %s in %s.", c.Name, strings.ToLower(Word(j.Outcome)), j.Test.Title())))
		var l List
		for _, x := range j.Conditions {
			line := fmt.Sprintf("Condition: %s – %s", strings.TrimSuffix(x.Text, "."), conditionWords(x))
			l = append(l, line)
		}
		if len(j.Stale) == 0 {
			l = append(l, "Current: nothing that bears on it has changed since it was made")
		}
		for _, r := range j.Stale {
			line := "Stale: " + r.What
			if r.Entry > 0 {
				line += fmt.Sprintf(" (entry %d)", r.Entry)
			}
			l = append(l, line)
		}
		for _, b := range j.Beside {
			by := "not addressed by the adviser"
			if len(b.Findings) > 0 {
				var n []string
				for _, f := range b.Findings {
					n = append(n, f.Text("number"))
				}
				by = "see finding " + strings.Join(slices.Compact(n), ", ")
			}
			l = append(l, fmt.Sprintf("The record shows beside it: %s, %s (%s)", b.Result.Rule, strings.ToLower(Word(b.Result.Severity)), by))
		}
		s.Blocks = append(s.Blocks, l)
	}
	return s
}

func conditionWords(c assure.Condition) string {
	switch c.State {
	case rule.Holds:
		return "holds on this day"
	case rule.Fails:
		return "fails on this day"
	}
	var why []string
	for _, m := range c.Missing {
		why = append(why, m.Why)
	}
	return "cannot be tested: " + strings.Join(slices.Compact(why), "; ")
}

// Summary is the table with which the assurance letter ends, with what the record shows beside it.
func Summary(a *assure.Assessment) Table {
	t := Table{Caption: "Local test of assurance: summary", Head: []string{"Criterion", "Judgement", "Comment", "What the record shows"}}
	if a.Test != nil {
		t.Caption = a.Test.Title() + ": summary"
	}
	for _, c := range a.Criteria {
		judged, comment := "Not yet judged", ""
		if j := c.Judgement; j != nil {
			judged = Word(j.Outcome)
			comment = strings.Join(strings.Fields(j.Record.Text("rationale")), " ")
			for _, x := range j.Conditions {
				comment += " Condition: " + strings.TrimSuffix(x.Text, ".") + " – " + conditionWords(x) + "."
			}
			if len(j.Stale) > 0 {
				judged += " (stale)"
			}
		}
		shows := fmt.Sprintf("%s: %s, %s, %s, %d cannot be tested", Word(c.Machine), Count(c.Breaches, "breach", "breaches"), Count(c.Departures, "departure", "departures"), Count(c.Advisories, "piece of advice", "pieces of advice"), c.Untested)
		t.Rows = append(t.Rows, cells(c.Name, judged, strings.TrimSpace(comment), shows))
	}
	return t
}

// CheckJSON is the JSON contract of `plumbline check`.
type CheckJSON struct {
	Council  CouncilJSON     `json:"council"`
	On       string          `json:"on"`
	Known    Known           `json:"known"`
	Proposal *string         `json:"proposal"`
	Pack     PackJSON        `json:"pack"`
	Results  []ResultJSON    `json:"results"`
	Splits   []SplitJSON     `json:"splits"`
	Criteria []CriterionJSON `json:"criteria"`
}

// CouncilJSON names the council.
type CouncilJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// PackJSON names the pack, and what exactly it said.
type PackJSON struct {
	ID     string `json:"id"`
	Digest string `json:"digest"`
}

// ResultJSON is one row per rule and outcome.
type ResultJSON struct {
	Rule        string         `json:"rule"`
	Title       string         `json:"title"`
	Force       string         `json:"force"`
	Outcome     string         `json:"outcome"`
	Severity    *string        `json:"severity"`
	Criteria    []string       `json:"criteria"`
	Subjects    []string       `json:"subjects"`
	Missing     []rule.Missing `json:"missing"`
	Explanation string         `json:"explanation"`
	Citation    rule.Citation  `json:"citation"`
	Facts       []FactJSON     `json:"facts"`
	Departure   *FactJSON      `json:"departure"`
}

// FactJSON is an entry on which something rests.
type FactJSON struct {
	Record string `json:"record"`
	Entry  int64  `json:"entry"`
}

// SplitJSON is a function whose post answering in law does not manage it; answers is null for an unclassified function.
type SplitJSON struct {
	Function  string   `json:"function"`
	Answers   *string  `json:"answers"`
	Manages   *string  `json:"manages"`
	Mechanism []string `json:"mechanism"`
}

// CriterionJSON is one criterion.
type CriterionJSON struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Machine    string         `json:"machine"`
	Breaches   int            `json:"breaches"`
	Departures int            `json:"departures"`
	Advisories int            `json:"advisories"`
	CannotTest int            `json:"cannot_test"`
	Judgement  *JudgementJSON `json:"judgement"`
}

// JudgementJSON is what a person judged and how it stands.
type JudgementJSON struct {
	Record       string          `json:"record"`
	Test         string          `json:"test"`
	Outcome      string          `json:"outcome"`
	Freshness    string          `json:"freshness"`
	StaleBecause []ReasonJSON    `json:"stale_because"`
	Conditions   []ConditionJSON `json:"conditions"`
	Beside       []BesideJSON    `json:"beside"`
}

// ReasonJSON is why a judgement is stale.
type ReasonJSON struct {
	Reason string `json:"reason"`
	Entry  *int64 `json:"entry"`
}

// ConditionJSON is a condition and its state on the day.
type ConditionJSON struct {
	Record  string         `json:"record"`
	Text    string         `json:"text"`
	State   string         `json:"state"`
	Missing []rule.Missing `json:"missing"`
}

// BesideJSON is a result that a judgement passes over.
type BesideJSON struct {
	Rule      string   `json:"rule"`
	Severity  string   `json:"severity"`
	Addressed bool     `json:"addressed"`
	Findings  []string `json:"findings"`
}

// NewCheckJSON writes an assessment as the contract says. all adds the rules that do not apply.
func NewCheckJSON(a *assure.Assessment, root string, all bool) CheckJSON {
	v := a.View
	out := CheckJSON{
		Council: councilJSON(v), On: v.On().String(), Known: Known{v.Known(), stamp(v.KnownAt()), root},
		Pack: PackJSON{a.Results.Pack.ID, a.Results.Pack.Digest}, Results: []ResultJSON{}, Splits: []SplitJSON{}, Criteria: []CriterionJSON{},
	}
	if p := string(v.Proposal()); p != "" {
		out.Proposal = &p
	}
	for i := range a.Results.Rows {
		r := &a.Results.Rows[i]
		if r.Outcome == rule.NotApplicable && !all {
			continue
		}
		row := ResultJSON{Rule: r.Rule, Title: r.Title, Force: string(r.Force), Outcome: string(r.Outcome), Criteria: orEmpty(r.Criteria), Subjects: []string{}, Missing: orEmpty(r.Missing), Explanation: r.Explanation, Citation: r.Citation, Facts: []FactJSON{}}
		if r.Severity != "" {
			s := string(r.Severity)
			row.Severity = &s
		}
		for _, k := range r.Subjects {
			row.Subjects = append(row.Subjects, k.String())
		}
		for _, f := range r.Facts {
			row.Facts = append(row.Facts, FactJSON{f.Record.String(), f.Entry})
		}
		if r.Departure != nil {
			row.Departure = &FactJSON{r.Departure.Record.String(), r.Departure.Entry}
		}
		out.Results = append(out.Results, row)
	}
	for _, s := range a.Results.Splits {
		row := SplitJSON{Function: s.Function.String(), Mechanism: []string{}}
		if s.Answers != nil {
			t := s.Answers.String()
			row.Answers = &t
		}
		if s.Manages != nil {
			t := s.Manages.String()
			row.Manages = &t
		}
		for _, m := range s.Mechanism {
			row.Mechanism = append(row.Mechanism, m.String())
		}
		out.Splits = append(out.Splits, row)
	}
	for _, c := range a.Criteria {
		out.Criteria = append(out.Criteria, criterionJSON(c))
	}
	return out
}

func councilJSON(v *graph.View) CouncilJSON {
	out := CouncilJSON{ID: "council"}
	if c := v.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		out.Name = c.Text("name")
	}
	return out
}

func criterionJSON(c assure.Criterion) CriterionJSON {
	row := CriterionJSON{ID: c.ID, Name: c.Name, Machine: string(c.Machine), Breaches: c.Breaches, Departures: c.Departures, Advisories: c.Advisories, CannotTest: c.Untested}
	j := c.Judgement
	if j == nil {
		return row
	}
	out := &JudgementJSON{Record: j.Record.Key().String(), Test: j.Test.Key().String(), Outcome: j.Outcome, Freshness: "current", StaleBecause: []ReasonJSON{}, Conditions: []ConditionJSON{}, Beside: []BesideJSON{}}
	for _, s := range j.Stale {
		out.Freshness = "stale"
		r := ReasonJSON{Reason: s.What}
		if s.Entry > 0 {
			r.Entry = &s.Entry
		}
		out.StaleBecause = append(out.StaleBecause, r)
	}
	for _, x := range j.Conditions {
		out.Conditions = append(out.Conditions, ConditionJSON{x.Record.Key().String(), x.Text, string(x.State), orEmpty(x.Missing)})
	}
	for _, b := range j.Beside {
		f := []string{}
		for _, x := range b.Findings {
			f = append(f, x.Key().String())
		}
		out.Beside = append(out.Beside, BesideJSON{b.Result.Rule, string(b.Result.Severity), len(f) > 0, f})
	}
	row.Judgement = out
	return row
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
