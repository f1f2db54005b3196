package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// ofEvidence reports whether an address is one to which evidence is sent, with a file or without.
func ofEvidence(at string) bool {
	parts := strings.Split(strings.TrimPrefix(at, "/"), "/")
	return (len(parts) == 4 || len(parts) == 5) && parts[0] == "assurance" && parts[1] == "tests-of-assurance" && parts[3] == partEvidence
}

// readSent reads a form that may bring a file. Nothing of it is written to a disk.
func readSent(r *http.Request) (*upload, error) {
	if !uploads(r) || !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, readForm(r)
	}
	broken := &trouble{kind: fact.ErrInvalid, text: "The form that was sent cannot be read. Go back and send it again."}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, broken
	}
	tooLarge := fmt.Sprintf("The selected file must be smaller than %dMB", desk.MaxKept>>20)
	typed, file, left := url.Values{}, (*upload)(nil), int64(maxBody)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		most := left
		if err == nil && part.FormName() == inputFile {
			most = desk.MaxKept
		}
		var content []byte
		if err == nil {
			content, err = io.ReadAll(io.LimitReader(part, most+1))
		}
		name := ""
		if err == nil {
			name = part.FormName()
			_, err = io.Copy(io.Discard, part)
		}
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return nil, &trouble{kind: errTooLarge, text: tooLarge + ". Go back to find what you typed."}
		}
		switch {
		case err != nil:
			return nil, broken
		case name == inputFile && file == nil:
			file = &upload{name: uploadName(part.FileName()), bytes: content}
			if int64(len(content)) > most {
				file.wrong, file.bytes = tooLarge, nil
			}
		case name == inputFile:
		case int64(len(content)+len(name)) > most:
			return nil, &trouble{kind: errTooLarge, text: fmt.Sprintf("What was sent is larger than %d kB. Shorten the longest answer; go back to find what you typed.", maxBody>>10)}
		default:
			left -= int64(len(content) + len(name))
			typed.Add(name, strings.ToValidUTF8(string(content), "\uFFFD"))
		}
	}
	if file != nil && file.name == "" && len(file.bytes) == 0 && file.wrong == "" { // as a browser sends it where none was selected
		file = nil
	}
	if file != nil && len(file.bytes) == 0 && file.wrong == "" {
		file.wrong = "The selected file is empty"
	}
	r.PostForm, r.Form = typed, typed
	return file, nil
}
