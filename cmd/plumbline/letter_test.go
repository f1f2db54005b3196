package main

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// issuable is a council with a test of assurance of which nothing is open.
const issuable = `
{kind: council, name: Exampleshire, type: unitary, governance: leader-and-cabinet, id: council}
---
{kind: person, id: cleo, name: Cleo Chief}
---
{kind: post, id: chief, title: Chief Executive, capacity: officer}
---
{kind: appointment, id: a, person: cleo, post: chief}
---
{kind: test, id: t, title: Test, framework: local-test-of-assurance-2013, assessor_role: Improvement Adviser, commissioned_by: [chief], started_on: 2020-01-06}
---
{kind: finding, id: f, test: t, theme: governance, polarity: gap, title: No plan, text: There is no plan., about: [post/chief]}
---
{kind: judgement, id: j1, test: t, criterion: statutory-duties, outcome: met, rationale: The duties are met.}
---
{kind: judgement, id: j2, test: t, criterion: accountability, outcome: met, rationale: The lines are clear.}
---
{kind: judgement, id: j3, test: t, criterion: partnership, outcome: met, rationale: Partners work together.}
---
{kind: progress, id: p1, test: t, part: governance, state: completed}
---
{kind: progress, id: p2, test: t, part: leadership, state: completed}
---
{kind: progress, id: p3, test: t, part: capacity, state: completed}
---
{kind: progress, id: p4, test: t, part: performance, state: completed}
---
{kind: progress, id: p5, test: t, part: workforce, state: completed}
---
{kind: progress, id: p6, test: t, part: partnerships, state: completed}
---
{kind: progress, id: p7, test: t, part: engagement, state: completed}
`

const (
	testAt   = "/assurance/tests-of-assurance/t"
	letterAt = testAt + "/letter"
)

