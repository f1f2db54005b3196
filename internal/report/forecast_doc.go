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

// Matter is something that a proposal does or leaves open, and where it is put right.
type Matter struct {
	Title   string   `json:"title,omitempty"` // of the rule by which it is so
	Text    string   `json:"text"`
	Rule    string   `json:"rule,omitempty"`
	Records []Named  `json:"records,omitempty"`
	Anyway  bool     `json:"anyway,omitempty"` // it is so without the proposal
	Do      string   `json:"do,omitempty"`     // in a few words: "Choose a post"
	Open    fact.Key `json:"-"`                // the record that is changed for it
	New     NewFor   `json:"-"`                // or what is recorded for it
}

// NewFor is a record to be made.
type NewFor struct {
	Kind   fact.KindName
	Fields map[string]string
}

// Matters are what a forecast comes to, for whoever has to decide.
type Matters struct {
	MustFix []Matter `json:"must_fix"`
	Think   []Matter `json:"think_about"`
	Passed  []Matter `json:"passed"`
}

// wideSpan is how many posts may report to one before it is worth a thought. It is a rule of thumb and no law.
const wideSpan = 8

// fewWide is how many such posts are named one by one.
const fewWide = 3

// Matters sorts a forecast by what has to be put right before a decision, what wants a thought, and what is in order.
func (f *Forecast) Matters() (out Matters) {
	must := func(m Matter) { out.MustFix = append(out.MustFix, m) }
	think := func(m Matter) { out.Think = append(out.Think, m) }
	f.mattersOfRoles(must, think)
	for _, t := range f.worse() {
		m := Matter{Title: t.Title, Text: t.Is + t.when() + ": " + t.Text, Rule: t.Rule, Records: t.Subjects, Anyway: t.Anyway}
		if len(t.Repair) > 0 {
			m.Do = t.Repair[0]
		}
		for _, x := range f.Under {
			if slices.Contains(t.Subjects, x.Post) {
				m.Text += " " + x.Text
			}
		}
		if t.severity == rule.Breach && !t.Anyway {
			must(m)
		} else {
			think(m)
		}
	}
	f.mattersOfTest(must, think)
	f.mattersOfFunctions(must)
	f.mattersOfShape(think)
	f.mattersLeft(think)
	for _, t := range f.Standing {
		think(Matter{Title: t.Title, Text: t.Is + " now, and under the proposal: " + t.Text, Rule: t.Rule, Records: t.Subjects, Anyway: true})
	}
	for _, t := range f.passed {
		out.Passed = append(out.Passed, Matter{Title: t.Title, Text: t.Text, Rule: t.Rule})
	}
	return out
}

// worse gives what is worse under the proposal than before, what matters most first: of each rule the newest, and every breach, however short, from the day on which it begins.
func (f *Forecast) worse() (out []Turn) {
	last, begun := map[string]int{}, map[string]int{}
	for i, t := range f.Outcomes {
		last[t.Rule] = i
	}
	for i, t := range f.Outcomes {
		from, goesOn := begun[t.Rule]
		switch {
		case t.severity != rule.Breach && goesOn:
			out[from].Until = Day{t.On.Day - 1}
			delete(begun, t.Rule)
		case t.severity == rule.Breach && goesOn:
			continue
		}
		switch {
		case !t.Worse, t.severity != rule.Breach && last[t.Rule] != i:
		case t.severity == "" && t.After != rule.CannotTest, f.saidOf(t):
		default:
			if t.Until = (Day{fact.MaxDay}); t.severity == rule.Breach {
				begun[t.Rule] = len(out)
			}
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Turn) int { return cmp.Compare(b.rank, a.rank) })
	return out
}

// when says from when until when.
func (t *Turn) when() string {
	if t.Until.Day == fact.MaxDay {
		return " from " + t.On.Words()
	}
	return (&RoleGap{From: t.On, Until: t.Until}).when()
}

// noneEmpty is the rule by which no statutory office is left empty: the days of gap say the same, and of which role.
const noneEmpty = "DCS-12"

