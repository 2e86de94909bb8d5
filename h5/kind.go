package h5

import "gofive/h5/internal/libhdf5"

// Kind is the kind of an object in a file.
type Kind uint8

// The kinds of objects. Unknown is that of an object that could not be looked at.
const (
	KindUnknown Kind = iota
	KindGroup
	KindDataset
	KindDatatype
)

// String gives "group", "dataset", "datatype" or "unknown".
func (k Kind) String() string {
	return [...]string{"unknown", "group", "dataset", "datatype"}[k]
}

// LinkKind is the kind of a link.
type LinkKind uint8

// The kinds of links. The root group has no link.
const (
	LinkNone LinkKind = iota
	LinkHard
	LinkSoft
	LinkExternal
	LinkUser
)

// String gives "none", "hard", "soft", "external" or "user-defined".
func (k LinkKind) String() string {
	return [...]string{"none", "hard", "soft", "external", "user-defined"}[k]
}

// Link is how a group names an object: a hard link is the object itself, the others hold a path.
type Link struct {
	Kind LinkKind
	File string // the other file, for an external link
	Path string // where a soft or external link points to
}

// Target gives a soft link's path, an external link's "file:path", and "" for a hard link.
func (l Link) Target() string {
	if l.Kind == LinkExternal {
		return l.File + ":" + l.Path
	}
	return l.Path
}

func newLink(l libhdf5.Link) Link {
	return Link{Kind: LinkKind(l.Kind), File: l.File, Path: l.Path}
}
