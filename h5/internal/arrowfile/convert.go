package arrowfile

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"gofive/h5/internal/wire"
)

// convert gives the columns that an array is: one, or for a struct one of each field.
func convert(name string, a arrow.Array) ([]wire.Column, error) {
	switch x := a.(type) {
	case *array.Struct:
		return structColumns(name, x)
	case array.ExtensionArray:
		return convert(name, x.Storage())
	case *array.Dictionary:
		return dictionaryColumns(name, x)
	case *array.Map:
		return nil, &UnsupportedError{name, a.DataType().String()}
	case array.ListLike:
		return listColumn(name, x)
	}
	data := values(a)
	if data == nil {
		return nil, &UnsupportedError{name, a.DataType().String()}
	}
	return []wire.Column{withNulls(wire.Column{Name: name, Data: data}, a)}, nil
}

// withNulls notes which rows have no value: NaN says it in a column of floats, elsewhere the value becomes
// 0 and Null says it.
func withNulls(c wire.Column, a arrow.Array) wire.Column {
	if a.NullN() == 0 {
		return c
	}
	switch s := c.Data.(type) {
	case []float32:
		c.Data = nansFor(s, float32(math.NaN()), a)
	case []float64:
		c.Data = nansFor(s, math.NaN(), a)
	default:
		c.Null = make([]bool, a.Len())
		clean := reflect.MakeSlice(reflect.TypeOf(c.Data), a.Len(), a.Len()) // what stands there may be anything
		for i := range c.Null {
			if c.Null[i] = a.IsNull(i); !c.Null[i] {
				clean.Index(i).Set(reflect.ValueOf(c.Data).Index(i))
			}
		}
		c.Data = clean.Interface()
	}
	return c
}

func nansFor[T float32 | float64](s []T, nan T, a arrow.Array) []T {
	out := make([]T, len(s))
	for i, x := range s {
		if out[i] = x; a.IsNull(i) {
			out[i] = nan
		}
	}
	return out
}

// values gives the values of an array of single ones, whatever stands where there are none; nil for a
// type that Tables do not have. Times are nanoseconds since 1970 or since midnight.
func values(a arrow.Array) any {
	switch x := a.(type) {
	case *array.Null:
		nans := make([]float64, x.Len())
		for i := range nans {
			nans[i] = math.NaN()
		}
		return nans
	case *array.Boolean:
		return each(x.Len(), x.Value)
	case *array.Float16:
		return each(x.Len(), func(i int) float32 { return x.Value(i).Float32() })
	case *array.Decimal32:
		return decimals(x, x.Value)
	case *array.Decimal64:
		return decimals(x, x.Value)
	case *array.Decimal128:
		return decimals(x, x.Value)
	case *array.Decimal256:
		return decimals(x, x.Value)
	case *array.Date32:
		return each(x.Len(), func(i int) int64 { return int64(x.Value(i)) * int64(24*time.Hour) })
	case *array.Date64:
		return each(x.Len(), func(i int) int64 { return int64(x.Value(i)) * int64(time.Millisecond) })
	case *array.Timestamp:
		return inUnit(x, x.Value, x.DataType().(*arrow.TimestampType).Unit)
	case *array.Time32:
		return inUnit(x, x.Value, x.DataType().(*arrow.Time32Type).Unit)
	case *array.Time64:
		return inUnit(x, x.Value, x.DataType().(*arrow.Time64Type).Unit)
	case *array.Duration:
		return inUnit(x, x.Value, x.DataType().(*arrow.DurationType).Unit)
	case interface{ Value(int) string }:
		return each(a.Len(), x.Value)
	}
	return plainNumbers(a)
}

func plainNumbers(a arrow.Array) any {
	switch d := a.Data(); a.DataType().ID() {
	case arrow.INT8:
		return numbersOf[int8](d)
	case arrow.INT16:
		return numbersOf[int16](d)
	case arrow.INT32:
		return numbersOf[int32](d)
	case arrow.INT64:
		return numbersOf[int64](d)
	case arrow.UINT8:
		return numbersOf[uint8](d)
	case arrow.UINT16:
		return numbersOf[uint16](d)
	case arrow.UINT32:
		return numbersOf[uint32](d)
	case arrow.UINT64:
		return numbersOf[uint64](d)
	case arrow.FLOAT32:
		return numbersOf[float32](d)
	case arrow.FLOAT64:
		return numbersOf[float64](d)
	}
	return nil
}

