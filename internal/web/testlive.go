package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/assure"
	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Parts of a test that was reported.
const (
	partLive    = "live"
	partThenNow = "review"
	partOSCAL   = "oscal"
)

// testLive are the pages of a test that was reported: where it stands, its review, and the test before it.
var testLive []testPage

func init() { // the pages lead to each other
	testLive = []testPage{
		{part: partLive, label: "Live", show: (*tested).livePage, send: (*tested).viewed, act: access.Minute},
		{part: partThenNow, label: "Review", show: (*tested).reviewPage},
		{part: partOSCAL, show: (*tested).oscalPage},
	}
}

// documentForm is a form under a report.
type documentForm struct {
	Heading, Lead string
	Action        string
	Fields        template.HTML
	Button        string
}

// assessed is the test as the rules and its judgements have it, of what it is of.
func (t *tested) assessed() *assure.Assessment {
	v := assure.Tested(t.l.View, t.record)
	return assure.AssessTest(t.s.assessing(t.l)(v).Results, v, v.Record(t.key))
}

// livePage says how the test stands on the day: its judgements, its conditions, what changed and what calls for a fresh look.
func (t *tested) livePage(r *http.Request) (*page, error) { return t.live(&sent{r: r}) }

func (t *tested) live(f *sent) (*page, error) {
	a := t.assessed()
	x := report.LiveOf(t.s.Pack, t.record, a)
	page := t.documentPage("Live", partLive, x.Document(t.l.View), struct {
		report.When
		Live *report.Live `json:"live"`
	}{t.s.when(t.l), x})
	calendar := exchange.TestCalendar(a, t.s.Book.Origin())
	for i := range calendar.Entries {
		calendar.Entries[i].URL = t.s.site(f.r) + t.part(partLive, "")
	}
	page.Files = append(page.Files, file{"ics", "Calendar", "text/calendar; charset=utf-8", func(w io.Writer) error { return exchange.ICS(w, calendar) }})
	page.Actions = append(page.Actions, action{link: link{"Files for other programs (OSCAL)", t.part(partOSCAL, "")}})
	if report.Reported(t.record, t.l.View.On()) && t.may(access.Minute) {
		q := &asked{t.l, t.viewingForm(), f.typed, f.faults}
		page.Body.(*documentPage).Form = &documentForm{
			Heading: "Record that a board looked at it", Lead: "It says that they looked at where the test stands. What they decided is recorded with their meeting.",
			Action: t.part(partLive, ""), Fields: q.controls(), Button: "Record it",
		}
	}
	return page, nil
}

// reviewPage lays the test as it was issued beside the record of the day, and leads to the test that is its review.
func (t *tested) reviewPage(*http.Request) (*page, error) {
	x := report.ReviewOf(t.s.Pack, t.record, t.assessed())
	page := t.documentPage("Review", partThenNow, x.Document(t.l.View), struct {
		report.When
		Review *report.Reviewed `json:"review"`
	}{t.s.when(t.l), x})
	if x.Live.Successor == nil && report.Reported(t.record, t.l.View.On()) && t.may(access.SetUpTests) {
		begin := t.l.to(t.record.Kind().Path()+"/"+newOne, inputReplaces, string(t.key.ID))
		page.Actions = append([]action{{link{"Begin the review", begin}, true}}, secondary(page.Actions)...)
	}
	return page, nil
}

// viewingForm asks who looked at the test, when, and what came of it.
func (t *tested) viewingForm() *kind.Form {
	k := t.l.View.Kinds().Kind("viewing")
	board, on, came := *k.Field("board"), *k.Field("viewed_on"), *k.Field("text")
	board.Required, board.Hint = true, "For example the scrutiny committee, or the safeguarding partnership."
	return t.s.formOf(t.l, k, []*kind.Field{&board, &on, &came}, nil)
}

