package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// Personal data is removed in three steps: what is to go, and on which ground; the last look; and that it is gone. What was chosen waits at the desk, by the
// numbers of entries and the names of fields: no word of what is to go is in it.

// toRemove is the purpose of the draft of an erasure.
const toRemove = "remove"

const removePath = "/removals"

// The inputs of the form.
const (
	inputWhat    = "what"
	inputGround  = "ground"
	inputWhy     = "why"
	inputAsked   = "asked"
	inputAskedOn = "asked-on"
	inputWords   = "words"
	buttonFind   = "find"

	buttonDiscard = "discard"

	inputOf        = "~of"   // the number of an entry about the record from whose page it was begun
	inputOvertaken = "~seen" // for each entry, the newest entry about its record
)

// mostFound is how many places are listed in which words stand.
const mostFound = 200

// removePage asks what is to go.
type removePage struct {
	Action string
	Lead   []string
	Fields template.HTML // what can go, of the record
	Search template.HTML // for words elsewhere
	Found  template.HTML
	Why    template.HTML
	Button string
	Keep   string
}

// removeAction leads to where content of a record is taken away for ever.
func (s *Site) removeAction(l *look, key fact.Key) []action {
	if s.Desk == nil || !l.present() || l.me.Erase(l.View, key, "") != nil {
		return nil
	}
	return []action{{link: link{"Remove personal data", l.to(removeAt(key))}}}
}

func removeAt(key fact.Key) string {
	return removePath + "/of/" + url.PathEscape(string(key.Kind)) + "/" + url.PathEscape(string(key.ID))
}

// saying is a field that says the same in some entries: they go together, since a correction leaves the old words where they were.
type saying struct {
	key     fact.Key
	field   string
	text    string
	entries []int64
}

func (x *saying) value() string { return chosenPart{x.field, x.entries}.value() }

// sayings gathers what entries say, the fields of each record in their order; pick chooses among them.
func (s *Site) sayings(l *look, entries []graph.Version, pick func(entry int64, field string) bool) (out []*saying) {
	for _, h := range entries {
		for _, name := range h.Record.Stated() {
			says, state := h.Record.Says(name)
			if state != graph.Known || slices.Contains(unremovable, name) || !pick(h.Position, name) {
				continue
			}
			text := strings.Join(says, ", ")
			if f := h.Record.Kind().Field(name); f != nil {
				text = plain(s.value(l, h.Record, f))
			}
			key := h.Record.Key()
			i := slices.IndexFunc(out, func(x *saying) bool { return x.key == key && x.field == name && x.text == text })
			if i < 0 {
				out, i = append(out, &saying{key: key, field: name, text: text}), len(out)
			}
			out[i].entries = append(out[i].entries, h.Position)
		}
	}
	place := func(x *saying) int {
		if f := l.View.Kinds().Kind(x.key.Kind).Field(x.field); f != nil {
			return f.Index
		}
		return 1000 + slices.Index(extrasInOrder, x.field)
	}
	slices.SortStableFunc(out, func(a, b *saying) int {
		if a.key != b.key {
			return 0
		}
		return place(a) - place(b)
	})
	return out
}

// unremovable is what says who may see a record: without it more people would.
var unremovable = []string{"visibility", "exempt", "decided", "decided_when"}

var extrasInOrder = []string{graph.IDField, "source", "note", "reason"}

// stating are the entries about a record that say something.
func stating(v *graph.View, key fact.Key) []graph.Version {
	return slices.DeleteFunc(v.History(key), func(h graph.Version) bool { return h.Op == fact.Erase })
}

// labelOf names a field of an entry.
func labelOf(k *kind.Kind, field string) string {
	if f := k.Field(field); f != nil {
		return f.Label
	}
	return extraLabels[field]
}

