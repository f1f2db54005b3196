package report

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// PostSheet is what a reader wants to know of a post on a day.
type PostSheet struct {
	Post       Named
	Holding    Holding
	Holders    []Holder
	Away       []Away
	ReportsTo  Named
	Unit       Named
	Leads      bool // it heads its unit
	Roles      []HeldRole
	Manages    []OtherSide // the other is who answers in law
	Answers    []OtherSide // the other is who manages
	Conditions []Named
	Reports    []InPost // those who report to it directly
	Below      int      // posts below it, at whatever depth
	Recruiting []Recruiting
	Delegated  []Named
	Periods    []Period // who has been in it, oldest first
	Status     []string // sentences where nobody holds it, or nobody but for the time being
	Deputies   []InPost // named as deputies for its statutory roles, which are the Roles of each
}

// Holder is somebody in a post.
type Holder struct {
	Person      Named
	Basis       string // "acting"; empty where it is permanent or not recorded
	Since       fact.Date
	Until       fact.Date
	Appointment fact.Key
	Covers      bool // for somebody who is away
}

// HeldRole is a statutory role of a post.
type HeldRole struct {
	Code, Name string
	Since      fact.Date // of the designation
	Decided    string    // by whom and when: "Cabinet, 17 June 2015"
}

// OtherSide is a function with the post on its other side. Same says that it is the post of the sheet.
type OtherSide struct {
	Function Named
	Roles    []string // as which the post answers
	Other    []Named
	Same     bool
	Standing Standing
}

// SheetOfPost gives the sheet of a post. all are the AnswersOf of its view.
func SheetOfPost(p *rule.Pack, post *graph.Record, all []Answer) PostSheet {
	v := post.View()
	s := PostSheet{Post: named(p, post), Holding: HoldingOf(p, post), Conditions: conditionsOn(p, v, post.Key())}
	for _, a := range post.Holders().Holders {
		s.Holders = append(s.Holders, holderOf(p, a))
	}
	for _, a := range AbsencesOf(p, v) {
		if a.Post.Record == post.Key() {
			s.Away = append(s.Away, a)
		}
	}
	if k, ok := post.RefKey("reports_to"); ok {
		s.ReportsTo = called(p, v, k)
	}
	if u := post.Ref("unit"); u != nil {
		s.Unit = named(p, u)
		head, _ := u.Head()
		s.Leads = head == post
	}
	s.Roles = rolesOf(p, post)
	s.functions(all)
	for _, x := range post.Referring(graph.Post, "reports_to") {
		if x != post {
			s.Reports = append(s.Reports, InPost{Post: named(p, x), In: HoldingOf(p, x).Words()})
		}
	}
	s.Below = below(post, map[*graph.Record]bool{post: true})
	for _, r := range post.Referring("recruitment", "post") {
		s.Recruiting = append(s.Recruiting, recruiting(p, r))
	}
	for _, d := range post.Referring("delegation", "to") {
		s.Delegated = append(s.Delegated, named(p, d))
	}
	s.Periods = TenureOfPost(p, v, post.Key(), fact.MinDay, fact.MaxDay)
	s.stands(v)
	if len(s.Roles) > 0 {
		s.deputies(p, v)
	}
	return s
}

// stands says since when a post is vacant, or nobody has held it but for the time being.
func (s *PostSheet) stands(v *graph.View) {
	at := slices.IndexFunc(s.Periods, func(x Period) bool {
		return x.Status != Uncertain && x.From.Day <= v.On() && v.On() <= x.Until.Day && x.Status.Filled() != s.Holding.Vacant
	})
	if v.Proposal() != "" {
		at = -1 // a proposal is read as if in force on the day
	}
	from := func(i int) fact.Date {
		if i < 0 || i == 0 && s.Periods[0].Status != Vacant {
			return fact.Date{} // who was in it before is not recorded
		}
		return s.Periods[i].From.Date
	}
	switch {
	case s.Holding.Vacant:
		s.Status = []string{"Vacant" + since(from(at)) + ".", "Nobody is recorded as covering it."}
	case s.Holding.Provisional && len(s.Away) == 0:
		first := at
		for first > 0 && (s.Periods[first-1].Status == Vacant || s.Periods[first-1].Status.Provisional()) {
			first--
		}
		if d := from(first); !d.IsZero() {
			s.Status = []string{"Nobody has held it permanently" + since(d) + "."}
		}
	}
}

