package web

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sort"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// fieldField is the parameter by which a history is narrowed to the changes of one field.
const fieldField = "field"

// historyPage is everything that was ever said of a record, the newest first, on both clocks.
type historyPage struct {
	Lead   string
	Form   *historyForm
	Chosen *link // the field to which it is narrowed, leading to all of it
	Empty  string
	Rows   []historyRow
	Pager  *pager
	Trail  link
}

// historyForm narrows a history to one field.
type historyForm struct {
	Action string
	Hidden []hidden
	Fields []option
}

// historyRow is one entry.
type historyRow struct {
	Class    string
	Days     []link // of which it speaks
	Recorded []link
	Mark     string // Corrected, Proposed
	Says     []statement
	Instead  []link // what replaced it
	Source   []link
	Entry    link
}

// statement is what an entry says of a field, and what the record said before of the same days.
type statement struct {
	field         string
	Label         string
	Now, Before   string
	Struck, Fresh bool
}

// history shows the histories of the records of a kind.
func (s *Site) history(kk *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		k := fact.Key{Kind: kk.Name, ID: fact.ID(r.PathValue("id"))}
		versions := l.View.History(k)
		if len(versions) == 0 {
			return nil, s.noRecord(l, kk, k, partHistory)
		}
		return s.historyPage(l, kk, k, versions, r.URL.Query().Get(fieldPage)), nil
	}
}

func (s *Site) historyPage(l *look, kk *kind.Kind, k fact.Key, versions []graph.Version, asked string) *page {
	body := &historyPage{Lead: "An entry has two dates: the day in the council’s world from which what it says holds, and the day on which the council recorded it."}
	if !l.public() {
		body.Trail = link{"Everything recorded about this", l.to("/entries", auditAbout, k.String())}
	}
	p := &page{Template: "history", Label: kk.Label, Heading: s.called(l, k), Body: body, Crumbs: way(l, kk), Parts: s.pagesOf(l, k, partHistory), Actions: s.removeAction(l, k)}
	t := &telling{s: s, l: l, kind: kk, key: k, all: versions, holding: map[fact.ID]map[int64]bool{}}
	field := kk.Field(l.other.Get(fieldField))
	shown := versions
	if field != nil {
		shown = slices.DeleteFunc(slices.Clone(versions), func(h graph.Version) bool {
			return !slices.ContainsFunc(t.says(h), func(x statement) bool { return x.field == field.Name })
		})
		body.Chosen = &link{field.Label, l.with(fieldField, "")}
		p.State = "changes of " + field.Lower()
	}
	body.Form = t.form(field)
	newest := slices.Clone(shown)
	slices.Reverse(newest)
	newest, body.Pager = paged(l, asked, newest)
	for _, h := range newest {
		body.Rows = append(body.Rows, t.row(h))
	}
	switch {
	case field != nil && len(shown) == 0:
		body.Empty = "Nothing was ever recorded of this field."
	case len(versions) == 1:
		body.Empty = "No changes since it was created."
	}
	p.State = strings.Join(slices.DeleteFunc(append([]string{"history", p.State}, body.Pager.state()...), func(s string) bool { return s == "" }), ", ")
	p.Files = []file{
		{"csv", "Spreadsheet (CSV)", "text/csv; charset=utf-8", func(w io.Writer) error { return exchange.CSV(w, t.table(shown)) }},
		{"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error {
			return json.NewEncoder(w).Encode(report.NewHistoryJSON(l.View, k, s.Book.Root()))
		}},
	}
	return p
}

// telling tells the history of one record.
type telling struct {
	s       *Site
	l       *look
	kind    *kind.Kind
	key     fact.Key
	all     []graph.Version // oldest first
	holding map[fact.ID]map[int64]bool
}

// form offers the fields of which something was ever said.
func (t *telling) form(chosen *kind.Field) *historyForm {
	f := &historyForm{Action: escaped(t.l.path), Hidden: newSearchForm(t.l, "").Hidden, Fields: []option{{"", "All of it", chosen == nil}}}
	for _, field := range t.kind.Fields {
		if slices.ContainsFunc(t.all, func(h graph.Version) bool { _, state := h.Record.JSON(field.Name); return state != graph.Missing }) {
			f.Fields = append(f.Fields, option{field.Name, field.Label, field == chosen})
		}
	}
	return f
}

func (t *telling) row(h graph.Version) historyRow {
	row := historyRow{Recorded: text(moment(h) + ", by " + t.s.writer(h.Who)), Days: t.days(h), Says: t.says(h), Entry: t.l.entry(h.Position)}
	row.Source = slices.Concat(text(capital(h.Record.Source())), text(h.Record.Note()))
	if h.Op == fact.Erase {
		row.Source = text(sentence(report.Removal(h)))
	}
	switch {
	case h.Op == fact.Assert && !t.holds(h) && t.repeated(h):
		row.Mark, row.Instead = "Said again", t.instead(h)
	case h.Op == fact.Assert && !t.holds(h):
		row.Class, row.Mark, row.Instead = "struck", "Corrected", t.instead(h)
		for i := range row.Says {
			row.Says[i].Struck = true
		}
	case h.Proposal != "":
		row.Mark = "Proposed"
	}
	if h.Proposal != "" {
		row.Days = append(row.Days, link{Text: "Under the proposal"}, t.s.linked(t.l, fact.Key{Kind: graph.Proposal, ID: h.Proposal}))
	}
	if h.Withheld {
		row.Source = append(row.Source, link{Text: "You may not see all that it says."})
	}
	if h.Erased {
		row.Source = append(row.Source, link{Text: "Some of what it said was removed."})
	}
	return row
}