// removing finds the record of an address, for whoever may erase of it.
func (s *Site) removing(r *http.Request) (*look, fact.Key, error) {
	l, err := s.look(r)
	if err != nil {
		return nil, fact.Key{}, err
	}
	if err := s.readOnly(); err != nil {
		return nil, fact.Key{}, err
	}
	l.on, l.known, l.proposal, l.byDay = "", "", "", false
	l.View = l.seen.View(l.today, -1)
	key := fact.Key{Kind: fact.KindName(r.PathValue("kind")), ID: fact.ID(r.PathValue("id"))}
	kk := l.View.Kinds().Kind(key.Kind)
	if kk == nil {
		return nil, key, &trouble{kind: fact.ErrNotFound, text: fmt.Sprintf("There is no kind of record called “%s”.", key.Kind), links: []link{{"Records", l.to("/records")}}}
	}
	if len(l.View.History(key)) == 0 {
		return nil, key, s.noRecord(l, kk, key, "")
	}
	return l, key, l.me.Erase(s.Book.View(l.today, -1), key, "")
}

// remove asks what is to go of a record. What was chosen before is there again.
func (s *Site) remove(w http.ResponseWriter, r *http.Request) error {
	l, key, err := s.removing(r)
	if err != nil {
		return err
	}
	typed := url.Values{inputWhat: r.URL.Query()["chosen"]}
	if ground, why := s.ofRule(l, r.URL.Query().Get("rule")); ground != "" {
		typed[inputGround], typed[inputWhy], typed[inputAsked] = []string{ground}, []string{why}, []string{"council"}
	}
	if id := r.URL.Query().Get("draft"); id != "" {
		if d, err := s.Desk.Draft(r.Context(), id, s.whoIs(r)); err == nil && d.Purpose == toRemove && s.removeOf(l, d) == key {
			typed = d.Typed
		}
	}
	return s.render(w, l, s.removePage(l, key, typed, nil))
}

func (s *Site) removePage(l *look, key fact.Key, typed url.Values, wrong []fieldProblem) *page {
	message := messages(wrong)
	kk := l.View.Kinds().Kind(key.Kind)
	body := &removePage{
		Action: l.to(removeAt(key)), Button: "Continue",
		Lead: []string{
			"What is removed is gone for ever: from every page and file made from now on, on all dates. That something stood there, when it was removed and on which ground, stays.",
			"To put something right, record a correction instead. To keep something from most people, restrict the record. Freedom of information never requires that anything is removed.",
		},
		Keep: "Nothing is removed before you have seen it all once more.",
	}
	own := func(int64, string) bool { return true }
	mine := s.sayings(l, stating(l.View, key), own)
	body.Fields = s.choices(l, mine, typed[inputWhat], message[inputWhat], "What is to be removed of "+s.called(l, key)+"?", inputWhat)
	if len(mine) == 0 {
		body.Fields, body.Button = paragraph("There is nothing left to remove of this "+kk.Lower()+"."), ""
		return s.removal(l, key, body, wrong)
	}
	words := strings.TrimSpace(typed.Get(inputWords))
	needles := []string{words}
	if words == "" && kk.Personal {
		needles = namesIn(mine, kk)
	}
	body.Search = govuk.Input{ID: inputWords, Name: inputWords, Value: words, Label: govuk.Label{Text: "Words to look for in the whole record", Classes: "govuk-label--s"}, Hint: govuk.Hint{Text: "A name often stands in other records, too: in a finding, a note, the source of an entry."}, ErrorMessage: govuk.ErrorMessage{Text: message[inputWords]}, Autocomplete: "off"}.Render()
	if len(strings.Join(needles, "")) > 0 {
		body.Found = s.elsewhere(l, key, needles, typed[inputWhat])
	}
	body.Why = groundBoxes(typed, message)
	return s.removal(l, key, body, wrong)
}

func (s *Site) removal(l *look, key fact.Key, body *removePage, wrong []fieldProblem) *page {
	p := &page{Template: "remove", Label: "Remove personal data", Heading: s.called(l, key), Undated: true, Narrow: true, Back: l.record(key), Body: body}
	if len(wrong) > 0 {
		p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem"}
		for _, x := range wrong {
			p.Problem.Fields = append(p.Problem.Fields, link{x.Text, "#" + x.Field})
		}
	}
	return p
}

// namesIn are the names of somebody, as their record has or had them.
func namesIn(of []*saying, k *kind.Kind) (out []string) {
	for _, x := range of {
		for _, part := range k.TitleParts() {
			if part.Field != nil && part.Field.Name == x.field {
				out = append(out, x.text)
			}
		}
	}
	return out
}

