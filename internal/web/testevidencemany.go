package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/kind"
)

// Many pieces of evidence come as a spreadsheet. It is kept for whoever sent it, as a file is that came with a form which was wrong, and its fingerprint is in the address: what it would record is worked out anew whenever it is looked at.

// manyNew stands in an address for pieces that are not recorded yet.
const manyNew = "many"

// maxMany is how many pieces are taken at a time.
const maxMany = 500

const inputNext = "next" // the first reference that is given, as it was shown

// manyFields are the columns of a spreadsheet of evidence. What somebody said is made evidence from the interview.
var manyFields = slices.DeleteFunc(slices.Clone(evidenceFields), func(w wanted) bool { return w.name == "interview" })

// manyKind is evidence as a spreadsheet gives it: under the headings of the form, or of the record.
func (t *tested) manyKind() *kind.Kind {
	whole := t.l.View.Kinds().Kind(evidenceKind)
	fields := asks(whole, manyFields...)
	for _, f := range fields {
		f.Also = append(slices.Clone(f.Also), whole.Field(f.Name).Label)
		if t.framework != nil && f.Codes == "theme" {
			f.Choices = codesOf(t.framework.Themes)
		}
		if t.framework != nil && f.Codes == "criterion" {
			f.Choices = codesOf(t.framework.Criteria)
		}
	}
	return whole.Narrowed(fields)
}

// many is what a spreadsheet of evidence would record, or what is wrong with it.
type many struct {
	*exchange.Plan
	keptUpload
	next string // the first reference that is given to a piece without one
}

// manyOf reads a spreadsheet that is kept.
func (t *tested) manyOf(f *sent, name string, kept desk.Kept, content []byte) (*many, error) {
	m := &many{keptUpload: keptUpload{kept, name}}
	m.Plan = exchange.Add(name, content, t.l.View, t.s.Pack, t.manyKind(), maxMany, func(sheet string, row int) fact.ID {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%d", t.key, kept.Fingerprint, sheet, row))
		return fact.ID("e-" + hex.EncodeToString(sum[:8]))
	})
	if m.Layer != exchange.Ready {
		return m, nil
	}
	t.complete(m)
	if m.Layer != exchange.Ready || len(m.Docs) == 0 {
		return m, nil
	}
	_, err := t.s.Book.Check(t.s.whoIs(f.r), book.Change{Docs: m.Docs})
	if problems := kind.Problems(nil); errors.As(err, &problems) {
		m.Layer, m.Problems, m.Wrong = exchange.WrongRows, m.Said(problems), len(problems)
		return m, nil
	}
	return m, err
}

// complete gives each piece its test, and a reference where it has none, and finds what is wrong with it in this test.
func (t *tested) complete(m *many) {
	k, asked := t.l.View.Kinds().Kind(evidenceKind), t.manyKind()
	has := map[string]string{} // who has a reference, in words
	for _, e := range t.evidence() {
		has[e.Text("reference")] = e.called(t.s)
	}
	wrong := func(d kind.Doc, field, there, wrong, do string) {
		m.Problems = append(m.Problems, exchange.Problem{Row: d.Place.Line, Column: asked.Field(field).Label, There: there, Wrong: wrong, Do: do})
	}
	number, _ := strconv.Atoi(t.nextReference()[1:])
	for _, d := range m.Docs {
		given := d.Text("reference")
		if given == "" {
			continue
		}
		if other, taken := has[given]; taken {
			wrong(d, "reference", given, "Another piece has this reference: "+other, "Leave the cell empty to have the next one given")
		}
		has[given] = "row " + strconv.Itoa(d.Place.Line)
		if own := ownReference.FindStringSubmatch(given); own != nil {
			n, _ := strconv.Atoi(own[1])
			number = max(number, n+1)
		}
	}
	m.next = "E" + strconv.Itoa(number)
	for i := range m.Docs {
		d := &m.Docs[i]
		for _, field := range []string{"themes", "criteria"} {
			for _, code := range d.Texts(field) {
				if t.framework != nil && !slices.Contains(asked.Field(field).Choices, code) {
					wrong(*d, field, code, "The framework of this test has none of that name", "Write it as the template has it")
				}
			}
		}
		d.Values = append(d.Values, kind.Value{Field: k.Field("test"), JSON: kind.Quote(string(t.key.ID)), Place: d.Place})
		if d.Text("reference") == "" {
			d.Values = append(d.Values, kind.Value{Field: k.Field("reference"), JSON: kind.Quote("E" + strconv.Itoa(number)), Place: d.Place})
			number++
		}
	}
	if m.Wrong = len(m.Problems); m.Wrong > 0 {
		m.Layer = exchange.WrongRows
		m.Problems = m.Problems[:min(m.Wrong, kind.Shown)]
	}
}

