package govuk

import (
	"cmp"
	"html/template"
)

// Button sends a form, or, with Href, is a link that looks like a button.
type Button struct {
	Text               string        `json:"text"`
	HTML               template.HTML `json:"html"`
	Type               string        `json:"type"` // "submit" unless given
	Name               string        `json:"name"`
	Value              string        `json:"value"`
	Disabled           bool          `json:"disabled"`
	Href               string        `json:"href"`
	PreventDoubleClick *bool         `json:"preventDoubleClick"`
	IsStartButton      bool          `json:"isStartButton"`
	ID                 string        `json:"id"`
	Classes            string        `json:"classes"`
	Attributes         Attributes    `json:"attributes"`
}

// Render makes Button a Component.
func (c Button) Render() template.HTML { return render(c) }

func (c Button) write(w *writer) {
	tag := "button"
	if c.Href != "" {
		tag = "a"
	}
	w.start(tag, "govuk-button", c.Classes, when(c.IsStartButton, "govuk-button--start"))
	if c.Href != "" {
		w.link("href", c.Href)
		w.attr("role", "button")
		w.attr("draggable", "false")
	} else {
		w.attr("type", cmp.Or(c.Type, "submit"))
		w.option("value", c.Value)
		w.option("name", c.Name)
		if c.Disabled {
			w.flag("disabled", true)
			w.attr("aria-disabled", "true")
		}
		w.answer("data-prevent-double-click", c.PreventDoubleClick)
	}
	w.attr("data-module", "govuk-button")
	w.option("id", c.ID)
	w.attributes(c.Attributes)
	if c.IsStartButton && c.HTML != "" {
		w.element("span", "", "", c.HTML)
	} else {
		w.content(c.Text, c.HTML)
	}
	if c.IsStartButton {
		w.html(startArrow)
	}
	w.end(tag)
}

const startArrow = `<svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19" viewBox="0 0 33 40" aria-hidden="true" focusable="false"><path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z"/></svg>`
