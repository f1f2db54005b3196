package report

import (
	"cmp"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// PersonSheet is what a reader wants to know of a person on a day.
type PersonSheet struct {
	Person Named
	Posts  []PostOf
	Roles  []RoleOf
	Seats  []SeatOf // by board
}

// PostOf is a post that somebody holds.
type PostOf struct {
	Post Named
	Holder
	Uncertain bool // whether they hold it on the day: its dates are not exact
	Away      bool // and still the holder
}

// RoleOf is a statutory role that is designated to somebody, or to a post of theirs.
type RoleOf struct {
	HeldRole
	Post Named // through which; empty where it is to the person
}

// SeatOf is a place on a board that somebody has.
type SeatOf struct {
	Board     Named
	As        string // "Vice-chair"
	Post      Named  // with which it goes; empty where it is the person's own
	StandsFor string
	Uncertain bool // its dates are not exact
}

// SheetOfPerson gives the sheet of a person.
func SheetOfPerson(p *rule.Pack, person *graph.Record) PersonSheet {
	v := person.View()
	s := PersonSheet{Person: named(p, person)}
	s.seats(p, person.Referring("seat", "person"), Named{})
	for _, a := range person.Referring(graph.Appointment, "person") {
		k, ok := a.RefKey("post")
		if !ok {
			continue
		}
		h := PostOf{Post: called(p, v, k), Holder: holderOf(p, a)}
		h.Uncertain = a.Exists() != fact.Yes
		away, _ := graph.Seen(a.Referring(graph.Absence, "appointment"))
		h.Away = len(away) > 0
		s.Posts = append(s.Posts, h)
		post := a.Ref("post")
		if post == nil || h.Uncertain {
			continue
		}
		s.seats(p, post.Referring("seat", "post"), h.Post)
		for _, r := range rolesOf(p, post) {
			if !slices.ContainsFunc(s.Roles, func(x RoleOf) bool { return x.HeldRole == r && x.Post == h.Post }) {
				s.Roles = append(s.Roles, RoleOf{r, h.Post})
			}
		}
	}
	own := rolesTo(p, v, func(d *graph.Record) bool { return d.Ref("person") == person && d.Ref("post") == nil })
	for _, r := range own {
		s.Roles = slices.DeleteFunc(s.Roles, func(x RoleOf) bool { return x.HeldRole == r }) // it was found by their one post, too
		s.Roles = append(s.Roles, RoleOf{HeldRole: r})
	}
	slices.SortStableFunc(s.Seats, func(a, b SeatOf) int { return cmp.Compare(a.Board.Text, b.Board.Text) })
	return s
}

// seats adds places on boards that go with a post, or with none.
func (s *PersonSheet) seats(p *rule.Pack, seats []*graph.Record, post Named) {
	for _, seat := range seats {
		k, ok := seat.RefKey("board")
		if !ok {
			continue
		}
		x := SeatOf{Board: called(p, seat.View(), k), Post: post, Uncertain: seat.Exists() != fact.Yes}
		for field, to := range map[string]*string{"as": &x.As, "stands_for": &x.StandsFor} {
			if code := seat.Text(field); code != "" {
				*to = Capital(Say(p, seat.Kind().Field(field), code))
			}
		}
		if !slices.Contains(s.Seats, x) {
			s.Seats = append(s.Seats, x)
		}
	}
}
