package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Quarter is a quarter of a financial year, which begins in April.
type Quarter struct {
	Year int // in which the financial year begins
	N    int // 1 to 4
}

// QuarterOf gives the quarter in which a day falls.
func QuarterOf(d fact.Day) Quarter {
	y, m, _ := d.AddMonths(-3).Civil()
	return Quarter{y, (int(m)-1)/3 + 1}
}

// ParseQuarter reads "2015/16 quarter 2".
func ParseQuarter(s string) (Quarter, error) {
	for y := 1900; y <= 2200; y++ {
		for n := range 4 {
			if q := (Quarter{y, n + 1}); q.String() == s {
				return q, nil
			}
		}
	}
	return Quarter{}, fmt.Errorf("%q is not a quarter, as in 2015/16 quarter 2: %w", s, fact.ErrInvalid)
}

// String writes the quarter as records have it.
func (q Quarter) String() string {
	return fmt.Sprintf("%d/%02d quarter %d", q.Year, (q.Year+1)%100, q.N)
}

// First and Last are its days.
func (q Quarter) First() fact.Day { return fact.DayOf(q.Year, time.Month(3*q.N+1), 1) }
func (q Quarter) Last() fact.Day  { return q.First().AddMonths(3) - 1 }

// Before is the quarter before.
func (q Quarter) Before() Quarter { return QuarterOf(q.First() - 1) }

// Words names the quarter with its months.
func (q Quarter) Words() string {
	_, first, _ := q.First().Civil()
	year, last, _ := q.Last().Civil()
	return fmt.Sprintf("Quarter %d %d/%02d (%s to %s %d)", q.N, q.Year, (q.Year+1)%100, first, last, year)
}

// Statements is the statutory roles in a quarter: how each stands, and what its holder stated.
type Statements struct {
	Quarter string         `json:"quarter"`
	On      string         `json:"on"` // the day on which the roles are shown: the last of the quarter, or that looked at
	Roles   []StatedOffice `json:"roles"`
	Met     string         `json:"met,omitempty"` // when the statutory officers met in the quarter
	of      Quarter
}

// StatedOffice is a statutory role in a quarter.
type StatedOffice struct {
	Code    string   `json:"role"`
	Name    string   `json:"name"`
	State   string   `json:"state"`
	Since   string   `json:"since,omitempty"`
	Posts   []Named  `json:"posts"`
	Holders []Named  `json:"holders"`
	Others  []string `json:"managed_by_others"` // functions for which it answers and that others manage, and who does
	Changes []string `json:"changes"`
	Gaps    []string `json:"gaps"`
	Stated  *Stated  `json:"statement,omitempty"`
}

// Stated is what the holder of a role stated.
type Stated struct {
	Statement  Named  `json:"statement"`
	Answer     string `json:"answer"` // can, with-exceptions, cannot
	On         string `json:"stated_on,omitempty"`
	Exceptions string `json:"exceptions,omitempty"`
}

// Words says what was stated.
func (s *Stated) Words() string {
	if s == nil {
		return "No statement is recorded that you can see."
	}
	out := map[string]string{"can": "I can give assurance", "with-exceptions": "I can give assurance, with exceptions", "cannot": "I cannot give assurance"}[s.Answer]
	if s.On != "" {
		out += ", " + s.On
	}
	if s.Exceptions != "" {
		out += ": " + s.Exceptions
	}
	return Sentence(out)
}

// mostGaps is how many of the results that speak of a role are told.
const mostGaps = 5

