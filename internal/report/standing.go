package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
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
	Holders  []HolderLaneJSON   `json:"holders"`
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
	On     string           `json:"on"`
	Turns  []TurnJSON       `json:"turns"`
	Losses []LossJSON       `json:"losses"`
	Holds  []HolderTurnJSON `json:"holders"`
	Events []TurnEventJSON  `json:"events"`
}

// HolderLaneJSON is who held a statutory role, by its code, or was in a senior post. From and until are dates as they are recorded, and empty where none is.
type HolderLaneJSON struct {
	Role  string           `json:"role,omitempty"`
	Post  string           `json:"post,omitempty"`
	Name  string           `json:"name"`
	Bands []HolderBandJSON `json:"bands"`
}

// HolderBandJSON is days over which it stood alike.
type HolderBandJSON struct {
	From    string  `json:"from"`
	Until   string  `json:"until"`
	State   string  `json:"state"`
	Holders []Named `json:"holders"`
}

// HolderTurnJSON is a role or post that somebody else, or nobody, holds from the day on; when says how exactly the day is known.
type HolderTurnJSON struct {
	Lane   string          `json:"lane"`
	When   string          `json:"when"`
	What   string          `json:"what"`
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
func NewStandingsJSON(s *Standings, when When) StandingsJSON {
	t := s.Timeline
	out := StandingsJSON{When: when, From: t.From.String(), To: t.To.String(), Criteria: lanesJSON(t.Criteria), Rules: lanesJSON(t.Rules), Holders: []HolderLaneJSON{}, Edges: []TurnDayJSON{}}
	for _, l := range s.Holders {
		x := HolderLaneJSON{Role: l.Role, Name: l.Name, Bands: []HolderBandJSON{}}
		if l.Post.ID != "" {
			x.Post = l.Post.String()
		}
		for _, b := range l.Periods {
			x.Bands = append(x.Bands, HolderBandJSON{b.From.Date.String(), b.Until.Date.String(), b.Word, append([]Named{}, b.Holders...)})
		}
		out.Holders = append(out.Holders, x)
	}
	for _, e := range s.Edges {
		x := TurnDayJSON{On: e.On.String(), Turns: []TurnJSON{}, Losses: lossesJSON(e.Losses), Holds: []HolderTurnJSON{}, Events: eventsJSON(e.Events)}
		for i := range e.Turns {
			turn := &e.Turns[i]
			x.Turns = append(x.Turns, TurnJSON{turn.Criterion, turn.Rule, turn.Worse(), standingJSON(turn.Was), standingJSON(turn.Is), turn.What})
		}
		for _, h := range e.Holders {
			x.Holds = append(x.Holds, HolderTurnJSON{h.Lane, h.When, h.What, eventsJSON(h.Events)})
		}
		out.Edges = append(out.Edges, x)
	}
	return out
}

func eventsJSON(events []assure.Event) []TurnEventJSON {
	out := []TurnEventJSON{}
	for _, v := range events {
		out = append(out, TurnEventJSON{v.Record.String(), v.Entry, v.What})
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

// Standings is how everything stood, and will stand as far as is agreed, from one day to another, beside who held the statutory roles and the senior posts.
type Standings struct {
	*assure.Timeline
	Holders []HolderLane
	Edges   []StandingEdge // of both, in their order
}

// StandingEdge is a day on which something comes to stand otherwise, or somebody else to hold something.
type StandingEdge struct {
	assure.Edge
	Holders []HolderEdge
}

// StandingsOf gives how everything stands from one day to another.
func StandingsOf(p *rule.Pack, v *graph.View, from, to fact.Day) *Standings {
	s := &Standings{Timeline: assure.TimelineOf(p, v, from, to), Holders: HoldersOf(p, v, from, to)}
	at := map[fact.Day]int{}
	edge := func(on fact.Day) *StandingEdge {
		i, ok := at[on]
		if !ok {
			i = len(s.Edges)
			at[on] = i
			s.Edges = append(s.Edges, StandingEdge{Edge: assure.Edge{On: on}})
		}
		return &s.Edges[i]
	}
	for _, e := range s.Timeline.Edges {
		edge(e.On).Edge = e
	}
	for _, h := range HolderEdges(p, v, s.Holders, from, to) {
		e := edge(h.On)
		e.Holders = append(e.Holders, h)
	}
	slices.SortFunc(s.Edges, func(a, b StandingEdge) int { return cmp.Compare(a.On, b.On) })
	return s
}

// Document writes it. after is the day after which the next lapse is looked for.
func (s *Standings) Document(council string, after fact.Day) Document {
	t := s.Timeline
	d := Document{Title: "How it stands, day by day: " + council, Dates: DatesOf(t.View)}
	d.Lead = append(d.Lead, fmt.Sprintf("From %s to %s. Between the days named here nothing comes to stand otherwise, as far as is recorded.", t.From.Words(), t.To.Words()))
	lapses := Table{Head: []string{"Criterion", "Lapses on", "Why"}, Headed: true}
	for _, c := range t.Criteria {
		row := cells(c.Name, "None is known after "+after.Words(), "")
		if on, turn := t.Lapse(after, c.ID); turn != nil {
			row = cells(c.Name, on.Words(), Sentence(turn.What))
		}
		lapses.Rows = append(lapses.Rows, row)
	}
	if len(lapses.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"What lapses next", []Block{lapses.filled()}})
	}
	bands := Table{Headed: true, Head: []string{"Criterion", "From", "Until", "How it stands"}}
	for _, l := range t.Criteria {
		for _, b := range l.Bands {
			bands.Rows = append(bands.Rows, []Cell{{Text: l.Name}, {Text: b.From.Words()}, {Text: b.Until.Words()}, {Text: StandingWords(b.Standing)}})
		}
	}
	holders := Table{Headed: true, Head: []string{"Role or post", "From", "Until", "Held by"}}
	for _, l := range s.Holders {
		for i := range l.Periods {
			b := &l.Periods[i]
			holders.Rows = append(holders.Rows, []Cell{{Text: l.Name}, {Text: b.From.Words}, {Text: b.Until.Words}, {Text: b.held()}})
		}
	}
	d.Sections = append(d.Sections, Section{"The criteria", []Block{bands}}, Section{"Statutory roles and senior posts", []Block{holders}})
	for i := range s.Edges {
		e := &s.Edges[i]
		var lists []Block
		if l := eventList(t.View, e.Events); len(l) > 0 {
			lists = append(lists, l)
		}
		var who List
		for _, h := range e.Holders {
			line := h.Lane + ": " + h.What
			if h.When != e.On.Words() {
				line += " (" + h.When + ")"
			}
			if l := eventList(t.View, h.Events); len(l) > 0 {
				line += ". " + strings.Join(l, "; ")
			}
			who = append(who, line)
		}
		if len(who) > 0 {
			lists = append(lists, who)
		}
		var turns List
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
		for _, l := range e.Losses {
			if l.Rule != "" && !slices.ContainsFunc(e.Turns, func(t assure.Turn) bool { return t.Rule == l.Rule }) {
				turns = append(turns, lossWords(&l))
			}
		}
		if len(turns) > 0 {
			lists = append(lists, turns)
		}
		d.Sections = append(d.Sections, Section{e.On.Words(), lists})
	}
	if len(s.Edges) == 0 {
		d.Lead = append(d.Lead, "Nothing comes to stand otherwise on any of these days.")
	}
	return d
}

// held names the holders of a period with how they hold it, or says why there is none.
func (p *Period) held() string {
	if len(p.Holders) == 0 {
		return p.Word
	}
	return p.names() + " (" + lower(p.Word) + ")"
}

// eventList names events with their entries, those alike in one item; what is only supposed has no entry.
func eventList(v *graph.View, events []assure.Event) (out List) {
	before := ""
	for _, x := range events {
		what := x.What
		if x.Entry != 0 && (v == nil || !v.Supposes(x.Entry)) {
			what += fmt.Sprintf(" (entry %d)", x.Entry)
		}
		happened, of, _ := strings.Cut(what, ": ")
		if happened == before {
			out[len(out)-1] += "; " + of
		} else {
			out = append(out, what)
		}
		before = happened
	}
	return out
}

// Row is a band as the period of a bar.
func (s *Standings) Row(b assure.Band) Period {
	p := Period{Status: Held, Word: StandingWords(b.Standing), From: Edge{Date: fact.ExactDate(b.From), Day: b.From, Words: b.From.Words()}, Until: Edge{Date: fact.ExactDate(b.Until), Day: b.Until, Words: b.Until.Words()}}
	switch {
	case b.Machine == assure.Breach, b.Severity == rule.Breach, b.Severity == rule.Departure, b.Conditions == rule.Fails:
		p.Status = Vacant
	case b.Machine == assure.Attention, b.Outcome == rule.CannotTest, b.Conditions == rule.CannotBeTested:
		p.Status = Uncertain
	case b.Stale, b.Severity == rule.Advisory, b.Outcome == rule.MetWithCondition:
		p.Status = Interim
	}
	first, last := b.From == s.From, b.Until == s.To
	if first {
		p.From.Words += " or earlier"
	}
	if last {
		p.Until.Words += " or later"
	}
	if !first && !last {
		p.Length = Length(b.From, b.Until)
	}
	return p
}
