package fact_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"plumbline/internal/fact"
)

func day(s string) fact.Day {
	d, err := fact.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ text, first, last, words string }{
		{"2003-10-01", "2003-10-01", "2003-10-01", "1 October 2003"},
		{"2004-02-29", "2004-02-29", "2004-02-29", "29 February 2004"},
		{"2000-02-29", "2000-02-29", "2000-02-29", "29 February 2000"},
		{"2003-10", "2003-10-01", "2003-10-31", "October 2003"},
		{"2004-02", "2004-02-01", "2004-02-29", "February 2004"},
		{"2003-02", "2003-02-01", "2003-02-28", "February 2003"},
		{"2003-12", "2003-12-01", "2003-12-31", "December 2003"},
		{"2003", "2003-01-01", "2003-12-31", "2003"},
		{"2003-21", "2003-03-01", "2003-05-31", "spring 2003"},
		{"2003-22", "2003-06-01", "2003-08-31", "summer 2003"},
		{"2003-23", "2003-09-01", "2003-11-30", "autumn 2003"},
		{"2003-24", "2003-12-01", "2004-02-29", "winter 2003"}, // into the next year, which is a leap year
		{"2004-24", "2004-12-01", "2005-02-28", "winter 2004"},
		{"between 2005-04-01 and 2015-04-14", "2005-04-01", "2015-04-14", "between 1 April 2005 and 14 April 2015"},
		{"between 2003-24 and 2004-24", "2003-12-01", "2005-02-28", "between winter 2003 and winter 2004"},
		{"between 2003 and 2003", "2003-01-01", "2003-12-31", "between 2003 and 2003"},
		{"between 2003-10-05 and 2003-10", "2003-10-05", "2003-10-31", "between 5 October 2003 and October 2003"},
	} {
		d, err := fact.ParseDate(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if d.First.String() != c.first || d.Last.String() != c.last || d.Words() != c.words || d.String() != c.text {
			t.Errorf("%s: %s to %s, %q, written %s; want %s to %s, %q", c.text, d.First, d.Last, d.Words(), d, c.first, c.last, c.words)
		}
		if _, exact := d.Exact(); exact != (c.first == c.text) {
			t.Errorf("%s: exact is %v", c.text, exact)
		}
	}
}

func TestOpenDates(t *testing.T) {
	by := date("by 2005-04")
	if by.First != fact.MinDay || by.Last != day("2005-04-30") || by.Words() != "by April 2005" || by.String() != "by 2005-04" {
		t.Errorf("by 2005-04: %s to %s, %q", by.First, by.Last, by.Words())
	}
	if d := date("by 2003-24"); d.Last != day("2004-02-29") || d.String() != "by 2003-24" || d.Words() != "by winter 2003" {
		t.Errorf("by winter: %s, %s", d.Last, d)
	}
	if d := date("tba"); d.String() != "tba" || d.Words() != "to be agreed" || d.IsZero() {
		t.Errorf("tba: %+v", d)
	}
	if d := date(""); !d.IsZero() || d.String() != "" || d.Words() != "not stated" {
		t.Errorf("nothing: %+v", d)
	}
	// What people type is read; one spelling is written.
	for typed, want := range map[string]string{" 2003-10-01 ": "2003-10-01", "TBA": "tba", "By 2005": "by 2005", "BETWEEN 2003 AND 2004": "between 2003 and 2004", "by  2005": "by 2005"} {
		if d := date(typed); d.String() != want {
			t.Errorf("%q is written %q", typed, d)
		}
	}
}

func TestBadDates(t *testing.T) {
	for text, says := range map[string]string{
		"2003-02-29": "February 2003 has 28 days", "1900-02-29": "February 1900 has 28 days", "2003-04-31": "April 2003 has 30 days",
		"2003-10-00": "does not exist", "2003-10-32": "October 2003 has 31 days", "2003-13": "no such month", "2003-00": "no such month",
		"2003-20": "no such month", "2003-25": "no such month", "2003-24-01": "no such month",
		"2003-1-1": "is not a date", "03-10-01": "is not a date", "2003/10/01": "is not a date", "1 October 2003": "is not a date",
		"2003-10-01-02": "is not a date", "2003-": "is not a date", "2003-10-": "is not a date", "20031001": "is not a date", "２００３": "is not a date",
		"by": "is not a date", "by tba": "is not a date", "by by 2003": "is not a date", "between 2003": "is not a date",
		"between 2004 and 2003": "ends before it begins", "between tba and 2003": "is not a date", "99999999999999999999": "is not a date",
	} {
		_, err := fact.ParseDate(text)
		if !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"2003-10", "2003", "tba", "", "by 2003-10-01"} {
		if _, err := fact.ParseDay(text); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%q is one day: %v", text, err)
		}
	}
}

