package rule

import (
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

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
	if x, known := p.compiled.get(src); known {
		return x, nil
	}
	prog, _, faults := p.env.compile(src, cel.DynType, cel.BoolType)
	if len(faults) > 0 {
		return nil, faults
	}
	x := &Expression{p, prog}
	if len(src) <= mostKept && !strings.Contains(src, "matches") { // a pattern of few letters can fill much memory
		p.compiled.put(src, x)
	}
	return x, nil
}

// expressions are those that were compiled: a condition is asked again at every look.
type expressions struct {
	mu sync.Mutex
	of map[string]*Expression
}

// mostCompiled is how many are kept, of no more letters each than mostKept; one more, and it begins anew. A condition takes some 10 KB; what anybody may try without recording it
// is bounded by that.
const (
	mostCompiled = 200
	mostKept     = 1_000
)

func (e *expressions) get(src string) (x *Expression, known bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x, known = e.of[src]
	return x, known
}

func (e *expressions) put(src string, x *Expression) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.of == nil || len(e.of) >= mostCompiled {
		e.of = map[string]*Expression{}
	}
	e.of[src] = x
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
	rests, reads := v.Noted()
	v.Depend(reads)
	facts := r.entries.order(factsOf(rests))
	switch {
	case m != nil:
		return CannotBeTested, m, facts
	case got == types.True:
		return Holds, nil, facts
	}
	return Fails, nil, facts
}
