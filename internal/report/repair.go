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

// Repair writes what would put right what fails, for whoever has to see to it.
func Repair(r *assure.Repair, council string) Document {
	d := Document{Title: "What would put it right: " + council, Dates: DatesOf(r.View)}
	d.Lead = append(d.Lead, repairLead(r))
	for _, m := range slices.Concat(r.Mendings, r.Advice) {
		d.Sections = append(d.Sections, mending(m))
	}
	if len(r.Without) > 0 {
		s := Section{Title: "Nothing that is known here would put these right"}
		of := map[*rule.Result][]string{} // the subjects of a result, which is told once
		for _, f := range r.Without {
			if f.Result != nil && f.Subject.Kind != graph.Council {
				of[f.Result] = append(of[f.Result], titleOf(f.Result, f.Subject))
			}
		}
		told := map[*rule.Result]bool{}
		for _, f := range r.Without {
			if f.Result != nil && told[f.Result] {
				continue
			}
			told[f.Result] = true
			s.Blocks = append(s.Blocks, Para(FailingWords(f)))
			var more List
			if names := of[f.Result]; len(names) > 0 && len(names) < len(f.Result.Subjects) {
				more = append(more, WithoutWords(names))
			}
			if f.Result != nil && len(f.Result.Repair) > 0 {
				more = append(more, "What the rule suggests: "+strings.Join(f.Result.Repair, "; or "))
			}
			if len(more) > 0 {
				s.Blocks = append(s.Blocks, more)
			}
		}
		d.Sections = append(d.Sections, s)
	}
	if len(r.Untested) > 0 {
		t := Table{Head: []string{"What is missing", "What cannot be tested without it"}}
		for _, u := range r.Untested {
			t.Rows = append(t.Rows, cells(MissingWords(u), UntestedWords(u)))
		}
		d.Sections = append(d.Sections, Section{"Cannot be tested until something is recorded", []Block{t}})
	}
	return d
}

// MissingWords says what is missing: "Chief Executive: “Decided by” and “Decided on” are not recorded".
func MissingWords(u assure.Untested) string {
	var out []string
	for _, a := range u.Acts {
		out = append(out, strings.TrimPrefix(a.Text, rule.RecordMissing))
	}
	return strings.Join(rule.Gathered(out), "; ")
}

// UntestedWords names what cannot be tested: the ids of the rules, and the conditions.
func UntestedWords(u assure.Untested) string {
	var out []string
	for _, r := range u.Results {
		out = append(out, r.Rule)
	}
	for _, c := range u.Conditions {
		out = append(out, "the condition “"+strings.TrimSuffix(c.Text, ".")+"”")
	}
	return strings.Join(out, ", ")
}

func repairLead(r *assure.Repair) string {
	fails := len(r.Without)
	for _, m := range r.Mendings {
		fails += len(m.Failing)
	}
	switch {
	case fails == 0:
		return "No breach, no departure from guidance without a recorded reason and no condition that fails: there is nothing to put right."
	case len(r.Mendings) == 0:
		return Capital(Count(fails, "thing fails", "things fail")) + ". Nothing that is known here would put it right."
	}
	s := Capital(Count(fails, "thing fails", "things fail")) + ". Below is what would have to be so to put that right, the least first. Each was tried: the rules were asked of the record as it would be. Nothing was recorded, and none of it says what is wise."
	if len(r.Mendings) > 1 && !r.Together {
		s += " Taken together, the first of each part would get in each other’s way: look again after each."
	}
	return s
}

func mending(m assure.Mending) Section {
	s := Section{Title: failingTitle(m)}
	for _, f := range m.Failing {
		s.Blocks = append(s.Blocks, Para(FailingWords(f)))
	}
	way := "What would put it right:"
	if len(m.Sets) > 1 {
		way = "Any one of these would put it right:"
	}
	s.Blocks = append(s.Blocks, Para(way))
	var sets Steps
	for _, set := range m.Sets {
		var acts []string
		for _, a := range set.Acts {
			acts = append(acts, ActWords(a))
		}
		sets = append(sets, strings.Join(acts, " And: "))
	}
	s.Blocks = append(s.Blocks, sets)
	if m.Limited {
		s.Blocks = append(s.Blocks, Para("Not everything that is possible was tried, since there is very much of it."))
	}
	return s
}

// WithoutWords names that for which nothing puts right what fails.
func WithoutWords(names []string) string {
	const most = 8
	if more := len(names) - most; more > 0 {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("%d more", more))
	}
	return "It is so for " + And(names)
}

// ActWords writes an act with what it leaves to somebody's decision.
func ActWords(a rule.Act) string {
	s := a.Text + "."
	if a.Open != "" {
		s += " Still to be decided: " + a.Open + "."
	}
	return s
}

// FailingWords says what fails.
func FailingWords(f assure.Failing) string {
	if f.Condition != nil {
		return "The condition “" + strings.TrimSuffix(f.Condition.Text, ".") + "” does not hold."
	}
	return fmt.Sprintf("%s: %s (%s). %s", f.Result.Rule, f.Result.Title, strings.ToLower(Word(f.Result.Severity)), f.Result.Explanation)
}

