package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// ChangeJSON is one record that differs between two views.
type ChangeJSON struct {
	Record string      `json:"record"`
	Title  string      `json:"title"`
	Change string      `json:"change"` // new, ended or changed
	Entry  int64       `json:"entry,omitempty"`
	Fields []FieldJSON `json:"fields"`

	key  fact.Key
	kind *kind.Kind
}

// FieldJSON is a field that differs.
type FieldJSON struct {
	Field  string          `json:"field"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`

	label, was, is string
}

// DiffJSON is everything that differs between two views.
type DiffJSON struct {
	Before  When         `json:"before"`
	After   When         `json:"after"`
	Changes []ChangeJSON `json:"changes"`
}

// Diff compares two views, record by record. kinds limits it; none means all.
func Diff(before, after *graph.View, root string, kinds ...fact.KindName) DiffJSON {
	out := DiffJSON{Before: NewWhen(before, root), After: NewWhen(after, root), Changes: []ChangeJSON{}}
	for _, k := range after.Kinds().All {
		if len(kinds) > 0 && !slices.Contains(kinds, k.Name) {
			continue
		}
		seen := map[fact.Key]bool{}
		for _, b := range before.All(k.Name) {
			seen[b.Key()] = true
			a := after.Record(b.Key())
			if a == nil {
				out.Changes = append(out.Changes, ChangeJSON{Record: b.Key().String(), Title: b.Title(), Change: "ended", Entry: after.LastOf(b.Key()), Fields: []FieldJSON{}, key: b.Key(), kind: k})
				continue
			}
			if f := fields(b, a); len(f) > 0 {
				out.Changes = append(out.Changes, ChangeJSON{Record: a.Key().String(), Title: a.Title(), Change: "changed", Entry: a.Entry(), Fields: f, key: a.Key(), kind: k})
			}
		}
		for _, a := range after.All(k.Name) {
			if !seen[a.Key()] {
				out.Changes = append(out.Changes, ChangeJSON{Record: a.Key().String(), Title: a.Title(), Change: "new", Entry: a.Entry(), Fields: fields(nil, a), key: a.Key(), kind: k})
			}
		}
	}
	place := func(c ChangeJSON) int { return slices.Index([]string{"new", "changed", "ended"}, c.Change) }
	slices.SortStableFunc(out.Changes, func(a, b ChangeJSON) int {
		return cmp.Or(cmp.Compare(a.kind.Index, b.kind.Index), cmp.Compare(place(a), place(b)))
	})
	return out
}

func fields(b, a *graph.Record) []FieldJSON {
	out := []FieldJSON{}
	for _, f := range a.Kind().Fields {
		was, ws := "", graph.Missing
		if b != nil {
			was, ws = b.JSON(f.Name)
		}
		is, as := a.JSON(f.Name)
		if was == is && ws == as {
			continue
		}
		row := FieldJSON{Field: f.Name, Before: raw(was, ws), After: raw(is, as), label: f.Label, is: a.Show(f.Name)}
		if b != nil {
			row.was = b.Show(f.Name)
		}
		out = append(out, row)
	}
	return out
}

func raw(j string, s graph.State) json.RawMessage {
	if s != graph.Known {
		return json.RawMessage("null")
	}
	return json.RawMessage(j)
}

// Document writes the changes for people.
func (d DiffJSON) Document(title, dates string) Document {
	out := Document{Title: title, Dates: dates}
	if len(d.Changes) == 0 {
		out.Lead = append(out.Lead, "Nothing differs.")
		return out
	}
	words := map[string]string{"new": "New", "ended": "Ended", "changed": "Changed"}
	for i := 0; i < len(d.Changes); {
		k := d.Changes[i].kind
		t := Table{Head: []string{k.Label, "Change", "What differs"}}
		for ; i < len(d.Changes) && d.Changes[i].kind == k; i++ {
			c := d.Changes[i]
			var says []string
			for _, f := range c.Fields {
				switch {
				case c.Change == "new":
					says = append(says, f.label+": "+f.is)
				case f.is == "":
					says = append(says, f.label+": was "+f.was+", no longer stated")
				case f.was == "":
					says = append(says, f.label+": "+f.is)
				default:
					says = append(says, f.label+": "+f.was+" → "+f.is)
				}
			}
			t.Rows = append(t.Rows, []Cell{{c.Title, c.key}, cell(words[c.Change]), cell(strings.Join(says, "; "))})
		}
		out.Sections = append(out.Sections, Section{k.Plural, []Block{t}})
	}
	return out
}
