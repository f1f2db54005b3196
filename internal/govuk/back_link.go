package govuk

import (
	"cmp"
	"html/template"
)

// BackLink leads to the page before, at the top of a page in a journey. Its words are "Back" unless it has others.
type BackLink struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Href       string        `json:"href"`
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes BackLink a Component.
func (c BackLink) Render() template.HTML { return render(c) }

func (c BackLink) write(w *writer) {
	w.start("a", "govuk-back-link", c.Classes)
	w.link("href", cmp.Or(c.Href, "#"))
	w.attributes(c.Attributes)
	w.content(cmp.Or(c.Text, "Back"), c.HTML)
	w.end("a")
}
