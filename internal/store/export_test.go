package store

import "fmt"

// Limit makes the disk full, as far as this store can see: its file may not grow beyond that many pages of 4 KiB.
func (s *SQLite) Limit(pages int) error {
	var n int
	return s.write.QueryRow(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&n)
}
