package rule

import (
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// verb is one of the acts of which a pack may speak.
type verb struct {
	cost  Cost
	of    fact.KindName // to what it is done; "any" to whatever, empty to nothing that is there
	needs []string
	may   []string
	doc   string // for the author of a rule
	make  func(m maker, a *Remedy, of *graph.Record) []Act
}

// maker makes the acts of one rule and subject.
type maker struct {
	*Mender
	rule    *Rule
	subject fact.Key
}

// verbs is the whole vocabulary of acts. docs/rules.md lists it.
var verbs map[string]*verb

func init() { // not where it is declared: to make an act, its cost is looked up
	verbs = map[string]*verb{
		"record":      {ToRecord, "any", []string{"field", "value"}, nil, "say of the records what is so already: a field and what to put into it (`today`, `until` for their last day, `somebody` for a record that is not chosen yet)", maker.record},
		"reason":      {ToReason, "any", nil, nil, "record why the guidance is departed from", maker.reason},
		"reasons":     {ToReason, "any", nil, nil, "record each reason that is missing for which guidance is departed from, whatever rule asks for it", maker.reasons},
		"account":     {ToMeet, "post", []string{"role"}, nil, "the posts answer directly to the post of a role, outside the line", maker.account},
		"mechanism":   {ToMeet, "function", nil, nil, "the posts that answer for the functions and that manage them agree a protocol", maker.mechanism},
		"meet":        {ToMeet, "board", nil, nil, "the boards meet", maker.meet},
		"publish":     {ToMeet, "", []string{"type"}, nil, "a document of a type is published", maker.publish},
		"hear":        {ToMeet, "proposal", []string{"by"}, nil, "a group is asked about the proposals", maker.hear},
		"plan":        {ToMeet, "proposal", nil, nil, "a programme carries out the proposals, with risks, steps and somebody to lead the change", maker.plan},
		"lodge":       {ToMeet, "test", []string{"type"}, nil, "the tests are reported to a board of a type", maker.lodge},
		"deputy":      {ToMeet, "", []string{"role"}, nil, "a post is named as deputy for a role", maker.deputy},
		"delegate":    {ToMeet, "delegation", nil, nil, "the powers are given to a post that is there", maker.delegate},
		"board":       {ToSeat, "", []string{"type"}, []string{"seats", "for"}, "there is a board of a type, with these seats; `for` is the role that it covers", maker.board},
		"seat":        {ToSeat, "board", nil, []string{"for", "as"}, "the boards have a seat that stands for a role or group, or is held in a way", maker.seat},
		"reseat":      {ToSeat, "seat", []string{"as"}, nil, "the seats are held in another way", maker.reseat},
		"unseat":      {ToSeat, "seat", nil, nil, "the seats end", maker.unseat},
		"chair":       {ToSeat, "board", nil, nil, "somebody independent chairs the boards", maker.chair},
		"portfolio":   {ToSeat, "post", []string{"domains"}, nil, "the portfolio of the posts takes in domains", maker.extend},
		"narrow":      {ToRestructure, "post", []string{"domains"}, nil, "the portfolio of the posts gives domains up", maker.narrow},
		"appoint":     {ToAppoint, "post", nil, []string{"with"}, "somebody comes into the posts; `with` is what is so of them", maker.appoint},
		"designate":   {ToDesignate, "", []string{"role"}, []string{"under", "with"}, "a post is designated to a role; `with` is what else the designation says", maker.designate},
		"redesignate": {ToDesignate, "", []string{"role"}, []string{"under"}, "a role goes to another post", maker.redesignate},
		"withdraw":    {ToDesignate, "", []string{"role"}, nil, "one of the designations to a role ends", maker.withdraw},
		"report":      {ToRestructure, "post", []string{"role"}, nil, "the posts report to the post of a role", maker.report},
		"manage":      {ToRestructure, "function", []string{"role"}, nil, "the functions are managed in the line of the post of a role", maker.manage},
		"test":        {ToTest, "", nil, nil, "a local test of assurance is commissioned and reported", maker.test},
		"arrange":     {ToMeet, "test", nil, nil, "the review of the tests is arranged", maker.arrange},
		"review":      {ToTest, "test", nil, nil, "the tests are reviewed", maker.review},
	}
}

func (m maker) called(r *graph.Record) string { return m.p.Named(r.Key(), m.v.Called(r.Key())) }

func (m maker) roleName(code string) string {
	if r := m.p.roles[code]; r != nil {
		return r.Name
	}
	return code
}

// supposed names a record that an act makes.
func supposed(k fact.KindName, parts ...string) fact.Key {
	id := strings.ToLower(strings.Join(append([]string{"supposed"}, parts...), "-"))
	return fact.Key{Kind: k, ID: fact.ID(id)}
}

func quoted(s string) string { return kind.Quote(s) }

func (m maker) today() string { return kind.Quote(m.v.On().String()) }

// refers writes a reference to a record as a field holds it.
func (m maker) refers(of fact.KindName, field string, to fact.Key) string {
	if f := m.v.Kinds().Kind(of).Field(field); f.Mixed() {
		return to.String()
	}
	return string(to.ID)
}

// label gives the label of a field as it reads within a sentence.
func (m maker) label(of fact.KindName, field string) string {
	f := m.v.Kinds().Kind(of).Field(field)
	return "“" + f.Label + "”"
}

func change(k fact.Key) Link { return Link{Do: "change", Kind: k.Kind, ID: k.ID} }

func fresh(k fact.KindName, say ...Said) Link { return Link{Do: "new", Kind: k, Say: say} }

// record says of a record what is so already.
func (m maker) record(a *Remedy, of *graph.Record) []Act {
	k, f := of.Key(), of.Kind().Field(a.Field)
	if f == nil {
		return nil
	}
	act := Act{Do: a.Do, Link: change(k)}
	e := edit{key: k}
	shown := a.Value
	switch {
	case a.Value == "somebody" && f.Type == kind.Reference:
		to, made := m.somebody(f.To[0])
		act.edits = append(act.edits, made...)
		e.set = map[string]string{f.Name: quoted(m.refers(k.Kind, f.Name, to))}
		shown = ""
	case a.Value == "today":
		e.set = map[string]string{f.Name: m.today()}
		shown = ""
	case a.Value == "until":
		last, exact := of.Span().Until.Exact()
		if !exact {
			return nil
		}
		e.set = map[string]string{f.Name: quoted(last.String())}
		shown = ""
	default:
		j, wrong := m.v.Kinds().Answer(f, a.Value)
		if wrong != "" {
			return nil
		}
		if f.Many {
			e.more = map[string][]string{f.Name: itemsOf(j)}
		} else {
			e.set = map[string]string{f.Name: j}
		}
		switch {
		case m.p.roles[a.Value] != nil:
			shown = m.roleName(a.Value)
		case f.Type == kind.Choice:
			shown = "“" + a.Value + "”"
		}
	}
	act.Text = "Record " + m.label(k.Kind, f.Name) + " of " + m.called(of) + ", if it is so"
	if shown != "" {
		act.Text = "Record " + m.label(k.Kind, f.Name) + " of " + m.called(of) + " as " + shown + ", if it is so"
	}
	act.edits = append(act.edits, e)
	return []Act{act}
}

// somebody gives a record that is not chosen yet: one that is there, or else one that is made.
func (m maker) somebody(k fact.KindName) (fact.Key, []edit) {
	for _, r := range m.v.All(k) {
		if r.Exists() == fact.Yes {
			return r.Key(), nil
		}
	}
	key := supposed(k, "chosen")
	e := edit{key: key, set: map[string]string{}}
	for _, name := range []string{"name", "title"} {
		if m.v.Kinds().Kind(k).Field(name) != nil {
			e.set[name] = quoted("To be chosen")
			break
		}
	}
	return key, []edit{e}
}

func (m maker) reason(a *Remedy, of *graph.Record) []Act {
	return []Act{m.reasonFor(a, m.rule, of.Key())}
}

func (m maker) reasonFor(a *Remedy, rule *Rule, about fact.Key) Act {
	k := supposed("departure", rule.ID, string(about.Kind), string(about.ID))
	e := edit{key: k, set: map[string]string{"rule": quoted(rule.ID), "reason": quoted("To be written"), "decided_on": m.today()}}
	say := []Said{{"rule", rule.ID}}
	text := "Record the reason for departing from the guidance (" + rule.ID + ")"
	if about.Kind != graph.Council {
		e.more = map[string][]string{"about": {about.String()}}
		say = append(say, Said{"about", about.String()})
		text += " for " + m.v.Called(about)
	}
	return Act{Do: a.Do, Text: text, Open: "what the reason is, and who decided it", Link: fresh("departure", say...), edits: []edit{e}}
}

func (m maker) reasons(a *Remedy, of *graph.Record) (out []Act) {
	for i := range m.res.Rows {
		row := &m.res.Rows[i]
		if slices.Contains(row.Unreasoned, of.Key()) {
			out = append(out, m.reasonFor(a, m.p.Rule(row.Rule), of.Key()))
		}
	}
	return out
}

// postsOf gives the posts of a role that certainly carry it on the day.
func (m maker) postsOf(role string) []*graph.Record { return m.law.rolePosts(role).posts }

func (m maker) account(a *Remedy, of *graph.Record) (out []Act) {
	for _, to := range m.postsOf(a.Role) {
		if to == of {
			continue
		}
		out = append(out, Act{
			Do: a.Do, Text: "Make " + m.called(of) + " directly accountable to " + m.called(to) + ", and record it", Link: change(of.Key()),
			edits: []edit{{key: of.Key(), more: map[string][]string{"accountable_to": {m.refers(graph.Post, "accountable_to", to.Key())}}}},
		})
	}
	return out
}

func (m maker) mechanism(a *Remedy, of *graph.Record) []Act {
	k := supposed("protocol", string(of.Key().ID))
	return []Act{{
		Do: a.Do, Text: "Agree a protocol on " + m.called(of) + " between the post that answers for it and the one that manages it", Open: "what it says",
		Link:  fresh("protocol", Said{"covers", string(of.Key().ID)}),
		edits: []edit{{key: k, set: map[string]string{"name": quoted("To be agreed"), "agreed_on": m.today()}, more: map[string][]string{"covers": {m.refers("protocol", "covers", of.Key())}}}},
	}}
}

func (m maker) meet(a *Remedy, of *graph.Record) []Act {
	k := supposed(meeting, string(of.Key().ID))
	return []Act{{
		Do: a.Do, Text: "Hold a meeting of " + m.called(of) + ", and record it", Link: fresh(meeting, Said{"board", string(of.Key().ID)}, Said{"status", "held"}),
		edits: []edit{{key: k, set: map[string]string{"board": quoted(m.refers(meeting, "board", of.Key())), "on": m.today(), "status": quoted("held")}}},
	}}
}

// plain writes a code as people read it.
func plain(code string) string { return strings.ReplaceAll(code, "-", " ") }

func (m maker) publish(a *Remedy, _ *graph.Record) []Act {
	return []Act{{
		Do: a.Do, Text: "Publish the " + plain(a.Type) + ", and record it", Link: fresh(document, Said{"type", a.Type}),
		edits: []edit{{key: supposed(document, a.Type), set: map[string]string{"title": quoted("To be published"), "type": quoted(a.Type), "published_on": m.today()}}},
	}}
}

func (m maker) hear(a *Remedy, of *graph.Record) []Act {
	const feedback = "feedback"
	return []Act{{
		Do: a.Do, Text: "Ask the " + plain(a.By) + " about " + m.called(of) + ", and record what they said", Open: "what they say", Link: fresh(feedback, Said{"given_by", a.By}, Said{"about", of.Key().String()}),
		edits: []edit{{key: supposed(feedback, a.By, string(of.Key().ID)), set: map[string]string{"title": quoted("To be asked"), "given_by": quoted(a.By)}, more: map[string][]string{"about": {m.refers(feedback, "about", of.Key())}}}},
	}}
}

func (m maker) plan(a *Remedy, of *graph.Record) []Act {
	id := string(of.Key().ID)
	programme := supposed("programme", id)
	post, made := m.somebody(graph.Post)
	return []Act{{
		Do: a.Do, Text: "Record the programme that carries out " + m.called(of) + ", its steps and risks, and who leads the change", Open: "what is done by when, and who leads it", Link: fresh("programme", Said{"implements", id}),
		edits: append(made,
			edit{key: programme, set: map[string]string{"name": quoted("To be planned"), "implements": quoted(m.refers("programme", "implements", of.Key())), "change_lead": quoted(m.refers("programme", "change_lead", post))}},
			edit{key: supposed("risk", id), set: map[string]string{"title": quoted("To be written"), "programme": quoted(m.refers("risk", "programme", programme))}},
			edit{key: supposed("milestone", id), set: map[string]string{"name": quoted("To be planned"), "programme": quoted(m.refers("milestone", "programme", programme))}}),
	}}
}

func (m maker) lodge(a *Remedy, of *graph.Record) (out []Act) {
	for _, x := range m.boardsOf(a.Type).sure {
		b := record(x)
		out = append(out, Act{
			Do: a.Do, Text: "Report " + m.called(of) + " to " + m.called(b) + ", and record it", Link: change(of.Key()),
			edits: []edit{{key: of.Key(), more: map[string][]string{"approved_by": {m.refers(test, "approved_by", b.Key())}}}},
		})
	}
	return out
}

func (m maker) deputy(a *Remedy, _ *graph.Record) []Act {
	post, made := m.unchosen("deputy-"+a.Role, a.Role)
	made = append(made, edit{key: post, more: map[string][]string{"deputy_for": {a.Role}}})
	return []Act{{Do: a.Do, Text: "Name a post as deputy for the " + m.roleName(a.Role), Open: "which post it is", Link: Link{Do: "list", Kind: graph.Post}, edits: made}}
}

func (m maker) delegate(a *Remedy, of *graph.Record) []Act {
	post, made := m.somebody(graph.Post)
	made = append(made, edit{key: of.Key(), set: map[string]string{"to": quoted(m.refers("delegation", "to", post))}})
	return []Act{{Do: a.Do, Text: "Amend the delegation " + m.called(of) + " so that a post holds it that is there", Open: "which post it is", Link: change(of.Key()), edits: made}}
}

func (m maker) board(a *Remedy, _ *graph.Record) []Act {
	k := supposed(board, a.Type, a.For)
	e := edit{key: k, set: map[string]string{"name": quoted(plain(a.Type)), "type": quoted(a.Type), "cadence_months": "3"}}
	text := "Set up " + article(boardName(a.Type)) + ", and record it"
	if a.For != "" {
		e.more = map[string][]string{"covers": {a.For}}
		text = "Set up " + article(boardName(a.Type)) + " for what the " + m.roleName(a.For) + " answers for alone, and record it"
	}
	act := Act{Do: a.Do, Text: text, Link: fresh(board, Said{"type", a.Type}), edits: []edit{e}}
	for _, s := range a.Seats {
		act.edits = append(act.edits, m.seatFor(k, s, "member"))
	}
	if len(a.Seats) > 0 {
		act.Text = "Set up " + article(boardName(a.Type)) + " with its members, and record it"
	}
	return []Act{act}
}

// seatFor is a seat that goes with a role or group, whatever post carries it.
func (m maker) seatFor(b fact.Key, stands, as string) edit {
	e := edit{key: supposed(seat, string(b.ID), as, stands), set: map[string]string{"board": quoted(m.refers(seat, "board", b)), "as": quoted(as)}}
	if stands != "" {
		e.set["stands_for"] = quoted(stands)
	}
	return e
}

func (m maker) seat(a *Remedy, of *graph.Record) []Act {
	as, who := a.As, m.standing(a.For)
	if as == "" {
		as = "member"
	}
	if a.For == "" {
		who = "a seat as " + plain(as)
	}
	act := Act{Do: a.Do, Text: "Give " + who + " on " + m.called(of) + ", and record it", Link: fresh(seat, Said{"board", string(of.Key().ID)}, Said{"as", as}, Said{"stands_for", a.For}), edits: []edit{m.seatFor(of.Key(), a.For, as)}}
	if a.For == "" {
		act.Text = "Add " + who + " to " + m.called(of) + ", and record it"
		act.Open = "who it is"
	}
	return []Act{act}
}

// standing says for whom a seat is: "the director of public health a seat".
func (m maker) standing(code string) string {
	if r := m.p.roles[code]; r != nil {
		return "the " + r.Name + " a seat"
	}
	name := map[string]string{"councillor": "a councillor", "healthwatch": "the local Healthwatch", "icb": "the integrated care board", "ccg": "the clinical commissioning group", "police": "the police", "church": "the church representatives", "parent-governor": "the parent governors"}[code]
	if name == "" {
		name = plain(code)
	}
	return name + " a seat"
}

func (m maker) reseat(a *Remedy, of *graph.Record) []Act {
	return []Act{{Do: a.Do, Text: "Change the seat “" + m.called(of) + "” to that of " + article(plain(a.As)), Link: change(of.Key()), edits: []edit{{key: of.Key(), set: map[string]string{"as": quoted(a.As)}}}}}
}

func (m maker) unseat(a *Remedy, of *graph.Record) []Act {
	return []Act{{Do: a.Do, Text: "End the seat “" + m.called(of) + "”", Link: Link{"end", seat, of.Key().ID, nil}, edits: []edit{{key: of.Key(), end: true}}}}
}

// chair puts somebody from outside in the chair, in the seat that is there or in a new one.
func (m maker) chair(a *Remedy, of *graph.Record) []Act {
	who, body := supposed(graph.Person, "chair", string(of.Key().ID)), supposed("organisation", "chair", string(of.Key().ID))
	act := Act{Do: a.Do, Text: "Appoint an independent chair of " + m.called(of) + ", and record it", Open: "who it is; they come from a body without a seat on it", edits: []edit{
		{key: body, set: map[string]string{"name": quoted("Another body"), "type": quoted("other")}},
		{key: who, set: map[string]string{"name": quoted("Somebody"), "employer": quoted(m.refers(graph.Person, "employer", body))}},
	}}
	e := edit{key: supposed(seat, string(of.Key().ID), "chair"), set: map[string]string{"board": quoted(m.refers(seat, "board", of.Key())), "as": quoted("chair")}}
	act.Link = fresh(seat, Said{"board", string(of.Key().ID)}, Said{"as", "chair"})
	for i, x := range m.chairs(of).sure {
		if i > 0 {
			act.edits = append(act.edits, edit{key: record(x).Key(), end: true})
			continue
		}
		e.key = record(x).Key()
		act.Link = change(e.key)
	}
	e.set["post"], e.set["organisation"], e.set["stands_for"] = "", "", ""
	e.set["person"] = quoted(m.refers(seat, "person", who))
	act.edits = append(act.edits, e)
	return []Act{act}
}

// portfolioOf gives what is recorded of what a member's post has in hand.
func (m maker) portfolioOf(p *graph.Record) *graph.Record {
	for _, x := range p.Referring("portfolio", "post") {
		if x.Exists() == fact.Yes {
			return x
		}
	}
	return nil
}

func (m maker) domainNames(codes []string) string {
	var out []string
	for _, c := range codes {
		name := c
		if d := m.p.domains[c]; d != nil {
			name = d.Name
		}
		out = append(out, name)
	}
	return and(out)
}

func (m maker) extend(a *Remedy, of *graph.Record) []Act {
	pf := m.portfolioOf(of)
	if pf == nil {
		return nil
	}
	var wanting []string
	for _, d := range a.Domains {
		if !slices.Contains(pf.Texts("domains"), d) {
			wanting = append(wanting, d)
		}
	}
	if len(wanting) == 0 {
		return nil
	}
	return []Act{{Do: a.Do, Text: "Extend the portfolio of " + m.called(of) + " to " + m.domainNames(wanting), Link: change(pf.Key()), edits: []edit{{key: pf.Key(), more: map[string][]string{"domains": wanting}}}}}
}

func (m maker) narrow(a *Remedy, of *graph.Record) []Act {
	pf := m.portfolioOf(of)
	if pf == nil {
		return nil
	}
	var extra []string
	for _, d := range a.Domains {
		if slices.Contains(pf.Texts("domains"), d) {
			extra = append(extra, d)
		}
	}
	if len(extra) == 0 {
		return nil
	}
	return []Act{{Do: a.Do, Text: "Give " + m.domainNames(extra) + " to another portfolio than that of " + m.called(of), Open: "which portfolio it is", Link: change(pf.Key()), edits: []edit{{key: pf.Key(), less: map[string][]string{"domains": extra}}}}}
}

// appoint puts somebody into a post in place of whoever holds it.
func (m maker) appoint(a *Remedy, of *graph.Record) []Act {
	var with []string
	who := supposed(graph.Person, "holder", string(of.Key().ID))
	person := edit{key: who, set: map[string]string{"name": quoted("Somebody")}}
	for _, f := range m.v.Kinds().Kind(graph.Person).Fields {
		value, asked := a.With[f.Name]
		if !asked {
			continue
		}
		j, wrong := m.v.Kinds().Answer(f, value)
		if wrong != "" {
			return nil
		}
		if f.Many {
			person.more = map[string][]string{f.Name: itemsOf(j)}
		} else {
			person.set[f.Name] = j
		}
		with = append(with, strings.ToLower(f.Label[:1])+f.Label[1:]+" in “"+value+"”")
	}
	act := Act{Do: a.Do, Text: "Appoint somebody to " + m.called(of) + ", for good or to act until then", Open: "who it is", Link: Link{Do: "appoint", Kind: graph.Post, ID: of.Key().ID}}
	if len(with) > 0 {
		act.Text = "Appoint somebody with " + and(with) + " to " + m.called(of)
	}
	for _, held := range of.Holders().Holders {
		act.edits = append(act.edits, edit{key: held.Key(), end: true})
	}
	act.edits = append(act.edits, person, m.appointed(of.Key(), who))
	return []Act{act}
}

func (m maker) appointed(post, who fact.Key) edit {
	return edit{key: supposed(graph.Appointment, string(post.ID)), set: map[string]string{
		"person": quoted(m.refers(graph.Appointment, "person", who)), "post": quoted(m.refers(graph.Appointment, "post", post)), "basis": quoted("acting"),
	}}
}

// unchosen gives a post that the council has still to choose: one that is filled, and reports to the post of a role.
func (m maker) unchosen(what, under string) (fact.Key, []edit) {
	post, who := supposed(graph.Post, what), supposed(graph.Person, what)
	e := edit{key: post, set: map[string]string{"title": quoted("the post that is chosen")}}
	for _, up := range m.postsOf(under) {
		e.set["reports_to"] = quoted(m.refers(graph.Post, "reports_to", up.Key()))
	}
	return post, []edit{e, {key: who, set: map[string]string{"name": quoted("Somebody")}}, m.appointed(post, who)}
}

// forRole gives the posts to which a role could go: those named as its deputies and those that carried it before, and otherwise one that is
// not chosen yet.
func (m maker) forRole(a *Remedy, but ...*graph.Record) (posts []*graph.Record, unchosen fact.Key, made []edit, open string) {
	const most = 3
	add := func(p *graph.Record) {
		if p != nil && p.Exists() == fact.Yes && !slices.Contains(posts, p) && !slices.Contains(but, p) && len(posts) < most {
			posts = append(posts, p)
		}
	}
	for _, p := range m.v.All(graph.Post) {
		if slices.Contains(p.Texts("deputy_for"), a.Role) {
			add(p)
		}
	}
	for past := range m.v.Pasts(graph.Designation) {
		if past.Record.Text("role") == a.Role {
			add(past.Record.Ref("post"))
		}
	}
	under, capacity := a.Under, ""
	role := m.p.roles[a.Role]
	if role != nil {
		capacity = role.HeldBy
	}
	if under == "" && a.Role != graph.HeadOfPaidService && a.Role != graph.Leader {
		under = graph.HeadOfPaidService
		if capacity == "member" {
			under = graph.Leader
		}
	}
	unchosen, made = m.unchosen("role-"+a.Role, under)
	if capacity != "" {
		made[0].set["capacity"] = quoted(capacity)
	}
	open = "which post it is, and who is in it"
	if under != "" {
		open += "; it would report to the " + m.roleName(under)
	}
	return posts, unchosen, made, open
}

func (m maker) designate(a *Remedy, _ *graph.Record) (out []Act) {
	say := map[string]string{"role": quoted(a.Role), "decided_on": m.today(), "confirmed": "true"}
	for f, value := range a.With {
		j, wrong := m.v.Kinds().Answer(m.v.Kinds().Kind(graph.Designation).Field(f), value)
		if wrong != "" {
			return nil
		}
		say[f] = j
	}
	act := func(post fact.Key, text, open string, link Link, made []edit) {
		e := edit{key: supposed(graph.Designation, a.Role), set: map[string]string{"post": quoted(m.refers(graph.Designation, "post", post))}}
		for f, j := range say {
			e.set[f] = j
		}
		out = append(out, Act{Do: a.Do, Text: text, Open: open, Link: link, edits: append(made, e)})
	}
	posts, unchosen, made, open := m.forRole(a)
	for _, p := range posts {
		act(p.Key(), "Designate "+m.called(p)+" as "+m.roleName(a.Role), "", fresh(graph.Designation, Said{"role", a.Role}, Said{"post", string(p.Key().ID)}), nil)
	}
	act(unchosen, "Designate a post as "+m.roleName(a.Role), open, fresh(graph.Designation, Said{"role", a.Role}), made)
	return out
}

func (m maker) redesignate(a *Remedy, _ *graph.Record) (out []Act) {
	sure, _ := m.v.Designations(a.Role)
	for _, d := range sure {
		posts, unchosen, made, open := m.forRole(a, m.postsOf(a.Role)...)
		act := func(post fact.Key, text, open string, made []edit) {
			out = append(out, Act{Do: a.Do, Text: text, Open: open, Link: change(d.Key()), edits: append(made, edit{key: d.Key(), set: map[string]string{
				"post": quoted(m.refers(graph.Designation, "post", post)), "person": "", "decided_on": m.today(), "confirmed": "true",
			}})})
		}
		for _, p := range posts {
			act(p.Key(), "Designate "+m.called(p)+" as "+m.roleName(a.Role)+" instead", "", nil)
		}
		act(unchosen, "Designate another post as "+m.roleName(a.Role), open, made)
	}
	return out
}

func (m maker) withdraw(a *Remedy, _ *graph.Record) (out []Act) {
	sure, _ := m.v.Designations(a.Role)
	if len(sure) < 2 {
		return nil // it would leave nobody
	}
	for _, d := range sure {
		out = append(out, Act{Do: a.Do, Text: "End the designation “" + m.called(d) + "”", Link: Link{"end", graph.Designation, d.Key().ID, nil}, edits: []edit{{key: d.Key(), end: true}}})
	}
	return out
}

func (m maker) reports(a *Remedy, of, to *graph.Record) Act {
	return Act{
		Do: a.Do, Text: "Have " + m.called(of) + " report to " + m.called(to), Link: change(of.Key()),
		edits: []edit{{key: of.Key(), set: map[string]string{"reports_to": quoted(m.refers(graph.Post, "reports_to", to.Key()))}}},
	}
}

func (m maker) report(a *Remedy, of *graph.Record) (out []Act) {
	for _, to := range m.postsOf(a.Role) {
		if on, _ := to.Above(of); !on { // nobody reports to whom they manage
			out = append(out, m.reports(a, of, to))
		}
	}
	return out
}

// manage brings a function into a line: by itself, or with one of those above who manages it.
func (m maker) manage(a *Remedy, of *graph.Record) (out []Act) {
	manager, _ := of.Manager()
	for _, to := range m.postsOf(a.Role) {
		out = append(out, Act{
			Do: a.Do, Text: "Have " + m.called(of) + " managed by " + m.called(to) + " or in its line", Link: change(of.Key()),
			edits: []edit{{key: of.Key(), set: map[string]string{"managed_by": quoted(m.refers(graph.Function, "managed_by", to.Key()))}}},
		})
		if manager == nil {
			continue
		}
		up, _ := manager.Line()
		for _, p := range up {
			if on, _ := to.Above(p); on || slices.Contains(m.postsOf(graph.HeadOfPaidService), p) {
				break
			}
			out = append(out, m.reports(a, p, to))
		}
	}
	return out
}

// tested makes a test that is as it should be: by somebody from outside, before a board that can challenge it, and with its review arranged.
func (m maker) tested(a *Remedy, text string, id fact.Key, say []Said, more map[string]string) Act {
	review := m.v.On().AddMonths(12).String()
	org := supposed("organisation", "assessor")
	e := edit{key: id, set: map[string]string{
		"title": quoted("Local test of assurance"), "started_on": m.today(), "reported_on": m.today(), "review_due": quoted(review), "assessor_organisation": quoted(m.refers(test, "assessor_organisation", org)),
	}}
	for f, j := range more {
		e.set[f] = j
	}
	act := Act{Do: a.Do, Text: text, Open: "who carries it out, and what they find", Link: fresh(test, say...)}
	for _, t := range []string{"scrutiny", "council"} {
		if bs := m.boardsOf(t).sure; len(bs) > 0 {
			e.set["reported_to"] = quoted(m.refers(test, "reported_to", record(bs[0]).Key()))
			break
		}
	}
	act.edits = []edit{{key: org, set: map[string]string{"name": quoted("Another body"), "type": quoted("other")}}, e, m.arranged(id, review)}
	return act
}

// arranged is the step by which a test is reviewed by a day.
func (m maker) arranged(id fact.Key, due string) edit {
	return edit{key: supposed("milestone", "review", string(id.ID)), set: map[string]string{"name": quoted("Review"), "due": quoted(due)}, more: map[string][]string{"about": {m.refers("milestone", "about", id)}}}
}

func (m maker) test(a *Remedy, _ *graph.Record) []Act {
	more, say := map[string]string{}, []Said(nil)
	if p := m.v.Proposal(); p != "" {
		k := fact.Key{Kind: graph.Proposal, ID: p}
		more["tests"] = quoted(m.refers(test, "tests", k))
		say = []Said{{"tests", string(p)}}
	}
	return []Act{m.tested(a, "Commission a local test of assurance, have it reported, and arrange its review", supposed(test, "test"), say, more)}
}

func (m maker) review(a *Remedy, of *graph.Record) []Act {
	more := map[string]string{"supersedes": quoted(m.refers(test, "supersedes", of.Key()))}
	if k, ok := of.RefKey("tests"); ok {
		more["tests"] = quoted(m.refers(test, "tests", k))
	}
	return []Act{m.tested(a, "Commission the review of "+m.called(of)+", have it reported, and arrange the next", supposed(test, "review", string(of.Key().ID)), []Said{{"supersedes", string(of.Key().ID)}}, more)}
}

func (m maker) arrange(a *Remedy, of *graph.Record) []Act {
	due := m.v.On().AddMonths(12).String()
	if d := of.Date("review_due"); !d.IsZero() && d.Form != fact.ToBeAgreed {
		due = d.Last.String()
	}
	return []Act{{
		Do: a.Do, Text: "Arrange the review of " + m.called(of) + ", and record it", Open: "who carries it out", Link: fresh("milestone", Said{"about", of.Key().String()}, Said{"due", due}),
		edits: []edit{m.arranged(of.Key(), due)},
	}}
}

// article puts one before a noun.
func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
