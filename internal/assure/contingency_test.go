package assure_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

func losses(s *assure.Scenario) (out []string) {
	for _, l := range s.Losses {
		out = append(out, fmt.Sprint(l.Harm, " ", l.Rule, l.Criterion, " ", l.Subjects, " ", l.What))
	}
	return out
}

// If the director leaves, nobody holds the post; who may not see the name reads of the post.
func TestContingency(t *testing.T) {
	p, g := pack(t), graph.New(kinds)
	add(t, g, made, structure)
	v := g.View(fact.DayOf(2015, 7, 1), g.Size())
	c := assure.ContingencyOf(p, v, true)
	var got []string
	for i := range c.Scenarios {
		s := &c.Scenarios[i]
		got = append(got, fmt.Sprintf("%s: %s (%s)", s.Harm(), s.If, s.Then))
	}
	if !slices.ContainsFunc(got, func(s string) bool {
		return strings.HasSuffix(s, "Bea leaves (nobody holds the post of Director of Adult Services)")
	}) {
		t.Errorf("Bea may leave, and it is not said: %s", strings.Join(got, "\n"))
	}
	if !slices.IsSortedFunc(c.Scenarios, func(a, b assure.Scenario) int { return harm(a.Harm()) - harm(b.Harm()) }) {
		t.Errorf("the worst does not come first: %s", strings.Join(got, "\n"))
	}
	veiled := g.Veil(func(k *kind.Kind, _ fact.ID, _ graph.Version) graph.Sight {
		if k.Name == graph.Person {
			return graph.Veiled
		}
		return graph.Whole
	}, func(*kind.Kind, fact.ID) []string { return nil })
	for _, s := range assure.ContingencyOf(p, veiled.View(v.On(), v.Known()), false).Scenarios {
		for _, name := range []string{"Ann", "Bea", "Cat"} {
			if said := s.If + s.Then + strings.Join(losses(&s), ""); strings.Contains(said, name+" ") {
				t.Errorf("%s is named: %s", name, said)
			}
		}
	}
}

func harm(h assure.Harm) int {
	return slices.Index([]assure.Harm{assure.HarmBreach, assure.HarmDeparture, assure.HarmCondition, assure.HarmUntested, assure.HarmStale, assure.HarmAdvisory}, h)
}

// What is lost is what a full run over a graph without it shows, of each scenario, for any small council.
func TestContingencyIsBruteForce(t *testing.T) {
	p := pack(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := graph.New(kinds)
		add(t, g, made, structure)
		for i := range rapid.IntRange(0, 5).Draw(rt, "more") {
			more := rapid.SampledFrom([]string{
				"{kind: appointment, id: x%d, person: bea, post: people, from: 2015-06-10}",
				"{kind: designation, id: x%d, role: HPS, person: ann}",
				"{kind: function, id: x%d, name: Homes, domain: CSC, ages: children, managed_by: adults}",
				"{kind: board, id: x%d, name: Board, type: hwb}\n---\n{kind: seat, id: s%[1]d, board: x%[1]d, as: chair, post: lead}",
				"{kind: post, id: x%d, title: Head, reports_to: adults}\n---\n{kind: function, id: y%[1]d, name: Sport, domain: CULTURE, managed_by: x%[1]d}",
				"{kind: absence, id: x%d, appointment: ann-people}",
			}).Draw(rt, "record")
			add(t, g, made.Add(time.Duration(i+1)*time.Hour), fmt.Sprintf(more, i))
		}
		v := g.View(fact.DayOf(2015, rapid.SampledFrom([]time.Month{6, 7, 11}).Draw(rt, "month"), 20), g.Size())
		c := assure.ContingencyOf(p, v, false)
		broken := map[fact.Key][]string{}
		for i := range c.Scenarios {
			broken[c.Scenarios[i].Of] = losses(&c.Scenarios[i])
		}
		for _, s := range assure.Scenarios(p, v) {
			var want []string
			before, after := assure.Assess(p, v), assure.Assess(p, v.Suppose(s.Gone, nil))
			want = append(want, worsened(before, after)...)
			var got []string
			for _, l := range broken[s.Of] {
				harm, _, _ := strings.Cut(l, " ")
				if s.Taken != assure.TakenEvidence {
					got = append(got, harm)
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if d := cmp.Diff(want, got); d != "" && s.Taken != assure.TakenEvidence {
				rt.Fatalf("if %s (-brute force +contingency):\n%s\n%s", s.If, d, strings.Join(broken[s.Of], "\n"))
			}
		}
	})
}

// worsened names the harm of each row that has a subject of which a worse thing is said, and of each condition and reason that is new.
func worsened(before, after *assure.Assessment) (out []string) {
	worth := func(r *rule.Result) int {
		switch {
		case r.Severity == rule.Breach:
			return 5
		case r.Severity == rule.Departure && r.Departure == nil:
			return 4
		case r.Outcome == rule.CannotTest:
			return 3
		case r.Outcome == rule.NotMet:
			return 2
		case r.Outcome == rule.MetWithCondition:
			return 1
		}
		return 0
	}
	was := func(of *rule.Result, k fact.Key) (most int) {
		for i := range before.Results.Rows {
			if r := &before.Results.Rows[i]; r.Rule == of.Rule && (slices.Contains(r.Subjects, k) || len(r.Subjects) == 0) {
				most = max(most, worth(r))
			}
		}
		return most
	}
	for i := range after.Results.Rows {
		r := &after.Results.Rows[i]
		subjects := r.Subjects
		if len(subjects) == 0 {
			subjects = []fact.Key{{}}
		}
		if slices.ContainsFunc(subjects, func(k fact.Key) bool { return worth(r) > was(r, k) }) {
			out = append(out, []string{"", "advisory", "advisory", "cannot-test", "departure", "breach"}[worth(r)])
		}
	}
	for i, c := range after.Criteria {
		if c.Judgement == nil {
			continue
		}
		j := before.Criteria[i].Judgement
		if j == nil || j.Record.Key() != c.Judgement.Record.Key() {
			continue
		}
		for _, r := range c.Judgement.Stale {
			if !slices.ContainsFunc(j.Stale, func(o assure.Reason) bool { return o.What == r.What }) {
				out = append(out, "stale")
			}
		}
		for n, on := range c.Judgement.Conditions {
			switch state := j.Conditions[n].State; {
			case on.State == state:
			case on.State == rule.Fails:
				out = append(out, "condition-fails")
			case on.State == rule.CannotBeTested && state == rule.Holds:
				out = append(out, "cannot-test")
			}
		}
	}
	return out
}
