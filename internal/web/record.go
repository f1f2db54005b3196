package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// recordPage is one record on a day.
type recordPage struct {
	State     state
	Closed    string // that not all of it may be seen, and why
	Absent    *absence
	Past      []link // why nothing can be changed, where that is so
	Fields    []detail
	Unstated  string // fields of which nothing is recorded
	Sheet     []sheetPart
	Origin    []fieldLine
	Referring []referring
	Changed   []link // when it was last changed, and by whom
	Proposal  *proposalPart
	Test      *testPart
}

// state says under the heading how a record stands on the day, in a word and in a sentence.
type state struct {
	Tag, Class string
	Words      []link
}

// absence says of a record that is not there on the day on which days it is.
type absence struct {
	Text string
	Days []link
}

// fieldLine is a label with what stands beside it.
type fieldLine struct {
	Label string
	Lines []link
}

// detail is a field of a record, with a line for each item.
type detail struct {
	Label string
	Lines []link
	Prose template.HTML // a long text as a page shows it
}

// referring is the records that refer to this one by one field.
type referring struct {
	Label   string
	Records []link
	All     *link // the list of them all, where not all are here
}

// How many records that refer to one a page names: of one field, and altogether.
const (
	referringByOne = 100
	referringByAll = 200
)

// record shows the records of a kind.
func (s *Site) record(kk *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		return s.recordPage(l, fact.Key{Kind: kk.Name, ID: fact.ID(r.PathValue("id"))})
	}
}

func (s *Site) recordPage(l *look, k fact.Key) (*page, error) {
	kk := l.View.Kinds().Kind(k.Kind)
	history := l.View.History(k)
	if len(history) == 0 {
		return nil, s.noRecord(l, kk, k, "")
	}
	body := &recordPage{Past: l.past(), Closed: s.closed(l, k)}
	if rec := l.View.Record(k); rec == nil {
		body.Absent = s.absent(l, k)
		body.State = s.away(l, k)
		if !l.public() {
			body.Sheet = s.throughTime(l, k)
		}
	} else {
		s.there(l, body, rec)
	}
	last := history[len(history)-1]
	body.Changed = []link{{Text: "Last changed " + fact.DayIn(last.Recorded).Words() + " by " + s.writer(last.Who) + "."}, {"See history", l.part(k, partHistory)}}
	for _, a := range s.removeAction(l, k) { // seldom wanted, so not among what is done every day
		body.Changed = append(body.Changed, a.link)
	}
	state := ""
	if k.Kind == graph.Unit {
		state = shownAs[asView(l)]
	}
	return &page{
		Template: "record", Label: kk.Label, Heading: s.called(l, k), State: state, Body: body,
		Crumbs: way(l, kk), Parts: s.pagesOf(l, k, ""), Actions: append(s.actions(l, kk, k.ID), s.reportAction(l, k)...), Files: s.recordFiles(l, k, body),
	}, nil
}

// way leads to the list of a kind, where that is not the section itself.
func way(l *look, k *kind.Kind) []link {
	if k.Path() == "/"+k.Section {
		return nil
	}
	return []link{{k.Plural, l.kind(k)}}
}

// recordFiles are the forms in which a record may be had. One without an address of its own is a page alone.
func (s *Site) recordFiles(l *look, k fact.Key, body *recordPage) (out []file) {
	if s.addresses.of(k) == general(k) {
		return nil
	}
	if len(body.Sheet) > 0 {
		var facts []fieldLine
		for _, f := range body.Fields {
			facts = append(facts, fieldLine{f.Label, f.Lines})
		}
		out = append(out, csvOf(append(filled(factsTable(facts)), sheetTables(body.Sheet)...)...))
	}
	return append(out, file{"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error {
		return json.NewEncoder(w).Encode(report.NewRecordJSON(l.View, k, s.Book.Root()))
	}})
}

// partHistory is the part of a record that has an address under its own.
const partHistory = "history"

// part is the address of a part of a record.
func (l *look) part(k fact.Key, name string) string { return l.to(l.site.addresses.of(k) + "/" + name) }

// pagesOf are the pages of one record, as its sub-navigation has them.
func (s *Site) pagesOf(l *look, k fact.Key, at string) []navigation {
	out := []navigation{{link{"Overview", l.record(k)}, at == ""}}
	if p := l.View.Record(k); !l.public() && k.Kind == graph.Post && p != nil && len(p.Referring(graph.Post, "reports_to")) > 0 {
		out = append(out, navigation{link{"Below this post", l.to("/structure", "top", string(k.ID))}, false})
	}
	if k.Kind == graph.Proposal && !l.public() {
		for _, x := range proposalPages {
			out = append(out, navigation{link{x.label, l.part(k, x.part)}, at == x.part})
		}
	}
	if k.Kind == testKind && !l.public() {
		for _, x := range testPages() {
			if x.label != "" && (!x.work || s.readsTest(l, k)) {
				out = append(out, navigation{link{x.label, l.part(k, x.part)}, at == x.part})
			}
		}
	}
	return append(out, navigation{link{"History", l.part(k, partHistory)}, at == partHistory})
}

