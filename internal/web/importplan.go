package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// plan is what an import would do to the record as known at some entry, or what stands against it.
type plan struct {
	*exchange.Plan
	view   *graph.View
	zipped bool               // it came as a spreadsheet and not as CSV
	said   []exchange.Problem // what the record has against it that the file does not show
	more   int                // how many more of those there are
	before []reading          // how sheets like each of these were read the last time
}

// plans remembers what some imports would do, for as long as nothing is recorded: what is erased must be gone from here too.
type plans struct {
	mu     sync.Mutex
	newest int64
	kept   map[planKey]*plan
}

type planKey struct {
	draft   string
	version int64
	on      fact.Day
	known   int64
}

// maxPlans is how many plans are remembered: of a file of ten megabytes each may take a hundred.
const maxPlans = 2

// plan works out what the import would do to the record as it is known at an entry.
func (im *importing) plan(ctx context.Context, known int64) (*plan, error) {
	m := &im.s.plans
	key := planKey{im.ID, im.Version, im.l.today, known}
	m.mu.Lock()
	kept, fresh := m.kept[key], m.newest == im.l.newest
	m.mu.Unlock()
	if kept != nil && fresh {
		return kept, nil
	}
	b, err := im.s.Desk.Content(ctx, im.Draft, im.file().ID)
	if err != nil {
		return nil, err
	}
	p := &plan{view: im.l.seen.View(im.l.today, known), zipped: bytes.HasPrefix(b, []byte("PK"))}
	p.Plan = exchange.Import(im.file().Name, b, p.view, im.s.Pack, im.choices())
	if p.before, err = im.remembered(ctx, p); err != nil {
		return nil, err
	}
	if p.Layer == exchange.Ready {
		_, err := im.s.Book.Check(im.Owner, book.Change{Docs: p.Docs})
		problems := kind.Problems(nil)
		switch {
		case errors.As(err, &problems):
			p.said = p.Said(problems)
			p.more = len(problems) - len(p.said)
		case err != nil:
			return nil, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if im.l.newest >= m.newest {
		if m.kept == nil || im.l.newest > m.newest || len(m.kept) >= maxPlans {
			m.newest, m.kept = im.l.newest, map[planKey]*plan{}
		}
		m.kept[key] = p
	}
	return p, nil
}

// seen are the newest entries about all that the plan touches.
func (p *plan) seen() map[fact.Key]int64 {
	seen := make(map[fact.Key]int64, len(p.Docs))
	for i := range p.Docs {
		k := p.Docs[i].Key()
		seen[k] = p.view.Seen(k)
	}
	return seen
}

// The steps of an import.
const (
	stepFrom    = "from"
	stepColumns = "columns"
	stepRows    = "rows"
	stepMissing = "missing"
	stepCheck   = "check"
)

// next is how far an import has got whose day is known: the first thing that is not said or not right.
func (im *importing) next(p *plan) string {
	switch {
	case p.Layer == exchange.WrongColumns || im.doubtful(p):
		return stepColumns
	case p.Layer != exchange.Ready || len(p.said) > 0:
		return stepRows
	}
	for k := range p.Missing {
		if im.typed(missingInput+string(k)) == "" {
			return stepMissing
		}
	}
	return stepCheck
}

// doubtful says whether nobody has said yet what a sheet holds, or one of its columns, that is not understood or held something else the
// last time.
func (im *importing) doubtful(p *plan) bool {
	m := im.matches()
	for i, s := range p.Sheets {
		_, said := m.Kinds[s.Name]
		if !said && (s.Kind == nil || s.Kind.Name != im.kindOf(p, i)) {
			return true
		}
		if s.Kind == nil {
			continue
		}
		for _, heading := range s.Unread() {
			if _, said := m.Columns[s.Name][heading]; !said {
				return true
			}
		}
	}
	return false
}

// importLead leads to how far an import has got.
func (s *Site) importLead(w http.ResponseWriter, r *http.Request) error {
	im, err := s.openImport(r)
	if err != nil {
		return err
	}
	return im.lead(w, r)
}

func (im *importing) lead(w http.ResponseWriter, r *http.Request) error {
	to := im.at(stepFrom)
	if _, ok := im.from(); im.Done != nil {
		to = im.l.to(importDone(im.Done.First, im.Done.Last))
	} else if ok {
		p, err := im.plan(r.Context(), im.l.newest)
		if err != nil {
			return err
		}
		to = im.at(im.next(p))
	}
	redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func importDone(first, last int64) string {
	return fmt.Sprintf("%s/done/%d-%d", importPath, first, last)
}
