package govuk

import (
	"cmp"
	"html/template"
)

// NotificationBanner says something that is not about this page alone, or, with the type "success", that what was asked for was done.
type NotificationBanner struct {
	Text              string        `json:"text"`
	HTML              template.HTML `json:"html"`
	TitleText         string        `json:"titleText"` // "Important", or "Success", unless given
	TitleHTML         template.HTML `json:"titleHtml"`
	TitleHeadingLevel int           `json:"titleHeadingLevel"` // 2 unless given
	TitleID           string        `json:"titleId"`
	Type              string        `json:"type"` // "success" or nothing
	Role              string        `json:"role"` // "region", or "alert" for success, unless given
	DisableAutoFocus  *bool         `json:"disableAutoFocus"`
	Classes           string        `json:"classes"`
	Attributes        Attributes    `json:"attributes"`
}

// Render makes NotificationBanner a Component.
func (c NotificationBanner) Render() template.HTML { return render(c) }

func (c NotificationBanner) write(w *writer) {
	class, role, title := "", "region", "Important"
	if c.Type == "success" {
		class, role, title = "govuk-notification-banner--success", "alert", "Success"
	}
	id := cmp.Or(c.TitleID, "govuk-notification-banner-title")
	w.start("div", "govuk-notification-banner", class, c.Classes)
	w.attr("role", cmp.Or(c.Role, role))
	w.attr("aria-labelledby", id)
	w.attr("data-module", "govuk-notification-banner")
	w.answer("data-disable-auto-focus", c.DisableAutoFocus)
	w.attributes(c.Attributes)
	w.start("div", "govuk-notification-banner__header")
	h := heading(c.TitleHeadingLevel, 2)
	w.start(h, "govuk-notification-banner__title")
	w.attr("id", id)
	w.content(cmp.Or(c.TitleText, title), c.TitleHTML)
	w.end(h)
	w.end("div")
	w.start("div", "govuk-notification-banner__content")
	switch {
	case c.HTML != "":
		w.html(c.HTML)
	case c.Text != "":
		w.element("p", "govuk-notification-banner__heading", c.Text, "")
	}
	w.end("div")
	w.end("div")
}
