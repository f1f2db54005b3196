package graph_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// world is a graph with the naive model beside it.
type world struct {
	g      *graph.Graph
	m      model
	branch fact.ID // what edits are made in, and states are of: a proposal on its own days, or none
}

func newWorld() *world { return &world{g: graph.New(kinds)} }

func (w *world) fold(t rapid.TB, entries ...fact.Entry) {
	t.Helper()
	for i := range entries {
		if err := w.g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
		w.m.entries = append(w.m.entries, entries[i])
	}
}

// record stages and folds documents: they must pass.
func (w *world) record(t rapid.TB, docs []kind.Doc) {
	t.Helper()
	entries, problems := w.g.Stage(docs, "owner", noon, noon)
	if len(problems) > 0 {
		t.Fatalf("the documents do not pass: %v", problems)
	}
	w.fold(t, entries...)
}

func (w *world) view(on fact.Day) *graph.View {
	v := w.g.View(on, w.g.Size())
	if w.branch != "" {
		v = v.With(w.branch)
	}
	return v
}

// state is what may be so of a post on a day: for each reading its title and grade, as the model has it.
type state struct {
	says  string // "X/1 Y/2"
	there fact.Cover
}

func (s state) readings() []string { return strings.Fields(s.says) }

func (w *world) state(id fact.ID, on fact.Day, known int64) state {
	if w.branch != "" {
		return w.planned(id, on, known)
	}
	r := w.m.readings(id, on, known, "")
	s := state{there: r.there}
	var says []string
	for _, p := range r.entries {
		title, _ := w.m.entries[p-1].Body.Value("title")
		grade, _ := w.m.entries[p-1].Body.Value("grade")
		says = append(says, strings.Trim(title, `"`)+"/"+strings.Trim(grade, `"`))
	}
	slices.Sort(says)
	s.says = strings.Join(slices.Compact(says), " ")
	return s
}

// planned is the state of a post under the proposal, of exact dates. That such a view is the model is another law.
func (w *world) planned(id fact.ID, on fact.Day, known int64) state {
	r := w.g.View(on, known).Planned(w.branch, fact.Date{}).Record(fact.Key{Kind: "post", ID: id})
	if r == nil {
		return state{there: fact.Maybe}
	}
	return state{r.Text("title") + "/" + r.Text("grade"), r.Exists()}
}

var firstDay, lastDay = start - 3, start + 25

// history is the states of a post on all days around start.
func (w *world) history(id fact.ID) map[fact.Day]state {
	out := map[fact.Day]state{}
	for on := firstDay; on <= lastDay; on++ {
		out[on] = w.state(id, on, w.g.Size())
	}
	return out
}

// drawWorld draws entries about two posts, with titles and grades that repeat.
func drawWorld(t *rapid.T, exact bool) *world {
	w := newWorld()
	w.draw(t, exact)
	return w
}

// drawBranch draws a world in which edits are made in a proposal, or in force.
func drawBranch(t *rapid.T) *world {
	w := newWorld()
	docs, _ := kinds.Read("people.yaml", strings.NewReader("{kind: proposal, id: people, title: People}"))
	entries, _ := w.g.Stage(docs, "owner", time.Unix(0, 0), time.Unix(0, 0))
	w.fold(t, entries...)
	if rapid.Bool().Draw(t, "in a proposal") {
		w.branch = "people"
	}
	w.draw(t, true)
	return w
}

func (w *world) draw(t *rapid.T, exact bool) {
	for range rapid.IntRange(1, 7).Draw(t, "entries") {
		at := w.g.Size() + 1
		e := drawVague(t, at)
		if exact {
			e = drawEntry(t, at)
		}
		if e.Proposal = ""; w.branch != "" && rapid.Bool().Draw(t, "proposed") {
			e.Proposal = w.branch
		}
		e.ID = fact.ID(rapid.SampledFrom([]string{"p0", "p0", "p0", "p1"}).Draw(t, "post"))
		if e.Op == fact.Assert {
			e.Body = fact.Body{{Name: "title", Value: kind.Quote(rapid.SampledFrom([]string{"X", "Y"}).Draw(t, "title"))}}
			if grade := rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "grade"); grade != "" {
				e.Body = append(e.Body, fact.Field{Name: "grade", Value: kind.Quote(grade)})
			}
			e.Body.Sort()
			e.Root = e.Body.Root()
		}
		w.fold(t, e)
	}
}

