package widget

import "slices"

// StringWidget is an input for text.
type StringWidget struct{ *input[string] }

// Dropdown gives a choice between texts, of which the first is chosen.
func Dropdown(label string, options ...string) *StringWidget {
	m := newControl("Dropdown", "Description", map[string]any{"_options_labels": options, "disabled": false})
	first := ""
	if len(options) > 0 {
		first = options[0]
	}
	return &StringWidget{newInput(m, label, "index", first,
		func(v string) any {
			if i := slices.Index(options, v); i >= 0 {
				return i
			}
			return nil // none of the options
		},
		func(v any) (string, bool) {
			i, ok := v.(float64)
			if !ok || i < 0 || int(i) >= len(options) {
				return "", false
			}
			return options[int(i)], true
		})}
}

// Text gives a line to type in.
func Text(label, value string) *StringWidget {
	m := newControl("Text", "Text", map[string]any{"placeholder": "", "continuous_update": true, "disabled": false})
	return &StringWidget{newInput(m, label, "value", value,
		func(v string) any { return v },
		func(v any) (string, bool) { s, ok := v.(string); return s, ok })}
}

// At sets the value and returns the widget.
func (w *StringWidget) At(v string) *StringWidget {
	w.Set(v)
	return w
}

// BoolWidget is an input for true or false.
type BoolWidget struct{ *input[bool] }

// Checkbox gives a box to tick.
func Checkbox(label string, value bool) *BoolWidget {
	m := newControl("Checkbox", "Checkbox", map[string]any{"indent": true, "disabled": false})
	return &BoolWidget{newInput(m, label, "value", value,
		func(v bool) any { return v },
		func(v any) (bool, bool) { b, ok := v.(bool); return b, ok })}
}
