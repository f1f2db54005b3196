package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

const (
	found         = 1000 // the most that a search gives: whoever finds more than this has to say more
	resultsAtOnce = 20   // on a page
	boxesAtOnce   = 3    // functions of which it is said who answers
	wordsAtOnce   = 5    // that the glossary explains
)

// fieldKind is the parameter by which results are narrowed to a kind.
const fieldKind = "kind"

// searchForm is the form by which the record is searched; it carries the dates looked at.
type searchForm struct {
	Query  string
	Hidden []hidden
}

func newSearchForm(l *look, query string) searchForm {
	f := searchForm{Query: query}
	for _, h := range []hidden{{fieldOn, l.on}, {fieldKnown, l.known}, {fieldProposal, l.proposal}} {
		if h.Value != "" {
			f.Hidden = append(f.Hidden, h)
		}
	}
	return f
}

// searchPage is what a search found.
type searchPage struct {
	Form    searchForm
	Lead    []string
	Kinds   []navigation // by which kinds the results can be narrowed, with how many of each
	Who     []whoBox
	Words   []fieldLine // that the glossary explains
	Results []hit
	Pager   *pager
	Else    []link // what to do where nothing was found
}

// hit is a record that was found.
type hit struct {
	Title link
	Kind  string
	Why   string // by what it was found, where that is not its title
	State state
}

// whoBox says of a function who answers for it.
type whoBox struct {
	Function link
	Standing string
	Lines    []fieldLine
}

func (s *Site) search(l *look, r *http.Request) (*page, error) {
	query := strings.Join(strings.Fields(l.other.Get(fieldTitle)), " ")
	body := &searchPage{Form: newSearchForm(l, query)}
	p := &page{Template: "search", Heading: "Search", Body: body}
	if query == "" {
		body.Lead = []string{"Names are found by the beginnings of their words, also those that something had on other days, and the names of people in post."}
		return p, nil
	}
	hits, total := l.View.Search(query, found, s.short()...)
	in := l.View.Kinds().Kind(fact.KindName(l.other.Get(fieldKind)))
	body.Kinds = kindsFound(l, hits, in)
	body.Lead = []string{"In records for " + l.View.On().Words() + ". Names of other days are found too."}
	if total > len(hits) {
		body.Lead = append(body.Lead, "More was found than can be shown: these are the first "+thousands(found)+". Another word narrows it.")
	}
	body.Words = s.explained(l, query)
	if !l.public() {
		body.Who = s.whoAnswers(l, hits)
	}
	if in != nil {
		hits = slices.DeleteFunc(slices.Clone(hits), func(h graph.Hit) bool { return h.Key.Kind != in.Name })
		total = len(hits)
	}
	p.Heading = capital(strings.Replace(count(total, "result", "results"), "no ", "0 ", 1)) + " for ‘" + query + "’"
	if in != nil {
		p.Heading += " in " + kind.Lower(in.Plural)
	}
	hits, body.Pager = pagedBy(resultsAtOnce, l, r.URL.Query().Get(fieldPage), hits)
	p.State = strings.Join(body.Pager.state(), "")
	for _, h := range hits {
		body.Results = append(body.Results, s.hit(l, h))
	}
	if len(hits) == 0 {
		body.Lead = []string{"Nothing recorded is, was or will be called that, in records for " + l.View.On().Words() + ". Try fewer words, or the beginning of one."}
		body.Else = s.elsewise(l, query)
	}
	return p, nil
}

// kindsFound counts the results by kind, each leading to those alone.
func kindsFound(l *look, hits []graph.Hit, in *kind.Kind) (out []navigation) {
	n := map[fact.KindName]int{}
	for _, h := range hits {
		n[h.Key.Kind]++
	}
	if len(n) < 2 {
		return nil
	}
	out = append(out, navigation{link{"Everything (" + thousands(int64(len(hits))) + ")", l.with(fieldKind, "")}, in == nil})
	for _, k := range l.View.Kinds().All {
		if n[k.Name] > 0 {
			out = append(out, navigation{link{k.Plural + " (" + thousands(int64(n[k.Name])) + ")", l.with(fieldKind, string(k.Name))}, in == k})
		}
	}
	return out
}

func (s *Site) hit(l *look, h graph.Hit) hit {
	x := hit{Title: s.linked(l, h.Key), Kind: l.View.Kinds().Kind(h.Key.Kind).Label, Why: s.why(l, h)}
	if rec := l.View.Record(h.Key); rec != nil {
		span, stay := s.stay(l, h.Key)
		x.State = s.standsAs(l, rec, span, stay)
	} else {
		x.State = s.away(l, h.Key)
	}
	return x
}

