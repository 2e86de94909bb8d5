// Package fuzz makes random Go programs that are valid by construction and behave the same in every
// run, so that what a compiler and a notebook make of them can be compared.
//
// There are only a few types here: Features say what a program may be made of; a Program is its
// declarations and the statements of its main.
package fuzz

import (
	"fmt"
	"math/rand"
	"strings"
)

// Features are parts of the language that a program may use.
type Features struct {
	Interfaces bool // interfaces that hold values of declared types
	Printing   bool // values of declared types printed by fmt
	Apart      bool // methods in later cells than their type
}

// Program is a program in pieces that may become cells of their own, in this order.
type Program struct {
	Decls []string
	Main  []string // each statement declares, and then uses, what it needs
	Apart bool     // Decls may be cut
}

// Text gives the program as one file.
func (p Program) Text() string {
	return "package main\n\n" + strings.Join(p.Decls, "\n\n") + "\n\nfunc main() {\n" + strings.Join(p.Main, "\n") + "\n}\n"
}

// Cells gives the program as a notebook: its declarations and the statements of main, cut anywhere.
func (p Program) Cells(seed int64) []string {
	r := rand.New(rand.NewSource(seed))
	var cells []string
	for i, pieces := range [][]string{p.Decls, p.Main} {
		if i == 0 && !p.Apart {
			cells = append(cells, strings.Join(pieces, "\n\n"))
			continue
		}
		for len(pieces) > 0 {
			n := 1 + r.Intn(min(len(pieces), 6))
			cells = append(cells, strings.Join(pieces[:n], "\n\n"))
			pieces = pieces[n:]
		}
	}
	return cells
}

// variable is a name in scope.
type variable struct {
	name   string
	t      *typ
	effect bool // calling it changes something
	fixed  bool // it must not be assigned
}

// gen writes one program.
type gen struct {
	r        *rand.Rand
	features Features
	w        *world
	decls    []string
	funcs    []*routine
	scopes   [][]variable
	names    int
	deepest  int // operators above each other
	consts   map[*typ][]string

	implementing map[*typ][]*typ // interface -> types with its methods

	// of the function that is being written
	results []*typ
	named   []string
	labels  []string // of the loops around
	loops   int
	nested  int // function literals around in which return means another thing
}

// New makes the program of a seed.
func New(seed int64, f Features) Program {
	g := &gen{r: rand.New(rand.NewSource(seed)), features: f, w: newWorld(), implementing: map[*typ][]*typ{}, consts: map[*typ][]string{}}
	g.decls = append(g.decls, Prelude)
	g.scopes = [][]variable{nil}
	size := 1 + g.r.Intn(4) // small programs say best what is wrong, large ones meet more of it
	g.deepest = size
	for range size {
		g.typeDecl()
	}
	g.wider()
	g.globals()
	for range 1 + g.r.Intn(size) {
		g.pureFunc()
	}
	g.methods()
	if f.Interfaces {
		g.interfaces()
	}
	for range g.r.Intn(size) {
		g.function()
	}
	return Program{g.decls, g.main(size), f.Apart}
}

// chance is true once in n times.
func (g *gen) chance(n int) bool { return g.r.Intn(n) == 0 }

func (g *gen) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

func (g *gen) push() { g.scopes = append(g.scopes, nil) }
func (g *gen) pop()  { g.scopes = g.scopes[:len(g.scopes)-1] }

func (g *gen) declare(name string, t *typ) {
	top := len(g.scopes) - 1
	g.scopes[top] = append(g.scopes[top], variable{name: name, t: t})
}

// each visits the variables in scope; of those with one name only the innermost.
func (g *gen) each(visit func(variable)) {
	seen := map[string]bool{}
	for i := len(g.scopes) - 1; i >= 0; i-- {
		for j := len(g.scopes[i]) - 1; j >= 0; j-- {
			if v := g.scopes[i][j]; !seen[v.name] {
				seen[v.name] = true
				visit(v)
			}
		}
	}
}

