package exchange_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
)

func ics(t interface{ Fatal(...any) }, c exchange.Calendar) string {
	var b strings.Builder
	if err := exchange.ICS(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// component is a part of a calendar as a program reads it, by RFC 5545 section 3.1.
type component struct {
	name  string
	props map[string]string // by name with parameters; text as it stands in the file
	parts []*component
}

func readICS(t interface{ Fatalf(string, ...any) }, s string) *component {
	if !utf8.ValidString(s) || !strings.HasSuffix(s, "\r\n") || strings.Count(s, "\n") != strings.Count(s, "\r\n") || strings.Count(s, "\r") != strings.Count(s, "\r\n") {
		t.Fatalf("lines do not end in CR and LF, or it is not UTF-8: %q", s)
	}
	for _, line := range strings.Split(s, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Fatalf("a line of %d bytes: %q", len(line), line)
		}
	}
	root := &component{}
	open := []*component{root}
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		top := open[len(open)-1]
		switch {
		case !ok:
			t.Fatalf("no property: %q", line)
		case name == "BEGIN":
			c := &component{name: value, props: map[string]string{}}
			top.parts, open = append(top.parts, c), append(open, c)
		case name == "END":
			if top.name != value {
				t.Fatalf("%s ends as %s", top.name, value)
			}
			open = open[:len(open)-1]
		default:
			if _, twice := top.props[name]; twice {
				t.Fatalf("%s stands twice", name)
			}
			top.props[name] = value
		}
	}
	if len(open) != 1 || len(root.parts) != 1 || root.parts[0].name != "VCALENDAR" {
		t.Fatalf("it is not one calendar: %q", s)
	}
	return root.parts[0]
}

// plainText undoes the backslashes of a text.
func plainText(t interface{ Fatalf(string, ...any) }, s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ';' || s[i] == ',':
			t.Fatalf("%q stands bare in %q", s[i], s)
		case s[i] != '\\':
			b.WriteByte(s[i])
		default:
			i++
			if s[i] == 'n' || s[i] == 'N' {
				b.WriteByte('\n')
			} else {
				b.WriteByte(s[i])
			}
		}
	}
	return b.String()
}

// Whatever an entry says, a program that reads the file reads it again and nothing else.
func TestICSLaw(t *testing.T) {
	words := rapid.StringMatching(`[ -~äŵ–😀]{0,200}`)
	rapid.Check(t, func(t *rapid.T) {
		c := exchange.Calendar{Name: words.Draw(t, "name"), Known: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "known"), 0)}
		for range rapid.IntRange(0, 4).Draw(t, "entries") {
			e := exchange.CalendarEntry{
				UID: words.Draw(t, "uid"), Sequence: rapid.IntRange(0, 9).Draw(t, "sequence"), Cancelled: rapid.Bool().Draw(t, "cancelled"),
				On: fact.Day(rapid.IntRange(0, 40000).Draw(t, "on")), Title: words.Draw(t, "title"),
				Description: strings.Join(rapid.SliceOfN(words, 0, 3).Draw(t, "description"), "\n"), URL: "https://plumbline.example/" + rapid.StringMatching(`[a-z?=&,;]{0,90}`).Draw(t, "url"), Alarm: rapid.IntRange(0, 7).Draw(t, "alarm"),
			}
			if rapid.Bool().Draw(t, "timed") {
				e.Starts = e.On.Time().Add(time.Duration(rapid.IntRange(0, 1439).Draw(t, "minute")) * time.Minute)
				e.Ends = e.Starts.Add(time.Hour)
			}
			c.Entries = append(c.Entries, e)
		}
		got := readICS(t, ics(t, c))
		if plainText(t, got.props["NAME"]) != c.Name || len(got.parts) != len(c.Entries) {
			t.Fatalf("the calendar says %q and has %d entries", got.props["NAME"], len(got.parts))
		}
		for i, p := range got.parts {
			e := c.Entries[i]
			if plainText(t, p.props["UID"]) != e.UID || plainText(t, p.props["SUMMARY"]) != strings.Join(strings.Fields(e.Title), " ") || plainText(t, p.props["DESCRIPTION"]) != e.Description || p.props["URL"] != e.URL {
				t.Fatalf("%+v became %v", e, p.props)
			}
			if cancelled := p.props["STATUS"] == "CANCELLED"; cancelled != e.Cancelled || (len(p.parts) == 1) != (e.Alarm > 0 && !e.Cancelled) {
				t.Fatalf("%+v has %d alarms and is %s", e, len(p.parts), p.props["STATUS"])
			}
			if _, days := p.props["DTSTART;VALUE=DATE"]; days != e.Starts.IsZero() {
				t.Fatalf("%+v begins %v", e, p.props)
			}
		}
	})
}

