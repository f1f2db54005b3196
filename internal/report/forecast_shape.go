package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Reshaping is what a proposal does to posts, to lines and to who holds what together.
type Reshaping struct {
	Posts    PostCount     `json:"posts"`
	Tiers    []PostStep    `json:"tiers"`    // posts that stand nearer to, or further from, the head of paid service
	Spans    []PostStep    `json:"spans"`    // posts to which more or fewer report directly
	Combined []Combined    `json:"combined"` // in one post, or one person
	Under    []UnderOther  `json:"reports_to_statutory"`
	Moved    []string      `json:"moved"`  // codes of the roles that other posts would have
	Splits   []SplitComing `json:"splits"` // that the proposal makes
}

// PostCount is how many posts there are without the proposal and with it.
type PostCount struct {
	Before  int         `json:"before"`
	After   int         `json:"after"`
	New     []Named     `json:"new"`
	Ended   []Named     `json:"ended"`
	Changed []Named     `json:"changed"`
	Family  *NameCount  `json:"family,omitempty"` // posts whose titles begin alike, where their number next to the top differs: "Corporate Director"
	Staff   Staffing    `json:"staffing"`         // of officers, by grade and by level
	ByUnit  []NameCount `json:"by_unit"`          // those units in which the number differs
	Salary  SalaryCount `json:"salary"`
}

// NameCount is how many posts there are of a name.
type NameCount struct {
	Name   Named `json:"name"`
	Before int   `json:"before"`
	After  int   `json:"after"`
}

// SalaryCount is what the posts that begin, end or change cost in a year, by the lowest and the highest points of their pay bands. A post of which no salary is
// recorded is in no sum.
type SalaryCount struct {
	BeforeFrom float64 `json:"before_from"`
	BeforeTo   float64 `json:"before_to"`
	AfterFrom  float64 `json:"after_from"`
	AfterTo    float64 `json:"after_to"`
	Posts      int     `json:"posts"`   // that begin, end or change
	Missing    int     `json:"missing"` // those of which no salary is recorded, before or after
	Unseen     int     `json:"unseen"`  // those of which whoever asks may not see it
}

// PostStep is a number of a post that differs.
type PostStep struct {
	Post   Named `json:"post"`
	Before int   `json:"before"` // -1: the post is not there, or it cannot be said
	After  int   `json:"after"`
}

// Combined is what one post or person has in hand together.
type Combined struct {
	Holder Named    `json:"holder"` // a post or a person
	Roles  []string `json:"roles"`  // codes
	With   []string `json:"with"`   // areas beyond the role, in words: "adult social care"
	New    bool     `json:"new"`    // it is not so without the proposal
	Rules  []string `json:"rules"`  // that ask for a test of it
	Text   string   `json:"text"`
}

// UnderOther is a statutory officer who would report to another.
type UnderOther struct {
	Post   Named  `json:"post"`
	Role   string `json:"role"`
	To     Named  `json:"to"`
	ToRole string `json:"to_role"`
	New    bool   `json:"new"`
	Text   string `json:"text"`
}

// SplitComing is a function whose post answering in law does not manage it.
type SplitComing struct {
	Function Named   `json:"function"`
	Answers  Named   `json:"answers"`
	Manages  Named   `json:"manages"`
	Joined   []Named `json:"joined_by"`
}

func (c *forecasting) reshaping() (out Reshaping) {
	out.Posts = c.posts()
	for _, k := range c.allPosts() {
		b, a := c.without.Record(k), c.with.Record(k)
		if x := (PostStep{called(c.p, c.with, k), tierOf(b), tierOf(a)}); a != nil && b != nil && x.Before != x.After {
			out.Tiers = append(out.Tiers, x)
		}
		if x := (PostStep{called(c.p, c.with, k), spanOf(b), spanOf(a)}); a != nil && x.Before != x.After && max(x.Before, x.After) > 0 {
			out.Spans = append(out.Spans, x)
		}
	}
	slices.SortStableFunc(out.Spans, func(a, b PostStep) int { return cmp.Compare(b.After, a.After) })
	out.Combined, out.Under, out.Splits, out.Moved = c.combined(), c.under(), c.splits(), c.moved()
	return out
}

// moved lists the roles that are with other posts under the proposal than without it.
func (c *forecasting) moved() (out []string) {
	for _, r := range c.inLaw() {
		before, _ := c.without.RolePosts(r.Code)
		after, _ := c.with.RolePosts(r.Code)
		if !slices.EqualFunc(before, after, sameRecord) {
			out = append(out, r.Code)
		}
	}
	return out
}

