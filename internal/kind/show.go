package kind

import (
	"encoding/json"
	"slices"
	"strings"

	"plumbline/internal/fact"
)

// Show writes values as they would have been typed, so that a form shows what the record says. Reading it again gives the same values, but
// that words which are none of the choices of Checkboxes come last.
func (f *Form) Show(values []Value) Typed {
	t := Typed{}
	for _, v := range values {
		f.show(v.Field, v.JSON, t)
	}
	return t
}

func (f *Form) show(fl *Field, j string, t Typed) {
	values := items(fl, j)
	for i, v := range values {
		switch fl.Type {
		case Money:
			values[i] = grouped(v)
		case YesNo:
			values[i] = map[string]string{"true": "yes", "false": "no"}[v]
		}
	}
	if len(values) == 0 {
		return
	}
	switch f.Set.control(fl) {
	case DateBoxes:
		if d, err := fact.ParseDate(values[0]); err == nil {
			for input, v := range ShowDate(fl.Name, d) {
				t[input] = v
			}
		}
	case Lookup, Lookups:
		names := make([]string, len(values))
		for i, v := range values {
			values[i] = reference(fl, v)
			names[i] = f.say(fl, values[i])
		}
		t[fl.Name], t[fl.Name+".id"] = []string{strings.Join(names, "\n")}, values
	case Lines:
		t[fl.Name] = []string{strings.Join(values, "\n")}
	case Checkboxes, Radios, Select:
		if f.Set.other(fl) {
			others := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(f.Set.choices(fl), v) })
			values = slices.DeleteFunc(values, func(v string) bool { return slices.Contains(others, v) })
			if len(others) > 0 {
				t[fl.Name+".other"] = []string{strings.Join(others, "\n")}
				if !fl.Many {
					values = []string{OtherWord}
				}
			}
		}
		t[fl.Name] = values
	default:
		t[fl.Name] = values
	}
}

// items gives the values of a field, or of each item of a list, texts without their quotes.
func items(f *Field, j string) []string {
	parts := []json.RawMessage{json.RawMessage(j)}
	if f.Many && json.Unmarshal([]byte(j), &parts) != nil {
		return nil
	}
	out := make([]string, len(parts))
	for i, p := range parts {
		if json.Unmarshal(p, &out[i]) != nil {
			out[i] = string(p) // a number, true or false
		}
	}
	return out
}

// unchanged reports whether the inputs of a field are as Show fills them with its value.
func (f *Form) unchanged(fl *Field, j string, t Typed) bool {
	shown := Typed{}
	f.show(fl, j, shown)
	same := func(suffix string) bool {
		a, b := shown.all(fl.Name+suffix), t.all(fl.Name+suffix)
		if f.Set.control(fl) == Checkboxes {
			slices.Sort(a)
			slices.Sort(b)
		}
		return slices.Equal(a, b)
	}
	switch f.Set.control(fl) {
	case DateBoxes:
		for _, part := range slices.Concat(boxesOf("", ""), boxesOf("", "2"), []string{".how"}) {
			if !same(part) {
				return false
			}
		}
		return true
	case Lookup, Lookups:
		for input, v := range t {
			if strings.HasPrefix(input, fl.Name+".choice") && !slices.Equal(v, []string{""}) {
				return false
			}
		}
		return slices.Equal(shown.lines(fl.Name), t.lines(fl.Name)) && (len(t.all(fl.Name+".id")) == 0 || same(".id"))
	}
	return same("") && same(".other")
}

// grouped sets the thousands of a canonical number apart, and gives pence two places: 48,000.50.
func grouped(n string) string {
	sign := ""
	if strings.HasPrefix(n, "-") {
		sign, n = "-", n[1:]
	}
	whole, pence, _ := strings.Cut(n, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if len(pence) == 1 {
		pence += "0"
	}
	if pence != "" {
		pence = "." + pence
	}
	return sign + whole + pence
}
