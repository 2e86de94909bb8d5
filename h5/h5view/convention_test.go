package h5view

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gofive/display"
	"gofive/h5"
)

// maker fills a file and keeps the first error.
type maker struct {
	f *h5.File
	firstError
}

// set stores a value with attributes, name and value by turns.
func (m *maker) set(path string, v any, attrs ...any) {
	m.note(nil, m.f.Set(path, v))
	m.attrs(path, attrs...)
}

// group makes a group with attributes.
func (m *maker) group(path string, attrs ...any) {
	_, err := m.f.RequireGroup(path)
	m.note(nil, err)
	m.attrs(path, attrs...)
}

func (m *maker) attrs(path string, attrs ...any) {
	if m.err != nil {
		return
	}
	o, err := m.f.Get(path)
	m.note(nil, err)
	for i := 0; m.err == nil && i < len(attrs); i += 2 {
		m.note(nil, o.SetAttr(attrs[i].(string), attrs[i+1]))
	}
}

// scale makes a dataset a scale and attaches it to axes of others, path and axis by turns.
func (m *maker) scale(path, name string, to ...any) {
	if m.err != nil {
		return
	}
	s, err := m.f.Dataset(path)
	m.note(nil, err)
	m.note(nil, s.MakeScale(name))
	for i := 0; m.err == nil && i < len(to); i += 2 {
		d, err := m.f.Dataset(to[i].(string))
		m.note(nil, err)
		m.note(nil, d.Dim(to[i+1].(int)).Attach(s))
	}
}

// ref gives a reference to a dataset.
func (m *maker) ref(path string) h5.Reference {
	d, err := m.f.Dataset(path)
	if m.note(nil, err); m.err != nil {
		return h5.Reference{}
	}
	r, err := d.Ref()
	m.note(nil, err)
	return r
}

// asMatlab gives a text as MATLAB stores it.
func asMatlab(s string) [][]uint16 {
	var out [][]uint16
	for _, r := range s {
		out = append(out, []uint16{uint16(r)})
	}
	return out
}

