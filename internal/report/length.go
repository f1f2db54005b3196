package report

import (
	"fmt"
	"strings"

	"plumbline/internal/fact"
)

// lengthOf says how long a period is, or has been by a day; empty where its beginning is not recorded.
func lengthOf(p Period, on fact.Day) string {
	if p.Status == Uncertain || p.From.Date.IsZero() || p.From.earliest() == fact.MinDay {
		return ""
	}
	shortest, longest := [2]fact.Day{p.From.Day, p.Until.Day}, [2]fact.Day{p.From.earliest(), p.Until.latest()}
	if p.From.Exact() {
		shortest[0], longest[0] = p.From.Date.First, p.From.Date.First
	}
	if p.Until.Day != fact.MaxDay {
		return lengths(shortest, longest)
	}
	if p.From.Day > on {
		return ""
	}
	shortest[1], longest[1] = on, on
	return lengths(shortest, longest) + " so far"
}

func lengths(shortest, longest [2]fact.Day) string {
	a, b := Length(shortest[0], shortest[1]), Length(longest[0], longest[1])
	switch {
	case a == b && shortest != longest:
		return "about " + a
	case a == b:
		return a
	}
	if n, unit, ok := strings.Cut(a, " "); ok && strings.TrimSuffix(unit, "s") == strings.TrimSuffix(strings.SplitN(b, " ", 2)[1], "s") {
		return n + " to " + b
	}
	return a + " to " + b
}

// Length says how long it is from one day to another, both included, to the nearest month: "12 days", "8 months", "2 years and 3 months".
func Length(first, last fact.Day) string {
	end := last + 1
	months := max(0, int(end-first)/31-1)
	for first.AddMonths(months+1) <= end {
		months++
	}
	rest := int(end - first.AddMonths(months))
	if months == 0 {
		return Count(rest, "day", "days")
	}
	if rest >= 15 {
		months++
	}
	if months < 24 {
		return Count(months, "month", "months")
	}
	s := Count(months/12, "year", "years")
	if m := months % 12; m > 0 {
		s += fmt.Sprintf(" and %s", Count(m, "month", "months"))
	}
	return s
}
