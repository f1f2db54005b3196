package rule

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v4"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Force is how strongly the law asks for something.
type Force string

// The forces.
const (
	Must         Force = "must"          // an Act or regulations
	Should       Force = "should"        // statutory guidance, departed from only for good reason
	GoodPractice Force = "good-practice" // advice and observed practice
	Permitted    Force = "permitted"     // the law expressly allows it: nothing to test
	Guard        Force = "guard"         // keeps other rules from speaking where they do not apply
)

// Verified is how well a citation was checked: see section 0 of the catalogue.
type Verified string

// The grades.
const (
	Primary    Verified = "primary"    // the operative words were read
	Secondary  Verified = "secondary"  // a source that states or quotes them was read
	Unverified Verified = "unverified" // general knowledge; never shown as law
)

// Date is a day in a pack's YAML; the zero Date is not given.
type Date struct {
	fact.Day
	Given bool
}

// UnmarshalYAML reads 2013-04-01.
func (d *Date) UnmarshalYAML(n *yaml.Node) error {
	day, err := fact.ParseDay(n.Value)
	if err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	*d = Date{day, true}
	return nil
}

// Period is a span of days in a pack, both ends included; a missing end is open.
type Period struct {
	From  Date `yaml:"from"`
	Until Date `yaml:"until"`
}

// On reports whether the period contains the day.
func (p Period) On(d fact.Day) bool {
	return (!p.From.Given || d >= p.From.Day) && (!p.Until.Given || d <= p.Until.Day)
}

// Role is a statutory role.
type Role struct {
	Code     string   `yaml:"code"`
	Name     string   `yaml:"name"`
	Article  string   `yaml:"article"`
	HeldBy   string   `yaml:"held_by"` // officer or member
	Known    Period   `yaml:"known"`   // the days on which the law knows it
	Domains  []string `yaml:"domains"`
	Ages     string   `yaml:"ages"`
	Councils []string `yaml:"councils"`
	Duty     bool     `yaml:"duty"` // the law requires that somebody serves in it
	Note     string   `yaml:"note"`
}

// Domain is a field of functions, and the roles that answer for it in law.
type Domain struct {
	Code    string   `yaml:"code"`
	Name    string   `yaml:"name"`
	Note    string   `yaml:"note"`
	Answers []Answer `yaml:"answers"`
}

// Answer is one role that answers for a domain. The last of a domain's list that applies on a day is the one that answers.
type Answer struct {
	Role  string `yaml:"role"`
	Ages  string `yaml:"ages"`  // children or adults, where they divide
	Then  bool   `yaml:"then"`  // from the council's own first designation to this role
	Until string `yaml:"until"` // until the council's own first designation to that role, and nobody after
}

// Framework is how a structure is judged: criteria, and the themes under which findings are written.
type Framework struct {
	ID       string   `yaml:"id"`
	Name     string   `yaml:"name"`
	InForce  Period   `yaml:"in_force"`
	Citation Citation `yaml:"citation"`
	Criteria []Code   `yaml:"criteria"`
	Themes   []Code   `yaml:"themes"`
}

// Code is a code with the name by which people know it.
type Code struct {
	Code    string   `yaml:"code"`
	Name    string   `yaml:"name"`
	Prompts []Prompt `yaml:"prompts"` // of a theme: what to look at
}

// Prompt is something that an adviser may look at under a theme, in words of our own.
type Prompt struct {
	Text string `yaml:"text"`
	From string `yaml:"from"` // where it was taken from
}

// Citation says where a rule comes from and how well that was checked.
type Citation struct {
	Text          string   `yaml:"text" json:"text"`
	URL           string   `yaml:"url" json:"url"`
	Verified      Verified `yaml:"verified" json:"verified"`
	DatesVerified Verified `yaml:"dates_verified" json:"dates_verified"`
	Note          string   `yaml:"note" json:"note,omitempty"`
}

