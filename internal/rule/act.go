package rule

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Remedy is an act that would mend a rule, as the pack says it: one of a small vocabulary, with what it needs to become concrete.
type Remedy struct {
	Do   string `yaml:"do"`
	Of   string `yaml:"of"`   // CEL, the records to which it is done; left out: the subject
	When string `yaml:"when"` // CEL, yes or no: it is offered only where this is yes

	Role    string            `yaml:"role"`
	Under   string            `yaml:"under"` // the role to whose post another, not yet chosen, would report
	Field   string            `yaml:"field"`
	Value   string            `yaml:"value"`
	Type    string            `yaml:"type"` // of a board or a document
	As      string            `yaml:"as"`   // how a seat is held
	For     string            `yaml:"for"`  // what a seat stands for
	Seats   []string          `yaml:"seats"`
	Domains []string          `yaml:"domains"`
	By      string            `yaml:"by"`   // the group that is heard
	With    map[string]string `yaml:"with"` // what else is said of the person who is appointed, or of the designation

	of, when cel.Program
	verb     *verb
}

// Cost is how much an act asks of a council. The order is what counts: what is already so has only to be written down; a test of
// assurance takes months.
type Cost int

// The costs, cheapest first.
const (
	ToRecord      Cost = 1 + iota // write down what is already so
	ToReason                      // record a reason for departing from guidance
	ToMeet                        // hold a meeting, agree on something, publish
	ToSeat                        // add or end a seat, set up a board, divide a portfolio otherwise
	ToAppoint                     // somebody comes into a post, for good or to act
	ToDesignate                   // the council gives a role to a post, or takes it away
	ToRestructure                 // somebody reports to, or is managed by, somebody else
	ToTest                        // a test of assurance is commissioned, carried out and reported
)

// Act is one thing that would have to be so: a candidate for mending a rule. Nothing says that it is wise.
type Act struct {
	Do   string // the verb of the vocabulary
	Cost Cost
	Text string // in words: "Appoint somebody to Director of Adult Social Services"
	Open string // what it leaves to somebody's decision, and what is assumed of that until then; empty where it leaves nothing
	Link Link

	edits []edit
}

// Link is the form by which an act is recorded once it is so.
type Link struct {
	Do   string // "new", "change", "end", "appoint"
	Kind fact.KindName
	ID   fact.ID // empty of a new record
	Say  []Said  // what is known of a new record already
}

// Said is one field and what to say in it, as a person would write it.
type Said struct{ Field, Value string }

// edit is what an act says of one record on the day.
type edit struct {
	key  fact.Key
	set  map[string]string   // JSON by field; empty is no longer stated
	more map[string][]string // items that come to a list
	less map[string][]string // items that leave it
	end  bool
}

// Key tells one act from another: two acts that say the same are one.
func (a *Act) Key() string { return fmt.Sprintf("%s|%v", a.Text, a.edits) }

// Against reports whether two acts cannot both be so: they say different things of one record.
func (a *Act) Against(b *Act) bool {
	for _, x := range a.edits {
		for _, y := range b.edits {
			if x.key != y.key {
				continue
			}
			if x.end != y.end {
				return true
			}
			for f, j := range x.set {
				if k, both := y.set[f]; both && j != k {
					return true
				}
			}
		}
	}
	return false
}

// Supposed gives what acts say together, as documents of the day and the branch looked at, with which the record would be as if they were so.
func Supposed(v *graph.View, acts []Act) []kind.Doc {
	var order []fact.Key
	by := map[fact.Key][]edit{}
	for _, a := range acts {
		for _, e := range a.edits {
			if by[e.key] == nil {
				order = append(order, e.key)
			}
			by[e.key] = append(by[e.key], e)
		}
	}
	var docs []kind.Doc
	for _, k := range order {
		docs = append(docs, said(v, k, by[k]))
	}
	return docs
}

// said says of a record what several edits make of it together.
func said(v *graph.View, k fact.Key, edits []edit) kind.Doc {
	of := v.Kinds().Kind(k.Kind)
	d := kind.Doc{Op: fact.Assert, Kind: of, ID: k.ID, Span: fact.Span{From: fact.ExactDate(v.On())}, Proposal: v.Proposal()}
	values := map[string]string{}
	if was := there(v, k); was != nil {
		for _, f := range of.Fields {
			if j, s := was.JSON(f.Name); s == graph.Known {
				values[f.Name] = j
			}
		}
		d.Span.Until = was.Span().Until
		if v.Record(k) == nil {
			d.Span = was.Span()
		}
	}
	for _, e := range edits {
		if e.end {
			return kind.Doc{Op: fact.End, Kind: of, ID: k.ID, Span: fact.Span{Until: fact.ExactDate(v.On() - 1)}, Proposal: v.Proposal()}
		}
		maps.Copy(values, e.set)
		for f, items := range e.less {
			values[f] = listed(slices.DeleteFunc(itemsOf(values[f]), func(x string) bool { return slices.Contains(items, x) }))
		}
		for f, items := range e.more {
			values[f] = listed(append(itemsOf(values[f]), items...))
		}
	}
	for _, f := range of.Fields {
		if j := values[f.Name]; j != "" {
			d.Values = append(d.Values, kind.Value{Field: f, JSON: j})
		}
	}
	return d
}

