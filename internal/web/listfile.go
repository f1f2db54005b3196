package web

import (
	"encoding/json"
	"io"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// listFiles are the forms in which a list may be had: all that match, and not only the page that is shown.
func (s *Site) listFiles(n *listing) []file {
	table := func() exchange.Table {
		records := make([]*graph.Record, len(n.rows))
		for i, x := range n.rows {
			records[i] = x.Record
		}
		t := exchange.RowsOf(n.l.View, n.kind, records)
		for _, d := range n.derived() {
			t.Columns = append(t.Columns, exchange.Column{Name: d.Name})
			for i, r := range records {
				t.Rows[i] = append(t.Rows[i], exchange.Cell{Text: plain(d.say(r))})
			}
		}
		return t
	}
	return []file{
		{"csv", "Spreadsheet (CSV)", "text/csv; charset=utf-8", func(w io.Writer) error { return exchange.CSV(w, table()) }},
		{"xlsx", "Spreadsheet (Excel)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer) error {
			about := []string{report.DatesOf(n.l.View)}
			if len(n.words) > 0 {
				about = append(about, sentence("Only those "+strings.Join(n.words, ", ")))
			}
			return exchange.XLSX(w, exchange.Workbook{Title: n.kind.Plural, About: about, Tables: []exchange.Table{table()}})
		}},
		{"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error { return json.NewEncoder(w).Encode(newListJSON(n)) }},
	}
}

// listJSON is a list for programs.
type listJSON struct {
	Kind     string       `json:"kind"`
	On       string       `json:"on"`
	Known    int64        `json:"known"` // the entry as at which the record is looked at
	Proposal string       `json:"proposal,omitempty"`
	Records  []listedJSON `json:"records"`
}

type listedJSON struct {
	Record string                     `json:"record"`
	Title  string                     `json:"title"`
	There  bool                       `json:"there"` // on the day; otherwise it is given as it last was
	Entry  int64                      `json:"entry"`
	From   string                     `json:"from"`
	Until  string                     `json:"until"`
	Fields map[string]json.RawMessage `json:"fields"`
	Also   map[string][]string        `json:"also,omitempty"` // what follows from other records, in words
}

func newListJSON(n *listing) listJSON {
	v := n.l.View
	out := listJSON{Kind: string(n.kind.Name), On: v.On().String(), Known: v.Known(), Proposal: string(v.Proposal()), Records: []listedJSON{}}
	spans, derived := n.spans(n.rows), n.derived()
	for _, x := range n.rows {
		span := spans[x.Entry()]
		r := listedJSON{x.Key().String(), x.title, v.Record(x.Key()) == x.Record, x.Entry(), span.From.String(), span.Until.String(), map[string]json.RawMessage{}, map[string][]string{}}
		for _, d := range derived {
			for _, line := range d.say(x.Record) {
				r.Also[d.Name] = append(r.Also[d.Name], line.Text)
			}
		}
		for _, f := range n.kind.Fields {
			if j, state := x.JSON(f.Name); state == graph.Known {
				r.Fields[f.Name] = json.RawMessage(j)
			}
		}
		out.Records = append(out.Records, r)
	}
	return out
}
