package desk_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/store"
)

const canary = "Zyra Quillfeather"

// packed is a spreadsheet, as far as anybody looks into it who looks for words, in which the name stands in two runs.
func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/sharedStrings.xml")
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// littered is an office whose record and whose desk hold a name wherever they can.
func littered(t *testing.T) (o *office, entry int64, others []string) {
	t.Helper()
	o = newOffice(t)
	docs, problems := o.book.Kinds().Read("form", bytes.NewReader([]byte("{kind: person, id: p, name: "+canary+"}")))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := o.book.Do(t.Context(), owner, book.Change{Docs: docs})
	if err != nil {
		t.Fatal(err)
	}
	begin := func(typed string, files ...[]byte) string {
		d, err := o.desk.NewDraft(t.Context(), desk.Draft{Owner: owner, Purpose: "new", Record: fact.Key{Kind: "post", ID: "x"}, Typed: map[string][]string{"title": {typed}}})
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range files {
			if err := o.desk.AddFile(t.Context(), d, fmt.Sprint(i), f); err != nil {
				t.Fatal(err)
			}
		}
		return d.ID
	}
	begin("a letter to ZYRA\r\n quillfeather\" of today")
	begin("", []byte("name,post\nQuillfeather; Zyra,x\n"), []byte("name\n"+canary+"\n"))
	begin("", packed(t, "<si><r><t>Zyra Quill</t></r><r><t>feather</t></r></si>"))
	begin("", packed(t, "<t>Zyra</t><t>Quillfeather</t>"))
	begin("", []byte{0, 1, 2})                  // what cannot be looked into
	begin("", []byte("PK\x03\x04 and no more")) // nor this
	if err := o.desk.PutCard(t.Context(), "columns", []byte(`{"`+canary+`":"name"}`)); err != nil {
		t.Fatal(err)
	}
	job, err := o.desk.Start(t.Context(), owner, "Import "+canary, func(context.Context, *desk.Progress) (string, error) { return "/done", nil })
	if err != nil {
		t.Fatal(err)
	}
	for j, err := o.desk.Job(t.Context(), job.ID, owner); err == nil && !j.Over(); {
		j, err = o.desk.Job(t.Context(), job.ID, owner)
	}
	if account, err := o.desk.NewAccount(t.Context(), desk.Account{Name: "Ann", Email: "ann@example.com"}); err != nil {
		t.Fatal(err)
	} else if _, err := o.desk.Hold(t.Context(), account.ID, []byte(`{"to":"/search?q=Zyra%20Quillfeather"}`)); err != nil {
		t.Fatal(err)
	} else if _, err := o.desk.NewToken(t.Context(), desk.Token{Owner: account.ID, Name: "For Zyra Quillfeather", Ends: fact.DayIn(o.desk.Now()) + 5}); err != nil {
		t.Fatal(err)
	}
	others = []string{begin("Quillfeather of another family"), begin("", []byte("name\nZyra Quillfeatherstone\n")), begin("", packed(t, "<t>Nobody</t>"))}
	return o, r.First, others
}

func (o *office) erase(entry int64) (desk.Receipt, error) {
	return o.desk.Erase(context.Background(), desk.Forget{Words: []string{canary, "", "-"}}, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
		r, err := o.book.Do(ctx, owner, book.Change{Claim: claim, Erase: &book.Erasure{Of: []book.Part{{Position: entry}}, Ground: "objected", Reason: "case 1"}})
		return desk.Receipt{First: r.First, Last: r.Last}, err
	})
}

// traces are the files in which the name stands.
func (o *office) traces(t *testing.T) (in []string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(o.dir, "record.db*"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"zyra\\r\\n quill", "zyra quill", "quillfeather; zyra", "sharedstrings.xml\x00zyra", "zyra%20quill", "for zyra"} {
			if bytes.Contains(bytes.ToLower(b), []byte(part)) {
				in = append(in, filepath.Base(f)+" "+part)
			}
		}
	}
	return in
}

