package h5

import (
	"fmt"
	"reflect"
	"time"
	"unsafe"
)

var (
	timeType      = reflect.TypeFor[time.Time]()
	referenceType = reflect.TypeFor[Reference]()
	arrayType     = reflect.TypeFor[*Array]()
	tableType     = reflect.TypeFor[*Table]()
)

// isLeaf reports whether a struct type is one value and not a row of fields.
func isLeaf(t reflect.Type) bool { return t == timeType || t == referenceType }

// ReadInto reads a selection into what dst points to: a single value, a slice, a nested slice, an
// array, a struct or a slice of structs. A slice of single values takes all elements in C order. Its
// memory is used again when it has room. A number must fit its new type exactly; if one does not, or
// a shape does not fit, the error says so.
func (d *Dataset) ReadInto(dst any, sel ...any) error {
	const op = "read dataset"
	if err := passedOn(sel); d == nil && err != nil {
		return err
	}
	v := reflect.ValueOf(dst)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrType, Reason: fmt.Sprintf("cannot read into a %T", dst), Hint: "give a pointer, such as &v"}
	}
	if done, err := d.readOver(op, v.Elem(), sel); done {
		return err
	}
	names, err := wantedFields(d.Datatype(), v.Type().Elem())
	if err != nil {
		return because(op, d.path, d.h.file.path, err)
	}
	a, err := d.read(op, names, sel)
	if err != nil {
		return err
	}
	if a.fields == nil && reflect.TypeOf(a.data) == v.Type().Elem() {
		v.Elem().Set(reflect.ValueOf(a.data)) // nobody else has the array: its memory is given away, not copied
		return nil
	}
	return because(op, d.path, d.h.file.path, assign(v, a))
}

// readOver reads into the memory that a slice has already, when the file's elements are its own in
// native form and nothing is to be put in order afterwards.
func (d *Dataset) readOver(op string, v reflect.Value, sel []any) (bool, error) {
	if v.Kind() != reflect.Slice || v.Cap() == 0 {
		return false, nil
	}
	s, mem, err := d.prepare(op, nil, sel)
	if err != nil {
		return true, d.absent(op, "read", err)
	}
	if !isDirect(mem.typ) || mem.slice != v.Type() {
		return false, nil
	}
	n := s.read().Len() * mem.typ.MemorySize / int(v.Type().Elem().Size())
	if v.Cap() < n || s.reorders() {
		return false, nil
	}
	v.SetLen(n)
	t := transfer{d: d, op: op, mem: mem, sel: s, watch: newWatch(op, d.path, s.read().Len())}
	defer t.watch.end()
	return true, t.run(&Array{data: v.Interface()}, intoMemory(v.UnsafePointer()))
}

// intoMemory is the filler for elements that are the same bytes in C and Go, one behind the other.
func intoMemory(dst unsafe.Pointer) filler {
	at := 0
	return func(p unsafe.Pointer, n, stride int) {
		copy(unsafe.Slice((*byte)(unsafe.Add(dst, at)), n*stride), unsafe.Slice((*byte)(p), n*stride))
		at += n * stride
	}
}

// reorders reports whether what is read is not yet in the order that was asked for.
func (s *selection) reorders() bool {
	for _, a := range s.axes {
		if a.order != nil {
			return true
		}
	}
	return false
}

// wantedFields are the members that a struct, or a slice of structs, has fields for; nil means all.
func wantedFields(t *Datatype, dst reflect.Type) ([]string, error) {
	for dst.Kind() == reflect.Slice || dst.Kind() == reflect.Array || dst.Kind() == reflect.Pointer && dst != arrayType && dst != tableType {
		dst = dst.Elem()
	}
	if t.Kind() != TypeCompound || dst.Kind() != reflect.Struct {
		return nil, nil
	}
	names := t.Names()
	fields, err := matchFields(dst, names)
	if err != nil {
		return nil, err
	}
	var out []string
	for i, f := range fields {
		if f.index != nil {
			out = append(out, names[i])
		}
	}
	if out == nil {
		return nil, &Error{Kind: ErrType, Reason: fmt.Sprintf("no field of %v fits a member of %v", dst, t),
			Hint: "name the fields like the members, in any case, or mark them `h5:\"NAME\"`"}
	}
	return out, nil
}

// assign sets what dst points to.
func assign(dst reflect.Value, a *Array) error {
	if dst.Kind() != reflect.Pointer || dst.IsNil() {
		return &Error{Kind: ErrType, Reason: fmt.Sprintf("cannot read into a %v", dst.Kind()), Hint: "give a pointer, such as &v"}
	}
	return assignTo(dst.Elem(), a)
}

