package exchange

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Sheet is a sheet of a file as it is understood.
type Sheet struct {
	Name    string
	Kind    *kind.Kind // nil: the sheet is left out
	Rows    int        // below the headings
	Columns []Match

	from sheet
	head int // place of the headings among the rows
}

// Match is a column, and what it holds: id, from, until or the name of a field. A column of which that is empty is not read.
type Match struct {
	Heading string
	Field   string
}

// Headings are what stands in the row of the headings, however the sheet is understood: of the first ten, the one in which most cells say something. By
// them a file of the same kind is known again.
func (s Sheet) Headings() (out []string) {
	most := 0
	for _, l := range s.from.rows[:min(10, len(s.from.rows))] {
		var row []string
		n := 0
		for i := range l.cells {
			row = append(row, heading(l.cells[i].text, i))
			if !blank(l.cells[i].text) {
				n++
			}
		}
		if n > most {
			out, most = row, n
		}
	}
	return out
}

// Label says what a column holds as people know it.
func (m Match) Label(k *kind.Kind) string {
	if f := k.Field(m.Field); f != nil {
		return f.Label
	}
	return report.Capital(m.Field)
}

// Unread lists the headings of the columns that are not read.
func (s Sheet) Unread() (headings []string) {
	for _, m := range s.Columns {
		if m.Field == "" && m.Heading != resultHeading && m.Heading != fixHeading {
			headings = append(headings, m.Heading)
		}
	}
	return headings
}

// What Annotated adds to a file, which Import passes over.
const (
	resultHeading = "Result"
	fixHeading    = "What to fix"
)

// spans are what the columns of the first and the last day are called.
var spans = map[string][]string{
	fromColumn:  {"Start date", "Start", "Date from", "In force from", "Valid from", "Effective date", "Effective from", "From date", "First day"},
	untilColumn: {"End date", "End", "To", "Date to", "In force to", "In force until", "Valid to", "Effective to", "To date", "Last day", "Leaving date"},
}

// held is what a heading means, and how sure that is: the lower the surer.
type held struct {
	field string
	rank  int
}

// headings gives what columns of a kind are called, folded.
func headings(k *kind.Kind) map[string]held {
	out := map[string]held{}
	add := func(field string, called ...string) {
		for rank, h := range called {
			if had, ok := out[folded(h)]; !ok || rank < had.rank {
				out[folded(h)] = held{field, rank}
			}
		}
	}
	add(idColumn, append([]string{idColumn, "Reference", "Ref"}, k.IDs...)...)
	for _, c := range []string{fromColumn, untilColumn} {
		add(c, append([]string{c}, spans[c]...)...)
	}
	for _, f := range k.Fields {
		add(f.Name, append([]string{f.Name, f.Label}, f.Also...)...)
	}
	return out
}

// matcher finds out what the sheets of a file hold.
type matcher struct {
	kinds   *kind.Set
	choices Choices
	known   map[*kind.Kind]map[string]held
}

func (m *matcher) headings(k *kind.Kind) map[string]held {
	if m.known == nil {
		m.known = map[*kind.Kind]map[string]held{}
	}
	if m.known[k] == nil {
		m.known[k] = headings(k)
	}
	return m.known[k]
}

// sheet says what a sheet holds: what the person said, or what it is called, or else the kind to which most of its columns belong.
func (m *matcher) sheet(s sheet) Sheet {
	if name, said := m.choices.Kinds[s.name]; said {
		return m.as(s, m.kinds.Kind(name))
	}
	return m.as(s, m.like(s))
}

// as understands a sheet as holding records of a kind, or leaves it out.
func (m *matcher) as(s sheet, k *kind.Kind) Sheet {
	out := Sheet{Name: s.name, Kind: k, from: s, Rows: len(s.rows)}
	if k != nil {
		out.head = m.head(s, k)
		out.Rows = len(s.rows) - out.head - 1
		out.Columns = m.columns(s, k, out.head)
	}
	return out
}

// like finds the kind that a sheet is called, or the one to whose fields most of its columns belong and of which none that it needs is lacking. One
// that stands among the words of its name (posts-april-2015) is preferred.
func (m *matcher) like(s sheet) (best *kind.Kind) {
	words := strings.FieldsFunc(s.name, func(r rune) bool { return !unicode.IsLetter(r) })
	var hinted *kind.Kind
	most := 1
	order := slices.Clone(m.kinds.All)
	slices.SortStableFunc(order, func(a, b *kind.Kind) int { return place(a) - place(b) })
	for _, k := range order {
		n := 0
		for _, called := range []string{k.Plural, k.Label, string(k.Name)} {
			if folded(called) == folded(s.name) {
				return k
			}
			if slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, called) }) {
				n, hinted = 2, k
			}
		}
		columns := m.columns(s, k, m.head(s, k))
		for _, c := range columns {
			if k.Field(c.Field) != nil {
				n++
			}
		}
		if n > most && len(lacks(k, columns)) == 0 {
			best, most = k, n
		}
	}
	if best == nil {
		return hinted
	}
	return best
}

// place puts the kinds with which a council begins first.
func place(k *kind.Kind) int {
	if i := slices.Index(FirstHour, k.Name); i >= 0 {
		return i
	}
	return len(FirstHour)
}

