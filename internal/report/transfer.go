package report

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Transfer is where each function goes under a proposal, by day, and what stands against adopting it.
type Transfer struct {
	Proposal Named
	Launch   fact.Date   // when what the proposal leaves undated takes effect; zero: on no day
	Eve      fact.Day    // the day before anything changes
	End      fact.Day    // the first day on which everything has changed that is to change on a day
	Waves    []fact.Date // when something changes; what is undated last
	Rows     []Moving    // those with a fault first, then those that move, then by the unit that they leave
}

// Moving is one function: where it is on the eve, where it is in the end, and every step between.
type Moving struct {
	Function Named
	Domain   string
	Course   Course
	From, To *Place // nil: it is not there
	Steps    []Step
	On       fact.Date // of the first step
	Becomes  []Named   // the functions as which it goes on
	Was      []Named   // the functions in whose place it stands
	Body     Named     // the other body from which it comes; empty: this council
	Gone     Named     // the other body to which it goes, where it leaves the record
	Reason   string    // for which it ends, if one is recorded
	Faults   []Fault   // what is certain
	Doubts   []Fault   // what cannot be said, as the dates are not exact or something is not recorded

	state Landing
}

// Place is where a function stands on a day.
type Place struct {
	Unit         Named // empty: in none of this council
	Manager      Named
	Answers      []Named // the posts that answer for it in law
	Organisation Named   // that delivers it; empty: this council
}

// Step is a day on which the place of a function changes. To is nil where it is not there from then on.
type Step struct {
	On fact.Date
	To *Place
}

// Course says what becomes of a function.
type Course uint8

// The courses, what needs a reader most first.
const (
	Ending     Course = iota + 1 // it is not there in the end, and nothing says where it goes
	Undecided                    // it is to change on a date that is to be agreed
	Relocating                   // to another unit, manager or organisation
	Arriving                     // from another body
	Leaving                      // to another body
	Merging                      // into another function, or into several
	Succeeding                   // it takes the place of other functions
	Beginning                    // it was not recorded before
	Answering                    // only who answers in law for it changes
	Staying
)

// Courses are all of them, in that order.
var Courses = []Course{Ending, Undecided, Relocating, Arriving, Leaving, Merging, Succeeding, Beginning, Answering, Staying}

var courses = map[Course]struct{ code, word string }{
	Ending: {"ends", "Ends"}, Undecided: {"undated", "Date to be agreed"}, Relocating: {"moves", "Moves"}, Arriving: {"arrives", "Comes from another body"},
	Leaving: {"leaves", "Goes to another body"}, Merging: {"becomes", "Goes on as another function"}, Succeeding: {"succeeds", "Takes the place of others"}, Beginning: {"begins", "Not recorded before"},
	Answering: {"answers", "Stays, and another post answers"}, Staying: {"stays", "Stays"},
}

// String is the course in a few words: "Comes from another body".
func (c Course) String() string { return courses[c].word }

// Code is the course as files name it: "arrives".
func (c Course) Code() string { return courses[c].code }

// FaultKind says what is wrong with the course of a function.
type FaultKind string

// The faults.
const (
	Orphan        FaultKind = "orphan"         // it has no place, or its unit, its manager or the body that delivers it is gone
	Doubled       FaultKind = "doubled"        // it stands twice
	NobodyAnswers FaultKind = "nobody-answers" // nobody answers for it in law
	Lost          FaultKind = "ends"           // it ends, and neither where it goes nor why is recorded
	NotCertain    FaultKind = "not-certain"    // of doubts
)

// FaultKinds are the faults, in the order in which they are told.
var FaultKinds = []FaultKind{Orphan, Lost, Doubled, NobodyAnswers}

var faultWords = map[FaultKind]string{Orphan: "No place", Doubled: "Stands twice", NobodyAnswers: "Nobody answers in law", Lost: "Ends with nowhere to go", NotCertain: "Not certain"}

// String is the fault in a few words: "Nobody answers in law".
func (k FaultKind) String() string { return faultWords[k] }

// Fault is something wrong over some days.
type Fault struct {
	Kind  FaultKind
	From  fact.Day // fact.MaxDay: a day that is to be agreed
	Until fact.Day // fact.MaxDay: until further notice
	Text  string   // a sentence, with the days
	Prior bool     // it is so already on the eve, without the proposal
	With  []Named  // the functions that it doubles
}

// TransferOf follows each function from the eve of the first wave of a proposal, as it is in force then, through the record as it would come to be, until
// all waves have come. There is a row for each function that is there on the eve, or under the proposal on some day after it.
//
// A function is an orphan on a day on which its unit, its manager or the body that delivers it is not there, or it has none of the three. It stands twice where
// two functions of one name, domain and age are both there, in the same area (the nearest unit of that type above them, else the topmost unit; with no unit, the
// same other body), and were not together before: the same service of two bodies that both landed. Two that stood side by side already are how the council
// organises itself. Nobody answers where the law of the day has a role answer for it and that role is certainly not filled; what is not
// recorded is a doubt and no fault, as in the rules. The functions that another council delivers, in none of our units, are that council's to answer for.
//
// A function that ends is not lost where a transfer names it with the organisation to which it goes or the functions as which it goes on, or where the entry that
// ends it notes the reason.
func TransferOf(p *rule.Pack, v *graph.View, proposal fact.ID, launch fact.Date) Transfer {
	w := newJourney(p, v, proposal, launch)
	w.walk()
	w.double()
	t := Transfer{Proposal: called(p, v, fact.Key{Kind: graph.Proposal, ID: proposal}), Launch: launch, Eve: w.eve, End: w.end, Waves: w.dates}
	t.Rows = make([]Moving, 0, len(w.all))
	for _, m := range w.all {
		if row, ok := w.row(m); ok {
			t.Rows = append(t.Rows, row)
		}
	}
	t.sort()
	return t
}

// Sound reports whether nothing stands against adoption: no function is without a place, stands twice, is without anybody to answer for it or ends without
// a reason, that was not so before.
func (t *Transfer) Sound() bool {
	return !slices.ContainsFunc(t.Rows, func(m Moving) bool { return m.against() })
}

// Against gives the functions with a fault that the proposal makes.
func (t *Transfer) Against() (out []Moving) {
	for _, m := range t.Rows {
		if m.against() {
			out = append(out, m)
		}
	}
	return out
}

func (m *Moving) against() bool {
	return slices.ContainsFunc(m.Faults, func(f Fault) bool { return !f.Prior })
}

// Has reports whether a function has a fault of a kind.
func (m *Moving) Has(k FaultKind) bool {
	return slices.ContainsFunc(m.Faults, func(f Fault) bool { return f.Kind == k })
}
