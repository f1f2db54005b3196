package report

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Status says how a statutory role or a post stands over some days.
type Status uint8

// The ways in which it may stand.
const (
	Held        Status = iota + 1 // by somebody who is neither interim nor acting
	Interim                       // by somebody interim
	Acting                        // by somebody acting
	Vacant                        // certainly nobody is in it: a gap
	NotRecorded                   // it cannot be said who is in it
	Uncertain                     // somebody may have been in it, and on no day certainly was: the dates are not exact
)

// Filled reports whether somebody certainly is in it.
func (s Status) Filled() bool { return s == Held || s.Provisional() }

// Provisional reports whether who is in it is there for the time being.
func (s Status) Provisional() bool { return s == Interim || s == Acting }

// Period is days in a row over which a statutory role or a post stood alike.
type Period struct {
	Status  Status
	Word    string // "Interim, joint"
	Holders []Named
	Jointly bool // several, and it is no job share
	Posts   []Named
	By      []fact.Key // the appointments by which they hold it, or the people to whom a role is designated
	From    Edge
	Until   Edge
	Length  string // "8 months"; empty where it cannot be said
	Note    string // a sentence where nobody is recorded, or it is not certain who
	Why     string // what is known of why it is not recorded
}

// Edge is where a period begins or ends, as exactly as that is recorded.
type Edge struct {
	Date  fact.Date // as it is recorded: 2003-01 for some day in January 2003; the zero Date where nothing is
	Day   fact.Day  // the first or last day on which the period certainly holds; fact.MinDay or fact.MaxDay where it is open
	Words string    // "January 2003", "not recorded"
}

// Exact reports whether the edge is known to the day.
func (e Edge) Exact() bool { return e.Date.Form == fact.OnDay }

// Tenure is who has held a statutory role through time.
type Tenure struct {
	Role    *rule.Role
	Name    string
	Law     string   // since and until when the law knows the role
	Periods []Period // oldest first
}

// TenureOf gives who has held a statutory role, on the days from one to another on which the law knew it. What a proposal would change is
// left out.
func TenureOf(p *rule.Pack, v *graph.View, role *rule.Role, from, to fact.Day) Tenure {
	return newWalk(p, v).role(role, from, to)
}

// Tenures gives the same for every role of the pack that the law requires on one of the days, or to which a post or a person was designated
// on one of them.
func Tenures(p *rule.Pack, v *graph.View, from, to fact.Day) []Tenure {
	return newWalk(p, v).roles(from, to)
}

// TenureOfPost gives who has been in a post, on the days from one to another on which the post was there.
func TenureOfPost(p *rule.Pack, v *graph.View, post fact.Key, from, to fact.Day) []Period {
	return newWalk(p, v).post(post, from, to)
}

// TenureOfPerson gives the posts that a person has held, one by one, on the days from one to another. Holders is empty in each.
func TenureOfPerson(p *rule.Pack, v *graph.View, person fact.Key, from, to fact.Day) []Period {
	w := newWalk(p, v)
	var out []Period
	for _, k := range w.keys(graph.Appointment, "person", string(person.ID)) {
		out = append(out, w.appointment(k, from, to)...)
	}
	slices.SortStableFunc(out, func(a, b Period) int { return cmp.Compare(a.From.Day, b.From.Day) })
	return out
}

// walk looks at one record on those days on which something changes.
type walk struct {
	p    *rule.Pack
	v    *graph.View // of the record in force, or as it is planned to be
	days map[fact.Day]*graph.View
	away map[fact.Key][]fact.Key // absences by appointment
}

func newWalk(p *rule.Pack, v *graph.View) *walk {
	if v.AsIf() {
		v = v.With("") // it has no days of its own
	}
	return &walk{p: p, v: v.At(v.On()), days: map[fact.Day]*graph.View{}}
}

func (w *walk) at(d fact.Day) *graph.View {
	if w.days[d] == nil {
		w.days[d] = w.v.At(d)
	}
	return w.days[d]
}

// keys lists the records of a kind that ever referred to another by a field, or had a code in it.
func (w *walk) keys(name fact.KindName, field, want string) []fact.Key {
	var out []fact.Key
	for past := range w.v.Pasts(name) {
		k, ok := past.Record.RefKey(field)
		if ok && string(k.ID) == want || !ok && past.Record.Text(field) == want {
			out = add(out, past.Record.Key())
		}
	}
	return out
}

