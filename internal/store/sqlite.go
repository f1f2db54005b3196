package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math"
	"math/bits"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"modernc.org/sqlite"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

// The file says in its header what it is: the application id is "Plum" in ASCII.
const (
	applicationID = 0x506c756d
	userVersion   = 1
)

// schema is compared word for word with the one in a file, so that a trigger which was dropped or added is noticed.
//
// A row holds a run of entries of one append: one, where one was written, and up to 64 where many were loaded, because SQLite
// takes longer to find the next row than Verify takes to hash an entry. Envelopes and bodies stand in their blobs one after another, each
// after its length as a uvarint. Row 0 is the empty log and has nothing but its checkpoint. The checkpoint comes before the large
// blobs so that it can be read without them.
//
// The triggers keep mistakes and other programs from changing what was written; whoever gets round them is found out by Verify.
// The condition on INSERT is there because INSERT OR REPLACE deletes without firing a trigger of DELETE.
var schema = []string{
	`CREATE TABLE runs (
	first      INTEGER PRIMARY KEY,
	last       INTEGER NOT NULL,
	checkpoint BLOB,
	hashes     BLOB NOT NULL,
	envelopes  BLOB NOT NULL,
	bodies     BLOB NOT NULL
) STRICT`,
	`CREATE TRIGGER runs_insert BEFORE INSERT ON runs
WHEN NEW.first IS NOT (SELECT coalesce(max(last), -1) + 1 FROM runs WHERE first = (SELECT max(first) FROM runs))
BEGIN SELECT RAISE(ABORT, 'entries go at the end of the log'); END`,
	`CREATE TRIGGER runs_update BEFORE UPDATE OF first, last, checkpoint, hashes, envelopes ON runs
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END`,
	`CREATE TRIGGER runs_erase BEFORE UPDATE OF bodies ON runs WHEN length(NEW.bodies) IS NOT length(OLD.bodies)
BEGIN SELECT RAISE(ABORT, 'an erased body lies where the body lay'); END`,
	`CREATE TRIGGER runs_delete BEFORE DELETE ON runs WHEN EXISTS (SELECT 1 FROM runs WHERE first > 0)
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END`,
}

// A run ends after that many entries, or that many bytes of envelopes or bodies.
const (
	runEntries = 64
	runBytes   = 1 << 17
)

// busy is how long a writer waits for another process, and Scrub for a reader.
const busy = 10 * time.Second

var waitPragma = fmt.Sprintf("PRAGMA busy_timeout(%d)", busy.Milliseconds())

// SQLite keeps a record in one file. It is safe for several processes on one machine: whoever appends second meets fact.ErrMoved.
type SQLite struct {
	path  string
	write *sql.DB // one connection
	read  *sql.DB // read-only, one for each core and one to spare

	insert *sql.Stmt // of write
	rows   *sql.Stmt // of read
}

var _ ledger.Store = (*SQLite)(nil)

func init() {
	// Otherwise POSIX drops all locks that this process has on a record when anything in it opens and closes the file: a
	// backup or a test that reads it. Where the system has no such locks, SQLite goes on with the others.
	sqlite.OFDLocking(true)
}

// Create makes the file of a new record, which must not exist.
func Create(path string) (*SQLite, error) {
	// Claimed by the file system, so that two programs cannot both begin the record.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // #nosec G304 -- whoever runs the program names its record
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("create record: %s is there already: %w", path, fact.ErrInvalid)
	} else if err != nil {
		return nil, fmt.Errorf("create record: %w", err)
	}
	f.Close()
	s, err := begin(path)
	if err != nil {
		os.Remove(path)
		return nil, fmt.Errorf("create record: %w", err)
	}
	return s, nil
}

// begin writes the schema into an empty file.
func begin(path string) (*SQLite, error) {
	s, err := connect(path, writable)
	if err != nil {
		return nil, err
	}
	// In one transaction: a file that names itself a record has all of the schema.
	setup := fmt.Sprintf("BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d;\n%s;\nCOMMIT; PRAGMA journal_mode = WAL",
		applicationID, userVersion, strings.Join(schema, ";\n"))
	if _, err = s.write.Exec(setup); err == nil {
		err = s.prepare()
	}
	if err != nil {
		s.Close()
		return nil, explain(err)
	}
	return s, nil
}

