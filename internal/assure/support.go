package assure

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Support says what of a letter the record no longer supports: the facts on which its paragraphs rest, as known when it was issued, beside the record as it is looked at.
type Support struct {
	p         *rule.Pack
	then, now *graph.View
	test      fact.Key
	judged    *Assessment
	told      map[fact.Key][]Reason
}

// NewSupport compares the record from which the letter of a test was made with the record as it is assessed. Both show what was tested: a proposal that is not in force is laid over them.
func NewSupport(p *rule.Pack, then *graph.View, judged *Assessment, test fact.Key) *Support {
	s := &Support{p: p, then: then, now: judged.View, test: test, judged: judged, told: map[fact.Key][]Reason{}}
	if r := then.Record(test); r != nil {
		if of, ok := r.RefKey("tests"); ok {
			s.then, s.now = then.With(of.ID), TestedNow(judged.View, r)
		}
	}
	return s
}

// TestedNow gives, of a view, that in which what a test is of is looked at: the proposal read as if in force until it is, and from then on the structure in force.
func TestedNow(v *graph.View, test *graph.Record) *graph.View {
	of, ok := test.RefKey("tests")
	if !ok {
		return v
	}
	v = v.With("")
	if r := v.Record(of); r != nil && r.Text("status") == "adopted" {
		if on := r.Date("effective_on"); on.IsZero() || on.Form != fact.ToBeAgreed && on.Last <= v.On() {
			return v
		}
	}
	return v.With(of.ID)
}