// What a person typed begins no property of its own.
func TestICSOfHostileWords(t *testing.T) {
	evil := "Review\r\nEND:VEVENT\r\nBEGIN:VEVENT\nX:\x00\x1b"
	c := readICS(t, ics(t, exchange.Calendar{Name: evil, Entries: []exchange.CalendarEntry{{UID: evil, Title: evil, Description: evil, URL: evil, Alarm: 1}}}))
	if len(c.parts) != 1 || len(c.parts[0].parts) != 1 || c.parts[0].props["X"] != "" {
		t.Fatalf("%+v", c)
	}
}

// A calendar as it stands in the file.
func TestICSAsWritten(t *testing.T) {
	day, _ := fact.ParseDay("2016-06-05")
	starts := time.Date(2015, 6, 4, 14, 30, 0, 0, fact.London)
	got := ics(t, exchange.Calendar{Name: "Assurance", Known: time.Date(2015, 6, 5, 12, 0, 0, 0, time.UTC), Entries: []exchange.CalendarEntry{
		{UID: "review-2015@plumbline.example", Sequence: 2, On: day, Title: "The review of the local test of assurance is due", Description: "Accountability; partnership.\nLook at it again.", URL: "https://plumbline.example/assurance/timeline?on=2016-06-05", Alarm: 5},
		{UID: "interview-7@plumbline.example", Starts: starts, Ends: starts.Add(45 * time.Minute), Title: "Interview", Alarm: 1},
		{UID: "gone@plumbline.example", On: day, Until: day + 2, Title: "Fieldwork", Cancelled: true, Alarm: 5},
	}})
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Plumbline//Plumbline//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Assurance
X-WR-CALNAME:Assurance
BEGIN:VEVENT
UID:review-2015@plumbline.example
DTSTAMP:20150605T120000Z
SEQUENCE:2
DTSTART;VALUE=DATE:20160605
DTEND;VALUE=DATE:20160606
TRANSP:TRANSPARENT
STATUS:CONFIRMED
SUMMARY:The review of the local test of assurance is due
DESCRIPTION:Accountability\; partnership.\nLook at it again.
URL:https://plumbline.example/assurance/timeline?on=2016-06-05
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P5DT15H0M
DESCRIPTION:The review of the local test of assurance is due
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:interview-7@plumbline.example
DTSTAMP:20150605T120000Z
SEQUENCE:0
DTSTART:20150604T133000Z
DTEND:20150604T141500Z
STATUS:CONFIRMED
SUMMARY:Interview
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P1DT5H30M
DESCRIPTION:Interview
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:gone@plumbline.example
DTSTAMP:20150605T120000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20160605
DTEND;VALUE=DATE:20160608
TRANSP:TRANSPARENT
STATUS:CANCELLED
SUMMARY:Fieldwork
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestWorkingDaysBefore(t *testing.T) {
	for _, c := range []struct {
		day  string
		n    int
		want string
	}{
		{"2015-06-05", 5, "2015-05-29"}, // a Friday
		{"2015-06-06", 5, "2015-06-01"}, // a Saturday
		{"2015-06-07", 1, "2015-06-05"},
		{"2015-06-08", 1, "2015-06-05"}, // a Monday
		{"2015-06-08", 0, "2015-06-08"},
	} {
		d, _ := fact.ParseDay(c.day)
		if got := exchange.WorkingDaysBefore(d, c.n).String(); got != c.want {
			t.Errorf("%d working days before %s is %s, not %s", c.n, c.day, got, c.want)
		}
	}
}
