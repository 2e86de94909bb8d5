package cell_test

import (
	"strings"
	"testing"

	"gofive/kernel/interp"
)

// A recursion without end is stopped with an error that names it, and the variables stay.
func TestEndlessRecursion(t *testing.T) {
	tests := []struct{ name, decls, call, want string }{
		{"direct", "func f(n int) int { return f(n+1) + 1 }", "f(0)", "f calls itself"},
		{"mutual", "func a(n int) int { return b(n) }\nfunc b(n int) int { return a(n) + 1 }", "a(0)", "calls itself"},
		{"method", "type T struct{}\nfunc (t *T) Go() int { return t.Go() + 1 }", "new(T).Go()", "(*T).Go calls itself"},
		{"interface", "type I interface{ M() int }\ntype U struct{ i I }\nfunc (u *U) M() int { return u.i.M() + 1 }", "u := &U{}; u.i = u; u.M()", "(*U).M calls itself"},
		{"variable", "var g func(int) int", "g = func(n int) int { return g(n+1) + 1 }; g(0)", "func1 calls itself"},
		{"function in a variable", "var g func(int) int\nfunc h(n int) int { return g(n) + 1 }", "g = h; g(0)", "h calls itself"},
		{"literal", "func h() int {\n\tvar k func(int) int\n\tk = func(n int) int { return k(n+1) + 1 }\n\treturn k(0)\n}", "h()", "h.func1 calls itself"},
		{"String", "type S struct{ n int }\nfunc (s S) String() string { return fmt.Sprint(s) }", "fmt.Println(S{})", "S.String calls itself"},
		{"generic", "func G[X any](x X) int { return G(x) + 1 }", "G(1)", "G calls itself"},
		{"deferred", "func d() { defer d() }", "d()", "d calls itself"},
		{"sort", "type L []int\nfunc (l L) Len() int { sort.Sort(l); return 0 }\nfunc (l L) Less(i, j int) bool { return false }\nfunc (l L) Swap(i, j int) {}", "sort.Sort(L{})", "L.Len calls itself"},
	}
	for _, tt := range tests {
		nb := newLive(t)
		nb.run(t, "kept := 42")
		nb.run(t, tt.decls)
		got := nb.run(t, tt.call)
		if !strings.HasPrefix(got, "panic: stack overflow: ") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s\nwant a stack overflow: %s", tt.name, got, tt.want)
		}
		if got := nb.run(t, "kept"); got != "42" {
			t.Errorf("%s: kept is %s, want 42", tt.name, got)
		}
	}
}

// A recursion that is deep but ends is left alone.
func TestDeepRecursion(t *testing.T) {
	if got := runAll(t, "func depth(n int) int {\n\tif n == 0 {\n\t\treturn 0\n\t}\n\treturn depth(n-1) + 1\n}", "depth(50000)"); got != "50000" {
		t.Errorf("got %s, want 50000", got)
	}
}

// What would end a Go process ends the cell alone, with a clear word.
func TestEndings(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"os.Exit", "os.Exit(3)", "exit: os.Exit(3): the cell has ended, the kernel goes on"},
		{"deferred os.Exit", "defer func() { os.Exit(5) }()\npanic(1)", "exit: os.Exit(5): "},
		{"os.Exit in a goroutine", "go func() { os.Exit(4) }()\ntime.Sleep(10 * time.Second)", "exit: os.Exit(4): "},
		{"log.Fatal in a goroutine", "go log.Fatalf(`bad %d`, 3)\ntime.Sleep(10 * time.Second)", "exit: log.Fatal: bad 3"},
		{"a logger's Fatal", "log.New(io.Discard, ``, 0).Fatalln(`own`, 1)", "exit: log.Fatal: own 1"},
		{"Goexit", "runtime.Goexit()", "panic: runtime.Goexit ended the cell"},
		{"Goexit in a function", "func() { defer runtime.Goexit() }()", "panic: runtime.Goexit ended the cell"},
		{"make", "make([]byte, 1<<50)", "panic: runtime error: makeslice: len out of range"},
		{"make that fits nowhere", "n := 1 << 46\nmake([]byte, n)", "panic: out of memory: 64 TB wanted, "},
		{"a constant", "make(map[int]int, 1<<42)", "panic: out of memory: "},
		{"a channel", "make(chan int, 1<<44)", "panic: out of memory: "},
		{"Repeat", "strings.Repeat(`xy`, 1<<45)", "panic: out of memory: 64 TB wanted, "},
		{"a generic function", "slices.Grow([]byte{}, 1<<46)", "panic: out of memory: "},
	}
	for _, tt := range tests {
		nb := newLive(t)
		nb.run(t, "kept := 42")
		if got := nb.run(t, tt.code); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
		if got := nb.run(t, "kept"); got != "42" {
			t.Errorf("%s: kept is %s, want 42", tt.name, got)
		}
	}
}

// Panics in goroutines that compiled functions start are reported like any other.
func TestGoroutinesOfPackages(t *testing.T) {
	for name, code := range map[string]string{
		"WaitGroup.Go":              "var wg sync.WaitGroup\nwg.Go(func() { panic(`boom`) })\nwg.Wait()",
		"WaitGroup.Go of a pointer": "wg := &sync.WaitGroup{}\nwg.Go(func() { panic(`boom`) })\nwg.Wait()",
		"time.AfterFunc":            "done := make(chan int)\ntime.AfterFunc(1, func() { defer close(done); panic(`boom`) })\n<-done",
		"context.AfterFunc":         "c, f := context.WithCancel(context.Background())\nf()\ndone := make(chan int)\ncontext.AfterFunc(c, func() { defer close(done); panic(`boom`) })\n<-done",
	} {
		nb := newLive(t)
		if f := nb.interp.Run(nb.load(t, code)); f != nil {
			t.Errorf("%s: %v", name, f)
			continue
		}
		nb.await(t, "panic in a goroutine: boom\n\ncell In[1], line")
	}
}

// A cell that fills the memory is ended before the machine ends the engine.
func TestHeapIsBounded(t *testing.T) {
	for name, code := range map[string]string{
		"append": "var kept [][]byte\nfor {\n\tkept = append(kept, make([]byte, 1<<20))\n}",
		"map":    "kept := map[int][1024]int{}\nfor i := 0; ; i++ {\n\tkept[i] = [1024]int{}\n}",
	} {
		nb := newLiveWith(t, interp.Options{MaxHeap: 400 << 20})
		got := nb.run(t, code)
		if !strings.HasPrefix(got, "panic: out of memory: the variables of the notebook hold ") {
			t.Errorf("%s: %s", name, got)
		}
		if got := nb.run(t, "n := len(kept)\nkept = nil\nn > 10"); got != "true" {
			t.Errorf("%s: afterwards %s", name, got)
		}
	}
}
