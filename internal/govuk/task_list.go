package govuk

import (
	"cmp"
	"html/template"
	"strconv"
)

// TaskList shows what there is to do, and how far it is done.
type TaskList struct {
	Items      []Task     `json:"items"`
	IDPrefix   string     `json:"idPrefix"` // "task-list" unless given
	Classes    string     `json:"classes"`
	Attributes Attributes `json:"attributes"`
}

// Task is one of the tasks. Without an address it cannot be started yet.
type Task struct {
	Title   TaskTitle  `json:"title"`
	Hint    Content    `json:"hint"`
	Status  TaskStatus `json:"status"`
	Href    string     `json:"href"`
	Classes string     `json:"classes"`
}

// TaskTitle says what is to be done. A task without it is left out.
type TaskTitle struct {
	Text    string        `json:"text"`
	HTML    template.HTML `json:"html"`
	Classes string        `json:"classes"`
}

// TaskStatus is a tag, or words alone.
type TaskStatus struct {
	Tag     Tag           `json:"tag"`
	Text    string        `json:"text"`
	HTML    template.HTML `json:"html"`
	Classes string        `json:"classes"`
}

// Render makes TaskList a Component.
func (c TaskList) Render() template.HTML { return render(c) }

func (c TaskList) write(w *writer) {
	w.start("ul", "govuk-task-list", c.Classes)
	w.attributes(c.Attributes)
	for i, t := range c.Items {
		if given(t.Title.Text, t.Title.HTML) {
			t.write(w, cmp.Or(c.IDPrefix, "task-list")+"-"+strconv.Itoa(i+1))
		}
	}
	w.end("ul")
}

func (t Task) write(w *writer, id string) {
	hint, status := when(t.Hint.given(), id+"-hint"), id+"-status"
	w.start("li", "govuk-task-list__item", when(t.Href != "", "govuk-task-list__item--with-link"), t.Classes)
	w.start("div", "govuk-task-list__name-and-hint")
	if t.Href != "" {
		w.start("a", "govuk-link govuk-task-list__link", t.Title.Classes)
		w.link("href", t.Href)
		w.attr("aria-describedby", spaced(hint, status))
		w.content(t.Title.Text, t.Title.HTML)
		w.end("a")
	} else {
		w.element("div", t.Title.Classes, t.Title.Text, t.Title.HTML)
	}
	if hint != "" {
		w.start("div", "govuk-task-list__hint")
		w.attr("id", hint)
		w.content(t.Hint.Text, t.Hint.HTML)
		w.end("div")
	}
	w.end("div")
	w.start("div", "govuk-task-list__status", t.Status.Classes)
	w.attr("id", status)
	if t.Status.Tag.given() {
		t.Status.Tag.write(w)
	} else {
		w.content(t.Status.Text, t.Status.HTML)
	}
	w.end("div")
	w.end("li")
}
