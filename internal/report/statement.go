package report

import (
	"cmp"
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

	Risks       []StatedRisk       `json:"risks"`             // that a post of the role owns, or that threaten what the role answers for
	Inspections []StatedInspection `json:"inspections"`       // of what the role answers for, the newest first
	Carried     *Carried           `json:"carried,omitempty"` // from the statement before; nil where nothing is
	Stated      *Stated            `json:"statement,omitempty"`
}

// StatedRisk is a risk as the day has it.
type StatedRisk struct {
	Risk   Named  `json:"risk"`
	Owner  Named  `json:"owner,omitzero"`
	Now    string `json:"now,omitempty"`    // "likelihood 4, impact 3"
	Review string `json:"review,omitempty"` // when it is to be reviewed next
}

// StatedInspection is an inspection that was published by the day.
type StatedInspection struct {
	Inspection Named  `json:"inspection"`
	Judgement  string `json:"judgement,omitempty"`
	Published  string `json:"published,omitempty"`
	New        bool   `json:"new"` // published in the quarter
	on         fact.Date
}

// Carried is what a role's last statement before a quarter excepted, and that is not closed: no statement has been made since without exceptions, and what it was about, where that is recorded, has not all ended.
type Carried struct {
	Statement  Named   `json:"statement"`
	Quarter    string  `json:"quarter"`
	Answer     string  `json:"answer"` // with-exceptions, cannot
	Exceptions string  `json:"exceptions,omitempty"`
	About      []Named `json:"about"` // what of it is still on record
}