// Rule is one rule of a pack.
type Rule struct {
	ID       string   `yaml:"id"`
	Title    string   `yaml:"title"`
	Force    Force    `yaml:"force"`
	Before   *Earlier `yaml:"before"` // another force until a day
	InForce  Period   `yaml:"in_force"`
	Doubtful []Period `yaml:"doubtful"` // days on which it is not verified whether it was in force
	Councils []string `yaml:"councils"` // kinds of council; empty is those of the pack
	Criteria []string `yaml:"criteria"`
	Themes   []string `yaml:"themes"`
	Citation Citation `yaml:"citation"`

	Suppresses []string `yaml:"suppresses"` // of a guard: the families of rules that do not speak in its period

	Applies       string    `yaml:"applies"`              // CEL, yes or no: else not applicable
	Subjects      string    `yaml:"subjects"`             // CEL, a list of records; empty is the council
	Holds         string    `yaml:"holds"`                // CEL, of each subject as it
	WithCondition string    `yaml:"holds_with_condition"` // CEL, asked where holds is false
	Never         []Outcome `yaml:"never"`                // outcomes that it cannot give
	Gaps          []string  `yaml:"gaps"`                 // roles whose earlier gaps are shown with it, not failed
	Last          bool      `yaml:"last"`                 // asked after all others, whose results it sees
	Sentences     Sentence  `yaml:"sentences"`
	Repair        []string  `yaml:"repair"`
	Acts          []Remedy  `yaml:"acts"` // what of that the machine can make concrete
	Tests         []Test    `yaml:"tests"`

	File                                    string `yaml:"-"`
	applies, subjects, holds, withCondition cel.Program
	line                                    map[string]int
}

// Earlier is the force that a rule had until a day.
type Earlier struct {
	Until Date  `yaml:"until"`
	Force Force `yaml:"force"`
}

// ForceOn gives the force of the rule on a day.
func (r *Rule) ForceOn(d fact.Day) Force {
	if r.Before != nil && d <= r.Before.Until.Day {
		return r.Before.Force
	}
	return r.Force
}

// Family is the part of the id before the dash: DCS, GP.
func (r *Rule) Family() string { f, _, _ := strings.Cut(r.ID, "-"); return f }

// Sentence holds the plain-English sentence for each outcome. {subjects} stands for the titles of the subjects, {missing} for
// what would have to be recorded, {on} for the day.
type Sentence struct {
	Met           string `yaml:"met"`
	WithCondition string `yaml:"met-with-condition"`
	NotMet        string `yaml:"not-met"`
	CannotTest    string `yaml:"cannot-test"`
}

// Pack is a loaded, compiled and checked pack. It does not change, and may be shared.
type Pack struct {
	ID         string
	Name       string
	Version    string
	Councils   []string // kinds of council to which its rules apply unless they say otherwise
	Roles      []*Role
	Domains    []*Domain
	Frameworks []*Framework
	Rules      []*Rule
	Digest     string // "sha256:…" over its files

	env      *env
	roles    map[string]*Role
	domains  map[string]*Domain
	compiled expressions
}

//go:embed packs
var packs embed.FS

