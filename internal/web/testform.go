package web

import (
	"cmp"
	"crypto/rand"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Inputs of every form of a test.
const (
	inputOnce = "once" // names a new record, so that what is sent twice is recorded once; it may be left out, as inputSeen may
)

// workPage is one thing of a test, with the form by which it is written.
type workPage struct {
	Past    []link
	Warning string
	Lead    []string
	Lines   []fieldLine
	Preview template.HTML
	Tables  []*table
	Pager   *pager
	Form    *workForm
	Remove  *workForm
	After   []link
}

// workForm is a form of a test.
type workForm struct {
	Heading string
	Action  string
	Files   bool // it may bring a file
	Hidden  []hidden
	Fields  template.HTML
	Button  string
	Other   *link
}

// wanted is a field as a form of a test asks for it: with words of its own where those of the kind do not fit.
type wanted struct {
	name, label, hint string
	required          bool
}

// writing is the writing of one record of a test: a new one, or one that is there.
type writing struct {
	t     *tested
	kind  *kind.Kind
	rec   *graph.Record // nil for a new one
	given []kind.Value  // what a new one says without being asked
	more  []string      // fields that the page asks for itself
	id    fact.ID       // of a new one, once it was asked for
	form  *kind.Form
}

func (t *tested) writing(name fact.KindName, rec *graph.Record, ask ...wanted) *writing {
	w := &writing{t: t, kind: t.l.View.Kinds().Kind(name), rec: rec}
	var was []kind.Value
	if rec != nil {
		was = values(rec)
	} else if f := w.kind.Field("test"); f != nil {
		w.given = []kind.Value{{Field: f, JSON: kind.Quote(string(t.key.ID))}}
	}
	at := t.l
	if t.record != nil {
		at = cmp.Or(t.structure(), t.l) // of which it may name what is not in force yet
	}
	w.form = t.s.formOf(at, w.kind, asks(w.kind, ask...), was)
	t.offer(w.form)
	return w
}

// offer lets a form offer the themes and criteria of the framework of the test, by their names, and the frameworks that there are.
func (t *tested) offer(form *kind.Form) {
	families := map[*kind.Field]string{}
	for _, f := range form.Fields {
		var codes []string
		switch {
		case f.Codes == "framework":
			for _, x := range t.s.Pack.Frameworks {
				codes = append(codes, x.ID)
			}
		case t.framework != nil && f.Codes == "theme":
			codes = codesOf(t.framework.Themes)
		case t.framework != nil && f.Codes == "criterion":
			codes = codesOf(t.framework.Criteria)
		default:
			continue
		}
		families[f] = f.Codes
		f.Choices, f.Codes = codes, ""
	}
	say := form.Say
	form.Say = func(f *kind.Field, value string) string {
		if family := families[f]; family != "" {
			return t.s.say(&kind.Field{Type: kind.Choice, Codes: family}, value)
		}
		return say(f, value)
	}
}

func codesOf(all []rule.Code) (out []string) {
	for _, c := range all {
		out = append(out, c.Code)
	}
	return out
}

// asks are fields of a kind in the order and the words of a form.
func asks(k *kind.Kind, ask ...wanted) (out []*kind.Field) {
	for _, x := range ask {
		f := *k.Field(x.name)
		if x.label != "" {
			f.Label = x.label
		}
		if x.hint != "" {
			f.Hint = x.hint
		}
		f.Required = x.required
		out = append(out, &f)
	}
	return out
}

// asked is the form as it is shown: with what was typed, or with what the record says.
func (w *writing) asked(f *sent, begin kind.Typed) *asked {
	a := &asked{w.t.l, w.form, f.typed, f.faults}
	switch {
	case f.typed != nil:
	case w.rec == nil && begin != nil:
		a.typed = begin
	default:
		a.typed = w.form.Show(w.form.Was)
	}
	return a
}

// hidden are the inputs by which what is sent twice, and what somebody else changed meanwhile, is found.
func (w *writing) hidden(f *sent) []hidden {
	if w.rec != nil {
		return []hidden{{inputSeen, strconv.FormatInt(w.t.l.View.Seen(w.rec.Key()), 10)}}
	}
	once := f.text(inputOnce)
	if !onceWritten.MatchString(once) {
		once = newOnce()
	}
	return []hidden{{inputOnce, once}}
}

var onceWritten = regexp.MustCompile(`^[a-z0-9]{16}$`)

func newOnce() string { return strings.ToLower(rand.Text()[:16]) }

// key names what is written.
func (w *writing) key(f *sent) fact.Key {
	if w.rec != nil {
		return w.rec.Key()
	}
	if w.id == "" {
		once := f.text(inputOnce)
		if !onceWritten.MatchString(once) {
			once = newOnce()
		}
		w.id = fact.ID(string(w.kind.Name[0]) + "-" + once)
	}
	return fact.Key{Kind: w.kind.Name, ID: w.id}
}

// read gives what was typed, and notes what is wrong with it.
func (w *writing) read(f *sent) []kind.Value {
	out, faults := w.form.Read(f.typed)
	f.faults = append(f.faults, faults...)
	for i := range out {
		out[i].Field = w.kind.Field(out[i].Field.Name) // and not as the form words it
	}
	return out
}

// put puts what was typed into the record, and leads on; or it shows the page again, by again, with what is wrong. values are those of the form and of the fields in more; one of these
// that has none says nothing any more. also is what is recorded with it.
func (w *writing) put(f *sent, values []kind.Value, to string, again func() (*page, error), also ...kind.Doc) error {
	var change book.Change
	said := true
	if len(f.faults) == 0 {
		var problems kind.Problems
		change, said, problems = w.change(f, values)
		w.complain(f, problems)
	}
	if len(f.faults) > 0 {
		page, err := again()
		return w.t.again(f, page, err)
	}
	if said && (w.rec == nil || len(also) == 0) {
		redirect(f.w, f.r, to, http.StatusSeeOther)
		return nil
	}
	change.Docs = append(change.Docs, also...)
	return w.do(f, change, to, again)
}

// change is what was typed as a change of the record; said is that the record says it already.
func (w *writing) change(f *sent, values []kind.Value) (change book.Change, said bool, problems kind.Problems) {
	v, key := w.t.l.View, w.key(f)
	if w.rec == nil {
		change.Docs = []kind.Doc{{Op: fact.Assert, Kind: w.kind, ID: key.ID, Values: slices.Concat(w.given, values)}}
		return change, len(v.History(key)) > 0, nil // sent twice
	}
	seen := v.Seen(key)
	if n, err := strconv.ParseInt(f.text(inputSeen), 10, 64); err == nil {
		seen = n
	}
	set := slices.DeleteFunc(w.set(values), func(v kind.Value) bool {
		j, _ := w.rec.JSON(v.Field.Name)
		return j == v.JSON
	})
	if len(set) == 0 {
		return change, true, nil
	}
	edit, problems := v.Correct(key, fact.Date{}, fact.Date{}, set, "", "")
	change.Docs, change.Seen = edit.Docs, map[fact.Key]int64{key: seen}
	return change, false, problems
}

// set gives a value for every field that was asked for: without JSON where it says nothing any more.
func (w *writing) set(values []kind.Value) (out []kind.Value) {
	one := func(f *kind.Field) {
		set := kind.Value{Field: w.kind.Field(f.Name)}
		for _, v := range values {
			if v.Field.Name == f.Name {
				set.JSON = v.JSON
			}
		}
		out = append(out, set)
	}
	for _, f := range w.form.Fields {
		one(f)
	}
	for _, name := range w.more {
		one(w.kind.Field(name))
	}
	return out
}

// do makes a change, or shows the page again with why it cannot be made. What was typed is kept either way.
func (w *writing) do(f *sent, change book.Change, to string, again func() (*page, error)) error {
	_, err := w.t.s.Book.Do(f.r.Context(), w.t.s.whoIs(f.r), change)
	problems := kind.Problems(nil)
	switch {
	case err == nil:
		redirect(f.w, f.r, to, http.StatusSeeOther)
		return nil
	case errors.As(err, &problems):
		w.complain(f, problems)
		page, err := again()
		return w.t.again(f, page, err)
	case errors.Is(err, fact.ErrStale):
		delete(f.typed, inputSeen)
		page, err := again()
		if err != nil {
			return err
		}
		page.Status = http.StatusConflict
		page.Problem = &problem{Title: "Somebody changed this meanwhile", Text: "Nothing of yours was recorded yet. Below is what you typed: look at what it says now, and send yours again if it is to replace that."}
		return w.t.s.render(f.w, w.t.l, page)
	}
	return err
}

// complain makes faults of what the record says against a change.
func (w *writing) complain(f *sent, problems kind.Problems) {
	for _, p := range problems {
		field := p.Field
		if !slices.ContainsFunc(w.form.Fields, func(x *kind.Field) bool { return x.Name == field }) && len(w.form.Fields) > 0 {
			field = w.form.Fields[0].Name
		}
		f.fault(field, strings.TrimSuffix(sentence(p.What), ".")+". "+strings.TrimSuffix(sentence(p.Remedy), "."))
	}
}

// takenBack are the kinds of what an adviser may take back, with the part of the test to which that belongs.
var takenBack = map[fact.KindName]string{evidenceKind: partEvidence, findingKind: partFindings, interviewKind: partInterviews, recommendationKind: partRecommendations}

// removing is the form by which something that the adviser wrote is taken back.
func (t *tested) removing(rec *graph.Record, what string) *workForm {
	return &workForm{
		Heading: "Take " + what + " back", Action: t.part(partTakeBack, string(rec.Key().ID)), Hidden: []hidden{{inputKind, string(rec.Key().Kind)}}, Button: "Take it back",
		Fields: govuk.Input{Name: inputWhy, ID: inputWhy, Label: govuk.Label{Text: "Why", Classes: medium}, Hint: govuk.Hint{Text: "It stays in the history, with what it said."}, Autocomplete: "off"}.Render(),
	}
}

const inputKind = "kind"

// takeBackPage asks by itself why something is taken back: of whoever comes back to it after signing in anew.
func (t *tested) takeBackPage(*http.Request) (*page, error) {
	for _, name := range slices.Sorted(maps.Keys(takenBack)) {
		rec, err := t.one(name)
		if err != nil {
			continue
		}
		body := &workPage{Past: t.l.past(), After: []link{{t.s.title(rec), t.part(takenBack[name], t.of)}}}
		if t.may(access.Assess) && !t.reported() {
			body.Form = t.removing(rec, "it")
		}
		return t.page("work", "Take back: "+t.s.title(rec), takenBack[name], body), nil
	}
	return nil, &trouble{kind: fact.ErrNotFound, text: "There is nothing of this test here that could be taken back.", links: []link{{"Back to the test", t.l.record(t.key)}}}
}

// takeBack takes back what the adviser wrote.
func (t *tested) takeBack(f *sent) error {
	name := fact.KindName(f.text(inputKind))
	part := takenBack[name]
	if part == "" {
		return &trouble{kind: errConflict, text: "It is not said what is to be taken back. Nothing was recorded.", links: []link{{"Back to the test", t.l.record(t.key)}}}
	}
	rec, err := t.one(name)
	if err != nil {
		return err
	}
	at := t.part(part, t.of)
	if f.line(inputWhy) == "" {
		return &trouble{kind: errConflict, text: "It was not taken back: say why. The reason stays in the history.", links: []link{{"Go back and say why", at}}}
	}
	edit, problems := t.l.View.Retract(rec.Key(), f.line(inputWhy))
	if problems != nil {
		return problems
	}
	return t.s.put(f, book.Change{Docs: edit.Docs, Seen: map[fact.Key]int64{rec.Key(): t.l.View.Seen(rec.Key())}}, t.part(part, ""), link{"Back", at})
}

// mayWrite says why the reader may not write what the adviser writes, as the test is looked at, or nothing.
func (t *tested) mayWrite() error {
	if err := t.s.asToday(t.l); err != nil {
		return err
	}
	return t.mayDo(access.Assess)
}

// mayDo says why the reader may not do something to the test, or nothing.
func (t *tested) mayDo(a access.Act) error {
	if t.may(a) {
		return nil
	}
	if last, over := access.Ended(t.l.View, t.key); over && a == access.Assess && t.reads() {
		return &trouble{kind: fact.ErrDenied, text: "Nobody writes in this test any more: access to it ended after " + last.Words() + ". Whoever set it up can give a later day.", links: []link{{"Back to the test", t.l.record(t.key)}}}
	}
	return access.Refuse(a)
}

// listValue makes a value of references to records of one kind.
func listValue(f *kind.Field, ids []string) []kind.Value {
	if len(ids) == 0 {
		return nil
	}
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = kind.Quote(id)
	}
	return []kind.Value{{Field: f, JSON: "[" + strings.Join(quoted, ",") + "]"}}
}

