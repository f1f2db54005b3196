package govuk

import (
	"cmp"
	"html/template"
)

// GenericHeader heads every page with a name that is not GOV.UK.
type GenericHeader struct {
	URL              string        `json:"url"` // "/" unless given
	LogoText         string        `json:"logoText"`
	LogoHTML         template.HTML `json:"logoHtml"`
	ContainerClasses string        `json:"containerClasses"`
	Classes          string        `json:"classes"`
	Attributes       Attributes    `json:"attributes"`
}

// Render makes GenericHeader a Component.
func (c GenericHeader) Render() template.HTML { return render(c) }

func (c GenericHeader) write(w *writer) {
	w.start("div", "govuk-generic-header", c.Classes)
	w.attributes(c.Attributes)
	w.start("div", "govuk-generic-header__container", cmp.Or(c.ContainerClasses, "govuk-width-container"))
	w.start("div", "govuk-generic-header__logo")
	w.start("a", "govuk-generic-header__homepage-link")
	w.link("href", cmp.Or(c.URL, "/"))
	w.content(c.LogoText, c.LogoHTML)
	w.end("a")
	w.end("div")
	w.end("div")
	w.end("div")
}
