package govuk

// FormGroup is the element around a field with its label, hint and error message.
type FormGroup struct {
	BeforeInput Content    `json:"beforeInput"`
	AfterInput  Content    `json:"afterInput"`
	Classes     string     `json:"classes"`
	Attributes  Attributes `json:"attributes"`
}

// InputsGroup is the element around several inputs that answer one question.
type InputsGroup struct {
	BeforeInputs Content    `json:"beforeInputs"`
	AfterInputs  Content    `json:"afterInputs"`
	Classes      string     `json:"classes"`
	Attributes   Attributes `json:"attributes"`
}

// help is what stands with a field or with several: the hint and the error message of what has the id.
type help struct {
	id           string
	hint         Hint
	errorMessage ErrorMessage
}

// describedBy adds the ids of the hint and the error message to those that a caller has.
func (h help) describedBy(others string) string {
	return spaced(others, when(h.hint.given(), h.id+"-hint"), when(h.errorMessage.given(), h.id+"-error"))
}

func (h help) write(w *writer) {
	if h.hint.given() {
		h.hint.ID = h.id + "-hint"
		h.hint.write(w)
	}
	if h.errorMessage.given() {
		h.errorMessage.ID = h.id + "-error"
		h.errorMessage.write(w)
	}
}

// startGroup begins the element around a field, which is marked if the field is wrong.
func (h help) startGroup(w *writer, classes string, a Attributes) {
	w.start("div", "govuk-form-group", when(h.errorMessage.given(), "govuk-form-group--error"), classes)
	w.attributes(a)
}

// field writes a field of one input, which has the id of its help.
func (w *writer) field(g FormGroup, l Label, h help, input func()) {
	h.startGroup(w, g.Classes, g.Attributes)
	l.For = h.id
	l.write(w)
	h.write(w)
	input()
	w.end("div")
}

// fields writes several inputs, in a fieldset if there is one.
func (w *writer) fields(g InputsGroup, f Fieldset, h help, inputs func()) {
	inner := func() {
		h.write(w)
		inputs()
	}
	h.startGroup(w, g.Classes, g.Attributes)
	if f.given() {
		f.around(w, inner)
	} else {
		inner()
	}
	w.end("div")
}
