package kind_test

import (
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

func read(manifest string) ([]kind.Doc, string) {
	s := kind.Standard()
	s.SetCodes("role", []string{"DCS", "DASS", "HPS"})
	s.SetCodes("domain", []string{"EDU", "CSC"})
	docs, problems := s.Read("f.yaml", strings.NewReader(manifest))
	if len(problems) == 0 {
		return docs, ""
	}
	return docs, problems.Error()
}

// Each message says what is wrong, where, and what to do.
func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, manifest, want string }{
		{"unknown kind", "kind: pots\nid: a", `f.yaml:1:7: field kind: "pots" is no kind of record. Did you mean "post"?`},
		{"unknown field", "kind: post\nid: a\ntitle: A\nreport_to: b", `f.yaml:4:1: post/a, field report_to: a post has no such field. Did you mean "reports_to"?`},
		{"no kind", "id: a", "f.yaml:1:1: the record does not say its kind. Add a line such as `kind: post`."},
		{"no id", "kind: post\ntitle: A", "f.yaml:1:1: this post has no id."},
		{"bad id", "kind: post\nid: a b\ntitle: A", `the id "a b" may hold letters`},
		{"missing title", "kind: post\nid: a", "f.yaml:1:1: post/a, field title: a post needs its title. Add a line `title: …`."},
		{"neither post nor person", "kind: designation\nid: d\nrole: DCS", "a designation needs its post or its person. Add one of them."},
		{"no such day", "kind: post\nid: a\ntitle: A\nfrom: 2003-02-30", `f.yaml:4:7: post/a, field from: "2003-02-30" does not exist: February 2003 has 28 days.`},
		{"no such month", "kind: post\nid: a\ntitle: A\nfrom: 2003-13-01", `"2003-13-01" has no such month`},
		{"not a date", "kind: post\nid: a\ntitle: A\nfrom: soon", `"soon" is not a date. Write a day (2003-10-01)`},
		{"inverted span", "kind: post\nid: a\ntitle: A\nfrom: 2003-10-01\nuntil: 2003-09-30", "it ends (30 September 2003) before it begins (1 October 2003)"},
		{"end with a span", "kind: post\nid: a\nend: 2003-10-01\nfrom: 2003-01-01", "a record that is ended takes neither from nor until"},
		{"an end without a day", "kind: post\nid: a\nend: \"\"", "f.yaml:3:6: post/a, field end: it is empty. Give the last day of the record, or tba."},
		{"an unknown field of an appointment", "kind: appointment\nid: a\nperson: p\npost: q\ntitle: T", "field title: an appointment has no such field."},
		{"a key that would colour the screen", `{"kind": "post", "id": "a", "title": "A", "x\u001b[31m": 1}`, "field x\ufffd[31m: a post has no such field"},
		{"a key that would fill the screen", "kind: post\nid: a\ntitle: A\n" + strings.Repeat("x", 900) + ": 1", strings.Repeat("x", 299) + "…: a post has no such field"},
		{"a visibility that is none", "kind: post\nid: a\ntitle: A\nvisibility: secret", `f.yaml:4:13: post/a, field visibility: "secret" is no visibility. Write public, internal, restricted, or as-kind`},
		{"restricted and not why", "kind: post\nid: a\ntitle: A\nvisibility: restricted", "what is restricted says why and who decided it"},
		{"exempt and not restricted", "kind: post\nid: a\ntitle: A\nvisibility: public\nexempt: Personal data", "field exempt: it says why it is exempt, and is not restricted"},
		{"a decision of nothing", "kind: post\nid: a\ntitle: A\ndecided_when: 2003-10", "f.yaml:4:15: post/a, field decided_when: it says who decided or when, and not what"},
		{"no day of a decision", "kind: post\nid: a\ntitle: A\nvisibility: public\ndecided_when: soon", `field decided_when: "soon" is not a date`},
		{"end with fields", "kind: post\nid: a\nend: 2003-10-01\ntitle: A", "a document that ends a record takes no fields"},
		{"given twice", "kind: post\nid: a\ntitle: A\ntitle: B", "title"},
		{"not a choice", "kind: post\nid: a\ntitle: A\ncapacity: oficer", `f.yaml:4:11: post/a, field capacity: "oficer" is not one of the choices. Did you mean "officer"?`},
		{"no such role", "kind: designation\nid: a\nrole: DSC\npost: p", `"DSC" is not one of the choices. Did you mean "DCS"?`},
		{"not a number", "kind: post\nid: a\ntitle: A\nfte: some", `"some" is not a number`},
		{"not money", "kind: saving\nid: a\ntitle: A\namount: lots", `"lots" is not an amount of money. Write pounds`},
		{"less than a penny", "kind: saving\nid: a\ntitle: A\namount: 1.234", "is not an amount of money"},
		{"not yes or no", "kind: designation\nid: a\nrole: DCS\npost: p\nconfirmed: perhaps", `"perhaps" is neither yes nor no`},
		{"a list where one value goes", "kind: post\nid: a\ntitle: [A]", "it takes one value"},
		{"a map in a list", "kind: post\nid: a\ntitle: A\naccountable_to: [{x: y}]", "an item of the list is not a single value"},
		{"twice in a list", "kind: post\nid: a\ntitle: A\naccountable_to: [b, b]", `"b" is in the list twice`},
		{"the wrong kind of record", "kind: post\nid: a\ntitle: A\nreports_to: unit/x", "it may refer to post, and not to a record of kind unit"},
		{"a bad reference", "kind: post\nid: a\ntitle: A\nreports_to: a b", `the id "a b" may hold`},
		{"the council by another id", "kind: council\nid: harrow\nname: H\ntype: unitary\ngovernance: committee", "there is one council, and its id is council"},
		{"an alias", "kind: post\nid: a\ntitle: &x A\nreports_to: *x", "anchors and aliases (& and *) are not used in a manifest"},
		{"a bomb", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]", "anchors and aliases"},
		{"a merge key", "kind: post\nid: a\n<<: {title: A}", "merge keys (<<) are not used in a manifest"},
		{"not a record", "just words", "this is not a record"},
		{"a list of records", "- kind: post\n  id: a", "this is not a record"},
		{"nested too deeply", "kind: post\nid: a\ntitle: [[[[[[[x]]]]]]]", "nested too deeply"},
		{"bad YAML", "kind: post\nid: [a", "this is not YAML that can be read"},
		{"Latin-1", "kind: post\nid: a\ntitle: Caf\xe9", "f.yaml:3:11: this character is not UTF-8. Save the file as UTF-8."},
		{"UTF-16", "\xff\xfek\x00", "the file is in UTF-16"},
		{"a zero byte", "kind: post\nid: a\ntitle: \"A\x00\"", "a zero byte"},
		{"a control character", "kind: post\nid: a\ntitle: \"A\\u0007\"", "control character U+0007"},
		{"text that reads backwards", "kind: post\nid: a\ntitle: \"A\\u202e\"", "U+202E"},
		{"bad JSON", "{\"kind\": \"post\", \"id\"}", "this is not JSON that can be read"},
		{"JSON cut short", "{\"kind\": \"post\", \"id\": \"a\"", "this is not JSON that can be read"},
		{"a problem on the second line of JSON", "{\"kind\": \"post\", \"id\": \"a\", \"title\": \"A\"}\n{\"kind\": \"post\", \"id\": \"b\", \"titel\": \"B\"}", "f.yaml:2:"},
		{"an address of no page", "kind: document\nid: d\ntitle: D\nlink: javascript:alert(1)", "is not a web address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, got := read(c.manifest); !strings.Contains(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestReadCanonical(t *testing.T) {
	for _, c := range []struct{ manifest, field, want string }{
		{"kind: saving\nid: a\ntitle: A\namount: £83m", "amount", "83000000"},
		{"kind: saving\nid: a\ntitle: A\namount: \"£715,000\"", "amount", "715000"},
		{"kind: saving\nid: a\ntitle: A\namount: 52.3 million", "amount", "52300000"},
		{"kind: saving\nid: a\ntitle: A\namount: -4000000.50", "amount", "-4000000.5"},
		{"kind: post\nid: a\ntitle: A\nfte: 0.60", "fte", "0.6"},
		{"kind: post\nid: a\ntitle: 012", "title", `"012"`},
		{"kind: post\nid: a\ntitle: 'A <b> & \"c\"'", "title", `"A <b> & \"c\""`},
		{"kind: post\nid: a\ntitle: A\naccountable_to: b", "accountable_to", `["b"]`},
		{"kind: post\nid: a\ntitle: A\naccountable_to: []", "accountable_to", `[]`},
		{"kind: post\nid: a\ntitle: A\nreports_to: post/b", "reports_to", `"b"`},
		{"kind: designation\nid: a\nrole: DCS\npost: p\nconfirmed: yes", "confirmed", "true"},
		{"{\"kind\": \"designation\", \"id\": \"a\", \"role\": \"DCS\", \"post\": \"p\", \"confirmed\": false}", "confirmed", "false"},
		{"kind: board\nid: b\nname: B\ncovers: [DCS, function/sen]", "covers", `["DCS","function/sen"]`},
		{"kind: designation\nid: a\nrole: DCS\npost: p\ndecided_on: 2003-23", "decided_on", `"2003-23"`},
	} {
		docs, problems := read(c.manifest)
		if problems != "" {
			t.Errorf("%s: %s", c.manifest, problems)
			continue
		}
		got := ""
		for _, v := range docs[0].Values {
			if v.Field.Name == c.field {
				got = v.JSON
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.manifest, got, c.want)
		}
	}
}

func TestReadSpans(t *testing.T) {
	docs, problems := read("kind: post\nid: a\ntitle: A\nfrom: tba\nproposal: people\nsource: paragraph 6.13\n---\n\n---\nkind: post\nid: b\nend: 2003-09-30\nnote: gone\n")
	if problems != "" || len(docs) != 2 {
		t.Fatalf("%d documents, %s", len(docs), problems)
	}
	if d := docs[0]; d.Span.From.Form != fact.ToBeAgreed || d.Proposal != "people" || d.Source != "paragraph 6.13" || d.Op != fact.Assert {
		t.Errorf("%+v", d)
	}
	if d := docs[1]; d.Op != fact.End || d.Span.Until.String() != "2003-09-30" || d.Note != "gone" {
		t.Errorf("%+v", d)
	}
}

// A file that is too large is refused before it is taken in.
func TestReadRefusesAHugeFile(t *testing.T) {
	_, problems := kind.Standard().Read("huge.yaml", endless{})
	if len(problems) != 1 || !strings.Contains(problems[0].What, "larger than 64 MB") {
		t.Errorf("%v", problems)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '#'
	}
	return len(b), nil
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"kind: post\nid: a\ntitle: A\nfrom: 2003-10", "{\"kind\":\"post\",\"id\":\"a\",\"title\":\"A\"}", "kind: saving\nid: s\ntitle: S\namount: £4m\n---\nkind: post\nid: a\nend: tba", "a: &a [*a]"} {
		f.Add([]byte(s))
	}
	s := kind.Standard()
	f.Fuzz(func(t *testing.T, b []byte) {
		docs, problems := s.Read("f", strings.NewReader(string(b)))
		for _, d := range docs {
			if d.Kind == nil || fact.CheckID(string(d.ID)) != nil {
				t.Errorf("a document without kind or id was accepted: %+v", d)
			}
		}
		if len(problems) > 0 && problems.Error() == "" {
			t.Error("problems that say nothing")
		}
	})
}
