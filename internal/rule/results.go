package rule

import (
	"iter"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Outcome is what a rule gives for a subject.
type Outcome string

// The outcomes.
const (
	Met              Outcome = "met"
	MetWithCondition Outcome = "met-with-condition"
	NotMet           Outcome = "not-met"
	NotApplicable    Outcome = "not-applicable" // wrong day or kind of council
	CannotTest       Outcome = "cannot-test"    // something is not recorded
)

// Severity is how much a not-met matters.
type Severity string

// The severities.
const (
	Breach    Severity = "breach"    // of an Act or regulations
	Departure Severity = "departure" // from statutory guidance
	Advisory  Severity = "advisory"
)

// Result is what a rule gives for those subjects that share an outcome.
type Result struct {
	Rule        string
	Title       string
	Force       Force
	Outcome     Outcome
	Severity    Severity // of a not-met; else empty
	Criteria    []string
	Themes      []string
	Subjects    []fact.Key
	Titles      []string // of the subjects
	Missing     []Missing
	Explanation string
	Citation    Citation
	Facts       []Fact
	Departure   *Fact      // the recorded reason for departing from guidance
	Unreasoned  []fact.Key // those subjects of a departure for which no reason is recorded
	Repair      []string

	rule *Rule
}

// Results is what a pack makes of a view. It holds nothing of the view.
type Results struct {
	Pack   *Pack
	Rows   []Result
	Splits []Split
	On     fact.Day

	of    graph.Stamp
	asked map[*Rule]*asked
	told  *told
	depth depth

	watched graph.Watched // see Watch
}

// Changed gives what a view shows that is otherwise than for the results, and what is told of it: by that may be asked what depends on it. ok is false where it cannot be
// told, as in graph.View.Changed. The view is then asked with Outcomes only, or with Standings after those.
func (res *Results) Changed(v *graph.View) (c graph.Changes, ok bool) {
	l := res.Pack.follow(res, v, false)
	return l.changes, l.before != nil
}

// Read gives the kinds of record that some rule read.
func (res *Results) Read() (out []fact.KindName) {
	for reads := range res.all {
		for _, k := range reads.Kinds(res.Pack.env.kinds) {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	slices.Sort(out)
	return out
}

// all gives what each step of each rule depends on, and what all that was told does.
func (res *Results) all(yield func(*graph.Reads) bool) {
	for reads := range res.steps {
		if !yield(reads) {
			return
		}
	}
	for reads := range res.behind {
		if !yield(reads) {
			return
		}
	}
}

func (res *Results) steps(yield func(*graph.Reads) bool) {
	for _, a := range res.asked {
		for reads := range a.all {
			if !yield(reads) {
				return
			}
		}
	}
}

func (res *Results) behind(yield func(*graph.Reads) bool) {
	for _, t := range res.told.each() {
		for reads := range t.All {
			if !yield(reads) {
				return
			}
		}
	}
}

// Tell has what somebody else asks about functions of the view that was run be told with the results, so that it is not asked again where nothing touches it. It is called
// before anybody else has them.
func (res *Results) Tell(v *graph.View, ask func()) {
	if l := res.Pack.lawOf(v); l.run != nil && l.run.res == res {
		l.open()
		defer func() { res.told = l.give() }()
	}
	ask()
}

// Watch makes results ready to be asked again many times on the same day. It is called before anybody else has them.
func (res *Results) Watch() {
	res.watched = graph.Watched{}
	for reads := range res.steps {
		res.watched.Add(reads)
	}
	for _, t := range res.told.each() {
		t.Watch()
	}
}

// Touched reports whether any outcome may be otherwise for what changed, as Changed gives it.
func (res *Results) Touched(c *graph.Changes) bool { return len(res.watched.Touched(c)) > 0 }

// WatchRule takes in all that the outcomes of one rule depend on.
func (res *Results) WatchRule(id string, b graph.Basis) {
	for rule, a := range res.asked {
		if rule.ID == id {
			for reads := range a.all {
				b.Add(reads)
			}
		}
	}
}

// WatchTold takes in what is behind those answers about functions that are depended on.
func (res *Results) WatchTold(b graph.Basis) {
	for _, t := range slices.Backward(res.told.each()) {
		t.Behind(b)
	}
}

// Differs gives the rules of which something else came, or may have come, than before, each with its rows.
func (res *Results) Differs(before *Results) iter.Seq2[[]Result, []Result] {
	return func(yield func(was, is []Result) bool) {
		for _, rule := range res.Pack.Rules {
			was, is := before.asked[rule].rows, res.asked[rule].rows
			if same := len(was) == len(is) && (len(is) == 0 || &was[0] == &is[0]); !same && !yield(was, is) {
				return
			}
		}
	}
}

// Of gives what came of one rule.
func (res *Results) Of(rule *Rule) []Result { return res.asked[rule].rows }

// Until gives the last day on which, as long as nothing is recorded, no rule gives another outcome or severity for anything.
func (res *Results) Until() fact.Day {
	last := fact.MaxDay
	for _, a := range res.asked {
		for reads := range a.all {
			if reads != &a.words.reads {
				last = min(last, reads.Last)
			}
		}
	}
	for reads := range res.behind {
		last = min(last, reads.Last)
	}
	return last
}
