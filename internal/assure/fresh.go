package assure

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// freshness is what a judgement was made of, beside which the structure is laid: as it was on the day of the report, as known when the judgement was
// recorded.
type freshness struct {
	p       *rule.Pack
	test    *graph.Record
	made    fact.Day
	then    *graph.View
	domains map[string]map[string]int64 // that were under a role then
}

func freshnessOf(p *rule.Pack, v *graph.View, test, judgement *graph.Record) *freshness {
	day := test.Date("reported_on")
	then := v.OnDay(day.Last).Before(judgement, "outcome")
	if of, ok := test.RefKey("tests"); ok {
		then = then.With(of.ID) // it was not the structure of that day that was tested
	}
	return &freshness{p, test, day.Last, then, map[string]map[string]int64{}}
}

// made says when judgements were made, by the test and the position that was known: those made at once share what makes them stale.
type made struct {
	test  fact.Key
	known int64
}

func (f *freshness) which() made { return made{f.test.Key(), f.then.Known()} }

// compared are what makes a judgement stale, each by itself.
var compared = []func(*freshness, *graph.View) []Reason{
	(*freshness).posts,
	(*freshness).comings,
	func(f *freshness, v *graph.View) []Reason { return portfolios(f.then, v) },
	func(f *freshness, v *graph.View) []Reason { return chairs(f.then, v) },
	func(f *freshness, v *graph.View) []Reason { return delivery(f.then, v) },
	func(f *freshness, v *graph.View) []Reason { return inspections(f.made, f.then, v) },
	func(f *freshness, v *graph.View) []Reason { return retained(f.then, v, f.test.In(v)) },
	(*freshness).overdue,
}

// since lists what has made a judgement of a test stale since it was made.
func (f *freshness) since(v *graph.View) (out []Reason) {
	if !v.By(f.made) {
		return nil // looked at before it was made
	}
	for _, part := range compared {
		out = append(out, part(f, v)...)
	}
	return out
}

func (f *freshness) posts(v *graph.View) []Reason { return posts(f.p, f.then, v) }

func (f *freshness) overdue(v *graph.View) []Reason {
	test := f.test.In(v)
	if test == nil {
		return nil
	}
	if due := test.Date("review_due"); !due.IsZero() && due.Form != fact.ToBeAgreed && v.Past(due.Last) {
		return []Reason{{What: "its review was due " + due.Words()}}
	}
	return nil
}

// person is somebody in a post, and on what basis.
type person struct {
	key   fact.Key
	basis string
	entry int64
	title string
}

func holders(p *graph.Record) []person {
	var out []person
	for _, a := range p.Holders().Holders {
		k, ok := a.RefKey("person")
		if !ok {
			continue
		}
		out = append(out, person{k, a.Text("basis"), a.Entry(), a.View().Called(k)})
	}
	slices.SortFunc(out, func(a, b person) int { return strings.Compare(a.key.String(), b.key.String()) })
	return out
}

func names(ps []person) string {
	var out []string
	for _, p := range ps {
		out = append(out, p.title)
	}
	return strings.Join(out, ", ")
}

func provisional(basis string) bool { return basis == "interim" || basis == "acting" }

// changedHolders says what changed in who holds a post.
func changedHolders(what string, before, after *graph.Record) []Reason {
	b, a := holders(before), holders(after)
	if len(b) == 0 && before.View().Proposal() != "" {
		b = first(after, before.View().On()) // a post that was only proposed was there to be filled
	}
	same := slices.EqualFunc(b, a, func(x, y person) bool { return x.key == y.key })
	switch {
	case same:
		for i := range a {
			if provisional(a[i].basis) && !provisional(b[i].basis) {
				return []Reason{{What: what + ": its holder became " + a[i].basis, Entry: a[i].entry}}
			}
		}
		return nil
	case len(a) == 0:
		entry := after.View().LastEntry(graph.Appointment, "post", after.Key(), after.Entry())
		if gap := after.Holders().Gap; gap != nil {
			return []Reason{{What: what + ": whether " + names(b) + " still holds the post is not certain: " + gap.Why, Entry: entry, Nameless: what + ": whether the post is still held is not certain"}}
		}
		return []Reason{{What: what + ": " + names(b) + " left, and nobody holds the post", Entry: entry, Nameless: what + ": nobody holds the post any more"}}
	case len(b) == 0:
		return []Reason{{What: what + ": " + names(a) + " came into the post, which nobody was recorded as holding", Entry: a[0].entry, Nameless: what + ": the post is held, and nobody was recorded as holding it"}}
	}
	return []Reason{{What: what + ": the holder changed from " + names(b) + " to " + names(a), Entry: a[0].entry, Nameless: what + ": the holder changed"}}
}

