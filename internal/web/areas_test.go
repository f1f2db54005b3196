package web_test

import (
	"strings"
	"testing"
)

func TestAreas(t *testing.T) {
	s := reading(t)
	s.says(map[string][]string{
		"/structure/areas?on=2003-10-01": {
			"First of the three areas It is not recorded which post heads it. 0 None recorded", "Second of the three areas", "Third of the three areas",
			"Rooks Heath cluster of schools Community schools, Rooks Heath cluster", "Canons cluster of schools",
		},
		"/structure/areas?on=1990-01-01&known=0": {"This council has no areas on this day. An area is recorded as a unit of the type “area”"},
		"/structure/records?on=2003-10-01":       {"See also: Areas", "Delegations"},
	})
	_, csv := s.get("/structure/areas.csv?on=2003-10-01")
	if strings.Count(csv, "of the three areas") != 3 || !strings.Contains(csv, "Table,Area,Led by,Posts in it,Functions,Cluster,What refers to it,Pilot,Where it is tried,Owner,Evaluated\r\n") || !strings.Contains(csv, "Clusters of schools,,,,,Canons cluster of schools,") {
		t.Errorf("the spreadsheet: %s", csv)
	}
	small := empty(t)
	small.load(nil, "{kind: post, id: lead, title: Area lead}\n---\n{kind: pilot, id: p, name: Early help hub, area: North, owner: lead}\n---\n{kind: pilot, id: q, name: One door, evaluated_on: 2026-01-31}")
	small.says(map[string][]string{"/structure/areas": {"Pilot Where it is tried Owner Evaluated Early help hub North Area lead Not yet One door Not recorded Nobody recorded 31 January 2026", "not: This council has no areas"}})
	if _, csv := small.get("/structure/areas.csv"); !strings.Contains(csv, "Pilots,Early help hub,North,Area lead,Not yet\r\n") {
		t.Errorf("the spreadsheet of pilots: %s", csv)
	}
	if _, page := s.get("/structure/records?on=2003-10-01"); !strings.Contains(page, `href="/structure/areas?on=2003-10-01"`) {
		t.Error("the areas cannot be found among all records")
	}
}
