package web

import (
	"html/template"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// settings shows the form with which the settings are changed; on another day, or as known at another time, the record of them.
func (s *Site) settings(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		if !l.present() || s.Desk == nil {
			return s.list(k)(l, r)
		}
		d := s.draftOf(l, &desk.Draft{Purpose: toSet, Record: access.SettingsKey})
		return d.settingsPage(d.formOf(k.Fields, d.now()).Show(d.now()), nil), nil
	}
}

func (d *draft) settingsPage(typed kind.Typed, faults kind.Faults) *page {
	p := firstQuestion(d.l.to(d.kind.Path()+"/new"), d.settingsStep(), typed, faults)
	if len(d.l.View.History(d.key)) > 0 {
		p.Body.(*questionPage).Other = &link{"How they were before", d.l.part(d.key, partHistory)}
	}
	return p
}

// settingsSent takes the settings as they were typed.
func (s *Site) settingsSent(k *kind.Kind) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		if err := readForm(r); err != nil {
			return err
		}
		if err := s.asToday(l); err != nil {
			return err
		}
		given := desk.Draft{Purpose: toSet, Record: access.SettingsKey, Seen: map[fact.Key]int64{access.SettingsKey: l.View.Seen(access.SettingsKey)}, Typed: map[string][]string{}}
		d := s.draftOf(l, &given)
		st := d.settingsStep()
		for input, v := range r.PostForm {
			if st.takes(input) {
				given.Typed[input] = v
			}
		}
		if faults := st.read(given.Typed); len(faults) > 0 {
			return s.render(w, l, d.settingsPage(given.Typed, faults))
		}
		given.Typed[inputAnswered] = []string{st.name}
		return s.begin(w, r, l, given)
	}
}

// settingsStep asks for all settings at once.
func (d *draft) settingsStep() step {
	form := d.formOf(d.kind.Fields, d.now())
	st := step{name: "settings", heading: "Settings", lead: []string{"They hold from today on, for everybody. How they were before stays in the record."}}
	for _, f := range d.kind.Fields {
		st.inputs = append(st.inputs, f.Name)
	}
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		a := asked{d.l, form, typed, faults}
		return a.controls()
	}
	st.read = func(typed kind.Typed) kind.Faults {
		_, faults := form.Read(typed)
		return faults
	}
	st.said = func(typed kind.Typed) string {
		said, _ := form.Read(typed)
		var out []string
		for _, f := range d.kind.Fields {
			text := d.s.sayValue(d.l, f, said)
			if text == "Not recorded" {
				text = "as it comes"
			}
			out = append(out, f.Label+": "+text)
		}
		return strings.Join(out, "\n")
	}
	return st
}

// settings makes of the answers what is to be recorded: from today on.
func (d *draft) settings() (graph.Edit, kind.Problems) {
	said, _ := d.formOf(d.kind.Fields, d.now()).Read(d.typed())
	today := fact.ExactDate(d.l.today)
	if len(d.l.View.Pieces(d.key)) == 0 {
		return graph.Edit{Docs: []kind.Doc{{Op: fact.Assert, Kind: d.kind, ID: d.key.ID, Span: fact.Span{From: today}, Values: said}}}, nil
	}
	for _, f := range d.kind.Fields {
		if !slices.ContainsFunc(said, func(x kind.Value) bool { return x.Field == f }) {
			said = append(said, kind.Value{Field: f}) // no longer stated
		}
	}
	return d.l.View.Change(d.key, today, said, "", "")
}

// colourPath is where the stylesheet of a council's colour is. Its address says all that is in it, so browsers may keep it for ever.
const colourPath = "/colour/"

func colourAddress(colour string) string {
	return colourPath + strings.TrimPrefix(colour, "#") + ".css"
}

// colour serves the one rule that gives pages a council's colour.
func (s *Site) colour(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("colour")
	colour := "#" + strings.TrimSuffix(name, ".css")
	if ratio, ok := kind.Contrast(colour); !ok || ratio < kind.LeastContrast || path.Ext(name) != ".css" {
		return s.nowhere(w, r)
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", forEver)
	_, _ = io.WriteString(w, ":root { --govuk-brand-colour: "+colour+"; }\n") // #nosec G705 -- six hexadecimal digits, as Contrast has looked; the reader may have gone
	return nil
}
