package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/store"
)

func (o *office) start(t fataler, title string, work desk.Work) desk.Job {
	t.Helper()
	j, err := o.desk.Start(context.Background(), owner, title, work)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func (o *office) wait(t fataler, j desk.Job) desk.Job {
	t.Helper()
	j, err := o.desk.Wait(context.Background(), j.ID, owner)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// until is work that says that it has begun, and ends when it is told to or when go is closed.
func until(begun chan<- string, name string, end <-chan struct{}) desk.Work {
	return func(ctx context.Context, p *desk.Progress) (string, error) {
		p.At(1, 3, "reading "+name)
		select {
		case begun <- name:
		case <-ctx.Done():
		}
		select {
		case <-end:
			return "/done/" + name, nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func TestJob(t *testing.T) {
	o := newOffice(t)
	begun, end := make(chan string), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	j, err := o.desk.Start(ctx, owner, "Verify the whole record", until(begun, "entries", end))
	if err != nil || j.State != desk.Waiting || j.Over() || j.Title != "Verify the whole record" {
		t.Fatalf("%+v, %v", j, err)
	}
	cancel() // whoever asked for the page has gone, and the work goes on
	<-begun
	now, err := o.desk.Job(t.Context(), j.ID, owner)
	if err != nil || now.State != desk.Running || now.Step != "reading entries" || now.Done != 1 || now.Total != 3 || now.Started.IsZero() {
		t.Errorf("%+v, %v", now, err)
	}
	if now, err = o.desk.Wait(ctx, j.ID, owner); err != nil || now.State != desk.Running {
		t.Errorf("whoever waits no longer is given %+v, %v", now, err)
	}
	for _, who := range []fact.Who{"somebody", ""} {
		_, err := o.desk.Job(t.Context(), j.ID, who)
		_, werr := o.desk.Wait(t.Context(), j.ID, who)
		serr := o.desk.Stop(t.Context(), j.ID, who)
		list, lerr := o.desk.Jobs(t.Context(), "somebody")
		if !errors.Is(err, fact.ErrNotFound) || !errors.Is(werr, fact.ErrNotFound) || !errors.Is(serr, fact.ErrNotFound) || len(list) > 0 || lerr != nil {
			t.Errorf("%q: %v, %v, %v, %v, %v", who, err, werr, serr, list, lerr)
		}
	}
	close(end)
	over := o.wait(t, j)
	if over.State != desk.Finished || !over.Over() || over.Result != "/done/entries" || over.Failure != "" || !over.Ended.After(over.Started) || !over.Started.After(over.Made) {
		t.Errorf("%+v", over)
	}
	if err := o.desk.Stop(t.Context(), j.ID, owner); err != nil {
		t.Errorf("what is over was stopped: %v", err)
	}
	failed := o.wait(t, o.start(t, "fails", func(context.Context, *desk.Progress) (string, error) {
		return "", errors.New("The file has no column for titles. Add one.")
	}))
	if failed.State != desk.Failed || failed.Failure != "The file has no column for titles. Add one." || failed.Result != "" {
		t.Errorf("%+v", failed)
	}
	list, err := o.desk.Jobs(t.Context(), owner)
	if err != nil || len(list) != 2 || list[0] != failed || list[1] != over {
		t.Errorf("%+v, %v", list, err)
	}
	o.pass(desk.Keep)
	if _, err := o.desk.Job(t.Context(), j.ID, owner); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("it is kept for ever: %v", err)
	}
}

func TestPanickingJob(t *testing.T) {
	o := newOffice(t)
	j := o.wait(t, o.start(t, "panics", func(context.Context, *desk.Progress) (string, error) { panic("out of cheese") }))
	if j.State != desk.Failed || strings.Contains(j.Failure, "cheese") || !strings.Contains(o.complain.String(), "out of cheese") {
		t.Errorf("%+v\n%s", j, o.complain)
	}
	if j := o.wait(t, o.start(t, "says much", func(context.Context, *desk.Progress) (string, error) {
		return "", errors.New(strings.Repeat("ä", desk.MaxDraft))
	})); len(j.Failure) > 11000 {
		t.Errorf("the failure is %d bytes long", len(j.Failure))
	}
}

func TestAtOnce(t *testing.T) {
	o := newOffice(t)
	begun, end := make(chan string), make(chan struct{})
	var jobs []desk.Job
	for i := range desk.MaxWaiting {
		jobs = append(jobs, o.start(t, "job", until(begun, fmt.Sprint(i), end)))
	}
	if _, err := o.desk.Start(t.Context(), owner, "one more", nil); !errors.Is(err, desk.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	if _, err := o.desk.Start(t.Context(), "", "nobody's", nil); !errors.Is(err, fact.ErrInvalid) {
		t.Errorf("nobody's: %v", err)
	}
	count := func() (running, waiting int) {
		for _, j := range jobs {
			switch now, err := o.desk.Job(t.Context(), j.ID, owner); {
			case err != nil:
				t.Error(err)
			case now.State == desk.Running:
				running++
			case now.State == desk.Waiting:
				waiting++
			}
		}
		return running, waiting
	}
	for range desk.MaxRunning {
		<-begun
	}
	if r, w := count(); r != desk.MaxRunning || w != desk.MaxWaiting-desk.MaxRunning {
		t.Errorf("%d run and %d wait", r, w)
	}
	// One that waits is stopped without having begun.
	i := slices.IndexFunc(jobs, func(j desk.Job) bool {
		now, err := o.desk.Job(t.Context(), j.ID, owner)
		return err == nil && now.State == desk.Waiting
	})
	if err := o.desk.Stop(t.Context(), jobs[i].ID, owner); err != nil {
		t.Fatal(err)
	}
	if j := o.wait(t, jobs[i]); j.State != desk.Stopped || !j.Started.IsZero() || j.Failure != "" {
		t.Errorf("%+v", j)
	}
	jobs = slices.Delete(jobs, i, i+1)
	// One that runs makes room for another.
	i = slices.IndexFunc(jobs, func(j desk.Job) bool {
		now, err := o.desk.Job(t.Context(), j.ID, owner)
		return err == nil && now.State == desk.Running
	})
	if err := o.desk.Stop(t.Context(), jobs[i].ID, owner); err != nil {
		t.Fatal(err)
	}
	if j := o.wait(t, jobs[i]); j.State != desk.Stopped || j.Step == "" || j.Started.IsZero() || j.Ended.IsZero() {
		t.Errorf("%+v", j)
	}
	jobs = slices.Delete(jobs, i, i+1)
	<-begun
	if r, w := count(); r != desk.MaxRunning || w != desk.MaxWaiting-2-desk.MaxRunning {
		t.Errorf("%d run and %d wait", r, w)
	}
	close(end)
	go func() {
		for range begun {
		}
	}()
	for _, j := range jobs {
		if j := o.wait(t, j); j.State != desk.Finished {
			t.Errorf("%+v", j)
		}
	}
	close(begun)
}

// What was running or waiting when a program ended is said to have failed, whichever way it ended.
func TestRestart(t *testing.T) {
	for _, how := range []string{"crash", "close"} {
		t.Run(how, func(t *testing.T) {
			o := newOffice(t)
			begun, end := make(chan string), make(chan struct{})
			done := o.wait(t, o.start(t, "done", func(context.Context, *desk.Progress) (string, error) { return "/", nil }))
			var jobs []desk.Job
			for i := range desk.MaxRunning + 1 {
				jobs = append(jobs, o.start(t, "job", until(begun, fmt.Sprint(i), end)))
			}
			for range desk.MaxRunning {
				<-begun
			}
			after := o
			if how == "crash" {
				after = o.crash(t)
				defer after.close()
			} else {
				o.close()
				if _, err := o.desk.Start(t.Context(), owner, "too late", nil); err == nil {
					t.Error("a job was begun after the end")
				}
				o.open(t)
			}
			for _, j := range jobs {
				j, err := after.desk.Job(t.Context(), j.ID, owner)
				if err != nil || j.State != desk.Failed || !strings.Contains(j.Failure, "restarted") || j.Ended.IsZero() {
					t.Errorf("%+v, %v", j, err)
				}
				if err := after.desk.Stop(t.Context(), j.ID, owner); err != nil {
					t.Error(err)
				}
			}
			list, err := after.desk.Jobs(t.Context(), owner)
			if err != nil || len(list) != len(jobs)+1 || !slices.Contains(list, done) {
				t.Errorf("%+v, %v", list, err)
			}
			after.pass(desk.Keep)
			if list, err := after.desk.Jobs(t.Context(), owner); err != nil || len(list) > 0 {
				t.Errorf("kept for ever: %+v, %v", list, err)
			}
		})
	}
}

func TestJobsAreForgotten(t *testing.T) {
	o := newOffice(t)
	nothing := func(context.Context, *desk.Progress) (string, error) { return "/", nil }
	begun, end := make(chan string), make(chan struct{})
	long := o.start(t, "long", until(begun, "long", end))
	<-begun
	first := o.wait(t, o.start(t, "first", nothing))
	for range desk.MaxJobs - 1 {
		o.wait(t, o.start(t, "more", nothing))
	}
	if _, err := o.desk.Job(t.Context(), first.ID, owner); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("the first is remembered: %v", err)
	}
	close(end)
	if j := o.wait(t, long); j.State != desk.Finished {
		t.Errorf("%+v", j)
	}
}

// A job is what it is, whether or not that can be written down.
func TestJobUnderFaults(t *testing.T) {
	for _, done := range []bool{false, true} {
		o := newOffice(t)
		begun, end := make(chan string), make(chan struct{})
		j := o.start(t, "job", until(begun, "job", end))
		<-begun
		o.drawers.Fail(func(c store.Call) error {
			if c == (store.Call{Method: "Put", Done: done}) {
				return errFault
			}
			return nil
		})
		if _, err := o.desk.Start(t.Context(), owner, "another", nil); !errors.Is(err, errFault) {
			t.Errorf("%v", err)
		}
		close(end)
		if j := o.wait(t, j); j.State != desk.Finished || j.Result != "/done/job" {
			t.Errorf("%+v", j)
		}
		o.drawers.Fail(nil)
		if list, err := o.desk.Jobs(t.Context(), owner); err != nil || !slices.ContainsFunc(list, func(j desk.Job) bool { return j.State == desk.Finished }) {
			t.Errorf("%+v, %v", list, err)
		}
		if j := o.wait(t, o.start(t, "another", func(context.Context, *desk.Progress) (string, error) { return "/", nil })); j.State != desk.Finished {
			t.Errorf("%+v", j)
		}
	}
}

// A job can put a draft into the record, and the page can be submitted twice all the same.
func TestJobCommits(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	work := func(page desk.Draft) desk.Work {
		return func(ctx context.Context, p *desk.Progress) (string, error) {
			r, err := o.commit(ctx, &page)
			return fmt.Sprint("/entries/", r.First), err
		}
	}
	for _, j := range []desk.Job{o.start(t, "import", work(*dr)), o.start(t, "import", work(*dr))} {
		if j := o.wait(t, j); j.Result != "/entries/1" {
			t.Errorf("%+v", j)
		}
	}
	if o.book.Known() != 1 {
		t.Errorf("%d entries", o.book.Known())
	}
}

// Everything at once, for the race detector; and when the desk is closed nothing goes on.
func TestJobsAtOnce(t *testing.T) {
	o := newOffice(t)
	var wg sync.WaitGroup
	for i := range 6 {
		who := fact.Who(fmt.Sprint("owner", i%3))
		wg.Go(func() {
			for n := range 4 {
				j, err := o.desk.Start(t.Context(), who, "job", func(ctx context.Context, p *desk.Progress) (string, error) {
					for k := range 100 {
						p.At(k, 100, "counting")
					}
					return "/", ctx.Err()
				})
				if err != nil {
					t.Error(err)
					return
				}
				if n == 3 {
					o.desk.Stop(t.Context(), j.ID, who)
				}
				if _, err := o.desk.Jobs(t.Context(), who); err != nil {
					t.Error(err)
				}
				if j, err = o.desk.Wait(t.Context(), j.ID, who); err != nil || !j.Over() {
					t.Errorf("%+v, %v", j, err)
				}
			}
		})
	}
	wg.Wait()
	var left sync.WaitGroup
	for range 2 * desk.MaxRunning {
		left.Add(1)
		j := o.start(t, "until the desk is closed", func(ctx context.Context, _ *desk.Progress) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		})
		go func() {
			defer left.Done()
			o.desk.Wait(t.Context(), j.ID, owner)
		}()
	}
	o.close()
	left.Wait()
	o.open(t)
}
