package web

import (
	"net/http"

	"plumbline/internal/fact"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

// frameworkPath is where the frameworks of tests are, each under its code.
const frameworkPath = "/assurance/frameworks"

// frameworkPage says by what a test judges.
func (s *Site) frameworkPage(l *look, r *http.Request) (*page, error) {
	var f *rule.Framework
	var all []link
	for _, x := range s.Pack.Frameworks {
		all = append(all, link{x.Name, l.to(frameworkPath + "/" + x.ID)})
		if x.ID == r.PathValue("framework") {
			f = x
		}
	}
	if f == nil {
		return nil, &trouble{kind: fact.ErrNotFound, text: "The law pack has no such framework.", links: all}
	}
	d := report.FrameworkReport(s.Pack, f, l.View)
	return &page{Template: "document", Label: "Framework", Heading: f.Name, Crumbs: []link{{"Check against the law", l.to("/assurance/check")}}, Body: documentOf(l, d), Files: []file{s.wordOf(l, func() report.Document { return d })}}, nil
}
