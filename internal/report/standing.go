package report

import (
	"fmt"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/rule"
)

// StandingsJSON is what `plumbline timeline --format json` writes. Bands lie one after another without a day between them, both days included; edges are the days on which a
// criterion or a rule comes to stand otherwise, with what of the record begins, changes or ends on them.
type StandingsJSON struct {
	When
	From     string             `json:"from"`
	To       string             `json:"to"`
	Criteria []StandingLaneJSON `json:"criteria"`
	Rules    []StandingLaneJSON `json:"rules"`
	Edges    []TurnDayJSON      `json:"edges"`
}

// StandingLaneJSON is the bands of one criterion or rule.
type StandingLaneJSON struct {
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	Bands []BandJSON `json:"bands"`
}

// BandJSON is days on which it stands the same.
type BandJSON struct {
	From  string `json:"from"`
	Until string `json:"until"`
	StandingJSON
}

// StandingJSON is how a criterion stands (machine, judgement, freshness, conditions), or a rule (outcome, severity).
type StandingJSON struct {
	Machine    string `json:"machine,omitempty"`
	Judgement  string `json:"judgement,omitempty"`
	Freshness  string `json:"freshness,omitempty"`
	Conditions string `json:"conditions,omitempty"`
	Outcome    string `json:"outcome,omitempty"`
	Severity   string `json:"severity,omitempty"`
}

// TurnDayJSON is a day on which something comes to stand otherwise.
type TurnDayJSON struct {
	On     string          `json:"on"`
	Turns  []TurnJSON      `json:"turns"`
	Events []TurnEventJSON `json:"events"`
}

// TurnJSON is one criterion or rule that does.
type TurnJSON struct {
	Criterion string       `json:"criterion,omitempty"`
	Rule      string       `json:"rule,omitempty"`
	Worse     bool         `json:"worse"`
	Was       StandingJSON `json:"was"`
	Is        StandingJSON `json:"is"`
	What      string       `json:"what"`
}

// TurnEventJSON is something of the record that begins, changes or ends.
type TurnEventJSON struct {
	Record string `json:"record"`
	Entry  int64  `json:"entry,omitempty"`
	What   string `json:"what"`
}

// NewStandingsJSON writes down how everything stands.
func NewStandingsJSON(t *assure.Timeline, when When) StandingsJSON {
	out := StandingsJSON{When: when, From: t.From.String(), To: t.To.String(), Criteria: lanesJSON(t.Criteria), Rules: lanesJSON(t.Rules), Edges: []TurnDayJSON{}}
	for _, e := range t.Edges {
		x := TurnDayJSON{On: e.On.String(), Turns: []TurnJSON{}, Events: []TurnEventJSON{}}
		for i := range e.Turns {
			turn := &e.Turns[i]
			x.Turns = append(x.Turns, TurnJSON{turn.Criterion, turn.Rule, turn.Worse(), standingJSON(turn.Was), standingJSON(turn.Is), turn.What})
		}
		for _, v := range e.Events {
			x.Events = append(x.Events, TurnEventJSON{v.Record.String(), v.Entry, v.What})
		}
		out.Edges = append(out.Edges, x)
	}
	return out
}

func lanesJSON(lanes []assure.Lane) []StandingLaneJSON {
	out := []StandingLaneJSON{}
	for _, l := range lanes {
		x := StandingLaneJSON{ID: l.ID, Name: l.Name}
		for _, b := range l.Bands {
			x.Bands = append(x.Bands, BandJSON{b.From.String(), b.Until.String(), standingJSON(b.Standing)})
		}
		out = append(out, x)
	}
	return out
}

func standingJSON(s assure.Standing) StandingJSON {
	out := StandingJSON{Machine: string(s.Machine), Judgement: s.Judgement, Conditions: string(s.Conditions), Outcome: string(s.Outcome), Severity: string(s.Severity)}
	if s.Judgement != "" {
		out.Freshness = map[bool]string{false: "current", true: "stale"}[s.Stale]
	}
	return out
}

// StandingWords says how a criterion or a rule stands.
func StandingWords(s assure.Standing) string {
	if s.Machine == "" {
		if s.Outcome == rule.NotMet {
			return Word(s.Severity)
		}
		return Word(s.Outcome)
	}
	out := Word(s.Machine)
	if s.Judgement == "" {
		return out + "; not judged"
	}
	out += "; judged " + strings.ToLower(Word(s.Judgement))
	if s.Stale {
		out += ", to be made again"
	}
	switch s.Conditions {
	case rule.Fails:
		out += "; a condition fails"
	case rule.CannotBeTested:
		out += "; a condition cannot be tested"
	}
	return out
}

// Standings writes how each criterion and each rule stood, and will stand as far as is agreed, from one day to another. after is the day after which the next lapse is looked for.
func Standings(t *assure.Timeline, council string, after fact.Day) Document {
	d := Document{Title: "How it stands, day by day: " + council, Dates: DatesOf(t.View)}
	d.Lead = append(d.Lead, fmt.Sprintf("From %s to %s. Between the days named here nothing comes to stand otherwise, as far as is recorded.", t.From.Words(), t.To.Words()))
	for _, c := range t.Criteria {
		if on, turn := t.Lapse(after, c.ID); turn != nil {
			d.Lead = append(d.Lead, fmt.Sprintf("%s: lapses on %s: %s.", c.Name, on.Words(), strings.TrimSuffix(turn.What, ".")))
		} else {
			d.Lead = append(d.Lead, fmt.Sprintf("%s: no lapse is known after %s.", c.Name, after.Words()))
		}
	}
	bands := Table{Head: []string{"Criterion", "From", "Until", "How it stands"}}
	for _, l := range t.Criteria {
		for _, b := range l.Bands {
			bands.Rows = append(bands.Rows, []Cell{{Text: l.Name}, {Text: b.From.Words()}, {Text: b.Until.Words()}, {Text: StandingWords(b.Standing)}})
		}
	}
	d.Sections = append(d.Sections, Section{"The criteria", []Block{bands}})
	for _, e := range t.Edges {
		s := Section{Title: e.On.Words()}
		var events, turns List
		for _, x := range e.Events {
			what := x.What
			if x.Entry != 0 && !t.View.Supposes(x.Entry) {
				what += fmt.Sprintf(" (entry %d)", x.Entry)
			}
			events = append(events, what)
		}
		for i := range e.Turns {
			turn := &e.Turns[i]
			name := turn.Name
			if turn.Rule != "" {
				name = turn.Rule + " " + name
			}
			line := name + ": " + StandingWords(turn.Was) + " → " + StandingWords(turn.Is)
			if turn.What != "" {
				line += ". " + capital(turn.What)
			}
			turns = append(turns, line)
		}
		if len(events) > 0 {
			s.Blocks = append(s.Blocks, events)
		}
		s.Blocks = append(s.Blocks, turns)
		d.Sections = append(d.Sections, s)
	}
	if len(t.Edges) == 0 {
		d.Lead = append(d.Lead, "Nothing comes to stand otherwise on any of these days.")
	}
	return d
}