// What the desk holds of erased words goes with them, and nothing else does.
func TestErasedWordsLeaveTheDesk(t *testing.T) {
	o, entry, others := littered(t)
	before, err := o.desk.Drafts(t.Context(), owner)
	if err != nil || len(before) != 9 {
		t.Fatalf("%d drafts, %v", len(before), err)
	}
	if r, err := o.erase(entry); err != nil || r.First != entry+1 {
		t.Fatal(r, err)
	}
	for _, id := range others[:1] {
		if _, err := o.desk.Draft(t.Context(), id, owner); err != nil {
			t.Errorf("a draft without the words: %v", err)
		}
	}
	if _, err := o.desk.Card(t.Context(), "columns"); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("the card: %v", err)
	}
	after, err := o.desk.Drafts(t.Context(), owner)
	if err != nil || len(after) != len(others) {
		t.Errorf("%d drafts are left, %v", len(after), err)
	}
	if jobs, err := o.desk.Jobs(t.Context(), owner); err != nil || len(jobs) != 0 {
		t.Errorf("%d jobs, %v", len(jobs), err)
	}
	if in := o.traces(t); len(in) > 1 || len(in) == 1 && in[0] != "record.db.desk zyra quill" { // Quillfeatherstone
		t.Errorf("traces in %v", in)
	}
	accounts, err := o.desk.Accounts(t.Context())
	if err != nil || len(accounts) != 1 {
		t.Fatalf("%d accounts, %v", len(accounts), err)
	}
	if tokens, err := o.desk.Tokens(t.Context(), accounts[0].ID); err != nil || len(tokens) != 1 || tokens[0].Name != "Name removed" {
		t.Errorf("the token: %+v, %v", tokens, err) // it lets in all the same
	}
}

