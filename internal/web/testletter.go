package web

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/assure"
	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// The pages of the letter.
const (
	partLetter  = "letter"
	partIssue   = "issue"
	partSendOut = "send-out"
)

// testLetter are the pages of the letter: what it says, its paragraphs, how it goes out for factual accuracy, and its issue.
var testLetter []testPage

func init() { // the pages lead to each other by this table
	testLetter = []testPage{
		{part: partLetter, label: "Letter", show: (*tested).letterPage, send: (*tested).saveParagraph, act: access.Assess},
		{part: partSendOut, show: (*tested).sendOutPage, send: (*tested).sendOut, act: access.Assess, work: true},
		{part: partIssue, show: (*tested).issuePage, send: (*tested).issue, act: access.Assess, work: true},
	}
}

// Inputs of the forms.
const (
	inputParagraph = "text"
	inputFootnotes = "footnotes"
	inputSignedAs  = "signed_as"
	inputAttest    = "attest"
	inputDespiteIt = "despite"
	inputAnnex     = "annex"
	inputEdition   = "edition"
)

// What these may hold, in characters.
const (
	maxParagraph = 20_000
	maxSignature = 200
)

// letterBody is a letter as a page, with what is to be known of it.
type letterBody struct {
	Inset      [][]link
	Lines      []fieldLine
	Made       []fieldLine // how it was made, and how anybody can check it
	Empty      []link
	Letterhead *report.Letterhead
	Subject    string
	Document   *documentPage
}

// letterForm is a form about the letter.
type letterForm struct {
	Lead    []string
	Lists   []letterList
	Quote   []string
	Warning template.HTML
	Action  string
	Hidden  []hidden
	Fields  template.HTML
	Button  string
	Grave   bool
	Back    *link
}

type letterList struct {
	Heading string
	Items   [][]link
}

// writes reports whether the reader may write in the test here.
func (t *tested) writes() bool { return t.may(access.Assess) }

// letter is the letter as the record gives it on the day looked at.
func (t *tested) letter() report.AssuranceLetter {
	return report.LetterOf(t.s.Pack, t.l.View, t.key, t.s.Book.Root())
}

