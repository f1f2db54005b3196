package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"plumbline/internal/fact"
)

// Backup writes the record as it is at this moment to a new file, which is a record like this one: whatever others write meanwhile is in it whole or not at all, and nothing is
// in it that was erased. check is asked about the copy before it gets its name. Until then it is called to.part, and so is what a program leaves
// behind that ends amid it; the next Backup to the same name writes over that. Durable when it returns nil.
func (s *SQLite) Backup(ctx context.Context, to string, check func(*SQLite) error) error {
	if err := free(to); err != nil {
		return fmt.Errorf("back up record: %w", err)
	}
	part := to + ".part"
	err := s.backup(ctx, part, check)
	if err == nil {
		err = free(to)
	}
	if err == nil {
		err = os.Rename(part, to)
	}
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if rerr := os.Remove(part + end); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			err = errors.Join(err, rerr)
		}
	}
	if err == nil {
		err = syncFile(filepath.Dir(to))
	}
	return wrap("back up record", err)
}

// free reports, as an error, that there is a file of a name.
func free(path string) error {
	_, err := os.Lstat(path)
	if err == nil {
		return fmt.Errorf("%s is there already, and nothing was written over it: %w", path, fact.ErrInvalid)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (s *SQLite) backup(ctx context.Context, part string, check func(*SQLite) error) error {
	for _, end := range []string{"-wal", "-shm", "-journal"} { // of a backup that did not come to its end
		if err := os.Remove(part + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	// SQLite writes into an empty file, and this one others cannot read.
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600) // #nosec G304 -- whoever runs the program names it
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		_, err = s.write.ExecContext(ctx, "VACUUM INTO ?", part)
	}
	if err != nil {
		return err
	}
	c, err := connect(part, writable)
	if err != nil {
		return err
	}
	_, err = c.write.ExecContext(ctx, "PRAGMA journal_mode = WAL")
	if err = errors.Join(err, c.Close()); err != nil {
		return err
	}
	copied, err := open(part)
	if err != nil {
		return err
	}
	if err := errors.Join(check(copied), copied.Close()); err != nil {
		return err
	}
	return syncFile(part)
}

// syncFile has the system write a file, or what a folder lists, to the disk.
func syncFile(path string) error {
	f, err := os.Open(path) // #nosec G304 -- as above
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
