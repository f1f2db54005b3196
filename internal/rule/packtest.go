package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Test is a small record with the outcome that a rule must give for it.
type Test struct {
	Name     string   `yaml:"name"`
	On       Date     `yaml:"on"`
	Proposal string   `yaml:"proposal"`
	Records  string   `yaml:"records"` // a manifest
	Council  string   `yaml:"council"` // kind of council; default london-borough. "none" records no council
	Expect   Outcome  `yaml:"expect"`
	Severity Severity `yaml:"severity"`
	Subjects []string `yaml:"subjects"` // ids of those with that outcome, if given
	Missing  string   `yaml:"missing"`  // a part of what must be named as missing
}

// Failure is a test of a rule that did not come out as it says.
type Failure struct {
	Rule *Rule
	Test *Test
	What string
}

func (f Failure) String() string {
	return fmt.Sprintf("%s: rule %s, test %q: %s", f.Rule.File, f.Rule.ID, f.Test.Name, f.What)
}

// Check runs the tests of every rule, and gives those that fail and how many were run.
func (p *Pack) Check(kinds *kind.Set) (failures []Failure, ran int) {
	if len(kinds.Codes("role")) == 0 {
		kinds.SetCodes("role", p.RoleCodes()) // a field that takes a reference or a role cannot tell them apart without
	}
	for _, r := range p.Rules {
		for i := range r.Tests {
			ran++
			if what := p.try(r, &r.Tests[i], kinds); what != "" {
				failures = append(failures, Failure{r, &r.Tests[i], what})
			}
		}
	}
	return failures, ran
}

func (p *Pack) try(r *Rule, t *Test, kinds *kind.Set) string {
	if !t.On.Given {
		return "it does not say on which day"
	}
	g, err := TestRecord(kinds, t.Council, t.Records)
	if err != nil {
		return err.Error()
	}
	v := g.View(t.On.Day, g.Size())
	if t.Proposal != "" {
		v = v.With(fact.ID(t.Proposal))
	}
	res := p.Run(v)
	var got []string
	for _, row := range res.Rows {
		if row.Rule != r.ID {
			continue
		}
		got = append(got, fmt.Sprintf("%s (%s)", row.Outcome, row.Explanation))
		if row.Outcome != t.Expect {
			continue
		}
		if t.Severity != "" && row.Severity != t.Severity {
			return fmt.Sprintf("severity %s, want %s", row.Severity, t.Severity)
		}
		if t.Subjects != nil {
			var ids []string
			for _, s := range row.Subjects {
				ids = append(ids, string(s.ID))
			}
			slices.Sort(ids)
			want := slices.Clone(t.Subjects)
			slices.Sort(want)
			if !slices.Equal(ids, want) {
				return fmt.Sprintf("subjects %v, want %v", ids, want)
			}
		}
		if t.Missing != "" && !slices.ContainsFunc(row.Missing, func(m Missing) bool {
			return strings.Contains(m.Record+"."+m.Field+": "+m.Why, t.Missing)
		}) {
			return fmt.Sprintf("missing %v, want %q among it", row.Missing, t.Missing)
		}
		return ""
	}
	return fmt.Sprintf("want %s, got %s", t.Expect, strings.Join(got, "; "))
}

// TestRecord makes a record in memory from a manifest, with a council unless it has one.
func TestRecord(kinds *kind.Set, council, manifest string) (*graph.Graph, error) {
	if council == "" {
		council = "london-borough"
	}
	if council != "none" && !strings.Contains(manifest, "kind: council") {
		manifest = "kind: council\nid: council\nname: Testham\ntype: " + council + "\ngovernance: leader-and-cabinet\n---\n" + manifest
	}
	docs, problems := kinds.Read("records", strings.NewReader(manifest))
	if len(problems) > 0 {
		return nil, problems
	}
	g := graph.New(kinds)
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	entries, problems := g.Stage(docs, "test", now, now)
	if len(problems) > 0 {
		return nil, problems
	}
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			return nil, err
		}
	}
	return g, nil
}
