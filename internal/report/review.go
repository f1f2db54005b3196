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

// Reviewed is a test then and now, for its formal review. It judges nothing: the review is a test of its own, which starts blank.
type Reviewed struct {
	Live            *Live         `json:"live"`
	Recommendations []Recommended `json:"recommendations"`
	Heard           []HeardSince  `json:"feedback"`
	Figures         int           `json:"figures"` // pieces of evidence of the test that are figures; there are no indicators to compare
}

// HeardSince is what one sort of people said, in the year up to the report and since.
type HeardSince struct {
	Who  string `json:"given_by"`
	Then Rounds `json:"then"`
	Now  Rounds `json:"since"`
}

// Rounds counts how often people were heard, and how many they were where that is recorded.
type Rounds struct {
	Rounds int `json:"rounds"`
	People int `json:"people"`
}

// Words says how often people were heard: "2 rounds (412 people)".
func (r Rounds) Words() string {
	if r.Rounds == 0 {
		return "none"
	}
	s := Count(r.Rounds, "round", "rounds")
	if r.People > 0 {
		s += " (" + Count(r.People, "person", "people") + ")"
	}
	return s
}

// ReviewOf lays a test as it was issued beside the record of the day. The assessment is that of LiveOf.
func ReviewOf(p *rule.Pack, test *graph.Record, a *assure.Assessment) *Reviewed {
	v := test.View()
	out := &Reviewed{Live: LiveOf(p, test, a), Recommendations: each(SummaryOf(p, test).Recommendations), Heard: []HeardSince{}}
	for _, e := range test.Referring("evidence", "test") {
		if e.Text("method") == "data" {
			out.Figures++
		}
	}
	field := v.Kinds().Kind("feedback").Field("given_by")
	reported := test.Date("reported_on")
	for _, who := range field.Choices {
		row := HeardSince{Who: Capital(Say(p, field, who))}
		for past := range v.Pasts("feedback") {
			f := past.Record
			on := f.Date("given_on")
			if f.Text("given_by") != who || on.IsZero() || on.Form == fact.ToBeAgreed || on.First > v.On() || f.Proposal() != "" {
				continue
			}
			people, _ := f.Number("people")
			at := &row.Now
			if on.Last <= reported.Last {
				at = &row.Then
				if on.Last <= reported.Last.AddMonths(-12) {
					continue
				}
			}
			at.Rounds++
			at.People += int(people)
		}
		if row.Then.Rounds+row.Now.Rounds > 0 {
			out.Heard = append(out.Heard, row)
		}
	}
	return out
}

// When says when the review is due.
func (r *Reviewed) When() string {
	l := r.Live
	switch {
	case !l.reported:
		return "The test is not reported yet, so there is nothing to review."
	case l.Successor != nil:
		return "It was reviewed by another test: " + l.Successor.Text + "."
	case l.due.IsZero():
		return "No day is recorded by which it should be reviewed."
	case overdue(l.due, l.on):
		return "The review was due " + l.ReviewDue + "."
	}
	return "The review is due " + l.ReviewDue + "."
}

// Document is the review as a report.
func (r *Reviewed) Document(v *graph.View) Document {
	l := r.Live
	d := Document{Title: "Review: " + l.Test.Text, Dates: DatesOf(v), Lead: []string{r.When()}}
	if !l.reported {
		return d
	}
	d.Lead = append(d.Lead, "What was judged then stands beside what the record shows now. The review itself is a new test: it starts blank, and its adviser judges anew.")
	criteria := Table{Caption: "Then and now", Head: []string{"Criterion", "When issued, " + l.Reported, "Now", "What changed"}, Headed: true}
	for _, c := range l.Criteria {
		was, now := NotJudged, "Current"
		if c.Outcome != "" {
			was = Word(c.Outcome)
		}
		if c.Freshness == "stale" {
			now = "Out of date, for " + Count(len(c.Because), "reason", "reasons")
		}
		if c.Machine != assure.Clear {
			now += ". " + machineWords[c.Machine]
		}
		var changed []string
		for _, x := range l.Changes {
			if slices.Contains(x.Bears, c.Name) || len(x.Bears) == 0 {
				changed = append(changed, x.What)
			}
		}
		what := Capital(strings.Join(changed, "; "))
		if what == "" {
			what = "Nothing"
		}
		criteria.Rows = append(criteria.Rows, []Cell{cell(c.Name), {Text: was, Record: c.Judgement}, cell(now), cell(what)})
	}
	d.Sections = append(d.Sections, Section{"Criteria", []Block{criteria}}, Section{"Conditions", l.conditions()}, Section{"Recommendations", r.recommendations()})
	heard := []Block{Para("No feedback is recorded, from the year before the report or since.")}
	if len(r.Heard) > 0 {
		t := Table{Caption: "What the workforce, service users and others said", Head: []string{"From", "In the year up to the report", "Since"}, Headed: true}
		for _, h := range r.Heard {
			t.Rows = append(t.Rows, cells(h.Who, h.Then.Words(), h.Now.Words()))
		}
		heard = []Block{t}
	}
	d.Sections = append(d.Sections, Section{"Feedback", heard}, Section{"Indicators", []Block{Para(r.figures())}})
	return d
}

