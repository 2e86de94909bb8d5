package msg

import "encoding/json"

// ShutdownRequest asks the kernel to end; with Restart another one will be started in its place.
type ShutdownRequest struct {
	Restart bool `json:"restart"`
}

// ParseShutdown reads the content of a shutdown_request.
func ParseShutdown(content json.RawMessage) (ShutdownRequest, error) {
	f := contentFields(content)
	r := ShutdownRequest{f.flag("restart", false)}
	return r, f.err
}

// ShutdownReply repeats Restart.
type ShutdownReply struct {
	Status  string `json:"status"`
	Restart bool   `json:"restart"`
}

// DebugRequest is a request of the debug adapter protocol: https://microsoft.github.io/debug-adapter-protocol
type DebugRequest struct {
	Seq     int    `json:"seq"`
	Command string `json:"command"`
}

// ParseDebug reads the content of a debug_request.
func ParseDebug(content json.RawMessage) (DebugRequest, error) {
	f := contentFields(content)
	r := DebugRequest{Seq: f.number("seq", 0), Command: f.text("command", may)}
	return r, f.err
}

// DebugReply answers a DebugRequest.
type DebugReply struct {
	Type       string     `json:"type"` // "response"
	RequestSeq int        `json:"request_seq"`
	Success    bool       `json:"success"`
	Command    string     `json:"command"`
	Message    string     `json:"message,omitempty"`
	Body       *DebugInfo `json:"body,omitempty"`
}

// DebugInfo is the body of the reply to debugInfo, by which front ends learn whether a debugger
// has been started.
type DebugInfo struct {
	IsStarted bool `json:"isStarted"`
}
