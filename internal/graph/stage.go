package graph

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Stage turns the documents of one load into the entries that would follow this graph, or says what stands
// against it: references that lead nowhere, the same record twice over the same days, chains that come back to their start. The
// order of the documents does not matter. The graph itself is not changed, and nobody may fold into it meanwhile.
//
// recorded is the moment that the entries will bear, written the moment at which they are really written, later than
// recorded only while the past is reconstructed. Positions count on from the graph's size.
func (g *Graph) Stage(docs []kind.Doc, who fact.Who, recorded, written time.Time) ([]fact.Entry, kind.Problems) {
	return g.StageAs(nil, docs, who, recorded, written)
}

// StageAs is Stage for somebody who does not see everything: see Veil, whose sight it is; nil sees everything. What is unseen is as if it were not there, in what may be referred to as in what is
// said to be wrong. What is veiled may be referred to, by the name that they know it by, and is not named.
func (g *Graph) StageAs(sight func(*kind.Kind, fact.ID, Version) Sight, docs []kind.Doc, who fact.Who, recorded, written time.Time) ([]fact.Entry, kind.Problems) {
	s := &stage{g: g, f: g.fork(), docs: slices.Clone(docs), opaque: map[fact.Key]fact.ID{}}
	s.seen = seen{g.View(0, g.Size()), sight, map[*record]Sight{}}
	s.lives = lives{View{g: s.f, known: math.MaxInt64}, &s.seen, map[branched][]held{}, map[*record]days{}}
	for i := range s.docs {
		s.docs[i].Values = slices.Clone(s.docs[i].Values) // references are resolved in place, and the caller may have to try again
	}
	s.find()
	for i := range s.docs {
		s.begin(&s.docs[i])
	}
	s.docs = order(s.docs)
	s.find()
	s.twice()
	s.names()
	entries := make([]fact.Entry, 0, len(s.docs))
	salts := make([]byte, 0)
	for i := range s.docs {
		d := &s.docs[i]
		e := fact.Entry{
			Position: g.Size() + int64(i) + 1, Recorded: recorded.UTC().Truncate(time.Microsecond), Written: written.UTC().Truncate(time.Microsecond), Who: who, Op: d.Op, Kind: d.Kind.Name, Version: d.Kind.Version,
			ID: s.inLog(d.Key()), Span: d.Span, Proposal: d.Proposal, Reconstructed: recorded.Before(written),
		}
		e.Base = s.f.newest(d.Kind, e.ID, d.Proposal)
		e.Body = s.body(d, &salts)
		e.Root = e.Body.Root()
		if err := s.f.Fold(&e); err != nil {
			s.problem(d, kind.Place{}, "", err.Error(), "")
			return nil, s.problems
		}
		entries = append(entries, e)
	}
	for i := range s.docs {
		s.references(&s.docs[i])
		s.keeps(&s.docs[i])
		s.expressions(&s.docs[i])
		s.ends(&s.docs[i])
	}
	if len(s.problems) == 0 {
		s.loops()
	}
	return entries, s.problems
}

type stage struct {
	g, f     *Graph // before, and with the load folded in
	docs     []kind.Doc
	index    map[fact.Key][]int
	opaque   map[fact.Key]fact.ID // personal records that are new
	problems kind.Problems
	seen     seen
	lives    lives
	near     map[fact.KindName][]string // the ids of a kind, once something like them was sought
}

// seen is what the writer of a load sees of what was there before it.
type seen struct {
	before *View
	sight  func(*kind.Kind, fact.ID, Version) Sight // nil: everything
	of     map[*record]Sight                        // as far as they were asked for
}

// record says how much of a record the writer sees. What is new in the load they see.
func (s *seen) record(r *record) Sight {
	if s.sight == nil {
		return Whole
	}
	was := s.before.g.tables[r.kind.Index].find(r.inLog)
	if was == nil {
		return Whole
	}
	how, ok := s.of[was]
	if !ok {
		how = Unseen
		for x := was.head.Load(); x != nil; x = x.prev {
			switch s.version(was, x) {
			case Veiled:
				how = Veiled
			case Whole:
				if how == Unseen {
					how = Whole
				}
			}
		}
		s.of[was] = how
	}
	return how
}

// version says how much of a version the writer sees.
func (s *seen) version(r *record, x *version) Sight {
	if s.sight == nil || x.position > s.before.known {
		return Whole
	}
	return s.sight(r.kind, *r.id.Load(), s.before.version(r, x))
}

