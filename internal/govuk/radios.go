package govuk

import (
	"cmp"
	"html/template"
)

// Radios ask for one of several answers.
type Radios struct {
	Fieldset     Fieldset     `json:"fieldset"`
	Hint         Hint         `json:"hint"`
	ErrorMessage ErrorMessage `json:"errorMessage"`
	FormGroup    InputsGroup  `json:"formGroup"`
	IDPrefix     string       `json:"idPrefix"` // the name unless given; the first radio has it as its id
	Name         string       `json:"name"`
	Items        []Radio      `json:"items"`
	Value        string       `json:"value"` // of the radio that is chosen
	Classes      string       `json:"classes"`
	Attributes   Attributes   `json:"attributes"`
}

// Radio is one of the answers, or a divider between them.
type Radio struct {
	Text        string        `json:"text"`
	HTML        template.HTML `json:"html"`
	ID          string        `json:"id"`
	Value       string        `json:"value"`
	Label       Label         `json:"label"` // its classes and attributes
	Hint        Hint          `json:"hint"`
	Divider     string        `json:"divider"` // such as "or"; then the rest does not count
	Checked     *bool         `json:"checked"` // whatever the value of the Radios
	Conditional Conditional   `json:"conditional"`
	Disabled    bool          `json:"disabled"`
	Attributes  Attributes    `json:"attributes"`
}

// Render makes Radios a Component.
func (c Radios) Render() template.HTML { return render(c) }

func (c Radios) write(w *writer) {
	h := help{cmp.Or(c.IDPrefix, c.Name), c.Hint, c.ErrorMessage}
	f := c.Fieldset
	f.DescribedBy = h.describedBy(f.DescribedBy)
	w.fields(c.FormGroup, f, h, func() {
		w.start("div", "govuk-radios", c.Classes)
		w.attr("data-module", "govuk-radios")
		w.attributes(c.Attributes)
		w.content(c.FormGroup.BeforeInputs.Text, c.FormGroup.BeforeInputs.HTML)
		for i, r := range c.Items {
			c.item(w, r, cmp.Or(r.ID, numbered(h.id, i)))
		}
		w.content(c.FormGroup.AfterInputs.Text, c.FormGroup.AfterInputs.HTML)
		w.end("div")
	})
}

func (c Radios) item(w *writer, r Radio, id string) {
	if r.Divider != "" {
		w.element("div", "govuk-radios__divider", r.Divider, "")
		return
	}
	if !given(r.Text, r.HTML) {
		return
	}
	checked := c.Value != "" && r.Value == c.Value
	if r.Checked != nil {
		checked = *r.Checked
	}
	choice{
		block:       "govuk-radios",
		kind:        "radio",
		id:          id,
		name:        c.Name,
		value:       r.Value,
		checked:     checked,
		disabled:    r.Disabled,
		content:     Content{r.Text, r.HTML},
		label:       r.Label,
		hint:        r.Hint,
		conditional: r.Conditional,
		attributes:  r.Attributes,
	}.write(w)
}
