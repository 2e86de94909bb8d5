package fuzz

import "strings"

// Idioms are what programs do in several steps, with types and values that are left to chance.

// fill replaces the words between « and » of a text: «T» and «U» are types, «K» one that compares, «N» an
// integer, «e T» an expression of one of these, «s» a string, «i» an int, «b» a bool, «v» a name that
// nothing else has, as are «w» and «x», «n» an expression of type N that is no constant.
func (g *gen) fill(text string) string {
	return g.fillWith(map[string]*typ{
		"T": g.concrete(), "U": g.concrete(), "K": g.comparable(), "N": g.w.basics[2+g.r.Intn(10)],
	}, text)
}

func (g *gen) fillWith(types map[string]*typ, text string) string {
	names := map[string]string{}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "«")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		word, after, _ := strings.Cut(rest, "»")
		text = after
		b.WriteString(g.filled(word, types, names))
	}
}

// filled gives what stands for a word.
func (g *gen) filled(word string, types map[string]*typ, names map[string]string) string {
	if t := types[word]; t != nil {
		return t.name
	}
	if name, ok := strings.CutPrefix(word, "e "); ok {
		return g.typed(types[name], 2)
	}
	switch word {
	case "s":
		return g.expr(g.w.named("string"), 2)
	case "i":
		return g.expr(g.w.named("int"), 2)
	case "n":
		return g.value(types["N"], 2)
	case "b":
		return g.condition(2)
	}
	if names[word] == "" {
		names[word] = g.name(word)
	}
	return names[word]
}

// concrete gives a type that is no interface: its zero values have all that it has.
func (g *gen) concrete() *typ {
	if t := g.anyType(); t.kind != iface {
		return t
	}
	return g.w.structs[g.r.Intn(len(g.w.structs))]
}

// comparable gives a type whose values compare.
func (g *gen) comparable() *typ {
	if t := g.anyType(); t.hashable() {
		return t
	}
	return g.w.basics[1+g.r.Intn(11)]
}

// idiom gives one of the texts below, in a block of its own.
func (g *gen) idiom() string {
	lists := [][]string{calls, places, texts, concurrency, generics, dynamics, flows}
	list := lists[g.r.Intn(len(lists))]
	return "{\n" + g.fill(list[g.r.Intn(len(list))]) + "\n}"
}

// calls are about parameters and results.
var calls = []string{
	`«v» := func(a «T», rest ...«U») (int, «T») { return len(rest), a }
fmt.Println(shown(«v»(«e T»)), shown(«v»(«e T», «e U»)), shown(«v»(«e T», []«U»{«e U», «e U»}...)))`,
	`«v» := func(a «T») (x «T», y «U») {
defer func() {
if «b» { x = «e T» }
y = «e U»
}()
x = a
return x, y
}
fmt.Println(shown(«v»(«e T»)))`,
	`«v», «w», «x» := func() («T», «U», []«N») { return «e T», «e U», append([]«N»{«e N»}, «e N») }()
fmt.Println(show(«v»), show(«w»), show(«x»))
«x», «v» = append(«x», «x»...), «e T»
fmt.Println(show(«v»), show(«x»))`,
	`«v» := func() (a int, b «N», c []«T») { a, b = 3, «e N»; return len(«s») + a, b + «N»(a), append(c, «e T») }
fmt.Println(shown(«v»()))`,
	`«v» := func() (get func() «T», set func(«T»)) { x := «e T»; return func() «T» { return x }, func(y «T») { x = y } }
«w», «x» := «v»()
fmt.Println(show(«w»()))
«x»(«e T»)
fmt.Println(show(«w»()))`,
	`«v» := []func(«N») «N»{func(a «N») «N» { return a + «e N» }, func(a «N») «N» { return -a }}
«w» := «e N»
for _, f := range «v» { «w» = f(«w»); «v»[0] = f }
fmt.Println(«w»)`,
	`«v» := struct{ f func(«T») «U»; n int }{n: 2}
«v».f = func(a «T») «U» { «v».n++; return «e U» }
fmt.Println(show(«v».f(«e T»)), «v».n)`,
	`«v» := func() (x «N») {
defer func() { x *= 2; if r := recover(); r != nil { x++; fmt.Println(said(r)) } }()
for i := range 3 { defer func() { x += «N»(i) }() }
if «b» { panic(«s») }
return «e N»
}
fmt.Println(«v»())`,
	`fmt.Println(apply(func(a «T») «U» { return «e U» }, «e T») , compose(func(a «T») «N» { return «e N» }, func(a «N») string { return fmt.Sprint(a) })(«e T»))`,
}

