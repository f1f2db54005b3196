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

// mostSights is how many sights are kept at a time. People who may see the same share one.
const mostSights = 32

// sights keeps what was made of the newest state of the record for whoever looks at it.
type sights struct {
	mu  sync.Mutex
	of  *graph.Graph
	at  int64
	day fact.Day
	all map[string]func() *Sight
}

// As gives the newest state of the record as somebody sees it today. Many who come at once after a change and see the same wait for one of
// them to make it, and for nobody else.
func (b *Book) As(p access.Person) *Sight {
	now, today, key := b.pub.Load(), fact.DayIn(b.now()), p.Key()
	make := func() *Sight {
		g := p.Veil(now.g, today)
		return &Sight{g, min(now.known, g.Size()), g == now.g}
	}
	return b.seen.kept(now, today, key, make)()
}

// Shown gives the newest state of the record as everybody sees it who is asked what they think of a proposal: see access.Shown.
func (b *Book) Shown(proposal fact.ID) *Sight {
	now, today := b.pub.Load(), fact.DayIn(b.now())
	make := func() *Sight {
		g := access.Shown(now.g, today, proposal)
		return &Sight{g, min(now.known, g.Size()), false}
	}
	return b.seen.kept(now, today, "what is shown of "+string(proposal), make)()
}

// kept gives what makes a sight once, or make itself where a newer state has come meanwhile.
func (s *sights) kept(now *published, today fact.Day, key string, make func() *Sight) func() *Sight {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of != now.g || s.at < now.known || s.day != today {
		s.of, s.at, s.day, s.all = now.g, now.known, today, map[string]func() *Sight{}
	}
	switch x := s.all[key]; {
	case s.at != now.known:
		return make
	case x != nil:
		return x
	}
	if len(s.all) >= mostSights {
		clear(s.all)
	}
	s.all[key] = sync.OnceValue(make)
	return s.all[key]
}