// deputies finds the posts that are named as deputies for the roles of a post.
func (s *PostSheet) deputies(p *rule.Pack, v *graph.View) {
	for _, post := range v.All(graph.Post) {
		roles := post.Texts("deputy_for")
		if len(roles) == 0 {
			continue
		}
		d := InPost{Post: named(p, post)}
		for _, r := range s.Roles {
			if slices.Contains(roles, r.Code) {
				d.Roles = append(d.Roles, r.Name)
			}
		}
		if len(d.Roles) > 0 {
			d.In = HoldingOf(p, post).Words()
			s.Deputies = append(s.Deputies, d)
		}
	}
}

// holderOf gives whom an appointment puts into a post.
func holderOf(p *rule.Pack, a *graph.Record) Holder {
	h := Holder{Person: holder(p, a), Basis: basisOf(p, a), Since: a.Span().From, Until: a.Span().Until, Appointment: a.Key()}
	h.Covers = len(a.Referring(graph.Absence, "covered_by")) > 0
	return h
}

// rolesOf gives the statutory roles to which a post is designated.
func rolesOf(p *rule.Pack, post *graph.Record) []HeldRole {
	return rolesTo(p, post.View(), func(d *graph.Record) bool {
		to, _ := d.DesignatedPost()
		return to == post
	})
}

// rolesTo gives the statutory roles of those designations that are certainly there on the day and are asked for.
func rolesTo(p *rule.Pack, v *graph.View, want func(designation *graph.Record) bool) (out []HeldRole) {
	for _, r := range p.Roles {
		sure, _ := v.Designations(r.Code)
		for _, d := range sure {
			if !want(d) {
				continue
			}
			h := HeldRole{Code: r.Code, Name: Capital(r.Name), Since: d.Span().From}
			var by []string
			if k, ok := d.RefKey("decided_by"); ok {
				by = append(by, Called(p, v, k))
			}
			if on := d.Date("decided_on"); !on.IsZero() {
				by = append(by, on.Words())
			}
			h.Decided = strings.Join(by, ", ")
			out = append(out, h)
		}
	}
	return out
}

// functions lists what the post manages, and what it answers for.
func (s *PostSheet) functions(all []Answer) {
	for _, a := range all {
		var others []Named
		mine := InPost{}
		for _, x := range a.Answers {
			if x.Post.Record == s.Post.Record {
				mine = x
			} else {
				others = append(others, x.Post)
			}
		}
		answers, manages := mine.Post != Named{}, a.Manager.Post.Record == s.Post.Record
		if manages {
			s.Manages = append(s.Manages, OtherSide{Function: a.Function, Other: others, Same: answers && len(others) == 0, Standing: a.Standing})
		}
		if answers {
			f := OtherSide{Function: a.Function, Roles: mine.Roles, Same: manages, Standing: a.Standing}
			if !manages && a.Manager.Post != (Named{}) {
				f.Other = []Named{a.Manager.Post}
			}
			s.Answers = append(s.Answers, f)
		}
	}
}

// below counts the posts below one.
func below(post *graph.Record, seen map[*graph.Record]bool) (n int) {
	for _, x := range post.Referring(graph.Post, "reports_to") {
		if !seen[x] {
			seen[x] = true
			n += 1 + below(x, seen)
		}
	}
	return n
}

// UnitSheet is what a reader wants to know of a unit on a day.
type UnitSheet struct {
	Unit      Named
	Type      string
	Head      InPost
	NoHead    string  // why it cannot be said which post heads it
	Chain     []Named // what it is part of, the nearest first
	Posts     []InPost
	Functions []Answer
	Parts     []Named // units that are part of it
	AllPosts  int     // its own and those of its parts, at whatever depth
	Purpose   string
	Staff     string
	Budget    string
}

