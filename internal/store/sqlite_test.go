package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

func TestCreateAndOpen(t *testing.T) {
	st, path := file(t)
	create(t, st)
	if _, err := store.Create(path); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "there already") {
		t.Errorf("Create over a record: %v", err)
	}
	missing := filepath.Join(t.TempDir(), "harow.plumb")
	if _, err := store.Open(missing); !errors.Is(err, fact.ErrNotFound) || !strings.Contains(err.Error(), "there is no record") {
		t.Errorf("Open of a missing file: %v", err)
	}
	if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a mistyped name has begun a second record")
	}
	for name, content := range map[string][]byte{
		"empty": nil, "text": []byte("kind: post\nid: dph\n"), "zeros": make([]byte, 8192),
		"short": []byte("SQLite format 3\x00"), "other": otherDatabase(t),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(path); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "is not a plumbline record") {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
			t.Errorf("%s: a file that is not a record was changed", name)
		}
	}
	if _, err := store.Open(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
	// Signs that mean something in the address of a database are only signs in the name of a file.
	for _, name := range []string{"a b.plumb", "50%?.plumb", "a#b&c=d.plumb", "ä.plumb", "?mode=memory"} {
		path := filepath.Join(t.TempDir(), name)
		st, err := store.Create(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		create(t, st)
		st.Close()
		if st, err = store.Open(path); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		whole(t, st)
		st.Close()
	}
}

// otherDatabase is an SQLite file of somebody else.
func otherDatabase(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	db := rawDB(t, path)
	if _, err := db.Exec("CREATE TABLE t (x)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// rawDB opens a file behind the store's back.
func rawDB(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestNewerFormat(t *testing.T) {
	st, path := file(t)
	st.Close()
	db := rawDB(t, path)
	if _, err := db.Exec("PRAGMA user_version = 2"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := store.Open(path); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "newer plumbline") {
		t.Errorf("%v", err)
	}
}

// TestReadOnlyMedium reads a record from where nothing can be written.
func TestReadOnlyMedium(t *testing.T) {
	path, keys := sample(t)
	dir := filepath.Dir(path)
	if err := errors.Join(os.Chmod(path, 0o400), os.Chmod(dir, 0o500)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
	if f, err := os.Create(filepath.Join(dir, "x")); err == nil {
		f.Close()
		t.Skip("whoever runs this may write everywhere (root?)")
	}
	st, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	whole(t, st)
	l, err := ledger.Open(t.Context(), st, keys, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Append(t.Context(), posts(1), start); err == nil || !strings.Contains(err.Error(), "the file may only be read") {
		t.Errorf("%v", err)
	}
}

// TestTriggers tries what a careless person with a database tool might do.
func TestTriggers(t *testing.T) {
	st, path := file(t)
	l, _ := create(t, st)
	add(t, l, posts(3)...)
	add(t, l, posts(1)...)
	db := rawDB(t, path)
	unchanged(t, st, func() {
		for _, text := range []string{
			"DELETE FROM runs", "DELETE FROM runs WHERE first = 0", "DELETE FROM runs WHERE first = 4",
			"UPDATE runs SET envelopes = x'00'", "UPDATE runs SET hashes = x'00' WHERE first = 1", "UPDATE runs SET checkpoint = NULL",
			"UPDATE runs SET first = 9 WHERE first = 4", "UPDATE runs SET last = 9 WHERE first = 4", "UPDATE runs SET bodies = x'00' WHERE first = 1",
			"INSERT INTO runs SELECT first, last, checkpoint, hashes, envelopes, bodies FROM runs",
			"INSERT OR REPLACE INTO runs SELECT first, last, checkpoint, hashes, bodies, envelopes FROM runs",
			"INSERT INTO runs SELECT first + 2, last, checkpoint, hashes, envelopes, bodies FROM runs WHERE first = 4",
			"INSERT INTO runs SELECT NULL, last, checkpoint, hashes, envelopes, bodies FROM runs WHERE first = 4",
			"INSERT INTO runs (first, last, hashes, envelopes, bodies) VALUES (5, 5, 'text', 'text', 'text')",
		} {
			if _, err := db.Exec(text); err == nil {
				t.Errorf("it may: %s", text)
			}
		}
	})
	if _, err := db.Exec("DROP TRIGGER runs_delete"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(path); !errors.Is(err, fact.ErrCorrupt) || !strings.Contains(err.Error(), "altered") {
		t.Errorf("a trigger was dropped: %v", err)
	}
}

// behind changes a record behind the back of its triggers, and puts them back as somebody would who does not want to be found out.
func behind(t *testing.T, path string, change func(*sql.DB)) {
	t.Helper()
	db := rawDB(t, path)
	rows, err := db.Query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	var drop, restore []string
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		drop, restore = append(drop, "DROP TRIGGER "+name), append(restore, text)
	}
	rows.Close()
	if _, err := db.Exec(strings.Join(drop, ";")); err != nil {
		t.Fatal(err)
	}
	change(db)
	if _, err := db.Exec(strings.Join(restore, ";")); err != nil {
		t.Fatal(err)
	}
	db.Close()
}

// sample makes a record of runs of different lengths, with an erasure and a rotated key, and closes it.
func sample(t *testing.T) (path string, keys *ledger.Keys) {
	t.Helper()
	st, path := file(t)
	l, keys := create(t, st)
	add(t, l, posts(1)...)
	add(t, l, posts(70)...)
	keys, err := keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Rotate(t.Context(), keys, "owner", start, start); err != nil {
		t.Fatal(err)
	}
	erase(t, l, 5, "title")
	add(t, l, posts(3)...)
	whole(t, st)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return path, keys
}

// TestTamper changes one byte in every column of every row, and expects Verify to name an entry of that row.
func TestTamper(t *testing.T) {
	path, keys := sample(t)
	original, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	type run struct {
		first, last int64
		blobs       map[string][]byte
	}
	var runs []run
	db := rawDB(t, path)
	rows, err := db.Query("SELECT first, last, coalesce(checkpoint, x''), hashes, envelopes, bodies FROM runs ORDER BY first")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var r run
		var c, h, e, b []byte
		if err := rows.Scan(&r.first, &r.last, &c, &h, &e, &b); err != nil {
			t.Fatal(err)
		}
		r.blobs = map[string][]byte{"checkpoint": c, "hashes": h, "envelopes": e, "bodies": b}
		runs = append(runs, r)
	}
	rows.Close()
	db.Close()
	if len(runs) < 6 {
		t.Fatalf("the sample has %d runs only", len(runs))
	}

	try := func(what string, from, to int64, change func(*sql.DB)) {
		t.Helper()
		damaged := filepath.Join(t.TempDir(), "damaged.plumb")
		if err := os.WriteFile(damaged, original, 0o600); err != nil {
			t.Fatal(err)
		}
		behind(t, damaged, change)
		st, err := store.Open(damaged)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		defer st.Close()
		_, err = ledger.Verify(t.Context(), st, "", nil)
		var f *ledger.Fault
		switch {
		case !errors.Is(err, fact.ErrCorrupt):
			t.Errorf("%s: Verify: %v", what, err)
		case !errors.As(err, &f):
			t.Errorf("%s: Verify names no place: %v", what, err)
		case f.Position < from || f.Position > to:
			t.Errorf("%s: Verify names entry %d, not one of %d to %d: %v", what, f.Position, from, to, err)
		}
		if strings.HasPrefix(what, "checkpoint") {
			return // start-up looks at the last one only
		}
		if _, err := ledger.Open(t.Context(), st, keys, nil, nil); !errors.Is(err, fact.ErrCorrupt) {
			t.Errorf("%s: Open: %v", what, err)
		}
		if err := ledger.Export(t.Context(), st, new(bytes.Buffer)); !errors.Is(err, fact.ErrCorrupt) {
			t.Errorf("%s: Export: %v", what, err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, r := range runs {
		for column, blob := range r.blobs {
			if len(blob) == 0 {
				continue
			}
			offsets := []int{0, len(blob) - 1}
			for range 4 {
				offsets = append(offsets, random.IntN(len(blob)))
			}
			for _, at := range offsets {
				changed := bytes.Clone(blob)
				changed[at] ^= 1 << random.IntN(8)
				try(fmt.Sprintf("%s of %d to %d, byte %d", column, r.first, r.last, at), r.first, r.last, func(db *sql.DB) {
					if _, err := db.Exec("UPDATE runs SET "+column+" = ? WHERE first = ?", changed, r.first); err != nil {
						t.Fatal(err)
					}
				})
			}
		}
		for _, column := range []string{"hashes", "envelopes"} {
			if r.first == 0 {
				continue
			}
			try(fmt.Sprintf("something hidden in the %s of %d to %d", column, r.first, r.last), r.first, r.last, func(db *sql.DB) {
				if _, err := db.Exec("UPDATE runs SET "+column+" = CAST("+column+" || x'00' AS BLOB) WHERE first = ?", r.first); err != nil {
					t.Fatal(err)
				}
			})
		}
		for _, text := range []string{"DELETE FROM runs WHERE first = ?", "UPDATE runs SET last = last + 1 WHERE first = ?"} {
			if r.first == 0 || text[0] == 'D' && r.first == runs[len(runs)-1].first {
				continue // the end can be cut off at a checkpoint: see TestCutEnd
			}
			try(fmt.Sprintf("%s [%d]", text, r.first), r.first, r.last+1, func(db *sql.DB) {
				if _, err := db.Exec(text, r.first); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// TestFlippedFile changes bytes anywhere in the file. Whatever happens, nothing may panic, and a record that still verifies must be the
// one that was written.
func TestFlippedFile(t *testing.T) {
	path, keys := sample(t)
	original, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	root := ""
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 300 {
		damaged := bytes.Clone(original)
		if i > 0 { // the first is undamaged
			for range 1 + random.IntN(3) {
				damaged[random.IntN(len(damaged))] ^= 1 << random.IntN(8)
			}
		}
		if i%10 == 9 {
			damaged = damaged[:random.IntN(len(damaged))]
		}
		path := filepath.Join(t.TempDir(), "damaged.plumb")
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		st, err := store.Open(path)
		if err != nil {
			continue
		}
		report, err := ledger.Verify(t.Context(), st, "", nil)
		switch {
		case i == 0 && err != nil:
			t.Fatal(err)
		case i == 0:
			root = report.Root
		case err == nil && report.Root != root:
			t.Errorf("%d: a damaged record verifies with another root", i)
		}
		_, openErr := ledger.Open(t.Context(), st, keys, nil, nil)
		if err == nil && openErr != nil {
			t.Errorf("%d: it verifies and does not open: %v", i, openErr)
		}
		st.Close()
	}
}

func TestTruncatedFile(t *testing.T) {
	path, _ := sample(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()-4096); err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(path)
	if err == nil {
		_, err = ledger.Verify(t.Context(), st, "", nil)
		st.Close()
	}
	if !errors.Is(err, fact.ErrCorrupt) || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v", err)
	}
}

// TestCutEnd takes away what was written last. Inside a group that is seen at once. At a checkpoint the record is as it truly
// once was, and only somebody who has kept a later checkpoint can tell.
func TestCutEnd(t *testing.T) {
	path, keys := sample(t)
	st, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), st, keys, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	kept := l.Checkpoint()
	st.Close()

	behind(t, path, func(db *sql.DB) {
		if _, err := db.Exec("UPDATE runs SET last = last - 1 WHERE first = (SELECT max(first) FROM runs)"); err != nil {
			t.Fatal(err)
		}
	})
	if st, err = store.Open(path); err != nil {
		t.Fatal(err)
	}
	var f *ledger.Fault
	if _, err := ledger.Verify(t.Context(), st, "", nil); !errors.As(err, &f) || f.Position != 76 || !strings.Contains(err.Error(), "signed for 76 entries and holds 75") {
		t.Errorf("%v", err)
	}
	st.Close()

	behind(t, path, func(db *sql.DB) {
		if _, err := db.Exec("DELETE FROM runs WHERE first = (SELECT max(first) FROM runs)"); err != nil {
			t.Fatal(err)
		}
	})
	if st, err = store.Open(path); err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if report := whole(t, st); report.Size != 73 {
		t.Errorf("the record has %d entries", report.Size)
	}
	if l, err = ledger.Open(t.Context(), st, keys, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := l.Extends(t.Context(), kept); !errors.Is(err, fact.ErrCorrupt) || !strings.Contains(err.Error(), "76") {
		t.Errorf("somebody kept the checkpoint of 76 entries: %v", err)
	}
}

// TestFullDisk fills the disk in the middle of a record's life.
func TestFullDisk(t *testing.T) {
	st, _ := file(t)
	l, _ := create(t, st)
	add(t, l, posts(3)...)
	if err := st.Limit(20); err != nil {
		t.Fatal(err)
	}
	unchanged(t, st, func() {
		if _, _, err := l.Append(t.Context(), posts(1000), start); err == nil || !strings.Contains(err.Error(), "the disk is full; make room") {
			t.Errorf("Append: %v", err)
		}
	})
	if err := st.Limit(1 << 30); err != nil {
		t.Fatal(err)
	}
	if err := l.Tail(t.Context(), func(fact.Entry) error { t.Error("something was written"); return nil }); err != nil {
		t.Fatal(err)
	}
	add(t, l, posts(1000)...)
	whole(t, st)
}

// TestScrub erases many entries of a long record, of all sizes and in no order, and looks for what was erased in every byte on the disk.
func TestScrub(t *testing.T) {
	st, path := file(t)
	l, _ := create(t, st)
	const n = 400
	canary := func(i int64) string { return fmt.Sprintf("canary-%06d-", i) }
	random := rand.New(rand.NewPCG(5, 6))
	for l.Size() < n {
		var es []fact.Entry
		for range 1 + random.IntN(100) {
			e := post("p", strings.Repeat(canary(l.Size()+int64(len(es))+1), 1+random.IntN(1+random.IntN(400))))
			es = append(es, e)
		}
		add(t, l, es...)
	}
	gone := map[int64]bool{}
	for i := range 60 {
		p := 1 + random.Int64N(n)
		if gone[p] {
			continue
		}
		erase(t, l, p, "title")
		gone[p] = true
		if i%10 != 0 {
			continue
		}
		disk := everything(t, path)
		for p := range gone {
			if bytes.Contains(disk, []byte(canary(p))) {
				t.Errorf("after %d erasures, what was erased from entry %d is still on the disk", i, p)
			}
		}
		for p := range int64(n) {
			if p > 0 && !gone[p] && !bytes.Contains(disk, []byte(canary(p))) {
				t.Fatalf("entry %d is not to be found, although it was not erased: this test looks in the wrong place", p)
			}
		}
	}
	if report := whole(t, st); report.Erased != len(gone) {
		t.Errorf("%d entries were erased, and the report says %d", len(gone), report.Erased)
	}
}

// everything reads all files of a record.
func everything(t *testing.T, path string) []byte {
	t.Helper()
	names, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	var b []byte
	for _, name := range names {
		one, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, one...)
	}
	return b
}

// TestScrubAfterCrash ends the program between an erasure and its scrubbing.
func TestScrubAfterCrash(t *testing.T) {
	st, path := file(t)
	faulty := store.NewFaulty(st)
	l, _ := create(t, faulty)
	add(t, l, post("p", "canary"))
	faulty.Fail(func(c store.Call) error {
		if c.Method == "Scrub" {
			return errFault
		}
		return nil
	})
	p, err := l.Begin([]fact.Entry{{Op: fact.Erase, Base: 1, Who: "owner", Recorded: start, Written: start}}, map[int64][]string{1: nil}, start)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := p.Wait(t.Context()); err != nil || r.Scrub == nil {
		t.Fatalf("%v, %v", r.Scrub, err)
	}
	crashed := crash(t, path)
	if !bytes.Contains(everything(t, crashed), []byte("canary")) {
		t.Fatal("the canary has gone by itself: this test shows nothing")
	}
	again, err := store.Open(crashed)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if bytes.Contains(everything(t, crashed), []byte("canary")) {
		t.Error("what was erased came back with the restart")
	}
	whole(t, again)
}

// crash copies a record as it lies on the disk at this moment, and so gives what there would be if the power
// had gone.
func crash(t *testing.T, path string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "crashed.plumb")
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+end, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

// TestCrash takes the power away after every append, and in the middle of appends of all sizes.
func TestCrash(t *testing.T) {
	st, path := file(t)
	l, keys := create(t, st)
	check := func(want int64) {
		t.Helper()
		again, err := store.Open(crash(t, path))
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if report := whole(t, again); report.Size != want {
			t.Fatalf("%d entries outlived the power, not %d", report.Size, want)
		}
		// And it can be written on.
		l, err := ledger.Open(t.Context(), again, keys, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		add(t, l, posts(2)...)
		whole(t, again)
	}
	check(0)
	for _, n := range []int{1, 1, 64, 65, 1, 300} {
		add(t, l, posts(n)...)
		check(l.Size())
	}

	at := l.Size()
	big := raw(at+1, 6000)
	for i := range big {
		big[i].Body = make([]byte, 2000) // more than SQLite keeps in memory, so that it writes before the commit
	}
	err := st.Append(t.Context(), at, ledger.Batch{Rows: func(yield func(ledger.Row, error) bool) {
		for i, r := range big {
			if i%1500 == 0 {
				check(at)
			}
			if !yield(r, nil) {
				return
			}
		}
		check(at)
		yield(ledger.Row{}, errFault)
	}})
	if !errors.Is(err, errFault) {
		t.Fatal(err)
	}
	check(at)
}

// TestTwoProcesses lets another process append to the same file.
func TestTwoProcesses(t *testing.T) {
	if *appendTo != "" {
		st, err := store.Open(*appendTo)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		writeMany(t, st, *appendTo, "child")
		return
	}
	st, path := file(t)
	_, keys := create(t, st)
	if err := keys.Save(ledger.KeyPath(path)); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], "-test.run=^TestTwoProcesses$", "-append-to="+path)
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, &out
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	writeMany(t, st, path, "parent")
	if err := child.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out.Bytes())
	}
	if report := whole(t, st); report.Size != 200 {
		t.Errorf("two processes were told of 100 entries each, and there are %d", report.Size)
	}
}

var appendTo = flag.String("append-to", "", "the record to which the second process of TestTwoProcesses appends")

func writeMany(t *testing.T, st ledger.Store, path, who string) {
	keys, err := ledger.LoadKeys(ledger.KeyPath(path))
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), st, keys, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if _, err := retry(t.Context(), l, []fact.Entry{post(fmt.Sprint(who, i), "x")}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}
