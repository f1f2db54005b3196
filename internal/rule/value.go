package rule

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// value is a record as CEL sees it. A plain map would answer a missing field with an error; this answers with an unknown
// that names record and field, and CEL carries that to the result only if it matters.
type value struct {
	r *graph.Record
	t *types.Type
}

func (v *value) Value() any     { return v }
func (v *value) Type() ref.Type { return v.t }
func (v *value) Equal(o ref.Val) ref.Val {
	w, ok := o.(*value)
	return types.Bool(ok && v.r.Key() == w.r.Key())
}
func (v *value) ConvertToType(t ref.Type) ref.Val {
	if t == types.TypeType {
		return v.t
	}
	return types.NewErr("a record cannot be turned into %s", t.TypeName())
}
func (v *value) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a record has no native form %v", t)
}

// Get reads a field where the type is not known when the rule is loaded (a reference to any record).
func (v *value) Get(index ref.Val) ref.Val {
	name, ok := index.Value().(string)
	if !ok {
		return types.NewErr("a field is named by a text")
	}
	return types.DefaultTypeAdapter.NativeToValue(v.field(name))
}

// IsSet answers has(record.field): whether it is stated.
func (v *value) IsSet(index ref.Val) ref.Val {
	name, _ := index.Value().(string)
	return types.Bool(v.r.State(name) == graph.Known)
}

var _ traits.FieldTester = (*value)(nil)
var _ traits.Indexer = (*value)(nil)

// withheld is why a fact is missing that somebody may not see.
const withheld = "it is a fact that you may not see"

// unknown makes the value of what is not recorded.
func unknown(g graph.Gap) *types.Unknown {
	return types.NewUnknown(0, types.QualifyAttribute(types.QualifyAttribute(types.NewAttributeTrail(g.Record.String()), g.Field), g.Why))
}

// Missing is one thing that would have to be recorded before a rule can be tested.
type Missing struct {
	Record string `json:"record"` // "person/jane", or "board" where no such record is there
	Field  string `json:"field"`
	Why    string `json:"why"`
}

// gaps reads back what unknown wrote.
func gaps(u *types.Unknown) []Missing {
	var out []Missing
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			m := Missing{Record: t.Variable()}
			q := t.QualifierPath()
			if len(q) > 0 {
				m.Field, _ = q[0].(string)
			}
			if len(q) > 1 {
				m.Why, _ = q[1].(string)
			}
			if n := len(m.Record); n > 0 && m.Record[n-1] == '/' {
				m.Record = m.Record[:n-1]
			}
			out = append(out, m)
		}
	}
	return out
}

// field gives a field of a record as CEL reads it. A date that is not exact to the day is unknown: what depends on it
// cannot be tested.
func (v *value) field(name string) any {
	r := v.r
	r.View().Touch(r)
	switch name {
	case "kind":
		return types.String(r.Key().Kind)
	case "id":
		return types.String(r.Key().ID)
	case "from":
		return dateValue(r, "from", r.Span().From)
	case "until":
		return dateValue(r, "until", r.Span().Until)
	}
	f := r.Kind().Field(name)
	if f == nil {
		return types.NewErr("a %s has no field %s", r.Kind().Name, name)
	}
	gap := func(why string) any { return unknown(graph.Gap{Record: r.Key(), Field: name, Why: why}) }
	switch r.State(name) {
	case graph.Missing:
		if k, ok := r.RefKey(name); ok {
			return gap("it refers to " + r.View().Called(k) + ", which is not there on this day")
		}
		return gap("it is not recorded")
	case graph.Uncertain:
		return gap("it changes within the dates given, so it is not certain on this day")
	case graph.Erased:
		return gap("it was erased")
	case graph.Withheld:
		return gap(withheld)
	}
	if f.Many {
		if f.Type != kind.Reference {
			return types.NewStringList(types.DefaultTypeAdapter, r.Texts(name))
		}
		l := &list{}
		for _, k := range r.Texts(name) {
			if f.Codes != "" && f.Mixed() && !containsSlash(k) {
				l.sure = append(l.sure, types.String(k))
			}
		}
		for _, to := range r.Refs(name) {
			if to.Exists() == fact.Yes {
				l.add(wrap(to))
			} else {
				l.miss(*to.NotExact())
			}
		}
		if len(r.Refs(name)) < len(r.RefKeys(name)) {
			for _, k := range r.RefKeys(name) {
				if r.View().Record(k) == nil {
					l.gap = types.MergeUnknowns(l.gap, unknown(graph.Gap{Record: r.Key(), Field: name, Why: "it refers to " + r.View().Called(k) + ", which is not there on this day"}))
				}
			}
		}
		return l.val()
	}
	switch f.Type {
	case kind.Number, kind.Money, kind.Percent:
		n, _ := r.Number(name)
		return types.Double(n)
	case kind.YesNo:
		y, _ := r.Yes(name)
		return types.Bool(y)
	case kind.Date:
		return dateValue(r, name, r.Date(name))
	case kind.Reference:
		if c := r.Code(name); c != "" {
			return types.String(c)
		}
		to := r.Ref(name)
		if to != nil && to.Exists() != fact.Yes {
			return unknown(*to.NotExact())
		}
		return wrap(to)
	}
	return types.String(r.Text(name))
}

