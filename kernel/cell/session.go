// Package cell is the front end of the language: it splits the text of a cell, checks it with
// go/types against what earlier cells declared, and lowers it to plain Go that yaegi runs right.
// Completion and inspection come from the same knowledge.
//
// There are only a few types here: a Session is one notebook; Check turns a cell into a Program or
// into Diagnostics; Library is what a cell may name without declaring it.
//
//	s := cell.NewSession(exports.Library())
//	p, err := s.Check("In[1]", `x := strings.ToUpper("go")`)
package cell

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/types/typeutil"
)

// Library is what cells may name without declaring it. This package imports none of it: importer,
// documentation and the list of packages are handed over as values.
type Library struct {
	// Import gives the package of an import path, or an error that says why it cannot be had.
	Import func(path string) (*types.Package, error)
	// Packages are those imported by their bare name; where two share a name the earlier wins,
	// unless only a later one has what is selected.
	Packages []Package
	// Doc gives the documentation of an exported name ("" for the package itself), "" if none.
	// Methods and fields are named "Type.Name".
	Doc func(path, name string) string
	// Source gives the generic functions of a package as text; the zero Source has none.
	Source func(path string) Source
}

// Package is an import path and the name its files declare.
type Package struct{ Path, Name string }

// Session is what the cells of one notebook have declared. Its methods may be called at once from
// several goroutines; completion and inspection never wait for a running cell.
type Session struct {
	mu             sync.Mutex
	lib            Library
	names          map[string]*entity
	users          map[string]map[string]bool            // name -> names of what has mentioned it
	dots           []string                              // import paths of dot imports
	lost           map[string]string                     // name -> cell that lost it with the engine
	types          map[*types.TypeName]string            // lowered name of every type ever declared: values outlive names
	origins        map[string]string                     // of every type ever declared, as messages of the check name it: the cell
	instances      map[string]*instance                  // of generic functions and types that the engine has
	methodVersions []string                              // that fragments mention, as lowered, by the number in their tokens
	texts          map[string]*fragment                  // all that was ever declared, by version
	bodies         []*cellBody                           // what cells ran
	imported       []string                              // paths of the packages that fragments mention
	methods        map[*types.TypeName]map[string]string // functions of methods
	table          typeTable                             // types that the engine knows
	pure           map[string]purity                     // by lowered name: functions that only compute
	inlines        map[string]*inlinable                 // by lowered name: functions whose calls can be replaced
	passing        map[string]*Program                   // by code and source: programs of which nothing is left
	replaced       []string                              // functions that the cell before this one declared again, by version
	seq            int                                   // cells checked so far: makes versions unique

	last   *Program           // the program checked last
	before map[string]*entity // what the names that it declares meant before, nil for nothing
	undo   []func()           // takes the methods back that it gave to earlier types
}

// NewSession returns a Session in which nothing is declared.
func NewSession(lib Library) *Session {
	return &Session{
		lib: lib, names: map[string]*entity{}, lost: map[string]string{}, types: map[*types.TypeName]string{},
		origins: map[string]string{}, methods: map[*types.TypeName]map[string]string{}, instances: map[string]*instance{},
		texts: map[string]*fragment{}, users: map[string]map[string]bool{}, inlines: map[string]*inlinable{}, pure: map[string]purity{},
		passing: map[string]*Program{},
	}
}

// Check checks code as the cell called name ("In[4]") and lowers it. What the cell declares is part
// of the session from then on. The error is a *Diagnostics, and then nothing has changed.
func (s *Session) Check(name, code string) (*Program, error) {
	return s.CheckAs(Usual, name, code)
}

func (s *Session) checkAs(mode Mode, name, code string) (*Program, error) {
	code = strings.ReplaceAll(code, "\r\n", "\n") // as the scanner would, in raw strings too
	s.seq++
	if first, rest, ok := s.parts(name, code); ok {
		if p, done, err := s.inParts(mode, name, first, rest); done {
			return p, err
		}
	}
	c, err := s.check(mode, name, code)
	if err != nil {
		return nil, err
	}
	return s.accept(c)
}

// accept lowers what has passed its check and makes it part of the session.
func (s *Session) accept(c *check) (*Program, error) {
	p, _, err := s.accepted(c)
	return p, err
}

