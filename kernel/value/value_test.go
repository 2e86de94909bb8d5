package value_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"text/template"

	"gofive/kernel/value"
)

// The types of the tests, as the compiler has them. Their twins are what the interpreter makes.
type (
	point struct {
		X int
		y string
	}
	day  int
	days []day
	book map[string]point
	base struct{ ID int }
	item struct {
		base
		Name string `json:"name"`
		D    day    `json:"d,omitempty"`
		Ds   days   `json:"ds"`
		Next *item  `json:"next,omitempty"`
		Any  any
		skip int
	}
	failure struct{ Op string }
)

func (d day) String() string               { return "day" + fmt.Sprint(int(d)) }
func (d day) MarshalText() ([]byte, error) { return []byte(fmt.Sprintf("D%d", int(d))), nil }
func (d *day) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "D%d", (*int)(d))
	return err
}
func (b base) Hello(who string) string { return fmt.Sprint("hello ", who, b.ID) }
func (f failure) Error() string        { return f.Op + " failed" }
func (f failure) Is(target error) bool { return target == io.EOF }

type (
	twinPoint = struct {
		X  int
		Xy string
	}
	twinBase = struct{ ID int }
	twinItem struct {
		Xbase twinBase
		Name  string `json:"name"`
		D     int    `json:"d,omitempty"`
		Ds    []int  `json:"ds"`
		Next  *twinItem
		Any   any
		Xskip int
	}
	twinFailure = struct{ Op string }
)

// The numbers of the types in definitions.
const (
	pointID = iota + 1
	dayID
	daysID
	bookID
	baseID
	itemID
	itemPointerID
	failureID
	pointPointerID
	shapeID
	dayPointerID
)

const definitions = `[
{"ID":1,"Name":"main.point","Cell":"In[1]","Kind":"struct","Fields":[{"Name":"X"},{"Name":"y"}]},
{"ID":2,"Name":"main.day","Cell":"In[1]","Kind":"basic"},
{"ID":3,"Name":"main.days","Cell":"In[1]","Kind":"slice","Elem":2},
{"ID":4,"Name":"main.book","Cell":"In[1]","Kind":"map","Elem":1},
{"ID":5,"Name":"main.base","Cell":"In[1]","Kind":"struct","Fields":[{"Name":"ID"}]},
{"ID":6,"Name":"main.item","Cell":"In[1]","Kind":"struct","Fields":[{"Name":"base","Embedded":true,"Type":5},
  {"Name":"Name","Tag":"json:\"name\""},{"Name":"D","Tag":"json:\"d,omitempty\"","Type":2},{"Name":"Ds","Tag":"json:\"ds\"","Type":3},
  {"Name":"Next","Tag":"json:\"next,omitempty\"","Type":7},{"Name":"Any"},{"Name":"skip"}]},
{"ID":7,"Name":"*main.item","Kind":"pointer","Elem":6},
{"ID":8,"Name":"main.failure","Cell":"In[1]","Kind":"struct","Fields":[{"Name":"Op"}]},
{"ID":9,"Name":"*main.point","Kind":"pointer","Elem":1},
{"ID":10,"Name":"main.greeter","Cell":"In[1]","Kind":"interface","Wants":[{"Name":"Hello","Signature":"func(string) string"}]},
{"ID":11,"Name":"*main.day","Kind":"pointer","Elem":2}
]`

// readers is the little of a symbol table that the tests need.
type wrappedReader struct {
	IValue any
	WRead  func([]byte) (int, error)
}

func (w wrappedReader) Read(p []byte) (int, error) { return w.WRead(p) }

