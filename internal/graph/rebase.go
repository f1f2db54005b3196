package graph

import (
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Moved is a record of which a proposal speaks, and which was changed in force since the proposal last spoke of it, on the days of which it speaks.
type Moved struct {
	Record fact.Key
	Title  string
	Base   int64 // the record in force as known at this position is what the proposal was written over
	Entry  int64 // the newest entry about it in force
	Who    fact.Who
	When   time.Time
	Fields []MovedField
}

// MovedField is what differs in force, in words; nothing where it is not stated.
type MovedField struct {
	Field    *kind.Field // nil: the record itself, which began or ended in force
	Was, Now string      // in force then, and now
	Proposed string
	Conflict bool // the proposal wants something else than both; otherwise what is in force now is carried into it
	Days     fact.Span
}

// Choice names what a conflict is about: a field of a record, or without a field the record itself.
type Choice struct {
	Record fact.Key
	Field  string
}

// Choice names what is to be chosen where a field of it is in conflict.
func (m *Moved) Choice(f MovedField) Choice { return Choice{m.Record, f.name()} }

func (f *MovedField) name() string {
	if f.Field == nil {
		return ""
	}
	return f.Field.Name
}

// Moved gives the records that were changed in force since the proposal looked at last spoke of them, in the order of the kinds.
func (v *View) Moved() (out []Moved) {
	w := v.Planned(v.proposal, fact.Date{})
	for r := range v.touched() {
		if m := w.merge(r, nil); m.moved {
			out = append(out, m.Moved)
		}
	}
	return out
}

// Rebase writes the proposal looked at anew over the record in force as it is known now. What was changed there and not by the proposal is carried into it; what
// both changed is as chosen, true being what is in force. It is refused as long as a choice is missing.
func (v *View) Rebase(choices map[Choice]bool) (Edit, kind.Problems) {
	var e Edit
	var problems kind.Problems
	w := v.Planned(v.proposal, fact.Date{})
	for r := range v.touched() {
		m := w.merge(r, choices)
		if !m.moved {
			continue
		}
		for _, f := range m.Fields {
			if _, chosen := choices[m.Choice(f)]; f.Conflict && !chosen {
				problems = append(problems, kind.Problem{Record: m.Record.String(), Field: f.name(), What: m.Title + ": " + f.words(), Remedy: "Choose what is in force, or what is proposed"})
			}
		}
		one, p := m.write()
		problems = append(problems, p...)
		e.Docs, e.Notes = append(e.Docs, one.Docs...), append(e.Notes, one.Notes...)
	}
	if len(problems) > 0 {
		return Edit{}, problems
	}
	return e, nil
}

// words says what both changed.
func (f *MovedField) words() string {
	if f.Field == nil {
		if f.Now == "" {
			return "it ended in force, and the proposal still changes it"
		}
		return "it began in force, and the proposal would make it otherwise"
	}
	said := func(s string) string {
		if s == "" {
			return "nothing"
		}
		return "“" + s + "”"
	}
	return strings.ToLower(f.Field.Label) + " was " + said(f.Was) + ", is " + said(f.Now) + " now, and " + said(f.Proposed) + " is proposed"
}

// merging is a record under a proposal, brought together with what is in force.
type merging struct {
	Moved
	d      *draft
	moved  bool
	parts  []part // what the proposal says then
	agreed *part
}

// merge compares three states of a record: in force when the proposal last spoke of it, in force now, and as proposed.
func (v *View) merge(r *record, choices map[Choice]bool) *merging {
	m := &merging{Moved: Moved{Record: r.key(), Title: v.Called(r.key())}, d: v.draft(r, "", "")}
	m.Base = v.base(r)
	under := v.With("")
	was, now := v.g.View(v.on, m.Base).life(r), under.life(r)
	if was.equal(&now) {
		return m
	}
	for _, x := range under.of(r, "") {
		m.Entry, m.Who, m.When = x.position, x.who, time.UnixMicro(x.recorded).UTC()
		break
	}
	before, after := &draft{parts: was.parts}, &draft{parts: now.parts}
	var bounds []fact.Span
	for _, p := range slices.Concat(was.parts, now.parts) {
		bounds = append(bounds, p.span)
	}
	for i := range m.d.parts {
		p := m.d.parts[i]
		if !p.proposed {
			continue
		}
		days := p.possible()
		for run := range sweep(bounds) {
			first, last := max(run.first, days.first), min(run.last, days.last)
			if first > last {
				continue
			}
			q := p
			q.span = p.span.And(run.within(days.first, days.last))
			on := run.inside()
			if keep := m.three(part3{before.on(on), after.on(on), &q}, choices); keep {
				m.add(q)
			}
		}
	}
	if p := m.d.agreed; p != nil && p.proposed {
		q := *p
		on := v.on
		if m.three(part3{before.on(on), after.on(on), &q}, choices) {
			m.agreed = &q
		}
	}
	m.moved = len(m.Fields) > 0
	return m
}

// on gives the part that holds on a day, or may; nil where none does.
func (d *draft) on(on fact.Day) *part {
	if at := d.at(on); at >= 0 {
		return &d.parts[at]
	}
	return nil
}

// base gives the position as at which what is in force was known when a proposal last spoke of a record. What was recorded at the same moment was known.
func (v *View) base(r *record) int64 {
	for x := r.head.Load(); x != nil; x = x.prev {
		if x.position <= v.known && x.proposal == v.proposal && x.op != fact.Erase {
			return min(v.known, v.g.KnownAt(time.UnixMicro(x.recorded)))
		}
	}
	return v.known
}

// part3 is what a record was in force, is in force, and would be.
type part3 struct{ was, is, would *part }

// three brings one run of days together, changes what would be, and reports whether the proposal still says anything of it.
func (m *merging) three(p part3, choices map[Choice]bool) bool {
	switch {
	case p.was == nil && p.is == nil:
		return true
	case p.was == nil || p.is == nil:
		f := MovedField{Conflict: true, Days: p.would.span}
		if p.is == nil {
			f.Was, f.Proposed = m.Title, m.Title
		} else {
			f.Now, f.Proposed = m.Title, m.Title
			if p.is.says() == p.would.says() {
				return true
			}
		}
		m.note(f)
		return !choices[Choice{m.Record, ""}]
	}
	for _, f := range m.d.r.kind.Fields {
		was, is, would := p.was.value(f), p.is.value(f), p.would.value(f)
		if was == is || would == is {
			continue
		}
		x := MovedField{Field: f, Was: m.words(f, was), Now: m.words(f, is), Proposed: m.words(f, would), Conflict: would != was, Days: p.would.span}
		m.note(x)
		if take, chosen := choices[Choice{m.Record, f.Name}]; !x.Conflict || chosen && take {
			*p.would = p.would.with([]kind.Value{{Field: f, JSON: is}})
		}
	}
	return true
}

// note notes once what differs.
func (m *merging) note(f MovedField) {
	for i := range m.Fields {
		if g := &m.Fields[i]; g.Field == f.Field && g.Was == f.Was && g.Now == f.Now && g.Proposed == f.Proposed {
			return
		}
	}
	m.Fields = append(m.Fields, f)
}

// words writes a value as people read it.
func (m *merging) words(f *kind.Field, json string) string {
	if json == "" {
		return ""
	}
	return (&Record{v: m.d.v, r: m.d.r}).show(f, json, 0)
}

// add adds a part to what the proposal says, in one piece with the one before it where both say the same.
func (m *merging) add(p part) {
	if n := len(m.parts) - 1; n >= 0 {
		last := &m.parts[n]
		if _, end, ok := last.span.Certain(); ok && last.says() == p.says() && last.source == p.source && last.note == p.note && p.possible().first == end+1 {
			last.span.Until = p.span.Until
			return
		}
	}
	m.parts = append(m.parts, p)
}

// write gives the documents that say it.
func (m *merging) write() (Edit, kind.Problems) {
	d := m.d
	docs := []kind.Doc{d.end(fact.Date{})}
	for i := range m.parts {
		docs = append(docs, d.doc(&m.parts[i]))
	}
	if m.agreed != nil {
		docs = append(docs, d.doc(m.agreed))
	}
	without, ok := d.after(order(docs))
	if !ok {
		return Edit{}, d.vague()
	}
	want := life{d.still(without.parts, &part{span: fact.Span{From: fact.Undated}}), without.agreed}
	docs = order(d.proposing(want, cells(want.parts)))
	if d.v.endsUndated(d.r) {
		docs = append(docs, d.end(fact.Undated))
	}
	if got, ok := d.after(docs); !ok || !got.equal(&want) {
		return Edit{}, d.vague()
	}
	return Edit{docs, d.erased(want, docs)}, nil
}
