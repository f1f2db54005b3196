package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// asked is what came of asking a rule, in the steps in which it is asked again, each with what it depends on: to what it applies, what holds of
// each, how much that matters, and the words.
type asked struct {
	rule    *Rule
	applies step
	one     []Result // where there is nothing to which it applies: all that it gives
	about   []fact.Key
	gone    bool      // some of those are of days gone by, so that the record of the day is another
	missing []Missing // before it is known to what else it applies
	each    []given
	weighs  step
	words   step
	rows    []Result
}

// given is what a rule gives for one subject.
type given struct {
	step
	subject fact.Key
	title   string
	outcome Outcome
	missing []Missing
}

// step is the entries on which an answer rests, and all that it depends on.
type step struct {
	facts []Fact
	reads graph.Reads
}

// note does a step, noting.
func (r *run) note(s *step, do func()) {
	if r.depth == outcomes {
		do()
		return
	}
	if r.depth == standings {
		r.v.NoteReads()
	} else {
		r.v.Note()
	}
	do()
	facts, reads := r.v.Noted()
	s.facts, s.reads = factsOf(facts), reads
}

// depth is how much a run gives.
type depth int

const (
	outcomes  depth = iota // neither words, facts nor splits, and nothing that a later run could take over
	standings              // the same, and what each depends on
	whole
)

// run is one evaluation of a pack.
type run struct {
	p           *Pack
	v           *graph.View
	law         *law
	ever        map[string]*everRole
	unreasoned  map[string]*unreasoned // departures without a reason, by the families of rules; only rules that come last ask
	res         *Results               // that it makes
	before      *Results               // whose answers are taken over where nothing touches them
	changes     graph.Changes
	touched     map[*graph.Reads]bool // of those that are watched
	councilType string
	council     ref.Val
	act         *activation
	vars        cel.FunctionActivation
	depth       depth
	entries     entries
	open        *types.Unknown // the gaps of the lists that the expression in hand was given
	out         []*asked
}

// activation gives an expression its variables. It is changed between evaluations, never during one.
type activation struct {
	it, on, council ref.Val

	prog  cel.Program // the one that is asked, and of which view
	asked *graph.View
}

func (a *activation) ResolveName(n string) (any, bool) {
	switch n {
	case "it":
		return a.it, a.it != nil
	case "on":
		a.prog.(*program).note(a.asked)
		return a.on, true
	case "council":
		return a.council, true
	}
	return nil, false
}

func (a *activation) Parent() cel.Activation { return nil }

func (p *Pack) start(v *graph.View) (*run, error) {
	r := &run{p: p, v: v, law: p.lawOf(v), depth: whole, ever: map[string]*everRole{}, unreasoned: map[string]*unreasoned{}}
	if c := v.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		r.council, r.councilType = wrap(c), c.Text("type")
	} else {
		r.council = unknown(graph.Gap{Record: fact.Key{Kind: graph.Council, ID: "council"}, Field: "type", Why: "the council itself is not recorded on this day"})
	}
	r.act = &activation{on: types.Timestamp{Time: v.Day().Time()}, council: r.council, asked: v}
	late := make(map[string]cel.LateBoundFunction, len(functions))
	for i := range functions {
		f := &functions[i]
		late[f.name] = func(_ string, a ...ref.Val) ref.Val {
			for _, x := range a {
				if l, ok := x.(*list); ok && l.gap != nil {
					return l.gap
				}
			}
			v := f.call(r, a)
			if l, ok := v.(*list); ok {
				r.open = types.MergeUnknowns(r.open, l.gap)
			}
			return v
		}
	}
	var err error
	if r.vars, err = cel.FunctionVars(r.act, late); err != nil {
		return nil, fmt.Errorf("run pack %s: %w", p.ID, err)
	}
	return r, nil
}

// Rerun gives what Run would give, asking again only what depends on something that changed since the earlier results: records, and days on which
// something begins or ends. Those may be of another day or position, and what either view supposes counts as changed (see graph.View.Suppose); results of another
// graph or proposal are of no use, and everything is asked.
func (p *Pack) Rerun(before *Results, v *graph.View) *Results { return p.rerun(before, v, whole) }

