package access

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Role is what a grant makes of somebody: "governance".
type Role string

// The roles, as records have them.
const (
	Staff         Role = "staff"
	Officer       Role = "officer"
	Proposer      Role = "proposer"
	Governance    Role = "governance"
	Adviser       Role = "adviser"
	BoardManager  Role = "board-manager"
	Clerk         Role = "clerk"
	Member        Role = "member"
	Approver      Role = "approver"
	Administrator Role = "administrator"
)

// Act is something that a person does.
type Act string

// What people do. Those that change the record are named for the section of the kinds that they change.
const (
	Read       Act = "read"       // what is not public
	ReadDrafts Act = "drafts"     // proposals that are not published yet
	Restricted Act = "restricted" // what is exempt or personal
	Structure  Act = "structure"  // units, posts, people, functions and roles
	Propose    Act = "proposals"  // proposals, and what they would change
	Comment    Act = "comments"   // what one says oneself of a proposal
	SetUpTests Act = "tests"      // a test of assurance: what it tests, who carries it out, when
	Assess     Act = "assurance"  // findings, evidence, judgements, recommendations and conditions of a test
	Deliver    Act = "delivery"   // programmes, actions, risks, savings
	Minute     Act = "meetings"   // boards, meetings, decisions, documents
	Hear       Act = "feedback"   // what people said, and what was done about it
	Erase      Act = "erase"      // take the words of an entry away for ever
	Administer Act = "admin"      // accounts and grants
)

// Meaning says what a role is for, in the words of the pages.
type Meaning struct {
	Role  Role
	Label string
	About string
	acts  []Act
}

// Roles are all roles in the order in which pages show them, each with what it may do.
var Roles = []Meaning{
	{Governance, "Governance officer", "Keeps the structure, proposals, delivery, meetings and feedback, and sets up tests of assurance. Never writes what a test found.",
		[]Act{Read, ReadDrafts, Restricted, Structure, Propose, SetUpTests, Deliver, Minute, Hear, Erase, Comment}},
	{Approver, "Chief executive or approver", "Sees proposals before they are published, comments on them, and decides.", []Act{Read, ReadDrafts, Restricted, Comment}},
	{Proposer, "Proposer", "Prepares proposals to change the structure. Does not record what is decided of them.", []Act{Read, ReadDrafts, Propose, Comment}},
	{Adviser, "Independent adviser", "Carries out a test of assurance: writes evidence, findings, judgements and recommendations.", []Act{Read, ReadDrafts, Assess}},
	{BoardManager, "Board manager", "Keeps a board, its meetings and its documents.", []Act{Read, Minute, Deliver, Comment}},
	{Clerk, "Clerk", "Keeps meetings, decisions and documents.", []Act{Read, Minute, Comment}},
	{Officer, "Officer", "Keeps actions, risks and other records of delivery.", []Act{Read, Deliver, Comment}},
	{Member, "Councillor", "Sees what is not public, and can comment on proposals. Changes nothing else.", []Act{Read, Comment}},
	{Staff, "Member of staff", "Sees what is not public, and can comment on proposals. Changes nothing else.", []Act{Read, Comment}},
	{Administrator, "Administrator", "Keeps accounts and grants, and the structure. Does not read what an adviser has not issued. Can invite anew to any account but an adviser's; its owner is then told.", []Act{Read, Structure, Administer}},
}

// Means gives the meaning of a role; ok is false if there is none of that name.
func Means(r Role) (m Meaning, ok bool) {
	i := slices.IndexFunc(Roles, func(m Meaning) bool { return m.Role == r })
	if i < 0 {
		return Meaning{}, false
	}
	return Roles[i], true
}

// Does reports whether the role includes an act.
func (m Meaning) Does(a Act) bool { return slices.Contains(m.acts, a) }

func (r Role) does(a Act) bool {
	m, ok := Means(r)
	return ok && m.Does(a)
}

// apart are roles that nobody holds together: an adviser is independent of those who keep what is tested.
var apart = map[Role][]Role{
	Adviser:       {Governance, Administrator, Proposer, Approver, Officer},
	Governance:    {Adviser},
	Administrator: {Adviser},
	Proposer:      {Adviser},
	Approver:      {Adviser},
	Officer:       {Adviser},
}

// Proposed reports whether a proposal may bring or change records of a kind: the structure, what delivers it and who sits where. What a test of
// assurance finds, what is decided and who may do what is nobody's to propose: whoever may
// record it records it as it is, and nobody who adopts a proposal does so in their name.
func Proposed(k *kind.Kind) bool {
	switch k.Name {
	case "board", "seat", "protocol":
		return true
	case graph.Proposal, "version", "comment":
		return false // a proposal says nothing of proposals: whoever adopts it would decide on another without seeing that
	}
	a := ActOf(k)
	return a == Structure || a == Propose || a == Deliver
}

// acts says what somebody does who changes records of a kind. Kinds that are not named here go by their section.
var acts = map[fact.KindName]Act{
	"test":           SetUpTests,
	"departure":      SetUpTests,
	"inspection":     SetUpTests,
	"council":        Structure,
	"comment":        Comment,
	"retention":      Erase, // who may erase keeps the rules by which it is done
	"finding":        Assess,
	"evidence":       Assess,
	"judgement":      Assess,
	"recommendation": Assess,
	"condition":      Assess,
	"interview":      Assess,
	"progress":       Assess,
	"paragraph":      Assess,
	letter:           Assess,
	"accuracy":       SetUpTests,
	"confirmation":   SetUpTests,
	"viewing":        Minute,
	statement:        Minute,
}
