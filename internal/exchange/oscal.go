package exchange

import (
	"bytes"
	"crypto/sha1" // #nosec G505 -- a UUID of version 5 is made with it by definition; nothing is secured by it
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"plumbline/internal/fact"
)

// What OSCAL takes from us: its version, and the namespace of the properties that are ours. The address leads nowhere: .invalid is nobody's for ever (RFC 2606).
const (
	oscalVersion = "1.1.3"
	oscalNS      = "https://plumbline.invalid/ns/oscal"
)

// The files of an export, which refer to each other by these names.
const (
	catalogFile = "catalog.json"
	planFile    = "assessment-plan.json"
	resultsFile = "assessment-results.json"
	poamFile    = "plan-of-action-and-milestones.json"
)

// OSCALDocument is one file of an export.
type OSCALDocument struct {
	Name  string // of the file
	About string // what it is, for people
	Body  []byte
}

// uuidSpace is the namespace of our UUIDs, itself one of version 5 of the address of our properties (RFC 9562, 5.5 and 6.6).
var uuidSpace = uuid5([16]byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}, oscalNS)

func uuid5(space [16]byte, name string) (out [16]byte) {
	h := sha1.New() // #nosec G401 -- as above
	h.Write(space[:])
	h.Write([]byte(name))
	copy(out[:], h.Sum(nil))
	out[6] = out[6]&0x0f | 0x50
	out[8] = out[8]&0x3f | 0x80
	return out
}