// Open opens the file of a record, which must exist: a mistyped name never begins a second record.
func Open(path string) (*SQLite, error) {
	s, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open record: %w", err)
	}
	return s, nil
}

func open(path string) (*SQLite, error) {
	if err := recognise(path, "record", applicationID, userVersion); err != nil {
		return nil, err
	}
	s, err := connect(path, writable)
	if err == nil {
		err = s.checkSchema()
	}
	if kind := code(err) & 0xff; (kind == cannotOpen || kind == readOnly) && !hasLog(path) {
		// SQLite keeps two files beside a record while it is open. On a medium that cannot be written to nobody else can
		// write either, and the file can be read as it lies.
		s.Close()
		if s, err = connect(path, immutable); err == nil {
			err = s.checkSchema()
		}
	}
	if err == nil {
		err = s.prepare()
	}
	if err != nil {
		s.Close()
		return nil, explain(err)
	}
	// A program that ended between an erasure and its Scrub left the bytes behind. Where nobody else has the record
	// open they go now; where somebody has, it is for them to scrub.
	s.write.Exec("PRAGMA busy_timeout = 0")
	s.write.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	s.write.Exec(waitPragma)
	return s, nil
}

// hasLog says whether a write-ahead log with anything in it lies beside the file.
func hasLog(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// recognise reads the header that every SQLite file has, before SQLite is let near the file: it should be that of what is sought, and of the
// version that this program writes.
func recognise(path, what string, id, version uint32) error {
	f, err := os.Open(path) // #nosec G304 -- whoever runs the program names its record
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s %s: %w", what, path, fact.ErrNotFound)
	} else if err != nil {
		return err
	}
	defer f.Close()
	var head [100]byte
	n, err := io.ReadFull(f, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", path, err)
	}
	number := func(at int) uint32 { return binary.BigEndian.Uint32(head[at:]) }
	switch {
	case n < len(head) || string(head[:16]) != "SQLite format 3\x00" || number(68) != id:
		return fmt.Errorf("%s is not a plumbline %s: %w", path, what, fact.ErrInvalid)
	case number(60) != version:
		return fmt.Errorf("%s is a %s of format %d, and this program knows format %d; use a newer plumbline: %w", path, what, number(60), version, fact.ErrInvalid)
	}
	return nil
}

// How a file is opened, in the words of SQLite's addresses.
const (
	writable  = "mode=rw"
	immutable = "mode=ro&immutable=1"
)

// connect opens the two pools; the file is not looked at yet.
func connect(path, mode string) (*SQLite, error) {
	s := &SQLite{path: path}
	wait := strings.TrimPrefix(waitPragma, "PRAGMA ")
	var err error
	if s.write, err = pool(path, mode, 1, append(writing, wait)...); err != nil {
		return nil, err
	}
	if mode == writable {
		mode = "mode=ro"
	}
	s.read, err = pool(path, mode, runtime.GOMAXPROCS(0)+1, wait, "query_only(ON)", "trusted_schema(OFF)", "cell_size_check(ON)")
	return s, err
}

// writing is set on every connection that writes.
var writing = []string{"synchronous(FULL)", "secure_delete(ON)", "temp_store(MEMORY)", "trusted_schema(OFF)", "cell_size_check(ON)"}

// pool gives that many connections to a file.
func pool(path, mode string, size int, pragmas ...string) (*sql.DB, error) {
	name := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String()
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}, "_defensive": {"1"}, "_dqs": {"0"}, "_error_rc": {"1"}}
	db, err := sql.Open("sqlite", name+"?"+mode+"&"+q.Encode())
	if err == nil {
		db.SetMaxOpenConns(size)
		db.SetMaxIdleConns(size)
	}
	return db, err
}