// manyPage takes a spreadsheet, or shows what the one that is kept would record. problem is what is wrong with what was sent.
func (t *tested) manyPage(r *http.Request, wrong *problem) (*page, error) {
	if err := t.mayWrite(); err != nil {
		return nil, err
	}
	body := &workPage{After: []link{{"Back to the evidence", t.part(partEvidence, "")}}}
	out := t.page("work", "Add many pieces of evidence", partEvidence, body)
	out.Problem = wrong
	f := &sent{r: r}
	m, err := t.heldMany(f, r.URL.Query().Get(inputKept), r.URL.Query().Get(inputKeptName))
	if err != nil {
		return nil, err
	}
	if m == nil && r.URL.Query().Get(inputKept) != "" && wrong == nil {
		out.Problem = &problem{Title: "There is a problem", Fields: []link{{notHeld, "#" + inputFile}}}
	}
	if m != nil && m.Layer == exchange.Ready {
		t.previewMany(out, body, m)
		return out, nil
	}
	body.Lead = []string{
		"Fill in a spreadsheet, one row for each piece, and send it. You see what would be recorded before anything is.",
		fmt.Sprintf("A spreadsheet (.xlsx) or CSV, smaller than %dMB, with at most %d pieces. Themes and criteria are written by their names, with semicolons between them. Files are added afterwards, on the page of each piece.", exchange.MaxFile>>20, maxMany),
	}
	body.Lines = []fieldLine{{"Template", []link{{"Template to fill in (Excel)", t.part(partTemplate, "")}}}}
	if m != nil {
		body.Tables = []*table{problemTable(m.Problems, "What needs fixing in "+m.name)}
		what := count(m.Wrong, "problem", "problems") + " in the file. " + notChanged
		if m.Wrong > len(m.Problems) {
			what += " The first " + strconv.Itoa(len(m.Problems)) + " are shown."
		}
		out.Problem = cmp.Or(out.Problem, &problem{Title: "There is a problem", Text: capital(what)})
	}
	message := ""
	if out.Problem != nil && len(out.Problem.Fields) > 0 {
		message = out.Problem.Fields[0].Text
	}
	upload := govuk.FileUpload{
		Name: inputFile, ID: inputFile, Label: govuk.Label{Text: "Upload a spreadsheet", Classes: medium}, ErrorMessage: govuk.ErrorMessage{Text: message}, Attributes: govuk.Attributes{"accept": ".xlsx,.csv"},
	}
	if m != nil {
		upload.Label.Text = "Upload the spreadsheet again, put right"
	}
	body.Form = &workForm{Action: t.part(partEvidence, manyNew), Files: true, Fields: upload.Render(), Button: "Look at what it would record"}
	return out, nil
}

const notHeld = "The spreadsheet that was sent is not here any more, or was not sent by you. Select it again"

// heldMany reads the spreadsheet that is kept for the reader under a fingerprint, or gives nil where none is.
func (t *tested) heldMany(f *sent, fingerprint, name string) (*many, error) {
	if fingerprint == "" {
		return nil, nil
	}
	kept, content, err := t.s.Desk.HeldFile(f.r.Context(), t.waiting(f), fingerprint)
	if errors.Is(err, fact.ErrNotFound) || errors.Is(err, fact.ErrCorrupt) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return t.manyOf(f, cmp.Or(uploadName(name), "Spreadsheet"), kept, content)
}

