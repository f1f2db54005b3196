package graph

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Graph is the fold of a ledger. One goroutine folds; any number look.
type Graph struct {
	kinds *kind.Set

	mu       sync.RWMutex // guards tables, marks, names and index
	tables   []table
	marks    []mark            // where the recorded clock moved on, for looking up a moment
	names    map[string]string // one copy of each often repeated string
	index    indexing          // for searching
	log      []*record         // by position less one, nil for an entry that speaks of none
	erasures atomic.Int64      // how many there were: what was read before may say what is gone, of whatever position it is

	lists  atomic.Pointer[[][]*record] // of the tables, for views to share; nil after a new record
	refers sync.Map                    // of *kind.Field to *edges, for views to share; gathered once asked for
	valued sync.Map                    // of *kind.Field to *values, likewise

	size   atomic.Int64 // the last position folded
	opened atomic.Int64 // the position of the entry that ended reconstruction; 0 none
}

type table struct {
	kind   *kind.Kind
	under  *table              // of the graph that this one was forked from, or nil
	owned  bool                // the list is this fork's own copy
	byID   map[fact.ID]*record // by the id that people use; nil hides one of under
	opaque map[fact.ID]*record // personal kinds only: by the id in the ledger
	list   []*record           // in the order in which they first appeared
}

type mark struct {
	position int64
	recorded int64 // microseconds
}

// record is everything that was ever said of one thing.
type record struct {
	kind  *kind.Kind
	ord   int // place in its table's list
	inLog fact.ID
	id    atomic.Pointer[fact.ID]
	head  atomic.Pointer[version] // the newest; the older ones hang behind it
	names atomic.Pointer[names]   // for searching, once something was searched for
}

// version is one entry as the graph keeps it. It never changes once it is reachable.
type version struct {
	prev     *version // this line and the four below are what a look reads: they stand together
	position int64
	span     fact.Span
	proposal fact.ID
	op       fact.Op
	rebuilt  bool // reconstructed from documents
	withheld bool // what its body lacks is there, and may not be seen
	gone     bool // it is supposed to have ended: see Suppose

	recorded int64 // microseconds since 1970
	base     int64
	body     string // packed: see pack
	who      fact.Who
}

// New gives an empty graph of a set of kinds.
func New(kinds *kind.Set) *Graph {
	g := &Graph{kinds: kinds, names: map[string]string{}}
	for _, k := range kinds.All {
		t := table{kind: k, byID: map[fact.ID]*record{}}
		if k.Personal {
			t.opaque = map[fact.ID]*record{}
		}
		g.tables = append(g.tables, t)
	}
	return g
}

// Kinds gives the kinds of record that the graph knows.
func (g *Graph) Kinds() *kind.Set { return g.kinds }

// Size is the position of the last entry folded.
func (g *Graph) Size() int64 { return g.size.Load() }

// Opened is the position of the entry that ended reconstruction, or 0.
func (g *Graph) Opened() int64 { return g.opened.Load() }

// IDField is the body field that holds the readable id of a personal record, so that it can be erased.
const IDField = "id"

// Fields of a body that are not fields of the kind, with the numbers by which pack knows them.
var extras = []string{"source", "note", "reason", IDField, "fields", "verifier", "visibility", "exempt", "decided", "ground", "asked", "asked_on", removedOn, "decided_when"}

const firstExtra = 200