// add puts a key into a list in which it is not yet.
func add(list []fact.Key, k fact.Key) []fact.Key {
	if slices.Contains(list, k) {
		return list
	}
	return append(list, k)
}

// appointed lists the appointments that there ever were to a post.
func (w *walk) appointed(post fact.Key) []fact.Key {
	var out []fact.Key
	for _, past := range w.v.Held(post) {
		out = add(out, past.Record.Key())
	}
	return out
}

func (w *walk) absences(appointment fact.Key) []fact.Key {
	if w.away == nil {
		w.away = map[fact.Key][]fact.Key{}
		for past := range w.v.Pasts(graph.Absence) {
			if k, ok := past.Record.RefKey("appointment"); ok {
				w.away[k] = add(w.away[k], past.Record.Key())
			}
		}
	}
	return w.away[appointment]
}

// standing is how a role or a post stands on one day.
type standing struct {
	status Status          // 0: the law does not know the role, or the post is not there
	sure   []*graph.Record // appointments, or people to whom the role is designated, who certainly hold it
	maybe  []*graph.Record // and those who may
	posts  []*graph.Record
	own    []fact.Key // records whose dates are those of this standing
	why    string
	whose  bool // which post it is matters while nobody is in it: what is vacant is that post, and not a role
}

// same reports whether two standings are shown alike.
func (a standing) same(b standing) bool {
	if a.status == Vacant && b.status == Vacant && !a.whose {
		return true
	}
	if a.status != b.status || a.why != b.why || !slices.EqualFunc(a.posts, b.posts, sameRecord) || !slices.EqualFunc(a.sure, b.sure, sameRecord) {
		return false
	}
	for i := range a.sure {
		x, y := a.sure[i], b.sure[i]
		who, _ := x.RefKey("person")
		if is, _ := y.RefKey("person"); who != is || x.Text("basis") != y.Text("basis") || x.Text("shared") != y.Text("shared") {
			return false
		}
	}
	return true
}

// join takes in a standing that is shown alike.
func (a *standing) join(b standing) {
	for _, k := range b.own {
		a.own = add(a.own, k)
	}
	for _, p := range b.posts {
		if !slices.ContainsFunc(a.posts, func(x *graph.Record) bool { return sameRecord(x, p) }) {
			a.posts = append(a.posts, p)
		}
	}
}

func sameRecord(a, b *graph.Record) bool { return a.Key() == b.Key() }

// add brings in who is in a post.
func (s *standing) add(w *walk, post *graph.Record) {
	at := post.View()
	s.posts = append(s.posts, post)
	s.own = add(s.own, post.Key())
	found := len(s.sure) + len(s.maybe)
	for _, k := range w.appointed(post.Key()) {
		a := at.Record(k)
		if a == nil {
			continue
		}
		if to, ok := a.RefKey("post"); ok && to != post.Key() {
			continue
		}
		s.own = add(s.own, k)
		if a.Exists() != fact.Yes || post.Exists() != fact.Yes || a.State("person") == graph.Uncertain || a.State("post") == graph.Uncertain {
			s.maybe = append(s.maybe, a)
			continue
		}
		for _, away := range w.absences(k) {
			r := at.Record(away)
			if r == nil || r.Exists() != fact.Yes {
				continue
			}
			if of, _ := r.RefKey("appointment"); of != k {
				continue
			}
			if cover := r.Ref("covered_by"); cover != nil {
				s.own = add(add(s.own, away), cover.Key())
				a = cover
			}
		}
		if !slices.Contains(s.sure, a) {
			s.sure = append(s.sure, a)
		}
	}
	switch {
	case len(s.sure)+len(s.maybe) > found:
	case post.Exists() != fact.Yes:
		s.unclear(post.NotExact().Why)
	default:
		if o := post.Unheld(); o.Gap != nil {
			s.unclear(unknown(w.p, at, *o.Gap))
		} else if s.status == 0 {
			s.status = Vacant
		}
	}
}

