package h5

import (
	"path/filepath"
	"reflect"
	"testing"
)

type innerRow struct {
	A int16
	B float64
}

// manyRows makes enough rows to be read as they are stored.
func manyRows[T any](row func(i int) T) []T {
	out := make([]T, 200_000)
	for i := range out {
		out[i] = row(i)
	}
	return out
}

// TestStoredRows reads large tables: all fields, every second row, one field, and a few rows, which
// libhdf5 converts.
func TestStoredRows(t *testing.T) {
	type numbers struct {
		X float32
		N int64
		K uint8
	}
	type texts struct {
		S string `h5:"S,len=5"`
		B bool
		Z complex64
	}
	type nested struct {
		C innerRow
		V [3]int16
	}
	type pointers struct {
		S string
		N int32
	}
	plain := manyRows(func(i int) numbers { return numbers{float32(i) / 2, int64(-i), uint8(i)} })
	text := manyRows(func(i int) texts { return texts{"abcde"[:i%6], i%3 == 0, complex(float32(i), -1)} })
	nest := manyRows(func(i int) nested { return nested{innerRow{int16(i), float64(i)}, [3]int16{1, int16(i), 3}} })
	point := manyRows(func(i int) pointers { return pointers{"abc"[:i%4], int32(i)} })
	native := func(v any) *Datatype { typ, _ := TypeOf(v); return typ }

	cases := []struct {
		name   string
		typ    *Datatype
		rows   any
		field  string
		create DatasetCreate
		stored bool // whether whole rows are read as they are stored
	}{
		{"numbers", native(plain), plain, "N", DatasetCreate{}, true},
		{"texts", native(text), text, "S", DatasetCreate{}, true},
		{"nested", native(nest), nest, "V", DatasetCreate{}, true},
		{"pointers", native(point), point, "N", DatasetCreate{}, false},
		{"other byte order", native(plain).BigEndian(), plain, "X", DatasetCreate{}, false},
		{"one field of other byte order", Compound(Member{"X", Float64}, Member{"N", Int64}, Member{"K", Uint16.BigEndian()}), plain, "K", DatasetCreate{}, false},
		{"chunked", native(plain), plain, "K", DatasetCreate{Chunks: Shape{1000}, Gzip: 1}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, err := Create(filepath.Join(t.TempDir(), "rows.h5"))
			must(t, err)
			defer f.Close()
			rows := reflect.ValueOf(c.rows)
			d, err := f.CreateDataset("t", c.typ, Shape{rows.Len()}, c.create)
			must(t, err)
			must(t, d.Write(c.rows))

			_, mem, err := d.prepare("test", nil, nil)
			must(t, err)
			if got := mem != d.d.memory; got != c.stored {
				t.Errorf("rows of %v are read as they are stored: got %v, want %v", c.typ, got, c.stored)
			}
			for _, sel := range []Interval{Range(0, rows.Len()), Range(1, rows.Len(), 2), Range(40_000, 40_100)} {
				want := reflect.MakeSlice(rows.Type(), 0, 0)
				for i := sel.Lo; i < sel.Hi; i += sel.Step {
					want = reflect.Append(want, rows.Index(i))
				}
				got := reflect.New(rows.Type())
				must(t, d.ReadInto(got.Interface(), sel))
				if !reflect.DeepEqual(got.Elem().Interface(), want.Interface()) {
					t.Errorf("rows %v: got %.200v, want %.200v", sel, got.Elem(), want)
				}
				field, err := d.Field(c.field, sel)
				must(t, err)
				whole, err := d.Slice(sel)
				must(t, err)
				column, err := whole.Field(c.field)
				must(t, err)
				if !reflect.DeepEqual(field.Raw(), column.Raw()) || field.Shape().String() != column.Shape().String() {
					t.Errorf("field %s of rows %v: got %.200v, want %.200v", c.field, sel, field, column)
				}
			}
		})
	}
}
