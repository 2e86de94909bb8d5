package cell

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// imports reads the cell's import declarations and those of earlier cells that it may mean.
func (c *check) imports() error {
	var err error
	for _, u := range c.units {
		if c.owner[u] != nil {
			continue
		}
		for _, spec := range u.imports {
			err = first(err, c.importSpec(spec))
		}
	}
	return err
}

func (c *check) importSpec(spec *ast.ImportSpec) error {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return c.fail(spec.Path.Pos(), "invalid import path: %s", spec.Path.Value)
	}
	if path == "C" {
		return c.fail(spec.Path.Pos(), `import "C" is not possible in a cell: interpreted Go has no cgo`)
	}
	p, err := c.session.lib.Import(path)
	if err != nil {
		return c.fail(spec.Path.Pos(), "%v%s", err, c.session.importable(path))
	}
	name := p.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	switch name {
	case "_":
	case ".":
		c.dots = append(c.dots, path)
	default:
		if old, ok := c.explicit[name]; ok && old != path {
			return c.fail(spec.Pos(), "%s redeclared in this block", name)
		}
		c.explicit[name] = path
	}
	return nil
}

// importable says what can be imported instead of a package that cannot: the nearest path, else from
// where.
func (s *Session) importable(path string) string {
	var paths, roots []string
	for _, p := range s.lib.Packages {
		paths = append(paths, p.Path)
		if root := moduleOf(p.Path); root != "" && !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
	}
	near := Nearest(path, paths)
	if len(near) == 0 { // one that ends in the same way
		last := "/" + path[strings.LastIndexByte(path, '/')+1:]
		near = slices.DeleteFunc(paths, func(p string) bool { return !strings.HasSuffix(p, last) })
	}
	if len(near) > 0 {
		return fmt.Sprintf(" (did you mean %q?)", near[0])
	}
	slices.Sort(roots)
	return " (cells can import the standard library, " + strings.Join(roots, ", ") + ")"
}

// moduleOf gives the module of a package by its path, "" for the standard library.
func moduleOf(path string) string {
	elements := strings.Split(path, "/")
	n := 2
	if strings.Contains(elements[0], ".") {
		n = 3
	} else if elements[0] != "gofive" {
		return ""
	}
	return strings.Join(elements[:min(n, len(elements))], "/")
}

// autoImport settles which names are packages: those that the cell or an earlier one imported, and
// undeclared names that something is selected from.
func (c *check) autoImport() {
	for name, path := range c.explicit {
		c.packages[name] = path
	}
	selected := c.selectors()
	for _, name := range slices.Sorted(maps.Keys(selected)) {
		if c.decls[name] != nil || c.packages[name] != "" {
			continue
		}
		if e := c.session.names[name]; e != nil {
			if e.path != "" {
				c.packages[name] = e.path
			}
			continue
		}
		if path := c.session.offered(name, selected[name]); path != "" {
			c.packages[name] = path
		}
	}
}

// selectors gives, for each free name, what is selected from it.
func (c *check) selectors() map[string][]string {
	selected := map[string][]string{}
	for _, u := range c.units {
		free := map[*ast.Ident]bool{}
		for _, id := range u.free {
			free[id] = true
		}
		u.inspect(func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok && free[id] {
					selected[id.Name] = append(selected[id.Name], sel.Sel.Name)
				}
			}
			return true
		})
	}
	return selected
}

// offered gives the import path of the offered package called name: the first that has all the
// selected names, else the first. It returns "" when there is none. What is written for a user, as a
// magic is, says ˑname: no variable is called that.
func (s *Session) offered(name string, selected []string) string {
	name, first := strings.TrimPrefix(name, mark), ""
	for _, p := range s.lib.Packages {
		if p.Name != name {
			continue
		}
		if first == "" {
			first = p.Path
		}
		pkg, err := s.lib.Import(p.Path)
		if err == nil && !slices.ContainsFunc(selected, func(sel string) bool {
			return sel != cursorName && pkg.Scope().Lookup(sel) == nil
		}) {
			return p.Path
		}
	}
	return first
}