// examples are small files of each convention: how to make one, and what is said of it and of objects in
// it. A text that begins with - must not be there.
var examples = []struct {
	name string
	fill func(m *maker)
	says map[string][]string
}{
	{"netcdf", func(m *maker) {
		m.attrs("/", "_NCProperties", "version=2,netcdf=4.9.2,hdf5=1.10.8", "Conventions", "CF-1.8")
		m.set("t", [][]int16{{100, 200, -99}, {300, 400, 500}}, "scale_factor", 0.1, "add_offset", 5.0, "_FillValue", int16(-99), "units", "K", "long_name", "air")
		m.set("lat", []float64{-45, 45}, "units", "degrees_north")
		m.set("lon", []float32{0, 120, 240}, "units", "degrees_east")
		m.set("mean", []float64{1, 2}, "_Netcdf4Dimid", 0)
		m.set("nv", []float32{0, 0})
		m.set("bare", [][]float64{{1, 2}, {3, 4}})
		m.scale("lat", "lat", "t", 0, "mean", 0)
		m.scale("lon", "lon", "t", 1)
		m.scale("nv", noVariable+"         2", "bare", 0)
	}, map[string][]string{
		"/":    {"netCDF-4  CF-1.8", "(lat 2 × lon 3) int16", "coordinate", "1 internal: nv", "dimensions: lat = 2, lon = 3, nv = 2", "-_Netcdf4Dimid"},
		"t":    {"air [K]", `axes "lon [degrees_east]" and "lat [degrees_north]"`, "unpacked × 0.1 + 5", "heat map of 2 x 3 values, 15 to 55", "fill", "15"},
		"mean": {"line of 2 points, x -45 to 45", `"lat [degrees_north]"`},
	}},
	{"netcdf classic characters", func(m *maker) {
		m.attrs("/", "_nc3_strict", int32(1))
		d, err := m.f.CreateDataset("names", h5.FixedASCII(1), h5.Shape{2, 4})
		m.note(nil, err)
		m.note(nil, d.Write([][]string{{"W", "i", "e", "n"}, {"U", "l", "m", ""}}))
	}, map[string][]string{"names": {"Wien\nUlm\n", "2 texts of up to 4 characters"}}},
	{"nexus", func(m *maker) {
		m.attrs("/", "NX_class", "NXroot", "NeXus_version", "4.4.3", "default", "entry")
		m.group("entry", "NX_class", "NXentry", "default", "scan")
		m.group("entry/scan", "NX_class", "NXdata", "signal", "counts", "axes", []string{"angle"})
		m.set("entry/scan/counts", []int32{1, 5, 2})
		m.set("entry/scan/angle", []float64{10, 11, 12, 13}, "units", "deg")
		m.set("entry/scan/counts_errors", []float64{1, 2, 1.5})
		m.set("entry/scan/title", "a scan")
	}, map[string][]string{
		"/":          {"NeXus 4.4.3", "NXdata", "a scan, counts", "line of 3 points, x 10.5 to 12.5, y 1 to 5", `"angle [deg]"`},
		"entry/scan": {"line of 3 points", "band"},
	}},
	{"old nexus", func(m *maker) {
		m.group("entry", "NX_class", "NXentry")
		m.group("entry/data", "NX_class", "NXdata")
		m.set("entry/data/d", [][]float64{{1, 2, 3}, {4, 5, 6}}, "signal", "1", "axes", "[y:x]", "long_name", "counts in detector")
		m.set("entry/data/y", []float64{0, 1})
		m.set("entry/data/x", []float64{5, 6, 7})
	}, map[string][]string{"/": {"NeXus", "signal", "counts in detector", "heat map of 2 x 3", `axes "x" and "y"`}}},
	{"broken nexus", func(m *maker) {
		m.group("entry", "NX_class", "NXentry", "default", "data")
		m.group("entry/data", "NX_class", "NXdata", "signal", "gone")
	}, map[string][]string{"/": {"it looks like NeXus, but its signal \"gone\" is not there", "└── data/"}}},
	{"h5boss", func(m *maker) {
		rows := make([]struct{ WAVE, FLUX, IVAR, MODEL float32 }, 50)
		for i := range rows {
			rows[i].WAVE, rows[i].FLUX, rows[i].IVAR, rows[i].MODEL = 3500+float32(i), float32(i), 1, 20
		}
		rows[3].IVAR, rows[3].FLUX = 0, 1e9
		for _, fiber := range []string{"1", "10", "2"} {
			m.set("3655/55240/"+fiber+"/coadd", rows)
		}
		m.set("3655/55240/zbest", []struct {
			FIBERID         int32
			CLASS, SUBCLASS string
			Z               float32
		}{{1, "STAR", "F5", 0.0001}, {10, "QSO", "", 2.5}})
	}, map[string][]string{
		"/":                  {"H5Boss v1 of 1 plate", "plate", "night", "fiber", "spectrum"},
		"3655/55240/10":      {"plate 3655, MJD 55240, fiber 10, QSO, z = 2.5000", "line of 50 points, x 3500 to 3549, y 0 to 49", "model", "vacuum wavelength"},
		"3655/55240/1/coadd": {"flux, line of 50 points", "fiber 1, STAR F5, z = 0.0001"},
	}},
	{"h5boss v2", func(m *maker) {
		m.set("3655/55240/coadds/wave", []float32{1, 2, 3})
		m.set("3655/55240/coadds/flux", [][]float32{{1, 2, 3}, {4, 5, 6}})
		m.set("3655/55240/coadds/ivar", [][]float32{{1, 1, 1}, {1, 1, 1}})
		m.set("3655/55240/plugmap", []struct{ FIBERID int32 }{{7}, {9}})
	}, map[string][]string{"/": {"H5Boss v2"}, "3655/55240/coadds": {"the first spectrum", "line of 3 points, x 1 to 3, y 1 to 3"}}},
	{"pandas", func(m *maker) {
		m.attrs("/", "CLASS", "GROUP", "PYTABLES_FORMAT_VERSION", "2.1", "TITLE", "")
		m.group("df", "CLASS", "GROUP", "pandas_type", "frame")
		m.set("df/axis0", []string{"a", "n", "b"})
		m.set("df/axis1", []int64{0, 86400e9}, "kind", "datetime64")
		m.set("df/block0_items", []string{"a", "b"})
		m.set("df/block0_values", [][]float64{{1.5, 2.5}, {3.5, 4.5}})
		m.set("df/block1_items", []string{"n"})
		m.set("df/block1_values", [][]int64{{7}, {8}})
		m.group("rows", "pandas_type", "frame_table")
		m.set("rows/table", []struct {
			Index  int64      `h5:"index"`
			Values [2]float64 `h5:"values_block_0"`
		}{{5, [2]float64{1, 2}}}, "CLASS", "TABLE", "values_block_0_kind", "(lp1\nVheight\np2\naVwidth\np3\na.")
		m.group("s", "pandas_type", "series")
		m.set("s/index", []int64{3, 4})
		m.set("s/values", []float64{0.5, 0.25})
		m.group("_i_table")
	}, map[string][]string{
		"/":    {"pandas in PyTables 2.1", "DataFrame", "Series", "table", "1 internal: _i_table", "6 internals", "-@CLASS = \"TABLE\""},
		"df":   {"data frame", "1970-01-02", "index", "  a  ", "3.5", "2 rows × 4 columns"},
		"rows": {"height", "width", "1 row × 3 columns"},
		"s":    {"0.25", "2 rows × 2 columns"},
	}},
	{"matlab", func(m *maker) {
		m.set("word", asMatlab("Grüße"), "MATLAB_class", "char", "MATLAB_int_decode", int32(2))
		m.set("a", [][]float64{{1, 2}, {3, 4}, {5, 6}}, "MATLAB_class", "double")
		m.set("yes", [][]uint8{{1, 0}, {0, 1}}, "MATLAB_class", "logical")
		m.set("none", []uint64{0, 3}, "MATLAB_class", "double", "MATLAB_empty", uint8(1))
		m.set("#refs#/a", asMatlab("cell"), "MATLAB_class", "char")
		m.set("c", [][]h5.Reference{{m.ref("#refs#/a")}, {m.ref("a")}}, "MATLAB_class", "cell")
		m.group("s", "MATLAB_class", "struct")
		m.set("s/x", [][]float64{{2.5}}, "MATLAB_class", "double")
		m.group("sp", "MATLAB_class", "double", "MATLAB_sparse", uint64(4))
		m.set("sp/jc", []uint64{0, 1, 2})
		m.set("sp/data", []float64{1, 2})
	}, map[string][]string{
		"/":    {"MATLAB", "double 2×3", "char 1×5", "1 internal: #refs#", "sparse double", "-MATLAB_class"},
		"word": {"as text\nGrüße\n"},
		"a":    {"as MATLAB shows it, 2 × 3", "0  1.0  3.0  5.0"},
		"yes":  {"true   false", "values of bool"},
		"none": {"empty 0 × 3"},
		"c":    {"cell array of 2", "{1}", "cell", "2 × 3"},
		"s":    {"struct with 1 field", "2.5"},
		"sp":   {"sparse matrix of 4 × 2, 2 elements stored"},
	}},
	{"anndata", func(m *maker) {
		m.attrs("/", "encoding-type", "anndata", "encoding-version", "0.1.0")
		for _, part := range []string{"obs", "var"} {
			m.group(part, "encoding-type", "dataframe", "_index", "_index", "column-order", []string{"kind", "n"})
			m.set(part+"/_index", []string{"c0", "c1", "c2"})
			m.set(part+"/n", []int64{10, 20, 30})
			m.group(part+"/kind", "encoding-type", "categorical")
			m.set(part+"/kind/codes", []int8{1, -1, 0})
			m.set(part+"/kind/categories", []string{"B cell", "T cell"})
		}
		m.group("X", "encoding-type", "csr_matrix", "shape", []int64{3, 3})
		m.set("X/data", []float32{1})
	}, map[string][]string{
		"/":   {"AnnData", "matrix, csr matrix 3 × 3", "observations", "obs, observations", "T cell", "c2", "var, variables"},
		"obs": {"T cell", "3 rows × 3 columns"},
	}},
	{"nwb", func(m *maker) {
		m.attrs("/", "neurodata_type", "NWBFile", "nwb_version", "2.5.0")
		m.group("acquisition/ts", "neurodata_type", "TimeSeries")
		m.set("acquisition/ts/data", []float64{1, 2, 3}, "conversion", 2.0, "unit", "volts")
		m.set("acquisition/ts/starting_time", 10.0, "rate", 2.0)
		m.group("acquisition/es", "neurodata_type", "ElectricalSeries")
		m.set("acquisition/es/data", [][]int16{{1, 9}, {2, 9}}, "unit", "volts")
		m.set("acquisition/es/timestamps", []float64{0.5, 0.75})
		m.group("acquisition/lost", "neurodata_type", "TimeSeries")
		m.set("acquisition/lost/data", []float64{1, 2})
		m.group("units", "neurodata_type", "DynamicTable", "colnames", []string{"spikes", "quality"})
		m.set("units/id", []int64{0, 1})
		m.set("units/spikes", []float64{0.25, 0.5, 0.75})
		m.set("units/spikes_index", []int64{2, 3})
		m.set("units/quality", []string{"good", "bad"})
		m.group("specifications")
	}, map[string][]string{
		"/":                {"NWB 2.5.0", "TimeSeries", "1 internal: specifications"},
		"acquisition/ts":   {"line of 3 points, x 10 to 11, y 2 to 6", "data [volts]", "time [seconds]"},
		"acquisition/es":   {"channel 0 of 2", "x 0.5 to 0.75, y 1 to 2"},
		"acquisition/lost": {"it looks like NWB 2.5.0, but it has neither timestamps nor a starting time"},
		"units":            {"0.25, 0.5", "good", "2 rows × 3 columns"},
	}},
	{"gwosc", func(m *maker) {
		m.set("meta/Detector", "H1")
		m.group("quality/simple")
		m.set("strain/Strain", []float64{1e-21, 2e-21, -1e-21}, "Xstart", int64(1126259446), "Xspacing", 0.5, "Yunits", "", "Xunits", "second")
	}, map[string][]string{
		"/":             {"GWOSC H1", "strain", "line of 3 points, x 0 to 1, y -1e-21 to 2e-21", "seconds since GPS 1126259446"},
		"strain/Strain": {"line of 3 points"},
	}},
	{"keras", func(m *maker) {
		m.attrs("/", "keras_version", "2.12.0", "model_config", `{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense","config":{"name":"dense_1"}}]}}`)
		m.group("model_weights", "layer_names", []string{"dense_1"})
		m.group("model_weights/dense_1", "weight_names", []string{"dense_1/kernel:0", "dense_1/lost:0"})
		m.set("model_weights/dense_1/dense_1/kernel:0", [][]float32{{1, 2, 3}, {4, 5, 6}})
	}, map[string][]string{"/": {"Keras 2.12.0 model", "layer", "layers, 6 parameters", "Dense", "kernel:0", "2 × 3", "not there"}}},
	{"openpmd", func(m *maker) {
		m.attrs("/", "openPMD", "1.1.0", "basePath", "/data/%T/")
		m.group("data/100", "time", 0.0, "dt", 1.0, "timeUnitSI", 1.0)
		m.group("data/100/fields/E", "geometry", "thetaMode", "axisLabels", []string{"r", "z"}, "gridSpacing", []float64{0.5, 1}, "gridGlobalOffset", []float64{0, 10}, "gridUnitSI", 2.0)
		m.set("data/100/fields/E/r", [][][]float64{{{1, 2, 3}, {4, 5, 6}}}, "unitSI", 10.0)
		m.group("data/100/fields/E/t", "value", 3.0, "shape", []uint64{1, 2, 3}, "unitSI", 10.0)
		m.set("data/100/particles/e/weighting", []float64{1, 2, 3}, "unitSI", 1.0)
	}, map[string][]string{
		"/":                              {"openPMD 1.1.0", "iteration", "thetaMode mesh", "constant", "1 iteration: 100"},
		"data/100/fields/E/r":            {"E/r [SI], mode 0", "heat map of 2 x 3 values, 10 to 60", `axes "z [m]" and "r [m]"`},
		"data/100/fields/E/t":            {"every value of shape [1 2 3] is 30 in SI units"},
		"data/100/particles/e/weighting": {"line of 3 points"},
	}},
	{"images", func(m *maker) {
		m.set("palette", [][]uint8{{255, 0, 0}, {0, 255, 0}}, "CLASS", "PALETTE", "PAL_VERSION", "1.2")
		m.set("indexed", [][]uint8{{0, 1, 1}, {1, 0, 0}}, "CLASS", "IMAGE", "IMAGE_SUBCLASS", "IMAGE_INDEXED", "PALETTE", []h5.Reference{m.ref("palette")})
		m.set("planes", [][][]uint8{{{1, 2}}, {{3, 4}}, {{5, 6}}}, "CLASS", "IMAGE", "IMAGE_SUBCLASS", "IMAGE_TRUECOLOR", "INTERLACE_MODE", "INTERLACE_PLANE")
		m.set("wide", []float64{1}, "CLASS", "IMAGE")
	}, map[string][]string{
		"/":       {"HDF5 images", "image", "palette", "-@CLASS"},
		"indexed": {"image of 3 × 2 pixels"},
		"planes":  {"image of 2 × 1 pixels"},
		"wide":    {"it looks like HDF5 images, but an image of (1) float64 is not drawn"},
	}},
	{"fast5", func(m *maker) {
		m.attrs("/", "file_version", "2.0")
		m.set("read_1/Raw/Signal", []int16{100, 200, 300})
		m.group("read_1/channel_id", "digitisation", 100.0, "range", 50.0, "offset", 10.0)
	}, map[string][]string{
		"/":                 {"fast5 2.0 of 1 read", "signal"},
		"read_1":            {"line of 3 points, x 0 to 2, y 55 to 155", "current [pA]"},
		"read_1/Raw/Signal": {"y 55 to 155"},
	}},
	{"hdfeos", func(m *maker) {
		m.group("HDFEOS INFORMATION", "HDFEOSVersion", "HDFEOS_5.1.15")
		m.set("HDFEOS INFORMATION/StructMetadata.0", "GROUP=GridStructure\n\tGridName=\"Ozone\"\n")
		m.set("HDFEOS/GRIDS/Ozone/Data Fields/O3", [][]float32{{1, 2}, {3, -9}}, "_FillValue", float32(-9), "units", "DU")
	}, map[string][]string{
		"/":                                 {"HDFEOS 5.1.15", "grid Ozone", "grid", "data", "1 internal: HDFEOS INFORMATION"},
		"HDFEOS/GRIDS/Ozone/Data Fields/O3": {"O3 [DU]", "image of 2 x 2 values, 1 to 3"},
	}},
	{"dimension scales", func(m *maker) {
		m.set("flux", [][]float64{{1, 2}, {3, 4}}, "units", "Jy")
		m.set("t", []float64{10, 20}, "units", "s")
		m.scale("t", "t", "flux", 0)
	}, map[string][]string{"/": {"dimension scales", "(t 2 × 2) float64", "scale"}, "flux": {"flux [Jy]", `and "t [s]"`}}},
	{"none", func(m *maker) {
		m.set("10/a", []float64{1, 2})
		m.set("X", 1)
		m.set("obs", 1)
	}, map[string][]string{"/": {"-looks like", "-H5Boss", "-AnnData", "(2) float64"}}},
}

