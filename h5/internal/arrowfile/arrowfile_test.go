package arrowfile

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"gofive/h5/internal/wire"
)

// types are columns of three rows as other programs make them, what they become, and a second column.
var types = []struct {
	name string
	typ  arrow.DataType
	rows string // JSON
	want string // what a column becomes: its values, and where there are none
}{
	{"integers", arrow.PrimitiveTypes.Int16, `[1, null, -3]`, "[]int16 [1 0 -3] [false true false]"},
	{"floats", arrow.PrimitiveTypes.Float32, `[1.5, null, 2]`, "[]float32 [1.5 NaN 2] []"},
	{"truths", arrow.FixedWidthTypes.Boolean, `[true, null, false]`, "[]bool [true false false] [false true false]"},
	{"texts", arrow.BinaryTypes.String, `["a", null, "ä"]`, "[]string [a  ä] [false true false]"},
	{"large texts", arrow.BinaryTypes.LargeString, `["a", "", "ä"]`, "[]string [a  ä] []"},
	{"times", arrow.FixedWidthTypes.Timestamp_s, `["1970-01-01 00:00:01", "1969-12-31 23:59:59", null]`, "[]int64 [1000000000 -1000000000 0] [false false true]"},
	{"days", arrow.FixedWidthTypes.Date32, `["1970-01-02", "1970-01-01", "1969-12-31"]`, "[]int64 [86400000000000 0 -86400000000000] []"},
	{"decimals", &arrow.Decimal128Type{Precision: 10, Scale: 2}, `["1.25", "-3.00", null]`, "[]float64 [1.25 -3 NaN] []"},
	{"categories", &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}, `["STAR", "QSO", "STAR"]`, "[]string [STAR QSO STAR] []"},
	{"pairs", arrow.FixedSizeListOf(2, arrow.PrimitiveTypes.Int32), `[[1, 2], [3, 4], [5, 6]]`, "[]int32 [1 2 3 4 5 6] []"},
	{"lists", arrow.ListOf(arrow.PrimitiveTypes.Float64), `[[1, null], [3, 4], [5, 6]]`, "[]float64 [1 NaN 3 4 5 6] []"},
}

func TestTypes(t *testing.T) {
	for _, c := range types {
		for _, format := range []string{"file", "stream", "parquet"} {
			if c.name == "pairs" && format == "parquet" {
				continue // arrow-go cannot write slices of them; TestBatches writes them otherwise
			}
			a, _, err := array.FromJSON(memory.DefaultAllocator, c.typ, strings.NewReader(c.rows))
			if err != nil {
				t.Fatal(err)
			}
			table, err := Read(encoded(t, format, a), formatOf(format), nil)
			if err != nil {
				t.Errorf("%s in a %s: %v", c.name, format, err)
				continue
			}
			got := table.Columns[0]
			if s := fmt.Sprintf("%T %v %v", got.Data, got.Data, got.Null); s != c.want || table.Rows != 3 {
				t.Errorf("%s in a %s: got %s, want %s", c.name, format, s, c.want)
			}
		}
	}
}

func formatOf(name string) Format {
	if name == "parquet" {
		return Parquet
	}
	return Arrow
}

// encoded is a file with the array as its only column, in two batches.
func encoded(t *testing.T, format string, a arrow.Array) *bytes.Reader {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: a.DataType(), Nullable: true}}, nil)
	parts := []arrow.RecordBatch{array.NewRecordBatch(schema, []arrow.Array{array.NewSlice(a, 0, 1)}, 1),
		array.NewRecordBatch(schema, []arrow.Array{array.NewSlice(a, 1, int64(a.Len()))}, int64(a.Len()-1))}
	var b bytes.Buffer
	var err error
	var w interface {
		Write(arrow.RecordBatch) error
		Close() error
	}
	switch format {
	case "file":
		w, err = ipc.NewFileWriter(&b, ipc.WithSchema(schema))
	case "stream":
		w = ipc.NewWriter(&b, ipc.WithSchema(schema))
	default:
		w, err = pqarrow.NewFileWriter(schema, &b, parquet.NewWriterProperties(), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	}
	for _, p := range parts {
		err = errors.Join(err, w.Write(p))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func TestFieldsOfStructs(t *testing.T) {
	typ := arrow.StructOf(arrow.Field{Name: "ra", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, arrow.Field{Name: "n", Type: arrow.PrimitiveTypes.Int8, Nullable: true})
	a, _, err := array.FromJSON(memory.DefaultAllocator, typ, strings.NewReader(`[{"ra": 1, "n": 2}, null, {"ra": null, "n": 3}]`))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"file", "parquet"} {
		table, err := Read(encoded(t, format, a), formatOf(format), []string{"c"})
		if err != nil {
			t.Fatal(err)
		}
		want := "[{c.ra [1 NaN NaN] 0 []} {c.n [2 0 3] 0 [false true false]}]"
		if got := fmt.Sprint(table.Columns); got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
}

func TestUnsupported(t *testing.T) {
	for rows, typ := range map[string]arrow.DataType{
		`[[1], [2, 3]]`:                    arrow.ListOf(arrow.PrimitiveTypes.Int32),
		`[[{"key": "a", "value": 1}], []]`: arrow.MapOf(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int32),
	} {
		a, _, err := array.FromJSON(memory.DefaultAllocator, typ, strings.NewReader(rows))
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"file", "parquet"} {
			_, err = Read(encoded(t, format, a), formatOf(format), nil)
			var unsupported *UnsupportedError
			if !errors.As(err, &unsupported) {
				t.Errorf("%v in a %s: got %v, want that it is not supported", typ, format, err)
			}
		}
	}
	a, _, err := array.FromJSON(memory.DefaultAllocator, arrow.PrimitiveTypes.Int32, strings.NewReader(`[1, 2]`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read(encoded(t, "file", a), Arrow, []string{"d"})
	var missing *MissingError
	if !errors.As(err, &missing) {
		t.Errorf("got %v, want that there is no such column", err)
	}
}

// TestBatches writes more rows than one batch has.
func TestBatches(t *testing.T) {
	const rows = rowsAtOnce + 3
	pairs, words, truths := make([]int16, 2*rows), make([]string, rows), make([]bool, rows)
	for i := range pairs {
		pairs[i] = int16(i)
	}
	for i := range words {
		words[i], truths[i] = fmt.Sprint(i%1000), i%3 == 0
	}
	whole := &wire.Table{Rows: rows, Columns: []wire.Column{{Name: "p", Data: pairs, Width: 2}, {Name: "w", Data: words}, {Name: "t", Data: truths}}}
	for _, format := range []Format{Arrow, Parquet} {
		var b bytes.Buffer
		if err := Write(&b, format, whole); err != nil {
			t.Fatal(err)
		}
		got, err := Read(bytes.NewReader(b.Bytes()), format, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, whole) {
			t.Errorf("%s: got other values back", format)
		}
	}
}

// TestCutFiles reads files that end anywhere: an error, whatever it says, and no panic.
func TestCutFiles(t *testing.T) {
	whole := &wire.Table{Rows: 3, Columns: []wire.Column{{Name: "n", Data: []int64{1, 2, 3}}, {Name: "s", Data: []string{"a", "b", "c"}}}}
	for _, format := range []Format{Arrow, Parquet} {
		var b bytes.Buffer
		if err := Write(&b, format, whole); err != nil {
			t.Fatal(err)
		}
		for n := range b.Len() {
			if _, err := Read(bytes.NewReader(b.Bytes()[:n]), format, nil); err == nil {
				t.Errorf("%s: the first %d of %d bytes were read", format, n, b.Len())
			}
		}
	}
}
