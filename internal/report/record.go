package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// RecordJSON is one record on a day.
type RecordJSON struct {
	Record string `json:"record"`
	Title  string `json:"title"`
	When
	There      string                     `json:"there"` // yes, no or uncertain
	Entry      int64                      `json:"entry,omitempty"`
	Recorded   string                     `json:"recorded,omitempty"`
	From       string                     `json:"from,omitempty"`
	Until      string                     `json:"until,omitempty"`
	Fields     map[string]json.RawMessage `json:"fields"`
	Uncertain  []string                   `json:"uncertain,omitempty"`
	Erased     []string                   `json:"erased,omitempty"`
	Removed    map[string]RemovedJSON     `json:"removed,omitempty"`  // why each of those was erased
	Withheld   []string                   `json:"withheld,omitempty"` // there, and not for whoever asks
	Source     string                     `json:"source,omitempty"`
	Note       string                     `json:"note,omitempty"`
	ReferredBy []string                   `json:"referred_by"`
}

// RemovedJSON says when something was removed from the record, and on which ground.
type RemovedJSON struct {
	On       string `json:"on"`
	Ground   string `json:"ground,omitempty"`
	Citation string `json:"citation,omitempty"`
	Entry    int64  `json:"entry"` // that says so
}

// NewRemovedJSON writes a removal.
func NewRemovedJSON(m graph.Removal) RemovedJSON {
	g, _ := kind.GroundOf(kind.Erasing, m.Ground)
	return RemovedJSON{m.On.String(), m.Ground, g.Citation, m.Entry}
}

// Backlinks gives the records that refer to one, with the label of the field by which they do.
func Backlinks(r *graph.Record) (labels []string, of map[string][]*graph.Record) {
	of = map[string][]*graph.Record{}
	for _, k := range r.View().Kinds().All {
		for _, f := range k.Fields {
			if f.Type != "reference" || !f.Allows(r.Key().Kind) {
				continue
			}
			if from := r.Referring(k.Name, f.Name); len(from) > 0 {
				label := k.Label + ", " + strings.ToLower(f.Label)
				labels = append(labels, label)
				of[label] = from
			}
		}
	}
	return labels, of
}

// NewRecordJSON writes a record as the view shows it.
func NewRecordJSON(v *graph.View, k fact.Key, root string) RecordJSON {
	out := RecordJSON{Record: k.String(), Title: v.Called(k), When: NewWhen(v, root), There: "no", Fields: map[string]json.RawMessage{}, ReferredBy: []string{}}
	r := v.Record(k)
	if r == nil {
		return out
	}
	out.There = "yes"
	if r.Exists() == fact.Maybe {
		out.There = "uncertain"
	}
	out.Entry, out.Recorded, out.From, out.Until = r.Entry(), stamp(r.Recorded()), r.Span().From.String(), r.Span().Until.String()
	out.Source, out.Note = r.Source(), r.Note()
	for _, f := range r.Kind().Fields {
		j, state := r.JSON(f.Name)
		switch state {
		case graph.Known:
			out.Fields[f.Name] = json.RawMessage(j)
		case graph.Uncertain:
			out.Uncertain = append(out.Uncertain, f.Name)
		case graph.Erased:
			out.Erased = append(out.Erased, f.Name)
			if m := r.Removed(f.Name); m.Entry != 0 {
				if out.Removed == nil {
					out.Removed = map[string]RemovedJSON{}
				}
				out.Removed[f.Name] = NewRemovedJSON(m)
			}
		case graph.Withheld:
			out.Withheld = append(out.Withheld, f.Name)
		}
	}
	labels, of := Backlinks(r)
	for _, l := range labels {
		for _, x := range of[l] {
			out.ReferredBy = append(out.ReferredBy, x.Key().String())
		}
	}
	return out
}

