package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

const bird = "Quillfeather"

// quills is a record in which a name stands in many places.
const quills = smallCouncil + `
---
{kind: person, id: zyra-quillfeather, name: Zyra Quillfeather, qualifications: [Quillfeather diploma], note: See the letter of Quillfeather}
---
{kind: appointment, id: a, person: zyra-quillfeather, post: head, basis: permanent, source: Letter to Zyra Quillfeather}
---
{kind: finding, id: f, test: first, number: "1", text: "Zyra Quillfeather said that the line is not clear."}
---
{kind: priority, id: g, name: "Thanks to Zyra Quillfeather"}
`

// boxes are the values of the boxes of a page whose text holds some words.
func (v *visit) boxes(words string) (out []string) {
	v.t.Helper()
	for _, m := range regexp.MustCompile(`(?s)name="what"[^>]*value="([^"]*)".*?<label[^>]*>(.*?)</label>`).FindAllStringSubmatch(v.page, -1) {
		if strings.Contains(html.UnescapeString(m[2]), words) {
			out = append(out, html.UnescapeString(m[1]))
		}
	}
	return out
}

// chosen is a form in which some boxes are ticked.
func chosen(boxes []string, more ...string) (pairs []string) {
	for _, b := range boxes {
		pairs = append(pairs, "what", b)
	}
	return append(pairs, more...)
}

func quilled(t *testing.T) (s *site, dir string) {
	t.Helper()
	dir = t.TempDir()
	s = begin(t, dir)
	t.Cleanup(func() { s.desk.Close(); s.book.Close() })
	s.load(nil, strings.TrimPrefix(quills, "\n"))
	s.load(nil, "{kind: person, id: zyra-quillfeather, name: Zyra Quillfeather, from: 2026-01-01}")
	return s, dir
}

