package h5

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// Group is a folder of a file.
type Group struct{ container }

// container is what a File and a Group have in common. It is not a *Group inside File, because an
// embedded field of that name would hide the method Group.
type container struct{ object }

// Kind is KindGroup.
func (g *container) Kind() Kind { return KindGroup }

// Get opens what is at path p, which starts at this group, or at the root with a leading slash.
func (g *container) Get(p string) (Object, error) { return g.open("open", p) }

func (g *container) open(op, p string) (Object, error) {
	id, err := g.useFor(op, p)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(g.h)
	if err := checkName(op, p, g.h.file.path); err != nil {
		return nil, err
	}
	child, kind, err := libhdf5.Open(id, p)
	if err != nil {
		return nil, g.missing(op, p, err)
	}
	return newObject(g.h.file, child, kind, join(g.path, p))
}

// Group opens the group at path p.
func (g *container) Group(p string) (*Group, error) {
	o, err := g.open("open group", p)
	if err != nil {
		return nil, err
	}
	if group, ok := o.(*Group); ok {
		return group, nil
	}
	return nil, g.otherKind("open group", o)
}

// Dataset opens the dataset at path p. It takes DatasetAccess.
func (g *container) Dataset(p string, opts ...Option) (*Dataset, error) {
	const op = "open dataset"
	if len(opts) > 0 {
		return g.datasetWith(op, p, opts)
	}
	o, err := g.open(op, p)
	if err != nil {
		return nil, err
	}
	if d, ok := o.(*Dataset); ok {
		return d, nil
	}
	return nil, g.otherKind(op, o)
}

// datasetWith opens a dataset with settings of its own. What it is not, open says better.
func (g *container) datasetWith(op, p string, opts []Option) (*Dataset, error) {
	c, err := choose(op, p, opts, DatasetAccess{})
	if err != nil {
		return nil, err
	}
	own, err := c.datasetAccess.properties()
	if err != nil {
		return nil, because(op, p, g.h.file.path, err)
	}
	id, err := g.useFor(op, p)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(g.h)
	if err := checkName(op, p, g.h.file.path); err != nil {
		return nil, err
	}
	child, err := libhdf5.OpenDataset(id, p, c.with(c.datasetAccess, own))
	if err != nil {
		if _, plain := g.Dataset(p); plain != nil {
			return nil, plain
		}
		return nil, g.failed(op, p, err)
	}
	return newDataset(object{h: newHandle(child, g.h.file), path: join(g.path, p)})
}

// NamedType opens the committed datatype at path p.
func (g *container) NamedType(p string) (*NamedType, error) {
	o, err := g.open("open datatype", p)
	if err != nil {
		return nil, err
	}
	if t, ok := o.(*NamedType); ok {
		return t, nil
	}
	return nil, g.otherKind("open datatype", o)
}

// otherKind says what o is instead, and closes it.
func (g *container) otherKind(op string, o Object) error {
	e := &Error{Op: op, Name: o.Path(), File: g.h.file.path, Kind: ErrType, Reason: "it is a " + o.Kind().String()}
	switch x := o.(type) {
	case *Group:
		e.Hint = "open it with Group"
		if keys, err := x.Keys(); err == nil && len(keys) > 0 {
			e.Hint = "it holds " + someOf(keys)
		}
	case *Dataset:
		e.Hint = "open it with Dataset"
	case *NamedType:
		e.Hint = "open it with NamedType"
	}
	o.Close()
	return e
}

// Has reports whether something is at path p. A link that leads nowhere is nothing.
func (g *container) Has(p string) (bool, error) {
	const op = "look for"
	id, err := g.useFor(op, p)
	if err != nil {
		return false, err
	}
	defer runtime.KeepAlive(g.h)
	if p == "" || strings.ContainsRune(p, 0) {
		return false, nil
	}
	child, _, err := libhdf5.Open(id, p)
	if err == nil {
		return true, libhdf5.Close(child)
	}
	if e := g.failed(op, p, err); !errors.Is(e, ErrNotFound) && len(e.Stack) == 0 {
		return false, e
	}
	return false, nil
}

// Keys gives the names of what the group holds, in byte order or in another that is asked for.
func (g *container) Keys(order ...Order) ([]string, error) {
	names, err := g.names("list", lastOf(order))
	if err != nil {
		return nil, err
	}
	return texts(names), nil
}

func texts(names []libhdf5.Name) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n.Text
	}
	return out
}

// lastOf is the order that was asked for.
func lastOf(order []Order) Order {
	if len(order) == 0 {
		return ByName
	}
	return order[len(order)-1]
}

func (g *container) names(op string, order Order) ([]libhdf5.Name, error) {
	id, err := g.use(op)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(g.h)
	names, err := libhdf5.Names(id, ".", order == ByCreation)
	if err != nil {
		return nil, g.failed(op, g.path, err)
	}
	if order == Natural {
		slices.SortFunc(names, func(a, b libhdf5.Name) int { return naturalCompare(a.Text, b.Text) })
	}
	if g.h.file.writable {
		for i := range names {
			names[i].Address = libhdf5.NoAddress // the object may be deleted before it is looked at
		}
	}
	return names, nil
}

