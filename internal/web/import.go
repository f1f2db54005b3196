package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/desk"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// An import is a draft of its own sort: a file, the day from which it is so, and what was chosen about it. What it would do is worked out
// anew whenever it is looked at, of the file and the record alone, so that nothing of it is recorded before it is agreed to.

const (
	toImport   = "import" // the purpose of its draft
	importPath = "/structure/import"
	inputFile  = "file"
)

// MIME types of the files that go out.
const (
	mimeCSV  = "text/csv; charset=utf-8"
	mimeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mimeSVG  = "image/svg+xml; charset=utf-8"
)

// importPage is where an import begins.
type importPage struct {
	Past      []link
	Whole     []link // the template as one workbook
	Kinds     *table
	Action    string
	Upload    template.HTML
	Unused    []recorded // imports that were begun
	ReadOnly  string
	Limits    string
	Downloads link
}

func (s *Site) importStart(l *look, r *http.Request) (*page, error) { return s.importPage(l, r, "") }

// importPage is the page on which a file is chosen, with what is wrong with the one that was.
func (s *Site) importPage(l *look, r *http.Request, wrong string) (*page, error) {
	body := &importPage{
		Past: l.past(), Action: l.to(importPath), Upload: uploadControl(wrong),
		Limits:    fmt.Sprintf("A spreadsheet (.xlsx) or CSV, smaller than %dMB, with at most %s rows and %d columns a sheet.", exchange.MaxFile>>20, thousands(exchange.MaxRows), exchange.MaxCols),
		Downloads: link{"Download what the record holds in other forms", l.to("/structure/download")},
	}
	if s.Desk == nil {
		body.ReadOnly = "This record was opened for reading only, so nothing can be imported. The templates can be downloaded."
	}
	body.Whole = []link{{"Template to fill in (Excel)", l.to(importPath + "/template.xlsx")}}
	holds := false
	body.Kinds = newTable("The sheets of the template, in the order in which to fill them in", "Sheet", "What it is", "As CSV")
	for _, name := range exchange.FirstHour {
		k := l.View.Kinds().Kind(name)
		csv := []link{{"Empty", l.to(importPath + "/template/" + string(name) + ".csv")}}
		if len(l.View.All(name)) > 0 {
			holds = true
			csv = append(csv, link{"With what is recorded", l.to(importPath + "/filled/" + string(name) + ".csv")})
		}
		body.Kinds.add([]link{{k.Plural, l.kind(k)}}, text(k.About), csv)
	}
	if holds {
		body.Whole = append(body.Whole, link{"The same with what the record holds on " + l.View.On().Words() + " (Excel)", l.to(importPath + "/filled.xlsx")})
	}
	if l.present() && s.Desk != nil {
		drafts, err := s.Desk.Drafts(r.Context(), s.whoIs(r))
		if err != nil {
			return nil, err
		}
		for _, x := range drafts {
			if x.Purpose == toImport && len(body.Unused) < draftsOnHome {
				body.Unused = append(body.Unused, s.begun(l, x))
			}
		}
	}
	p := &page{Template: "import", Heading: "Import a spreadsheet", Body: body}
	if wrong != "" {
		p.Status, p.Problem = http.StatusUnprocessableEntity, uploadProblem(wrong)
	}
	return p, nil
}

func uploadControl(wrong string) template.HTML {
	return govuk.FileUpload{
		Name: inputFile, Label: govuk.Label{Text: "Upload a file", Classes: medium}, ErrorMessage: govuk.ErrorMessage{Text: wrong},
		Attributes: govuk.Attributes{"accept": ".xlsx,.csv"},
	}.Render()
}

func uploadProblem(wrong string) *problem {
	return &problem{Title: "There is a problem", Fields: []link{{wrong, "#" + inputFile}}}
}

// importTemplate gives the workbook or the CSV to fill in: empty, or with what is there on the day looked at.
func (s *Site) importTemplate(filled bool) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		kinds, only := exchange.FirstHour, fact.KindName(r.PathValue("kind"))
		if only != "" {
			kinds = []fact.KindName{only}
		}
		ending := endingOf(r)
		if only != "" && (!slices.Contains(exchange.FirstHour, only) || ending != "csv") || only == "" && ending != "xlsx" {
			return &trouble{kind: fact.ErrNotFound, text: "There is no such template.", links: []link{{"Import a spreadsheet", l.to(importPath)}}}
		}
		book := exchange.Template(l.View, s.Pack, kinds...)
		name := "template"
		if filled {
			name = "as at " + l.View.On().String()
		} else {
			for i := range book.Tables {
				book.Tables[i].Rows = nil
			}
		}
		if only != "" {
			name = book.Tables[0].Name + " " + name
			return send(w, mimeCSV, fileName(name)+".csv", func(w io.Writer) error { return exchange.CSV(w, book.Tables[0]) })
		}
		return send(w, mimeXLSX, fileName("structure "+name)+".xlsx", func(w io.Writer) error { return exchange.XLSX(w, book) })
	}
}

