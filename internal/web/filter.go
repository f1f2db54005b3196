package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// How a filter is offered follows from how many values are in use.
const (
	maxBoxes   = 8  // as boxes to tick
	maxOptions = 30 // in a list to choose from; beyond that, as a text that the name must have in it
)

// unstated is what a filter holds for records of which its field is not recorded: no value of a field is a dash.
const unstated = "-"

// filter narrows a list by one field of its kind. Values are those of an address: a choice or code, yes or no, post/chief-executive.
type filter struct {
	s      *Site
	l      *look
	field  *kind.Field
	chosen []string
	have   [][]string // of what is derived: the values of each record, in their order
	inUse
	titles map[string]string
}

// inUse are the values of a field that records have.
type inUse struct {
	values []string // in the order in which they are offered
	many   bool     // there are too many to be offered, and not all are here
}

// filterForm is the form by which a list is narrowed.
type filterForm struct {
	Summary string
	Action  string
	Hidden  []hidden
	Title   filterText
	Days    []filterBox
	Groups  []filterGroup
	More    []filterGroup // fields that the list does not show
	Open    bool          // some of those are chosen
}

// filterGroup is the part of the form that is about one field.
type filterGroup struct {
	Label  string
	Boxes  []filterBox
	Select *filterSelect
	Text   *filterText
}

type filterBox struct {
	ID, Name, Value, Text string
	Chosen                bool
}

type filterSelect struct {
	ID, Name, Label string
	Options         []option
}

type filterText struct{ ID, Name, Label, Value string }

// filterable are the fields that a list can be narrowed by: first those that it shows.
func filterable(k *kind.Kind) (fields []*kind.Field) {
	said := kind.TitleFields(k.Title)
	add := func(f *kind.Field) {
		switch {
		case slices.Contains(taken, f.Name) || slices.Contains(fields, f):
		case f.Type == kind.Choice, f.Type == kind.YesNo, f.Type == kind.Reference:
			fields = append(fields, f)
		case f.Type == kind.Text && !f.Many && slices.Contains(k.List, f.Name) && !slices.Contains(said, f.Name):
			fields = append(fields, f)
		}
	}
	for _, n := range k.List {
		add(k.Field(n))
	}
	for _, f := range k.Fields {
		add(f)
	}
	return fields
}

// taken are the parameters of a list that mean something else, so that no field of such a name narrows it.
var taken = append([]string{fieldOn, fieldKnown, fieldProposal, fieldPage}, shown...)

// filterNames are the parameters by which the list of a kind is narrowed.
func filterNames(k *kind.Kind) (names []string) {
	for _, f := range filterable(k) {
		names = append(names, f.Name)
	}
	for _, d := range derivations[k.Name] {
		if d.values != nil {
			names = append(names, d.Name)
		}
	}
	return names
}

// filters makes the filters of a list: by those fields that say something of its records, and by what is derived where they differ in it.
func (s *Site) filters(l *look, k *kind.Kind, r *roll) (out []*filter) {
	for _, field := range filterable(k) {
		f := &filter{s: s, l: l, field: field, chosen: l.other[field.Name], inUse: r.inUse[field.Name], titles: map[string]string{}}
		if len(f.values) > 0 || len(f.chosen) > 0 {
			out = append(out, f)
		}
	}
	for _, d := range l.derivations(k.Name) {
		if d.values == nil {
			continue
		}
		f := &filter{s: s, l: l, field: d.Field, chosen: l.other[d.Name], have: r.derived[d.Name], inUse: r.inUse[d.Name], titles: map[string]string{}}
		if len(f.values) > 1 || len(f.chosen) > 0 { // what all have alike narrows nothing
			out = append(out, f)
		}
	}
	return out
}

// find lists the values that records have, unless there are too many.
func (f *filter) find(all []*graph.Record) (out inUse) {
	seen, read := map[string]bool{}, map[string]bool{}
	for _, r := range all {
		j, state := r.JSON(f.field.Name)
		if state != graph.Known || read[j] {
			continue
		}
		read[j] = true
		for _, v := range f.of(r) {
			seen[v] = true
		}
		if out.many = len(seen) > maxOptions; out.many {
			break
		}
	}
	out.values = f.inOrder(seen)
	return out
}

// inOrder gives values in the order in which they are offered.
func (f *filter) inOrder(seen map[string]bool) []string {
	return slices.SortedFunc(maps.Keys(seen), func(a, b string) int {
		if f.field.Codes == "" && f.field.Type == kind.Choice {
			if c := cmp.Compare(place(f.field, a), place(f.field, b)); c != 0 {
				return c
			}
		}
		return byTitle(f.name(a), f.name(b))
	})
}

// of gives what a record says of the field.
func (f *filter) of(r *graph.Record) (out []string) {
	items := r.Texts(f.field.Name)
	if !f.field.Many {
		items = nil
		if t := r.Text(f.field.Name); t != "" {
			items = []string{t}
		}
	}
	switch f.field.Type {
	case kind.YesNo:
		if yes, ok := r.Yes(f.field.Name); ok {
			return []string{map[bool]string{true: "yes", false: "no"}[yes]}
		}
		return nil
	case kind.Reference:
		for _, k := range r.RefKeys(f.field.Name) {
			out = append(out, k.String())
		}
		for _, v := range items {
			if f.field.Codes != "" && !strings.Contains(v, "/") {
				out = append(out, v)
			}
		}
		return out
	}
	return items
}