// A person's name is removed from all entries that say it, in one change that cannot be made twice, and not before everything was seen.
func TestPersonalDataIsRemoved(t *testing.T) {
	s, _ := quilled(t)
	if v := s.visit("/structure/people/zyra-quillfeather/history"); !strings.Contains(v.page, "/removals/of/person/zyra-quillfeather") {
		t.Error("the history leads to no removal")
	}
	v := s.visit("/structure/people/zyra-quillfeather")
	if !strings.Contains(v.page, "/removals/of/person/zyra-quillfeather") {
		t.Fatal("the page of the record leads to no removal")
	}
	v.open("/removals/of/person/zyra-quillfeather")
	v.want("Name: Zyra Quillfeather", "Entries 8 and 12", "Also here: “Zyra Quillfeather”", "Finding 1, finding: Zyra Quillfeather said that the line is not clear.", "UK GDPR Article 17(1)(b)", "Letter to Zyra Quillfeather")
	form := "/removals/of/person/zyra-quillfeather"
	if v.send(form) != http.StatusUnprocessableEntity {
		t.Fatal("nothing was chosen, and it was taken")
	}
	v.want("Choose what is to be removed.", "Choose the ground in law.", "Enter the reason.")
	name := v.boxes("Name: Zyra")
	if len(name) != 1 || name[0] != "name:8,12" {
		t.Fatalf("the boxes of the name: %v", name)
	}
	if v.send(form, chosen(name, "ground", "objected", "why", "Ms Quillfeather wrote", "asked-on", "30 February 2026")...) != http.StatusUnprocessableEntity {
		t.Fatal("a reason that repeats the name was taken")
	}
	v.want("must be a day that exists")
	if v.send(form, chosen(name, "ground", "objected", "why", "Ms Quillfeather wrote")...) != http.StatusUnprocessableEntity {
		t.Fatal("a reason that repeats the name was taken")
	}
	v.want("The reason says “quillfeather”")
	if !strings.Contains(v.page, "Ms Quillfeather wrote</textarea>") || !regexp.MustCompile(`value="name:8,12" checked|checked[^>]*value="name:8,12"`).MatchString(v.page) {
		t.Error("what was typed is not kept")
	}
	if v.send(form, chosen(name, "words", "DIPLOMA", "find", "yes", "why", "case 1")...) != http.StatusOK {
		t.Fatal("words are not looked for")
	}
	v.want("No other record says “DIPLOMA”.")
	if strings.Contains(v.at, "DIPLOMA") || !strings.Contains(v.page, "case 1</textarea>") {
		t.Error("the words are in the address, or what was typed is lost")
	}
	v.open(form)
	all := slices.Concat(v.boxes("Quillfeather"), v.boxes("Name in addresses"))
	if len(all) < 7 {
		t.Fatalf("only %v", all)
	}
	v.answer(form, chosen(all, "ground", "objected", "why", "case 1", "asked", "person", "asked-on", "3 March 2026")...)
	v.want("Check before it is removed", "What will be gone", "Zyra Quillfeather said that the line", "The person has objected (UK GDPR Article 17(1)(c))", "The person it is about", "3 March 2026", "This cannot be undone", "every proof of the record stays valid")
	check, size := v.at, s.book.Known()
	if d, err := s.desk.Drafts(t.Context(), book.Owner); err != nil || len(d) != 1 || strings.Contains(strings.ToLower(fmt.Sprint(d[0].Typed)), "quill") {
		t.Errorf("what is to go stands at the desk: %v, %v", d, err)
	}
	s.visit("/account").want("Remove personal data: Zyra Quillfeather")

	// Somebody records something of it meanwhile.
	s.load(nil, "{kind: person, id: zyra-quillfeather, name: Zyra Q. Quillfeather, from: 2026-06-01}")
	if r := s.post(check, url.Values{"~version": {"1"}}); r.StatusCode != http.StatusConflict || !strings.Contains(body(r), "after you began") {
		t.Errorf("overtaken: %d", r.StatusCode)
	}
	if s.book.Known() != size+1 {
		t.Fatal("it was removed all the same")
	}
	v.open(form + "?draft=" + strings.TrimPrefix(check, "/removals/"))
	if !strings.Contains(v.page, "case 1</textarea>") {
		t.Error("what was typed is lost")
	}
	all = slices.Concat(v.boxes("Quillfeather"), v.boxes("Name in addresses"))
	v.answer(form, chosen(all, "ground", "objected", "why", "case 1", "asked", "person", "asked-on", "3 March 2026")...)
	check = v.at
	sent := url.Values{"~version": {"1"}}
	v.answer(strings.TrimPrefix(check, "/removals"))
	v.want("It is removed", "the person has objected (UK GDPR Article 17(1)(c))", "Asked for by the person it is about, 3 March 2026", "within one month")
	after := s.book.Known()
	if r := s.post(check, sent); r.StatusCode != http.StatusSeeOther || s.book.Known() != after {
		t.Errorf("the second click: %d, and %d entries more", r.StatusCode, s.book.Known()-after)
	}
	v.open(check)
	v.want("It is removed") // the back button
	s.visit("/entries?act=erased").want("Removed")
	if _, page := s.get("/structure/posts/head"); strings.Contains(page, bird) || !strings.Contains(page, "Person (erased)") {
		t.Error("the post still names the person, or does not say that something was removed")
	}
	if _, page := s.get("/entries/10"); !strings.Contains(words(page), "Removed on 22 November 2026: the person has objected (UK GDPR Article 17(1)(c))") {
		t.Errorf("the entry of the finding does not say on which ground its text was removed: %s", words(page))
	}
}

// The last look names the rules that come out otherwise, and where the same words stay.
func TestRemovalSaysWhatComesOfIt(t *testing.T) {
	s, _ := quilled(t)
	s.load(nil, "{kind: designation, id: hps, role: HPS, post: head, decided_on: 2020-01-01}")
	v := s.visit("/removals/of/designation/hps")
	v.answer("/removals/of/designation/hps", chosen(v.boxes("Statutory role"), "ground", "inaccurate", "why", "case 1")...)
	v.want("These checks will come out otherwise today:", "(rule HPS-01): cannot be tested, and is now met")
	v = s.visit("/removals/of/person/zyra-quillfeather")
	v.answer("/removals/of/person/zyra-quillfeather", chosen(v.boxes("Name: Zyra"), "ground", "objected", "why", "case 1")...)
	v.want("The same words stay here", "Thanks to Zyra Quillfeather, name: entry 11")
	if strings.Contains(v.says(), "name: entry 8") {
		t.Error("what is chosen is said to stay")
	}
}

