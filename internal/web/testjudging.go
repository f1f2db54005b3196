package web

// testJudging are the pages on which an adviser judges, recommends, and on which the council answers.
var testJudging []testPage

func init() { // the pages lead to each other
	testJudging = []testPage{
		{part: partMap, label: "What it rests on", show: (*tested).mapPage, parameters: []string{fieldWeak, fieldTheme, fieldPage}},
		{part: partSummary, label: "Summary", show: (*tested).summaryPage},
		{part: partCompare, show: (*tested).comparePage},
	}
}