// unclear says why it cannot be said who holds it, or whether anybody does.
func (s *standing) unclear(why string) {
	if s.status != NotRecorded {
		s.status, s.why = NotRecorded, why
	}
}

// settle gives the status that follows from who was found.
func (s *standing) settle() {
	switch {
	case len(s.sure) > 0:
		s.status, s.why = Held, ""
		for _, a := range s.sure {
			switch a.Text("basis") {
			case "interim":
				s.status = Interim
			case "acting":
				if s.status == Held {
					s.status = Acting
				}
			}
		}
	case len(s.maybe) > 0:
		s.status, s.why = Uncertain, ""
	}
}

// roleOn says how a role stands on the day of a view. designations are those that there ever were.
func (w *walk) roleOn(at *graph.View, code string, designations []fact.Key, uncovered func() []rule.Stretch) standing {
	var s standing
	perhaps := false
	for _, k := range designations {
		d := at.Record(k)
		if d == nil || d.Text("role") != code {
			continue
		}
		s.own = add(s.own, k)
		post, person := d.Ref("post"), d.Ref("person")
		switch {
		case d.Exists() != fact.Yes:
			perhaps = true
			if post != nil {
				var m standing
				m.add(w, post)
				s.maybe = slices.Concat(s.maybe, m.sure, m.maybe)
				for _, k := range m.own {
					s.own = add(s.own, k)
				}
			} else if person != nil {
				s.maybe = append(s.maybe, person)
			}
		case post != nil:
			if !slices.Contains(s.posts, post) {
				s.add(w, post)
			}
		case person != nil:
			s.sure = append(s.sure, person)
		default:
			s.unclear("the post is not there on this day")
		}
	}
	s.settle()
	switch {
	case s.status != 0 && !(s.status == Vacant && perhaps):
	case perhaps:
		s.status = Uncertain
	case slices.ContainsFunc(uncovered(), func(x rule.Stretch) bool { return x.From <= at.On() && at.On() <= x.Until }):
		s.status = Vacant
	default:
		s.status, s.why = NotRecorded, "to which post the role belonged is not recorded"
	}
	return s
}

func (w *walk) roles(from, to fact.Day) []Tenure {
	var out []Tenure
	for _, r := range w.p.Roles {
		asked := r.Duty && (!r.Known.From.Given || r.Known.From.Day <= to) && (!r.Known.Until.Given || from <= r.Known.Until.Day)
		t := w.role(r, from, to)
		if asked || slices.ContainsFunc(t.Periods, func(p Period) bool { return p.Status != NotRecorded || len(p.Posts) > 0 }) {
			out = append(out, t)
		}
	}
	return out
}

// role walks through the days of a role.
func (w *walk) role(role *rule.Role, from, to fact.Day) Tenure {
	t := Tenure{Role: role, Name: Capital(role.Name), Law: lawOf(role)}
	lo, hi := knownDays(role)
	designations := w.keys(graph.Designation, "role", role.Code)
	uncovered := sync.OnceValue(func() []rule.Stretch { return rule.Uncovered(w.at(fact.MaxDay), role.Code) })
	t.Periods = w.periods(w.datesOf(w.concerning(designations)), lo, hi, func(at *graph.View) standing {
		return w.roleOn(at, role.Code, designations, uncovered)
	})
	t.Periods = within(t.Periods, from, to)
	for i := range t.Periods {
		t.Periods[i].explain("this role")
	}
	return t
}

// knownDays gives the first and the last day on which the law knows a role.
func knownDays(r *rule.Role) (lo, hi fact.Day) {
	lo, hi = fact.MinDay, fact.MaxDay
	if r.Known.From.Given {
		lo = r.Known.From.Day
	}
	if r.Known.Until.Given {
		hi = r.Known.Until.Day
	}
	return lo, hi
}

// concerning lists the records on whose dates it depends who holds a role.
func (w *walk) concerning(designations []fact.Key) []fact.Key {
	out := slices.Clone(designations)
	var posts []fact.Key
	for _, k := range designations {
		for _, h := range w.v.History(k) {
			for _, field := range []string{"post", "person"} {
				if to, ok := h.Record.RefKey(field); ok {
					posts = add(posts, to)
				}
			}
		}
	}
	for _, k := range posts {
		out = append(out, k)
		if k.Kind == graph.Post {
			out = append(out, w.inPost(k)...)
		}
	}
	return out
}

