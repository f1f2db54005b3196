package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// checkPage is what the law makes of the structure of the day, and how the judgements of the last test stand.
type checkPage struct {
	Counts    []counted
	Criteria  []criterion
	Summary   *table
	NoTest    string
	Loops     [][]link // chains that come back to their start
	Groups    []resultGroup
	All       link // with the rules that do not apply, or without
	JSON      link
	Pack      string
	Framework *link
}

// resultGroup is results that matter alike.
type resultGroup struct {
	ID, Heading, Empty string
	Results            []result
}

// result is what one rule gives.
type result struct {
	ID, Class, Word, Title string
	Rule                   link
	Force                  string
	Text                   string
	Law                    link
	Verified               string
	Note                   string
	Subjects               []link
	SubjectsMore           *link
	Missing                []link
	MissingMore            *link
	Repair                 []string
	Departure              *link
	Adviser                *adviserWord
	Facts                  []factLine
	FactsHeading           string
	FactsMore              *link
}

// factLine is a record that a result rests on, with the entry that says so.
type factLine struct{ Record, Entry link }

// criterion is one criterion of the test.
type criterion struct {
	ID, Name   string
	Judgement  status
	Test       *link
	Record     status // what the record shows
	Counts     string
	Fresh      status
	Stale      []factLine
	Conditions []condition
	Beside     []beside
}

type condition struct {
	Text    string
	State   status
	Missing []link
}

// beside is a result that a judgement passes over.
type beside struct {
	Result  link
	Adviser *adviserWord
}

// adviserWord says whether the findings of the test speak of a result that a judgement passes over.
type adviserWord struct {
	Text     string
	Findings []link
}

// group is a part of the check: results that matter alike.
type group struct {
	id, title, one, many string
	class, word          string
	empty                string
}

// groups are the parts of the check, what matters most first.
var groups = []group{
	{"breaches", "Breaches of the law", "breach", "breaches", "bad", report.Word(rule.Breach), "The record shows no breach of the law on this day."},
	{"departures", "Departures from statutory guidance", "departure from guidance", "departures from guidance", "bad", report.Word(rule.Departure), "The record shows no departure from statutory guidance on this day."},
	{"advice", "Advice", "piece of advice", "pieces of advice", "doubt", report.Word(rule.Advisory), "There is no advice."},
	{"conditions", "Met with a condition", "met with a condition", "met with a condition", "doubt", report.Word(rule.MetWithCondition), "Nothing is met with a condition."},
	{"cannot-test", "Cannot be tested", "cannot be tested", "cannot be tested", "doubt", report.Word(rule.CannotTest), "Everything that applies on this day could be tested."},
	{"met", "Met", "met", "met", "good", report.Word(rule.Met), "Nothing is met."},
	{"not-applicable", "Not applicable", "not applicable", "not applicable", "", report.Word(rule.NotApplicable), "Every rule applies."},
}

// groupOf says to which part of the check a result belongs.
func groupOf(r *rule.Result) string {
	switch {
	case r.Severity == rule.Breach:
		return "breaches"
	case r.Severity == rule.Departure:
		return "departures"
	case r.Outcome == rule.NotMet:
		return "advice"
	case r.Outcome == rule.MetWithCondition:
		return "conditions"
	}
	return string(r.Outcome)
}

// notApplicable is the part of the check that is shown on request alone.
const notApplicable = "not-applicable"

// check shows the check, or, as JSON, gives the contract of `plumbline check --format json`.
func (s *Site) check(w http.ResponseWriter, r *http.Request) error {
	if endingOf(r) == "json" {
		return s.checkJSON(w, r)
	}
	return s.page(s.checkPage)(w, r)
}

