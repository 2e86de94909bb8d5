package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"gofive/kernel/cell"
)

// copied are the packages whose generic functions cells use as copies with the type arguments
// written in.
var copied = map[string]bool{"slices": true, "maps": true, "cmp": true, "iter": true, "sync": true, "reflect": true, "errors": true, "math/rand/v2": true, "gofive/h5": true, "gofive/display/progress": true, "gofive/mpi": true, "gofive/mpi/px": true}

// byHand takes the place of functions that an interpreter cannot run: they reach into the runtime
// or compare addresses.
var byHand = map[string]string{
	"maps.Clone": `func Clone[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return nil
	}
	r := make(M, len(m))
	for k, v := range m {
		r[k] = v
	}
	return r
}`,
	"iter.Pull": `func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	values, more := make(chan V), make(chan bool)
	started, done := false, false
	resume := func(wanted bool) (v V, ok bool) {
		if done || !started && !wanted {
			done = true
			return v, false
		}
		if !started {
			started = true
			go func() {
				defer close(values)
				if <-more {
					seq(func(v V) bool { values <- v; return <-more })
				}
			}()
		}
		more <- wanted
		v, ok = <-values
		done = !ok
		return v, ok
	}
	return func() (V, bool) { return resume(true) }, func() { resume(false) }
}`,
	"iter.Pull2": `func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	type pair struct {
		k K
		v V
	}
	one, end := Pull(func(yield func(pair) bool) {
		seq(func(k K, v V) bool { return yield(pair{k, v}) })
	})
	return func() (K, V, bool) { p, ok := one(); return p.k, p.v, ok }, end
}`,
	"errors.AsType": `func AsType[E error](err error) (E, bool) {
	var e E
	ok := As(err, &e)
	return e, ok
}`,
	"math/rand/v2.N": `func N[Int intType](n Int) Int {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return Int(Uint64N(uint64(n)))
}`,
	"reflect.TypeFor": `func TypeFor[T any]() Type {
	var p *T
	return TypeOf(p).Elem()
}`,
	"reflect.TypeAssert": `func TypeAssert[T any](v Value) (T, bool) {
	t, ok := v.Interface().(T)
	return t, ok
}`,
	// Whoever asks takes the careful way when the answer is yes.
	"slices.overlaps": `func overlaps[E any](a, b []E) bool { return len(a) > 0 && len(b) > 0 }`,
}

// genericSource gives the generic functions of a package and what they need that is not exported.
func genericSource(p *packages.Package) (cell.Source, error) {
	src := cell.Source{Imports: map[string]string{}, Decls: map[string]string{}}
	all := map[string]ast.Decl{}
	fset := token.NewFileSet()
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return src, err
		}
		for _, spec := range f.Imports {
			ipath, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return src, err
			}
			if spec.Name == nil {
				src.Imports[path.Base(ipath)] = ipath
			} else if spec.Name.Name != "_" {
				src.Imports[spec.Name.Name] = ipath
			}
		}
		for _, d := range f.Decls {
			for _, name := range namesOf(d) {
				all[name] = d
			}
		}
	}
	for _, obj := range exported(p.Types) {
		if f, ok := obj.(*types.Func); ok && f.Signature().TypeParams() != nil {
			if err := include(&src, all, fset, p.PkgPath, f.Name()); err != nil {
				return src, err
			}
		}
	}
	return src, nil
}

// namesOf gives the names that a declaration is filed under.
func namesOf(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			t := d.Recv.List[0].Type
			if star, ok := t.(*ast.StarExpr); ok {
				t = star.X
			}
			id, ok := t.(*ast.Ident)
			if !ok {
				return nil
			}
			name = id.Name + "." + name
		}
		names = append(names, name)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names
}

// include adds a declaration and the unexported ones that it mentions.
func include(src *cell.Source, all map[string]ast.Decl, fset *token.FileSet, pkg, name string) error {
	if src.Decls[name] != "" {
		return nil
	}
	if text, ok := byHand[pkg+"."+name]; ok {
		src.Decls[name] = text
		return nil
	}
	var buf bytes.Buffer
	if f, ok := all[name].(*ast.FuncDecl); ok {
		f.Doc = nil
	}
	if err := printer.Fprint(&buf, fset, all[name]); err != nil {
		return err
	}
	src.Decls[name] = buf.String()
	var err error
	ast.Inspect(all[name], func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && err == nil && all[id.Name] != nil && !id.IsExported() {
			err = include(src, all, fset, pkg, id.Name)
		}
		return true
	})
	for key := range all {
		if base, _, ok := strings.Cut(key, "."); ok && base == name && err == nil {
			err = include(src, all, fset, pkg, key)
		}
	}
	return err
}