// SheetOfUnit gives the sheet of a unit. all are the AnswersOf of its view.
func SheetOfUnit(p *rule.Pack, unit *graph.Record, all []Answer) UnitSheet {
	s := UnitSheet{Unit: named(p, unit), Purpose: unit.Text("purpose"), Staff: unit.Show("staff"), Budget: unit.Show("budget")}
	if t := unit.Text("type"); t != "" {
		s.Type = Capital(Say(p, unit.Kind().Field("type"), t))
	}
	if head, gap := unit.Head(); gap != nil {
		s.NoHead = Sentence(gap.Why)
	} else {
		s.Head = InPost{Post: named(p, head), In: HoldingOf(p, head).Words()}
	}
	for up, n := unit.Ref("parent"), 0; up != nil && up != unit && n < graph.Depth; up, n = up.Ref("parent"), n+1 {
		s.Chain = append(s.Chain, named(p, up))
	}
	for _, x := range unit.Referring(graph.Post, "unit") {
		s.Posts = append(s.Posts, InPost{Post: named(p, x), In: HoldingOf(p, x).Words()})
	}
	in := map[fact.Key]bool{}
	for _, f := range unit.Referring(graph.Function, "unit") {
		in[f.Key()] = true
	}
	for _, a := range all {
		if in[a.Function.Record] {
			s.Functions = append(s.Functions, a)
		}
	}
	for _, u := range unit.Referring(graph.Unit, "parent") {
		s.Parts = append(s.Parts, named(p, u))
	}
	s.AllPosts = postsIn(unit, map[*graph.Record]bool{})
	return s
}

// postsIn counts the posts of a unit and of its parts.
func postsIn(unit *graph.Record, seen map[*graph.Record]bool) int {
	if seen[unit] {
		return 0
	}
	seen[unit] = true
	n := len(unit.Referring(graph.Post, "unit"))
	for _, u := range unit.Referring(graph.Unit, "parent") {
		n += postsIn(u, seen)
	}
	return n
}

// FunctionSheet is what a reader wants to know of a function on a day.
type FunctionSheet struct {
	Answer
	Domain     string
	Note       string   // of the domain, by the law pack
	Roles      []string // that answer in law
	Ages       string
	Unit       Named
	Delivered  Named     // by another organisation
	Leads      []InPost  // members in whose portfolio it is
	Mechanisms []Named   // that are recorded, whether or not they are needed
	Rules      []RuleRef // of the law pack that speak of its domain
	Risks      []Risk
	Inspected  []Inspection // newest first
}

// Risk is something that may go wrong, as it stands on the day.
type Risk struct {
	Risk   Named
	Now    string // "likelihood 4, impact 3"; empty where neither is recorded
	Answer string // "Treat"
	Owner  Named
	Due    fact.Date // when it is to be reviewed next
}

// Inspection is what somebody from outside judged.
type Inspection struct {
	Inspection Named
	By         string
	Judgement  string
	On         fact.Date // on which it was published
}

// SheetOfFunction gives the sheet of a function.
func SheetOfFunction(p *rule.Pack, f *graph.Record) FunctionSheet {
	v := f.View()
	s := FunctionSheet{Answer: AnswerOf(p, f), Mechanisms: nameAll(p, f.Refs("mechanism"))}
	domain := f.Text("domain")
	if d := p.Domain(domain); d != nil {
		s.Domain, s.Note = d.Name, d.Note
		s.Rules = rulesNaming(p, v.On(), domain)
	}
	for _, code := range p.Who(f).Roles {
		s.Roles = append(s.Roles, RoleName(p, code))
	}
	if ages := f.Text("ages"); ages != "" {
		s.Ages = Capital(Say(p, f.Kind().Field("ages"), ages))
	}
	if u := f.Ref("unit"); u != nil {
		s.Unit = named(p, u)
	}
	if k, ok := f.RefKey("delivered_by"); ok {
		s.Delivered = called(p, v, k)
	}
	for _, m := range f.Referring("protocol", "covers") {
		if x := named(p, m); !slices.Contains(s.Mechanisms, x) {
			s.Mechanisms = append(s.Mechanisms, x)
		}
	}
	for _, portfolio := range v.All("portfolio") {
		post := portfolio.Ref("post")
		if post == nil || !slices.Contains(portfolio.RefKeys("functions"), f.Key()) && !slices.Contains(portfolio.Texts("domains"), domain) {
			continue
		}
		s.Leads = append(s.Leads, InPost{Post: named(p, post), In: HoldingOf(p, post).Words()})
	}
	for _, r := range f.Referring("risk", "about") {
		s.Risks = append(s.Risks, riskOf(p, r))
	}
	for _, r := range f.Referring("inspection", "about") {
		x := Inspection{Inspection: named(p, r), By: r.Text("body"), Judgement: r.Text("judgement"), On: r.Date("published_on")}
		s.Inspected = append(s.Inspected, x)
	}
	slices.SortStableFunc(s.Inspected, func(a, b Inspection) int { return cmp.Compare(b.On.First, a.On.First) })
	return s
}

