package govuk

import (
	"cmp"
	"html/template"
)

// Breadcrumbs show where a page stands among the others.
type Breadcrumbs struct {
	Items            []Breadcrumb `json:"items"`
	CollapseOnMobile bool         `json:"collapseOnMobile"`
	LabelText        string       `json:"labelText"` // for screen readers; "Breadcrumb" unless given
	Classes          string       `json:"classes"`
	Attributes       Attributes   `json:"attributes"`
}

// Breadcrumb is one of Breadcrumbs. Without an address it is the page that is open.
type Breadcrumb struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Href       string        `json:"href"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes Breadcrumbs a Component.
func (c Breadcrumbs) Render() template.HTML { return render(c) }

func (c Breadcrumbs) write(w *writer) {
	w.start("nav", "govuk-breadcrumbs", c.Classes, when(c.CollapseOnMobile, "govuk-breadcrumbs--collapse-on-mobile"))
	w.attr("aria-label", cmp.Or(c.LabelText, "Breadcrumb"))
	w.attributes(c.Attributes)
	w.start("ol", "govuk-breadcrumbs__list")
	for _, item := range c.Items {
		w.start("li", "govuk-breadcrumbs__list-item")
		if item.Href == "" {
			w.attr("aria-current", "page")
			w.content(item.Text, item.HTML)
		} else {
			w.start("a", "govuk-breadcrumbs__link")
			w.link("href", item.Href)
			w.attributes(item.Attributes)
			w.content(item.Text, item.HTML)
			w.end("a")
		}
		w.end("li")
	}
	w.end("ol")
	w.end("nav")
}
