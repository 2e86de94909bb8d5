package h5view

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"gofive/display"
	"gofive/display/tree"
	"gofive/h5"
)

// Usage is the line that says how Ls is called.
const Usage = "gofive ls [-r] [--json] FILE[:PATH]"

// Ls is the command "gofive ls": it writes what a file, or the object at a path in it, holds. args
// are [-r] [--json] FILE[:PATH].
//
// It writes a tree: the object and what is directly in it, with -r all that is below. A group of more
// than 10,000 members is listed by names alone unless -r or --json ask for more. With --json it
// writes JSON Lines: one object a line for each object of the file, the asked one first, with the
// fields of the type Item. A soft or external link is listed with what it leads to and not entered; a
// group that is met twice is entered once.
//
// What cannot be read is listed with the reason, and the rest all the same; then Ls returns an error
// too, after everything is written.
func Ls(w io.Writer, args []string) error {
	flags := flag.NewFlagSet("ls", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	deep := flags.Bool("r", false, "")
	asJSON := flags.Bool("json", false, "")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("ls: %w; usage: %s", err, Usage)
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("ls: %d files given; usage: %s", flags.NArg(), Usage)
	}
	file, path := splitPath(flags.Arg(0))
	f, err := h5.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	var o h5.Object = f
	if strings.Trim(path, "/") != "" {
		if o, err = f.Get(path); err != nil {
			return err
		}
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if *asJSON {
		err = listJSON(out, o, *deep)
	} else {
		err = listText(out, o, *deep, pageOf(w))
	}
	return errors.Join(err, out.Flush())
}

// splitPath splits FILE:PATH at the last colon before which a file's name stands. A file whose own
// name has a colon is found too.
func splitPath(arg string) (file, path string) {
	if _, err := os.Stat(arg); err == nil {
		return arg, ""
	}
	for i := len(arg) - 1; i > 0; i-- {
		if arg[i] != ':' {
			continue
		}
		if _, err := os.Stat(arg[:i]); err == nil {
			return arg[:i], arg[i+1:]
		}
	}
	file, path, _ = strings.Cut(arg, ":")
	return file, path
}

// manyMembers is the size of a group beyond which a plain listing does not open its members.
const manyMembers = 10_000

// maxAddedDeep is how many objects are looked at for the sizes of groups before all are listed.
const maxAddedDeep = 50_000

// totalsFor adds up groups for a listing of o.
func totalsFor(o h5.Object, deep bool) map[identity]*total {
	g, ok := o.(folder)
	if !ok {
		return nil
	}
	if deep {
		return addUp(g, maxAddedDeep)
	}
	return addUp(g, maxAdded)
}

// listText writes the tree.
func listText(w io.Writer, o h5.Object, deep bool, page tree.Options) error {
	info, err := o.Info()
	if err != nil {
		return err
	}
	root := newRoot(o)
	root.look.found = recognise(o.File())
	if g, ok := o.(folder); ok && !deep && info.NumLinks > manyMembers {
		return listNames(w, g, root, page)
	}
	root.look.totals = totalsFor(o, deep)
	page.Depth = 1
	if deep {
		page.Depth = math.MaxInt
	}
	err = tree.Print(w, root, page)
	return errors.Join(append(root.look.failed, err)...)
}

// listNames writes the names of a huge group.
func listNames(w io.Writer, g folder, root *node, page tree.Options) error {
	names, err := g.Keys()
	if err != nil {
		return err
	}
	h5.SortNatural(names)
	_, err = io.WriteString(w, tree.New(bare{root}, page).Text())
	for _, name := range names {
		if err == nil {
			_, err = io.WriteString(w, "├── "+display.Visible(name)+"\n")
		}
	}
	if err == nil {
		_, err = fmt.Fprintf(w, "└── (%s by name only; -r describes them)\n", members(len(names)))
	}
	return err
}

// bare is a node without its children.
type bare struct{ *node }

// Label implements tree.Node.
func (b bare) Label() tree.Label {
	l := b.node.Label()
	l.Children = 0
	return l
}
