package assure

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Repair says what would put right what fails: sets of acts, each tried on a view in which its acts are so.
type Repair struct {
	View     *graph.View
	Mendings []Mending // of breaches, departures and conditions
	Together bool      // the first set of each of them, all so together, puts all of it right, and makes nothing worse
	Advice   []Mending // of what good practice asks, where that was asked for
	Without  []Failing // for which no act that is known here would do
	Untested []Untested
}

// Failing is one thing that is not as it has to be: a breach, a departure from guidance for which no reason is recorded, or a condition that fails.
type Failing struct {
	Result    *rule.Result // of a rule; its Subject is one of those that it names
	Subject   fact.Key
	Condition *Condition // of a judgement, where it is one
}

// Mending is what fails and hangs together, with the sets of acts that would put all of it right, the cheapest first.
type Mending struct {
	Failing []Failing
	Sets    []ActSet
	Limited bool // more was possible than was tried: what is shown does what it says, and something cheaper may have been missed
}

// ActSet is acts that put something right together; without any one of them they do not. They make nothing else worse.
type ActSet struct {
	Acts []rule.Act
	Cost int // the sum of what its acts cost
}

// Untested is what is missing and recorded by one form, with the rules and conditions that cannot be tested without.
type Untested struct {
	Acts       []rule.Act
	Results    []*rule.Result
	Conditions []*Condition
}

// The limits of the search. Within them it is exhaustive.
const (
	mostSets   = 4   // that are offered for one mending
	mostLooks  = 120 // at the record as it would be, for one mending
	mostAlone  = 400 // acts that are tried by themselves
	mostJoined = 8   // acts in one set
)

// thing is something that can fail, by which two views are compared.
type thing struct {
	rule      string // empty of a condition
	of        fact.Key
	condition fact.Key
}

// standing is how badly a thing stands. Up to reasoned it is as it has to be.
type standing int

const (
	asItShould standing = iota
	withCondition
	reasoned
	untested
	advised
	departed
	broken
)

// state is how everything stands in one view.
type state struct {
	things map[thing]standing
	worst  map[string]standing // by rule
}

func (s *state) note(t thing, how standing) {
	s.things[t] = max(s.things[t], how)
	s.worst[t.rule] = max(s.worst[t.rule], how)
}

// stateOf reads how everything stands from results and from the conditions of the judgements.
func stateOf(rows []rule.Result, conditions []Condition) *state {
	s := &state{map[thing]standing{}, map[string]standing{}}
	for i := range rows {
		r := &rows[i]
		subjects := r.Subjects
		if len(subjects) == 0 {
			subjects = []fact.Key{{}}
		}
		for _, k := range subjects {
			t := thing{rule: r.Rule, of: k}
			switch {
			case r.Outcome == rule.MetWithCondition:
				s.note(t, withCondition)
			case r.Outcome == rule.CannotTest:
				s.note(t, untested)
			case r.Outcome != rule.NotMet:
				s.note(t, asItShould)
			case r.Severity == rule.Breach:
				s.note(t, broken)
			case r.Severity == rule.Departure && slices.Contains(r.Unreasoned, k):
				s.note(t, departed)
			case r.Severity == rule.Departure:
				s.note(t, reasoned)
			default:
				s.note(t, advised)
			}
		}
	}
	for _, c := range conditions {
		how := map[rule.State]standing{rule.Holds: asItShould, rule.CannotBeTested: untested, rule.Fails: broken}[c.State]
		s.note(thing{condition: c.Record.Key()}, how)
	}
	return s
}

// worse lists what stands worse than before. What is new and cannot be tested is not: somebody has still to record it.
func (s *state) worse(before *state) (out []thing) {
	for t, how := range s.things {
		was, there := before.things[t]
		switch {
		case how <= was:
		case there || how >= advised:
			out = append(out, t)
		case how == untested && t.of == fact.Key{} && before.worst[t.rule] < untested:
			out = append(out, t)
		}
	}
	slices.SortFunc(out, thing.compare)
	return out
}

func (t thing) compare(o thing) int {
	return cmp.Or(cmp.Compare(t.rule, o.rule), cmp.Compare(t.of.String(), o.of.String()), cmp.Compare(t.condition.String(), o.condition.String()))
}

