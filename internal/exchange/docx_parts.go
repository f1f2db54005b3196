package exchange

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"plumbline/internal/report"
)

// docxPart is a file in a Word document, which is an archive of them.
type docxPart struct{ name, content string }

const (
	xmlBegins = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	relations = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	packages  = `http://schemas.openxmlformats.org/package/2006`
)

// parts gives the files of a document whose body is written.
func (x *docx) parts(d report.Document) []docxPart {
	body := `<w:document ` + wordSpace + ` xmlns:r="` + relations + `" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>` + "\n" +
		x.b.String() + fmt.Sprintf(`<w:sectPr><w:headerReference w:type="default" r:id="header"/><w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%[3]d" w:right="%[3]d" w:bottom="%[3]d" w:left="%[3]d" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`, docxPageWidth, docxPageHeight, docxMargin)
	return []docxPart{
		{"[Content_Types].xml", xmlBegins + docxTypes},
		{"_rels/.rels", xmlBegins + docxTopRelations},
		{"docProps/core.xml", xmlBegins + coreProperties(d)},
		{"word/document.xml", xmlBegins + body},
		{"word/_rels/document.xml.rels", xmlBegins + docxRelations},
		{"word/styles.xml", xmlBegins + docxStyles},
		{"word/numbering.xml", xmlBegins + docxNumbering(x.steps)},
		{"word/footnotes.xml", xmlBegins + footnotes(x.notes)},
		{"word/settings.xml", xmlBegins + docxSettings},
		{"word/header1.xml", xmlBegins + docxHeader(d)},
		{"word/footer1.xml", xmlBegins + docxFooter(d)},
		{"word/media/bar.png", barPNG},
	}
}

// barPNG is a picture of one dot, in the blue of links.
const barPNG = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\xdac\x90-\xd8\x01\x00\x01\xf3\x01F\xcd\xd6\xca\x7f\x00\x00\x00\x00IEND\xaeB`\x82"

func coreProperties(d report.Document) string {
	return `<cp:coreProperties xmlns:cp="` + packages + `/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + docxEscape(oneLine(d.Title)) + `</dc:title><dc:creator>` + docxEscape(oneLine(d.Council)) +
		`</dc:creator><dc:description>` + docxEscape(oneLine(d.Dates)) + `</dc:description><dc:language>en-GB</dc:language></cp:coreProperties>`
}

// docxHeader says at the top of each page whose the document is, and who may read it.
func docxHeader(d report.Document) string {
	x := &docx{}
	const beside = 80 // letters that fit on a line
	if utf8.RuneCountInString(d.Council+d.Mark) > beside && d.Council != "" {
		x.para("Header", "", d.Council)
		x.para("Header", "", d.Mark)
	} else {
		x.para("Header", "", strings.Trim(d.Council+"\t"+d.Mark, "\t"))
	}
	return `<w:hdr ` + wordSpace + `>` + x.b.String() + `</w:hdr>`
}

// docxFooter says at the foot of each page which days the document speaks of, and which page it is.
func docxFooter(d report.Document) string {
	x := &docx{}
	x.para("Footer", "", strings.TrimPrefix(d.Title+". "+d.Dates, ". "))
	field := func(name string) string {
		return `<w:fldSimple w:instr=" ` + name + ` "><w:r><w:t>1</w:t></w:r></w:fldSimple>`
	}
	x.b.WriteString(`<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr><w:r><w:t xml:space="preserve">Page </w:t></w:r>` + field("PAGE") + `<w:r><w:t xml:space="preserve"> of </w:t></w:r>` + field("NUMPAGES") + `</w:p>`)
	return `<w:ftr ` + wordSpace + `>` + x.b.String() + `</w:ftr>`
}

// footnotes holds the notes. The first two are the lines above them, which Word wants.
func footnotes(notes []string) string {
	x := &docx{}
	for i, text := range notes {
		fmt.Fprintf(&x.b, `<w:footnote w:id="%d">`, i+1)
		x.open("FootnoteText", "", text)
		x.b.WriteString(`<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>`)
		x.run(" "+text, docxRun{})
		x.b.WriteString("</w:p></w:footnote>")
	}
	return `<w:footnotes ` + wordSpace + `><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>` + x.b.String() + `</w:footnotes>`
}

// The lists that there are. Each list of steps is one of its own, from firstSteps on, because each counts from 1.
const (
	bulletList = iota + 1
	outlineList
	chartList
	firstSteps
)

