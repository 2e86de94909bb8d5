package h5

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// Interval is a part of an axis for a selection; Range makes one.
type Interval struct {
	Lo, Hi, Step int
}

// Range selects lo, lo+step, ... up to but not including hi; the step is 1 if it is left out.
// Negative bounds count from the end, as in a selection's text.
func Range(lo, hi int, step ...int) Interval {
	r := Interval{lo, hi, 1}
	if len(step) > 0 {
		r.Step = step[0]
	}
	return r
}

// axis is what is selected of one axis. What is read is count places from start, step apart, step
// positive; or, with places, those, which are rising. order then puts what was read in the order
// that was asked for; nil leaves it.
type axis struct {
	start, step, count int
	places             []int
	order              []int
	drop               bool // one place, and the axis goes away
}

// length is the axis's length in the result.
func (a axis) length() int {
	if a.order != nil {
		return len(a.order)
	}
	return a.count
}

// selection is what is selected of a whole shape.
type selection struct {
	shape Shape // of the thing selected from
	axes  []axis
}

// passedOn gives the error among the selections of a call such as Read[T](f.Dataset(p)): Go passes
// both results of the inner call on, which is legal and meant by nobody.
func passedOn(sel []any) error {
	for _, s := range sel {
		if err, ok := s.(error); ok {
			return err
		}
	}
	return nil
}

