package web

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// derived is something that a list shows of its records, or can be narrowed by, and that is no field of theirs: it follows from other
// records.
type derived struct {
	*kind.Field                                                     // what it is called, and its values as choices
	values      func(*Site, *look) func(*graph.Record) []string     // what a list is narrowed and put in order by; nil where it is not
	lines       func(*Site, *look) func(*graph.Record) (out []link) // what its column shows; nil where it has none
}

// Values of what is derived of posts.
const (
	withRole    = "any"
	withoutRole = "none"
)

// statusOfPost are the values of a post's holder by how the post stands.
var statusOfPost = map[report.Status]string{
	report.Held: "in-post", report.Interim: "acting-or-interim", report.Acting: "acting-or-interim", report.Vacant: "vacant", report.NotRecorded: "not-recorded",
}

// amendment is whether a delegation has to be written anew.
var amendment = &kind.Field{Name: "amendment", Label: "Amendment", Type: kind.Choice, Choices: report.Amendments, Required: true}

// derivations are what is derived of records of a kind, in the order of the columns. Their names are those that files of the structure have for
// the same.
var derivations = map[fact.KindName][]derived{
	graph.Post: {
		{Field: &kind.Field{Name: "holder", Label: "In post"}, lines: holdersOfPost},
		{Field: &kind.Field{Name: "statutory_role", Label: "Statutory role", Type: kind.Choice, Codes: "role", Required: true}, values: rolesOfPost, lines: roleNames},
		{Field: &kind.Field{Name: "holder_status", Label: "Holder", Type: kind.Choice, Choices: []string{"in-post", "acting-or-interim", "vacant", "not-recorded"}, Required: true}, values: holderStatus},
		{Field: &kind.Field{Name: "status", Label: "Status", Type: kind.Choice, Choices: []string{"in-force", "not-certain", "proposed", "of-another-day"}, Required: true}, values: statusOnDay},
	},
	"delegation": {
		{Field: amendment, values: amendments, lines: amendmentWords},
		{Field: &kind.Field{Name: "source", Label: "Source"}, lines: sourceOf},
	},
}

// derivations are what is derived of a kind for whoever looks. Everybody is shown who holds a post, and nothing else that follows from records of which they may see a part.
func (l *look) derivations(k fact.KindName) []derived {
	if l.public() && k != graph.Post {
		return nil
	}
	return derivations[k]
}

// derivation gives what is derived of a kind by its name, or nil.
func derivation(k fact.KindName, name string) *derived {
	for i, d := range derivations[k] {
		if d.Name == name {
			return &derivations[k][i]
		}
	}
	return nil
}

func holdersOfPost(s *Site, l *look) func(*graph.Record) []link {
	return func(post *graph.Record) []link {
		if l.View.Record(post.Key()) != post {
			return nil
		}
		return texts(report.HoldingOf(s.Pack, post).Words())
	}
}

func holderStatus(_ *Site, l *look) func(*graph.Record) []string {
	return func(post *graph.Record) []string {
		if l.View.Record(post.Key()) != post {
			return nil
		}
		return []string{statusOfPost[report.StatusOfPost(post)]}
	}
}

// rolesOf gives the codes of the statutory roles of each post.
func (s *Site) rolesOf(l *look) map[*graph.Record][]string {
	out := map[*graph.Record][]string{}
	for _, r := range s.Pack.Roles {
		posts, _ := l.View.RolePosts(r.Code)
		for _, p := range posts {
			out[p] = append(out[p], r.Code)
		}
	}
	return out
}

func rolesOfPost(s *Site, l *look) func(*graph.Record) []string {
	roles := s.rolesOf(l)
	return func(post *graph.Record) []string {
		if codes := roles[post]; len(codes) > 0 {
			return append(slices.Clone(codes), withRole)
		}
		return []string{withoutRole}
	}
}

func roleNames(s *Site, l *look) func(*graph.Record) []link {
	roles := s.rolesOf(l)
	return func(post *graph.Record) (out []link) {
		for _, code := range roles[post] {
			out = append(out, link{Text: report.RoleName(s.Pack, code)})
		}
		return out
	}
}

func statusOnDay(_ *Site, l *look) func(*graph.Record) []string {
	return func(r *graph.Record) []string {
		switch {
		case l.View.Record(r.Key()) != r:
			return []string{"of-another-day"}
		case r.Proposal() != "":
			return []string{"proposed"}
		case r.Exists() == fact.Maybe:
			return []string{"not-certain"}
		}
		return []string{"in-force"}
	}
}

func amendments(s *Site, l *look) func(*graph.Record) []string {
	return func(d *graph.Record) []string {
		if l.View.Record(d.Key()) != d {
			return nil
		}
		is, _ := report.AmendmentOf(s.Pack, d)
		return []string{string(is)}
	}
}

func amendmentWords(s *Site, l *look) func(*graph.Record) []link {
	return func(d *graph.Record) []link {
		if l.View.Record(d.Key()) != d {
			return nil
		}
		is, why := report.AmendmentOf(s.Pack, d)
		return append(text(capital(s.say(amendment, string(is)))), text(why)...)
	}
}

func sourceOf(*Site, *look) func(*graph.Record) []link {
	return func(r *graph.Record) []link { return text(capital(r.Source())) }
}
