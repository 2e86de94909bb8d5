package h5

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// selection is what is selected of a whole shape: of each axis a part, or single elements.
type selection struct {
	shape Shape // of the thing selected from
	axes  []axis
	// elements says that axes is one axis, whose places are elements counted in C order.
	elements bool
	// windows says that the places of the first axis are picked from intervals that hold them.
	windows bool
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
	if whole, err := ofWholeShape(shape, items); whole != nil || err != nil {
		return whole, err
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
