package govuk

import (
	"html/template"
	"slices"
)

// SummaryList shows what is known of one thing, a key and a value in each row, in a card if it has one.
type SummaryList struct {
	Rows       []SummaryRow `json:"rows"`
	Card       *SummaryCard `json:"card"`
	Classes    string       `json:"classes"`
	Attributes Attributes   `json:"attributes"`
}

// SummaryRow is one key with its value, and what may be done with it. A row without a key is left out.
type SummaryRow struct {
	Key     SummaryText    `json:"key"`
	Value   SummaryText    `json:"value"`
	Actions SummaryActions `json:"actions"`
	Classes string         `json:"classes"`
}

// SummaryText is a key or a value.
type SummaryText struct {
	Text    string        `json:"text"`
	HTML    template.HTML `json:"html"`
	Classes string        `json:"classes"`
}

// SummaryActions are links, such as "Change".
type SummaryActions struct {
	Items   []SummaryAction `json:"items"`
	Classes string          `json:"classes"`
}

// SummaryAction is one link. VisuallyHiddenText, such as "name", makes "Change" into "Change name" for screen readers.
type SummaryAction struct {
	Text               string        `json:"text"`
	HTML               template.HTML `json:"html"`
	Href               string        `json:"href"`
	VisuallyHiddenText string        `json:"visuallyHiddenText"`
	Classes            string        `json:"classes"`
	Attributes         Attributes    `json:"attributes"`
}

// SummaryCard is a frame with a title around a SummaryList.
type SummaryCard struct {
	Title      SummaryCardTitle `json:"title"`
	Actions    SummaryActions   `json:"actions"`
	Classes    string           `json:"classes"`
	Attributes Attributes       `json:"attributes"`
}

// SummaryCardTitle heads a card, and screen readers say it with every link in it.
type SummaryCardTitle struct {
	Text         string        `json:"text"`
	HTML         template.HTML `json:"html"`
	HeadingLevel int           `json:"headingLevel"` // 2 unless given
	Classes      string        `json:"classes"`
}

// Render makes SummaryList a Component.
func (c SummaryList) Render() template.HTML { return render(c) }

func (c SummaryList) write(w *writer) {
	if c.Card == nil {
		c.list(w, SummaryCardTitle{})
		return
	}
	title := c.Card.Title
	w.start("div", "govuk-summary-card", c.Card.Classes)
	w.attributes(c.Card.Attributes)
	w.start("div", "govuk-summary-card__title-wrapper")
	if given(title.Text, title.HTML) {
		w.element(heading(title.HeadingLevel, 2), spaced("govuk-summary-card__title", title.Classes), title.Text, title.HTML)
	}
	c.Card.Actions.inCard(w, title)
	w.end("div")
	w.start("div", "govuk-summary-card__content")
	c.list(w, title)
	w.end("div")
	w.end("div")
}

func (c SummaryList) list(w *writer, title SummaryCardTitle) {
	actions := slices.ContainsFunc(c.Rows, func(r SummaryRow) bool { return len(r.Actions.Items) > 0 })
	w.start("dl", "govuk-summary-list", c.Classes)
	w.attributes(c.Attributes)
	for _, r := range c.Rows {
		if !given(r.Key.Text, r.Key.HTML) {
			continue
		}
		none := actions && len(r.Actions.Items) == 0
		w.start("div", "govuk-summary-list__row", when(none, "govuk-summary-list__row--no-actions"), r.Classes)
		w.element("dt", spaced("govuk-summary-list__key", r.Key.Classes), r.Key.Text, r.Key.HTML)
		w.element("dd", spaced("govuk-summary-list__value", r.Value.Classes), r.Value.Text, r.Value.HTML)
		r.Actions.inRow(w, title)
		w.end("div")
	}
	w.end("dl")
}

func (a SummaryActions) inCard(w *writer, title SummaryCardTitle) {
	switch len(a.Items) {
	case 0:
	case 1:
		w.start("div", "govuk-summary-card__actions", a.Classes)
		a.Items[0].write(w, title)
		w.end("div")
	default:
		a.list(w, spaced("govuk-summary-card__actions", a.Classes), "govuk-summary-card__action", title)
	}
}

func (a SummaryActions) inRow(w *writer, title SummaryCardTitle) {
	if len(a.Items) == 0 {
		return
	}
	w.start("dd", "govuk-summary-list__actions", a.Classes)
	if len(a.Items) == 1 {
		a.Items[0].write(w, title)
	} else {
		a.list(w, "govuk-summary-list__actions-list", "govuk-summary-list__actions-list-item", title)
	}
	w.end("dd")
}

func (a SummaryActions) list(w *writer, class, item string, title SummaryCardTitle) {
	w.start("ul", class)
	for _, action := range a.Items {
		w.start("li", item)
		action.write(w, title)
		w.end("li")
	}
	w.end("ul")
}

func (a SummaryAction) write(w *writer, title SummaryCardTitle) {
	w.start("a", "govuk-link", a.Classes)
	w.link("href", a.Href)
	w.attributes(a.Attributes)
	w.content(a.Text, a.HTML)
	titled := given(title.Text, title.HTML)
	if a.VisuallyHiddenText != "" || titled {
		w.start("span", "govuk-visually-hidden")
		if a.VisuallyHiddenText != "" {
			w.text(" " + a.VisuallyHiddenText)
		}
		if titled {
			w.text(" (")
			w.content(title.Text, title.HTML)
			w.text(")")
		}
		w.end("span")
	}
	w.end("a")
}