// Repairs looks for the sets of acts that would put right what fails in an assessment. It tries what it offers: the pack is asked again of the
// record as it would be. advice asks for what would bring about good practice, too.
func Repairs(a *Assessment, advice bool) *Repair {
	s := &search{a: a, p: a.Results.Pack, index: map[string]int{}, seen: map[string]*state{}}
	s.mender = s.p.Mender(a.View, a.Results)
	for _, c := range a.Criteria {
		if c.Judgement != nil {
			s.conditions = append(s.conditions, c.Judgement.Conditions...)
		}
	}
	s.before = stateOf(a.Results.Rows, s.conditions)
	out := &Repair{View: a.View, Untested: s.untested()}
	var best []int
	out.Mendings, out.Without, best = s.repair(s.failing())
	after := s.look(best)
	out.Together = len(after.worse(s.before)) == 0
	for _, m := range out.Mendings {
		for _, f := range m.Failing {
			out.Together = out.Together && after.things[f.thing()] <= reasoned
		}
	}
	if advice {
		var without []Failing
		out.Advice, without, _ = s.repair(s.advised())
		out.Without = append(out.Without, without...)
	}
	return out
}

// repair looks for what puts failures right, and for which of them nothing does. best is the acts of the first set of each mending.
func (s *search) repair(all []*failure) (mendings []Mending, without []Failing, best []int) {
	var failing []*failure
	for _, f := range all {
		if len(f.acts) == 0 {
			without = append(without, f.Failing)
		} else {
			failing = append(failing, f)
		}
	}
	s.alone(failing)
	for _, group := range groups(failing, len(s.acts)) {
		m, first, left := s.mend(group)
		for _, f := range left {
			without = append(without, f.Failing)
		}
		if len(m.Sets) > 0 {
			mendings, best = append(mendings, m), append(best, first...)
		}
	}
	slices.Sort(best)
	return mendings, without, slices.Compact(best)
}

func (f *Failing) thing() thing {
	if f.Condition != nil {
		return thing{condition: f.Condition.Record.Key()}
	}
	return thing{rule: f.Result.Rule, of: f.Subject}
}

// failure is what fails, with the acts that may have to do with putting it right.
type failure struct {
	Failing
	thing thing
	acts  []int // by their place in search.acts
}

// search is one look for repairs.
type search struct {
	a          *Assessment
	p          *rule.Pack
	mender     *rule.Mender
	conditions []Condition
	before     *state
	acts       []rule.Act
	index      map[string]int    // of acts, by what they say
	seen       map[string]*state // by the acts that are so
}

// failing lists what fails, with the acts that the pack offers for it.
func (s *search) failing() (out []*failure) {
	for i := range s.a.Results.Rows {
		r := &s.a.Results.Rows[i]
		of := r.Unreasoned
		if r.Severity == rule.Breach {
			of = r.Subjects
		}
		for _, k := range of {
			out = append(out, s.failure(r, k))
		}
	}
	for i := range s.conditions {
		if c := &s.conditions[i]; c.State == rule.Fails {
			f := &failure{Failing: Failing{Condition: c}, acts: s.add(s.mender.OfCondition(c.Record.Text("expression"), aboutOf(c)))}
			f.thing = f.Failing.thing()
			out = append(out, f)
		}
	}
	return out
}

// advised lists what is not as good practice has it.
func (s *search) advised() (out []*failure) {
	for i := range s.a.Results.Rows {
		if r := &s.a.Results.Rows[i]; r.Severity == rule.Advisory {
			for _, k := range r.Subjects {
				out = append(out, s.failure(r, k))
			}
		}
	}
	return out
}

func (s *search) failure(r *rule.Result, of fact.Key) *failure {
	f := &failure{Failing: Failing{Result: r, Subject: of}, acts: s.add(s.mender.Acts(s.p.Rule(r.Rule), of))}
	f.thing = f.Failing.thing()
	return f
}

// aboutOf gives what the expression of a condition is asked of.
func aboutOf(c *Condition) fact.Key {
	if about := c.Record.Refs("about"); len(about) > 0 {
		return about[0].Key()
	}
	return fact.Key{}
}