// lets reports whether the record at a place has one of the values that were chosen, if any were.
func (f *filter) lets(r *graph.Record, i int) bool {
	switch {
	case len(f.chosen) == 0:
		return true
	case f.have != nil:
		return slices.ContainsFunc(f.chosen, func(c string) bool { return slices.Contains(f.have[i], c) })
	}
	_, state := r.JSON(f.field.Name)
	values := f.of(r)
	return slices.ContainsFunc(f.chosen, func(c string) bool {
		if c == unstated {
			return state == graph.Missing
		}
		return slices.ContainsFunc(values, func(v string) bool { return f.means(c, v) })
	})
}

// means reports whether what was chosen is a value of a record: the value itself or, of a text or a name, a part of it.
func (f *filter) means(chosen, v string) bool {
	switch {
	case chosen == v:
		return true
	case f.field.Type == kind.Reference:
		return !f.isKey(chosen) && holds(strings.ToLower(f.name(v)), strings.Fields(strings.ToLower(chosen)))
	case f.field.Type == kind.Text && f.many:
		return holds(strings.ToLower(v), strings.Fields(strings.ToLower(chosen)))
	case f.field.Type == kind.Text:
		return strings.EqualFold(chosen, v)
	}
	return false
}

// isKey reports whether a value names a record, and is no part of a name.
func (f *filter) isKey(v string) bool {
	k, err := fact.ParseKey(v)
	return err == nil && f.field.Allows(k.Kind) && f.l.View.Kinds().Kind(k.Kind) != nil
}

// free reports whether a value that was chosen is a part of a name that somebody typed.
func (f *filter) free(v string) bool {
	switch {
	case v == unstated:
		return false
	case f.field.Type == kind.Reference:
		return !f.isKey(v) && !slices.Contains(f.values, v)
	}
	return f.field.Type == kind.Text && f.many
}

// name puts a value into words.
func (f *filter) name(v string) string {
	if n, ok := f.titles[v]; ok {
		return n
	}
	n := v
	switch k, err := fact.ParseKey(v); {
	case v == unstated:
		n = "Not recorded"
	case f.field.Type == kind.YesNo:
		n = capital(v)
	case f.field.Type == kind.Reference && err == nil && f.isKey(v):
		if n = f.s.called(f.l, k); n == v {
			n = "“" + v + "”" // no such record
		}
	case f.field.Type == kind.Reference && f.free(v):
		n = "“" + v + "”"
	case f.field.Type == kind.Choice, f.field.Type == kind.Reference:
		n = f.s.say(f.field, v)
	}
	f.titles[v] = n
	return n
}

// words say what some values of the field are: "held as officer or member", "unit not recorded".
func (f *filter) words(values ...string) string {
	var names []string
	between := " "
	for _, v := range values {
		n := f.name(v)
		switch {
		case f.field.Type == kind.YesNo && v != unstated:
			between, n = ": ", strings.ToLower(n)
		case v == unstated:
			n = strings.ToLower(n)
		}
		names = append(names, n)
	}
	return f.field.Lower() + between + strings.Join(names, " or ")
}

// form makes the form of a list. What is in it was chosen; what is chosen and cannot be offered is a ticked box.
func (n *listing) form() *filterForm {
	l := n.l
	form := &filterForm{Summary: "Filter " + kind.Lower(n.kind.Plural), Action: escaped(l.path), Title: filterText{"filter-title", fieldTitle, "Words in the name", l.other.Get(fieldTitle)}}
	all := l.other.Get(fieldDays) == allDays
	form.Days = []filterBox{
		{"filter-days", fieldDays, "", "On " + l.View.On().Words(), !all},
		{"filter-days-all", fieldDays, allDays, "On any day", all},
	}
	but := []string{fieldTitle, fieldDays}
	for _, f := range n.filters {
		but = append(but, f.field.Name)
		if f.have != nil || slices.Contains(n.kind.List, f.field.Name) {
			form.Groups = append(form.Groups, f.group())
			continue
		}
		form.More = append(form.More, f.group())
		form.Open = form.Open || len(f.chosen) > 0
	}
	form.Hidden = append(newSearchForm(l, "").Hidden, l.hidden(but...)...)
	return form
}

func (f *filter) group() filterGroup {
	id := "filter-" + f.field.Name
	g := filterGroup{Label: f.field.Label}
	offered := f.values
	if f.many {
		offered = nil
	}
	if !f.field.Required {
		offered = append(slices.Clip(offered), unstated)
	}
	selected := ""
	switch {
	case f.many:
		t := &filterText{ID: id, Name: f.field.Name, Label: "Words in it"}
		if f.field.Type == kind.Reference {
			t.Label = "Words in its name"
		}
		if i := slices.IndexFunc(f.chosen, f.free); i >= 0 {
			t.Value = f.chosen[i]
		}
		selected, g.Text = t.Value, t
	case len(offered) > maxBoxes:
		if i := slices.IndexFunc(f.chosen, func(v string) bool { return slices.Contains(offered, v) }); i >= 0 {
			selected = f.chosen[i]
		}
		g.Select = &filterSelect{id, f.field.Name, f.field.Label, []option{{"", "Any", selected == ""}}}
		for _, v := range offered {
			g.Select.Options = append(g.Select.Options, option{v, capital(f.name(v)), v == selected})
		}
		offered = nil
	}
	box := func(v string) {
		chosen := slices.Contains(f.chosen, v)
		g.Boxes = append(g.Boxes, filterBox{id + "-" + strconv.Itoa(len(g.Boxes)+1), f.field.Name, v, capital(f.name(v)), chosen})
	}
	for _, v := range offered {
		box(v)
	}
	for _, v := range f.chosen {
		if v != selected && !slices.Contains(offered, v) {
			box(v)
		}
	}
	return g
}

// otherBut are the parameters that say how to show the page, but some.
func (l *look) otherBut(names ...string) url.Values {
	out := maps.Clone(l.other)
	for _, n := range names {
		delete(out, n)
	}
	return out
}