// inPost lists the records on whose dates it depends who is in a post.
func (w *walk) inPost(post fact.Key) []fact.Key {
	out := w.appointed(post)
	for _, a := range out {
		for _, k := range w.absences(a) {
			out = add(out, k)
			for _, h := range w.v.History(k) {
				if cover, ok := h.Record.RefKey("covered_by"); ok {
					out = add(out, cover)
				}
			}
		}
	}
	return out
}

// lawOf says since and until when the law knows a role.
func lawOf(r *rule.Role) string {
	from, until := r.Known.From, r.Known.Until
	switch {
	case from.Given && until.Given:
		return "In law from " + from.Day.Words() + " until " + until.Day.Words()
	case from.Given:
		return "In law since " + from.Day.Words()
	case until.Given:
		return "In law until " + until.Day.Words()
	}
	return "Not a role that the law asks for"
}

func (w *walk) post(post fact.Key, from, to fact.Day) []Period {
	out := w.periods(w.datesOf(append(w.inPost(post), post)), fact.MinDay, fact.MaxDay, func(at *graph.View) (s standing) {
		if r := at.Record(post); r != nil {
			s.add(w, r)
			s.settle()
		}
		return s
	})
	out = within(out, from, to)
	for i := range out {
		out[i].Posts = nil
		out[i].explain("this post")
	}
	return out
}

func (w *walk) appointment(k fact.Key, from, to fact.Day) []Period {
	out := w.periods(w.datesOf([]fact.Key{k}), fact.MinDay, fact.MaxDay, func(at *graph.View) (s standing) {
		a := at.Record(k)
		switch {
		case a == nil:
			return s
		case a.Exists() == fact.Yes:
			s.sure = append(s.sure, a)
		default:
			s.maybe = append(s.maybe, a)
		}
		if post := a.Ref("post"); post != nil {
			s.posts = append(s.posts, post)
		}
		s.own = []fact.Key{k}
		s.settle()
		return s
	})
	out = within(out, from, to)
	for i := range out {
		out[i].Holders = nil
	}
	return out
}

func within(all []Period, from, to fact.Day) []Period {
	return slices.DeleteFunc(all, func(p Period) bool {
		return p.Until.latest() < from || p.From.earliest() > to
	})
}

func (e Edge) earliest() fact.Day {
	if e.Date.IsZero() {
		return e.Day
	}
	return min(e.Day, e.Date.First)
}

func (e Edge) latest() fact.Day {
	if e.Date.IsZero() {
		return e.Day
	}
	return max(e.Day, e.Date.Last)
}

// segment is days in a row of one standing.
type segment struct {
	standing
	first, last fact.Day
}

// periods walks from one day to another over the days on which some dates make a difference. A day on which an imprecise
// date leaves it open who holds the role is no period of its own: it lies in the edge of the period before or after it.
func (w *walk) periods(dates dates, lo, hi fact.Day, on func(*graph.View) standing) []Period {
	days := dates.days(lo, hi)
	var all, unsure []segment
	for i, d := range days {
		s := segment{on(w.at(d)), d, hi}
		if i+1 < len(days) {
			s.last = days[i+1] - 1
		}
		if len(s.maybe) > 0 {
			unsure = append(unsure, s)
		}
		if s.status == Uncertain {
			continue
		}
		if n := len(all); n > 0 && all[n-1].last == d-1 && all[n-1].same(s.standing) {
			all[n-1].last = s.last
			all[n-1].join(s.standing)
			continue
		}
		all = append(all, s)
	}
	all = slices.DeleteFunc(all, func(s segment) bool { return s.status == 0 })
	var out []Period
	for i := range all {
		out = append(out, w.period(&all[i]))
	}
	edges(out, all, dates, lo)
	for i := range out {
		out[i].From.cut(lo, hi)
		out[i].Until.cut(lo, hi)
	}
	out = append(out, w.unsure(all, unsure, dates)...)
	slices.SortStableFunc(out, func(a, b Period) int { return cmp.Compare(a.From.Day, b.From.Day) })
	for i := range out {
		out[i].From.Words, out[i].Until.Words = fromWords(out[i].From), untilWords(out[i].Until)
		out[i].Length = lengthOf(out[i], w.v.On())
	}
	return out
}

