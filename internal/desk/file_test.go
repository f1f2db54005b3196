package desk_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/store"
)

// zipped is a packed file of some parts, each a name and what is in it.
func zipped(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What a file is is told by what is in it. What may do something when it is opened is not kept.
func TestTypesOfFiles(t *testing.T) {
	open := "application/vnd.oasis.opendocument."
	for _, x := range []struct {
		content []byte
		name    string // under which it is handed out; empty is not kept
	}{
		{[]byte("%PDF-1.7\n\x00\x01"), "a.exe.pdf"},
		{[]byte("\x89PNG\r\n\x1a\n\x00"), "a.exe.png"},
		{[]byte("\xff\xd8\xff\xe0\x00"), "a.exe.jpg"},
		{[]byte("role,name\nLeader,\"A\"\n"), "a.exe.txt"},
		{[]byte("caf\xe9, as Windows writes it"), "a.exe.txt"},
		{zipped(t, "[Content_Types].xml", "", "word/document.xml", ""), "a.exe.docx"},
		{zipped(t, "xl/workbook.xml", ""), "a.exe.xlsx"},
		{zipped(t, "ppt/presentation.xml", ""), "a.exe.pptx"},
		{zipped(t, "mimetype", open+"text"), "a.exe.odt"},
		{zipped(t, "mimetype", open+"spreadsheet"), "a.exe.ods"},

		{zipped(t, "word/document.xml", "", "word/vbaProject.bin", ""), ""},
		{zipped(t, "word/document.xml", "", "xl/workbook.xml", ""), ""},
		{zipped(t, "mimetype", open+"text", "Basic/Standard/Module1.xml", ""), ""},
		{zipped(t, "mimetype", open+"formula"), ""},
		{zipped(t, "payload.js", ""), ""},
		{[]byte("PK\x03\x04 and no more"), ""},
		{[]byte("MZ\x90\x00"), ""},
		{[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ""},
		{[]byte("\n <!DOCTYPE html><script>"), ""},
		{[]byte("\ufeff<svg onload=x>"), ""},
		{[]byte("#!/bin/sh\n"), ""},
		{[]byte(`{\rtf1`), ""},
		{[]byte("a\x00b"), ""},
	} {
		of, ok := desk.TypeOf(x.content)
		if ok != (x.name != "") || ok && desk.NameOf("a.exe", of) != x.name {
			t.Errorf("%q: %s, %v, handed out as %s", x.content[:min(len(x.content), 30)], of, ok, desk.NameOf("a.exe", of))
		}
	}
	if got := desk.NameOf("Notes.CSV", desk.Text); got != "Notes.CSV" {
		t.Errorf("a spreadsheet in text is handed out as %s", got)
	}
}

// ofFirst is what files are kept for here.
const ofFirst = "test/first"

// A file is given to what it was kept for, and to nothing else that has its fingerprint; several may keep the same. That the program made it, and that somebody brought it, too, makes no difference to either.
func TestFilesAreForWhatTheyWereKept(t *testing.T) {
	o := newOffice(t)
	content := []byte("Notes of a talk")
	of := func(of string) (desk.Kept, error) {
		k, _, err := o.desk.KeptFile(t.Context(), of, desk.Fingerprint(content))
		return k, err
	}
	if _, err := o.desk.KeepFile(t.Context(), ofFirst, content); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"", "test/second", "test/first2"} {
		if _, err := of(other); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%q gets it: %v", other, err)
		}
	}
	if k, err := of(ofFirst); err != nil || k.Made {
		t.Errorf("%+v, %v", k, err)
	}
	if _, err := o.desk.KeepMade(t.Context(), "test/second", desk.Text, content); err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.KeepFile(t.Context(), "test/third", content); err != nil {
		t.Fatal(err)
	}
	o.close()
	o.open(t)
	for _, who := range []string{ofFirst, "test/second", "test/third"} {
		if k, err := of(who); err != nil || !k.Made {
			t.Errorf("%q: %+v, %v", who, k, err)
		}
	}
	if _, err := of("test/fourth"); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("another gets it: %v", err)
	}
}

