package exchange

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// parse reads the cells of each row as what their columns hold. References are left as they are written.
func (im *importer) parse() {
	for i := range im.Sheets {
		s := &im.Sheets[i]
		if s.Kind == nil {
			continue
		}
		for _, l := range s.from.rows[s.head+1:] {
			r := &row{sheet: s, line: l}
			im.rows = append(im.rows, r)
			id := r.column(idColumn)
			if id >= 0 {
				im.cell(r, id)
			}
			for column := range s.Columns {
				if column != id {
					im.cell(r, column)
				}
			}
			if r.from != nil && r.until != nil {
				if err := (fact.Span{From: *r.from, Until: *r.until}).Check(); err != nil {
					r.problem(r.column(untilColumn), "It is before the first day", "Check both days")
				}
			}
		}
	}
}

func (im *importer) cell(r *row, column int) {
	name, e := r.sheet.Columns[column].Field, r.line.at(column)
	switch {
	case name == "" || blank(e.text) || e.text == notCertain || e.text == erased || slices.Contains(im.Empty, strings.TrimSpace(e.text)):
		return
	case e.is == isBroken && strings.HasPrefix(e.text, "="):
		r.problem(column, "This is a formula whose result is not in the file", "Open the file in a spreadsheet program and save it, or write the value")
		return
	case e.is == isBroken:
		r.problem(column, "The spreadsheet shows an error here", "Correct the formula, or write the value")
		return
	case strings.ContainsRune(e.text, '\ufffd'):
		r.problem(column, "A letter in it could not be read", "Write it again, or save the file as .xlsx or as CSV in UTF-8")
		return
	}
	nothing := strings.TrimSpace(e.text) == cleared
	e.text = literal(e.text)
	switch name {
	case idColumn:
		id := strings.TrimSpace(e.text)
		if err := fact.CheckID(strings.TrimPrefix(id, "~")); err != nil || nothing || e.is == isDate {
			do := "Leave it empty, or use letters, digits, dots and dashes, beginning with a letter or digit"
			if slug := kind.Slug(id); slug != "" {
				do = fmt.Sprintf("Leave it empty, or write “%s”", slug)
			}
			r.problem(column, "This cannot be an id", do)
			return
		}
		r.key = fact.Key{Kind: r.sheet.Kind.Name, ID: fact.ID(id)}
	case fromColumn, untilColumn:
		d := &fact.Date{}
		if !nothing {
			read, ok := readDate(e)
			if !ok {
				r.notDate(column, e)
				return
			}
			d = &read
		}
		if name == fromColumn {
			r.from = d
		} else {
			r.until = d
		}
	default:
		f := r.sheet.Kind.Field(name)
		g := given{field: f, at: column}
		switch {
		case nothing && f.Required:
			r.problem(column, "It cannot be left without a value", "Write the value, or leave the cell empty to keep what is recorded")
			return
		case nothing:
		case f.Many:
			g.texts = split(e.text)
		default:
			g.texts = []string{e.text}
		}
		if f.Type != kind.Reference && !im.values(r, &g, e) {
			return
		}
		r.given = append(r.given, g)
	}
}

func (r *row) notDate(column int, e entry) {
	do := "Use day month year, for example 28 2 2015"
	if d, ok := (&xlsxReader{from: serialZero}).day(float64(serial(e.text))); ok && serial(e.text) > 9999 {
		do = fmt.Sprintf("If it means %s, write that", d.Words())
	}
	r.problem(column, "Must be a real date", do)
}

