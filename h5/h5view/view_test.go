package h5view

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gofive/display"
	"gofive/h5"
)

var update = flag.Bool("update", false, "write the golden files in testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./h5/h5view -update writes it anew)\n got:\n%s\nwant:\n%s", path, got, want)
	}
}

// make makes a file and lets fill write into it; what t made is closed with t.
func newFile(t testing.TB, fill func(f *h5.File) error, opts ...h5.Option) *h5.File {
	t.Helper()
	f, err := h5.Create(filepath.Join(t.TempDir(), "run.h5"), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	return f
}

// spectrum is a row of a compound.
type spectrum struct {
	Wave float32 `h5:"WAVE"`
	Flux float32 `h5:"FLUX"`
	Mask int32   `h5:"MASK"`
	Name string  `h5:"NAME,len=8,ascii"`
}

// firstError keeps the first error of many calls.
type firstError struct{ err error }

func (e *firstError) note(_ any, err error) {
	if e.err == nil {
		e.err = err
	}
}

// everyKind writes one of each kind of object.
func everyKind(f *h5.File) error {
	var e firstError
	set := func(path string, v any) { e.note(nil, f.Set(path, v)) }
	set("entry/energy", []float64{1, 2.5, 1e3})
	set("entry/count", [][]int32{{1, 2, 3}, {4, 5, 6}})
	set("entry/title", "a run\nin two lines")
	set("entry/names", []string{"alpha", "βeta", ""})
	set("entry/flags", []bool{true, false})
	set("entry/answer", 42)
	set("entry/empty", []float64{})
	rows := make([]spectrum, 30)
	for i := range rows {
		rows[i] = spectrum{3500 + float32(i)/4, float32(i*i) / 10, int32(i % 3), fmt.Sprint("row", i)}
	}
	set("entry/table", rows)
	e.note(f.CreateDataset("entry/chunked", h5.Float32, h5.Shape{100, 40}, h5.DatasetCreate{Chunks: h5.Shape{10, 40}, Gzip: 4,
		Shuffle: true, MaxShape: h5.Shape{h5.Unlimited, 40}}))
	for i := range 12 {
		e.note(f.CreateGroup(fmt.Sprintf("scan%d", i+1)))
	}
	d, err := f.Dataset("entry/energy")
	e.note(nil, err)
	if e.err == nil {
		e.note(nil, d.SetAttr("units", "keV"))
		e.note(nil, f.SetAttr("title", "everything there is, and a little more than fits"))
		e.note(nil, f.SetAttr("version", int64(3)))
		e.note(nil, f.SetAttr("axes", []string{"x", "y"}))
	}
	return e.err
}

// view gives the text and HTML of v.
func view(t *testing.T, v any) (text, html string) {
	t.Helper()
	b, ok := View(v)
	if !ok {
		t.Fatalf("View does not know %T", v)
	}
	text, _ = b.Data[display.TextPlain].(string)
	html, _ = b.Data[display.TextHTML].(string)
	if text == "" || html == "" {
		t.Fatalf("%T: text %q, HTML %q; both must be there", v, text, html)
	}
	return text, html
}

func TestGoldens(t *testing.T) {
	f := newFile(t, everyKind)
	root, err := f.Group("/")
	if err != nil {
		t.Fatal(err)
	}
	text, html := view(t, root)
	golden(t, "root.txt", text)
	golden(t, "root.html", html)
	for _, name := range []string{"energy", "count", "title", "names", "flags", "answer", "empty", "table", "chunked"} {
		d, err := f.Dataset("entry/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text, html := view(t, d)
		golden(t, name+".txt", text)
		if name == "table" {
			golden(t, name+".html", html)
		}
	}
}

// everyNode has in one tree what nodes can be: sizes, filters, links, scales, a convention with roles and
// internals, a problem.
func everyNode(m *maker) {
	m.attrs("/", "_NCProperties", "version=2", "title", "one of everything that a tree shows of its nodes")
	m.set("raw/large", make([]float64, 2000))
	m.set("raw/small", []int16{1, 2, 3}, "units", "counts", "scale_factor", 0.5)
	m.set("raw/rows", []spectrum{{Name: "a"}}, "a", 1, "b", 2, "c", 3, "d", 4, "e", 5)
	d, err := m.f.CreateDataset("raw/packed", h5.Int32, h5.Shape{200, 30}, h5.DatasetCreate{Chunks: h5.Shape{50, 30}, Gzip: 6, Shuffle: true})
	m.note(nil, err)
	if m.err == nil {
		m.note(nil, d.Write(make([][30]int32, 200)))
	}
	m.set("t2m", [][]float32{{1, 2}, {3, 4}}, "units", "K")
	m.set("time", []float64{0, 6}, "units", "hours since 2000-01-01")
	m.set("nv", []float32{0, 0})
	m.scale("time", "time", "t2m", 0)
	m.scale("nv", noVariable, "t2m", 1)
	m.note(nil, m.f.Softlink("latest", "/raw/large"))
	m.note(nil, m.f.Softlink("gone", "/raw/gone"))
	m.note(nil, m.f.ExternalLink("calibration", "none.h5", "/cal"))
	m.group("raw/empty")
}

func TestTreeGoldens(t *testing.T) {
	f := makeExample(t, everyNode)
	text, _ := view(t, f)
	_, text, _ = strings.Cut(text, "\n") // the first line has the file's size
	golden(t, "tree.txt", text)
	root, err := f.Group("raw")
	if err != nil {
		t.Fatal(err)
	}
	text, html := view(t, root)
	golden(t, "tree_group.txt", text)
	golden(t, "tree_group.html", html)
}

func TestArraysAndAttributes(t *testing.T) {
	f := newFile(t, everyKind)
	d, err := f.Dataset("entry/table")
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func() (any, error){
		"slice":      func() (any, error) { return d.Slice("10:13") },
		"row":        func() (any, error) { return d.Slice(3) },
		"field":      func() (any, error) { return d.Field("WAVE", ":4") },
		"rows":       func() (any, error) { return d.Table(h5.Columns("FLUX", "NAME"), "-2:") },
		"attributes": func() (any, error) { return f.Attrs() },
		"attribute":  func() (any, error) { return f.Attr("axes") },
	} {
		t.Run(name, func(t *testing.T) {
			v, err := read()
			if err != nil {
				t.Fatal(err)
			}
			text, _ := view(t, v)
			golden(t, "memory_"+name+".txt", text)
		})
	}
}

func TestOthersAreNotViewed(t *testing.T) {
	for _, v := range []any{nil, 1, "x", []float64{1}, h5.Shape{1}, fmt.Errorf("e")} {
		if _, ok := View(v); ok {
			t.Errorf("View takes a %T for its own", v)
		}
	}
}

func TestNilAndClosed(t *testing.T) {
	f := newFile(t, everyKind)
	g, err := f.Group("entry")
	if err != nil {
		t.Fatal(err)
	}
	d, err := g.Dataset("energy")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{f, g, d} {
		if text, _ := view(t, v); !strings.Contains(text, "closed") {
			t.Errorf("%T shows %q, want that it is closed", v, text)
		}
	}
	for _, v := range []any{(*h5.File)(nil), (*h5.Group)(nil), (*h5.Dataset)(nil), (*h5.NamedType)(nil), (*h5.Array)(nil),
		(*h5.Table)(nil), (*h5.Column)(nil), (*h5.Attribute)(nil)} {
		if text, _ := view(t, v); !strings.HasPrefix(text, "nil *h5.") {
			t.Errorf("%T shows %q", v, text)
		}
	}
	if text, _ := view(t, h5.Attributes(nil)); text != "no attributes" {
		t.Errorf("no attributes show as %q", text)
	}
}

const evil = "<img src=x onerror=alert(1)><script>\u202e\x1b[31m\n\"'&javascript:alert(1)<!--"

func TestHostileFile(t *testing.T) {
	type row struct {
		A string `h5:"<b onclick=x>\u202e"`
	}
	f := newFile(t, func(f *h5.File) error {
		var e firstError
		name := strings.ReplaceAll(evil, "/", "")
		e.note(nil, f.Set(name, []string{evil, evil}))
		e.note(nil, f.Set("scalar", evil))
		e.note(nil, f.Set("rows", []row{{evil}}))
		e.note(f.CreateGroup("group" + name))
		e.note(nil, f.SetAttr(name, evil))
		return e.err
	})
	shown := []any{f}
	entries, err := f.Children()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		o, err := f.Get(e.Path)
		if err != nil {
			t.Fatal(err)
		}
		shown = append(shown, o)
		if d, ok := o.(*h5.Dataset); ok {
			a, err := d.Slice()
			if err != nil {
				t.Fatal(err)
			}
			shown = append(shown, a)
		}
	}
	attrs, err := f.Attrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range append(shown, attrs) {
		text, html := view(t, v)
		for _, bad := range []string{"<img", "<script", "<b onclick", "<!--", "\u202e", "\x1b"} {
			if strings.Contains(html, bad) {
				t.Errorf("%T: HTML holds %q: %s", v, bad, html)
			}
		}
		if strings.ContainsAny(text, "\u202e\x1b") {
			t.Errorf("%T: text holds control characters: %q", v, text)
		}
	}
	var listing strings.Builder
	if err := Ls(&listing, []string{"-r", f.Filename()}); err != nil {
		t.Error(err)
	}
	if strings.ContainsAny(listing.String(), "\u202e\x1b") {
		t.Errorf("the listing holds control characters: %q", listing.String())
	}
}

func TestMetadata(t *testing.T) {
	f := newFile(t, everyKind)
	b, _ := View(f)
	var doc document
	if err := json.Unmarshal(b.Data[display.HDF5].(json.RawMessage), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.V != 1 || doc.Path != "/" || doc.File.Name != "run.h5" || len(doc.Children) != 13 || doc.Truncated {
		t.Errorf("got %+v", doc)
	}
	if doc.Children[12].Name != "scan12" || doc.Children[12].Kind != "group" {
		t.Errorf("the last child is %+v, want scan12: members stand in natural order", doc.Children[12])
	}
	d, err := f.Dataset("entry/chunked")
	if err != nil {
		t.Fatal(err)
	}
	b, _ = View(d)
	if err := json.Unmarshal(b.Data[display.HDF5].(json.RawMessage), &doc); err != nil {
		t.Fatal(err)
	}
	if n := doc.Node; n.Dtype != "float32" || fmt.Sprint(*n.Shape, n.MaxShape, n.Filters) != "[100 40] [-1 40] [shuffle gzip(4)]" || n.Bytes != 16000 {
		t.Errorf("chunked: got %+v", n)
	}
}

// What is shown of a huge group is bounded, in its text, its page and its metadata.
func TestManyMembers(t *testing.T) {
	const n = 3000
	long := strings.Repeat("long", 200)
	f := newFile(t, func(f *h5.File) error {
		for i := range n {
			if _, err := f.CreateGroup(fmt.Sprintf("g%d%s", i, long)); err != nil {
				return err
			}
		}
		return nil
	})
	b, _ := View(f)
	text := b.Data[display.TextPlain].(string)
	if !strings.Contains(text, "├── g2long") || !strings.HasSuffix(text, "└── … 2,950 more\n") {
		t.Errorf("the tree ends in %q, want what it left out", text[max(0, len(text)-80):])
	}
	raw := b.Data[display.HDF5].(json.RawMessage)
	var doc document
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if len(raw) > maxMetadata || !doc.Truncated || len(doc.Children) == 0 {
		t.Errorf("%d bytes of metadata with %d children, truncated %v", len(raw), len(doc.Children), doc.Truncated)
	}
}

// A dataset may claim more elements than 64 bits count; a corner of it is shown all the same.
func TestVastDataset(t *testing.T) {
	f := newFile(t, func(f *h5.File) error {
		var e firstError
		chunks := h5.DatasetCreate{Chunks: h5.Shape{4, 4}}
		e.note(f.CreateDataset("grid", h5.Float64, h5.Shape{1 << 40, 1 << 40}, chunks))
		e.note(f.CreateDataset("rows", h5.Compound(h5.Member{Name: "A", Type: h5.Int8}), h5.Shape{1 << 31, 1 << 31}, chunks))
		return e.err
	})
	for _, path := range []string{"grid", "rows", "/"} {
		o, err := f.Get(path)
		if err != nil {
			t.Fatal(err)
		}
		b, ok := View(o)
		text := fmt.Sprint(b.Data["text/plain"])
		if !ok || !strings.Contains(text, " EB") || strings.Contains(text, " -") || strings.Contains(text, "h5:") {
			t.Errorf("%s is shown as\n%s", path, text)
		}
	}
}
