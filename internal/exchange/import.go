package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Layer is a step of the checks of an import. Only what the first layer finds is reported, because what the next would find follows from it.
type Layer uint8

// The layers, in their order.
const (
	Ready        Layer = iota // nothing is wrong
	WrongFile                 // it cannot be read
	WrongColumns              // some are missing, or not understood
	WrongRows                 // some have to be put right
)

// Word says what an import does to a record.
type Word string

// The words, in the order in which they are counted.
const (
	New     Word = "New"
	Changed Word = "Changed"
	Moved   Word = "Moved" // another manager, unit or parent, and perhaps more
	Ended   Word = "Ended"
	Same    Word = "The same"
)

// Plan is what an import would do, or what stands against it.
type Plan struct {
	File     string
	Sheets   []Sheet
	Layer    Layer
	Problems []Problem // the first kind.Shown of them
	Wrong    int       // all of them
	Bad      int       // rows that have one
	Count    map[Word]int
	Missing  map[fact.KindName]int // records that the file leaves out, of the kinds that it holds
	Changes  []Change              // of the rows that nothing is wrong with; those that are the same are not among them
	Docs     []kind.Doc            // what to record; none while anything is wrong
	Seen     map[fact.Key]int64    // the newest entry about each record that Docs speak of, as the plan saw it; 0 where there is none

	csv  bool
	rows []*row
}

// Change is what an import does to one record.
type Change struct {
	Sheet  string
	Row    int // 0 where no row says it: a record that rows only name, or one that the file leaves out
	Word   Word
	Record fact.Key
	Title  string
	Why    string
	Fields []Difference
}

// Difference is a field before and after, for people. The days of a record are the fields From and Until.
type Difference struct{ Label, Before, After string }

// row is a row of a file on its way into the record.
type row struct {
	sheet *Sheet
	line  line

	key         fact.Key
	given       []given
	from, until *fact.Date // nil where the cell is empty
	stand

	word     Word
	title    string
	problems []Problem
	wrong    int
}

// given is a cell that says something.
type given struct {
	field *kind.Field
	at    int      // column
	texts []string // one, or the items of a list
	json  string   // empty: the value is no longer so
	wrong bool
}

// keptProblems is how many problems of one row are kept; the others are counted.
const keptProblems = 5

func (r *row) problem(column int, wrong, do string) {
	if r.wrong++; len(r.problems) == keptProblems {
		return
	}
	p := Problem{Sheet: r.sheet.Name, Row: r.line.number, Wrong: wrong, Do: do, at: column}
	if column >= 0 {
		p.Column, p.There = r.sheet.Columns[column].Heading, clipped(r.line.at(column).text)
	}
	r.problems = append(r.problems, p)
}

