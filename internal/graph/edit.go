package graph

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Edit is a change as people think of it, turned into documents.
type Edit struct {
	Docs  []kind.Doc // to be recorded together
	Notes []string   // what else is worth knowing before they are, in words
}

// Change says that fields took other values from a date on: it changed. A value without JSON is no longer stated from then on. What is
// already recorded of later days changes with it as long as it repeats the value that held on that day. Under a proposal it is what
// the proposal would make of the record, on the days of which it speaks.
func (v *View) Change(k fact.Key, from fact.Date, set []kind.Value, source, note string) (Edit, kind.Problems) {
	d, problems := v.open(k, source, note)
	if problems != nil {
		return Edit{}, problems
	}
	if from.IsZero() {
		return Edit{}, d.refuse("from", "the day on which it changed is not given", "Give the day, or the month or season, or say that it is to be agreed")
	}
	if from.Form == fact.ToBeAgreed {
		return d.agree(set)
	}
	if len(d.parts) == 0 {
		return Edit{}, d.absent(v.on)
	}
	if first := d.parts[0].span.From; from.Last < d.parts[0].possible().first {
		return Edit{}, d.refuse("from", fmt.Sprintf("this %s began %s, and cannot have changed before", d.label(), when(first)), "Give a later day, or correct first when it began")
	}
	at := d.at(from.Last)
	if at < 0 {
		return Edit{}, d.absent(from.Last)
	}
	changes := make([][]kind.Value, len(d.parts))
	for _, s := range set {
		if d.parts[at].value(s.Field) == s.JSON {
			continue
		}
		first, last := d.reach(at, s.Field)
		for i := first; i <= last; i++ {
			changes[i] = append(changes[i], s)
		}
	}
	return d.write(d.apply(fact.Span{From: from}, changes), set)
}

// Correct says that fields had other values than recorded: our record was wrong. Between two dates it is every value that is
// replaced; where one is not stated, only as far as the wrong value of the day looked at reaches.
func (v *View) Correct(k fact.Key, from, until fact.Date, set []kind.Value, source, note string) (Edit, kind.Problems) {
	d, problems := v.open(k, source, note)
	if problems != nil {
		return Edit{}, problems
	}
	span := fact.Span{From: from, Until: until}
	switch {
	case from.Form == fact.ToBeAgreed || until.Form == fact.ToBeAgreed:
		return Edit{}, d.refuse("from", "a date to be agreed is no day on which the record was wrong", "Give a day, or leave it out")
	case span.Check() != nil:
		return Edit{}, d.refuse("until", fmt.Sprintf("the last day (%s) is before the first (%s)", until.Words(), from.Words()), "Check both dates")
	case v.proposal != "":
		return d.amend(span, set)
	case len(d.parts) == 0 && d.agreed != nil:
		p := d.agreed.with(set)
		return d.write(life{agreed: d.new(p)}, set)
	}
	on := v.on
	if !until.IsZero() {
		on = min(on, until.First)
	}
	if !from.IsZero() {
		on = max(on, from.Last)
	}
	at := d.at(on)
	if at < 0 && (from.IsZero() || until.IsZero()) {
		return Edit{}, d.absent(on)
	}
	changes := make([][]kind.Value, len(d.parts))
	for _, s := range set {
		first, last := 0, len(d.parts)-1
		if from.IsZero() || until.IsZero() {
			if i, j := d.reach(at, s.Field); from.IsZero() && until.IsZero() {
				first, last = i, j
			} else if from.IsZero() {
				first = i
			} else {
				last = j
			}
		}
		for i := first; i <= last; i++ {
			if d.parts[i].value(s.Field) != s.JSON {
				changes[i] = append(changes[i], s)
			}
		}
	}
	want := d.apply(span, changes)
	if problems := d.event(&want); problems != nil {
		return Edit{}, problems
	}
	return d.write(want, set)
}

// EndAfter says that the record ended after a day.
func (v *View) EndAfter(k fact.Key, last fact.Date, source, note string) (Edit, kind.Problems) {
	d, problems := v.open(k, source, note)
	if problems != nil {
		return Edit{}, problems
	}
	switch {
	case last.IsZero():
		return Edit{}, d.refuse("until", "the last day is not given", "Give the day, or the month or season, or say that it is to be agreed")
	case len(d.parts) == 0:
		return Edit{}, d.absent(v.on)
	}
	end := d.parts[d.last()].span.Until
	switch {
	case last.Form == fact.ToBeAgreed && !end.IsZero(), !end.IsZero() && end.Form != fact.ToBeAgreed && end.Last <= last.First:
		return Edit{}, d.refuse("until", fmt.Sprintf("this %s ended already, %s", d.label(), when(end)), "To change that, correct when it ended")
	case last.Form == fact.ToBeAgreed:
		return Edit{Docs: []kind.Doc{d.end(last)}}, nil
	case last.Last < d.parts[0].possible().first:
		return Edit{}, d.refuse("until", fmt.Sprintf("this %s began %s, after that day", d.label(), when(d.parts[0].span.From)), "Give a later day; if it never was, take it back instead")
	}
	want := life{agreed: d.agreed}
	var notes []string
	for _, p := range d.parts {
		whole := p.span
		if p.span = p.span.And(fact.Span{Until: last}); p.possible().empty() {
			notes = append(notes, fmt.Sprintf("What is recorded %s no longer holds.", whole.Words()))
			continue
		}
		want.parts = append(want.parts, p)
	}
	e, problems := d.write(want, nil, d.end(last))
	e.Notes = append(notes, e.Notes...)
	return e, problems
}

