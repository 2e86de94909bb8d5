package msg

import (
	"bytes"
	"encoding/json"
)

// Message is one Jupyter message.
type Message struct {
	// Envelope holds the frames before the delimiter: on shell, control and stdin the identity of
	// the client, on iopub the topic.
	Envelope [][]byte
	Header   Header
	Parent   Header
	Metadata json.RawMessage // object; nil is {}
	Content  json.RawMessage // object; nil is {}
	Buffers  [][]byte
}

// Marshal writes v as JSON without escaping <, > and &, which triples the size of HTML for nothing.
func Marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// MustMarshal is Marshal for the types of this package, which cannot fail.
func MustMarshal(v any) json.RawMessage {
	b, err := Marshal(v)
	if err != nil {
		panic("msg: marshal content: " + err.Error())
	}
	return b
}

// object gives {} for a missing object.
func object(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("{}")
	}
	return raw
}
