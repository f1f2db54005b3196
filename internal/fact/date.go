package fact

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // days end at midnight in London, on machines without a zone database too
)

// Day is a calendar day, counted from 1 January 1970 in the proleptic Gregorian calendar.
type Day int32

// MinDay and MaxDay stand for "every day before" and "every day after".
const (
	MinDay Day = math.MinInt32
	MaxDay Day = math.MaxInt32
)

// London is the clock by which a day of the record begins and ends.
var London = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err) // the zone database is linked in
	}
	return l
}()

// DayOf gives the day of a civil date. Month and day may overflow, as in time.Date.
func DayOf(year int, month time.Month, day int) Day {
	return Day(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

// Beginning is the day, before any paper of which a council's record is made, of what is recorded before the past is: who may record it.
var Beginning = DayOf(1800, 1, 1)

// DayIn gives the day on which a moment falls in London.
func DayIn(t time.Time) Day {
	y, m, d := t.In(London).Date()
	return DayOf(y, m, d)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Civil gives year, month and day of the month.
func (d Day) Civil() (int, time.Month, int) { return time.Unix(int64(d)*86400, 0).UTC().Date() }

// Time gives midnight UTC of the day, for calculations that want a time.Time.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// End gives the last moment of the day in London: a record "as known on" a day is known at this moment.
func (d Day) End() time.Time {
	y, m, dd := d.Civil()
	return time.Date(y, m, dd+1, 0, 0, 0, 0, London).Add(-time.Microsecond)
}

// Noon gives midday UTC of the day: the moment at which an entry reconstructed with that day's date
// is taken to have been recorded.
func (d Day) Noon() time.Time { return d.Time().Add(12 * time.Hour) }

// AddMonths gives the day n months later, held to the last day of a shorter month.
func (d Day) AddMonths(n int) Day {
	y, m, dd := d.Civil()
	first := DayOf(y, m+time.Month(n), 1)
	fy, fm, _ := first.Civil()
	last := DayOf(fy, fm+1, 0)
	return min(first+Day(dd-1), last)
}

// String writes the day as 2003-10-01.
func (d Day) String() string {
	switch d {
	case MinDay:
		return "the beginning"
	case MaxDay:
		return "further notice"
	}
	y, m, dd := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, int(m), dd)
}

// Words writes the day as people read it: 1 October 2003.
func (d Day) Words() string {
	if d == MinDay || d == MaxDay {
		return d.String()
	}
	y, m, dd := d.Civil()
	return fmt.Sprintf("%d %s %d", dd, m, y)
}

// ParseDay reads 2003-10-01 and nothing else.
func ParseDay(s string) (Day, error) {
	d, err := ParseDate(s)
	if err != nil {
		return 0, err
	}
	if d.Form != OnDay {
		return 0, fmt.Errorf("%q is not one day, as in 2003-10-01: %w", s, ErrInvalid)
	}
	return d.First, nil
}

// Form says how a date was written, and so how exactly it is known.
type Form uint8

// The forms of a date.
const (
	Unstated   Form = iota // no date was given
	OnDay                  // 2003-10-01
	InMonth                // 2003-10
	InYear                 // 2003
	InSeason               // 2003-23: autumn 2003, as ISO 8601-2 writes it
	ByThen                 // by 2005-04: not later than that
	ToBeAgreed             // tba
	Between                // between 2005-04-01 and 2015-04-14: within that window
)

// Date is a date as council papers give it: exact to the day, or a window of days within which it
// falls. The zero Date is one that was not stated.
type Date struct {
	First, Last Day // the window, both days included
	Form        Form
	a, b        Form // how the ends of a window were written, so that it is kept as given
}

// ExactDate is the date of one day.
func ExactDate(d Day) Date { return Date{First: d, Last: d, Form: OnDay} }

// Undated is the date to be agreed.
var Undated = Date{First: MaxDay, Last: MaxDay, Form: ToBeAgreed}

// Within is the date of some day from first to last, both included: exact where they are one day. From MinDay on it is one that
// falls by last.
func Within(first, last Day) Date {
	switch {
	case first == last:
		return ExactDate(first)
	case first == MinDay:
		return Date{First: MinDay, Last: last, Form: ByThen, b: OnDay}
	}
	return Date{First: first, Last: last, Form: Between, a: OnDay, b: OnDay}
}

// IsZero reports whether no date was stated.
func (d Date) IsZero() bool { return d.Form == Unstated }

// Exact gives the day, if the date is exact to the day.
func (d Date) Exact() (Day, bool) { return d.First, d.Form == OnDay }

// ParseDate reads any form of date. The empty text is the date not stated.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	low := strings.ToLower(s)
	switch {
	case s == "":
		return Date{}, nil
	case low == "tba":
		return Undated, nil
	case strings.HasPrefix(low, "by "):
		in, err := parsePlain(strings.TrimSpace(s[3:]))
		if err != nil {
			return Date{}, err
		}
		return Date{First: MinDay, Last: in.Last, Form: ByThen, b: in.Form}, nil
	case strings.HasPrefix(low, "between "):
		from, to, ok := strings.Cut(low[len("between "):], " and ")
		if !ok {
			return Date{}, badDate(s)
		}
		a, err := parsePlain(strings.TrimSpace(from))
		if err != nil {
			return Date{}, err
		}
		b, err := parsePlain(strings.TrimSpace(to))
		if err != nil {
			return Date{}, err
		}
		if b.Last < a.First {
			return Date{}, fmt.Errorf("%q ends before it begins: %w", s, ErrInvalid)
		}
		return Date{First: a.First, Last: b.Last, Form: Between, a: a.Form, b: b.Form}, nil
	}
	return parsePlain(s)
}

func badDate(s string) error {
	return fmt.Errorf("%q is not a date. Write a day (2003-10-01), a month (2003-10), a year (2003), a season (2003-23 is autumn 2003), by 2005-04, between 2003-10-01 and 2003-12-31, or tba: %w", s, ErrInvalid)
}

// parsePlain reads a day, a month, a year or a season. Each has one spelling.
func parsePlain(s string) (Date, error) {
	if len(s) != 4 && len(s) != 7 && len(s) != 10 || len(s) > 4 && s[4] != '-' || len(s) > 7 && s[7] != '-' {
		return Date{}, badDate(s)
	}
	y, ok := digits(s[:4])
	if !ok {
		return Date{}, badDate(s)
	}
	if len(s) == 4 {
		return Date{First: DayOf(y, 1, 1), Last: DayOf(y, 12, 31), Form: InYear}, nil
	}
	m, ok := digits(s[5:7])
	switch {
	case !ok:
		return Date{}, badDate(s)
	case len(s) == 7 && m >= 21 && m <= 24:
		first := time.Month(3 + 3*(m-21)) // spring begins in March; winter runs into the next year
		return Date{First: DayOf(y, first, 1), Last: DayOf(y, first+3, 0), Form: InSeason}, nil
	case m < 1 || m > 12:
		return Date{}, fmt.Errorf("%q has no such month: %w", s, ErrInvalid)
	case len(s) == 7:
		return Date{First: DayOf(y, time.Month(m), 1), Last: DayOf(y, time.Month(m)+1, 0), Form: InMonth}, nil
	}
	dd, ok := digits(s[8:])
	if !ok {
		return Date{}, badDate(s)
	}
	if last := daysIn(y, m); dd < 1 || dd > last {
		return Date{}, fmt.Errorf("%q does not exist: %s %d has %d days: %w", s, time.Month(m), y, last, ErrInvalid)
	}
	return ExactDate(DayOf(y, time.Month(m), dd)), nil
}

// digits reads a number that has nothing but digits.
func digits(s string) (v int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		v = v*10 + int(s[i]-'0')
	}
	return v, true
}