// places are about what can be assigned to.
var places = []string{
	`«v» := «e T»
«w» := &«v»
«x» := &«w»
**«x» = «e T»
fmt.Println(show(«v»), «w» == *«x»)`,
	`«v» := [3]«T»{«e T», «e T»}
«w» := &«v»
«w»[at(«i», 3)] = «e T»
for i, e := range «w» { «w»[2-i] = e }
«x» := «w»[1:]
«x»[0] = «e T»
y := «v»
y[1] = «e T»
fmt.Println(show(«v»), len(«x»), cap(«x»[:1:1]), show(y))`,
	`«v» := [][]«T»{{«e T»}, nil, {«e T», «e T»}}
«v»[at(«i», 3)] = append(«v»[at(«i», 3)], «e T»)
for i, row := range «v» { for j := range row { row[j] = «e T» }; fmt.Println(i, show(row)) }`,
	`«v» := map[«K»][]«T»{}
for range 2 { «v»[«e K»] = append(«v»[«e K»], «e T») }
for _, list := range «v» { _ = append(list, «e T») }
fmt.Println(len(«v»), show(«v»[«e K»]))
delete(«v», «e K»)`,
	`«v» := map[string]struct{ a «T»; n «N» }{"p": {«e T», «e N»}}
«w» := «v»["p"]
«w».n++
«v»["q"] = «w»
«x», ok := «v»[«s»]
fmt.Println(show(«v»), show(«x»), ok)`,
	`«v» := struct{ a «T»; b [2]struct{ c «N»; d []«U» } }{a: «e T»}
«v».b[at(«i», 2)].c += «e N»
«v».b[1].d = append(«v».b[0].d, «e U»)
«w» := «v»
«w».b[0].c--
fmt.Println(show(«v»), show(«w».b))`,
	`type «v» struct { x «T»; y *«v» }
«w» := &«v»{«e T», &«v»{x: «e T»}}
«w».y.x, «w».x = «w».x, «w».y.x
«w».y, «w» = nil, «w».y
fmt.Println(show(«w».x), «w».y == nil, fmt.Sprintf("%T", «w»))`,
	`«v» := []struct{ k «K»; n «N» }{{«e K», 1}, {k: «e K»}}
for i := range «v» { «v»[i].n += «e N»; p := &«v»[i]; p.n <<= 1 }
for _, e := range «v» { e.n = 0 }
fmt.Println(show(«v»), «v»[0] == «v»[1])`,
	`«v» := map[«K»]map[«N»]«T»{«e K»: {«e N»: «e T»}}
if m := «v»[«e K»]; m != nil { m[«e N»] = «e T» }
n := 0
for _, m := range «v» { for range m { n++ } }
fmt.Println(n, show(«v»[«e K»][«e N»]))`,
	`«v» := []«N»{1, 2, 3}
i := 0
i, «v»[i] = 2, «e N»
«v»[i], i = «v»[i-1], 0
fmt.Println(i, «v»)
«v»[trace(1, i)] += trace(2, «e N»)
«v»[trace(3, 1)], «v»[trace(4, 2)] = trace(5, «v»[2]), trace(6, «v»[1])
fmt.Println(«v»)`,
	`«v» := [2][2]«T»{{«e T»}, {1: «e T»}}
for i, row := range «v» { «v»[1] = [2]«T»{}; «v»[i][0] = row[1] }
fmt.Println(show(«v»), «v»[0][0:1:2] == nil)`,
}