// saidOf reports whether gaps, or designations of what ends, say already what a turn does.
func (f *Forecast) saidOf(t Turn) bool {
	if t.After == rule.CannotTest && len(t.missing) > 0 && !slices.ContainsFunc(t.missing, func(m rule.Missing) bool {
		return !slices.ContainsFunc(f.Designated, func(x Loose) bool { return x.Record.Record.String() == m.Record })
	}) {
		return true // it is for want of a post that is designated
	}
	if t.Rule != noneEmpty {
		return false
	}
	gaps := slices.Concat(f.Gaps, f.Unknown)
	return len(gaps) > 0 && !slices.ContainsFunc(t.Subjects, func(s Named) bool {
		return !slices.ContainsFunc(gaps, func(g RoleGap) bool { return slices.Contains(g.Posts, s) })
	})
}

func (f *Forecast) mattersOfRoles(must, think func(Matter)) {
	for _, x := range f.Designated {
		must(Matter{Text: x.Text, Records: []Named{x.Record}, Do: "Designate another post", Open: x.Record.Record})
	}
	for _, g := range f.Gaps {
		m := Matter{Text: g.Text, Records: g.Posts, Anyway: g.Anyway}
		switch {
		case g.Undesignated:
			m.Do, m.New = "Designate a post", NewFor{graph.Designation, map[string]string{"role": g.Role}}
		case len(g.Posts) > 0: // else it may not be seen which
			m.Rule, m.Do, m.New = noneEmpty, "Appoint somebody, or cover", NewFor{graph.Appointment, map[string]string{"post": string(g.Posts[0].Record.ID)}}
		}
		if g.Anyway {
			m.Text += " It would be so without the proposal too."
			think(m)
		} else {
			must(m)
		}
	}
	for _, g := range f.Unknown {
		if slices.ContainsFunc(f.Designated, func(x Loose) bool { return x.role == g.Role }) {
			continue
		}
		m := Matter{Text: g.Text, Records: g.Posts}
		if len(g.Posts) > 0 {
			m.Do, m.New = "Say who would hold it", NewFor{graph.Appointment, map[string]string{"post": string(g.Posts[0].Record.ID)}}
		}
		think(m)
	}
}

// mattersOfFunctions says what stands against adoption in the transfer table: functions with the same wrong over the same days together. Where a role is empty, the gap says
// already that nobody answers.
func (f *Forecast) mattersOfFunctions(must func(Matter)) {
	type wrong struct {
		kind        FaultKind
		from, until fact.Day
	}
	var all []wrong
	of := map[wrong][]Misplaced{}
	for _, x := range f.Misplaced {
		w := wrong{x.Kind, x.From.Day, x.Until.Day}
		gap := func(g RoleGap) bool { return g.From.Day <= w.from && w.until <= g.Until.Day }
		if x.Kind == NobodyAnswers && (slices.ContainsFunc(f.Gaps, gap) || len(f.Designated) > 0) {
			continue
		}
		if of[w] == nil {
			all = append(all, w)
		}
		of[w] = append(of[w], x)
	}
	for _, w := range all {
		xs := of[w]
		m := Matter{Text: xs[0].Function.Text + ": " + small(xs[0].Text), Do: "Give the function a place", Open: xs[0].Function.Record}
		if n := len(xs); n > 1 {
			m.Text = Count(n, "function", "functions") + ": " + small(w.kind.String()) + (&RoleGap{From: Day{w.from}, Until: Day{w.until}}).when() + "."
			m.Do = "Give the functions a place"
		}
		if w.kind == NobodyAnswers {
			m.Do = "Designate a post"
		}
		for _, x := range xs {
			m.Records = append(m.Records, x.Function)
		}
		must(m)
	}
}

func (f *Forecast) mattersOfTest(must, think func(Matter)) {
	if f.Test.Needed {
		m := Matter{Title: "A local test of assurance", Text: f.Test.Reason, Rule: f.Test.Rules[0]}
		for _, t := range f.Test.Tests {
			m.Text += " " + t.Test.Text + ": " + small(t.Text)
			m.Records = append(m.Records, t.Test)
		}
		if len(f.Test.Tests) == 0 {
			m.Text += " None of this proposal is recorded."
			m.Do, m.New = "Commission a test", NewFor{"test", map[string]string{"tests": string(f.Proposal.Record.ID)}}
		} else {
			m.Do, m.Open = "See the test", f.Test.Tests[len(f.Test.Tests)-1].Test.Record
		}
		think(m)
	}
	for _, x := range f.Conditions {
		m := Matter{Records: []Named{x.Test}, Do: "See the condition", Open: x.Condition.Record}
		said := "A condition of " + x.Test.Text + ": " + x.Condition.Text
		switch {
		case x.After == rule.Fails && x.Before != rule.Fails:
			m.Text = said + " It fails from " + x.On.Words() + "."
			must(m)
		case x.After == rule.CannotBeTested && x.Before != rule.CannotBeTested:
			m.Text = said + " Whether it holds from " + x.On.Words() + " cannot be tested. " + strings.Join(x.Why, " ")
			think(m)
		}
	}
}

