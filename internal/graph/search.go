package graph

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Hit is a record that a search found.
type Hit struct {
	Key   fact.Key
	Title string // what it is called on the day, or was called last
	There bool   // whether it is there on the day
	How   How
	As    string    // what was found where it was not the title
	Span  fact.Span // the days on which it was called that, or had that role or holder; none where it was found by its id
}

// How says by what a search found a record.
type How uint8

// The ways, and what Hit.As is.
const (
	ByTitle        How = iota // what it is called on the day, or was called last: As is empty
	ByOtherTitle              // an earlier or later title
	ByAbbreviation            // what was typed is short for this, or this is short for what was typed
	ByRole                    // the code of a role that the post carries
	ByHolder                  // the name of somebody appointed to the post
	ByID
)

// Abbreviation is a short form by which people know something: "SEN" for "special educational needs".
type Abbreviation struct{ Short, Long string }

// Search finds records by the beginnings of the words in what they are, were or will be called; posts also by who holds them and which role
// they carry. Every word must be found. Abbreviations count both ways: those handed in, which include the codes of roles with their
// names, and the initials of any title. What is found by its title of the day comes first, and of that what belongs to the structure. most
// is how many to give, and total says how many there are.
func (v *View) Search(query string, most int, short ...Abbreviation) (hits []Hit, total int) {
	q := newSought(query, short)
	if len(q.words) == 0 {
		return nil, 0
	}
	f := finds{v: v, q: q}
	ix, changed := v.g.searched()
	for _, r := range ix.may(q, changed) {
		f.named(r)
	}
	for _, x := range f.all {
		if x.r.kind.Name == Person && (x.How == ByTitle || x.How == ByOtherTitle) {
			f.holder(x, ix.of(string(x.r.inLog), changed))
		}
	}
	f.roles()
	f.sort()
	for _, x := range f.all[:min(most, len(f.all))] {
		hits = append(hits, x.hit(v))
	}
	return hits, len(f.all)
}

// sought is what a search is for.
type sought struct {
	words    []string    // each begins a word of what is found
	whole    []string    // each is a word of what is found
	others   []otherwise // the same with abbreviations written out, or long names abbreviated
	initials string      // what was typed, where it may be initials
	codes    map[string]bool
}

type otherwise struct {
	words []string
	as    string
}

// most abbreviations that one search follows.
const mostOtherwise = 16

func newSought(query string, short []Abbreviation) *sought {
	words := split(query)
	q := &sought{codes: map[string]bool{strings.ToLower(strings.TrimSpace(query)): true}}
	for _, a := range short {
		s, l := split(a.Short), split(a.Long)
		if slices.Equal(s, words) || len(words) > 1 && begin(low(l), begins(words)) {
			q.codes[strings.ToLower(a.Short)] = true
		}
		if len(q.others) == mostOtherwise {
			continue
		}
		as := a.Long + " (" + a.Short + ")"
		if w, ok := swap(words, s, l); ok {
			q.others = append(q.others, otherwise{begins(w), as})
		}
		if w, ok := swap(words, l, s); ok {
			q.others = append(q.others, otherwise{whole(w), as})
		}
	}
	if i := initials(words); len(words) > 1 && len(i) > 1 {
		q.others = append(q.others, otherwise{whole([]string{i}), ""})
	}
	if len(words) == 1 && len(words[0]) > 1 {
		q.initials = words[0]
	}
	q.words, q.whole = begins(words), whole(words)
	return q
}

// swap writes some words that stand together in other words.
func swap(words, old, new []string) ([]string, bool) {
	for i := 0; len(old) > 0 && i+len(old) <= len(words); i++ {
		if slices.Equal(words[i:i+len(old)], old) {
			return slices.Concat(words[:i], new, words[i+len(old):]), true
		}
	}
	return nil, false
}

// match says how a name is found, if it is: ByTitle, ByAbbreviation or ByID.
func (q *sought) match(n *name) (how How, as string, ok bool) {
	switch {
	case begin(n.low, q.words):
		if n.id {
			return ByID, "", true
		}
		return ByTitle, "", true
	case n.id:
		return 0, "", false
	}
	as, ok = q.short(n)
	return ByAbbreviation, as, ok
}

