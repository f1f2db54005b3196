package web

import (
	"fmt"
	"net/http"
	"strconv"

	"plumbline/internal/fact"
)

// The newest signed checkpoint, and the proof that the record only grew since an earlier one, are for everybody, without signing in: what nobody outside has seen proves
// nothing. They say how many entries there are, when the last was signed and with which key, and of no entry what it holds.

func (s *Site) checkpoint(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(s.Book.Checkpoint()) // the reader may have gone
	return nil
}

// growth proves to a witness that the record only grew since it had so many entries.
func (s *Site) growth(w http.ResponseWriter, r *http.Request) error {
	since, err := strconv.ParseInt(r.PathValue("size"), 10, 64)
	if err != nil || since < 0 {
		return fmt.Errorf("no number of entries: %w", fact.ErrNotFound)
	}
	g, err := s.Book.Growth(r.Context(), since)
	if err != nil {
		return err
	}
	b, err := g.JSON()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(b) // the reader may have gone
	return nil
}
