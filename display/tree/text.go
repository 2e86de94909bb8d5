package tree

import (
	"fmt"
	"io"
	"strings"

	"gofive/display"
)

// Longest texts of one line, in characters.
const (
	maxName   = 120
	maxDetail = 160
	maxValue  = 100
	maxColumn = 40 // names longer than this, or than 3/8 of a line, do not push their siblings' details to the right
)

// Text gives the tree as a terminal shows it, each line ended.
func (t *Tree) Text() string {
	var b strings.Builder
	p := newPen(&b, t.root, t.options)
	p.root(t.root)
	p.below(t.root, "")
	return b.String()
}

// pen writes the lines of a tree.
type pen struct {
	w     io.Writer
	err   error // the first of w
	width int   // columns of a line
	color bool
	whole int64 // what the root takes
}

func newPen(w io.Writer, root *branch, o Options) *pen {
	p := &pen{w: w, width: o.Width, color: o.Color, whole: root.Size}
	if p.width <= 0 {
		p.width = 1 << 20
	}
	return p
}

// write writes s unless something went wrong before.
func (p *pen) write(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, s)
	}
}

// The colours of a terminal.
const (
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	red   = "\x1b[31m"
	blue  = "\x1b[1;34m"
	cyan  = "\x1b[36m"
	plain = "\x1b[0m"
)

// paint gives s its colour.
func (p *pen) paint(colour, s string) string {
	if !p.color || colour == "" || s == "" {
		return s
	}
	return colour + s + plain
}

// root writes the line of the tree's root, and a line for each of its attributes that this did not
// hold.
func (p *pen) root(b *branch) {
	under := ""
	if !b.leaf() {
		under = "│"
	}
	p.line(b, "", under, layout{})
	if b.short() {
		return
	}
	for _, a := range b.attrs {
		name := "@" + display.Short(a.Name, maxName) + " = "
		p.write(p.paint(faint, name) + cut(display.Short(a.Value, maxValue), max(20, p.width-columns(name))) + "\n")
	}
	if left := b.Label.Attrs - len(b.attrs); left > 0 && len(b.attrs) > 0 {
		p.write(fmt.Sprintf("@ … %s more\n", display.Count(left)))
	}
}

// below writes what is under b, each line after indent.
func (p *pen) below(b *branch, indent string) {
	l := p.layout(b.children)
	rest := b.rest()
	for i, c := range b.children {
		p.child(c, indent, l, i == len(b.children)-1 && rest == "", p.below)
	}
	if rest != "" {
		p.write(indent + "└── " + p.paint(faint, rest) + "\n")
	}
}

// child writes the lines of c and what is under it.
func (p *pen) child(c *branch, indent string, l layout, last bool, below func(*branch, string)) {
	twig, next := "├── ", "│   "
	if last {
		twig, next = "└── ", "    "
	}
	under := indent + next
	if !c.leaf() {
		under += "│"
	}
	p.line(c, indent+twig, under, l)
	below(c, indent+next)
}

// rest says what of b's children is not shown.
func (b *branch) rest() string {
	switch {
	case b.more > 0 && b.hidden != "":
		return fmt.Sprintf("… %s more, %s", display.Count(b.more), b.hidden)
	case b.more > 0:
		return fmt.Sprintf("… %s more", display.Count(b.more))
	case b.hidden != "":
		return "… " + b.hidden
	}
	return ""
}

// layout is the columns that siblings share.
type layout struct{ title, size int }

func (p *pen) layout(siblings []*branch) layout {
	var l layout
	for _, b := range siblings {
		if n := columns(b.name()); n <= min(maxColumn, p.width*3/8) { // where links point needs no column
			l.title = max(l.title, n)
		}
		l.size = max(l.size, columns(b.sizeText()))
	}
	return l
}

