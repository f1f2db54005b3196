package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// importCheck is the last look before an import is recorded.
type importCheck struct {
	Answers template.HTML
	Counts  []tally
	Table   *importChanges
	Pager   *pager
	Nothing string
	Action  string
	Button  string
	Version int64
	Known   int64
	Discard string
	Notes   []string
}

// importChanges is the table of changes of an import.
type importChanges struct {
	Caption string
	Rows    []importChange
}

type importChange struct {
	Class, Sign, Word string
	What              link
	Note              string
	Before, After     []string
}

// changeClasses are how the words of an import look.
var changeClasses = map[exchange.Word]struct{ sign, class string }{
	exchange.New: {"+", "new"}, exchange.Changed: {"~", "changed"}, exchange.Moved: {"→", "moved"}, exchange.Ended: {"−", "ended"},
}

const inputKnown = "~known"

func (im *importing) checkPage(p *plan, number string) *page {
	body := &importCheck{Action: im.at(stepCheck), Discard: im.at("discard"), Version: im.Version, Known: p.view.Known(), Counts: tallies(p.Count, missing(p), len(p.Missing) > 0)}
	body.Answers = im.answers(p)
	l := *im.l
	l.path = importPath + "/" + im.ID + "/" + stepCheck
	rows, pager := paged(&l, number, p.Changes)
	body.Pager = pager
	out := &page{Template: "importcheck", Label: im.title(), Heading: "Check what would change", Back: im.at(stepFrom), Undated: true, Wide: true, Body: body}
	if len(p.Docs) == 0 {
		body.Nothing = "Nothing would change: all that the file says is recorded already."
		return out
	}
	body.Table = &importChanges{Caption: "What would change " + "from " + someDay(im.choices().From) + ", unless a row says another day"}
	for _, c := range rows {
		body.Table.Rows = append(body.Table.Rows, im.change(p, c))
	}
	body.Button = "Record " + count(len(p.Changes), "change", "changes")
	body.Notes = []string{"All of it is recorded, or nothing. You can undo the whole import for 7 days. " + graph.Kept}
	return out
}

// answers is what was chosen, each with a link to change it.
func (im *importing) answers(p *plan) template.HTML {
	list := govuk.SummaryList{}
	add := func(key, value, step string) {
		list.Rows = append(list.Rows, govuk.SummaryRow{
			Key: govuk.SummaryText{Text: key}, Value: govuk.SummaryText{HTML: lines(value)},
			Actions: govuk.SummaryActions{Items: []govuk.SummaryAction{{Text: "Change", Href: im.at(step), VisuallyHiddenText: kind.Lower(key)}}},
		})
	}
	c := im.choices()
	list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.SummaryText{Text: "File"}, Value: govuk.SummaryText{Text: im.about(p)}})
	add("Day from which it is so", c.From.Words(), stepFrom)
	source := c.Source
	if source == "" {
		source = "Not stated"
	}
	add("Where it comes from", source, stepFrom)
	var out []string
	for _, s := range p.Sheets {
		switch {
		case s.Kind == nil:
			out = append(out, s.Name+": left out")
		case len(s.Unread()) > 0:
			out = append(out, s.Name+": "+kind.Lower(s.Kind.Plural)+", without "+count(len(s.Unread()), "column", "columns"))
		default:
			out = append(out, s.Name+": "+kind.Lower(s.Kind.Plural))
		}
	}
	add("Sheets", strings.Join(out, "\n"), stepColumns)
	out = nil
	for _, k := range missingKinds(p, im.l.View.Kinds()) {
		what := "left as they are"
		if end, ok := c.End[k.Name]; ok {
			what = "ended after " + end.Words()
		}
		out = append(out, capital(count(p.Missing[k.Name], k.Lower(), kind.Lower(k.Plural)))+": "+what)
	}
	if len(out) > 0 {
		add("Not in the file", strings.Join(out, "\n"), stepMissing)
	}
	return list.Render()
}

