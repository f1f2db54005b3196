package access

import (
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// settingsKind is the kind of the one record that says how the council has set up its pages.
const settingsKind fact.KindName = "settings"

// SettingsKey names the one record of settings.
var SettingsKey = fact.Key{Kind: settingsKind, ID: "settings"}

// Settings are how the council has set up its pages, by the newest word on them that is in force today. Whatever day is looked at, they are those of
// today. The zero Settings show nothing to anybody who is not signed in.
type Settings struct {
	Name    string     // of the council as pages show it; empty where it is that of the record
	Council string     // what the record calls it, which is no secret
	Colour  string     // such as #0f385c, dark enough to be read on white; empty is that of the stylesheet
	Year    time.Month // with which the council's year begins

	Public bool                   // whether people without an account see what is public
	kinds  map[fact.KindName]bool // whose records are public where nothing else is recorded
}

// SettingsOf reads the settings. The view is that of today, with everything that is recorded.
func SettingsOf(today *graph.View) Settings {
	s := Settings{Year: time.April}
	if c := today.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		s.Council = c.Text("name")
	}
	r := today.Record(SettingsKey)
	if r == nil || r.Exists() != fact.Yes {
		return s
	}
	s.Name = r.Text("shown_name")
	if c := r.Text("colour"); c != "" {
		if ratio, ok := kind.Contrast(c); ok && ratio >= kind.LeastContrast { // an older form of the kind may have taken others
			s.Colour = c
		}
	}
	for m := time.January; m <= time.December; m++ {
		if kind.Lower(m.String()) == r.Text("year_begins") {
			s.Year = m
		}
	}
	if s.Public, _ = r.Yes("public"); s.Public {
		s.kinds = map[fact.KindName]bool{}
		for _, k := range r.Texts("public_kinds") {
			s.kinds[fact.KindName(k)] = true
		}
	}
	return s
}

// OfKind gives who may see the records of a kind of which nothing else is recorded.
func (s Settings) OfKind(k *kind.Kind) kind.Visibility { return s.classOf(k, "") }

// statement is the kind of what statutory officers state. It is restricted until somebody who may say so says otherwise, by whatever way it is recorded: it says of few people who can all be told what they cannot answer for.
const statement fact.KindName = "statement"

// classOf gives who may see a record of which this is recorded.
func (s *Settings) classOf(k *kind.Kind, said kind.Visibility) kind.Visibility {
	switch {
	case said != "" && said != kind.AsKind:
		return said
	case s.kinds[k.Name] && k.Section != kind.Admin && !k.Personal:
		return kind.Public
	case k.Name == statement:
		return kind.Restricted
	}
	return kind.Internal
}