var p0 = fact.Key{Kind: "post", ID: "p0"}

func drawDay(t *rapid.T, name string) fact.Day {
	return start + fact.Day(rapid.IntRange(-2, 22).Draw(t, name))
}

// lawOfEdits makes an edit, checks what holds for every edit, and hands over what was before and is after.
func lawOfEdits(t *rapid.T, w *world, edit graph.Edit) (before, after map[fact.Day]state) {
	before, other := w.history("p0"), w.history("p1")
	inForce := func() map[fact.Day]state { return (&world{g: w.g, m: w.m}).history("p0") }
	force := inForce()
	size := w.g.Size()
	w.record(t, edit.Docs)
	after = w.history("p0")
	if w.branch != "" {
		for on, is := range inForce() {
			if is != force[on] {
				t.Fatalf("on %s it is %v in force, and was %v before something was proposed: %s", on, is, force[on], show(edit.Docs))
			}
		}
	}
	for on := firstDay; on <= lastDay; on++ {
		if got := w.state("p0", on, size); got != before[on] {
			t.Fatalf("on %s as known before: %v, and it was %v", on, got, before[on])
		}
		if got := w.state("p1", on, w.g.Size()); got != other[on] {
			t.Fatalf("on %s another post is %v, and was %v", on, got, other[on])
		}
	}
	undo, problems := w.view(start).Undo(size+1, w.g.Size())
	if problems != nil {
		t.Fatalf("it cannot be undone: %v", problems)
	}
	if len(undo.Docs) == 0 { // a proposal says on other days what is in force on all of them
		for on := firstDay; on <= lastDay; on++ {
			if before[on] != after[on] {
				t.Fatalf("on %s it was %v and is %v, and nothing undoes it", on, before[on], after[on])
			}
		}
		return before, after
	}
	back := &world{g: w.g, m: model{slices.Clone(w.m.entries)}, branch: w.branch}
	first := w.g.Size() + 1
	back.record(t, undo.Docs)
	for on := firstDay; on <= lastDay; on++ {
		if got := back.state("p0", on, back.g.Size()); got != before[on] {
			t.Fatalf("on %s it was %v, then %v, and undone %v by %s", on, before[on], after[on], got, show(undo.Docs))
		}
	}
	redo, problems := back.view(start).Undo(first, back.g.Size())
	if problems != nil {
		t.Fatalf("the undo cannot be undone: %v", problems)
	}
	back.record(t, redo.Docs)
	for on := firstDay; on <= lastDay; on++ {
		if got := back.state("p0", on, back.g.Size()); got != after[on] {
			t.Fatalf("on %s it was %v, and done again %v", on, after[on], got)
		}
	}
	if _, problems := back.view(start).Undo(size+1, first-1); len(problems) == 0 || !strings.Contains(problems.Error(), "was changed again since. Undo that first") {
		t.Fatalf("what was changed again since can be undone: %v", problems)
	}
	return before, after
}

// refused fails where an edit was refused because the engine, and not the person, is at a loss.
func refused(t *rapid.T, problems kind.Problems) bool {
	if problems != nil && strings.Contains(problems.Error(), "cannot be recorded together") {
		t.Fatal(problems)
	}
	return problems != nil
}

