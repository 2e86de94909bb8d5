package h5

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"gofive/h5/internal/libhdf5"
)

// Dataset is an array in a file. Nothing of it is read before it is asked for.
type Dataset struct {
	object
	d   *datasetState
	how DatasetTransfer
}

// datasetState is what is known of a dataset since it was opened.
type datasetState struct {
	info ObjectInfo

	mu      sync.Mutex
	memory  *memoryType // of whole elements, made when first needed
	access  chunkAccess
	plainAt plainData

	fellBack bool // it was said that a collective transfer was none
}

// memoryType is the native form of elements, an open id of the library.
type memoryType struct {
	typ *libhdf5.Type
	id  libhdf5.ID

	stored bool // rows as they are in the file, of which typ has only some fields

	slice reflect.Type // what an array of them holds its data in; nil where that is not known
}

func newDataset(o object) (*Dataset, error) {
	info, err := o.Info()
	if err != nil {
		o.h.close()
		return nil, err
	}
	return &Dataset{object: o, d: &datasetState{info: info}}, nil
}

// Kind is KindDataset.
func (d *Dataset) Kind() Kind { return KindDataset }

// Shape is the length of each axis: Shape{} for a single value, Null for nothing at all.
func (d *Dataset) Shape() Shape {
	if s, err := d.shapeNow("look at"); err == nil {
		return slices.Clone(s)
	}
	return slices.Clone(d.d.info.Shape)
}

// shapeNow asks again where somebody may have resized the dataset.
func (d *Dataset) shapeNow(op string) (Shape, error) {
	id, err := d.use(op)
	if err != nil || !d.h.file.writable && !d.h.file.shared {
		return d.d.info.Shape, err
	}
	defer runtime.KeepAlive(d.h)
	s, err := libhdf5.Shape(id)
	if err != nil {
		return nil, d.failed(op, d.path, err)
	}
	return newShape(s), nil
}

// MaxShape is the length each axis may grow to.
func (d *Dataset) MaxShape() Shape { return slices.Clone(d.d.info.MaxShape) }

// Len is the number of elements.
func (d *Dataset) Len() int { return d.Shape().Len() }

// Datatype is the type of its elements.
func (d *Dataset) Datatype() *Datatype { return d.d.info.Datatype }

// Chunks is the shape of the pieces it is stored in, nil when it is stored in one.
func (d *Dataset) Chunks() Shape {
	if d.d.info.Layout != Chunked {
		return nil
	}
	return slices.Clone(d.d.info.Chunks)
}

// Filters are what its chunks went through on their way to the file.
func (d *Dataset) Filters() []Filter { return slices.Clone(d.d.info.Filters) }

// FieldNames are the names of a compound's members, nil for other types.
func (d *Dataset) FieldNames() []string {
	if d.Datatype().Kind() != TypeCompound {
		return nil
	}
	return d.Datatype().Names()
}

// wholeType is the native form of whole elements.
func (d *Dataset) wholeType(id libhdf5.ID) (*memoryType, error) {
	d.d.mu.Lock()
	defer d.d.mu.Unlock()
	if d.d.memory == nil {
		t, mem, err := libhdf5.MemoryType(id, nil)
		if err != nil {
			return nil, err
		}
		none, _ := newArray(t, Shape{0}, nil)
		d.d.memory = &memoryType{typ: t, id: mem, slice: reflect.TypeOf(none.data)}
		runtime.AddCleanup(d.d.memory, libhdf5.Abandon, libhdf5.NewLease(mem))
	}
	return d.d.memory, nil
}

// fieldsType is the native form of some members only. The caller keeps it alive.
func (d *Dataset) fieldsType(op string, id libhdf5.ID, names []string) (*memoryType, error) {
	if len(names) == 0 {
		return d.wholeType(id)
	}
	t := d.Datatype()
	if t.Kind() != TypeCompound {
		return nil, &Error{Op: op, Name: names[0], File: d.h.file.path, Kind: ErrType,
			Reason: fmt.Sprintf("%s has elements of type %v, without fields", d.path, t), Hint: "read it with Slice"}
	}
	for _, name := range names {
		if !slices.Contains(t.Names(), name) {
			e := noField(op, name, d.h.file.path, t).(*Error)
			e.Reason = fmt.Sprintf("%s has no such field", d.path)
			return nil, e
		}
	}
	typ, mem, err := libhdf5.MemoryType(id, names)
	if err != nil {
		return nil, err
	}
	m := &memoryType{typ: typ, id: mem}
	runtime.AddCleanup(m, libhdf5.Abandon, libhdf5.NewLease(mem))
	return m, nil
}

// Slice reads a selection, an argument an axis; without one everything. See the package comment.
func (d *Dataset) Slice(sel ...any) (*Array, error) { return d.read("read dataset", nil, sel) }

// Field reads one member of a compound: nothing else is taken from the file's rows. "pos.x" is member x of member pos,
// which is read whole.
func (d *Dataset) Field(name string, sel ...any) (*Array, error) {
	const op = "read field"
	of, rest := d.memberOf(name)
	a, err := d.read(op, []string{of}, sel)
	if err != nil {
		return nil, err
	}
	if rest == "" {
		return a.fields[0], nil
	}
	a, err = a.fields[0].member(rest)
	return a, because(op, d.path, d.h.file.path, err)
}

// memberOf takes the name of a member of a member apart: the one that can be read by itself, and the rest of the
// name. What is no such name is left as it is, for whoever reads it to say so.
func (d *Dataset) memberOf(name string) (of, rest string) {
	of, rest, found := strings.Cut(name, ".")
	names := d.FieldNames()
	if !found || slices.Contains(names, name) || !slices.Contains(names, of) {
		return name, ""
	}
	return of, rest
}

// ColumnNames choose fields for Table; Columns makes them.
type ColumnNames []string

// Columns chooses the fields of a compound that Table reads, in that order, or the one that is reduced. Table takes
// "pos.x" for member x of member pos.
func Columns(names ...string) ColumnNames { return names }

// Table reads rows of a compound: all, or those of a selection, with the fields that Columns chooses.
func (d *Dataset) Table(sel ...any) (*Table, error) {
	const op = "read table"
	names, rest := columnsIn(sel)
	if t := d.Datatype(); t.Kind() != TypeCompound {
		return nil, &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrType,
			Reason: fmt.Sprintf("elements of type %v have no columns", t), Hint: "read it with Slice"}
	}
	var members []string // each once: several may be of one
	for _, name := range names {
		if of, _ := d.memberOf(name); !slices.Contains(members, of) {
			members = append(members, of)
		}
	}
	a, err := d.read(op, members, rest)
	if err != nil {
		return nil, err
	}
	t, err := a.Table()
	if err != nil {
		return nil, err
	}
	if names != nil {
		return t.Select(names...)
	}
	return t, nil
}

// String says what the dataset is; it reads no data.
func (d *Dataset) String() string {
	if d.h.isClosed() {
		return "dataset " + d.path + " (closed)"
	}
	parts := []string{"dataset " + d.path, d.Shape().String(), d.Datatype().String()}
	if c := d.Chunks(); c != nil {
		parts = append(parts, "chunks "+c.String())
	}
	for _, f := range d.d.info.Filters {
		parts = append(parts, f.String())
	}
	return strings.Join(parts, "  ")
}
