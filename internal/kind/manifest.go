package kind

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"plumbline/internal/fact"
)

// MaxFile is the largest file that is read, in bytes.
const MaxFile = 64 << 20

// maxDocs is the largest number of records in one file.
const maxDocs = 500_000

// Doc is one document of a manifest: what it says of one record over one span. Values are canonical, but whether
// references lead anywhere is not yet known.
type Doc struct {
	Place    Place
	Op       fact.Op // Assert or End
	Kind     *Kind
	ID       fact.ID
	Span     fact.Span
	Proposal fact.ID
	Values   []Value
	Source   string
	Note     string

	Class // the zero Class says nothing, and leaves the record as it was
}

// Key names the record that the document speaks of.
func (d *Doc) Key() fact.Key { return fact.Key{Kind: d.Kind.Name, ID: d.ID} }

// Value is one field of a document, as canonical JSON.
type Value struct {
	Field *Field
	JSON  string
	Place Place
}

// node is what YAML and JSON have in common, with the place of each part.
type node struct {
	kind         nodeKind
	text         string
	line, column int
	keys         []*node // of a mapping
	items        []*node // of a sequence, or the values of a mapping
}

type nodeKind uint8

const (
	scalar nodeKind = iota
	null
	sequence
	mapping
)

// Read reads a manifest: a stream of YAML documents, or JSON lines. It returns
// every problem that it can find without knowing what else the record holds.
func (s *Set) Read(name string, r io.Reader) ([]Doc, Problems) {
	at := func(line, col int, what, remedy string) Problems {
		return Problems{{Place: Place{name, line, col}, What: what, Remedy: remedy}}
	}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".csv", ".xlsx":
		return nil, at(0, 0, fmt.Sprintf("files of the kind %s cannot be loaded", ext), "Rows of a spreadsheet are read by `plumbline import`")
	case ".xls", ".ods", ".docx", ".pdf":
		return nil, at(0, 0, fmt.Sprintf("files of the kind %s cannot be loaded", ext), "Records are loaded from YAML or JSON lines; `plumbline kinds` lists what can be recorded")
	}
	b, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, at(0, 0, "the file cannot be read: "+err.Error(), "")
	}
	if len(b) > MaxFile {
		return nil, at(0, 0, fmt.Sprintf("the file is larger than %d MB", MaxFile>>20), "Split it into several files and load them together")
	}
	if bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff}) {
		return nil, at(1, 1, "the file is in UTF-16", "Save it as UTF-8")
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) {
		line, col := invalidAt(b)
		return nil, at(line, col, "this character is not UTF-8", "Save the file as UTF-8")
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return nil, at(1+bytes.Count(b[:i], []byte("\n")), 0, "the file holds a zero byte, so it is no text file", "Check that it is the right file")
	}
	if t := bytes.TrimLeft(b, " \t\r\n"); len(t) > 0 && t[0] == '[' {
		return nil, at(1, 1, "this is a list, and each record has to stand by itself", "Write one JSON object a line, or YAML documents with --- between them")
	}
	var nodes []*node
	var problems Problems
	if isJSON(b) {
		nodes, problems = readJSON(name, b)
	} else {
		nodes, problems = readYAML(name, b)
	}
	docs := make([]Doc, 0, len(nodes))
	for _, n := range nodes {
		d, p := s.doc(name, n)
		problems = append(problems, p...)
		if len(p) == 0 {
			docs = append(docs, d)
		}
	}
	return docs, problems
}

// isJSON tells JSON lines from YAML: they begin with an object whose first key is quoted, and no line separates documents.
func isJSON(b []byte) bool {
	t, ok := bytes.CutPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte("{"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(t, " \t\r\n"), []byte(`"`)) && !bytes.Contains(b, []byte("\n---"))
}

func invalidAt(b []byte) (line, col int) {
	line, col = 1, 1
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return line, col
		}
		if r == '\n' {
			line, col = line+1, 0
		}
		col++
		b = b[n:]
	}
	return line, col
}

