package h5view

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gofive/h5"
	"gofive/h5/boss/maskbits"
)

type position struct {
	RA  float64 `h5:"RA"`
	Dec float64 `h5:"DEC"`
}

// observation is a row with everything that a table has a word for.
type observation struct {
	Pos   position   `h5:"POS"`
	Wave  float32    `h5:"WAVE"`
	Ivar  float32    `h5:"IVAR"`
	Mask  int32      `h5:"MASK"`
	And   int32      `h5:"AND_MASK"`
	Zwarn int32      `h5:"ZWARNING"`
	Bands [2]float32 `h5:"BANDS"`
}

// meaningful writes datasets whose attributes say what their numbers mean.
func meaningful(f *h5.File) error {
	var e firstError
	rows := make([]observation, 40)
	for i := range rows {
		rows[i] = observation{position{180 + float64(i)/8, -1.5}, 3600 + float32(i*i), 1, 1 << (16 + i%3), 0, int32(i % 5), [2]float32{1, float32(i)}}
	}
	rows[1].And, rows[2].And, rows[3].Wave, rows[4].Ivar = 1<<23|1<<24, math.MinInt32, -9999, float32(math.NaN())
	d, err := f.CreateDataset("rows", h5.Compound(h5.Member{Name: "POS", Type: h5.Compound(h5.Member{Name: "RA", Type: h5.Float64}, h5.Member{Name: "DEC", Type: h5.Float64})},
		h5.Member{Name: "WAVE", Type: h5.Float32}, h5.Member{Name: "IVAR", Type: h5.Float32}, h5.Member{Name: "MASK", Type: h5.Int32}, h5.Member{Name: "AND_MASK", Type: h5.Int32},
		h5.Member{Name: "ZWARNING", Type: h5.Int32}, h5.Member{Name: "BANDS", Type: h5.ArrayOf(h5.Float32, 2)}), h5.Shape{40},
		h5.DatasetCreate{Fill: observation{Wave: -9999, Pos: position{RA: -1}}})
	e.note(nil, err)
	if e.err != nil {
		return e.err
	}
	e.note(nil, d.Write(rows))
	for name, unit := range map[string]string{"FIELD_0_UNITS": "deg", "TUNIT2": "Angstrom", "IVAR_units": "1/Jy^2"} {
		e.note(nil, d.SetAttr(name, unit))
	}
	e.note(nil, f.Set("t", []float32{270, 9.96921e36, 271.5, -1}))
	e.note(nil, f.Set("quality", [][]uint8{{0, 1, 2}, {3, 4, 7}}))
	e.note(nil, f.Set("class", []int16{1, 2, 9}))
	e.note(nil, f.Set("b/mask", [][]int32{{0, 1 << 22}, {1 << 30, 0}}))
	attrs := map[string]map[string]any{
		"t":       {"_FillValue": float32(9.96921e36), "missing_value": []float64{-1}, "units": "K"},
		"quality": {"flag_masks": []uint8{1, 2, 4}, "flag_meanings": "cloudy windy wet"},
		"class":   {"flag_values": []int16{1, 2}, "flag_meanings": "land sea"},
	}
	for path, of := range attrs {
		for name, v := range of {
			d, err := f.Dataset(path)
			e.note(nil, err)
			if err == nil {
				e.note(nil, d.SetAttr(name, v))
			}
		}
	}
	return e.err
}

func TestMeaningGoldens(t *testing.T) {
	f := newFile(t, meaningful)
	for _, path := range []string{"rows", "t", "quality", "class", "b/mask"} {
		d, err := f.Dataset(path)
		if err != nil {
			t.Fatal(err)
		}
		text, html := view(t, d)
		name := "meaning_" + strings.ReplaceAll(path, "/", "_")
		golden(t, name+".txt", text)
		if path == "rows" {
			golden(t, name+".html", html)
		}
	}
	d, err := f.Dataset("rows")
	if err != nil {
		t.Fatal(err)
	}
	table, err := d.Table()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := view(t, table)
	golden(t, "meaning_memory.txt", text)
	c, err := table.Column("IVAR")
	if err != nil {
		t.Fatal(err)
	}
	text, _ = view(t, c)
	golden(t, "meaning_column.txt", text)
}

// TestStrangeMeanings gives attributes that are not what their names say.
func TestStrangeMeanings(t *testing.T) {
	f := newFile(t, func(f *h5.File) error { return f.Set("x", []int32{1, 2}) })
	d, err := f.Dataset("x")
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{"units": 3, "UNIT": []string{"a", "b"}, "_FillValue": "none", "missing_value": [][]float64{{1, 2}, {3, 4}},
		"flag_meanings": "one two three", "flag_values": []int32{1}, "flag_masks": "all", "TUNIT1": math.NaN()} {
		if err := d.SetAttr(name, v); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := view(t, d)
	if want := "   value\n   int32\n0   fill\n1   fill\n2 values\nfill: 1, which stands for no value\nfill: 2, which stands for no value\n"; !strings.HasSuffix(text, want) {
		t.Errorf("got:\n%s\nwant at the end:\n%s", text, want)
	}
}

func TestBitNames(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 1: "NOPLUG", 1<<23 | 1<<24: "BRIGHTSKY|NODATA", 1 << 13: "bit 13", -1 << 31: "bit 31", 1 << 40: "bit 40"} {
		if got := maskbits.Pixel.Of(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	for _, test := range []struct {
		name    string
		columns []string
		known   bool
	}{
		{"AND_MASK", nil, true}, {"ZWARNING", nil, true}, {"MASK", []string{"MASK", "IVAR"}, true}, {"MASK", []string{"MASK"}, false}, {"and_mask", nil, false},
	} {
		if got := bitsOf(test.name, test.columns) != nil; got != test.known {
			t.Errorf("%s among %v: names of bits known %v, want %v", test.name, test.columns, got, test.known)
		}
	}
}

// TestHugeDatasetsShowTheirEnds looks at datasets of 1,000,000,000 rows, of which hardly any was written.
func TestHugeDatasetsShowTheirEnds(t *testing.T) {
	const rows = 1_000_000_000
	row := h5.Compound(h5.Member{Name: "WAVE", Type: h5.Float64}, h5.Member{Name: "N", Type: h5.Int32})
	f := newFile(t, func(f *h5.File) error {
		_, err := f.CreateDataset("never", row, h5.Shape{rows}, h5.DatasetCreate{Chunks: h5.Shape{1 << 16}, Gzip: 1})
		if err != nil {
			return err
		}
		d, err := f.CreateDataset("sparse", h5.Float32, h5.Shape{rows}, h5.DatasetCreate{Chunks: h5.Shape{1 << 16}})
		if err != nil {
			return err
		}
		return d.Write(7, rows-1)
	})
	for name, last := range map[string]string{"never": "999,999,999", "sparse": "7.0"} {
		d, err := f.Dataset(name)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := view(t, d)
		if !strings.Contains(text, strings.ReplaceAll(fmt.Sprint(last), ",", "")) || !strings.Contains(text, "1,000,000,000") {
			t.Errorf("%s: got\n%s", name, text)
		}
	}
}
