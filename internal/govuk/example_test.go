package govuk_test

import (
	"fmt"
	"html/template"
	"os"
	"testing"

	"plumbline/internal/govuk"
)

// A field is given what was typed and what is wrong with it; without words, there is no error message.
func ExampleInput() {
	fmt.Println(govuk.Input{
		Label:        govuk.Label{Text: "Title of the post"},
		Name:         "title",
		Value:        "Director <Children>",
		ErrorMessage: govuk.ErrorMessage{Text: "Enter a title without < and >"},
	}.Render())
	// Output:
	// <div class="govuk-form-group govuk-form-group--error"><label class="govuk-label" for="title">Title of the post</label><p class="govuk-error-message" id="title-error"><span class="govuk-visually-hidden">Error:</span> Enter a title without &lt; and &gt;</p><input class="govuk-input govuk-input--error" id="title" name="title" type="text" value="Director &lt;Children&gt;" aria-describedby="title-error"></div>
}

// Components nest by their markup.
func ExampleSummaryList() {
	fmt.Println(govuk.SummaryList{Rows: []govuk.SummaryRow{{
		Key:   govuk.SummaryText{Text: "Status"},
		Value: govuk.SummaryText{HTML: govuk.Tag{Text: "Draft", Classes: "govuk-tag--grey"}.Render()},
		Actions: govuk.SummaryActions{Items: []govuk.SummaryAction{
			{Text: "Change", Href: "/drafts/1", VisuallyHiddenText: "status"},
		}},
	}}}.Render())
	// Output:
	// <dl class="govuk-summary-list"><div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">Status</dt><dd class="govuk-summary-list__value"><strong class="govuk-tag govuk-tag--grey">Draft</strong></dd><dd class="govuk-summary-list__actions"><a class="govuk-link" href="/drafts/1">Change<span class="govuk-visually-hidden"> status</span></a></dd></div></dl>
}

// A template renders a component where it stands.
func ExampleTable() {
	page := template.Must(template.New("page").Parse("<h1>{{.Heading}}</h1>\n{{.Holders.Render}}\n"))
	_ = page.Execute(os.Stdout, struct {
		Heading string
		Holders govuk.Table
	}{"Holders", govuk.Table{
		Caption: "Since 2003",
		Head:    []govuk.TableCell{{Text: "From"}, {Text: "Until"}},
		Rows:    [][]govuk.TableCell{{{Text: "1 October 2003"}, {Text: "now"}}},
	}})
	// Output:
	// <h1>Holders</h1>
	// <table class="govuk-table"><caption class="govuk-table__caption">Since 2003</caption><thead class="govuk-table__head"><tr class="govuk-table__row"><th class="govuk-table__header" scope="col">From</th><th class="govuk-table__header" scope="col">Until</th></tr></thead><tbody class="govuk-table__body"><tr class="govuk-table__row"><td class="govuk-table__cell">1 October 2003</td><td class="govuk-table__cell">now</td></tr></tbody></table>
}

func BenchmarkTable(b *testing.B) {
	t := govuk.Table{Head: make([]govuk.TableCell, 5), FirstCellIsHeader: true}
	for i := range t.Head {
		t.Head[i].Text = "Head"
	}
	for range 100 {
		row := make([]govuk.TableCell, 5)
		for i := range row {
			row[i] = govuk.TableCell{Text: "Director of People & Performance", Attributes: govuk.Attributes{"data-label": "Head"}}
		}
		t.Rows = append(t.Rows, row)
	}
	for b.Loop() {
		t.Render()
	}
}

func BenchmarkInputs(b *testing.B) {
	in := govuk.Input{
		Label:        govuk.Label{Text: "Title of the post"},
		Hint:         govuk.Hint{Text: "As the scheme of delegation has it"},
		ErrorMessage: govuk.ErrorMessage{Text: "Enter a title"},
		Name:         "title",
		Value:        "Director of People & Performance",
	}
	for b.Loop() {
		for range 50 {
			in.Render()
		}
	}
}