// choices offers what can go.
func (s *Site) choices(l *look, of []*saying, chosen []string, wrong, legend, id string) template.HTML {
	c := govuk.Checkboxes{Name: inputWhat, IDPrefix: id, Values: chosen, Classes: "govuk-checkboxes--small", ErrorMessage: govuk.ErrorMessage{Text: wrong}, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: legend, Classes: "govuk-fieldset__legend--m"}}}
	for _, x := range of {
		label := labelOf(l.View.Kinds().Kind(x.key.Kind), x.field)
		if id != inputWhat {
			kk := l.View.Kinds().Kind(x.key.Kind)
			label = kk.Label + " " + s.called(l, x.key) + ", " + kind.Lower(label)
		}
		c.Items = append(c.Items, govuk.Checkbox{Text: label + ": " + shorten(x.text), Value: x.value(), Hint: govuk.Hint{Text: capital(entryList(x.entries))}})
	}
	return c.Render()
}

// entryList names entries: "entries 5, 9 and 12".
func entryList(entries []int64) string {
	all := make([]string, len(entries))
	for i, n := range entries {
		all[i] = strconv.FormatInt(n, 10)
	}
	if len(all) == 1 {
		return "entry " + all[0]
	}
	return "entries " + strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

// elsewhere offers what other records say with the same words.
func (s *Site) elsewhere(l *look, key fact.Key, needles, chosen []string) template.HTML {
	picked := map[int64][]string{}
	var entries []graph.Version
	total := 0
	for _, words := range needles {
		for _, x := range l.View.Saying(words, mostFound) {
			total++
			_, h, _ := l.seen.Entry(x.Entry)
			if x.Record == key || slices.Contains(unremovable, x.Field) || l.me.Erase(l.View, x.Record, h.Proposal) != nil {
				continue
			}
			if picked[x.Entry] == nil {
				entries = append(entries, h)
			}
			picked[x.Entry] = append(picked[x.Entry], x.Field)
		}
	}
	for _, v := range chosen { // what was found by other words before stays chosen
		if p, ok := readPart(v); ok {
			for _, n := range p.entries {
				if k, h, ok := l.seen.Entry(n); ok && k != key && picked[n] == nil {
					entries, picked[n] = append(entries, h), append(picked[n], p.field)
				}
			}
		}
	}
	slices.SortFunc(entries, func(a, b graph.Version) int { return int(a.Position - b.Position) })
	also := s.sayings(l, entries, func(entry int64, field string) bool { return slices.Contains(picked[entry], field) })
	quoted := "“" + strings.Join(needles, "”, “") + "”"
	var out template.HTML
	if len(also) == 0 {
		out = paragraph("No other record says " + quoted + ".")
	} else {
		out = s.choices(l, also, chosen, "", "Also here: "+quoted, "also")
	}
	if total >= mostFound {
		out += paragraph(fmt.Sprintf("Only the first %d places were looked at. Look for more exact words.", mostFound))
	}
	if !l.seen.Whole() {
		out += paragraph("Records that you may not see were not searched.")
	}
	return out
}

func paragraph(text string) template.HTML {
	return template.HTML(`<p class="govuk-body">` + template.HTMLEscapeString(text) + `</p>`) // #nosec G203 -- escaped here
}

// groundBoxes asks on which ground, who asked, and why.
func groundBoxes(typed url.Values, message map[string]string) template.HTML {
	ground := govuk.Radios{Name: inputGround, IDPrefix: inputGround, Value: typed.Get(inputGround), Classes: "govuk-radios--small", ErrorMessage: govuk.ErrorMessage{Text: message[inputGround]}, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "On which ground?", Classes: "govuk-fieldset__legend--m"}},
		Hint: govuk.Hint{Text: "The right to erasure has exceptions (UK GDPR Article 17(3)), for example where the law requires that something is kept, or for legal claims. If in doubt ask the data protection officer."}}
	for _, g := range kind.Erasing {
		ground.Items = append(ground.Items, govuk.Radio{Text: g.Label, Value: g.Code, Hint: govuk.Hint{Text: strings.TrimSpace(capital(g.Citation) + ". " + g.About)}})
	}
	asked := govuk.Radios{Name: inputAsked, IDPrefix: inputAsked, Value: typed.Get(inputAsked), Classes: "govuk-radios--small", ErrorMessage: govuk.ErrorMessage{Text: message[inputAsked]}, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Who asked for it? (optional)", Classes: "govuk-fieldset__legend--m"}}}
	for _, g := range kind.Askers {
		asked.Items = append(asked.Items, govuk.Radio{Text: g.Label, Value: g.Code})
	}
	return ground.Render() + asked.Render() +
		textBox(inputAskedOn, "When? (optional)", "For example 3 March 2026", typed.Get(inputAskedOn), message[inputAskedOn]) +
		govuk.Textarea{ID: inputWhy, Name: inputWhy, Rows: 3, Value: typed.Get(inputWhy), Label: govuk.Label{Text: "Reason", Classes: "govuk-label--m"}, Hint: govuk.Hint{Text: "It stays in the record for good, so it must not repeat what is removed. The number of the request is enough."}, ErrorMessage: govuk.ErrorMessage{Text: message[inputWhy]}}.Render()
}

