package cell

import (
	"go/ast"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"unsafe"
)

// A method may be declared in a later cell than its type, or again. Values that there are already
// must have it, so the type stays the same types.Named and gets the method. go/types checks the
// declaration as a function that takes the receiver first, because it takes methods of types of its
// own package only.

// extension is a method that a cell declares for a type of an earlier one.
type extension struct {
	owner *entity       // the type
	typ   *types.Named  // likewise
	name  string        // of the method
	decl  *ast.FuncDecl // as a function; it shares parameters and body with the method
}

// findExtensions makes extensions of the methods that the check declares for earlier types. Types
// for which that cannot be done are brought in with all their methods, and so become new types.
func (c *check) findExtensions() error {
	own := map[string]bool{}
	for _, u := range c.units {
		for _, id := range declaredNames(u.firstDecl()) {
			own[id.Name] = true
		}
	}
	c.extensions, c.renewed = map[*ast.FuncDecl]*extension{}, map[string][]string{}
	whole := map[string]bool{} // types to bring in
	seen := map[string]bool{}
	for _, u := range c.units {
		base := receiver(u.firstDecl())
		e := c.session.names[base]
		if base == "" || own[base] || e == nil || e.unit == nil {
			continue
		}
		d := u.firstDecl().(*ast.FuncDecl)
		x := c.extension(e, u, d, own)
		if x == nil || seen[base+"."+d.Name.Name] {
			whole[base] = true
			if isGenericType(e.obj) {
				c.renewed[base] = append(c.renewed[base], d.Name.Name)
			}
			continue
		}
		seen[base+"."+d.Name.Name] = true
		c.extensions[d] = x
	}
	maps.DeleteFunc(c.extensions, func(_ *ast.FuncDecl, x *extension) bool { return whole[x.owner.name] })
	for _, base := range slices.Sorted(maps.Keys(whole)) {
		if err := c.bringWhole(c.session.names[base]); err != nil {
			return err
		}
	}
	return nil
}

// extension gives the extension that a method is, nil when it cannot be one: its type is generic or
// none that has methods, it has a field of that name, or the method speaks of what the cell itself
// declares, which go/types must see in the right order.
//
// Why no generic type: each of its instances has a list of methods of its own, which go/types fills as the
// methods are asked for and then keeps. Nothing leads from the type to its instances, so they would have to
// be looked for in the types of everything that is declared, and be reset in what go/types keeps to itself;
// and the engine has copies of the methods, of functions and of type descriptions for each.
func (c *check) extension(e *entity, u *unit, d *ast.FuncDecl, own map[string]bool) *extension {
	t, ok := e.obj.(*types.TypeName)
	if !ok {
		return nil
	}
	named, ok := t.Type().(*types.Named)
	if !ok || named.TypeParams().Len() > 0 || d.Type.TypeParams != nil || d.Name.Name == "_" {
		return nil
	}
	switch under := named.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return nil
	case *types.Struct:
		if fieldNamed(under, d.Name.Name) != nil {
			return nil
		}
	}
	local := false
	ast.Inspect(d.Type, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		local = local || ok && own[id.Name]
		return true
	})
	if local {
		return nil
	}
	f := &ast.FuncDecl{
		Name: &ast.Ident{NamePos: d.Name.NamePos, Name: mark + "method_" + e.name + "_" + d.Name.Name},
		Type: &ast.FuncType{Func: d.Type.Func, Params: &ast.FieldList{List: append(receiverParam(d), d.Type.Params.List...)}, Results: d.Type.Results},
		Body: d.Body,
	}
	return &extension{owner: e, typ: named, name: d.Name.Name, decl: f}
}

func isGenericType(obj types.Object) bool {
	t, ok := obj.(*types.TypeName)
	if !ok {
		return false
	}
	named, ok := t.Type().(*types.Named)
	return ok && named.TypeParams().Len() > 0
}

// bringWhole brings in a type with those of its methods that the check does not declare itself.
func (c *check) bringWhole(e *entity) error {
	declared := map[string]bool{}
	for _, u := range c.units {
		if receiver(u.firstDecl()) == e.name {
			declared[u.methodName()] = true
		}
	}
	before := len(c.units)
	if err := c.bring(e); err != nil {
		return err
	}
	brought := slices.DeleteFunc(slices.Clone(c.units[before:]), func(u *unit) bool {
		return receiver(u.firstDecl()) != "" && declared[u.methodName()]
	})
	c.units = append(c.units[:before], brought...)
	return nil
}