// id is the name by which the writer knows a record: that of a person tells who it is.
func (s *seen) id(r *record) fact.ID {
	if r.kind.Personal && s.record(r) != Whole {
		return r.inLog
	}
	return *r.id.Load()
}

// there reports whether a record was there before the load, for all that the writer knows.
func (s *seen) there(k fact.Key) bool {
	r := s.before.g.find(k)
	return r != nil && s.record(r) != Unseen && (k.ID == s.id(r) || k.ID == r.inLog)
}

// find notes which documents speak of which record.
func (s *stage) find() {
	s.index = make(map[fact.Key][]int, len(s.docs))
	for i := range s.docs {
		k := s.docs[i].Key()
		s.index[k] = append(s.index[k], i)
	}
}

func (s *stage) problem(d *kind.Doc, at kind.Place, field, what, remedy string) {
	if at == (kind.Place{}) {
		at = d.Place
	}
	s.problems = append(s.problems, kind.Problem{Place: at, Record: d.Key().String(), Field: field, What: what, Remedy: remedy})
}

// order puts the documents of one record and branch in the order of their days, so that what a load means does not
// depend on how it was typed: an ending comes before what begins again after it.
func order(docs []kind.Doc) []kind.Doc {
	out := slices.Clone(docs)
	for _, p := range groups(out) {
		if len(p) < 2 {
			continue
		}
		part := make([]kind.Doc, len(p))
		for i, n := range p {
			part[i] = out[n]
		}
		slices.SortStableFunc(part, func(a, b kind.Doc) int { return cmp.Compare(starts(&a), starts(&b)) })
		for i, n := range p {
			out[n] = part[i]
		}
	}
	return out
}

// starts gives the first day of which a document speaks.
func starts(d *kind.Doc) int64 {
	switch {
	case d.Op == fact.End && d.Span.Until.IsZero():
		return int64(fact.MinDay) - 1 // what is taken back is so before anything is said again
	case d.Op == fact.End:
		return int64(d.Span.Until.Last) + 1
	}
	switch d.Span.From.Form {
	case fact.Unstated:
		return int64(fact.MinDay)
	case fact.ByThen:
		return int64(d.Span.From.Last)
	}
	return int64(d.Span.From.First)
}

// twice refuses the same record over the same days in one load and branch.
func (s *stage) twice() {
	for _, places := range groups(s.docs) {
		group := make([]kind.Doc, len(places))
		for i, n := range places {
			group[i] = s.docs[n]
		}
		for _, c := range clashes(group) {
			s.problem(&group[c.later], kind.Place{}, "", "this record is already given over the same days at "+group[c.earlier].Place.String(), "Give the earlier one an `until`, or remove one of the two")
		}
	}
}

// groups gives the places of the documents about each record on each branch.
func groups(docs []kind.Doc) [][]int {
	type about struct {
		key    fact.Key
		branch fact.ID
	}
	var out [][]int
	at := map[about]int{}
	for i := range docs {
		k := about{docs[i].Key(), docs[i].Proposal}
		n, ok := at[k]
		if !ok {
			n, out = len(out), append(out, nil)
			at[k] = n
		}
		out[n] = append(out[n], i)
	}
	return out
}

type clash struct{ earlier, later int }

// clashes gives the documents, all about one record on one branch, that speak of days of which an earlier one speaks.
func clashes(docs []kind.Doc) (out []clash) {
	type sure struct {
		first, last fact.Day
		place       int
	}
	var days []sure
	vague := map[fact.Span]int{} // those that are certain on no day
	ends := map[bool]int{}       // one that takes back says nothing of any day, and may stand beside one that does
	for i := range docs {
		first, last, ok := docs[i].Span.Certain()
		back := docs[i].Span.Until.IsZero()
		switch other, same := vague[docs[i].Span]; {
		case docs[i].Op == fact.End:
			if end, twice := ends[back]; twice {
				out = append(out, clash{end, i})
			}
			ends[back] = i
		case ok:
			days = append(days, sure{first, last, i})
		case same:
			out = append(out, clash{other, i})
		default:
			vague[docs[i].Span] = i
		}
	}
	slices.SortStableFunc(days, func(a, b sure) int { return cmp.Compare(a.first, b.first) })
	for i := 1; i < len(days); i++ {
		a, b := &days[i-1], &days[i]
		if b.first <= a.last {
			out = append(out, clash{min(a.place, b.place), max(a.place, b.place)})
		}
		if a.last > b.last {
			b.last, b.place = a.last, a.place // the one that reaches furthest
		}
	}
	return out
}