// variable gives a variable of type t, "" when there is none.
func (g *gen) variable(t *typ) string {
	return g.choose(func(v variable) bool { return v.t == t && !v.effect }).name
}

// assignable gives a variable that may be set.
func (g *gen) assignable() variable {
	return g.choose(func(v variable) bool { return !v.fixed && !v.effect })
}

func (g *gen) choose(fits func(variable) bool) variable {
	var found []variable
	g.each(func(v variable) {
		if fits(v) {
			found = append(found, v)
		}
	})
	if len(found) == 0 {
		return variable{}
	}
	return found[g.r.Intn(len(found))]
}

// Prelude is what every program has: helpers that make an operation possible for any operands, fuel
// that ends what calls too much, and a variable of each basic type.
const Prelude = `import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
)

var _ iter.Seq[sync.Mutex]
var _ = maps.Keys[map[int]int]
var _ = slices.Max[[]int]

var _ = errors.New
var _ = sort.Ints
var _ = strconv.Itoa
var _ = strings.ToUpper

var (
	zBool bool = true
	zString string = "z"
	zInt int = 7
	zInt8 int8 = -3
	zInt16 int16 = 300
	zInt32 int32 = -70000
	zInt64 int64 = 1 << 40
	zUint uint = 9
	zUint8 uint8 = 200
	zUint16 uint16 = 60000
	zUint32 uint32 = 1 << 31
	zUint64 uint64 = 1 << 63
	zFloat32 float32 = 0.1
	zFloat64 float64 = 2.5
	zComplex128 complex128 = 1 + 2i
	zComplex64 complex64 = 3 - 1i
)

var fuel = 200

func tick() {
	fuel--
	if fuel < 0 {
		panic("out of fuel")
	}
}

func at(i, n int) int {
	i %= n
	if i < 0 {
		i += n
	}
	return i
}

func elem[T any](s []T, i int) T {
	var none T
	if len(s) == 0 {
		return none
	}
	return s[at(i, len(s))]
}

func byteAt(s string, i int) byte {
	if s == "" {
		return 0
	}
	return s[at(i, len(s))]
}

func sub(s string, i, j int) string {
	i, j = at(i, len(s)+1), at(j, len(s)+1)
	if i > j {
		i, j = j, i
	}
	return s[i:j]
}

func clip(s string) string {
	if len(s) > 24 {
		return s[len(s)-24:]
	}
	return s
}

func pick[T any](c bool, a, b T) T {
	if c {
		return a
	}
	return b
}

func trace[T any](id int, v T) T {
	fmt.Println("trace", id)
	return v
}

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered", said(r))
		}
	}()
	f()
}

func said(r any) string {
	if err, ok := r.(error); ok {
		return "error " + err.Error()
	}
	return fmt.Sprint(r)
}

func count(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs[T any](s []T) func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		for i, v := range s {
			if !yield(i, v) {
				return
			}
		}
	}
}

// show gives a value as text, of which nothing depends on where it lies in memory.
func show(v any) string { return clip(fmt.Sprintf("%v", v)) }

// shown does so with the results of a call.
func shown(values ...any) string {
	var all []string
	for _, v := range values {
		all = append(all, show(v))
	}
	return strings.Join(all, "/")
}

type problem struct {
	what  string
	where int
}

func (p problem) Error() string { return p.what + "@" + strconv.Itoa(p.where) }

type byPlace []problem

func (b byPlace) Len() int           { return len(b) }
func (b byPlace) Less(i, j int) bool { return b[i].where < b[j].where }
func (b byPlace) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type word string

func (w word) String() string { return "<" + string(w) + ">" }
func (w word) Len() int       { return len(w) }

type number8 uint8

func (n number8) String() string { return "#" + strconv.Itoa(int(n)) }

type counter struct{ n int }

func (c *counter) Inc()           { c.n++ }
func (c *counter) String() string { return fmt.Sprint("count ", c.n) }

type holder struct {
	fmt.Stringer
	n int
}

type deep struct {
	*counter
	word
}

type handler func(string) int

func (h handler) Serve(s string) int { return h(s) * 2 }

func apply[T, U any](f func(T) U, a T) string { return show(f(a)) }

func compose[A, B, C any](f func(A) B, g func(B) C) func(A) C { return func(a A) C { return g(f(a)) } }

func folded[T, U any](s []T, acc U, f func(U, T) U) any {
	for _, e := range s {
		acc = f(acc, e)
	}
	return acc
}

func filtered[S ~[]E, E any](s S, keep func(E) bool) S {
	var out S
	for _, e := range s {
		if keep(e) {
			out = append(out, e)
		}
	}
	return out
}

func sums[M ~map[K]V, K comparable, V number](m M) (sum V) {
	for _, v := range m {
		sum += v
	}
	return sum
}

type Set[K comparable] map[K]struct{}

func (s Set[K]) Add(k K) { s[k] = struct{}{} }

func (s Set[K]) Has(k K) bool { _, ok := s[k]; return ok }

func union[K comparable](sets ...Set[K]) Set[K] {
	all := Set[K]{}
	for _, s := range sets {
		for k := range s {
			all.Add(k)
		}
	}
	return all
}

type branch[K cmp.Ordered, V any] struct {
	key         K
	val         V
	left, right *branch[K, V]
}

type Tree[K cmp.Ordered, V any] struct{ root *branch[K, V] }

func (t *Tree[K, V]) at(k K) **branch[K, V] {
	b := &t.root
	for *b != nil {
		switch c := cmp.Compare(k, (*b).key); {
		case c < 0:
			b = &(*b).left
		case c > 0:
			b = &(*b).right
		default:
			return b
		}
	}
	return b
}

func (t *Tree[K, V]) Put(k K, v V) {
	if b := t.at(k); *b == nil {
		*b = &branch[K, V]{key: k, val: v}
	} else {
		(*b).val = v
	}
}

func (t *Tree[K, V]) Get(k K) (v V, ok bool) {
	if b := *t.at(k); b != nil {
		return b.val, true
	}
	return v, false
}

func (b *branch[K, V]) walk(yield func(K, V) bool) bool {
	return b == nil || b.left.walk(yield) && yield(b.key, b.val) && b.right.walk(yield)
}

func (t *Tree[K, V]) Walk(yield func(K, V) bool) { t.root.walk(yield) }

type Option[T any] struct {
	Value T
	OK    bool
}

func Some[T any](v T) Option[T] { return Option[T]{v, true} }

func None[T any]() (none Option[T]) { return }

func (o Option[T]) Or(other T) T {
	if o.OK {
		return o.Value
	}
	return other
}

type Ring[T any] struct {
	items [3]T
	n     int
}

func (r *Ring[T]) Push(v T) {
	r.items[r.n%len(r.items)] = v
	r.n++
}

func (r Ring[T]) Backward() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := range min(r.n, len(r.items)) {
			if !yield(i, r.items[(r.n-1-i)%len(r.items)]) {
				return
			}
		}
	}
}

type adder[T any] interface{ Add(T) T }

type Number[T number] struct{ v T }

func (n Number[T]) Add(o Number[T]) Number[T] { return Number[T]{n.v + o.v} }

func (n *Number[T]) More(by T) { n.v += by }

func added[A adder[A]](a, b A) A { return a.Add(b) }

func add2[P interface {
	*E
	More(V)
}, E, V any](p P, v V) E {
	p.More(v)
	p.More(v)
	return *p
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }

func (s *Stack[T]) Pop() (T, bool) {
	var none T
	if len(s.items) == 0 {
		return none, false
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

func (s Stack[T]) Len() int { return len(s.items) }

type Pair[A, B any] struct {
	First  A
	Second B
}

func (p Pair[A, B]) Swap() Pair[B, A] { return Pair[B, A]{p.Second, p.First} }

type List[T any] struct {
	value T
	next  *List[T]
}

func (l *List[T]) Add(v T) *List[T] { return &List[T]{v, l} }

func (l *List[T]) Len() int {
	if l == nil {
		return 0
	}
	return 1 + l.next.Len()
}

func (l *List[T]) All() func(yield func(T) bool) {
	return func(yield func(T) bool) {
		for ; l != nil; l = l.next {
			if !yield(l.value) {
				return
			}
		}
	}
}

type number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

func total[T number](s []T) (t T) {
	for _, v := range s {
		t += v
	}
	return t
}

func largest[T number](s ...T) T {
	m := s[0]
	for _, v := range s[1:] {
		if v > m {
			m = v
		}
	}
	return m
}

func mapped[T, U any](s []T, f func(T) U) []U {
	var out []U
	for _, v := range s {
		out = append(out, f(v))
	}
	return out
}`

