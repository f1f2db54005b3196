package graph

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Hit is a record that a search found.
type Hit struct {
	Key   fact.Key
	Title string // what it is called on the day, or was called last
	Was   string // the older or later name that was found, where the title was not
	There bool   // whether it is there on the day
}

// Search finds records by the beginnings of the words in what they are, were or will be called. Every word must be
// found; those found by their title of the day come first, and of those what belongs to the structure. most is how many to give, and total says how many there are.
func (v *View) Search(query string, most int) (hits []Hit, total int) {
	words := split(query)
	if len(words) == 0 {
		return nil, 0
	}
	type ranked struct {
		Hit
		rank, section, ord int
	}
	var found []ranked
	for _, list := range *v.lists {
		for _, r := range list {
			was, ok := v.named(r, words)
			if !ok {
				continue
			}
			h := ranked{Hit: Hit{Key: fact.Key{Kind: r.kind.Name, ID: *r.id.Load()}}, rank: 3, section: slices.Index(kind.Sections, r.kind.Section), ord: len(found)}
			rec := v.at(r)
			if rec != nil {
				h.There, h.rank = true, 1
			} else {
				rec = v.latest(r)
			}
			h.Title = rec.Title()
			switch {
			case !matches(h.Title, words):
				h.Was = was
				h.rank++
			case h.There && len(split(h.Title)) == len(words):
				h.rank = 0
			}
			found = append(found, h)
		}
	}
	slices.SortFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.section, b.section), cmp.Compare(a.ord, b.ord))
	})
	for _, f := range found[:min(most, len(found))] {
		hits = append(hits, f.Hit)
	}
	return hits, len(found)
}

// named looks for the words in every name that a record has had, and in its id.
func (v *View) named(r *record, words []string) (string, bool) {
	known := false
	for x := r.head.Load(); x != nil; x = x.prev {
		if x.position > v.known || x.op != fact.Assert || x.proposal != "" && x.proposal != v.proposal {
			continue
		}
		known = true
		if name := x.name(r.kind); matches(name, words) {
			return name, true
		}
	}
	id := string(*r.id.Load())
	return id, known && matches(id, words)
}

// name is the texts in a version's title; what the title takes from other records is found by way of those.
func (x *version) name(k *kind.Kind) string {
	var parts []string
	for _, n := range kind.TitleFields(k.Title) {
		f := k.Field(n)
		if f.Many || f.Type == kind.Reference || f.Type == kind.Date {
			continue
		}
		if j, s := x.field(byte(f.Index)); s == Known {
			parts = append(parts, text(j))
		}
	}
	return strings.Join(parts, " ")
}

// split gives the words of a text in lower case.
func split(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' })
}

// matches reports whether each word begins some word of the text.
func matches(text string, words []string) bool {
	low := strings.ToLower(text)
	for _, w := range words {
		if !begins(low, w) {
			return false
		}
	}
	return true
}

func begins(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return true
		}
		from = i + len(word)
	}
}