// figures says what the review cannot show: there is no kind of record for indicators.
func (r *Reviewed) figures() string {
	s := "Figures then and now cannot be shown: the record has no place for indicators. Whoever reviews asks for them, and keeps them as evidence of the new test."
	if r.Figures > 0 {
		s += " The test that is reviewed has " + Count(r.Figures, "piece", "pieces") + " of evidence with figures, to compare them with."
	}
	return s
}

func (r *Reviewed) recommendations() []Block {
	if len(r.Recommendations) == 0 {
		return []Block{Para("The test recommends nothing.")}
	}
	stands, late := map[Stand]int{}, 0
	t := Table{Caption: "What was recommended, and what came of it", Head: []string{"Recommendation", "Response", "Where it stands"}, Headed: true}
	for i := range r.Recommendations {
		x := &r.Recommendations[i]
		stands[x.Stand]++
		words := x.Stand.Words()
		if x.Late {
			late++
			words += ", late"
		}
		if x.Complete != "" {
			words += ": " + lower(x.Complete)
		}
		answer := x.Answer()
		if answer == words {
			answer = "" // it is said already
		}
		t.Rows = append(t.Rows, []Cell{{Text: strings.TrimSpace(x.Number + " " + short(x.Text)), Record: x.Recommendation.Record}, cell(answer), cell(words)})
	}
	var parts []string
	for _, s := range Stands {
		if n := stands[s.Stand]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s: %d", small(s.Words), n))
		}
	}
	sum := Sentence(strings.Join(parts, "; "))
	if late > 0 {
		sum = Sentence(strings.Join(parts, "; ") + fmt.Sprintf("; late: %d", late))
	}
	return []Block{Para(sum), t.filled()}
}

// mostLive is how many tests are looked at closely for the list of what is live; there is seldom more than one.
const mostLive = 20

// LiveTests is the tests on record on a day, the newest first, and of those that are live how they stand.
func LiveTests(p *rule.Pack, v *graph.View, assess func(*graph.View) *assure.Assessment) (Document, []*Live) {
	d := Document{Title: "Tests of assurance", Dates: DatesOf(v)}
	all := Testing(v)
	if len(all) == 0 {
		d.Lead = []string{"No tests on this day. When a proposal gives a director of children's services other duties, a test is expected."}
		return d, nil
	}
	t := Table{Caption: "What is live", Head: []string{"Test", "Judgements", "Conditions open", "Changes since", "Review due", "State"}, Headed: true}
	var lives []*Live
	for _, test := range slices.Backward(all) {
		name := named(p, test)
		if !Reported(test, v.On()) || len(lives) == mostLive {
			state := "In progress"
			if Reported(test, v.On()) {
				state = "See its own page"
			}
			t.Rows = append(t.Rows, []Cell{Cell(name), cell(""), cell(""), cell(""), cell(inWords(test.Date("review_due"))), cell(state)})
			continue
		}
		of := assure.Tested(v, test)
		l := LiveOf(p, test, assure.AssessTest(assess(of).Results, of, of.Record(test.Key())))
		lives = append(lives, l)
		var judged []string
		for _, c := range l.Criteria {
			if c.Outcome != "" {
				judged = append(judged, Word(c.Outcome))
			}
		}
		open := 0
		for i := range l.Conditions {
			if l.Conditions[i].Stand != StandDone {
				open++
			}
		}
		state := "Live"
		for _, c := range l.Criteria {
			if c.Freshness == "stale" {
				state = "Out of date"
			}
		}
		if l.Successor != nil {
			state = "Replaced"
		}
		t.Rows = append(t.Rows, []Cell{Cell(name), cell(strings.Join(judged, " · ")), cell(fmt.Sprintf("%d of %d", open, len(l.Conditions))), cell(fmt.Sprint(len(l.Changes))), cell(l.ReviewDue), cell(state)})
	}
	d.Sections = []Section{{"Tests", []Block{t}}}
	return d, lives
}
