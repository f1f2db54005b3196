package exchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"plumbline/internal/assure"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// oscalData holds the schemas and examples of NIST, which are not ours and not in the repository.
const oscalData = "../../../shared/data/oscal"

// withOSCAL skips a test aloud where they are missing.
func withOSCAL(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(oscalData); err == nil {
		return
	}
	if slices.Contains(strings.Split(os.Getenv("PLUMBLINE_REQUIRE"), ","), "oscal") {
		t.Fatalf("%s is missing, and PLUMBLINE_REQUIRE asks for oscal", oscalData)
	}
	t.Skip("NOT TESTED: OSCAL against the schemas and examples of NIST, which are not in " + oscalData)
}

// fullTest is a test with all that can be written of one.
const fullTest = `
{kind: person, id: eve, name: Eve Holder-Named, experience: [children]}
---
{kind: person, id: reviewer, name: Rae Viewer}
---
{kind: organisation, id: reviewers, name: "The  Reviewers Limited", type: other}
---
{kind: post, id: full-head, title: "Head of *Paper*", capacity: officer}
---
{kind: appointment, id: eve-head, person: eve, post: full-head, from: 2015-01-01}
---
{kind: designation, id: full-dph, role: DPH, post: full-head, from: 2015-01-01}
---
{kind: board, id: full-board, name: The Board, type: working-group}
---
{kind: document, id: full-paper, title: A paper}
---
{kind: test, id: full, title: A full test, framework: local-test-of-assurance-2013, assessor: reviewer, assessor_organisation: reviewers, commissioned_by: [full-head], recipient: full-head, purpose: "Is it safe?\n\nSay.", basis: As published, structure_on: 2015-04-01, started_on: 2015-04-01, on_site_from: 2015-04-02, on_site_until: 2015-04-04, reported_on: 2015-05-01, review_due: by 2016-05}
---
{kind: interview, id: full-i, test: full, title: The head, with: [post/full-head], people: Eve Holder-Named, held_on: 2015-04-03, status: held, themes: [governance, capacity], questions: Secret}
---
{kind: interview, id: full-i2, test: full, title: Somebody, status: planned}
---
{kind: evidence, id: full-e1, test: full, method: document, title: The paper, document: full-paper, about: [board/full-board, person/eve, appointment/eve-head], collected_on: 2015-04-02, expires_on: 2015-12-31, themes: [governance], supplied_by: post/full-head, excerpt: Not for others}
---
{kind: evidence, id: full-e2, test: full, method: interview, title: Said by Eve Holder-Named, interviewee: eve, attributable: no, interview: full-i}
---
{kind: finding, id: full-f1, test: full, number: 2, theme: governance, criteria: [accountability], polarity: risk, text: "A risk\nin two lines", evidence: [full-e1, full-e2], about: [board/full-board, full-head]}
---
{kind: judgement, id: full-j1, test: full, criterion: accountability, outcome: met-with-condition, rationale: Because, findings: [full-f1]}
---
{kind: judgement, id: full-j2, test: full, criterion: partnership, outcome: not-met}
---
{kind: condition, id: full-c1, judgement: full-j1, text: as long as Eve is there, due: by 2015-06, shown_by: a report}
---
{kind: recommendation, id: full-r1, test: full, number: 1, text: Do it, findings: [full-f1], conditions: [full-c1], owner: full-head, due: by 2015-06, response: accepted, response_text: We will}
---
{kind: action, id: full-a1, title: An act, recommendation: full-r1, owner: full-head, starts_on: 2015-05-02, due: 2015-06-30, status: on-track}
---
{kind: recommendation, id: full-r2, test: full, number: 2, text: Do that, response: rejected, response_text: We will not}
---
{kind: recommendation, id: full-r3, test: full, number: 3, text: And that, accepted_complete_on: 2015-06-15, owner: full-head}
---
{kind: letter, id: full-l, test: full, title: The letter, purpose: issue, dated: 2015-05-01, attestation: I stand for this.}
---
{kind: risk, id: full-risk, title: Paper runs out, about: [finding/full-f1, condition/full-c1], owner: full-head, inherent_likelihood: 5, current_likelihood: 4, current_impact: 3, target_impact: 2, from: 2015-04-01}
---
{kind: risk, id: full-later, title: Ink runs out, about: [finding/full-f1, recommendation/full-r1], current_likelihood: 2, from: 2015-06-01}
---
{kind: risk, id: full-unscored, title: Nobody scored it, about: [recommendation/full-r1]}
---
{kind: risk, id: full-secret, title: Not for everybody, about: [recommendation/full-r1], current_likelihood: 1, visibility: restricted, exempt: "4", decided: the monitoring officer}
---
{kind: test, id: bare, title: A bare test, started_on: 2015-04-01}
---
{kind: finding, id: bare-f, test: bare}
`