// period says in words how a role or a post stands over a segment.
func (w *walk) period(s *segment) Period {
	p := Period{Status: s.status, From: Edge{Day: s.first}, Until: Edge{Day: s.last}, Note: s.why, Why: s.why}
	for _, post := range s.posts {
		p.Posts = append(p.Posts, named(w.p, post))
	}
	var words []string
	shared := true
	for _, a := range s.sure {
		p.By = append(p.By, a.Key())
		who := named(w.p, a) // to whom the role is designated
		if a.Key().Kind == graph.Appointment {
			who = holder(w.p, a)
			shared = shared && a.Text("shared") == "job-share"
			if b := a.Text("basis"); b != "" {
				if word := Say(w.p, a.Kind().Field("basis"), b); !slices.Contains(words, word) {
					words = append(words, word)
				}
			}
		}
		if who.Record == (fact.Key{}) || !slices.Contains(p.Holders, who) {
			p.Holders = append(p.Holders, who)
		}
	}
	p.Jointly = len(p.Holders) > 1 && !shared
	switch {
	case s.status == Vacant:
		words = []string{"vacant"}
	case s.status == NotRecorded:
		words = []string{"not recorded"}
	case len(words) == 0:
		words = []string{"in post"}
	}
	if p.Jointly {
		words = append(words, "joint")
	} else if len(p.Holders) > 1 {
		words = append(words, "job share")
	}
	p.Word = Capital(strings.Join(words, ", "))
	return p
}

