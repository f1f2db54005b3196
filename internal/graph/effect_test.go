package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// The effects of documents are told for the days on which they change something, and for no others.
func TestEffectsLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, rapid.Bool().Draw(t, "exact"))
		v := w.view(drawDay(t, "on"))
		edit, problems := v.Change(p0, rapid.SampledFrom(vague).Draw(t, "from"), set("post", "title=Z"), "", "")
		if rapid.Bool().Draw(t, "ends") {
			edit, problems = v.EndAfter(p0, rapid.SampledFrom(vague).Draw(t, "last"), "", "")
		}
		if problems != nil {
			return
		}
		effects := v.Effects(edit.Docs)
		before := w.history("p0")
		w.record(t, edit.Docs)
		after := w.history("p0")
		for on := firstDay; on <= lastDay; on++ {
			var told []string
			for _, e := range effects {
				if e.First <= on && on <= e.Last {
					told = append(told, e.Words())
				}
			}
			if (len(told) > 0) != (before[on] != after[on]) {
				t.Fatalf("on %s %v becomes %v, and what is told is %v", on, before[on], after[on], told)
			}
		}
	})
}

func TestEffects(t *testing.T) {
	w := newWorld()
	if got := load(t, w.g, "{kind: proposal, id: people, title: People}\n---\n{kind: person, id: jane, name: Jane Doe}\n---\n{kind: person, id: paul, name: Paul Clark}\n---\n{kind: post, id: p, title: Head, grade: G1, from: 2003-01-01}\n---\n{kind: appointment, id: a, person: jane, post: p, from: 2003-10-01}"); got != "" {
		t.Fatal(got)
	}
	v := w.view(fact.DayOf(2004, 1, 1))
	post, appointment := fact.Key{Kind: "post", ID: "p"}, fact.Key{Kind: "appointment", ID: "a"}
	for _, c := range []struct {
		name string
		edit func() (graph.Edit, error)
		v    *graph.View
		want string
	}{
		{"another holder", func() (graph.Edit, error) {
			e, p := v.Correct(appointment, fact.Date{}, fact.Date{}, set("appointment", "person=paul"), "", "")
			return e, asError(p)
		}, v, "Person, was Jane Doe: Anyone looking at dates from 1 October 2003 will now see Paul Clark (person)."},
		{"for some days, and some doubt", func() (graph.Edit, error) {
			e, p := v.Correct(post, on("2004-02-01"), on("2004-03"), set("post", "grade="), "", "")
			return e, asError(p)
		}, v, "Grade, was G1: Anyone looking at dates from 1 February 2004 until 1 March 2004 will now see that nothing is recorded (grade).\nGrade, was G1: Anyone looking at dates from 2 March 2004 until 31 March 2004 will now see G1 or nothing recorded (grade)."},
		{"the end", func() (graph.Edit, error) {
			e, p := v.EndAfter(post, on("2004-01-31"), "", "")
			return e, asError(p)
		}, v, ", was Head: Anyone looking at dates from 1 February 2004 will no longer find Head."},
		{"a beginning", func() (graph.Edit, error) {
			e, p := v.RedateLife(post, fact.Span{From: on("2002-12")}, "", "")
			return e, asError(p)
		}, v, ", was : Anyone looking at dates from 1 December 2002 until 30 December 2002 will now find Head, perhaps.\n, was : Anyone looking at 31 December 2002 will now find Head."},
		{"on no day", func() (graph.Edit, error) {
			e, p := v.Change(post, fact.Undated, set("post", "title=Chief"), "", "")
			return e, asError(p)
		}, v, ""},
		{"as proposed", func() (graph.Edit, error) {
			e, p := v.With("people").Change(post, fact.Undated, set("post", "title=Chief"), "", "")
			return e, asError(p)
		}, v.With("people"), ", was : Anyone looking at the proposal on dates until 31 December 2002 will now find Chief.\nTitle, was Head: Anyone looking at the proposal on dates from 1 January 2003 will now see Chief (title)."},
	} {
		t.Run(c.name, func(t *testing.T) {
			edit, err := c.edit()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range c.v.Effects(edit.Docs) {
				label := ""
				if e.Field != nil {
					label = e.Field.Label
				}
				got = append(got, fmt.Sprintf("%s, was %s: %s", label, e.Before, e.Words()))
			}
			if s := strings.Join(got, "\n"); s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
		})
	}
}

// Who saw an earlier position is told what is different now, by whom and since when.
func TestSince(t *testing.T) {
	w := newWorld()
	k := fact.Key{Kind: "post", ID: "p"}
	day := fact.DayOf(2004, 1, 1)
	if got := load(t, w.g, "{kind: post, id: p, title: Head, grade: G1}"); got != "" {
		t.Fatal(got)
	}
	for _, m := range []string{"{kind: post, id: p, title: Chief, grade: G1}", "{kind: post, id: p, title: Chief, grade: G2, until: 2004-12-31}", "{kind: post, id: p, title: Other, from: 2010-01-01}"} {
		if got := load(t, w.g, m); got != "" {
			t.Fatal(got)
		}
	}
	said := func(seen int64) string {
		var out []string
		for _, d := range w.view(day).Since(k, seen) {
			name := "the record"
			if d.Field != nil {
				name = d.Field.Name
			}
			out = append(out, fmt.Sprintf("%s: %q is %q by entry %d of %s", name, d.Was, d.Is, d.Entry, d.Who))
		}
		return strings.Join(out, "; ")
	}
	for seen, want := range map[int64]string{
		0: `the record: "" is "Chief" by entry 1 of owner; title: "" is "Chief" by entry 2 of owner; grade: "" is "G2" by entry 3 of owner`,
		1: `title: "Head" is "Chief" by entry 2 of owner; grade: "G1" is "G2" by entry 3 of owner`,
		2: `grade: "G1" is "G2" by entry 3 of owner`,
		3: "",
		4: "",
	} {
		if got := said(seen); got != want {
			t.Errorf("since %d: %s\nwant %s", seen, got, want)
		}
	}
}

func asError(p interface{ Error() string }) error {
	if s := p.Error(); s != "" {
		return p
	}
	return nil
}
