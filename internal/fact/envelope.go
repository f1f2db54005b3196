package fact

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"
)

const envelopeHead = "plumbline/entry/1\n"

const clockLayout = "2006-01-02T15:04:05.000000Z"

// AppendEnvelope writes the envelope: the bytes that are hashed into the log, one "name value" a
// line in a fixed order. docs/format.md has the vectors.
func AppendEnvelope(dst []byte, e *Entry) []byte {
	line := func(name, value string) {
		dst = append(dst, name...)
		dst = append(dst, ' ')
		if value == "" {
			value = "-"
		}
		dst = append(dst, value...)
		dst = append(dst, '\n')
	}
	num := func(name string, v int64) {
		dst = append(dst, name...)
		dst = append(dst, ' ')
		dst = strconv.AppendInt(dst, v, 10)
		dst = append(dst, '\n')
	}
	clock := func(name string, t time.Time) {
		dst = append(dst, name...)
		dst = append(dst, ' ')
		dst = t.UTC().AppendFormat(dst, clockLayout)
		dst = append(dst, '\n')
	}
	dst = append(dst, envelopeHead...)
	num("position", e.Position)
	clock("recorded", e.Recorded)
	clock("written", e.Written)
	mode := "live"
	if e.Reconstructed {
		mode = "reconstructed"
	}
	line("mode", mode)
	line("who", string(e.Who))
	line("op", e.Op.String())
	line("kind", string(e.Kind))
	num("version", int64(e.Version))
	line("id", string(e.ID))
	line("from", e.Span.From.String())
	line("until", e.Span.Until.String())
	line("proposal", string(e.Proposal))
	num("base", e.Base)
	dst = append(dst, "body "...)
	dst = hex.AppendEncode(dst, e.Root[:])
	return append(dst, '\n')
}

// ParseEnvelope reads the bytes that AppendEnvelope writes, and no others: an envelope has exactly one spelling,
// because its bytes are what is signed.
func ParseEnvelope(b []byte) (Entry, error) {
	rest, ok := bytes.CutPrefix(b, []byte(envelopeHead))
	if !ok {
		return Entry{}, fmt.Errorf("read envelope: it is not an entry of a format that this program knows: %w", ErrCorrupt)
	}
	var e Entry
	r := envelopeReader{rest: rest}
	e.Position = r.number("position")
	recorded := r.word("recorded")
	e.Recorded = r.clock("recorded", recorded)
	if written := r.word("written"); bytes.Equal(written, recorded) {
		e.Written = e.Recorded // as it is unless the entry is reconstructed
	} else {
		e.Written = r.clock("written", written)
	}
	switch string(r.word("mode")) {
	case "live":
	case "reconstructed":
		e.Reconstructed = true
	default:
		r.fail("mode")
	}
	e.Who = Who(intern(r.word("who")))
	op := r.word("op")
	for i := Assert; int(i) < len(opNames); i++ {
		if string(op) == opNames[i] {
			e.Op = i
		}
	}
	if e.Op == 0 {
		r.fail("op")
	}
	e.Kind = KindName(intern(r.word("kind")))
	e.Version = int(r.number("version"))
	e.ID = ID(r.word("id"))
	e.Span.From = r.date("from")
	e.Span.Until = r.date("until")
	e.Proposal = ID(intern(r.word("proposal")))
	e.Base = r.number("base")
	if !parseHash(&e.Root, r.word("body")) {
		r.fail("body")
	}
	switch {
	case r.failed != "":
		return Entry{}, fmt.Errorf("read envelope: its line %q is missing or malformed: %w", r.failed, ErrCorrupt)
	case len(r.rest) > 0:
		return Entry{}, fmt.Errorf("read envelope: there is more after its end: %w", ErrCorrupt)
	}
	return e, nil
}

// envelopeReader reads line after line, and remembers the first that was not as it must be.
type envelopeReader struct {
	rest   []byte
	failed string
}

func (r *envelopeReader) fail(name string) {
	if r.failed == "" {
		r.failed = name
	}
}

// word reads the line of that name; "-" stands for nothing.
func (r *envelopeReader) word(name string) []byte {
	n := len(name)
	end := bytes.IndexByte(r.rest, '\n')
	if r.failed != "" || end < n+2 || string(r.rest[:n]) != name || r.rest[n] != ' ' {
		r.fail(name)
		return nil
	}
	v := r.rest[n+1 : end]
	r.rest = r.rest[end+1:]
	if len(v) == 1 && v[0] == '-' {
		return nil
	}
	return v
}

func (r *envelopeReader) number(name string) int64 {
	w := r.word(name)
	v, err := strconv.ParseInt(string(w), 10, 64)
	if err != nil || w[0] == '+' || w[0] == '0' && len(w) > 1 || w[0] == '-' && w[1] == '0' {
		r.fail(name)
	}
	return v
}

func (r *envelopeReader) clock(name string, w []byte) time.Time {
	t, ok := parseClock(w)
	if !ok {
		r.fail(name)
	}
	return t
}

func (r *envelopeReader) date(name string) Date {
	w := r.word(name)
	if len(w) == 0 {
		return Date{}
	}
	if w[0] >= '0' && w[0] <= '9' { // a day, month, year or season, each of which has one spelling
		d, err := parsePlain(string(w))
		if err != nil {
			r.fail(name)
		}
		return d
	}
	d, err := ParseDate(string(w))
	if err != nil || d.String() != string(w) {
		r.fail(name)
	}
	return d
}

// words holds some of the words that intern gave last.
var words [256]atomic.Pointer[string]

// intern gives a word that stands in thousands of entries as one string, most of the time.
func intern(b []byte) string {
	h := uint8(len(b))
	for _, c := range b {
		h = h*31 + c
	}
	slot := &words[h]
	if known := slot.Load(); known != nil && *known == string(b) {
		return *known
	}
	word := string(b)
	slot.Store(&word)
	return word
}

// parseHash reads a hash in hexadecimal, in small letters only.
func parseHash(h *Hash, s []byte) bool {
	if len(s) != 2*len(h) {
		return false
	}
	bad := byte(0)
	for i := range h {
		hi, lo := hexDigit[s[2*i]], hexDigit[s[2*i+1]]
		h[i] = hi<<4 | lo
		bad |= hi | lo
	}
	return bad < 0x80
}

var hexDigit = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i, c := range "0123456789abcdef" {
		t[c] = byte(i)
	}
	return t
}()

// parseClock reads the one layout of an envelope's clock, many times faster than time.Parse.
func parseClock(s []byte) (time.Time, bool) {
	if len(s) != len(clockLayout) || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != '.' || s[26] != 'Z' {
		return time.Time{}, false
	}
	ok := true
	number := func(digits []byte) int {
		v := 0
		for _, c := range digits {
			ok = ok && c >= '0' && c <= '9'
			v = v*10 + int(c-'0')
		}
		return v
	}
	y, m, d := number(s[0:4]), number(s[5:7]), number(s[8:10])
	hour, minute, second, micro := number(s[11:13]), number(s[14:16]), number(s[17:19]), number(s[20:26])
	if !ok || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	return time.Date(y, time.Month(m), d, hour, minute, second, micro*1000, time.UTC), true
}
