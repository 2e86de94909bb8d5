package widget

import "math"

// FloatWidget is an input for a number.
type FloatWidget struct{ *input[float64] }

// Slider gives a slider for numbers from min to max, which stands in the middle.
func Slider(label string, min, max float64) *FloatWidget {
	m := newControl("FloatSlider", "Slider", slides(min, max, (max-min)/100, ".4~g"))
	return &FloatWidget{newInput(m, label, "value", min+(max-min)/2,
		func(v float64) any { return v },
		func(v any) (float64, bool) { return between(v, min, max) })}
}

// At sets the value and returns the widget.
func (w *FloatWidget) At(v float64) *FloatWidget {
	w.Set(v)
	return w
}

// Step sets the smallest step and returns the widget.
func (w *FloatWidget) Step(s float64) *FloatWidget {
	w.model.put("step", s)
	return w
}

// IntWidget is an input for an integer.
type IntWidget struct{ *input[int] }

// IntSlider gives a slider for integers from min to max, which stands in the middle.
func IntSlider(label string, min, max int) *IntWidget {
	m := newControl("IntSlider", "Slider", slides(min, max, 1, "d"))
	return &IntWidget{newInput(m, label, "value", min+(max-min)/2,
		func(v int) any { return v },
		func(v any) (int, bool) {
			x, ok := between(v, float64(min), float64(max))
			return int(math.Round(x)), ok
		})}
}

// At sets the value and returns the widget.
func (w *IntWidget) At(v int) *IntWidget {
	w.Set(v)
	return w
}

// RangeWidget is an input for two numbers, the smaller one first.
type RangeWidget struct{ *input[[2]float64] }

// RangeSlider gives a slider for a part of the numbers from min to max, at first for all of them.
func RangeSlider(label string, min, max float64) *RangeWidget {
	m := newControl("FloatRangeSlider", "Slider", slides(min, max, (max-min)/100, ".4~g"))
	return &RangeWidget{newInput(m, label, "value", [2]float64{min, max},
		func(v [2]float64) any { return v },
		func(v any) ([2]float64, bool) {
			ends, _ := v.([]any)
			if len(ends) != 2 {
				return [2]float64{}, false
			}
			a, okA := between(ends[0], min, max)
			b, okB := between(ends[1], min, max)
			return [2]float64{math.Min(a, b), math.Max(a, b)}, okA && okB
		})}
}

// At sets the value and returns the widget.
func (w *RangeWidget) At(from, to float64) *RangeWidget {
	w.Set([2]float64{from, to})
	return w
}

// slides is what the states of sliders have in common.
func slides[N int | float64](min, max, step N, format string) map[string]any {
	return map[string]any{
		"min": min, "max": max, "step": step, "orientation": "horizontal", "readout": true,
		"readout_format": format, "continuous_update": true, "disabled": false, "behavior": "drag-tap",
	}
}

// between gives a number that a front end has sent, kept in bounds.
func between(v any, min, max float64) (float64, bool) {
	x, ok := v.(float64)
	return math.Min(max, math.Max(min, x)), ok
}