// viewed takes that a board looked at the test.
func (t *tested) viewed(f *sent) error {
	k := t.l.View.Kinds().Kind("viewing")
	values, faults := t.viewingForm().Read(f.typed)
	f.faults = append(f.faults, faults...)
	doc := docOf(k, values)
	if on, err := fact.ParseDate(doc.Text("viewed_on")); err == nil && on.First > t.l.today {
		f.fault("viewed_on", "The day on which they looked at it must be today or in the past")
	}
	if len(f.faults) > 0 {
		page, err := t.live(f)
		return t.again(f, page, err)
	}
	doc.Values = append(doc.Values, kind.Value{Field: k.Field("test"), JSON: kind.Quote(string(t.key.ID))})
	return t.once(f, doc, "v", t.part(partLive, ""), doc.Text("board"), doc.Text("viewed_on"))
}

// docOf makes a document of what was typed into a form that words some fields of a kind otherwise.
func docOf(k *kind.Kind, values []kind.Value) kind.Doc {
	doc := kind.Doc{Op: fact.Assert, Kind: k, Values: slices.Clone(values)}
	for i := range doc.Values {
		doc.Values[i].Field = k.Field(doc.Values[i].Field.Name)
	}
	return doc
}

// once puts a new record into the record that is named by what makes it that one, so that two clicks are one record, and leads on.
func (t *tested) once(f *sent, doc kind.Doc, letter, to string, names ...string) error {
	h := sha256.Sum256([]byte(strings.Join(append([]string{t.key.String()}, names...), "\x00")))
	doc.ID = fact.ID(letter + "-" + hex.EncodeToString(h[:8]))
	slices.SortFunc(doc.Values, func(a, b kind.Value) int { return cmp.Compare(a.Field.Index, b.Field.Index) })
	if len(t.l.View.History(doc.Key())) > 0 {
		redirect(f.w, f.r, to, http.StatusSeeOther)
		return nil
	}
	return t.put(f, book.Change{Docs: []kind.Doc{doc}, Seen: map[fact.Key]int64{doc.Key(): 0}}, to)
}

// oscalPage gives the test as files for programs that know OSCAL: all of them, or one. Before the test is reported they are for those who may see the work.
func (t *tested) oscalPage(*http.Request) (*page, error) {
	body := &documentPage{}
	page := t.page("document", "Files for other programs", partOSCAL, body)
	switch {
	case !report.Reported(t.record, t.l.View.On()) && !t.reads():
		body.Lead = []string{"This test is not reported on " + t.l.View.On().Words() + ". Then its files will be here."}
		return page, nil
	case t.framework == nil && t.record.Text("framework") != "":
		body.Lead = []string{"The law pack does not know the framework of this test, so there are no criteria to write."}
		return page, nil
	}
	documents, err := exchange.OSCAL(t.assessed(), t.s.Book.Origin())
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(documents, func(d exchange.OSCALDocument) bool { return d.Name == t.of+".json" })
	if t.of != "" && at < 0 {
		return nil, &trouble{kind: fact.ErrNotFound, text: "There is no such file of this test.", links: []link{{"The files that there are", t.part(partOSCAL, "")}}}
	}
	if t.of != "" {
		d := documents[at]
		page.Heading, page.FileName = d.About, strings.TrimSuffix(d.Name, ".json")
		body.Lead = []string{d.About + ".", fmt.Sprintf("As OSCAL, in JSON: %s bytes.", thousands(int64(len(d.Body))))}
		page.Files = []file{{"json", "OSCAL (JSON)", "application/json; charset=utf-8", func(w io.Writer) error {
			_, err := w.Write(d.Body)
			return err
		}}}
		return page, nil
	}
	body.Lead = []string{"OSCAL is a form in which programs of auditors exchange what was assessed. These files refer to each other by their names, so keep the names. Every reference in them was checked."}
	part := documentPart{Heading: "Files", Level: 2}
	list := newTable("Files of this test as OSCAL", "File", "What it is")
	for _, d := range documents {
		list.add([]link{{d.Name, t.part(partOSCAL, d.Name)}}, text(d.About))
	}
	part.Blocks = []documentBlock{{Table: list}}
	body.Parts = []documentPart{part}
	return page, nil
}
