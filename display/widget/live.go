package widget

import (
	"maps"
	"strings"

	"gofive/display"
)

// LiveWidget is what a function gives for the values of widgets, below them; it changes with them. Compiled packages
// return it where a cell would call Interact.
type LiveWidget struct {
	*interaction
	box  *Model
	last display.Bundle
}

// Live gives a function's result for the values of widgets. The function must give one value, print nothing, and be able to be
// called while no cell runs. Where no widgets are drawn the result stays that of the first values.
//
//	return widget.Live(func(z float64, sky bool) *plots.Figure { return s.drawn(z, sky) },
//		widget.Slider("z", 0, 5), widget.Checkbox("sky", false))
func Live(f any, inputs ...Widget) *LiveWidget {
	l := &LiveWidget{interaction: newInteraction(f, inputs), box: newControl("VBox", "", map[string]any{"box_style": ""})}
	l.out = Output()
	l.show = func(v any) {
		l.last = display.Render(v)
		l.out.hold(l.last)
	}
	for _, in := range inputs {
		in.Model().watch(l.change)
		l.box.children = append(l.box.children, in.Model())
	}
	l.box.children = append(l.box.children, l.out.model)
	l.run()
	return l
}

// change calls the function, unless it was with the same values.
func (l *LiveWidget) change() {
	if l.changed() {
		l.run()
	}
}

// Model implements Widget.
func (l *LiveWidget) Model() *Model { return l.box }

// MimeBundle gives the result itself, for front ends that draw no widgets, with names and values in its text.
func (l *LiveWidget) MimeBundle() map[string]any {
	b := maps.Clone(l.last.Data)
	text, _ := b[display.TextPlain].(string)
	b[display.TextPlain] = strings.Join(append(l.box.lines(), text), "\n")
	return b
}

// MimeMetadata is that of the result.
func (l *LiveWidget) MimeMetadata() map[string]any { return l.last.Metadata }
