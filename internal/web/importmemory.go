package web

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"plumbline/internal/fact"
)

// reading is how a sheet was read the last time: what people chose about it. It lies at the desk, for whoever brings the next file with the same
// headings. It is offered and never applied by itself.
type reading struct {
	Kind    *fact.KindName    `json:"kind,omitempty"` // nil: nobody was asked; empty: it was left out
	Columns map[string]string `json:"columns,omitempty"`
}

// readingName is the name under which the choices about sheets with these headings lie.
func readingName(headings []string) string {
	b, _ := json.Marshal(headings) // of strings
	return fmt.Sprintf("import:%x", sha256.Sum256(b))
}

// remembered gives how sheets with the headings of each sheet were read the last time.
func (im *importing) remembered(ctx context.Context, p *plan) ([]reading, error) {
	out := make([]reading, len(p.Sheets))
	for i, s := range p.Sheets {
		b, err := im.s.Desk.Card(ctx, readingName(s.Headings()))
		if errors.Is(err, fact.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		_ = json.Unmarshal(b, &out[i]) // written below
	}
	return out, nil
}

// remember keeps what was chosen about each sheet, and of what was chosen the last time what has not been asked about yet.
func (im *importing) remember(ctx context.Context, p *plan, m matches) error {
	for i, s := range p.Sheets {
		before := p.before[i]
		r := reading{before.Kind, map[string]string{}}
		if k, said := m.Kinds[s.Name]; said {
			r.Kind = &k
		}
		if before.Kind == nil || *before.Kind == *r.Kind {
			maps.Copy(r.Columns, before.Columns)
		}
		maps.Copy(r.Columns, m.Columns[s.Name])
		if r.Kind == nil && len(r.Columns) == 0 {
			continue
		}
		b, err := json.Marshal(r)
		if err == nil {
			err = im.s.Desk.PutCard(ctx, readingName(s.Headings()), b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// kindOf is what a sheet is offered to hold: what such a sheet held the last time, where nobody has said yet what this one does.
func (im *importing) kindOf(p *plan, sheet int) fact.KindName {
	s := p.Sheets[sheet]
	if before := p.before[sheet].Kind; before != nil {
		if _, said := im.matches().Kinds[s.Name]; !said {
			return *before
		}
	}
	if s.Kind == nil {
		return ""
	}
	return s.Kind.Name
}

// fieldOf is the same for a column.
func (im *importing) fieldOf(p *plan, sheet, column int) string {
	s := p.Sheets[sheet]
	at := s.Columns[column]
	if before, ok := p.before[sheet].Columns[at.Heading]; ok && im.kindOf(p, sheet) == s.Kind.Name {
		if _, said := im.matches().Columns[s.Name][at.Heading]; !said {
			return before
		}
	}
	return at.Field
}
