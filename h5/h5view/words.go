package h5view

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gofive/display"
	"gofive/h5"
)

// typeText gives a type in one short line.
func typeText(t *h5.Datatype) string {
	if t == nil {
		return "unknown type"
	}
	if t.Kind() != h5.TypeCompound || strings.HasPrefix(t.String(), "complex") {
		return t.String()
	}
	return compoundText(t)
}

// headType is typeText for the head of a column, without the names of an enum's numbers.
func headType(t *h5.Datatype) string {
	if t.Kind() == h5.TypeEnum {
		return "enum " + t.Elem().String()
	}
	return typeText(t)
}

// maxTypeText is how long the text of a compound becomes where it is one among other things.
const maxTypeText = 64

// compoundText gives the first members of a compound.
func compoundText(t *h5.Datatype) string {
	members := t.Members()
	text := "compound {"
	for i, m := range members {
		next := m.Name + " " + typeText(m.Type)
		if left := len(members) - i; i > 0 && left > 1 && len(text)+len(next) > maxTypeText {
			return fmt.Sprintf("%s, … %d more}", text, left)
		}
		if i > 0 {
			text += ", "
		}
		text += next
	}
	return text + "}"
}

// shapeText gives a shape with commas between thousands: (100,000 × 3), () for a single value.
func shapeText(s h5.Shape) string {
	if s == nil {
		return "no data"
	}
	parts := make([]string, len(s))
	for i, n := range s {
		parts[i] = display.Count(n)
		if n == h5.Unlimited {
			parts[i] = "unlimited"
		}
	}
	return "(" + strings.Join(parts, " × ") + ")"
}

// shapeAndType says what a dataset holds.
func shapeAndType(info h5.ObjectInfo) string {
	if info.Shape != nil && len(info.Shape) == 0 {
		return typeText(info.Datatype)
	}
	return shapeText(info.Shape) + " " + typeText(info.Datatype)
}

// stored says how a dataset is stored, as far as that is not the usual, and how well it is compressed.
func stored(info h5.ObjectInfo) string {
	var parts []string
	if s := savings(info); s != "" {
		parts = append(parts, s)
	}
	for _, f := range info.Filters {
		parts = append(parts, f.String())
	}
	switch info.Layout {
	case h5.Chunked:
		parts = append(parts, "chunks "+shapeText(info.Chunks))
	case h5.Virtual, h5.External:
		parts = append(parts, info.Layout.String())
	}
	if grows(info) {
		parts = append(parts, "grows to "+shapeText(info.MaxShape))
	}
	return strings.Join(parts, ", ")
}

// savings compares what a dataset takes with what its elements take.
func savings(info h5.ObjectInfo) string {
	size := dataBytes(info)
	switch {
	case size == 0 || info.Storage == size:
		return ""
	case info.Storage > 0 && elsewhere(info.Datatype):
		return "" // what is stored here says only where they are
	case info.Layout == h5.Virtual || info.Layout == h5.External:
		return display.Size(size)
	case info.Storage == 0:
		return "nothing stored of " + display.Size(size)
	case len(info.Filters) > 0:
		return "ratio " + ratio(float64(size)/float64(info.Storage)) + " from " + display.Size(size)
	}
	return "for " + display.Size(size)
}

// elsewhere reports whether elements are of any length: then they lie elsewhere in the file.
func elsewhere(t *h5.Datatype) bool {
	return t.Kind() == h5.TypeVlen || t.Kind() == h5.TypeString && t.IsVariable()
}

// ratio writes a factor with two digits or more.
func ratio(x float64) string {
	if x < 0.95 {
		return strconv.FormatFloat(x, 'g', 2, 64)
	}
	if x < 9.95 {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// dataBytes is what a dataset's elements take as they are stored, without compression; math.MaxInt64
// when that is more.
func dataBytes(info h5.ObjectInfo) int64 {
	n, size := int64(info.Shape.Len()), int64(typeSize(info.Datatype))
	if size > 0 && n > math.MaxInt64/size {
		return math.MaxInt64
	}
	return n * size
}

func typeSize(t *h5.Datatype) int {
	if t == nil {
		return 0
	}
	return t.Size()
}

// grows reports whether the dataset may become longer.
func grows(info h5.ObjectInfo) bool {
	for i, n := range info.MaxShape {
		if i < len(info.Shape) && n != info.Shape[i] {
			return true
		}
	}
	return false
}

// attrType gives type and shape of an attribute.
func attrType(a *h5.Attribute) string {
	if a.Datatype() == nil {
		return ""
	}
	if s := a.Shape(); s == nil || len(s) > 0 {
		return typeText(a.Datatype()) + " " + shapeText(s)
	}
	return typeText(a.Datatype())
}

// ordinal gives 2nd, 3rd, 11th.
func ordinal(n int) string {
	ending := "th"
	if last := n % 10; last < 4 && n/10%10 != 1 {
		ending = [...]string{"th", "st", "nd", "rd"}[last]
	}
	return display.Count(n) + ending
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return display.Count(n) + " " + thing + "s"
}

// rowText gives a row of a compound as {WAVE: 3566.97, FLUX: 1.5}.
func rowText(r h5.Row) string {
	var parts []string
	for i, v := range r {
		if i == 6 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, v.Name+": "+display.Value(cell(v.Value, nil)))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// cell turns an element into what a table shows: enums by their names, rows and arrays as text.
func cell(v any, t *h5.Datatype) any {
	switch x := v.(type) {
	case h5.Row:
		return rowText(x)
	case *h5.Array:
		return arrayText(x)
	}
	if t != nil && t.Kind() == h5.TypeEnum {
		if n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64); err == nil {
			return t.ValueName(n)
		}
	}
	return v
}

// arrayText gives a small array as text.
func arrayText(a *h5.Array) string {
	if !a.IsCompound() {
		return display.Value(a.Raw())
	}
	if a.Len() == 0 {
		return "[]"
	}
	first, err := a.At(make([]int, len(a.Shape()))...)
	if err != nil {
		return err.Error()
	}
	text := display.Value(cell(first, a.Datatype()))
	if a.Len() == 1 {
		return text
	}
	return fmt.Sprintf("[%s … %d in all]", text, a.Len())
}
