package rule

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// explained puts in words what a rule gave.
func (r *run) explained(rule *Rule, rows []Result) (out []string) {
	for i := range rows {
		row := &rows[i]
		words := r.explain(rule, row.Outcome, "", row.Titles, row.Missing)
		if row.Outcome == NotMet {
			if _, why := r.severity(rule, row); why != "" {
				words += " " + why
			}
		}
		out = append(out, words)
	}
	if before := r.earlier(rule.Gaps); before != "" && len(rows) > 0 {
		out[0] += " " + before
	}
	return out
}

// Explain puts in words what a rule gave for a view, of all its rows.
func (p *Pack) Explain(v *graph.View, rows []Result) []string {
	if len(rows) == 1 && rows[0].Explanation != "" {
		return []string{rows[0].Explanation} // there was nothing that it had to be asked of
	}
	r := p.lawOf(v).run
	if r == nil {
		var err error
		if r, err = p.start(v); err != nil {
			panic(err) // as in rerun
		}
	}
	return r.explained(rows[0].rule, rows)
}

// explain writes the sentence of an outcome.
func (r *run) explain(rule *Rule, o Outcome, why string, titles []string, m []Missing) string {
	s := why
	if s == "" {
		s = rule.Sentences.of(o)
	}
	var gaps []string
	for _, x := range m {
		gaps = append(gaps, r.say(x))
	}
	gaps = Gathered(slices.Compact(gaps))
	list := strings.Join(gaps, "; ")
	if len(gaps) > 6 {
		list = strings.Join(gaps[:5], "; ") + fmt.Sprintf("; and %d more", len(gaps)-5)
	}
	asks := strings.Contains(s, "{missing}")
	shown := titles
	if len(shown) > 8 {
		shown = append(slices.Clone(shown[:7]), fmt.Sprintf("%d more", len(titles)-7))
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(titles) == 0 { // nothing to name: the rule could not get as far as its subjects
		s = capital(strings.NewReplacer("{subjects}: ", "", ": {subjects}", "").Replace(s))
	}
	if before, _, asked := strings.Cut(s, "{missing}"); asked && (before == "" || strings.HasSuffix(before, ". ")) {
		list = capital(list)
	}
	if strings.HasSuffix(list, "?") {
		s = strings.ReplaceAll(s, "{missing}.", "{missing}") // it asks a question
	}
	s = strings.NewReplacer("{subjects}", and(shown), "{missing}", list).Replace(s)
	if strings.Contains(s, "{on}") {
		s = strings.ReplaceAll(s, "{on}", r.v.On().Words())
	}
	if o == CannotTest && !asks && list != "" {
		s = strings.TrimSpace(s + " Missing: " + list + ".")
	}
	return s
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// words writes codes of roles and types as people know them.
func (r *run) words(m Missing) string {
	if fact.KindName(m.Record) == graph.Designation {
		why := strings.Replace(m.Why, "no designation to ", "no designation as ", 1)
		for _, role := range r.p.Roles {
			why = strings.Replace(why, " "+role.Code+" ", " "+role.Name+" ", 1)
		}
		return why
	}
	if m.Field == "in_force" {
		return strings.Replace(m.Why, "on this day", "on "+r.v.On().Words(), 1)
	}
	before, after, ok := strings.Cut(m.Why, " of type ")
	if !ok {
		return m.Why
	}
	code, rest, _ := strings.Cut(after, " ")
	return before + " of the type “" + boardName(code) + "” " + rest
}

// boardName writes the type of a board or document as people know it.
func boardName(code string) string {
	switch code {
	case "lscb":
		return "local safeguarding children board"
	case "sab":
		return "safeguarding adults board"
	case "hwb":
		return "health and wellbeing board"
	}
	return strings.ReplaceAll(code, "-", " ")
}

// say writes what is missing for people. What value.field says of any field alike gets the label of the field.
func (r *run) say(m Missing) string {
	k, err := fact.ParseKey(m.Record)
	if err != nil || r.v.Kinds().Kind(k.Kind) == nil || k.Kind == graph.Council && types.IsUnknown(r.council) {
		return r.words(m)
	}
	why := m.Why
	if f := r.v.Kinds().Kind(k.Kind).Field(m.Field); f != nil {
		rest, of := strings.CutPrefix(why, "it ")
		switch {
		case of && (rest == "is not recorded" || rest == "was erased" || strings.HasPrefix(rest, "changes within") || strings.HasPrefix(rest, "refers to")):
			why = "“" + f.Label + "” " + rest
		case strings.HasPrefix(why, "the day is not recorded"):
			why = "“" + f.Label + "”: " + why
		}
	}
	return r.p.Named(k, r.v.Called(k)) + ": " + why
}

func and(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