// issued is the letter that was issued last, or nil.
func (t *tested) issued() *graph.Record {
	if all := report.LettersOf(t.l.View, t.key, forIssue); len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

// letterPage shows the letter: as it was issued, with what the record no longer supports, or as it stands; or one of its paragraphs, to be worded; or another letter that went out.
func (t *tested) letterPage(r *http.Request) (*page, error) {
	if t.of != "" {
		if n, err := strconv.Atoi(t.of); err == nil {
			return t.paragraphPage(r, n, &sent{r: r})
		}
		rec := t.l.View.Record(fact.Key{Kind: letterKind, ID: fact.ID(t.of)})
		if rec == nil || !slices.ContainsFunc(rec.RefKeys("test"), func(k fact.Key) bool { return k == t.key }) {
			return nil, &trouble{kind: fact.ErrNotFound, text: "There is no such letter of this test.", links: []link{{"The letter", t.part(partLetter, "")}}}
		}
		return t.sentPage(r, rec)
	}
	if rec := t.issued(); rec != nil {
		return t.sentPage(r, rec)
	}
	if !t.reads() || t.l.public() {
		body := &letterBody{Empty: text("The letter is not issued yet. Until then only its adviser reads it.")}
		for _, rec := range report.LettersOf(t.l.View, t.key, forAccuracy) {
			body.Empty = append(body.Empty, link{t.s.title(rec), t.part(partLetter, string(rec.Key().ID))})
		}
		return t.page("letter", "Letter", partLetter, body), nil
	}
	return t.draftPage(), nil
}

// draftPage shows the letter as it stands.
func (t *tested) draftPage() *page {
	x := t.letter()
	d := x.Document(false)
	d.Mark = "Draft. Not issued."
	body := &letterBody{Letterhead: d.Letterhead, Subject: d.Title, Inset: [][]link{text("This is a draft, made from the record as it is looked at. It is not issued.")}}
	page := t.page("letter", "Letter", partLetter, body)
	page.Narrow = true
	if d := t.record.Date("reported_on"); !d.IsZero() {
		body.Inset = [][]link{text("This is the letter as the record gives it. It is recorded that the test was reported " + d.Words() + "; no letter was issued from here.")}
	}
	for _, rec := range report.LettersOf(t.l.View, t.key, forAccuracy) {
		body.Inset = append(body.Inset, []link{{Text: "For factual accuracy it went out as"}, {t.s.title(rec), t.part(partLetter, string(rec.Key().ID))}})
	}
	body.Document = citedDocument(t.l, d, func(c report.Cited) (*link, [][]link) {
		if !t.writes() || isRecommendation(c) {
			return nil, nil
		}
		return &link{fmt.Sprintf("Change the words of paragraph %d", c.Number), t.part(partLetter, strconv.Itoa(c.Number))}, nil
	})
	body.Document.Lead = nil
	if t.writes() {
		page.Actions = append(page.Actions, action{link{"Sign and issue", t.part(partIssue, "")}, true}, action{link{"Send it for factual accuracy", t.part(partSendOut, "")}, false})
	}
	page.Actions = append(page.Actions, action{link{"Download for Word", t.l.ended("docx")}, false})
	page.FileName = fileName("draft-letter-" + t.l.View.On().String())
	page.Files = []file{t.s.wordOf(t.l, func() report.Document { return d }), {"html", "Page to keep", "text/html; charset=utf-8", func(w io.Writer) error { return exchange.HTML(w, d) }},
		{"txt", "Text", "text/plain; charset=utf-8", func(w io.Writer) error { return exchange.Text(w, d, 100) }}, jsonOf(func() any { return x })}
	return page
}

func isRecommendation(c report.Cited) bool {
	return len(c.About) > 0 && c.About[0].Kind == "recommendation"
}

// sentPage shows a letter that went out, from its stored bytes.
func (t *tested) sentPage(r *http.Request, rec *graph.Record) (*page, error) {
	x, err := t.sentLetter(r.Context(), rec)
	if err != nil {
		return nil, err
	}
	body := &letterBody{Letterhead: x.text.Letterhead, Subject: x.text.Title}
	page := t.page("letter", t.s.title(rec), partLetter, body)
	page.Narrow, page.Files, page.FileName = true, x.files(), x.name()
	newest := t.issued()
	current := newest != nil && newest.Key() == rec.Key()
	switch {
	case x.Accuracy:
		body.Inset = append(body.Inset, text("This draft went out so that the council can say what is wrong in it as a matter of fact. It is not issued, and does not change."))
		if !x.By.IsZero() {
			body.Inset = append(body.Inset, text("Points by "+x.By.Words()+"."))
		}
		if _, ok := testPageOf("accuracy"); ok && !t.l.public() {
			body.Inset = append(body.Inset, []link{{"Points and answers", t.part("accuracy", "")}})
		}
	case current:
		body.Inset = append(body.Inset, text("This is the letter as issued on "+x.Dated.Words()+". It does not change."))
	default:
		body.Inset = append(body.Inset, []link{{Text: "This is the letter as issued on " + x.Dated.Words() + "."}, {"Another has replaced it", t.part(partLetter, "")}})
	}
	switch x.origin {
	case letterKept:
	case letterEqual:
		body.Inset = append(body.Inset, text("Its files were not here. It was made again from the record, and is the same to the byte: its fingerprints are those that were recorded."))
	case letterOther:
		body.Inset = append(body.Inset, text("Its files are not here any more, so it was made again from the record, and is not the same to the byte."), t.whyOther(rec))
	}
	if earlier := rec.Ref("replaces"); earlier != nil && !t.l.public() {
		body.Inset = append(body.Inset, []link{{Text: "It replaces"}, {t.s.title(earlier), t.part(partLetter, string(earlier.Key().ID))}})
	}
	marks := func(report.Cited) (*link, [][]link) { return nil, nil }
	if current && t.of == "" && !t.l.public() {
		marks = t.marks(x, body)
	}
	body.Document = citedDocument(t.l, x.signed(), marks)
	body.Document.Lead = x.text.Lead
	body.Lines, body.Made = t.letterLines(x)
	page.Actions = append(page.Actions, action{link{"Download for Word", t.l.ended("docx")}, true})
	if current && t.writes() {
		page.Actions = append(page.Actions, action{link{"Issue another edition", t.part(partIssue, "")}, false})
	}
	return page, nil
}

// whyOther says why a letter that is made again is not what went out, as far as its reader can know.
func (t *tested) whyOther(letter *graph.Record) []link {
	removed := report.RemovedFrom(t.s.Pack, t.l.seen.View(t.l.today, -1), letter)
	if says := report.RemovedWords(removed); says != "" {
		line := text(says + " Where they stood, it says so or says what the record has in their place.")
		if !t.l.public() {
			for _, m := range removed[:min(len(removed), maxRemovals)] {
				line = append(line, t.l.entry(m.Entry))
			}
		}
		return line
	}
	if was := letter.Text("program"); was != t.s.Version || letter.Text("pack") != t.s.Pack.Digest {
		return text(strings.TrimSpace(product+" "+was) + " made it, and this is another version of the program or of the law that it has, which can word the same record otherwise.")
	}
	return text("Something from which it was made may have been erased: where that is so, it is said in its place.")
}

// maxRemovals is to how many removals of what a letter was made of its page leads.
const maxRemovals = 10

// letterLines say who signed a letter, how it was made and how anybody can check it.
func (t *tested) letterLines(x *sentLetter) (signed, out []fieldLine) {
	rec := x.record
	add := func(label string, lines ...link) {
		if len(lines) > 0 && lines[0].Text != "" {
			out = append(out, fieldLine{label, lines})
		}
	}
	if x.SignedAs != "" {
		add("Signed as", link{Text: x.SignedAs + ", " + x.SignedAt})
	}
	add("What was attested", link{Text: rec.Text("attestation")})
	signed, out = out, nil
	add("Made by", link{Text: strings.TrimSpace(product + " " + rec.Text("program"))})
	position, _ := rec.Number("position")
	add("From the record", link{Text: fmt.Sprintf("as on %s, up to entry %d", rec.Date("looked_at").Words(), int64(position))})
	add("Fingerprint of that record", link{Text: rec.Text("root")})
	add("Fingerprint of the law", link{Text: rec.Text("pack")})
	add("Fingerprint of the text", link{Text: rec.Text("document")})
	add("Fingerprint of the Word file", link{Text: rec.Text("word")})
	add("Fingerprint of the page to keep", link{Text: rec.Text("page")})
	if !t.l.public() {
		add("To check it", link{Text: "Make the fingerprint (SHA-256) of a file that you downloaded, and compare it with the one here. This entry is in the signed record:"}, link{"how to verify it", t.l.to("/verify")})
	}
	return signed, out
}

// paragraphPage asks for the words of a paragraph.
func (t *tested) paragraphPage(r *http.Request, n int, f *sent) (*page, error) {
	q := t.paragraph(n)
	if q == nil || !t.writes() {
		return nil, &trouble{kind: fact.ErrNotFound, text: "There is no such paragraph to be changed here.", links: []link{{"The letter", t.part(partLetter, "")}}}
	}
	body := &letterForm{Lead: []string{"What you write here stands in the place of the paragraph. It keeps its number, and what it rests on."}, Action: t.part(partLetter, strconv.Itoa(n)), Button: "Save the paragraph", Back: &link{"Go back", t.part(partLetter, "")}}
	if q.Own != (fact.Key{}) {
		body.Lead = append(body.Lead, "To have the words of the record again, leave the text empty.")
	}
	page := t.page("letterform", fmt.Sprintf("Paragraph %d", n), partLetter, body)
	page.Undated = true
	page.Back = t.part(partLetter, "")
	typed := f.typed
	if typed == nil {
		typed = kind.Typed{inputParagraph: {q.Text}, inputFootnotes: {strings.Join(q.Notes, "\n")}}
	}
	a := &asked{typed: typed, faults: f.faults}
	words, _ := a.wrong(inputParagraph)
	notes, _ := a.wrong(inputFootnotes)
	body.Fields = govuk.Textarea{Name: inputParagraph, ID: inputParagraph, Rows: 12, Value: a.value(inputParagraph), ErrorMessage: words, Label: govuk.Label{Text: "Words of the paragraph", Classes: medium}}.Render() +
		govuk.Textarea{Name: inputFootnotes, ID: inputFootnotes, Rows: 3, Value: a.value(inputFootnotes), ErrorMessage: notes, Label: govuk.Label{Text: "Footnotes (optional)", Classes: medium}, Hint: govuk.Hint{Text: "One on a line."}}.Render()
	return page, nil
}

// paragraph gives a paragraph of the letter by its number, or nil.
func (t *tested) paragraph(n int) *report.LetterParagraph {
	x := t.letter()
	at := slices.IndexFunc(x.Paragraphs, func(q report.LetterParagraph) bool { return q.Number == n })
	if at < 0 {
		return nil
	}
	return &x.Paragraphs[at]
}

// saveParagraph puts the words of a paragraph into the record.
func (t *tested) saveParagraph(f *sent) error {
	n, err := strconv.Atoi(t.of)
	q := t.paragraph(n)
	if err != nil || q == nil {
		return &trouble{kind: fact.ErrNotFound, text: "There is no such paragraph.", links: []link{{"The letter", t.part(partLetter, "")}}}
	}
	for _, input := range []string{inputParagraph, inputFootnotes} {
		if len([]rune(f.text(input))) > maxParagraph {
			f.fault(input, fmt.Sprintf("It must be %s characters or fewer", thousands(maxParagraph)))
		}
	}
	if f.text(inputParagraph) == "" && q.Own == (fact.Key{}) {
		f.fault(inputParagraph, "Enter the words of the paragraph")
	}
	if len(f.faults) > 0 {
		page, err := t.paragraphPage(f.r, n, f)
		return t.again(f, page, err)
	}
	k := t.l.View.Kinds().Kind("paragraph")
	key := q.Own
	if key == (fact.Key{}) {
		key = fact.Key{Kind: k.Name, ID: fact.ID(fmt.Sprintf("%s-paragraph-%d", t.key.ID, n))}
		for i := 2; len(t.l.View.History(key)) > 0; i++ {
			key.ID = fact.ID(fmt.Sprintf("%s-paragraph-%d-%d", t.key.ID, n, i))
		}
	}
	value := func(field, json string) kind.Value { return kind.Value{Field: k.Field(field), JSON: json} }
	said := func(input string) string { // nothing is no value
		if s := f.text(input); s != "" {
			return kind.Quote(s)
		}
		return ""
	}
	set := []kind.Value{value("text", said(inputParagraph)), value("footnotes", said(inputFootnotes))}
	change := book.Change{Seen: map[fact.Key]int64{key: t.l.View.Seen(key)}}
	if t.l.View.Record(key) != nil {
		edit, problems := t.l.View.Correct(key, fact.Date{}, fact.Date{}, set, "", "")
		if problems != nil {
			return problems
		}
		change.Docs = edit.Docs
	} else {
		doc := kind.Doc{Op: fact.Assert, Kind: k, ID: key.ID, Values: []kind.Value{value("test", kind.Quote(string(t.key.ID))), value("number", strconv.Itoa(n)), value("part", kind.Quote(string(q.Part)))}}
		if q.Theme != "" {
			doc.Values = append(doc.Values, value("theme", kind.Quote(q.Theme)))
		}
		doc.Values = append(doc.Values, refsOf(k.Field("findings"), q.Findings)...)
		doc.Values = append(doc.Values, refsOf(k.Field("about"), q.About)...)
		for _, v := range set {
			if v.JSON != "" {
				doc.Values = append(doc.Values, v)
			}
		}
		change.Docs = []kind.Doc{doc}
	}
	return t.put(f, change, t.part(partLetter, ""))
}

// refsOf states some records in a field, or nothing where there are none.
func refsOf(f *kind.Field, keys []fact.Key) []kind.Value {
	if len(keys) == 0 {
		return nil
	}
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = kind.Quote(string(k.ID))
		if f.Mixed() {
			all[i] = kind.Quote(k.String())
		}
	}
	return []kind.Value{{Field: f, JSON: "[" + strings.Join(all, ",") + "]"}}
}

