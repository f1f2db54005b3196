package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Somebody comes into a post: a person, who may be new to the record, an appointment, and what becomes of those who held the post and of
// the recruitment. In the record these are several entries; to whoever records it, it is one thing that happened.

// Inputs of an appointment.
const (
	inputPerson = "~person"
	inputStay   = "~stay"
	inputOver   = "~over"
)

// newPerson is the answer that somebody is not recorded yet.
const newPerson = "~new"

// The answers to what becomes of those who hold the post.
const (
	theyLeave = "leave"
	jointly   = "joint"
	jobShare  = "job-share"
)

// appointBegin begins the appointment of somebody to a post.
func (s *Site) appointBegin(k *kind.Kind) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		key := fact.Key{Kind: k.Name, ID: fact.ID(r.PathValue("id"))}
		if err := s.mayChange(l, k, key); err != nil {
			return err
		}
		return s.begin(w, r, l, desk.Draft{Purpose: toAppoint, Record: key, Branch: fact.ID(l.proposal)})
	}
}

// appointStart says what will be asked, and begins when it is agreed to: only what is sent begins anything.
func (s *Site) appointStart(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		key := fact.Key{Kind: k.Name, ID: fact.ID(r.PathValue("id"))}
		if err := s.mayChange(l, k, key); err != nil {
			return nil, err
		}
		return &page{
			Template: "question", Label: s.called(l, key), Heading: "Record an appointment", Back: l.record(key), Undated: true, Narrow: true,
			Body: &questionPage{
				Action: l.to(s.addresses.of(key) + "/appoint"), Button: "Start",
				Lead: []string{"You will be asked who it is, on what basis, from which day, and what becomes of anybody who holds the post now.", "Nothing is recorded before you have seen it all once more."},
			},
		}, nil
	}
}

func (d *draft) appointing() []step {
	steps := []step{d.person(), d.basis(), d.when("When do they start, or when did they?", "First day in the post")}
	if holders := d.holders(); len(holders) > 0 {
		steps = append(steps, d.stay(holders))
	}
	if len(d.recruitments()) > 0 {
		steps = append(steps, d.over())
	}
	return append(steps, d.source())
}

// personField is the field of an appointment that names who it is.
func (d *draft) appointment() *kind.Kind { return d.l.View.Kinds().Kind(graph.Appointment) }

// found gives whom the typed name means: one who is recorded, or, with ok and no key, somebody new.
func (d *draft) found(typed kind.Typed) (k fact.Key, ok bool, matches []kind.Match) {
	a := asked{typed: typed}
	name := strings.Join(strings.Fields(a.value(inputPerson)), " ")
	called, like := d.s.find(d.l, d.appointment().Field("person"), name)
	matches = slices.Concat(called, like)
	choice := a.value(inputPerson + ".choice")
	if choice == "" {
		choice = a.value(inputPerson + ".id")
	}
	for _, m := range matches {
		if m.Value == choice || len(called) == 1 && m.Value == called[0].Value && choice != newPerson {
			k, err := fact.ParseKey(m.Value)
			return k, err == nil, matches
		}
	}
	return fact.Key{}, choice == newPerson || len(matches) == 0, matches
}