// makeExample makes the file of an example.
func makeExample(t testing.TB, fill func(*maker)) *h5.File {
	return newFile(t, func(f *h5.File) error {
		m := &maker{f: f}
		fill(m)
		return m.err
	}, h5.FileAccess{Libver: h5.Latest}) // attributes may be large
}

func TestConventions(t *testing.T) {
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			f := makeExample(t, e.fill)
			for path, wants := range e.says {
				var o h5.Object = f
				var err error
				if path != "/" {
					if o, err = f.Get(path); err != nil {
						t.Fatal(err)
					}
				}
				text, _ := view(t, o)
				for _, want := range wants {
					absent, not := strings.CutPrefix(want, "-")
					if not == strings.Contains(text, map[bool]string{true: absent, false: want}[not]) {
						t.Errorf("%s shows as\n%s\nwant %q", path, text, want)
					}
				}
				if strings.Contains(text, "looks like") && !strings.Contains(fmt.Sprint(wants), "looks like") {
					t.Errorf("%s is not as its convention asks:\n%s", path, text)
				}
			}
		})
	}
}

// TestPlain shows the same files without their conventions: all members, and nothing but what is stored.
func TestPlain(t *testing.T) {
	for _, e := range examples {
		f := makeExample(t, e.fill)
		b := Plain(f).MimeBundle()
		text := fmt.Sprint(b[display.TextPlain])
		names, err := f.Keys()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if !strings.Contains(text, name) {
				t.Errorf("%s: the plain tree is without %q:\n%s", e.name, name, text)
			}
		}
		if strings.Contains(text, "internal") || strings.Contains(text, "figure") || strings.Contains(fmt.Sprint(b[display.TextHTML]), "<img") {
			t.Errorf("%s: not plain:\n%s", e.name, text)
		}
	}
	var none *h5.File
	if text := fmt.Sprint(Plain(none).MimeBundle()[display.TextPlain]); !strings.HasPrefix(text, "nil *h5.File") {
		t.Errorf("a nil file shows as %q", text)
	}
}