func (f *Forecast) mattersOfShape(think func(Matter)) {
	for _, x := range f.Combined {
		if x.New && len(x.Rules) == 0 {
			think(Matter{Text: x.Text, Records: []Named{x.Holder}, Open: x.Holder.Record})
		}
	}
	for _, x := range f.Under {
		told := slices.ContainsFunc(f.worse(), func(t Turn) bool { return slices.Contains(t.Subjects, x.Post) })
		if x.New && !told {
			think(Matter{Text: x.Text, Records: []Named{x.Post, x.To}, Do: "Change who it reports to, or record a direct accountability", Open: x.Post.Record})
		}
	}
	if n := len(f.Splits); n > 0 {
		m := Matter{Text: Count(n, "function would be managed by a different post from the one that answers in law.", "functions would be managed by a different post from the one that answers in law.")}
		bare := 0
		for _, s := range f.Splits {
			m.Records = append(m.Records, s.Function)
			if len(s.Joined) == 0 {
				bare++
			}
		}
		if bare > 0 {
			m.Text += " " + Capital(Count(bare, "has no board or protocol recorded that joins the two.", "have no board or protocol recorded that joins the two."))
			m.Do, m.Open = "Record what joins the two", f.Splits[0].Function.Record
		}
		think(m)
	}
	wide := slices.DeleteFunc(slices.Clone(f.Spans), func(x PostStep) bool { return x.After <= wideSpan || x.After <= x.Before })
	if n := len(wide); n > fewWide {
		m := Matter{Text: fmt.Sprintf("%s would have more direct reports than now, and more than %d, which is worth a thought. The most would be %d.", Count(n, "post", "posts"), wideSpan, wide[0].After)}
		for _, x := range wide {
			m.Records = append(m.Records, x.Post)
		}
		think(m)
	} else {
		for _, x := range wide {
			was := ""
			if x.Before >= 0 {
				was = fmt.Sprintf(" (now %d)", x.Before)
			}
			think(Matter{Text: fmt.Sprintf("%s would have %d direct reports%s. More than %d is worth a thought.", x.Post.Text, x.After, was, wideSpan), Records: []Named{x.Post}, Open: x.Post.Record})
		}
	}
	if f.People > 0 {
		think(Matter{Text: Capital(Count(f.People, "person is in a post that ends, and it is not recorded where they go.", "people are in posts that end, and it is not recorded where they go."))})
	}
}

// mattersLeft puts together what names the same thing that ends.
func (f *Forecast) mattersLeft(think func(Matter)) {
	each := func(all []Loose, one, many, what string) {
		var ends []Named
		by := map[Named][]Named{}
		for _, x := range all {
			if x.Anyway {
				continue
			}
			if by[x.Ends] == nil {
				ends = append(ends, x.Ends)
			}
			if !slices.Contains(by[x.Ends], x.Record) {
				by[x.Ends] = append(by[x.Ends], x.Record)
			}
		}
		for _, e := range ends {
			think(Matter{Text: Capital(Count(len(by[e]), one, many)) + " " + e.Text + ", which ends.", Records: by[e], Do: what, Open: by[e][0].Record})
		}
	}
	for _, x := range f.Delegations {
		if !x.Anyway {
			think(Matter{Text: "A delegation has to be amended. " + x.Text, Records: []Named{x.Record}, Do: "Amend the delegation", Open: x.Record.Record})
		}
	}
	by := map[Named][]Named{}
	for _, x := range f.Retained {
		by[x.Ends] = append(by[x.Ends], x.Record)
	}
	for _, x := range f.Retained {
		if all := by[x.Ends]; all != nil {
			think(Matter{Text: x.Ends.Text + " ends, and " + Count(len(all), "finding of a test of assurance says", "findings of a test of assurance say") + " that it must be retained.", Records: all, Do: "See the finding", Open: all[0].Record})
			delete(by, x.Ends)
		}
	}
	for _, x := range f.Seats {
		think(Matter{Text: x.Text, Records: []Named{x.Record}, Do: "Fill the seat", Open: x.Record.Record})
	}
	each(f.Owners, "record still names", "records still name", "Name another")
}

