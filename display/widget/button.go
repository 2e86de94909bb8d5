package widget

// ButtonWidget is something to click.
type ButtonWidget struct{ model *Model }

// Button gives a button that calls f. In a notebook a click waits for its turn as a cell does.
func Button(label string, f func()) *ButtonWidget {
	m := newControl("Button", "Button", map[string]any{"description": label, "icon": "", "button_style": "", "disabled": false})
	m.line = func() string { return "[" + label + "]" }
	m.clicked = f
	return &ButtonWidget{m}
}

// Model implements Widget.
func (b *ButtonWidget) Model() *Model { return b.model }

// MimeBundle gives the label, for front ends that draw no widgets.
func (b *ButtonWidget) MimeBundle() map[string]any { return b.model.MimeBundle() }
