package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// The application id is "Desk" in ASCII.
const (
	deskID      = 0x4465736b
	deskVersion = 1
)

// deskSchema is compared word for word, as that of a record is: what stands in a file of another shape is not guessed at.
var deskSchema = []string{
	`CREATE TABLE rows (
	id      INTEGER PRIMARY KEY,
	space   TEXT NOT NULL,
	key     TEXT NOT NULL,
	version INTEGER NOT NULL,
	owner   TEXT NOT NULL,
	under   INTEGER REFERENCES rows (id) ON DELETE CASCADE,
	made    INTEGER NOT NULL,
	touched INTEGER NOT NULL,
	expires INTEGER,
	bytes   BLOB NOT NULL,
	UNIQUE (space, key)
) STRICT`,
	`CREATE INDEX rows_owner ON rows (space, owner, touched)`,
	`CREATE INDEX rows_under ON rows (under)`,
	`CREATE INDEX rows_expires ON rows (expires)`,
}

// Desk keeps what is not the record in one file. It holds the file for itself: while it is open, nobody else can open it, and the system lets go of
// it however the program ends.
type Desk struct {
	db    *sql.DB // one connection, since that is what can hold the file
	file  os.FileInfo
	dirty atomic.Bool
}

// held are the files of the desks that this program has open. Locks of POSIX keep out other programs alone, and a program loses its own when it
// closes the same file again, so a second opening is refused before the file is touched.
var held struct {
	sync.Mutex
	files []os.FileInfo
}

// hold notes that this program has the file of a desk open, unless it has, and makes the file if it is not there.
func hold(path string) (os.FileInfo, error) {
	held.Lock()
	defer held.Unlock()
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		info, err = makeFile(path)
	}
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(held.files, func(h os.FileInfo) bool { return os.SameFile(h, info) }) {
		return nil, fmt.Errorf("this program has %s open already: %w", path, fact.ErrDenied)
	}
	held.files = append(held.files, info)
	return info, nil
}

func release(f os.FileInfo) {
	held.Lock()
	defer held.Unlock()
	held.files = slices.DeleteFunc(held.files, func(h os.FileInfo) bool { return h == f })
}

var _ desk.Store = (*Desk)(nil)

// DeskPath gives the file of the desk that belongs to a record.
func DeskPath(record string) string { return record + ".desk" }

// FilesPath gives the file in which the files lie that a record names. It is a desk of its own.
func FilesPath(record string) string { return record + ".files" }

// OpenDesk opens the file of a desk, and makes it if it is not there.
func OpenDesk(path string) (*Desk, error) {
	d, err := openDesk(path)
	if err != nil {
		return nil, fmt.Errorf("open desk: %w", err)
	}
	return d, nil
}

func openDesk(path string) (d *Desk, err error) {
	info, err := hold(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			release(info)
		}
	}()
	if info.Size() > 0 {
		if err := recognise(path, "desk", deskID, deskVersion); err != nil {
			return nil, err
		}
	}
	// The lock is there with the first look into the file, and stays. Who ended just now is waited for.
	db, err := pool(path, writable, 1, append(writing, "busy_timeout(1000)", "locking_mode(EXCLUSIVE)", "foreign_keys(ON)")...)
	if err != nil {
		return nil, err
	}
	d = &Desk{db: db, file: info}
	if err := d.begin(path); err != nil {
		db.Close()
		if code(err)&0xff == busyCode {
			return nil, fmt.Errorf("another program is using %s: %w", path, fact.ErrDenied)
		}
		return nil, explain(err)
	}
	d.dirty.Store(true) // whoever had it open before may not have scrubbed
	return d, nil
}

// makeFile makes an empty file that nobody else may read.
func makeFile(path string) (os.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // #nosec G304 -- beside the record that whoever runs the program named
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// begin writes the schema into an empty file, or checks it.
func (d *Desk) begin(path string) error {
	found, err := schemaOf(d.db)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		_, err = d.db.Exec(fmt.Sprintf("BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d;\n%s;\nCOMMIT", deskID, deskVersion, strings.Join(deskSchema, ";\n")))
	} else if !slices.Equal(found, deskSchema) {
		err = fmt.Errorf("its tables are not those of a desk: somebody has altered %s: %w", path, fact.ErrCorrupt)
	}
	if err != nil {
		return err
	}
	_, err = d.db.Exec("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT")
	return err
}

const rowQuery = `SELECT r.space, r.key, r.version, r.owner, coalesce(u.space, ''), coalesce(u.key, ''), r.made, r.touched, r.expires, r.bytes
	FROM rows r LEFT JOIN rows u ON u.id = r.under `

func scanRow(scan func(...any) error) (r desk.Row, err error) {
	var made, touched int64
	var expires sql.NullInt64
	if err := scan(&r.Space, &r.Key, &r.Version, &r.Owner, &r.Under.Space, &r.Under.Key, &made, &touched, &expires, &r.Bytes); err != nil {
		return desk.Row{}, err
	}
	r.Made, r.Touched = time.UnixMicro(made).UTC(), time.UnixMicro(touched).UTC()
	if expires.Valid {
		r.Expires = time.UnixMicro(expires.Int64).UTC()
	}
	return r, nil
}

