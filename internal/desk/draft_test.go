package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/store"
)

var visible = cmpopts.IgnoreUnexported(desk.Draft{})

func TestDraft(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	if len(dr.ID) < 22 || dr.Version != 1 {
		t.Errorf("%+v", dr)
	}
	dr.Step, dr.Typed = "dates", map[string][]string{"title": {"Director"}, "from": {"1", "April", ""}}
	dr.Seen[fact.Key{Kind: "person", ID: "~0123456789abcdef"}] = 9
	if err := o.desk.Save(t.Context(), dr); err != nil {
		t.Fatal(err)
	}
	got, err := o.desk.Draft(t.Context(), dr.ID, owner)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(dr, got, visible); d != "" || got.Version != 2 || got.Step != "dates" || !got.Touched.After(got.Made) {
		t.Errorf("what was saved is not what is there:\n%s", d)
	}
	for _, who := range []fact.Who{"somebody", ""} {
		if _, err := o.desk.Draft(t.Context(), dr.ID, who); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("the draft was shown to %q: %v", who, err)
		}
		theirs := *dr
		theirs.Owner = who
		if err := o.desk.Save(t.Context(), &theirs); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%q saved it: %v", who, err)
		}
		if _, err := o.commit(t.Context(), &theirs); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%q committed it: %v", who, err)
		}
		if err := o.desk.Discard(t.Context(), dr.ID, who); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%q discarded it: %v", who, err)
		}
	}
	other := o.draft(t, "b")
	if ids := drafts(t, o.desk); !slices.Equal(ids, []string{other.ID, dr.ID}) {
		t.Errorf("the drafts are %v", ids)
	}
	if err := o.desk.Save(t.Context(), dr); err != nil {
		t.Fatal(err)
	}
	if ids := drafts(t, o.desk); !slices.Equal(ids, []string{dr.ID, other.ID}) {
		t.Errorf("the one touched last does not come first: %v", ids)
	}
	if err := o.desk.Discard(t.Context(), dr.ID, owner); err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.Draft(t.Context(), dr.ID, owner); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("it was discarded, and: %v", err)
	}
	if err := o.desk.Save(t.Context(), dr); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("it was discarded, and saved: %v", err)
	}
}

func drafts(t *testing.T, d *desk.Desk) (ids []string) {
	t.Helper()
	list, err := d.Drafts(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, dr := range list {
		ids = append(ids, dr.ID)
	}
	return ids
}

func TestTwoTabs(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	here, there := *dr, *dr
	there.Typed = map[string][]string{"title": {"typed there"}}
	if err := o.desk.Save(t.Context(), &there); err != nil {
		t.Fatal(err)
	}
	here.Typed = map[string][]string{"title": {"typed here"}}
	for what, err := range map[string]error{
		"save":     o.desk.Save(t.Context(), &here),
		"add file": o.desk.AddFile(t.Context(), &here, "a.csv", []byte("a")),
		"commit":   second(o.commit(t.Context(), &here)),
	} {
		var stale *desk.Stale
		if !errors.As(err, &stale) || !errors.Is(err, fact.ErrStale) || stale.Now.Typed["title"][0] != "typed there" {
			t.Errorf("%s: %v", what, err)
		}
		if here.Typed["title"][0] != "typed here" {
			t.Errorf("%s: what was typed is lost", what)
		}
	}
	here.Version = there.Version // as somebody who has seen what is there, and goes on
	if err := o.desk.Save(t.Context(), &here); err != nil {
		t.Fatal(err)
	}
	if _, err := o.commit(t.Context(), &here); err != nil {
		t.Fatal(err)
	}
	var stale *desk.Stale
	if err := o.desk.Save(t.Context(), &there); !errors.As(err, &stale) || stale.Now.Done == nil {
		t.Errorf("a draft that is done was saved: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestDraftsExpire(t *testing.T) {
	o := newOffice(t)
	left, touched, done := o.draft(t, "left"), o.draft(t, "touched"), o.draft(t, "done")
	if err := o.desk.AddFile(t.Context(), left, "a.csv", []byte("canary")); err != nil {
		t.Fatal(err)
	}
	o.pass(desk.Keep - time.Hour)
	if err := o.desk.Save(t.Context(), touched); err != nil {
		t.Fatal(err)
	}
	if _, err := o.commit(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	o.pass(2 * time.Hour)
	// Whether or not it was swept already.
	for range 2 {
		if _, err := o.desk.Draft(t.Context(), left.ID, owner); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("a draft left alone is still there: %v", err)
		}
		if ids := drafts(t, o.desk); !slices.Equal(ids, []string{touched.ID}) {
			t.Errorf("the drafts are %v", ids)
		}
		if _, err := o.commit(t.Context(), left); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("it was committed: %v", err)
		}
		if dr, err := o.desk.Draft(t.Context(), done.ID, owner); err != nil || dr.Done == nil {
			t.Errorf("what is done is forgotten: %v", err)
		}
		if err := o.desk.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if disk := o.disk(t); bytes.Contains(disk, []byte("canary")) || bytes.Contains(disk, []byte("Director of left")) {
		t.Error("what expired is still on the disk")
	} else if !bytes.Contains(disk, []byte("Director of touched")) {
		t.Error("this test looks in the wrong place")
	}
	o.pass(desk.Keep)
	if _, err := o.desk.Draft(t.Context(), done.ID, owner); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("what is done is kept for ever: %v", err)
	}
}

// disk reads all files of the desk.
func (o *office) disk(t *testing.T) (b []byte) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(o.dir, "record.db.desk*"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		one, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, one...)
	}
	return b
}

