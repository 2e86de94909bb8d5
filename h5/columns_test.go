package h5

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestColumnsOfManyRows reads fields of every width out of rows of several pieces, from a file that is written,
// one that is only read, and chunks.
func TestColumnsOfManyRows(t *testing.T) {
	type row struct {
		A int8
		B int16
		C [3]int32
		D float64
		E uint32
	}
	rows := make([]row, 200_000)
	for i := range rows {
		rows[i] = row{int8(i), int16(i * 3), [3]int32{int32(i), int32(-i), 7}, float64(i) / 2, uint32(i * 5)}
	}
	path := filepath.Join(t.TempDir(), "rows.h5")
	f, err := Create(path)
	must(t, err)
	typ, err := TypeOf(rows)
	must(t, err)
	must(t, f.Set("plain", rows))
	packed, err := f.CreateDataset("packed", typ, Shape{len(rows)}, DatasetCreate{Chunks: Shape{7001}, Gzip: 1})
	must(t, err)
	must(t, packed.Write(rows))
	read := func(f *File, name string) {
		t.Helper()
		d := must1(t)(f.Dataset(name))
		got, err := Read[row](d, "3:")
		must(t, err)
		if !slices.Equal(got, rows[3:]) {
			t.Errorf("%s: other rows", name)
		}
		table, err := d.Table(Columns("C", "A"), "::1")
		must(t, err)
		c, err := table.Field("C")
		must(t, err)
		a, err := table.Field("A")
		must(t, err)
		last := len(rows) - 1
		same(t, fmt.Sprint(c.Shape(), c.Raw().([]int32)[3*last:], a.Raw().([]int8)[last]), fmt.Sprint(Shape{len(rows), 3}, rows[last].C, rows[last].A))
	}
	read(f, "plain")
	read(f, "packed")
	must(t, f.Close())
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	read(f, "plain")
	read(f, "packed")
	must(t, os.Truncate(path, 2_000_000))
	_, err = must1(t)(f.Dataset("plain")).Table()
	check(t, err, ErrTruncated, "the file ends before these data do")
}
