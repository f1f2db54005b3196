package govuk

import (
	"cmp"
	"html/template"
)

// Input asks for a line of text.
type Input struct {
	ID             string       `json:"id"` // the name unless given
	Name           string       `json:"name"`
	Type           string       `json:"type"` // "text" unless given
	Inputmode      string       `json:"inputmode"`
	Value          string       `json:"value"`
	Disabled       bool         `json:"disabled"`
	DescribedBy    string       `json:"describedBy"`
	Label          Label        `json:"label"`
	Hint           Hint         `json:"hint"`
	ErrorMessage   ErrorMessage `json:"errorMessage"`
	Prefix         Affix        `json:"prefix"`
	Suffix         Affix        `json:"suffix"`
	FormGroup      FormGroup    `json:"formGroup"`
	Autocomplete   string       `json:"autocomplete"`
	Pattern        string       `json:"pattern"`
	Spellcheck     *bool        `json:"spellcheck"`
	Autocapitalize string       `json:"autocapitalize"`
	InputWrapper   InputWrapper `json:"inputWrapper"`
	Classes        string       `json:"classes"`
	Attributes     Attributes   `json:"attributes"`
}

// Affix stands directly before or after an Input, such as "£". Screen readers do not say it, so the label must.
type Affix struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// InputWrapper is the element around an Input and what stands directly before and after it, if anything does.
type InputWrapper struct {
	Classes    string     `json:"classes"`
	Attributes Attributes `json:"attributes"`
}

// Render makes Input a Component.
func (c Input) Render() template.HTML { return render(c) }

func (c Input) write(w *writer) {
	h := help{cmp.Or(c.ID, c.Name), c.Hint, c.ErrorMessage}
	w.field(c.FormGroup, c.Label, h, func() {
		before, after := c.FormGroup.BeforeInput, c.FormGroup.AfterInput
		wrapped := before.given() || c.Prefix.given() || c.Suffix.given() || after.given()
		if wrapped {
			w.start("div", "govuk-input__wrapper", c.InputWrapper.Classes)
			w.attributes(c.InputWrapper.Attributes)
		}
		w.content(before.Text, before.HTML)
		c.Prefix.write(w, "govuk-input__prefix")
		c.input(w, h)
		c.Suffix.write(w, "govuk-input__suffix")
		w.content(after.Text, after.HTML)
		if wrapped {
			w.end("div")
		}
	})
}

func (c Input) input(w *writer, h help) {
	w.start("input", "govuk-input", c.Classes, when(c.ErrorMessage.given(), "govuk-input--error"))
	w.attr("id", h.id)
	w.attr("name", c.Name)
	w.attr("type", cmp.Or(c.Type, "text"))
	w.answer("spellcheck", c.Spellcheck)
	w.option("value", c.Value)
	w.flag("disabled", c.Disabled)
	w.option("aria-describedby", h.describedBy(c.DescribedBy))
	w.option("autocomplete", c.Autocomplete)
	w.option("autocapitalize", c.Autocapitalize)
	w.option("pattern", c.Pattern)
	w.option("inputmode", c.Inputmode)
	w.attributes(c.Attributes)
}

func (a Affix) given() bool { return given(a.Text, a.HTML) }

func (a Affix) write(w *writer, class string) {
	if !a.given() {
		return
	}
	w.start("div", class, a.Classes)
	w.attr("aria-hidden", "true")
	w.attributes(a.Attributes)
	w.content(a.Text, a.HTML)
	w.end("div")
}