// Run asks every rule of the pack of a view. It is pure: the same pack and view give the same results for ever.
func (p *Pack) Run(v *graph.View) *Results { return p.rerun(nil, v, whole) }

// Standings is Rerun for those who ask of one day after another: of what is asked again it gives what came of it, and neither the words (see Explain), the facts
// nor the splits.
func (p *Pack) Standings(before *Results, v *graph.View) *Results {
	return p.rerun(before, v, standings)
}

// Outcomes is Standings for those who ask thousands of times what would come of something. What it gives is of no use to ask again after.
func (p *Pack) Outcomes(before *Results, v *graph.View) *Results { return p.rerun(before, v, outcomes) }

func (p *Pack) rerun(before *Results, v *graph.View, d depth) *Results {
	res := &Results{Pack: p, On: v.On(), of: v.Stamp(), asked: make(map[*Rule]*asked, len(p.Rules)), depth: d}
	if before != nil && (before.depth == outcomes || before.depth < d) {
		before = nil
	}
	l := p.follow(before, v, d != outcomes)
	r, err := p.start(v)
	if err != nil {
		panic(err) // the activation has no function bindings of its own, the only thing that can fail
	}
	l.run, r.res = r, res
	r.depth, r.before, r.changes = d, l.before, l.changes
	if r.before != nil && r.before.watched != nil {
		r.touched = r.before.watched.Touched(&r.changes)
	}
	rows := 0
	r.out = make([]*asked, 0, len(p.Rules))
	for _, last := range []bool{false, true} {
		for _, rule := range p.Rules {
			if rule.Last != last {
				continue
			}
			var was *asked
			if r.before != nil {
				was = r.before.asked[rule]
			}
			a := r.rule(rule, was)
			if was != nil && !slices.Equal(was.departs(), a.departs()) {
				r.departsOtherwise(len(r.out))
			}
			res.asked[rule] = a
			r.out = append(r.out, a)
			rows += len(a.rows)
		}
	}
	res.Rows = make([]Result, 0, rows)
	for _, rule := range p.Rules {
		res.Rows = append(res.Rows, res.asked[rule].rows...)
	}
	if d == whole {
		for _, f := range v.All(graph.Function) {
			res.Splits = append(res.Splits, l.partedOf(f).splits...)
		}
		slices.SortStableFunc(res.Splits, func(a, b Split) int { return cmp.Compare(a.Function.ID, b.Function.ID) })
	}
	if d != outcomes {
		res.told = l.give()
	}
	return res
}

// departs gives those of which a rule found that they depart from guidance.
func (a *asked) departs() []fact.Key {
	for i := range a.rows {
		if a.rows[i].Severity == Departure {
			return a.rows[i].Subjects
		}
	}
	return nil
}

// departsOtherwise has what relies on the departures from a rule be asked again. The rule is named by its place among those asked, which is always the same.
func (r *run) departsOtherwise(place int) {
	r.changes.Say(place)
	if r.touched != nil {
		for _, reads := range r.before.watched.Said(place) {
			r.touched[reads] = true
		}
	}
}

// touches reports whether something that changed touches an answer of the earlier results.
func (r *run) touches(reads *graph.Reads) bool {
	if r.touched != nil {
		return r.touched[reads]
	}
	return r.changes.Touch(reads)
}

// all gives what each step depends on.
func (a *asked) all(yield func(*graph.Reads) bool) {
	if a.one != nil {
		_ = yield(&a.applies.reads) && yield(&a.words.reads)
		return
	}
	for i := range a.each {
		if !yield(&a.each[i].reads) {
			return
		}
	}
	_ = yield(&a.applies.reads) && yield(&a.weighs.reads) && yield(&a.words.reads)
}

