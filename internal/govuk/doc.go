// Package govuk makes the HTML of GOV.UK Design System components from plain structs.
//
// A struct has the parameters of the govuk-frontend macro of the same name, and gives the same HTML: the tests read the fixtures that
// govuk-frontend ships, which is what the JSON names are for. Where a parameter comes as a pair, Text is words and is escaped,
// and HTML is markup that is trusted as it stands; HTML wins. What has neither is left out, so that a form can hand over what it has: an
// error message without words is no error message. A pointer is for what may be there or not, and for an answer where
// none differs from no, which is new(false).
//
// From Go, components nest by their markup:
//
//	govuk.Details{SummaryText: "Earlier holders", HTML: govuk.Table{Rows: rows}.Render()}
//
// A template renders one where it stands: {{.Earlier.Render}}.
//
// Nothing that reaches a component as a string can become script. Text and values are escaped; a link to anything but http,
// https, mailto or a place on this site becomes "#ZgotmplZ", as it would in html/template; and an attribute that would run as script,
// or as a style, is left out.
//
// It knows elements and classes and no more: no council, no page, no address, and no words but those that a macro falls
// back on. It must never read a request, and never show the crown, the royal arms or a licence that nobody gave: those are
// the government's, and a council is not the government. It imports the standard library alone, and everybody may import it.
package govuk