// docxNumbering says how the lists count; steps is the first list that there is not.
func docxNumbering(steps int) string {
	level := func(n int, format, text string, left, hanging int) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:hanging="%d"/></w:pPr></w:lvl>`, n, format, text, left, hanging)
	}
	abstract := func(id int, kind string, levels ...string) string {
		return fmt.Sprintf(`<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="%s"/>%s</w:abstractNum>`, id, kind, strings.Join(levels, ""))
	}
	var depths []string
	for n := range 9 {
		depths = append(depths, fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="none"/><w:suff w:val="nothing"/><w:lvlText w:val=""/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:firstLine="0"/></w:pPr></w:lvl>`, n, 85+227*n))
	}
	s := `<w:numbering ` + wordSpace + `>` +
		abstract(bulletList, "hybridMultilevel", level(0, "bullet", "•", 351, 351), level(1, "bullet", "•", 1060, 351)) +
		abstract(outlineList, "multilevel", level(0, "decimal", "%1", 709, 709), level(1, "decimal", "%1.%2", 709, 709)) +
		abstract(chartList, "multilevel", depths...) +
		abstract(firstSteps, "hybridMultilevel", level(0, "decimal", "%1.", 351, 351), level(1, "decimal", "%2.", 1060, 351))
	for n := bulletList; n < firstSteps; n++ {
		s += fmt.Sprintf(`<w:num w:numId="%[1]d"><w:abstractNumId w:val="%[1]d"/></w:num>`, n)
	}
	for n := firstSteps; n < steps; n++ {
		s += fmt.Sprintf(`<w:num w:numId="%d"><w:abstractNumId w:val="%d"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride><w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`, n, firstSteps)
	}
	return s + `</w:numbering>`
}

const docxTypes = `<Types xmlns="` + packages + `/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
	`<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>` +
	`<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
	`<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>`

const docxTopRelations = `<Relationships xmlns="` + packages + `/relationships"><Relationship Id="document" Type="` + relations + `/officeDocument" Target="word/document.xml"/><Relationship Id="core" Type="` + packages + `/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const docxRelations = `<Relationships xmlns="` + packages + `/relationships"><Relationship Id="styles" Type="` + relations + `/styles" Target="styles.xml"/><Relationship Id="numbering" Type="` + relations + `/numbering" Target="numbering.xml"/><Relationship Id="footnotes" Type="` + relations + `/footnotes" Target="footnotes.xml"/><Relationship Id="settings" Type="` + relations + `/settings" Target="settings.xml"/><Relationship Id="header" Type="` + relations + `/header" Target="header1.xml"/><Relationship Id="footer" Type="` + relations + `/footer" Target="footer1.xml"/><Relationship Id="bar" Type="` + relations + `/image" Target="media/bar.png"/></Relationships>`

// docxSettings are those of a document of today's Word, and not of an older one that it would open in compatibility mode.
const docxSettings = `<w:settings ` + wordSpace + `><w:defaultTabStop w:val="709"/><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-GB"/></w:settings>`