// uuidOf names a thing of a record for ever: the same thing has the same UUID in every export.
func uuidOf(parts ...string) string {
	u := uuid5(uuidSpace, strings.Join(parts, "\x00"))
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[0:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// moment writes the midnight in London with which a day begins; nothing for days that OSCAL cannot write.
func moment(d fact.Day) string {
	t := (d - 1).End().Add(time.Microsecond)
	if t.Year() < 1900 || t.Year() > 2999 {
		return ""
	}
	return t.Format("2006-01-02T15:04:05Z07:00")
}

// onOne gives a text on one line, as titles, names and values of properties are.
func onOne(s string) string { return strings.Join(strings.Fields(s), " ") }

// said gives a text that has to be there, or says that it is not recorded.
func said(s, what string) string {
	if s = strings.TrimSpace(s); s != "" {
		return s
	}
	return "[Not recorded: " + what + "]"
}

// The parts of OSCAL that are written, in the order of its documentation. Lists that are empty are left out: OSCAL has no empty ones.
type (
	oscalRoot struct {
		Catalog *oscalCatalog `json:"catalog,omitempty"`
		Plan    *oscalPlan    `json:"assessment-plan,omitempty"`
		Results *oscalResults `json:"assessment-results,omitempty"`
		POAM    *oscalPOAM    `json:"plan-of-action-and-milestones,omitempty"`
	}
	oscalCatalog struct {
		UUID     string           `json:"uuid"`
		Metadata oscalMetadata    `json:"metadata"`
		Groups   []oscalGroup     `json:"groups,omitempty"`
		Back     *oscalBackMatter `json:"back-matter,omitempty"`
	}
	oscalGroup struct {
		ID       string         `json:"id"`
		Title    string         `json:"title"`
		Controls []oscalControl `json:"controls,omitempty"`
	}
	oscalControl struct {
		ID    string      `json:"id"`
		Title string      `json:"title"`
		Props []oscalProp `json:"props,omitempty"`
		Links []oscalLink `json:"links,omitempty"`
		Parts []oscalPart `json:"parts,omitempty"`
	}
	oscalPart struct {
		UUID  string      `json:"uuid,omitempty"` // in assessments
		ID    string      `json:"id,omitempty"`   // in catalogs
		Name  string      `json:"name"`
		NS    string      `json:"ns,omitempty"`
		Title string      `json:"title,omitempty"`
		Props []oscalProp `json:"props,omitempty"`
		Prose string      `json:"prose,omitempty"`
	}
	oscalPlan struct {
		UUID     string           `json:"uuid"`
		Metadata oscalMetadata    `json:"metadata"`
		Import   oscalHref        `json:"import-ssp"`
		Local    *oscalLocal      `json:"local-definitions,omitempty"`
		Terms    *oscalTerms      `json:"terms-and-conditions,omitempty"`
		Reviewed oscalReviewed    `json:"reviewed-controls"`
		Tasks    []oscalTask      `json:"tasks,omitempty"`
		Back     *oscalBackMatter `json:"back-matter,omitempty"`
	}
	oscalResults struct {
		UUID     string           `json:"uuid"`
		Metadata oscalMetadata    `json:"metadata"`
		Import   oscalHref        `json:"import-ap"`
		Results  []oscalResult    `json:"results"`
		Back     *oscalBackMatter `json:"back-matter,omitempty"`
	}
	oscalPOAM struct {
		UUID         string             `json:"uuid"`
		Metadata     oscalMetadata      `json:"metadata"`
		System       oscalSystem        `json:"system-id"`
		Local        *oscalLocal        `json:"local-definitions,omitempty"`
		Observations []oscalObservation `json:"observations,omitempty"`
		Risks        []oscalRisk        `json:"risks,omitempty"`
		Findings     []oscalFinding     `json:"findings,omitempty"`
		Items        []oscalItem        `json:"poam-items"`
		Back         *oscalBackMatter   `json:"back-matter,omitempty"`
	}
	oscalMetadata struct {
		Title        string         `json:"title"`
		Published    string         `json:"published,omitempty"`
		LastModified string         `json:"last-modified"`
		Version      string         `json:"version"`
		OSCAL        string         `json:"oscal-version"`
		Props        []oscalProp    `json:"props,omitempty"`
		Links        []oscalLink    `json:"links,omitempty"`
		Roles        []oscalRole    `json:"roles,omitempty"`
		Parties      []oscalParty   `json:"parties,omitempty"`
		Responsible  []oscalParties `json:"responsible-parties,omitempty"`
		Remarks      string         `json:"remarks,omitempty"`
	}
	oscalProp struct {
		Name  string `json:"name"`
		NS    string `json:"ns,omitempty"`
		Value string `json:"value"`
	}
	oscalLink struct {
		Href string `json:"href"`
		Rel  string `json:"rel,omitempty"`
		Text string `json:"text,omitempty"`
	}
	oscalHref struct {
		Href string `json:"href"`
	}
	oscalRole struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	oscalParty struct {
		UUID  string      `json:"uuid"`
		Type  string      `json:"type"`
		Name  string      `json:"name,omitempty"`
		Props []oscalProp `json:"props,omitempty"`
		Of    []string    `json:"member-of-organizations,omitempty"`
	}
	oscalParties struct {
		Role    string   `json:"role-id"`
		Parties []string `json:"party-uuids,omitempty"`
	}
	oscalBackMatter struct {
		Resources []oscalResource `json:"resources"`
	}
	oscalResource struct {
		UUID        string      `json:"uuid"`
		Title       string      `json:"title,omitempty"`
		Description string      `json:"description,omitempty"`
		Props       []oscalProp `json:"props,omitempty"`
		Citation    *oscalCited `json:"citation,omitempty"`
		Links       []oscalHref `json:"rlinks,omitempty"`
	}
	oscalCited struct {
		Text string `json:"text"`
	}
	oscalSystem struct {
		Type string `json:"identifier-type"`
		ID   string `json:"id"`
	}
	oscalLocal struct {
		Activities []oscalActivity  `json:"activities,omitempty"`
		Components []oscalComponent `json:"components,omitempty"`
	}
	oscalComponent struct {
		UUID        string       `json:"uuid"`
		Type        string       `json:"type"`
		Title       string       `json:"title"`
		Description string       `json:"description"`
		Status      oscalInState `json:"status"`
	}
	oscalInState struct {
		State string `json:"state"`
	}
	oscalActivity struct {
		UUID        string         `json:"uuid"`
		Title       string         `json:"title"`
		Description string         `json:"description"`
		Props       []oscalProp    `json:"props,omitempty"`
		Controls    *oscalReviewed `json:"related-controls,omitempty"`
		Responsible []oscalParties `json:"responsible-roles,omitempty"`
	}
	oscalTerms struct {
		Parts []oscalPart `json:"parts"`
	}
	oscalReviewed struct {
		Selections []oscalSelection `json:"control-selections"`
	}
	oscalSelection struct {
		Include []oscalControlID `json:"include-controls"`
	}
	oscalControlID struct {
		ID string `json:"control-id"`
	}
	oscalTask struct {
		UUID        string          `json:"uuid"`
		Type        string          `json:"type"`
		Title       string          `json:"title"`
		Description string          `json:"description,omitempty"`
		Props       []oscalProp     `json:"props,omitempty"`
		Timing      *oscalTiming    `json:"timing,omitempty"`
		Activities  []oscalDoing    `json:"associated-activities,omitempty"`
		Subjects    []oscalSubjects `json:"subjects,omitempty"`
		Responsible []oscalParties  `json:"responsible-roles,omitempty"`
		Remarks     string          `json:"remarks,omitempty"`
	}
	oscalTiming struct {
		On     *oscalOn     `json:"on-date,omitempty"`
		Within *oscalWithin `json:"within-date-range,omitempty"`
	}
	oscalOn struct {
		Date string `json:"date"`
	}
	oscalWithin struct {
		Start string `json:"start"`
		End   string `json:"end"`
	}
	oscalDoing struct {
		Activity string          `json:"activity-uuid"`
		Subjects []oscalSubjects `json:"subjects"`
	}
	oscalSubjects struct {
		Type    string         `json:"type"`
		Include []oscalSubject `json:"include-subjects,omitempty"`
		All     *struct{}      `json:"include-all,omitempty"`
	}
	oscalSubject struct {
		UUID  string `json:"subject-uuid"`
		Type  string `json:"type"`
		Title string `json:"title,omitempty"`
	}
	oscalResult struct {
		UUID         string             `json:"uuid"`
		Title        string             `json:"title"`
		Description  string             `json:"description"`
		Start        string             `json:"start"`
		End          string             `json:"end,omitempty"`
		Props        []oscalProp        `json:"props,omitempty"`
		Local        *oscalLocal        `json:"local-definitions,omitempty"`
		Reviewed     oscalReviewed      `json:"reviewed-controls"`
		Attestations []oscalAttested    `json:"attestations,omitempty"`
		Log          *oscalLog          `json:"assessment-log,omitempty"`
		Observations []oscalObservation `json:"observations,omitempty"`
		Risks        []oscalRisk        `json:"risks,omitempty"`
		Findings     []oscalFinding     `json:"findings,omitempty"`
		Remarks      string             `json:"remarks,omitempty"`
	}
	oscalAttested struct {
		Responsible []oscalParties `json:"responsible-parties,omitempty"`
		Parts       []oscalPart    `json:"parts"`
	}
	oscalLog struct {
		Entries []oscalLogged `json:"entries"`
	}
	oscalLogged struct {
		UUID    string         `json:"uuid"`
		Title   string         `json:"title,omitempty"`
		Start   string         `json:"start"`
		Change  string         `json:"status-change,omitempty"` // of a risk
		Related []oscalRelated `json:"related-tasks,omitempty"`
	}
	oscalRelated struct {
		Task string `json:"task-uuid"`
	}
	oscalObservation struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title,omitempty"`
		Description string          `json:"description"`
		Props       []oscalProp     `json:"props,omitempty"`
		Methods     []string        `json:"methods"`
		Types       []string        `json:"types,omitempty"`
		Origins     []oscalOrigin   `json:"origins,omitempty"`
		Subjects    []oscalSubject  `json:"subjects,omitempty"`
		Evidence    []oscalEvidence `json:"relevant-evidence,omitempty"`
		Collected   string          `json:"collected"`
		Expires     string          `json:"expires,omitempty"`
		Remarks     string          `json:"remarks,omitempty"`
	}
	oscalOrigin struct {
		Actors []oscalActor `json:"actors"`
	}
	oscalActor struct {
		Type string `json:"type"`
		UUID string `json:"actor-uuid"`
		Role string `json:"role-id,omitempty"`
	}
	oscalEvidence struct {
		Href        string `json:"href"`
		Description string `json:"description"`
	}
	oscalRisk struct {
		UUID         string               `json:"uuid"`
		Title        string               `json:"title"`
		Description  string               `json:"description"`
		Statement    string               `json:"statement"`
		Props        []oscalProp          `json:"props,omitempty"`
		Status       string               `json:"status"`
		Character    []oscalCharacterized `json:"characterizations,omitempty"`
		Deadline     string               `json:"deadline,omitempty"`
		Remediations []oscalResponse      `json:"remediations,omitempty"`
		Log          *oscalLog            `json:"risk-log,omitempty"`
		Observations []oscalSeen          `json:"related-observations,omitempty"`
	}
	oscalCharacterized struct {
		Props  []oscalProp  `json:"props,omitempty"`
		Origin oscalOrigin  `json:"origin"`
		Facets []oscalFacet `json:"facets"`
	}
	oscalFacet struct {
		Name   string      `json:"name"`
		System string      `json:"system"`
		Value  string      `json:"value"`
		Props  []oscalProp `json:"props,omitempty"`
	}
	oscalResponse struct {
		UUID        string      `json:"uuid"`
		Lifecycle   string      `json:"lifecycle"`
		Title       string      `json:"title"`
		Description string      `json:"description"`
		Props       []oscalProp `json:"props,omitempty"`
		Tasks       []oscalTask `json:"tasks,omitempty"`
	}
	oscalSeen struct {
		UUID string `json:"observation-uuid"`
	}
	oscalRisked struct {
		UUID string `json:"risk-uuid"`
	}
	oscalFound struct {
		UUID string `json:"finding-uuid"`
	}
	oscalFinding struct {
		UUID         string        `json:"uuid"`
		Title        string        `json:"title"`
		Description  string        `json:"description"`
		Props        []oscalProp   `json:"props,omitempty"`
		Origins      []oscalOrigin `json:"origins,omitempty"`
		Target       oscalAim      `json:"target"`
		Observations []oscalSeen   `json:"related-observations,omitempty"`
		Risks        []oscalRisked `json:"related-risks,omitempty"`
		Remarks      string        `json:"remarks,omitempty"`
	}
	oscalAim struct {
		Type   string      `json:"type"`
		ID     string      `json:"target-id"`
		Title  string      `json:"title,omitempty"`
		Status oscalStatus `json:"status"`
	}
	oscalStatus struct {
		State  string `json:"state"`
		Reason string `json:"reason,omitempty"`
	}
	oscalItem struct {
		UUID         string        `json:"uuid"`
		Title        string        `json:"title"`
		Description  string        `json:"description"`
		Props        []oscalProp   `json:"props,omitempty"`
		Findings     []oscalFound  `json:"related-findings,omitempty"`
		Observations []oscalSeen   `json:"related-observations,omitempty"`
		Risks        []oscalRisked `json:"related-risks,omitempty"`
	}
)

// ours is a property of our own; nothing where it has no value.
func ours(name, value string) []oscalProp {
	if value = onOne(value); value == "" {
		return nil
	}
	return []oscalProp{{name, oscalNS, value}}
}

// oscalBytesOf writes a document, the same for the same content.
func oscalBytesOf(r oscalRoot) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
