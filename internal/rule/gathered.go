package rule

import "strings"

// Gathered says once of each record what of it is not recorded, where texts that follow one another say it field by field: "Chief Executive: “Decided by” and “Decided on” are not
// recorded". Other texts stay as they are.
func Gathered(texts []string) (out []string) {
	for i := 0; i < len(texts); {
		of, field, named := unrecorded(texts[i])
		fields := []string{field}
		for i++; named && i < len(texts); i++ {
			next, field, also := unrecorded(texts[i])
			if !also || next != of {
				break
			}
			fields = append(fields, field)
		}
		if len(fields) == 1 {
			out = append(out, texts[i-1])
			continue
		}
		out = append(out, of+": "+and(fields)+" are not recorded")
	}
	return out
}

// unrecorded splits a text that says of a field of a record that it is not recorded.
func unrecorded(text string) (of, field string, ok bool) {
	text, ok = strings.CutSuffix(text, " is not recorded")
	if !ok || !strings.HasSuffix(text, "”") {
		return "", "", false
	}
	at := strings.LastIndex(text, ": “")
	if at < 0 {
		return "", "", false
	}
	return text[:at], text[at+len(": "):], true
}