// sendOutPage asks until when points are taken, and says what sending it out means.
func (t *tested) sendOutPage(r *http.Request) (*page, error) { return t.asksSendOut(&sent{r: r}) }

// sendOutForm is the question until when points are taken.
func (t *tested) sendOutForm() *kind.Form {
	k := t.l.View.Kinds().Kind(letterKind)
	by := *k.Field("answers_by")
	by.Label, by.Required, by.Hint = "Last day for points", true, "The council can say until then what is wrong as a matter of fact."
	return t.s.formOf(t.l, k, []*kind.Field{&by}, nil)
}

func (t *tested) asksSendOut(f *sent) (*page, error) {
	if !t.writes() {
		return t.onlyAdviser("Send the draft for factual accuracy"), nil
	}
	body := &letterForm{Action: t.part(partSendOut, ""), Button: "Send the draft", Back: &link{"Go back", t.part(partLetter, "")}, Lead: []string{
		"The draft is kept as it is now, with the fingerprints of its files. Those who set up tests of assurance can read it, and say what is wrong in it as a matter of fact. Nobody else reads it.",
		"The test is not reported by this. You can change the letter afterwards, and send it again.",
	}}
	page := t.page("letterform", "Send the draft for factual accuracy", partLetter, body)
	page.Undated = true
	page.Back = t.part(partLetter, "")
	a := &asked{t.l, t.sendOutForm(), f.typed, f.faults}
	body.Fields = a.controls()
	return page, nil
}