// unsure gives a period to everybody who may have held it on some day and certainly did so on none.
func (w *walk) unsure(all, unsure []segment, dates dates) []Period {
	var out []Period
	var told []fact.Key
	for _, u := range unsure {
		for _, a := range u.maybe {
			k := a.Key()
			if slices.Contains(told, k) || slices.ContainsFunc(all, func(s segment) bool {
				return slices.ContainsFunc(s.sure, func(x *graph.Record) bool { return x.Key() == k })
			}) {
				continue
			}
			told = append(told, k)
			p := Period{Status: Uncertain, Word: "Not certain", Holders: []Named{holder(w.p, a)}, By: []fact.Key{k}, From: Edge{Day: u.first}, Until: Edge{Day: u.last}, Note: "The dates are not exact, and on no day is it certain."}
			for _, x := range unsure {
				if slices.ContainsFunc(x.maybe, func(y *graph.Record) bool { return y.Key() == k }) {
					p.Until.Day = x.last
				}
			}
			if post := a.Ref("post"); post != nil {
				p.Posts = []Named{named(w.p, post)}
			}
			for _, d := range dates[k] {
				if !d.until && d.First <= p.From.Day && p.From.Day <= d.Last {
					p.From.Date = d.Date
				}
				if d.until && d.First <= p.Until.Day && p.Until.Day <= d.Last {
					p.Until.Date = d.Date
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// dated is a date on which something that is said of a record begins, or after which it ends.
type dated struct {
	fact.Date
	until bool
}

// dates are the dates of some records.
type dates map[fact.Key][]dated

func (w *walk) datesOf(keys []fact.Key) dates {
	out := dates{}
	for _, k := range keys {
		for _, x := range w.v.Pieces(k) {
			for i, d := range []fact.Date{x.Span.From, x.Span.Until} {
				if !d.IsZero() && d.Form != fact.ToBeAgreed {
					out[k] = append(out[k], dated{d, i == 1})
				}
			}
		}
	}
	return out
}

// days lists the days between two, the first included, on which something may change.
func (ds dates) days(lo, hi fact.Day) []fact.Day {
	out := []fact.Day{lo}
	for _, all := range ds {
		for _, d := range all {
			for _, x := range []fact.Day{d.First, d.Last} {
				if d.until {
					x++
				}
				if x > lo && x <= hi {
					out = append(out, x)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// from finds the date of some records from which on something is certain since a day; until the date up to which it is certain.
func (ds dates) from(own []fact.Key, first fact.Day) (found fact.Date) {
	for _, k := range own {
		for _, d := range ds[k] {
			if !d.until && d.Last == first && (found.IsZero() || d.Form != fact.OnDay) {
				found = d.Date
			}
		}
	}
	return found
}

func (ds dates) until(own []fact.Key, last fact.Day) (found fact.Date) {
	for _, k := range own {
		for _, d := range ds[k] {
			if d.until && d.First == last && (found.IsZero() || d.Form != fact.OnDay) {
				found = d.Date
			}
		}
	}
	return found
}

// edges dates the beginning and the end of each period, as it is recorded, else by what came before it or after it.
func edges(out []Period, of []segment, ds dates, lo fact.Day) {
	for i := range out {
		s := &of[i]
		out[i].From.Date = ds.from(s.own, s.first)
		out[i].Until.Date = ds.until(s.own, s.last)
		if s.first == lo && out[i].From.Date.IsZero() && s.status.Filled() {
			for _, k := range s.own { // the law came while it stood
				for _, d := range ds[k] {
					if !d.until && d.Last < lo && d.Last > out[i].From.Date.Last {
						out[i].From.Date = d.Date
					}
				}
			}
		}
	}
	given := slices.Clone(out) // what its own records say of each
	for i := range out {
		s, from, until := &of[i], &out[i].From.Date, &out[i].Until.Date
		if from.IsZero() && s.first != fact.MinDay && !(s.first == lo && s.status.Filled()) {
			switch {
			case i == 0 || of[i-1].last == s.first-1:
				*from = fact.ExactDate(s.first)
			case !given[i-1].Until.Date.IsZero() && !given[i-1].Until.Exact():
				*from = given[i-1].Until.Date
			default:
				*from = fact.Date{First: of[i-1].last + 1, Last: s.first, Form: fact.Between}
			}
		}
		if until.IsZero() && s.last != fact.MaxDay {
			switch {
			case i+1 == len(out) || of[i+1].first == s.last+1:
				*until = fact.ExactDate(s.last)
			case !given[i+1].From.Date.IsZero() && !given[i+1].From.Exact():
				*until = given[i+1].From.Date
			default:
				*until = fact.Date{First: s.last, Last: of[i+1].first - 1, Form: fact.Between}
			}
		}
	}
}

// cut holds an edge that is not exact within the days of which it can be said.
func (e *Edge) cut(lo, hi fact.Day) {
	d := e.Date
	if d.IsZero() || d.Form == fact.OnDay || d.First >= lo && d.Last <= hi || d.Form == fact.ByThen {
		return
	}
	e.Date = fact.Date{First: max(lo, d.First), Last: min(hi, d.Last), Form: fact.Between}
}

func fromWords(e Edge) string {
	if e.Date.IsZero() {
		return "not recorded"
	}
	return e.Date.Words()
}

func untilWords(e Edge) string {
	if e.Date.IsZero() {
		return "no end recorded"
	}
	return e.Date.Words()
}

// explain writes the sentence of a period in which nobody is recorded, or several are at once.
func (p *Period) explain(what string) {
	when := p.when()
	switch {
	case p.Status == Vacant:
		p.Note = "Nobody is recorded for " + what + when + "."
	case p.Status == NotRecorded:
		why := p.Note
		p.Note = "Who held " + what + when + " is not recorded."
		if why != nobodyRecorded {
			p.Note += " " + Sentence(why)
		}
	case p.Jointly && what == "this role":
		p.Note = Count(len(p.Holders), "person", "people") + " held it together, and to which of them the role fell is not recorded."
	}
}

// when says from when until when, as a part of a sentence.
func (p *Period) when() string {
	between := func(d fact.Date, s string) string {
		if d.Form == fact.Between || d.Form == fact.ByThen {
			return "some day " + s
		}
		return s
	}
	s := ""
	if !p.From.Date.IsZero() {
		s = " from " + between(p.From.Date, p.From.Words)
	}
	switch {
	case p.Until.Date.IsZero():
		return s
	case s == "":
		return " until " + between(p.Until.Date, p.Until.Words)
	case p.From.Exact() && p.From.Date == p.Until.Date:
		return " on " + p.From.Words
	}
	return s + " to " + between(p.Until.Date, p.Until.Words)
}