// upload is a file as it came.
type upload struct {
	name  string
	bytes []byte
	wrong string // what is wrong with it
}

// maxUpload is how much is read of a request that brings a file, in bytes. It is more than a file may have, so that a larger one is
// answered in words: a server that stops reading is no answer.
const maxUpload = 8 * exchange.MaxFile

// uploads says whether a request may bring a file.
func uploads(r *http.Request) bool {
	return ofEvidence(r.URL.Path) || r.URL.Path == importPath || path.Dir(path.Dir(r.URL.Path)) == importPath && path.Base(r.URL.Path) == inputFile
}

// readUpload reads the file of a form. What is wrong with it is said as the design system says it.
func readUpload(r *http.Request) (u upload, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return u, &trouble{kind: fact.ErrInvalid, text: "The form that was sent cannot be read. Go back and send it again."}
	}
	tooLarge := fmt.Sprintf("The selected file must be smaller than %dMB", exchange.MaxFile>>20)
	found := false
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return uploadFault(err, tooLarge)
		}
		if part.FormName() != inputFile || found {
			if _, err := io.Copy(io.Discard, part); err != nil {
				return uploadFault(err, tooLarge)
			}
			continue
		}
		found = true
		u.name = uploadName(part.FileName())
		u.bytes, err = io.ReadAll(io.LimitReader(part, exchange.MaxFile+1))
		if err == nil {
			_, err = io.Copy(io.Discard, part)
		}
		if err != nil {
			return uploadFault(err, tooLarge)
		}
	}
	switch {
	case u.name == "":
		u.wrong = "Select a file"
	case len(u.bytes) == 0:
		u.wrong = "The selected file is empty"
	case len(u.bytes) > exchange.MaxFile:
		u.wrong, u.bytes = tooLarge, nil
	}
	return u, nil
}

func uploadFault(err error, tooLarge string) (upload, error) {
	if most := (*http.MaxBytesError)(nil); errors.As(err, &most) {
		return upload{wrong: tooLarge}, nil
	}
	return upload{}, &trouble{kind: fact.ErrInvalid, text: "The file did not arrive whole. Go back and send it again."}
}

// uploadName is what a file is called, without where it lay.
func uploadName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	const most = 120 // bytes
	if ending := path.Ext(name); len(name) > most && len(ending) < 10 {
		name = cut(name, most-len(ending)) + ending
	}
	return cut(strings.TrimSpace(name), most)
}

// unreadable says what is wrong with a file that cannot be read at all, or nothing.
func (u upload) unreadable() string {
	if u.wrong != "" {
		return u.wrong
	}
	if p := exchange.Readable(u.name, u.bytes); p != nil {
		return p.Wrong + ". " + p.Do
	}
	return ""
}

// importUpload begins an import with a file.
func (s *Site) importUpload(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	if err := s.asToday(l); err != nil {
		return err
	}
	u, err := readUpload(r)
	if err != nil {
		return err
	}
	if wrong := u.unreadable(); wrong != "" {
		p, err := s.importPage(l, r, wrong)
		if err != nil {
			return err
		}
		return s.render(w, l, p)
	}
	d, err := s.Desk.NewDraft(r.Context(), desk.Draft{Owner: s.whoIs(r), Purpose: toImport})
	if errors.Is(err, desk.ErrFull) {
		return full(l)
	}
	if err != nil {
		return err
	}
	if err := s.Desk.AddFile(r.Context(), d, u.name, u.bytes); err != nil {
		if gone := s.Desk.Discard(r.Context(), d.ID, d.Owner); gone != nil {
			return gone
		}
		if errors.Is(err, desk.ErrFull) {
			return full(l)
		}
		return err
	}
	redirect(w, r, l.to(importPath+"/"+d.ID), http.StatusSeeOther)
	return nil
}

