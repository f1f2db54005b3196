package graph_test

import (
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// set gives values as a form hands them over: "title=Head", and "grade=" for no longer stated.
func set(k fact.KindName, fields ...string) (out []kind.Value) {
	for _, f := range fields {
		name, text, _ := strings.Cut(f, "=")
		v := kind.Value{Field: kinds.Kind(k).Field(name)}
		if text != "" {
			v.JSON = kind.Quote(text)
		}
		out = append(out, v)
	}
	return out
}

func on(s string) fact.Date {
	d, err := fact.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// What an edit is turned into, or why it is refused.
func TestEdits(t *testing.T) {
	const (
		post   = "{kind: post, id: a, title: Head, grade: G1, from: 2003-10-01}"
		vague  = "{kind: post, id: a, title: Head, from: 2003-10, until: 2005-23}"
		person = "{kind: person, id: jane, name: Jane}\n---\n{kind: person, id: jo, name: Jo}\n---\n{kind: post, id: p, title: P}\n---\n{kind: appointment, id: a, person: jane, post: p, from: 2003-10-01}"
		people = "{kind: proposal, id: people, title: People}\n---\n" + post
	)
	change := func(from string, fields ...string) func(*graph.View, fact.Key) (graph.Edit, kind.Problems) {
		return func(v *graph.View, k fact.Key) (graph.Edit, kind.Problems) {
			return v.Change(k, on(from), set(k.Kind, fields...), "", "")
		}
	}
	correct := func(from, until string, fields ...string) func(*graph.View, fact.Key) (graph.Edit, kind.Problems) {
		return func(v *graph.View, k fact.Key) (graph.Edit, kind.Problems) {
			return v.Correct(k, on(from), on(until), set(k.Kind, fields...), "", "")
		}
	}
	redate := func(from, until string) func(*graph.View, fact.Key) (graph.Edit, kind.Problems) {
		return func(v *graph.View, k fact.Key) (graph.Edit, kind.Problems) {
			return v.Redate(k, fact.Span{From: on(from), Until: on(until)}, nil, "", "")
		}
	}
	life := func(from, until string) func(*graph.View, fact.Key) (graph.Edit, kind.Problems) {
		return func(v *graph.View, k fact.Key) (graph.Edit, kind.Problems) {
			return v.RedateLife(k, fact.Span{From: on(from), Until: on(until)}, "", "")
		}
	}
	end := func(last string) func(*graph.View, fact.Key) (graph.Edit, kind.Problems) {
		return func(v *graph.View, k fact.Key) (graph.Edit, kind.Problems) { return v.EndAfter(k, on(last), "", "") }
	}
	retract := func(v *graph.View, k fact.Key) (graph.Edit, kind.Problems) { return v.Retract(k, "a slip") }
	for _, c := range []struct {
		name, loads string
		key         string
		on          fact.Day
		proposal    fact.ID
		edit        func(*graph.View, fact.Key) (graph.Edit, kind.Problems)
		want        string // documents
		refused     string
	}{
		{"changed on a day", post, "post/a", 0, "", change("2004-06-01", "title=Director"), "from 1 June 2004 until further notice: Director G1", ""},
		{"changed in a month", post, "post/a", 0, "", change("2004-06", "title=Director"), "from June 2004 until further notice: Director G1", ""},
		{"changed by a day, after it began", post, "post/a", 0, "", change("by 2004-06", "title=Director"), "from some day between 1 October 2003 and 30 June 2004 until further notice: Director G1", ""},
		{"changed on the day on which it began", post, "post/a", 0, "", change("2003-10-01", "title=Director"), "from 1 October 2003 until further notice: Director G1", ""},
		{"no longer stated", post, "post/a", 0, "", change("2004-06-01", "grade="), "from 1 June 2004 until further notice: Head", ""},
		{"agreed and not dated", post, "post/a", 0, "", change("tba", "title=Director"), "from a date to be agreed until further notice: Director G1", ""},
		{"rolled forward until it changes again", post + " / {kind: post, id: a, title: Head, grade: G2, from: 2005-01-01} / {kind: post, id: a, title: Chief, grade: G2, from: 2006-01-01}", "post/a", 0, "", change("2004-06-01", "title=Director"),
			"from 1 June 2004 until 31 December 2004: Director G1; from 1 January 2005 until 31 December 2005: Director G2", ""},
		{"changed before it began", post, "post/a", 0, "", change("2003-09-30", "title=Director"), "", "this post began on 1 October 2003, and cannot have changed before. Give a later day, or correct first when it began."},
		{"changed after it ended", vague, "post/a", 0, "", change("2006-01-01", "title=Director"), "", "this post is not there on 1 January 2006. It is recorded from October 2003 until autumn 2005. Give a day of these, or correct first when it began or ended."},
		{"changed to what it is", post, "post/a", 0, "", change("2004-01-01", "title=Head"), "", "this is what the record says already"},
		{"without what it needs", post, "post/a", 0, "", change("2004-01-01", "title="), "", "field title: a post needs its title."},
		{"without a day", post, "post/a", 0, "", change("", "title=X"), "", "field from: the day on which it changed is not given"},
		{"of nothing", post, "post/b", 0, "", change("2004-01-01", "title=X"), "", "post/b: there is no such record"},
		{"the holder", person, "appointment/a", 0, "", change("2004-01-01", "person=jo"), "from 1 January 2004 until further notice: jo p", ""},

		{"wrong all along, over the same words", vague, "post/a", fact.DayOf(2004, 1, 1), "", correct("", "", "title=Director"), "from October 2003 until autumn 2005: Director", ""},
		{"wrong from one day to another", post, "post/a", 0, "", correct("2004-01-01", "2004-12-31", "grade=G2"), "from 1 January 2004 until 31 December 2004: Head G2", ""},
		{"wrong as far as it reaches", post + " / {kind: post, id: a, title: Head, grade: G2, from: 2005-01-01} / {kind: post, id: a, title: Chief, grade: G2, from: 2006-01-01}", "post/a", fact.DayOf(2005, 6, 1), "", correct("", "", "title=Director"),
			"from 1 October 2003 until 31 December 2004: Director G1; from 1 January 2005 until 31 December 2005: Director G2", ""},
		{"wrong on a day without it", post, "post/a", fact.DayOf(2001, 1, 1), "", correct("", "", "title=X"), "", "this post is not there on 1 January 2001"},
		{"the wrong person", person, "appointment/a", fact.DayOf(2004, 1, 1), "", correct("", "", "person=jo"), "from 1 October 2003 until further notice: jo p", ""},
		{"an event's own date", "{kind: inspection, id: a, title: T, published_on: 2012-01-05}", "inspection/a", fact.DayOf(2013, 1, 1), "", correct("", "", "published_on=2012-03-05"),
			"end 2012-01-04; from 5 March 2012 until further notice: T 2012-03-05", ""},
		{"an event's own date, earlier", "{kind: inspection, id: a, title: T, published_on: 2012-03-05}", "inspection/a", fact.DayOf(2013, 1, 1), "", correct("", "", "published_on=2012-01-05"),
			"from 5 January 2012 until further notice: T 2012-01-05", ""},

		{"began later", post, "post/a", fact.DayOf(2004, 1, 1), "", redate("2003-11-01", ""), "end 2003-09-30; from 1 November 2003 until further notice: Head G1", ""},
		{"began later than from the beginning", "{kind: post, id: a, title: Head}", "post/a", fact.DayOf(2004, 1, 1), "", redate("2003-10", ""), "end ; from October 2003 until further notice: Head", ""},
		{"began earlier", post, "post/a", fact.DayOf(2004, 1, 1), "", redate("2003-09-01", ""), "from 1 September 2003 until further notice: Head G1", ""},
		{"changed on another day", post + " / {kind: post, id: a, title: Chief, from: 2005-01-01}", "post/a", fact.DayOf(2006, 1, 1), "", redate("2005-02-01", ""),
			"from 1 October 2003 until 31 January 2005: Head G1; from 1 February 2005 until further notice: Chief", ""},
		{"changed in another month", post + " / {kind: post, id: a, title: Chief, from: 2005-01-01}", "post/a", fact.DayOf(2006, 1, 1), "", redate("2005-02", ""),
			"from 1 October 2003 until 27 February 2005: Head G1; from February 2005 until further notice: Chief", ""},
		{"nothing would be left", post + " / {kind: post, id: a, title: Chief, from: 2005-01-01}", "post/a", fact.DayOf(2006, 1, 1), "", redate("2003-09-01", ""), "", "then no day would be left of what is recorded from 1 October 2003 until 31 December 2004"},
		{"agreed, and now dated", "{kind: post, id: a, title: Head, from: tba}", "post/a", 0, "", redate("2004-01-01", ""), "from 1 January 2004 until further notice: Head", ""},
		{"never ended", vague, "post/a", 0, "", life("2003-10", ""), "from October 2003 until further notice: Head", ""},
		{"ended earlier than written", vague, "post/a", 0, "", life("2003-10", "2004-12-31"), "end 2004-12-31", ""},
		{"dates that cannot be", post, "post/a", 0, "", life("2003-10-01", "2002"), "", "it ends (2002) before it begins (1 October 2003)"},

		{"ended", post, "post/a", 0, "", end("2005-03-31"), "end 2005-03-31", ""},
		{"ended some time", post, "post/a", 0, "", end("2005-23"), "end 2005-23", ""},
		{"will end", post, "post/a", 0, "", end("tba"), "end tba", ""},
		{"ended before it began", post, "post/a", 0, "", end("2003-01-01"), "", "this post began on 1 October 2003, after that day. Give a later day; if it never was, take it back instead."},
		{"ended already", vague, "post/a", 0, "", end("2006-01-01"), "", "this post ended already, in autumn 2005. To change that, correct when it ended."},
		{"never was", post, "post/a", 0, "", retract, "end ", ""},
		{"never was, of nobody knows why", post, "post/a", 0, "", func(v *graph.View, k fact.Key) (graph.Edit, kind.Problems) { return v.Retract(k, " ") }, "", "the reason is not given"},

		{"proposed", people, "post/a", fact.DayOf(2015, 1, 1), "people", change("tba", "title=Director"), "from a date to be agreed until further notice: Director G1 in people", ""},
		{"proposed, and corrected", people + " / {kind: post, id: a, title: Director, proposal: people, from: 2015-09-01}", "post/a", fact.DayOf(2015, 1, 1), "people", correct("", "", "title=Corporate Director"), "from 1 September 2015 until further notice: Corporate Director in people", ""},
		{"proposed from another day", people + " / {kind: post, id: a, title: Director, proposal: people, from: 2015-09-01}", "post/a", fact.DayOf(2015, 1, 1), "people", redate("tba", ""), "end  in people; from a date to be agreed until further notice: Director in people", ""},
		{"proposed to end", people, "post/a", fact.DayOf(2015, 1, 1), "people", end("2015-08-31"), "end 2015-08-31 in people", ""},
		{"no longer proposed", people + " / {kind: post, id: a, title: Director, proposal: people, from: 2015-09-01}", "post/a", fact.DayOf(2015, 1, 1), "people", retract, "end  in people", ""},
		{"what is in force is not corrected in a proposal", people, "post/a", fact.DayOf(2015, 1, 1), "people", correct("", "", "title=X"), "", "the proposal says nothing of this post; what is shown is in force. Look at the record in force to correct it there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			for _, m := range strings.Split(c.loads, " / ") {
				if got := load(t, w.g, m); got != "" {
					t.Fatal(got)
				}
			}
			key, err := fact.ParseKey(c.key)
			if err != nil {
				t.Fatal(err)
			}
			v := w.view(c.on)
			if c.proposal != "" {
				v = v.With(c.proposal)
			}
			edit, problems := c.edit(v, key)
			if (problems != nil) != (c.refused != "") || problems != nil && !strings.Contains(problems.Error(), c.refused) {
				t.Fatalf("refused: %v; want %q", problems, c.refused)
			}
			if got := show(edit.Docs); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if _, problems := w.g.Stage(edit.Docs, "owner", noon, noon); len(problems) > 0 {
				t.Error(problems)
			}
		})
	}
}