// days says from when on what an entry says holds, as it was recorded.
func (t *telling) days(h graph.Version) []link {
	switch {
	case h.Op == fact.Erase:
		return []link{{Text: "Content removed of"}, t.l.entry(h.Base)}
	case h.Op == fact.End && someDay(h.Span.Until) != h.Span.Until.Words():
		return text("Ended on " + someDay(h.Span.Until))
	case h.Op == fact.End:
		return text(report.Did(h))
	}
	words := strings.TrimSuffix(strings.TrimPrefix(h.Span.Words(), "from "), " until further notice")
	return text(capital(words))
}

// holds reports whether an entry still says what the record is on some day, or what is agreed and has no day yet.
func (t *telling) holds(h graph.Version) bool {
	if t.holding[h.Proposal] == nil {
		t.holding[h.Proposal] = t.held(h.Proposal, t.l.View.Known())
	}
	return t.holding[h.Proposal][h.Position] || h.Span.From.Form == fact.ToBeAgreed
}

// held are the entries of a branch that said, as known at a position, what the record is on some day.
func (t *telling) held(proposal fact.ID, known int64) map[int64]bool {
	out := map[int64]bool{}
	for _, p := range t.l.seen.View(t.l.View.On(), known).With(proposal).Pieces(t.key) {
		out[p.Record.Entry()] = true
	}
	return out
}

// instead leads to the entry that took the last day of one that holds no more. What has no day left gets none back.
func (t *telling) instead(h graph.Version) []link {
	i := t.replaced(h)
	if i == len(t.all) {
		return text("It holds on no day.")
	}
	x := t.l.entry(t.all[i].Position)
	x.Text += ", recorded on " + fact.DayIn(t.all[i].Recorded).Words()
	return []link{{Text: "Replaced by"}, x}
}

// replaced finds the entry that took the last day of one that holds no more; there may be none.
func (t *telling) replaced(h graph.Version) int {
	return sort.Search(len(t.all), func(i int) bool {
		return t.all[i].Position > h.Position && !t.held(h.Proposal, t.all[i].Position)[h.Position]
	})
}

// repeated reports whether the entry that replaced one says the same over the same days, as one does that says who may see the record: then nothing was corrected.
func (t *telling) repeated(h graph.Version) bool {
	i := t.replaced(h)
	return i < len(t.all) && t.all[i].Op == fact.Assert && t.all[i].Span == h.Span && len(kind.Differ(values(t.all[i].Record), values(h.Record))) == 0
}

// says lists what an entry says of fields that the record, as it was known until then, did not say of the same days.
func (t *telling) says(h graph.Version) (out []statement) {
	if h.Op != fact.Assert {
		return nil
	}
	before := t.before(h)
	same := before != nil
	for _, f := range t.kind.Fields {
		now, state := h.Record.JSON(f.Name)
		x := statement{field: f.Name, Label: f.Label, Now: plain(t.s.value(t.l, h.Record, f))}
		if before != nil {
			was, stated := before.JSON(f.Name)
			if stated == state && was == now {
				continue
			}
			x.Before = plain(t.s.value(t.l, before, f))
		}
		switch {
		case state == graph.Missing && x.Before == "":
			continue
		case state == graph.Missing:
			x.Now = "no longer stated"
		}
		out = append(out, x)
	}
	if c := h.Record.Class(); c.Visibility != "" {
		x := statement{Label: "Who may see it", Now: t.s.classWords(c)}
		if was := t.l.seen.View(t.l.today, h.Position-1).Class(t.key); was.Visibility != "" {
			x.Before = t.s.classWords(was)
		}
		out = append(out, x)
	}
	if same && len(out) == 0 {
		out = []statement{{Label: "The same, over other days", Fresh: true}}
	}
	return out
}

// before is the record as it was known to be just before an entry: on the first day of which that speaks or, where it was not there yet, on
// the day before; nil where it was on neither.
func (t *telling) before(h graph.Version) *graph.Record {
	day, _, ok := h.Span.Possible()
	if !ok {
		day = t.l.View.On()
	}
	known := t.l.seen.View(day, h.Position-1).With(h.Proposal)
	if r := known.Record(t.key); r != nil || day == fact.MinDay {
		return r
	}
	return known.At(day - 1).Record(t.key)
}

// table is the same for spreadsheets, a row for each field that an entry changed.
func (t *telling) table(versions []graph.Version) exchange.Table {
	out := exchange.Table{Name: "History"}
	for _, c := range []string{"entry", "in force from", "until", "recorded on", "recorded by", "what", "proposal", "field", "now", "before", "source", "note", "reason", "ground"} {
		out.Columns = append(out.Columns, exchange.Column{Name: c})
	}
	for _, h := range slices.Backward(versions) {
		what := map[fact.Op]string{fact.Assert: "recorded", fact.End: "ended", fact.Erase: "removed"}[h.Op]
		if h.Op == fact.Assert && !t.holds(h) {
			what = "corrected since"
		}
		proposal := ""
		if h.Proposal != "" {
			proposal = t.s.called(t.l, fact.Key{Kind: graph.Proposal, ID: h.Proposal})
		}
		says := t.says(h)
		if len(says) == 0 {
			says = []statement{{}}
		}
		m, _ := h.Removal()
		ground, _ := kind.GroundOf(kind.Erasing, m.Ground)
		for _, x := range says {
			var row []exchange.Cell
			for _, c := range []string{strings.TrimPrefix(t.l.entry(h.Position).Text, "Entry "), h.Span.From.String(), h.Span.Until.String(), fact.DayIn(h.Recorded).String(), string(h.Who), what, proposal, x.Label, x.Now, x.Before, h.Record.Source(), h.Record.Note(), h.Record.Reason(), ground.Citation} {
				row = append(row, exchange.Cell{Text: c})
			}
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}