func (s *SQLite) checkSchema() error {
	found, err := schemaOf(s.read)
	if err != nil {
		return err
	}
	if !slices.Equal(found, schema) {
		return fmt.Errorf("its tables or triggers are not those of a record: somebody has altered %s: %w", s.path, fact.ErrCorrupt)
	}
	return nil
}

// schemaOf gives the statements that made a file, in their order.
func schemaOf(db *sql.DB) (found []string, err error) {
	rows, err := db.Query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		found = append(found, text)
	}
	return found, rows.Err()
}

const (
	insertQuery = "INSERT INTO runs (first, last, checkpoint, hashes, envelopes, bodies) VALUES (?, ?, ?, ?, ?, ?)"
	rowsQuery   = `SELECT first, last, checkpoint, hashes, envelopes, bodies FROM runs
		WHERE first BETWEEN (SELECT max(first) FROM runs WHERE first <= ?1) AND ?2 ORDER BY first`
)

func (s *SQLite) prepare() (err error) {
	if s.insert, err = s.write.Prepare(insertQuery); err != nil {
		return err
	}
	s.rows, err = s.read.Prepare(rowsQuery)
	return err
}

// Size is the number of entries.
func (s *SQLite) Size(ctx context.Context) (n int64, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT last FROM runs ORDER BY first DESC LIMIT 1").Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, wrap("read size", err)
}

// Read gives the rows from one position to another.
func (s *SQLite) Read(ctx context.Context, from, to int64) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		if err := s.readRuns(ctx, from, to, yield); err != nil {
			yield(ledger.Row{}, wrap("read entries", err))
		}
	}
}

// readRuns gives yield one row after another; an error is what yield has not been given yet.
func (s *SQLite) readRuns(ctx context.Context, from, to int64, yield func(ledger.Row, error) bool) error {
	if from > to {
		return nil
	}
	rows, err := s.rows.QueryContext(ctx, from, to)
	if err != nil {
		return err
	}
	defer rows.Close()
	var first, last int64
	var checkpoint, hashes, envelopes, bodies sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&first, &last, &checkpoint, &hashes, &envelopes, &bodies); err != nil {
			return err
		}
		if first == 0 {
			continue
		}
		for at := first; at <= last && at <= to; at++ {
			var row ledger.Row
			var ok [3]bool
			row.Envelope, envelopes, ok[0] = cut(envelopes)
			row.Body, bodies, ok[1] = cut(bodies)
			row.Hashes, hashes, ok[2] = cutHashes(hashes, at)
			if ok != [3]bool{true, true, true} {
				return fmt.Errorf("entry %d: what is stored is cut short: %w", at, fact.ErrCorrupt)
			}
			if at == last {
				row.Checkpoint = checkpoint
				// Behind the last there is nothing, or the room that an erasure left.
				if len(envelopes) > 0 || len(hashes) > 0 || len(bytes.Trim(bodies, "\x00")) > 0 {
					return fmt.Errorf("entry %d: more is stored with it than belongs there: %w", at, fact.ErrCorrupt)
				}
			}
			if at >= from && !yield(row, nil) {
				return nil
			}
		}
	}
	return rows.Err()
}

// cut takes what stands after its length off the front of a blob.
func cut(blob []byte) (one, rest []byte, ok bool) {
	n, k := binary.Uvarint(blob)
	if k <= 0 || n > uint64(len(blob)-k) {
		return nil, nil, false
	}
	return blob[k:][:n:n], blob[k+int(n):], true
}

// cutHashes takes off the hashes that the entry at that position completes: its own, and one for every time that the
// position can be halved.
func cutHashes(blob []byte, position int64) (one, rest []byte, ok bool) {
	n := tlog.HashSize * (1 + bits.TrailingZeros64(uint64(position)))
	if n > len(blob) {
		return nil, nil, false
	}
	return blob[:n:n], blob[n:], true
}

