package govuk

import "html/template"

// Tag shows the state of something. Its colour is a class, such as "govuk-tag--blue", and never says anything alone.
type Tag struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes Tag a Component.
func (c Tag) Render() template.HTML { return render(c) }

func (c Tag) given() bool { return given(c.Text, c.HTML) }

func (c Tag) write(w *writer) {
	w.start("strong", "govuk-tag", c.Classes)
	w.attributes(c.Attributes)
	w.content(c.Text, c.HTML)
	w.end("strong")
}
