package kind

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// Longest values, in bytes.
const (
	maxText     = 2_000
	maxLongText = 200_000
	maxItems    = 2_000
)

// complaint is what is wrong with one value, and what to do.
type complaint struct{ what, remedy string }

func wrong(remedy, format string, a ...any) *complaint {
	return &complaint{fmt.Sprintf(format, a...), remedy}
}

// Quote writes a text as canonical JSON: no escapes but the necessary ones.
func Quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// Canonical turns one value as it was written into canonical JSON, the form that is hashed and stored. A reference comes out
// bare where one kind is possible and as kind/id otherwise; one that was given bare where several kinds are possible stays bare, for
// the graph to resolve.
func (s *Set) canonical(f *Field, raw string) (string, *complaint) {
	raw = clean(raw, f.Type == LongText)
	if c := plainText(raw, f.Type == LongText); c != nil {
		return "", c
	}
	if raw == "" {
		return "", wrong("Leave the field out if it is not known.", "the value is empty")
	}
	switch f.Type {
	case Text, LongText, File:
		if check := s.checks[f.Check]; check != nil {
			if what, remedy := check(raw, nil); what != "" {
				return "", wrong(remedy, "%s", what)
			}
		}
		return Quote(raw), nil
	case Number, Percent:
		n, ok := decimal(strings.TrimSuffix(raw, "%"), f.Type == Percent || !strings.HasSuffix(raw, "%"))
		if !ok {
			return "", wrong("Write a number, as in 12 or 0.5.", "%q is not a number", raw)
		}
		return n, nil
	case Money:
		n, ok := money(raw)
		if !ok {
			return "", wrong("Write pounds, as in 4000000, £715,000 or £4m.", "%q is not an amount of money", raw)
		}
		return n, nil
	case Date:
		d, err := fact.ParseDate(raw)
		if err != nil {
			return "", wrong("", "%s", trimInvalid(err))
		}
		return Quote(d.String()), nil
	case YesNo:
		switch strings.ToLower(raw) {
		case "yes", "true":
			return "true", nil
		case "no", "false":
			return "false", nil
		}
		return "", wrong("Write yes or no.", "%q is neither yes nor no", raw)
	case Choice:
		if f.Open || slices.Contains(f.Choices, raw) {
			return Quote(raw), nil
		}
		known := f.Choices
		if f.Codes != "" {
			codes, checked := s.codes[f.Codes]
			if !checked || codes[raw] {
				return Quote(raw), nil
			}
			known = append(slices.Clone(known), s.Codes(f.Codes)...)
		}
		return "", wrong(didYouMean(raw, known), "%q is not one of the choices", raw)
	case Email:
		if a, err := mail.ParseAddress(raw); err != nil || a.Address != raw {
			return "", wrong("Write it as name@example.org.", "%q is not an e-mail address", raw)
		}
		return Quote(raw), nil
	case Link:
		if u, err := url.Parse(raw); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return "", wrong("Write the whole address, beginning with https://.", "%q is not a web address", raw)
		}
		return Quote(raw), nil
	case Reference:
		return s.reference(f, raw)
	}
	return "", wrong("", "fields of type %q cannot be read", f.Type)
}

func (s *Set) reference(f *Field, raw string) (string, *complaint) {
	if f.Codes != "" && s.codes[f.Codes][raw] {
		return Quote(raw), nil
	}
	k, id, qualified := strings.Cut(raw, "/")
	if !qualified {
		if err := fact.CheckID(raw); err != nil {
			return "", wrong("", "%s", trimInvalid(err))
		}
		return Quote(raw), nil
	}
	if err := fact.CheckID(id); err != nil {
		return "", wrong("", "%s", trimInvalid(err))
	}
	name := fact.KindName(k)
	if s.byName[name] == nil {
		return "", wrong(didYouMean(k, s.Names()), "%q is no kind of record", k)
	}
	if !f.Allows(name) {
		return "", wrong("", "it may refer to %s, and not to a record of kind %s", orList(f.To), k)
	}
	if f.Mixed() {
		return Quote(raw), nil
	}
	return Quote(id), nil
}