// Names lists the packs that Plumbline comes with.
func Names() []string {
	entries, err := packs.ReadDir("packs")
	if err != nil {
		panic(err) // linked in
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// Standard loads one of the packs that Plumbline comes with.
func Standard(id string, kinds *kind.Set) (*Pack, error) {
	dir, err := fs.Sub(packs, "packs/"+id)
	if err != nil || !slices.Contains(Names(), id) {
		return nil, fmt.Errorf("there is no pack %q; there is %s: %w", id, strings.Join(Names(), ", "), fact.ErrNotFound)
	}
	return Load(id, dir, kinds)
}

// file is what one YAML file of a pack may hold.
type file struct {
	Pack *struct {
		ID       string   `yaml:"id"`
		Name     string   `yaml:"name"`
		Version  string   `yaml:"version"`
		Councils []string `yaml:"councils"`
	} `yaml:"pack"`
	Roles      []*Role      `yaml:"roles"`
	Domains    []*Domain    `yaml:"domains"`
	Frameworks []*Framework `yaml:"frameworks"`
	Rules      []*Rule      `yaml:"rules"`
}

// Load reads and compiles a pack. Every problem is reported with its file and line; a rule without tests does not load.
func Load(id string, dir fs.FS, kinds *kind.Set) (*Pack, error) {
	p, err := Draft(id, dir, kinds)
	if err != nil {
		return nil, err
	}
	if errs := p.Untested(); len(errs) > 0 {
		return nil, fmt.Errorf("load pack %s:\n%w", id, errors.Join(errs...))
	}
	return p, nil
}

// Untested lists the outcomes of rules that no test expects.
func (p *Pack) Untested() (errs []error) {
	for _, r := range p.Rules {
		for _, o := range r.outcomes() {
			if !slices.ContainsFunc(r.Tests, func(t Test) bool { return t.Expect == o }) {
				errs = append(errs, fmt.Errorf("%s:%d: rule %s: no test expects the outcome %s, and a rule without tests does not load", r.File, r.line[""], r.ID, o))
			}
		}
	}
	return errs
}

// Draft reads and compiles a pack of which not every rule has its tests yet: for those who write one.
func Draft(id string, dir fs.FS, kinds *kind.Set) (*Pack, error) {
	p := &Pack{ID: id, roles: map[string]*Role{}, domains: map[string]*Domain{}}
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("load pack %s: it has no files: %w", id, fact.ErrNotFound)
	}
	var errs []error
	sum := sha256.New()
	for _, n := range names {
		b, err := fs.ReadFile(dir, n)
		if err != nil {
			return nil, fmt.Errorf("load pack %s: %w", id, err)
		}
		fmt.Fprintf(sum, "%s %d\n", n, len(b))
		sum.Write(b)
		var f file
		if err := yaml.Load(b, &f, yaml.WithV4Defaults(), yaml.WithKnownFields()); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", n, err))
			continue
		}
		if f.Pack != nil {
			p.Name, p.Version, p.Councils = f.Pack.Name, f.Pack.Version, f.Pack.Councils
			if f.Pack.ID != id {
				errs = append(errs, fmt.Errorf("%s: it says that it is pack %q", n, f.Pack.ID))
			}
		}
		lines := ruleLines(b)
		for i, r := range f.Rules {
			r.File = n
			if i < len(lines) {
				r.line = lines[i]
			}
		}
		p.Roles = append(p.Roles, f.Roles...)
		p.Domains = append(p.Domains, f.Domains...)
		p.Frameworks = append(p.Frameworks, f.Frameworks...)
		p.Rules = append(p.Rules, f.Rules...)
	}
	p.Digest = "sha256:" + hex.EncodeToString(sum.Sum(nil))
	for _, r := range p.Roles {
		p.roles[r.Code] = r
	}
	for _, d := range p.Domains {
		p.domains[d.Code] = d
	}
	if len(errs) == 0 {
		errs = append(errs, p.compile(kinds)...)
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("load pack %s:\n%w", id, errors.Join(errs...))
	}
	return p, nil
}

// ruleLines finds the line on which each key of each rule stands, so that an error in an expression can be shown in its file.
func ruleLines(b []byte) []map[string]int {
	var doc yaml.Node
	if yaml.Load(b, &doc, yaml.WithV4Defaults()) != nil || len(doc.Content) == 0 {
		return nil
	}
	var out []map[string]int
	root := doc.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "rules" {
			continue
		}
		for _, r := range root.Content[i+1].Content {
			m := map[string]int{"": r.Line}
			for j := 0; j+1 < len(r.Content); j += 2 {
				line := r.Content[j+1].Line
				if s := r.Content[j+1].Style; s == yaml.LiteralStyle || s == yaml.FoldedStyle {
					line++ // the text begins below the marker
				}
				m[r.Content[j].Value] = line
			}
			out = append(out, m)
		}
	}
	return out
}