// Record shows one record on a day: its fields, where they come from, and what refers to it.
func Record(v *graph.View, k fact.Key) Document {
	kk := v.Kinds().Kind(k.Kind)
	d := Document{Title: kk.Label + ": " + v.Called(k), Dates: DatesOf(v)}
	r := v.Record(k)
	if r == nil {
		d.Lead = append(d.Lead, "It is not there on this day.")
		return d
	}
	if r.Exists() == fact.Maybe {
		d.Lead = append(d.Lead, "Whether it is there on this day is not certain: the dates recorded are not exact.")
	}
	t := Table{Head: []string{"Field", "Value"}}
	for _, f := range r.Kind().Fields {
		switch _, state := r.JSON(f.Name); {
		case state == graph.Known:
			t.Rows = append(t.Rows, cells(f.Label, r.Show(f.Name)+gone(r, f.Name)))
		case state == graph.Uncertain:
			t.Rows = append(t.Rows, cells(f.Label, "not certain on this day"))
		case state == graph.Erased:
			t.Rows = append(t.Rows, cells(f.Label, r.Removed(f.Name).Words()))
		case state == graph.Withheld:
			t.Rows = append(t.Rows, cells(f.Label, "you may not see this"))
		}
	}
	t.Rows = append(t.Rows, cells("In force", r.Span().Words()), cells("Recorded", fmt.Sprintf("%s (entry %d)", recordedWords(r), r.Entry())))
	if s := r.Source(); s != "" {
		t.Rows = append(t.Rows, cells("Source", s))
	}
	if s := r.Note(); s != "" {
		t.Rows = append(t.Rows, cells("Note", s))
	}
	d.Sections = append(d.Sections, Section{"", []Block{t}})
	if labels, of := Backlinks(r); len(labels) > 0 {
		t := Table{Head: []string{"Referred to by", "As"}}
		for _, l := range labels {
			for _, x := range of[l] {
				t.Rows = append(t.Rows, []Cell{{x.Title(), x.Key()}, cell(l)})
			}
		}
		d.Sections = append(d.Sections, Section{"What refers to it", []Block{t}})
	}
	return d
}