// there gives a record on the day, or else as it last was.
func there(v *graph.View, k fact.Key) *graph.Record {
	if r := v.Record(k); r != nil {
		return r
	}
	var last *graph.Record
	for p := range v.Pasts(k.Kind) {
		if p.Record.Key() == k {
			last = p.Record
		}
	}
	return last
}

// itemsOf gives the texts of a JSON list of texts.
func itemsOf(j string) []string {
	var out []string
	for _, x := range strings.Split(strings.Trim(j, "[]"), `","`) {
		if x = strings.Trim(x, `"`); x != "" {
			out = append(out, x)
		}
	}
	return out
}

func listed(items []string) string {
	var out []string
	for _, x := range items {
		if q := kind.Quote(x); !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "[" + strings.Join(out, ",") + "]"
}

// compileRemedies types the expressions of what would mend a rule, and lists what is wrong with it.
func (p *Pack) compileRemedies(r *Rule, it *cel.Type, kinds *kind.Set) (errs []error) {
	for i := range r.Acts {
		a := &r.Acts[i]
		line := r.line["acts"] + i
		bad := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("%s:%d: rule %s, act %d: %s", r.File, line, r.ID, i+1, fmt.Sprintf(format, args...)))
		}
		a.verb = verbs[a.Do]
		if a.verb == nil {
			bad("there is no act %q; there is %s", a.Do, strings.Join(slices.Sorted(maps.Keys(verbs)), ", "))
			continue
		}
		for name, given := range map[string]bool{
			"role": a.Role != "", "under": a.Under != "", "field": a.Field != "", "value": a.Value != "", "type": a.Type != "", "as": a.As != "", "for": a.For != "",
			"seats": len(a.Seats) > 0, "domains": len(a.Domains) > 0, "by": a.By != "", "with": len(a.With) > 0,
		} {
			switch asked, may := slices.Contains(a.verb.needs, name), slices.Contains(a.verb.may, name); {
			case asked && !given:
				bad("%s needs %s", a.Do, name)
			case given && !asked && !may:
				bad("%s has no use for %s", a.Do, name)
			}
		}
		for _, code := range []string{a.Role, a.Under} {
			if code != "" && p.roles[code] == nil {
				bad("role %q is not in the pack", code)
			}
		}
		of := it
		for key, e := range map[string]struct {
			src  string
			prog *cel.Program
			want *cel.Type
		}{"of": {a.Of, &a.of, nil}, "when": {a.When, &a.when, cel.BoolType}} {
			if e.src == "" {
				continue
			}
			prog, out, faults := p.env.compile(e.src, it, e.want)
			for _, f := range faults {
				bad("%s: %s", key, f.What)
			}
			*e.prog = prog
			if key == "of" && len(faults) == 0 {
				if out.Kind() != cel.ListKind {
					bad("of must be a list, and this is %s", out)
					continue
				}
				of = out.Parameters()[0]
			}
		}
		if want := a.verb.of; want != "" && want != "any" && of != cel.DynType && !of.IsExactType(objectType(want)) {
			bad("%s is done to a %s, and this is %s: say of which with of", a.Do, want, of)
		}
		if a.verb.of == "" && a.Of != "" {
			bad("%s has no use for of", a.Do)
		}
		if a.Field != "" && of != cel.DynType {
			name := strings.TrimPrefix(of.TypeName(), "plumbline.")
			if k := kinds.Kind(fact.KindName(name)); k != nil && k.Field(a.Field) == nil {
				bad("a %s has no field %s", name, a.Field)
			}
		}
		for _, d := range a.Domains {
			if p.domains[d] == nil {
				bad("domain %q is not in the pack", d)
			}
		}
	}
	return errs
}

// Mender makes acts concrete for one view. Like the view it belongs to one goroutine.
type Mender struct {
	*run
	res *Results
}

// Mender begins to say what would mend what the pack found of a view.
func (p *Pack) Mender(v *graph.View, res *Results) *Mender {
	r, err := p.start(v)
	if err != nil {
		panic(err) // see rerun
	}
	return &Mender{r, res}
}

// Acts gives what the pack offers to mend a rule for a subject: candidates, none of which was tried.
func (m *Mender) Acts(rule *Rule, subject fact.Key) (out []Act) {
	it := there(m.v, subject)
	for i := range rule.Acts {
		a := &rule.Acts[i]
		self := m.council
		if it != nil {
			self = wrap(it)
		}
		if a.when != nil {
			if got, missing := m.eval(a.when, self); missing != nil || got != types.True {
				continue
			}
		}
		made := maker{m, rule, subject}
		if a.verb.of == "" {
			out = append(out, a.verb.make(made, a, nil)...)
			continue
		}
		for _, of := range m.done(a, self, it) {
			out = append(out, a.verb.make(made, a, of)...)
		}
	}
	for i := range out {
		out[i].Cost = cmp.Or(out[i].Cost, verbs[out[i].Do].cost)
	}
	return out
}