// mostChosen is how many entries one removal can name, field by field: more than are ever found at once, and few enough to be read at every step.
const mostChosen = 5000

// chosenPart is what a box stands for.
type chosenPart struct {
	field   string
	entries []int64
}

// readPart reads the value of a box. An entry that is named twice is there once.
func readPart(v string) (p chosenPart, ok bool) {
	field, list, ok := strings.Cut(v, ":")
	p.field = field
	seen := map[int64]bool{}
	for t := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseInt(t, 10, 64)
		if err != nil || len(seen) > mostChosen {
			return p, false
		}
		if !seen[n] {
			seen[n], p.entries = true, append(p.entries, n)
		}
	}
	return p, ok
}

func (p chosenPart) value() string {
	at := make([]string, len(p.entries))
	for i, n := range p.entries {
		at[i] = strconv.FormatInt(n, 10)
	}
	return p.field + ":" + strings.Join(at, ",")
}

// readParts reads the boxes that were ticked, each once. It is not ok where one of them is none, or they name more than mostChosen entries.
func readParts(ticked []string) (parts []chosenPart, ok bool) {
	type one struct {
		field string
		entry int64
	}
	seen := map[one]bool{}
	for _, v := range ticked {
		p, ok := readPart(v)
		if !ok {
			return nil, false
		}
		p.entries = slices.DeleteFunc(p.entries, func(n int64) bool {
			was := seen[one{p.field, n}]
			seen[one{p.field, n}] = true
			return was
		})
		if len(seen) > mostChosen {
			return nil, false
		}
		if len(p.entries) > 0 {
			parts = append(parts, p)
		}
	}
	return parts, true
}

