package report

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Live is how a test that was reported stands on a day: what it judged, what changed since, and what calls for a fresh look.
type Live struct {
	Test       Named           `json:"test"`
	Reported   string          `json:"reported_on,omitempty"`
	ReviewDue  string          `json:"review_due,omitempty"`
	Successor  *Named          `json:"replaced_by,omitempty"`
	Criteria   []LiveCriterion `json:"criteria"`
	Conditions []LiveCondition `json:"conditions"`
	Changes    []LiveChange    `json:"changes"`
	Triggers   []LiveTrigger   `json:"triggers"`
	Viewings   []Viewed        `json:"looked_at"`
	reported   bool
	due        fact.Date
	on         fact.Day
}

// LiveCriterion is a criterion as it was judged, and how that stands.
type LiveCriterion struct {
	Code      string         `json:"criterion"`
	Name      string         `json:"name"`
	Outcome   string         `json:"outcome,omitempty"`
	Freshness string         `json:"freshness,omitempty"` // current, stale
	Machine   assure.Machine `json:"machine"`
	Because   []string       `json:"stale_because"`
	Judgement fact.Key       `json:"-"`
}

// LiveCondition is a condition, and since when it stands as it does; empty where that is not known.
type LiveCondition struct {
	JudgedCondition
	Since string `json:"since,omitempty"`
}

// LiveChange is something that changed since the test was reported, and the criteria on which it bears.
type LiveChange struct {
	What  string   `json:"what"`
	Entry int64    `json:"entry,omitempty"` // 0 where it is the calendar
	Bears []string `json:"bears_on"`
}

// LiveTrigger is something that may call for a fresh look before the review.
type LiveTrigger struct {
	Code  string  `json:"trigger"`
	What  string  `json:"what"`
	Set   bool    `json:"set"`
	Found []Named `json:"found"`
}

// Viewed is that a board or somebody in a post looked at a live test.
type Viewed struct {
	Viewing Named  `json:"viewing"`
	By      Named  `json:"by"`
	On      string `json:"on"`
	Text    string `json:"text,omitempty"`
	day     fact.Day
}

// Reported reports whether a test was reported by a day.
func Reported(test *graph.Record, on fact.Day) bool { return overdue(test.Date("reported_on"), on+1) }

// LiveOf says how a test stands. The assessment is that of the test, of what it is of: see assure.AssessTest and assure.Tested.
func LiveOf(p *rule.Pack, test *graph.Record, a *assure.Assessment) *Live {
	v := test.View()
	out := &Live{Test: named(p, test), Reported: inWords(test.Date("reported_on")), ReviewDue: inWords(test.Date("review_due")), due: test.Date("review_due"), on: v.On(),
		Conditions: []LiveCondition{}, Changes: []LiveChange{}, Triggers: []LiveTrigger{}, Viewings: []Viewed{}}
	out.reported = Reported(test, v.On())
	if by := test.Referring("test", "supersedes"); len(by) > 0 {
		n := named(p, by[len(by)-1])
		out.Successor = &n
	}
	names := map[string]string{}
	for _, c := range a.Criteria {
		names[c.ID] = c.Name
	}
	for _, c := range a.Criteria {
		row := LiveCriterion{Code: c.ID, Name: c.Name, Machine: c.Machine, Because: []string{}}
		if j := c.Judgement; j != nil {
			row.Outcome, row.Judgement, row.Freshness = j.Outcome, j.Record.Key(), "current"
			for _, r := range j.Stale {
				row.Freshness = "stale"
				row.Because = append(row.Because, r.What)
				if slices.ContainsFunc(out.Changes, func(x LiveChange) bool { return x.What == r.What }) {
					continue
				}
				change := LiveChange{What: r.What, Entry: r.Entry, Bears: []string{}}
				for _, code := range a.Bears(r) {
					change.Bears = append(change.Bears, names[code])
				}
				out.Changes = append(out.Changes, change)
			}
		}
		out.Criteria = append(out.Criteria, row)
	}
	since := map[fact.Key]string{}
	for _, c := range a.Criteria {
		if c.Judgement == nil || !out.reported {
			continue
		}
		for _, x := range c.Judgement.Conditions {
			if x.State != rule.Holds && x.Record.Text("expression") != "" {
				since[x.Record.Key()] = assure.Since(p, a.View, x, test.Date("reported_on").Last).Words()
			}
		}
	}
	for _, c := range SummaryOf(p, test).Conditions {
		out.Conditions = append(out.Conditions, LiveCondition{c, since[c.Condition.Record]})
	}
	for _, t := range assure.Triggers(p, a.View, test) {
		x := LiveTrigger{Code: t.Code, What: t.What, Set: t.Set(), Found: []Named{}}
		slices.SortStableFunc(t.Found, func(a, b assure.Found) int { // what sets it off comes first
			switch {
			case a.Set == b.Set:
				return 0
			case a.Set:
				return -1
			}
			return 1
		})
		for _, f := range t.Found {
			x.Found = append(x.Found, Named{Capital(f.What), f.Record})
		}
		out.Triggers = append(out.Triggers, x)
	}
	for _, w := range test.Referring("viewing", "test") {
		x := Viewed{Viewing: named(p, w), On: inWords(w.Date("viewed_on")), Text: onLine(w.Text("text")), day: w.Date("viewed_on").Last}
		for _, field := range []string{"board", "post"} {
			if k, ok := w.RefKey(field); ok {
				x.By = called(p, v, k)
			}
		}
		out.Viewings = append(out.Viewings, x)
	}
	slices.SortStableFunc(out.Viewings, func(a, b Viewed) int { return int(a.day - b.day) })
	return out
}