func (q *sought) short(n *name) (as string, ok bool) {
	for _, o := range q.others {
		if begin(n.low, o.words) {
			return cmp.Or(o.as, n.text), true
		}
	}
	// Two letters are initials of the whole; three and more may be those of a part.
	if q.initials != "" && (n.initials == q.initials || len(q.initials) > 2 && strings.Contains(n.initials, q.initials)) {
		return n.text, true
	}
	return "", false
}

// names are what a record is called in its versions, for searching.
type names struct {
	head *version // up to which they are
	all  []name
}

type name struct {
	text     string
	low      string // its words in lower case, each with a space before it, and one at the end
	words    int    // 0 where it is not all of the title
	initials string
	newest   *version // that has it
	id       bool     // it is the record's id
}

// called gives every name that a record has had, as known now, and its id.
func (r *record) called() []name {
	head := r.head.Load()
	if n := r.names.Load(); n != nil && n.head == head {
		return n.all
	}
	n := &names{head, r.naming(head)}
	r.names.Store(n)
	return n.all
}

func (r *record) naming(head *version) (out []name) {
	all := !slices.ContainsFunc(kind.TitleFields(r.kind.Title), func(n string) bool { return !inName(r.kind.Field(n)) })
	seen := map[string]bool{}
	for x := head; x != nil; x = x.prev {
		if text := x.name(r.kind); x.op == fact.Assert && text != "" && !seen[text] {
			seen[text] = true
			words := split(text)
			n := name{text: text, low: low(words), initials: initials(words), newest: x}
			if all {
				n.words = len(words)
			}
			out = append(out, n)
		}
	}
	return append(out, name{low: low(split(string(*r.id.Load()))), id: true})
}

// name is the texts in a version's title; what the title takes from other records is found by way of those.
func (x *version) name(k *kind.Kind) string {
	var parts []string
	for _, n := range kind.TitleFields(k.Title) {
		f := k.Field(n)
		if !inName(f) {
			continue
		}
		if j, s := x.field(byte(f.Index)); s == Known {
			parts = append(parts, text(j))
		}
	}
	return strings.Join(parts, " ")
}

// inName reports whether a field of a title is part of the name by which a record is found.
func inName(f *kind.Field) bool { return !f.Many && f.Type != kind.Reference && f.Type != kind.Date }

// find is a record that was found, by the best of what found it.
type find struct {
	Hit
	r    *record
	name string // by which it was found
	rank int
}

// Ranks, the best first.
const (
	exactly     = iota
	byWords     // of the title of the day
	byShort     // what the title of the day is short for, or is the short form of, or a role
	byBeginning // of words of the title of the day
	byHolder    // on the day
	byOther     // title of another day
	byRelated   // role or holder of another day
	goneByTitle // not there on the day
	gone
)

// hit writes out what was found.
func (x *find) hit(v *View) Hit {
	x.Key = x.r.key()
	rec := v.at(x.r)
	if rec == nil {
		rec = v.latest(x.r)
	}
	x.Title = rec.Title()
	if x.name != "" {
		x.Span = v.calledSo(x.r, x.name)
	}
	if x.How == ByOtherTitle {
		x.As = x.name
	}
	return x.Hit
}

// calledSo gives the days on which a record had a name, those nearest to the day looked at.
func (v *View) calledSo(r *record, name string) fact.Span {
	all := v.pasts(r)
	so := func(i int) bool { return i >= 0 && i < len(all) && all[i].name(r.kind) == name }
	at, far := -1, int64(0)
	for i := range all {
		if first, last, ok := all[i].span.Possible(); so(i) {
			d := max(int64(first)-int64(v.on), int64(v.on)-int64(last), 0)
			if !ok {
				d = int64(fact.MaxDay) // agreed and not dated
			}
			if at < 0 || d < far {
				at, far = i, d
			}
		}
	}
	if at < 0 {
		return fact.Span{}
	}
	first, last := at, at
	for so(first-1) && touch(all[first-1].span, all[first].span) {
		first--
	}
	for so(last+1) && touch(all[last].span, all[last+1].span) {
		last++
	}
	return fact.Span{From: all[first].span.From, Until: all[last].span.Until}
}