// numbersOf copies: the batch that holds the numbers is released.
func numbersOf[T arrow.FixedWidthType](d arrow.ArrayData) []T {
	out := make([]T, d.Len())
	copy(out, arrow.GetValues[T](d, 1))
	return out
}

func each[T any](n int, value func(i int) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = value(i)
	}
	return out
}

func decimals[T interface{ ToFloat64(scale int32) float64 }](a arrow.Array, value func(i int) T) []float64 {
	scale := a.DataType().(arrow.DecimalType).GetScale()
	return each(a.Len(), func(i int) float64 { return value(i).ToFloat64(scale) })
}

func inUnit[T ~int32 | ~int64](a arrow.Array, value func(i int) T, unit arrow.TimeUnit) []int64 {
	times := int64(unit.Multiplier())
	return each(a.Len(), func(i int) int64 { return int64(value(i)) * times })
}

// structColumns names the columns of a struct's fields name.field.
func structColumns(name string, a *array.Struct) ([]wire.Column, error) {
	var out []wire.Column
	for i, f := range a.DataType().(*arrow.StructType).Fields() {
		columns, err := convert(name+"."+f.Name, a.Field(i))
		if err != nil {
			return nil, err
		}
		for _, c := range columns {
			out = append(out, withNulls(c, a))
		}
	}
	return out, nil
}

// dictionaryColumns gives each row the value that its number stands for.
func dictionaryColumns(name string, a *array.Dictionary) ([]wire.Column, error) {
	columns, err := convert(name, a.Dictionary())
	if err != nil || len(columns) != 1 || columns[0].Width != 0 {
		return nil, &UnsupportedError{name, a.DataType().String()}
	}
	from := reflect.ValueOf(columns[0].Data)
	out := reflect.MakeSlice(from.Type(), a.Len(), a.Len())
	for i := range a.Len() {
		if !a.IsNull(i) {
			out.Index(i).Set(from.Index(a.GetValueIndex(i)))
		}
	}
	return []wire.Column{withNulls(wire.Column{Name: name, Data: out.Interface()}, a)}, nil
}

// listColumn gives lists that are all of one length.
func listColumn(name string, a array.ListLike) ([]wire.Column, error) {
	width := -1
	if t, ok := a.DataType().(*arrow.FixedSizeListType); ok {
		width = int(t.Len())
	}
	var from, to int64
	for i := range a.Len() {
		lo, hi := a.ValueOffsets(i)
		if width < 0 {
			width = int(hi - lo)
		}
		if i == 0 {
			from, to = lo, lo
		}
		if int(hi-lo) != width || a.IsNull(i) || lo != to {
			return nil, &UnsupportedError{name, a.DataType().String() + " of different lengths"}
		}
		to = hi
	}
	elements := array.NewSlice(a.ListValues(), from, to)
	defer elements.Release()
	data := values(elements)
	if data == nil || elements.NullN() > 0 && elements.DataType().ID() != arrow.FLOAT64 && elements.DataType().ID() != arrow.FLOAT32 {
		return nil, &UnsupportedError{name, a.DataType().String()}
	}
	c := withNulls(wire.Column{Name: name, Data: data}, elements)
	c.Width = max(width, 1)
	return []wire.Column{c}, nil
}

// appendColumn puts more rows behind those of a column.
func appendColumn(c *wire.Column, more wire.Column) error {
	rows := func(c wire.Column) int { return reflect.ValueOf(c.Data).Len() / max(1, c.Width) }
	if reflect.TypeOf(c.Data) != reflect.TypeOf(more.Data) || c.Width != more.Width {
		return &UnsupportedError{c.Name, fmt.Sprintf("list of %d and of %d", c.Width, more.Width)}
	}
	if c.Null != nil || more.Null != nil {
		null := append(c.Null, make([]bool, rows(*c)-len(c.Null))...)
		c.Null = append(null, append(more.Null, make([]bool, rows(more)-len(more.Null))...)...)
	}
	c.Data = reflect.AppendSlice(reflect.ValueOf(c.Data), reflect.ValueOf(more.Data)).Interface()
	return nil
}