// short gives the abbreviations by which people search: those of council papers, and the codes of roles.
func (s *Site) short() []graph.Abbreviation {
	var out []graph.Abbreviation
	for _, a := range abbreviations {
		out = append(out, graph.Abbreviation{Short: a[0], Long: a[1]})
	}
	for _, r := range s.Pack.Roles {
		out = append(out, graph.Abbreviation{Short: r.Code, Long: r.Name})
	}
	return out
}

// why says by what a record was found, and on which days it was so, where that is not its title of the day.
func (s *Site) why(l *look, h graph.Hit) string {
	days := strings.TrimSuffix(strings.TrimPrefix(h.Span().Words(), "from the beginning "), "until further notice")
	if days = strings.TrimSpace(days); days != "" {
		days = ", " + days
	}
	switch h.How {
	case graph.ByOtherTitle:
		title := "another title: "
		if first, last, ok := h.Span().Possible(); ok && last < l.View.On() {
			title = "an old title: "
		} else if ok && first > l.View.On() {
			title = "a later title: "
		}
		return "Matched " + title + h.As + days
	case graph.ByAbbreviation:
		return "Matched an abbreviation: " + h.As
	case graph.ByRole:
		return "Has the role: " + report.RoleName(s.Pack, h.As) + " (" + h.As + ")" + days
	case graph.ByHolder:
		return "Held by " + h.As + days
	case graph.ByID:
		return "Matched the address of its page"
	}
	return ""
}

// whoAnswers says of the functions that were found, which are there on the day, who answers for them in law.
func (s *Site) whoAnswers(l *look, hits []graph.Hit) (out []whoBox) {
	for _, h := range hits {
		f := l.View.Record(h.Key)
		if h.Key.Kind != graph.Function || f == nil {
			continue
		}
		if len(out) == boxesAtOnce {
			break
		}
		a := report.AnswerOf(s.Pack, f)
		box := whoBox{Function: s.linked(l, h.Key), Standing: a.Standing.String()}
		manager := text(a.NoManager)
		if a.Manager.Post.Text != "" {
			manager = inPost(l, a.Manager)
		}
		var answers []link
		for _, x := range a.Answers {
			answers = append(answers, inPost(l, x)...)
		}
		box.Lines = []fieldLine{{"Line managed by", manager}, {"Answers in law", append(answers, texts(a.Why)...)}}
		if a.Standing == report.NoRole {
			box.Lines[1].Lines = text("The law gives this function to no statutory role on this day.")
		}
		if a.Standing == report.DifferentPost {
			joined := []link{{Text: "Nothing that joins the two is recorded."}}
			if len(a.Joined) > 0 {
				joined = nil
			}
			for _, x := range a.Joined {
				joined = append(joined, link{x.Text, l.record(x.Record)})
			}
			box.Lines = append(box.Lines, fieldLine{"How the two are joined", joined})
		}
		out = append(out, box)
	}
	return out
}

// inPost names a post, as what it answers, and who is in it.
func inPost(l *look, x report.InPost) []link {
	out := []link{{x.Post.Text, l.record(x.Post.Record)}}
	if len(x.Roles) > 0 {
		out = append(out, link{Text: "as " + and(x.Roles)})
	}
	return append(out, texts(x.In)...)
}

// explained gives those words of the glossary that a query is the beginning of.
func (s *Site) explained(l *look, query string) (out []fieldLine) {
	words := lettered(query)
	for _, x := range s.words(l) {
		label := lettered(x.Label)
		begun := len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool {
			return !slices.ContainsFunc(label, func(of string) bool { return strings.HasPrefix(of, w) })
		})
		if begun && len(words) >= len(label)-1 && len(out) < wordsAtOnce {
			out = append(out, x)
		}
	}
	return out
}

// lettered gives the words of a text in lower case.
func lettered(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' })
}

// elsewise gives what to do where nothing was found: words that are like those that were looked for, and where else to look.
func (s *Site) elsewise(l *look, query string) (out []link) {
	if other := l.View.Spelt(query, s.short()...); other != "" {
		out = append(out, link{"Did you mean ‘" + other + "’?", l.with(fieldTitle, other)})
	}
	posts := l.View.Kinds().Kind(graph.Post)
	return append(out, link{posts.Plural, l.kind(posts)}, link{headings["words"], l.to("/help/words")}, link{headings["help"], l.to("/help")})
}