// failingTitle names what a mending puts right.
func failingTitle(m assure.Mending) string {
	var out []string
	for _, f := range m.Failing {
		name := "Condition of a judgement"
		if f.Result != nil {
			name = f.Result.Rule + ", "
			if f.Subject.Kind != graph.Council {
				name += titleOf(f.Result, f.Subject)
			} else {
				name += f.Result.Title
			}
		}
		out = append(out, name)
	}
	if len(out) > 3 {
		out = append(out[:3], Count(len(out)-3, "more", "more"))
	}
	return strings.Join(out, "; ")
}

// titleOf gives the title of a subject of a result.
func titleOf(r *rule.Result, k fact.Key) string {
	for i, s := range r.Subjects {
		if s == k {
			return r.Titles[i]
		}
	}
	return k.String()
}

// RepairJSON is what `plumbline repair --format json` answers.
type RepairJSON struct {
	Council  CouncilJSON    `json:"council"`
	On       string         `json:"on"`
	Known    Known          `json:"known"`
	Proposal *string        `json:"proposal"`
	Pack     PackJSON       `json:"pack"`
	Repairs  []MendingJSON  `json:"repairs"`
	Advice   []MendingJSON  `json:"advice"`
	Without  []FailingJSON  `json:"without"`
	Together bool           `json:"together"`
	Untested []UntestedJSON `json:"cannot_test"`
}

// MendingJSON is what fails and hangs together, with the sets of acts that would put it right.
type MendingJSON struct {
	Failing []FailingJSON `json:"failing"`
	Sets    []ActSetJSON  `json:"sets"`
	Limited bool          `json:"limited"`
}

// FailingJSON is a rule that fails for a subject, or a condition of a judgement that fails.
type FailingJSON struct {
	Rule        string `json:"rule,omitempty"`
	Severity    string `json:"severity,omitempty"`
	Subject     string `json:"subject,omitempty"`
	Condition   string `json:"condition,omitempty"`
	Explanation string `json:"explanation"`
}

// ActSetJSON is a set of acts.
type ActSetJSON struct {
	Cost int       `json:"cost"`
	Acts []ActJSON `json:"acts"`
}

// ActJSON is one act, and the form by which it is recorded once it is so.
type ActJSON struct {
	Do     string            `json:"do"`
	Text   string            `json:"text"`
	Decide string            `json:"decide,omitempty"`
	Form   string            `json:"form"` // new, change, end, appoint
	Kind   string            `json:"kind"`
	ID     string            `json:"id,omitempty"`
	Fields map[string]string `json:"fields,omitempty"`
}

// UntestedJSON is what is missing and recorded by one form, with the rules and conditions that cannot be tested without.
type UntestedJSON struct {
	Acts       []ActJSON `json:"acts"`
	Rules      []string  `json:"rules"`
	Conditions []string  `json:"conditions"`
}

// NewRepairJSON writes repairs for a program.
func NewRepairJSON(r *assure.Repair, pack *rule.Pack, root string) RepairJSON {
	v := r.View
	out := RepairJSON{
		Council: councilJSON(v), On: v.On().String(), Known: Known{v.Known(), stamp(v.KnownAt()), root}, Pack: PackJSON{pack.ID, pack.Digest},
		Repairs: mendingsJSON(r.Mendings), Advice: mendingsJSON(r.Advice), Without: failingJSON(r.Without), Together: r.Together, Untested: []UntestedJSON{},
	}
	if p := string(v.Proposal()); p != "" {
		out.Proposal = &p
	}
	for _, u := range r.Untested {
		row := UntestedJSON{Acts: actsJSON(u.Acts), Rules: []string{}, Conditions: []string{}}
		for _, x := range u.Results {
			row.Rules = append(row.Rules, x.Rule)
		}
		for _, c := range u.Conditions {
			row.Conditions = append(row.Conditions, c.Record.Key().String())
		}
		out.Untested = append(out.Untested, row)
	}
	return out
}

func mendingsJSON(all []assure.Mending) []MendingJSON {
	out := []MendingJSON{}
	for _, m := range all {
		row := MendingJSON{Failing: failingJSON(m.Failing), Sets: []ActSetJSON{}, Limited: m.Limited}
		for _, s := range m.Sets {
			row.Sets = append(row.Sets, ActSetJSON{s.Cost, actsJSON(s.Acts)})
		}
		out = append(out, row)
	}
	return out
}

func failingJSON(all []assure.Failing) []FailingJSON {
	out := []FailingJSON{}
	for _, f := range all {
		row := FailingJSON{Explanation: FailingWords(f)}
		if f.Condition != nil {
			row.Condition = f.Condition.Record.Key().String()
		} else {
			row.Rule, row.Severity, row.Subject, row.Explanation = f.Result.Rule, string(f.Result.Severity), f.Subject.String(), f.Result.Explanation
		}
		out = append(out, row)
	}
	return out
}

func actsJSON(acts []rule.Act) []ActJSON {
	out := []ActJSON{}
	for _, a := range acts {
		row := ActJSON{Do: a.Do, Text: a.Text, Decide: a.Open, Form: a.Link.Do, Kind: string(a.Link.Kind), ID: string(a.Link.ID)}
		for _, s := range a.Link.Say {
			if s.Value != "" {
				if row.Fields == nil {
					row.Fields = map[string]string{}
				}
				row.Fields[s.Field] = s.Value
			}
		}
		out = append(out, row)
	}
	return out
}