// onlyAdviser says to whoever reads the test and does not write in it, or looks at another day, that nothing goes out from here.
func (t *tested) onlyAdviser(heading string) *page {
	page := t.page("letterform", heading, partLetter, &letterForm{Lead: []string{"Only the adviser of the test does this, looking at the record as it is today."}})
	page.Back = t.part(partLetter, "")
	return page
}

// sendOut lets the letter go out for factual accuracy.
func (t *tested) sendOut(f *sent) error {
	values, faults := t.sendOutForm().Read(f.typed)
	f.faults = append(f.faults, faults...)
	i := report.LetterIssue{Dated: fact.ExactDate(t.l.today), Accuracy: true}
	for _, v := range values {
		i.By, _ = fact.ParseDate((&kind.Doc{Values: []kind.Value{v}}).Text("answers_by"))
	}
	if by, exact := i.By.Exact(); !i.By.IsZero() && (!exact || by < t.l.today) {
		f.fault("answers_by", "The last day for points must be today or later, with a day, a month and a year")
	}
	if len(f.faults) > 0 {
		page, err := t.asksSendOut(f)
		return t.again(f, page, err)
	}
	return t.sendLetter(f, i, nil)
}

// attestation is what whoever signs a letter says that they stand for.
const attestation = "I carried out this test independently of those whose structure it is about. The letter gives what I found, and I found it by the evidence that it names. It is mine, and nobody made me change a finding."

