package store_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"modernc.org/sqlite"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/store"
)

// A deskEngine is one kind of desk: how to make an empty one, and how to close it and open the same again.
type deskEngine func(t *testing.T) (st desk.Store, again func() desk.Store)

func deskEngines() map[string]deskEngine {
	sqlite := func(t *testing.T) (desk.Store, func() desk.Store) {
		st, path := deskFile(t)
		now := st
		return st, func() desk.Store {
			err := now.Close()
			if err == nil {
				now, err = store.OpenDesk(path)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { now.Close() })
			return now
		}
	}
	return map[string]deskEngine{
		"SQLite": sqlite,
		"Faulty": func(t *testing.T) (desk.Store, func() desk.Store) {
			st, again := sqlite(t)
			return store.NewFaultyDesk(st), func() desk.Store { return store.NewFaultyDesk(again()) }
		},
	}
}

func deskFile(t *testing.T) (*store.Desk, string) {
	t.Helper()
	path := store.DeskPath(filepath.Join(t.TempDir(), "harrow.plumb"))
	st, err := store.OpenDesk(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st, path
}

// TestDeskContract is what desk.Store promises. Every engine has to pass it.
func TestDeskContract(t *testing.T) {
	for name, e := range deskEngines() {
		t.Run(name, func(t *testing.T) {
			for what, test := range map[string]func(*testing.T, deskEngine){
				"put and get":      testPut,
				"compare and swap": testSwap,
				"many writers":     testSwapMany,
				"list":             testList,
				"under":            testUnder,
				"as many as may":   testMost,
				"sweep":            testSweep,
				"durable":          testDeskDurable,
				"faults":           testDeskFaults,
			} {
				t.Run(what, func(t *testing.T) { test(t, e) })
			}
		})
	}
}

// row is a row that was touched that many seconds after the start.
func row(space, key, owner string, seconds int) desk.Row {
	at := start.Add(time.Duration(seconds) * time.Second)
	return desk.Row{Name: desk.Name{Space: space, Key: key}, Owner: owner, Made: at, Touched: at, Bytes: []byte(key)}
}

// put writes a row, and gives it as it must be there now.
func put(t *testing.T, st desk.Store, r desk.Row) desk.Row {
	t.Helper()
	v, err := st.Put(t.Context(), r, 0)
	if err != nil {
		t.Fatal(err)
	}
	r.Version = v
	return r
}

// is says whether a row is there as it should be.
func is(t *testing.T, st desk.Store, want desk.Row) {
	t.Helper()
	got, err := st.Get(t.Context(), want.Name)
	if err != nil {
		t.Errorf("%v: %v", want.Name, err)
	} else if !reflect.DeepEqual(want, got) { // cmp alone takes long over a large row
		t.Errorf("%v:\n%s", want.Name, cmp.Diff(want, got))
	}
}

func gone(t *testing.T, st desk.Store, names ...desk.Name) {
	t.Helper()
	for _, n := range names {
		if r, err := st.Get(t.Context(), n); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%v is there: %+v, %v", n, r, err)
		}
	}
}

func testPut(t *testing.T, e deskEngine) {
	st, _ := e(t)
	gone(t, st, desk.Name{Space: "draft", Key: "a"})
	a := row("draft", "a", "owner", 0)
	a.Expires = start.Add(123456 * time.Microsecond)
	a = put(t, st, a)
	b := row("draft", "Ä / \x00 '%", "", 1)
	b.Bytes = bytes.Repeat([]byte{0, 0xff, '\''}, 1<<20)
	b = put(t, st, b)
	other := row("job", "a", "somebody", 2) // the same key in another space is another row
	other.Bytes = nil
	other = put(t, st, other)
	for _, r := range []desk.Row{a, b, other} {
		is(t, st, r)
	}
	// What is written again keeps what it began with.
	changed := a
	changed.Touched, changed.Expires, changed.Bytes = start.Add(time.Hour), time.Time{}, []byte("longer than before")
	changed.Owner, changed.Made, changed.Under = "somebody", start.Add(time.Hour), b.Name
	v, err := st.Put(t.Context(), changed, 0)
	if err != nil || v != 2 {
		t.Fatal(v, err)
	}
	a.Version, a.Touched, a.Expires, a.Bytes = 2, changed.Touched, changed.Expires, changed.Bytes
	is(t, st, a)
	is(t, st, other)
	if err := st.Delete(t.Context(), a.Name); err != nil {
		t.Error(err)
	}
	if err := st.Delete(t.Context(), a.Name); err != nil {
		t.Errorf("deleted again: %v", err)
	}
	gone(t, st, a.Name)
	is(t, st, other)
	is(t, st, b)
}

