package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"plumbline/internal/fact"
)

// Limits of an OSCAL file that somebody gives to be checked. The largest catalogue of NIST is about 10 MB of JSON with 300,000 values.
const (
	oscalBytes  = 64 << 20
	oscalDepth  = 100
	oscalValues = 1_000_000
)

// oscalModels are the models of OSCAL: what the outermost name of a file may be, and what people call such a file.
var oscalModels = map[string]string{
	"catalog":                       "a catalog",
	"profile":                       "a profile",
	"mapping-collection":            "a mapping collection",
	"component-definition":          "a component definition",
	"system-security-plan":          "a system security plan",
	"assessment-plan":               "an assessment plan",
	"assessment-results":            "assessment results",
	"plan-of-action-and-milestones": "a plan of action and milestones",
}

// OSCALFile is an OSCAL document in JSON as it was read, with the place of every value in it.
type OSCALFile struct {
	Name  string
	Model string // as "assessment-plan"
	root  *oscalValue
	lines []int // where each line of the file begins
}

// oscalValue is a JSON value and where it stands. Only texts have a text.
type oscalValue struct {
	in    *oscalValue
	key   string // of the member that it is; empty in an array
	index int    // in an array
	at    int    // the byte after its first token
	shape byte   // '{', '[', '"', or 0 for a number, true, false and null
	text  string
	items []*oscalValue
}

// ReadOSCAL reads an OSCAL document. The error says what cannot be read and what to do; it wraps fact.ErrInvalid.
func ReadOSCAL(name string, r io.Reader) (*OSCALFile, error) {
	b, err := io.ReadAll(io.LimitReader(r, oscalBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(b) > oscalBytes {
		return nil, fmt.Errorf("%s is larger than %d MB, which is more than is read: %w", name, oscalBytes>>20, fact.ErrInvalid)
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	f := &OSCALFile{Name: name, lines: []int{0}}
	for i, c := range b {
		if c == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	switch begin := bytes.TrimSpace(b); {
	case len(begin) == 0:
		return nil, fmt.Errorf("%s is empty: %w", name, fact.ErrInvalid)
	case begin[0] == '<':
		return nil, fmt.Errorf("%s is XML, and only OSCAL in JSON is read; convert it to JSON and check that: %w", name, fact.ErrInvalid)
	case begin[0] != '{':
		return nil, fmt.Errorf("%s is no JSON object, as an OSCAL file in JSON is; YAML and other forms are not read, so convert it to JSON and check that: %w", name, fact.ErrInvalid)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	in := oscalReader{file: f, b: b, d: d}
	if f.root, err = in.value(nil, 0); err != nil {
		return nil, in.explain(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s, line %d: something follows the end of the document; take it out: %w", name, f.line(int(d.InputOffset())), fact.ErrInvalid)
	}
	for _, v := range f.root.items {
		if _, ok := oscalModels[v.key]; ok && v.shape == '{' {
			f.Model = v.key
		}
	}
	if f.Model == "" {
		return nil, fmt.Errorf("%s is no OSCAL file: it has none of %s as its outermost name: %w", name, strings.Join(sortedKeys(oscalModels), ", "), fact.ErrInvalid)
	}
	return f, nil
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// oscalReader reads the values of a file.
type oscalReader struct {
	file *OSCALFile
	b    []byte
	d    *json.Decoder
	n    int
}

var (
	errDeep = errors.New("it lies deeper than is read")
	errMany = errors.New("the file holds more values than are read")
)

// value reads the next value, which lies in another one.
func (r *oscalReader) value(in *oscalValue, depth int) (*oscalValue, error) {
	t, err := r.d.Token()
	if err != nil {
		return nil, err
	}
	if depth > oscalDepth {
		return nil, errDeep
	}
	if r.n++; r.n > oscalValues {
		return nil, errMany
	}
	v := &oscalValue{in: in, at: int(r.d.InputOffset())}
	switch t := t.(type) {
	case string:
		v.shape, v.text = '"', t
	case json.Delim:
		v.shape = byte(t)
		for r.d.More() {
			key := ""
			if t == '{' {
				k, err := r.d.Token()
				if err != nil {
					return nil, err
				}
				key = k.(string) // the decoder takes nothing else there
			}
			item, err := r.value(v, depth+1)
			if err != nil {
				return nil, err
			}
			item.key, item.index = key, len(v.items)
			v.items = append(v.items, item)
		}
		if _, err := r.d.Token(); err != nil { // its end
			return nil, err
		}
	}
	return v, nil
}

func (r *oscalReader) explain(err error) error {
	what := "is not JSON: " + err.Error()
	at := int(r.d.InputOffset())
	at += len(r.b[at:]) - len(bytes.TrimLeft(r.b[at:], " \t\r\n,:")) + 1 // what comes after what was read last
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		what = "ends before the document does"
	case errors.Is(err, errDeep):
		what = fmt.Sprintf("has values more than %d deep, which is deeper than is read", oscalDepth)
	case errors.Is(err, errMany):
		what = fmt.Sprintf("holds more than %d values, which is more than are read", oscalValues)
	}
	return fmt.Errorf("%s, line %d: it %s: %w", r.file.Name, r.file.line(at), what, fact.ErrInvalid)
}

// line gives the line on which a byte stands, counted from 1.
func (f *OSCALFile) line(at int) int {
	return sort.Search(len(f.lines), func(i int) bool { return f.lines[i] >= max(at, 1) })
}

// get gives a member of an object, or nil.
func (v *oscalValue) get(key string) *oscalValue {
	if v == nil || v.shape != '{' {
		return nil
	}
	for _, x := range v.items {
		if x.key == key {
			return x
		}
	}
	return nil
}

// say gives the text of a member of an object, or nothing.
func (v *oscalValue) say(key string) string {
	if x := v.get(key); x != nil {
		return x.text
	}
	return ""
}

// holder is the name of the member in which an object lies, itself or in a list.
func (v *oscalValue) holder() string {
	if v.in != nil && v.in.shape == '[' {
		return v.in.holder()
	}
	return v.key
}

// path says where in its file a value stands, as "catalog.groups[0].id".
func (v *oscalValue) path() string {
	var parts []string
	for x := v; x.in != nil; x = x.in {
		if x.in.shape == '[' {
			parts = append(parts, "["+strconv.Itoa(x.index)+"]")
		} else {
			parts = append(parts, "."+brief(x.key))
		}
	}
	slices.Reverse(parts)
	return strings.TrimPrefix(strings.Join(parts, ""), ".")
}

// within gives the nearest value around one, itself included, that is held by one of these members; or nil.
func (v *oscalValue) within(holders ...string) *oscalValue {
	for x := v; x != nil; x = x.in {
		if x.shape == '{' && slices.Contains(holders, x.holder()) {
			return x
		}
	}
	return nil
}

// called gives words by which people know an object: its title, name or description, shortened.
func (v *oscalValue) called() string {
	for _, key := range []string{"title", "name", "description"} {
		if s := strings.Join(strings.Fields(v.say(key)), " "); s != "" {
			return " (“" + brief(s) + "”)"
		}
	}
	return ""
}

// each calls f for a value and all in it.
func (v *oscalValue) each(f func(*oscalValue)) {
	f(v)
	for _, x := range v.items {
		x.each(f)
	}
}
