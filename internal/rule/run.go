package rule

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

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

// Fact is an entry on which a result rests.
type Fact struct {
	Record fact.Key
	Entry  int64
}

// Results is what a pack makes of a view. It holds nothing of the view.
type Results struct {
	Pack   *Pack
	Rows   []Result
	Splits []Split
	On     fact.Day

	of    graph.Stamp
	asked map[*Rule]*asked
	told  told
	depth depth

	watched graph.Watched // see Watch
}

// asked is what came of asking a rule, in the steps in which it is asked again, each with what it depends on: to what it applies, what holds of
// each, how much that matters, and the words.
type asked struct {
	applies step
	one     []Result // where there is nothing to which it applies: all that it gives
	about   []fact.Key
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
	before      *Results               // whose answers are taken over where nothing touches them
	changes     graph.Changes
	touched     map[*graph.Reads]bool // of those that are watched
	councilType string
	council     ref.Val
	act         *activation
	vars        cel.FunctionActivation
	depth       depth
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

// Changed gives what a view shows that is otherwise than for the results, and what is told of it: by that may be asked what depends on it. ok is false where it cannot be
// told, as in graph.View.Changed. The view is then asked with Outcomes only, or with Standings after those.
func (res *Results) Changed(v *graph.View) (c graph.Changes, ok bool) {
	l := res.Pack.follow(res, v, false)
	return l.changes, l.before != nil
}

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
	r.depth, r.before, r.changes = d, l.before, l.changes
	if r.before != nil && r.before.watched != nil {
		r.touched = r.before.watched.Touched(&r.changes)
	}
	same := r.before != nil // so far
	rows := 0
	r.out = make([]*asked, 0, len(p.Rules))
	for _, last := range []bool{false, true} {
		for _, rule := range p.Rules {
			if rule.Last != last {
				continue
			}
			var was *asked
			if r.before != nil && (!last || same) { // what comes last asks after what came of the others
				was = r.before.asked[rule]
			}
			a := r.rule(rule, was)
			same = same && a == was
			res.asked[rule] = a
			r.out = append(r.out, a)
			rows += len(a.rows)
		}
	}
	res.Rows = make([]Result, 0, rows)
	for _, rule := range p.Rules {
		res.Rows = append(res.Rows, res.asked[rule].rows...)
	}
	if d != outcomes {
		res.told = l.told
	}
	if d == whole {
		for _, f := range v.All(graph.Function) {
			res.Splits = append(res.Splits, l.partedOf(f).splits...)
		}
		slices.SortStableFunc(res.Splits, func(a, b Split) int { return cmp.Compare(a.Function.ID, b.Function.ID) })
	}
	return res
}

