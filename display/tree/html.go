package tree

import (
	"fmt"
	"strconv"

	"gofive/display"
)

// style is decoration. Colours are those of the notebook's theme where it has one. A class named more than
// once wins over what front ends say of lists and code in any output.
const style = `.gofive-tree{font-size:13px;line-height:1.5;max-width:76em;margin-bottom:.5em}` +
	`.gofive-tree.gofive-tree.gofive-tree ul{list-style:none;margin:0;padding:0 0 0 1.25em;border-left:1px solid var(--jp-border-color2,#8884);margin-left:.3em}` +
	`.gofive-tree.gofive-tree li{margin:0;padding:0}.gofive-tree.gofive-tree .leaf{padding-left:1.05em}` +
	`.gofive-tree summary{cursor:pointer;display:list-item}` +
	`.gofive-tree summary:hover,.gofive-tree .leaf:hover{background:var(--jp-layout-color2,#8881)}` +
	`.gofive-tree summary b,.gofive-tree li>b,.gofive-tree>b{font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace);font-weight:600}` +
	`.gofive-tree.gofive-tree code{background:none;padding:0;color:inherit;font-size:12px;margin-left:.6em}` +
	`.gofive-tree em{font-size:12px;margin-left:.6em;padding:0 .4em;border-radius:2px;font-style:normal;background:#2a7fba2e}` +
	`.gofive-tree small{opacity:.72;font-size:12px;margin-left:.6em}` +
	`.gofive-tree .size{float:right;white-space:nowrap;font-variant-numeric:tabular-nums}` +
	`.gofive-tree meter{width:5em;height:.75em;margin-left:.3em;vertical-align:-.05em}` +
	`.gofive-tree meter::-webkit-meter-bar{background:#8883;border:0;border-radius:1px}` +
	`.gofive-tree meter::-webkit-meter-optimum-value{background:#3b8ec2;border-radius:1px}` +
	`.gofive-tree mark{background:#ffe8cc;color:#7a3b00;margin-left:.6em;padding:0 .3em;border-radius:2px}` +
	`.gofive-tree .attrs{display:inline-block;vertical-align:top;margin-left:.6em}` +
	`.gofive-tree .attrs summary{opacity:.72;font-size:12px}` +
	`.gofive-tree table{border-collapse:collapse;margin:.2em 0 .4em;font-size:12px;border:0}` +
	`.gofive-tree th,.gofive-tree td{border:0;padding:.05em .8em .05em 0;text-align:left;vertical-align:top;font-weight:400;background:none;max-width:40em;overflow-wrap:anywhere}` +
	`.gofive-tree th{font-family:var(--jp-code-font-family,monospace);white-space:nowrap}` +
	`.gofive-tree td+td{opacity:.72}`

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
	p := page{m, t.root.Size}
	p.branch(t.root)
	m.Close()
}

// page is where the nodes of a tree are written.
type page struct {
	*display.Markup
	whole int64 // what the root takes
}

func (m page) branch(b *branch) {
	if b.leaf() {
		m.line(b)
		m.attrTable(b)
		return
	}
	if b.open {
		m.Open("details", display.Attr("open", ""))
	} else {
		m.Open("details")
	}
	m.Open("summary")
	m.line(b)
	m.Close()
	m.attrTable(b)
	m.Open("ul")
	for _, c := range b.children {
		m.Open("li", c.class()...)
		m.branch(c)
		m.Close()
	}
	if rest := b.rest(); rest != "" {
		m.Open("li", display.Attr("class", "leaf")).Element("small", rest).Close()
	}
	m.Close().Close()
}

// leaf reports whether nothing is shown below b.
func (b *branch) leaf() bool { return len(b.children) == 0 && b.rest() == "" }

// class lets leaves stand in line with what folds.
func (b *branch) class() []display.Attribute {
	if b.leaf() {
		return []display.Attribute{display.Attr("class", "leaf")}
	}
	return nil
}

// line writes name, size, link, what the node holds, notes and problems.
func (m page) line(b *branch) {
	m.Element("b", b.name())
	m.size(b)
	if b.Link != "" {
		m.Text(" → ").Element("code", display.Short(b.Link, maxName))
	}
	if b.Role != "" {
		m.Text(" ").Element("em", display.Short(b.Role, maxDetail))
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

// size writes how much the node takes, with a bar of its share of the whole.
func (m page) size(b *branch) {
	text := b.sizeText()
	if text == "" || b.depth == 0 {
		return
	}
	m.Text(" ").Open("small", display.Attr("class", "size")).Text(text)
	if m.whole > 0 {
		share := b.share(m.whole)
		m.Text(" ").Element("meter", percent(share), display.Attr("value", strconv.FormatFloat(share, 'f', 3, 64)))
	}
	m.Close()
}

// attrTable writes the attributes that do not stand on the node's own line, folded.
func (m page) attrTable(b *branch) {
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
