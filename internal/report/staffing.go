package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Staffing is the posts of officers before and after a change: how many of each grade, what they cost, and how they are organised.
type Staffing struct {
	Grades []GradeCount  `json:"grades"` // those without one last
	Before Establishment `json:"before"`
	After  Establishment `json:"after"`
	Tiers  []TierCount   `json:"tiers"`
}

// GradeCount is how many posts there are of a grade. Grade is empty where none is recorded.
type GradeCount struct {
	Grade  string `json:"grade"`
	Before int    `json:"before"`
	After  int    `json:"after"`
}

// TierCount is how many posts there are at so many steps from the head of paid service, who is at 0; -1 is that it cannot be told.
type TierCount struct {
	Tier   int `json:"tier"`
	Before int `json:"before"`
	After  int `json:"after"`
}

// Establishment is the posts of officers on a day.
type Establishment struct {
	Posts      int     `json:"posts"`
	FTE        float64 `json:"fte"` // of those with one recorded
	NoFTE      int     `json:"without_fte"`
	From       float64 `json:"salary_from"` // the salaries of full time, of those with both ends recorded, added up
	To         float64 `json:"salary_to"`
	NoSalary   int     `json:"without_salary"`
	Unseen     int     `json:"salary_not_shown"` // recorded, and not for whoever asks
	NoCapacity int     `json:"without_capacity"` // counted as officers, which is not recorded of them
}

// StaffingOf compares the posts of two views.
func StaffingOf(before, after *graph.View) Staffing {
	s := Staffing{Grades: []GradeCount{}, Tiers: []TierCount{}}
	grades, tiers := map[string]*GradeCount{}, map[int]*TierCount{}
	for i, v := range []*graph.View{before, after} {
		e := &s.Before
		if i == 1 {
			e = &s.After
		}
		for _, post := range v.All(graph.Post) {
			if c := post.Text("capacity"); c == "member" || c == "independent" {
				continue
			}
			e.add(post)
			grade, tier := strings.TrimSpace(post.Text("grade")), -1
			if n, gap := post.Tier(); gap == nil {
				tier = n
			}
			g, t := grades[grade], tiers[tier]
			if g == nil {
				g = &GradeCount{Grade: grade}
				grades[grade] = g
			}
			if t == nil {
				t = &TierCount{Tier: tier}
				tiers[tier] = t
			}
			if i == 0 {
				g.Before, t.Before = g.Before+1, t.Before+1
			} else {
				g.After, t.After = g.After+1, t.After+1
			}
		}
	}
	for _, g := range grades {
		s.Grades = append(s.Grades, *g)
	}
	for _, t := range tiers {
		s.Tiers = append(s.Tiers, *t)
	}
	slices.SortFunc(s.Grades, func(a, b GradeCount) int {
		return cmp.Or(last(a.Grade, b.Grade), cmp.Compare(a.Grade, b.Grade))
	})
	slices.SortFunc(s.Tiers, func(a, b TierCount) int { return cmp.Compare(uint(a.Tier), uint(b.Tier)) })
	return s
}

func (e *Establishment) add(post *graph.Record) {
	e.Posts++
	if post.Text("capacity") == "" {
		e.NoCapacity++
	}
	if n, ok := post.Number("fte"); ok {
		e.FTE += n
	} else {
		e.NoFTE++
	}
	from, ok := post.Number("salary_from")
	to, and := post.Number("salary_to")
	switch {
	case ok && and:
		e.From, e.To = e.From+from, e.To+to
	case post.State("salary_from") == graph.Withheld || post.State("salary_to") == graph.Withheld:
		e.Unseen++
	default:
		e.NoSalary++
	}
}

// Table shows how many posts there are of each grade.
func (s Staffing) Table(before, after string) Table {
	t := Table{Caption: "Officers' posts by grade", Head: []string{"Grade", before, after, "Change"}, Headed: true, Figures: []int{1, 2, 3}}
	for _, g := range s.Grades {
		name := g.Grade
		if name == "" {
			name = "No grade recorded"
		}
		t.Rows = append(t.Rows, cells(name, Thousands(g.Before), Thousands(g.After), change(g.After-g.Before)))
	}
	t.Rows = append(t.Rows, cells("All", Thousands(s.Before.Posts), Thousands(s.After.Posts), change(s.After.Posts-s.Before.Posts)))
	return t
}

// Levels shows how many posts there are at each step below the head of paid service.
func (s Staffing) Levels(before, after string) Table {
	t := Table{Caption: "Officers' posts by level of management", Head: []string{"Level", before, after, "Change"}, Headed: true, Figures: []int{1, 2, 3}}
	for _, x := range s.Tiers {
		name := ""
		switch x.Tier {
		case -1:
			name = "The line does not reach the head of paid service, or it is not recorded"
		case 0:
			name = "Head of paid service"
		case 1:
			name = "Report to the head of paid service"
		default:
			name = fmt.Sprintf("%d steps below", x.Tier)
		}
		t.Rows = append(t.Rows, cells(name, Thousands(x.Before), Thousands(x.After), change(x.After-x.Before)))
	}
	return t
}