// compile types and plans every expression, and lists what is wrong with the rules.
func (p *Pack) compile(kinds *kind.Set) (errs []error) {
	e, err := newEnv(kinds)
	if err != nil {
		return []error{err}
	}
	p.env = e
	seen := map[string]bool{}
	for _, r := range p.Rules {
		bad := func(key, format string, a ...any) {
			line := r.line[key]
			if line == 0 {
				line = r.line[""]
			}
			errs = append(errs, fmt.Errorf("%s:%d: rule %s: %s", r.File, line, r.ID, fmt.Sprintf(format, a...)))
		}
		if seen[r.ID] {
			bad("id", "there is another rule of that id")
		}
		seen[r.ID] = true
		if !slices.Contains([]Force{Must, Should, GoodPractice, Permitted, Guard}, r.Force) {
			bad("force", "force %q is none of must, should, good-practice, permitted, guard", r.Force)
		}
		if r.Title == "" || r.Citation.Text == "" || r.Citation.Verified == "" || r.Citation.DatesVerified == "" {
			bad("", "title and citation (text, verified, dates_verified) must be given")
		}
		for _, c := range r.Criteria {
			if !p.hasCode(c, func(f *Framework) []Code { return f.Criteria }) {
				bad("criteria", "criterion %q is in no framework of the pack", c)
			}
		}
		for _, c := range r.Themes {
			if !p.hasCode(c, func(f *Framework) []Code { return f.Themes }) {
				bad("themes", "theme %q is in no framework of the pack", c)
			}
		}
		if r.Force == Permitted || r.Force == Guard {
			continue
		}
		compile := func(key, src string, it *cel.Type, want *cel.Type) cel.Program {
			if src == "" {
				return nil
			}
			prog, _, problems := e.compile(src, it, want)
			for _, pr := range problems {
				line := r.line[key]
				errs = append(errs, fmt.Errorf("%s:%d:%d: rule %s, %s: %s", r.File, line+pr.Line-1, pr.Column, r.ID, key, pr.What))
			}
			return prog
		}
		it := e.object("council")
		if r.Subjects != "" {
			_, out, problems := e.compile(r.Subjects, nil, nil)
			if len(problems) == 0 {
				if out.Kind() != cel.ListKind {
					bad("subjects", "subjects must be a list, and this is %s", out)
					continue
				}
				it = out.Parameters()[0]
			}
		}
		r.applies = compile("applies", r.Applies, nil, cel.BoolType)
		r.subjects = compile("subjects", r.Subjects, nil, nil)
		if r.Holds == "" {
			bad("", "holds must be given")
		}
		r.holds = compile("holds", r.Holds, it, cel.BoolType)
		r.withCondition = compile("holds_with_condition", r.WithCondition, it, cel.BoolType)
		errs = append(errs, p.compileRemedies(r, it, kinds)...)
		for _, o := range r.outcomes() {
			if r.Sentences.of(o) == "" {
				bad("sentences", "there is no sentence for the outcome %s", o)
			}
		}
	}
	return errs
}

// outcomes are those that a rule can give; each needs a sentence and a test.
func (r *Rule) outcomes() []Outcome {
	if r.Force == Permitted || r.Force == Guard {
		return []Outcome{NotApplicable}
	}
	out := []Outcome{Met, NotMet, CannotTest}
	if r.WithCondition != "" {
		out = append(out, MetWithCondition)
	}
	return slices.DeleteFunc(out, func(o Outcome) bool { return slices.Contains(r.Never, o) })
}

func (s Sentence) of(o Outcome) string {
	switch o {
	case Met:
		return s.Met
	case MetWithCondition:
		return s.WithCondition
	case NotMet:
		return s.NotMet
	case CannotTest:
		return s.CannotTest
	}
	return ""
}

func (p *Pack) hasCode(code string, of func(*Framework) []Code) bool {
	return slices.ContainsFunc(p.Frameworks, func(f *Framework) bool {
		return slices.ContainsFunc(of(f), func(c Code) bool { return c.Code == code })
	})
}

// Role gives a role by code, or nil.
func (p *Pack) Role(code string) *Role { return p.roles[code] }

// Named is the title of a record as people say it: with the name of the role, for the code with which the title of a designation begins.
func (p *Pack) Named(k fact.Key, title string) string {
	if k.Kind != graph.Designation {
		return title
	}
	if code, rest, ok := strings.Cut(title, ":"); ok && p.roles[code] != nil {
		return capital(p.roles[code].Name) + ":" + rest
	}
	return title
}

// Domain gives a domain by code, or nil.
func (p *Pack) Domain(code string) *Domain { return p.domains[code] }

// Rule gives a rule by id, or nil.
func (p *Pack) Rule(id string) *Rule {
	for _, r := range p.Rules {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// RoleCodes and DomainCodes list the codes that records may use.
func (p *Pack) RoleCodes() []string {
	var out []string
	for _, r := range p.Roles {
		out = append(out, r.Code)
	}
	return out
}

// DomainCodes lists the codes of the domains.
func (p *Pack) DomainCodes() []string {
	var out []string
	for _, d := range p.Domains {
		out = append(out, d.Code)
	}
	return out
}

// Offered gives, by its family, the codes that frameworks bring, in their order: of criteria, of themes and of the frameworks themselves. A council may use others.
func (p *Pack) Offered() map[string][]string {
	out := map[string][]string{}
	add := func(family, code string) {
		if !slices.Contains(out[family], code) {
			out[family] = append(out[family], code)
		}
	}
	for _, f := range p.Frameworks {
		add("framework", f.ID)
		for _, c := range f.Criteria {
			add("criterion", c.Code)
		}
		for _, t := range f.Themes {
			add("theme", t.Code)
		}
	}
	return out
}
