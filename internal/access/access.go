package access

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Grant is the kind of record that gives somebody a role.
const Grant fact.KindName = "grant"

// Console is whoever runs the program beside the file of the record and its key. Nothing in the program could keep them from the record.
const Console fact.Who = "owner"

// Held is a role that somebody has, and over what; a zero Over is the whole council.
type Held struct {
	Role  Role
	Over  fact.Key
	Until fact.Date // zero until further notice
}

// Person is somebody as the newest state of the record has them today. The zero Person is somebody who is not signed in: nothing is
// theirs to see or do but what is public.
type Person struct {
	Who  fact.Who
	Held []Held

	less []Act // what they may do, and the program that acts for them may not
}

// Without gives somebody who may do all that they may but for some acts.
func (p Person) Without(acts ...Act) Person {
	p.less = acts
	return p
}

// Of gives what somebody may do. The view is that of today, with everything that is recorded: a look at another day gives nobody other rights. A grant
// whose dates are not exact counts only on days that it certainly covers.
func Of(today *graph.View, who fact.Who) Person {
	p := Person{Who: who}
	if who == "" {
		return p
	}
	for _, g := range today.All(Grant) {
		if g.Text("holder") != string(who) || g.Exists() != fact.Yes {
			continue
		}
		h := Held{Role: Role(g.Text("role")), Until: g.Span().Until}
		if g.State("over") != graph.Missing {
			var ok bool
			if h.Over, ok = g.RefKey("over"); !ok {
				continue // what it was over is erased or gone: that must not widen it to the whole council
			}
		}
		p.Held = append(p.Held, h)
	}
	return p
}

// May reports whether somebody may do something at all, to whatever their grants are over.
func (p Person) May(a Act) bool { return p.over(a, func(fact.Key) bool { return true }) }

// Is reports whether somebody has a role.
func (p Person) Is(r Role) bool {
	return slices.ContainsFunc(p.Held, func(h Held) bool { return h.Role == r })
}

// Over reports whether somebody may do something to a record of a view. An adviser may no longer write in a test when their access to it has ended.
func (p Person) Over(v *graph.View, a Act, k fact.Key) bool {
	if a == Assess && p.Who != Console {
		if _, late := ended(v, k, 0); late {
			return false
		}
	}
	return p.has(v, a, k)
}

// has reports whether a role of somebody is for something, over a record of a view.
func (p Person) has(v *graph.View, a Act, k fact.Key) bool {
	return p.over(a, func(scope fact.Key) bool { return within(v, k, scope, 0) })
}

func (p Person) over(a Act, in func(scope fact.Key) bool) bool {
	return p.Who == Console || !slices.Contains(p.less, a) && slices.ContainsFunc(p.Held, func(h Held) bool {
		return h.Role.does(a) && (h.Over == fact.Key{} || in(h.Over))
	})
}

// upward names, for a scope, the fields by which records belong to it or to what belongs to it.
var upward = map[fact.KindName][]string{
	graph.Unit:     {"unit", "parent", "post", "appointment", "units"},
	graph.Proposal: {"tests", "implements", "of"},
	"test":         {"test", "judgement", "letter", "condition"},
	"board":        {"board", "meeting", "parent", "parties"},
}

// deepest is how many steps a record may lie below a scope. A longer chain than any council's would be a loop.
const deepest = 30

// within reports whether a record is a scope or belongs to it.
func within(v *graph.View, k, scope fact.Key, depth int) bool {
	if k == scope {
		return true
	}
	r := v.Record(k)
	return r != nil && depth < deepest && belongs(r, scope, depth)
}

// belongs reports whether a record refers upward to a scope, or to what belongs to it.
func belongs(r *graph.Record, scope fact.Key, depth int) bool {
	if scope.Kind == graph.Proposal && r.Proposal() == scope.ID {
		return true
	}
	for _, field := range upward[scope.Kind] {
		for _, up := range r.RefKeys(field) {
			if within(r.View(), up, scope, depth+1) {
				return true
			}
		}
	}
	return false
}

// Give makes the document that gives somebody a role from a day on; a zero over is the whole council.
func Give(kinds *kind.Set, holder fact.Who, role Role, over fact.Key, from fact.Day) kind.Doc {
	k := kinds.Kind(Grant)
	d := kind.Doc{Op: fact.Assert, Kind: k, ID: fact.ID("g-" + strings.ToLower(rand.Text()[:16])), Span: fact.Span{From: fact.ExactDate(from)}}
	state := func(field, value string) {
		d.Values = append(d.Values, kind.Value{Field: k.Field(field), JSON: kind.Quote(value)})
	}
	state("holder", string(holder))
	state("role", string(role))
	if over != (fact.Key{}) {
		state("over", over.String())
	}
	return d
}

