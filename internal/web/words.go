package web

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// count writes a number with its noun: "no entries", "1 entry", "12 entries".
func count(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + many
	case 1:
		return "1 " + one
	}
	return thousands(int64(n)) + " " + many
}

func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// capital makes the first letter of a text a capital.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if up := unicode.ToUpper(r); up != r {
		return string(up) + s[n:]
	}
	return s
}

// sentence makes a sentence of a text: a capital at its beginning and a full stop at its end.
func sentence(s string) string {
	s = capital(strings.TrimSpace(s))
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return s
	}
	return s + "."
}

// status is a word with a class that may colour it.
type status struct{ Word, Class string }

// sinceWords says since when, where that is recorded.
func sinceWords(d fact.Date) string {
	if d.IsZero() {
		return ""
	}
	return "since " + someDay(d)
}

// and joins words as people do.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// choices are those values that are not their own name in plain words.
var choices = map[string]string{
	"nhs": "NHS", "city-of-london": "City of London", "isles-of-scilly": "Isles of Scilly",
	"co-opted": "co-opted", "vice-chair": "vice-chair", "fixed-term": "fixed-term", "job-share": "job-share", "long-term": "long-term",
	"lscb": "Local Safeguarding Children Board", "sab": "Safeguarding Adults Board", "hwb": "Health and Wellbeing Board", "icb": "integrated care board", "ccg": "clinical commissioning group",
}

// accounts is the family of codes that name accounts. Who that is the desk knows, and the record does not.
const accounts = "account"

// say writes a choice or a code for people: the name that the law pack has for it, or the word itself.
func (s *Site) say(f *kind.Field, v string) string {
	switch f.Codes {
	case "role":
		if r := s.Pack.Role(v); r != nil {
			return r.Name
		}
	case "domain":
		if d := s.Pack.Domain(v); d != nil {
			return d.Name
		}
	case accounts:
		return s.writer(fact.Who(v))
	case "kind", "every-kind":
		if k := s.Book.Kinds().Kind(fact.KindName(v)); k != nil {
			return k.Plural
		}
	case "framework":
		for _, x := range s.Pack.Frameworks {
			if x.ID == v {
				return x.Name
			}
		}
	case "criterion", "theme":
		for _, x := range s.Pack.Frameworks {
			for _, c := range slices.Concat(x.Criteria, x.Themes) {
				if c.Code == v {
					return c.Name
				}
			}
		}
	}
	if f.Type != kind.Choice {
		return v
	}
	if w, ok := choices[v]; ok {
		return w
	}
	if w := report.Word(v); w != v {
		return w
	}
	return strings.ReplaceAll(v, "-", " ")
}

// title names a record for people, codes in its title written out.
func (s *Site) title(r *graph.Record) string {
	t := r.Title()
	for _, part := range r.Kind().TitleParts() {
		if f := part.Field; f != nil && (f.Type == kind.Choice || f.Codes == accounts) && !f.Many {
			if v := r.Text(f.Name); v != "" {
				t = strings.Replace(t, v, s.say(f, v), 1)
			}
		}
	}
	return capital(t)
}

// called names a record also on a day on which it is not there, by what it was last called.
func (s *Site) called(l *look, k fact.Key) string {
	if r := l.View.Record(k); r != nil {
		return s.title(r)
	}
	if r := l.View.Latest(k); r != nil {
		return s.title(r)
	}
	return l.View.Called(k)
}

// linked names a record and leads to it, unless it was recorded later than what is looked at: then it has no page.
func (s *Site) linked(l *look, k fact.Key) link {
	if len(l.View.History(k)) == 0 {
		return link{Text: l.seen.View(l.today, -1).Called(k)}
	}
	return link{s.called(l, k), l.record(k)}
}

// council names the council whose record this is: as its settings say, or as the record does on the day looked at.
func (s *Site) council(l *look) string {
	if name := s.Book.Settings().Name; name != "" {
		return name
	}
	k := fact.Key{Kind: graph.Council, ID: "council"}
	if name := s.called(l, k); name != k.String() && !l.public() {
		return name
	}
	if name := s.Book.Settings().Council; name != "" {
		return name
	}
	return "No council recorded yet"
}

// keysOf lists the records of a kind that are known, whatever day they speak of.
func keysOf(v *graph.View, name fact.KindName) (keys []fact.Key) {
	seen := map[fact.Key]bool{}
	for p := range v.Pasts(name) {
		if k := p.Record.Key(); !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	return keys
}

// moment says when an entry was recorded.
func moment(h graph.Version) string {
	if h.Reconstructed {
		return fact.DayIn(h.Recorded).Words() + ", reconstructed from documents"
	}
	return report.Clock(h.Recorded)
}

// value writes what a field says, a line for each of its items. Nothing is not recorded.
func (s *Site) value(l *look, r *graph.Record, f *kind.Field) []link {
	switch _, state := r.JSON(f.Name); state {
	case graph.Missing:
		return nil
	case graph.Uncertain:
		return []link{{Text: "Not certain on this day: it changes within the dates given"}}
	case graph.Erased:
		return []link{{Text: r.Removed(f.Name).Words()}}
	case graph.Withheld:
		return []link{{Text: "You may not see this"}}
	}
	items := []string{r.Text(f.Name)}
	if f.Many {
		items = r.Texts(f.Name)
	}
	var out []link
	switch f.Type {
	case kind.Reference:
		onDay := l.View.Record(r.Key()) == r // and not some other version, in its history
		for _, k := range r.RefKeys(f.Name) {
			one := s.linked(l, k)
			if onDay && l.View.Record(k) == nil {
				one.Text += " (not there on this day)"
			}
			out = append(out, one)
		}
		for _, v := range items {
			if f.Codes != "" && !strings.Contains(v, "/") {
				out = append(out, link{Text: capital(s.say(f, v))})
			}
		}
	case kind.Choice:
		for _, v := range items {
			out = append(out, link{Text: capital(s.say(f, v))})
		}
	case kind.Link:
		for _, v := range items {
			out = append(out, link{v, v})
		}
	case kind.Email:
		for _, v := range items {
			out = append(out, link{v, "mailto:" + v})
		}
	case kind.YesNo:
		out = []link{{Text: capital(r.Show(f.Name))}}
	case kind.Text, kind.LongText, kind.File:
		for _, v := range items {
			if f.Codes == accounts {
				v = s.say(f, v)
			}
			out = append(out, link{Text: v})
		}
	default:
		out = []link{{Text: capital(r.Show(f.Name))}}
	}
	return out
}

// plain writes a value on one line.
func plain(value []link) string {
	texts := make([]string, len(value))
	for i, x := range value {
		texts[i] = x.Text
	}
	return strings.Join(texts, ", ")
}

// uncapital writes a sentence as a part of another.
func uncapital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToLower(s[:1]) + s[1:]
}