// doc reads one document.
func (s *Set) doc(file string, n *node) (Doc, Problems) {
	d := Doc{Place: Place{file, n.line, n.column}, Op: fact.Assert}
	var problems Problems
	record := ""
	complain := func(at *node, field string, what, remedy string) {
		problems = append(problems, Problem{Place{file, at.line, at.column}, record, field, what, remedy})
	}
	if n.kind != mapping {
		complain(n, "", "this is not a record", "A record is written as lines of `key: value`, beginning with kind and id")
		return d, problems
	}
	get := func(key string) *node {
		for i, k := range n.keys {
			if k.text == key && n.items[i].kind != null {
				return n.items[i]
			}
		}
		return nil
	}
	text := func(key string) string {
		v := get(key)
		if v == nil {
			return ""
		}
		if v.kind != scalar {
			complain(v, key, "it takes one value", "")
			return ""
		}
		return strings.TrimSpace(v.text)
	}
	seen := map[string]bool{}
	for _, k := range n.keys {
		if seen[k.text] {
			complain(k, k.text, "it is given twice", "Keep one of the two")
		}
		seen[k.text] = true
	}
	name := text("kind")
	if name == "" {
		complain(n, "", "the record does not say its kind", "Add a line such as `kind: post`")
		return d, problems
	}
	if d.Kind = s.byName[fact.KindName(name)]; d.Kind == nil {
		complain(get("kind"), "kind", fmt.Sprintf("%q is no kind of record", name), didYouMean(name, s.Names()))
		return d, problems
	}
	id := text("id")
	if id == "" {
		complain(n, "", fmt.Sprintf("this %s has no id", name), "Add a line such as `id: chief-executive`; it names the record from then on")
		return d, problems
	}
	if err := fact.CheckID(id); err != nil {
		complain(get("id"), "id", trimInvalid(err), "")
		return d, problems
	}
	d.ID = fact.ID(id)
	record = d.Key().String()
	if d.Kind.Only != "" && d.ID != d.Kind.Only {
		complain(get("id"), "id", fmt.Sprintf("there is one %s, and its id is %s", name, d.Kind.Only), fmt.Sprintf("Write `id: %s`", d.Kind.Only))
	}
	if p := text("proposal"); p != "" {
		p = strings.TrimPrefix(p, "proposal/")
		if err := fact.CheckID(p); err != nil {
			complain(get("proposal"), "proposal", trimInvalid(err), "")
		}
		d.Proposal = fact.ID(p)
	}
	date := func(key string) fact.Date {
		t := text(key)
		v, err := fact.ParseDate(t)
		if err != nil {
			complain(get(key), key, trimInvalid(err), "")
		}
		return v
	}
	d.Span = fact.Span{From: date("from"), Until: date("until")}
	d.Source, d.Note = text("source"), text("note")
	for _, key := range []string{"source", "note"} {
		if c := plainText(text(key), true); c != nil {
			complain(get(key), key, c.what, c.remedy)
		}
	}
	d.class(get, text, date("decided_when"), complain)
	if e := get("end"); e != nil {
		d.Op = fact.End
		end := date("end")
		if text("end") == "" {
			complain(e, "end", "it is empty", "Give the last day of the record, or tba")
		}
		if !d.Span.From.IsZero() || !d.Span.Until.IsZero() {
			complain(e, "end", "a record that is ended takes neither from nor until", "Keep `end`, which is its last day, and remove the other")
		}
		d.Span = fact.Span{Until: end}
	} else if err := d.Span.Check(); err != nil {
		complain(get("until"), "until", trimInvalid(err), "Check both dates; until is the last day")
	}
	d.Values = s.values(d.Kind, d.Op, file, n, complain)
	return d, problems
}

