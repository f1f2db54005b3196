package govuk

import (
	"cmp"
	"html/template"
	"strconv"
	"strings"
)

// Textarea asks for more than a line of text.
type Textarea struct {
	ID           string       `json:"id"` // the name unless given
	Name         string       `json:"name"`
	Spellcheck   *bool        `json:"spellcheck"`
	Rows         int          `json:"rows"` // 5 unless given
	Value        string       `json:"value"`
	Disabled     bool         `json:"disabled"`
	DescribedBy  string       `json:"describedBy"`
	Label        Label        `json:"label"`
	Hint         Hint         `json:"hint"`
	ErrorMessage ErrorMessage `json:"errorMessage"`
	FormGroup    FormGroup    `json:"formGroup"`
	Autocomplete string       `json:"autocomplete"`
	Classes      string       `json:"classes"`
	Attributes   Attributes   `json:"attributes"`
}

// Render makes Textarea a Component.
func (c Textarea) Render() template.HTML { return render(c) }

func (c Textarea) write(w *writer) {
	h := help{cmp.Or(c.ID, c.Name), c.Hint, c.ErrorMessage}
	w.field(c.FormGroup, c.Label, h, func() {
		w.content(c.FormGroup.BeforeInput.Text, c.FormGroup.BeforeInput.HTML)
		w.start("textarea", "govuk-textarea", when(c.ErrorMessage.given(), "govuk-textarea--error"), c.Classes)
		w.attr("id", h.id)
		w.attr("name", c.Name)
		w.attr("rows", strconv.Itoa(cmp.Or(c.Rows, 5)))
		w.answer("spellcheck", c.Spellcheck)
		w.flag("disabled", c.Disabled)
		w.option("aria-describedby", h.describedBy(c.DescribedBy))
		w.option("autocomplete", c.Autocomplete)
		w.attributes(c.Attributes)
		if strings.HasPrefix(c.Value, "\n") || strings.HasPrefix(c.Value, "\r") {
			w.text("\n") // a browser drops the first line break, and should not drop one that was typed
		}
		w.text(c.Value)
		w.end("textarea")
		w.content(c.FormGroup.AfterInput.Text, c.FormGroup.AfterInput.HTML)
	})
}
