package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// change gives the address at which a record is changed.
func (l *look) change(k fact.Key) string { return l.to(l.site.addresses.of(k) + "/change") }

// verbs are the two things that an edit can mean, and the two ways in which a record comes to an end.
var verbs = []struct{ value, text, hint string }{
	{toChange, "It changed on a date", "For example a new title, a new manager, another unit. What was recorded was right until then."},
	{toCorrect, "Our record was wrong", "The facts were always different from what we wrote down, or the dates were."},
	{toEnd, "It ended", "It is there up to a day, and not after."},
	{toRetract, "It should never have been recorded", "It never was. What was written stays in the history, marked as taken back."},
}

// proposals are the same under a proposal. The two last are of what the proposal says already.
var proposals = []struct{ value, text, hint string }{
	{toChange, "It would change on a date", "For example a new title, a new manager, another unit. What is in force stays as it is until the proposal is adopted."},
	{toEnd, "It would end", "It would be there up to a day, and not after."},
	{toCorrect, "What the proposal says is wrong", "The proposal was written down wrongly, or its dates were."},
	{toRetract, "Take it out of the proposal", "The proposal would say nothing of it any more. What was written stays in the history."},
}

// verbsOf gives what an edit can mean, of a record as it is looked at.
func (l *look) verbsOf(key fact.Key) []struct{ value, text, hint string } {
	switch {
	case l.proposal == "":
		return verbs
	case l.View.Speaks(key):
		return proposals
	}
	return proposals[:2]
}

// changeStart asks what is to be recorded about a record.
func (s *Site) changeStart(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) { return s.verbPage(l, k, r, nil) }
}

func (s *Site) verbPage(l *look, k *kind.Kind, r *http.Request, faults kind.Faults) (*page, error) {
	key := fact.Key{Kind: k.Name, ID: fact.ID(r.PathValue("id"))}
	if err := s.mayChange(l, k, key); err != nil {
		return nil, err
	}
	name := s.called(l, key)
	message, _ := (&asked{faults: faults}).wrong(inputVerb)
	c := govuk.Radios{Name: inputVerb, IDPrefix: inputVerb, ErrorMessage: message, Value: r.PostForm.Get(inputVerb), Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Choose one", Classes: "govuk-visually-hidden"}}}
	for _, v := range l.verbsOf(key) {
		c.Items = append(c.Items, govuk.Radio{Text: v.text, Value: v.value, Hint: govuk.Hint{Text: v.hint}})
	}
	p := &page{
		Template: "question", Label: k.Label, Heading: "What are you recording about “" + name + "”?", Back: l.record(key), Undated: true, Narrow: true, Problem: problemOf(faults),
		Body: &questionPage{Action: l.change(key), Fields: c.Render(), Button: "Continue"},
	}
	if len(faults) > 0 {
		p.Status = http.StatusUnprocessableEntity
	}
	return p, nil
}

// mayRecord says why nothing of a kind can be recorded here, or nothing.
func (s *Site) mayRecord(l *look, k *kind.Kind) error {
	if err := s.readOnly(); err != nil {
		return err
	}
	switch {
	case l.proposal == "" && !l.me.May(access.ActOf(k)):
		return access.Refuse(access.ActOf(k))
	case l.proposal != "" && !l.me.Over(l.View, access.Propose, l.proposalKey()):
		return access.Refuse(access.Propose)
	case !l.writable(k) && l.proposal != "" && l.known == "" && !l.openProposal():
		return &trouble{kind: errConflict, text: "This proposal is decided, so nothing more can be changed in it. What was proposed stays readable.", links: []link{{s.called(l, l.proposalKey()), l.record(l.proposalKey())}}}
	case !l.writable(k):
		return s.asToday(l)
	case l.madeFor(k):
		return &trouble{kind: errConflict, text: "A letter is not recorded here. It goes out from the page of its test, where what stands against it is looked at first.", links: []link{{"Tests of assurance", l.to(l.View.Kinds().Kind(testKind).Path())}}}
	}
	return nil
}

// asToday says why nothing can be recorded in force as it is looked at, or nothing.
func (s *Site) asToday(l *look) error {
	if err := s.readOnly(); err != nil {
		return err
	}
	if !l.present() {
		return &trouble{kind: fact.ErrInvalid, text: l.past()[0].Text, links: l.past()[1:]}
	}
	return nil
}

// mayChange says why a record cannot be changed here, or nothing.
func (s *Site) mayChange(l *look, k *kind.Kind, key fact.Key) error {
	if err := s.mayRecord(l, k); err != nil {
		return err
	}
	if key.ID == "" && k.Only != "" {
		if only := (fact.Key{Kind: k.Name, ID: k.Only}); len(l.View.History(only)) > 0 {
			return &trouble{kind: errConflict, text: "There is one " + k.Lower() + " in a record, and it is recorded already.", links: []link{{"Record a change or correction: " + s.called(l, only), l.change(only)}}}
		}
	}
	if key.ID != "" && len(l.View.History(key)) == 0 {
		return s.noRecord(l, k, key, "change")
	}
	return nil
}

// changeBegin begins a change of a record.
func (s *Site) changeBegin(k *kind.Kind) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		if err := readForm(r); err != nil {
			return err
		}
		key := fact.Key{Kind: k.Name, ID: fact.ID(r.PathValue("id"))}
		if err := s.mayChange(l, k, key); err != nil {
			return err
		}
		verb := r.PostForm.Get(inputVerb)
		if !slices.ContainsFunc(l.verbsOf(key), func(v struct{ value, text, hint string }) bool { return v.value == verb }) {
			p, err := s.verbPage(l, k, r, kind.Faults{{Field: inputVerb, Inputs: []string{inputVerb}, Message: "Select what you are recording"}})
			if err != nil {
				return err
			}
			return s.render(w, l, p)
		}
		return s.begin(w, r, l, desk.Draft{Purpose: verb, Record: key, Branch: fact.ID(l.proposal), Seen: map[fact.Key]int64{key: l.View.Seen(key)}})
	}
}

