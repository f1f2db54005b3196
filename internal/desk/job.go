package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"plumbline/internal/fact"
)

// Limits on long work.
const (
	MaxRunning = 2     // jobs at once; further ones wait for their turn
	MaxWaiting = 10    // jobs of one owner that are not over
	MaxJobs    = 100   // of one owner that are remembered; for a new one the oldest makes room
	maxFailure = 10000 // bytes
)

// State says how far a job has come.
type State string

// The states. The last three are for ever.
const (
	Waiting  State = "waiting"
	Running  State = "running"
	Finished State = "done"
	Failed   State = "failed"
	Stopped  State = "stopped"
)

// Job is work that takes longer than a person waits for a page.
type Job struct {
	ID    string    `json:"-"`
	Owner fact.Who  `json:"-"`
	Title string    `json:"title"` // "Verify the whole record"
	State State     `json:"state"`
	Made  time.Time `json:"-"`

	Started time.Time `json:"started,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`

	Step  string `json:"step,omitempty"`  // what is being done, in words
	Done  int    `json:"done,omitempty"`  // how much of it
	Total int    `json:"total,omitempty"` // of how much; 0 is not known

	Result  string `json:"result,omitempty"`  // the path of the page that shows what came of it
	Failure string `json:"failure,omitempty"` // why it failed and what to do, in words
}

// Over says whether nothing will change any more.
func (j Job) Over() bool { return j.State != Waiting && j.State != Running }

// Work is what a job does. It has to return soon after ctx ends, since Stop and Close wait for it. The result is the path of a page; the
// error is shown to people as it is.
type Work func(ctx context.Context, p *Progress) (result string, err error)

// Progress is how Work says how far it has come.
type Progress struct{ j *job }

// At says what is being done, and how much of it is. It costs little, and may be called often and from any goroutine.
func (p *Progress) At(done, total int, step string) {
	p.j.mu.Lock()
	defer p.j.mu.Unlock()
	p.j.Done, p.j.Total, p.j.Step = done, total, step
}

// job is a job of this program. Only its own goroutine writes its row.
type job struct {
	mu sync.Mutex // guards Job
	Job
	row  int64 // the version of the row
	stop context.CancelCauseFunc
	over chan struct{} // closed when nothing will change any more
}

func (j *job) now() Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.Job
}

// Why the context of a job ends.
var (
	errStopped = errors.New("somebody stopped it")
	errEnding  = errors.New("plumbline is ending")
)

// What is said of jobs that did not come to an end of their own.
const (
	restarted = "Plumbline was restarted before this was finished. Start it again."
	broken    = "Something went wrong in Plumbline itself. Start it again; if it goes wrong again, tell the people who look after Plumbline."
)

func jobName(id string) Name { return Name{"job", id} }

// Start begins a job, or puts it in the queue behind others. It goes on when ctx ends.
func (d *Desk) Start(ctx context.Context, owner fact.Who, title string, work Work) (Job, error) {
	j := &job{Job: Job{ID: newID(), Owner: owner, Title: title, State: Waiting, Made: d.now()}, over: make(chan struct{})}
	ctx, j.stop = context.WithCancelCause(context.WithoutCancel(ctx))
	if err := d.enter(j); err != nil {
		j.stop(nil)
		return Job{}, fmt.Errorf("start job: %w", err)
	}
	if err := d.remember(ctx, j); err != nil {
		d.leave(j)
		j.stop(nil)
		return Job{}, fmt.Errorf("start job: %w", err)
	}
	begun := j.now()
	go d.run(ctx, j, work)
	return begun, nil
}

// enter takes a job among those of this program; leave must follow.
func (d *Desk) enter(j *job) error {
	if j.Owner == "" {
		return fmt.Errorf("it has no owner: %w", fact.ErrInvalid)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ending {
		return errEnding
	}
	n := 0
	for _, other := range d.jobs {
		if other.Owner == j.Owner && !other.now().Over() {
			n++
		}
	}
	if n >= MaxWaiting {
		return fmt.Errorf("%d others are not finished; wait for one of them, or stop it: %w", n, ErrFull)
	}
	d.jobs[j.ID] = j
	d.working.Add(1)
	return nil
}

func (d *Desk) leave(j *job) {
	d.forget(j)
	d.working.Done()
}

// forget leaves it to the row of a job to say what it is.
func (d *Desk) forget(j *job) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.jobs, j.ID)
}

// known gives a job of this program whose row may not say what it is.
func (d *Desk) known(id string) *job {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.jobs[id]
}

// remember writes the row of a new job, and forgets the oldest if there are too many.
func (d *Desk) remember(ctx context.Context, j *job) error {
	err := d.note(ctx, j)
	if !errors.Is(err, ErrFull) {
		return err
	}
	rows, err := d.st.List(ctx, "job", string(j.Owner), MaxJobs)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(rows) {
		if d.known(r.Key) == nil {
			if err := d.st.Delete(ctx, r.Name); err != nil {
				return err
			}
			break
		}
	}
	return d.note(ctx, j)
}

