package web

import (
	"strings"
	"sync"
	"time"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// kept remembers what was found out about looks and takes long: it is a pure function of the look and the pack, so it stays as it is until
// something is recorded. Then all of it is forgotten: what is erased must be gone from here too. Many readers who ask for the same at once
// wait for one of them to find it out.
//
// What is kept is shared by all readers: nobody changes it, and there is no Record in it, since a View belongs to one reader.
type kept struct {
	mu     sync.Mutex
	newest int64 // the entry up to which everything was made
	turn   int64
	found  map[keptKey]*finding
}

// keptKey says what was found out, of which look. What is of a type of its own for each sort of thing, with all that it depends on beside the look.
type keptKey struct {
	of       *graph.Graph // the record as somebody sees it: what one may see, another may not. Nil is all of it
	on       fact.Day
	known    int64
	proposal fact.ID
	what     any
}

type finding struct {
	value func() any
	used  int64 // the turn in which it was last asked for
}

// maxKept is how many findings are kept; those go first that nobody has asked for longest. Of 3,000 posts each takes half a megabyte, and some
// two: TestKeptIsBounded.
const maxKept = 48

// keep gives what make finds out about a look, from memory if it is there.
func keep[T any](l *look, what any, make func() T) T {
	v := l.View
	value := l.site.kept.of(l.newest, keptKey{l.seen.Graph(), v.On(), v.Known(), v.Proposal(), what}, func() any { return make() })
	return value().(T)
}

func (m *kept) of(newest int64, key keptKey, make func() any) func() any {
	m.mu.Lock()
	defer m.mu.Unlock()
	if newest < m.newest {
		return make // this look began before something was recorded; what it sees may have been erased since
	}
	if newest > m.newest || m.found == nil {
		m.newest, m.found = newest, map[keptKey]*finding{}
	}
	m.turn++
	f := m.found[key]
	if f == nil {
		if len(m.found) >= maxKept {
			m.forget()
		}
		f = &finding{value: sync.OnceValue(make)}
		m.found[key] = f
	}
	f.used = m.turn
	return f.value
}

// forget makes room for one more.
func (m *kept) forget() {
	var oldest keptKey
	used := m.turn
	for key, f := range m.found {
		if f.used < used {
			oldest, used = key, f.used
		}
	}
	delete(m.found, oldest)
}

// Each sort of thing that is kept, with what it depends on beside the look.
type (
	keptResults   struct{}
	keptAnswers   struct{}
	keptOffices   struct{}
	keptNeeds     struct{}
	keptComing    struct{}
	keptRecent    struct{ since time.Time }
	keptOnePage   struct{ today fact.Day }
	keptCounts    struct{}
	keptTurns     struct{}
	keptStandings struct{}
	keptMoved     struct{}
	keptOptions   struct{ proposal fact.ID }
	keptForecast  struct {
		of     fact.ID
		launch string
	}
	keptTimeline struct {
		from, to fact.Day
		lanes    string
	}
	keptChanges struct {
		on    fact.Day // of the first look, which has no proposal
		known int64
		kinds string
	}
)

// assess is what the pack and the last test make of the structure.
func (s *Site) assess(l *look) *assure.Assessment {
	return assure.AssessResults(keep(l, keptResults{}, func() *rule.Results {
		seen := s.Pack.Run(l.View)
		if l.seen.Whole() {
			return seen
		}
		return s.whole(l).Shown(seen, l.View)
	}), l.View)
}

// whole is what the pack makes of the record as nobody may see it who does not see everything. It is made once for all sights.
func (s *Site) whole(l *look) *rule.Results {
	v := s.Book.View(l.View.On(), l.View.Known()).With(l.View.Proposal())
	return s.kept.of(l.newest, keptKey{nil, v.On(), v.Known(), v.Proposal(), keptResults{}}, func() any { return s.Pack.Run(v) })().(*rule.Results)
}

// answers is who answers for each function.
func (s *Site) answers(l *look) []report.Answer {
	return keep(l, keptAnswers{}, func() []report.Answer { return report.AnswersOf(s.Pack, l.View) })
}

// offices are the statutory roles of the day.
func (s *Site) offices(l *look) []report.Office {
	return keep(l, keptOffices{}, func() []report.Office { return report.Offices(s.Pack, l.View) })
}

// timelineOf is what stood and happened on some days, in some lanes or in all.
func (s *Site) timelineOf(l *look, from, to fact.Day, lanes []string) report.Timeline {
	return keep(l, keptTimeline{from, to, strings.Join(lanes, " ")}, func() report.Timeline {
		return report.TimelineOf(s.Pack, l.View, from, to, lanes...)
	})
}