// Hashes gives stored hashes of the tree. They lie beside the entry that completed them.
func (s *SQLite) Hashes(ctx context.Context, index []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(index))
	for i, x := range index {
		level, n := tlog.SplitStoredHashIndex(x)
		position := (n + 1) << level // the last leaf below a hash completes it
		var first int64
		var hashes []byte
		err := s.read.QueryRowContext(ctx, "SELECT first, hashes FROM runs WHERE first <= ? ORDER BY first DESC LIMIT 1", position).Scan(&first, &hashes)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, wrap("read hashes", err)
		}
		at := (x - tlog.StoredHashIndex(0, first-1)) * tlog.HashSize
		if err != nil || first == 0 || at+tlog.HashSize > int64(len(hashes)) {
			return nil, fmt.Errorf("read hashes: the one at level %d that entry %d completes is missing: %w", level, position, fact.ErrCorrupt)
		}
		copy(out[i][:], hashes[at:])
	}
	return out, nil
}

// Append writes a batch in one transaction.
func (s *SQLite) Append(ctx context.Context, at int64, b ledger.Batch) error {
	err := s.append(ctx, at, b)
	if code(err) == constraintTrigger {
		return fmt.Errorf("write entries: the log does not hold %d entries any more: %w", at, fact.ErrMoved)
	}
	return wrap("write entries", err)
}

func (s *SQLite) append(ctx context.Context, at int64, b ledger.Batch) error {
	var tx *sql.Tx
	insert := s.insert
	transaction := func() (err error) {
		if tx == nil {
			tx, err = s.write.BeginTx(ctx, nil)
		}
		if err == nil {
			insert = tx.StmtContext(ctx, s.insert)
		}
		return err
	}
	defer func() {
		if tx != nil {
			tx.Rollback() // does nothing after Commit
		}
	}()

	if b.Start != nil || len(b.Erase) > 0 {
		if err := transaction(); err != nil {
			return err
		}
	}
	if at >= 0 && b.Start != nil {
		if r, err := tx.ExecContext(ctx, "DELETE FROM runs WHERE first = 0"); err != nil {
			return err
		} else if n, err := r.RowsAffected(); err != nil || n != 1 {
			return fmt.Errorf("there is no log yet: %w", fact.ErrMoved)
		}
	}
	if b.Start != nil {
		if _, err := insert.ExecContext(ctx, 0, 0, b.Start, []byte{}, []byte{}, []byte{}); err != nil {
			return err
		}
		at = 0
	}
	r := run{first: at + 1, next: at + 1}
	for row, err := range b.Rows {
		if err != nil {
			return err
		}
		if r.full() {
			if err := transaction(); err != nil {
				return err
			}
			if err := r.write(ctx, insert); err != nil {
				return err
			}
		}
		r.add(row)
	}
	if r.next == at+1 && b.Start == nil { // without a run nothing would be compared
		return fmt.Errorf("there is no entry to write: %w", fact.ErrInvalid)
	}
	// The comparison of the compare-and-swap is the trigger runs_insert: it refuses a run that does not begin where the log ends, and
	// nobody else writes between that and the commit, since the statement holds SQLite's one write lock.
	//
	// The commit point is the return of the statement or, where one is not enough, of Commit. With synchronous=FULL the WAL is on
	// the disk by then; a crash before leaves a WAL without a commit frame for this transaction, which SQLite ignores.
	err := r.write(ctx, insert)
	if err != nil || tx == nil {
		return err
	}
	for _, e := range b.Erase {
		if err := erase(ctx, tx, e); err != nil {
			return fmt.Errorf("erase entry %d: %w", e.Position, err)
		}
	}
	return tx.Commit()
}

// run gathers entries for one row.
type run struct {
	first, next                           int64
	hashes, envelopes, bodies, checkpoint []byte
}

func (r *run) add(row ledger.Row) {
	r.next++
	r.hashes = append(r.hashes, row.Hashes...)
	r.envelopes = append(binary.AppendUvarint(r.envelopes, uint64(len(row.Envelope))), row.Envelope...)
	r.bodies = append(binary.AppendUvarint(r.bodies, uint64(len(row.Body))), row.Body...)
	r.checkpoint = row.Checkpoint
}

// full says whether the next entry belongs to another run.
func (r *run) full() bool {
	return r.checkpoint != nil || r.next-r.first >= runEntries || max(len(r.envelopes), len(r.bodies)) >= runBytes
}