// values reads the fields of a document.
func (s *Set) values(k *Kind, op fact.Op, file string, n *node, complain func(at *node, field, what, remedy string)) []Value {
	var values []Value
	given := map[string]bool{}
	for i, key := range n.keys {
		v := n.items[i]
		if slices.Contains(Reserved, key.text) {
			continue
		}
		f := k.byName[key.text]
		if f == nil {
			names := slices.Clone(Reserved)
			for _, f := range k.Fields {
				names = append(names, f.Name)
			}
			complain(key, key.text, fmt.Sprintf("%s has no such field", aKind(k.Name)), didYouMean(key.text, names))
			continue
		}
		if op == fact.End {
			complain(key, key.text, "a document that ends a record takes no fields", "Remove it, or remove `end`")
			continue
		}
		if v.kind == null {
			continue // not stated
		}
		given[f.Name] = true
		place := Place{file, v.line, v.column}
		if f.Many {
			items := v.items
			if v.kind == scalar {
				items = []*node{v}
			}
			if v.kind == mapping || len(items) > maxItems {
				complain(v, f.Name, "it takes a list", "Write `[a, b]`, or one item a line beginning with a dash")
				continue
			}
			list := make([]string, 0, len(items))
			for _, item := range items {
				if item.kind != scalar {
					complain(item, f.Name, "an item of the list is not a single value", "")
					continue
				}
				j, c := s.canonical(f, item.text)
				if c != nil {
					complain(item, f.Name, c.what, c.remedy)
				} else if slices.Contains(list, j) {
					complain(item, f.Name, fmt.Sprintf("%q is in the list twice", item.text), "Keep one of the two")
				}
				list = append(list, j)
			}
			values = append(values, Value{f, "[" + strings.Join(list, ",") + "]", place})
			continue
		}
		if v.kind != scalar {
			complain(v, f.Name, "it takes one value", "")
			continue
		}
		j, c := s.canonical(f, v.text)
		if c != nil {
			complain(v, f.Name, c.what, c.remedy)
			continue
		}
		values = append(values, Value{f, j, place})
	}
	if op != fact.Assert {
		return values
	}
	for _, f := range k.Fields {
		if f.Required && !given[f.Name] {
			complain(n, f.Name, fmt.Sprintf("%s needs its %s", aKind(k.Name), strings.ToLower(f.Label)), fmt.Sprintf("Add a line `%s: …`", f.Name))
		}
	}
	for _, group := range k.OneOf {
		if !slices.ContainsFunc(group, func(f string) bool { return given[f] }) {
			complain(n, group[0], fmt.Sprintf("%s needs its %s", aKind(k.Name), strings.Join(group, " or its ")), "Add one of them")
		}
	}
	return values
}

// aKind names a record of a kind: "a post", "an appointment".
func aKind(n fact.KindName) string {
	if strings.ContainsRune("aeio", rune(n[0])) { // a unit
		return "an " + string(n)
	}
	return "a " + string(n)
}

func readYAML(name string, b []byte) (nodes []*node, problems Problems) {
	at := func(line, col int, what, remedy string) []Problem {
		return append(problems, Problem{Place: Place{name, line, col}, What: what, Remedy: remedy})
	}
	l, err := yaml.NewLoader(bytes.NewReader(b), yaml.WithV4Defaults())
	if err != nil {
		return nil, at(0, 0, err.Error(), "")
	}
	for {
		var doc yaml.Node
		err := l.Load(&doc)
		if errors.Is(err, io.EOF) {
			return nodes, problems
		}
		if err != nil {
			var le *yaml.LoadError
			if errors.As(err, &le) {
				return nodes, at(le.Mark.Line, le.Mark.Column, "this is not YAML that can be read: "+le.Message, "Look at this line and the one above it: indentation, colons and quotes")
			}
			return nodes, at(0, 0, "this is not YAML that can be read: "+err.Error(), "")
		}
		root := &doc
		if doc.Kind == yaml.DocumentNode {
			if len(doc.Content) == 0 {
				continue
			}
			root = doc.Content[0]
		}
		n, p := fromYAML(name, root, 0)
		if p != nil {
			problems = append(problems, *p)
			continue
		}
		if n.kind == null {
			continue // an empty document between two separators
		}
		if len(nodes) == maxDocs {
			return nodes, at(n.line, n.column, fmt.Sprintf("the file holds more than %d records", maxDocs), "Split it into several files")
		}
		nodes = append(nodes, n)
	}
}

// fromYAML copies a node. Aliases are refused: nothing in a manifest needs them, and expanding them is how a small file
// becomes an endless one.
func fromYAML(file string, y *yaml.Node, depth int) (*node, *Problem) {
	n := &node{line: y.Line, column: y.Column, text: y.Value}
	refuse := func(what, remedy string) (*node, *Problem) {
		return nil, &Problem{Place: Place{file, y.Line, y.Column}, What: what, Remedy: remedy}
	}
	if depth > 4 {
		return refuse("lists are nested too deeply", "A record is a flat list of fields")
	}
	if y.Kind == yaml.AliasNode || y.Anchor != "" {
		return refuse("anchors and aliases (& and *) are not used in a manifest", "Write the value out")
	}
	switch y.Kind {
	case yaml.ScalarNode:
		if y.Tag == "!!null" {
			n.kind = null
		}
		if y.Tag == "!!merge" {
			return refuse("merge keys (<<) are not used in a manifest", "Write the fields out")
		}
	case yaml.SequenceNode:
		n.kind = sequence
		for _, c := range y.Content {
			item, p := fromYAML(file, c, depth+1)
			if p != nil {
				return nil, p
			}
			n.items = append(n.items, item)
		}
	case yaml.MappingNode:
		n.kind = mapping
		for i := 0; i+1 < len(y.Content); i += 2 {
			k, p := fromYAML(file, y.Content[i], depth+1)
			if p != nil {
				return nil, p
			}
			v, p := fromYAML(file, y.Content[i+1], depth+1)
			if p != nil {
				return nil, p
			}
			n.keys, n.items = append(n.keys, k), append(n.items, v)
		}
	default:
		return refuse("this is not a record", "")
	}
	return n, nil
}

