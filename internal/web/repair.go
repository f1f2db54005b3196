package web

import (
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// repairPage says what would put right what fails, and leads to the forms that record it once it is so.
type repairPage struct {
	Lead    []string
	Views   []view
	Parts   []repairPart
	Pager   *pager
	Without []repairFailing
	Others  string // how many more there are of those
	Missing *table
	More    string
}

// repairPart is what fails and hangs together, with the sets of acts that would put it right.
type repairPart struct {
	Heading string
	Failing []repairFailing
	Way     string
	Sets    []repairSet
	Limited string
}

// repairFailing is one thing that fails.
type repairFailing struct {
	Status  status
	Rule    link
	Text    string
	Of      string // for which subjects nothing is known to put it right
	Suggest string
}

type repairSet struct{ Acts []repairAct }

// repairAct is an act, what it leaves to be decided, and the form that records it.
type repairAct struct {
	Text, Open string
	Do         *link
}

// fieldAdvice asks for what would bring about good practice, too.
const fieldAdvice = "advice"

// missingShown and withoutShown are how many lines of what is missing, and of what nothing puts right, the page has; the files have all.
const (
	missingShown = 40
	withoutShown = 20
)

const repairPath = "/assurance/repair"

// repairs is what was worked out of a look, in plain words.
type repairs struct {
	words report.Document
	found report.RepairJSON
}

type keptRepairs struct{ advice bool }

// repairsOf looks for repairs of the record as somebody sees it. Of what fails for reasons that they may not see nothing is offered, nor of what fails only for want of
// what they may not see.
func (s *Site) repairsOf(l *look, advice bool) repairs {
	return keep(l, keptRepairs{advice}, func() repairs {
		a := assure.AssessResults(s.Pack.Run(l.View), l.View)
		r := assure.Repairs(a, advice)
		if !l.seen.Whole() {
			r.Limit(s.assess(l).Results)
		}
		return repairs{report.Repair(r, s.council(l)), report.NewRepairJSON(r, s.Pack, s.Book.Root())}
	})
}

func (s *Site) repair(l *look, r *http.Request) (*page, error) {
	advice := l.other.Get(fieldAdvice) != ""
	found := s.repairsOf(l, advice)
	body := &repairPage{Lead: found.words.Lead}
	body.Views = []view{{link{"The law and guidance", l.with(fieldAdvice, "")}, !advice}, {link{"With good practice", l.with(fieldAdvice, "yes")}, advice}}
	all := slices.Concat(found.found.Repairs, found.found.Advice)
	all, body.Pager = pagedBy(partsOfRepair, l, r.URL.Query().Get(fieldPage), all)
	for _, m := range all {
		body.Parts = append(body.Parts, s.repairPart(l, m))
	}
	without, of := s.withoutRepair(l, found.found)
	if more := len(without) - withoutShown; more > 0 {
		body.Others = capital(count(more, "more thing is", "more things are")) + " like these: see the files below."
		without = without[:withoutShown]
	}
	for _, f := range without {
		x := s.repairFailing(l, f)
		if names := of[f.Rule+f.Explanation]; len(names) > 0 {
			x.Of = report.WithoutWords(names)
		}
		if r := s.Pack.Rule(f.Rule); r != nil {
			x.Suggest = strings.Join(r.Repair, "; or ")
		}
		body.Without = append(body.Without, x)
	}
	if len(found.found.Untested) > 0 {
		body.Missing = s.missingTable(l, found.found.Untested)
	}
	if more := len(found.found.Untested) - missingShown; more > 0 {
		body.More = capital(count(more, "more thing is", "more things are")) + " missing: see the files below."
	}
	return &page{Template: "repair", Heading: "What would put it right", Body: body, Files: []file{
		s.wordOf(l, func() report.Document { return found.words }), jsonOf(func() any { return found.found }),
	}}, nil
}

// withoutRepair tells what nothing puts right once of each rule, with the names of what it is so for where something else would put the rest right.
func (s *Site) withoutRepair(l *look, found report.RepairJSON) (out []report.FailingJSON, of map[string][]string) {
	of = map[string][]string{}
	mended := map[string]bool{}
	for _, m := range slices.Concat(found.Repairs, found.Advice) {
		for _, f := range m.Failing {
			mended[f.Rule+f.Explanation] = true
		}
	}
	for _, f := range found.Without {
		told := f.Rule + f.Explanation
		names, again := of[told]
		if !again || f.Rule == "" {
			out = append(out, f)
		}
		if k, err := fact.ParseKey(f.Subject); err == nil && k.Kind != graph.Council && mended[told] {
			names = append(names, s.called(l, k))
		}
		of[told] = names
	}
	return out, of
}

// partsOfRepair is how many parts stand on one page.
const partsOfRepair = 20

func (s *Site) repairPart(l *look, m report.MendingJSON) repairPart {
	out := repairPart{Way: "What would put it right"}
	if len(m.Sets) > 1 {
		out.Way = "Any one of these would put it right"
	}
	if m.Limited {
		out.Limited = "Not everything that is possible was tried, since there is very much of it."
	}
	var names []string
	for _, f := range m.Failing {
		out.Failing = append(out.Failing, s.repairFailing(l, f))
		name := "A condition of a judgement"
		if k, err := fact.ParseKey(f.Subject); f.Rule != "" {
			name = s.Pack.Rule(f.Rule).Title
			if err == nil && k.Kind != "council" {
				name += ": " + s.called(l, k)
			}
		}
		names = append(names, name)
	}
	out.Heading = names[0]
	if more := len(names) - 1; more > 0 {
		out.Heading += ", and " + count(more, "thing that hangs together with it", "things that hang together with it")
	}
	for _, set := range m.Sets {
		var x repairSet
		for _, a := range set.Acts {
			one := repairAct{Text: a.Text, Do: s.repairForm(l, a)}
			if a.Decide != "" {
				one.Open = "Still to be decided: " + a.Decide + "."
			}
			x.Acts = append(x.Acts, one)
		}
		out.Sets = append(out.Sets, x)
	}
	return out
}

func (s *Site) repairFailing(l *look, f report.FailingJSON) repairFailing {
	if f.Rule == "" {
		out := repairFailing{Status: states[rule.Fails], Text: f.Explanation}
		if k, err := fact.ParseKey(f.Condition); err == nil {
			out.Rule = link{"The condition", l.record(k)}
		}
		return out
	}
	out := repairFailing{Rule: link{f.Rule, l.to("/assurance/check/" + f.Rule)}, Text: f.Explanation}
	for _, g := range groups {
		if g.word == report.Word(rule.Severity(f.Severity)) {
			out.Status = status{g.word, g.class}
		}
	}
	return out
}

// repairForm leads to the form by which an act is recorded, for whoever may record it.
func (s *Site) repairForm(l *look, a report.ActJSON) *link {
	k := l.View.Kinds().Kind(fact.KindName(a.Kind))
	key := fact.Key{Kind: k.Name, ID: fact.ID(a.ID)}
	at := l
	if l.proposal != "" && !access.Proposed(k) { // it is recorded as it is in force
		c := *l
		c.on, c.known, c.proposal = "", "", ""
		at = &c
	}
	if s.Desk == nil || !at.writable(k) || !at.mayChange(k, key) {
		if a.ID != "" && len(l.View.History(key)) > 0 {
			return &link{"See the record", l.record(key)}
		}
		return nil
	}
	switch a.Form {
	case "new":
		return &link{"Record " + k.One(), at.to(k.Path()+"/new", s.prefill(at, k, a.Fields)...)}
	case "appoint":
		return &link{"Record an appointment", at.to(s.addresses.of(key) + "/appoint")}
	case "list":
		return &link{"See " + strings.ToLower(k.Plural[:1]) + k.Plural[1:], at.kind(k)}
	case "end":
		return &link{"Record that it ended", at.change(key)}
	}
	return &link{"Record the change", at.change(key)}
}

// prefill gives what a new record says already, as people write it in the form.
func (s *Site) prefill(l *look, k *kind.Kind, say map[string]string) (p []string) {
	for _, f := range k.Fields {
		v := say[f.Name]
		switch {
		case v == "" || f.Type == kind.Date:
			continue // a day is asked in three parts
		case f.Type == kind.Reference:
			to, err := fact.ParseKey(v)
			if err != nil && len(f.To) == 1 {
				to = fact.Key{Kind: f.To[0], ID: fact.ID(v)}
			}
			v = s.called(l, to)
		}
		p = append(p, f.Name, v)
	}
	return p
}

// missingTable says what is missing, and which rules cannot be tested without it.
func (s *Site) missingTable(l *look, all []report.UntestedJSON) *table {
	t := newTable("Recorded, these would let more be tested", "What is missing", "What cannot be tested without it", "Where it is recorded")
	for _, u := range all[:min(len(all), missingShown)] {
		var missing []string
		var rules []link
		for _, a := range u.Acts {
			missing = append(missing, strings.TrimPrefix(a.Text, rule.RecordMissing))
		}
		for _, id := range u.Rules {
			rules = append(rules, link{id, l.to("/assurance/check/" + id)})
		}
		for _, c := range u.Conditions {
			if k, err := fact.ParseKey(c); err == nil {
				rules = append(rules, link{"A condition of a judgement", l.record(k)})
			}
		}
		var form []link
		if f := s.repairForm(l, u.Acts[0]); f != nil {
			form = append(form, *f)
		}
		t.add(texts(rule.Gathered(missing)), rules, orText(form, "You may not record it here."))
	}
	return t
}