// line writes b: its name after begin, its size and a bar, and the rest, on lines that begin with
// under when one is not enough.
func (p *pen) line(b *branch, begin, under string, l layout) {
	r := row{pen: p, under: under}
	r.add(begin, "")
	title := cut(b.title(), max(minPart, p.width-r.at))
	r.add(title, b.colour())
	parts := b.parts()
	if len(parts) > 0 || l.size > 0 {
		r.add(pad(title, l.title), "")
	}
	if size := b.sizeText(); l.size > 0 && (size != "" || columns(title) <= l.title) {
		r.add("  "+pad(size, l.size)+size+" "+bar(b.share(p.whole)), faint)
	}
	r.hang = max(columns(under)+2, min(r.at+2, p.width-min(minRest, p.width*11/20)))
	for i, part := range parts {
		r.part(part, i == 0)
	}
	r.end()
}

// Lines that are too long go on below the first of their parts, or further to the left where that
// leaves less than minRest columns, or half a line. No part is cut to less than minPart.
const (
	minRest = 44
	minPart = 20
)

// row is a line that is being written, which may become several.
type row struct {
	*pen
	text  string // of the last line
	at    int    // and its columns
	under string // what further lines begin with
	hang  int    // where their text begins
}

func (r *row) add(s, colour string) {
	r.text += r.paint(colour, s)
	r.at += columns(s)
}

// end writes the last line.
func (r *row) end() {
	r.write(strings.TrimRight(r.text, " ") + "\n")
	r.text, r.at = "", 0
}

// part adds one of the things that a line says. The first stays on the first line, cut if it must be.
func (r *row) part(x part, first bool) {
	text := cut(x.text, max(minPart, r.width-r.hang))
	if first && r.width-r.at-2 >= minPart {
		text = cut(x.text, r.width-r.at-2)
	}
	if r.at+2+columns(text) <= r.width {
		r.add("  ", "")
	} else {
		r.end()
		r.add(r.under+pad(r.under, r.hang), "")
	}
	r.add(text, x.colour)
}

// part is one of the things that a line says.
type part struct{ text, colour string }

// parts are what stands behind the name and the size.
func (b *branch) parts() []part {
	var out []part
	add := func(colour string, texts ...string) {
		for _, s := range texts {
			if s != "" {
				out = append(out, part{display.Short(s, maxDetail), colour})
			}
		}
	}
	add(bold, b.Role)
	add("", b.Detail)
	add("", strings.Split(b.Note, ", ")...)
	if b.short() {
		for _, a := range b.attrs {
			add(faint, "@"+a.Name+" = "+a.Value)
		}
	}
	add(faint, b.countAttrs())
	for _, x := range b.problems {
		add(red, "! "+x)
	}
	return out
}

func (b *branch) colour() string {
	switch {
	case b.Link != "":
		return cyan
	case b.Group:
		return blue
	}
	return ""
}

// title is what stands at the beginning of the node's line: its name, and where it points.
func (b *branch) title() string {
	if b.Link == "" {
		return b.name()
	}
	return b.name() + " -> " + display.Short(b.Link, maxName)
}

// name is the name as it is shown, with the / of a group.
func (b *branch) name() string {
	name := display.Short(b.Name, maxName)
	if b.Group && !strings.HasSuffix(name, "/") {
		name += "/"
	}
	return name
}

// maxInline is how many characters of attributes may stand on a node's own line.
const maxInline = 60

// short reports whether the attributes are few and small enough to stand on the node's own line.
func (b *branch) short() bool {
	if len(b.attrs) < b.Label.Attrs || len(b.attrs) > 4 {
		return false
	}
	n := 0
	for _, a := range b.attrs {
		n += columns(a.Name) + columns(a.Value) + 4
	}
	return n <= maxInline
}

// inlineAttrs gives the attributes as they stand on the node's own line, "" unless they are short.
func (b *branch) inlineAttrs() string {
	if !b.short() {
		return ""
	}
	var parts []string
	for _, a := range b.attrs {
		parts = append(parts, "@"+a.Name+" = "+a.Value)
	}
	return strings.Join(parts, ", ")
}

// countAttrs says how many attributes there are when they do not stand on the node's own line.
func (b *branch) countAttrs() string {
	if b.Label.Attrs == 0 || b.short() {
		return ""
	}
	if b.Label.Attrs == 1 {
		return "1 attribute"
	}
	return display.Count(b.Label.Attrs) + " attributes"
}
