package store_test

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

// verified is what whoever makes a backup asks of it.
func verified(t *testing.T) func(*store.SQLite) error {
	return func(c *store.SQLite) error {
		_, err := ledger.Verify(t.Context(), c, "", nil)
		return err
	}
}

// A backup is the record as it was when it began, with nothing in it that was erased, and can be written to.
func TestBackup(t *testing.T) {
	st, path := file(t)
	l, keys := create(t, st)
	add(t, l, post("p", "canary-erased"), post("q", "canary-kept"))
	add(t, l, posts(500)...)
	erase(t, l, 1, "title")
	to := filepath.Join(t.TempDir(), "copy of it?.db")
	if err := st.Backup(t.Context(), to, verified(t)); err != nil {
		t.Fatal(err)
	}
	add(t, l, post("later", "x"))
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(to), "*")); len(files) != 1 {
		t.Errorf("beside it lie %v", files)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if disk := everything(t, to); bytes.Contains(disk, []byte("canary-erased")) || !bytes.Contains(disk, []byte("canary-kept")) {
		t.Error("the copy holds what was erased, or not what was kept")
	}
	c, err := store.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if report := whole(t, c); report.Size != 503 || report.Erased != 1 {
		t.Errorf("%+v", report)
	}
	again, err := ledger.Open(t.Context(), c, keys, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	add(t, again, post("of-the-copy", "y"))
	if _, err := os.Stat(to + "-wal"); err != nil {
		t.Errorf("the copy is not kept as records are: %v", err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, taken := range []string{path, to} {
		if err := st.Backup(t.Context(), taken, verified(t)); !errors.Is(err, fact.ErrInvalid) || !strings.Contains(err.Error(), "is there already") {
			t.Errorf("%s: %v", taken, err)
		}
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Error("the record was written over")
	}
	other := filepath.Join(t.TempDir(), "other.db")
	refused := errors.New("not good")
	if err := st.Backup(t.Context(), other, func(*store.SQLite) error { return refused }); !errors.Is(err, refused) {
		t.Error(err)
	}
	if files, _ := filepath.Glob(other + "*"); len(files) != 0 {
		t.Errorf("a copy that was refused is there: %v", files)
	}
}

var (
	backupFrom = flag.String("backup-from", "", "the record that the second process of TestBackupKilled backs up")
	backupTo   = flag.String("backup-to", "", "and where to")
	backupMost = flag.Uint64("backup-most", 0, "how large a file may become there, in bytes; 0 sets no limit")
)

// A backup that is killed leaves none, or a whole one, and the next one succeeds.
func TestBackupKilled(t *testing.T) {
	if *backupFrom != "" {
		child(t)
		return
	}
	st, path := file(t)
	l, _ := create(t, st)
	for range 20 {
		add(t, l, posts(1000)...)
	}
	dir := t.TempDir()
	none, some := 0, 0
	for i := range 12 {
		to := filepath.Join(dir, "copy.db")
		c := exec.Command(os.Args[0], "-test.run=^TestBackupKilled$", "-backup-from="+path, "-backup-to="+to) // #nosec G204 -- this test
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for range 400 { // until it has begun
			if _, err := os.Stat(to + ".part"); err == nil {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Duration(i) * 20 * time.Millisecond)
		_ = c.Process.Kill()
		_ = c.Wait()
		if _, err := os.Stat(to); errors.Is(err, fs.ErrNotExist) {
			none++
		} else {
			some++
			whole(t, opened(t, to))
		}
		_ = os.Remove(to)
	}
	t.Logf("killed %d times before and %d times after", none, some)
	if none == 0 {
		t.Error("it was never killed in time: this test shows nothing")
	}
	to := filepath.Join(dir, "last.db")
	if err := os.WriteFile(to+".part", []byte("what a program left behind"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := st.Backup(t.Context(), to, verified(t)); err != nil {
		t.Fatal(err)
	}
	whole(t, opened(t, to))
}

// Where there is no room there is no backup, and that is said.
func TestBackupWithoutRoom(t *testing.T) {
	st, path := file(t)
	l, _ := create(t, st)
	add(t, l, posts(5000)...)
	dir := t.TempDir()
	c := exec.Command(os.Args[0], "-test.run=^TestBackupKilled$", "-backup-from="+path, "-backup-to="+filepath.Join(dir, "copy.db"), "-backup-most=200000") // #nosec G204 -- this test
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "back up record") {
		t.Errorf("%v\n%s", err, out)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 0 {
		t.Errorf("it left %v", files)
	}
	whole(t, st)
}

// child makes a backup, in a process of its own.
func child(t *testing.T) {
	st, err := store.Open(*backupFrom)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if most := *backupMost; most > 0 {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Backup(t.Context(), *backupTo, verified(t)); err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, path string) *store.SQLite {
	t.Helper()
	st, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}
