package web

import (
	"net/http"

	"plumbline/internal/assure"
	"plumbline/internal/graph"
)

// homePage answers two questions: is anybody not covered in law, and how does the record stand?
type homePage struct {
	Empty     bool
	Cover     []coverLine
	Offices   *table
	Counts    []counted
	Splits    []link
	SplitLine string
	Proposals []link
	Who       link
	Record    []fieldLine
}

// coverLine says how many statutory duties stand alike, and names them.
type coverLine struct {
	Status status
	Text   string
}

// counted is a number that leads to what it counts.
type counted struct {
	Number string
	link
}

func (s *Site) home(l *look, _ *http.Request) (*page, error) {
	body := &homePage{Empty: l.newest == 0}
	p := &page{Template: "home", Heading: "Who answers, and is anyone not covered?", Body: body}
	if body.Empty {
		return p, nil
	}
	offices := s.offices(l)
	body.Cover = cover(offices, s.councilType(l) != "")
	body.Offices = s.officeTable("Statutory roles on "+l.View.On().Words(), offices)
	a := assure.Assess(s.Pack, l.View)
	body.Counts = counts(l, a)
	_, split := splitFunctions(a.Results.Splits)
	for _, k := range split[:min(len(split), splitsOnHome)] {
		body.Splits = append(body.Splits, s.linked(l, k))
	}
	body.SplitLine = capital(count(len(split), "function is", "functions are")) + " managed by a different post from the one that answers in law."
	body.Who = link{"Who answers in law for each function", l.to("/structure/who-answers")}
	for _, k := range keysOf(l.View, graph.Proposal) {
		if string(k.ID) != l.proposal {
			body.Proposals = append(body.Proposals, link{s.called(l, k), l.here(func(c *look) { c.proposal = string(k.ID) })})
		}
	}
	body.Record = s.standing(l)
	return p, nil
}

// splitsOnHome is how many functions the first page names.
const splitsOnHome = 10

// cover sums up which statutory duties are covered: first those that are not. complete says that all there are could be told.
func cover(offices []office, complete bool) (lines []coverLine) {
	if !complete {
		lines = append(lines, coverLine{cannotSay, "What kind of council this is, is not recorded on this day, so which statutory roles it has to fill is not known."})
	}
	by := map[status][]string{}
	for _, o := range offices {
		by[o.Status] = append(by[o.Status], o.Role)
	}
	for _, x := range []struct {
		is        status
		one, many string
	}{
		{notCovered, "This statutory role is not covered", "These statutory roles are not covered"},
		{cannotSay, "Whether this statutory role is covered, the record does not say", "Whether these statutory roles are covered, the record does not say"},
		{filled, "This statutory role is filled", "These statutory roles are filled"},
	} {
		names := by[x.is]
		switch n := len(names); {
		case n == 0:
			continue
		case complete && x.is == filled && n == len(offices):
			lines = append(lines, coverLine{x.is, "Every statutory role of this day is filled: " + and(names) + "."})
		case n == 1:
			lines = append(lines, coverLine{x.is, x.one + ": " + names[0] + "."})
		default:
			lines = append(lines, coverLine{x.is, x.many + ": " + and(names) + "."})
		}
	}
	return lines
}

// officeTable shows the statutory roles with their posts and holders.
func (s *Site) officeTable(caption string, offices []office) *table {
	t := newTable(caption, "Statutory role", "State", "Post", "In post")
	for _, o := range offices {
		state := []link{{Text: o.Status.Word}}
		if o.Why != "" {
			state = append(state, link{Text: sentence(o.Why)})
		}
		t.add(text(o.Role), state, orText(o.Posts, "No post designated"), orText(texts(o.Holders), "Nobody recorded"))
	}
	return t
}

// counts are the results of the check by how much they matter, each leading to its part of the check.
func counts(l *look, a *assure.Assessment) (out []counted) {
	n := map[string]int{}
	for i := range a.Results.Rows {
		n[groupOf(&a.Results.Rows[i])]++
	}
	for _, g := range groups {
		if g.id == notApplicable {
			continue
		}
		noun := g.many
		if n[g.id] == 1 {
			noun = g.one
		}
		out = append(out, counted{thousands(int64(n[g.id])), link{noun, l.to("/assurance/check") + "#" + g.id}})
	}
	return out
}

// standing says how the record stands.
func (s *Site) standing(l *look) []fieldLine {
	newest := l.entry(l.newest)
	if _, e, ok := s.Book.Entry(l.newest); ok {
		newest.Text += ", recorded " + moment(e)
	}
	state := link{Text: "Not opened yet: papers can still be loaded with the date on which the council learned what they say"}
	if at := s.Book.Opened(); at > 0 {
		state = l.entry(at)
		state.Text = "Open since " + state.Text + ": later entries are dated by the clock alone"
	}
	return []fieldLine{
		{"Entries", []link{{thousands(l.newest), l.to("/records")}}},
		{"Newest", []link{newest}},
		{"State", []link{state}},
		{"Signed as", text(s.Book.Origin())},
		{"Law", text(s.Pack.Name + ", version " + s.Pack.Version)},
	}
}
