package report_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plumbline/examples"
	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

func harrow(t *testing.T) (*graph.Graph, *rule.Pack) {
	t.Helper()
	return loaded(t, examples.Harrow)
}

// loaded is one of the examples.
func loaded(t *testing.T, loads []examples.Load) (*graph.Graph, *rule.Pack) {
	t.Helper()
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	kinds.SetCodes("role", p.RoleCodes())
	kinds.SetCodes("domain", p.DomainCodes())
	g := graph.New(kinds)
	for _, l := range loads {
		var docs []kind.Doc
		for _, f := range l.Files {
			b, err := examples.Files.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			d, problems := kinds.Read(f, strings.NewReader(string(b)))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			docs = append(docs, d...)
		}
		entries, problems := g.Stage(docs, "owner", l.Recorded.Noon(), l.Recorded.Noon())
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for i := range entries {
			if err := g.Fold(&entries[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	return g, p
}

// shape describes a JSON value: the names and types that other programs rely on.
func shape(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var keys []string
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for i, k := range keys {
			keys[i] = k + ":" + shape(v[k])
		}
		return "{" + strings.Join(keys, " ") + "}"
	case []any:
		var seen []string
		for _, x := range v {
			if s := shape(x); !slices.Contains(seen, s) {
				seen = append(seen, s)
			}
		}
		slices.Sort(seen)
		return "[" + strings.Join(seen, "|") + "]"
	case nil:
		return "null"
	}
	return fmt.Sprintf("%T", v)
}

// The JSON of a check has the names and types of the contract, whether there is something in them or not.
func TestCheckJSONIsTheContract(t *testing.T) {
	g, p := harrow(t)
	look := func(v *graph.View) map[string]any {
		b, err := json.Marshal(report.NewCheckJSON(assure.Assess(p, v), "root", false))
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	const (
		missing  = "{field:string record:string why:string}"
		citation = "{dates_verified:string text:string url:string verified:string}"
		fact1    = "{entry:float64 record:string}"
	)
	in2015 := look(g.View(fact.DayOf(2015, 6, 5), g.Size()).With("people-directorate"))
	for key, want := range map[string]string{
		"council": "{id:string name:string}", "on": "string", "known": "{at:string position:float64 root:string}", "proposal": "string", "pack": "{digest:string id:string}", "splits": "[]",
	} {
		if got := shape(in2015[key]); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	for _, r := range in2015["results"].([]any) {
		row := r.(map[string]any)
		if c, ok := row["citation"].(map[string]any); ok {
			delete(c, "note")
		}
		for key, allowed := range map[string][]string{
			"rule": {"string"}, "title": {"string"}, "force": {"string"}, "outcome": {"string"}, "severity": {"string", "null"}, "criteria": {"[string]", "[]"}, "subjects": {"[string]", "[]"},
			"missing": {"[" + missing + "]", "[]"}, "explanation": {"string"}, "citation": {citation}, "facts": {"[" + fact1 + "]", "[]"}, "departure": {fact1, "null"},
		} {
			if got := shape(row[key]); !slices.Contains(allowed, got) {
				t.Errorf("%s: %s is %s, want one of %v", row["rule"], key, got, allowed)
			}
		}
		switch {
		case row["outcome"] == "not-applicable":
			t.Errorf("%s does not apply and is shown without being asked for", row["rule"])
		case (row["outcome"] == "not-met") != (row["severity"] != nil):
			t.Errorf("%s: outcome %v and severity %v", row["rule"], row["outcome"], row["severity"])
		case row["outcome"] == "not-met" && len(row["facts"].([]any)) == 0:
			t.Errorf("%s is not met and rests on no fact", row["rule"])
		}
	}
	for _, c := range in2015["criteria"].([]any) {
		row := c.(map[string]any)
		j := row["judgement"].(map[string]any)
		if row["machine"] != "attention" || j["test"] != "test/people-directorate-2015" || j["freshness"] != "current" || shape(j["stale_because"]) != "[]" {
			t.Errorf("%v", row)
		}
	}
	in2003 := look(g.View(fact.DayOf(2003, 10, 1), g.KnownAt(fact.DayOf(2003, 9, 17).End())))
	if in2003["proposal"] != nil {
		t.Errorf("proposal is %v, want null", in2003["proposal"])
	}
	open := 0
	for _, s := range in2003["splits"].([]any) {
		row := s.(map[string]any)
		if row["answers"] == nil {
			open++
		}
		if shape(row["mechanism"]) != "[string]" && row["answers"] != nil {
			t.Errorf("%v", row)
		}
	}
	if open != 2 || len(in2003["splits"].([]any)) != 7 {
		t.Errorf("%d splits, %d of them unclassified; want 7 and 2", len(in2003["splits"].([]any)), open)
	}
	for _, c := range in2003["criteria"].([]any) {
		if c.(map[string]any)["judgement"] != nil {
			t.Error("2003 was judged by nobody")
		}
	}
}