// newSelection makes a selection of sel, an argument an axis; what is left out is selected whole.
// A nil is no selection: it is the error of an inner call that went well (see passedOn).
func newSelection(shape Shape, sel []any) (*selection, error) {
	var items []any
	for _, s := range sel {
		switch s := s.(type) {
		case nil:
		case string:
			parts, err := splitSelection(s)
			if err != nil {
				return nil, err
			}
			items = append(items, parts...)
		default:
			items = append(items, s)
		}
	}
	items, err := expandEllipsis(items, len(shape))
	if err != nil {
		return nil, err
	}
	out := &selection{shape: shape, axes: make([]axis, len(shape))}
	for i, n := range shape {
		out.axes[i] = axis{step: 1, count: n}
		if i < len(items) {
			if out.axes[i], err = newAxis(i, n, items[i]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// ellipsis stands for as many whole axes as are missing.
type ellipsis struct{}

// splitSelection takes "1:6, 3" apart. Commas in brackets do not count.
func splitSelection(text string) ([]any, error) {
	var out []any
	depth, from := 0, 0
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for i, c := range text + "," {
		switch c {
		case '[':
			depth++
		case ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, axisText(strings.TrimSpace(text[from:i])))
				from = i + 1
			}
		}
	}
	if depth != 0 {
		return nil, selectionError(text, "a bracket is not closed")
	}
	return out, nil
}

// axisText is the part of a selection's text that is about one axis.
type axisText string

func expandEllipsis(items []any, rank int) ([]any, error) {
	at := slices.Index(items, any(axisText("...")))
	if at >= 0 {
		rest := append([]any{}, items[at+1:]...)
		if slices.Contains(rest, any(axisText("..."))) {
			return nil, selectionError("...", `"..." may stand only once`)
		}
		items = items[:at:at]
		for len(items)+len(rest) < rank {
			items = append(items, axisText(":"))
		}
		items = append(items, rest...)
	}
	if len(items) > rank {
		return nil, &Error{Kind: ErrRange,
			Reason: fmt.Sprintf("%d axes selected of %d", len(items), rank), Hint: "leave out the last " + strconv.Itoa(len(items)-rank)}
	}
	return items, nil
}

func selectionError(text, why string) error {
	return &Error{Kind: ErrRange, Reason: fmt.Sprintf("selection %q: %s", text, why),
		Hint: `write it as numpy does: "3", "3:10", "::2", "1:6, 3", "..., -5:", "[1,5,7]"`}
}

func rangeError(i, value, n int) *Error {
	hint := "its places are 0 to " + strconv.Itoa(n-1) + ", or -1 to -" + strconv.Itoa(n) + " from the end"
	if n == 0 {
		hint = "it is empty"
	}
	return &Error{Kind: ErrRange, Hint: hint,
		Reason: fmt.Sprintf("%d is outside axis %d of length %d", value, i, n)}
}

func newAxis(i, n int, item any) (axis, error) {
	switch s := item.(type) {
	case axisText:
		return parseAxis(i, n, string(s))
	case Interval:
		return intervalAxis(i, n, &s.Lo, &s.Hi, s.Step)
	case []bool:
		return maskAxis(i, n, s)
	case *Array:
		if mask, ok := s.data.([]bool); ok && len(s.shape) == 1 {
			return maskAxis(i, n, mask)
		}
		if places, err := s.Int64s(); err == nil && len(s.shape) == 1 {
			return placesAxis(i, n, reflect.ValueOf(places))
		}
	}
	v := reflect.ValueOf(item)
	switch {
	case v.IsValid() && v.CanInt():
		return indexAxis(i, n, int(v.Int()))
	case v.IsValid() && v.CanUint():
		return indexAxis(i, n, int(v.Uint()))
	case v.IsValid() && v.Kind() == reflect.Slice && (v.Type().Elem().Kind() >= reflect.Int && v.Type().Elem().Kind() <= reflect.Uint64):
		return placesAxis(i, n, v)
	}
	return axis{}, selectionError(fmt.Sprintf("%T", item), "no selection can be made of this type")
}

// parseAxis reads the text for axis i of length n.
func parseAxis(i, n int, text string) (axis, error) {
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		return parsePlaces(i, n, text)
	}
	parts := strings.Split(text, ":")
	numbers := make([]*int, 3)
	for k, p := range parts {
		if p = strings.TrimSpace(p); p == "" && len(parts) > 1 {
			continue
		}
		v, err := strconv.Atoi(p)
		if err != nil || k > 2 {
			return axis{}, selectionError(text, "not a selection")
		}
		numbers[k] = &v
	}
	if len(parts) == 1 {
		return indexAxis(i, n, *numbers[0])
	}
	step := 1
	if numbers[2] != nil {
		step = *numbers[2]
	}
	return intervalAxis(i, n, numbers[0], numbers[1], step)
}

func parsePlaces(i, n int, text string) (axis, error) {
	var places []int
	for _, p := range strings.Split(strings.Trim(text, "[]"), ",") {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		v, err := strconv.Atoi(p)
		if err != nil {
			return axis{}, selectionError(text, "not a list of places")
		}
		places = append(places, v)
	}
	return placesAxis(i, n, reflect.ValueOf(places))
}

func indexAxis(i, n, at int) (axis, error) {
	if at < -n || at >= n {
		return axis{}, rangeError(i, at, n)
	}
	if at < 0 {
		at += n
	}
	return axis{start: at, step: 1, count: 1, drop: true}, nil
}

// intervalAxis selects lo:hi:step; nil bounds are left out. With a negative step the same places are
// read forward and put in order afterwards.
func intervalAxis(i, n int, lo, hi *int, step int) (axis, error) {
	if step == 0 {
		return axis{}, selectionError("::0", "a step of 0 selects nothing")
	}
	for _, bound := range []*int{lo, hi} {
		if bound != nil && (*bound < -n || *bound > n) {
			e := rangeError(i, *bound, n)
			e.Hint = "leave a bound out to go to the end, as in \"10:\""
			return axis{}, e
		}
	}
	if step < 0 {
		return backward(n, lo, hi, -step), nil
	}
	from, to := 0, n
	if lo != nil {
		from = fromEnd(*lo, n)
	}
	if hi != nil {
		to = fromEnd(*hi, n)
	}
	return axis{start: from, step: step, count: max(0, (to-from+step-1)/step)}, nil
}

func fromEnd(v, n int) int {
	if v < 0 {
		v += n
	}
	return v
}

// backward selects from lo down to but not including hi.
func backward(n int, lo, hi *int, step int) axis {
	from, to := n-1, -1
	if lo != nil {
		from = min(fromEnd(*lo, n), n-1)
	}
	if hi != nil {
		to = fromEnd(*hi, n)
	}
	count := max(0, (from-to+step-1)/step)
	a := axis{start: max(0, from-(count-1)*step), step: step, count: count, order: make([]int, count)}
	for k := range a.order {
		a.order[k] = count - 1 - k
	}
	return a
}

func maskAxis(i, n int, mask []bool) (axis, error) {
	if len(mask) != n {
		return axis{}, &Error{Kind: ErrShape,
			Reason: fmt.Sprintf("a mask of %d values for axis %d of length %d", len(mask), i, n), Hint: "it takes one value a place"}
	}
	places := []int{}
	for k, yes := range mask {
		if yes {
			places = append(places, k)
		}
	}
	return risingAxis(places, nil), nil
}

// placesAxis selects places in any order, also twice: each is read once, in rising order.
func placesAxis(i, n int, list reflect.Value) (axis, error) {
	want := make([]int, list.Len())
	for k := range want {
		v := list.Index(k)
		if v.CanInt() {
			want[k] = int(v.Int())
		} else {
			want[k] = int(v.Uint())
		}
		if want[k] < -n || want[k] >= n {
			return axis{}, rangeError(i, want[k], n)
		}
		want[k] = fromEnd(want[k], n)
	}
	if rising(want) {
		return risingAxis(want, nil), nil
	}
	places := slices.Compact(slices.Sorted(slices.Values(want)))
	order := make([]int, len(want))
	for k, v := range want {
		order[k], _ = slices.BinarySearch(places, v)
	}
	return risingAxis(places, order), nil
}

func rising(v []int) bool {
	for k := 1; k < len(v); k++ {
		if v[k] <= v[k-1] {
			return false
		}
	}
	return true
}

// risingAxis selects rising places, as an interval where they are one.
func risingAxis(places, order []int) axis {
	a := axis{step: 1, count: len(places), order: order}
	if len(places) == 0 {
		return a
	}
	a.start = places[0]
	if places[len(places)-1]-places[0] == len(places)-1 {
		return a
	}
	a.places = places
	return a
}

// read is the shape of what is read, before it is put in order and axes are dropped.
func (s *selection) read() Shape {
	if s.shape == nil {
		return Null
	}
	out := make(Shape, len(s.axes))
	for i, a := range s.axes {
		out[i] = a.count
	}
	return out
}

// result is the shape of what comes of it.
func (s *selection) result() Shape {
	if s.shape == nil {
		return Null
	}
	out := Shape{}
	for _, a := range s.axes {
		if !a.drop {
			out = append(out, a.length())
		}
	}
	return out
}

// runs are the places of an axis as (first, length) pairs.
func (a axis) runs() []int {
	var out []int
	for _, p := range a.places {
		if n := len(out); n > 0 && out[n-2]+out[n-1] == p {
			out[n-1]++
			continue
		}
		out = append(out, p, 1)
	}
	return out
}

// plan leaves at most one axis to be read run by run: one that saves at least half of the reading,
// and the first axis unless the data can be put anywhere in memory. The places of the others are
// picked from the whole interval after it is read.
func (s *selection) plan(anywhere bool) {
	best, saved := -1, 2.0
	for i, a := range s.axes {
		if a.places == nil || (i > 0 && !anywhere) {
			continue
		}
		if r := float64(a.span()) / float64(a.count); r >= saved {
			best, saved = i, r
		}
	}
	for i, a := range s.axes {
		if a.places != nil && i != best {
			s.axes[i] = a.whole()
		}
	}
}

// span is the length of the interval that holds all places.
func (a axis) span() int { return a.places[len(a.places)-1] - a.places[0] + 1 }

// whole is the interval that holds all places, with the order that picks them.
func (a axis) whole() axis {
	asked := slices.Clone(a.asked())
	for k := range asked {
		asked[k] -= a.places[0]
	}
	return axis{start: a.places[0], step: 1, count: a.span(), order: asked}
}

// lists reports whether places of an axis were asked for one by one.
func (s *selection) lists() bool {
	return slices.ContainsFunc(s.axes, func(a axis) bool { return a.places != nil })
}

// listed is the axis that is read run by run, -1 for none.
func (s *selection) listed() int {
	for i, a := range s.axes {
		if a.places != nil {
			return i
		}
	}
	return -1
}

// hyperslab is what is read, when no axis is listed or that one is replaced by the caller.
func (s *selection) hyperslab() *libhdf5.Hyperslab {
	n := len(s.axes)
	h := &libhdf5.Hyperslab{Start: make([]int, n), Stride: make([]int, n), Count: make([]int, n)}
	for i, a := range s.axes {
		h.Start[i], h.Stride[i], h.Count[i] = a.start, a.step, a.count
	}
	return h
}