// Discarding the last look removes nothing.
func TestRemovalDiscarded(t *testing.T) {
	s, _ := quilled(t)
	v := s.visit("/removals/of/person/zyra-quillfeather?chosen=name%3A8%2C12")
	v.answer("/removals/of/person/zyra-quillfeather", chosen(v.boxes("Name: Zyra"), "ground", "too-much", "why", "case 1")...)
	size := s.book.Known()
	v.answer(strings.TrimPrefix(v.at, "/removals"), "discard", "yes")
	v.want("Zyra Quillfeather")
	if d, err := s.desk.Drafts(t.Context(), book.Owner); s.book.Known() != size || err != nil || len(d) > 0 {
		t.Errorf("%d drafts, %v", len(d), err)
	}
}

// A removal whose word is the name of a kind and of a field ends by saying that it is done: its own draft is not among what it takes away.
func TestRemovalDoesNotForgetItself(t *testing.T) {
	s, _ := quilled(t)
	s.load(nil, "{kind: post, id: p, title: Post}\n---\n{kind: post, id: q, title: Title}")
	for i, id := range []string{"p", "q"} {
		v := s.visit("/removals/of/post/" + id)
		v.answer("/removals/of/post/"+id, "what", fmt.Sprintf("title:%d", 13+i), "ground", "objected", "why", "case 1")
		size := s.book.Known()
		v.answer(strings.TrimPrefix(v.at, "/removals"))
		v.want("It is removed")
		if s.book.Known() != size+1 {
			t.Errorf("%s: %d entries", id, s.book.Known()-size)
		}
	}
	if strings.Contains(s.log.String(), "tidied away") {
		t.Errorf("the draft was lost:\n%s", s.log)
	}
}

// The words that somebody looks for so as to remove them are kept nowhere, also where the form came too late.
func TestWordsOfARemovalAreNotHeld(t *testing.T) {
	o := staffed(t)
	o.load(nil, "{kind: person, id: z, name: Zyra Quillfeather}")
	o.add("Gov", access.Governance)
	b := o.browser().signIn("gov")
	o.at = o.at.Add(2*time.Hour + time.Minute)
	at := "/removals/of/person/z"
	if status, to, _ := b.ask(at, url.Values{"words": {"Zyra Quillfeather"}, "find": {"yes"}}); status != http.StatusSeeOther || to != "/sign-in?to=%2Fremovals%2Fof%2Fperson%2Fz" {
		t.Errorf("%d %s", status, to)
	}
	b.ask("/sign-in", url.Values{"email": {"gov@example.com"}, "password": {goodPassword}, "to": {at}})
	if status, _, page := b.ask("/account/kept", nil); status != http.StatusOK || holdsBird([]byte(page)) {
		t.Errorf("%d; the form was kept: %s", status, words(page))
	}
}

// An entry that is named many times, in one box or in many, is removed once, and no page takes longer for it; and a form that names more than there can be is refused.
func TestRemovalNamesAnEntryOnce(t *testing.T) {
	s, _ := quilled(t)
	at := "/removals/of/person/zyra-quillfeather"
	v := s.visit(at)
	v.answer(at, "what", "name:8"+strings.Repeat(",8", 100_000), "what", "name:8,12,8", "what", "name:12", "ground", "objected", "why", "case 1")
	d, err := s.desk.Drafts(t.Context(), book.Owner)
	if err != nil || len(d) != 1 || !slices.Equal(d[0].Typed["what"], []string{"name:8", "name:12"}) {
		t.Fatalf("%d drafts, %v", len(d), err)
	}
	size := s.book.Known()
	v.answer(strings.TrimPrefix(v.at, "/removals"))
	v.want("It is removed")
	if s.book.Known() != size+2 {
		t.Errorf("%d entries", s.book.Known()-size)
	}
	var many strings.Builder
	for n := range 100_000 {
		fmt.Fprintf(&many, ",%d", n+9)
	}
	many.WriteString(",8")
	size = s.book.Known()
	if r := s.post(at, url.Values{"what": {"name:8" + many.String()}, "ground": {"objected"}, "why": {"case 1"}}); r.StatusCode < 400 || r.StatusCode >= 500 || s.book.Known() != size {
		t.Errorf("%d", r.StatusCode)
	}
}

