package widget

import "gofive/display"

// OutputWidget is a place on the page for what cells show.
type OutputWidget struct{ model *Model }

// Output gives a place that Capture fills.
func Output() *OutputWidget {
	m := newModel(outputs, "Output", map[string]any{"msg_id": "", "outputs": []any{}})
	m.parts["layout"] = newLayout()
	return &OutputWidget{m}
}

// Model implements Widget.
func (o *OutputWidget) Model() *Model { return o.model }

// MimeBundle gives nothing to read: where no widgets are drawn output stands below the cell, as ever.
func (o *OutputWidget) MimeBundle() map[string]any { return o.model.MimeBundle() }

// Capture calls f, and what it shows and prints stands in the widget, once that has been shown.
func (o *OutputWidget) Capture(f func()) {
	o.follow(o.parent())
	defer o.follow("")
	f()
}

// hold puts one result into the widget, in the place of what stands there.
func (o *OutputWidget) hold(b display.Bundle) {
	metadata := b.Metadata
	if metadata == nil {
		metadata = map[string]any{}
	}
	o.model.put("outputs", []any{map[string]any{"output_type": "display_data", "data": b.Data, "metadata": metadata}})
}

// Clear removes what stands in the widget.
func (o *OutputWidget) Clear() { o.model.put("outputs", []any{}) }

// follow has the front end put the output of a message into the widget; "" of none.
func (o *OutputWidget) follow(parent string) { o.model.put("msg_id", parent) }

// parent is the message that the caller works for, "" where nothing is shown by messages.
func (o *OutputWidget) parent() string {
	o.model.mu.Lock()
	defer o.model.mu.Unlock()
	if o.model.comm == nil {
		return ""
	}
	return o.model.comm.hub.page.Parent()
}
