package govuk

import (
	"cmp"
	"html/template"
	"strconv"
)

// Footer ends every page.
//
// Unlike the macro it shows no crown, no royal arms and no logo of a licence, and says neither that the government holds the copyright nor under which
// licence the content may be used, unless it is told: only the council can know.
type Footer struct {
	Meta             *FooterMeta     `json:"meta"`
	Navigation       []FooterSection `json:"navigation"`
	ContentLicence   Content         `json:"contentLicence"`
	Copyright        Content         `json:"copyright"`
	ContainerClasses string          `json:"containerClasses"`
	Classes          string          `json:"classes"`
	Attributes       Attributes      `json:"attributes"`
}

// FooterMeta is what is said, and linked to, at the foot of every page.
type FooterMeta struct {
	VisuallyHiddenTitle string        `json:"visuallyHiddenTitle"` // for screen readers; "Support links" unless given
	Text                string        `json:"text"`
	HTML                template.HTML `json:"html"`
	Items               []FooterLink  `json:"items"`
}

// FooterSection is a list of links with a heading.
type FooterSection struct {
	Title   string       `json:"title"`
	Columns int          `json:"columns"`
	Width   string       `json:"width"` // of the grid, such as "one-third"; "full" unless given
	Items   []FooterLink `json:"items"`
}

// FooterLink is one link.
type FooterLink struct {
	Text       string     `json:"text"`
	Href       string     `json:"href"`
	Attributes Attributes `json:"attributes"`
}

// Render makes Footer a Component.
func (c Footer) Render() template.HTML { return render(c) }

func (c Footer) write(w *writer) {
	w.start("div", "govuk-footer", c.Classes)
	w.attributes(c.Attributes)
	w.start("div", "govuk-width-container", c.ContainerClasses)
	if len(c.Navigation) > 0 {
		w.start("div", "govuk-footer__navigation")
		for _, s := range c.Navigation {
			s.write(w)
		}
		w.end("div")
		w.start("hr", "govuk-footer__section-break")
	}
	w.start("div", "govuk-footer__meta")
	w.start("div", "govuk-footer__meta-item govuk-footer__meta-item--grow")
	if c.Meta != nil {
		c.Meta.write(w)
	}
	if l := c.ContentLicence; l.given() {
		w.element("span", "govuk-footer__licence-description", l.Text, l.HTML)
	}
	w.end("div")
	if c.Copyright.given() {
		w.element("div", "govuk-footer__meta-item", c.Copyright.Text, c.Copyright.HTML)
	}
	w.end("div")
	w.end("div")
	w.end("div")
}

func (s FooterSection) write(w *writer) {
	w.start("div", "govuk-footer__section", "govuk-grid-column-"+cmp.Or(s.Width, "full"))
	w.element("h2", "govuk-footer__heading govuk-heading-m", s.Title, "")
	if len(s.Items) > 0 {
		columns := ""
		if s.Columns > 0 {
			columns = "govuk-footer__list--columns-" + strconv.Itoa(s.Columns)
		}
		w.start("ul", "govuk-footer__list", columns)
		for _, l := range s.Items {
			if l.Href != "" && l.Text != "" {
				l.write(w, "govuk-footer__list-item")
			}
		}
		w.end("ul")
	}
	w.end("div")
}

func (m FooterMeta) write(w *writer) {
	w.element("h2", "govuk-visually-hidden", cmp.Or(m.VisuallyHiddenTitle, "Support links"), "")
	if len(m.Items) > 0 {
		w.start("ul", "govuk-footer__inline-list")
		for _, l := range m.Items {
			l.write(w, "govuk-footer__inline-list-item")
		}
		w.end("ul")
	}
	if given(m.Text, m.HTML) {
		w.element("div", "govuk-footer__meta-custom", m.Text, m.HTML)
	}
}

func (l FooterLink) write(w *writer, class string) {
	w.start("li", class)
	w.start("a", "govuk-footer__link")
	w.link("href", l.Href)
	w.attributes(l.Attributes)
	w.text(l.Text)
	w.end("a")
	w.end("li")
}
