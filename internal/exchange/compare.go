package exchange

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// places are the fields that say where in the structure something is: who has another value there has moved.
var places = []string{"reports_to", "unit", "parent"}

// rules finds what no row shows by itself: lines that come back to where they began, and records that are there twice.
func (im *importer) rules() {
	for _, rows := range im.byKey {
		if len(rows) > 1 {
			im.twice(rows)
		}
	}
	im.alike()
	for _, s := range im.Sheets {
		if s.Kind == nil {
			continue
		}
		for _, f := range s.Kind.Fields {
			if f.Acyclic && !f.Many && len(f.To) == 1 && f.To[0] == s.Kind.Name {
				im.loops(s.Kind, f)
			}
		}
	}
}

// twice refuses two rows about one record over the same days.
func (im *importer) twice(rows []*row) {
	for i, r := range rows {
		if i >= manyAlike {
			r.problem(r.column(idColumn), "Too many rows speak of "+r.title, "Keep one of them")
			continue
		}
		for _, other := range rows[:i] {
			if !overlap(im.days(r), im.days(other)) {
				continue
			}
			where := fmt.Sprintf("row %d", other.line.number)
			if other.sheet != r.sheet {
				where += " of " + other.sheet.Name
			}
			r.problem(r.column(idColumn), fmt.Sprintf("%s is in %s already, over the same days", report.Capital(r.title), where), "Keep one of the two, or give each the days on which it holds")
			break
		}
	}
}

// alike refuses rows without an id that say the same of two new records.
func (im *importer) alike() {
	first := map[string]*row{}
	for _, r := range im.rows {
		if r.key.ID == "" || r.wrong > 0 || r.column(idColumn) >= 0 && r.line.at(r.column(idColumn)).text != "" {
			continue
		}
		var says strings.Builder
		fmt.Fprintf(&says, "%s\n%v\n", r.sheet.Kind.Name, im.days(r))
		for _, f := range r.sheet.Kind.Fields {
			g, _ := r.find(f)
			fmt.Fprintf(&says, "%s\n", g.json)
		}
		if other := first[says.String()]; other == nil {
			first[says.String()] = r
		} else if other.key != r.key {
			do := fmt.Sprintf("Remove one of the two; or, if they are two %s, give each an id, such as its number", kind.Lower(r.sheet.Kind.Plural))
			if im.id != nil {
				do = "Remove one of the two"
			}
			r.problem(-1, fmt.Sprintf("This row says the same as row %d", other.line.number), do)
		}
	}
}

// loops refuses lines that come back to where they began on the day of the import.
func (im *importer) loops(k *kind.Kind, f *kind.Field) {
	up := map[fact.Key]fact.Key{}
	for _, r := range im.v.All(k.Name) {
		if to, ok := r.RefKey(f.Name); ok {
			up[r.Key()] = to
		}
	}
	var mine []*row
	for _, r := range im.of(k) {
		if g, ok := r.find(f); ok && !g.wrong && r.key.ID != "" && im.days(r).On(im.day) != fact.No {
			delete(up, r.key)
			if g.json != "" {
				up[r.key], _ = keyOf(f, plain(g.json))
			}
			mine = append(mine, r)
		}
	}
	seen := map[fact.Key]int{} // in which walk
	for walk, r := range mine {
		var line []fact.Key
		at := r.key
		for at.ID != "" && seen[at] == 0 {
			seen[at] = walk + 1
			line = append(line, at)
			at = up[at]
		}
		if at.ID == "" || seen[at] != walk+1 {
			continue
		}
		loop := line[slices.Index(line, at):]
		for _, bad := range mine {
			if i := slices.Index(loop, bad.key); i >= 0 {
				im.loop(bad, f, slices.Concat(loop[i:], loop[:i]))
				break
			}
		}
	}
}

