package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"plumbline/internal/fact"
)

// A spreadsheet file is a zip of XML. It is read by hand, and not by the library that writes it, because it comes from outside: here every
// step is bounded, a formula without its result is noticed, and what a cell shows (a date, a month, a percentage) is known.
const (
	maxParts    = 2_000    // in the zip
	maxInflated = 64 << 20 // bytes, of all that is read
	maxStretch  = 1 << 20  // bytes between one tag and the next
	maxSheets   = 50
)

// readXLSX reads the sheets of a workbook that are to be seen.
func readXLSX(b []byte) ([]sheet, *Problem) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(z.File) > maxParts {
		return nil, damaged("")
	}
	x := &xlsxReader{parts: map[string]*zip.File{}, left: maxInflated}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		switch {
		case path.Base(name) == "vbaproject.bin" || strings.HasPrefix(name, "xl/macrosheets/"):
			return nil, &Problem{Wrong: "The file holds macros, which are programs", Do: "Save it as .xlsx without macros, and upload that"}
		case strings.HasPrefix(name, "xl/externallinks/"):
			return nil, &Problem{Wrong: "The file takes values from another file", Do: "Replace the formulas that do so by their values (copy, then paste as values), and break the links under Data"}
		case name == "mimetype":
			return nil, &Problem{Wrong: "The file is an OpenDocument file", Do: "Save it as .xlsx or as CSV, and upload that"}
		}
		x.parts[name] = f
	}
	if x.parts["xl/workbook.xml"] == nil {
		if x.parts["[content_types].xml"] != nil && x.parts["xl/workbook.bin"] == nil {
			return nil, &Problem{Wrong: "The file is a document, and no spreadsheet", Do: "Check that it is the right file"}
		}
		return nil, damaged("")
	}
	sheets, err := x.book()
	var p *Problem
	switch {
	case errors.As(err, &p):
		return nil, p
	case errors.Is(err, errTooMuch):
		return nil, &Problem{Wrong: fmt.Sprintf("The file unpacks to more than %d MB", maxInflated>>20), Do: "Remove the sheets and columns that are not needed, or save the sheet that matters as CSV"}
	case err != nil:
		return nil, damaged("")
	case len(sheets) == 0:
		return nil, &Problem{Wrong: "There is nothing in the file", Do: "Check that it is the right file"}
	}
	return sheets, nil
}

func damaged(name string) *Problem {
	where := "The file"
	if name != "" {
		where = fmt.Sprintf("The sheet “%s”", name)
	}
	return &Problem{Wrong: where + " cannot be read: it is damaged, or no spreadsheet", Do: "Open it in a spreadsheet program, save it as .xlsx and upload that"}
}

var (
	errTooMuch = errors.New("too much")
	errFormat  = errors.New("not a spreadsheet")
)

type xlsxReader struct {
	parts   map[string]*zip.File // by name in small letters, with which programs are not careful
	left    int64                // bytes that may still be unpacked
	strings []string
	looks   []look
	from    fact.Day // day 0
	cells   int
}

// look is what a cell shows of a number.
type look uint8

const (
	general look = iota
	dayLook
	monthLook
	yearLook
	percentLook
)

