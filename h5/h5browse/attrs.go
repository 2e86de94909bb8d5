package h5browse

import (
	"context"
	"math"

	"gofive/h5"
	"gofive/h5/h5view"
)

// attrItem is an attribute, as pages are told.
type attrItem struct {
	Name      string `json:"name"`
	Dtype     string `json:"dtype,omitempty"`
	Shape     []int  `json:"shape"` // [] for a single value, null for none
	Value     any    `json:"value,omitempty"`
	Text      string `json:"text"`
	Truncated bool   `json:"truncated,omitempty"`
	Error     string `json:"error,omitempty"`
}

const usualAttrs = 100

// attrs gives attributes of an object.
func attrs(ctx context.Context, l *call) (answer, error) {
	o, err := l.object()
	if err != nil {
		return answer{}, err
	}
	defer drop(o)
	all, err := o.Attrs()
	if err != nil {
		return answer{}, err
	}
	from := min(max(l.request.Offset, 0), len(all))
	to := min(from+within(l.request.Limit, usualAttrs, 1, mostListed), len(all))
	var items []attrItem
	for _, a := range all[from:to] {
		if err := ctx.Err(); err != nil {
			return answer{}, err
		}
		items = append(items, newAttrItem(a))
	}
	kept, left := fitting(items)
	fields := map[string]any{"total": len(all), "items": kept}
	if next := to - left; next < len(all) {
		fields["next"] = next
	}
	return answer{fields: fields}, nil
}

func newAttrItem(a *h5.Attribute) attrItem {
	item := attrItem{Name: a.Name(), Shape: a.Shape()}
	if t := a.Datatype(); t != nil {
		item.Dtype = cutText(t.String(), mostText)
	}
	if large(a) {
		item.Truncated = true
		return item
	}
	v, err := a.Value()
	if err != nil {
		item.Error, _ = h5view.Trouble(err)
		return item
	}
	item.Text = a.ValueString()
	if text, ok := v.(string); ok {
		item.Text = text
	}
	if len(item.Text) > mostText {
		item.Text, item.Truncated = cutText(item.Text, mostText), true
		return item
	}
	item.Value = plainValue(v)
	return item
}

// large reports whether an attribute is not read for what can be told of it.
func large(a *h5.Attribute) bool {
	t := a.Datatype()
	return a.Err() == nil && t != nil && a.Shape().Len() > mostBinary/max(1, t.Size())
}

// mostPlaces is how long lists of values are.
const mostPlaces = 100

// plainValue gives what JSON holds without loss, nil for others.
func plainValue(v any) any {
	switch x := v.(type) {
	case string, bool, int8, int16, int32, uint8, uint16, uint32:
		return v
	case int64:
		return exact(x, x > -1<<53 && x < 1<<53)
	case uint64:
		return exact(x, x < 1<<53)
	case float32:
		return finite(float64(x))
	case float64:
		return finite(x)
	case []string:
		return exact(x, len(x) <= mostPlaces)
	case []bool:
		return exact(x, len(x) <= mostPlaces)
	case []float32:
		return finites(x)
	case []float64:
		return finites(x)
	case []int8:
		return wholes(x)
	case []int16:
		return wholes(x)
	case []int32:
		return wholes(x)
	case []int64:
		return wholes(x)
	case []uint8:
		return wholes(x)
	case []uint16:
		return wholes(x)
	case []uint32:
		return wholes(x)
	case []uint64:
		return wholes(x)
	}
	return nil
}

func exact(v any, ok bool) any {
	if ok {
		return v
	}
	return nil
}

func finites[T float32 | float64](x []T) any {
	if len(x) > mostPlaces {
		return nil
	}
	out := make([]float64, len(x))
	for i, v := range x {
		if out[i] = float64(v); math.IsNaN(out[i]) || math.IsInf(out[i], 0) {
			return nil
		}
	}
	return out
}

func wholes[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64](x []T) any {
	if len(x) > mostPlaces {
		return nil
	}
	out := make([]float64, len(x))
	for i, v := range x {
		if out[i] = float64(v); math.Abs(out[i]) >= 1<<53 {
			return nil
		}
	}
	return out
}