func assignTo(v reflect.Value, a *Array) error {
	switch {
	case v.Type() == arrayType:
		v.Set(reflect.ValueOf(a))
		return nil
	case v.Type() == tableType:
		t, err := a.Table()
		if err == nil {
			v.Set(reflect.ValueOf(t))
		}
		return err
	case v.Kind() == reflect.Interface && v.NumMethod() == 0:
		if value := a.Value(); value != nil {
			v.Set(reflect.ValueOf(value))
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return assignTo(v.Elem(), a)
	case reflect.Slice:
		return assignSlice(v, a)
	case reflect.Array:
		return assignArray(v, a)
	}
	if a.Len() != 1 {
		return unfit(ErrShape, a, v.Type(), fmt.Sprintf("%d elements do not go into one %v", a.Len(), v.Type()))
	}
	return assignOne(v, a)
}

func unfit(kind error, a *Array, t reflect.Type, why string) error {
	if v := reflect.TypeOf(a.data); why == "" && a.shape != nil && len(a.shape) == 0 && v != nil {
		why = fmt.Sprintf("a single %v does not fit %v", a.typ, t)
	}
	if why == "" {
		why = fmt.Sprintf("%v of shape %v does not fit %v", a.typ, a.shape, t)
	}
	return &Error{Kind: kind, Reason: why, Hint: a.goType()}
}

// goType says which Go type takes the array as it is.
func (a *Array) goType() string {
	if a.fields != nil {
		return "read it into a slice of structs, or take Table"
	}
	if a.shape != nil && len(a.shape) == 0 { // a single value
		return fmt.Sprintf("read it into a %v", reflect.TypeOf(a.data).Elem())
	}
	return fmt.Sprintf("read it into a %T", a.data)
}

// assignOne sets a value to the array's only element.
func assignOne(v reflect.Value, a *Array) error {
	if v.Kind() == reflect.Struct && !isLeaf(v.Type()) {
		rows := reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1)
		if err := assignStructs(rows, a); err != nil {
			return err
		}
		v.Set(rows.Index(0))
		return nil
	}
	one := reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1)
	if err := assignFlat(one, a); err != nil {
		if e, ok := err.(*Error); ok && e.Reason == unfit(e.Kind, a, one.Type(), "").(*Error).Reason {
			return unfit(e.Kind, a, v.Type(), "") // nobody wrote a list
		}
		return err
	}
	v.Set(one.Index(0))
	return nil
}

// assignSlice makes v as long as it must be and fills it.
func assignSlice(v reflect.Value, a *Array) error {
	elem := v.Type().Elem()
	lists := len(a.shape) > 0 && a.fields == nil && reflect.TypeOf(a.data).Elem().AssignableTo(elem)
	switch {
	case a.fields == nil && len(a.shape) == 0 && reflect.TypeOf(a.data).Elem().AssignableTo(v.Type()):
		v.Set(reflect.ValueOf(a.data).Index(0)) // a single list or opaque value
		return nil
	case elem.Kind() == reflect.Slice && len(a.shape) > 1 && !lists, elem.Kind() == reflect.Array && len(a.shape) > 1:
		return assignNested(v, a)
	case a.fields == nil && elem.Kind() == reflect.Slice && !lists && reflect.TypeOf(a.data).Elem().Kind() != reflect.Slice:
		return unfit(ErrShape, a, v.Type(), "")
	}
	n := a.Len()
	if v.Cap() >= n && v.CanSet() && v.Cap() > 0 {
		v.SetLen(n)
	} else {
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	}
	if elem.Kind() == reflect.Struct && !isLeaf(elem) {
		return assignStructs(v, a)
	}
	return assignFlat(v, a)
}

// assignNested gives each place of the first axis a slice or array of its own.
func assignNested(v reflect.Value, a *Array) error {
	n := a.shape[0]
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		if err := assignTo(v.Index(i), a.part(i, 1)); err != nil {
			return err
		}
	}
	return nil
}

// assignArray fills an array of Go, which must be as long as the first axis, or as all elements.
func assignArray(v reflect.Value, a *Array) error {
	elem := v.Type().Elem().Kind()
	if len(a.shape) > 1 && (elem == reflect.Array || elem == reflect.Slice) && a.shape[0] == v.Len() {
		for i := range v.Len() {
			if err := assignTo(v.Index(i), a.part(i, 1)); err != nil {
				return err
			}
		}
		return nil
	}
	s := reflect.New(reflect.SliceOf(v.Type().Elem())).Elem()
	if err := assignSlice(s, a); err != nil {
		return err
	}
	if s.Len() != v.Len() {
		return unfit(ErrShape, a, v.Type(), "")
	}
	reflect.Copy(v, s)
	return nil
}