func orList(names []fact.KindName) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return strings.Join(out, " or ")
}

// trimInvalid drops the sentinel's text, which says nothing to a person.
func trimInvalid(err error) string {
	return strings.TrimSuffix(err.Error(), ": "+fact.ErrInvalid.Error())
}

// clean writes a text as it is kept: every space of print a plain one, lines ended alike, and without what is at its ends or is not seen
// (zero-width spaces, soft hyphens, marks of direction), which comes along when text is copied from a document and makes two names
// that look the same differ. Joiners are kept: some scripts are written with them.
func clean(s string, long bool) string {
	if !utf8.ValidString(s) {
		return s // to be refused, and not mended
	}
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' && !long, r > '~' && unicode.Is(unicode.Zs, r):
			return ' '
		case r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\u00ad', r == '\u200b', r == '\u200e', r == '\u200f', r == '\u2060', r == '\ufeff':
			return -1
		}
		return r
	}, s))
}

func plainText(s string, long bool) *complaint {
	limit := maxText
	if long {
		limit = maxLongText
	}
	if len(s) > limit {
		return wrong("Shorten it, or keep it as a document and refer to that.", "the text is %d characters long; %d are the most", len(s), limit)
	}
	for _, r := range s {
		if unicode.IsControl(r) && !(long && (r == '\n' || r == '\t')) {
			if r == '\n' {
				return wrong("Write it on one line.", "the text has a line break, which this field does not take")
			}
			return wrong("Remove it.", "the text holds the control character U+%04X", r)
		}
		if r == '\u202a' || r == '\u202b' || r == '\u202d' || r == '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return wrong("Remove it.", "the text holds the character U+%04X, which makes text read in another order than it is stored", r)
		}
	}
	return nil
}

// decimals is how many places a number may have after its point.
const decimals = 12

// ungroup takes out the commas that set thousands apart. A comma elsewhere may be meant as a decimal point, and is refused.
func ungroup(s string) (string, bool) {
	whole, _, _ := strings.Cut(s, ".")
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		n := len(g)
		if i == 0 {
			n = len(strings.TrimLeft(g, "+-"))
		}
		if len(groups) > 1 && (n > 3 || n == 0 || i > 0 && n < 3) {
			return s, false
		}
	}
	return strings.ReplaceAll(whole, ",", "") + s[len(whole):], true
}

// decimal reads a plain decimal number and writes it in its one canonical form.
func decimal(s string, ok bool) (string, bool) {
	s, grouped := ungroup(strings.TrimSpace(s))
	digits := 0
	for i, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' || (c == '-' || c == '+') && i == 0:
		default:
			return "", false
		}
	}
	if _, fraction, _ := strings.Cut(s, "."); len(fraction) > decimals {
		return "", false
	}
	if !ok || !grouped || digits == 0 || digits > 24 {
		return "", false
	}
	r, valid := new(big.Rat).SetString(s)
	if !valid {
		return "", false
	}
	out := r.FloatString(decimals)
	out = strings.TrimRight(strings.TrimRight(out, "0"), ".")
	if out == "-0" {
		out = "0"
	}
	return out, true
}

func money(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(s, "-"), "£"))
	scale := int64(1)
	for _, u := range []struct {
		suffix string
		by     int64
	}{{"million", 1e6}, {"bn", 1e9}, {"m", 1e6}, {"k", 1e3}} {
		if t, ok := strings.CutSuffix(s, u.suffix); ok {
			s, scale = strings.TrimSpace(t), u.by
			break
		}
	}
	n, ok := decimal(s, true)
	if !ok || strings.HasPrefix(n, "-") {
		return "", false
	}
	r, _ := new(big.Rat).SetString(n)
	r.Mul(r, new(big.Rat).SetInt64(scale))
	if neg {
		r.Neg(r)
	}
	out, ok := decimal(r.FloatString(decimals), true)
	if i := strings.IndexByte(out, '.'); i >= 0 && len(out)-i > 3 {
		return "", false // less than a penny
	}
	return out, ok
}
