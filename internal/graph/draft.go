package graph

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// draft is one record while an edit of it is made: what it is on all its days as far as the view knows, and where what is new
// comes from.
type draft struct {
	v            *View
	r            *record
	parts        []part
	agreed       *part // agreed and not dated
	source, note string
}

// part is what a record says on a run of days.
type part struct {
	span         fact.Span
	values       []kind.Value // in the order of the kind's fields, references as people write them
	source, note string
	erased       []string // labels of what was erased, and so is not repeated
	proposed     bool     // it is what the proposal says
	fresh        bool     // other than what is recorded
	shown        bool     // it is in force, and shows through a proposal
}

// life is all that a record is: on its days, and agreed.
type life struct {
	parts  []part
	agreed *part
}

// draft begins an edit. What a proposal says is edited on its own days.
func (v *View) draft(r *record, source, note string) *draft {
	if v.proposal != "" {
		v = v.Planned(v.proposal, fact.Date{})
	}
	d := &draft{v: v, r: r, source: source, note: note}
	l := v.life(r)
	d.parts, d.agreed = l.parts, l.agreed
	return d
}

// life reads what a record is from its versions, as the view reads them.
func (v *View) life(r *record) life {
	var l life
	for _, s := range v.stretches(r) {
		l.parts = append(l.parts, v.part(r, s))
	}
	if x := v.undated(r); x != nil {
		p := v.part(r, stretch{x, v.spanOf(x)})
		l.agreed = &p
	}
	return l
}

// undated gives what is agreed of a record and has no day: by the proposal, or else in force. A proposal that is read as if in force leaves nothing undated.
func (v *View) undated(r *record) *version {
	if v.proposal != "" {
		if !v.planned {
			return nil
		}
		if x := v.agreed(v.of(r, v.proposal)); x != nil {
			return x
		}
	}
	return v.agreed(v.of(r, ""))
}

func (v *View) part(r *record, s stretch) part {
	rec := &Record{v: v, r: r, ver: s.version, exists: fact.Yes}
	p := part{span: s.span, source: rec.Source(), note: rec.Note(), proposed: s.proposal != ""}
	for _, f := range r.kind.Fields {
		switch j, state := rec.JSON(f.Name); state {
		case Known:
			p.values = append(p.values, kind.Value{Field: f, JSON: j})
		case Erased:
			p.erased = append(p.erased, f.Label)
		}
	}
	return p
}

// value gives the JSON of a field; empty where it is not stated.
func (p *part) value(f *kind.Field) string {
	for _, v := range p.values {
		if v.Field == f {
			return v.JSON
		}
	}
	return ""
}

// with gives the part with other values; a value without JSON is no longer stated.
func (p part) with(set []kind.Value) part {
	values := slices.DeleteFunc(slices.Clone(p.values), func(v kind.Value) bool {
		return slices.ContainsFunc(set, func(s kind.Value) bool { return s.Field == v.Field })
	})
	for _, s := range set {
		if s.JSON != "" {
			values = append(values, s)
		}
	}
	slices.SortFunc(values, func(a, b kind.Value) int { return cmp.Compare(a.Field.Index, b.Field.Index) })
	p.values = values
	return p
}

// says is everything that the part says, for comparing.
func (p *part) says() string {
	var b strings.Builder
	for _, v := range p.values {
		b.WriteString(v.Field.Name + " " + v.JSON + "\n")
	}
	return b.String()
}

func (p *part) on(first, last fact.Day) *part {
	q := *p
	q.span = run{first, last}.within(fact.MinDay, fact.MaxDay)
	return &q
}

// possible gives the days on which the part may hold.
func (p *part) possible() run {
	first, last, ok := p.span.Possible()
	if !ok {
		return run{fact.MaxDay, fact.MinDay}
	}
	return run{first, last}
}

func (r run) empty() bool { return r.last < r.first }

// cell is a run of days on which nothing changes.
type cell struct {
	run
	may   []reading // each another
	there fact.Cover
}

// reading is one of the things that may hold.
type reading struct {
	*part
	says string
}

func (c *cell) equal(d *cell) bool {
	return c.there == d.there && slices.EqualFunc(c.may, d.may, func(p, q reading) bool { return p.says == q.says })
}

