package desk

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
)

// The types of files that are kept. Text is also what CSV, Markdown and email messages are.
const (
	PDF  = "application/pdf"
	Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	Text = "text/plain"
	PNG  = "image/png"
	JPEG = "image/jpeg"

	spreadsheet  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	presentation = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	openText     = "application/vnd.oasis.opendocument.text"
	openSheet    = "application/vnd.oasis.opendocument.spreadsheet"
)

// beginnings are how files of types begin that can be told by that.
var beginnings = []struct{ bytes, of string }{{"%PDF-", PDF}, {"\x89PNG\r\n\x1a\n", PNG}, {"\xff\xd8\xff", JPEG}}

// packedParts are the parts by which a packed file is told. A part comes in it only once: one that holds what two types do is of neither.
var packedParts = map[string]string{"word/document.xml": Word, "xl/workbook.xml": spreadsheet, "ppt/presentation.xml": presentation}

// endings are those that a file of a type may have. The first is given to one that has none of them.
var endings = map[string][]string{
	PDF: {".pdf"}, Word: {".docx"}, spreadsheet: {".xlsx"}, presentation: {".pptx"}, openText: {".odt"}, openSheet: {".ods"},
	Text: {".txt", ".csv", ".md", ".eml"}, PNG: {".png"}, JPEG: {".jpg", ".jpeg"},
}

// TypeOf gives the type of a file by what is in it, whatever it is called; ok is false for one of a type that is not kept: a program, a page, a document with macros.
func TypeOf(content []byte) (of string, ok bool) {
	for _, b := range beginnings {
		if bytes.HasPrefix(content, []byte(b.bytes)) {
			return b.of, true
		}
	}
	if bytes.HasPrefix(content, []byte("PK")) {
		of = packedType(content)
		return of, of != ""
	}
	return Text, plain(content)
}

// maxUnpacked is how large a packed file may be once it is unpacked, in bytes, by what it says itself: one that says more is made to fill the memory of whoever opens it.
const maxUnpacked = 50 * MaxKept

// packedType gives the type of a packed file, or nothing.
func packedType(content []byte) (of string) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return ""
	}
	left := uint64(maxUnpacked)
	for i, f := range z.File {
		if f.UncompressedSize64 > left {
			return ""
		}
		left -= f.UncompressedSize64
		is := packedParts[f.Name]
		switch {
		case strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin") || strings.HasPrefix(f.Name, "Basic/") || strings.HasPrefix(f.Name, "Scripts/"):
			return "" // macros
		case i == 0 && f.Name == "mimetype":
			is = openType(f)
		}
		if is != "" {
			if of != "" {
				return ""
			}
			of = is
		}
	}
	return of
}

// openType gives the type that an OpenDocument file says it is of, if it is one that is kept.
func openType(f *zip.File) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	const most = 100 // bytes
	b, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil || !slices.Contains([]string{openText, openSheet}, string(b)) {
		return ""
	}
	return string(b)
}

// plain reports whether a file is text: it has no control characters but those of lines and pages, and is no page, drawing or program for an interpreter.
func plain(content []byte) bool {
	if bytes.ContainsFunc(content, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\r\n\f", r) || r == '\x7f' }) {
		return false
	}
	start := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(content[:min(len(content), 512)], []byte("\ufeff")))))
	return !slices.ContainsFunc([]string{"<", "#!", "{\\rtf"}, func(active string) bool { return strings.HasPrefix(start, active) })
}

// NameOf gives the name under which a file is handed out: the one that it came with, with an ending that its type has, so that nothing opens it as something else.
func NameOf(name, of string) string {
	allowed := endings[of]
	if len(allowed) == 0 || slices.ContainsFunc(allowed, func(e string) bool { return strings.HasSuffix(strings.ToLower(name), e) }) {
		return name
	}
	return name + allowed[0]
}
