package kind_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

func TestEveryKindIsAtItsPath(t *testing.T) {
	s := kind.Standard()
	for _, k := range s.All {
		section, slug, _ := strings.Cut(strings.TrimPrefix(k.Path(), "/"), "/")
		if got := s.At(section, slug); got != k {
			t.Errorf("at %s is %v and not %s", k.Path(), got, k.Name)
		}
	}
	for name, want := range map[fact.KindName]string{"post": "/structure/posts", "person": "/structure/people", "proposal": "/proposals", "test": "/assurance/tests-of-assurance"} {
		if got := s.Kind(name).Path(); got != want {
			t.Errorf("%s is at %s, want %s", name, got, want)
		}
	}
	if k := s.At("proposals", "proposals"); k != nil {
		t.Errorf("proposals have a second address")
	}
}

func TestLoadRefusesAnAddressThatIsTaken(t *testing.T) {
	const rest = "\nversion: 1\nname: K\nsection: structure\nabout: A kind.\ntitle: \"{name}\"\nfields:\n  - {name: name, label: N, type: text}"
	for _, c := range []struct{ name, one, other, want string }{
		{"two kinds", "Main posts", "Main: posts!", "its address /structure/main-posts is that of a"},
		{"a page", "Posts", "Timeline", "which is another page"},
		{"the page of the section", "Posts", "Structure", "which is another page"},
		{"no letters", "Posts", "—", "gives no address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := kind.Load(fstest.MapFS{
				"a.yaml": {Data: []byte("kind: a\nplural: \"" + c.one + "\"" + rest)},
				"b.yaml": {Data: []byte("kind: b\nplural: \"" + c.other + "\"" + rest)},
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"Director of Children's Services": "director-of-childrens-services",
		"Children’s & adults’ services":   "childrens-and-adults-services",
		"  Ŵy—Café (2nd)  ":               "wy-cafe-2nd",
		"北京":                              "",
		"Assistant Director for Early Years, Childcare, Parenting and Play Services": "assistant-director-for-early-years-childcare-parenting-and",
		strings.Repeat("x", 70): strings.Repeat("x", 60),
	} {
		if got := kind.Slug(title); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}

func TestNewID(t *testing.T) {
	s := kind.Standard()
	for _, c := range []struct{ kind, title, taken, want string }{
		{"post", "Chief Executive", "", "chief-executive"},
		{"post", "Chief Executive", "chief-executive chief-executive-2", "chief-executive-3"},
		{"post", "New", "", "new-2"},
		{"post", "北京", "post", "post-2"},
		{"council", "Harrow Council", "council", "council"},
		{"proposal", "Priorities", "", "priorities-2"}, // /proposals/priorities is a kind
		{"post", "Priorities", "", "priorities"},
	} {
		taken := strings.Fields(c.taken)
		got := s.NewID(s.Kind(fact.KindName(c.kind)), c.title, func(id fact.ID) bool {
			for _, have := range taken {
				if have == string(id) {
					return true
				}
			}
			return false
		})
		if string(got) != c.want {
			t.Errorf("%s %q gets %q, want %q", c.kind, c.title, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(s.All).Draw(t, "kind")
		id := s.NewID(k, rapid.String().Draw(t, "title"), func(fact.ID) bool { return false })
		if err := fact.CheckID(string(id)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLower(t *testing.T) {
	for label, want := range map[string]string{
		"Reports to":                      "reports to",
		"DCS confirmed":                   "DCS confirmed",
		"NHS trust":                       "NHS trust",
		"A41 closed":                      "A41 closed",
		"Secretary of State consulted on": "Secretary of State consulted on",
		"Secretary":                       "secretary",
		"Assessor's organisation":         "assessor's organisation",
		"Éclair":                          "éclair",
		"":                                "",
	} {
		if got := kind.Lower(label); got != want {
			t.Errorf("%q is %q, want %q", label, got, want)
		}
	}
	s := kind.Standard()
	for name, want := range map[fact.KindName]string{"unit": "a unit", "appointment": "an appointment", "test": "a test of assurance"} {
		if got := s.Kind(name).One(); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
