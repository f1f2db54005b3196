package web

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// The kinds of what an adviser keeps.
const (
	evidenceKind  fact.KindName = "evidence"
	findingKind   fact.KindName = "finding"
	interviewKind fact.KindName = "interview"
)

// Parameters of the lists of a test.
const (
	fieldMethod    = "method"
	fieldCriterion = "criterion"
	fieldUse       = "use"
	fieldAdded     = "added"
	fieldInterview = "interview"
	useNone        = "none"
)

// newOne stands in an address for what is not recorded yet.
const newOne = "new"

// evidence is a piece of evidence with the findings that rest on it.
type evidence struct {
	*graph.Record
	usedIn []*graph.Record
}

// evidence gives the evidence of the test by its references, E2 before E10.
func (t *tested) evidence() []evidence {
	used := map[fact.Key][]*graph.Record{}
	for _, f := range t.findings() {
		for _, k := range f.RefKeys("evidence") {
			used[k] = append(used[k], f)
		}
	}
	var out []evidence
	for _, r := range t.all(evidenceKind) {
		out = append(out, evidence{r, used[r.Key()]})
	}
	slices.SortStableFunc(out, func(a, b evidence) int { return compareReferences(a.Text("reference"), b.Text("reference")) })
	return out
}

// compareReferences puts E2 before E10, and what has no reference last.
func compareReferences(a, b string) int {
	split := func(s string) (string, int) {
		word := strings.TrimRight(s, "0123456789")
		n, _ := strconv.Atoi(s[len(word):])
		return word, n
	}
	if (a == "") != (b == "") {
		return cmp.Compare(b, a)
	}
	wa, na := split(a)
	wb, nb := split(b)
	return cmp.Or(strings.Compare(wa, wb), cmp.Compare(na, nb), strings.Compare(a, b))
}

// called names a piece of evidence: "E4 Review meeting notes".
func (e evidence) called(s *Site) string {
	return strings.TrimSpace(e.Text("reference") + " " + s.title(e.Record))
}

// ownReference is how the references look that the pages give.
var ownReference = regexp.MustCompile(`^E([0-9]{1,6})$`)

// nextReference gives the reference for the next piece: one more than the highest that a piece ever had.
func (t *tested) nextReference() string {
	most := 0
	for past := range t.l.View.Pasts(evidenceKind) {
		if of, _ := past.Record.RefKey("test"); of != t.key {
			continue
		}
		if m := ownReference.FindStringSubmatch(past.Record.Text("reference")); m != nil {
			n, _ := strconv.Atoi(m[1])
			most = max(most, n)
		}
	}
	return "E" + strconv.Itoa(most+1)
}

// bears reports whether a piece of evidence bears on a theme or a criterion: it says so, or a finding of it rests on the piece.
func (e evidence) bears(field, code string) bool {
	if slices.Contains(e.Texts(field), code) {
		return true
	}
	return slices.ContainsFunc(e.usedIn, func(f *graph.Record) bool {
		return f.Text(field) == code || slices.Contains(f.Texts(field), code) || field == "themes" && f.Text("theme") == code
	})
}

func (t *tested) evidencePage(r *http.Request) (*page, error) {
	switch t.of {
	case "":
		return t.evidenceList()
	case newOne:
		return t.newEvidence(&sent{r: r})
	case manyNew:
		return t.manyPage(r, nil)
	}
	return t.oneEvidence(&sent{r: r})
}

