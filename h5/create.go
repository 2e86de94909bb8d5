package h5

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"

	"gofive/h5/internal/libhdf5"
)

// CreateGroup makes a group, and the groups on the way to it. It takes GroupCreate.
func (g *container) CreateGroup(p string, opts ...Option) (*Group, error) {
	const op = "create group"
	id, err := g.changeAt(op, p)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(g.h)
	c, err := choose(op, p, opts, GroupCreate{})
	if err != nil {
		return nil, err
	}
	settings := c.with(c.groupCreate, c.groupCreate.properties())
	done, err := g.together(op, join(g.path, p), nil, settings)
	defer done()
	if err != nil {
		return nil, err
	}
	child, err := libhdf5.CreateGroup(id, p, settings)
	if err != nil {
		return nil, g.failed(op, p, err)
	}
	return &Group{container{object{h: newHandle(child, g.h.file), path: join(g.path, p)}}}, nil
}

// RequireGroup opens the group at p, and makes it first when nothing is there.
func (g *container) RequireGroup(p string, opts ...Option) (*Group, error) {
	group, err := g.Group(p)
	if errors.Is(err, ErrNotFound) {
		return g.CreateGroup(p, opts...)
	}
	return group, err
}

func (g *container) changeAt(op, p string) (libhdf5.ID, error) {
	id, err := g.change(op, p)
	if err == nil {
		err = checkName(op, p, g.h.file.path)
	}
	return id, err
}

// CreateDataset makes a dataset, and the groups on the way to it. What is not written to it later
// reads as zero, or as DatasetCreate.Fill. It takes DatasetCreate and DatasetAccess. No time of its making goes into the file, so that the same
// program writes the same bytes; in the Latest format only groups made on the way keep theirs.
func (g *container) CreateDataset(p string, t *Datatype, s Shape, opts ...Option) (*Dataset, error) {
	const op = "create dataset"
	id, err := g.changeAt(op, p)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(g.h)
	c, err := choose(op, p, opts, DatasetCreate{}, DatasetAccess{})
	if err != nil {
		return nil, err
	}
	if g.h.file.ranks != nil {
		c.datasetCreate.forRanks(g.h.file.mpio, t)
	}
	making, err := c.making(t, s)
	if err == nil && c.datasetCreate.AllocTime == AllocEarly && !c.datasetCreate.filtered() {
		err = checkDisk(g.h.file.path, s, t.Size())
	}
	for _, v := range c.datasetCreate.Virtual {
		if err == nil {
			err = g.checkSource(v, s)
		}
	}
	done, err := g.together(op, join(g.path, p), because(op, p, g.h.file.path, err), t, makingText(&making))
	defer done()
	if err != nil {
		return nil, err
	}
	child, err := libhdf5.CreateDataset(id, p, t.t, making)
	if err != nil {
		return nil, g.failed(op, p, err)
	}
	return newCachedDataset(object{h: newHandle(child, g.h.file), path: join(g.path, p)})
}

// making is how the library is to make a dataset of type t and shape s.
func (c *choices) making(t *Datatype, s Shape) (libhdf5.Making, error) {
	create := c.datasetCreate
	m := libhdf5.Making{Space: newSpace(s)}
	if err := create.check(t, s); err != nil {
		return m, err
	}
	m.Space.Max = create.MaxShape
	if create.Chunks == nil && (create.filtered() || create.needsChunks()) {
		create.Chunks = guessChunks(s, create.MaxShape, t.Size())
	}
	own, err := create.properties(s)
	if err != nil {
		return m, err
	}
	access, err := c.datasetAccess.properties()
	if err != nil {
		return m, err
	}
	m.Create, m.Access = c.with(create, own), c.with(c.datasetAccess, access)
	m.Fill, err = encodeFill(t, create.Fill)
	return m, err
}

// encodeFill encodes a fill value; nil is none.
func encodeFill(t *Datatype, fill any) (*libhdf5.Data, error) {
	if fill == nil {
		return nil, nil
	}
	e, err := encodeAs(fill, t.t)
	if err != nil {
		return nil, err
	}
	if e.shape.Len() != 1 {
		return nil, &Error{Kind: ErrShape, Reason: fmt.Sprintf("a fill value of shape %v", e.shape), Hint: "give one element"}
	}
	data := e.data()
	return &data, nil
}

// Set stores a value under a new name: numbers, strings, bools, slices and nested slices of them,
// structs and slices of structs, an Array, a Table.
func (g *container) Set(p string, v any) error {
	const op = "store"
	if _, err := g.changeAt(op, p); err != nil {
		return err
	}
	e, err := encode(v)
	if err == nil {
		err = e.storable(g.h.file)
	}
	if err != nil {
		done, err := g.together(op, join(g.path, p), because(op, p, g.h.file.path, err))
		done()
		return err
	}
	if bytes, ok := e.shape.bytes(e.mem.MemorySize); ok && bytes <= pieceBytes {
		return g.store(op, p, e)
	}
	d, err := g.CreateDataset(p, &Datatype{e.file}, e.shape)
	if err != nil {
		return err
	}
	defer d.Close()
	s, err := newSelection(e.shape, nil)
	if err != nil {
		return err
	}
	w := writing{d: d, op: op, e: e, watch: newWatch(op, d.path, s.read().Len())}
	return w.run(s)
}

// storable says why a value cannot become a dataset of a file. It is asked before that is created: a dataset that
// cannot be written should not be left behind.
func (e *encoded) storable(f *fileState) error {
	if f.mpio && e.mem.HasPointers() {
		return errVariable
	}
	return cmp.Or((DatasetCreate{}).checkShape(e.shape), e.checkReferences(f))
}