// there fills in what the record is on the day.
func (s *Site) there(l *look, body *recordPage, rec *graph.Record) {
	span, stay := s.stay(l, rec.Key())
	body.State = s.standsAs(l, rec, span, stay)
	if !l.public() {
		body.Fields, body.Sheet = s.sheet(l, rec)
		if rec.Kind().Name == graph.Proposal {
			body.Proposal = s.overview(l, rec)
		}
		if rec.Kind().Name == testKind {
			body.Test = s.testOverview(l, rec)
		}
	}
	var unstated []string
	for _, f := range rec.Kind().Fields {
		if !l.public() && slices.Contains(told[rec.Kind().Name], f.Name) {
			continue
		}
		d := detail{Label: f.Label, Lines: s.value(l, rec, f)}
		if d.Lines == nil {
			unstated = append(unstated, f.Lower())
			continue
		}
		if n := len(d.Lines); n > referringByOne {
			d.Lines = append(d.Lines[:referringByOne:referringByOne], link{Text: "and " + thousands(int64(n-referringByOne)) + " more"})
		}
		if f.Type == kind.LongText && rec.Text(f.Name) != "" {
			d.Prose = prose(rec.Text(f.Name))
		}
		body.Fields = append(body.Fields, d)
	}
	if len(unstated) > 0 {
		body.Unstated = "Not recorded: "
		if l.public() {
			body.Unstated = "Not recorded, or not public: "
		}
		body.Unstated += strings.Join(unstated, "; ") + "."
	}
	for _, h := range l.View.History(rec.Key()) {
		if h.Position == rec.Entry() {
			body.Origin = s.origin(l, rec, h, span)
		}
	}
	body.Origin = append(body.Origin, s.classLines(l, rec.Kind(), rec.Key())...)
	body.Referring = s.referring(l, rec)
}

// stay gives the days around the one looked at on which a record is what it is, and those on which it is there at all, however it changes.
func (s *Site) stay(l *look, k fact.Key) (same, there fact.Span) {
	pieces := l.View.Pieces(k)
	at := slices.IndexFunc(pieces, func(p graph.Piece) bool { return p.Span.On(l.View.On()) != fact.No })
	if at < 0 {
		return same, there
	}
	same, there = pieces[at].Span, pieces[at].Span
	for i := at - 1; i >= 0; i-- {
		_, last, _ := pieces[i].Span.Possible()
		if first, _, _ := there.Possible(); last < first-1 {
			break
		}
		there.From = pieces[i].Span.From
	}
	for _, p := range pieces[at+1:] {
		first, _, _ := p.Span.Possible()
		if _, last, _ := there.Possible(); last < fact.MaxDay && first > last+1 {
			break
		}
		there.Until = p.Span.Until
	}
	return same, there
}

// standsAs says how a record that is there on the day stands.
func (s *Site) standsAs(l *look, rec *graph.Record, span, stay fact.Span) state {
	switch {
	case rec.Proposal() != "":
		return state{"Proposed", "govuk-tag--purple", []link{{Text: "under"}, s.linked(l, fact.Key{Kind: graph.Proposal, ID: rec.Proposal()}), {Text: rec.Span().Words()}}}
	case rec.Exists() == fact.Maybe:
		return state{"Not certain", "govuk-tag--yellow", text("whether it is there on this day: its dates are not exact, " + span.Words())}
	}
	words := strings.TrimSuffix(stay.Words(), " until further notice")
	if stay.From.IsZero() {
		words = strings.Replace(words, "from the beginning", "since before the record begins", 1)
	}
	return state{stands(rec.Kind()), "govuk-tag--green", text(words)}
}

// stands is the word for a record that is there: only what belongs to the structure is in force.
func stands(k *kind.Kind) string {
	if k.Section == "structure" {
		return "In force"
	}
	return "On record"
}

// away says how a record stands that is not there on the day.
func (s *Site) away(l *look, k fact.Key) state {
	there := kind.Lower(stands(l.View.Kinds().Kind(k.Kind)))
	before, after := fact.Span{}, fact.Span{}
	for _, p := range l.View.Pieces(k) {
		if _, last, _ := p.Span.Possible(); last < l.View.On() {
			before = p.Span
		} else if after == (fact.Span{}) {
			after = p.Span
		}
	}
	switch {
	case before != fact.Span{} && after == fact.Span{}:
		return state{"Ended", "govuk-tag--grey", text(someDay(before.Until))}
	case before == fact.Span{} && after != fact.Span{}:
		return state{"Not " + there + " yet", "govuk-tag--blue", text("from " + someDay(after.From))}
	}
	return state{"Not " + there, "govuk-tag--grey", text("on " + l.View.On().Words())}
}

// someDay writes a date so that one which is only bounded is not taken for the bound.
func someDay(d fact.Date) string {
	if d.Form == fact.Between || d.Form == fact.ByThen {
		return "some day " + d.Words()
	}
	return d.Words()
}