// newStart is the page on which a new record of a kind is recorded. The address may say some of its fields.
func (s *Site) newStart(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		if err := s.mayChange(l, k, fact.Key{}); err != nil {
			return nil, err
		}
		d := s.draftOf(l, &desk.Draft{Purpose: toRecord, Record: fact.Key{Kind: k.Name}})
		st := d.everything()
		typed := prefilled(d.formOf(k.Fields, nil), r.URL.Query())
		return s.newPage(l, k, st, typed, nil), nil
	}
}

func (s *Site) newPage(l *look, k *kind.Kind, st step, typed kind.Typed, faults kind.Faults) *page {
	p := firstQuestion(l.to(k.Path()+"/new"), st, typed, faults)
	p.Label, p.Back = k.Plural, l.kind(k)
	return p
}

// firstQuestion asks what begins a draft, again where there are faults, with what was typed.
func firstQuestion(action string, st step, typed kind.Typed, faults kind.Faults) *page {
	p := &page{
		Template: "question", Heading: st.heading, Undated: true, Narrow: true, Problem: problemOf(faults),
		Body: &questionPage{Action: action, Lead: st.lead, Fields: st.ask(typed, faults), Button: "Continue", Keep: "Nothing is recorded before you have seen it all once more."},
	}
	if len(faults) > 0 {
		p.Status = http.StatusUnprocessableEntity
	}
	return p
}

// newBegin takes a new record as it was typed.
func (s *Site) newBegin(k *kind.Kind) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		if err := readForm(r); err != nil {
			return err
		}
		if err := s.mayChange(l, k, fact.Key{}); err != nil {
			return err
		}
		d := s.draftOf(l, &desk.Draft{Purpose: toRecord, Record: fact.Key{Kind: k.Name}})
		st, typed := d.everything(), kind.Typed{}
		for input, v := range r.PostForm {
			if st.takes(input) {
				typed[input] = v
			}
		}
		if faults := st.read(typed); len(faults) > 0 {
			return s.render(w, l, s.newPage(l, k, st, typed, faults))
		}
		typed[inputAnswered] = []string{st.name}
		return s.begin(w, r, l, desk.Draft{Purpose: toRecord, Record: fact.Key{Kind: k.Name}, Branch: fact.ID(l.proposal), Typed: typed})
	}
}

