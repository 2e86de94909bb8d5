package h5browse

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gofive/h5"
)

type m = map[string]any

// make1 makes a file, and gives its path as requests have it.
func make1(t *testing.T, fill func(f *h5.File) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := h5.Create(path)
	if err == nil {
		err = fill(f)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return "path:" + path
}

// row is a row of a table.
type row struct {
	PLATE int32
	Z     float64
	CLASS string `h5:",len=6,ascii"`
}

// sample fills a file with some of everything.
func sample(f *h5.File) error {
	x := make([]float32, 1000)
	for i := range x {
		x[i] = float32(i % 100)
	}
	x[7] = float32(math.NaN())
	d, err := f.CreateDataset("x", h5.Float32, h5.Shape{1000}, h5.DatasetCreate{Chunks: h5.Shape{100}, Gzip: 4, MaxShape: h5.Shape{h5.Unlimited}})
	if err == nil {
		err = d.Write(x)
	}
	if err == nil {
		err = d.SetAttr("units", "Jy")
	}
	for name, v := range map[string]any{
		"img": [][]int16{{1, 2, 3, 4}, {5, 6, 7, 8}}, "texts": []string{"a", "b"}, "big": []int64{1 << 60, -1}, "c": []complex64{1 + 2i},
		"flags": []bool{true, false}, "one": 3.5, "g/deep/flux": []float64{1, 2}, "g/spec10": 1, "g/spec9": 1,
		"rows": []row{{3, 0.5, "QSO"}, {1, 2.5, "STAR"}, {2, 1.5, "QSO"}},
	} {
		if err == nil {
			err = f.Set(name, v)
		}
	}
	if err == nil {
		err = f.Softlink("gone", "/nowhere")
	}
	if err == nil {
		err = f.Softlink("soft", "/x")
	}
	return err
}

func floats(b []byte) []float64 {
	out := make([]float64, len(b)/8)
	for i := range out {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return out
}

func singles(b []byte) []float32 {
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}

// names lists a field of items.
func names(s said, list, field string) (out []string) {
	items, _ := s.data[list].([]any)
	for _, i := range items {
		out = append(out, fmt.Sprint(i.(m)[field]))
	}
	return out
}

func TestList(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	tests := []struct {
		name string
		ask  m
		want string
	}{
		{"all", m{"path": "/"}, "[big c flags g gone img one rows soft texts x]"},
		{"no path", m{}, "[big c flags g gone img one rows soft texts x]"},
		{"natural", m{"path": "/g"}, "[deep spec9 spec10]"},
		{"by name", m{"path": "/g", "sort": "name"}, "[deep spec10 spec9]"},
		{"page", m{"offset": 2, "limit": 2}, "[flags g]"},
		{"behind the end", m{"offset": 1 << 40}, "[]"},
		{"filter", m{"filter": "G"}, "[big flags g gone img]"},
		{"pattern", m{"filter": "?"}, "[c g x]"},
		{"kinds", m{"kinds": []string{"group", "link"}}, "[g gone]"},
		{"attribute", m{"attribute": "units=jy"}, "[soft x]"},
	}
	for _, tt := range tests {
		tt.ask["op"], tt.ask["file"] = "list", file
		if got := fmt.Sprint(names(p.do(tt.ask), "items", "name")); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	s := p.do(m{"op": "list", "file": file, "limit": 3})
	if s.data["total"] != 11.0 || s.data["next"] != 3.0 {
		t.Errorf("total, next: %v", s.data)
	}
	items := p.do(m{"op": "list", "file": file, "filter": "x*"}).data["items"].([]any)
	got := items[0].(m)
	if got["kind"] != "dataset" || got["path"] != "/x" || fmt.Sprint(got["shape"], got["maxshape"], got["filters"]) != "[1000] [-1] [gzip(4)]" || got["nattrs"] != 1.0 {
		t.Errorf("x is %v", got)
	}
	gone := p.do(m{"op": "list", "file": file, "filter": "gone"}).data["items"].([]any)[0].(m)
	if link := gone["link"].(m); gone["kind"] != "link" || link["ok"] != false || link["target"] != "/nowhere" {
		t.Errorf("gone is %v", gone)
	}
}

// TestListDetail asks for what stat and attrs would tell of each member.
func TestListDetail(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	got := map[string]m{}
	for _, item := range p.do(m{"op": "list", "file": file, "detail": true}).data["items"].([]any) {
		got[item.(m)["name"].(string)] = item.(m)
	}
	stat, attrs := p.do(m{"op": "stat", "file": file, "path": "/x"}).data, p.do(m{"op": "attrs", "file": file, "path": "/x"}).data
	wants := m{"type": stat["type"], "chunks": stat["chunks"], "filters": stat["filters"], "attrs": attrs["items"]}
	for name, want := range wants {
		if fmt.Sprint(got["x"][name]) != fmt.Sprint(want) {
			t.Errorf("%s of x: got %v, want %v", name, got["x"][name], want)
		}
	}
	if members := got["rows"]["type"].(m)["members"].([]any); len(members) != 3 {
		t.Errorf("rows: %v", got["rows"])
	}
	if got["g"]["type"] != nil || got["gone"]["kind"] != "link" {
		t.Errorf("a group and a link: %v, %v", got["g"], got["gone"])
	}
	if plain := p.do(m{"op": "list", "file": file, "filter": "x"}).data["items"].([]any)[0].(m); plain["type"] != nil || plain["attrs"] != nil {
		t.Errorf("without detail: %v", plain)
	}
}

func TestStat(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	s := p.do(m{"op": "stat", "file": file, "path": "/x", "sel": "0:10", "show": "line"}).data
	if s["kind"] != "dataset" || s["layout"] != "chunked" || fmt.Sprint(s["chunks"]) != "[100]" || s["unit"] != "Jy" || s["ratio"].(float64) < 1 {
		t.Errorf("x: %v", s)
	}
	code := s["code"].([]any)
	if len(code) != 3 || code[1] != `x := f.Dataset("/x")` || code[2] != `plots.Line(x.Part("0:10"))` {
		t.Errorf("code: %q", code)
	}
	if typ := p.do(m{"op": "stat", "file": file, "path": "/rows"}).data["type"].(m); typ["class"] != "compound" || len(typ["members"].([]any)) != 3 {
		t.Errorf("type of rows: %v", typ)
	}
	if s := p.do(m{"op": "stat", "file": file, "path": "/one"}).data; fmt.Sprint(s["shape"]) != "[]" {
		t.Errorf("one: %v", s)
	}
	if s := p.do(m{"op": "stat", "file": file, "path": "/g"}).data; s["nchildren"] != 3.0 {
		t.Errorf("g: %v", s)
	}
}

func TestAttrs(t *testing.T) {
	file := make1(t, func(f *h5.File) error {
		for name, v := range map[string]any{"a": "text", "b": []float64{1, math.NaN()}, "c": int64(1 << 60), "d": []int32{1, 2}, "e": make([]float64, 5000)} {
			if err := f.SetAttr(name, v); err != nil {
				return err
			}
		}
		return nil
	})
	p := newPage(t, Options{})
	s := p.do(m{"op": "attrs", "file": file, "path": "/"})
	if got := fmt.Sprint(names(s, "items", "value")); got != "[text <nil> <nil> [1 2] <nil>]" {
		t.Errorf("values %s", got)
	}
	if got := s.data["items"].([]any)[2].(m)["text"]; got != "1152921504606846976" {
		t.Errorf("text of c: %v", got)
	}
	if s := p.do(m{"op": "attrs", "file": file, "offset": 1, "limit": 2}); fmt.Sprint(names(s, "items", "name")) != "[b c]" || s.data["next"] != 3.0 {
		t.Errorf("page: %v", s.data)
	}
}

func TestSlice(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	tests := []struct {
		path, sel, as string
		dtype, shape  string
		bytes         int
	}{
		{"/x", "10:20", "", "<f4", "[10]", 40},
		{"/x", "10:20", "f8", "<f8", "[10]", 80},
		{"/img", "1, ::2", "", "<i2", "[2]", 4},
		{"/img", "", "native", "<i2", "[2 4]", 16},
		{"/big", "", "", "<i8", "[2]", 16},
		{"/c", "", "", "<c8", "[1]", 8},
		{"/flags", "", "", "|b1", "[2]", 2},
		{"/one", "", "", "<f8", "[]", 8},
	}
	for _, tt := range tests {
		s := p.do(m{"op": "slice", "file": file, "path": tt.path, "sel": tt.sel, "as": tt.as})
		if s.data["dtype"] != tt.dtype || fmt.Sprint(s.data["shape"]) != tt.shape || len(s.buffers) != 1 || len(s.buffers[0]) != tt.bytes {
			t.Errorf("%s[%s] as %q: %v, %d buffers", tt.path, tt.sel, tt.as, s.data, len(s.buffers))
		}
		stat := p.do(m{"op": "stat", "file": file, "path": tt.path}).data["type"].(m)
		if tt.as != "f8" && stat["dtype"] != tt.dtype {
			t.Errorf("%s: stat says %v, slice gives %s", tt.path, stat["dtype"], tt.dtype)
		}
	}
	if s := p.do(m{"op": "slice", "file": file, "path": "/texts"}); fmt.Sprint(s.data["text"]) != "[a b]" || s.data["dtype"] != "text" {
		t.Errorf("texts: %v", s.data)
	}
	if s := p.do(m{"op": "slice", "file": file, "path": "/rows", "field": "Z"}); !slices.Equal(floats(s.buffers[0]), []float64{0.5, 2.5, 1.5}) {
		t.Errorf("field: %v", s.data)
	}
	id := p.ask(m{"op": "slice", "file": file, "path": "/x", "max": 100})
	e := p.answer(id).data["error"].(m)
	if e["kind"] != "too-large" || e["sel"] == nil {
		t.Fatalf("too large: %v", e)
	}
	p.do(m{"op": "slice", "file": file, "path": "/x", "max": 100, "sel": e["sel"]})
}

func TestDecimate(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	s := p.do(m{"op": "decimate", "file": file, "path": "/x", "width": 10})
	index, lo, hi := floats(s.buffers[0]), floats(s.buffers[1]), floats(s.buffers[2])
	if s.data["full"] != false || s.data["nan"] != 1.0 || index[3] != 300 || lo[3] != 0 || hi[3] != 99 || fmt.Sprint(s.data["range"]) != "[0 99]" {
		t.Errorf("%v %v %v %v", s.data, index, lo, hi)
	}
	s = p.do(m{"op": "decimate", "file": file, "path": "/x", "sel": "5:10", "width": 100})
	if lo := floats(s.buffers[1]); s.data["full"] != true || len(lo) != 5 || !math.IsNaN(lo[2]) || lo[4] != 9 {
		t.Errorf("full: %v %v", s.data, lo)
	}
	s = p.do(m{"op": "decimate", "file": file, "path": "/x", "sel": "0:20:2", "width": 5, "method": "mean"})
	if v := floats(s.buffers[1]); v[0] != 1 || v[4] != 17 {
		t.Errorf("mean: %v %v", s.data, v)
	}
	s = p.do(m{"op": "decimate", "file": file, "path": "/x", "width": 10, "method": "nearest"})
	if v := floats(s.buffers[1]); len(v) != 10 {
		t.Errorf("nearest: %v", v)
	}
	s = p.do(m{"op": "decimate", "file": file, "path": "/x", "width": 10, "x": m{"path": "/x"}})
	if len(s.buffers) != 6 {
		t.Errorf("with x: %v", s.data["buffers"])
	}
	s = p.do(m{"op": "decimate", "file": file, "path": "/img", "width": 2, "height": 1})
	px := singles(s.buffers[0])
	if !slices.Equal(px, []float32{3.5, 5.5}) {
		t.Errorf("image: %v %v", px, s.data)
	}
	if kind := p.fails(m{"op": "decimate", "file": file, "path": "/texts"}); kind != "unsupported" {
		t.Errorf("texts: %s", kind)
	}
	if kind := p.fails(m{"op": "decimate", "file": file, "path": "/one"}); kind != "bad-request" {
		t.Errorf("one: %s", kind)
	}
}

// A long line is drawn from its index, and what comes is what the elements say.
func TestIndex(t *testing.T) {
	const n = 3 << 20
	file := make1(t, func(f *h5.File) error {
		x := make([]int16, n)
		for i := range x {
			x[i] = int16(i % 1000)
		}
		x[2_000_000] = 5000
		d, err := f.CreateDataset("x", h5.Int16, h5.Shape{n}, h5.DatasetCreate{Chunks: h5.Shape{1 << 16}, Gzip: 1})
		if err != nil {
			return err
		}
		return d.Write(x)
	})
	p := newPage(t, Options{})
	p.do(m{"op": "decimate", "file": file, "path": "/x", "width": 500})
	s := p.do(m{"op": "decimate", "file": file, "path": "/x", "sel": "1500000:2500000", "width": 500})
	index, hi := floats(s.buffers[0]), floats(s.buffers[2])
	k := slices.Index(hi, 5000)
	if k < 0 || index[k] > 2_000_000 || index[k+1] <= 2_000_000 || s.data["from"].(float64) > 1_500_000 || s.data["to"].(float64) < 2_500_000 {
		t.Errorf("the spike is in stretch %d; %v", k, s.data)
	}
	if len(p.b.indexes.kept) != 1 || p.b.indexes.kept[0].cells == nil {
		t.Error("no index was kept")
	}
}

func TestStats(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	s := p.do(m{"op": "stats", "file": file, "path": "/x", "bins": 10}).data
	if s["count"] != 999.0 || s["nan"] != 1.0 || s["min"] != 0.0 || s["max"] != 99.0 || s["exact"] != true || s["percentiles"].(m)["50"] != 50.0 {
		t.Errorf("%v", s)
	}
	total := 0.0
	for _, c := range s["histogram"].(m)["counts"].([]any) {
		total += c.(float64)
	}
	if total != 999 {
		t.Errorf("histogram of %v", total)
	}
}

func TestSearch(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	for _, tt := range []struct {
		text, in string
		want     string
	}{{"FLUX", "names", "[/g/deep/flux]"}, {"jy", "attrs", "[/soft /x]"}, {"spec", "both", "[/g/spec9 /g/spec10]"}, {"nowhere at all", "both", "[]"}} {
		id := p.ask(m{"op": "search", "file": file, "text": tt.text, "in": tt.in})
		s := p.answer(id)
		var got []string
		for _, b := range p.backlog {
			if b.data["id"] == float64(id) {
				got = append(got, names(b, "items", "path")...)
			}
		}
		if fmt.Sprint(got) != tt.want || s.data["done"] != true || s.data["found"] != float64(len(got)) {
			t.Errorf("%q in %s: %v, want %s; %v", tt.text, tt.in, got, tt.want, s.data)
		}
	}
}

func TestTable(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	s := p.do(m{"op": "table", "file": file, "path": "/rows", "sort": "-Z", "columns": []string{"Z", "CLASS"}})
	columns := s.data["columns"].([]any)
	if !slices.Equal(floats(s.buffers[0]), []float64{2.5, 1.5, 0.5}) || fmt.Sprint(columns[1].(m)["strings"]) != "[STAR QSO QSO]" || s.data["total"] != 3.0 {
		t.Errorf("sorted: %v", s.data)
	}
	s = p.do(m{"op": "table", "file": file, "path": "/rows", "filter": "Z < 2 && CLASS == 'QSO'", "columns": []string{"Z"}})
	if !slices.Equal(floats(s.buffers[0]), []float64{0.5, 1.5}) || s.data["total"] != 2.0 {
		t.Errorf("filtered: %v", s.data)
	}
	s = p.do(m{"op": "table", "file": file, "path": "/img", "rows": "1:2", "columns": "2:4"})
	if fmt.Sprint(names(s, "columns", "name")) != "[2 3]" || s.buffers[0][0] != 7 || s.buffers[1][0] != 8 {
		t.Errorf("grid: %v", s.data)
	}
	s = p.do(m{"op": "table", "file": file, "path": "/x", "rows": "998:5000"})
	if s.data["count"] != 2.0 || fmt.Sprint(names(s, "columns", "name")) != "[value]" {
		t.Errorf("one axis: %v", s.data)
	}
	if kind := p.fails(m{"op": "table", "file": file, "path": "/rows", "filter": "Z <<"}); kind == "internal" || kind == "" {
		t.Errorf("bad filter: %s", kind)
	}
}

func TestWatch(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	id := p.ask(m{"op": "watch", "file": file, "path": "/x", "every": 250})
	if s := p.answer(id); fmt.Sprint(s.data["shape"]) != "[1000]" {
		t.Fatalf("%v", s.data)
	}
	make2, err := h5.Create(file[len("path:"):] + ".new")
	if err != nil {
		t.Fatal(err)
	}
	make2.Set("x", []float64{1, 2, 3})
	make2.Close()
	if err := os.Rename(file[len("path:"):]+".new", file[len("path:"):]); err != nil {
		t.Fatal(err)
	}
	s := p.wait("change", func(s said) bool { return s.data["event"] == "changed" })
	if fmt.Sprint(s.data["shape"]) != "[3]" || s.data["id"] != float64(id) || s.data["file"] != file {
		t.Errorf("%v", s.data)
	}
	p.do(m{"op": "cancel", "target": id})
	for end := time.Now().Add(20 * time.Second); p.b.comm("c").find(id) != nil; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the watch goes on")
		}
	}
}

// A selection that is too large is answered with one that is not.
func TestStridedFits(t *testing.T) {
	for _, tt := range []struct {
		shape h5.Shape
		most  int
		want  string
	}{
		{h5.Shape{1000}, 100, "0:1000:10"},
		{h5.Shape{1 << 40, 100}, 131072, "0:1099511627776:839321854, 0:100:1"},
		{h5.Shape{100, 1 << 40}, 131072, "0:100:1, 0:1099511627776:839321854"},
		{h5.Shape{3, 1 << 20, 1, 1 << 20}, 1000, "0:3:1, 0:1048576:58255, 0:1:1, 0:1048576:58255"},
		{h5.Shape{50, 50}, 1, "0:50:50, 0:50:50"},
	} {
		axes, places := make([]h5.Interval, len(tt.shape)), 1
		for i, n := range tt.shape {
			axes[i] = h5.Range(0, n)
		}
		got := strided(axes, tt.most)
		for _, part := range strings.Split(got, ", ") {
			var i h5.Interval
			if _, err := fmt.Sscanf(part, "%d:%d:%d", &i.Lo, &i.Hi, &i.Step); err != nil {
				t.Fatal(err)
			}
			places *= count1(i)
		}
		if got != tt.want || places > tt.most {
			t.Errorf("%v to %d: got %s of %d, want %s", tt.shape, tt.most, got, places, tt.want)
		}
	}
}
