package exchange

import (
	"regexp"
	"slices"
	"strings"

	"plumbline/internal/fact"
)

// readDate reads a date in any form in which people or spreadsheets write one. Day, month and year stand in that order, or in that of
// 2003-10-01; a year has four digits.
func readDate(e entry) (fact.Date, bool) {
	s := strings.Join(strings.Fields(strings.ToLower(e.text)), " ")
	if d, err := fact.ParseDate(s); err == nil {
		return d, true
	}
	if e.is != isText {
		return fact.Date{}, false
	}
	ok := true
	plain := func(s string) string {
		iso, read := isoDate(s)
		ok = ok && read
		return iso
	}
	if latest, is := strings.CutPrefix(s, "by "); is {
		s = "by " + plain(latest)
	} else if window, is := strings.CutPrefix(s, "between "); is {
		from, until, _ := strings.Cut(window, " and ")
		s = "between " + plain(from) + " and " + plain(until)
	} else if s == "to be agreed" {
		s = "tba"
	} else {
		s = plain(s)
	}
	d, err := fact.ParseDate(s)
	return d, ok && err == nil
}

// clock is the time of day that comes along with a date.
var clock = regexp.MustCompile(`^(.*\d)[t ]\d{1,2}:\d\d(:\d\d)?(\.\d+)?z?$`)

var (
	months  = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	seasons = []string{"spring", "summer", "autumn", "winter"}
	days    = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)

// isoDate writes a day, a month, a season or a year as a manifest does. Whether it is real is not looked at.
func isoDate(s string) (string, bool) {
	if m := clock.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,/.-–", r) })
	if len(parts) > 1 && index(days, parts[0]) >= 0 {
		parts = parts[1:]
	}
	if len(parts) == 0 || len(parts) > 3 {
		return "", false
	}
	if len(parts[0]) == 4 && isDigits(parts[0]) { // 2003-10-01, 2003 October
		slices.Reverse(parts)
	} else if len(parts) == 3 && index(months, parts[0]) >= 0 { // October 1 2003
		parts[0], parts[1] = parts[1], parts[0]
	}
	year := parts[len(parts)-1]
	if len(year) != 4 || !isDigits(year) {
		return "", false
	}
	if len(parts) == 1 {
		return year, true
	}
	month := parts[len(parts)-2]
	if i := index(months, month); i >= 0 {
		month = two(i + 1)
	} else if i := slices.Index(seasons, month); i >= 0 && len(parts) == 2 {
		return year + "-" + two(21+i), true
	} else if !isDigits(month) || len(month) > 2 {
		return "", false
	}
	if month = "0" + month; len(parts) == 2 {
		return year + "-" + month[len(month)-2:], true
	}
	day := parts[0]
	for _, end := range []string{"st", "nd", "rd", "th"} {
		day = strings.TrimSuffix(day, end)
	}
	if !isDigits(day) || len(day) > 2 {
		return "", false
	}
	day = "0" + day
	return year + "-" + month[len(month)-2:] + "-" + day[len(day)-2:], true
}

func two(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }

// index finds a name by its first three letters or more.
func index(names []string, s string) int {
	return slices.IndexFunc(names, func(n string) bool { return len(s) >= 3 && strings.HasPrefix(n, s) || s == "sept" && n == "september" })
}
