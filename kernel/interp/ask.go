package interp

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gofive/kernel/engine"
)

// Ask implements engine.Asker. It does not wait for running cells. A fault in what is asked about, such
// as a nil file, is no answer.
func (it *Interp) Ask(_ context.Context, q *engine.Question) (k engine.Knowledge, err error) {
	defer func() {
		if r := recover(); r != nil {
			k, err = engine.Knowledge{}, fmt.Errorf("answer a question: %v", r)
		}
	}()
	if q.Comm != nil {
		return engine.Knowledge{Delivery: it.deliver(q.Run, q.Comm)}, nil
	}
	if q.Files {
		return engine.Knowledge{Names: engine.Files(q.Text)}, nil
	}
	v, known := it.variable(q.Var)
	switch {
	case !known:
	case q.Value:
		k.Value = it.valueText(v)
	case it.opts.Names != nil:
		k.Names = it.names(v, q)
	}
	return k, nil
}

// variable gives a variable of the notebook, which may change meanwhile.
func (it *Interp) variable(name string) (reflect.Value, bool) {
	it.compile.Lock()
	defer it.compile.Unlock()
	v, ok := it.yaegi.Globals()[name]
	return v, ok && v.IsValid()
}

// names asks what follows from a variable, which is a pointer: a running cell cannot tear it.
func (it *Interp) names(v reflect.Value, q *engine.Question) []engine.Name {
	v = content(v)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	x := v.Interface()
	for _, c := range q.Calls {
		if x = it.opts.Follow(x, c.Method, c.Arg); x == nil {
			return nil
		}
	}
	texts, kinds := it.opts.Names(x, q.Method, q.Text)
	out := make([]engine.Name, len(texts))
	for i, text := range texts {
		out[i] = engine.Name{Text: text, Kind: kinds[i]}
	}
	return out
}

// unread stands for a value that cells which run may be changing.
const unread = "(cells are running; the value can be told when they have ended)"

// valueText words the value of a variable. While cells or goroutines of theirs run, that is done for
// plain numbers alone: a map that changes while it is read ends the process. No cell begins meanwhile.
func (it *Interp) valueText(v reflect.Value) string {
	if text, ok := ownText(v); ok {
		return text
	}
	it.mu.Lock()
	defer it.mu.Unlock()
	if running := len(it.active) > 0 || it.goroutines.Load() > 0; running && !isNumber(v.Kind()) {
		return unread
	}
	var b brief
	b.write(v, 0)
	return b.String()
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Bool && k <= reflect.Float64 }

// ownText gives the text of a value of a compiled package that says itself what it is. That may take a
// lock of its package, so it is asked while none is held here.
func ownText(v reflect.Value) (string, bool) {
	v = content(v)
	if v.Kind() != reflect.Pointer || v.IsNil() || !compiled(v.Type().Elem()) {
		return "", false
	}
	switch x := v.Interface().(type) {
	case fmt.Stringer:
		return cut(x.String(), briefBytes), true
	case error:
		return cut(x.Error(), briefBytes), true
	}
	return "", false
}

// compiled reports whether a type is one of a compiled package, and not a form in which the
// interpreter keeps values.
func compiled(t reflect.Type) bool {
	return t.PkgPath() != "" && !strings.HasPrefix(t.PkgPath(), "gofive/kernel/") && !strings.Contains(t.PkgPath(), "yaegi")
}

// boxed is a value of a cell's type in an interface: a value.Box, or what makes an error of one.
type boxed interface{ Plain() (any, bool) }

// content gives what an interface holds, without what stands around values of cells: a box, and in
// interfaces of compiled packages the wrapper by which functions become methods.
func content(v reflect.Value) reflect.Value {
	for {
		switch {
		case v.Kind() == reflect.Interface && !v.IsNil():
			v = v.Elem()
			continue
		case v.Kind() == reflect.Struct && v.CanInterface():
			if b, ok := v.Interface().(boxed); ok {
				plain, _ := b.Plain()
				v = reflect.ValueOf(plain)
				continue
			}
			if inner := v.FieldByName("IValue"); strings.HasPrefix(v.Type().Name(), "_") && inner.IsValid() {
				v = inner
				continue
			}
		}
		return v
	}
}

// How much of a value is told.
const (
	briefDepth    = 5
	briefElements = 20
	briefString   = 200
	briefBytes    = 2000
)

// cut keeps the first n bytes of a text.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// brief writes a value as fmt would with %v, strings in quotes, but only the beginning of what is long.
type brief struct{ strings.Builder }

func (b *brief) write(v reflect.Value, depth int) {
	v = content(v)
	switch {
	case !v.IsValid():
		b.WriteString("nil")
	case depth > briefDepth || b.Len() > briefBytes:
		b.WriteString("…")
	case v.Type().PkgPath() == "time" && v.CanInterface():
		fmt.Fprint(b, v.Interface())
	default:
		b.kind(v, depth)
	}
}

func (b *brief) kind(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		fmt.Fprintf(b, "%q", cut(v.String(), briefString))
		if v.Len() > briefString {
			fmt.Fprintf(b, " (%d bytes)", v.Len())
		}
	case reflect.Slice, reflect.Array:
		b.list(v, depth)
	case reflect.Map:
		b.table(v, depth)
	case reflect.Struct:
		b.fields(v, depth)
	case reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
		} else if depth == 0 {
			b.WriteString("&")
			b.write(v.Elem(), depth+1)
		} else {
			fmt.Fprintf(b, "%#x", v.Pointer())
		}
	case reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil")
		} else {
			b.WriteString(v.Kind().String())
		}
	default:
		fmt.Fprint(b, v)
	}
}

func (b *brief) list(v reflect.Value, depth int) {
	b.WriteString("[")
	for i := range min(v.Len(), briefElements) {
		if i > 0 {
			b.WriteString(" ")
		}
		b.write(v.Index(i), depth+1)
	}
	b.end("]", v.Len())
}

func (b *brief) table(v reflect.Value, depth int) {
	var lines []string
	for entries := v.MapRange(); len(lines) < briefElements && entries.Next(); {
		var line brief
		line.write(entries.Key(), depth+1)
		line.WriteString(":")
		line.write(entries.Value(), depth+1)
		lines = append(lines, line.String())
	}
	slices.Sort(lines)
	b.WriteString("map[" + strings.Join(lines, " "))
	b.end("]", v.Len())
}

// end closes a list and says how many there are when not all are told.
func (b *brief) end(bracket string, n int) {
	if n > briefElements {
		fmt.Fprintf(b, " …%s (%d elements)", bracket, n)
		return
	}
	b.WriteString(bracket)
}

func (b *brief) fields(v reflect.Value, depth int) {
	b.WriteString("{")
	for i := range v.NumField() {
		if i > 0 {
			b.WriteString(" ")
		}
		b.write(v.Field(i), depth+1)
	}
	b.WriteString("}")
}
