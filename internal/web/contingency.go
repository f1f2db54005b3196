package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// contingencyPage says what would break if something were gone, the worst first.
type contingencyPage struct {
	Lead      []string
	Views     []view
	Scenarios []scenarioLine
	Pager     *pager
	Nothing   string
}

// scenarioLine is one thing that could be gone, and what that would break.
type scenarioLine struct {
	Group   string // heads the scenarios of one harm, above the first of them
	Worst   status
	Heading link // to what would be gone
	Then    string
	Losses  []lossLine
	More    string
}

type lossLine struct {
	Status status
	Of     link // the rule
	Text   string
	See    link // the condition, or the judgement
}

const contingencyPath = "/assurance/contingency"

// Parameters of the contingency.
const (
	fieldTaken = "taken"
	fieldDepth = "depth"
)

// On one page stand so many scenarios, each with so many of the things that it breaks.
const (
	scenariosOnPage = 25
	lossesShown     = 6
)

type sortTaken struct {
	id   assure.Taken
	name string
}

// takens are the sorts of thing that can be gone, as people choose among them.
var takens = []sortTaken{{"", "Everything"}, {assure.TakenHolder, "People"}, {assure.TakenPost, "Posts"}, {assure.TakenSeat, "Seats"}, {assure.TakenEvidence, "Evidence"}}

var harms = map[assure.Harm]status{
	assure.HarmBreach:    {report.Word(rule.Breach), "bad"},
	assure.HarmDeparture: {report.Word(rule.Departure), "bad"},
	assure.HarmCondition: {"Condition fails", "bad"},
	assure.HarmUntested:  {report.Word(rule.CannotTest), "doubt"},
	assure.HarmStale:     {"Out of date", "doubt"},
	assure.HarmAdvisory:  {report.Word(rule.Advisory), "doubt"},
}

type keptContingency struct{ pairs bool }

// contingencyOf is what would break of what somebody sees.
func (s *Site) contingencyOf(l *look, pairs bool) *assure.Contingency {
	return keep(l, keptContingency{pairs}, func() *assure.Contingency {
		c := assure.ContingencyOf(s.Pack, l.View, pairs)
		c.View = nil // see kept
		return c
	})
}

func (s *Site) contingency(l *look, r *http.Request) (*page, error) {
	pairs := l.other.Get(fieldDepth) == "2"
	taken := assure.Taken(l.other.Get(fieldTaken))
	if !slices.ContainsFunc(takens, func(t sortTaken) bool { return t.id == taken }) {
		taken = ""
	}
	c := s.contingencyOf(l, pairs)
	body := &contingencyPage{}
	all := c.Scenarios
	if pairs {
		all = c.Pairs
	}
	for _, t := range takens {
		at := *l
		at.other = maps.Clone(l.other)
		at.other.Del(fieldDepth)
		body.Views = append(body.Views, view{link{t.name, at.with(fieldTaken, string(t.id))}, !pairs && t.id == taken})
	}
	two := *l
	two.other = maps.Clone(l.other)
	two.other.Del(fieldTaken)
	body.Views = append(body.Views, view{link{"Two together", two.with(fieldDepth, "2")}, pairs})
	if taken != "" && !pairs {
		all = slices.DeleteFunc(slices.Clone(all), func(x assure.Scenario) bool { return x.Taken != taken })
	}
	body.Lead = contingencyLead(c, pairs)
	if !l.seen.Whole() {
		body.Lead = append(body.Lead, "It is worked out from what you may see.")
	}
	if len(all) == 0 {
		body.Nothing = "None of it would break anything that is not broken already."
	}
	worst := map[assure.Harm]int{}
	for i := range all {
		worst[all[i].Harm()]++
	}
	all, body.Pager = pagedBy(scenariosOnPage, l, r.URL.Query().Get(fieldPage), all)
	for i := range all {
		x := s.scenario(l, &all[i])
		if h := all[i].Harm(); i == 0 || h != all[i-1].Harm() {
			x.Group = report.HarmWords(h) + " (" + strconv.Itoa(worst[h]) + ")"
		}
		body.Scenarios = append(body.Scenarios, x)
	}
	return &page{Template: "contingency", Heading: "What if it were gone", Body: body, Files: []file{
		s.wordOf(l, func() report.Document {
			whole := *c
			whole.View = l.View
			return report.Contingency(&whole, s.council(l))
		}), jsonOf(func() any { return report.NewContingencyJSON(c, s.when(l)) }),
	}}, nil
}

func contingencyLead(c *assure.Contingency, pairs bool) []string {
	if pairs {
		return []string{"What two of those would break together whose loss is worst, and neither alone."}
	}
	return []string{
		"For each person in a post, each post and seat, and each piece of evidence on which a judgement rests it was asked what would break if it were gone on this day: which rules would then not be met, and which judgements no longer stand. What is broken already is not told again.",
		capital(count(c.Possible, "thing was", "things were")) + " asked after; " + thousands(int64(len(c.Scenarios))) + " would break something. The worst come first.",
	}
}

func (s *Site) scenario(l *look, x *assure.Scenario) scenarioLine {
	out := scenarioLine{Heading: link{Text: capital(x.If)}, Worst: harms[x.Harm()]}
	if len(l.View.History(x.Of)) > 0 {
		out.Heading.URL = l.record(x.Of)
	}
	if x.Then != "" {
		out.Then = capital(x.Then) + "."
	}
	losses := report.Breaks(x.Losses)
	for i := range losses[:min(len(losses), lossesShown)] {
		out.Losses = append(out.Losses, l.loss(&losses[i]))
	}
	if more := len(losses) - lossesShown; more > 0 {
		out.More = "And " + count(more, "more thing", "more things") + "."
	}
	return out
}

// loss says what breaks, and leads to the rule, the condition or the criterion.
func (l *look) loss(x *assure.Loss) lossLine {
	out := lossLine{Status: harms[x.Harm], Text: sentence(x.What)}
	switch {
	case x.Rule != "":
		out.Of = link{x.Rule + " " + x.Title, l.to("/assurance/check/" + x.Rule)}
	case x.Condition != fact.Key{}:
		out.See = link{"See the condition", l.record(x.Condition)}
	case x.Criterion != "":
		out.See = link{"See the judgement", l.record(x.Subjects[0])}
	}
	return out
}