// A file is passed on to something else by whatever it was kept for, and by nothing else that has its fingerprint. It is kept from then on.
func TestFilesArePassedOn(t *testing.T) {
	o := newOffice(t)
	content := []byte("Notes of a talk")
	print := desk.Fingerprint(content)
	if _, err := o.desk.KeepFile(t.Context(), "draft", content); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ from, print string }{{ofFirst, print}, {"", print}, {"draft", ""}, {"draft", "a\x00b"}, {"draft", strings.Repeat("0", len(print))}} {
		if _, err := o.desk.PassFile(t.Context(), x.from, ofFirst, x.print); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%+v: %v", x, err)
		}
		if _, _, err := o.desk.HeldFile(t.Context(), x.from, x.print); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%+v is opened: %v", x, err)
		}
	}
	if k, b, err := o.desk.HeldFile(t.Context(), "draft", print); err != nil || !bytes.Equal(b, content) || k.Size != len(content) || k.Type != desk.Text {
		t.Errorf("%+v, %q, %v", k, b, err)
	}
	if _, _, err := o.desk.KeptFile(t.Context(), ofFirst, print); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("it was passed on all the same: %v", err)
	}
	o.pass(desk.Keep - time.Minute)
	if k, err := o.desk.PassFile(t.Context(), "draft", ofFirst, print); err != nil || k.Size != len(content) || k.Type != desk.Text || k.Made {
		t.Errorf("%+v, %v", k, err)
	}
	o.pass(desk.Keep - time.Minute)
	if err := o.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, b, err := o.desk.KeptFile(t.Context(), ofFirst, print); err != nil || !bytes.Equal(b, content) {
		t.Errorf("%q, %v", b, err)
	}
}