// Pay shows what the posts cost, as far as it is recorded, and what is not is said in sentences.
func (s Staffing) Pay(before, after string) (t Table, notes []string) {
	t = Table{Caption: "Salaries of officers' posts for full time, added up", Head: []string{"", before, after, "Change"}, Headed: true, Figures: []int{1, 2, 3}}
	for _, x := range []struct {
		name          string
		before, after float64
	}{{"At the lowest point", s.Before.From, s.After.From}, {"At the highest point", s.Before.To, s.After.To}} {
		t.Rows = append(t.Rows, cells(x.name, Pounds(x.before), Pounds(x.after), moneyChange(x.after-x.before)))
	}
	t.Head[0] = "Salaries"
	say := func(e Establishment, when string) {
		if e.NoSalary > 0 {
			notes = append(notes, fmt.Sprintf("%s, %s of %s %s no salary recorded and %s not counted.", Capital(when), Thousands(e.NoSalary), Count(e.Posts, "post", "posts"), oneOr(e.NoSalary, "has", "have"), oneOr(e.NoSalary, "is", "are")))
		}
		if e.Unseen > 0 {
			notes = append(notes, fmt.Sprintf("%s, the salaries of %s are not for you to see and are not counted.", Capital(when), Count(e.Unseen, "post", "posts")))
		}
	}
	say(s.Before, strings.ToLower(before))
	say(s.After, strings.ToLower(after))
	return t, append(notes, "Costs of employment beside salaries, and of leaving, are not in these figures.")
}

// Known reports whether a salary is recorded of any post.
func (s Staffing) Known() bool {
	return s.Before.Posts > s.Before.NoSalary+s.Before.Unseen || s.After.Posts > s.After.NoSalary+s.After.Unseen
}

// Headline says in a sentence how many posts there would be.
func (s Staffing) Headline() string {
	n := s.After.Posts - s.Before.Posts
	out := fmt.Sprintf("There are %s of officers now, and there would be %s", Count(s.Before.Posts, "post", "posts"), Thousands(s.After.Posts))
	switch {
	case n < 0:
		out += fmt.Sprintf(": %s fewer.", Thousands(-n))
	case n > 0:
		out += fmt.Sprintf(": %s more.", Thousands(n))
	default:
		out += ", as many."
	}
	if s.After.NoCapacity > 0 || s.Before.NoCapacity > 0 {
		out += " Posts of which it is not recorded whether an officer or a councillor holds them are counted."
	}
	return out
}

// change writes a difference with its sign.
func change(n int) string {
	switch {
	case n > 0:
		return "+" + Thousands(n)
	case n < 0:
		return "−" + Thousands(-n)
	}
	return "0"
}

// Pounds writes an amount of money, without pence where there are none.
func Pounds(amount float64) string {
	if amount < 0 {
		return "−" + Pounds(-amount)
	}
	pence := int64(amount*100 + 0.5)
	s := "£" + Thousands(int(pence/100))
	if pence%100 != 0 {
		s += fmt.Sprintf(".%02d", pence%100)
	}
	return s
}

func moneyChange(x float64) string {
	if x > 0 {
		return "+" + Pounds(x)
	}
	return Pounds(x)
}

func oneOr(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// ChartOf draws the posts that differ between two views, with those above them. Posts beside them are counted. most is how many boxes a side may have; where
// more would be needed, there is no chart.
func ChartOf(p *rule.Pack, before, after *graph.View, c Changes, caption string, most int) (Chart, bool) {
	words := map[*graph.Record]string{}
	sides := []ChartSide{{Heading: "Now", Empty: "None of these posts is there now."}, {Heading: "Proposed", Empty: "None of these posts would be there."}}
	any := false
	for i, v := range []*graph.View{before, after} {
		shown := map[*graph.Record]bool{}
		for _, row := range c.Rows {
			post := v.Record(row.Record.Record)
			if row.Record.Record.Kind != graph.Post || row.How == HolderOnly || post == nil {
				continue
			}
			if i == 0 && (row.How == Ended || row.How == Moved) || i == 1 && row.How != Ended {
				words[post] = row.Word
			}
			for up := post; up != nil && !shown[up]; up = up.Ref("reports_to") {
				shown[up] = true
			}
		}
		if len(shown) > most {
			return Chart{}, false
		}
		any = any || len(shown) > 0
		sides[i].Boxes = drawn(p, v, shown, words)
	}
	return Chart{Caption: caption, Sides: sides}, any
}

// drawn gives the boxes of some posts: those first that report to none of the others.
func drawn(p *rule.Pack, v *graph.View, shown map[*graph.Record]bool, words map[*graph.Record]string) []Box {
	below, roots := map[*graph.Record][]*graph.Record{}, []*graph.Record{}
	others := map[*graph.Record]int{}
	for _, post := range v.All(graph.Post) {
		up := post.Ref("reports_to")
		switch {
		case shown[post] && (up == nil || !shown[up]):
			roots = append(roots, post)
		case shown[post]:
			below[up] = append(below[up], post)
		case up != nil && shown[up]:
			others[up]++
		}
	}
	seen := map[*graph.Record]bool{} // a line that comes back to where it began has no end
	var draw func(posts []*graph.Record) []Box
	draw = func(posts []*graph.Record) (out []Box) {
		slices.SortFunc(posts, func(a, b *graph.Record) int { return cmp.Compare(a.Title(), b.Title()) })
		for _, post := range posts {
			if seen[post] {
				continue
			}
			seen[post] = true
			b := Box{Title: Title(p, post), Change: words[post], Dashed: StatusOfPost(post) == Vacant}
			for _, r := range rolesOf(p, post) {
				b.Double = true
				b.Lines = append(b.Lines, r.Name)
			}
			b.Below = draw(below[post])
			if n := others[post]; n > 0 {
				b.Lines = append(b.Lines, "Also manages "+Count(n, "post", "posts")+" not shown")
			}
			out = append(out, b)
		}
		return out
	}
	out := draw(roots)
	for _, post := range v.All(graph.Post) { // of a line without an end, from wherever it is met first
		if shown[post] && !seen[post] {
			out = append(out, draw([]*graph.Record{post})...)
		}
	}
	return out
}