// origin says where what the page shows comes from.
func (s *Site) origin(l *look, rec *graph.Record, h graph.Version, span fact.Span) []fieldLine {
	out := []fieldLine{{"What is shown holds", text(span.Words())}}
	if rec.Proposal() != "" {
		out[0].Lines = text(rec.Span().Words() + ", as proposed")
	}
	out = append(out, fieldLine{"Recorded", []link{{Text: moment(h) + ", by " + s.writer(h.Who)}}})
	if at := l.entry(h.Position).URL; at != "" {
		out[len(out)-1].Lines = append(out[len(out)-1].Lines, link{"See the entry and its proof", at}, link{"Copy for a request for information", l.to(fmt.Sprintf("/entries/%d/give", h.Position))})
	}
	if src := rec.Source(); src != "" {
		out = append(out, fieldLine{"Source", text(capital(src))})
	}
	if note := rec.Note(); note != "" {
		out = append(out, fieldLine{"Note", text(note)})
	}
	return out
}

// referring gives the records that refer to one, by the kind and the field by which they do. Of many only some are named, and a link leads
// to the list of them all.
func (s *Site) referring(l *look, rec *graph.Record) (out []referring) {
	left := referringByAll
	for _, k := range l.View.Kinds().All {
		for _, f := range k.Fields {
			if f.Type != kind.Reference || !f.Allows(rec.Key().Kind) || rec.Kind().Name == testKind && access.ActOf(k) == access.Assess { // which the pages of the test list
				continue
			}
			from := rec.Referring(k.Name, f.Name)
			if len(from) == 0 {
				continue
			}
			x, as := referring{Label: k.Plural}, ""
			if f.Lower() != rec.Kind().Lower() {
				as = " (" + f.Lower() + ")"
				x.Label += as
			}
			for _, r := range from {
				x.Records = append(x.Records, link{s.title(r), l.record(r.Key())})
			}
			slices.SortStableFunc(x.Records, func(a, b link) int { return byTitle(a.Text, b.Text) })
			if n := len(from); n > min(left, referringByOne) {
				x.Records = x.Records[:min(left, referringByOne)]
				x.All = &link{"All " + count(n, k.Lower(), kind.Lower(k.Plural)) + as, l.to(k.Path(), f.Name, rec.Key().String())}
			}
			left -= len(x.Records)
			out = append(out, x)
		}
	}
	return out
}

// absent says on which days a record is there.
func (s *Site) absent(l *look, k fact.Key) *absence {
	a := &absence{Text: "It is not there on " + l.View.On().Words() + "."}
	for p := range l.View.Pasts(k.Kind) {
		if p.Record.Key() != k {
			continue
		}
		first, last, ok := p.Span.Certain()
		switch {
		case !ok:
			a.Days = append(a.Days, link{Text: capital(p.Span.Words())})
			continue
		case first == fact.MinDay:
			first = last
		}
		day := first.String()
		a.Days = append(a.Days, link{capital(p.Span.Words()), l.here(func(c *look) { c.on = day })})
	}
	if len(a.Days) > 0 {
		a.Text += " It is recorded for these days:"
	} else {
		a.Text += " What was recorded of it holds on no day, or belongs to a proposal that is not looked at."
	}
	return a
}

// noRecord says that nothing is known of a record, or that it was not known yet; or leads to the record that is, or was, called as the
// address says. part is what of the record was asked for.
func (s *Site) noRecord(l *look, kk *kind.Kind, k fact.Key, part string) error {
	t := &trouble{kind: fact.ErrNotFound, text: fmt.Sprintf("There is no %s “%s” in this record.", kk.Lower(), k.ID), links: []link{{kk.Plural, l.kind(kk)}}}
	if h := l.seen.View(l.View.On(), -1).History(k); len(h) > 0 {
		t.text = "Nothing was recorded of this " + kk.Lower() + " yet, as the record then stood."
		t.links = append([]link{{"It was first recorded on " + fact.DayIn(h[0].Recorded).Words() + ": show it with everything recorded since", l.here(func(c *look) { c.known, c.proposal = "", "" })}}, t.links...)
		return t
	}
	named, ok := s.bySlug(l, k)
	if ok {
		at := s.addresses.of(named)
		if part != "" {
			at += "/" + part
		}
		return &elsewhere{l, at}
	}
	if named.ID != "" {
		t.links = append([]link{{"Did you mean: " + s.called(l, named), l.record(named)}}, t.links...)
	}
	return t
}

// bySlug finds the record of a kind whose title is, or once was, as an address has it; ok is false where there is none, and the key
// then is of the one that is called most like it, if any is.
func (s *Site) bySlug(l *look, k fact.Key) (key fact.Key, ok bool) {
	var was fact.Key
	by := map[string]fact.Key{}
	for p := range l.View.Pasts(k.Kind) {
		at := p.Record.Key()
		slug := kind.Slug(s.title(p.Record))
		switch {
		case slug == string(k.ID) && p.Span.On(l.View.On()) != fact.No:
			return at, true
		case slug == string(k.ID):
			was = at
		}
		by[slug], by[string(at.ID)] = at, at
	}
	if was.ID != "" {
		return was, true
	}
	return by[kind.Nearest(string(k.ID), slices.Sorted(maps.Keys(by)))], false
}