// touch reports whether no day lies between a span and the next.
func touch(a, b fact.Span) bool {
	_, last, ok := a.Possible()
	first, _, dated := b.Possible()
	return ok && dated && (last == fact.MaxDay || first <= last+1)
}

type finds struct {
	v   *View
	q   *sought
	all []*find
	by  map[*record]*find // once one record may be found in several ways
}

// note keeps what found a record if nothing better did.
func (f *finds) note(r *record, name string, rank int, h Hit) {
	if f.by == nil {
		f.by = make(map[*record]*find, len(f.all))
		for _, x := range f.all {
			f.by[x.r] = x
		}
	}
	x := f.by[r]
	if x == nil {
		x = &find{r: r, rank: gone + 1}
		f.all, f.by[r] = append(f.all, x), x
	}
	if rank < x.rank {
		x.Hit, x.name, x.rank = h, name, rank
	}
}

// named notes a record that has, or on some day had, a name that is sought. It is asked once of each.
func (f *finds) named(r *record) {
	v := f.v
	var rec Record
	v.resolve(r, &rec)
	names := r.called()
	here := rec.called(names)
	for _, n := range here {
		if how, as, ok := f.q.match(n); ok {
			rank := byBeginning
			switch {
			case how == ByAbbreviation:
				rank = byShort
			case begin(n.low, f.q.whole) && n.words == len(f.q.words):
				rank = exactly
			case begin(n.low, f.q.whole):
				rank = byWords
			}
			f.all = append(f.all, &find{Hit{How: how, As: as, There: true}, r, n.text, rank})
			return
		}
	}
	best := find{r: r, rank: gone + 1}
	for i := range names {
		if best.rank <= byOther && best.How == ByOtherTitle || best.rank == goneByTitle && best.How == ByTitle {
			break // nothing is better
		}
		n := &names[i]
		how, as, ok := f.q.match(n)
		if !ok || slices.Contains(here, n) {
			continue
		}
		rank := byOther
		switch {
		case n.id && rec.ver != nil:
		case rec.ver == nil && !n.id && v.lastCalled(r, n):
			rank = goneByTitle
		case rec.ver == nil:
			rank = gone
		}
		if how == ByTitle && rank != goneByTitle {
			how = ByOtherTitle
		}
		if (rank < best.rank || rank == best.rank && how < best.How) && v.ever(r, n) {
			best = find{Hit{How: how, As: as, There: rec.ver != nil}, r, n.text, rank}
		}
	}
	if best.rank <= gone {
		f.all = append(f.all, &best)
	}
}

// called gives those of its names that a record has on the day, or may have.
func (r *Record) called(names []name) (out []*name) {
	if r.ver == nil {
		return nil
	}
	has := func(x *version) {
		for i := range names {
			if names[i].newest == x {
				out = append(out, &names[i])
				return
			}
		}
		text := x.name(r.r.kind)
		for i := range names {
			if !names[i].id && names[i].text == text {
				out = append(out, &names[i])
			}
		}
	}
	has(r.ver)
	for _, x := range r.alts {
		has(x)
	}
	return out
}

// lastCalled reports whether the newest version that is known has a name.
func (v *View) lastCalled(r *record, n *name) bool {
	last := v.latest(r)
	return last != nil && slices.Contains(last.called(r.called()), n)
}

// ever reports whether a record has a name on some day; of its id, whether it is there on any.
func (v *View) ever(r *record, n *name) bool {
	if x := n.newest; x != nil && v.firstOn(r, x) {
		return true
	}
	return slices.ContainsFunc(v.pasts(r), func(s stretch) bool { return n.id || s.name(r.kind) == n.text })
}