// allPosts lists the posts of the last day, without the proposal or with it.
func (c *forecasting) allPosts() (keys []fact.Key) {
	for _, r := range c.without.All(graph.Post) {
		keys = append(keys, r.Key())
	}
	for _, r := range c.with.All(graph.Post) {
		if c.without.Record(r.Key()) == nil {
			keys = append(keys, r.Key())
		}
	}
	return keys
}

// tierOf counts the steps from a post to the head of paid service; -1 where that cannot be said.
func tierOf(post *graph.Record) int {
	if post == nil {
		return -1
	}
	n, gap := post.Tier()
	if gap != nil {
		return -1
	}
	return n
}

// spanOf counts the posts that report to one directly.
func spanOf(post *graph.Record) (n int) {
	if post == nil {
		return -1
	}
	for _, x := range post.Referring(graph.Post, "reports_to") {
		if x != post {
			n++
		}
	}
	return n
}

func (c *forecasting) posts() (out PostCount) {
	out.Staff = StaffingOf(c.without, c.with)
	units := map[fact.Key]*NameCount{}
	count := func(r *graph.Record, add func(*NameCount)) {
		u, _ := r.RefKey("unit")
		if units[u] == nil {
			units[u] = &NameCount{Name: Named{Text: "In no unit"}}
			if u != (fact.Key{}) {
				units[u].Name = called(c.p, r.View(), u)
			}
		}
		add(units[u])
	}
	for _, r := range c.without.All(graph.Post) {
		out.Before++
		count(r, func(t *NameCount) { t.Before++ })
	}
	for _, r := range c.with.All(graph.Post) {
		out.After++
		count(r, func(t *NameCount) { t.After++ })
	}
	for _, k := range c.allPosts() {
		b, a := c.without.Record(k), c.with.Record(k)
		switch {
		case b == nil:
			out.New = append(out.New, named(c.p, a))
		case a == nil:
			out.Ended = append(out.Ended, named(c.p, b))
		case len(fields(b, a)) > 0:
			out.Changed = append(out.Changed, named(c.p, a))
		default:
			continue
		}
		out.Salary.add(b, a)
	}
	out.Family = c.family(out)
	for _, u := range units {
		if u.Before != u.After {
			out.ByUnit = append(out.ByUnit, *u)
		}
	}
	slices.SortFunc(out.ByUnit, func(a, b NameCount) int {
		return cmp.Or(cmp.Compare(a.Name.Text, b.Name.Text), cmp.Compare(a.Name.Record.String(), b.Name.Record.String()))
	})
	return out
}

// family finds the words with which the titles of most posts that begin or end next to the head of paid service begin, and counts the posts of that name.
func (c *forecasting) family(of PostCount) *NameCount {
	there := func(v *graph.View, k fact.Key) bool { return v.Record(k) != nil }
	next := func(v *graph.View, k fact.Key) bool { return there(v, k) && tierOf(v.Record(k)) == 1 }
	stem := map[string]int{}
	for _, x := range slices.Concat(of.New, of.Ended) {
		if next(c.without, x.Record) || next(c.with, x.Record) {
			stem[stemOf(x.Text)]++
		}
	}
	best := ""
	for s, n := range stem {
		if s != "" && (best == "" || n > stem[best] || n == stem[best] && s < best) {
			best = s
		}
	}
	if best == "" {
		return nil
	}
	out := &NameCount{Name: Named{Text: best}}
	for _, k := range c.allPosts() {
		if there(c.without, k) && stemOf(Title(c.p, c.without.Record(k))) == best {
			out.Before++
		}
		if there(c.with, k) && stemOf(Title(c.p, c.with.Record(k))) == best {
			out.After++
		}
	}
	if out.Before == out.After || max(out.Before, out.After) < 2 {
		return nil
	}
	return out
}

// stemOf gives what a title says before it says of what: Corporate Director of "Corporate Director, Children and Families".
func stemOf(title string) string {
	words := strings.Fields(title)
	for i, w := range words {
		if w == "of" || w == "for" || w == "–" || w == "-" || strings.HasPrefix(w, "(") {
			return strings.Join(words[:i], " ")
		}
		if strings.HasSuffix(w, ",") || strings.HasSuffix(w, ":") {
			return strings.Join(append(slices.Clone(words[:i]), strings.TrimRight(w, ",:")), " ")
		}
	}
	return title
}

