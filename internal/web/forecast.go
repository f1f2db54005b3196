package web

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// partChecks is the page of a proposal that says what it would do: what has to be put right before a decision, what wants a thought and what is in order.
const partChecks = "checks"

// fieldLaunch is the parameter that says when what a proposal leaves undated would take effect.
const fieldLaunch = "launch"

// checksPage is what a proposal comes to.
type checksPage struct {
	Notes  []string
	Launch *launchForm
	Must   []matter
	Think  []matter
	Passed []matter

	MustCount, ThinkCount, PassedCount string // all, though not all are listed

	Whole   string // where nothing is to be put right and nothing wants a thought
	Empty   []link
	Tables  []*table
	Further []string // what is left out of them
}

// launchForm asks when what a proposal leaves undated would take effect.
type launchForm struct {
	Action string
	Hidden []hidden
	Launch field
}

// matter is something that a proposal does or leaves open.
type matter struct {
	Title, Text string
	Rule        *link
	About       []link
	More        string // records that are not listed
	Do          *link
	Anyway      bool
}

// mostMatters and mostAbout are how many matters, and records of each, a page lists.
const (
	mostMatters = 20
	mostAbout   = 3
)

// checksPage shows what a proposal would do, by the forecast.
func (p *proposal) checksPage(*http.Request) (*page, error) {
	s, l, k, body := p.s, p.l, p.key, &checksPage{}
	out := p.page("checks", "Checks", partChecks, body)
	launch, wrong := launchOf(l.other.Get(fieldLaunch))
	f := s.forecast(l, k, launch)
	if f.Launch != "" || wrong != "" {
		body.Launch = &launchForm{escaped(l.path), newSearchForm(l, "").Hidden, field{l.other.Get(fieldLaunch), wrong}}
	}
	if wrong != "" {
		out.Status, out.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem", Fields: []link{{wrong, "#" + fieldLaunch}}}
		return out, nil
	}
	body.Notes = f.Notes
	out.Files = s.forecastFiles(l, f)
	if len(f.Waves) == 0 {
		body.Notes, body.Empty = nil, []link{{Text: "No changes yet, so there is nothing to check."}, {"Look at the record with the proposal laid over it, to propose a change", p.after.to("/structure")}}
		return out, nil
	}
	m := f.Matters()
	body.Must, body.Think, body.Passed = s.matters(p.after, m.MustFix), s.matters(p.after, m.Think), s.matters(p.after, m.Passed)
	number := func(all []report.Matter) string { return thousands(int64(len(all))) }
	body.MustCount, body.ThinkCount, body.PassedCount = number(m.MustFix), number(m.Think), number(m.Passed)
	if len(m.MustFix)+len(m.Think) == 0 {
		body.Whole = "All " + count(len(m.Passed), "check passes", "checks pass") + "."
	}
	s.forecastTables(p.after, body, &f)
	return out, nil
}

// headlines are the numbers at the head of a proposal.
func (s *Site) headlines(l *look, k fact.Key) (out []fieldLine) {
	f := s.forecast(l, k, fact.Date{})
	for _, h := range f.Headlines() {
		line := fieldLine{h.Name, text(h.Text)}
		if h.Name == report.Checks {
			line.Lines = []link{{h.Text, l.part(k, partChecks)}}
		}
		out = append(out, line)
	}
	return out
}

// checksLine says how many matters there are before a decision, and leads to them; nothing where nothing would change.
func (p *proposal) checksLine() []fieldLine {
	return slices.DeleteFunc(p.s.headlines(p.l, p.key), func(f fieldLine) bool { return f.Label != report.Checks })
}

// launchOf reads when something takes effect; wrong says why it cannot be read.
func launchOf(typed string) (d fact.Date, wrong string) {
	if day, ok := parseDay(typed); ok {
		return fact.ExactDate(day), ""
	}
	d, err := fact.ParseDate(typed)
	if err != nil || d.Form == fact.ToBeAgreed {
		return fact.Date{}, "“" + typed + "” is not a date. Write it as 1 September 2015 or 2015-09-01, or a month as 2015-09"
	}
	return d, ""
}