// names gives the personal records that are new the id under which the ledger will know them: one that says nothing
// of who they are.
func (s *stage) names() {
	for k := range s.index {
		if kk := s.g.kinds.Kind(k.Kind); kk.Personal {
			if _, there := s.g.InLog(k); !there {
				var b [8]byte
				_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program first
				s.opaque[k] = fact.ID("~" + hex.EncodeToString(b[:]))
			}
		}
	}
}

// inLog gives the id under which the ledger knows, or will know, a record.
func (s *stage) inLog(k fact.Key) fact.ID {
	if id, ok := s.opaque[k]; ok {
		return id
	}
	if id, ok := s.g.InLog(k); ok {
		return id
	}
	return k.ID
}

// newest gives the position of the newest version of a record on a branch, or 0.
func (g *Graph) newest(k *kind.Kind, inLog, branch fact.ID) int64 {
	r := g.tables[k.Index].find(inLog)
	if r == nil {
		return 0
	}
	for x := r.head.Load(); x != nil; x = x.prev {
		if x.proposal == branch && x.op != fact.Erase {
			return x.position
		}
	}
	return 0
}

// Newest gives the position of the newest version of a record on a branch, or 0: what a writer should have seen.
func (g *Graph) Newest(k fact.Key, branch fact.ID) int64 {
	kk := g.kinds.Kind(k.Kind)
	id, ok := g.InLog(k)
	if kk == nil || !ok {
		return 0
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.newest(kk, id, branch)
}

// begin gives an event without a from its own date.
func (s *stage) begin(d *kind.Doc) {
	if d.Op != fact.Assert || !d.Span.From.IsZero() {
		return
	}
	for _, path := range d.Kind.Begins {
		if on := s.follow(d, strings.Split(path, ".")); !on.IsZero() {
			d.Span.From = on
			if err := d.Span.Check(); err != nil {
				s.problem(d, kind.Place{}, "until", "it ends ("+d.Span.Until.Words()+") before its own date ("+on.Words()+")", "Check both dates")
			}
			return
		}
	}
}

// follow walks from a document through references to a date, through the load first and then through what was
// there before it.
func (s *stage) follow(d *kind.Doc, path []string) fact.Date {
	f := d.Kind.Field(path[0])
	for _, v := range d.Values {
		if v.Field != f {
			continue
		}
		if len(path) == 1 {
			return date(v.JSON)
		}
		k := fact.Key{Kind: f.To[0], ID: fact.ID(text(v.JSON))}
		if name, id, ok := strings.Cut(string(k.ID), "/"); ok {
			k = fact.Key{Kind: fact.KindName(name), ID: fact.ID(id)}
		}
		for _, n := range s.index[k] {
			if on := s.follow(&s.docs[n], path[1:]); !on.IsZero() {
				return on
			}
		}
		if s.seen.there(k) {
			return s.seen.before.follow(s.g.find(k), path[1:])
		}
	}
	return fact.Date{}
}

// begins gives an event's own date.
func (v *View) begins(k *kind.Kind, values []kind.Value) fact.Date {
	for _, path := range k.Begins {
		steps := strings.Split(path, ".")
		for _, val := range values {
			if val.Field.Name != steps[0] {
				continue
			}
			if len(steps) == 1 {
				return date(val.JSON)
			}
			if to := target(v, val.Field, text(val.JSON)); to != nil {
				if on := v.follow(to, steps[1:]); !on.IsZero() {
					return on
				}
			}
		}
	}
	return fact.Date{}
}

func (v *View) follow(r *record, path []string) fact.Date {
	f := r.kind.Field(path[0])
	if f == nil {
		return fact.Date{}
	}
	for x := v.newest(r); x != nil; x = x.prev {
		j, state := x.field(byte(f.Index))
		if state != Known {
			continue
		}
		if len(path) == 1 {
			return date(j)
		}
		if to := target(v, f, text(j)); to != nil {
			return v.follow(to, path[1:])
		}
	}
	return fact.Date{}
}

// body writes the fields of a document as they are hashed: references resolved, people by their opaque ids.
func (s *stage) body(d *kind.Doc, salts *[]byte) fact.Body {
	for i := range d.Values {
		if v := &d.Values[i]; v.Field.Type == kind.Reference {
			v.JSON = s.resolve(d, v)
		}
	}
	b := body(d)
	b.Sort()
	Salt(b, salts)
	return b
}

// Salt gives every field of a body its own salt. The buffer saves asking the system for each.
func Salt(b fact.Body, buf *[]byte) {
	const n = len(fact.Salt{})
	for i := range b {
		if len(*buf) < n {
			*buf = make([]byte, 256*n)
			_, _ = rand.Read(*buf) // never fails: crypto/rand ends the program first
		}
		copy(b[i].Salt[:], *buf)
		*buf = (*buf)[n:]
	}
}

// resolve writes a reference as it is stored: bare where one kind is possible, else kind/id, and people by their opaque
// ids, so that erasing the person leaves nothing of the name in what refers to it.
func (s *stage) resolve(d *kind.Doc, v *kind.Value) string {
	one := func(ref string) string {
		if v.Field.Codes != "" && slices.Contains(s.g.kinds.Codes(v.Field.Codes), ref) {
			return ref
		}
		k, ok := s.meant(d, v, ref)
		if !ok {
			return ref
		}
		id := s.inLog(k)
		if v.Field.Mixed() {
			return string(k.Kind) + "/" + string(id)
		}
		return string(id)
	}
	if !v.Field.Many {
		return kind.Quote(one(text(v.JSON)))
	}
	items := texts(v.JSON)
	for i := range items {
		meant := kind.Quote(one(items[i]))
		if slices.Contains(items[:i], meant) {
			s.problem(d, v.Place, v.Field.Name, fmt.Sprintf("%s is in the list twice", text(items[i])), "Keep one of the two")
		}
		items[i] = meant
	}
	return "[" + strings.Join(items, ",") + "]"
}

// expressions asks whether an expression is one about what the record says that it is about.
func (s *stage) expressions(d *kind.Doc) {
	for _, v := range d.Values {
		if v.Field.Subject == "" {
			continue
		}
		about := []fact.KindName{}
		for _, of := range d.Values {
			if of.Field.Name != v.Field.Subject {
				continue
			}
			for _, ref := range texts(of.JSON) {
				if name, _, ok := strings.Cut(ref, "/"); ok && !slices.Contains(about, fact.KindName(name)) {
					about = append(about, fact.KindName(name))
				}
			}
		}
		if what, remedy := s.g.kinds.CheckAbout(v.Field, text(v.JSON), about); what != "" {
			s.problem(d, v.Place, v.Field.Name, what, remedy)
		}
	}
}

// meant finds the record that a reference means, on whatever days it is there.
func (s *stage) meant(d *kind.Doc, v *kind.Value, ref string) (fact.Key, bool) {
	there := func(k fact.Key) bool { return len(s.index[k]) > 0 || s.seen.there(k) }
	if name, id, ok := strings.Cut(ref, "/"); ok {
		k := fact.Key{Kind: fact.KindName(name), ID: fact.ID(id)}
		if !there(k) {
			s.dangling(d, v, k.String(), []fact.KindName{k.Kind}, string(k.ID))
			return k, false
		}
		return k, true
	}
	kinds := v.Field.To
	if slices.Contains(kinds, kind.Any) {
		kinds = nil
		for _, k := range s.g.kinds.All {
			kinds = append(kinds, k.Name)
		}
	}
	var found []fact.Key
	for _, name := range kinds {
		if k := (fact.Key{Kind: name, ID: fact.ID(ref)}); there(k) {
			found = append(found, k)
		}
	}
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		s.dangling(d, v, ref, kinds, ref)
		return fact.Key{}, false
	}
	s.problem(d, v.Place, v.Field.Name, fmt.Sprintf("%q can be %s or %s", ref, found[0], found[1]), "Write it with its kind, as in "+found[0].String())
	return fact.Key{}, false
}

