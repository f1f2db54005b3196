package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plural are the names under which programs find lists, whatever is in them.
var plural = []string{
	"records", "functions", "results", "criteria", "splits", "entries", "changes", "roles", "periods", "lanes", "events", "holders", "posts", "subjects", "missing",
	"facts", "conditions", "findings", "parts", "effects", "joined_by", "referred_by", "also",
}

var snake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// misnamed lists what is wrong with the names and lists of JSON. Below fields and also are names that the kinds and people give.
func misnamed(at string, v any) (faults []string) {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			where := at + "." + name
			if !snake.MatchString(name) {
				faults = append(faults, where+": its name is not plain")
			}
			if x == nil && slices.Contains(plural, name) {
				faults = append(faults, where+": null where a list is meant")
			}
			if name != "fields" && name != "also" {
				faults = append(faults, misnamed(where, x)...)
			}
		}
	case []any:
		for _, x := range v {
			faults = append(faults, misnamed(at+"[]", x)...)
		}
	}
	return faults
}

// Every page that can be had as JSON is JSON of plain names, without null where there is a list, also where there is nothing to list.
func TestJSON(t *testing.T) {
	sites := map[string]*site{"Harrow": reading(t), "empty": empty(t)}
	for name, s := range sites {
		var pages []string
		s.opened = func(_, page string) {
			for _, m := range regexp.MustCompile(`href="([^"]*\.json[^"]*)"`).FindAllStringSubmatch(page, -1) {
				pages = append(pages, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
		s.t = t
		looked := []string{"?on=2003-10-01&known=2003-09-17", "?on=2015-06-05"}
		if name == "empty" {
			looked = []string{""}
		}
		kinds := map[string]int{}
		s.crawl(func(u *url.URL) bool {
			q := u.Query()
			for _, of := range []string{"first", "known", "view", "page", "sort", "top"} {
				if q.Has(of) && of != "known" {
					return false
				}
			}
			day := "?" + u.RawQuery
			if u.RawQuery == "" {
				day = ""
			}
			dir := u.Path[:strings.LastIndex(u.Path, "/")+1]
			if strings.Contains(u.Path, ".") || !slices.Contains(looked, day) || strings.HasPrefix(u.Path, "/entries/") || kinds[dir] > 8 { // a few of each sort
				return false
			}
			kinds[dir]++
			return true
		}, withLooks(looked)...)
		for _, look := range looked {
			pages = append(pages, "/structure/compare.json"+look+map[bool]string{true: "?", false: "&"}[look == ""]+"first=2003-09-17", "/check.json"+look)
		}
		slices.Sort(pages)
		pages = slices.Compact(pages)
		if len(pages) < 10 {
			t.Errorf("%s: %d pages can be had as JSON", name, len(pages))
		}
		for _, target := range pages {
			r := s.do(request("GET", target))
			b := body(r)
			if r.StatusCode/100 == 3 {
				continue
			}
			if r.StatusCode == http.StatusNotFound && strings.HasPrefix(target, "/structure/compare") {
				continue // there is nothing to compare
			}
			var v any
			if err := json.NewDecoder(bytes.NewReader([]byte(b))).Decode(&v); r.StatusCode != http.StatusOK || err != nil {
				t.Errorf("%s: status %d, %v", target, r.StatusCode, err)
			}
			for _, fault := range misnamed("", v) {
				t.Errorf("%s: %s", target, fault)
			}
		}
	}
	for says, want := range map[string]string{`{"Holders": []}`: "not plain", `{"holders": null}`: "null where a list is meant", `[{"a": {"joinedBy": 1}}]`: "not plain", `{"fields": {"X": 1}, "known": {"at": null}}`: ""} {
		var v any
		if err := json.Unmarshal([]byte(says), &v); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(misnamed("", v)); !strings.Contains(got, want) || want == "" && got != "[]" {
			t.Errorf("%s: %s, want %q", says, got, want)
		}
	}
}

// withLooks are the pages that are always there, with each look.
func withLooks(looks []string) (out []string) {
	for _, p := range pages {
		for _, l := range looks {
			out = append(out, p+l)
		}
	}
	return out
}

// The files of a comparison hold all that differs, and not only the page that is shown.
func TestFilesOfAComparisonAreWhole(t *testing.T) {
	s := reading(t)
	const target, look = "/structure/compare", "?on=2015-06-05&first=1990-01-01&what=everything"
	_, page := s.get(target + look)
	shown := strings.Count(page, `id="change-`)
	var all struct {
		Changes []struct{ Record struct{ Title string } }
	}
	if err := json.Unmarshal([]byte(body(s.do(request("GET", target+".json"+look)))), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Changes) <= shown || shown == 0 {
		t.Fatalf("%d changes, of which a page shows %d: there is nothing to test", len(all.Changes), shown)
	}
	csv, text := body(s.do(request("GET", target+".csv"+look))), body(s.do(request("GET", target+".txt"+look)))
	last := all.Changes[len(all.Changes)-1].Record.Title
	if !strings.Contains(csv, last) || !strings.Contains(text, last[:10]) {
		t.Errorf("a file does not hold the last change, of %s", last)
	}
}
