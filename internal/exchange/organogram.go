package exchange

import (
	"fmt"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Withheld stands for the name of somebody in a post where names are not given out.
const Withheld = "N/D"

// Posts lists every post that is there on the day of a view, with who is in it and what it answers for. Names of people are given
// only where names is set. The columns that belong to the post itself can be read back.
func Posts(v *graph.View, pack *rule.Pack, names bool) Table {
	t := organogram("Posts", "post_ref", "job_title", "holder", "holder_status", "grade", "fte", "unit", "directorate", "reports_to_post_ref", "other_reports_to", "statutory_role",
		"answers_in_law_for", "line_manages_functions", "in_force_from", "in_force_to", "recorded_at", "as_at")
	t.Notes = append(t.Notes, "A post that may or may not be there on the day, because its dates are not exact, is left out.")
	if !names {
		t.Notes = append(t.Notes, "The names of those in post are withheld ("+Withheld+").")
	}
	duty := duties(v, pack)
	posts, _ := graph.Seen(v.All(graph.Post))
	for _, p := range posts {
		who, status := holding(p, names)
		unit, directorate := department(p)
		d := duty[p]
		span := lifeOf(v, p)
		t.add(string(p.Key().ID), p.Title(), who, status, p.Text("grade"), plainNumber(p, "fte"), unit, directorate, refs(p, "reports_to"), refs(p, "accountable_to"), joined(d.roles),
			joined(d.answers), joined(d.manages), span.From.String(), span.Until.String(), fact.DayIn(p.Recorded()).String(), v.On().String())
	}
	return t
}

// Transparency lists the top three tiers as the local government transparency code asks for them. What the record does not hold is empty.
func Transparency(v *graph.View) Table {
	t := organogram("Transparency", "grade", "job_title", "department", "team", "permanent_or_temporary", "contact_details", "salary_bracket_5k", "salary_ceiling", "vacant", "as_at")
	posts, _ := graph.Seen(v.All(graph.Post))
	left := 0
	for _, p := range posts {
		tier, gap := p.Tier()
		if gap != nil {
			left++
			continue
		}
		if tier > 2 {
			continue
		}
		team, directorate := department(p)
		t.add(p.Text("grade"), p.Title(), directorate, team, terms(p), "", bracket(p), plainNumber(p, "salary_to"), vacancy(p), v.On().String())
	}
	t.Notes = append(t.Notes, "The post of the head of paid service and the two tiers below it.", "A salary bracket is given where the pay band recorded lies within one bracket.", "Contact details are not recorded.")
	if left > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("Left out, because their line to the head of paid service is not recorded: %d.", left))
	}
	return t
}

// WhoAnswers lists the functions that are there on the day, with the posts that manage them and that answer for them in law; where keep is
// not nil, only those that it keeps.
func WhoAnswers(v *graph.View, pack *rule.Pack, keep func(fact.Key) bool) Table {
	t := organogram("Who answers", "function", "line_manager_ref", "answers_in_law_ref", "same_post", "mechanism", "as_at")
	t.Notes = append(t.Notes, "An empty cell says that the record does not tell, or that the law gives the function to no statutory role. A mechanism is given where the post that answers does not manage the function, itself or through its line.")
	joins := map[fact.Key][]string{}
	for _, s := range pack.Splits(v) {
		if s.Answers == nil || joins[s.Function] != nil {
			continue
		}
		for _, m := range s.Mechanism {
			joins[s.Function] = append(joins[s.Function], v.Called(m))
		}
	}
	functions, _ := graph.Seen(v.All(graph.Function))
	for _, f := range functions {
		if keep != nil && !keep(f.Key()) {
			continue
		}
		who := pack.Who(f)
		manager, same := "", ""
		if who.Manager != nil {
			manager = string(who.Manager.Key().ID)
		}
		var answers []string
		for _, p := range who.Answers {
			answers = append(answers, string(p.Key().ID))
		}
		if len(who.Gaps) == 0 && manager != "" && len(answers) > 0 {
			same = yesNo(len(answers) == 1 && answers[0] == manager)
		}
		t.add(f.Title(), manager, joined(answers), same, joined(joins[f.Key()]), v.On().String())
	}
	return t
}