func (s *stage) dangling(d *kind.Doc, v *kind.Value, ref string, kinds []fact.KindName, id string) {
	var near []string
	if len(s.problems) < kind.Shown { // nobody reads a suggestion that is not shown
		for _, name := range kinds {
			near = append(near, s.ids(name)...)
		}
	}
	what := "there is no such record"
	if len(kinds) == 1 {
		what = "there is no such " + string(kinds[0])
	}
	remedy := "Add it to this load, or load it first"
	if n := kind.Nearest(id, near); n != "" {
		remedy = fmt.Sprintf("Did you mean %q? Otherwise add it to this load, or load it first", n)
	}
	s.problem(d, v.Place, v.Field.Name, fmt.Sprintf("it refers to %q, and %s", ref, what), remedy)
}

// ids gives the ids of a kind, in the load and of what the writer saw whole before it.
func (s *stage) ids(name fact.KindName) []string {
	if ids, known := s.near[name]; known {
		return ids
	}
	ids := []string{} // not nil: it is known that there is none
	for k := range s.index {
		if k.Kind == name {
			ids = append(ids, string(k.ID))
		}
	}
	if k := s.g.kinds.Kind(name); k != nil {
		for _, r := range s.g.tables[k.Index].list {
			if s.seen.record(r) == Whole {
				ids = append(ids, string(*r.id.Load()))
			}
		}
	}
	slices.Sort(ids)
	if s.near == nil {
		s.near = map[fact.KindName][]string{}
	}
	s.near[name] = ids
	return ids
}