func TestFiles(t *testing.T) {
	o := newOffice(t)
	dr, other := o.draft(t, "a"), o.draft(t, "b")
	for _, name := range []string{"units.csv", "posts ü.xlsx"} {
		if err := o.desk.AddFile(t.Context(), dr, name, []byte("content of "+name)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := o.desk.Draft(t.Context(), dr.ID, owner)
	if err != nil || len(got.Files) != 2 || !reflect.DeepEqual(got.Files, dr.Files) {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, f := range got.Files {
		if b, err := o.desk.Content(t.Context(), got, f.ID); err != nil || string(b) != "content of "+f.Name || len(b) != f.Size {
			t.Errorf("%s: %q, %v", f.Name, b, err)
		}
		if _, err := o.desk.Content(t.Context(), other, f.ID); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("another draft gives it: %v", err)
		}
		theirs := *got
		theirs.Owner = "somebody"
		if _, err := o.desk.Content(t.Context(), &theirs, f.ID); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("somebody else is given it: %v", err)
		}
	}
	gone := got.Files[0]
	if err := o.desk.RemoveFile(t.Context(), got, gone.ID); err != nil || len(got.Files) != 1 {
		t.Errorf("%v, %v", got.Files, err)
	}
	if _, err := o.desk.Content(t.Context(), got, gone.ID); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("a removed file is there: %v", err)
	}
	if err := o.desk.RemoveFile(t.Context(), got, gone.ID); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("it was removed again: %v", err)
	}
	if _, err := o.commit(t.Context(), got); err != nil {
		t.Fatal(err)
	}
	if err := o.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if disk := o.disk(t); bytes.Contains(disk, []byte("content of")) || bytes.Contains(disk, []byte("Director of a")) {
		t.Error("what was typed and uploaded is kept after it is recorded")
	}
}