// Headline is a line of numbers at the top of a proposal: what it is about, and the answer.
type Headline struct {
	Name string
	Text string
	Bad  bool // something is to be done before a decision
}

// Checks is the headline that says how many matters there are.
const Checks = "Checks"

// Headlines says in a few lines what a proposal comes to.
func (f *Forecast) Headlines() (out []Headline) {
	if len(f.Waves) == 0 {
		return nil
	}
	add := func(name, text string) { out = append(out, Headline{Name: name, Text: text}) }
	if x := f.Posts.Family; x != nil {
		add(x.Name.Text+" posts", nowAndThen(x.Before, x.After))
	}
	if f.saving != "" {
		add("Estimated saving", f.saving+", as the proposal gives it")
	}
	changed := len(f.Posts.New) + len(f.Posts.Ended) + len(f.Posts.Changed)
	add("Posts changed", fmt.Sprintf("%s of %s", Thousands(changed), Thousands(f.Posts.After+len(f.Posts.Ended))))
	add("Officers' posts", nowAndThen(f.Posts.Staff.Before.Posts, f.Posts.Staff.After.Posts))
	add("Statutory roles moved", Capital(Count(len(f.Moved), "role", "roles")))
	call := "Not needed"
	if f.Test.Needed {
		call = "Needed: " + f.Test.Reason
		switch n := len(f.Test.Tests); {
		case f.Test.Issued:
			call += " " + f.Test.Tests[n-1].Test.Text + ": issued."
		case n > 0:
			call += " " + f.Test.Tests[n-1].Test.Text + ": begun."
		default:
			call += " None is recorded."
		}
	}
	add("Local test of assurance", call)
	m := f.Matters()
	if n := len(m.MustFix); n > 0 {
		out = append(out, Headline{Checks, Capital(Count(n, "matter", "matters")) + " to put right before a decision", true})
	} else {
		add(Checks, "Nothing that has to be put right first; "+Count(len(m.Think), "thing", "things")+" to think about")
	}
	return out
}

// nowAndThen says "4 now, 3 proposed (1 fewer)".
func nowAndThen(before, after int) string {
	s := fmt.Sprintf("%s now, %s proposed", Thousands(before), Thousands(after))
	switch {
	case after < before:
		return s + " (" + Thousands(before-after) + " fewer)"
	case after > before:
		return s + " (" + Thousands(after-before) + " more)"
	}
	return s + " (the same)"
}

// Document writes a forecast for people.
func (f *Forecast) Document(dates string) Document {
	d := Document{Title: "What the proposal would do: " + f.Proposal.Text, Dates: dates, Lead: slices.Clone(f.Notes)}
	if len(f.Waves) == 0 {
		return d
	}
	head := Table{Head: []string{"What", "How it would be"}, Headed: true}
	for _, h := range f.Headlines() {
		head.Rows = append(head.Rows, cells(h.Name, h.Text))
	}
	d.Sections = append(d.Sections, Section{"In short", []Block{head}})
	m := f.Matters()
	d.Sections = append(d.Sections, matters("Must be put right before a decision", m.MustFix, "Nothing."), matters("To think about", m.Think, "Nothing."))
	d.Sections = append(d.Sections, f.wavesSection())
	d.Sections = append(d.Sections, f.outcomesSection(), f.postsSection())
	if s := f.leftSection(); len(s.Blocks) > 0 {
		d.Sections = append(d.Sections, s)
	}
	return d
}

func matters(title string, all []Matter, none string) Section {
	s := Section{Title: title}
	if len(all) == 0 {
		s.Blocks = []Block{Para(none)}
		return s
	}
	var l List
	for _, m := range all {
		text := m.Text
		if m.Rule != "" {
			text += " (" + m.Rule + ")"
		}
		if m.Anyway && !strings.Contains(text, "without the proposal too") && !strings.Contains(text, "now, and under the proposal") {
			text += " It would be so without the proposal too."
		}
		l = append(l, text)
	}
	s.Blocks = []Block{l}
	return s
}

func (f *Forecast) wavesSection() Section {
	t := Table{Head: []string{"When", "What changes"}, Headed: true}
	for _, w := range f.Waves {
		by := map[fact.KindName]int{}
		for _, r := range w.Records {
			by[r.Record.Kind]++
		}
		var what []string
		for _, r := range w.Records {
			if n := by[r.Record.Kind]; n > 0 {
				what = append(what, Count(n, f.kinds[r.Record.Kind][0], f.kinds[r.Record.Kind][1]))
				by[r.Record.Kind] = 0
			}
		}
		when := Capital(w.Words)
		if w.Assumed {
			when += " (assumed)"
		}
		t.Rows = append(t.Rows, cells(when, And(what)))
	}
	return Section{"When", []Block{t}}
}

