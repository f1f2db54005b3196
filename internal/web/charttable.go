package web

import (
	"plumbline/internal/graph"
)

// unmanaged lists the functions of which it is not known who manages them.
func (c *survey) unmanaged() []link {
	if n := len(c.loose); n > functionsPerBox {
		return append(c.loose[:functionsPerBox:functionsPerBox], link{"All functions: " + thousands(int64(n-functionsPerBox)) + " more have no manager that is known", c.l.kind(c.l.View.Kinds().Kind(graph.Function))})
	}
	return c.loose
}

// table shows posts as rows, a page of them.
func (c *survey) table(asked string) (*sortable, *pager) {
	k := c.l.View.Kinds().Kind(graph.Post)
	n := &listing{s: c.s, l: c.l, kind: k, order: order{c.l.other.Get(fieldSort), c.l.other.Get(fieldOrder) == downward}}
	if n.order.by != "reports_to" && n.order.by != "unit" {
		n.order.by = ""
	}
	places, pager := paged(c.l, asked, c.s.roll(c.l, k, false, n.order, c.posts).places)
	t := &sortable{Caption: "Posts on " + c.l.View.On().Words()}
	t.Columns = []column{
		n.column("", "Post"), {link: link{Text: "In post"}}, n.column("reports_to", "Reports to"), n.column("unit", "Unit"),
		{link: link{Text: "Statutory roles"}}, {link: link{Text: "Manages"}}, {link: link{Text: "Answers in law for"}},
	}
	for _, i := range places {
		p := c.posts[i]
		b := &postBox{record: p}
		c.linked = 0 // a row has room of its own
		c.duties(b)
		var manages, also []link
		for _, m := range b.Functions {
			manages = append(manages, link{Text: m.Function.Text})
			for _, a := range m.Answers {
				manages = append(manages, link{Text: a.Note + ": " + a.Text})
			}
		}
		for _, a := range b.Also {
			also = append(also, link{Text: a.Function.Text + ", line managed by " + a.Manager.Text})
		}
		field := func(name string) []link { return orText(c.s.value(c.l, p, k.Field(name)), "Not recorded") }
		r := row{Head: cell{"Post", []link{{c.s.title(p), c.l.record(p.Key())}}}}
		for i, lines := range [][]link{texts(c.in(p).Words()), field("reports_to"), unlinked(field("unit")), orText(texts(c.roles[p]), "None"), append(manages, text(b.Rest)...), append(also, text(b.AlsoRest)...)} {
			r.Cells = append(r.Cells, cell{t.Columns[i+1].Text, lines})
		}
		t.Rows = append(t.Rows, r)
	}
	return t, pager
}
