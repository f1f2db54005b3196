package web

import "strings"

// block is a paragraph of a long text, or a list.
type block struct {
	Text  string
	Items []string
}

// prose divides a long text into paragraphs at its empty lines, and makes lists of lines that begin with a dash.
func prose(text string) (out []block) {
	fresh := true // the next line begins a block
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		item, listed := strings.CutPrefix(line, "- ")
		if !listed {
			item, listed = strings.CutPrefix(line, "* ")
		}
		switch last := len(out) - 1; {
		case line == "":
			fresh = true
			continue
		case listed && !fresh && out[last].Items != nil:
			out[last].Items = append(out[last].Items, item)
		case listed:
			out = append(out, block{Items: []string{item}})
		case !fresh && out[last].Items == nil:
			out[last].Text += "\n" + line
		case !fresh:
			out[last].Items[len(out[last].Items)-1] += " " + line
		default:
			out = append(out, block{Text: line})
		}
		fresh = false
	}
	return out
}
