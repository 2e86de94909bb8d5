package kernel

import (
	"encoding/json"
	"fmt"

	"gofive/kernel/msg"
)

// Welcome greets a new subscriber, as Channels ask: iopub_welcome tells a client that from now on
// it misses nothing.
func (k *Kernel) Welcome(topic []byte) [][]byte {
	content := msg.MustMarshal(map[string]string{"subscription": string(topic)})
	return k.encode(item{kind: "iopub_welcome", content: content})
}

// Missed tells a subscriber how much text it was too slow for, in the cell that wrote the last of
// it.
func (k *Kernel) Missed(last [][]byte, bytes int64) [][]byte {
	text := fmt.Sprintf("\n[gofive: %d bytes of output were left out: this front end reads too slowly]\n", bytes)
	it := item{kind: streamType, name: "stderr", content: msg.Stream("stderr", []byte(text))}
	const parentFrame = 4 // topic, delimiter, signature, header, parent
	if len(last) > parentFrame {
		it.parent = msg.Header{ID: "-", Raw: json.RawMessage(last[parentFrame])}
	}
	return k.encode(it)
}

// Log notes what Channels have to say.
func (k *Kernel) Log(cause, text string) { k.log.Log(cause, text) }