// Lost lists why the record no longer supports a paragraph that rests on some records, each reason once. Of a proposal a paragraph states some facts only: those that stand in its text.
func (s *Support) Lost(about []fact.Key, text string) (out []Reason) {
	for _, k := range about {
		all := s.of(k)
		if k.Kind == graph.Proposal {
			all = slices.Concat(s.fields(k, func(was string) bool { return was != "" && strings.Contains(spaced(text), spaced(was)) }), all)
		}
		for _, r := range all {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// of gives the reasons of one record.
func (s *Support) of(k fact.Key) []Reason {
	out, known := s.told[k]
	if known {
		return out
	}
	switch k.Kind {
	case "finding":
		out = s.finding(k)
	case "judgement":
		out = s.judgement(k)
	case "test":
	default:
		out = s.record(k)
	}
	s.told[k] = out
	return out
}

// finding gives what became of a finding, of what it is about, of what it says must be kept, of its evidence, and of the conditions that are about the same.
func (s *Support) finding(k fact.Key) (out []Reason) {
	f := s.then.Record(k)
	if f == nil {
		return nil
	}
	switch now := s.now.Record(k); {
	case now == nil:
		out = append(out, Reason{What: "the finding was taken back", Entry: s.now.LastOf(k)})
	case now.Text("text") != f.Text("text"):
		out = append(out, Reason{What: "the finding was worded otherwise", Entry: now.Entry()})
	}
	for _, about := range f.RefKeys("about") {
		out = append(out, s.of(about)...)
	}
	until := f.Date("retain_until")
	for _, kept := range f.RefKeys("retain") {
		if over := !until.IsZero() && until.Form != fact.ToBeAgreed && until.Last < s.now.On(); !over && s.then.Record(kept) != nil && s.now.Record(kept) == nil {
			out = append(out, Reason{What: fmt.Sprintf("%s ended, and it must be retained", s.now.Called(kept)), Entry: s.now.LastOf(kept)})
		}
	}
	for _, e := range f.RefKeys("evidence") {
		now := s.now.Record(e)
		if now == nil {
			out = append(out, Reason{What: "evidence was taken back: " + s.then.Called(e), Entry: s.now.LastOf(e)})
		} else if on := now.Date("expires_on"); !on.IsZero() && on.Form != fact.ToBeAgreed && on.Last < s.now.On() {
			out = append(out, Reason{What: fmt.Sprintf("evidence expired %s: %s", on.Words(), now.Title()), Entry: now.Entry()})
		}
	}
	for _, j := range s.then.Referring(k, "judgement", "findings") {
		for _, c := range j.Referring("condition", "judgement") {
			if slices.ContainsFunc(c.RefKeys("about"), func(on fact.Key) bool { return slices.Contains(f.RefKeys("about"), on) }) {
				out = append(out, s.condition(c.Key())...)
			}
		}
	}
	return out
}

// condition says that a condition does not hold, or that it can no longer be tested.
func (s *Support) condition(k fact.Key) []Reason {
	was, is := s.then.Record(k), s.now.Record(k)
	if was == nil || is == nil {
		return nil
	}
	text := strings.TrimSuffix(is.Text("text"), ".")
	switch now := ConditionOf(s.p, s.now, is); now.State {
	case rule.Fails:
		entry := is.Entry()
		for _, f := range now.Facts {
			entry = max(entry, f.Entry)
		}
		return []Reason{{What: "a condition does not hold: " + text, Entry: entry}}
	case rule.CannotBeTested:
		if ConditionOf(s.p, s.then, was).State == rule.Holds {
			entry := is.Entry()
			for _, m := range now.Missing {
				if k, err := fact.ParseKey(m.Record); err == nil {
					entry = max(entry, s.now.LastEntry(graph.Appointment, "post", k, s.now.LastOf(k)))
				}
			}
			return []Reason{{What: "a condition can no longer be tested: " + text, Entry: entry}}
		}
	}
	return nil
}

// judgement gives what has made a judgement stale, and its conditions that do not hold.
func (s *Support) judgement(k fact.Key) (out []Reason) {
	for _, c := range s.judged.Criteria {
		if c.Judgement != nil && c.Judgement.Record.Key() == k {
			out = append(out, c.Judgement.Stale...)
		}
	}
	was := s.then.Record(k)
	if was == nil {
		return out
	}
	if is := s.now.Record(k); is == nil {
		out = append(out, Reason{What: "the judgement was taken back", Entry: s.now.LastOf(k)})
	} else if is.Text("outcome") != was.Text("outcome") {
		out = append(out, Reason{What: "the judgement is another now", Entry: is.Entry()})
	}
	for _, c := range was.Referring("condition", "judgement") {
		out = append(out, s.condition(c.Key())...)
	}
	return out
}

// stated are the fields of records of which a paragraph states a fact. Of other kinds it counts that the record is still there.
var stated = map[fact.KindName][]string{
	graph.Post:        {"title", "reports_to", "unit"},
	graph.Designation: {"role", "post"},
	graph.Unit:        {"name", "parent"},
	graph.Function:    {"name", "unit", "managed_by", "delivered_by"},
	graph.Proposal:    {"title", "saving", "rationale", "drivers", "benefits", "published_on", "consultation_opens", "consultation_closes", "decided_by", "decision_on"},
	"consultation":    {"audience", "opens", "closes"},
	"board":           {"name", "type"},
}

// record says what became of a record since.
func (s *Support) record(k fact.Key) (out []Reason) {
	was, is := s.then.Record(k), s.now.Record(k)
	switch {
	case was == nil && is == nil:
		return nil
	case is == nil:
		return []Reason{{What: s.then.Called(k) + " ended", Entry: s.now.LastOf(k)}}
	case was == nil: // it was to end, and is there
		return []Reason{{What: s.now.Called(k) + " did not end", Entry: s.now.LastOf(k)}}
	}
	if k.Kind != graph.Proposal {
		out = s.fields(k, func(string) bool { return true })
	}
	switch k.Kind {
	case graph.Post:
		if len(holders(was)) > 0 { // that a post is filled which nobody held is no loss
			out = append(out, changedHolders(is.Title(), was, is)...)
		}
	case graph.Proposal:
		if now := is.Text("status"); now != was.Text("status") && (now == "withdrawn" || now == "rejected") {
			out = append(out, Reason{What: fmt.Sprintf("%s was %s", is.Title(), now), Entry: is.Entry()})
		}
	}
	return out
}

// spaced is a text with one space between its words.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// fields says which of the stated fields of a record, of those whose value counts, are otherwise now.
func (s *Support) fields(k fact.Key, counts func(was string) bool) (out []Reason) {
	was, is := s.then.Record(k), s.now.Record(k)
	if was == nil || is == nil {
		return nil
	}
	for _, name := range stated[k.Kind] {
		f := is.Kind().Field(name)
		b, _ := was.JSON(name)
		a, state := is.JSON(name)
		switch {
		case b == a || !counts(was.Show(name)):
		case state == graph.Erased:
			out = append(out, Reason{What: fmt.Sprintf("%s: “%s” was erased", is.Title(), f.Label), Entry: is.Entry()})
		case len(b)+len(a) > 200:
			out = append(out, Reason{What: fmt.Sprintf("%s: “%s” is another now", is.Title(), f.Label), Entry: is.Entry()})
		default:
			out = append(out, Reason{What: fmt.Sprintf("%s: “%s” was %s, and is %s", is.Title(), f.Label, orNothing(was.Show(name)), orNothing(is.Show(name))), Entry: is.Entry()})
		}
	}
	return out
}

func orNothing(s string) string {
	if s == "" {
		return "not stated"
	}
	return s
}
