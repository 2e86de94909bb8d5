package cell_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// completing is the notebook in which completion and inspection are tried.
func completing(t *testing.T) *cell.Session {
	return session(t, "type P struct{ Xval, Yval int; inner string }\nfunc (p *P) Norm() int { return 0 }\n// String writes it.\nfunc (p P) String() string { return `` }\nvar p P",
		"// area gives width times height.\nfunc area(width, height float64) float64 { return width * height }\nfunc helper() {}\nname := `a`",
		"f := h5.Open(`x.h5`)\ng := f.Group(`run`)\ntotal := 3\nconst answer = 42",
		"type Node[T any] struct { Value T; Next *Node[T] }\nfunc (n *Node[T]) Len() int { return 0 }\nfunc load(path string) []byte { return nil }",
		"type Base struct { ID int }\nfunc (Base) Hello() string { return `` }\ntype Derived struct { Base; Extra float64 }\nderived := Derived{}\nfiles := map[string]P{}")
}

// cursor takes the | out of a text and gives its offset.
func cursor(text string) (string, int) {
	at := strings.IndexByte(text, '|')
	return text[:at] + text[at+1:], at
}

func TestComplete(t *testing.T) {
	s := completing(t)
	tests := []struct {
		code string   // | is the cursor
		want []string // all matches
	}{
		{"p.|", []string{"Norm", "String", "Xval", "Yval", "inner"}},
		{"p.X|", []string{"Xval"}},
		{"p.x|", []string{"Xval"}},
		{"p.|\nx := 1", []string{"Norm", "String", "Xval", "Yval", "inner"}},
		{"(&p).N|", []string{"Norm"}},
		{"derived.H|", []string{"Hello"}},
		{"derived.I|", []string{"ID"}},
		{"Derived.H|", []string{"Hello"}},
		{"P.X|", nil}, // a type has methods alone
		{"files[`a`].X|", []string{"Xval"}},
		{"n := Node[string]{}\nn.|", []string{"Len", "Next", "Value"}},
		{"n := &Node[string]{}\nn.Next.Value.|", nil},
		{"strings.HasP|", []string{"HasPrefix"}},
		{"strings.hasp|", []string{"HasPrefix"}},
		{"fmt.Println(strings.HasP|", []string{"HasPrefix"}},
		{"fmt.Println(strings.HasP|, 3)", []string{"HasPrefix"}},
		{"x := strings.HasP|\ny := 2", []string{"HasPrefix"}},
		{"os.Open(\"x\").Cl|", []string{"Close"}},
		{"h5.Open(\"x.h5\").Datas|", []string{"Dataset"}},
		{"h5.Open(\"x.h5\").Dataset(\"d\").FieldN|", []string{"FieldNames"}},
		{"f := os.Open(\"x\")\nf.ReadA|", []string{"ReadAt"}},
		{"func q() {\n\tf := os.Open(\"x\")\n\tf.ReadA|\n}", []string{"ReadAt"}},
		{"time.Now().Truncate(time.Second).Yea|", []string{"Year", "YearDay"}},
		{"strings.NewReader(`a`).ReadB|", []string{"ReadByte"}},
		{"for i := range strings.Fie|", []string{"Fields", "FieldsFunc", "FieldsFuncSeq", "FieldsSeq"}},
		{"for i := range strings.Fie| {\n\tfmt.Println(i)\n}", []string{"Fields", "FieldsFunc", "FieldsFuncSeq", "FieldsSeq"}},
		{"defer g.Clo|", []string{"Close"}},
		{"defer f.Clo|", []string{"Close"}},
		{"go f.Clo|", []string{"Close"}},
		{"func q() {\n\tdefer f.Clo|\n\tx := 1\n}", []string{"Close"}},
		{"defer func() { p.Xv|", []string{"Xval"}},
		{"go func() {\n\tif p.Xv|", []string{"Xval"}},
		{"if p.Xv| {\n\tx := 1\n}", []string{"Xval"}},
		{"if p.Xval == p.Yv| {\n}", []string{"Yval"}},
		{"switch p.Xv| {\n}", []string{"Xval"}},
		{"return p.Xv|", []string{"Xval"}},
		{"x := []int{p.Xv|", []string{"Xval"}},
		{"x := map[string]int{\"a\": p.Xv|", []string{"Xval"}},
		{"x := func() { p.Xv|", []string{"Xval"}},
		{"a := )\np.Xv|", []string{"Xval"}},
		{"func broken( {\n}\np.Xv|", []string{"Xval"}},
		{"fmt.Println(\np.Xv|", []string{"Xval"}},
		{"var r http.Han|", []string{"Handle", "HandleFunc", "Handler", "HandlerFunc"}},
		{"func q(w http.ResponseW|", []string{"ResponseWriter"}},
		{"func q(w http.ResponseWriter) { w.WriteH| }", []string{"WriteHeader"}},
		{"func q[T fmt.Stringer](v T) { v.Str| }", []string{"String"}},
		{"help|", []string{"helper"}},
		{"abc := 1\nab|", []string{"abc"}},
		{"func f(argument int) { arg| }", []string{"argument"}},
		{"func f(argument int) {\n\targ|", []string{"argument"}},
		{"if true { local := 1; loc| }", []string{"local"}},
		{"for i, row := range files { ro| }", []string{"row"}},
		{"outer:\nfor {\n\tbreak ou|\n}", []string{"outer"}},
		{"are| := 3", []string{"area"}},
		{"// p.|", nil},
		{"/* p.| */", nil},
		{"'p|'", nil},
		{"x := 12|", nil},
		{"nope.|", nil},
		{"fallth|", []string{"fallthrough"}},
		{"answ|", []string{"answer"}},

		{"P{Xv|", []string{"Xval"}},
		{"P{Xval: 1, |", []string{"Yval", "inner"}},
		{"P{Xval: 1, |}", []string{"Yval", "inner"}},
		{"P{Xval: 1, Y|: 2}", []string{"Yval"}},
		{"P{Xval: p.Y|}", []string{"Yval"}},
		{"&P{Y|}", []string{"Yval"}},
		{"x := P{\n\tXval: 1,\n\t|\n}", []string{"Yval", "inner"}},
		{"[]P{{Xval: 1, |}}", []string{"Yval", "inner"}},
		{"[]*P{{Xval: 1, |}}", []string{"Yval", "inner"}},
		{"map[string]P{`a`: {Xval: 1, |}}", []string{"Yval", "inner"}},
		{"Derived{Ext|", []string{"Extra"}},
		{"Derived{Base: Base{ID|", []string{"ID"}},
		{"Node[int]{Val|}", []string{"Value"}},
		{"http.Server{Addr: `a`, ReadT|", []string{"ReadTimeout"}},
		{"x := &http.Client{Timeo|", []string{"Timeout"}},
		{"fmt.Println(P{Xv|})", []string{"Xval"}},
		{"type Q struct { First, Second int }\nQ{Firs|", []string{"First"}},

		{"import \"net/ht|\"", []string{"net/http", "net/http/cgi", "net/http/cookiejar", "net/http/fcgi", "net/http/httptest", "net/http/httptrace", "net/http/httputil", "net/http/pprof"}},
		{"import \"bufi|", []string{"bufio"}},
		{"import (\n\t\"fmt\"\n\tm \"math/bi|\"\n)", []string{"math/big", "math/bits"}},
		{"import \"quad|\"", []string{"gonum.org/v1/gonum/integrate/quad"}},
		{"\"strings.HasP|\"", nil},
	}
	for _, tt := range tests {
		code, at := cursor(tt.code)
		var got []string
		for _, m := range s.Complete(code, at).Matches {
			if m.Type != "keyword" || !slices.Contains([]string{"if", "else"}, m.Text) {
				got = append(got, m.Text)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("Complete(%q) = %q, want %q", tt.code, got, tt.want)
		}
	}
}

// Names that are near come before those that are far, and what is typed as it is written first of all.
func TestCompletionOrder(t *testing.T) {
	s := completing(t)
	tests := []struct{ code, want string }{
		{"P{|", "Xval Yval inner"},
		{"pri|", "print println"},
		{"f|", "f files false float32"},
		{"F|", "f files"},
		{"n|", "name new nil"},
		{"n|ame", "name"},
	}
	for _, tt := range tests {
		code, at := cursor(tt.code)
		var got []string
		for _, m := range s.Complete(code, at).Matches {
			got = append(got, m.Text)
		}
		rest := got
		for _, want := range strings.Fields(tt.want) {
			i := slices.Index(rest, want)
			if i < 0 {
				t.Errorf("Complete(%q) = %q, want %s in this order", tt.code, got, tt.want)
				break
			}
			rest = rest[i+1:]
		}
	}
}

// The span that is replaced, and the kind and the type of what replaces it.
func TestCompletionSpan(t *testing.T) {
	s := completing(t)
	tests := []struct {
		code, replaced string
		match          cell.Match
	}{
		{"fmt.Println(p.No|", "No", cell.Match{Text: "Norm", Type: "method", Signature: "func() int"}},
		{"p.Xv|al + 1", "Xval", cell.Match{Text: "Xval", Type: "field", Signature: "int"}},
		{"`é`; hel|", "hel", cell.Match{Text: "helper", Type: "function", Signature: "func()"}},
		{"ans|", "ans", cell.Match{Text: "answer", Type: "constant", Signature: "untyped int"}},
		{"files|", "files", cell.Match{Text: "files", Type: "variable", Signature: "map[string]P"}},
		{"P|", "P", cell.Match{Text: "P", Type: "type", Signature: "struct{Xval int; Yval int; inner string}"}},
		{"bufi|", "bufi", cell.Match{Text: "bufio", Type: "package", Signature: "bufio"}},
		{"import \"bu|f\"", "buf", cell.Match{Text: "bufio", Type: "package", Signature: "package bufio"}},
		{"strings.ToUp|", "ToUp", cell.Match{Text: "ToUpper", Type: "function", Signature: "func(s string) string"}},
	}
	for _, tt := range tests {
		code, at := cursor(tt.code)
		c := s.Complete(code, at)
		if code[c.Start:c.End] != tt.replaced {
			t.Errorf("Complete(%q) replaces %q, want %q", tt.code, code[c.Start:c.End], tt.replaced)
		}
		i := slices.IndexFunc(c.Matches, func(m cell.Match) bool { return m.Text == tt.match.Text })
		if i < 0 || c.Matches[i].Type != tt.match.Type || c.Matches[i].Signature != tt.match.Signature {
			t.Errorf("Complete(%q) = %+v, want %+v in it", tt.code, c.Matches, tt.match)
		}
	}
}

// What the engine is asked about a string, and the span that its answer replaces.
func TestCompletionQuestions(t *testing.T) {
	s := completing(t)
	names := func(v, method, text string, calls ...cell.Call) *cell.Question {
		return &cell.Question{Kind: cell.AskNames, Var: v, Method: method, Text: text, Calls: calls}
	}
	files := func(text string) *cell.Question { return &cell.Question{Kind: cell.AskFiles, Text: text} }
	tests := []struct {
		code, replaced string
		want           *cell.Question
	}{
		{"f.Dataset(\"3655/55|", "55", names("fˑ3", "Dataset", "3655/55")},
		{"f.Dataset(\"3655/55|\")", "55", names("fˑ3", "Dataset", "3655/55")},
		{"f.Dataset(\"36|55/55\")", "3655", names("fˑ3", "Dataset", "36")},
		{"f.Dataset(`a\\b|`)", "a\\b", &cell.Question{Kind: cell.AskNames, Var: "fˑ3", Method: "Dataset", Text: "a\\b", Raw: true}},
		{"g.Get(\"|\").Close()", "", names("gˑ3", "Get", "")},
		{"f.Group(\"a\").Dataset(\"d|", "d", names("fˑ3", "Dataset", "d", cell.Call{Method: "Group", Arg: "a"})},
		{"f.Dataset(\"a/b\").Field(\"W|\")", "W", names("fˑ3", "Field", "W", cell.Call{Method: "Dataset", Arg: "a/b"})},
		{"x := f.Group(\"a\").Attr(\"un|", "un", names("fˑ3", "Attr", "un", cell.Call{Method: "Group", Arg: "a"})},
		{"f := h5.Open(`x.h5`)\nf.Dataset(\"36|", "36", names("fˑ3", "Dataset", "36")},
		{"func q() { f.Dataset(\"36|\") }", "36", names("fˑ3", "Dataset", "36")},
		{"func q(f *h5.File) { f.Dataset(\"36|\") }", "36", nil},
		{"x := h5.AttrAs[string](f.Group(`a`), \"ti|\")", "ti", names("fˑ3", "Attr", "ti", cell.Call{Method: "Group", Arg: "a"})},
		{"h5.ReadAttr(f, \"ti|", "ti", names("fˑ3", "Attr", "ti")},
		{"h5.Open(\"da|", "da", files("da")},
		{"h5.Open(\"data/sa|\")", "sa", files("data/sa")},
		{"x := os.ReadFile(\"da|ta/x\")", "data", files("da")},
		{"load(\"da|\")", "da", files("da")},
		{"fmt.Println(\"./da|\")", "da", files("./da")},
		{"x := \"/tmp/a|", "a", files("/tmp/a")},
		{"fmt.Println(\"da|\")", "da", nil},
		{"strings.ToUpper(\"a|\")", "a", nil},
	}
	for _, tt := range tests {
		code, at := cursor(tt.code)
		c := s.Complete(code, at)
		switch {
		case (c.Ask == nil) != (tt.want == nil):
			t.Errorf("Complete(%q) asks %+v, want %+v", tt.code, c.Ask, tt.want)
		case c.Ask != nil && (c.Ask.Kind != tt.want.Kind || c.Ask.Var != tt.want.Var || c.Ask.Method != tt.want.Method ||
			c.Ask.Text != tt.want.Text || c.Ask.Raw != tt.want.Raw || !slices.Equal(c.Ask.Calls, tt.want.Calls)):
			t.Errorf("Complete(%q) asks %+v, want %+v", tt.code, *c.Ask, *tt.want)
		case code[c.Start:c.End] != tt.replaced:
			t.Errorf("Complete(%q) replaces %q, want %q", tt.code, code[c.Start:c.End], tt.replaced)
		}
	}
}

func TestInspect(t *testing.T) {
	s := completing(t)
	tests := []struct{ code, want string }{
		{"strings.Repea|t", "func strings.Repeat(s string, count int) string\n"},
		{"strings.Repea|t", "returns a new string consisting of count copies"},
		{"strings.Repeat(|", "func strings.Repeat(s string, count int) string\n                    ^^^^^^^^"},
		{"strings.Repeat(`a`, |", "func strings.Repeat(s string, count int) string\n                              ^^^^^^^^^"},
		{"strings.Repeat(`a|`, 3)", "\n                    ^^^^^^^^\n"},
		{"strings.Repeat(`a,b`, 3|)", "\n                              ^^^^^^^^^\n"},
		{"fmt.Printf(`%d`, 1, 2, |)", "\n                               ^^^^^^^^"},
		{"fmt.Println(strings.Repeat(`a`, |), 3)", "func strings.Repeat("},
		{"fmt.Println(strings.Repeat(`a`, 3), |)", "func fmt.Println("},
		{"fmt.Println(strings.Repeat(`a`, 3)|", "func fmt.Println("},
		{"slices.Index[[]int](xs, |)", "func slices.Index[S ~[]E, E comparable](s S, v E) int"},
		{"x := area(1, |\ny := 2", "func area(width float64, height float64) float64\n                         ^^^^^^^^^^^^^^"},
		{"are|a(1, 2)", "area gives width times height."},
		{"area|", "from In[2]"},
		{"tota|l", "var total int"},
		{"total := 3.5\ntota|l", "var total float64"},
		{"bufio.NewReader(nil).ReadStr|ing", "until the first occurrence of delim"},
		{"str|ings.Cut", "package strings // import \"strings\""},
		{"P|", "type P struct {\n\tXval int\n\tYval int\n\tinner string\n}\nfunc (*P).Norm() int\nfunc (P).String() string\n"},
		{"p.Nor|m()", "func (*P).Norm() int"},
		{"p.Strin|g()", "String writes it."},
		{"p.Strin|g()", "from In[1]"},
		{"p.Xva|l", "field Xval int"},
		{"http.Serve|r{}", "\tReadTimeout time.Duration\n"},
		{"http.Serve|r{}", "and fields that are not exported"},
		{"x := http.Server{}\nx.ReadTime|out", "ReadTimeout is the maximum duration for reading"},
		{"f.Datase|t", "func (*h5.File).Dataset(p string, opts ...h5.Option) (*h5.Dataset, error)\n\nDataset opens the dataset at path p."},
		{"answe|r", "const answer untyped int = 42"},
		{"math.P|i", "const math.Pi untyped float = 3.1415"},
		{"time.Secon|d", "const time.Second time.Duration = 1000000000"},
		{"defe|r f()", "Calls f when the function ends"},
		{"len|(x)", "func len(v T) int"},
		{"len(|", "func len(v T) int"},
		{"var x floa|t64", "about 16 decimal digits"},
		{"func q(n int) { n| }", "var n int"},
		{"f := os.Open(`x`)\nf.Rea|d", "func (*os.File).Read(b []byte) (n int, err error)"},
	}
	for _, tt := range tests {
		code, at := cursor(tt.code)
		got, ok := s.Inspect(code, at, 0)
		if !ok || !strings.Contains(got.Text(), tt.want) {
			t.Errorf("Inspect(%q) = %v\n%s\nwant in it\n%s", tt.code, ok, got.Text(), tt.want)
		}
	}
	for code, want := range map[string]string{"are|a": "return width * height", "P|": "func (p *P) Norm() int { return 0 }", "strin|gs.Cut": "func ToUpper(s string) string", "p.Nor|m()": "func (p *P) Norm()"} {
		text, at := cursor(code)
		if got, _ := s.Inspect(text, at, 1); !strings.Contains(got.Source, want) {
			t.Errorf("detail 1 of %q shows as source\n%s\nwant in it %s", code, got.Source, want)
		}
	}
	for _, code := range []string{"nop|e", "// are|a", "|", "12|", "nope(|)"} {
		text, at := cursor(code)
		if got, ok := s.Inspect(text, at, 0); ok {
			t.Errorf("Inspect(%q) found %q", code, got.Text())
		}
	}
	text, at := cursor("tota|l")
	if got, _ := s.Inspect(text, at, 0); got.Ask == nil || got.Ask.Kind != cell.AskValue || got.Ask.Var != "totalˑ3" {
		t.Errorf("the value of total is not asked for: %+v", got.Ask)
	}
}

// Types that have lost their name are told with their cell, as in messages.
func TestInspectReplacedType(t *testing.T) {
	s := session(t, "type T struct{ A int }\nold := T{1}\nvar pair = map[string]T{}", "type T struct{ B int }\nfresh := T{2}")
	for code, want := range map[string]string{
		"ol|d": "var old T (from In[1])\n", "pai|r": "var pair map[string]T (from In[1])\n", "fres|h": "var fresh T\n",
		"T|": "type T struct {\n\tB int\n}\n", "type T int\nT|": "type T int\n", "type T int\nfres|h": "var fresh T (from In[2])\n",
	} {
		text, at := cursor(code)
		if got, _ := s.Inspect(text, at, 0); !strings.HasPrefix(got.Text(), want) {
			t.Errorf("Inspect(%q) = %q, want %q", code, got.Text(), want)
		}
	}
}

func BenchmarkComplete(b *testing.B) {
	for name, code := range map[string]string{"member": "x := strings.HasP", "name": "fmt.Println(tot", "path": "f.Dataset(`a/", "chain": "h5.Open(`x`).Dataset(`d`).Fl"} {
		b.Run(name, func(b *testing.B) {
			s := cell.NewSession(exports.Library())
			if _, err := s.Check("In[1]", "f := h5.Open(`x`)\ntotal := strings.ToUpper(`a`)"); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s.Complete(code, len(code))
			}
		})
	}
}

// A notebook of many cells, and a long cell around the cursor.
func BenchmarkCompleteInLongNotebook(b *testing.B) {
	s := cell.NewSession(exports.Library())
	for i := range 2000 {
		if _, err := s.Check(fmt.Sprintf("In[%d]", i+1), fmt.Sprintf("func f%d(a, b int) int { return a + b }\nv%d := map[string][]int{}", i, i)); err != nil {
			b.Fatal(err)
		}
	}
	code := strings.Repeat("fmt.Println(f1(2, 3), strings.ToUpper(`a`), v2)\n", 100) + "x := v19"
	for b.Loop() {
		s.Complete(code, len(code))
	}
}

// The first use of a package reads its export data, and for inspection its documentation.
func BenchmarkFirstUse(b *testing.B) {
	for name, code := range map[string]string{"http": "http.Hand", "h5": "h5.Op", "plot": "plotter.New"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s := cell.NewSession(exports.Library())
				s.Complete(code, len(code))
				s.Inspect(code+"e", len(code)-1, 0)
			}
		})
	}
}
