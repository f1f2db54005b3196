package govuk

import "html/template"

// ErrorSummary stands at the top of a form that was refused, and leads to each field in which something is wrong.
type ErrorSummary struct {
	TitleText        string        `json:"titleText"`
	TitleHTML        template.HTML `json:"titleHtml"`
	DescriptionText  string        `json:"descriptionText"`
	DescriptionHTML  template.HTML `json:"descriptionHtml"`
	ErrorList        []ErrorLink   `json:"errorList"`
	DisableAutoFocus *bool         `json:"disableAutoFocus"`
	Classes          string        `json:"classes"`
	Attributes       Attributes    `json:"attributes"`
}

// ErrorLink is one thing that is wrong. Href is the field: "#" and its id.
type ErrorLink struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Href       string        `json:"href"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes ErrorSummary a Component.
func (c ErrorSummary) Render() template.HTML { return render(c) }

func (c ErrorSummary) write(w *writer) {
	w.start("div", "govuk-error-summary", c.Classes)
	w.answer("data-disable-auto-focus", c.DisableAutoFocus)
	w.attr("data-module", "govuk-error-summary")
	w.attributes(c.Attributes)
	w.start("div")
	w.attr("role", "alert")
	w.element("h2", "govuk-error-summary__title", c.TitleText, c.TitleHTML)
	w.start("div", "govuk-error-summary__body")
	if given(c.DescriptionText, c.DescriptionHTML) {
		w.element("p", "", c.DescriptionText, c.DescriptionHTML)
	}
	if len(c.ErrorList) > 0 {
		w.start("ul", "govuk-list govuk-error-summary__list")
		for _, e := range c.ErrorList {
			w.start("li")
			if e.Href == "" {
				w.content(e.Text, e.HTML)
			} else {
				w.start("a")
				w.link("href", e.Href)
				w.attributes(e.Attributes)
				w.content(e.Text, e.HTML)
				w.end("a")
			}
			w.end("li")
		}
		w.end("ul")
	}
	w.end("div")
	w.end("div")
	w.end("div")
}