func (d *draft) person() step {
	st := step{name: "who", heading: "Who was appointed?", inputs: []string{inputPerson}}
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		a := asked{d.l, nil, typed, faults}
		message, _ := a.wrong(inputPerson)
		in := govuk.Input{
			Name: inputPerson, ID: inputPerson, Value: a.value(inputPerson), ErrorMessage: message, Autocomplete: "off", Label: govuk.Label{Text: "Name", Classes: medium},
			Hint:       govuk.Hint{Text: "First name and last name. Somebody who is not recorded yet is recorded with the appointment."},
			Attributes: govuk.Attributes{"data-suggest": d.l.to("/suggest", "kind", string(graph.Person)), "data-suggest-into": inputPerson + ".id"},
		}
		out := in.Render() + template.HTML(`<input type="hidden" name="`+inputPerson+`.id" value="`+template.HTMLEscapeString(a.value(inputPerson+".id"))+`">`) // #nosec G203 -- escaped here
		name := strings.TrimSpace(a.value(inputPerson))
		if _, ok, matches := d.found(typed); name != "" && (!ok || a.value(inputPerson+".choice") != "") && len(matches) > 0 {
			r := govuk.Radios{Name: inputPerson + ".choice", IDPrefix: inputPerson + ".choice", Value: a.value(inputPerson + ".choice"), Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Which of these do you mean?"}}}
			for _, m := range matches {
				r.Items = append(r.Items, govuk.Radio{Text: m.Text, Value: m.Value, Hint: govuk.Hint{Text: d.held(m.Value)}})
			}
			r.Items = append(r.Items, govuk.Radio{Divider: "or"}, govuk.Radio{Text: "Somebody who is not recorded yet, called “" + name + "”", Value: newPerson})
			out += r.Render()
		}
		return out
	}
	st.read = func(typed kind.Typed) kind.Faults {
		name := strings.TrimSpace((&asked{typed: typed}).value(inputPerson))
		if name == "" {
			return kind.Faults{{Field: inputPerson, Inputs: []string{inputPerson}, Message: "Enter who was appointed"}}
		}
		if _, faults := d.s.formOf(d.l, nil, []*kind.Field{{Name: inputPerson, Label: "Name", Type: kind.Text}}, nil).Read(typed); len(faults) > 0 {
			return faults
		}
		if _, ok, _ := d.found(typed); !ok {
			return kind.Faults{{Field: inputPerson, Inputs: []string{inputPerson + ".choice"}, Message: "Select which person you mean"}}
		}
		return nil
	}
	st.said = func(typed kind.Typed) string {
		if k, _, _ := d.found(typed); k.ID != "" {
			return d.s.called(d.l, k)
		}
		return strings.TrimSpace((&asked{typed: typed}).value(inputPerson)) + "\nwho is not recorded yet"
	}
	return st
}

// held says of a person which posts they hold, to tell those of one name apart.
func (d *draft) held(value string) string {
	k, err := fact.ParseKey(value)
	if err != nil {
		return ""
	}
	var out []string
	for p := range d.l.View.Pasts(graph.Appointment) {
		if at, ok := p.Record.RefKey("person"); ok && at == k {
			if post, ok := p.Record.RefKey("post"); ok {
				out = append(out, d.s.called(d.l, post)+", "+p.Span.Words())
			}
		}
	}
	return strings.Join(out, "; ")
}

func (d *draft) basis() step {
	k := d.appointment()
	form := d.s.formOf(d.l, nil, []*kind.Field{k.Field("basis")}, nil)
	return step{
		name: "basis", heading: "On what basis?", inputs: []string{"basis"},
		ask: func(typed kind.Typed, faults kind.Faults) template.HTML {
			return (&asked{d.l, form, typed, faults}).controls()
		},
		read: func(typed kind.Typed) kind.Faults {
			_, faults := form.Read(typed)
			return faults
		},
		said: func(typed kind.Typed) string {
			v, _ := form.Read(typed)
			return d.s.sayValue(d.l, k.Field("basis"), v)
		},
	}
}

// starts gives the day on which the person comes into the post, and the first day on which they may be there.
func (d *draft) starts() (fact.Date, fact.Day) {
	on, _ := kind.ReadDate(&kind.Field{Name: "on", Type: kind.Date}, d.typed())
	if first, _, ok := (fact.Span{From: on}).Possible(); ok && first != fact.MinDay {
		return on, first
	}
	return on, d.l.today
}

// holders are the appointments of those who hold the post when the person comes.
func (d *draft) holders() []*graph.Record {
	if !d.answered("when") {
		return nil
	}
	_, first := d.starts()
	p := d.l.View.At(first).Record(d.key)
	if p == nil {
		return nil
	}
	return p.Holders().Holders
}

func (d *draft) names(appointments []*graph.Record) string {
	var out []string
	for _, a := range appointments {
		if k, ok := a.RefKey("person"); ok {
			out = append(out, d.s.called(d.l, k))
		}
	}
	return and(out)
}

// stay asks what becomes of those who hold the post.
func (d *draft) stay(holders []*graph.Record) step {
	who := d.names(holders)
	answers := []struct{ value, text string }{
		{theyLeave, who + " left the post when the new holder started"},
		{jointly, "They hold it together, jointly"},
		{jobShare, "They share the job"},
	}
	st := step{name: "stay", heading: "What becomes of " + who + "?", inputs: []string{inputStay}, lead: []string{"The post is held by " + who + " on the day on which the new holder starts."}}
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		a := asked{typed: typed, faults: faults}
		message, _ := a.wrong(inputStay)
		r := govuk.Radios{Name: inputStay, IDPrefix: inputStay, Value: a.value(inputStay), ErrorMessage: message, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Choose one", Classes: "govuk-visually-hidden"}}}
		for _, x := range answers {
			r.Items = append(r.Items, govuk.Radio{Text: x.text, Value: x.value})
		}
		return r.Render()
	}
	said := func(typed kind.Typed) string {
		for _, x := range answers {
			if x.value == (&asked{typed: typed}).value(inputStay) {
				return x.text
			}
		}
		return ""
	}
	st.read = func(typed kind.Typed) kind.Faults {
		if said(typed) == "" {
			return kind.Faults{{Field: inputStay, Inputs: []string{inputStay}, Message: "Select what becomes of " + who}}
		}
		return nil
	}
	st.said = said
	return st
}

