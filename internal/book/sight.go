package book

import (
	"sync"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Sight is the record as somebody sees it: see access.Person.Veil.
type Sight struct {
	g     *graph.Graph
	known int64
	whole bool
}

// View is Book.View of what somebody sees. Whatever day and position it is of, it shows no more than they may see today.
func (s *Sight) View(on fact.Day, known int64) *graph.View {
	if known < 0 || known > s.known {
		known = s.known
	}
	return s.g.View(on, known)
}

// Entry is Book.Entry of what somebody sees: what they may not see is not found.
func (s *Sight) Entry(position int64) (fact.Key, graph.Version, bool) {
	if position > s.known {
		return fact.Key{}, graph.Version{}, false
	}
	return s.g.Entry(position)
}

// Known is the last position that the sight is of.
func (s *Sight) Known() int64 { return s.known }

// Whole reports whether they see everything that there is.
func (s *Sight) Whole() bool { return s.whole }

// Graph tells sights apart: what was worked out from one holds for all of the same graph.
func (s *Sight) Graph() *graph.Graph { return s.g }

// mostSights is how many sights are kept at a time. People with the same roles share one.
const mostSights = 32

// sights keeps what was made of the newest state of the record for whoever looks at it.
type sights struct {
	mu  sync.Mutex
	of  *graph.Graph
	at  int64
	day fact.Day
	all map[string]*Sight
}

// As gives the newest state of the record as somebody sees it today.
func (b *Book) As(p access.Person) *Sight {
	now, today, key := b.pub.Load(), fact.DayIn(b.now()), p.Key()
	s := &b.seen
	s.mu.Lock() // many who come at once after a change wait for one to make it
	defer s.mu.Unlock()
	if s.of != now.g || s.at < now.known || s.day != today {
		s.of, s.at, s.day, s.all = now.g, now.known, today, map[string]*Sight{}
	}
	if x := s.all[key]; x != nil {
		return x
	}
	g := p.Veil(now.g, today)
	x := &Sight{g, min(now.known, g.Size()), g == now.g}
	if s.at == now.known {
		if len(s.all) >= mostSights {
			clear(s.all)
		}
		s.all[key] = x
	}
	return x
}
