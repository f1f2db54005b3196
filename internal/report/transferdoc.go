package report

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// AssumedLaunch gives the day on which what a proposal leaves undated is taken to take effect: the one that its record has or, where nothing at all is dated, the day looked at,
// which is assumed. It is zero where nothing is left undated, or where what is dated says by itself which parts have a day and which have none.
func AssumedLaunch(v *graph.View, proposal fact.ID) (launch fact.Date, assumed bool) {
	waves := v.Planned(proposal, fact.Date{}).Waves()
	if len(waves) == 0 || waves[len(waves)-1].On.Form != fact.ToBeAgreed {
		return fact.Date{}, false
	}
	if r := v.With("").Record(fact.Key{Kind: graph.Proposal, ID: proposal}); r != nil {
		if d := LaunchOf(r); !d.IsZero() {
			return d, false
		}
	}
	if len(waves) > 1 {
		return fact.Date{}, false
	}
	return fact.ExactDate(v.On()), true
}

// Words says where a function is: "Education (Director of Education)".
func (p *Place) Words() string {
	if p == nil {
		return ""
	}
	s := p.Unit.Text
	switch {
	case p.Manager.Text == "":
	case s == "":
		s = p.Manager.Text
	default:
		s += inBrackets(p.Manager.Text)
	}
	switch {
	case p.Organisation.Text == "":
	case s == "":
		s = p.Organisation.Text
	default:
		s += ", delivered by " + p.Organisation.Text
	}
	if s == "" {
		return "No place"
	}
	return s
}

// Fate says in words what becomes of a function that is not there in the end: as what it goes on, to whom it goes, or why it ends.
func (m *Moving) Fate() string {
	switch {
	case m.To != nil:
		return ""
	case len(m.Becomes) > 0:
		return "Goes on as " + And(textsOf(m.Becomes))
	case m.Gone.Text != "":
		return "Goes to " + m.Gone.Text
	case m.Reason != "":
		return "Ends: " + m.Reason
	case m.Course == Undecided:
		return "To be agreed"
	}
	return "Ends"
}

// Origin says in words where a function comes from that is not there on the eve.
func (m *Moving) Origin() string {
	switch {
	case m.From != nil:
		return ""
	case len(m.Was) > 0:
		return "In place of " + And(textsOf(m.Was))
	case m.Body.Text != "":
		return m.Body.Text
	}
	return "Not recorded before"
}

// Start and Finish say where a function is on the eve and in the end, in words.
func (m *Moving) Start() string { return m.From.Words() + m.Origin() }

// Finish is where it is in the end.
func (m *Moving) Finish() string { return m.To.Words() + m.Fate() }

// Law says which posts answer for a function, before and after.
func (m *Moving) Law() string {
	words := func(p *Place) string {
		if p == nil || len(p.Answers) == 0 {
			return "nobody"
		}
		return And(textsOf(p.Answers))
	}
	was, is := words(m.From), words(m.To)
	switch {
	case was == "nobody" && is == "nobody":
		return ""
	case m.From == nil || was == is:
		return is
	case m.To == nil:
		return was
	}
	return was + " → " + is
}

// Between gives the steps in words, where there is more than one: "1 September 2003: People".
func (m *Moving) Between() (out []string) {
	if len(m.Steps) < 2 {
		return nil
	}
	was := m.From
	for _, s := range m.Steps {
		to := s.To.Words()
		switch {
		case s.To == nil && m.To == nil:
			to = strings.ToLower(m.Fate()[:1]) + m.Fate()[1:]
		case s.To == nil:
			to = "not there"
		case len(s.To.Answers) > 0:
			to += ", answered for by " + And(textsOf(s.To.Answers))
		case was != nil && len(was.Answers) > 0:
			to += ", and nobody answers for it in law"
		}
		out, was = append(out, s.On.Words()+": "+to), s.To
	}
	return out
}

// Way says where a function goes: to one place, or step by step to several.
func (m *Moving) Way() []string {
	switch steps := m.Between(); {
	case len(steps) > 0:
		return steps
	case m.Course == Staying && m.Has(Orphan):
		return []string{"Stays, without a place"}
	case m.Course == Staying:
		return []string{"Stays"}
	}
	return []string{m.Finish()}
}