// show writes documents shortly.
func show(docs []kind.Doc) string {
	var out []string
	for _, d := range docs {
		s := d.Span.Words() + ":"
		if d.Op == fact.End {
			s = "end " + d.Span.Until.String()
		}
		for _, v := range d.Values {
			s += " " + strings.Trim(v.JSON, `"`)
		}
		if d.Proposal != "" {
			s += " in " + string(d.Proposal)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// replaced gives the readings of a state with another title or grade where they match.
func replaced(s state, title, grade *string, match func(title, grade string) bool) state {
	var out []string
	for _, r := range s.readings() {
		x, y, _ := strings.Cut(r, "/")
		if match(x, y) {
			if title != nil {
				x = *title
			}
			if grade != nil {
				y = *grade
			}
		}
		out = append(out, x+"/"+y)
	}
	slices.Sort(out)
	return state{strings.Join(slices.Compact(out), " "), s.there}
}

func always(string, string) bool { return true }

// It changed on a date: from that day on the new title, as long as later days repeated the old one; all else as before.
func TestChangeLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawBranch(t)
		day := drawDay(t, "from")
		edit, problems := w.view(start).Change(p0, fact.ExactDate(day), set("post", "title=Z"), "minute 1", "")
		if was := w.state("p0", day, w.g.Size()); problems != nil {
			if was.there == fact.Yes {
				t.Fatalf("on %s it is %v, and cannot be changed: %v", day, was, problems)
			}
			return
		}
		before, after := lawOfEdits(t, w, edit)
		old, rolls := strings.Split(before[day].says, "/")[0], true
		for on := firstDay; on <= lastDay; on++ {
			want := before[on]
			if on >= day {
				if rolls = rolls && strings.HasPrefix(want.says, old+"/"); rolls {
					z := "Z"
					want = replaced(want, &z, nil, always)
				}
			}
			if after[on] != want {
				t.Fatalf("changed on %s: on %s %v, want %v (%v) by %s", day, on, after[on], want, before[on], show(edit.Docs))
			}
		}
		for _, d := range edit.Docs {
			if d.Source != "minute 1" {
				t.Fatalf("source %q", d.Source)
			}
		}
	})
}

// A change on a date that is not exact leaves no doubt but within its window, and only about what changed.
func TestVagueChangeLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		from := rapid.SampledFrom(vague[1:len(vague)-1]).Draw(t, "changed")
		edit, problems := w.view(start).Change(p0, from, set("post", "title=Z"), "", "")
		if problems != nil {
			if was := w.state("p0", from.Last, w.g.Size()); was.there == fact.Yes {
				t.Fatalf("on %s it is %v, and cannot be changed: %v", from.Last, was, problems)
			}
			return
		}
		before, after := lawOfEdits(t, w, edit)
		z := "Z"
		for on := firstDay; on <= lastDay; on++ {
			was, is := before[on], after[on]
			switch {
			case was.there != is.there:
				t.Fatalf("on %s it was there %d and is %d", on, was.there, is.there)
			case on < from.First && is != was:
				t.Fatalf("changed %s: before, on %s, %v is %v", from, on, was, is)
			case on == from.Last && !strings.Contains(is.says, "Z"):
				t.Fatalf("changed %s: on the last day %v is %v", from, was, is)
			}
			grades := func(s state) state { n := ""; return replaced(s, &n, nil, always) }
			if grades(was) != grades(is) {
				t.Fatalf("on %s the grades of %v are those of %v", on, was, is)
			}
			for _, r := range is.readings() {
				known := slices.Contains(was.readings(), r)
				if !known && !slices.ContainsFunc(was.readings(), func(old string) bool { return replaced(state{says: old}, &z, nil, always).says == r }) {
					t.Fatalf("on %s %v became %v", on, was, is)
				}
			}
		}
	})
}

