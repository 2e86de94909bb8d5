package value

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Format prints the value as package fmt prints one of a compiled type: names of types and fields,
// and at any depth what the methods Format, GoString, Error and String say, where fmt would ask them.
func (b Box) Format(s fmt.State, verb rune) {
	p := &printer{State: s, verb: verb, directive: fmt.FormatString(s, verb)}
	p.value(b.typ, reflect.ValueOf(b.val), 0, true)
}

// printer formats one operand.
type printer struct {
	fmt.State
	verb      rune
	directive string // "%+v"
}

func (p *printer) write(text string) { io.WriteString(p, text) }

// goSyntax reports whether the value is to be written as Go would: %#v.
func (p *printer) goSyntax() bool { return p.verb == 'v' && p.Flag('#') }

// value prints v, whose type is t, nil for a compiled one. ask tells whether methods may be asked:
// not below a field that is not exported.
func (p *printer) value(t *Type, v reflect.Value, depth int, ask bool) {
	switch {
	case t == nil:
		p.compiled(v, depth)
	case ask && p.method(t, v):
	default:
		p.plain(t, v, depth, ask)
	}
}

// method lets the value's own methods print it, in the order in which package fmt asks.
func (p *printer) method(t *Type, v reflect.Value) (asked bool) {
	if !v.IsValid() || t.Kind == "interface" {
		return false
	}
	b := Box{t, v.Interface()}
	name := ""
	switch {
	case b.has("Format", "func(fmt.State, int32)"):
		asked = true // also when it panics
		defer p.caught(v, "Format")
		call[any](b, "Format", p.State, p.verb)
		return true
	case p.goSyntax():
		if !b.has("GoString", "func() string") {
			return false
		}
		asked = true
		defer p.caught(v, "GoString")
		p.write(call[string](b, "GoString"))
		return true
	case !strings.ContainsRune("vsxXq", p.verb):
		return false
	case b.has("Error", "func() string"):
		name = "Error"
	case b.has("String", "func() string"):
		name = "String"
	default:
		return false
	}
	asked = true
	defer p.caught(v, name)
	fmt.Fprintf(p, p.directive, call[string](b, name))
	return true
}

// caught prints what fmt prints when a method panics.
func (p *printer) caught(v reflect.Value, method string) {
	r := recover()
	if r == nil {
		return
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		p.write("<nil>")
		return
	}
	p.write(fmt.Sprintf("%%!%c(PANIC=%s method: %v)", p.verb, method, Panicked(r)))
}

// Panicked gives the value that interpreted code panicked with, which the interpreter wraps.
func Panicked(v any) any {
	if rv, ok := v.(reflect.Value); ok && rv.IsValid() && rv.CanInterface() {
		return rv.Interface()
	}
	return v
}

// compiled prints a value whose type compiled code knows.
func (p *printer) compiled(v reflect.Value, depth int) {
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			p.null(v.Type().String())
			return
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		p.null("interface {}")
		return
	}
	switch b, ok := v.Interface().(boxed); {
	case ok:
		p.value(b.unbox().typ, reflect.ValueOf(b.unbox().val), depth, true)
	case depth > 0 && v.Kind() == reflect.Pointer && !asksCompiled(v):
		p.address(v.Type().String(), v)
	case holdsAny(v.Type()), depth > 0 && v.Type() == bytesType: // which fmt calls []byte only as an operand
		p.plain(&Type{Name: v.Type().String()}, v, depth, true)
	default:
		fmt.Fprintf(p, p.directive, v.Interface())
	}
}

var bytesType = reflect.TypeFor[[]byte]()

// holdsAny reports whether a compiled type is a list or map of interfaces, in which Boxes may be: a
// Box itself cannot know whether it is an operand or inside of one, where a pointer prints as an
// address.
func holdsAny(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return t.Elem().Kind() == reflect.Interface && t.NumMethod() == 0
	}
	return false
}

func isAny(t reflect.Type) bool { return t.Kind() == reflect.Interface && t.NumMethod() == 0 }

// operands gives lists and maps of interfaces to the printer of this package.
func operands(values []any) []any {
	var changed []any
	for i, v := range values {
		if v != nil && holdsAny(reflect.TypeOf(v)) {
			if changed == nil {
				changed = slices.Clone(values)
			}
			changed[i] = list{v}
		}
	}
	if changed == nil {
		return values
	}
	return changed
}

// list is an operand of a compiled type that may hold Boxes.
type list struct{ val any }

func (l list) Format(s fmt.State, verb rune) {
	p := &printer{State: s, verb: verb, directive: fmt.FormatString(s, verb)}
	p.value(nil, reflect.ValueOf(l.val), 0, true)
}

// asksCompiled reports whether fmt has a compiled pointer print itself.
func asksCompiled(v reflect.Value) bool {
	switch v.Interface().(type) {
	case fmt.Formatter, fmt.Stringer, error:
		return true
	}
	return false
}

// null prints a nil of a type.
func (p *printer) null(typ string) {
	if p.goSyntax() {
		p.write(typ + "(nil)")
		return
	}
	p.write("<nil>")
}