func (t *tested) evidenceList() (*page, error) {
	body := &worklistPage{Past: t.l.past()}
	page := t.page("worklist", "Evidence", partEvidence, body)
	methods := []option{{"", "All kinds", false}}
	field := t.l.View.Kinds().Kind(evidenceKind).Field("method")
	for _, m := range field.Choices {
		methods = append(methods, option{m, capital(t.s.say(field, m)), false})
	}
	uses := []option{{"", "Used or not", false}, {useNone, "Not used in a finding yet", false}, {"used", "Used in a finding", false}}
	themes, criteria := t.codesOf("All themes", "theme"), t.codesOf("All criteria", "criterion")
	body.Narrow = t.narrow(filterSelect{"evidence-method", fieldMethod, "Kind", methods}, filterSelect{"evidence-theme", fieldTheme, "Theme", themes}, filterSelect{"evidence-criterion", fieldCriterion, "Criterion", criteria}, filterSelect{"evidence-use", fieldUse, "Use", uses})
	method, theme, criterion, use := t.chosen(fieldMethod, methods), t.chosen(fieldTheme, themes), t.chosen(fieldCriterion, criteria), t.chosen(fieldUse, uses)
	all := t.evidence()
	kept := slices.DeleteFunc(slices.Clone(all), func(e evidence) bool {
		return method != "" && e.Text("method") != method || theme != "" && !e.bears("themes", theme) || criterion != "" && !e.bears("criteria", criterion) || use != "" && (use == useNone) != (len(e.usedIn) == 0)
	})
	if n, err := strconv.Atoi(t.l.other.Get(fieldAdded)); err == nil && n > 0 && n <= len(all) {
		page.Notice = &notice{Title: "Recorded", Text: sentence(count(n, "piece of evidence is", "pieces of evidence are") + " recorded")}
	}
	rows, pager := paged(t.l, t.l.other.Get(fieldPage), kept)
	body.Pager = pager
	page.State = strings.Join(pager.state(), "")
	switch {
	case len(all) == 0:
		body.Narrow = nil
		body.Empty = text("No evidence yet. Ask the council for documents.")
	case len(kept) == 0:
		body.Empty = text("No evidence is like that.")
	default:
		body.Lead = []string{sentence(count(len(kept), "piece", "pieces") + " of evidence" + map[bool]string{true: ", of " + strconv.Itoa(len(all)) + " in all", false: ""}[len(kept) < len(all)])}
		body.Table = t.evidenceTable("Evidence", rows)
		body.Table.Told = true
		page.Files = []file{csvOf(t.evidenceTable("Evidence", kept))}
	}
	if t.may(access.Assess) {
		page.Actions = []action{{link{"Add evidence", t.part(partEvidence, newOne)}, true}, {link{"Add many pieces", t.part(partEvidence, manyNew)}, false}}
		body.Progress = t.progressForm("documents", "Have you asked for all documents?")
	}
	return page, nil
}

func (t *tested) evidenceTable(caption string, rows []evidence) *table {
	out := newTable(caption, "Evidence", "Kind", "Date", "Received", "Given by", "Used in")
	for _, e := range rows {
		value := func(field string) []link { return t.s.value(t.l, e.Record, e.Kind().Field(field)) }
		used := text("Not used yet")
		if len(e.usedIn) > 0 {
			used = nil
			for _, f := range e.usedIn {
				used = append(used, link{t.findingCalled(f), t.part(partFindings, string(f.Key().ID))})
			}
		}
		name := []link{{e.called(t.s), t.part(partEvidence, string(e.Key().ID))}}
		if until := e.Date("expires_on"); !until.IsZero() && until.Form != fact.ToBeAgreed && until.Last < t.l.View.On() {
			name = append(name, link{Text: "Good until " + until.Words() + ", and so out of date"})
		}
		out.add(name, value("method"), value("dated"), value("received_on"), value("supplied_by"), used)
	}
	return out.filled()
}

// evidenceFields are what is asked of a piece of evidence.
var evidenceFields = []wanted{
	{name: "title", required: true, hint: "For an interview or an observation give the role and not the name, for example Interview with the independent chair."}, {name: "method", label: "Kind", required: true}, {name: "reference", hint: "What it is called in this test. Left empty, the next one is given."},
	{name: "dated"}, {name: "received_on"}, {name: "supplied_by"}, {name: "document", label: "Document on record"}, {name: "excerpt"}, {name: "interview"}, {name: "themes"}, {name: "criteria"}, {name: "about"}, {name: "attributable"}, {name: "expires_on"},
}