// touches reports whether something that changed touches an answer of the earlier results.
func (r *run) touches(reads *graph.Reads) bool {
	if r.touched != nil {
		return r.touched[reads]
	}
	return r.changes.Touch(reads)
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

// all gives what each step of each rule depends on, and all that was told.
func (res *Results) all(yield func(*graph.Reads) bool) {
	for _, a := range res.asked {
		for reads := range a.all {
			if !yield(reads) {
				return
			}
		}
	}
	if res.told.placed == nil {
		return
	}
	for reads := range res.told.placed.All {
		if !yield(reads) {
			return
		}
	}
	res.told.parted.All(yield)
}

// Watch makes results ready to be asked again many times on the same day. It is called before anybody else has them.
func (res *Results) Watch() {
	res.watched = graph.Watched{}
	for reads := range res.all {
		res.watched.Add(reads)
	}
	res.told.placed.Watch()
	res.told.parted.Watch()
}

// Touched reports whether any outcome may be otherwise for what changed.
func (res *Results) Touched(c *graph.Changes) bool { return len(res.watched.Touched(c)) > 0 }

// WatchRule takes in all that the outcomes of one rule depend on.
func (res *Results) WatchRule(id string, w graph.Watched) {
	for rule, a := range res.asked {
		if rule.ID == id {
			for reads := range a.all {
				w.Add(reads)
			}
		}
	}
}

// WatchTold takes in what is behind those answers about functions that are depended on.
func (res *Results) WatchTold(w graph.Watched) {
	res.told.placed.Behind(w)
	res.told.parted.Behind(w)
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
	if res.told.placed != nil {
		for reads := range res.told.placed.All {
			last = min(last, reads.Last)
		}
		for reads := range res.told.parted.All {
			last = min(last, reads.Last)
		}
	}
	return last
}

func factsOf(records []*graph.Record) []Fact {
	out := make([]Fact, 0, len(records))
	for _, x := range records {
		out = append(out, Fact{x.Key(), x.Entry()})
	}
	return sorted(out)
}

// sorted puts facts in the order of their entries, each once.
func sorted(out []Fact) []Fact {
	slices.SortFunc(out, func(a, b Fact) int {
		if c := cmp.Compare(a.Entry, b.Entry); c != 0 {
			return c // nearly always: the names are compared only where one entry is there twice
		}
		return cmp.Compare(a.Record.String(), b.Record.String())
	})
	return slices.Compact(out)
}

// rule asks one rule, as far as it has to be asked again.
func (r *run) rule(rule *Rule, was *asked) *asked {
	if was != nil && !r.touchesAny(was) {
		return was
	}
	a := &asked{}
	var subjects []ref.Val
	same := was != nil && !r.touches(&was.applies.reads)
	if same {
		a.applies, a.one, a.about, a.missing = was.applies, was.one, was.about, was.missing
	} else {
		r.note(&a.applies, func() {
			a.one, subjects, a.missing = r.applies(rule, &a.words)
			for _, s := range subjects {
				a.about = append(a.about, record(s).Key())
			}
		})
	}
	if a.one != nil {
		if same { // only the words are touched
			r.note(new(step), func() { a.one, _, _ = r.applies(rule, &a.words) })
		}
		a.rows = a.one
		for i := range a.rows {
			a.rows[i].Facts = a.applies.facts
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
		if subjects == nil {
			r.note(new(step), func() { _, subjects, _ = r.applies(rule, new(step)) }) // they may be of days gone by
		}
		r.note(&x.step, func() {
			s := record(subjects[i])
			r.v.Touch(s)
			x.title = r.p.Named(k, s.Title())
			x.outcome, x.missing = r.ask(rule, subjects[i])
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
		return one(CannotTest, "", Missing{"rule/" + rule.ID, "in_force", "whether this was the law on " + r.v.On().Words() + " has not been verified"})
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
	for i := range a.each {
		x := &a.each[i]
		row := at(x.outcome)
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
	var facts []Fact
	known := map[int64]fact.Key{} // most subjects rest on the same
	take := func(more []Fact) {
		for _, f := range more {
			if k, ok := known[f.Entry]; !ok || k != f.Record {
				known[f.Entry], facts = f.Record, append(facts, f)
			}
		}
	}
	take(a.applies.facts)
	take(a.weighs.facts)
	take(a.words.facts)
	for i := range a.each {
		take(a.each[i].facts)
	}
	facts = sorted(facts)
	for i := range a.rows {
		a.rows[i].Facts = facts
	}
}

// explained puts in words what a rule gave.
func (r *run) explained(rule *Rule, rows []Result) (out []string) {
	for i := range rows {
		row := &rows[i]
		words := r.explain(rule, row.Outcome, "", row.Titles, row.Missing)
		if row.Outcome == NotMet {
			if _, why := r.severity(rule, row); why != "" {
				words += " " + why
			}
		}
		out = append(out, words)
	}
	if before := r.earlier(rule.Gaps); before != "" && len(rows) > 0 {
		out[0] += " " + before
	}
	return out
}

// Explain puts in words what a rule gave for a view, of all its rows.
func (p *Pack) Explain(v *graph.View, rows []Result) []string {
	if len(rows) == 1 && rows[0].Explanation != "" {
		return []string{rows[0].Explanation} // there was nothing that it had to be asked of
	}
	r, err := p.start(v)
	if err != nil {
		panic(err) // as in rerun
	}
	return r.explained(rows[0].rule, rows)
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

// explain writes the sentence of an outcome.
func (r *run) explain(rule *Rule, o Outcome, why string, titles []string, m []Missing) string {
	s := why
	if s == "" {
		s = rule.Sentences.of(o)
	}
	var gaps []string
	for _, x := range m {
		gaps = append(gaps, r.say(x))
	}
	gaps = Gathered(slices.Compact(gaps))
	list := strings.Join(gaps, "; ")
	if len(gaps) > 6 {
		list = strings.Join(gaps[:5], "; ") + fmt.Sprintf("; and %d more", len(gaps)-5)
	}
	asks := strings.Contains(s, "{missing}")
	shown := titles
	if len(shown) > 8 {
		shown = append(slices.Clone(shown[:7]), fmt.Sprintf("%d more", len(titles)-7))
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(titles) == 0 { // nothing to name: the rule could not get as far as its subjects
		s = capital(strings.NewReplacer("{subjects}: ", "", ": {subjects}", "").Replace(s))
	}
	if before, _, asked := strings.Cut(s, "{missing}"); asked && (before == "" || strings.HasSuffix(before, ". ")) {
		list = capital(list)
	}
	if strings.HasSuffix(list, "?") {
		s = strings.ReplaceAll(s, "{missing}.", "{missing}") // it asks a question
	}
	s = strings.NewReplacer("{subjects}", and(shown), "{missing}", list).Replace(s)
	if strings.Contains(s, "{on}") {
		s = strings.ReplaceAll(s, "{on}", r.v.On().Words())
	}
	if o == CannotTest && !asks && list != "" {
		s = strings.TrimSpace(s + " Missing: " + list + ".")
	}
	return s
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// words writes codes of roles and types as people know them.
func (r *run) words(m Missing) string {
	if fact.KindName(m.Record) == graph.Designation {
		why := strings.Replace(m.Why, "no designation to ", "no designation as ", 1)
		for _, role := range r.p.Roles {
			why = strings.Replace(why, " "+role.Code+" ", " "+role.Name+" ", 1)
		}
		return why
	}
	before, after, ok := strings.Cut(m.Why, " of type ")
	if !ok {
		return m.Why
	}
	code, rest, _ := strings.Cut(after, " ")
	return before + " of the type “" + boardName(code) + "” " + rest
}

// boardName writes the type of a board or document as people know it.
func boardName(code string) string {
	switch code {
	case "lscb":
		return "local safeguarding children board"
	case "sab":
		return "safeguarding adults board"
	case "hwb":
		return "health and wellbeing board"
	}
	return strings.ReplaceAll(code, "-", " ")
}

// say writes what is missing for people. What value.field says of any field alike gets the label of the field.
func (r *run) say(m Missing) string {
	k, err := fact.ParseKey(m.Record)
	if err != nil || r.v.Kinds().Kind(k.Kind) == nil || k.Kind == graph.Council && types.IsUnknown(r.council) {
		return r.words(m)
	}
	why := m.Why
	if f := r.v.Kinds().Kind(k.Kind).Field(m.Field); f != nil {
		rest, of := strings.CutPrefix(why, "it ")
		switch {
		case of && (rest == "is not recorded" || rest == "was erased" || strings.HasPrefix(rest, "changes within") || strings.HasPrefix(rest, "refers to")):
			why = "“" + f.Label + "” " + rest
		case strings.HasPrefix(why, "the day is not recorded"):
			why = "“" + f.Label + "”: " + why
		}
	}
	return r.p.Named(k, r.v.Called(k)) + ": " + why
}

func and(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// State is the state of a condition.
type State string

// The states.
const (
	Holds          State = "holds"
	Fails          State = "fails"
	CannotBeTested State = "cannot-test"
)

// Expression is a compiled expression that a council wrote: the condition of a judgement.
type Expression struct {
	p    *Pack
	prog cel.Program
}

// Compile types an expression of a council. Its subject, it, is the first record that the condition is about.
func (p *Pack) Compile(src string) (*Expression, []Fault) {
	prog, _, faults := p.env.compile(src, cel.DynType, cel.BoolType)
	if len(faults) > 0 {
		return nil, faults
	}
	return &Expression{p, prog}, nil
}

// CheckExpression says what is wrong with an expression of a council and what to do, or nothing. about is the kinds of the records that it is about, of which it
// has to suit one; nil is not known, and where it is about none there is no it.
func (p *Pack) CheckExpression(src string, about []fact.KindName) (what, remedy string) {
	its := []*cel.Type{}
	for _, k := range about {
		its = append(its, objectType(k))
	}
	switch {
	case about == nil:
		its = append(its, cel.DynType)
	case len(about) == 0:
		its = append(its, nil)
	}
	var first []Fault
	for _, it := range its {
		_, _, faults := p.env.compile(src, it, cel.BoolType)
		if len(faults) == 0 {
			return "", ""
		}
		if first == nil {
			first = faults
		}
	}
	what = "the expression cannot be used: " + first[0].String()
	if len(about) == 0 && about != nil && strings.Contains(first[0].What, "undeclared reference to 'it'") {
		return "the expression is about it, and nothing is given that it could be", "Say what the condition is about"
	}
	if near := p.env.near(first[0].What, about); near != "" {
		remedy = fmt.Sprintf("Did you mean %q?", near)
	}
	return what, remedy
}

// Test evaluates the expression of a view. it is the record that it is about, or nil where that is not there: then what depends on it cannot be tested.
func (x *Expression) Test(v *graph.View, it *graph.Record) (State, []Missing, []Fact) {
	r, err := x.p.start(v)
	if err != nil {
		return CannotBeTested, []Missing{{"", "expression", err.Error()}}, nil
	}
	var subject ref.Val = unknown(graph.Gap{Field: "about", Why: "what it is about is not there on this day"})
	if it != nil {
		subject = wrap(it)
	}
	v.Note()
	got, m := r.eval(x.prog, subject)
	facts, reads := v.Noted()
	v.Depend(reads)
	switch {
	case m != nil:
		return CannotBeTested, m, factsOf(facts)
	case got == types.True:
		return Holds, nil, factsOf(facts)
	}
	return Fails, nil, factsOf(facts)
}
