package web_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

// wait gives the newest long work when it is over.
func (s *site) wait() desk.Job {
	s.t.Helper()
	jobs, err := s.desk.Jobs(s.t.Context(), "owner")
	if err != nil || len(jobs) == 0 {
		s.t.Fatalf("there is no long work: %v", err)
	}
	j, err := s.desk.Wait(s.t.Context(), jobs[0].ID, "owner")
	if err != nil || !j.Over() {
		s.t.Fatalf("%+v: %v", j, err)
	}
	return j
}

func TestTheWholeRecordIsChecked(t *testing.T) {
	s := harrow(t)
	v := s.visit("/verify")
	v.want("Nobody has checked the record", "What this proves", "What it does not prove")
	v.answer("/verify")
	s.wait()
	v.open("/verify")
	v.want("Checked 22 November 2026, "+itoa(s.book.Known())+" entries, none missing", "Signed checkpoints 3, the newest of", "Entries of which something was erased 0", s.book.Root(), s.book.Origin())
	v.open("/entries")
	v.want("Checked 22 November 2026, " + itoa(s.book.Known()) + " entries, none missing")
	v.open("/account")
	v.want("Check the whole record", "Finished 22 November 2026")
	v.open("/entries/7")
	v.want("check the whole record")
}

// An entry that somebody changed in the file behind the program's back is found and named.
func TestARecordThatWasChangedIsFound(t *testing.T) {
	at := t.TempDir()
	s := begin(t, at)
	t.Cleanup(func() { s.desk.Close(); s.book.Close() })
	s.load(nil, "{kind: unit, id: people, name: People}", "{kind: unit, id: place, name: Place}")
	s.load(nil, "{kind: unit, id: other, name: Other}")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(at, "record.db"))
	if err == nil {
		_, err = db.Exec("UPDATE runs SET bodies = zeroblob(length(bodies)) WHERE first = 1")
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	v := s.visit("/verify")
	v.answer("/verify")
	s.wait()
	v.open("/verify")
	v.want("Wrong", "Entry 1 is the first that is not as it was signed", "Stop recording")
	v.open("/entries")
	v.want("Entry 1 is the first that is not as it was signed")
}

// Long work shows how far it is, can be stopped, and says so.
func TestLongWork(t *testing.T) {
	s := empty(t)
	reached := make(chan struct{})
	j, err := s.desk.Start(t.Context(), "owner", "Draw <all> charts", func(ctx context.Context, p *desk.Progress) (string, error) {
		p.At(12, 24, "Drawing 24 charts")
		close(reached)
		<-ctx.Done()
		return "", ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	<-reached
	at := "/jobs/" + j.ID
	status, page := s.get(at)
	v := &visit{site: s, at: at, page: page}
	if _, faults := read(page); status != http.StatusAccepted || len(faults) > 0 {
		t.Errorf("status %d, %v", status, faults)
	}
	v.want("Draw <all> charts", "Drawing 24 charts: about 50% is done.", "Started 22 November 2026", "Check progress", "You can leave this page", "Stop")
	if !strings.Contains(page, `role="status" data-poll="`+at+`.json"`) {
		t.Error("the script is not told where to ask")
	}
	ask := func() (says struct{ Text, Location string }) {
		_, b := s.get(at + ".json")
		if err := json.Unmarshal([]byte(b), &says); err != nil {
			t.Errorf("%s: %v", b, err)
		}
		return says
	}
	if says := ask(); says.Text != "Drawing 24 charts: about 50% is done." || says.Location != "" {
		t.Errorf("%+v", says)
	}
	v.answer("/stop")
	v.want("It was stopped", "Nothing of it was half-done", "Go to your work to try again")
	if says := ask(); says.Location != at {
		t.Errorf("%+v", says)
	}
	if status, _ := s.get("/jobs/" + j.ID + "x"); status != http.StatusNotFound {
		t.Errorf("status %d", status)
	}

	j, err = s.desk.Start(t.Context(), "owner", "Another", func(context.Context, *desk.Progress) (string, error) { return "/entries", nil })
	if err != nil {
		t.Fatal(err)
	}
	at = "/jobs/" + j.ID
	s.wait()
	s.visit(at).want("Finished 22 November 2026", "See what came of it")
	if says := ask(); says.Location != "/entries" {
		t.Errorf("%+v", says)
	}
}

// Every entry can be proved after the key was changed and content was erased, and its page says so.
func TestProofsAfterANewKeyAndAnErasure(t *testing.T) {
	s := made(t)
	newer, err := s.keys.Rotated()
	if err == nil {
		err = s.book.Rotate(t.Context(), book.Owner, newer)
	}
	if err != nil {
		t.Fatal(err)
	}
	person := s.book.View(0, -1).History(fact.Key{Kind: "person", ID: "first"})[0].Position
	if _, err := s.book.Do(t.Context(), book.Owner, book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: person}}, Ground: "too-much", Reason: "asked for"}}); err != nil {
		t.Fatal(err)
	}
	s.load(nil, "{kind: unit, id: later, name: Later}")
	for n := int64(1); n <= s.book.Known(); n++ {
		at := fmt.Sprintf("/entries/%d", n)
		v := s.visit(at)
		v.want("The proof that it is in the record", "check the whole record", "The key was changed 1 time since")
		if strings.Contains(v.says(), "First Holder") {
			t.Errorf("%s says what was erased", at)
		}
		if _, b := s.get(at + ".json"); b == "" {
			t.Errorf("%s has no proof", at)
		} else if _, err := ledger.VerifyBundle([]byte(b), ""); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
	s.visit(fmt.Sprintf("/entries/%d", person)).want("Erased")
	v := s.visit("/verify")
	v.answer("/verify")
	s.wait()
	v.open("/verify")
	v.want("none missing", "Entries of which something was erased 1", s.keys.Verifier())
}