// first gives those who were the first to come into a post after a day.
func first(post *graph.Record, day fact.Day) (out []person) {
	v := post.View()
	begun := fact.MaxDay
	for _, past := range v.Held(post.Key()) {
		from := past.Span.From
		if from.IsZero() || from.Form == fact.ToBeAgreed || from.First <= day || from.Last > v.On() || from.First > begun {
			continue
		}
		if from.First < begun {
			begun, out = from.First, nil
		}
		if k, ok := past.Record.RefKey("person"); ok {
			out = append(out, person{k, past.Record.Text("basis"), past.Record.Entry(), v.Called(k)})
		}
	}
	slices.SortFunc(out, func(a, b person) int { return strings.Compare(a.key.String(), b.key.String()) })
	return out
}

// posts compares the posts that hold statutory roles.
func posts(p *rule.Pack, then, now *graph.View) []Reason {
	var out []Reason
	told := map[fact.Key]bool{}
	for _, role := range p.Roles {
		before, _ := then.RolePosts(role.Code)
		after, _ := now.RolePosts(role.Code)
		for _, b := range before {
			a := find(after, b.Key())
			if a == nil {
				entry := now.LastEntry(graph.Designation, "post", b.Key(), 0)
				out = append(out, Reason{What: fmt.Sprintf("%s is no longer the post of the %s", b.Title(), role.Name), Entry: entry})
				continue
			}
			if told[b.Key()] {
				continue
			}
			told[b.Key()] = true
			if b.Title() != a.Title() {
				out = append(out, Reason{What: fmt.Sprintf("%s was retitled %s", b.Title(), a.Title()), Entry: a.Entry()})
			}
			bu, _ := b.RefKey("reports_to")
			au, _ := a.RefKey("reports_to")
			if bu != au {
				out = append(out, Reason{What: fmt.Sprintf("%s now reports to %s, and reported to %s", a.Title(), called(now, au), called(then, bu)), Entry: a.Entry()})
			}
			out = append(out, changedHolders(a.Title(), b, a)...)
		}
		for _, a := range after {
			if find(before, a.Key()) == nil {
				out = append(out, Reason{What: fmt.Sprintf("%s became the post of the %s", a.Title(), role.Name), Entry: now.LastEntry(graph.Designation, "post", a.Key(), a.Entry())})
			}
		}
	}
	return out
}

func called(v *graph.View, k fact.Key) string {
	if k == (fact.Key{}) {
		return "nobody that is recorded"
	}
	return v.Called(k)
}

func find(rs []*graph.Record, k fact.Key) *graph.Record {
	for _, r := range rs {
		if r.Key() == k {
			return r
		}
	}
	return nil
}

// comings compares what the director and the lead member for children's services have in hand.
func (f *freshness) comings(now *graph.View) []Reason {
	var out []Reason
	p, then := f.p, f.then
	if f.domains["DCS"] == nil {
		f.domains["DCS"], f.domains["LMCS"] = p.DomainsUnder(then, "DCS"), portfolio(then, "LMCS")
	}
	compare := func(who string, before, after map[string]int64) {
		for _, d := range p.Domains {
			_, was := before[d.Code]
			entry, is := after[d.Code]
			switch {
			case is && !was:
				out = append(out, Reason{What: fmt.Sprintf("%s came to the %s", d.Name, who), Entry: entry})
			case was && !is:
				out = append(out, Reason{What: fmt.Sprintf("%s left the %s", d.Name, who), Entry: now.NewestOf(graph.Function, "portfolio", graph.Post)})
			}
		}
	}
	compare("director of children's services", f.domains["DCS"], p.DomainsUnder(now, "DCS"))
	compare("lead member for children's services", f.domains["LMCS"], portfolio(now, "LMCS"))
	return out
}

func portfolio(v *graph.View, role string) map[string]int64 {
	out := map[string]int64{}
	posts, _ := v.RolePosts(role)
	for _, p := range posts {
		for _, pf := range p.Referring("portfolio", "post") {
			for _, d := range pf.Texts("domains") {
				out[d] = pf.Entry()
			}
			for _, f := range pf.Refs("functions") {
				out[f.Text("domain")] = pf.Entry()
			}
		}
	}
	return out
}

// portfolios compares who holds each portfolio.
func portfolios(then, now *graph.View) []Reason {
	var out []Reason
	told := map[fact.Key]bool{}
	for _, b := range then.All("portfolio") {
		a := now.Record(b.Key())
		if a == nil {
			out = append(out, Reason{What: "the portfolio of " + b.Title() + " ended", Entry: now.LastOf(b.Key())})
			continue
		}
		bp, ap := b.Ref("post"), a.Ref("post")
		switch {
		case bp == nil || ap == nil || told[ap.Key()]:
		case bp.Key() != ap.Key():
			out = append(out, Reason{What: fmt.Sprintf("a portfolio went from %s to %s", bp.Title(), ap.Title()), Entry: a.Entry()})
		default:
			told[ap.Key()] = true
			if lead, _ := now.RolePosts("LMCS"); find(lead, ap.Key()) == nil {
				out = append(out, changedHolders(ap.Title(), bp, ap)...)
			}
		}
	}
	return out
}

