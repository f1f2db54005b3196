package report

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
)

// harmWords heads the scenarios by the worst that each breaks.
var harmWords = map[assure.Harm]string{
	assure.HarmBreach: "Would break the law", assure.HarmDeparture: "Would depart from statutory guidance without a reason", assure.HarmCondition: "Would fail a condition of a judgement",
	assure.HarmUntested: "Would leave what nobody can say", assure.HarmStale: "Would call for a judgement to be made again", assure.HarmAdvisory: "Would lead to advice",
}

// HarmWords heads what would do a harm: "Would break the law".
func HarmWords(h assure.Harm) string { return harmWords[h] }

// ContingencyJSON is what `plumbline contingency --format json` writes. Scenarios break something, the worst first: by breach, departure, condition-fails, cannot-test, stale and
// advisory, as Harm says. Possible counts all that were thought of, asked those that touch what anything depends on.
type ContingencyJSON struct {
	When
	Possible  int            `json:"possible"`
	Asked     int            `json:"asked"`
	Scenarios []ScenarioJSON `json:"scenarios"`
	Pairs     []ScenarioJSON `json:"pairs"` // what two together break and neither alone; empty unless asked for
}

// ScenarioJSON is something taken away: taken is holder, post, seat or evidence; gone lists the records that end.
type ScenarioJSON struct {
	Taken  assure.Taken `json:"taken"`
	Of     string       `json:"of"`
	Gone   []string     `json:"gone"`
	If     string       `json:"if"`
	Then   string       `json:"then"`
	Harm   assure.Harm  `json:"harm"`
	Losses []LossJSON   `json:"losses"`
}

// LossJSON is one thing that breaks: a rule gives a worse outcome for the subjects, or a judgement of the criterion or a condition of it no longer stands.
type LossJSON struct {
	Harm      assure.Harm `json:"harm"`
	Rule      string      `json:"rule,omitempty"`
	Outcome   string      `json:"outcome,omitempty"`
	Criterion string      `json:"criterion,omitempty"`
	Condition string      `json:"condition,omitempty"`
	Subjects  []string    `json:"subjects"`
	What      string      `json:"what"`
}

// NewContingencyJSON writes down a contingency.
func NewContingencyJSON(c *assure.Contingency, when When) ContingencyJSON {
	return ContingencyJSON{when, c.Possible, c.Asked, scenariosJSON(c.Scenarios), scenariosJSON(c.Pairs)}
}

func scenariosJSON(all []assure.Scenario) []ScenarioJSON {
	out := []ScenarioJSON{}
	for i := range all {
		s := &all[i]
		x := ScenarioJSON{s.Taken, s.Of.String(), keyTexts(s.Gone), s.If, s.Then, s.Harm(), lossesJSON(s.Losses)}
		out = append(out, x)
	}
	return out
}

func lossesJSON(losses []assure.Loss) []LossJSON {
	out := []LossJSON{}
	for _, l := range losses {
		x := LossJSON{Harm: l.Harm, Rule: l.Rule, Outcome: string(l.Outcome), Criterion: l.Criterion, Subjects: keyTexts(l.Subjects), What: l.What}
		if l.Condition != (fact.Key{}) {
			x.Condition = l.Condition.String()
		}
		out = append(out, x)
	}
	return out
}

func keyTexts(keys []fact.Key) []string {
	out := []string{}
	for _, k := range keys {
		out = append(out, k.String())
	}
	return out
}

// mostScenarios is how many scenarios of one harm a document spells out; the rest are counted.
const mostScenarios = 50

// Contingency writes what would break if something were gone, the worst first.
func Contingency(c *assure.Contingency, council string) Document {
	d := Document{Title: "What would break if somebody or something were gone: " + council, Dates: DatesOf(c.View)}
	d.Lead = []string{
		fmt.Sprintf("Each person in a post, each post, each seat and each piece of evidence on which a judgement rests was taken away on its own: %s, of which %s touch anything that a rule, a condition or a judgement depends on.", Count(c.Possible, "case", "cases"), fmt.Sprint(c.Asked)),
		"Nothing of this is recorded. The worst comes first: a breach of the law, a departure from guidance, a condition that fails, what could no longer be tested, a judgement to be made again, advice.",
	}
	if len(c.Scenarios) == 0 {
		d.Lead = append(d.Lead, "Nothing would break by the loss of any one of them.")
	}
	d.Sections = append(d.Sections, byHarm(c.Scenarios, "")...)
	d.Sections = append(d.Sections, byHarm(c.Pairs, "Two at once: ")...)
	return d
}

func byHarm(all []assure.Scenario, prefix string) (out []Section) {
	more := 0
	end := func() {
		if more > 0 {
			last := &out[len(out)-1]
			last.Blocks = append(last.Blocks, Para(fmt.Sprintf("And %s like it.", Count(more, "case", "cases"))))
		}
		more = 0
	}
	for i := range all {
		s := &all[i]
		if title := prefix + harmWords[s.Harm()]; len(out) == 0 || out[len(out)-1].Title != title {
			end()
			out = append(out, Section{Title: title})
		}
		last := &out[len(out)-1]
		if len(last.Blocks) >= 2*mostScenarios {
			more++
			continue
		}
		sentence := "If " + s.If
		if s.Then != "" {
			sentence += ", " + s.Then
		}
		var breaks List
		for _, l := range Breaks(s.Losses) {
			breaks = append(breaks, lossWords(&l))
		}
		last.Blocks = append(last.Blocks, Para(sentence+":"), breaks)
	}
	end()
	return out
}

// Breaks says what breaks as people read it: judgements that have to be made again for the same reasons are one line, with all of them.
func Breaks(losses []assure.Loss) (out []assure.Loss) {
	type remade struct {
		names    []string // of the criteria
		subjects []fact.Key
	}
	var reasons []string
	of := map[string]*remade{}
	for _, l := range losses {
		if l.Reason == "" {
			continue
		}
		x := of[l.Reason]
		if x == nil {
			x = &remade{}
			of[l.Reason], reasons = x, append(reasons, l.Reason)
		}
		x.names, x.subjects = append(x.names, "“"+l.Title+"”"), append(x.subjects, l.Subjects...)
	}
	told := map[string]bool{}
	for _, l := range losses {
		if l.Reason == "" {
			out = append(out, l)
			continue
		}
		x := of[l.Reason]
		if told[l.Reason] {
			continue
		}
		var why []string
		for _, r := range reasons {
			if slices.Equal(of[r].names, x.names) {
				told[r], why = true, append(why, r)
			}
		}
		what := "the judgement of " + x.names[0] + " has to be made again: "
		if len(x.names) > 1 {
			what = "the judgements of " + And(x.names) + " have to be made again: "
		}
		l.What, l.Subjects = what+strings.Join(together(why), "; "), x.subjects
		out = append(out, l)
	}
	return out
}

// together says once what left one role for several functions: "Education and Youth left the director".
func together(reasons []string) (out []string) {
	const left = " left the "
	what := map[string][]string{}
	for _, r := range reasons {
		if name, from, ok := strings.Cut(r, left); ok {
			what[from] = append(what[from], name)
		}
	}
	for _, r := range reasons {
		_, from, ok := strings.Cut(r, left)
		switch {
		case !ok:
			out = append(out, r)
		case what[from] != nil:
			out = append(out, And(what[from])+left+from)
			what[from] = nil
		}
	}
	return out
}

func lossWords(l *assure.Loss) string {
	if l.Rule != "" {
		return l.Rule + " " + l.Title + ". " + l.What
	}
	return capital(l.What) + "."
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
