package govuk

import "html/template"

// Label names a field. Without words it has no HTML.
type Label struct {
	Text          string        `json:"text"`
	HTML          template.HTML `json:"html"`
	For           string        `json:"for"` // the id of the field; components with a label fill it in
	IsPageHeading bool          `json:"isPageHeading"`
	Classes       string        `json:"classes"`
	Attributes    Attributes    `json:"attributes"`
}

// Render makes Label a Component.
func (c Label) Render() template.HTML { return render(c) }

func (c Label) write(w *writer) {
	if !given(c.Text, c.HTML) {
		return
	}
	if c.IsPageHeading {
		w.start("h1", "govuk-label-wrapper")
	}
	w.start("label", "govuk-label", c.Classes)
	w.option("for", c.For)
	w.attributes(c.Attributes)
	w.content(c.Text, c.HTML)
	w.end("label")
	if c.IsPageHeading {
		w.end("h1")
	}
}