// all gives the records of a kind that belong to the test, on the day looked at.
func (t *tested) all(name fact.KindName) []*graph.Record {
	return slices.Clone(t.l.View.Referring(t.key, name, "test"))
}

// one gives the record of a kind that the address names, if it is of the test.
func (t *tested) one(name fact.KindName) (*graph.Record, error) {
	rec := t.l.View.Record(fact.Key{Kind: name, ID: fact.ID(t.of)})
	if rec != nil {
		if of, _ := rec.RefKey("test"); of == t.key {
			return rec, nil
		}
	}
	k := t.l.View.Kinds().Kind(name)
	return nil, &trouble{kind: fact.ErrNotFound, text: "There is no such " + k.Lower() + " in this test on " + t.l.View.On().Words() + ".", links: []link{{"Back to the test", t.l.record(t.key)}}}
}

// codeName gives the name of a theme or a criterion of the framework, or the code.
func (t *tested) codeName(family, code string) string {
	return t.s.say(&kind.Field{Type: kind.Choice, Codes: family}, code)
}

// narrowing is how a list of a test is narrowed.
type narrowing struct {
	Action  string
	Hidden  []hidden
	Selects []filterSelect
	Clear   *link
}

// narrow offers selects for parameters, each with its values and their words, of which the first is all.
func (t *tested) narrow(selects ...filterSelect) *narrowing {
	n := &narrowing{Action: escaped(t.l.path)}
	var names []string
	any := false
	for _, s := range selects {
		names = append(names, s.Name)
		chosen := t.l.other.Get(s.Name)
		for i := range s.Options {
			s.Options[i].Selected = s.Options[i].Value == chosen
			any = any || chosen != "" && s.Options[i].Selected
		}
		n.Selects = append(n.Selects, s)
	}
	n.Hidden = append(newSearchForm(t.l, "").Hidden, t.l.hidden(append(names, fieldPage)...)...)
	if any {
		n.Clear = &link{"Show all", t.l.here(func(c *look) { c.other = c.otherBut(append(names, fieldPage)...) })}
	}
	return n
}

// chosen gives what a list is narrowed to by a parameter; a value that is not offered narrows nothing.
func (t *tested) chosen(name string, offered []option) string {
	v := t.l.other.Get(name)
	if slices.ContainsFunc(offered, func(o option) bool { return o.Value == v }) {
		return v
	}
	return ""
}

// codesOf are the options for the themes or criteria of the framework.
func (t *tested) codesOf(all string, family string) []option {
	out := []option{{"", all, false}}
	if t.framework == nil {
		return out
	}
	codes := t.framework.Themes
	if family == "criterion" {
		codes = t.framework.Criteria
	}
	for _, c := range codes {
		out = append(out, option{c.Code, c.Name, false})
	}
	return out
}

// worklistPage is a list of what the adviser keeps in a test.
type worklistPage struct {
	Past     []link
	Lead     []string
	Narrow   *narrowing
	Table    *table
	Empty    []link
	Pager    *pager
	Progress *workForm
}
