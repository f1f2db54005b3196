package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// verifyTitle is what the work is called that checks the whole record, by which its results are found again.
const verifyTitle = "Check the whole record"

// verifyPage says what checking the record proves, and what came of it last.
type verifyPage struct {
	Last    *checked
	Proves  []string
	Not     []string
	Action  string
	Command string
	Without string // why it cannot be started here
}

// checked is what came of checking the record.
type checked struct {
	Link    link // in one line, leading to all of it
	Status  status
	Details []fieldLine
}

func (s *Site) verify(l *look, r *http.Request) (*page, error) {
	body := &verifyPage{
		Action: l.to("/verify"), Command: "plumbline verify RECORD --key KEY",
		Proves: []string{
			"Every entry is, byte for byte, what it was when it was signed.",
			"No entry is missing, none was put between others, and none was moved.",
			"Every checkpoint was signed with a key of this record, and each follows on from the one before.",
			"Nothing was erased without an entry that says so, and why.",
		},
		Not: []string{
			"That what was recorded is true, or that everything was recorded.",
			"That nobody who has the key made all of it anew. To rule that out, somebody outside keeps the key or a checkpoint, and compares.",
		},
	}
	if s.Desk == nil {
		body.Without = "This record was opened for reading only, so it is checked with the command instead."
	}
	var err error
	if body.Last, err = s.lastChecked(r); err != nil {
		return nil, err
	}
	return &page{Template: "verify", Crumbs: []link{{"What was recorded", l.to("/entries")}}, Heading: "Check the whole record", Undated: true, Narrow: true, Body: body}, nil
}

// lastChecked gives what came of the newest check of the record that is over, or nil.
func (s *Site) lastChecked(r *http.Request) (*checked, error) {
	if s.Desk == nil {
		return nil, nil
	}
	jobs, err := s.Desk.Jobs(r.Context(), s.whoIs(r))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(jobs, func(j desk.Job) bool {
		return j.Title == verifyTitle && (j.State == desk.Finished || j.State == desk.Failed)
	})
	if i < 0 {
		return nil, nil
	}
	j := jobs[i]
	if j.State == desk.Failed {
		text := "Checked " + report.Clock(j.Ended) + ". " + j.Failure
		return &checked{Link: link{text, "/verify"}, Status: status{"Wrong", "bad"}}, nil
	}
	lines := strings.Split(j.Step, "\n")
	c := &checked{Link: link{"Checked " + fact.DayIn(j.Ended).Words() + ", " + lines[0], "/verify"}, Status: status{"As it was signed", "good"}}
	for _, line := range lines[1:] {
		label, value, _ := strings.Cut(line, ": ")
		c.Details = append(c.Details, fieldLine{label, text(value)})
	}
	return c, nil
}

// startVerifying checks the whole record as it is stored.
func (s *Site) startVerifying(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	if err := s.readOnly(); err != nil {
		return err
	}
	err = s.work(w, r, l, verifyTitle, func(ctx context.Context, p *desk.Progress) (string, error) {
		p.At(0, 0, "Reading the first entries")
		v, err := s.Book.Verify(ctx, func(done, total int64) {
			p.At(int(done), int(total), "Checking "+count(int(total), "entry", "entries"))
		})
		if err != nil {
			return "", err
		}
		// What came of it is kept as the last step of the work, a line a fact: it is no part of the record.
		p.At(int(v.Size), int(v.Size), strings.Join([]string{
			count(int(v.Size), "entry", "entries") + ", none missing",
			"Finished: " + report.Clock(s.Now()),
			"Record: " + v.Origin,
			"Root of the tree over all entries: " + v.Root,
			fmt.Sprintf("Signed checkpoints: %s, the newest of %s", thousands(int64(v.Checkpoints)), report.Clock(v.Signed)),
			"Key on which this stands: " + v.Key,
			"Entries of which something was erased: " + thousands(int64(v.Erased)),
		}, "\n"))
		return l.to("/verify"), nil
	})
	if fault := (*book.Fault)(nil); errors.As(err, &fault) { // the page says it
		redirect(w, r, l.to("/verify"), http.StatusSeeOther)
		return nil
	}
	return err
}

// faultWords says to people what is wrong with a record.
func faultWords(f *book.Fault) string {
	const then = " Stop recording, and tell whoever runs Plumbline: they can compare with a backup and restore it."
	if f.Position == 0 {
		return "The record is not as it was signed. " + sentence(f.What) + then
	}
	return fmt.Sprintf("Entry %s is the first that is not as it was signed: %s.", thousands(f.Position), f.What) + then
}
