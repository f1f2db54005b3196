package rule

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Limits on what one expression may cost. They are far above what the rules of the pack need and low enough that an
// expression which a council writes cannot hold up a page.
const (
	costLimit = 2_000_000
	maxSource = 4_000 // characters
)

// env types and plans expressions.
type env struct {
	cel   *cel.Env
	its   sync.Map // *cel.Env by the type of it
	kinds *kind.Set
}

var objects sync.Map // *types.Type by kind name: CEL compares types by pointer first

func objectType(name fact.KindName) *types.Type {
	if t, ok := objects.Load(name); ok {
		return t.(*types.Type)
	}
	t, _ := objects.LoadOrStore(name, types.NewObjectType("plumbline."+string(name), 0))
	return t.(*types.Type)
}

func (e *env) object(name fact.KindName) *cel.Type { return objectType(name) }

// provider gives CEL the kinds as types, so that a misspelt field is an error when a rule is loaded.
type provider struct {
	types.Provider
	kinds *kind.Set
	cache map[string]map[string]*types.FieldType
}

func newProvider(base types.Provider, kinds *kind.Set) *provider {
	p := &provider{Provider: base, kinds: kinds, cache: map[string]map[string]*types.FieldType{}}
	for _, k := range kinds.All {
		m := map[string]*types.FieldType{"kind": p.field("kind", types.StringType), "id": p.field("id", types.StringType), "from": p.field("from", types.TimestampType), "until": p.field("until", types.TimestampType)}
		for _, f := range k.Fields {
			m[f.Name] = p.field(f.Name, fieldType(f))
		}
		p.cache["plumbline."+string(k.Name)] = m
	}
	return p
}

func (p *provider) field(name string, t *types.Type) *types.FieldType {
	return &types.FieldType{
		Type: t,
		IsSet: func(o any) bool {
			v, ok := o.(*value)
			return ok && v.IsSet(types.String(name)) == types.True
		},
		GetFrom: func(o any) (any, error) {
			switch o := o.(type) {
			case *value:
				return o.field(name), nil
			case *types.Unknown:
				return o, nil
			}
			return nil, fmt.Errorf("%T has no field %s", o, name)
		},
	}
}

func fieldType(f *kind.Field) *types.Type {
	var t *types.Type
	switch f.Type {
	case kind.Number, kind.Money, kind.Percent:
		t = types.DoubleType
	case kind.YesNo:
		t = types.BoolType
	case kind.Date:
		t = types.TimestampType
	case kind.Reference:
		t = types.DynType
		if !f.Mixed() {
			t = objectType(f.To[0])
		}
	default:
		t = types.StringType
	}
	if f.Many {
		t = types.NewListType(t)
	}
	return t
}

func (p *provider) FindStructType(n string) (*types.Type, bool) {
	if _, ok := p.cache[n]; ok {
		return types.NewTypeTypeWithParam(objectType(fact.KindName(strings.TrimPrefix(n, "plumbline.")))), true
	}
	return p.Provider.FindStructType(n)
}

func (p *provider) FindStructFieldNames(n string) ([]string, bool) {
	if m, ok := p.cache[n]; ok {
		out := make([]string, 0, len(m))
		for k := range m {
			out = append(out, k)
		}
		return out, true
	}
	return p.Provider.FindStructFieldNames(n)
}

func (p *provider) FindStructFieldType(n, f string) (*types.FieldType, bool) {
	if m, ok := p.cache[n]; ok {
		t, ok := m[f]
		return t, ok
	}
	return p.Provider.FindStructFieldType(n, f)
}

func (p *provider) NewValue(n string, fields map[string]ref.Val) ref.Val {
	if _, ok := p.cache[n]; ok {
		return types.NewErr("a rule cannot make a record")
	}
	return p.Provider.NewValue(n, fields)
}

func newEnv(kinds *kind.Set) (*env, error) {
	reg, err := types.NewRegistry()
	if err != nil {
		return nil, fmt.Errorf("make rule environment: %w", err)
	}
	opts := []cel.EnvOption{
		cel.StdLib(),
		cel.CustomTypeProvider(newProvider(reg, kinds)),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(maxSource),
		cel.ParserRecursionLimit(60),
		cel.ASTValidators(cel.ValidateComprehensionNestingLimit(4), cel.ValidateRegexLiterals(), cel.ValidateTimestampLiterals(), cel.ValidateHomogeneousAggregateLiterals()),
		cel.Variable("on", cel.TimestampType),
		cel.Variable("council", objectType("council")),
		cel.Macros(cel.ReceiverMacro("filter", 2, filter)),
		cel.Function("@keep", cel.Overload("keep_if", []*cel.Type{cel.DynType, yes, item}, cel.ListType(item), cel.OverloadIsNonStrict(), cel.FunctionBinding(keep))),
	}
	for _, f := range functions {
		opts = append(opts, cel.Function(f.name, cel.Overload(f.name, f.args, f.out, cel.LateFunctionBinding())))
	}
	c, err := cel.NewCustomEnv(opts...)
	if err != nil {
		return nil, fmt.Errorf("make rule environment: %w", err)
	}
	return &env{cel: c, kinds: kinds}, nil
}

