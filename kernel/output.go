package kernel

import (
	"bytes"
	"encoding/json"

	"gofive/kernel/msg"
)

// Output is where one cell shows things: everything it publishes names the cell's request as its
// parent and leaves in the order of the calls. It may be used after the cell has ended, for what
// its goroutines still have to say.
type Output struct {
	pub    *publisher
	parent msg.Header
	count  int  // execution count of the cell
	silent bool // show no input and no result
}

// Stream shows text on "stdout" or "stderr". It may wait until front ends have taken what was
// shown before.
func (o *Output) Stream(name string, text []byte) {
	o.pub.put(item{parent: o.parent, kind: streamType, name: name, text: bytes.Clone(text)}, true)
}

// Display shows a MIME bundle; a non-empty id lets Update find it again.
func (o *Output) Display(data, metadata json.RawMessage, id string) {
	o.put("display_data", msg.DisplayData(data, metadata, id), true)
}

// Update replaces what was displayed under id, by whatever cell.
func (o *Output) Update(data, metadata json.RawMessage, id string) {
	o.put("update_display_data", msg.DisplayData(data, metadata, id), true)
}

// Clear removes what the cell has shown; with wait when the next thing is shown.
func (o *Output) Clear(wait bool) {
	o.put("clear_output", msg.MustMarshal(msg.ClearOutput{Wait: wait}), true)
}

// Result shows the value of the cell.
func (o *Output) Result(data, metadata json.RawMessage) {
	if !o.silent {
		o.put("execute_result", msg.ExecuteResult(o.count, data, metadata), true)
	}
}

// Error shows why the cell failed.
func (o *Output) Error(f msg.Failed) { o.put("error", msg.MustMarshal(f), false) }

// input tells all clients what is being run.
func (o *Output) input(code string) {
	if !o.silent {
		o.put("execute_input", msg.MustMarshal(msg.ExecuteInput{Code: code, ExecutionCount: o.count}), false)
	}
}

func (o *Output) put(kind string, content json.RawMessage, wait bool) {
	o.pub.put(item{parent: o.parent, kind: kind, content: content}, wait)
}