// chairs compares who chairs each board.
func chairs(then, now *graph.View) []Reason {
	var out []Reason
	for _, b := range then.All("board") {
		a := now.Record(b.Key())
		if a == nil {
			continue // an ending matters where a finding says that the board must be retained
		}
		was, is := chair(b), chair(a)
		if was.who != is.who {
			out = append(out, Reason{What: fmt.Sprintf("the chair of %s changed", a.Title()), Entry: is.entry})
		}
	}
	return out
}

type chairman struct {
	who   string
	entry int64
}

func chair(b *graph.Record) chairman {
	var who []string
	entry := b.Entry()
	for _, s := range b.Referring("seat", "board") {
		if s.Text("as") != "chair" {
			continue
		}
		entry = s.Entry()
		for _, f := range []string{"post", "person", "organisation"} {
			if k, ok := s.RefKey(f); ok {
				who = append(who, k.String())
			}
		}
		if p := s.Ref("post"); p != nil {
			for _, h := range holders(p) {
				who = append(who, h.key.String())
				entry = max(entry, h.entry)
			}
		}
	}
	slices.Sort(who)
	return chairman{strings.Join(who, " "), entry}
}

// delivery compares who delivers each function: a company or shared service that began or ended.
func delivery(then, now *graph.View) []Reason {
	var out []Reason
	for _, a := range now.All(graph.Function) {
		b := then.Record(a.Key())
		if b == nil {
			if k, ok := a.RefKey("delivered_by"); ok {
				out = append(out, Reason{What: fmt.Sprintf("%s is now delivered by %s", a.Title(), now.Called(k)), Entry: a.Entry()})
			}
			continue
		}
		bk, _ := b.RefKey("delivered_by")
		ak, _ := a.RefKey("delivered_by")
		switch {
		case bk == ak:
		case ak == fact.Key{}:
			out = append(out, Reason{What: fmt.Sprintf("%s is no longer delivered by %s", a.Title(), then.Called(bk)), Entry: a.Entry()})
		default:
			out = append(out, Reason{What: fmt.Sprintf("%s is now delivered by %s", a.Title(), now.Called(ak)), Entry: a.Entry()})
		}
	}
	return out
}

// inspections lists inspection judgements that landed since.
func inspections(made fact.Day, then, now *graph.View) []Reason {
	var out []Reason
	for _, i := range now.All("inspection") {
		on := i.Date("published_on")
		if then.Record(i.Key()) == nil && !on.IsZero() && on.Last > made && now.By(on.First) {
			out = append(out, Reason{What: fmt.Sprintf("an inspection reported %s: %s", on.Words(), i.Title()), Entry: i.Entry()})
		}
	}
	return out
}

// retained lists what a finding says must be retained and has ended since.
func retained(then, now *graph.View, test *graph.Record) []Reason {
	if test == nil {
		return nil
	}
	var out []Reason
	told := map[fact.Key]bool{}
	for _, f := range test.Referring("finding", "test") {
		until := f.Date("retain_until")
		if !until.IsZero() && until.Form != fact.ToBeAgreed && now.Past(until.Last) {
			continue
		}
		for _, k := range f.RefKeys("retain") {
			if told[k] || then.Record(k) == nil || now.Record(k) != nil {
				continue
			}
			told[k] = true
			number := f.Text("number")
			if number != "" {
				number = " " + number
			}
			out = append(out, Reason{What: fmt.Sprintf("%s ended, and finding%s says that it must be retained", now.Called(k), number), Entry: now.LastOf(k)})
		}
	}
	return out
}

// expired lists the evidence on which a judgement rests that has expired.
func expired(v *graph.View, j *Judgement) []Reason {
	var evidence []*graph.Record
	findings := j.Record.Refs("findings")
	if len(findings) == 0 {
		evidence = j.Test.Referring("evidence", "test")
	}
	for _, f := range findings {
		evidence = append(evidence, f.Refs("evidence")...)
	}
	var out []Reason
	told := map[fact.Key]bool{}
	for _, e := range evidence {
		on := e.Date("expires_on")
		if told[e.Key()] || on.IsZero() || on.Form == fact.ToBeAgreed || !v.Past(on.Last) {
			continue
		}
		told[e.Key()] = true
		r := Reason{What: fmt.Sprintf("evidence expired %s: %s", on.Words(), e.Title()), Entry: e.Entry()}
		if yes, stated := e.Yes("attributable"); stated && !yes {
			r.Nameless = "evidence expired " + on.Words()
		}
		out = append(out, r)
	}
	return out
}
