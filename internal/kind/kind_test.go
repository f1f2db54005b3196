package kind_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// contract is the fields of model.md: names that other councils' records are written against.
var contract = map[string]string{
	"council":        "name gss_code type governance",
	"unit":           "name type parent head purpose staff budget",
	"post":           "title unit reports_to capacity accountable_to deputy_for grade fte salary_from salary_to",
	"person":         "name employer experience qualifications",
	"appointment":    "person post basis shared joint_with",
	"absence":        "appointment reason covered_by",
	"recruitment":    "post person coming_from panel stage route panel_on expected_start",
	"designation":    "role post person decided_by decision_ref decided_on confirmed joint_with jointly_with_secretary_of_state scope",
	"function":       "name domain ages unit managed_by answers_in_law delivered_by mechanism",
	"portfolio":      "post domains functions",
	"board":          "name type parent cadence_months covers basis",
	"seat":           "board as post person organisation stands_for",
	"meeting":        "board on status present papers minutes",
	"organisation":   "name type",
	"protocol":       "name parties agreed_on review_on covers text",
	"delegation":     "reference power to from_board constitution_part",
	"proposal":       "title status rationale drivers priorities published_on consultation_opens consultation_closes decision_on decided_by decision_ref effective_on saving",
	"test":           "title tests framework assessor assessor_organisation commissioned_by started_on reported_on reported_to approved_by review_due supersedes",
	"evidence":       "test method title document interviewee about collected_on expires_on attributable",
	"finding":        "test number theme criteria polarity text evidence about retain retain_until",
	"judgement":      "test criterion outcome rationale findings",
	"condition":      "judgement text expression about",
	"recommendation": "test number text owner due response response_text accepted_complete_by accepted_complete_on",
	"inspection":     "body framework title judgement published_on about",
	"departure":      "rule about reason decided_by decided_on",
}

func TestTheContractKindsHaveTheContractFields(t *testing.T) {
	s := kind.Standard()
	for name, fields := range contract {
		k := s.Kind(fact.KindName(name))
		if k == nil {
			t.Errorf("there is no kind %s", name)
			continue
		}
		for _, f := range strings.Fields(fields) {
			if k.Field(f) == nil {
				t.Errorf("%s has no field %s", name, f)
			}
		}
	}
	for _, name := range strings.Fields("pilot transfer saving investment document decision programme milestone action risk feedback") {
		if s.Kind(fact.KindName(name)) == nil {
			t.Errorf("there is no kind %s", name)
		}
	}
}

func TestLoadRefusesABadKind(t *testing.T) {
	const good = "kind: k\nversion: 1\nname: K\nplural: Ks\nsection: structure\nabout: A kind.\ntitle: \"{name}\"\nfields:\n"
	for _, c := range []struct{ name, yaml, want string }{
		{"a reserved name", good + "  - {name: name, label: N, type: text}\n  - {name: source, label: S, type: text}", `a field may not be called "source"`},
		{"an unknown type", good + "  - {name: name, label: N, type: txt}", `unknown type "txt"`},
		{"many dates", good + "  - {name: name, label: N, type: date, many: true}", `"name" is date, of which there cannot be many`},
		{"a reference to nothing", good + "  - {name: name, label: N, type: reference, to: [q]}", `refers to "q", which is no kind`},
		{"a title of no field", strings.Replace(good, "{name}", "{nome}", 1) + "  - {name: name, label: N, type: text}", `its title uses "nome"`},
		{"a heading of two columns", good + "  - {name: name, label: N, type: text, also: [Title]}\n  - {name: title, label: T, type: text}", `a column "title" can hold name and title`},
		{"an unknown key", good + "  - {name: name, label: N, typ: text}", "typ"},
		{"a field for everybody", good + "  - {name: name, label: N, type: text, visibility: public}", `field "name" has visibility "public"`},
		{"a visibility that is none", good + "  - {name: name, label: N, type: text, visibility: secret}", `field "name" has visibility "secret"`},
		{"a chain that is hidden", good + "  - {name: name, label: N, type: text}\n  - {name: up, label: U, type: reference, to: [k], acyclic: true, visibility: restricted}", `field "up" makes a chain`},
		{"a beginning that is hidden", strings.Replace(good, "title:", "begins: [day]\ntitle:", 1) + "  - {name: name, label: N, type: text}\n  - {name: day, label: D, type: date, visibility: internal}", `field "day" is the day on which the record begins`},
		{"another section", strings.Replace(good, "structure", "elsewhere", 1) + "  - {name: name, label: N, type: text}", `section "elsewhere"`},
		{"a path that leads to no date", strings.Replace(good, "title:", "begins: [name]\ntitle:", 1) + "  - {name: name, label: N, type: text}", "does not lead to a date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := kind.Load(fstest.MapFS{"k.yaml": {Data: []byte(c.yaml)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
