package h5view

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gofive/display"
	"gofive/h5"
)

// bad is what must act nowhere: markup, script, control characters and marks of direction.
const bad = "</script></style></details><img src=x onerror=alert(1)><script>alert(2)</script>\u202e\u2066\x1b[31m\x07\r\n\"'`&<svg onload=alert(3)>{{7*7}}javascript:alert(4)"

// hostileExamples make files whose names, values and attributes are bad in every place that a convention
// looks at.
var hostileExamples = []func(m *maker){
	func(m *maker) {
		name := strings.ReplaceAll(bad, "/", "")
		m.attrs("/", name, bad, "big", strings.Repeat("<b>", 300_000), "many", slices.Repeat([]string{bad}, 5000))
		m.set(name, []string{bad}, name, bad)
		m.set("group/"+name+"/"+name, 1)
		m.set("one", bad)
		_, err := m.f.CreateDataset("rows", h5.Compound(h5.Member{Name: name, Type: h5.Int8}), h5.Shape{2})
		m.note(nil, err)
		m.note(nil, m.f.Softlink("soft"+name, bad))
		m.note(nil, m.f.ExternalLink("external"+name, bad, bad))
	},
	func(m *maker) { // netCDF
		m.attrs("/", "_NCProperties", bad, "Conventions", bad)
		m.set("x", []float64{1, 2}, "units", bad, "long_name", bad, "DIMENSION_LABELS", []string{bad})
		m.set("t", []float64{1, 2})
		m.scale("t", bad, "x", 0)
	},
	func(m *maker) { // NeXus
		m.attrs("/", "NX_class", "NXroot", "NeXus_version", bad, "default", "e")
		m.group("e", "NX_class", "NXentry", "default", "d")
		m.group("e/d", "NX_class", "NXdata", "signal", "s", "axes", []string{bad})
		m.set("e/d/s", []float64{1, 2}, "long_name", bad, "units", bad)
		m.set("e/d/title", bad)
	},
	func(m *maker) { // pandas and AnnData
		m.attrs("/", "PYTABLES_FORMAT_VERSION", bad, "encoding-type", "anndata", "encoding-version", bad)
		m.group("df", "pandas_type", "frame")
		m.set("df/axis0", []string{bad})
		m.set("df/axis1", []string{bad})
		m.set("df/block0_items", []string{bad})
		m.set("df/block0_values", [][]float64{{1}})
		m.group("obs", "encoding-type", bad)
	},
	func(m *maker) { // MATLAB
		var letters [][]uint16
		for _, r := range bad {
			letters = append(letters, []uint16{uint16(r)})
		}
		m.set("a", letters, "MATLAB_class", "char")
		m.set("b", 1, "MATLAB_class", bad)
		m.set("s/f", letters, "MATLAB_class", "char")
		m.attrs("s", "MATLAB_class", "struct")
	},
	func(m *maker) { // Keras, NWB, openPMD, GWOSC, HDF-EOS5 at once
		m.attrs("/", "keras_version", bad, "model_config", bad, "layer_names", []string{bad}, "nwb_version", bad, "openPMD", bad, "file_version", bad)
		m.set("meta/Detector", bad)
		m.group("quality")
		m.set("strain/Strain", []float64{1, 2}, "Xstart", 0.0, "Xspacing", 1.0, "Yunits", bad)
		m.group("HDFEOS INFORMATION", "HDFEOSVersion", bad)
		m.set("HDFEOS INFORMATION/StructMetadata.0", `GridName="`+bad+`"`)
		m.group("t", "neurodata_type", bad, "colnames", []string{bad})
		m.set("read_x/Raw/Signal", []int16{1, 2})
	},
}

// TestHostileNowhere shows every object of hostile files and looks in the page, as a browser reads it,
// for anything that is not ours.
func TestHostileNowhere(t *testing.T) {
	for _, fill := range hostileExamples {
		f := makeExample(t, fill)
		shown := []h5.Object{f}
		err := f.Walk(func(e h5.Entry) error {
			if o, err := f.Get(e.Path); err == nil {
				shown = append(shown, o)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range shown {
			text, page := view(t, o)
			harmlessPage(t, page)
			if i := strings.IndexFunc(text, acts); i >= 0 {
				t.Errorf("%q acts in text: %q", text[i:i+1], text)
			}
			if len(page) > 1<<20 {
				t.Errorf("%q takes %d bytes", o.Path(), len(page))
			}
		}
		var listing strings.Builder
		if err := Ls(&listing, []string{"-r", f.Filename()}); err != nil {
			t.Error(err)
		}
		if i := strings.IndexFunc(listing.String(), acts); i >= 0 {
			t.Errorf("a listing holds %q", listing.String()[i:i+1])
		}
	}
}

// acts reports characters that a terminal follows instead of showing them.
func acts(r rune) bool { return r != '\n' && display.Visible(string(r)) != string(r) }

// elements are those that we write, and attributes the ones they have.
var (
	ourElements   = strings.Fields("html head body div style details summary ul li b code small em mark meter table caption thead tbody tfoot tr th td p pre img br i span s sup sub a kbd")
	ourAttributes = strings.Fields("class open scope value alt src width height title colspan align")
)

// harmlessPage fails when a page holds an element, an attribute or an address that is not ours.
func harmlessPage(t *testing.T, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode || n.Type == html.ElementNode && !slices.Contains(ourElements, n.Data) {
			t.Errorf("<%s> came out of a file", n.Data)
		}
		for _, a := range n.Attr {
			if !slices.Contains(ourAttributes, a.Key) || a.Key == "src" && !strings.HasPrefix(a.Val, "data:image/png;base64,") {
				t.Errorf("%s=%.80q of <%s> came out of a file", a.Key, a.Val, n.Data)
			}
		}
		if n.Type == html.TextNode && n.Parent.Data != "style" && strings.IndexFunc(n.Data, acts) >= 0 {
			t.Errorf("text %.80q acts", n.Data)
		}
	}
}
