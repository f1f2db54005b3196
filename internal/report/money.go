package report

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Money is what a proposal costs and saves, as far as it is recorded.
type Money struct {
	Proposal    Named    `json:"proposal"`
	Saving      string   `json:"saving,omitempty"` // the estimate, in words
	Savings     []Amount `json:"savings"`
	Investments []Amount `json:"investments"`
	Staffing    Staffing `json:"staffing"`
	Advice      string   `json:"finance_advice,omitempty"`
}

// Amount is a saving or an investment.
type Amount struct {
	Record  Named   `json:"record"`
	Year    string  `json:"year,omitempty"`
	Amount  float64 `json:"amount"`
	Stated  bool    `json:"stated"` // an amount is recorded
	Status  string  `json:"status,omitempty"`
	Counted bool    `json:"counted"` // it is not part of another of them
}

// MoneyOf gathers it for the day looked at, on which the proposal is read as if in force.
func MoneyOf(p *rule.Pack, v *graph.View, proposal fact.ID) Money {
	without := v.With("")
	k := fact.Key{Kind: graph.Proposal, ID: proposal}
	r := without.Record(k)
	if r == nil {
		return Money{Proposal: called(p, without, k), Savings: []Amount{}, Investments: []Amount{}, Staffing: Staffing{Grades: []GradeCount{}, Tiers: []TierCount{}}}
	}
	return moneyOf(p, r, StaffingOf(without, v.With(proposal)))
}

func moneyOf(p *rule.Pack, r *graph.Record, s Staffing) Money {
	return Money{
		Proposal: named(p, r), Saving: fieldWords(p, r, "saving"), Staffing: s, Advice: fieldWords(p, r, "finance_advice"),
		Savings: amountsOf(p, r.Referring("saving", "restructure")), Investments: amountsOf(p, r.Referring("investment", "restructure")),
	}
}

func amountsOf(p *rule.Pack, all []*graph.Record) []Amount {
	out := []Amount{}
	for _, r := range all {
		up := r.Ref("part_of")
		a := Amount{Record: named(p, r), Year: fieldWords(p, r, "year"), Status: fieldWords(p, r, "status"), Counted: up == nil || !slices.Contains(all, up)}
		a.Amount, a.Stated = r.Number("amount")
		if from, to := fieldWords(p, r, "first_year"), fieldWords(p, r, "last_year"); a.Year == "" && from != "" {
			a.Year = strings.TrimSuffix(from+" to "+to, " to ")
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b Amount) int {
		return cmp.Or(last(a.Year, b.Year), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Record.Text, b.Record.Text))
	})
	return out
}

// Document writes it for people.
func (m Money) Document(v *graph.View) Document {
	d := Document{Title: "Costs and savings of " + m.Proposal.Text, Dates: DatesOf(v.With("")), Mark: restricted(v, m.Proposal.Record)}
	if len(m.Savings)+len(m.Investments) == 0 && m.Saving == "" && !m.Staffing.Known() {
		d.Lead = []string{"No figures yet."}
	}
	d.Sections = []Section{{"Savings and investment", append([]Block{m.estimate()}, m.years()...)}}
	lines := Table{Caption: "The lines of which these are made", Head: []string{"Line", "What it is", "Year", "Amount", "Status"}, Headed: true, Figures: []int{3}}
	for i, all := range [][]Amount{m.Savings, m.Investments} {
		for _, a := range all {
			amount := "Not recorded"
			if a.Stated {
				amount = Pounds(a.Amount)
			}
			if !a.Counted {
				amount += ", counted in another line"
			}
			lines.Rows = append(lines.Rows, []Cell{a.Record, cell([]string{"Saving", "Investment"}[i]), cell(cmp.Or(a.Year, "Not recorded")), cell(amount), cell(cmp.Or(a.Status, "Not recorded"))})
		}
	}
	if len(lines.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"Line by line", []Block{lines}})
	}
	d.Sections = append(d.Sections, Section{"Salaries", m.pay()})
	advice := Prose(m.Advice)
	if m.Advice == "" {
		advice = []Block{Gap(Wanting("the comments of the chief finance officer"))}
	}
	d.Sections = append(d.Sections, Section{"Comments of the chief finance officer", advice})
	return d
}

// blocks is the same for a report, without the lines.
func (m Money) blocks() []Block {
	return slices.Concat([]Block{m.estimate()}, m.years(), m.pay())
}

func (m Money) estimate() Block {
	if m.Saving == "" {
		return Gap(Wanting("the estimated saving"))
	}
	return Para("The saving is estimated at " + m.Saving + ".")
}

func (m Money) years() (out []Block) {
	for _, x := range []struct {
		all           []Amount
		caption, head string
	}{{m.Savings, "Savings by financial year", "Saving"}, {m.Investments, "Investment by financial year", "Investment"}} {
		if b, ok := byYear(x.all, x.caption, x.head); ok {
			out = append(out, b)
		}
	}
	return out
}

// byYear adds up amounts by the year for which they are. One that is part of another of them is not counted twice.
func byYear(all []Amount, caption, head string) (Bars, bool) {
	b := Bars{Caption: caption, Head: [2]string{"Financial year", head}}
	for _, a := range all {
		if !a.Stated || !a.Counted {
			continue
		}
		year := cmp.Or(a.Year, "Year not recorded")
		if n := len(b.Rows); n == 0 || b.Rows[n-1].Label != year {
			b.Rows = append(b.Rows, Bar{Label: year})
		}
		row := &b.Rows[len(b.Rows)-1]
		row.Amount += a.Amount
		row.Text = Pounds(row.Amount)
	}
	return b, len(b.Rows) > 0
}

func (m Money) pay() (out []Block) {
	if !m.Staffing.Known() {
		return []Block{Gap(Wanting("the salaries of the posts, from which the change would follow"))}
	}
	t, notes := m.Staffing.Pay("Now", "Proposed")
	out = append(out, t)
	for _, n := range notes {
		out = append(out, Para(n))
	}
	return out
}