// docxStyles are the styles by which a document can be made to look as the council's own do. Those that Word knows have the names that it gives them.
var docxStyles = `<w:styles ` + wordSpace + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="100" w:after="100" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
	`<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>` +
	`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="` + fmt.Sprint(docxCell) + `" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="` + fmt.Sprint(docxCell) + `" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
	paragraphStyle("Council", "Council", "Normal", `<w:spacing w:before="0" w:after="60"/>`, `<w:caps/><w:spacing w:val="10"/>`) +
	paragraphStyle("Title", "Title", "Normal", `<w:keepNext/><w:spacing w:before="0" w:after="160" w:line="240" w:lineRule="auto"/>`, `<w:b/><w:bCs/><w:sz w:val="40"/><w:szCs w:val="40"/>`) +
	paragraphStyle("Subtitle", "Subtitle", "Normal", `<w:spacing w:before="0" w:after="100"/>`, `<w:color w:val="383F43"/>`) +
	headingStyle(1, 28, 360) + headingStyle(2, 24, 280) + headingStyle(3, 22, 220) +
	paragraphStyle("NumberedParagraph", "Numbered Paragraph", "Normal", ``, ``) +
	paragraphStyle("Source", "Source", "Normal", `<w:spacing w:before="360"/>`, `<w:color w:val="383F43"/><w:sz w:val="18"/><w:szCs w:val="18"/>`) +
	paragraphStyle("Subject", "Subject", "Normal", `<w:keepNext/><w:spacing w:before="240" w:after="200"/><w:outlineLvl w:val="0"/>`, `<w:b/><w:bCs/>`) +
	paragraphStyle("LetterLine", "Letter Line", "Normal", fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs><w:spacing w:before="0" w:after="0"/>`, docxText), ``) +
	paragraphStyle("LetterPart", "Letter Part", "LetterLine", `<w:spacing w:before="240" w:after="0"/>`, ``) +
	paragraphStyle("LetterPoint", "Letter Paragraph", "Normal", `<w:tabs><w:tab w:val="left" w:pos="567"/></w:tabs><w:ind w:left="567" w:hanging="567"/>`, ``) +
	paragraphStyle("LetterItem", "Letter Item", "Normal", `<w:tabs><w:tab w:val="left" w:pos="1021"/></w:tabs><w:spacing w:before="0" w:after="80"/><w:ind w:left="1021" w:hanging="454"/>`, ``) +
	paragraphStyle("ListBullet", "List Bullet", "Normal", `<w:spacing w:before="0" w:after="140"/><w:contextualSpacing/>`, ``) +
	paragraphStyle("ListNumber", "List Number", "Normal", `<w:spacing w:before="0" w:after="140"/><w:contextualSpacing/>`, ``) +
	paragraphStyle("Caption", "caption", "Normal", `<w:keepNext/><w:spacing w:before="200" w:after="80"/>`, `<w:b/><w:bCs/><w:sz w:val="20"/><w:szCs w:val="20"/>`) +
	paragraphStyle("TableText", "Table Text", "Normal", `<w:spacing w:before="50" w:after="50" w:line="240" w:lineRule="auto"/>`, `<w:sz w:val="19"/><w:szCs w:val="19"/>`) +
	paragraphStyle("TableHead", "Table Head", "TableText", `<w:keepNext/>`, `<w:b/><w:bCs/>`) +
	paragraphStyle("TableRowHead", "Table Row Head", "TableText", ``, `<w:b/><w:bCs/>`) +
	paragraphStyle("TableTextFigure", "Table Figure", "TableText", `<w:jc w:val="right"/>`, ``) +
	paragraphStyle("TableRowHeadFigure", "Table Row Head Figure", "TableRowHead", `<w:jc w:val="right"/>`, ``) +
	paragraphStyle("TableHeadFigure", "Table Head Figure", "TableHead", `<w:jc w:val="right"/>`, ``) +
	paragraphStyle("ChartBox", "Chart Box", "TableText", `<w:keepLines/><w:spacing w:before="120" w:after="120"/><w:ind w:right="85"/>`, `<w:sz w:val="18"/><w:szCs w:val="18"/>`) +
	paragraphStyle("ChartBoxNext", "Chart Box Next", "ChartBox", `<w:ind w:right="95"/>`, ``) +
	paragraphStyle("Small", "Between Tables", "Normal", `<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>`, `<w:sz w:val="12"/><w:szCs w:val="12"/>`) +
	paragraphStyle("FootnoteText", "footnote text", "Normal", `<w:spacing w:before="0" w:after="40" w:line="240" w:lineRule="auto"/>`, `<w:sz w:val="18"/><w:szCs w:val="18"/>`) +
	paragraphStyle("Header", "header", "Normal", fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs><w:spacing w:before="0" w:after="60" w:line="240" w:lineRule="auto"/>`, docxText), `<w:color w:val="383F43"/><w:sz w:val="18"/><w:szCs w:val="18"/>`) +
	paragraphStyle("Footer", "footer", "Normal", `<w:spacing w:before="60" w:after="0" w:line="240" w:lineRule="auto"/>`, `<w:color w:val="383F43"/><w:sz w:val="18"/><w:szCs w:val="18"/>`) +
	`<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>` +
	`<w:style w:type="character" w:customStyle="1" w:styleId="Gap"><w:name w:val="Not Recorded"/><w:qFormat/><w:rPr><w:b/><w:bCs/><w:shd w:val="clear" w:color="auto" w:fill="FFF7BF"/></w:rPr></w:style>` +
	`<w:style w:type="table" w:customStyle="1" w:styleId="Plain"><w:name w:val="Plain Table"/><w:basedOn w:val="TableNormal"/></w:style>` +
	`<w:style w:type="table" w:customStyle="1" w:styleId="Lined"><w:name w:val="Lined Table"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/><w:bottom w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/></w:tblBorders></w:tblPr><w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="12" w:space="0" w:color="0B0C0C"/></w:tcBorders></w:tcPr></w:tblStylePr></w:style>` +
	`</w:styles>`

// paragraphStyle is a style of paragraphs. What Word does not know is the document's own.
func paragraphStyle(id, name, based, paragraph, characters string) string {
	own := ` w:customStyle="1"`
	switch id {
	case "Title", "Subtitle", "ListBullet", "ListNumber", "Caption", "FootnoteText", "Header", "Footer":
		own = ""
	}
	return `<w:style w:type="paragraph"` + own + ` w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="` + based + `"/><w:qFormat/><w:pPr>` + paragraph + `</w:pPr><w:rPr>` + characters + `</w:rPr></w:style>`
}

// headingStyle is that of headings of a level.
func headingStyle(level, size, before int) string {
	return fmt.Sprintf(`<w:style w:type="paragraph" w:styleId="Heading%[1]d"><w:name w:val="heading %[1]d"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="%[2]d" w:after="100" w:line="240" w:lineRule="auto"/><w:outlineLvl w:val="%[3]d"/></w:pPr><w:rPr><w:b/><w:bCs/><w:sz w:val="%[4]d"/><w:szCs w:val="%[4]d"/></w:rPr></w:style>`, level, before, level-1, size)
}
