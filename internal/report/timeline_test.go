package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/report"
)

func timeline(t report.Timeline) string {
	var out []string
	for _, l := range t.Lanes {
		out = append(out, "# "+l.Name)
		if l.ID != report.LaneRoles {
			for _, b := range l.Bars {
				out = append(out, line(b))
			}
			for _, x := range l.Points {
				out = append(out, fmt.Sprintf("* %s: %s: %s", x.Words, x.What, x.Text))
			}
			continue
		}
		out = append(out, fmt.Sprint(len(l.Bars), " periods"))
	}
	return strings.Join(out, "\n")
}

func TestTimelineHarrow(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct {
		from, to fact.Day
		want     string
	}{
		{fact.DayOf(2003, 1, 1), fact.DayOf(2003, 12, 31), `
# Structure in force
In force: Education Department, not recorded – 30 September 2003
In force: Social Services Department, not recorded – 30 September 2003
In force: People First, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: People First Strategy, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: Children's Services, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: Learning and Community Development, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: Community Care Services, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
# Head of paid service
1 periods
# Chief finance officer (section 151 officer)
1 periods
# Monitoring officer
1 periods
# Chief Education Officer
4 periods
# Director of Social Services
2 periods
# Decisions and meetings
* 11 September 2003: Meeting planned: Appointments Panel, 11 September 2003
* 17 September 2003: Meeting planned: Lifelong Learning Scrutiny Sub-Committee, 17 September 2003
* 17 September 2003: Meeting planned: Health and Social Care Scrutiny Sub-Committee, 17 September 2003`},
		{fact.DayOf(2015, 1, 1), fact.DayOf(2016, 12, 31), `
# Structure in force
In force: People First, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: People First Strategy, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: Children's Services, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: Learning and Community Development, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: Community Care Services, 1 October 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 6 months
In force: Children and Families, between 1 April 2005 and 15 April 2015 – no end recorded, 2 months to 10 years and 2 months so far
In force: Community, Health and Well-Being, between 1 April 2005 and 15 April 2015 – no end recorded, 2 months to 10 years and 2 months so far
# Leader or elected mayor
2 periods
# Head of paid service
2 periods
# Chief finance officer (section 151 officer)
1 periods
# Monitoring officer
1 periods
# Director of children's services
2 periods
# Lead member for children's services
2 periods
# Director of adult social services
2 periods
# Director of public health
1 periods
# Lead member for adult services
2 periods
# Proposals
Consultation: People Directorate, within a restructuring of senior management, 15 April 2015 – no end recorded, 2 months so far
* 15 April 2015: Published on: People Directorate, within a restructuring of senior management
* 15 April 2015: Consultation opens: People Directorate, within a restructuring of senior management
* 20 May 2015: Consultation closes: People Directorate, within a restructuring of senior management
* 17 June 2015: Decision on: People Directorate, within a restructuring of senior management
# Tests of assurance
Live: Proposals to establish a People Directorate – independent local test of assurance, 5 June 2015 – June 2016, 12 to 13 months
* 5 June 2015: Reported on: Proposals to establish a People Directorate – independent local test of assurance
* June 2016: Review due: Proposals to establish a People Directorate – independent local test of assurance
# Decisions and meetings
* 17 June 2015: Meeting planned: Cabinet, 17 June 2015`},
	} {
		got := timeline(report.TimelineOf(p, g.View(fact.DayOf(2015, 6, 5), g.Size()), c.from, c.to))
		if got != strings.TrimSpace(c.want) {
			t.Errorf("%s\nwant\n%s", got, c.want)
		}
	}
}

func TestTimelineHasLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("{kind: unit, id: u, name: Unit, type: department}\n")
	for i := range 310 {
		fmt.Fprintf(&b, "---\n{kind: decision, id: d%d, title: Decision %d, decided_on: 2020-01-01}\n", i, i)
	}
	g, p := council(t, b.String())
	got := report.TimelineOf(p, g.View(fact.DayOf(2020, 6, 1), g.Size()), fact.DayOf(2020, 1, 1), fact.DayOf(2020, 12, 31), report.LaneStructure, report.LaneDecisions)
	if len(got.Lanes) != 2 || len(got.Lanes[0].Bars) != 1 || len(got.Lanes[1].Points) != 299 || got.More != 11 {
		t.Errorf("%d lanes, %d more", len(got.Lanes), got.More)
	}
}