// issuePage shows what stands against issuing the letter, what it means, and asks for a signature.
func (t *tested) issuePage(r *http.Request) (*page, error) { return t.asksIssue(&sent{r: r}) }

func (t *tested) asksIssue(f *sent) (*page, error) {
	if !t.writes() {
		return t.onlyAdviser("Sign and issue the letter"), nil
	}
	body := &letterForm{}
	page := t.page("letterform", "Sign and issue the letter", partLetter, body)
	page.Undated = true
	page.Back = t.part(partLetter, "")
	hard, warnings := t.blockers()
	if len(hard) > 0 {
		body.Lists = append(body.Lists, letterList{"What has to be done first", hard})
		body.Lead = []string{"The letter cannot be issued yet."}
	}
	if len(warnings) > 0 {
		body.Lists = append(body.Lists, letterList{"What you should know", warnings})
	}
	if len(hard) > 0 {
		return page, nil
	}
	before := report.LettersOf(t.l.View, t.key, forIssue)
	who := "Everybody who may see the test can read it from then on, with its findings, judgements and recommendations."
	if n := len(before); n > 0 {
		body.Lead = append(body.Lead, "A letter of this test was issued on "+before[n-1].Date("dated").Words()+". This edition replaces it, and says so; the one before stays readable.")
	}
	body.Lists = append(body.Lists, letterList{"What happens when you issue it", [][]link{
		text("The letter is dated today, " + t.l.today.Words() + ", and kept with the fingerprints of its text, its page and its Word file."),
		text(who),
		text("The test counts as reported today."),
		text("It cannot be taken back and does not change. If something in it turns out to be wrong, you issue another edition that replaces it."),
	}})
	body.Quote = []string{attestation}
	body.Warning = govuk.WarningText{Text: "You cannot undo this."}.Render()
	a := &asked{typed: f.typed, faults: f.faults}
	signed, _ := a.wrong(inputSignedAs)
	attest, _ := a.wrong(inputAttest)
	body.Fields = govuk.Checkboxes{Name: inputAnnex, IDPrefix: inputAnnex, Values: a.typed[inputAnnex], Items: []govuk.Checkbox{{Text: "List behind the letter what it rests on", Value: "yes", Hint: govuk.Hint{Text: "Evidence that may be attributed by its title, other evidence by its kind, and those whom you met by their role."}}}}.Render()
	if len(warnings) > 0 {
		despite, _ := a.wrong(inputDespiteIt)
		body.Fields += govuk.Checkboxes{Name: inputDespiteIt, IDPrefix: inputDespiteIt, Values: a.typed[inputDespiteIt], ErrorMessage: despite, Items: []govuk.Checkbox{{Text: "I have read what I should know, and issue the letter all the same", Value: "yes"}}}.Render()
	}
	body.Fields += govuk.Checkboxes{Name: inputAttest, IDPrefix: inputAttest, Values: a.typed[inputAttest], ErrorMessage: attest, Items: []govuk.Checkbox{{Text: "I attest this", Value: "yes"}}}.Render() +
		govuk.Input{Name: inputSignedAs, ID: inputSignedAs, Value: a.value(inputSignedAs), ErrorMessage: signed, Label: govuk.Label{Text: "Your name and office", Classes: medium}, Hint: govuk.Hint{Text: "It stands in place of a signature."}}.Render()
	body.Action, body.Button, body.Grave, body.Back = t.part(partIssue, ""), "Issue the letter", true, &link{"Go back", t.part(partLetter, "")}
	body.Hidden = []hidden{{inputEdition, strconv.Itoa(len(before) + 1)}}
	return page, nil
}