func (im *importing) change(p *plan, c exchange.Change) importChange {
	look := changeClasses[c.Word]
	k := im.l.View.Kinds().Kind(c.Record.Kind)
	row := importChange{Class: look.class, Sign: look.sign, Word: string(c.Word), What: link{Text: capital(c.Title)}, Note: k.Label}
	if c.Word != exchange.New {
		row.What.URL = im.l.record(c.Record)
	}
	if c.Row > 0 {
		row.Note += ", row " + thousands(int64(c.Row))
	}
	if c.Why != "" {
		row.Note += ", " + c.Why
	}
	for _, d := range c.Fields {
		before, after := d.Before, d.After
		if before == "" {
			before = "not stated"
		}
		if after == "" {
			after = "no longer stated"
		}
		if c.Word != exchange.New {
			row.Before = append(row.Before, d.Label+": "+shorten(before))
		}
		row.After = append(row.After, d.Label+": "+shorten(after))
	}
	if c.Word == exchange.New {
		row.Before = []string{"Not there"}
		if len(row.After) == 0 {
			row.After = []string{capital(c.Title)}
		}
	}
	return row
}

// apply records an import, all of it or nothing. What is recorded is what the writer was shown: the form says as at which entry that was, and
// nothing is recorded over what others recorded meanwhile.
func (im *importing) apply(w http.ResponseWriter, r *http.Request) error {
	known, err := strconv.ParseInt(r.PostForm.Get(inputKnown), 10, 64)
	if err != nil || known < 0 || known > im.l.newest || r.PostForm.Get(inputVersion) != strconv.FormatInt(im.Version, 10) {
		return im.overtaken(w, r, "Your answers have changed", "They were changed after this page was shown, perhaps in another tab. Check them again. "+notChanged)
	}
	p, err := im.plan(r.Context(), known)
	if err != nil {
		return err
	}
	if im.next(p) != stepCheck || len(p.Docs) == 0 {
		if known < im.l.newest {
			return im.overtaken(w, r, recordChanged, recordChangedText)
		}
		return im.lead(w, r)
	}
	docs, seen := p.Docs, p.seen()
	dr := *im.Draft // of the work alone
	title := fmt.Sprintf("Import %s: %s", im.file().Name, count(len(p.Changes), "change", "changes"))
	err = im.s.work(w, r, im.l, title, func(ctx context.Context, progress *desk.Progress) (string, error) {
		progress.At(0, 0, "Checking "+count(len(docs), "entry", "entries")+" and recording them all at once")
		receipt, err := im.s.Desk.Commit(ctx, &dr, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
			done, err := im.s.Book.Do(ctx, dr.Owner, book.Change{Docs: docs, Seen: seen, Claim: claim})
			return desk.Receipt{First: done.First, Last: done.Last}, err
		})
		return importDone(receipt.First, receipt.Last), err
	})
	problems := kind.Problems(nil)
	switch {
	case errors.Is(err, fact.ErrStale), errors.As(err, &problems):
		return im.overtaken(w, r, recordChanged, recordChangedText)
	}
	return err
}

// What is said where somebody else was quicker.
const (
	recordChanged     = "The record was changed since"
	recordChangedText = "Somebody changed the record after this page was shown, and some of it is what this file changes. " + notChanged + " This is what the file would do now: check it again."
)

// overtaken shows what the import would do now, since something else was quicker.
func (im *importing) overtaken(w http.ResponseWriter, r *http.Request, title, text string) error {
	again, err := im.s.openImport(r)
	if err != nil {
		return err
	}
	if again.Done != nil {
		return again.lead(w, r)
	}
	p, err := again.plan(r.Context(), again.l.newest)
	if err != nil {
		return err
	}
	out := again.page(p, r, again.next(p))
	out.Status, out.Problem = http.StatusConflict, &problem{Title: title, Text: text}
	return im.s.render(w, again.l, out)
}

// importReport says what an import did. It is made of the record alone.
type importReport struct {
	Lead   string
	Counts []tally
	Kinds  *table
	Undo   *undo
	Not    string // why it cannot be undone
	Links  []link
}

