package table

import (
	"slices"
	"strings"

	"gofive/display"
)

// style is decoration. Colours are those of the notebook's theme where it has one.
const style = `.gofive-table{font-size:13px;overflow-x:auto}` +
	`.gofive-table table{border-collapse:collapse;border:0;margin:.2em 0;font-size:12px;font-variant-numeric:tabular-nums}` +
	`.gofive-table caption{caption-side:top;text-align:left;padding:.2em 0;color:inherit;font-size:13px;white-space:nowrap}` +
	`.gofive-table th,.gofive-table td{border:0;padding:.2em .8em;text-align:left;white-space:nowrap;background:none;max-width:30em;overflow:hidden;text-overflow:ellipsis}` +
	`.gofive-table thead tr{background:none}` +
	`.gofive-table thead tr:last-child{border-bottom:1px solid var(--jp-border-color1,#bdbdbd)}` +
	`.gofive-table thead th{font-weight:600;vertical-align:bottom}` +
	`.gofive-table thead td{padding-top:0;padding-bottom:0}` +
	`.gofive-table thead small{font-weight:400;color:var(--jp-content-font-color2,#666)}` +
	`.gofive-table tbody th{font-weight:400;color:var(--jp-content-font-color2,#666);text-align:right}` +
	`.gofive-table tbody tr:nth-child(even){background:var(--jp-layout-color2,#f5f5f5)}` +
	`.gofive-table tbody tr:hover{background:var(--jp-rendermime-table-row-hover-background,#e1f5fe)}` +
	`.gofive-table .n{text-align:right}` +
	`.gofive-table i{color:var(--jp-content-font-color3,#999)}` +
	`.gofive-table p{margin:.2em 0;color:var(--jp-content-font-color2,#666)}` +
	`.gofive-table mark{background:var(--jp-warn-color3,#ffe8cc);color:#7a3b00;padding:0 .3em}`

// HTML gives the table as HTML.
func (t *Table) HTML() string {
	var m display.Markup
	t.Write(&m)
	return m.String()
}

// Write writes the table into a page.
func (t *Table) Write(m *display.Markup) {
	m.Open("div", display.Attr("class", "gofive-table")).Style(style).Open("table")
	if t.caption != "" {
		m.Element("caption", t.caption)
	}
	t.head(m)
	m.Open("tbody")
	for i, label := range t.labels {
		if i == t.rowGap {
			t.gapRow(m)
		}
		m.Open("tr").Element("th", label, display.Attr("scope", "row"))
		for j, c := range t.columns {
			if j == t.colGap {
				m.Element("td", "…")
			}
			c.cell(m, c.texts[i])
		}
		m.Close()
	}
	m.Close().Close().Element("p", t.summary)
	for _, note := range t.notes() {
		m.Open("p").Element("small", note).Close()
	}
	for _, p := range t.problems {
		m.Open("p").Element("mark", p.String()).Close()
	}
	m.Close()
}

// head writes a row of names, and below it rows of types, units and histograms where there are such.
func (t *Table) head(m *display.Markup) {
	m.Open("thead").Open("tr").Element("th", "")
	for j, c := range t.columns {
		if j == t.colGap {
			m.Element("th", "…")
		}
		m.Element("th", display.Short(c.Name, maxHead), c.attributes("col")...)
	}
	m.Close()
	t.headRow(m, func(c column) string { return display.Short(c.Type, maxHead) })
	t.headRow(m, func(c column) string { return display.Short(c.Unit, maxHead) })
	t.headRow(m, func(c column) string { return c.bars })
	m.Close()
}

// headRow writes a row of what is said of each column, if something is said of any.
func (t *Table) headRow(m *display.Markup, said func(c column) string) {
	if !slices.ContainsFunc(t.columns, func(c column) bool { return said(c) != "" }) {
		return
	}
	m.Open("tr").Element("td", "")
	for j, c := range t.columns {
		if j == t.colGap {
			m.Element("td", "")
		}
		m.Open("td", c.attributes("")...).Element("small", said(c)).Close()
	}
	m.Close()
}

// gapRow writes the row that says that rows are left out.
func (t *Table) gapRow(m *display.Markup) {
	m.Open("tr").Element("th", "…")
	for j, c := range t.columns {
		if j == t.colGap {
			m.Element("td", "…")
		}
		m.Element("td", "…", c.attributes("")...)
	}
	m.Close()
}

// cell writes one cell; NaN and infinities among numbers are set off, and what nobody wrote.
func (c column) cell(m *display.Markup, text string) {
	m.Open("td", c.attributes("")...)
	if c.right && (text == "NaN" || text == fillText || strings.HasSuffix(text, "Inf")) {
		m.Element("i", text)
	} else {
		m.Text(text)
	}
	m.Close()
}

// attributes are those of a cell of the column: numbers stand to the right, also where style sheets
// are dropped but the old attribute is known.
func (c column) attributes(scope string) []display.Attribute {
	var attributes []display.Attribute
	if scope != "" {
		attributes = append(attributes, display.Attr("scope", scope))
	}
	if c.right {
		attributes = append(attributes, display.Attr("class", "n"), display.Attr("align", "right"))
	}
	return attributes
}