// docs makes of the answers what is to be recorded. The record that the result page shows is given, too.
func (d *draft) docs() ([]kind.Doc, fact.Key, error) {
	v, typed := d.l.View, d.typed()
	source, note := d.text(inputSource), d.text(inputNote)
	date := func(input string) fact.Date {
		on, _ := kind.ReadDate(&kind.Field{Name: input, Type: kind.Date}, typed)
		return on
	}
	set := func() []kind.Value {
		fields := fieldsOf(d.kind, d.Typed[inputFields])
		said, _ := d.formOf(fields, d.now()).Read(typed)
		for _, f := range fields {
			if !slices.ContainsFunc(said, func(x kind.Value) bool { return x.Field == f }) {
				said = append(said, kind.Value{Field: f}) // no longer stated
			}
		}
		return said
	}
	give := func(e graph.Edit, problems kind.Problems) ([]kind.Doc, fact.Key, error) {
		if len(problems) > 0 {
			return nil, d.key, problems
		}
		d.notes = e.Notes
		return e.Docs, d.key, nil
	}
	switch d.Purpose {
	case toRecord:
		values, _ := d.formOf(d.kind.Fields, nil).Read(typed)
		span, _ := kind.ReadSpan(d.kind.FirstDay(), d.kind.LastDay(), typed)
		key := d.newKey(d.kind, values)
		return []kind.Doc{{Op: fact.Assert, Kind: d.kind, ID: key.ID, Span: span, Proposal: d.Branch, Values: values, Source: source, Note: note}}, key, nil
	case toChange:
		return give(v.Change(d.key, date("on"), set(), source, note))
	case toCorrect:
		return give(d.corrected(set(), date("from"), date("until"), source, note))
	case toEnd:
		return give(v.EndAfter(d.key, date("on"), source, note))
	case toRetract:
		return give(v.Retract(d.key, strings.TrimSpace(source+" "+note)))
	case toAppoint:
		return d.appointed()
	case toSet:
		return give(d.settings())
	case toClass:
		e, problems := v.Classify(d.key, d.class(), note)
		e.Notes = append(e.Notes, "Nothing else of the record changes, on any day.")
		return give(e, problems)
	}
	return nil, d.key, fmt.Errorf("a draft for %q: %w", d.Purpose, fact.ErrCorrupt)
}

// corrected corrects fields, dates, or both, of the piece that the draft is about.
func (d *draft) corrected(set []kind.Value, from, until fact.Date, source, note string) (graph.Edit, kind.Problems) {
	piece := d.piece()
	if piece.Record == nil {
		return graph.Edit{}, kind.Problems{{What: "nothing is recorded of it that could be corrected", Remedy: "Record it anew"}}
	}
	v, is := d.l.View.At(piece.Record.View().On()), piece.Span
	began, ended := slices.Contains(d.Typed[inputFields], "from"), slices.Contains(d.Typed[inputFields], "until")
	if !began && !ended {
		return v.Correct(d.key, fact.Date{}, fact.Date{}, set, source, note)
	}
	if began {
		is.From = from
	}
	if ended {
		is.Until = until
	}
	return v.Redate(d.key, is, set, source, note)
}

// mostEffects is how many changes the last look shows one by one.
const mostEffects = 50

