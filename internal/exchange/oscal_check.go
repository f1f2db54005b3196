package exchange

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"plumbline/internal/report"
)

// OSCALFault is a reference of an OSCAL file that leads nowhere, or to something that cannot be meant there.
type OSCALFault struct {
	File string `json:"file"`
	Path string `json:"path"`
	Line int    `json:"line"`
	Text string `json:"text"` // what is wrong
	Do   string `json:"do"`   // what to do about it
}

// OSCALReport is what there is to say of the references of some files.
type OSCALReport struct {
	Files      []OSCALChecked `json:"files"`
	Faults     []OSCALFault   `json:"faults"`
	More       int            `json:"more"`         // faults that are not listed
	Unfollowed []OSCALFault   `json:"not_followed"` // references into files that were not given
	Left       int            `json:"more_not_followed"`
}

// OSCALChecked is one file that was checked.
type OSCALChecked struct {
	File       string   `json:"file"`
	Model      string   `json:"model"`
	Objects    int      `json:"objects"`    // that have a UUID
	References int      `json:"references"` // by UUID, id or "#…"
	Missing    []string `json:"missing"`    // what it imports and was not given
}

// oscalListed is how many faults are listed of all files together.
const oscalListed = 1000

// oscalNames are the objects of OSCAL by the member in which they lie, as people call one.
var oscalNames = map[string]string{
	"actions":                  "an action",
	"activities":               "an activity",
	"assessment-platforms":     "an assessment platform",
	"by-components":            "an implementation by a component",
	"capabilities":             "a capability",
	"components":               "a component",
	"control-implementations":  "a control implementation",
	"diagrams":                 "a diagram",
	"entries":                  "an entry of a log",
	"findings":                 "a finding",
	"implemented-requirements": "an implemented requirement",
	"information-types":        "an information type",
	"inherited":                "an inherited implementation",
	"inventory-items":          "an inventory item",
	"leveraged-authorizations": "a leveraged authorization",
	"locations":                "a location",
	"mitigating-factors":       "a mitigating factor",
	"observations":             "an observation",
	"parties":                  "a party",
	"parts":                    "a part",
	"poam-items":               "an item of a plan of action",
	"props":                    "a property",
	"protocols":                "a protocol",
	"provided":                 "a provided implementation",
	"remediations":             "a remediation",
	"required-assets":          "a required asset",
	"resources":                "a resource in the back matter",
	"responsibilities":         "a responsibility",
	"results":                  "a result",
	"risks":                    "a risk",
	"satisfied":                "a satisfied responsibility",
	"statements":               "an implementation of a statement",
	"steps":                    "a step",
	"tasks":                    "a task",
	"users":                    "a user",
	"roles":                    "a role",
	"controls":                 "a control",
	"groups":                   "a group",
	"params":                   "a parameter",
}

// oscalName calls an object by the member in which it lies.
func oscalName(holder string) string {
	if n, ok := oscalNames[holder]; ok {
		return n
	}
	if n, ok := oscalModels[holder]; ok {
		return n
	}
	return "an object in “" + brief(holder) + "”"
}

// assessed are the models that define what an assessment finds; planned and running those that define how one is made, and of what.
var (
	assessed = []string{"assessment-results", "plan-of-action-and-milestones"}
	planned  = []string{"assessment-plan", "assessment-results", "plan-of-action-and-milestones"}
	running  = []string{"component-definition", "system-security-plan", "assessment-plan", "assessment-results", "plan-of-action-and-milestones"}
	security = []string{"system-security-plan"}
	anywhere = sortedKeys(oscalModels)
)

// oscalTarget is what a member that holds a UUID may refer to, and the models in which that is defined.
type oscalTarget struct {
	to []string
	in []string
}

var oscalByUUID = map[string]oscalTarget{
	"observation-uuid":              {[]string{"observations"}, assessed},
	"risk-uuid":                     {[]string{"risks"}, assessed},
	"finding-uuid":                  {[]string{"findings"}, assessed},
	"response-uuid":                 {[]string{"remediations"}, assessed},
	"activity-uuid":                 {[]string{"activities"}, planned},
	"task-uuid":                     {[]string{"tasks"}, planned},
	"component-uuid":                {[]string{"components"}, running},
	"party-uuid":                    {[]string{"parties"}, anywhere},
	"party-uuids":                   {[]string{"parties"}, anywhere},
	"member-of-organizations":       {[]string{"parties"}, anywhere},
	"location-uuids":                {[]string{"locations"}, anywhere},
	"implementation-statement-uuid": {[]string{"statements", "by-components", "implemented-requirements"}, security},
	"implementation-uuid":           {[]string{"statements", "by-components", "implemented-requirements"}, security},
	"provided-uuid":                 {[]string{"provided"}, security},
	"responsibility-uuid":           {[]string{"responsibilities"}, security},
}

