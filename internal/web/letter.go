package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// letterKind is the kind of letters that went out.
const letterKind fact.KindName = "letter"

// letterFiles are a letter in the forms in which it is kept.
type letterFiles struct {
	document, page, word []byte // the text without its signature, as report.Store writes it; what people read, with it
}

// writeLetter makes the files of a letter: the same text and signature give the same bytes.
func writeLetter(i report.LetterIssue, d report.Document) (f letterFiles, err error) {
	if f.document, err = report.Store(d); err != nil {
		return f, err
	}
	signed := i.Signed(d, desk.Fingerprint(f.document))
	var page, word bytes.Buffer
	if err := errors.Join(exchange.HTML(&page, signed), exchange.DOCX(&word, signed)); err != nil {
		return f, err
	}
	f.page, f.word = page.Bytes(), word.Bytes()
	return f, nil
}

// keep keeps the files for a test, and gives the fingerprints of text, page and Word file.
func (f letterFiles) keep(ctx context.Context, d *desk.Desk, of fact.Key) (prints [3]string, err error) {
	for i, x := range []struct {
		is      string
		content []byte
	}{{desk.Text, f.document}, {"text/html", f.page}, {desk.Word, f.word}} {
		k, err := d.KeepMade(ctx, of.String(), x.is, x.content)
		if err != nil {
			return prints, err
		}
		prints[i] = k.Fingerprint
	}
	return prints, nil
}

// letterText is the letter of a test as it would go out on the day of a view.
func (s *Site) letterText(v *graph.View, test fact.Key, i report.LetterIssue) report.Document {
	return report.LetterOf(s.Pack, v, test, "").Issued(i)
}

// The purposes of letters.
const (
	forIssue    = "issue"
	forAccuracy = "factual-accuracy"
)

// sentLetter is a letter that went out, as it is read.
type sentLetter struct {
	report.LetterIssue
	letterFiles
	record  *graph.Record
	text    report.Document // without its signature
	origin  letterOrigin
	missing []string // the forms whose bytes are not here any more
}

// letterOrigin says where the bytes of a letter come from.
type letterOrigin uint8

const (
	letterKept  letterOrigin = iota // as they were kept
	letterEqual                     // they were not here; made again from the record, they are the same by their fingerprints
	letterOther                     // they are not here; made again from the record, they are others: something was erased, or another version made them
)

// sentLetter reads a letter of the test that went out. Its bytes are those that the program made and kept, by their fingerprints; where they are gone, it is made again from the record as it was known then. A
// fingerprint of anything else makes nothing a letter: who writes the record of one may write what they like.
func (t *tested) sentLetter(ctx context.Context, r *graph.Record) (*sentLetter, error) {
	x := &sentLetter{LetterIssue: report.LetterIssueOf(r), record: r}
	for _, f := range []struct {
		field string
		into  *[]byte
	}{{"document", &x.document}, {"page", &x.page}, {"word", &x.word}} {
		print := r.Text(f.field)
		if print == "" || t.s.Desk == nil {
			x.missing = append(x.missing, f.field)
			continue
		}
		k, b, err := t.s.Desk.KeptFile(ctx, t.key.String(), print)
		switch {
		case errors.Is(err, fact.ErrNotFound), errors.Is(err, fact.ErrCorrupt), err == nil && !k.Made: // bytes that are not those are no letter
			x.missing = append(x.missing, f.field)
			continue
		case err != nil:
			return nil, err
		}
		*f.into = b
	}
	if len(x.missing) == 0 {
		d, err := report.Stored(x.document)
		if err == nil {
			x.text = d
			return x, nil
		}
		if !errors.Is(err, fact.ErrCorrupt) {
			return nil, err
		}
	}
	return x, t.letterAgain(x)
}

// letterAgain makes a letter again from the record, on the day and as known at the position that it names. It is made of the whole record only where that gives the text that went out, whose fingerprint the
// record has; otherwise of what its reader sees.
func (t *tested) letterAgain(x *sentLetter) error {
	on, exact := x.record.Date("looked_at").Exact()
	if !exact {
		on = t.l.View.On()
	}
	position, _ := x.record.Number("position")
	again := func(v *graph.View) (err error) {
		x.text = t.s.letterText(v, t.key, x.LetterIssue)
		x.letterFiles, err = writeLetter(x.LetterIssue, x.text)
		return err
	}
	if err := again(t.s.Book.View(on, int64(position))); err != nil {
		return err
	}
	x.origin = letterEqual
	if x.record.Text("document") != desk.Fingerprint(x.document) {
		if err := again(t.l.View.At(on).With("").Earlier(int64(position))); err != nil {
			return err
		}
	}
	for field, b := range map[string][]byte{"document": x.document, "page": x.page, "word": x.word} {
		if x.record.Text(field) != desk.Fingerprint(b) {
			x.origin = letterOther
		}
	}
	return nil
}