// importing is an import while it is worked on.
type importing struct {
	*desk.Draft
	s *Site
	l *look
}

// openImport gives the import of an address to its owner.
func (s *Site) openImport(r *http.Request) (*importing, error) {
	l, err := s.look(r)
	if err != nil {
		return nil, err
	}
	if err := s.asToday(l); err != nil {
		return nil, err
	}
	d, err := s.Desk.Draft(r.Context(), r.PathValue("draft"), s.whoIs(r))
	if err == nil && d.Purpose != toImport {
		err = fact.ErrNotFound
	}
	if errors.Is(err, fact.ErrNotFound) {
		return nil, &trouble{kind: fact.ErrNotFound, text: "There is no import at this address. It may have been discarded, or not been touched for 7 days. Nothing in the record was affected.", links: []link{{"Import a spreadsheet", l.to(importPath)}}}
	}
	if err != nil {
		return nil, err
	}
	return &importing{d, s, l}, nil
}

func (im *importing) at(step string) string { return im.l.to(importPath + "/" + im.ID + "/" + step) }

// file is the file that was uploaded last.
func (im *importing) file() desk.File {
	if n := len(im.Files); n > 0 {
		return im.Files[n-1]
	}
	return desk.File{}
}

func (im *importing) title() string { return "Import " + im.file().Name }

// begun is a draft in a list of what is not finished. Without an address it cannot be gone on with.
func (s *Site) begun(l *look, x *desk.Draft) recorded {
	out := recorded{When: report.Clock(x.Touched)}
	if x.Purpose == toImport {
		im := importing{x, s, l}
		out.link = link{im.title(), l.to(importPath + "/" + x.ID)}
	} else if d := s.draftOf(l, x); d.kind != nil {
		out.link = link{d.title(), l.to("/drafts/" + d.ID)}
	}
	return out
}

// matches is what a person chose about the sheets and columns of a file.
type matches struct {
	Kinds   map[string]fact.KindName     `json:"kinds,omitempty"`
	Columns map[string]map[string]string `json:"columns,omitempty"`
}

const (
	inputMatches = "~matches"
	inputEmpty   = "~empty"
	inputAdd     = "~add"
	missingInput = "missing-" // and the kind
	endInput     = "end-"     // and the kind
	leaveThem    = "leave"
	endThem      = "end"
)

func (im *importing) typed(input string) string {
	if v := im.Typed[input]; len(v) > 0 {
		return strings.TrimSpace(v[0])
	}
	return ""
}

func (im *importing) matches() (m matches) {
	if s := im.typed(inputMatches); s != "" {
		_ = json.Unmarshal([]byte(s), &m) // written below
	}
	if m.Kinds == nil {
		m.Kinds = map[string]fact.KindName{}
	}
	if m.Columns == nil {
		m.Columns = map[string]map[string]string{}
	}
	return m
}

// fromField asks from which day a file is so.
var fromField = &kind.Field{
	Name: "from", Label: "Day from which the file is so", Type: kind.Date, Required: true,
	Hint: "What is new or different is recorded from this day on. A row that has a date in its own From column keeps that date.",
}

// endField asks for the last day of the records of a kind that a file leaves out.
func endField(k *kind.Kind) *kind.Field {
	return &kind.Field{Name: endInput + string(k.Name), Label: "Last day", Type: kind.Date, Required: true}
}

// from is the day from which the file is so, as exactly as it is known.
func (im *importing) from() (fact.Date, bool) {
	d, faults := readFrom(im.Typed)
	return d, len(faults) == 0
}

// choices are what was chosen so far.
func (im *importing) choices() exchange.Choices {
	c := exchange.Choices{Source: im.typed(inputSource), End: map[fact.KindName]fact.Date{}}
	c.From, _ = im.from()
	m := im.matches()
	c.Kinds, c.Columns = m.Kinds, m.Columns
	for _, word := range strings.Split(im.typed(inputEmpty), ";") {
		if word = strings.TrimSpace(word); word != "" {
			c.Empty = append(c.Empty, word)
		}
	}
	if im.typed(inputAdd) != "" {
		c.Add = append(c.Add, graph.Unit)
	}
	for _, k := range im.l.View.Kinds().All {
		if im.typed(missingInput+string(k.Name)) == endThem {
			if d, faults := kind.ReadDate(endField(k), im.Typed); len(faults) == 0 {
				c.End[k.Name] = d
			}
		}
	}
	return c
}