func (s *Session) accepted(c *check) (*Program, *lowering, error) {
	p, l, err := c.lower()
	if err != nil {
		return nil, nil, err
	}
	p.Forget = append(p.Forget, s.replaced...)
	for _, version := range s.replaced { // they are in nobody's call any more, and hold all that the check knew
		delete(s.inlines, version)
		delete(s.pure, version)
	}
	s.commit(c, p)
	s.remember(l)
	s.undo, c.undo = c.undo, nil
	return p, l, nil
}

// check checks a cell and, when it declares again what functions of earlier cells use, those
// functions with it. One that no longer fits is left as it was, with a note.
func (s *Session) check(mode Mode, name, code string) (*check, error) {
	c, err := s.attempt(mode, name, code, nil)
	var with []*entity
	if err != nil {
		// What it misses may be a method that a type had when it was declared before.
		left := s.methodsOfRedeclared(name, code)
		if len(left) == 0 {
			return nil, err
		}
		if c, with, err = s.attemptWith(mode, name, code, left); err != nil {
			return nil, err
		}
	}
	changed := c.changed()
	again := append(with, append(s.dependents(changed), s.methodsLeft(c, changed)...)...)
	outlived := s.outlived(c, changed)
	if len(again) > len(with) {
		if c, _, err = s.attemptWith(mode, name, code, again); err != nil {
			return nil, err
		}
	}
	c.notes = append(outlived, c.notes...)
	return c, nil
}

// attemptWith checks a cell together with entities to emit again. Those that no longer fit stay as they
// are, with a note; the others come back.
func (s *Session) attemptWith(mode Mode, name, code string, again []*entity) (*check, []*entity, error) {
	var notes []string
	for {
		c, err := s.attempt(mode, name, code, again)
		if err == nil {
			c.notes = append(c.notes, notes...)
			return c, again, nil
		}
		kept := slices.DeleteFunc(slices.Clone(again), func(e *entity) bool {
			msg, failed := c.failed[e]
			if failed {
				notes = append(notes, fmt.Sprintf("%s (%s) still uses what it knew: %s", e.name, e.cell, msg))
			}
			return failed
		})
		if len(kept) == len(again) {
			return nil, nil, err
		}
		again = kept
	}
}

// methodsOfRedeclared gives the methods of earlier cells for types that the text declares again
// without them, as entities to emit again.
func (s *Session) methodsOfRedeclared(name, code string) []*entity {
	units, _ := parseCell(token.NewFileSet(), name, code)
	var left []*entity
	for _, u := range units {
		if t := typeName(u); t != "" && s.names[t] != nil {
			left = append(left, methodsWithout(units, s.names[t])...)
		}
	}
	return left
}

// dependents gives the functions, types and constants of earlier cells whose text mentions one of
// the names, directly or through one another, in the order of their names.
func (s *Session) dependents(names map[string]bool) []*entity {
	var found []*entity
	reached := maps.Clone(names)
	for todo := slices.Collect(maps.Keys(names)); len(todo) > 0; {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for user := range s.users[name] {
			e := s.names[user]
			if reached[user] || e == nil || e.unit == nil || !slices.Contains(e.uses, name) {
				continue // by now it is another thing of that name
			}
			reached[user] = true
			found, todo = append(found, e), append(todo, user)
		}
	}
	slices.SortFunc(found, func(a, b *entity) int { return strings.Compare(a.name, b.name) })
	return slices.DeleteFunc(found, func(e *entity) bool { // a type comes with its methods
		base, _, _ := strings.Cut(e.name, ".")
		return e.method && (names[base] || slices.ContainsFunc(found, func(f *entity) bool { return f.name == base }))
	})
}

// methodsLeft gives the methods of earlier cells that belong to types which the cell declares anew
// without them, as entities to emit again.
func (s *Session) methodsLeft(c *check, changed map[string]bool) []*entity {
	var left []*entity
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		e := s.names[name]
		if _, isType := e.obj.(*types.TypeName); !isType {
			continue
		}
		left = append(left, methodsWithout(c.units, e)...)
	}
	return left
}

// methodsWithout gives the methods of a type that the units do not declare.
func methodsWithout(units []*unit, e *entity) []*entity {
	var left []*entity
	for _, m := range e.methods {
		if key := e.name + "." + m.methodName(); !slices.ContainsFunc(units, func(u *unit) bool { return methodKey(u) == key }) {
			left = append(left, &entity{name: key, cell: m.cell, unit: m, method: true})
		}
	}
	return left
}