// done gives the records to which an act is done. What cannot be told is left out: an act is no place for a guess.
func (m *Mender) done(a *Remedy, self ref.Val, it *graph.Record) (out []*graph.Record) {
	if a.of == nil {
		if it == nil {
			return nil
		}
		return []*graph.Record{it}
	}
	got, missing := m.eval(a.of, self)
	if missing != nil {
		return nil
	}
	if l, ok := listOf(got); ok {
		for _, x := range l.sure {
			out = append(out, record(x))
		}
	}
	return out
}

// OfCondition gives acts that may make the condition of a judgement hold: what its expression asks of a person is recorded of who holds
// the post that it is about, or of somebody else who comes into it, or a role that it names goes to another post. Candidates, none of which was tried.
func (m *Mender) OfCondition(expression string, about fact.Key) (out []Act) {
	made := maker{m, &Rule{}, about}
	wanted, roles := m.p.asks(expression)
	posts := []*graph.Record{}
	if it := m.v.Record(about); it != nil && about.Kind == graph.Post {
		posts = append(posts, it)
	}
	for _, role := range roles {
		for _, p := range made.postsOf(role) {
			if !slices.Contains(posts, p) {
				posts = append(posts, p)
			}
		}
	}
	with := map[string]string{}
	for _, w := range wanted {
		with[w.Field] = w.Value
		for _, p := range posts {
			for _, h := range p.Holders().Holders {
				if who := h.Ref("person"); who != nil {
					out = append(out, made.record(&Remedy{Do: "record", Field: w.Field, Value: w.Value}, who)...)
				}
			}
		}
	}
	for _, p := range posts {
		out = append(out, made.appoint(&Remedy{Do: "appoint", With: with}, p)...)
	}
	for _, role := range roles {
		out = append(out, made.redesignate(&Remedy{Do: "redesignate", Role: role}, nil)...)
	}
	for i := range out {
		out[i].Cost = verbs[out[i].Do].cost
	}
	return out
}

// asks reads from an expression which values it looks for in lists about people, and which roles it names.
func (p *Pack) asks(src string) (wanted []Said, roles []string) {
	person := p.env.kinds.Kind(graph.Person)
	tree, iss := p.env.cel.Parse(src)
	if iss.Err() != nil {
		return nil, nil
	}
	text := func(e ast.Expr) (string, bool) {
		if e.Kind() != ast.LiteralKind {
			return "", false
		}
		s, ok := e.AsLiteral().Value().(string)
		return s, ok
	}
	ast.PostOrderVisit(tree.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if s, ok := text(e); ok && p.roles[s] != nil && !slices.Contains(roles, s) {
			roles = append(roles, s)
		}
		if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operators.In {
			return
		}
		args := e.AsCall().Args()
		value, ok := text(args[0])
		if !ok || args[1].Kind() != ast.SelectKind {
			return
		}
		if w := (Said{args[1].AsSelect().FieldName(), value}); person.Field(w.Field) != nil && !slices.Contains(wanted, w) {
			wanted = append(wanted, w)
		}
	}))
	return wanted, roles
}

// RecordMissing begins the text of an act that records what is missing.
const RecordMissing = "Record what is missing. "

// OfMissing gives the act that records what is missing before something can be tested; not ok where nothing that somebody records would do.
func (m *Mender) OfMissing(x Missing) (a Act, ok bool) {
	a = Act{Do: "record", Cost: ToRecord, Text: RecordMissing + capital(m.say(x))}
	name, id, one := strings.Cut(x.Record, "/")
	k := fact.Key{Kind: fact.KindName(name), ID: fact.ID(id)}
	of := m.v.Kinds().Kind(k.Kind)
	switch {
	case x.Why == withheld:
		return a, false // it is recorded
	case of == nil:
		return a, false // it is the rule, of which it is not verified whether it was in force
	case !one:
		a.Link = fresh(k.Kind)
	case k.Kind == graph.Post && x.Field == "holder":
		a.Link = Link{Do: "appoint", Kind: k.Kind, ID: k.ID}
	case k.Kind == board && x.Field == "seats":
		a.Link = fresh(seat, Said{"board", id})
	case k.Kind == board && x.Field == "meetings":
		a.Link = fresh(meeting, Said{"board", id})
	case k.Kind == graph.Post && x.Field == "portfolio":
		a.Link = fresh("portfolio", Said{"post", id})
	case k.Kind == graph.Council && m.v.Record(k) == nil:
		a.Link = fresh(k.Kind)
	default:
		a.Link = change(k)
	}
	return a, true
}