// Fold adds the next entry. Start-up and every later change go through here, so that the record that is served is the
// one that a restart would give.
func (g *Graph) Fold(e *fact.Entry) error {
	if at := g.size.Load(); e.Position != at+1 {
		return fmt.Errorf("fold entry %d: the next one is %d: %w", e.Position, at+1, fact.ErrMoved)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	micros := e.Recorded.UnixMicro()
	if n := len(g.marks); n == 0 || g.marks[n-1].recorded != micros {
		g.marks = append(g.marks, mark{e.Position, micros})
	}
	var of *record
	switch e.Op {
	case fact.Open:
		g.opened.Store(e.Position)
	case fact.Assert, fact.End:
		t, err := g.table(e.Kind)
		if err != nil {
			return fmt.Errorf("fold entry %d: %w", e.Position, err)
		}
		n := len(t.list)
		r := t.record(e)
		g.push(r, e)
		of = r
		if len(t.list) > n || t.under != nil {
			g.lists.Store(nil)
		}
	case fact.Erase:
		t, err := g.table(e.Kind)
		if err != nil {
			return fmt.Errorf("fold entry %d: %w", e.Position, err)
		}
		r := t.find(e.ID)
		if r == nil {
			return fmt.Errorf("fold entry %d: it erases %s, which is not there: %w", e.Position, e.Key(), fact.ErrCorrupt)
		}
		r.erase(e.Base, erased(e.Body))
		g.index.erase()
		g.erasures.Add(1)
		t.rename(r)
		g.push(r, e)
		of = r
	}
	g.log = append(g.log, of)
	g.size.Store(e.Position)
	return nil
}

// snapshot gives what there is of each kind, in order.
func (g *Graph) snapshot() *[][]*record {
	if p := g.lists.Load(); p != nil {
		return p
	}
	g.mu.Lock() // not a read lock: a list made under it must not be stored after a newer record
	defer g.mu.Unlock()
	out := make([][]*record, len(g.tables))
	for i := range g.tables {
		out[i] = g.tables[i].list
	}
	g.lists.Store(&out)
	return &out
}

func (g *Graph) table(name fact.KindName) (*table, error) {
	k := g.kinds.Kind(name)
	if k == nil {
		return nil, fmt.Errorf("this program does not know the kind %q: %w", name, fact.ErrInvalid)
	}
	return &g.tables[k.Index], nil
}

// get gives the record of an id as people write it.
func (t *table) get(id fact.ID) *record {
	r, here := t.byID[id]
	if !here && t.under != nil {
		return t.under.get(id)
	}
	return r
}

// find gives the record of an id as it stands in the ledger.
func (t *table) find(inLog fact.ID) *record {
	if t.opaque == nil {
		return t.get(inLog)
	}
	r := t.opaque[inLog]
	if r == nil && t.under != nil {
		return t.under.find(inLog)
	}
	return r
}

// record gives the record that an entry speaks of, new if need be.
func (t *table) record(e *fact.Entry) *record {
	r := t.find(e.ID)
	switch {
	case r == nil:
		r = &record{kind: t.kind, ord: len(t.list), inLog: fact.ID(strings.Clone(string(e.ID)))}
		id := r.inLog
		r.id.Store(&id)
		t.list = append(t.list, r)
		t.put(r)
	case t.under != nil && t.byID[*r.id.Load()] != r:
		// The record is the parent's: a fork changes a copy of its own.
		if !t.owned {
			t.list, t.owned = slices.Clone(t.list), true
		}
		c := &record{kind: r.kind, ord: r.ord, inLog: r.inLog}
		c.id.Store(r.id.Load())
		c.head.Store(r.head.Load())
		t.list[c.ord] = c
		t.put(c)
		r = c
	}
	if t.opaque != nil && *r.id.Load() == r.inLog {
		if v, ok := e.Body.Value(IDField); ok {
			t.setID(r, fact.ID(text(v)))
		}
	}
	return r
}

func (t *table) put(r *record) {
	t.byID[*r.id.Load()] = r
	if t.opaque != nil {
		t.opaque[r.inLog] = r
	}
}

// fork gives a graph that begins as this one is and can be folded into without changing it. Nobody may fold into
// this one meanwhile.
func (g *Graph) fork() *Graph {
	f := New(g.kinds)
	f.marks, f.log = slices.Clip(g.marks), slices.Clip(g.log)
	f.size.Store(g.size.Load())
	f.opened.Store(g.opened.Load())
	for i := range g.tables {
		f.tables[i].under = &g.tables[i]
		f.tables[i].list = slices.Clip(g.tables[i].list)
	}
	return f
}

func (t *table) setID(r *record, id fact.ID) {
	if old := *r.id.Load(); t.under == nil {
		delete(t.byID, old)
	} else {
		t.byID[old] = nil
	}
	id = fact.ID(strings.Clone(string(id)))
	r.id.Store(&id)
	t.byID[id] = r
}

// rename takes a personal record's readable id away when the last version that held it is erased.
func (t *table) rename(r *record) {
	if t.opaque == nil {
		return
	}
	for v := r.head.Load(); v != nil; v = v.prev {
		if _, state := v.field(extraNumber(IDField)); state == Known {
			return
		}
	}
	t.setID(r, r.inLog)
}

// push makes the entry the newest version of its record.
func (g *Graph) push(r *record, e *fact.Entry) {
	g.index.note(r)
	body := e.Body
	if e.Op == fact.Erase {
		body = dated(e)
	}
	r.head.Store(&version{
		prev: r.head.Load(), position: e.Position, recorded: e.Recorded.UnixMicro(), base: e.Base, span: e.Span,
		body: pack(r.kind, body), who: fact.Who(g.intern(string(e.Who))), proposal: fact.ID(g.intern(string(e.Proposal))),
		op: e.Op, rebuilt: e.Reconstructed,
	})
}

func (g *Graph) intern(s string) string {
	if s == "" {
		return ""
	}
	if t, ok := g.names[s]; ok {
		return t
	}
	s = strings.Clone(s)
	g.names[s] = s
	return s
}

// erased reads which fields an erasing entry removed.
func erased(b fact.Body) []string {
	v, _ := b.Value("fields")
	return texts(v)
}

// erase removes fields from the version of a position. Versions do not change, so the newer ones are copied onto the
// changed one and the head is replaced: a reader sees the old chain or the new.
func (r *record) erase(position int64, fields []string) {
	var newer []*version
	for v := r.head.Load(); v != nil; v = v.prev {
		if v.position != position {
			newer = append(newer, v)
			continue
		}
		c := *v
		c.body = repack(r.kind, v.body, fields)
		head := &c
		for _, n := range slices.Backward(newer) {
			n := *n
			n.prev = head
			head = &n
		}
		r.head.Store(head)
		r.names.Store(nil) // nor is what was erased found any more
		return
	}
}

// pack writes a body as the graph keeps it: for each field its number within the kind, its length plus one (0 says that
// it was erased) and its canonical JSON. One string an entry keeps a million of them small.
func pack(k *kind.Kind, b fact.Body) string {
	n := 0
	for i := range b {
		n += len(b[i].Value) + 4
	}
	out := make([]byte, 0, n)
	for i := range b {
		f := &b[i]
		num, ok := fieldNumber(k, f.Name)
		if !ok {
			continue // a field that this version of the kind has no longer
		}
		out = append(out, num)
		if f.Erased {
			out = append(out, 0)
			continue
		}
		out = binary.AppendUvarint(out, uint64(len(f.Value)+1))
		out = append(out, f.Value...)
	}
	return string(out)
}

func fieldNumber(k *kind.Kind, name string) (byte, bool) {
	if f := k.Field(name); f != nil {
		return byte(f.Index), true
	}
	if i := slices.Index(extras, name); i >= 0 {
		return byte(firstExtra + i), true
	}
	return 0, false
}

func extraNumber(name string) byte { return byte(firstExtra + slices.Index(extras, name)) }

// next cuts the first field off a packed body.
func next(body string) (num byte, value string, erased bool, rest string) {
	num = body[0]
	n, i := uint64(0), 1
	for shift := 0; ; shift += 7 {
		c := body[i]
		i++
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			break
		}
	}
	if n == 0 {
		return num, "", true, body[i:]
	}
	end := i + int(n) - 1
	return num, body[i:end], false, body[end:]
}