// What nobody can have meant to edit as a whole is not worked out.
func TestEditsHaveALimit(t *testing.T) {
	w := newWorld()
	for i := range 501 {
		day := fact.ExactDate(start + fact.Day(i))
		w.fold(t, fact.Entry{Position: int64(i + 1), Op: fact.Assert, Kind: "post", ID: "p0", Span: fact.Span{From: day, Until: day}, Body: fact.Body{{Name: "title", Value: `"T"`}}})
	}
	if _, problems := w.view(start).EndAfter(p0, on("2000-02-01"), "", ""); problems == nil || !strings.Contains(problems.Error(), "more than 500 pieces") {
		t.Errorf("refused: %v", problems)
	}
}

// A record that was changed again since, or that others lean on by now, is not undone.
func TestUndoRefuses(t *testing.T) {
	w := newWorld()
	must := func(manifest string) (first, last int64) {
		t.Helper()
		first = w.g.Size() + 1
		if got := load(t, w.g, manifest); got != "" {
			t.Fatal(got)
		}
		return first, w.g.Size()
	}
	first, last := must("{kind: person, id: jane, name: Jane}\n---\n{kind: post, id: p, title: Head}")
	if edit, problems := w.view(start).Undo(first, last); problems != nil || show(edit.Docs) != "end ; end " {
		t.Fatalf("%s, %v", show(edit.Docs), problems)
	}
	must("{kind: appointment, id: a, person: jane, post: p}")
	for _, c := range []struct {
		first, last int64
		want        string
	}{
		{first, last, "Jane, Head was recorded since, and refers to Jane, which would be gone. Undo that first."},
		{last + 2, last + 9, "these entries changed no record"},
	} {
		if _, problems := w.view(start).Undo(c.first, c.last); problems == nil || !strings.Contains(problems.Error(), c.want) {
			t.Errorf("%d to %d: %v, want %q", c.first, c.last, problems, c.want)
		}
	}
	if edit, problems := w.view(start).Undo(first, last+1); problems != nil || len(edit.Docs) != 3 {
		t.Errorf("all together: %s, %v", show(edit.Docs), problems)
	}
	must("{kind: post, id: p, title: Chief}")
	if _, problems := w.view(start).Undo(first, last); problems == nil || !strings.Contains(problems.Error(), "post/p: Chief was changed again since. Undo that first.") {
		t.Errorf("changed again: %v", problems)
	}
}