func (im *importer) loop(r *row, f *kind.Field, loop []fact.Key) {
	const most = 6
	names := make([]string, 0, len(loop)+1)
	for _, k := range append(loop, loop[0]) {
		names = append(names, im.called(k))
	}
	if len(names) > most {
		names = append(append(names[:most-1:most-1], "…"), names[len(names)-1])
	}
	g, _ := r.find(f)
	r.problem(g.at, "It comes back to itself: "+strings.Join(names, " → "), "Correct one of these rows")
}

// compare says of each row what it does to the record.
func (im *importer) compare() {
	for _, r := range im.rows {
		if r.key.ID == "" && r.identity() != "" {
			continue // it is not known which record it means
		}
		if r.key.ID != "" {
			r.stand = im.meet(r, r.key)
		}
		im.needs(r)
		if r.wrong > 0 {
			continue
		}
		r.word = New
		if im.id != nil && len(im.v.History(r.key)) > 0 {
			r.word = Same // it was recorded from this file
			continue
		}
		fields := im.differences(r)
		if r.was != nil {
			r.word = im.word(r, fields)
		}
		if r.wrong > 0 || r.word == Same {
			continue
		}
		c := Change{Sheet: r.sheet.Name, Row: r.line.number, Word: r.word, Record: r.key, Title: r.title}
		if r.was != nil {
			c.Title = im.v.Called(r.key)
		}
		for _, d := range fields {
			c.Fields = append(c.Fields, d.Difference)
		}
		im.Changes = append(im.Changes, c)
	}
	im.added()
	im.missing()
}

// needs checks that a row leaves its record with all that its kind needs.
func (im *importer) needs(r *row) {
	k := r.sheet.Kind
	has := func(f *kind.Field) bool {
		if g, ok := r.find(f); ok {
			return g.json != "" || g.wrong
		}
		if i := r.column(f.Name); i >= 0 && slices.ContainsFunc(r.problems, func(p Problem) bool { return p.at == i }) {
			return true // what stands there is wrong, and has been said to be
		}
		if r.was == nil {
			return false
		}
		_, state := r.was.JSON(f.Name)
		return state != graph.Missing
	}
	for _, f := range k.Fields {
		if f.Required && !has(f) {
			r.at(f, f.Label+" is missing", "Write it, or remove the row")
		}
	}
	for _, group := range k.OneOf {
		var labels []string
		for _, name := range group {
			labels = append(labels, k.Field(name).Label)
		}
		if !slices.ContainsFunc(group, func(name string) bool { return has(k.Field(name)) }) {
			r.at(k.Field(group[0]), or(labels)+" is missing", "Write it, or remove the row")
		}
	}
}

// at reports a problem with a field, of which there may be no column.
func (r *row) at(f *kind.Field, wrong, do string) {
	r.problem(r.column(f.Name), wrong, do)
	if n := len(r.problems); r.problems[n-1].Column == "" {
		r.problems[n-1].Column = f.Label
	}
}

// difference is a field that a row changes; name is that of the field, or from or until.
type difference struct {
	Difference
	name string
}

func (im *importer) differences(r *row) (out []difference) {
	for _, f := range r.sheet.Kind.Fields {
		g, ok := r.find(f)
		if !ok {
			continue
		}
		before, state := "", graph.Missing
		if r.was != nil {
			before, state = r.was.JSON(f.Name)
		}
		if state == graph.Known && before == g.json || state == graph.Missing && g.json == "" {
			continue
		}
		d := difference{Difference{Label: f.Label, After: im.show(f, g.json)}, f.Name}
		switch state {
		case graph.Known:
			d.Before = textOf(report.Value(im.pack, r.was, f))
		case graph.Uncertain:
			d.Before = "Not certain"
		case graph.Erased:
			d.Before = "Erased"
		}
		out = append(out, d)
	}
	was := r.life
	if r.exact {
		was = r.piece
	}
	for _, c := range []struct {
		name  string
		now   *fact.Date
		was   fact.Date
		wider func(a, b fact.Date) bool
	}{{fromColumn, r.from, was.From, before}, {untilColumn, r.until, was.Until, after}} {
		if c.name == untilColumn && c.now != nil && dated(*c.now) && dated(c.was) && c.now.First >= c.was.Last && !after(*c.now, c.was) {
			continue // it is over by then
		}
		if c.now != nil && *c.now != c.was && (!r.exact || c.wider(*c.now, c.was)) {
			out = append(out, difference{Difference{report.Capital(c.name), dateWords(c.was), dateWords(*c.now)}, c.name})
		}
	}
	return out
}