// TestUserblock knows a MAT-file by what stands before the HDF5 file in it.
func TestUserblock(t *testing.T) {
	f := makeExample(t, func(m *maker) { m.set("a", [][]float64{{1}}, "MATLAB_class", "double") })
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(f.Filename())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "v.mat")
	block := make([]byte, 512)
	copy(block, matHeader)
	if err := os.WriteFile(path, append(block, content...), 0o666); err != nil {
		t.Fatal(err)
	}
	if f, err = h5.Open(path); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if text, _ := view(t, f); !strings.Contains(text, "MATLAB 7.3") {
		t.Errorf("it shows as\n%s", text)
	}
}

// TestLongFrames reads the first rows of long columns and says so.
func TestLongFrames(t *testing.T) {
	f := makeExample(t, func(m *maker) {
		m.attrs("/", "PYTABLES_FORMAT_VERSION", "2.1")
		m.group("s", "pandas_type", "series")
		m.set("s/index", make([]int64, mostRows+5))
		m.set("s/values", make([]float64, mostRows+5))
	})
	g, err := f.Group("s")
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := view(t, g); !strings.Contains(text, "only the first 100,000 rows were looked at") {
		t.Errorf("it shows as\n%s", text)
	}
}

// TestInternalsTakeNoRoom shows a page of members though all of the first page are internal.
func TestInternalsTakeNoRoom(t *testing.T) {
	f := makeExample(t, func(m *maker) {
		m.attrs("/", "PYTABLES_FORMAT_VERSION", "2.1")
		for i := range 120 {
			m.group(fmt.Sprint("_i_", i))
			m.set(fmt.Sprint("x", i), i)
		}
	})
	text, _ := view(t, f)
	if n := strings.Count(text, "── x"); n != 50 || !strings.Contains(text, "└── … 70 more, 120 internals: _i_0, _i_1, _i_2 …") {
		t.Errorf("%d members are shown, want 50:\n%s", n, text)
	}
}