// cells cuts all days at those on which something changes.
func cells(parts []part) []cell {
	spans, says := make([]fact.Span, len(parts)), make([]string, len(parts))
	for i := range parts {
		spans[i], says[i] = parts[i].span, parts[i].says()
	}
	var out []cell
	for days, open := range sweep(spans) {
		c := cell{run: days}
		for _, i := range open {
			c.there = max(c.there, spans[i].On(days.inside()))
			if at, found := slices.BinarySearchFunc(c.may, says[i], func(q reading, s string) int { return cmp.Compare(q.says, s) }); !found {
				c.may = slices.Insert(c.may, at, reading{&parts[i], says[i]})
			}
		}
		if n := len(out); n > 0 && out[n-1].equal(&c) {
			out[n-1].last = c.last
			continue
		}
		out = append(out, c)
	}
	return out
}

// differ gives the first day on which two lives are not the same.
func differ(a, b []cell) (first fact.Day, ok bool) {
	for len(a) > 0 && len(b) > 0 {
		if !a[0].equal(&b[0]) {
			return max(a[0].first, b[0].first), true
		}
		end := min(a[0].last, b[0].last)
		if a[0].last == end {
			a = a[1:]
		}
		if b[0].last == end {
			b = b[1:]
		}
	}
	return 0, false
}

func (l *life) equal(m *life) bool {
	if (l.agreed == nil) != (m.agreed == nil) || l.agreed != nil && (l.agreed.span != m.agreed.span || l.agreed.says() != m.agreed.says()) {
		return false
	}
	_, other := differ(cells(l.parts), cells(m.parts))
	return !other
}

// doc writes a part as a document.
func (d *draft) doc(p *part) kind.Doc {
	return kind.Doc{Op: fact.Assert, Kind: d.r.kind, ID: *d.r.id.Load(), Span: p.span, Proposal: d.v.proposal, Values: p.values, Source: p.source, Note: p.note}
}

// end writes the ending of a record after a day, or, without a day, takes back what was said of it.
func (d *draft) end(last fact.Date) kind.Doc {
	return kind.Doc{Op: fact.End, Kind: d.r.kind, ID: *d.r.id.Load(), Span: fact.Span{Until: last}, Proposal: d.v.proposal, Source: d.source, Note: d.note}
}

// express gives the plainest documents after which the record is what is wanted and nothing else: those that are handed in, else
// what is new, else an ending before the first day that differs with what follows it said again, else everything said again.
func (d *draft) express(want life, plain ...kind.Doc) ([]kind.Doc, kind.Problems) {
	all := want.parts
	if want.agreed != nil {
		all = append(slices.Clone(all), *want.agreed)
	}
	fresh := slices.Clone(plain)
	if len(plain) == 0 {
		for i := range all {
			if all[i].fresh {
				fresh = append(fresh, d.doc(&all[i]))
			}
		}
	}
	tries := [][]kind.Doc{fresh}
	now, then := cells(d.parts), cells(want.parts)
	if d.v.proposal != "" {
		if slices.ContainsFunc(all, func(p part) bool { return p.fresh && p.shown }) {
			tries = nil // what is in force shows through again, and is not to be said by the proposal
		}
		tries = append(tries, d.proposing(want, then))
	} else if from, ok := differ(now, then); ok && from > fact.MinDay {
		docs := []kind.Doc{d.end(fact.ExactDate(from - 1))}
		for i := range want.parts {
			p := want.parts[i]
			if p.possible().last < from {
				continue
			}
			p.span = p.span.And(run{from, fact.MaxDay}.within(p.possible().first, fact.MaxDay))
			docs = append(docs, d.doc(&p))
		}
		tries = append(tries, docs)
	}
	whole := []kind.Doc{d.end(fact.Date{})}
	for i := range all {
		whole = append(whole, d.doc(&all[i]))
	}
	tries = append(tries, whole, d.spelt(then, want.agreed))
	if d.v.proposal != "" {
		tries = append(tries, fresh)
	}
	for _, docs := range tries {
		docs = order(docs)
		if got, ok := d.after(docs); ok && got.equal(&want) {
			return docs, nil
		}
	}
	return nil, d.vague()
}