// typeDecl declares a struct, or a type of another shape.
func (g *gen) typeDecl() {
	if len(g.w.structs) > 0 && g.chance(3) {
		g.shapeDecl()
		return
	}
	t := &typ{name: g.name("S"), kind: structure, declared: true}
	var text strings.Builder
	if len(g.w.structs) > 0 && g.chance(2) {
		base := g.w.structs[g.r.Intn(len(g.w.structs))]
		t.fields = append(t.fields, field{base.name, base, true})
		fmt.Fprintf(&text, "\t%s\n", base.name)
	}
	for range 1 + g.r.Intn(4) {
		f := field{name: g.name("F"), t: g.anyType()}
		if g.chance(3) {
			f.name = strings.ToLower(f.name)
		}
		t.fields = append(t.fields, f)
		fmt.Fprintf(&text, "\t%s %s\n", f.name, f.t.name)
	}
	g.decls = append(g.decls, "type "+t.name+" struct {\n"+text.String()+"}")
	g.w.one(t)
	g.w.structs = append(g.w.structs, t)
	g.w.usable = append(g.w.usable, t)
}

// shapeDecl declares a type that is made of one other.
func (g *gen) shapeDecl() {
	of := *g.w.basics[1+g.r.Intn(len(g.w.basics)-1)]
	name := of.name
	if g.chance(2) {
		e := g.anyType()
		of = *[]*typ{g.w.slice(e), g.w.array(e, 2), g.w.mapping(g.w.named("string"), e)}[g.r.Intn(3)]
		name = of.name
	}
	of.name, of.declared = g.name("N"), true
	g.decls = append(g.decls, "type "+of.name+" "+name)
	g.w.usable = append(g.w.usable, g.w.one(&of))
}

