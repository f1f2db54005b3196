package kind

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
)

// Precisions are the answers to how exactly a date is known. Without an answer, the day is.
var Precisions = []Option{
	{"day", "The exact day"},
	{"month", "Only the month and year"},
	{"season", "Only the season and year"},
	{"year", "Only the year"},
	{"by", "This date at the latest"},
	{"between", "Between two dates"},
	{"tba", "Not agreed yet"},
}

// FirstDay and LastDay are the span of a record as fields that a form can ask for. Their names, from and until, are reserved.
// A form may give them other labels, such as "Date of the change".
func (k *Kind) FirstDay() *Field {
	return &Field{Name: "from", Label: "First day of the " + k.Lower(), Type: Date}
}

// LastDay is until.
func (k *Kind) LastDay() *Field {
	return &Field{Name: "until", Label: "Last day of the " + k.Lower(), Type: Date}
}

// AsksFirstDay reports whether a form asks for the first day. An event begins on a date of its own instead.
func (k *Kind) AsksFirstDay() bool { return len(k.Begins) == 0 }

// ReadSpan reads the first and the last day.
func ReadSpan(from, until *Field, t Typed) (fact.Span, Faults) {
	var s fact.Span
	var faults, more Faults
	s.From, faults = ReadDate(from, t)
	s.Until, more = ReadDate(until, t)
	if faults = append(faults, more...); len(faults) == 0 && s.Check() != nil {
		faults = Faults{{
			Field: until.Name, Inputs: boxesOf(until.Name, ""),
			Message: fmt.Sprintf("%s must be the same as or after %s (%s)", until.Label, the(from.Label), s.From.Words()),
		}}
	}
	return s, faults
}

// ShowSpan is what ReadSpan reads.
func ShowSpan(s fact.Span) Typed {
	t := ShowDate("from", s.From)
	maps.Copy(t, ShowDate("until", s.Until))
	return t
}

// boxes are the three inputs of a date.
type boxes struct {
	day, month, year string
	inputs           []string
}

func boxesOf(name, which string) []string {
	return []string{name + ".day" + which, name + ".month" + which, name + ".year" + which}
}

func (t Typed) boxes(name, which string) boxes {
	in := boxesOf(name, which)
	return boxes{t.get(in[0]), t.get(in[1]), t.get(in[2]), in}
}

func (b boxes) empty() bool { return b.day+b.month+b.year == "" }

// ReadDate reads a date as far as it is known; the zero date is that nothing was typed. A month may be a number or a name, a season
// stands in its place, and a whole date (1 October 2003, 01/10/2003, 2003-10-01) may be in one box.
func ReadDate(f *Field, t Typed) (fact.Date, Faults) {
	first, second := t.boxes(f.Name, ""), t.boxes(f.Name, "2")
	how := t.get(f.Name + ".how")
	var faults Faults
	fault := func(message string, inputs ...string) {
		faults = append(faults, Fault{Field: f.Name, Inputs: inputs, Message: message})
	}
	// plain reads one date in the way in which it would be written in a manifest.
	plain := func(b boxes, how, which string) string {
		s, wrong, inputs := b.plain(how)
		if wrong != "" {
			fault(f.Label+which+" "+wrong, inputs...)
		}
		return s
	}
	switch {
	case first.empty() && second.empty() && how != "tba":
		return fact.Date{}, nil
	case how == "tba" && !(first.empty() && second.empty()):
		fault(f.Label+" has a date, but the answer is that it is not agreed yet. Clear the date, or say how exactly it is known", first.inputs...)
		return fact.Date{}, faults
	case how != "between" && !second.empty():
		fault(f.Label+" has a second date. Clear it, or say that it was between two dates", second.inputs...)
		return fact.Date{}, faults
	}
	var s string
	switch how {
	case "":
		s = plain(first, "day", "")
	case "day", "month", "season", "year":
		s = plain(first, how, "")
	case "by":
		s = "by " + plain(first, how, "")
	case "between":
		s = "between " + plain(first, how, " (first date)") + " and " + plain(second, how, " (second date)")
	case "tba":
		s = how
	default:
		fault("Select how exactly “"+f.Label+"” is known", f.Name+".how")
	}
	if faults != nil {
		return fact.Date{}, faults
	}
	d, err := fact.ParseDate(s)
	if err != nil { // both dates are real, so it is their order
		fault(f.Label+" must have a second date that is the same as or after the first", second.inputs...)
	}
	return d, faults
}