// write inserts what was gathered and begins anew.
func (r *run) write(ctx context.Context, insert *sql.Stmt) error {
	if r.first == r.next {
		return nil
	}
	if _, err := insert.ExecContext(ctx, r.first, r.next-1, r.checkpoint, r.hashes, r.envelopes, r.bodies); err != nil {
		return err
	}
	*r = run{r.next, r.next, r.hashes[:0], r.envelopes[:0], r.bodies[:0], nil}
	return nil
}

// erase writes a body in the place of one that is not shorter. The blob keeps its length, so that SQLite overwrites it where it lies: moved
// cells would leave copies of themselves and of their neighbours in unused parts of pages.
func erase(ctx context.Context, tx *sql.Tx, e ledger.Erasure) error {
	var first, last int64
	var old []byte
	err := tx.QueryRowContext(ctx, "SELECT first, last, bodies FROM runs WHERE first <= ? ORDER BY first DESC LIMIT 1", e.Position).Scan(&first, &last, &old)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (e.Position < 1 || e.Position > last) {
		return fact.ErrNotFound
	} else if err != nil {
		return err
	}
	blob := make([]byte, 0, len(old))
	for at, rest := first, old; at <= last; at++ {
		var body []byte
		var ok bool
		if body, rest, ok = cut(rest); !ok {
			return fmt.Errorf("what is stored is cut short: %w", fact.ErrCorrupt)
		}
		if at == e.Position {
			if len(e.Body) > len(body) {
				return fmt.Errorf("the new body is longer than the old one: %w", fact.ErrInvalid)
			}
			body = e.Body
		}
		blob = append(binary.AppendUvarint(blob, uint64(len(body))), body...)
	}
	_, err = tx.ExecContext(ctx, "UPDATE runs SET bodies = ? WHERE first = ?", append(blob, make([]byte, len(old)-len(blob))...), first)
	return err
}

// Checkpoint gives the newest checkpoint of a size not above size.
func (s *SQLite) Checkpoint(ctx context.Context, size int64) (note []byte, err error) {
	if size < 0 {
		size = math.MaxInt64
	}
	err = s.read.QueryRowContext(ctx, "SELECT checkpoint FROM runs WHERE first <= ?1 AND last <= ?1 AND checkpoint IS NOT NULL ORDER BY first DESC LIMIT 1", size).Scan(&note)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read checkpoint: %w", fact.ErrNotFound)
	}
	return note, wrap("read checkpoint", err)
}

// Scrub empties the write-ahead log into the file.
func (s *SQLite) Scrub(ctx context.Context) error {
	var blocked, frames, moved int
	err := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&blocked, &frames, &moved)
	if err == nil && blocked != 0 {
		err = errors.New("somebody is reading the record; try again")
	}
	return wrap("empty write-ahead log", err)
}

// Close closes the file.
func (s *SQLite) Close() error {
	// The readers first: the last connection to go empties the write-ahead log, and a reader could not.
	return wrap("close record", errors.Join(s.read.Close(), s.write.Close()))
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, explain(err))
}

// SQLite's numbers for what can go wrong; the low byte is the kind of the error.
const (
	busyCode          = 5
	readOnly          = 8
	ioError           = 10
	corrupt           = 11
	full              = 13
	cannotOpen        = 14
	notDB             = 26
	constraintTrigger = 19 | 7<<8
)

func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code()
}

// explain says in words what SQLite gives as a number, where a person can do something about it.
func explain(err error) error {
	switch code(err) & 0xff {
	case full:
		return fmt.Errorf("the disk is full; make room and try again: %w", err)
	case corrupt, notDB:
		return fmt.Errorf("the file is damaged (%w): %w", err, fact.ErrCorrupt)
	case busyCode:
		return fmt.Errorf("another program has held the record for %v: %w", busy, err)
	case readOnly:
		return fmt.Errorf("the file may only be read: %w", err)
	case cannotOpen:
		return fmt.Errorf("the file cannot be opened, or nothing can be written in its folder: %w", err)
	case ioError:
		return fmt.Errorf("the disk failed: %w", err)
	}
	return err
}