// add counts the pay band of a post before and after. b or a is nil where the post is not there.
func (s *SalaryCount) add(b, a *graph.Record) {
	s.Posts++
	missing, unseen := false, false
	band := func(r *graph.Record, from, to *float64) {
		if r == nil {
			return
		}
		lo, okLo := r.Number("salary_from")
		hi, okHi := r.Number("salary_to")
		switch {
		case r.State("salary_from") == graph.Withheld || r.State("salary_to") == graph.Withheld:
			unseen = true
			return
		case !okLo && !okHi:
			missing = true
			return
		case !okLo:
			lo = hi
		case !okHi:
			hi = lo
		}
		*from += lo
		*to += hi
	}
	band(b, &s.BeforeFrom, &s.BeforeTo)
	band(a, &s.AfterFrom, &s.AfterTo)
	switch {
	case unseen:
		s.Unseen++
	case missing:
		s.Missing++
	}
}

// Words says what the posts that begin, end or change cost before and after.
func (s SalaryCount) Words() string {
	switch {
	case s.Posts == 0:
		return "No post begins, ends or changes."
	case s.Missing+s.Unseen == s.Posts && s.Unseen > 0:
		return "You may not see the salaries of the posts that would begin, end or change."
	case s.Missing == s.Posts:
		return "No salary is recorded of the " + Count(s.Posts, "post", "posts") + " that would begin, end or change, so what that costs or saves cannot be said."
	}
	out := fmt.Sprintf("Of the %s that would begin, end or change: %s a year before, %s after.", Count(s.Posts, "post", "posts"), moneyRange(s.BeforeFrom, s.BeforeTo), moneyRange(s.AfterFrom, s.AfterTo))
	if s.Unseen > 0 {
		out += " " + Capital(Count(s.Unseen, "has a salary that you may not see, which", "have a salary that you may not see, which")) + " is in neither sum."
	}
	if s.Missing > 0 {
		out += " " + Capital(Count(s.Missing, "of them has", "of them have")) + " no salary recorded and " + map[bool]string{true: "is", false: "are"}[s.Missing == 1] + " in neither sum."
	}
	return out
}

func moneyRange(from, to float64) string {
	pounds := func(x float64) string { return "£" + Thousands(int(x+0.5)) }
	if from == to {
		return pounds(from)
	}
	return pounds(from) + " to " + pounds(to)
}

// inLaw gives the roles that the law knows on a day.
func (c *forecasting) inLaw() (out []*rule.Role) {
	for _, r := range c.p.Roles {
		if r.Known != (rule.Period{}) && r.Known.On(c.out.Last.Day) {
			out = append(out, r)
		}
	}
	return out
}

// hand is what a post or a person has in hand: the roles, and those who hold them.
type hand struct {
	holder Named
	roles  []*rule.Role
}

// hands lists the posts that are designated to some role, and the people in them.
func (c *forecasting) hands(v *graph.View) (out []hand) {
	at := map[fact.Key]int{}
	give := func(who Named, r *rule.Role) {
		i, ok := at[who.Record]
		if !ok {
			i = len(out)
			at[who.Record] = i
			out = append(out, hand{holder: who})
		}
		if !slices.Contains(out[i].roles, r) {
			out[i].roles = append(out[i].roles, r)
		}
	}
	for _, r := range c.inLaw() {
		posts, _ := v.RolePosts(r.Code)
		for _, post := range posts {
			give(named(c.p, post), r)
			for _, a := range post.Holders().Holders {
				if who := holder(c.p, a); who.Record != (fact.Key{}) {
					give(who, r)
				}
			}
		}
	}
	return out
}

// combined finds the posts and people that have several statutory roles, and those whose role is joined with what a test of assurance is asked for.
func (c *forecasting) combined() (out []Combined) {
	was := map[string]bool{}
	for _, x := range c.combinedIn(c.without) {
		was[x.Text] = true
	}
	for _, x := range c.combinedIn(c.with) {
		x.New = !was[x.Text]
		out = append(out, x)
	}
	return out
}

func (c *forecasting) combinedIn(v *graph.View) (out []Combined) {
	var told [][]*rule.Role // by posts; of a person it goes without saying
	for _, h := range c.hands(v) {
		if len(h.roles) < 2 || h.holder.Record.Kind == graph.Person && slices.ContainsFunc(told, func(t []*rule.Role) bool { return slices.Equal(t, h.roles) }) {
			continue
		}
		told = append(told, h.roles)
		x := Combined{Holder: h.holder}
		var names []string
		for _, r := range h.roles {
			x.Roles, names = append(x.Roles, r.Code), append(names, r.Name)
		}
		x.Text = h.holder.Text + " would be " + And(names) + " at once."
		out = append(out, x)
	}
	for _, call := range c.calls() {
		posts, _ := v.RolePosts(call.role.Code)
		for _, post := range posts {
			x := Combined{Holder: named(c.p, post), Roles: []string{call.role.Code}, Rules: []string{call.rule.ID}}
			for _, d := range c.beyond(v, post, call) {
				x.With = append(x.With, small(c.p.Domain(d).Name))
			}
			if len(x.With) > 0 {
				x.Text = x.Holder.Text + ", as " + call.role.Name + ", would also have " + And(x.With) + " in hand."
				out = append(out, x)
			}
		}
	}
	return out
}