// Retract says that the record never was: it is there on no day any more. Under a proposal it is the proposal that no longer says anything of it.
func (v *View) Retract(k fact.Key, reason string) (Edit, kind.Problems) {
	d, problems := v.open(k, "", reason)
	switch {
	case problems != nil:
		return Edit{}, problems
	case strings.TrimSpace(reason) == "":
		return Edit{}, d.refuse("note", "the reason is not given", "Say how you know that it never was; it stays in the history")
	case v.proposal != "" && len(v.of(d.r, v.proposal)) == 0:
		return Edit{}, d.refuse("", "the proposal says nothing of this "+d.label(), "To propose that it ends, record when it would end")
	case len(d.parts) == 0 && d.agreed == nil:
		return Edit{}, d.refuse("", "this "+d.label()+" is there on no day, so there is nothing to take back", "Look in its history for what was recorded")
	}
	return Edit{Docs: []kind.Doc{d.end(fact.Date{})}}, nil
}

// open begins an edit of a record.
func (v *View) open(k fact.Key, source, note string) (*draft, kind.Problems) {
	r := v.find(k)
	if r == nil || v.LastOf(k) == 0 {
		return nil, kind.Problems{{Record: k.String(), What: "there is no such record", Remedy: "Check the address, or record it first"}}
	}
	d := v.draft(r, strings.TrimSpace(source), strings.TrimSpace(note))
	if len(d.parts) > mostPieces {
		return nil, d.tooMany()
	}
	return d, nil
}

// mostPieces is how many pieces a record may have to be edited as a whole: all of them may have to be said again, and where many of them may hold
// on the same days each is weighed against each.
const mostPieces = 500

func (d *draft) tooMany() kind.Problems {
	return d.refuse("", fmt.Sprintf("this %s is recorded in more than %d pieces, which is too many to be worked out here", d.label(), mostPieces), "Load a file that says what it was on the days in question")
}

func (d *draft) label() string { return strings.ToLower(d.r.kind.Label) }

// when says when something was: on a day, in a month, by or between days.
func when(on fact.Date) string {
	switch on.Form {
	case fact.Unstated:
		return "at the beginning"
	case fact.OnDay:
		return "on " + on.Words()
	case fact.InMonth, fact.InYear, fact.InSeason:
		return "in " + on.Words()
	case fact.ToBeAgreed:
		return "on a date to be agreed"
	}
	return "some day " + on.Words()
}

// absent says that the record is not there on a day, and when it was.
func (d *draft) absent(on fact.Day) kind.Problems {
	what := fmt.Sprintf("this %s is not there on %s", d.label(), on.Words())
	if len(d.parts) == 0 {
		if d.agreed != nil {
			return d.refuse("from", "this "+d.label()+" is agreed, and has no day on which it begins", "Record first when it begins")
		}
		return d.refuse("from", what, "Record first when it began")
	}
	spans := make([]string, 0, len(d.parts))
	for i := range d.parts {
		spans = append(spans, d.parts[i].span.Words())
	}
	const most = 5
	if len(spans) > most {
		spans = append(spans[:most], "and on other days")
	}
	return d.refuse("from", what, "It is recorded "+strings.Join(spans, "; ")+". Give a day of these, or correct first when it began or ended")
}

// at gives the part that holds on a day, or may; -1 where none does.
func (d *draft) at(on fact.Day) int {
	at, best := -1, fact.No
	for i := range d.parts {
		if c := d.parts[i].span.On(on); c != fact.No && c >= best {
			at, best = i, c
		}
	}
	return at
}

// last gives the part that holds longest.
func (d *draft) last() int {
	at := 0
	for i := range d.parts {
		if d.parts[i].possible().last >= d.parts[at].possible().last {
			at = i
		}
	}
	return at
}

// reach gives the neighbouring parts around one that have the same value in a field. Days on which the record is not there end it.
func (d *draft) reach(at int, f *kind.Field) (first, last int) {
	value := d.parts[at].value(f)
	meets := make([]bool, len(d.parts)) // no day lies between those before it and this one
	until := fact.MinDay
	for i := range d.parts {
		days := d.parts[i].possible()
		meets[i] = i > 0 && (until == fact.MaxDay || days.first <= until+1)
		until = max(until, days.last)
	}
	first, last = at, at
	for meets[first] && d.parts[first-1].value(f) == value {
		first--
	}
	for last+1 < len(d.parts) && meets[last+1] && d.parts[last+1].value(f) == value {
		last++
	}
	return first, last
}