// proposing says everything again that a proposal says of a record: what it says of its days and, before a day on which the record would be there no more and is in force, that it
// ends. What is in force shows through as it is, but for what follows such an ending.
func (d *draft) proposing(want life, days []cell) []kind.Doc {
	docs := []kind.Doc{d.end(fact.Date{})}
	ends := d.hole(days)
	if ends > fact.MinDay {
		docs = append(docs, d.end(fact.ExactDate(ends-1)))
	}
	for i := range want.parts {
		if p := &want.parts[i]; p.proposed || p.fresh && !p.shown || ends > fact.MinDay && p.possible().last >= ends {
			docs = append(docs, d.doc(p))
		}
	}
	if want.agreed != nil && (want.agreed.proposed || want.agreed.fresh) {
		docs = append(docs, d.doc(want.agreed))
	}
	return docs
}

// hole gives the first day on which a record is in force and should not be there; fact.MinDay where there is none.
func (d *draft) hole(days []cell) fact.Day {
	w := d.v.With("")
	under := w.life(d.r)
	for _, c := range days {
		if len(c.may) > 0 {
			continue
		}
		for _, p := range under.parts {
			if at := p.possible(); at.first <= c.last && c.first <= at.last {
				return max(c.first, at.first)
			}
		}
	}
	return fact.MinDay
}

// spelt says everything again, run by run: where the record certainly is there one of the readings first, and over it what may hold
// instead.
func (d *draft) spelt(days []cell, agreed *part) []kind.Doc {
	out := []kind.Doc{d.end(fact.Date{})}
	for _, c := range days {
		for i, p := range c.may {
			p := p.on(c.first, c.last)
			if i > 0 || c.there != fact.Yes {
				p.span.From = fact.Within(c.first, c.last+1+fact.Day(i)) // later than its last day, and each on another day
			}
			out = append(out, d.doc(p))
		}
	}
	if agreed != nil {
		out = append(out, d.doc(agreed))
	}
	return out
}

// after gives what the record is once documents are recorded; not ok where they cannot be.
func (d *draft) after(docs []kind.Doc) (life, bool) {
	r, ok := d.v.recorded(d.r, docs)
	if !ok {
		return life{}, false
	}
	return d.v.life(r), true
}

// recorded gives a record as it would be with more documents about it, in their order.
func (v *View) recorded(r *record, docs []kind.Doc) (*record, bool) {
	if len(clashes(docs)) > 0 {
		return nil, false
	}
	out := &record{kind: r.kind, ord: r.ord, inLog: r.inLog}
	out.id.Store(r.id.Load())
	head := r.head.Load()
	for i := range docs {
		d := &docs[i]
		span := d.Span
		if d.Op == fact.Assert && span.From.IsZero() {
			span.From = v.begins(d.Kind, d.Values)
		}
		if !written(span.From) || !written(span.Until) || span.Check() != nil {
			return nil, false
		}
		head = &version{prev: head, position: v.known, span: span, proposal: d.Proposal, op: d.Op, body: pack(d.Kind, body(d))}
	}
	out.head.Store(head)
	return out, true
}

// body gives the fields of a document with what it says of where they come from.
func body(d *kind.Doc) fact.Body {
	b := make(fact.Body, 0, len(d.Values)+3)
	for _, v := range d.Values {
		b = append(b, fact.Field{Name: v.Field.Name, Value: v.JSON})
	}
	extra := func(name, value string) {
		if value != "" {
			b = append(b, fact.Field{Name: name, Value: kind.Quote(value)})
		}
	}
	extra("source", d.Source)
	extra("note", d.Note)
	extra("visibility", string(d.Visibility))
	extra("exempt", d.Exempt)
	extra("decided", d.Decided)
	extra("decided_when", d.DecidedWhen.String())
	if d.Kind.Personal {
		extra(IDField, string(d.ID))
	}
	return b
}

// written reports whether a date can be written down: years have four digits.
func written(d fact.Date) bool {
	again, err := fact.ParseDate(d.String())
	return err == nil && again == d
}

func (d *draft) refuse(field, what, remedy string) kind.Problems {
	return kind.Problems{{Record: d.r.key().String(), Field: field, What: what, Remedy: remedy}}
}
