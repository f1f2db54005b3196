package kind_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// everything is a kind with a field of each sort.
const everything = `
kind: k
version: 1
name: Test of assurance
plural: Ks
section: structure
about: A kind.
title: "{title}"
requires_one_of: [[post, person, links]]
fields:
  - {name: title, label: Title, type: text, required: true}
  - {name: texts, label: Reports to, type: text, many: true}
  - {name: prose, label: Prose, type: longtext}
  - {name: expression, label: Expression, type: longtext, check: expression}
  - {name: number, label: Number, type: number}
  - {name: money, label: Salary from, type: money}
  - {name: monies, label: Monies, type: money, many: true}
  - {name: percent, label: Percent, type: percent}
  - {name: "on", label: Started on, type: date}
  - {name: yes, label: Confirmed, type: yesno}
  - {name: few, label: Sits as, type: choice, choices: [chair, member], required: true}
  - {name: open, label: Nature, type: choice, choices: [chair, member], open: true}
  - {name: some, label: Some, type: choice, choices: [a, b, c, d, e, f, g, h]}
  - {name: many, label: Many, type: choice, choices: [a, b, c], many: true}
  - {name: words, label: Words, type: choice, choices: [a, b, c], many: true, open: true}
  - {name: role, label: Statutory role, type: choice, codes: role}
  - {name: theme, label: Theme, type: choice, codes: theme}
  - {name: themes, label: Themes, type: choice, codes: theme, many: true}
  - {name: post, label: Post, type: reference, to: [post]}
  - {name: person, label: Person, type: reference, to: [person, post]}
  - {name: links, label: Links, type: reference, to: [post], many: true}
  - {name: about, label: About, type: reference, to: [any], many: true}
  - {name: covers, label: Covers, type: reference, to: [post], codes: role, many: true}
  - {name: email, label: Email address, type: email}
  - {name: link, label: Web page, type: link}
  - {name: file, label: File, type: file}
`

