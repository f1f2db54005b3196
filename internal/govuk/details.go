package govuk

import "html/template"

// Details hides what not everybody needs behind a line that opens it.
type Details struct {
	SummaryText string        `json:"summaryText"`
	SummaryHTML template.HTML `json:"summaryHtml"`
	Text        string        `json:"text"`
	HTML        template.HTML `json:"html"`
	ID          string        `json:"id"`
	Open        bool          `json:"open"`
	Classes     string        `json:"classes"`
	Attributes  Attributes    `json:"attributes"`
}

// Render makes Details a Component.
func (c Details) Render() template.HTML { return render(c) }

func (c Details) write(w *writer) {
	w.start("details", "govuk-details", c.Classes)
	w.option("id", c.ID)
	w.flag("open", c.Open)
	w.attributes(c.Attributes)
	w.start("summary", "govuk-details__summary")
	w.element("span", "govuk-details__summary-text", c.SummaryText, c.SummaryHTML)
	w.end("summary")
	w.element("div", "govuk-details__text", c.Text, c.HTML)
	w.end("details")
}
