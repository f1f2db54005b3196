package report

import (
	"regexp"
	"strings"
)

// Prose makes blocks of a long text: paragraphs, lists, numbered lists, and headings as subsections. It reads what people write without knowing that it is
// Markdown, and leaves everything else as it was written.
func Prose(text string) []Block {
	r := &proseReader{}
	for line := range strings.Lines(text) {
		r.line(strings.TrimSpace(line))
	}
	r.flush()
	return r.close()
}

// proseReader collects blocks line by line.
type proseReader struct {
	out    []Block
	open   []Subsection // the headings that the next block stands under
	levels []int
	lines  []string // of the paragraph at hand
	list   List
	steps  Steps
	inItem bool // what follows without a gap belongs to the last item of the list
}

var (
	headingLine = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)
	bulletLine  = regexp.MustCompile(`^[-*+•]\s+(.*)$`)
	stepLine    = regexp.MustCompile(`^\d{1,3}[.)]\s+(.*)$`)
	strongWords = regexp.MustCompile(`(\*\*|__)([^*_\s](?:[^*_\n]*[^*_\s])?)(\*\*|__)`)
	slantWords  = regexp.MustCompile(`(^|[\s(“"])[*_]([^*_\s](?:[^*_\n]*[^*_\s])?)[*_]([\s)”".,;:!?]|$)`)
	linkWords   = regexp.MustCompile(`\[([^\]\n]+)\]\(((?:https?://|mailto:)[^)\s]+)\)`)
)

func (r *proseReader) line(s string) {
	switch heading, bullet, step := headingLine.FindStringSubmatch(s), bulletLine.FindStringSubmatch(s), stepLine.FindStringSubmatch(s); {
	case s == "":
		r.flush()
	case heading != nil:
		r.flush()
		r.heading(len(heading[1]), unmarked(heading[2]))
	case bullet != nil:
		if len(r.steps) > 0 || len(r.lines) > 0 {
			r.flush()
		}
		r.list, r.inItem = append(r.list, unmarked(bullet[1])), true
	case step != nil:
		if len(r.list) > 0 || len(r.lines) > 0 {
			r.flush()
		}
		r.steps, r.inItem = append(r.steps, unmarked(step[1])), true
	case r.inItem && len(r.list) > 0:
		r.list[len(r.list)-1] += " " + unmarked(s)
	case r.inItem && len(r.steps) > 0:
		r.steps[len(r.steps)-1] += " " + unmarked(s)
	default:
		r.lines = append(r.lines, unmarked(s))
	}
}

// unmarked takes away the marks of emphasis, and writes links out.
func unmarked(s string) string {
	s = linkWords.ReplaceAllString(s, "$1 ($2)")
	s = strongWords.ReplaceAllString(s, "$2")
	return slantWords.ReplaceAllString(s, "$1$2$3")
}

// flush ends the paragraph or the list at hand.
func (r *proseReader) flush() {
	switch {
	case len(r.lines) > 0:
		r.put(Para(strings.Join(r.lines, "\n")))
	case len(r.list) > 0:
		r.put(r.list)
	case len(r.steps) > 0:
		r.put(r.steps)
	}
	r.lines, r.list, r.steps, r.inItem = nil, nil, nil, false
}

func (r *proseReader) put(b Block) {
	if n := len(r.open); n > 0 {
		r.open[n-1].Blocks = append(r.open[n-1].Blocks, b)
		return
	}
	r.out = append(r.out, b)
}

// heading begins a subsection under those headings that are higher.
func (r *proseReader) heading(level int, title string) {
	for len(r.levels) > 0 && r.levels[len(r.levels)-1] >= level {
		r.fold()
	}
	r.open, r.levels = append(r.open, Subsection{Title: title}), append(r.levels, level)
}

// fold ends the innermost subsection.
func (r *proseReader) fold() {
	n := len(r.open) - 1
	done := r.open[n]
	r.open, r.levels = r.open[:n], r.levels[:n]
	r.put(done)
}

func (r *proseReader) close() []Block {
	for len(r.open) > 0 {
		r.fold()
	}
	return r.out
}