func daysIn(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}

// String writes the date as it is written in a manifest; the date not stated is empty.
func (d Date) String() string {
	switch d.Form {
	case Unstated:
		return ""
	case ToBeAgreed:
		return "tba"
	case ByThen:
		return "by " + plain(d.Last, d.b, true)
	case Between:
		return "between " + plain(d.First, d.a, false) + " and " + plain(d.Last, d.b, true)
	}
	return plain(d.First, d.Form, false)
}

// plain writes the date of form f that begins (or, where last, ends) on d.
func plain(d Day, f Form, last bool) string {
	y, m, dd := d.Civil()
	switch f {
	case InYear:
		return fmt.Sprintf("%04d", y)
	case InMonth:
		return fmt.Sprintf("%04d-%02d", y, int(m))
	case InSeason:
		y, n := season(d, last)
		return fmt.Sprintf("%04d-%02d", y, 21+n)
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, int(m), dd)
}

// season gives the year and number (0 spring … 3 winter) of the season that begins or ends on d.
func season(d Day, last bool) (int, int) {
	y, m, _ := d.Civil()
	if last {
		y, m, _ = DayOf(y, m-2, 1).Civil()
	}
	return y, (int(m) - 3) / 3
}

// Words writes the date as people read it: "1 October 2003", "autumn 2003", "by April 2005", "to be agreed".
func (d Date) Words() string {
	switch d.Form {
	case Unstated:
		return "not stated"
	case ToBeAgreed:
		return "to be agreed"
	case ByThen:
		return "by " + plainWords(d.Last, d.b, true)
	case Between:
		return "between " + plainWords(d.First, d.a, false) + " and " + plainWords(d.Last, d.b, true)
	}
	return plainWords(d.First, d.Form, false)
}

func plainWords(d Day, f Form, last bool) string {
	y, m, _ := d.Civil()
	switch f {
	case InYear:
		return strconv.Itoa(y)
	case InMonth:
		return fmt.Sprintf("%s %d", m, y)
	case InSeason:
		y, n := season(d, last)
		return fmt.Sprintf("%s %d", [...]string{"spring", "summer", "autumn", "winter"}[n], y)
	}
	return d.Words()
}
