package interp

import (
	"fmt"
	"path"
	"plugin"
	"reflect"
	"runtime"
	"strings"
	"unsafe"

	"gofive/kernel/engine"
)

// unloaded is a panic of execute: the plugin of a program does not fit this engine.
type unloaded struct{ err error }

// functions gives the functions of a plugin.
func functions(n *engine.Native) (map[string]any, error) {
	if n == nil {
		return nil, nil
	}
	p, err := plugin.Open(n.Path)
	if err != nil {
		return nil, err
	}
	table, err := p.Lookup(n.Table)
	if err != nil {
		return nil, err
	}
	f, ok := table.(*map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s of %s is a %T", n.Table, n.Path, table)
	}
	return *f, nil
}

// bind puts native functions into the variables that interpreted code calls them through. yaegi has no
// named types of a notebook, but structs of the same fields, so the two sides disagree about the type
// of a function and agree about its arguments in every bit; a function value is one pointer to its
// code, whatever its type.
func (it *Interp) bind(n *engine.Native, table map[string]any) error {
	if n == nil {
		return nil
	}
	it.mu.Lock()
	it.plugins[n.Package] = n.Cells
	it.mu.Unlock()
	if set, ok := table[""].(func(*bool, func(), func(any), func(any) any)); ok {
		set(&it.stop, func() { it.halt("") }, it.nativeCrashed, it.nativeGuarded)
	}
	for variable, name := range n.Funcs {
		f := reflect.ValueOf(table[name])
		v, err := it.named(variable)
		switch {
		case err != nil:
			return err
		case f.Kind() != reflect.Func || v.Kind() != reflect.Func || !v.CanSet():
			return fmt.Errorf("%s of %s is a %v for a %v", name, n.Path, f, v)
		}
		typed := reflect.New(v.Type())
		*(*unsafe.Pointer)(typed.UnsafePointer()) = word(table[name])
		v.Set(typed.Elem())
	}
	return nil
}

// nativeCrashed tells of a panic in a goroutine of native code.
func (it *Interp) nativeCrashed(v any) { it.tellCrash((&trace{}).text(v), it.nativeFrames()) }

// nativeGuarded gives the function f, whose panics are told of and end nothing.
func (it *Interp) nativeGuarded(f any) any {
	guard := func() {
		if v := recover(); v != nil {
			it.nativeCrashed(v)
		}
	}
	if f, ok := f.(func()); ok {
		return func() {
			defer guard()
			f()
		}
	}
	fn := reflect.ValueOf(f)
	call := fn.Call
	if fn.Type().IsVariadic() {
		call = fn.CallSlice
	}
	return reflect.MakeFunc(fn.Type(), func(args []reflect.Value) (results []reflect.Value) {
		for t := range fn.Type().Outs() {
			results = append(results, reflect.Zero(t))
		}
		defer guard()
		return call(args)
	}).Interface()
}

// nativeFrames gives the functions of plugins that the panic going on has come by. They are still on
// the stack.
func (it *Interp) nativeFrames() []frame {
	it.mu.Lock()
	defer it.mu.Unlock()
	if len(it.plugins) == 0 {
		return nil
	}
	var pcs [256]uintptr
	var found []frame
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		folder, name := path.Split(f.Function)
		pkg, name, _ := strings.Cut(name, ".")
		cells := it.plugins[folder+pkg]
		var n int
		if _, err := fmt.Sscanf(f.File, "cell%d", &n); err == nil && n < len(cells) {
			found = append(found, frame{engine.Func{Name: name, Cell: cells[n], Line: f.Line}, 1})
		}
	}
	return found
}

// word gives the pointer that a function in an interface is.
func word(f any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&f))[1] }
