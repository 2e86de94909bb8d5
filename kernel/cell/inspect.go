package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// Inspection describes the name at a cursor.
type Inspection struct {
	Text     string // plain
	Markdown string
}

// Inspect describes the name at, or just before, the byte offset cursor of code: its declaration,
// its documentation and where it comes from; detail 1 adds the source of what a cell declared. It
// reports false when there is no known name.
func (s *Session) Inspect(code string, cursor, detail int) (Inspection, bool) {
	cursor = min(max(cursor, 0), len(code))
	start, end := word(code, cursor)
	if start == end {
		// Inside the brackets of a call the function is meant.
		open := strings.LastIndexByte(code[:cursor], '(')
		if open < 0 {
			return Inspection{}, false
		}
		start, end = word(code, open)
	}
	if start == end {
		return Inspection{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.probe(code)
	id, _ := c.find(start)
	if id == nil {
		return Inspection{}, false
	}
	obj := c.info.Uses[id]
	if obj == nil {
		obj = c.info.Defs[id]
	}
	if obj == nil {
		return Inspection{}, false
	}
	return c.describe(id, obj, detail), true
}

// describe words an object.
func (c *check) describe(id *ast.Ident, obj types.Object, detail int) Inspection {
	head := strings.ReplaceAll(types.ObjectString(obj, byName), mark, "")
	text, from := c.document(id, obj)
	var plain, rich strings.Builder
	fmt.Fprintf(&plain, "%s\n", head)
	fmt.Fprintf(&rich, "```go\n%s\n```\n", head)
	if text = strings.TrimSpace(text); text != "" {
		fmt.Fprintf(&plain, "\n%s\n", text)
		fmt.Fprintf(&rich, "\n%s\n", text)
	}
	if from != "" {
		fmt.Fprintf(&plain, "\nfrom %s\n", from)
		fmt.Fprintf(&rich, "\n*from %s*\n", from)
	}
	if e := c.session.names[obj.Name()]; detail > 0 && e != nil && e.obj == obj {
		for _, u := range e.pieces() {
			fmt.Fprintf(&plain, "\n%s\n", u.text)
			fmt.Fprintf(&rich, "\n```go\n%s\n```\n", u.text)
		}
	}
	return Inspection{Text: plain.String(), Markdown: rich.String()}
}

// document gives the documentation of an object and where it comes from.
func (c *check) document(id *ast.Ident, obj types.Object) (text, from string) {
	if p, ok := obj.(*types.PkgName); ok {
		path := p.Imported().Path()
		return c.session.lib.Doc(path, ""), path
	}
	if obj.Pkg() == nil {
		return "", "Go"
	}
	if path := obj.Pkg().Path(); path != "main" {
		return c.session.lib.Doc(path, c.docName(id, obj)), path
	}
	if u := c.decls[obj.Name()]; u != nil {
		return u.comment, ""
	}
	e := c.session.names[obj.Name()]
	if e == nil || e.obj != obj {
		return "", ""
	}
	if e.unit != nil {
		text = e.unit.comment
	}
	return text, e.cell
}

// docName gives the name under which documentation is filed: methods and fields stand behind the
// type that declares them.
func (c *check) docName(id *ast.Ident, obj types.Object) string {
	if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
		return ownerName(f.Signature().Recv().Type()) + "." + obj.Name()
	}
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		for sel, s := range c.info.Selections {
			if sel.Sel == id {
				return ownerName(s.Recv()) + "." + obj.Name()
			}
		}
	}
	return obj.Name()
}

// ownerName gives the name of a type, or of what it points to.
func ownerName(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}