// effects shows what a change does to whoever looks at some days.
func (s *Site) effects(l *look, docs []kind.Doc) *table {
	t := newTable("What this changes", "Record", "Which days", "Now", "Afterwards")
	v := l.View
	if l.proposal != "" {
		v = v.Planned(v.Proposal(), fact.Date{})
	}
	effects := v.Effects(docs)
	for i, e := range effects {
		if i == mostEffects {
			t.add(text("And more"), nil, nil, text(count(len(effects)-i, "change", "changes")))
			break
		}
		name, now, then := e.Title, e.Before, e.After
		if e.Field != nil {
			name += ": " + kind.Lower(e.Field.Label)
		}
		if now == "" {
			now = "Not recorded"
		}
		if then == "" {
			then = "Not recorded"
		}
		t.add(text(name), text(capital(e.Days())), text(shorten(now)), text(shorten(then)))
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// newKey names a new record by what it is called. A name that identifies somebody is in no id but that of a person, which can be erased.
func (d *draft) newKey(k *kind.Kind, values []kind.Value) fact.Key {
	taken := func(id fact.ID) bool { return len(d.l.View.History(fact.Key{Kind: k.Name, ID: id})) > 0 }
	return fact.Key{Kind: k.Name, ID: d.l.View.Kinds().NewID(k, d.s.titleOf(d.l, k, values, k.Personal), taken)}
}

// lastLookPage is the last look before something is recorded.
type lastLookPage struct {
	Answers template.HTML
	Effects *table
	Notes   []string
	Action  string
	Version int64
	Discard string
	Wrong   []string
}

// lastLook shows what will be recorded.
func (s *Site) lastLook(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	d, err := s.openDraft(l, r)
	if err != nil {
		return err
	}
	if d.Done != nil || d.next() != "check" {
		return d.lead(w, r)
	}
	docs, _, err := d.docs()
	if err == nil {
		_, err = s.Book.Check(d.Owner, book.Change{Docs: docs, Proposal: d.Branch})
	}
	p, err := d.lastPage(docs, err)
	if err != nil {
		return err
	}
	return s.render(w, l, p)
}

// lastPage is the page of the last look, with what stands against it.
func (d *draft) lastPage(docs []kind.Doc, against error) (*page, error) {
	var problems kind.Problems
	if against != nil && !errors.As(against, &problems) {
		return nil, against
	}
	body := &lastLookPage{Action: d.at("check"), Discard: d.at("discard"), Version: d.Version}
	p := &page{Template: "lastlook", Label: d.title(), Heading: "Check before it is recorded", Undated: true, Narrow: true, Body: body}
	list := govuk.SummaryList{}
	steps := d.steps()
	for _, st := range steps {
		if st.said == nil {
			list.Rows = append(list.Rows, d.fieldRows(st)...)
			continue
		}
		list.Rows = append(list.Rows, d.row(st.heading, st.said(d.typed()), st.name))
	}
	body.Answers = list.Render()
	if n := len(steps); n > 0 {
		p.Back = d.at(steps[n-1].name)
	}
	for _, x := range problems {
		text := x.What
		if x.Remedy != "" {
			text += ". " + x.Remedy
		}
		body.Wrong = append(body.Wrong, sentence(text))
	}
	if len(problems) > 0 {
		p.Status = http.StatusUnprocessableEntity
		p.Problem = &problem{Title: "This cannot be recorded yet", Text: strings.Join(body.Wrong, " ")}
		return p, nil
	}
	body.Effects = d.s.effects(d.l, docs)
	for _, n := range d.notes {
		body.Notes = append(body.Notes, sentence(n))
	}
	if body.Effects != nil {
		body.Notes = append(body.Notes, graph.Kept)
	}
	return p, nil
}

func (d *draft) row(question, answer, step string) govuk.SummaryRow {
	return govuk.SummaryRow{
		Key:     govuk.SummaryText{Text: question},
		Value:   govuk.SummaryText{HTML: lines(answer)},
		Actions: govuk.SummaryActions{Items: []govuk.SummaryAction{{Text: "Change", Href: d.at(step), VisuallyHiddenText: kind.Lower(question)}}},
	}
}

// lines writes a text of several lines.
func lines(text string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(text), "\n", "<br>")) // #nosec G203 -- escaped here
}

// fieldRows are the answers of the page with which a new record is recorded.
func (d *draft) fieldRows(st step) (rows []govuk.SummaryRow) {
	said, _ := d.formOf(d.kind.Fields, nil).Read(d.typed())
	for _, f := range d.kind.Fields {
		if text := d.s.sayValue(d.l, f, said); text != "Not recorded" {
			rows = append(rows, d.row(f.Label, text, st.name))
		}
	}
	span, _ := kind.ReadSpan(d.kind.FirstDay(), d.kind.LastDay(), d.typed())
	if d.kind.AsksFirstDay() || !span.Until.IsZero() {
		rows = append(rows, d.row("Days", capital(span.Words()), st.name))
	}
	if text := strings.TrimSpace(d.text(inputSource) + "\n" + d.text(inputNote)); text != "" {
		rows = append(rows, d.row("Source", text, st.name))
	}
	return rows
}