func newTypes() *value.Types {
	ts := value.New(map[string]map[string]reflect.Value{"io/io": {
		"Reader": reflect.ValueOf((*io.Reader)(nil)), "_Reader": reflect.ValueOf((*wrappedReader)(nil)),
	}})
	ts.Define(definitions)
	ts.Method(dayID, "String", false, "func() string", 0, func(d int) string { return day(d).String() })
	ts.Method(dayID, "MarshalText", false, "func() ([]uint8, error)", 0, func(d int) ([]byte, error) { return day(d).MarshalText() })
	ts.Method(dayID, "UnmarshalText", true, "func([]uint8) error", 0, func(d *int, b []byte) error { return (*day)(d).UnmarshalText(b) })
	ts.Method(baseID, "Hello", false, "func(string) string", 0, func(b twinBase, who string) string { return base(b).Hello(who) })
	ts.Method(failureID, "Error", false, "func() string", 0, func(f twinFailure) string { return failure(f).Error() })
	ts.Method(failureID, "Is", false, "func(error) bool", 0, func(f twinFailure, target error) bool { return failure(f).Is(target) })
	return ts
}

// pairs are values of the compiler's types and of their twins.
func pairs(ts *value.Types) [][2]any {
	return [][2]any{
		{point{1, "a"}, ts.Box(pointID, twinPoint{1, "a"})},
		{&point{1, "a"}, ts.Box(pointPointerID, &twinPoint{1, "a"})},
		{(*point)(nil), ts.Box(pointPointerID, (*twinPoint)(nil))},
		{day(3), ts.Box(dayID, 3)},
		{days{1, 2}, ts.Box(daysID, []int{1, 2})},
		{days(nil), ts.Box(daysID, []int(nil))},
		{book{"b": {2, "x"}, "a": {1, ""}}, ts.Box(bookID, map[string]twinPoint{"b": {2, "x"}, "a": {1, ""}})},
		{item{base{7}, "n", 2, days{3}, nil, day(4), 5}, ts.Box(itemID, twinItem{twinBase{7}, "n", 2, []int{3}, nil, ts.Box(dayID, 4), 5})},
		{failure{"open"}, ts.Box(failureID, twinFailure{"open"})},
		{[]any{day(1), point{2, "b"}, nil, 3}, []any{ts.Box(dayID, 1), ts.Box(pointID, twinPoint{2, "b"}), nil, 3}},
		{map[string]any{"d": day(1)}, map[string]any{"d": ts.Box(dayID, 1)}},
	}
}

// names gives the tests' package the name that the types have.
func names(s string) string { return strings.ReplaceAll(s, "value_test.", "main.") }