func (s *Site) checkPage(l *look, _ *http.Request) (*page, error) {
	a := s.assess(l)
	all := l.other.Get("rules") == "all"
	body := &checkPage{Counts: counts(l, a), Pack: s.Pack.Name + ", version " + s.Pack.Version}
	body.JSON = link{"The same as data (JSON)", l.to("/assurance/check.json")}
	body.All = link{"Show the rules that do not apply on this day, too", l.with("rules", "all")}
	if all {
		body.All = link{"Hide the rules that do not apply", l.with("rules", "")}
	}
	if a.Framework != nil {
		body.Framework = &link{a.Framework.Name, l.to(frameworkPath + "/" + a.Framework.ID)}
		body.Summary = tableOf(l, report.Summary(a))
	}
	if a.Test == nil {
		body.NoTest = "No test of assurance of this structure is recorded by this day, so no criterion is judged. What the record alone shows stands beside each."
	}
	by := s.adviser(l, a)
	for _, c := range a.Criteria {
		body.Criteria = append(body.Criteria, s.criterion(l, c, by))
	}
	if l.proposal != "" {
		for _, loop := range l.View.Loops() {
			var chain []link
			for _, r := range append(loop, loop[0]) {
				chain = append(chain, link{s.title(r), l.record(r.Key())})
			}
			body.Loops = append(body.Loops, chain)
		}
	}
	for _, g := range groups {
		if g.id == notApplicable && !all {
			continue
		}
		body.Groups = append(body.Groups, s.results(l, a, g, by, "", amongOthers))
	}
	word := s.wordOf(l, func() report.Document {
		d := report.Check(a, s.council(l), all)
		if l.proposal != "" {
			force := *l
			force.proposal, force.View = "", l.View.With("")
			d.Sections = slices.Insert(d.Sections, 0, report.Compared(a, s.assess(&force).Results))
		}
		return d
	})
	return &page{Template: "check", Heading: "Check against the law", Body: body, Files: []file{word}}, nil
}

// results gives those of a group, of one rule or of all, with as much of what they rest on as is shown.
func (s *Site) results(l *look, a *assure.Assessment, g group, by map[*rule.Result]*adviserWord, only string, shown extent) resultGroup {
	out := resultGroup{ID: g.id, Heading: g.title, Empty: g.empty}
	for i := range a.Results.Rows {
		r := &a.Results.Rows[i]
		if groupOf(r) != g.id || only != "" && r.Rule != only {
			continue
		}
		out.Results = append(out.Results, s.result(l, r, g, by[r], shown))
	}
	if len(out.Results) > 0 {
		out.Empty = ""
	}
	return out
}

// adviser says of each result that a judgement passes over whether the findings of the test speak of it.
func (s *Site) adviser(l *look, a *assure.Assessment) map[*rule.Result]*adviserWord {
	out := map[*rule.Result]*adviserWord{}
	for _, c := range a.Criteria {
		if c.Judgement == nil {
			continue
		}
		for _, b := range c.Judgement.Beside {
			w := out[b.Result]
			if w == nil {
				w = &adviserWord{Text: "Not addressed by the adviser"}
				out[b.Result] = w
			}
			for _, f := range b.Findings {
				w.Text = "Addressed by the adviser:"
				if x := (link{s.title(f), l.record(f.Key())}); !slices.Contains(w.Findings, x) {
					w.Findings = append(w.Findings, x)
				}
			}
		}
	}
	return out
}

