package web_test

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"plumbline/internal/exchange"
	"plumbline/internal/kind"
)

// hostileWords are texts that somebody may write so that a letter breaks, runs something or reads otherwise: those that a record takes.
var hostileWords = []string{
	"</w:t></w:r><!-- ]]> & &amp; &#x1; <script>alert(1)</script><img src=x onerror=alert(1)>", `{{.Title}} {{template "x"}} {{range .}} ${jndi:ldap://x} <%= x %>`, "=cmd|' /C calc'!A0 @SUM(1) +1 -1", "[here](javascript:alert(1)) ![x](http://example.com/x.png) <javascript:alert(1)> [x](data:text/html,x)",
	"\u05d0\u05d1\u05d2 \u0627\u0644\u0639", "\ufffe\uffff\U0001fffe\U0001f600", "e" + strings.Repeat("\u0301", 200), "# A\n\n| a | b |\n|---|\n\n***\n\n> > > a\n\n1. 2. 3.\n\n```\nx", strings.Repeat("long", 400), "HYPERLINK \"http://example.com\" { DDEAUTO c:\\\\windows\\\\cmd.exe } ", strings.Repeat("A hundred thousand letters. ", 3700),
}

// saying gives a council whose test says such things in all its texts.
func saying(words string) string {
	manifest, quoted := lettered, strings.NewReplacer("\ufffe", `\uFFFE`, "\uffff", `\uFFFF`, "\U0001fffe", `\U0001FFFE`).Replace(kind.Quote(words)) // which YAML takes in no other form
	texts := []string{"Safeguarding is reviewed every quarter.", "There is no plan.", "Make a plan.", "Work crosses services.", "The duties are met.", "The lines are clear.", "Partners work together.", "As long as the reviews go on."}
	if len(words) > 20_000 {
		texts = texts[:4] // not in the table of judgements: LibreOffice takes minutes to lay out a row of fifty pages
	}
	for _, was := range texts {
		manifest = strings.Replace(manifest, was, quoted, 1)
	}
	if len(words) < 1000 && !strings.Contains(words, "\n") {
		for _, was := range []string{"One directorate", "Director of Both", "The consultation pack", "No plan", "Safeguarding Review", "Cleo Chief", "Exampleshire", "Improvement Adviser", "Test of one directorate"} {
			manifest = strings.Replace(manifest, was, quoted, 1)
		}
	}
	return manifest + "\n---\n" + finished
}

// harmless holds that nothing runs in a page, and that no link of it leads to a script.
func harmless(t *testing.T, what, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" && n.FirstChild != nil || n.Data == "iframe" || n.Data == "object" || n.Data == "embed" {
			t.Errorf("%s has a %s", what, n.Data)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:text") || n.Data == "img" && strings.HasPrefix(value, "http://example.com") {
				t.Errorf("%s: <%s %s=%q>", what, n.Data, a.Key, a.Val)
			}
		}
	}
}

// sound holds that each part of a Word file can be read, and that nothing in it leads to a script or a field that runs something.
func sound(t *testing.T, file string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".png") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(r); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			x, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if x.Name.Local == "instrText" || x.Name.Local == "object" {
				t.Errorf("%s has a %s", f.Name, x.Name.Local)
			}
			for _, a := range x.Attr {
				if a.Name.Local == "Target" && strings.Contains(a.Value, ":") && !strings.HasPrefix(a.Value, "http") && !strings.HasPrefix(a.Value, "mailto:") {
					t.Errorf("%s leads to %s", f.Name, a.Value)
				}
			}
		}
	}
}

// Whatever its texts say, a letter can be issued, its page and its files are sound and run nothing, a word processor opens it (with make prove), and it is made again to the byte; and so are the files of its test for other programs.
func TestLetterOfHostileTexts(t *testing.T) {
	office := ""
	if os.Getenv("PLUMBLINE_PROVE") != "" {
		var err error
		if office, err = exec.LookPath("soffice"); err != nil {
			t.Log("NOT TESTED: whether LibreOffice opens these letters; it is not here")
		}
	}
	dir := t.TempDir()
	var files []string
	for i, hostileText := range hostileWords {
		s := empty(t)
		s.load(nil, saying(hostileText))
		_, page := s.get(letterAt)
		harmless(t, "the draft", page)
		for _, form := range []url.Values{{"text": {hostileText + "\x00\x07\xff\xed\xa0\x80\u202egnol"}, "footnotes": {hostileText + "\u2066\n\x1b[31m"}}} {
			status, _, page := s.posting(letterAt+"/9", form)
			if long := len(hostileText) > 20_000; status != http.StatusSeeOther && !long || long && status != http.StatusUnprocessableEntity {
				t.Fatalf("text %d as a paragraph: %d %s", i, status, words(page))
			}
		}
		signed := strings.ToValidUTF8(hostileText[:min(len(hostileText), 150)], "") + "\x00\u202e\r\nX"
		status, _, page := s.posting(strings.Replace(letterAt, "letter", "issue", 1), url.Values{"signed_as": {signed}, "attest": {"yes"}, "annex": {"yes"}, "despite": {"yes"}, "edition": {"1"}})
		if status != http.StatusSeeOther {
			t.Fatalf("text %d: %d %s", i, status, words(page))
		}
		_, page = s.get(letterAt)
		harmless(t, "the letter", page)
		if !strings.Contains(words(page), "This is the letter as issued") || strings.Contains(page, "made again") || strings.ContainsAny(page, "\x00\x07\x1b\u202e\u2066") {
			t.Errorf("text %d: %.2000s", i, words(page))
		}
		kept := map[string]string{}
		for _, ending := range []string{"docx", "html", "json"} {
			r := s.do(request("GET", letterAt+"."+ending))
			if kept[ending] = body(r); r.StatusCode != http.StatusOK {
				t.Errorf("text %d: letter.%s: %d", i, ending, r.StatusCode)
			}
		}
		harmless(t, "the page to keep", kept["html"])
		sound(t, kept["docx"])
		again := withoutDesk(t, s)
		if _, page := again.get(letterAt); !strings.Contains(words(page), "is the same to the byte") {
			t.Errorf("text %d: it is not made again: %.1000s", i, words(page))
		}
		var oscal []*exchange.OSCALFile
		for _, name := range []string{"assessment-plan", "assessment-results", "plan-of-action-and-milestones", "catalog"} {
			r := s.do(request("GET", strings.Replace(letterAt, "letter", "oscal/", 1)+name+".json"))
			f, err := exchange.ReadOSCAL(name+".json", r.Body)
			if err != nil || r.StatusCode != http.StatusOK {
				t.Fatalf("text %d: %s: %d %v", i, name, r.StatusCode, err)
			}
			oscal = append(oscal, f)
		}
		if r := exchange.CheckOSCAL(oscal...); len(r.Faults) > 0 {
			t.Errorf("text %d: %v", i, r.Faults)
		}
		files = append(files, filepath.Join(dir, string(rune('a'+i))+".docx"))
		if err := os.WriteFile(files[i], []byte(kept["docx"]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if office == "" {
		return
	}
	c := exec.CommandContext(t.Context(), office, append([]string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir}, files...)...)
	c.WaitDelay = time.Second
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range files {
		if b, err := os.ReadFile(strings.TrimSuffix(name, "docx") + "pdf"); err != nil || len(b) < 1000 {
			t.Errorf("%s: %d bytes, %v", filepath.Base(name), len(b), err)
		}
	}
}