// A word that the desk's own writing is full of takes nothing away in which nobody typed it: not what a row says of itself, not the names of fields and steps, and not the draft that
// erases. Where somebody typed it, or it is the id of a record, that goes.
func TestErasedWordsAreThoseTyped(t *testing.T) {
	for _, word := range []string{"Record", "Unit", "Version", "Typed", "Note", "Draft", "Change", "Form", "Path", "Name", "Title", "Change version", "Done", "Files", "What"} {
		o := newOffice(t)
		begin := func(d desk.Draft) string {
			t.Helper()
			d.Owner, d.Purpose, d.Step = owner, "change", "what"
			made, err := o.desk.NewDraft(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			return made.ID
		}
		id := fact.ID(strings.ReplaceAll(strings.ToLower(word), " ", "-"))
		other := begin(desk.Draft{Record: fact.Key{Kind: "unit", ID: "x"}, Seen: map[fact.Key]int64{{Kind: "unit", ID: "x"}: 1}, Typed: map[string][]string{
			"title": {"Schools"}, "note": {""}, "~fields": {"title", "unit", "note", "name"}, "~verb": {"change"}, "~answered": {"record", "what", "form", "version"},
		}})
		typed := begin(desk.Draft{Record: fact.Key{Kind: "unit", ID: "x"}, Typed: map[string][]string{"title": {"The " + strings.ToUpper(word)}}})
		about := begin(desk.Draft{Record: fact.Key{Kind: "unit", ID: id}})
		own := begin(desk.Draft{Record: fact.Key{Kind: "post"}, Typed: map[string][]string{"what": {"title:8", word}}})
		account, err := o.desk.NewAccount(t.Context(), desk.Account{Name: "Ann", Email: "ann@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		late, err := o.desk.Hold(t.Context(), account.ID, []byte(`{"path":"/x","form":{"title":["Schools"],"~verb":["change"],"~fields":["name","title"]}}`))
		if err != nil {
			t.Fatal(err)
		}
		docs, problems := o.book.Kinds().Read("form", strings.NewReader("{kind: post, id: p, title: "+word+"}"))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		r, err := o.book.Do(t.Context(), owner, book.Change{Docs: docs})
		if err != nil {
			t.Fatal(err)
		}
		x := &book.Erasure{Of: []book.Part{{Position: r.First, Fields: []string{"title"}}}, Ground: "objected", Reason: "case 1"}
		forget := desk.Forget{Words: o.book.Words(x), But: own, Choices: []string{"~fields", "~verb", "~answered"}}
		if _, err := o.desk.Erase(t.Context(), forget, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
			r, err := o.book.Do(ctx, owner, book.Change{Claim: claim, Erase: x})
			return desk.Receipt{First: r.First, Last: r.Last}, err
		}); err != nil {
			t.Fatal(err)
		}
		for what, id := range map[string]string{"where nobody typed it": other, "the one that erases": own} {
			if _, err := o.desk.Draft(t.Context(), id, owner); err != nil {
				t.Errorf("%s, the draft %s: %v", word, what, err)
			}
		}
		for what, id := range map[string]string{"where it was typed": typed, "of a record of that id": about} {
			if _, err := o.desk.Draft(t.Context(), id, owner); !errors.Is(err, fact.ErrNotFound) {
				t.Errorf("%s, the draft %s: %v", word, what, err)
			}
		}
		if _, err := o.desk.Take(t.Context(), account.ID, late); err != nil {
			t.Errorf("%s, the form that came too late: %v", word, err)
		}
		o.close()
	}
}

// Wherever the power goes, the next start leaves both: nothing was erased and nothing forgotten, or all of it.
func TestErasureCrashAtEveryPoint(t *testing.T) {
	o, entry, _ := littered(t)
	points := 0
	point := func(where string, c store.Call) {
		points++
		after := o.crash(t)
		defer after.close()
		h := after.book.View(fact.DayOf(2026, 11, 23), -1).History(fact.Key{Kind: "person", ID: "p"})
		erased := len(h) != 1 // then its readable name leads nowhere, either
		left, err := after.desk.Drafts(t.Context(), owner)
		if err != nil || erased && len(left) != 3 || !erased && len(left) != 9 {
			t.Errorf("at %s of %s (done %v): erased %v, and %d drafts are left, %v", c.Method, where, c.Done, erased, len(left), err)
		}
		if in := after.traces(t); erased && (len(in) > 1 || len(in) == 1 && in[0] != "record.db.desk zyra quill") {
			t.Errorf("at %s of %s (done %v): traces in %v", c.Method, where, c.Done, in)
		}
	}
	started := false
	o.record.Fail(func(c store.Call) error { point("the record", c); return nil })
	o.drawers.Fail(func(c store.Call) error {
		if started = started || c.Method == "Put"; started && (c.Method != "List" || c.Done) {
			point("the desk", c)
		}
		return nil
	})
	if _, err := o.erase(entry); err != nil {
		t.Fatal(err)
	}
	o.record.Fail(nil)
	o.drawers.Fail(nil)
	if points < 20 {
		t.Errorf("there are only %d points", points)
	}
}

// An erasure that is refused leaves the desk as it was, and no note of the words.
func TestErasureRefused(t *testing.T) {
	o, _, _ := littered(t)
	if _, err := o.erase(99); err == nil {
		t.Fatal("there is no such entry")
	}
	if left, err := o.desk.Drafts(t.Context(), owner); err != nil || len(left) != 9 {
		t.Errorf("%d drafts are left, %v", len(left), err)
	}
	if rows, err := o.drawers.List(t.Context(), "erasing", "", 10); err != nil || len(rows) != 0 {
		t.Errorf("%d notes, %v", len(rows), err)
	}
}

// Where the desk fails after the record was changed, that is said, and a later sweep does the rest.
func TestErasureWithoutTheDesk(t *testing.T) {
	o, entry, _ := littered(t)
	o.drawers.Fail(func(c store.Call) error {
		if c.Method == "Delete" {
			return errFault
		}
		return nil
	})
	r, err := o.erase(entry)
	if !errors.Is(err, errFault) || r.First != entry+1 {
		t.Fatalf("%+v, %v", r, err)
	}
	o.drawers.Fail(nil)
	if err := o.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, err := o.desk.Drafts(t.Context(), owner); err != nil || len(left) != 3 {
		t.Errorf("%d drafts are left, %v", len(left), err)
	}
}
