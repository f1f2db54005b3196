package govuk

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
)

// Panel fills the top of a page that says that something was done, or, with the class "govuk-panel--interruption", that asks before it is.
type Panel struct {
	TitleText    string        `json:"titleText"`
	TitleHTML    template.HTML `json:"titleHtml"`
	HeadingLevel int           `json:"headingLevel"` // 1 unless given
	Text         string        `json:"text"`
	HTML         template.HTML `json:"html"`
	Actions      *PanelActions `json:"actions"` // of an interruption alone
	Classes      string        `json:"classes"`
	Attributes   Attributes    `json:"attributes"`
}

// PanelActions are the ways on from an interruption.
type PanelActions struct {
	Items      []PanelAction `json:"items"`
	Classes    string        `json:"classes"`
	Attributes Attributes    `json:"attributes"`
}

// PanelAction is a link, or, without an address or with the type "button", a button.
type PanelAction struct {
	Text       string     `json:"text"`
	Type       string     `json:"type"`
	Href       string     `json:"href"`
	Classes    string     `json:"classes"`
	Attributes Attributes `json:"attributes"`
}

// Render makes Panel a Component.
func (c Panel) Render() template.HTML { return render(c) }

func (c Panel) write(w *writer) {
	interruption := slices.Contains(strings.Fields(c.Classes), "govuk-panel--interruption")
	w.start("div", "govuk-panel", when(!interruption, "govuk-panel--confirmation"), c.Classes)
	w.attributes(c.Attributes)
	w.element(heading(c.HeadingLevel, 1), "govuk-panel__title", c.TitleText, c.TitleHTML)
	if given(c.Text, c.HTML) {
		w.element("div", "govuk-panel__body", c.Text, c.HTML)
	}
	if interruption && c.Actions != nil {
		c.Actions.write(w)
	}
	w.end("div")
}

func (a PanelActions) write(w *writer) {
	w.start("div", "govuk-panel__actions", a.Classes)
	w.attributes(a.Attributes)
	if len(a.Items) > 0 {
		w.start("div", "govuk-button-group")
		for _, item := range a.Items {
			item.write(w)
			w.text(" ")
		}
		w.end("div")
	}
	w.end("div")
}

func (a PanelAction) write(w *writer) {
	if a.Href == "" || a.Type == "button" {
		Button{
			Text:       a.Text,
			Type:       cmp.Or(a.Type, "button"),
			Classes:    spaced("govuk-button--inverse", a.Classes),
			Href:       a.Href,
			Attributes: a.Attributes,
		}.write(w)
		return
	}
	w.start("a", "govuk-link govuk-link--inverse", a.Classes)
	w.link("href", a.Href)
	w.attributes(a.Attributes)
	w.text(a.Text)
	w.end("a")
}
