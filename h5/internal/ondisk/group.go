package ondisk

import (
	"bytes"
	"slices"
)

// members are what a group holds.
type members struct {
	names []string
	at    map[string]int64
}

func (m *members) add(name []byte, at int64) {
	m.names = append(m.names, string(name))
	m.at[string(name)] = at
}

// Members lists the group at an address: names, in order, and the addresses of what they lead to.
func (f *File) Members(at int64) (names []string, addresses []int64, err error) {
	h, err := f.header(at)
	if err != nil {
		return nil, nil, err
	}
	if !h.group {
		return nil, nil, unknown("group")
	}
	m, err := f.group(h)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range m.names {
		addresses = append(addresses, m.at[name])
	}
	return m.names, addresses, nil
}

// group lists a group, in the order of the names.
func (f *File) group(h *header) (members, error) {
	m := members{at: map[string]int64{}}
	for _, l := range h.links {
		if err := m.link(l); err != nil {
			return m, err
		}
	}
	if h.table != nil {
		if err := f.symbols(h.table, &m); err != nil {
			return m, err
		}
	}
	slices.Sort(m.names)
	return m, nil
}

// link enters the member of a message. Only hard links lead to an address.
func (m *members) link(b []byte) error {
	if len(b) < 2 || b[0] != 1 {
		return unknown("link")
	}
	flags, at, width := b[1], 2, 1<<(b[1]&3)
	for _, part := range []struct {
		flag byte
		n    int
	}{{0x08, 1}, {0x04, 8}, {0x10, 1}} { // kind, number, character set
		if flags&part.flag != 0 {
			at += part.n
		}
	}
	if flags&0x08 != 0 && len(b) > 2 && b[2] != 0 || len(b) < at+width {
		return unknown("link")
	}
	n := 0
	for i := range min(width, 3) {
		n |= int(b[at+i]) << (8 * i)
	}
	if at += width; len(b) < at+n+8 {
		return unknown("link")
	}
	m.add(b[at:at+n], address(b[at+n:]))
	return nil
}

// symbols reads the members that a message of symbol table leads to: a tree of nodes, and a heap of names.
func (f *File) symbols(table []byte, m *members) error {
	if len(table) < 16 {
		return unknown("symbol table")
	}
	heap, err := f.at(address(table[8:]), 32)
	if err != nil {
		return err
	}
	size, data := address(heap[8:]), address(heap[24:])
	if string(heap[:4]) != "HEAP" || size < 0 || size > maxMessage {
		return unknown("heap of names")
	}
	names, err := f.at(data, int(size))
	if err != nil {
		return err
	}
	return f.tree(address(table), names, m, 0)
}

// maxDepth is deeper than a tree of this kind grows: damaged ones may go in circles.
const maxDepth = 8

// tree enters the members below a node.
func (f *File) tree(at int64, names []byte, m *members, depth int) error {
	b, err := f.at(at, 24)
	if err != nil {
		return err
	}
	if string(b[:4]) != "TREE" || b[4] != 0 || depth > maxDepth {
		return unknown("tree of a group")
	}
	level, used := b[5], u16(b[6:])
	children, err := f.at(at+24, 16*used+8)
	if err != nil {
		return err
	}
	for i := range used {
		child := address(children[16*i+8:])
		if level > 0 {
			err = f.tree(child, names, m, depth+1)
		} else {
			err = f.node(child, names, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// node enters the members of one node. Only hard links lead to an address.
func (f *File) node(at int64, names []byte, m *members) error {
	b, err := f.at(at, 8)
	if err != nil {
		return err
	}
	if string(b[:4]) != "SNOD" {
		return unknown("node of a group")
	}
	n := u16(b[6:])
	entries, err := f.at(at+8, 40*n)
	if err != nil {
		return err
	}
	for i := range n {
		e := entries[40*i : 40*i+40]
		name, where, kind := address(e), address(e[8:]), u32(e[16:])
		if kind > 1 || where == undefined || name < 0 || name >= int64(len(names)) {
			return unknown("link")
		}
		text, _, ok := bytes.Cut(names[name:], []byte{0})
		if !ok {
			return unknown("name")
		}
		m.add(text, where)
	}
	return nil
}
