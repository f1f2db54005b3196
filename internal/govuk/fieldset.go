package govuk

import "html/template"

// Fieldset holds fields that answer one question, which is its legend.
type Fieldset struct {
	DescribedBy string        `json:"describedBy"`
	Legend      Legend        `json:"legend"`
	Role        string        `json:"role"`
	HTML        template.HTML `json:"html"`
	Classes     string        `json:"classes"`
	Attributes  Attributes    `json:"attributes"`
}

// Legend is the question of a Fieldset.
type Legend struct {
	Text          string        `json:"text"`
	HTML          template.HTML `json:"html"`
	IsPageHeading bool          `json:"isPageHeading"`
	Classes       string        `json:"classes"`
}

// Render makes Fieldset a Component.
func (c Fieldset) Render() template.HTML { return render(c) }

// given says whether a component that may have a fieldset has one. One without a legend would have no name.
func (c Fieldset) given() bool { return c.Legend.given() }

func (l Legend) given() bool { return given(l.Text, l.HTML) }

func (c Fieldset) write(w *writer) {
	c.around(w, func() { w.html(c.HTML) })
}

// around writes the fieldset with what inner writes in it.
func (c Fieldset) around(w *writer, inner func()) {
	w.start("fieldset", "govuk-fieldset", c.Classes)
	w.option("role", c.Role)
	w.option("aria-describedby", c.DescribedBy)
	w.attributes(c.Attributes)
	if l := c.Legend; l.given() {
		w.start("legend", "govuk-fieldset__legend", l.Classes)
		if l.IsPageHeading {
			w.element("h1", "govuk-fieldset__heading", l.Text, l.HTML)
		} else {
			w.content(l.Text, l.HTML)
		}
		w.end("legend")
	}
	inner()
	w.end("fieldset")
}