func (t *tested) newEvidence(f *sent) (*page, error) {
	if err := t.mayWrite(); err != nil {
		return nil, err
	}
	w := t.writing(evidenceKind, nil, evidenceFields...)
	w.more = []string{"file", "file_name"}
	begin := kind.Typed{"reference": {t.nextReference()}}
	if from := t.interviewNamed(f.r); from != nil {
		begin = w.form.Show(t.evidenceOf(from, w))
		begin["reference"] = []string{t.nextReference()}
	}
	if code := f.r.URL.Query().Get(fieldTheme); t.chosen(fieldTheme, t.codesOf("", "theme")) != "" {
		begin["themes"] = []string{code}
	}
	body := &workPage{Lead: []string{"Evidence without a file is taken as well: say what it is, and from whom. What is only said or seen is an interview or an observation, and is named as such."}}
	page := t.page("work", "Add evidence", partEvidence, body)
	page.Narrow = true
	if added := f.r.URL.Query().Get(fieldAdded); added != "" && f.typed == nil {
		for _, e := range t.evidence() {
			if e.Text("reference") == added {
				page.Notice = &notice{Title: "Recorded", Text: e.called(t.s) + " is recorded. Add the next piece below, or go back to the evidence."}
			}
		}
	}
	body.Form = &workForm{Action: t.part(partEvidence, newOne), Files: true, Hidden: append(w.hidden(f), f.hiddenFile()...), Fields: t.fileControl(f, "") + w.asked(f, begin).controls(), Button: "Save this piece", Other: &link{"Back to the evidence", t.part(partEvidence, "")}}
	return page, nil
}

// interviewNamed gives the interview from which evidence is made, or nil.
func (t *tested) interviewNamed(r *http.Request) *graph.Record {
	rec := t.l.View.Record(fact.Key{Kind: interviewKind, ID: fact.ID(r.URL.Query().Get(fieldInterview))})
	if rec == nil {
		return nil
	}
	if of, _ := rec.RefKey("test"); of != t.key {
		return nil
	}
	return rec
}

// evidenceOf is what is known already of the evidence that an interview gave.
func (t *tested) evidenceOf(from *graph.Record, w *writing) (out []kind.Value) {
	set := func(name, j string) {
		if f := w.kind.Field(name); j != "" {
			out = append(out, kind.Value{Field: f, JSON: j})
		}
	}
	said := func(name string) string {
		j, state := from.JSON(name)
		if state != graph.Known {
			return ""
		}
		return j
	}
	set("title", kind.Quote("Interview: "+t.s.title(from)))
	set("method", kind.Quote("interview"))
	set("interview", kind.Quote(string(from.Key().ID)))
	set("received_on", said("held_on"))
	set("themes", said("themes"))
	return out
}

// fileControl asks for a file.
func (t *tested) fileControl(f *sent, has string) template.HTML {
	message, _ := (&asked{faults: f.faults}).wrong(inputFile)
	c := govuk.FileUpload{
		Name: inputFile, ID: inputFile, ErrorMessage: message, Label: govuk.Label{Text: "File (optional)", Classes: medium},
		Hint: govuk.Hint{Text: fmt.Sprintf("PDF, Word, Excel, PowerPoint, OpenDocument, text, CSV, saved email, PNG or JPEG, at most %d MB. A document with macros is not taken.", desk.MaxKept>>20)},
	}
	if has != "" || f.kept != nil {
		c.Label.Text = "Another file in its place (optional)"
	}
	if f.kept == nil {
		return c.Render()
	}
	is := govuk.InsetText{Text: "File kept: " + f.kept.name + ", " + size(f.kept.Size)}
	without := govuk.Checkboxes{Name: inputWithout, IDPrefix: inputWithout, Values: f.typed[inputWithout], Classes: "govuk-checkboxes--small", Items: []govuk.Checkbox{{Text: "Leave out the file that is kept", Value: "yes"}}}
	return is.Render() + without.Render() + c.Render()
}