// anyType gives a type that a field, an element or a variable may have.
func (g *gen) anyType() *typ { return g.w.usable[g.r.Intn(len(g.w.usable))] }

// wider adds slices, arrays and maps of what there is.
func (g *gen) wider() {
	for range 4 {
		e := g.anyType()
		g.w.usable = append(g.w.usable, g.w.slice(e), g.w.array(e, 1+g.r.Intn(3)))
		k := g.w.basics[1+g.r.Intn(11)]
		g.w.usable = append(g.w.usable, g.w.mapping(k, g.anyType()))
		if s := g.w.structs[g.r.Intn(len(g.w.structs))]; s.hashable() {
			g.w.usable = append(g.w.usable, g.w.mapping(s, e))
		}
	}
}

// globals declares variables and constants of the program.
func (g *gen) globals() {
	t := g.anyType()
	v := g.name("g")
	g.decls = append(g.decls, fmt.Sprintf("var %s %s = %s", v, t.name, g.expr(t, 2)))
	g.declare(v, t)
	of := g.w.named("int")
	for _, u := range g.w.usable {
		if u.declared && u.kind == integer && u.bits > 16 {
			of = u
		}
	}
	c := g.name("C")
	g.decls = append(g.decls, fmt.Sprintf("const (\n\t%s %s = iota*%d + 1\n\t%sb\n\t%sc %s = 1 << (iota + %d)\n)", c, of.name, 1+g.r.Intn(5), c, c, of.name, g.r.Intn(10)))
	g.consts[of] = append(g.consts[of], c, c+"b", c+"c")
}