func (f *Forecast) outcomesSection() Section {
	s := Section{Title: "What the law pack finds"}
	t := Table{Caption: "What would change from " + f.Eve.Words() + " on", Head: []string{"Rule", "When", "Before", "After", "Why"}, Headed: true}
	for _, x := range f.Outcomes {
		why := x.Text
		if x.Anyway {
			why += " It would be so without the proposal too."
		}
		t.Rows = append(t.Rows, cells(x.Rule+" "+x.Title, x.On.Words(), x.Was, x.Is, why))
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, Para("No rule gives anything else than before."))
	} else {
		s.Blocks = append(s.Blocks, t)
	}
	criteria := Table{Caption: "The criteria of the test of assurance, as far as the record shows", Head: []string{"Criterion", "On " + f.Eve.Words(), "On " + f.Last.Words()}, Headed: true}
	for _, x := range f.Criteria {
		criteria.Rows = append(criteria.Rows, cells(x.Name, x.Before.words(), x.After.words()))
	}
	if len(criteria.Rows) > 0 {
		s.Blocks = append(s.Blocks, criteria)
	}
	return s
}

func (x CriterionCount) words() string {
	return fmt.Sprintf("%s: %s, %s, %s, %d cannot be tested", Word(x.Machine), Count(x.Breaches, "breach", "breaches"), Count(x.Departures, "departure", "departures"), Count(x.Advisories, "piece of advice", "pieces of advice"), x.CannotTest)
}

func (f *Forecast) postsSection() Section {
	s := Section{Title: "Posts, lines and money"}
	s.Blocks = append(s.Blocks, f.Posts.Staff.Levels("Now", "Proposed"))
	t := Table{Caption: "Units with more posts, or fewer", Head: []string{"Unit", "Now", "Proposed"}, Headed: true, Figures: []int{1, 2}}
	for _, x := range f.Posts.ByUnit {
		t.Rows = append(t.Rows, []Cell{x.Name, cell(fmt.Sprint(x.Before)), cell(fmt.Sprint(x.After))})
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	s.Blocks = append(s.Blocks, Para(f.Posts.Salary.Words()))
	number := func(n int) string {
		if n < 0 {
			return "–"
		}
		return fmt.Sprint(n)
	}
	steps := func(caption string, all []PostStep) {
		t := Table{Caption: caption, Head: []string{"Post", "Now", "Proposed"}, Headed: true, Figures: []int{1, 2}}
		for _, x := range all {
			t.Rows = append(t.Rows, []Cell{x.Post, cell(number(x.Before)), cell(number(x.After))})
		}
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, t)
		}
	}
	steps("Steps from the head of paid service", f.Tiers)
	steps("Posts that report directly", f.Spans)
	if len(f.Splits) > 0 {
		t := Table{Caption: "Functions whose post answering in law would not manage them", Head: []string{"Function", "Would answer in law", "Would manage", "What joins the two"}, Headed: true}
		for _, x := range f.Splits {
			joins := And(textsOf(x.Joined))
			if joins == "" {
				joins = "nothing recorded"
			}
			t.Rows = append(t.Rows, []Cell{x.Function, x.Answers, x.Manages, cell(joins)})
		}
		s.Blocks = append(s.Blocks, t)
	}
	return s
}

func (f *Forecast) leftSection() (s Section) {
	s.Title = "What would be left to do"
	lost := Table{Caption: "Functions", Head: []string{"Function", "What is wrong"}, Headed: true}
	for _, x := range f.Misplaced {
		lost.Rows = append(lost.Rows, []Cell{x.Function, cell(x.Text)})
	}
	if len(lost.Rows) > 0 {
		s.Blocks = append(s.Blocks, lost)
	}
	for _, x := range []struct {
		caption string
		all     []Loose
	}{{"Delegations to amend", f.Delegations}, {"Designations of posts that end", f.Designated}, {"Seats to fill", f.Seats}, {"What a test says must be retained", f.Retained}, {"What else names something that ends", f.Owners}} {
		t := Table{Caption: x.caption, Head: []string{"Record", "Why"}, Headed: true}
		for _, l := range x.all {
			why := l.Text
			if l.Anyway {
				why += " It is so without the proposal too."
			}
			t.Rows = append(t.Rows, []Cell{l.Record, cell(why)})
		}
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, t)
		}
	}
	return s
}

