package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// rolesPath is where all statutory roles are listed.
const rolesPath = "/structure/statutory-roles"

// rolesPage is the catalogue of statutory roles.
type rolesPage struct {
	Lead   string
	Today  *table
	Begin  []link // where there is none, because it is not known what kind of council this is
	Others *table // that the law knows on other days, or does not ask of a council of this kind
}

// roleAt is the address of a role.
func (l *look) roleAt(r *rule.Role) string {
	return l.to(rolesPath + "/" + kind.Slug(r.Name))
}

func (s *Site) statutoryRoles(l *look, _ *http.Request) (*page, error) {
	offices := s.offices(l)
	body := &rolesPage{Lead: report.CoverOf(l.View, offices, l.today).Sentence, Today: s.officeTable(l, "Statutory roles on "+l.View.On().Words(), offices)}
	body.Begin = s.noCouncil(l)
	body.Others = newTable("Other roles that the law knows, or knew", "Role", "In the law", "Note")
	for _, r := range s.Pack.Roles {
		if r.Known == (rule.Period{}) || slices.ContainsFunc(offices, func(o report.Office) bool { return o.Code == r.Code }) {
			continue
		}
		body.Others.add([]link{{capital(r.Name), l.roleAt(r)}}, text(known(r.Known)), text(r.Note))
	}
	p := &page{Template: "roles", Heading: "Statutory roles", Body: body}
	if tables := filled(body.Today, body.Others); len(tables) > 0 {
		p.Files = append(p.Files, csvOf(tables...))
	}
	p.Files = append(p.Files, jsonOf(func() any { return report.NewOfficesJSON(s.when(l), offices) }))
	return p, nil
}

// noCouncil says, where no council is recorded on the day, that it decides which roles have to be filled, and leads to where it is recorded.
func (s *Site) noCouncil(l *look) []link {
	if len(l.View.All("council")) > 0 {
		return nil
	}
	out := []link{{Text: "No council is recorded " + l.dayWords() + ". What kind of council it is decides which statutory roles have to be filled."}}
	for _, a := range s.actions(l, l.View.Kinds().Kind("council"), "") {
		out = append(out, link{strings.Replace(a.Text, "a council", "the council", 1), a.URL})
	}
	return out
}

// officeTable shows the statutory roles with their posts and holders.
func (s *Site) officeTable(l *look, caption string, offices []report.Office) *table {
	if len(offices) == 0 {
		return nil
	}
	t := newTable(caption, "Statutory role", "State", "Post", "In post", "Since", "Law")
	for _, o := range offices {
		state := []link{{Text: o.Word}}
		if o.Note != "" {
			state = append(state, link{Text: sentence(o.Note)})
		}
		holders := l.nameAll(o.Holders)
		if o.Jointly {
			holders = append(holders, link{Text: "jointly"})
		}
		name := link{Text: o.Name}
		if r := s.Pack.Role(o.Code); r != nil {
			name.URL = l.roleAt(r)
		}
		t.add([]link{name}, state, orText(l.nameAll(o.Posts), "No post designated"), orText(holders, "Nobody recorded"), orText(text(capital(boundary(o.Since, ""))), "Not recorded"), text(o.Law))
	}
	return t
}

// rolePage is one statutory role: who has held it, what it answers for, and what the law says of it.
type rolePage struct {
	State state
	Fact  []fieldLine
	Sheet []sheetPart
}

// statutoryRole shows a role by its name, leads to it from its code, and says which is meant by a name that is nearly right.
func (s *Site) statutoryRole(l *look, r *http.Request) (*page, error) {
	asked := r.PathValue("role")
	var names []string
	for _, x := range s.Pack.Roles {
		slug := kind.Slug(x.Name)
		switch {
		case slug == asked:
			return s.rolePage(l, x), nil
		case strings.EqualFold(x.Code, asked):
			return nil, &elsewhere{l, rolesPath + "/" + slug}
		}
		names = append(names, slug)
	}
	t := &trouble{kind: fact.ErrNotFound, text: "The law pack knows no statutory role “" + asked + "”.", links: []link{{"All statutory roles", l.to(rolesPath)}}}
	if n := kind.Nearest(asked, names); n != "" {
		near := s.Pack.Roles[slices.Index(names, n)]
		t.links = append([]link{{"Did you mean: " + capital(near.Name), l.roleAt(near)}}, t.links...)
	}
	return nil, t
}

// functionsOfRole is how many functions a role's page shows: each has three links, and there are more below them.
const functionsOfRole = 60

