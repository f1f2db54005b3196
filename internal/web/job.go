package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// patient is how long somebody waits for a page before they are shown how far the work is instead.
const patient = 2 * time.Second

// work does what may take longer than people wait for a page. If it is over soon the answer leads to what came of it, or is the error; if
// not, it leads to the page that shows how far it is, and the work goes on.
func (s *Site) work(w http.ResponseWriter, r *http.Request, l *look, title string, do desk.Work) error {
	var failed error
	job, err := s.Desk.Start(r.Context(), s.whoIs(r), title, func(ctx context.Context, p *desk.Progress) (string, error) {
		result, err := do(ctx, p)
		if failed = err; err != nil {
			err = errors.New(s.plainly(title, err))
		}
		return result, err
	})
	if errors.Is(err, desk.ErrFull) {
		return &trouble{kind: fact.ErrInvalid, text: "You have begun more long work than can wait. Let some of it finish first, or stop it.", links: []link{{"Your work", l.to("/account")}}}
	}
	if err != nil {
		return err
	}
	soon, cancel := context.WithTimeout(r.Context(), patient)
	defer cancel()
	if job, err = s.Desk.Wait(soon, job.ID, job.Owner); err != nil {
		return err
	}
	to := l.to("/jobs/" + job.ID)
	switch {
	case job.State == desk.Finished:
		to = job.Result
	case job.State == desk.Failed && failed != nil:
		return failed
	}
	redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// plainly says to people why work failed. What is our own fault goes to the log.
func (s *Site) plainly(title string, err error) string {
	problems, t, fault := kind.Problems(nil), (*trouble)(nil), (*book.Fault)(nil)
	switch {
	case errors.As(err, &t):
		return t.text
	case errors.As(err, &fault):
		return faultWords(fault)
	case errors.Is(err, fact.ErrStale):
		return "Somebody changed the record meanwhile, and some of it is what this would have changed. Look at what it would do now, and try again."
	case errors.As(err, &problems):
		return sentence(problems[0].What) + " " + sentence(problems[0].Remedy)
	}
	s.Log.Error("long work failed", "title", title, "error", err)
	return "Something went wrong in Plumbline itself. Try again; if it goes wrong again, tell whoever runs Plumbline."
}

// jobPage is how far long work has come.
type jobPage struct {
	Poll    string // where a script asks
	Status  string
	Started string
	Check   string
	Leave   []link
	Stop    string
	Done    *link
	Again   *link
}

func (s *Site) job(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	j, err := s.openJob(l, r)
	if err != nil {
		return err
	}
	at := l.to("/jobs/" + j.ID)
	if endingOf(r) == "json" {
		now := struct {
			Text     string `json:"text"`
			Location string `json:"location,omitempty"`
		}{Text: jobStatus(j)}
		if j.Over() {
			now.Location = at
		}
		if j.State == desk.Finished {
			now.Location = j.Result
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		return json.NewEncoder(w).Encode(now)
	}
	body := &jobPage{Status: jobStatus(j)}
	if !j.Started.IsZero() {
		body.Started = "Started " + report.Clock(j.Started)
	}
	p := &page{Template: "job", Heading: j.Title, Undated: true, Narrow: true, Body: body}
	switch j.State {
	case desk.Finished:
		body.Done = &link{"See what came of it", j.Result}
	case desk.Failed, desk.Stopped:
		body.Again = &link{"Go to your work to try again", l.to("/account")}
		if j.Title == verifyTitle {
			body.Again = &link{"Try again", l.to("/verify")}
		}
		if j.State == desk.Failed {
			p.Problem = &problem{Title: "This could not be finished", Text: j.Failure}
			if j.Title != verifyTitle {
				p.Problem.Text += " Nothing of it was half-done."
			}
		}
	default:
		p.Status = http.StatusAccepted
		body.Poll, body.Check, body.Stop = "/jobs/"+j.ID+".json", at, l.to("/jobs/"+j.ID+"/stop")
		body.Leave = []link{{Text: "You can leave this page: the work goes on, and is listed under"}, {"Your work", l.to("/account")}}
	}
	return s.render(w, l, p)
}

func (s *Site) openJob(l *look, r *http.Request) (desk.Job, error) {
	if err := s.readOnly(); err != nil {
		return desk.Job{}, err
	}
	j, err := s.Desk.Job(r.Context(), r.PathValue("job"), s.whoIs(r))
	if errors.Is(err, fact.ErrNotFound) {
		return j, &trouble{kind: fact.ErrNotFound, text: "There is no long work at this address. What became of it is kept for 7 days.", links: []link{{"Your work", l.to("/account")}}}
	}
	return j, err
}

// jobStatus says how far work is. It changes seldom, so that what reads a page aloud is not always interrupted.
func jobStatus(j desk.Job) string {
	switch j.State {
	case desk.Waiting:
		return "Waiting for its turn."
	case desk.Finished:
		return "Finished " + report.Clock(j.Ended) + "."
	case desk.Failed:
		return "It could not be finished."
	case desk.Stopped:
		return "It was stopped " + report.Clock(j.Ended) + ". Nothing of it was half-done."
	}
	step := j.Step
	if step == "" {
		step = "Beginning"
	}
	if done := tenths(j); done > 0 {
		step += fmt.Sprintf(": about %d%% is done", 10*done)
	}
	return step + "."
}

// tenths says how much of some work is done, if that is known. It changes seldom.
func tenths(j desk.Job) int {
	if j.Total <= 0 {
		return 0
	}
	return 10 * j.Done / j.Total
}

// stopJob ends work that somebody does not want any more.
func (s *Site) stopJob(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	j, err := s.openJob(l, r)
	if err != nil {
		return err
	}
	if err := s.Desk.Stop(r.Context(), j.ID, j.Owner); err != nil {
		return err
	}
	soon, cancel := context.WithTimeout(r.Context(), patient)
	defer cancel()
	if _, err := s.Desk.Wait(soon, j.ID, j.Owner); err != nil {
		return err
	}
	redirect(w, r, l.to("/jobs/"+j.ID), http.StatusSeeOther)
	return nil
}

// jobTable lists the long work of one person.
func (s *Site) jobTable(l *look, r *http.Request) (*table, error) {
	jobs, err := s.Desk.Jobs(r.Context(), s.whoIs(r))
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	t := newTable("What takes longer than a page, of the last 7 days", "Work", "Begun", "How far it is")
	for _, j := range jobs {
		what := jobStatus(j)
		if j.State == desk.Failed {
			what += " " + j.Failure
		}
		to := l.to("/jobs/" + j.ID)
		if j.State == desk.Finished && strings.HasPrefix(j.Result, "/") {
			to = j.Result
		}
		t.add([]link{{j.Title, to}}, text(report.Clock(j.Made)), text(what))
	}
	return t, nil
}
