package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// RetentionRule is the kind of record that says how long something is kept.
const RetentionRule fact.KindName = "retention"

// ahead is how many months the report on retention looks ahead.
const ahead = 12

// Kept is something of a record for which there is a retention rule.
type Kept struct {
	Record  fact.Key
	Title   string
	Rule    *graph.Record
	Entries []int64  // that say something of it
	Fields  []string // of which there is something left, by name
	From    fact.Day // from which its time is counted
	Due     fact.Day // the first day after its time
}

// Unruled is a kind of record that holds personal data for which no rule says how long it is kept.
type Unruled struct {
	Kind   *kind.Kind
	Fields []*kind.Field
}

// Retention is what the retention rules of a day make of the record. It removes nothing.
type Retention struct {
	Past    []Kept // its time is over
	Coming  []Kept // it is over within twelve months
	Without []Unruled
	Faults  []string // rules that cannot be applied, in words
}

// NewRetention applies the retention rules that are in force on the day of the view. What was erased is not due any more. What has no end, or an end that is to be
// agreed, is not due either; an imprecise end counts by the last day on which it may fall.
func NewRetention(p *rule.Pack, v *graph.View) Retention {
	v = v.With("")
	var out Retention
	horizon := v.On().AddMonths(ahead)
	ruled := map[fact.KindName][]string{} // fields with a rule; a nil list is all
	for _, r := range v.All(RetentionRule) {
		k := v.Kinds().Kind(fact.KindName(r.Text("of")))
		months, ok := r.Number("months")
		switch {
		case k == nil:
			out.Faults = append(out.Faults, fmt.Sprintf("%s: there is no kind of record %q. Choose one.", r.Title(), r.Text("of")))
			continue
		case !ok || months < 0 || months > 12*1000 || months != float64(int(months)):
			out.Faults = append(out.Faults, r.Title()+": the months have to be a whole number. Correct the rule.")
			continue
		case r.Text("after") != "end" && r.Text("after") != "recorded":
			out.Faults = append(out.Faults, r.Title()+": it does not say from when the months are counted. Correct the rule.")
			continue
		}
		fields := r.Texts("fields")
		for _, f := range fields {
			if k.Field(f) == nil {
				out.Faults = append(out.Faults, fmt.Sprintf("%s: a %s has no field %q. It has %s.", r.Title(), k.Lower(), f, strings.Join(fieldNames(k), ", ")))
			}
		}
		if was, there := ruled[k.Name]; !there || was != nil && len(fields) > 0 {
			ruled[k.Name] = append(was, fields...)
		} else if len(fields) == 0 {
			ruled[k.Name] = nil
		}
		for _, x := range kept(p, v, r, k, fields, int(months)) {
			switch {
			case x.Due <= v.On():
				out.Past = append(out.Past, x)
			case x.Due <= horizon:
				out.Coming = append(out.Coming, x)
			}
		}
	}
	for _, list := range [][]Kept{out.Past, out.Coming} {
		slices.SortStableFunc(list, func(a, b Kept) int {
			return cmp.Or(cmp.Compare(a.Due, b.Due), strings.Compare(a.Title, b.Title), strings.Compare(a.Record.String(), b.Record.String()))
		})
	}
	for _, k := range v.Kinds().All {
		was, there := ruled[k.Name]
		if there && len(was) == 0 {
			continue
		}
		left := slices.DeleteFunc(PersonalFields(v.Kinds(), k), func(f *kind.Field) bool { return slices.Contains(was, f.Name) })
		if len(left) > 0 && states(v, k, left) {
			out.Without = append(out.Without, Unruled{k, left})
		}
	}
	return out
}

func fieldNames(k *kind.Kind) (names []string) {
	for _, f := range k.Fields {
		names = append(names, f.Name)
	}
	return names
}

