package kind

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
)

// Visibility says who may see a record: everybody, those who work for the council, or those alone who have to.
type Visibility string

// The visibilities, the widest first, and what a record says that is again as others of its kind are.
const (
	Public     Visibility = "public"
	Internal   Visibility = "internal"
	Restricted Visibility = "restricted"
	AsKind     Visibility = "as-kind"
)

// Visibilities are all of them, in the order in which forms offer them.
var Visibilities = []Visibility{AsKind, Public, Internal, Restricted}

// Class is who may see a record and, where that is few, on what ground, by whose decision and since when. It is of the record, and not of the days of
// the entry that says it.
type Class struct {
	Visibility  Visibility
	Exempt      string    // the paragraph of Schedule 12A to the Local Government Act 1972, a code of Exempting, or other words
	Decided     string    // who decided that, by office: "the monitoring officer"
	DecidedWhen fact.Date // and when; zero where it is not recorded
}

// Exempting are the grounds on which a record is restricted: the paragraphs of Schedule 12A, Part 1, to the Local Government Act 1972, and personal data. Their
// codes are what Class.Exempt says of them; it may say something else, in words.
var Exempting = func() (out []Ground) {
	for _, g := range Withholding {
		if cited, ok := strings.CutPrefix(g.Citation, "Local Government Act 1972 Schedule 12A"); ok {
			out = append(out, Ground{"Schedule 12A" + cited, g.Label, g.Citation, ""})
		}
	}
	return append(out, Ground{"Personal data", "About somebody who can be recognised, and the law does not let it be shown", "UK GDPR Article 5", ""})
}()

// class reads who may see a record.
func (d *Doc) class(get func(string) *node, text func(string) string, when fact.Date, complain func(at *node, field, what, remedy string)) {
	d.Class = Class{Visibility(text("visibility")), text("exempt"), text("decided"), when}
	switch {
	case d.Visibility != "" && !slices.Contains(Visibilities, d.Visibility):
		complain(get("visibility"), "visibility", fmt.Sprintf("%q is no visibility", d.Visibility), "Write public, internal, restricted, or as-kind where it is as others of its kind")
	case d.Visibility == Restricted && (d.Exempt == "" || d.Decided == ""):
		complain(get("visibility"), "visibility", "what is restricted says why and who decided it", "Add `exempt:` with the paragraph of Schedule 12A or another reason, and `decided:` with who decided")
	case d.Visibility != Restricted && d.Exempt != "":
		complain(get("exempt"), "exempt", "it says why it is exempt, and is not restricted", "Write `visibility: restricted`, or leave out `exempt`")
	}
	for _, key := range []string{"decided", "decided_when"} {
		if d.Visibility == "" && text(key) != "" {
			complain(get(key), key, "it says who decided or when, and not what", "Add `visibility:`, or leave it out")
		}
	}
	for _, key := range []string{"exempt", "decided"} {
		if c := plainText(text(key), true); c != nil {
			complain(get(key), key, c.what, c.remedy)
		}
	}
}