// When says on which day a function moves.
func (m *Moving) When() string {
	switch {
	case len(m.Steps) == 0 && m.Course == Undecided:
		return "To be agreed"
	case len(m.Steps) == 0:
		return ""
	case len(m.Steps) == 1:
		return Capital(m.On.Words())
	}
	return Capital(m.On.Words()) + ", and " + Count(len(m.Steps)-1, "step", "steps") + " after it"
}

func sentences(all []Fault) string {
	var out []string
	for _, f := range all {
		out = append(out, f.Text)
	}
	return strings.Join(out, " ")
}

// Summary counts the functions and says what stands against adoption.
func (t *Transfer) Summary() []string {
	n := map[Course]int{}
	for _, m := range t.Rows {
		n[m.Course]++
	}
	var parts []string
	for _, x := range []struct {
		of        Course
		one, many string
	}{{Relocating, "moves", "move"}, {Answering, "stays and another post answers for it", "stay and another post answers for them"}, {Arriving, "comes from another body", "come from another body"},
		{Leaving, "goes to another body", "go to another body"}, {Merging, "goes on as another", "go on as another"}, {Succeeding, "takes the place of others", "take the place of others"},
		{Beginning, "was not recorded before", "were not recorded before"}, {Ending, "ends", "end"}, {Undecided, "has a date to be agreed", "have a date to be agreed"}, {Staying, "stays", "stay"}} {
		if n[x.of] > 0 {
			parts = append(parts, Count(n[x.of], x.one, x.many))
		}
	}
	out := []string{Sentence(Capital(Count(len(t.Rows), "function", "functions")) + ": " + And(parts))}
	if len(t.Rows) == 0 {
		out = []string{"No function is recorded."}
	}
	out = append(out, t.Verdict())
	already := t.faults(true)
	if already != "" {
		out = append(out, "So already, without the proposal: "+already+".")
	}
	open := 0
	for i := range t.Rows {
		if len(t.Rows[i].Doubts) > 0 {
			open++
		}
	}
	if open > 0 {
		out = append(out, "Of "+Count(open, "function", "functions")+" something is not certain. That is no fault, and it is listed.")
	}
	return out
}

// Verdict says what stands against adoption, without what is so already.
func (t *Transfer) Verdict() string {
	n := len(t.Against())
	switch {
	case n == 0 && t.faults(true) == "":
		return "Nothing stands against adoption: on every day each function has a place once, and nobody who must answer for it in law is certainly missing."
	case n == 0:
		return "Nothing stands against adoption."
	}
	stands := "stand"
	if n == 1 {
		stands = "stands"
	}
	return "Against adoption " + stands + " " + Count(n, "function", "functions") + ": " + t.faults(false) + ". Put it right, or record the reason with the adoption."
}

// faults counts the functions with each kind of fault: those that the proposal makes, or those that are so already.
func (t *Transfer) faults(prior bool) string {
	var parts []string
	for _, k := range FaultKinds {
		n := 0
		for i := range t.Rows {
			if slices.ContainsFunc(t.Rows[i].Faults, func(f Fault) bool { return f.Kind == k && f.Prior == prior }) {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, Thousands(n)+" "+faulty[k])
		}
	}
	return And(parts)
}

var faulty = map[FaultKind]string{Orphan: "without a place", Doubled: "standing twice", NobodyAnswers: "with nobody to answer in law", Lost: "ending with nowhere to go"}

// Period says from which day to which the table looks.
func (t *Transfer) Period() string {
	if t.Eve == t.End {
		return "On " + t.Eve.Words() + "; the proposal changes nothing on a day."
	}
	s := "From " + t.Eve.Words() + ", the day before the first change, to " + t.End.Words() + "."
	if !t.Launch.IsZero() {
		s += " What the proposal leaves undated is taken to begin " + dayWords(t.Launch) + "."
	}
	return s
}

func dayWords(d fact.Date) string { return strings.TrimSpace(onDay(d)) }