// Inputs of a file that came with the form before, and is kept while another answer is put right: a browser does not send it again.
const (
	inputKept     = "kept"
	inputKeptName = "kept_name"
	inputWithout  = "without"
)

// keptUpload is a file that came with a form and is kept while something else is wrong.
type keptUpload struct {
	desk.Kept
	name string
}

// hiddenFile are the inputs by which a form brings back the file that is kept.
func (f *sent) hiddenFile() []hidden {
	if f.kept == nil {
		return nil
	}
	return []hidden{{inputKept, f.kept.Fingerprint}, {inputKeptName, f.kept.name}}
}

// waiting names for what a file is kept that came with a form which was wrong: for the reader and this test alone.
func (t *tested) waiting(f *sent) string {
	return desk.ForDraft(t.s.whoIs(f.r), t.key.String())
}

func (t *tested) oneEvidence(f *sent) (*page, error) {
	rec, err := t.one(evidenceKind)
	if err != nil {
		return nil, err
	}
	e := evidence{Record: rec}
	for _, x := range t.evidence() {
		if x.Key() == rec.Key() {
			e = x
		}
	}
	body := &workPage{Past: t.l.past()}
	page := t.page("work", e.called(t.s), partEvidence, body)
	if !t.may(access.Assess) {
		for _, want := range evidenceFields[1:] {
			fd := rec.Kind().Field(want.name)
			if lines := t.s.value(t.l, rec, fd); lines != nil {
				body.Lines = append(body.Lines, fieldLine{fd.Label, lines})
			}
		}
	}
	body.Lines = append(body.Lines, fieldLine{"Used in", t.usedLines(e)})
	body.Lines = append(body.Lines, t.fileLines(e, body, f.r)...)
	if f.r != nil && f.r.URL.Query().Get(fieldAdded) != "" && f.typed == nil {
		page.Notice = &notice{Title: "Recorded", Text: "What you changed is recorded."}
	}
	page.Narrow = true
	body.After = []link{{"Everything recorded of it", t.l.record(rec.Key())}, {"Back to the evidence", t.part(partEvidence, "")}}
	if !t.may(access.Assess) {
		return page, nil
	}
	w := t.writing(evidenceKind, rec, evidenceFields...)
	w.more = []string{"file", "file_name"}
	at := t.part(partEvidence, t.of)
	body.Form = &workForm{Heading: "Change it", Action: at, Files: true, Hidden: append(w.hidden(f), f.hiddenFile()...), Fields: t.fileControl(f, rec.Text("file")) + w.asked(f, nil).controls(), Button: "Save"}
	body.Remove = t.removing(rec, "this piece of evidence")
	return page, nil
}

func (t *tested) usedLines(e evidence) []link {
	if len(e.usedIn) == 0 {
		return text("No finding yet")
	}
	var out []link
	for _, f := range e.usedIn {
		out = append(out, link{t.findingCalled(f), t.part(partFindings, string(f.Key().ID))})
	}
	return out
}

// maxPreview is how much of a text a page shows, in bytes.
const maxPreview = 4000

