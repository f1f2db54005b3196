package kind

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"plumbline/internal/fact"
)

// Type is how the value of a field is written.
type Type string

// The types of field. A field that is Many holds a list of them.
const (
	Text      Type = "text"      // one line
	LongText  Type = "longtext"  // paragraphs, Markdown
	Number    Type = "number"    // a decimal number
	Money     Type = "money"     // pounds sterling: 4000000, £4m, £715k
	Percent   Type = "percent"   // 15.9 is 15.9 in the hundred
	Date      Type = "date"      // any form of fact.Date
	YesNo     Type = "yesno"     // yes or no
	Choice    Type = "choice"    // one of Choices, or a code of Codes
	Reference Type = "reference" // another record, by id
	Email     Type = "email"
	Link      Type = "link" // an http or https address
	File      Type = "file" // the name of an evidence file
)

var types = []Type{Text, LongText, Number, Money, Percent, Date, YesNo, Choice, Reference, Email, Link, File}

// Any, as a target of a reference, allows a record of any kind.
const Any fact.KindName = "any"

// Sections are the six parts of the product; each kind has its home in one.
var Sections = []string{"structure", "proposals", "assurance", "delivery", "meetings", "feedback", Admin}

// Admin is the section of what is about the record and not about the council: who may do what.
const Admin = "admin"

// Reserved are the keys of a manifest that are not fields, so that no kind may have a field of that name.
var Reserved = []string{"kind", "id", "from", "until", "end", "proposal", "source", "note", "visibility", "exempt", "decided", "decided_when"}

// Field is one field of a kind.
type Field struct {
	Name     string          `yaml:"name"`
	Label    string          `yaml:"label"`
	Hint     string          `yaml:"hint"`
	Type     Type            `yaml:"type"`
	To       []fact.KindName `yaml:"to"`
	Many     bool            `yaml:"many"`
	Required bool            `yaml:"required"`
	Acyclic  bool            `yaml:"acyclic"`
	Choices  []string        `yaml:"choices"`
	Open     bool            `yaml:"open"`    // the choices are suggestions: another word may be written
	Codes    string          `yaml:"codes"`   // role, domain …: codes of the law packs; account: those who can sign in
	Check    string          `yaml:"check"`   // what else a text must pass: expression, colour
	Subject  string          `yaml:"subject"` // of an expression: the reference that says what it is about
	Also     []string        `yaml:"also"`    // what else spreadsheets call it
	// Visibility says that a field is for fewer than its record is: Internal for those who work for the council, Restricted for those alone
	// who may see what is restricted. Empty is whoever may see the record.
	Visibility Visibility `yaml:"visibility"`

	Index int `yaml:"-"` // place within the kind
}

// Mixed reports whether a stored value of this reference names its kind ("post/dph") because more than one is possible.
func (f *Field) Mixed() bool { return len(f.To) != 1 || f.To[0] == Any || f.Codes != "" }

// Allows reports whether a reference may point to records of kind k.
func (f *Field) Allows(k fact.KindName) bool {
	return slices.Contains(f.To, k) || slices.Contains(f.To, Any)
}

// Kind is one kind of record.
type Kind struct {
	Name     fact.KindName `yaml:"kind"`
	Version  int           `yaml:"version"`
	Label    string        `yaml:"name"`
	Plural   string        `yaml:"plural"`
	Section  string        `yaml:"section"`
	Home     bool          `yaml:"home"` // the section opens with it
	About    string        `yaml:"about"`
	Personal bool          `yaml:"personal"` // its id and name identify a person
	Title    string        `yaml:"title"`    // "{person}, {post}"
	Only     fact.ID       `yaml:"only"`     // there is exactly one, of this id
	Begins   []string      `yaml:"begins"`   // an event without from begins on the first of these that is stated
	OneOf    [][]string    `yaml:"requires_one_of"`
	List     []string      `yaml:"list"`
	IDs      []string      `yaml:"ids"` // what spreadsheets call its id: "Post number"
	Fields   []*Field      `yaml:"fields"`

	Index  int `yaml:"-"` // place within the set
	path   string
	byName map[string]*Field
	title  []TitlePart
}

// TitlePart is a part of a title: what stands in it, or the field whose value does.
type TitlePart struct {
	Text  string
	Field *Field // nil for a text
}

// TitleParts gives the parts of the title in their order: of "{person}, {post}" a field, a text and a field.
func (k *Kind) TitleParts() []TitlePart { return k.title }

// Field gives a field by name, or nil.
func (k *Kind) Field(name string) *Field { return k.byName[name] }

