package graph

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Hit is a record that a search found.
type Hit struct {
	Key   fact.Key
	There bool // whether it is there on the day
	How   How
	As    string // what was found where it was not the title

	v    *View
	r    *record
	name string    // by which it was found, if it was by a name
	span fact.Span // if it was not
}

// Title is what the record is called on the day, or was called last.
func (h Hit) Title() string {
	rec := h.v.at(h.r)
	if rec == nil {
		rec = h.v.latest(h.r)
	}
	return rec.Title()
}

// Span gives the days on which the record was called that, or had that role or holder; none where it was found by its id.
func (h Hit) Span() fact.Span {
	if h.name != "" {
		return h.v.calledSo(h.r, h.name)
	}
	return h.span
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

// What one search looks at: one letter begins a word of half of what there is, and nobody reads that.
const (
	mostLooked = 1_500 // records
	mostHeld   = 300   // people, for the posts that they hold
)

// Search finds records by the beginnings of the words in what they are, were or will be called; posts also by who holds them and which role
// they carry. Every word must be found. Abbreviations count both ways: those handed in, which include the codes of roles with their
// names, and the initials of any title. An id is found by whole words, and by the beginnings of long ones. What is found by its title of the day
// comes first, and of that what belongs to the structure. most is how many to give, and total says how many there are.
//
// Where more than 1,500 may be meant those are looked at that have the words as they are, and of the others those of the structure first; then total is
// how many of these there are, and so never less than is given.
func (v *View) Search(query string, most int, short ...Abbreviation) (hits []Hit, total int) {
	return v.SearchIn(nil, query, most, short...)
}

// SearchIn finds records of some kinds alone, or of all where none is named. A post is found by its holder all the same.
func (v *View) SearchIn(kinds []fact.KindName, query string, most int, short ...Abbreviation) (hits []Hit, total int) {
	return v.search(kinds, query, most, mostLooked, mostHeld, short)
}

func (v *View) search(kinds []fact.KindName, query string, most, looked, held int, short []Abbreviation) (hits []Hit, total int) {
	q := newSought(query, short)
	if len(q.words) == 0 {
		return nil, 0
	}
	f := finds{v: v, q: q, kinds: kinds}
	ix, changed := v.g.searched()
	may := ix.may(q, changed, f.wants, looked)
	f.all = make([]find, 0, len(may))
	for _, r := range may {
		f.named(r)
	}
	f.held(ix, changed, held)
	f.roles()
	f.sort()
	for i := range f.all[:min(most, len(f.all))] {
		hits = append(hits, f.all[i].hit(v))
	}
	return hits, len(f.all)
}

// sought is what a search is for.
type sought struct {
	words    []string    // each begins a word of what is found
	whole    []string    // each is a word of what is found
	ids      []string    // each is a word of the id that is found, or begins it where it is long enough
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

// longEnough is how many letters find an id that begins with them. Ids are often of one letter and a number.
const longEnough = 3

func newSought(query string, short []Abbreviation) *sought {
	words := once(split(query))
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
	for i, w := range words {
		if utf8.RuneCountInString(w) >= longEnough {
			q.ids = append(q.ids, q.words[i])
		} else {
			q.ids = append(q.ids, q.whole[i])
		}
	}
	return q
}

// once leaves out the words that have been.
func once(words []string) []string {
	seen := make(map[string]bool, len(words))
	return slices.DeleteFunc(words, func(w string) bool {
		again := seen[w]
		seen[w] = true
		return again
	})
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
	case n.id:
		return ByID, "", begin(n.low, q.ids)
	case begin(n.low, q.words):
		return ByTitle, "", true
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
	r    *record
	rank int
	how  How
	here bool   // it is there on the day
	name string // by which it was found, if it was by a name
	as   string
	span fact.Span
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
	h := Hit{Key: x.r.key(), There: x.here, How: x.how, As: x.as, v: v, r: x.r, name: x.name, span: x.span}
	if x.how == ByOtherTitle {
		h.As = x.name
	}
	return h
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
	v     *View
	q     *sought
	kinds []fact.KindName // that are wanted; none is all
	all   []find
	by    map[*record]int // where each is, once one record may be found in several ways
}

// wants reports whether records of a kind are wanted, or people by whom posts are found.
func (f *finds) wants(k *kind.Kind) bool {
	return len(f.kinds) == 0 || slices.Contains(f.kinds, k.Name) || k.Name == Person && slices.Contains(f.kinds, Post)
}

// note keeps what found a record if nothing better did.
func (f *finds) note(x find) {
	if len(f.kinds) > 0 && !slices.Contains(f.kinds, x.r.kind.Name) {
		return
	}
	if f.by == nil {
		f.by = make(map[*record]int, len(f.all))
		for i := range f.all {
			f.by[f.all[i].r] = i
		}
	}
	i, ok := f.by[x.r]
	if !ok {
		f.by[x.r] = len(f.all)
		f.all = append(f.all, x)
	} else if x.rank < f.all[i].rank {
		f.all[i] = x
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
			f.all = append(f.all, find{r: r, rank: rank, how: how, here: true, name: n.text, as: as})
			return
		}
	}
	best := find{r: r, rank: gone + 1}
	for i := range names {
		if best.rank <= byOther && best.how == ByOtherTitle || best.rank == goneByTitle && best.how == ByTitle {
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
		if (rank < best.rank || rank == best.rank && how < best.how) && v.ever(r, n) {
			best = find{r: r, rank: rank, how: how, here: rec.ver != nil, name: n.text, as: as}
		}
	}
	if best.rank <= gone {
		f.all = append(f.all, best)
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
	post := target(f.v, to, text(j))
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
	f.note(find{r: post, rank: rank, how: how, here: rec.ver != nil, as: as, span: s.span})
}

// held notes the posts to which people were appointed who were found, of so many people at most, and leaves out the people where they are not wanted.
func (f *finds) held(ix *index, changed []*record, most int) {
	k := f.v.g.kinds.Kind(Appointment)
	person, post := byte(k.Field("person").Index), k.Field("post")
	newer := appointees(changed)
	var people []find // by themselves, since what is noted may move them
	for _, x := range f.all {
		if x.r.kind.Name == Person && (x.how == ByTitle || x.how == ByOtherTitle) && len(people) < most {
			people = append(people, x)
		}
	}
	// Of two who hold a post and are called the same the first is named, however they were found.
	slices.SortFunc(people, func(a, b find) int { return cmp.Compare(a.r.ord, b.r.ord) })
	for _, x := range people {
		who := string(x.r.inLog)
		appointments := slices.Clone(union(ix.appointments[who], newer[who]))
		slices.SortFunc(appointments, func(a, b *record) int { return cmp.Compare(a.ord, b.ord) })
		for _, r := range appointments {
			for _, s := range f.v.pasts(r) {
				if j, _ := s.field(person); text(j) == who {
					f.related(s, post, ByHolder, x.name, byHolder)
				}
			}
		}
	}
	if len(f.kinds) > 0 && !slices.Contains(f.kinds, Person) {
		f.all = slices.DeleteFunc(f.all, func(x find) bool { return x.r.kind.Name == Person })
		f.by = nil
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
	place := places(f.v.g.kinds)
	at := func(x *find) int64 { return int64(x.rank*len(place)+place[x.r.kind.Index])<<32 | int64(x.r.ord) }
	slices.SortFunc(f.all, func(a, b find) int { return cmp.Compare(at(&a), at(&b)) })
}

// soonest are the kinds that people look for most.
var soonest = []fact.KindName{Post, Unit, Function, Person}

// places gives for each kind, by its index, where its records stand among those of all: by section, and in a section those first that people look for most.
func places(kinds *kind.Set) []int {
	order := slices.Clone(kinds.All)
	at := func(k *kind.Kind) int {
		if i := slices.Index(soonest, k.Name); i >= 0 {
			return i - len(soonest)
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b *kind.Kind) int {
		return cmp.Or(cmp.Compare(slices.Index(kind.Sections, a.Section), slices.Index(kind.Sections, b.Section)), at(a)-at(b))
	})
	out := make([]int, len(order))
	for i, k := range order {
		out[k.Index] = i
	}
	return out
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
