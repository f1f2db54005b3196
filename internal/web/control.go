package web

import (
	"html/template"
	"net/url"
	"slices"
	"strings"

	"plumbline/internal/govuk"
	"plumbline/internal/kind"
)

// asked is a form, or the part of one that a page asks for: the fields, what was typed into them, and what is wrong with it.
type asked struct {
	l      *look
	form   *kind.Form
	typed  kind.Typed
	faults kind.Faults
}

// controls draws every field of the form.
func (a *asked) controls() template.HTML {
	var b strings.Builder
	for _, q := range a.form.Questions() {
		b.WriteString(string(a.control(q)))
	}
	return template.HTML(b.String()) // #nosec G203 -- of components alone
}

// problemOf makes of faults what stands above the page.
func problemOf(faults kind.Faults) *problem {
	if len(faults) == 0 {
		return nil
	}
	p := &problem{Title: "There is a problem"}
	for _, f := range faults {
		at := ""
		if f.Choose != "" {
			at = "#" + f.Choose
		} else if len(f.Inputs) > 0 {
			at = "#" + f.Inputs[0]
		}
		p.Fields = append(p.Fields, link{f.Message, at})
	}
	return p
}

// value gives what was typed into an input.
func (a *asked) value(input string) string {
	if v := a.typed[input]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// wrong is the error message of a field, and whether an input of it is to be marked.
func (a *asked) wrong(field string) (message govuk.ErrorMessage, marked func(input string) bool) {
	var texts, inputs []string
	for _, f := range a.faults.Of(field) {
		texts = append(texts, f.Message)
		inputs = append(inputs, f.Inputs...)
	}
	return govuk.ErrorMessage{Text: strings.Join(texts, ". ")}, func(input string) bool { return slices.Contains(inputs, input) }
}

// label is what a field is called on a form. Most fields may be left empty, so that is said of none, and what must be given is said.
func label(q kind.Question) string {
	if q.Optional && len(q.Or) == 0 {
		return q.Label + " (optional)"
	}
	return q.Label
}

const medium = "govuk-label--s"

// control draws one field.
func (a *asked) control(q kind.Question) template.HTML {
	message, marked := a.wrong(q.Name)
	l := govuk.Label{Text: label(q), Classes: medium}
	legend := govuk.Fieldset{Legend: govuk.Legend{Text: label(q), Classes: "govuk-fieldset__legend--s"}}
	hint := govuk.Hint{Text: q.Hint}
	other := func() govuk.Conditional {
		return govuk.Conditional{HTML: govuk.Input{Name: q.Name + ".other", ID: q.Name + ".other", Value: a.value(q.Name + ".other"), Label: govuk.Label{Text: "In other words"}}.Render()}
	}
	switch q.Control {
	case kind.Paragraphs:
		return govuk.Textarea{Name: q.Name, ID: q.Name, Value: a.value(q.Name), Label: l, Hint: hint, ErrorMessage: message, Rows: 8}.Render()
	case kind.Lines, kind.Lookups:
		hint.Text = strings.TrimSpace(hint.Text + " Write one on each line.")
		return govuk.Textarea{Name: q.Name, ID: q.Name, Value: a.value(q.Name), Label: l, Hint: hint, ErrorMessage: message, FormGroup: govuk.FormGroup{AfterInput: govuk.Content{HTML: a.choices(q)}}}.Render()
	case kind.Lookup:
		return a.lookup(q, l, hint, message)
	case kind.DateBoxes:
		return a.date(q, legend, hint, message, marked)
	case kind.Radios:
		r := govuk.Radios{Name: q.Name, IDPrefix: q.Name, Fieldset: legend, Hint: hint, ErrorMessage: message, Value: a.value(q.Name)}
		for _, o := range q.Options {
			item := govuk.Radio{Text: o.Text, Value: o.Value}
			if o.Value == "" && a.value(q.Name) == "" {
				yes := true
				item.Checked = &yes
			}
			if o.Value == kind.OtherWord {
				item.Conditional = other()
			}
			r.Items = append(r.Items, item)
		}
		return r.Render()
	case kind.Checkboxes:
		c := govuk.Checkboxes{Name: q.Name, IDPrefix: q.Name, Fieldset: legend, Hint: hint, ErrorMessage: message, Values: a.typed[q.Name]}
		for _, o := range q.Options {
			c.Items = append(c.Items, govuk.Checkbox{Text: o.Text, Value: o.Value})
		}
		if q.Other {
			c.FormGroup.AfterInputs.HTML = govuk.Textarea{Name: q.Name + ".other", ID: q.Name + ".other", Value: a.value(q.Name + ".other"), Rows: 2, Label: govuk.Label{Text: "In other words, one on each line"}}.Render()
		}
		return c.Render()
	case kind.Select:
		s := govuk.Select{Name: q.Name, ID: q.Name, Label: l, Hint: hint, ErrorMessage: message, Value: a.value(q.Name)}
		for _, o := range q.Options {
			s.Items = append(s.Items, govuk.Option{Value: o.Value, Text: o.Text})
		}
		if q.Other {
			s.FormGroup.AfterInput.HTML = other().HTML
		}
		return s.Render()
	}
	i := govuk.Input{Name: q.Name, ID: q.Name, Value: a.value(q.Name), Label: l, Hint: hint, ErrorMessage: message}
	switch q.Type {
	case kind.Money, kind.Number, kind.Percent:
		i.Classes, i.Inputmode = "govuk-input--width-10", "decimal"
		i.Prefix, i.Suffix = govuk.Affix{Text: q.Prefix}, govuk.Affix{Text: q.Suffix}
	case kind.Email:
		i.Type, i.Autocomplete = "email", "off"
	case kind.Link:
		i.Type, i.Autocomplete = "url", "off"
	default:
		i.Autocomplete = "off"
	}
	if q.Check == kind.Colour {
		i.Classes, i.Attributes = "govuk-input--width-10", govuk.Attributes{"data-contrast": ""}
	}
	return i.Render()
}

// lookup draws a field that names another record. A script offers names as they are typed; without one the words are looked up when
// the form is sent.
func (a *asked) lookup(q kind.Question, l govuk.Label, hint govuk.Hint, message govuk.ErrorMessage) template.HTML {
	if hint.Text != "" {
		hint.Text += " "
	}
	hint.Text += "Write its name, or a part of it."
	ask := url.Values{}
	for _, to := range q.To {
		ask.Add("kind", string(to))
	}
	at := "/suggest"
	if rest := a.l.to(""); rest != "" {
		at += rest + "&" + ask.Encode()
	} else {
		at += "?" + ask.Encode()
	}
	hidden := `<input type="hidden" name="` + template.HTMLEscapeString(q.Name+".id") + `" value="` + template.HTMLEscapeString(a.value(q.Name+".id")) + `">`
	return govuk.Input{
		Name: q.Name, ID: q.Name, Value: a.value(q.Name), Label: l, Hint: hint, ErrorMessage: message, Autocomplete: "off",
		Attributes: govuk.Attributes{"data-suggest": at, "data-suggest-into": q.Name + ".id"},
		FormGroup:  govuk.FormGroup{AfterInput: govuk.Content{HTML: template.HTML(hidden) + a.choices(q)}}, // #nosec G203 -- made of an escaped value above
	}.Render()
}

// choices draws what may have been meant, where a name did not say.
func (a *asked) choices(q kind.Question) (out template.HTML) {
	for _, f := range a.faults.Of(q.Name) {
		if f.Choose == "" {
			continue
		}
		r := govuk.Radios{Name: f.Choose, IDPrefix: f.Choose, Value: a.value(f.Choose), Classes: "govuk-radios--small", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: f.Message}}}
		for _, c := range f.Matches {
			r.Items = append(r.Items, govuk.Radio{Text: c.Text, Value: c.Value, Hint: govuk.Hint{Text: c.Note}})
		}
		r.Items = append(r.Items, govuk.Radio{Text: "None of these: the name above is corrected", Value: ""})
		out += r.Render()
	}
	return out
}