func TestDays(t *testing.T) {
	if d := fact.DayOf(1970, time.January, 1); d != 0 {
		t.Errorf("the first day is %d", d)
	}
	if d := fact.DayOf(1969, time.December, 31); d != -1 || d.String() != "1969-12-31" {
		t.Errorf("the day before is %d, %s", d, d)
	}
	// Summer time: a moment late in the evening by the world's clock is the next day in London.
	if d := fact.DayIn(time.Date(2003, time.July, 1, 23, 30, 0, 0, time.UTC)); d.String() != "2003-07-02" {
		t.Errorf("a July night is on %s", d)
	}
	if d := fact.DayIn(time.Date(2003, time.January, 1, 23, 30, 0, 0, time.UTC)); d.String() != "2003-01-01" {
		t.Errorf("a January night is on %s", d)
	}
	for text, end := range map[string]string{"2003-07-01": "2003-07-01T22:59:59.999999Z", "2003-01-01": "2003-01-01T23:59:59.999999Z", "2003-10-26": "2003-10-26T23:59:59.999999Z"} {
		if got := day(text).End().UTC().Format(time.RFC3339Nano); got != end {
			t.Errorf("%s ends at %s, not %s", text, got, end)
		}
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2003-01-31", 1, "2003-02-28"}, {"2004-01-31", 1, "2004-02-29"}, {"2003-10-31", -1, "2003-09-30"},
		{"2003-12-15", 1, "2004-01-15"}, {"2003-01-15", -1, "2002-12-15"}, {"2004-02-29", 12, "2005-02-28"}, {"2003-05-31", 0, "2003-05-31"},
	} {
		if got := day(c.from).AddMonths(c.n); got.String() != c.want {
			t.Errorf("%s and %d months is %s, not %s", c.from, c.n, got, c.want)
		}
	}
	if fact.MinDay.Words() != "the beginning" || fact.MaxDay.String() != "further notice" {
		t.Error("the ends of time have no words")
	}
}

func TestSpans(t *testing.T) {
	const no, maybe, yes = fact.No, fact.Maybe, fact.Yes
	for _, c := range []struct {
		from, until string
		on          map[string]fact.Cover
	}{
		{"", "", map[string]fact.Cover{"0001-01-01": yes, "2003-10-01": yes, "9999-12-31": yes}},
		{"2003-10-01", "", map[string]fact.Cover{"2003-09-30": no, "2003-10-01": yes, "2015-01-01": yes}},
		{"", "2003-08-31", map[string]fact.Cover{"1970-01-01": yes, "2003-08-31": yes, "2003-09-01": no}},
		{"2003-10-01", "2003-10-01", map[string]fact.Cover{"2003-09-30": no, "2003-10-01": yes, "2003-10-02": no}},
		{"2003-10", "", map[string]fact.Cover{"2003-09-30": no, "2003-10-01": maybe, "2003-10-30": maybe, "2003-10-31": yes}},
		{"", "2003-10", map[string]fact.Cover{"2003-10-01": yes, "2003-10-02": maybe, "2003-10-31": maybe, "2003-11-01": no}},
		{"2003-24", "", map[string]fact.Cover{"2003-11-30": no, "2003-12-01": maybe, "2004-02-28": maybe, "2004-02-29": yes}},
		{"by 2005-04", "", map[string]fact.Cover{"1970-01-01": maybe, "2005-04-29": maybe, "2005-04-30": yes}},
		{"", "by 2005-04", map[string]fact.Cover{"1970-01-01": maybe, "2005-04-30": maybe, "2005-05-01": no}},
		{"between 2005-04-01 and 2015-04-14", "", map[string]fact.Cover{"2005-03-31": no, "2005-04-01": maybe, "2015-04-13": maybe, "2015-04-14": yes}},
		{"tba", "", map[string]fact.Cover{"2003-10-01": no, "9999-12-31": no}},
		{"tba", "2003", map[string]fact.Cover{"2003-10-01": no}},
		{"2003-10-01", "tba", map[string]fact.Cover{"2003-09-30": no, "2003-10-01": yes, "9999-12-31": yes}},
		{"2003", "2003", map[string]fact.Cover{"2002-12-31": no, "2003-01-01": maybe, "2003-06-01": maybe, "2003-12-31": maybe, "2004-01-01": no}},
	} {
		s := span(c.from, c.until)
		if err := s.Check(); err != nil {
			t.Errorf("%q to %q: %v", c.from, c.until, err)
		}
		first, last, certain := s.Certain()
		from, to, possible := s.Possible()
		for on, want := range c.on {
			d := day(on)
			if got := s.On(d); got != want {
				t.Errorf("%q to %q on %s: %d, not %d", c.from, c.until, on, got, want)
			}
			if (certain && first <= d && d <= last) != (want == yes) {
				t.Errorf("%q to %q on %s: Certain is %s to %s, %v", c.from, c.until, on, first, last, certain)
			}
			if (possible && from <= d && d <= to) != (want != no) {
				t.Errorf("%q to %q on %s: Possible is %s to %s, %v", c.from, c.until, on, from, to, possible)
			}
			if got, want := s.AfterUntil(d), (fact.Span{Until: s.Until}).On(d); got+want != yes {
				t.Errorf("%q to %q on %s: AfterUntil is %d, and until then %d", c.from, c.until, on, got, want)
			}
		}
	}
}

