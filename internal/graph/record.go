package graph

import (
	"strings"
	"time"
	"unicode/utf8"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Key names the record.
func (r *Record) Key() fact.Key { return r.r.key() }

func (r *record) key() fact.Key { return fact.Key{Kind: r.kind.Name, ID: *r.id.Load()} }

// Kind is the kind of the record.
func (r *Record) Kind() *kind.Kind { return r.r.kind }

// View is the view through which the record is seen.
func (r *Record) View() *View { return r.v }

// Exists says whether the record is there on the day: Yes, or Maybe within the window of an imprecise date.
func (r *Record) Exists() fact.Cover { return r.exists }

// Entry is the position of the entry that says what the record is on the day.
func (r *Record) Entry() int64 { return r.ver.position }

// Span is the days of which that entry speaks; of what is planned, with the days that the view gives it.
func (r *Record) Span() fact.Span {
	if r.v.planned {
		return r.v.spanOf(r.ver)
	}
	return r.ver.span
}

// Proposal is the branch on which that entry stands; empty is the record in force.
func (r *Record) Proposal() fact.ID { return r.ver.proposal }

// Recorded is when that entry was recorded.
func (r *Record) Recorded() time.Time { return time.UnixMicro(r.ver.recorded).UTC() }

// Reconstructed reports whether that entry was dated by a document, and not by the clock.
func (r *Record) Reconstructed() bool { return r.ver.rebuilt }

func (r *Record) versions() []*version { return append([]*version{r.ver}, r.alts...) }

// raw gives the canonical JSON of a field.
func (r *Record) raw(f *kind.Field) (string, State) { return r.number(byte(f.Index)) }

func (r *Record) number(num byte) (string, State) {
	j, state := r.ver.field(num)
	for _, x := range r.alts {
		if k, s := x.field(num); k != j || s != state {
			return "", Uncertain
		}
	}
	return j, state
}

// State says what is known of a field. A reference to a record that is not there on the day is Missing.
func (r *Record) State(field string) State {
	f := r.r.kind.Field(field)
	if f == nil {
		return Missing
	}
	_, state := r.raw(f)
	if state == Known && f.Type == kind.Reference && !f.Many && r.Ref(field) == nil && r.Code(field) == "" {
		return Missing
	}
	return state
}

// Text gives a text, choice, link or date as it is stored; empty if it is not known.
func (r *Record) Text(field string) string {
	if f := r.r.kind.Field(field); f != nil {
		if j, s := r.raw(f); s == Known {
			return text(j)
		}
	}
	return ""
}

// Texts gives the items of a list of texts or codes.
func (r *Record) Texts(field string) []string {
	if f := r.r.kind.Field(field); f != nil {
		if j, s := r.raw(f); s == Known {
			return texts(j)
		}
	}
	return nil
}

// Number gives a number, an amount of money in pounds or a percentage.
func (r *Record) Number(field string) (float64, bool) {
	if f := r.r.kind.Field(field); f != nil {
		if j, s := r.raw(f); s == Known {
			return number(j)
		}
	}
	return 0, false
}

// Yes gives a yes/no field; ok is false where it is not known.
func (r *Record) Yes(field string) (yes, ok bool) {
	if f := r.r.kind.Field(field); f != nil {
		if j, s := r.raw(f); s == Known {
			return j == "true", true
		}
	}
	return false, false
}

// Date gives a date; the zero Date where it is not known.
func (r *Record) Date(field string) fact.Date {
	if f := r.r.kind.Field(field); f != nil {
		if j, s := r.raw(f); s == Known {
			return date(j)
		}
	}
	return fact.Date{}
}

// Ref gives the record that a field refers to, or nil where it is not stated or not there on the day.
func (r *Record) Ref(field string) *Record {
	f := r.r.kind.Field(field)
	if f == nil {
		return nil
	}
	j, s := r.raw(f)
	if s != Known {
		return nil
	}
	if to := target(r.v, f, text(j)); to != nil {
		return r.v.at(to)
	}
	return nil
}

// RefKey gives the key that a field refers to, whether or not the record is there on the day.
func (r *Record) RefKey(field string) (fact.Key, bool) {
	f := r.r.kind.Field(field)
	if f == nil {
		return fact.Key{}, false
	}
	if j, s := r.raw(f); s == Known {
		if to := target(r.v, f, text(j)); to != nil {
			return fact.Key{Kind: to.kind.Name, ID: *to.id.Load()}, true
		}
	}
	return fact.Key{}, false
}

// Code gives the code in a field that takes a reference or a code.
func (r *Record) Code(field string) string {
	f := r.r.kind.Field(field)
	if f == nil || f.Codes == "" {
		return ""
	}
	t := r.Text(field)
	if f.Type == kind.Reference && strings.Contains(t, "/") {
		return ""
	}
	return t
}

// Refs gives the records that a list refers to, those that are there on the day.
func (r *Record) Refs(field string) []*Record {
	f := r.r.kind.Field(field)
	if f == nil {
		return nil
	}
	j, s := r.raw(f)
	if s != Known {
		return nil
	}
	if !f.Many {
		if one := r.Ref(field); one != nil {
			return []*Record{one}
		}
		return nil
	}
	var out []*Record
	for _, ref := range texts(j) {
		if to := target(r.v, f, ref); to != nil {
			if rec := r.v.at(to); rec != nil {
				out = append(out, rec)
			}
		}
	}
	return out
}

// RefKeys gives the keys that a field refers to, whether or not the records are there on the day.
func (r *Record) RefKeys(field string) []fact.Key {
	f := r.r.kind.Field(field)
	if f == nil {
		return nil
	}
	j, s := r.raw(f)
	if s != Known {
		return nil
	}
	refs := []string{text(j)}
	if f.Many {
		refs = texts(j)
	}
	var out []fact.Key
	for _, ref := range refs {
		if to := target(r.v, f, ref); to != nil {
			out = append(out, fact.Key{Kind: to.kind.Name, ID: *to.id.Load()})
		}
	}
	return out
}

// Source and Note give what the entry says of where its fact comes from.
func (r *Record) Source() string { return r.extra("source") }

// Note is the remark that was recorded with the entry.
func (r *Record) Note() string { return r.extra("note") }

func (r *Record) extra(name string) string {
	if j, s := r.ver.field(extraNumber(name)); s == Known {
		return text(j)
	}
	return ""
}

// Class is what the entry says of who may see the record; zero where it says nothing. Where what it said was erased, the record is Restricted: nobody knows
// any more that it may be seen.
func (r *Record) Class() kind.Class {
	j, state := r.ver.field(extraNumber("visibility"))
	switch state {
	case Known:
		return kind.Class{Visibility: kind.Visibility(text(j)), Exempt: r.extra("exempt"), Decided: r.extra("decided"), DecidedWhen: date(kind.Quote(r.extra("decided_when")))}
	case Erased:
		return kind.Class{Visibility: kind.Restricted}
	}
	return kind.Class{}
}

// Title names the record for people, on the day.
func (r *Record) Title() string { return r.title(0) }

func (r *Record) title(depth int) string {
	if depth > 3 {
		return string(*r.r.id.Load())
	}
	out, erased, withheld := "", false, false
	for _, p := range r.r.kind.TitleParts() {
		if p.Field == nil {
			out += p.Text
			continue
		}
		j, s := r.ver.field(byte(p.Field.Index)) // where the day is uncertain, the newest reading names it
		erased, withheld = erased || s == Erased, withheld || s == Withheld
		if s == Known {
			out += r.show(p.Field, j, depth)
		}
	}
	out = strings.Trim(spaced(out), " ,:;–-(")
	switch {
	case withheld && strings.Trim(out, " ,:;–-(") == "":
		return r.r.kind.Label + " (not public)"
	case out == "" && erased:
		return r.r.kind.Label + " (erased)"
	case out == "":
		return string(*r.r.id.Load())
	}
	return out
}

// spaced leaves one space between words, and none around them.
func spaced(s string) string {
	plain := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf || c < ' ':
			plain = false
		case c == ' ':
			plain = plain && i > 0 && i < len(s)-1 && s[i-1] != ' '
		}
	}
	if plain {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// show writes a value for people.
func (r *Record) show(f *kind.Field, j string, depth int) string {
	one := func(t string) string {
		switch f.Type {
		case kind.Reference:
			to := target(r.v, f, t)
			if to == nil {
				return t
			}
			if rec := r.v.at(to); rec != nil {
				return rec.title(depth + 1)
			}
			if rec := r.v.latest(to); rec != nil {
				return rec.title(depth + 1)
			}
			return string(*to.id.Load())
		case kind.Date:
			return date(kind.Quote(t)).Words()
		}
		return t
	}
	if f.Many {
		items := texts(j)
		for i := range items {
			items[i] = one(items[i])
		}
		return strings.Join(items, ", ")
	}
	switch f.Type {
	case kind.YesNo:
		if j == "true" {
			return "yes"
		}
		return "no"
	case kind.Money:
		return pounds(j)
	case kind.Percent:
		return j + "%"
	}
	return one(text(j))
}

// Show writes a field for people: references by title, dates and money in words; empty where it is not known.
func (r *Record) Show(field string) string {
	f := r.r.kind.Field(field)
	if f == nil {
		return ""
	}
	j, s := r.raw(f)
	if s != Known {
		return ""
	}
	return r.show(f, j, 0)
}

// latest is the newest version of a record that is known, whatever day it speaks of: something to call it by. What another proposal would call it counts only where nothing else
// does: who may read that proposal is not who reads this.
func (v *View) latest(r *record) *Record {
	v.reads(recordDatum(r))
	var other *version
	for x := v.newest(r); x != nil; x = x.prev {
		switch {
		case x.op != fact.Assert:
		case x.proposal == "" || x.proposal == v.proposal:
			return &Record{v: v, r: r, ver: x, exists: fact.No}
		case other == nil:
			other = x
		}
	}
	if other == nil {
		return nil
	}
	return &Record{v: v, r: r, ver: other, exists: fact.No}
}

// Latest gives a record by what it was last called, whatever day that speaks of, or nil.
func (v *View) Latest(k fact.Key) *Record {
	if r := v.find(k); r != nil {
		return v.latest(r)
	}
	return nil
}

// Called gives what to call a record, also on a day on which it is not there.
func (v *View) Called(k fact.Key) string {
	r := v.find(k)
	if r == nil {
		return k.String()
	}
	if rec := v.at(r); rec != nil {
		return rec.Title()
	}
	if rec := v.latest(r); rec != nil {
		return rec.Title()
	}
	return k.String()
}

func pounds(j string) string {
	whole, pence, _ := strings.Cut(strings.TrimPrefix(j, "-"), ".")
	var b strings.Builder
	if strings.HasPrefix(j, "-") {
		b.WriteByte('-')
	}
	b.WriteString("£")
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if pence != "" {
		b.WriteString("." + (pence + "0")[:2])
	}
	return b.String()
}

// Version is one entry about a record, as its history shows it.
type Version struct {
	Position      int64
	Op            fact.Op
	Recorded      time.Time
	Reconstructed bool
	Who           fact.Who
	Span          fact.Span
	Proposal      fact.ID
	Base          int64
	Erased        bool // at least one field of it was removed
	Withheld      bool // some of it may not be seen
	Record        *Record
}

// History gives every entry about a record that is known, oldest first, on whatever branch.
func (v *View) History(k fact.Key) []Version {
	r := v.find(k)
	if r == nil {
		return nil
	}
	var out []Version
	for x := v.newest(r); x != nil; x = x.prev {
		out = append(out, v.version(r, x))
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// Entry finds the entry of a position: the record that it speaks of, and what it says. It is not found where the entry speaks of
// no record, as one that opens the record or changes the key.
func (g *Graph) Entry(position int64) (fact.Key, Version, bool) {
	v := g.View(0, g.Size())
	for _, list := range *v.lists {
		for _, r := range list {
			for x := r.head.Load(); x != nil && x.position >= position; x = x.prev {
				if x.position == position {
					return fact.Key{Kind: r.kind.Name, ID: *r.id.Load()}, v.version(r, x), true
				}
			}
		}
	}
	return fact.Key{}, Version{}, false
}

func (v *View) version(r *record, x *version) Version {
	h := Version{Position: x.position, Op: x.op, Recorded: time.UnixMicro(x.recorded).UTC(), Reconstructed: x.rebuilt, Who: x.who, Span: x.span, Proposal: x.proposal, Base: x.base, Withheld: x.withheld, Record: &Record{v: v, r: r, ver: x, exists: fact.Yes}}
	for body := x.body; body != ""; {
		_, _, gone, rest := next(body)
		h.Erased = h.Erased || gone && !x.withheld
		body = rest
	}
	return h
}

// JSON gives the canonical JSON of a field as people write it: personal records by their readable ids.
func (r *Record) JSON(field string) (string, State) {
	f := r.r.kind.Field(field)
	if f == nil {
		return "", Missing
	}
	j, s := r.raw(f)
	if s != Known || f.Type != kind.Reference || !strings.Contains(j, "~") {
		return j, s
	}
	one := func(ref string) string {
		to := target(r.v, f, ref)
		switch {
		case to == nil:
			return kind.Quote(ref)
		case f.Mixed():
			return kind.Quote(string(to.kind.Name) + "/" + string(*to.id.Load()))
		}
		return kind.Quote(string(*to.id.Load()))
	}
	if !f.Many {
		return one(text(j)), s
	}
	items := texts(j)
	for i := range items {
		items[i] = one(items[i])
	}
	return "[" + strings.Join(items, ",") + "]", s
}

// Reason is why an entry erases another.
func (r *Record) Reason() string { return r.extra("reason") }