func containsSlash(s string) bool {
	for i := range len(s) {
		if s[i] == '/' {
			return true
		}
	}
	return false
}

func dateValue(r *graph.Record, name string, d fact.Date) any {
	day, exact := d.Exact()
	if !exact {
		return unknown(graph.Gap{Record: r.Key(), Field: name, Why: "the day is not recorded (" + d.Words() + ")"})
	}
	r.View().By(day) // an expression may compare them
	r.View().Past(day)
	return types.Timestamp{Time: day.Time()}
}

// wrap makes a CEL value of a record; of none, an error, which only a mistake in this package can cause.
func wrap(r *graph.Record) ref.Val {
	if r == nil {
		return types.NewErr("no record")
	}
	return &value{r, objectType(r.Kind().Name)}
}

// list is a list of which some items may be there or not. exists, all and in follow the logic of three values: one item
// that settles the question settles it.
type list struct {
	sure []ref.Val
	gap  *types.Unknown
}

// val gives the list to an expression: with a size where nothing is missing.
func (l *list) val() ref.Val {
	if l.gap != nil {
		return l
	}
	return counted{l}
}

// counted is a list without a gap. It stays one of these, and is not CEL's own, since that cannot be joined to one with a gap.
type counted struct{ *list }

// Size is the number of items. A list with a gap has none, so that whatever asks for it fails, and run.eval names the gap.
func (c counted) Size() ref.Val { return types.Int(len(c.sure)) }

// listOf gives the list behind a value that a function made.
func listOf(v ref.Val) (*list, bool) {
	switch v := v.(type) {
	case *list:
		return v, true
	case counted:
		return v.list, true
	}
	return nil, false
}

// plain is CEL's own list of what is there.
func (l *list) plain() traits.Lister {
	return types.NewRefValList(types.DefaultTypeAdapter, l.sure)
}

func (l *list) add(v ref.Val) { l.sure = append(l.sure, v) }
func (l *list) miss(g ...graph.Gap) {
	for _, g := range g {
		l.gap = types.MergeUnknowns(l.gap, unknown(g))
	}
}

func (l *list) Value() any     { return l }
func (l *list) Type() ref.Type { return types.ListType }
func (l *list) Equal(o ref.Val) ref.Val {
	if l.gap != nil {
		return l.gap
	}
	return l.plain().Equal(o)
}
func (l *list) Get(i ref.Val) ref.Val {
	if l.gap != nil {
		return l.gap
	}
	return l.plain().Get(i)
}
func (l *list) Contains(v ref.Val) ref.Val {
	for _, x := range l.sure {
		if x.Equal(v) == types.True {
			return types.True
		}
	}
	if l.gap != nil {
		return l.gap
	}
	return types.False
}
func (l *list) Add(o ref.Val) ref.Val {
	out := &list{sure: append([]ref.Val(nil), l.sure...), gap: l.gap}
	if other, ok := listOf(o); ok {
		out.sure, out.gap = append(out.sure, other.sure...), types.MergeUnknowns(out.gap, other.gap)
	} else if other, ok := o.(traits.Lister); ok {
		for it := other.Iterator(); it.HasNext() == types.True; {
			out.sure = append(out.sure, it.Next())
		}
	}
	return out.val()
}
func (l *list) Iterator() traits.Iterator {
	if l.gap == nil {
		return l.plain().Iterator()
	}
	return types.NewRefValList(types.DefaultTypeAdapter, append(append([]ref.Val(nil), l.sure...), l.gap)).Iterator()
}

func (l *list) ConvertToType(t ref.Type) ref.Val {
	if l.gap != nil {
		return l.gap
	}
	return l.plain().ConvertToType(t)
}
func (l *list) ConvertToNative(t reflect.Type) (any, error) {
	if l.gap != nil {
		return nil, fmt.Errorf("a list with gaps has no native form %v", t)
	}
	return l.plain().ConvertToNative(t)
}

var (
	_ traits.Iterable  = (*list)(nil)
	_ traits.Container = (*list)(nil)
	_ traits.Indexer   = (*list)(nil)
	_ traits.Adder     = (*list)(nil)
	_ traits.Lister    = counted{}
)
