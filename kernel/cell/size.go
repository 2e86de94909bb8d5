package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// mostBytes is how large a variable may be, which is what Go's linker takes. The interpreter makes those of a
// cell as soon as it reads them, and what no machine has ends the engine.
const mostBytes = 2e9

// tooLarge gives the error of the first variable, literal or new of the cell that is larger, nil for none.
// A pointer to such an array may be of use, and takes nothing.
func (c *check) tooLarge() *Diagnostics {
	first, found := token.NoPos, types.Type(nil)
	note := func(pos token.Pos, t types.Type) {
		if t != nil && (first == token.NoPos || pos < first) && bytesOf(t) > mostBytes {
			first, found = pos, t
		}
	}
	for id, obj := range c.info.Defs {
		if v, ok := obj.(*types.Var); ok && !v.IsField() {
			note(id.Pos(), v.Type())
		}
	}
	for e, tv := range c.info.Types {
		switch e := e.(type) {
		case *ast.CompositeLit:
			note(e.Pos(), pointedTo(tv.Type))
		case *ast.CallExpr:
			if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && c.info.Uses[id] == types.Universe.Lookup("new") {
				note(e.Pos(), pointedTo(tv.Type))
			}
		}
	}
	if found == nil {
		return nil
	}
	return c.fail(first, "%s takes %s, more than a variable may: make a slice, as long as is needed", c.plain(found.String()), inUnits(bytesOf(found)))
}

// pointedTo gives what new and a literal make, of which the type can be that of the pointer.
func pointedTo(t types.Type) types.Type {
	if p, ok := t.(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// bytesOf gives the size of a value, but for the gaps between the fields of structs. It is no integer: there
// may be too many bytes for one.
func bytesOf(t types.Type) float64 {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return float64(u.Len()) * bytesOf(u.Elem())
	case *types.Struct:
		sum := 0.0
		for f := range u.Fields() {
			sum += bytesOf(f.Type())
		}
		return sum
	case *types.Basic:
		return float64(layout.Sizeof(u))
	}
	return float64(layout.Sizeof(types.Typ[types.Uintptr])) // a reference, of one word and more
}

// inUnits writes a number of bytes.
func inUnits(bytes float64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for bytes >= 1024 && len(units) > 1 {
		bytes, units = bytes/1024, units[1:]
	}
	return fmt.Sprintf("%.3g %s", bytes, units[0])
}