// organogramTypes are the columns that are no text.
var organogramTypes = map[string]kind.Type{
	"fte": kind.Number, "salary_ceiling": kind.Money,
	"in_force_from": kind.Date, "in_force_to": kind.Date, "recorded_at": kind.Date, "as_at": kind.Date,
}

func organogram(name string, columns ...string) Table {
	t := Table{Name: name}
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{Name: c, Type: organogramTypes[c]})
	}
	return t
}

func (t *Table) add(texts ...string) {
	row := make([]Cell, len(texts))
	for i, s := range texts {
		row[i] = Cell{Text: s, Type: t.Columns[i].Type}
	}
	t.Rows = append(t.Rows, row)
}

// duty is what a post answers for and manages.
type duty struct{ roles, answers, manages []string }

func duties(v *graph.View, pack *rule.Pack) map[*graph.Record]duty {
	out := map[*graph.Record]duty{}
	designations, _ := graph.Seen(v.All(graph.Designation))
	for _, d := range designations {
		if p, gap := d.DesignatedPost(); gap == nil {
			of := out[p]
			if role := d.Text("role"); !slices.Contains(of.roles, role) {
				of.roles = append(of.roles, role)
			}
			out[p] = of
		}
	}
	functions, _ := graph.Seen(v.All(graph.Function))
	for _, f := range functions {
		who := pack.Who(f)
		for _, p := range who.Answers {
			of := out[p]
			of.answers = append(of.answers, f.Title())
			out[p] = of
		}
		if p := who.Manager; p != nil {
			of := out[p]
			of.manages = append(of.manages, f.Title())
			out[p] = of
		}
	}
	return out
}

// holding gives the names of those in a post and on what basis they are there.
func holding(p *graph.Record, names bool) (who, status string) {
	o := p.Holders()
	switch {
	case o.Vacant:
		return "", "vacant"
	case len(o.Holders) == 0:
		return "", "not known"
	}
	var people, bases []string
	for _, a := range o.Holders {
		person := Withheld
		if k, ok := a.RefKey("person"); ok && names {
			person = p.View().Called(k)
		}
		basis := a.Text("basis")
		if basis == "" {
			basis = "basis not recorded"
		}
		if names || len(people) == 0 {
			people = append(people, person)
		}
		if !slices.Contains(bases, basis) {
			bases = append(bases, basis)
		}
	}
	return joined(people), joined(bases)
}

// terms says whether those in a post are in it permanently or for a time.
func terms(p *graph.Record) string {
	var out []string
	for _, a := range p.Holders().Holders {
		word := "temporary"
		switch a.Text("basis") {
		case "":
			continue
		case "permanent":
			word = "permanent"
		}
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return joined(out)
}

func vacancy(p *graph.Record) string {
	o := p.Holders()
	if !o.Vacant && len(o.Holders) == 0 {
		return ""
	}
	return yesNo(o.Vacant)
}

// department gives the unit of a post and the directorate or department that the unit is or belongs to; where there is none, the
// unit at the top.
func department(p *graph.Record) (unit, directorate string) {
	u := p.Ref("unit")
	if u == nil {
		return "", ""
	}
	unit = u.Title()
	for range graph.Depth {
		directorate = u.Title()
		if of := u.Text("type"); of == "directorate" || of == "department" {
			break
		}
		if u = u.Ref("parent"); u == nil {
			break
		}
	}
	return unit, directorate
}

// bracket gives the £5,000 in which the whole of a pay band lies.
func bracket(p *graph.Record) string {
	from, ok := p.Number("salary_from")
	to, also := p.Number("salary_to")
	const step = 5000
	if !ok || !also || from < 0 || to > 1e9 || int(from)/step != int(to)/step {
		return ""
	}
	low := int(from) / step * step
	return fmt.Sprintf("%d - %d", low, low+step-1)
}

func refs(p *graph.Record, field string) string {
	var ids []string
	for _, k := range p.RefKeys(field) {
		ids = append(ids, string(k.ID))
	}
	return joined(ids)
}

func plainNumber(p *graph.Record, field string) string {
	if j, state := p.JSON(field); state == graph.Known {
		return j
	}
	return ""
}