// PersonalFields are the fields of a kind that tell of a person: all of one that is about persons, and of others those that are restricted for everybody or refer to a
// person.
func PersonalFields(kinds *kind.Set, k *kind.Kind) (out []*kind.Field) {
	for _, f := range k.Fields {
		person := slices.ContainsFunc(f.To, func(n fact.KindName) bool { to := kinds.Kind(n); return to != nil && to.Personal })
		if k.Personal || f.Visibility == kind.Restricted || person {
			out = append(out, f)
		}
	}
	return out
}

// entriesOf gives the entries about each record of a kind that say something, the oldest first.
func entriesOf(v *graph.View, k *kind.Kind) (keys []fact.Key, of map[fact.Key][]graph.Version) {
	of = map[fact.Key][]graph.Version{}
	for key, h := range v.Entries(v.Known()+1, k.Name) {
		if h.Op != fact.Assert || h.Proposal != "" {
			continue
		}
		if of[key] == nil {
			keys = append(keys, key)
		}
		of[key] = append(of[key], h)
	}
	for _, all := range of {
		slices.Reverse(all)
	}
	slices.Reverse(keys)
	return keys, of
}

// states reports whether any entry says something in one of some fields.
func states(v *graph.View, k *kind.Kind, fields []*kind.Field) bool {
	_, of := entriesOf(v, k)
	for _, all := range of {
		for _, h := range all {
			if slices.ContainsFunc(fields, func(f *kind.Field) bool { _, s := h.Record.Says(f.Name); return s == graph.Known }) {
				return true
			}
		}
	}
	return false
}

// kept applies one rule.
func kept(p *rule.Pack, v *graph.View, r *graph.Record, k *kind.Kind, fields []string, months int) (out []Kept) {
	keys, of := entriesOf(v, k)
	for _, key := range keys {
		var there []Kept
		for _, h := range of[key] {
			from := fact.DayIn(h.Recorded)
			if r.Text("after") == "end" {
				var ended bool
				if from, ended = endOf(v, key, from); !ended {
					continue
				}
			}
			names := left(h, fields)
			if len(names) == 0 {
				continue
			}
			if i := slices.IndexFunc(there, func(x Kept) bool { return x.From == from }); i >= 0 {
				there[i].Entries = append(there[i].Entries, h.Position)
				for _, n := range names {
					if !slices.Contains(there[i].Fields, n) {
						there[i].Fields = append(there[i].Fields, n)
					}
				}
				continue
			}
			there = append(there, Kept{Record: key, Title: Called(p, v, key), Rule: r, Entries: []int64{h.Position}, Fields: names, From: from, Due: from.AddMonths(months) + 1})
		}
		out = append(out, there...)
	}
	return out
}

// left gives the fields of which an entry still says something; none chosen means all, what stands beside the fields included.
func left(h graph.Version, chosen []string) (names []string) {
	for _, n := range h.Record.Stated() {
		if len(chosen) > 0 && !slices.Contains(chosen, n) || slices.Contains(notKept, n) {
			continue
		}
		if _, s := h.Record.Says(n); s == graph.Known {
			names = append(names, n)
		}
	}
	return names
}

// notKept is what says who may see a record, and nothing of anybody.
var notKept = []string{"visibility", "exempt", "decided", "decided_when"}

// endOf gives the last day on which a record was there, or may have been; of one that was there on no day, the day on which that was recorded. It has no end where it goes on, or
// where that is to be agreed.
func endOf(v *graph.View, key fact.Key, recorded fact.Day) (end fact.Day, ok bool) {
	end = fact.MinDay
	pieces := v.Pieces(key)
	for _, piece := range pieces {
		_, last, some := piece.Span.Possible()
		if !some || last == fact.MaxDay {
			return 0, false
		}
		end = max(end, last)
	}
	if len(pieces) == 0 {
		return recorded, true
	}
	return end, true
}