// oscalByType is what actor-uuid and subject-uuid may refer to by the type that stands beside them.
var oscalByType = map[string]oscalTarget{
	"party":               {[]string{"parties"}, anywhere},
	"tool":                {[]string{"components"}, running},
	"component":           {[]string{"components"}, running},
	"assessment-platform": {[]string{"assessment-platforms"}, planned},
	"inventory-item":      {[]string{"inventory-items"}, running},
	"location":            {[]string{"locations"}, anywhere},
	"user":                {[]string{"users"}, running},
	"resource":            {[]string{"resources"}, anywhere},
}

// atHome are the places in which a UUID or id has to be defined in the metadata of the same file.
var atHome = []string{"metadata", "responsible-parties"}

// oscalByID is what a member that holds an id may refer to, in a catalog or what a profile adds to one.
var oscalByID = map[string][]string{
	"control-id":    {"controls"},
	"with-ids":      {"controls"},
	"objective-id":  {"parts"},
	"statement-id":  {"parts", "controls"},
	"statement-ids": {"parts"},
	"target-id":     {"parts", "controls"},
	"param-id":      {"params"},
	"by-id":         {"controls", "groups", "parts", "params"},
}

// oscalImports are the models that a model may import, and through them.
var oscalImports = map[string][]string{
	"profile":                       {"catalog", "profile"},
	"mapping-collection":            {"catalog", "profile"},
	"component-definition":          {"component-definition", "catalog", "profile"},
	"system-security-plan":          {"profile", "catalog", "system-security-plan", "component-definition"},
	"assessment-plan":               {"system-security-plan", "profile", "catalog", "component-definition"},
	"assessment-results":            {"assessment-plan", "system-security-plan", "profile", "catalog", "component-definition"},
	"plan-of-action-and-milestones": {"system-security-plan", "profile", "catalog", "component-definition"},
}

// importing are the members whose href names another OSCAL file.
var importing = []string{"import-ssp", "import-ap", "import-profile", "imports", "import-component-definitions"}

var uuidForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$`)

// oscalIndex is what can be referred to in a file.
type oscalIndex struct {
	*OSCALFile
	checked  OSCALChecked
	uuids    map[string]*oscalValue
	ids      map[string]*oscalValue // of controls, groups, parts and roles, each after its member and a space
	imported []*oscalIndex          // of the files given
	reached  map[*oscalIndex]bool   // what it imports, and what that imports
}

// oscalCheck is a check of some files together.
type oscalCheck struct {
	files  []*oscalIndex
	report OSCALReport
}

// CheckOSCAL finds the references that lead nowhere or to something of the wrong kind, and UUIDs and ids that are given twice: what a schema cannot see. A
// reference may lead into another of the files. One that may lead into a file that is imported and was not given is no fault, and listed apart.
func CheckOSCAL(files ...*OSCALFile) OSCALReport {
	c := &oscalCheck{report: OSCALReport{Files: []OSCALChecked{}, Faults: []OSCALFault{}, Unfollowed: []OSCALFault{}}}
	for _, f := range files {
		c.files = append(c.files, c.index(f))
	}
	for _, f := range c.files {
		c.imports(f)
	}
	for _, f := range c.files {
		f.reached = map[*oscalIndex]bool{}
		f.reach(f.reached)
	}
	for _, f := range c.files {
		f.root.each(func(v *oscalValue) {
			if v.shape == '"' {
				c.follow(f, v)
			}
		})
		c.report.Files = append(c.report.Files, f.checked)
	}
	return c.report
}

// brief is a text of a file as a message quotes it: on one line, and short whatever the file holds.
func brief(s string) string {
	r := []rune(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, s))
	if len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return string(r)
}

func (c *oscalCheck) fault(f *oscalIndex, v *oscalValue, text, do string) {
	if len(c.report.Faults) == oscalListed {
		c.report.More++
		return
	}
	c.report.Faults = append(c.report.Faults, OSCALFault{f.Name, v.path(), f.line(v.at), text, do})
}

func (c *oscalCheck) unfollowed(f *oscalIndex, v *oscalValue, text string) {
	if len(c.report.Unfollowed) == oscalListed {
		c.report.Left++
		return
	}
	c.report.Unfollowed = append(c.report.Unfollowed, OSCALFault{f.Name, v.path(), f.line(v.at), text, "check it together with the file that defines it"})
}

// index lists what can be referred to in a file, and says what is given twice.
func (c *oscalCheck) index(file *OSCALFile) *oscalIndex {
	f := &oscalIndex{OSCALFile: file, checked: OSCALChecked{File: file.Name, Model: file.Model, Missing: []string{}}, uuids: map[string]*oscalValue{}, ids: map[string]*oscalValue{}}
	file.root.each(func(v *oscalValue) {
		if v.shape != '{' {
			return
		}
		named := map[string]bool{}
		for _, x := range v.items {
			if named[x.key] {
				c.fault(f, x, fmt.Sprintf("the name %q stands twice in one object, and programs take the one or the other", brief(x.key)), "leave one of them")
			}
			named[x.key] = true
		}
		if id := v.get("uuid"); id != nil && id.shape == '"' {
			f.checked.Objects++
			key := strings.ToLower(id.text)
			switch first := f.uuids[key]; {
			case first == nil:
				f.uuids[key] = v
			case first.holder() == v.holder() && first.within("results") != v.within("results"):
				// the same observation or risk in a later result
			default:
				c.fault(f, id, fmt.Sprintf("%s has the UUID %s, which %s has already (%s, line %d)", oscalName(v.holder()), brief(id.text), oscalName(first.holder()), first.path(), f.line(first.at)), "give one of the two a UUID of its own, and see which of them is meant where it is referred to")
			}
		}
		if id := v.get("id"); id != nil && id.shape == '"' {
			c.identify(f, v, id)
		}
	})
	return f
}

// identify notes an id of a role or, in a catalog or what a profile adds, of a control, group, part or parameter.
func (c *oscalCheck) identify(f *oscalIndex, v, id *oscalValue) {
	holder := v.holder()
	if !slices.Contains([]string{"roles", "controls", "groups", "parts", "params"}, holder) {
		return
	}
	key := holder + " " + id.text
	if first := f.ids[key]; first != nil && (holder != "parts" || f.Model == "catalog") {
		c.fault(f, id, fmt.Sprintf("%s has the id %q, which %s has already (%s, line %d)", oscalName(holder), brief(id.text), oscalName(holder), first.path(), f.line(first.at)), "give one of the two another id")
		return
	}
	f.ids[key] = v
}

// imports finds the files that a file imports, among those given.
func (c *oscalCheck) imports(f *oscalIndex) {
	add := func(href string) {
		base := path.Base(strings.ReplaceAll(href, "\\", "/"))
		for _, g := range c.files {
			if g != f && path.Base(strings.ReplaceAll(g.Name, "\\", "/")) == base {
				f.imported = append(f.imported, g)
				return
			}
		}
		if !slices.Contains(f.checked.Missing, brief(href)) {
			f.checked.Missing = append(f.checked.Missing, brief(href))
		}
	}
	f.root.each(func(v *oscalValue) {
		source := v.key == "source" && v.in.holder() == "control-implementations"
		if v.shape != '"' || !(source || v.key == "href" && slices.Contains(importing, v.in.holder())) {
			return
		}
		id, local := strings.CutPrefix(v.text, "#")
		if !local {
			add(v.text)
			return
		}
		to := f.uuids[strings.ToLower(id)]
		if to == nil {
			return // said where it is followed
		}
		links := to.get("rlinks")
		if links == nil || len(links.items) == 0 {
			add(strings.TrimSpace("what is described in #" + id + to.called()))
			return
		}
		add(links.items[0].say("href"))
	})
}

func (f *oscalIndex) reach(into map[*oscalIndex]bool) {
	for _, g := range f.imported {
		if !into[g] {
			into[g] = true
			g.reach(into)
		}
	}
}

// complete reports whether all that a file imports was given, and all that that imports.
func (f *oscalIndex) complete() bool {
	if len(f.checked.Missing) > 0 {
		return false
	}
	for g := range f.reached {
		if len(g.checked.Missing) > 0 {
			return false
		}
	}
	return true
}

// follow follows a text, if it refers to something.
func (c *oscalCheck) follow(f *oscalIndex, v *oscalValue) {
	key := v.key
	if v.in.shape == '[' {
		key = v.in.key
	}
	switch target, ok := oscalByUUID[key]; {
	case ok:
		c.byUUID(f, v, target)
	case key == "actor-uuid", key == "subject-uuid":
		if target, ok := oscalByType[v.in.say("type")]; ok {
			c.byUUID(f, v, target)
		} else {
			c.byUUID(f, v, oscalTarget{nil, anywhere})
		}
	case key == "role-id", key == "role-ids":
		c.byRole(f, v)
	case oscalByID[key] != nil:
		c.byID(f, v, oscalByID[key])
	case (key == "href" || key == "source") && strings.HasPrefix(v.text, "#"):
		c.byFragment(f, v)
	}
}

// byUUID follows a UUID to what it may refer to; to nothing named, to any object.
func (c *oscalCheck) byUUID(f *oscalIndex, v *oscalValue, target oscalTarget) {
	f.checked.References++
	key := strings.ToLower(v.text)
	fits := func(g *oscalIndex) bool {
		to := g.uuids[key]
		return to != nil && (len(target.to) == 0 || slices.Contains(target.to, to.holder()))
	}
	if fits(f) {
		return
	}
	home := v.within(atHome...) != nil || slices.Contains([]string{"location-uuids", "member-of-organizations"}, v.holder())
	wanted := "any object"
	if len(target.to) > 0 {
		wanted = oscalName(target.to[0])
	}
	if to := f.uuids[key]; to != nil {
		c.wrong(f, v, f, to, target.to)
		return
	}
	for _, g := range c.files {
		if g == f || home {
			continue
		}
		if fits(g) {
			return
		}
		if to := g.uuids[key]; to != nil {
			c.wrong(f, v, g, to, target.to)
			return
		}
	}
	may := !home && slices.ContainsFunc(oscalImports[f.Model], func(m string) bool { return slices.Contains(target.in, m) })
	switch {
	case may && !f.complete():
		c.unfollowed(f, v, fmt.Sprintf("%s is the UUID of nothing here; %s may be defined in what is imported and was not given", brief(v.text), wanted))
	case may:
		c.fault(f, v, fmt.Sprintf("%s is the UUID of nothing, neither in this file nor in what it imports; it should be that of %s", brief(v.text), wanted), "give the UUID of what is meant, or add it")
	case home:
		c.fault(f, v, fmt.Sprintf("%s is the UUID of nothing in this file, and %s has to be defined in its metadata", brief(v.text), wanted), "give the UUID of what is meant, or add it to the metadata")
	default:
		c.fault(f, v, fmt.Sprintf("%s is the UUID of nothing in this file, and %s can be defined in none that it imports", brief(v.text), wanted), "give the UUID of "+wanted+" of this file, or add it")
	}
}

// wrong says that a UUID is that of something else, and what may have been meant.
func (c *oscalCheck) wrong(f *oscalIndex, v *oscalValue, g *oscalIndex, to *oscalValue, wanted []string) {
	where := fmt.Sprintf("%s, line %d", to.path(), g.line(to.at))
	if g != f {
		where = g.Name + ", " + where
	}
	do := "give the UUID of " + oscalName(wanted[0])
	if around := to.in.within(wanted...); around != nil {
		do += fmt.Sprintf("; perhaps that in which it lies, %s%s", around.say("uuid"), around.called())
	}
	c.fault(f, v, fmt.Sprintf("%s is the UUID of %s%s, not of %s (%s)", brief(v.text), oscalName(to.holder()), to.called(), oscalName(wanted[0]), where), do)
}

// byRole follows the id of a role, which the metadata of a file define. Outside them, the names that OSCAL itself proposes need no definition.
func (c *oscalCheck) byRole(f *oscalIndex, v *oscalValue) {
	f.checked.References++
	key := "roles " + v.text
	if f.ids[key] != nil {
		return
	}
	if v.within(atHome...) != nil {
		c.fault(f, v, fmt.Sprintf("%q is the id of no role in the metadata of this file", brief(v.text)), "give the id of a role that is there, or add the role")
		return
	}
	if !slices.ContainsFunc(c.files, func(g *oscalIndex) bool { return g.ids[key] != nil }) {
		c.unfollowed(f, v, fmt.Sprintf("the role %q is in the metadata of no file given; it may be one that everybody knows", brief(v.text)))
	}
}

// byID follows the id of a control, or of a part of one, into the catalogs and profiles given.
func (c *oscalCheck) byID(f *oscalIndex, v *oscalValue, to []string) {
	f.checked.References++
	controls := func(g *oscalIndex) bool { return g.Model == "catalog" || g.Model == "profile" }
	catalog := false
	for _, g := range c.files {
		if !controls(g) {
			continue
		}
		catalog = catalog || g.Model == "catalog"
		for _, holder := range to {
			if g.ids[holder+" "+v.text] != nil {
				return
			}
		}
	}
	_, thing, _ := strings.Cut(oscalName(to[0]), " ")
	text := fmt.Sprintf("%q is the id of no %s of the catalogs given", brief(v.text), thing)
	switch {
	case !catalog:
		c.unfollowed(f, v, fmt.Sprintf("%q is an id in a catalog, and no catalog was given", brief(v.text)))
	case f.complete():
		c.fault(f, v, text, "give the id of one that is there, or check the file together with the catalog that it means")
	default:
		c.unfollowed(f, v, text)
	}
}

// byFragment follows "#…", a resource in the back matter or, in a link, anything in the file.
func (c *oscalCheck) byFragment(f *oscalIndex, v *oscalValue) {
	f.checked.References++
	id := strings.TrimPrefix(v.text, "#")
	if !uuidForm.MatchString(id) {
		for _, holder := range []string{"controls", "groups", "parts", "params", "roles"} {
			if f.ids[holder+" "+id] != nil {
				return
			}
		}
		if f.Model == "catalog" {
			c.fault(f, v, fmt.Sprintf("%q leads to no control, group or part of this catalog", brief(v.text)), "give the id of what is meant")
		} else {
			c.unfollowed(f, v, fmt.Sprintf("%q leads to nothing in this file", brief(v.text)))
		}
		return
	}
	to := f.uuids[strings.ToLower(id)]
	switch {
	case to == nil:
		c.fault(f, v, fmt.Sprintf("%s leads to nothing in this file; it should be the UUID of a resource in its back matter", brief(v.text)), "give the UUID of a resource, or add it to the back matter")
	case to.holder() != "resources" && v.in.holder() != "links":
		c.wrong(f, v, f, to, []string{"resources"})
	}
}

// Document says what was found, for people.
func (r OSCALReport) Document() report.Document {
	d := report.Document{Title: "References of OSCAL files"}
	files := report.Table{Caption: "Files", Head: []string{"File", "What it is", "Objects with a UUID", "References", "Imports that were not given"}}
	for _, f := range r.Files {
		missing := strings.Join(f.Missing, "; ")
		if missing == "" {
			missing = "none"
		}
		files.Rows = append(files.Rows, []report.Cell{{Text: f.File}, {Text: oscalName(f.Model)}, {Text: strconv.Itoa(f.Objects)}, {Text: strconv.Itoa(f.References)}, {Text: missing}})
	}
	switch n := len(r.Faults) + r.More; n {
	case 0:
		d.Lead = append(d.Lead, "No fault was found: every reference that could be followed leads to what it should.")
	case 1:
		d.Lead = append(d.Lead, "There is 1 fault.")
	default:
		d.Lead = append(d.Lead, fmt.Sprintf("There are %d faults.", n))
	}
	d.Sections = append(d.Sections, report.Section{Title: "What was looked at", Blocks: []report.Block{files}})
	list := func(title, about string, faults []OSCALFault, more int) {
		if len(faults) == 0 {
			return
		}
		s := report.Section{Title: title}
		if about != "" {
			s.Blocks = append(s.Blocks, report.Para(about))
		}
		var items report.List
		for _, f := range faults {
			items = append(items, fmt.Sprintf("%s, line %d, %s: %s. To do: %s.", f.File, f.Line, f.Path, f.Text, f.Do))
		}
		if more > 0 {
			items = append(items, fmt.Sprintf("And %d more.", more))
		}
		s.Blocks = append(s.Blocks, items)
		d.Sections = append(d.Sections, s)
	}
	list("Faults", "", r.Faults, r.More)
	list("Not followed", "What these mean may be defined in a file that was not given. They are no faults.", r.Unfollowed, r.Left)
	return d
}