// erasure reads what was typed. An error is that what was chosen is not, or no longer, there to be removed.
func (s *Site) erasure(l *look, typed url.Values) (x *book.Erasure, seen map[fact.Key]int64, wrong []fieldProblem, err error) {
	x = &book.Erasure{Ground: typed.Get(inputGround), Reason: strings.TrimSpace(typed.Get(inputWhy)), Asked: typed.Get(inputAsked)}
	seen = map[fact.Key]int64{}
	bad := func(field, text string) { wrong = append(wrong, fieldProblem{field, text}) }
	whole := s.Book.View(l.today, -1)
	gone := &trouble{kind: fact.ErrInvalid, text: "What was chosen is not in the record, or is too much for one removal. Go back and choose again."}
	parts, ok := readParts(typed[inputWhat])
	if !ok {
		return nil, nil, nil, gone
	}
	at := map[int64]int{}
	for _, p := range parts {
		for _, n := range p.entries {
			key, h, there := l.seen.Entry(n)
			if !there || h.Op == fact.Erase || !slices.Contains(h.Record.Stated(), p.field) || slices.Contains(unremovable, p.field) {
				return nil, nil, nil, gone
			}
			if err := l.me.Erase(whole, key, h.Proposal); err != nil {
				return nil, nil, nil, err
			}
			if _, state := h.Record.Says(p.field); state != graph.Known {
				return nil, nil, nil, &trouble{kind: errConflict, text: fmt.Sprintf("The %s in entry %d is no longer there: %s. Choose again what is to be removed.", kind.Lower(labelOf(h.Record.Kind(), p.field)), n, kind.Lower(h.Record.Removed(p.field).Words())), links: []link{{"Choose again", l.to(removeAt(key))}}}
			}
			i, ok := at[n]
			if !ok {
				i, x.Of = len(x.Of), append(x.Of, book.Part{Position: n})
				at[n] = i
			}
			x.Of[i].Fields = append(x.Of[i].Fields, p.field)
			seen[key] = l.View.Seen(key)
		}
	}
	slices.SortFunc(x.Of, func(a, b book.Part) int { return int(a.Position - b.Position) })
	if len(x.Of) == 0 {
		bad(inputWhat, "Choose what is to be removed.")
	}
	if _, ok := kind.GroundOf(kind.Erasing, x.Ground); !ok {
		bad(inputGround, "Choose the ground in law.")
	}
	if _, ok := kind.GroundOf(kind.Askers, x.Asked); !ok && x.Asked != "" {
		bad(inputAsked, "Choose who asked for it, or leave it out.")
	}
	if t := strings.TrimSpace(typed.Get(inputAskedOn)); t != "" {
		d, ok := parseDay(t)
		switch {
		case !ok:
			bad(inputAskedOn, "When it was asked for must be a day that exists, like 3 March 2026.")
		case d > l.today:
			bad(inputAskedOn, "When it was asked for must be today or earlier.")
		default:
			x.AskedOn = fact.ExactDate(d)
		}
	}
	switch {
	case x.Reason == "":
		bad(inputWhy, "Enter the reason.")
	case len([]rune(x.Reason)) > maxNote:
		bad(inputWhy, fmt.Sprintf("The reason must be %s characters or fewer.", thousands(maxNote)))
	case len(wrong) == 0:
		if word := s.Book.Repeats(x); word != "" {
			bad(inputWhy, fmt.Sprintf("The reason says “%s”, which stands in what is to be removed. The reason stays in the record: say it without.", word))
		}
	}
	return x, seen, wrong, nil
}

// removeSent takes what was chosen, or looks for words in the whole record.
func (s *Site) removeSent(w http.ResponseWriter, r *http.Request) error {
	l, key, err := s.removing(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	if r.PostForm.Has(buttonFind) {
		var wrong []fieldProblem
		if len([]rune(strings.TrimSpace(r.PostForm.Get(inputWords)))) < 3 {
			wrong = append(wrong, fieldProblem{inputWords, "Enter at least three letters to look for."})
		}
		return s.render(w, l, s.removePage(l, key, r.PostForm, wrong))
	}
	x, seen, wrong, err := s.erasure(l, r.PostForm)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.render(w, l, s.removePage(l, key, r.PostForm, wrong))
	}
	typed := map[string][]string{}
	for _, name := range []string{inputWhat, inputGround, inputWhy, inputAsked, inputAskedOn} { // the words that were looked for are not kept
		typed[name] = r.PostForm[name]
	}
	parts, _ := readParts(r.PostForm[inputWhat])
	typed[inputWhat] = nil
	for _, p := range parts {
		typed[inputWhat] = append(typed[inputWhat], p.value())
	}
	for _, p := range x.Of {
		k, _, _ := l.seen.Entry(p.Position)
		typed[inputOvertaken] = append(typed[inputOvertaken], strconv.FormatInt(seen[k], 10))
	}
	typed[inputOf] = []string{strconv.FormatInt(l.View.History(key)[0].Position, 10)}
	d, err := s.Desk.NewDraft(r.Context(), desk.Draft{Owner: s.whoIs(r), Purpose: toRemove, Record: fact.Key{Kind: key.Kind}, Typed: typed}) // the id of a person would tell who it is
	if errors.Is(err, desk.ErrFull) {
		return full(l)
	}
	if err != nil {
		return err
	}
	redirect(w, r, l.to(removePath+"/"+d.ID), http.StatusSeeOther)
	return nil
}

