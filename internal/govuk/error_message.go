package govuk

import "html/template"

// ErrorMessage says beside a field what is wrong with it and what to do.
type ErrorMessage struct {
	Text               string        `json:"text"`
	HTML               template.HTML `json:"html"`
	VisuallyHiddenText *string       `json:"visuallyHiddenText"` // before the words, for screen readers; "Error" unless given, none if ""
	ID                 string        `json:"id"`
	Classes            string        `json:"classes"`
	Attributes         Attributes    `json:"attributes"`
}

// Render makes ErrorMessage a Component.
func (c ErrorMessage) Render() template.HTML { return render(c) }

func (c ErrorMessage) given() bool { return given(c.Text, c.HTML) }

func (c ErrorMessage) write(w *writer) {
	hidden := "Error"
	if c.VisuallyHiddenText != nil {
		hidden = *c.VisuallyHiddenText
	}
	w.start("p", "govuk-error-message", c.Classes)
	w.option("id", c.ID)
	w.attributes(c.Attributes)
	if hidden != "" {
		w.element("span", "govuk-visually-hidden", hidden+":", "")
		w.text(" ")
	}
	w.content(c.Text, c.HTML)
	w.end("p")
}
