package kind

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Typed is what was typed into a form, or what a form is filled with: the values of each input by its name, as url.Values has them.
//
// The inputs of a field called head are, by its Control:
//
//	Line, Paragraphs, Lines   head
//	Radios, Select            head, and head.other for another word (where head is OtherWord or nothing)
//	Checkboxes                head, several times, and head.other for other words, one a line
//	DateBoxes                 head.day, head.month, head.year, head.how (one of Precisions); head.day2, head.month2, head.year2 for the
//	                          second of two dates
//	Lookup                    head, which is what the record is called; head.id and head.choice, see Form.Find
//	Lookups                   head, one record a line; head.id, several times; head.choice.1 for the first line that is not empty …
type Typed map[string][]string

// get gives the first value of an input on one line, cleaned.
func (t Typed) get(input string) string {
	if v := t[input]; len(v) > 0 {
		return clean(v[0], false)
	}
	return ""
}

// all gives the values of an input that are not empty, cleaned.
func (t Typed) all(input string) []string {
	var out []string
	for _, v := range t[input] {
		if v = clean(v, true); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// lines gives the lines of an input that are not empty, cleaned.
func (t Typed) lines(input string) []string {
	var out []string
	for _, v := range t.all(input) {
		for line := range strings.Lines(v) {
			if line = clean(line, false); line != "" {
				out = append(out, line)
			}
		}
	}
	return out
}

// Control is how a field is asked for.
type Control uint8

// The controls; Typed says which inputs each has.
const (
	Line       Control = iota // one line
	Paragraphs                // several lines of prose
	Lines                     // several values, one a line
	DateBoxes                 // day, month and year, and how exactly they are known
	Radios
	Select
	Checkboxes
	Lookup  // a record, by what it is called
	Lookups // several records, one a line
)

// OtherWord is the value of the radio or option with which a word that is none of the choices is written in the input beside it.
const OtherWord = "~other"

// The longest answers that a form takes, in characters. A manifest takes more; what the record already says may stay as it is.
const (
	MaxLine       = 500 // also of each of several lines
	MaxParagraphs = 20_000
)

// maxRadios is how many choices are shown at once; more go into a list.
const maxRadios = 7

// maxFaults is how much is said of one field with many lines.
const maxFaults = 20

// Option is one of the answers to choose from. The empty value is that nothing is recorded.
type Option struct{ Value, Text string }

// Question is a field as a form asks for it.
type Question struct {
	*Field
	Control  Control
	Optional bool     // it may be left empty
	Or       []*Field // it may be left empty if one of these is not
	Prefix   string   // £
	Suffix   string   // %
	Options  []Option // of Radios, Select and Checkboxes; of DateBoxes, how exactly the date may be known
	Other    bool     // another word may be written, in the input .other
	Max      int      // of characters, in Line (and each of Lines) and Paragraphs
}

// Fault is what is wrong with one answer.
type Fault struct {
	Field   string   // its name, or from or until
	Inputs  []string // those to mark, the first of which the message leads to
	Message string   // "Enter the title": no full stop
	Matches []Match  // records that may have been meant, to be offered as radios
	Choose  string   // the input by which those radios answer: head.choice
}

// Faults is all that is wrong with what was typed into a form, in the order of its fields.
type Faults []Fault

// Of gives the faults of one field.
func (f Faults) Of(field string) Faults {
	var out Faults
	for _, one := range f {
		if one.Field == field {
			out = append(out, one)
		}
	}
	return out
}

// Match is a record, or a code that stands where a record may, that typed words can mean.
type Match struct {
	Value string // post/dph, or DPH
	Text  string // what it is called
	Note  string // what tells it from others that are called the same: "until 31 August 2003"
}

// Form is some or all of the fields of a kind, asked for at once. Reading it gives what a manifest would have given.
type Form struct {
	Set    *Set
	Kind   *Kind    // of which every group of OneOf that is asked for whole is checked; it may be nil
	Fields []*Field // Kind.Fields, or some of them; fields of no kind may be among them
	Was    []Value  // what the record says already: an answer that is as Show wrote it leaves it as it was, whatever it is

	// Find gives the records (and codes) that are called as was typed and, only if there are none, those that may have been meant.
	// One that is called so is taken. Of several, the one is taken whose Value comes in the input .choice, which the radios of a
	// Fault answer, or in .id, which a script sets when a name is picked. So neither counts once the text says something else. On
	// several lines that are the same, as many ids are needed as there are such lines. What may have been meant is taken by .choice
	// alone. It is asked once for each line.
	Find func(f *Field, typed string) (called, like []Match)

	// Say writes a choice, a code or a record (post/dph) for people. Find must find every record by what Say calls it.
	Say func(f *Field, value string) string
}

// Questions gives the fields as they are asked for.
func (f *Form) Questions() []Question {
	out := make([]Question, len(f.Fields))
	for i, fl := range f.Fields {
		out[i] = f.Question(fl)
	}
	return out
}

// Question gives one field as it is asked for.
func (f *Form) Question(fl *Field) Question {
	q := Question{Field: fl, Control: f.Set.control(fl), Optional: !fl.Required}
	if f.Kind != nil {
		for _, group := range f.Kind.OneOf {
			if slices.Contains(group, fl.Name) {
				for _, name := range group {
					if name != fl.Name {
						q.Or = append(q.Or, f.Kind.Field(name))
					}
				}
			}
		}
	}
	switch fl.Type {
	case Money:
		q.Prefix = "£"
	case Percent:
		q.Suffix = "%"
	}
	switch q.Control {
	case Line, Lines:
		q.Max = MaxLine
	case Paragraphs:
		q.Max = MaxParagraphs
	case DateBoxes:
		q.Options = Precisions
	case Radios, Select, Checkboxes:
		q.Other = f.Set.other(fl)
		q.Options = f.options(fl, q)
	}
	return q
}

// control says how a field is asked for.
func (s *Set) control(f *Field) Control {
	choices := 0
	if f.Type == Choice {
		choices = len(s.choices(f))
	}
	switch {
	case f.Type == Date:
		return DateBoxes
	case f.Type == Reference && f.Many:
		return Lookups
	case f.Type == Reference:
		return Lookup
	case f.Type == LongText:
		return Paragraphs
	case f.Type == YesNo:
		return Radios
	case choices > 0 && f.Many:
		return Checkboxes
	case choices > maxRadios:
		return Select
	case choices > 0:
		return Radios
	case f.Many:
		return Lines
	}
	return Line
}

// choices are what is known of the answers to a choice: nothing where its codes are those of a pack that says nothing of them.
func (s *Set) choices(f *Field) []string {
	if f.Codes == "" {
		return f.Choices
	}
	return slices.Concat(f.Choices, s.Codes(f.Codes), s.offered[f.Codes])
}

// other reports whether a choice may be answered with another word than those that are offered.
func (s *Set) other(f *Field) bool {
	_, known := s.codes[f.Codes]
	return f.Type == Choice && (f.Open || f.Codes != "" && !known)
}

func (f *Form) options(fl *Field, q Question) []Option {
	var out []Option
	if q.Control == Select && fl.Required {
		out = append(out, Option{Text: "Choose one"})
	} else if q.Control == Select {
		out = append(out, Option{Text: "Not recorded"})
	}
	if fl.Type == YesNo {
		out = append(out, Option{"yes", "Yes"}, Option{"no", "No"})
	} else {
		values := f.Set.choices(fl)
		if was, ok := f.was(fl); ok && !q.Other {
			for _, v := range items(fl, was) { // a code that the packs no longer have
				if !slices.Contains(values, v) {
					values = append(slices.Clone(values), v)
				}
			}
		}
		for _, v := range values {
			out = append(out, Option{v, f.say(fl, v)})
		}
	}
	if q.Other && q.Control != Checkboxes {
		out = append(out, Option{OtherWord, "Another"})
	}
	if q.Control == Radios && !fl.Required {
		out = append(out, Option{Text: "Not recorded"})
	}
	return out
}

func (f *Form) say(fl *Field, value string) string {
	if f.Say != nil {
		if s := strings.Join(strings.Fields(clean(f.Say(fl, value), false)), " "); s != "" {
			return s
		}
	}
	return value
}

func (f *Form) was(fl *Field) (string, bool) {
	for _, v := range f.Was {
		if v.Field.Name == fl.Name {
			return v.JSON, true
		}
	}
	return "", false
}

// Read reads what was typed, and gives the fields that have a value. Nothing else is read than what is asked for: a field that is not
// among Fields is neither required nor changed.
func (f *Form) Read(t Typed) ([]Value, Faults) {
	var values []Value
	var faults Faults
	tried := map[string]bool{}
	for _, fl := range f.Fields {
		j, kept := f.was(fl)
		if kept = kept && f.unchanged(fl, j, t); !kept {
			var wrong Faults
			j, wrong = f.read(fl, t)
			for i := range wrong {
				wrong[i].Field = fl.Name
			}
			faults = append(faults, wrong...)
			if len(wrong) > 0 {
				tried[fl.Name] = true
				continue
			}
		}
		switch {
		case j != "":
			values, tried[fl.Name] = append(values, Value{Field: fl, JSON: j}), true
		case fl.Required:
			faults = append(faults, Fault{Field: fl.Name, Inputs: []string{f.input(fl)}, Message: f.enter(fl)})
			tried[fl.Name] = true
		}
	}
	return values, append(faults, f.oneOf(tried)...)
}

// oneOf says of which groups nothing was given.
func (f *Form) oneOf(given map[string]bool) (faults Faults) {
	if f.Kind == nil {
		return nil
	}
	asked := func(name string) bool { return slices.Contains(f.Fields, f.Kind.Field(name)) }
	for _, group := range f.Kind.OneOf {
		if slices.ContainsFunc(group, func(n string) bool { return given[n] || !asked(n) }) {
			continue
		}
		fault := Fault{Field: group[0], Message: "Enter "}
		for i, name := range group {
			fl := f.Kind.Field(name)
			fault.Inputs = append(fault.Inputs, f.input(fl))
			switch {
			case i == 0:
			case i < len(group)-1:
				fault.Message += ", "
			default:
				fault.Message += " or "
			}
			fault.Message += the(fl.Label)
		}
		faults = append(faults, fault)
	}
	return faults
}

// input is the first input of a field.
func (f *Form) input(fl *Field) string {
	if f.Set.control(fl) == DateBoxes {
		return fl.Name + ".day"
	}
	return fl.Name
}

// enter asks for what is missing.
func (f *Form) enter(fl *Field) string {
	switch f.Set.control(fl) {
	case Radios, Select, Checkboxes:
		return "Select " + the(fl.Label)
	}
	return "Enter " + the(fl.Label)
}

// the makes of a label what can be asked for: "the title", and of one that is no name of a thing, "an answer for “Reports to”".
func the(label string) string {
	words := strings.Fields(label)
	if len(words) == 0 {
		return "an answer"
	}
	first, last := strings.ToLower(words[0]), strings.ToLower(words[len(words)-1])
	if slices.Contains([]string{"how", "what", "who", "where", "when", "which", "is", "may", "must", "puts", "sits", "covers", "starts", "ends", "due", "confirmed"}, first) ||
		slices.Contains([]string{"on", "by", "to", "from", "for", "as", "in", "into", "of", "until", "with", "about"}, last) {
		return "an answer for “" + label + "”"
	}
	return "the " + Lower(label)
}

// read reads one field; the empty text is that nothing was given.
func (f *Form) read(fl *Field, t Typed) (string, Faults) {
	fault := func(input, message string) Faults { return Faults{{Inputs: []string{input}, Message: message}} }
	switch f.Set.control(fl) {
	case DateBoxes:
		d, faults := ReadDate(fl, t)
		if d.IsZero() {
			return "", faults
		}
		return Quote(d.String()), faults
	case Lookup, Lookups:
		return f.lookup(fl, t)
	case Lines:
		return f.list(fl, fl.Name, t.lines(fl.Name))
	case Checkboxes:
		picked := slices.DeleteFunc(t.all(fl.Name), func(v string) bool { return v == OtherWord })
		input := fl.Name
		if f.Set.other(fl) {
			for _, v := range t.lines(fl.Name + ".other") {
				if len(picked) <= maxItems && !slices.Contains(picked, v) {
					picked, input = append(picked, v), fl.Name+".other"
				}
			}
		}
		return f.list(fl, input, picked)
	}
	raw, input := t.get(fl.Name), fl.Name
	if fl.Type == LongText && len(t[fl.Name]) > 0 {
		raw = clean(t[fl.Name][0], true)
	}
	if f.Set.other(fl) {
		switch word := t.get(fl.Name + ".other"); {
		case raw == OtherWord && word == "":
			return "", fault(fl.Name+".other", "Enter "+the(fl.Label)+", or choose another answer")
		case raw == OtherWord || raw == "":
			raw, input = word, fl.Name+".other"
		case word != "" && f.Set.control(fl) != Line:
			return "", fault(fl.Name+".other", fmt.Sprintf("%s must have one answer: choose %q or clear what is written beside it", fl.Label, f.say(fl, raw)))
		}
	}
	if raw == "" {
		return "", nil
	}
	j, wrong := f.Set.Answer(fl, raw)
	if wrong != "" {
		return "", fault(input, fl.Label+" "+wrong)
	}
	return j, nil
}

// list reads several values.
func (f *Form) list(fl *Field, input string, raw []string) (string, Faults) {
	if len(raw) > maxItems {
		return "", Faults{{Inputs: []string{input}, Message: fmt.Sprintf("%s must be %s lines or fewer", fl.Label, grouped(fmt.Sprint(maxItems)))}}
	}
	var list []string
	var faults Faults
	for n, v := range raw {
		j, wrong := f.Set.Answer(fl, v)
		if wrong == "" && slices.Contains(list, j) {
			wrong = fmt.Sprintf("is the same as another: keep one “%s”", printable(v, 100))
		}
		if wrong != "" {
			label := fl.Label
			if len(raw) > 1 {
				label = fmt.Sprintf("%s, line %d,", label, n+1)
			}
			if faults = append(faults, Fault{Inputs: []string{input}, Message: label + " " + wrong}); len(faults) == maxFaults {
				break
			}
		}
		list = append(list, j)
	}
	if len(faults) > 0 || len(list) == 0 {
		return "", faults
	}
	return "[" + strings.Join(list, ",") + "]", nil
}

// Answer reads one value as people write it into canonical JSON, or says what is wrong with it in words that go on from the label:
// "must be a number, like 12 or 0.5".
func (s *Set) Answer(f *Field, raw string) (j, wrong string) {
	most := MaxLine
	if f.Type == LongText {
		most = MaxParagraphs
	}
	if utf8.RuneCountInString(raw) > most {
		return "", fmt.Sprintf("must be %s characters or fewer", grouped(fmt.Sprint(most)))
	}
	if hidden(raw, f.Type == LongText) {
		return "", "has a hidden character that cannot be kept. Type it again instead of copying it"
	}
	j, c := s.canonical(f, raw)
	if c == nil {
		return j, ""
	}
	switch f.Type {
	case Number:
		return "", "must be a number, like 12 or 0.5"
	case Money:
		return "", "must be a number of pounds, like 48000 or £48,000"
	case Percent:
		return "", "must be a percentage, like 15 or 15.9"
	case Email:
		return "", "must be an email address, like name@example.org"
	case Link:
		return "", "must be a whole web address, like https://www.example.org"
	case Choice, YesNo:
		return "", "must be one of the answers that are offered"
	}
	return "", "cannot be used: " + c.what
}

// hidden reports what nobody sees, and what would make the text read otherwise than it is stored.
func hidden(s string, long bool) bool {
	if !utf8.ValidString(s) {
		return true
	}
	c := plainText(strings.ReplaceAll(s, "\n", " "), long)
	return c != nil || !long && strings.Contains(s, "\n")
}

// Differ lists the fields whose values are not the same before and after, in the order of the kind.
func Differ(before, after []Value) []*Field {
	var out []*Field
	missing := func(from, in []Value) {
		for _, v := range from {
			same := slices.ContainsFunc(in, func(w Value) bool { return w.Field == v.Field && w.JSON == v.JSON })
			if !same && !slices.Contains(out, v.Field) {
				out = append(out, v.Field)
			}
		}
	}
	missing(before, after)
	missing(after, before)
	slices.SortStableFunc(out, func(a, b *Field) int { return a.Index - b.Index })
	return out
}