func (s *Site) result(l *look, r *rule.Result, g group, adviser *adviserWord, shown extent) result {
	out := result{
		ID: r.Rule + "-" + string(r.Outcome), Class: g.class, Word: g.word, Title: capital(r.Title), Rule: link{r.Rule, l.to("/assurance/check/" + r.Rule)},
		Force: report.Word(r.Force), Text: sentence(r.Explanation), Law: link{r.Citation.Text, r.Citation.URL}, Verified: report.Verified(r.Citation), Note: r.Citation.Note,
		Adviser: adviser,
	}
	at := l.to("/assurance/check.json")
	if shown == amongOthers {
		at = out.Rule.URL
	}
	more := func(n, most int) *link {
		if n <= most {
			return nil
		}
		return &link{"All " + thousands(int64(n)) + ", " + shown.where, at}
	}
	for _, k := range r.Subjects[:min(len(r.Subjects), shown.subjects)] {
		out.Subjects = append(out.Subjects, s.linked(l, k))
	}
	out.SubjectsMore = more(len(r.Subjects), shown.subjects)
	var lines int
	out.Missing, lines = s.missing(l, r.Missing, shown.missing)
	out.MissingMore = more(lines, shown.missing)
	if r.Outcome == rule.NotMet {
		out.Repair = r.Repair
	}
	if r.Departure != nil {
		d := s.linked(l, r.Departure.Record)
		out.Departure, out.Repair = &d, nil
	}
	for _, f := range r.Facts[:min(len(r.Facts), shown.facts)] {
		out.Facts = append(out.Facts, factLine{s.linked(l, f.Record), l.entry(f.Entry)})
	}
	if n := len(r.Facts); n > 0 {
		out.FactsHeading = "What this rests on: " + count(n, "entry", "entries")
		if out.FactsMore = more(n, shown.facts); shown.facts == 0 {
			out.FactsMore = &link{Text: out.FactsHeading + ", " + shown.where}
		}
	}
	return out
}

// extent is how much of what a result is about, of what is missing and of what it rests on is shown, and where there is more.
type extent struct {
	subjects, missing, facts int
	where                    string
}

// amongOthers is the extent of a result that stands among others. The page of its rule shows more: as much of all its results as goes on a page.
var amongOthers = extent{10, 4, 0, "on the page of this rule"}

const linesPerRule = 75

// missing says what would have to be recorded, and leads to where: the first lines, and how many there are. What is missing of one record in the
// same way is one line.
func (s *Site) missing(l *look, all []rule.Missing, most int) (out []link, lines int) {
	type alike struct {
		record, why string
	}
	at, fields := map[alike]int{}, map[alike][]string{}
	for _, m := range all {
		k, err := fact.ParseKey(m.Record)
		kk := l.View.Kinds().Kind(k.Kind)
		if err != nil || kk == nil {
			if lines++; lines <= most {
				out = append(out, link{Text: sentence(m.Why)})
			}
			continue
		}
		why, of := strings.CutPrefix(m.Why, "it is ")
		f := kk.Field(m.Field)
		same := alike{m.Record, why}
		if of && f != nil {
			fields[same] = append(fields[same], "“"+f.Label+"”")
		}
		if len(fields[same]) > 1 && of && f != nil {
			if i := at[same]; i < most {
				out[i].Text = s.called(l, k) + ": " + and(fields[same]) + " are " + why
			}
			continue
		}
		if lines++; lines > most {
			at[same] = most
			continue
		}
		one := link{Text: s.called(l, k) + ": " + m.Why}
		if of && f != nil {
			one.Text = s.called(l, k) + ": " + fields[same][0] + " is " + why
			at[same] = len(out)
		}
		if len(l.View.History(k)) > 0 {
			one.URL = l.record(k)
		}
		out = append(out, one)
	}
	return out, lines
}

var (
	judged = map[string]status{
		"met": {"Met", "good"}, "met-with-condition": {"Met with a condition", "doubt"}, "not-met": {"Not met", "bad"},
	}
	shows = map[assure.Machine]status{
		assure.Clear: {report.Word(assure.Clear), "good"}, assure.Attention: {report.Word(assure.Attention), "doubt"}, assure.Breach: {report.Word(assure.Breach), "bad"},
	}
	states = map[rule.State]status{
		rule.Holds: {"Holds on this day", "good"}, rule.Fails: {"Fails on this day", "bad"}, rule.CannotBeTested: {"Cannot be tested", "doubt"},
	}
)