var item = cel.TypeParamType("T")

// filter stands in for CEL's own macro, in which one item of which the test is unknown makes the whole list so: here it leaves
// a gap, and the others are kept or not.
func filter(eh cel.MacroExprFactory, target ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	if args[0].Kind() != ast.IdentKind {
		return nil, eh.NewError(args[0].ID(), "the first argument of filter is the name of an item")
	}
	name := args[0].AsIdent()
	step := eh.NewCall("@keep", eh.NewAccuIdent(), args[1], args[0])
	return eh.NewComprehension(target, name, eh.AccuIdentName(), eh.NewList(), eh.NewLiteral(types.True), step, eh.NewAccuIdent()), nil
}

// keep adds an item to those kept so far.
func keep(args ...ref.Val) ref.Val {
	so, test, x := args[0], args[1], args[2]
	if types.IsError(so) || types.IsError(test) {
		return types.NewErr("a filter could not be evaluated")
	}
	l, ok := listOf(so)
	if !ok {
		l = &list{} // the empty list that the macro begins with
	}
	if u, ok := test.(*types.Unknown); ok {
		l.gap = types.MergeUnknowns(l.gap, u)
	} else if test == types.True {
		l.add(x)
	}
	return l.val()
}

// Fault is one thing that is wrong with an expression; line and column count from 1.
type Fault struct {
	Line, Column int
	What         string
}

func (f Fault) String() string {
	return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.What)
}

// gapCost counts what a call costs that is given a list with a gap, whose size CEL cannot ask for.
type gapCost struct{}

func (gapCost) CallCost(_, _ string, args []ref.Val, _ ref.Val) *uint64 {
	for _, a := range args {
		if l, ok := a.(*list); ok && l.gap != nil {
			n := uint64(len(l.sure) + 1)
			return &n
		}
	}
	return nil
}

var misspelt = regexp.MustCompile(`^undefined field '([^']+)'`)

// near gives the field that was meant where there is none of the name: first one of some kinds, then one of any.
func (e *env) near(what string, of []fact.KindName) string {
	m := misspelt.FindStringSubmatch(what)
	if m == nil {
		return ""
	}
	var first, all []string
	for _, k := range e.kinds.All {
		for _, f := range k.Fields {
			all = append(all, f.Name)
			if slices.Contains(of, k.Name) {
				first = append(first, f.Name)
			}
		}
	}
	return cmp.Or(kind.Nearest(m[1], first), kind.Nearest(m[1], all))
}

// compile types an expression with it of a type (nil: there is no it), requires the type wanted (nil: any), and plans it.
func (e *env) compile(src string, it, want *cel.Type) (cel.Program, *cel.Type, []Fault) {
	fail := func(err error) (cel.Program, *cel.Type, []Fault) { return nil, nil, []Fault{{1, 1, err.Error()}} }
	if len(src) > maxSource {
		return fail(fmt.Errorf("the expression is longer than %d characters", maxSource))
	}
	c := e.cel
	if it != nil {
		if known, ok := e.its.Load(it.String()); ok {
			c = known.(*cel.Env)
		} else {
			var err error
			if c, err = e.cel.Extend(cel.Variable("it", it)); err != nil {
				return fail(err)
			}
			e.its.Store(it.String(), c)
		}
	}
	ast, iss := c.Compile(src)
	if iss.Err() != nil {
		var out []Fault
		for _, err := range iss.Errors() {
			out = append(out, Fault{err.Location.Line(), err.Location.Column() + 1, err.Message})
		}
		return nil, nil, out
	}
	if want != nil && !want.IsExactType(ast.OutputType()) && ast.OutputType() != cel.DynType {
		return fail(fmt.Errorf("this is %s, and %s is wanted", ast.OutputType(), want))
	}
	prog, err := c.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(costLimit), cel.CostTracking(gapCost{}), cel.InterruptCheckFrequency(1000))
	if err != nil {
		return fail(err)
	}
	return dated(prog, src), ast.OutputType(), nil
}
