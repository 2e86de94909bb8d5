package h5

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// axis is what is selected of one axis. What is read is count places from start, step apart, step
// positive; or, with places, those, which are rising; or, with block, blocks of so many places, step
// apart. order then puts what was read in the order that was asked for; nil leaves it.
type axis struct {
	start, step, count int
	block              int // 0 for single places
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

// inFile are the places of an axis in the order of the file.
func (a axis) inFile() []int {
	if a.places != nil {
		return a.places
	}
	out, block := make([]int, a.count), max(a.block, 1)
	for k := range out {
		out[k] = a.start + k/block*a.step + k%block
	}
	return out
}

// asked are the places of an axis in the order that was asked for.
func (a axis) asked() []int {
	read := a.inFile()
	if a.order == nil {
		return read
	}
	out := make([]int, len(a.order))
	for k, at := range a.order {
		out[k] = read[at]
	}
	return out
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

// runs are the places of an axis as runs: start, stride and count of each.
func (a axis) runs() []int {
	if a.places == nil {
		return []int{a.start, a.step, a.count}
	}
	var out []int
	for _, p := range a.places {
		if n := len(out); n > 0 && out[n-3]+out[n-1] == p {
			out[n-1]++
			continue
		}
		out = append(out, p, 1, 1)
	}
	return out
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
		return axis{}, selectionError(boundText(lo)+":"+boundText(hi)+":0", "a step of 0 selects nothing")
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

// boundText is a bound as it stands in a selection; nil is left out.
func boundText(v *int) string {
	if v == nil {
		return ""
	}
	return strconv.Itoa(*v)
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
	return placesAxis(i, n, reflect.ValueOf(places))
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
	a := listAxis(want)
	if n := len(a.places); n > 0 && a.span() == n {
		a.start, a.places = a.places[0], nil
	}
	return a, nil
}

// listAxis selects places in any order, each of which is read once.
func listAxis(want []int) axis {
	if len(want) == 0 {
		return axis{step: 1}
	}
	if rising(want) {
		return axis{step: 1, count: len(want), places: want}
	}
	places := slices.Compact(slices.Sorted(slices.Values(want)))
	order := make([]int, len(want))
	for k, v := range want {
		order[k], _ = slices.BinarySearch(places, v)
	}
	return axis{step: 1, count: len(places), places: places, order: order}
}

func rising(v []int) bool {
	for k := 1; k < len(v); k++ {
		if v[k] <= v[k-1] {
			return false
		}
	}
	return true
}
