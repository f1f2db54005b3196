package web

import "plumbline/internal/access"

// The pages on which an adviser judges and asks for something, and on which the council answers.
const (
	partCriteria   = "criteria"
	partConditions = "conditions"
	partMap        = "map"
	partSummary    = "summary"
	partCompare    = "compare"
)

// testJudging are the pages on which an adviser judges, recommends, and on which the council answers.
var testJudging []testPage

func init() { // the pages lead to each other
	testJudging = []testPage{
		{part: partCriteria, label: "Criteria", show: (*tested).criteriaPage, send: (*tested).criterionSent, act: access.Assess, work: true, parameters: []string{fieldAdded}},
		{part: partConditions, show: (*tested).conditionsPage, send: (*tested).conditionSent, act: access.Read, work: true, parameters: []string{fieldAdded, fieldCriterion}},
		{part: partRecommendations, label: "Recommendations", show: (*tested).recommendationsPage, send: (*tested).recommendationSent, act: access.Read, work: true, parameters: []string{fieldAdded}},
		{part: partMap, label: "What it rests on", show: (*tested).mapPage, parameters: []string{fieldWeak, fieldTheme, fieldPage}, work: true},
		{part: partSummary, label: "Summary", show: (*tested).summaryPage, work: true},
		{part: partAccuracy, label: "Factual accuracy", show: (*tested).accuracyPage, send: (*tested).accuracySent, act: access.Read, parameters: []string{fieldAdded, fieldLetter}},
		{part: partCompare, show: (*tested).comparePage},
	}
}