// rule asks one rule, as far as it has to be asked again.
func (r *run) rule(rule *Rule, was *asked) *asked {
	if was != nil && !r.touchesAny(was) {
		return was
	}
	a := &asked{rule: rule}
	var subjects []ref.Val
	same := was != nil && !r.touches(&was.applies.reads)
	if same {
		a.applies, a.one, a.about, a.gone, a.missing = was.applies, was.one, was.about, was.gone, was.missing
	} else {
		r.note(&a.applies, func() {
			a.one, subjects, a.missing = r.applies(rule, &a.words)
			for _, s := range subjects {
				s := record(s)
				a.about = append(a.about, s.Key())
				a.gone = a.gone || r.v.Record(s.Key()) != s
			}
		})
	}
	if a.one != nil {
		if same { // only the words are touched
			r.note(new(step), func() { a.one, _, _ = r.applies(rule, &a.words) })
		}
		a.rows = a.one
		facts := r.entries.order(a.applies.facts)
		for i := range a.rows {
			a.rows[i].Facts = facts
		}
		return a
	}
	a.each = make([]given, len(a.about))
	next := 0 // where the subject stands in what was, if nothing came before it
	for i, k := range a.about {
		if was != nil {
			if at := was.find(k, next); at >= 0 {
				next = at + 1
				if old := &was.each[at]; !r.touches(&old.reads) {
					a.each[i] = *old
					continue
				}
			}
		}
		same = false
		x := &a.each[i]
		x.subject = k
		if subjects == nil && a.gone {
			r.note(new(step), func() { _, subjects, _ = r.applies(rule, new(step)) })
		}
		r.note(&x.step, func() {
			subject := r.council
			switch {
			case subjects != nil:
				subject = subjects[i]
			case rule.subjects != nil:
				subject = wrap(r.v.Record(k))
			}
			s := record(subject)
			r.v.Touch(s)
			x.title = r.p.Named(k, s.Title())
			x.outcome, x.missing = r.ask(rule, subject)
		})
	}
	if same && !r.touches(&was.weighs.reads) && (r.depth != whole || !r.touches(&was.words.reads)) {
		a.weighs, a.words, a.rows = was.weighs, was.words, was.rows
		return a
	}
	r.rows(rule, a)
	return a
}

func (r *run) touchesAny(was *asked) bool {
	for reads := range was.all {
		if r.touches(reads) && (r.depth == whole || reads != &was.words.reads) {
			return true
		}
	}
	return false
}

// find gives the place at which a subject stands, nearly always the one at which it is looked for, or -1.
func (a *asked) find(k fact.Key, near int) int {
	if near < len(a.each) && a.each[near].subject == k {
		return near
	}
	return slices.IndexFunc(a.each, func(g given) bool { return g.subject == k })
}

// applies says to what a rule applies on the day; where it is to nothing, a row says why.
func (r *run) applies(rule *Rule, words *step) (none []Result, subjects []ref.Val, missing []Missing) {
	r.v.Record(fact.Key{Kind: graph.Council, ID: "council"}) // as start has read it
	base := r.base(rule)
	one := func(o Outcome, why string, m ...Missing) ([]Result, []ref.Val, []Missing) {
		row := base
		row.Outcome, row.Missing = o, m
		r.note(words, func() {
			if strings.HasSuffix(why, " on ") {
				why += r.v.On().Words() + "."
			}
			row.Explanation = r.explain(rule, o, why, nil, m)
		})
		return []Result{row}, nil, nil
	}
	doubtful := slices.ContainsFunc(rule.Doubtful, r.within)
	switch {
	case rule.Force == Permitted:
		return one(NotApplicable, "The law allows this, so there is nothing to test.")
	case rule.Force == Guard:
		return one(NotApplicable, "This keeps other rules from speaking where they do not apply; there is nothing to test.")
	case r.suppressed(rule):
		return one(NotApplicable, "The law did not know this yet on ")
	case !r.within(rule.InForce) && !doubtful:
		return one(NotApplicable, "This was not in force on ")
	case types.IsUnknown(r.council):
		return one(CannotTest, "", gaps(r.council.(*types.Unknown))...)
	}
	councils := rule.Councils
	if len(councils) == 0 {
		councils = r.p.Councils
	}
	if r.councilType == "" {
		return one(CannotTest, "", Missing{"council/council", "type", "it is not recorded what kind of council this is"})
	}
	if !slices.Contains(councils, r.councilType) {
		return one(NotApplicable, "This does not apply to a council of this kind ("+r.councilType+").")
	}
	if rule.applies != nil {
		switch got, m := r.eval(rule.applies, nil); {
		case m != nil:
			return one(CannotTest, "", m...)
		case got != types.True:
			return one(NotApplicable, "This does not apply to this council on this day.")
		}
	}
	if doubtful {
		return one(CannotTest, "", Missing{"rule/" + rule.ID, "in_force", "whether this was the law on this day has not been verified"})
	}
	subjects, missing = r.subjects(rule)
	if len(subjects) == 0 && len(missing) == 0 {
		return one(Met, "There is nothing on this day to which this applies.")
	}
	return nil, subjects, missing
}