// blockers lists what stands against issuing the letter: what has to be done first, and what is only to be known. Each leads to where it is done, where there is a page for it.
func (t *tested) blockers() (hard, warnings [][]link) {
	for _, b := range t.letter().Blockers() {
		line := text(b.Text)
		if _, ok := testPageOf(b.Part); ok && b.Part != partLetter && (t.framework != nil || b.Of == "") { // without a framework it has no theme and no criterion
			line = append(line, link{"Go to it", t.part(b.Part, b.Of)})
		} else if b.About != (fact.Key{}) {
			line = append(line, link{"Go to it", t.l.record(b.About)})
		}
		if b.Warning {
			warnings = append(warnings, line)
		} else {
			hard = append(hard, line)
		}
	}
	return hard, warnings
}

// issue issues the letter.
func (t *tested) issue(f *sent) error {
	before := report.LettersOf(t.l.View, t.key, forIssue)
	if n := len(before); f.text(inputEdition) != strconv.Itoa(n+1) {
		says := "This form is of another edition of the letter. Look at the letter, and begin again."
		if n > 0 {
			says = "The letter is issued already, on " + before[n-1].Date("dated").Words() + ". Nothing was issued again."
		}
		return &trouble{kind: errConflict, text: says, links: []link{{"The letter", t.part(partLetter, "")}}}
	}
	hard, warnings := t.blockers()
	if len(hard) == 0 {
		if len(warnings) > 0 && f.text(inputDespiteIt) != "yes" {
			f.fault(inputDespiteIt, "Tick the box if you have read what you should know")
		}
		if f.text(inputAttest) != "yes" {
			f.fault(inputAttest, "Tick the box if you attest this")
		}
		switch name := f.line(inputSignedAs); {
		case name == "":
			f.fault(inputSignedAs, "Enter your name and office")
		case len([]rune(name)) > maxSignature:
			f.fault(inputSignedAs, fmt.Sprintf("It must be %d characters or fewer", maxSignature))
		}
	}
	if len(hard)+len(f.faults) > 0 {
		page, err := t.asksIssue(f)
		if err == nil && len(hard) > 0 {
			page.Status, page.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem", Text: "The letter cannot be issued yet. What has to be done first is below."}
		}
		return t.again(f, page, err)
	}
	i := report.LetterIssue{Dated: fact.ExactDate(t.l.today), Annex: f.text(inputAnnex) == "yes", SignedAs: f.line(inputSignedAs), SignedAt: report.Clock(t.s.Now())}
	if n := len(before); n > 0 {
		i.Replaces = before[n-1].Date("dated").Words()
	}
	return t.sendLetter(f, i, func(d *kind.Doc) {
		d.Values = append(d.Values, kind.Value{Field: d.Kind.Field("attestation"), JSON: kind.Quote(attestation)})
	})
}

