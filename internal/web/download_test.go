package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
)

// Every file that the page offers is there, in whatever state the record is, and says of which day it is.
func TestDownloads(t *testing.T) {
	for name, s := range map[string]*site{"harrow": reading(t), "empty": empty(t)} {
		for _, look := range []string{"", "?on=2003-10-01&known=2003-09-17", "?on=2015-06-05"} {
			if name == "empty" && look != "" {
				continue
			}
			n := 0
			for _, l := range s.ok("/structure/download" + look).links {
				path, query, _ := strings.Cut(l, "?")
				if !strings.HasSuffix(path, ".csv") && !strings.HasSuffix(path, ".xlsx") {
					continue
				}
				n++
				r := s.do(request("GET", l))
				if _, want, _ := strings.Cut(look, "?"); r.StatusCode != http.StatusOK || query != want {
					t.Errorf("%s: %s: %d", name, l, r.StatusCode)
				}
				if file := r.Header.Get("Content-Disposition"); look != "" && !strings.HasPrefix(path, "/structure/import") && !strings.Contains(file, look[4:14]) {
					t.Errorf("%s: the day is not in the name of the file: %s", l, file)
				}
			}
			if n < 7 {
				t.Errorf("%s%s: %d files", name, look, n)
			}
		}
	}
}

// The transparency code asks for the top three tiers, and these columns.
func TestTransparency(t *testing.T) {
	s := empty(t)
	s.load(nil, `
{kind: council, id: council, name: Anytown, type: unitary, governance: leader-and-cabinet}
---
{kind: unit, id: people, name: People, type: directorate, head: director}
---
{kind: unit, id: team, name: Front door, type: team, parent: people}
---
{kind: post, id: ce, title: Chief Executive, capacity: officer, grade: CE, salary_from: 150000, salary_to: 154999}
---
{kind: designation, id: hps, role: HPS, post: ce}
---
{kind: post, id: director, title: Director, capacity: officer, unit: people, reports_to: ce, from: 2020-01-01}
---
{kind: post, id: head, title: Head, capacity: officer, unit: team, reports_to: director, grade: G1, salary_from: 60000, salary_to: 70000}
---
{kind: post, id: worker, title: Worker, capacity: officer, unit: team, reports_to: head}
---
{kind: post, id: stray, title: Stray, capacity: officer}
---
{kind: person, id: ann, name: Ann}
---
{kind: appointment, id: a, person: ann, post: head, basis: interim}
---
{kind: appointment, id: b, person: ann, post: director, from: 2020-01-01, until: 2025-12-31}
`)
	status, text := s.get("/structure/download/transparency.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, strings.Join(r, "|"))
	}
	const want = `grade|job_title|department|team|permanent_or_temporary|contact_details|salary_bracket_5k|salary_ceiling|vacant|as_at
CE|Chief Executive|||||150000 - 154999|154999||2026-11-22
|Director|People|People|||||yes|2026-11-22
G1|Head|People|Front door|temporary|||70000|no|2026-11-22`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if strings.Contains(text, "Ann") {
		t.Error("it names somebody")
	}
}