// parameters declares parameters and gives their text.
func (g *gen) parameters(n int) ([]*typ, string) {
	var ts []*typ
	var texts []string
	for range n {
		t, v := g.anyType(), g.name("p")
		ts = append(ts, t)
		texts = append(texts, v+" "+t.name)
		g.declare(v, t)
	}
	return ts, strings.Join(texts, ", ")
}

// pureFunc declares a function that expressions may call.
func (g *gen) pureFunc() {
	g.push()
	defer g.pop()
	f := &routine{name: g.name("pure"), pure: true, results: []*typ{g.anyType()}}
	var params string
	f.params, params = g.parameters(1 + g.r.Intn(3))
	t := f.results[0]
	g.decls = append(g.decls, fmt.Sprintf("func %s(%s) %s {\n\tif %s {\n\t\treturn %s\n\t}\n\treturn %s\n}",
		f.name, params, t.name, g.condition(2), g.expr(t, 2), g.expr(t, 2)))
	g.funcs = append(g.funcs, f)
}

// methods declares methods of the structs and of some of the other types.
func (g *gen) methods() {
	for _, t := range g.w.usable {
		if !t.declared || t.kind != structure && g.chance(2) {
			continue
		}
		g.pureMethod(t)
		if g.features.Printing && g.chance(3) {
			g.stringMethod(t)
		}
		if t.kind == structure {
			g.pointerMethod(t)
		}
	}
	for _, t := range g.w.structs {
		g.promote(t)
	}
}

func (g *gen) pureMethod(t *typ) {
	g.push()
	defer g.pop()
	m := &routine{name: g.name("M"), pure: true, results: []*typ{g.anyType()}}
	recv := g.name("r")
	g.declare(recv, t)
	var params string
	m.params, params = g.parameters(g.r.Intn(3))
	g.decls = append(g.decls, fmt.Sprintf("func (%s %s) %s(%s) %s {\n\treturn %s\n}", recv, t.name, m.name, params, m.results[0].name, g.expr(m.results[0], 3)))
	t.methods = append(t.methods, m)
}

// stringMethod declares one of the methods that package fmt asks.
func (g *gen) stringMethod(t *typ) {
	g.push()
	defer g.pop()
	recv := g.name("r")
	g.declare(recv, t)
	name := []string{"String", "Error", "GoString"}[g.r.Intn(3)]
	g.decls = append(g.decls, fmt.Sprintf("func (%s %s) %s() string {\n\treturn %s\n}", recv, t.name, name, g.expr(g.w.named("string"), 2)))
}

// pointerMethod declares a method that changes its receiver.
func (g *gen) pointerMethod(t *typ) {
	g.push()
	defer g.pop()
	m := &routine{name: g.name("M"), pointer: true, results: []*typ{g.anyType()}}
	recv := g.name("r")
	g.declare(recv, g.w.pointer(t))
	var params string
	m.params, params = g.parameters(g.r.Intn(3))
	var body []string
	for _, f := range t.fields {
		if g.chance(2) {
			body = append(body, fmt.Sprintf("\t%s.%s = %s\n", recv, f.name, g.expr(f.t, 2)))
		}
	}
	g.decls = append(g.decls, fmt.Sprintf("func (%s *%s) %s(%s) %s {\n%s\treturn %s\n}", recv, t.name, m.name, params, m.results[0].name, strings.Join(body, ""), g.expr(m.results[0], 2)))
	t.methods = append(t.methods, m)
}

// promote gives a struct the methods of what it embeds.
func (g *gen) promote(t *typ) {
	for _, f := range t.fields {
		if f.embedded {
			t.methods = append(t.methods, f.t.methods...)
		}
	}
}

