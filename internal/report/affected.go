package report

import (
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Affected is who holds a post that a proposal would change, on the day looked at.
type Affected struct {
	Post    Named    `json:"post"`
	Unit    Named    `json:"unit"`
	Effect  string   `json:"effect"` // "The post ends"
	When    string   `json:"when"`
	Holders []string `json:"holders,omitempty"` // with the basis on which they hold it; nil where names are left out
	Count   int      `json:"count"`
	Unknown string   `json:"unknown,omitempty"` // why it is not known who is in it
}

// People is the staff whom a proposal touches.
type People struct {
	Posts   []Affected `json:"posts"` // that somebody holds, or of which it is not known
	Holders int        `json:"holders"`
	Vacant  int        `json:"vacant"` // posts that would change and nobody is in
	Named   bool       `json:"named"`
	proposal,
	dates string
}

// PeopleOf gives the staff whom a proposal touches: those in posts that would end, move or change, as on the day looked at. names says whether they are named; others are told how many
// they are. v is looked at without the proposal.
func PeopleOf(p *rule.Pack, v *graph.View, proposal fact.ID, names bool) People {
	v = v.With("")
	after := v.With(proposal)
	out := People{Named: names, proposal: v.Called(fact.Key{Kind: graph.Proposal, ID: proposal}), dates: DatesOf(after), Posts: []Affected{}}
	for _, c := range ChangesBetween(p, v, after, graph.Post).Rows {
		post := v.Record(c.Record.Record)
		if post == nil || c.How == Added || c.How == HolderOnly || post.Text("capacity") == "member" {
			continue
		}
		h := HoldingOf(p, post)
		if len(h.People) == 0 && h.Vacant {
			out.Vacant++
			continue
		}
		a := Affected{Post: named(p, post), Unit: c.Unit, Effect: effectOn(c), Count: len(h.People), Unknown: h.Unknown}
		if !c.When.IsZero() {
			a.When = c.When.Words()
		}
		if names {
			a.Holders = append([]string{}, h.Lines...)
		}
		out.Holders += a.Count
		out.Posts = append(out.Posts, a)
	}
	return out
}

// effectOn says what becomes of a post.
func effectOn(c Change) string {
	if c.How == Ended {
		return "The post ends"
	}
	var what []string
	for _, part := range c.Parts {
		var is []string
		for _, r := range part.After {
			is = append(is, r.Text)
		}
		s := strings.ToLower(part.Label[:1]) + part.Label[1:]
		if len(is) > 0 {
			s += ": " + strings.Join(is, "")
		}
		what = append(what, s)
	}
	return "Other " + strings.Join(what, "; ")
}

// Document writes it for people.
func (x People) Document() Document {
	d := Document{Title: "Staff affected: " + x.proposal, Dates: x.dates}
	if len(x.Posts) == 0 {
		d.Lead = append(d.Lead, "No post holders are affected.")
	} else {
		d.Lead = append(d.Lead, Count(x.Holders, "person is", "people are")+" in "+Count(len(x.Posts), "post", "posts")+" that would end, move or change.")
		d.Lead[0] = strings.ToUpper(d.Lead[0][:1]) + d.Lead[0][1:]
		if !x.Named {
			d.Lead = append(d.Lead, "They are named only to those who may see what is restricted.")
		}
	}
	if x.Vacant > 0 {
		d.Lead = append(d.Lead, Count(x.Vacant, "other post that would change is", "other posts that would change are")+" vacant.")
	}
	if len(x.Posts) == 0 {
		return d
	}
	t := Table{Caption: "Staff affected, those first in whose post a statutory role is", Head: []string{"Post", "Unit", "Who", "What becomes of it", "From"}, Headed: true}
	for _, a := range x.Posts {
		who := strings.Join(a.Holders, ", ")
		switch {
		case a.Unknown != "" && a.Count == 0:
			who = "Not known: " + a.Unknown
		case !x.Named:
			who = Count(a.Count, "person", "people")
		}
		t.Rows = append(t.Rows, []Cell{a.Post, a.Unit, cell(who), cell(a.Effect), cell(a.When)})
	}
	d.Sections = []Section{{Blocks: []Block{t}}}
	return d
}