// removeLastPage shows what will be gone.
type removeLastPage struct {
	Action      string
	Change      link
	Gone        *table
	Ground      []fieldLine
	Stays, Then []string
	Rules       []string
	Left        []link // where the same words stay
	Warning     string
	Version     int64
}

// removeDraft gives the draft of an erasure to its owner, with what it would erase.
func (s *Site) removeDraft(r *http.Request) (l *look, d *desk.Draft, x *book.Erasure, seen map[fact.Key]int64, err error) {
	fail := func(err error) (*look, *desk.Draft, *book.Erasure, map[fact.Key]int64, error) {
		return nil, nil, nil, nil, err
	}
	if l, err = s.look(r); err != nil {
		return fail(err)
	}
	if err := s.readOnly(); err != nil {
		return fail(err)
	}
	l.on, l.known, l.proposal, l.byDay = "", "", "", false
	l.View = l.seen.View(l.today, -1)
	d, err = s.Desk.Draft(r.Context(), r.PathValue("draft"), s.whoIs(r))
	if err == nil && d.Purpose != toRemove {
		err = fact.ErrNotFound
	}
	if errors.Is(err, fact.ErrNotFound) {
		return fail(&trouble{kind: fact.ErrNotFound, text: "There is nothing to be removed at this address. It may have been discarded, or not been touched for 7 days. Nothing in the record was affected.", links: []link{{"Your changes in the making", l.to("/account")}}})
	}
	if err != nil || d.Done != nil {
		return l, d, nil, nil, err
	}
	x, seen, wrong, err := s.erasure(l, url.Values(d.Typed))
	if err != nil {
		return fail(err)
	}
	again := link{"Choose again", l.to(removeAt(s.removeOf(l, d)), "draft", d.ID)}
	for i, p := range x.Of {
		key, _, _ := l.seen.Entry(p.Position)
		if was := d.Typed[inputOvertaken]; len(was) != len(x.Of) || was[i] != strconv.FormatInt(seen[key], 10) {
			return fail(&trouble{kind: errConflict, text: "Something was recorded of " + s.called(l, key) + " after you began. Nothing was removed. Look whether what was recorded says the same, and choose again.", links: []link{again}})
		}
	}
	if len(wrong) > 0 {
		return fail(&trouble{kind: errConflict, text: "This cannot be removed as it was chosen. " + wrong[0].Text, links: []link{again}})
	}
	return l, d, x, seen, nil
}

// removeOf is the record from whose page a removal was begun.
func (s *Site) removeOf(l *look, d *desk.Draft) fact.Key {
	n, _ := strconv.ParseInt(url.Values(d.Typed).Get(inputOf), 10, 64)
	key, _, _ := l.seen.Entry(n)
	return key
}