// commit puts a draft into the record.
func (s *Site) commit(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	d, err := s.openDraft(l, r)
	if err != nil {
		return err
	}
	if err := s.proved(r, d.kind); err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	if d.Done != nil || d.next() != "check" {
		return d.lead(w, r)
	}
	if d.kind.Section == kind.Admin { // as on the page of an account
		if err := s.admit(r, requirement{act: access.Administer, proved: true}); err != nil {
			return err
		}
	}
	docs, key, err := d.docs()
	if err != nil {
		p, err := d.lastPage(nil, err)
		if err != nil {
			return err
		}
		return s.render(w, l, p)
	}
	if seen, err := strconv.ParseInt(r.PostForm.Get(inputVersion), 10, 64); err != nil || seen != d.Version {
		p, err := d.lastPage(docs, nil)
		if err != nil {
			return err
		}
		p.Status = http.StatusConflict
		p.Problem = &problem{Title: "Your answers have changed", Text: "They were changed after this page was shown, perhaps in another tab. Check them again."}
		return s.render(w, l, p)
	}
	receipt, err := s.Desk.Commit(r.Context(), d.Draft, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
		done, err := s.Book.Do(ctx, d.Owner, book.Change{Docs: docs, Seen: d.Seen, Proposal: d.Branch, Claim: claim})
		return desk.Receipt{First: done.First, Last: done.Last}, err
	})
	problems, stale := kind.Problems(nil), (*desk.Stale)(nil)
	switch {
	case err == nil:
		if d.kind.Section == kind.Admin {
			s.security(r, "grant or setting changed", "by", d.Owner, "first", receipt.First, "last", receipt.Last)
		}
		redirect(w, r, s.recorded(l, key, receipt), http.StatusSeeOther)
		return nil
	case errors.As(err, &stale):
		d.Draft = stale.Now
		return d.lead(w, r)
	case errors.Is(err, fact.ErrStale):
		return s.showConflict(w, r, d)
	case errors.As(err, &problems):
		p, err := d.lastPage(nil, err)
		if err != nil {
			return err
		}
		return s.render(w, l, p)
	}
	return err
}

// few is how many entries of a change are looked at one by one; an import has thousands.
const few = 20

// recorded is the address of the page that shows what was recorded, and says so: today's, or, where the record is not there today, that of
// the day from which the change is so.
func (s *Site) recorded(l *look, key fact.Key, r desk.Receipt) string {
	seen := s.Book.As(l.me.Person) // with what was recorded just now
	c, now := *l, seen.View(l.today, -1)
	for n := r.First; n <= min(r.Last, r.First+few); n++ {
		made, v, ok := seen.Entry(n)
		if !ok {
			continue
		}
		if key.ID == "" { // of a draft that is done only the kind is known
			key = made
		}
		if first, _, ok := v.Span.Possible(); ok && v.Op == fact.Assert && first != fact.MinDay && now.Record(key) == nil && c.on == "" {
			c.on = first.String()
		}
	}
	return c.to(s.addresses.of(key), "done", fmt.Sprintf("%d-%d", r.First, r.Last))
}

// undoable is how long what was recorded can be taken back with a button.
const undoable = 7 * 24 * time.Hour

// done makes the notice of what was just recorded.
func (s *Site) done(l *look, r *http.Request) *notice {
	first, last, ok := entriesOf(r.URL.Query().Get("done"))
	if !ok || last > l.newest {
		return nil
	}
	if !l.recorded(s.whoIs(r), first, last) {
		return nil
	}
	n := &notice{Title: "Success", Text: "It is in the record, as " + entriesWords(first, last) + "."}
	problems := kind.Problems(nil)
	if last-first < few { // that it cannot be undone any more is otherwise said by the button
		_, problems = s.branch(l, last).Undo(first, last)
	}
	if len(problems) == 0 && s.Desk != nil {
		n.Undo = &undo{Action: fmt.Sprintf("/undo/%d-%d", first, last), Text: "Undo"}
	}
	return n
}

