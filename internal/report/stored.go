package report

import (
	"bytes"
	"encoding/json"
	"fmt"

	"plumbline/internal/fact"
)

// A document that was issued is kept as JSON, so that later versions show what it said. A name in it, once used, is a promise: add, never rename.

// storedDocument is a document as it is kept.
type storedDocument struct {
	Title      string          `json:"title"`
	Dates      string          `json:"dates,omitempty"`
	Lead       []string        `json:"lead,omitempty"`
	Council    string          `json:"council,omitempty"`
	Mark       string          `json:"mark,omitempty"`
	Numbered   bool            `json:"numbered,omitempty"`
	Letterhead *Letterhead     `json:"letterhead,omitempty"`
	Sections   []storedSection `json:"sections"`
	Appendices []storedSection `json:"appendices,omitempty"`
}

type storedSection struct {
	Title  string        `json:"title,omitempty"`
	Blocks []storedBlock `json:"blocks"`
}

// storedBlock is a block: one of its fields.
type storedBlock struct {
	Para       *string        `json:"para,omitempty"`
	Gap        *string        `json:"gap,omitempty"`
	Noted      *Noted         `json:"noted,omitempty"`
	Cited      *storedCited   `json:"cited,omitempty"`
	Lettered   []string       `json:"lettered,omitempty"`
	List       []string       `json:"list,omitempty"`
	Steps      []string       `json:"steps,omitempty"`
	Table      *storedTable   `json:"table,omitempty"`
	Bars       *Bars          `json:"bars,omitempty"`
	Chart      *Chart         `json:"chart,omitempty"`
	Subsection *storedSection `json:"subsection,omitempty"`
}

type storedCited struct {
	Number int      `json:"number"`
	Text   string   `json:"text"`
	Notes  []string `json:"notes,omitempty"`
	About  []string `json:"about,omitempty"`
}

type storedTable struct {
	Caption string     `json:"caption,omitempty"`
	Head    []string   `json:"head"`
	Rows    [][]string `json:"rows"`
	Headed  bool       `json:"headed,omitempty"`
	Figures []int      `json:"figures,omitempty"`
}

// Store writes a document as it is kept: the same document gives the same bytes. Of cells that lead to a record the words are kept.
func Store(d Document) ([]byte, error) {
	s := storedDocument{d.Title, d.Dates, d.Lead, d.Council, d.Mark, d.Numbered, d.Letterhead, storeSections(d.Sections), storeSections(d.Appendices)}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(s); err != nil {
		return nil, fmt.Errorf("write document: %w", err)
	}
	return b.Bytes(), nil
}

// Stored reads a document that was kept. It is a fact.ErrCorrupt if the bytes are none, or hold a block that this version does not know.
func Stored(b []byte) (Document, error) {
	var s storedDocument
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Document{}, fmt.Errorf("read document: %v: %w", err, fact.ErrCorrupt)
	}
	out := Document{Title: s.Title, Dates: s.Dates, Lead: s.Lead, Council: s.Council, Mark: s.Mark, Numbered: s.Numbered, Letterhead: s.Letterhead}
	var err error
	if out.Sections, err = storedSections(s.Sections); err != nil {
		return Document{}, err
	}
	out.Appendices, err = storedSections(s.Appendices)
	return out, err
}

func storeSections(all []Section) (out []storedSection) {
	for _, s := range all {
		out = append(out, storeSection(s))
	}
	return out
}

func storeSection(s Section) storedSection {
	out := storedSection{Title: s.Title, Blocks: []storedBlock{}}
	for _, b := range s.Blocks {
		if !empty(b) {
			out.Blocks = append(out.Blocks, storeBlock(b))
		}
	}
	return out
}

// empty reports whether a block is a list of nothing.
func empty(b Block) bool {
	switch b := b.(type) {
	case List:
		return len(b) == 0
	case Lettered:
		return len(b) == 0
	case Steps:
		return len(b) == 0
	}
	return false
}

func storeBlock(b Block) (out storedBlock) {
	switch b := b.(type) {
	case Para:
		out.Para = (*string)(&b)
	case Gap:
		out.Gap = (*string)(&b)
	case Noted:
		out.Noted = &b
	case Cited:
		c := storedCited{b.Number, b.Text, b.Notes, nil}
		for _, k := range b.About {
			c.About = append(c.About, k.String())
		}
		out.Cited = &c
	case Lettered:
		out.Lettered = b
	case List:
		out.List = b
	case Steps:
		out.Steps = b
	case Table:
		t := storedTable{b.Caption, b.Head, [][]string{}, b.Headed, b.Figures}
		for _, r := range b.Rows {
			row := make([]string, len(r))
			for i, c := range r {
				row[i] = c.Text
			}
			t.Rows = append(t.Rows, row)
		}
		out.Table = &t
	case Bars:
		out.Bars = &b
	case Chart:
		out.Chart = &b
	case Subsection:
		s := storeSection(Section(b))
		out.Subsection = &s
	}
	return out
}

func storedSections(all []storedSection) (out []Section, err error) {
	for _, s := range all {
		one, err := s.section()
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (s storedSection) section() (Section, error) {
	out := Section{Title: s.Title}
	for _, b := range s.Blocks {
		block, err := b.block()
		if err != nil {
			return Section{}, err
		}
		out.Blocks = append(out.Blocks, block)
	}
	return out, nil
}

func (b storedBlock) block() (Block, error) {
	switch {
	case b.Para != nil:
		return Para(*b.Para), nil
	case b.Gap != nil:
		return Gap(*b.Gap), nil
	case b.Noted != nil:
		return *b.Noted, nil
	case b.Cited != nil:
		c := Cited{Number: b.Cited.Number, Text: b.Cited.Text, Notes: b.Cited.Notes}
		for _, s := range b.Cited.About {
			k, err := fact.ParseKey(s)
			if err != nil {
				return nil, fmt.Errorf("read document: paragraph %d: %v: %w", c.Number, err, fact.ErrCorrupt)
			}
			c.About = append(c.About, k)
		}
		return c, nil
	case b.Lettered != nil:
		return Lettered(b.Lettered), nil
	case b.List != nil:
		return List(b.List), nil
	case b.Steps != nil:
		return Steps(b.Steps), nil
	case b.Table != nil:
		t := Table{Caption: b.Table.Caption, Head: b.Table.Head, Headed: b.Table.Headed, Figures: b.Table.Figures}
		for _, r := range b.Table.Rows {
			t.Rows = append(t.Rows, cells(r...))
		}
		return t, nil
	case b.Bars != nil:
		return *b.Bars, nil
	case b.Chart != nil:
		return *b.Chart, nil
	case b.Subsection != nil:
		s, err := b.Subsection.section()
		return Subsection(s), err
	}
	return nil, fmt.Errorf("read document: there is an empty block: %w", fact.ErrCorrupt)
}