// Get gives a row.
func (d *Desk) Get(ctx context.Context, n desk.Name) (desk.Row, error) {
	r, err := scanRow(d.db.QueryRowContext(ctx, rowQuery+"WHERE r.space = ? AND r.key = ?", n.Space, n.Key).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = fact.ErrNotFound
	}
	return r, wrap("read "+n.Space, err)
}

// Put writes a row in one transaction.
func (d *Desk) Put(ctx context.Context, r desk.Row, most int) (version int64, err error) {
	err = d.write(ctx, func(tx *sql.Tx) error { return put(ctx, tx, r, most) })
	if err != nil {
		return 0, wrap("write "+r.Space, err)
	}
	return r.Version + 1, nil
}

func put(ctx context.Context, tx *sql.Tx, r desk.Row, most int) error {
	expires := sql.NullInt64{Int64: r.Expires.UnixMicro(), Valid: !r.Expires.IsZero()}
	if r.Bytes == nil {
		r.Bytes = []byte{} // nil is NULL
	}
	if r.Version != 0 {
		res, err := tx.ExecContext(ctx, "UPDATE rows SET version = version + 1, touched = ?, expires = ?, bytes = ? WHERE space = ? AND key = ? AND version = ?",
			r.Touched.UnixMicro(), expires, r.Bytes, r.Space, r.Key, r.Version)
		return swapped(res, err)
	}
	var under sql.NullInt64
	if r.Under != (desk.Name{}) {
		err := tx.QueryRowContext(ctx, "SELECT id FROM rows WHERE space = ? AND key = ?", r.Under.Space, r.Under.Key).Scan(&under)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("the %s that it belongs to is gone: %w", r.Under.Space, fact.ErrNotFound)
		} else if err != nil {
			return err
		}
	}
	res, err := tx.ExecContext(ctx, "INSERT INTO rows (space, key, version, owner, under, made, touched, expires, bytes) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		r.Space, r.Key, r.Owner, under, r.Made.UnixMicro(), r.Touched.UnixMicro(), expires, r.Bytes)
	if err := swapped(res, err); err != nil || most == 0 {
		return err
	}
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM rows WHERE space = ? AND owner = ?", r.Space, r.Owner).Scan(&n); err != nil {
		return err
	}
	if n > most {
		return desk.ErrFull
	}
	return nil
}

// swapped says whether a compare-and-swap found what it compared with.
func swapped(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return fact.ErrStale
	}
	return nil
}

// write does something in a transaction, all of it or nothing.
func (d *Desk) write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := do(tx); err != nil {
		return err
	}
	d.dirty.Store(true)
	return tx.Commit()
}

// Delete removes a row.
func (d *Desk) Delete(ctx context.Context, n desk.Name) error {
	return wrap("delete "+n.Space, d.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM rows WHERE space = ? AND key = ?", n.Space, n.Key)
		return err
	}))
}

// List gives the rows of a space, newest first.
func (d *Desk) List(ctx context.Context, space, owner string, limit int) (list []desk.Row, err error) {
	rows, err := d.db.QueryContext(ctx, rowQuery+"WHERE r.space = ?1 AND (?2 = '' OR r.owner = ?2) ORDER BY r.touched DESC, r.id DESC LIMIT ?3", space, owner, limit)
	if err != nil {
		return nil, wrap("list "+space, err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanRow(rows.Scan)
		if err != nil {
			return nil, wrap("list "+space, err)
		}
		list = append(list, r)
	}
	return list, wrap("list "+space, rows.Err())
}

// Sweep removes what has expired.
func (d *Desk) Sweep(ctx context.Context, now time.Time) (n int, err error) {
	err = d.write(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM rows WHERE expires <= ?", now.UnixMicro())
		if err != nil {
			return err
		}
		gone, err := res.RowsAffected()
		n = int(gone)
		return err
	})
	return n, wrap("sweep desk", err)
}

// Scrub writes the file anew from the rows that are there, and empties the write-ahead log. secure_delete alone is not
// enough: when SQLite moves rows from page to page it leaves copies of them behind, and what is deleted later is not overwritten in those.
func (d *Desk) Scrub(ctx context.Context) error {
	if !d.dirty.Swap(false) {
		return nil
	}
	_, err := d.db.ExecContext(ctx, "VACUUM")
	if err == nil {
		var blocked, frames, moved int
		err = d.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&blocked, &frames, &moved)
		if err == nil && blocked != 0 {
			err = errors.New("the write-ahead log is in use")
		}
	}
	if err != nil {
		d.dirty.Store(true)
	}
	return wrap("scrub desk", err)
}

// Close closes the file.
func (d *Desk) Close() error {
	err := d.db.Close()
	release(d.file)
	return wrap("close desk", err)
}
