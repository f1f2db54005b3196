package rule

import (
	"cmp"
	"fmt"
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

	rule     *Rule
	subjects []*graph.Record
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
	reads  map[string][]fact.KindName // what each rule read
}

// run is one evaluation of a pack.
type run struct {
	p           *Pack
	v           *graph.View
	law         *law
	ever        map[string]bool
	councilType string
	council     ref.Val
	act         *activation
	vars        cel.FunctionActivation
	open        *types.Unknown // the gaps of the lists that the expression in hand was given
	out         []Result
}

// activation gives an expression its variables. It is changed between evaluations, never during one.
type activation struct {
	it, on, council ref.Val
}

func (a *activation) ResolveName(n string) (any, bool) {
	switch n {
	case "it":
		return a.it, a.it != nil
	case "on":
		return a.on, true
	case "council":
		return a.council, true
	}
	return nil, false
}

func (a *activation) Parent() cel.Activation { return nil }

func (p *Pack) start(v *graph.View) (*run, error) {
	r := &run{p: p, v: v, law: newLaw(p, v), ever: map[string]bool{}}
	if c := v.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		r.council, r.councilType = wrap(c), c.Text("type")
	} else {
		r.council = unknown(graph.Gap{Record: fact.Key{Kind: graph.Council, ID: "council"}, Field: "type", Why: "the council itself is not recorded on this day"})
	}
	r.act = &activation{on: types.Timestamp{Time: v.On().Time()}, council: r.council}
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

// Run asks every rule of the pack of a view. It is pure: the same pack and view give the same results for ever.
func (p *Pack) Run(v *graph.View) *Results { return p.rerun(nil, nil, v) }

// Rerun gives what Run would give of a view of the same day, asking again only those rules that read one of the
// kinds in which something changed since the earlier results.
func (p *Pack) Rerun(before *Results, changed []fact.KindName, v *graph.View) *Results {
	return p.rerun(before, changed, v)
}

func (p *Pack) rerun(before *Results, changed []fact.KindName, v *graph.View) *Results {
	res := &Results{Pack: p, On: v.On(), reads: map[string][]fact.KindName{}}
	r, err := p.start(v)
	if err != nil {
		panic(err) // the activation has no function bindings of its own, the only thing that can fail
	}
	for _, last := range []bool{false, true} {
		for _, rule := range p.Rules {
			if rule.Last != last {
				continue
			}
			if before != nil && !last && !intersects(before.reads[rule.ID], changed) {
				for i := range before.Rows {
					if before.Rows[i].Rule == rule.ID {
						r.out = append(r.out, before.Rows[i].seenBy(v))
					}
				}
				res.reads[rule.ID] = before.reads[rule.ID]
				continue
			}
			v.Note()
			v.All(graph.Council)
			rows := r.rule(rule)
			facts, reads := v.Noted()
			res.reads[rule.ID] = reads
			all := factsOf(facts)
			for i := range rows {
				if rows[i].Facts == nil {
					rows[i].Facts = all
				}
			}
			r.out = append(r.out, rows...)
		}
	}
	res.Rows = r.out
	for i := range res.Rows {
		res.Rows[i].subjects = nil // results outlive the view, and may be read by many
	}
	slices.SortStableFunc(res.Rows, func(a, b Result) int {
		return cmp.Compare(p.place(a.Rule), p.place(b.Rule))
	})
	for _, f := range v.All(graph.Function) {
		res.Splits = append(res.Splits, r.law.splits(f)...)
	}
	slices.SortStableFunc(res.Splits, func(a, b Split) int { return cmp.Compare(a.Function.ID, b.Function.ID) })
	return res
}

