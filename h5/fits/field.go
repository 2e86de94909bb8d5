package fits

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
)

// field is a Field with how it is laid out.
type field struct {
	Field
	kind
	values reflect.Value
	count  int   // elements a row
	width  int   // characters of a string
	size   int   // bytes of a row
	varied bool  // arrays of variable length
	heap   int64 // bytes of them
	begin  int64 // where they begin in the heap
}

// layFields lays out the fields of a table.
func layFields(fields []Field) (columns []*field, rows int, err error) {
	heap := int64(0)
	for i, f := range fields {
		c, n, err := layField(f)
		if err == nil && i > 0 && n != rows {
			err = fault(ErrType, "it has %d rows, %s has %d", n, fields[0].Name, rows)
		}
		if err != nil {
			return nil, 0, at("write column "+f.Name, "", "", err)
		}
		rows = n
		c.begin = heap
		heap += c.heap
		columns = append(columns, c)
	}
	if heap > maxArray {
		return nil, 0, fault(ErrTooLarge, "arrays of variable length take %d bytes", heap)
	}
	return columns, rows, nil
}

func layField(f Field) (*field, int, error) {
	c := &field{Field: f, values: reflect.ValueOf(f.Values), count: 1}
	if c.values.Kind() != reflect.Slice {
		return nil, 0, fault(ErrType, "a %T is no slice", f.Values)
	}
	for _, n := range f.Shape {
		c.count *= n
	}
	if c.count < 1 || c.values.Len()%c.count != 0 {
		return nil, 0, fault(ErrType, "%d values make no rows of %v", c.values.Len(), f.Shape)
	}
	rows := c.values.Len() / c.count
	element := c.values.Type().Elem()
	switch {
	case element.Kind() == reflect.String:
		c.layStrings()
		return c, rows, nil
	case element.Kind() == reflect.Slice && len(f.Shape) == 0:
		element, c.varied = element.Elem(), true
	}
	k, ok := kinds[element.Kind()]
	if !ok {
		return nil, 0, fault(ErrType, "a column cannot hold a %T", f.Values)
	}
	c.kind, c.size = k, k.size*c.count
	if c.varied {
		c.size = 8
		for i := range rows {
			c.heap += int64(c.values.Index(i).Len()) * int64(k.size)
		}
	}
	return c, rows, nil
}

// layStrings finds the width of the longest.
func (c *field) layStrings() {
	c.width = 1
	for i := range c.values.Len() {
		c.width = max(c.width, c.values.Index(i).Len())
	}
	c.code, c.size = 'A', c.width*c.count
}

// cards are those of the i-th column.
func (c *field) cards(i int) Header {
	key := func(name string) string { return fmt.Sprintf("%s%d", name, i) }
	h := Header{{key("TTYPE"), c.Name, ""}, {key("TFORM"), c.form(), ""}}
	if c.Unit != "" {
		h = append(h, Card{key("TUNIT"), c.Unit, ""})
	}
	if c.zero != nil {
		h = append(h, Card{key("TSCAL"), int64(1), ""}, Card{key("TZERO"), c.zero, ""})
	}
	if dims := c.dims(); dims != "" {
		h = append(h, Card{key("TDIM"), dims, ""})
	}
	return h
}

// form is TFORM.
func (c *field) form() string {
	switch {
	case c.varied:
		longest := 0
		for i := range c.values.Len() {
			longest = max(longest, c.values.Index(i).Len())
		}
		return fmt.Sprintf("1P%c(%d)", c.code, longest)
	case c.code == 'A':
		return fmt.Sprintf("%dA", c.size)
	}
	return fmt.Sprintf("%d%c", c.count, c.code)
}

// dims is TDIM where the repeat count does not say everything.
func (c *field) dims() string {
	var all []int
	if c.code == 'A' && len(c.Shape) > 0 {
		all = append(all, c.width)
	}
	for i := len(c.Shape) - 1; i >= 0; i-- {
		all = append(all, c.Shape[i])
	}
	if len(all) < 2 {
		return ""
	}
	text := "("
	for i, n := range all {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprint(n)
	}
	return text + ")"
}

// encode gives the bytes of all rows, one behind the other, and those of the arrays of variable length.
func (c *field) encode() (rows, heap []byte) {
	var b, more bytes.Buffer
	switch {
	case c.varied:
		place := c.begin
		for i := range c.values.Len() {
			v := c.values.Index(i)
			binary.Write(&b, binary.BigEndian, []int32{int32(v.Len()), int32(place)})
			c.put(&more, v.Interface())
			place += int64(v.Len()) * int64(c.kind.size)
		}
	case c.code == 'A':
		blank := make([]byte, c.width)
		for i := range c.values.Len() {
			s := c.values.Index(i).String()
			b.WriteString(s)
			b.Write(blank[len(s):])
		}
	default:
		c.put(&b, c.values.Interface())
	}
	return b.Bytes(), more.Bytes()
}