// add gives the places of acts, each of which is kept once.
func (s *search) add(acts []rule.Act) (out []int) {
	for _, a := range acts {
		at, known := s.index[a.Key()]
		if !known {
			at = len(s.acts)
			s.index[a.Key()], s.acts = at, append(s.acts, a)
		}
		if !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

// look says how everything would stand if some acts were so.
func (s *search) look(set []int) *state {
	if len(set) == 0 {
		return s.before
	}
	key := fmt.Sprint(set)
	if known := s.seen[key]; known != nil {
		return known
	}
	acts := make([]rule.Act, len(set))
	for i, n := range set {
		acts[i] = s.acts[n]
	}
	docs := rule.Supposed(s.a.View, acts)
	v := s.a.View.Suppose(nil, docs)
	var conditions []Condition
	for _, c := range s.conditions {
		if r := v.Record(c.Record.Key()); r != nil {
			conditions = append(conditions, ConditionOf(s.p, v, r))
		}
	}
	out := stateOf(s.p.Outcomes(s.a.Results, v).Rows, conditions)
	s.seen[key] = out
	return out
}

// alone tries each act by itself, and gives it to whatever else it puts right.
func (s *search) alone(failing []*failure) {
	for n := range min(len(s.acts), mostAlone) {
		after := s.look([]int{n})
		for _, f := range failing {
			if after.things[f.thing] <= reasoned && !slices.Contains(f.acts, n) {
				f.acts = append(f.acts, n)
			}
		}
	}
}

// groups puts together what fails and shares an act.
func groups(failing []*failure, acts int) (out [][]*failure) {
	of := make([]int, acts) // the group of each act, counted from 1
	for _, f := range failing {
		group := 0
		for _, n := range f.acts {
			switch {
			case of[n] == 0:
			case group == 0:
				group = of[n]
			case of[n] != group: // two groups meet
				from := of[n]
				out[group-1] = append(out[group-1], out[from-1]...)
				out[from-1] = nil
				for i := range of {
					if of[i] == from {
						of[i] = group
					}
				}
			}
		}
		if group == 0 {
			out = append(out, nil)
			group = len(out)
		}
		out[group-1] = append(out[group-1], f)
		for _, n := range f.acts {
			of[n] = group
		}
	}
	return slices.DeleteFunc(out, func(g []*failure) bool { return len(g) == 0 })
}

// mend looks for the sets of acts that put a group right, and gives the acts of the first of them. What nothing puts right is left out of
// the group.
func (s *search) mend(group []*failure) (m Mending, first []int, without []*failure) {
	for {
		sets, left, limited := s.sets(group)
		if len(sets) > 0 {
			m.Limited = limited
			for _, f := range group {
				m.Failing = append(m.Failing, f.Failing)
			}
			for _, set := range sets {
				one := ActSet{Cost: s.cost(set)}
				for _, n := range set {
					one.Acts = append(one.Acts, s.acts[n])
				}
				slices.SortFunc(one.Acts, func(a, b rule.Act) int { return cmp.Or(cmp.Compare(a.Cost, b.Cost), strings.Compare(a.Text, b.Text)) })
				m.Sets = append(m.Sets, one)
			}
			return m, sets[0], without
		}
		if len(left) == 0 {
			left = group // each can be put right, and not all of them at once
		}
		without = append(without, left...)
		group = slices.DeleteFunc(slices.Clone(group), func(f *failure) bool { return slices.Contains(left, f) })
		if len(group) == 0 {
			return m, nil, without
		}
	}
}

func (s *search) cost(set []int) (sum int) {
	for _, n := range set {
		sum += int(s.acts[n].Cost)
	}
	return sum
}

// sets goes through the sets of acts, the cheapest first, each grown from a smaller one by an act for something that it leaves failing or
// makes worse. left is what no set that was looked at puts right.
func (s *search) sets(group []*failure) (found [][]int, left []*failure, limited bool) {
	left = slices.Clone(group)
	open := &queue{{nil, 0, ""}}
	known := map[string]bool{}
	looks := 0
	for open.Len() > 0 && len(found) < mostSets {
		at := heap.Pop(open).(step)
		most := mostJoined
		if len(found) > 0 {
			most = min(most, len(found[0])+1) // nobody reads on to what asks for much more
		}
		if len(at.set) > most || slices.ContainsFunc(found, func(f []int) bool { return contains(at.set, f) }) {
			continue
		}
		if looks++; looks > mostLooks {
			return found, left, true
		}
		after := s.look(at.set)
		var failing []*failure
		for _, f := range group {
			if after.things[f.thing] > reasoned {
				failing = append(failing, f)
			}
		}
		left = slices.DeleteFunc(left, func(f *failure) bool { return !slices.Contains(failing, f) })
		worse := after.worse(s.before)
		if len(failing)+len(worse) == 0 {
			found = append(found, at.set)
			continue
		}
		if len(at.set) == most {
			continue
		}
		for _, n := range s.next(at.set, failing, worse) {
			if slices.ContainsFunc(at.set, func(m int) bool { return n == m || s.acts[n].Against(&s.acts[m]) }) {
				continue
			}
			set := append(slices.Clone(at.set), n)
			slices.Sort(set)
			key := fmt.Sprint(set)
			if !known[key] {
				known[key] = true
				heap.Push(open, step{set, s.cost(set), key})
			}
		}
	}
	return found, left, false
}

// next gives the acts by which a set that does not do yet is grown: those for one thing that it leaves failing and has no act for, or else, since acts may
// do only together, those for everything that it leaves failing and makes worse.
func (s *search) next(set []int, failing []*failure, worse []thing) (out []int) {
	untouched := slices.DeleteFunc(slices.Clone(failing), func(f *failure) bool {
		return slices.ContainsFunc(f.acts, func(n int) bool { return slices.Contains(set, n) })
	})
	if len(untouched) > 0 {
		return slices.MinFunc(untouched, func(a, b *failure) int { return len(a.acts) - len(b.acts) }).acts
	}
	for _, f := range failing {
		out = append(out, f.acts...)
	}
	for _, t := range worse {
		out = append(out, s.against(t, set)...)
	}
	return out
}

// against gives the acts for something that a set of acts makes worse.
func (s *search) against(t thing, set []int) []int {
	if t.rule == "" {
		return nil
	}
	acts := make([]rule.Act, len(set))
	for i, n := range set {
		acts[i] = s.acts[n]
	}
	v := s.a.View.Suppose(nil, rule.Supposed(s.a.View, acts))
	return s.add(s.p.Mender(v, s.a.Results).Acts(s.p.Rule(t.rule), t.of))
}

func contains(set, all []int) bool {
	return !slices.ContainsFunc(all, func(n int) bool { return !slices.Contains(set, n) })
}

// step is a set of acts that is still to be looked at.
type step struct {
	set  []int
	cost int
	key  string
}

// queue gives the cheapest first, and of those that cost the same the one with fewer acts.
type queue []step

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].cost, q[j].cost), cmp.Compare(len(q[i].set), len(q[j].set)), strings.Compare(q[i].key, q[j].key)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(step)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// untested lists what is missing before everything can be tested, what more rules ask for first.
func (s *search) untested() (out []Untested) {
	at := map[string]int{}
	add := func(missing []rule.Missing, to func(*Untested)) {
		told := map[int]bool{}
		for _, m := range missing {
			a, ok := s.mender.OfMissing(m)
			if !ok {
				continue
			}
			form := fmt.Sprint(a.Link.Do, a.Link.Kind, a.Link.ID)
			if a.Link.ID == "" {
				form += a.Text
			}
			n, known := at[form]
			if !known {
				n = len(out)
				at[form], out = n, append(out, Untested{})
			}
			u := &out[n]
			if !slices.ContainsFunc(u.Acts, func(b rule.Act) bool { return a.Text == b.Text }) {
				u.Acts = append(u.Acts, a)
			}
			if !told[n] {
				told[n] = true
				to(u)
			}
		}
	}
	for i := range s.a.Results.Rows {
		if r := &s.a.Results.Rows[i]; r.Outcome == rule.CannotTest {
			add(r.Missing, func(u *Untested) { u.Results = append(u.Results, r) })
		}
	}
	for i := range s.conditions {
		if c := &s.conditions[i]; c.State == rule.CannotBeTested {
			add(c.Missing, func(u *Untested) { u.Conditions = append(u.Conditions, c) })
		}
	}
	slices.SortStableFunc(out, func(a, b Untested) int {
		return cmp.Compare(len(b.Results)+len(b.Conditions), len(a.Results)+len(a.Conditions))
	})
	return out
}

// Limit leaves out what somebody may not be offered: shown is what they are shown of the whole record (see rule.Results.Shown), and what does not fail there, or fails for reasons that they may
// not see, is nothing that they could put right.
func (r *Repair) Limit(shown *rule.Results) {
	fails := func(f Failing) bool {
		return f.Condition != nil || slices.ContainsFunc(shown.Rows, func(x rule.Result) bool {
			return x.Rule == f.Result.Rule && x.Severity == f.Result.Severity && x.Explanation != rule.NotForYou && slices.Contains(x.Subjects, f.Subject)
		})
	}
	kept := func(all []Mending) []Mending {
		return slices.DeleteFunc(all, func(m Mending) bool {
			return slices.ContainsFunc(m.Failing, func(f Failing) bool { return !fails(f) })
		})
	}
	r.Mendings, r.Advice = kept(r.Mendings), kept(r.Advice)
	r.Without = slices.DeleteFunc(r.Without, func(f Failing) bool { return !fails(f) })
}