// fileLines say what is known of the file of a piece of evidence, and lead to it where it is here.
func (t *tested) fileLines(e evidence, body *workPage, r *http.Request) []fieldLine {
	fingerprint := e.Text("file")
	if fingerprint == "" {
		return []fieldLine{{"File", text("None")}}
	}
	out := []fieldLine{{"File", nil}, {"Fingerprint of the file (SHA-256)", text(fingerprint)}}
	name := cmp.Or(e.Text("file_name"), "File")
	if t.s.Desk == nil {
		out[0].Lines = text(name + ". Files cannot be opened where the record is only looked at.")
		return out
	}
	kept, content, err := t.s.Desk.KeptFile(r.Context(), t.key.String(), fingerprint)
	switch {
	case err == nil:
		out[0].Lines = []link{{fmt.Sprintf("%s (%s)", desk.NameOf(name, kept.Type), size(kept.Size)), t.part(partFile, string(e.Key().ID))}}
		switch {
		case kept.Type == desk.Text && utf8.Valid(content):
			body.Preview = textPreview(content)
		case kept.Type == desk.PNG || kept.Type == desk.JPEG:
			body.Preview = template.HTML(`<p><img class="preview" alt="` + template.HTMLEscapeString("The file: "+name) + `" src="` + template.HTMLEscapeString(t.part(partFile, string(e.Key().ID))) + `"></p>`) // #nosec G203 -- escaped
		}
	case errors.Is(err, fact.ErrCorrupt):
		out[0].Lines = text(name + ". What is kept under this fingerprint is not the file that was recorded: somebody altered it. Ask whoever runs the program to restore it, or upload the file again.")
	default:
		out[0].Lines = text(name + ". The file is not here. Upload it again: its fingerprint shows that it is the same.")
	}
	return out
}

// textPreview is the beginning of a text.
func textPreview(content []byte) template.HTML {
	shown, more := cut(string(content), maxPreview), ""
	if len(content) > maxPreview {
		more = `<p class="govuk-body-s">This is the beginning of it.</p>`
	}
	return template.HTML(`<pre class="preview" tabindex="0" role="region" aria-label="The file">` + template.HTMLEscapeString(shown) + `</pre>` + more) // #nosec G203 -- escaped
}

