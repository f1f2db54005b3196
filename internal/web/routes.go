package web

import (
	"fmt"
	"maps"
	"net/http"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// handler answers a request, or gives the error that answered turns into a page.
type handler func(http.ResponseWriter, *http.Request) error

type route struct {
	pattern string
	handler handler
}

// routes is every address there is. No page reads the store but those of entries, which prove, and the check as JSON, which names
// the root of the tree: the others are made from a view alone. What a page can be had as beside HTML is the page's own matter.
func (s *Site) routes() []route {
	all := []route{
		{"GET /{$}", s.page(s.orPublic(s.home, s.records))},
		{"GET /needs", s.page(s.everyNeed)},
		{"GET /search", s.page(s.search, fieldKind)},
		{"GET /suggest", s.suggest},
		{"GET /help", s.reading("help")},
		{"GET /help/words", s.page(s.glossary)},
		{"GET /help/wrong", s.reading("wrong")},
		{"GET /accessibility", s.reading("accessibility")},
		{"GET /privacy", s.reading("privacy")},
		{"GET /cookies", s.reading("cookies")},

		{"GET /structure", s.page(s.orPublic(s.structure, s.sectionRecords(&sections[0])), fieldMost, fieldShow, fieldOpen)},
		{"GET /structure/who-answers", s.page(s.who, whoOnly, whoRole, whoName)},
		{"GET /structure/who-answers/print", s.page(s.whoOnOnePage)},
		{"GET /structure/statutory-roles", s.page(s.statutoryRoles)},
		{"GET /structure/statutory-roles/{role}", s.page(s.statutoryRole)},
		{"GET /structure/areas", s.page(s.areas)},
		{"GET /structure/ask", s.ask},
		{"GET /structure/compare", s.page(s.compare, compareParameters...)},
		{"GET /structure/timeline", s.page(s.timeline, fieldFrom, fieldTo, fieldLanes)},

		{"GET /structure/download", s.page(s.downloadStart)},
		{"GET /structure/download/{file}", s.download},
		{"GET /structure/import", s.page(s.importStart)},
		{"POST /structure/import", s.importUpload},
		{"GET /structure/import/template", s.importTemplate(false)},
		{"GET /structure/import/template/{kind}", s.importTemplate(false)},
		{"GET /structure/import/filled", s.importTemplate(true)},
		{"GET /structure/import/filled/{kind}", s.importTemplate(true)},
		{"GET /structure/import/done/{entries}", s.page(s.importReport)},
		{"GET /structure/import/{draft}", s.importLead},
		{"GET /structure/import/{draft}/{step}", s.importStep},
		{"POST /structure/import/{draft}/{step}", s.importAnswer},

		{"GET " + statementsPath, s.page(s.statements, fieldQuarter)},
		{"POST " + statementsPath, s.formSent(s.stated)},
		{"GET /assurance/check", s.check},
		{"GET /assurance/check/{rule}", s.page(s.checkRule)},
		{"GET " + standingsPath, s.page(s.standings, fieldFrom, fieldTo, fieldLanes)},
		{"GET " + contingencyPath, s.page(s.contingency, fieldTaken, fieldDepth)},
		{"GET " + repairPath, s.page(s.repair, fieldAdvice)},
		{"GET " + actionsPath, s.page(s.actionsPage, fieldAsk, fieldState, fieldTest, fieldLate, fieldPage)},
		{"GET " + frameworkPath + "/{framework}", s.page(s.frameworkPage)},

		{"GET /entries", s.page(s.audit)},
		{"GET /account", s.page(s.account)},

		{"GET /drafts/{draft}", s.question},
		{"GET /drafts/{draft}/{step}", s.question},
		{"POST /drafts/{draft}/{step}", s.answer},
		{"GET /drafts/{draft}/check", s.lastLook},
		{"POST /drafts/{draft}/check", s.commit},
		{"POST /drafts/{draft}/conflict", s.settle},
		{"POST /drafts/{draft}/discard", s.discard},
		{"POST /undo/{entries}", s.undo},
		{"GET /entries/{entry}", s.entry}, // 57 is the page, 57.json the proof

		{"GET /entries/{entry}/give", s.give},
		{"POST /entries/{entry}/give", s.giveSent},
		{"GET /admin/retention", s.page(s.retention)},
		{"GET /removals/of/{kind}/{id}", s.remove},
		{"POST /removals/of/{kind}/{id}", s.removeSent},
		{"GET /removals/{draft}", s.removeLook},
		{"POST /removals/{draft}", s.removeDo},
		{"GET /removals/{draft}/done", s.removeDone},

		{"GET /checkpoint", s.checkpoint},
		{"GET /checkpoint/{size}", s.growth},
		{"GET /verify", s.page(s.verify)},
		{"POST /verify", s.startVerifying},
		{"GET /jobs/{job}", s.job}, // and as .json for the script that asks how far it is
		{"POST /jobs/{job}/stop", s.stopJob},

		{"GET /records", s.page(s.records)},
		{"GET /records/{kind}", s.general},
		{"GET /records/{kind}/{id}", s.general},
		{"GET /records/{kind}/{id}/{part}", s.general},

		{"GET " + icon.address, icon.serve},
		{"GET " + colourPath + "{colour}", s.colour},
		{"GET /", s.nowhere},
		{"POST /", func(http.ResponseWriter, *http.Request) error { return errMethod }},
	}
	if !s.Alone {
		all = append(all, s.accountRoutes()...)
	}
	for i := range sections {
		at := &sections[i]
		all = append(all, route{"GET " + at.path() + "/records", s.page(s.sectionRecords(at))})
		if at.name != "structure" && s.Book.Kinds().At(at.name, "") == nil {
			first := s.sectionRecords(at)
			if at.name == "assurance" {
				first = s.orPublic(s.assurance, first)
			}
			all = append(all, route{"GET " + at.path(), s.page(first)})
		}
	}
	for _, k := range s.Book.Kinds().All {
		all = append(all,
			route{"GET " + k.Path(), s.page(s.lists(k), filterNames(k)...)},
			route{"GET " + k.Path() + "/{id}", s.page(s.shows(k))},
			route{"GET " + k.Path() + "/new", s.page(s.newStarts(k), newParameters(k)...)},
			route{"POST " + k.Path() + "/new", s.newBegins(k)},
			route{"GET " + k.Path() + "/{id}/{part}", s.part(s.parts(k), partNeeds(k, http.MethodGet))},
			route{"POST " + k.Path() + "/{id}/{part}", s.part(s.acts(k), partNeeds(k, http.MethodPost))},
		)
	}
	tests := s.Book.Kinds().Kind(testKind) // whose pages are of one thing, too: a theme, a criterion, a piece of evidence
	all = append(all,
		route{"GET " + tests.Path() + "/{id}/{part}/{of}", s.part(s.testParts(), partNeeds(tests, http.MethodGet))},
		route{"POST " + tests.Path() + "/{id}/{part}/{of}", s.part(s.testActs(), partNeeds(tests, http.MethodPost))},
	)
	all = append(all, route{"GET /check/{rule}", lead(func(r *http.Request) string { return "/assurance/check/" + r.PathValue("rule") })})
	for from, to := range moved {
		all = append(all, route{"GET " + from, lead(func(*http.Request) string { return to })})
	}
	for _, a := range []asset{style, script} {
		if !a.missing() {
			all = append(all, route{"GET " + a.address, a.serve})
		}
	}
	return all
}

// accountRoutes are those that there are where people sign in.
func (s *Site) accountRoutes() []route {
	return []route{
		{"GET /sign-in", s.signIn},
		{"POST /sign-in", s.signInSent},
		{"POST /sign-in/as", s.signInAs},
		{"GET /sign-in/with", s.signInWith},
		{"GET /sign-in/back", s.signInBack},
		{"GET /sign-in/again", s.again},
		{"POST /sign-in/again", s.againSent},
		{"GET /invitation/{secret}", s.invitation},
		{"POST /invitation/{secret}", s.invitationSent},
		{"GET /welcome/{secret}", s.welcome},
		{"POST /welcome/{secret}", s.welcomeSent},
		{"POST /sign-out", s.signOut(false)},
		{"POST /sign-out/everywhere", s.signOut(true)},
		{"POST /account/ask", s.askForLeave},
		{"GET /account/password", s.password},
		{"POST /account/password", s.passwordSent},
		{"GET /account/sessions", s.signedIn},
		{"POST /account/sessions/{session}/end", s.endSession},
		{"POST /account/stay", s.goOn},
		{"GET /account/kept", s.keptForm},
		{"GET /account/tokens", s.tokens},
		{"GET /account/tokens/new", s.newToken},
		{"POST /account/tokens/new", s.newTokenSent},
		{"POST /account/tokens/{token}/end", s.endToken},
		{"POST /load", s.loadSent}, // for programs

		{"GET /admin/people", s.page(s.people)},
		{"GET /admin/people/new", s.newPerson},
		{"POST /admin/people/new", s.newPersonSent},
		{"GET /admin/people/{account}", s.person},
		{"POST /admin/people/{account}/{do}", s.personAct},
	}
}

// lists gives the list of a kind: of appointments with what is on its way before it.
func (s *Site) lists(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	switch k.Name {
	case graph.Appointment:
		return s.orPublic(s.appointments(k), s.list(k))
	case access.SettingsKey.Kind:
		return s.settings(k)
	case access.Consultation:
		return s.consultations(k)
	}
	return s.list(k)
}

// shows gives the page of a record of a kind.
func (s *Site) shows(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	if k.Name == access.Consultation {
		return s.consultation
	}
	return s.record(k)
}

// newStarts gives the form with which a record of a kind is recorded: that of the settings is their page.
func (s *Site) newStarts(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	if k.Name == access.SettingsKey.Kind {
		return s.settings(k)
	}
	if k.Name == testKind {
		return s.commission
	}
	return s.newStart(k)
}

// newParameters are the parameters of the form with which a record of a kind is recorded: of a test, what it is to be of.
func newParameters(k *kind.Kind) []string {
	if k.Name == testKind {
		return []string{inputTested, inputReplaces}
	}
	return nil
}

// newBegins takes such a form.
func (s *Site) newBegins(k *kind.Kind) handler {
	if k.Name == access.SettingsKey.Kind {
		return s.settingsSent(k)
	}
	if k.Name == testKind {
		return s.formSent(s.commissionSent)
	}
	return s.newBegin(k)
}

// parts are the pages of one record beside its first. They share a route, since the mux cannot tell /meetings/ID/change from
// /meetings/boards/ID otherwise.
func (s *Site) parts(k *kind.Kind) map[string]handler {
	parts := map[string]handler{partHistory: s.page(s.history(k), fieldField), "change": s.page(s.changeStart(k)), partClass: s.page(s.classStart(k))}
	switch k.Name {
	case graph.Post:
		parts["appoint"] = s.page(s.appointStart(k))
	case graph.Proposal:
		maps.Copy(parts, s.proposalParts())
	case testKind:
		maps.Copy(parts, s.testParts())
	case access.Consultation:
		parts[partRespond], parts[partWithdraw], parts[partDid] = s.respond, s.withdraw, s.page(s.whatWeDid, fieldTheme)
		parts[partResponses] = s.page(s.responses, fieldReply, fieldState, fieldPage)
	}
	return parts
}

// acts are what can be sent to one record.
func (s *Site) acts(k *kind.Kind) map[string]handler {
	acts := map[string]handler{"change": s.changeBegin(k), partClass: s.classBegin(k)}
	switch k.Name {
	case graph.Post:
		acts["appoint"] = s.appointBegin(k)
	case graph.Proposal:
		maps.Copy(acts, s.proposalActs())
	case testKind:
		maps.Copy(acts, s.testActs())
	case access.Consultation:
		acts[partRespond], acts[partWithdraw], acts[partDid], acts[partResponses] = s.respondSent, s.withdrawSent, s.didSent, s.responsesSent
	}
	return acts
}

func (s *Site) part(parts map[string]handler, need func(part string) requirement) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		name := r.PathValue("part")
		h := parts[name]
		if h == nil {
			return s.nowhere(w, r)
		}
		if err := s.admit(r, need(name)); err != nil {
			return err
		}
		return h(w, r)
	}
}