// ForecastJSON is a forecast with the days on which it was made.
type ForecastJSON struct {
	On    string `json:"on"`
	Known Known  `json:"known"`
	Forecast
	Matters
}

// NewForecastJSON writes it for programs: nothing in it is null that is a list.
func NewForecastJSON(w When, f Forecast) ForecastJSON {
	f.Notes, f.Waves, f.Outcomes, f.Standing, f.Criteria, f.Conditions = each(f.Notes), each(f.Waves), each(f.Outcomes), each(f.Standing), each(f.Criteria), each(f.Conditions)
	f.Gaps, f.Unknown, f.Tiers, f.Spans, f.Combined, f.Under, f.Splits = each(f.Gaps), each(f.Unknown), each(f.Tiers), each(f.Spans), each(f.Combined), each(f.Under), each(f.Splits)
	f.Delegations, f.Designated, f.Seats, f.Misplaced, f.Retained, f.Owners, f.Test.Tests, f.Test.Rules = each(f.Delegations), each(f.Designated), each(f.Seats), each(f.Misplaced), each(f.Retained), each(f.Owners), each(f.Test.Tests), each(f.Test.Rules)
	f.Moved = each(f.Moved)
	f.Posts.New, f.Posts.Ended, f.Posts.Changed, f.Posts.ByUnit = each(f.Posts.New), each(f.Posts.Ended), each(f.Posts.Changed), each(f.Posts.ByUnit)
	m := f.Matters()
	m.MustFix, m.Think, m.Passed = each(m.MustFix), each(m.Think), each(m.Passed)
	return ForecastJSON{w.On, w.Known, f, m}
}

// Shown gives what somebody is shown of a forecast of the whole record. seen is the forecast of what they may see, in the view v. What the law pack finds and which roles are empty are
// those of the whole record, so that hiding a record never makes a false answer; why is not said where it rests on what they may not see. The rest is what they see.
func (f Forecast) Shown(seen Forecast, v *graph.View) Forecast {
	out := seen
	out.Outcomes, out.Standing, out.passed = shownTurns(f.Outcomes, seen.Outcomes, v), shownTurns(f.Standing, seen.Standing, v), shownTurns(f.passed, seen.passed, v)
	out.Criteria = f.Criteria
	gaps := func(whole, theirs []RoleGap, text string) (out []RoleGap) {
		for _, g := range whole {
			if i := slices.IndexFunc(theirs, func(x RoleGap) bool { return x.Role == g.Role && x.From == g.From && x.Text == g.Text }); i >= 0 {
				out = append(out, theirs[i])
				continue
			}
			g.Posts, g.Text = nil, fmt.Sprintf(text, small(g.Name), g.when())
			out = append(out, g)
		}
		return out
	}
	out.Gaps, out.Unknown = gaps(f.Gaps, seen.Gaps, "Nobody would be %s%s. "+rule.NotForYou), gaps(f.Unknown, seen.Unknown, "Who would be %s%s is not recorded. "+rule.NotForYou)
	if f.Test.Needed && !seen.Test.Needed {
		out.Test.Needed, out.Test.Rules, out.Test.Reason = true, f.Test.Rules, "Guidance asks for a local test of assurance ("+And(f.Test.Rules)+"). "+rule.NotForYou
	}
	return out
}

func shownTurns(whole, theirs []Turn, v *graph.View) (out []Turn) {
	for _, t := range whole {
		alike := func(x Turn) bool {
			return x.Rule == t.Rule && x.On == t.On && x.Was == t.Was && x.Is == t.Is && x.Text == t.Text && slices.Equal(x.Subjects, t.Subjects)
		}
		if i := slices.IndexFunc(theirs, alike); i >= 0 {
			out = append(out, theirs[i])
			continue
		}
		t.Text, t.Repair = rule.NotForYou, nil
		t.Subjects = slices.DeleteFunc(slices.Clone(t.Subjects), func(s Named) bool { return len(v.History(s.Record)) == 0 })
		for i := range t.Subjects {
			t.Subjects[i].Text = v.Called(t.Subjects[i].Record)
		}
		out = append(out, t)
	}
	return out
}
