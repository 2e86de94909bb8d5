package arrowfile

import (
	"io"
	"reflect"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"gofive/h5/internal/wire"
)

// rowsAtOnce is how many rows a batch of Arrow, or a row group of Parquet, has.
const rowsAtOnce = 1 << 20

// batchWriter is the writer of either format.
type batchWriter interface {
	Write(arrow.RecordBatch) error
	Close() error
}

// Write writes a table.
func Write(w io.Writer, f Format, t *wire.Table) error {
	schema := newBatch(t, 0, 0).Schema()
	out, err := newWriter(w, f, schema)
	if err != nil {
		return err
	}
	for lo := 0; lo < t.Rows; lo += rowsAtOnce {
		if err := out.Write(newBatch(t, lo, min(lo+rowsAtOnce, t.Rows))); err != nil {
			return err
		}
	}
	return out.Close()
}

func newWriter(w io.Writer, f Format, schema *arrow.Schema) (batchWriter, error) {
	if f == Arrow {
		return ipc.NewFileWriter(w, ipc.WithSchema(schema))
	}
	w = struct{ io.Writer }{w} // which would be closed
	how := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy))
	return pqarrow.NewFileWriter(schema, w, how, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
}

// newBatch makes Arrow's form of some rows. Numbers are not copied. Each batch has arrays of its own:
// arrow-go 18.7 writes slices of lists of fixed length to Parquet from their beginning.
func newBatch(t *wire.Table, lo, hi int) arrow.RecordBatch {
	var fields []arrow.Field
	var columns []arrow.Array
	for _, c := range t.Columns {
		a := newColumn(c, lo, hi)
		fields = append(fields, arrow.Field{Name: c.Name, Type: a.DataType()})
		columns = append(columns, a)
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, nil), columns, int64(hi-lo))
}

// newColumn makes an array of a column; of one with several values in a row, lists of that length.
func newColumn(c wire.Column, lo, hi int) arrow.Array {
	each := max(1, c.Width)
	values := newValues(reflect.ValueOf(c.Data).Slice(lo*each, hi*each).Interface())
	if c.Width == 0 {
		return values
	}
	t := arrow.FixedSizeListOfNonNullable(int32(c.Width), values.DataType())
	data := array.NewData(t, hi-lo, []*memory.Buffer{nil}, []arrow.ArrayData{values.Data()}, 0, 0)
	return array.NewFixedSizeListData(data)
}

func newValues(data any) arrow.Array {
	switch s := data.(type) {
	case []int8:
		return numbers(arrow.PrimitiveTypes.Int8, s)
	case []int16:
		return numbers(arrow.PrimitiveTypes.Int16, s)
	case []int32:
		return numbers(arrow.PrimitiveTypes.Int32, s)
	case []int64:
		return numbers(arrow.PrimitiveTypes.Int64, s)
	case []uint8:
		return numbers(arrow.PrimitiveTypes.Uint8, s)
	case []uint16:
		return numbers(arrow.PrimitiveTypes.Uint16, s)
	case []uint32:
		return numbers(arrow.PrimitiveTypes.Uint32, s)
	case []uint64:
		return numbers(arrow.PrimitiveTypes.Uint64, s)
	case []float32:
		return numbers(arrow.PrimitiveTypes.Float32, s)
	case []float64:
		return numbers(arrow.PrimitiveTypes.Float64, s)
	case []bool:
		b := array.NewBooleanBuilder(memory.DefaultAllocator)
		b.AppendValues(s, nil)
		return b.NewArray()
	}
	return texts(data.([]string))
}

// numbers is an array over the memory of s.
func numbers[T any](t arrow.DataType, s []T) arrow.Array {
	var zero T
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(zero)))
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(bytes)}
	return array.MakeFromData(array.NewData(t, len(s), buffers, nil, 0, 0))
}

// texts makes an array of strings, whose places may not fit into 32 bits.
func texts(s []string) arrow.Array {
	b := array.NewLargeStringBuilder(memory.DefaultAllocator)
	b.AppendValues(s, nil)
	return b.NewArray()
}
