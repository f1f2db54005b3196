package govuk

import (
	"cmp"
	"html/template"
)

// ServiceNavigation names the service at the top of every page and leads to its parts.
//
// Its button, which folds the navigation on a small screen, is hidden and stays so until a script shows it; without one, everything is open.
type ServiceNavigation struct {
	AriaLabel                  string                 `json:"ariaLabel"`       // "Service information" unless given
	MenuButtonText             string                 `json:"menuButtonText"`  // "Menu" unless given
	MenuButtonLabel            string                 `json:"menuButtonLabel"` // for screen readers; the text unless given
	NavigationLabel            string                 `json:"navigationLabel"` // for screen readers; the text of the button unless given
	NavigationID               string                 `json:"navigationId"`    // "navigation" unless given
	NavigationClasses          string                 `json:"navigationClasses"`
	CollapseNavigationOnMobile *bool                  `json:"collapseNavigationOnMobile"` // yes, unless given, for more than one item
	ServiceName                string                 `json:"serviceName"`
	ServiceURL                 string                 `json:"serviceUrl"`
	Navigation                 []NavigationItem       `json:"navigation"`
	Slots                      ServiceNavigationSlots `json:"slots"`
	Classes                    string                 `json:"classes"`
	Attributes                 Attributes             `json:"attributes"`
}

// NavigationItem leads to a part of a service. Current is the page that is open; Active is the part in which it lies.
type NavigationItem struct {
	Text       string        `json:"text"`
	HTML       template.HTML `json:"html"`
	Href       string        `json:"href"`
	Current    bool          `json:"current"`
	Active     bool          `json:"active"`
	Attributes Attributes    `json:"attributes"`
}

// ServiceNavigationSlots is further markup, by its place. Start and End lie outside of the list, the others are items of it.
type ServiceNavigationSlots struct {
	Start           template.HTML `json:"start"`
	End             EndSlot       `json:"end"`
	NavigationStart template.HTML `json:"navigationStart"`
	NavigationEnd   template.HTML `json:"navigationEnd"`
}

// EndSlot comes last, below the list, or, with Align "inline", beside it.
type EndSlot struct {
	HTML  template.HTML `json:"html"`
	Align string        `json:"align"`
}

// Render makes ServiceNavigation a Component.
func (c ServiceNavigation) Render() template.HTML { return render(c) }

func (c ServiceNavigation) write(w *writer) {
	tag := "div"
	if c.ServiceName != "" || c.Slots.Start != "" || c.Slots.End.HTML != "" {
		tag = "section" // a landmark, which the nav alone would be otherwise
	}
	w.start(tag, "govuk-service-navigation", c.Classes)
	if tag == "section" {
		w.attr("aria-label", cmp.Or(c.AriaLabel, "Service information"))
	}
	w.attr("data-module", "govuk-service-navigation")
	w.attributes(c.Attributes)
	w.start("div", "govuk-width-container", when(c.Slots.End.Align == "inline", "govuk-service-navigation__inlining-container"))
	w.html(c.Slots.Start)
	w.start("div", "govuk-service-navigation__container")
	c.name(w)
	c.list(w)
	w.end("div")
	w.html(c.Slots.End.HTML)
	w.end("div")
	w.end(tag)
}

func (c ServiceNavigation) name(w *writer) {
	if c.ServiceName == "" {
		return
	}
	w.start("span", "govuk-service-navigation__service-name")
	if c.ServiceURL != "" {
		w.start("a", "govuk-service-navigation__link")
		w.link("href", c.ServiceURL)
		w.text(c.ServiceName)
		w.end("a")
	} else {
		w.element("span", "govuk-service-navigation__text", c.ServiceName, "")
	}
	w.end("span")
}

func (c ServiceNavigation) list(w *writer) {
	var items []NavigationItem
	for _, item := range c.Navigation {
		if given(item.Text, item.HTML) {
			items = append(items, item)
		}
	}
	if len(items) == 0 && c.Slots.NavigationStart == "" && c.Slots.NavigationEnd == "" {
		return
	}
	text, id := cmp.Or(c.MenuButtonText, "Menu"), cmp.Or(c.NavigationID, "navigation")
	w.start("nav", "govuk-service-navigation__wrapper", c.NavigationClasses)
	w.attr("aria-label", cmp.Or(c.NavigationLabel, text))
	collapse := len(items) > 1
	if c.CollapseNavigationOnMobile != nil {
		collapse = *c.CollapseNavigationOnMobile
	}
	if collapse {
		w.start("button", "govuk-service-navigation__toggle govuk-js-service-navigation-toggle")
		w.attr("type", "button")
		w.attr("aria-controls", id)
		if c.MenuButtonLabel != text {
			w.option("aria-label", c.MenuButtonLabel)
		}
		w.flag("hidden", true)
		w.attr("aria-hidden", "true")
		w.text(text)
		w.end("button")
	}
	w.start("ul", "govuk-service-navigation__list")
	w.attr("id", id)
	w.html(c.Slots.NavigationStart)
	for _, item := range items {
		item.write(w)
	}
	w.html(c.Slots.NavigationEnd)
	w.end("ul")
	w.end("nav")
}

func (i NavigationItem) write(w *writer) {
	current := ""
	switch {
	case i.Current:
		current = "page"
	case i.Active:
		current = "true"
	}
	w.start("li", "govuk-service-navigation__item", when(current != "", "govuk-service-navigation__item--active"))
	tag := "span"
	if i.Href != "" {
		tag = "a"
		w.start(tag, "govuk-service-navigation__link")
		w.link("href", i.Href)
		w.option("aria-current", current)
		w.attributes(i.Attributes)
	} else {
		w.start(tag, "govuk-service-navigation__text")
		w.option("aria-current", current)
	}
	if current != "" {
		w.element("strong", "govuk-service-navigation__active-fallback", i.Text, i.HTML)
	} else {
		w.content(i.Text, i.HTML)
	}
	w.end(tag)
	w.end("li")
}
