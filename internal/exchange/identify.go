package exchange

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// manyAlike is how many records of one name are looked through for the one that a row means.
const manyAlike = 20

// identify finds the record of each row: by its id, or by what it is called; and gives those that are new an id.
func (im *importer) identify() {
	for _, r := range im.rows {
		if only := r.sheet.Kind.Only; only != "" {
			r.key = fact.Key{Kind: r.sheet.Kind.Name, ID: only}
		}
		if r.key.ID != "" {
			im.byKey[r.key] = append(im.byKey[r.key], r)
		}
	}
	for _, k := range im.inOrder() {
		title := kind.TitleFields(k.Title)
		claims := map[fact.Key]*row{} // records that rows without an id mean
		for _, r := range im.of(k) {
			for i := range r.given {
				if g := &r.given[i]; g.field.Type == kind.Reference && slices.Contains(title, g.field.Name) {
					im.refer(r, g)
				}
			}
			if r.key.ID == "" {
				im.name(r, claims)
			}
			im.call(r)
		}
	}
}

// identity is what tells records of a kind apart that have no id: the fields of their titles. It is empty where one of them is open.
func identity(k *kind.Kind, value func(f *kind.Field) string) string {
	var parts []string
	said := false
	for _, name := range kind.TitleFields(k.Title) {
		f := k.Field(name)
		j := value(f)
		said = said || j != ""
		if f.Type != kind.Reference {
			j = folded(plain(j))
		}
		parts = append(parts, j)
	}
	if !said {
		return ""
	}
	return strings.Join(parts, "\n")
}

func (r *row) identity() string {
	return identity(r.sheet.Kind, func(f *kind.Field) string {
		g, _ := r.find(f)
		return g.json
	})
}

func identityOf(r *graph.Record) string {
	return identity(r.Kind(), func(f *kind.Field) string {
		j, _ := r.JSON(f.Name)
		return j
	})
}

// everAs gives the records of a kind that were ever called so.
func (im *importer) everAs(k *kind.Kind, identity string) []fact.Key {
	m := im.ever[k.Name]
	if m == nil {
		m = map[string][]fact.Key{}
		for p := range im.v.Pasts(k.Name) {
			id, key := identityOf(p.Record), p.Record.Key()
			if !slices.Contains(m[id][max(0, len(m[id])-manyAlike):], key) {
				m[id] = append(m[id], key)
			}
		}
		im.ever[k.Name] = m
	}
	return m[identity]
}

// name finds the record that a row without an id means. A record to which another row gives its id is that row's, and this one means another.
func (im *importer) name(r *row, claims map[fact.Key]*row) {
	k := r.sheet.Kind
	if im.id != nil {
		r.key = fact.Key{Kind: k.Name, ID: im.id(r.sheet.Name, r.line.number)}
		im.byKey[r.key] = append(im.byKey[r.key], r)
		return
	}
	id := r.identity()
	title := im.titled(r)
	if id == "" {
		return
	}
	var found []fact.Key
	all := im.everAs(k, id)
	for _, key := range all[:min(len(all), manyAlike)] {
		if len(im.byKey[key]) > 0 && claims[key] == nil {
			continue
		}
		if was := im.meet(r, key).was; was != nil && identityOf(was) == id {
			found = append(found, key)
		}
	}
	column := r.column(kind.TitleFields(k.Title)[0])
	switch other := claims[one(found)]; {
	case len(found) > 1 || len(all) > manyAlike:
		r.problem(column, fmt.Sprintf("More than one %s of this name is recorded", k.Lower()), "Write in the column Id which one it is: "+or(ids(found)))
		return
	case len(found) == 1 && other != nil && overlap(im.days(r), im.days(other)):
		r.problem(column, fmt.Sprintf("Row %d and this row mean the same %s, of which one is recorded", other.line.number, k.Lower()), "Write in the column Id which of them it is, and give the other an id of its own")
		return
	case len(found) == 1:
		r.key = found[0]
		claims[r.key] = r
	default:
		r.key = fact.Key{Kind: k.Name, ID: im.newID(k, title)}
	}
	im.byKey[r.key] = append(im.byKey[r.key], r)
}

func one(keys []fact.Key) fact.Key {
	if len(keys) == 1 {
		return keys[0]
	}
	return fact.Key{}
}

func ids(keys []fact.Key) (out []string) {
	for _, k := range keys[:min(len(keys), 5)] {
		out = append(out, string(k.ID))
	}
	return out
}