func (s *Site) rolePage(l *look, role *rule.Role) *page {
	x := report.SheetOfRole(s.Pack, l.View, role, s.answers(l))
	body := &rolePage{}
	p := &page{Template: "role", Label: "Statutory role", Heading: capital(role.Name), Crumbs: []link{{"Statutory roles", l.to(rolesPath)}}, Body: body}
	add := func(label string, lines []link) {
		if len(lines) > 0 {
			body.Fact = append(body.Fact, fieldLine{label, lines})
		}
	}
	if inLaw := role.Known == (rule.Period{}) || role.Known.On(l.View.On()); inLaw {
		body.State = state{x.Word, officeTags[x.Status], text(sentence(x.Office.Note))}
		add("Post", orText(l.nameAll(x.Posts), "No post designated on this day"))
		add("In post", orText(append(l.nameAll(x.Holders), text(sentence(sinceWords(x.Since)))...), "Nobody recorded on this day"))
	} else {
		body.State = state{"Not in law", "govuk-tag--grey", text("This role did not exist in law on " + l.View.On().Words() + ".")}
	}
	law := text(x.Law)
	if x.Required {
		law = append(law, link{Text: "A council of this kind has to fill it"})
	}
	add("Law", law)
	add("Held by", text(x.HeldBy))
	add("Ages", text(x.Ages))
	add("Answers for", texts(x.Domains))
	add("Note", text(x.Note))
	body.Sheet = s.namesakes(l, role)
	if n := len(x.Functions); n > 0 {
		part := sheetPart{Heading: "What it answers for on this day", Table: answersTable(l, capital(count(n, "function", "functions")), x.Functions[:min(n, functionsOfRole)])}
		if n > functionsOfRole {
			part.Table.Caption = "The first " + thousands(functionsOfRole) + " of " + thousands(int64(n)) + " functions"
			part.More = &link{"All " + count(n, "function", "functions"), l.to("/structure/who-answers", whoRole, role.Code)}
		}
		body.Sheet = append(body.Sheet, part)
	}
	var gaps []string
	for _, q := range x.Periods {
		if q.Status == report.Vacant {
			gaps = append(gaps, q.From.Words+" to "+q.Until.Words)
		}
	}
	held := sheetPart{Heading: "Who has held it"}
	if len(gaps) > 0 {
		held.Warning = "Gap: nobody is recorded for this role " + and(gaps) + "."
	}
	if len(x.Periods) > 0 {
		bars, periods := s.periodBars(l, "holders", "Holders, with the posts by which they held it, the newest first", "Holder", x.Periods)
		bars.rows(l, periods)
		held.Bars = bars
	} else {
		held.Lead = text("No designation of this role is recorded.")
	}
	body.Sheet = append(body.Sheet, held)
	if len(x.Delegated) > 0 {
		t := newTable("Powers delegated to its posts", "Delegation")
		for _, d := range x.Delegated {
			t.add([]link{l.named(d)})
		}
		body.Sheet = append(body.Sheet, sheetPart{Heading: "Delegations", Table: t})
	}
	if len(x.Rules) > 0 {
		t := newTable("Rules of the law pack that speak of it", "Rule", "Force", "Where it comes from", "If it is combined with other duties")
		for _, r := range x.Rules {
			combined := ""
			if r.Combines {
				combined = "This rule asks what else the post or its holder has in hand"
			}
			t.add([]link{{r.ID + " " + r.Title, l.to("/assurance/check/" + r.ID)}}, text(r.Force), []link{{r.Citation.Text, r.Citation.URL}}, text(combined))
		}
		body.Sheet = append(body.Sheet, sheetPart{Heading: "What the law says", Table: t})
	}
	p.Files = []file{
		csvOf(append(filled(factsTable(body.Fact)), sheetTables(body.Sheet)...)...),
		jsonOf(func() any { return report.NewTenureJSON(s.when(l), role.Code, capital(role.Name), x.Periods) }),
	}
	return p
}

// officeTags are the tags of how an office stands.
var officeTags = map[report.Status]string{
	report.Held: "govuk-tag--green", report.Interim: "govuk-tag--yellow", report.Acting: "govuk-tag--yellow", report.Vacant: "govuk-tag--red", report.NotRecorded: "govuk-tag--grey", report.Uncertain: "govuk-tag--grey",
}

// namesakes warns of posts that are called as the role is and do not have it: a title alone gives no role.
func (s *Site) namesakes(l *look, role *rule.Role) (parts []sheetPart) {
	having, _ := l.View.RolePosts(role.Code)
	for _, post := range l.View.All(graph.Post) {
		if !strings.EqualFold(strings.ReplaceAll(post.Text("title"), "’", "'"), strings.ReplaceAll(role.Name, "’", "'")) || slices.Contains(having, post) {
			continue
		}
		other := []string{}
		for _, r := range s.Pack.Roles {
			if posts, _ := l.View.RolePosts(r.Code); slices.Contains(posts, post) {
				other = append(other, capital(r.Name))
			}
		}
		part := sheetPart{Warning: fmt.Sprintf("On %s there is a post of this name. It is a post, and does not have this role.", l.View.On().Words()), Lead: []link{{s.title(post), l.record(post.Key())}}}
		if len(other) > 0 {
			part.Lead = append(part.Lead, link{Text: "has the role: " + and(other) + "."})
		}
		parts = append(parts, part)
	}
	return parts
}