// ActOf says what somebody does who changes records of a kind.
func ActOf(k *kind.Kind) Act {
	if a, ok := acts[k.Name]; ok {
		return a
	}
	return Act(k.Section)
}

// Denied says that somebody may not do something, and who may. It is a fact.ErrDenied.
type Denied struct {
	Act   Act      // with which they might; empty where none would help
	What  string   // "change the structure"
	Roles []string // for whom it is: "an administrator"
}

func (d *Denied) Error() string {
	s := "you may not " + d.What
	switch n := len(d.Roles); n {
	case 0:
		return s
	case 1:
		return s + ": it is for " + d.Roles[0]
	default:
		return s + ": it is for " + strings.Join(d.Roles[:n-1], ", ") + " or " + d.Roles[n-1]
	}
}

// Unwrap makes it a fact.ErrDenied.
func (d *Denied) Unwrap() error { return fact.ErrDenied }

// what says what an act is, after "you may not".
var what = map[Act]string{
	Read: "see what is not public", Restricted: "see what is restricted", ReadDrafts: "see proposals that are not published", Structure: "change the structure", Propose: "write proposals", SetUpTests: "set up tests of assurance",
	Comment: "comment on proposals", Assess: "write what a test of assurance found", Deliver: "keep delivery", Minute: "keep meetings", Hear: "keep feedback", Erase: "erase", Administer: "keep accounts",
}

// Refuse says that an act is not for somebody, and for whom it is.
func Refuse(a Act) *Denied {
	return &Denied{Act: a, What: what[a], Roles: rolesFor(a)}
}

// rolesFor names the roles that do all of some acts: "an administrator".
func rolesFor(all ...Act) (names []string) {
	for _, m := range Roles {
		if !slices.ContainsFunc(all, func(a Act) bool { return !m.Does(a) }) {
			names = append(names, article(m.Label))
		}
	}
	return names
}

// article writes a label within a sentence: "an administrator".
func article(label string) string {
	label = strings.ToLower(label[:1]) + label[1:]
	if strings.Contains("aeiou", label[:1]) {
		return "an " + label
	}
	return "a " + label
}

// RefuseClass says that it is not for somebody to say who may see a record of a kind, and for whom it is.
func RefuseClass(k *kind.Kind) *Denied {
	return &Denied{Act: Restricted, What: "say who may see " + k.One(), Roles: rolesFor(ActOf(k), Restricted)}
}

// Change says whether somebody may make the change that documents are, or what they may not: nil, or a *Denied. The view is that of today with everything that is
// recorded, without the documents. What a document makes of a record counts, and what the record is before it: nothing is moved out
// of, or into, what is not theirs.
func (p Person) Change(today *graph.View, docs []kind.Doc) error {
	if p.Who == Console {
		return nil
	}
	seen, places := p.sight(today), place(today, docs)
	for i := range docs {
		d := &docs[i]
		a := Propose
		if d.Proposal == "" || !Proposed(d.Kind) {
			var refused error
			if a, refused = hand(today, d); refused != nil {
				return refused
			}
		}
		reporting := reports(today, docs, d)
		if !reporting {
			if err := unreported(today, d); err != nil {
				return err
			}
		}
		if reporting && !p.has(today, SetUpTests, d.Key()) {
			a = Assess
		}
		may := p.over(a, func(scope fact.Key) bool {
			if d.Proposal != "" && scope == (fact.Key{Kind: graph.Proposal, ID: d.Proposal}) {
				return true
			}
			if d.Op == fact.End {
				return wasWithin(today, d, scope, 1)
			}
			return wasWithin(today, d, scope, 0) && places.into(i, scope)
		})
		if !may {
			return Refuse(a)
		}
		if a == Assess {
			if late := tooLate(today, d); late != nil {
				return late
			}
		}
		switch {
		case a == Comment && !p.says(today, d):
			return Refuse(Propose)
		case d.Proposal != "" && !seen.draft(d.Proposal):
			return Refuse(ReadDrafts)
		case d.Proposal != "" && !seen.branch(d.Proposal):
			return Refuse(Restricted)
		case d.Proposal != "" && !Proposed(d.Kind):
			return &Denied{What: "propose " + d.Kind.One() + ". Record it without a proposal"}
		case d.Proposal != "" && !undecided(today, d.Proposal):
			return &Denied{What: "change what a proposal says that is decided. It stays readable as it was"}
		case d.Kind.Name == graph.Proposal && decides(today, d) && !p.Over(today, Minute, d.Key()):
			return &Denied{Act: Minute, What: "record what was decided of a proposal", Roles: rolesFor(Propose, Minute)}
		case p.sees(today, d.Key(), d.Proposal) != graph.Whole: // what they do not see they would lose
			return Refuse(Restricted)
		case d.Visibility != "" && !reporting && !p.over(Restricted, func(scope fact.Key) bool { return wasWithin(today, d, scope, 0) && places.into(i, scope) }):
			return RefuseClass(d.Kind)
		}
	}
	return p.grants(today, docs)
}

