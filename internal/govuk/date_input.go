package govuk

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DateInput asks for a date that people know, in three numbers. A date of fewer parts has Items of its own.
type DateInput struct {
	ID           string            `json:"id"`
	NamePrefix   string            `json:"namePrefix"`
	Items        []DatePart        `json:"items"` // Day, Month and Year unless given
	Day          DatePart          `json:"day"`
	Month        DatePart          `json:"month"`
	Year         DatePart          `json:"year"`
	Values       map[string]string `json:"values"` // by the name of the part, with the prefix
	Fieldset     Fieldset          `json:"fieldset"`
	Hint         Hint              `json:"hint"`
	ErrorMessage ErrorMessage      `json:"errorMessage"`
	FormGroup    InputsGroup       `json:"formGroup"`
	Classes      string            `json:"classes"`
	Attributes   Attributes        `json:"attributes"`
}

// DatePart is one of the numbers. The parts named "day", "month" and "year" know how wide they are.
type DatePart struct {
	ID           string     `json:"id"` // that of the DateInput and the name unless given
	Name         string     `json:"name"`
	Label        string     `json:"label"` // the name unless given
	Value        string     `json:"value"`
	Error        *bool      `json:"error"` // all parts unless given for one of them, when the DateInput has an error message
	Autocomplete string     `json:"autocomplete"`
	Pattern      string     `json:"pattern"`
	Inputmode    string     `json:"inputmode"` // "numeric" unless given
	Classes      string     `json:"classes"`
	Attributes   Attributes `json:"attributes"`
}

// Render makes DateInput a Component.
func (c DateInput) Render() template.HTML { return render(c) }

func (c DateInput) write(w *writer) {
	h := help{c.ID, c.Hint, c.ErrorMessage}
	f := c.Fieldset
	f.DescribedBy = h.describedBy(f.DescribedBy)
	f.Role = "group" // or JAWS would not read what describes it
	parts := c.parts()
	all := c.ErrorMessage.given() && !slices.ContainsFunc(parts, DatePart.wrong)
	w.fields(c.FormGroup, f, h, func() {
		w.start("div", "govuk-date-input", c.Classes)
		w.option("id", c.ID)
		w.attributes(c.Attributes)
		w.content(c.FormGroup.BeforeInputs.Text, c.FormGroup.BeforeInputs.HTML)
		for _, p := range parts {
			c.part(w, p, p.wrong() || all && p.Error == nil)
		}
		w.content(c.FormGroup.AfterInputs.Text, c.FormGroup.AfterInputs.HTML)
		w.end("div")
	})
}

// wrong says whether this part is said to be wrong, and not only the date.
func (p DatePart) wrong() bool {
	return p.Error != nil && *p.Error || strings.Contains(p.Classes, "govuk-input--error")
}

// parts gives what is asked for, each with its name and a value if it has one.
func (c DateInput) parts() []DatePart {
	three := []DatePart{c.Day, c.Month, c.Year}
	for i, name := range []string{"day", "month", "year"} {
		three[i].Name = cmp.Or(three[i].Name, name)
	}
	if len(c.Items) == 0 {
		return three
	}
	parts := slices.Clone(c.Items)
	for i := range parts {
		for _, t := range three {
			if t.Name == parts[i].Name {
				parts[i].Value = cmp.Or(parts[i].Value, t.Value)
			}
		}
	}
	return parts
}

func (c DateInput) part(w *writer, p DatePart, wrong bool) {
	has := func(class string) bool { return strings.Contains(p.Classes, class) }
	width := "govuk-input--width-2"
	if p.Name == cmp.Or(c.Year.Name, "year") {
		width = "govuk-input--width-4"
	}
	name := p.Name
	if c.NamePrefix != "" {
		name = c.NamePrefix + "-" + name
	}
	w.start("div", "govuk-date-input__item")
	Input{
		Label: Label{Text: cmp.Or(p.Label, capital(p.Name)), Classes: "govuk-date-input__label"},
		ID:    cmp.Or(p.ID, c.ID+"-"+p.Name),
		Classes: spaced("govuk-date-input__input",
			when(wrong && !has("govuk-input--error"), "govuk-input--error"),
			when(!has("govuk-input--width-"), width),
			p.Classes),
		Name:         name,
		Value:        cmp.Or(p.Value, c.Values[name]),
		Inputmode:    cmp.Or(p.Inputmode, "numeric"),
		Autocomplete: p.Autocomplete,
		Pattern:      p.Pattern,
		Attributes:   p.Attributes,
	}.write(w)
	w.end("div")
}

// capital writes a name as a label: "Day".
func capital(name string) string {
	if name == "" {
		return ""
	}
	first, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + strings.ToLower(name[n:])
}