// ends refuses to end what is not there: a slip in the id would otherwise leave the record that was meant in force.
func (s *stage) ends(d *kind.Doc) {
	if d.Op != fact.End {
		return
	}
	if r := s.f.find(d.Key()); r != nil {
		for x := r.head.Load(); x != nil; x = x.prev {
			if x.op == fact.Assert && (x.proposal == "" || x.proposal == d.Proposal) {
				return
			}
		}
	}
	remedy := "Check the id"
	var others []string
	if len(s.problems) < kind.Shown {
		others = slices.DeleteFunc(slices.Clone(s.ids(d.Kind.Name)), func(id string) bool { return id == string(d.ID) })
	}
	if n := kind.Nearest(string(d.ID), others); n != "" {
		remedy = fmt.Sprintf("Did you mean %q?", n)
	}
	s.problem(d, kind.Place{}, "id", fmt.Sprintf("there is no such %s to end", d.Kind.Name), remedy)
}

// references checks that what a document refers to is there on some day of its span.
func (s *stage) references(d *kind.Doc) {
	if d.Kind.Name == Proposal && d.Proposal != "" {
		s.problem(d, kind.Place{}, "proposal", "a proposal cannot itself be proposed", "Remove the line `proposal:`; what it would change is proposed, and it is on record")
	} else if d.Proposal != "" {
		if r := s.f.find(fact.Key{Kind: Proposal, ID: d.Proposal}); r == nil || s.seen.record(r) == Unseen {
			s.problem(d, kind.Place{}, "proposal", fmt.Sprintf("there is no proposal %q", d.Proposal), "Record the proposal first, as a record of kind proposal with that id")
		}
	}
	for _, val := range d.Values {
		if val.Field.Type != kind.Reference {
			continue
		}
		refs := []string{text(val.JSON)}
		if val.Field.Many {
			refs = texts(val.JSON)
		}
		for _, ref := range refs {
			to := target(s.f, val.Field, ref)
			if to == nil || s.seen.record(to) == Unseen || s.lives.onSomeDay(to, d.Span, d.Proposal) {
				continue
			}
			s.problem(d, val.Place, val.Field.Name, fmt.Sprintf("it refers to %s/%s, which is there on none of these days (%s)", to.kind.Name, s.seen.id(to), d.Span.Words()), "Check the dates of both")
		}
	}
}

// keeps refuses to say anew what refers to something that the writer does not see: what they say would lack it.
func (s *stage) keeps(d *kind.Doc) {
	r := s.g.find(d.Key())
	if s.seen.sight == nil || d.Op != fact.Assert || r == nil {
		return
	}
	hidden := func(to *record) bool { return s.seen.record(to) == Unseen }
	for _, was := range s.seen.before.With(d.Proposal).stretches(r) {
		if _, _, some := was.span.And(d.Span).Possible(); some && s.g.refersToAny(r.kind, was.body, hidden) {
			s.problem(d, kind.Place{}, "", "it refers to something that you may not see, and this would take that out of it", "Ask somebody who sees all of it to make the change")
			return
		}
	}
}

// lives are the days of the records that a load is checked against, each worked out once.
type lives struct {
	v    View // of everything, the load included
	seen *seen
	sure map[branched][]held
	ever map[*record]days
}

type branched struct {
	r      *record
	branch fact.ID
}

// held is a run of days on which one version certainly holds.
type held struct {
	run
	*version
}

// surely gives the days on which it is certain what a record is, seen from a branch.
func (l *lives) surely(r *record, branch fact.ID) []held {
	k := branched{r, branch}
	out, ok := l.sure[k]
	if !ok {
		w := View{g: l.v.g, known: l.v.known, laid: laid{proposal: branch}}
		all := w.stretches(r)
		for days, open := range sweep(spans(all)) {
			if len(open) == 1 && all[open[0]].span.On(days.inside()) == fact.Yes {
				out = append(out, held{days, all[open[0]].version})
			}
		}
		l.sure[k] = out
	}
	return out
}

