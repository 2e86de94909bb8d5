package tree

import (
	"fmt"

	"gofive/display"
)

// style is decoration. Colours are those of the notebook's theme where it has one.
const style = `.gofive-tree{font-size:13px;line-height:1.5}` +
	`.gofive-tree ul{list-style:none;margin:0;padding:0 0 0 1.25em;border-left:1px solid var(--jp-border-color2,#e0e0e0);margin-left:.3em}` +
	`.gofive-tree li{margin:0;padding:0}.gofive-tree .leaf{padding-left:1.05em}` +
	`.gofive-tree summary{cursor:pointer;display:list-item}` +
	`.gofive-tree summary b,.gofive-tree li>b,.gofive-tree>b{font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace);font-weight:600}` +
	`.gofive-tree code{background:none;padding:0;color:var(--jp-content-font-color1,#1a5f7a);font-size:12px;margin-left:.6em}` +
	`.gofive-tree small{color:var(--jp-content-font-color2,#666);font-size:12px;margin-left:.6em;white-space:nowrap}` +
	`.gofive-tree mark{background:var(--jp-warn-color3,#ffe8cc);color:#7a3b00;margin-left:.6em;padding:0 .3em;border-radius:2px}` +
	`.gofive-tree .attrs{display:inline-block;vertical-align:top;margin-left:.6em}` +
	`.gofive-tree .attrs summary{color:var(--jp-content-font-color2,#666);font-size:12px}` +
	`.gofive-tree table{border-collapse:collapse;margin:.2em 0 .4em;font-size:12px;border:0}` +
	`.gofive-tree th,.gofive-tree td{border:0;padding:.05em .8em .05em 0;text-align:left;vertical-align:top;font-weight:400;background:none;max-width:40em;overflow-wrap:anywhere}` +
	`.gofive-tree th{font-family:var(--jp-code-font-family,monospace);white-space:nowrap}` +
	`.gofive-tree td+td{color:var(--jp-content-font-color2,#666)}`

// roomForAttrs is the size in bytes of a page beyond which attributes are only counted.
const roomForAttrs = 256 << 10

// HTML gives the tree as HTML that folds without any script.
func (t *Tree) HTML() string {
	var m display.Markup
	t.Write(&m)
	return m.String()
}

// Write writes the tree into a page.
func (t *Tree) Write(m *display.Markup) {
	m.Open("div", display.Attr("class", "gofive-tree")).Style(style)
	t.root.html(m)
	m.Close()
}

func (b *branch) html(m *display.Markup) {
	if b.leaf() {
		b.line(m)
		b.attrTable(m)
		return
	}
	if b.open {
		m.Open("details", display.Attr("open", ""))
	} else {
		m.Open("details")
	}
	m.Open("summary")
	b.line(m)
	m.Close()
	b.attrTable(m)
	m.Open("ul")
	for _, c := range b.children {
		m.Open("li", c.class()...)
		c.html(m)
		m.Close()
	}
	if b.more > 0 {
		m.Element("li", fmt.Sprintf("… %s more", display.Count(b.more)))
	}
	m.Close().Close()
}

// leaf reports whether nothing is shown below b.
func (b *branch) leaf() bool { return len(b.children) == 0 && b.more == 0 }

// class lets leaves stand in line with what folds.
func (b *branch) class() []display.Attribute {
	if b.leaf() {
		return []display.Attribute{display.Attr("class", "leaf")}
	}
	return nil
}

// line writes name, link, what the node holds, notes and problems.
func (b *branch) line(m *display.Markup) {
	m.Element("b", b.name())
	if b.Link != "" {
		m.Text(" → ").Element("code", display.Short(b.Link, maxName))
	}
	if b.Detail != "" {
		m.Text(" ").Element("code", display.Short(b.Detail, maxDetail))
	}
	if b.Note != "" {
		m.Text(" ").Element("small", display.Short(b.Note, maxDetail))
	}
	if s := b.inlineAttrs(); s != "" {
		m.Text(" ").Element("small", s)
	}
	for _, p := range b.problems {
		m.Text(" ").Element("mark", display.Short(p, maxDetail))
	}
}

// attrTable writes the attributes that do not stand on the node's own line, folded.
func (b *branch) attrTable(m *display.Markup) {
	count := b.countAttrs()
	if count == "" {
		return
	}
	if len(b.attrs) == 0 || m.Len() > roomForAttrs {
		m.Text(" ").Element("small", count)
		return
	}
	m.Open("details", display.Attr("class", "attrs")).Element("summary", count).Open("table").Open("tbody")
	for _, a := range b.attrs {
		m.Open("tr").Element("th", display.Short(a.Name, maxName), display.Attr("scope", "row"))
		m.Element("td", display.Short(a.Value, maxValue)).Element("td", display.Short(a.Type, maxValue)).Close()
	}
	if left := b.Label.Attrs - len(b.attrs); left > 0 {
		m.Open("tr").Element("th", fmt.Sprintf("… %s more", display.Count(left))).Close()
	}
	m.Close().Close().Close()
}