// A file is kept under its fingerprint, once, and found through restarts. Bytes that are not those of the fingerprint are not handed out.
func TestFilesAreKept(t *testing.T) {
	o := newOffice(t)
	content := []byte("Minutes of the quarterly meeting")
	k, err := o.desk.KeepFile(t.Context(), ofFirst, content)
	if err != nil || k.Fingerprint != desk.Fingerprint(content) || k.Type != desk.Text {
		t.Fatalf("%+v, %v", k, err)
	}
	if again, err := o.desk.KeepFile(t.Context(), ofFirst, content); err != nil || again.Fingerprint != k.Fingerprint {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	o.close()
	o.open(t)
	if is, b, err := o.desk.KeptFile(t.Context(), ofFirst, k.Fingerprint); err != nil || !bytes.Equal(b, content) || is.Size != len(content) {
		t.Errorf("%+v, %q, %v", is, b, err)
	}
	if list, err := o.desk.KeptFiles(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%d files, %v", len(list), err)
	}
	for what, content := range map[string][]byte{"nothing": {}, "too much": bytes.Repeat([]byte("a"), desk.MaxKept+1), "more than there is room for": bytes.Repeat([]byte("a"), mostFiles), "a program": {0}} {
		if _, err := o.desk.KeepFile(t.Context(), ofFirst, content); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := o.desk.KeptFile(t.Context(), ofFirst, desk.Fingerprint(nil)); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("a file that is not here: %v", err)
	}
	row, err := o.files.Get(t.Context(), desk.Name{Space: "bytes", Key: k.Fingerprint})
	if err != nil {
		t.Fatal(err)
	}
	row.Bytes = []byte("Minutes of another meeting")
	if _, err := o.files.Put(t.Context(), row, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.desk.KeptFile(t.Context(), ofFirst, k.Fingerprint); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("bytes that somebody changed: %v", err)
	}
	if _, err := o.desk.KeepFile(t.Context(), ofFirst, content); err != nil {
		t.Fatal(err)
	}
	if _, b, err := o.desk.KeptFile(t.Context(), ofFirst, k.Fingerprint); err != nil || !bytes.Equal(b, content) {
		t.Errorf("after it was brought again: %q, %v", b, err)
	}
}

// evidence records a piece of evidence that names a file.
func (o *office) evidence(id, fingerprint string) (book.Receipt, error) {
	docs, problems := o.book.Kinds().Read("form", strings.NewReader(fmt.Sprintf("{kind: evidence, id: %s, title: Notes, file: %s}", id, fingerprint)))
	if len(problems) > 0 {
		return book.Receipt{}, problems
	}
	return o.book.Do(context.Background(), owner, book.Change{Docs: docs})
}

// What no entry names goes after a week, with its bytes; what one names, on whatever day, stays.
func TestFilesNobodyNamesAreSwept(t *testing.T) {
	o := newOffice(t)
	named, err := o.desk.KeepFile(t.Context(), ofFirst, []byte("kept"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.KeepFile(t.Context(), ofFirst, []byte(canary)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.evidence("e", named.Fingerprint); err != nil {
		t.Fatal(err)
	}
	o.pass(desk.Keep - time.Hour)
	if err := o.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, err := o.desk.KeptFiles(t.Context()); err != nil || len(list) != 2 {
		t.Errorf("within a week: %d files, %v", len(list), err)
	}
	o.pass(2 * time.Hour)
	if err := o.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, err := o.desk.KeptFiles(t.Context()); err != nil || len(list) != 1 || list[0].Fingerprint != named.Fingerprint {
		t.Errorf("after a week: %+v, %v", list, err)
	}
	if in := o.bytesIn(t, canary); len(in) > 0 {
		t.Errorf("traces in %v", in)
	}
}

// bytesIn are the files of the office in which a text stands.
func (o *office) bytesIn(t fataler, text string) (in []string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(o.dir, "record.db*"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			in = append(in, filepath.Base(f))
		}
	}
	return in
}

// Wherever the power goes while a file is kept and named, a file that the record names is there: also a week later, when what nobody names is swept, and while that is done.
func TestFileCrashAtEveryPoint(t *testing.T) {
	o := newOffice(t)
	if _, err := o.desk.KeepFile(t.Context(), ofFirst, []byte("of a week ago")); err != nil {
		t.Fatal(err)
	}
	o.pass(desk.Keep + time.Hour)
	points := 0
	point := func(where string, c store.Call) {
		points++
		for range 2 {
			after := o.crash(t)
			named, err := after.book.Files(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for f := range named {
				if _, _, err := after.desk.KeptFile(t.Context(), ofFirst, f); err != nil {
					t.Errorf("at %s of %s (done %v): %v", c.Method, where, c.Done, err)
				}
			}
			after.close()
		}
	}
	watch := func(where string) func(store.Call) error {
		return func(c store.Call) error {
			if c.Method == "Put" || c.Method == "Delete" || c.Method == "Scrub" || c.Method == "Append" {
				point(where, c)
			}
			return nil
		}
	}
	o.record.Fail(watch("the record"))
	o.drawers.Fail(watch("the desk"))
	o.files.Fail(watch("the files"))
	for i, content := range []string{"new", "of a week ago"} { // which a sweep may take at any moment
		k, err := o.desk.KeepFile(t.Context(), ofFirst, []byte(content))
		if err == nil {
			err = o.desk.Sweep(t.Context())
		}
		if err == nil {
			_, err = o.evidence(fmt.Sprint("e", i), k.Fingerprint)
		}
		if err == nil {
			err = o.desk.Sweep(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if points < 10 {
		t.Errorf("there are only %d points", points)
	}
}

// When what names a file is erased its bytes go, and traces of them, wherever the power goes meanwhile; another entry that names it keeps it.
func TestErasedFileLeavesNoByte(t *testing.T) {
	for _, twice := range []bool{false, true} {
		o := newOffice(t)
		k, err := o.desk.KeepFile(t.Context(), ofFirst, []byte("Notes of a talk with "+canary))
		if err != nil {
			t.Fatal(err)
		}
		r, err := o.evidence("e", k.Fingerprint)
		if err == nil && twice {
			_, err = o.evidence("other", k.Fingerprint)
		}
		if err != nil {
			t.Fatal(err)
		}
		x := &book.Erasure{Of: []book.Part{{Position: r.First}}, Ground: "objected", Reason: "case 1"}
		crashed := func(c store.Call) error {
			if c.Method == "List" || c.Method == "Get" {
				return nil
			}
			after := o.crash(t)
			defer after.close()
			_, v, _ := after.book.Entry(r.First)
			in := after.bytesIn(t, canary)
			if gone := v.Erased && !twice; gone != (len(in) == 0) {
				t.Errorf("at %s (done %v): erased %v, named twice %v, and traces in %v", c.Method, c.Done, v.Erased, twice, in)
			}
			return nil
		}
		o.drawers.Fail(crashed)
		o.files.Fail(crashed)
		_, err = o.desk.Erase(t.Context(), desk.Forget{Words: o.book.Words(x)}, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
			r, err := o.book.Do(ctx, owner, book.Change{Claim: claim, Erase: x})
			return desk.Receipt{First: r.First, Last: r.Last}, err
		})
		if err != nil {
			t.Fatal(err)
		}
		if in := o.bytesIn(t, canary); twice == (len(in) == 0) {
			t.Errorf("named twice %v: traces in %v", twice, in)
		}
		o.close()
	}
}

// A file that the program made goes when words are erased that stand in it, in whatever form, although the record names it; one that was handed in stays.
func TestMadeFilesForgetErasedWords(t *testing.T) {
	o := newOffice(t)
	keep := func(of string, content []byte, keep func(context.Context, string, []byte) (desk.Kept, error)) string {
		k, err := keep(t.Context(), of, content)
		if err != nil {
			t.Fatal(err)
		}
		return k.Fingerprint
	}
	handed := func(ctx context.Context, _ string, content []byte) (desk.Kept, error) {
		return o.desk.KeepFile(ctx, ofFirst, content)
	}
	made := func(ctx context.Context, is string, content []byte) (desk.Kept, error) {
		return o.desk.KeepMade(ctx, ofFirst, is, content)
	}
	holds := []string{
		keep(desk.Text, []byte(`{"from": ["Ada O'Canary"]}`), made),
		keep("text/html", []byte("<p>Ada O&#39;Canary</p>"), made),
		keep(desk.Word, zipped(t, "word/document.xml", "<w:t>Ada O&#39;Canary</w:t>"), made),
	}
	stay := []string{keep(desk.Text, []byte(`{"from": ["Bea"]}`), made), keep("", []byte("notes of Ada O'Canary"), handed)}
	_, err := o.desk.Erase(t.Context(), desk.Forget{Words: []string{"Ada O'Canary"}}, func(context.Context, desk.Claim) (desk.Receipt, error) { return desk.Receipt{}, nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range holds {
		if _, _, err := o.desk.KeptFile(t.Context(), ofFirst, f); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%s: %v", f, err)
		}
	}
	for _, f := range stay {
		if _, _, err := o.desk.KeptFile(t.Context(), ofFirst, f); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// A file that came with a form which was wrong goes when words are erased that stand in it, or that may stand in it; one that holds none, and one that is kept for a test as well, stays.
func TestFilesOfFormsForgetErasedWords(t *testing.T) {
	o := newOffice(t)
	draft := desk.ForDraft("ann", ofFirst)
	keep := func(content []byte, of ...string) string {
		for _, of := range of {
			if _, err := o.desk.KeepFile(t.Context(), of, content); err != nil {
				t.Fatal(err)
			}
		}
		return desk.Fingerprint(content)
	}
	keep([]byte("Title,Kind\nTalk with "+canary+",Interview\n"), draft)
	keep(zipped(t, "xl/workbook.xml", "", "xl/sharedStrings.xml", "<t>"+canary+"</t>"), draft, desk.ForDraft("bob", ofFirst))
	keep([]byte("%PDF-1.7 of which nobody knows what it says"), draft)
	keep([]byte("Subject: A talk\nContent-Transfer-Encoding: base64\n\nQWRh\n"), draft)
	keep([]byte("caf\xe9"), draft)
	stay := map[string]bool{keep([]byte("Title,Kind\nTalk with Bea,Interview\n"), draft): true, keep([]byte("Notes of "+canary), draft, ofFirst): true}
	if _, err := o.desk.Erase(t.Context(), desk.Forget{Words: []string{canary}}, func(context.Context, desk.Claim) (desk.Receipt, error) { return desk.Receipt{}, nil }); err != nil {
		t.Fatal(err)
	}
	list, err := o.desk.KeptFiles(t.Context())
	for _, k := range list {
		if !stay[k.Fingerprint] {
			t.Errorf("%+v is still kept", k)
		}
	}
	if err != nil || len(list) != len(stay) {
		t.Errorf("%d files, %v", len(list), err)
	}
}

// What came with somebody's forms that were wrong goes with their account, with every trace; what others keep, too, is theirs alone.
func TestFilesOfFormsGoWithTheAccount(t *testing.T) {
	o := newOffice(t)
	anns, bobs := desk.ForDraft("ann", ofFirst), desk.ForDraft("bob", ofFirst)
	both := []byte("Notes of both")
	for _, x := range []struct {
		of      string
		content []byte
	}{{anns, []byte("Notes of " + canary)}, {anns, both}, {bobs, both}} {
		if _, err := o.desk.KeepFile(t.Context(), x.of, x.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.desk.EraseAccount(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	if list, err := o.desk.KeptFiles(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if _, _, err := o.desk.HeldFile(t.Context(), anns, desk.Fingerprint(both)); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("it is still hers: %v", err)
	}
	if _, _, err := o.desk.HeldFile(t.Context(), bobs, desk.Fingerprint(both)); err != nil {
		t.Errorf("it is not his any more: %v", err)
	}
	if in := o.bytesIn(t, canary); len(in) > 0 {
		t.Errorf("traces in %v", in)
	}
}

// Of one sender three files stay that came with forms which were wrong, and none longer than a day; what others sent, and what is kept for a test, stays.
func TestFilesOfFormsAreFew(t *testing.T) {
	o := newOffice(t)
	keep := func(of, content string) {
		t.Helper()
		o.pass(time.Minute)
		if _, err := o.desk.KeepFile(t.Context(), of, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	want := func(when string, want ...string) {
		t.Helper()
		list, err := o.desk.KeptFiles(t.Context())
		if err != nil || len(list) != len(want) {
			t.Errorf("%s: %d files, %v", when, len(list), err)
		}
		for _, content := range want {
			if !slices.ContainsFunc(list, func(k desk.Kept) bool { return k.Fingerprint == desk.Fingerprint([]byte(content)) }) {
				t.Errorf("%s: %q is gone", when, content)
			}
		}
	}
	bobs := desk.ForDraft("bob", "test/a")
	keep(bobs, "Bob's")
	keep(bobs, "both")
	keep(desk.ForDraft("ann", "test/a"), "both")
	keep(ofFirst, "passed on")
	for i := range 5 {
		of := desk.ForDraft("ann", fmt.Sprint("test/", i))
		keep(of, "passed on")
		keep(of, fmt.Sprint("Ann's ", i))
		keep(of, fmt.Sprint("Ann's ", i))
	}
	want("few", "Bob's", "both", "passed on", "Ann's 3", "Ann's 4")
	o.pass(desk.KeepOfForm - 5*time.Minute)
	keep(bobs, "Bob's")
	o.pass(5 * time.Minute)
	if err := o.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("a day later", "Bob's", "passed on")
}

// Where there is no room files of forms that were wrong make it, the oldest first, and what nobody named for an hour; only then anybody is refused, and then nothing goes.
func TestFilesOfFormsMakeRoom(t *testing.T) {
	o := newOffice(t)
	quarter := func(c string) []byte { return []byte(strings.Repeat(c, mostFiles/4)) }
	keep := func(of, c string) error {
		o.pass(time.Minute)
		_, err := o.desk.KeepFile(t.Context(), of, quarter(c))
		return err
	}
	held := func(of, c string) bool {
		_, _, err := o.desk.HeldFile(t.Context(), of, desk.Fingerprint(quarter(c)))
		return err == nil
	}
	of := func(who fact.Who) string { return desk.ForDraft(who, ofFirst) }
	if err := errors.Join(keep(ofFirst, "t"), keep(of("ann"), "a"), keep(of("bob"), "b"), keep(of("cid"), "c")); err != nil {
		t.Fatal(err)
	}
	if _, err := o.evidence("e", desk.Fingerprint(quarter("t"))); err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.KeepMade(t.Context(), ofFirst, "text/html", quarter("m")); err != nil || held(of("ann"), "a") || !held(of("bob"), "b") || !held(of("cid"), "c") {
		t.Errorf("a letter: %v", err)
	}
	if err := keep(of("dan"), "d"); err != nil || held(of("bob"), "b") || !held(of("cid"), "c") {
		t.Errorf("another form: %v", err)
	}
	if _, err := o.desk.KeepMade(t.Context(), ofFirst, "text/html", []byte(strings.Repeat("n", mostFiles*3/4))); !errors.Is(err, desk.ErrFull) || !held(of("cid"), "c") || !held(of("dan"), "d") {
		t.Errorf("more than they can make room for: %v", err)
	}
	if err := errors.Join(keep(ofFirst, "u"), keep(ofFirst, "v")); err != nil || held(of("cid"), "c") || held(of("dan"), "d") {
		t.Errorf("of a test: %v", err)
	}
	if err := keep(ofFirst, "w"); !errors.Is(err, desk.ErrFull) {
		t.Errorf("there is none left: %v", err)
	}
	o.pass(time.Hour)
	if err := keep(ofFirst, "w"); err != nil || held(ofFirst, "m") || !held(ofFirst, "t") || !held(ofFirst, "u") {
		t.Errorf("what nobody named: %v", err)
	}
}

// A packed file that says of itself that it fills the memory of whoever unpacks it is of no type that is kept, in one part or in many.
func TestFilesThatUnpackToTooMuch(t *testing.T) {
	for _, parts := range []int{1, 40} {
		for _, all := range []uint64{50 * desk.MaxKept, 50*desk.MaxKept + 40, 1 << 60} {
			var b bytes.Buffer
			w := zip.NewWriter(&b)
			for i := range parts {
				name := "word/document.xml"
				if i > 0 {
					name = fmt.Sprintf("word/media/%d.png", i)
				}
				if _, err := w.CreateRaw(&zip.FileHeader{Name: name, UncompressedSize64: all / uint64(parts)}); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if of, ok := desk.TypeOf(b.Bytes()); ok != (all == 50*desk.MaxKept) {
				t.Errorf("%d bytes in %d parts: %q", all, parts, of)
			}
		}
	}
}
