package web_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// The pages of an import and of long work in a browser, which no link leads to, in each of their states.
func TestImportPagesInABrowser(t *testing.T) {
	s := department(t, 120)
	begun := func(name, content string) string {
		v := s.visit("/structure/import")
		v.uploaded(name, []byte(content))
		v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2015", "~source", "HR system, April 2015")
		return v.at
	}
	columns := begun("staff.csv", "Rolle,Job title,Shoe size,Title\nHead of Service,SM3,44,x\n")
	wrong := "Id,Title,Grade,Reports to,Until\np5,Post 5,SM9,Nobody at all,31/02/2015\n,,,Post 1,\np7,Post 7,SM9,,\n"
	rows := begun("posts-april-2015.csv", wrong)
	missing := begun("posts.csv", "Id,Title,Grade\np5,Post 5,SM9\n")
	all := strings.Builder{}
	all.WriteString("Id,Title,Grade,Unit,Until\n")
	for i := range 120 {
		n := strconv.Itoa(i + 1)
		all.WriteString("p" + n + ",Post " + n + ",SM" + n + "," + []string{"People", "Place"}[i%2] + "," + []string{"", "", "1 May 2016"}[i%3] + "\n")
	}
	all.WriteString(",New post,SM1,Place,\n")
	check := begun("all-posts.csv", all.String())
	done := s.visit(begun("units.csv", "Name\nAnother unit\n"))
	done.answer("/missing", "missing-unit", "leave")
	done.answer("/check")
	stop := make(chan struct{})
	job, err := s.desk.Start(t.Context(), "owner", "Import posts-april-2015.xlsx: 3,000 changes", func(_ context.Context, p *desk.Progress) (string, error) {
		p.At(3, 10, "Checking 3,000 entries")
		<-stop
		return "", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { close(stop) })
	s.visit("/verify").answer("/verify")
	s.wait()
	for _, width := range []int{1280, 320} {
		b := s.tab(width, true)
		for name, target := range map[string]string{
			"start": "/structure/import", "from": strings.Replace(missing, "/missing", "/from", 1), "columns": columns, "rows": rows, "missing": missing, "check": check, "check2": check + "?page=2",
			"done": done.at, "job": "/jobs/" + job.ID, "account": "/account", "verify": "/verify", "download": "/structure/download", "entries": "/entries", "lists": "/structure/records",
		} {
			b.open(target)
			b.judge(target)
			b.picture("import-" + name + "-" + strconv.Itoa(width))
		}
	}
}

// Journey 5 as somebody makes it, with scripts and without: a file with mistakes, the same put right, the preview, the record, and back.
func TestAnImportInABrowser(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		at := filepath.Join(dir, name)
		if err := os.WriteFile(at, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return at
	}
	wrong := file("posts.csv", "Id,Title,Grade,Reports to\np1,Post 1,SM9,\np2,Post 2,SM1,Nobody\np3,Post 3,SM1,Post 1\n,,,\n")
	right := file("posts fixed.csv", "Id,Title,Grade,Reports to\np1,Post 1,SM9,\np2,Post 2,SM1,Post 1\np3,Post 3,SM1,Post 1\n,New post,SM1,Post 1\n")
	for _, scripts := range []bool{true, false} {
		s := department(t, 3)
		before := s.book.Known()
		b := s.tab(1280, scripts)
		send := func(file, button string) {
			b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}))
			b.follow(button)
		}
		b.open("/structure/records")
		b.follow("Import a spreadsheet")
		b.follow("Continue")
		b.says("Select a file")
		send(wrong, "Continue")
		b.fill("Day", "1")
		b.fill("Month", "April")
		b.fill("Year", "2015")
		b.follow("Continue")
		b.says("1 row needs fixing. Nothing has been changed yet.", "No post has this name or id")
		send(right, "Upload the fixed file")
		b.says("+ 1 new", "~ 1 changed", "2 the same", "Grade: SM9")
		if s.book.Known() != before {
			t.Error("something was recorded before it was agreed to")
		}
		b.follow("Record 2 changes")
		b.says("The import is recorded", "+ 1 new", "~ 1 changed")
		if n := s.book.Known() - before; n != 2 {
			t.Errorf("%d entries", n)
		}
		b.follow("Undo the whole import")
		b.says("Success")
		if r := s.book.View(fact.DayOf(2016, 1, 1), -1).Record(fact.Key{Kind: "post", ID: "p1"}); r.Text("grade") != "SM1" {
			t.Error("it is not undone")
		}
	}
}