// Document writes the table for people.
func (t *Transfer) Document(dates string) Document {
	d := Document{Title: "Where each function goes: " + t.Proposal.Text, Dates: dates, Lead: append([]string{t.Period()}, t.Summary()...)}
	var faults, doubts grouped
	all := Table{Head: []string{"Function", "From", "To", "When", "Answers in law"}, Headed: true}
	for i := range t.Rows {
		m := &t.Rows[i]
		faults.add(m, m.Faults)
		doubts.add(m, m.Doubts)
		all.Rows = append(all.Rows, []Cell{m.Function, cell(m.Start()), cell(strings.Join(m.Way(), "; ")), cell(m.When()), cell(m.Law())})
	}
	if len(faults.all) > 0 {
		d.Sections = append(d.Sections, Section{"What is wrong", []Block{faults.table()}})
	}
	if len(all.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"Function by function", []Block{all}})
	}
	if len(doubts.all) > 0 {
		d.Sections = append(d.Sections, Section{"What is not certain", []Block{doubts.table()}})
	}
	return d
}

// grouped is what is wrong, or not certain, each said once with the functions of which it is said.
type grouped struct {
	at  map[string]int
	all []grouping
}

type grouping struct {
	what Fault
	of   []string
}

func (x *grouped) add(m *Moving, all []Fault) {
	where := m.Body.Text // several bodies have functions of one name, and one that is divided has several
	if where == "" && len(m.Was) > 0 && m.To != nil {
		where = m.To.Unit.Text
	}
	name := m.Function.Text + inBrackets(where)
	for _, w := range all {
		k := string(w.Kind) + w.Text
		i, ok := x.at[k]
		if !ok {
			if x.at == nil {
				x.at = map[string]int{}
			}
			i, x.at[k], x.all = len(x.all), len(x.all), append(x.all, grouping{what: w})
		}
		x.all[i].of = append(x.all[i].of, name)
	}
}

// Objections say what stands against adoption, each once, with the functions of which it is said; of many functions the first.
func (t *Transfer) Objections() (out []string) {
	const most = 20
	var all grouped
	for i := range t.Rows {
		all.add(&t.Rows[i], slices.DeleteFunc(slices.Clone(t.Rows[i].Faults), func(f Fault) bool { return f.Prior }))
	}
	for _, x := range all.all {
		names := x.of[:min(most, len(x.of))]
		if more := len(x.of) - len(names); more > 0 {
			names = append(slices.Clone(names), "and "+Count(more, "other", "others"))
		}
		out = append(out, x.what.Kind.String()+": "+strings.Join(names, "; ")+". "+x.what.Text)
	}
	return out
}

func (x *grouped) table() Table {
	t := Table{Head: []string{"What", "On which days, and why", "Functions"}, Headed: true}
	for _, y := range x.all {
		t.Rows = append(t.Rows, cells(y.what.Kind.String(), y.what.Text, strings.Join(y.of, "; ")))
	}
	return t
}

// Sheet is the table for spreadsheets: all that is known of each of some rows, a column each.
func (t *Transfer) Sheet(rows []*Moving) Table {
	out := Table{Caption: "Functions", Head: []string{"Function", "Id", "Domain", "What becomes of it", "From unit", "From manager", "Answered before", "From body", "To unit", "To manager", "Answers after", "To body", "On",
		"Steps", "Goes on as", "In place of", "Reason", "What is wrong", "Not certain"}}
	for _, m := range rows {
		row := []Cell{cell(m.Function.Text), cell(string(m.Function.Record.ID)), cell(m.Domain), cell(m.Course.String())}
		for _, p := range []*Place{m.From, m.To} {
			if p == nil {
				p = &Place{}
			}
			row = append(row, cell(p.Unit.Text), cell(p.Manager.Text), cell(strings.Join(textsOf(p.Answers), "; ")), cell(p.Organisation.Text))
		}
		if m.From == nil {
			row[7] = cell(m.Body.Text)
		}
		if m.To == nil {
			row[11] = cell(m.Gone.Text)
		}
		row = append(row, cell(m.When()), cell(strings.Join(m.Between(), "; ")), cell(strings.Join(textsOf(m.Becomes), "; ")), cell(strings.Join(textsOf(m.Was), "; ")), cell(m.Reason), cell(sentences(m.Faults)), cell(sentences(m.Doubts)))
		out.Rows = append(out.Rows, row)
	}
	return out
}

