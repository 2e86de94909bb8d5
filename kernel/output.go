package kernel

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"sync"

	"gofive/display"
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

	mu    sync.Mutex
	room  int64     // how many bytes of text may still be shown
	shown int64     // how many have been
	over  *overflow // takes the others; nil while all are shown
	kept  *kept     // takes all while the cell is captured
}

// captureMost is how many bytes of text are captured: they become a literal of Go.
const captureMost = 8 << 20

// kept is what a captured cell has printed.
type kept struct {
	text []byte
	lost int64 // bytes that were too many
}

// capture has nothing shown but errors until captured is called.
func (o *Output) capture() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = &kept{}
}

// captured ends what capture began, and gives the text that was printed, and how much more there was.
func (o *Output) captured() (text string, lost int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	text, lost, o.kept = string(o.kept.text), o.kept.lost, nil
	return text, lost
}

func (k *kept) add(text []byte) {
	n := min(len(text), captureMost-len(k.text))
	k.text = append(k.text, text[:n]...)
	k.lost += int64(len(text) - n)
}

// show publishes what is no text, unless the cell is captured.
func (o *Output) show(kind string, content json.RawMessage) {
	o.mu.Lock()
	captured := o.kept != nil
	o.mu.Unlock()
	if !captured {
		o.put(kind, content, true)
	}
}

// Stream shows text on "stdout" or "stderr", or puts it into a file when the cell has shown enough. It
// may wait until front ends have taken what was shown before. The text is the Output's from then on.
func (o *Output) Stream(name string, text []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.kept != nil {
		o.kept.add(text)
		return
	}
	if o.over == nil {
		n := int64(len(text))
		if n > o.room {
			n = o.room - int64(cutRune(text[:o.room]))
		}
		o.stream(name, text[:n:n])
		o.room -= n
		o.shown += n
		if text = text[n:]; len(text) == 0 {
			return
		}
		o.over = newOverflow()
		o.note("\n[gofive: the cell has printed %s; what follows is %s; %%output --limit SIZE shows more]\n", display.Size(o.shown), o.over.where())
	}
	o.over.write(text)
}

// stream shows text whatever has been shown.
func (o *Output) stream(name string, text []byte) {
	o.pub.put(item{parent: o.parent, kind: streamType, name: name, text: text}, true)
}

// note shows what we have to say about the text of the cell.
func (o *Output) note(format string, args ...any) {
	o.stream("stderr", fmt.Appendf(nil, format, args...))
}

// limit lets the cell show n more bytes of text.
func (o *Output) limit(n int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.room = n
}

// end tells, at the end of the cell, what it has printed and not shown.
func (o *Output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over == nil {
		return
	}
	tail := o.over.close()
	o.note("[gofive: %s more are %s; the last %s:]\n", display.Size(o.over.bytes), o.over.where(), display.Size(int64(len(tail))))
	o.stream("stdout", tail)
	go debug.FreeOSMemory() // what a flood has taken is not needed soon
}

// Display shows a MIME bundle; a non-empty id lets Update find it again.
func (o *Output) Display(data, metadata json.RawMessage, id string) {
	o.show("display_data", msg.DisplayData(data, metadata, id))
}

// Update replaces what was displayed under id, by whatever cell.
func (o *Output) Update(data, metadata json.RawMessage, id string) {
	o.show("update_display_data", msg.DisplayData(data, metadata, id))
}

// Clear removes what the cell has shown; with wait when the next thing is shown.
func (o *Output) Clear(wait bool) {
	o.show("clear_output", msg.MustMarshal(msg.ClearOutput{Wait: wait}))
}

// Result shows the value of the cell.
func (o *Output) Result(data, metadata json.RawMessage) {
	if !o.silent {
		o.show("execute_result", msg.ExecuteResult(o.count, data, metadata))
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
