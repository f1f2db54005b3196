package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Pattern is a condition as many have it, for people who do not write expressions: what it says, and what there is to choose in it.
type Pattern struct {
	ID    string // "experience"
	Label string // "Whoever holds a role has experience in a field"
	Blank []Blank
	expr  string // with the names of its blanks in braces; that of a record is in it as it
}

// Blank is one thing to choose in a pattern: a statutory role, a value of a field, a number, or a record, which the condition is then about.
type Blank struct {
	Name   string // "role"
	Label  string // "Role"
	Record fact.KindName
	Codes  string    // the family of codes: "role"
	Field  [2]string // kind and field of which it is a value
	Most   int       // of a number
}

var (
	theRole  = Blank{Name: "role", Label: "Role", Codes: "role"}
	thePost  = Blank{Name: "post", Label: "Post", Record: graph.Post}
	theField = Blank{Name: "experience", Label: "Field", Field: [2]string{string(graph.Person), "experience"}}
)

// Patterns are the conditions that can be checked by the record without writing an expression.
var Patterns = []Pattern{
	{"experience", "Whoever holds a statutory role has experience in a field", []Blank{theRole, theField}, `holders({role}).all(p, {experience} in p.experience)`},
	{"experience-in-post", "Whoever is in a post has experience in a field", []Blank{thePost, theField}, `holders_of(it).all(p, {experience} in p.experience)`},
	{"filled", "Somebody is in a post", []Blank{thePost}, `!vacant(it)`},
	{"permanent", "Nobody in a post is interim or acting", []Blank{thePost}, `!provisional(it)`},
	{"board-meets", "A board meets at least every so many months", []Blank{{Name: "board", Label: "Board", Record: board}, {Name: "months", Label: "Months", Most: 60}}, `met_within(it, {months})`},
	{"seat-held", "A seat on a board is held", []Blank{{Name: "seat", Label: "Seat", Record: seat}}, `seated(it)`},
	{"role-in-post", "A statutory role is held by a post", []Blank{theRole, thePost}, `posts({role}).exists(p, p == it)`},
	{"function-answers", "A statutory role answers in law for a function", []Blank{{Name: "function", Label: "Function", Record: graph.Function}, theRole}, `{role} in roles_for(it)`},
}

// PatternOf gives a pattern by its id.
func PatternOf(id string) (Pattern, bool) {
	i := slices.IndexFunc(Patterns, func(p Pattern) bool { return p.ID == id })
	if i < 0 {
		return Pattern{}, false
	}
	return Patterns[i], true
}

// Values are what there is to choose for a blank that is neither a record nor a number, as records have it.
func (b Blank) Values(kinds *kind.Set) []string {
	if b.Codes != "" {
		return kinds.Codes(b.Codes)
	}
	if k := kinds.Kind(fact.KindName(b.Field[0])); k != nil {
		return k.Field(b.Field[1]).Choices
	}
	return nil
}

// Unfilled is a blank of a pattern that was not filled, or not with what it can be.
type Unfilled struct {
	Blank Blank
	What  string
}

func (u *Unfilled) Error() string { return u.What }

// Fill makes the expression that a pattern with its blanks filled is, and names the record that it is about, if it is about one. A value is as records have it: the code of a role, the id of a record, a number
// of whole months. The error is an *Unfilled.
func (p Pattern) Fill(kinds *kind.Set, values map[string]string) (expression string, about fact.Key, err error) {
	var pairs []string
	for _, b := range p.Blank {
		v := strings.TrimSpace(values[b.Name])
		switch n, bad := strconv.Atoi(v); {
		case v == "":
			return "", fact.Key{}, &Unfilled{b, "Choose the " + kind.Lower(b.Label)}
		case b.Record != "":
			about = fact.Key{Kind: b.Record, ID: fact.ID(v)}
		case b.Most > 0 && (bad != nil || n < 1 || n > b.Most):
			return "", fact.Key{}, &Unfilled{b, fmt.Sprintf("%s must be a whole number from 1 to %d", b.Label, b.Most)}
		case b.Most > 0:
			pairs = append(pairs, "{"+b.Name+"}", strconv.Itoa(n))
		case !slices.Contains(b.Values(kinds), v):
			return "", fact.Key{}, &Unfilled{b, "Choose the " + kind.Lower(b.Label) + " from the list"}
		default:
			pairs = append(pairs, "{"+b.Name+"}", strconv.Quote(v))
		}
	}
	return strings.NewReplacer(pairs...).Replace(p.expr), about, nil
}

// Recognise finds the pattern of which an expression is made, with what its blanks were filled with, as Fill takes it; about is the record that the expression is about, if any. ok is false for an expression that somebody wrote.
func Recognise(kinds *kind.Set, expression string, about fact.Key) (p Pattern, values map[string]string, ok bool) {
	for _, p := range Patterns {
		values := p.read(expression)
		if values == nil {
			continue
		}
		for _, b := range p.Blank {
			if b.Record != "" && b.Record == about.Kind {
				values[b.Name] = string(about.ID)
			}
		}
		if made, of, err := p.Fill(kinds, values); err == nil && made == expression && (of == about || of == fact.Key{}) {
			return p, values, true
		}
	}
	return Pattern{}, nil, false
}

// read takes from an expression what stands in the place of each blank, or gives nil where the words between them are not those of the pattern.
func (p Pattern) read(expression string) map[string]string {
	values := map[string]string{}
	for rest := p.expr; ; {
		words, more, blank := strings.Cut(rest, "{")
		after, ok := strings.CutPrefix(expression, words)
		if !ok {
			return nil
		}
		if !blank {
			return values
		}
		name, next, _ := strings.Cut(more, "}")
		until, _, _ := strings.Cut(next, "{")
		end := strings.Index(after, until)
		if end < 0 {
			return nil
		}
		if values[name] = after[:end]; strings.HasPrefix(after, `"`) {
			values[name], _ = strconv.Unquote(after[:end])
		}
		rest, expression = next, after[end:]
	}
}