// store stores what is written in one piece, in one call of the library.
func (g *container) store(op, p string, e *encoded) error {
	defer runtime.KeepAlive(g.h)
	defer runtime.KeepAlive(e)
	done, err := g.together(op, join(g.path, p), nil, e.digest())
	defer done()
	if err != nil {
		return err
	}
	if err := libhdf5.Store(g.h.id, p, e.file, newSpace(e.shape), e.data()); err != nil {
		return g.failed(op, p, err)
	}
	return nil
}

// Commit stores a datatype under a name.
func (g *container) Commit(p string, t *Datatype) error {
	const op = "commit datatype"
	id, err := g.changeAt(op, p)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(g.h)
	done, err := g.together(op, join(g.path, p), nil, t)
	defer done()
	if err != nil {
		return err
	}
	if err := libhdf5.Commit(id, p, t.t); err != nil {
		return g.failed(op, p, err)
	}
	return nil
}

// Delete removes a link. The object goes with its last link; its space in the file is used again
// only while the file stays open.
func (g *container) Delete(p string) error {
	const op = "delete"
	id, err := g.changeAt(op, p)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(g.h)
	done, err := g.together(op, join(g.path, p), nil)
	defer done()
	if err != nil {
		return err
	}
	defer g.rewritten()
	if err := libhdf5.Delete(id, p); err != nil {
		return g.missing(op, p, err)
	}
	return nil
}

// Move gives a link another name, in this group or below it or from the root.
func (g *container) Move(from, to string) error {
	const op = "move"
	id, err := g.changeAt(op, to)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(g.h)
	done, err := g.together(op, join(g.path, from), nil, join(g.path, to))
	defer done()
	if err != nil {
		return err
	}
	if err := libhdf5.Move(id, from, to); err != nil {
		return g.missing(op, from, err)
	}
	return nil
}

// Copy copies an object with everything below it, of this file or another, to path p. It takes
// CopyObject. Before HDF5 1.14.4 attributes with a committed type may get that type without its name.
func (g *container) Copy(o Object, p string, opts ...Option) error {
	const op = "copy"
	id, err := g.changeAt(op, p)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(g.h)
	defer runtime.KeepAlive(o)
	if o.ID() < 0 {
		return &Error{Op: op, Name: o.Path(), Kind: ErrClosed, Reason: "it is closed"}
	}
	c, err := choose(op, p, opts, CopyObject{})
	if err != nil {
		return err
	}
	done, err := g.together(op, join(g.path, p), because(op, p, g.h.file.path, c.copyObject.check()), o.Path())
	defer done()
	if err != nil {
		return err
	}
	if c.copyObject.Template {
		err = libhdf5.CopyTemplate(libhdf5.ID(o.ID()), id, p)
	} else {
		err = libhdf5.Copy(libhdf5.ID(o.ID()), id, p, c.with(c.copyObject, c.copyObject.properties()))
	}
	if err != nil {
		return g.failed(op, p, err)
	}
	return nil
}

// CopyValues writes into the object at p, which is a copy of o made with CopyObject{Template: true}, the values that
// may be missing. It is each rank's own affair.
func (g *container) CopyValues(o Object, p string) error {
	const op = "copy values"
	if _, err := g.changeAt(op, p); err != nil {
		return err
	}
	defer runtime.KeepAlive(o)
	if o.ID() < 0 {
		return &Error{Op: op, Name: o.Path(), Kind: ErrClosed, Reason: "it is closed"}
	}
	to, err := g.Get(p)
	if err != nil {
		return err
	}
	defer to.Close()
	defer g.rewritten()
	if err := libhdf5.CopyValues(libhdf5.ID(o.ID()), libhdf5.ID(to.ID())); err != nil {
		return g.failed(op, p, err)
	}
	return nil
}

// Hardlink gives an object one more name. The object must be of this file.
func (g *container) Hardlink(p string, o Object) error {
	const op = "link"
	id, err := g.changeAt(op, p)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(g.h)
	defer runtime.KeepAlive(o)
	if o.ID() < 0 {
		return &Error{Op: op, Name: o.Path(), Kind: ErrClosed, Reason: "it is closed"}
	}
	done, err := g.together(op, join(g.path, p), nil, o.Path())
	defer done()
	if err != nil {
		return err
	}
	if err := libhdf5.LinkTo(libhdf5.ID(o.ID()), id, p); err != nil {
		return g.failed(op, p, err)
	}
	return nil
}

// Softlink makes a link to a path, which need not exist.
func (g *container) Softlink(p, target string) error {
	const op = "link"
	id, err := g.changeAt(op, p)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(g.h)
	done, err := g.together(op, join(g.path, p), nil, target)
	defer done()
	if err != nil {
		return err
	}
	if err := libhdf5.LinkToPath(target, id, p); err != nil {
		return g.failed(op, p, err)
	}
	return nil
}

// ExternalLink makes a link to a path in another file; neither need exist. A relative file is looked
// for beside this one.
func (g *container) ExternalLink(p, file, target string) error {
	const op = "link"
	id, err := g.changeAt(op, p)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(g.h)
	done, err := g.together(op, join(g.path, p), nil, file, target)
	defer done()
	if err != nil {
		return err
	}
	if err := libhdf5.LinkToFile(file, target, id, p); err != nil {
		return g.failed(op, p, err)
	}
	return nil
}