func TestLimits(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	large := make([]byte, desk.MaxFile+1)
	for what, err := range map[string]error{
		"a file that is too large": o.desk.AddFile(t.Context(), dr, "a.csv", large),
		"an empty file":            o.desk.AddFile(t.Context(), dr, "a.csv", nil),
		"a file without a name":    o.desk.AddFile(t.Context(), dr, "", large[:1]),
		"a name without an end":    o.desk.AddFile(t.Context(), dr, strings.Repeat("a", 256), large[:1]),
		"a name that is no text":   o.desk.AddFile(t.Context(), dr, "\xff", large[:1]),
		"too much typed": o.desk.Save(t.Context(), &desk.Draft{ID: dr.ID, Owner: owner, Version: dr.Version,
			Typed: map[string][]string{"note": {strings.Repeat("a", desk.MaxDraft)}}}),
		"an owner of no name": second(o.desk.NewDraft(t.Context(), desk.Draft{Purpose: "new"})),
	} {
		if !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := o.desk.AddFile(t.Context(), dr, "a.csv", large[:desk.MaxFile]); err != nil {
		t.Error(err)
	}
	for len(dr.Files) < desk.MaxDraftFiles {
		if err := o.desk.AddFile(t.Context(), dr, "a.csv", large[:1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.desk.AddFile(t.Context(), dr, "a.csv", large[:1]); !errors.Is(err, desk.ErrFull) {
		t.Errorf("one file more: %v", err)
	}

	done := o.draft(t, "done")
	if _, err := o.commit(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	for range desk.MaxDrafts - 2 {
		o.draft(t, "more")
	}
	o.draft(t, "last") // takes the place of the one that is done
	if _, err := o.desk.Draft(t.Context(), done.ID, owner); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if _, err := o.desk.NewDraft(t.Context(), desk.Draft{Owner: owner}); !errors.Is(err, desk.ErrFull) || !errors.Is(err, fact.ErrInvalid) {
		t.Errorf("one draft more: %v", err)
	}
	if _, err := o.desk.NewDraft(t.Context(), desk.Draft{Owner: "somebody"}); err != nil {
		t.Errorf("somebody else's first: %v", err)
	}
}

func TestCommit(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	first := *dr
	r, err := o.commit(t.Context(), dr)
	if err != nil || r.First != 1 || r.Last != 1 || r.At.IsZero() || dr.Done == nil || *dr.Done != r || len(dr.Typed) > 0 {
		t.Fatalf("%+v, %v, %+v", r, err, dr)
	}
	// The back button, and submit once more: with what the page knew then, and with what is there now.
	now, err := o.desk.Draft(t.Context(), dr.ID, owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, dr := range []*desk.Draft{&first, now} {
		if again, err := o.commit(t.Context(), dr); err != nil || again != r || dr.Done == nil {
			t.Errorf("%+v, %v", again, err)
		}
	}
	if len(drafts(t, o.desk)) > 0 || o.book.Known() != 1 {
		t.Errorf("%v, %d entries", drafts(t, o.desk), o.book.Known())
	}
	if err := o.desk.Discard(t.Context(), dr.ID, owner); err != nil {
		t.Error(err)
	}
	if now, err = o.desk.Draft(t.Context(), dr.ID, owner); err != nil || now.Done == nil || *now.Done != r {
		t.Errorf("the receipt is gone: %v", err)
	}
}

// What is refused leaves the draft as it was.
func TestRefusedCommit(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	dr.Typed["title"] = []string{"[a, list]"}
	if err := o.desk.Save(t.Context(), dr); err != nil {
		t.Fatal(err)
	}
	if _, err := o.commit(t.Context(), dr); err == nil {
		t.Fatal("it was taken")
	}
	refused := errors.New("refused")
	if _, err := o.desk.Commit(t.Context(), dr, func(_ context.Context, claim desk.Claim) (desk.Receipt, error) {
		return desk.Receipt{}, errors.Join(claim(1, 1, fact.Hash{1}), refused)
	}); !errors.Is(err, refused) {
		t.Errorf("%v", err)
	}
	if got, err := o.desk.Draft(t.Context(), dr.ID, owner); err != nil || got.Done != nil || got.Recording || got.Version != dr.Version {
		t.Errorf("%+v, %v", got, err)
	}
	dr.Typed["title"] = []string{"Director"}
	if err := o.desk.Save(t.Context(), dr); err != nil {
		t.Fatal(err)
	}
	if _, err := o.commit(t.Context(), dr); err != nil {
		t.Error(err)
	}
}

// An error that comes after the fact is no refusal.
func TestLostReply(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	ctx, cancel := context.WithCancel(t.Context())
	r, err := o.desk.Commit(ctx, dr, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
		docs, _ := o.book.Kinds().Read("form", strings.NewReader("{kind: post, id: a, title: A}"))
		if _, err := o.book.Do(ctx, owner, book.Change{Docs: docs, Claim: claim}); err != nil {
			t.Error(err)
		}
		cancel() // whoever asked has gone, too
		return desk.Receipt{}, errFault
	})
	if err != nil || r.First != 1 || r.Last != 1 || dr.Done == nil {
		t.Errorf("%+v, %v", r, err)
	}
	if now, err := o.desk.Draft(t.Context(), dr.ID, owner); err != nil || now.Done == nil || *now.Done != r {
		t.Errorf("%+v, %v", now, err)
	}
}

func TestSubmittedAtOnce(t *testing.T) {
	o := newOffice(t)
	var drs []*desk.Draft
	for i := range 4 {
		drs = append(drs, o.draft(t, fmt.Sprint("p", i)))
	}
	var wg sync.WaitGroup
	receipts := make([]desk.Receipt, 8*len(drs))
	for i := range receipts {
		wg.Go(func() {
			dr := *drs[i%len(drs)]
			var err error
			if receipts[i], err = o.commit(t.Context(), &dr); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i, r := range receipts {
		if r != receipts[i%len(drs)] {
			t.Errorf("the same draft was given %+v and %+v", receipts[i%len(drs)], r)
		}
	}
	if n := o.book.Known(); n != int64(len(drs)) {
		t.Errorf("%d drafts, %d entries", len(drs), n)
	}
}

// While a draft is being recorded it can be looked at, and whoever would change it waits.
func TestRecording(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	before := *dr
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.desk.Commit(t.Context(), dr, func(_ context.Context, claim desk.Claim) (desk.Receipt, error) {
		if err := claim(1, 1, fact.Hash{1}); err != nil {
			return desk.Receipt{}, err
		}
		if now, err := o.desk.Draft(t.Context(), dr.ID, owner); err != nil || !now.Recording || now.Typed["title"][0] != "Director of a" {
			t.Errorf("%+v, %v", now, err)
		}
		if list, err := o.desk.Drafts(t.Context(), owner); err != nil || len(list) != 1 || !list[0].Recording {
			t.Errorf("%+v, %v", list, err)
		}
		if err := o.desk.Save(ended, &before); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		return desk.Receipt{First: 1, Last: 1}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if now, err := o.desk.Draft(t.Context(), dr.ID, owner); err != nil || now.Recording || now.Done == nil {
		t.Errorf("%+v, %v", now, err)
	}
}

// TestCrashAtEveryPoint takes the power away before and after every call on either store while a draft is committed. Afterwards the same page,
// submitted again, has the draft in the record once.
func TestCrashAtEveryPoint(t *testing.T) {
	o := newOffice(t)
	points := 0
	point := func(what string, c store.Call, dr desk.Draft, recorded func() bool) {
		points++
		after := o.crash(t)
		defer after.close()
		name := fmt.Sprintf("at %s of %s (done %v)", c.Method, what, c.Done)
		was := len(after.entries(&dr))
		now, err := after.desk.Draft(t.Context(), dr.ID, owner)
		if err != nil || (now.Done != nil) != (was == 1) || now.Recording {
			t.Errorf("%s: %d entries, and the draft is %+v, %v", name, was, now, err)
		}
		if recorded() && was == 0 {
			t.Errorf("%s: what was recorded is lost", name)
		}
		r, err := after.commit(t.Context(), &dr)
		if err != nil || dr.Done == nil || *dr.Done != r {
			t.Errorf("%s: submitted again: %v", name, err)
		}
		if got := after.entries(&dr); len(got) != 1 || got[0] != r.First {
			t.Errorf("%s: submitted again it is at %v in the record, and the receipt says %d", name, got, r.First)
		}
	}
	dr := o.draft(t, "a")
	if err := o.desk.AddFile(t.Context(), dr, "a.csv", []byte("a")); err != nil {
		t.Fatal(err)
	}
	page, appended := *dr, false
	o.record.Fail(func(c store.Call) error {
		appended = appended || c == store.Call{Method: "Append", Done: true}
		point("the record", c, page, func() bool { return appended })
		return nil
	})
	o.drawers.Fail(func(c store.Call) error {
		point("the desk", c, page, func() bool { return appended })
		return nil
	})
	if _, err := o.commit(t.Context(), dr); err != nil {
		t.Fatal(err)
	}
	o.record.Fail(nil)
	o.drawers.Fail(nil)
	if points < 8 {
		t.Errorf("there are only %d points", points)
	}
}

var errFault = errors.New("the disk fell out")

// Whatever fails in between, whoever is told that a draft is recorded can rely on it, and it is there once at most.
func TestOnceUnderFaults(t *testing.T) {
	o, n := newOffice(t), 0
	defer func() { o.close() }()
	rapid.Check(t, func(rt *rapid.T) {
		n++
		dr := o.draft(rt, fmt.Sprint("p", n))
		told := false
		fails := func(name string) func(store.Call) error {
			// An error at one call in so many: rapid shrinks towards none.
			odds := rapid.IntRange(0, 3).Draw(rt, name)
			draws := rapid.SliceOfN(rapid.IntRange(0, 3), 40, 40).Draw(rt, name+" draws")
			i := 0
			return func(c store.Call) error {
				i++
				if c.Method != "Close" && i < len(draws) && draws[i] < odds {
					return errFault
				}
				return nil
			}
		}
		for range rapid.IntRange(1, 6).Draw(rt, "tries") {
			o.record.Fail(fails("record"))
			o.drawers.Fail(fails("desk"))
			page := *dr
			r, err := o.commit(context.Background(), &page)
			o.record.Fail(nil)
			o.drawers.Fail(nil)
			if rapid.IntRange(0, 3).Draw(rt, "crash") == 3 {
				old := o
				o = old.crash(rt)
				old.close()
			} else if err := o.book.Follow(context.Background()); err != nil {
				rt.Fatal(err)
			}
			at := o.entries(dr)
			if err == nil {
				told = true
				if len(at) != 1 || at[0] != r.First {
					rt.Fatalf("the receipt says %d, and the record %v", r.First, at)
				}
			}
			if len(at) > 1 || told && len(at) == 0 {
				rt.Fatalf("told: %v; in the record at %v", told, at)
			}
		}
		page := *dr
		if r, err := o.commit(context.Background(), &page); err != nil || len(o.entries(dr)) != 1 || o.entries(dr)[0] != r.First {
			rt.Fatalf("at last: %+v, %v, %v", r, err, o.entries(dr))
		}
	})
}

// Of a claim that nobody can settle nothing is assumed.
func TestUnknown(t *testing.T) {
	o := newOffice(t)
	dr := o.draft(t, "a")
	fails := func(c store.Call) error {
		if c.Method == "Append" && !c.Done {
			return nil
		}
		return errFault // the append is persisted, and nothing can be read any more
	}
	o.record.Fail(fails)
	if _, err := o.commit(t.Context(), dr); !errors.Is(err, errFault) || !strings.Contains(err.Error(), "could not be found out") {
		t.Errorf("%v", err)
	}
	now, err := o.desk.Draft(t.Context(), dr.ID, owner)
	if err != nil || !now.Recording || now.Done != nil || now.Typed["title"] == nil {
		t.Fatalf("%+v, %v", now, err)
	}
	for what, err := range map[string]error{
		"save":    o.desk.Save(t.Context(), now),
		"commit":  second(o.commit(t.Context(), now)),
		"discard": o.desk.Discard(t.Context(), dr.ID, owner),
	} {
		if !errors.Is(err, errFault) {
			t.Errorf("%s: %v", what, err)
		}
	}
	o.record.Fail(nil)
	if now, err = o.desk.Draft(t.Context(), dr.ID, owner); err != nil || now.Recording || now.Done == nil || now.Done.First != 1 {
		t.Errorf("%+v, %v", now, err)
	}
}

// Who is nobody, as a reader who has not signed in, sees nothing of what anybody has begun.
func TestNobodyHasNothing(t *testing.T) {
	o := newOffice(t)
	o.draft(t, "a")
	if _, err := o.desk.Start(t.Context(), owner, "Work", func(context.Context, *desk.Progress) (string, error) { return "/", nil }); err != nil {
		t.Fatal(err)
	}
	drafts, err := o.desk.Drafts(t.Context(), "")
	jobs, err2 := o.desk.Jobs(t.Context(), "")
	if len(drafts)+len(jobs) > 0 || err != nil || err2 != nil {
		t.Errorf("nobody has %d drafts and %d jobs; %v, %v", len(drafts), len(jobs), err, err2)
	}
}
