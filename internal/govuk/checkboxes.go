package govuk

import (
	"cmp"
	"html/template"
	"slices"
)

// Checkboxes ask for any of several answers, or for one that may be given or not.
type Checkboxes struct {
	DescribedBy  string       `json:"describedBy"`
	Fieldset     Fieldset     `json:"fieldset"`
	Hint         Hint         `json:"hint"`
	ErrorMessage ErrorMessage `json:"errorMessage"`
	FormGroup    InputsGroup  `json:"formGroup"`
	IDPrefix     string       `json:"idPrefix"` // the name unless given; the first checkbox has it as its id
	Name         string       `json:"name"`
	Items        []Checkbox   `json:"items"`
	Values       []string     `json:"values"` // of the checkboxes that are ticked
	Classes      string       `json:"classes"`
	Attributes   Attributes   `json:"attributes"`
}

// Checkbox is one of the answers, or a divider between them.
type Checkbox struct {
	Text        string        `json:"text"`
	HTML        template.HTML `json:"html"`
	ID          string        `json:"id"`
	Name        string        `json:"name"` // that of the Checkboxes unless given
	Value       string        `json:"value"`
	Label       Label         `json:"label"` // its classes and attributes
	Hint        Hint          `json:"hint"`
	Divider     string        `json:"divider"` // such as "or"; then the rest does not count
	Checked     *bool         `json:"checked"` // whatever the values of the Checkboxes
	Conditional Conditional   `json:"conditional"`
	Behaviour   string        `json:"behaviour"` // "exclusive": a script unticks the others
	Disabled    bool          `json:"disabled"`
	Attributes  Attributes    `json:"attributes"`
}

// Render makes Checkboxes a Component.
func (c Checkboxes) Render() template.HTML { return render(c) }

func (c Checkboxes) write(w *writer) {
	h := help{cmp.Or(c.IDPrefix, c.Name), c.Hint, c.ErrorMessage}
	f := c.Fieldset
	f.DescribedBy = h.describedBy(cmp.Or(f.DescribedBy, c.DescribedBy))
	var each string // describes each checkbox, where there is no fieldset to be described
	if !f.given() {
		each = f.DescribedBy
	}
	w.fields(c.FormGroup, f, h, func() {
		w.start("div", "govuk-checkboxes", c.Classes)
		w.attr("data-module", "govuk-checkboxes")
		w.attributes(c.Attributes)
		w.content(c.FormGroup.BeforeInputs.Text, c.FormGroup.BeforeInputs.HTML)
		for i, b := range c.Items {
			c.item(w, b, cmp.Or(b.ID, numbered(h.id, i)), each)
		}
		w.content(c.FormGroup.AfterInputs.Text, c.FormGroup.AfterInputs.HTML)
		w.end("div")
	})
}

func (c Checkboxes) item(w *writer, b Checkbox, id, describedBy string) {
	if b.Divider != "" {
		w.element("div", "govuk-checkboxes__divider", b.Divider, "")
		return
	}
	if !given(b.Text, b.HTML) {
		return
	}
	checked := slices.Contains(c.Values, b.Value)
	if b.Checked != nil {
		checked = *b.Checked
	}
	choice{
		block:       "govuk-checkboxes",
		kind:        "checkbox",
		id:          id,
		name:        cmp.Or(b.Name, c.Name),
		value:       b.Value,
		describedBy: describedBy,
		behaviour:   b.Behaviour,
		checked:     checked,
		disabled:    b.Disabled,
		content:     Content{b.Text, b.HTML},
		label:       b.Label,
		hint:        b.Hint,
		conditional: b.Conditional,
		attributes:  b.Attributes,
	}.write(w)
}
