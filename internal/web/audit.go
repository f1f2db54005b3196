package web

import (
	"context"
	"errors"
	"io"
	"iter"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// auditPage is the trail of what was recorded, the newest first: what, of which days, when and by whom.
type auditPage struct {
	Form    auditForm
	Table   *table
	Empty   string
	About   *link // the record to which it is narrowed, leading to all
	Checked *checked
	Looked  string // how far the trail was looked through, where that is not to its beginning
	Earlier *link
	Newest  *link
}

// auditForm is what the trail is narrowed by. It keeps what was typed.
type auditForm struct {
	Hidden    []hidden
	Kinds     []option
	Acts      []option
	By        []option
	Since, To field
}

// Parameters of the trail.
const (
	auditKind   = "kind"
	auditAct    = "act"
	auditBy     = "by"
	auditSince  = "since"
	auditTo     = "to"
	auditBefore = "before"
	auditAbout  = "about"
)

// act is what an entry can do to a record.
type act struct {
	value, text string
	is          func(graph.Version) bool
}

// acts are what people can choose among.
var acts = []act{
	{"recorded", "Recorded or corrected", func(h graph.Version) bool { return h.Op == fact.Assert && h.Proposal == "" }},
	{"ended", "Ended", func(h graph.Version) bool { return h.Op == fact.End && h.Proposal == "" }},
	{"proposed", "Proposed", func(h graph.Version) bool { return h.Proposal != "" }},
	{"erased", "Removed", func(h graph.Version) bool { return h.Op == fact.Erase }},
}

// lookedThrough is how many entries a page of the trail looks through at most for what was asked.
const lookedThrough = 100_000

func (s *Site) audit(l *look, r *http.Request) (*page, error) {
	q, v := r.URL.Query(), l.View
	body := &auditPage{Form: auditForm{Hidden: newSearchForm(l, "").Hidden}}
	p := &page{Template: "audit", Heading: "What was recorded", Body: body}
	var fields []fieldProblem
	day := func(name, what string, otherwise fact.Day) (fact.Day, field) {
		typed := q.Get(name)
		if typed == "" {
			return otherwise, field{}
		}
		d, ok := parseDay(typed)
		if !ok {
			f := field{typed, what + " must be a real date, for example 17 September 2003"}
			fields = append(fields, fieldProblem{name, f.Problem})
			return otherwise, f
		}
		l.other.Set(name, d.String())
		return d, field{typed, ""}
	}
	var since, to fact.Day
	since, body.Form.Since = day(auditSince, "Recorded since", fact.MinDay)
	to, body.Form.To = day(auditTo, "Recorded up to", fact.MaxDay)
	if len(fields) > 0 {
		p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem"}
		for _, f := range fields {
			p.Problem.Fields = append(p.Problem.Fields, link{f.Text, "#" + f.Field})
		}
	}
	k := v.Kinds().Kind(fact.KindName(q.Get(auditKind)))
	var kinds []fact.KindName
	if k != nil {
		kinds = append(kinds, k.Name)
		l.other.Set(auditKind, string(k.Name))
	}
	body.Form.Kinds = kindOptions(v.Kinds(), k)
	act := slices.IndexFunc(acts, func(a act) bool { return a.value == q.Get(auditAct) })
	body.Form.Acts = []option{{"", "Anything", act < 0}}
	for i, a := range acts {
		body.Form.Acts = append(body.Form.Acts, option{a.value, a.text, i == act})
	}
	if act >= 0 {
		l.other.Set(auditAct, acts[act].value)
	}
	by := fact.Who(q.Get(auditBy))
	if by != "" {
		l.other.Set(auditBy, string(by))
	}
	before, err := strconv.ParseInt(q.Get(auditBefore), 10, 64)
	if err != nil || before < 1 {
		before = math.MaxInt64
	} else {
		l.other.Set(auditBefore, strconv.FormatInt(before, 10))
		body.Newest = &link{"The newest", l.with(auditBefore, "")}
	}
	entries := v.Entries(before, kinds...)
	if about, err := fact.ParseKey(q.Get(auditAbout)); err == nil && len(v.History(about)) > 0 {
		l.other.Set(auditAbout, about.String())
		body.About = &link{s.called(l, about), l.without(auditAbout, about.String())}
		body.Form.Hidden = append(body.Form.Hidden, hidden{auditAbout, about.String()})
		entries = entriesAbout(v, about, before)
	}
	wanted := func(h graph.Version) bool {
		on := fact.DayIn(h.Recorded)
		return on >= since && on <= to && (act < 0 || acts[act].is(h)) && (by == "" || h.Who == by)
	}
	t := newTable("Entries, the newest first", "Recorded", "By", "About", "What happened", "Source", "Entry")
	writers := map[fact.Who]bool{}
	looked, last := 0, int64(0)
	for key, h := range entries {
		if len(t.Rows) == rowsPerPage || looked == lookedThrough {
			body.Earlier = &link{"Earlier entries", l.with(auditBefore, strconv.FormatInt(last, 10))}
			break
		}
		looked, last = looked+1, h.Position
		writers[h.Who] = true
		if wanted(h) {
			t.add(text(moment(h)), text(s.writer(h.Who)), s.about(l, key), text(report.Did(h)), slices.Concat(text(capital(h.Record.Source())), text(h.Record.Note())), []link{l.entry(h.Position)})
		}
	}
	if looked == lookedThrough {
		body.Looked = "The last " + thousands(lookedThrough) + " entries before that were looked through; earlier ones were not yet."
	}
	body.Form.By = []option{{"", "Anybody", by == ""}}
	for _, w := range sortedWriters(writers, by) {
		body.Form.By = append(body.Form.By, option{string(w), s.writer(w), w == by})
	}
	if body.Checked, err = s.lastChecked(r); err != nil {
		return nil, err
	}
	p.Files = []file{{"csv", "Spreadsheet (CSV)", mimeCSV, func(w io.Writer) error { return exchange.CSV(w, s.trail(l, entries, wanted)) }}}
	if len(t.Rows) == 0 {
		body.Empty = "Nothing was recorded that matches."
		if l.newest == 0 {
			body.Empty = "Nothing has been recorded yet."
		}
		return p, nil
	}
	body.Table = t
	return p, nil
}

// entriesAbout gives the entries about one record that come before a position, the newest first.
func entriesAbout(v *graph.View, about fact.Key, before int64) iter.Seq2[fact.Key, graph.Version] {
	return func(yield func(fact.Key, graph.Version) bool) {
		for _, h := range slices.Backward(v.History(about)) {
			if h.Position < before && !yield(about, h) {
				return
			}
		}
	}
}

// trail is the same for a spreadsheet: all that match among those that a page looks through.
func (s *Site) trail(l *look, entries iter.Seq2[fact.Key, graph.Version], wanted func(graph.Version) bool) exchange.Table {
	t := exchange.Table{Name: "Entries"}
	for _, name := range []string{"entry", "recorded_at", "recorded_by", "record", "kind", "about", "what_happened", "in_force_from", "in_force_until", "proposal", "source", "note", "reconstructed"} {
		t.Columns = append(t.Columns, exchange.Column{Name: name})
	}
	looked := 0
	for key, h := range entries {
		if looked++; looked > lookedThrough {
			break
		}
		if !wanted(h) {
			continue
		}
		reconstructed := ""
		if h.Reconstructed {
			reconstructed = "yes"
		}
		var cells []exchange.Cell
		for _, text := range []string{
			strconv.FormatInt(h.Position, 10), h.Recorded.Format(time.RFC3339), string(h.Who), key.String(), l.View.Kinds().Kind(key.Kind).Label, s.called(l, key), report.Did(h),
			h.Span.From.String(), h.Span.Until.String(), string(h.Proposal), h.Record.Source(), h.Record.Note(), reconstructed,
		} {
			cells = append(cells, exchange.Cell{Text: text})
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// about names the record of an entry, and its kind.
func (s *Site) about(l *look, k fact.Key) []link {
	return []link{s.linked(l, k), {Text: l.View.Kinds().Kind(k.Kind).Label}}
}

// writer names who wrote an entry, by the account that they have now.
func (s *Site) writer(w fact.Who) string {
	if w == "" { // everybody sees that it was recorded, and not by whom
		return "the council"
	}
	if w == book.Owner || s.Desk == nil {
		return capital(string(w))
	}
	a, err := s.Desk.Account(context.Background(), w)
	switch {
	case errors.Is(err, fact.ErrNotFound):
		return "Somebody whose account was erased"
	case err != nil:
		return "Somebody whose name cannot be read now"
	}
	return a.Name
}

// sortedWriters lists those who wrote what was looked through, and whoever was asked for.
func sortedWriters(seen map[fact.Who]bool, asked fact.Who) []fact.Who {
	if asked != "" {
		seen[asked] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func kindOptions(set *kind.Set, chosen *kind.Kind) []option {
	out := []option{{"", "Everything", chosen == nil}}
	for _, k := range set.All {
		out = append(out, option{string(k.Name), k.Plural, k == chosen})
	}
	slices.SortStableFunc(out[1:], func(a, b option) int { return byTitle(a.Text, b.Text) })
	return out
}
