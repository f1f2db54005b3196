package govuk

import (
	"cmp"
	"html/template"
)

// Pagination leads through the pages of a list, or, without Items, to the parts of something before and after this one.
type Pagination struct {
	Items         []PaginationItem `json:"items"`
	Previous      PaginationLink   `json:"previous"`
	Next          PaginationLink   `json:"next"`
	LandmarkLabel string           `json:"landmarkLabel"` // for screen readers; "Pagination" unless given
	Classes       string           `json:"classes"`
	Attributes    Attributes       `json:"attributes"`
}

// PaginationItem is a page, or the dots that stand for those left out.
type PaginationItem struct {
	Number             string     `json:"number"`
	VisuallyHiddenText string     `json:"visuallyHiddenText"` // "Page" and the number unless given
	Href               string     `json:"href"`
	Current            bool       `json:"current"`
	Ellipsis           bool       `json:"ellipsis"`
	Attributes         Attributes `json:"attributes"`
}

// PaginationLink leads to the page before or after. Without an address there is none.
type PaginationLink struct {
	Text       string        `json:"text"` // "Previous page" or "Next page" unless given
	HTML       template.HTML `json:"html"`
	LabelText  string        `json:"labelText"`
	Href       string        `json:"href"`
	Attributes Attributes    `json:"attributes"`
}

// Render makes Pagination a Component.
func (c Pagination) Render() template.HTML { return render(c) }

func (c Pagination) write(w *writer) {
	block := len(c.Items) == 0 && (c.Next.Href != "" || c.Previous.Href != "")
	w.start("nav", "govuk-pagination", when(block, "govuk-pagination--block"), c.Classes)
	w.attr("aria-label", cmp.Or(c.LandmarkLabel, "Pagination"))
	w.attributes(c.Attributes)
	if c.Previous.Href != "" {
		c.Previous.write(w, "prev", block)
	}
	if len(c.Items) > 0 {
		w.start("ul", "govuk-pagination__list")
		for _, item := range c.Items {
			if item.Ellipsis || item.Number != "" {
				item.write(w)
			}
		}
		w.end("ul")
	}
	if c.Next.Href != "" {
		c.Next.write(w, "next", block)
	}
	w.end("nav")
}

func (i PaginationItem) write(w *writer) {
	w.start("li", "govuk-pagination__item", when(i.Current, "govuk-pagination__item--current"), when(i.Ellipsis, "govuk-pagination__item--ellipsis"))
	if i.Ellipsis {
		w.text("⋯")
	} else {
		w.start("a", "govuk-link govuk-pagination__link")
		w.link("href", i.Href)
		w.attr("aria-label", cmp.Or(i.VisuallyHiddenText, "Page "+i.Number))
		if i.Current {
			w.attr("aria-current", "page")
		}
		w.attributes(i.Attributes)
		w.text(i.Number)
		w.end("a")
	}
	w.end("li")
}

// write writes the link with its rel, which is also part of its class: "prev" or "next".
func (l PaginationLink) write(w *writer, rel string, block bool) {
	arrow, word := arrowNext, "Next"
	if rel == "prev" {
		arrow, word = arrowPrevious, "Previous"
	}
	w.start("div", "govuk-pagination__"+rel)
	w.start("a", "govuk-link govuk-pagination__link")
	w.link("href", l.Href)
	w.attr("rel", rel)
	w.attributes(l.Attributes)
	if block || rel == "prev" {
		w.html(arrow)
	}
	w.text(" ")
	w.start("span", "govuk-pagination__link-title", when(block && l.LabelText == "", "govuk-pagination__link-title--decorated"))
	if given(l.Text, l.HTML) {
		w.content(l.Text, l.HTML)
	} else {
		w.text(word)
		w.element("span", "govuk-visually-hidden", " page", "")
	}
	w.end("span")
	if block && l.LabelText != "" {
		w.text(" ")
		w.element("span", "govuk-visually-hidden", ":", "")
		w.text(" ")
		w.element("span", "govuk-pagination__link-label", l.LabelText, "")
	}
	if !block && rel == "next" {
		w.html(arrow)
	}
	w.end("a")
	w.end("div")
}

const (
	arrowPrevious template.HTML = `<svg class="govuk-pagination__icon govuk-pagination__icon--prev" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z"></path></svg>`
	arrowNext     template.HTML = `<svg class="govuk-pagination__icon govuk-pagination__icon--next" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"></path></svg>`
)