// note writes the row of a job as it is.
func (d *Desk) note(ctx context.Context, j *job) error {
	now := j.now()
	b, err := json.Marshal(now)
	if err != nil {
		return err
	}
	t := d.now()
	row, err := d.st.Put(ctx, Row{Name: jobName(now.ID), Version: j.row, Owner: string(now.Owner), Made: now.Made, Touched: t, Expires: t.Add(Keep), Bytes: b}, MaxJobs)
	if err == nil {
		j.row = row
	}
	return err
}

// run is the life of a job once it is in the queue.
func (d *Desk) run(ctx context.Context, j *job, work Work) {
	defer d.working.Done()
	defer j.stop(nil)
	result, err := d.turn(ctx, j, work)
	cause := context.Cause(ctx)
	j.set(func(now *Job) {
		now.Ended = d.now()
		switch {
		case err == nil:
			now.State, now.Result = Finished, result
		case errors.Is(cause, errStopped):
			now.State = Stopped
		case errors.Is(cause, errEnding):
			now.State, now.Failure = Failed, restarted
		default:
			now.State, now.Failure = Failed, short(err.Error())
		}
	})
	if err := d.note(context.WithoutCancel(ctx), j); err != nil {
		d.Log.Error("how a job ended could not be noted; it is known until the program ends", "error", err)
	} else {
		d.forget(j)
	}
	close(j.over)
}

// turn waits for the turn of a job, and does the work.
func (d *Desk) turn(ctx context.Context, j *job, work Work) (result string, err error) {
	select {
	case d.turns <- struct{}{}:
		defer func() { <-d.turns }()
	case <-ctx.Done():
	}
	if ctx.Err() != nil { // it may have been told to end in the very moment in which its turn came
		return "", ctx.Err()
	}
	j.set(func(now *Job) { now.State, now.Started = Running, d.now() })
	if err := d.note(context.WithoutCancel(ctx), j); err != nil {
		d.Log.Error("that a job runs could not be noted", "error", err)
	}
	return d.do(ctx, j, work)
}

func (j *job) set(change func(*Job)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(&j.Job)
}

// do does the work, which must not take the program down with it.
func (d *Desk) do(ctx context.Context, j *job, work Work) (result string, err error) {
	defer func() {
		if r := recover(); r != nil {
			d.Log.Error("a job panicked", "job", j.Title, "panic", r, "stack", string(debug.Stack()))
			err = errors.New(broken)
		}
	}()
	return work(ctx, &Progress{j})
}

func short(s string) string {
	if len(s) <= maxFailure {
		return s
	}
	return strings.ToValidUTF8(s[:maxFailure], "") + " …"
}

// Job gives a job to its owner as it is at this moment, or fact.ErrNotFound.
func (d *Desk) Job(ctx context.Context, id string, owner fact.Who) (Job, error) {
	if j := d.known(id); j != nil && j.Owner == owner {
		return j.now(), nil
	}
	r, err := d.get(ctx, jobName(id), owner)
	if err != nil {
		return Job{}, err
	}
	return readJob(r)
}

// readJob makes a job of its row. The caller has made sure that this program is not working on it.
func readJob(r Row) (Job, error) {
	j := Job{ID: r.Key, Owner: fact.Who(r.Owner), Made: r.Made}
	if err := json.Unmarshal(r.Bytes, &j); err != nil {
		return Job{}, fmt.Errorf("read job: %v: %w", err, fact.ErrCorrupt)
	}
	if !j.Over() { // and so is nobody else: an earlier program ended over it
		j.State, j.Failure, j.Ended = Failed, restarted, r.Touched
	}
	return j, nil
}

// Jobs gives the jobs of an owner, those that changed last first.
func (d *Desk) Jobs(ctx context.Context, owner fact.Who) ([]Job, error) {
	if owner == "" { // of whom a store would list all there are
		return nil, nil
	}
	rows, err := d.st.List(ctx, "job", string(owner), MaxJobs)
	if err != nil {
		return nil, err
	}
	var list []Job
	for _, r := range rows {
		// One by one, since a job may begin or end between one look and another.
		j, err := d.Job(ctx, r.Key, owner)
		if errors.Is(err, fact.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}

// Wait gives a job when it is over, or as it is when ctx ends: a page may wait for a moment before it says that this takes longer.
func (d *Desk) Wait(ctx context.Context, id string, owner fact.Who) (Job, error) {
	if j := d.known(id); j != nil && j.Owner == owner {
		select {
		case <-j.over:
		case <-ctx.Done():
		}
	}
	return d.Job(context.WithoutCancel(ctx), id, owner)
}

// Stop tells a job to end, and does not wait for it. A job that is over stays as it is.
func (d *Desk) Stop(ctx context.Context, id string, owner fact.Who) error {
	if j := d.known(id); j != nil && j.Owner == owner {
		j.stop(errStopped)
		return nil
	}
	_, err := d.get(ctx, jobName(id), owner)
	return err
}