// pad prints text in the width that was asked for.
func (p *printer) pad(text string) {
	if w, ok := p.Width(); ok && p.Flag('-') {
		text = fmt.Sprintf("%-*s", w, text)
	} else if ok {
		text = fmt.Sprintf("%*s", w, text)
	}
	p.write(text)
}

// plain prints a value by its kind.
func (p *printer) plain(t *Type, v reflect.Value, depth int, ask bool) {
	switch {
	case !v.IsValid():
		p.missing(t)
	case v.Kind() == reflect.Interface && t.Kind != "interface": // a type that contains itself
		if v.IsNil() {
			p.missing(t)
			return
		}
		p.plain(t, v.Elem(), depth, ask)
	case v.Kind() == reflect.Interface:
		if v.IsNil() {
			p.null(t.Name)
			return
		}
		p.compiled(v, depth)
	case v.Kind() == reflect.Struct:
		p.structure(t, v, depth, ask)
	case v.Kind() == reflect.Map:
		p.mapping(t, v, depth, ask)
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		p.list(t, v, depth, ask)
	case v.Kind() == reflect.Pointer:
		p.pointer(t, v, depth, ask)
	case v.Kind() == reflect.Func || v.Kind() == reflect.Chan || v.Kind() == reflect.UnsafePointer:
		p.address(t.Name, v)
	default:
		p.basic(t, v)
	}
}

// missing prints the nil of a type that the interpreter has no values of.
func (p *printer) missing(t *Type) {
	switch {
	case p.goSyntax():
		p.null(t.Name)
	case t.Kind == "slice":
		p.write("[]")
	case t.Kind == "map":
		p.write("map[]")
	default:
		p.null(t.Name)
	}
}

// basic prints a number, string or bool; fmt names the type where the verb does not fit.
func (p *printer) basic(t *Type, v reflect.Value) {
	text := fmt.Sprintf(p.directive, v.Interface())
	if wrong := "%!" + string(p.verb) + "(" + v.Type().String() + "="; strings.HasPrefix(text, wrong) {
		text = "%!" + string(p.verb) + "(" + t.Name + "=" + text[len(wrong):]
	}
	p.write(text)
}

// address prints a pointer, function or channel.
func (p *printer) address(typ string, v reflect.Value) {
	switch {
	case p.verb == 'v' && p.Flag('#'):
		if v.IsNil() {
			p.write("(" + typ + ")(nil)")
		} else {
			p.write(fmt.Sprintf("(%s)(%#x)", typ, v.Pointer()))
		}
	case v.IsNil() && p.verb == 'v':
		p.pad("<nil>")
	case p.verb == 'v':
		p.pad("0x" + strconv.FormatUint(uint64(v.Pointer()), 16))
	case strings.ContainsRune("bodxX", p.verb):
		fmt.Fprintf(p, p.directive, v.Pointer())
	case v.IsNil():
		p.write(fmt.Sprintf("%%!%c(%s=<nil>)", p.verb, typ))
	default:
		p.write(fmt.Sprintf("%%!%c(%s=%#x)", p.verb, typ, v.Pointer()))
	}
}

// pointer prints what a pointer at the top leads to, and the address of one that is deeper.
func (p *printer) pointer(t *Type, v reflect.Value, depth int, ask bool) {
	if depth == 0 && !v.IsNil() && t.elem != nil {
		switch v.Elem().Kind() {
		case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
			p.write("&")
			p.value(t.elem, v.Elem(), depth+1, ask)
			return
		}
	}
	p.address(t.Name, v)
}

// structure prints a struct.
func (p *printer) structure(t *Type, v reflect.Value, depth int, ask bool) {
	sep, named := " ", p.verb == 'v' && (p.Flag('+') || p.Flag('#'))
	if p.goSyntax() {
		p.write(t.Name)
		sep = ", "
	}
	p.write("{")
	for i := range v.NumField() {
		if i > 0 {
			p.write(sep)
		}
		f := t.fields[i]
		if named {
			p.write(f.Name + ":")
		}
		p.field(f, v.Field(i), depth+1, ask && f.Exported)
	}
	p.write("}")
}

// field prints a field; fmt does not ask the methods of one that is not exported.
func (p *printer) field(f Field, v reflect.Value, depth int, ask bool) {
	if f.Type != nil || ask {
		p.value(f.Type, v, depth, ask)
		return
	}
	p.hidden(v, depth)
}

// hidden prints a compiled value in a field that is not exported: as the fields of a struct that
// fmt itself finds it in.
func (p *printer) hidden(v reflect.Value, depth int) {
	if v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		p.compiled(v, depth)
		return
	}
	t := reflect.StructOf([]reflect.StructField{{Name: "f", PkgPath: "main", Type: v.Type()}})
	s := reflect.New(t)
	reflect.NewAt(v.Type(), s.UnsafePointer()).Elem().Set(v)
	text := fmt.Sprintf(p.directive, s.Elem().Interface())
	text = strings.TrimSuffix(text[strings.IndexByte(text, '{')+1:], "}")
	if p.goSyntax() {
		text = fmt.Sprintf(p.directive, s.Elem().Interface())
		text = strings.TrimSuffix(text[strings.Index(text, "}{f:")+len("}{f:"):], "}")
	} else if p.Flag('+') && p.verb == 'v' {
		text = strings.TrimPrefix(text, "f:")
	}
	p.write(text)
}

