package web

import (
	"net/http"
	"slices"

	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// sheetsPage is a page of sections alone.
type sheetsPage struct {
	Lead  string
	Sheet []sheetPart
}

// appointments shows which posts are being filled, who is away, and, below, who came and went.
func (s *Site) appointments(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		p := s.listPage(l, k, r.URL.Query().Get(fieldPage))
		list := p.Body.(*listPage)
		pipeline := sheetPart{Heading: "Posts that are being filled", Lead: text("No posts are being recruited to on this day.")}
		all := report.Pipeline(s.Pack, l.View)
		n := len(all)
		if i := slices.IndexFunc(all, func(x report.Recruiting) bool { return x.Done() }); i >= 0 {
			n = i
		}
		if n > 0 {
			pipeline.Lead, pipeline.Table = nil, s.pipelineTable(l, capital(count(n, "post is", "posts are"))+" being filled", all[:n])
		}
		list.Before = append(list.Before, pipeline)
		if done := all[n:]; len(done) > 0 {
			list.Before = append(list.Before, sheetPart{Heading: "No longer being filled", Lead: text("These recruitments are over. Each leaves this page when its last day is recorded."), Table: s.doneTable(l, done)})
		}
		if all := report.AbsencesOf(s.Pack, l.View); len(all) > 0 {
			list.Before = append(list.Before, sheetPart{Heading: "Away, and covered", Lead: text("An absence is not a vacancy: the holder stays the holder."), Table: awayTable(l, capital(count(len(all), "holder is", "holders are"))+" away", all)})
		}
		return p, nil
	}
}

// areas shows the areas into which the council is divided, the clusters of schools, and what is tried in one place first.
func (s *Site) areas(l *look, _ *http.Request) (*page, error) {
	body := &sheetsPage{}
	p := &page{Template: "sheets", Heading: "Areas", Crumbs: []link{{"All records", l.to("/structure/records")}}, Body: body}
	areas := newTable("How the council is divided", "Area", "Led by", "Posts in it", "Functions")
	for _, u := range l.View.All(graph.Unit) {
		if u.Text("type") != "area" {
			continue
		}
		x := report.SheetOfUnit(s.Pack, u, s.answers(l))
		led := text(sentence(x.NoHead))
		if x.NoHead == "" {
			led = append([]link{l.named(x.Head.Post)}, texts(x.Head.In)...)
		}
		var functions []link
		for _, a := range x.Functions {
			functions = append(functions, l.named(a.Function))
		}
		areas.add([]link{l.named(x.Unit)}, led, text(thousands(int64(x.AllPosts))), orText(functions, "None recorded"))
	}
	if len(areas.Rows) > 0 {
		body.Sheet = append(body.Sheet, sheetPart{Table: areas})
	}
	clusters := newTable("Clusters of schools", "Cluster", "What refers to it")
	for _, o := range l.View.All("organisation") {
		if o.Text("type") != "school-cluster" {
			continue
		}
		var about []link
		labels, of := report.Backlinks(o)
		for _, label := range labels {
			for _, r := range of[label] {
				about = append(about, link{s.title(r), l.record(r.Key())})
			}
		}
		clusters.add([]link{{s.title(o), l.record(o.Key())}}, orText(about, "Nothing"))
	}
	if len(clusters.Rows) > 0 {
		body.Sheet = append(body.Sheet, sheetPart{Table: clusters})
	}
	pilots := newTable("Pilots", "Pilot", "Where it is tried", "Owner", "Evaluated")
	for _, r := range l.View.All("pilot") {
		field := func(name, otherwise string) []link { return orText(s.value(l, r, r.Kind().Field(name)), otherwise) }
		pilots.add([]link{{s.title(r), l.record(r.Key())}}, field("area", "Not recorded"), field("owner", "Nobody recorded"), field("evaluated_on", "Not yet"))
	}
	if len(pilots.Rows) > 0 {
		body.Sheet = append(body.Sheet, sheetPart{Table: pilots})
	}
	if p.Files = []file{csvOf(sheetTables(body.Sheet)...)}; len(body.Sheet) == 0 {
		p.Files = nil
		body.Lead = "This council has no areas on this day. An area is recorded as a unit of the type “area”, a cluster of schools as an organisation."
	}
	return p, nil
}