// texts are about strings, bytes, runes and how numbers print.
var texts = []string{
	`«v» := []byte(«s»)
for i, c := range «v» { «v»[i] = c ^ byte(i) }
fmt.Println(«v», string(«v»))
fmt.Println(copy(«v», «s»))
fmt.Println(string(append(«v», «s»...)))`,
	`«v» := «s»
n := 0
for i, r := range «v» { n += i * int(r); if r > 200 { «v» += string(r) } }
for i := 0; i < len(«v»); i++ { n = n*31 + int(«v»[i]) }
fmt.Println(n, len(«v»), []rune(«v»), «v» < «s»)`,
	`fmt.Printf("%08b|%x|%+d|%q|%U|%c|%o\n", «e N», «e N», «e N», rune(at(«i», 1000)), at(«i», 70000), 'a'+at(«i», 26), «e N»)`,
	`«v» := float64(«e N») / 7
fmt.Printf("%8.3f|%e|%g|%-10.2g|%v|%v|%06.1f\n", «v», «v», «v», float32(«v»), float32(«v»), complex(«v», -«v»), «v»)`,
	`fmt.Printf("%v|%+v|%#v|%T|%d|%s|%x|%6v|%-6v|\n", «e K», «e K», «e K», «e K», «e K», «e K», «e N», «e N», «e K»)`,
	`«v» := strings.Fields(«s» + " " + «s»)
sort.Strings(«v»)
fmt.Println(strings.Join(«v», "-"), strings.Count(«s», "a"), strings.Repeat("ab", at(«i», 4)), strconv.Quote(«s»))`,
	`var «v» strings.Builder
for i := range 3 { fmt.Fprintf(&«v», "%d:%v;", i, «e N»); «v».WriteByte(byte('a' + i)); «v».WriteRune('é') }
fmt.Println(«v».String(), «v».Len())`,
	`«v», «w» := strconv.Atoi(«s»)
fmt.Println(«v», «w», errors.Is(«w», strconv.ErrSyntax))
if n, err := strconv.ParseInt(fmt.Sprint(«e N»), 10, 32); err == nil { fmt.Println(n) }`,
	`fmt.Println(«n» << uint(at(«i», 70)), «n» >> uint(at(«i», 70)), «n»*«n», -«n», ^«n»)
fmt.Println(int8(«n»), uint16(«n»), float32(«n»), rune(«n»), uint64(«n») >> 3, int32(«n») / -3, int64(«n») % -5)`,
	`switch «v» := «s»; { case len(«v») > 3 && «v»[0] == 'h', «v» == "": fmt.Println("one"); case strings.HasPrefix(«v», "a"): fallthrough; default: fmt.Println("two", len(«v»)) }`,
}

// concurrency says in the end what several goroutines have done.
var concurrency = []string{
	`var «v» sync.WaitGroup
«w» := make([]«T», 3)
for i := range «w» { «v».Add(1); go func() { defer «v».Done(); «w»[i] = «e T» }() }
«v».Wait()
fmt.Println(show(«w»))`,
	`var «v» sync.Mutex
«w» := map[int]«N»{}
done := make(chan struct{})
for i := range 4 { go func(k int) { «v».Lock(); defer «v».Unlock(); «w»[k%2] += «N»(k); done <- struct{}{} }(i) }
for range 4 { <-done }
fmt.Println(«w»)`,
	`«v» := make(chan «T»)
«w» := make(chan «U», 1)
go func() { for e := range «v» { _ = e; «w» <- «e U» }; close(«w») }()
«v» <- «e T»
x, ok := <-«w»
close(«v»)
y, ok2 := <-«w»
fmt.Println(show(x), ok, show(y), ok2)`,
	`«v» := make(chan chan «T», 1)
«w» := make(chan «T», 2)
«v» <- «w»
var recv <-chan «T» = «w»
(<-«v») <- «e T»
select { case e := <-recv: fmt.Println(show(e)); default: fmt.Println("none") }
select { case «w» <- «e T»: fmt.Println("sent", len(«w»), cap(«w»)); case <-recv: }`,
	`var «v» chan «T»
var x «T»
var ok bool
select { case x, ok = <-«v»: default: fmt.Println("nil channel", ok) }
«v» = make(chan «T», 1)
«v» <- «e T»
select { case x, ok = <-«v»: fmt.Println(show(x), ok) }
try(func() { close(«v»); close(«v») })`,
	`var «v» sync.Once
for range 3 { «v».Do(func() { fmt.Println("once", show(«e T»)) }) }
next, stop := iter.Pull(iter.Seq[int](count(3)))
a, ok := next()
stop()
_, ok2 := next()
fmt.Println(a, ok, ok2)`,
}