func textOf(named []report.Named) string {
	out := make([]string, len(named))
	for i, n := range named {
		out[i] = n.Text
	}
	return strings.Join(out, "; ")
}

// dateWords writes a boundary of the days of a record for people.
func dateWords(d fact.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Words()
}

// edit is what a row changes of a record that is there.
type edit struct {
	fields, moves bool
	from          bool // it gives a first day that is not that of the record
	earlier       bool // and lies before it
	ends, goesOn  bool // it gives a last day that lies before that of the record, or after it
}

func (r *row) edit(differences []difference) (e edit) {
	for _, d := range differences {
		switch {
		case d.name == fromColumn && !r.exact:
			e.from, e.earlier = true, before(*r.from, r.life.From)
		case d.name == untilColumn && !r.exact:
			e.goesOn = after(*r.until, r.life.Until)
			e.ends = !e.goesOn
		default:
			e.fields = true
			e.moves = e.moves || slices.Contains(places, d.name)
		}
	}
	return e
}

// asserts reports whether an edit takes more than an ending.
func (e edit) asserts() bool { return e.fields || e.earlier || e.goesOn }

// word says what a row does to a record that is there, or what stands against it.
func (im *importer) word(r *row, differences []difference) Word {
	e := r.edit(differences)
	if !e.asserts() && !e.ends && (!e.from || r.begun) {
		return Same
	}
	if strings.HasPrefix(string(r.key.ID), "~") {
		r.problem(r.column(idColumn), "What tells who this is has been erased", "Remove the row")
	}
	known := "No first day is recorded"
	if !r.life.From.IsZero() {
		known = "It is recorded from " + r.life.From.Words()
	}
	switch {
	case e.earlier && !r.first:
		r.problem(r.column(fromColumn), known+", and has changed since", "Leave the cell empty. A first day that was wrong is corrected on the page of the record")
	case e.from && !e.earlier && !e.fields && !r.begun:
		r.problem(r.column(fromColumn), known+", and the rest of the row is as recorded", "Leave the cell empty. A first day that was wrong is corrected on the page of the record")
	}
	if e.fields && !e.from && (!r.exact || r.from == nil) && r.was.View().On() < im.day {
		r.problem(r.column(untilColumn), "The row speaks of days before "+im.From.Words()+", from which the file is so", "Write in the column From the day from which the row is so")
	}
	if e.ends && *r.until == r.piece.Until {
		r.problem(r.column(untilColumn), "It is recorded that something else of it changes on the day after", "Leave the cell empty. A record that ends then is ended on its own page")
	}
	if e.goesOn && !r.last {
		r.problem(r.column(untilColumn), "What holds after "+r.piece.Until.Words()+" is recorded already", "Leave the cell empty")
	}
	if e.asserts() {
		for _, f := range r.sheet.Kind.Fields {
			if _, given := r.find(f); given {
				continue
			}
			if _, state := r.was.JSON(f.Name); state == graph.Uncertain {
				r.at(f, fmt.Sprintf("%s is not certain on %s, because dates that are recorded are not exact", f.Label, r.was.View().On().Words()), "Write what it is")
			}
		}
	}
	switch {
	case e.moves:
		return Moved
	case e.asserts():
		return Changed
	}
	return Ended
}

// added counts what rows name and stands nowhere else.
func (im *importer) added() {
	for _, m := range im.makings {
		if m.row.wrong > 0 {
			continue
		}
		im.Count[New]++
		im.Changes = append(im.Changes, Change{Sheet: m.row.sheet.Name, Word: New, Record: m.key, Title: m.title, Why: fmt.Sprintf("named in row %d of %s", m.row.line.number, m.row.sheet.Name)})
	}
}