// What nobody was offered is not removed by sending it.
func TestRemovalOfWhatWasNotOffered(t *testing.T) {
	s, _ := quilled(t)
	size := s.book.Known()
	for _, what := range []string{"", "name", "name:", "name:x", "name:99", "name:-1", "visibility:8", "nothing:8", ":8"} {
		r := s.post("/removals/of/person/zyra-quillfeather", url.Values{"what": {what}, "ground": {"objected"}, "why": {"case 1"}})
		if r.StatusCode < 400 || r.StatusCode >= 500 {
			t.Errorf("%q: %d", what, r.StatusCode)
		}
	}
	if s.book.Known() != size {
		t.Error("something was removed")
	}
}

// Removing is for those who may erase, who prove who they are before the last look, and of what they see.
func TestWhoMayRemove(t *testing.T) {
	o := staffed(t)
	o.load(nil, strings.TrimPrefix(strings.ReplaceAll(quills, smallCouncil+"\n---", ""), "\n"))
	o.add("Gov", access.Governance)
	o.add("Other", access.Governance)
	o.add("Adm", access.Administrator)
	gov, adm := o.browser().signIn("gov"), o.browser().signIn("adm")
	at := "/removals/of/person/zyra-quillfeather"
	if _, _, page := adm.ask("/structure/people/zyra-quillfeather", nil); strings.Contains(page, "Remove personal data") {
		t.Error("an administrator is offered to remove")
	}
	if status, _, _ := adm.ask(at, nil); status != http.StatusForbidden {
		t.Errorf("an administrator: %d", status)
	}
	if status, _, page := gov.ask("/removals/of/finding/f", nil); status != http.StatusNotFound || strings.Contains(page, bird) {
		t.Errorf("a finding that is not issued: %d", status)
	}
	if status, _, _ := gov.ask("/removals/of/grant/anything", nil); status != http.StatusNotFound {
		t.Errorf("a grant: %d", status)
	}
	status, _, page := gov.ask(at, nil)
	if status != http.StatusOK || strings.Contains(page, "said that the line") || !strings.Contains(page, "Records that you may not see were not searched") {
		t.Errorf("governance: %d", status)
	}
	o.at = o.at.Add(16 * time.Minute)
	person := o.book.View(fact.DayIn(o.at), -1).History(fact.Key{Kind: "person", ID: "zyra-quillfeather"})[0].Position
	status, to, _ := gov.ask(at, url.Values{"what": {fmt.Sprintf("name:%d", person)}, "ground": {"objected"}, "why": {"case 1"}})
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/removals/") {
		t.Fatalf("%d %s", status, to)
	}
	if status, again, _ := gov.ask(to, nil); status != http.StatusSeeOther || !strings.HasPrefix(again, "/sign-in/again?to=%2Fremovals%2F") {
		t.Errorf("the last look without a proof of who it is: %d %s", status, again)
	}
	if status, again, _ := gov.ask(to, url.Values{"~version": {"1"}}); status != http.StatusSeeOther || !strings.HasPrefix(again, "/sign-in/again") {
		t.Errorf("removing without a proof of who it is: %d %s", status, again)
	}
	gov.ask("/sign-in/again", url.Values{"password": {goodPassword}})
	if status, _, _ := o.browser().signIn("other").ask(to, nil); status != http.StatusNotFound {
		t.Errorf("another's: %d", status)
	}
	size := o.book.Known()
	if status, to, page := gov.ask(to, url.Values{"~version": {"1"}}); status != http.StatusSeeOther || !strings.HasSuffix(to, "/done") || o.book.Known() != size+1 {
		t.Errorf("%d %s %s\n%s", status, to, words(page), o.log)
	}
	if !strings.Contains(o.log.String(), "content erased") || strings.Contains(o.log.String(), bird) {
		t.Error("the log does not say that something was erased, or says what")
	}
}