// readJSON reads one object a line (or several lines an object: the braces decide).
func readJSON(name string, b []byte) (nodes []*node, problems Problems) {
	p := &jsonReader{d: json.NewDecoder(bytes.NewReader(b)), b: b, line: 1}
	p.d.UseNumber()
	for {
		n, err := p.value(0)
		if errors.Is(err, io.EOF) {
			return nodes, problems
		}
		if err != nil {
			line, col := p.place(p.d.InputOffset())
			return nodes, append(problems, Problem{Place: Place{name, line, col}, What: "this is not JSON that can be read: " + err.Error(), Remedy: "Each line is one object: {\"kind\": …}"})
		}
		if len(nodes) == maxDocs {
			return nodes, append(problems, Problem{Place: Place{name, n.line, n.column}, What: fmt.Sprintf("the file holds more than %d records", maxDocs), Remedy: "Split it into several files"})
		}
		nodes = append(nodes, n)
	}
}

type jsonReader struct {
	d    *json.Decoder
	b    []byte
	seen int64 // how far line and start are counted
	line int
	from int64 // where the line begins
}

func (p *jsonReader) place(off int64) (line, col int) {
	for ; p.seen < off && p.seen < int64(len(p.b)); p.seen++ {
		if p.b[p.seen] == '\n' {
			p.line, p.from = p.line+1, p.seen+1
		}
	}
	return p.line, int(off-p.from) + 1
}

func (p *jsonReader) value(depth int) (*node, error) {
	t, err := p.d.Token()
	if err != nil {
		if depth > 0 && errors.Is(err, io.EOF) {
			return nil, io.ErrUnexpectedEOF
		}
		return nil, err
	}
	n := new(node)
	n.line, n.column = p.place(p.d.InputOffset())
	if depth > 4 {
		return nil, errors.New("objects are nested too deeply")
	}
	switch t := t.(type) {
	case nil:
		n.kind = null
	case bool:
		n.text = fmt.Sprint(t)
	case json.Number:
		n.text = t.String()
	case string:
		n.text = t
	case json.Delim:
		n.kind = sequence
		if t == '{' {
			n.kind = mapping
		}
		for p.d.More() {
			if n.kind == mapping {
				k, err := p.value(depth + 1)
				if err != nil {
					return nil, err
				}
				n.keys = append(n.keys, k)
			}
			v, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, v)
		}
		if _, err := p.d.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return n, nil
}

// Text gives what the document says in a text or choice field, or nothing.
func (d *Doc) Text(field string) string {
	for i := range d.Values {
		if d.Values[i].Field.Name == field {
			var s string
			if json.Unmarshal([]byte(d.Values[i].JSON), &s) == nil {
				return s
			}
		}
	}
	return ""
}

// Texts gives what the document says in a field that takes several texts or choices.
func (d *Doc) Texts(field string) []string {
	for i := range d.Values {
		if d.Values[i].Field.Name == field {
			var list []string
			if json.Unmarshal([]byte(d.Values[i].JSON), &list) == nil {
				return list
			}
		}
	}
	return nil
}

// Refs gives the records to which the value refers: none where it is no reference, or stands for a code.
func (v Value) Refs() (out []fact.Key) {
	if v.Field.Type != Reference {
		return nil
	}
	var refs []string
	if json.Unmarshal([]byte(v.JSON), &refs) != nil {
		var one string
		if json.Unmarshal([]byte(v.JSON), &one) != nil {
			return nil
		}
		refs = []string{one}
	}
	for _, ref := range refs {
		if !v.Field.Mixed() {
			out = append(out, fact.Key{Kind: v.Field.To[0], ID: fact.ID(ref)})
		} else if k, err := fact.ParseKey(ref); err == nil {
			out = append(out, k)
		}
	}
	return out
}
