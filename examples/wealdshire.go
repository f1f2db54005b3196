package examples

import (
	"fmt"
	"strings"
)

// Body is a made council that is to be no more, with the manifest of its own record.
type Body struct{ ID, Name, Manifest string }

// Wealdshire is a made area, a county and four districts that become two councils, with about so many functions in all. The districts do the same for their people, under the same
// names. What becomes of the functions is TwoCouncils.
func Wealdshire(functions int) []Body {
	out := []Body{{ID: "county", Name: "Wealdshire County Council"}}
	for _, d := range []string{"North", "South", "East", "West"} {
		out = append(out, Body{ID: strings.ToLower(d), Name: d + " District Council"})
	}
	for i := range out {
		of, n := "district", districtOf(functions)
		if i == 0 {
			of, n = "county", countyOf(functions)
		}
		var b strings.Builder
		doc := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n---\n", a...) }
		doc("{kind: council, id: council, name: %s, type: %s, governance: leader-and-cabinet}", out[i].Name, of)
		for u := range 1 + n/50 {
			doc("{kind: unit, id: u%d, name: Service area %d, head: p%d}", u, u, u)
			doc("{kind: post, id: p%d, title: Head of service area %d, unit: u%d}", u, u, u)
		}
		for f := range n {
			doc("{kind: function, id: f%d, name: %s, domain: %s, ages: all, unit: u%d}", f, functionOf(i, f), domainOf(i, f), f/50)
		}
		out[i].Manifest = b.String()
	}
	return out
}

func countyOf(functions int) int   { return functions * 4 / 10 }
func districtOf(functions int) int { return functions * 15 / 100 }

func functionOf(body, f int) string {
	if body == 0 {
		return fmt.Sprintf("County service %d", f)
	}
	return fmt.Sprintf("District service %d", f)
}

func domainOf(body, f int) string {
	domains := []string{"HOUSING", "CULTURE", "COMMUNITY", "CORPORATE", "SUPPORT"}
	if body == 0 {
		domains = []string{"CULTURE", "COMMUNITY", "YOUTH", "CORPORATE", "SUPPORT"}
	}
	return domains[f%len(domains)]
}

// Landing is what TwoCouncils makes of the functions of a body.
type Landing struct{ Placed, Merged, Unplaced, Doubled int }

// TwoCouncils is the manifest of the programme that makes two councils of Wealdshire, with the proposal two-councils: County services go to one of the two by turns, and each twentieth is divided
// between them. The services of North and South become one in the first, those of East and West in the second, but for each tenth, which both bring along, so that it stands twice, and each
// fiftieth of West, which is forgotten. It also says what is to come of that, by body.
func TwoCouncils(functions int) (programme, proposal string, landed map[string]Landing) {
	var b strings.Builder
	doc := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n---\n", a...) }
	doc("{kind: council, id: council, name: Two councils for Wealdshire, type: unitary, governance: leader-and-cabinet}")
	doc("{kind: board, id: executive, name: Joint Implementation Executive, type: joint-committee}")
	programme = b.String()
	b.Reset()
	doc("{kind: proposal, id: two-councils, title: Two councils for Wealdshire}")
	for _, c := range []string{"upper", "lower"} {
		doc("{kind: unit, id: %s, proposal: two-councils, from: 2028-04-01, name: The %s council, head: %s-chief}", c, c, c)
		doc("{kind: post, id: %s-chief, proposal: two-councils, from: 2028-04-01, title: Chief Executive of the %s council, unit: %s}", c, c, c)
		for u := range 20 {
			doc("{kind: unit, id: %s-%d, proposal: two-councils, from: 2028-04-01, name: The %s council part %d, parent: %s, head: %s-chief}", c, u, c, u, c, c)
		}
	}
	landed = map[string]Landing{}
	for i, body := range Wealdshire(0) {
		doc("{kind: organisation, id: %s, proposal: two-councils, end: 2028-03-31}", body.ID)
		n := districtOf(functions)
		if i == 0 {
			n = countyOf(functions)
		}
		var l Landing
		place := func(id string, f int, council string) {
			doc("{kind: function, id: %s, proposal: two-councils, from: 2028-04-01, name: %s, domain: %s, ages: all, unit: %s-%d}", id, functionOf(i, f), domainOf(i, f), council, f%20)
		}
		become := func(id string, from, into string) {
			doc("{kind: function, id: %s, proposal: two-councils, end: 2028-03-31}", id)
			doc("{kind: transfer, id: of-%s, proposal: two-councils, from: 2028-03-31, name: What becomes of %s, functions: [%s], into: [%s]}", id, id, from, into)
			l.Merged++
		}
		for f := range n {
			id := fmt.Sprintf("%s-f%d", body.ID, f)
			switch {
			case i == 0 && f%20 == 19:
				place("upper-"+id, f, "upper")
				place("lower-"+id, f, "lower")
				become(id, id, "upper-"+id+", lower-"+id)
			case i == 0:
				place(id, f, []string{"upper", "lower"}[f%2])
				l.Placed++
			case body.ID == "west" && f%50 == 7:
				l.Unplaced++
			case (body.ID == "south" || body.ID == "west") && f%10 != 0:
				into := fmt.Sprintf("%s-f%d", map[string]string{"south": "north", "west": "east"}[body.ID], f)
				become(id, id+", "+into, into)
			default:
				place(id, f, map[string]string{"north": "upper", "south": "upper", "east": "lower", "west": "lower"}[body.ID])
				l.Placed++
				if f%10 == 0 {
					l.Doubled++
				}
			}
		}
		landed[body.ID] = l
	}
	return programme, b.String(), landed
}