// branch is the record as it is, in force or under the proposal in which an entry stands.
func (s *Site) branch(l *look, entry int64) *graph.View {
	v := l.seen.View(fact.DayIn(s.Now()), -1)
	if _, e, ok := l.seen.Entry(entry); ok && e.Proposal != "" {
		v = v.With(e.Proposal)
	}
	return v
}

// recorded reports whether somebody recorded all of some entries, and so lately that a button still takes them back.
func (l *look) recorded(who fact.Who, first, last int64) bool {
	n := last - first + 1
	for _, v := range l.seen.View(l.today, -1).Entries(last + 1) {
		if v.Position < first || v.Who != who || l.site.Now().Sub(v.Recorded) > undoable {
			break
		}
		if n--; n == 0 {
			return true
		}
	}
	return false
}

func entriesWords(first, last int64) string {
	if first == last {
		return fmt.Sprintf("entry %d", first)
	}
	return fmt.Sprintf("entries %d to %d", first, last)
}

// entriesOf reads "57-59".
func entriesOf(s string) (first, last int64, ok bool) {
	a, b, ok := strings.Cut(s, "-")
	first, err := strconv.ParseInt(a, 10, 64)
	last, err2 := strconv.ParseInt(b, 10, 64)
	return first, last, ok && err == nil && err2 == nil && first >= 1 && last >= first && last-first < maxUndo
}

// maxUndo is how many entries one change may have for it to be taken back with a button.
const maxUndo = 100_000

// undo takes back what some entries recorded, by new entries that say what was said before.
func (s *Site) undo(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	if err := s.readOnly(); err != nil {
		return err
	}
	first, last, ok := entriesOf(r.PathValue("entries"))
	key, _, known := l.seen.Entry(last)
	if !ok || !known {
		return fmt.Errorf("entries %q: %w", r.PathValue("entries"), fact.ErrNotFound)
	}
	who := s.whoIs(r)
	if !l.recorded(who, first, last) {
		return &trouble{kind: fact.ErrDenied, text: "This can no longer be undone with a button. Record a correction on the page of the record instead.", links: []link{s.linked(l, key)}}
	}
	for n := first; n <= last; n++ {
		k, _, _ := l.seen.Entry(n)
		if err := s.proved(r, s.Book.Kinds().Kind(k.Kind)); err != nil {
			return err
		}
	}
	l.View = s.branch(l, last) // as it is, whatever the address says of other days
	if last-first >= few {
		return s.work(w, r, l, "Undo "+entriesWords(first, last), func(ctx context.Context, p *desk.Progress) (string, error) {
			p.At(0, 0, "Working out what was so before, and recording it again")
			done, err := s.takeBack(ctx, l, who, first, last, key)
			return l.to("/entries", "done", fmt.Sprintf("%d-%d", done.First, done.Last)), err
		})
	}
	done, err := s.takeBack(r.Context(), l, who, first, last, key)
	if err != nil {
		return err
	}
	redirect(w, r, s.recorded(l, key, desk.Receipt{First: done.First, Last: done.Last}), http.StatusSeeOther)
	return nil
}

// takeBack records again what was so before some entries, the last of which is about a record.
func (s *Site) takeBack(ctx context.Context, l *look, who fact.Who, first, last int64, key fact.Key) (book.Receipt, error) {
	edit, problems := l.View.Undo(first, last)
	if len(problems) > 0 {
		return book.Receipt{}, &trouble{kind: errConflict, text: sentence(problems[0].What) + " " + sentence(problems[0].Remedy), links: []link{s.linked(l, key)}}
	}
	seen := map[fact.Key]int64{}
	for _, d := range edit.Docs {
		seen[d.Key()] = l.View.Seen(d.Key())
	}
	done, err := s.Book.Do(ctx, who, book.Change{Docs: edit.Docs, Seen: seen, Proposal: l.View.Proposal()})
	if errors.Is(err, fact.ErrStale) {
		err = &trouble{kind: errConflict, text: "Somebody changed the record at this moment, so nothing was undone. Look at it and try again.", links: []link{s.linked(l, key)}}
	}
	return done, err
}
