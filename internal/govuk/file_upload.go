package govuk

import (
	"cmp"
	"html/template"
)

// FileUpload asks for a file. It is the browser's own control: the parameters for the one that govuk-frontend makes with a
// script are left out.
type FileUpload struct {
	ID           string       `json:"id"` // the name unless given
	Name         string       `json:"name"`
	Disabled     bool         `json:"disabled"`
	Multiple     bool         `json:"multiple"`
	DescribedBy  string       `json:"describedBy"`
	Label        Label        `json:"label"`
	Hint         Hint         `json:"hint"`
	ErrorMessage ErrorMessage `json:"errorMessage"`
	FormGroup    FormGroup    `json:"formGroup"`
	Classes      string       `json:"classes"`
	Attributes   Attributes   `json:"attributes"`
}

// Render makes FileUpload a Component.
func (c FileUpload) Render() template.HTML { return render(c) }

func (c FileUpload) write(w *writer) {
	h := help{cmp.Or(c.ID, c.Name), c.Hint, c.ErrorMessage}
	w.field(c.FormGroup, c.Label, h, func() {
		w.content(c.FormGroup.BeforeInput.Text, c.FormGroup.BeforeInput.HTML)
		w.start("input", "govuk-file-upload", c.Classes, when(c.ErrorMessage.given(), "govuk-file-upload--error"))
		w.attr("id", h.id)
		w.attr("name", c.Name)
		w.attr("type", "file")
		w.flag("disabled", c.Disabled)
		w.flag("multiple", c.Multiple)
		w.option("aria-describedby", h.describedBy(c.DescribedBy))
		w.attributes(c.Attributes)
		w.content(c.FormGroup.AfterInput.Text, c.FormGroup.AfterInput.HTML)
	})
}
