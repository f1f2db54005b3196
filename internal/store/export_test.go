package store

import (
	"database/sql"
	"fmt"
)

// Limit makes the disk full, as far as this store can see: its file may not grow beyond that many pages of 4 KiB.
func (s *SQLite) Limit(pages int) error { return limit(s.write, pages) }

// Limit is that of SQLite.
func (d *Desk) Limit(pages int) error { return limit(d.db, pages) }

func limit(db *sql.DB, pages int) error {
	var n int
	return db.QueryRow(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&n)
}