// Both spans together say, of every day, the lesser of what each says.
func TestSpanAnd(t *testing.T) {
	dates := []fact.Date{{}}
	for _, s := range []string{"2003-10-01", "2003-10-14", "2003-10", "2003-23", "by 2003-10", "by 2003-11-05", "between 2003-10-10 and 2003-11-10", "tba"} {
		dates = append(dates, date(s))
	}
	for _, a := range dates {
		for _, b := range dates {
			for _, c := range dates {
				for _, d := range dates {
					s, u := fact.Span{From: a, Until: b}, fact.Span{From: c, Until: d}
					both := s.And(u)
					for on := day("2003-08-25"); on < day("2003-12-05"); on++ {
						if got, want := both.On(on), min(s.On(on), u.On(on)); got != want {
							t.Fatalf("%s and %s are %s: on %s it is %d, not %d", s.Words(), u.Words(), both.Words(), on, got, want)
						}
					}
				}
			}
		}
	}
	if got := span("2003-23", "2005").And(span("", "2006")); got != span("2003-23", "2005") {
		t.Errorf("the boundaries given became %s", got.Words())
	}
	if got := span("", "by 2005").And(span("", "2004-06-30")).Until.String(); got != "by 2004-06-30" {
		t.Errorf("until %s", got)
	}
	if got := span("2003-10", "").And(span("2003-10-05", "")).From.String(); got != "between 2003-10-05 and 2003-10-31" {
		t.Errorf("from %s", got)
	}
}

func TestInvertedSpans(t *testing.T) {
	for _, c := range [][2]string{{"2003-10-02", "2003-10-01"}, {"2004", "2003"}, {"2003-24", "2003-11"}, {"2005-05", "by 2005-04"}, {"between 2005 and 2006", "2004-12-31"}} {
		if err := span(c[0], c[1]).Check(); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%s to %s: %v", c[0], c[1], err)
		}
	}
	for _, c := range [][2]string{{"tba", "2003"}, {"2003-10", "2003-10-01"}, {"by 2005-04", "2003"}, {"2003-10-02", "tba"}} {
		if err := span(c[0], c[1]).Check(); err != nil {
			t.Errorf("%s to %s: %v", c[0], c[1], err)
		}
	}
}

func TestSpanWords(t *testing.T) {
	for _, c := range [][3]string{
		{"2003-10-01", "", "from 1 October 2003 until further notice"},
		{"", "2003-23", "from the beginning until autumn 2003"},
		{"tba", "", "from a date to be agreed until further notice"},
		{"2003", "tba", "from 2003 until further notice"},
	} {
		if got := span(c[0], c[1]).Words(); got != c[2] {
			t.Errorf("%q to %q: %q", c[0], c[1], got)
		}
	}
}

// FuzzDate: what is read is written in one spelling, which is read as the same; and the window is a window.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2003-10-01", "2003-10", "2003", "2003-24", "by 2005-04", "by 2003-24", "tba", "between 2003-24 and 2004-10-01", "", " 2003 ", "9999-24", "0000-21", "by 9999-24", "BETWEEN 0000 and 0000-24", "by İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := fact.ParseDate(s)
		if err != nil {
			if !errors.Is(err, fact.ErrInvalid) {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		again, err := fact.ParseDate(d.String())
		if err != nil || again != d {
			t.Errorf("%q is written %q, and read as %+v (%v), not %+v", s, d, again, err, d)
		}
		if d.Last < d.First {
			t.Errorf("%q is from %s to %s", s, d.First, d.Last)
		}
		if d.Words() == "" {
			t.Errorf("%q has no words", s)
		}
		for _, span := range []fact.Span{{From: d}, {Until: d}, {From: d, Until: d}} {
			span.Words()
			if first, last, ok := span.Certain(); ok && (span.On(first) != fact.Yes || span.On(last) != fact.Yes) {
				t.Errorf("%q: %s to %s is certain, and not covered", s, first, last)
			}
			if first, last, ok := span.Possible(); ok && (span.On(first) == fact.No || span.On(last) == fact.No) {
				t.Errorf("%q: %s to %s is possible, and not covered", s, first, last)
			}
		}
	})
}

func TestIDs(t *testing.T) {
	for _, good := range []string{"a", "9", "corporate-director-people", "X7.f_3", strings.Repeat("a", fact.MaxID)} {
		if err := fact.CheckID(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "-", "-a", ".", "a b", "a/b", "a\n", "ä", strings.Repeat("a", fact.MaxID+1)} {
		if err := fact.CheckID(bad); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if k, err := fact.ParseKey("post/dph"); err != nil || k != (fact.Key{Kind: "post", ID: "dph"}) || k.String() != "post/dph" {
		t.Errorf("post/dph: %v, %v", k, err)
	}
	for _, bad := range []string{"", "post", "/dph", "post/", "post/a/b"} {
		if _, err := fact.ParseKey(bad); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
