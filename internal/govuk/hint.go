package govuk

import "html/template"

// Hint helps people to answer.
type Hint struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	ID         string        `json:"id"`
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes Hint a Component.
func (c Hint) Render() template.HTML { return render(c) }

func (c Hint) given() bool { return given(c.Text, c.HTML) }

func (c Hint) write(w *writer) {
	w.start("div", "govuk-hint", c.Classes)
	w.option("id", c.ID)
	w.attributes(c.Attributes)
	w.content(c.Text, c.HTML)
	w.end("div")
}
