package h5

import (
	"cmp"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// Attribute is a small named value of an object. Reading it needs no file any more.
type Attribute struct {
	name  string
	typ   *Datatype
	shape Shape
	value *Array
	order int64 // when it was made, among those of its object; -1 where the object does not keep that
	err   error
	load  func(name string) (*Attribute, error) // reads a value that did not come along
}

// Attributes are the attributes of an object in the order of their names.
type Attributes []*Attribute

// smallAttribute is how many bytes of a value come along when all attributes are listed.
const smallAttribute = 4 << 10

// Attrs gives all attributes. One that cannot be read is there too and says why when it is read.
func (o *object) Attrs() (Attributes, error) {
	const op = "read attributes of"
	id, err := o.use(op)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(o.h)
	list, err := libhdf5.Attributes(id, smallAttribute, o.decode)
	if err != nil {
		return nil, o.failed(op, o.path, err)
	}
	return newAttributes(*o, list, o.Attr), nil
}

// decode makes an Array of an attribute's memory. It runs while the library is locked.
func (o *object) decode(t *libhdf5.Type, s libhdf5.Space, p unsafe.Pointer, n int) any {
	a, fill := newArray(t, newShape(s), o.h.file)
	if n > 0 {
		fill(p, n, t.MemorySize)
	}
	return a
}

// newAttributes wraps what the library gave; load reads a whole attribute again by its name.
func newAttributes(o object, list []libhdf5.Attribute, load func(name string) (*Attribute, error)) Attributes {
	out, all := make(Attributes, len(list)), make([]Attribute, len(list))
	for i := range list {
		all[i] = newAttribute(o, &list[i])
		all[i].load = load
		out[i] = &all[i]
	}
	return out
}

func newAttribute(o object, a *libhdf5.Attribute) Attribute {
	if a.Err != nil {
		return Attribute{name: a.Name, order: a.Order, err: o.failed("read attribute", a.Name, a.Err)}
	}
	out := Attribute{name: a.Name, order: a.Order, shape: newShape(a.Space)}
	out.value, _ = a.Value.(*Array)
	if a.Space.Null {
		out.value, _ = newArray(a.Type, Null, o.h.file)
	}
	if out.typ = (&Datatype{a.Type}); out.value != nil && out.value.typ.t == a.Type {
		out.typ = out.value.typ
	}
	return out
}

// Attr gives one attribute.
func (o *object) Attr(name string) (*Attribute, error) {
	const op = "read attribute"
	id, err := o.useFor(op, name)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(o.h)
	if err := checkName(op, name, o.h.file.path); err != nil {
		return nil, err
	}
	a, err := libhdf5.ReadAttribute(id, name, o.decode)
	if err != nil {
		return nil, o.missingAttr(op, name, id, err)
	}
	if a.Large {
		return nil, &Error{Op: op, Name: name, File: o.h.file.path, Kind: ErrTooLarge,
			Reason: fmt.Sprintf("%v of shape %v takes more than 512 MB", &Datatype{a.Type}, newShape(a.Space)), Hint: "the file may be damaged"}
	}
	out := newAttribute(*o, &a)
	return &out, nil
}

// missingAttr says which attributes there are when there is none of that name.
func (o *object) missingAttr(op, name string, id libhdf5.ID, cause error) error {
	e := o.failed(op, name, cause)
	if yes, err := libhdf5.AttributeExists(id, name); err != nil || yes {
		return e
	}
	e.Kind, e.Stack = ErrNotFound, nil
	e.Reason = fmt.Sprintf("%s has no such attribute", o.path)
	if all, err := o.Attrs(); err == nil {
		e.Hint = suggest(name, all.Names())
		if len(all) == 0 {
			e.Reason = fmt.Sprintf("%s has no attributes", o.path)
		}
	}
	return e
}

// HasAttr reports whether the object has the attribute.
func (o *object) HasAttr(name string) (bool, error) {
	const op = "look for attribute"
	id, err := o.useFor(op, name)
	if err != nil {
		return false, err
	}
	defer runtime.KeepAlive(o.h)
	yes, err := libhdf5.AttributeExists(id, name)
	if err != nil {
		return false, o.failed(op, name, err)
	}
	return yes, nil
}

// SetAttr makes an attribute of v, or replaces it: a number, a bool, a string, a slice or nested
// slice of them, a struct or an Array. One that has the type and the shape already is written in place.
func (o *object) SetAttr(name string, v any) error { return o.setAttr(name, v, nil) }

// SetAttrAs is SetAttr with the type that the attribute is to have in the file, such as FixedASCII(8).
func (o *object) SetAttrAs(name string, v any, t *Datatype) error { return o.setAttr(name, v, t.t) }

func (o *object) setAttr(name string, v any, t *libhdf5.Type) error {
	const op = "write attribute"
	id, err := o.change(op, name)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(o.h)
	if err := checkName(op, name, o.h.file.path); err != nil {
		return err
	}
	value, err := encodeAs(v, t)
	if err == nil {
		err = value.checkReferences(o.h.file)
	}
	done, err := o.together(op, name, because(op, name, o.h.file.path, err), o.path, value.digest())
	defer done()
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(value)
	if err := libhdf5.WriteAttribute(id, name, value.file, value.space(), value.data()); err != nil {
		return o.failed(op, name, err)
	}
	return nil
}

// DeleteAttr deletes an attribute.
func (o *object) DeleteAttr(name string) error {
	const op = "delete attribute"
	id, err := o.change(op, name)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(o.h)
	done, err := o.together(op, name, nil, o.path)
	defer done()
	if err != nil {
		return err
	}
	if err := libhdf5.DeleteAttribute(id, name); err != nil {
		return o.missingAttr(op, name, id, err)
	}
	return nil
}

// checkName refuses what HDF5 would cut off or misread.
func checkName(op, name, file string) error {
	if name == "" || strings.ContainsRune(name, 0) {
		return &Error{Op: op, Name: name, File: file, Kind: ErrNotFound, Reason: "a name must not be empty or hold a zero byte"}
	}
	return nil
}

// ReadAttr sets what dst points to from an attribute of o; AttrAs is the same with a result.
func ReadAttr(o Object, name string, dst any) error {
	a, err := o.Attr(name)
	if err != nil {
		return err
	}
	return a.ReadInto(dst)
}

// Name is the attribute's name.
func (a *Attribute) Name() string { return a.name }

// Datatype is the type of its elements, nil when it cannot be read.
func (a *Attribute) Datatype() *Datatype { return a.typ }

// Shape is its shape; a single value has the empty Shape{}.
func (a *Attribute) Shape() Shape { return a.shape }

// Err says why the attribute cannot be read, nil when it can.
func (a *Attribute) Err() error { return a.err }

// Array gives the value as an array.
func (a *Attribute) Array() (*Array, error) {
	if a.err != nil {
		return nil, a.err
	}
	if a.value == nil {
		whole, err := a.load(a.name)
		if err != nil {
			return nil, err
		}
		return whole.value, nil
	}
	return a.value, nil
}

// Value gives the value: a single one as int32, float64, string ..., one axis as []float64 ..., more
// axes as *Array, nothing as nil.
func (a *Attribute) Value() (any, error) {
	arr, err := a.Array()
	if err != nil {
		return nil, err
	}
	return arr.Value(), nil
}

// Float64 gives a number.
func (a *Attribute) Float64() (v float64, err error) {
	err = a.ReadInto(&v)
	return v, err
}

// Int gives a whole number.
func (a *Attribute) Int() (v int, err error) {
	err = a.ReadInto(&v)
	return v, err
}

// Text gives a string; that of a number is how it is printed.
func (a *Attribute) Text() (string, error) {
	v, err := a.Value()
	if err != nil {
		return "", err
	}
	if s, ok := v.(string); ok {
		return s, nil
	}
	return fmt.Sprint(v), nil
}

// ReadInto sets what dst points to.
func (a *Attribute) ReadInto(dst any) error {
	arr, err := a.Array()
	if err != nil {
		return err
	}
	return because("read attribute", a.name, "", assign(reflect.ValueOf(dst), arr))
}

// String gives "name = value".
func (a *Attribute) String() string { return printable(a.name) + " = " + a.ValueString() }

// ValueString is the value in one line, or why there is none.
func (a *Attribute) ValueString() string {
	switch {
	case a.err != nil:
		return "(" + a.err.Error() + ")"
	case a.value == nil:
		return fmt.Sprintf("(%v %v, not read)", a.typ, a.shape)
	}
	return a.value.line(60)
}

// Get finds an attribute by its name.
func (as Attributes) Get(name string) (*Attribute, bool) {
	for _, a := range as {
		if a.name == name {
			return a, true
		}
	}
	return nil, false
}

// Created gives the attributes in the order in which they were made, where the object keeps that (see
// DatasetCreate.TrackOrder); else in the order of their names.
func (as Attributes) Created() Attributes {
	out := slices.Clone(as)
	slices.SortStableFunc(out, func(a, b *Attribute) int { return cmp.Compare(a.order, b.order) })
	return out
}

// Names are the attributes' names.
func (as Attributes) Names() []string {
	out := make([]string, len(as))
	for i, a := range as {
		out[i] = a.name
	}
	return out
}

// String gives an attribute a line.
func (as Attributes) String() string {
	if len(as) == 0 {
		return "no attributes"
	}
	width := 0
	for _, a := range as {
		width = max(width, min(len([]rune(a.name)), 24))
	}
	lines := make([]string, len(as))
	for i, a := range as {
		lines[i] = fmt.Sprintf("%-*s = %s", width, printable(a.name), a.ValueString())
	}
	return strings.Join(lines, "\n")
}
