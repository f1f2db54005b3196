package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Named is a text with the record that it names, if it names one.
type Named struct {
	Text   string
	Record fact.Key
}

// MarshalJSON gives the record as files name it: {"record": "post/chief-executive", "title": "Chief Executive"}.
func (n Named) MarshalJSON() ([]byte, error) {
	out := struct {
		Record string `json:"record,omitempty"`
		Title  string `json:"title"`
	}{Title: n.Text}
	if n.Record != (fact.Key{}) {
		out.Record = n.Record.String()
	}
	return json.Marshal(out)
}

// Cell is a cell of a table.
type Cell = Named

// Count writes a number with its noun: "no entries", "1 entry", "1,200 entries".
func Count(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + many
	case 1:
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands writes a number with its thousands apart: 1,200.
func Thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Capital makes the first letter of a text a capital.
func Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if up := unicode.ToUpper(r); up != r {
		return string(up) + s[n:]
	}
	return s
}

// small makes the first letter of a text small, as within a sentence, unless it begins with an abbreviation.
func small(s string) string {
	if s == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// Sentence makes a sentence of a text: a capital at its beginning and a full stop at its end.
func Sentence(s string) string {
	s = Capital(strings.TrimSpace(s))
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return s
	}
	return s + "."
}

// And joins words as people do: "a, b and c".
func And(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// said are those choices that are not their own name in plain words.
var said = map[string]string{
	"nhs": "NHS", "city-of-london": "City of London", "isles-of-scilly": "Isles of Scilly",
	"co-opted": "co-opted", "vice-chair": "vice-chair", "fixed-term": "fixed-term", "job-share": "job-share", "long-term": "long-term",
	"lscb": "Local Safeguarding Children Board", "sab": "Safeguarding Adults Board", "hwb": "Health and Wellbeing Board", "icb": "integrated care board", "ccg": "clinical commissioning group",
}

// Unseen stands in the place of what whoever looks may not see.
const Unseen = "You may not see this"

// Say writes a choice or a code for people: by the name that the law pack has for it, or in plain words.
func Say(p *rule.Pack, f *kind.Field, v string) string {
	switch f.Codes {
	case "role":
		if r := p.Role(v); r != nil {
			return r.Name
		}
	case "domain":
		if d := p.Domain(v); d != nil {
			return d.Name
		}
	case "framework":
		for _, x := range p.Frameworks {
			if x.ID == v {
				return x.Name
			}
		}
	case "criterion", "theme":
		for _, x := range p.Frameworks {
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
	if w, ok := said[v]; ok {
		return w
	}
	return strings.ReplaceAll(Word(v), "-", " ")
}

// Title names a record for people, with the codes in its title written out.
func Title(p *rule.Pack, r *graph.Record) string {
	t := r.Title()
	for _, part := range r.Kind().TitleParts() {
		if f := part.Field; f != nil && f.Type == kind.Choice && !f.Many {
			if v := r.Text(f.Name); v != "" {
				t = strings.Replace(t, v, Say(p, f, v), 1)
			}
		}
	}
	return Capital(t)
}

// Called names a record also on a day on which it is not there, by what it was last called.
func Called(p *rule.Pack, v *graph.View, k fact.Key) string {
	if r := v.Record(k); r != nil {
		return Title(p, r)
	}
	if r := v.Latest(k); r != nil {
		return Title(p, r)
	}
	return v.Called(k)
}

func named(p *rule.Pack, r *graph.Record) Named { return Named{Title(p, r), r.Key()} }

func called(p *rule.Pack, v *graph.View, k fact.Key) Named { return Named{Called(p, v, k), k} }

// RoleName is what people call a statutory role: "Director of children's services".
func RoleName(p *rule.Pack, code string) string {
	if r := p.Role(code); r != nil {
		return Capital(r.Name)
	}
	return code
}

// Value writes what a field says for people, an item for each of its values. Nothing is not recorded.
func Value(p *rule.Pack, r *graph.Record, f *kind.Field) []Named {
	switch _, state := r.JSON(f.Name); state {
	case graph.Missing:
		return nil
	case graph.Uncertain:
		return []Named{{Text: "Not certain on this day: it changes within the dates given"}}
	case graph.Erased:
		return []Named{{Text: r.Removed(f.Name).Words()}}
	case graph.Withheld:
		return []Named{{Text: Unseen}}
	}
	items := []string{r.Text(f.Name)}
	if f.Many {
		items = r.Texts(f.Name)
	}
	var out []Named
	switch f.Type {
	case kind.Reference:
		for _, k := range r.RefKeys(f.Name) {
			out = append(out, called(p, r.View(), k))
		}
		for _, v := range items {
			if f.Codes != "" && !strings.Contains(v, "/") {
				out = append(out, Named{Text: Capital(Say(p, f, v))})
			}
		}
	case kind.Choice:
		for _, v := range items {
			out = append(out, Named{Text: Capital(Say(p, f, v))})
		}
	case kind.Number:
		for _, v := range items {
			out = append(out, Named{Text: v})
		}
	case kind.Text, kind.LongText, kind.File, kind.Link, kind.Email:
		for _, v := range items {
			out = append(out, Named{Text: v})
		}
	default:
		out = []Named{{Text: Capital(r.Show(f.Name))}}
	}
	return out
}

// Holding is who is in a post on a day, in words.
type Holding struct {
	Lines       []string // a holder each
	People      []Named  // the same, without how they hold it
	Vacant      bool
	Unknown     string // why it cannot be said
	Together    bool   // several, and it is no job share
	Provisional bool   // somebody is interim or acting
}

// HoldingOf says who is in a post.
func HoldingOf(p *rule.Pack, post *graph.Record) Holding {
	o := post.Holders()
	h := Holding{Vacant: o.Vacant}
	if o.Gap != nil {
		h.Unknown = unknown(p, post.View(), *o.Gap)
	}
	for _, a := range o.Holders {
		who := holder(p, a)
		h.People = append(h.People, who)
		h.Lines = append(h.Lines, who.Text+inBrackets(basisOf(p, a)))
		h.Provisional = h.Provisional || provisional(a)
		h.Together = h.Together || len(o.Holders) > 1 && a.Text("shared") != "job-share"
	}
	return h
}

// StatusOfPost says how a post stands on the day, without naming anybody.
func StatusOfPost(post *graph.Record) Status {
	o := post.Holders()
	s := standing{sure: o.Holders}
	switch s.settle(); {
	case s.status != 0:
		return s.status
	case o.Vacant:
		return Vacant
	}
	return NotRecorded
}

// Words says who is in a post on as many lines as it takes.
func (h Holding) Words() []string {
	switch {
	case len(h.Lines) > 1 && h.Together:
		return append(slices.Clone(h.Lines), "jointly")
	case len(h.Lines) > 0:
		return h.Lines
	case h.Vacant:
		return []string{"Vacant"}
	}
	return []string{Capital(h.Unknown)}
}

// holder names who is appointed.
func holder(p *rule.Pack, appointment *graph.Record) Named {
	if k, ok := appointment.RefKey("person"); ok {
		return called(p, appointment.View(), k)
	}
	if appointment.State("person") == graph.Uncertain {
		return Named{Text: "Somebody, and it is not certain who"}
	}
	if appointment.State("person") == graph.Withheld {
		return Named{Text: "Somebody whose name is not public"}
	}
	return Named{Text: "Somebody whose name is not recorded"}
}

// basisOf says on what basis somebody is appointed; permanent goes without saying.
func basisOf(p *rule.Pack, appointment *graph.Record) string {
	if b := appointment.Text("basis"); b != "" && b != "permanent" {
		return Say(p, appointment.Kind().Field("basis"), b)
	}
	return ""
}

func provisional(appointment *graph.Record) bool {
	b := appointment.Text("basis")
	return b == "interim" || b == "acting"
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

const nobodyRecorded = "who is in post is not recorded"

// unknown says why it is not known who is in a post, and names whoever was agreed on.
func unknown(p *rule.Pack, v *graph.View, gap graph.Gap) string {
	if gap.Record.Kind == graph.Post {
		return nobodyRecorded
	}
	for _, h := range slices.Backward(v.History(gap.Record)) {
		if k, ok := h.Record.RefKey("person"); ok {
			return Called(p, v, k) + ": " + gap.Why
		}
	}
	return gap.Why
}