// signed is the text with its signature.
func (x *sentLetter) signed() report.Document {
	return x.LetterIssue.Signed(x.text, desk.Fingerprint(x.document))
}

// files are the forms in which it can be had.
func (x *sentLetter) files() []file {
	bytesOf := func(b []byte) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := w.Write(b)
			return err
		}
	}
	return []file{{"docx", "Word", desk.Word, bytesOf(x.word)}, {"html", "Page to keep", "text/html; charset=utf-8", bytesOf(x.page)}, {"json", "Text with its fingerprint (JSON)", "application/json; charset=utf-8", bytesOf(x.document)}}
}

// name is that of its files, without the ending: letter-2015-06-05.
func (x *sentLetter) name() string {
	name := "letter-" + x.Dated.String()
	if x.Accuracy {
		name = "draft-" + name
	}
	return fileName(name)
}

// sendLetter lets a letter of the test go out: for factual accuracy, or issued, with what makes the test reported.
//
// The files are kept first and then named in the record, in one change. So a program that ends before the commit point of book.Do leaves files that nothing names, which are swept in time, and no letter;
// one that ends after it leaves a letter whose bytes are there. Do is told the newest entry that was seen, so that what was read to make the letter is what it says it was made from.
func (t *tested) sendLetter(f *sent, i report.LetterIssue, more func(d *kind.Doc)) error {
	ctx := f.r.Context()
	whole := t.s.Book.View(t.l.today, t.l.newest)
	d := t.s.letterText(whole, t.key, i)
	theirs := t.s.letterText(t.l.View, t.key, i)
	files, err := writeLetter(i, d)
	if err != nil {
		return err
	}
	if seen, err := report.Store(theirs); err != nil {
		return err
	} else if !bytes.Equal(seen, files.document) { // what goes out is what its adviser read, and anybody can make it again from the record
		return &trouble{kind: errConflict, text: "The letter would give something that you may not see, so it cannot go out. Word the paragraphs of “Background” yourself, or ask whoever set up the test.", links: []link{{"The letter", t.part(partLetter, "")}}}
	}
	root, err := t.s.Book.RootAt(ctx, t.l.newest)
	if err != nil {
		return err
	}
	prints, err := files.keep(ctx, t.s.Desk, t.key)
	switch {
	case errors.Is(err, desk.ErrFull):
		return &trouble{kind: errConflict, text: "There is no room for the files of the letter, so it did not go out and nothing was recorded. Ask whoever runs the program to allow more room for files, and send it again.", links: []link{{"The letter", t.part(partLetter, "")}}}
	case err != nil:
		return fmt.Errorf("keep letter: %w", err)
	}
	purpose, before := forIssue, report.LettersOf(whole, t.key, forIssue)
	title := "Letter of " + i.Dated.Words()
	if i.Accuracy {
		purpose, before = forAccuracy, report.LettersOf(whole, t.key, forAccuracy)
		title = "Letter for factual accuracy, " + i.Dated.Words()
	}
	edition := len(before) + 1
	k := t.l.View.Kinds().Kind(letterKind)
	doc := kind.Doc{Op: fact.Assert, Kind: k, ID: fact.ID(fmt.Sprintf("%s-%s-%d", t.key.ID, strings.TrimSuffix(purpose, "-accuracy"), edition))}
	say := func(field, value string) {
		if value != "" {
			doc.Values = append(doc.Values, kind.Value{Field: k.Field(field), JSON: kind.Quote(value)})
		}
	}
	number := func(field string, n int64) {
		doc.Values = append(doc.Values, kind.Value{Field: k.Field(field), JSON: fmt.Sprint(n)})
	}
	say("test", string(t.key.ID))
	say("title", title)
	say("purpose", purpose)
	say("dated", i.Dated.String())
	number("number", int64(edition))
	say("answers_by", i.By.String())
	say("signed_as", i.SignedAs)
	say("signed_at", i.SignedAt)
	if i.Annex {
		doc.Values = append(doc.Values, kind.Value{Field: k.Field("annex"), JSON: "true"})
	}
	say("looked_at", t.l.today.String())
	number("position", t.l.newest)
	say("root", root)
	say("pack", t.s.Pack.Digest)
	say("program", t.s.Version)
	say("document", prints[0])
	say("page", prints[1])
	say("word", prints[2])
	if n := len(before); n > 0 {
		say("replaces", string(before[n-1].Key().ID))
	}
	if more != nil {
		more(&doc)
	}
	docs := []kind.Doc{doc}
	if !i.Accuracy && t.record.State("reported_on") == graph.Missing {
		test := t.record.Kind()
		edit, problems := t.l.View.Correct(t.key, fact.Date{}, fact.Date{}, []kind.Value{{Field: test.Field("reported_on"), JSON: kind.Quote(i.Dated.String())}}, "", "")
		if problems != nil {
			return problems
		}
		docs = append(docs, edit.Docs...)
	}
	return t.put(f, book.Change{Docs: docs, After: t.l.newest, Made: true}, t.part(partLetter, ""))
}
