package govuk

import "html/template"

// PhaseBanner says that a service is still being worked on.
type PhaseBanner struct {
	Tag        Tag           `json:"tag"` // such as "Beta"
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes PhaseBanner a Component.
func (c PhaseBanner) Render() template.HTML { return render(c) }

func (c PhaseBanner) write(w *writer) {
	w.start("div", "govuk-phase-banner govuk-width-container", c.Classes)
	w.attributes(c.Attributes)
	w.start("p", "govuk-phase-banner__content")
	tag := c.Tag
	tag.Classes = spaced("govuk-phase-banner__content__tag", tag.Classes)
	tag.write(w)
	w.text(" ")
	w.element("span", "govuk-phase-banner__text", c.Text, c.HTML)
	w.end("p")
	w.end("div")
}
