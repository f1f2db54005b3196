package rule

import (
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// told is what was told of each function, and of what rules ask about all of them.
type told struct {
	of     graph.Reads // on which functions there are
	roles  *graph.Told[ruled]
	placed *graph.Told[placed]
	parted *graph.Told[parted]
	lists  *graph.Told[found] // which ask after none of the others
	wide   *graph.Told[found] // which may ask after all of them
	asked  []question         // of lists and wide, each by its place
}

// tellings is what is common to all of them.
type tellings interface {
	All(func(*graph.Reads) bool)
	Watch()
	Behind(graph.Basis)
}

// open has more be told, as long as nobody else has what was.
func (l *law) open() {
	l.given = false
	l.roles.Open()
	l.placed.Open()
	l.parted.Open()
	l.lists.Open()
	l.wide.Open()
}

// give gives what was told to results, to which nothing is added from then on and which hold nothing of the view.
func (l *law) give() *told {
	l.given = true
	return &told{of: l.told.of, roles: l.roles.Give(), placed: l.placed.Give(), parted: l.parted.Give(), lists: l.lists.Give(), wide: l.wide.Give(), asked: slices.Clip(l.asked)}
}

// each gives them, none before one after which it asks.
func (t *told) each() []tellings {
	if t == nil {
		return nil
	}
	return []tellings{t.roles, t.placed, t.parted, t.lists, t.wide}
}

// question is what rules ask about many functions at once, of a post or the council.
type question struct {
	of    asking
	about string
}

type asking string

const (
	ofFunctions asking = "functions" // which functions there are of a domain, or at all
	ofDomain    asking = "domain"    // what a post has of a domain
	ofSplits    asking = "splits"    // which functions are split
	ofYear      asking = "year"      // whether a role had something of some domains a year ago, all of them in one text
)

// found is what came of it.
type found struct {
	is        bool
	newest    int64          // entry that makes it so, or may
	functions []graph.Handle // that there are, or that are split
	gaps      []graph.Gap
}

// Same reports whether two answers are the same.
func (f found) Same(o found) bool {
	return f.is == o.is && f.newest == o.newest && slices.Equal(f.functions, o.functions) && slices.Equal(f.gaps, o.gaps)
}

// ruled is the roles that answer for a function: see rolesFor.
type ruled struct {
	roles []string
	gap   *graph.Gap
}

// Same reports whether two are the same.
func (r ruled) Same(o ruled) bool { return slices.Equal(r.roles, o.roles) && same(r.gap, o.gap) }

// placed is who answers in law for a function, and the line of the post that manages it.
type placed struct {
	entry   int64
	doubt   *graph.Gap // why it is not certain that it is there
	answers []graph.Handle
	line    []graph.Handle
	gap     *graph.Gap     // why there is no line, or why it ends
	maybe   []graph.Gap    // of designations to posts, named by the post, that may hold
	posts   []graph.Handle // those posts
}

// Same reports whether two places are the same.
func (p placed) Same(o placed) bool {
	return p.entry == o.entry && same(p.doubt, o.doubt) && slices.Equal(p.answers, o.answers) && slices.Equal(p.line, o.line) &&
		same(p.gap, o.gap) && slices.Equal(p.maybe, o.maybe) && slices.Equal(p.posts, o.posts)
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// under reports whether the function is that of a post, in law or down its line.
func (p *placed) under(post graph.Handle) bool {
	return slices.Contains(p.line, post) || slices.Contains(p.answers, post)
}

// parted is where accountability in law and management fall apart for a function.
type parted struct {
	splits []Split
	joined bool        // whether or not they do, a mechanism joins them
	gaps   []graph.Gap // why it cannot be said
}

// Same reports whether two fall apart in the same way.
func (p parted) Same(o parted) bool {
	return p.joined == o.joined && slices.Equal(p.gaps, o.gaps) && slices.EqualFunc(p.splits, o.splits, func(a, b Split) bool {
		return a.Function == b.Function && a.Role == b.Role && same(a.Answers, b.Answers) && same(a.Manages, b.Manages) && slices.Equal(a.Mechanism, b.Mechanism) && a.Entry == b.Entry
	})
}

// follow is the law of a view, which takes over what was told for earlier results. noted has what is told of its functions be of use to later ones.
func (p *Pack) follow(before *Results, v *graph.View, noted bool) *law {
	if l, ok := v.Remembered(p).(*law); ok && l.after == before && (l.noted || !noted) {
		return l
	}
	l := newLaw(p, v)
	l.after, l.noted = before, noted
	l.told = &told{
		roles: graph.NewTold(noted, func(_ int, f *graph.Record) (out ruled) {
			out.roles, out.gap = l.rule(f)
			return out
		}),
		placed: graph.NewTold(noted, func(_ int, f *graph.Record) placed { return l.place(f) }),
		parted: graph.NewTold(noted, func(_ int, f *graph.Record) parted { return l.part(f) }),
		lists:  graph.NewTold(noted, func(q int, _ *graph.Record) found { return l.functionsOf(l.asked[q-firstWide].about) }),
		wide:   graph.NewTold(noted, func(q int, of *graph.Record) found { return l.find(l.asked[q-firstWide], of) }),
	}
	v.Remember(p, l)
	if before != nil && before.Pack == p && before.told != nil {
		if changes, ok := v.Changed(before.of); ok {
			l.before, l.changes = before, changes
			l.asked = slices.Clip(before.told.asked)
			l.roles.Carry(before.told.roles, v, &l.changes)
			l.placed.Carry(before.told.placed, v, &l.changes)
			l.parted.Carry(before.told.parted, v, &l.changes)
			l.lists.Carry(before.told.lists, v, &l.changes)
			l.wide.Carry(before.told.wide, v, &l.changes)
		}
	}
	switch {
	case !noted:
	case l.before != nil && !l.changes.Touch(&l.before.told.of):
		l.told.of = l.before.told.of
	default:
		v.Note()
		all := v.All(graph.Function)
		_, l.told.of = v.Noted()
		for _, f := range all {
			l.placedOf(f)
			l.partedOf(f)
		}
		for _, d := range p.Domains {
			l.functions(d.Code)
		}
	}
	return l
}

func (l *law) placedOf(f *graph.Record) placed {
	if l.told == nil {
		return l.place(f)
	}
	return l.placed.Of(askPlaced, f)
}

func (l *law) placedIn(f graph.Handle) placed {
	if l.told == nil {
		return l.place(l.v.Show(f))
	}
	return l.placed.In(l.v, askPlaced, f)
}

func (l *law) place(f *graph.Record) (out placed) {
	out.entry = f.Entry()
	if f.Exists() != fact.Yes {
		out.doubt = f.NotExact()
	}
	posts, roles, _ := l.answering(f)
	for _, p := range posts {
		out.answers = append(out.answers, p.Handle())
	}
	var manager *graph.Record
	if manager, out.gap = f.Manager(); out.gap == nil {
		var line []*graph.Record
		line, out.gap = manager.Line()
		for _, p := range line {
			out.line = append(out.line, p.Handle())
		}
	}
	for _, role := range roles {
		_, maybe := l.v.Designations(role)
		for _, d := range maybe {
			if p := d.Ref("post"); p != nil {
				out.posts, out.maybe = append(out.posts, p.Handle()), append(out.maybe, *d.NotExact())
			}
		}
	}
	return out
}

func (l *law) partedOf(f *graph.Record) parted {
	if l.told == nil {
		return l.part(f)
	}
	return l.parted.Of(askParted, f)
}

func (l *law) partedIn(f graph.Handle) parted {
	if l.told == nil {
		return l.part(l.v.Show(f))
	}
	return l.parted.In(l.v, askParted, f)
}

func (l *law) part(f *graph.Record) (out parted) {
	out.splits = l.splits(f)
	if !out.is() {
		if out.joined = len(l.mechanisms(f)) > 0; !out.joined {
			out.gaps = l.splitGaps(f)
		}
	}
	return out
}

// is reports whether they fall apart.
func (p *parted) is() bool {
	return slices.ContainsFunc(p.splits, func(s Split) bool { return s.Answers != nil })
}

// The numbers of the questions that are told apart: see graph.Told.
const (
	askRoles = iota
	askPlaced
	askParted
	firstWide
)

// ask gives the answer to a question of a post or the council.
func (l *law) ask(q question, of *graph.Record) found {
	if l.told == nil {
		return l.find(q, of)
	}
	return l.tell(l.wide, q, of, func() found { return l.find(q, of) })
}

// functions gives those of a domain.
func (l *law) functions(domain string) []graph.Handle {
	if l.told == nil {
		return l.functionsOf(domain).functions
	}
	council := l.v.Record(fact.Key{Kind: graph.Council, ID: "council"})
	return l.tell(l.lists, question{ofFunctions, domain}, council, func() found { return l.functionsOf(domain) }).functions
}

func (l *law) tell(told *graph.Told[found], q question, of *graph.Record, ask func() found) found {
	if of == nil {
		return ask()
	}
	n := slices.Index(l.asked, q)
	switch {
	case n < 0 && l.given:
		return ask()
	case n < 0:
		n = len(l.asked)
		l.asked = append(l.asked, q)
	}
	return told.Of(firstWide+n, of)
}

func (l *law) find(q question, of *graph.Record) found {
	switch q.of {
	case ofDomain:
		return l.has(of.Handle(), q.about)
	case ofSplits:
		return l.allSplits()
	}
	role, domains, _ := strings.Cut(q.about, " ")
	return l.firstYear(role, strings.Fields(domains))
}

// everywhere is every domain, for whoever asks which functions there are. No domain has that code.
const everywhere = "*"

// byDomain is the functions of each domain.
type byDomain struct {
	graph.Memo
	functions map[string][]graph.Handle
}

func (l *law) functionsOf(domain string) found {
	l.v.Keep(&l.in.Memo, func() {
		l.in.functions = map[string][]graph.Handle{}
		for _, f := range l.v.All(graph.Function) {
			for _, d := range []string{f.Text("domain"), everywhere} {
				l.in.functions[d] = append(l.in.functions[d], f.Handle())
			}
		}
	})
	return found{functions: l.in.functions[domain]}
}

// has says whether a post answers for a function of a domain or manages one down its line.
func (l *law) has(post graph.Handle, domain string) (out found) {
	for _, f := range l.functions(domain) {
		at := l.placedIn(f)
		under := at.under(post)
		if under {
			out.newest = max(out.newest, at.entry)
		}
		switch {
		case at.doubt != nil:
			out.open(at.doubt)
			continue
		case under:
			l.v.Touch(l.v.Show(f))
			out.is = true
			continue
		case at.gap != nil:
			out.open(at.gap)
		}
		// Nobody designated is an answer here: the post does not answer. A designation of this post that may hold is none.
		for i, p := range at.posts {
			if p == post {
				out.open(&at.maybe[i])
			}
		}
	}
	return out
}

func (a *found) open(g *graph.Gap) { a.gaps = []graph.Gap{*g} } // one is enough to say why it cannot be said

// extra says whether a post answers for a function of one of the domains or manages one down its line.
func (l *law) extra(p *graph.Record, domains []string) (found bool, open *graph.Gap) {
	for _, d := range domains {
		a := l.ask(question{ofDomain, d}, p)
		found = found || a.is
		for i := range a.gaps {
			open = &a.gaps[i]
		}
	}
	return found, open
}

// hasAny says whether one of some posts certainly answers for a function of some domains or manages one down its line, and looks no further than the first.
func (l *law) hasAny(posts []*graph.Record, domains []string) bool {
	for f := range l.v.Each(graph.Function) {
		if f.Exists() != fact.Yes || !slices.Contains(domains, f.Text("domain")) {
			continue
		}
		at := l.place(f)
		if slices.ContainsFunc(posts, func(p *graph.Record) bool { return at.under(p.Handle()) }) {
			l.v.Touch(f)
			return true
		}
	}
	return false
}

// allSplits gives the functions that are split, and why it cannot be said of others.
func (l *law) allSplits() (out found) {
	for _, f := range l.functions(everywhere) {
		parted := l.partedIn(f)
		if parted.is() {
			out.functions = append(out.functions, f)
		} else if !parted.joined { // else it does not matter whether it is split
			out.gaps = append(out.gaps, parted.gaps...)
		}
	}
	return out
}