// date draws the three boxes of a date, how exactly it is known, and the second date of one that lies between two.
func (a *asked) date(q kind.Question, legend govuk.Fieldset, hint govuk.Hint, message govuk.ErrorMessage, marked func(string) bool) template.HTML {
	boxes := func(which string) []govuk.DatePart {
		var out []govuk.DatePart
		for _, p := range []struct{ name, label, width string }{{"day", "Day", "2"}, {"month", "Month", "4"}, {"year", "Year", "4"}} {
			name := q.Name + "." + p.name + which
			wrong := marked(name)
			out = append(out, govuk.DatePart{ID: name, Name: name, Label: p.label, Value: a.value(name), Error: &wrong, Inputmode: "text", Classes: "govuk-input--width-" + p.width, Autocomplete: "off"})
		}
		return out
	}
	hint.Text = strings.TrimSpace(hint.Text + " For example 27 3 2015. A month can be written as a word.")
	legend.Legend.Classes = "govuk-fieldset__legend--s"
	first := govuk.DateInput{ID: q.Name, Items: boxes(""), Fieldset: legend, Hint: hint, ErrorMessage: message}
	how := a.value(q.Name + ".how")
	exact := govuk.Radios{Name: q.Name + ".how", IDPrefix: q.Name + ".how", Classes: "govuk-radios--small", Value: how, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "How exactly is it known?"}}}
	for i, o := range q.Options {
		item := govuk.Radio{Text: o.Text, Value: o.Value}
		if i == 0 && how == "" {
			yes := true
			item.Checked = &yes
		}
		exact.Items = append(exact.Items, item)
	}
	second := govuk.DateInput{ID: q.Name + "2", Items: boxes("2"), Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "The second date"}}, Hint: govuk.Hint{Text: "Only where it lies between two dates."}}
	more := govuk.Details{SummaryText: "The exact day is not known, or not agreed yet", HTML: exact.Render() + second.Render(), Open: how != "" && how != "day"}
	return template.HTML(`<div class="date">`) + first.Render() + more.Render() + template.HTML(`</div>`)
}