// adviserOf makes a record in a folder of which the adviser can issue the letter, and gives the adviser with a browser that is signed in to whatever serves it.
func adviserOf(t *testing.T, record string) *http.Client {
	t.Helper()
	manifest := filepath.Join(t.TempDir(), "load.yaml")
	if err := os.WriteFile(manifest, []byte(issuable), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{ctx: t.Context(), in: strings.NewReader(""), out: io.Discard, err: io.Discard, now: time.Now, columns: 100}
	for _, args := range [][]string{{"init", record}, {"load", record, manifest}} {
		if code := a.run(args); code != exitOK {
			t.Fatalf("%v: %d", args, code)
		}
	}
	b, _, err := a.open(record, defaultPack, true)
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.openDesk(record, b, 0)
	if err != nil {
		t.Fatal(err)
	}
	ada, err := d.NewAccount(t.Context(), desk.Account{Name: "Ada", Email: "ada@example.com"})
	if err == nil {
		_, err = d.SetPassword(t.Context(), ada.ID, "correct horse battery staple")
	}
	if err == nil {
		_, err = b.Do(t.Context(), book.Owner, book.Change{Docs: []kind.Doc{access.Give(b.Kinds(), ada.ID, access.Adviser, fact.Key{Kind: "test", ID: "t"}, fact.DayIn(time.Now())-1)}})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	site, _, end := started(t, "serve", record, "--addr", "127.0.0.1:0")
	r, err := client.PostForm(site+"/sign-in", url.Values{"email": {"ada@example.com"}, "password": {"correct horse battery staple"}})
	if err != nil || r.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign in: %v %v", r, err)
	}
	r.Body.Close()
	if code := end(); code != exitOK {
		t.Fatalf("the server ended with %d", code)
	}
	return client
}

// issueIt signs and issues the letter, and gives the status of the answer and its page; 0 where none came.
func issueIt(ada *http.Client, site string) (int, string) {
	r, err := ada.PostForm(site+testAt+"/issue", url.Values{"signed_as": {"Ada"}, "attest": {"yes"}, "despite": {"yes"}, "edition": {"1"}})
	if err != nil {
		return 0, ""
	}
	defer r.Body.Close()
	page, _ := io.ReadAll(r.Body)
	return r.StatusCode, string(page)
}

// letterIn reports whether the letter of a record is issued, and holds that it is then there whole: its files are those that were kept and those that are made again without them, and the test is reported; otherwise it
// is a draft, and the test is not.
func letterIn(t *testing.T, ada *http.Client, record string) bool {
	t.Helper()
	site, _, end := started(t, "serve", record, "--addr", "127.0.0.1:0")
	page := fetch(t, ada, site+letterAt)
	issued, draft := strings.Contains(page, "This is the letter as issued on"), strings.Contains(page, "This is a draft")
	if issued == draft {
		t.Fatalf("issued %v, draft %v: %s", issued, draft, page)
	}
	if reported := strings.Contains(fetch(t, ada, site+testAt+".json"), `"reported_on"`); reported != issued {
		t.Errorf("issued %v, reported %v", issued, reported)
	}
	files := map[string]string{}
	if issued {
		for _, ending := range []string{".docx", ".html", ".json"} {
			files[ending] = fetch(t, ada, site+letterAt+ending)
			if !strings.Contains(page, desk.Fingerprint([]byte(files[ending]))) {
				t.Errorf("the letter%s is not what its fingerprint says", ending)
			}
		}
		if strings.Contains(page, "made again") {
			t.Error("its files are not there")
		}
	}
	if code := end(); code != exitOK {
		t.Errorf("the server ended with %d", code)
	}
	if !issued {
		return false
	}
	site, _, end = started(t, "serve", record, "--read", "--addr", "127.0.0.1:0") // without the desk
	if page := fetch(t, http.DefaultClient, site+letterAt); !strings.Contains(page, "is the same to the byte") {
		t.Errorf("made again: %s", page)
	}
	for ending, was := range files {
		if fetch(t, http.DefaultClient, site+letterAt+ending) != was {
			t.Errorf("made again, the letter%s is another", ending)
		}
	}
	end()
	return true
}

// A letter whose issue is killed at any moment is issued whole, with its files and what makes the test reported, or not at all; one that was said to be issued is. Two hundred kills with make prove.
func TestLetterIssueKilled(t *testing.T) {
	rounds := 6
	if os.Getenv("PLUMBLINE_PROVE") != "" {
		rounds = 200
	}
	dir := t.TempDir()
	program, record := filepath.Join(dir, "plumbline"), filepath.Join(dir, "c.db")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ada := adviserOf(t, record)
	was := recordFiles(t, record)
	var usual time.Duration
	killed, whole, none := 0, 0, 0
	for round := range rounds {
		for name := range recordFiles(t, record) {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		for name, content := range was {
			if err := os.WriteFile(name, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		c := exec.Command(program, "serve", record, "--addr", "127.0.0.1:0")
		out, err := c.StdoutPipe()
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		site := regexp.MustCompile(`http://[0-9.:]+`).FindString(line)
		if err != nil || site == "" {
			t.Fatalf("%q %v", line, err)
		}
		began, answer := time.Now(), make(chan int, 1)
		go func() {
			status, _ := issueIt(ada, site)
			answer <- status
		}()
		status := 0
		if round == 0 { // the first shows how long it takes; later ones are killed at any moment of it
			status, usual = <-answer, time.Since(began)
		} else {
			time.Sleep(usual/2 + time.Duration(rand.Int64N(int64(usual)*6/10)))
		}
		_ = c.Process.Kill()
		_ = c.Wait()
		if round > 0 {
			status = <-answer
		}
		switch { // about half of them are to be killed in time, however fast the machine is at the moment
		case status == 0:
			killed++
			usual += usual / 8
		case round > 0:
			usual -= usual / 8
		}
		switch issued := letterIn(t, ada, record); {
		case issued:
			whole++
		case status == http.StatusSeeOther:
			t.Fatalf("round %d: it was said to be issued, and is not", round)
		default:
			none++
		}
	}
	t.Logf("%d letters: %d killed, %d issued, %d not", rounds, killed, whole, none)
	if killed < rounds/8 {
		t.Errorf("only %d of %d were killed in time", killed, rounds)
	}
}

// recordFiles reads the files of a record, its desk and its key, by their paths.
func recordFiles(t *testing.T, record string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(record + "*")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A disk that fills up amid the issue of a letter, wherever that is, leaves the letter issued whole or not at all, says so in plain words, and lets it be issued once there is room.
func TestLetterIssuedOnAFullDisk(t *testing.T) {
	dir := smallDisk(t, "8m")
	record := filepath.Join(dir, "c.db")
	ada := adviserOf(t, record)
	was := recordFiles(t, record)
	refused, whole := 0, 0
	for _, room := range []int{0, 8, 24, 48, 96, 160, 256, 512} { // in kB, left for the write-ahead logs and the files of the letter
		for name := range recordFiles(t, record) {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		for name, content := range was {
			if err := os.WriteFile(name, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		site, said, end := started(t, "serve", record, "--addr", "127.0.0.1:0")
		fetch(t, ada, site+testAt+"/issue")
		filler := fill(t, dir, room<<10)
		status, page := issueIt(ada, site)
		switch {
		case status == http.StatusSeeOther:
			whole++
		case status >= http.StatusInternalServerError && strings.Contains(page, "look whether it was recorded before you send it again"):
			refused++
		default:
			t.Errorf("%d kB of room: %d %s\n%s", room, status, page, said)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		if status != http.StatusSeeOther {
			if again, page := issueIt(ada, site); again != http.StatusSeeOther {
				t.Errorf("%d kB of room: once there is room: %d %s\n%s", room, again, page, said)
			}
		}
		if code := end(); code != exitOK {
			t.Errorf("%d kB of room: the server ended with %d\n%s", room, code, said)
		}
		if !letterIn(t, ada, record) {
			t.Errorf("%d kB of room: the letter is not issued after all", room)
		}
	}
	t.Logf("%d refused, %d issued", refused, whole)
	if refused == 0 || whole == 0 {
		t.Errorf("%d refused and %d issued", refused, whole)
	}
}

// fill writes a file that leaves so many bytes of room in a folder, as nearly as the file system lets it.
func fill(t *testing.T, dir string, room int) (name string) {
	t.Helper()
	name = filepath.Join(dir, "filler")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size, chunk := int64(0), make([]byte, 1<<12)
	for {
		n, err := f.Write(chunk)
		size += int64(n)
		if err != nil {
			break
		}
	}
	if err := f.Truncate(max(0, size-int64(room))); err != nil {
		t.Fatal(err)
	}
	return name
}
