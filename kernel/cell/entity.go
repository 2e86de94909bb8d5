package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// mark is a letter that no one types. It sets names of ours apart from the user's: behind a name it
// makes a version of it, "xˑ4", or the older thing of that name, "xˑ"; what the user has no name for
// begins with it. It never shows in a message.
const mark = "ˑ"

// entity is a top-level name of the notebook.
type entity struct {
	name    string
	cell    string       // that declared it last, "In[4]"
	obj     types.Object // nil for a package
	path    string       // import path of a package
	version string       // its name in lowered code
	unit    *unit        // text of a function, type or constant, for emitting it again
	methods []*unit      // of a type
	method  bool         // it is a method, called "T.name"
	uses    []string     // top-level names that its text mentions
}

// version is the name in lowered code of what a cell declares.
func version(name string, seq int) string { return fmt.Sprintf("%s%s%d", name, mark, seq) }

// isVar reports whether the entity is a variable, which lives on when functions are emitted again.
func (e *entity) isVar() bool { _, ok := e.obj.(*types.Var); return ok }

// isFunc reports whether the entity is a function.
func (e *entity) isFunc() bool { _, ok := e.obj.(*types.Func); return ok }

// pieces gives the texts that declare the entity, a type's methods included.
func (e *entity) pieces() []*unit {
	if e.unit == nil {
		return nil
	}
	return append([]*unit{e.unit}, e.methods...)
}

// collectEntities makes an entity of each name that the checked cell declares.
func (c *check) collectEntities() {
	c.entities = nil
	for _, name := range slices.Sorted(maps.Keys(c.decls)) {
		c.entities = append(c.entities, c.entity(name, c.decls[name]))
	}
	c.methodEntities()
	for _, name := range slices.Sorted(maps.Keys(c.explicit)) {
		c.entities = append(c.entities, &entity{name: name, cell: c.name, path: c.explicit[name]})
	}
}

func (c *check) entity(name string, u *unit) *entity {
	e := &entity{name: name, cell: u.cell, obj: c.pkg.Scope().Lookup(name)}
	e.version = version(name, c.session.seq)
	if e.isVar() {
		old := c.session.names[name]
		if old != nil && old.isVar() && types.Identical(old.obj.Type(), e.obj.Type()) {
			e.version = old.version
		}
		return e
	}
	if strings.Contains(name, mark) && u.source == nil {
		return e // a type that has moved out of a function belongs to that
	}
	if names := declaredNames(u.firstDecl()); len(names) == 1 {
		e.unit = u
	}
	texts := []*unit{u}
	for _, m := range c.units {
		if receiver(m.firstDecl()) == name {
			e.methods = append(e.methods, m)
			if isGeneric(m.firstDecl().(*ast.FuncDecl)) { // others are entities of their own
				texts = append(texts, m)
			}
		}
	}
	e.uses = sortedUses(texts)
	return e
}

// plain takes our names out of a message: marks with the version behind them, the helpers of
// the check, and the name of the package that all cells are in.
func plain(msg string) string {
	msg = strings.ReplaceAll(msg, " in argument to "+showHelper, "")
	for _, helper := range takeHelpers[1:] {
		msg = unwrap(msg, helper+"(")
	}
	for {
		i := strings.Index(msg, mark)
		if i < 0 {
			break
		}
		end := i + len(mark)
		for end < len(msg) && msg[end] >= '0' && msg[end] <= '9' {
			end++
		}
		msg = msg[:i] + msg[end:]
	}
	return dropMain(msg)
}

// qualified is a type of a cell as go/types writes it.
var qualified = regexp.MustCompile(packagePrefix + `\d+\.[\pL_][\pL\d_]*`)

// plain is plain, and says of types that have lost their name to another which cell they are from.
func (c *check) plain(msg string) string { return plain(c.named(msg)) }

// named writes the types of cells in a message as people know them.
func (c *check) named(msg string) string {
	at := qualified.FindStringIndex(msg)
	if at == nil {
		return msg
	}
	name, from := c.typeName(msg[at[0]:at[1]])
	rest := msg[at[1]:]
	args := rest[:bracketed(rest)]
	return msg[:at[0]] + name + c.named(args) + from + c.named(rest[len(args):])
}

// bracketed gives the length of the type arguments that a text begins with.
func bracketed(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		}
		switch {
		case depth == 0 && i == 0:
			return 0
		case depth == 0:
			return i + 1
		}
	}
	return 0
}

// typeName gives the name of a type for messages and, when the name means another type now, from
// which cell it is: " (from In[3])".
func (c *check) typeName(full string) (name, from string) {
	_, name, _ = strings.Cut(full, ".")
	e := c.session.names[name]
	current := e != nil && e.obj != nil && e.obj.Pkg() != nil && e.obj.Pkg().Name()+"."+name == full
	if cell, known := c.session.origins[full]; known && (!current || c.decls[name] != nil) {
		from = " (from " + cell + ")"
	}
	return name, from
}

// unwrap removes calls of a helper and keeps their arguments.
func unwrap(msg, call string) string {
	for {
		i := strings.Index(msg, call)
		if i < 0 {
			return msg
		}
		rest := msg[i+len(call):]
		depth := 1
		end := strings.IndexFunc(rest, func(r rune) bool {
			switch r {
			case '(':
				depth++
			case ')':
				depth--
			}
			return depth == 0
		})
		if end < 0 {
			return msg[:i] + rest
		}
		msg = msg[:i] + rest[:end] + rest[end+1:]
	}
}

// dropMain removes the qualifier "main.", which go/types writes before types of other cells.
func dropMain(msg string) string {
	const qualifier = "main."
	var b strings.Builder
	for {
		i := strings.Index(msg, qualifier)
		if i < 0 {
			return b.String() + msg
		}
		b.WriteString(msg[:i])
		if i > 0 && isWordByte(msg[i-1]) {
			b.WriteString(qualifier)
		}
		msg = msg[i+len(qualifier):]
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// sortedUses gives the distinct names of free identifiers.
func sortedUses(units []*unit) []string {
	var names []string
	for _, u := range units {
		for _, id := range u.free {
			names = append(names, id.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