// RuleWords says what a retention rule asks: "6 years after the end, by Retention schedule line 12".
func RuleWords(r *graph.Record) string {
	n, _ := r.Number("months")
	months := int(n)
	length := Count(months, "month", "months")
	if months%12 == 0 && months > 0 {
		length = Count(months/12, "year", "years")
	}
	after := map[string]string{"end": "after the end", "recorded": "after it was recorded"}[r.Text("after")]
	return Capital(length) + " " + after + ", by " + r.Text("authority")
}

// FieldWords names fields of a kind for people.
func FieldWords(k *kind.Kind, names []string) string {
	var out []string
	for _, n := range names {
		label := map[string]string{"id": "name in addresses", "source": "source", "note": "note"}[n]
		if f := k.Field(n); f != nil {
			label = f.Lower()
		}
		out = append(out, label)
	}
	return strings.Join(out, ", ")
}

// Document is the report for people to read.
func (x Retention) Document(v *graph.View) Document {
	d := Document{Title: "Retention", Dates: DatesOf(v)}
	d.Lead = append(d.Lead, fmt.Sprintf("Past their time: %d. Coming due within twelve months: %d. Kinds of record that hold personal data without a rule: %d.", len(x.Past), len(x.Coming), len(x.Without)))
	for _, f := range x.Faults {
		d.Lead = append(d.Lead, "A rule cannot be applied. "+f)
	}
	table := func(title string, list []Kept) {
		t := Table{Head: []string{"Record", "Fields", "Counted from", "Due", "Rule", "And then"}}
		for _, k := range list {
			kk := v.Kinds().Kind(k.Record.Kind)
			t.Rows = append(t.Rows, []Cell{{kk.Label + ": " + k.Title, k.Record}, cell(FieldWords(kk, k.Fields)), cell(k.From.Words()), cell(k.Due.Words()), {RuleWords(k.Rule), k.Rule.Key()}, cell(k.Rule.Text("then"))})
		}
		if len(t.Rows) > 0 {
			d.Sections = append(d.Sections, Section{title, []Block{t}})
		}
	}
	table("Past its time", x.Past)
	table("Due within twelve months", x.Coming)
	if len(x.Without) > 0 {
		t := Table{Head: []string{"Kind of record", "Personal fields without a rule"}}
		for _, u := range x.Without {
			var names []string
			for _, f := range u.Fields {
				names = append(names, f.Name)
			}
			t.Rows = append(t.Rows, cells(u.Kind.Label, FieldWords(u.Kind, names)))
		}
		d.Sections = append(d.Sections, Section{"Without a rule", []Block{t}})
	}
	return d
}

// RetentionJSON is the report for programs.
type RetentionJSON struct {
	When
	Past    []KeptJSON          `json:"past"`
	Coming  []KeptJSON          `json:"coming"`
	Without map[string][]string `json:"without_a_rule"`
	Faults  []string            `json:"faults,omitempty"`
}

// KeptJSON is one line of it.
type KeptJSON struct {
	Record  string   `json:"record"`
	Entries []int64  `json:"entries"`
	Fields  []string `json:"fields"`
	From    string   `json:"counted_from"`
	Due     string   `json:"due"`
	Rule    string   `json:"rule"`
	Then    string   `json:"then,omitempty"`
}

// JSON writes the report for programs.
func (x Retention) JSON(v *graph.View, root string) RetentionJSON {
	out := RetentionJSON{When: NewWhen(v, root), Past: []KeptJSON{}, Coming: []KeptJSON{}, Without: map[string][]string{}, Faults: x.Faults}
	list := func(all []Kept) []KeptJSON {
		rows := []KeptJSON{}
		for _, k := range all {
			rows = append(rows, KeptJSON{k.Record.String(), k.Entries, k.Fields, k.From.String(), k.Due.String(), k.Rule.Key().String(), k.Rule.Text("then")})
		}
		return rows
	}
	out.Past, out.Coming = list(x.Past), list(x.Coming)
	for _, u := range x.Without {
		for _, f := range u.Fields {
			out.Without[string(u.Kind.Name)] = append(out.Without[string(u.Kind.Name)], f.Name)
		}
	}
	return out
}