func testSwap(t *testing.T, e deskEngine) {
	st, _ := e(t)
	a := put(t, st, row("draft", "a", "owner", 0))
	for _, version := range []int64{-1, 0, 2, 100} {
		x := row("draft", "a", "owner", 9)
		x.Version, x.Bytes = version, []byte("x")
		if _, err := st.Put(t.Context(), x, 0); !errors.Is(err, fact.ErrStale) {
			t.Errorf("version %d: %v", version, err)
		}
	}
	is(t, st, a)
	missing := row("draft", "missing", "owner", 0)
	missing.Version = 1
	if _, err := st.Put(t.Context(), missing, 0); !errors.Is(err, fact.ErrStale) {
		t.Errorf("what is not there was written over: %v", err)
	}
	gone(t, st, missing.Name)
}

func testSwapMany(t *testing.T, e deskEngine) {
	st, _ := e(t)
	a := put(t, st, row("draft", "a", "owner", 0))
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for done := 0; done < each; {
				r, err := st.Get(t.Context(), a.Name)
				if err != nil {
					t.Error(err)
					return
				}
				var n int
				fmt.Sscan(string(r.Bytes), &n)
				r.Bytes = fmt.Append(nil, n+1)
				switch _, err := st.Put(t.Context(), r, 0); {
				case err == nil:
					done++
				case !errors.Is(err, fact.ErrStale):
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	r, err := st.Get(t.Context(), a.Name)
	if err != nil || string(r.Bytes) != fmt.Sprint(writers*each) || r.Version != 1+writers*each {
		t.Errorf("%d writers counted to %d each, and it is %s, version %d, %v", writers, each, r.Bytes, r.Version, err)
	}
}

func testList(t *testing.T, e deskEngine) {
	st, _ := e(t)
	a, b := put(t, st, row("draft", "a", "owner", 0)), put(t, st, row("draft", "b", "owner", 5))
	c, d := put(t, st, row("draft", "c", "somebody", 3)), put(t, st, row("draft", "d", "owner", 5))
	put(t, st, row("job", "a", "owner", 9))
	list := func(space, owner string, limit int, want ...desk.Row) {
		t.Helper()
		got, err := st.List(t.Context(), space, owner, limit)
		if err != nil {
			t.Error(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("List(%q, %q, %d):\n%s", space, owner, limit, d)
		}
	}
	list("draft", "owner", 10, d, b, a) // of two at the same time the later written first
	list("draft", "", 10, d, b, c, a)
	list("draft", "owner", 2, d, b)
	list("draft", "nobody", 10)
	list("none", "", 10)
	a.Touched = start.Add(time.Hour)
	a = put(t, st, a)
	list("draft", "owner", 10, a, d, b)
}

func testUnder(t *testing.T, e deskEngine) {
	st, _ := e(t)
	a, b := put(t, st, row("draft", "a", "owner", 0)), put(t, st, row("draft", "b", "owner", 0))
	under := func(key string, n desk.Name) desk.Row {
		r := row("file", key, "owner", 1)
		r.Under = n
		return r
	}
	f, g := put(t, st, under("f", a.Name)), put(t, st, under("g", b.Name))
	h := put(t, st, under("h", f.Name))
	is(t, st, f)
	if _, err := st.Put(t.Context(), under("i", desk.Name{Space: "draft", Key: "missing"}), 0); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("a file of no draft: %v", err)
	}
	f.Bytes = []byte("changed")
	f = put(t, st, f)
	is(t, st, f)
	if err := st.Delete(t.Context(), a.Name); err != nil {
		t.Fatal(err)
	}
	gone(t, st, a.Name, f.Name, h.Name, desk.Name{Space: "file", Key: "i"})
	is(t, st, b)
	is(t, st, g)
	if err := st.Delete(t.Context(), g.Name); err != nil {
		t.Fatal(err)
	}
	is(t, st, b)
}

func testMost(t *testing.T, e deskEngine) {
	st, _ := e(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	written := 0
	for i := range 8 {
		wg.Go(func() {
			switch _, err := st.Put(t.Context(), row("draft", fmt.Sprint(i), "owner", 0), 3); {
			case err == nil:
				mu.Lock()
				written++
				mu.Unlock()
			case !errors.Is(err, desk.ErrFull):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	list, err := st.List(t.Context(), "draft", "owner", 10)
	if written != 3 || len(list) != 3 || err != nil {
		t.Fatalf("of at most 3 there are %d, and %d were acknowledged, %v", len(list), written, err)
	}
	list[0].Bytes = []byte("changed")
	if _, err := st.Put(t.Context(), list[0], 3); err != nil {
		t.Errorf("one that is there cannot be changed: %v", err)
	}
	for _, r := range []desk.Row{row("draft", "x", "somebody", 0), row("job", "x", "owner", 0)} {
		if _, err := st.Put(t.Context(), r, 3); err != nil {
			t.Errorf("somebody else's, or something else: %v", err)
		}
	}
}

func testSweep(t *testing.T, e deskEngine) {
	st, _ := e(t)
	at := func(key string, seconds int) desk.Row {
		r := row("draft", key, "owner", 0)
		if seconds > 0 {
			r.Expires = start.Add(time.Duration(seconds) * time.Second)
		}
		return put(t, st, r)
	}
	never, a, b, c := at("never", 0), at("a", 10), at("b", 20), at("c", 21)
	under := row("file", "f", "owner", 0)
	under.Under = a.Name
	under = put(t, st, under)
	if n, err := st.Sweep(t.Context(), start.Add(20*time.Second)); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	gone(t, st, a.Name, b.Name, under.Name)
	is(t, st, never)
	is(t, st, c)
	if n, err := st.Sweep(t.Context(), start.Add(20*time.Second)); n != 0 || err != nil {
		t.Errorf("swept again: %d, %v", n, err)
	}
}

func testDeskDurable(t *testing.T, e deskEngine) {
	st, again := e(t)
	a := put(t, st, row("draft", "a", "owner", 0))
	b := row("file", "b", "owner", 1)
	b.Under = a.Name
	b = put(t, st, b)
	st = again()
	is(t, st, a)
	is(t, st, b)
	if err := st.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a.Bytes = []byte("changed"); put(t, st, a).Version != 2 {
		t.Error("its version is another")
	}
	st = again()
	if err := st.Delete(t.Context(), a.Name); err != nil {
		t.Fatal(err)
	}
	gone(t, again(), a.Name, b.Name)
}

// testDeskFaults fails every call of every method, before and after the work was done: what failed before is not done, what failed after
// is.
func testDeskFaults(t *testing.T, e deskEngine) {
	beneath, _ := e(t)
	st := store.NewFaultyDesk(beneath)
	for _, done := range []bool{false, true} {
		fails := func(method string, do func() error) {
			t.Helper()
			st.Fail(func(c store.Call) error {
				if c == (store.Call{Method: method, Done: done}) {
					return errFault
				}
				return nil
			})
			if err := do(); !errors.Is(err, errFault) {
				t.Errorf("%s, %v: %v", method, done, err)
			}
			st.Fail(nil)
		}
		a := row("draft", fmt.Sprint("a", done), "owner", 0)
		fails("Put", func() error { _, err := st.Put(t.Context(), a, 0); return err })
		if _, err := st.Get(t.Context(), a.Name); (err == nil) != done {
			t.Errorf("Put, %v: %v", done, err)
		}
		fails("Get", func() error { _, err := st.Get(t.Context(), a.Name); return err })
		fails("List", func() error { _, err := st.List(t.Context(), "draft", "", 1); return err })
		fails("Scrub", func() error { return st.Scrub(t.Context()) })
		b := row("draft", fmt.Sprint("b", done), "owner", 0)
		b.Expires = start
		b = put(t, st, b)
		fails("Sweep", func() error { _, err := st.Sweep(t.Context(), start); return err })
		if _, err := st.Get(t.Context(), b.Name); (err != nil) != done {
			t.Errorf("Sweep, %v: %v", done, err)
		}
		fails("Delete", func() error { return st.Delete(t.Context(), b.Name) })
		if _, err := st.Get(t.Context(), b.Name); (err != nil) != done {
			t.Errorf("Delete, %v: %v", done, err)
		}
	}
}

func TestOpenDesk(t *testing.T) {
	_, path := file(t)
	record, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"text": []byte("not a desk"), "other": otherDatabase(t), "record": record} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := store.OpenDesk(path); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "is not a plumbline desk") {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
			t.Errorf("%s: a file that is not a desk was changed", name)
		}
	}
	// What a program leaves that ends before it has written anything.
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if st, err := store.OpenDesk(empty); err != nil {
		t.Error(err)
	} else {
		st.Close()
	}
	for change, want := range map[string]error{
		"PRAGMA user_version = 2":     fact.ErrInvalid,
		"DROP INDEX rows_owner":       fact.ErrCorrupt,
		"CREATE TABLE more (x BLOB)":  fact.ErrCorrupt,
		"PRAGMA application_id = 123": fact.ErrInvalid,
	} {
		st, path := deskFile(t)
		st.Close()
		db := rawDB(t, path)
		if _, err := db.Exec(change); err != nil {
			t.Fatal(err)
		}
		db.Close()
		if _, err := store.OpenDesk(path); !errors.Is(err, want) {
			t.Errorf("%s: %v", change, err)
		}
	}
	if info, err := os.Stat(empty); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := store.OpenDesk(filepath.Join(t.TempDir(), "missing", "x.desk")); err == nil {
		t.Error("a desk in no folder was opened")
	}
}

var openDesk = flag.String("open-desk", "", "the desk that the second process of TestDeskIsHeld opens and holds")

// TestDeskIsHeld lets another process have the desk open. Nobody gets a second one while that lives, and one as soon as it was killed. The
// other process has the locks of POSIX alone, which go as soon as a process closes any file that it had opened at the same path: so
// it must refuse itself a second desk before it touches the file.
func TestDeskIsHeld(t *testing.T) {
	if *openDesk != "" {
		if _, err := sqlite.OFDLocking(false); err != nil {
			t.Fatal(err)
		}
		st, err := store.OpenDesk(*openDesk)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.OpenDesk(*openDesk); !errors.Is(err, fact.ErrDenied) {
			t.Fatal(err)
		}
		put(t, st, row("draft", "child", "owner", 0))
		fmt.Println("held")
		io.Copy(io.Discard, os.Stdin) // until it is killed: a process of which nothing waits for the world would end by itself
	}
	st, path := deskFile(t)
	if _, err := store.OpenDesk(path); !errors.Is(err, fact.ErrDenied) || !strings.Contains(err.Error(), "this program has") {
		t.Errorf("opened twice in one program: %v", err)
	}
	link := path + " by another name"
	if err := os.Link(path, link); err != nil {
		t.Log("not tried by another name: ", err)
	} else if _, err := store.OpenDesk(link); !errors.Is(err, fact.ErrDenied) {
		t.Errorf("opened twice in one program, by another name: %v", err)
	}
	put(t, st, row("draft", "parent", "owner", 0))
	st.Close()

	child := exec.Command(os.Args[0], "-test.run=^TestDeskIsHeld$", "-open-desk="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Process.Kill()
	if line := make([]byte, 5); second(out.Read(line)) != nil || string(line) != "held\n" {
		t.Fatalf("the other process says %q", line)
	}
	if _, err := store.OpenDesk(path); !errors.Is(err, fact.ErrDenied) {
		t.Errorf("another process has it open: %v", err)
	}
	child.Process.Kill()
	child.Wait()
	if st, err = store.OpenDesk(path); err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, key := range []string{"parent", "child"} {
		if _, err := st.Get(t.Context(), desk.Name{Space: "draft", Key: key}); err != nil {
			t.Error(err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestDeskScrub writes, overwrites, deletes and sweeps rows of all sizes in no order, and looks for what went in every byte on the disk.
func TestDeskScrub(t *testing.T) {
	st, path := deskFile(t)
	random := rand.New(rand.NewPCG(7, 8))
	n := 0
	there := map[string]string{} // what each row says
	rows := map[string]desk.Row{}
	for round := range 12 {
		for range 80 {
			key := fmt.Sprint("row", random.IntN(120))
			r, ok := rows[key]
			switch what := random.IntN(4); {
			case ok && what == 0:
				if err := st.Delete(t.Context(), r.Name); err != nil {
					t.Fatal(err)
				}
				delete(rows, key)
				delete(there, key)
				continue
			case !ok:
				r = row("draft", key, "owner", 0)
			}
			n++
			there[key] = fmt.Sprintf("canary-%06d-", n)
			r.Bytes = []byte(strings.Repeat(there[key], 1+random.IntN([]int{20, 20, 20, 1000}[random.IntN(4)]))) // small ones are moved about most
			r.Expires = start.Add(time.Duration(random.IntN(24)) * time.Second)
			rows[key] = put(t, st, r)
		}
		now := start.Add(time.Duration(round) * time.Second)
		if _, err := st.Sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		for key, r := range rows {
			if !r.Expires.After(now) {
				delete(rows, key)
				delete(there, key)
			}
		}
		if err := st.Scrub(t.Context()); err != nil {
			t.Fatal(err)
		}
		disk := everything(t, path)
		live := map[string]bool{}
		for _, canary := range there {
			live[canary] = true
		}
		for i := range n {
			canary := fmt.Sprintf("canary-%06d-", i+1)
			if found := bytes.Contains(disk, []byte(canary)); found && !live[canary] {
				t.Errorf("round %d: %s is still on the disk", round, canary)
			} else if !found && live[canary] {
				t.Fatalf("round %d: %s is not to be found, although it is there: this test looks in the wrong place", round, canary)
			}
		}
	}
}

// TestDeskCrash takes the power away after every write, and opens what is there then.
func TestDeskCrash(t *testing.T) {
	st, path := deskFile(t)
	var rows []desk.Row
	for i := range 8 {
		r := row("draft", fmt.Sprint(i), "owner", i)
		r.Bytes = bytes.Repeat([]byte{byte(i)}, 1<<(2*i+4))
		rows = append(rows, put(t, st, r))
		if i == 5 {
			if err := st.Scrub(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		again, err := store.OpenDesk(crash(t, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			is(t, again, r)
		}
		put(t, again, row("draft", "more", "owner", 0))
		again.Close()
	}
}

// TestDeskFullDisk fills the disk.
func TestDeskFullDisk(t *testing.T) {
	st, _ := deskFile(t)
	a := put(t, st, row("draft", "a", "owner", 0))
	if err := st.Limit(20); err != nil {
		t.Fatal(err)
	}
	large := a
	large.Bytes = make([]byte, 1<<20)
	if _, err := st.Put(t.Context(), large, 0); err == nil || !strings.Contains(err.Error(), "the disk is full; make room") {
		t.Errorf("Put: %v", err)
	}
	is(t, st, a)
	if err := st.Limit(1 << 30); err != nil {
		t.Fatal(err)
	}
	large = put(t, st, large)
	is(t, st, large)
}
