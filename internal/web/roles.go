package web

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// office is a role that the law knows, as it stands on the day.
type office struct {
	Role    string
	Status  status
	Posts   []link
	Holders []string
	Why     string // where it is not filled
}

// status is a word with a class that may colour it.
type status struct{ Word, Class string }

var (
	filled     = status{"Filled", "good"}
	notCovered = status{"Not covered", "bad"}
	cannotSay  = status{"Cannot be said", "doubt"}
)

// offices lists the statutory roles of the day: those that must be filled in a council of this kind, and any other to which a
// post is designated.
func (s *Site) offices(l *look) (out []office) {
	kind := s.councilType(l)
	for _, r := range s.Pack.Roles {
		statutory := r.Known != rule.Period{} // the others are named by the pack, and not by an Act
		if !statutory || !r.Known.On(l.View.On()) {
			continue
		}
		councils := r.Councils
		if len(councils) == 0 {
			councils = s.Pack.Councils
		}
		duty := r.Duty && slices.Contains(councils, kind)
		if o, designated := s.office(l, r); duty || designated {
			out = append(out, o)
		}
	}
	return out
}

// councilType gives what kind of council this is on the day; empty where that is not recorded.
func (s *Site) councilType(l *look) string {
	if c := l.View.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		return c.Text("type")
	}
	return ""
}

// office says how a role stands, by the semantics of the rules: never designated on any day cannot be said, designated on other days only
// is not covered; and where several hold the post together, which of them the role falls to is not known.
func (s *Site) office(l *look, r *rule.Role) (o office, designated bool) {
	o.Role = capital(r.Name)
	posts, gaps := l.View.RolePosts(r.Code)
	if len(posts)+len(gaps) == 0 {
		if l.View.EverDesignated(r.Code) {
			o.Status, o.Why = notCovered, "No post is designated on this day"
		} else {
			o.Status, o.Why = cannotSay, "No designation is recorded on any day"
		}
		return o, false
	}
	o.Status = filled
	worse := func(st status, why string) {
		if o.Status == filled {
			o.Status, o.Why = st, sentence(why)
		}
	}
	for _, p := range posts {
		o.Posts = append(o.Posts, link{s.title(p), l.record(p.Key())})
		h := s.holding(p)
		o.Holders = append(o.Holders, h.lines...)
		switch {
		case h.vacant:
			worse(notCovered, "the post is vacant")
		case h.unknown != "":
			worse(cannotSay, h.unknown)
		case h.together:
			worse(cannotSay, fmt.Sprintf("%d people hold the post together, and which of them the role falls to is not recorded", len(h.lines)))
		}
	}
	for _, g := range gaps {
		worse(cannotSay, g.Why)
	}
	return o, true
}

// holding is who is in a post, in words.
type holding struct {
	lines       []string // a holder each
	vacant      bool
	unknown     string // why it cannot be said
	together    bool   // several, and it is no job share
	provisional bool   // somebody is interim or acting
}

func (s *Site) holding(p *graph.Record) holding {
	o := p.Holders()
	h := holding{vacant: o.Vacant}
	if o.Gap != nil {
		h.unknown = s.unknown(p.View(), *o.Gap)
	}
	for _, a := range o.Holders {
		name := "Somebody whose name is not recorded"
		if k, ok := a.RefKey("person"); ok {
			name = a.View().Called(k)
		}
		basis := a.Text("basis")
		h.provisional = h.provisional || basis == "interim" || basis == "acting"
		h.together = h.together || len(o.Holders) > 1 && a.Text("shared") != "job-share"
		if basis != "" && basis != "permanent" {
			name += " (" + s.say(a.Kind().Field("basis"), basis) + ")"
		}
		h.lines = append(h.lines, name)
	}
	return h
}

// words says who is in a post on as many lines as it takes.
func (h holding) words() []string {
	switch {
	case len(h.lines) > 1 && h.together:
		return append(slices.Clone(h.lines), "jointly")
	case len(h.lines) > 0:
		return h.lines
	case h.vacant:
		return []string{"Vacant"}
	}
	return []string{capital(h.unknown)}
}

// unknown says why it is not known who is in a post, and names whoever was agreed on.
func (s *Site) unknown(v *graph.View, gap graph.Gap) string {
	if gap.Record.Kind == graph.Post {
		return "who is in post is not recorded"
	}
	history := v.History(gap.Record)
	for _, h := range slices.Backward(history) {
		if k, ok := h.Record.RefKey("person"); ok {
			return v.Called(k) + ": " + gap.Why
		}
	}
	return gap.Why
}

// recruiting says of a post that nobody holds how far filling it has got.
func (s *Site) recruiting(p *graph.Record, h holding) (notes []string) {
	if len(h.lines) > 0 {
		return nil
	}
	for _, r := range p.Referring("recruitment", "post") {
		var how []string
		on := r.Date("panel_on")
		if stage := r.Text("stage"); stage != "" && (stage != "panel" || on.IsZero()) {
			how = append(how, s.say(r.Kind().Field("stage"), stage))
		}
		if !on.IsZero() {
			how = append(how, "panel "+on.Words())
		}
		notes = append(notes, strings.TrimSuffix("Recruitment: "+strings.Join(how, ", "), ": "))
	}
	return notes
}

// officeTable shows the statutory roles with their posts and holders.
func (s *Site) officeTable(caption string, offices []office) *table {
	t := newTable(caption, "Statutory role", "State", "Post", "In post")
	for _, o := range offices {
		state := []link{{Text: o.Status.Word}}
		if o.Why != "" {
			state = append(state, link{Text: sentence(o.Why)})
		}
		t.add(text(o.Role), state, orText(o.Posts, "No post designated"), orText(texts(o.Holders), "Nobody recorded"))
	}
	return t
}
