package cell

import (
	"go/ast"
	"go/parser"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// Source is the text of a package's generic functions and of what they need that the package does
// not export.
type Source struct {
	Imports map[string]string // name in the text -> path
	Decls   map[string]string // name -> declaration; methods are "Type.Name"
}

// sourceName says where the text of a unit comes from when it is no cell.
type sourceName struct{ path, name string }

// packageFunc gives a fresh tree of a package's generic function, in which every name means what it
// means in the package: exported ones are selected from it, unexported ones are brought in.
func (c *check) packageFunc(path, name string) (*ast.FuncDecl, *unit) {
	u := c.packageUnit(path, name)
	if u == nil {
		return nil, nil
	}
	d, _ := u.firstDecl().(*ast.FuncDecl)
	return d, u
}

// packageUnit parses a declaration out of a package's source.
func (c *check) packageUnit(path, name string) *unit {
	src := c.session.lib.Source(path)
	text, ok := src.Decls[name]
	if !ok {
		return nil
	}
	u := &unit{piece: piece{class: declaration, text: text, line: 1, col: 1}, cell: path, source: &sourceName{path, name}}
	f, err := parser.ParseFile(c.fset, "", "package main;/*line "+path+":1:1*/"+text, 0)
	if err != nil {
		panic("source of " + path + "." + name + ": " + err.Error()) // generated from what compiles
	}
	free := map[*ast.Ident]bool{}
	for _, id := range topLevel(f) {
		free[id] = true
	}
	astutil.Apply(f, func(cur *astutil.Cursor) bool {
		id, ok := cur.Node().(*ast.Ident)
		if !ok || !free[id] || types.Universe.Lookup(id.Name) != nil {
			return true
		}
		if imported, ok := src.Imports[id.Name]; ok {
			cur.Replace(&ast.Ident{Name: c.packageName(imported)})
			return false
		}
		if ast.IsExported(id.Name) {
			cur.Replace(&ast.SelectorExpr{X: ast.NewIdent(c.packageName(path)), Sel: ast.NewIdent(id.Name)})
			return false
		}
		ours := c.bringUnexported(path, id.Name)
		cur.Replace(&ast.Ident{Name: ours})
		u.free = append(u.free, ast.NewIdent(ours))
		return false
	}, nil)
	u.decls = f.Decls
	return u
}

// unexportedName is what an unexported name of a package is called in the check.
func unexportedName(path, name string) string {
	return strings.NewReplacer("/", "_", ".", "_").Replace(path) + mark + name
}

// bringUnexported declares an unexported name of a package under a name of ours, once a notebook,
// with the others of its declaration and with its methods.
func (c *check) bringUnexported(path, name string) string {
	ours := unexportedName(path, name)
	if c.decls[ours] != nil || c.session.names[ours] != nil {
		return ours
	}
	text := c.session.lib.Source(path).Decls[name]
	for other, t := range c.session.lib.Source(path).Decls {
		if t == text {
			c.decls[unexportedName(path, other)] = &unit{} // so that recursion ends
		}
	}
	u := c.packageUnit(path, name)
	if u == nil {
		return ours // the check will say that it is undefined
	}
	for _, id := range declaredNames(u.decls[0]) {
		id.Name = unexportedName(path, id.Name)
		c.decls[id.Name] = u
	}
	c.adopt(u)
	for key := range c.session.lib.Source(path).Decls {
		if base, _, ok := strings.Cut(key, "."); ok && base == name {
			c.adopt(c.packageUnit(path, key))
		}
	}
	return ours
}

// adopt adds a package's declaration to the check.
func (c *check) adopt(u *unit) {
	c.owner[u] = &entity{name: u.source.name, cell: strconv.Quote(u.source.path)}
	c.units = append(c.units, u)
}