// outlived notes that variables keep values of a type whose name the cell gives to a new one.
func (s *Session) outlived(c *check, changed map[string]bool) []string {
	var notes []string
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		e := s.names[name]
		old, isType := e.obj.(*types.TypeName)
		if !isType {
			continue
		}
		var holders []string
		for _, v := range slices.Sorted(maps.Keys(s.names)) {
			if holder := s.names[v]; holder.isVar() && c.decls[v] == nil {
				walkNamed(holder.obj.Type(), map[types.Type]bool{}, func(n *types.Named) {
					if n.Obj() == old && !slices.Contains(holders, v) {
						holders = append(holders, v)
					}
				})
			}
		}
		if len(holders) == 0 {
			continue
		}
		why := ""
		if methods := c.renewed[name]; len(methods) > 0 {
			why = fmt.Sprintf(", because it is generic and a later cell declares its method %s", strings.Join(methods, ", "))
		}
		notes = append(notes, fmt.Sprintf("%s is a new type now%s; %s still holds the %s of %s: make it anew to have what changed",
			name, why, strings.Join(holders, ", "), name, e.cell))
	}
	return notes
}

// commit makes what a cell declares part of the session.
func (s *Session) commit(c *check, p *Program) {
	s.last, s.before, s.replaced = p, map[string]*entity{}, nil
	for _, e := range c.entities {
		old := s.names[e.name]
		s.before[e.name] = old
		if old != nil && old.isFunc() && !e.method {
			s.replaced = append(s.replaced, old.version)
		}
		s.names[e.name] = e
		for _, name := range e.uses {
			if s.users[name] == nil {
				s.users[name] = map[string]bool{}
			}
			s.users[name][e.name] = true
		}
		delete(s.lost, e.name)
		if t, ok := e.obj.(*types.TypeName); ok {
			s.types[t] = e.version
			s.origins[t.Pkg().Name()+"."+t.Name()] = e.cell
		}
	}
	maps.Copy(s.texts, c.texts)
	s.bodies = append(s.bodies, c.body)
	for _, x := range c.instances {
		s.instances[x.key] = x
	}
	for _, path := range c.dots {
		if !slices.Contains(s.dots, path) {
			s.dots = append(s.dots, path)
		}
	}
}

// remember keeps what the engine has learnt of types and methods.
func (s *Session) remember(l *lowering) {
	maps.Copy(s.inlines, l.inlines)
	maps.Copy(s.pure, l.pure)
	s.table.added = l.newTypes.Keys()
	l.newTypes.Iterate(func(t types.Type, id any) { s.table.ids.Set(t, id) })
	for t, methods := range l.methods {
		if s.methods[t] == nil {
			s.methods[t] = map[string]string{}
		}
		maps.Copy(s.methods[t], methods)
	}
	for obj, name := range l.names {
		if t, ok := obj.(*types.TypeName); ok {
			s.types[t] = name
		}
	}
}

// Revert takes back what p declares, because nothing of it has run. It works for the program that was
// checked last; an older one has been built upon and stays.
func (s *Session) Revert(p *Program) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p == s.last {
		s.revert(p)
	}
}

func (s *Session) revert(p *Program) {
	for _, undo := range slices.Backward(s.undo) {
		undo()
	}
	for name, e := range s.before {
		if e == nil {
			delete(s.names, name)
		} else {
			s.names[name] = e
		}
	}
	s.replaced = nil
	clear(s.instances) // those that the engine has will be made again
	s.bodies = s.bodies[:len(s.bodies)-1]
	for _, t := range s.table.added {
		s.table.ids.Delete(t)
	}
	s.last = nil
}

// Lost forgets all variables, types and functions, because the engine that had them ended while
// (or after) the named cell ran. Later mentions of them say so.
func (s *Session) Lost(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.instances)
	s.table.ids = typeutil.Map{}
	s.last, s.undo = nil, nil // what it replaced is lost too: Revert must not bring that back
	for n, e := range s.names {
		if e.obj != nil { // imports are the kernel's own and stay
			s.lost[n] = name
			delete(s.names, n)
		}
	}
}
