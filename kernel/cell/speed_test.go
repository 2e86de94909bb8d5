package cell_test

import "testing"

// BenchmarkCells is what cells cost that do nothing but compute: small versions of the programs that
// tests/bench compares with Python and compiled Go.
func BenchmarkCells(b *testing.B) {
	for _, bm := range []struct{ name, setup, cell string }{
		{"fib(20)", "func fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}", "_ = fib(20)"},
		{"call 10000", "func sq(x float64) float64 { return x * x }", "s := 0.0\nfor i := range 10000 {\n\ts += sq(float64(i))\n}"},
		{"method 10000", "type P struct{ n int }\nfunc (p *P) Inc() { p.n++ }\np := &P{}", "for range 10000 {\n\tp.Inc()\n}"},
		{"nested 100x100", "", "s := 0\nfor i := 0; i < 100; i++ {\n\tfor j := 0; j < 100; j++ {\n\t\ts += i * j\n\t}\n}"},
		{"nested in a function", "func f() (s int) {\n\tfor i := 0; i < 100; i++ {\n\t\tfor j := 0; j < 100; j++ {\n\t\t\ts += i * j\n\t\t}\n\t}\n\treturn\n}", "_ = f()"},
		{"saxpy 10000", "x, y := make([]float64, 10000), make([]float64, 10000)", "a := 2.5\nfor i := range x {\n\ty[i] += a * x[i]\n}"},
		{"map 10000", "", "m := map[int]int{}\nfor i := 0; i < 10000; i++ {\n\tm[i] = i\n}"},
		{"sort.Slice 1000", "z := make([]int, 1000)", "for i := range z {\n\tz[i] = i * 7919 % 1009\n}\nsort.Slice(z, func(i, j int) bool { return z[i] < z[j] })"},
		{"slices.Sort 1000", "z := make([]int, 1000)", "for i := range z {\n\tz[i] = i * 7919 % 1009\n}\nslices.Sort(z)"},
		{"several lines 1000", "func g(x []float64, k int) float64 {\n\ta := x[k]\n\tb := math.Sqrt(a)\n\tc := x[k+1] * b\n\treturn a + b + c\n}\nx := []float64{1, 2, 3}", "for range 1000 {\n\tg(x, 1)\n}"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			nb := newLive(b)
			if bm.setup != "" {
				nb.run(b, bm.setup)
			}
			p := nb.load(b, bm.cell)
			nb.interp.Run(p)
			again := *p
			again.Source = "package main" // the engine has the rest
			for b.Loop() {
				if f := nb.interp.Run(&again); f != nil {
					b.Fatal(f)
				}
			}
		})
	}
}