// assignFlat fills a slice of single values with the elements in C order.
func assignFlat(v reflect.Value, a *Array) error {
	if a.fields != nil {
		return unfit(ErrType, a, v.Type(), "")
	}
	src := reflect.ValueOf(a.data)
	elem := v.Type().Elem()
	switch {
	case src.Type().Elem() == elem:
		reflect.Copy(v, src)
		return nil
	case src.Type().Elem().AssignableTo(elem):
		for i := range v.Len() {
			v.Index(i).Set(src.Index(i))
		}
		return nil
	case isNumber(elem.Kind()) && isNumber(src.Type().Elem().Kind()):
		return assignNumbers(v, a)
	case elem.Kind() == src.Type().Elem().Kind() && src.Type().Elem().ConvertibleTo(elem):
		for i := range v.Len() {
			v.Index(i).Set(src.Index(i).Convert(elem))
		}
		return nil
	case elem.Kind() == reflect.Complex128 || elem.Kind() == reflect.String && a.typ.Kind() == TypeEnum:
		return assignWider(v, a)
	case elem.Kind() == reflect.Slice && src.Type().Elem().Kind() == reflect.Slice:
		return assignLists(v, a, src)
	}
	return unfit(ErrType, a, v.Type(), "")
}

// assignWider takes complex64 and real numbers as complex128, and enums by their names.
func assignWider(v reflect.Value, a *Array) error {
	if v.Type().Elem().Kind() == reflect.String {
		names, err := a.Strings()
		for i, s := range names {
			v.Index(i).SetString(s)
		}
		return err
	}
	c, err := a.Complex128s()
	for i, x := range c {
		v.Index(i).SetComplex(x)
	}
	return err
}

// assignLists converts lists of numbers one by one.
func assignLists(v reflect.Value, a *Array, src reflect.Value) error {
	for i := range v.Len() {
		list := src.Index(i)
		if err := assignTo(v.Index(i), &Array{typ: a.typ, shape: Shape{list.Len()}, data: list.Interface()}); err != nil {
			return err
		}
	}
	return nil
}

func isNumber(k reflect.Kind) bool {
	return k >= reflect.Int && k <= reflect.Uint64 || k == reflect.Float32 || k == reflect.Float64
}

// assignNumbers converts numbers, each of which must stay what it is.
func assignNumbers(v reflect.Value, a *Array) error {
	switch v.Type().Elem().Kind() {
	case reflect.Int8:
		return assignExact[int8](v, a)
	case reflect.Int16:
		return assignExact[int16](v, a)
	case reflect.Int32:
		return assignExact[int32](v, a)
	case reflect.Int64:
		return assignExact[int64](v, a)
	case reflect.Int:
		return assignExact[int](v, a)
	case reflect.Uint8:
		return assignExact[uint8](v, a)
	case reflect.Uint16:
		return assignExact[uint16](v, a)
	case reflect.Uint32:
		return assignExact[uint32](v, a)
	case reflect.Uint64:
		return assignExact[uint64](v, a)
	case reflect.Uint:
		return assignExact[uint](v, a)
	case reflect.Float32:
		return assignExact[float32](v, a)
	}
	return assignExact[float64](v, a)
}

func assignExact[T number](v reflect.Value, a *Array) error {
	out, bad, _ := convert[T](a.data, true)
	if bad >= 0 {
		return unfit(ErrType, a, v.Type(), fmt.Sprintf("%v, element %d of type %v, does not fit %v without loss",
			reflect.ValueOf(a.data).Index(bad), bad, a.typ, v.Type().Elem()))
	}
	copy(unsafe.Slice((*T)(v.UnsafePointer()), v.Len()), out)
	return nil
}

// assignStructs fills structs from the columns of an array of compounds.
func assignStructs(v reflect.Value, a *Array) error {
	t := v.Type().Elem()
	if a.fields == nil {
		return unfit(ErrType, a, t, "")
	}
	fields, err := matchFields(t, a.typ.Names())
	if err != nil {
		return err
	}
	for k, f := range fields {
		if f.index == nil {
			continue
		}
		if err := assignColumn(v, f.index, a.fields[k], len(a.shape)); err != nil {
			return because("", f.name, "", err)
		}
	}
	return nil
}

// assignColumn sets one field of each struct.
func assignColumn(v reflect.Value, index []int, column *Array, axes int) error {
	if v.Len() == 0 {
		return nil
	}
	f := v.Type().Elem().FieldByIndex(index)
	if len(column.shape) == axes && column.fields == nil && reflect.TypeOf(column.data).Elem() == f.Type {
		if storeColumn(v, v.Index(0).FieldByIndex(index).Addr().UnsafePointer(), column.data) {
			return nil
		}
	}
	for i := range v.Len() {
		if err := assignTo(v.Index(i).FieldByIndex(index), column.part(i, axes)); err != nil {
			return err
		}
	}
	return nil
}

// storeColumn copies numbers into structs without reflection: p is the field of the first.
func storeColumn(v reflect.Value, p unsafe.Pointer, data any) bool {
	stride := v.Type().Elem().Size()
	switch s := data.(type) {
	case []int32:
		store(s, p, stride)
	case []int64:
		store(s, p, stride)
	case []uint8:
		store(s, p, stride)
	case []float32:
		store(s, p, stride)
	case []float64:
		store(s, p, stride)
	case []string:
		store(s, p, stride)
	default:
		return false
	}
	return true
}

func store[T any](s []T, p unsafe.Pointer, stride uintptr) {
	for i, x := range s {
		*(*T)(unsafe.Add(p, uintptr(i)*stride)) = x
	}
}
