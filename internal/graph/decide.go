package graph

import (
	"fmt"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Outcome is what was decided of a proposal, as its status says it.
type Outcome string

// The outcomes. Approved is agreed by those who decide, and changes nothing yet.
const (
	Approved  Outcome = "approved"
	Adopted   Outcome = "adopted"
	Rejected  Outcome = "rejected"
	Withdrawn Outcome = "withdrawn"
)

// open are the states in which a proposal can be decided. One that is approved can still be brought into force, or withdrawn.
var open = []string{"", "draft", "consultation", string(Approved)}

// Undecided reports whether a proposal is still open: nothing was decided of it, or it is agreed and not in force. A decision that is recorded for another day counts: what it brings into force
// is recorded with it.
func Undecided(proposal *Record) bool { return Ended(proposal) == nil }

// Ended gives what says that a proposal is adopted, rejected or withdrawn, on whatever day, as far as is known; nil where nothing does.
func Ended(proposal *Record) *Record {
	for _, p := range proposal.v.With("").Pieces(proposal.Key()) {
		if !slices.Contains(open, p.Record.Text("status")) {
			return p.Record
		}
	}
	return nil
}

// boundary says from when, also where no day is given.
func boundary(d fact.Date) string {
	if d.IsZero() {
		return "the beginning"
	}
	return d.Words()
}

// Ruling is a decision on a proposal.
type Ruling struct {
	Outcome Outcome
	On      fact.Date // when it was decided
	By      fact.Key  // the board that decided; zero where nobody need be named, as for a withdrawal
	Ref     string    // the minute
	Reason  string    // why, as the minutes have it
	Key     bool      // it is a key decision
	CallIn  fact.Date // the last day for call-in; zero where there is none
	Launch  fact.Date // of an adoption: when what has no day takes effect; to be agreed: it is agreed without a day
	Despite string    // of an adoption: why it is adopted although functions have no place, or nobody answers for them on some day
}

// Decide gives all that a decision on the proposal looked at writes: the decision, the state of the proposal and, where it is adopted, every one of its changes in
// force, each on its own day. It is one change, recorded whole or not at all. The record must be looked at as it is now.
func (v *View) Decide(by Ruling) (Edit, kind.Problems) {
	id := v.proposal
	if id == "" {
		return Edit{}, kind.Problems{{What: "no proposal is looked at", Remedy: "Choose a proposal"}}
	}
	key := fact.Key{Kind: Proposal, ID: id}
	refuse := func(field, what, remedy string) (Edit, kind.Problems) {
		return Edit{}, kind.Problems{{Record: key.String(), Field: field, What: what, Remedy: remedy}}
	}
	day, exact := by.On.Exact()
	switch {
	case !exact:
		return refuse("decision_on", "the day of the decision is not given", "Give the day, month and year")
	case by.Outcome == Adopted && by.By == fact.Key{}:
		return refuse("decided_by", "it does not say who decided", "Name the board, for example Cabinet")
	case by.By != fact.Key{} && v.At(day).With("").Record(by.By) == nil:
		return refuse("decided_by", v.Called(by.By)+" is not there on "+day.Words(), "Choose another board, or another day")
	}
	was := v.At(day).With("").Record(key)
	if was == nil {
		return refuse("decision_on", "the proposal is not on record on "+day.Words(), "Give the day on which it was decided")
	}
	if ended := Ended(was); ended != nil {
		return refuse("status", "the proposal is "+ended.Text("status")+" already, from "+boundary(ended.Span().From), "Nothing more is to be decided of it; make a new proposal")
	}
	if by.Outcome == Outcome(was.Text("status")) {
		return refuse("status", "the proposal is "+was.Text("status")+" already, on "+day.Words(), "Record what was decided after that")
	}
	var e Edit
	if by.Outcome == Adopted {
		var problems kind.Problems
		if e, problems = v.bring(by); problems != nil {
			return Edit{}, problems
		}
	}
	var decision *kind.Doc
	if (by.By != fact.Key{}) {
		decision = v.minute(key, was.Title(), by)
		e.Docs = append(e.Docs, *decision)
	}
	status, problems := v.At(day).With("").Change(key, by.On, v.ruled(by, decision), by.source(v), "")
	if problems != nil {
		return Edit{}, problems
	}
	e.Docs, e.Notes = append(e.Docs, status.Docs...), append(e.Notes, status.Notes...)
	return e, nil
}

// bring gives what adopting brings into force.
func (v *View) bring(by Ruling) (Edit, kind.Problems) {
	for _, m := range v.Moved() {
		for _, f := range m.Fields {
			if f.Conflict {
				return Edit{}, kind.Problems{{Record: m.Record.String(), Field: f.name(), What: m.Title + ": " + f.words(), Remedy: "Bring the proposal up to date with the record in force first"}}
			}
		}
	}
	launch := by.Launch
	undated := 0
	waves := v.Planned(v.proposal, fact.Date{}).Waves()
	for _, w := range waves {
		if w.On.Form == fact.ToBeAgreed {
			undated = len(w.Records)
		}
	}
	switch {
	case len(waves) == 0:
		return Edit{}, kind.Problems{{Field: "", What: "the proposal changes nothing, so there is nothing to adopt", Remedy: "Record first what it would change"}}
	case undated > 0 && launch.IsZero():
		return Edit{}, kind.Problems{{Field: "effective_on", What: "the proposal gives no day for " + count(undated, "record", "records") + " that it changes", Remedy: "Give the day on which they take effect, or say that they are agreed without one"}}
	case launch.Form == fact.ToBeAgreed:
		launch = fact.Date{}
	}
	return v.Planned(v.proposal, launch).Adopt(by.source(v))
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// source says who decided, and where it is written.
func (by *Ruling) source(v *View) string {
	s := by.On.Words()
	if (by.By != fact.Key{}) {
		s = v.Called(by.By) + ", " + s
	}
	if by.Ref != "" {
		s += ", " + by.Ref
	}
	return s
}

// words of an outcome in the title of a decision.
var ruling = map[Outcome]string{Approved: "Approval of", Adopted: "Adoption of", Rejected: "Rejection of", Withdrawn: "Withdrawal of"}

// minute is the decision as a record of its own.
func (v *View) minute(proposal fact.Key, title string, by Ruling) *kind.Doc {
	k := v.g.kinds.Kind("decision")
	d := &kind.Doc{Op: fact.Assert, Kind: k, Span: fact.Span{From: by.On}, Source: by.source(v)}
	base := fact.ID(kind.Slug(string(proposal.ID) + " " + string(by.Outcome)))
	d.ID = base
	for n := 2; len(v.History(d.Key())) > 0; n++ {
		d.ID = fact.ID(fmt.Sprintf("%s-%d", base, n))
	}
	set := func(field, json string) {
		if json != "" {
			d.Values = append(d.Values, kind.Value{Field: k.Field(field), JSON: json})
		}
	}
	text := func(field, s string) {
		if s != "" {
			set(field, kind.Quote(s))
		}
	}
	text("title", ruling[by.Outcome]+" the proposal: "+title)
	if by.Key {
		text("type", "key")
	}
	text("decided_by", string(by.By.ID))
	text("decided_on", by.On.String())
	text("reference", by.Ref)
	text("reasons", by.Reason)
	text("call_in_closes", by.CallIn.String())
	set("about", "["+kind.Quote(proposal.String())+"]")
	slices.SortFunc(d.Values, func(a, b kind.Value) int { return a.Field.Index - b.Field.Index })
	return d
}

// ruled is what a decision makes of the proposal's own record.
func (v *View) ruled(by Ruling, decision *kind.Doc) (set []kind.Value) {
	k := v.g.kinds.Kind(Proposal)
	text := func(field, s string) {
		if s != "" {
			set = append(set, kind.Value{Field: k.Field(field), JSON: kind.Quote(s)})
		}
	}
	text("status", string(by.Outcome))
	text("decision_on", by.On.String())
	if (by.By != fact.Key{}) {
		text("decided_by", string(by.By.ID))
	}
	text("decision_ref", by.Ref)
	if decision != nil {
		text("decision", string(decision.ID))
	}
	if by.Outcome == Adopted {
		text("effective_on", by.effective(v).String())
		text("adopted_despite", by.Despite)
	}
	return set
}

// effective is when an adopted proposal takes effect: with its first wave that changes the structure itself, or else with its first.
func (by *Ruling) effective(v *View) fact.Date {
	launch := by.Launch
	if launch.Form == fact.ToBeAgreed {
		launch = fact.Date{}
	}
	waves := v.Planned(v.proposal, launch).Waves()
	for _, w := range waves {
		if slices.ContainsFunc(w.Records, func(k fact.Key) bool { return slices.Contains(arranged, k.Kind) }) {
			return w.On
		}
	}
	if len(waves) > 0 {
		return waves[0].On
	}
	return fact.Date{}
}

// arranged are the kinds of which a structure is made, whoever is in it.
var arranged = []fact.KindName{Unit, Post, Function, Designation}

// NewVersion gives the state of the proposal looked at the next number.
func (v *View) NewVersion(summary string, made fact.Day) kind.Doc {
	k := v.g.kinds.Kind("version")
	number := 1
	for p := range v.With("").Pasts("version") {
		if of, _ := p.Record.RefKey("of"); of.ID == v.proposal {
			if n, ok := p.Record.Number("number"); ok {
				number = max(number, int(n)+1)
			}
		}
	}
	d := kind.Doc{Op: fact.Assert, Kind: k, ID: fact.ID(fmt.Sprintf("%s-v%d", v.proposal, number))}
	for n := 2; len(v.History(d.Key())) > 0; n++ {
		d.ID = fact.ID(fmt.Sprintf("%s-v%d-%d", v.proposal, number, n))
	}
	d.Values = []kind.Value{{Field: k.Field("of"), JSON: kind.Quote(string(v.proposal))}, {Field: k.Field("number"), JSON: fmt.Sprint(number)}}
	if summary != "" {
		d.Values = append(d.Values, kind.Value{Field: k.Field("summary"), JSON: kind.Quote(summary)})
	}
	d.Values = append(d.Values, kind.Value{Field: k.Field("made_on"), JSON: kind.Quote(fact.ExactDate(made).String())})
	return d
}