// book reads the parts in the order in which they are needed.
func (x *xlsxReader) book() ([]sheet, error) {
	targets := map[string]string{}
	err := x.scan("xl/_rels/workbook.xml.rels", func(t xml.StartElement, _ *xmlReader) error {
		if t.Name.Local == "Relationship" {
			to := attr(t, "Target")
			if !strings.HasPrefix(to, "/") {
				to = "xl/" + to
			}
			targets[attr(t, "Id")] = strings.ToLower(strings.TrimPrefix(path.Clean(to), "/"))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	type tab struct{ name, part string }
	var tabs []tab
	x.from = serialZero
	err = x.scan("xl/workbook.xml", func(t xml.StartElement, _ *xmlReader) error {
		switch t.Name.Local {
		case "workbookPr":
			if v := attr(t, "date1904"); v == "1" || v == "true" {
				x.from = fact.DayOf(1904, 1, 1)
			}
		case "sheet":
			if state := attr(t, "state"); state == "" || state == "visible" {
				tabs = append(tabs, tab{attr(t, "name"), targets[attr(t, "id")]})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(tabs) > maxSheets {
		return nil, &Problem{Wrong: fmt.Sprintf("The file has more than %d sheets", maxSheets), Do: "Remove those that are not needed"}
	}
	if err := x.sharedStrings(); err != nil {
		return nil, err
	}
	if err := x.styles(); err != nil {
		return nil, err
	}
	var sheets []sheet
	for _, tab := range tabs {
		if strings.EqualFold(tab.name, aboutSheet) {
			continue
		}
		t := taker{sheet: sheet{name: tab.name}, cells: &x.cells}
		if err := x.sheet(tab.part, &t); err != nil {
			var p *Problem
			if errors.As(err, &p) || errors.Is(err, errTooMuch) {
				return nil, err
			}
			return nil, damaged(tab.name)
		}
		if len(t.rows) > 0 {
			sheets = append(sheets, t.sheet)
		}
	}
	return sheets, nil
}

// xmlReader gives the tags and texts of a part, without what they mean to XML: names are taken as they are written, without their
// namespace, and no entity is looked up.
type xmlReader struct{ *xml.Decoder }

// open begins to read a part. A part that is not there is empty.
func (x *xlsxReader) open(part string) (*xmlReader, io.Closer, error) {
	f := x.parts[part]
	if f == nil {
		return &xmlReader{xml.NewDecoder(strings.NewReader(""))}, io.NopCloser(nil), nil
	}
	if f.UncompressedSize64 > uint64(x.left) {
		return nil, nil, errTooMuch
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	d := xml.NewDecoder(&bounded{r: r, left: &x.left})
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errFormat }
	return &xmlReader{d}, r, nil
}

// bounded refuses more than may be unpacked, and a tag or text that has no end.
type bounded struct {
	r       io.Reader
	left    *int64
	stretch int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if *b.left -= int64(n); *b.left < 0 {
		return 0, errTooMuch
	}
	if i := bytes.LastIndexByte(p[:n], '<'); i >= 0 {
		b.stretch = n - i
	} else if b.stretch += n; b.stretch > maxStretch {
		return 0, errTooMuch
	}
	return n, err
}

// scan calls visit for each tag that opens in a part.
func (x *xlsxReader) scan(part string, visit func(xml.StartElement, *xmlReader) error) error {
	r, c, err := x.open(part)
	if err != nil {
		return err
	}
	defer c.Close()
	for {
		t, err := r.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if t, ok := t.(xml.StartElement); ok {
			if err := visit(t, r); err != nil {
				return err
			}
		}
	}
}

// text reads on to the end of an element, and gives what stands in its texts t, those apart that only say how to pronounce it.
func (r *xmlReader) text(until string) (string, error) {
	var b strings.Builder
	in, skip := false, false
	for {
		t, err := r.RawToken()
		if err != nil {
			return "", errors.Join(err, errFormat)
		}
		switch t := t.(type) {
		case xml.StartElement:
			in = in || t.Name.Local == "t"
			skip = skip || t.Name.Local == "rPh"
		case xml.CharData:
			if in && !skip {
				b.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case until:
				return strings.ReplaceAll(unescaped(b.String()), "\r\n", "\n"), nil
			case "t":
				in = false
			case "rPh":
				skip = false
			}
		}
		if b.Len() > maxStretch {
			return "", errTooMuch
		}
	}
}

// chars reads on to the end of an element that holds only text.
func (r *xmlReader) chars(until string) (string, error) {
	var b strings.Builder
	for {
		t, err := r.RawToken()
		if err != nil {
			return "", errors.Join(err, errFormat)
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			if t.Name.Local == until {
				return b.String(), nil
			}
		}
		if b.Len() > maxStretch {
			return "", errTooMuch
		}
	}
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// escaped is a character that XML cannot hold, by its number.
var escaped = regexp.MustCompile(`(?:_x[0-9A-Fa-f]{4}_)+`)

func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(s string) string {
		var units []uint16
		for ; s != ""; s = s[7:] {
			n, _ := strconv.ParseUint(s[2:6], 16, 16) // the pattern lets nothing else through
			units = append(units, uint16(n))
		}
		return string(utf16.Decode(units))
	})
}

func (x *xlsxReader) sharedStrings() error {
	return x.scan("xl/sharedstrings.xml", func(t xml.StartElement, r *xmlReader) error {
		if t.Name.Local != "si" {
			return nil
		}
		if len(x.strings) == maxCells {
			return errTooMuch
		}
		s, err := r.text("si")
		x.strings = append(x.strings, s)
		return err
	})
}

// styles reads what the cells of each style show.
func (x *xlsxReader) styles() error {
	codes := map[string]string{}
	in := false
	return x.scan("xl/styles.xml", func(t xml.StartElement, _ *xmlReader) error {
		switch t.Name.Local {
		case "numFmt":
			codes[attr(t, "numFmtId")] = attr(t, "formatCode")
		case "cellXfs":
			in = true
		case "cellStyles", "dxfs", "cellStyleXfs":
			in = false
		case "xf":
			if in && len(x.looks) < 1<<16 {
				id := attr(t, "numFmtId")
				n, _ := strconv.Atoi(id) // a number that is none is 0, the general format
				x.looks = append(x.looks, lookOf(n, codes[id]))
			}
		}
		return nil
	})
}

// unspoken is what a format shows as it stands, or uses for colours and conditions.
var unspoken = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

func lookOf(id int, code string) look {
	switch {
	case code != "":
		code, _, _ = strings.Cut(unspoken.ReplaceAllString(strings.ToLower(code), ""), ";")
		switch {
		case strings.Contains(code, "general"):
			return general
		case strings.Contains(code, "d"):
			return dayLook
		case strings.Contains(code, "y") && strings.Contains(code, "m"):
			return monthLook
		case strings.Contains(code, "y"):
			return yearLook
		case strings.Contains(code, "%"):
			return percentLook
		}
		return general
	case id == 17:
		return monthLook
	case id >= 14 && id <= 16, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return dayLook
	case id == 9 || id == 10:
		return percentLook
	}
	return general
}

func (x *xlsxReader) sheet(part string, t *taker) error {
	row, column := 0, 0
	var l line
	flush := func() error {
		if p := t.take(l); p != nil {
			return p
		}
		return nil
	}
	err := x.scan(part, func(e xml.StartElement, r *xmlReader) error {
		switch e.Name.Local {
		case "row":
			if err := flush(); err != nil {
				return err
			}
			next := row + 1
			if s := attr(e, "r"); s != "" {
				n, err := strconv.Atoi(s)
				if err != nil || n < next || n > 1<<20 {
					return errFormat
				}
				next = n
			}
			row, column, l = next, 0, line{number: next}
		case "c":
			if s := attr(e, "r"); s != "" {
				n, ok := columnOf(s)
				if !ok {
					return errFormat
				}
				column = n
			}
			c, err := x.cell(e, r)
			if err != nil {
				return err
			}
			if row == 0 {
				return errFormat
			}
			if !blank(c.text) {
				l.put(min(column, MaxCols), c) // one more than may be, so that it is noticed
			}
			column++
		}
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// columnOf gives the column of a cell, from 0: 1 of B7.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := range len(ref) {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			return n - 1, i > 0
		}
		if n = n*26 + int(c-'A') + 1; n > 1<<14 {
			return 0, false
		}
	}
	return 0, false
}

// cell reads one cell to its end.
func (x *xlsxReader) cell(e xml.StartElement, r *xmlReader) (entry, error) {
	var value, formula, inline string
	var has, computed bool
	for {
		t, err := r.RawToken()
		if err != nil {
			return entry{}, errors.Join(err, errFormat)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				has = true
				value, err = r.chars("v")
			case "f":
				computed = true
				formula, err = r.chars("f")
			case "is":
				inline, err = r.text("is")
			}
			if err != nil {
				return entry{}, err
			}
		case xml.EndElement:
			if t.Name.Local != "c" {
				continue
			}
			if computed && !has {
				return entry{"=" + formula, isBroken}, nil
			}
			if attr(e, "t") == "inlineStr" {
				return entry{text: inline}, nil
			}
			return x.value(value, attr(e, "t"), attr(e, "s"))
		}
	}
}

// value gives what a cell shows.
func (x *xlsxReader) value(v, of, style string) (entry, error) {
	switch of {
	case "s":
		n, err := strconv.Atoi(v)
		if v == "" {
			return entry{}, nil
		}
		if err != nil || n < 0 || n >= len(x.strings) {
			return entry{}, errFormat
		}
		return entry{text: x.strings[n]}, nil
	case "str":
		return entry{text: unescaped(v)}, nil
	case "e":
		return entry{v, isBroken}, nil
	case "b":
		return entry{text: yesNo(v == "1" || v == "true")}, nil
	case "d":
		d, _, _ := strings.Cut(v, "T")
		return entry{d, isDate}, nil
	case "", "n":
	default:
		return entry{}, errFormat
	}
	if v == "" {
		return entry{}, nil
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return entry{}, errFormat
	}
	var shows look
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(x.looks) {
		shows = x.looks[i]
	}
	switch shows {
	case percentLook:
		return entry{plainFloat(n*100) + "%", isNumber}, nil
	case dayLook, monthLook, yearLook:
		if d, ok := x.day(n); ok {
			return entry{d.String()[:map[look]int{dayLook: 10, monthLook: 7, yearLook: 4}[shows]], isDate}, nil
		}
	}
	return entry{plainFloat(n), isNumber}, nil
}

// day gives the day of a serial number. Those before March 1900 are out by one, and a time without a day has none.
func (x *xlsxReader) day(n float64) (fact.Day, bool) {
	const last = 2_958_465 // 31 December 9999
	if n < 1 || n > last {
		return 0, false
	}
	d := x.from + fact.Day(n)
	if x.from == serialZero && d < firstSerial {
		d++
	}
	return d, true
}

// plainFloat writes a number as people do, without the noise that counting in twos leaves behind the fifteenth digit.
func plainFloat(n float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		rounded = n
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