// removeLook is the last look before an erasure.
func (s *Site) removeLook(w http.ResponseWriter, r *http.Request) error {
	l, d, x, _, err := s.removeDraft(r)
	if err != nil {
		return err
	}
	at := l.to(removePath + "/" + d.ID)
	if d.Done != nil {
		redirect(w, r, at+"/done", http.StatusSeeOther)
		return nil
	}
	g, _ := kind.GroundOf(kind.Erasing, x.Ground)
	body := &removeLastPage{
		Action: at, Change: link{"Change what is removed, or why", l.to(removeAt(s.removeOf(l, d)), "draft", d.ID)}, Version: d.Version,
		Gone:    newTable("What will be gone", "Record", "Field", "What it says", "Entries"),
		Ground:  []fieldLine{{"Ground", text(g.Label + " (" + g.Citation + ")")}, {"Reason", text(x.Reason)}},
		Warning: "This cannot be undone.",
		Stays: []string{
			"That each of these entries was made, when and by whom, for which days, and about which record.",
			"That these fields were stated, and that they are what was signed then: every proof of the record stays valid.",
			"The date, the ground and the reason above, and that you removed it.",
		},
		Then: []string{
			"What anybody has begun and not recorded, or uploaded, in which these words stand is discarded.",
			"Copies that were made before are not reached: backups, exports, downloads, print-outs, and snapshots of the machine. Have them deleted, or have the same removed from them.",
		},
	}
	if a, ok := kind.GroundOf(kind.Askers, x.Asked); ok {
		body.Ground = append(body.Ground, fieldLine{"Asked for by", text(a.Label)})
	}
	if !x.AskedOn.IsZero() {
		body.Ground = append(body.Ground, fieldLine{"Asked for on", text(x.AskedOn.Words())})
	}
	var entries []graph.Version
	erased := map[int64][]string{}
	for _, p := range x.Of {
		_, h, _ := l.seen.Entry(p.Position)
		entries, erased[p.Position] = append(entries, h), p.Fields
	}
	for _, y := range s.sayings(l, entries, func(n int64, field string) bool { return slices.Contains(erased[n], field) }) {
		body.Gone.add([]link{s.linked(l, y.key)}, text(labelOf(l.View.Kinds().Kind(y.key.Kind), y.field)), text(shorten(y.text)), text(capital(entryList(y.entries))))
	}
	body.Rules = s.rulesWithout(l, erased)
	body.Left = s.leftElsewhere(l, x, erased)
	return s.render(w, l, &page{Template: "removelook", Label: "Remove personal data", Heading: "Check before it is removed", Undated: true, Narrow: true, Back: body.Change.URL, Body: body})
}

// leftElsewhere leads to entries that say the same words as what is to go, and were not chosen.
func (s *Site) leftElsewhere(l *look, x *book.Erasure, erased map[int64][]string) (out []link) {
	const most = 20
	seen := map[int64]bool{}
	for _, words := range s.Book.Words(x) {
		if len([]rune(words)) < 5 || len(words) > maxLength { // a word that stands everywhere, or a text that nobody repeats
			continue
		}
		for _, y := range l.View.Saying(words, mostFound) {
			if seen[y.Entry] || len(out) == most || slices.Contains(erased[y.Entry], y.Field) || slices.Contains(unremovable, y.Field) {
				continue
			}
			seen[y.Entry] = true
			at := l.entry(y.Entry)
			at.Text = capital(s.called(l, y.Record)) + ", " + strings.ToLower(labelOf(l.View.Kinds().Kind(y.Record.Kind), y.Field)) + ": " + kind.Lower(at.Text)
			out = append(out, at)
		}
	}
	return out
}