func (r *run) base(rule *Rule) Result {
	return Result{Rule: rule.ID, Title: rule.Title, Force: r.force(rule), Criteria: rule.Criteria, Themes: rule.Themes, Citation: rule.Citation, Repair: rule.Repair, rule: rule}
}

// within reports whether the day lies in a period of the law.
func (r *run) within(p Period) bool { return r.law.within(p) }

// force is that of a rule on the day.
func (r *run) force(rule *Rule) Force {
	if rule.Before != nil && !r.v.Past(rule.Before.Until.Day) {
		return rule.Before.Force
	}
	return rule.Force
}

// subjects gives what a rule is about on the day, and what would have to be recorded before the rest of it is known.
func (r *run) subjects(rule *Rule) ([]ref.Val, []Missing) {
	if rule.subjects == nil {
		return []ref.Val{r.council}, nil
	}
	got, m := r.eval(rule.subjects, nil)
	if m != nil {
		return nil, m
	}
	var out []ref.Val
	told := map[fact.Key]bool{}
	if l, ok := got.(traits.Iterable); ok {
		for it := l.Iterator(); it.HasNext() == types.True; {
			switch x := it.Next().(type) {
			case *types.Unknown:
				m = append(m, gaps(x)...)
			default:
				if k := record(x).Key(); !told[k] {
					told[k] = true
					out = append(out, x)
				}
			}
		}
	}
	return out, m
}

// rows puts what a rule gave for each subject together, those of one outcome in a row.
func (r *run) rows(rule *Rule, a *asked) {
	by := map[Outcome]*Result{}
	base := r.base(rule)
	at := func(o Outcome) *Result {
		row := by[o]
		if row == nil {
			c := base
			c.Outcome = o
			row = &c
			by[o] = row
		}
		return row
	}
	many := map[Outcome]int{}
	for i := range a.each {
		many[a.each[i].outcome]++
	}
	for o, n := range many {
		row := at(o)
		row.Subjects, row.Titles = make([]fact.Key, 0, n), make([]string, 0, n)
	}
	for i := range a.each {
		x := &a.each[i]
		row := by[x.outcome]
		row.Missing = append(row.Missing, x.missing...)
		row.Subjects, row.Titles = append(row.Subjects, x.subject), append(row.Titles, x.title)
	}
	if len(a.missing) > 0 {
		row := at(CannotTest)
		row.Missing = append(row.Missing, a.missing...)
	}
	for _, o := range []Outcome{NotMet, CannotTest, MetWithCondition, Met} {
		if row := by[o]; row != nil {
			row.Missing = distinct(row.Missing)
			a.rows = append(a.rows, *row)
		}
	}
	r.note(&a.weighs, func() {
		for i := range a.rows {
			row := &a.rows[i]
			row.Force = r.force(rule)
			if row.Outcome == NotMet {
				row.Severity, _ = r.severity(rule, row)
			}
		}
	})
	if r.depth != whole {
		return
	}
	r.note(&a.words, func() {
		for i, words := range r.explained(rule, a.rows) {
			a.rows[i].Explanation = words
		}
	})
	lists := [][]Fact{a.applies.facts, a.weighs.facts, a.words.facts}
	for i := range a.each {
		lists = append(lists, a.each[i].facts)
	}
	facts := r.entries.order(lists...)
	for i := range a.rows {
		a.rows[i].Facts = facts
	}
}