// size writes a number of bytes for people.
func size(n int) string {
	switch {
	case n < 1000:
		return count(n, "byte", "bytes")
	case n < 1_000_000:
		return strconv.Itoa((n+500)/1000) + " kB"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
}

// evidenceSent takes a piece of evidence, new or changed, with its file.
func (t *tested) evidenceSent(f *sent) error {
	if t.of == manyNew {
		return t.manySent(f)
	}
	t.s.numbering.Lock() // two who send one at the same time get two references
	defer t.s.numbering.Unlock()
	l, err := t.s.look(f.r)
	if err != nil {
		return err
	}
	t.l = l
	var rec *graph.Record
	again := func() (*page, error) { return t.newEvidence(f) }
	if t.of != newOne {
		if rec, err = t.one(evidenceKind); err != nil {
			return err
		}
		again = func() (*page, error) { return t.oneEvidence(f) }
	}
	w := t.writing(evidenceKind, rec, evidenceFields...)
	w.more = []string{"file", "file_name"}
	values := w.read(f)
	if f.line("reference") == "" {
		given := t.nextReference()
		if rec != nil {
			given = cmp.Or(rec.Text("reference"), given)
		}
		values = append(values, kind.Value{Field: w.kind.Field("reference"), JSON: kind.Quote(given)})
	}
	reference := (&kind.Doc{Values: values}).Text("reference")
	for _, e := range t.evidence() {
		if e.Text("reference") == reference && e.Key() != w.key(f) && len(t.l.View.History(w.key(f))) == 0 || rec != nil && e.Text("reference") == reference && e.Key() != rec.Key() {
			f.fault("reference", "Another piece of evidence has the reference "+reference+". Leave it empty to have the next one given")
			break
		}
	}
	values, err = t.keepFile(f, rec, values, w)
	if err != nil {
		return err
	}
	to := t.part(partEvidence, newOne, fieldAdded, reference)
	if rec != nil {
		to = t.part(partEvidence, t.of, fieldAdded, "yes")
	}
	return w.put(f, values, to, again)
}

// keepFile keeps the file that came with a piece of evidence, and gives the values that name it. It is the test's before the record names it; while something else is wrong it is kept for whoever sent it.
func (t *tested) keepFile(f *sent, rec *graph.Record, values []kind.Value, w *writing) ([]kind.Value, error) {
	name, fingerprint := "", ""
	if rec != nil {
		name, fingerprint = rec.Text("file_name"), rec.Text("file")
	}
	if err := t.bring(f); err != nil {
		return nil, err
	}
	if f.kept != nil && len(f.faults) == 0 {
		if _, err := t.s.Desk.PassFile(f.r.Context(), t.waiting(f), t.key.String(), f.kept.Fingerprint); err != nil {
			return nil, err
		}
		name, fingerprint = f.kept.name, f.kept.Fingerprint
	}
	if fingerprint != "" {
		values = append(values, kind.Value{Field: w.kind.Field("file"), JSON: kind.Quote(fingerprint)})
	}
	if name != "" {
		values = append(values, kind.Value{Field: w.kind.Field("file_name"), JSON: kind.Quote(name)})
	}
	return values, nil
}

// bring keeps the file that came with a form, or else finds the one that came with it before, and says what is wrong with it.
func (t *tested) bring(f *sent) error {
	ctx, waiting := f.r.Context(), t.waiting(f)
	if fingerprint := f.line(inputKept); fingerprint != "" && f.text(inputWithout) == "" {
		kept, _, err := t.s.Desk.HeldFile(ctx, waiting, fingerprint)
		switch {
		case err == nil:
			f.kept = &keptUpload{kept, cmp.Or(uploadName(f.line(inputKeptName)), "File")}
		case !errors.Is(err, fact.ErrNotFound) && !errors.Is(err, fact.ErrCorrupt):
			return err
		case f.file == nil:
			f.fault(inputFile, "The file that was kept for this form is not here any more, or was not sent by you. Select the file again")
		}
	}
	if f.file == nil {
		return nil
	}
	if f.file.wrong != "" {
		f.fault(inputFile, f.file.wrong)
		return nil
	}
	if _, ok := desk.TypeOf(f.file.bytes); !ok {
		f.fault(inputFile, "The selected file must be a PDF, Word, Excel, PowerPoint or OpenDocument file without macros, a text, a CSV file, a saved email, or a PNG or JPEG picture")
		return nil
	}
	kept, err := t.s.Desk.KeepFile(ctx, waiting, f.file.bytes)
	if errors.Is(err, desk.ErrFull) {
		f.fault(inputFile, "There is no room for more files. Ask whoever runs the program to allow more, or record the piece without its file")
		return nil
	}
	if err != nil {
		return err
	}
	f.kept = &keptUpload{kept, f.file.name}
	return nil
}

// evidenceFile hands out the file of a piece of evidence: to be saved, and never as a page or a script of ours.
func (t *tested) evidenceFile(w http.ResponseWriter, r *http.Request) error {
	rec, err := t.one(evidenceKind)
	if err != nil {
		return err
	}
	back := []link{{"Back to the evidence", t.part(partEvidence, t.of)}}
	missing := &trouble{kind: fact.ErrNotFound, text: "This piece of evidence has no file here.", links: back}
	if rec.Text("file") == "" || t.s.Desk == nil {
		return missing
	}
	kept, content, err := t.s.Desk.KeptFile(r.Context(), t.key.String(), rec.Text("file"))
	switch {
	case errors.Is(err, fact.ErrNotFound):
		return missing
	case errors.Is(err, fact.ErrCorrupt):
		return &trouble{kind: errConflict, text: "What is kept is not the file that was recorded: its fingerprint is another. It is not handed out.", links: back}
	case err != nil:
		return err
	}
	return handOut(w, kept, cmp.Or(rec.Text("file_name"), "evidence"), content)
}

// handOut answers with a file that somebody brought: as what it was found to be, to be saved under its name, and in a box of its own should a browser show it.
func handOut(w http.ResponseWriter, kept desk.Kept, name string, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", kept.Type)
	if kept.Type == desk.Text && utf8.Valid(content) {
		h.Set("Content-Type", desk.Text+"; charset=utf-8")
	}
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": desk.NameOf(uploadName(name), kept.Type)}))
	h.Set("Content-Security-Policy", h.Get("Content-Security-Policy")+"; sandbox")
	h.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // #nosec G705 -- a file to be saved, of a type found in its content and never a page, in a sandbox; the reader may have gone
	return nil
}
