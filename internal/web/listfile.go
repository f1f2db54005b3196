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
		return exchange.RowsOf(n.l.View, n.kind, records)
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
}

func newListJSON(n *listing) listJSON {
	v := n.l.View
	out := listJSON{Kind: string(n.kind.Name), On: v.On().String(), Known: v.Known(), Proposal: string(v.Proposal()), Records: []listedJSON{}}
	spans := n.spans(n.rows)
	for _, x := range n.rows {
		span := spans[x.Entry()]
		r := listedJSON{x.Key().String(), x.title, v.Record(x.Key()) == x.Record, x.Entry(), span.From.String(), span.Until.String(), map[string]json.RawMessage{}}
		for _, f := range n.kind.Fields {
			if j, state := x.JSON(f.Name); state == graph.Known {
				r.Fields[f.Name] = json.RawMessage(j)
			}
		}
		out.Records = append(out.Records, r)
	}
	return out
}