// TestCostOfRecognition looks at a file that has many members and no convention.
func TestCostOfRecognition(t *testing.T) {
	f := newFile(t, func(f *h5.File) error {
		var e firstError
		for i := range maxKeys + 10 {
			e.note(f.CreateGroup(fmt.Sprint(i)))
		}
		return e.err
	})
	s := newSite(f)
	if s.names() != nil {
		t.Errorf("a root of %d members was listed to know its convention", s.links)
	}
	if found := recognise(f); len(found) != 0 {
		t.Errorf("it is taken for %v", found)
	}
}

func TestInnermost(t *testing.T) {
	values := slices.Repeat([]float64{math.NaN()}, 10)
	for i := range 1000 {
		values = append(values, float64(i))
	}
	values[20] = math.Inf(1)
	if lo, hi, ok := innermost(values, 0.01); !ok || lo != 9 || hi != 990 {
		t.Errorf("got %g to %g, %v; want 9 to 990", lo, hi, ok)
	}
	if _, _, ok := innermost([]float64{math.NaN()}, 0); ok {
		t.Error("of no values there is a range")
	}
}

func TestPickledNames(t *testing.T) {
	for pickle, want := range map[string][]string{
		"(lp1\nVheight\np2\naVwidth\np3\na.": {"height", "width"},
		"(lp0\nS'a'\np1\naS'b'\np2\na.":      {"a", "b"},
		"cos\nsystem\n(S'rm -rf /'\ntR.":     nil,
		"\x80\x04\x95":                       nil,
	} {
		if got := pickledNames(pickle); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", pickle, got, want)
		}
	}
}