// decided are the states of a proposal on which somebody has decided, and rulings the fields that say what.
var (
	decided = []string{"approved", "adopted", "rejected"}
	rulings = []string{"status", "decision", "decision_on", "decided_by", "decision_ref", "adopted_despite"}
)

// decides reports whether a document says of a proposal what was decided, or makes something else of it. Whoever prepares a proposal does not say so themselves.
func decides(today *graph.View, d *kind.Doc) bool {
	was := said(today, d.Key())
	if was == nil {
		return slices.Contains(decided, d.Text("status"))
	}
	return (slices.Contains(decided, was.Text("status")) || slices.Contains(decided, d.Text("status"))) && (d.Op == fact.End || !agree(was, d, func(field string) bool { return slices.Contains(rulings, field) }))
}

// undecided reports whether a proposal is still open: what was decided on is not written anew behind those who decided.
func undecided(today *graph.View, id fact.ID) bool {
	r := today.Record(fact.Key{Kind: graph.Proposal, ID: id})
	return r == nil || graph.Undecided(r)
}

// said is what was last said of a record in force, or nil.
func said(today *graph.View, k fact.Key) *graph.Record {
	for _, h := range slices.Backward(today.History(k)) {
		if h.Op == fact.Assert && h.Proposal == "" {
			return h.Record
		}
	}
	return nil
}

// agree reports whether a document says of some fields what was said of them before.
func agree(was *graph.Record, d *kind.Doc, of func(field string) bool) bool {
	for _, f := range d.Kind.Fields {
		before, _ := was.JSON(f.Name)
		after := ""
		if i := slices.IndexFunc(d.Values, func(x kind.Value) bool { return x.Field.Name == f.Name }); i >= 0 {
			after = d.Values[i].JSON
		}
		if of(f.Name) && before != after {
			return false
		}
	}
	return true
}

// answers are the fields of a comment by which it is answered.
var answers = []string{"state", "answer", "answered_on"}

// says reports whether what a document says of a comment is theirs to say: they write their own, and as long as nobody answered it; who works on the proposal answers, and puts
// no other words into anybody's mouth.
func (p Person) says(today *graph.View, d *kind.Doc) bool {
	own, open := true, true
	for _, h := range today.History(d.Key()) {
		own, open = own && h.Who == p.Who, open && h.Record.Text("answer") == ""
	}
	works := slices.ContainsFunc(d.Values, func(x kind.Value) bool {
		return x.Field.Name == ofField && slices.ContainsFunc(x.Refs(), func(of fact.Key) bool { return p.Over(today, Propose, of) })
	})
	was := said(today, d.Key())
	switch {
	case was == nil && works:
		return own
	case works && agree(was, d, func(field string) bool { return !slices.Contains(answers, field) }):
		return true
	}
	return own && open && d.Text("answer") == "" && d.Text("answered_on") == "" && slices.Contains([]string{"", "open"}, d.Text("state"))
}

// wasWithin reports whether what a document changes lies in a scope on all days of which it speaks, with no fewer than least stretches of
// days on which it is there.
func wasWithin(today *graph.View, d *kind.Doc, scope fact.Key, least int) bool {
	n, span := 0, d.Span
	if d.Op == fact.End {
		span = fact.Span{} // an ending speaks of the days after it; whoever ends a record should have all of it
	}
	for _, was := range today.With(d.Proposal).Pieces(d.Key()) {
		if _, _, some := was.Span.And(span).Possible(); !some {
			continue
		}
		if d.Key() != scope && !belongs(was.Record, scope, 0) {
			return false
		}
		n++
	}
	return n >= least
}

// placing is where the documents of a change put their records, worked out once for each scope: a change may be large, and all who record something wait for it.
type placing struct {
	today *graph.View
	docs  []kind.Doc
	first map[fact.Key]int    // the place of the first document that says what a record is
	in    map[fact.Key][]bool // by scope and place, as far as they were asked for
}