// Our record was wrong: between two days nothing but the right value, and where no day is given the value of the day looked at
// is replaced as far as it reaches.
func TestCorrectLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exact := rapid.Bool().Draw(t, "exact")
		w := drawWorld(t, exact)
		on := drawDay(t, "on")
		var from, until fact.Date
		if rapid.Bool().Draw(t, "since") {
			from = fact.ExactDate(drawDay(t, "first"))
		}
		if rapid.Bool().Draw(t, "up to") {
			until = fact.ExactDate(drawDay(t, "last"))
		}
		blurred := rapid.IntRange(0, 3).Draw(t, "blurred") == 0
		if blurred {
			from, until = rapid.SampledFrom(vague[:len(vague)-1]).Draw(t, "first, vaguely"), rapid.SampledFrom(vague[:len(vague)-1]).Draw(t, "last, vaguely")
		}
		edit, problems := w.view(on).Correct(p0, from, until, set("post", "title=Z", "grade="), "", "seen in the minutes")
		if refused(t, problems) {
			return
		}
		before, after := lawOfEdits(t, w, edit)
		z, none := "Z", ""
		near := on
		if !until.IsZero() {
			near = min(near, until.First)
		}
		if !from.IsZero() {
			near = max(near, from.First)
		}
		// reached says whether a value that held near the day, of the title or the grade, reaches a day without a break.
		reached := func(day fact.Day, part int) bool {
			step := fact.Day(1)
			if day < near {
				step = -1
				if !from.IsZero() {
					return day >= from.First
				}
			} else if !until.IsZero() {
				return day <= until.First
			}
			for d := near; ; d += step {
				if d < firstDay || d > lastDay || before[d].says == "" || strings.Split(before[d].says, "/")[part] != strings.Split(before[near].says, "/")[part] {
					return false
				}
				if d == day {
					return true
				}
			}
		}
		if blurred {
			return
		}
		both := !from.IsZero() && !until.IsZero()
		for d := firstDay; d <= lastDay; d++ {
			was, is := before[d], after[d]
			if was.there != is.there {
				t.Fatalf("on %s it was there %d and is %d", d, was.there, is.there)
			}
			inside := (from.IsZero() || d >= from.First) && (until.IsZero() || d <= until.First)
			switch {
			case !inside && was != is:
				t.Fatalf("on %s %v became %v", d, was, is)
			case both && inside:
				if want := replaced(was, &z, &none, always); want != is {
					t.Fatalf("on %s %v became %v, want %v", d, was, is, want)
				}
			case exact && inside && was.says != "":
				want := was
				if reached(d, 0) {
					want = replaced(want, &z, nil, always)
				}
				if reached(d, 1) {
					want = replaced(want, nil, &none, always)
				}
				if is != want {
					t.Fatalf("from %q until %q, near %s: on %s %v became %v, want %v by %s", from, until, near, d, was, is, want, show(edit.Docs))
				}
			}
		}
	})
}

// It ended: nothing after the day, and all as it was until then.
func TestEndAfterLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, rapid.Bool().Draw(t, "exact"))
		last := rapid.SampledFrom(vague[1:len(vague)-1]).Draw(t, "last")
		if rapid.Bool().Draw(t, "branched") {
			w, last = drawBranch(t), fact.ExactDate(drawDay(t, "after"))
		}
		edit, problems := w.view(start).EndAfter(p0, last, "", "")
		if refused(t, problems) {
			return
		}
		before, after := lawOfEdits(t, w, edit)
		for on := firstDay; on <= lastDay; on++ {
			want := before[on]
			switch c := (fact.Span{Until: last}).On(on); {
			case c == fact.No:
				want = state{there: fact.Maybe}
			case c == fact.Maybe:
				want.there = min(want.there, c)
			}
			if after[on] != want {
				t.Fatalf("ended %s: on %s %v, want %v", last, on, after[on], want)
			}
		}
	})
}