// forecast is what a proposal would do, as somebody may see it.
func (s *Site) forecast(l *look, k fact.Key, launch fact.Date) report.Forecast {
	return keep(l, keptForecast{k.ID, launch.String()}, func() report.Forecast {
		seen := report.ForecastOf(s.Pack, l.View, k.ID, launch)
		if l.seen.Whole() {
			return seen
		}
		return report.ForecastOf(s.Pack, s.Book.View(l.View.On(), l.View.Known()), k.ID, launch).Shown(seen, l.View)
	})
}

func (s *Site) matters(l *look, all []report.Matter) (out []matter) {
	for _, x := range all[:min(len(all), mostMatters)] {
		m := matter{Title: x.Title, Text: x.Text, Anyway: x.Anyway && !strings.Contains(x.Text, "without the proposal") && !strings.Contains(x.Text, "and under the proposal")}
		if x.Rule != "" {
			m.Rule = &link{x.Rule, l.to("/assurance/check/" + x.Rule)}
		}
		for i, r := range x.Records {
			if i == mostAbout {
				m.More = "and " + count(len(x.Records)-mostAbout, "more", "more")
				break
			}
			m.About = append(m.About, l.named(r))
		}
		m.Do = s.doing(l, x)
		out = append(out, m)
	}
	if more := len(all) - mostMatters; more > 0 {
		out = append(out, matter{Text: "And " + thousands(int64(more)) + " more, in the files below."})
	}
	return out
}

// doing leads to where a matter is put right: to what is recorded for it, for whoever may propose, else to the record.
func (s *Site) doing(l *look, x report.Matter) *link {
	switch {
	case x.Do == "":
		return nil
	case x.New.Kind != "" && s.Desk != nil:
		k := l.View.Kinds().Kind(x.New.Kind)
		at := l
		if !access.Proposed(k) { // it is recorded as it is in force
			c := *l
			c.on, c.known, c.proposal = "", "", ""
			at = &c
		}
		if !at.writable(k) || !at.mayChange(k, fact.Key{}) {
			return &link{Text: x.Do}
		}
		var p []string
		for _, f := range k.Fields {
			if v := x.New.Fields[f.Name]; v != "" {
				p = append(p, f.Name, v)
			}
		}
		return &link{x.Do, at.to(k.Path()+"/new", p...)}
	case x.Open.ID != "" && len(l.View.History(x.Open)) > 0:
		return &link{x.Do, l.record(x.Open)}
	}
	return &link{Text: x.Do}
}

// mostRows is how many rows a table of the page has, and fewer where they lead somewhere. The files have all.
const (
	mostRows   = 40
	fewestRows = 10
)

// forecastTables are the numbers behind the lists.
func (s *Site) forecastTables(l *look, body *checksPage, f *report.Forecast) {
	for _, section := range f.Document("").Sections[3:] { // after what is said above
		for _, b := range section.Blocks {
			switch b := b.(type) {
			case report.Para:
				body.Further = append(body.Further, string(b))
			case report.Table:
				if b.Caption == "" {
					b.Caption = section.Title
				}
				most := mostRows
				if len(b.Rows) > 0 && slices.ContainsFunc(b.Rows[0], func(c report.Cell) bool { return c.Record.ID != "" }) {
					most = fewestRows
				}
				if more := len(b.Rows) - most; more > 0 {
					body.Further = append(body.Further, b.Caption+": "+count(more, "more row is", "more rows are")+" in the files below.")
					b.Rows = b.Rows[:most]
				}
				body.Tables = append(body.Tables, tableOf(l, b))
			}
		}
	}
}

func (s *Site) forecastFiles(l *look, f report.Forecast) []file {
	document := func() report.Document { return f.Document(report.DatesOf(l.View)) }
	return []file{s.wordOf(l, document), {"txt", "Plain text", "text/plain; charset=utf-8", func(w io.Writer) error {
		return exchange.Text(w, document(), 100)
	}}, jsonOf(func() any { return report.NewForecastJSON(s.when(l), f) })}
}