// Len is the number of links in the group.
func (g *container) Len() (int, error) {
	info, err := g.Info()
	return info.NumLinks, err
}

// missing says where a path stops existing and what is there instead.
func (g *container) missing(op, p string, cause error) error {
	e := g.failed(op, p, cause)
	at, parts := g.path, strings.Split(strings.Trim(clean(p), "/"), "/")
	prefix := ""
	if strings.HasPrefix(p, "/") {
		at, prefix = "/", "/"
	}
	look := func(n int) (libhdf5.Stat, error) {
		name := prefix + strings.Join(parts[:n], "/")
		stats, err := libhdf5.Describe(g.h.id, []libhdf5.Name{{Text: name}}, libhdf5.NoAttributes, 0, nil)
		if err != nil {
			return libhdf5.Stat{}, err
		}
		return stats[0], nil
	}
	// What is below something that cannot be entered cannot be either: the first of all parts to fail.
	first := 1 + sort.Search(len(parts), func(i int) bool {
		s, err := look(i + 1)
		return err != nil || s.Err != nil || i+1 < len(parts) && s.Kind != libhdf5.KindGroup
	})
	if first > len(parts) {
		return e
	}
	here, name := join(at, strings.Join(parts[:first-1], "/")), parts[first-1]
	switch s, err := look(first); {
	case err != nil:
	case s.LinkErr != nil:
		g.stopsAt(e, here, name)
	case s.Err != nil:
		e.brokenLink(join(here, name), newLink(s.Link))
	default:
		e.Kind, e.Stack = ErrNotFound, nil
		e.Reason = fmt.Sprintf("%s is a %v and holds nothing by name", join(here, name), Kind(s.Kind))
	}
	return e
}

// stopsAt explains that group here, which exists, has no link called name.
func (g *container) stopsAt(e *Error, here, name string) {
	e.Kind, e.Stack = ErrNotFound, nil
	e.Reason = fmt.Sprintf("there is no %q in %s", name, here)
	found, err := libhdf5.Names(g.h.id, here, false)
	if err != nil {
		return
	}
	names := texts(found)
	SortNatural(names)
	if len(names) == 0 {
		e.Reason = fmt.Sprintf("%s is an empty group", here)
		return
	}
	e.Hint = suggest(name, names)
	if near := nearest(name, names); len(near) > 0 {
		e.Hint += " " + here + " holds " + someOf(names)
	}
}

// brokenLink explains a link that is there and leads nowhere.
func (e *Error) brokenLink(path string, l Link) {
	switch l.Kind {
	case LinkSoft:
		e.Kind, e.Reason = ErrNotFound, fmt.Sprintf("%s is a soft link to %q, which cannot be opened", path, l.Path)
	case LinkExternal:
		e.Kind, e.Reason = ErrNotFound, fmt.Sprintf("%s is a link to %q in file %q, which cannot be opened", path, l.Path, l.File)
		e.Hint = "external files are looked for beside this file"
		if f := heldReadOnly(e.File, l.File); f != nil {
			e.Kind, e.Reason = ErrLocked, fmt.Sprintf("%s is a link to %q in file %q, which is already open read-only in this session", path, l.Path, l.File)
			e.Hint = "close the other variable's file first: this file is open for writing, and its links open others so too"
		}
	case LinkUser:
		e.Reason = fmt.Sprintf("%s is a link of a kind that this HDF5 library does not know", path)
	}
}

// heldReadOnly gives the open file that keeps a link of another, which is open for writing, from being followed: the
// library does not open a file for writing that it has open read-only. It is nil when it is not that.
func heldReadOnly(from, linked string) *File {
	files := OpenFiles()
	if !slices.ContainsFunc(files, func(f *File) bool { return f.Filename() == from && f.Writable() }) {
		return nil
	}
	if !filepath.IsAbs(linked) {
		linked = filepath.Join(filepath.Dir(from), linked)
	}
	target, err := os.Stat(linked)
	if err != nil {
		return nil
	}
	at := slices.IndexFunc(files, func(f *File) bool {
		info, err := os.Stat(f.Filename())
		return err == nil && !f.Writable() && os.SameFile(info, target)
	})
	if at < 0 {
		return nil
	}
	return files[at]
}

// String gives the path and the first names.
func (g *container) String() string {
	if g.h.isClosed() {
		return "group " + g.path + " (closed)"
	}
	keys, err := g.Keys()
	if err != nil {
		return fmt.Sprintf("group %s (%v)", g.path, err)
	}
	SortNatural(keys)
	if len(keys) == 0 {
		return "group " + g.path + " (empty)"
	}
	const most = 12
	text := fmt.Sprintf("group %s (%s): %s", printable(g.path), count(len(keys), "member"),
		printable(strings.Join(keys[:min(most, len(keys))], ", ")))
	if len(keys) > most {
		text += ", ..."
	}
	return text
}