func distinct(m []Missing) []Missing {
	slices.SortFunc(m, func(a, b Missing) int {
		return cmp.Or(cmp.Compare(a.Record, b.Record), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Why, b.Why))
	})
	return slices.Compact(m)
}

// ask evaluates a rule for one subject.
func (r *run) ask(rule *Rule, subject ref.Val) (Outcome, []Missing) {
	got, m := r.eval(rule.holds, subject)
	switch {
	case m != nil:
		return CannotTest, m
	case got == types.True:
		return Met, nil
	case rule.withCondition == nil:
		return NotMet, nil
	}
	got, m = r.eval(rule.withCondition, subject)
	switch {
	case m != nil:
		return CannotTest, m
	case got == types.True:
		return MetWithCondition, nil
	}
	return NotMet, nil
}

// eval evaluates an expression. What is unknown comes back as what is missing, and so does an expression that cannot be
// evaluated: it is never taken for a no.
func (r *run) eval(prog cel.Program, it ref.Val) (ref.Val, []Missing) {
	r.act.it, r.act.prog, r.open = it, prog, nil
	got, _, err := prog.Eval(r.vars)
	r.act.it = nil
	switch u := got.(type) {
	case *types.Unknown:
		m := gaps(u)
		if len(m) == 0 {
			m = []Missing{{"", "", "something that the rule reads is not recorded"}}
		}
		return nil, m
	}
	if err != nil || got == nil || types.IsError(got) {
		if r.open != nil {
			return nil, gaps(r.open) // it asked for the size of a list that has none
		}
		why := "the expression could not be evaluated"
		if err != nil {
			why += ": " + plainError(err)
		}
		return nil, []Missing{{"", "expression", why}}
	}
	return got, nil
}

// plainError keeps the part of an evaluation error that a person can use.
func plainError(err error) string {
	s := err.Error()
	if strings.Contains(s, "cost limit") {
		return "it takes too long (more than the cost limit allows)"
	}
	return s
}

func (r *run) suppressed(rule *Rule) bool {
	return slices.ContainsFunc(r.p.Rules, func(g *Rule) bool {
		return g.Force == Guard && slices.Contains(g.Suppresses, rule.Family()) && r.within(g.InForce)
	})
}

// severity says how much a not-met matters, and where it is held down, why.
func (r *run) severity(rule *Rule, row *Result) (Severity, string) {
	force := r.force(rule)
	if rule.Citation.Verified == Unverified && (force == Must || force == Should) {
		return Advisory, "The text of this law has not been verified, so this is shown as advice only."
	}
	switch force {
	case Must:
		return Breach, ""
	case Should:
		d, without := r.reason(rule, row.Subjects)
		if row.Unreasoned = without; len(without) == 0 {
			row.Departure = &Fact{d.Key(), d.Entry()}
			return Departure, "A reason for departing from the guidance is recorded."
		}
		return Departure, ""
	}
	return Advisory, ""
}

// reason gives the first recorded reason for departing from a rule, and those of the subjects that have none.
func (r *run) reason(rule *Rule, subjects []fact.Key) (first *graph.Record, without []fact.Key) {
	for _, s := range subjects {
		d := r.reasonFor(rule, s)
		if d == nil {
			without = append(without, s)
			continue
		}
		r.v.Touch(d)
		if first == nil {
			first = d
		}
	}
	return first, without
}

// reasonFor gives the recorded reason for departing from a rule that speaks of a subject, or of nothing in particular. Any
// reason serves a rule about the council as a whole.
func (r *run) reasonFor(rule *Rule, s fact.Key) *graph.Record {
	for _, d := range r.v.All("departure") {
		if d.Text("rule") != rule.ID || d.State("reason") != graph.Known || d.Exists() != fact.Yes {
			continue
		}
		if about := d.RefKeys("about"); len(about) == 0 || s.Kind == graph.Council || slices.Contains(about, s) {
			return d
		}
	}
	return nil
}