// serial reads what a spreadsheet shows of a date that it does not know for one.
func serial(s string) (n int) {
	if len(s) != 5 || !isDigits(s) {
		return 0
	}
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

// values reads a field that is no reference.
func (im *importer) values(r *row, g *given, e entry) bool {
	f := g.field
	list := make([]string, 0, len(g.texts))
	for _, text := range g.texts {
		j, wrong, do := im.value(f, text, e)
		switch {
		case wrong == "" && slices.Contains(list, j):
			wrong, do = fmt.Sprintf("“%s” is there twice", clipped(text)), "Keep one of the two"
		case wrong != "" && im.stands(r, f, e.text):
			return false
		case wrong != "" && len(g.texts) > 1:
			wrong = fmt.Sprintf("“%s”: %s", clipped(text), wrong)
		}
		if wrong != "" {
			if slices.Contains(placeholders, folded(text)) {
				do = leaveEmpty
			}
			r.problem(g.at, wrong, do)
			return false
		}
		list = append(list, j)
	}
	g.json = listed(f, list)
	return true
}

// stands reports whether a cell is as the record has it: what was taken out of the record is never wrong.
func (im *importer) stands(r *row, f *kind.Field, text string) bool {
	was := im.v.Record(r.key)
	return was != nil && was.Kind() == r.sheet.Kind && valueCell(was, f, func(_ *kind.Field, v string) string { return v }).Text == text
}

// listed writes values as the field holds them.
func listed(f *kind.Field, values []string) string {
	switch {
	case len(values) == 0:
		return ""
	case f.Many:
		return "[" + strings.Join(values, ",") + "]"
	}
	return values[0]
}

// value reads one value.
func (im *importer) value(f *kind.Field, text string, e entry) (j, wrong, do string) {
	switch {
	case f.Type == kind.Date:
		d, ok := readDate(entry{text, e.is})
		if !ok {
			return "", "Must be a real date", "Use day month year, for example 28 2 2015"
		}
		return kind.Quote(d.String()), "", ""
	case e.is == isDate:
		return "", "The spreadsheet has made a date of this", "Format the cell as text, and write it again"
	case f.Type == kind.YesNo:
		switch folded(text) {
		case "yes", "y", "true", "1":
			return "true", "", ""
		case "no", "n", "false", "0":
			return "false", "", ""
		}
		return "", "Must be yes or no", "Write yes or no"
	case f.Type == kind.Choice:
		var words []string
		known := slices.Concat(f.Choices, im.kinds.Codes(f.Codes))
		for _, v := range known {
			if strings.EqualFold(v, strings.TrimSpace(text)) {
				return kind.Quote(v), "", ""
			}
		}
		for _, v := range known {
			said := say(im.pack, known, f, v)
			if folded(v) == folded(text) || folded(said) == folded(text) {
				return kind.Quote(v), "", ""
			}
			words = append(words, said)
		}
		if j, wrong := im.kinds.Answer(f, strings.TrimSpace(text)); wrong == "" {
			return j, "", "" // other words may be written, or the law packs do not say which there are
		}
		otherwise := "Choose one from the list in the template"
		if len(words) <= 10 {
			otherwise = "Write " + or(words)
		}
		return "", "Is not one of the choices", im.instead(text, words, otherwise)
	}
	j, wrong = im.kinds.Answer(f, text)
	wrong, do, ok := strings.Cut(wrong, ", like ")
	if ok {
		return "", report.Capital(wrong), "For example " + do
	}
	if what, what2do, ok := strings.Cut(wrong, ". "); ok {
		return "", report.Capital(what), what2do
	}
	if wrong != "" {
		return "", report.Capital(wrong), "Shorten or correct it"
	}
	return j, "", ""
}

// maxTried is how many names are compared with what was written before no more suggestions are made: nobody reads thousands of them.
const maxTried = 500_000

// instead says which of some names may have been meant.
func (im *importer) instead(text string, names []string, otherwise string) string {
	if im.tried += len(names); im.tried <= maxTried {
		if n := likely(text, names); n != "" {
			return fmt.Sprintf("Did you mean %s?", n)
		}
	}
	return otherwise
}

func or(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// likely gives the name that was probably meant: the one that is nearest in its letters, or the only one whose words begin as those written.
func likely(text string, names []string) (found string) {
	slug := kind.Slug(text)
	if len(slug) < 3 {
		return "" // anything is near
	}
	if n := kind.Nearest(text, names); n != "" {
		return n
	}
	for _, n := range names {
		rest := strings.Split(slug, "-")
		for w := range strings.SplitSeq(kind.Slug(n), "-") {
			if len(rest) > 0 && strings.HasPrefix(w, rest[0]) {
				rest = rest[1:]
			}
		}
		if len(rest) > 0 {
			continue
		}
		if found != "" && kind.Slug(found) != kind.Slug(n) {
			return ""
		}
		if found == "" {
			found = n
		}
	}
	return found
}

// split cuts a cell into the items of a list: at semicolons and line breaks, but for those between quotation marks.
func split(s string) (items []string) {
	for s = strings.TrimSpace(s); s != ""; {
		var item string
		if rest, ok := strings.CutPrefix(s, `"`); ok {
			item, s = quoted(rest)
		} else {
			i := strings.IndexAny(s, ";\n")
			if i < 0 {
				i = len(s)
			}
			item, s = s[:i], s[i:]
		}
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
		s = strings.TrimLeft(s, "; \n\t")
	}
	return items
}

// quoted cuts off what stands before a closing quotation mark, two of which stand for one.
func quoted(s string) (item, rest string) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return b.String() + s, ""
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		if !strings.HasPrefix(s, `"`) {
			return b.String(), s
		}
		b.WriteByte('"')
		s = s[1:]
	}
}