func testSet(t testing.TB) *kind.Set {
	const other = "\nversion: 1\nsection: structure\nabout: A kind.\ntitle: \"{name}\"\nfields:\n  - {name: name, label: N, type: text}"
	s, err := kind.Load(fstest.MapFS{
		"k.yaml":      {Data: []byte(everything)},
		"post.yaml":   {Data: []byte("kind: post\nname: Post\nplural: Posts" + other)},
		"person.yaml": {Data: []byte("kind: person\nname: Person\nplural: People" + other)},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.SetCodes("role", []string{"DCS", "DASS"})
	s.SetCheck("expression", func(src string, _ []fact.KindName) (what, remedy string) {
		if strings.Contains(src, "(") {
			return "a bracket is left open", ""
		}
		return "", ""
	})
	return s
}

// called is the records of the tests. Two posts share a name, and a person has that of a post.
var called = map[string]string{
	"post/ce":    "Chief Executive",
	"post/east":  "Area Director",
	"post/west":  "Area Director",
	"person/jo":  "Jo Example",
	"person/ada": "Area Director",
	"DCS":        "Director of children's services",
	"DASS":       "Director of adult social services",
}

func testForm(s *kind.Set, fields ...string) *kind.Form {
	k := s.Kind("k")
	f := &kind.Form{Set: s, Kind: k, Fields: k.Fields,
		Say: func(_ *kind.Field, v string) string { return called[v] },
		Find: func(f *kind.Field, typed string) (is, like []kind.Match) {
			for _, v := range slices.Sorted(maps.Keys(called)) {
				name, _, ok := strings.Cut(v, "/")
				m := kind.Match{Value: v, Text: called[v]}
				switch {
				case !ok && f.Codes == "", ok && !f.Allows(fact.KindName(name)):
				case strings.EqualFold(called[v], typed):
					is = append(is, m)
				case strings.HasPrefix(called[v], typed):
					like = append(like, m)
				}
			}
			if is != nil {
				like = nil
			}
			return is, like
		}}
	if len(fields) > 0 {
		f.Fields = nil
		for _, name := range fields {
			f.Fields = append(f.Fields, k.Field(name))
		}
	}
	return f
}

// said writes values and faults as a test has them.
func said(values []kind.Value, faults kind.Faults) string {
	var out []string
	for _, v := range values {
		out = append(out, v.Field.Name+"="+v.JSON)
	}
	for _, f := range faults {
		s := fmt.Sprintf("%s: %s.", strings.Join(f.Inputs, ","), f.Message)
		for _, m := range f.Matches {
			s += " (" + f.Choose + "=" + m.Value + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func typed(t testing.TB, query string) kind.Typed {
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return kind.Typed(q)
}

func numbers(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(i)
	}
	return out
}

func TestReadForm(t *testing.T) {
	s := testSet(t)
	for _, c := range []struct{ name, field, query, want string }{
		{"text", "title", "title=+Chief%C2%A0Executive+", `title="Chief Executive"`},
		{"nothing", "prose", "prose=+%0D%0A", ""},
		{"nothing where something is needed", "title", "title=%E2%80%8B", "title: Enter the title."},
		{"too long", "title", "title=" + strings.Repeat("é", 501), "title: Title must be 500 characters or fewer."},
		{"as long as may be", "title", "title=" + strings.Repeat("é", 500), `title="` + strings.Repeat("é", 500) + `"`},
		{"hidden characters", "title", "title=a%07", "title: Title has a hidden character that cannot be kept. Type it again instead of copying it."},
		{"no text", "title", "title=%FF", "title: Title has a hidden character that cannot be kept. Type it again instead of copying it."},
		{"reversed", "title", "title=%E2%80%AEa", "title: Title has a hidden character that cannot be kept. Type it again instead of copying it."},
		{"paragraphs", "prose", "prose=one%0D%0A%0D%0A++two%0D%0A", `prose="one\n\n  two"`},
		{"long paragraphs", "prose", "prose=" + strings.Repeat("x", 20_001), "prose: Prose must be 20,000 characters or fewer."},
		{"one a line", "texts", "texts=a%0D%0A+%0D%0Ab", `texts=["a","b"]`},
		{"one twice", "texts", "texts=a%0Ab%0Aa", "texts: Reports to, line 3, is the same as another: keep one “a”."},
		{"a check", "expression", "expression=f(", "expression: Expression cannot be used: a bracket is left open."},
		{"number", "number", "number=1,200.50", "number=1200.5"},
		{"no number", "number", "number=many", "number: Number must be a number, like 12 or 0.5."},
		{"money", "money", "money=%C2%A348,000", "money=48000"},
		{"no money", "money", "money=lots", "money: Salary from must be a number of pounds, like 48000 or £48,000."},
		{"monies", "monies", "monies=1k%0Alots", "monies: Monies, line 2, must be a number of pounds, like 48000 or £48,000."},
		{"percent", "percent", "percent=15.9+%25", "percent=15.9"},
		{"no percent", "percent", "percent=x", "percent: Percent must be a percentage, like 15 or 15.9."},
		{"yes", "yes", "yes=yes", "yes=true"},
		{"not recorded", "yes", "yes=", ""},
		{"neither", "yes", "yes=perhaps", "yes: Confirmed must be one of the answers that are offered."},
		{"choice", "few", "few=chair", `few="chair"`},
		{"no choice", "few", "", "few: Select an answer for “Sits as”."},
		{"a choice that is not offered", "few", "few=clerk", "few: Sits as must be one of the answers that are offered."},
		{"another word", "open", "open=~other&open.other=clerk", `open="clerk"`},
		{"another word alone", "open", "open.other=clerk", `open="clerk"`},
		{"another word that is missing", "open", "open=~other", "open.other: Enter the nature, or choose another answer."},
		{"a word beside a choice", "open", "open=chair&open.other=clerk", `open.other: Nature must have one answer: choose "chair" or clear what is written beside it.`},
		{"checkboxes", "many", "many=a&many=c", `many=["a","c"]`},
		{"checkboxes and words", "words", "words=a&words=~other&words.other=x%0Aa%0Ay", `words=["a","x","y"]`},
		{"words where there are none", "many", "many=a&many.other=x", `many=["a"]`},
		{"more words than there may be", "words", "words.other=" + strings.Join(numbers(100_000), "%0A"), "words.other: Words must be 2,000 lines or fewer."},
		{"more records than there may be", "links", "links=" + strings.Join(numbers(100_000), "%0A"), "links: Links must be 2,000 lines or fewer."},
		{"code", "role", "role=DCS", `role="DCS"`},
		{"code of no list", "theme", "theme=T1", `theme="T1"`},
		{"codes of no list", "themes", "themes=T1%0AT2", `themes=["T1","T2"]`},
		{"email", "email", "email=jo", "email: Email address must be an email address, like name@example.org."},
		{"link", "link", "link=www.example.org", "link: Web page must be a whole web address, like https://www.example.org."},
		{"a name", "post", "post=chief++executive", `post="ce"`},
		{"a name of several kinds", "person", "person=Jo+Example", `person="person/jo"`},
		{"no such name", "post", "post=Nobody", "post: No post is called “Nobody”. Check the name, or record it first."},
		{"a name of another kind", "post", "post=Jo+Example", "post: No post is called “Jo Example”. Check the name, or record it first."},
		{"nearly a name", "post", "post=Chief", "post: No post is called “Chief”. Choose the one you mean, or correct the name. (post.choice=post/ce)"},
		{"nearly a name, answered", "post", "post=Chief&post.choice=post/ce", `post="ce"`},
		{"a script does not guess", "post", "post=Chief&post.id=post/ce", "post: No post is called “Chief”. Choose the one you mean, or correct the name. (post.choice=post/ce)"},
		{"two of a name", "post", "post=Area+Director", "post: More than one post is called “Area Director”. Choose which one you mean. (post.choice=post/east) (post.choice=post/west)"},
		{"two of a name, answered", "post", "post=Area+Director&post.choice=post/west", `post="west"`},
		{"two of a name, picked", "post", "post=Area+Director&post.id=post/west", `post="west"`},
		{"the answer beats what was picked", "post", "post=Area+Director&post.id=post/west&post.choice=post/east", `post="east"`},
		{"picked and then written over", "post", "post=Chief+Executive&post.id=post/west", `post="ce"`},
		{"answered and then cleared", "post", "post=&post.id=post/west&post.choice=post/west", ""},
		{"an answer of another kind", "post", "post=Area+Director&post.choice=person/ada", "post: More than one post is called “Area Director”. Choose which one you mean. (post.choice=post/east) (post.choice=post/west)"},
		{"several kinds of a name", "person", "person=Area+Director", "person: More than one person or post is called “Area Director”. Choose which one you mean. (person.choice=person/ada) (person.choice=post/east) (person.choice=post/west)"},
		{"records", "links", "links=Chief+Executive%0AArea+Director&links.choice.2=post/east", `links=["ce","east"]`},
		{"both of a name", "links", "links=Area+Director%0AArea+Director&links.id=post/west&links.id=post/east", `links=["west","east"]`},
		{"one line left of two", "links", "links=Area+Director&links.id=post/west&links.id=post/east", "links: More than one post is called “Area Director”. Choose which one you mean. (links.choice.1=post/east) (links.choice.1=post/west)"},
		{"a record twice", "links", "links=Chief+Executive%0AChief+Executive", "links: Links has “Chief Executive” twice."},
		{"records of any kind", "about", "about=Chief+Executive%0AJo+Example", `about=["post/ce","person/jo"]`},
		{"no record", "about", "about=x", "about: No record is called “x”. Check the name, or record it first."},
		{"a code among records", "covers", "covers=Director+of+children's+services%0AChief+Executive", `covers=["DCS","post/ce"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := said(testForm(s, c.field).Read(typed(t, c.query))); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestOneOfAGroup(t *testing.T) {
	s := testSet(t)
	const missing = "post,person,links: Enter the post, the person or the links."
	for _, c := range []struct{ name, fields, query, want string }{
		{"none", "post person links", "", missing},
		{"one", "post person links", "person=Jo+Example", `person="person/jo"`},
		{"one that is wrong", "post person links", "person=x", "person: No person or post is called “x”. Check the name, or record it first."},
		{"part of the group", "post person", "", ""},
	} {
		if got := said(testForm(s, strings.Fields(c.fields)...).Read(typed(t, c.query))); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// What the record says already may be what a form would not take; left alone, it stays.
func TestAnswersThatAreLeftAloneStay(t *testing.T) {
	s := testSet(t)
	long := kind.Quote(strings.Repeat("x", 1_000))
	for _, c := range []struct{ name, field, json, change, want string }{
		{"longer than a form takes", "title", long, "", "title=" + long},
		{"a space that a form changes", "title", "\"a\u00a0b\"", "", "title=\"a\u00a0b\""},
		{"line ends of a browser", "prose", `"a\n\nb"`, "prose=a%0D%0A%0D%0Ab%0D%0A", `prose="a\n\nb"`},
		{"a record that is gone", "post", `"gone"`, "", `post="gone"`},
		{"a code that is gone", "role", `"DSS"`, "", `role="DSS"`},
		{"a code that is gone, changed", "role", `"DSS"`, "role=DCS", `role="DCS"`},
		{"boxes in another order", "many", `["c","a"]`, "many=a&many=c", `many=["c","a"]`},
		{"one box less", "many", `["c","a"]`, "many=a", `many=["a"]`},
		{"an empty list", "texts", `[]`, "", `texts=[]`},
		{"no script", "post", `"west"`, "post.id=", `post="west"`},
		{"another of the name, by a script", "post", `"west"`, "post.id=post/east", `post="east"`},
		{"another of the name, by radios", "post", `"west"`, "post.choice=post/east", `post="east"`},
		{"cleared", "prose", `"a"`, "prose=", ""},
		{"a date", "on", `"between 2003 and 2005-04"`, "on.day=", `on="between 2003 and 2005-04"`},
		{"a date made exact", "on", `"2003-10"`, "on.day=1&on.how=day", `on="2003-10-01"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := testForm(s, c.field)
			f.Was = []kind.Value{{Field: f.Fields[0], JSON: c.json}}
			in := f.Show(f.Was)
			maps.Copy(in, typed(t, c.change))
			if got := said(f.Read(in)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestQuestions(t *testing.T) {
	s := testSet(t)
	f := testForm(s)
	f.Was = []kind.Value{{Field: f.Kind.Field("role"), JSON: `"DSS"`}}
	var got []string
	for _, q := range f.Questions() {
		line := fmt.Sprintf("%s %d", q.Name, q.Control)
		if q.Prefix+q.Suffix != "" {
			line += " " + q.Prefix + q.Suffix
		}
		if !q.Optional {
			line += " needed"
		}
		for _, or := range q.Or {
			line += " or " + or.Name
		}
		if q.Control != kind.DateBoxes {
			for _, o := range q.Options {
				line += fmt.Sprintf(" [%s]%s", o.Value, o.Text)
			}
		}
		if q.Other {
			line += " other"
		}
		got = append(got, line)
	}
	want := []string{
		"title 0 needed", "texts 2", "prose 1", "expression 1", "number 0", "money 0 £", "monies 2 £", "percent 0 %", "on 3",
		"yes 4 [yes]Yes [no]No []Not recorded",
		"few 4 needed [chair]chair [member]member",
		"open 4 [chair]chair [member]member [~other]Another []Not recorded other",
		"some 5 []Not recorded [a]a [b]b [c]c [d]d [e]e [f]f [g]g [h]h",
		"many 6 [a]a [b]b [c]c",
		"words 6 [a]a [b]b [c]c other",
		"role 4 [DASS]Director of adult social services [DCS]Director of children's services [DSS]DSS []Not recorded",
		"theme 0", "themes 2",
		"post 7 or person or links", "person 7 or post or links", "links 8 or post or person", "about 8", "covers 8",
		"email 0", "link 0", "file 0",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Every question of the kinds that there are can be asked, and a form that is not filled in names each field that is needed.
func TestStandardForms(t *testing.T) {
	s := kind.Standard()
	for _, k := range s.All {
		f := &kind.Form{Set: s, Kind: k, Fields: k.Fields}
		_, faults := f.Read(nil)
		for _, q := range f.Questions() {
			if needed := len(faults.Of(q.Name)) > 0; needed != !q.Optional && q.Or == nil {
				t.Errorf("%s: %s is asked for: %t", k.Name, q.Name, needed)
			}
		}
	}
	if k := s.Kind("feedback"); k.AsksFirstDay() {
		t.Error("feedback is an event, and begins on its own day")
	}
	if k := s.Kind("post"); !k.AsksFirstDay() || k.FirstDay().Label != "First day of the post" {
		t.Error("a post begins when somebody says so")
	}
}

func TestReadDate(t *testing.T) {
	for _, c := range []struct{ name, query, want string }{
		{"nothing", "on.how=month", ""},
		{"exact", "on.day=1&on.month=10&on.year=2003", "2003-10-01"},
		{"named month", "on.day=01&on.month=oct&on.year=2003&on.how=day", "2003-10-01"},
		{"named month in full", "on.day=1st&on.month=OCTOBER&on.year=2003", "2003-10-01"},
		{"two letters are no month", "on.day=1&on.month=oc&on.year=2003", "on.month: Started on must be a real date"},
		{"two-digit year", "on.day=1&on.month=10&on.year=03", "on.year: Started on must have a year of 4 numbers, like 2003"},
		{"no such day", "on.day=30&on.month=2&on.year=2003", "on.day,on.month,on.year: Started on must be a real date"},
		{"day 0", "on.day=0&on.month=2&on.year=2003", "on.day: Started on must be a real date"},
		{"month 13", "on.day=1&on.month=13&on.year=2003", "on.month: Started on must be a real date"},
		{"words", "on.day=soon", "on.month,on.year: Started on must include a month and a year"},
		{"no day", "on.month=10&on.year=2003", "on.day: Started on must include a day, unless you say that you only know the month"},
		{"year alone", "on.year=2003", "on.day,on.month: Started on must include a day and a month, unless you say that you only know the year"},
		{"no month", "on.day=1&on.year=2003", "on.month: Started on must include a month"},
		{"no year", "on.day=1&on.month=10", "on.year: Started on must include a year"},
		{"season for a day", "on.month=autumn&on.year=2003", "on.day: Started on must include a day, unless you say that you only know the season"},
		{"month", "on.month=sept&on.year=2003&on.how=month", "2003-09"},
		{"month with a day", "on.day=1&on.month=9&on.year=2003&on.how=month", "on.day: Started on has a day, but the answer is that only the month is known. Clear the day, or say that you know the exact day"},
		{"month that is a season", "on.month=autumn&on.year=2003&on.how=month", "on.month: Started on has a season in place of the month. Write the month, or say that you only know the season"},
		{"season", "on.month=Autumn&on.year=2003&on.how=season", "2003-23"},
		{"season that is a month", "on.month=10&on.year=2003&on.how=season", "on.month: Started on must have a season in place of the month: spring, summer, autumn or winter"},
		{"no season", "on.year=2003&on.how=season", "on.month: Started on must include a season"},
		{"year", "on.year=2003&on.how=year", "2003"},
		{"year with a month", "on.month=10&on.year=2003&on.how=year", "on.month: Started on has a month, but the answer is that only the year is known. Clear the month, or say that you know it"},
		{"by a day", "on.day=1&on.month=4&on.year=2005&on.how=by", "by 2005-04-01"},
		{"by a month", "on.month=April&on.year=2005&on.how=by", "by 2005-04"},
		{"by a season", "on.month=winter&on.year=2005&on.how=by", "by 2005-24"},
		{"by a day of no month", "on.day=1&on.year=2005&on.how=by", "on.month: Started on must include a month"},
		{"by a day of a season", "on.day=1&on.month=winter&on.year=2005&on.how=by", "on.month: Started on must be a real date"},
		{"between", "on.month=4&on.year=2005&on.day2=14&on.month2=4&on.year2=2015&on.how=between", "between 2005-04 and 2015-04-14"},
		{"between one", "on.month=4&on.year=2005&on.how=between", "on.year2: Started on (second date) must include a year"},
		{"between backwards", "on.year=2005&on.year2=2004&on.how=between", "on.day2,on.month2,on.year2: Started on must have a second date that is the same as or after the first"},
		{"a second date", "on.year=2005&on.year2=2004&on.how=year", "on.day2,on.month2,on.year2: Started on has a second date. Clear it, or say that it was between two dates"},
		{"not agreed", "on.how=tba", "tba"},
		{"not agreed, with a date", "on.year=2005&on.how=tba", "on.day,on.month,on.year: Started on has a date, but the answer is that it is not agreed yet. Clear the date, or say how exactly it is known"},
		{"no such answer", "on.year=2005&on.how=x", "on.how: Select how exactly “Started on” is known"},
		{"pasted", "on.day=1+October+2003", "2003-10-01"},
		{"pasted with a weekday", "on.day=Wed+1st+Oct.+2003", "2003-10-01"},
		{"pasted, American", "on.day=October+1,+2003", "2003-10-01"},
		{"pasted, ISO", "on.day=2003-10-01", "2003-10-01"},
		{"pasted, British", "on.day=01/10/2003", "2003-10-01"},
		{"pasted, with a short year", "on.day=1/10/03", "on.year: Started on must have a year of 4 numbers, like 2003"},
		{"pasted month", "on.day=October+2003", "on.day: Started on must include a day, unless you say that you only know the month"},
		{"pasted month that is known", "on.month=2003-10&on.how=month", "2003-10"},
		{"pasted season", "on.month=autumn+2003&on.how=season", "2003-23"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, faults := kind.ReadDate(&kind.Field{Name: "on", Label: "Started on", Type: kind.Date}, typed(t, c.query))
			got := d.String()
			for _, f := range faults {
				got += strings.Join(f.Inputs, ",") + ": " + f.Message
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestReadSpan(t *testing.T) {
	k := kind.Standard().Kind("post")
	for _, c := range []struct{ from, until, want string }{
		{"2003-10-01", "2004", ""},
		{"", "", ""},
		{"tba", "2004", ""},
		{"2003-10-01", "2003-09", "Last day of the post must be the same as or after the first day of the post (1 October 2003)"},
	} {
		from, _ := fact.ParseDate(c.from)
		until, _ := fact.ParseDate(c.until)
		span, faults := kind.ReadSpan(k.FirstDay(), k.LastDay(), kind.ShowSpan(fact.Span{From: from, Until: until}))
		if c.want == "" && (span != fact.Span{From: from, Until: until} || faults != nil) || c.want != "" && (len(faults) != 1 || faults[0].Message != c.want) {
			t.Errorf("%s to %s: %v %v", c.from, c.until, span, faults)
		}
	}
}

// plainDates are days, months, seasons and years as a manifest has them.
var plainDates = rapid.Custom(func(t *rapid.T) string {
	y := rapid.IntRange(0, 9999).Draw(t, "year")
	switch rapid.IntRange(0, 3).Draw(t, "form") {
	case 0:
		return fmt.Sprintf("%04d", y)
	case 1:
		return fmt.Sprintf("%04d-%02d", y, rapid.IntRange(21, 24).Draw(t, "season"))
	case 2:
		return fmt.Sprintf("%04d-%02d", y, rapid.IntRange(1, 12).Draw(t, "month"))
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day"))
})

var dates = rapid.Custom(func(t *rapid.T) string {
	switch rapid.IntRange(0, 4).Draw(t, "form") {
	case 0:
		return "by " + plainDates.Draw(t, "date")
	case 1:
		return "between " + plainDates.Draw(t, "first") + " and " + plainDates.Draw(t, "last")
	case 2:
		return rapid.SampledFrom([]string{"", "tba"}).Draw(t, "date")
	}
	return plainDates.Draw(t, "date")
})

func TestEveryDateCanBeShownAndRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := dates.Draw(t, "date")
		d, err := fact.ParseDate(s)
		if err != nil {
			t.Skip(s)
		}
		got, faults := kind.ReadDate(&kind.Field{Name: "on", Label: "Started on"}, kind.ShowDate("on", d))
		if got != d || faults != nil {
			t.Fatalf("%s was read as %s: %v", d, got, faults)
		}
	})
}

// written draws a value as a manifest would have it.
func written(t *rapid.T, f *kind.Field) any {
	pick := func(s ...string) string { return rapid.SampledFrom(s).Draw(t, f.Name) }
	switch f.Type {
	case kind.Number, kind.Percent:
		return rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{1,9})?`).Draw(t, f.Name)
	case kind.Money:
		return rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{1,2})?`).Draw(t, f.Name)
	case kind.Date:
		return dates.Draw(t, f.Name)
	case kind.YesNo:
		return rapid.Bool().Draw(t, f.Name)
	case kind.Choice:
		switch {
		case f.Codes == "role":
			return pick("DCS", "DASS")
		case f.Open || f.Codes != "":
			return pick("a", "chair", "T1", "~", "a, b")
		}
		return rapid.SampledFrom(f.Choices).Draw(t, f.Name)
	case kind.Reference:
		refs := slices.Sorted(maps.Keys(called))
		return rapid.SampledFrom(refs).Filter(func(r string) bool {
			name, _, ok := strings.Cut(r, "/")
			return f.Codes != "" && !ok || ok && f.Allows(fact.KindName(name))
		}).Draw(t, f.Name)
	case kind.Email:
		return pick("jo@example.org", "a.b+c@example.gov.uk")
	case kind.Link:
		return pick("https://example.org", "http://example.org/a?b=c#d")
	}
	letters := rapid.RuneFrom([]rune(" .,-~|\"'\\<&"), unicode.L, unicode.N, unicode.P, unicode.S, unicode.Zs)
	if f.Type == kind.LongText {
		letters = rapid.OneOf(letters, rapid.Just('\n'))
	}
	return "x" + rapid.StringOfN(letters, 0, 200, 500).Draw(t, f.Name)
}

func TestEveryValueCanBeShownAndRead(t *testing.T) {
	s := testSet(t)
	form := testForm(s)
	rapid.Check(t, func(t *rapid.T) {
		record := map[string]any{"kind": "k", "id": "a"}
		for _, f := range form.Fields {
			switch {
			case !f.Required && f.Name != "post" && rapid.Bool().Draw(t, "leave out"):
			case f.Many:
				list := make([]any, rapid.IntRange(1, 4).Draw(t, "items"))
				for i := range list {
					list[i] = written(t, f)
				}
				if f.Open { // the choices come before the other words
					var words []any
					list = slices.DeleteFunc(list, func(v any) bool {
						other := !slices.Contains(f.Choices, v.(string))
						if other {
							words = append(words, v)
						}
						return other
					})
					list = append(list, words...)
				}
				record[f.Name] = list
			default:
				record[f.Name] = written(t, f)
			}
		}
		b, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		docs, problems := s.Read("f.json", strings.NewReader(string(b)))
		if len(problems) > 0 {
			t.Skip(problems)
		}
		shown := form.Show(docs[0].Values)
		values, faults := form.Read(shown)
		if got, want := byName(values), byName(docs[0].Values); len(faults) > 0 || !maps.Equal(got, want) {
			t.Fatalf("%v\n%s\n%s", shown, said(values, faults), cmp.Diff(want, got))
		}
		if d := kind.Differ(values, docs[0].Values); d != nil {
			t.Fatalf("%s differs", d[0].Name)
		}
	})
}

func byName(values []kind.Value) map[string]string {
	out := map[string]string{}
	for _, v := range values {
		out[v.Field.Name] = v.JSON
	}
	return out
}

func TestDiffer(t *testing.T) {
	k := testSet(t).Kind("k")
	v := func(field, json string) kind.Value { return kind.Value{Field: k.Field(field), JSON: json} }
	var got []string
	for _, f := range kind.Differ(
		[]kind.Value{v("file", `"a"`), v("title", `"a"`), v("prose", `"a"`)},
		[]kind.Value{v("title", `"a"`), v("prose", `"b"`), v("money", "1")}) {
		got = append(got, f.Name)
	}
	if d := cmp.Diff([]string{"prose", "money", "file"}, got); d != "" {
		t.Error(d)
	}
}

// FuzzForm reads anything. What it takes, a manifest takes too, and means the same by it.
func FuzzForm(f *testing.F) {
	for _, q := range []string{
		"title=A&few=chair&post=Chief+Executive",
		"title=A&few=member&links=Area+Director%0AArea+Director&links.id=post/west&links.id=post/east&about=Jo+Example",
		"title=A&few=member&post=Area+Director&post.choice=post/west&covers=Director+of+children's+services",
		"title=A&few=chair&post=Chief+Executive&on.day=1&on.month=oct&on.year=2003&on.how=by&money=%C2%A34m&monies=1%0A2&number=1,000&percent=5%25",
		"on.day=1/10/2003&on.how=between&on.day2=autumn+2004&words=a&words.other=b%0Ac&open=~other&open.other=x&yes=no&texts=a%0D%0Ab&prose=%FF%00",
		"title=%C2%A0a%E2%80%8B&few=&email=jo@example.org&link=https://example.org&theme=%22&themes=a%0A%5C&role=DCS&expression=(",
	} {
		f.Add(q, uint8(0))
	}
	s := testSet(f)
	f.Fuzz(func(t *testing.T, query string, only uint8) {
		q, _ := url.ParseQuery(query) // as far as it goes
		form := testForm(s)
		if n := int(only); n > 0 {
			form.Fields = form.Fields[n%len(form.Fields):]
		}
		values, faults := form.Read(kind.Typed(q))
		for _, fault := range faults {
			if form.Kind.Field(fault.Field) == nil || fault.Message == "" || len(fault.Inputs) == 0 || (fault.Matches != nil) != (fault.Choose != "") {
				t.Fatalf("not a whole fault: %+v", fault)
			}
		}
		record := map[string]json.RawMessage{"kind": []byte(`"k"`), "id": []byte(`"a"`)}
		for _, v := range values {
			if !json.Valid([]byte(v.JSON)) {
				t.Fatalf("%s is no JSON: %s", v.Field.Name, v.JSON)
			}
			record[v.Field.Name] = json.RawMessage(v.JSON)
		}
		if len(faults) > 0 || only > 0 {
			return
		}
		b, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		docs, problems := s.Read("f.json", strings.NewReader(string(b)))
		if len(problems) > 0 {
			t.Fatalf("%s\n%v", b, problems)
		}
		if got, want := byName(docs[0].Values), byName(values); !maps.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
	})
}