func TestFormat(t *testing.T) {
	ts := newTypes()
	for _, verb := range []string{"%v", "%+v", "%#v", "%T", "%d", "%s", "%q", "%x", "%6v|", "%-6v|", "%03d"} {
		for _, p := range pairs(ts) {
			want, got := names(fmt.Sprintf(verb, p[0])), ts.Sprintf(verb, p[1])
			if want != got {
				t.Errorf("%s of %T: got %s, want %s", verb, p[0], got, want)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	ts := newTypes()
	for _, p := range pairs(ts) {
		want, err := json.Marshal(p[0])
		got, err2 := json.Marshal(p[1])
		if err != nil || err2 != nil || string(want) != string(got) {
			t.Errorf("%T: got %s (%v), want %s (%v)", p[0], got, err2, want, err)
		}
	}
	const text = `{"ID":4,"name":"x","d":"D5","ds":["D1","D2"],"next":{"name":"y","ds":null},"Any":[1]}`
	var want item
	var got twinItem
	err := json.Unmarshal([]byte(text), &want)
	err2 := json.Unmarshal([]byte(text), ts.Target(ts.Box(itemPointerID, &got)))
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	if got.Xbase.ID != want.ID || got.Name != want.Name || got.D != int(want.D) || len(got.Ds) != 2 || got.Next.Name != "y" {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, bad := range []string{`{"ds":3}`, `{"d":7}`, `[]`, `{"name":{}}`} {
		if json.Unmarshal([]byte(bad), ts.Target(ts.Box(itemPointerID, &got))) == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestErrors(t *testing.T) {
	ts := newTypes()
	err := fmt.Errorf("wrapped: %w", ts.BoxError(failureID, twinFailure{"read"}))
	if err.Error() != "wrapped: read failed" || !errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v, is EOF: %v", err, errors.Is(err, io.EOF))
	}
	var f twinFailure
	if !ts.ErrorsAs(err, &f, failureID) || f.Op != "read" {
		t.Errorf("not found: %+v", f)
	}
	if ts.ErrorsAs(io.EOF, &f, failureID) {
		t.Error("io.EOF is no failure")
	}
}

func TestIdentity(t *testing.T) {
	ts := newTypes()
	one, other, plain := ts.Box(dayID, 1), ts.Box(dayID, 1), any(1)
	if !ts.Equal(one, other) || ts.Equal(one, plain) || one != other {
		t.Error("boxes of equal values are equal, and to nothing else")
	}
	if m := map[any]int{one: 5}; m[other] != 5 || m[plain] != 0 {
		t.Error("a box is a key as its value is")
	}
	if v, ok := ts.Val(one, dayID); !ok || v != 1 {
		t.Error("the value does not come back")
	}
	if ts.Is(one, pointID) || ts.Is(plain, dayID) || ts.Is(nil, dayID) {
		t.Error("taken for another type")
	}
	for _, fails := range []func(){
		func() { ts.Equal(ts.Box(daysID, []int{1}), ts.Box(daysID, []int{1})) },
		func() { ts.Mismatch(one, "interface {}", "main.point", pointID) },
		func() { ts.Bind(nil, "Hello") },
	} {
		func() {
			defer func() {
				if _, ok := recover().(interface{ RuntimeError() }); !ok {
					t.Error("no run-time error")
				}
			}()
			fails()
		}()
	}
}

func TestMethods(t *testing.T) {
	ts := newTypes()
	it := ts.Box(itemID, twinItem{Xbase: twinBase{3}})
	if !ts.Implements(it, shapeID) || ts.Implements(ts.Box(pointID, twinPoint{}), shapeID) || ts.Implements(nil, shapeID) {
		t.Error("promoted methods count, and only what is there")
	}
	if got := ts.Bind(it, "Hello").(func(string) string)("bo"); got != "hello bo3" {
		t.Error(got)
	}
	ts.Method(baseID, "Hello", false, "func(string) string", 0, func(b twinBase, who string) string { return "bye " + who })
	if got := ts.Bind(it, "Hello").(func(string) string)("bo"); got != "bye bo" {
		t.Errorf("a method declared again: %s", got)
	}
	ts.Method(pointID, "Read", true, "func([]uint8) (int, error)", 0, func(p *twinPoint, b []byte) (int, error) {
		p.X++
		return copy(b, "abc"), io.EOF
	})
	if _, ok := ts.As(ts.Box(pointID, twinPoint{}), "io/io", "Reader"); ok {
		t.Error("a value has no methods of pointers")
	}
	p := &twinPoint{}
	r, ok := ts.As(ts.Box(pointPointerID, p), "io/io", "Reader")
	if !ok {
		t.Fatal("no io.Reader")
	}
	if text, err := io.ReadAll(r.(io.Reader)); string(text) != "abc" || err != nil || p.X != 1 {
		t.Error(string(text), err, p.X)
	}
	if !ts.Equal(r, ts.Box(pointPointerID, p)) {
		t.Error("a wrapper is the value that it wraps")
	}
}

func TestTemplates(t *testing.T) {
	ts := newTypes()
	tmpl := template.Must(template.New("t").Parse(`{{.Name}} {{.ID}} {{.Hello "x"}} {{.D}} {{range .Ds}}[{{.}}]{{end}} {{with .Next}}{{.Name}}{{else}}none{{end}} {{len .Ds}}`))
	var want, got strings.Builder
	real := item{base{1}, "n", 2, days{3, 4}, nil, nil, 0}
	twin := twinItem{twinBase{1}, "n", 2, []int{3, 4}, nil, nil, 0}
	if err := tmpl.Execute(&want, real); err != nil {
		t.Fatal(err)
	}
	if err := ts.Execute(tmpl, &got, "", ts.Box(itemID, twin)); err != nil || got.String() != want.String() {
		t.Errorf("got %q (%v), want %q", got.String(), err, want.String())
	}
	if err := ts.Execute(template.Must(template.New("e").Parse("{{.Nope}}")), io.Discard, "", ts.Box(itemID, twin)); err == nil {
		t.Error("a field that is not there was found")
	}
}