// importReport shows what some entries, recorded together, did.
func (s *Site) importReport(l *look, r *http.Request) (*page, error) {
	first, last, ok := entriesOf(r.PathValue("entries"))
	if !ok || last > l.newest {
		return nil, fmt.Errorf("entries %q: %w", r.PathValue("entries"), fact.ErrNotFound)
	}
	did := s.did(l, first, last)
	_, v, known := l.seen.Entry(last)
	if !known {
		return nil, fmt.Errorf("entries %q: %w", r.PathValue("entries"), fact.ErrNotFound)
	}
	body := &importReport{Lead: capital(entriesWords(first, last)) + ", recorded " + report.Clock(v.Recorded) + " by " + s.writer(v.Who) + "."}
	body.Counts = tallies(did.all, 0, true)
	body.Counts = body.Counts[:len(body.Counts)-1] // that something stays the same is not recorded
	body.Kinds = newTable("By kind of record", "Kind", "New", "Changed", "Moved", "Ended")
	for _, k := range inFirstHour(l.View.Kinds()) {
		if n := did.kinds[k.Name]; n != nil {
			number := func(w exchange.Word) []link { return text(thousands(int64(n[w]))) }
			body.Kinds.add([]link{{k.Plural, l.kind(k)}}, number(exchange.New), number(exchange.Changed), number(exchange.Moved), number(exchange.Ended))
		}
	}
	body.Links = []link{
		{"The chart", l.to("/structure")}, {"Who answers", l.to("/structure/who-answers")}, {"Check against the law", l.to("/assurance/check")},
		{"The entries", l.to("/entries", auditBefore, strconv.FormatInt(last+1, 10))}, {"Import another file", l.to(importPath)},
	}
	switch {
	case s.Desk == nil || !l.present() || v.Who != s.whoIs(r) || s.Now().Sub(v.Recorded) > undoable:
		body.Not = "It can no longer be undone with a button. A record that is wrong is corrected on its own page."
	case did.since:
		body.Not = "Some of these records were changed again since, so it cannot be undone as a whole any more. A record that is wrong is corrected on its own page."
	default:
		body.Undo = &undo{Action: fmt.Sprintf("/undo/%d-%d", first, last), Text: "Undo the whole import"}
	}
	p := &page{Template: "importdone", Heading: "The import is recorded", Undated: true, Narrow: true, Body: body}
	return p, nil
}

// deeds is what some entries did, record by record.
type deeds struct {
	all   map[exchange.Word]int
	kinds map[fact.KindName]map[exchange.Word]int
	since bool // a record of them has been spoken of again
}

// places are the fields that say where in the structure something is.
var places = []string{"reports_to", "unit", "parent"}

// did counts what entries did to records, as the preview of an import counts it.
func (s *Site) did(l *look, first, last int64) deeds {
	out := deeds{all: map[exchange.Word]int{}, kinds: map[fact.KindName]map[exchange.Word]int{}}
	today := fact.DayIn(s.Now())
	before, now := l.seen.View(today, first-1), l.seen.View(today, -1)
	words := map[fact.Key]exchange.Word{}
	for n := first; n <= last; n++ {
		key, v, ok := l.seen.Entry(n)
		if !ok {
			continue
		}
		word := exchange.Ended
		if v.Op == fact.Assert {
			word = said(before, key, v)
		}
		if had := words[key]; had == "" || had == exchange.Ended || word == exchange.Moved && had == exchange.Changed {
			words[key] = word
		}
		out.since = out.since || now.Seen(key) > last
	}
	for key, word := range words {
		if out.kinds[key.Kind] == nil {
			out.kinds[key.Kind] = map[exchange.Word]int{}
		}
		out.kinds[key.Kind][word]++
		out.all[word]++
	}
	return out
}

// said says what an entry that asserts made of a record as it was before: whether it was there on some of the days, and if so, in the same place.
func said(before *graph.View, key fact.Key, v graph.Version) exchange.Word {
	first, last, ok := v.Span.Possible()
	if !ok {
		return exchange.Changed
	}
	var was *graph.Record
	for _, p := range before.Pieces(key) {
		from, until, ok := p.Span.Possible()
		if ok && from <= last && until >= first && (was == nil || from <= first) {
			was = p.Record
		}
	}
	if was == nil {
		return exchange.New
	}
	for _, name := range places {
		if was.Kind().Field(name) == nil {
			continue
		}
		then, _ := was.JSON(name)
		if now, _ := v.Record.JSON(name); then != now {
			return exchange.Moved
		}
	}
	return exchange.Changed
}