func (s *Site) criterion(l *look, c assure.Criterion, by map[*rule.Result]*adviserWord) criterion {
	out := criterion{ID: c.ID, Name: c.Name, Judgement: status{"Not yet judged", ""}, Record: shows[c.Machine]}
	out.Counts = and([]string{count(c.Breaches, "breach", "breaches"), count(c.Departures, "departure from guidance", "departures from guidance"), count(c.Advisories, "piece of advice", "pieces of advice"), count(c.Untested, "rule that cannot be tested", "rules that cannot be tested")})
	j := c.Judgement
	if j == nil {
		return out
	}
	out.Judgement = judged[j.Outcome]
	out.Test = &link{s.title(j.Test), l.record(j.Test.Key())}
	out.Fresh = status{"Current", "good"}
	for _, r := range j.Stale {
		out.Fresh = status{"Out of date", "bad"}
		line := factLine{Record: link{Text: sentence(r.What)}}
		if r.Entry > 0 {
			line.Entry = l.entry(r.Entry)
		}
		out.Stale = append(out.Stale, line)
	}
	for _, x := range j.Conditions {
		missing, _ := s.missing(l, x.Missing, len(x.Missing))
		out.Conditions = append(out.Conditions, condition{sentence(x.Text), states[x.State], missing})
	}
	for _, b := range j.Beside {
		out.Beside = append(out.Beside, beside{link{report.Word(b.Result.Severity) + ": " + b.Result.Title, "#" + b.Result.Rule + "-" + string(b.Result.Outcome)}, by[b.Result]})
	}
	return out
}

// rulePage is everything that one rule gives on the day.
type rulePage struct {
	Groups []resultGroup
	Back   link
}

func (s *Site) checkRule(l *look, r *http.Request) (*page, error) {
	id := r.PathValue("rule")
	x := s.Pack.Rule(id)
	if x == nil {
		return nil, &trouble{kind: fact.ErrNotFound, text: "The law pack has no rule “" + id + "”.", links: []link{{"All rules that apply on this day", l.to("/assurance/check")}}}
	}
	a := s.assess(l)
	by := s.adviser(l, a)
	body, all := &rulePage{Back: link{"All results", l.to("/assurance/check")}}, 0
	for i := range a.Results.Rows {
		if a.Results.Rows[i].Rule == id {
			all++
		}
	}
	n := linesPerRule / max(1, all)
	for _, g := range groups {
		if rs := s.results(l, a, g, by, id, extent{n, n, n, "in the check as data (JSON)"}); len(rs.Results) > 0 {
			body.Groups = append(body.Groups, rs)
		}
	}
	return &page{Template: "rule", Crumbs: []link{{"Check against the law", l.to("/assurance/check")}}, Label: "Rule " + id, Heading: capital(x.Title), Body: body}, nil
}

// checkJSON gives the check as programs read it: the contract of `plumbline check --format json`. It reads the store for the root
// of the tree that stands for what was known.
func (s *Site) checkJSON(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	root, err := s.Book.RootAt(r.Context(), l.View.Known())
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(report.NewCheckJSON(s.assess(l), root, l.other.Get("rules") == "all"), "", "  ")
	if err != nil {
		return fmt.Errorf("write check: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(append(b, '\n'))
	return nil
}

// counted is a number that leads to what it counts.
type counted struct {
	Number string
	link
}

// counts are the results of the check by how much they matter, each leading to its part of the check.
func counts(l *look, a *assure.Assessment) (out []counted) {
	n := map[string]int{}
	for i := range a.Results.Rows {
		n[groupOf(&a.Results.Rows[i])]++
	}
	for _, g := range groups {
		if g.id == notApplicable {
			continue
		}
		noun := g.many
		if n[g.id] == 1 {
			noun = g.one
		}
		out = append(out, counted{thousands(int64(n[g.id])), link{noun, l.to("/assurance/check") + "#" + g.id}})
	}
	return out
}