// Narrowed gives the kind with some fields alone, which may be worded otherwise than its own: as a form or a spreadsheet asks for them.
func (k *Kind) Narrowed(fields []*Field) *Kind {
	out := *k
	out.Fields, out.OneOf, out.byName = fields, nil, map[string]*Field{}
	for _, f := range fields {
		out.byName[f.Name] = f
	}
	return &out
}

// Set is the kinds that a record may hold, in the order of their names.
type Set struct {
	All     []*Kind
	byName  map[fact.KindName]*Kind
	codes   map[string]map[string]bool
	offered map[string][]string
	checks  map[string]Check
}

//go:embed data/*.yaml
var data embed.FS

// Standard gives the kinds that Plumbline comes with.
func Standard() *Set {
	sub, err := fs.Sub(data, "data")
	if err == nil {
		var s *Set
		if s, err = Load(sub); err == nil {
			return s
		}
	}
	panic(err) // the files are linked in, and a test loads them
}

// Load reads every *.yaml file of a folder as a kind and checks them against each other.
func Load(dir fs.FS) (*Set, error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("load kinds: %w", err)
	}
	s := &Set{byName: map[fact.KindName]*Kind{}, codes: map[string]map[string]bool{}, offered: map[string][]string{}, checks: map[string]Check{Colour: readable}}
	var errs []error
	for _, n := range names {
		b, err := fs.ReadFile(dir, n)
		if err != nil {
			return nil, fmt.Errorf("load kind %s: %w", n, err)
		}
		k := new(Kind)
		if err := yaml.Load(b, k, yaml.WithV4Defaults(), yaml.WithKnownFields()); err != nil {
			errs = append(errs, fmt.Errorf("load kind %s: %w", n, err))
			continue
		}
		if string(k.Name)+".yaml" != path.Base(n) {
			errs = append(errs, fmt.Errorf("load kind %s: it says that it is kind %q", n, k.Name))
			continue
		}
		k.Index, k.path = len(s.All), address(k)
		s.All = append(s.All, k)
		s.byName[k.Name] = k
	}
	for _, k := range s.All {
		for _, e := range s.check(k) {
			errs = append(errs, fmt.Errorf("load kind %s: %w", k.Name, e))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	s.SetCodes("kind", s.publishable())
	s.SetCodes("every-kind", s.Names())
	return s, nil
}

// check lists what is wrong with the definition of a kind.
func (s *Set) check(k *Kind) (errs []error) {
	bad := func(format string, a ...any) { errs = append(errs, fmt.Errorf(format, a...)) }
	if k.Version < 1 || k.Label == "" || k.Plural == "" || k.About == "" || k.Title == "" {
		bad("version, name, plural, about and title must all be given")
	}
	if !slices.Contains(Sections, k.Section) {
		bad("section %q is none of %s", k.Section, strings.Join(Sections, ", "))
	}
	switch slug := Slug(k.Plural); {
	case slug == "":
		bad("its plural %q gives no address", k.Plural)
	case slices.Contains(AddressWords, slug):
		bad("its plural %q gives the address %s, which is another page", k.Plural, k.Path())
	}
	for _, other := range s.All[:k.Index] {
		if other.Path() == k.Path() {
			bad("its address %s is that of %s", k.Path(), other.Name)
		}
	}
	k.byName = make(map[string]*Field, len(k.Fields))
	headings := map[string]string{} // what a column is called, and what it holds
	heads := func(holds string, called ...string) {
		for _, h := range called {
			if other, taken := headings[strings.ToLower(h)]; taken && other != holds {
				bad("a column %q can hold %s and %s", h, other, holds)
			}
			headings[strings.ToLower(h)] = holds
		}
	}
	heads("id", append(k.IDs, "id")...)
	for i, f := range k.Fields {
		f.Index = i
		heads(f.Name, append(f.Also, f.Name, f.Label)...)
		switch {
		case slices.Contains(Reserved, f.Name):
			bad("a field may not be called %q: that key of a manifest means something else", f.Name)
		case k.byName[f.Name] != nil:
			bad("field %q is there twice", f.Name)
		case f.Label == "":
			bad("field %q has no label", f.Name)
		case !slices.Contains(types, f.Type):
			bad("field %q has unknown type %q", f.Name, f.Type)
		case f.Type == Reference && len(f.To) == 0:
			bad("field %q refers to no kind", f.Name)
		case f.Type == Choice && len(f.Choices) == 0 && f.Codes == "":
			bad("field %q offers no choice", f.Name)
		case f.Many && (f.Type == LongText || f.Type == YesNo || f.Type == Date):
			bad("field %q is %s, of which there cannot be many: no form could ask for them", f.Name, f.Type)
		case f.Acyclic && f.Type != Reference:
			bad("field %q is no reference, so it cannot be acyclic", f.Name)
		case f.Subject != "" && !slices.ContainsFunc(k.Fields, func(x *Field) bool { return x.Name == f.Subject && x.Type == Reference }):
			bad("field %q is about %q, which is no reference", f.Name, f.Subject)
		case f.Visibility != "" && f.Visibility != Internal && f.Visibility != Restricted:
			bad("field %q has visibility %q: it is internal or restricted, or left out where whoever sees the record may see the field", f.Name, f.Visibility)
		case f.Visibility != "" && f.Acyclic:
			bad("field %q makes a chain, which would be broken for whoever may not see it", f.Name)
		case f.Visibility != "" && slices.Contains(k.Begins, f.Name):
			bad("field %q is the day on which the record begins, which tells it to whoever sees the record", f.Name)
		}
		for _, t := range f.To {
			if t != Any && s.byName[t] == nil {
				bad("field %q refers to %q, which is no kind", f.Name, t)
			}
		}
		k.byName[f.Name] = f
	}
	for _, n := range k.List {
		if k.byName[n] == nil {
			bad("its list shows %q, which is no field", n)
		}
	}
	for rest := k.Title; rest != ""; {
		before, after, _ := strings.Cut(rest, "{")
		if before != "" {
			k.title = append(k.title, TitlePart{Text: before})
		}
		if after == "" {
			break
		}
		var n string
		n, rest, _ = strings.Cut(after, "}")
		if k.byName[n] == nil {
			bad("its title uses %q, which is no field", n)
		}
		k.title = append(k.title, TitlePart{Field: k.byName[n]})
	}
	for _, group := range k.OneOf {
		for _, n := range group {
			if k.byName[n] == nil {
				bad("it requires %q, which is no field", n)
			}
		}
	}
	for _, p := range k.Begins {
		at := k
		steps := strings.Split(p, ".")
		for i, n := range steps {
			var f *Field
			if at != nil {
				for _, g := range at.Fields {
					if g.Name == n {
						f = g
					}
				}
			}
			if f == nil || (i == len(steps)-1) != (f.Type == Date) {
				bad("it begins on %q, which does not lead to a date", p)
				break
			}
			if f.Type == Reference {
				at = s.byName[f.To[0]]
			}
		}
	}
	return errs
}

// TitleFields lists the fields that a title pattern uses.
func TitleFields(pattern string) (names []string) {
	for {
		_, rest, ok := strings.Cut(pattern, "{")
		if !ok {
			return names
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return names
		}
		names, pattern = append(names, name), after
	}
}

// publishable names the kinds that a council may show to everybody as a whole: not those about the record itself, nor those that name people.
func (s *Set) publishable() (names []string) {
	for _, k := range s.All {
		if k.Section != Admin && !k.Personal {
			names = append(names, string(k.Name))
		}
	}
	return names
}

// Kind gives a kind by name, or nil.
func (s *Set) Kind(n fact.KindName) *Kind { return s.byName[n] }

// Names lists the names of all kinds.
func (s *Set) Names() []string {
	out := make([]string, len(s.All))
	for i, k := range s.All {
		out[i] = string(k.Name)
	}
	return out
}

// SetCodes tells which codes of a family (role, domain) the law packs know; from then on a value that is none
// of them is refused. Families that were never set accept any code, since a council's own pack may bring it.
func (s *Set) SetCodes(family string, codes []string) {
	m := make(map[string]bool, len(codes))
	for _, c := range codes {
		m[c] = true
	}
	s.codes[family] = m
}

// OfferCodes tells which codes of a family forms offer, in their order. Others are taken too: see SetCodes.
func (s *Set) OfferCodes(family string, codes []string) { s.offered[family] = codes }

// Check says what is wrong with a text and what to do, or nothing. about is the kinds of the records that the text is about: nil as long as that is not
// known, and empty where it is about none.
type Check func(text string, about []fact.KindName) (what, remedy string)

// SetCheck gives the check that fields of a name must pass.
func (s *Set) SetCheck(name string, check Check) { s.checks[name] = check }

// CheckAbout asks the check of a field again, now that it is known what its text is about.
func (s *Set) CheckAbout(f *Field, text string, about []fact.KindName) (what, remedy string) {
	if check := s.checks[f.Check]; check != nil {
		return check(text, about)
	}
	return "", ""
}

// Codes lists the codes of a family in order.
func (s *Set) Codes(family string) []string {
	var out []string
	for c := range s.codes[family] {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}
