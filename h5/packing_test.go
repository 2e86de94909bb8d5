package h5

import (
	"fmt"
	"math"
	"testing"
)

// TestScaled reads numbers as the CF conventions say that they are meant.
func TestScaled(t *testing.T) {
	tests := []struct {
		name  string
		v     any
		attrs map[string]any
		sel   []any
		want  string
		err   error
	}{
		{"without attributes", []int16{1, 2}, nil, nil, "float64 (2) [1 2]", nil},
		{"scale, offset and fill", [][]int16{{0, 10}, {-99, 20}}, map[string]any{"scale_factor": 0.5, "add_offset": 100.0, "_FillValue": int16(-99)}, nil, "float64 (2, 2) [[100 105] [NaN 110]]", nil},
		{"a part", [][]int16{{0, 10}, {-99, 20}}, map[string]any{"scale_factor": 0.5}, []any{1, ":"}, "float64 (2) [-49.5 10]", nil},
		{"one number", int16(7), map[string]any{"add_offset": 0.5}, nil, "7.5", nil},
		{"scale in an array of one", []uint8{3}, map[string]any{"scale_factor": []float32{2}}, nil, "float64 (1) [6]", nil},
		{"several missing values", []float64{1, 2, 3}, map[string]any{"missing_value": []float64{1, 3}}, nil, "float64 (3) [NaN 2 NaN]", nil},
		{"single precision, fill in double", []float32{1, -9999.9}, map[string]any{"_FillValue": -9999.9}, nil, "float64 (2) [1 NaN]", nil},
		{"a fill of 0 is a value too", []int32{0, 1}, map[string]any{"_FillValue": int32(0)}, nil, "float64 (2) [0 1]", nil},
		{"attributes that are no numbers", []int32{1}, map[string]any{"scale_factor": "2", "_FillValue": "none"}, nil, "float64 (1) [1]", nil},
		{"nothing", []int32{}, map[string]any{"scale_factor": 2}, nil, "float64 (0) []", nil},
		{"scale of 0", []int32{1}, map[string]any{"scale_factor": 0.0}, nil, "", ErrRange},
		{"offset of NaN", []int32{1}, map[string]any{"add_offset": math.NaN()}, nil, "", ErrRange},
		{"text", []string{"a"}, map[string]any{"scale_factor": 2}, nil, "", ErrType},
		{"complex", []complex64{1}, nil, nil, "", ErrType},
		{"no such place", []int32{1}, nil, []any{5}, "", ErrRange},
	}
	f := scratch(t)
	for i, tt := range tests {
		name := fmt.Sprint("d", i)
		must(t, f.Set(name, tt.v))
		d, err := f.Dataset(name)
		must(t, err)
		for name, v := range tt.attrs {
			must(t, d.SetAttr(name, v))
		}
		a, err := d.Scaled(tt.sel...)
		if tt.err != nil {
			check(t, err, tt.err, "")
			continue
		}
		must(t, err)
		if got := a.String(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	made, err := f.CreateDataset("made", Int16, Shape{2}, DatasetCreate{Fill: int16(-1)})
	must(t, err)
	must(t, made.Write([]int16{5}, "0:1"))
	a, err := made.Scaled()
	must(t, err)
	same(t, a, "float64 (2) [5 NaN]")
	none, err := f.CreateDataset("none", Int16, Null)
	must(t, err)
	_, err = none.Scaled()
	must(t, err)
	must(t, made.Close())
	_, err = made.Scaled()
	check(t, err, ErrClosed, "")
}

// TestComponents takes complex numbers apart.
func TestComponents(t *testing.T) {
	for _, v := range []any{[][]complex64{{3 + 4i}, {-5}}, [][]complex128{{3 + 4i}, {-5}}} {
		z, err := NewArray(v)
		must(t, err)
		for _, tt := range []struct {
			of   func(*Array) (*Array, error)
			want string
		}{
			{(*Array).Abs, "float64 (2, 1) [[5] [5]]"}, {(*Array).Real, "float64 (2, 1) [[3] [-5]]"}, {(*Array).Imag, "float64 (2, 1) [[4] [0]]"},
			{(*Array).Phase, fmt.Sprintf("float64 (2, 1) [[%v] [%v]]", math.Atan2(4, 3), math.Pi)},
		} {
			a, err := tt.of(z)
			must(t, err)
			same(t, a, tt.want)
		}
	}
	words, err := NewArray([]string{"a"})
	must(t, err)
	_, err = words.Phase()
	check(t, err, ErrType, "complex")
}