// declared gives what a declaration of a function declares.
func (c *check) declared(d *ast.FuncDecl) *types.Func {
	name := d.Name
	if x := c.extensions[d]; x != nil {
		name = x.decl.Name
	}
	f, _ := c.info.Defs[name].(*types.Func)
	return f
}

// lookAhead finds out the signatures of the extensions, which the check needs before it begins. The
// scope of the check must be prepared, and has to be again.
func (c *check) lookAhead() {
	conf := types.Config{Importer: noImports{}, Error: func(error) {}, IgnoreFuncBodies: true, DisableUnusedImportCheck: true}
	file := &ast.File{Name: ast.NewIdent(c.pkg.Name())}
	for _, x := range c.extensions {
		file.Decls = append(file.Decls, x.decl)
	}
	// An error in a header is found again by the check itself, and told then.
	_ = types.NewChecker(&conf, c.fset, c.pkg, c.info).Files([]*ast.File{file})
}

// extend gives the types the methods that have been checked; retract takes them back.
func (c *check) extend() {
	for _, x := range c.extensions {
		if f, ok := c.info.Defs[x.decl.Name].(*types.Func); ok && f.Signature().Params().Len() > 0 {
			c.addMethod(x, f.Signature())
		}
	}
}

// addMethod puts a method into the method list of its type, in the place of one of that name.
func (c *check) addMethod(x *extension, sig *types.Signature) {
	params := slices.Collect(sig.Params().Variables())
	recv := types.NewParam(params[0].Pos(), x.typ.Obj().Pkg(), params[0].Name(), params[0].Type())
	method := types.NewFunc(x.decl.Name.Pos(), x.typ.Obj().Pkg(), x.name,
		types.NewSignatureType(recv, nil, nil, types.NewTuple(params[1:]...), sig.Results(), sig.Variadic()))
	list := methodList(x.typ)
	old := *list
	fresh := slices.Clone(old)
	i := slices.IndexFunc(fresh, func(m *types.Func) bool { return m.Name() == x.name })
	switch {
	case i < 0:
		fresh = append(fresh, method)
	case !types.Identical(fresh[i].Signature(), method.Signature()) || isPointer(fresh[i].Signature().Recv().Type()) != isPointer(recv.Type()):
		fresh[i] = method
	}
	*list = fresh
	c.undo = append(c.undo, func() { *list = old })
}

// retract takes back what extend did.
func (c *check) retract() {
	for _, undo := range slices.Backward(c.undo) {
		undo()
	}
	c.undo = nil
}

// methodList gives the place where go/types keeps the methods of a type. It lets methods be added, but
// neither replaced nor, when a cell fails, taken away.
func methodList(t *types.Named) *[]*types.Func {
	t.NumMethods() // a type that was imported has its methods read now
	field := reflect.ValueOf(t).Elem().FieldByName("methods")
	if field.Type() != reflect.TypeFor[[]*types.Func]() {
		panic("go/types keeps the methods of a type as " + field.Type().String())
	}
	return (*[]*types.Func)(unsafe.Pointer(field.UnsafeAddr()))
}

// methodEntities makes entities of the methods of types that are not generic, so that what they
// mention, and who calls them, is known of each.
func (c *check) methodEntities() {
	extended := map[string]*entity{}
	for _, u := range c.units {
		d, ok := u.firstDecl().(*ast.FuncDecl)
		if !ok || d.Recv == nil || isGeneric(d) || d.Name.Name == "_" {
			continue
		}
		f := c.declared(d)
		if f == nil {
			continue
		}
		base := receiver(d)
		c.entities = append(c.entities, &entity{
			name: base + "." + d.Name.Name, cell: u.cell, obj: f, method: true, unit: u, uses: sortedUses([]*unit{u}),
			version: version(base+"_"+d.Name.Name, c.session.seq),
		})
		if x := c.extensions[d]; x != nil {
			if extended[base] == nil {
				same := *x.owner
				same.methods = slices.Clone(same.methods)
				extended[base] = &same
				c.entities = append(c.entities, &same)
			}
			extended[base].setMethod(u)
		}
	}
}

// setMethod puts the text of a method in the place of one of that name.
func (e *entity) setMethod(u *unit) {
	i := slices.IndexFunc(e.methods, func(m *unit) bool { return m.methodName() == u.methodName() })
	if i < 0 {
		e.methods = append(e.methods, u)
	} else {
		e.methods[i] = u
	}
}
