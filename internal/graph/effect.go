package graph

import (
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Effect is what documents change for whoever looks at some days.
type Effect struct {
	Record        fact.Key
	Title         string      // of the record
	Field         *kind.Field // nil where it is the record itself that is there or not
	Before, After string      // in words; empty where nothing is stated, or the record is not there
	First, Last   fact.Day    // fact.MinDay and fact.MaxDay where it is so from the beginning, or until further notice
	Proposal      fact.ID     // under which it is so; empty is in force
}

// Effects says what documents of the branch looked at would change, record by record and field by field, each in the order of its days. What
// is agreed and not dated changes nothing on any day.
func (v *View) Effects(docs []kind.Doc) []Effect {
	docs = order(docs)
	var out []Effect
	for _, places := range groups(docs) {
		d := &docs[places[0]]
		if d.Proposal != v.proposal {
			continue
		}
		about := make([]kind.Doc, len(places))
		for i, n := range places {
			about[i] = docs[n]
		}
		r := v.find(d.Key())
		if r == nil {
			r = &record{kind: d.Kind, inLog: d.ID}
			r.id.Store(&d.ID)
		}
		if after, ok := v.recorded(r, about); ok {
			out = append(out, v.effects(r, after)...)
		}
	}
	return out
}

// glance is what a record is on one day, in words.
type glance struct {
	there fact.Cover
	title string
	says  []string // of each field, for comparing
	words []string // and for people
}

func (v *View) effects(was, is *record) []Effect {
	before, after := v.stretches(was), v.stretches(is)
	if len(before)+len(after) > 3*mostPieces {
		return nil // nobody would read it
	}
	var runs []run
	for days := range sweep(spans(slices.Concat(before, after))) {
		runs = append(runs, days)
	}
	b, a := make([]glance, len(runs)), make([]glance, len(runs))
	for i, days := range runs {
		w := v.At(days.inside())
		b[i], a[i] = w.glance(was, before), w.glance(is, after)
	}
	title := v.Called(was.key())
	if was.head.Load() == nil {
		title = ""
	}
	for i := range a {
		if title == "" {
			title = a[i].title
		}
	}
	var out []Effect
	add := func(f *kind.Field, i int, before, after string) {
		if n := len(out) - 1; n >= 0 && out[n].Field == f && out[n].Last+1 == runs[i].first && out[n].Before == before && out[n].After == after {
			out[n].Last = runs[i].last
			return
		}
		out = append(out, Effect{was.key(), title, f, before, after, runs[i].first, runs[i].last, v.proposal})
	}
	for i := range runs {
		if b[i].there != a[i].there {
			add(nil, i, b[i].standing(), a[i].standing())
		}
	}
	for n, f := range was.kind.Fields {
		for i := range runs {
			if b[i].there != fact.No && a[i].there != fact.No && b[i].says[n] != a[i].says[n] {
				add(f, i, b[i].words[n], a[i].words[n])
			}
		}
	}
	return out
}

// standing says how a record stands.
func (s *glance) standing() string {
	switch s.there {
	case fact.Yes:
		return s.title
	case fact.Maybe:
		return s.title + ", perhaps"
	}
	return ""
}

// glance reads a record on the day of the view from the stretches of its days.
func (v *View) glance(r *record, of []stretch) glance {
	there := fact.No
	var versions []*version
	for _, s := range slices.Backward(of) {
		if c := s.span.On(v.on); c != fact.No {
			there, versions = max(there, c), append(versions, s.version)
		}
	}
	return v.words(r, there, versions)
}

// words writes what versions say that hold on the day, or may.
func (v *View) words(r *record, there fact.Cover, versions []*version) glance {
	n := len(r.kind.Fields)
	out := glance{there: there, says: make([]string, n), words: make([]string, n)}
	says, words := make([][]string, n), make([][]string, n)
	for _, x := range versions {
		rec := &Record{v: v, r: r, ver: x, exists: there}
		if out.title == "" {
			out.title = rec.Title()
		}
		for i, f := range r.kind.Fields {
			j, state := rec.JSON(f.Name)
			text := rec.Show(f.Name)
			if state == Erased {
				j, text = "erased", "Erased"
			}
			if state == Withheld {
				j, text = "withheld", "Not public"
			}
			if !slices.Contains(says[i], j) {
				says[i], words[i] = append(says[i], j), append(words[i], text)
			}
		}
	}
	for i := range says {
		if len(says[i]) > 1 {
			if at := slices.Index(words[i], ""); at >= 0 {
				words[i][at] = "nothing recorded"
			}
			slices.Sort(words[i])
		}
		slices.Sort(says[i])
		out.says[i], out.words[i] = strings.Join(says[i], "\n"), strings.Join(words[i], " or ")
	}
	return out
}

// Kept is what is so of every change.
const Kept = "The old entries stay visible in history."

// Words says what an effect is to whoever looks: "Anyone looking at dates from 1 October 2003 will now see Paul Clark (person)."
func (e Effect) Words() string {
	s := "Anyone looking at " + e.Days()
	if e.Proposal != "" {
		s = "Anyone looking at the proposal"
		if e.First != fact.MinDay || e.Last != fact.MaxDay {
			s += " on " + e.Days()
		}
	}
	label := ""
	if e.Field != nil {
		label = strings.ToLower(e.Field.Label[:1]) + e.Field.Label[1:]
	}
	switch {
	case e.Field == nil && e.After == "":
		return s + " will no longer find " + e.Title + "."
	case e.Field == nil && e.Before == "":
		return s + " will now find " + e.After + "."
	case e.After == "":
		return s + " will now see that nothing is recorded (" + label + ")."
	case e.Field == nil:
		return s + " will now see " + e.After + "."
	}
	return s + " will now see " + e.After + " (" + label + ")."
}

// Days says on which days: "dates from 1 October 2003".
func (e Effect) Days() string {
	switch {
	case e.First == e.Last:
		return e.First.Words()
	case e.First == fact.MinDay && e.Last == fact.MaxDay:
		return "any date"
	case e.First == fact.MinDay:
		return "dates until " + e.Last.Words()
	case e.Last == fact.MaxDay:
		return "dates from " + e.First.Words()
	}
	return "dates from " + e.First.Words() + " until " + e.Last.Words()
}

// Difference is a field of a record that is not what it was when somebody looked.
type Difference struct {
	Field    *kind.Field // nil where it is the record itself that is there or not
	Was, Is  string      // in words; empty where nothing is stated, or the record is not there
	Entry    int64       // that made it what it is
	Who      fact.Who
	Recorded time.Time
}

// Since says what of a record, on the day looked at, was changed by entries after a position: what a writer who saw it then has not
// seen.
func (v *View) Since(k fact.Key, position int64) []Difference {
	r := v.find(k)
	if r == nil {
		return nil
	}
	var newer []*version // the oldest first
	for x := v.newest(r); x != nil && x.position > position; x = x.prev {
		if x.proposal == "" || x.proposal == v.proposal {
			newer = append(newer, x)
		}
	}
	slices.Reverse(newer)
	const most = 50 // what was said before these is put down to the first of them
	newer = newer[max(0, len(newer)-most):]
	look := func(known int64) glance {
		w := v.look(v.on, known)
		var rec Record
		if w.resolve(r, &rec); rec.ver == nil {
			return w.words(r, fact.No, nil)
		}
		return w.words(r, rec.exists, rec.versions())
	}
	was := look(min(position, v.known))
	states := make([]glance, len(newer))
	for i, x := range newer {
		states[i] = look(x.position)
	}
	var out []Difference
	compare := func(f *kind.Field, says, words func(*glance) string) {
		by := -1
		last := says(&was)
		for i := range states {
			if now := says(&states[i]); now != last {
				by, last = i, now
			}
		}
		if by >= 0 && last != says(&was) {
			x := newer[by]
			out = append(out, Difference{f, words(&was), words(&states[len(states)-1]), x.position, x.who, time.UnixMicro(x.recorded).UTC()})
		}
	}
	there := func(s *glance) string { return []string{"no", "maybe", "yes"}[s.there] }
	compare(nil, there, (*glance).standing)
	for n, f := range r.kind.Fields {
		compare(f, func(s *glance) string { return s.says[n] }, func(s *glance) string { return s.words[n] })
	}
	return out
}