// plain writes one date as in a manifest, or says what is wrong with it and which inputs to mark.
func (b boxes) plain(how string) (s, wrong string, inputs []string) {
	b = b.whole()
	month, season := monthOf(b.month)
	var missing []string
	need := func(box, input, part string, needed bool) {
		if needed && box == "" {
			missing, inputs = append(missing, "a "+part), append(inputs, input)
		}
	}
	part := "month"
	if how == "season" {
		part = "season"
	}
	need(b.day, b.inputs[0], "day", how == "day")
	need(b.month, b.inputs[1], part, slices.Contains([]string{"day", "month", "season"}, how) || b.day != "" && how != "year")
	need(b.year, b.inputs[2], "year", true)
	if len(missing) > 0 {
		wrong = "must include " + join(missing, "and")
		switch {
		case how == "day" && season > 0:
			wrong += ", unless you say that you only know the season"
		case how == "day" && b.day == "" && b.month == "" && b.year != "":
			wrong += ", unless you say that you only know the year"
		case how == "day" && b.day == "" && b.month != "" && b.year != "":
			wrong += ", unless you say that you only know the month"
		}
		return "", wrong, inputs
	}
	real := "must be a real date"
	switch {
	case b.day != "" && slices.Contains([]string{"month", "season", "year"}, how):
		return "", fmt.Sprintf("has a day, but the answer is that only the %s is known. Clear the day, or say that you know the exact day", how), b.inputs[:1]
	case b.month != "" && how == "year":
		return "", "has a month, but the answer is that only the year is known. Clear the month, or say that you know it", b.inputs[1:2]
	case how == "season" && season == 0:
		return "", "must have a season in place of the month: spring, summer, autumn or winter", b.inputs[1:2]
	case how == "month" && season > 0:
		return "", "has a season in place of the month. Write the month, or say that you only know the season", b.inputs[1:2]
	case b.month != "" && month == 0 && (season == 0 || b.day != ""):
		return "", real, b.inputs[1:2]
	case len(b.year) != 4 && number(b.year) >= 0:
		return "", "must have a year of 4 numbers, like 2003", b.inputs[2:]
	case number(b.year) < 0:
		return "", real, b.inputs[2:]
	}
	s = b.year
	if month+season > 0 {
		s += fmt.Sprintf("-%02d", month+season)
	}
	if b.day == "" {
		return s, "", nil
	}
	day := number(strings.TrimRight(strings.ToLower(b.day), "stndrh")) // 1st, 2nd, 3rd, 4th
	if day < 1 || day > 31 {
		return "", real, b.inputs[:1]
	}
	if _, err := fact.ParseDay(fmt.Sprintf("%s-%02d", s, day)); err != nil {
		return "", real, b.inputs
	}
	return fmt.Sprintf("%s-%02d", s, day), "", nil
}

// whole spreads a date that stands in one box over the three.
func (b boxes) whole() boxes {
	if b.day != "" && b.month+b.year != "" || b.month != "" && b.year != "" {
		return b
	}
	words := strings.FieldsFunc(b.day+b.month+b.year, func(r rune) bool { return strings.ContainsRune(" ,/.-–", r) })
	out := boxes{inputs: b.inputs}
	var numbers []string
	for i, w := range words {
		if m, s := monthOf(w); number(w) < 0 && m+s > 0 {
			if out.month != "" {
				return b
			}
			out.month = w
		} else if i > 0 || !weekday(w) {
			numbers = append(numbers, w)
		}
	}
	if out.month != "" {
		numbers = slices.Insert(numbers, max(0, len(numbers)-1), out.month) // 1 October 2003, October 1 2003, October 2003
	}
	switch {
	case len(numbers) == 2 && len(numbers[0]) == 4 && number(numbers[0]) >= 0: // 2003-10
		out.month, out.year = numbers[1], numbers[0]
	case len(numbers) == 2:
		out.month, out.year = numbers[0], numbers[1]
	case len(numbers) == 3 && len(numbers[0]) == 4 && number(numbers[0]) >= 0: // 2003-10-01
		out.day, out.month, out.year = numbers[2], numbers[1], numbers[0]
	case len(numbers) == 3:
		out.day, out.month, out.year = numbers[0], numbers[1], numbers[2]
	default:
		return b
	}
	return out
}

// number reads a number of nothing but digits, up to four of them; -1 is any other text.
func number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	if len(s) == 0 || len(s) > 4 {
		return -1
	}
	return n
}

// monthOf reads a month (1 to 12, or at least three letters of its name) or a season (21 spring to 24 winter), else zeros.
func monthOf(s string) (month, season int) {
	if n := number(s); n >= 1 && n <= 12 {
		return n, 0
	}
	s = strings.TrimSuffix(strings.ToLower(s), ".")
	if i := slices.Index(seasons, s); i >= 0 {
		return 0, 21 + i
	}
	for m := time.January; m <= time.December && len(s) >= 3; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), s) {
			return int(m), 0
		}
	}
	return 0, 0
}

var seasons = []string{"spring", "summer", "autumn", "winter"}

func weekday(s string) bool {
	for d := time.Sunday; d <= time.Saturday && len(s) >= 3; d++ {
		if strings.HasPrefix(strings.ToLower(d.String()), strings.ToLower(s)) {
			return true
		}
	}
	return false
}

// join writes words as people do: a, b and c.
func join(words []string, and string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + and + " " + words[len(words)-1]
}

// ShowDate is what ReadDate reads, for the inputs of a field of that name.
func ShowDate(name string, d fact.Date) Typed {
	t := Typed{}
	how := map[fact.Form]string{fact.OnDay: "day", fact.InMonth: "month", fact.InYear: "year", fact.InSeason: "season", fact.ByThen: "by", fact.Between: "between", fact.ToBeAgreed: "tba"}[d.Form]
	if how == "" {
		return t
	}
	t[name+".how"] = []string{how}
	fill := func(which, plain string) {
		for i, part := range strings.Split(plain, "-") {
			input := boxesOf(name, which)[2-i]
			if part = strings.TrimLeft(part, "0"); i == 0 {
				part = plain[:4]
			} else if n := number(part) - 21; i == 1 && n >= 0 {
				part = seasons[n]
			}
			t[input] = []string{part}
		}
	}
	first, second, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(d.String(), "by "), "between "), " and ")
	switch {
	case d.Form == fact.Between:
		fill("2", second)
		fallthrough
	case d.Form != fact.ToBeAgreed:
		fill("", first)
	}
	return t
}