// generics are uses of what the prelude declares with type parameters.
var generics = []string{
	`«v» := Set[«K»]{}
«v».Add(«e K»)
«v».Add(«e K»)
fmt.Println(len(«v»), «v».Has(«e K»), len(union(«v», Set[«K»]{«e K»: {}})))`,
	`var «v» Tree[«N», «T»]
for range 3 { «v».Put(«e N», «e T») }
«v».Walk(func(k «N», v «T») bool { fmt.Println(k, show(v)); return «b» })
w, ok := «v».Get(«e N»)
fmt.Println(show(w), ok)`,
	`fmt.Println(show(folded([]«N»{«e N», «e N»}, «e U», func(acc «U», e «N») «U» { if e > 3 { return «e U» }; return acc })))`,
	`fmt.Println(sums(map[«K»]«N»{«e K»: «e N»}), filtered([]«N»{«e N», «e N», «e N»}, func(e «N») bool { return e > 3 }))`,
	`«v» := Some(«e T»)
«w» := None[«U»]()
fmt.Println(«v».OK, show(«v».Or(«e T»)), show(«w».Or(«e U»)), fmt.Sprintf("%T %T", «v», «w»))`,
	`«v» := []«N»{«e N», «e N», «e N», «e N»}
slices.Sort(«v»)
i, ok := slices.BinarySearch(«v», «e N»)
fmt.Println(«v», i, ok, slices.Max(«v»), slices.Index(«v», «e N»), slices.Contains(«v», «e N»))
slices.SortFunc(«v», func(a, b «N») int { return cmp.Compare(b, a) })
slices.Reverse(«v»[1:])
fmt.Println(«v», slices.Equal(«v», slices.Clone(«v»)), slices.Insert(«v», 1, «e N»))`,
	`«v» := map[string]«T»{«s»: «e T», "k": «e T»}
for _, k := range slices.Sorted(maps.Keys(«v»)) { fmt.Println(k, show(«v»[k])) }
«w» := maps.Clone(«v»)
clear(«v»)
fmt.Println(len(«v»), len(«w»))`,
	`«v» := Ring[«T»]{}
for range 4 { «v».Push(«e T») }
for i, e := range «v».Backward() { fmt.Println(i, show(e)); if «b» { break } }
fmt.Println(«v».n, show(«v»))`,
	`«v» := Number[«N»]{«e N»}
fmt.Println(added[Number[«N»]](«v», Number[«N»]{«e N»}).v, add2(&«v», «e N»), «v»)`,
}

// dynamics are about interfaces, and what they hold.
var dynamics = []string{
	`var «v», «w» any = «e K», «e K»
fmt.Println(«v» == «w», «v» == any(«e K»), map[any]int{«v»: 1}[«w»], «v» != nil)
x, ok := «w».(«K»)
fmt.Println(show(x), ok)
_, ok = «w».(fmt.Stringer)
fmt.Println(ok)`,
	`«v» := []any{«e T», «e K», nil, «e N», []«N»{«e N»}, &problem{«s», 3}, func() «N» { return «e N» }, struct{ A «K» }{«e K»}}
for _, x := range «v» {
switch y := x.(type) {
case «N»: fmt.Println("N", y+1)
case nil: fmt.Println("nil")
case func() «N»: fmt.Println(y())
case error: fmt.Println("error", y)
case fmt.Stringer: fmt.Println("stringer", y)
case []«N», map[string]«N»: fmt.Printf("%T\n", y)
default: fmt.Printf("%T %v\n", y, show(y))
}
}`,
	`var «v» error = &problem{«s», «i»}
«w» := fmt.Errorf("outer %d: %w", 1, «v»)
var p *problem
fmt.Println(«w», errors.As(«w», &p), errors.Is(«w», «v»), errors.Unwrap(«w») == «v»)
if p != nil { fmt.Println(p.where, p.Error()) }
try(func() { panic(«w») })`,
	`func() {
defer func() {
r := recover()
p, ok := r.(problem)
fmt.Println(ok, p.what, said(r))
}()
panic(problem{«s», 1})
}()`,
	`var «v» fmt.Stringer = word(«s»)
«w», ok := «v».(interface{ Len() int })
fmt.Println(«v», ok, «w».Len(), «v».(word) == word(«s»))
var e error
_, ok = e.(*problem)
fmt.Println(ok, e == nil)`,
	`«v» := holder{Stringer: word(«s»), n: 2}
«w» := &«v»
fmt.Println(«v».String(), «w».Stringer, «v»)
«w».Stringer = number8(at(«i», 100))
f := «w».String
«w».Stringer = nil
fmt.Println(f())
try(func() { fmt.Println(«v».String()) })`,
	`«v» := []fmt.Stringer{word(«s»), number8(5), &counter{n: at(«i», 9)}}
for i, x := range «v» {
f := x.String
g := fmt.Stringer.String
fmt.Println(f(), g(x), x == «v»[i], i)
}
sort.Slice(«v», func(i, j int) bool { return «v»[i].String() < «v»[j].String() })
fmt.Println(«v»[0], «v»[1])`,
	`«v» := deep{counter: &counter{n: at(«i», 9)}, word: word(«s»)}
«v».Inc()
«v».counter.n += 2
w := «v»
w.Inc()
fmt.Println(«v».n, «v».Len(), w.counter.String(), «v».counter == w.counter)`,
	`«v» := handler(func(s string) int { return len(s) + at(«i», 9) })
fmt.Println(«v».Serve(«s»), handler.Serve(«v», "x"), fmt.Sprintf("%T", «v»))
var x interface{ Serve(string) int } = «v»
fmt.Println(x.Serve("abc"))`,
	`«v» := []problem{{«s», 2}, {«s», 1}}
sort.Sort(byPlace(«v»))
fmt.Println(«v», byPlace(«v»).Len(), fmt.Sprintf("%+v %#v", «v»[0], «v»))`,
	`«v», «w» := any([2]«N»{«e N»}), any(struct{ a «K» }{«e K»})
_, isArray := «v».([2]«N»)
y, isStruct := «w».(struct{ a «K» })
fmt.Println(isArray, isStruct, «v» == «w», «v».([2]«N»)[0], show(y.a))
try(func() { fmt.Println(any([]int{1}) == any([]int{1})) })`,
}

