package widget

import (
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"

	"gofive/display"
)

// Interact shows widgets and calls f with their values: now, and whenever somebody has changed one. What f
// returns is shown below the widgets, with what it prints and shows; it replaces what was there. While f
// runs values may change again, and then it is called with the newest alone. In a compiled program f is called
// once.
//
//	widget.Interact(func(z float64, filter string) *plots.Figure {
//		return plots.Line(wave, shifted(flux, z)).Title(filter)
//	}, widget.Slider("z", 0, 2), widget.Dropdown("filter", "g", "r", "i"))
func Interact(f any, inputs ...Widget) { newInteraction(f, inputs).run() }

// Interact is the function of that name in a notebook.
func (h *Hub) Interact(f any, inputs ...Widget) {
	x := newInteraction(f, inputs)
	x.out = Output()
	x.show = func(v any) { display.ShowIn(h.page, v) }
	box := newControl("VBox", "", map[string]any{"box_style": ""})
	for _, in := range inputs {
		in.Model().watch(func() { x.again(h) })
		box.children = append(box.children, in.Model())
	}
	box.children = append(box.children, x.out.model)
	x.show(box)
	x.out.Capture(x.run)
}

// interaction is a function that is called again and again.
type interaction struct {
	f      reflect.Value
	inputs []*Model
	out    *OutputWidget
	show   func(v any)
	with   atomic.Pointer[[]any] // what it was called with last
}

// newInteraction panics when f cannot be called with what the widgets hold.
func newInteraction(f any, inputs []Widget) *interaction {
	x := &interaction{f: reflect.ValueOf(f), show: func(v any) { display.Show(v) }}
	if x.f.Kind() != reflect.Func || x.f.Type().NumIn() != len(inputs) {
		panic(fmt.Sprintf("widget: interact: want a function of %d parameters, one for each widget; this is a %T", len(inputs), f))
	}
	for i, in := range inputs {
		m := in.Model()
		if m.value == nil {
			panic(fmt.Sprintf("widget: interact: widget %d has no value", i+1))
		}
		if p := x.f.Type().In(i); !fits(reflect.TypeOf(m.value()), p) {
			panic(fmt.Sprintf("widget: interact: parameter %d is of type %v, and its widget gives a %T", i+1, p, m.value()))
		}
		x.inputs = append(x.inputs, m)
	}
	return x
}

// fits reports whether a value of a widget can be given to a parameter: as it is, or an integer as another
// number.
func fits(v, param reflect.Type) bool {
	isNumber := param.Kind() >= reflect.Int && param.Kind() <= reflect.Float64
	return v.ConvertibleTo(param) && (v.Kind() == param.Kind() || isNumber && v.Kind() == reflect.Int ||
		v.Kind() == reflect.Float64 && param.Kind() == reflect.Float32)
}

// values are what the widgets hold.
func (x *interaction) values() []any {
	var list []any
	for _, in := range x.inputs {
		list = append(list, in.value())
	}
	return list
}

// run calls the function and shows what it returns.
func (x *interaction) run() {
	with := x.values()
	x.with.Store(&with)
	in := make([]reflect.Value, len(with))
	for i, v := range with {
		in[i] = reflect.ValueOf(v).Convert(x.f.Type().In(i))
	}
	for _, result := range x.f.Call(in) {
		if v := result.Interface(); v != nil {
			x.show(v)
		}
	}
}

// changed reports whether the function was called with other values.
func (x *interaction) changed() bool { return !slices.Equal(x.values(), *x.with.Load()) }

// again runs it in the place of what it showed last, unless another change has had it run with the same
// values. A panic leaves the place to its message, until that has been shown.
func (x *interaction) again(h *Hub) {
	if !x.changed() {
		return
	}
	parent := h.page.Parent()
	h.lend(parent, x.out)
	h.page.Clear(true)
	x.run()
	h.takeBack(parent)
}
