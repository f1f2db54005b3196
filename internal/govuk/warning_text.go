package govuk

import (
	"cmp"
	"html/template"
)

// WarningText warns of consequences.
type WarningText struct {
	Text             string        `json:"text"`
	HTML             template.HTML `json:"html"`
	IconFallbackText string        `json:"iconFallbackText"` // for screen readers; "Warning" unless given
	Classes          string        `json:"classes"`
	Attributes       Attributes    `json:"attributes"`
}

// Render makes WarningText a Component.
func (c WarningText) Render() template.HTML { return render(c) }

func (c WarningText) write(w *writer) {
	w.start("div", "govuk-warning-text", c.Classes)
	w.attributes(c.Attributes)
	w.start("span", "govuk-warning-text__icon")
	w.attr("aria-hidden", "true")
	w.text("!")
	w.end("span")
	w.text(" ")
	w.start("strong", "govuk-warning-text__text")
	w.element("span", "govuk-visually-hidden", cmp.Or(c.IconFallbackText, "Warning"), "")
	w.text(" ")
	w.content(c.Text, c.HTML)
	w.end("strong")
	w.end("div")
}