// flows are about loops and what ends them.
var flows = []string{
	`«v»:
for i := range 4 {
switch {
case i == at(«i», 4): continue «v»
case «b» && i > 1: break «v»
}
for j := 0; ; j++ { if j > i { continue «v» }; if j == 2 { break }; fmt.Println(i, j) }
}`,
	`«v» := func() «T» {
for i := range count(4) {
defer fmt.Println("deferred", i)
for j, e := range pairs([]«N»{1, «e N»}) { if e == «e N» { continue }; if j > 0 && «b» { return «e T» } }
}
return «e T»
}
fmt.Println(show(«v»()))`,
	`var «v» []func() «N»
for i, e := range []«N»{«e N», 2, 3} {
defer func() { e++; fmt.Println("late", i, e) }()
«v» = append(«v», func() «N» { e += «N»(i); return e })
if i == 1 { e *= 2 }
}
for _, f := range «v» { fmt.Println(f(), f()) }`,
	`for i, j := 0, «e N»; i < 3; i, j = i+1, j+«N»(i) {
func() { defer func() { if r := recover(); r != nil { fmt.Println("in loop", i, said(r)) } }()
if i == at(«i», 3) { panic(j) }
fmt.Println(i, j)
}()
}`,
	`«v» := 0
for «w» := range func(yield func(«T», int) bool) {
defer fmt.Println("iterator left")
for i := range 3 { if !yield(«e T», i) { return } }
} { _ = «w»; «v»++; if «b» { break } }
fmt.Println(«v»)`,
	`«v» := func(n int) (r «N») {
for {
switch n--; { case n > 2: r += «e N»; continue; case n == 1: r--; if «b» { break }; fallthrough; case n < 0: return r }
r ^= 3
}
}
fmt.Println(«v»(at(«i», 6)))`,
	`var «v» func(int, «T») «T»
«v» = func(n int, a «T») «T» { if n == 0 { return a }; return func(b «T») «T» { return «v»(n-1, b) }(«e T») }
fmt.Println(show(«v»(3, «e T»)))`,
	`if «v», err := strconv.Atoi(«s»); err != nil { fmt.Println("no", «v») } else if «w» := «v» * 2; «w» > 3 { fmt.Println(«w») } else { fmt.Println(«v», «w») }`,
	`«v» := []int{5, 6, 7}
for i, e := range «v» { if i == 0 { «v» = append(«v»[:1], 9); «v»[0] = e + 1 }; fmt.Println(i, e, len(«v»)) }
for i := range len(«v») { «v» = append(«v», i) }
fmt.Println(«v»)`,
}