// After a removal no byte of what was removed is left: not in the files of the record and the desk, on no page, in no file that pages give, in no proof, and in no
// export.
func TestNoByteIsLeft(t *testing.T) {
	s, dir := quilled(t)
	// Wherever words can lie.
	v := s.visit("/structure/people/zyra-quillfeather/change")
	v.answer("/change", "~verb", "change")
	v.answer("/what", "~fields", "name")
	v.answer("/field-name", "name", "Zyra QUILLFEATHER Smith")
	v = s.visit("/structure/import")
	v.uploaded("people.csv", []byte("name,employer\nZyra Quillfeather,\n"))
	for _, at := range []string{"/", "/search?q=Quillfeather", "/suggest?q=quill", "/structure/people", "/entries", "/structure/who-answers", "/structure?view=list", "/structure/timeline", "/structure/download/people.csv"} {
		s.get(at) // what is remembered of pages
	}
	if !present(t, dir) {
		t.Fatal("the canary is not there before")
	}
	v = s.visit("/removals/of/person/zyra-quillfeather")
	all := slices.Concat(v.boxes("Quillfeather"), v.boxes("Name in addresses"))
	v.answer("/removals/of/person/zyra-quillfeather", chosen(all, "ground", "objected", "why", "case 1")...)
	v.answer(strings.TrimPrefix(v.at, "/removals"))
	v.want("It is removed")

	if present(t, dir) {
		t.Error("a file holds it")
	}
	inner, asked := s.handler, 0
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		inner.ServeHTTP(rec, r)
		asked++
		if holdsBird(rec.Body.Bytes()) && !strings.Contains(strings.ToLower(r.URL.String()), "quill") {
			t.Errorf("%s says it", r.URL)
		}
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
	s.crawl(everything, append(slices.Clone(pages), "/structure/people/zyra-quillfeather/history", "/structure/download", "/suggest?q=zyra")[:len(pages)]...)
	for _, at := range []string{"/structure/import/filled", "/structure/import/filled/person", "/structure/download", "/search?q=zyra", "/suggest?q=zyra", "/account", "/structure/people?view=all"} {
		s.get(at)
	}
	for n := int64(1); n <= s.book.Known(); n++ {
		s.get(fmt.Sprintf("/entries/%d", n))
		s.get(fmt.Sprintf("/entries/%d.json", n))
	}
	if asked < 100 {
		t.Errorf("only %d pages were asked for", asked)
	}
	var out bytes.Buffer
	if err := ledger.Export(t.Context(), s.store, &out); err != nil || holdsBird(out.Bytes()) {
		t.Errorf("the export: %v", err)
	}
	if holdsBird(s.log.Bytes()) {
		t.Error("the log says it")
	}
	if _, page := s.get("/search?q=quillfeather"); !strings.Contains(words(page), "Nothing") && !strings.Contains(words(page), "nothing") && !strings.Contains(words(page), "No ") {
		t.Errorf("the search still finds it: %s", words(page))
	}
	if _, err := s.book.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
	s.desk.Close()
	s.book.Close()
	if present(t, dir) {
		t.Error("a file holds it when all is closed")
	}
}

func holdsBird(b []byte) bool {
	low := bytes.ToLower(b)
	if bytes.Contains(low, []byte("quillfeather")) {
		return true
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return false
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return true
		}
		part, err := io.ReadAll(r)
		if err != nil || bytes.Contains(bytes.ToLower(part), []byte("quillfeather")) {
			return true
		}
	}
	return false
}

// present reports whether the canary stands in a file of a folder.
func present(t *testing.T, dir string) bool {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) < 2 {
		t.Fatalf("only %v", files)
	}
	found := false
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if holdsBird(b) {
			found = true
			t.Logf("in %s", filepath.Base(f))
		}
	}
	return found
}
