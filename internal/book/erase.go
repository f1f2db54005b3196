package book

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Erasure removes fields of entries for ever, on a ground in law. All of it is one change: it is done, or nothing is.
type Erasure struct {
	Of      []Part
	Ground  string    // a code of kind.Erasing
	Reason  string    // in words, which must not repeat what is erased
	Asked   string    // a code of kind.Askers; empty where it is not known
	AskedOn fact.Date // zero where it is not known
	First   fact.Day  // on which it was first removed, where an older copy was put back; 0 is now
}

// Part is what is erased of one entry.
type Part struct {
	Position int64
	Fields   []string // none means all
}

// entries gives for each part the entry that says so, and what the ledger is to erase.
func (x *Erasure) entries(g *graph.Graph, who fact.Who, now time.Time) ([]fact.Entry, map[int64][]string, error) {
	if err := x.check(now); err != nil {
		return nil, nil, err
	}
	recorded := now
	if last := g.RecordedAt(g.Size()); g.Opened() == 0 && last.Before(now) {
		recorded = last // an erasure amid a reconstruction must not keep later papers out
	}
	var out []fact.Entry
	erase := map[int64][]string{}
	var salts []byte
	for _, p := range x.Of {
		key, err := x.part(g, p)
		if err != nil {
			return nil, nil, err
		}
		if _, twice := erase[p.Position]; twice {
			return nil, nil, refuse(fmt.Sprintf("entry %d is named twice", p.Position), "Name each entry once, with all the fields that are to go")
		}
		erase[p.Position] = p.Fields
		inLog, _ := g.InLog(key)
		body := x.body(p.Fields)
		graph.Salt(body, &salts)
		out = append(out, fact.Entry{Who: who, Op: fact.Erase, Kind: key.Kind, Version: g.Kinds().Kind(key.Kind).Version, ID: inLog, Base: p.Position, Body: body, Recorded: recorded, Written: now, Reconstructed: recorded.Before(now)})
	}
	return out, erase, nil
}

// check looks at the ground and the request.
func (x *Erasure) check(now time.Time) error {
	if len(x.Of) == 0 {
		return refuse("nothing is named that is to be erased", "Choose at least one field of one entry")
	}
	if _, ok := kind.GroundOf(kind.Erasing, x.Ground); !ok {
		what := "an erasure needs a ground in law"
		if x.Ground != "" {
			what = fmt.Sprintf("%q is no ground on which content is erased", x.Ground)
		}
		return refuse(what, "Give one of "+codes(kind.Erasing))
	}
	if strings.TrimSpace(x.Reason) == "" {
		return refuse("an erasure needs its reason", "Say why: it stays in the record when the content is gone")
	}
	if _, ok := kind.GroundOf(kind.Askers, x.Asked); !ok && x.Asked != "" {
		return refuse(fmt.Sprintf("%q is nobody who asks for an erasure", x.Asked), "Give one of "+codes(kind.Askers)+", or leave it out")
	}
	if x.AskedOn.First > fact.DayIn(now) {
		return refuse(fmt.Sprintf("it cannot have been asked for on a day that has not come yet (%s)", x.AskedOn.Words()), "Check the date")
	}
	return nil
}

func codes(list []kind.Ground) string {
	var out []string
	for _, g := range list {
		out = append(out, g.Code)
	}
	return strings.Join(out, ", ")
}

// part looks at what is to go of one entry.
func (x *Erasure) part(g *graph.Graph, p Part) (fact.Key, error) {
	key, v, ok := g.Entry(p.Position)
	if !ok {
		return key, refuse(fmt.Sprintf("there is no entry %d that says something of a record", p.Position), fmt.Sprintf("Entries are numbered from 1 to %d; `plumbline history` shows those of one record", g.Size()))
	}
	if v.Op != fact.Assert && v.Op != fact.End {
		return key, refuse(fmt.Sprintf("entry %d is itself the note of an erasure", p.Position), "")
	}
	stated := v.Record.Stated()
	names := p.Fields
	if len(names) == 0 {
		names = stated
	}
	left := 0
	for _, name := range names {
		switch says, state := v.Record.Says(name); {
		case !slices.Contains(stated, name):
			return key, refuse(fmt.Sprintf("entry %d says nothing of %q", p.Position, name), "It says something of "+strings.Join(stated, ", "))
		case state == graph.Erased:
			continue
		default:
			left++
			if word := repeats(x.Reason, append(says, v.Record.Show(name))...); word != "" {
				return key, refuse(fmt.Sprintf("the reason says %q, which stands in what is to be erased of entry %d, and the reason stays in the record", word, p.Position), "Say it without: name the request by its number")
			}
		}
	}
	if left == 0 {
		return key, refuse(fmt.Sprintf("there is nothing left in entry %d to erase", p.Position), "It was erased before; look at its page")
	}
	return key, nil
}