// StatementsOf gives the statutory roles in a quarter, as on its last day or, where that is still to come, on the day of the view. The results of assess are those of that day.
func StatementsOf(p *rule.Pack, v *graph.View, q Quarter, assess func(*graph.View) *assure.Assessment) *Statements {
	day := max(min(q.Last(), v.On()), q.First())
	at, before := v.At(day), v.At(q.First()-1)
	out := &Statements{Quarter: q.String(), On: day.String(), Roles: []StatedOffice{}, of: q}
	answers, were := AnswersOf(p, at), AnswersOf(p, before)
	results := assess(at).Results
	for _, o := range Offices(p, at) {
		x := StatedOffice{Code: o.Code, Name: o.Name, State: o.Word, Posts: each(o.Posts), Holders: each(o.Holders), Others: []string{}, Changes: []string{}, Gaps: []string{}}
		if x.State == "" {
			x.State = "Filled"
		}
		if o.Status.Filled() || o.Status == Vacant {
			x.Since = strings.TrimPrefix(since(o.Since), " since ")
		}
		answering := func(all []Answer) (names []string) {
			for _, a := range all {
				for _, by := range a.Answers {
					if slices.ContainsFunc(o.Posts, func(post Named) bool { return post.Record == by.Post.Record }) && slices.Contains(by.Roles, RoleName(p, o.Code)) {
						names = append(names, a.Function.Text)
					}
				}
			}
			return names
		}
		now, then := answering(answers), answering(were)
		for _, a := range answers {
			if slices.Contains(now, a.Function.Text) && a.Manager.Post.Text != "" && !slices.ContainsFunc(o.Posts, func(post Named) bool { return post.Record == a.Manager.Post.Record }) && a.Standing == DifferentPost {
				x.Others = append(x.Others, a.Function.Text+" (managed by "+a.Manager.Post.Text+")")
			}
		}
		for _, f := range now {
			if !slices.Contains(then, f) {
				x.Changes = append(x.Changes, "now answers for "+f)
			}
		}
		for _, f := range then {
			if !slices.Contains(now, f) {
				x.Changes = append(x.Changes, "no longer answers for "+f)
			}
		}
		if periods := TenureOf(p, v, p.Role(o.Code), q.First()-1, day).Periods; len(periods) > 1 {
			for _, period := range periods[1:] {
				x.Changes = append(x.Changes, period.begins()+", "+period.From.Words)
			}
		}
		for i := range results.Rows {
			r := &results.Rows[i]
			about := slices.ContainsFunc(o.Posts, func(post Named) bool { return slices.Contains(r.Subjects, post.Record) })
			if about && (r.Outcome == rule.NotMet || r.Outcome == rule.CannotTest) && len(x.Gaps) < mostGaps {
				x.Gaps = append(x.Gaps, map[rule.Outcome]string{rule.NotMet: "Not met: ", rule.CannotTest: "Cannot be tested: "}[r.Outcome]+r.Title)
			}
		}
		if o.Note != "" && !o.Filled() {
			x.Gaps = append([]string{o.Note}, x.Gaps...)
		}
		for _, s := range v.All("statement") {
			if s.Text("role") == o.Code && s.Text("quarter") == out.Quarter {
				x.Stated = &Stated{Statement: named(p, s), Answer: s.Text("answer"), On: inWords(s.Date("stated_on")), Exceptions: onLine(s.Text("exceptions"))}
			}
		}
		out.Roles = append(out.Roles, x)
	}
	var met []string
	for past := range v.Pasts("meeting") {
		m := past.Record
		on, exact := m.Date("on").Exact()
		board := m.Ref("board")
		if board != nil && board.Text("type") == "statutory-officers" && exact && on >= q.First() && on <= day && m.Text("status") != "cancelled" && m.Text("status") != "planned" {
			met = append(met, on.Words())
		}
	}
	out.Met = And(met)
	return out
}

// QuartersOf gives the quarters of which there is a statement that can be seen, the newest first, and before them that of the day and the one before.
func QuartersOf(v *graph.View) []Quarter {
	now := QuarterOf(v.On())
	out := []Quarter{now, now.Before()}
	for _, s := range v.All("statement") {
		if q, err := ParseQuarter(s.Text("quarter")); err == nil && !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b Quarter) int { return int(b.First() - a.First()) })
	return out
}

// Document is the statements as a report.
func (s *Statements) Document(v *graph.View) Document {
	d := Document{Title: "Statements of the statutory officers: " + s.Quarter, Dates: DatesOf(v), Lead: []string{s.of.Words() + "."}}
	if s.Met != "" {
		d.Lead = append(d.Lead, "The statutory officers met on "+s.Met+".")
	} else {
		d.Lead = append(d.Lead, "No meeting of the statutory officers is recorded in this quarter.")
	}
	if len(s.Roles) == 0 {
		d.Lead = append(d.Lead, "No statutory role is recorded on this day.")
		return d
	}
	first := Table{Caption: "The roles, and what their holders state", Head: []string{"Role", "Held by", "State", "Statement"}, Headed: true}
	for _, r := range s.Roles {
		state, nobody := r.State, "Nobody"
		if state == "Not recorded" && len(r.Holders) == 0 {
			state, nobody = "", state
		}
		if r.Since != "" {
			state += " since " + r.Since
		}
		stated := Cell{Text: r.Stated.Words()}
		if r.Stated != nil {
			stated.Record = r.Stated.Statement.Record
		}
		first.Rows = append(first.Rows, []Cell{cell(r.Name), joined(r.Holders, nobody), cell(state), stated})
	}
	d.Sections = []Section{{"Statements", []Block{first}}}
	for _, r := range s.Roles {
		section := Section{Title: r.Name}
		for _, part := range []struct {
			title string
			all   []string
		}{{"Answers for, managed by others", r.Others}, {"Changed since the quarter before", r.Changes}, {"Gaps", r.Gaps}} {
			if len(part.all) == 0 {
				continue
			}
			list := make(List, len(part.all))
			for i, x := range part.all {
				list[i] = Capital(x)
			}
			section.Blocks = append(section.Blocks, Subsection{part.title, []Block{list}})
		}
		if len(section.Blocks) == 0 {
			section.Blocks = []Block{Para("Nothing that it answers for is recorded as managed by others, nothing as changed, and no gap.")}
		}
		d.Sections = append(d.Sections, section)
	}
	return d
}

// ID is the quarter as a part of an id or an address.
func (q Quarter) ID() string { return strconv.Itoa(q.Year) + "-q" + strconv.Itoa(q.N) }
