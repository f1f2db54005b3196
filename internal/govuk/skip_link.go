package govuk

import (
	"cmp"
	"html/template"
)

// SkipLink leads past the navigation to what the page is about.
type SkipLink struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Href       string        `json:"href"` // "#content" unless given
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes SkipLink a Component.
func (c SkipLink) Render() template.HTML { return render(c) }

func (c SkipLink) write(w *writer) {
	w.start("a", "govuk-skip-link", c.Classes)
	w.link("href", cmp.Or(c.Href, "#content"))
	w.attr("data-module", "govuk-skip-link")
	w.attributes(c.Attributes)
	w.content(c.Text, c.HTML)
	w.end("a")
}
