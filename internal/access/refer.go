package access

import (
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Sight gives what says how much of an entry somebody sees, for Veil and for StageAs; nil is everything. The view is that of today with everything that is recorded.
func (p Person) Sight(today *graph.View) func(*kind.Kind, fact.ID, graph.Version) graph.Sight {
	s := p.sight(today)
	switch {
	case p.Who == Console:
		return nil
	case !p.May(Read):
		return s.public
	}
	return s.of
}