// exported writes a test on a day.
func exported(t testing.TB, g *graph.Graph, p *rule.Pack, id fact.ID, on fact.Day) []exchange.OSCALDocument {
	t.Helper()
	v := g.View(on, g.Size())
	test := v.Record(fact.Key{Kind: "test", ID: id})
	if test == nil {
		t.Fatalf("no test %s on %s", id, on)
	}
	v = assure.Tested(v, test)
	out, err := exchange.OSCAL(assure.AssessTest(p.Run(v), v, v.Record(test.Key())), "plumbline/test")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// addOSCAL records what a manifest says.
func addOSCAL(t testing.TB, g *graph.Graph, at time.Time, manifest string) {
	t.Helper()
	docs, problems := g.View(0, 0).Kinds().Read("f.yaml", strings.NewReader(manifest))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	fold(t, g, docs, at)
}

func oscalRecord(t testing.TB) (*graph.Graph, *rule.Pack) {
	t.Helper()
	g, p := harrow(t)
	addOSCAL(t, g, time.Date(2015, 7, 1, 12, 0, 0, 0, time.UTC), fullTest)
	return g, p
}

var exports = []struct {
	test  fact.ID
	on    fact.Day
	files int
}{
	{"people-directorate-2015", fact.DayOf(2015, 6, 5), 4},
	{"people-directorate-2015", fact.DayOf(2016, 7, 1), 4},
	{"full", fact.DayOf(2015, 4, 10), 3}, // while it is carried out, its judgements are not there
	{"full", fact.DayOf(2015, 6, 5), 4},
	{"full", fact.DayOf(2016, 7, 1), 4},
	{"bare", fact.DayOf(2015, 6, 5), 3},
}

// Every file that is written passes the schemas, refers to nothing that is not there, and is the same each time.
func TestOSCALPassesTheSchemas(t *testing.T) {
	withOSCAL(t)
	g, p := oscalRecord(t)
	for _, version := range []string{"1-1-3", "1-2-2"} {
		schema := oscalSchema(t, version)
		for _, x := range exports {
			documents := exported(t, g, p, x.test, x.on)
			if len(documents) != x.files {
				t.Errorf("%s: %d files", x.test, len(documents))
			}
			for _, d := range documents {
				v, err := jsonschema.UnmarshalJSON(bytes.NewReader(d.Body))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(v); err != nil {
					t.Errorf("%s on %s, %s against %s: %v", x.test, x.on, d.Name, version, err)
				}
			}
		}
	}
}

// hostileTexts are what a record takes as text and other programs may stumble over.
var hostileTexts = []string{
	"</w:t><!-- ]]> &amp; <script>alert(1)</script>", "{{.Title}} {{template \"x\"}} ${x} %s %d", "=cmd|' /C calc'!A0", "[here](javascript:alert(1)) ![x](http://example.com/x.png)",
	"\u05d0\u05d1\u05d2 \u0627\u0644", "\ufffe\uffff\U0001fffe \U0001f600", "e" + strings.Repeat("\u0301", 200), "\u00a0  a  \u3000", "\u2028a\u2029", "# |x| \\", "\u200d", "...", strings.Repeat("Words and words. ", 120),
}

// Whatever the texts of a test say, its files are sound: each passes the schemas, and nothing in them refers to what is not there.
func TestOSCALOfHostileTexts(t *testing.T) {
	_, missing := os.Stat(oscalData)
	var schema *jsonschema.Schema
	if missing == nil {
		schema = oscalSchema(t, "1-2-2")
	}
	for _, text := range append(hostileTexts, strings.Repeat("A hundred thousand. ", 5000)) {
		g, p := harrow(t)
		docs, problems := g.View(0, 0).Kinds().Read("f.yaml", strings.NewReader(fullTest))
		for i := range docs {
			for j := range docs[i].Values {
				v := &docs[i].Values[j]
				switch {
				case v.Field.Type == kind.LongText && !v.Field.Many:
					v.JSON = kind.Quote(text + "\n\n" + text)
				case v.Field.Type == kind.Text && !v.Field.Many && v.Field.Codes == "" && len(text) < 2000 && !strings.ContainsAny(text, "\u2028"):
					v.JSON = kind.Quote(text)
				}
			}
		}
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		fold(t, g, docs, time.Date(2015, 7, 1, 12, 0, 0, 0, time.UTC))
		var files []*exchange.OSCALFile
		for _, d := range exported(t, g, p, "full", fact.DayOf(2015, 6, 5)) {
			files = append(files, readOSCAL(t, d.Name, string(d.Body)))
			if missing != nil {
				continue
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(d.Body))
			if err == nil {
				err = schema.Validate(v)
			}
			if err != nil {
				t.Errorf("%.40q in %s: %.2000v", text, d.Name, err)
			}
		}
		if r := exchange.CheckOSCAL(files...); len(r.Faults) > 0 {
			t.Errorf("%.40q: %v", text, r.Faults)
		}
	}
}

func oscalSchema(t *testing.T, version string) *jsonschema.Schema {
	t.Helper()
	name := "oscal_complete_schema-" + version + ".json"
	b, err := os.ReadFile(filepath.Join(oscalData, "schemas", name))
	if err != nil {
		t.Fatal(err)
	}
	s, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, s); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// The same days and position give the same bytes; another day does not.
func TestOSCALIsTheSameEachTime(t *testing.T) {
	g, p := oscalRecord(t)
	other, _ := oscalRecord(t)
	for _, x := range exports {
		one, two := exported(t, g, p, x.test, x.on), exported(t, other, p, x.test, x.on)
		next := exported(t, g, p, x.test, x.on+1)
		for i := range one {
			if !bytes.Equal(one[i].Body, two[i].Body) {
				t.Errorf("%s, %s: not the same twice", x.test, one[i].Name)
			}
			if bytes.Equal(one[i].Body, next[i].Body) {
				t.Errorf("%s, %s: the same on the next day", x.test, one[i].Name)
			}
		}
	}
}

// Of people an export names the assessor alone, and nothing that is not for others.
func TestOSCALNamesNobody(t *testing.T) {
	g, p := oscalRecord(t)
	addOSCAL(t, g, time.Date(2015, 7, 2, 12, 0, 0, 0, time.UTC), `
{kind: person, id: next, name: Zed Succeeds}
---
{kind: appointment, id: eve-head, end: 2015-05-31}
---
{kind: appointment, id: zed-head, person: next, post: full-head, from: 2015-06-01}
`)
	for _, x := range exports {
		for _, d := range exported(t, g, p, x.test, x.on) {
			for past := range g.View(x.on, g.Size()).Pasts("person") {
				name := past.Record.Text("name")
				if id := past.Record.Key().ID; id == "reviewer" || id == "john-harris" || len(name) < 5 {
					continue
				}
				if bytes.Contains(d.Body, []byte(name)) {
					t.Errorf("%s on %s, %s names %s", x.test, x.on, d.Name, name)
				}
			}
			for _, secret := range []string{"Secret", "Not for others"} {
				if bytes.Contains(d.Body, []byte(secret)) {
					t.Errorf("%s says %q", d.Name, secret)
				}
			}
		}
	}
}

// What was found is written as the letter has it, and the condition of the judgement is what POA&M and results call a risk.
func TestOSCALSaysWhatWasJudged(t *testing.T) {
	g, p := oscalRecord(t)
	documents := exported(t, g, p, "people-directorate-2015", fact.DayOf(2015, 6, 5))
	var out struct {
		Results struct {
			Results []struct {
				Title        string
				Observations []json.RawMessage
				Findings     []struct {
					Title  string
					Target struct {
						Status struct{ State, Reason string }
					}
					Risks []json.RawMessage `json:"related-risks"`
				}
			}
		} `json:"assessment-results"`
	}
	if err := json.Unmarshal(documents[2].Body, &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Results.Results) != 1 {
		t.Fatalf("%d results on the day of the report", len(out.Results.Results))
	}
	r := out.Results.Results[0]
	var got []string
	for _, f := range r.Findings {
		got = append(got, fmt.Sprintf("%s: %s, %s, %d", f.Title, f.Target.Status.State, f.Target.Status.Reason, len(f.Risks)))
	}
	want := []string{"Statutory duties: satisfied, pass, 0", "Accountabilities and responsibilities: satisfied, met-with-condition, 1", "Effective partnership and inter-agency working: satisfied, pass, 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := strings.Count(string(documents[3].Body), `"lifecycle": "recommendation"`); n != 5 {
		t.Errorf("%d recommendations in the plan of action", n)
	}
}

// The examples of NIST pass every schema, and three of them are wrong.
// A risk says how likely and how serious it is where somebody scored it, as of the day of which it speaks; and how severe is what the rules find of the criterion of a condition. Nothing is made up where nobody did.
func TestOSCALCharacterizesRisks(t *testing.T) {
	g, p := oscalRecord(t)
	type risk struct {
		Title             string
		Characterizations []struct {
			Origin struct {
				Actors []struct {
					Type string
					UUID string `json:"actor-uuid"`
				}
			}
			Facets []struct {
				Name, System, Value string
				Props               []struct{ Value string }
			}
		}
	}
	var file struct {
		Results struct {
			Results []struct {
				Title string
				Risks []risk
			}
		} `json:"assessment-results"`
		POAM struct{ Risks []risk } `json:"plan-of-action-and-milestones"`
	}
	for _, d := range exported(t, g, p, "full", fact.DayOf(2016, 7, 1)) {
		if err := json.Unmarshal(d.Body, &file); err != nil {
			t.Fatal(err)
		}
	}
	says := func(all []risk) string {
		var out []string
		for _, r := range all {
			line := r.Title + ":"
			for _, c := range r.Characterizations {
				line += " " + c.Origin.Actors[0].Type
				for _, f := range c.Facets {
					line += " " + f.Name + " " + f.Value
					for _, x := range f.Props {
						line += " (" + x.Value + ")"
					}
				}
				line += ";"
			}
			out = append(out, line)
		}
		return strings.Join(out, "\n")
	}
	const scored = " party likelihood 5 (inherent) likelihood 4 (current) impact 3 (current) impact 2 (target);"
	const condition = "Condition of the judgement on accountabilities and responsibilities:"
	if got, want := says(file.Results.Results[0].Risks), condition+"\n2:"+scored; got != want {
		t.Errorf("as issued:\n%s\nwant\n%s", got, want)
	}
	now := condition + scored + " tool severity "
	if got := says(file.Results.Results[1].Risks); !strings.HasPrefix(got, now) {
		t.Errorf("now:\n%s\nwant\n%s", got, now)
	}
	if got := says(file.POAM.Risks); !strings.HasPrefix(got, now) || !strings.Contains(got, "\nRecommendation 1: party likelihood 2 (current);\nRecommendation 2:\n") {
		t.Errorf("what is to be done:\n%s", got)
	}
}

func TestCheckOSCALOfTheExamples(t *testing.T) {
	withOSCAL(t)
	names, err := filepath.Glob(filepath.Join(oscalData, "examples", "*", "json", "*.json"))
	if err != nil || len(names) != 10 {
		t.Fatalf("%d examples, %v", len(names), err)
	}
	want := map[string]string{
		"ifa_plan-of-action-and-milestones.json": "poam-items[0].related-risks[0].risk-uuid: 401c15c9-ad6b-4d4a-a591-7d53a3abb3b6 is the UUID of a mitigating factor",
		"ifa_assessment-plan-example.json":       "tasks[0].associated-activities[0].activity-uuid: 0d243b23-a889-478f-9716-6d4870e56209 is the UUID of nothing in this file",
		"example-component-definition.json":      "implemented-requirements[1].statements[0].uuid: an implementation of a statement has the UUID bb9219b1-e51c-4680-abb0-616a43bbfbb1, which",
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r := exchange.CheckOSCAL(readOSCAL(t, filepath.Base(name), string(b)))
		var got []string
		for _, f := range r.Faults {
			got = append(got, f.Path+": "+f.Text)
		}
		if w := want[filepath.Base(name)]; w == "" && len(got) > 0 || w != "" && (len(got) != 1 || !strings.Contains(got[0], w)) {
			t.Errorf("%s: %q, want %q", name, got, w)
		}
	}
}

func readOSCAL(t testing.TB, name, s string) *exchange.OSCALFile {
	t.Helper()
	f, err := exchange.ReadOSCAL(name, strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Each fault says where it is, what is there instead, and what to do.
func TestCheckOSCAL(t *testing.T) {
	const (
		a = "10000000-0000-4000-8000-000000000001"
		b = "20000000-0000-4000-8000-000000000002"
		c = "30000000-0000-4000-8000-000000000003"
	)
	for _, x := range []struct{ name, file, want string }{
		{"nothing", `{"catalog": {"uuid": "` + a + `"}}`, ""},
		{"the wrong thing", `{"plan-of-action-and-milestones": {"uuid": "` + a + `",
"risks": [{"uuid": "` + b + `", "title": "Fire", "mitigating-factors": [{"uuid": "` + c + `", "description": "Water"}]}],
"poam-items": [{"related-risks": [{"risk-uuid": "` + c + `"}]}]}}`,
			`plan-of-action-and-milestones.poam-items[0].related-risks[0].risk-uuid (3): ` + c + ` is the UUID of a mitigating factor (“Water”), not of a risk (plan-of-action-and-milestones.risks[0].mitigating-factors[0], line 2): give the UUID of a risk; perhaps that in which it lies, ` + b + ` (“Fire”)`},
		{"in capital letters", `{"plan-of-action-and-milestones": {"risks": [{"uuid": "ABCDEF00-0000-4000-8000-000000000001"}], "poam-items": [{"related-risks": [{"risk-uuid": "abcdef00-0000-4000-8000-000000000001"}]}]}}`, ""},
		{"nowhere", `{"assessment-plan": {"tasks": [{"uuid": "` + a + `", "dependencies": [{"task-uuid": "` + b + `"}]}]}}`, "is the UUID of nothing in this file, and a task can be defined in none that it imports"},
		{"nowhere in what it imports", `{"assessment-plan": {"assessment-assets": {"assessment-platforms": [{"uses-components": [{"component-uuid": "` + b + `"}]}]}}}`, "is the UUID of nothing, neither in this file nor in what it imports; it should be that of a component"},
		{"by its type", `{"assessment-results": {"metadata": {"parties": [{"uuid": "` + a + `"}]}, "results": [{"observations": [{"subjects": [{"subject-uuid": "` + a + `", "type": "component"}]}]}]}}`, "is the UUID of a party, not of a component"},
		{"by another type", `{"assessment-results": {"metadata": {"parties": [{"uuid": "` + a + `"}]}, "results": [{"observations": [{"subjects": [{"subject-uuid": "` + a + `", "type": "meeting"}]}]}]}}`, ""},
		{"a party that is not there", `{"catalog": {"metadata": {"roles": [{"id": "r"}], "responsible-parties": [{"role-id": "r", "party-uuids": ["` + a + `"]}]}}}`, "metadata.responsible-parties[0].party-uuids[0] (1): " + a + " is the UUID of nothing in this file, and a party has to be defined in its metadata"},
		{"a role that is not there", `{"catalog": {"metadata": {"responsible-parties": [{"role-id": "boss"}]}}}`, `"boss" is the id of no role in the metadata of this file`},
		{"a resource that is not there", `{"assessment-plan": {"import-ssp": {"href": "#` + a + `"}}}`, "leads to nothing in this file"},
		{"a resource that is none", `{"assessment-plan": {"uuid": "` + a + `", "import-ssp": {"href": "#` + a + `"}}}`, "is the UUID of an assessment plan, not of a resource in the back matter"},
		{"a link to anything", `{"assessment-plan": {"uuid": "` + a + `", "metadata": {"links": [{"href": "#` + a + `"}]}}}`, ""},
		{"a control that is not there", `{"catalog": {"controls": [{"id": "c-1", "links": [{"href": "#c-2"}]}]}}`, `"#c-2" leads to no control, group or part of this catalog`},
		{"twice", `{"assessment-results": {"uuid": "` + a + `", "results": [{"uuid": "` + a + `"}]}}`, "a result has the UUID " + a + ", which assessment results has already"},
		{"again in a later result", `{"assessment-results": {"results": [{"risks": [{"uuid": "` + a + `"}]}, {"risks": [{"uuid": "` + a + `"}]}]}}`, ""},
		{"an id twice", `{"catalog": {"controls": [{"id": "c-1"}, {"id": "c-1"}]}}`, `a control has the id "c-1", which a control has already`},
		{"a name twice", `{"catalog": {"uuid": "` + a + `", "uuid": "` + b + `"}}`, `the name "uuid" stands twice in one object`},
	} {
		t.Run(x.name, func(t *testing.T) {
			r := exchange.CheckOSCAL(readOSCAL(t, "f.json", x.file))
			if x.want == "" {
				if len(r.Faults) > 0 {
					t.Errorf("%+v", r.Faults)
				}
				return
			}
			if len(r.Faults) != 1 {
				t.Fatalf("%d faults: %+v", len(r.Faults), r.Faults)
			}
			f := r.Faults[0]
			if got := fmt.Sprintf("%s (%d): %s: %s", f.Path, f.Line, f.Text, f.Do); !strings.Contains(got, x.want) {
				t.Errorf("got  %s\nwant %s", got, x.want)
			}
		})
	}
}

// A reference leads into another file that was given; into one that was not, it is no fault.
func TestCheckOSCALOfSeveralFiles(t *testing.T) {
	plan := `{"assessment-plan": {"tasks": [{"uuid": "10000000-0000-4000-8000-000000000001"}]}}`
	results := `{"assessment-results": {"import-ap": {"href": "papers/plan.json"}, "results": [{"observations": [{"origins": [{"related-tasks": [{"task-uuid": "%s"}]}]}]}]}}`
	good, bad := fmt.Sprintf(results, "10000000-0000-4000-8000-000000000001"), fmt.Sprintf(results, "10000000-0000-4000-8000-000000000009")
	for _, x := range []struct {
		name             string
		files            []string
		faults, left     int
		missing, another string
	}{
		{"both", []string{plan, good}, 0, 0, "", ""},
		{"one", []string{good}, 0, 1, "papers/plan.json", ""},
		{"both, and not there", []string{plan, bad}, 1, 0, "", ""},
	} {
		var files []*exchange.OSCALFile
		for i, s := range x.files {
			name := "plan.json"
			if i == len(x.files)-1 {
				name = "results.json"
			}
			files = append(files, readOSCAL(t, name, s))
		}
		r := exchange.CheckOSCAL(files...)
		missing := strings.Join(r.Files[len(r.Files)-1].Missing, " ")
		if len(r.Faults) != x.faults || len(r.Unfollowed) != x.left || missing != x.missing {
			t.Errorf("%s: %+v", x.name, r)
		}
	}
}

// Whatever reference of an export is changed, it is found.
func TestEveryBrokenReferenceIsFound(t *testing.T) {
	g, p := oscalRecord(t)
	documents := exported(t, g, p, "full", fact.DayOf(2016, 7, 1))
	type place struct{ file, from, to int }
	var places []place
	for i, d := range documents {
		at := 0
		for line := range strings.Lines(string(d.Body)) {
			name, value, ok := strings.Cut(strings.TrimSpace(line), `": "`)
			if !ok {
				name, value = `"`, strings.TrimPrefix(strings.TrimSpace(line), `"`) // an item of a list
			}
			value = strings.TrimPrefix(strings.TrimRight(value, ",\n\""), "#")
			if from := strings.Index(line, value); name != `"uuid` && name != `"value` && name != `"id` && len(value) == 36 && strings.Count(value, "-") == 4 {
				places = append(places, place{i, at + from, at + from + 36})
			}
			at += len(line)
		}
	}
	if len(places) < 50 {
		t.Fatalf("only %d references", len(places))
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SampledFrom(places).Draw(t, "place")
		var files []*exchange.OSCALFile
		for i, d := range documents {
			s := string(d.Body)
			if i == x.file {
				s = s[:x.from] + "ffffffff-0000-4000-8000-000000000000" + s[x.to:]
			}
			f, err := exchange.ReadOSCAL(d.Name, strings.NewReader(s))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		r := exchange.CheckOSCAL(files...)
		if len(r.Faults)+len(r.Unfollowed) == 0 {
			t.Fatalf("%s: nothing found", documents[x.file].Body[max(0, x.from-60):x.to])
		}
	})
}

// What cannot be read says why, and what to do.
func TestReadOSCALRefuses(t *testing.T) {
	for _, x := range []struct{ name, file, want string }{
		{"nothing", " ", "f is empty"},
		{"XML", "\xef\xbb\xbf<?xml?>", "f is XML, and only OSCAL in JSON is read; convert it to JSON"},
		{"YAML", "catalog:\n  uuid: a", "YAML and other forms are not read"},
		{"another object", `{"a": 1}`, "f is no OSCAL file: it has none of assessment-plan, assessment-results, catalog,"},
		{"a model that is none", `{"catalog": 1}`, "f is no OSCAL file"},
		{"cut off", "{\"catalog\": {\n\"uuid\": ", "f, line 2: it ends before the document does"},
		{"not JSON", "{\"catalog\": {\n\n!}}", "f, line 3: it is not JSON"},
		{"two", "{\"catalog\": {}}\n{}", "f, line 2: something follows the end"},
		{"too deep", `{"catalog": ` + strings.Repeat(`{"a":[`, 90) + strings.Repeat("]}", 90) + "}", "values more than 100 deep"},
		{"deep and open", `{"catalog": ` + strings.Repeat("[", 1_000_000), "values more than 100 deep"},
		{"too many", `{"catalog": {"a": [` + strings.Repeat("1,", 1_000_001) + "1]}}", "holds more than 1000000 values"},
	} {
		_, err := exchange.ReadOSCAL("f", strings.NewReader(x.file))
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", x.name, err, x.want)
		}
	}
	if _, err := exchange.ReadOSCAL("f", endless{}); err == nil || !strings.Contains(err.Error(), "larger than 64 MB") {
		t.Errorf("an endless file: %v", err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// Whatever it is given, a check ends, and says little about much.
func FuzzCheckOSCAL(f *testing.F) {
	f.Add(`{"catalog": {"uuid": "10000000-0000-4000-8000-000000000001", "controls": [{"id": "a", "links": [{"href": "#b"}]}]}}`)
	f.Add(`{"assessment-results": {"import-ap": {"href": "#"}, "results": [{"risks": [{"uuid": 1, "risk-uuid": []}], "subject-uuid": "", "type": {}}]}}`)
	f.Add(`{"profile": {"imports": [{"href": "f.json"}], "uuid": null, "source": "#x"}}`)
	f.Fuzz(func(t *testing.T, s string) {
		file, err := exchange.ReadOSCAL("f.json", strings.NewReader(s))
		if err != nil {
			return
		}
		r := exchange.CheckOSCAL(file, file)
		for _, x := range append(r.Faults, r.Unfollowed...) {
			if len(x.Text) > 2000 || strings.ContainsAny(x.Text+x.Path, "\n\r\x1b") || x.Line < 1 {
				t.Errorf("%+v", x)
			}
		}
		r.Document()
	})
}
