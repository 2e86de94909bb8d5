package h5view

import (
	"strings"

	"gofive/h5"
)

// Guide says of objects of one file what the conventions that it follows tell of them. It holds what it has
// found in the file's root: for a file that changes it is made anew.
type Guide struct{ found []found }

// NewGuide looks which conventions a file follows.
func NewGuide(f *h5.File) *Guide { return &Guide{recognise(f)} }

// Conventions are the conventions that the file follows, in a few words each.
func (g *Guide) Conventions() []string {
	var out []string
	for _, f := range g.found {
		out = append(out, f.note)
	}
	return out
}

// Members describes entries of a group of the file. What they are for is told of those that were listed with
// their attributes.
func (g *Guide) Members(group h5.Object, entries []h5.Entry) []Member {
	look := newLook(group)
	look.found = g.found
	out := make([]Member, len(entries))
	for i, e := range entries {
		out[i] = newMember(e)
		out[i].Name, out[i].Path, out[i].Truncated = e.Name, e.Path, false
		if e.Err != nil {
			out[i].Error = advice(e.Err)
		}
		out[i].Role = (&node{look: look, entry: e, attrs: e.Info.Attributes, asked: true}).role()
	}
	return out
}

// Role says what an object is for, "" for nothing special.
func (g *Guide) Role(o h5.Object) string {
	n := newRoot(o)
	n.look.found = g.found
	return n.role()
}

// UnitOf is the unit of a dataset's numbers, "" for none that is known.
func UnitOf(d *h5.Dataset) string { return meaningOf(d).unit }

// Trouble says in a line why something cannot be shown, and what to try next.
func Trouble(err error) (why, hint string) {
	text := advice(err)
	why = problem(err)
	return why, strings.TrimPrefix(strings.TrimPrefix(text, why), "; ")
}
