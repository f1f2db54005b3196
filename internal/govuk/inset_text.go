package govuk

import "html/template"

// InsetText sets a passage apart from those around it.
type InsetText struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	ID         string        `json:"id"`
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes InsetText a Component.
func (c InsetText) Render() template.HTML { return render(c) }

func (c InsetText) write(w *writer) {
	w.start("div", "govuk-inset-text", c.Classes)
	w.option("id", c.ID)
	w.attributes(c.Attributes)
	w.content(c.Text, c.HTML)
	w.end("div")
}