// onSomeDay reports whether the record is there on some day of a span, seen from a branch. The record in force may
// point to what so far is only proposed.
func (l *lives) onSomeDay(r *record, s fact.Span, branch fact.ID) bool {
	ever, ok := l.ever[r]
	if !ok {
		for _, x := range l.v.divide(l.v.of(r, "")) {
			first, last, _ := x.span.Possible()
			ever = ever.plus(first, last)
		}
		l.ever[r] = ever
	}
	first, last, dated := s.Possible()
	if dated && ever.any(first, last) || !dated && slices.ContainsFunc(l.v.of(r, ""), func(x *version) bool { return x.op == fact.Assert }) {
		return true
	}
	back := map[fact.ID]bool{}
	for x := r.head.Load(); x != nil; x = x.prev {
		switch {
		case x.proposal == "" || branch != "" && x.proposal != branch || back[x.proposal] || l.seen.version(r, x) == Unseen:
		case x.takesBack():
			back[x.proposal] = true
		case x.op == fact.Assert:
			return true
		}
	}
	return false
}

// loops refuses chains (who reports to whom, which unit is part of which) that come back to their start on any day.
func (s *stage) loops() {
	for i := range s.docs {
		d := &s.docs[i]
		for _, val := range d.Values {
			if !val.Field.Acyclic {
				continue
			}
			w := walk{lives: &s.lives, field: val.Field, branch: d.Proposal, seen: map[visit]bool{}}
			first, last, ok := d.Span.Possible()
			if !ok || d.Proposal != "" {
				first, last = fact.MinDay, fact.MaxDay
			}
			start := s.f.tables[d.Kind.Index].get(d.ID)
			if on, chain := w.from(start, first, last, []*record{start}); chain != nil {
				names := make([]string, len(chain))
				for i, r := range chain {
					names[i] = string(*r.id.Load())
					if s.seen.record(r) != Whole {
						names[i] = r.kind.Label + " (not public)"
					}
				}
				when := "on " + on.Words()
				if on == fact.MinDay {
					when = "from the beginning"
				}
				if d.Proposal != "" {
					when = "under the proposal"
				}
				if chain[len(chain)-1] != start {
					s.problem(d, val.Place, val.Field.Name, fmt.Sprintf("it is at the beginning of a chain of more than %d records, %s: %s → … → %s", Depth, when, names[0], names[len(names)-1]), "Make the chain shorter")
					continue
				}
				s.problem(d, val.Place, val.Field.Name, "it comes back to where it began, "+when+": "+strings.Join(names, " → "), "Correct one of these, or give it dates so that they do not hold together")
			}
		}
	}
}

type walk struct {
	lives  *lives
	field  *kind.Field
	branch fact.ID
	seen   map[visit]bool // what does not lead back: where chains meet again, they are followed once
}

type visit struct {
	r           *record
	first, last fact.Day
}

// from follows the field from a record over an interval of days, piece by piece, and gives the first chain that
// comes back to its start, or is too long.
func (w walk) from(r *record, first, last fact.Day, path []*record) (fact.Day, []*record) {
	if len(path) > Depth {
		return first, path
	}
	if w.seen[visit{r, first, last}] {
		return 0, nil
	}
	w.seen[visit{r, first, last}] = true
	f := r.kind.Field(w.field.Name)
	if f == nil {
		return 0, nil
	}
	all := w.lives.surely(r, w.branch)
	i, _ := slices.BinarySearchFunc(all, first, func(h held, d fact.Day) int { return cmp.Compare(h.last, d) })
	for ; i < len(all) && all[i].first <= last; i++ {
		d, end := max(first, all[i].first), min(last, all[i].last)
		j, state := all[i].field(byte(f.Index))
		if state != Known {
			continue
		}
		refs := []string{text(j)}
		if f.Many {
			refs = texts(j)
		}
		for _, ref := range refs {
			to := target(w.lives.v.g, f, ref)
			if to == nil {
				continue
			}
			if to == path[0] {
				return d, append(slices.Clone(path), to)
			}
			if slices.Contains(path, to) {
				continue // a loop, but not through this document; its own document reports it
			}
			if on, chain := w.from(to, d, end, append(slices.Clip(path), to)); chain != nil {
				return on, chain
			}
		}
	}
	return 0, nil
}
