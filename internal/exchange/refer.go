package exchange

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// made is a record that rows name and that stands nowhere else: a person, or what the person who imports chose to add.
type made struct {
	key   fact.Key
	title string
	row   *row // the first that names them
	from  fact.Date
}

// resolve finds what the references mean that the titles did not need.
func (im *importer) resolve() {
	for _, r := range im.rows {
		for i := range r.given {
			if g := &r.given[i]; g.field.Type == kind.Reference && g.json == "" {
				im.refer(r, g)
			}
		}
	}
}

// refer finds the records that a cell means. Each is written by its id, or by what it is called in the file, on the day, or ever.
func (im *importer) refer(r *row, g *given) {
	if g.json != "" || g.wrong {
		return
	}
	list := make([]string, 0, len(g.texts))
	for _, text := range g.texts {
		v, wrong, do := im.meant(r, g.field, strings.Join(strings.Fields(text), " "))
		switch {
		case wrong == "" && slices.Contains(list, v):
			wrong, do = fmt.Sprintf("“%s” is there twice", clipped(text)), "Keep one of the two"
		case wrong != "" && len(g.texts) > 1:
			wrong = fmt.Sprintf("“%s”: %s", clipped(text), wrong)
		}
		if wrong != "" {
			g.wrong = true
			r.problem(g.at, wrong, do)
			return
		}
		list = append(list, v)
	}
	g.json = listed(g.field, list)
}

// meant gives the value that refers to what a text names.
func (im *importer) meant(r *row, f *kind.Field, text string) (value, wrong, do string) {
	for _, code := range im.kinds.Codes(f.Codes) {
		if strings.EqualFold(code, text) || folded(say(im.pack, im.kinds.Codes(f.Codes), f, code)) == folded(text) {
			return kind.Quote(code), "", ""
		}
	}
	kinds := f.To
	if slices.Contains(kinds, kind.Any) {
		kinds = nil
		for _, k := range im.kinds.All {
			kinds = append(kinds, k.Name)
		}
	}
	var found []fact.Key
	if k, err := fact.ParseKey(text); err == nil && slices.Contains(kinds, k.Kind) && im.there(k) {
		found = []fact.Key{k}
	}
	for _, find := range []func(fact.KindName) []fact.Key{
		func(name fact.KindName) []fact.Key {
			if k := (fact.Key{Kind: name, ID: fact.ID(text)}); im.there(k) {
				return []fact.Key{k}
			}
			return nil
		},
		func(name fact.KindName) []fact.Key { return im.named(name, text) },
		func(name fact.KindName) []fact.Key { return im.everNamed(name, text) },
	} {
		if len(found) > 0 {
			break
		}
		for _, name := range kinds {
			found = append(found, find(name)...)
		}
	}
	switch {
	case len(found) == 1:
		if m := im.made[found[0]]; m != nil {
			if from := im.days(r).From; from.IsZero() || !m.from.IsZero() && from.First < m.from.First {
				m.from = from
			}
		}
		value = string(found[0].ID)
		if f.Mixed() {
			value = found[0].String()
		}
		return kind.Quote(value), "", ""
	case len(found) > 1:
		return "", fmt.Sprintf("More than one %s has this name", im.either(f)), "Write the id of the one that is meant: " + or(ids(found))
	}
	if len(f.To) == 1 {
		if k := im.kinds.Kind(f.To[0]); k != nil && nameable(k) && (k.Personal || slices.Contains(im.Add, k.Name)) {
			return im.make(r, k, text)
		}
	}
	otherwise := "Correct it, or add it to the file"
	if slices.Contains(placeholders, folded(text)) {
		otherwise = leaveEmpty
	}
	return "", fmt.Sprintf("No %s has this name or id", im.either(f)), im.instead(text, im.titles(f), otherwise)
}

// there reports whether a record is in the file or was ever recorded.
func (im *importer) there(k fact.Key) bool {
	return len(im.byKey[k]) > 0 || im.made[k] != nil || fact.CheckID(strings.TrimPrefix(string(k.ID), "~")) == nil && len(im.v.History(k)) > 0
}