// gone warns of those that a field refers to and that are not there on the day.
func gone(r *graph.Record, field string) string {
	keys := r.RefKeys(field)
	var names []string
	for _, k := range keys {
		if r.View().Record(k) == nil {
			names = append(names, r.View().Called(k))
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case len(keys) == 1:
		return " (not there on this day)"
	}
	return " (not there on this day: " + strings.Join(names, ", ") + ")"
}

func recordedWords(r *graph.Record) string {
	if r.Reconstructed() {
		return fact.DayIn(r.Recorded()).Words() + ", reconstructed from documents"
	}
	return Clock(r.Recorded())
}

// VersionJSON is one entry of a history.
type VersionJSON struct {
	Entry         int64                      `json:"entry"`
	Op            string                     `json:"op"`
	Recorded      string                     `json:"recorded"`
	Reconstructed bool                       `json:"reconstructed"`
	Who           string                     `json:"who"`
	From          string                     `json:"from"`
	Until         string                     `json:"until"`
	Proposal      string                     `json:"proposal,omitempty"`
	Base          int64                      `json:"base,omitempty"`
	Fields        map[string]json.RawMessage `json:"fields"`
	Erased        []string                   `json:"erased,omitempty"`
	Source        string                     `json:"source,omitempty"`
	Note          string                     `json:"note,omitempty"`
	Reason        string                     `json:"reason,omitempty"`
}

// HistoryJSON is every entry about a record.
type HistoryJSON struct {
	Record  string        `json:"record"`
	Title   string        `json:"title"`
	Known   Known         `json:"known"`
	Entries []VersionJSON `json:"entries"`
}

// NewHistoryJSON writes a history.
func NewHistoryJSON(v *graph.View, k fact.Key, root string) HistoryJSON {
	out := HistoryJSON{Record: k.String(), Title: v.Called(k), Known: Known{v.Known(), stamp(v.KnownAt()), root}, Entries: []VersionJSON{}}
	for _, h := range v.History(k) {
		row := VersionJSON{Entry: h.Position, Op: h.Op.String(), Recorded: stamp(h.Recorded), Reconstructed: h.Reconstructed, Who: string(h.Who), From: h.Span.From.String(), Until: h.Span.Until.String(), Proposal: string(h.Proposal), Base: h.Base, Fields: map[string]json.RawMessage{}, Source: h.Record.Source(), Note: h.Record.Note(), Reason: h.Record.Reason()}
		for _, f := range h.Record.Kind().Fields {
			switch j, state := h.Record.JSON(f.Name); state {
			case graph.Known:
				row.Fields[f.Name] = json.RawMessage(j)
			case graph.Erased:
				row.Erased = append(row.Erased, f.Name)
			}
		}
		out.Entries = append(out.Entries, row)
	}
	return out
}

// Did says in words what an entry did.
func Did(h graph.Version) string {
	switch h.Op {
	case fact.End:
		if h.Span.Until.IsZero() {
			if h.Proposal != "" {
				return "Taken back: it is no longer part of the proposal"
			}
			return "Taken back: on no day was it there"
		}
		if h.Span.Until.Form == fact.ToBeAgreed {
			return "Ended on a date to be agreed"
		}
		return "Ended after " + h.Span.Until.Words()
	case fact.Erase:
		return fmt.Sprintf("Content of entry %d erased. %s", h.Base, Removal(h))
	}
	s := "In force " + h.Span.Words()
	if h.Proposal != "" {
		s += ", as proposed"
	}
	return s
}

// Removal says of an entry that removed content when and on which ground that was, who asked for it, and why, in one or more sentences.
func Removal(h graph.Version) string {
	m, _ := h.Removal()
	s := m.Words() + "."
	if a, ok := kind.GroundOf(kind.Askers, m.Asked); ok {
		s += " Asked for by " + kind.Lower(a.Label)
		if !m.AskedOn.IsZero() {
			s += ", " + m.AskedOn.Words()
		}
		s += "."
	}
	if m.Reason != "" {
		s += " Reason: " + m.Reason
	}
	return s
}

// History shows every entry about a record on both clocks: of which days it speaks, and when it was recorded.
func History(v *graph.View, k fact.Key) Document {
	kk := v.Kinds().Kind(k.Kind)
	d := Document{Title: "History of " + strings.ToLower(kk.Label) + ": " + v.Called(k), Dates: DatesOf(v)}
	t := Table{Head: []string{"Entry", "Recorded", "What it says of which days", "What it says", "Source"}}
	var before map[string]string
	for _, h := range v.History(k) {
		recorded := Clock(h.Recorded)
		if h.Reconstructed {
			recorded = fact.DayIn(h.Recorded).Words() + ", reconstructed from documents"
		}
		now := map[string]string{}
		var says []string
		if h.Op == fact.Assert {
			for _, f := range kk.Fields {
				switch _, state := h.Record.JSON(f.Name); state {
				case graph.Known:
					now[f.Name] = h.Record.Show(f.Name)
					if before == nil || before[f.Name] != now[f.Name] {
						says = append(says, f.Label+": "+now[f.Name])
					}
				case graph.Erased:
					says = append(says, f.Label+": "+kind.Lower(h.Record.Removed(f.Name).Words()))
				}
			}
			for _, f := range kk.Fields {
				if before[f.Name] != "" && now[f.Name] == "" {
					says = append(says, f.Label+": no longer stated")
				}
			}
			if before != nil && len(says) == 0 {
				says = append(says, "the same, over other days")
			}
			before = now
		}
		source := h.Record.Source()
		if n := h.Record.Note(); n != "" {
			source = strings.TrimSpace(source + " – " + n)
		}
		t.Rows = append(t.Rows, cells(fmt.Sprint(h.Position), recorded, Did(h), strings.Join(says, "; "), strings.Trim(source, "– ")))
	}
	d.Sections = []Section{{"", []Block{t}}}
	return d
}
