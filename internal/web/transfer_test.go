package web_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"plumbline/internal/report"
)

const transferOf2015 = "/proposals/people-directorate/transfer?on=2015-06-05"

func TestTransferPage(t *testing.T) {
	s := reading(t)
	s.says(map[string][]string{
		transferOf2015: {
			"Where each function goes", "Nothing stands against adoption.", "What the proposal leaves undated is taken to begin on 5 June 2015. That day is assumed: nothing of the proposal has a day.", "15 functions: 14 move and 1 stays.",
			"Adult social care Community, Health and Well-Being (Director of Adult Social Services) People (Director of Adult Social Services) 5 June 2015 Director of Adult Social Services Nothing",
			"No place: 1 Not certain: 9",
		},
		transferOf2015 + "&fault=orphan":                                                      {"1 function, what is wrong: No place", "Schools Capital Programme No place Stays, without a place No place. From 5 June 2015 until further notice", "not: Adult social care"},
		transferOf2015 + "&becomes=stays":                                                     {"1 function, what becomes of it: Stays"},
		transferOf2015 + "&out=unit/children-and-families":                                    {"9 functions, from: Children and Families (9)", "not: Public health"},
		transferOf2015 + "&out=unit/children-and-families&unit=unit/people&fault=not-certain": {"9 functions"},
		transferOf2015 + "&fault=doubled":                                                     {"No functions, what is wrong: Stands twice", "Show all functions", "not: Adult social care"},
		transferOf2015 + "&body=-&fault=orphan":                                               {"1 function, what is wrong: No place, of this council"},
		transferOf2015 + "&view=origins":                                                      {"What came from where", "Not everything landed. Of 15 functions, 1 has no place.", "This council 15 14 0 0 0 0 0 1 0"},
	})
	other := empty(t)
	other.load(nil, changing)
	other.says(map[string][]string{"/proposals/new-shape/transfer": {"No function is recorded on these days, so none goes anywhere."}})
	if status, _ := other.get("/proposals/nothing/transfer"); status != 404 {
		t.Error(status)
	}
}

// The files of the page hold what it shows: all of it, or what it is narrowed to.
func TestTransferFiles(t *testing.T) {
	s := reading(t)
	at := func(ending, rest string) string {
		return strings.Replace(transferOf2015, "?", "."+ending+"?", 1) + rest
	}
	for rest, want := range map[string]int{"": 15, "&fault=orphan": 1, "&out=unit/children-and-families": 9} {
		_, body := s.get(at("csv", rest))
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != want+1 {
			t.Errorf("%s: %d rows, %v", rest, len(rows), err)
		}
		_, body = s.get(at("json", rest))
		var all []report.MovingJSON
		if err := json.Unmarshal([]byte(body), &all); err != nil || len(all) != want {
			t.Errorf("%s: %d in the JSON, %v", rest, len(all), err)
		}
	}
	for _, ending := range []string{"xlsx", "docx"} {
		if _, body := s.get(at(ending, "")); !strings.HasPrefix(body, "PK") {
			t.Errorf("%s is no such file", ending)
		}
	}
}