// named gives the records of a kind that are called so in the file or, on the day, in the record.
func (im *importer) named(name fact.KindName, title string) []fact.Key {
	t := folded(title)
	if t == "" {
		return nil
	}
	var found []fact.Key
	for _, r := range im.mine[name][t] {
		if !slices.Contains(found, r.key) {
			found = append(found, r.key)
		}
	}
	for _, k := range im.names.of(name)[t] {
		if len(found) <= manyAlike && !slices.Contains(found, k) {
			found = append(found, k)
		}
	}
	if m := im.madeAs[string(name)+"\n"+t]; m != nil {
		found = append(found, m.key)
	}
	return found
}

// everNamed gives the records of a kind that were once called so.
func (im *importer) everNamed(name fact.KindName, title string) []fact.Key {
	k := im.kinds.Kind(name)
	if fields := kind.TitleFields(k.Title); len(fields) != 1 || k.Field(fields[0]).Type != kind.Text {
		return nil
	}
	if t := folded(title); t != "" {
		return im.everAs(k, t)
	}
	return nil
}

// either says what a field may refer to: "post", "board or protocol".
func (im *importer) either(f *kind.Field) string {
	var out []string
	for _, to := range f.To {
		if k := im.kinds.Kind(to); k != nil {
			out = append(out, k.Lower())
		}
	}
	if len(out) == 0 {
		return "record"
	}
	return or(out)
}

// titles gives what a field may name, as long as anybody reads what may have been meant.
func (im *importer) titles(f *kind.Field) (out []string) {
	if im.tried > maxTried {
		return nil
	}
	for _, to := range f.To {
		if to == kind.Any {
			continue
		}
		if im.offer[to] == nil {
			all := []string{} // not nil: it is known that there is none
			for _, rows := range im.mine[to] {
				all = append(all, rows[0].title)
			}
			for _, keys := range im.names.of(to) {
				all = append(all, im.names.title(keys[0]))
			}
			for key := range im.byKey {
				if key.Kind == to {
					all = append(all, string(key.ID))
				}
			}
			slices.Sort(all)
			im.offer[to] = slices.Compact(all)
		}
		out = append(out, im.offer[to]...)
	}
	return out
}

// nameable reports whether a record of a kind may be made of what it is called alone.
func nameable(k *kind.Kind) bool {
	return len(k.OneOf) == 0 && !slices.ContainsFunc(k.Fields, func(f *kind.Field) bool { return f.Required && k.Title != "{"+f.Name+"}" })
}

// placeholders are the words that stand in lists of posts where nobody and nothing is.
var placeholders = []string{"vacant", "vacancy", "nd", "na", "none", "nil", "tbc", "tba", "unknown", "notdisclosed", "notknown", "notapplicable", "withheld", "eliminated", "notinpost", "xx"}

const leaveEmpty = "Leave the cell empty where there is nothing to write"

// make takes what a row names for a new record.
func (im *importer) make(r *row, k *kind.Kind, name string) (value, wrong, do string) {
	if slices.Contains(placeholders, folded(name)) || folded(name) == "" {
		if k.Personal {
			return "", "This is nobody's name", "Leave the row out: a post to which nobody is appointed needs no row"
		}
		return "", "This is no name", leaveEmpty
	}
	f := k.Field(kind.TitleFields(k.Title)[0])
	if _, wrong := im.kinds.Answer(f, name); wrong != "" {
		return "", "This cannot be a name", "Correct it"
	}
	m := &made{title: name, row: r, from: im.days(r).From, key: fact.Key{Kind: k.Name, ID: im.newID(k, name)}}
	im.made[m.key] = m
	im.madeAs[string(k.Name)+"\n"+folded(name)] = m
	im.makings = append(im.makings, m)
	return kind.Quote(string(m.key.ID)), "", ""
}