// Words says what is carried forward.
func (c *Carried) Words() string {
	out := cmp.Or(c.Exceptions, "The reasons are not recorded")
	if len(c.About) > 0 {
		out = Sentence(out) + " It is about: " + And(textsOf(c.About))
	}
	return Sentence(out)
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
		x := StatedOffice{Code: o.Code, Name: o.Name, State: o.Word, Posts: each(o.Posts), Holders: each(o.Holders), Others: []string{}, Changes: []string{}, Gaps: []string{}, Risks: []StatedRisk{}, Inspections: []StatedInspection{}}
		if x.State == "" {
			x.State = "Filled"
		}
		if o.Status.Filled() || o.Status == Vacant {
			x.Since = strings.TrimPrefix(since(o.Since), " since ")
		}
		answering := func(all []Answer) (names []Named) {
			for _, a := range all {
				for _, by := range a.Answers {
					if slices.ContainsFunc(o.Posts, func(post Named) bool { return post.Record == by.Post.Record }) && slices.Contains(by.Roles, RoleName(p, o.Code)) {
						names = append(names, a.Function)
					}
				}
			}
			return names
		}
		now, then := answering(answers), answering(were)
		for _, a := range answers {
			if slices.Contains(now, a.Function) && a.Manager.Post.Text != "" && !slices.ContainsFunc(o.Posts, func(post Named) bool { return post.Record == a.Manager.Post.Record }) && a.Standing == DifferentPost {
				x.Others = append(x.Others, a.Function.Text+" (managed by "+a.Manager.Post.Text+")")
			}
		}
		for _, f := range now {
			if !slices.Contains(then, f) {
				x.Changes = append(x.Changes, "now answers for "+f.Text)
			}
		}
		for _, f := range then {
			if !slices.Contains(now, f) {
				x.Changes = append(x.Changes, "no longer answers for "+f.Text)
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
		under := charge(at, o.Posts, now)
		x.Risks = statedRisks(p, at, o.Posts, under)
		x.Inspections = statedInspections(p, at, q, under)
		for _, s := range v.All("statement") {
			if s.Text("role") == o.Code && s.Text("quarter") == out.Quarter {
				x.Stated = &Stated{Statement: named(p, s), Answer: s.Text("answer"), On: inWords(s.Date("stated_on")), Exceptions: onLine(s.Text("exceptions"))}
			}
		}
		if x.Stated == nil || x.Stated.Answer != "can" {
			x.Carried = carried(p, v, at, o.Code, q)
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

// charge gives what a role has in its charge: its posts, the functions for which it answers, and the units that these lie in.
func charge(v *graph.View, posts, functions []Named) (keys []fact.Key) {
	for _, x := range slices.Concat(posts, functions) {
		keys = append(keys, x.Record)
	}
	for _, f := range functions {
		r := v.Record(f.Record)
		if r == nil {
			continue
		}
		for u := r.Ref("unit"); u != nil && !slices.Contains(keys, u.Key()); u = u.Ref("parent") {
			keys = append(keys, u.Key())
		}
	}
	return keys
}

// about gives the records of a kind that say that they are about any of some records, in the order of their names.
func about(v *graph.View, name fact.KindName, keys []fact.Key) (out []*graph.Record) {
	for _, k := range keys {
		out = append(out, v.Referring(k, name, "about")...)
	}
	return inOrder(out)
}

func inOrder(rs []*graph.Record) []*graph.Record {
	slices.SortFunc(rs, func(a, b *graph.Record) int { return strings.Compare(a.Key().String(), b.Key().String()) })
	return slices.CompactFunc(rs, func(a, b *graph.Record) bool { return a.Key() == b.Key() })
}

func statedRisks(p *rule.Pack, v *graph.View, posts []Named, under []fact.Key) []StatedRisk {
	all := about(v, "risk", under)
	for _, post := range posts {
		all = append(all, v.Referring(post.Record, "risk", "owner")...)
	}
	out := []StatedRisk{}
	for _, r := range inOrder(all) {
		x := riskOf(p, r)
		out = append(out, StatedRisk{Risk: x.Risk, Owner: x.Owner, Now: x.Now, Review: dateWords(x.Due)})
	}
	return out
}

func statedInspections(p *rule.Pack, v *graph.View, q Quarter, under []fact.Key) []StatedInspection {
	out := []StatedInspection{}
	for _, r := range about(v, "inspection", under) {
		on := r.Date("published_on")
		isNew := !on.IsZero() && on.Form != fact.ToBeAgreed && on.First >= q.First() && on.Last <= q.Last()
		out = append(out, StatedInspection{Inspection: named(p, r), Judgement: r.Text("judgement"), Published: dateWords(on), New: isNew, on: on})
	}
	slices.SortStableFunc(out, func(a, b StatedInspection) int { return cmp.Compare(b.on.First, a.on.First) })
	return out
}

// carried gives what the last statement of a role before a quarter excepted, if it is not closed.
func carried(p *rule.Pack, v, at *graph.View, role string, q Quarter) *Carried {
	var last *graph.Record
	var of Quarter
	for _, s := range v.All("statement") {
		x, err := ParseQuarter(s.Text("quarter"))
		if err == nil && s.Text("role") == role && x.First() < q.First() && (last == nil || x.First() > of.First()) {
			last, of = s, x
		}
	}
	if last == nil || last.Text("answer") == "can" {
		return nil
	}
	out := &Carried{Statement: named(p, last), Quarter: of.String(), Answer: last.Text("answer"), Exceptions: onLine(last.Text("exceptions")), About: []Named{}}
	keys := last.RefKeys("about")
	for _, k := range keys {
		if r := at.Record(k); r != nil {
			out.About = append(out.About, named(p, r))
		}
	}
	if len(keys) > 0 && len(out.About) == 0 {
		return nil
	}
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
	d.Sections = []Section{{"Statements", []Block{first}}, {"Carried forward", s.carried()}}
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
		var none []string // what there is not stands in a sentence, before what there is
		if len(section.Blocks) == 0 {
			none = append(none, "Nothing that it answers for is recorded as managed by others, nothing as changed, and no gap.")
		}
		if len(r.Risks) > 0 {
			section.Blocks = append(section.Blocks, r.risks())
		} else {
			none = append(none, "No risk is recorded that its post owns or that threatens what it answers for.")
		}
		if len(r.Inspections) > 0 {
			section.Blocks = append(section.Blocks, r.inspections())
		} else {
			none = append(none, "No inspection is recorded of what it answers for.")
		}
		if len(none) > 0 {
			section.Blocks = slices.Insert(section.Blocks, 0, Block(Para(strings.Join(none, " "))))
		}
		d.Sections = append(d.Sections, section)
	}
	return d
}

// carried are the matters that are carried forward from the statements before.
func (s *Statements) carried() []Block {
	t := Table{Caption: "Exceptions of the last statement before this quarter that are not closed", Head: []string{"Role", "From", "Matter"}, Headed: true}
	for _, r := range s.Roles {
		if c := r.Carried; c != nil {
			t.Rows = append(t.Rows, []Cell{cell(r.Name), {Text: Capital(c.Quarter), Record: c.Statement.Record}, cell(c.Words())})
		}
	}
	if len(t.Rows) == 0 {
		return []Block{Para("Nothing that you can see is carried forward: no role's last statement before this quarter has an exception that is not closed. One is closed when a later statement has none, or when all that it is about has ended.")}
	}
	return []Block{t}
}

// mostListed is how many risks, and how many inspections, are listed of a role.
const mostListed = 20

func (r *StatedOffice) risks() Block {
	t := Table{Caption: "Risks that its post owns, or that threaten what it answers for", Head: []string{"Risk", "Owner", "Now", "Next review"}, Headed: true}
	for _, x := range r.Risks[:min(len(r.Risks), mostListed)] {
		t.Rows = append(t.Rows, []Cell{x.Risk, orCell(x.Owner, "Not recorded"), cell(cmp.Or(Capital(x.Now), "Not recorded")), cell(cmp.Or(x.Review, "Not recorded"))})
	}
	return Subsection{"Risks", andMore(t, len(r.Risks))}
}

func (r *StatedOffice) inspections() Block {
	t := Table{Caption: "Inspections of what it answers for", Head: []string{"Inspection", "Judgement", "Published"}, Headed: true}
	for _, x := range r.Inspections[:min(len(r.Inspections), mostListed)] {
		published := cmp.Or(x.Published, "Not recorded")
		if x.New {
			published += ", in this quarter"
		}
		t.Rows = append(t.Rows, []Cell{x.Inspection, cell(cmp.Or(x.Judgement, "Not recorded")), cell(published)})
	}
	return Subsection{"Inspections", andMore(t, len(r.Inspections))}
}

// andMore is a table, and how many rows are not in it.
func andMore(t Table, all int) []Block {
	if n := all - len(t.Rows); n > 0 {
		return []Block{t, Para(Sentence(Count(n, "more is", "more are") + " on record"))}
	}
	return []Block{t}
}

func orCell(x Named, otherwise string) Cell {
	if x.Text == "" {
		return cell(otherwise)
	}
	return x
}

// ID is the quarter as a part of an id or an address.
func (q Quarter) ID() string { return strconv.Itoa(q.Year) + "-q" + strconv.Itoa(q.N) }