func (x *Erasure) body(fields []string) fact.Body {
	body := fact.Body{{Name: "ground", Value: kind.Quote(x.Ground)}, {Name: "reason", Value: kind.Quote(strings.TrimSpace(x.Reason))}}
	state := func(name, value string) {
		if value != "" {
			body = append(body, fact.Field{Name: name, Value: kind.Quote(value)})
		}
	}
	state("asked", x.Asked)
	if !x.AskedOn.IsZero() {
		state("asked_on", x.AskedOn.String())
	}
	if x.First != 0 {
		state("removed_on", x.First.String())
	}
	if len(fields) > 0 {
		quoted := make([]string, len(fields))
		for i, f := range fields {
			quoted[i] = kind.Quote(f)
		}
		body = append(body, fact.Field{Name: "fields", Value: "[" + strings.Join(quoted, ",") + "]"})
	}
	body.Sort()
	return body
}

// shortest is how many letters a word has that tells of anybody.
const shortest = 3

// repeats gives what a text says of what is to be erased, or nothing: a whole value, a word of a name, or three words of a longer text in their order.
func repeats(text string, values ...string) string {
	said := words(text)
	for _, value := range values {
		is := words(value)
		long := 3
		if len(is) <= 5 { // a name, and not a sentence
			long = 1
		}
		for i := 0; i+long <= len(is); i++ {
			run := is[i : i+long]
			if long == 1 && !tells(run[0], value) {
				continue
			}
			if at := indexRun(said, run); at >= 0 {
				return strings.Join(run, " ")
			}
		}
		if len(is) > 0 && len(is) < long && indexRun(said, is) >= 0 {
			return strings.Join(is, " ")
		}
	}
	return ""
}

// tells reports whether a word of a short value says who or what is meant: it is long enough, and is all of the value or written as a name is.
func tells(word, value string) bool {
	if utf8.RuneCountInString(word) < shortest {
		return false
	}
	all := split(value)
	if len(all) == 1 {
		return true
	}
	return slices.ContainsFunc(all, func(w string) bool {
		r, _ := utf8.DecodeRuneInString(w)
		return strings.ToLower(w) == word && !unicode.IsLower(r)
	})
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '@' })
}

func words(s string) []string { return split(strings.ToLower(s)) }

// indexRun finds words that follow one another.
func indexRun(all, run []string) int {
	for i := 0; i+len(run) <= len(all); i++ {
		if slices.Equal(all[i:i+len(run)], run) {
			return i
		}
	}
	return -1
}

// Words gives the texts that an erasure takes away, so that they can be removed from wherever else they lie. Choices, dates and numbers say nothing by themselves.
func (b *Book) Words(x *Erasure) (out []string) {
	for _, p := range x.Of {
		_, v, ok := b.Entry(p.Position)
		if !ok {
			continue
		}
		for _, name := range v.Record.Stated() {
			if len(p.Fields) > 0 && !slices.Contains(p.Fields, name) {
				continue
			}
			if f := v.Record.Kind().Field(name); f != nil && !slices.Contains([]kind.Type{kind.Text, kind.LongText, kind.Email, kind.Link, kind.File}, f.Type) || slices.Contains(standing, name) {
				continue
			}
			if says, state := v.Record.Says(name); state == graph.Known {
				out = append(out, says...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// standing says who may see a record, which is not about anybody.
var standing = []string{"visibility"}

// Repeats gives what the reason of an erasure says of what is to be erased, or nothing.
func (b *Book) Repeats(x *Erasure) string {
	for _, p := range x.Of {
		_, v, ok := b.Entry(p.Position)
		if !ok {
			continue
		}
		names := p.Fields
		if len(names) == 0 {
			names = v.Record.Stated()
		}
		for _, name := range names {
			if says, state := v.Record.Says(name); state == graph.Known {
				if word := repeats(x.Reason, append(says, v.Record.Show(name))...); word != "" {
					return word
				}
			}
		}
	}
	return ""
}