// Origins writes what came from where: for each body how many functions came from it and what became of them, so that whoever signs for the change can see that nothing was left.
func (t *Transfer) Origins(dates string) Document {
	d := Document{Title: "What came from where: " + t.Proposal.Text, Dates: dates, Lead: []string{t.Period()}}
	sources := t.Sources()
	if len(sources) == 0 {
		d.Lead = append(d.Lead, "No function is there before the proposal.")
		return d
	}
	d.Lead = append(d.Lead, t.Proved())
	d.Sections = append(d.Sections, Section{"In figures", []Block{t.Figures()}})
	for i := range sources {
		d.Sections = append(d.Sections, sources[i].section())
	}
	var fresh Table
	fresh.Caption, fresh.Head, fresh.Headed = "Functions that no body had before", []string{"Function", "To"}, true
	for i := range t.Rows {
		if m := &t.Rows[i]; m.From == nil && m.Body == (Named{}) && len(m.Was) == 0 {
			fresh.Rows = append(fresh.Rows, []Cell{m.Function, cell(m.Finish())})
		}
	}
	if len(fresh.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"Not recorded before", []Block{fresh}})
	}
	return d
}

// Figures counts, for each body, what came from it and what became of that: what became of it adds up to what came.
func (t *Transfer) Figures() Table {
	head, figures := []string{"From", "Came"}, []int{1}
	for i, l := range Landings {
		head, figures = append(head, l.String()), append(figures, i+2)
	}
	head, figures = append(head, "Of these, standing twice"), append(figures, len(head))
	out := Table{Caption: "What became of the functions of each body", Head: head, Headed: true, Figures: figures}
	row := func(name Named, in int, now map[Landing]int, doubled int) {
		r := []Cell{name, cell(Thousands(in))}
		for _, l := range Landings {
			r = append(r, cell(Thousands(now[l])))
		}
		out.Rows = append(out.Rows, append(r, cell(Thousands(doubled))))
	}
	sources := t.Sources()
	all, in, doubled := map[Landing]int{}, 0, 0
	for i := range sources {
		s := &sources[i]
		row(s.name(), s.In, s.Now, s.Doubled)
		in, doubled = in+s.In, doubled+s.Doubled
		for l, n := range s.Now {
			all[l] += n
		}
	}
	if len(sources) > 1 {
		row(cell("All"), in, all, doubled)
	}
	return out
}

// Proved says whether everything landed.
func (t *Transfer) Proved() string {
	sources := t.Sources()
	in := 0
	for _, s := range sources {
		in += s.In
	}
	unplaced, open, doubled := 0, 0, 0
	for _, s := range sources {
		unplaced, open, doubled = unplaced+s.Now[Unplaced], open+s.Now[Open], doubled+s.Doubled
	}
	if unplaced+open+doubled == 0 {
		return fmt.Sprintf("Everything landed: of %s each is accounted for, and none stands twice.", Count(in, "function", "functions"))
	}
	var parts []string
	for _, x := range []struct {
		n         int
		one, many string
	}{{unplaced, "has no place", "have no place"}, {doubled, "stands twice", "stand twice"}, {open, "is not certain", "are not certain"}} {
		if x.n > 0 {
			parts = append(parts, Count(x.n, x.one, x.many))
		}
	}
	return fmt.Sprintf("Not everything landed. Of %s, %s.", Count(in, "function", "functions"), And(parts))
}

func (s *Source) name() Named {
	if s.Body == (Named{}) {
		return Named{Text: "This council"}
	}
	return s.Body
}

// section lists the functions of one body, those without a place first.
func (s *Source) section() Section {
	rows := slices.Clone(s.Rows)
	slices.SortStableFunc(rows, func(a, b *Moving) int { return int(b.state) - int(a.state) })
	t := Table{Caption: "Functions of " + s.name().Text, Head: []string{"Function", "What became of it", "Where it is now", "When"}, Headed: true}
	if s.Body == (Named{}) {
		t.Caption = "Functions of this council"
	}
	for _, m := range rows {
		what := m.state.String()
		if m.Has(Doubled) {
			what += "; stands twice"
		}
		t.Rows = append(t.Rows, []Cell{m.Function, cell(what), cell(m.Finish()), cell(m.When())})
	}
	return Section{Capital(s.name().Text) + ": " + Count(s.In, "function", "functions"), []Block{t}}
}