// clipped keeps what is shown of a cell short, and on one line.
func clipped(s string) string {
	const most = 200
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// column gives the place of a column, or -1.
func (r *row) column(name string) int {
	return slices.IndexFunc(r.sheet.Columns, func(m Match) bool { return m.Field == name })
}

// find gives what a row says of a field.
func (r *row) find(f *kind.Field) (given, bool) {
	if i := slices.IndexFunc(r.given, func(g given) bool { return g.field == f }); i >= 0 {
		return r.given[i], true
	}
	return given{}, false
}

// importer is an import under way.
type importer struct {
	*Plan
	v     *graph.View
	pack  *rule.Pack
	kinds *kind.Set
	Choices
	day fact.Day // the first on which the file certainly is so

	most    int                                 // how many rows are taken; 0 is as many as are read
	id      func(sheet string, row int) fact.ID // of the new record that each row is; nil where rows mean records that may be there already
	names   *names                              // of the record on the day
	mine    map[fact.KindName]map[string][]*row // the rows by folded title
	byKey   map[fact.Key][]*row
	ever    map[fact.KindName]map[string][]fact.Key // by identity, on whatever day
	views   map[fact.Day]*graph.View
	taken   map[fact.KindName]map[string]int // how often an id was made of a title
	made    map[fact.Key]*made               // what rows name and stands nowhere else
	makings []*made                          // in their order
	madeAs  map[string]*made                 // by kind and folded name
	tried   int                              // how many names were compared with what was written
	offer   map[fact.KindName][]string       // the titles that may be suggested
}

// Import reads a file of rows and says what it would do to the record that a view shows, or what is wrong with it. It takes time
// in proportion to the file, whatever is in it, and depends on nothing else than what it is handed. The view is of the record in force, as it is known
// now; its day does not matter.
func Import(name string, b []byte, v *graph.View, pack *rule.Pack, c Choices) *Plan {
	m := matcher{kinds: v.Kinds(), choices: c}
	return imported(name, b, &importer{v: v.At(c.From.Last), pack: pack, kinds: v.Kinds(), Choices: c, day: c.From.Last}, m.sheet)
}

// imported reads a file whose sheets are understood so.
func imported(name string, b []byte, im *importer, understood func(sheet) Sheet) *Plan {
	p := &Plan{File: name, Count: map[Word]int{}, Missing: map[fact.KindName]int{}, Seen: map[fact.Key]int64{}}
	sheets, wrong := read(name, b)
	if wrong != nil {
		p.fail(WrongFile, *wrong)
		return p
	}
	p.csv = len(sheets) == 1 && !isZip(b)
	for _, s := range sheets {
		p.Sheets = append(p.Sheets, understood(s))
	}
	if p.fail(WrongColumns, p.columns()...); p.Layer != Ready {
		return p
	}
	if im.most > 0 && p.below() > im.most {
		p.fail(WrongFile, Problem{Wrong: fmt.Sprintf("The file has more than %d pieces", im.most), Do: "Split it into several files"})
		return p
	}
	im.Plan = p
	im.mine, im.byKey, im.ever = map[fact.KindName]map[string][]*row{}, map[fact.Key][]*row{}, map[fact.KindName]map[string][]fact.Key{}
	im.views, im.taken, im.made, im.madeAs, im.offer = map[fact.Day]*graph.View{}, map[fact.KindName]map[string]int{}, map[fact.Key]*made{}, map[string]*made{}, map[fact.KindName][]string{}
	im.names = newNames(im.v)
	im.parse()
	im.identify()
	im.resolve()
	im.rules()
	im.compare()
	im.report()
	if p.Layer == Ready {
		im.document()
		im.see()
	} else {
		p.Docs = nil
	}
	return p
}

// fail ends an import at a layer, if anything is wrong there.
func (p *Plan) fail(l Layer, problems ...Problem) {
	if len(problems) > 0 {
		p.Layer, p.Wrong, p.Problems = l, len(problems), problems[:min(len(problems), kind.Shown)]
	}
}

// below counts the rows below the headings of the sheets that are understood.
func (p *Plan) below() (n int) {
	for _, s := range p.Sheets {
		if s.Kind != nil {
			n += s.Rows
		}
	}
	return n
}

// columns lists what is wrong with the columns.
func (p *Plan) columns() (out []Problem) {
	understood := 0
	for i := range p.Sheets {
		if s := &p.Sheets[i]; s.Kind != nil {
			understood++
			out = append(out, s.problems()...)
		}
	}
	switch {
	case understood == 0:
		return []Problem{{Wrong: "It cannot be told what the file holds", Do: "Use the headings of the template, or say what each sheet holds"}}
	case len(out) == 0 && p.below() == 0:
		return []Problem{{Wrong: "There are no rows below the headings", Do: "Fill in a row for each record"}}
	}
	return out
}

// report counts, and collects what is wrong in the order of the file.
func (im *importer) report() {
	for _, r := range im.rows {
		im.Wrong += r.wrong
		if r.wrong > 0 {
			im.Bad++
			im.Layer = WrongRows
		} else {
			im.Count[r.word]++
		}
		slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Compare(a.at, b.at) })
		for _, p := range r.problems {
			if len(im.Problems) < kind.Shown {
				im.Problems = append(im.Problems, p)
			}
		}
	}
}

// see notes what the plan saw.
func (im *importer) see() {
	for i := range im.Docs {
		k := im.Docs[i].Key()
		im.Seen[k] = 0
		for _, h := range im.v.History(k) {
			if h.Proposal == "" && h.Op != fact.Erase {
				im.Seen[k] = h.Position
			}
		}
	}
}

// Said gives the problems that the record has with what the plan would write, as problems of the rows that say it.
func (p *Plan) Said(problems kind.Problems) []Problem {
	var out []Problem
	for _, x := range problems[:min(len(problems), kind.Shown)] {
		one := Problem{Row: x.Place.Line, Wrong: x.What, Do: x.Remedy}
		for _, s := range p.Sheets {
			if s.Kind == nil || p.place(&s) != x.Place.File {
				continue
			}
			one.Sheet = s.Name
			if i := x.Place.Column - 1; i >= 0 && i < len(s.Columns) {
				one.Column = s.Columns[i].Heading
			}
		}
		out = append(out, one)
	}
	return out
}

// place names a sheet where a document says where it comes from.
func (p *Plan) place(s *Sheet) string {
	if p.csv {
		return p.File
	}
	return fmt.Sprintf("%s, %s", p.File, s.Name)
}

// inOrder lists the kinds that the file holds, each after those that its title names.
func (im *importer) inOrder() (out []*kind.Kind) {
	var visit func(k *kind.Kind, depth int)
	visit = func(k *kind.Kind, depth int) {
		if slices.Contains(out, k) || depth > len(im.kinds.All) {
			return
		}
		for _, name := range kind.TitleFields(k.Title) {
			for _, to := range k.Field(name).To {
				if other := im.kinds.Kind(to); other != nil && other != k {
					visit(other, depth+1)
				}
			}
		}
		out = append(out, k)
	}
	for _, s := range im.Sheets {
		if s.Kind != nil {
			visit(s.Kind, 0)
		}
	}
	return slices.DeleteFunc(out, func(k *kind.Kind) bool {
		return !slices.ContainsFunc(im.Sheets, func(s Sheet) bool { return s.Kind == k })
	})
}

// of gives the rows of a kind.
func (im *importer) of(k *kind.Kind) (rows []*row) {
	for _, r := range im.rows {
		if r.sheet.Kind == k {
			rows = append(rows, r)
		}
	}
	return rows
}

// at is the view of a day.
func (im *importer) at(d fact.Day) *graph.View {
	if d == im.day {
		return im.v
	}
	if im.views[d] == nil {
		im.views[d] = im.v.At(d)
	}
	return im.views[d]
}