// head finds the row of the headings: of the first ten, the one with most of them.
func (m *matcher) head(s sheet, k *kind.Kind) (at int) {
	known, found := m.headings(k), 0
	for i, l := range s.rows[:min(10, len(s.rows))] {
		seen := map[string]bool{}
		for _, c := range l.cells {
			if h, ok := known[folded(c.text)]; ok {
				seen[h.field] = true
			} else if _, ok := m.said(s.name, k, heading(c.text, 0)); ok {
				seen[c.text] = true
			}
		}
		if len(seen) > found {
			at, found = i, len(seen)
		}
	}
	return at
}

// said gives what the person said that a column holds: on its sheet, or on every sheet of a kind that has such a field.
func (m *matcher) said(sheet string, k *kind.Kind, heading string) (field string, ok bool) {
	if field, ok = m.choices.Columns[sheet][heading]; ok {
		return field, true
	}
	field, ok = m.choices.Columns[""][heading]
	return field, ok && (field == "" || holds(k, field))
}

// holds reports whether a column of a kind may hold that.
func holds(k *kind.Kind, field string) bool {
	return k.Field(field) != nil || slices.Contains([]string{idColumn, fromColumn, untilColumn}, field)
}

// heading is what stands above a column, or its letter.
func heading(text string, column int) string {
	if blank(text) {
		return "Column " + colName(column+1)
	}
	return clipped(strings.Join(strings.Fields(text), " "))
}

// columns says what each column holds. Where several could hold the same, the surest does.
func (m *matcher) columns(s sheet, k *kind.Kind, head int) []Match {
	known := m.headings(k)
	wide := 0
	for _, l := range s.rows[head:] {
		wide = max(wide, len(l.cells))
	}
	out := make([]Match, wide)
	ranks := make([]int, wide)
	times := map[string]int{}
	for i := range out {
		text := s.rows[head].at(i).text
		h := heading(text, i)
		if times[h]++; times[h] > 1 {
			h = fmt.Sprintf("%s (%d)", h, times[h])
		}
		out[i].Heading = h
		if field, ok := m.said(s.name, k, h); ok {
			out[i].Field, ranks[i] = field, -1
		} else if found, ok := known[folded(text)]; ok {
			out[i].Field, ranks[i] = found.field, found.rank
		}
	}
	for i := range out {
		for j := range out {
			surer := ranks[j] < ranks[i] || ranks[j] == ranks[i] && folded(s.rows[head].at(j).text) != folded(s.rows[head].at(i).text) && j < i
			if out[i].Field != "" && ranks[i] >= 0 && i != j && out[j].Field == out[i].Field && surer {
				out[i].Field = ""
			}
		}
	}
	return out
}

// lacks lists what every record of a kind needs and no column holds. Where there is an id, the record may hold it already.
func lacks(k *kind.Kind, columns []Match) (labels []string) {
	has := func(name string) bool {
		return slices.ContainsFunc(columns, func(m Match) bool { return m.Field == name })
	}
	if has(idColumn) {
		return nil
	}
	for _, f := range k.Fields {
		if f.Required && !has(f.Name) {
			labels = append(labels, f.Label)
		}
	}
	for _, group := range k.OneOf {
		if !slices.ContainsFunc(group, has) {
			var either []string
			for _, name := range group {
				either = append(either, k.Field(name).Label)
			}
			labels = append(labels, strings.Join(either, " or "))
		}
	}
	return labels
}

// problems lists what is wrong with the columns of a sheet.
func (s *Sheet) problems() (out []Problem) {
	for _, label := range lacks(s.Kind, s.Columns) {
		out = append(out, Problem{Sheet: s.Name, Column: label, Wrong: "There is no column for this", Do: "Add the column, or say which of the columns it is"})
	}
	for i, m := range s.Columns {
		if m.Field == "" {
			continue
		}
		if !holds(s.Kind, m.Field) {
			out = append(out, Problem{Sheet: s.Name, Column: m.Heading, Wrong: fmt.Sprintf("%s has no field “%s”", report.Capital(s.Kind.One()), m.Field), Do: "Choose one of its fields"})
		}
		if slices.ContainsFunc(s.Columns[:i], func(o Match) bool { return o.Field == m.Field }) {
			out = append(out, Problem{Sheet: s.Name, Column: m.Heading, Wrong: fmt.Sprintf("Two columns hold “%s”", m.Label(s.Kind)), Do: "Remove one of them, or say which is meant"})
		}
	}
	return out
}

// Choices are what a person decides about an import. The zero Choices are those of somebody who has only chosen the file.
type Choices struct {
	From    fact.Date                    // from when the file is so; not one to be agreed
	Source  string                       // where it comes from
	Kinds   map[string]fact.KindName     // what a sheet holds, by its name; empty leaves it out
	Columns map[string]map[string]string // by sheet, or nothing for every sheet, and heading: the Field of a Match
	Add     []fact.KindName              // what is added where a row names one that stands nowhere: units. People always are
	Empty   []string                     // what stands in cells that say nothing: N/D
	End     map[fact.KindName]fact.Date  // the last day of the records of a kind that the file leaves out; the others are left alone
}