// MovingJSON is one function of a transfer table, for programs.
type MovingJSON struct {
	Function string      `json:"function"`
	Name     string      `json:"name"`
	Domain   string      `json:"domain,omitempty"`
	Course   string      `json:"course"` // stays, moves, arrives, leaves, becomes, succeeds, begins, ends, answers or undated
	From     *PlaceJSON  `json:"from"`   // null: it is not there on the eve
	To       *PlaceJSON  `json:"to"`     // null: it is not there in the end
	On       string      `json:"on"`     // of the first step; empty where it stays
	Steps    []StepJSON  `json:"steps"`
	Becomes  []string    `json:"becomes,omitempty"`
	Was      []string    `json:"was,omitempty"`
	Body     string      `json:"came_from,omitempty"` // the other body from which it comes
	Gone     string      `json:"goes_to,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Landing  string      `json:"landing"`
	Faults   []FaultJSON `json:"faults"`
	Doubts   []FaultJSON `json:"not_certain"`
}

// PlaceJSON is where a function is. What is not recorded is null.
type PlaceJSON struct {
	Unit         *string  `json:"unit"`
	Manager      *string  `json:"manager"`
	Answers      []string `json:"answers"`
	Organisation *string  `json:"organisation"` // null: this council
}

// StepJSON is a day on which it moves.
type StepJSON struct {
	On string     `json:"on"`
	To *PlaceJSON `json:"to"`
}

// FaultJSON is something wrong, or not certain.
type FaultJSON struct {
	Kind  string   `json:"kind"`
	From  *string  `json:"from"`  // null: on a day to be agreed
	Until *string  `json:"until"` // null: until further notice
	Text  string   `json:"text"`
	Prior bool     `json:"already,omitempty"` // it is so without the proposal
	With  []string `json:"with,omitempty"`
}

var landingCodes = map[Landing]string{Landed: "placed", Merged: "merged", Elsewhere: "elsewhere", Remains: "remains", Closed: "ended", Open: "not-certain", Unplaced: "orphan"}

// JSON gives the table for programs.
func (t *Transfer) JSON() []MovingJSON {
	rows := make([]*Moving, len(t.Rows))
	for i := range t.Rows {
		rows[i] = &t.Rows[i]
	}
	return MovingsJSON(rows)
}

// MovingsJSON gives some of its rows.
func MovingsJSON(rows []*Moving) []MovingJSON {
	out := make([]MovingJSON, len(rows))
	for i, m := range rows {
		x := MovingJSON{Function: m.Function.Record.String(), Name: m.Function.Text, Domain: m.Domain, Course: m.Course.Code(), From: placeJSON(m.From), To: placeJSON(m.To), On: m.On.String(), Steps: []StepJSON{},
			Becomes: keysOf(m.Becomes), Was: keysOf(m.Was), Reason: m.Reason, Landing: landingCodes[m.state], Faults: faultsJSON(m.Faults), Doubts: faultsJSON(m.Doubts)}
		for _, s := range m.Steps {
			x.Steps = append(x.Steps, StepJSON{s.On.String(), placeJSON(s.To)})
		}
		if m.Body != (Named{}) {
			x.Body = m.Body.Record.String()
		}
		if m.Gone != (Named{}) {
			x.Gone = m.Gone.Record.String()
		}
		out[i] = x
	}
	return out
}

func placeJSON(p *Place) *PlaceJSON {
	if p == nil {
		return nil
	}
	key := func(n Named) *string {
		if n == (Named{}) {
			return nil
		}
		return new(n.Record.String())
	}
	out := &PlaceJSON{key(p.Unit), key(p.Manager), keysOf(p.Answers), key(p.Organisation)}
	if out.Answers == nil {
		out.Answers = []string{}
	}
	return out
}

func keysOf(all []Named) (out []string) {
	for _, n := range all {
		out = append(out, n.Record.String())
	}
	return out
}

func faultsJSON(all []Fault) []FaultJSON {
	out := []FaultJSON{}
	for _, f := range all {
		x := FaultJSON{Kind: string(f.Kind), Text: f.Text, Prior: f.Prior, With: keysOf(f.With)}
		if f.From != fact.MaxDay {
			x.From = new(f.From.String())
		}
		if f.Until != fact.MaxDay {
			x.Until = new(f.Until.String())
		}
		out = append(out, x)
	}
	return out
}