// rulesWithout says which rules would come out otherwise today.
func (s *Site) rulesWithout(l *look, erased map[int64][]string) (out []string) {
	now := s.Pack.Run(l.View)
	then := s.Pack.Run(l.seen.Graph().Without(erased).View(l.View.On(), l.View.Known()))
	outcomes := func(res *rule.Results) map[string][]string {
		m := map[string][]string{}
		for _, x := range res.Rows {
			if w := report.Word(x.Outcome); !slices.Contains(m[x.Rule], w) {
				m[x.Rule] = append(m[x.Rule], w)
			}
		}
		return m
	}
	was, is := outcomes(now), outcomes(then)
	for _, x := range slices.Concat(then.Rows, now.Rows) {
		a, b := was[x.Rule], is[x.Rule]
		slices.Sort(a)
		slices.Sort(b)
		line := x.Title + " (rule " + x.Rule + "): " + kind.Lower(orNothing(b)) + ", and is now " + kind.Lower(orNothing(a))
		if !slices.Equal(a, b) && !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

func orNothing(words []string) string {
	if len(words) == 0 {
		return "not asked"
	}
	return strings.Join(words, " and ")
}

// removeDo removes it.
func (s *Site) removeDo(w http.ResponseWriter, r *http.Request) error {
	l, d, x, seen, err := s.removeDraft(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	if r.PostForm.Has(buttonDiscard) {
		if err := s.Desk.Discard(r.Context(), d.ID, d.Owner); err != nil {
			return err
		}
		redirect(w, r, l.record(s.removeOf(l, d)), http.StatusSeeOther)
		return nil
	}
	done := l.to(removePath + "/" + d.ID + "/done")
	if d.Done != nil {
		redirect(w, r, done, http.StatusSeeOther)
		return nil
	}
	if r.PostForm.Get(inputVersion) != strconv.FormatInt(d.Version, 10) {
		redirect(w, r, l.to(removePath+"/"+d.ID), http.StatusSeeOther)
		return nil
	}
	var scrub error
	words := s.Book.Words(x)
	_, err = s.Desk.Commit(r.Context(), d, func(ctx context.Context, mine desk.Claim) (receipt desk.Receipt, err error) {
		defer func() {
			if err != nil && receipt.Last > 0 { // the record has it, so Commit says nothing of this
				s.Log.Error("something was erased, and the desk still holds words of it; it will be tried again every hour", "error", err)
			}
		}()
		return s.Desk.Erase(ctx, desk.Forget{Words: words, But: d.ID, Choices: ChoiceInputs}, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
			both := func(first, last int64, root fact.Hash) error {
				return errors.Join(claim(first, last, root), mine(first, last, root))
			}
			made, err := s.Book.Do(ctx, d.Owner, book.Change{Erase: x, Seen: seen, Claim: both})
			scrub = made.Scrub
			return desk.Receipt{First: made.First, Last: made.Last}, err
		})
	})
	problems, stale := kind.Problems(nil), (*desk.Stale)(nil)
	switch {
	case errors.As(err, &stale):
		redirect(w, r, done, http.StatusSeeOther)
		return nil
	case errors.Is(err, fact.ErrStale), errors.As(err, &problems):
		return &trouble{kind: errConflict, text: "Somebody changed or removed something of this at the same moment, so nothing was removed by you. Look at it and choose again.", links: []link{{"Choose again", l.to(removeAt(s.removeOf(l, d)), "draft", d.ID)}}}
	case err != nil:
		return err
	}
	s.security(r, "content erased", "by", s.whoIs(r), "entries", len(x.Of), "ground", x.Ground)
	if scrub != nil {
		s.Log.Error("something was erased, and traces of it are still in the write-ahead log because another program is reading the record", "error", scrub)
	}
	redirect(w, r, done, http.StatusSeeOther)
	return nil
}

// ChoiceInputs are the inputs of drafts that hold nothing that anybody typed: names of steps and of fields, and numbers. They are for desk.Forget.
var ChoiceInputs = []string{inputVerb, inputFields, inputPiece, inputDays, inputAnswered, inputVersion, inputSees, inputOf, inputOvertaken, inputKnown}

// removeDonePage says that it is gone.
type removeDonePage struct {
	Lines   []fieldLine
	Entries []link
	Then    []string
	Next    []link
}

// removeDone shows what an erasure left.
func (s *Site) removeDone(w http.ResponseWriter, r *http.Request) error {
	l, d, _, _, err := s.removeDraft(r)
	if err != nil {
		return err
	}
	if d.Done == nil {
		redirect(w, r, l.to(removePath+"/"+d.ID), http.StatusSeeOther)
		return nil
	}
	body := &removeDonePage{
		Then: []string{"Have the same removed from every backup, export and download that was made before, or have it deleted. Whoever runs Plumbline finds how in its manual.", "Tell whoever asked, without delay and within one month, what was removed. Tell those to whom it was passed on as well (UK GDPR Articles 12(3) and 19)."},
		Next: []link{{"All that was ever removed", l.to("/entries", auditAct, "erased")}},
	}
	for n := d.Done.First; n <= d.Done.Last; n++ {
		key, h, ok := l.seen.Entry(n)
		m, is := h.Removal()
		if !ok || !is {
			continue
		}
		if body.Lines == nil {
			body.Lines = []fieldLine{{"Removed", text(report.Clock(h.Recorded))}, {"Ground and reason", text(report.Removal(h))}}
			body.Next = append([]link{s.linked(l, key)}, body.Next...)
		}
		from := l.entry(m.Of)
		from.Text += ", said so in " + strings.ToLower(l.entry(n).Text)
		body.Entries = append(body.Entries, from)
	}
	return s.render(w, l, &page{Template: "removedone", Label: "Remove personal data", Heading: "It is removed", Undated: true, Narrow: true, Body: body})
}