// partNeeds gives what somebody must be allowed to have a part of a record of a kind, or to send something to it, beside what the route needs: of everybody's pages it is the history, and what they are
// asked.
func partNeeds(k *kind.Kind, method string) func(part string) requirement {
	return func(part string) requirement {
		asks := k.Name == access.Consultation
		switch {
		case method == http.MethodGet && (part == partHistory || k.Name == testKind && part == partLetter): // a letter that was issued is for everybody where its test is
			return requirement{act: access.Read, public: true}
		case asks && (part == partRespond || part == partWithdraw || part == partDid && method == http.MethodGet):
			return requirement{act: access.Read, public: true, asked: true}
		case asks && (method == http.MethodPost || part == partResponses):
			return requirement{act: access.ActOf(k)}
		}
		return requirement{act: access.Read}
	}
}

// page makes a handler of a function from a look to a page. Dates as people write them are turned into the one spelling that an
// address has before anything is shown. parameters are those by which the page can be shown otherwise, beside those shown.
func (s *Site) page(show func(*look, *http.Request) (*page, error), parameters ...string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r, parameters...)
		if err != nil {
			return err
		}
		if l.respelt {
			redirect(w, r, l.here(), http.StatusSeeOther)
			return nil
		}
		p, err := show(l, r)
		switch e := endingOf(r); {
		case err != nil:
			return err
		case e != "":
			return s.export(w, l, p, e)
		}
		if p.Notice == nil && r.URL.Query().Has("done") {
			p.Notice = s.done(l, r)
		}
		return s.render(w, l, p)
	}
}

// admitted asks before anything else whether somebody may have what a route gives. A route of which nobody has decided that cannot be served.
func (s *Site) admitted(r route) handler {
	need, ok := s.needOf(r.pattern)
	if !ok {
		panic("nobody has decided who may have " + r.pattern + ": give it a row in allowed.go")
	}
	return func(w http.ResponseWriter, req *http.Request) error {
		if err := s.admit(req, need); err != nil {
			return err
		}
		return r.handler(w, req)
	}
}

func (s *Site) nowhere(http.ResponseWriter, *http.Request) error {
	return fmt.Errorf("no such page: %w", fact.ErrNotFound)
}