// marks gives, for each paragraph of the letter that is issued, why the record as it is looked at no longer supports it, and says above how many there are.
func (t *tested) marks(x *sentLetter, body *letterBody) func(report.Cited) (*link, [][]link) {
	on, _ := x.record.Date("looked_at").Exact()
	position, _ := x.record.Number("position")
	now := t.l.View.With("")
	support := assure.NewSupport(t.s.Pack, t.l.View.At(on).With("").Earlier(int64(position)), t.s.assessing(t.l)(assure.TestedNow(now, t.record)), t.key)
	lost := func(c report.Cited) []assure.Reason { return support.Lost(c.About, c.Text) }
	n := 0
	citedIn(x.text, func(c report.Cited) {
		if len(lost(c)) > 0 {
			n++
		}
	})
	says := "The record as it is looked at, on " + now.On().Words() + ", supports every paragraph of it as far as it can be compared."
	if n > 0 {
		says = capital(count(n, "paragraph is marked", "paragraphs are marked")) + ": the record as it is looked at, on " + now.On().Words() + ", no longer supports what it rests on. The letter stays as it was issued."
	}
	body.Inset = append(body.Inset, text(says))
	return func(c report.Cited) (*link, [][]link) {
		var out [][]link
		for _, r := range lost(c) {
			line := text(sentence(r.What))
			if r.Entry != 0 {
				line = append(line, t.l.entry(r.Entry))
			}
			out = append(out, line)
		}
		return nil, out
	}
}

// citedIn goes through the paragraphs of a document that people cite.
func citedIn(d report.Document, each func(report.Cited)) {
	var blocks func(all []report.Block)
	blocks = func(all []report.Block) {
		for _, b := range all {
			switch b := b.(type) {
			case report.Cited:
				each(b)
			case report.Subsection:
				blocks(b.Blocks)
			}
		}
	}
	for _, s := range d.Sections {
		blocks(s.Blocks)
	}
}