// testCall is a rule that asks for a test of assurance where a role has some domains in hand.
type testCall struct {
	rule    *rule.Rule
	role    *rule.Role
	domains []string
}

// calls gives the rules of the last day that ask for a test, with the role and the domains that they name.
func (c *forecasting) calls() (out []testCall) {
	quoted := func(expression, code string) bool { return strings.Contains(expression, `"`+code+`"`) }
	for _, r := range c.p.Rules {
		if !r.InForce.On(c.out.Last.Day) || !strings.Contains(r.Holds, "tested()") {
			continue
		}
		call := testCall{rule: r}
		for _, role := range c.inLaw() {
			if quoted(r.Subjects, role.Code) {
				call.role = role
			}
		}
		for _, d := range c.p.Domains {
			if quoted(r.Holds, d.Code) {
				call.domains = append(call.domains, d.Code)
			}
		}
		if call.role != nil && len(call.domains) > 0 {
			out = append(out, call)
		}
	}
	return out
}

// beyond gives those of the domains that a post has in hand: it answers for a function of the domain, manages one down its line, or has it in its portfolio.
func (c *forecasting) beyond(v *graph.View, post *graph.Record, call testCall) (out []string) {
	has := map[string]bool{}
	if call.role.HeldBy == "member" {
		for _, x := range post.Referring("portfolio", "post") {
			for _, d := range x.Texts("domains") {
				has[d] = true
			}
			for _, f := range x.Refs("functions") {
				has[f.Text("domain")] = true
			}
		}
	} else {
		for _, r := range c.p.WhoAll(v) {
			d := r.Function.Text("domain")
			if has[d] || !slices.Contains(call.domains, d) {
				continue
			}
			manages, _ := post.Manages(r.Function)
			has[d] = manages || slices.Contains(r.Answers, post)
		}
	}
	for _, d := range call.domains {
		if has[d] {
			out = append(out, d)
		}
	}
	return out
}

// under finds the statutory officers who report to another statutory officer, at whatever distance.
func (c *forecasting) under() (out []UnderOther) {
	was := map[string]bool{}
	for _, x := range c.underIn(c.without) {
		was[x.Post.Record.String()+x.Role+x.ToRole] = true
	}
	for _, x := range c.underIn(c.with) {
		x.New = !was[x.Post.Record.String()+x.Role+x.ToRole]
		out = append(out, x)
	}
	return out
}

func (c *forecasting) underIn(v *graph.View) (out []UnderOther) {
	roles := map[fact.Key][]*rule.Role{}
	officers := slices.DeleteFunc(c.inLaw(), func(r *rule.Role) bool { return r.HeldBy == "member" || r.Code == graph.HeadOfPaidService })
	for _, r := range officers {
		posts, _ := v.RolePosts(r.Code)
		for _, post := range posts {
			roles[post.Key()] = append(roles[post.Key()], r)
		}
	}
	for _, r := range officers {
		posts, _ := v.RolePosts(r.Code)
		for _, post := range posts {
			line, _ := post.Line()
			for _, up := range line[1:] {
				if over := roles[up.Key()]; len(over) > 0 {
					x := UnderOther{Post: named(c.p, post), Role: r.Code, To: named(c.p, up), ToRole: over[0].Code}
					x.Text = withRole(x.Post, r) + " would report to " + withRole(x.To, over[0]) + "."
					out = append(out, x)
					break
				}
			}
		}
	}
	return out
}

// withRole names a post with its role, unless its title is that.
func withRole(post Named, r *rule.Role) string {
	if strings.EqualFold(post.Text, r.Name) {
		return post.Text
	}
	return post.Text + " (" + r.Name + ")"
}

// splits finds the functions that would be split and are not without the proposal, or are between other posts.
func (c *forecasting) splits() (out []SplitComing) {
	was := c.p.Splits(c.without)
	for _, s := range c.p.Splits(c.with) {
		if s.Answers == nil || slices.ContainsFunc(was, func(b rule.Split) bool {
			return b.Function == s.Function && b.Answers != nil && *b.Answers == *s.Answers && b.Manages != nil && *b.Manages == *s.Manages
		}) {
			continue
		}
		x := SplitComing{Function: called(c.p, c.with, s.Function), Answers: called(c.p, c.with, *s.Answers), Manages: called(c.p, c.with, *s.Manages)}
		for _, m := range s.Mechanism {
			x.Joined = append(x.Joined, called(c.p, c.with, m))
		}
		out = append(out, x)
	}
	return out
}