// What a proposal said is undone on the proposal; what is in force stays.
func TestUndoOfWhatWasProposed(t *testing.T) {
	w := newWorld()
	k := fact.Key{Kind: "post", ID: "a"}
	do := func(docs []kind.Doc, problems kind.Problems) (first, last int64) {
		t.Helper()
		if problems != nil {
			t.Fatal(problems)
		}
		first = w.g.Size() + 1
		w.record(t, docs)
		return first, w.g.Size()
	}
	view := func() *graph.View { return w.view(start).With("people") }
	title := func() string {
		r := view().Record(k)
		if r == nil {
			return "not there"
		}
		return r.Title()
	}
	do(kinds.Read("f.yaml", strings.NewReader("{kind: proposal, id: people, title: People}\n---\n{kind: post, id: a, title: Head}")))
	edits := []func() (graph.Edit, kind.Problems){
		func() (graph.Edit, kind.Problems) {
			return view().Change(k, fact.Undated, set("post", "title=Director"), "", "")
		},
		func() (graph.Edit, kind.Problems) {
			return view().Correct(k, fact.Date{}, fact.Date{}, set("post", "title=Chief"), "", "")
		},
		func() (graph.Edit, kind.Problems) { return view().EndAfter(k, on("2015-08-31"), "", "") },
		func() (graph.Edit, kind.Problems) {
			return view().Change(k, on("2015-09-01"), set("post", "title=Again"), "", "")
		},
	}
	titles := []string{title()}
	var done [][2]int64
	for i, edit := range edits {
		e, problems := edit()
		if i == 3 && problems == nil { // it is not there any more under the proposal
			t.Fatal("what is proposed to end was changed")
		} else if i == 3 {
			break
		}
		first, last := do(e.Docs, problems)
		done, titles = append(done, [2]int64{first, last}), append(titles, title())
	}
	if got := strings.Join(titles, ", "); got != "Head, Director, Chief, not there" {
		t.Fatal(got)
	}
	for i := len(done) - 1; i >= 0; i-- {
		e, problems := view().Undo(done[i][0], done[i][1])
		if i < len(done)-1 {
			e, problems = view().Restore(k, done[i][0]-1) // what came after it is undone already
		}
		do(e.Docs, problems)
		if title() != titles[i] || ask(w.g, "a", start, w.g.Size(), "") != "Head" {
			t.Errorf("undone to %d: %q with the proposal, want %q, and %q in force", i, title(), titles[i], ask(w.g, "a", start, w.g.Size(), ""))
		}
	}
}