func riskOf(p *rule.Pack, r *graph.Record) Risk {
	out := Risk{Risk: named(p, r), Due: r.Date("review_due")}
	if k, ok := r.RefKey("owner"); ok {
		out.Owner = called(p, r.View(), k)
	}
	if a := r.Text("response"); a != "" {
		out.Answer = Capital(Say(p, r.Kind().Field("response"), a))
	}
	var now []string
	for _, of := range []string{"likelihood", "impact"} {
		if n := r.Show("current_" + of); n != "" {
			now = append(now, of+" "+n)
		}
	}
	out.Now = strings.Join(now, ", ")
	return out
}

func nameAll(p *rule.Pack, rs []*graph.Record) (out []Named) {
	for _, r := range rs {
		out = append(out, named(p, r))
	}
	return out
}

// RoleSheet is what a reader wants to know of a statutory role.
type RoleSheet struct {
	Office
	HeldBy    string // "an officer"
	Ages      string
	Note      string // by the law pack
	Domains   []string
	Periods   []Period  // who has held it, the newest first
	Functions []Answer  // for which it answers on the day
	Delegated []Named   // powers that are delegated to its posts
	Rules     []RuleRef // of the law pack that speak of it
}

// RuleRef is a rule of the law pack that is in force on the day.
type RuleRef struct {
	ID, Title string
	Force     string // "The law requires"
	Citation  rule.Citation
	Combines  bool // it asks what else the holder or the post has in hand
}

// SheetOfRole gives the sheet of a role. all are the AnswersOf of the view.
func SheetOfRole(p *rule.Pack, v *graph.View, role *rule.Role, all []Answer) RoleSheet {
	w := &walk{p: p, v: v, days: map[fact.Day]*graph.View{v.On(): v}}
	s := RoleSheet{Note: role.Note, Rules: rulesNaming(p, v.On(), role.Code)}
	s.Office, _ = w.office(role)
	councils := role.Councils
	if len(councils) == 0 {
		councils = p.Councils
	}
	s.Required = role.Duty && role.Known.On(v.On()) && slices.Contains(councils, councilType(v))
	switch role.HeldBy {
	case "officer":
		s.HeldBy = "An officer"
	case "member":
		s.HeldBy = "A member of the council"
	}
	if role.Ages != "" {
		s.Ages = Capital(role.Ages)
	}
	for _, code := range role.Domains {
		if d := p.Domain(code); d != nil {
			s.Domains = append(s.Domains, d.Name)
		}
	}
	s.Periods = TenureOf(p, v, role, fact.MinDay, fact.MaxDay).Periods
	slices.Reverse(s.Periods)
	for _, a := range all {
		if slices.ContainsFunc(a.Answers, func(x InPost) bool { return slices.Contains(x.Roles, s.Name) }) {
			s.Functions = append(s.Functions, a)
		}
	}
	posts, _ := v.RolePosts(role.Code)
	for _, post := range posts {
		s.Delegated = append(s.Delegated, nameAll(p, post.Referring("delegation", "to"))...)
	}
	return s
}

// combining are the questions of rules about what else a holder or a post has in hand.
var combining = []string{"same_holder(", "also_fills(", "extra("}

// rulesNaming gives the rules in force on a day that name a role or a domain, those of the law first.
func rulesNaming(p *rule.Pack, on fact.Day, code string) (out []RuleRef) {
	for _, r := range p.Rules {
		asks := strings.Join([]string{r.Applies, r.Subjects, r.Holds, r.WithCondition}, "\n")
		if !r.InForce.On(on) || r.Force == rule.Guard || !strings.Contains(asks, `"`+code+`"`) {
			continue
		}
		out = append(out, RuleRef{r.ID, r.Title, Word(r.ForceOn(on)), r.Citation, slices.ContainsFunc(combining, func(f string) bool { return strings.Contains(asks, f) })})
	}
	order := []string{Word(rule.Must), Word(rule.Should), Word(rule.GoodPractice)}
	slices.SortStableFunc(out, func(a, b RuleRef) int {
		return cmp.Compare(slices.Index(order, a.Force), slices.Index(order, b.Force))
	})
	return out
}
