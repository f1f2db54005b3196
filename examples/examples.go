// Package examples holds the records that the demonstration and the tests load.
package examples

import (
	"embed"

	"plumbline/internal/fact"
)

// Files are the manifests, a folder a council.
//
//go:embed harrow/*.yaml harrow-2003/*.yaml
var Files embed.FS

// Load is one load of the Harrow record: the day on which the council learned what the files say.
type Load struct {
	Recorded fact.Day
	Files    []string
}

// Harrow is the record of the two source documents, in the order in which it is loaded.
var Harrow = []Load{
	{fact.DayOf(2003, 9, 17), []string{"harrow/2003-structure.yaml", "harrow/2003-functions.yaml", "harrow/2003-programme.yaml"}},
	{fact.DayOf(2015, 6, 5), []string{"harrow/2015-close-2003.yaml", "harrow/2015-before.yaml", "harrow/2015-proposal.yaml", "harrow/2015-delivery.yaml", "harrow/2015-test.yaml"}},
}

// Harrow2003 is the report of 2003 as a proposal over what stood before it.
var Harrow2003 = []Load{{fact.DayOf(2003, 9, 17), []string{"harrow-2003/before.yaml", "harrow-2003/proposal.yaml"}}}