// What a proposal says is corrected on the days of which it speaks, and nothing else is.
func TestAmendLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawBranch(t)
		w.branch = "people"
		on := drawDay(t, "on")
		edit, problems := w.view(on).Correct(p0, fact.Date{}, fact.Date{}, set("post", "title=Z"), "", "")
		if refused(t, problems) {
			return
		}
		beneath := (&world{g: w.g, m: w.m}).history("p0")
		spoken := map[fact.Day]bool{}
		for d := firstDay; d <= lastDay; d++ {
			r := w.view(d).Planned("people", fact.Date{}).Record(p0)
			spoken[d] = r != nil && r.Proposal() == "people"
		}
		before, after := lawOfEdits(t, w, edit)
		some := false
		z := "Z"
		for d := firstDay; d <= lastDay; d++ {
			switch {
			case after[d] == before[d]:
			case !spoken[d]:
				t.Fatalf("on %s, of which the proposal says nothing, it was %v (in force %v) and is %v", d, before[d], beneath[d], after[d])
			case after[d] != replaced(before[d], &z, nil, always):
				t.Fatalf("on %s it was %v and is %v", d, before[d], after[d])
			default:
				some = true
			}
		}
		if spoken[on] && !some && !strings.Contains(before[on].says, "Z") {
			t.Fatalf("corrected on %s, of which the proposal speaks, and nothing is other: %s", on, show(edit.Docs))
		}
	})
}

// What a proposal says is said of other days: there what it said, on the days given up what is in force, and all else as before.
func TestReproposeLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawBranch(t)
		w.branch = "people"
		v := w.view(drawDay(t, "on"))
		is := fact.Span{From: fact.ExactDate(drawDay(t, "from"))}
		if rapid.Bool().Draw(t, "ends") {
			is.Until = fact.ExactDate(is.From.First + fact.Day(rapid.IntRange(0, 9).Draw(t, "length")))
		}
		spoken := map[fact.Day]bool{}
		for d := firstDay; d <= lastDay; d++ {
			r := w.view(d).Planned("people", fact.Date{}).Record(p0)
			spoken[d] = r != nil && r.Proposal() == "people"
		}
		edit, problems := v.Redate(p0, is, nil, "", "")
		if refused(t, problems) {
			return
		}
		beneath := (&world{g: w.g, m: w.m}).history("p0")
		before, after := lawOfEdits(t, w, edit)
		for d := firstDay; d <= lastDay; d++ {
			switch {
			case after[d] == before[d]:
			case is.On(d) == fact.Yes && after[d].says != "":
			case spoken[d] && (after[d] == beneath[d] || after[d].says == ""):
			default:
				t.Fatalf("dated %s: on %s it was %v (in force %v) and is %v by %s", is.Words(), d, before[d], beneath[d], after[d], show(edit.Docs))
			}
		}
	})
}

// It never was: nothing remains on any day.
func TestRetractLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, rapid.Bool().Draw(t, "exact"))
		edit, problems := w.view(start).Retract(p0, "entered by mistake")
		if refused(t, problems) {
			return
		}
		_, after := lawOfEdits(t, w, edit)
		for on, is := range after {
			if is.says != "" {
				t.Fatalf("on %s it is %v", on, is)
			}
		}
		if p := w.view(start).Pieces(p0); len(p) > 0 {
			t.Fatalf("%d pieces", len(p))
		}
	})
}

// A record is again what it was as known at any position.
func TestRestoreLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, rapid.Bool().Draw(t, "exact"))
		known := int64(rapid.IntRange(0, int(w.g.Size())).Draw(t, "known"))
		edit, problems := w.view(start).Restore(p0, known)
		if problems != nil {
			if strings.Contains(problems.Error(), "no such record") {
				return
			}
			t.Fatal(problems)
		}
		w.record(t, edit.Docs)
		for on := firstDay; on <= lastDay; on++ {
			if got, want := w.state("p0", on, w.g.Size()), w.state("p0", on, known); got != want {
				t.Fatalf("on %s %v, want %v, by %s", on, got, want, show(edit.Docs))
			}
		}
	})
}