// firstOn reports whether a version certainly holds on the day on which it begins: a short way to see that it holds at all.
func (v *View) firstOn(r *record, x *version) bool {
	first, _, ok := x.span.Certain()
	if !ok || x.position > v.known || x.proposal != "" || x.op != fact.Assert {
		return false
	}
	w := View{on: first}
	for y := r.head.Load(); y != x; y = y.prev {
		if y.position <= v.known && y.proposal == "" && y.op != fact.Erase && (y.takesBack() || w.covers(y) != fact.No) {
			return false
		}
	}
	return true
}

// related notes a post that a record of another kind leads to.
func (f *finds) related(s stretch, to *kind.Field, how How, as string, onTheDay int) {
	j, state := s.field(byte(to.Index))
	if state != Known {
		return
	}
	post := f.v.g.target(to, text(j))
	if post == nil {
		return
	}
	var rec Record
	f.v.resolve(post, &rec)
	rank := byRelated
	switch {
	case rec.ver == nil && len(f.v.pasts(post)) == 0:
		return
	case rec.ver == nil:
		rank = gone
	case s.span.On(f.v.on) != fact.No:
		rank = onTheDay
	}
	f.note(post, "", rank, Hit{How: how, As: as, Span: s.span, There: rec.ver != nil})
}

// holder notes the posts to which a person was appointed.
func (f *finds) holder(x *find, appointments []*record) {
	k := f.v.g.kinds.Kind(Appointment)
	person, post := byte(k.Field("person").Index), k.Field("post")
	for _, r := range appointments {
		for _, s := range f.v.pasts(r) {
			if j, _ := s.field(person); text(j) == string(x.r.inLog) {
				f.related(s, post, ByHolder, x.name, byHolder)
			}
		}
	}
}

// roles notes the posts that are designated to a role.
func (f *finds) roles() {
	k := f.v.g.kinds.Kind(Designation)
	role, post := byte(k.Field("role").Index), k.Field("post")
	code := func(x *version) string {
		j, _ := x.field(role)
		if c := text(j); f.q.codes[strings.ToLower(c)] {
			return c
		}
		return ""
	}
	for _, r := range (*f.v.lists)[k.Index] {
		if !r.ever(func(x *version) bool { return code(x) != "" }) {
			continue
		}
		for _, s := range f.v.pasts(r) {
			if as := code(s.version); as != "" {
				f.related(s, post, ByRole, as, byShort)
			}
		}
	}
}

// sort puts what was found in order: by rank, and of one rank by the section of its kind.
func (f *finds) sort() {
	kinds := f.v.g.kinds.All
	section := make([]int, len(kinds))
	for i, k := range kinds {
		section[i] = slices.Index(kind.Sections, k.Section)
	}
	place := func(x *find) int64 {
		k := x.r.kind.Index
		return int64((x.rank*len(kind.Sections)+section[k])*len(kinds)+k)<<32 | int64(x.r.ord)
	}
	slices.SortFunc(f.all, func(a, b *find) int { return cmp.Compare(place(a), place(b)) })
}

// low writes words so that the beginning of one is found by looking for it with a space before it.
func low(words []string) string { return " " + strings.Join(words, " ") + " " }

// begins gives what to look for to find words by their beginnings.
func begins(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = " " + w
	}
	return out
}

// whole gives what to look for to find words as a whole.
func whole(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = " " + w + " "
	}
	return out
}

// begin reports whether all is found in a name.
func begin(low string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(low, w) {
			return false
		}
	}
	return true
}

// split gives the words of a text in lower case. An apostrophe is no end of a word, and is left out, since people type it in several ways.
func split(s string) []string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\'' || r == '’':
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, s)
	return strings.Fields(s)
}

// small are the words that initials pass over.
var small = []string{"a", "an", "and", "at", "for", "in", "of", "on", "the", "to", "with"}

// initials gives the first letters of the words that count.
func initials(words []string) string {
	var out []rune
	for _, w := range words {
		if !slices.Contains(small, w) {
			out = append(out, []rune(w)[0])
		}
	}
	return string(out)
}
