package graph

import (
	"encoding/json"
	"strconv"
	"strings"

	"plumbline/internal/fact"
)

func unescape(j string) string {
	var s string
	if err := json.Unmarshal([]byte(j), &s); err != nil {
		return j
	}
	return s
}

// texts gives the Go strings of a JSON list of strings.
func texts(j string) []string {
	if len(j) < 2 || j[0] != '[' {
		return nil
	}
	if strings.IndexByte(j, '\\') >= 0 {
		var out []string
		_ = json.Unmarshal([]byte(j), &out)
		return out
	}
	var out []string
	for rest := j[1:]; len(rest) > 0 && rest[0] == '"'; {
		end := strings.IndexByte(rest[1:], '"')
		if end < 0 {
			break
		}
		out = append(out, rest[1:1+end])
		rest = strings.TrimPrefix(rest[end+2:], ",")
	}
	return out
}

func number(j string) (float64, bool) {
	n, err := strconv.ParseFloat(j, 64)
	return n, err == nil
}

func date(j string) fact.Date {
	d, err := fact.ParseDate(text(j))
	if err != nil {
		return fact.Date{} // the ledger holds only dates that were read by the same function
	}
	return d
}
