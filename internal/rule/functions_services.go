package rule

import (
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// forOneAge keeps the trap of the service for all ages in sight: children's and adults' social care answer to different officers.
func forOneAge(r *run, a []ref.Val) ref.Val {
	f := record(a[0])
	r.v.Touch(f)
	roles, gap := r.law.rolesFor(f)
	if gap != nil {
		return unknown(*gap)
	}
	ages, words := f.Text("ages"), f.Text("ages")
	if ages == "all" {
		words = "all ages"
	}
	for _, code := range roles {
		if role := r.p.roles[code]; role != nil && role.Ages != "" && ages != "" && ages != role.Ages {
			return unknown(graph.Gap{Record: f.Key(), Field: "ages", Why: "the " + role.Name + " answers for " + role.Ages + ", and this is recorded as for " + words + ": record the part for children and the part for adults as functions of their own"})
		}
	}
	return types.True
}

func functionsOf(r *run, a []ref.Val) ref.Val {
	domains := items(a[0])
	l := &list{}
	for _, f := range r.v.All(graph.Function) {
		if slices.Contains(domains, f.Text("domain")) {
			if f.Exists() == fact.Yes {
				l.add(wrap(f))
			} else {
				l.miss(*f.NotExact())
			}
		}
	}
	return l.val()
}

func rolesFor(r *run, a []ref.Val) ref.Val {
	f := record(a[0])
	r.v.Touch(f)
	roles, gap := r.law.rolesFor(f)
	if gap != nil {
		return unknown(*gap)
	}
	return types.NewStringList(types.DefaultTypeAdapter, roles)
}

func answers(r *run, a []ref.Val) ref.Val {
	ps, _, gaps := r.law.answering(record(a[0]))
	l := wrapAll(ps)
	l.miss(gaps...)
	return l.val()
}

func manages(_ *run, a []ref.Val) ref.Val { return answer(record(a[0]).Manages(record(a[1]))) }

func managedUnder(r *run, a []ref.Val) ref.Val {
	m, gap := record(a[0]).Manager()
	if gap != nil {
		return unknown(*gap)
	}
	l := r.rolePostList(text(a[1]))
	if len(l.sure) == 0 && l.gap == nil {
		return unknown(graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "role", Why: "no post is designated " + text(a[1]) + " on this day"})
	}
	var open *graph.Gap
	for _, x := range l.sure {
		on, gap := m.Above(record(x))
		if on {
			return types.True
		}
		if gap != nil {
			open = gap
		}
	}
	if l.gap != nil {
		return l.gap
	}
	return answer(false, open)
}

func hasMechanism(r *run, a []ref.Val) ref.Val {
	return types.Bool(len(r.law.mechanisms(record(a[0]))) > 0)
}

func splits(r *run, _ []ref.Val) ref.Val {
	a := r.law.ask(question{of: ofSplits}, record(r.council))
	l := &list{}
	for _, f := range a.functions {
		l.add(wrap(r.v.Show(f)))
	}
	l.miss(a.gaps...)
	return l.val()
}

// splitGaps says why it cannot be said whether a function is split.
func (l *law) splitGaps(f *graph.Record) []graph.Gap {
	if f.Text("domain") == Unclassified && f.Text("answers_in_law") == "" {
		return nil
	}
	roles, gap := l.rolesFor(f)
	switch {
	case gap != nil:
		return []graph.Gap{*gap}
	case len(roles) == 0:
		return nil
	case f.Exists() != fact.Yes:
		return []graph.Gap{*f.NotExact()}
	}
	manager, gap := f.Manager()
	if gap != nil {
		return []graph.Gap{*gap}
	}
	posts, _, gaps := l.answering(f)
	for _, p := range posts {
		if on, gap := manager.Above(p); !on && gap != nil {
			gaps = append(gaps, *gap)
		}
	}
	return gaps
}

func extra(r *run, a []ref.Val) ref.Val { return answer(r.law.extra(record(a[0]), items(a[1]))) }

func portfolioDomains(r *run, a []ref.Val) ref.Val {
	p := record(a[0])
	var out []string
	stated := false
	l := recorded(r, p.Referring("portfolio", "post"))
	for _, x := range l.sure {
		pf := record(x)
		stated = stated || pf.State("domains") == graph.Known || pf.State("functions") == graph.Known
		out = append(out, pf.Texts("domains")...)
		for _, f := range pf.Refs("functions") {
			out = append(out, f.Text("domain"))
		}
	}
	switch {
	case l.gap != nil:
		return l.gap
	case len(l.sure) == 0:
		return unknown(graph.Gap{Record: p.Key(), Field: "portfolio", Why: "no portfolio of this post is recorded on this day"})
	case !stated:
		return unknown(graph.Gap{Record: record(l.sure[0]).Key(), Field: "domains", Why: "what the portfolio holds is not recorded"})
	}
	slices.Sort(out)
	return types.NewStringList(types.DefaultTypeAdapter, slices.Compact(out))
}

func recordedDomains(r *run, a []ref.Val) ref.Val {
	domains := items(a[0])
	l, maybe := &list{}, &list{}
	for _, f := range r.v.All(graph.Function) {
		d := f.Text("domain")
		if !slices.Contains(domains, d) || f.Text("ages") == "adults" {
			continue
		}
		r.v.Touch(f)
		divided := r.p.domains[d] != nil && slices.ContainsFunc(r.p.domains[d].Answers, func(a Answer) bool { return a.Ages != "" })
		switch {
		case f.Exists() != fact.Yes:
			maybe.miss(*f.NotExact())
		case divided && f.State("ages") != graph.Known:
			maybe.miss(graph.Gap{Record: f.Key(), Field: "ages", Why: "it is not recorded for which ages this is"})
		case l.Contains(types.String(d)) != types.True:
			l.add(types.String(d))
		}
	}
	l.gap = maybe.gap
	return l.val()
}
