package exchange

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// Calendar is days and meetings as a calendar program takes them in, once as a file or again and again from an address. Whoever fills it in
// leaves out of it what not everybody with the address may see: its titles are shown on telephones and in other people's calendars.
type Calendar struct {
	Name    string
	Known   time.Time // when the newest thing that it says was recorded
	Entries []CalendarEntry
}

// CalendarEntry is one entry of a calendar: a day, days in a row, or a time.
type CalendarEntry struct {
	UID       string // the same for ever, and nobody else's: by it a calendar knows what it has already
	Sequence  int    // higher each time that what the entry says has changed
	Cancelled bool   // it was there, and takes place no longer

	On, Until    fact.Day  // whole days, both included; the zero Until is On alone
	Starts, Ends time.Time // a time; the zero Starts is whole days, and the zero Ends is no longer than its start
	Title        string
	Description  string
	URL          string // of the page that says more
	Alarm        int    // how many working days before it to warn, at nine in the morning; 0 not at all
}

// ICS writes a calendar as RFC 5545 has it. The same calendar gives the same bytes.
func ICS(w io.Writer, c Calendar) error {
	out := &contentLines{w: bufio.NewWriter(w)}
	out.put("BEGIN", "VCALENDAR")
	out.put("VERSION", "2.0")
	out.put("PRODID", "-//Plumbline//Plumbline//EN")
	out.put("CALSCALE", "GREGORIAN")
	out.put("METHOD", "PUBLISH")
	out.text("NAME", c.Name) // RFC 7986, and as programs knew it before
	out.text("X-WR-CALNAME", c.Name)
	for _, e := range c.Entries {
		out.entry(e, c.Known)
	}
	out.put("END", "VCALENDAR")
	if err := out.w.Flush(); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

// contentLines writes lines of a calendar. An error stays with the writer below until it is flushed.
type contentLines struct{ w *bufio.Writer }

const (
	icsDay    = "20060102"
	icsMoment = "20060102T150405Z"
)

func (l *contentLines) entry(e CalendarEntry, known time.Time) {
	l.put("BEGIN", "VEVENT")
	l.text("UID", e.UID)
	l.put("DTSTAMP", known.UTC().Format(icsMoment))
	l.put("SEQUENCE", fmt.Sprint(e.Sequence))
	if e.Starts.IsZero() {
		l.put("DTSTART;VALUE=DATE", e.On.Time().Format(icsDay))
		l.put("DTEND;VALUE=DATE", (max(e.On, e.Until) + 1).Time().Format(icsDay)) // the first day on which it is over
		l.put("TRANSP", "TRANSPARENT")                                            // a deadline leaves the day free for meetings
	} else {
		l.put("DTSTART", e.Starts.UTC().Format(icsMoment))
		if e.Ends.After(e.Starts) {
			l.put("DTEND", e.Ends.UTC().Format(icsMoment))
		}
	}
	status := "CONFIRMED"
	if e.Cancelled {
		status = "CANCELLED"
	}
	l.put("STATUS", status)
	l.text("SUMMARY", strings.Join(strings.Fields(e.Title), " "))
	if e.Description != "" {
		l.text("DESCRIPTION", e.Description)
	}
	if e.URL != "" {
		l.put("URL", e.URL)
	}
	if e.Alarm > 0 && !e.Cancelled {
		l.put("BEGIN", "VALARM")
		l.put("ACTION", "DISPLAY")
		l.put("TRIGGER", e.trigger())
		l.text("DESCRIPTION", strings.Join(strings.Fields(e.Title), " "))
		l.put("END", "VALARM")
	}
	l.put("END", "VEVENT")
}

// trigger says how long before its start an entry warns, by the clock on the wall: programs do not agree on what they make of a moment.
func (e CalendarEntry) trigger() string {
	on, hour, minute := e.On, 0, 0
	if !e.Starts.IsZero() {
		on = fact.DayIn(e.Starts)
		hour, minute, _ = e.Starts.In(fact.London).Clock()
	}
	minutes := int(on-WorkingDaysBefore(on, e.Alarm))*24*60 + hour*60 + minute - 9*60
	return fmt.Sprintf("-P%dDT%dH%dM", minutes/(24*60), minutes/60%24, minutes%60)
}

// WorkingDaysBefore gives the day so many working days before another. Monday to Friday are working days; which days the bank is closed
// is not known here.
func WorkingDaysBefore(d fact.Day, n int) fact.Day {
	for n > 0 {
		d--
		if w := d.Time().Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return d
}

// text writes a property whose value is text, in which some characters stand for themselves only behind a backslash.
func (l *contentLines) text(name, value string) {
	l.put(name, strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`).Replace(value))
}

// put writes one property, over several lines where it is long: none of more than 75 bytes, and no character divided. Nothing that
// somebody typed can begin another property.
func (l *contentLines) put(name, value string) {
	line := name + ":" + strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, value)
	for room := 75; len(line) > room; room = 74 { // what continues begins with a space
		at := room
		for !utf8.RuneStart(line[at]) {
			at--
		}
		l.w.WriteString(line[:at] + "\r\n ")
		line = line[at:]
	}
	l.w.WriteString(line + "\r\n")
}