// newID makes an id of a title.
func (im *importer) newID(k *kind.Kind, title string) fact.ID {
	free := func(id fact.ID) bool {
		key := fact.Key{Kind: k.Name, ID: id}
		return len(im.byKey[key]) == 0 && im.made[key] == nil && len(im.v.History(key)) == 0
	}
	base := im.kinds.NewID(k, title, func(fact.ID) bool { return false })
	if im.taken[k.Name] == nil {
		im.taken[k.Name] = map[string]int{}
	}
	for id := base; ; {
		if free(id) {
			return id
		}
		n := max(1, im.taken[k.Name][string(base)]) + 1 // not from the beginning each time: a file may be one title a thousand times
		im.taken[k.Name][string(base)] = n
		id = fact.ID(fmt.Sprintf("%s-%d", base, n))
	}
}

// titled writes the title of a row as an id may be made of it: without the names of people.
func (im *importer) titled(r *row) string {
	return im.pattern(r, func(f *kind.Field, g given) string {
		if f.Type == kind.Reference && slices.ContainsFunc(f.To, func(to fact.KindName) bool { k := im.kinds.Kind(to); return k != nil && k.Personal }) {
			return ""
		}
		return im.show(f, g.json)
	})
}

// call notes what a row is called, so that others can refer to it.
func (im *importer) call(r *row) {
	r.title = im.pattern(r, func(f *kind.Field, g given) string { return im.show(f, g.json) })
	if r.title == "" && r.key.ID != "" {
		r.title = im.v.Called(r.key)
	}
	if r.key.ID == "" || r.title == "" {
		return
	}
	name := r.key.Kind
	if im.mine[name] == nil {
		im.mine[name] = map[string][]*row{}
	}
	t := folded(r.title)
	if same := im.mine[name][t]; len(same) <= manyAlike {
		im.mine[name][t] = append(same, r)
	}
}

// pattern fills in the title of the kind of a row; a field that the row does not give is taken from the record.
func (im *importer) pattern(r *row, say func(f *kind.Field, g given) string) string {
	k := r.sheet.Kind
	var b strings.Builder
	for rest := k.Title; ; {
		text, more, ok := strings.Cut(rest, "{")
		b.WriteString(text)
		if !ok {
			break
		}
		name, after, _ := strings.Cut(more, "}")
		f := k.Field(name)
		g, ok := r.find(f)
		if !ok && r.key.ID != "" {
			if was := im.v.Record(r.key); was != nil {
				g.json, _ = was.JSON(name)
			}
		}
		if g.json != "" {
			b.WriteString(say(f, g))
		}
		rest = after
	}
	return strings.Trim(strings.Join(strings.Fields(b.String()), " "), " ,:;–-(")
}

// days gives the days of which a row speaks.
func (im *importer) days(r *row) fact.Span {
	s := fact.Span{From: im.From}
	if r.from != nil {
		s.From = *r.from
	}
	if r.until != nil {
		s.Until = *r.until
		if r.from == nil && dated(s.Until) && s.Until.Last < im.day {
			s.From = fact.Date{}
		}
	}
	return s
}

func overlap(a, b fact.Span) bool {
	af, al, ok := a.Certain()
	bf, bl, also := b.Certain()
	if !ok || !also {
		return a == b
	}
	return af <= bl && bf <= al
}

// show writes a value for people.
func (im *importer) show(f *kind.Field, j string) string {
	if j == "" {
		return ""
	}
	values := []string{plain(j)}
	if f.Many {
		values = plains(j)
	}
	for i, v := range values {
		switch f.Type {
		case kind.Reference:
			if key, ok := keyOf(f, v); ok {
				values[i] = im.called(key)
			} else {
				values[i] = report.Capital(report.Say(im.pack, f, v))
			}
		case kind.Choice:
			values[i] = report.Capital(report.Say(im.pack, f, v))
		case kind.Date:
			if d, err := fact.ParseDate(v); err == nil {
				values[i] = d.Words()
			}
		case kind.YesNo:
			values[i] = report.Capital(yesNo(v == "true"))
		case kind.Money:
			values[i] = pounds(v)
		case kind.Percent:
			values[i] = v + "%"
		}
	}
	return strings.Join(values, "; ")
}

// keyOf reads the value of a reference; a code is none.
func keyOf(f *kind.Field, v string) (fact.Key, bool) {
	if !f.Mixed() {
		return fact.Key{Kind: f.To[0], ID: fact.ID(v)}, true
	}
	k, err := fact.ParseKey(v)
	return k, err == nil
}

// called names a record, as the file does if it holds it.
func (im *importer) called(key fact.Key) string {
	for _, r := range im.byKey[key] {
		if r.title != "" {
			return r.title
		}
	}
	if m := im.made[key]; m != nil {
		return m.title
	}
	return im.v.Called(key)
}

// pounds writes an amount of money: £48,000.50.
func pounds(n string) string {
	sign, n := "", n
	if strings.HasPrefix(n, "-") {
		sign, n = "-", n[1:]
	}
	whole, pence, _ := strings.Cut(n, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if pence != "" {
		pence = "." + (pence + "0")[:2]
	}
	return sign + "£" + whole + pence
}
