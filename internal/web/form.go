package web

import (
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// formOf is a form of some fields of a kind, with names looked up in the record as it is looked at. was is what it says already.
func (s *Site) formOf(l *look, k *kind.Kind, fields []*kind.Field, was []kind.Value) *kind.Form {
	return &kind.Form{
		Set: s.Book.Kinds(), Kind: k, Fields: fields, Was: was,
		Find: func(f *kind.Field, typed string) (called, like []kind.Match) { return s.find(l, f, typed) },
		Say:  func(f *kind.Field, value string) string { return s.sayOf(l, f, value) },
	}
}

// sayOf writes a choice, a code or a record for people.
func (s *Site) sayOf(l *look, f *kind.Field, value string) string {
	if k, err := fact.ParseKey(value); err == nil && f.Type == kind.Reference {
		return s.called(l, k)
	}
	return capital(s.say(f, value))
}

// likely is how many records are offered that may have been meant.
const likely = 10

// find gives the records that are called as was typed, on whatever day, and otherwise those that may have been meant.
func (s *Site) find(l *look, f *kind.Field, typed string) (called, like []kind.Match) {
	var allowed []fact.KindName
	for _, kk := range l.View.Kinds().All {
		if !f.Allows(kk.Name) {
			continue
		}
		allowed = append(allowed, kk.Name)
		for _, k := range keysOf(l.View, kk.Name) {
			if strings.EqualFold(s.called(l, k), typed) || string(k.ID) == typed || k.String() == typed {
				called = append(called, s.match(l, k))
			}
		}
	}
	if f.Codes != "" {
		for _, code := range l.View.Kinds().Codes(f.Codes) {
			if strings.EqualFold(code, typed) || strings.EqualFold(s.sayOf(l, f, code), typed) {
				called = append(called, kind.Match{Value: code, Text: s.sayOf(l, f, code)})
			}
		}
	}
	if len(called) > 0 {
		return called, nil
	}
	if len(allowed) == 0 {
		return nil, nil
	}
	hits, _ := l.View.SearchIn(allowed, typed, likely, s.short()...)
	for _, h := range hits {
		like = append(like, s.match(l, h.Key))
	}
	return nil, like
}

// match names a record with what tells it from others of the same name.
func (s *Site) match(l *look, k fact.Key) kind.Match {
	m := kind.Match{Value: k.String(), Text: s.called(l, k), Note: l.View.Kinds().Kind(k.Kind).Label}
	switch r := l.View.Record(k); {
	case r == nil:
		m.Note += ", not in force today"
	case k.Kind == graph.Post:
		m.Note += ", " + and(report.HoldingOf(s.Pack, r).Words())
		if u := r.Ref("unit"); u != nil {
			m.Note += ", in " + s.title(u)
		}
	}
	return m
}

// values gives what a record says, as a form takes it.
func values(r *graph.Record) (out []kind.Value) {
	for _, f := range r.Kind().Fields {
		if j, state := r.JSON(f.Name); state == graph.Known {
			out = append(out, kind.Value{Field: f, JSON: j})
		}
	}
	return out
}

// fieldsOf gives fields of a kind by their names, in the kind's order.
func fieldsOf(k *kind.Kind, names []string) (out []*kind.Field) {
	for _, f := range k.Fields {
		if slices.Contains(names, f.Name) {
			out = append(out, f)
		}
	}
	return out
}

// sayValue writes a canonical value for people.
func (s *Site) sayValue(l *look, f *kind.Field, values []kind.Value) string {
	i := slices.IndexFunc(values, func(v kind.Value) bool { return v.Field.Name == f.Name })
	if i < 0 {
		return "Not recorded"
	}
	form := s.formOf(l, nil, []*kind.Field{f}, nil)
	typed := form.Show(values[i : i+1])
	if f.Type == kind.Date {
		d, _ := kind.ReadDate(f, typed)
		return d.Words()
	}
	var out []string
	for _, v := range typed[f.Name] {
		for line := range strings.Lines(v) {
			if line = strings.TrimSpace(line); line != "" && line != kind.OtherWord {
				if f.Type == kind.Choice || f.Type == kind.YesNo {
					line = s.sayOf(l, f, line)
				}
				out = append(out, line)
			}
		}
	}
	out = append(out, typed[f.Name+".other"]...)
	text := strings.Join(out, ", ")
	if f.Type == kind.LongText {
		text = strings.Join(typed[f.Name], "\n")
	}
	switch f.Type {
	case kind.Money:
		text = "£" + text
	case kind.Percent:
		text += "%"
	}
	return text
}

// titleOf makes of the values of a new record what it will be called; people are left out of it, where it is to be part of an address.
func (s *Site) titleOf(l *look, k *kind.Kind, values []kind.Value, people bool) string {
	title := k.Title
	for _, name := range kind.TitleFields(k.Title) {
		f, said := k.Field(name), ""
		personal := slices.ContainsFunc(f.To, func(to fact.KindName) bool {
			kk := l.View.Kinds().Kind(to)
			return kk != nil && kk.Personal
		})
		if people || !personal {
			if said = s.sayValue(l, f, values); said == "Not recorded" {
				said = ""
			}
		}
		title = strings.ReplaceAll(title, "{"+name+"}", said)
	}
	return strings.Trim(strings.Join(strings.Fields(title), " "), ",: –-")
}