// What was erased is neither repeated nor invented, and whoever edits is told.
func TestEditsOfWhatWasErased(t *testing.T) {
	w := newWorld()
	if got := load(t, w.g, "{kind: person, id: jane, name: Jane, qualifications: [CIPFA]}"); got != "" {
		t.Fatal(got)
	}
	key, _, _ := w.g.Entry(1)
	inLog, _ := w.g.InLog(key)
	e := fact.Entry{Position: 2, Recorded: noon, Written: noon, Who: "owner", Op: fact.Erase, Kind: "person", ID: inLog, Base: 1, Body: fact.Body{{Name: "fields", Value: `["id","name"]`}, {Name: "reason", Value: `"asked"`}}}
	w.fold(t, e)
	k := fact.Key{Kind: "person", ID: inLog}
	edit, problems := w.view(start).Change(k, on("2004-01-01"), set("person", "employer="), "", "")
	if problems == nil {
		t.Fatalf("nothing changes, and yet: %s", show(edit.Docs))
	}
	values := []kind.Value{{Field: kinds.Kind("person").Field("qualifications"), JSON: `["FCA"]`}}
	edit, problems = w.view(start).Change(k, on("2004-01-01"), values, "", "")
	if problems != nil || show(edit.Docs) != `from 1 January 2004 until further notice: ["FCA"]` {
		t.Fatalf("%s, %v", show(edit.Docs), problems)
	}
	if got := strings.Join(edit.Notes, " "); got != "Erased earlier, and not recorded again from 1 January 2004 until further notice: name." {
		t.Errorf("notes: %s", got)
	}
	w.record(t, edit.Docs)
	r := w.view(on("2004-06-01").First).Record(k)
	if r == nil || r.State("name") != graph.Missing || r.Key().ID != inLog {
		t.Errorf("after it: %v", r)
	}
}