// Read gives the kinds of record that some rule read.
func (res *Results) Read() (out []fact.KindName) {
	for _, kinds := range res.reads {
		for _, k := range kinds {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (p *Pack) place(id string) int {
	return slices.IndexFunc(p.Rules, func(r *Rule) bool { return r.ID == id })
}

func intersects(a, b []fact.KindName) bool {
	return slices.ContainsFunc(a, func(k fact.KindName) bool { return slices.Contains(b, k) })
}

// seenBy carries a result over to a later view, in which its subjects are the same.
func (res Result) seenBy(v *graph.View) Result {
	res.subjects = nil
	for _, k := range res.Subjects {
		if s := v.Record(k); s != nil {
			res.subjects = append(res.subjects, s)
		}
	}
	return res
}

func factsOf(records []*graph.Record) []Fact {
	out := make([]Fact, 0, len(records))
	for _, x := range records {
		out = append(out, Fact{x.Key(), x.Entry()})
	}
	slices.SortFunc(out, func(a, b Fact) int {
		if c := cmp.Compare(a.Entry, b.Entry); c != 0 {
			return c // nearly always: the names are compared only where one entry is there twice
		}
		return cmp.Compare(a.Record.String(), b.Record.String())
	})
	return slices.Compact(out)
}

// rule asks one rule, and gives a row for each outcome.
func (r *run) rule(rule *Rule) []Result {
	day := r.v.On()
	base := Result{Rule: rule.ID, Title: rule.Title, Force: rule.ForceOn(day), Criteria: rule.Criteria, Themes: rule.Themes, Citation: rule.Citation, Repair: rule.Repair, rule: rule}
	one := func(o Outcome, why string, m ...Missing) []Result {
		row := base
		row.Outcome, row.Missing = o, m
		row.Explanation = r.explain(rule, o, why, nil, m)
		return []Result{row}
	}
	doubtful := slices.ContainsFunc(rule.Doubtful, func(p Period) bool { return p.On(day) })
	switch {
	case rule.Force == Permitted:
		return one(NotApplicable, "The law allows this, so there is nothing to test.")
	case rule.Force == Guard:
		return one(NotApplicable, "This keeps other rules from speaking where they do not apply; there is nothing to test.")
	case r.suppressed(rule):
		return one(NotApplicable, "The law did not know this yet on "+day.Words()+".")
	case !rule.InForce.On(day) && !doubtful:
		return one(NotApplicable, "This was not in force on "+day.Words()+".")
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
		return one(CannotTest, "", Missing{"rule/" + rule.ID, "in_force", "whether this was the law on " + day.Words() + " has not been verified"})
	}
	subjects, missing := r.subjects(rule)
	if len(subjects) == 0 && len(missing) == 0 {
		return one(Met, "There is nothing on this day to which this applies.")
	}
	return r.rows(rule, base, subjects, missing)
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
	if l, ok := got.(traits.Iterable); ok {
		for it := l.Iterator(); it.HasNext() == types.True; {
			switch x := it.Next().(type) {
			case *types.Unknown:
				m = append(m, gaps(x)...)
			default:
				if !slices.ContainsFunc(out, func(y ref.Val) bool { return y.Equal(x) == types.True }) {
					out = append(out, x)
				}
			}
		}
	}
	return out, m
}

// rows asks the rule of each subject and puts those of one outcome together.
func (r *run) rows(rule *Rule, base Result, subjects []ref.Val, missing []Missing) []Result {
	by := map[Outcome]*Result{}
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
	for _, s := range subjects {
		o, m := r.ask(rule, s)
		row := at(o)
		row.Missing = append(row.Missing, m...)
		if x := record(s); x != nil {
			r.v.Touch(x)
			row.subjects = append(row.subjects, x)
		}
	}
	if len(missing) > 0 {
		row := at(CannotTest)
		row.Missing = append(row.Missing, missing...)
	}
	var out []Result
	for _, o := range []Outcome{NotMet, CannotTest, MetWithCondition, Met} {
		row := by[o]
		if row == nil {
			continue
		}
		for _, x := range row.subjects {
			row.Subjects = append(row.Subjects, x.Key())
			row.Titles = append(row.Titles, x.Title())
		}
		row.Missing = distinct(row.Missing)
		why := ""
		if o == NotMet {
			row.Severity, why = r.severity(rule, row)
		}
		row.Explanation = r.explain(rule, o, "", row.Titles, row.Missing)
		if why != "" {
			row.Explanation += " " + why
		}
		out = append(out, *row)
	}
	if before := r.earlier(rule.Gaps); before != "" && len(out) > 0 {
		out[0].Explanation += " " + before
	}
	return out
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
	r.act.it, r.open = it, nil
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
		return g.Force == Guard && g.InForce.On(r.v.On()) && slices.Contains(g.Suppresses, rule.Family())
	})
}

// severity says how much a not-met matters, and where it is held down, why.
func (r *run) severity(rule *Rule, row *Result) (Severity, string) {
	force := rule.ForceOn(r.v.On())
	if rule.Citation.Verified == Unverified && (force == Must || force == Should) {
		return Advisory, "The text of this law has not been verified, so this is shown as advice only."
	}
	switch force {
	case Must:
		return Breach, ""
	case Should:
		d, without := r.reason(rule, row.subjects)
		if row.Unreasoned = without; len(without) == 0 {
			row.Departure = &Fact{d.Key(), d.Entry()}
			return Departure, "A reason for departing from the guidance is recorded."
		}
		return Departure, ""
	}
	return Advisory, ""
}

// reason gives the first recorded reason for departing from a rule, and those of the subjects that have none.
func (r *run) reason(rule *Rule, subjects []*graph.Record) (first *graph.Record, without []fact.Key) {
	for _, s := range subjects {
		d := r.reasonFor(rule, s)
		if d == nil {
			without = append(without, s.Key())
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
func (r *run) reasonFor(rule *Rule, s *graph.Record) *graph.Record {
	for _, d := range r.v.All("departure") {
		if d.Text("rule") != rule.ID || d.State("reason") != graph.Known || d.Exists() != fact.Yes {
			continue
		}
		if about := d.RefKeys("about"); len(about) == 0 || s.Key().Kind == graph.Council || slices.Contains(about, s.Key()) {
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
	gaps = slices.Compact(gaps)
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
	s = strings.NewReplacer("{subjects}", and(shown), "{missing}", list, "{on}", r.v.On().Words()).Replace(s)
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
	return r.v.Called(k) + ": " + why
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
	facts, _ := v.Noted()
	switch {
	case m != nil:
		return CannotBeTested, m, factsOf(facts)
	case got == types.True:
		return Holds, nil, factsOf(facts)
	}
	return Fails, nil, factsOf(facts)
}