// previewMany shows what a spreadsheet would record.
func (t *tested) previewMany(out *page, body *workPage, m *many) {
	same := map[string]string{}
	for _, e := range t.evidence() {
		same[e.Text("title")] = e.called(t.s)
	}
	if n := m.Count[exchange.Same]; n > 0 {
		body.Lead = append(body.Lead, capital(count(n, "row was", "rows were"))+" recorded from this file already, and "+map[bool]string{true: "is", false: "are"}[n == 1]+" left as recorded.")
	}
	var unread []string
	for _, s := range m.Sheets {
		if s.Kind != nil {
			unread = append(unread, s.Unread()...)
		}
	}
	if len(unread) > 0 {
		body.Lead = append(body.Lead, "Not read, because no field of evidence is called so: "+and(unread)+".")
	}
	if len(m.Docs) == 0 {
		body.Lead = append(body.Lead, "Nothing would be recorded: all that the file says is recorded already.")
		return
	}
	rows := newTable("What "+m.name+" would record", "Evidence", "Row", "Kind", "Date", "Received", "Given by", "Themes")
	docs, pager := paged(t.l, t.l.other.Get(fieldPage), m.Docs)
	for _, d := range docs {
		show := func(field string) []link {
			if d.Text(field) == "" && !slices.ContainsFunc(d.Values, func(v kind.Value) bool { return v.Field.Name == field }) {
				return nil
			}
			return text(t.s.sayValue(t.l, d.Kind.Field(field), d.Values))
		}
		name := []link{{Text: d.Text("reference") + " " + d.Text("title")}}
		if other := same[d.Text("title")]; other != "" {
			name = append(name, link{Text: "There is a piece of this title: " + other})
		}
		rows.add(name, text(strconv.Itoa(d.Place.Line)), show("method"), show("dated"), show("received_on"), show("supplied_by"), show("themes"))
	}
	body.Tables, body.Pager = []*table{rows}, pager
	body.Form = &workForm{
		Action: t.part(partEvidence, manyNew), Hidden: []hidden{{inputKept, m.Fingerprint}, {inputKeptName, m.name}, {inputNext, m.next}}, Button: "Record " + count(len(m.Docs), "piece", "pieces"),
		Other: &link{"Send another file", t.part(partEvidence, manyNew)},
	}
	body.After = append([]link{{Text: "All of them are recorded, or none. A piece that is wrong is changed, or taken back, on its own page."}}, body.After...)
}

// manySent keeps a spreadsheet and leads to what it would record, or records what was looked at.
func (t *tested) manySent(f *sent) error {
	back := func(status int, p *problem) error {
		page, err := t.manyPage(f.r, p)
		if err != nil {
			return err
		}
		page.Status = status
		return t.s.render(f.w, t.l, page)
	}
	refuse := func(wrong string) error {
		return back(http.StatusUnprocessableEntity, &problem{Title: "There is a problem", Fields: []link{{wrong, "#" + inputFile}}})
	}
	fingerprint := f.line(inputKept)
	switch {
	case f.file == nil && fingerprint == "":
		return refuse("Select a file")
	case f.file != nil:
		if wrong := f.file.unreadable(); wrong != "" {
			return refuse(wrong)
		}
		kept, err := t.s.Desk.KeepFile(f.r.Context(), t.waiting(f), f.file.bytes)
		switch {
		case errors.Is(err, desk.ErrFull):
			return refuse("There is no room for more files. Ask whoever runs the program to allow more")
		case errors.Is(err, fact.ErrInvalid):
			return refuse("The selected file must be a spreadsheet (.xlsx) without macros, or CSV in UTF-8")
		case err != nil:
			return err
		}
		redirect(f.w, f.r, t.part(partEvidence, manyNew, inputKept, kept.Fingerprint, inputKeptName, f.file.name), http.StatusSeeOther)
		return nil
	}
	shown := t.part(partEvidence, manyNew, inputKept, fingerprint, inputKeptName, uploadName(f.line(inputKeptName)))
	for range triesMany {
		m, err := t.heldMany(f, fingerprint, f.line(inputKeptName))
		if err != nil {
			return err
		}
		if m == nil {
			return refuse(notHeld)
		}
		if m.Layer != exchange.Ready || len(m.Docs) == 0 || m.next != f.line(inputNext) {
			break
		}
		if done, err := t.recordMany(f, m); done || err != nil {
			return err
		}
	}
	return &trouble{kind: errConflict, text: "Something was recorded after the page was shown, so nothing was recorded from the file: the references that it would give are others now.", links: []link{{"Look at what it would record now", shown}}}
}

// triesMany is how often a spreadsheet is worked out anew because something was recorded meanwhile.
const triesMany = 3

// recordMany records a spreadsheet, unless something was recorded since it was worked out: then done is false, and t sees that.
func (t *tested) recordMany(f *sent, m *many) (done bool, err error) {
	t.s.numbering.Lock() // others wait, so nothing is worked out here
	defer t.s.numbering.Unlock()
	now, err := t.s.look(f.r)
	if err != nil {
		return false, err
	}
	if now.newest != t.l.newest {
		t.l = now
		return false, nil
	}
	return true, t.put(f, book.Change{Docs: m.Docs, Seen: m.Seen}, t.part(partEvidence, "", fieldAdded, strconv.Itoa(len(m.Docs))))
}

// evidenceTemplate gives the spreadsheet to fill in.
func (t *tested) evidenceTemplate(w http.ResponseWriter, _ *http.Request) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	book := exchange.AddTemplate(t.l.View, t.s.Pack, t.manyKind())
	return send(w, mimeXLSX, "evidence-template.xlsx", func(w io.Writer) error { return exchange.XLSX(w, book) })
}
