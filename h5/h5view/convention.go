package h5view

import (
	"gofive/h5"
)

// convention is what people who make files agree on, on top of HDF5. Each has a file of its own here.
// It may add more than a name: see roles, quieter and shower.
//
// None is trusted. A file may look like one and lack what its convention asks for: then a convention
// adds nothing but a note, and the plain tree and tables are shown.
type convention interface {
	// detect says in a few words what the file is, "" when nothing tells. It looks at names and
	// attributes and reads no data but single values.
	detect(s *site) string
}

// roles is a convention that knows what its objects are for.
type roles interface {
	// role says what the node is to the convention, "" for nothing special, and whether it is
	// internal: bookkeeping that hardly anybody looks for.
	role(n *node) (role string, internal bool)
}

// quieter is a convention whose bookkeeping shows in attributes too.
type quieter interface {
	quiet(n *node, attribute string) bool
}

// shower is a convention that has a better view of an object than a tree or a table of raw values.
type shower interface {
	// show adds views of o to x. An error says in what o is not as the convention asks.
	show(o h5.Object, x *exhibit) error
}

// conventions are all that are looked for, those first of which there are most files.
var conventions = []convention{
	netcdf{},
	nexus{},
	h5boss{},
	pytables{},
	matlab{},
	anndata{},
	nwb{},
	gwosc{},
	keras{},
	openpmd{},
	picture{},
	fast5{},
	hdfeos{},
	dimensionScales{},
}

// found is a convention that a file follows.
type found struct {
	convention
	note string
}

// recognise gives the conventions that a file follows.
func recognise(f *h5.File) []found {
	s := newSite(f)
	var out []found
	for _, c := range conventions {
		if note := c.detect(s); note != "" {
			out = append(out, found{c, note})
		}
	}
	return out
}

// role says what the node is to the conventions of its file.
func (n *node) role() string {
	for _, c := range n.look.found {
		if r, ok := c.convention.(roles); ok {
			if role, _ := r.role(n); role != "" {
				return role
			}
		}
	}
	if n.isScale() {
		return "scale"
	}
	return ""
}

// hide notes that a child is internal, and reports it.
func (n *node) hide(child *node) bool {
	for _, c := range n.look.found {
		r, ok := c.convention.(roles)
		if !ok {
			continue
		}
		if _, internal := r.role(child); internal {
			n.hidden = append(n.hidden, child.entry.Name)
			return true
		}
	}
	return false
}

// site is the root of a file as conventions look at it.
type site struct {
	root  *h5.File
	attrs h5.Attributes
	links int
	keys  []string
	first []h5.Entry
}

func newSite(f *h5.File) *site {
	s := &site{root: f}
	if info, err := f.Info(); err == nil {
		s.links = info.NumLinks
		if info.NumAttrs <= maxAttrsOne {
			s.attrs, _ = f.Attrs()
		}
	}
	return s
}

// has reports whether all paths lead to objects.
func (s *site) has(paths ...string) bool {
	for _, p := range paths {
		if ok, err := s.root.Has(p); err != nil || !ok {
			return false
		}
	}
	return true
}

// maxKeys is the size of a root group beyond which no convention asks for names.
const maxKeys = 5000

// names gives the names of the root's members, none when they are very many.
func (s *site) names() []string {
	if s.keys == nil && s.links <= maxKeys {
		s.keys, _ = s.root.Keys()
	}
	return s.keys
}

// firstLooked is how many members of the root are looked at for attributes that tell a convention.
const firstLooked = 50

// members gives the first members of the root with the names of their attributes and small values.
func (s *site) members() []h5.Entry {
	if s.first == nil && s.links <= maxNamed {
		s.first = []h5.Entry{}
		if list, err := s.root.List(h5.ListOptions{Limit: firstLooked, Attributes: true}); err == nil {
			s.first = list.Entries
		}
	}
	return s.first
}

// anyMember reports whether one of the first members of the root has one of the attributes.
func (s *site) anyMember(names ...string) bool {
	for _, e := range s.members() {
		for _, name := range names {
			if _, ok := e.Info.Attributes.Get(name); ok {
				return true
			}
		}
	}
	return false
}