// interfaces declares interfaces and for each at least two types that have its method.
func (g *gen) interfaces() {
	for range 1 + g.r.Intn(2) {
		t := &typ{name: g.name("I"), kind: iface, declared: true}
		m := &routine{name: g.name("M"), pure: true, results: []*typ{g.anyType()}}
		if g.chance(2) {
			m.results[0] = g.w.named("bool") // for conditions
		}
		g.push()
		var params string
		m.params, params = g.parameters(g.r.Intn(2))
		g.decls = append(g.decls, fmt.Sprintf("type %s interface {\n\t%s(%s) %s\n}", t.name, m.name, params, m.results[0].name))
		for _, of := range g.w.usable {
			if !of.declared || of.kind == iface || len(g.implementing[t]) > 1 && g.chance(2) {
				continue
			}
			g.push()
			recv := g.name("r")
			impl, star := of, ""
			if of.kind == structure && g.chance(3) {
				impl, star = g.w.pointer(of), "*"
			}
			g.declare(recv, impl)
			g.decls = append(g.decls, fmt.Sprintf("func (%s %s%s) %s(%s) %s {\n\treturn %s\n}", recv, star, of.name, m.name, params, m.results[0].name, g.expr(m.results[0], 2)))
			g.implementing[t] = append(g.implementing[t], impl)
			g.pop()
		}
		g.pop()
		t.methods = []*routine{m}
		g.w.ifaces = append(g.w.ifaces, g.w.one(t))
	}
	for _, t := range g.w.ifaces {
		if len(g.implementing[t]) > 0 {
			g.w.usable = append(g.w.usable, t)
		}
	}
}

// function declares a function whose body may do anything.
func (g *gen) function() {
	g.push()
	defer g.pop()
	f := &routine{name: g.name("fn")}
	for range g.r.Intn(3) {
		if t := g.anyType(); t.kind != iface { // a recovered panic leaves nil
			f.results = append(f.results, t)
		}
	}
	var params string
	f.params, params = g.parameters(g.r.Intn(4))
	var results []string
	g.named = nil
	if g.chance(2) {
		for _, t := range f.results {
			v := g.name("out")
			g.named = append(g.named, v)
			results = append(results, v+" "+t.name)
			g.declare(v, t)
		}
	} else {
		for _, t := range f.results {
			results = append(results, t.name)
		}
	}
	g.results, g.labels, g.loops = f.results, nil, 0
	body := append([]string{"tick()"}, g.guard()...)
	body = append(body, g.block(4+g.r.Intn(5), 3)...)
	body = append(body, g.returned())
	g.decls = append(g.decls, fmt.Sprintf("func %s(%s) (%s) {\n%s\n}", f.name, params, strings.Join(results, ", "), strings.Join(body, "\n")))
	g.funcs = append(g.funcs, f)
}

// guard gives some functions a deferred call that recovers, and may set a result.
func (g *gen) guard() []string {
	if !g.chance(3) {
		return nil
	}
	set := ""
	if len(g.named) > 0 && g.chance(2) {
		set = "\n" + g.named[0] + " = " + g.expr(g.results[0], 1)
	}
	return []string{fmt.Sprintf("defer func() {\nif r := recover(); r != nil {\nfmt.Println(\"caught\", said(r))%s\n}\n}()", set)}
}

// returned gives the return statement of the function.
func (g *gen) returned() string {
	if len(g.named) > 0 && g.chance(2) {
		return "return"
	}
	var values []string
	for _, t := range g.results {
		values = append(values, g.expr(t, 2))
	}
	return "return " + strings.Join(values, ", ")
}

// main gives statements that call what has been declared and print what comes of it.
func (g *gen) main(size int) []string {
	g.results, g.named, g.labels, g.loops = nil, nil, nil, 0
	g.nested++ // a return would leave the rest out
	defer func() { g.nested-- }()
	var list []string
	for range size {
		g.push()
		body := g.block(1+g.r.Intn(size), size)
		g.pop()
		list = append(list, "try(func() {\n"+strings.Join(body, "\n")+"\n})")
		list = append(list, g.declaration())
	}
	g.each(func(v variable) { list = append(list, g.print(v)) })
	return list
}