func place(today *graph.View, docs []kind.Doc) *placing {
	p := &placing{today, docs, make(map[fact.Key]int, len(docs)), map[fact.Key][]bool{}}
	for i := range docs {
		if _, twice := p.first[docs[i].Key()]; !twice && docs[i].Op != fact.End {
			p.first[docs[i].Key()] = i
		}
	}
	return p
}

// into reports whether the document of a place puts its record into a scope: by what it refers to, or by what other documents of the change do.
func (p *placing) into(i int, scope fact.Key) bool {
	in, ok := p.in[scope]
	if !ok {
		in = p.all(scope)
		p.in[scope] = in
	}
	return in[i]
}

// all gives, for each document, whether it puts its record into a scope: those that refer into it, and from them on those that refer to these.
func (p *placing) all(scope fact.Key) []bool {
	in, below, was := make([]bool, len(p.docs)), make([][]int, len(p.docs)), map[fact.Key]bool{}
	var next []int
	put := func(i int) {
		if !in[i] {
			in[i], next = true, append(next, i)
		}
	}
	for i := range p.docs {
		if p.docs[i].Key() == scope {
			put(i)
		}
		for _, x := range p.docs[i].Values {
			if !slices.Contains(upward[scope.Kind], x.Field.Name) {
				continue
			}
			for _, k := range x.Refs() {
				if j, ok := p.first[k]; ok {
					below[j] = append(below[j], i)
				}
				if _, known := was[k]; !known {
					was[k] = within(p.today, k, scope, 0)
				}
				if was[k] {
					put(i)
				}
			}
		}
	}
	for len(next) > 0 {
		i := next[0]
		next = next[1:]
		for _, j := range below[i] {
			put(j)
		}
	}
	return in
}

// Erase says whether somebody may take away for ever what was said of a record in force, or by a proposal: nil, or a *Denied. It is for whoever keeps it on all its days and
// sees all of it; nobody takes away what says what they themselves were allowed.
func (p Person) Erase(today *graph.View, k fact.Key, proposal fact.ID) error {
	all := kind.Doc{Op: fact.End, Kind: today.Kinds().Kind(k.Kind), ID: k.ID, Proposal: proposal}
	switch {
	case p.Who == Console:
		return nil
	case k.Kind == Grant && slices.ContainsFunc(today.History(k), func(h graph.Version) bool { return h.Record.Text("holder") == string(p.Who) }):
		return &Denied{What: "erase what says what you yourself may do. Ask somebody else who may erase"}
	case !p.over(Erase, func(scope fact.Key) bool { return wasWithin(today, &all, scope, 1) }) || p.sees(today, k, proposal) != graph.Whole:
		return Refuse(Erase)
	}
	return nil
}

// grants says what is wrong with the grants of a change: nobody gives themselves a role, and an adviser is independent.
func (p Person) grants(today *graph.View, docs []kind.Doc) error {
	for i := range docs {
		if d := &docs[i]; d.Kind.Name == Grant && d.Op != fact.End {
			holder, role := fact.Who(d.Text("holder")), Role(d.Text("role"))
			if holder == p.Who {
				return &Denied{What: "give yourself a role, or change one of yours. Ask another administrator"}
			}
			if other := apartFrom(role, rolesOf(today, holder, docs)); other != "" {
				return kind.Problems{{Place: d.Place, Field: "role", What: fmt.Sprintf("an adviser is independent, and this account has the role %q, now or later", other), Remedy: "End that role first, or give the person another account"}}
			}
		}
	}
	return nil
}

// rolesOf gives the roles that somebody has today or may have later, with those that the change gives.
func rolesOf(today *graph.View, holder fact.Who, docs []kind.Doc) (out []Role) {
	changed := map[fact.Key]bool{}
	for i := range docs {
		d := &docs[i]
		if d.Kind.Name != Grant {
			continue
		}
		changed[d.Key()] = d.Op == fact.Assert && d.Span.From.IsZero() // it says all anew
		if d.Op == fact.Assert && d.Text("holder") == string(holder) {
			out = append(out, Role(d.Text("role")))
		}
	}
	for past := range today.Pasts(Grant) {
		_, last, some := past.Span.Possible()
		r := past.Record
		if r.Proposal() == "" && r.Text("holder") == string(holder) && (!some || last >= today.On()) && !changed[r.Key()] {
			out = append(out, Role(r.Text("role")))
		}
	}
	return out
}

// apartFrom gives the label of a role among others with which a role does not go, or nothing.
func apartFrom(r Role, others []Role) string {
	for _, o := range others {
		if slices.Contains(apart[r], o) {
			m, _ := Means(o)
			return m.Label
		}
	}
	return ""
}
