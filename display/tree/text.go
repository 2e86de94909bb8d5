package tree

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gofive/display"
)

// Longest texts of one line, in characters.
const (
	maxName   = 120
	maxDetail = 160
	maxValue  = 100
	maxColumn = 40 // names longer than this do not push their siblings' details to the right
)

// Text gives the tree as a terminal shows it, each line ended.
func (t *Tree) Text() string {
	var b strings.Builder
	t.root.write(&b, 0)
	t.root.attributeLines(&b, "")
	t.root.below(&b, "")
	return b.String()
}

// below writes what is under b, each line after indent.
func (b *branch) below(w io.Writer, indent string) {
	width := 0
	for _, c := range b.children {
		if n := utf8.RuneCountInString(c.title()); n <= maxColumn {
			width = max(width, n)
		}
	}
	for i, c := range b.children {
		twig, next := "├── ", "│   "
		if i == len(b.children)-1 && b.more == 0 {
			twig, next = "└── ", "    "
		}
		io.WriteString(w, indent+twig)
		c.write(w, width)
		c.below(w, indent+next)
	}
	if b.more > 0 {
		fmt.Fprintf(w, "%s└── … %s more\n", indent, display.Count(b.more))
	}
}

// write writes b's own line: its name, padded to width when anything follows it, and the rest.
func (b *branch) write(w io.Writer, width int) {
	name := b.title()
	var rest []string
	for _, s := range []string{b.Detail, b.Note, b.inlineAttrs(), b.countAttrs()} {
		if s != "" {
			rest = append(rest, display.Short(s, maxDetail))
		}
	}
	for _, p := range b.problems {
		rest = append(rest, "! "+display.Short(p, maxDetail))
	}
	if len(rest) > 0 {
		name += strings.Repeat(" ", max(0, width-utf8.RuneCountInString(name))) + "  " + strings.Join(rest, "  ")
	}
	io.WriteString(w, name+"\n")
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

// attributeLines writes a line for each attribute of the root that its own line did not hold.
func (b *branch) attributeLines(w io.Writer, indent string) {
	if b.short() {
		return
	}
	for _, a := range b.attrs {
		fmt.Fprintf(w, "%s@%s = %s\n", indent, display.Short(a.Name, maxName), display.Short(a.Value, maxValue))
	}
	if left := b.Label.Attrs - len(b.attrs); left > 0 && len(b.attrs) > 0 {
		fmt.Fprintf(w, "%s@ … %s more\n", indent, display.Count(left))
	}
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
		n += utf8.RuneCountInString(a.Name) + utf8.RuneCountInString(a.Value) + 4
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