// apply changes parts over a span. Within its windows the new values may hold, and so may the old.
func (d *draft) apply(over fact.Span, changes [][]kind.Value) life {
	want := life{agreed: d.agreed}
	for i, p := range d.parts {
		if len(changes[i]) == 0 {
			want.parts = append(want.parts, p)
			continue
		}
		s := over
		if s.From == p.span.From {
			s.From = fact.Date{} // the same words are the same day
		}
		if s.Until == p.span.Until {
			s.Until = fact.Date{}
		}
		keep := func(s fact.Span) {
			q := p
			if q.span = p.span.And(s); !q.possible().empty() {
				want.parts = append(want.parts, q)
			}
		}
		q := p.with(changes[i])
		if q.span = p.span.And(s); q.possible().empty() {
			keep(fact.Span{})
			continue
		}
		if !s.From.IsZero() {
			keep(fact.Span{Until: fact.ExactDate(s.From.Last - 1)})
		}
		want.parts = append(want.parts, *d.new(q))
		if until := s.Until.First; !s.Until.IsZero() && until >= p.possible().first && until > fact.MinDay {
			keep(fact.Span{From: fact.ExactDate(until + 1)})
		} else if !s.Until.IsZero() {
			keep(fact.Span{})
		}
	}
	return want
}

// new marks a part as said by this edit.
func (d *draft) new(p part) *part {
	p.fresh, p.source, p.note = true, d.source, d.note
	return &p
}

// event moves the beginning of an event whose own date is corrected, where it began on that date.
func (d *draft) event(want *life) kind.Problems {
	if len(d.r.kind.Begins) == 0 || len(want.parts) == 0 || !want.parts[0].fresh {
		return nil
	}
	was, is := &d.parts[0], &want.parts[0]
	on := d.v.begins(d.r.kind, is.values)
	if on.IsZero() || on == is.span.From || !was.span.From.IsZero() && was.span.From != d.v.begins(d.r.kind, was.values) {
		return nil
	}
	is.span.From = on
	if is.span.Check() != nil {
		return d.refuse("from", fmt.Sprintf("it ends (%s) before its own date (%s)", is.span.Until.Words(), on.Words()), "Check both dates")
	}
	return nil
}

// write gives the documents of what is wanted.
func (d *draft) write(want life, set []kind.Value, plain ...kind.Doc) (Edit, kind.Problems) {
	was := life{d.parts, d.agreed}
	if was.equal(&want) {
		return Edit{}, d.refuse("", "this is what the record says already", "Change something, or leave it as it is")
	}
	if problems := d.complete(want, set); problems != nil {
		return Edit{}, problems
	}
	docs, problems := d.express(want, plain...)
	if problems != nil {
		return Edit{}, problems
	}
	return Edit{docs, d.erased(want, docs)}, nil
}

// complete refuses to leave out what a record of its kind needs.
func (d *draft) complete(want life, set []kind.Value) (problems kind.Problems) {
	need := func(f *kind.Field, what string) {
		problems = append(problems, d.refuse(f.Name, fmt.Sprintf("a %s needs its %s", d.label(), what), "Give it, or leave it as it was")...)
	}
	parts := want.parts
	if want.agreed != nil {
		parts = append(slices.Clone(parts), *want.agreed)
	}
	for _, s := range set {
		if s.JSON == "" && s.Field.Required {
			need(s.Field, strings.ToLower(s.Field.Label))
		}
		for _, group := range d.r.kind.OneOf {
			stated := func(p part) bool {
				return !p.fresh || slices.ContainsFunc(p.values, func(v kind.Value) bool { return slices.Contains(group, v.Field.Name) })
			}
			if s.JSON == "" && slices.Contains(group, s.Field.Name) && slices.ContainsFunc(parts, func(p part) bool { return !stated(p) }) {
				need(s.Field, strings.Join(group, " or its "))
			}
		}
	}
	return problems
}

// erased says of what is said again what had been erased of it.
func (d *draft) erased(want life, docs []kind.Doc) (notes []string) {
	parts := want.parts
	if want.agreed != nil {
		parts = append(slices.Clone(parts), *want.agreed)
	}
	for _, p := range parts {
		again := func(doc kind.Doc) bool { return doc.Op == fact.Assert && slices.Equal(doc.Values, p.values) }
		if len(p.erased) > 0 && slices.ContainsFunc(docs, again) {
			notes = append(notes, fmt.Sprintf("Erased earlier, and not recorded again %s: %s.", p.span.Words(), strings.ToLower(strings.Join(p.erased, ", "))))
		}
	}
	return notes
}

// agree writes values that are agreed and have no date yet.
func (d *draft) agree(set []kind.Value) (Edit, kind.Problems) {
	base := d.agreed
	if base == nil {
		if len(d.parts) == 0 {
			return Edit{}, d.absent(d.v.on)
		}
		base = &d.parts[d.last()]
	}
	p := d.new(base.with(set))
	if p.says() == base.says() {
		return Edit{}, d.refuse("", "this is what the record says already", "Change something, or leave it as it is")
	}
	p.span = fact.Span{From: fact.Undated, Until: base.span.Until}
	return d.write(life{d.parts, p}, set)
}