// The days of a piece are others than written: those it gains say what it says, those it gives up what the neighbour says that met it.
func TestRedateLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exact := rapid.Bool().Draw(t, "exact")
		w := drawWorld(t, exact)
		v := w.view(drawDay(t, "on"))
		r := v.Record(p0)
		if r == nil {
			return
		}
		var was graph.Piece
		for _, p := range v.Pieces(p0) {
			if p.Span.On(v.On()) == fact.Yes {
				was = p
			}
		}
		is := was.Span
		if rapid.Bool().Draw(t, "begins") {
			is.From = fact.ExactDate(drawDay(t, "from"))
		}
		if rapid.Bool().Draw(t, "ends") {
			is.Until = fact.ExactDate(drawDay(t, "until"))
		}
		if !exact {
			is = fact.Span{From: rapid.SampledFrom(vague[:len(vague)-1]).Draw(t, "begins, vaguely"), Until: rapid.SampledFrom(vague).Draw(t, "ends, vaguely")}
		}
		edit, problems := v.Redate(p0, is, nil, "", "")
		if refused(t, problems) {
			return
		}
		before, after := lawOfEdits(t, w, edit)
		if !exact {
			return
		}
		first, last, _ := was.Span.Certain()
		from, until, _ := is.Certain()
		for on := firstDay; on <= lastDay; on++ {
			want := before[on]
			switch {
			case on >= from && on <= until:
				want = before[max(first, min(v.On(), last))]
			case on >= first && on < from:
				want = state{there: fact.Maybe}
				if first > firstDay {
					want = before[first-1]
				}
			case on <= last && on > until:
				want = state{there: fact.Maybe}
				if last < lastDay {
					want = before[last+1]
				}
			}
			if after[on] != want {
				t.Fatalf("%s is %s: on %s %v, want %v, by %s", was.Span.Words(), is.Words(), on, after[on], want, show(edit.Docs))
			}
		}
	})
}

// The whole record began or ended on other days: outside it is not there, and what is gained says what stood next to it.
func TestRedateLifeLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exact := rapid.Bool().Draw(t, "exact")
		w := drawWorld(t, exact)
		v := w.view(start)
		pieces := v.Pieces(p0)
		if len(pieces) == 0 {
			return
		}
		was := fact.Span{From: pieces[0].Span.From, Until: pieces[len(pieces)-1].Span.Until}
		is := was
		if rapid.Bool().Draw(t, "begins") {
			is.From = fact.ExactDate(drawDay(t, "from"))
		}
		switch rapid.IntRange(0, 2).Draw(t, "ends") {
		case 0:
			is.Until = fact.ExactDate(drawDay(t, "until"))
		case 1:
			is.Until = fact.Date{}
		}
		if !exact {
			is = fact.Span{From: rapid.SampledFrom(vague[:len(vague)-1]).Draw(t, "begins, vaguely"), Until: rapid.SampledFrom(vague).Draw(t, "ends, vaguely")}
		}
		edit, problems := v.RedateLife(p0, is, "", "")
		if refused(t, problems) {
			return
		}
		before, after := lawOfEdits(t, w, edit)
		if !exact {
			return
		}
		next := func(on, step fact.Day) state {
			for ; on >= firstDay && on <= lastDay; on += step {
				if before[on].says != "" {
					return before[on]
				}
			}
			return state{there: fact.Maybe}
		}
		first, last, _ := was.Certain()
		for on := firstDay; on <= lastDay; on++ {
			want := before[on]
			firstLeft, lastLeft := next(max(firstDay, mustFirst(is)), 1), next(min(lastDay, mustLast(is)), -1)
			switch {
			case is.On(on) == fact.No:
				want = state{there: fact.Maybe}
			case before[on].says == "" && is.From != was.From && noneBetween(before, mustFirst(is), on):
				want = firstLeft
			case before[on].says == "" && is.Until != was.Until && noneBetween(before, on, mustLast(is)):
				want = lastLeft
			}
			if after[on] != want {
				t.Fatalf("%s (%s to %s) is %s: on %s %v, want %v, by %s", was.Words(), first, last, is.Words(), on, after[on], want, show(edit.Docs))
			}
		}
	})
}

func mustFirst(s fact.Span) fact.Day { first, _, _ := s.Certain(); return max(first, firstDay) }

func mustLast(s fact.Span) fact.Day { _, last, _ := s.Certain(); return min(last, lastDay) }

func noneBetween(before map[fact.Day]state, first, last fact.Day) bool {
	for on := first; on <= last; on++ {
		if before[on].says != "" {
			return false
		}
	}
	return true
}
