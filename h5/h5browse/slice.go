package h5browse

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gofive/h5"
)

// slice reads a selection, as much as one answer holds.
func slice(_ context.Context, l *call) (answer, error) {
	r := l.request
	if !slices.Contains([]string{"", "native", "f8", "text"}, r.As) {
		return answer{}, badRequest("as is native, f8 or text, not %q", cutText(r.As, 100))
	}
	d, err := l.dataset()
	if err != nil {
		return answer{}, err
	}
	defer d.Close()
	if err := guard(d, r.Sel, elementSize(d, r), within(r.Max, usualBinary, 1, mostBinary)); err != nil {
		return answer{}, err
	}
	a, err := read(d, r.Field, r.Sel)
	if err != nil {
		return answer{}, err
	}
	switch r.As {
	case "text":
		return asText(a)
	case "f8":
		seen, err := l.lens(d, r.Field)
		if err != nil {
			return answer{}, err
		}
		x, err := seen.float64s(a)
		if err != nil {
			return answer{}, err
		}
		return binary1(numbers("data", "<f8", x, shapeOf(a)...), nil), nil
	}
	b, ok := encode("data", a)
	if !ok {
		return asText(a)
	}
	return binary1(b, enumNames(a.Datatype())), nil
}

// binary1 is an answer of one buffer.
func binary1(b buffer, names map[string]string) answer {
	fields := map[string]any{"dtype": b.Dtype, "shape": b.Shape}
	if names != nil {
		fields["names"] = names
	}
	return answer{fields, []buffer{b}}
}

// asText is an answer of texts.
func asText(a *h5.Array) (answer, error) {
	list, err := texts(a)
	if err != nil {
		return answer{}, err
	}
	if list == nil {
		list = []string{}
	}
	return answer{fields: map[string]any{"dtype": "text", "shape": shapeOf(a), "text": list}}, nil
}

// shapeOf is a shape that is never null.
func shapeOf(a *h5.Array) []int {
	if s := a.Shape(); s != nil {
		return s
	}
	return []int{0}
}

// read reads a selection, of rows one field when it is named.
func read(d *h5.Dataset, field, sel string) (*h5.Array, error) {
	if field != "" {
		return d.Field(field, sel)
	}
	return d.Slice(sel)
}

// elementSize is how many bytes an element takes in an answer.
func elementSize(d *h5.Dataset, r *request) int {
	t := d.Datatype()
	if r.Field != "" {
		for _, m := range t.Members() {
			if m.Name == r.Field {
				t = m.Type
			}
		}
	}
	if r.As == "f8" {
		return 8
	}
	if variable(t) {
		return usualText
	}
	return max(1, t.Size())
}

// usualText is what an element is taken to have whose length nobody knows before it is read.
const usualText = 256

// variable reports whether elements are of any length.
func variable(t *h5.Datatype) bool {
	switch t.Kind() {
	case h5.TypeString:
		return t.IsVariable()
	case h5.TypeVlen:
		return true
	case h5.TypeArray:
		return variable(t.Elem())
	case h5.TypeCompound:
		return slices.ContainsFunc(t.Members(), func(m h5.Member) bool { return variable(m.Type) })
	}
	return false
}

// guard refuses a selection that is larger than most bytes, with one that is not.
func guard(d *h5.Dataset, sel string, size, most int) error {
	shape := d.Part(sel).Shape()
	n := shape.Len()
	if n <= most/size {
		return nil
	}
	f := &failure{Kind: "too-large", Path: d.Path(),
		Message: fmt.Sprintf("%d elements of %d bytes, %d bytes are the most", n, size, most), Hint: "select less, or ask for it decimated"}
	if axes, err := d.Part(sel).Axes(); err == nil {
		f.Sel = strided(axes, max(1, most/size))
	}
	return f
}

// strided is a selection from the same intervals with larger steps, of at most so many elements. Each axis gets an
// equal share of them; what a short one does not need is left to the longer ones.
func strided(axes []h5.Interval, most int) string {
	parts := make([]string, len(axes))
	open := openAxes(axes)
	for i, a := range axes {
		parts[i] = fmt.Sprint(a.Lo)
	}
	slices.SortFunc(open, func(i, j int) int { return count1(axes[i]) - count1(axes[j]) })
	for k, i := range open {
		a, n := axes[i], count1(axes[i])
		share := max(1, int(math.Pow(float64(most), 1/float64(len(open)-k))))
		each := max(1, (n+share-1)/share)
		most /= max(1, (n+each-1)/each)
		parts[i] = fmt.Sprintf("%d:%d:%d", a.Lo, a.Hi, a.Step*each)
	}
	return strings.Join(parts, ", ")
}