// recruitments are those to the post that are still recorded as going on when the person comes.
func (d *draft) recruitments() (out []*graph.Record) {
	if !d.answered("when") {
		return nil
	}
	_, first := d.starts()
	if p := d.l.View.At(first).Record(d.key); p != nil {
		out = p.Referring("recruitment", "post")
	}
	return out
}

// over asks whether the recruitment is done.
func (d *draft) over() step {
	f := &kind.Field{Name: inputOver, Label: "The recruitment is over", Type: kind.YesNo, Required: true}
	form := d.s.formOf(d.l, nil, []*kind.Field{f}, nil)
	return step{
		name: "recruitment", heading: "Is the recruitment over?", inputs: []string{inputOver},
		lead: []string{"The record says that this post is being recruited to. Answer yes if this is the appointment that came of it."},
		ask: func(typed kind.Typed, faults kind.Faults) template.HTML {
			return (&asked{d.l, form, typed, faults}).controls()
		},
		read: func(typed kind.Typed) kind.Faults {
			_, faults := form.Read(typed)
			return faults
		},
		said: func(typed kind.Typed) string { return capital((&asked{typed: typed}).value(inputOver)) },
	}
}

// dayBefore is the last day of what ends when something else begins. Where that is not exactly known, neither is this.
func dayBefore(d fact.Date) fact.Date {
	if on, ok := d.Exact(); ok {
		return fact.ExactDate(on - 1)
	}
	return d
}

// appointed makes of the answers what is to be recorded.
func (d *draft) appointed() ([]kind.Doc, fact.Key, error) {
	v, typed := d.l.View, d.typed()
	source, note := d.text(inputSource), d.text(inputNote)
	var docs []kind.Doc
	who, _, _ := d.found(typed)
	if who.ID == "" {
		person := v.Kinds().Kind(graph.Person)
		name := kind.Value{Field: person.Field("name"), JSON: kind.Quote(strings.Join(strings.Fields(d.text(inputPerson)), " "))}
		who = d.newKey(person, []kind.Value{name})
		docs = append(docs, kind.Doc{Op: fact.Assert, Kind: person, ID: who.ID, Proposal: d.Branch, Values: []kind.Value{name}, Source: source, Note: note})
	}
	k := d.appointment()
	said, _ := d.s.formOf(d.l, nil, []*kind.Field{k.Field("basis")}, nil).Read(typed)
	on, _ := d.starts()
	values := append([]kind.Value{
		{Field: k.Field("person"), JSON: kind.Quote(string(who.ID))},
		{Field: k.Field("post"), JSON: kind.Quote(string(d.key.ID))},
	}, said...)
	holders := d.holders()
	stay := d.text(inputStay)
	if len(holders) > 0 && stay != theyLeave {
		values = append(values, kind.Value{Field: k.Field("shared"), JSON: kind.Quote(stay)})
	}
	docs = append(docs, kind.Doc{Op: fact.Assert, Kind: k, ID: d.newKey(k, values).ID, Span: fact.Span{From: on}, Proposal: d.Branch, Values: values, Source: source, Note: note})
	add := func(e graph.Edit, problems kind.Problems) error {
		if len(problems) > 0 {
			return problems
		}
		docs = append(docs, e.Docs...)
		return nil
	}
	for _, h := range holders {
		var err error
		if stay == theyLeave {
			err = add(v.EndAfter(h.Key(), dayBefore(on), source, note))
		} else if h.Text("shared") != stay {
			err = add(v.Change(h.Key(), on, []kind.Value{{Field: k.Field("shared"), JSON: kind.Quote(stay)}}, source, note))
		}
		if err != nil {
			return nil, d.key, err
		}
	}
	if d.text(inputOver) == "yes" {
		for _, x := range d.recruitments() {
			if err := add(v.EndAfter(x.Key(), dayBefore(on), source, note)); err != nil {
				return nil, d.key, err
			}
		}
	}
	return docs, d.key, nil
}
