package access

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// testOf is the fields by which what an adviser writes belongs to a test.
var testOf = []string{"test", "judgement", "letter", "condition"}

// findings are the kinds of what an adviser writes, which nobody else reads before the test is reported.
var findings = []fact.KindName{"finding", "evidence", "judgement", "recommendation", "condition", "interview", "progress", "paragraph", letter, "accuracy", "confirmation"}

// letter is the kind of the letters of a test. One that went out so that the council can say what is wrong in it as a matter of fact is read, with what is said of it,
// by those who set up tests; the rest of what the adviser wrote is not.
const letter fact.KindName = "letter"

// forAccuracy is the purpose of such a letter.
const forAccuracy = "factual-accuracy"

// sight finds out what somebody may see of the record as it is today.
type sight struct {
	p        Person
	today    *graph.View // of everything
	settings Settings
	class    map[fact.Key]kind.Visibility // of these three as far as they were asked for
	drafts   map[fact.ID]bool
	branches map[fact.ID]bool // what proposals would change
	tests    map[fact.Key]bool
	open     map[fact.Key]bool // the consultations
}

// seeing are the acts on which it depends what somebody sees. Who may change what makes no difference to it.
var seeing = []Act{Read, ReadDrafts, Restricted, SetUpTests, Assess, Administer, Erase}

