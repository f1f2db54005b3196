package report_test

import (
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// page writes a document as a page of A4 in ten-point type would hold it: columns share its width, and cells wrap.
func page(d report.Document) string {
	const wide = 100
	out := []string{d.Title, d.Dates}
	out = append(out, d.Lead...)
	for _, s := range d.Sections {
		out = append(out, "", s.Title)
		for _, b := range s.Blocks {
			t := b.(report.Table)
			column := wide / len(t.Head)
			row := func(cells []string) {
				wrapped := make([][]string, len(cells))
				tall := 0
				for i, c := range cells {
					line := ""
					for _, w := range strings.Fields(c) {
						if len(line)+len(w) >= column-1 && line != "" {
							wrapped[i], line = append(wrapped[i], line), ""
						}
						line = strings.TrimSpace(line + " " + w)
					}
					wrapped[i] = append(wrapped[i], line)
					tall = max(tall, len(wrapped[i]))
				}
				for n := range tall {
					s := ""
					for i := range cells {
						c := ""
						if n < len(wrapped[i]) {
							c = wrapped[i][n]
						}
						s += c + strings.Repeat(" ", max(1, column-len([]rune(c))))
					}
					out = append(out, strings.TrimRight(s, " "))
				}
			}
			row(t.Head)
			for _, r := range t.Rows {
				var cells []string
				for _, c := range r {
					cells = append(cells, c.Text)
				}
				row(cells)
			}
		}
	}
	return strings.Join(out, "\n")
}

func TestWhoOnOnePage(t *testing.T) {
	g, p := harrow(t)
	const lines = 64
	launch := page(report.WhoOnOnePage(p, g.View(fact.DayOf(2003, 10, 1), g.KnownAt(fact.DayOf(2003, 9, 17).End())), fact.DayOf(2015, 6, 5)))
	same(t, "the launch", launch, `
Who answers in law: London Borough of Harrow
On 1 October 2003, as recorded on 17 September 2003 (entry 150).
Of 5 statutory roles, 1 is filled on 1 October 2003. The record does not say who fills the other 4.

Statutory roles
Statutory role                   Post                             In post
Head of paid service             Chief Executive                  Not recorded
Chief finance officer (section   No post designated               Not recorded
151 officer)
Monitoring officer               No post designated               Not recorded
Chief Education Officer          Director of Learning & Community Not recorded
                                 Development
Director of Social Services      Director of Children's Services  Paul Clark

A different post answers in law
Function                 Managed by               Answers in law           Joined by
Adult mental health;     Head of Community Care   Director of Children's   Meeting of the council's
Older people; Physical   (transitional) (Nick     Services, as Director of statutory officers
disabilities             Georgiou)                Social Services (Paul
                                                  Clark)
Adults with learning     Director of Learning &   Director of Children's   Meeting of the council's
disabilities             Community Development    Services, as Director of statutory officers
                         (Javed Khan: the         Social Services (Paul
                         appointment is agreed,   Clark)
                         and its start is to be
                         announced)
Children with special    Director of Children's   Director of Learning &   Meeting of the council's
educational needs        Services (Paul Clark)    Community Development,   statutory officers
                                                  as Chief Education
                                                  Officer (Javed Khan: the
                                                  appointment is agreed,
                                                  and its start is to be
                                                  announced)

The same post manages and answers
Function                                          Manages it and answers
Adult, community and family learning; Education   Director of Learning & Community Development, as
and business; Health and drugs education;         Chief Education Officer
Professional development and training; School
development and improvement
Children in need; Children's placements:          Director of Children's Services, as Director of
fostering, adoption and residential homes; Family Social Services
support

The law names no statutory role
Function                                          Managed by
Capital development, including PFI; Finance,      Director of People First Strategy
personnel and ICT; Performance and review; Policy
and strategic planning; Research and management
information; Special projects
Libraries and arts; Social inclusion and          Director of Learning & Community Development
community regeneration
Youth and Connexions; Youth offending             Director of Children's Services

It is open which law they fall under
Function                                          Managed by
Asylum seekers                                    Director of Learning & Community Development
Early years and childcare, including play schemes Director of Children's Services`)
	letter := page(report.WhoOnOnePage(p, g.View(fact.DayOf(2015, 6, 5), g.Size()).With("people-directorate"), fact.DayOf(2015, 6, 5)))
	for name, s := range map[string]string{"the launch": launch, "the proposal": letter} {
		if n := strings.Count(s, "\n") + 1; n > lines {
			t.Errorf("%s needs %d lines, and a page has %d:\n%s", name, n, lines, s)
		}
	}
}
