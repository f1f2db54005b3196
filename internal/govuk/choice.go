package govuk

import (
	"html/template"
	"strconv"
)

// Conditional is what is asked besides when a radio or checkbox is chosen. Without a script it is always shown.
type Conditional struct {
	HTML template.HTML `json:"html"`
}

// choice is a radio or a checkbox.
type choice struct {
	block, kind     string // of class and input: "govuk-radios", "radio"
	id, name, value string
	describedBy     string
	behaviour       string
	checked         bool
	disabled        bool
	content         Content
	label           Label // its classes and attributes
	hint            Hint
	conditional     Conditional
	attributes      Attributes
}

func (c choice) write(w *writer) {
	conditional := "conditional-" + c.id
	hint := when(c.hint.given(), c.id+"-item-hint")
	w.start("div", c.block+"__item")
	w.start("input", c.block+"__input")
	w.attr("id", c.id)
	w.attr("name", c.name)
	w.attr("type", c.kind)
	w.attr("value", c.value)
	w.flag("checked", c.checked)
	w.flag("disabled", c.disabled)
	w.option("data-aria-controls", when(c.conditional.HTML != "", conditional))
	w.option("data-behaviour", c.behaviour)
	w.option("aria-describedby", spaced(c.describedBy, hint))
	w.attributes(c.attributes)
	Label{
		Text:       c.content.Text,
		HTML:       c.content.HTML,
		For:        c.id,
		Classes:    spaced(c.block+"__label", c.label.Classes),
		Attributes: c.label.Attributes,
	}.write(w)
	if c.hint.given() {
		c.hint.ID = hint
		c.hint.Classes = spaced(c.block+"__hint", c.hint.Classes)
		c.hint.write(w)
	}
	w.end("div")
	if c.conditional.HTML != "" {
		w.start("div", c.block+"__conditional", when(!c.checked, c.block+"__conditional--hidden"))
		w.attr("id", conditional)
		w.html(c.conditional.HTML)
		w.end("div")
	}
}

// numbered gives the id of the item of a list at an index. The first has no number, so that an error summary can lead to it.
func numbered(prefix string, index int) string {
	if index == 0 {
		return prefix
	}
	return prefix + "-" + strconv.Itoa(index+1)
}
