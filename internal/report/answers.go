package report

import (
	"cmp"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Standing says how who answers for a function in law stands to who manages it.
type Standing uint8

// The ways, what needs a reader most first.
const (
	DifferentPost Standing = iota
	CannotSay
	ThroughLine
	SamePost
	NoRole
	Unclassified
)

var standings = [...]struct{ word, heading string }{
	DifferentPost: {"Different post", "A different post answers in law"},
	CannotSay:     {"Cannot be said", "It cannot be said who answers or who manages"},
	ThroughLine:   {"Manages it through its line", "The post that answers manages it through its line"},
	SamePost:      {"Same post", "The same post manages and answers"},
	NoRole:        {"No statutory role", "The law names no statutory role"},
	Unclassified:  {"Not classified", "It is open which law they fall under"},
}

// String is the standing in a few words: "Different post".
func (s Standing) String() string { return standings[s].word }

// MarshalText gives the same.
func (s Standing) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Heading is what functions of the standing stand under.
func (s Standing) Heading() string { return standings[s].heading }

// AnswersJSON is who answers for some functions.
type AnswersJSON struct {
	When
	Functions []Answer `json:"functions"`
}

// Answer is who answers in law for a function, and who manages it.
type Answer struct {
	Function  Named    `json:"function"`
	Standing  Standing `json:"standing"`
	Manager   InPost   `json:"manager,omitzero"`
	NoManager string   `json:"no_manager,omitempty"` // why it cannot be said who manages it
	Answers   []InPost `json:"answers,omitempty"`
	Joined    []Named  `json:"joined_by,omitempty"` // the boards and protocols that join the two
	Why       []string `json:"not_known,omitempty"` // sentences
}

// InPost is a post, the roles as which it answers, and who is in it.
type InPost struct {
	Post  Named    `json:"post"`
	Roles []string `json:"roles,omitempty"`
	In    []string `json:"in_post"`
}

// IsZero reports whether there is no post.
func (x InPost) IsZero() bool { return x.Post == Named{} }

// AnswersOf gives who answers in law for each function of the day: those that need a reader most first, then by name.
func AnswersOf(p *rule.Pack, v *graph.View) []Answer {
	of := map[fact.Key][]rule.Split{}
	for _, s := range p.Splits(v) {
		of[s.Function] = append(of[s.Function], s)
	}
	c := answering{p: p, in: map[*graph.Record][]string{}}
	var out []Answer
	for _, r := range p.WhoAll(v) {
		out = append(out, c.answer(r, of[r.Function.Key()]))
	}
	slices.SortStableFunc(out, func(a, b Answer) int {
		return cmp.Or(cmp.Compare(a.Standing, b.Standing), cmp.Compare(a.Function.Text, b.Function.Text))
	})
	return out
}

// AnswerOf gives it for one function.
func AnswerOf(p *rule.Pack, f *graph.Record) Answer {
	return (&answering{p: p, in: map[*graph.Record][]string{}}).answer(p.Who(f), p.SplitsOf(f))
}

// answering remembers who is in each post.
type answering struct {
	p  *rule.Pack
	in map[*graph.Record][]string
}

func (c *answering) post(post *graph.Record) InPost {
	if c.in[post] == nil {
		c.in[post] = HoldingOf(c.p, post).Words()
	}
	return InPost{Post: named(c.p, post), In: c.in[post]}
}

// answer lays out what the pack says of a function; splits are those of the function.
func (c *answering) answer(r rule.Responsible, splits []rule.Split) Answer {
	f := r.Function
	v := f.View()
	a := Answer{Function: named(c.p, f), Standing: SamePost}
	if r.Manager != nil {
		a.Manager = c.post(r.Manager)
	} else if _, gap := f.Manager(); gap != nil {
		a.NoManager = Sentence("Not known: " + gap.Why)
	}
	for _, post := range r.Answers {
		in := c.post(post)
		for _, code := range r.Roles {
			if posts, _ := v.RolePosts(code); slices.Contains(posts, post) {
				in.Roles = append(in.Roles, RoleName(c.p, code))
			}
		}
		a.Answers = append(a.Answers, in)
	}
	for _, g := range r.Gaps {
		a.Why = append(a.Why, Sentence(g.Why))
	}
	for _, s := range splits {
		for _, k := range s.Mechanism {
			if m := called(c.p, v, k); !slices.Contains(a.Joined, m) {
				a.Joined = append(a.Joined, m)
			}
		}
	}
	switch {
	case f.Text("domain") == rule.Unclassified && f.Text("answers_in_law") == "":
		a.Standing, a.Why = Unclassified, nil
	case slices.ContainsFunc(splits, func(s rule.Split) bool { return s.Answers != nil }):
		a.Standing = DifferentPost
	case len(r.Gaps) > 0 || r.Manager == nil:
		a.Standing = CannotSay
	case len(r.Roles) == 0:
		a.Standing = NoRole
	case len(r.Answers) != 1 || r.Answers[0] != r.Manager:
		a.Standing = ThroughLine
	}
	return a
}
