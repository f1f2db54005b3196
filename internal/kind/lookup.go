package kind

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
)

// lookup reads records by what they are called.
func (f *Form) lookup(fl *Field, t Typed) (string, Faults) {
	lines := t.lines(fl.Name)
	if !fl.Many && len(lines) > 1 {
		lines = []string{strings.Join(lines, " ")}
	}
	if len(lines) > maxItems {
		return "", Faults{{Inputs: []string{fl.Name}, Message: fmt.Sprintf("%s must be %s lines or fewer", fl.Label, grouped(fmt.Sprint(maxItems)))}}
	}
	same := map[string]int{} // how many lines say the same
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), " ")
		same[lines[i]]++
	}
	ids := t.all(fl.Name + ".id")
	ids = ids[:min(len(ids), maxItems)]
	passed := map[string]int{}
	var list []string
	var faults Faults
	for n, line := range lines {
		choose := fl.Name + ".choice"
		if fl.Many {
			choose += fmt.Sprintf(".%d", n+1)
		}
		nth := passed[line]
		passed[line]++
		value, fault := f.find(fl, line, t.get(choose), ids, nth, same[line])
		var j string
		if fault == nil {
			var c *complaint
			if j, c = f.Set.canonical(fl, value); c != nil {
				fault = &Fault{Message: nothing(f.Set, fl, line)}
			} else if slices.Contains(list, j) {
				fault = &Fault{Message: fmt.Sprintf("%s has “%s” twice", fl.Label, printable(line, 100))}
			}
		}
		if fault != nil {
			fault.Inputs = []string{fl.Name}
			if fault.Matches != nil {
				fault.Choose = choose
			}
			if faults = append(faults, *fault); len(faults) == maxFaults {
				break
			}
		}
		list = append(list, j)
	}
	switch {
	case len(faults) > 0 || len(list) == 0:
		return "", faults
	case !fl.Many:
		return list[0], nil
	}
	return "[" + strings.Join(list, ",") + "]", nil
}

// find gives the record that the nth of same lines means; Form.Find says how.
func (f *Form) find(fl *Field, line, answer string, ids []string, nth, same int) (string, *Fault) {
	if len(line) > maxLongText || hidden(line, true) || f.Find == nil {
		return "", &Fault{Message: nothing(f.Set, fl, line)}
	}
	called, like := f.Find(fl, line)
	if len(called) == 1 {
		return called[0].Value, nil
	}
	for _, c := range slices.Concat(called, like) {
		if answer == c.Value {
			return c.Value, nil
		}
	}
	var picked []string
	for _, id := range ids {
		if !slices.Contains(picked, id) && slices.ContainsFunc(called, func(c Match) bool { return c.Value == id }) {
			picked = append(picked, id)
		}
	}
	switch {
	case len(called) > 0 && len(picked) == same:
		return picked[nth], nil
	case len(called) > 0:
		return "", &Fault{Message: fmt.Sprintf("More than one %s is called “%s”. Choose which one you mean", f.Set.what(fl), printable(line, 100)), Matches: called}
	case len(like) > 0:
		return "", &Fault{Message: fmt.Sprintf("No %s is called “%s”. Choose the one you mean, or correct the name", f.Set.what(fl), printable(line, 100)), Matches: like}
	}
	return "", &Fault{Message: nothing(f.Set, fl, line)}
}

func nothing(s *Set, fl *Field, line string) string {
	return fmt.Sprintf("No %s is called “%s”. Check the name, or record it first", s.what(fl), printable(line, 100))
}

// what names what a reference may lead to: "post or person".
func (s *Set) what(f *Field) string {
	if slices.Contains(f.To, Any) || len(f.To) > 3 {
		return "record"
	}
	var names []string
	for _, to := range f.To {
		if k := s.Kind(to); k != nil {
			names = append(names, k.Lower())
		}
	}
	return join(names, "or")
}

// reference writes a stored reference with its kind, as Say and Find have it; a code stays as it is.
func reference(f *Field, ref string) string {
	if f.Mixed() || strings.Contains(ref, "/") {
		return ref
	}
	return fact.Key{Kind: f.To[0], ID: fact.ID(ref)}.String()
}