// missing counts the records that the file leaves out, and ends those that are to be ended.
func (im *importer) missing() {
	for _, k := range im.inOrder() {
		if len(im.of(k)) == 0 {
			continue
		}
		for _, was := range im.v.All(k.Name) {
			if len(im.byKey[was.Key()]) > 0 {
				continue
			}
			im.Missing[k.Name]++
			end, chosen := im.End[k.Name]
			span := lifeOf(im.v, was)
			if !chosen || dated(span.Until) && dated(end) && span.Until.Last <= end.Last {
				continue
			}
			im.Count[Ended]++
			im.Changes = append(im.Changes, Change{Word: Ended, Record: was.Key(), Title: was.Title(), Why: "not in the file", Fields: []Difference{{"Until", dateWords(span.Until), dateWords(end)}}})
			im.Docs = append(im.Docs, kind.Doc{Place: kind.Place{File: im.File}, Op: fact.End, Kind: k, ID: was.Key().ID, Span: fact.Span{Until: end}, Source: im.Source})
		}
	}
}

// document writes what the rows say as documents.
func (im *importer) document() {
	for _, m := range im.makings {
		k := im.kinds.Kind(m.key.Kind)
		f := k.Field(kind.TitleFields(k.Title)[0])
		j, _ := im.kinds.Answer(f, m.title)
		at := kind.Place{File: im.place(m.row.sheet), Line: m.row.line.number}
		im.Docs = append(im.Docs, kind.Doc{Place: at, Op: fact.Assert, Kind: k, ID: m.key.ID, Span: fact.Span{From: m.from}, Values: []kind.Value{{Field: f, JSON: j, Place: at}}, Source: im.Source})
	}
	for _, r := range im.rows {
		if r.word == Same {
			continue
		}
		d := kind.Doc{Place: kind.Place{File: im.place(r.sheet), Line: r.line.number}, Op: fact.Assert, Kind: r.sheet.Kind, ID: r.key.ID, Source: im.Source}
		e := edit{fields: true}
		d.Span = im.days(r)
		switch {
		case r.was != nil:
			e = r.edit(im.differences(r))
			d.Span = fact.Span{From: im.start(r, e), Until: r.piece.Until}
			if e.goesOn || r.exact {
				d.Span.Until = *r.until
			}
			if r.exact && r.from != nil {
				d.Span.From = *r.from
			}
		case len(d.Kind.Begins) > 0 && r.from == nil:
			d.Span.From = fact.Date{} // it begins on a date of its own
		}
		if e.asserts() {
			for _, f := range d.Kind.Fields {
				if v := im.kept(r, f); v != "" {
					at := d.Place
					at.Column = r.column(f.Name) + 1
					d.Values = append(d.Values, kind.Value{Field: f, JSON: v, Place: at})
				}
			}
			im.Docs = append(im.Docs, d)
		}
		if e.ends {
			d.Op, d.Span, d.Values = fact.End, fact.Span{Until: *r.until}, nil
			im.Docs = append(im.Docs, d)
		}
	}
}

// start is the day from which a row that changes a record holds: the day of the import, as far as the record is there, unless the row gives
// another.
func (im *importer) start(r *row, e edit) fact.Date {
	switch {
	case e.from:
		return *r.from
	case r.piece.On(im.day) == fact.No:
		return r.piece.From
	case im.From.Form == fact.OnDay:
		return im.From
	}
	return r.piece.And(fact.Span{From: im.From}).From
}

// kept is the value that a field has after a row: what the row gives, or else what it was.
func (im *importer) kept(r *row, f *kind.Field) string {
	if g, ok := r.find(f); ok {
		return g.json
	}
	if r.was != nil {
		if j, state := r.was.JSON(f.Name); state == graph.Known {
			return j
		}
	}
	return ""
}
