package web_test

import (
	"archive/zip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestWhoAnswersIsNarrowed(t *testing.T) {
	s := reading(t)
	const then = "/structure/who-answers?on=2003-10-01"
	for query, want := range map[string]int{"": 25, "&only=different": 5, "&role=Chief+Education+Officer": 6, "&q=LEARNING": 2, "&only=different&role=Chief+Education+Officer": 1, "&only=different&q=family": 0, "&role=nothing": 0, "&only=x": 25} {
		s.ok(then + query)
		_, page := s.get(then + query)
		picture, _, _ := strings.Cut(page, "<h2>Statutory roles</h2>")
		if got := len(rowsOf(picture)); got != want {
			t.Errorf("%q: %d functions, want %d", query, got, want)
		}
		if open := strings.Contains(page, `<details class="govuk-details" open="">`); open != (query != "") {
			t.Errorf("%q: the form is open: %t", query, open)
		}
		if want == 0 != strings.Contains(page, "No function matches") {
			t.Errorf("%q: it is not said that nothing matches", query)
		}
		_, csv := s.get("/structure/who-answers.csv?on=2003-10-01" + query)
		if got := strings.Count(csv, "2003-10-01"); got != want {
			t.Errorf("%q: %d functions in the spreadsheet, want %d", query, got, want)
		}
		var file struct {
			On        string
			Functions []struct {
				Function, Standing any
				Answers            []struct{ Roles []string }
			}
		}
		_, body := s.get("/structure/who-answers.json?on=2003-10-01" + query)
		if err := json.Unmarshal([]byte(body), &file); err != nil || file.On != "2003-10-01" || len(file.Functions) != want {
			t.Errorf("%q: %d functions in the file, want %d: %v", query, len(file.Functions), want, err)
		}
	}
	_, page := s.get(then + "&only=different&q=need&role=Chief+Education+Officer")
	for _, want := range []string{`<option value="different" selected="">Only where it is a different post (5)</option>`, `<option value="Chief Education Officer" selected="">`, `name="q" value="need"`, `<input type="hidden" name="on" value="2003-10-01">`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form does not keep %s", want)
		}
	}
	_, body := s.get("/structure/who-answers.json?on=2003-10-01&q=special+educational")
	if want := `"functions":[{"function":{"record":"function/special-educational-needs","title":"Children with special educational needs"},"standing":"Different post","manager":{"post":{"record":"post/director-childrens-services","title":"Director of Children's Services"},"in_post":["Paul Clark"]},"answers":[{"post":{"record":"post/director-learning-community-development","title":"Director of Learning \u0026 Community Development"},"roles":["Chief Education Officer"],`; !strings.Contains(body, want) {
		t.Errorf("the file: %s", body)
	}
}

// Journey 1: who answers for special educational needs in October 2003.
func TestWhoAnswersForSpecialEducationalNeeds(t *testing.T) {
	s := reading(t)
	_, page := s.get("/structure/who-answers?on=2003-10-01&q=special+educational")
	want := "Director of Children's Services Paul Clark Children with special educational needs Different post Director of Learning & Community Development as Chief Education Officer Javed Khan: the appointment is agreed, and its start is to be announced Joined by: Meeting of the council's statutory officers"
	if rows := rowsOf(page); rows[0] != want {
		t.Errorf("got %s", rows[0])
	}
	empty(t).says(map[string][]string{"/structure/who-answers": {"No functions are recorded yet"}})
}

func TestWhoAnswersSaysWhenABoardMet(t *testing.T) {
	s := empty(t)
	s.load(nil, small+`
---
{kind: board, id: officers, name: Statutory officers, type: statutory-officers, covers: [DCS, HPS]}
---
{kind: meeting, id: m1, board: officers, on: 2026-03-02, status: held}
---
{kind: meeting, id: m2, board: officers, on: 2026-06-01, status: held}
---
{kind: meeting, id: m3, board: officers, on: 2026-12-01, status: planned}
`)
	s.load(nil, `{kind: function, id: sen, name: Special needs, domain: EDU, managed_by: chief, mechanism: [board/officers]}`)
	s.says(map[string][]string{"/structure/who-answers": {"Joined by: Statutory officers last held 1 June 2026"}, "/structure/who-answers?on=2026-04-01": {"last held 2 March 2026"}})
}

func TestWhoAnswersOnOnePage(t *testing.T) {
	s := reading(t)
	s.says(map[string][]string{"/structure/who-answers/print?on=2003-10-01": {
		"Director of Social Services Director of Children's Services Paul Clark", "A different post answers in law Function Managed by Answers in law Joined by", "Adult mental health; Older people; Physical disabilities",
	}})
	r := s.do(request("GET", "/structure/who-answers/print.txt?on=2003-10-01"))
	_, file := s.get("/structure/who-answers/print.txt?on=2003-10-01")
	if r.StatusCode != http.StatusOK || !strings.Contains(file, "On 1 October 2003, as recorded on") || !strings.Contains(strings.Join(strings.Fields(file), " "), "Children with special Director of Children's Director of Learning &") {
		t.Errorf("%d: %s", r.StatusCode, file)
	}
	for target, want := range map[string]string{"/structure/who-answers/print.docx?on=2003-10-01": "Director of Social Services", "/assurance/check.docx?on=2015-06-05&proposal=people-directorate": "DASS-03", "/structure/compare.docx?on=2003-10-01&on2=2003-09-30": "Director of Children's Services"} {
		r := s.do(request("GET", target))
		if word := wordText(t, body(r)); r.StatusCode != http.StatusOK || !strings.Contains(word, want) || !strings.Contains(word, "London Borough of Harrow") || !strings.Contains(word, "2003") && !strings.Contains(word, "5 June 2015") {
			t.Errorf("%s: %d: %s", target, r.StatusCode, word)
		}
		if is, name := r.Header.Get("Content-Type"), r.Header.Get("Content-Disposition"); is != "application/vnd.openxmlformats-officedocument.wordprocessingml.document" || !strings.HasSuffix(name, `.docx"`) {
			t.Errorf("%s: it comes as %s, called %s", target, is, name)
		}
	}
	for _, target := range []string{"/structure/who-answers/print.csv", "/structure/areas.json"} {
		if status, page := s.get(target); status != http.StatusNotFound || !strings.Contains(page, "cannot be had as a file") && !strings.Contains(page, "error") {
			t.Errorf("%s: %d", target, status)
		}
	}
}

// wordText reads the text of a Word document.
func wordText(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for d := xml.NewDecoder(f); ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := tok.(xml.CharData); ok {
			b.Write(text)
		}
	}
}
