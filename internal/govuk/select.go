package govuk

import (
	"cmp"
	"html/template"
)

// Select asks for one of many answers.
type Select struct {
	ID           string       `json:"id"` // the name unless given
	Name         string       `json:"name"`
	Items        []Option     `json:"items"`
	Value        string       `json:"value"` // of the option that is selected
	Disabled     bool         `json:"disabled"`
	DescribedBy  string       `json:"describedBy"`
	Label        Label        `json:"label"`
	Hint         Hint         `json:"hint"`
	ErrorMessage ErrorMessage `json:"errorMessage"`
	FormGroup    FormGroup    `json:"formGroup"`
	Classes      string       `json:"classes"`
	Attributes   Attributes   `json:"attributes"`
}

// Option is one of the answers. Its value is always sent, and may be empty: "Choose a post" is no answer.
type Option struct {
	Value      string     `json:"value"`
	Text       string     `json:"text"`
	Selected   *bool      `json:"selected"` // whatever the value of the Select
	Disabled   bool       `json:"disabled"`
	Attributes Attributes `json:"attributes"`
}

// Render makes Select a Component.
func (c Select) Render() template.HTML { return render(c) }

func (c Select) write(w *writer) {
	h := help{cmp.Or(c.ID, c.Name), c.Hint, c.ErrorMessage}
	w.field(c.FormGroup, c.Label, h, func() {
		w.content(c.FormGroup.BeforeInput.Text, c.FormGroup.BeforeInput.HTML)
		w.start("select", "govuk-select", c.Classes, when(c.ErrorMessage.given(), "govuk-select--error"))
		w.attr("id", h.id)
		w.attr("name", c.Name)
		w.flag("disabled", c.Disabled)
		w.option("aria-describedby", h.describedBy(c.DescribedBy))
		w.attributes(c.Attributes)
		for _, o := range c.Items {
			o.write(w, c.Value != "" && o.Value == c.Value)
		}
		w.end("select")
		w.content(c.FormGroup.AfterInput.Text, c.FormGroup.AfterInput.HTML)
	})
}

func (o Option) write(w *writer, selected bool) {
	if o.Selected != nil {
		selected = *o.Selected
	}
	w.start("option")
	w.attr("value", o.Value)
	w.flag("selected", selected)
	w.flag("disabled", o.Disabled)
	w.attributes(o.Attributes)
	w.text(o.Text)
	w.end("option")
}
