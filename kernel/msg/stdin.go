package msg

import "encoding/json"

// InputRequest asks the front end for a line of text.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

// InputReply is that line.
type InputReply struct {
	Value string `json:"value"`
}

// ParseInputReply reads the content of an input_reply.
func ParseInputReply(content json.RawMessage) (InputReply, error) {
	f := contentFields(content)
	r := InputReply{f.text("value", must)}
	return r, f.err
}