// Key names all that a sight depends on beside the record: two people with the same key see the same, and those who see the same by roles over the same
// have the same key.
func (p Person) Key() string {
	if p.Who == Console {
		return "console"
	}
	var all []string
	for _, h := range p.Held {
		for _, a := range seeing {
			if h.Role.does(a) && !slices.Contains(p.less, a) {
				all = append(all, fmt.Sprintf("%s over %s", a, h.Over))
			}
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "; ")
}

// Veil gives the graph as somebody sees it: see graph.Veil. Restricted records are veiled, unless somebody keeps them; what an adviser writes is unseen
// until the test is reported, but by the advisers of the test; a proposal in draft, and what it would change, is unseen but by those who work on proposals; of a restricted
// one it is seen that it is there, and not what it would change. Whoever has the
// file sees all of it. Whoever has no role sees what everybody does: see public.
func (p Person) Veil(g *graph.Graph, today fact.Day) *graph.Graph {
	if p.Who == Console {
		return g
	}
	s := p.sight(g.View(today, g.Size()))
	if !p.May(Read) {
		return g.Publish(s.public, s.withheld)
	}
	return g.Veil(s.of, s.withheld)
}

// holding are the kinds without which something public would be shown as vacant or as nobody's.
var holding = []fact.KindName{graph.Appointment, "designation"}

// public says how much of an entry everybody sees, by what the council says is public. What is not is not there, but for who holds a post that is public, or a role through it:
// that somebody does, and not who.
func (s *sight) public(k *kind.Kind, id fact.ID, h graph.Version) graph.Sight {
	key := fact.Key{Kind: k.Name, ID: id}
	if s.asked(k, h) {
		return graph.Whole
	}
	own := s.of(k, id, h)
	if !s.settings.Public || k.Section == kind.Admin || own == graph.Unseen ||
		h.Proposal != "" && s.classOf(fact.Key{Kind: graph.Proposal, ID: h.Proposal}) != kind.Public {
		return graph.Unseen
	}
	if of, ok := s.proposalOf(s.said(key, h), 0); ok && s.classOf(of) != kind.Public {
		return graph.Unseen
	}
	if s.classOf(key) == kind.Public {
		if own != graph.Whole { // what it leads to is restricted
			return graph.Unseen
		}
		return graph.Whole
	}
	if r := s.said(key, h); r != nil && slices.Contains(holding, k.Name) {
		if post, ok := r.RefKey("post"); ok && s.classOf(post) == kind.Public {
			return graph.Veiled
		}
	}
	return graph.Unseen
}

// said is what an entry says of a record or, since an ending says nothing itself, what was last said of it.
func (s *sight) said(k fact.Key, h graph.Version) *graph.Record {
	if h.Op == fact.Assert {
		return h.Record
	}
	return s.newest(k)
}

// withheld names the fields of a record that somebody does not see, whatever they see of it beside: what its kind says of them.
func (s *sight) withheld(k *kind.Kind, id fact.ID) (names []string) {
	for _, f := range k.Fields {
		if f.Visibility == kind.Restricted && !s.p.Over(s.today, Restricted, fact.Key{Kind: k.Name, ID: id}) && !(ActOf(k) == Assess && s.p.has(s.today, Assess, fact.Key{Kind: k.Name, ID: id})) || f.Visibility == kind.Internal && !s.p.May(Read) {
			names = append(names, f.Name)
		}
	}
	return names
}

// sees says how much somebody sees of a record as a proposal has it, or of that in force: of all that was ever said of it there the least. What other proposals say of
// it makes no difference, or a refusal would tell that there is one.
func (p Person) sees(today *graph.View, k fact.Key, proposal fact.ID) graph.Sight {
	s := p.sight(today)
	least := graph.Whole
	kk := today.Kinds().Kind(k.Kind)
	for _, h := range today.History(k) {
		if h.Proposal != "" && h.Proposal != proposal {
			continue
		}
		least = max(least, s.of(kk, k.ID, h))
		if len(s.withheld(kk, k.ID)) > 0 {
			least = max(least, graph.Veiled)
		}
	}
	return least
}

func (p Person) sight(today *graph.View) *sight {
	return &sight{p: p, today: today, settings: SettingsOf(today), class: map[fact.Key]kind.Visibility{}, drafts: map[fact.ID]bool{}, branches: map[fact.ID]bool{}, tests: map[fact.Key]bool{}, open: map[fact.Key]bool{}}
}

// of says how much of an entry somebody sees.
func (s *sight) of(k *kind.Kind, id fact.ID, h graph.Version) graph.Sight {
	key := fact.Key{Kind: k.Name, ID: id}
	if h.Proposal != "" && !s.branch(h.Proposal) || k.Name == graph.Proposal && !s.draft(id) {
		return graph.Unseen
	}
	r := s.said(key, h)
	if slices.Contains(findings, k.Name) && (r == nil || !s.written(r)) {
		return graph.Unseen
	}
	if k.Section == kind.Admin && !s.p.May(ActOf(k)) {
		return graph.Unseen
	}
	if of, ok := s.proposalOf(r, 0); ok && !s.draft(of.ID) {
		return graph.Unseen
	}
	least := graph.Whole
	if r != nil {
		least = s.hung(r, 0)
	}
	if s.classOf(key) == kind.Restricted && !s.p.Over(s.today, Restricted, key) {
		return max(least, graph.Veiled)
	}
	return least
}

// classOf gives who may see a record: what is recorded of it, or what holds for its kind.
func (s *sight) classOf(k fact.Key) kind.Visibility {
	c, ok := s.class[k]
	if !ok {
		c = s.settings.classOf(s.today.Kinds().Kind(k.Kind), s.today.Class(k).Visibility)
		s.class[k] = c
	}
	return c
}

// draft reports whether somebody may see a proposal: one that is published, or, as long as it is in draft, one that they work on.
func (s *sight) draft(id fact.ID) bool {
	may, ok := s.drafts[id]
	if !ok {
		k := fact.Key{Kind: graph.Proposal, ID: id}
		may = s.p.Over(s.today, ReadDrafts, k) || s.published(k)
		s.drafts[id] = may
	}
	return may
}

// branch reports whether somebody may see what a proposal would change: of one that they see, and that is not restricted for them.
func (s *sight) branch(id fact.ID) bool {
	may, ok := s.branches[id]
	if !ok {
		k := fact.Key{Kind: graph.Proposal, ID: id}
		may = s.draft(id) && (s.classOf(k) != kind.Restricted || s.p.Over(s.today, Restricted, k))
		s.branches[id] = may
	}
	return may
}

// published reports whether a proposal is not in draft: by what was last so, by today, of all that is in force. One that is only to come, or was taken out of the record, never was.
func (s *sight) published(k fact.Key) bool {
	is := false
	for _, piece := range s.today.Pieces(k) {
		first, _, some := piece.Span.Possible()
		if !some || first > s.today.On() {
			continue
		}
		status := piece.Record.Text("status")
		out := status != "draft" && status != ""
		if begun := piece.Span.From; begun.IsZero() || begun.Last <= s.today.On() {
			is = out
		} else {
			is = is && out
		}
	}
	return is
}

// proposalOf gives the proposal of which a record speaks, as its versions, comments and consultations do, and what belongs to these.
func (s *sight) proposalOf(r *graph.Record, depth int) (fact.Key, bool) {
	if r == nil || depth > deepest {
		return fact.Key{}, false
	}
	of, ok := r.RefKey("of")
	if !ok || of.Kind == graph.Proposal {
		return of, ok
	}
	return s.proposalOf(s.newest(of), depth+1)
}

// written reports whether somebody may see what an adviser wrote: of a test that was reported, or of one that is theirs. What belongs to no test is for those
// who may see all that advisers write; what a meeting recommends is no adviser's.
func (s *sight) written(r *graph.Record) bool {
	if of, ok := r.RefKey("test"); ok && r.Kind().Name == letter && r.Text("purpose") == forAccuracy && s.p.Over(s.today, SetUpTests, of) {
		return true
	}
	found := false
	for _, field := range testOf {
		for _, k := range r.RefKeys(field) {
			found = true
			switch k.Kind {
			case "test":
				may, ok := s.tests[k]
				if !ok {
					may = s.p.has(s.today, Assess, k) || s.reported(k)
					s.tests[k] = may
				}
				if !may {
					return false
				}
			case "meeting":
			default:
				if up := s.newest(k); up == nil || !s.written(up) {
					return false
				}
			}
		}
	}
	return found || s.p.over(Assess, func(fact.Key) bool { return false })
}

// newest is what was last said of a record in force or, of one that a proposal brings, by a proposal: what a proposal would make of a record tells nothing of what it is.
func (s *sight) newest(k fact.Key) (r *graph.Record) {
	for _, h := range slices.Backward(s.today.History(k)) {
		switch {
		case h.Op != fact.Assert:
		case h.Proposal == "":
			return h.Record
		case r == nil:
			r = h.Record
		}
	}
	return r
}

// reported reports whether a test was reported by today. Nobody reports it by a proposal.
func (s *sight) reported(k fact.Key) bool {
	r := s.newest(k)
	if r == nil || r.Proposal() != "" {
		return false
	}
	d := r.Date("reported_on")
	return !d.IsZero() && d.Form != fact.ToBeAgreed && d.Last <= s.today.On()
}