func repack(k *kind.Kind, body string, fields []string) string {
	var out []byte
	for body != "" {
		num, _, gone, rest := next(body)
		name := fieldName(k, num)
		if gone || len(fields) == 0 || slices.Contains(fields, name) {
			out = append(out, num, 0)
		} else {
			out = append(out, body[:len(body)-len(rest)]...)
		}
		body = rest
	}
	return string(out)
}

func fieldName(k *kind.Kind, num byte) string {
	if num >= firstExtra {
		return extras[num-firstExtra]
	}
	return k.Fields[num].Name
}

// State says what is known of a field.
type State uint8

// The states of a field.
const (
	Missing   State = iota // not stated, or what it refers to is not there on that day
	Known                  // stated
	Uncertain              // it differs within the window in which an imprecise date may fall
	Erased                 // it was stated and has been lawfully removed
	Withheld               // it may not be seen: see Veil
)

func (v *version) field(num byte) (string, State) {
	for body := v.body; body != ""; {
		n, value, gone, rest := next(body)
		if n == num {
			if gone && v.withheld {
				return "", Withheld
			}
			if gone {
				return "", Erased
			}
			return value, Known
		}
		body = rest
	}
	return "", Missing
}

// KnownAt gives the last position recorded at or before a moment.
func (g *Graph) KnownAt(t time.Time) int64 {
	g.mu.RLock()
	defer g.mu.RUnlock()
	micros := t.UnixMicro()
	i, _ := slices.BinarySearchFunc(g.marks, micros, func(m mark, t int64) int {
		if m.recorded <= t {
			return -1
		}
		return 1
	})
	if i == len(g.marks) {
		return g.size.Load()
	}
	return g.marks[i].position - 1
}

// RecordedAt gives the moment at which a position was recorded; the zero time for position 0.
func (g *Graph) RecordedAt(position int64) time.Time {
	g.mu.RLock()
	defer g.mu.RUnlock()
	i, found := slices.BinarySearchFunc(g.marks, position, func(m mark, p int64) int { return int(m.position - p) })
	if !found {
		i--
	}
	if i < 0 {
		return time.Time{}
	}
	return time.UnixMicro(g.marks[i].recorded).UTC()
}

// InLog gives the id under which the ledger knows a record, for the next entry about it: the id itself, or the opaque one
// of a personal kind. ok is false if there is no such record yet.
func (g *Graph) InLog(k fact.Key) (fact.ID, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	kk := g.kinds.Kind(k.Kind)
	if kk == nil {
		return "", false
	}
	if r := g.tables[kk.Index].get(k.ID); r != nil {
		return r.inLog, true
	}
	return "", false
}

// text gives the Go string of a JSON string.
func text(j string) string {
	if len(j) < 2 || j[0] != '"' {
		return j
	}
	if strings.IndexByte(j, '\\') < 0 {
		return j[1 : len(j)-1]
	}
	return unescape(j)
}
