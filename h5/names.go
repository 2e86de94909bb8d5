package h5

import (
	"slices"

	"gofive/h5/internal/libhdf5"
)

// Names are the names of a group's members as they were found, all or some of them. List describes what they lead
// to, and sooner than what is known by its name alone.
type Names struct{ list []libhdf5.Name }

// Names gives the names of the group's members.
func (g *container) Names(order ...Order) (Names, error) {
	list, err := g.names("list", lastOf(order))
	return Names{list}, err
}

// Len is how many there are.
func (n Names) Len() int { return len(n.list) }

// At is one of them.
func (n Names) At(i int) string { return n.list[i].Text }

// Slice gives those from one to before another.
func (n Names) Slice(from, to int) Names { return Names{n.list[from:to:to]} }

// Keep gives those that are to be kept.
func (n Names) Keep(keep func(name string) bool) Names {
	return Names{slices.DeleteFunc(slices.Clone(n.list), func(x libhdf5.Name) bool { return !keep(x.Text) })}
}
