package web

import (
	"io"
	"net/http"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// downloadPage lists the files that can be had of the structure, as of the day that is looked at.
type downloadPage struct {
	Lead  string
	Table *table
	Names string
}

// download is a file of the structure.
type download struct {
	name, ending string
	title, about string
	write        func(s *Site, l *look, w io.Writer) error
}

func asCSV(make func(s *Site, l *look) exchange.Table) func(*Site, *look, io.Writer) error {
	return func(s *Site, l *look, w io.Writer) error { return exchange.CSV(w, make(s, l)) }
}

// downloads are the files of the structure.
var downloads = []download{
	{"posts", "csv", "Posts", "Every post: who is in it, its unit, to whom it reports, which statutory role it has, what it answers for and what it manages.",
		asCSV(func(s *Site, l *look) exchange.Table { return exchange.Posts(l.View, s.Pack, true) })},
	{"posts-without-names", "csv", "Posts, without names", "The same, with N/D where a name would stand.",
		asCSV(func(s *Site, l *look) exchange.Table { return exchange.Posts(l.View, s.Pack, false) })},
	{"transparency", "csv", "Senior posts for the transparency code", "The top three tiers, with the columns that the code asks for: grade, title, department, team, permanent or temporary, pay bracket of £5,000 and ceiling. A bracket is given where the whole pay band lies in one. Contact details are not recorded, so that column is empty. A post is left out where its line to the head of paid service is not recorded.",
		asCSV(func(s *Site, l *look) exchange.Table { return exchange.Transparency(l.View) })},
	{"who-answers", "csv", "Who answers", "Each function: the post that manages it, the post that answers for it in law, and how the two are joined.",
		asCSV(func(s *Site, l *look) exchange.Table { return exchange.WhoAnswers(l.View, s.Pack, nil) })},
	{"chart", "svg", "The chart", "The chart of the structure as a picture that any browser and most word processors open: at most 60 posts, with who is in them and who answers in law.",
		(*Site).svg},
	{"everything", "xlsx", "Everything of the structure", "Every record of the structure, a sheet for each kind.",
		func(s *Site, l *look, w io.Writer) error { return exchange.XLSX(w, s.everything(l)) }},
}

// everything is a workbook of all records of the structure on the day looked at.
func (s *Site) everything(l *look) exchange.Workbook {
	b := exchange.Workbook{Title: "Everything of the structure", About: []string{report.DatesOf(l.View)}}
	for _, k := range inFirstHour(l.View.Kinds()) {
		if k.Section == "structure" && len(l.View.All(k.Name)) > 0 {
			b.Tables = append(b.Tables, exchange.Rows(l.View, k))
		}
	}
	return b
}

func (s *Site) downloadStart(l *look, _ *http.Request) (*page, error) {
	t := newTable("Files of the structure", "File", "What is in it", "Form")
	forms := map[string]string{"csv": "CSV", "xlsx": "Excel", "svg": "Picture (SVG)"}
	for _, d := range downloads {
		t.add([]link{{d.title, l.to("/structure/download/" + d.name + "." + d.ending)}}, text(d.about), text(forms[d.ending]))
	}
	for _, x := range []struct {
		title, path, about string
		there              bool
	}{
		{"Statutory roles", rolesPath, "Each role that the law knows on the day: how it stands, the post, who is in it and since when.", true},
		{"Delegations", l.View.Kinds().Kind("delegation").Path(), "Each power that is given to a post, where that is written, and whether it has to be amended.", len(l.View.All("delegation")) > 0},
	} {
		if x.there {
			t.add([]link{{x.title, l.to(x.path + ".csv")}}, text(x.about), text(forms["csv"]))
		}
	}
	t.add([]link{{"What can be changed and imported again", l.to(importPath + "/filled.xlsx")}}, text("The template of an import, filled in: units, posts, people, appointments, designations and functions."), text(forms["xlsx"]))
	return &page{Template: "download", Heading: "Download the structure", Body: &downloadPage{
		Lead:  "Each file holds what is looked at here: " + report.DatesOf(l.View) + " Choose another day above to have the files of that day. The day is in the name of each file.",
		Table: t,
		Names: "Files with names hold personal data: pass them on only to those who need it.",
	}}, nil
}

func (s *Site) download(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	mimes := map[string]string{"csv": mimeCSV, "xlsx": mimeXLSX, "svg": mimeSVG}
	for _, d := range downloads {
		if d.name == r.PathValue("file") && d.ending == endingOf(r) {
			name := s.fileName(l, &page{Heading: d.title}) + "." + d.ending
			return send(w, mimes[d.ending], name, func(w io.Writer) error { return d.write(s, l, w) })
		}
	}
	return &trouble{kind: fact.ErrNotFound, text: "There is no such file of the structure.", links: []link{{"Download the structure", l.to("/structure/download")}}}
}