// Standing says in a sentence how the test stands.
func (l *Live) Standing() string {
	stale := 0
	for _, c := range l.Criteria {
		if c.Freshness == "stale" {
			stale++
		}
	}
	failing := ""
	if n := l.failing(); n > 0 {
		failing = " " + Capital(Count(n, "condition does", "conditions do")) + " not hold on this day."
	}
	switch {
	case !l.reported:
		return "It is not reported yet, so there is nothing to keep live."
	case l.Successor != nil:
		return "It was replaced by another test: " + l.Successor.Text + "."
	case stale > 0:
		return Capital(Count(stale, "judgement is", "judgements are")) + " out of date: what was so when the test was made has changed since." + failing
	case l.due.IsZero():
		return "It is live. No day is recorded by which it should be reviewed." + failing
	}
	return "It is live until its review, which is due " + l.ReviewDue + "." + failing
}

// failing counts the conditions that the record shows not to hold.
func (l *Live) failing() (n int) {
	for i := range l.Conditions {
		if l.Conditions[i].State == rule.Fails {
			n++
		}
	}
	return n
}

// Needs says in how many ways the test asks for somebody: stale judgements, conditions that fail and triggers that are set off.
func (l *Live) Needs() (out []string) {
	for _, c := range l.Criteria {
		if c.Freshness == "stale" {
			out = append(out, "The judgement on “"+c.Name+"” is out of date")
		}
	}
	for i := range l.Conditions {
		c := &l.Conditions[i]
		switch c.State {
		case rule.Fails:
			out = append(out, "A condition does not hold: "+c.Condition.Text)
		case rule.CannotBeTested:
			if c.Stand == StandOpen {
				out = append(out, "A condition cannot be tested: "+c.Condition.Text)
			}
		}
	}
	for _, t := range l.Triggers {
		if t.Set {
			for _, f := range t.Found {
				out = append(out, t.What+": "+f.Text)
			}
		}
	}
	return out
}

// Document is the page of a live test as a report.
func (l *Live) Document(v *graph.View) Document {
	d := Document{Title: "Live: " + l.Test.Text, Dates: DatesOf(v), Lead: []string{l.Standing()}}
	if !l.reported {
		return d
	}
	judged := Table{Caption: "Judgements when issued, " + l.Reported + ", and now", Head: []string{"Criterion", "When issued", "Now", "What the record shows"}, Headed: true}
	for _, c := range l.Criteria {
		was, now := NotJudged, ""
		if c.Outcome != "" {
			was, now = Word(c.Outcome), "Current"
		}
		if c.Freshness == "stale" {
			now = "Out of date: " + strings.Join(c.Because, "; ")
		}
		judged.Rows = append(judged.Rows, []Cell{cell(c.Name), {Text: was, Record: c.Judgement}, cell(now), cell(machineWords[c.Machine])})
	}
	d.Sections = append(d.Sections, Section{"Judgements", []Block{judged}})
	d.Sections = append(d.Sections, Section{"Conditions", l.conditions()})
	d.Sections = append(d.Sections, Section{"Changes since it was issued", l.changes()})
	triggers := Table{Caption: "What calls for a fresh look before the review", Head: []string{"What", "State", "What the record shows"}, Headed: true}
	for _, t := range l.Triggers {
		state, found := "Quiet", "None"
		if t.Set {
			state = "Set off"
		}
		var lines []string
		for _, f := range t.Found {
			lines = append(lines, f.Text)
		}
		if lines != nil {
			found = strings.Join(lines, "; ")
		}
		triggers.Rows = append(triggers.Rows, []Cell{cell(t.What), cell(state), cell(found)})
	}
	d.Sections = append(d.Sections, Section{"Triggers", []Block{triggers}})
	looked := []Block{Para("Nobody is recorded to have looked at it.")}
	if len(l.Viewings) > 0 {
		t := Table{Caption: "Who looked at where the test stands", Head: []string{"Who", "When", "What came of it"}, Headed: true}
		for _, x := range l.Viewings {
			t.Rows = append(t.Rows, []Cell{{Text: x.By.Text, Record: x.Viewing.Record}, cell(x.On), cell(x.Text)})
		}
		looked = []Block{t}
	}
	d.Sections = append(d.Sections, Section{"Looked at by", looked})
	return d
}

var machineWords = map[assure.Machine]string{assure.Clear: "Nothing against it", assure.Attention: "Something to look at", assure.Breach: "A breach of law"}

func (l *Live) conditions() []Block {
	if len(l.Conditions) == 0 {
		return []Block{Para("The judgements have no conditions.")}
	}
	t := Table{Caption: "Conditions, checked again on this day", Head: []string{"Condition", "Of", "What the record shows", "What was said", "By when"}, Headed: true}
	for i := range l.Conditions {
		c := &l.Conditions[i]
		by := c.By
		if c.Late {
			by += " (late)"
		}
		record := c.ByRecord()
		if c.Since != "" {
			record += ", since " + c.Since
		}
		t.Rows = append(t.Rows, []Cell{c.Condition, cell(c.Criterion), cell(record), cell(strings.Join(c.Said(), " ")), cell(by)})
	}
	return []Block{t.filled()}
}

func (l *Live) changes() []Block {
	if len(l.Changes) == 0 {
		return []Block{Para("Nothing has changed since it was issued.")}
	}
	t := Table{Head: []string{"What", "Bears on", "Entry"}}
	for _, c := range l.Changes {
		bears, entry := And(c.Bears), "None: it is the calendar"
		if bears == "" {
			bears = "No criterion in particular"
		}
		if c.Entry > 0 {
			entry = fmt.Sprint(c.Entry)
		}
		t.Rows = append(t.Rows, []Cell{cell(Capital(c.What)), cell(bears), cell(entry)})
	}
	return []Block{t}
}
