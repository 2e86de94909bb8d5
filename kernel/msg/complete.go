package msg

import "encoding/json"

// CompleteRequest asks for the names that could stand at a cursor.
type CompleteRequest struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor_pos"` // in code points; -1 when it was left out: the end
}

// ParseComplete reads the content of a complete_request.
func ParseComplete(content json.RawMessage) (CompleteRequest, error) {
	f := contentFields(content)
	r := CompleteRequest{Code: f.text("code", must), Cursor: f.number("cursor_pos", -1)}
	return r, f.err
}

// CompleteReply names the matches and the span, in code points, that they replace.
type CompleteReply struct {
	Status   string             `json:"status"`
	Matches  []string           `json:"matches"`
	Start    int                `json:"cursor_start"`
	End      int                `json:"cursor_end"`
	Metadata CompletionMetadata `json:"metadata"`
}

// CompletionMetadata is where JupyterLab looks for the kinds of the matches.
type CompletionMetadata struct {
	Types []CompletionType `json:"_jupyter_types_experimental"`
}

// CompletionType says what a match is.
type CompletionType struct {
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
}

// IsCompleteRequest asks whether code can be run as it stands.
type IsCompleteRequest struct {
	Code string `json:"code"`
}

// ParseIsComplete reads the content of an is_complete_request.
func ParseIsComplete(content json.RawMessage) (IsCompleteRequest, error) {
	f := contentFields(content)
	r := IsCompleteRequest{Code: f.text("code", must)}
	return r, f.err
}

// IsCompleteReply has a status of its own: complete, incomplete, invalid or unknown. Indent stands
// only beside incomplete.
type IsCompleteReply struct {
	Status string  `json:"status"`
	Indent *string `json:"indent,omitempty"`
}
