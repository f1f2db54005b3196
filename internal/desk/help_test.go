package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

const owner = book.Owner

// mostFiles is how large all files may be together, in bytes.
const mostFiles = 1 << 20

// office is a record with its desk in a folder, both with stores that can be told to fail, and a clock that the test moves.
type office struct {
	*clock
	root     string // of this office and what became of it in crashes
	dir      string
	keys     *ledger.Keys
	record   *store.Faulty
	book     *book.Book
	drawers  *store.FaultyDesk
	files    *store.FaultyDesk
	desk     *desk.Desk
	complain *strings.Builder
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Millisecond)
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type fataler interface {
	Helper()
	Fatal(...any)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{clock: &clock{at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}, root: t.TempDir()}
	o.dir = o.root
	var err error
	if o.keys, err = ledger.NewKeys(); err != nil {
		t.Fatal(err)
	}
	st, err := store.Create(filepath.Join(o.dir, "record.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Create(t.Context(), st, o.keys, o.now()); err != nil {
		t.Fatal(err)
	}
	st.Close()
	o.open(t)
	t.Cleanup(func() { o.close() })
	return o
}

func (o *office) open(t fataler) {
	t.Helper()
	path := filepath.Join(o.dir, "record.db")
	st, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	o.record = store.NewFaulty(st)
	if o.book, err = book.Open(context.Background(), o.record, o.keys, kind.Standard(), o.now, nil); err != nil {
		t.Fatal(err)
	}
	drawers, err := store.OpenDesk(store.DeskPath(path))
	if err != nil {
		t.Fatal(err)
	}
	o.drawers = store.NewFaultyDesk(drawers)
	files, err := store.OpenDesk(store.FilesPath(path))
	if err != nil {
		t.Fatal(err)
	}
	o.files = store.NewFaultyDesk(files)
	o.complain = new(strings.Builder)
	log := slog.New(slog.NewTextHandler(o.complain, nil))
	if o.desk, err = desk.Open(context.Background(), o.drawers, desk.Config{Now: o.now, Holds: o.book.Holds, Names: o.book.Files, Files: o.files, MaxFiles: mostFiles, Log: log}); err != nil {
		t.Fatal(err)
	}
}

func (o *office) close() {
	o.drawers.Fail(nil)
	o.files.Fail(nil)
	o.record.Fail(nil)
	o.desk.Close()
	o.book.Close()
}

// crash gives the office as it lies on the disk at this moment: what there would be if the power had gone.
func (o *office) crash(t fataler) *office {
	t.Helper()
	dir, err := os.MkdirTemp(o.root, "crashed-")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"record.db", "record.db-wal", "record.db.desk", "record.db.desk-wal", "record.db.files", "record.db.files-wal"} {
		b, err := os.ReadFile(filepath.Join(o.dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	after := &office{clock: o.clock, root: o.root, dir: dir, keys: o.keys}
	after.open(t)
	return after
}

// draft begins the draft of a new post.
func (o *office) draft(t fataler, id string) *desk.Draft {
	t.Helper()
	dr, err := o.desk.NewDraft(context.Background(), desk.Draft{
		Owner: owner, Purpose: "new", Record: fact.Key{Kind: "post", ID: fact.ID(id)}, Step: "details",
		Typed: map[string][]string{"title": {"Director of " + id}}, Seen: map[fact.Key]int64{{Kind: "unit", ID: "people"}: 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	return dr
}

// commit puts a draft into the record as a page does.
func (o *office) commit(ctx context.Context, dr *desk.Draft) (desk.Receipt, error) {
	return o.desk.Commit(ctx, dr, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
		docs, problems := o.book.Kinds().Read("form", strings.NewReader(fmt.Sprintf("{kind: post, id: %s, title: %s}", dr.Record.ID, dr.Typed["title"][0])))
		if len(problems) > 0 {
			return desk.Receipt{}, problems
		}
		r, err := o.book.Do(ctx, owner, book.Change{Docs: docs, Claim: claim})
		return desk.Receipt{First: r.First, Last: r.Last}, err
	})
}

// entries gives the positions at which something is recorded of a draft's record.
func (o *office) entries(dr *desk.Draft) (positions []int64) {
	for _, v := range o.book.View(fact.DayOf(2026, 11, 23), -1).History(dr.Record) {
		positions = append(positions, v.Position)
	}
	return positions
}
