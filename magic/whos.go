package magic

import (
	"fmt"
	"reflect"
	"strings"
	"text/tabwriter"

	"gofive/display"
)

// Var is a variable of a notebook.
type Var struct {
	Name, Type string
	Cell       string // the cell that declared it
	Value      any
}

// Whos prints a table of variables: the type, the shape of what has one, how much memory is held, the
// cell, and the beginning of the value.
func (p Printer) Whos(vars ...Var) {
	if len(vars) == 0 {
		fmt.Fprintln(p.Out, "there are no variables")
		return
	}
	w := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "name\ttype\tshape\tsize\tcell\tvalue")
	for _, v := range vars {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", v.Name, v.Type, shape(v.Value), display.Size(int64(held(bare(v.Value)))), v.Cell, beginning(v.Value))
	}
	w.Flush()
}

// bare takes a value of a type that a cell declared out of its box.
func bare(x any) any {
	if b, ok := x.(interface{ Plain() (any, bool) }); ok {
		x, _ = b.Plain()
	}
	return x
}

// shape is the shape of an array, which has a method of that name, or the lengths of nested slices.
func shape(x any) string {
	if !isNil(x) {
		if m := reflect.ValueOf(x).MethodByName("Shape"); m.IsValid() && isDims(m.Type()) {
			return lengths(m.Call(nil)[0])
		}
	}
	var lens []string
	for v := reflect.ValueOf(bare(x)); ; v = v.Index(0) {
		switch v.Kind() {
		case reflect.Slice, reflect.Array, reflect.Map:
			lens = append(lens, display.Count(v.Len()))
		}
		if k := v.Kind(); k != reflect.Slice && k != reflect.Array || v.Len() == 0 {
			return strings.Join(lens, " x ")
		}
	}
}

// isDims reports whether a method gives the lengths of dimensions.
func isDims(m reflect.Type) bool {
	return m.NumIn() == 0 && m.NumOut() == 1 && m.Out(0).Kind() == reflect.Slice && m.Out(0).Elem().Kind() == reflect.Int
}

func lengths(dims reflect.Value) string {
	lens := make([]string, dims.Len())
	for i := range lens {
		lens[i] = display.Count(int(dims.Index(i).Int()))
	}
	return strings.Join(lens, " x ")
}

func isNil(x any) bool {
	v := reflect.ValueOf(x)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// held estimates how many bytes a value holds: those of its parts, to a depth at which nobody waits
// for the answer. What a pointer points to belongs to somebody else.
func held(x any) uint64 {
	if x == nil {
		return 0
	}
	v := reflect.ValueOf(x)
	return uint64(v.Type().Size()) + behind(v, 3)
}

// sampled is how many elements are looked at to tell the size of all.
const sampled = 100

// behind is what a value holds outside of itself.
func behind(v reflect.Value, depth int) uint64 {
	if depth == 0 {
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		return uint64(v.Len())
	case reflect.Slice:
		return uint64(v.Cap())*uint64(v.Type().Elem().Size()) + elements(v, depth)
	case reflect.Array:
		return elements(v, depth)
	case reflect.Map:
		each := uint64(v.Type().Key().Size() + v.Type().Elem().Size())
		n, more := 0, uint64(0)
		for i := v.MapRange(); n < sampled && i.Next(); n++ {
			more += behind(i.Key(), depth-1) + behind(i.Value(), depth-1)
		}
		return uint64(v.Len())*each + scaled(more, n, v.Len())
	case reflect.Struct:
		sum := uint64(0)
		for i := range v.NumField() {
			sum += behind(v.Field(i), depth-1)
		}
		return sum
	case reflect.Interface:
		if e := v.Elem(); e.IsValid() {
			return uint64(e.Type().Size()) + behind(e, depth-1)
		}
	}
	return 0
}

func elements(v reflect.Value, depth int) uint64 {
	n, sum := min(v.Len(), sampled), uint64(0)
	for i := range n {
		sum += behind(v.Index(i), depth-1)
	}
	return scaled(sum, n, v.Len())
}

// scaled makes the sum over n elements that over all.
func scaled(sum uint64, n, all int) uint64 {
	if n == 0 {
		return 0
	}
	return sum * uint64(all) / uint64(n)
}

// beginning is the value in one line, cut where it grows long.
func beginning(x any) string {
	const letters, elements = 40, 20
	switch v := reflect.ValueOf(bare(x)); v.Kind() {
	case reflect.Slice:
		x = v.Slice(0, min(v.Len(), elements)).Interface()
	case reflect.Map, reflect.Func, reflect.Chan:
		return ""
	}
	return cut(fmt.Sprintf("%v", x), letters)
}

func cut(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return text
}
