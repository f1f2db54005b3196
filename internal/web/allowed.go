package web

import (
	"net/http"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// requirement is what somebody must be allowed to have what a route gives.
type requirement struct {
	act      access.Act
	or       access.Act // or this, where there are two ways to have it
	proved   bool       // and they have proved who they are a short while ago: what cannot be taken back
	public   bool       // or nothing at all, where the council shows pages to everybody: what is public of it
	programs bool       // a program with a token may have it, though it is no reading of the record
	asked    bool       // or nothing at all, where it is of a consultation that is for everybody: see Site.isAsked
}

// forPrograms reports whether a program with a token may have what a route gives: what shows the record, and little else. What asks again who it is,
// and what concerns accounts, is for people.
func (n requirement) forPrograms(method string) bool {
	switch {
	case n.programs:
		return true
	case n.act == anybody, n.act == somebody, n.act == access.Administer, n.act == access.Erase, n.proved:
		return false
	}
	return method == http.MethodGet || method == http.MethodHead
}

// Two needs that are no acts: to have it without being signed in, and to be signed in, whatever one may do.
const (
	anybody  access.Act = "anybody"
	somebody access.Act = "somebody"
)

// requirements is the table of routes and what they need, but for those of kinds. A route without a row fails when the program starts, so in every test.
// What a change needs of whoever makes it is asked by the book, of every record that it touches; here is who gets that far.
var requirements = map[string]requirement{
	"GET /{$}":                  {act: access.Read, public: true},
	"GET /needs":                {act: access.Read},
	"GET /search":               {act: access.Read, public: true},
	"GET /suggest":              {act: access.Read, public: true},
	"GET /help":                 {act: anybody},
	"GET /help/words":           {act: anybody},
	"GET /help/wrong":           {act: anybody},
	"GET /accessibility":        {act: anybody},
	"GET /privacy":              {act: anybody},
	"GET /cookies":              {act: anybody},
	"GET /colour/{colour}":      {act: anybody},
	"GET /checkpoint":           {act: anybody, programs: true},
	"GET /checkpoint/{size}":    {act: anybody, programs: true},
	"GET /sign-in":              {act: anybody},
	"POST /sign-in":             {act: anybody},
	"POST /sign-in/as":          {act: anybody},
	"GET /sign-in/with":         {act: anybody},
	"GET /sign-in/back":         {act: anybody},
	"GET /sign-in/again":        {act: somebody},
	"POST /sign-in/again":       {act: somebody},
	"GET /invitation/{secret}":  {act: anybody},
	"POST /invitation/{secret}": {act: anybody},
	"GET /welcome/{secret}":     {act: anybody},
	"POST /welcome/{secret}":    {act: anybody},
	"POST /sign-out":            {act: somebody},
	"POST /sign-out/everywhere": {act: somebody},
	"GET /account":              {act: somebody},
	"POST /account/ask":         {act: somebody},
	"GET /account/password":     {act: somebody},
	"POST /account/password":    {act: somebody},

	"GET /account/sessions":                {act: somebody},
	"POST /account/sessions/{session}/end": {act: somebody},
	"POST /account/stay":                   {act: somebody},
	"GET /account/kept":                    {act: somebody},

	"GET /account/tokens":              {act: somebody},
	"GET /account/tokens/new":          {act: somebody, proved: true},
	"POST /account/tokens/new":         {act: somebody, proved: true},
	"POST /account/tokens/{token}/end": {act: somebody},
	"POST /load":                       {act: somebody, programs: true}, // the book says who may record what

	"GET /admin/people":                 {act: access.Administer},
	"GET /admin/people/new":             {act: access.Administer},
	"POST /admin/people/new":            {act: access.Administer, proved: true},
	"GET /admin/people/{account}":       {act: access.Administer},
	"POST /admin/people/{account}/{do}": {act: access.Administer, proved: true},

	"GET /structure":                        {act: access.Read, public: true},
	"GET /structure/who-answers":            {act: access.Read},
	"GET /structure/who-answers/print":      {act: access.Read},
	"GET /structure/statutory-roles":        {act: access.Read},
	"GET /structure/statutory-roles/{role}": {act: access.Read},
	"GET /structure/areas":                  {act: access.Read},
	"GET /structure/ask":                    {act: access.Read},
	"GET /structure/compare":                {act: access.Read},
	"GET /structure/timeline":               {act: access.Read},
	"GET /structure/download":               {act: access.Read},
	"GET /structure/download/{file}":        {act: access.Read},
	"GET /structure/import":                 {act: access.Structure},
	"POST /structure/import":                {act: access.Structure},
	"GET /structure/import/template":        {act: access.Structure},
	"GET /structure/import/template/{kind}": {act: access.Structure},
	"GET /structure/import/filled":          {act: access.Structure},
	"GET /structure/import/filled/{kind}":   {act: access.Structure},
	"GET /structure/import/done/{entries}":  {act: access.Structure},
	"GET /structure/import/{draft}":         {act: access.Structure},
	"GET /structure/import/{draft}/{step}":  {act: access.Structure},
	"POST /structure/import/{draft}/{step}": {act: access.Structure},
	"GET /assurance/statements":             {act: access.Read},
	"POST /assurance/statements":            {act: access.Minute},
	"GET /assurance/actions":                {act: access.Read},
	"GET /assurance/frameworks/{framework}": {act: access.Read},
	"GET /assurance/check":                  {act: access.Read},
	"GET /assurance/check/{rule}":           {act: access.Read},
	"GET /assurance/timeline":               {act: access.Read},
	"GET /assurance/contingency":            {act: access.Read},
	"GET /assurance/repair":                 {act: access.Read},
	"GET /check/{rule}":                     {act: access.Read},
	"GET /entries":                          {act: access.Read},
	"GET /entries/{entry}":                  {act: access.Read},
	"GET /drafts/{draft}":                   {act: somebody},
	"GET /drafts/{draft}/{step}":            {act: somebody},
	"POST /drafts/{draft}/{step}":           {act: somebody},
	"GET /drafts/{draft}/check":             {act: somebody},
	"POST /drafts/{draft}/check":            {act: somebody}, // and proved, where it is administration: Site.proved
	"POST /drafts/{draft}/conflict":         {act: somebody}, // so here
	"POST /drafts/{draft}/discard":          {act: somebody},
	"POST /undo/{entries}":                  {act: somebody},    // and here
	"GET /entries/{entry}/give":             {act: access.Read}, // and of what they see whole, as the proof
	"POST /entries/{entry}/give":            {act: access.Read},
	"GET /admin/retention":                  {act: access.Erase},
	"GET /removals/of/{kind}/{id}":          {act: access.Erase},
	"POST /removals/of/{kind}/{id}":         {act: access.Erase},
	"GET /removals/{draft}":                 {act: access.Erase, proved: true}, // here, where nothing that was typed is lost on the way to prove it
	"POST /removals/{draft}":                {act: access.Erase, proved: true},
	"GET /removals/{draft}/done":            {act: access.Erase},
	"GET /verify":                           {act: access.Read},
	"POST /verify":                          {act: access.Read},
	"GET /jobs/{job}":                       {act: somebody},
	"POST /jobs/{job}/stop":                 {act: somebody},
	"GET /records":                          {act: access.Read, public: true},
	"GET /records/{kind}":                   {act: access.Read, public: true},
	"GET /records/{kind}/{id}":              {act: access.Read, public: true},
	"GET /records/{kind}/{id}/{part}":       {act: access.Read, public: true},
	"GET /":                                 {act: anybody, programs: true},
	"POST /":                                {act: anybody, programs: true},
}

// needOf gives what a route needs; ok is false where nobody has decided.
func (s *Site) needOf(pattern string) (n requirement, ok bool) {
	if n, ok = requirements[pattern]; ok {
		return n, true
	}
	method, path, _ := strings.Cut(pattern, " ")
	for _, a := range []asset{style, script, icon} {
		if path == a.address {
			return requirement{act: anybody}, true
		}
	}
	if _, ok := moved[path]; ok {
		return requirement{act: access.Read}, true
	}
	if rest, within := strings.CutPrefix(path, consultations); within && s.ofConsultations(rest) {
		return requirement{act: access.Read, public: method == http.MethodGet, asked: true}, true // what else its parts need they ask themselves
	}
	for i := range sections {
		if path == sections[i].path() || path == sections[i].path()+"/records" {
			return requirement{act: access.Read, public: true}, true
		}
	}
	for _, k := range s.Book.Kinds().All {
		switch rest, within := strings.CutPrefix(path, k.Path()); {
		case !within:
		case k.Section == kind.Admin:
			return requirement{act: access.ActOf(k), proved: method == "POST"}, true
		case rest == "" || rest == "/{id}":
			return requirement{act: access.Read, public: true}, true
		case k.Name == testKind && rest == "/{id}/{part}/{of}" && method == http.MethodGet:
			return requirement{act: access.Read}, true
		case k.Name == testKind && method == http.MethodPost && rest != "/new": // its pages ask what else they need
			return requirement{act: access.SetUpTests, or: access.Assess}, true
		case rest == "/new" || rest == "/{id}/{part}" && method == "POST":
			n := requirement{act: access.ActOf(k)}
			switch {
			case k.Name == graph.Proposal && rest != "/new":
				n.or = access.Comment // whoever comments on it or reviews it sends that to it
			case access.Proposed(k) && n.act != access.Propose:
				n.or = access.Propose // it may be changed by a proposal
			}
			return n, true
		case rest == "/{id}/{part}":
			return requirement{act: access.Read, public: true}, true // its history; forms to change it ask again
		}
	}
	return requirement{}, false
}