// list prints a slice or an array.
func (p *printer) list(t *Type, v reflect.Value, depth int, ask bool) {
	if v.Type().Elem().Kind() == reflect.Uint8 && strings.ContainsRune("sqxX", p.verb) {
		fmt.Fprintf(p, p.directive, bytesOf(v))
		return
	}
	open, sep, end := "[", " ", "]"
	if p.goSyntax() {
		if v.Kind() == reflect.Slice && v.IsNil() {
			p.write(t.Name + "(nil)")
			return
		}
		p.write(t.Name)
		open, sep, end = "{", ", ", "}"
	}
	p.write(open)
	for i := range v.Len() {
		if i > 0 {
			p.write(sep)
		}
		p.value(t.elem, v.Index(i), depth+1, ask)
	}
	p.write(end)
}

// bytesOf gives the bytes of a slice or an array of them.
func bytesOf(v reflect.Value) []byte {
	b := make([]byte, v.Len())
	reflect.Copy(reflect.ValueOf(b), v)
	return b
}

// mapping prints a map, its keys in order.
func (p *printer) mapping(t *Type, v reflect.Value, depth int, ask bool) {
	open, sep, end := "map[", " ", "]"
	if p.goSyntax() {
		if v.IsNil() {
			p.write(t.Name + "(nil)")
			return
		}
		p.write(t.Name)
		open, sep, end = "{", ", ", "}"
	}
	p.write(open)
	for i, k := range sorted(v.MapKeys()) {
		if i > 0 {
			p.write(sep)
		}
		p.value(t.key, k, depth+1, ask)
		p.write(":")
		p.value(t.elem, v.MapIndex(k), depth+1, ask)
	}
	p.write(end)
}

// sorted orders keys as package fmt does.
func sorted(keys []reflect.Value) []reflect.Value {
	slices.SortStableFunc(keys, compare)
	return keys
}

func compare(a, b reflect.Value) int {
	switch a.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return cmp.Compare(a.Int(), b.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return cmp.Compare(a.Uint(), b.Uint())
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	case reflect.Float32, reflect.Float64:
		return cmp.Compare(a.Float(), b.Float())
	case reflect.Complex64, reflect.Complex128:
		return cmp.Or(cmp.Compare(real(a.Complex()), real(b.Complex())), cmp.Compare(imag(a.Complex()), imag(b.Complex())))
	case reflect.Bool:
		return compareBool(a.Bool(), b.Bool())
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return cmp.Compare(a.Pointer(), b.Pointer())
	case reflect.Struct, reflect.Array:
		return compareParts(a, b)
	case reflect.Interface:
		return compareInterfaces(a, b)
	}
	return 0
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func compareParts(a, b reflect.Value) int {
	if a.Kind() == reflect.Array {
		for i := range a.Len() {
			if c := compare(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
		return 0
	}
	for i := range a.NumField() {
		if c := compare(a.Field(i), b.Field(i)); c != 0 {
			return c
		}
	}
	return 0
}

// compareInterfaces orders nil before the rest and values of one type as themselves.
func compareInterfaces(a, b reflect.Value) int {
	if a.IsNil() || b.IsNil() {
		return compareBool(!a.IsNil(), !b.IsNil())
	}
	x, xBox := a.Interface().(boxed)
	y, yBox := b.Interface().(boxed)
	if xBox && yBox && x.unbox().typ == y.unbox().typ {
		return compare(reflect.ValueOf(x.unbox().val), reflect.ValueOf(y.unbox().val))
	}
	if xBox != yBox || a.Elem().Type() != b.Elem().Type() {
		return cmp.Compare(typeOrder(a), typeOrder(b))
	}
	return compare(a.Elem(), b.Elem())
}

func typeOrder(v reflect.Value) string {
	if b, ok := v.Interface().(boxed); ok {
		return b.unbox().typ.Name
	}
	return v.Elem().Type().String()
}

// Sprint is fmt.Sprint: blanks go between operands of which neither is a string, which a Box of a
// string type hides from package fmt.
func Sprint(values ...any) string {
	if !slices.ContainsFunc(values, isString) {
		return fmt.Sprint(operands(values)...)
	}
	var b bytes.Buffer
	for i, v := range operands(values) {
		if i > 0 && !isString(v) && !isString(values[i-1]) {
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, v)
	}
	return b.String()
}

// Sprintln is fmt.Sprintln.
func Sprintln(values ...any) string { return fmt.Sprintln(operands(values)...) }

// Fprintln is fmt.Fprintln.
func Fprintln(w io.Writer, values ...any) (int, error) { return fmt.Fprintln(w, operands(values)...) }

// isString reports whether the underlying type of a value is string.
func isString(v any) bool {
	if b, ok := v.(boxed); ok {
		v = b.unbox().val
	}
	return v != nil && reflect.TypeOf(v).Kind() == reflect.String
}
